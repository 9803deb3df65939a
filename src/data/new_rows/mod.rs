//! New rows for a model, read as its training read them, a block after the other: a table that is streamed may be endless.

pub(super) mod adapted;
pub(super) mod counts;
pub(super) mod placement;
pub(super) mod rows_from;
pub(super) mod typed;

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use ndarray::Array2;

use super::bytes::source::Input;
use super::bytes::stream::{self, STANDARD_INPUT, leads_to_a_pipe};
use super::cell::is_missing;
use super::columns::labels::Classes;
use super::components::projection::Projection;
use super::raw::{Raw, sample};
use super::sets::builtin;
use super::table::numbered;
use super::typed::batches::Batches;
use super::values::Values;
use super::{ColumnReading, Reading, Source, Table, formats, load_path};
use crate::support::number::shortest;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};
use adapted::adapted;
use counts::{Counts, count, fill, part_of, wrong};
use placement::{Names, Placement, place};
use rows_from::{Cells, Opened, like_training, records};
use typed::TypedRows;

/// Rows of a block.
const BLOCK: usize = 8192;
/// Cells of a block, where rows are long.
const CELLS: usize = 1 << 20;
/// With more pixels than this the features of an image are no columns of the table, as in a run's.
const WIDE_IMAGE: usize = 64;

/// New rows on their way to a model.
pub struct NewRows<'a> {
    pub(super) reading: &'a Reading,
    /// Its columns as the rows want them, which may be written otherwise than in the training.
    columns: Vec<ColumnReading>,
    pub(super) path: PathBuf,
    /// Names of the original columns.
    header: Vec<String>,
    pub(super) from: From,
    pub(super) placement: Placement,
    /// How many were given away.
    pub(super) given: usize,
    /// What was found in each column of the reading.
    pub(super) counts: Vec<Counts>,
    pub(super) notes: Vec<String>,
}

impl std::fmt::Debug for NewRows<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewRows").field("path", &self.path).field("header", &self.header).finish_non_exhaustive()
    }
}

/// Where rows come from.
pub(super) enum From {
    Cells(Cells),
    Array(Array),
    Typed(TypedRows),
}

/// Rows of numbers.
pub(super) struct Array {
    features: Values,
    classes: Option<Classes>,
    /// Rows that are still to come, the last one first.
    rows: Vec<usize>,
    /// The place of each row in its source, where some of them were drawn before.
    places: Option<Vec<usize>>,
    /// Whether the features are among the original columns.
    shown: bool,
    /// What is known of the rows beside their features: the names of pictures.
    table: Option<Table>,
}

/// Some new rows.
#[derive(Clone, Debug)]
pub struct Block {
    /// The original columns, word for word; of arrays their numbers.
    pub table: Table,
    /// The place of each row in its source, from 0.
    pub rows: Vec<usize>,
    /// Features, `n × d`, before any scaling.
    pub features: Array2<f64>,
    pub(super) label: Option<usize>,
    /// The cells of that column, where they are no text.
    pub(super) labels: Vec<String>,
}

impl Block {
    /// The class of a row, where it has one.
    #[must_use]
    pub fn label(&self, row: usize) -> Option<&str> {
        let cell = |column| self.labels.get(row).map_or_else(|| self.table.cell(row, column), String::as_str).trim();
        self.label.map(cell).filter(|name| !is_missing(name))
    }
}

impl<'a> NewRows<'a> {
    /// Opens new rows: a file, a folder, a built-in set, or what comes through a pipe, with `-` the standard input. Of the recipe the
    /// limit and where built-in sets lie count. Text is read as it is asked for; anything else is loaded here.
    ///
    /// # Errors
    /// A file that cannot be read or whose content is wrong; a column of the reading that is not there, by name.
    pub fn open(argument: &OsStr, reading: &'a Reading, recipe: &Recipe) -> Result<Self> {
        let silent = Progress::silent();
        let recipe = &like_training(reading, recipe);
        let path = Path::new(argument);
        let pipe: Option<(&Path, Box<dyn Read + Send>)> = if argument == "-" {
            Some((Path::new(STANDARD_INPUT), Box::new(std::io::stdin())))
        } else if leads_to_a_pipe(path) {
            Some((path, Box::new(File::open(path).map_err(Error::io("read", path))?)))
        } else {
            None
        };
        if let Some((path, reader)) = pipe {
            let mut input = Input::over(path, u64::MAX, reader)?;
            if formats::is_table(&mut input, &recipe.encoding) {
                return Self::of_text(input, reading, recipe);
            }
            if Batches::stream(&input) && recipe.limit == 0 {
                return Self::of_typed(input, reading, recipe);
            }
            stream::keep(path, input)?;
            let input = Input::open(path)?;
            if Batches::begin(&input) {
                return Self::of_typed(input, reading, recipe);
            }
            return Self::of_raw(load_path(path, recipe, &silent)?, reading, recipe);
        }
        match Source::of(argument) {
            Source::Named(name) => Self::of_raw(builtin::load(&name, recipe, &silent)?, reading, recipe),
            Source::Path(path) => {
                if path.is_file() && crate::data::Own::of(&path).is_none() {
                    let mut input = Input::open(&path)?;
                    if formats::is_table(&mut input, &recipe.encoding) {
                        return Self::of_text(input, reading, recipe);
                    }
                    if Batches::begin(&input) {
                        return Self::of_typed(input, reading, recipe);
                    }
                }
                Self::of_raw(load_path(&path, recipe, &silent)?, reading, recipe)
            }
            Source::Painted(painted) => Self::of_raw(painted.load(recipe, &silent)?, reading, recipe),
        }
    }

    /// Opens the rows of a source once more, of which there are so many, pipes that were kept among them.
    ///
    /// # Errors
    /// As [`NewRows::open`].
    pub fn again(source: &Source, of: usize, reading: &'a Reading, recipe: &Recipe) -> Result<Self> {
        let mut new = match source {
            Source::Path(path) if stream::is_pipe(path) => {
                let recipe = &like_training(reading, recipe);
                let mut input = Input::open(path)?;
                if formats::is_table(&mut input, &recipe.encoding) {
                    Self::of_text(input, reading, recipe)
                } else {
                    Self::of_raw(load_path(path, recipe, &Progress::silent())?, reading, recipe)
                }
            }
            Source::Path(path) => Self::open(path.as_os_str(), reading, recipe),
            Source::Named(name) => Self::open(OsStr::new(name), reading, recipe),
            Source::Painted(painted) => {
                let recipe = &like_training(reading, recipe);
                Self::of_raw(painted.load(recipe, &Progress::silent())?, reading, recipe)
            }
        }?;
        if let From::Cells(Cells::Text(rows)) = &mut new.from {
            rows.of = Some(of);
        }
        Ok(new)
    }

    fn of_text(input: Input, reading: &'a Reading, recipe: &Recipe) -> Result<Self> {
        let path = input.path.clone();
        if let Some(projection) = &reading.projection {
            return Err(projection.refused(&path));
        }
        let heard = input.heard();
        let Opened { cells, header, own, title, twice } = rows_from::open(input, reading, recipe)?;
        let placement = place(reading, Names { header: &header, own, path: &path })?;
        let mut new = Self::over(From::Cells(cells), header, (placement, path), reading);
        new.notes.extend(heard.and_then(|heard| heard.note()));
        new.notes.extend(title);
        new.notes.extend(twice);
        new.drawn(recipe)
    }

    /// Rows that a loader gave: by the cells of their table, where they have one, and not by what it guessed of them.
    fn of_raw(mut raw: Raw, reading: &'a Reading, recipe: &Recipe) -> Result<Self> {
        if let Some(projection) = &reading.projection {
            return Self::of_components(raw, projection, reading, recipe);
        }
        raw.add_absent(reading);
        let path = raw.origin;
        let (table, beside) = if raw.image.is_none() { (raw.table, None) } else { (None, raw.table) };
        if let Some(table) = table {
            let header = table.header.clone();
            let own = header != numbered(header.len());
            let placement = place(reading, Names { header: &header, own, path: &path })?;
            let cells = Cells::Table { table, lines: raw.lines, row: 0 };
            return Self::over(From::Cells(cells), header, (placement, path), reading).drawn(recipe);
        }
        let own = raw.image.is_none() && raw.columns != numbered(raw.columns.len());
        let placement = place(reading, Names { header: &raw.columns, own, path: &path })?;
        let (mut notes, places) = (raw.notes, raw.taken.map(|taken| taken.rows));
        let mut rows: Vec<usize> = (0..raw.features.nrows()).collect();
        if places.is_none() {
            rows = sample(rows, recipe, &mut notes);
        }
        rows.reverse();
        let shown = raw.image.is_none() || raw.columns.len() <= WIDE_IMAGE;
        let mut header = if shown { raw.columns } else { Vec::new() };
        match &beside {
            Some(table) => header.extend(table.header.iter().cloned()),
            None => header.extend(raw.classes.is_some().then(|| "label".to_owned())),
        }
        let array = Array { features: raw.features, classes: raw.classes, rows, places, shown, table: beside };
        let mut new = Self::over(From::Array(array), header, (placement, path), reading);
        new.notes.extend(notes);
        Ok(new)
    }

    /// Rows of a sparse matrix, as the components that the model reads.
    fn of_components(mut raw: Raw, projection: &Projection, reading: &'a Reading, recipe: &Recipe) -> Result<Self> {
        raw.projected_by(projection)?;
        // Where a limit was drawn before, only its rows are there.
        let (mut notes, places) = (raw.notes, raw.taken.map(|taken| taken.rows));
        let mut rows: Vec<usize> = (0..raw.features.nrows()).collect();
        if places.is_none() {
            rows = sample(rows, recipe, &mut notes);
        }
        rows.reverse();
        let header = raw.classes.is_some().then(|| "label".to_owned()).into_iter().collect();
        let slots = (0..reading.columns.len()).map(Some).collect();
        let placement = Placement { slots, label: None, note: None };
        let array = Array { features: raw.features, classes: raw.classes, rows, places, shown: false, table: None };
        let mut new = Self::over(From::Array(array), header, (placement, raw.origin), reading);
        new.notes.extend(notes);
        Ok(new)
    }

    pub(super) fn over(
        from: From,
        header: Vec<String>,
        (mut placement, path): (Placement, PathBuf),
        reading: &'a Reading,
    ) -> Self {
        let notes = placement.note.take().into_iter().collect();
        let counts = vec![Counts::default(); reading.columns.len()];
        Self { reading, columns: Vec::new(), path, header, from, placement, given: 0, counts, notes }
    }

    /// As many of the rows as the recipe wants.
    fn drawn(mut self, recipe: &Recipe) -> Result<Self> {
        if let (From::Cells(cells), limit @ 1..) = (&mut self.from, recipe.limit) {
            let (of, note) = cells.draw(limit, recipe.seed)?;
            self.notes.extend(note);
            if of > limit {
                self.notes.push(format!("{limit} of {of} rows kept, drawn at random (--limit {limit})"));
            }
        }
        Ok(self)
    }

    /// Names of the original columns.
    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.header
    }

    /// Whether the original columns hold the features: not those of large pictures, nor the components of sparse rows.
    #[must_use]
    pub fn shows_features(&self) -> bool {
        match &self.from {
            From::Cells(_) | From::Typed(_) => true,
            From::Array(array) => array.shown,
        }
    }

    /// The next rows, at most 8192; nothing after the last ones.
    ///
    /// # Errors
    /// A cell that is neither what training had nor missing, a row of another length, no row at all; each with its line.
    pub fn next_block(&mut self) -> Result<Option<Block>> {
        let width = self.header.len().max(self.reading.features()).max(1);
        let most = BLOCK.min(CELLS / width).max(1);
        let block = match &mut self.from {
            From::Cells(cells) => {
                let (table, places) = records(cells, &self.header, most, &self.path)?;
                if table.is_empty() { None } else { Some(self.read(table, &places)?) }
            }
            From::Array(array) => {
                let rows: Vec<usize> = (0..most).map_while(|_| array.rows.pop()).collect();
                if rows.is_empty() { None } else { Some(self.read_array(rows)?) }
            }
            From::Typed(rows) => {
                let block = rows.next(most)?;
                block.map(|block| self.read_typed(&block)).transpose()?
            }
        };
        let Some(block) = block else {
            return if self.given > 0 { Ok(None) } else { Err(Error::format(&self.path, "no row follows the header")) };
        };
        self.given += block.rows.len();
        Ok(Some(block))
    }

    /// Cells become features.
    fn read(&mut self, table: Table, places: &[(usize, u64)]) -> Result<Block> {
        if self.given == 0 {
            let (columns, notes) = adapted(self.reading, &table, &self.placement.slots);
            self.columns = columns;
            self.notes.extend(notes);
        }
        let (reading, path, columns) = (self.reading, &self.path, &self.columns);
        let slots = &self.placement.slots;
        let read = |row: usize, features: &mut [f64], starts: &[usize], counts: &mut [Counts]| {
            for (place, text) in table.record(row).enumerate() {
                let Some(slot) = slots.get(place).copied().flatten() else { continue };
                let (column, into) = (&columns[slot], part_of(features, starts, slot));
                let seen = column.read(text, into).map_err(|complaint| {
                    let line = places.get(row).map_or(0, |place| place.1);
                    wrong(path, &format!("line {line}"), column, &complaint)
                })?;
                count(&mut counts[slot], seen, || text.trim().to_owned());
            }
            Ok(())
        };
        let (features, counts) = fill(reading, table.len(), read)?;
        if self.given == 0 {
            self.check_kinds(&counts, table.len())?;
        }
        self.count(counts);
        let rows = places.iter().map(|place| place.0).collect();
        Ok(Block { table, rows, features, label: self.placement.label, labels: Vec::new() })
    }

    /// Numbers of an array become features.
    fn read_array(&mut self, rows: Vec<usize>) -> Result<Block> {
        let From::Array(array) = &self.from else { return Err(Error::Data("these rows are no array".to_owned())) };
        let (reading, path, slots) = (self.reading, &self.path, &self.placement.slots);
        let read = |row: usize, features: &mut [f64], starts: &[usize], counts: &mut [Counts]| {
            for (value, slot) in array.features.row(rows[row]).into_iter().zip(slots) {
                let Some(slot) = *slot else { continue };
                let (column, into) = (&reading.columns[slot], part_of(features, starts, slot));
                let seen = column
                    .read_number(value, into)
                    .map_err(|complaint| wrong(path, &format!("row {}", rows[row] + 1), column, &complaint))?;
                count(&mut counts[slot], seen, || value.to_string());
            }
            Ok(())
        };
        let (features, counts) = fill(reading, rows.len(), read)?;
        let mut table = Table::new(self.header.clone());
        for &row in &rows {
            let values = array.features.row(row);
            let single = matches!(array.features, Values::Single(_));
            let digits = |v: f64| if single { shortest(v, v as f32) } else { shortest(v, v) };
            let shown = array.shown.then_some(values).into_iter().flatten();
            let mut cells: Vec<String> = shown.map(digits).collect();
            if let Some(table) = &array.table {
                cells.extend(table.texts(row).map(std::borrow::Cow::into_owned));
            } else if let Some(classes) = &array.classes {
                let name = classes.ids.get(row).and_then(|&id| classes.names.get(id as usize));
                cells.push(name.cloned().unwrap_or_default());
            }
            table.push(cells.iter().map(String::as_str))?;
        }
        let label = array.classes.as_ref().and(self.header.len().checked_sub(1));
        let rows = match &array.places {
            Some(places) => rows.into_iter().map(|row| places[row]).collect(),
            None => rows,
        };
        self.count(counts);
        Ok(Block { table, rows, features, label, labels: Vec::new() })
    }
}
