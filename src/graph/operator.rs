//! The Laplacian as everyone uses it: products, inner products, residuals, and what its components mean.

use std::ops::Range;
use std::sync::Arc;

use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use super::product::{Sparse, Terms};
use super::{Components, Csr, Operator, gram};
use crate::graph::Eigenspace;
use crate::recipe::Laplacian;
use crate::{Error, Result};

impl Operator {
    /// The unit in which eigenvalues enter a random walk and a diffusion: 1, or the largest degree for the unnormalised Laplacian.
    #[must_use]
    pub fn walk_unit(&self) -> f64 {
        match self.kind {
            Laplacian::RandomWalk => 1.0,
            Laplacian::Unnormalized => self.degrees.iter().copied().fold(f64::MIN_POSITIVE, f64::max),
        }
    }

    /// The Laplacian of an affinity.
    ///
    /// # Errors
    /// [`Error::Data`] unless the affinity is a well-formed symmetric matrix with finite, non-negative entries and an empty
    /// diagonal.
    pub fn new(affinity: Csr, kind: Laplacian) -> Result<Self> {
        check(&affinity)?;
        let degrees = affinity.row_sums();
        let mass = match kind {
            Laplacian::Unnormalized => vec![1.0; degrees.len()],
            Laplacian::RandomWalk => degrees.iter().map(|&d| if d > 0.0 { d } else { 1.0 }).collect(),
        };
        let components = Components::of(&affinity);
        Ok(Self {
            affinity: Arc::new(affinity),
            degrees: Arc::new(degrees),
            mass: Arc::new(mass),
            kind,
            components: Arc::new(components),
            joins: None,
        })
    }

    /// Number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.mass.len()
    }

    /// Whether there is no sample.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.mass.is_empty()
    }

    /// `tr M`: the sum of degrees, or the number of samples.
    #[must_use]
    pub fn total_mass(&self) -> f64 {
        self.mass.iter().sum()
    }

    /// `(D − W) y`, with `y` `n × b`.
    #[must_use]
    pub fn apply(&self, y: ArrayView2<'_, f64>) -> Array2<f64> {
        let y = y.as_standard_layout();
        let mut out = Array2::zeros(y.raw_dim());
        if let (Some(from), Some(to)) = (y.as_slice(), out.as_slice_mut()) {
            Sparse::new(&self.affinity, &self.degrees).combine(from, to, Terms { scale: 1.0, shift: 0.0, keep: 0.0 });
        }
        out
    }

    /// `(I − P) y` for the walk `P = D⁻¹W`: what a step of it takes of each column, with `y` `n × b`. Of a sample without edges it takes nothing.
    #[must_use]
    pub fn taken_by_a_step(&self, y: ArrayView2<'_, f64>) -> Array2<f64> {
        let mut taken = self.apply(y);
        self.divide_by_degrees(&mut taken);
        taken
    }

    /// `(I − P)ᵀ y`, the transpose of [`Operator::taken_by_a_step`].
    #[must_use]
    pub fn given_by_a_step(&self, y: ArrayView2<'_, f64>) -> Array2<f64> {
        let mut scaled = y.to_owned();
        self.divide_by_degrees(&mut scaled);
        self.apply(scaled.view())
    }

    fn divide_by_degrees(&self, y: &mut Array2<f64>) {
        for (mut row, &degree) in y.rows_mut().into_iter().zip(self.degrees.iter()) {
            let scale = if degree > 0.0 { 1.0 / degree } else { 0.0 };
            row.mapv_inplace(|v| scale * v);
        }
    }

    /// `aᵀ M b`, with `a` `n × p` and `b` `n × q`.
    #[must_use]
    pub fn gram(&self, a: ArrayView2<'_, f64>, b: ArrayView2<'_, f64>) -> Array2<f64> {
        gram::weighted(a, b, &self.mass)
    }

    /// An upper bound of the eigenvalues of the pencil: the largest, over all edges, of `(dᵢ + dⱼ)` for the unnormalised
    /// Laplacian (Anderson and Morley, 1985), 2 for the random walk's.
    #[must_use]
    pub fn norm_bound(&self) -> f64 {
        match self.kind {
            Laplacian::RandomWalk => 2.0,
            Laplacian::Unnormalized => (0..self.len())
                .flat_map(|i| self.affinity.row(i).0.iter().map(move |&j| (i, j as usize)))
                .map(|(i, j)| self.degrees[i] + self.degrees[j])
                .fold(0.0, f64::max),
        }
    }

    /// For each pair the relative residual `‖(D − W) v − λ M v‖ / (‖v‖ · norm)`, the first norm that of `M⁻¹`, the second
    /// that of `M`, the last [`Operator::norm_bound`].
    ///
    /// With `u = M^½ v` this is `‖S u − λ u‖ / (‖u‖ · norm)` for the symmetric `S = M^−½ (D − W) M^−½`, so it means the same
    /// for both Laplacians: how far `S` would have to be changed, relative to its size, for the pair to be exact. No column
    /// that is all zero has a residual; it counts as 1.
    #[must_use]
    pub fn residuals(&self, space: &Eigenspace) -> Vec<f64> {
        let product = self.apply(space.vectors.view());
        let norm = self.norm_bound().max(f64::MIN_POSITIVE);
        let part = |rows: Range<usize>| {
            let mut sums = vec![[0.0; 2]; space.values.len()];
            for ((product, vector), &m) in
                rows.clone().map(|i| (product.row(i), space.vectors.row(i))).zip(&self.mass[rows])
            {
                for (((sum, &p), &v), &value) in sums.iter_mut().zip(product).zip(vector).zip(&space.values) {
                    let difference = p - value * m * v;
                    sum[0] += difference * difference / m;
                    sum[1] += m * v * v;
                }
            }
            sums
        };
        let parts: Vec<Vec<[f64; 2]>> = gram::parts(self.len()).into_par_iter().map(part).collect();
        let sum = |j: usize| parts.iter().fold([0.0; 2], |[a, b], sums| [a + sums[j][0], b + sums[j][1]]);
        let relative = |[residual, size]: [f64; 2]| if size > 0.0 { (residual / size).sqrt() / norm } else { 1.0 };
        (0..space.values.len()).map(sum).map(relative).collect()
    }

    /// What a person should know about the graph's components: one sentence each, with the setting to turn.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let (count, isolated) = (self.components.count(), self.components.isolated());
        if count > 1 {
            let largest = self.components.sizes[0];
            notes.push(format!(
                "The graph falls into {count} connected components, the largest with {largest} of {} samples: {count} \
                 eigenvalues are 0, and within their space only the split into components means anything. More --neighbors \
                 may join them{}.",
                self.len(),
                if self.joins.is_some() { "; fewer clusters join those that are small or near" } else { "" }
            ));
        }
        if isolated > 0 {
            notes.push(format!(
                "{isolated} {} no neighbour at all, and each is a component of its own.",
                if isolated == 1 { "sample has" } else { "samples have" }
            ));
        }
        notes
    }
}

fn check(affinity: &Csr) -> Result<()> {
    if !affinity.is_well_formed() {
        return Err(Error::Data("the affinity is not a square matrix of sorted rows".into()));
    }
    for i in 0..affinity.len() {
        let (columns, values) = affinity.row(i);
        for (&j, &value) in columns.iter().zip(values) {
            if !(value.is_finite() && value >= 0.0) {
                return Err(Error::Data(format!("the affinity of samples {} and {} is {value}", i + 1, j + 1)));
            }
            if j as usize == i {
                return Err(Error::Data(format!("sample {} is its own neighbour in the affinity", i + 1)));
            }
        }
    }
    let transpose = affinity.transpose();
    let same = transpose.offsets == affinity.offsets
        && transpose.columns == affinity.columns
        && transpose.values.iter().zip(&affinity.values).all(|(a, b)| (a - b).abs() <= 1e-12 * a.max(*b));
    if same { Ok(()) } else { Err(Error::Data("the affinity is not symmetric".into())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_takes_of_a_ring_s_wave_what_its_eigenvalue_says() {
        let n = 24_u32;
        for kind in [Laplacian::RandomWalk, Laplacian::Unnormalized] {
            let edges: Vec<_> = (0..n).flat_map(|i| [(i, (i + 1) % n, 3.0), ((i + 1) % n, i, 3.0)]).collect();
            let operator = Operator::new(Csr::from_triplets(n as usize + 1, &edges).expect("a ring"), kind);
            let operator = operator.expect("an operator");
            let turn = |i: usize| std::f64::consts::TAU * i as f64 / f64::from(n);
            // The last sample is alone.
            let wave = Array2::from_shape_fn((n as usize + 1, 1), |(i, _)| if i < 24 { turn(i).cos() } else { 5.0 });
            let taken = operator.taken_by_a_step(wave.view());
            for (i, (taken, value)) in taken.iter().zip(&wave).enumerate() {
                let expected = if i < 24 { (1.0 - turn(1).cos()) * value } else { 0.0 };
                assert!((taken - expected).abs() < 1e-12);
            }
        }
    }

    #[test]
    fn what_a_step_gives_is_the_transpose_of_what_it_takes() {
        let edges = [(0, 1, 2.0), (1, 0, 2.0), (1, 2, 0.5), (2, 1, 0.5), (2, 3, 1.0), (3, 2, 1.0)];
        let operator = Operator::new(Csr::from_triplets(5, &edges).expect("a path"), Laplacian::RandomWalk);
        let operator = operator.expect("an operator");
        let columns = |turn: usize| Array2::from_shape_fn((5, 2), |(i, j)| ((3 * i + 5 * j + turn) as f64).sin());
        let (u, v) = (columns(0), columns(4));
        let one = u.t().dot(&operator.taken_by_a_step(v.view()));
        let other = operator.given_by_a_step(u.view()).t().dot(&v);
        assert!((one - other).iter().all(|away| away.abs() < 1e-12));
    }
}
