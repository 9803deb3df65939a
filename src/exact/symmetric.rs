//! The symmetric form of the pencil: `S = M^−½ (D − W) M^−½`, with `u = M^½ v`.

use std::sync::Arc;

use ndarray::{Array2, Axis};
use rayon::prelude::*;

use crate::graph::product::{Sparse, Terms};
use crate::graph::{Components, Csr, Operator, gram};

/// `S` as a diagonal minus a sparse matrix, with the known vectors of its kernel.
pub(super) struct Symmetric {
    /// `W`, of which only the places of its entries are read.
    pub(super) affinity: Arc<Csr>,
    /// The entries of `M^−½ W M^−½`.
    values: Vec<f64>,
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
        let unit: Vec<f64> = root_mass.iter().map(|root| root.recip()).collect();
        let Csr { offsets, columns, values: weights } = &*op.affinity;
        let mut values = vec![0.0; weights.len()];
        let mut left = &mut values[..];
        // The parts' lengths add up to all entries, so that none goes without.
        let parts = gram::parts(op.len()).into_iter().map(|rows| {
            let entries = offsets[rows.start]..offsets[rows.end];
            (rows, left.split_off_mut(..entries.len()).unwrap_or_default(), entries)
        });
        parts.collect::<Vec<_>>().into_par_iter().for_each(|(rows, values, entries)| {
            let first = entries.start;
            for (value, at) in values.iter_mut().zip(entries) {
                *value = weights[at] * unit[columns[at] as usize];
            }
            for i in rows {
                values[offsets[i] - first..offsets[i + 1] - first].iter_mut().for_each(|value| *value *= unit[i]);
            }
        });
        let components = Arc::clone(&op.components);
        let mut masses = vec![0.0; components.count()];
        for (&c, &m) in components.of.iter().zip(op.mass.iter()) {
            masses[c as usize] += m;
        }
        let kernel = components.of.iter().zip(&root_mass).map(|(&c, &r)| r / masses[c as usize].sqrt()).collect();
        Self {
            affinity: Arc::clone(&op.affinity),
            values,
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

    /// Columns and entries of row `i` of `M^−½ W M^−½`.
    pub(super) fn row(&self, i: usize) -> (&[u32], &[f64]) {
        let Csr { offsets, columns, .. } = &*self.affinity;
        let entries = offsets[i]..offsets[i + 1];
        (&columns[entries.clone()], &self.values[entries])
    }

    pub(super) fn sparse(&self) -> Sparse<'_, f64> {
        let Csr { offsets, columns, .. } = &*self.affinity;
        Sparse { offsets, columns, values: &self.values, diagonal: &self.diagonal }
    }

    /// `S x`.
    pub(super) fn apply(&self, x: &Array2<f64>) -> Array2<f64> {
        let mut out = Array2::zeros(x.raw_dim());
        if let (Some(x), Some(out)) = (x.as_slice(), out.as_slice_mut()) {
            self.sparse().combine(x, out, Terms { scale: 1.0, shift: 0.0, keep: 0.0 });
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
