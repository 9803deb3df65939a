//! Text whose cells stand in places rather than between marks: frames as databases and Markdown draw them, columns of one width. Line by
//! line it becomes text with one mark between cells; lines that only draw become empty ones, so that every row keeps its line.

use std::io::{self, BufRead as _, BufReader, Read};
use std::sync::Arc;

use super::cell::{is_missing, is_number};
use super::delimiter::Delimiter;
use super::quoted::Quoting;

/// What is put between cells that stood in places: the unit separator, which such text does not have.
pub(super) const MARK: u8 = 0x1f;
/// Bytes beyond which a line is none of a table.
const LONGEST_LINE: u64 = 1 << 24;
/// Lines that may stand above a table, and below it, while the places of its columns are looked for.
const ABOVE: usize = 5;
const BELOW: usize = 3;
/// Lines that a shape is judged by.
const LINES: usize = 200;

/// How cells stand in their lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// Between upright lines, which also stand on the left and on the right where these are true.
    Frame(bool, bool),
    /// With two blanks or more between them, or a tab; single blanks belong to them.
    Runs,
    /// From these characters on, each to the next one.
    Places(Arc<[usize]>),
    /// Between this byte, but quoted otherwise than in CSV.
    Quoted(Quoting, u8),
}

impl Shape {
    /// What stands between cells once a text has this shape no more.
    pub(super) fn delimiter(&self) -> Delimiter {
        Delimiter::Byte(match self {
            Self::Frame(..) => b'|',
            Self::Quoted(_, delimiter) => *delimiter,
            Self::Runs | Self::Places(_) => MARK,
        })
    }

    /// A whole text in its new form.
    pub(super) fn apply(&self, text: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(text.len() + text.len() / 8);
        for line in text.split_inclusive(|&byte| byte == b'\n') {
            self.line(line, &mut out);
        }
        out
    }

    fn line(&self, line: &[u8], out: &mut Vec<u8>) {
        if let Self::Quoted(quoting, delimiter) = self {
            quoting.line(line, *delimiter, out);
            return;
        }
        let Ok(text) = std::str::from_utf8(line) else {
            // Whoever reads it has to say so.
            out.extend_from_slice(line);
            return;
        };
        let body = text.trim_end_matches(['\n', '\r']);
        if !is_rule(body) {
            self.cells(body, out);
        }
        out.extend_from_slice(&line[body.len()..]);
    }

    fn cells(&self, line: &str, out: &mut Vec<u8>) {
        match self {
            Self::Frame(left, right) => {
                let upright = line.replace(['│', '┃', '║'], "|");
                let mut rest = upright.trim();
                // A line without any is no row, but a title or what counts the rows.
                if rest.contains('|') {
                    rest = rest.strip_prefix('|').filter(|_| *left).unwrap_or(rest);
                    rest = rest.strip_suffix('|').filter(|_| *right).unwrap_or(rest);
                }
                put(rest.split('|'), b'|', out);
            }
            Self::Runs => put(runs(line).into_iter(), MARK, out),
            Self::Places(places) => match at_places(line, places) {
                Some(cells) => put(cells.into_iter(), MARK, out),
                None => put(std::iter::once(line), MARK, out),
            },
            Self::Quoted(..) => out.extend_from_slice(line.as_bytes()),
        }
    }
}

/// Writes cells without the blanks around them; those with quotes in quotes, so that they come back as they were.
fn put<'a>(cells: impl Iterator<Item = &'a str>, mark: u8, out: &mut Vec<u8>) {
    for (at, cell) in cells.map(str::trim).enumerate() {
        if at > 0 {
            out.push(mark);
        }
        if cell.contains('"') {
            out.extend_from_slice(format!("\"{}\"", cell.replace('"', "\"\"")).as_bytes());
        } else {
            out.extend_from_slice(cell.as_bytes());
        }
    }
}

/// Whether a line only draws: `+----+----+`, `-----  ---`, `|:---|---:|`. One dash is what people write for nothing, so three stand in a row
/// or, between upright lines, no blank.
pub(super) fn is_rule(line: &str) -> bool {
    let line = line.trim();
    let draws = |c: char| {
        matches!(c, '-' | '=' | '+' | '|' | ':' | '_' | '*' | '~' | ' ' | '\t' | ',' | ';' | '\u{1f}')
            || ('\u{2500}'..='\u{257f}').contains(&c)
    };
    if line.is_empty() || !line.chars().all(draws) {
        return false;
    }
    let (mut longest, mut run, mut before) = (0, 0, ' ');
    for c in line.chars() {
        run = if c == before { run + 1 } else { 1 };
        before = c;
        if matches!(c, '-' | '=' | '_' | '*' | '~' | '─' | '━' | '═') {
            longest = longest.max(run);
        }
    }
    let narrow = line.starts_with('|') && line.contains('-') && line.chars().all(|c| matches!(c, '|' | '-' | ':'));
    longest >= 3 || narrow || line.contains(['─', '━', '═'])
}

/// Cells with two blanks or more between them, or a tab.
fn runs(line: &str) -> Vec<&str> {
    let line = line.trim();
    let (mut cells, mut from, mut blanks) = (Vec::new(), 0, 0);
    for (at, c) in line.char_indices() {
        match c {
            '\t' => blanks += 2,
            ' ' => blanks += 1,
            _ => {
                if blanks >= 2 {
                    cells.push(line[from..at].trim());
                    from = at;
                }
                blanks = 0;
            }
        }
    }
    cells.push(line[from..].trim());
    cells
}

/// Cells that begin at these characters; none where a word goes over a place.
fn at_places<'a>(line: &'a str, places: &[usize]) -> Option<Vec<&'a str>> {
    let ends: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
    let byte = |place: usize| ends.get(place).copied().unwrap_or(line.len());
    let blank = |place: usize| line[byte(place)..].chars().next().is_none_or(char::is_whitespace);
    let inner = places.get(1..).unwrap_or_default();
    if inner.iter().any(|&place| !blank(place - 1) && !blank(place)) {
        return None;
    }
    let starts = std::iter::once(0).chain(inner.iter().copied());
    let ends = inner.iter().copied().chain(std::iter::once(usize::MAX));
    Some(starts.zip(ends).map(|(start, end)| line[byte(start)..byte(end)].trim()).collect())
}

/// The shape of a text that blanks part unevenly, if it has one: cells with more than one blank between them, else in columns that a line
/// of dashes or, unless only what is `sure` counts, blanks in all lines show.
pub(super) fn of_blanks(text: &str, sure: bool) -> Option<Shape> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(LINES).collect();
    let rows: Vec<&str> = lines.iter().copied().filter(|line| !is_rule(line)).collect();
    if rows.len() < 3 {
        return None;
    }
    if let Some(places) = ruled(&lines)
        && fits(&rows, &places)
    {
        return Some(Shape::Places(places.into()));
    }
    let counts: Vec<usize> = rows.iter().map(|line| runs(line).len()).collect();
    let titles = counts.iter().take(ABOVE).take_while(|&&count| count == 1).count();
    let notes = counts.iter().rev().take(BELOW).take_while(|&&count| count == 1).count();
    let inner = counts.get(titles..counts.len() - notes).unwrap_or_default();
    let even = inner.len() > 1 && inner[0] > 1 && inner.iter().all(|&count| count == inner[0]);
    if even && holds_numbers(rows[titles..].iter().skip(1).map(|line| runs(line))) {
        return Some(Shape::Runs);
    }
    let places = if sure { None } else { blank_columns(&rows) }?;
    // A line of numbers that is too short lacks a cell; words with blanks in them, and gaps before other cells, show that cells have places.
    let words = rows.iter().skip(1).any(|line| line.contains(char::is_alphabetic));
    let gap = |cells: Vec<&str>| cells.iter().skip_while(|cell| !cell.is_empty()).any(|cell| !cell.is_empty());
    let placed = words || rows.iter().filter_map(|line| at_places(line, &places)).any(gap);
    (placed && fits(&rows, &places)).then(|| Shape::Places(places.into()))
}

/// Whether nearly all rows have their cells at these places, and enough numbers among them.
fn fits(rows: &[&str], places: &[usize]) -> bool {
    let cells = || rows.iter().filter_map(|line| at_places(line, places));
    let fit = cells().count();
    fit > 2 && 10 * fit >= 9 * rows.len().saturating_sub(ABOVE) && holds_numbers(cells().skip(1))
}

/// Whether enough of some cells are numbers: prose has few.
fn holds_numbers<'a>(rows: impl Iterator<Item = Vec<&'a str>>) -> bool {
    let (mut numbers, mut all) = (0, 0);
    for cell in rows.flatten().filter(|cell| !is_missing(cell)) {
        all += 1;
        numbers += usize::from(is_number(cell));
    }
    10 * numbers >= 3 * all
}

/// Where columns begin, as a line of dashes with blanks between them says.
fn ruled(lines: &[&str]) -> Option<Vec<usize>> {
    lines.iter().take(ABOVE + 2).filter(|line| is_rule(line) && line.trim().contains(' ')).find_map(|line| {
        let chars: Vec<char> = line.chars().collect();
        let begins = |&at: &usize| chars[at] != ' ' && (at == 0 || chars[at - 1] == ' ');
        let starts: Vec<usize> = (0..chars.len()).filter(begins).collect();
        (starts.len() > 1).then_some(starts)
    })
}

/// Where columns begin: behind characters that are blank in all lines, but perhaps for a few above and below.
fn blank_columns(rows: &[&str]) -> Option<Vec<usize>> {
    if rows.iter().any(|line| line.contains('\t')) {
        return None;
    }
    for below in 0..=BELOW {
        for above in 0..=ABOVE {
            let Some(inner) = rows.get(above..rows.len().saturating_sub(below)).filter(|rows| rows.len() > 2) else {
                continue;
            };
            let mut blank: Vec<bool> = Vec::new();
            for line in inner {
                for (at, c) in line.chars().enumerate() {
                    if blank.len() <= at {
                        blank.resize(at + 1, true);
                    }
                    blank[at] &= c == ' ';
                }
            }
            let begins = |&at: &usize| !blank[at] && (at == 0 || blank[at - 1]);
            let mut starts: Vec<usize> = (0..blank.len()).filter(begins).collect();
            // One blank that all cells happen to have parts no column if no name stands behind it.
            let first: Vec<char> = inner[0].chars().collect();
            let ends: Vec<usize> = starts.iter().skip(1).copied().chain([blank.len()]).collect();
            let named = |start: usize, end: usize| first.iter().take(end).skip(start).any(|c| *c != ' ');
            let apart = |start: usize| start < 2 || blank[start - 2];
            let mut ends = ends.into_iter();
            starts.retain(|&start| ends.next().is_none_or(|end| start == 0 || apart(start) || named(start, end)));
            if starts.len() > 1 {
                return Some(starts);
            }
        }
    }
    None
}

/// A text that gets another form while it is read.
pub(super) struct Reshaped<R> {
    inner: BufReader<R>,
    shape: Shape,
    line: Vec<u8>,
    out: Vec<u8>,
    given: usize,
}

impl<R: Read> Reshaped<R> {
    pub(super) fn new(inner: R, shape: Shape) -> Self {
        let inner = BufReader::with_capacity(1 << 17, inner);
        Self { inner, shape, line: Vec::new(), out: Vec::new(), given: 0 }
    }
}

impl<R: Read> Read for Reshaped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.out.len() {
            self.line.clear();
            self.out.clear();
            self.given = 0;
            let got = self.inner.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut self.line)?;
            if got == 0 {
                return Ok(0);
            }
            if got as u64 == LONGEST_LINE {
                return Err(io::Error::other(format!("a line is longer than {LONGEST_LINE} bytes")));
            }
            self.shape.line(&self.line, &mut self.out);
        }
        let part = &self.out[self.given..];
        let count = part.len().min(buffer.len());
        buffer[..count].copy_from_slice(&part[..count]);
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(shape: &Shape, text: &str) -> String {
        let mut read = String::new();
        Reshaped::new(text.as_bytes(), shape.clone()).read_to_string(&mut read).expect("memory");
        assert_eq!(read.as_bytes(), shape.apply(text.as_bytes()), "however it is read");
        read.replace('\u{1f}', "|")
    }

    #[test]
    fn lines_that_only_draw_are_told_from_rows_of_gaps() {
        for rule in ["+----+---+", "-----+----", "|---|:--:|", "|-|-|", "=====  ====", "├──┼──┤", "--- , ---", "-----"]
        {
            assert!(is_rule(rule), "{rule}");
        }
        for row in ["-,-,-", "- | - | -", "--", "", "---,1", "a---", "-1 -2 -3", "| - |"] {
            assert!(!is_rule(row), "{row}");
        }
    }

    #[test]
    fn frames_lose_their_lines_and_rows_keep_theirs() {
        let frame = "+---+------+\n| a | b    |\n+---+------+\n| 1 | \"x\"y |\n| 2 |      |\n+---+------+\n2 rows\n";
        let plain = "\na|b\n\n1|\"\"\"x\"\"y\"\n2|\n\n2 rows\n";
        assert_eq!(text(&Shape::Frame(true, true), frame), plain);
        assert_eq!(text(&Shape::Frame(false, false), " a | b\n---+---\n 1 |\r\n"), "a|b\n\n1|\r\n");
        assert_eq!(text(&Shape::Frame(true, true), "│ a │ b │\n├───┼───┤\n│ 1 │ 2 │"), "a|b\n\n1|2");
    }

    #[test]
    fn cells_in_columns_are_found() {
        let even = "name         petal length   n\nNew York     1.5    3\nLa Paz  -2.25    4\n";
        let shape = of_blanks(even, true).expect("a shape");
        assert_eq!(shape, Shape::Runs);
        assert_eq!(text(&shape, even), "name|petal length|n\nNew York|1.5|3\nLa Paz|-2.25|4\n");
        let gaps = "name      x     y\nNew York  1.5   2\nRom             3\nOslo      2.5\nLa Paz    7.0   4\n";
        let shape = of_blanks(gaps, false).expect("a shape");
        assert_eq!(shape, Shape::Places([0, 10, 16].into()));
        assert_eq!(text(&shape, gaps), "name|x|y\nNew York|1.5|2\nRom||3\nOslo|2.5|\nLa Paz|7.0|4\n");
        assert_eq!(text(&shape, "(4 rows found)\n"), "(4 rows found)\n", "a word goes over a place");
        let words =
            "town                   x1\nNew York            1.25\nRom                12.50\nSan Jose de la Paz  7.75\n";
        assert_eq!(blank_columns(&words.lines().collect::<Vec<_>>()), Some(vec![0, 19]));
        let ruled = "city     value\n-------- -----\nNew York   1.5\nRom       12.5\nSan Jose\n";
        assert_eq!(
            text(&of_blanks(ruled, false).expect("a shape"), ruled),
            "city|value\n\nNew York|1.5\nRom|12.5\nSan Jose|\n"
        );
        assert_eq!(
            of_blanks("It was the best of times,\nit was the worst of times,\nit was the age of wisdom\n", false),
            None
        );
    }
}
