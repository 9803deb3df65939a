//! Where the data of a project is, and whether it is what it was.

use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::data::{Painted, Source, fingerprint};
use crate::{Error, Recipe, Result};

/// The data that a project is of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataRef {
    /// The name of a built-in set.
    pub name: Option<String>,
    /// The file or folder, from the root.
    pub path: Option<PathBuf>,
    /// The same from the project's folder, where it is in or below it: a project can move together with its data.
    pub beside: Option<PathBuf>,
    /// What its files held, where they could be read.
    pub checksum: Option<String>,
    /// Samples when the project was saved.
    pub samples: u64,
    /// Their features then.
    pub features: u64,
    /// The points themselves, where a person painted them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub painted: Option<Painted>,
}

impl DataRef {
    /// What to say of `source` in a project saved as `project`; all of the data is read for its checksum.
    ///
    /// # Errors
    /// [`Error::Data`] for a path that is no UTF-8 text.
    pub fn of(source: &Source, recipe: &Recipe, project: Option<&Path>, dim: (usize, usize)) -> Result<Self> {
        let (samples, features) = (dim.0 as u64, dim.1 as u64);
        let path = match source {
            Source::Named(name) => {
                let checksum = fingerprint(source, recipe).ok().flatten();
                return Ok(Self { name: Some(name.clone()), checksum, samples, features, ..Self::default() });
            }
            Source::Painted(painted) => {
                return Ok(Self { painted: Some(painted.clone()), samples, features, ..Self::default() });
            }
            Source::Path(path) => path.canonicalize().unwrap_or_else(|_| path.clone()),
        };
        if path.to_str().is_none() {
            return Err(Error::Data(format!("{} is no UTF-8 text and cannot stand in a project", path.display())));
        }
        let folder = project.and_then(Path::parent).and_then(|folder| folder.canonicalize().ok());
        let beside = folder.and_then(|folder| path.strip_prefix(folder).map(Path::to_owned).ok());
        let checksum = fingerprint(source, recipe).ok().flatten();
        Ok(Self { path: Some(path), beside, checksum, samples, features, ..Self::default() })
    }

    /// Where the data is for a project that lies at `project`: below its folder if something is there, else where it was. Nothing if it
    /// is at neither place.
    #[must_use]
    pub fn find(&self, project: &Path) -> Option<Source> {
        if let Some(painted) = &self.painted {
            return Some(Source::Painted(painted.clone()));
        }
        if let Some(name) = &self.name {
            return Some(Source::Named(name.clone()));
        }
        let folder = project.parent().unwrap_or(Path::new(""));
        let below = |path: &&PathBuf| path.components().all(|part| matches!(part, Component::Normal(_)));
        let beside = self.beside.as_ref().filter(below).map(|path| folder.join(path));
        let places = beside.into_iter().chain(self.path.clone());
        places.filter(|path| path.is_file() || path.is_dir()).map(Source::Path).next()
    }

    /// What the data is called.
    #[must_use]
    pub fn title(&self) -> String {
        if let Some(painted) = &self.painted {
            return Source::Painted(painted.clone()).to_string();
        }
        let path = self.path.as_deref().or(self.beside.as_deref());
        let path = path.map_or_else(String::new, |path| path.display().to_string());
        self.name.clone().unwrap_or(path)
    }

    /// What is not as it was when the project was saved, in words; reads all of the data.
    #[must_use]
    pub fn changed(&self, source: &Source, recipe: &Recipe) -> Option<String> {
        let saved = self.checksum.as_ref()?;
        match fingerprint(source, recipe) {
            Ok(Some(now)) if now == *saved => None,
            Ok(_) => {
                Some(format!("{source} is not what it was when the project was saved, and edits may be of other rows"))
            }
            Err(error) => Some(format!("whether {source} is what it was cannot be told: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_is_found_beside_the_project_or_where_it_was_and_a_change_is_said() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let (here, there) = (folder.path().join("here"), folder.path().join("there"));
        std::fs::create_dir_all(&here).expect("made");
        let data = here.join("t.csv");
        std::fs::write(&data, "a\n1\n").expect("written");
        let source = Source::Path(data.clone());
        let recipe = Recipe::default();
        let of = DataRef::of(&source, &recipe, Some(&here.join("p.eigenscope")), (1, 1)).expect("text");
        assert_eq!(of.beside.as_deref(), Some(Path::new("t.csv")));
        assert_eq!(of.changed(&source, &recipe), None);
        std::fs::rename(&here, &there).expect("moved");
        assert_eq!(of.find(&there.join("p.eigenscope")), Some(Source::Path(there.join("t.csv"))));
        std::fs::write(there.join("t.csv"), "a\n2\n").expect("written");
        let said = of.changed(&Source::Path(there.join("t.csv")), &recipe).expect("it is another");
        assert!(said.contains("not what it was"), "{said}");
        assert_eq!(of.find(&here.join("p.eigenscope")), None);
        let out = DataRef { beside: Some("../t.csv".into()), path: None, ..of };
        assert_eq!(out.find(&there.join("deep/p.eigenscope")), None, "a file cannot point out of its folder");
    }
}
