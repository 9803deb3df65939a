//! Graphs of low-dimensional data: their Laplacian has a sparse Cholesky factor, and with it each round of inverse iteration
//! gains the ratio of eigenvalues, however small they are.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::sparse::linalg::SupernodalThreshold;
use faer::sparse::linalg::cholesky::supernodal::SupernodalLltRef;
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, SymbolicCholesky, SymbolicCholeskyRaw, SymmetricOrdering, factorize_symbolic_cholesky,
};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMatRef};
use faer::{Par, Side};
use ndarray::{Array2, Axis};
use rayon::prelude::*;

use super::subspace::{Drive, State};
use super::substitution::{LANES, Row, solve};
use super::symmetric::Symmetric;
use crate::support::progress::Progress;
use crate::{Error, Result};

/// Relative to the norm, what is added to the diagonal: the matrix is singular, and this makes it definite while staying
/// below any eigenvalue that can be told from 0.
const SHIFTS: [f64; 3] = [1e-10, 1e-8, 1e-6];

/// A component with at least this share of all samples has a factor of its own; the smaller ones share one.
const SHARE: usize = 32;

/// The order and pattern of the factors: components have nothing to do with each other, so each is ordered, factored and solved beside
/// the others.
pub(super) struct Pattern {
    parts: Vec<PartPattern>,
    /// Part of each sample, and its place there.
    places: Vec<(u32, u32)>,
}

struct PartPattern {
    /// Its samples, ascending.
    samples: Vec<u32>,
    symbolic: SymbolicCholesky<u32>,
    /// Lower half of the part's rows, which is the upper half of its columns.
    offsets: Vec<u32>,
    rows: Vec<u32>,
}

impl Pattern {
    /// Find elimination orders. `None` when a factor would not fit 32-bit indices.
    pub(super) fn new(s: &Symmetric) -> Option<Self> {
        let n = s.len();
        // Sizes descend, so the first components are the large ones.
        let large = s.components.sizes.iter().take_while(|&&size| SHARE * size >= n).count();
        let mut samples = vec![Vec::new(); s.components.count().min(large + 1)];
        let place = |(i, &c): (usize, &u32)| {
            let part = c.min(large as u32);
            samples[part as usize].push(i as u32);
            (part, samples[part as usize].len() as u32 - 1)
        };
        let places: Vec<(u32, u32)> = s.components.of.iter().enumerate().map(place).collect();
        let parts = samples.into_par_iter().map(|samples| PartPattern::new(s, samples, &places));
        Some(Self { parts: parts.collect::<Option<_>>()?, places })
    }

    /// Numbers in the factors.
    pub(super) fn fill(&self) -> usize {
        self.parts.iter().map(|part| part.symbolic.len_val()).sum()
    }

    /// Compute the factors.
    pub(super) fn factorize(mut self, s: &Symmetric, progress: &Progress<'_>) -> Result<Cholesky> {
        progress.check()?;
        let parts: Vec<Part> = self.parts.into_par_iter().map(|part| part.factorize(s)).collect::<Result<_>>()?;
        progress.check()?;
        let orders: Vec<_> = parts.iter().map(|part| part.symbolic.perm().map(|order| order.arrays().1)).collect();
        for (part, place) in &mut self.places {
            if let Some(eliminated) = orders[*part as usize] {
                *place = eliminated[*place as usize];
            }
        }
        Ok(Cholesky { parts, places: self.places })
    }
}

impl PartPattern {
    fn new(s: &Symmetric, samples: Vec<u32>, places: &[(u32, u32)]) -> Option<Self> {
        let n = samples.len();
        let mut offsets = Vec::with_capacity(n + 1);
        let mut rows = Vec::new();
        offsets.push(0);
        for &i in &samples {
            rows.extend(s.row(i as usize).0.iter().take_while(|&&j| j < i).map(|&j| places[j as usize].1));
            rows.push(places[i as usize].1);
            offsets.push(u32::try_from(rows.len()).ok()?);
        }
        let symbolic = {
            let matrix = SymbolicSparseColMatRef::new_checked(n, n, &offsets, None, &rows);
            let params = CholeskySymbolicParams {
                // Below FORCE_SUPERNODAL, which leaves out matrices without an edge.
                supernodal_flop_ratio_threshold: SupernodalThreshold(-1.0),
                ..CholeskySymbolicParams::default()
            };
            factorize_symbolic_cholesky(matrix, Side::Upper, SymmetricOrdering::Amd, params).ok()?
        };
        Some(Self { samples, symbolic, offsets, rows })
    }

    fn factorize(self, s: &Symmetric) -> Result<Part> {
        let n = self.samples.len();
        let mut values = Vec::with_capacity(self.rows.len());
        let mut factor = vec![0.0; self.symbolic.len_val()];
        for shift in SHIFTS {
            values.clear();
            for &i in &self.samples {
                let (columns, weights) = s.row(i as usize);
                values.extend(columns.iter().zip(weights).take_while(|(j, _)| **j < i).map(|(_, w)| -w));
                values.push(s.diagonal[i as usize] + shift * s.norm);
            }
            let pattern = SymbolicSparseColMatRef::new_checked(n, n, &self.offsets, None, &self.rows);
            let matrix = SparseColMatRef::new(pattern, &values);
            // Nodes are small, and threads beside each other in one cost more than they gain.
            let par = Par::Seq;
            let needs = self.symbolic.factorize_numeric_llt_scratch::<f64>(par, faer::Spec::default());
            let mut memory = MemBuffer::try_new(needs)
                .map_err(|_| Error::Numerics("there is no memory for the factor of the Laplacian".into()))?;
            let done = self.symbolic.factorize_numeric_llt::<f64>(
                &mut factor,
                matrix,
                Side::Upper,
                faer::linalg::cholesky::llt::factor::LltRegularization::default(),
                par,
                MemStack::new(&mut memory),
                faer::Spec::default(),
            );
            if done.is_ok() {
                let order = match self.symbolic.perm() {
                    Some(order) => order.arrays().0.iter().map(|&i| self.samples[i as usize]).collect(),
                    None => self.samples,
                };
                return Ok(Part { order, symbolic: self.symbolic, factor });
            }
        }
        Err(Error::Numerics("the Laplacian has no Cholesky factor in f64: its weights span too many orders".into()))
    }
}

/// Inverse iteration.
pub(super) struct Cholesky {
    parts: Vec<Part>,
    /// Part of each sample, and its place in the order of elimination there.
    places: Vec<(u32, u32)>,
}

struct Part {
    /// Its samples in the order of elimination.
    order: Vec<u32>,
    symbolic: SymbolicCholesky<u32>,
    factor: Vec<f64>,
}

impl Part {
    /// Its rows of the solution for the columns from `from` on, as many as there are and fit.
    fn solve(&self, x: &Array2<f64>, from: usize) -> Result<Vec<Row>> {
        let SymbolicCholeskyRaw::Supernodal(symbolic) = self.symbolic.raw() else {
            return Err(Error::Numerics("the factor of the Laplacian has another form than was asked for".into()));
        };
        let row = |&i: &u32| {
            let mut row = [0.0; LANES];
            row.iter_mut().zip(x.row(i as usize).iter().skip(from)).for_each(|(to, &from)| *to = from);
            row
        };
        let mut rows: Vec<Row> = self.order.iter().map(row).collect();
        solve(SupernodalLltRef::new(symbolic, &self.factor), &mut rows);
        Ok(rows)
    }
}

impl Drive for Cholesky {
    fn begin(&mut self, mut x: Array2<f64>, progress: &Progress<'_>) -> Result<Array2<f64>> {
        progress.check()?;
        let (groups, parts) = (x.ncols().div_ceil(LANES), self.parts.len());
        let task = |task: usize| self.parts[task % parts].solve(&x, task / parts * LANES);
        let solved: Vec<Vec<Row>> = (0..groups * parts).into_par_iter().map(task).collect::<Result<_>>()?;
        let rows = x.axis_iter_mut(Axis(0)).into_par_iter().zip(&self.places);
        rows.with_min_len(4096).for_each(|(mut row, &(part, place))| {
            for (j, to) in row.iter_mut().enumerate() {
                *to = solved[j / LANES * parts + part as usize][place as usize][j % LANES];
            }
        });
        Ok(x)
    }

    fn advance(&mut self, _: &Symmetric, x: Array2<f64>, _: State<'_>, progress: &Progress<'_>) -> Result<Array2<f64>> {
        self.begin(x, progress)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exact::subspace::State;
    use crate::graph::{Csr, Operator};
    use crate::recipe::Laplacian;

    /// A grid, a ring and four pairs: two components with factors of their own, and small ones that share one.
    fn graph() -> Symmetric {
        let mut edges = Vec::new();
        let mut edge = |i: u32, j: u32, w: f64| edges.extend([(i, j, w), (j, i, w)]);
        let (side, ring) = (14_u32, 150_u32);
        for i in 0..side * side {
            let weight = 0.5 + f64::from(i % 5);
            if i % side + 1 < side {
                edge(i, i + 1, weight);
            }
            if i + side < side * side {
                edge(i, i + side, 2.0 / weight);
            }
        }
        let first = side * side;
        (0..ring).for_each(|i| edge(first + i, first + (i + 1) % ring, 1.0));
        let last = first + ring;
        (0..4).for_each(|pair| edge(last + 2 * pair, last + 2 * pair + 1, 0.3));
        let graph = Csr::from_triplets(last as usize + 8, &edges).expect("inside");
        Symmetric::new(&Operator::new(graph, Laplacian::RandomWalk).expect("symmetric"))
    }

    #[test]
    fn a_solution_times_the_matrix_is_what_was_given() {
        let s = graph();
        let pattern = Pattern::new(&s).expect("it fits");
        assert_eq!(pattern.parts.iter().map(|part| part.samples.len()).collect::<Vec<_>>(), [196, 150, 8]);
        assert!(pattern.fill() > s.len());
        let mut factor = pattern.factorize(&s, &Progress::silent()).expect("definite");
        // Eleven columns: one group of eight, and one that is not full.
        let mut x = Array2::from_shape_fn((s.len(), 11), |(i, j)| ((i * 37 + j * 101) % 89) as f64 / 89.0 - 0.4);
        s.project(&mut x);
        let state = State { ritz: &[], wanted: 1, excess: 1.0 };
        let mut y = factor.advance(&s, x.clone(), state, &Progress::silent()).expect("it works");
        s.project(&mut y);
        let away = (&s.apply(&y) - &x).iter().fold(0.0_f64, |most, d| most.max(d.abs()));
        assert!(away < 1e-6, "{away}");
        assert!(y.iter().any(|v| v.abs() > 1.0));
    }
}
