//! A project in a file: a line that says what it is, a checksum and a length, then CBOR.
//!
//! It holds what a person did and where the data is, not the data and not what the solvers found: that is computed again, and the same
//! seed gives the same digits. Whatever a stranger's file says, nothing is written where it points and nothing is run.

use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::edits::Document;
use super::rows::Rows;
use super::runs::{self, RunRecord};
use crate::data::{Source, checksum, fingerprint};
use crate::output::write_atomically;
use crate::{Error, Recipe, Result};

/// The first line; its number grows when older programs could not read what follows.
const MAGIC: &[u8] = b"eigenscope project 1\n";
/// Behind it: the checksum of the rest and its length, both little-endian.
const HEADER: usize = MAGIC.len() + 16;
/// The longest file that is taken for a project, in bytes: the marks of a hundred million rows.
const LONGEST: u64 = 1 << 30;
/// Views that a file may tell of.
const MOST_VIEWS: usize = 16;
/// Queries that are kept, and the letters of one.
pub const MOST_QUERIES: usize = 50;
const LONGEST_QUERY: usize = 10_000;

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
    /// Samples and features when the project was saved.
    pub samples: u64,
    /// Likewise.
    pub features: u64,
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
            Source::Path(path) => path.canonicalize().unwrap_or_else(|_| path.clone()),
        };
        if path.to_str().is_none() {
            return Err(Error::Data(format!("{} is no UTF-8 text and cannot stand in a project", path.display())));
        }
        let folder = project.and_then(Path::parent).and_then(|folder| folder.canonicalize().ok());
        let beside = folder.and_then(|folder| path.strip_prefix(folder).map(Path::to_owned).ok());
        let checksum = fingerprint(source, recipe).ok().flatten();
        Ok(Self { name: None, path: Some(path), beside, checksum, samples, features })
    }

    /// Where the data is for a project that lies at `project`: below its folder if something is there, else where it was. Nothing if it
    /// is at neither place.
    #[must_use]
    pub fn find(&self, project: &Path) -> Option<Source> {
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

/// How a view was left.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewState {
    /// Three dimensions instead of two.
    pub three_d: bool,
    /// What stands on its axes, in the words of the window, where a person chose it.
    pub axes: [Option<String>; 3],
}

/// All that a person did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Project {
    /// The program that wrote it.
    pub program: String,
    /// The data.
    pub data: DataRef,
    /// Every setting.
    pub recipe: Recipe,
    /// Edits of labels.
    pub edits: Document,
    /// Selected rows.
    pub selection: Rows,
    /// What colours the points, in the words of the window, where a person chose it.
    pub colour_by: Option<String>,
    /// The views from left to right.
    pub views: Vec<ViewState>,
    /// Whether there was a result, and the seconds it took.
    pub trained: Option<f64>,
    /// The runs of its data, the oldest first.
    #[serde(default)]
    pub runs: Vec<RunRecord>,
    /// Queries by which rows were selected, the latest first.
    #[serde(default)]
    pub queries: Vec<String>,
}

impl Project {
    /// What in it is out of bounds, in words.
    fn check(&self) -> std::result::Result<(), String> {
        self.edits.check()?;
        runs::check(&self.runs)?;
        if self.views.len() > MOST_VIEWS {
            return Err(format!("it tells of {} views", self.views.len()));
        }
        if self.queries.len() > MOST_QUERIES || self.queries.iter().any(|query| query.len() > LONGEST_QUERY) {
            return Err("it has too many queries, or too long ones".to_owned());
        }
        if self.data.name.is_none() && self.data.path.is_none() && self.data.beside.is_none() {
            return Err("it names no data".to_owned());
        }
        Ok(())
    }
}

/// Writes a project; under its name stands either what stood there before or all of the new one.
///
/// # Errors
/// [`Error::Io`] with the path, [`Error::Format`] for what cannot be written as CBOR.
pub fn write_project(path: &Path, project: &Project) -> Result<()> {
    let mut body = Vec::new();
    ciborium::into_writer(project, &mut body).map_err(|e| Error::format(path, e.to_string()))?;
    write_atomically(path, |writer| {
        writer.write_all(MAGIC)?;
        writer.write_all(&checksum(&body).to_le_bytes())?;
        writer.write_all(&(body.len() as u64).to_le_bytes())?;
        writer.write_all(&body)
    })
}

/// Reads a project.
///
/// # Errors
/// [`Error::Io`] when the file cannot be read, [`Error::Format`] when it is no project, of a newer program, or damaged.
pub fn read_project(path: &Path) -> Result<Project> {
    let file = std::fs::File::open(path).map_err(Error::io("read", path))?;
    let length = file.metadata().map_err(Error::io("read", path))?.len();
    let refuse = |what: String| Error::format(path, what);
    if length > LONGEST {
        return Err(refuse(format!("{length} bytes are more than a project can have")));
    }
    let mut bytes = Vec::new();
    // No more than was there when it was opened.
    file.take(length).read_to_end(&mut bytes).map_err(Error::io("read", path))?;
    if !bytes.starts_with(MAGIC) {
        let newer = bytes.starts_with(b"eigenscope project ");
        let what = if newer { "a newer version of the program wrote this project" } else { "this is no project" };
        return Err(refuse(what.to_owned()));
    }
    let number = |at: usize| bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes);
    let (Some(sum), Some(promised), Some(body)) = (number(MAGIC.len()), number(MAGIC.len() + 8), bytes.get(HEADER..))
    else {
        return Err(refuse("the project is cut off in its first line".to_owned()));
    };
    if promised != body.len() as u64 {
        return Err(refuse(format!("the project should have {promised} bytes and has {}: it is damaged", body.len())));
    }
    if checksum(body) != sum {
        return Err(refuse("the project is damaged: its checksum is another".to_owned()));
    }
    let damaged = |what: String| refuse(format!("the project is damaged: {what}"));
    let project: Project =
        ciborium::from_reader(body).map_err(|e| damaged(e.to_string().chars().take(200).collect()))?;
    project.check().map_err(damaged)?;
    Ok(project)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::project::{Deed, Edit, Group, Side};
    use crate::recipe::Auto;

    pub(in crate::project) fn sample() -> Project {
        let mut edits = Document::default();
        let founded = vec![(0, Group::cluster(1, Rows::of(0..5))), (1, Group::named("b"))];
        let edit = Edit::Assign(1, Rows::of([3, 9, 10]));
        edits.apply(Deed { side: Side::Learned, title: "edit".to_owned(), founded, edit }).expect("made");
        Project {
            program: "0".to_owned(),
            data: DataRef { name: Some("moons".to_owned()), samples: 600, features: 2, ..DataRef::default() },
            recipe: Recipe { neighbors: Auto::Set(9), ..Recipe::default() },
            edits,
            selection: Rows::of([4, 5]),
            colour_by: Some("learned".to_owned()),
            views: vec![ViewState { three_d: true, axes: [Some("vector 2".to_owned()), None, None] }],
            trained: Some(1.5),
            runs: vec![RunRecord { id: 3, note: "good".to_owned(), star: true, ..RunRecord::default() }],
            queries: vec!["x > 1".to_owned()],
        }
    }

    #[test]
    fn a_project_comes_back_as_it_was() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("p.eigenscope");
        write_project(&path, &sample()).expect("written");
        assert_eq!(read_project(&path).expect("read"), sample());
    }

    #[test]
    fn no_damage_is_taken_for_a_project() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("p.eigenscope");
        write_project(&path, &sample()).expect("written");
        let whole = std::fs::read(&path).expect("read");
        let refused = |bytes: &[u8]| {
            std::fs::write(&path, bytes).expect("written");
            read_project(&path).expect_err("it is damaged").to_string()
        };
        for length in 0..whole.len() {
            assert!(refused(&whole[..length]).contains("p.eigenscope"));
        }
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 0x10;
            refused(&flipped);
        }
        assert!(refused(b"eigenscope project 2\n").contains("newer version"));
    }

    /// A file whose checksum is right and whose content is a stranger's.
    fn forged(path: &Path, value: &impl Serialize) {
        let mut body = Vec::new();
        ciborium::into_writer(value, &mut body).expect("written");
        let header = [MAGIC, &checksum(&body).to_le_bytes(), &(body.len() as u64).to_le_bytes()].concat();
        std::fs::write(path, [header, body].concat()).expect("written");
    }

    #[test]
    fn a_strangers_project_is_held_to_bounds() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("p.eigenscope");
        let refused = || read_project(&path).expect_err("out of bounds").to_string();
        forged(&path, &Project { views: vec![ViewState::default(); 17], ..sample() });
        assert!(refused().contains("17 views"));
        forged(&path, &Project { data: DataRef::default(), ..sample() });
        assert!(refused().contains("no data"));
        forged(&path, &"text");
        assert!(refused().contains("damaged"));
        // Bytes that promise four gigabytes, and a depth without end.
        for body in [vec![0x5a, 0xff, 0xff, 0xff, 0xff, 1], vec![0x81; 100_000]] {
            let header = [MAGIC, &checksum(&body).to_le_bytes(), &(body.len() as u64).to_le_bytes()].concat();
            std::fs::write(&path, [header, body].concat()).expect("written");
            assert!(refused().contains("damaged"));
        }
    }

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
