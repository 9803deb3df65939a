//! IDX, the format of MNIST: a type, up to four dimensions, numbers in big-endian order.

use std::path::{Path, PathBuf};

use ndarray::Array2;

use crate::data::ImageShape;
use crate::data::bytes::element::{Decoded, Element, Fault, Kind};
use crate::data::bytes::source::{Input, stem};
use crate::data::columns::labels::Classes;
use crate::data::raw::Raw;
use crate::data::table::numbered;
use crate::data::values::Values;
use crate::support::language::counted;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// What an IDX header says.
#[derive(Debug, PartialEq, Eq)]
struct Header {
    element: Element,
    /// One to four dimensions, none of them 0.
    dims: Vec<usize>,
    /// Product of all dimensions.
    values: usize,
}

/// Samples of one or more IDX files of the same shape, one after the other.
#[derive(Debug, Default)]
pub(in crate::data) struct Images {
    stored: Stored,
    /// Dimensions of one sample.
    shape: Vec<usize>,
    samples: usize,
}

/// Values of all samples after each other.
#[derive(Debug)]
enum Stored {
    Single(Vec<f32>),
    Double(Vec<f64>),
}

impl Default for Stored {
    fn default() -> Self {
        Self::Single(Vec::new())
    }
}

/// Load an IDX file, with the labels file beside it where there is one.
pub(in crate::data) fn load_file(input: Input, recipe: &Recipe, progress: &Progress) -> Result<Raw> {
    let path = input.path.clone();
    let mut images = Images::default();
    images.append(input, recipe, progress)?;
    let mut raw = images.into_raw(stem(&path), path.clone())?;
    if let Some(labels) = labels_beside(&path).filter(|_| recipe.label_column != "none") {
        let values = read_labels(Input::open(&labels)?)?;
        check_counts(&labels, values.len(), &path, raw.features.nrows())?;
        raw.notes.push(format!("labels from {}", labels.file_name().unwrap_or_default().display()));
        raw.classes = Some(Classes::from_numbers(&values));
    }
    Ok(raw)
}

/// Complain if there is not one label for each sample.
pub(in crate::data) fn check_counts(labels: &Path, found: usize, images: &Path, samples: usize) -> Result<()> {
    if found == samples {
        return Ok(());
    }
    let images = images.file_name().unwrap_or_default().display();
    Err(Error::format(
        labels,
        format!("{} for the {} of {images}", counted(found, "label"), counted(samples, "sample")),
    ))
}

impl Images {
    /// Read a file's samples behind those there are.
    pub(in crate::data) fn append(&mut self, mut input: Input, recipe: &Recipe, progress: &Progress) -> Result<()> {
        let header = read_header(&mut input)?;
        if let (Stored::Single(values), false) = (&self.stored, header.element.fits_single()) {
            self.stored = Stored::Double(values.iter().map(|&v| v.into()).collect());
        }
        let shape = header.dims[1..].to_vec();
        if self.samples > 0 && shape != self.shape {
            return Err(Error::format(
                &input.path,
                format!("samples of {shape:?} values, where those before have {:?}", self.shape),
            ));
        }
        let width = header.values / header.dims[0];
        let read = match &mut self.stored {
            Stored::Single(values) => read_values(&mut input, &header, values, recipe, progress)?,
            Stored::Double(values) => read_values(&mut input, &header, values, recipe, progress)?,
        };
        let place = |at: usize| format!("sample {}, value {}", at / width + 1, at % width + 1);
        read.map_err(|fault| input.fault(fault, header.values, &place))?;
        input.check_end()?;
        self.samples += header.dims[0];
        self.shape = shape;
        Ok(())
    }

    pub(in crate::data) fn samples(&self) -> usize {
        self.samples
    }

    /// One row a sample.
    pub(in crate::data) fn into_raw(self, name: String, origin: PathBuf) -> Result<Raw> {
        let width = self.shape.iter().product();
        let image = image_shape(&self.shape);
        let columns = image.map_or_else(|| numbered(width), |shape| pixels(shape, width));
        let dim = (self.samples, width);
        let features = match self.stored {
            Stored::Single(values) => Array2::from_shape_vec(dim, values).map(Values::Single),
            Stored::Double(values) => Array2::from_shape_vec(dim, values).map(Values::Double),
        };
        let features =
            features.map_err(|e| Error::format(&origin, format!("the shape does not fit the values: {e}")))?;
        let mut raw = Raw::new(name, origin, features, columns);
        raw.image = image;
        if image.is_none() && self.shape.len() > 1 {
            raw.notes.push(format!("each sample of {:?} values is taken as one row of {width}", self.shape));
        }
        Ok(raw)
    }
}

/// Append the values of a file; the inner result is that of the reader.
fn read_values<T: Decoded>(
    input: &mut Input,
    header: &Header,
    values: &mut Vec<T>,
    recipe: &Recipe,
    progress: &Progress,
) -> Result<Result<(), Fault>> {
    input.check_memory(header.values, size_of::<T>(), recipe)?;
    let mut tick = |done: usize| progress.at(0.8 * done as f32 / header.values as f32, "reading");
    input.make_room(values, header.values);
    Ok(header.element.read(input, header.values, values, &mut tick))
}

/// The image that one sample's dimensions stand for: height, width and perhaps channels.
pub(super) fn image_shape(shape: &[usize]) -> Option<ImageShape> {
    match *shape {
        [height, width] => Some(ImageShape { width, height, channels: 1 }),
        [height, width, channels @ (1 | 3)] => Some(ImageShape { width, height, channels }),
        _ => None,
    }
    .filter(|image| image.width > 1 && image.height > 1)
}

/// `pixel 1,1`, row first, with the channel where there are several.
pub(in crate::data) fn pixels(shape: ImageShape, width: usize) -> Vec<String> {
    let name = |at: usize| {
        let (pixel, channel) = (at / shape.channels, at % shape.channels + 1);
        let (row, column) = (pixel / shape.width + 1, pixel % shape.width + 1);
        if shape.channels == 1 { format!("pixel {row},{column}") } else { format!("pixel {row},{column},{channel}") }
    };
    (0..width).map(name).collect()
}

/// Read a file of labels: one dimension, whole numbers.
pub(in crate::data) fn read_labels(mut input: Input) -> Result<Vec<f64>> {
    let header = read_header(&mut input)?;
    if header.dims.len() != 1 {
        return Err(Error::format(&input.path, format!("labels have one dimension; this has {:?}", header.dims)));
    }
    let read = header.element.read_exactly(&mut input, header.values);
    let labels = read.map_err(|fault| input.fault(fault, header.values, &|at| format!("label {}", at + 1)))?;
    input.check_end()?;
    match labels.iter().position(|v| v.fract() != 0.0) {
        Some(at) => Err(Error::format(&input.path, format!("label {}: {} is not a whole number", at + 1, labels[at]))),
        None => Ok(labels),
    }
}

/// Read and check a header against what the file can hold.
fn read_header(input: &mut Input) -> Result<Header> {
    let mut mark = [0; 4];
    input.header_bytes(&mut mark)?;
    let kind = match mark[2] {
        0x08 => Some(Kind::U8),
        0x09 => Some(Kind::I8),
        0x0b => Some(Kind::I16),
        0x0c => Some(Kind::I32),
        0x0d => Some(Kind::F32),
        0x0e => Some(Kind::F64),
        _ => None,
    };
    let (Some(kind), [0, 0, _, 1..=4]) = (kind, mark) else {
        let message = format!(
            "the first four bytes are {mark:?}, which is no IDX mark (0, 0, a type from 8 to 14, 1 to 4 dimensions)"
        );
        return Err(Error::format(&input.path, message));
    };
    let mut dims = Vec::new();
    for _ in 0..mark[3] {
        let mut size = [0; 4];
        input.header_bytes(&mut size)?;
        dims.push(u32::from_be_bytes(size) as usize);
    }
    let element = Element { kind, big_endian: true };
    if dims.contains(&0) {
        return Err(Error::format(&input.path, format!("the header promises {dims:?} values: nothing")));
    }
    // Four dimensions of 32 bits may overflow even 128 bits only when multiplied by the element size; saturating is enough.
    let values = dims.iter().fold(1u128, |product, &dim| product.saturating_mul(dim as u128));
    let bytes = values.saturating_mul(element.size() as u128);
    input.check_promise(4 + 4 * u64::from(mark[3]), bytes.min(u128::MAX / 2), &format!("{dims:?} values"))?;
    let values =
        usize::try_from(values).map_err(|_| Error::format(&input.path, "more values than this machine can address"))?;
    Ok(Header { element, dims, values })
}

/// The labels file that belongs to an images file by the convention of MNIST's names.
pub(in crate::data) fn labels_beside(images: &Path) -> Option<PathBuf> {
    let name = images.file_name()?.to_str()?;
    let bare = [".gz", ".zst"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    let at = bare.rfind("images")?;
    let (front, back) = (&bare[..at], &bare[at + "images".len()..]);
    let other = |digits: &str| format!("{front}labels{}", back.replacen(digits, "idx1", 1));
    let stem = ["idx2", "idx3", "idx4"].iter().find(|d| back.contains(**d)).map_or_else(|| other("idx1"), |d| other(d));
    [stem.clone(), format!("{stem}.gz"), format!("{stem}.zst")]
        .into_iter()
        .map(|name| images.with_file_name(name))
        .find(|path| path.is_file())
}
