//! Random numbers: all hang on the seed.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// Random numbers of a step or an epoch, apart from those of every other.
pub(crate) fn generator(seed: u64, stream: u64, at: usize) -> ChaCha8Rng {
    let mut base = ChaCha8Rng::seed_from_u64(seed);
    base.set_stream(stream);
    let own = base.random::<u64>();
    let mut rng = ChaCha8Rng::seed_from_u64(own);
    rng.set_stream(at as u64);
    rng
}

/// A standard normal number (Box and Muller).
pub(crate) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.random::<f64>()).cos()
}
