//! A text table becomes features and classes.

pub(super) mod date_columns;
pub(super) mod date_orders;
pub(super) mod decide;
pub(super) mod given;
pub(super) mod ids;
pub(super) mod kinds;
pub(super) mod label_column;
pub(super) mod labels;
pub(super) mod lists;
pub(super) mod measured;
pub(super) mod missing;
pub(super) mod numbers;
pub(super) mod numbers_said;
pub(super) mod ordered;
pub(super) mod outline;
pub(super) mod reading;
pub(super) mod roles;
pub(super) mod scale;
pub(super) mod sentinels;
pub(super) mod several;
pub(super) mod stored;
mod told;
mod vocabulary;
pub(super) mod words;

use std::path::{Path, PathBuf};

use ndarray::Array2;
use ndarray::parallel::prelude::*;

use super::Table;
use super::bytes::source::{Input, stem};
use super::raw::Raw;
use super::table::numbered;
use super::text;
use super::text::declared::{self, Said};
use super::text::delimiter::Delimiter;
use super::text::footer;
use super::text::header::{has_header, name_columns, padded_titles};
use super::text::second_names::repeats_names;
use super::text::second_names::{Below, more_names};
use super::text::subtotals::subtotals;
use crate::recipe::HeaderLine;
use crate::support::language::{counted, short};
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};
use given::Given;
use labels::Classes;
use numbers::parse;
use outline::{Findings, Outline};
use reading::Reading;
use roles::Roles;
use words::choose;

/// Load a text table.
pub(super) fn load_file(input: Input, recipe: &Recipe, progress: &Progress) -> Result<Raw> {
    let path = input.path.clone();
    let read = text::read(input, recipe, progress)?;
    let (row_names, delimiter) = (read.row_names, read.delimiter);
    let cells = format!("cells are parted by {}", delimiter.name());
    let Named { table, lines, said, mut notes } = named(read, recipe.header, &cells);
    if table.is_empty() {
        return Err(Error::format(&path, "there is a header, but no row follows it"));
    }
    if table.width() == 1 && table.len() > 1 {
        notes.push(format!("only one column was found; the delimiter was taken to be {}", delimiter.name()));
    }
    let mut raw = Cells { path, table, lines, delimiter, row_names, said, notes }.into_raw(recipe, progress)?;
    if let Some(outline) = &mut raw.outline {
        outline.delimiter = Some(delimiter.name());
    }
    Ok(raw)
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
    /// What the text says of the columns itself; empty where it says nothing.
    pub(super) said: Vec<Said>,
    pub(super) notes: Vec<String>,
}

impl Cells {
    /// Its features and classes.
    ///
    /// # Errors
    /// [`Error::Format`] with line and column of a cell that is none of what a feature can be; those of the label column.
    pub(super) fn into_raw(self, recipe: &Recipe, progress: &Progress) -> Result<Raw> {
        let Self { path, table, lines, delimiter, row_names, said, mut notes } = self;
        let mut given = Given::of(&table.header, recipe, &path)?;
        told::tell(&mut given, &table, &said, &mut notes);
        let roles = roles::assign(&table, row_names, &given, &mut notes);
        let Roles { features: columns, label, id, .. } = &roles;
        let (label, id) = (*label, *id);
        let place = Place { path: &path, lines: &lines, header: &table.header };
        progress.at(0.65, "reading numbers")?;
        let parsed = parse(&table, columns, (recipe, delimiter, &given.all_kinds()), &place, &mut notes)?;
        let (kinds, found) = (parsed.kinds.clone(), parsed.found.clone());
        let (features, names, readings) = choose(parsed, &table, (columns, &given), recipe, &place, &mut notes)?;
        let findings = Findings {
            roles: &roles,
            given: &given,
            kinds: &kinds,
            found: &found,
            readings: &readings,
            text: recipe.text,
        };
        let outline = Outline::new(&table, &findings);
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
        raw.outline = Some(outline);
        raw.table = Some(table);
        raw.lines = Some(lines);
        raw.notes = notes;
        Ok(raw)
    }
}

/// A table whose columns have names.
pub(super) struct Named {
    pub(super) table: Table,
    /// Line of the file in which each row begins.
    pub(super) lines: Vec<u64>,
    /// What the text says of the columns itself; empty where it says nothing.
    pub(super) said: Vec<Said>,
    pub(super) notes: Vec<String>,
}

/// The table with names for its columns, of which the first line is no row if it holds them; `cells` begins the sentence that says so.
pub(super) fn named(read: text::Read, header: HeaderLine, cells: &str) -> Named {
    let text::Read { mut table, mut lines, comment, said, row_names, mut notes, .. } = read;
    let mut says = Vec::new();
    let auto = header == HeaderLine::Auto;
    let titles = if auto && !row_names && said.is_none() { padded_titles(&table) } else { 0 };
    if titles > 0 {
        let said = (0..titles).flat_map(|row| table.record(row)).map(str::trim).filter(|cell| !cell.is_empty());
        let said = short(&said.collect::<Vec<_>>().join(" / "), 120);
        notes.push(format!(
            "{} above the names left out (--header yes takes the first line for names): `{said}`",
            counted(titles, "line")
        ));
        table.skip(titles);
        lines.drain(..titles);
    }
    let names_columns = match header {
        HeaderLine::Yes => true,
        HeaderLine::No => false,
        HeaderLine::Auto => said.is_none() && (row_names || has_header(&table)),
    };
    if let Some((names, said)) = said.filter(|_| !names_columns) {
        notes.insert(0, format!("{cells}, and the attributes above the rows name the columns"));
        notes.push(format!("the attributes say what the columns hold: {}", declared::sentence(&names, &said)));
        (table.header, says) = (names, said);
    } else if names_columns {
        table.promote_first();
        let line = lines.remove(0);
        let written = table.header.clone();
        notes.insert(0, format!("{cells}, and line {line} names the columns"));
        if auto {
            says = take_declared(&mut table, &mut lines, &mut notes);
            take_more_names(&mut table, &mut lines, &mut notes);
            leave_out_names(&written, &mut table, &mut lines, &mut notes);
        }
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
    if auto {
        leave_out_empty_end(&mut table, &mut lines, &mut notes);
        leave_out_subtotals(&mut table, &mut lines, &mut notes);
        leave_out_footer(&mut table, &mut lines, &mut notes);
        let sums = footer::sums_among(&table);
        // What comes that often is a name like others.
        if let Some(&first) = sums.first().filter(|_| 3 * sums.len() <= table.len()) {
            notes.push(format!(
                "{} called as sums are, such as that on line {}, stand among the others and count as rows; delete what is none",
                counted(sums.len(), "row"),
                lines.get(first).copied().unwrap_or_default()
            ));
        }
    }
    Named { table, lines, said: says, notes }
}

/// What lines below the names, or letters before them, say of the columns.
fn take_declared(table: &mut Table, lines: &mut Vec<u64>, notes: &mut Vec<String>) -> Vec<Said> {
    if let Some(said) = declared::before_names(&mut table.header) {
        let names = declared::sentence(&table.header, &said);
        notes.push(format!(
            "letters before # in the names say what columns hold and are for, as Orange writes them: {names}"
        ));
        return said;
    }
    let (Some((records, said)), Some(&line)) = (declared::below(table), lines.first()) else { return Vec::new() };
    let (which, say) = if records == 1 { ("line", "says") } else { ("the lines from line", "say") };
    let (on, names) = (if records == 1 { "" } else { " on" }, declared::sentence(&table.header, &said));
    notes.push(format!(
        "{which} {line}{on} below the names {say} what the columns hold and are for, and {} (--header yes keeps what is below the first line): {names}",
        if records == 1 { "is no row" } else { "are no rows" }
    ));
    table.skip(records);
    lines.drain(..records);
    said
}

/// Units below the names are no row, and more names are part of them.
fn take_more_names(table: &mut Table, lines: &mut Vec<u64>, notes: &mut Vec<String>) {
    let mut names = std::mem::take(&mut table.header);
    let below = more_names(table, &mut names);
    table.header = names;
    let (Some(below), Some(&line)) = (below, lines.first()) else { return };
    let said = table.record(0).map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(", ");
    let said = short(&said, 80);
    notes.push(match below {
        Below::Units(1) => format!(
            "line {line} holds no number where all others do, units perhaps, and is no row (--header yes keeps it): {said}"
        ),
        Below::Units(count) => format!(
            "{} from line {line} on hold no number where all others do, units perhaps, and are no rows (--header yes keeps them): {said}",
            counted(count, "line")
        ),
        Below::Points => {
            format!("line {line} says how many points there were at most, and is no row (--header yes keeps it): {said}")
        }
        Below::Names(_) => format!(
            "line {line} holds more names, which stand behind those above them (--header yes takes it for a row): {said}"
        ),
    });
    table.skip(below.records());
    lines.drain(..below.records());
}

/// Rows that say the names again are no rows.
fn leave_out_names(names: &[String], table: &mut Table, lines: &mut Vec<u64>, notes: &mut Vec<String>) {
    let again = |row: &usize| repeats_names(table.record(*row), names.iter().map(String::as_str));
    let rows: Vec<usize> = (0..table.len()).filter(again).collect();
    let Some(&first) = rows.first() else { return };
    notes.push(format!(
        "{} that {} the names of the columns again left out, the first on line {} (--header yes keeps them)",
        counted(rows.len(), "row"),
        if rows.len() == 1 { "says" } else { "say" },
        lines.get(first).copied().unwrap_or_default()
    ));
    leave_out(&rows, table, lines);
}

/// Sums of groups between the rows are no rows.
fn leave_out_subtotals(table: &mut Table, lines: &mut Vec<u64>, notes: &mut Vec<String>) {
    let rows = subtotals(table);
    let Some(&first) = rows.first() else { return };
    let cells = table.record(first).map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(", ");
    notes.push(format!(
        "{} between the others, called sums and the sums of rows above them, left out (--header yes keeps them), the first on line {}: `{}`",
        counted(rows.len(), "row"),
        lines.get(first).copied().unwrap_or_default(),
        short(&cells, 80)
    ));
    leave_out(&rows, table, lines);
}

/// Some rows, in order, are no rows.
fn leave_out(rows: &[usize], table: &mut Table, lines: &mut Vec<u64>) {
    let kept: Vec<usize> = (0..table.len()).filter(|row| rows.binary_search(row).is_err()).collect();
    *table = table.select(&kept);
    *lines = kept.iter().filter_map(|&row| lines.get(row).copied()).collect();
}

/// Rows of delimiters alone that a spreadsheet leaves below its own are none.
fn leave_out_empty_end(table: &mut Table, lines: &mut Vec<u64>, notes: &mut Vec<String>) {
    let empty = footer::empty_end(table);
    if empty > 0 {
        let rows = table.len() - empty;
        let line = lines.get(rows).copied().unwrap_or_default();
        notes.push(format!(
            "{} without anything at the end, from line {line} on, left out (--header yes keeps them)",
            counted(empty, "row")
        ));
        table.truncate(rows);
        lines.truncate(rows);
    }
}

/// Totals and notes below the rows are no rows.
fn leave_out_footer(table: &mut Table, lines: &mut Vec<u64>, notes: &mut Vec<String>) {
    let rows = table.len() - footer::below(table);
    if rows == table.len() || rows == 0 {
        return;
    }
    let first = table.record(rows).map(str::trim).filter(|cell| !cell.is_empty()).collect::<Vec<_>>().join(", ");
    let line = lines.get(rows).copied().unwrap_or_default();
    notes.push(format!(
        "{} below the table, totals or notes by what they say, left out (--header yes keeps them), the first on line {line}: `{}`",
        counted(table.len() - rows, "row"),
        short(&first, 80)
    ));
    table.truncate(rows);
    lines.truncate(rows);
}

/// How a person finds a cell.
pub(super) struct Place<'a> {
    pub(super) path: &'a Path,
    pub(super) lines: &'a [u64],
    header: &'a [String],
}

impl<'a> Place<'a> {
    /// Of a table that stands in no lines.
    pub(super) fn rows(path: &'a Path, header: &'a [String]) -> Self {
        Self { path, lines: &[], header }
    }

    pub(super) fn wrong(&self, row: usize, column: usize, message: &str) -> Error {
        let place = self.line(row);
        Error::format(
            self.path,
            format!("{place}, column `{}`: {}", plain::line(&self.header[column]), plain::line(message)),
        )
    }

    /// The line of a row or, where there are none, its number, for sentences.
    pub(super) fn line(&self, row: usize) -> String {
        self.lines.get(row).map_or_else(|| format!("row {}", row + 1), |line| format!("line {line}"))
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
