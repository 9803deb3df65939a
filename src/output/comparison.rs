//! A comparison as a file: what it is of, and every run that is done, so that the window or the command line goes on with it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::write_atomically;
use crate::learn::Job;
use crate::learn::compare::{Entry, Plan};
use crate::recipe::Recipe;
use crate::{Error, Result};

/// A comparison as it stands, with what it is of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
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
        let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
        serde_json::from_str(&text).map_err(|e| Error::format(path, e.to_string()))
    }

    /// The plan with what the file at `path` has of it, or as it is where there is no such file.
    ///
    /// # Errors
    /// As [`Comparison::read`], and [`Error::Format`] where the file holds another comparison.
    pub fn resume(path: &Path, plan: Plan) -> Result<Plan> {
        if !path.exists() {
            return Ok(plan);
        }
        let (found, wanted) = (Self::read(path)?, Self::new(&plan.job, &[]));
        if (&found.data, &found.recipe) != (&wanted.data, &wanted.recipe) {
            let text =
                format!("it holds a comparison of {} with other settings; give --resume another file", found.data);
            return Err(Error::format(path, text));
        }
        Ok(Plan { done: found.entries, ..plan })
    }
}
