//! The program's own files, which are no data: what each is and what to do with it.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::bytes::source::has_extension;
use super::text::aligned::is_rule;

/// How a trained model begins, up to the number of its format.
const MODEL: &[u8] = b"eigenscope model ";
/// How a project begins, likewise.
const PROJECT: &[u8] = b"eigenscope project ";
/// Bytes of a file that tell what it is.
const HEAD: u64 = 1 << 16;

/// A file that the program itself writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Own {
    /// A trained model.
    Model,
    /// All that a person did with some data.
    Project,
    /// Every setting of a run.
    Recipe,
    /// What each column of a table is for.
    Roles,
    /// A comparison, finished or not.
    Comparison,
    /// The figures of a run.
    Summary,
    /// A picture of a run.
    Figure,
    /// A lesson.
    Lesson,
}

impl Own {
    /// Extensions of those that the window opens: projects, recipes, comparisons and lessons.
    pub const EXTENSIONS: [&'static str; 4] = ["eigenscope", "toml", "json", "md"];

    /// What a file is, if it is one of the program's own. Nothing where it cannot be read, of which its reader will say more.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        if !path.is_file() {
            return None;
        }
        let mut head = Vec::new();
        File::open(path).and_then(|file| file.take(HEAD).read_to_end(&mut head)).ok()?;
        Self::by_head(path, &head)
    }

    fn by_head(path: &Path, head: &[u8]) -> Option<Self> {
        let text = String::from_utf8_lossy(head);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        // Rows may have any keys.
        let lines = ["jsonl", "ndjson"].iter().any(|extension| has_extension(path, extension));
        let has = |key: &str| !lines && text.contains(&format!("\"{key}\""));
        if head.starts_with(MODEL) {
            Some(Self::Model)
        } else if head.starts_with(PROJECT) {
            Some(Self::Project)
        } else if has_extension(path, "toml") {
            let roles = text.lines().any(|line| line.trim_start().starts_with("[columns]"));
            Some(if roles { Self::Roles } else { Self::Recipe })
        } else if text.starts_with('{') && has("stages") && has("dataset") {
            Some(Self::Summary)
        } else if text.starts_with('{') && has("recipe") && has("data") {
            Some(Self::Comparison)
        } else if text.starts_with("<svg") || head.starts_with(b"\x89PNG") {
            Some(Self::Figure)
        } else if has_extension(path, "md") && !holds_a_table(text) {
            Some(Self::Lesson)
        } else {
            None
        }
    }

    /// What it is and what to do with it, for whoever took it for data.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Model => {
                "this is a trained model, no data; `eigenscope apply MODEL DATA` labels new rows with it, and so does the window when it is dropped there"
            }
            Self::Project => {
                "this is a project, all that was done with some data; `eigenscope FILE` opens it in the window, and `eigenscope run FILE` runs its settings on its data"
            }
            Self::Recipe => {
                "this is a recipe, the settings of a run, no data; `eigenscope run DATA --recipe FILE` takes it, and dropping it on the window sets the controls"
            }
            Self::Roles => {
                "this says what the columns of a table are for, and is no data; `eigenscope run DATA --roles FILE` takes it, and so does the window"
            }
            Self::Comparison => {
                "this is a comparison, no data; the window shows it when it is dropped there, and `eigenscope compare DATA --resume FILE` goes on with it"
            }
            Self::Summary => {
                "this is the summary of a run, its figures, no data; recipe.toml beside it has the settings, and the run's own data is what can be opened"
            }
            Self::Lesson => {
                "this is a lesson, no data; `eigenscope FILE` opens it in the window, and so does dropping it there"
            }
            Self::Figure => {
                "this is a picture, no data; images are read as IDX, NPY or NPZ, or as a folder of pictures"
            }
        }
    }
}

/// Whether a text in Markdown is there for a table in it: a lesson has blocks of its own.
fn holds_a_table(text: &str) -> bool {
    let block = |line: &str| line.trim_start().starts_with("```setup") || line.trim_start().starts_with("```question");
    text.lines().any(|line| line.contains('|') && is_rule(line)) && !text.lines().any(block)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_programs_own_files_are_known_by_what_they_hold() {
        let own = |name: &str, head: &str| Own::by_head(Path::new(name), head.as_bytes());
        assert_eq!(own("a", "eigenscope model 1\n\u{1f}"), Some(Own::Model));
        assert_eq!(own("a.eigenscope", "eigenscope project 1\n\u{1f}"), Some(Own::Project));
        assert_eq!(own("r.toml", "seed = 0"), Some(Own::Recipe));
        assert_eq!(own("r.toml", "# of people.csv\n[columns]\nage = \"number\"\n"), Some(Own::Roles));
        assert_eq!(own("s.json", "{\n  \"dataset\": \"moons\", \"stages\": [], \"recipe\": {}}"), Some(Own::Summary));
        assert_eq!(own("c.json", "{\"data\": \"moons\", \"recipe\": {}, \"entries\": []}"), Some(Own::Comparison));
        assert_eq!(own("p.svg", "<svg xmlns="), Some(Own::Figure));
        assert_eq!(own("l.md", "# Two parts\n"), Some(Own::Lesson));
        assert_eq!(own("t.md", "# Sizes\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"), None);
        assert_eq!(own("l.md", "# Sizes\n\n## A\n\n| a |\n|---|\n\n```setup\ndata moons\n```\n"), Some(Own::Lesson));
        assert_eq!(own("cakes.jsonl", "{\"recipe\": \"apple pie\", \"data\": 1}\n"), None);
        assert_eq!([own("t.csv", "a,b\n1,2\n"), own("j.json", "{\"a\": 1}"), own("e.csv", "")], [None; 3]);
    }
}
