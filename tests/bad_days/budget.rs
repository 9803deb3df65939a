//! How long to look for trouble, and from which seed on.

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
pub fn seed() -> u64 {
    variable("EIGENSCOPE_BAD_SEED").map_or(17, |seed| seed as u64)
}

/// Random numbers of one search.
pub fn rng(stream: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed());
    rng.set_stream(stream);
    rng
}

/// When a search ends that has this share of the whole time, and how many rounds it has done.
pub struct Budget {
    until: Instant,
    pub rounds: usize,
    fewest: usize,
}

impl Budget {
    pub fn of(share: f64, fewest: usize) -> Self {
        let seconds = share * variable("EIGENSCOPE_BAD_DAYS").unwrap_or(SHORT);
        Self { until: Instant::now() + Duration::from_secs_f64(seconds), rounds: 0, fewest }
    }

    /// Whether there is another round.
    pub fn next(&mut self) -> bool {
        self.rounds += 1;
        self.rounds <= self.fewest || Instant::now() < self.until
    }
}

/// Searches that measure memory or fill the machine come one after the other.
pub fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}
