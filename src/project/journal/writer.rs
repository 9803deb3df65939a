//! The thread that writes a journal. What cannot be written now, on a full disk say, is kept and tried again: a later edit without those
//! before it would be of no use.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{Read as _, Result, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use serde::Serialize;

use super::places::Whereabouts;
use super::results::{move_results, remove_results};
use super::{Entry, MAGIC, OLD, Start, read};
use crate::data::checksum;

/// The time between two tries.
const AGAIN: Duration = Duration::from_secs(1);

/// Journals of other documents that are kept until the window ends.
const MOST_ASIDE: usize = 8;

/// What the writer is told.
pub(super) enum Order {
    Begin(Box<Begin>),
    Put(Entry),
    PutAside(u64),
    TakeUp(u64),
    Remove,
    End,
}

/// A journal of this writer. It holds the file locked, so that no other window takes it for one that was left.
struct Open {
    file: File,
    path: PathBuf,
    number: u64,
}

/// A journal to begin.
pub(super) struct Begin {
    pub(super) number: u64,
    /// The first of these places that can be written is taken.
    pub(super) places: Vec<PathBuf>,
    pub(super) start: Start,
    /// The journal that it goes on from.
    pub(super) instead: Option<PathBuf>,
}

/// A journal, and what is not in it yet.
#[derive(Default)]
pub(super) struct Writer {
    open: Option<Open>,
    /// Those of other documents of this session, by their numbers, the one put aside last at the end.
    aside: Vec<(u64, Open)>,
    /// The one of them whose place the next takes.
    taken_up: Option<(u64, Open)>,
    /// The journal that takes the place of the open one as soon as it can be written.
    waiting: Option<Box<Begin>>,
    /// What is to be written after that.
    backlog: VecDeque<Entry>,
    /// Where they are, for others.
    whereabouts: Whereabouts,
}

impl Writer {
    /// A writer that tells where its journals are.
    pub(super) fn new(whereabouts: Whereabouts) -> Self {
        Self { whereabouts, ..Self::default() }
    }

    /// Does what it is told until nobody tells it anything any more. `trouble` hears why an order was not carried out at once.
    pub(super) fn obey(&mut self, inbox: &Receiver<Order>, mut trouble: impl FnMut(String)) {
        loop {
            let behind = self.waiting.is_some() || !self.backlog.is_empty();
            match inbox.recv_timeout(if behind { AGAIN } else { Duration::MAX }) {
                Ok(order) => {
                    self.take(order);
                    if let Err(why) = self.catch_up() {
                        trouble(why);
                    }
                }
                Err(RecvTimeoutError::Timeout) => drop(self.catch_up()),
                Err(RecvTimeoutError::Disconnected) => {
                    let _ = self.catch_up();
                    return;
                }
            }
        }
    }

    fn take(&mut self, order: Order) {
        match order {
            Order::Begin(begin) => {
                self.backlog.clear();
                if let Some(before) = self.waiting.replace(begin) {
                    self.whereabouts.forget(before.number);
                }
            }
            Order::Put(entry) if self.open.is_some() || self.waiting.is_some() => self.backlog.push_back(entry),
            Order::Put(_) => {}
            Order::PutAside(document) => {
                self.aside.extend(self.open.take().map(|open| (document, open)));
                if self.aside.len() > MOST_ASIDE {
                    let (_, oldest) = self.aside.remove(0);
                    self.remove(oldest);
                }
            }
            Order::TakeUp(document) => {
                // One whose place nothing took, as nothing could be written, stays aside.
                self.aside.extend(self.taken_up.take());
                let at = self.aside.iter().position(|(of, _)| *of == document);
                self.taken_up = at.map(|at| self.aside.remove(at));
            }
            Order::Remove => {
                self.backlog.clear();
                if let Some(waiting) = self.waiting.take() {
                    self.whereabouts.forget(waiting.number);
                }
                if let Some(open) = self.open.take() {
                    self.remove(open);
                }
            }
            Order::End => {
                self.take(Order::Remove);
                for (_, open) in self.taken_up.take().into_iter().chain(std::mem::take(&mut self.aside)) {
                    self.remove(open);
                }
            }
        }
    }

    /// Writes all that is not written.
    fn catch_up(&mut self) -> std::result::Result<(), String> {
        if let Some(next) = self.waiting.take()
            && let Err(why) = self.replace(&next)
        {
            self.waiting = Some(next);
            return Err(why);
        }
        let Some(Open { file, path, .. }) = &mut self.open else { return Ok(()) };
        while let Some(entry) = self.backlog.front() {
            append(file, entry).map_err(|error| format!("{}: {error}", path.display()))?;
            self.backlog.pop_front();
        }
        Ok(())
    }

    /// Begins a journal, and removes the one that was open and the one that it goes on from.
    fn replace(&mut self, next: &Begin) -> std::result::Result<(), String> {
        let mut said = "there is no place for it".to_owned();
        for path in &next.places {
            let taken_up = self.taken_up.as_ref().map(|(_, open)| open);
            let own = self.open.iter().chain(taken_up).any(|open| open.path == *path);
            match begin(path, &next.start, own, next.instead.as_deref()) {
                Ok(file) => {
                    let mine = |open: &Open| open.path == *path;
                    if next.instead.as_ref() != Some(path) && taken_up.is_none_or(|open| !mine(open)) {
                        // Results that stood beside another journal of this name.
                        remove_results(path);
                    }
                    let taken_up = self.taken_up.take_if(|(_, open)| mine(open)).map(|(_, open)| open);
                    for replaced in self.open.take_if(|open| mine(open)).into_iter().chain(taken_up) {
                        self.whereabouts.forget(replaced.number);
                    }
                    let before = self.open.replace(Open { file, path: path.clone(), number: next.number });
                    if let Some(before) = before {
                        self.remove(before);
                    }
                    let taken_up = self.taken_up.take().map(|(_, open)| {
                        self.whereabouts.forget(open.number);
                        open.path
                    });
                    for old in next.instead.iter().chain(&taken_up).filter(|old| *old != path) {
                        move_results(old, path);
                        let _ = std::fs::remove_file(old);
                    }
                    self.whereabouts.set(next.number, path);
                    return Ok(());
                }
                Err(error) => said = format!("{}: {error}", path.display()),
            }
        }
        Err(said)
    }

    fn remove(&self, Open { file, path, number }: Open) {
        self.whereabouts.forget(number);
        drop(file);
        remove_results(&path);
        let _ = std::fs::remove_file(path);
    }
}

fn piece(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut body = Vec::new();
    ciborium::into_writer(value, &mut body).map_err(|e| std::io::Error::other(e.to_string()))?;
    let length = u32::try_from(body.len()).map_err(std::io::Error::other)?;
    Ok([&length.to_le_bytes()[..], &checksum(&body).to_le_bytes(), &body].concat())
}

/// Puts a piece behind the others, whole or not at all: what follows a torn one would not be read.
fn append(file: &mut File, entry: &Entry) -> Result<()> {
    let piece = piece(entry)?;
    let length = file.metadata()?.len();
    file.seek(SeekFrom::Start(length))?;
    let done = file.write_all(&piece).and_then(|()| file.sync_data());
    if done.is_err() {
        file.set_len(length)?;
    }
    done
}

/// A new journal in the place of what a writer that is gone left there. What another writer has open is left alone, and so is what is no
/// journal, or one that keeps edits which nobody was asked about, unless it is the one that goes on. What is this writer's own may go.
fn begin(path: &Path, start: &Start, own: bool, instead: Option<&Path>) -> Result<File> {
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    if let Some(about) = std::fs::symlink_metadata(path).ok().filter(|_| !own) {
        let stays = |why: &str| Err(std::io::Error::other(why.to_owned()));
        if !about.is_file() {
            return stays("something else stands there");
        }
        let mut first = Vec::new();
        let file = File::open(path)?;
        if file.try_lock().is_err() {
            return stays("another window has it open");
        }
        file.take(MAGIC.len() as u64).read_to_end(&mut first)?;
        if !MAGIC.starts_with(&first) && !OLD.starts_with(&first) {
            return stays("something else stands there");
        }
        if instead != Some(path) && read(path).is_some() {
            return stays("it keeps edits that wait to be restored");
        }
    }
    // Whole before it has the name.
    let mut file = tempfile::Builder::new().prefix(".eigenscope-").suffix(".part").tempfile_in(folder)?;
    file.as_file().try_lock().map_err(std::io::Error::other)?;
    file.write_all(&[MAGIC, &piece(start)?].concat())?;
    file.as_file().sync_data()?;
    if !cfg!(unix) {
        file.as_file().unlock()?; // A locked file cannot be renamed there.
    }
    let file = file.persist(path).map_err(|e| e.error)?;
    if !cfg!(unix) {
        file.try_lock().map_err(std::io::Error::other)?;
    }
    Ok(file)
}
