//! Sets that lie in files with known names: MNIST and its kin, in a folder or the cache.

use std::path::{Path, PathBuf};

use super::fetch::PublicSet;
use super::parts::{self, are_parts, tables_in};
use crate::data::arrays::idx::{Images, check_counts, labels_beside, load_file, read_labels};
use crate::data::bytes::source::{GZIP, Input, ZSTD, bare_name};
use crate::data::columns::labels::Classes;
use crate::data::formats::photos;
use crate::data::formats::{is_idx_name, load_samples, sample_formats, unpacked_formats};
use crate::data::raw::Raw;
use crate::data::{Own, load_path};
use crate::support::error::Remedy;
use crate::support::language::counted;
use crate::support::number;
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// The two halves of a set in the shape of MNIST: images and labels of each.
const HALVES: [[&str; 2]; 2] =
    [["train-images-idx3-ubyte", "train-labels-idx1-ubyte"], ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"]];

/// Where downloaded sets are kept: the system's folder for caches, then `eigenscope`. None where the system names none.
#[must_use]
pub fn cache_dir() -> Option<PathBuf> {
    let from = |variable: &str| std::env::var_os(variable).filter(|v| !v.is_empty()).map(PathBuf::from);
    let base = if cfg!(windows) {
        from("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        from("HOME").map(|home| home.join("Library").join("Caches"))
    } else {
        // A relative XDG path is to be ignored, says the specification.
        from("XDG_CACHE_HOME").filter(|p| p.is_absolute()).or_else(|| from("HOME").map(|home| home.join(".cache")))
    };
    base.map(|base| base.join("eigenscope"))
}

/// Load both halves of a named set from `--data-dir` or the cache, training half first.
pub(super) fn load_named(
    name: &str,
    class_names: Option<&[&str]>,
    recipe: &Recipe,
    progress: &Progress,
) -> Result<Raw> {
    let places = places(name, recipe);
    let Some(halves) = places.iter().find_map(|folder| both_halves(folder)) else {
        let names: Vec<&str> = HALVES.iter().flatten().copied().collect();
        let looked: Vec<String> = places.iter().map(|place| place.display().to_string()).collect();
        let message = format!(
            "{name} needs the four files {} (plain, .gz or .zst), and they are not all in {}",
            names.join(", "),
            looked.join(" or ")
        );
        let choose = Remedy::choose("data-dir", "FOLDER", "says where they are", "Choose folder…");
        // What is downloaded goes into the cache, where nobody looks who has named a folder.
        let error = match PublicSet::named(name).filter(|_| recipe.data_dir.is_none()) {
            Some(set) => {
                let size = number::bytes(set.packed() as usize);
                let (does, button) = (format!("downloads them ({size})"), format!("Download {size}"));
                Error::Data(message).or(Remedy::download(set.name, does, button))
            }
            None => Error::Data(message),
        };
        return Err(error.or(choose));
    };
    let mut raw = join(name, &halves, recipe, progress)?;
    if let Some(classes) = &mut raw.classes {
        rename(classes, class_names);
    }
    Ok(raw)
}

/// Folders in which the files of a named set may be.
fn places(name: &str, recipe: &Recipe) -> Vec<PathBuf> {
    let given = recipe.data_dir.iter().flat_map(|folder| [folder.clone(), folder.join(name)]);
    let cached = cache_dir().map(|cache| cache.join(name)).filter(|_| recipe.data_dir.is_none());
    given.chain(cached).collect()
}

/// Whether the cache has all files of a named set, whatever is in them.
#[must_use]
pub fn is_cached(name: &str) -> bool {
    cache_dir().is_some_and(|cache| both_halves(&cache.join(name)).is_some())
}

/// The files that a named set would be loaded from, if they are all there.
pub(in crate::data) fn files_of_set(name: &str, recipe: &Recipe) -> Vec<PathBuf> {
    places(name, recipe).iter().find_map(|folder| both_halves(folder)).into_iter().flatten().flatten().collect()
}

/// The files that the set of a folder would be loaded from, with their labels.
pub(in crate::data) fn files_of_folder(folder: &Path) -> Result<Vec<PathBuf>> {
    if let Some(halves) = both_halves(folder) {
        return Ok(halves.into_iter().flatten().collect());
    }
    let images = images_in(folder)?;
    if images.is_empty() {
        let tables = tables_in(folder)?;
        if !photos::has_pictures(folder) && (tables.len() == 1 || are_parts(&tables)) {
            return Ok(tables);
        }
        return photos::files(folder);
    }
    let labels: Vec<PathBuf> = images.iter().filter_map(|images| labels_beside(images)).collect();
    Ok([images, labels].concat())
}

/// Load the IDX set of a folder: both halves in MNIST's names, one half, or the only file of images; else its pictures.
pub(in crate::data) fn load_folder(folder: &Path, recipe: &Recipe, progress: &Progress) -> Result<Raw> {
    let name = folder.canonicalize().ok().and_then(|f| f.file_name().map(|n| n.to_string_lossy().into_owned()));
    if let Some(halves) = both_halves(folder) {
        return join(&name.unwrap_or_else(|| "data".to_owned()), &halves, recipe, progress);
    }
    match images_in(folder)?.as_slice() {
        [only] => load_file(Input::open(only)?, recipe, progress),
        [] if photos::has_pictures(folder) => photos::load_folder(folder, recipe, progress),
        [] => of_parts(folder, recipe, progress),
        several => {
            let names: Vec<String> =
                several.iter().filter_map(|p| p.file_name()).map(|n| n.display().to_string()).collect();
            Err(Error::format(folder, format!("several IDX sets are in this folder; open one of {}", names.join(", "))))
        }
    }
}

/// The table of a folder, as programs write it that work in parts: its only one, or all where their names say that they are parts.
fn of_parts(folder: &Path, recipe: &Recipe, progress: &Progress) -> Result<Raw> {
    match tables_in(folder)?.as_slice() {
        [only] => {
            let mut raw = load_path(only, recipe, progress)?;
            raw.notes.push(of_one(only));
            Ok(raw)
        }
        files if are_parts(files) => {
            let input = parts::open(folder, files, &recipe.encoding)?;
            // A line of all parts tells a person less than what is wrong with one of them.
            let alone = || files.iter().find_map(|file| load_path(file, recipe, progress).err());
            let mut raw = load_samples(input, recipe, progress).map_err(|together| alone().unwrap_or(together))?;
            raw.lines = None;
            raw.notes.push(parts::sentence(files));
            Ok(raw)
        }
        [first, more @ ..] => {
            let name = first.file_name().unwrap_or_default().display().to_string();
            Err(Error::format(
                folder,
                format!(
                    "this folder holds {} that may be tables, the first {}; open one of them, or make one file of them, as \
                     pandas.read_parquet(folder).to_parquet(\"one.parquet\") does in Python",
                    counted(more.len() + 1, "file"),
                    plain::line(&name)
                ),
            ))
        }
        [] => Err(Error::format(
            folder,
            format!(
                "this folder holds no IDX set (such as train-images-idx3-ubyte with its labels), and neither it nor its folders hold pictures (PNG or JPEG); open a file: {}, all but {} also packed with gzip or zstd",
                sample_formats("or"),
                unpacked_formats()
            ),
        )),
    }
}

/// What is said of the only table of a folder.
fn of_one(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().display().to_string();
    format!("the only table of the folder was read: {}", plain::line(&name))
}

/// The table of a folder as something to read, and what is said of its parts; nothing where it holds another set, or no such table.
///
/// # Errors
/// As [`load_folder`] for parts that do not fit each other.
pub(in crate::data) fn table_of_folder(folder: &Path, encoding: &str) -> Result<Option<(Input, String)>> {
    if both_halves(folder).is_some() || !images_in(folder)?.is_empty() || photos::has_pictures(folder) {
        return Ok(None);
    }
    match tables_in(folder)?.as_slice() {
        [only] if Own::of(only).is_none() => Ok(Some((Input::open(only)?, of_one(only)))),
        files if are_parts(files) => Ok(Some((parts::open(folder, files, encoding)?, parts::sentence(files)))),
        _ => Ok(None),
    }
}

/// The IDX files of images in a folder, by name.
fn images_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut images = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let path = entry.map_err(Error::io("read", folder))?.path();
        if path.is_file() && bare_name(&path).contains("images") && is_idx_name(&path) {
            images.push(path);
        }
    }
    images.sort();
    Ok(images)
}

/// Images and labels of both halves, if all four files are there.
fn both_halves(folder: &Path) -> Option<[[PathBuf; 2]; 2]> {
    let find = |name: &str| {
        let dotted = name.replacen("-idx", ".idx", 1);
        let packed = [GZIP, ZSTD].into_iter().flat_map(|end| [format!("{name}.{end}"), format!("{dotted}.{end}")]);
        [name.to_owned(), dotted.clone()]
            .into_iter()
            .chain(packed)
            .map(|name| folder.join(name))
            .find(|path| path.is_file())
    };
    let half = |[images, labels]: [&str; 2]| Some([find(images)?, find(labels)?]);
    Some([half(HALVES[0])?, half(HALVES[1])?])
}

/// Read the halves one after the other into one matrix.
fn join(name: &str, halves: &[[PathBuf; 2]; 2], recipe: &Recipe, progress: &Progress) -> Result<Raw> {
    let mut images = Images::default();
    let mut labels = Vec::new();
    for [image_file, label_file] in halves {
        let before = images.samples();
        images.append(Input::open(image_file)?, recipe, progress)?;
        let found = read_labels(Input::open(label_file)?)?;
        check_counts(label_file, found.len(), image_file, images.samples() - before)?;
        labels.extend(found);
    }
    let folder = halves[0][0].parent().unwrap_or(Path::new("")).to_owned();
    let mut raw = images.into_raw(name.to_owned(), folder)?;
    if recipe.label_column != "none" {
        raw.classes = Some(Classes::from_numbers(&labels));
    }
    Ok(raw)
}

/// Give classes `0..` their names.
pub(in crate::data) fn rename(classes: &mut Classes, names: Option<&[&str]>) {
    for name in
        names.is_some_and(|n| n.len() >= classes.names.len()).then_some(&mut classes.names).into_iter().flatten()
    {
        if let Some(word) = name.parse().ok().and_then(|at: usize| names?.get(at)) {
            (*word).clone_into(name);
        }
    }
}
