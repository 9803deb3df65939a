//! One error type: every message names the thing that is wrong and, where there is one, the setting to turn.

use std::path::{Path, PathBuf};

/// What can go wrong below the window and the command line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused to read or write a file.
    #[error("cannot {action} {path}: {source}", path = path.display())]
    Io {
        /// What was attempted, as a verb: `read`, `write`, `create`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The system's own reason.
        source: std::io::Error,
    },
    /// A file was read, but its content is not what its format promises.
    #[error("{}: {message}", path.display())]
    Format {
        /// The file.
        path: PathBuf,
        /// What is wrong, with row and column (1-based, as an editor shows them) where they are known.
        message: String,
    },
    /// A setting has no meaning, or none for this data. The message names the setting as its flag, such as `--neighbors`.
    #[error("{0}")]
    Setting(String),
    /// The data cannot be used for what was asked; the message says why and what to do.
    #[error("{0}")]
    Data(String),
    /// The training device could not be used.
    #[error("{0}")]
    Device(String),
    /// A numerical method did not reach its goal; the message says how far it came.
    #[error("{0}")]
    Numerics(String),
    /// The person asked to stop.
    #[error("cancelled")]
    Cancelled,
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A refusal of the operating system, for `map_err`.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    /// A file whose content is wrong.
    pub fn format(path: &Path, message: impl Into<String>) -> Self {
        Self::Format { path: path.to_owned(), message: message.into() }
    }
}
