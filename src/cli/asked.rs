//! What several commands take: the data, settings and the files they come from; a model and what it labels.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::Result;
use crate::data::Source;
use crate::pipeline::Job;
use crate::recipe::Recipe;

/// What every run without a window takes.
#[derive(Debug, clap::Args)]
pub(super) struct Asked {
    /// A file, a folder or a built-in name; - is the standard input
    data: OsString,
    /// Say nothing on stderr but errors
    #[arg(long)]
    pub(super) quiet: bool,
    #[command(flatten)]
    pub(super) files: Files,
    #[command(flatten)]
    pub(super) recipe: Recipe,
}

impl Asked {
    /// The job; what comes through a pipe is read.
    ///
    /// # Errors
    /// As [`Source::argument`].
    pub(super) fn job(&self) -> Result<Job> {
        Ok(Job { source: Source::argument(&self.data)?, recipe: self.recipe.clone() })
    }
}

/// Files that settings come from. They are read before the flags are, which win over them.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Files {
    /// Start with these settings; flags win over it
    #[arg(long = "recipe", value_name = "FILE")]
    pub(super) settings: Option<PathBuf>,
    /// Take what each column of the table is and is for from this file, as the window's column sheet writes it; flags win over it
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    pub(super) roles: Option<PathBuf>,
}

/// A model at work on new rows.
#[derive(Debug, clap::Args)]
pub(super) struct Applied {
    /// A model that `run --out` wrote
    pub(super) model: PathBuf,
    /// A file, a folder or a built-in name with the columns the model was trained on, in any order, among others; - is the standard input
    pub(super) data: OsString,
}
