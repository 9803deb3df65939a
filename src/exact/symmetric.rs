//! The symmetric form of the pencil: `S = M^−½ (D − W) M^−½`, with `u = M^½ v`.

use std::sync::Arc;

use ndarray::{Array2, Axis};
use rayon::prelude::*;

use crate::graph::product::{Sparse, Terms};
use crate::graph::{Components, Csr, Operator};

/// `S` as a diagonal minus a sparse matrix, with the known vectors of its kernel.
pub(super) struct Symmetric {
    /// `M^−½ W M^−½`.
    pub(super) weights: Csr,
    /// `D M⁻¹`.
    pub(super) diagonal: Vec<f64>,
    /// An upper bound of the spectrum.
    pub(super) norm: f64,
    /// Roots of the masses.
    pub(super) root_mass: Vec<f64>,
    /// Components of the graph.
    pub(super) components: Arc<Components>,
    /// Entry `i` of the unit kernel vector of the component of `i`.
    pub(super) kernel: Vec<f64>,
    /// `tr M`.
    pub(super) total_mass: f64,
}

impl Symmetric {
    pub(super) fn new(op: &Operator) -> Self {
        let root_mass: Vec<f64> = op.mass.iter().map(|m| m.sqrt()).collect();
        let mut weights = (*op.affinity).clone();
        for i in 0..op.len() {
            for at in weights.offsets[i]..weights.offsets[i + 1] {
                weights.values[at] /= root_mass[i] * root_mass[weights.columns[at] as usize];
            }
        }
        let components = Arc::clone(&op.components);
        let mut masses = vec![0.0; components.count()];
        for (&c, &m) in components.of.iter().zip(op.mass.iter()) {
            masses[c as usize] += m;
        }
        let kernel = components.of.iter().zip(&root_mass).map(|(&c, &r)| r / masses[c as usize].sqrt()).collect();
        Self {
            weights,
            diagonal: op.degrees.iter().zip(op.mass.iter()).map(|(d, m)| d / m).collect(),
            norm: op.norm_bound().max(f64::MIN_POSITIVE),
            root_mass,
            components,
            kernel,
            total_mass: op.total_mass(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.diagonal.len()
    }

    /// `S x`.
    pub(super) fn apply(&self, x: &Array2<f64>) -> Array2<f64> {
        let mut out = Array2::zeros(x.raw_dim());
        if let (Some(x), Some(out)) = (x.as_slice(), out.as_slice_mut()) {
            let terms = Terms { scale: 1.0, shift: 0.0, keep: 0.0 };
            Sparse::new(&self.weights, &self.diagonal).combine(x, out, terms);
        }
        out
    }

    /// Take the kernel out of every column.
    pub(super) fn project(&self, x: &mut Array2<f64>) {
        let mut sums = Array2::<f64>::zeros((self.components.count(), x.ncols()));
        for ((row, &c), &u) in x.rows().into_iter().zip(&self.components.of).zip(&self.kernel) {
            sums.row_mut(c as usize).scaled_add(u, &row);
        }
        x.axis_iter_mut(Axis(0))
            .into_par_iter()
            .zip(&self.components.of)
            .zip(&self.kernel)
            .for_each(|((mut row, &c), &u)| row.scaled_add(-u, &sums.row(c as usize)));
    }

    /// Columns `u` of unit length as columns `v = M^−½ u` of mean square 1.
    pub(super) fn unscale(&self, mut u: Array2<f64>) -> Array2<f64> {
        let length = self.total_mass.sqrt();
        let rows = u.axis_iter_mut(Axis(0)).into_par_iter().zip(&self.root_mass);
        rows.with_min_len(4096).for_each(|(mut row, &root)| row *= length / root);
        u
    }
}
