//! Tables of typed columns, Parquet or Arrow, as a stream of rows.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use arrow_array::{Array as _, ArrayRef, RecordBatch};
use arrow_schema::{DataType, Schema};
use rayon::prelude::*;

use super::arrays::Holds;
use super::arrow_stream::{self, Stream};
use super::lists;
use super::parquet_file::{self, Parquet, Reader};
use crate::data::bytes::source::Input;
use crate::data::bytes::stream;
use crate::data::columns::given::Given;
use crate::data::raw::few;
use crate::data::text::header::name_columns;
use crate::recipe::columns::ColumnKind;
use crate::{Error, Result};

/// Rows that are read at once.
pub(in crate::data) use super::parquet_file::ROWS;

/// Columns that one core reads at least.
const FEWEST: usize = 2;
/// The name that pandas gives an index without one.
const PANDAS_INDEX: &str = "__index_level_";

/// A table that can be read again and again, but for one that comes through a pipe.
pub(in crate::data) struct Batches {
    pub(in crate::data) path: PathBuf,
    /// Names of the columns that are read, told apart.
    pub(in crate::data) header: Vec<String>,
    /// What each of them holds.
    pub(in crate::data) holds: Vec<Holds>,
    /// What each of them is.
    pub(in crate::data) kinds: Vec<DataType>,
    /// Which of them are an index that pandas kept.
    pub(in crate::data) index: Vec<usize>,
    /// What a person should know of them.
    pub(in crate::data) notes: Vec<String>,
    /// Where each stands in the file, and which place of the lists there it is, of how many.
    places: Vec<Place>,
    from: From,
}

/// A column, or an array of one, and which place of the lists there is meant, of how many.
type Place = (usize, Option<(usize, usize)>);

enum From {
    Parquet(Parquet),
    /// The stream that the columns were looked up in, where it was not used up yet.
    Arrow(Option<Box<Stream>>),
}

impl Batches {
    /// Whether a file is such a table, by how it begins.
    pub(in crate::data) fn begin(input: &Input) -> bool {
        let head = input.head();
        head.starts_with(parquet_file::MARK) && !input.packed
            || head.starts_with(arrow_stream::MARK)
            || Self::stream(input)
    }

    /// Whether it is a stream that is read from its beginning to its end, so that it may come through a pipe.
    pub(in crate::data) fn stream(input: &Input) -> bool {
        arrow_stream::begins_stream(input.head())
    }

    /// A table of either kind.
    pub(in crate::data) fn open(input: Input) -> Result<Self> {
        if input.head().starts_with(parquet_file::MARK) { Self::parquet(&input) } else { Self::arrow(input) }
    }

    /// A table in Parquet.
    pub(in crate::data) fn parquet(input: &Input) -> Result<Self> {
        let file = Parquet::open(input.files())?;
        Self::of(input.path.clone(), &file.schema().clone(), From::Parquet(file))
    }

    /// A table in Arrow's own format, a file or a stream.
    pub(in crate::data) fn arrow(input: Input) -> Result<Self> {
        let path = input.path.clone();
        let stream = Stream::open(input)?;
        Self::of(path, &stream.schema().clone(), From::Arrow(Some(Box::new(stream))))
    }

    fn of(path: PathBuf, schema: &Schema, mut from: From) -> Result<Self> {
        let mut lists = Vec::new();
        let (mut header, mut holds, mut kinds, mut places) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut left_out, mut seconds) = (Vec::new(), Vec::new());
        for (place, field) in schema.fields().iter().enumerate() {
            let (name, kind) = (field.name(), Holds::of(field.data_type()));
            if let Some((values, length)) = lists::of(field.data_type())
                && let Some(length) = length.or_else(|| from.length(place, &path))
            {
                lists.push(format!("{name} ({length})"));
                header.extend((0..length).map(|at| format!("{name}.{at}")));
                holds.extend(std::iter::repeat_n(Holds::Numbers, length));
                kinds.extend(std::iter::repeat_n(values.clone(), length));
                places.extend((0..length).map(|at| (place, Some((at, length)))));
                continue;
            }
            if kind == Holds::Other {
                left_out.push(format!("{name} ({})", short_kind(&field.data_type().to_string())));
                continue;
            }
            if kind == Holds::Seconds {
                seconds.push(name.as_str());
            }
            header.push(name.clone());
            holds.push(kind);
            kinds.push(field.data_type().clone());
            places.push((place, None));
        }
        if header.is_empty() {
            return Err(Error::format(&path, "the table has no column that is read here"));
        }
        let mut notes: Vec<String> = name_columns(&mut header).into_iter().collect();
        if !left_out.is_empty() {
            let names: Vec<&str> = left_out.iter().map(String::as_str).collect();
            notes.push(format!("columns whose cells are no numbers, words or dates are left out: {}", few(&names)));
        }
        if !lists.is_empty() {
            let names: Vec<&str> = lists.iter().map(String::as_str).collect();
            notes.push(format!("columns of lists of numbers spread into a column for each place: {}", few(&names)));
        }
        if !seconds.is_empty() {
            notes.push(format!("columns of times taken as seconds: {}", few(&seconds)));
        }
        let index = index(schema, &header, &places);
        Ok(Self { path, header, holds, kinds, index, notes, places, from })
    }

    /// Columns of numbers that a person says hold something else are read as text is.
    pub(in crate::data) fn as_asked(&mut self, given: &Given) {
        for (&column, kind) in &given.kinds {
            let holds = &mut self.holds[column];
            let alike = match kind {
                ColumnKind::Number => matches!(holds, Holds::Numbers | Holds::Seconds),
                ColumnKind::Flag => *holds == Holds::Flags,
                ColumnKind::Date | ColumnKind::YearMonthDay => *holds == Holds::Dates,
                ColumnKind::Category | ColumnKind::DayMonthYear | ColumnKind::MonthDayYear => false,
            };
            if holds.is_number() && !alike {
                *holds = Holds::Text;
            }
        }
    }

    /// How many rows there are, counted.
    pub(in crate::data) fn count(&mut self) -> Result<usize> {
        // A Parquet file says it, which need not be true; of its columns one of numbers takes least to read.
        let narrow = |holds: &[Holds]| (0..holds.len()).find(|&at| holds[at].is_number()).unwrap_or(0);
        let which = if matches!(self.from, From::Parquet(_)) { vec![narrow(&self.holds)] } else { Vec::new() };
        let mut columns = self.columns(&which)?;
        while columns.next(usize::MAX)?.is_some() {}
        Ok(columns.rows())
    }

    /// Columns, ascending, in groups that are read at once: what is unpacked of each of a Parquet file takes memory, and of Arrow all are
    /// there anyway. Those of one column of lists stay together.
    pub(in crate::data) fn groups<'c>(&self, columns: &'c [usize]) -> Vec<&'c [usize]> {
        let most = match self.from {
            From::Parquet(_) => FEWEST * rayon::current_num_threads().max(1),
            From::Arrow(_) => usize::MAX,
        };
        let place = |column: usize| self.places[column].0;
        let (mut groups, mut from, mut count) = (Vec::new(), 0, 0);
        for at in 0..columns.len() {
            if at == from || place(columns[at]) != place(columns[at - 1]) {
                if count == most {
                    groups.push(&columns[from..at]);
                    (from, count) = (at, 0);
                }
                count += 1;
            }
        }
        groups.extend((from < columns.len()).then(|| &columns[from..]));
        groups
    }

    /// Some of the columns, ascending, from the first row on.
    pub(in crate::data) fn columns(&mut self, columns: &[usize]) -> Result<Columns> {
        let wanted: Vec<Place> = columns.iter().map(|&column| self.places[column]).collect();
        // A column of lists is read once for all its places.
        let mut places: Vec<usize> = wanted.iter().map(|(place, _)| *place).collect();
        places.dedup();
        let parts = match &mut self.from {
            From::Parquet(file) => {
                let size = places.len().div_ceil(rayon::current_num_threads().max(1)).max(FEWEST);
                let parts: Result<Vec<Part>> = places
                    .chunks(size)
                    .map(|part| Ok(Part::new(Rows::Parquet(Box::new(file.columns(part)?)))))
                    .collect();
                parts?
            }
            From::Arrow(stream) => {
                let mut stream = match stream.take() {
                    Some(stream) => stream,
                    None => Box::new(Stream::open(Input::open(&self.path)?)?),
                };
                stream.want(&places);
                vec![Part::new(Rows::Arrow(stream))]
            }
        };
        let spread = wanted.iter().any(|(_, of)| of.is_some()).then(|| {
            let at = |place: usize| places.binary_search(&place).unwrap_or(0);
            wanted.iter().map(|&(place, of)| (at(place), of)).collect()
        });
        Ok(Columns { parts, path: self.path.clone(), rows: 0, spread })
    }
}

impl From {
    /// How long the lists of a column are, by its first rows, where that can be looked up before all are read.
    fn length(&mut self, place: usize, path: &Path) -> Option<usize> {
        match self {
            Self::Parquet(file) => {
                let mut rows = file.columns(&[place]).ok()?;
                measured(|| rows.next())
            }
            Self::Arrow(stream) => {
                let first = stream.as_mut()?.ahead()?;
                let length = lists::length(first.column(place))?;
                if length >= lists::SURE || stream::is_pipe(path) {
                    return Some(length);
                }
                let mut again = Stream::open(Input::open(path).ok()?).ok()?;
                again.want(&[place]);
                measured(|| again.next())
            }
        }
    }
}

/// How long the lists of a column are that comes in parts: by the first of them where they are long, else by all.
fn measured(mut next: impl FnMut() -> Result<Option<RecordBatch>>) -> Option<usize> {
    let mut found = None;
    while let Some(batch) = next().ok()? {
        let column = batch.columns().first()?;
        if column.null_count() == column.len() {
            continue;
        }
        let length = lists::length(column)?;
        if *found.get_or_insert(length) != length {
            return None;
        }
        if length >= lists::SURE {
            break;
        }
    }
    found
}

/// Names of the columns of a Parquet or Arrow file, as far as they are read; nothing where a path leads to no such file.
#[must_use]
pub fn typed_columns(path: &Path) -> Option<Vec<String>> {
    let input = Input::open(path).ok().filter(Batches::begin)?;
    Batches::open(input).ok().map(|batches| batches.header)
}

/// The beginning of the name of a kind, which may be as long as an object is deep.
fn short_kind(kind: &str) -> String {
    kind.chars().take_while(|c| c.is_alphanumeric()).collect()
}

/// Which columns pandas kept its index in: it says so beside the schema, and names an index without a name in its own way.
fn index(schema: &Schema, header: &[String], places: &[Place]) -> Vec<usize> {
    let about = schema.metadata().get("pandas").and_then(|text| serde_json::from_str::<serde_json::Value>(text).ok());
    let names: HashSet<String> = about
        .as_ref()
        .and_then(|about| about["index_columns"].as_array())
        .into_iter()
        .flatten()
        .filter_map(|name| name.as_str().map(str::to_owned))
        .collect();
    let is_index = |place: usize| {
        let name = schema.field(place).name();
        names.contains(name) || name.starts_with(PANDAS_INDEX)
    };
    (0..header.len()).filter(|&column| is_index(places[column].0)).collect()
}

/// Some columns on their way.
pub(in crate::data) struct Columns {
    parts: Vec<Part>,
    path: PathBuf,
    rows: usize,
    /// For each column the array that it comes from, and which place of its lists it is, of how many; none where all are as they come.
    spread: Option<Vec<Place>>,
}

/// Columns that one core reads, and what it read of them that was not given away.
struct Part {
    rows: Rows,
    ahead: Option<RecordBatch>,
}

enum Rows {
    Parquet(Box<Reader>),
    Arrow(Box<Stream>),
}

impl Part {
    fn new(rows: Rows) -> Self {
        Self { rows, ahead: None }
    }

    /// Sees to it that there are rows to give away, where any are left.
    fn fill(&mut self) -> Result<()> {
        while self.ahead.as_ref().is_none_or(|ahead| ahead.num_rows() == 0) {
            let next = match &mut self.rows {
                Rows::Parquet(reader) => reader.next()?,
                Rows::Arrow(stream) => stream.next()?,
            };
            if next.is_none() {
                self.ahead = None;
                return Ok(());
            }
            self.ahead = next;
        }
        Ok(())
    }
}

impl Columns {
    /// How many rows came so far.
    pub(in crate::data) fn rows(&self) -> usize {
        self.rows
    }

    /// The next rows, at most so many; nothing after the last ones.
    pub(in crate::data) fn next(&mut self, most: usize) -> Result<Option<Vec<ArrayRef>>> {
        self.parts.par_iter_mut().try_for_each(Part::fill)?;
        let left: Vec<usize> =
            self.parts.iter().map(|part| part.ahead.as_ref().map_or(0, RecordBatch::num_rows)).collect();
        let count = left.iter().copied().min().unwrap_or(0).min(most);
        if count == 0 {
            return match left.iter().max() {
                Some(0) | None => Ok(None),
                _ => Err(Error::format(&self.path, format!("some columns end after row {}, others go on", self.rows))),
            };
        }
        let mut arrays = Vec::new();
        for ahead in self.parts.iter_mut().filter_map(|part| part.ahead.as_mut()) {
            arrays.extend(ahead.columns().iter().map(|column| column.slice(0, count)));
            *ahead = ahead.slice(count, ahead.num_rows() - count);
        }
        if let Some(spread) = &self.spread {
            let one = |&(at, of): &Place| match of {
                None => Ok(arrays[at].clone()),
                Some((place, length)) => lists::place(&arrays[at], place, length).map_err(|row| {
                    let row = self.rows + row + 1;
                    Error::format(&self.path, format!("row {row}: its list has not {length} numbers, as others have"))
                }),
            };
            arrays = spread.par_iter().map(one).collect::<Result<_>>()?;
        }
        self.rows += count;
        Ok(Some(arrays))
    }
}
