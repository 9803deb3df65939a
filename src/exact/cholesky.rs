//! Graphs of low-dimensional data: their Laplacian has a sparse Cholesky factor, and with it each round of inverse iteration
//! gains the ratio of eigenvalues, however small they are.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::sparse::linalg::cholesky::{
    CholeskySymbolicParams, LltRef, SymbolicCholesky, SymmetricOrdering, factorize_symbolic_cholesky,
};
use faer::sparse::{SparseColMatRef, SymbolicSparseColMatRef};
use faer::{Conj, Mat, Par, Side};
use ndarray::Array2;

use super::subspace::{Drive, State};
use super::symmetric::Symmetric;
use crate::progress::Progress;
use crate::{Error, Result};

/// Relative to the norm, what is added to the diagonal: the matrix is singular, and this makes it definite while staying
/// below any eigenvalue that can be told from 0.
const SHIFTS: [f64; 3] = [1e-10, 1e-8, 1e-6];

/// The order and pattern of a factor.
pub(super) struct Pattern {
    symbolic: SymbolicCholesky<u32>,
    /// Lower half of the matrix's rows, which is the upper half of its columns.
    offsets: Vec<u32>,
    rows: Vec<u32>,
}

impl Pattern {
    /// Find an elimination order. `None` when the factor would not fit 32-bit indices.
    pub(super) fn new(s: &Symmetric) -> Option<Self> {
        let n = s.len();
        let mut offsets = Vec::with_capacity(n + 1);
        let mut rows = Vec::with_capacity(s.weights.columns.len() / 2 + n);
        offsets.push(0);
        for i in 0..n {
            rows.extend(s.weights.row(i).0.iter().copied().take_while(|&j| (j as usize) < i));
            rows.push(i as u32);
            offsets.push(u32::try_from(rows.len()).ok()?);
        }
        let symbolic = {
            let matrix = SymbolicSparseColMatRef::new_checked(n, n, &offsets, None, &rows);
            let params = CholeskySymbolicParams::default();
            factorize_symbolic_cholesky(matrix, Side::Upper, SymmetricOrdering::Amd, params).ok()?
        };
        Some(Self { symbolic, offsets, rows })
    }

    /// Numbers in the factor.
    pub(super) fn fill(&self) -> usize {
        self.symbolic.len_val()
    }

    /// Compute the factor.
    pub(super) fn factorize(self, s: &Symmetric, progress: &Progress<'_>) -> Result<Cholesky> {
        let n = s.len();
        let mut values = Vec::with_capacity(self.rows.len());
        let mut factor = vec![0.0; self.fill()];
        for shift in SHIFTS {
            progress.check()?;
            values.clear();
            for i in 0..n {
                let (columns, weights) = s.weights.row(i);
                values.extend(columns.iter().zip(weights).take_while(|(j, _)| (**j as usize) < i).map(|(_, w)| -w));
                values.push(s.diagonal[i] + shift * s.norm);
            }
            let pattern = SymbolicSparseColMatRef::new_checked(n, n, &self.offsets, None, &self.rows);
            let matrix = SparseColMatRef::new(pattern, &values);
            let par = Par::rayon(0);
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
                return Ok(Cholesky { symbolic: self.symbolic, factor });
            }
        }
        Err(Error::Numerics("the Laplacian has no Cholesky factor in f64: its weights span too many orders".into()))
    }
}

/// Inverse iteration.
pub(super) struct Cholesky {
    symbolic: SymbolicCholesky<u32>,
    factor: Vec<f64>,
}

impl Drive for Cholesky {
    fn advance(
        &mut self,
        _: &Symmetric,
        mut x: Array2<f64>,
        _: State<'_>,
        progress: &Progress<'_>,
    ) -> Result<Array2<f64>> {
        progress.check()?;
        let (n, b) = x.dim();
        let par = Par::rayon(0);
        let mut columns = Mat::from_fn(n, b, |i, j| x[[i, j]]);
        let needs = self.symbolic.solve_in_place_scratch::<f64>(b, par);
        let mut memory = MemBuffer::try_new(needs)
            .map_err(|_| Error::Numerics("there is no memory to solve with the factor of the Laplacian".into()))?;
        LltRef::<u32, f64>::new(&self.symbolic, &self.factor).solve_in_place_with_conj(
            Conj::No,
            columns.as_mut(),
            par,
            MemStack::new(&mut memory),
        );
        for ((i, j), to) in x.indexed_iter_mut() {
            *to = columns[(i, j)];
        }
        Ok(x)
    }
}
