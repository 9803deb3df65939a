//! Sums of groups of rows between the rows, as spreadsheets and programs of shops write them: none of them is a row.

use crate::data::Table;
use crate::data::cell::{Cell, Notation, cell, is_missing};

/// How names of sums begin or end, in lower case.
const BEGINS: [&str; 5] = ["total ", "subtotal ", "sub-total ", "summe ", "zwischensumme "];
const ENDS: [&str; 10] =
    [" total", " totals", " subtotal", " sub-total", " summe", " gesamt", " ergebnis", " totale", " totaal", " toplam"];
const ALONE: [&str; 12] = [
    "total",
    "subtotal",
    "sub-total",
    "grand total",
    "summe",
    "gesamt",
    "zwischensumme",
    "gesamtergebnis",
    "total général",
    "sous-total",
    "totale",
    "итого",
];
/// Bytes of the longest such name.
const LONGEST: usize = 64;
/// How far a sum may lie from the one it should be, as a part of that.
const TIGHT: f64 = 1e-6;

/// The rows that are called sums and hold those of the rows since the one before them, or of all rows so far.
pub(in crate::data) fn subtotals(table: &Table) -> Vec<usize> {
    let candidates: Vec<usize> = (0..table.len()).filter(|&row| is_called_sum(table.record(row))).collect();
    // What comes that often is a name like others.
    if candidates.is_empty() || 2 * candidates.len() > table.len() {
        return Vec::new();
    }
    let columns: Vec<Vec<f64>> = (0..table.width()).filter_map(|column| numbers(table, column)).collect();
    let mut sums = Sums::default();
    let mut next = candidates.into_iter().peekable();
    let mut is_sum = |row: usize| sums.take(columns.iter().map(|values| values[row]), next.next_if_eq(&row).is_some());
    let found: Vec<usize> = (0..table.len()).filter(|&row| is_sum(row)).collect();
    // One at the end is what stands below any table.
    let between = found.iter().any(|&row| row + 1 < table.len());
    if between { found } else { Vec::new() }
}

/// What rows come to as they come, by which sums of groups between them are known.
#[derive(Clone, Debug, Default)]
pub(in crate::data) struct Sums {
    /// The sum of each column since the last sum, and from the first row on.
    group: Vec<f64>,
    all: Vec<f64>,
    /// Rows since then that are not called sums.
    rows: usize,
    found: bool,
}

impl Sums {
    /// Takes the numbers of a row, NaN where there is none; whether it is called a sum and is that of the rows before it.
    pub(in crate::data) fn take(&mut self, values: impl Iterator<Item = f64> + Clone, called: bool) -> bool {
        let is = |sums: &[f64]| {
            let mut filled = values.clone().zip(sums).filter(|(value, _)| !value.is_nan()).peekable();
            filled.peek().is_some() && filled.all(|(value, sum)| (value - sum).abs() <= TIGHT * sum.abs().max(1.0))
        };
        if called && (self.rows > 0 && is(&self.group) || self.found && is(&self.all)) {
            self.group.fill(0.0);
            (self.rows, self.found) = (0, true);
            return true;
        }
        for (at, value) in values.enumerate().map(|(at, value)| (at, if value.is_nan() { 0.0 } else { value })) {
            if at == self.group.len() {
                self.group.push(0.0);
                self.all.push(0.0);
            }
            self.group[at] += value;
            self.all[at] += value;
        }
        self.rows += usize::from(!called);
        false
    }

    /// Rows since the last sum that are not called sums.
    pub(in crate::data) fn rows(&self) -> usize {
        self.rows
    }
}

/// Whether the first word of a row calls it a sum.
pub(in crate::data) fn is_called_sum<'c>(mut cells: impl Iterator<Item = &'c str>) -> bool {
    cells.find_map(|cell| Some(cell.trim()).filter(|cell| !cell.is_empty())).is_some_and(calls_sum)
}

fn calls_sum(name: &str) -> bool {
    if name.len() > LONGEST {
        return false;
    }
    let lower = name.trim_end_matches([':', '.']).to_lowercase();
    ALONE.contains(&lower.as_str())
        || BEGINS.iter().any(|begin| lower.starts_with(begin))
        || ENDS.iter().any(|end| lower.ends_with(end))
}

/// The numbers of a column, NaN where there is none; nothing where a cell is a word.
fn numbers(table: &Table, column: usize) -> Option<Vec<f64>> {
    [Notation::Plain, Notation::Point, Notation::Comma].into_iter().find_map(|notation| {
        let value = |row| match table.cell(row, column).trim() {
            text if is_missing(text) => Some(f64::NAN),
            text => match cell(text, notation) {
                Cell::Number(value) => Some(value),
                _ => None,
            },
        };
        let values: Option<Vec<f64>> = (0..table.len()).map(value).collect();
        values.filter(|values| values.iter().any(|value| !value.is_nan()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<usize> {
        subtotals(&Table::of_lines(text, ','))
    }

    #[test]
    fn sums_of_groups_are_told_from_rows() {
        let sales = "North,a,1\nNorth,b,2\nNorth Total,,3\nSouth,c,5\nSouth Total,,5\nGrand Total,,8";
        assert_eq!(found(sales), [2, 4, 5]);
        assert_eq!(found("a,1\nb,2\nSubtotal,3\nc,5\nd,6\nSubtotal,11"), [2, 5]);
        assert_eq!(found("a,1.5\nb,2.25\nTotal north,3.75\nc,5\nd,1\n"), [2]);
        for rows in [
            // No sums; at the end alone; a name of many rows; no numbers.
            "a,1\nb,2\nNorth total,4\nc,5\nd,6",
            "a,1\nb,2\nc,5\nTotal,8",
            "total,1\ntotal,2\ntotal,3",
            "total,1\ntotal,1\na,3\nb,7\nc,9",
            "a,x\nb,y\nNorth total,z\nc,x",
        ] {
            assert_eq!(found(rows), [0_usize; 0], "{rows}");
        }
    }
}
