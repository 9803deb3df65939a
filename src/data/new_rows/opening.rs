//! Opening new rows, wherever they come from: text and typed columns as they are asked for, anything else at once.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use super::placement::{Names, Placement, place};
use super::rows_from::{self, Cells, Opened, like_training};
use super::{Array, From, NewRows, WIDE_IMAGE};
use crate::data::bytes::source::Input;
use crate::data::bytes::stream::{self, STANDARD_INPUT, leads_to_a_pipe};
use crate::data::components::projection::Projection;
use crate::data::raw::{Raw, sample};
use crate::data::sets::builtin;
use crate::data::sets::named::table_of_folder;
use crate::data::table::numbered;
use crate::data::typed::batches::Batches;
use crate::data::{Reading, Source, formats, load_path};
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

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
                if path.is_dir()
                    && let Some(new) = Self::of_parts(&path, reading, recipe)?
                {
                    return Ok(new);
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

    /// Rows of a table that lies in a folder in parts; nothing where none does, or what lies there is read as a whole.
    fn of_parts(folder: &Path, reading: &'a Reading, recipe: &Recipe) -> Result<Option<Self>> {
        let Some((mut input, sentence)) = table_of_folder(folder, &recipe.encoding)? else { return Ok(None) };
        let mut new = if Batches::begin(&input) {
            Self::of_typed(input, reading, recipe)?
        } else if formats::is_table(&mut input, &recipe.encoding) {
            Self::of_text(input, reading, recipe)?
        } else {
            return Ok(None);
        };
        new.notes.push(sentence);
        Ok(Some(new))
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
}
