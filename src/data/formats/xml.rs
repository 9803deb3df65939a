//! Records in XML: the element that comes again with the most values in it is a row; its attributes and what stands within it are the columns.

use std::collections::HashMap;

use super::html::{self, unescape};
use super::json::Value;
use super::json_rows::Rows;
use crate::data::bytes::source::{BEGINNING, Input};
use crate::data::columns::Cells;
use crate::data::raw::Raw;
use crate::data::text::delimiter::Delimiter;
use crate::support::language::{counted, short};
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Most elements within each other.
const DEEPEST: usize = 200;
/// Bytes of the way to a value within a row, and values of one way in it.
const LONGEST_WAY: usize = 256;
const MOST_ALIKE: usize = 1 << 12;
/// How often something may come within a row on average before it is taken for a row itself.
const AGAIN: usize = 3;

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
    let Some(record) = ways.record() else {
        return Err(wrong("no element of it comes again with values in it, so it holds no rows".to_owned()));
    };
    let mut found = Found { record, ways: Ways::default(), rows: Rows::default(), begun: None, names: HashMap::new() };
    parts(&text, &mut |line, part| found.take(line, &part)).map_err(&wrong)?;
    let Found { rows, .. } = found;
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
            let mut plain = String::new();
            unescape(said.trim(), &mut plain);
            take(line, Part::Text(plain))?;
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
            let mut plain = String::new();
            unescape(value.trim(), &mut plain);
            attributes.push((&name[own(name)..], plain));
        }
        rest = more;
    }
    (&name[own(name)..], attributes)
}

/// The elements of a text by the way to them.
#[derive(Default)]
struct Ways {
    /// The number of each by the number of the one around it and its name.
    known: HashMap<(usize, String), usize>,
    names: Vec<String>,
    /// The number of the one around each.
    around: Vec<usize>,
    counts: Vec<usize>,
    /// Values that stand in each itself.
    values: Vec<usize>,
    /// The elements that are open.
    open: Vec<usize>,
}

/// What is around the outermost element.
const NOTHING: usize = usize::MAX;

impl Ways {
    /// Goes on with a part.
    fn go(&mut self, part: &Part<'_>) -> Result<(), String> {
        match part {
            Part::Begin(name, _) => {
                if self.open.len() == DEEPEST {
                    return Err(format!("more than {DEEPEST} elements within each other"));
                }
                let around = self.open.last().copied().unwrap_or(NOTHING);
                let key = (around, (*name).to_owned());
                let at = *self.known.entry(key).or_insert(self.names.len());
                if at == self.names.len() {
                    self.names.push((*name).to_owned());
                    self.around.push(around);
                    self.counts.push(0);
                    self.values.push(0);
                }
                self.counts[at] += 1;
                self.open.push(at);
            }
            Part::End => {
                self.open.pop();
            }
            Part::Text(_) => {}
        }
        Ok(())
    }

    fn count(&mut self, part: &Part<'_>) -> Result<(), String> {
        self.go(part)?;
        let values = match part {
            Part::Begin(_, attributes) => attributes.len(),
            Part::Text(_) => 1,
            Part::End => 0,
        };
        if let Some(&at) = self.open.last() {
            self.values[at] += values;
        }
        Ok(())
    }

    /// The elements around one, from the inside.
    fn outwards(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.around.get(at).copied(), |&at| self.around.get(at).copied())
            .filter(|&at| at != NOTHING)
    }

    /// The element that is a row: of those that come again, and within which next to nothing comes again, the one with the most values.
    fn record(&self) -> Option<usize> {
        let mut all = self.values.clone();
        let mut holds = vec![true; all.len()];
        for at in 0..all.len() {
            for around in self.outwards(at) {
                all[around] += self.values[at];
                holds[around] &= self.counts[at] <= AGAIN * self.counts[around];
            }
        }
        let may = |at: &usize| self.counts[*at] > 1 && holds[*at] && all[*at] > self.counts[*at];
        (0..all.len()).filter(may).max_by_key(|&at| (all[at], self.counts[at], std::cmp::Reverse(at)))
    }
}

/// Rows as they come.
struct Found {
    record: usize,
    ways: Ways,
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
            Part::Begin(_, attributes) => {
                if self.begun.is_none() && self.ways.open.last() == Some(&self.record) {
                    self.begun = Some((open, line));
                    self.names.clear();
                }
                for (name, value) in attributes {
                    self.value(Some(name), value)?;
                }
            }
            Part::Text(text) => self.value(None, text)?,
            Part::End => {
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
        let within = self.ways.open.get(around + 1..).unwrap_or_default();
        if within.iter().map(|&at| self.ways.names[at].len()).sum::<usize>() > LONGEST_WAY {
            return Err(format!("line {line}: the names on the way to a value are longer than {LONGEST_WAY} bytes"));
        }
        let way = within.iter().map(|&at| self.ways.names[at].as_str()).chain(attribute);
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
mod tests {
    use std::io::Cursor;
    use std::path::PathBuf;

    use super::*;

    fn read(text: &str) -> Result<String> {
        let bytes = text.as_bytes().to_vec();
        let input = Input::member(PathBuf::from("a.xml"), bytes.len() as u64, false, Box::new(Cursor::new(bytes)))?;
        let raw = load_file(input, &Recipe::default(), &Progress::silent())?;
        let table = raw.table.expect("a table");
        let rows = (0..table.len()).map(|row| table.record(row).collect::<Vec<_>>().join("|"));
        Ok(std::iter::once(table.header.join("|")).chain(rows).collect::<Vec<_>>().join(" / "))
    }

    #[test]
    fn what_comes_again_with_values_is_a_row() {
        let rows = "<?xml version=\"1.0\"?>\n<!-- <row> -->\n<data n='3'><head><made>today</made></head>\n<row id='1'><a>1.5</a><w>x &lt; y</w></row>\n\
                    <row id='2'><a>2.5</a><w><![CDATA[<z>]]></w><more b=\"7\"/></row>\n<row id='3'><a>2</a><w/></row></data>";
        assert_eq!(read(rows).expect("rows"), "id|a|w|more.b / 1|1.5|x < y| / 2|2.5|<z>|7 / 3|2||");
        let track = "<gpx xmlns=\"a\"><trk><name>x</name><trkseg><trkpt lat=\"1\" lon=\"2\"><ele>3</ele></trkpt><trkpt lat=\"4\" lon=\"5\"><ele>6\
                     </ele></trkpt></trkseg><trkseg><trkpt lat=\"7\" lon=\"8\"><ele>9</ele></trkpt><trkpt lat=\"1\" lon=\"8\"/></trkseg></trk></gpx>";
        assert!(read(track).expect("points").starts_with("lat|lon|ele / 1|2|3 / 4|5|6 / 7|8|9"));
        assert_eq!(read("<r><p><v>1</v><v>2</v></p><p><v>3</v><v>4</v></p></r>").expect("rows"), "v|v.2 / 1|2 / 3|4");
        assert!(looks_so(rows, true) && looks_so(track, true) && !looks_so("<b> is it\n1,2\n", true));
    }

    #[test]
    fn what_is_cut_off_or_holds_no_row_ends_in_words() {
        let whole = "<r a='1'><p x=\"é>\"><!-- - --><v>1</v></p><p x='2'><![CDATA[]]></p></r>";
        for end in (0..whole.len()).filter(|&end| whole.is_char_boundary(end)) {
            let _ = read(&whole[..end]);
        }
        assert!(read("<r><a>1</a></r>").expect_err("no row").to_string().contains("holds no rows"));
        assert!(read(&"<a>".repeat(1000)).expect_err("deep").to_string().contains("within each other"));
    }
}
