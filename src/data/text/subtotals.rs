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
    let called = |row: &usize| {
        let name = table.record(*row).map(str::trim).find(|cell| !cell.is_empty());
        name.is_some_and(is_called_sum)
    };
    let candidates: Vec<usize> = (0..table.len()).filter(called).collect();
    // What comes that often is a name like others.
    if candidates.is_empty() || 2 * candidates.len() > table.len() {
        return Vec::new();
    }
    let columns: Vec<Vec<f64>> = (0..table.width()).filter_map(|column| numbers(table, column)).collect();
    if columns.is_empty() {
        return Vec::new();
    }
    let (mut group, mut all) = (vec![0.0; columns.len()], vec![0.0; columns.len()]);
    let (mut rows_of_group, mut found) = (0, Vec::new());
    let mut next = candidates.iter().copied().peekable();
    for row in 0..table.len() {
        if next.next_if_eq(&row).is_some() {
            let is = |sums: &[f64]| {
                let mut filled = columns.iter().zip(sums).filter(|(values, _)| !values[row].is_nan()).peekable();
                filled.peek().is_some()
                    && filled.all(|(values, sum)| (values[row] - sum).abs() <= TIGHT * sum.abs().max(1.0))
            };
            if rows_of_group > 0 && is(&group) || !found.is_empty() && is(&all) {
                found.push(row);
                group.fill(0.0);
                rows_of_group = 0;
                continue;
            }
        }
        for (values, (group, all)) in columns.iter().zip(group.iter_mut().zip(&mut all)) {
            let value = if values[row].is_nan() { 0.0 } else { values[row] };
            (*group, *all) = (*group + value, *all + value);
        }
        rows_of_group += 1;
    }
    // One at the end is what stands below any table.
    let between = found.iter().any(|&row| row + 1 < table.len());
    if between { found } else { Vec::new() }
}

fn is_called_sum(name: &str) -> bool {
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
            "a,x\nb,y\nNorth total,z\nc,x",
        ] {
            assert_eq!(found(rows), [0_usize; 0], "{rows}");
        }
    }
}
