//! How long to look for trouble, and from which seed on.

use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

/// Seconds of all searches together, unless the person says otherwise.
const SHORT: f64 = 100.0;

fn variable(name: &str) -> Option<f64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|e| panic!("{name}={text}: {e}")))
}

/// The seed of everything random here.
pub(crate) fn seed() -> u64 {
    variable("EIGENSCOPE_BAD_SEED").map_or(17, |seed| seed as u64)
}

/// Random numbers of one search.
pub(crate) fn rng(stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed());
    rng.set_stream(stream);
    rng
}

/// When a search ends that has this share of the whole time, and how many rounds it has done.
pub(crate) struct Budget {
    until: Instant,
    pub(crate) rounds: usize,
    fewest: usize,
}

impl Budget {
    pub(crate) fn of(share: f64, fewest: usize) -> Self {
        let seconds = share * variable("EIGENSCOPE_BAD_DAYS").unwrap_or(SHORT);
        Self { until: Instant::now() + Duration::from_secs_f64(seconds), rounds: 0, fewest }
    }

    /// Whether there is another round.
    pub(crate) fn next(&mut self) -> bool {
        self.rounds += 1;
        self.rounds <= self.fewest || Instant::now() < self.until
    }
}

/// Searches that measure memory or fill the machine come one after the other.
pub(crate) fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Tells a test that this process is its own.
const OWN: &str = "EIGENSCOPE_OWN_PROCESS";

/// Does a test's work where no other test takes memory or time: in a child that runs this test alone, one child after the other.
pub(crate) fn in_a_process_of_its_own(module: &str, test: &str, body: impl FnOnce()) {
    in_a_process_set_up(module, test, |_| (), body);
}

/// The same where the child is set up first: its folder, its environment.
pub(crate) fn in_a_process_set_up(module: &str, test: &str, set_up: impl FnOnce(&mut Command), body: impl FnOnce()) {
    if std::env::var_os(OWN).is_some() {
        return body();
    }
    let _alone = alone();
    let (_, path) = module.split_once("::").expect("the crate and its modules");
    let program = std::env::current_exe().expect("the tests are a program");
    let mut command = Command::new(program);
    command.args([&format!("{path}::{test}"), "--exact", "--nocapture", "--test-threads=1"]).env(OWN, "1");
    set_up(&mut command);
    let output = command.output().expect("the tests start again");
    let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    println!("{said}");
    assert!(output.status.success(), "{}: {told}", output.status);
    assert!(said.contains("1 passed"), "no test is called {path}::{test}");
}
