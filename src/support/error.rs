//! One error type: every message names the thing that is wrong and, where there is one, the setting to turn.

use std::path::{Path, PathBuf};

use super::plain;

/// What can go wrong below the window and the command line.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused to read or write a file.
    #[error("cannot {action} {path}: {}", reason(source), path = path.display())]
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
    /// One of the others, with ways out of it.
    #[error("{}", with_ways(&error.to_string(), remedies))]
    Remedied {
        /// What is wrong.
        error: Box<Error>,
        /// What helps, the most likely first.
        remedies: Vec<Remedy>,
    },
    /// The person asked to stop.
    #[error("cancelled")]
    Cancelled,
}

/// The system's reason, with what helps where that is known.
fn reason(source: &std::io::Error) -> String {
    match source.kind() {
        std::io::ErrorKind::StorageFull => format!("{source}; free some space, or choose another place"),
        _ => source.to_string(),
    }
}

/// A way out of an error: a setting that a person changes by a flag on the command line and by a button in the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// The setting, by its flag without the dashes.
    pub flag: &'static str,
    /// What it is to be.
    pub value: Value,
    /// What that does, as the words after the flag: `leaves such a column out`.
    pub does: String,
    /// The same on a button: `Leave out words`.
    pub button: String,
}

/// What a [`Remedy`] sets a setting to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// To this, as its flag takes it.
    Set(String),
    /// To what the person chooses; the word stands for it on the command line, such as `FOLDER`.
    Chosen(&'static str),
    /// Nothing: this public set is downloaded, and what failed is tried again.
    Downloaded(&'static str),
}

impl Remedy {
    /// A setting's other value.
    pub fn set(
        flag: &'static str,
        value: impl std::fmt::Display,
        does: impl Into<String>,
        button: impl Into<String>,
    ) -> Self {
        Self { flag, value: Value::Set(value.to_string()), does: does.into(), button: button.into() }
    }

    /// A setting whose value a person has to choose.
    pub fn choose(
        flag: &'static str,
        stands_for: &'static str,
        does: impl Into<String>,
        button: impl Into<String>,
    ) -> Self {
        Self { flag, value: Value::Chosen(stands_for), does: does.into(), button: button.into() }
    }

    /// A public set that is not here.
    pub fn download(set: &'static str, does: impl Into<String>, button: impl Into<String>) -> Self {
        Self { flag: "fetch", value: Value::Downloaded(set), does: does.into(), button: button.into() }
    }
}

/// A reason and its ways out as the command line has them: `…; --text drop leaves such a column out, …`.
#[must_use]
pub fn with_ways(reason: &str, remedies: &[Remedy]) -> String {
    let way = |r: &Remedy| match &r.value {
        Value::Set(value) => {
            // It may be the name of a column, which a stranger wrote.
            let said = plain::line(value);
            let quote = if value.contains(char::is_whitespace) { "'" } else { "" };
            format!("--{} {quote}{said}{quote} {}", r.flag, r.does)
        }
        Value::Chosen(word) => format!("--{} {word} {}", r.flag, r.does),
        Value::Downloaded(set) => format!("`eigenscope fetch {set}` {}", r.does),
    };
    let ways: Vec<String> = remedies.iter().map(way).collect();
    if ways.is_empty() { reason.to_owned() } else { format!("{reason}; {}", ways.join(", ")) }
}

/// The crate's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// A refusal of the operating system, for `map_err`.
    pub fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }

    /// The same error with one more way out.
    #[must_use]
    pub fn or(self, remedy: Remedy) -> Self {
        match self {
            Self::Remedied { error, mut remedies } => {
                remedies.push(remedy);
                Self::Remedied { error, remedies }
            }
            error => Self::Remedied { error: Box::new(error), remedies: vec![remedy] },
        }
    }

    /// What is wrong, without the ways out.
    #[must_use]
    pub fn reason(&self) -> String {
        if let Self::Remedied { error, .. } = self { error.to_string() } else { self.to_string() }
    }

    /// The ways out that it knows.
    #[must_use]
    pub fn remedies(&self) -> &[Remedy] {
        if let Self::Remedied { remedies, .. } = self { remedies } else { &[] }
    }

    /// A file whose content is wrong. The message may quote it: what a terminal would act on is spelled out.
    pub fn format(path: &Path, message: impl Into<String>) -> Self {
        Self::Format { path: path.to_owned(), message: plain::lines(&message.into()).into_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_says_what_helps() {
        let full = |kind: std::io::ErrorKind| Error::Io { action: "write", path: "a.csv".into(), source: kind.into() };
        let message = full(std::io::ErrorKind::StorageFull).to_string();
        assert!(message.starts_with("cannot write a.csv: ") && message.contains("free some space"), "{message}");
        assert!(!full(std::io::ErrorKind::NotFound).to_string().contains("space"));
    }

    #[test]
    fn ways_out_follow_the_reason_as_flags() {
        let error = Error::Data("`red` is not a number".to_owned());
        assert!(error.remedies().is_empty());
        let error = error
            .or(Remedy::set("text", "drop", "leaves such a column out", "Leave out words"))
            .or(Remedy::set("label-column", "the colour", "makes it the labels", "Use as labels"))
            .or(Remedy::choose("data-dir", "FOLDER", "says where", "Choose folder…"));
        let text = "`red` is not a number; --text drop leaves such a column out, \
                    --label-column 'the colour' makes it the labels, --data-dir FOLDER says where";
        assert_eq!(error.to_string(), text);
        assert_eq!((error.reason().as_str(), error.remedies().len()), ("`red` is not a number", 3));
    }
}
