//! Tables in pages of HTML, and in the XML of Excel 2003: what programs of the web save under the name of a spreadsheet.

use std::collections::HashMap;
use std::io::Read as _;

use calamine::DataRef;

use super::columns::{self, Named, named};
use super::raw::Raw;
use super::sheet_cells::Cells;
use super::source::Input;
use crate::support::language::counted;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Most columns and rows that one cell goes over.
const MOST_SPANNED: u32 = 1 << 10;
/// Bytes of the longest tag whose attributes are looked at.
const LONGEST_TAG: usize = 1 << 12;

/// Whether a text is a page with a table in it.
pub(super) fn looks_so(text: &str, _: bool) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let lower = start.get(..start.len().min(1 << 14)).unwrap_or(start).to_ascii_lowercase();
    lower.starts_with('<') && (lower.contains("<table") || lower.contains("<workbook") || lower.contains(":table"))
}

/// Load the largest table of a page.
pub(super) fn load_file(mut input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let path = input.path.clone();
    let wrong = |message: String| Error::format(&path, message);
    let most = input.most();
    let mut text = String::new();
    let read = input.by_ref().take(most).read_to_string(&mut text);
    read.map_err(|e| wrong(format!("cannot be read: {e}")))?;
    progress.at(0.2, "reading")?;
    let mut tables = tables(&text);
    let count = tables.len();
    let Some(largest) = (0..count).max_by_key(|&at| (tables[at].cells.len(), count - at)) else {
        return Err(wrong("the page holds no table".to_owned()));
    };
    let table = tables.swap_remove(largest);
    let mut cells = Cells::default();
    for (row, column, text) in &table.cells {
        cells.take((*row, *column), &DataRef::SharedString(text)).map_err(&wrong)?;
    }
    table.merged.iter().for_each(|&(start, end)| cells.merge(start, end));
    if !cells.is_table() {
        return Err(wrong("no table of the page has two rows or more".to_owned()));
    }
    let mut notes = vec![if count > 1 {
        format!("the largest of {} of the page was read", counted(count, "table"))
    } else {
        "the table of the page was read".to_owned()
    }];
    let read = cells.into_read(&path, recipe, &mut notes)?;
    let (row_names, delimiter) = (read.row_names, read.delimiter);
    let Named { table, lines, said, notes: more } = named(read, recipe.header, "rows are those of the page");
    notes.extend(more);
    if table.is_empty() {
        return Err(wrong("the table of the page has a header, but no row follows it".to_owned()));
    }
    columns::Cells { path, table, lines, delimiter, row_names, said, notes }.into_raw(recipe, progress)
}

/// From which row and column to which.
type Region = ((u32, u32), (u32, u32));

/// A table as it is read.
#[derive(Default)]
struct Page {
    /// Row, column and text of each cell that holds anything, in their order.
    cells: Vec<(u32, u32, String)>,
    /// Cells over several rows.
    merged: Vec<Region>,
    /// How many rows began, and the next column of this one.
    rows: u32,
    column: u32,
    /// Columns that a cell above goes over, and the first row that it does not.
    taken: HashMap<u32, u32>,
    /// The text of the cell that is open.
    open: Option<String>,
}

impl Page {
    fn begin_cell(&mut self, attributes: &str) {
        self.end_cell();
        let row = self.rows.saturating_sub(1);
        if let Some(index) = number(attributes, "ss:index").and_then(|index| index.checked_sub(1)) {
            self.column = self.column.max(index);
        }
        while self.taken.get(&self.column).is_some_and(|&until| until > row) {
            self.column += 1;
        }
        // In XML what is merged counts the cells beside the first.
        let wide = number(attributes, "colspan").or(number(attributes, "ss:mergeacross").map(|more| more + 1));
        let high = number(attributes, "rowspan").or(number(attributes, "ss:mergedown").map(|more| more + 1));
        let (wide, high) = (wide.unwrap_or(1).clamp(1, MOST_SPANNED), high.unwrap_or(1).clamp(1, MOST_SPANNED));
        if high > 1 {
            for column in self.column..self.column + wide {
                self.taken.insert(column, row + high);
            }
            self.merged.push(((row, self.column), (row + high - 1, self.column + wide - 1)));
        }
        self.open = Some(String::new());
        self.column += wide;
        self.cells.push((row, self.column - wide, String::new()));
    }

    fn end_cell(&mut self) {
        if let (Some(text), Some(cell)) = (self.open.take(), self.cells.last_mut()) {
            cell.2 = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if cell.2.is_empty() {
                self.cells.pop();
            }
        }
    }
}

/// The number that an attribute has.
fn number(attributes: &str, name: &str) -> Option<u32> {
    let at = attributes.find(name)? + name.len();
    let value = attributes[at..].trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    value[..value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len())].parse().ok()
}

/// All tables of a page, those within others apart from them.
fn tables(text: &str) -> Vec<Page> {
    let (mut done, mut stack): (Vec<Page>, Vec<Page>) = (Vec::new(), Vec::new());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        if let Some(open) = stack.last_mut().and_then(|page| page.open.as_mut()) {
            unescape(&rest[..at], open);
        }
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let Some(end) = rest.find('>') else { break };
        let (tag, after) = rest.split_at(end);
        rest = &after[1..];
        let name =
            tag.split([' ', '\t', '\r', '\n']).next().unwrap_or_default().trim_end_matches('/').to_ascii_lowercase();
        let (closes, name) = name.strip_prefix('/').map_or((false, name.as_str()), |name| (true, name));
        let name = name.strip_prefix("ss:").unwrap_or(name);
        let page = stack.last_mut();
        match (name, closes, page) {
            ("script" | "style", false, _) => {
                let close = format!("</{name}");
                rest = rest.to_ascii_lowercase().find(&close).map_or("", |at| &rest[at..]);
            }
            ("table", false, _) => stack.push(Page::default()),
            ("table", true, Some(_)) => {
                if let Some(mut page) = stack.pop() {
                    page.end_cell();
                    done.push(page);
                }
            }
            ("tr" | "row", false, Some(page)) => {
                page.end_cell();
                (page.rows, page.column) = (page.rows + 1, 0);
            }
            ("td" | "th" | "cell", false, Some(page)) if page.rows > 0 => {
                let attributes = tag.get(..tag.len().min(LONGEST_TAG)).unwrap_or_default().to_ascii_lowercase();
                page.begin_cell(&attributes);
                if tag.ends_with('/') {
                    page.end_cell();
                }
            }
            ("td" | "th" | "cell" | "tr" | "row", true, Some(page)) => page.end_cell(),
            ("br" | "p" | "div" | "li", _, Some(page)) => {
                if let Some(open) = &mut page.open {
                    open.push(' ');
                }
            }
            _ => {}
        }
    }
    // What is not closed is a table all the same.
    if let Some(open) = stack.last_mut().and_then(|page| page.open.as_mut()) {
        unescape(rest, open);
    }
    for mut page in stack {
        page.end_cell();
        done.push(page);
    }
    done.retain(|page| !page.cells.is_empty());
    done
}

/// Writes text with its entities as the characters that they stand for.
fn unescape(mut text: &str, into: &mut String) {
    while let Some(at) = text.find('&') {
        into.push_str(&text[..at]);
        text = &text[at..];
        let end = text.find(';').filter(|&end| end < 12);
        let found = end.and_then(|end| entity(&text[1..end]).map(|c| (c, end)));
        let (c, end) = found.unwrap_or(('&', 0));
        into.push(c);
        text = &text[end + 1..];
    }
    into.push_str(text);
}

fn entity(name: &str) -> Option<char> {
    let known = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("deg", '°'),
        ("micro", 'µ'),
        ("plusmn", '±'),
        ("euro", '€'),
        ("minus", '−'),
    ];
    if let Some(digits) = name.strip_prefix('#') {
        let code = match digits.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok(),
            None => digits.parse().ok(),
        };
        return code.and_then(char::from_u32);
    }
    known.iter().find(|(known, _)| *known == name).map(|(_, c)| *c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let page = |page: &Page| {
            let cells: Vec<String> =
                page.cells.iter().map(|(row, column, text)| format!("{row}.{column} {text}")).collect();
            format!("{} {:?}", cells.join("|"), page.merged)
        };
        tables(text).iter().map(page).collect()
    }

    #[test]
    fn cells_of_pages_have_their_places() {
        for (text, wanted) in [
            (
                "<TABLE border=1><tr><th>a &amp; b<th>c<tr><td> 1\n2 <td><b>3</b>&nbsp;%</table>",
                vec!["0.0 a & b|0.1 c|1.0 1 2|1.1 3 % []"],
            ),
            (
                "<table><tr><td rowspan=2>x</td><td colspan='2'>y</td></tr><tr><td>1</td><td>2</td></tr></table>",
                vec!["0.0 x|0.1 y|1.1 1|1.2 2 [((0, 0), (1, 0))]"],
            ),
            (
                "<table><tr><td><table><tr><td>in</td></tr></table></td><td>out</td></tr></table>",
                vec!["0.0 in []", "0.1 out []"],
            ),
            (
                "<?xml?><ss:Table><Row><Cell><Data ss:Type=\"String\">a</Data></Cell><Cell ss:Index=\"3\"><Data>b&#233;</Data></Cell></Row></ss:Table>",
                vec!["0.0 a|0.2 bé []"],
            ),
            ("<!-- <table><tr><td>no --><p>text</p><table><tr><td/><td>z", vec!["0.1 z []"]),
            ("<p>1 < 2 & 3", vec![]),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }
}
