//! How a text quotes its cells where that is not as in CSV, and records that are no line by themselves.

use memchr::{memchr, memchr_iter};

use super::delimiter::Delimiter;
use super::gathered::Gathered;
use crate::Result;

/// Records that tell how cells are quoted.
const RECORDS: usize = 200;
/// Share of them that have to be of one length.
const NEARLY_ALL: f64 = 0.9;

/// Bytes of a cell in apostrophes at most: each that opens one is looked for its end.
const LONGEST: usize = 1 << 12;

/// A way of quoting that becomes that of CSV line by line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Quoting {
    /// A backslash before a quote within quotes, as R and MySQL write it.
    Backslash,
    /// Apostrophes around cells.
    Apostrophes,
}

impl Quoting {
    /// The one of a text whose cells are parted by a byte; none where it is that of CSV.
    pub(in crate::data) fn of(text: &str, delimiter: u8) -> Option<Self> {
        if apostrophes(text, delimiter) {
            return Some(Self::Apostrophes);
        }
        if !text.contains("\\\"") {
            return None;
        }
        let mut escaped = Vec::with_capacity(text.len());
        text.split_inclusive('\n').for_each(|line| Self::Backslash.line(line.as_bytes(), delimiter, &mut escaped));
        let (before, after) = (evenness(text.as_bytes(), delimiter), evenness(&escaped, delimiter));
        (after >= NEARLY_ALL && after > before).then_some(Self::Backslash)
    }

    /// Writes a line as CSV quotes its cells.
    pub(in crate::data) fn line(self, line: &[u8], delimiter: u8, out: &mut Vec<u8>) {
        match self {
            Self::Backslash => backslash(line, delimiter, out),
            Self::Apostrophes => {
                let body = line.trim_ascii_end();
                let mut rest = plain_cells(body, delimiter, out);
                while let Some(end) = cell_in_apostrophes(rest, delimiter) {
                    out.push(b'"');
                    for &byte in &rest[1..end] {
                        out.extend(std::iter::repeat_n(byte, if byte == b'"' { 2 } else { 1 }));
                    }
                    out.push(b'"');
                    rest = match rest.get(end + 1..) {
                        Some([_, after @ ..]) => {
                            out.push(delimiter);
                            after
                        }
                        _ => &[],
                    };
                    rest = plain_cells(rest, delimiter, out);
                }
                out.extend_from_slice(&line[body.len()..]);
            }
        }
    }
}

/// Writes a line in which a backslash stands before quotes that are characters. A cell without quotes around it gets some then.
fn backslash(line: &[u8], delimiter: u8, out: &mut Vec<u8>) {
    let (mut rest, end) = line.split_at(line.trim_ascii_end().len());
    let escaped = |bytes: &[u8], at: usize| at > 0 && bytes[at - 1] == b'\\';
    // A line may go on with what a quote of an earlier one holds.
    let mut inside = match memchr_iter(b'"', rest).find(|&at| !escaped(rest, at)) {
        Some(at) => at > 0 && rest[at - 1] != delimiter,
        None => memchr(delimiter, rest).is_none(),
    };
    loop {
        let quoted = inside || rest.starts_with(b"\"");
        let from = usize::from(quoted && !inside);
        let closes =
            |at: &usize| *at >= from && !escaped(rest, *at) && rest.get(at + 1).is_none_or(|b| *b == delimiter);
        let cell = if quoted {
            memchr_iter(b'"', rest).find(closes).map_or(rest, |at| &rest[..=at])
        } else {
            &rest[..memchr(delimiter, rest).unwrap_or(rest.len())]
        };
        let around = !quoted && cell.windows(2).any(|pair| pair == b"\\\"");
        if around {
            out.push(b'"');
        }
        let mut written = 0;
        for at in memchr_iter(b'"', cell).filter(|&at| escaped(cell, at)) {
            out.extend_from_slice(&cell[written..at - 1]);
            out.push(b'"');
            written = at;
        }
        out.extend_from_slice(&cell[written..]);
        if around {
            out.push(b'"');
        }
        inside = false;
        rest = &rest[cell.len()..];
        let Some((&mark, after)) = rest.split_first() else { break };
        out.push(mark);
        rest = after;
    }
    out.extend_from_slice(end);
}

/// Where the apostrophe stands that closes the cell that a line begins with.
fn cell_in_apostrophes(line: &[u8], delimiter: u8) -> Option<usize> {
    let inside = line.strip_prefix(b"'")?;
    let inside = &inside[..inside.len().min(LONGEST)];
    memchr_iter(b'\'', inside).map(|at| at + 1).find(|&at| line.get(at + 1).is_none_or(|&next| next == delimiter))
}

/// Writes the cells that do not begin with an apostrophe that is closed; what is left of the line.
fn plain_cells<'a>(mut line: &'a [u8], delimiter: u8, out: &mut Vec<u8>) -> &'a [u8] {
    while !line.is_empty() && cell_in_apostrophes(line, delimiter).is_none() {
        let end = memchr(delimiter, line).map_or(line.len(), |at| at + 1);
        out.extend_from_slice(&line[..end]);
        line = &line[end..];
    }
    line
}

/// Whether apostrophes stand around all cells of the first line, and around some of nearly all that follow.
fn apostrophes(text: &str, delimiter: u8) -> bool {
    let mut lines = text.lines().map(str::as_bytes).filter(|line| !line.is_empty());
    let Some(mut first) = lines.next().filter(|line| line.starts_with(b"'")) else { return false };
    let mut cells = 0;
    while let Some(end) = cell_in_apostrophes(first, delimiter) {
        cells += 1;
        first = first.get(end + 2..).unwrap_or_default();
    }
    let begins = |line: &&[u8]| line.starts_with(b"'") || line.windows(2).any(|pair| pair == [delimiter, b'\'']);
    let rows: Vec<bool> = lines.take(RECORDS).map(|line| begins(&line)).collect();
    let with = rows.iter().filter(|with| **with).count();
    cells > 1 && first.is_empty() && !rows.is_empty() && with as f64 >= NEARLY_ALL * rows.len() as f64
}

/// The share of the first records that have as many cells as the very first one.
fn evenness(text: &[u8], delimiter: u8) -> f64 {
    let records = Delimiter::Byte(delimiter).records(text, RECORDS);
    let Some((_, first)) = records.first().filter(|_| records.len() > 1) else { return 0.0 };
    let even = records[1..].iter().filter(|(_, cells)| cells.len() == first.len()).count();
    even as f64 / (records.len() - 1) as f64
}

/// Takes the record that some whole lines of a text begin with where it is no line by itself; how many bytes and lines it has. A quote
/// that opens a cell and that nothing closes, or only what follows in other rows, is a character of its cell.
///
/// None where a reader of records has to judge.
pub(in crate::data) fn one(
    text: &str,
    (delimiter, at): (u8, u64),
    ended: bool,
    into: &mut Gathered<'_>,
) -> Result<Option<(usize, u64)>> {
    let Some(width) = into.width() else { return Ok(None) };
    let end = memchr(b'\n', text.as_bytes()).map_or(text.len(), |end| end + 1);
    let line = text[..end].trim_end_matches(['\n', '\r']);
    if memchr(b'"', line.as_bytes()).is_none() || line.contains('\r') {
        return Ok(None);
    }
    let mut builder = csv::ReaderBuilder::new();
    let mut reader = builder.has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    let sound = reader.read_record(&mut record).unwrap_or(false);
    // A record ends before the line end behind it.
    let length = text.len().min(reader.position().byte() as usize);
    let length =
        memchr(b'\n', &text.as_bytes()[length.saturating_sub(1)..]).map_or(text.len(), |at| length.max(1) + at);
    let whole = length < text.len() || text.trim_end_matches(['\n', '\r']).ends_with('"');
    let alone_in = text[..length].replace("\r\n", "\n").contains('\r');
    if sound && whole && record.len() == width && !alone_in {
        let lines = memchr_iter(b'\n', &text.as_bytes()[..length]).count() as u64;
        into.push(record.iter(), at)?;
        return Ok(Some((length, lines)));
    }
    let number = |cell: &&str| cell.trim().parse::<f64>().is_ok();
    // Before a number the quote says nothing.
    let cells = || line.split(char::from(delimiter)).map(|cell| cell.strip_prefix('"').filter(number).unwrap_or(cell));
    if (length < text.len() || ended) && cells().count() == width {
        into.take_open_quote(cells(), at)?;
        return Ok(Some((end, 1)));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> (Option<Quoting>, String) {
        let (found, mut out) = (Quoting::of(text, b','), Vec::new());
        if let Some(found) = found {
            text.split_inclusive('\n').for_each(|line| found.line(line.as_bytes(), b',', &mut out));
        }
        (found, String::from_utf8(out).expect("it was text"))
    }

    #[test]
    fn other_quotes_become_those_of_csv() {
        for (text, found, wanted) in [
            (
                "w,a\n\"say \\\"hi\\\", 3\",1\n\"x\",2\n",
                Some(Quoting::Backslash),
                "w,a\n\"say \"\"hi\"\", 3\",1\n\"x\",2\n",
            ),
            (
                "w,a\n5\\\" nail,1\n\\\"so\\\",2\n\"a \\\"b\\\"\n\\\"c\\\"\nand, d\",3\n",
                Some(Quoting::Backslash),
                "w,a\n\"5\"\" nail\",1\n\"\"\"so\"\"\",2\n\"a \"\"b\"\"\n\"\"c\"\"\nand, d\",3\n",
            ),
            ("w,a\n\"C:\\dir\\\",1\n\"D:\\\",2\n", None, ""),
            (
                "'w','a b'\r\n'x, \"1\"',2\r\n'it's',3\n,'4'\n",
                Some(Quoting::Apostrophes),
                "\"w\",\"a b\"\r\n\"x, \"\"1\"\"\",2\r\n\"it's\",3\n,\"4\"\n",
            ),
            ("'tis,a\n'twas,1\ndon't,2\n", None, ""),
            ("w,a\n'x',1\n'y',2\n", None, ""),
        ] {
            let (quoting, out) = plain(text);
            assert_eq!((quoting, out.as_str()), (found, wanted), "{text}");
        }
        // Each of these cells was looked for a quote up to the end of its line.
        let (line, mut out) = ("1,".repeat(500_000), Vec::new());
        Quoting::Backslash.line(line.as_bytes(), b',', &mut out);
        assert_eq!(out, line.as_bytes());
    }
}
