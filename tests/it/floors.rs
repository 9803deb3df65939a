//! The floors of the house: no module imports from above, and no two folders import each other; so within the largest.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// From the ground up; folders of one floor do not know each other, but for the command line, which opens the window.
const FLOORS: [&[&str]; 12] = [
    &["support"],
    &["recipe"],
    &["data"],
    &["graph"],
    &["exact", "nets"],
    &["measure"],
    &["learn"],
    &["model"],
    &["pipeline"],
    &["output"],
    &["project"],
    &["app", "cli"],
];
/// What stands at the crate's root, and where it comes from.
const AT_THE_ROOT: [(&str, &str); 3] = [("Error", "support"), ("Result", "support"), ("Recipe", "recipe")];
/// The largest modules' own folders from the ground up, one on each floor. The files beside them know all.
const WITHIN: [(&str, &[&str]); 2] = [
    (
        "data",
        &[
            "cell",
            "bytes",
            "text",
            "scaling",
            "components",
            "columns",
            "arrays",
            "typed",
            "sparse",
            "sheets",
            "formats",
            "sets",
            "new_rows",
        ],
    ),
    (
        "app",
        &[
            "kit", "gpu", "views", "shown", "files", "panels", "paint", "centre", "dock", "lesson", "rows", "inside",
            "select", "sheet", "shell", "bench",
        ],
    ),
];
/// The one import within a floor.
const OPENS: (&str, &str) = ("cli", "app");

fn floor(folder: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&folder))
}

/// Every source file under a folder.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let inside = std::fs::read_dir(folder).expect("a folder of sources").flatten().map(|entry| entry.path());
    inside
        .flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect()
}

/// The code of a file without its comments and its tests, which may reach up.
fn code(path: &Path) -> String {
    let source = std::fs::read_to_string(path).expect("a source file");
    let code = source.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    code.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// The names that follow `crate::` or another path, those in braces too.
fn after(path: &str, code: &str) -> BTreeSet<String> {
    let word = |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let mut found = BTreeSet::new();
    for tail in code.split(path).skip(1) {
        match tail.strip_prefix('{') {
            Some(inside) => {
                let mut depth = 0;
                let mut starts = true;
                for (at, c) in inside.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => starts = true,
                        c if starts && c.is_alphabetic() => {
                            found.insert(word(&inside[at..]));
                            starts = false;
                        }
                        _ => {}
                    }
                }
            }
            None => {
                found.insert(word(tail));
            }
        }
    }
    found.into_iter().filter(|name| !name.is_empty()).collect()
}

/// The folders that each folder imports, with the files that do.
fn imports() -> BTreeMap<(String, String), Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut imports = BTreeMap::<_, Vec<String>>::new();
    for path in sources(&root) {
        let place = path.strip_prefix(&root).expect("under the root");
        let Some(folder) = place.parent().and_then(|p| p.iter().next()).and_then(|p| p.to_str()) else { continue };
        for name in after("crate::", &code(&path)) {
            let at_the_root = AT_THE_ROOT.iter().find(|(item, _)| *item == name).map(|(_, folder)| *folder);
            let target = at_the_root.unwrap_or(&name);
            if target != folder {
                let key = (folder.to_owned(), target.to_owned());
                imports.entry(key).or_default().push(place.display().to_string());
            }
        }
    }
    imports
}

#[test]
fn nothing_imports_from_above_and_no_two_folders_import_each_other() {
    let imports = imports();
    assert!(imports.len() > 30, "{} pairs of folders were looked at", imports.len());
    for ((from, to), files) in &imports {
        let (Some(here), Some(there)) = (floor(from), floor(to)) else {
            panic!("{from} or {to} stands on no floor: {files:?}");
        };
        let allowed = there < here || (from.as_str(), to.as_str()) == OPENS;
        assert!(allowed, "{from} imports {to}, which is not below it: {files:?}");
        assert!(!imports.contains_key(&(to.clone(), from.clone())), "{from} and {to} import each other");
    }
}

#[test]
fn no_folder_within_a_large_module_imports_from_above() {
    for (module, folders) in WITHIN {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(module);
        let floor = |name: &str| folders.iter().position(|folder| *folder == name);
        let mut seen = BTreeSet::new();
        for path in sources(&root) {
            let place = path.strip_prefix(&root).expect("under the root");
            let Some(folder) = place.parent().and_then(|p| p.iter().next()).and_then(|p| p.to_str()) else { continue };
            let here = floor(folder).unwrap_or_else(|| panic!("{module}/{folder} stands on no floor"));
            let code = code(&path);
            let mut names = after(&format!("crate::{module}::"), &code);
            // From a folder's own module, what is beside the folder is one step up.
            if place.ends_with(Path::new(folder).join("mod.rs")) {
                names.extend(after("super::", &code));
            }
            for (name, there) in names.iter().filter_map(|name| Some((name, floor(name)?))) {
                assert!(there <= here, "{} imports {name}, which is not below {folder}", path.display());
                seen.insert((here, there));
            }
        }
        assert!(seen.len() > 30, "{} pairs of folders were looked at in {module}", seen.len());
    }
}

#[test]
fn below_the_window_nobody_knows_egui() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let below = FLOORS.iter().copied().flatten().filter(|folder| **folder != "app");
    for path in below.flat_map(|folder| sources(&root.join(folder))) {
        let code = code(&path);
        assert!(!code.contains("egui") && !code.contains("eframe"), "{} names the window's library", path.display());
    }
}

#[test]
fn training_knows_neither_snapshots_nor_events() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/learn");
    for path in sources(&root) {
        let code = code(&path);
        for word in ["Snapshot", "Event", "Watcher", "Job"] {
            let named = code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == word);
            assert!(!named, "{} names {word}", path.display());
        }
    }
}

#[test]
fn imports_are_read_from_every_form_of_a_use_line() {
    let code = "use crate::graph::{self, Csr};\nuse crate::{Error, data::{Dataset, Source}, nets};\nlet x = crate::exact::solve();";
    let expected = ["Error", "data", "exact", "graph", "nets"];
    assert_eq!(after("crate::", code).into_iter().collect::<Vec<_>>(), expected);
}
