//! What the program writes down of its own work: a bounded file in the folder for state, the last lines in memory for a report, and
//! stderr where a person asks for it. Libraries below write here too.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use env_filter::{Builder, Filter};
use log::{Log, Metadata, Record};

use crate::support::plain;

/// The file, and what it is called once it is full.
pub const FILE: &str = "eigenscope.log";
const FULL: &str = "eigenscope.old.log";
/// Bytes after which the file begins anew; the one before is kept, so both together are at most twice as long.
const MOST: u64 = 1 << 20;
/// Bytes of one line.
const LONGEST_LINE: usize = 2000;
/// Lines kept in memory.
const RECENT: usize = 60;

/// What is written down, and where to.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The folder for the file; without one there is none.
    pub folder: Option<PathBuf>,
    /// Everything that this program says of itself, on stderr too.
    pub verbose: bool,
    /// Whether its usual course is written down, and not what went wrong alone.
    pub course: bool,
}

static LOGGER: OnceLock<Logger> = OnceLock::new();

#[derive(Debug)]
struct Logger {
    filter: Filter,
    stderr: bool,
    path: Option<PathBuf>,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    recent: VecDeque<String>,
    /// The message before, which is not written again and again.
    last: String,
    file: Option<File>,
    /// Bytes in the file; what it had is asked for when it is opened.
    length: u64,
    /// The file cannot be written, and is not tried again.
    refused: bool,
}

/// Begins to write down. The variable `RUST_LOG`, where it is set, says what (`debug`, `eigenscope=trace,wgpu=warn`), on stderr too. A second
/// call does nothing. What `RUST_LOG` says that makes no sense is given back as a sentence.
pub fn start(wanted: &Wanted) -> Option<String> {
    let asked = std::env::var("RUST_LOG").ok().filter(|spec| !spec.trim().is_empty());
    let usual = match (wanted.verbose, wanted.course) {
        (true, _) => "warn,eigenscope=debug",
        (false, true) => "warn,eigenscope=info",
        (false, false) => "warn",
    };
    let (filter, wrong) = match filter_of(asked.as_deref().unwrap_or(usual)) {
        Ok(filter) => (filter, None),
        Err(e) => (filter_of(usual).unwrap_or_else(|_| Builder::new().build()), Some(e)),
    };
    let most = filter.filter();
    let stderr = wanted.verbose || (asked.is_some() && wrong.is_none());
    let path = wanted.folder.as_ref().map(|folder| folder.join(FILE));
    if LOGGER.set(Logger { filter, stderr, path, inner: Mutex::default() }).is_ok()
        && let Some(logger) = LOGGER.get()
        && log::set_logger(logger).is_ok()
    {
        log::set_max_level(most);
    }
    wrong
}

fn filter_of(spec: &str) -> Result<Filter, String> {
    let mut builder = Builder::new();
    let parsed = builder.try_parse(spec).map(drop);
    parsed.map(|()| builder.build()).map_err(|e| format!("RUST_LOG is not understood: {e}"))
}

/// The last lines, oldest first.
#[must_use]
pub fn recent() -> Vec<String> {
    LOGGER.get().map_or_else(Vec::new, |logger| logger.inner().recent.iter().cloned().collect())
}

/// The file, where there is one.
#[must_use]
pub fn file() -> Option<PathBuf> {
    LOGGER.get()?.path.clone().filter(|path| path.exists())
}

impl Logger {
    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Log for Logger {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        self.filter.enabled(metadata)
    }

    fn log(&self, record: &Record<'_>) {
        if !self.filter.matches(record) {
            return;
        }
        // Before the lock: what is shown may panic, and a panic is written down too.
        let mut message = format!("{:<5} {}: {}", record.level(), record.target(), record.args());
        if let Some((end, _)) = message.char_indices().nth(LONGEST_LINE) {
            message.truncate(end);
        }
        let message = plain::line(&message).into_owned();
        let line = format!("{} {message}", utc(SystemTime::now()));
        let mut inner = self.inner();
        if inner.last == message {
            return;
        }
        inner.last = message;
        if self.stderr {
            // What stderr refuses is passed over.
            let _ = writeln!(std::io::stderr().lock(), "{line}");
        }
        if let Some(path) = &self.path {
            inner.write(path, &line);
        }
        if inner.recent.len() >= RECENT {
            inner.recent.pop_front();
        }
        inner.recent.push_back(line);
    }

    fn flush(&self) {}
}

impl Inner {
    /// Appends a line; a full file becomes the old one first. Without a place to write the program goes on.
    fn write(&mut self, path: &Path, line: &str) {
        if self.refused {
            return;
        }
        if self.length > MOST && self.file.take().is_some() {
            let _ = std::fs::rename(path, path.with_file_name(FULL));
        }
        if self.file.is_none() {
            let opened = path.parent().map_or(Ok(()), std::fs::create_dir_all);
            self.file = opened.and_then(|()| OpenOptions::new().append(true).create(true).open(path)).ok();
            self.length = self.file.as_ref().and_then(|f| f.metadata().ok()).map_or(0, |about| about.len());
        }
        let written = self.file.as_mut().is_some_and(|file| writeln!(file, "{line}").is_ok());
        self.length += line.len() as u64 + 1;
        self.refused = !written;
    }
}

/// A time as text, such as `2026-11-26T10:28:07Z`.
#[must_use]
pub fn utc(time: SystemTime) -> String {
    let seconds = time.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let (mut days, rest) = (seconds / 86_400, seconds % 86_400);
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    let mut month = 0;
    while month < 11 && days >= lengths[month] {
        days -= lengths[month];
        month += 1;
    }
    let (hours, minutes) = (rest / 3600, rest / 60 % 60);
    format!("{year}-{:02}-{:02}T{hours:02}:{minutes:02}:{:02}Z", month + 1, days + 1, rest % 60)
}

/// A line without what is nobody's business: of a path no more than the last name, of what stands in backticks, which may be a cell of a
/// table, nothing but commands and flags.
#[must_use]
pub fn discreet(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    for (at, piece) in line.split('`').enumerate() {
        let quoted = at % 2 == 1;
        let kept = !quoted || piece.starts_with("eigenscope ") || piece.starts_with("--");
        let _ = match (quoted, kept) {
            (true, true) => write!(out, "`{piece}`"),
            (true, false) => write!(out, "`…`"),
            (false, _) => write!(out, "{piece}"),
        };
    }
    without_folders(&out)
}

/// From the root of a path on everything goes up to its last separator: too much goes rather than too little, since names of folders may have
/// blanks.
fn without_folders(line: &str) -> String {
    let Some(start) = root(line) else { return line.to_owned() };
    let last = line.rfind(['/', '\\']).unwrap_or(start);
    format!("{}…/{}", &line[..start], &line[last + 1..])
}

/// Where the first path begins that goes from a root or a home: `/home`, `C:\Users`, `~/`. Addresses of machines are none.
fn root(line: &str) -> Option<usize> {
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        let rest = &line[at..];
        let begins = !before.is_alphanumeric() && !matches!(before, '/' | '\\' | '.' | '_' | '-');
        let drive = c.is_ascii_alphabetic() && (rest[1..].starts_with(":\\") || rest[1..].starts_with(":/"));
        let address = drive && rest[1..].starts_with("://");
        let slash = c == '/' && before != ':' && rest[1..].starts_with(|next: char| !next.is_whitespace());
        if begins && (slash || (drive && !address) || rest.starts_with("~/") || rest.starts_with("\\\\")) {
            return Some(at);
        }
        before = c;
    }
    None
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn times_are_those_of_the_calendar() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_735_689_599, "2024-12-31T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(utc(UNIX_EPOCH + Duration::from_secs(seconds)), text);
        }
    }

    #[test]
    fn a_report_tells_no_folder_and_no_cell() {
        for (line, told) in [
            ("cannot read /srv/ann/My Data/x.csv: No such file", "cannot read …/x.csv: No such file"),
            ("not in /srv/ann/a or /srv/ann/b", "not in …/b"),
            (r"cannot write C:\Users\Ann B\out\m.json: full", "cannot write …/m.json: full"),
            (
                "~/private/t.csv: line 3, column `name`: `Ann` is no number",
                "…/t.csv: line 3, column `…`: `…` is no number",
            ),
            ("`eigenscope fetch mnist` downloads them", "`eigenscope fetch mnist` downloads them"),
            ("step 3/4 and/or 5 from https://a.example/b", "step 3/4 and/or 5 from https://a.example/b"),
            (r"at \\server\share\t.csv", "at …/t.csv"),
            ("nothing to hide", "nothing to hide"),
        ] {
            assert_eq!(discreet(line), told);
        }
    }

    #[test]
    fn the_file_is_bounded_and_what_cannot_be_written_stops_nothing() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("deep").join(FILE);
        let mut inner = Inner::default();
        let line = "x".repeat(1000);
        for _ in 0..3000 {
            inner.write(&path, &line);
        }
        let length = |name: &str| std::fs::metadata(path.with_file_name(name)).expect("it is there").len();
        assert!(length(FILE) <= MOST + 1001 && length(FULL) <= MOST + 1001);
        assert_eq!(std::fs::read_dir(path.parent().expect("a folder")).expect("it can be read").count(), 2);
        let mut inner = Inner::default();
        inner.write(&path.join("below a file"), &line);
        assert!(inner.refused);
    }
}
