//! Samples that are rows of a sparse matrix and stay sparse: roles of their columns, gaps, and the projection that makes features of them.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use ndarray::Array2;

use crate::data::columns::labels::Classes;
use crate::data::columns::reading::Reading;
use crate::data::columns::roles;
use crate::data::components::projection::{Projection, Task};
use crate::data::components::rows::SparseRows;
use crate::data::raw::{Raw, Taken, few};
use crate::data::values::Values;
use crate::recipe::Missing;
use crate::support::error::Remedy;
use crate::support::language::counted;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Sparse rows that are still to be projected.
#[derive(Debug)]
pub(in crate::data) struct Kept {
    pub(in crate::data) rows: SparseRows,
    /// What a column is called, and the number of the first.
    pub(in crate::data) names: (&'static str, usize),
    /// What each is called, where its number says nothing.
    pub(in crate::data) called: Vec<String>,
    pub(in crate::data) components: usize,
}

impl Raw {
    /// Sparse rows become components, which are the features from here on.
    ///
    /// # Errors
    /// [`Error::Setting`] and [`Error::Format`] for a column that is not there, or a gap where none may be; [`Error::Cancelled`].
    pub(in crate::data) fn project(&mut self, mut kept: Kept, recipe: &Recipe, progress: &Progress<'_>) -> Result<()> {
        let left_out = self.roles(&kept, recipe)?;
        self.leave_gaps(&mut kept, recipe.missing, &left_out)?;
        let (n, d) = kept.rows.dim();
        if left_out.len() == d {
            return Err(Error::format(&self.origin, "no feature is left"));
        }
        let components = kept.components.min(n);
        let task = Task { rows: &kept.rows, names: kept.names, left_out, components };
        let mut fitted = task.fit(recipe, progress)?;
        fitted.projection.called = kept.called;
        let found = fitted.projection.components();
        if found == 0 {
            return Err(Error::format(
                &self.origin,
                "the sparse matrix holds nothing but zeros, or the same in every row",
            ));
        }
        let fewer = if found < components { ": it has no more" } else { "" };
        self.notes.push(format!(
            "its rows became {} of a truncated SVD, which hold {} of their {}{fewer}; --components takes another number",
            counted(found, "component"),
            fitted.share(),
            if fitted.projection.is_unit() { "squares" } else { "variance" },
        ));
        self.notes.extend(fitted.notes);
        self.columns = fitted.projection.names();
        self.reading = Some(Reading::of_projection(fitted.projection));
        self.features = Values::Single(fitted.rows);
        self.sparsity = Some(Arc::new(fitted.sparsity));
        Ok(())
    }

    /// Columns that a person gave another role than that of features, ascending; labels are taken from theirs.
    fn roles(&mut self, kept: &Kept, recipe: &Recipe) -> Result<Vec<u32>> {
        let is_given = |text: &str| !matches!(text, "auto" | "none");
        let labels = is_given(&recipe.label_column) && self.classes.is_none();
        let id = is_given(&recipe.id_column);
        if !labels && !id && recipe.ignore == "none" && recipe.features == "auto" {
            return Ok(Vec::new());
        }
        let (word, first) = kept.names;
        let names: Vec<String> = (first..first + kept.rows.dim().1).map(|at| format!("{word} {at}")).collect();
        let path = self.origin.clone();
        let ignored = roles::names(&names, "ignore", &recipe.ignore, &path)?;
        let mut left_out: Vec<usize> = ignored.into_iter().flatten().collect();
        if labels {
            let column = roles::column_index(&names, "label-column", &recipe.label_column, &path)?;
            self.classes = Some(Classes::from_numbers(&dense_column(&kept.rows, column)));
            left_out.push(column);
        }
        if id {
            left_out.push(roles::column_index(&names, "id-column", &recipe.id_column, &path)?);
        }
        if let Some(chosen) = roles::names(&names, "features", &recipe.features, &path)? {
            left_out.extend((0..names.len()).filter(|column| !chosen.contains(column)));
        }
        left_out.sort_unstable();
        left_out.dedup();
        let gone: Vec<&str> = left_out.iter().map(|&at| names[at].as_str()).collect();
        self.notes.push(format!("columns that are no features, as asked: {}", few(&gone)));
        Ok(left_out.into_iter().map(|column| column as u32).collect())
    }

    /// Leaves rows with gaps out, or refuses them, where the policy says so.
    fn leave_gaps(&mut self, kept: &mut Kept, policy: Missing, left_out: &[u32]) -> Result<()> {
        let gap = |i: usize| {
            let (columns, values) = kept.rows.row(i);
            let missing = |(column, value): (&u32, &f64)| value.is_nan() && left_out.binary_search(column).is_err();
            columns.iter().zip(values).find(|entry| missing(*entry)).map(|entry| *entry.0)
        };
        let gaps: Vec<Option<u32>> = (0..kept.rows.dim().0).map(gap).collect();
        let Some(first) = gaps.iter().position(Option::is_some) else { return Ok(()) };
        if policy == Missing::Error {
            let (word, number) = (kept.names.0, gaps[first].unwrap_or(0) as usize + kept.names.1);
            let message = format!("{}, column `{word} {number}`: a value is missing", self.place(first));
            let fills = Remedy::set("missing", "median", "fills in the column's median", "Fill with median");
            return Err(Error::format(&self.origin, message).or(fills));
        }
        if policy != Missing::DropRows {
            return Ok(());
        }
        let stay: Vec<usize> = (0..gaps.len()).filter(|&row| gaps[row].is_none()).collect();
        let dropped = gaps.len() - stay.len();
        let rows = counted(gaps.len(), "row");
        self.notes
            .push(format!("{dropped} of {rows} left out: a value is missing, the first on {}", self.place(first)));
        kept.rows = kept.rows.select(|row| gaps[row].is_none());
        self.classes = self.classes.take().map(|classes| classes.select(&stay));
        self.lines = self.lines.take().map(|lines| stay.iter().map(|&row| lines[row]).collect());
        self.taken = Some(match self.taken.take() {
            Some(Taken { of, rows }) => Taken { of, rows: stay.iter().map(|&row| rows[row]).collect() },
            None => Taken { of: gaps.len(), rows: stay },
        });
        Ok(())
    }

    /// The features that a model's projection makes of these samples, sparse or as wide; what a person should know of them.
    ///
    /// # Errors
    /// [`Error::Format`] where they are no rows of such a matrix.
    pub(in crate::data) fn projected_by(&mut self, projection: &Projection) -> Result<()> {
        let width = projection.width();
        let made: Array2<f32> = if let Some(kept) = self.sparse.take() {
            // Columns of LIBSVM are known by their index, and counted from the lowest that a file may have.
            let moved = if kept.names.0 == projection.word { kept.names.1 as i64 - projection.first as i64 } else { 0 };
            let n = kept.rows.dim().0;
            let by_name = projection.by_name(&kept.called);
            let place = |column: u32| {
                let place = match &by_name {
                    Some(places) => places.get(column as usize).copied().flatten(),
                    None => usize::try_from(i64::from(column) + moved).ok(),
                };
                place.filter(|&at| projection.reads(at))
            };
            let (mut unknown, mut gaps) = (0_usize, 0_usize);
            for i in 0..n {
                let (columns, values) = kept.rows.row(i);
                unknown += columns.iter().zip(values).filter(|(c, v)| **v != 0.0 && place(**c).is_none()).count();
                gaps += columns.iter().zip(values).filter(|(c, v)| v.is_nan() && place(**c).is_some()).count();
            }
            if unknown > 0 {
                self.notes.push(format!(
                    "{} in columns that the model does not read, since the training data had nothing in them; they have no say",
                    counted(unknown, "value")
                ));
            }
            if gaps > 0 {
                self.notes.push(format!(
                    "missing values filled with the middle of their column in the training data: {gaps}"
                ));
            }
            projection.each(n, |i, take| {
                let (columns, values) = kept.rows.row(i);
                for (&column, &value) in columns.iter().zip(values) {
                    if let Some(at) = place(column) {
                        take(at, value);
                    }
                }
            })
        } else if self.table.is_none() && self.features.dim().1 == width {
            let features = &self.features;
            projection.each(features.nrows(), |i, take| {
                features.row(i).into_iter().enumerate().for_each(|(column, value)| take(column, value));
            })
        } else {
            return Err(projection.refused(&self.origin));
        };
        self.features = Values::Single(made);
        self.columns = projection.names();
        Ok(())
    }
}

impl Projection {
    /// The place of each of some columns by its name, where both have names.
    fn by_name(&self, called: &[String]) -> Option<Vec<Option<usize>>> {
        if self.called.is_empty() || called.is_empty() {
            return None;
        }
        let places: HashMap<&str, usize> = self.called.iter().map(String::as_str).zip(0..).collect();
        Some(called.iter().map(|name| places.get(name.as_str()).copied()).collect())
    }

    /// What to say of samples that are no rows of such a matrix.
    pub(in crate::data) fn refused(&self, path: &Path) -> Error {
        let width = self.width();
        Error::format(
            path,
            format!(
                "the model reads rows of a sparse matrix of {width} columns (LIBSVM, Matrix Market, SciPy's NPZ), or an array as wide"
            ),
        )
    }
}

/// A column with its zeros.
fn dense_column(rows: &SparseRows, column: usize) -> Vec<f64> {
    let of_row = |i: usize| {
        let (columns, values) = rows.row(i);
        columns.binary_search(&(column as u32)).map_or(0.0, |at| values[at])
    };
    (0..rows.dim().0).map(of_row).collect()
}
