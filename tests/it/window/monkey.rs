//! A monkey at the window: seeded random clicks, keys, texts, files and sizes on a real worker. Nothing may panic, on any thread, and memory
//! stays bounded.
//!
//! A short turn is a test like any other. A long one: `EIGENSCOPE_MONKEY=60 cargo test --release --test it -- window::monkey --nocapture`
//! plays for sixty minutes, and tells frame times and memory as it goes. `EIGENSCOPE_MONKEY_FRAME=1` makes a frame of more than one second a
//! fault, which a machine with other work may not keep. `EIGENSCOPE_BAD_SEED` is the seed, which every fault is told with.

mod deeds;
mod frames;

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use eframe::egui;
use egui_kittest::Harness;
use eigenscope::Recipe;
use eigenscope::app::App;
use eigenscope::data::Source;
use eigenscope::pipeline::{Job, Live, Worker};
use eigenscope::recipe::{Auto, DeviceChoice, Hidden};
use rand::Rng as _;
use rand::seq::IndexedRandom as _;
use rand_chacha::ChaCha8Rng;

use super::Window;
use crate::bad_days::budget::{in_a_process_set_up, rng, seed};
use frames::{Frames, Stopwatch};

/// Deeds of a turn at one window, in a short test and in a long one, and turns of a short one.
const DEEDS: usize = 220;
const MANY_DEEDS: usize = 3_000;
const TURNS: u64 = 2;
/// Deeds that are told with a fault.
const TOLD: usize = 40;
/// Memory that later turns may hold beyond the second one, in bytes.
const ROOM: u64 = 700 << 20;

#[test]
fn a_monkey_at_the_window_finds_no_fault() {
    let home = tempfile::tempdir().expect("a folder for the test");
    let set_up = |command: &mut std::process::Command| {
        command.current_dir(home.path());
        for folder in ["HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "LOCALAPPDATA"] {
            command.env(folder, home.path());
        }
        // Nothing is fetched: the discard port refuses.
        for proxy in ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"] {
            command.env(proxy, "http://127.0.0.1:9");
        }
        command.env_remove("NO_PROXY").env_remove("no_proxy");
        if minutes().is_some() {
            // An hour is watched while it goes.
            command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::inherit());
        }
    };
    in_a_process_set_up(module_path!(), "a_monkey_at_the_window_finds_no_fault", set_up, play);
}

/// Windows that are opened and closed, one after the other.
const OPENED: usize = 12;

#[test]
fn a_window_that_is_closed_leaves_nothing_behind() {
    let mut left = Vec::new();
    let mut held = Vec::new();
    for _ in 0..OPENED {
        let mut window = real("moons");
        window.run_steps(6);
        window.state_mut().start();
        window.run_steps(6);
        let mark = Arc::new(());
        window.ctx.data_mut(|data| data.insert_temp(egui::Id::unique("mark"), Arc::clone(&mark)));
        left.push(Arc::downgrade(&mark));
        drop(mark);
        drop(window);
        held.push(resident() >> 20);
    }
    println!("MiB held after each: {held:?}");
    let still = left.iter().filter(|mark| mark.upgrade().is_some()).count();
    assert_eq!(still, 0, "contexts of closed windows are held");
}

/// A window whose engine computes, small and quick.
fn real(name: &str) -> Window {
    let recipe = Recipe {
        samples: Auto::Set(240),
        limit: 240,
        steps: Auto::Set(40),
        hidden: Hidden::Layers(vec![16]),
        device: DeviceChoice::Cpu,
        ..Recipe::default()
    };
    let job = Job { source: Source::Named(name.to_owned()), recipe };
    let engine = Box::new(Worker::spawn(|| ()).expect("a thread"));
    let builder = Harness::builder().with_size([1440.0, 900.0]).with_step_dt(0.05).allow_missing_glyphs();
    builder.build_eframe(move |cc| {
        let mut app = App::new(cc, engine, job);
        app.follow_by(Live::spawn(|| ()).expect("a thread"));
        app.type_paths();
        app
    })
}

fn minutes() -> Option<f64> {
    std::env::var("EIGENSCOPE_MONKEY")
        .ok()
        .map(|text| text.parse().unwrap_or_else(|e| panic!("EIGENSCOPE_MONKEY={text}: {e}")))
}

/// Where a thread panicked, and why.
type Faults = Arc<Mutex<Vec<String>>>;

fn play() {
    let faults = Faults::default();
    let heard = Arc::clone(&faults);
    std::panic::set_hook(Box::new(move |info| {
        let thread = std::thread::current().name().unwrap_or("unnamed").to_owned();
        let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        heard.push(format!("{thread}: {info}\n{}", std::backtrace::Backtrace::force_capture()));
    }));
    let until = minutes().map(|minutes| Instant::now() + Duration::from_secs_f64(60.0 * minutes));
    let files = files(&std::env::current_dir().expect("the child has a folder"));
    let (mut frames, mut second) = (Frames::default(), None);
    for turn in 0.. {
        if until.map_or(turn >= TURNS, |until| Instant::now() >= until) {
            break;
        }
        let mut monkey = Monkey {
            rng: rng(7_000 + turn),
            did: VecDeque::new(),
            files: files.clone(),
            frames: Frames::default(),
            drawn: Arc::default(),
            until,
        };
        let ended = catch_unwind(AssertUnwindSafe(|| monkey.turn()));
        let heard = faults.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if ended.is_err() || !heard.is_empty() {
            eprintln!("seed {}, turn {turn}, the last deeds:\n{}", seed(), Vec::from(monkey.did).join("\n"));
            eprintln!("{}", heard.join("\n"));
            std::process::exit(1);
        }
        frames.take(monkey.frames);
        let held = resident();
        eprintln!("turn {turn}: {}, {} MiB held", frames.told(), held >> 20);
        let bound = *second.get_or_insert(held) + ROOM;
        if turn == 1 {
            second = Some(held);
        }
        assert!(held < bound, "turn {turn} of seed {}: {} MiB are held", seed(), held >> 20);
    }
    let longest = std::env::var("EIGENSCOPE_MONKEY_FRAME").ok().and_then(|text| text.parse::<f64>().ok());
    assert!(longest.is_none_or(|most| frames.longest() <= most), "{}", frames.told());
    println!("{}", frames.told());
}

/// Memory of this process that is in use, in bytes; 0 where the system does not tell.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).map_or(0, |kib| kib << 10)
}

/// Files that are let fall on the window: good, broken and missing ones.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut table = "height,weight,city,who\n".to_owned();
    for i in 0..160 {
        table += &format!("{},{},{},{i}\n", i % 17, i % 5 + i / 40 * 9, ["Oslo", "Bergen", "", "Ås"][i / 40]);
    }
    let mut header =
        b"\x93NUMPY\x01\x00\x76\x00{'descr': '<f8', 'fortran_order': False, 'shape': (999999999, 999), }".to_vec();
    header.resize(128, b' ');
    let contents: [(&str, &[u8]); 9] = [
        ("table.csv", table.as_bytes()),
        ("one_row.csv", b"a,b\n1,2\n"),
        ("words.tsv", b"a\tb\nx\ty\nz\tw\n"),
        ("empty.csv", b""),
        ("noise.parquet", b"PAR1 and then something else PAR1"),
        ("liar.npy", &header),
        ("recipe.toml", b"neighbors = 7\nclusters = 3\n"),
        ("broken.toml", b"neighbors = \"many\""),
        ("no.eigenscope", b"not a project"),
    ];
    let mut files: Vec<PathBuf> = contents
        .into_iter()
        .map(|(name, bytes)| {
            let path = folder.join(name);
            std::fs::write(&path, bytes).expect("a file for the test");
            path
        })
        .collect();
    files.extend([folder.to_owned(), folder.join("missing.csv")]);
    files
}

struct Monkey {
    rng: ChaCha8Rng,
    did: VecDeque<String>,
    files: Vec<PathBuf>,
    frames: Frames,
    /// Frames since they were looked at.
    drawn: Arc<Mutex<Vec<f64>>>,
    /// When a long play ends.
    until: Option<Instant>,
}

impl Monkey {
    fn turn(&mut self) {
        let name = *["moons", "digits", "circles", "no-structure"].choose(&mut self.rng).expect("there are sets");
        let state = tempfile::tempdir().expect("a folder for the test");
        let mut window = real(name);
        let ctx = window.ctx.clone();
        ctx.add_plugin(Stopwatch { began: None, frames: Arc::clone(&self.drawn) });
        window.state_mut().remember_in(&ctx, state.path().to_owned());
        self.note(format!("a window on {name}"));
        self.frame(&mut window, 6);
        let deeds = if self.until.is_some() { MANY_DEEDS } else { DEEDS };
        for _ in 0..deeds {
            if self.until.is_some_and(|until| Instant::now() >= until) {
                break;
            }
            self.deed(&mut window);
            // Threads of the worker get on too.
            if self.rng.random_ratio(1, 6) {
                std::thread::sleep(Duration::from_millis(self.rng.random_range(1..60)));
            }
            let frames = self.rng.random_range(1..4);
            self.frame(&mut window, frames);
        }
    }

    fn note(&mut self, deed: String) {
        self.did.push_back(deed);
        if self.did.len() > TOLD {
            self.did.pop_front();
        }
    }

    /// Draws frames, those of the events that were queued before the first of them.
    fn frame(&mut self, window: &mut Window, count: usize) {
        let deed = self.did.back().cloned().unwrap_or_default();
        window.run_steps(count);
        let drawn = std::mem::take(&mut *self.drawn.lock().unwrap_or_else(PoisonError::into_inner));
        for seconds in drawn {
            self.frames.put(seconds, &deed);
        }
    }
}
