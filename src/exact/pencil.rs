//! The small pencil that many columns make of the operator, and the lowest eigenvectors in their span.
//!
//! Rayleigh–Ritz on all outputs of a hidden layer is how a network's last layer is solved: hundreds of columns, many of them nearly
//! dependent, of which a few combinations are wanted.

use faer::linalg::triangular_solve::{solve_lower_triangular_in_place, solve_upper_triangular_in_place};
use faer::{Mat, Par, Side};
use ndarray::{Array2, ArrayView2};

use super::ritz::{products, square};
use crate::graph::Operator;
use crate::{Error, Result};

/// What is added to the Gram matrix, as a part of its mean diagonal: beyond it, directions are rounding noise of columns in `f32`.
const RIDGE: f64 = 1e-7;

/// The pencil `(Yᵀ(D − W)Y, YᵀMY)/tr M` of an operator `(D − W, M)` in the span of the columns of `Y`, and what is added to its first part.
#[derive(Clone, Debug)]
pub struct Pencil {
    /// `h × h`, lower half.
    energy: Array2<f64>,
    /// `h × h`, lower half: what is added to it.
    penalty: Array2<f64>,
    /// `h × h`, lower half.
    gram: Array2<f64>,
    /// No direction of the operator has a larger value.
    bound: f64,
}

impl Pencil {
    /// Of the columns of `y`, `n × h`.
    ///
    /// # Errors
    /// [`Error::Data`] when `y` has another number of rows than the operator, [`Error::Numerics`] when it is not finite or zero.
    pub fn of(op: &Operator, y: ArrayView2<'_, f64>) -> Result<Self> {
        if y.nrows() != op.len() {
            return Err(Error::Data(format!("{} rows were given for {} samples", y.nrows(), op.len())));
        }
        let (mut gram, mut energy) = products(op, y.as_standard_layout().view());
        let mass = op.total_mass();
        gram /= mass;
        energy /= mass;
        let size = gram.diag().sum();
        if !size.is_finite() || size <= 0.0 {
            return Err(Error::Numerics("the columns are zero or not finite: no direction to look in".into()));
        }
        Ok(Self { penalty: Array2::zeros(energy.raw_dim()), energy, gram, bound: op.norm_bound() })
    }

    /// Adds `weight · RᵀR` to the first part, for `R` (`m × h`): directions in which `R` is large are avoided.
    pub fn avoid(&mut self, r: ArrayView2<'_, f64>, weight: f64) {
        self.penalty.scaled_add(weight, &square(r));
    }

    /// The `k` lowest values, ascending, and the map `h × k` from the columns to their vectors, which have mean square 1 in `M`.
    ///
    /// Directions that the columns hardly span are not among them: a ridge gives them a size, and the largest value there can be.
    ///
    /// # Errors
    /// [`Error::Numerics`] when the small problem cannot be solved.
    pub fn lowest(&self, k: usize) -> Result<(Vec<f64>, Array2<f64>)> {
        let h = self.gram.nrows();
        let ridge = RIDGE * self.gram.diag().sum() / h.max(1) as f64;
        let on_diagonal = |i: usize, j: usize, value: f64| if i == j { value } else { 0.0 };
        let half = |m: &Array2<f64>, i: usize, j: usize| m[[i.max(j), i.min(j)]];
        let gram = Mat::from_fn(h, h, |i, j| half(&self.gram, i, j) + on_diagonal(i, j, ridge));
        let first = &self.energy + &self.penalty;
        let mut inner = Mat::from_fn(h, h, |i, j| half(&first, i, j) + on_diagonal(i, j, self.bound * ridge));
        let unsolved =
            |what: &str| Error::Numerics(format!("the last layer was not solved: {what}; a lower --lr helps"));
        let factor = gram.llt(Side::Lower).map_err(|_| unsolved("the hidden outputs are not finite"))?;
        // L⁻¹ E L⁻ᵀ, one side after the other.
        solve_lower_triangular_in_place(factor.L(), inner.as_mut(), Par::Seq);
        let mut inner = inner.transpose().to_owned();
        solve_lower_triangular_in_place(factor.L(), inner.as_mut(), Par::Seq);
        let solved = inner.self_adjoint_eigen(Side::Lower).map_err(|_| unsolved("its eigenvalues were not found"))?;
        let k = k.min(h);
        let mut map = solved.U().subcols(0, k).to_owned();
        solve_upper_triangular_in_place(factor.L().transpose(), map.as_mut(), Par::Seq);
        let values = (0..k).map(|j| solved.S()[j]).collect();
        Ok((values, Array2::from_shape_fn((h, k), |(i, j)| map[(i, j)])))
    }

    /// `aᵀ E a` of each column `a` of a map for the first part `E`, without what was added.
    #[must_use]
    pub fn energies(&self, map: ArrayView2<'_, f64>) -> Vec<f64> {
        let full = Array2::from_shape_fn(self.energy.raw_dim(), |(i, j)| self.energy[[i.max(j), i.min(j)]]);
        let product = full.dot(&map);
        map.columns().into_iter().zip(product.columns()).map(|(a, e)| a.dot(&e)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::rayleigh_ritz;
    use crate::graph::Csr;
    use crate::recipe::Laplacian;

    /// A ring of `n` nodes.
    fn ring(n: usize) -> Operator {
        let edges: Vec<(u32, u32, f64)> = (0..n)
            .flat_map(|i| [(i as u32, ((i + 1) % n) as u32, 1.0), (((i + 1) % n) as u32, i as u32, 1.0)])
            .collect();
        Operator::new(Csr::from_triplets(n, &edges).expect("a ring"), Laplacian::RandomWalk).expect("an operator")
    }

    /// Waves, mixed, with one column twice and one of rounding noise.
    fn columns(n: usize) -> Array2<f64> {
        let wave = |i: usize, j: usize| (std::f64::consts::TAU * (i * j) as f64 / n as f64 + 0.3 * j as f64).sin();
        Array2::from_shape_fn((n, 8), |(i, j)| match j {
            0 => 1.0,
            6 => wave(i, 1) + 1.0,
            7 => 1e-9 * ((i * 7919) % 13) as f64,
            _ => wave(i, j) + 0.3 * wave(i, j + 1),
        })
    }

    #[test]
    fn the_lowest_are_those_of_rayleigh_ritz_and_lost_directions_are_none() {
        let op = ring(90);
        let y = columns(90);
        let (values, map) = Pencil::of(&op, y.view()).expect("finite").lowest(4).expect("solved");
        let ritz = rayleigh_ritz(&op, y.view(), 4).expect("finite");
        for (found, wanted) in values.iter().zip(&ritz.space.values) {
            assert!((found - wanted).abs() < 1e-6 + 3e-3 * wanted, "{values:?} and {:?}", ritz.space.values);
        }
        let vectors = y.dot(&map);
        let gram = op.gram(vectors.view(), vectors.view()) / op.total_mass();
        assert!((&gram - &Array2::<f64>::eye(4)).iter().all(|v| v.abs() < 1e-5), "{gram}");
    }

    #[test]
    fn what_is_avoided_is_paid_for() {
        let op = ring(60);
        let y = columns(60);
        let mut pencil = Pencil::of(&op, y.view()).expect("finite");
        let free = pencil.lowest(3).expect("solved").0;
        // The two columns of the longest wave are missed.
        let r = Array2::from_shape_fn((2, 8), |(i, j)| f64::from(u8::from(j == [1, 6][i])));
        pencil.avoid(r.view(), 1e3);
        let (values, map) = pencil.lowest(3).expect("solved");
        assert!(values[1] > 2.0 * free[1], "{values:?} after {free:?}");
        assert!(r.dot(&map).iter().all(|v| v.abs() < 0.05), "{map}");
    }

    #[test]
    fn columns_that_are_no_numbers_are_refused() {
        let op = ring(10);
        assert!(Pencil::of(&op, Array2::from_elem((10, 2), f64::NAN).view()).is_err());
        assert!(Pencil::of(&op, Array2::zeros((10, 2)).view()).is_err());
        assert!(Pencil::of(&op, Array2::ones((9, 2)).view()).is_err());
    }
}
