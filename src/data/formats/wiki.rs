//! Tables in the language of MediaWiki, as Wikipedia's pages have them: `{|`, `|-` before each row, `||` between cells, `|}`.

use super::html::Page;
use crate::data::bytes::entities::unescape;
use crate::data::bytes::source::Input;
use crate::data::raw::Raw;
use crate::data::sheets::cells::Cells;
use crate::support::language::counted;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Whether a text has such a table: a line begins with `{|`, and one behind it with `|-`.
pub(in crate::data) fn looks_so(text: &str, _: bool) -> bool {
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim_start);
    lines.any(|line| line.starts_with("{|")) && lines.any(|line| line.starts_with("|-"))
}

/// Load the largest table of such a text.
pub(in crate::data) fn load_file(mut input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let path = input.path.clone();
    let wrong = |message: String| Error::format(&path, message);
    let text = input.text()?;
    progress.at(0.2, "reading")?;
    let (mut cells, mut count) = (Cells::default(), 0_usize);
    let mut page: Option<Page> = None;
    for line in text.lines().map(str::trim) {
        match &mut page {
            None if line.starts_with("{|") => page = Some(Page::default()),
            None => {}
            Some(open) if line.starts_with("|}") => {
                open.end_cell().map_err(&wrong)?;
                count += 1;
                let read = page.take().unwrap_or_default();
                if read.cells.len() > cells.len() {
                    cells = read.cells;
                }
            }
            Some(open) => take(open, line).map_err(&wrong)?,
        }
    }
    drop(text);
    if !cells.is_table() {
        return Err(wrong("no table of the page has two rows or more".to_owned()));
    }
    let note = format!("the largest of {} in the language of MediaWiki was read", counted(count, "table"));
    cells.into_raw(path, "the table of the page", (recipe, progress), vec![note])
}

/// Takes a line of a table.
fn take(page: &mut Page, line: &str) -> Result<(), String> {
    if line.starts_with("|+") {
        return page.end_cell();
    }
    if line.starts_with("|-") {
        return page.begin_row();
    }
    let names = line.starts_with('!');
    let Some(rest) = line.strip_prefix(['|', '!']) else {
        // A cell goes on.
        if let Some(text) = page.text() {
            text.push(' ');
            plain(line, text);
        }
        return Ok(());
    };
    if page.is_before_rows() {
        page.begin_row()?;
    }
    for part in rest.split("||").flat_map(|part| part.split(if names { "!!" } else { "||" })) {
        // What stands before a stroke is how the cell looks.
        let (looks, cell) = match part.split_once('|') {
            Some((looks, cell)) if looks.contains('=') && !looks.contains(['[', '{']) => (looks, cell),
            _ => ("", part),
        };
        page.begin_cell(&looks.to_ascii_lowercase())?;
        if let Some(text) = page.text() {
            plain(cell, text);
        }
    }
    Ok(())
}

/// The text of a cell without links, signs and notes.
fn plain(cell: &str, out: &mut String) {
    let mut rest = cell;
    let mut said = String::new();
    while let Some(at) = rest.find(['[', '{', '<', '\'']) {
        said.push_str(&rest[..at]);
        let from = &rest[at..];
        let inside = |begin: &str, end: &str| {
            let inside = from.strip_prefix(begin)?;
            inside.split_once(end)
        };
        rest = if let Some((link, more)) = inside("[[", "]]") {
            said.push_str(link.rsplit('|').next().unwrap_or(link));
            more
        } else if let Some((template, more)) = inside("{{", "}}") {
            // The first of what is given to it that is no name: `{{nts|1234}}`.
            let mut given = template.split('|').skip(1).filter(|given| !given.contains('='));
            said.push_str(given.next().unwrap_or_default());
            more
        } else if let Some((_, more)) = inside("<ref", "</ref>").filter(|(note, _)| !note.contains("/>")) {
            more
        } else if let Some((_, more)) = inside("<", ">") {
            said.push(' ');
            more
        } else if from.starts_with("''") {
            from.trim_start_matches('\'')
        } else {
            said.push_str(&from[..1]);
            &from[1..]
        };
    }
    said.push_str(rest);
    unescape(said.trim(), out);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_what_a_reader_of_the_page_sees() {
        for (cell, seen) in [
            (" [[Lake Como|Como]] ", "Como"),
            ("[[Rome]]", "Rome"),
            ("'''12.5'''", "12.5"),
            ("{{nts|1,234}}", "1,234"),
            ("45<ref name=a>A book</ref>", "45"),
            ("45<ref name=\"a\" />", "45"),
            ("1<br />2", "1 2"),
            ("5&nbsp;km", "5 km"),
            ("it's [1", "it's [1"),
        ] {
            let mut out = String::new();
            plain(cell, &mut out);
            assert_eq!(out.trim(), seen, "{cell}");
        }
        assert!(looks_so("Text\n{| class=x\n|-\n| 1\n|}\n", true) && !looks_so("{|a\n1|2\n", true));
    }
}
