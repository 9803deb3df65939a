//! The folders of the window stand on each other; this test reads what they use and holds that none looks up.

use std::path::{Path, PathBuf};

/// The folders from the ground up, each with those it may use beside what is on the ground of them all.
const FOLDERS: [(&str, &[&str]); 16] = [
    ("kit", &[]),
    ("gpu", &["kit"]),
    ("views", &["kit", "gpu"]),
    ("shown", &["kit", "gpu"]),
    ("files", &["kit", "views", "shown"]),
    ("panels", &["kit", "views", "shown", "files"]),
    ("paint", &["kit", "gpu", "views"]),
    ("centre", &["kit", "gpu", "views", "shown"]),
    ("dock", &["kit", "gpu", "views", "shown"]),
    ("lesson", &["kit", "shown", "dock"]),
    ("rows", &["kit", "views", "shown"]),
    ("inside", &["kit", "gpu", "views", "shown"]),
    ("select", &["kit", "views", "shown"]),
    ("sheet", &["kit", "views", "shown", "files"]),
    (
        "shell",
        &[
            "kit", "gpu", "views", "shown", "files", "panels", "paint", "centre", "dock", "lesson", "rows", "inside",
            "select", "sheet",
        ],
    ),
    ("bench", &["kit", "gpu", "views", "shown", "shell"]),
];

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of sources").flatten().map(|entry| entry.path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

#[test]
fn no_folder_of_the_window_uses_one_above_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/app");
    let mut folders: Vec<String> = std::fs::read_dir(&root)
        .expect("the window's sources")
        .flatten()
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    folders.sort();
    let mut known = FOLDERS.map(|(folder, _)| folder);
    known.sort_unstable();
    assert_eq!(folders, known, "a folder that is not listed here");
    let mut seen = 0;
    for (folder, below) in FOLDERS {
        for file in sources(&root.join(folder)) {
            let text = std::fs::read_to_string(&file).expect("a source file");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            for used in code.split("crate::app::").skip(1) {
                let used: String = used.chars().take_while(char::is_ascii_lowercase).collect();
                assert!(used == folder || below.contains(&used.as_str()), "{} uses app::{used}", file.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 100, "{seen} uses were looked at");
}
