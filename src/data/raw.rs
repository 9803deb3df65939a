//! Samples as a loader found them, and what all loaders have in common: missing values, the limit, the checks.

use std::path::PathBuf;
use std::sync::Arc;

use ndarray::Axis;
use rayon::slice::ParallelSliceMut as _;

use super::columns::labels::Classes;
use super::columns::missing::fill_in;
use super::columns::reading::Reading;
use super::components::projection::Sparsity;
use super::sparse::projected::Kept;
use super::values::Values;
use super::{Dataset, Features, ImageShape, Labels, Outline, Table};
use crate::recipe::columns::Role;
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
    pub(super) features: Values,
    pub(super) columns: Vec<String>,
    pub(super) classes: Option<Classes>,
    /// The number of clusters a generated set is made of.
    pub(super) clusters: Option<usize>,
    pub(super) image: Option<ImageShape>,
    /// Rows of a wide sparse matrix, which the features are still to be made of.
    pub(super) sparse: Option<Kept>,
    /// What was known of them.
    pub(super) sparsity: Option<Arc<Sparsity>>,
    pub(super) table: Option<Table>,
    /// How a table's columns became features.
    pub(super) reading: Option<Reading>,
    /// What became of the columns of a table.
    pub(super) outline: Option<Outline>,
    /// Line of the file in which each sample begins, for tables.
    pub(super) lines: Option<Vec<u64>>,
    /// Which rows of the source these are, where a reader took some of them.
    pub(super) taken: Option<Taken>,
    /// Values that were missing and filled in, as row and column, ascending.
    pub(super) filled: Vec<(u32, u32)>,
    /// What filled the gaps of each feature; NaN where it had none.
    pub(super) fills: Vec<f64>,
    /// Numbers that count as missing, as row, column and number, ascending, where no text holds them.
    pub(super) left_out: Vec<(u32, u32, f64)>,
    /// Whether rows say what is in them alone, so that a column which none of them names is 0.
    pub(super) says_what_is: bool,
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
    pub(super) fn new(name: String, origin: PathBuf, features: impl Into<Values>, columns: Vec<String>) -> Self {
        Self {
            name,
            origin,
            features: features.into(),
            columns,
            classes: None,
            clusters: None,
            image: None,
            sparse: None,
            sparsity: None,
            table: None,
            reading: None,
            outline: None,
            lines: None,
            taken: None,
            filled: Vec::new(),
            fills: Vec::new(),
            left_out: Vec::new(),
            says_what_is: false,
            notes: Vec::new(),
        }
    }

    /// Apply missing values, limit and checks.
    pub(super) fn finish(mut self, recipe: &Recipe, progress: &Progress) -> Result<Dataset> {
        if self.outline.is_none() && recipe.kind != "auto" {
            self.notes.push("--kind acts on tables only: the columns of this hold numbers".to_owned());
        }
        if let Some(sparse) = self.sparse.take() {
            self.project(sparse, recipe, progress)?;
        }
        let loaded = self.features.dim().0;
        let found = self.taken.as_ref().map_or(loaded, |taken| taken.of);
        if self.features.dim().1 == 0 {
            return Err(self.no_feature());
        }
        self.reading.get_or_insert_with(|| Reading::of_numbers(&self.columns, self.image.is_none()));
        self.leave_out_empty_columns();
        if self.table.is_some() {
            self.leave_out_sentinels(recipe);
        }
        let kept = self.missing(recipe.missing)?;
        progress.check()?;
        let rows = sample(kept, recipe, &mut self.notes);
        if rows.len() < 2 {
            return Err(self.too_few(rows.len(), found, recipe.limit));
        }
        if rows.len() > u32::MAX as usize {
            return Err(Error::format(&self.origin, "more than 4,294,967,295 samples; --limit takes some of them"));
        }
        if rows.len() < loaded {
            self.keep(&rows);
        }
        progress.at(0.9, "checking")?;
        self.note_constant();
        self.note_duplicates();
        if let Some(classes) = &self.classes {
            classes.note_unlabelled(&mut self.notes);
        }
        let clusters = self.clusters.or_else(|| self.classes.as_ref().and_then(Classes::told));
        let (features, filled) = (Arc::new(Features::packed(self.features)), Arc::new(self.filled));
        if let Some(table) = &mut self.table {
            table.attach(&features, &filled, &Arc::new(self.left_out));
        }
        Ok(Dataset {
            name: self.name,
            features,
            columns: Arc::new(self.columns),
            labels: self.classes.map(|c| Labels { ids: Arc::new(c.ids), names: Arc::new(c.names) }),
            clusters,
            image: self.image,
            sparse: self.sparsity,
            of: found,
            table: self.table.map(Arc::new),
            outline: self.outline.map(Arc::new),
            reading: Arc::new(self.reading.unwrap_or_default().filled_with(&self.fills)),
            rows: Arc::new(match self.taken {
                Some(taken) => rows.into_iter().map(|row| taken.rows[row]).collect(),
                None => rows,
            }),
            filled,
            notes: self.notes,
        })
    }

    /// Leaves all rows out but these, which ascend.
    fn keep(&mut self, rows: &[usize]) {
        self.features = self.features.select(Axis(0), rows);
        self.table = self.table.take().map(|table| table.select(rows));
        self.classes = self.classes.take().map(|classes| classes.select(rows));
        // As rows ascend, so do the places of those that stay.
        let stays = |row: &mut u32| match rows.binary_search(&(*row as usize)) {
            Ok(at) => {
                *row = at as u32;
                true
            }
            Err(_) => false,
        };
        self.filled.retain_mut(|(row, _)| stays(row));
        self.left_out.retain_mut(|(row, ..)| stays(row));
    }

    /// Why there is no feature.
    fn no_feature(&self) -> Error {
        let asked = |outline: &Outline| {
            outline.columns.iter().any(|c| c.decided.0 && matches!(c.role, Role::Shown | Role::Ignored))
        };
        let why = if self.outline.as_ref().is_some_and(asked) {
            "no other column than those that are to be none (--features, --ignore, --shown) can be one"
        } else if self.classes.is_some() {
            "its only column holds the labels"
        } else {
            "it has no column of numbers"
        };
        Error::format(&self.origin, format!("no feature is left: {why}"))
    }

    /// Why so few samples are `left` of those that were `found`, and what gives more.
    fn too_few(&self, left: usize, found: usize, limit: usize) -> Error {
        let wrong = |message: &str| Error::format(&self.origin, message);
        match (found, limit) {
            (0 | 1, _) => wrong("there is one sample; at least two are needed"),
            (_, 1) => wrong("--limit 1 leaves one sample; at least two are needed").or(Remedy::set(
                "limit",
                0,
                "keeps all",
                "Keep all samples",
            )),
            _ => {
                let have = if left == 1 { "has" } else { "have" };
                wrong(&format!("{left} of {found} samples {have} no missing value; at least two are needed"))
                    .or(fill_in("fills the gaps"))
            }
        }
    }

    /// A column without any value says nothing; of pictures all pixels stay.
    fn leave_out_empty_columns(&mut self) {
        if self.image.is_some() {
            return;
        }
        let empty = self.features.empty_columns();
        if !empty.contains(&true) || !empty.contains(&false) {
            return;
        }
        let places = |wanted: bool| (0..empty.len()).filter(|&at| empty[at] == wanted).collect::<Vec<_>>();
        let names: Vec<&str> = places(true).into_iter().map(|at| self.columns[at].as_str()).collect();
        self.notes.push(format!("columns without any value left out: {}", few(&names)));
        let kept = places(false);
        self.features = self.features.select(Axis(1), &kept);
        if let Some(table) = &mut self.table {
            table.keep_features(&kept);
        }
        self.reading = self.reading.take().map(|reading| reading.with_features(&kept));
        self.columns = kept.iter().map(|&at| self.columns[at].clone()).collect();
    }

    /// How a person finds a sample in the source.
    pub(super) fn place(&self, row: usize) -> String {
        self.lines
            .as_ref()
            .and_then(|lines| lines.get(row))
            .map_or_else(|| format!("row {}", self.source_row(row) + 1), |line| format!("line {line}"))
    }

    /// The row of the source that a row is, from 0.
    fn source_row(&self, row: usize) -> usize {
        self.taken.as_ref().and_then(|taken| taken.rows.get(row)).copied().unwrap_or(row)
    }

    /// Say which columns never change, and in which nothing could be seen of it.
    fn note_constant(&mut self) {
        let same = self.features.constant_columns();
        let first = if same.contains(&true) { self.features.row(0) } else { Vec::new() };
        let (mut constant, mut unseen) = (Vec::new(), Vec::new());
        for (at, name) in self.columns.iter().enumerate().filter(|&(at, _)| same[at]) {
            let far = first.get(at).is_some_and(|value| value.abs() >= WHOLE);
            if far { &mut unseen } else { &mut constant }.push(name.as_str());
        }
        let mut notes = Vec::new();
        if !constant.is_empty() {
            let all = if constant.len() == self.columns.len() { "; all samples are the same" } else { "" };
            notes.push(format!(
                "{} of {} {} constant: {}{all}",
                constant.len(),
                counted(self.columns.len(), "column"),
                are(constant.len()),
                few(&constant)
            ));
        }
        if !unseen.is_empty() {
            notes.push(format!(
                "columns of numbers beyond 9,007,199,254,740,992 that are one number in double precision, in which features are kept, whether \
                 they differ in their last digits or not: {}",
                few(&unseen)
            ));
        }
        self.notes.extend(notes);
    }

    /// Say how many rows repeat an earlier one.
    fn note_duplicates(&mut self) {
        let mut hashes = self.features.hashes();
        hashes.par_sort_unstable();
        let copies = || hashes.chunk_by(|a, b| a == b).map(<[u64]>::len);
        let repeated = hashes.len() - copies().count();
        if repeated == 0 {
            return;
        }
        let repeat = if repeated == 1 { "repeats" } else { "repeat" };
        let rows = counted(hashes.len(), "row");
        let most = copies().max().unwrap_or(1);
        let islands = if most >= MANY_COPIES {
            format!(
                "; one row stands there {most} times: more copies than --neighbors have no neighbours but each other"
            )
        } else {
            String::new()
        };
        self.notes.push(format!("{repeated} of {rows} {repeat} the features of an earlier one{islands}"));
    }
}

/// From here on double precision does not tell all whole numbers apart.
const WHOLE: f64 = 9_007_199_254_740_992.0;
/// Copies of one row that may be more than its neighbours.
const MANY_COPIES: usize = 10;

/// At most `limit` of the rows, drawn with the seed, in their own order.
pub(super) fn sample(rows: Vec<usize>, recipe: &Recipe, notes: &mut Vec<String>) -> Vec<usize> {
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

/// The first names of a list, in words.
pub(super) fn few(names: &[&str]) -> String {
    const SHOWN: usize = 8;
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{}`", plain::line(name))).collect();
    let more = names.len().saturating_sub(SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}
