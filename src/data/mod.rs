//! Samples come in: built-in sets, files, standardising, and what was dropped and why.
//!
//! [`load`] is the door. A loader (one of [`formats`], or [`builtin()`]) gives a [`raw::Raw`]:
//! numbers with holes, classes, notes. [`raw::Raw::finish`] applies what all have in common: missing values, the limit, the
//! checks. No loader trusts a header: memory grows with the bytes that really come.
//!
//! `bytes` is what all stands on, `cell` what one cell of a table may be. Text becomes records in `text`, workbooks in `sheets`,
//! columns with types come through `typed`, arrays through `arrays`, rows that are mostly 0 through `sparse`; `columns` says what each
//! column is, for all of them alike. `formats` has a row for every kind of file, `sets` those that have a name. `scaling` and
//! `new_rows` take over from there: for training, and for a model.

mod cells;
mod dimension;
mod features;
mod fingerprint;
mod known;
mod own;
mod raw;
mod sheet;
mod table;
mod table_columns;
mod values;
mod view;

mod arrays;
mod bytes;
mod cell;
mod columns;
mod components;
mod formats;
mod new_rows;
mod scaling;
mod sets;
mod sheets;
mod sparse;
mod text;
mod typed;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ndarray::Array2;

pub(crate) use bytes::source::stem;
pub use cell::Notation;
pub(crate) use cell::SURELY_MISSING;
pub use cell::dates::DateOrder;
pub use cell::unit::Unit;
pub use cells::{CellColumn, Cells, Holds};
pub use columns::decide::{Decided, decided, roles_file, with_kind, with_role, with_roles};
pub use columns::outline::{FIRST_ROWS, Outline, OutlineColumn, SeenKind};
pub use columns::reading::{ColumnReading, Kind, Reading};
pub use columns::scale::Scale;
pub use components::principal::principal_components;
pub use components::projection::{Projection, Sparsity};
pub use components::rows::Entry;
pub(crate) use dimension::filled_dimensions;
pub use features::Features;
pub(crate) use fingerprint::checksum;
pub use fingerprint::{digest, fingerprint};
pub use formats::{Format, extensions, is_idx_name, read_matrix};
pub use known::{Known, read_known};
pub use new_rows::{Block, NewRows};
pub use own::Own;
pub(crate) use scaling::digits::lost_digits;
pub use scaling::resolve_scaling;
pub use scaling::scaler::Scaler;
pub use sets::builtin::{BuiltIn, Origin, builtin};
pub use sets::fetch;
pub use sets::named::{cache_dir, is_cached};
pub use sets::painted::{Painted, Spot};
pub use sets::pictures::{Dot, Picture};
pub use sheet::{BINS, Histogram, MOST_DISTINCT, Profile, profiles};
pub use table::Table;
pub(crate) use typed::arrays::text as cell_text;
pub use typed::batches::typed_columns;
pub use typed::written::Written;
pub(crate) use view::input_view;

use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Load samples: a built-in set by name, a file, or a folder with an IDX set or with pictures.
///
/// Applies the recipe's data settings: samples, noise, limit, label column, missing values, text columns; not the scaling,
/// which is [`Scaler`]'s. Everything that was dropped, filled, sampled or guessed stands in [`Dataset::notes`].
///
/// # Errors
/// A file that cannot be read or whose content is wrong (the message names file and place), a setting that does not fit the
/// data, fewer than two samples, no feature column, or a cancelled job.
pub fn load(source: &Source, recipe: &Recipe, progress: &Progress) -> Result<Dataset> {
    progress.at(0.0, "opening")?;
    let raw = match source {
        Source::Named(name) => sets::builtin::load(name, recipe, progress)?,
        Source::Path(path) => load_path(path, recipe, progress)?,
        Source::Painted(painted) => painted.load(recipe, progress)?,
    };
    let data = raw.finish(recipe, progress)?;
    progress.at(1.0, "loaded")?;
    Ok(data)
}

/// Load a file by what it contains rather than by what it is called, or the IDX set or the pictures in a folder.
pub(in crate::data) fn load_path(path: &Path, recipe: &Recipe, progress: &Progress) -> Result<raw::Raw> {
    if path.is_dir() {
        return sets::named::load_folder(path, recipe, progress);
    }
    if let Some(own) = Own::of(path) {
        return Err(Error::format(path, own.sentence()));
    }
    formats::load_samples(bytes::source::Input::open(path)?, recipe, progress)
}

/// Where samples come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A built-in or cached set by name.
    Named(String),
    /// A file or folder.
    Path(PathBuf),
    /// Points that a person painted.
    Painted(Painted),
}

impl Source {
    /// What a person who wrote this means: a path where it looks like one or is one, a name otherwise.
    #[must_use]
    pub fn of(text: impl AsRef<OsStr>) -> Self {
        let text = text.as_ref();
        match text.to_str().filter(|name| !name.contains(['/', '\\', '.'])) {
            Some(name) if !Path::new(name).exists() && !bytes::stream::is_pipe(Path::new(name)) => {
                Self::Named(name.to_owned())
            }
            _ => Self::Path(text.into()),
        }
    }

    /// The painted points, if it is some.
    #[must_use]
    pub fn painted(&self) -> Option<&Painted> {
        if let Self::Painted(painted) = self { Some(painted) } else { None }
    }

    /// Whether the two are the same, or two states of what a person paints.
    #[must_use]
    pub fn goes_with(&self, other: &Self) -> bool {
        self == other || self.painted().is_some() && other.painted().is_some()
    }

    /// As [`Source::of`], for an argument of a command: `-` is the standard input. What comes through a pipe is read here and kept as
    /// long as the program runs, so that data can be read from it again.
    ///
    /// # Errors
    /// [`crate::Error::Io`] and [`crate::Error::Format`] where a pipe cannot be read or kept.
    pub fn argument(text: &OsStr) -> Result<Self> {
        if text == "-" {
            let path = PathBuf::from(bytes::stream::STANDARD_INPUT);
            bytes::stream::keep(&path, std::io::stdin().lock())?;
            return Ok(Self::Path(path));
        }
        let path = Path::new(text);
        if bytes::stream::leads_to_a_pipe(path) {
            bytes::stream::keep(path, std::fs::File::open(path).map_err(crate::Error::io("read", path))?)?;
        }
        Ok(Self::of(text))
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Named(name) => f.write_str(name),
            Self::Path(path) => path.display().fmt(f),
            Self::Painted(painted) => write!(f, "painted points ({})", painted.len()),
        }
    }
}

/// Samples with all that is known of them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// The built-in name, or the file's stem.
    pub name: String,
    /// Features, `n × d`, one sample a row, finite, before any scaling.
    pub features: Arc<Features>,
    /// Names of the `d` feature columns.
    pub columns: Arc<Vec<String>>,
    /// True classes where the data has them. They colour and score; unsupervised training never sees them.
    pub labels: Option<Labels>,
    /// The number of clusters to look for unless told otherwise: part of a generated set's definition, or the number of
    /// distinct labels.
    pub clusters: Option<usize>,
    /// How to draw a row as a picture, for image data.
    pub image: Option<ImageShape>,
    /// What the sparse matrix was whose rows the features were projected from, where they were.
    pub sparse: Option<Arc<Sparsity>>,
    /// Rows of the source, those that were dropped or not drawn among them.
    pub of: usize,
    /// The table the samples came from, kept word for word so that an export can return every original column.
    pub table: Option<Arc<Table>>,
    /// How its columns became features.
    pub reading: Arc<Reading>,
    /// What became of the columns of the table, where the samples came from one.
    pub outline: Option<Arc<Outline>>,
    /// For each sample its row in the source (0-based data row, before rows were dropped or sampled).
    pub rows: Arc<Vec<usize>>,
    /// Values that were missing and filled in, as sample and feature, ascending.
    pub filled: Arc<Vec<(u32, u32)>>,
    /// Everything a person should know about the loading: what was dropped, filled, sampled or guessed, one sentence each.
    pub notes: Vec<String>,
}

impl Dataset {
    /// Number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.features.dim().0
    }

    /// Whether there is no sample.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Some of the samples, in this order, with all that is known of them but the table they came from.
    #[must_use]
    pub(crate) fn select(&self, rows: &[usize]) -> Self {
        let numbers = self.features.numbers().select(ndarray::Axis(0), rows);
        let labels = self.labels.as_ref().map(|labels| Labels {
            ids: Arc::new(rows.iter().map(|&row| labels.ids[row]).collect()),
            names: Arc::clone(&labels.names),
        });
        Self {
            features: Arc::new(Features::new(numbers)),
            labels,
            table: None,
            outline: None,
            rows: Arc::new(rows.iter().map(|&row| self.rows[row]).collect()),
            filled: Arc::new(columns::missing::among(&self.filled, rows)),
            notes: Vec::new(),
            ..self.clone()
        }
    }

    /// Number of features.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.features.dim().1
    }

    /// Whether a value was missing and filled in.
    #[must_use]
    pub fn is_filled(&self, sample: usize, feature: usize) -> bool {
        self.filled.binary_search(&(sample as u32, feature as u32)).is_ok()
    }

    /// Features, `n × d`, in single precision.
    #[must_use]
    pub fn numbers(&self) -> Arc<Array2<f32>> {
        self.features.numbers()
    }
}

/// Class ids with their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    /// For each sample an index into `names`, or [`UNLABELLED`](Self::UNLABELLED).
    pub ids: Arc<Vec<u32>>,
    /// Class names as they were written, in the order of their ids; numeric names in numeric order, others alphabetical.
    pub names: Arc<Vec<String>>,
}

impl Labels {
    /// The id of a sample whose class is not known.
    pub const UNLABELLED: u32 = u32::MAX;

    /// The class of a sample, if it is known.
    #[must_use]
    pub fn class(&self, sample: usize) -> Option<u32> {
        self.ids.get(sample).copied().filter(|&id| id != Self::UNLABELLED)
    }
}

/// Pixels a row stands for, row-major, channels last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImageShape {
    /// Pixels per line.
    pub width: usize,
    /// Lines.
    pub height: usize,
    /// 1 for grey, 3 for colour.
    pub channels: usize,
}
