//! Records in XML: the element that comes again with the most values in it is a row; its attributes and what stands within it are the columns.

mod ways;

use std::collections::HashMap;

use ways::Ways;

use super::html;
use super::json::Value;
use super::json_rows::Rows;
use crate::data::bytes::entities::unescaped;
use crate::data::bytes::source::{BEGINNING, Input};
use crate::data::columns::Cells;
use crate::data::raw::Raw;
use crate::data::text::delimiter::Delimiter;
use crate::support::language::{counted, short};
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Bytes of the way to a value within a row, and values of one way in it.
const LONGEST_WAY: usize = 256;
const MOST_ALIKE: usize = 1 << 12;

/// Whether a text begins as XML does.
pub(in crate::data) fn looks_so(text: &str, _: bool) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    start.starts_with("<?xml")
        || start.starts_with('<') && start[1..].starts_with(char::is_alphabetic) && start.contains("</")
}

/// Load the records of such a text.
pub(in crate::data) fn load_file(mut input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    // Workbooks of Excel 2003 are XML too.
    let beginning = input.beginning(BEGINNING)?;
    if html::looks_so(&String::from_utf8_lossy(&beginning), false) {
        return html::load_file(input, recipe, progress);
    }
    let path = input.path.clone();
    let wrong = |message: String| Error::format(&path, message);
    let text = input.text()?;
    progress.at(0.2, "reading")?;
    let mut ways = Ways::default();
    parts(&text, &mut |_, part| ways.count(&part)).map_err(&wrong)?;
    let naming = ways.naming();
    let Some(record) = ways.record(&naming, true).or_else(|| ways.record(&naming, false)) else {
        return Err(wrong("no element of it comes again with values in it, so it holds no rows".to_owned()));
    };
    let mut found = Found { record, naming, ..Found::default() };
    parts(&text, &mut |line, part| found.take(line, &part)).map_err(&wrong)?;
    let Found { rows, begun, .. } = found;
    if let Some((_, line)) = begun {
        let name = short(&plain::line(&ways.names[record]), 40);
        return Err(wrong(format!(
            "line {line}: the element `{name}` that begins there has no end: the file is cut off"
        )));
    }
    let mut notes = vec![format!(
        "the {} `{}` are the rows; what stands beside them is left out",
        counted(rows.ends.len(), "element"),
        plain::line(&ways.names[record])
    )];
    let (table, lines) = rows.finish((&path, recipe), &mut notes)?;
    // Nothing parts values, so no comma does.
    let delimiter = Delimiter::Byte(b';');
    Cells { path, table, lines, delimiter, row_names: false, said: Vec::new(), notes }.into_raw(recipe, progress)
}

/// A part of a text in XML.
#[derive(Debug)]
enum Part<'t> {
    /// An element begins, with its attributes.
    Begin(&'t str, Vec<(&'t str, String)>),
    End,
    Text(String),
}

/// Hands on the parts of a text, with the line of each.
fn parts<'t>(text: &'t str, take: &mut dyn FnMut(u64, Part<'t>) -> Result<(), String>) -> Result<(), String> {
    let (mut rest, mut line) = (text, 1_u64);
    while let Some(at) = rest.find('<') {
        let said = &rest[..at];
        if !said.trim().is_empty() {
            take(line, Part::Text(unescaped(said.trim())))?;
        }
        line += said.matches('\n').count() as u64;
        rest = &rest[at..];
        let closed = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")];
        let end = if let Some((begin, end)) = closed.into_iter().find(|(begin, _)| rest.starts_with(begin)) {
            let inside = rest[begin.len()..].find(end).map_or(rest.len(), |at| begin.len() + at);
            if begin == "<![CDATA[" {
                take(line, Part::Text(rest[begin.len()..inside].trim().to_owned()))?;
            }
            (inside + end.len()).min(rest.len())
        } else {
            let end = tag_end(rest);
            let tag = rest[1..end].trim_end_matches('>');
            if tag.starts_with('/') {
                take(line, Part::End)?;
            } else if !tag.starts_with('!') {
                let alone = tag.ends_with('/');
                let (name, attributes) = read_tag(tag.trim_end_matches('/'));
                take(line, Part::Begin(name, attributes))?;
                if alone {
                    take(line, Part::End)?;
                }
            }
            end
        };
        line += rest[..end].matches('\n').count() as u64;
        rest = &rest[end..];
    }
    Ok(())
}

/// Where the tag ends that a text begins with; a `>` may stand in quotes.
fn tag_end(text: &str) -> usize {
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match (quote, c) {
            (None, '>') => return at + 1,
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// The name of a tag, without that of its space, and its attributes.
fn read_tag(tag: &str) -> (&str, Vec<(&str, String)>) {
    let own = |name: &'_ str| name.rsplit(':').next().map_or(0, |own| name.len() - own.len());
    let end = tag.find(char::is_whitespace).unwrap_or(tag.len());
    let (name, mut rest) = tag.split_at(end);
    let mut attributes = Vec::new();
    while let Some((before, after)) = rest.split_once('=') {
        let (name, after) = (before.trim(), after.trim_start());
        let Some(quote) = after.chars().next().filter(|c| matches!(c, '"' | '\'')) else { break };
        let Some((value, more)) = after[1..].split_once(quote) else { break };
        if !name.starts_with("xmlns") && !name.starts_with("xsi:") {
            attributes.push((&name[own(name)..], unescaped(value.trim())));
        }
        rest = more;
    }
    (&name[own(name)..], attributes)
}

/// Rows as they come.
#[derive(Default)]
struct Found {
    record: usize,
    /// Which elements are called as their attribute says.
    naming: Vec<bool>,
    ways: Ways,
    /// What the open elements are called.
    called: Vec<String>,
    rows: Rows,
    /// How many elements are open around the row that is read, and its line.
    begun: Option<(usize, u64)>,
    /// How often each name came in the row.
    names: HashMap<String, usize>,
}

impl Found {
    fn take(&mut self, line: u64, part: &Part<'_>) -> Result<(), String> {
        let open = self.ways.open.len();
        self.ways.go(part)?;
        match part {
            Part::Begin(name, attributes) => {
                let own = self.ways.open.last().is_some_and(|&at| self.naming.get(at) == Some(&true));
                let called = attributes.first().filter(|_| own).map_or(*name, |(_, name)| name.as_str());
                self.called.push(called.to_owned());
                if self.begun.is_none() && self.ways.open.last() == Some(&self.record) {
                    self.begun = Some((open, line));
                    self.names.clear();
                }
                for (name, value) in attributes.iter().filter(|_| !own) {
                    self.value(Some(name), value)?;
                }
            }
            Part::Text(text) => self.value(None, text)?,
            Part::End => {
                self.called.pop();
                if let Some((around, line)) = self.begun
                    && self.ways.open.len() == around
                {
                    self.rows.end(line);
                    self.begun = None;
                }
            }
        }
        Ok(())
    }

    /// Takes a value of the row, of an attribute or of an element by the way to it.
    fn value(&mut self, attribute: Option<&str>, text: &str) -> Result<(), String> {
        let Some((around, line)) = self.begun else { return Ok(()) };
        let within = self.called.get(around + 1..).unwrap_or_default();
        if within.iter().map(String::len).sum::<usize>() > LONGEST_WAY {
            return Err(format!("line {line}: the names on the way to a value are longer than {LONGEST_WAY} bytes"));
        }
        let way = within.iter().map(String::as_str).chain(attribute);
        let mut name = way.collect::<Vec<_>>().join(".");
        if name.is_empty() {
            name.clone_from(&self.ways.names[self.record]);
        }
        let count = self.names.entry(name.clone()).or_default();
        *count += 1;
        if *count > MOST_ALIKE {
            return Err(format!("line {line}: `{}` comes more than {MOST_ALIKE} times in one row", short(&name, 40)));
        }
        if *count > 1 {
            name = format!("{name}.{count}");
        }
        let taken = self.rows.take(&name, Value::Text(text.to_owned()));
        taken.map_err(|what| format!("line {line}: {}", short(&plain::line(&what), 120)))
    }
}

#[cfg(test)]
mod tests;
