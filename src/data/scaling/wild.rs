//! What counts as a wild value: one of the few at an end of a column that make most of its deviation.

/// Share of a column's values, at either end, that do not set its deviation where they make it ...
const STRAY: f64 = 0.02;
/// ... so many times that of the others. A sentinel or a slip of the pen would bring all other values to one place.
const WILD: f64 = 10.0;
/// Deviations from which such a value is as far as can be: it is nobody's neighbour then, and a network can still read it.
pub(super) const FARTHEST: f64 = 20.0;
/// Rows looked at for that, spread over all.
const ROWS_LOOKED_AT: usize = 20_000;

/// Whether a column whose farthest value lies so many deviations from the mean can have [`core()`] statistics: values that make most of its
/// variance are at most [`STRAY`] of all at either end.
pub(super) fn can_be_wild(farthest: f64, samples: usize) -> bool {
    let strays = 2.0 * (STRAY * samples as f64).ceil();
    farthest * farthest * strays >= samples as f64 * (1.0 - 1.0 / (WILD * WILD))
}

/// Mean and deviation of a column without the values at its ends, where these make its `deviation` [`WILD`] times as large. A column that is
/// mostly one value has no spread to measure by.
pub(in crate::data) fn core(column: &[f64], deviation: f64) -> Option<(f64, f64)> {
    let mut sorted: Vec<f64> = column.iter().copied().step_by(column.len().div_ceil(ROWS_LOOKED_AT).max(1)).collect();
    sorted.sort_by(f64::total_cmp);
    let strays = (STRAY * sorted.len() as f64).ceil() as usize;
    let core = sorted.get(strays..sorted.len().checked_sub(strays)?)?;
    let (count, middle) = (core.len(), *core.get(core.len() / 2)?);
    if core.get(count / 4)? >= core.get(3 * count / 4)? {
        return None;
    }
    let off = core.iter().map(|v| v - middle).sum::<f64>() / count as f64;
    let variance = core.iter().map(|v| (v - middle - off).powi(2)).sum::<f64>() / count as f64;
    let spread = variance.sqrt();
    (variance.is_normal() && deviation >= WILD * spread).then_some((middle + off, spread))
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, Axis};

    use super::super::scaler::tests::dataset;
    use super::*;
    use crate::data::Scaler;
    use crate::recipe::Scaling;

    #[test]
    fn wild_values_do_not_bring_all_others_to_one_place() {
        // Two groups at −1 and 1 with some spread; a sentinel, or two, in a column.
        for (wild, n) in [(1e20, 60), (-9999.0, 200), (1e7, 12)] {
            let x = Array2::from_shape_fn((n, 2), |(i, j)| [-1.0, 1.0][i % 2] + 0.01 * ((i * 7 + j) % 10) as f32);
            let clean = dataset(x.clone());
            let clean = Scaler::fit(&clean, Scaling::Standardize).scaled(&clean.features);
            let mut x = x;
            x[[3, 0]] = wild;
            let data = dataset(x);
            let scaler = Scaler::fit(&data, Scaling::Standardize);
            let scaled = scaler.scaled(&data.features);
            assert!((scaled[[3, 0]].abs() - FARTHEST as f32).abs() < 1e-3 && (scaler.limit() - FARTHEST).abs() < 1e-9);
            for (i, (found, wanted)) in scaled.rows().into_iter().zip(clean.rows()).enumerate().filter(|(i, _)| *i != 3)
            {
                assert!((&found - &wanted).iter().all(|d| d.abs() < 0.2), "{wild}, row {i}: {found} for {wanted}");
            }
            let text = serde_json::to_string(&scaler).expect("serialises");
            assert_eq!(serde_json::from_str::<Scaler>(&text).expect("reads"), scaler);
        }
    }

    #[test]
    fn a_small_group_far_away_and_a_column_of_zeros_keep_their_deviation() {
        // One in twenty stands 100 away; a column that is 0 but for a few counts.
        let x = Array2::from_shape_fn((200, 2), |(i, j)| {
            let far = if i % 20 == 0 { [100.0, (i % 7) as f32][j] } else { 0.0 };
            far + if j == 0 { 0.1 * (i % 10) as f32 } else { 0.0 }
        });
        let data = dataset(x);
        let scaler = Scaler::fit(&data, Scaling::Standardize);
        let squares = scaler.scaled(&data.features).map_axis(Axis(0), |column| column.dot(&column) / 200.0);
        assert!(squares.iter().all(|s| (s - 1.0).abs() < 1e-4) && scaler.limit() > 1e30, "{squares}");
    }
}
