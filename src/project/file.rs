//! A project in a file: a line that says what it is, a checksum and a length, then CBOR.
//!
//! It holds what a person did and where the data is, not the data. What the solvers found stands behind it where a person wants it there;
//! else it is computed again, and the same seed gives the same digits. Whatever a stranger's file says, nothing is written where it points
//! and nothing is run.

use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::data_ref::DataRef;
use super::edits::Document;
use super::rows::Rows;
use super::runs::{self, RunId, RunRecord};
use super::sections::{self, HEAD, Wrong};
use super::stored::Stored;
use crate::output::write_atomically;
use crate::{Error, Recipe, Result};

/// The first line; its number grows when older programs could not read what follows.
const MAGIC: &[u8] = b"eigenscope project 5\n";
/// The same with results in a second section.
const WITH_RESULTS: &[u8] = b"eigenscope project 6\n";
/// The same with the results of earlier runs in sections behind it, each with the number of its run.
const WITH_RUNS: &[u8] = b"eigenscope project 7\n";
/// The same of earlier versions, in which runs list their scores without names: the project alone, results with less and with all that there
/// is to see of them, results of earlier runs.
const OLD: [&[u8]; 4] =
    [b"eigenscope project 1\n", b"eigenscope project 2\n", b"eigenscope project 3\n", b"eigenscope project 4\n"];
/// The longest that is taken for a project, in bytes: the marks of a hundred million rows.
const LONGEST: u64 = 1 << 30;
/// The longest results: twenty eigenvectors of twenty million rows on both sides.
const LONGEST_RESULTS: u64 = 4 << 30;
/// Views that a file may tell of.
const MOST_VIEWS: usize = 16;
/// Queries that are kept, and the letters of one.
pub const MOST_QUERIES: usize = 50;
const LONGEST_QUERY: usize = 10_000;

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
        let DataRef { name, path, beside, painted, .. } = &self.data;
        if name.is_none() && path.is_none() && beside.is_none() && painted.is_none() {
            return Err("it names no data".to_owned());
        }
        Ok(())
    }
}

/// Writes a project without results; under its name stands either what stood there before or all of the new one.
///
/// # Errors
/// [`Error::Io`] with the path, [`Error::Format`] for what cannot be written as CBOR.
pub fn write_project(path: &Path, project: &Project) -> Result<()> {
    write_project_with(path, project, None)
}

/// Writes a project, with results where some are given.
///
/// # Errors
/// As [`write_project`].
pub fn write_project_with(path: &Path, project: &Project, stored: Option<&Stored>) -> Result<()> {
    write_project_and_runs(path, project, stored, &[])
}

/// Writes a project with results, and behind them those of earlier runs, which are left out where there are none of the one shown.
///
/// # Errors
/// As [`write_project`].
pub fn write_project_and_runs(
    path: &Path,
    project: &Project,
    stored: Option<&Stored>,
    runs: &[(RunId, Stored)],
) -> Result<()> {
    fn cbor(path: &Path, value: &impl Serialize) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        ciborium::into_writer(value, &mut body).map_err(|e| Error::format(path, e.to_string()))?;
        Ok(body)
    }
    let runs = if stored.is_some() { runs } else { &[] };
    let (project, stored) = (cbor(path, project)?, stored.map(|stored| cbor(path, stored)).transpose()?);
    let runs = runs.iter().map(|run| cbor(path, run)).collect::<Result<Vec<_>>>()?;
    if stored.as_ref().is_some_and(|stored| stored.len() as u64 > LONGEST_RESULTS) {
        return Err(Error::format(path, "the results are too large for a project; save it without them"));
    }
    write_atomically(path, |writer| {
        let with = if runs.is_empty() { WITH_RESULTS } else { WITH_RUNS };
        writer.write_all(if stored.is_some() { with } else { MAGIC })?;
        sections::write(writer, &project)?;
        stored.iter().chain(&runs).try_for_each(|section| sections::write(writer, section))
    })
}

/// A file that begins as a project does.
struct Opened {
    file: BufReader<File>,
    /// Bytes behind its first line.
    left: u64,
    with_results: bool,
    with_runs: bool,
}

fn open(path: &Path) -> Result<Opened> {
    let file = File::open(path).map_err(Error::io("read", path))?;
    let length = file.metadata().map_err(Error::io("read", path))?.len();
    let mut file = BufReader::new(file);
    let mut first = Vec::new();
    file.by_ref().take(MAGIC.len() as u64).read_to_end(&mut first).map_err(Error::io("read", path))?;
    let is = |lines: &[&[u8]]| lines.contains(&first.as_slice());
    let with_runs = is(&[WITH_RUNS, OLD[3]]);
    let with_results = with_runs || is(&[WITH_RESULTS, OLD[1], OLD[2]]);
    if !with_results && !is(&[MAGIC, OLD[0]]) {
        let newer = first.starts_with(b"eigenscope project ");
        let what = if newer { "a newer version of the program wrote this project" } else { "this is no project" };
        return Err(Error::format(path, what));
    }
    Ok(Opened { file, left: length.saturating_sub(MAGIC.len() as u64), with_results, with_runs })
}

impl Opened {
    /// The head of the project, whose length is as it should be.
    fn head(&mut self) -> std::result::Result<(u64, u64), Wrong> {
        let head = sections::head(&mut self.file, self.left)?;
        let (rest, length) = (self.left - HEAD, head.1);
        // Results have a head behind it.
        let fits =
            if self.with_results { length.checked_add(HEAD).is_some_and(|to| to <= rest) } else { length == rest };
        if !fits {
            let what = format!("the project should have {length} bytes and has {rest}: it is damaged");
            return Err(Wrong::Damaged(what));
        }
        if length > LONGEST {
            return Err(Wrong::Damaged(format!("{length} bytes are more than a project can have")));
        }
        self.left = rest - length;
        Ok(head)
    }

    /// The head of the next results, behind the project: they take all the rest, or have those of runs behind them.
    fn head_of_results(&mut self) -> std::result::Result<(u64, u64), Wrong> {
        let head = sections::head(&mut self.file, self.left)?;
        let (rest, length) = (self.left - HEAD, head.1);
        let fits = if self.with_runs { length <= rest } else { length == rest };
        if !fits || length > LONGEST_RESULTS {
            let what = format!("its results should have {length} bytes and have {rest}: the project is damaged");
            return Err(Wrong::Damaged(what));
        }
        self.left = rest - length;
        Ok(head)
    }

    /// Goes past a section of so many bytes.
    fn skip(&mut self, length: u64) -> std::io::Result<()> {
        self.file.seek_relative(i64::try_from(length).unwrap_or(i64::MAX))
    }
}

/// What is wrong, with the path.
fn told(path: &Path) -> impl Fn(Wrong) -> Error {
    move |wrong| match wrong {
        Wrong::Io(error) => Error::io("read", path)(error),
        Wrong::Damaged(what) => Error::format(path, what),
    }
}

/// What CBOR says, checked.
fn parsed<T: serde::de::DeserializeOwned>(
    path: &Path,
    body: &[u8],
    check: impl Fn(&T) -> std::result::Result<(), String>,
) -> Result<T> {
    let damaged = |what: String| Error::format(path, format!("the project is damaged: {what}"));
    let value: T = ciborium::from_reader(body).map_err(|e| damaged(e.to_string().chars().take(200).collect()))?;
    check(&value).map_err(damaged)?;
    Ok(value)
}

/// Reads a project; its results stay where they are, see [`read_stored`].
///
/// # Errors
/// [`Error::Io`] when the file cannot be read, [`Error::Format`] when it is no project, of a newer program, or damaged.
pub fn read_project(path: &Path) -> Result<Project> {
    let mut opened = open(path)?;
    let head = opened.head().map_err(told(path))?;
    let body = sections::body(&mut opened.file, head).map_err(told(path))?;
    if opened.with_results {
        opened.head_of_results().map_err(told(path))?;
    }
    parsed(path, &body, Project::check)
}

/// Whether a project has results in it; not where it cannot be read.
#[must_use]
pub fn has_results(path: &Path) -> bool {
    open(path).is_ok_and(|opened| opened.with_results)
}

/// Reads the results in a project's file, if there are any.
///
/// # Errors
/// As [`read_project`].
pub fn read_stored(path: &Path) -> Result<Option<Stored>> {
    let mut opened = open(path)?;
    if !opened.with_results {
        return Ok(None);
    }
    let (_, length) = opened.head().map_err(told(path))?;
    opened.skip(length).map_err(Error::io("read", path))?;
    let head = opened.head_of_results().map_err(told(path))?;
    let body = sections::body(&mut opened.file, head).map_err(told(path))?;
    parsed(path, &body, Stored::check).map(Some)
}

/// Reads the results of earlier runs in a project's file, with the number of each.
///
/// # Errors
/// As [`read_project`].
pub fn read_stored_runs(path: &Path) -> Result<Vec<(RunId, Stored)>> {
    let mut opened = open(path)?;
    let mut runs = Vec::new();
    if !opened.with_runs {
        return Ok(runs);
    }
    let (_, project) = opened.head().map_err(told(path))?;
    opened.skip(project).map_err(Error::io("read", path))?;
    let (_, results) = opened.head_of_results().map_err(told(path))?;
    opened.skip(results).map_err(Error::io("read", path))?;
    while opened.left > 0 {
        let head = opened.head_of_results().map_err(told(path))?;
        let body = sections::body(&mut opened.file, head).map_err(told(path))?;
        runs.push(parsed(path, &body, |(_, stored): &(RunId, Stored)| stored.check())?);
    }
    Ok(runs)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::data::checksum;
    use crate::measure::Scores;
    use crate::project::runs::tests::list_scores;
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
        assert!(refused(b"eigenscope project 8\n").contains("newer version"));
    }

    /// A file whose checksum is right and whose content is a stranger's.
    fn forged(path: &Path, value: &impl Serialize) {
        written_as(path, MAGIC, value);
    }

    fn written_as(path: &Path, line: &[u8], value: &impl Serialize) {
        let mut body = Vec::new();
        ciborium::into_writer(value, &mut body).expect("written");
        let header = [line, &checksum(&body).to_le_bytes(), &(body.len() as u64).to_le_bytes()].concat();
        std::fs::write(path, [header, body].concat()).expect("written");
    }

    #[test]
    fn a_project_of_an_earlier_version_is_read() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("p.eigenscope");
        let scores = Some(Scores { acc: 0.5, nmi: 0.25, ari: 0.125 });
        let run = RunRecord { learned: scores, exact: scores, ..sample().runs[0].clone() };
        let project = Project { runs: vec![run], ..sample() };
        let mut old = ciborium::Value::serialized(&project).expect("plain");
        list_scores(&mut old);
        written_as(&path, OLD[0], &old);
        assert_eq!(read_project(&path).expect("read"), project);
        write_project(&path, &project).expect("written");
        assert!(std::fs::read(&path).expect("read").starts_with(MAGIC), "and written as a newer one");
        assert_eq!(read_project(&path).expect("read"), project);
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
}
