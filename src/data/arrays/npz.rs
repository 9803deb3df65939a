//! NPZ, `NumPy`'s archive of named arrays: a zip file whose members are NPY.

use std::collections::HashSet;
use std::path::Path;

use super::npy::{read_classes, read_samples, split_columns};
use super::npy_header::{Content, Header, read_header};
use super::npz_columns;
use crate::data::bytes::archive::{Member, open};
use crate::data::bytes::source::{Input, stem};
use crate::data::columns::label_column::too_many_numbers;
use crate::data::columns::labels::Classes;
use crate::data::raw::{Raw, few};
use crate::support::error::Remedy;
use crate::support::language::counted;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Names under which features and labels are looked for, in this order and in any case.
const FEATURES: [&str; 4] = ["x", "data", "features", "images"];
/// ... and the names of the features.
const NAMES: [&str; 4] = ["feature_names", "columns", "column_names", "names"];
/// Bytes in which an array says what it holds.
const BEGINNING: usize = 256;
/// Parts of the names of what a network learns from.
const TRAINING: [&str; 5] = ["train", "training", "tr", "trn", "fit"];
pub(in crate::data) const LABELS: [&str; 7] = ["y", "labels", "target", "label", "class", "targets", "classes"];

/// Load the features of an archive with these members, and its labels if it has them.
pub(in crate::data) fn load(path: &Path, members: &[Member], recipe: &Recipe, progress: &Progress) -> Result<Raw> {
    if members.is_empty() {
        return Err(Error::format(path, "the archive holds no array"));
    }
    let mut arrays: Vec<Array<'_>> = Vec::new();
    for member in members {
        progress.check()?;
        // A member that is no array is one that nobody asked for; one that is not where or what the directory says is damage.
        let mut input = open(path, member)?;
        arrays.push((member, read_header(&mut input)));
    }
    if recipe.array == "auto"
        && let Some(columns) = npz_columns::of(&arrays)
    {
        let usual = FEATURES.iter().any(|name| by_name(&arrays, name).is_some());
        // Two of them with usual names are features and labels.
        if !(usual && columns.len() == 2) {
            return npz_columns::load(path, &columns, recipe, progress);
        }
    }
    let named = named_labels(path, &arrays, recipe)?;
    let features = pick_features(path, &arrays, named, recipe)?;
    let labels = if recipe.label_column == "auto" { labels_of(&arrays, features) } else { named };
    let (input, header) = reopen(path, features)?;
    let mut raw = read_samples(input, &header, stem(path), recipe, progress)?;
    name_features(&mut raw, path, &arrays)?;
    let Some(member) = labels else {
        raw.notes.push(format!("features from array `{}`{}", features.name, others(&arrays, &[features])));
        return split_columns(raw, recipe);
    };
    with_labels(raw, (path, &arrays), (features, member), recipe)
}

/// Samples with the labels of an array that goes with theirs, if it holds some.
fn with_labels(
    mut raw: Raw,
    (path, arrays): (&Path, &[Array<'_>]),
    (features, member): (&Member, &Member),
    recipe: &Recipe,
) -> Result<Raw> {
    let classes = match classes_of(path, arrays, member) {
        Ok(classes) => classes,
        Err((e, sound)) if sound && recipe.label_column == "auto" => {
            let others = others(arrays, &[features, member]);
            let (from, name) = (&features.name, &member.name);
            raw.notes.push(format!("features from array `{from}`{others}; array `{name}` is left out, as it holds no labels that are read: {e}"));
            return split_columns(raw, recipe);
        }
        Err((e, _)) => return Err(e),
    };
    if classes.ids.len() != raw.features.nrows() {
        let message = format!(
            "array `{}` has {} for the {} of `{}`",
            member.name,
            counted(classes.ids.len(), "label"),
            counted(raw.features.nrows(), "sample"),
            features.name
        );
        return Err(Error::format(path, message));
    }
    let (from, name) = (&features.name, &member.name);
    if let Some(doubt) = doubt(&classes).filter(|_| recipe.label_column == "auto") {
        raw.notes.push(format!(
            "features from array `{from}`; array `{name}` {doubt}, so it is no set of classes and is left out; --label-column {name} makes it the labels"
        ));
    } else {
        let others = others(arrays, &[features, member]);
        raw.notes.push(format!("features from array `{from}`, labels from `{name}`{others}"));
        raw.classes = Some(classes);
        if let Some(classes) = &mut raw.classes {
            classes.drop_minus_one(name, &mut raw.notes);
        }
    }
    let features_only = Recipe { label_column: "none".to_owned(), ..recipe.clone() };
    split_columns(raw, &features_only)
}

/// The classes of an array; else why there are none, and whether that is for what it holds: damage is another thing.
fn classes_of(path: &Path, arrays: &[Array<'_>], member: &Member) -> Result<Classes, (Error, bool)> {
    let known = arrays.iter().find(|(m, _)| m.name == member.name).and_then(|(_, header)| header.as_ref().ok());
    let several = known.is_some_and(|header| header.shape.len() > 1);
    let read = reopen(path, member).and_then(|(input, header)| read_classes(input, &header));
    read.map_err(|e| (e, (several || is_pickled(path, member)) && is_whole(path, member)))
}

/// Whether an array holds objects of Python, which nobody but Python reads, and came as it was written.
pub(in crate::data) fn holds_objects(path: &Path, member: &Member) -> bool {
    is_pickled(path, member) && is_whole(path, member)
}

fn is_pickled(path: &Path, member: &Member) -> bool {
    let beginning = open(path, member).and_then(|mut input| input.beginning(BEGINNING)).unwrap_or_default();
    memchr::memmem::find(&beginning, b"'descr': '|O'").is_some()
}

/// Whether all bytes of a member are those that its checksum was taken of.
fn is_whole(path: &Path, member: &Member) -> bool {
    open(path, member).is_ok_and(|mut input| std::io::copy(&mut input, &mut std::io::sink()).is_ok())
}

/// Gives the features the names that an array of words beside them has, as many as there are and no two alike.
fn name_features(raw: &mut Raw, path: &Path, arrays: &[Array<'_>]) -> Result<()> {
    let Some(member) = NAMES.iter().find_map(|name| by_name(arrays, name)) else { return Ok(()) };
    let width = raw.columns.len();
    let is_list = |header: &Header| header.shape == [width] && matches!(header.content, Content::Words { .. });
    let (input, header) = reopen(path, member)?;
    if raw.image.is_some() || width == 0 || !is_list(&header) {
        return Ok(());
    }
    let words = read_classes(input, &header)?;
    let names: Vec<String> =
        words.ids.iter().filter_map(|&id| Some(words.names.get(id as usize)?.trim().to_owned())).collect();
    if names.len() == width
        && names.iter().collect::<HashSet<_>>().len() == width
        && !names.iter().any(String::is_empty)
    {
        raw.notes.push(format!("array `{}` names the features", member.name));
        raw.columns = names;
    }
    Ok(())
}

/// Why an array with the name of labels probably holds none.
pub(in crate::data) fn doubt(classes: &Classes) -> Option<String> {
    let numbers: Vec<f64> = classes.names.iter().map_while(|name| name.parse().ok()).collect();
    if numbers.len() < classes.names.len() {
        return None;
    }
    if numbers.iter().any(|v| v.fract() != 0.0) {
        return Some("has fractions".to_owned());
    }
    let (found, rows) = (numbers.len(), classes.ids.len());
    let mut counts = vec![0_usize; classes.names.len()];
    classes.ids.iter().for_each(|&id| counts.get_mut(id as usize).into_iter().for_each(|count| *count += 1));
    too_many_numbers(numbers.into_iter().zip(counts), rows)
        .then(|| format!("has {found} different whole numbers in {rows} rows"))
}

/// The array of labels that a person named.
fn named_labels<'a>(path: &Path, arrays: &[Array<'a>], recipe: &Recipe) -> Result<Option<&'a Member>> {
    match recipe.label_column.as_str() {
        "none" | "auto" => Ok(None),
        name if by_name(arrays, name).is_some() => Ok(by_name(arrays, name)),
        // A number can still mean a column of the features.
        number if number.parse::<usize>().is_ok() => Ok(None),
        name => Err(Error::format(path, format!("--label-column {name}: no such array; there are {}", list(arrays)))),
    }
}

/// The array of labels that goes with the features: one with a usual name, the one called as they are with `y` for `x`, or the only other
/// one that has a label for each sample.
fn labels_of<'a>(arrays: &[Array<'a>], features: &Member) -> Option<&'a Member> {
    if let Some(twin) = twins(&features.name).iter().find_map(|name| by_name(arrays, name)) {
        return Some(twin);
    }
    let usual = LABELS.iter().find_map(|name| by_name(arrays, name)).filter(|labels| labels.name != features.name);
    if usual.is_some() {
        return usual;
    }
    let samples = rows(arrays, features);
    match arrays {
        [one, other] if one.0.name.starts_with("arr_") && other.0.name.starts_with("arr_") => {
            let other = if one.0.name == features.name { other } else { one };
            let fits = other.1.as_ref().is_ok_and(|h| h.shape.len() == 1 && h.shape.first().copied() == samples);
            fits.then_some(other.0)
        }
        _ => None,
    }
}

/// What the labels of an array of features may be called: `y_train` of `x_train`, `test_labels` of `test_images`.
fn twins(name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    let parts: Vec<&str> = name.split('_').collect();
    let mut twins = Vec::new();
    for (at, part) in parts.iter().enumerate().filter(|_| parts.len() > 1) {
        if FEATURES.contains(part) {
            for label in LABELS {
                let mut twin = parts.clone();
                twin[at] = label;
                twins.push(twin.join("_"));
            }
        }
    }
    twins
}

/// Samples of an array.
fn rows(arrays: &[Array<'_>], member: &Member) -> Option<usize> {
    let header = arrays.iter().find(|(m, _)| m.name == member.name).and_then(|(_, header)| header.as_ref().ok());
    header.and_then(|header| header.shape.first().copied())
}

/// The array of features: the one that was named, one with a usual name, the only one that is a matrix, or that of the training half.
fn pick_features<'a>(
    path: &Path,
    arrays: &[Array<'a>],
    labels: Option<&Member>,
    recipe: &Recipe,
) -> Result<&'a Member> {
    if recipe.array != "auto" {
        let name = &recipe.array;
        return by_name(arrays, name).ok_or_else(|| {
            Error::format(path, format!("--array {name}: no such array; there are {}", list(arrays))).or(Remedy::set(
                "array",
                "auto",
                "looks for one",
                "Look for the features",
            ))
        });
    }
    let others = || arrays.iter().filter(|(m, _)| labels.is_none_or(|l| l.name != m.name));
    // Named labels bring the features that go with them.
    if let Some(labels) = labels {
        let goes_with = |m: &Member| twins(&m.name).iter().any(|twin| labels.name.eq_ignore_ascii_case(twin));
        if let Some((member, _)) = others().find(|(m, _)| goes_with(m)) {
            return Ok(member);
        }
    }
    for name in FEATURES {
        if let Some((member, _)) = others().find(|(m, _)| m.name.eq_ignore_ascii_case(name)) {
            return Ok(member);
        }
    }
    let is_matrix = |h: &Header| h.shape.len() >= 2 && matches!(h.content, Content::Numbers(_));
    let matrices: Vec<&Member> = others().filter(|(_, h)| h.as_ref().is_ok_and(is_matrix)).map(|(m, _)| *m).collect();
    let training = || {
        let half = |m: &&&Member| m.name.to_lowercase().split('_').any(|part| TRAINING.contains(&part));
        matrices.iter().find(|m| half(m) && !twins(&m.name).is_empty())
    };
    match matrices.as_slice() {
        [only] => Ok(only),
        _ => training().copied().ok_or_else(|| {
            let message = format!(
                "which array holds the features? None is called {}, and not exactly one is a matrix; there are {}",
                FEATURES.join(", "),
                list(arrays)
            );
            Error::format(path, message).or(Remedy::choose("array", "NAME", "says which", "Choose the array…"))
        }),
    }
}

/// A member and what its header says.
type Array<'a> = (&'a Member, Result<Header>);

fn by_name<'a>(arrays: &[Array<'a>], name: &str) -> Option<&'a Member> {
    let exact = arrays.iter().map(|(m, _)| *m).find(|m| m.name == name);
    exact.or_else(|| arrays.iter().map(|(m, _)| *m).find(|m| m.name.eq_ignore_ascii_case(name)))
}

/// A sentence's end for arrays that hold samples too and were not read.
fn others(arrays: &[Array<'_>], used: &[&Member]) -> String {
    let unread: Vec<&str> = arrays
        .iter()
        .filter(|(m, h)| used.iter().all(|u| u.name != m.name) && h.as_ref().is_ok_and(|h| h.shape.len() >= 2))
        .map(|(m, _)| m.name.as_str())
        .collect();
    if unread.is_empty() {
        return String::new();
    }
    format!("; not read: {} (--array names the one to read)", few(&unread))
}

/// The arrays and what is known of them, in words.
fn list(arrays: &[Array<'_>]) -> String {
    let about = |(member, header): &Array<'_>| match header {
        Ok(header) => format!("`{}` {:?}", member.name, header.shape),
        Err(_) => format!("`{}` (unreadable)", member.name),
    };
    let shown: Vec<String> = arrays.iter().take(12).map(about).collect();
    let more = arrays.len() - shown.len();
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

pub(in crate::data) fn reopen(path: &Path, member: &Member) -> Result<(Input, Header)> {
    let mut input = open(path, member)?;
    let header = read_header(&mut input)?;
    Ok((input, header))
}
