//! Samples come in: built-in sets, files, standardising, and what was dropped and why.

use std::path::PathBuf;
use std::sync::Arc;

use ndarray::{Array2, ArrayView2};

/// Where samples come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A built-in or cached set by name.
    Named(String),
    /// A file or folder.
    Path(PathBuf),
}

/// Samples with all that is known of them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// The built-in name, or the file's stem.
    pub name: String,
    /// Features, `n × d`, one sample a row, finite, before any scaling.
    pub features: Arc<Array2<f32>>,
    /// Names of the `d` feature columns.
    pub columns: Arc<Vec<String>>,
    /// True classes where the data has them. They colour and score; unsupervised training never sees them.
    pub labels: Option<Labels>,
    /// The number of clusters to look for unless told otherwise: part of a generated set's definition, or the number of
    /// distinct labels.
    pub clusters: Option<usize>,
    /// How to draw a row as a picture, for image data.
    pub image: Option<ImageShape>,
    /// The table the samples came from, kept word for word so that an export can return every original column.
    pub table: Option<Arc<Table>>,
    /// For each sample its row in the source (0-based data row, before rows were dropped or sampled).
    pub rows: Arc<Vec<usize>>,
    /// Everything a person should know about the loading: what was dropped, filled, sampled or guessed, one sentence each.
    pub notes: Vec<String>,
}

impl Dataset {
    /// Number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.features.nrows()
    }

    /// Whether there is no sample.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of features.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.features.ncols()
    }

    /// Features, `n × d`.
    #[must_use]
    pub fn view(&self) -> ArrayView2<'_, f32> {
        self.features.view()
    }
}

/// Class ids with their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    /// For each sample an index into `names`.
    pub ids: Arc<Vec<u32>>,
    /// Class names, in the order of their ids; numeric names in numeric order, others alphabetical.
    pub names: Arc<Vec<String>>,
}

/// Pixels a row stands for, row-major, channels last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ImageShape {
    /// Pixels per line.
    pub width: usize,
    /// Lines.
    pub height: usize,
    /// 1 for grey, 3 for colour.
    pub channels: usize,
}

/// The cells of a text table as they stood in the file, for the rows that were kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// Column names: the header, or `column 1`, `column 2`, ….
    pub header: Vec<String>,
    /// One record a sample.
    pub records: Vec<Vec<String>>,
}
