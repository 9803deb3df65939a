//! Public sets from the internet: mirrors in turn, each file resumed where it broke off, and none under its own name before it is known to
//! be the published one.

mod checked;
mod sets;
mod transfer;

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

pub use sets::{PublicFile, PublicSet};
use transfer::{Came, Transfer, host};

use super::named::cache_dir;
use crate::support::progress::Progress;
use crate::{Error, Result};

/// How a part is called that is not the whole file yet.
const PART: &str = "part";
/// Transfers of one file from one mirror, however well each of them goes on.
const MOST_TRANSFERS: usize = 100;
/// How often a file is asked for anew that was put together from several transfers and is not the published one.
const MOST_RESTARTS: usize = 1;

/// How long a mirror is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// The longest wait for a connection, for an answer, and between two pieces of a file.
    pub answer: Duration,
    /// The wait before a mirror is asked again.
    pub pause: Duration,
    /// Transfers without a byte before the next mirror is asked.
    pub tries: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self { answer: Duration::from_secs(20), pause: Duration::from_secs(1), tries: 3 }
    }
}

/// What is to be downloaded, and to where.
#[derive(Clone, Debug)]
pub struct Request {
    /// The set.
    pub set: PublicSet,
    /// The folder for its files.
    pub folder: PathBuf,
    /// Addresses of folders that hold its files, in the order in which they are tried.
    pub mirrors: Vec<String>,
    /// How long a mirror is waited for.
    pub patience: Patience,
    /// Whether a file of the same name that is another one is replaced.
    pub replace: bool,
}

/// A set that was downloaded.
#[derive(Clone, Debug)]
pub struct Fetched {
    /// The folder with its files.
    pub folder: PathBuf,
    /// Its files, in the order of the set's.
    pub files: Vec<FetchedFile>,
}

/// A file of a set that was downloaded, checked against its SHA-256.
#[derive(Clone, Debug)]
pub struct FetchedFile {
    /// Where it is.
    pub path: PathBuf,
    /// The mirror it came from; none for one that was there.
    pub from: Option<String>,
}

impl Request {
    /// A set from its own mirrors into the cache.
    ///
    /// # Errors
    /// [`Error::Setting`] where the system names no folder for caches.
    pub fn new(set: &PublicSet) -> Result<Self> {
        let Some(cache) = cache_dir() else {
            let text = format!("the system names no folder to keep {} in; --data-dir FOLDER reads a copy", set.name);
            return Err(Error::Setting(text));
        };
        Ok(Self::into_folder(set, cache.join(set.name)))
    }

    /// A set from its own mirrors into a folder.
    #[must_use]
    pub fn into_folder(set: &PublicSet, folder: PathBuf) -> Self {
        let mirrors = set.mirrors.iter().map(|&mirror| mirror.to_owned()).collect();
        Self { set: *set, folder, mirrors, patience: Patience::default(), replace: false }
    }

    /// Downloads what is not there yet. Files keep a `.part` at the end of their names until they are whole and checked; one that broke off
    /// is gone on with the next time. Two downloads of one file at once: the second is refused.
    ///
    /// # Errors
    /// [`Error::Data`] with each mirror's reason, [`Error::Io`] where the folder cannot be written, [`Error::Format`] for a file of the
    /// same name that is another one, [`Error::Cancelled`].
    pub fn fetch(&self, progress: &Progress) -> Result<Fetched> {
        std::fs::create_dir_all(&self.folder).map_err(Error::io("create", &self.folder))?;
        let (total, mut before) = (self.set.packed().max(1), 0);
        let mut mirrors: Vec<&str> = self.mirrors.iter().map(String::as_str).collect();
        let mut files = Vec::new();
        for file in self.set.files {
            let share = |at: u64| ((before + at.min(file.packed)) as f32 / total as f32).min(1.0);
            let errand = Errand { request: self, file, progress, share: &share };
            files.push(errand.file(&mut mirrors)?);
            before += file.packed;
        }
        Ok(Fetched { folder: self.folder.clone(), files })
    }
}

/// One file of a request.
struct Errand<'a> {
    request: &'a Request,
    file: &'a PublicFile,
    progress: &'a Progress<'a>,
    share: &'a dyn Fn(u64) -> f32,
}

impl Errand<'_> {
    /// The file, from the first mirror that gives it; that one is asked first for the next.
    fn file(&self, mirrors: &mut [&str]) -> Result<FetchedFile> {
        if let Some(path) = self.there()? {
            return Ok(FetchedFile { path, from: None });
        }
        let folder = &self.request.folder;
        let part_path = folder.join(format!("{}.{PART}", self.file.name));
        let mut part = open(&part_path)?;
        if part.metadata().is_ok_and(|about| about.len() >= self.file.packed)
            && checked::checked(&part, &part_path, self.file, self.progress)?.is_ok()
        {
            return Ok(FetchedFile { path: self.keep(part, &part_path)?, from: None });
        }
        let mut reasons = Vec::new();
        for at in 0..mirrors.len() {
            let mirror = mirrors[at];
            match self.from(mirror, &mut part, &part_path)? {
                Ok(()) => {
                    log::info!("{} of {} came from {}", self.file.name, self.request.set.name, host(mirror));
                    mirrors[..=at].rotate_right(1);
                    return Ok(FetchedFile { path: self.keep(part, &part_path)?, from: Some(mirror.to_owned()) });
                }
                Err(reason) => {
                    log::warn!("{} of {} from {}: {reason}", self.file.name, self.request.set.name, host(mirror));
                    reasons.push(format!("{}: {reason}", host(mirror)));
                }
            }
        }
        let came = part.metadata().map_or(0, |about| about.len());
        if came == 0 {
            drop(part);
            let _ = std::fs::remove_file(&part_path); // Empty, it only stands in the way.
        }
        let kept = if came > 0 { "; what came is kept, and another try goes on from there" } else { "" };
        let text = format!(
            "{} was not downloaded: no mirror gave {} ({}){kept}",
            self.request.set.name,
            self.file.name,
            reasons.join("; ")
        );
        Err(Error::Data(text))
    }

    /// The file that is there already, packed or not.
    fn there(&self) -> Result<Option<PathBuf>> {
        let plain = self.file.name.trim_end_matches(".gz");
        for name in [plain, self.file.name] {
            let path = self.request.folder.join(name);
            if !path.is_file() {
                continue;
            }
            self.progress.at((self.share)(0), &format!("checking {name}"))?;
            let opened = File::open(&path).map_err(Error::io("read", &path))?;
            match checked::checked(&opened, &path, self.file, self.progress)? {
                Ok(()) => return Ok(Some(path)),
                Err(_) if self.request.replace && name == self.file.name => {}
                Err(reason) => {
                    let way = if name == plain { "move it away" } else { "move it away, or --force replaces it" };
                    let text = format!("this is not the file of {}: {reason}; {way}", self.request.set.name);
                    return Err(Error::format(&path, text));
                }
            }
        }
        Ok(None)
    }

    /// The file from one mirror into the part, or why not.
    fn from(&self, mirror: &str, part: &mut File, path: &Path) -> Result<Result<(), String>> {
        let url = format!("{}/{}", mirror.trim_end_matches('/'), self.file.name);
        let agent = transfer::agent(&self.request.patience, &url);
        let (file, progress, share) = (self.file, self.progress, self.share);
        let (mut idle, mut restarts) = (0, 0);
        for _ in 0..MOST_TRANSFERS {
            let before = part.metadata().map_err(Error::io("read", path))?.len();
            let came = Transfer { agent: &agent, url: &url, file, part, path, progress, share }.run()?;
            match came {
                Came::All { pieced } => match checked::checked(part, path, file, progress)? {
                    Ok(()) => return Ok(Ok(())),
                    // The pieces may be of files that were packed in two ways.
                    Err(_) if pieced && restarts < MOST_RESTARTS => {
                        restarts += 1;
                        empty(part, path)?;
                    }
                    Err(reason) => {
                        empty(part, path)?;
                        return Ok(Err(format!("what it sent is not the published file: {reason}")));
                    }
                },
                Came::Partly(reason) => {
                    let now = part.metadata().map_err(Error::io("read", path))?.len();
                    // A mirror that promised more than there is may have given all of it.
                    if now >= file.packed && checked::checked(part, path, file, progress)?.is_ok() {
                        return Ok(Ok(()));
                    }
                    idle = if now > before { 0 } else { idle + 1 };
                    if idle >= self.request.patience.tries {
                        return Ok(Err(reason));
                    }
                    log::debug!("{url}: {reason}, at {now} bytes");
                    self.wait()?;
                }
                Came::Nothing(reason) => return Ok(Err(reason)),
                Came::Other(reason) => {
                    empty(part, path)?;
                    return Ok(Err(reason));
                }
            }
        }
        Ok(Err(format!("it broke off {MOST_TRANSFERS} times")))
    }

    /// Waits before the mirror is asked again, and not for a person who wants no more of it.
    fn wait(&self) -> Result<()> {
        let began = Instant::now();
        while began.elapsed() < self.request.patience.pause {
            self.progress.check()?;
            std::thread::sleep(Duration::from_millis(20).min(self.request.patience.pause));
        }
        Ok(())
    }

    /// The part is the file: through to the disk, and under its own name.
    fn keep(&self, part: File, part_path: &Path) -> Result<PathBuf> {
        let path = self.request.folder.join(self.file.name);
        part.sync_all().map_err(Error::io("write", part_path))?;
        drop(part); // A locked file cannot be renamed everywhere.
        std::fs::rename(part_path, &path).map_err(Error::io("write", &path))?;
        Ok(path)
    }
}

/// Opens a part and locks it, so that no other download writes into it.
fn open(path: &Path) -> Result<File> {
    let opened = OpenOptions::new().read(true).append(false).write(true).create(true).truncate(false).open(path);
    let file = opened.map_err(Error::io("write", path))?;
    match file.try_lock() {
        // A file system without locks has to do without.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(Error::Data(format!("{} is being downloaded by another window or program already", path.display())))
        }
    }
}

fn empty(part: &File, path: &Path) -> Result<()> {
    part.set_len(0).map_err(Error::io("write", path))
}
