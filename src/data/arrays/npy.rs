//! NPY, `NumPy`'s format for one array.

use std::collections::HashMap;

use ndarray::{Array2, ArrayD, Axis, IxDyn, ShapeBuilder};

use super::idx::{image_shape, pixels};
use super::npy_header::{Content, Header, read_header};
use super::npy_records;
use crate::data::Table;
use crate::data::bytes::element::{Decoded, Element, Fault, fill};
use crate::data::bytes::source::{Input, stem};
use crate::data::columns::given::adds_features;
use crate::data::columns::labels::Classes;
use crate::data::columns::roles;
use crate::data::raw::{Raw, few};
use crate::data::table::numbered;
use crate::data::values::Values;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Most bytes that the different words of an array may have together.
const MOST_LETTERS: usize = 1 << 25;

/// Load an NPY file.
pub(in crate::data) fn load_file(mut input: Input, recipe: &Recipe, progress: &Progress) -> Result<Raw> {
    let path = input.path.clone();
    let header = read_header(&mut input)?;
    if let Content::Records(fields) = &header.content {
        return npy_records::load(input, &header, fields, recipe, progress);
    }
    let raw = read_samples(input, &header, stem(&path), recipe, progress)?;
    let mut raw = split_columns(raw, recipe)?;
    if recipe.array != "auto" {
        raw.notes.push("--array names an array of an NPZ archive; this file holds one array alone".to_owned());
    }
    Ok(raw)
}

/// Read an array as samples: rows of a matrix, numbers of a vector, or images.
pub(super) fn read_samples(
    mut input: Input,
    header: &Header,
    name: String,
    recipe: &Recipe,
    progress: &Progress,
) -> Result<Raw> {
    let path = input.path.clone();
    let Content::Numbers(element) = header.content else {
        return Err(Error::format(&path, "the array holds words or records; features are numbers"));
    };
    let Some((_, sample)) = header.shape.split_first() else {
        return Err(Error::format(&path, "the array is a single number; samples are rows of a matrix"));
    };
    let width = sample.iter().product::<usize>();
    let read = Reading { header, element, recipe, progress };
    let (features, table) = if element.is_wide_integer() {
        let (features, whole) = read.wide(&mut input)?;
        (Values::Double(features), whole)
    } else if element.fits_single() {
        (Values::Single(read.numbers(&mut input)?), None)
    } else {
        (Values::Double(read.numbers(&mut input)?), None)
    };
    input.check_end()?;
    // A stack of 3 × 2 arrays is hardly a picture; from 4 × 4 on it plausibly is one.
    let image = image_shape(sample).filter(|image| image.width >= 4 && image.height >= 4);
    let columns = image.map_or_else(|| numbered(width), |shape| pixels(shape, width));
    let mut raw = Raw::new(name, path, features, columns);
    raw.image = image;
    raw.table = table;
    if let Some(image) = image {
        raw.notes.push(format!("each sample is taken as an image of {} × {} pixels", image.width, image.height));
    } else if sample.len() > 1 {
        raw.notes.push(format!("each sample of {sample:?} values is taken as one row of {width}"));
    }
    Ok(raw)
}

/// An array about to be read as samples.
struct Reading<'a> {
    header: &'a Header,
    element: Element,
    recipe: &'a Recipe,
    progress: &'a Progress<'a>,
}

impl Reading<'_> {
    /// How many samples, and values in each.
    fn dim(&self) -> (usize, usize) {
        let n = self.header.shape.first().copied().unwrap_or(0);
        (n, self.header.shape.iter().skip(1).product())
    }

    /// How a person finds a value.
    fn place(&self, at: usize) -> String {
        let (n, width) = self.dim();
        match self.header.shape.len() {
            // In Fortran order only a matrix has rows and columns that are easy to name.
            2 if self.header.fortran => format!("row {}, column {}", at % n + 1, at / n + 1),
            _ if self.header.fortran => format!("value {}", at + 1),
            _ => format!("row {}, column {}", at / width + 1, at % width + 1),
        }
    }

    fn numbers<T: Decoded + ndarray::LinalgScalar>(&self, input: &mut Input) -> Result<Array2<T>> {
        let count = self.header.values;
        input.check_memory(count, size_of::<T>(), self.recipe)?;
        let mut values = Vec::new();
        let mut tick = |done: usize| self.progress.at(0.8 * done as f32 / count as f32, "reading");
        input.make_room(&mut values, count);
        let read = self.element.read(input, count, &mut values, &mut tick);
        read.map_err(|fault| input.fault(fault, count, &|at| self.place(at)))?;
        self.arrange(values, input)
    }

    /// Whole numbers of 64 bits, and their digits where double precision does not hold all of them: ids lose none.
    fn wide(&self, input: &mut Input) -> Result<(Array2<f64>, Option<Table>)> {
        let count = self.header.values;
        input.check_memory(count, size_of::<i128>(), self.recipe)?;
        let read = self.element.read_wide(input, count);
        let values = read.map_err(|fault| input.fault(fault, count, &|at| self.place(at)))?;
        let whole = self.arrange(values, input)?;
        let numbers = whole.mapv(|v| v as f64);
        if whole.iter().all(|v| v.unsigned_abs() <= MOST_EXACT) {
            return Ok((numbers, None));
        }
        let mut table = Table::new(numbered(whole.ncols()));
        for row in whole.rows() {
            let cells: Vec<String> = row.iter().map(ToString::to_string).collect();
            table.push(cells.iter().map(String::as_str))?;
        }
        Ok((numbers, Some(table)))
    }

    /// Values as a row a sample.
    fn arrange<T: Clone>(&self, values: Vec<T>, input: &Input) -> Result<Array2<T>> {
        let (shape, dim) = (&self.header.shape, self.dim());
        let unfit =
            |e: ndarray::ShapeError| Error::format(&input.path, format!("the shape does not fit the values: {e}"));
        if !self.header.fortran {
            return Array2::from_shape_vec(dim, values).map_err(unfit);
        }
        if shape.len() == 1 {
            return Array2::from_shape_vec(dim, values).map_err(unfit);
        }
        let array = ArrayD::from_shape_vec(IxDyn(shape).f(), values).map_err(unfit)?;
        array.as_standard_layout().into_owned().into_shape_with_order(dim).map_err(unfit)
    }
}

/// Up to here double precision holds every whole number.
const MOST_EXACT: u128 = 1 << 53;

/// Give the columns of an array the roles that a person named: labels, ids, features, none.
pub(in crate::data) fn split_columns(mut raw: Raw, recipe: &Recipe) -> Result<Raw> {
    if raw.sparse.is_some() {
        // Their columns have their roles when they are projected.
        return Ok(raw);
    }
    let path = raw.origin.clone();
    let all: Vec<usize> = (0..raw.columns.len()).collect();
    let mut left_out = Vec::new();
    if !matches!(recipe.label_column.as_str(), "auto" | "none") && raw.classes.is_none() {
        let column = roles::column_index(&raw.columns, "label-column", &recipe.label_column, &path)?;
        raw.classes = Some(column_classes(&raw, column));
        left_out.push(column);
    }
    if !matches!(recipe.id_column.as_str(), "auto" | "none") {
        left_out.push(roles::column_index(&raw.columns, "id-column", &recipe.id_column, &path)?);
    }
    for (flag, list) in [("ignore", &recipe.ignore), ("shown", &recipe.shown)] {
        left_out.extend(roles::names(&raw.columns, flag, list, &path)?.unwrap_or_default());
    }
    let chosen = roles::names(&raw.columns, "features", &recipe.features, &path)?;
    let chosen = chosen.filter(|_| !adds_features(&raw.columns, &recipe.features));
    let stays =
        |column: &usize| !left_out.contains(column) && chosen.as_ref().is_none_or(|chosen| chosen.contains(column));
    let kept: Vec<usize> = all.iter().copied().filter(stays).collect();
    if kept.len() == all.len() {
        return Ok(raw);
    }
    let gone: Vec<&str> = all.iter().filter(|at| !kept.contains(at)).map(|&at| raw.columns[at].as_str()).collect();
    raw.notes.push(format!("columns that are no features, as asked: {}", few(&gone)));
    raw.features = raw.features.select(Axis(1), &kept);
    raw.columns = kept.iter().map(|&at| raw.columns[at].clone()).collect();
    raw.image = None;
    Ok(raw)
}

/// A column of an array as classes, with every digit it has.
fn column_classes(raw: &Raw, column: usize) -> Classes {
    match &raw.table {
        Some(table) => Classes::from_words((0..table.len()).map(|row| Some(table.cell(row, column)))),
        None => Classes::from_numbers(&raw.features.column(column)),
    }
}

/// Read an array as one class a sample.
pub(in crate::data) fn read_classes(mut input: Input, header: &Header) -> Result<Classes> {
    if !are_labels(header) {
        return one_a_row(input, header);
    }
    let place = |at: usize| format!("label {}", at + 1);
    let classes = match &header.content {
        Content::Numbers(element) if element.is_wide_integer() => {
            let values = element.read_wide(&mut input, header.values);
            Classes::from_whole(&values.map_err(|fault| input.fault(fault, header.values, &place))?)
        }
        Content::Numbers(element) => {
            let values = element.read_exactly(&mut input, header.values);
            let values = values.map_err(|fault| input.fault(fault, header.values, &place))?;
            if let Some(at) = values.iter().position(|v| v.is_infinite()) {
                return Err(Error::format(&input.path, format!("{}: infinite", place(at))));
            }
            Classes::from_numbers(&values)
        }
        Content::Records(_) => {
            return Err(Error::format(&input.path, "labels are numbers or words; these are records"));
        }
        Content::Words { .. } => {
            let (words, ids) = read_words(&mut input, header)?;
            let word = |&id: &u32| Some(words[id as usize].as_str()).filter(|word| !word.is_empty());
            Classes::from_words(ids.iter().map(word))
        }
    };
    input.check_end()?;
    Ok(classes)
}

/// Whether an array has one dimension, but for those of one.
fn are_labels(header: &Header) -> bool {
    header.shape.iter().filter(|&&size| size != 1).count() <= 1
}

/// Classes of an array with a column for each, where every row has a single 1, as networks want them; a row of zeros has no class.
fn one_a_row(mut input: Input, header: &Header) -> Result<Classes> {
    let message =
        || format!("labels have one dimension, or one 1 in each row, and else 0; this has {:?}", header.shape);
    let (&[rows, classes], Content::Numbers(element)) = (&header.shape[..], &header.content) else {
        return Err(Error::format(&input.path, message()));
    };
    let place = |at: usize| format!("label {}", at + 1);
    let values = element.read_exactly(&mut input, header.values);
    let values = values.map_err(|fault| input.fault(fault, header.values, &place))?;
    input.check_end()?;
    let value =
        |row: usize, class: usize| values[if header.fortran { class * rows + row } else { row * classes + class }];
    let class = |row: usize| {
        let mut found = f64::NAN;
        for class in 0..classes {
            match value(row, class) {
                0.0 => {}
                1.0 if found.is_nan() => found = class as f64,
                _ => return None,
            }
        }
        Some(found)
    };
    let found: Option<Vec<f64>> = (0..rows).map(class).collect();
    found.map(|found| Classes::from_numbers(&found)).ok_or_else(|| Error::format(&input.path, message()))
}

/// The distinct words of an array, and which of them each row has. One word at a time is held in its full width.
pub(super) fn read_words(input: &mut Input, header: &Header) -> Result<(Vec<String>, Vec<u32>)> {
    let Content::Words { characters, wide, big_endian } = header.content else {
        return Ok((Vec::new(), Vec::new()));
    };
    let mut cell = vec![0; characters * if wide { 4 } else { 1 }];
    let mut known: HashMap<String, u32> = HashMap::new();
    let (mut ids, mut letters) = (Vec::new(), 0);
    for row in 0..header.values {
        let got = fill(input, &mut cell);
        let short = match got {
            Ok(got) if got == cell.len() => None,
            Ok(_) => Some(Fault::Short(row)),
            Err(e) => Some(Fault::Stream(e)),
        };
        if let Some(fault) = short {
            return Err(input.fault(fault, header.values, &|at| format!("label {}", at + 1)));
        }
        let word = decode(&cell, wide, big_endian);
        let next = known.len() as u32;
        let id = known.get(&word).copied().unwrap_or_else(|| {
            letters += word.len();
            known.insert(word, next);
            next
        });
        if letters > MOST_LETTERS {
            let message =
                format!("label {}: the different words are longer than {MOST_LETTERS} bytes together", row + 1);
            return Err(Error::format(&input.path, message));
        }
        ids.push(id);
    }
    let mut words = vec![String::new(); known.len()];
    for (word, id) in known {
        words[id as usize] = word;
    }
    Ok((words, ids))
}

/// A word as `NumPy` stores it, without the zeros that fill it up.
pub(in crate::data) fn decode(cell: &[u8], wide: bool, big_endian: bool) -> String {
    if !wide {
        return cell.iter().map(|&b| char::from(b)).collect::<String>().trim_end_matches('\0').to_owned();
    }
    let (codes, _) = cell.as_chunks::<4>();
    let code = |&c: &[u8; 4]| if big_endian { u32::from_be_bytes(c) } else { u32::from_le_bytes(c) };
    let used = codes.iter().rposition(|c| *c != [0; 4]).map_or(0, |last| last + 1);
    codes[..used].iter().map(|c| char::from_u32(code(c)).unwrap_or('\u{fffd}')).collect()
}
