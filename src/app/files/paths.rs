//! A path being typed: what its folder holds, and what the beginning of a name can be completed to.

use std::path::{MAIN_SEPARATOR, Path, PathBuf};

/// More entries than these are not read: a list that nobody looks through.
const MOST: usize = 5000;

/// Something in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::app) struct Entry {
    pub(in crate::app) name: String,
    pub(in crate::app) is_folder: bool,
}

/// The folder of a typed path, and the beginning of a name in it. `~` is the person's own folder.
pub(in crate::app) fn split(typed: &str) -> (PathBuf, &str) {
    let at = typed.rfind(std::path::is_separator).map_or(0, |at| at + 1);
    let (folder, beginning) = typed.split_at(at);
    (if folder.is_empty() { PathBuf::from(".") } else { expanded(folder) }, beginning)
}

/// A typed path with `~` written out.
pub(in crate::app) fn expanded(typed: &str) -> PathBuf {
    let own = typed.strip_prefix('~').filter(|rest| rest.is_empty() || rest.starts_with(std::path::is_separator));
    match own.zip(std::env::home_dir()) {
        Some((rest, home)) => home.join(rest.trim_start_matches(std::path::is_separator)),
        None => PathBuf::from(typed),
    }
}

/// What a folder holds: folders first, each in the order of names; nothing where it cannot be read.
pub(in crate::app) fn list(folder: &Path) -> Vec<Entry> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let entry =
        |e: std::fs::DirEntry| Some(Entry { is_folder: e.path().is_dir(), name: e.file_name().into_string().ok()? });
    let mut found: Vec<Entry> = entries.flatten().take(MOST).filter_map(entry).collect();
    found.sort_by_cached_key(|e| (!e.is_folder, e.name.to_lowercase(), e.name.clone()));
    found
}

/// The entries that begin as was typed, in any case; hidden ones only where a dot was typed. `folders` leaves files out.
pub(in crate::app) fn matching<'a>(entries: &'a [Entry], beginning: &str, folders: bool) -> Vec<&'a Entry> {
    let lower = beginning.to_lowercase();
    let hidden = |e: &Entry| e.name.starts_with('.') && !beginning.starts_with('.');
    let fits = |e: &&Entry| !hidden(e) && (e.is_folder || !folders) && e.name.to_lowercase().starts_with(&lower);
    entries.iter().filter(fits).collect()
}

/// The typed path with a name in the place of its beginning; a folder ends with a separator, so that typing goes on inside.
pub(in crate::app) fn with_entry(typed: &str, entry: &Entry) -> String {
    let (_, beginning) = split(typed);
    let end = if entry.is_folder { MAIN_SEPARATOR.to_string() } else { String::new() };
    format!("{}{}{end}", &typed[..typed.len() - beginning.len()], entry.name)
}

/// A folder as it is typed, with a separator at its end, so that typing goes on inside.
pub(in crate::app) fn ended(folder: &Path) -> String {
    let text = folder.display().to_string();
    if text.ends_with(MAIN_SEPARATOR) { text } else { format!("{text}{MAIN_SEPARATOR}") }
}

/// The typed path as far as all matches agree, whole where there is one; nothing where that adds nothing.
pub(in crate::app) fn completed(typed: &str, matches: &[&Entry]) -> Option<String> {
    let (_, beginning) = split(typed);
    let (first, rest) = matches.split_first()?;
    if rest.is_empty() {
        return Some(with_entry(typed, first));
    }
    let same = |a: char, b: char| a == b || a.to_lowercase().eq(b.to_lowercase());
    let shared = |other: &&Entry| first.name.chars().zip(other.name.chars()).take_while(|&(a, b)| same(a, b)).count();
    let length = rest.iter().map(shared).min()?;
    let common: String = first.name.chars().take(length).collect();
    let longer = length > beginning.chars().count();
    longer.then(|| format!("{}{common}", &typed[..typed.len() - beginning.len()]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, is_folder: bool) -> Entry {
        Entry { name: name.to_owned(), is_folder }
    }

    #[test]
    fn a_beginning_is_completed_as_far_as_it_is_certain() {
        let entries =
            [entry("data", true), entry("iris.csv", false), entry("iris-2.csv", false), entry(".hidden", false)];
        let complete = |typed: &str| completed(typed, &matching(&entries, split(typed).1, false));
        assert_eq!(complete("/x/d").as_deref(), Some("/x/data/"));
        assert_eq!(complete("/x/I").as_deref(), Some("/x/iris"));
        assert_eq!(complete("/x/iris."), Some("/x/iris.csv".to_owned()));
        assert_eq!([complete("/x/iris"), complete("/x/z"), complete("/x/")], [None, None, None]);
        assert_eq!(complete("/x/.h").as_deref(), Some("/x/.hidden"));
        assert_eq!(matching(&entries, "", true), [&entry("data", true)]);
    }

    #[test]
    fn a_folder_is_listed_with_its_folders_first() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for name in ["b.csv", "A.csv"] {
            std::fs::write(folder.path().join(name), "").expect("written");
        }
        std::fs::create_dir(folder.path().join("z")).expect("made");
        let names: Vec<String> = list(folder.path()).into_iter().map(|e| e.name).collect();
        assert_eq!(names, ["z", "A.csv", "b.csv"]);
        assert!(list(&folder.path().join("none")).is_empty());
        assert_eq!(split("a"), (PathBuf::from("."), "a"));
        assert_ne!(expanded("~/x"), PathBuf::from("~/x"));
        assert_eq!(expanded("~x"), PathBuf::from("~x"));
    }
}
