//! A table as a sheet of Excel, written row by row to a temporary file so that its length takes no memory but that of its words.

use std::io::{self, Read as _, Write};
use std::path::Path;

use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use rust_xlsxwriter::{DocProperties, Format, Workbook};

use super::frame::other;
use crate::data::cell_text;

/// What a sheet holds at most, its header among the rows.
const MOST_ROWS: u32 = 1_048_576;
const MOST_COLUMNS: usize = 16_384;
/// Characters of a cell.
const MOST_CHARACTERS: usize = 32_767;
/// Whole numbers beyond this lose digits as a number of Excel, and are text.
const LARGEST: f64 = 999_999_999_999_999.0;

/// How names of columns begin that tell what a table is.
const OWN: [&str; 5] = ["row", "cluster", "confidence", "learned_1", "exact_1"];
/// The part of the file with them, and the most of it that is read.
const PROPERTIES: &str = "docProps/core.xml";
const LONGEST: u64 = 1 << 20;

/// The names of columns by which a sheet that this program wrote tells what it is; none of another's.
pub(super) fn own_names(path: &Path) -> Option<String> {
    let mut book = zip::ZipArchive::new(std::fs::File::open(path).ok()?).ok()?;
    let mut text = String::new();
    book.by_name(PROPERTIES).ok()?.take(LONGEST).read_to_string(&mut text).ok()?;
    let (_, after) = text.split_once("<cp:keywords>")?;
    text.contains("Eigenscope ").then(|| after.split('<').next().unwrap_or_default().to_owned())
}

/// A sheet on its way.
pub(super) struct Sheet {
    book: Workbook,
    next: u32,
}

impl Sheet {
    /// A sheet with its header.
    ///
    /// # Errors
    /// Where it is wider than a sheet can be, or there is no room for temporary files.
    pub(super) fn new(names: &[&str]) -> io::Result<Self> {
        if names.len() > MOST_COLUMNS {
            let text =
                format!("{} columns are more than the {MOST_COLUMNS} of a sheet of Excel; choose fewer", names.len());
            return Err(io::Error::other(text));
        }
        let mut book = Workbook::new();
        // By these a later run knows its own output without reading the sheet.
        let own = names.iter().filter(|name| OWN.iter().any(|own| name.starts_with(own)));
        let own = own.copied().collect::<Vec<_>>().join(",");
        let program = concat!("Eigenscope ", env!("CARGO_PKG_VERSION"));
        book.set_properties(&DocProperties::new().set_author(program).set_keywords(own));
        let sheet = book.add_worksheet_with_low_memory().map_err(other)?;
        sheet.set_freeze_panes(1, 0).map_err(other)?;
        let bold = Format::new().set_bold();
        for (column, name) in names.iter().enumerate() {
            sheet.write_string_with_format(0, column as u16, *name, &bold).map_err(other)?;
        }
        Ok(Self { book, next: 1 })
    }

    /// Writes rows. Text stays text, whatever it looks like; gaps are empty cells.
    ///
    /// # Errors
    /// Where they are more than a sheet holds, or a text is longer than a cell.
    pub(super) fn write(&mut self, names: &[String], columns: &[ArrayRef]) -> io::Result<()> {
        let rows = columns.first().map_or(0, Array::len) as u32;
        if rows > MOST_ROWS - self.next.min(MOST_ROWS) {
            let text = format!("a sheet of Excel holds {} rows; choose fewer, or another format", MOST_ROWS - 1);
            return Err(io::Error::other(text));
        }
        let sheet = self.book.worksheet_from_index(0).map_err(other)?;
        for row in 0..rows {
            let at = self.next + row;
            for (column, array) in columns.iter().enumerate() {
                let Some(text) = cell_text(array.as_ref(), row as usize) else { continue };
                let kind = array.data_type();
                let number = kind.is_numeric().then(|| text.parse::<f64>().ok()).flatten().filter(|v| v.is_finite());
                let place = (at, column as u16);
                let done = match number {
                    Some(value) if kind.is_floating() || value.abs() <= LARGEST => {
                        sheet.write_number(place.0, place.1, value)
                    }
                    _ if kind == &DataType::Boolean => {
                        sheet.write_boolean(place.0, place.1, matches!(text.as_ref(), "true" | "1"))
                    }
                    _ => {
                        let length = text.chars().count();
                        if length > MOST_CHARACTERS {
                            let name = &names[column];
                            return Err(io::Error::other(format!(
                                "row {at} of column `{name}` has {length} characters, and a cell of Excel holds {MOST_CHARACTERS}; \
                                 leave the column out, or choose another format"
                            )));
                        }
                        sheet.write_string(place.0, place.1, text.as_ref())
                    }
                };
                done.map_err(other)?;
            }
        }
        self.next += rows;
        Ok(())
    }

    /// Packs the sheet.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) fn finish(mut self, writer: &mut dyn Write) -> io::Result<()> {
        let mut file = tempfile::tempfile()?;
        self.book.save_to_writer(&mut file).map_err(other)?;
        super::npz::pass_on(&mut file, writer)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{BooleanArray, Float64Array, Int64Array, StringArray};

    use super::*;

    #[test]
    fn numbers_words_flags_and_gaps_come_back() {
        use calamine::{Data, Reader as _, Xlsx};
        let names = ["n", "x", "word", "yes"].map(str::to_owned);
        let columns: Vec<ArrayRef> = vec![
            Arc::new(Int64Array::from(vec![Some(3), None, Some(9_007_199_254_740_993)])),
            Arc::new(Float64Array::from(vec![Some(0.5), Some(1e-9), None])),
            Arc::new(StringArray::from(vec![Some("=1+1"), Some("é"), None])),
            Arc::new(BooleanArray::from(vec![Some(true), Some(false), None])),
        ];
        let mut out = Vec::new();
        let mut sheet = Sheet::new(&["n", "x", "word", "yes"]).expect("room for it");
        sheet.write(&names, &columns).expect("it fits");
        sheet.finish(&mut out).expect("memory takes it");
        let mut book = Xlsx::new(std::io::Cursor::new(out)).expect("a spreadsheet");
        let range = book.worksheet_range_at(0).expect("a sheet").expect("readable");
        let cell = |row: u32, column: u32| range.get_value((row, column)).cloned().unwrap_or(Data::Empty);
        assert_eq!(cell(0, 2), Data::String("word".to_owned()));
        assert_eq!([cell(1, 0), cell(1, 1)], [Data::Float(3.0), Data::Float(0.5)]);
        assert_eq!(cell(1, 2), Data::String("=1+1".to_owned()), "no formula");
        assert_eq!([cell(1, 3), cell(2, 3)], [Data::Bool(true), Data::Bool(false)]);
        assert_eq!(cell(3, 0), Data::String("9007199254740993".to_owned()), "no digit is lost");
        assert_eq!([cell(2, 0), cell(3, 1), cell(3, 2), cell(3, 3)], [const { Data::Empty }; 4]);
    }

    #[test]
    fn what_no_sheet_holds_is_refused_by_name() {
        let wide: Vec<&str> = vec!["a"; MOST_COLUMNS + 1];
        assert!(Sheet::new(&wide).is_err_and(|e| e.to_string().contains("16385 columns")));
        let long = "x".repeat(MOST_CHARACTERS + 1);
        let column: ArrayRef = Arc::new(StringArray::from(vec![long.as_str()]));
        let mut sheet = Sheet::new(&["note"]).expect("room for it");
        let refused = sheet.write(&["note".to_owned()], &[column]).expect_err("too long").to_string();
        assert!(refused.contains("column `note`") && refused.contains("32767"), "{refused}");
    }
}
