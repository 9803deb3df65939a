//! Text whose cells stand in places rather than between marks: frames as databases and Markdown draw them, columns of one width. Line by
//! line it becomes text with one mark between cells; lines that only draw become empty ones, so that every row keeps its line.

use std::borrow::Cow;
use std::io::{self, BufRead as _, BufReader, Read};
use std::sync::Arc;

use super::delimiter::Delimiter;
use super::quoted::Quoting;
use crate::data::bytes::stream::hand_out;
use crate::data::cell::{is_missing, is_number};

/// What is put between cells that stood in places: the unit separator, which such text does not have.
pub(in crate::data) const MARK: u8 = 0x1f;
/// Upright lines as programs draw them.
pub(super) const UPRIGHT: [char; 6] = ['│', '┃', '║', '┆', '┊', '╎'];
/// Bytes beyond which a line is none of a table.
const LONGEST_LINE: u64 = 1 << 24;
/// Lines that may stand above a table, and below it, while the places of its columns are looked for.
const ABOVE: usize = 5;
const BELOW: usize = 3;
/// Lines that a shape is judged by.
const LINES: usize = 200;

/// How cells stand in their lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::data) enum Shape {
    /// Between upright lines, which also stand on the left and on the right where these are true.
    Frame(bool, bool),
    /// With two blanks or more between them, or a tab; single blanks belong to them.
    Runs,
    /// From these characters on, each to the next one.
    Places(Arc<[usize]>),
    /// As [`Shape::Runs`], between two upright lines, the first behind the number of the row, as Stata lists them.
    Listing,
    /// With this between them, which is more than one character.
    Marks(&'static str),
    /// Between this byte, but quoted otherwise than in CSV.
    Quoted(Quoting, u8),
}

impl Shape {
    /// What stands between cells once a text has this shape no more.
    pub(in crate::data) fn delimiter(&self) -> Delimiter {
        Delimiter::Byte(match self {
            Self::Frame(..) => b'|',
            Self::Quoted(_, delimiter) => *delimiter,
            Self::Runs | Self::Places(_) | Self::Listing | Self::Marks(_) => MARK,
        })
    }

    /// A whole text in its new form.
    pub(in crate::data) fn apply(&self, text: &[u8]) -> Vec<u8> {
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
                let upright = line.replace(UPRIGHT, "|");
                let mut rest = upright.trim();
                if *left && *right && rest.starts_with(char::is_alphabetic) && !rest.contains('|') {
                    // Text above or below, which is passed over as comments are.
                    out.push(b'#');
                }
                // A line without any is no row, but a title or what counts the rows.
                if rest.contains('|') {
                    rest = rest.strip_prefix('|').filter(|_| *left).unwrap_or(rest);
                    rest = rest.strip_suffix('|').filter(|_| *right).unwrap_or(rest);
                }
                put(rest.split('|').map(plain), b'|', out);
            }
            Self::Runs => put(runs(line).into_iter(), MARK, out),
            Self::Marks(mark) => put(line.split(mark), MARK, out),
            Self::Listing => put(runs(listed(line).unwrap_or(line)).into_iter(), MARK, out),
            // Names may stand between upright lines at the same places.
            Self::Places(places) => match at_places(&without_upright(line), places) {
                Some(cells) => put(cells.into_iter(), MARK, out),
                None => put(std::iter::once(line), MARK, out),
            },
            Self::Quoted(..) => out.extend_from_slice(line.as_bytes()),
        }
    }
}

/// A cell of Markdown without the signs around it that make it strong, slanted or code.
fn plain(cell: &str) -> &str {
    let cell = cell.trim();
    let inside = |sign: &str| {
        let inside = cell.strip_prefix(sign)?.strip_suffix(sign)?;
        (!inside.is_empty() && !inside.contains(sign) && !inside.starts_with(' ') && !inside.ends_with(' '))
            .then_some(inside)
    };
    ["**", "__", "*", "`"].into_iter().find_map(inside).unwrap_or(cell)
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
pub(in crate::data) fn is_rule(line: &str) -> bool {
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

/// A line that begins with an upright one, with blanks in the place of such.
fn without_upright(line: &str) -> Cow<'_, str> {
    if line.starts_with('|') { line.replace('|', " ").into() } else { line.into() }
}

/// The shape of a text of which only the names, types and units stand between upright lines, as archives of astronomy write it: cells stand
/// below them.
pub(super) fn below_uprights(text: &str) -> Option<Shape> {
    let mut lines = text.lines().skip_while(|line| line.trim().is_empty());
    let names = lines.next()?.trim_end();
    let places: Vec<usize> = names.chars().enumerate().filter(|(_, c)| *c == '|').map(|(at, _)| at).collect::<Vec<_>>();
    let (_, starts) =
        places.split_last().filter(|(last, starts)| **last + 1 == names.chars().count() && starts.len() > 1)?;
    let rows: Vec<&str> = lines.filter(|line| !line.starts_with('|') && !line.trim().is_empty()).take(LINES).collect();
    let fit = rows.iter().filter(|line| !line.contains('|') && at_places(line, starts).is_some()).count();
    (names.starts_with('|') && fit > 1 && fit + 1 >= rows.len()).then(|| Shape::Places(starts.into()))
}

/// The shape of a text whose cells have a doubled mark between them, as many in each line: `1::1193::5`.
pub(super) fn of_marks(text: &str) -> Option<Shape> {
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(LINES);
    let evenly = |mark: &&str| {
        let counts: Vec<usize> = lines().map(|line| line.matches(*mark).count()).collect();
        // The last line may be cut off.
        let inner = counts.split_last().map_or(&counts[..], |(_, inner)| inner);
        inner.len() > 1 && inner[0] > 1 && inner.iter().all(|&count| count == inner[0])
    };
    let alone = |mark: &&str| lines().all(|line| !line.replace(*mark, "").contains([',', ';', '\t', '|']));
    ["::", "||"].into_iter().find(|mark| evenly(mark) && alone(mark)).map(Shape::Marks)
}

/// What stands between the upright lines of a line of a list of Stata.
fn listed(line: &str) -> Option<&str> {
    let (number, rest) = line.trim_end().strip_suffix('|')?.split_once('|')?;
    let number = number.trim();
    let counts = number.strip_suffix('.').is_some_and(|digits| digits.parse::<u64>().is_ok());
    (number.is_empty() || counts).then_some(rest)
}

/// Whether a text is a list of Stata: its lines stand between upright lines, and behind numbers but for the names.
pub(super) fn is_listing(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !is_rule(line)).take(LINES).peekable();
    let names = lines.next().and_then(listed);
    let even = names.map(|names| runs(names).len()).filter(|&cells| cells > 1);
    let row = |line: &str| line.trim_start().starts_with(|c: char| c.is_ascii_digit()) && listed(line).is_some();
    // The last line may be cut off.
    let mut rows = 0;
    while let Some(line) = lines.next() {
        if !row(line) && lines.peek().is_some() {
            return false;
        }
        rows += 1;
    }
    even.is_some() && rows > 1
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
    pub(in crate::data) fn new(inner: R, shape: Shape) -> Self {
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
        Ok(hand_out(&self.out, &mut self.given, buffer))
    }
}

#[cfg(test)]
mod tests;
