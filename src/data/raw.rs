//! Samples as a loader found them, and what all loaders have in common: missing values, the limit, the checks.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use ndarray::parallel::prelude::*;
use ndarray::{Array2, Axis};

use super::labels::{Classes, MISSING};
use super::{Dataset, Features, ImageShape, Labels, Table};
use crate::recipe::Missing;
use crate::support::error::Remedy;
use crate::support::language::{are, counted};
use crate::support::plain;
use crate::support::progress::Progress;
use crate::support::random::{Stream, rng};
use crate::{Error, Recipe, Result};

/// Samples before the settings that all formats share.
#[derive(Debug)]
pub(super) struct Raw {
    pub(super) name: String,
    /// The file, for messages; the name for sets that have none.
    pub(super) origin: PathBuf,
    /// `n × d`; NaN where a value is missing.
    pub(super) features: Array2<f32>,
    pub(super) columns: Vec<String>,
    pub(super) classes: Option<Classes>,
    /// The number of clusters a generated set is made of.
    pub(super) clusters: Option<usize>,
    pub(super) image: Option<ImageShape>,
    pub(super) table: Option<Table>,
    /// Line of the file in which each sample begins, for tables.
    pub(super) lines: Option<Vec<u64>>,
    /// Which rows of the source these are, where a reader took some of them.
    pub(super) taken: Option<Taken>,
    /// Values that were missing and filled in, as row and column, ascending.
    filled: Vec<(u32, u32)>,
    pub(super) notes: Vec<String>,
}

/// Rows that a reader took of its source before it made numbers of them.
#[derive(Debug)]
pub(super) struct Taken {
    /// How many the source has.
    pub(super) of: usize,
    /// Those that were taken, ascending.
    pub(super) rows: Vec<usize>,
}

impl Raw {
    /// Samples with nothing but their features.
    pub(super) fn new(name: String, origin: PathBuf, features: Array2<f32>, columns: Vec<String>) -> Self {
        Self {
            name,
            origin,
            features,
            columns,
            classes: None,
            clusters: None,
            image: None,
            table: None,
            lines: None,
            taken: None,
            filled: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Apply missing values, limit and checks.
    pub(super) fn finish(mut self, recipe: &Recipe, progress: &Progress) -> Result<Dataset> {
        let loaded = self.features.nrows();
        let found = self.taken.as_ref().map_or(loaded, |taken| taken.of);
        if self.features.ncols() == 0 {
            let why =
                if self.classes.is_some() { "its only column holds the labels" } else { "it has no column of numbers" };
            return Err(Error::format(&self.origin, format!("no feature is left: {why}")));
        }
        let kept = self.missing(recipe.missing)?;
        progress.check()?;
        let rows = sample(kept, recipe, &mut self.notes);
        if rows.len() < 2 {
            let wrong = |message: &str| Error::format(&self.origin, message);
            return Err(match (found, recipe.limit) {
                (0 | 1, _) => wrong("there is one sample; at least two are needed"),
                (_, 1) => wrong("--limit 1 leaves one sample; at least two are needed").or(Remedy::set(
                    "limit",
                    0,
                    "keeps all",
                    "Keep all samples",
                )),
                _ => {
                    let whole = rows.len();
                    let have = if whole == 1 { "has" } else { "have" };
                    wrong(&format!("{whole} of {found} samples {have} no missing value; at least two are needed"))
                        .or(fill_in("fills the gaps"))
                }
            });
        }
        if rows.len() > u32::MAX as usize {
            return Err(Error::format(&self.origin, "more than 4,294,967,295 samples; --limit takes some of them"));
        }
        if rows.len() < loaded {
            self.features = self.features.select(Axis(0), &rows);
            self.table = self.table.map(|table| table.select(&rows));
            self.classes = self.classes.map(|classes| classes.select(&rows));
            // Rows ascend, and so do the places of those that stay.
            self.filled.retain_mut(|(row, _)| match rows.binary_search(&(*row as usize)) {
                Ok(at) => {
                    *row = at as u32;
                    true
                }
                Err(_) => false,
            });
        }
        progress.at(0.9, "checking")?;
        self.note_constant();
        self.note_duplicates();
        let clusters = self.clusters.or_else(|| self.classes.as_ref().map(|classes| classes.names.len()));
        Ok(Dataset {
            name: self.name,
            features: Arc::new(Features::new(self.features)),
            columns: Arc::new(self.columns),
            labels: self.classes.map(|c| Labels { ids: Arc::new(c.ids), names: Arc::new(c.names) }),
            clusters,
            image: self.image,
            table: self.table.map(Arc::new),
            rows: Arc::new(match self.taken {
                Some(taken) => rows.into_iter().map(|row| taken.rows[row]).collect(),
                None => rows,
            }),
            filled: Arc::new(self.filled),
            notes: self.notes,
        })
    }

    /// Apply the policy for missing values; the rows that stay.
    fn missing(&mut self, policy: Missing) -> Result<Vec<usize>> {
        let unlabelled = |row: usize| self.classes.as_ref().is_some_and(|classes| classes.ids[row] == MISSING);
        let holes: Vec<bool> =
            self.features.axis_iter(Axis(0)).into_par_iter().map(|row| row.iter().any(|v| v.is_nan())).collect();
        let all = 0..self.features.nrows();
        if policy != Missing::DropRows {
            if let Some(row) = all.clone().find(|&row| unlabelled(row)) {
                return Err(Error::format(&self.origin, format!("{}: the label is missing", self.place(row)))
                    .or(leave_out())
                    .or(Remedy::set("label-column", "none", "does without labels", "Do without labels")));
            }
            let first = holes.iter().position(|&hole| hole);
            if policy == Missing::Error
                && let Some(row) = first
                && let Some(column) = self.features.row(row).iter().position(|v| v.is_nan())
            {
                let message = format!("{}, column `{}`: a value is missing", self.place(row), self.columns[column]);
                return Err(Error::format(&self.origin, message)
                    .or(leave_out())
                    .or(fill_in("fills in the column's mean")));
            }
            if first.is_some() {
                self.fill_with_means()?;
            }
            return Ok(all.collect());
        }
        let kept: Vec<usize> = all.filter(|&row| !holes[row] && !unlabelled(row)).collect();
        let dropped = holes.len() - kept.len();
        if dropped > 0 {
            let rows = counted(holes.len(), "row");
            self.notes.push(format!("{dropped} of {rows} left out: a value or the label is missing"));
        }
        Ok(kept)
    }

    /// Put each column's mean where its values are missing.
    fn fill_with_means(&mut self) -> Result<()> {
        let (mut filled, mut touched) = (0, 0);
        let (n, d) = self.features.dim();
        let mut sums = vec![(0.0f64, 0usize); d];
        for row in self.features.rows() {
            for (sum, v) in sums.iter_mut().zip(row).filter(|(_, v)| !v.is_nan()) {
                *sum = (sum.0 + f64::from(*v), sum.1 + 1);
            }
        }
        for (column, &(_, present)) in sums.iter().enumerate().filter(|(_, (_, present))| *present < n) {
            if present == 0 {
                let message = format!(
                    "column `{}` has no value at all, so no mean; take it out of the file",
                    self.columns[column]
                );
                return Err(Error::format(&self.origin, message));
            }
            filled += n - present;
            touched += 1;
        }
        for (i, mut row) in self.features.rows_mut().into_iter().enumerate() {
            for (j, (v, (sum, present))) in row.iter_mut().zip(&sums).enumerate().filter(|(_, (v, _))| v.is_nan()) {
                *v = (sum / *present as f64) as f32;
                self.filled.push((i as u32, j as u32));
            }
        }
        let columns = counted(d, "column");
        self.notes.push(format!("missing values filled with their column's mean: {filled}, in {touched} of {columns}"));
        Ok(())
    }

    /// How a person finds a sample in the source.
    fn place(&self, row: usize) -> String {
        self.lines
            .as_ref()
            .and_then(|lines| lines.get(row))
            .map_or_else(|| format!("row {}", self.source_row(row) + 1), |line| format!("line {line}"))
    }

    /// The row of the source that a row is, from 0.
    fn source_row(&self, row: usize) -> usize {
        self.taken.as_ref().and_then(|taken| taken.rows.get(row)).copied().unwrap_or(row)
    }

    /// Say which columns never change.
    fn note_constant(&mut self) {
        let first = self.features.row(0).to_owned();
        let mut changes = vec![false; first.len()];
        for row in self.features.rows() {
            for ((changes, v), first) in changes.iter_mut().zip(row).zip(&first) {
                *changes |= differs(*v, *first);
            }
        }
        let constant: Vec<&str> = self
            .columns
            .iter()
            .zip(&changes)
            .filter(|(_, changes)| !**changes)
            .map(|(name, _)| name.as_str())
            .collect();
        if constant.is_empty() {
            return;
        }
        let all = if constant.len() == self.columns.len() { "; all samples are the same" } else { "" };
        self.notes.push(format!(
            "{} of {} {} constant: {}{all}",
            constant.len(),
            counted(self.columns.len(), "column"),
            are(constant.len()),
            few(&constant)
        ));
    }

    /// Say how many rows repeat an earlier one.
    fn note_duplicates(&mut self) {
        let hashes: Vec<u64> = self.features.axis_iter(Axis(0)).into_par_iter().map(|row| hash(row.iter())).collect();
        let distinct: HashSet<u64> = hashes.iter().copied().collect();
        let repeated = hashes.len() - distinct.len();
        if repeated > 0 {
            let repeat = if repeated == 1 { "repeats" } else { "repeat" };
            let rows = counted(hashes.len(), "row");
            self.notes.push(format!("{repeated} of {rows} {repeat} the features of an earlier one"));
        }
    }
}

/// Ways out of missing values.
fn leave_out() -> Remedy {
    Remedy::set("missing", "drop-rows", "leaves such rows out", "Leave out rows")
}

fn fill_in(does: &str) -> Remedy {
    Remedy::set("missing", "mean", does, "Fill with mean")
}

/// Whether two values are not the very same number.
#[allow(clippy::float_cmp, reason = "a column is constant only if its values are equal to the last bit")]
fn differs(a: f32, b: f32) -> bool {
    a != b
}

/// At most `limit` of the rows, drawn with the seed, in their own order.
fn sample(rows: Vec<usize>, recipe: &Recipe, notes: &mut Vec<String>) -> Vec<usize> {
    match drawn(rows.len(), recipe, notes) {
        Some(picked) => picked.into_iter().map(|at| rows[at]).collect(),
        None => rows,
    }
}

/// At most `limit` of `found` rows, drawn with the seed, ascending; none where all of them stay.
pub(super) fn drawn(found: usize, recipe: &Recipe, notes: &mut Vec<String>) -> Option<Vec<usize>> {
    if recipe.limit == 0 || recipe.limit >= found {
        return None;
    }
    let mut rng = rng(recipe.seed, Stream::Limit, 0);
    let mut picked = rand::seq::index::sample(&mut rng, found, recipe.limit).into_vec();
    picked.sort_unstable();
    notes.push(format!("{} of {found} samples kept, drawn at random (--limit {})", picked.len(), recipe.limit));
    Some(picked)
}

/// A multiply-and-rotate hash of finite values; 64 bits make a false match among millions of rows very unlikely.
fn hash<'a>(values: impl Iterator<Item = &'a f32>) -> u64 {
    // Adding 0 makes −0 and 0 the same.
    let mixed = values.fold(0x9e37_79b9_7f4a_7c15_u64, |h, v| {
        (h.rotate_left(5) ^ u64::from((v + 0.0).to_bits())).wrapping_mul(0x517c_c1b7_2722_0a95)
    });
    mixed ^ mixed >> 32
}

/// The first names of a list, in words.
pub(super) fn few(names: &[&str]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{}`", plain::line(name))).collect();
    let more = names.len().saturating_sub(SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}
