//! What every fuzz target asks of a reader, whatever the bytes: an answer without a panic, a refusal that names the file in plain
//! words, memory of at most four times the input and 64 MiB, and no file that was not there before.

mod archive;
mod mend;

use std::ffi::OsStr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, Once, PoisonError};

use eigenscope::data::{Dataset, NewRows, Source, load, read_known, read_matrix};
use eigenscope::output::{Comparison, read_model};
use eigenscope::project::{
    History, Keys, Labelled, Project, Side, journal, read_project, read_stored, write_project_with,
};
use eigenscope::recipe::{Auto, Missing, TextColumns};
use eigenscope::support::progress::Progress;
use eigenscope::{Recipe, Result};
use peak_alloc::PeakAlloc;
use tempfile::TempDir;

/// Counts what Rust code allocates. What the C code of Zstandard takes is not in it, and is held by libFuzzer's limit on resident memory.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Bytes that any input may take, and how many times its own size beyond.
const HARMLESS: usize = 64 << 20;
const TIMES: usize = 4;
/// The other side of a given matrix.
const SAMPLES: usize = 24;

/// A folder with a folder in it for the input; `TMPDIR` says where, best in memory.
static PLACE: LazyLock<TempDir> = LazyLock::new(|| {
    let place = TempDir::new().expect("a folder");
    std::fs::create_dir(place.path().join("in")).expect("a folder in it");
    place
});

/// What the last panic said; those that a reader catches are no finding.
static SAID: Mutex<String> = Mutex::new(String::new());

/// The most that an input took so far.
static MOST: AtomicUsize = AtomicUsize::new(0);

/// Ends the process, which libFuzzer takes for a finding.
fn found(what: &str) -> ! {
    eprintln!("finding: {what}");
    std::process::abort()
}

/// Reads a file of these bytes; `size` is what counts as the size of the input.
fn sized(name: &str, bytes: &[u8], size: usize, read: impl FnOnce(&Path) -> Result<()>) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|about| {
            *SAID.lock().unwrap_or_else(PoisonError::into_inner) = about.to_string()
        }));
    });
    let path = PLACE.path().join("in").join(name);
    std::fs::write(&path, bytes).expect("memory takes it");
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    let answer = catch_unwind(AssertUnwindSafe(|| read(&path)));
    let taken = MEMORY.peak_usage().saturating_sub(before);
    match answer {
        Err(_) => found(&format!("a panic: {}", SAID.lock().unwrap_or_else(PoisonError::into_inner))),
        Ok(Err(error)) => {
            let said = error.to_string();
            if !said.contains(name) {
                found(&format!("a message without the file's name: {said}"));
            }
            if let Some(active) = said.chars().find(|&c| c.is_control() && c != '\n') {
                found(&format!("{active:?} in a message: {said:?}"));
            }
        }
        Ok(Ok(())) => {}
    }
    if MOST.fetch_max(taken, Ordering::Relaxed) < taken {
        eprintln!("memory: {taken} bytes for an input of {size}");
    }
    if taken > TIMES * size + HARMLESS {
        found(&format!("{taken} bytes of memory for an input of {size}"));
    }
    alone(&path);
}

fn holds(name: &str, bytes: &[u8], read: impl FnOnce(&Path) -> Result<()>) {
    sized(name, bytes, bytes.len(), read);
}

/// Nothing but the input stands in the folder, and it is taken away.
fn alone(path: &Path) {
    let names = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("an entry").path()).collect()
    };
    let folder = PLACE.path().join("in");
    for (folder, wanted) in [(PLACE.path(), folder.as_path()), (&folder, path)] {
        let there = names(folder);
        if there.as_slice() != [wanted] {
            found(&format!("files were written: {there:?}"));
        }
    }
    std::fs::remove_file(path).expect("it was there");
}

fn lenient() -> Recipe {
    Recipe { missing: Missing::DropRows, text: TextColumns::OneHot, ..small() }
}

/// Rows of a sparse file become dense ones as wide as `--memory` lets them be, which is not of the file's size.
fn small() -> Recipe {
    Recipe { memory: Auto::Set(0.02), ..Recipe::default() }
}

fn opened(path: &Path, recipe: &Recipe) -> Result<Dataset> {
    load(&Source::Path(path.to_owned()), recipe, &Progress::silent())
}

/// Opens it twice: with the default settings, and with words as columns and gaps left out.
fn both(path: &Path) -> Result<()> {
    opened(path, &lenient())?;
    opened(path, &small()).map(drop)
}

/// Samples from a file of this name.
pub fn data(name: &str, bytes: &[u8]) {
    holds(name, bytes, both);
}

/// A table, under one of two names.
pub fn table(bytes: &[u8]) {
    data(if bytes.len().is_multiple_of(2) { "a.csv" } else { "a.txt" }, bytes);
}

/// A table that is packed; what it unpacks to is the size of the input.
pub fn packed(bytes: &[u8]) {
    let name = if bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) { "a.csv.zst" } else { "a.csv.gz" };
    sized(name, bytes, archive::unpacked(bytes).max(bytes.len()), both);
}

/// An archive of arrays.
pub fn npz(bytes: &[u8]) {
    data("a.npz", &archive::of_arrays(bytes));
}

/// A spreadsheet.
pub fn sheet(bytes: &[u8]) {
    data("a.xlsx", &archive::of_sheet(bytes));
}

/// A picture, alone in its folder.
pub fn picture(bytes: &[u8]) {
    let (name, bytes) =
        if bytes.starts_with(mend::PNG) { ("a.png", mend::png(bytes)) } else { ("a.jpg", bytes.to_vec()) };
    // Alone it is one sample, which is too few; the message names the folder.
    holds(name, &bytes, |path| {
        let _ = opened(path.parent().unwrap_or(path), &small());
        Ok(())
    });
}

/// An affinity matrix of [`SAMPLES`] rows.
pub fn matrix(bytes: &[u8]) {
    let arrays = bytes.starts_with(b"PK") || bytes.first().is_some_and(|&b| b < 2);
    let name = match bytes {
        [0x93, ..] => "w.npy",
        _ if arrays => "w.npz",
        _ => "w.mtx",
    };
    let bytes = if arrays { archive::of_arrays(bytes) } else { bytes.to_vec() };
    holds(name, &bytes, |path| read_matrix(path, SAMPLES, &Recipe::default(), &Progress::silent()).map(drop));
}

/// A table as new rows.
pub fn new_rows(bytes: &[u8]) {
    static TRAINED: LazyLock<Arc<eigenscope::data::Reading>> = LazyLock::new(|| {
        let path = PLACE.path().join("in/trained.csv");
        let day = |i: usize| format!("2024-01-{:02}", i % 28 + 1);
        let row = |i: usize| format!("{}.5,{},{},{}\n", i, ["red", "blue"][i % 2], day(i), ["yes", "no"][i % 3 / 2]);
        std::fs::write(&path, format!("x,colour,day,on\n{}", (0..20).map(row).collect::<String>())).expect("memory");
        let reading = opened(&path, &lenient()).expect("it is sound").reading;
        std::fs::remove_file(path).expect("it was there");
        reading
    });
    let reading = &**TRAINED;
    holds("a.csv", bytes, |path| {
        let mut rows = NewRows::open(OsStr::new(path), reading, &Recipe::default())?;
        while rows.next_block()?.is_some() {}
        Ok(())
    });
}

/// A trained model.
pub fn model(bytes: &[u8]) {
    holds("m.eigenscope", &mend::model(bytes), |path| read_model(path).map(drop));
}

/// The labels that a window shows of it.
fn shown(project: &Project) {
    let clusters: Vec<u32> = (0..SAMPLES as u32).map(|i| i % 3).collect();
    let keys = Keys::new(&[], SAMPLES);
    for side in Side::ALL {
        let _ = Labelled::new(project.edits.layer(side), &clusters, 3, &keys).free_name();
    }
    keys.each(&project.selection, drop);
}

/// A project: where its data is can be looked up, and it is the same once it is written and read again.
pub fn project(bytes: &[u8]) {
    holds("p.eigenscope", &mend::project(bytes), |path| {
        let project = read_project(path)?;
        let _ = (project.data.find(path), project.data.title());
        shown(&project);
        // Results that are damaged leave what a person did.
        let stored = read_stored(path).ok().flatten();
        if let Some(stored) = &stored {
            let _ = (stored.model(path), stored.recipe().check());
        }
        write_project_with(path, &project, stored.as_ref())?;
        let results = read_stored(path)?;
        if results != stored && format!("{results:?}") != format!("{stored:?}") {
            found("results that are not what was written");
        }
        let again = read_project(path)?;
        // A setting that is no number equals nothing.
        if again != project && format!("{again:?}") != format!("{project:?}") {
            found("a project that is not what was written");
        }
        Ok(())
    });
}

/// The journal beside a project.
pub fn journal(bytes: &[u8]) {
    holds(".p.eigenscope.journal", &mend::journal(bytes), |path| {
        if let Some(kept) = journal::read(path) {
            let _ = (kept.state.data.find(path), kept.state.data.title());
            shown(&kept.state);
            let _ = History::retraced(&Source::Named("moons".to_owned()), 1, &kept.start, &kept.did);
        }
        Ok(())
    });
}

/// Settings.
pub fn recipe(bytes: &[u8]) {
    holds("r.toml", bytes, |path| {
        let recipe = eigenscope::cli::read_recipe(path)?;
        let _ = (recipe.flags(), recipe.check());
        Ok(())
    });
}

/// What columns are for.
pub fn roles(bytes: &[u8]) {
    holds("roles.toml", bytes, |path| eigenscope::recipe::columns::read_roles(path).map(drop));
}

/// A table of known labels.
pub fn known(bytes: &[u8]) {
    holds("known.csv", bytes, |path| read_known(path).map(drop));
}

/// A comparison.
pub fn comparison(bytes: &[u8]) {
    holds("c.json", bytes, |path| Comparison::read(path).map(drop));
}
