//! What memory a run will want, worked out before it starts: a machine that swaps is worse than a clear word.

use super::sizes::Sizes;
use crate::recipe::{Affinity, Recipe};
use crate::{Error, Result, memory};

const GIB: f64 = (1_u64 << 30) as f64;
/// Entries of a symmetric neighbour graph for each neighbour asked for: about half of the neighbours are not mutual.
const SYMMETRIC: f64 = 1.5;
/// Bytes of an entry in all that hold one while the graph is built: the matrix, its transpose and their sum.
const GRAPH: f64 = 36.0;
/// Bytes of an entry in the walk's tables.
const WALK: f64 = 16.0;
/// Blocks of vectors that the exact solver holds at once, those beside the wanted ones included.
const BLOCKS: f64 = 8.0;
/// Bytes of a sample in the triangular factor of a graph in a plane (160 entries, see `exact::plan`).
const FACTOR: f64 = 160.0 * 12.0;
/// Copies of the learned vectors: outputs, the best so far, the rotated ones, and those on the screen.
const LEARNED: f64 = 6.0;

/// Bytes that the parts of a run hold at once, on top of the loaded samples.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Need {
    neighbors: f64,
    graph: f64,
    exact: f64,
    learned: f64,
}

impl Need {
    /// For `n` samples of `d` features.
    pub(super) fn new(recipe: &Recipe, (n, d): (usize, usize), sizes: &Sizes) -> Self {
        let vectors = sizes.ladder as f64;
        let samples = n as f64;
        let k = if recipe.affinity_file.is_some() { 0.0 } else { recipe.neighbors_in_use() as f64 };
        let entries = samples * k * SYMMETRIC;
        let flat = d <= 3 && !recipe.has_codes() && recipe.affinity != Affinity::Siamese;
        let basis = samples * vectors * 8.0 * BLOCKS;
        Self {
            neighbors: samples * k * 16.0,
            graph: entries * GRAPH,
            exact: match (recipe.exact, flat) {
                (false, _) => 0.0,
                (true, true) => samples * FACTOR + samples * vectors * 16.0,
                (true, false) => basis,
            },
            learned: if recipe.learn { entries * WALK + samples * vectors * 8.0 * LEARNED } else { 0.0 },
        }
    }

    fn bytes(&self) -> f64 {
        self.neighbors + self.graph + self.exact + self.learned
    }

    /// Whether it fits into `free` bytes.
    ///
    /// # Errors
    /// [`Error::Setting`] with both figures, what takes most, and what to change.
    fn fits(&self, free: f64) -> Result<()> {
        if self.bytes() <= free {
            return Ok(());
        }
        let parts = [
            (
                self.neighbors + self.graph,
                "the neighbour graph takes most; fewer --neighbors or a --limit make it smaller",
            ),
            (
                self.exact,
                "the exact eigenvectors take most; fewer --eigenvectors, --no-exact or a --limit make it smaller",
            ),
            (self.learned, "the learned eigenvectors take most; fewer --eigenvectors or a --limit make it smaller"),
        ];
        let most = parts.iter().max_by(|a, b| a.0.total_cmp(&b.0)).map_or("", |part| part.1);
        Err(Error::Setting(format!(
            "this run wants about {:.1} GiB more and {:.1} GiB are free: {most}; --memory allows more",
            self.bytes() / GIB,
            free / GIB
        )))
    }
}

/// Whether a run fits into what the recipe allows or, where it says nothing, into what the system has free; where the system does not
/// tell, everything fits.
///
/// # Errors
/// As [`Need::fits`].
pub(super) fn check(recipe: &Recipe, shape: (usize, usize), sizes: &Sizes) -> Result<()> {
    let allowed = match recipe.memory.set() {
        Some(gib) if !(gib.is_finite() && gib > 0.0) => {
            return Err(Error::Setting(format!("--memory {gib} must be above 0")));
        }
        Some(gib) => Some(gib * GIB - memory::held().unwrap_or(0.0)),
        None => memory::free(),
    };
    allowed.map_or(Ok(()), |free| Need::new(recipe, shape, sizes).fits(free.max(0.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Auto;

    fn need(recipe: &Recipe, n: usize, d: usize) -> f64 {
        let sizes = Sizes { clusters: Some(2), vectors: Some(2), ladder: 6, note: None };
        Need::new(recipe, (n, d), &sizes).bytes() / GIB
    }

    #[test]
    fn it_grows_with_samples_and_falls_with_what_is_left_out() {
        let whole = Recipe::default();
        assert!((need(&whole, 2_000_000, 2) / need(&whole, 1_000_000, 2) - 2.0).abs() < 1e-9);
        let without = |recipe: Recipe| need(&recipe, 100_000, 10) < need(&whole, 100_000, 10);
        assert!(without(Recipe { exact: false, ..whole.clone() }));
        assert!(without(Recipe { learn: false, ..whole.clone() }));
        assert!(without(Recipe { neighbors: Auto::Set(5), ..whole.clone() }));
    }

    #[test]
    fn what_does_not_fit_is_told_with_a_way_out() {
        let sizes = Sizes { clusters: Some(2), vectors: Some(2), ladder: 6, note: None };
        let recipe = Recipe { memory: Auto::Set(1e-6), ..Recipe::default() };
        let text = check(&recipe, (100_000, 2), &sizes).expect_err("a kibibyte").to_string();
        assert!(text.contains("GiB are free") && text.contains("--limit") && text.contains("--memory"), "{text}");
        assert!(check(&Recipe { memory: Auto::Set(1e6), ..recipe.clone() }, (100_000, 2), &sizes).is_ok());
        let text = check(&Recipe { memory: Auto::Set(-1.0), ..recipe }, (10, 2), &sizes).expect_err("negative");
        assert!(text.to_string().contains("--memory -1"));
    }
}
