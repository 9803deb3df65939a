//! The columns that a labelled table had before: the cells of the table that the samples came from, else their features and labels.

use std::borrow::Cow;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float32Array, Float64Array, Int64Array};

use super::columns::free_name;
use super::growing::Cells;
use crate::data::{Dataset, Written};
use crate::support::number::shortest;
use crate::{Error, Result};

/// With more pixels than this the features of an image are left out unless asked for.
const WIDE_IMAGE: usize = 64;

/// The columns that were there before.
pub(super) struct Original<'a> {
    pub(super) header: Vec<String>,
    data: &'a Dataset,
    features: bool,
}

impl<'a> Original<'a> {
    /// Those of some data; every feature of a large image only where all columns are wanted.
    ///
    /// # Errors
    /// [`Error::Data`] when the table has another number of rows than there are samples.
    pub(super) fn of(data: &'a Dataset, all_columns: bool) -> Result<Self> {
        let mut header;
        let mut features = false;
        if let Some(table) = &data.table {
            if table.len() != data.len() {
                let (rows, samples) = (table.len(), data.len());
                return Err(Error::Data(format!("{}: the table has {rows} rows for {samples} samples", data.name)));
            }
            header = table.header.clone();
        } else {
            // Components of sparse rows are no columns of theirs.
            features = all_columns || data.sparse.is_none() && (data.image.is_none() || data.dim() <= WIDE_IMAGE);
            header = if features {
                let unnamed = (data.columns.len()..data.dim()).map(|j| format!("column {}", j + 1));
                data.columns.iter().take(data.dim()).cloned().chain(unnamed).collect()
            } else {
                vec!["index".to_owned()]
            };
            if data.labels.is_some() {
                let label = free_name("label", &header.iter().cloned().collect());
                header.push(label);
            }
        }
        Ok(Self { header, data, features })
    }

    /// Whether it says where in the source each row stands.
    pub(super) fn has_places(&self) -> bool {
        self.data.table.is_none() && !self.features
    }

    /// Columns of data that is no table.
    fn arrays(&self, rows: Range<usize>) -> Vec<ArrayRef> {
        let features = if self.features { self.data.dim() } else { 0 };
        let of = |j: usize| -> ArrayRef {
            let values = self.data.features.rows(rows.clone());
            let values = values.column(j);
            if self.data.features.is_single() {
                return Arc::new(values.iter().map(|&v| Some(v as f32)).collect::<Float32Array>());
            }
            Arc::new(values.iter().map(|&v| Some(v)).collect::<Float64Array>())
        };
        let mut arrays: Vec<ArrayRef> = (0..features).map(of).collect();
        if !self.features {
            let place = |i: usize| Some(self.data.rows.get(i).copied().unwrap_or(i) as i64);
            arrays.push(Arc::new(rows.clone().map(place).collect::<Int64Array>()));
        }
        if let Some(labels) = &self.data.labels {
            let name = |i: usize| labels.ids.get(i).and_then(|&id| labels.names.get(id as usize)).map(String::as_str);
            let written = Written::of(labels.names.iter().map(String::as_str));
            arrays.push(written.array(rows.map(|i| name(i).unwrap_or_default())));
        }
        arrays
    }

    /// The cells of a sample as text.
    fn texts(&self, i: usize) -> Vec<Cow<'_, str>> {
        if let Some(table) = &self.data.table {
            return table.texts(i).collect();
        }
        let mut cells = Vec::with_capacity(self.header.len());
        if self.features {
            // What came in single precision is written with the digits it has.
            let single = self.data.features.is_single();
            let digits = |v: f64| if single { shortest(v, v as f32) } else { shortest(v, v) };
            cells.extend(self.data.features.row(i).into_iter().map(|value| Cow::Owned(digits(value))));
        } else {
            cells.push(Cow::Owned(self.data.rows.get(i).unwrap_or(&i).to_string()));
        }
        if let Some(labels) = &self.data.labels {
            let name = labels.ids.get(i).and_then(|&id| labels.names.get(id as usize));
            cells.push(Cow::Borrowed(name.map_or("", String::as_str)));
        }
        cells
    }
}

/// Some samples with the columns that were there before.
pub(super) struct Rows<'a> {
    pub(super) of: &'a Original<'a>,
    pub(super) range: Range<usize>,
    /// How columns of text are written to a file with types.
    pub(super) written: &'a [Written],
}

impl Cells for Rows<'_> {
    fn len(&self) -> usize {
        self.range.len()
    }

    fn first(&self) -> usize {
        self.range.start
    }

    fn texts(&self, row: usize) -> Vec<Cow<'_, str>> {
        self.of.texts(self.range.start + row)
    }

    fn arrays(&self) -> io::Result<Vec<ArrayRef>> {
        match &self.of.data.table {
            Some(table) => table.arrays(self.range.clone(), self.written).map_err(io::Error::other),
            None => Ok(self.of.arrays(self.range.clone())),
        }
    }
}
