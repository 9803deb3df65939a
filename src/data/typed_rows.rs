//! A table of typed columns becomes features and classes. Numbers go straight into the features; words, and the few columns that may be
//! labels or names of rows, are read before them, as text, by the rules of any table.

use std::collections::{HashMap, TryReserveError};

use arrow_array::{Array, ArrayRef};
use ndarray::Array2;
use rayon::prelude::*;

use super::arrays::{self, Holds, Parts};
use super::batches::{Batches, ROWS};
use super::columns::Place;
use super::delimiter::Delimiter;
use super::given::{Given, One};
use super::idx::numbered;
use super::labels::Classes;
use super::native::Native;
use super::numbers::{Found, parse};
use super::outline::{Findings, Outline};
use super::raw::{Raw, few};
use super::reading::{self, ColumnReading, Reading};
use super::roles::{self, Roles};
use super::source::{Input, stem};
use super::table::Table;
use super::table_columns::Column;
use super::typed_values::{Builder, Piece};
use super::values::Values;
use super::words::choose;
use super::{DateOrder, Notation, kinds, typed_outline};
use crate::support::memory;
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Copies of each value while samples are loaded: the value itself, and one in another order or of fewer rows.
const LOADING: usize = 2;
/// Numbers that are taken at once.
const CELLS: usize = 1 << 19;

/// Load a Parquet file.
pub(super) fn load_parquet(input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    load(Batches::parquet(&input)?, recipe, progress)
}

/// Load an Arrow file or stream.
pub(super) fn load_arrow(input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
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
    let (values, gaps) = numbers(&mut batches, (&mut table, rows), &features, recipe, progress)?;
    typed_outline::complete(&mut outline, &mut batches, (&roles, &given), (rows, &gaps))?;
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
        let why = |&column: &usize| (column, typed_outline::INDEX.to_owned());
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
struct Layout {
    slots: Vec<Slot>,
    names: Vec<String>,
    readings: Vec<ColumnReading>,
    /// Features from columns of text.
    words: Array2<f64>,
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
#[derive(Clone, Copy)]
enum Slot {
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

/// Reads the numbers; those that are no features, or that a feature cannot give back, stay in the table as they came.
fn numbers(
    batches: &mut Batches,
    (table, rows): (&mut Table, usize),
    layout: &Layout,
    recipe: &Recipe,
    progress: &Progress<'_>,
) -> Result<(Values, HashMap<usize, usize>)> {
    let d = layout.slots.len();
    let path = batches.path.clone();
    memory::check(rows as f64 * d as f64 * (LOADING * size_of::<f64>()) as f64, recipe.memory.set())
        .map_err(|what| Error::format(&batches.path, format!("{rows} rows of {d} features {what}")))?;
    let mut filling = Filling::new(batches, layout, rows);
    let no_memory = |_| Error::format(&path, format!("there is no memory for {rows} rows of {d} features"));
    filling.put_words(&layout.words).map_err(no_memory)?;
    let all = filling.columns.clone();
    let mut before = 0;
    for which in batches.groups(&all) {
        let mut columns = batches.columns(which)?;
        let (mut done, most) = (0, (CELLS / which.len().max(1)).clamp(1, ROWS));
        while let Some(arrays) = columns.next(most)? {
            if columns.rows() > rows {
                break;
            }
            filling.take((before, done), arrays).map_err(|wrong| match wrong {
                Wrong::Infinite(row, column) => {
                    let name = plain::line(&table.header[column]);
                    Error::format(&path, format!("row {}, column `{name}`: the value is infinite", row + 1))
                }
                Wrong::Memory(e) => no_memory(e),
            })?;
            done = columns.rows();
            let part = (before as f32 + which.len() as f32 * done as f32 / rows.max(1) as f32) / all.len() as f32;
            progress.at(0.3 + 0.5 * part.min(1.0), "reading numbers")?;
        }
        if columns.rows() != rows {
            let message = format!("some of its columns have {rows} rows and others {}", columns.rows());
            return Err(Error::format(&path, message));
        }
        before += which.len();
    }
    let gaps = filling.columns.iter().copied().zip(filling.gaps.iter().copied()).collect();
    let (values, kept) = filling.finish();
    let wide: Vec<usize> = kept.iter().filter(|(_, kept)| matches!(kept, Kept::Again)).map(|(at, _)| *at).collect();
    for (column, kept) in kept {
        match kept {
            Kept::Parts(parts) => table.set_column(column, Column::Parts(parts, None)),
            Kept::Feature(slot, native) => table.set_column(column, Column::Feature(slot, native)),
            Kept::Again => {}
        }
    }
    if !wide.is_empty() {
        keep(batches, &wide, table)?;
    }
    table.forget_texts(rows);
    Ok((values, gaps))
}

/// Reads columns as they came into the table.
fn keep(batches: &mut Batches, which: &[usize], table: &mut Table) -> Result<()> {
    let mut parts = vec![Parts::default(); which.len()];
    let mut columns = batches.columns(which)?;
    while let Some(arrays) = columns.next(ROWS)? {
        parts.iter_mut().zip(arrays).for_each(|(parts, array)| parts.push(array));
    }
    which.iter().zip(parts).for_each(|(&column, parts)| table.set_column(column, Column::Parts(parts, None)));
    Ok(())
}

/// Columns of numbers on their way into features.
struct Filling {
    /// Those that are read, ascending.
    columns: Vec<usize>,
    /// The feature that each is, if it is one.
    features: Vec<Option<usize>>,
    /// How those are written that their features can give back.
    natives: Vec<Option<Native>>,
    /// What is kept of the others.
    parts: Vec<Parts>,
    /// Which have whole numbers of more digits than a feature holds.
    wide: Vec<bool>,
    /// Cells that hold nothing.
    gaps: Vec<usize>,
    /// The features from columns of text: which, and of those which.
    words: Vec<(usize, usize)>,
    builder: Builder,
}

/// Why rows cannot be taken.
enum Wrong {
    /// A value is infinite, in this row and column.
    Infinite(usize, usize),
    Memory(TryReserveError),
}

/// What became of a column of numbers.
enum Kept {
    Parts(Parts),
    Feature(usize, Native),
    /// It has to be read again, as it came.
    Again,
}

impl Filling {
    fn new(batches: &Batches, layout: &Layout, rows: usize) -> Self {
        let columns: Vec<usize> =
            (0..batches.holds.len()).filter(|&column| batches.holds[column].is_number()).collect();
        let slots = layout.slots.iter().enumerate();
        let feature_of = |column: usize| {
            slots.clone().find(|(_, from)| matches!(from, Slot::Numbers(c) if *c == column)).map(|(slot, _)| slot)
        };
        let features: Vec<Option<usize>> = columns.iter().map(|&column| feature_of(column)).collect();
        let native =
            |(&column, feature): (&usize, &Option<usize>)| feature.and_then(|_| Native::of(&batches.kinds[column]));
        let natives = columns.iter().zip(&features).map(native).collect();
        let words = slots.filter_map(|(slot, from)| if let Slot::Words(at) = *from { Some((slot, at)) } else { None });
        let count = columns.len();
        Self {
            features,
            natives,
            parts: vec![Parts::default(); count],
            wide: vec![false; count],
            gaps: vec![0; count],
            words: words.collect(),
            builder: Builder::new(rows, layout.slots.len()),
            columns,
        }
    }

    /// Puts in the features that come from columns of text.
    fn put_words(&mut self, words: &Array2<f64>) -> std::result::Result<(), TryReserveError> {
        let pieces: Vec<Piece> = self.words.iter().map(|&(slot, at)| (slot, words.column(at).to_vec())).collect();
        if pieces.is_empty() { Ok(()) } else { self.builder.put(0, &pieces) }
    }

    /// Takes rows of some columns, the first of them at this place among all that are read, and from this row on.
    fn take(&mut self, (first, start): (usize, usize), arrays: Vec<ArrayRef>) -> std::result::Result<(), Wrong> {
        let features = &self.features[first..];
        let read = |(array, feature): (&ArrayRef, &Option<usize>)| match feature {
            Some(_) => arrays::numbers(array),
            None => Ok(Vec::new()),
        };
        let read: Vec<_> = arrays.par_iter().zip(features).map(read).collect();
        let mut pieces: Vec<Piece> = Vec::new();
        for (at, (values, array)) in (first..).zip(read.into_iter().zip(arrays)) {
            let values = values.map_err(|row| Wrong::Infinite(start + row, self.columns[at]))?;
            self.wide[at] |= self.natives[at] == Some(Native::Whole) && values.iter().any(|v| v.abs() > Native::MOST);
            self.gaps[at] += match self.features[at] {
                Some(_) => values.iter().filter(|v| v.is_nan()).count(),
                None => array.null_count(),
            };
            if self.natives[at].is_none() {
                self.parts[at].push(array);
            }
            pieces.extend(self.features[at].map(|slot| (slot, values)));
        }
        self.builder.put(start, &pieces).map_err(Wrong::Memory)
    }

    fn finish(self) -> (Values, Vec<(usize, Kept)>) {
        let kept = self.columns.into_iter().zip(self.parts).zip(self.features).zip(self.natives).zip(self.wide);
        let kept = kept.map(|((((column, parts), feature), native), wide)| match feature.zip(native) {
            Some(_) if wide => (column, Kept::Again),
            Some((slot, native)) => (column, Kept::Feature(slot, native)),
            None => (column, Kept::Parts(parts)),
        });
        (self.builder.finish(), kept.collect())
    }
}
