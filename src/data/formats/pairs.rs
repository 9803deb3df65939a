//! Rows of names with their values, as programs log them: `temp=21.5 hum=40` a line, or a name and a value a line with an empty line, or a dash,
//! before each row.

use super::json::Value;
use super::json_rows::Rows;
use crate::data::bytes::source::Input;
use crate::data::columns::Cells;
use crate::data::raw::Raw;
use crate::data::text::delimiter::Delimiter;
use crate::support::language::{counted, short};
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Rows that a text is known by.
const ROWS: usize = 3;
/// Most characters of a name.
const LONGEST: usize = 40;
/// What may stand between a value and the next name.
const BETWEEN: [char; 5] = [' ', '\t', ',', ';', '|'];

/// How rows stand in such a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// In a line each.
    Lines,
    /// A name and its value a line, a row behind an empty line, or a dash.
    Blocks,
}

/// A row and the line in which it begins.
type Row<'t> = (u64, Vec<(&'t str, String)>);

/// Whether a text, all of it or not, has such rows: at least three, with the same names.
pub(in crate::data) fn looks_so(text: &str, whole: bool) -> bool {
    let Some(form) = form(text) else { return false };
    // The last row may be cut off.
    let end = if whole { text.len() } else { text.rfind('\n').map_or(0, |end| end + 1) };
    let Ok(mut rows) = rows(&text[..end], form) else { return false };
    if !whole && form == Form::Blocks {
        rows.pop();
    }
    let names = |row: &Row<'_>| row.1.iter().map(|(name, _)| (*name).to_owned()).collect::<Vec<_>>();
    let Some(first) = rows.first().map(names) else { return false };
    let alike = rows.iter().filter(|row| row.1.iter().filter(|(name, _)| first.iter().any(|n| n == name)).count() > 1);
    let distinct = (1..first.len()).all(|at| !first[..at].contains(&first[at]));
    rows.len() >= ROWS && first.len() > 1 && distinct && 10 * alike.count() >= 9 * rows.len()
}

/// Load such rows.
pub(in crate::data) fn load_file(mut input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let path = input.path.clone();
    let wrong = |message: String| Error::format(&path, message);
    let text = input.text()?;
    progress.at(0.3, "reading")?;
    let form = form(&text).unwrap_or(Form::Lines);
    let mut table = Rows::default();
    for (line, row) in rows(&text, form).map_err(&wrong)? {
        for (name, value) in row {
            let value = Value::Text(value);
            table.take(name, value).map_err(|what| wrong(format!("line {line}: {}", plain::line(&what))))?;
        }
        table.end(line);
    }
    let mut notes = vec![format!(
        "read as rows of names with their values: {} of {}",
        counted(table.ends.len(), "row"),
        counted(table.names.len(), "name")
    )];
    let (table, lines) = table.finish((&path, recipe), &mut notes)?;
    // What stands between pairs is no part of a value.
    let delimiter = Delimiter::Byte(b';');
    Cells { path, table, lines, delimiter, row_names: false, said: Vec::new(), notes }.into_raw(recipe, progress)
}

/// How the rows of a text stand, by its first line that holds anything.
fn form(text: &str) -> Option<Form> {
    let line = text.trim_start_matches('\u{feff}').lines().find(|line| !is_beside(line))?;
    match pairs(line.trim_start().trim_start_matches("- ")).ok()?.len() {
        0 => None,
        1 => Some(Form::Blocks),
        _ => Some(Form::Lines),
    }
}

/// Whether a line is none of a row: empty, a comment, or what begins a document of YAML.
fn is_beside(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#') || line == "---"
}

fn rows(text: &str, form: Form) -> Result<Vec<Row<'_>>, String> {
    let (mut rows, mut open) = (Vec::<Row<'_>>::new(), false);
    for (number, line) in (1..).zip(text.trim_start_matches('\u{feff}').lines()) {
        if is_beside(line) {
            open &= !line.trim().is_empty();
            continue;
        }
        let wrong = |what: String| format!("line {number}: {what}");
        let text = line.trim();
        if form == Form::Lines {
            rows.push((number, pairs(text).map_err(wrong)?));
            continue;
        }
        let (begins, text) = text.strip_prefix("- ").map_or((!open, text), |rest| (true, rest.trim_start()));
        let (name, rest) = name(text).ok_or_else(|| wrong(no_pair(text)))?;
        if begins {
            rows.push((number, Vec::new()));
        }
        open = true;
        if let Some((_, row)) = rows.last_mut() {
            row.push((name, unquoted(rest.trim()).unwrap_or_else(|| rest.trim().to_owned())));
        }
    }
    Ok(rows)
}

/// The pairs of a line.
fn pairs(line: &str) -> Result<Vec<(&str, String)>, String> {
    let mut found = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let (name, after) = name(rest).ok_or_else(|| no_pair(rest))?;
        let after = after.strip_prefix(' ').unwrap_or(after);
        let end = value_end(after);
        let value = after[..end].trim_end_matches(BETWEEN);
        found.push((name, unquoted(value).unwrap_or_else(|| value.to_owned())));
        rest = after[end..].trim_start_matches(BETWEEN);
    }
    Ok(found)
}

/// The name that a text begins with, and what stands behind its sign.
fn name(text: &str) -> Option<(&str, &str)> {
    let mut signs = text.char_indices().take(LONGEST + 2).filter(|(_, c)| matches!(c, '=' | ':'));
    let (end, _) = signs.next()?;
    let (name, rest) = (text[..end].trim_end(), &text[end + 1..]);
    let begins = name.starts_with(|c: char| c.is_alphabetic() || matches!(c, '_' | '@'));
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | '@' | '%' | '[' | ']' | '(' | ')');
    // What stands behind the scheme of an address is none.
    (begins && name.chars().count() <= LONGEST && name.chars().all(fits) && !rest.starts_with("//"))
        .then_some((name, rest))
}

/// Where the value ends that a text begins with: before the next name, or with its quotes.
fn value_end(text: &str) -> usize {
    if text.starts_with('"') {
        let mut escaped = false;
        for (at, c) in text.char_indices().skip(1) {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '"' => return at + 1,
                _ => {}
            }
        }
        return text.len();
    }
    let mut at = 0;
    while let Some(mark) = text[at..].find(BETWEEN).map(|mark| at + mark) {
        let rest = text[mark..].trim_start_matches(BETWEEN);
        if name(rest).is_some() {
            return mark;
        }
        at = text.len() - rest.len();
    }
    text.len()
}

/// A value without the quotes around it.
fn unquoted(text: &str) -> Option<String> {
    let inside = text.strip_prefix('"')?.strip_suffix('"')?;
    Some(inside.replace("\\\"", "\""))
}

fn no_pair(text: &str) -> String {
    format!("`{}` is no name with a value; a row is written `temp=21.5 hum=40`", short(text, 40))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let rows = rows(text, form(text).expect(text)).expect(text);
        let row = |(line, row): Row<'_>| {
            let pairs: Vec<String> = row.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
            format!("{line}: {}", pairs.join("|"))
        };
        rows.into_iter().map(row).collect::<Vec<_>>().join(" / ")
    }

    #[test]
    fn names_with_values_are_rows() {
        let log =
            "ts=2024-03-01T12:00:00Z temp=21.5 msg=\"all well, so=far\"\nts=2024-03-01T12:01:00Z temp=-3 msg=none\n";
        assert_eq!(
            read(log),
            "1: ts=2024-03-01T12:00:00Z|temp=21.5|msg=all well, so=far / 2: ts=2024-03-01T12:01:00Z|temp=-3|msg=none"
        );
        assert_eq!(read("T: 21,5 C, H: 40\nT: 3,5 C, H: 41\n"), "1: T=21,5 C|H=40 / 2: T=3,5 C|H=41");
        assert_eq!(read("# made\na: 1\nb: x: y\n\n\na: 2\nb: \"z\"\n"), "2: a=1|b=x: y / 6: a=2|b=z");
        let blanks = " ".repeat(200_000);
        assert!(read(&format!("a=1{blanks}x{blanks}b=2\na=3 b=4\n")).ends_with(" x|b=2 / 2: a=3|b=4"));
        assert_eq!(read("---\n- a: 1\n  b: 2\n- a: 3\n  b: 4\n"), "2: a=1|b=2 / 4: a=3|b=4");
    }

    #[test]
    fn such_rows_are_told_from_other_text() {
        for text in [
            "a=1 b=2\na=2 b=3\na=1 b=5\n",
            "a: 1\nb: 2\n\na: 1\nb: 3\n\na: 2\nb: 2\n",
            "- a: 1\n  b: x\n- a: 2\n  b: y\n- a: 2\n  b: y\n",
        ] {
            assert!(looks_so(text, true) && looks_so(&format!("{text}\n{text}a"), false), "{text}");
        }
        for text in [
            "a,b\n1,2\n3,4\n",
            "Date: today\na,b\n1,2\n",
            "1 1:0.5 2:1\n0 1:2 2:3\n1 1:1 2:1\n",
            "a=1\na=2\na=3\n",
            "x: http://a.b/c d: 1\n",
            "key: 1\n\nother: 2\n\nthird: 3\n",
            "a: 1\nb: 2\nc: 3\n",
            "word\n",
        ] {
            assert!(!looks_so(text, true), "{text}");
        }
    }
}
