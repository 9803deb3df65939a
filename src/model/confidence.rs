//! How clear the choice of a row's cluster is.

use ndarray::parallel::prelude::*;
use ndarray::{ArrayView1, ArrayView2, Axis};

/// `(d₂ − d₁) / (d₂ + d₁)` for each row, of the distances to its nearest and its second nearest centre: 1 on a centre, 0 halfway between
/// two. 1 where there is one centre alone, 0 where two lie on the row.
#[must_use]
pub fn confidence(rows: ArrayView2<'_, f64>, centres: ArrayView2<'_, f64>) -> Vec<f64> {
    if centres.nrows() < 2 {
        return vec![1.0; rows.nrows()];
    }
    let of_row = |row: ArrayView1<'_, f64>| {
        let distance = |centre: ArrayView1<'_, f64>| {
            // The length is taken of differences that are brought near 1, so that none is lost to a square.
            let largest = row.iter().zip(&centre).fold(0.0_f64, |most, (a, b)| most.max((a - b).abs()));
            if largest == 0.0 {
                return 0.0;
            }
            largest * row.iter().zip(&centre).map(|(a, b)| ((a - b) / largest).powi(2)).sum::<f64>().sqrt()
        };
        let (first, second) =
            centres.rows().into_iter().map(distance).fold((f64::INFINITY, f64::INFINITY), |(first, second), d| {
                if d < first { (d, first) } else { (first, second.min(d)) }
            });
        let sum = first + second;
        if sum > 0.0 && sum.is_finite() { (second - first) / sum } else { 0.0 }
    };
    rows.axis_iter(Axis(0)).into_par_iter().with_min_len(64).map(of_row).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    #[test]
    fn it_is_one_on_a_centre_and_nothing_between_two() {
        let centres = array![[0.0, 0.0], [4.0, 0.0], [100.0, 0.0]];
        let rows = array![[0.0, 0.0], [2.0, 5.0], [1.0, 0.0], [1e-200, 0.0]];
        assert_eq!(confidence(rows.view(), centres.view()), [1.0, 0.0, 0.5, 1.0]);
        assert_eq!(confidence(rows.view(), array![[9.0, 9.0]].view()), [1.0; 4]);
        assert_eq!(confidence(rows.view(), Array2::zeros((2, 2)).view())[..1], [0.0]);
    }
}
