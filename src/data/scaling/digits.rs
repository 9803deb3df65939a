//! Whether scaling to single precision kept apart what the data keeps apart.

use std::collections::HashSet;

use ndarray::ArrayView2;

use super::wild::FARTHEST;
use crate::data::raw::few;
use crate::data::{Dataset, Features};
use crate::recipe::Scaling;
use crate::support::number::significant;

/// Rows looked at.
const ROWS: usize = 4096;
/// Columns looked at.
const COLUMNS: usize = 4096;
/// Spreads of the middle half from which a value is a wild one.
const WILD: f64 = 1e6;

/// Sentences about columns of which single precision, in which distances are taken, holds less than half of the different values, and about
/// values that lie wildly far from all others in their column.
#[must_use]
pub(crate) fn lost_digits(data: &Dataset, scaled: ArrayView2<'_, f32>, scaling: Scaling) -> Vec<String> {
    let (n, d) = data.features.dim();
    if n == 0 || scaled.dim() != (n, d) || data.image.is_some() || matches!(*data.features, Features::Bytes(_)) {
        return Vec::new();
    }
    let rows: Vec<usize> = (0..n).step_by(n.div_ceil(ROWS)).collect();
    let (mut lost, mut wild) = (Vec::new(), Vec::new());
    for j in 0..d.min(COLUMNS) {
        let column = data.features.column(j);
        let distinct = |bits: &mut dyn Iterator<Item = u64>| bits.collect::<HashSet<u64>>().len();
        let given = distinct(&mut rows.iter().map(|&i| (column[i] + 0.0).to_bits()));
        let left = distinct(&mut rows.iter().map(|&i| u64::from((scaled[[i, j]] + 0.0).to_bits())));
        // Rows of length 1 have digits of their own.
        if 2 * left < given && !scaling.has_directions() {
            lost.push((data.columns[j].as_str(), given, left));
        }
        if let Some((row, value, spreads)) = wildest(&column) {
            let nearer = (f64::from(scaled[[row, j]]).abs() - FARTHEST).abs() < 1e-3;
            let nearer =
                if nearer { format!("; it counts as {FARTHEST} of the others' deviations") } else { String::new() };
            let row = data.rows.get(row).map_or(row, |row| *row);
            wild.push(format!(
                "column `{}`: the value {value:e} of row {} (counted from 0) lies {} times as far from the others' middle as half of them do\
                 {nearer}; if it means that nothing is known, empty its cell",
                data.columns[j],
                row,
                significant(spreads)
            ));
        }
    }
    let mut notes = wild;
    let more = notes.len().saturating_sub(4);
    notes.truncate(4);
    if more > 0 {
        notes.push(format!("{more} more columns have such a value"));
    }
    if let Some(&(_, given, left)) = lost.first() {
        let names: Vec<&str> = lost.iter().map(|(name, ..)| *name).collect();
        let way = if scaling == Scaling::Standardize { "" } else { "; --scaling standardize keeps more" };
        notes.push(format!(
            "single precision, in which distances are taken, tells few values apart in {} ({left} of {given} in the first){way}",
            few(&names)
        ));
    }
    notes
}

/// The value farthest from the median, in quarters of the values' middle half, where it is a wild one: its place, itself, and how far.
fn wildest(column: &[f64]) -> Option<(usize, f64, f64)> {
    let mut sorted: Vec<f64> = column.iter().copied().step_by(column.len().div_ceil(ROWS).max(1)).collect();
    sorted.sort_by(f64::total_cmp);
    let at = |quarter: usize| sorted.get(quarter * (sorted.len().saturating_sub(1)) / 4).copied();
    let (low, middle, high) = (at(1)?, at(2)?, at(3)?);
    let spread = (high - low) / 2.0;
    // A column that is mostly one value has no spread to measure by.
    if spread.is_nan() || spread <= 0.0 {
        return None;
    }
    let far = |v: f64| (v - middle).abs() / spread;
    let (row, value) = column.iter().copied().enumerate().max_by(|a, b| far(a.1).total_cmp(&far(b.1)))?;
    (far(value) >= WILD).then(|| (row, value, far(value)))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use ndarray::Array2;

    use super::*;
    use crate::Recipe;
    use crate::data::Scaler;
    use crate::data::raw::Raw;
    use crate::data::table::numbered;
    use crate::support::progress::Progress;

    fn notes(features: Array2<f64>, scaling: Scaling) -> String {
        let columns = numbered(features.ncols());
        let raw = Raw::new("test".into(), PathBuf::from("test"), features, columns);
        let data = raw.finish(&Recipe::default(), &Progress::silent()).expect("valid data");
        let scaled = Scaler::fit(&data, scaling).scaled(&data.features);
        lost_digits(&data, scaled.view(), scaling).join("; ")
    }

    #[test]
    fn a_wild_value_and_what_it_costs_are_said() {
        let mut x = Array2::from_shape_fn((100, 2), |(i, j)| (i * 7 % 101) as f64 * 0.1 + j as f64);
        assert_eq!(notes(x.clone(), Scaling::Standardize), "");
        x[[99, 0]] = 1e20;
        let said = notes(x.clone(), Scaling::Standardize);
        assert!(said.contains("`column 1`") && said.contains("row 99") && said.contains("1e20"), "{said}");
        assert!(said.contains("counts as 20 of the others' deviations") && !said.contains("few values"), "{said}");
        let said = notes(x, Scaling::Range);
        assert!(said.contains("1e20") && !said.contains("counts as"), "{said}");
    }

    #[test]
    fn what_no_scaling_brings_into_range_is_said() {
        let tiny = Array2::from_shape_fn((50, 1), |(i, _)| (i + 1) as f64 * 1e-50);
        assert!(notes(tiny.clone(), Scaling::None).contains("--scaling standardize"));
        assert_eq!(notes(tiny, Scaling::Standardize), "");
        let clock = Array2::from_shape_fn((50, 1), |(i, _)| 1.7e18 + (i * i) as f64 * 1e6);
        assert_eq!(notes(clock.clone(), Scaling::Standardize) + &notes(clock, Scaling::None), "");
    }
}
