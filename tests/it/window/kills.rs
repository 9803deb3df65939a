//! A window that is killed, or whose disk is full, in the midst of labelling: what it had is there at the next start.
//!
//! The test starts itself as the window. `EIGENSCOPE_KILLS=50` kills it so often, and `EIGENSCOPE_BAD_SEED` draws other moments.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use egui_kittest::kittest::Queryable as _;
use eigenscope::Recipe;
use eigenscope::app::files::dialogs::Purpose;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::shown::coloring::ColorBy;
use eigenscope::data::Source;
use eigenscope::pipeline::Job;
use eigenscope::project::{Rows, journal, read_project, read_stored, remembered};
use eigenscope::recipe::Auto;
use rand::Rng as _;
use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};

use super::labelling::{run, select};
use super::projects::{answer, keeping, train};
use super::{Window, settle};
use crate::bad_days::budget::{alone, rng, seed};
use crate::support::waiting::until_drawn;

/// Tells the child where its files are, and which moments it draws.
const PLACE: &str = "EIGENSCOPE_KILLED_IN";
const DRAW: &str = "EIGENSCOPE_KILLED_DRAW";
/// Rows of the data.
const ROWS: u32 = 400;
/// Milliseconds that may be lost.
const LOST: u64 = 2000;

fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis() as u64
}

fn table() -> String {
    let row = |i: u32| format!("{},{},{}\n", i % 17, (i * 7) % 23, if i < ROWS / 2 { "a" } else { "b" });
    format!("x,y,label\n{}", (0..ROWS).map(row).collect::<String>())
}

fn project(folder: &Path) -> PathBuf {
    folder.join("p.eigenscope")
}

/// All that a person did, as a number.
fn stand(harness: &Window) -> u64 {
    let app = harness.state();
    let selected = Rows::of(app.selection().iter());
    let mut bytes = Vec::new();
    ciborium::into_writer(&(app.labels().document(), selected, &app.job().recipe), &mut bytes)
        .expect("memory takes it");
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

fn tell(line: &str) {
    // Nobody reads any more once the parent is gone.
    let mut out = std::io::stdout();
    let _ = writeln!(out, "\nWINDOW {line}").and_then(|()| out.flush());
}

// ---------------------------------------------------------------- the child

/// One thing that a person does, each another time.
fn act(harness: &mut Window, rng: &mut impl rand::Rng, number: usize) {
    const BY: ColorBy = ColorBy::Learned;
    let shown = harness.state().run().shown.clone().expect("there is data");
    let labels = harness.state().labels().clone();
    let seen: Vec<u32> = labels.seen(BY, &shown).into_iter().map(|(id, _)| id).collect();
    let any = seen[rng.random_range(0..seen.len())];
    let ctx = harness.ctx.clone();
    // Settings alone are no edits: the first thing is one.
    match if number == 0 { 3 } else { rng.random_range(0..12) } {
        0..=2 => {
            let from = rng.random_range(0..ROWS - 30);
            select(harness, from..from + rng.random_range(1..30));
        }
        3 | 4 if harness.state().can(UiCommand::AssignNew) => run(harness, UiCommand::AssignNew),
        5 if harness.state().can(UiCommand::Outliers) => run(harness, UiCommand::Outliers),
        6 if harness.state().can(UiCommand::GiveBack) => run(harness, UiCommand::GiveBack),
        // What the menu of a row does, wherever the row has scrolled to.
        7 => {
            if let Some(deed) = labels.rename(BY, any, &format!("name {number:05}"), &shown) {
                harness.state_mut().edit(&ctx, deed);
            }
        }
        8 => {
            let into = seen[0];
            if let Some(deed) = labels.merge(BY, any, into, &shown).filter(|_| any != into && seen.len() > 2) {
                harness.state_mut().edit(&ctx, deed);
            }
        }
        9 => {
            let mut job = harness.state().job().clone();
            job.recipe.neighbors = Auto::Set(rng.random_range(5..40));
            harness.state_mut().set_job(job);
        }
        10 if harness.state().can(UiCommand::Undo) => run(harness, UiCommand::Undo),
        11 if harness.state().can(UiCommand::Redo) => run(harness, UiCommand::Redo),
        _ => {}
    }
}

fn save(harness: &mut Window, folder: &Path, with_results: bool) {
    harness.state_mut().store_results(with_results);
    if harness.state().project_file().is_some() {
        run(harness, UiCommand::Save);
    } else {
        answer(harness, Purpose::SaveProject, &project(folder));
    }
}

/// The window that is killed: it brings back what there is, says what that is, and goes on until its end.
#[test]
#[ignore = "it is started by the other tests here"]
fn a_window_to_be_killed() {
    let Some(folder) = std::env::var_os(PLACE).map(PathBuf::from) else { return };
    let draw = std::env::var(DRAW).expect("it is given").parse().expect("a number");
    let mut rng = rng(draw);
    let recipe = Recipe { label_column: "label".to_owned(), ..Recipe::default() };
    let job = Job { source: Source::Path(folder.join("data.csv")), recipe };
    let (mut harness, script) = keeping(job, &folder.join("state"));
    let restores = |harness: &Window| harness.query_by_label("Restore").is_some();
    if !restores(&harness) && project(&folder).exists() {
        answer(&mut harness, Purpose::Open, &project(&folder));
        until_drawn(&mut harness, "the project", |h| h.state().project_file().is_some() || restores(h));
    }
    if restores(&harness) {
        harness.get_by_label("Restore").click();
        settle(&mut harness);
        settle(&mut harness);
    }
    tell(&format!("begins {} {}", now(), stand(&harness)));
    script.borrow_mut().play_to_end();
    settle(&mut harness);
    if harness.state().run().shown.as_ref().is_none_or(|shown| shown.learned.is_none()) {
        train(&mut harness, &script);
    }
    harness.get_by_label("Colour by").click();
    settle(&mut harness);
    harness.get_by_label("cluster, learned").click();
    settle(&mut harness);
    tell("acts");
    select(&mut harness, 3..9);
    for number in 0.. {
        tell("acts");
        let before = stand(&harness);
        act(&mut harness, &mut rng, number);
        settle(&mut harness);
        let after = stand(&harness);
        tell(&format!("did {} {after}", now()));
        if after != before && rng.random_bool(0.12) {
            let with_results = rng.random_bool(0.5);
            save(&mut harness, &folder, with_results);
        }
    }
}

// ---------------------------------------------------------------- the parent

/// A window in a process of its own.
struct Killed {
    child: Child,
    begun: Arc<AtomicBool>,
    reader: JoinHandle<Vec<String>>,
    errors: JoinHandle<String>,
}

/// What the windows said, up to the last one.
#[derive(Default)]
struct Said {
    /// When all that a person did was what.
    stands: Vec<(u64, u64)>,
    /// The last one was killed in the midst of something.
    acting: bool,
    actions: usize,
}

impl Killed {
    fn start(folder: &Path, draw: u64) -> Self {
        let name = concat!(module_path!(), "::a_window_to_be_killed");
        let name = name.split_once("::").expect("the crate and its modules").1;
        // A full disk is an error, not a signal.
        let line = "trap '' XFSZ; exec \"$0\" \"$@\"";
        let mut child = Command::new("sh")
            .args(["-c", line])
            .arg(std::env::current_exe().expect("the tests are a program"))
            .args([name, "--exact", "--ignored", "--nocapture", "--test-threads=1"])
            .env(PLACE, folder)
            .env(DRAW, draw.to_string())
            .env("RAYON_NUM_THREADS", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the tests start again");
        let (out, err) = (child.stdout.take().expect("a pipe"), child.stderr.take().expect("a pipe"));
        let begun = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&begun);
        let reader = std::thread::spawn(move || {
            let lines = BufReader::new(out).lines().map_while(Result::ok);
            let lines = lines.filter_map(|line| line.strip_prefix("WINDOW ").map(str::to_owned));
            lines.inspect(|line| heard.store(heard.load(Relaxed) || line.starts_with("begins"), Relaxed)).collect()
        });
        let errors = std::thread::spawn(move || {
            BufReader::new(err).lines().map_while(Result::ok).collect::<Vec<_>>().join("\n")
        });
        Self { child, begun, reader, errors }
    }

    /// No file of this window may grow any more, or all may again.
    fn fill_disk(&self, bytes: Option<u64>) {
        let limit = Rlimit { current: bytes.or(getrlimit(Resource::Fsize).current), ..getrlimit(Resource::Fsize) };
        prlimit(Some(Pid::from_child(&self.child)), Resource::Fsize, limit).expect("a child's limits can be set");
    }

    fn wait_until_it_begins(&self) {
        for _ in 0..600 {
            if self.begun.load(Relaxed) || self.reader.is_finished() {
                return;
            }
            rest(100);
        }
    }

    /// Kills it; when, and what it had said until then.
    fn kill(mut self) -> (u64, Vec<String>) {
        let at = now();
        let ended = self.child.try_wait().expect("it is a child");
        let _ = self.child.kill();
        self.child.wait().expect("it is a child");
        let said = self.reader.join().expect("it reads");
        let errors = self.errors.join().expect("it reads");
        assert!(ended.is_none(), "the window ended by itself after {:?}: {errors}", said.last());
        (at, said)
    }
}

/// Takes in what a window said: it began with what was there at `since` at the latest, or something later.
fn judge(before: &mut Said, said: &[String], since: u64) {
    let mut stands = Vec::new();
    for line in said {
        let words: Vec<&str> = line.split(' ').collect();
        let number = |at: usize| words[at].parse::<u64>().expect("a number");
        match words[0] {
            "begins" => {
                let found = number(2);
                let known = before.stands.iter().rposition(|(at, _)| *at <= since).unwrap_or(0);
                let kept = before.stands[known.min(before.stands.len())..].iter().any(|(_, stand)| *stand == found);
                // What it was doing when it was killed may be done, and nobody heard of it.
                let unheard = before.acting && before.stands.iter().all(|(_, stand)| *stand != found);
                let first = before.stands.is_empty();
                assert!(kept || unheard || first, "{} stands and {found} is none of the last", before.stands.len());
                stands.push((number(1), found));
            }
            "did" => {
                stands.push((number(1), number(2)));
                before.acting = false;
                before.actions += 1;
            }
            _ => before.acting = true,
        }
    }
    if !stands.is_empty() {
        before.stands = stands;
    }
}

/// Every file is whole, and the data is what it was.
fn check_files(folder: &Path, data: &str) {
    assert_eq!(std::fs::read_to_string(folder.join("data.csv")).expect("it is there"), data);
    let file = project(folder);
    if file.exists() {
        read_project(&file).expect("the project is whole");
        read_stored(&file).expect("and so are results in it");
    }
    let _ = journal::read(&remembered::journal_beside(&file));
    assert!(!folder.join("state/state.damaged.toml").exists());
}

fn variable(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// A folder with data, for windows one after the other.
fn place() -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let data = table();
    std::fs::write(folder.path().join("data.csv"), &data).expect("written");
    (folder, data)
}

fn rest(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

#[test]
fn a_killed_window_loses_two_seconds_at_most() {
    let _alone = alone();
    let kills = variable("EIGENSCOPE_KILLS", 6);
    let mut rng = rng(60);
    let (mut actions, mut saved) = (0, 0);
    let mut chain: Option<(tempfile::TempDir, String, Said, u64)> = None;
    for kill in 0..kills {
        // Some begin with nothing.
        let fresh = || {
            let (folder, data) = place();
            (folder, data, Said::default(), 0)
        };
        let (folder, data, mut said, since) = chain.take().filter(|_| kill % 5 != 0).unwrap_or_else(fresh);
        let window = Killed::start(folder.path(), seed().wrapping_add(1000 + kill as u64));
        rest(rng.random_range(300..6000));
        let (at, lines) = window.kill();
        let begun = lines.iter().any(|line| line.starts_with("begins"));
        judge(&mut said, &lines, since.saturating_sub(LOST));
        check_files(folder.path(), &data);
        saved += usize::from(project(folder.path()).exists());
        actions += std::mem::take(&mut said.actions);
        // One that was killed before it had begun changed nothing.
        chain = Some((folder, data, said, if begun { at } else { since }));
    }
    println!("{kills} kills, {actions} actions, {saved} times with a project saved before");
}

#[test]
fn a_full_disk_breaks_no_file_and_is_made_up_for() {
    let _alone = alone();
    let times = variable("EIGENSCOPE_KILLS", 6).div_ceil(5);
    let mut rng = rng(61);
    let mut actions = 0;
    for time in 0..times {
        let (folder, data) = place();
        let window = Killed::start(folder.path(), seed().wrapping_add(2000 + time as u64));
        rest(rng.random_range(2500..5000));
        // Nothing, or a little, may be written.
        window.fill_disk(Some([0, 512, 1024, 3000][time % 4]));
        let full = now();
        rest(rng.random_range(500..2500));
        let again = time % 2 == 1;
        if again {
            window.fill_disk(None);
            // Time for another try.
            rest(LOST + 500);
        }
        let (at, lines) = window.kill();
        let mut said = Said::default();
        judge(&mut said, &lines, 0);
        check_files(folder.path(), &data);
        actions += said.actions;
        let window = Killed::start(folder.path(), seed().wrapping_add(3000 + time as u64));
        window.wait_until_it_begins();
        let (_, lines) = window.kill();
        assert!(lines.iter().any(|line| line.starts_with("begins")), "it opens again");
        // While it is full nothing can be written, which the window says.
        judge(&mut said, &lines, if again { at } else { full }.saturating_sub(LOST));
    }
    println!("{times} full disks, {actions} actions");
}
