//! How many dimensions samples fill: a plane turned into ten dimensions is still a plane.

use faer::Mat;
use ndarray::{Array2, ArrayView2};

/// Features beyond which nobody looks: images and their like fill many dimensions.
const MOST: usize = 64;
/// Share of the variance that may lie outside.
const OUTSIDE: f64 = 1e-3;

/// Principal components that hold all but a thousandth of the variance of the rows of `x`; the number of features where there are many.
pub(crate) fn filled_dimensions(x: ArrayView2<'_, f32>) -> usize {
    let d = x.ncols();
    if d <= 1 || d > MOST {
        return d;
    }
    let n = x.nrows().max(1) as f64;
    let mean: Vec<f64> = x.columns().into_iter().map(|c| c.iter().map(|&v| f64::from(v)).sum::<f64>() / n).collect();
    let mut gram = Array2::<f64>::zeros((d, d));
    let mut centred = vec![0.0; d];
    for row in x.rows() {
        for ((c, &v), m) in centred.iter_mut().zip(row).zip(&mean) {
            *c = f64::from(v) - m;
        }
        for i in 0..d {
            for j in 0..=i {
                gram[[i, j]] += centred[i] * centred[j];
            }
        }
    }
    let Ok(mut values) =
        Mat::from_fn(d, d, |i, j| gram[[i.max(j), i.min(j)]]).self_adjoint_eigenvalues(faer::Side::Lower)
    else {
        return d;
    };
    values.sort_by(f64::total_cmp);
    let total: f64 = values.iter().sum();
    let mut outside = 0.0;
    let left_out = values.iter().take_while(|&&value| {
        outside += value.max(0.0);
        outside <= OUTSIDE * total
    });
    (d - left_out.count()).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turned_plane_fills_two_dimensions() {
        let plane = Array2::from_shape_fn((200, 2), |(i, j)| ((i * (7 + 5 * j)) % 101) as f32 - 50.0);
        let turn = Array2::from_shape_fn((2, 10), |(i, j)| ((i * 3 + j * j) as f32).sin());
        assert_eq!(filled_dimensions(plane.view()), 2);
        assert_eq!(filled_dimensions((plane.dot(&turn) + 5.0).view()), 2);
        assert_eq!(filled_dimensions(Array2::<f32>::ones((5, 4)).view()), 1, "a point counts as a line");
        assert_eq!(filled_dimensions(Array2::<f32>::zeros((5, 100)).view()), 100);
    }
}
