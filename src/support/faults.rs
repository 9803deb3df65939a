//! Panics: written down where they happen, and said at the next start. Nothing here ends by one on purpose, so each is a fault.

use std::cell::Cell;
use std::fmt::Write as _;
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::support::logging::utc;
use crate::support::text_file::read_text;

/// The last fault, and what the file is called once it was told of.
const FILE: &str = "fault.txt";
const TOLD: &str = "fault.told.txt";
/// Bytes that are read of it.
const LONGEST: u64 = 1 << 16;

thread_local! {
    /// Whether a panic of this thread is expected and has its own message.
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Does what may panic inside a library, for instance over a damaged file, and gives back the panic; it is no fault of the program's.
///
/// # Errors
/// The panic.
pub fn caught<T>(work: impl FnOnce() -> T) -> std::thread::Result<T> {
    let before = EXPECTED.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    EXPECTED.set(before);
    done
}

/// From now on every panic is written into the log and, with its place and the way there, into a file of the folder.
pub fn write_down(folder: Option<PathBuf>) {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if EXPECTED.get() {
            log::warn!("{}", words(info));
            return;
        }
        usual(info);
        log::error!("{}", words(info));
        if let Some(folder) = &folder {
            // Whoever is at fault already fails in silence.
            let _ = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(folder.join(FILE), account(info)));
        }
    }));
}

/// The fault of an earlier session that nobody was told of yet; it counts as told from then on.
#[must_use]
pub fn untold(folder: &Path) -> Option<String> {
    let path = folder.join(FILE);
    let text = read_text(&path, LONGEST).ok();
    let told = std::fs::rename(&path, folder.join(TOLD)).is_ok();
    text.filter(|_| told)
}

/// The last fault, told or not.
#[must_use]
pub fn last(folder: &Path) -> Option<String> {
    [FILE, TOLD].iter().find_map(|name| read_text(&folder.join(name), LONGEST).ok())
}

/// What happened and where, in one line.
fn words(info: &PanicHookInfo<'_>) -> String {
    let thread = std::thread::current();
    let place = info.location().map_or_else(String::new, |l| format!(" at {}:{}", l.file(), l.line()));
    let message = info.payload_as_str().unwrap_or("no message");
    format!("panic in thread {}{place}: {message}", thread.name().unwrap_or("without a name"))
}

/// The same with version, time and the calls that led there.
fn account(info: &PanicHookInfo<'_>) -> String {
    let mut text = format!("{} Eigenscope {}\n{}\n", utc(SystemTime::now()), env!("CARGO_PKG_VERSION"), words(info));
    let _ = writeln!(text, "{}", std::backtrace::Backtrace::force_capture());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_told_once_and_stays_for_a_report() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        assert_eq!((untold(folder.path()), last(folder.path())), (None, None));
        std::fs::write(folder.path().join(FILE), "it broke\n").expect("written");
        assert_eq!(untold(folder.path()).as_deref(), Some("it broke\n"));
        assert_eq!(untold(folder.path()), None);
        assert_eq!(last(folder.path()).as_deref(), Some("it broke\n"));
    }

    #[test]
    fn an_expected_panic_comes_back_and_ends_nothing() {
        assert_eq!(caught(|| 3).ok(), Some(3));
        assert!(caught(|| panic!("as expected")).is_err());
        assert!(!EXPECTED.get());
    }
}
