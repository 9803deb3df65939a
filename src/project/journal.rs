//! What a person did since the project was saved, written down as it happens, so that a crash takes nothing.
//!
//! The file only grows: a line that says what it is, then pieces, each its length, a checksum and CBOR. The first piece is all that there
//! was, those behind it are what was done. A piece that is cut off or damaged ends the reading; what stands before it counts.

mod places;
mod results;
mod writer;

use std::collections::VecDeque;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::edits::Change;
use super::file::Project;
use super::history::MOST_STEPS;
use super::rows::Rows;
use super::runs::{self, RunId, RunRecord, Runs};
use crate::data::{Painted, checksum};
use crate::{Recipe, Result};

pub use places::Place;
use places::Whereabouts;
pub use results::{HEAVIEST, ResultFile, remove_results, result_of, results_beside};
use writer::{Begin, Order, Writer};

/// The first line; its number grows when older programs could not read what follows.
const MAGIC: &[u8] = b"eigenscope journal 2\n";
/// The same where runs list their scores without names, which is read too.
const OLD: &[u8] = b"eigenscope journal 1\n";
/// The longest journal that is read, in bytes.
const LONGEST: u64 = 1 << 30;
/// How the names of journals end.
pub const EXTENSION: &str = "journal";

/// One thing that was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Did {
    /// Labels were edited, or an edit was made again.
    Labels(Change),
    /// An edit was taken back.
    Back(Change),
    /// These rows are selected.
    Selected(Rows),
    /// The settings are these.
    Settings(Box<Recipe>),
    /// A run ended, or its star or note is another.
    Run(Box<RunRecord>),
    /// A run was taken out of the list.
    RunGone(RunId),
    /// The painted points are these.
    Painted(Painted),
}

impl Did {
    /// Whether a person did it: a run that ended did so by itself, until they star it or write to it.
    fn is_of_a_person(&self) -> bool {
        match self {
            Self::Run(run) => run.star || !run.note.is_empty(),
            _ => true,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Start {
    /// The project's file, if it has one.
    project: Option<PathBuf>,
    state: Project,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Seconds since 1970.
    at: u64,
    did: Did,
}

/// What a journal kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// The journal.
    pub path: PathBuf,
    /// The project's file, if it had one.
    pub project: Option<PathBuf>,
    /// All as it was at the end.
    pub state: Project,
    /// All as it was before the last things that were done.
    pub start: Box<Project>,
    /// These things.
    pub did: Vec<Did>,
    /// The finished results beside it, the oldest run first.
    pub results: Vec<ResultFile>,
    /// How many things a person did. That a run ended is written down, and is none.
    pub edits: usize,
    /// When the last of them was done, in seconds since 1970.
    pub last: u64,
}

/// Seconds since 1970.
#[must_use]
pub fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// What a journal kept, as far as it is whole. Nothing where it is none, another program has it open, or a person would miss nothing.
#[must_use]
pub fn read(path: &Path) -> Option<Kept> {
    whole(path).filter(Kept::is_missed)
}

impl Kept {
    /// Whether a person did something, or waited for a result that is there.
    #[must_use]
    pub fn is_missed(&self) -> bool {
        self.edits > 0 || !self.results.is_empty()
    }
}

/// The same, also where a person did nothing.
pub(super) fn whole(path: &Path) -> Option<Kept> {
    // Opening a pipe would wait for whoever writes to it.
    let file = std::fs::symlink_metadata(path).ok()?.is_file().then(|| File::open(path))?.ok()?;
    // Whoever writes it holds it locked.
    file.try_lock().ok()?;
    if file.metadata().ok()?.len() > LONGEST {
        return None;
    }
    let mut bytes = Vec::new();
    file.take(LONGEST).read_to_end(&mut bytes).ok()?;
    let mut rest = bytes.strip_prefix(MAGIC).or_else(|| bytes.strip_prefix(OLD))?;
    let Start { project, state } = take(&mut rest)?;
    let (mut edits, mut last) = (0, 0);
    runs::check(&state.runs).ok()?;
    let mut before = Replay::of(state.clone());
    let (mut now, mut latest) = (Replay::of(state), VecDeque::new());
    while let Some(Entry { at, did }) = take::<Entry>(&mut rest) {
        if did.is_of_a_person() {
            (edits, last) = (edits + 1, at);
        } else if edits == 0 {
            last = at;
        }
        now.take(&did);
        latest.push_back(did);
        if latest.len() > MOST_STEPS {
            latest.pop_front().iter().for_each(|oldest| before.take(oldest));
        }
    }
    let (state, start) = (now.end(), Box::new(before.end()));
    runs::check(&state.runs).ok()?;
    state.edits.check().ok()?;
    let (path, results) = (path.to_owned(), results_beside(path));
    Some(Kept { path, project, state, start, did: latest.into(), results, edits, last })
}

/// All that there is, on its way through what was done.
struct Replay {
    state: Project,
    runs: Runs,
}

impl Replay {
    fn of(mut state: Project) -> Self {
        let runs = Runs::of(std::mem::take(&mut state.runs));
        Self { state, runs }
    }

    fn take(&mut self, did: &Did) {
        match did {
            Did::Labels(change) => self.state.edits.redo(change),
            Did::Back(change) => self.state.edits.undo(change),
            Did::Selected(rows) => self.state.selection = rows.clone(),
            Did::Settings(recipe) => self.state.recipe = (**recipe).clone(),
            Did::Run(run) => self.runs.put((**run).clone()),
            Did::RunGone(id) => drop(self.runs.remove(*id)),
            Did::Painted(painted) => self.state.data.painted = Some(painted.clone()),
        }
    }

    fn end(self) -> Project {
        Project { runs: self.runs.all().to_vec(), ..self.state }
    }
}

/// The piece at the beginning, which is taken off; none where it is not whole.
fn take<T: serde::de::DeserializeOwned>(rest: &mut &[u8]) -> Option<T> {
    let length = u32::from_le_bytes(rest.get(..4)?.try_into().ok()?) as usize;
    let sum = u64::from_le_bytes(rest.get(4..12)?.try_into().ok()?);
    let body = rest.get(12..)?.get(..length)?;
    if checksum(body) != sum {
        return None;
    }
    *rest = &rest[12 + length..];
    ciborium::from_reader(body).ok()
}

/// The writer of a journal, on a thread of its own: a window hands over what was done and goes on. When it is dropped, all that it was
/// given is on the disk.
#[derive(Debug)]
pub struct Journal {
    orders: Option<Sender<Order>>,
    writer: Option<JoinHandle<()>>,
    troubles: Receiver<String>,
    whereabouts: Whereabouts,
}

impl Journal {
    /// A writer that writes nothing yet; `wake` is called when there is trouble to tell.
    ///
    /// # Errors
    /// [`crate::Error::Io`] where there is no thread to be had.
    pub fn new(wake: impl Fn() + Send + 'static) -> Result<Self> {
        let (orders, inbox) = channel();
        let (tell, troubles) = channel();
        let whereabouts = Whereabouts::default();
        let known = whereabouts.clone();
        let body = move || {
            let mut writer = Writer::new(known);
            writer.obey(&inbox, |trouble| {
                let _ = tell.send(trouble);
                wake();
            });
        };
        let thread = std::thread::Builder::new().name("journal".to_owned()).spawn(body);
        let writer = thread.map_err(crate::Error::io("start", Path::new("the journal's thread")))?;
        Ok(Self { orders: Some(orders), writer: Some(writer), troubles, whereabouts })
    }

    /// Where the one is that was begun last.
    #[must_use]
    pub fn place(&self) -> Place {
        self.whereabouts.newest()
    }

    /// Begins a journal at the first of these places that can be written, from all that there is; the one before is removed, and so is
    /// the one that it goes on from, `instead`.
    pub fn begin(&self, places: Vec<PathBuf>, project: Option<PathBuf>, state: Project, instead: Option<PathBuf>) {
        let number = self.whereabouts.begin();
        self.tell(Order::Begin(Box::new(Begin { number, places, start: Start { project, state }, instead })));
    }

    /// Writes down what was done.
    pub fn put(&self, did: Did) {
        self.tell(Order::Put(Entry { at: now(), did }));
    }

    /// Leaves it as it is, since what is done is now of another document: a crash takes neither.
    pub fn put_aside(&self, document: u64) {
        self.tell(Order::PutAside(document));
    }

    /// What is done is again of a document whose journal was put aside: the next one that begins takes its place.
    pub fn take_up(&self, document: u64) {
        self.tell(Order::TakeUp(document));
    }

    /// Removes it: all is saved, or a person let it go.
    pub fn remove(&self) {
        self.tell(Order::Remove);
    }

    /// Removes it and all that were put aside: the window closes as it should.
    pub fn end(&self) {
        self.tell(Order::End);
    }

    /// Why the last thing could not be written, once.
    #[must_use]
    pub fn trouble(&self) -> Option<String> {
        self.troubles.try_iter().last()
    }

    fn tell(&self, order: Order) {
        if let Some(orders) = &self.orders {
            let _ = orders.send(order);
        }
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.orders = None;
        if let Some(writer) = self.writer.take() {
            let _ = writer.join();
        }
    }
}

#[cfg(test)]
mod tests;
