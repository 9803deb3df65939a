//! The menu of files opened before.

use std::path::{Path, PathBuf};

use eframe::egui::Ui;

use crate::app::kit::format;

/// Characters of a name, and of the folder that tells it from another.
const NAME: usize = 40;
const FOLDER: usize = 24;

/// Files opened before, the newest first; the one that was chosen.
pub fn recent_ui(ui: &mut Ui, recent: &[PathBuf]) -> Option<PathBuf> {
    let mut chosen = None;
    for path in recent {
        if ui.button(called(path, recent)).on_hover_text(path.display().to_string()).clicked() {
            chosen = Some(path.clone());
            ui.close();
        }
    }
    chosen
}

/// The name of a file, with its folder where another has the same name.
fn called(path: &Path, all: &[PathBuf]) -> String {
    let Some(name) = path.file_name() else { return path.display().to_string() };
    let short = format::short(&name.to_string_lossy(), NAME);
    let twice = all.iter().any(|other| other != path && other.file_name() == Some(name));
    match path.parent().and_then(Path::file_name).filter(|_| twice) {
        Some(folder) => format!("{short} in {}", format::short(&folder.to_string_lossy(), FOLDER)),
        None => short,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_name_are_told_apart_by_their_folders() {
        let all = ["/a/may/rows.csv", "/a/june/rows.csv", "/a/june/other.csv"].map(PathBuf::from);
        let names: Vec<String> = all.iter().map(|path| called(path, &all)).collect();
        assert_eq!(names, ["rows.csv in may", "rows.csv in june", "other.csv"]);
        assert_eq!(called(Path::new("/"), &all), "/");
    }
}
