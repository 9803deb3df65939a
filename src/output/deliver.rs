//! Where a table goes, and why writing it may end early.

use std::io::{self, Write};
use std::path::Path;

use super::frame::TableFormat;
use super::write_atomically;
use crate::{Error, Result};

/// Where a table goes.
#[derive(Debug)]
pub(super) enum Target<'a> {
    /// To a file, whole or not at all.
    File(&'a Path),
    /// To memory, as CSV.
    Memory(&'a mut Vec<u8>),
}

impl Target<'_> {
    /// The format, which a file's name says.
    pub(super) fn format(&self) -> TableFormat {
        match self {
            Self::File(path) => TableFormat::of(path),
            Self::Memory(_) => TableFormat::Csv,
        }
    }

    /// Writes what `write` gives.
    pub(super) fn deliver(
        &mut self,
        write: impl FnOnce(&mut dyn Write) -> Result<(), Interrupted>,
    ) -> Result<(), Interrupted<Error>> {
        let mut failed = None;
        let sorted = |early: Interrupted| early.for_writer(&mut failed);
        let written = match self {
            Self::File(path) => write_atomically(path, |writer| write(writer).map_err(sorted)),
            Self::Memory(bytes) => write(*bytes).map_err(sorted).map_err(Error::io("write", Path::new("the preview"))),
        };
        match failed {
            Some(error) => Err(Interrupted::Rows(error)),
            None => written.map_err(Interrupted::Write),
        }
    }
}

/// Why writing ended early.
#[derive(Debug)]
pub enum Interrupted<W = io::Error> {
    /// What is written is taken no more.
    Write(W),
    /// The rows, a model on them, or a person.
    Rows(Error),
}

impl Interrupted {
    /// As an error of the writer; that of the rows, which no writer can have, is put into `rows`.
    pub fn for_writer(self, rows: &mut Option<Error>) -> io::Error {
        match self {
            Self::Write(e) => e,
            Self::Rows(e) => {
                *rows = Some(e);
                io::Error::other("the rows ended in an error")
            }
        }
    }
}

impl From<io::Error> for Interrupted {
    fn from(e: io::Error) -> Self {
        Self::Write(e)
    }
}

impl From<Error> for Interrupted {
    fn from(e: Error) -> Self {
        Self::Rows(e)
    }
}
