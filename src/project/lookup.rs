//! Which project was made of some data: whoever opens the data again may want that.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::read_project;
use crate::data::{Own, Source};

/// Entries of a folder that are looked at, and projects that are read.
const MOST_ENTRIES: usize = 10_000;
const MOST_PROJECTS: usize = 64;

/// The project of a file or folder of data that was saved last: of those beside it and of those in `known`. Each is read for the data
/// that it would open, so this is nothing for the window's thread.
#[must_use]
pub fn project_of(data: &Path, known: &[PathBuf]) -> Option<PathBuf> {
    let data = data.canonicalize().ok()?;
    let entries = std::fs::read_dir(data.parent()?).into_iter().flatten().flatten().take(MOST_ENTRIES);
    let beside = entries.map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|e| e == "eigenscope"));
    let whole = known.iter().cloned().chain(beside).filter_map(|path| path.canonicalize().ok());
    let mut projects: Vec<(SystemTime, PathBuf)> = whole
        .filter(|path| Own::of(path) == Some(Own::Project))
        .filter_map(|path| Some((path.metadata().and_then(|about| about.modified()).ok()?, path)))
        .collect();
    projects.sort_unstable_by(|a, b| b.cmp(a));
    projects.dedup();
    projects.into_iter().take(MOST_PROJECTS).map(|(_, path)| path).find(|project| is_of(project, &data))
}

/// Whether opening a project opens this data.
fn is_of(project: &Path, data: &Path) -> bool {
    let source = read_project(project).ok().and_then(|state| state.data.find(project));
    matches!(source, Some(Source::Path(path)) if path.canonicalize().is_ok_and(|path| path == data))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::Recipe;
    use crate::project::{DataRef, Project, write_project};

    #[test]
    fn the_project_saved_last_of_the_same_data_is_found_beside_it_and_among_those_known() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let at = |name: &str| folder.path().canonicalize().expect("it is there").join(name);
        for name in ["here", "elsewhere"] {
            std::fs::create_dir(at(name)).expect("made");
        }
        let (data, other) = (at("here/t.csv"), at("here/u.csv"));
        for path in [&data, &other] {
            std::fs::write(path, "a\n1\n").expect("written");
        }
        let now = SystemTime::now();
        let save = |name: &str, of: &Path, age: u64| {
            let path = at(name);
            let data =
                DataRef::of(&Source::Path(of.to_owned()), &Recipe::default(), Some(&path), (1, 1)).expect("text");
            write_project(&path, &Project { data, ..Project::default() }).expect("written");
            let file = std::fs::File::options().append(true).open(&path).expect("it is there");
            file.set_modified(now - Duration::from_secs(age)).expect("a time");
            path
        };
        let elsewhere = save("elsewhere/p.eigenscope", &data, 5);
        let known = [data.clone(), elsewhere.clone(), at("gone.eigenscope")];
        assert_eq!(project_of(&data, &[]), None);
        assert_eq!(project_of(&data, &known), Some(elsewhere.clone()));
        save("here/old.eigenscope", &data, 9);
        save("here/u.eigenscope", &other, 1);
        std::fs::write(at("here/damaged.eigenscope"), "eigenscope project 1\nand more").expect("written");
        assert_eq!(
            project_of(&data, &known),
            Some(elsewhere),
            "it is newer, and the newest are of other data or damaged"
        );
        let new = save("here/new.eigenscope", &data, 2);
        assert_eq!(project_of(&data, &known), Some(new));
    }
}
