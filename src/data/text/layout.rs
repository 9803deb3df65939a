//! How a text holds its table, judged by its first bytes: what stands above it, what parts its cells, whether they stand in a frame or in
//! columns. Those who read it whole and those who stream it ask here, so that both see the same rows.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use super::aligned::{Reshaped, Shape, UPRIGHT, below_uprights, is_listing, is_rule, of_blanks, of_marks};
use super::delimiter::{Delimiter, sniff};
use super::preamble::{self, Preamble};
use super::quoted::Quoting;
use super::titles::{says_size, titles};
use crate::data::bytes::returns::{self, Lone, Returned};
use crate::data::cell::is_number;
use crate::recipe::HeaderLine;
use crate::support::language::{counted, short};

/// Records that are looked at.
pub(super) const RECORDS: usize = 200;
/// Lines that may stand above a table, and below it, while blanks are looked at.
const ABOVE: usize = 5;
const BELOW: usize = 3;
/// Lines of a line that says that data begin, and how long it is at most.
const MOST_ABOVE: usize = 500;
const LONGEST_BEGIN: usize = 80;
/// Share of lines that have an upright line at their end where all are meant to.
const NEARLY_ALL: f64 = 0.9;

/// What is known of a text before its rows are read.
pub(in crate::data) struct Layout {
    /// What stands before its first record.
    pub(in crate::data) before: Preamble,
    pub(in crate::data) delimiter: Delimiter,
    /// What has to be taken from its lines first.
    shape: Option<Shape>,
    /// What was guessed, one sentence each.
    pub(in crate::data) notes: Vec<String>,
    /// What was left out above the table, in a sentence.
    pub(in crate::data) title: Option<String>,
    /// Carriage returns within its cells, as it is read.
    pub(in crate::data) returned: Returned,
}

impl Layout {
    /// Of a text that begins with `sample`, all of it or not, whose delimiter may be known.
    pub(in crate::data) fn of(
        sample: &[u8],
        whole: bool,
        known: (Option<Delimiter>, bool),
        header: HeaderLine,
    ) -> Self {
        let (given, tabs) = known;
        let mut before = preamble::read(sample);
        let mut notes = Vec::new();
        let above = String::from_utf8_lossy(&sample[before.bytes..]);
        if let Some(lines) = until_begin(&above).or_else(|| prose(&above)) {
            // Of the text itself: what is no UTF-8 is longer in what was looked at.
            let left_out = sample[before.bytes..].split_inclusive(|&byte| byte == b'\n').take(lines as usize);
            before.bytes += left_out.map(<[u8]>::len).sum::<usize>();
            before.lines += lines;
            notes.push(format!("{} of text above the table left out", counted(lines as usize, "line")));
        }
        let body = String::from_utf8_lossy(&sample[before.bytes..]);
        let said = given.or(before.delimiter).or((tabs && body.contains('\t')).then_some(Delimiter::Byte(b'\t')));
        let (mut delimiter, mut upright) = (said, Cow::Borrowed(&*body));
        if said.is_none() {
            let listing = is_listing(&body)
                .then_some(Shape::Listing)
                .or_else(|| below_uprights(&body))
                .or_else(|| of_marks(&body));
            if let Some(shape) = listing {
                return Self::shaped((sample, whole), (before, shape), header);
            }
            if drawn(&body) {
                upright = body.replace(UPRIGHT, "|").into();
            }
            let (found, note) = sniff(&upright, whole);
            notes.extend(note);
            delimiter = Some(found);
        }
        let mut delimiter = delimiter.unwrap_or(Delimiter::Byte(b','));
        let shape = match delimiter {
            Delimiter::Byte(b'|') => frame(&upright).or_else(|| drawn(&body).then_some(Shape::Frame(false, false))),
            Delimiter::Blank if given.is_none() => match evenness(&body, whole) {
                Evenness::Even => None,
                // As names of columns beside names of rows are, or a blank within a cell of each row.
                Evenness::ButNames => of_blanks(&body, true),
                Evenness::Uneven => of_blanks(&body, false),
            },
            Delimiter::Byte(b',') if said.is_none() && parts_nothing(&body, delimiter) => of_blanks(&body, false),
            _ => None,
        };
        let shape = shape.or_else(|| match delimiter {
            Delimiter::Byte(byte) => Quoting::of(&body, byte).map(|quoting| Shape::Quoted(quoting, byte)),
            Delimiter::Blank => None,
        });
        if let Some(shape) = &shape {
            delimiter = shape.delimiter();
        }
        let mut layout = Self { before, delimiter, shape, notes, title: None, returned: Returned::default() };
        layout.pass_titles((sample, whole), header);
        layout
    }

    /// Of a text of a shape that is sure.
    fn shaped(sample: (&[u8], bool), (before, shape): (Preamble, Shape), header: HeaderLine) -> Self {
        let delimiter = shape.delimiter();
        let (shape, notes, returned) = (Some(shape), Vec::new(), Returned::default());
        let mut layout = Self { before, delimiter, shape, notes, title: None, returned };
        layout.pass_titles(sample, header);
        layout
    }

    /// The same with cells that are parted otherwise, and nothing else taken from its lines.
    pub(in crate::data) fn parted_by(sample: &[u8], delimiter: Delimiter) -> Self {
        let (before, notes, returned) = (preamble::read(sample), Vec::new(), Returned::default());
        Self { before, delimiter, shape: None, notes, title: None, returned }
    }

    /// What is known of the text from its first record on, in the form in which it is read.
    pub(in crate::data) fn body<'a>(&self, sample: &'a [u8]) -> Cow<'a, [u8]> {
        let body = &sample[self.before.bytes..];
        match (&self.shape, self.delimiter) {
            (Some(shape), Delimiter::Byte(byte)) => Cow::Owned(returns::without(&shape.apply(body), byte).into_owned()),
            (Some(shape), Delimiter::Blank) => Cow::Owned(shape.apply(body)),
            (None, Delimiter::Byte(byte)) => returns::without(body, byte),
            (None, Delimiter::Blank) => Cow::Borrowed(body),
        }
    }

    /// The text from its first record on, with what follows the sample.
    pub(in crate::data) fn text(&self, sample: Vec<u8>, rest: impl Read + Send + 'static) -> Box<dyn Read + Send> {
        let mut begun = Cursor::new(sample);
        begun.set_position(self.before.bytes as u64);
        let text = begun.chain(rest);
        let text: Box<dyn Read + Send> = match &self.shape {
            Some(shape) => Box::new(Reshaped::new(text, shape.clone())),
            None => Box::new(text),
        };
        match self.delimiter {
            Delimiter::Byte(byte) => Box::new(Lone::new(text, byte, self.returned.clone())),
            // They are blanks already.
            Delimiter::Blank => text,
        }
    }

    /// Lines of a title above the table are no part of it.
    fn pass_titles(&mut self, (sample, whole): (&[u8], bool), header: HeaderLine) {
        let body = self.body(sample);
        let records = self.delimiter.records(&body, RECORDS);
        let titles = titles((&records, whole), self.delimiter, header);
        let Some((lines, _)) = records.get(titles).filter(|_| titles > 0) else { return };
        let body = &sample[self.before.bytes..];
        let Some(bytes) =
            body.split_inclusive(|&byte| byte == b'\n').take(*lines).map(<[u8]>::len).reduce(|a, b| a + b)
        else {
            return;
        };
        let words = |cells: &Vec<String>| cells.iter().map(|cell| cell.trim()).collect::<Vec<_>>().join(" ");
        let said = records[..titles].iter().map(|(_, cells)| words(cells)).collect::<Vec<_>>().join(" / ");
        self.title = Some(format!("{} above the table left out: `{}`", counted(titles, "line"), short(&said, 120)));
        self.before.bytes += bytes;
        self.before.lines += *lines as u64;
    }
}

/// Lines of what an instrument says before a line that says that data begin, with that line.
fn until_begin(text: &str) -> Option<u64> {
    let (mut bytes, mut found) = (0, None);
    for (at, line) in (1..).zip(text.split_inclusive('\n')).take(MOST_ABOVE) {
        bytes += line.len();
        if says_begin(line) {
            found = Some((bytes, at));
        }
    }
    // Something has to follow.
    let goes_on = |bytes: usize| text[bytes..].lines().filter(|line| !line.trim().is_empty()).count() > 1;
    found.filter(|&(bytes, _)| goes_on(bytes)).map(|(_, lines)| lines)
}

/// Whether a line says that data begin: `>>>>>Begin Spectral Data<<<<<`, `***End_of_Header***`, `[Data]`.
fn says_begin(line: &str) -> bool {
    let line = line.trim_end_matches([',', ';', '\t', '\r', '\n', ' ']).trim();
    if line.len() > LONGEST_BEGIN || !line.starts_with(['>', '*', '[', '!', '#', '-', '=', '<']) {
        return false;
    }
    let words: String = line.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let words: Vec<String> = words.split_whitespace().map(str::to_lowercase).collect();
    let has = |word: &str| words.iter().any(|other| other == word);
    let begins = (has("begin") || has("start") || has("begins")) && (has("data") || has("table"));
    let ends = has("end") && has("header");
    begins
        || ends
        || line.starts_with('[') && ["data", "xydata", "measurements", "messwerte"].iter().any(|word| words == [*word])
}

/// Lines of what stands above a table in Markdown: text, down to the names above a line such as `|---|---|`.
fn prose(text: &str) -> Option<u64> {
    let mut names = None;
    for (at, line) in (0..).zip(text.split_inclusive('\n')) {
        if line.contains('|') && is_rule(line) {
            let above = |lines: &u64| text.lines().take(*lines as usize).any(|line| !line.trim().is_empty());
            return names.filter(above);
        }
        names = line.contains('|').then_some(at);
    }
    None
}

/// Whether a text has upright lines as they are drawn.
fn drawn(text: &str) -> bool {
    text.contains(UPRIGHT)
}

/// The frame around the cells of a text that upright lines part, if it has one.
fn frame(text: &str) -> Option<Shape> {
    let lines: Vec<&str> =
        text.lines().map(str::trim).filter(|line| line.contains('|') || is_rule(line)).take(RECORDS).collect();
    let rows: Vec<&str> = lines.iter().copied().filter(|line| !is_rule(line)).collect();
    let share = |has: &dyn Fn(&str) -> bool| {
        rows.iter().filter(|line| has(line)).count() as f64 >= NEARLY_ALL * rows.len() as f64
    };
    let (left, right) = (share(&|line| line.starts_with('|')), share(&|line| line.ends_with('|')));
    let ruled = rows.len() < lines.len();
    (!rows.is_empty() && (left && right || ruled)).then_some(Shape::Frame(left, right))
}

/// How evenly blanks part the lines of a text.
enum Evenness {
    Even,
    /// The first line has one cell fewer.
    ButNames,
    Uneven,
}

fn evenness(text: &str, whole: bool) -> Evenness {
    let mut records = Delimiter::Blank.records(text.as_bytes(), RECORDS);
    if !whole && records.len() < RECORDS {
        // The last line may be cut off.
        records.pop();
    }
    let widths: Vec<usize> = records.iter().map(|(_, cells)| cells.len()).collect();
    let inner = |above: usize, below: usize| widths.get(above..widths.len().saturating_sub(below)).unwrap_or_default();
    let mut ends = (0..=ABOVE).flat_map(|above| (0..=BELOW).map(move |below| (above, below)));
    let even = |&(above, below): &(usize, usize)| {
        let inner = inner(above, below);
        (inner.len() > 2 || above + below == 0) && inner.iter().all(|width| *width == inner[0])
    };
    let Some((above, _)) = ends.find(even) else { return Evenness::Uneven };
    let numbers = |at: usize| records[at].1.iter().any(|cell| is_number(cell));
    match above {
        0 => Evenness::Even,
        1 if says_size(&records, whole) => Evenness::Even,
        1 if widths[0] + 1 == widths[1] => Evenness::ButNames,
        // Names with blanks in them stand above a row, a title above names.
        _ if numbers(above) => Evenness::Uneven,
        _ => Evenness::Even,
    }
}

/// Whether a delimiter parts no line at all.
fn parts_nothing(text: &str, delimiter: Delimiter) -> bool {
    let records = delimiter.records(text.as_bytes(), RECORDS);
    2 * records.iter().filter(|(_, cells)| cells.len() > 1).count() < records.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(text: &str) -> (Layout, String) {
        let layout = Layout::of(text.as_bytes(), true, (None, false), HeaderLine::Auto);
        let body = String::from_utf8(layout.body(text.as_bytes()).into_owned()).expect("it was text");
        (layout, body.replace('\u{1f}', "|"))
    }

    #[test]
    fn what_is_no_utf8_above_a_table_moves_nothing() {
        for above in ["begin data\n", "words\n"] {
            let mark = if above.starts_with('b') { b"[" } else { b" " };
            let table = b"| x | y |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n";
            let sample = [&mark[..], &[0xff; 40], above.as_bytes(), table].concat();
            let layout = Layout::of(&sample, true, (None, false), HeaderLine::Auto);
            let body = layout.body(&sample);
            assert_eq!(layout.before.lines, 1, "{above}");
            assert!(body.contains(&b'4') && !body.contains(&0xff), "{above}");
        }
    }

    #[test]
    fn titles_above_a_table_are_no_part_of_it() {
        for (text, lines, body) in [
            ("Income of towns\n\na,b,c\n1,2,3\n4,5,6\n", 2, "a,b,c\n1,2,3\n4,5,6\n"),
            ("Income, by town\na,b,c\n1,2,3\n4,5,6\n", 1, "a,b,c\n1,2,3\n4,5,6\n"),
            ("Date,2024-01-05\r\nBy,Miller\r\n\r\na,b,c\r\n1,2,3\r\n4,5,6\r\n", 3, "a,b,c\r\n1,2,3\r\n4,5,6\r\n"),
            ("3,4,good\n1,2,3,4,0\n5,6,7,8,1\n9,8,7,6,0\n", 1, "1,2,3,4,0\n5,6,7,8,1\n9,8,7,6,0\n"),
            ("3,7,good\n1,2,3,4,0\n5,6,7,8,1\n9,8,7,6,0\n", 0, "3,7,good\n1,2,3,4,0\n5,6,7,8,1\n9,8,7,6,0\n"),
            ("Made by hand\n1.5;2;3\n4;5;6\n7;8;9\n", 1, "1.5;2;3\n4;5;6\n7;8;9\n"),
            ("Written by the logger, which is free.\nx y z\n1 2 3\n4 5 6\n7 8 9\n", 1, "x y z\n1 2 3\n4 5 6\n7 8 9\n"),
            // Names of columns beside names of rows, and a delimiter that ends the names.
            ("a,b\nr1,1,2\nr2,3,4\n", 0, "a,b\nr1,1,2\nr2,3,4\n"),
            ("a,b,\n1,2\n3,4\n", 0, "a,b,\n1,2\n3,4\n"),
            // A row that lacks a cell is an error, and no title.
            ("1,2\n3,4,5\n6,7,8\n", 0, "1,2\n3,4,5\n6,7,8\n"),
            ("a,b,c\n1,2,3,4,5\n6,7,8,9,1\n", 0, "a,b,c\n1,2,3,4,5\n6,7,8,9,1\n"),
            ("a,b\n1,2\n3,4\n", 0, "a,b\n1,2\n3,4\n"),
            // How much follows; and what a logger says of itself.
            ("2 3\nthe 0.1 0.2 0.3\nof 0.4 0.5 0.6\n", 1, "the 0.1 0.2 0.3\nof 0.4 0.5 0.6\n"),
            ("2,2\nName,About,s1,s2\ng1,x,1,2\ng2,y,3,4\n", 1, "Name,About,s1,s2\ng1,x,1,2\ng2,y,3,4\n"),
            ("5,3\n1,2,3\n4,5,6\n", 0, "5,3\n1,2,3\n4,5,6\n"),
            ("T5,CR1000,C1,v2,main.CR1,7\nt,a,b\n1,2,3\n4,5,6\n", 1, "t,a,b\n1,2,3\n4,5,6\n"),
            ("town\nBern\nRom\n", 0, "town\nBern\nRom\n"),
        ] {
            let (layout, rest) = layout(text);
            assert_eq!((layout.before.lines, rest.as_str()), (lines, body), "{text}");
            assert_eq!(layout.title.is_some_and(|title| title.contains("above the table")), lines > 0, "{text}");
        }
    }

    #[test]
    fn a_line_says_that_data_begin() {
        for begin in [">>>>>Begin Spectral Data<<<<<", "[Data]", "***End_of_Header***\t", "!series_matrix_table_begin"]
        {
            let text = format!("Of one run\nTime (s): 1, 2\n\n{begin}\n1.5\t2\n3\t4\n5\t6\n");
            let (layout, rest) = layout(&text);
            assert_eq!((rest.as_str(), layout.before.lines), ("1.5\t2\n3\t4\n5\t6\n", 4), "{begin}");
        }
        for row in ["begin data,1\na,2\n", "[data],[more]\n1,2\n3,4\n"] {
            assert_eq!(layout(row).1, row);
        }
    }

    #[test]
    fn frames_and_columns_are_seen() {
        let psql = " id |  x   \n----+------\n  1 | 1.50 \n  2 |      \n(2 rows)\n\n";
        assert_eq!(layout(psql).1, "id|x\n\n1|1.50\n2|\n(2 rows)\n\n");
        let mysql = "+----+---+\n| id | x |\n+----+---+\n|  1 | 5 |\n|  2 | 6 |\n+----+---+\n";
        assert_eq!(layout(mysql).1, "\nid|x\n\n1|5\n2|6\n\n");
        let drawn = "┌────┬───┐\n│ id │ x │\n├────┼───┤\n│  1 │ 5 │\n│  2 │ 6 │\n└────┴───┘\n";
        assert_eq!(layout(drawn).1, "\nid|x\n\n1|5\n2|6\n\n");
        let columns = "town      x    y\nNew York  1.5  2\nRom       2.5  3\nLa Paz    0.5  4\n";
        assert_eq!(layout(columns).1, "town|x|y\nNew York|1.5|2\nRom|2.5|3\nLa Paz|0.5|4\n");
        assert_eq!(layout("a|b\n1|2\n3|4\n").0.shape, None, "marks alone are no frame");
        let archive = "|    ra|   name|\n|double|   char|\n   1.5   New A\n  12.5       B\n";
        assert_eq!(layout(archive).1, "ra|name\ndouble|char\n1.5|New A\n12.5|B\n");
        let plain = "  1.0   2.0\n 3.0 4.0\n";
        assert_eq!(layout(plain).1, plain);
    }
}
