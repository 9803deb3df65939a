//! The columns of a table as typed columns, for files that have such.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::{Array as _, ArrayRef, Float32Array, Float64Array, Int64Array, StringArray};
use arrow_schema::{ArrowError, DataType};
use arrow_select::interleave::interleave;

use super::native::Native;
use crate::data::Table;
use crate::data::cell::{is_missing, is_surely_missing};
use crate::data::table_columns::Column;

/// How a column of text is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// As whole numbers of 64 bits.
    Whole,
    /// As numbers of double precision.
    Real,
    /// As it stands.
    Text,
}

impl Written {
    /// What holds all of some cells without losing a digit; what counts as missing is no cell.
    pub fn of<'a>(cells: impl Iterator<Item = &'a str>) -> Self {
        let mut written = None;
        for cell in cells.map(str::trim).filter(|cell| !is_missing(cell)) {
            // A zero before other digits says that it is a name: 008.
            let digits = cell.trim_start_matches(['-', '+']);
            let code = digits.starts_with('0') && digits.len() > 1 && !digits.starts_with("0.");
            let number = cell.parse::<f64>().is_ok_and(f64::is_finite) && !code;
            let whole = cell.parse::<i64>().is_ok_and(|value| value.to_string() == cell);
            // Whole numbers too long for 64 bits would lose digits.
            let long = !whole && digits.len() > 15 && digits.bytes().all(|b| b.is_ascii_digit());
            written = match (written, whole, number && !long) {
                (None | Some(Self::Whole), true, _) => Some(Self::Whole),
                (_, _, true) => Some(Self::Real),
                _ => return Self::Text,
            };
        }
        written.unwrap_or(Self::Text)
    }

    /// The cells as such a column; empty ones, and those that do not fit, are null.
    pub fn array<'a>(self, cells: impl Iterator<Item = &'a str>) -> ArrayRef {
        match self {
            Self::Whole => Arc::new(cells.map(|cell| cell.trim().parse::<i64>().ok()).collect::<Int64Array>()),
            Self::Real => {
                let number = |cell: &str| cell.trim().parse::<f64>().ok().filter(|value| value.is_finite());
                Arc::new(cells.map(number).collect::<Float64Array>())
            }
            Self::Text => {
                let text = |cell: &'a str| Some(cell).filter(|cell| !is_surely_missing(cell.trim()));
                Arc::new(cells.map(text).collect::<StringArray>())
            }
        }
    }
}

impl Table {
    /// How each column is written; of those that came typed it does not count.
    #[must_use]
    pub fn written(&self) -> Vec<Written> {
        let of = |column: usize| Written::of((0..self.len()).map(move |row| self.cell(row, column)));
        (0..self.width()).map(|column| if self.is_text(column) { of(column) } else { Written::Text }).collect()
    }

    /// Some rows as typed columns: as they came, or as `written` says where they are text.
    ///
    /// # Errors
    /// Where parts of a column are not of one kind.
    pub fn arrays(&self, rows: Range<usize>, written: &[Written]) -> Result<Vec<ArrayRef>, ArrowError> {
        let rows = rows.start..rows.end.min(self.len());
        (0..self.width()).map(|column| self.array(column, rows.clone(), written.get(column).copied())).collect()
    }

    fn array(&self, column: usize, rows: Range<usize>, written: Option<Written>) -> Result<ArrayRef, ArrowError> {
        match self.column(column) {
            Some(Column::Parts(parts, places)) => {
                let array = if let Some(whole) = parts.whole().filter(|_| places.is_none()) {
                    whole.slice(rows.start, rows.len())
                } else {
                    let place = |row: usize| places.as_ref().map_or(Some(row), |places| places.get(row).copied());
                    let places: Vec<(usize, usize)> = rows.filter_map(|row| parts.place(place(row)?)).collect();
                    let all: Vec<_> = parts.arrays().iter().map(AsRef::as_ref).collect();
                    interleave(&all, &places)?
                };
                // Words of a dictionary are told apart from part to part; a column without any value has no kind.
                Ok(match array.data_type() {
                    DataType::Dictionary(..) | DataType::Null => {
                        let cells: Vec<_> =
                            (0..array.len()).map(|i| crate::data::typed::arrays::text(array.as_ref(), i)).collect();
                        Arc::new(cells.iter().map(Option::as_deref).collect::<StringArray>())
                    }
                    _ => array,
                })
            }
            Some(Column::Numbers(numbers)) => {
                let values = rows.map(|row| numbers.value(row));
                Ok(match numbers.native() {
                    Native::Whole => Arc::new(values.map(|v| v.map(|v| v as i64)).collect::<Int64Array>()),
                    Native::Single => Arc::new(values.map(|v| v.map(|v| v as f32)).collect::<Float32Array>()),
                    Native::Double => Arc::new(values.collect::<Float64Array>()),
                })
            }
            _ => Ok(written.unwrap_or(Written::Text).array(rows.map(|row| self.cell(row, column)))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_text_are_as_narrow_as_keeps_every_digit() {
        for (cells, wanted) in [
            (&["1", "-2", "", "NA"][..], Written::Whole),
            (&["9007199254740993"], Written::Whole),
            (&["1", "2.50", "1e-3"], Written::Real),
            (&["0.5", "0", "-0.25"], Written::Real),
            (&["008", "8"], Written::Text),
            (&["12345678901234567890", "1"], Written::Text),
            (&["1", "inf"], Written::Text),
            (&["red", "1"], Written::Text),
            (&["", "NA"], Written::Text),
        ] {
            assert_eq!(Written::of(cells.iter().copied()), wanted, "{cells:?}");
        }
    }
}
