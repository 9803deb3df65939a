//! How far apart the cells of a workbook of before 2007 lie (Microsoft's binary format, MS-XLS 2.1.7.20 and 2.4). Its reader makes room
//! for all that could lie between them, and for as many as a record promises, so it is looked through first.

use crate::support::language::counted;

/// Records that are looked at.
mod kind {
    pub(super) const FORMULA: u16 = 0x0006;
    pub(in crate::data) const END: u16 = 0x000a;
    pub(super) const SHEET: u16 = 0x0085;
    pub(in crate::data) const NUMBERS: u16 = 0x00bd;
    pub(in crate::data) const DIMENSIONS: u16 = 0x0200;
    /// What a formula comes to, where that is text.
    pub(in crate::data) const TEXT: u16 = 0x0207;
    pub(in crate::data) const BEGIN: u16 = 0x0809;
    /// Records of one cell: RString, LabelSst, Number, Label, BoolErr, Rk.
    pub(in crate::data) const CELL: [u16; 6] = [0x00d6, 0x00fd, 0x0203, 0x0204, 0x0205, 0x027e];
}

/// Cells that a sheet of this format has at most.
const MOST: u64 = 65_536 * 256;
/// Places that nobody asks about ...
const FEW: usize = 1 << 20;
/// ... and those for each value beyond which something lies far from the table.
const EMPTIEST: usize = 64;
/// How often the bytes of a book may be read as those of one of its sheets.
const OVERLAP: usize = 4;

/// Refuses a book, the bytes of whose stream are given, that would take far more memory than its values need.
///
/// # Errors
/// In words, what is wrong and what helps.
pub(in crate::data) fn check(book: &[u8]) -> Result<(), String> {
    let mut widest = Extent::default();
    let (mut places, mut values, mut read) = (0_usize, 0_usize, 0);
    for sheet in starts(book).filter_map(|start| book.get(start..)) {
        let extent = Extent::of(sheet)?;
        read += extent.bytes;
        if read > OVERLAP * book.len() {
            return Err("its sheets lie over one another: the file is damaged".to_owned());
        }
        places += extent.places();
        values += extent.values;
        if extent.places() > widest.places() {
            widest = extent;
        }
    }
    if places > FEW && places / EMPTIEST > values {
        let (rows, columns) = widest.size();
        return Err(format!(
            "{} of {} hold {}: is there something far from the table? Delete it, or save the file as .xlsx",
            counted(rows, "row"),
            counted(columns, "column"),
            counted(widest.values, "value")
        ));
    }
    Ok(())
}

/// Where the sheets of a book begin.
fn starts(book: &[u8]) -> impl Iterator<Item = usize> {
    let globals = records(book).take_while(|record| record.kind != kind::END);
    globals.filter(|record| record.kind == kind::SHEET).filter_map(|record| {
        let start = record.data.first_chunk().copied().map(u32::from_le_bytes)?;
        usize::try_from(start).ok()
    })
}

/// One after the other; the end at one that is not whole.
fn records(mut stream: &[u8]) -> impl Iterator<Item = Record<'_>> {
    std::iter::from_fn(move || {
        let (kind, length) = (number(stream, 0)?, number(stream, 2)?);
        let (data, next) = stream[4..].split_at_checked(usize::from(length))?;
        stream = next;
        Some(Record { kind, data })
    })
}

struct Record<'a> {
    kind: u16,
    data: &'a [u8],
}

/// The rectangle in which the values of a sheet lie.
#[derive(Clone, Copy, Debug, Default)]
struct Extent {
    /// First and last row, first and last column.
    bounds: Option<[u16; 4]>,
    values: usize,
    /// Bytes of its records.
    bytes: usize,
}

impl Extent {
    /// That of the sheet whose records these are, up to its end.
    fn of(sheet: &[u8]) -> Result<Self, String> {
        let mut extent = Self::default();
        // Charts in a sheet are sheets within it, and none of its cells.
        let mut depth = 0_usize;
        // Where the last formula stands: its text follows.
        let mut formula = (0, 0);
        for Record { kind, data } in records(sheet) {
            extent.bytes += 4 + data.len();
            match kind {
                kind::BEGIN => depth += 1,
                kind::END if depth <= 1 => break,
                kind::END => depth -= 1,
                _ if depth > 1 => {}
                kind::DIMENSIONS => promised(data)?,
                kind::TEXT => extent.take(formula, formula.1),
                _ => {
                    let Some(first) = place(data) else { continue };
                    if kind == kind::FORMULA {
                        formula = first;
                    }
                    if kind == kind::NUMBERS {
                        extent.take(first, number(data, data.len() - 2).unwrap_or(first.1));
                    } else if kind == kind::FORMULA || kind::CELL.contains(&kind) {
                        extent.take(first, first.1);
                    }
                }
            }
        }
        Ok(extent)
    }

    /// Takes the values of a row from a column to another.
    fn take(&mut self, (row, first): (u16, u16), last: u16) {
        let [top, bottom, left, right] = self.bounds.unwrap_or([row, row, first, last]);
        self.bounds = Some([top.min(row), bottom.max(row), left.min(first), right.max(last)]);
        self.values += usize::from(last.saturating_sub(first)) + 1;
    }

    /// Rows and columns.
    fn size(&self) -> (usize, usize) {
        let Some([top, bottom, left, right]) = self.bounds else { return (0, 0) };
        (usize::from(bottom - top) + 1, usize::from(right.saturating_sub(left)) + 1)
    }

    fn places(&self) -> usize {
        let (rows, columns) = self.size();
        rows * columns
    }
}

/// Refuses a promise of more cells than there can be.
fn promised(data: &[u8]) -> Result<(), String> {
    let long = |at| Some(u64::from(number(data, at)?) | u64::from(number(data, at + 2)?) << 16);
    let short = |at| number(data, at).map(u64::from);
    // First row, the one after the last, and the same of columns; the newer form has room for more rows.
    let ends = if data.len() < 14 {
        [short(0), short(2), short(4), short(6)]
    } else {
        [long(0), long(4), short(8), short(10)]
    };
    let [Some(top), Some(bottom), Some(left), Some(right)] = ends else { return Ok(()) };
    if bottom == 0 || right == 0 {
        return Ok(());
    }
    let left = if left > 0xff || right < left { 0 } else { left };
    if bottom.checked_sub(top).is_none_or(|rows| rows * (right - left) > MOST) {
        return Err("a sheet claims more rows and columns than there can be: the file is damaged".to_owned());
    }
    Ok(())
}

/// Row and column of a cell.
fn place(data: &[u8]) -> Option<(u16, u16)> {
    Some((number(data, 0)?, number(data, 2)?))
}

fn number(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..)?.first_chunk().copied().map(u16::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, data: &[u8]) -> Vec<u8> {
        [&kind.to_le_bytes(), &(data.len() as u16).to_le_bytes(), data].concat()
    }

    fn words(numbers: &[u16]) -> Vec<u8> {
        numbers.iter().flat_map(|n| n.to_le_bytes()).collect()
    }

    /// A book of sheets, the records of each of which are given.
    fn book(sheets: &[Vec<u8>]) -> Vec<u8> {
        let begin = record(kind::BEGIN, &[0, 6, 5, 0]);
        let end = record(kind::END, &[]);
        let mut at = (begin.len() + sheets.len() * (4 + 8) + end.len()) as u32;
        let (mut globals, mut all) = (begin.clone(), Vec::new());
        for sheet in sheets {
            globals.extend(record(kind::SHEET, &[&at.to_le_bytes()[..], &[0; 4]].concat()));
            let sheet = [&begin, sheet, &end].map(Vec::as_slice).concat();
            at += sheet.len() as u32;
            all.extend(sheet);
        }
        [globals, end, all].concat()
    }

    fn cell(kind: u16, row: u16, column: u16) -> Vec<u8> {
        record(kind, &words(&[row, column, 0, 0, 0, 0, 0]))
    }

    #[test]
    fn cells_far_from_one_another_are_refused_whatever_holds_them() {
        let near = cell(0x0203, 1, 1);
        for kind in kind::CELL.into_iter().chain([kind::FORMULA]) {
            let good = book(&[[near.clone(), cell(kind, 3000, 200)].concat()]);
            assert!(check(&good).is_ok(), "{kind:x}: 600,000 places are nothing to ask about");
            let far = book(&[near.clone(), [near.clone(), cell(kind, 60_000, 200)].concat()]);
            let error = check(&far).expect_err("far");
            assert!(error.starts_with("60000 rows of 200 columns hold 2 values: is there something far"), "{error}");
        }
        let several = record(kind::NUMBERS, &words(&[60_000, 1, 0, 0, 0, 200]));
        assert!(check(&book(&[[near.clone(), several].concat()])).is_err());
        let text = [cell(kind::FORMULA, 60_000, 200), record(kind::TEXT, &[1, 0, 0, 65])].concat();
        assert!(check(&book(&[[near.clone(), text].concat()])).is_err());
        let chart = [near, record(kind::BEGIN, &[0, 6]), cell(0x0203, 60_000, 200), record(kind::END, &[])].concat();
        assert!(check(&book(&[chart])).is_ok(), "a chart's numbers are none of the sheet");
    }

    #[test]
    fn a_wide_sheet_with_gaps_is_let_through() {
        let row = |row: u16| record(kind::NUMBERS, &words(&[row, 0, 0, 0, 0, 9]));
        let mut sheet: Vec<u8> = (0..60_000).flat_map(row).collect();
        sheet.extend(cell(0x0203, 60_000, 200));
        assert!(check(&book(&[sheet])).is_ok(), "a value in twenty places");
    }

    #[test]
    fn promises_of_more_than_there_can_be_and_sheets_over_one_another_are_refused() {
        let new = |rows: [u32; 2], columns: [u16; 2]| {
            let rows: Vec<u8> = rows.iter().flat_map(|n| n.to_le_bytes()).collect();
            book(&[record(kind::DIMENSIONS, &[rows, words(&columns), vec![0, 0]].concat())])
        };
        assert!(check(&new([0, 65_536], [0, 256])).is_ok());
        assert!(check(&new([0, 0], [0, 0])).is_ok(), "an empty sheet");
        assert!(check(&new([7, 7], [2, 2])).is_ok());
        assert!(check(&new([7, 5], [0, 2])).is_err(), "the end lies before the beginning");
        assert!(check(&new([0, 4_000_000_000], [0, 1])).is_err());
        assert!(check(&new([0, 65_536], [300, 65_000])).is_err());
        let old = |ends: [u16; 5]| book(&[record(kind::DIMENSIONS, &words(&ends))]);
        assert!(check(&old([0, 16_384, 0, 256, 0])).is_ok());
        assert!(check(&old([9, 3, 0, 256, 0])).is_err());

        let sheet: Vec<u8> = (0..100).flat_map(|row| cell(0x0203, row, 0)).collect();
        assert!(check(&book(std::slice::from_ref(&sheet))).is_ok());
        // Fifty sheets that all begin at one place.
        let at = 8 + 50 * 12 + 4_u32;
        let start = record(kind::SHEET, &[&at.to_le_bytes()[..], &[0; 4]].concat());
        let same = [record(kind::BEGIN, &[0, 6, 5, 0]), start.repeat(50), record(kind::END, &[]), sheet].concat();
        assert!(check(&same).expect_err("fifty at one place").starts_with("its sheets lie over one another"));
        // Records that continue others are read as often.
        let more = record(0x003c, &[]).repeat(1000);
        let same = [record(kind::BEGIN, &[0, 6, 5, 0]), start.repeat(50), record(kind::END, &[]), more].concat();
        assert!(check(&same).expect_err("fifty at one place").starts_with("its sheets lie over one another"));
    }

    #[test]
    fn what_is_cut_off_anywhere_ends_without_a_panic() {
        let whole = book(&[[cell(0x0203, 1, 1), record(kind::NUMBERS, &[]), record(kind::DIMENSIONS, &[1])].concat()]);
        for end in 0..whole.len() {
            assert!(check(&whole[..end]).is_ok());
        }
    }
}
