//! A folder of pictures, PNG and JPEG: each picture a sample, its folder the label where pictures lie in folders of their own.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageReader, Limits, RgbImage};
use ndarray::Array2;
use rayon::prelude::*;

use crate::data::arrays::idx::pixels;
use crate::data::columns::labels::Classes;
use crate::data::raw::{Raw, few};
use crate::data::{ImageShape, Table};
use crate::support::language::counted;
use crate::support::memory;
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Ends of names of pictures that are read.
const EXTENSIONS: [&str; 3] = ["png", "jpg", "jpeg"];
/// Ends of names of pictures that are not.
const OTHERS: [&str; 7] = ["gif", "webp", "bmp", "tif", "tiff", "heic", "avif"];
/// The longest side that is kept; larger pictures are made smaller.
const LONGEST: u32 = 128;
/// The longest side of a picture that is opened at all.
const LARGEST: u32 = 1 << 15;
/// The most memory that opening one picture may take.
const MOST: u64 = 1 << 28;
/// Pictures between two looks at the clock.
const TICK: usize = 64;

/// A picture, and the folder that it is in where that is its class.
struct Found {
    path: PathBuf,
    /// Its name below the folder that was opened.
    name: String,
    class: Option<String>,
}

/// Whether a folder holds pictures, itself or in folders of it.
pub(in crate::data) fn has_pictures(folder: &Path) -> bool {
    look(folder).is_ok_and(|found| !found.0.is_empty())
}

/// The pictures of a folder, by name.
pub(in crate::data) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    Ok(look(folder)?.0.into_iter().map(|found| found.path).collect())
}

/// The pictures of a folder, those in folders of it with their class, or its own where there are none; and what was left out.
fn look(folder: &Path) -> Result<(Vec<Found>, Vec<String>)> {
    let (own, folders) = entries(folder)?;
    let mut notes = Vec::new();
    let mut found = Vec::new();
    for class in folders {
        let Some(name) = class.file_name().map(|name| name.to_string_lossy().into_owned()) else { continue };
        let inside = match entries(&class) {
            Ok((inside, _)) => inside,
            Err(e) => {
                notes.push(format!("the folder `{name}` was left out: {e}"));
                continue;
            }
        };
        for path in inside {
            if let Some(file) = name_of(&path).filter(|_| is(&path, &EXTENSIONS)) {
                found.push(Found { path, name: format!("{name}/{file}"), class: Some(name.clone()) });
            }
        }
    }
    let other = own.iter().filter(|path| is(path, &OTHERS)).count();
    let own: Vec<PathBuf> = own.into_iter().filter(|path| is(path, &EXTENSIONS)).collect();
    if found.is_empty() {
        found = own.into_iter().filter_map(|path| Some(Found { name: name_of(&path)?, path, class: None })).collect();
    } else if !own.is_empty() {
        notes.push(format!("{} beside the folders of classes left out", counted(own.len(), "picture")));
    }
    if other > 0 {
        notes.push(format!("{} of other kinds left out; PNG and JPEG are read", counted(other, "picture")));
    }
    Ok((found, notes))
}

/// Files and folders in a folder, by name, without hidden ones.
fn entries(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::io("read", folder))? {
        all.push(entry.map_err(Error::io("read", folder))?.path());
    }
    all.retain(|path| name_of(path).is_some_and(|name| !name.starts_with('.')));
    all.sort();
    let (folders, rest): (Vec<PathBuf>, Vec<PathBuf>) = all.into_iter().partition(|path| path.is_dir());
    Ok((rest.into_iter().filter(|path| path.is_file()).collect(), folders))
}

fn name_of(path: &Path) -> Option<String> {
    path.file_name().map(|name| name.to_string_lossy().into_owned())
}

fn is(path: &Path, ends: &[&str]) -> bool {
    path.extension().is_some_and(|end| ends.iter().any(|known| end.eq_ignore_ascii_case(known)))
}

/// Load the pictures of a folder. All are brought to the size that most of them have; colours are kept unless all pictures are grey.
///
/// # Errors
/// [`Error::Format`] where no picture can be read, or they do not fit into the memory.
pub(in crate::data) fn load_folder(folder: &Path, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let (mut found, mut notes) = look(folder)?;
    let mut sizes = Vec::new();
    for part in found.chunks(TICK) {
        progress.at(0.1, "looking at pictures")?;
        sizes.par_extend(part.par_iter().map(|found| size(&found.path)));
    }
    let mut damaged = Vec::new();
    let (mut kept, mut known) = (Vec::new(), Vec::new());
    for (found, size) in found.drain(..).zip(sizes) {
        match size {
            Ok(size) => {
                kept.push(found);
                known.push(size);
            }
            Err(what) => damaged.push(format!("{} ({what})", found.name)),
        }
    }
    let Some(target) = target(&known) else { return Err(no_picture(folder, &damaged)) };
    let (width, height) = target;
    let bytes = kept.len() as f64 * f64::from(width) * f64::from(height) * 3.0;
    memory::check(bytes * (1 + 2 * size_of::<f32>()) as f64, recipe.memory.set()).map_err(|what| {
        Error::format(folder, format!("{} of {width} × {height} {what}", counted(kept.len(), "picture")))
    })?;
    let mut read = Vec::new();
    for part in kept.chunks(TICK) {
        let done = read.len() as f32 / kept.len() as f32;
        progress.at(0.1 + 0.6 * done, "reading pictures")?;
        read.par_extend(part.par_iter().map(|found| decode(&found.path, target)));
    }
    let (mut pictures, mut rows) = (Vec::new(), Vec::new());
    for (found, picture) in kept.into_iter().zip(read) {
        match picture {
            Ok(picture) => {
                pictures.push(picture);
                rows.push(found);
            }
            Err(what) => damaged.push(format!("{} ({what})", found.name)),
        }
    }
    if pictures.is_empty() {
        return Err(no_picture(folder, &damaged));
    }
    if !damaged.is_empty() {
        let names: Vec<&str> = damaged.iter().map(String::as_str).collect();
        notes.push(format!("{} cannot be read and left out: {}", counted(damaged.len(), "picture"), few(&names)));
    }
    notes.extend(said_of_sizes(&known, target));
    into_raw(folder, (rows, pictures), target, recipe, notes)
}

fn no_picture(folder: &Path, damaged: &[String]) -> Error {
    let names: Vec<&str> = damaged.iter().map(String::as_str).collect();
    Error::format(folder, format!("none of its pictures can be read: {}", few(&names)))
}

/// The size that most pictures have, the smaller where two are as frequent, with its longer side brought to [`LONGEST`].
fn target(sizes: &[(u32, u32)]) -> Option<(u32, u32)> {
    let mut sorted = sizes.to_vec();
    sorted.sort_by_key(|&(width, height)| (u64::from(width) * u64::from(height), width));
    let groups = sorted.chunk_by(|a, b| a == b);
    let most = groups.rev().max_by_key(|group| group.len())?;
    let (width, height) = *most.first()?;
    let longest = width.max(height);
    let fit = |side: u32| {
        if longest <= LONGEST { side } else { (u64::from(side) * u64::from(LONGEST)).div_ceil(longest.into()) as u32 }
    };
    Some((fit(width).max(1), fit(height).max(1)))
}

/// What was done to pictures of other sizes.
fn said_of_sizes(sizes: &[(u32, u32)], (width, height): (u32, u32)) -> Option<String> {
    let scaled = sizes.iter().filter(|&&size| size != (width, height)).count();
    let all = counted(sizes.len(), "picture");
    (scaled > 0).then(|| {
        format!(
            "{scaled} of {all} of another size brought to {width} × {height}, scaled evenly and cut around their middle"
        )
    })
}

/// A file as something to decode, within limits.
fn open(path: &Path) -> std::result::Result<ImageReader<BufReader<std::fs::File>>, String> {
    let reader = ImageReader::open(path).and_then(ImageReader::with_guessed_format);
    let mut reader = reader.map_err(|e| e.to_string())?;
    let mut limits = Limits::default();
    limits.max_image_width = Some(LARGEST);
    limits.max_image_height = Some(LARGEST);
    limits.max_alloc = Some(MOST);
    reader.limits(limits);
    Ok(reader)
}

/// Width and height of a picture as it is seen, without decoding it.
fn size(path: &Path) -> std::result::Result<(u32, u32), String> {
    let mut decoder = open(path)?.into_decoder().map_err(|e| brief(&e))?;
    let (width, height) = decoder.dimensions();
    if width == 0 || height == 0 || decoder.total_bytes() > MOST {
        return Err(format!("{width} × {height} pixels"));
    }
    let turned = matches!(
        decoder.orientation().unwrap_or(Orientation::NoTransforms),
        Orientation::Rotate90 | Orientation::Rotate90FlipH | Orientation::Rotate270 | Orientation::Rotate270FlipH
    );
    Ok(if turned { (height, width) } else { (width, height) })
}

/// A picture in this size, in colours; what is transparent is white.
fn decode(path: &Path, (width, height): (u32, u32)) -> std::result::Result<RgbImage, String> {
    let mut decoder = open(path)?.into_decoder().map_err(|e| brief(&e))?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(|e| brief(&e))?;
    picture.apply_orientation(orientation);
    if (picture.width(), picture.height()) != (width, height) {
        picture = picture.resize_to_fill(width, height, FilterType::Triangle);
    }
    if !picture.color().has_alpha() {
        return Ok(picture.into_rgb8());
    }
    let seen = picture.into_rgba8();
    Ok(RgbImage::from_fn(width, height, |x, y| {
        let [r, g, b, alpha] = seen.get_pixel(x, y).0;
        let on_white = |v: u8| ((u32::from(v) * u32::from(alpha) + 255 * (255 - u32::from(alpha)) + 127) / 255) as u8;
        image::Rgb([on_white(r), on_white(g), on_white(b)])
    }))
}

/// An error of a decoder on one short line.
fn brief(e: &image::ImageError) -> String {
    plain::line(&e.to_string()).chars().take(80).collect()
}

/// Samples of pictures of one size, their names and classes as a table beside them.
fn into_raw(
    folder: &Path,
    (rows, pictures): (Vec<Found>, Vec<RgbImage>),
    (width, height): (u32, u32),
    recipe: &Recipe,
    mut notes: Vec<String>,
) -> Result<Raw> {
    let grey = |picture: &RgbImage| picture.pixels().all(|pixel| pixel.0[0] == pixel.0[1] && pixel.0[1] == pixel.0[2]);
    let step = if pictures.par_iter().all(grey) { 3 } else { 1 };
    let shape = ImageShape { width: width as usize, height: height as usize, channels: 3 / step };
    let size = shape.width * shape.height * shape.channels;
    let mut features = Array2::zeros((pictures.len(), size));
    features.outer_iter_mut().zip(&pictures).for_each(|(mut row, picture)| {
        row.iter_mut().zip(picture.as_raw().iter().step_by(step)).for_each(|(to, &v)| *to = f32::from(v));
    });
    let classed = recipe.label_column != "none" && rows.iter().any(|found| found.class.is_some());
    let mut table = Table::new(["file".to_owned()].into_iter().chain(classed.then(|| "label".to_owned())).collect());
    for found in &rows {
        let class = classed.then(|| found.class.as_deref().unwrap_or_default());
        table.push(std::iter::once(found.name.as_str()).chain(class))?;
    }
    let name = folder.canonicalize().ok().and_then(|f| f.file_name().map(|n| n.to_string_lossy().into_owned()));
    let kind = if step == 3 { "grey" } else { "in colours" };
    notes.insert(0, format!("{} of {width} × {height} pixels, {kind}", counted(rows.len(), "picture")));
    let mut raw = Raw::new(name.unwrap_or_else(|| "data".to_owned()), folder.to_owned(), features, pixels(shape, size));
    if classed {
        notes.push("folders taken for the labels (--label-column none: no labels)".to_owned());
        raw.classes = Some(Classes::from_words(rows.iter().map(|found| found.class.as_deref())));
    }
    raw.image = Some(shape);
    raw.table = Some(table);
    raw.notes = notes;
    Ok(raw)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_that_of_most_pictures() {
        assert_eq!(target(&[(8, 8), (4, 6), (4, 6), (9, 9)]), Some((4, 6)));
        assert_eq!(target(&[(8, 8), (4, 6)]), Some((4, 6)), "the smaller of two");
        assert_eq!(target(&[(4000, 3000)]), Some((128, 96)));
        assert_eq!(target(&[(30_000, 1)]), Some((128, 1)));
        assert_eq!(target(&[]), None);
    }
}
