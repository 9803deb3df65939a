//! Tables in pages of HTML, and in the XML of Excel 2003: what programs of the web save under the name of a spreadsheet.

use calamine::DataRef;

use crate::data::bytes::entities::unescape;
use crate::data::bytes::source::Input;
use crate::data::raw::Raw;
use crate::data::sheets::cells::Cells;
use crate::support::language::counted;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Most columns and rows that one cell goes over.
const MOST_SPANNED: u32 = 1 << 10;
/// Bytes of the longest tag whose attributes are looked at.
const LONGEST_TAG: usize = 1 << 12;
/// Most tables within each other.
const DEEPEST: usize = 1000;

/// Whether a text is a page with a table in it.
pub(in crate::data) fn looks_so(text: &str, _: bool) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let lower = start.get(..start.len().min(1 << 14)).unwrap_or(start).to_ascii_lowercase();
    let has = |marks: &[&str]| marks.iter().any(|mark| lower.contains(mark));
    // Other XML may have elements that are called tables.
    let is_page = !lower.starts_with("<?xml") || has(&["workbook", "<html", "<tr"]);
    lower.starts_with('<') && is_page && has(&["<table", "<workbook", ":table"])
}

/// Load the largest table of a page.
pub(in crate::data) fn load_file(mut input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let path = input.path.clone();
    let wrong = |message: String| Error::format(&path, message);
    let text = input.text()?;
    progress.at(0.2, "reading")?;
    let (mut cells, mut count) = (Cells::default(), 0);
    tables(&text, |page| {
        count += 1;
        if page.cells.len() > cells.len() {
            cells = page.cells;
        }
    })
    .map_err(&wrong)?;
    drop(text);
    if count == 0 {
        return Err(wrong("the page holds no table".to_owned()));
    }
    if !cells.is_table() {
        return Err(wrong("no table of the page has two rows or more".to_owned()));
    }
    let notes = vec![if count > 1 {
        format!("the largest of {} of the page was read", counted(count, "table"))
    } else {
        "the table of the page was read".to_owned()
    }];
    cells.into_raw(path, "the table of the page", (recipe, progress), notes)
}

/// A table as it is read.
#[derive(Default)]
pub(super) struct Page {
    pub(super) cells: Cells,
    /// How many rows began, and the next column of this one.
    rows: u32,
    column: u32,
    /// Cells of rows above that go on below, by their first columns, how many of them the next cell of this row lies behind, and those of
    /// this row.
    high: Vec<High>,
    passed: usize,
    begun: Vec<High>,
    /// Row, column and text of the cell that is open.
    open: Option<(u32, u32, String)>,
}

/// A cell over several rows.
struct High {
    first: u32,
    /// The first column and row that it does not reach.
    end: u32,
    until: u32,
}

impl Page {
    pub(super) fn begin_row(&mut self) -> Result<(), String> {
        self.end_cell()?;
        let row = self.rows;
        self.high.append(&mut self.begun);
        self.high.retain(|high| high.until > row);
        self.high.sort_by_key(|high| high.first);
        (self.rows, self.column, self.passed) = (row.saturating_add(1), 0, 0);
        Ok(())
    }

    pub(super) fn begin_cell(&mut self, attributes: &str) -> Result<(), String> {
        self.end_cell()?;
        let row = self.rows.saturating_sub(1);
        if let Some(index) = number(attributes, "ss:index").and_then(|index| index.checked_sub(1)) {
            self.column = self.column.max(index);
        }
        while let Some(high) = self.high.get(self.passed).filter(|high| high.first <= self.column) {
            self.column = self.column.max(high.end);
            self.passed += 1;
        }
        // In XML what is merged counts the cells beside the first.
        let span = |html: &str, xml: &str| {
            let more = || number(attributes, xml).map(|more| more.saturating_add(1));
            number(attributes, html).or_else(more).unwrap_or(1).clamp(1, MOST_SPANNED)
        };
        let (wide, high) = (span("colspan", "ss:mergeacross"), span("rowspan", "ss:mergedown"));
        let (column, end, until) = (self.column, self.column.saturating_add(wide), row.saturating_add(high));
        if high > 1 {
            self.begun.push(High { first: column, end, until });
            self.cells.merge((row, column), (until - 1, end - 1));
        }
        self.open = Some((row, column, String::new()));
        self.column = end;
        Ok(())
    }

    pub(super) fn end_cell(&mut self) -> Result<(), String> {
        let Some((row, column, text)) = self.open.take() else { return Ok(()) };
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        self.cells.take((row, column), &DataRef::SharedString(&text))
    }

    /// Whether no row began yet.
    pub(super) fn is_before_rows(&self) -> bool {
        self.rows == 0
    }

    /// A column has the name that its tag says.
    fn name_column(&mut self, tag: &str) -> Result<(), String> {
        if self.rows == 0 {
            self.begin_row()?;
        }
        self.begin_cell("")?;
        let name = tag.split_once(" name=").and_then(|(_, rest)| rest.get(1..rest.get(1..)?.find(['"', '\''])? + 1));
        if let (Some(name), Some(text)) = (name, self.text()) {
            unescape(name, text);
        }
        self.end_cell()
    }

    /// The text of the cell that is open.
    pub(super) fn text(&mut self) -> Option<&mut String> {
        self.open.as_mut().map(|(_, _, text)| text)
    }
}

/// The number that an attribute has.
fn number(attributes: &str, name: &str) -> Option<u32> {
    let at = attributes.find(name)? + name.len();
    let value = attributes[at..].trim_start().strip_prefix('=')?.trim_start().trim_start_matches(['"', '\'']);
    value[..value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len())].parse().ok()
}

/// Hands out all tables of a page that hold anything, those within others apart from them.
fn tables(text: &str, mut take: impl FnMut(Page)) -> Result<(), String> {
    let mut stack: Vec<Page> = Vec::new();
    let mut done = |mut page: Page| {
        page.end_cell()?;
        if page.cells.len() > 0 {
            take(page);
        }
        Ok::<(), String>(())
    };
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        if let Some(open) = stack.last_mut().and_then(Page::text) {
            unescape(&rest[..at], open);
        }
        rest = &rest[at + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
            continue;
        }
        let Some(end) = rest.find('>') else { break };
        let tag = &rest[..end];
        rest = &rest[end + 1..];
        let name =
            tag.split([' ', '\t', '\r', '\n']).next().unwrap_or_default().trim_end_matches('/').to_ascii_lowercase();
        let (closes, name) = name.strip_prefix('/').map_or((false, name.as_str()), |name| (true, name));
        let name = name.strip_prefix("ss:").unwrap_or(name);
        let depth = stack.len();
        let page = stack.last_mut();
        match (name, closes, page) {
            ("script" | "style", false, _) => rest = behind(rest, name),
            ("table", false, _) if depth == DEEPEST => {
                return Err(format!("more than {DEEPEST} tables within each other"));
            }
            ("table", false, _) => stack.push(Page::default()),
            ("table", true, Some(_)) => stack.pop().map_or(Ok(()), &mut done)?,
            // The Virtual Observatory names the columns before the rows.
            ("field", false, Some(page)) if page.rows < 2 => page.name_column(tag)?,
            ("tr" | "row", false, Some(page)) => page.begin_row()?,
            ("td" | "th" | "cell", false, Some(page)) if page.rows > 0 => {
                let attributes = tag.get(..tag.len().min(LONGEST_TAG)).unwrap_or_default().to_ascii_lowercase();
                page.begin_cell(&attributes)?;
                if tag.ends_with('/') {
                    page.end_cell()?;
                }
            }
            ("td" | "th" | "cell" | "tr" | "row", true, Some(page)) => page.end_cell()?,
            ("br" | "p" | "div" | "li", _, Some(page)) => page.text().into_iter().for_each(|text| text.push(' ')),
            _ => {}
        }
    }
    // What is not closed is a table all the same.
    if let Some(open) = stack.last_mut().and_then(Page::text) {
        unescape(rest, open);
    }
    stack.into_iter().try_for_each(done)
}

/// What follows from the tag on that closes a script or a style; nothing where none does.
fn behind<'a>(text: &'a str, name: &str) -> &'a str {
    let closes = |&(at, _): &(usize, &str)| {
        text.get(at + 2..at + 2 + name.len()).is_some_and(|tag| tag.eq_ignore_ascii_case(name))
    };
    text.match_indices("</").find(closes).map_or("", |(at, _)| &text[at..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let mut said = Vec::new();
        tables(text, |page| said.push(page.cells.said())).expect("in order");
        said
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

    #[test]
    fn pages_and_workbooks_are_told_from_other_xml() {
        for page in ["<p>x<table><tr>", "<?xml?>\n<Workbook>", "<?xml?><html><table>", "<?xml?><ss:Workbook><ss:Table>"]
        {
            assert!(looks_so(page, true), "{page}");
        }
        assert!(!looks_so("<?xml?><database><table name=\"t\"><column name=\"a\">1</column></table>", true));
    }

    #[test]
    fn hostile_pages_end_and_take_no_memory() {
        let many = |text: &str| text.repeat(200_000);
        // Each of these led from every place in the page to its end, or asked for a thousand places for one cell.
        for (text, wanted) in [
            (format!("<table><tr><td>{}", many("&")), 1),
            (format!("{}<table><tr><td>1", many("<script></SCRIPT>")), 1),
            (format!("<table>{}", many("<tr><td colspan=999 rowspan=999>1")), 200_000),
            (format!("<table><tr>{}", many("<td ss:Index=\"4294967295\" colspan=9>")), 0),
            (format!("<table><tr><td ss:Index=\"900000\" rowspan=9>1{0}<tr>{0}", many("<td rowspan=9>1")), 400_001),
        ] {
            let mut cells = 0;
            tables(&text, |page| cells += page.cells.len()).expect("in order");
            assert_eq!(cells, wanted, "{}", &text[..80]);
        }
        for (text, wanted) in [
            ("<table><tr><td ss:Index=\"4294967295\">1<td>2<td>3".to_owned(), "row 1 are out of order"),
            (many("<table>"), "within each other"),
        ] {
            assert!(tables(&text, |_| ()).is_err_and(|what| what.contains(wanted)), "{wanted}");
        }
    }
}
