//! A table of typed columns becomes features and classes. Numbers go straight into the features; words, and the few columns that may be
//! labels or names of rows, are read before them, as text, by the rules of any table.

use std::collections::HashMap;
use std::path::Path;

use arrow_array::Array;
use ndarray::Array2;

use super::arrays::{self, Holds};
use super::batches::{Batches, ROWS};
use super::filling::{Filled, numbers};
use super::outline;
use crate::data::bytes::source::{Input, stem};
use crate::data::columns::Place;
use crate::data::columns::given::{Given, One};
use crate::data::columns::kinds;
use crate::data::columns::labels::Classes;
use crate::data::columns::numbers::{Found, parse};
use crate::data::columns::outline::{Findings, Outline};
use crate::data::columns::reading::{self, ColumnReading, Reading};
use crate::data::columns::roles::{self, Roles};
use crate::data::columns::words::choose;
use crate::data::raw::{Raw, few};
use crate::data::table::Table;
use crate::data::table::numbered;
use crate::data::text::delimiter::Delimiter;
use crate::data::{DateOrder, Notation};
use crate::support::error::Remedy;
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Load a Parquet file.
pub(in crate::data) fn load_parquet(input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    load(Batches::parquet(&input)?, recipe, progress)
}

/// Load an Arrow file or stream.
pub(in crate::data) fn load_arrow(input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    load(Batches::arrow(input)?, recipe, progress)
}

fn load(mut batches: Batches, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let path = batches.path.clone();
    let mut notes = std::mem::take(&mut batches.notes);
    let given = Given::of(&batches.header, recipe, &path)?;
    batches.as_asked(&given);
    let (mut table, rows) = texts(&mut batches, &given, progress)?;
    let mut roles = roles::assign(&table, false, &given, &mut notes);
    let ids = leave_out_index(&batches, &mut roles, &given, &mut notes);
    let features = lay_out(&batches, (&table, &roles, &given), recipe, &mut notes)?;
    let mut outline = features.outline(&table, (&roles, &given), recipe);
    progress.at(0.3, "reading numbers")?;
    let classes = roles.label.map(|column| {
        let cells = (0..table.len()).map(|row| table.cell(row, column));
        Classes::from_cells(cells, &table.header[column], &mut notes)
    });
    let Filled { values, gaps, infinite } = numbers(&mut batches, (&mut table, rows), &features, recipe, progress)?;
    let infinite = Infinite { columns: &infinite, rows, gaps: &gaps };
    infinite.say(&table, (&path, recipe), &mut notes)?;
    outline::complete(&mut outline, &mut batches, (&roles, &given), (rows, &gaps))?;
    let reading = Reading {
        columns: features.readings,
        label: roles.label.map(|column| table.header[column].clone()),
        ids,
        named: table.header != numbered(table.width()),
        width: table.width(),
        projection: None,
    };
    let mut raw = Raw::new(stem(&path), path, values, features.names);
    raw.classes = classes;
    raw.reading = Some(reading);
    raw.outline = Some(outline);
    raw.table = Some(table);
    raw.notes = notes;
    Ok(raw)
}

/// Columns with infinite values, such as ratios over nothing, which count as missing.
struct Infinite<'a> {
    /// Each with how many it has.
    columns: &'a [(usize, usize)],
    rows: usize,
    /// How many cells of each column count as missing.
    gaps: &'a HashMap<usize, usize>,
}

impl Infinite<'_> {
    /// Says which there are.
    ///
    /// # Errors
    /// [`Error::Format`] naming a column that has no other values.
    fn say(&self, table: &Table, (path, recipe): (&Path, &Recipe), notes: &mut Vec<String>) -> Result<()> {
        let name = |column: usize| table.header[column].as_str();
        if let Some(&(column, _)) = self.columns.iter().find(|(column, _)| self.gaps.get(column) == Some(&self.rows)) {
            let name = name(column);
            let ignore = if recipe.ignore == "none" { name.to_owned() } else { format!("{},{name}", recipe.ignore) };
            let message = format!("column `{}` holds no finite number", plain::line(name));
            let remedy = Remedy::set("ignore", ignore, "leaves it out", format!("Leave out {name}"));
            return Err(Error::format(path, message).or(remedy));
        }
        let columns: Vec<String> =
            self.columns.iter().map(|&(column, count)| format!("{} ({count})", name(column))).collect();
        if !columns.is_empty() {
            let columns = few(&columns.iter().map(String::as_str).collect::<Vec<_>>());
            notes.push(format!("columns with infinite values, which count as missing: {columns}"));
        }
        Ok(())
    }
}

/// The columns of words, and those that may be more than numbers, as text; and how many rows there are.
fn texts(batches: &mut Batches, given: &Given, progress: &Progress<'_>) -> Result<(Table, usize)> {
    let header = batches.header.clone();
    let wanted = |&column: &usize| {
        let (holds, label) = (batches.holds[column], given.label == One::At(column));
        holds == Holds::Text || holds.is_number() && (label || roles::may_read(&header, column))
    };
    let wanted: Vec<usize> = (0..header.len()).filter(wanted).collect();
    let mut table = Table::with_holes(header, &wanted);
    if wanted.is_empty() {
        let rows = batches.count()?;
        return Ok((table, rows));
    }
    let mut columns = batches.columns(&wanted)?;
    while let Some(arrays) = columns.next(ROWS)? {
        let rows = arrays.first().map_or(0, Array::len);
        for row in 0..rows {
            let cells: Vec<_> = arrays.iter().map(|array| arrays::text(array, row).unwrap_or_default()).collect();
            table.push(cells.iter().map(AsRef::as_ref))?;
        }
        progress.at(0.15, "reading")?;
    }
    let rows = columns.rows();
    Ok((table, rows))
}

/// What names the rows: a column that does, and the index that pandas kept, unless a person wants it.
fn leave_out_index(batches: &Batches, roles: &mut Roles, given: &Given, notes: &mut Vec<String>) -> Vec<String> {
    let name = |column: usize| batches.header[column].clone();
    let mut ids: Vec<String> = roles.id.map(name).into_iter().collect();
    if given.id != One::Auto {
        return ids;
    }
    let index = |column: &usize| batches.index.contains(column) && given.role(*column).is_none();
    let left_out: Vec<String> = roles.features.iter().copied().filter(index).map(name).collect();
    roles.features.retain(|column| !index(column));
    if !left_out.is_empty() {
        let why = |&column: &usize| (column, outline::INDEX.to_owned());
        roles.why.extend(batches.index.iter().filter(|column| index(column)).map(why));
        let names: Vec<&str> = left_out.iter().map(String::as_str).collect();
        notes.push(format!(
            "the index that pandas keeps was left out of the features (--id-column none keeps it): {}",
            few(&names)
        ));
    }
    ids.extend(left_out);
    ids
}

/// The features and where they come from.
pub(in crate::data) struct Layout {
    pub(in crate::data) slots: Vec<Slot>,
    names: Vec<String>,
    readings: Vec<ColumnReading>,
    /// Features from columns of text.
    pub(in crate::data) words: Array2<f64>,
    /// Those columns, and what was found in them.
    texts: Vec<usize>,
    kinds: Vec<kinds::Kind>,
    found: Vec<Found>,
}

impl Layout {
    /// What became of the columns, as far as text tells.
    fn outline(&self, table: &Table, (roles, given): (&Roles, &Given), recipe: &Recipe) -> Outline {
        let of_text = Roles { features: self.texts.clone(), label: roles.label, id: roles.id, why: roles.why.clone() };
        let readings: Vec<ColumnReading> =
            self.readings.iter().filter(|reading| self.texts.contains(&reading.place)).cloned().collect();
        let findings = Findings {
            roles: &of_text,
            given,
            kinds: &self.kinds,
            found: &self.found,
            readings: &readings,
            text: recipe.text,
        };
        Outline::new(table, &findings)
    }
}

/// Where a feature comes from.
#[derive(Clone, Copy, Debug)]
pub(in crate::data) enum Slot {
    /// A column of numbers.
    Numbers(usize),
    /// A feature of those from columns of text.
    Words(usize),
}

/// Decides on the features.
fn lay_out(
    batches: &Batches,
    (table, roles, given): (&Table, &Roles, &Given),
    recipe: &Recipe,
    notes: &mut Vec<String>,
) -> Result<Layout> {
    let holds = |column: usize| batches.holds[column];
    let of = |wanted: &dyn Fn(Holds) -> bool| -> Vec<usize> {
        roles.features.iter().copied().filter(|&column| wanted(holds(column))).collect()
    };
    let named = |columns: &[usize]| columns.iter().map(|&c| table.header[c].as_str()).collect::<Vec<_>>().join("\n");
    for (holding, sentence) in [
        (Holds::Flags, "columns of flags taken as 1 and 0"),
        (Holds::Dates, "columns of dates taken as days since 1970-01-01"),
        (Holds::Nothing, "columns without any value left out"),
    ] {
        let names = named(&of(&|holds| holds == holding));
        if !names.is_empty() {
            notes.push(format!("{sentence}: {}", few(&names.split('\n').collect::<Vec<_>>())));
        }
    }
    let texts = of(&|holds| holds == Holds::Text);
    let numbers = of(&Holds::is_number).len();
    let (mut kinds, mut found) = (Vec::new(), Vec::new());
    let (words, word_names, readings) = if texts.is_empty() {
        (Array2::zeros((0, 0)), Vec::new(), Vec::new())
    } else {
        let place = Place::rows(&batches.path, &table.header);
        let mut parsed = parse(table, &texts, (recipe, Delimiter::Byte(b','), &given.kinds), &place, notes)?;
        parsed.beside = numbers;
        (kinds, found) = (parsed.kinds.clone(), parsed.found.clone());
        choose(parsed, table, (&texts, given), recipe, &place, notes)?
    };
    let mut layout = Layout { slots: Vec::new(), names: Vec::new(), readings: Vec::new(), words, texts, kinds, found };
    let (mut readings, mut word_names) = (readings.into_iter().peekable(), word_names.into_iter());
    for &column in &roles.features {
        let name = &table.header[column];
        if let Some(kind) = kind(holds(column)) {
            layout.slots.push(Slot::Numbers(column));
            layout.names.push(name.clone());
            layout.readings.push(ColumnReading::new(name, column, kind));
        } else if let Some(reading) = readings.next_if(|reading| reading.place == column) {
            let before = layout.slots.iter().filter(|slot| matches!(slot, Slot::Words(_))).count();
            layout.slots.extend((before..before + reading.width()).map(Slot::Words));
            layout.names.extend(word_names.by_ref().take(reading.width()));
            layout.readings.push(reading);
        }
    }
    Ok(layout)
}

/// How a column of numbers is read by a model.
fn kind(holds: Holds) -> Option<reading::Kind> {
    match holds {
        Holds::Numbers | Holds::Seconds => Some(reading::Kind::Numbers(Notation::Plain)),
        Holds::Flags => Some(reading::Kind::Flags),
        Holds::Dates => Some(reading::Kind::Dates(DateOrder::YearMonthDay)),
        Holds::Text | Holds::Nothing | Holds::Other => None,
    }
}
