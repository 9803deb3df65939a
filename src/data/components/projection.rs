//! Sparse rows become few numbers: a truncated singular value decomposition, kept so that new rows are brought to the same numbers.
//!
//! Scaling comes first. Rows brought to length 1 (`--scaling unit`, what `auto` takes for counts of words) give latent semantic analysis
//! (Deerwester et al., 1990): nothing is centred, and the components are brought to length 1 once more by the scaling of the run, so that
//! angles between them stand for angles between rows. Columns that are standardised are centred too, by what their means take from the
//! products: then the components are principal ones.

use ndarray::parallel::prelude::*;
use ndarray::{Array2, Axis};
use serde::{Deserialize, Serialize};

use super::centred::Centred;
use super::rows::SparseRows;
use super::singular::{self, BLOCK};
use crate::data::scaling::of_counts;
use crate::data::scaling::scaler::idf;
use crate::recipe::{Missing, Scaling};
use crate::support::number::median;
use crate::support::progress::Progress;
use crate::{Recipe, Result};

/// Share of zeros from which values that are never negative count what is mostly absent.
const MOSTLY_ZERO: f64 = 0.8;
/// Share of columns that are 0 in at least half of the rows among such, and of all squares that the heaviest has at most.
const SPARSE_COLUMNS: f64 = 0.95;
const HEAVIEST: f64 = 0.5;
/// Rows projected by one task.
const ROWS: usize = 256;

/// How rows of a wide sparse matrix become components, `d` numbers to `c`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Projection {
    /// What a column is called before its number.
    pub(in crate::data) word: String,
    /// The number of the first column.
    pub(in crate::data) first: usize,
    /// Columns of the matrix.
    width: usize,
    /// Those that are features and held something, ascending; the others have no say.
    columns: Vec<u32>,
    /// Whether rows are brought to length 1 first.
    unit: bool,
    /// What these columns are multiplied by before that; empty where nothing is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    weights: Vec<f64>,
    /// What stands for a missing value, a number for each of these columns; empty where that is 0.
    fill: Vec<f64>,
    /// What is added to the components: what centring takes from them.
    offset: Vec<f64>,
    /// Scaling of these columns and rotation in one, one row each, `c` numbers in it.
    #[serde(with = "crate::support::matrix_serde")]
    axes: Array2<f32>,
    /// Names of all columns of the matrix, where a column's place says nothing, as of the things in baskets.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(in crate::data) called: Vec<String>,
}

/// What a projection was made of, for the eye.
#[derive(Clone, Debug, PartialEq)]
pub struct Sparsity {
    /// Columns of the sparse matrix.
    pub columns: usize,
    /// What automatic scaling is for it, and why.
    pub scaling: (Scaling, String),
}

/// A projection with what it makes of the rows it was fitted to.
#[derive(Debug)]
pub(in crate::data) struct Fitted {
    pub(in crate::data) projection: Projection,
    pub(in crate::data) sparsity: Sparsity,
    /// Components, `n × c`.
    pub(in crate::data) rows: Array2<f32>,
    /// Part of all squares, or of the variance, that the components hold.
    held: f64,
    /// What a person should know.
    pub(in crate::data) notes: Vec<String>,
}

impl Fitted {
    /// What the components hold of the whole, in words.
    pub(in crate::data) fn share(&self) -> String {
        format!("{:.1} %", 100.0 * self.held)
    }
}

/// What is to be fitted.
pub(in crate::data) struct Task<'a> {
    pub(in crate::data) rows: &'a SparseRows,
    /// What a column is called, and the number of the first.
    pub(in crate::data) names: (&'static str, usize),
    /// Columns that are no features, ascending.
    pub(in crate::data) left_out: Vec<u32>,
    pub(in crate::data) components: usize,
}

impl Task<'_> {
    /// Scales, decomposes and projects.
    ///
    /// # Errors
    /// [`crate::Error::Cancelled`].
    pub(in crate::data) fn fit(self, recipe: &Recipe, progress: &Progress<'_>) -> Result<Fitted> {
        let (mut rows, columns) = self.rows.without(&self.left_out).compact();
        let width = self.rows.dim().1;
        let mut notes = Vec::new();
        let fill = fill(&mut rows, recipe.missing, &mut notes);
        let auto = automatic(&rows, width - self.left_out.len());
        let scaling = if recipe.scaling == Scaling::Auto { auto.0 } else { recipe.scaling };
        let (factor, shift) = factors(&rows, scaling);
        let unit = scaling.has_directions();
        rows.change(|_, column, value| *value *= factor[column as usize]);
        if unit {
            let lengths = lengths(&rows);
            rows.change(|i, _, value| *value *= inverse(lengths[i]));
        }
        let weights = if scaling == Scaling::TfIdf { factor.clone() } else { Vec::new() };
        let centred = Centred::new(rows, shift);
        let total = centred.squares();
        let found = singular::leading(&centred, self.components, recipe.seed, progress)?;
        if !found.settled {
            notes.push("the last components of the truncated SVD had not come to rest when it ended".to_owned());
        }
        let held = found.values.iter().map(|v| v * v).sum::<f64>() / total.max(f64::MIN_POSITIVE);
        let (mut axes, mean) = (found.axes, centred.into_mean());
        let offset = mean.map_or_else(|| vec![0.0; axes.ncols()], |mean| (-mean.dot(&axes)).to_vec());
        if !unit {
            axes.rows_mut().into_iter().zip(&factor).for_each(|(mut row, &factor)| row *= factor);
        }
        let axes = axes.mapv(|v| v as f32);
        let (word, first) = (self.names.0.to_owned(), self.names.1);
        let called = Vec::new();
        let projection = Projection { word, first, width, columns, unit, weights, fill, offset, axes, called };
        let rows = projection.rows(self.rows);
        let sparsity = Sparsity { columns: width, scaling: auto };
        Ok(Fitted { projection, sparsity, rows, held: held.min(1.0), notes })
    }

    /// Bytes that it takes at most.
    pub(in crate::data) fn bytes((n, d): (f64, f64), entries: f64, components: usize) -> f64 {
        let (small, large) = (n.min(d), n.max(d));
        let (room, c) = (singular::room(components) as f64, components as f64);
        let space = small.min(room) * (3.0 * small + 2.0 * room) + (3.0 * BLOCK as f64 + c) * large;
        // Entries are held as they came, by rows, scaled, and by columns.
        8.0 * (space + d * c * 1.5 + n * c) + entries * 64.0
    }
}

impl Projection {
    /// Columns of the matrix it reads.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Numbers that a row becomes.
    #[must_use]
    pub fn components(&self) -> usize {
        self.axes.ncols()
    }

    /// Names of the components.
    pub(in crate::data) fn names(&self) -> Vec<String> {
        (1..=self.components()).map(|at| format!("component {at}")).collect()
    }

    /// Whether rows are brought to length 1 before.
    #[must_use]
    pub fn is_unit(&self) -> bool {
        self.unit
    }

    /// Whether a column has a say.
    pub(in crate::data) fn reads(&self, column: usize) -> bool {
        self.place(column).is_some()
    }

    fn place(&self, column: usize) -> Option<usize> {
        u32::try_from(column).ok().and_then(|column| self.columns.binary_search(&column).ok())
    }

    /// The components of sparse rows, `n × c`. Columns that it does not read have no say.
    pub(in crate::data) fn rows(&self, rows: &SparseRows) -> Array2<f32> {
        self.each(rows.dim().0, |i, take| {
            let (columns, values) = rows.row(i);
            columns.iter().zip(values).for_each(|(&column, &value)| take(column as usize, value));
        })
    }

    /// The components of `n` rows, each handed over by its columns and values, columns ascending.
    pub(in crate::data) fn each(
        &self,
        n: usize,
        of_row: impl Fn(usize, &mut dyn FnMut(usize, f64)) + Sync,
    ) -> Array2<f32> {
        let mut made = Array2::zeros((n, self.components()));
        made.axis_chunks_iter_mut(Axis(0), ROWS).into_par_iter().enumerate().for_each(|(chunk, mut rows)| {
            let mut sums = vec![0.0_f64; self.components()];
            for (at, mut to) in rows.rows_mut().into_iter().enumerate() {
                sums.fill(0.0);
                let mut squares = 0.0;
                of_row(chunk * ROWS + at, &mut |column, value| {
                    let Some(column) = self.place(column) else { return };
                    let value = if value.is_nan() { self.fill.get(column).copied().unwrap_or(0.0) } else { value };
                    let value = value * self.weights.get(column).copied().unwrap_or(1.0);
                    squares += value * value;
                    sums.iter_mut().zip(self.axes.row(column)).for_each(|(sum, &axis)| *sum += value * f64::from(axis));
                });
                let factor = if self.unit { inverse(squares.sqrt()) } else { 1.0 };
                for ((to, sum), offset) in to.iter_mut().zip(&sums).zip(&self.offset) {
                    *to = (factor * sum + offset).clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32;
                }
            }
        });
        made
    }

    /// Whether its parts fit each other: it may come from a file.
    ///
    /// # Errors
    /// What does not fit, in words.
    pub(in crate::data) fn check(&self) -> Result<(), String> {
        let fits = self.offset.len() == self.components()
            && self.columns.len() == self.axes.nrows()
            && (self.called.is_empty() || self.called.len() == self.width)
            && [&self.fill, &self.weights].iter().all(|each| each.is_empty() || each.len() == self.columns.len())
            && self.columns.is_sorted_by(|a, b| a < b)
            && self.columns.last().is_none_or(|&last| (last as usize) < self.width);
        let finite = self.axes.iter().all(|v| v.is_finite())
            && self.offset.iter().chain(&self.fill).chain(&self.weights).all(|v| v.is_finite());
        if fits && finite { Ok(()) } else { Err("what it makes of sparse rows does not fit itself".to_owned()) }
    }
}

fn inverse(length: f64) -> f64 {
    if length > 0.0 { length.recip() } else { 0.0 }
}

/// Lengths of the rows.
fn lengths(rows: &SparseRows) -> Vec<f64> {
    (0..rows.dim().0).map(|i| rows.row(i).1.iter().map(|v| v * v).sum::<f64>().sqrt()).collect()
}

/// Fills what is missing with the middle of its column, in which zeros count; what would fill each column, nothing where that is 0
/// everywhere.
fn fill(rows: &mut SparseRows, policy: Missing, notes: &mut Vec<String>) -> Vec<f64> {
    let (n, d) = rows.dim();
    let by_column = rows.transpose();
    let middle = |j: usize| {
        let known: Vec<f64> = by_column.row(j).1.iter().copied().filter(|v| !v.is_nan()).collect();
        let all = n - (by_column.row(j).1.len() - known.len());
        match policy {
            Missing::Mean => known.iter().sum::<f64>() / all.max(1) as f64,
            // More zeros than anything else have a zero in the middle.
            _ if 2 * known.len() < all || all == 0 => 0.0,
            _ => median(known.iter().copied().chain(std::iter::repeat_n(0.0, all - known.len())).collect()),
        }
    };
    let middles: Vec<f64> = (0..d).into_par_iter().map(middle).collect();
    let mut filled = 0_usize;
    rows.change(|_, column, value| {
        if value.is_nan() {
            *value = middles[column as usize];
            filled += 1;
        }
    });
    if filled > 0 {
        let what = if policy == Missing::Mean { "mean" } else { "median" };
        notes.push(format!("missing values filled with their column's {what}, in which zeros count: {filled}"));
    }
    if middles.iter().all(|&v| v == 0.0) { Vec::new() } else { middles }
}

/// What automatic scaling is for sparse rows of so many columns, most of them perhaps without anything, by what `auto` looks at in a table too, and why.
fn automatic(rows: &SparseRows, all: usize) -> (Scaling, String) {
    let (n, d) = rows.dim();
    let zeros = 1.0 - rows.entries() as f64 / (n as f64 * all as f64).max(1.0);
    let (mut counts, mut squares, mut negative) = (vec![0_usize; d], vec![0.0_f64; d], false);
    let (mut whole, mut twice) = (true, false);
    for i in 0..n {
        let (columns, values) = rows.row(i);
        for (&column, &value) in columns.iter().zip(values) {
            counts[column as usize] += usize::from(value != 0.0);
            squares[column as usize] += value * value;
            negative |= value < 0.0;
            whole &= value.fract() == 0.0;
            twice |= value > 1.0;
        }
    }
    let dense = counts.iter().filter(|&&count| 2 * count > n).count();
    let sparse = 1.0 - dense as f64 / all.max(1) as f64;
    let heaviest = squares.iter().copied().fold(0.0, f64::max) / squares.iter().sum::<f64>().max(f64::MIN_POSITIVE);
    if zeros >= MOSTLY_ZERO && !negative && sparse >= SPARSE_COLUMNS && heaviest <= HEAVIEST {
        let zeros = format!("{} % of the values are 0", (1000.0 * zeros).floor() / 10.0);
        return of_counts(&zeros, whole && twice);
    }
    (Scaling::Standardize, "columns may have units of their own".to_owned())
}

/// What each column is multiplied by, and the means of the columns so multiplied where they are taken away.
fn factors(rows: &SparseRows, scaling: Scaling) -> (Vec<f64>, Option<Vec<f64>>) {
    let (n, d) = rows.dim();
    match scaling {
        Scaling::None | Scaling::Unit => (vec![1.0; d], None),
        Scaling::TfIdf => {
            let by_column = rows.transpose();
            let held = |j: usize| by_column.row(j).1.iter().filter(|&&v| v != 0.0).count();
            ((0..d).map(|j| idf(n, held(j))).collect(), None)
        }
        Scaling::Range => {
            let largest = (0..n).flat_map(|i| rows.row(i).1).fold(0.0_f64, |most, v| most.max(v.abs()));
            (vec![if largest > 0.0 { 1.0 / largest } else { 1.0 }; d], None)
        }
        Scaling::Auto | Scaling::Standardize | Scaling::Mixed => {
            let by_column = rows.transpose();
            let of_column = |j: usize| {
                let values = by_column.row(j).1;
                let mean = values.iter().sum::<f64>() / n.max(1) as f64;
                let apart = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>();
                let variance = (apart + (n - values.len()) as f64 * mean * mean) / n.max(1) as f64;
                let factor = if variance > 1e-20 * mean * mean { variance.sqrt().recip() } else { 1.0 };
                (factor, mean * factor)
            };
            let (factor, shift) = (0..d).into_par_iter().map(of_column).unzip();
            (factor, Some(shift))
        }
    }
}
