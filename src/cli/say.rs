//! What the commands print. A reader that went away, as `head` does, is no failure; a disk that is full is one. What stderr
//! cannot take is passed over: no run is lost for a message.

use std::io::{self, ErrorKind, Write};
use std::path::Path;

use crate::{Error, Result};

/// Prints a text and a line's end on stdout.
///
/// # Errors
/// As [`out`].
pub(super) fn line(text: &str) -> Result<()> {
    out(|stdout| writeln!(stdout, "{}", text.trim_end()))
}

/// Lets `write` print on stdout and sees to it that all of it arrives.
///
/// # Errors
/// [`Error::Io`] where stdout refuses what is written, unless nobody reads it any more.
pub(super) fn out(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    onto(&mut io::stdout().lock(), write)
}

/// Prints a line on stderr if it can be printed.
pub(super) fn err(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Prints a piece of a line on stderr at once, if it can be printed.
pub(super) fn err_piece(text: &str) {
    let mut stderr = io::stderr().lock();
    let _ = write!(stderr, "{text}").and_then(|()| stderr.flush());
}

/// Lets `write` write to a stream and flushes it.
fn onto(stream: &mut dyn Write, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let mut watched = Watched { stream, refused: None };
    let written = write(&mut watched).and_then(|()| watched.flush());
    match watched.refused.map_or(written, Err) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => Err(Error::io("write to", Path::new("standard output"))(e)),
        _ => Ok(()),
    }
}

/// A stream that keeps its own first error, whatever those between make of it.
struct Watched<'a> {
    stream: &'a mut dyn Write,
    refused: Option<io::Error>,
}

impl Watched<'_> {
    fn keep<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        done.map_err(|e| {
            let kind = e.kind();
            if kind != ErrorKind::Interrupted {
                self.refused.get_or_insert(e);
            }
            io::Error::from(kind)
        })
    }
}

impl Write for Watched<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let done = self.stream.write(bytes);
        self.keep(done)
    }

    fn flush(&mut self) -> io::Result<()> {
        let done = self.stream.flush();
        self.keep(done)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stream that takes so many bytes and then refuses.
    struct Full(usize, ErrorKind);

    impl Write for Full {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = bytes.len().min(self.0);
            self.0 -= taken;
            if taken == 0 { Err(self.1.into()) } else { Ok(taken) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_went_away_is_no_failure_and_a_full_disk_is_one() {
        let long = |stream: &mut dyn Write| {
            // As a writer between does that makes an error of its own of what it is told.
            let mut csv = csv::Writer::from_writer(stream);
            for _ in 0..5000 {
                csv.write_record(["some", "cells"]).map_err(|e| io::Error::other(e.to_string()))?;
            }
            csv.flush()
        };
        assert!(onto(&mut Full(100, ErrorKind::BrokenPipe), long).is_ok());
        let refused = onto(&mut Full(100, ErrorKind::StorageFull), long).expect_err("the disk is full").to_string();
        assert!(refused.starts_with("cannot write to standard output: "), "{refused}");
        assert!(onto(&mut Full(1 << 20, ErrorKind::StorageFull), long).is_ok());
    }
}
