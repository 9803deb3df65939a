//! A comparison as a file: what it is of, and every run that is done, so that the window or the command line goes on with it.

use std::fs::File;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::atomic::folder_of;
use super::write_atomically;
use crate::data;
use crate::measure::{Marks, Score};
use crate::pipeline::Job;
use crate::pipeline::compare::{self, Entry, Plan};
use crate::recipe::Recipe;
use crate::support::text_file::read_text;
use crate::{Error, Result};

/// The longest file that is taken for a comparison, in bytes; an entry has some three hundred.
const LONGEST: u64 = 1 << 26;

/// A comparison as it stands, with what it is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// The data: a built-in name or a path.
    pub data: String,
    /// Every setting that a space does not name.
    pub recipe: Recipe,
    /// What is done.
    pub entries: Vec<Entry>,
}

impl Comparison {
    /// Of this job.
    #[must_use]
    pub fn new(job: &Job, entries: &[Entry]) -> Self {
        Self { data: job.source.to_string(), recipe: job.recipe.clone(), entries: entries.to_vec() }
    }

    /// As JSON.
    ///
    /// # Errors
    /// [`Error::Data`] where a figure cannot be written.
    pub fn json(&self) -> Result<String> {
        serde_json::to_string_pretty(self).map_err(|e| Error::Data(format!("the comparison: {e}")))
    }

    /// Writes it.
    ///
    /// # Errors
    /// As [`write_atomically`].
    pub fn write(&self, path: &Path) -> Result<()> {
        let text = self.json()?;
        write_atomically(path, |w| w.write_all(text.as_bytes()))
    }

    /// Reads what [`Comparison::write`] wrote.
    ///
    /// # Errors
    /// [`Error::Io`] or [`Error::Format`] with the path.
    pub fn read(path: &Path) -> Result<Self> {
        let text = read_text(path, LONGEST)?;
        let found: Self = serde_json::from_str(&text).map_err(|e| Error::format(path, e.to_string()))?;
        let can_be = |marks: Marks| {
            Score::ALL.iter().all(|score| marks.get(*score).is_none_or(|s| (score.least()..=1.0).contains(&s)))
        };
        let sound = |e: &Entry| can_be(e.marks()) && e.seconds >= 0.0;
        match found.entries.iter().position(|e| !sound(e)) {
            Some(at) => Err(Error::format(path, format!("entry {}: its scores or seconds cannot be", at + 1))),
            None => Ok(found),
        }
    }

    /// Keeps what is done in the file at `path`, beside what another process has put there meanwhile, and gives both.
    ///
    /// # Errors
    /// As [`Comparison::read`], [`Comparison::write`] and [`Comparison::resume`].
    pub fn keep(path: &Path, job: &Job, entries: &[Entry]) -> Result<Vec<Entry>> {
        let lock = Lock::take(path)?;
        let theirs = if path.exists() { Self::read_of(path, job)?.entries } else { Vec::new() };
        let all = compare::merged(entries, &theirs);
        Self::new(job, &all).write(path)?;
        drop(lock);
        Ok(all)
    }

    /// The plan with what the file at `path` has of it, or as it is where there is no such file.
    ///
    /// # Errors
    /// As [`Comparison::read`], and [`Error::Format`] where the file holds another comparison (which settings differ is said) or one of
    /// data that has changed since.
    pub fn resume(path: &Path, plan: Plan) -> Result<Plan> {
        if !path.exists() {
            return Ok(plan);
        }
        let done = Self::read_of(path, &plan.job)?.entries;
        let now = data::fingerprint(&plan.job.source, &plan.job.recipe)?;
        compare::check_data(&done, now.as_deref(), &plan.job.source)
            .map_err(|e| Error::format(path, format!("{e}; give --resume another file")))?;
        Ok(Plan { done, ..plan })
    }

    /// Reads it, if it is a comparison of this job.
    fn read_of(path: &Path, job: &Job) -> Result<Self> {
        let found = Self::read(path)?;
        let wanted = job.source.to_string();
        if found.data != wanted {
            let text = format!("it holds a comparison of {}, not of {wanted}; give --resume another file", found.data);
            return Err(Error::format(path, text));
        }
        // A path that is no text was written as near to it as could be, so both are compared as they are written.
        let differences = found.recipe.differences(&job.recipe);
        if !differences.is_empty() {
            let text = format!(
                "it holds a comparison of {} with other settings ({}); give --resume another file",
                found.data,
                differences.join(", ")
            );
            return Err(Error::format(path, text));
        }
        Ok(found)
    }
}

/// Only one process at a time reads, adds and writes. It is the folder that is locked where that is possible: the file itself is
/// replaced, and a file beside it would stay behind.
#[derive(Debug)]
struct Lock {
    _held: File,
}

impl Lock {
    fn take(path: &Path) -> Result<Self> {
        let folder = folder_of(path);
        std::fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
        let held = if cfg!(unix) {
            File::open(&folder).map_err(Error::io("open", &folder))?
        } else {
            let beside = path.with_extension("lock");
            File::create(&beside).map_err(Error::io("create", &beside))?
        };
        // Some file systems know no locks; there one process must do.
        match held.lock() {
            Err(e) if e.kind() != std::io::ErrorKind::Unsupported => Err(Error::io("lock", &folder)(e)),
            _ => Ok(Self { _held: held }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Source;
    use crate::pipeline::compare::{Method, Space};
    use crate::recipe::Auto;

    fn job(recipe: Recipe) -> Job {
        Job { source: Source::Named("moons".to_owned()), recipe }
    }

    fn entry(seed: u64) -> Entry {
        // A logistic map gives digits that are hard to keep.
        let acc = (0..seed + 20).fold(0.3, |x: f64, _| 3.99 * x * (1.0 - x));
        let score = Some(acc);
        let (space, method) = (Space::Input, Method::Exact);
        Entry { space, seed, method, acc: score, nmi: score, ari: score, seconds: 1.5, peak_mib: None, data: None }
    }

    #[test]
    fn it_comes_back_to_the_last_digit() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("c.json");
        let recipe = Recipe { noise: Auto::Set(0.1 + 0.2), seed: u64::MAX, ..Recipe::default() };
        let all = Comparison::new(&job(recipe), &(0..500).map(entry).collect::<Vec<_>>());
        all.write(&path).expect("written");
        assert!(Comparison::read(&path).expect("read") == all, "some digit is another");
    }

    #[test]
    fn what_differs_is_named() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("c.json");
        let job = job(Recipe::default());
        Comparison::keep(&path, &job, &[entry(1)]).expect("kept");
        let plan = |recipe: Recipe| Plan {
            job: Job { recipe, ..job.clone() },
            spaces: vec![Space::Input],
            seeds: 2,
            done: Vec::new(),
        };
        let other = plan(Recipe { lr: Auto::Set(0.5), ..Recipe::default() });
        let message = Comparison::resume(&path, other).expect_err("other settings").to_string();
        assert!(message.contains("c.json") && message.contains("--lr auto rather than 0.5"), "{message}");
        let same = Comparison::resume(&path, plan(Recipe::default())).expect("the same");
        assert_eq!(same.done, [entry(1)]);
        std::fs::write(&path, std::fs::read_to_string(&path).expect("text").replace("1.5", "-1.5")).expect("written");
        let message = Comparison::read(&path).expect_err("no such time").to_string();
        assert!(message.contains("entry 1"), "{message}");
    }

    #[test]
    fn many_writers_lose_nothing() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("c.json");
        let job = job(Recipe::default());
        std::thread::scope(|scope| {
            for writer in 0..8 {
                let (path, job) = (&path, &job);
                scope.spawn(move || {
                    let mut mine = Vec::new();
                    for i in 0..10 {
                        mine.push(entry(10 * writer + i));
                        Comparison::keep(path, job, &mine).expect("kept");
                    }
                });
            }
        });
        let all = Comparison::read(&path).expect("read").entries;
        assert!(all == (0..80).map(entry).collect::<Vec<_>>(), "{} entries", all.len());
    }
}
