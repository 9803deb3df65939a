//! The pool of threads that the stages share.

use rayon::ThreadPoolBuilder;

/// What rayon, and so every run, takes the number of threads from.
const VARIABLE: &str = "RAYON_NUM_THREADS";
/// Threads for each core beyond which more are a mistake: they gain nothing, and the system may refuse them.
const MOST_PER_CORE: usize = 4;
/// As many can be had anywhere.
const FEW: usize = 16;

/// Starts the pool, unless it was started before. `begin` runs on each of its threads. Without this the pool starts by itself, and ends
/// the program where the system refuses it as many threads as the variable asks for.
pub(crate) fn start(begin: fn()) {
    let asked = std::env::var(VARIABLE).ok().and_then(|text| text.parse().ok());
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = asked.filter(|&n| n > 0).map_or(cores, |n: usize| usable(n, cores));
    // It fails where someone was sooner, which does no harm.
    let _ = ThreadPoolBuilder::new().num_threads(threads).start_handler(move |_| begin()).build_global();
}

/// The part of `asked` threads that can be had.
fn usable(asked: usize, cores: usize) -> usize {
    let mut threads = asked.min(cores.saturating_mul(MOST_PER_CORE).max(FEW));
    // The shared pool can be tried only once.
    while threads > cores && ThreadPoolBuilder::new().num_threads(threads).build().is_err() {
        threads = threads.div_ceil(2);
    }
    threads
}

#[cfg(test)]
mod tests {
    #[test]
    fn too_many_threads_become_some() {
        assert_eq!(super::usable(1, 2), 1);
        assert!((2..=16).contains(&crate::support::threads::usable(5000, 2)));
    }
}
