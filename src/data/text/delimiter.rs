//! What stands between the cells of a text table: as given, or judged by whole lines.

use memchr::{memchr, memchr_iter};

use super::aligned::{MARK, is_rule};
use crate::data::cell::{Cell, Notation, cell, is_missing, is_number};
use crate::{Error, Result};

/// Records the delimiter is judged by.
const RECORDS: usize = 200;
/// Cells of records that are held at once.
const CELLS: usize = 1 << 16;
const TAB: Delimiter = Delimiter::Byte(b'\t');
const COMMA: Delimiter = Delimiter::Byte(b',');
const BLANK_OR_COMMA: [Delimiter; 2] = [Delimiter::Blank, COMMA];
/// Bytes of a cell in quotes between blanks at most: each that opens one is looked for its end.
const LONGEST_QUOTED: usize = 1 << 12;
/// Scores nearer than this are as good as one.
const AS_GOOD: f64 = 0.05;

/// What stands between cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Delimiter {
    Byte(u8),
    /// Any run of spaces or tabs.
    Blank,
}

impl Delimiter {
    /// The one that a person named; none for `auto`.
    ///
    /// # Errors
    /// [`Error::Setting`] for what is neither a name nor one plain character.
    pub(in crate::data) fn given(text: &str) -> Result<Option<Self>> {
        Ok(Some(match text.to_ascii_lowercase().as_str() {
            "auto" => return Ok(None),
            "tab" | "\\t" => Self::Byte(b'\t'),
            "comma" => Self::Byte(b','),
            "semicolon" => Self::Byte(b';'),
            "pipe" => Self::Byte(b'|'),
            "space" | "blank" | " " => Self::Blank,
            _ => match text.as_bytes() {
                [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Self::Byte(*byte),
                _ => {
                    return Err(Error::Setting(format!(
                        "--delimiter {text}: tab, comma, semicolon, pipe, space or one plain character is a delimiter"
                    )));
                }
            },
        }))
    }

    pub(in crate::data) fn name(self) -> String {
        match self {
            Self::Byte(b'\t') => "tab".to_owned(),
            Self::Byte(MARK) => "their places in the line".to_owned(),
            Self::Byte(byte) => format!("`{}`", char::from(byte)),
            Self::Blank => "space".to_owned(),
        }
    }

    /// The cells of one line.
    pub(in crate::data) fn cells(self, line: &str) -> Vec<String> {
        let mut found = Vec::new();
        self.each_record(line.as_bytes(), &mut |cells| found.extend(cells.map(str::to_owned)));
        found
    }

    /// The first records of a text, at most so many and of no more than [`CELLS`] cells, each with the line it begins in, counted from 0; lines that only draw are none.
    pub(in crate::data) fn records(self, text: &[u8], most: usize) -> Vec<(usize, Vec<String>)> {
        let text = String::from_utf8_lossy(text);
        let whole = |cells: &[&str]| !is_rule(&cells.join(" "));
        let mut found = Vec::new();
        let Self::Byte(byte) = self else {
            let cells = |line| Blanks(line).take(CELLS + 1).collect::<Vec<_>>();
            let lines = text.lines().enumerate().map(|(at, line)| (at, cells(line)));
            let mut all = 0;
            let lines = lines.take_while(|(_, cells)| {
                all += cells.len();
                all <= CELLS
            });
            let rows = lines.filter(|(_, cells)| !cells.is_empty() && whole(cells)).take(most);
            return rows.map(|(at, cells)| (at, cells.into_iter().map(str::to_owned).collect())).collect();
        };
        let mut builder = csv::ReaderBuilder::new();
        let mut reader = builder.has_headers(false).flexible(true).delimiter(byte).from_reader(text.as_bytes());
        let mut record = csv::StringRecord::new();
        let (mut line, mut before, mut all) = (0, 0, 0);
        while found.len() < most {
            let place = reader.position().byte() as usize;
            if !reader.read_record(&mut record).unwrap_or(false) {
                break;
            }
            all += record.len();
            if all > CELLS {
                break;
            }
            // Empty lines before a record are passed over with it.
            let begins = text[place..].find(|c| c != '\n' && c != '\r').map_or(text.len(), |at| place + at);
            line += text[before..begins].matches('\n').count();
            before = begins;
            let cells: Vec<&str> = record.iter().collect();
            if whole(&cells) && !(cells.len() == 1 && cells[0].trim().is_empty()) {
                found.push((line, cells.into_iter().map(str::to_owned).collect()));
            }
        }
        found
    }

    /// Hand the first records of a text to `take`, cell by cell.
    fn each_record(self, text: &[u8], take: &mut dyn FnMut(&mut dyn Iterator<Item = &str>)) {
        match self {
            Self::Byte(byte) => {
                let mut builder = csv::ReaderBuilder::new();
                let builder = builder.has_headers(false).flexible(true).delimiter(byte);
                let mut reader = builder.from_reader(text);
                let mut record = csv::StringRecord::new();
                for _ in 0..RECORDS {
                    if !reader.read_record(&mut record).unwrap_or(false) {
                        break;
                    }
                    take(&mut record.iter());
                }
            }
            Self::Blank => {
                let text = String::from_utf8_lossy(text);
                for line in text.lines().filter(|line| !line.trim().is_empty()).take(RECORDS) {
                    take(&mut Blanks(line));
                }
            }
        }
    }
}

/// The cells of a line with blanks between them. A cell that begins with a quote goes on to the next one that a blank follows, and has
/// neither.
#[derive(Clone, Debug)]
pub(super) struct Blanks<'a>(pub(in crate::data) &'a str);

impl<'a> Iterator for Blanks<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let blank = |c: char| c.is_ascii_whitespace();
        let text = self.0.trim_start_matches(blank);
        if text.is_empty() {
            self.0 = text;
            return None;
        }
        if let Some(inside) = text.strip_prefix('"')
            && let Some(end) = memchr_iter(b'"', &inside.as_bytes()[..inside.len().min(LONGEST_QUOTED)])
                .find(|&at| inside[at + 1..].chars().next().is_none_or(blank) && !inside[..at].ends_with('\\'))
        {
            self.0 = &inside[end + 1..];
            return Some(&inside[..end]);
        }
        let (cell, rest) = text.split_at(text.find(blank).unwrap_or(text.len()));
        self.0 = rest;
        Some(cell)
    }
}

/// What the delimiter is judged by in a record.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    cells: usize,
    present: usize,
    numbers: usize,
}

/// How well a delimiter parts the first lines.
struct Judged {
    delimiter: Delimiter,
    score: f64,
    /// Cells of most records, and the share of those.
    width: usize,
    even: f64,
    /// Whether the first record has as many, and whether all have.
    first: bool,
    all: bool,
}

/// The delimiter that parts most of the first records into equally many cells, and those into numbers. The sentence says which other one
/// would do as well.
pub(super) fn sniff(sample: &str, whole: bool) -> (Delimiter, Option<String>) {
    // The last line may be cut off.
    let end = if whole { sample.len() } else { sample.rfind('\n').unwrap_or(sample.len()) };
    let sample = &sample.as_bytes()[..end];
    let candidates =
        [Delimiter::Byte(b'\t'), Delimiter::Byte(b','), Delimiter::Byte(b';'), Delimiter::Byte(b'|'), Delimiter::Blank];
    let mut judged: Vec<Judged> = candidates.into_iter().filter_map(|delimiter| judge(sample, delimiter)).collect();
    // A stable sort: of equals the first of the list stays first.
    judged.sort_by(|a, b| b.score.total_cmp(&a.score));
    // Blanks within the cells of each row, as in dates, part no names, and neither do commas before fractions.
    if let Some(best) = judged.first()
        && BLANK_OR_COMMA.contains(&best.delimiter)
        && !best.first
        && let Some(at) = judged.iter().position(|other| other.all && !BLANK_OR_COMMA.contains(&other.delimiter))
    {
        judged.swap(0, at);
        judged.truncate(1);
    }
    // Where each comma stands within a number between other marks, it stands before a fraction.
    if let Some(best) = judged.first()
        && best.delimiter == COMMA
        && let Some(at) = judged.iter().position(|other| {
            other.all && !BLANK_OR_COMMA.contains(&other.delimiter) && commas_within_numbers(sample, other.delimiter)
        })
    {
        judged.swap(0, at);
        judged.truncate(1);
    }
    // Where names stand between other marks, blanks belong to cells.
    if let Some(best) = judged.first()
        && best.delimiter == Delimiter::Blank
        && let Some(at) = judged.iter().position(|other| {
            // Two cells with a comma between them may be one number.
            let sure = other.width > 2 || !best.first && !within_numbers(sample, other.delimiter);
            other.all && sure && other.delimiter != Delimiter::Blank && parts_names(sample, other.delimiter)
        })
    {
        judged.swap(0, at);
        judged.truncate(1);
    }
    // Where tabs part the lines as evenly, and no cell between them holds several numbers, blanks belong to cells and to lines above.
    if let Some(best) = judged.first()
        && best.delimiter == Delimiter::Blank
        && let Some(at) = judged
            .iter()
            .position(|other| other.delimiter == TAB && other.even + AS_GOOD >= best.even && !blanks_part_too(sample))
    {
        judged.swap(0, at);
    }
    // A column of numbers alone has commas before fractions, or between thousands.
    if judged.first().is_some_and(|best| best.delimiter == COMMA && best.width == 2) && one_column(sample) {
        return (Delimiter::Byte(b';'), None);
    }
    let Some(best) = judged.first() else { return (odd(sample).unwrap_or(Delimiter::Byte(b',')), None) };
    (best.delimiter, rivalled(best, judged.get(1)))
}

/// Which other delimiter would do as well.
fn rivalled(best: &Judged, second: Option<&Judged>) -> Option<String> {
    let rival = second.filter(|second| {
        // Blanks part what tabs part.
        let kin = [best.delimiter, second.delimiter].contains(&Delimiter::Blank)
            && [best.delimiter, second.delimiter].contains(&Delimiter::Byte(b'\t'));
        !kin && best.score - second.score < AS_GOOD
    });
    rival.map(|second| {
        format!(
            "cells parted by {} into {}; {} would part the lines as evenly into {}, --delimiter says which is meant",
            best.delimiter.name(),
            best.width,
            second.delimiter.name(),
            second.width
        )
    })
}

/// Whether each cell that a delimiter leaves with a comma in it is a number with a decimal comma.
fn commas_within_numbers(sample: &[u8], delimiter: Delimiter) -> bool {
    let mut all = true;
    delimiter.each_record(sample, &mut |cells| {
        let is = |text: &str| matches!(cell(text.trim(), Notation::Comma), Cell::Number(_));
        all &= cells.filter(|text| text.contains(',')).all(is);
    });
    all
}

/// Whether lines are each a number as a whole, below a name without a comma, or where digits behind commas begin with 0 as no whole number
/// does. Numbers that count the rows are their names.
fn one_column(sample: &[u8]) -> bool {
    let text = String::from_utf8_lossy(sample);
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(RECORDS).peekable();
    let named = lines.next_if(|line| !line.contains(',') && !is_number(line)).is_some();
    let lines: Vec<&str> = lines.collect();
    let number = |line: &&str| {
        line.matches(',').count() < 2
            && [Notation::Comma, Notation::Point]
                .iter()
                .any(|&notation| matches!(cell(line, notation), Cell::Number(_)))
    };
    let zero =
        |line: &&str| line.split_once(',').is_some_and(|(_, behind)| behind.len() > 1 && behind.starts_with('0'));
    let counts = lines.iter().enumerate().all(|(at, line)| {
        let whole = line.split(',').next().and_then(|whole| whole.parse::<usize>().ok());
        whole.is_some_and(|whole| whole == at || whole == at + 1)
    });
    lines.len() > 2 && lines.iter().all(number) && !counts && (named || lines.iter().any(zero))
}

/// Whether a delimiter stands between digits wherever it stands, as a comma does that fractions have.
fn within_numbers(sample: &[u8], delimiter: Delimiter) -> bool {
    let Delimiter::Byte(byte) = delimiter else { return false };
    let digit = |at: Option<usize>| at.and_then(|at| sample.get(at)).is_some_and(u8::is_ascii_digit);
    // The first line has names.
    let body = memchr(b'\n', sample).unwrap_or(0);
    memchr_iter(byte, &sample[body..]).map(|at| body + at).all(|at| digit(at.checked_sub(1)) && digit(Some(at + 1)))
}

/// Whether the first record that a delimiter parts holds words alone, as names are.
fn parts_names(sample: &[u8], delimiter: Delimiter) -> bool {
    let mut words = None;
    delimiter.each_record(sample, &mut |cells| {
        let numbers = cells.filter(|cell| is_number(cell.trim())).count();
        words.get_or_insert(numbers == 0);
    });
    words == Some(true)
}

/// Whether blanks part numbers within the cells that tabs part.
fn blanks_part_too(sample: &[u8]) -> bool {
    let mut found = false;
    TAB.each_record(sample, &mut |cells| {
        let several = |cell: &str| Blanks(cell).count() > 1 && !is_number(cell) && Blanks(cell).all(is_number);
        found |= cells.map(str::trim).any(several);
    });
    found
}

/// A delimiter that hardly anybody uses, where it parts all lines alike, the names among them, and nothing else parts any.
fn odd(sample: &[u8]) -> Option<Delimiter> {
    let evenly = |delimiter: &Delimiter| {
        let mut widths = Vec::new();
        delimiter.each_record(sample, &mut |cells| widths.push(cells.count()));
        let first = widths.first().copied().unwrap_or(0);
        // Two parts may be a time or a key with its value.
        first > 2 && widths.len() > 2 && widths.iter().all(|&width| width == first)
    };
    let candidates = [b'~', b'^', b':', b'\x01', b'\x1e'].map(Delimiter::Byte);
    let names = |delimiter: &Delimiter| {
        let mut words = Vec::new();
        delimiter.each_record(sample, &mut |cells| {
            words.push(cells.filter(|cell| is_number(cell.trim())).count() == 0);
        });
        words.first() == Some(&true)
    };
    // Times of the day have colons, but no line of words does.
    candidates
        .into_iter()
        .find(|delimiter| evenly(delimiter) && (*delimiter != Delimiter::Byte(b':') || names(delimiter)))
}

/// Judge one delimiter; none where it parts hardly a line.
fn judge(sample: &[u8], delimiter: Delimiter) -> Option<Judged> {
    let mut records = Vec::new();
    delimiter.each_record(sample, &mut |cells| {
        let mut counts = Counts::default();
        let mut drawn = true;
        for cell in cells.map(str::trim) {
            counts.cells += 1;
            counts.present += usize::from(!is_missing(cell));
            counts.numbers += usize::from(is_number(cell));
            drawn &= cell.is_empty() || is_rule(cell);
        }
        // Lines that only draw belong to any table.
        if !drawn {
            records.push(counts);
        }
    });
    let mut widths: Vec<usize> = records.iter().map(|counts| counts.cells).collect();
    widths.sort_unstable();
    let width = widths.chunk_by(|a, b| a == b).filter(|run| run[0] > 1).max_by_key(|run| run.len())?[0];
    let fits = |counts: &&Counts| counts.cells == width;
    let even = records.iter().filter(fits).count();
    // The names of columns may be one fewer than the cells, or one more where a delimiter ends the line.
    let header = records.first().is_some_and(|first| first.cells.abs_diff(width) == 1 && first.cells > 1);
    let even = (even as f64 + if header { 0.9 } else { 0.0 }) / records.len() as f64;
    let body = if records.len() > 1 { &records[1..] } else { &records[..] };
    let of = |count: fn(&Counts) -> usize| body.iter().filter(fits).map(count).sum::<usize>();
    let (numbers, present) = (of(|counts| counts.numbers), of(|counts| counts.present));
    let numbers = numbers as f64 / (present as f64).max(1.0);
    // Words with blanks between them are sentences, not columns.
    if delimiter == Delimiter::Blank && (numbers < 0.3 || even < 0.5) {
        return None;
    }
    let first = records.first().is_some_and(|first| first.cells == width || header);
    let all = records.iter().all(|counts| counts.cells == width);
    Some(Judged { delimiter, score: even * (0.5 + numbers), width, even, first, all })
}

#[cfg(test)]
mod tests;
