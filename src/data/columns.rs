//! A text table becomes features and classes.

use std::path::{Path, PathBuf};

use ndarray::Array2;
use ndarray::parallel::prelude::*;

use super::Table;
use super::delimiter::Delimiter;
use super::header::{has_header, name_columns};
use super::idx::numbered;
use super::labels::Classes;
use super::numbers::parse;
use super::raw::Raw;
use super::reading::Reading;
use super::roles::{self, Roles};
use super::source::{Input, stem};
use super::text;
use super::words::choose;
use crate::recipe::HeaderLine;
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Load a text table.
pub(super) fn load_file(input: Input, recipe: &Recipe, progress: &Progress) -> Result<Raw> {
    let path = input.path.clone();
    let read = text::read(input, recipe, progress)?;
    let (row_names, delimiter) = (read.row_names, read.delimiter);
    let (table, lines, mut notes) = named(read, recipe.header);
    if table.is_empty() {
        return Err(Error::format(&path, "there is a header, but no row follows it"));
    }
    if table.width() == 1 && table.len() > 1 {
        notes.push(format!("only one column was found; the delimiter was taken to be {}", delimiter.name()));
    }
    Cells { path, table, lines, delimiter, row_names, notes }.into_raw(recipe, progress)
}

/// A table whose columns have names, and what else is known of it, whatever kind of text it stood in.
pub(super) struct Cells {
    pub(super) path: PathBuf,
    pub(super) table: Table,
    /// Line of the file in which each row begins.
    pub(super) lines: Vec<u64>,
    pub(super) delimiter: Delimiter,
    /// Whether the first column names the rows, as R writes it.
    pub(super) row_names: bool,
    pub(super) notes: Vec<String>,
}

impl Cells {
    /// Its features and classes.
    ///
    /// # Errors
    /// [`Error::Format`] with line and column of a cell that is none of what a feature can be; those of the label column.
    pub(super) fn into_raw(self, recipe: &Recipe, progress: &Progress) -> Result<Raw> {
        let Self { path, table, lines, delimiter, row_names, mut notes } = self;
        let Roles { features: columns, label, id, chosen } =
            roles::assign(&table, row_names, recipe, &path, &mut notes)?;
        let place = Place { path: &path, lines: &lines, header: &table.header };
        progress.at(0.65, "reading numbers")?;
        let parsed = parse(&table, &columns, (recipe, delimiter), &place, &mut notes)?;
        let (features, names, readings) = choose(parsed, &table, (&columns, chosen), recipe, &place, &mut notes)?;
        let classes = label.map(|column| {
            let cells = (0..table.len()).map(|row| table.cell(row, column));
            Classes::from_cells(cells, &table.header[column], &mut notes)
        });
        let reading = Reading {
            projection: None,
            columns: readings,
            label: label.map(|column| table.header[column].clone()),
            ids: id.map(|column| table.header[column].clone()).into_iter().collect(),
            named: table.header != numbered(table.width()),
            width: table.width(),
        };
        let mut raw = Raw::new(stem(&path), path.clone(), features, names);
        raw.classes = classes;
        raw.reading = Some(reading);
        raw.table = Some(table);
        raw.lines = Some(lines);
        raw.notes = notes;
        Ok(raw)
    }
}

/// The table with names for its columns, of which the first line is no row if it holds them.
fn named(read: text::Read, header: HeaderLine) -> (Table, Vec<u64>, Vec<String>) {
    let text::Read { mut table, mut lines, delimiter, comment, row_names, mut notes } = read;
    let names_columns = match header {
        HeaderLine::Yes => true,
        HeaderLine::No => false,
        HeaderLine::Auto => row_names || has_header(&table),
    };
    let cells = format!("cells are parted by {}", delimiter.name());
    if names_columns {
        table.promote_first();
        let line = lines.remove(0);
        notes.insert(0, format!("{cells}, and line {line} names the columns"));
    } else if let Some(names) = comment.filter(|_| header == HeaderLine::Auto) {
        table.header = names;
        notes.insert(0, format!("{cells}, and the comment above the table names the columns"));
    } else {
        table.name();
        if header == HeaderLine::Auto {
            notes.push(
                "the first line looks like data, not like a header: columns are numbered (--header yes takes it for names)"
                    .to_owned(),
            );
        }
    }
    notes.extend(name_columns(&mut table.header));
    (table, lines, notes)
}

/// How a person finds a cell.
pub(super) struct Place<'a> {
    pub(super) path: &'a Path,
    pub(super) lines: &'a [u64],
    header: &'a [String],
}

impl Place<'_> {
    pub(super) fn wrong(&self, row: usize, column: usize, message: &str) -> Error {
        let line = self.line(row);
        Error::format(
            self.path,
            format!("line {line}, column `{}`: {}", plain::line(&self.header[column]), plain::line(message)),
        )
    }

    /// The line of a row, for sentences.
    pub(super) fn line(&self, row: usize) -> u64 {
        // There is a line for each row.
        self.lines.get(row).copied().unwrap_or_default()
    }
}

/// Write one column anew.
pub(super) fn write_column(
    values: &mut Array2<f64>,
    slot: usize,
    table: &Table,
    column: usize,
    value: impl Fn(&str) -> f64 + Sync,
) {
    let cells = values.column_mut(slot).into_iter().collect::<Vec<_>>();
    cells.into_par_iter().enumerate().for_each(|(row, to)| *to = value(table.cell(row, column)));
}
