//! Numbers that people write where there is none: -9999 and its like. They stay what they are, since nothing but a person knows; but a note
//! asks.

use super::raw::few;
use super::values::Values;

/// Such numbers.
const KNOWN: [f64; 12] =
    [-9.0, -99.0, -999.0, -9999.0, -99_999.0, 99.0, 999.0, 9999.0, 99_999.0, 999_999.0, -99.99, -999.99];
/// Rows that are looked at.
const ROWS: usize = 1 << 12;
/// Numbers that are looked at.
const NUMBERS: usize = 1 << 22;
/// Columns that are looked at.
const COLUMNS: usize = 4096;
/// Times that one has to stand there: once may be anything.
const LEAST: usize = 2;

/// A sentence about the columns in which such a number stands again and again, farther from all others than these lie apart.
pub(super) fn note(features: &Values, columns: &[String]) -> Option<String> {
    let (n, d) = features.dim();
    let step = n.div_ceil(ROWS.min(NUMBERS / d.max(1)).max(1)).max(1);
    let rows: Vec<Vec<f64>> = (0..n).step_by(step).map(|row| features.row(row)).collect();
    let mut found = Vec::new();
    for (j, name) in columns.iter().enumerate().take(d.min(COLUMNS)) {
        let values = || rows.iter().map(|row| row[j]).filter(|v| !v.is_nan());
        if let Some((value, count)) = sentinel(&values) {
            found.push((name, value, count));
        }
    }
    let (_, value, count) = *found.first()?;
    let names: Vec<&str> = found.iter().map(|(name, ..)| name.as_str()).collect();
    let of = if step > 1 { " of the rows that were looked at" } else { "" };
    Some(format!(
        "{value} stands {count} times{of} in the first of these columns, far from all its other numbers, as such numbers do where nothing is \
         known; empty those cells if it means that: {}",
        few(&names)
    ))
}

/// The number of a column that is one, and how often it stands there.
#[allow(clippy::float_cmp, reason = "it is written as it is")]
fn sentinel<I: Iterator<Item = f64>>(values: &dyn Fn() -> I) -> Option<(f64, usize)> {
    let (least, most) = values().fold((f64::MAX, f64::MIN), |(l, m), v| (l.min(v), m.max(v)));
    [least, most].into_iter().filter(|end| KNOWN.contains(end)).find_map(|end| {
        let count = values().filter(|&v| v == end).count();
        let others = || values().filter(|&v| v != end);
        let (low, high) = others().fold((f64::MAX, f64::MIN), |(l, m), v| (l.min(v), m.max(v)));
        let gap = if end < low { low - end } else { end - high };
        let apart = low < high && gap > high - low && others().count() > count;
        (count >= LEAST && apart).then_some((end, count))
    })
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn a_number_that_means_nothing_is_told_from_a_far_one() {
        let said = |cell: &dyn Fn(usize) -> f64| {
            note(&Values::from(Array2::from_shape_fn((40, 1), |(i, _)| cell(i))), &["a".to_owned()])
        };
        let note = said(&|i| if i % 9 == 0 { -9999.0 } else { i as f64 }).expect("a note");
        assert!(note.contains("-9999 stands 5 times") && note.contains("`a`"), "{note}");
        assert!(said(&|i| if i % 9 == 0 { f64::NAN } else { i as f64 }).is_none());
        assert!(said(&|i| if i == 9 { 999.0 } else { i as f64 }).is_none(), "once");
        assert!(said(&|i| if i % 9 == 0 { 99.0 } else { 2.0 * i as f64 }).is_none(), "not far");
        assert!(said(&|i| if i % 2 == 0 { -9.0 } else { 9.0 }).is_none(), "two values");
        assert!(said(&|i| if i % 9 == 0 { 5000.0 } else { i as f64 }).is_none(), "no such number");
    }
}
