//! From outputs to rows that are compared: normalised spectral clustering (Law et al., 2017, Algorithm 2), or the outputs
//! themselves.
//!
//! With `F = U S Vᵀ`, a row of `U` is `f V S⁻¹`. Fitted to the very samples that are asked about this is the paper's form, in
//! which a sample's place depends on the company it is asked in; fitted to the training samples and stored it places any
//! sample on its own. Either way rows get length 1.

use ndarray::{Array2, ArrayView2, Axis};

use crate::nets::gram_eigen::GramEigen;

/// A map from outputs to places.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placing {
    /// Taken from the outputs first, `d`.
    pub(crate) shift: Vec<f64>,
    /// `V S⁻¹`, `d × r`, or the identity.
    pub(crate) map: Array2<f64>,
}

impl Placing {
    /// The outputs themselves.
    pub(crate) fn direct(d: usize) -> Self {
        Self { shift: vec![0.0; d], map: Array2::eye(d) }
    }

    /// By the SVD of `f`, `n × d`, over the directions that count; `None` where the outputs are all zero or not finite.
    pub(crate) fn spectral(f: ArrayView2<'_, f64>, centre: bool) -> Option<Self> {
        let shift = match f.mean_axis(Axis(0)) {
            Some(mean) if centre => mean.to_vec(),
            _ => vec![0.0; f.ncols()],
        };
        let eigen = if centre { GramEigen::of(shifted(f, &shift).view()) } else { GramEigen::of(f) }?;
        (eigen.rank() > 0).then(|| Self { shift, map: eigen.whitening() * (f.nrows() as f64).sqrt() })
    }

    /// Places of outputs `f`, `n × d`: `n × r`, each row of length 1 (or 0 where there is nothing to scale).
    pub(crate) fn rows(&self, f: ArrayView2<'_, f64>) -> Array2<f64> {
        let mut rows = shifted(f, &self.shift).dot(&self.map);
        for mut row in rows.rows_mut() {
            let length = row.dot(&row).sqrt();
            if length > 0.0 {
                row /= length;
            }
        }
        rows
    }
}

fn shifted(f: ArrayView2<'_, f64>, shift: &[f64]) -> Array2<f64> {
    &f - &ndarray::aview1(shift)
}

#[cfg(test)]
mod tests {
    use ndarray::Array2;

    use super::*;

    #[test]
    fn the_places_of_the_fitted_rows_are_those_of_u_and_do_not_depend_on_the_basis() {
        let f = Array2::from_shape_fn((30, 3), |(i, j)| ((i * (j + 2) * 7 % 11) as f64).sin() + j as f64);
        let placing = Placing::spectral(f.view(), false).expect("finite");
        let rows = placing.rows(f.view());
        assert!(rows.rows().into_iter().all(|r| (r.dot(&r) - 1.0).abs() < 1e-12));
        let mixed = f.dot(&ndarray::array![[2.0, 0.0, 1.0], [0.5, 1.0, 0.0], [0.0, 0.3, 3.0]]);
        let other = Placing::spectral(mixed.view(), false).expect("finite").rows(mixed.view());
        let error = (rows.dot(&rows.t()) - other.dot(&other.t())).iter().fold(0.0_f64, |a, v| a.max(v.abs()));
        assert!(error < 1e-9, "inner products are those of the span alone: {error}");
        let centred = Placing::spectral(f.view(), true).expect("finite");
        assert!(centred.shift.iter().all(|s| *s != 0.0));
        assert!(Placing::spectral(Array2::zeros((4, 2)).view(), false).is_none());
        assert_eq!(Placing::direct(3).rows(Array2::zeros((1, 3)).view()), Array2::<f64>::zeros((1, 3)));
    }
}
