//! What may be written over: never what a command reads, and results only by a run of the same data unless a person says otherwise.

use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::frame::TableFormat;
use super::{applied, excel, onnx};
use crate::data::{Source, cache_dir, fingerprint, is_idx_name, stem, typed_columns};
use crate::recipe::Recipe;
use crate::{Error, Result};

/// Everything that a run leaves in its folder, the figures among it and its summary last; which of them it does write depends on what it
/// was asked for.
pub const RESULTS: [&str; 9] = [
    "labels.csv",
    "input.svg",
    "learned.svg",
    "exact.svg",
    "curves.svg",
    "ladder.svg",
    "recipe.toml",
    "model.eigenscope",
    "summary.json",
];

/// Every file that a run may leave, the summary last: its labels are of any format.
pub(super) fn any_result() -> impl Iterator<Item = String> {
    let labels = TableFormat::ALL.into_iter().map(labels_name).filter(|name| !RESULTS.contains(&name.as_str()));
    labels.chain(RESULTS.map(str::to_owned))
}

/// The name of a run's labels in a format.
#[must_use]
pub fn labels_name(format: TableFormat) -> String {
    format!("labels.{}", format.extension())
}

/// A first line longer than this is no header of ours.
const LONGEST_HEADER: u64 = 1 << 20;

/// The files that data and recipe are read from; of a folder those that may be an IDX set, not what else lies in it.
#[must_use]
pub fn inputs(source: &Source, recipe: &Recipe) -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = recipe.affinity_file.iter().chain(&recipe.known_labels).cloned().collect();
    match source {
        Source::Path(path) => places.push(path.clone()),
        Source::Named(name) => {
            places.extend(recipe.data_dir.iter().flat_map(|folder| [folder.clone(), folder.join(name)]));
            places.extend(cache_dir().map(|cache| cache.join(name)));
        }
        Source::Painted(_) => {}
    }
    let mut files = Vec::new();
    for place in places {
        match std::fs::read_dir(&place) {
            Ok(entries) => files
                .extend(entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file() && is_idx_name(path))),
            Err(_) => files.push(place),
        }
    }
    files
}

/// Whether two paths lead to one file that is there, however they are written, through links too.
#[must_use]
pub fn same_file(a: &Path, b: &Path) -> bool {
    let (Ok(a), Ok(b)) = (a.canonicalize(), b.canonicalize()) else { return false };
    a == b || one_inode(&a, &b)
}

/// Whether two names are of one file on the disk, as hard links are.
#[cfg(unix)]
fn one_inode(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let about = |path: &Path| std::fs::metadata(path).map(|m| (m.dev(), m.ino()));
    matches!((about(a), about(b)), (Ok(a), Ok(b)) if a == b)
}

#[cfg(not(unix))]
fn one_inode(_: &Path, _: &Path) -> bool {
    false
}

/// What a summary calls the data: a built-in name, or the path of a file or folder from the root. A pipe is known by what came through it.
#[must_use]
pub fn identity(source: &Source) -> String {
    match source {
        Source::Named(name) => name.clone(),
        Source::Path(path) if path.is_file() || path.is_dir() => {
            path.canonicalize().unwrap_or_else(|_| path.clone()).display().to_string()
        }
        Source::Path(path) => match fingerprint(source, &Recipe::default()) {
            Ok(Some(checksum)) => format!("{} {checksum}", path.display()),
            _ => path.display().to_string(),
        },
        Source::Painted(_) => source.to_string(),
    }
}

/// Whether a run of `source` may write its results to `folder`; `file` is the recipe file that it reads, if it does.
///
/// # Errors
/// [`Error::Setting`] when a result would replace what the run reads, and, unless `force`, when results of other data stand there.
pub fn check_folder(folder: &Path, source: &Source, recipe: &Recipe, file: Option<&Path>, force: bool) -> Result<()> {
    let summary = summary(folder);
    let inputs = inputs(source, recipe);
    for name in any_result() {
        let path = folder.join(&name);
        // A recipe that an earlier run left here as its own, word for word, is a result like the others.
        let is_recipe = file.is_some_and(|file| same_file(file, &path)) && !left_by(summary.as_ref(), &path);
        if is_recipe || inputs.iter().any(|input| same_file(input, &path)) {
            return Err(Error::Setting(format!(
                "--out {} would replace {}, which this run reads; give another folder",
                folder.display(),
                path.display()
            )));
        }
    }
    let Some(there) = any_result().find(|name| folder.join(name).symlink_metadata().is_ok()) else {
        return Ok(());
    };
    if force || summary.as_ref().is_some_and(|summary| is_of(summary, source)) {
        return Ok(());
    }
    let what = match summary.as_ref().and_then(|s| s["dataset"].as_str()) {
        Some(other) => format!("holds results of {other}"),
        None => format!("holds {there}, and no summary.json there says what data it is of"),
    };
    Err(Error::Setting(format!(
        "--out {} {what}; this run is of {source}. Give another folder, or --force replaces what stands there",
        folder.display()
    )))
}

/// Whether a file may be written that `apply` was asked for. An earlier output of `apply` may be replaced.
///
/// # Errors
/// [`Error::Setting`] when it is one of `inputs`, and, unless `force`, when something else stands there.
pub fn check_file(path: &Path, inputs: &[PathBuf], force: bool) -> Result<()> {
    if inputs.iter().any(|input| same_file(input, path)) {
        return Err(Error::Setting(format!("--out {} is what this command reads; give another name", path.display())));
    }
    if force || !path.is_file() || names(path).is_some_and(|line| applied::is_header(&line)) {
        return Ok(());
    }
    Err(Error::Setting(format!(
        "--out {} stands there and is no output of apply; give another name, or --force replaces it",
        path.display()
    )))
}

/// Whether `export` may write an ONNX graph here.
///
/// # Errors
/// [`Error::Setting`] for one of the inputs, and, unless `force`, for a file that no export wrote.
pub fn check_onnx(path: &Path, inputs: &[PathBuf], force: bool) -> Result<()> {
    if inputs.iter().any(|input| same_file(input, path)) {
        return Err(Error::Setting(format!("--onnx {} is the model itself; give another name", path.display())));
    }
    if force || !path.is_file() || onnx::is_ours(&beginning(path, onnx::TELLING)) {
        return Ok(());
    }
    Err(Error::Setting(format!(
        "--onnx {} stands there and is no export of Eigenscope; give another name, or --force replaces it",
        path.display()
    )))
}

/// The first bytes of a file, as many as there are.
fn beginning(path: &Path, most: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What cannot be read begins as nothing of ours does.
    let read = std::fs::File::open(path).and_then(|file| file.take(most as u64).read_to_end(&mut bytes));
    read.map_or_else(|_| Vec::new(), |_| bytes)
}

/// The summary of an earlier run in this folder.
fn summary(folder: &Path) -> Option<Value> {
    let text = std::fs::read_to_string(folder.join("summary.json")).ok()?;
    serde_json::from_str(&text).ok().filter(|value: &Value| value["dataset"].is_string() && value["recipe"].is_object())
}

/// Whether a summary is of this data; older ones know its name alone.
fn is_of(summary: &Value, source: &Source) -> bool {
    match summary["source"].as_str() {
        Some(there) => there == identity(source),
        None => summary["dataset"].as_str() == Some(name(source).as_str()),
    }
}

fn name(source: &Source) -> String {
    match source {
        Source::Named(name) => name.clone(),
        Source::Path(path) => stem(path),
        Source::Painted(_) => "painted".to_owned(),
    }
}

/// Whether the recipe at `path` says what the summary beside it says the run had.
fn left_by(summary: Option<&Value>, path: &Path) -> bool {
    // Both go through the same text, so that a number read back differently is no difference.
    let as_summarised = || {
        let recipe: Recipe = toml::from_str(&std::fs::read_to_string(path).ok()?).ok()?;
        serde_json::from_str(&serde_json::to_string(&recipe).ok()?).ok()
    };
    summary.is_some_and(|summary| as_summarised().is_some_and(|recipe: Value| recipe == summary["recipe"]))
}

/// The names of the columns of a table that is there, as the first line of a CSV has them.
fn names(path: &Path) -> Option<String> {
    if let Some(columns) = typed_columns(path) {
        return Some(columns.join(","));
    }
    if TableFormat::named(path) == Some(TableFormat::Xlsx) {
        return excel::own_names(path);
    }
    if TableFormat::named(path) == Some(TableFormat::Npz) {
        let archive = zip::ZipArchive::new(std::fs::File::open(path).ok()?).ok()?;
        let names = archive.file_names().filter_map(Result::ok);
        return Some(names.map(|name| name.trim_end_matches(".npy").to_owned()).collect::<Vec<_>>().join(","));
    }
    let line = first_line(path)?;
    match serde_json::from_str::<serde_json::Map<String, Value>>(&line) {
        Ok(object) => Some(object.keys().cloned().collect::<Vec<_>>().join(",")),
        Err(_) => Some(line.replace('\t', ",")),
    }
}

fn first_line(path: &Path) -> Option<String> {
    let mut line = String::new();
    let file = std::fs::File::open(path).ok()?;
    BufReader::new(file).take(LONGEST_HEADER).read_line(&mut line).ok()?;
    Some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
        let path = folder.join(name);
        std::fs::write(&path, text).expect("the folder can be written");
        path
    }

    fn refusal(folder: &Path, data: &Path, file: Option<&Path>, force: bool) -> String {
        let source = Source::Path(data.to_owned());
        let checked = check_folder(folder, &source, &Recipe::default(), file, force);
        checked.err().map(|e| e.to_string()).unwrap_or_default()
    }

    #[test]
    fn what_a_run_reads_is_never_replaced() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let (here, below) = (folder.path(), folder.path().join("below"));
        std::fs::create_dir(&below).expect("the folder can be written");
        let data = file(here, "labels.csv", "x,y\n1,2\n");
        for (out, force) in [(here.to_owned(), false), (here.to_owned(), true), (below.join(".."), true)] {
            let message = refusal(&out, &data, None, force);
            assert!(message.contains("which this run reads") && message.contains("labels.csv"), "{message}");
        }
        let recipe = file(here, "recipe.toml", "neighbors = 9\n");
        std::fs::remove_file(&data).expect("it is there");
        let data = file(here, "mine.csv", "x,y\n1,2\n");
        assert!(refusal(here, &data, Some(&recipe), true).contains("recipe.toml"));
        assert_eq!(refusal(&below, &data, Some(&recipe), false), "");
        let mine = Recipe { affinity_file: Some(below.join("ladder.svg")), ..Recipe::default() };
        file(&below, "ladder.svg", "1 2 3");
        let checked = check_folder(&below, &Source::Named("moons".to_owned()), &mine, None, true);
        assert!(checked.is_err_and(|e| e.to_string().contains("ladder.svg")));
    }

    #[cfg(unix)]
    #[test]
    fn links_lead_to_what_is_read_too() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let data = file(folder.path(), "mine.csv", "x,y\n1,2\n");
        for hard in [false, true] {
            let out = folder.path().join(format!("out {hard}"));
            std::fs::create_dir(&out).expect("the folder can be written");
            let link = out.join("labels.csv");
            let made = if hard { std::fs::hard_link(&data, link) } else { std::os::unix::fs::symlink(&data, link) };
            made.expect("links can be made");
            assert!(refusal(&out, &data, None, true).contains("which this run reads"), "{hard}");
        }
        let link = folder.path().join("link.csv");
        std::os::unix::fs::symlink(&data, &link).expect("links can be made");
        assert!(same_file(&link, &data));
    }

    #[test]
    fn results_are_replaced_by_the_same_data_or_with_force() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let out = folder.path().join("out");
        std::fs::create_dir(&out).expect("the folder can be written");
        let (mine, other) = (file(folder.path(), "mine.csv", "x\n1\n"), file(folder.path(), "other.csv", "x\n1\n"));
        assert_eq!(refusal(&out, &mine, None, false), "");
        file(&out, "labels.csv", "someone's own\n");
        let message = refusal(&out, &mine, None, false);
        assert!(message.contains("labels.csv") && message.contains("--force"), "{message}");
        let recipe = serde_json::to_value(Recipe::default()).expect("a recipe is JSON");
        let summary = serde_json::json!({
            "dataset": "mine", "source": identity(&Source::Path(mine.clone())), "recipe": recipe
        });
        file(&out, "summary.json", &summary.to_string());
        assert_eq!(refusal(&out, &mine, None, false), "");
        let message = refusal(&out, &other, None, false);
        assert!(message.contains("results of mine") && message.contains("--force"), "{message}");
        assert_eq!(refusal(&out, &other, None, true), "");

        // The recipe that the run left is a result; one that a person has changed is theirs.
        let own = toml::to_string(&Recipe::default()).expect("a recipe is TOML");
        let recipe = file(&out, "recipe.toml", &own);
        assert_eq!(refusal(&out, &mine, Some(&recipe), false), "");
        file(&out, "recipe.toml", "neighbors = 9\n");
        assert!(refusal(&out, &mine, Some(&recipe), false).contains("recipe.toml"));
        let older = serde_json::json!({ "dataset": "mine", "recipe": {} });
        file(&out, "summary.json", &older.to_string());
        assert_eq!(
            (refusal(&out, &mine, None, false).as_str(), refusal(&out, &other, None, false).is_empty()),
            ("", false)
        );
    }

    #[test]
    fn a_folder_of_images_may_hold_its_own_results() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let images = file(folder.path(), "train-images-idx3-ubyte", "images");
        let source = Source::Path(folder.path().to_owned());
        assert_eq!(inputs(&source, &Recipe::default()), [images]);
        file(folder.path(), "labels.csv", "an earlier result");
        let summary = serde_json::json!({ "dataset": "x", "source": identity(&source), "recipe": {} });
        file(folder.path(), "summary.json", &summary.to_string());
        assert_eq!(refusal(folder.path(), folder.path(), None, false), "");
    }

    #[test]
    fn apply_replaces_its_own_output_alone() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let new = file(folder.path(), "new.csv", "row,cluster,learned_1\n1,0,0.5\n");
        let theirs = file(folder.path(), "theirs.csv", "x,y\n1,2\n");
        let inputs = [new.clone()];
        assert!(check_file(&new, &inputs, true).is_err_and(|e| e.to_string().contains("reads")));
        assert!(check_file(&theirs, &inputs, false).is_err_and(|e| e.to_string().contains("--force")));
        assert!(check_file(&theirs, &inputs, true).is_ok());
        assert!(check_file(&new, &[theirs], false).is_ok(), "an earlier output");
        assert!(check_file(&folder.path().join("not there.csv"), &inputs, false).is_ok());
    }
}
