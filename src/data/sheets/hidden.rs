//! Rows and columns that a workbook hides, which a person who looks at the sheet does not know of.

use std::io::Read;
use std::path::Path;

use memchr::memmem;

use crate::data::bytes::archive::{Member, content};
use crate::data::bytes::entities::unescaped;
use crate::support::language::counted;

/// Bytes that are looked at together, and most of a tag.
const PART: usize = 1 << 16;
const TAG: usize = 1 << 10;
/// Bytes of the book's own lists of sheets that are read at most.
const MOST: u64 = 1 << 22;

/// What a sheet of a workbook hides, in a sentence; nothing where it hides nothing, or that cannot be told.
pub(in crate::data) fn note(path: &Path, members: &[Member], sheet: &str) -> Option<String> {
    let found = hidden(path, members, sheet)?;
    let parts = [(found.rows, "row"), (found.columns, "column")];
    let said: Vec<String> =
        parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| counted(count, what)).collect();
    (!said.is_empty()).then(|| {
        format!(
            "hidden in the sheet, by hand or by a filter, and read all the same: {}; delete what should not count",
            said.join(" and ")
        )
    })
}

/// How many rows and columns are hidden.
#[derive(Debug, Default, PartialEq, Eq)]
struct Hidden {
    rows: usize,
    columns: usize,
}

fn hidden(path: &Path, members: &[Member], sheet: &str) -> Option<Hidden> {
    let member = |name: &str| members.iter().find(|member| member.name.eq_ignore_ascii_case(name));
    let text = |name: &str| {
        let mut text = String::new();
        content(path, member(name)?).ok()?.take(MOST).read_to_string(&mut text).ok()?;
        Some(text)
    };
    let book = text("xl/workbook.xml")?;
    let id = tags(&book, "sheet").find(|tag| attribute(tag, "name").is_some_and(|name| unescaped(&name) == sheet))?;
    let id = attribute(id, "id")?;
    let links = text("xl/_rels/workbook.xml.rels")?;
    let link = tags(&links, "Relationship").find(|tag| attribute(tag, "Id").as_deref() == Some(id.as_str()))?;
    let target = attribute(link, "Target")?;
    let place = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
    let mut found = Hidden::default();
    let mut reader = content(path, member(&place)?).ok()?;
    let (mut text, mut kept) = (vec![0; TAG + PART], 0);
    loop {
        let got = crate::data::bytes::element::fill(&mut reader, &mut text[kept..kept + PART]).ok()?;
        let end = kept + got;
        let last = got < PART;
        // A tag that is not whole yet is looked at with what follows.
        let open = if last { end } else { text[..end].iter().rposition(|&b| b == b'<').unwrap_or(end) };
        count(&text[..open], &mut found);
        if last {
            return Some(found);
        }
        let from = open.max(end.saturating_sub(TAG));
        text.copy_within(from..end, 0);
        kept = end - from;
    }
}

/// Adds what the tags of a part of a sheet hide.
fn count(text: &[u8], found: &mut Hidden) {
    for at in memmem::find_iter(text, b" hidden=") {
        // No tag is looked at that is longer: of many that do not end each would be gone through from end to end.
        let (from, to) = (at.saturating_sub(TAG), text.len().min(at + TAG));
        let Some(start) = text[from..at].iter().rposition(|&b| b == b'<').map(|start| from + start) else { continue };
        let end = text[at..to].iter().position(|&b| b == b'>').map_or(to, |end| at + end);
        let tag = String::from_utf8_lossy(&text[start..end]);
        if !attribute(&tag, "hidden").is_some_and(|value| matches!(value.as_str(), "1" | "true")) {
            continue;
        }
        let name = tag[1..].split(|c: char| c.is_whitespace()).next().unwrap_or_default();
        match name.rsplit(':').next() {
            Some("row") => found.rows += 1,
            Some("col") => {
                let place = |name| attribute(&tag, name).and_then(|value| value.parse::<usize>().ok());
                if let (Some(first), Some(last)) = (place("min"), place("max")) {
                    found.columns += (last.min(1 << 14) + 1).saturating_sub(first);
                }
            }
            _ => {}
        }
    }
}

/// The tags of one name in a text.
fn tags<'t>(text: &'t str, name: &'t str) -> impl Iterator<Item = &'t str> {
    text.split('<').filter_map(|part| part.split_once('>').map(|(tag, _)| tag)).filter(move |tag| {
        let own = tag.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default();
        own.rsplit(':').next() == Some(name)
    })
}

/// An attribute of a tag, with or without the name of its space.
pub(in crate::data) fn attribute(tag: &str, name: &str) -> Option<String> {
    let found = tag.match_indices(name).find_map(|(at, _)| {
        let begins = tag[..at].ends_with([' ', ':', '\n', '\t']);
        let value = tag[at + name.len()..].trim_start().strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\'') && begins)?;
        value[1..].split_once(quote).map(|(value, _)| value)
    });
    found.map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_rows_and_columns_are_counted() {
        let sheet = "<cols><col min=\"2\" max=\"3\" hidden=\"1\"/><col min=\"5\" max=\"5\" hidden=\"0\"/></cols>\
                     <sheetData><row r=\"1\"><c r=\"A1\" t=\"str\"><v> hidden=\"1\"</v></c></row>\
                     <row r=\"2\" hidden=\"1\" spans=\"1:2\"/><x:row hidden='true' r='3'/></sheetData>";
        let mut found = Hidden::default();
        count(sheet.as_bytes(), &mut found);
        assert_eq!(found, Hidden { rows: 2, columns: 2 });
        count(" hidden=\"1\"".repeat(200_000).as_bytes(), &mut found);
        assert_eq!(found, Hidden { rows: 2, columns: 2 });
    }

    #[test]
    fn attributes_are_found_by_their_names() {
        let book = "<sheets><sheet name=\"A &amp; B\" sheetId=\"1\" r:id=\"rId7\"/></sheets>";
        let tag = tags(book, "sheet").next().expect("a sheet");
        assert_eq!(attribute(tag, "name").map(|name| unescaped(&name)).as_deref(), Some("A & B"));
        assert_eq!(attribute(tag, "id").as_deref(), Some("rId7"));
        assert_eq!(attribute(tag, "state"), None);
    }
}
