//! What memory a run will want, worked out before it starts: a machine that swaps is worse than a clear word.

use crate::recipe::{Affinity, Facts, Objective, Recipe, Settings, Training};
use crate::support::memory;
use crate::{Error, Result};

const GIB: f64 = (1_u64 << 30) as f64;
/// Entries of a symmetric neighbour graph for each neighbour asked for: about half of the neighbours are not mutual.
const SYMMETRIC: f64 = 1.5;
/// Bytes of an entry in all that hold one while the graph is built: the matrix, its transpose and their sum.
const GRAPH: f64 = 36.0;
/// Bytes of an entry in the walk's tables.
const WALK: f64 = 16.0;
/// Bytes of an entry of the graph between the rows that teach, where some are held out, with its transpose while it is checked.
const INDUCED: f64 = 24.0;
/// Blocks of vectors that the exact solver holds at once, those beside the wanted ones included.
const BLOCKS: f64 = 8.0;
/// Bytes of a sample in the triangular factor of a graph in a plane (160 entries, see `exact::plan`).
const FACTOR: f64 = 160.0 * 12.0;
/// Copies of a batch in every layer: the values, their gradient, and what a layer makes on the way.
const ON_THE_WAY: f64 = 4.0;
/// Bytes of a sample in one start of k-means, and the starts that are held at once.
const START: f64 = 12.0;
const STARTS: usize = 64;
/// Copies of the learned vectors: outputs, the best so far, the rotated ones, and those on the screen.
const LEARNED: f64 = 6.0;

/// Bytes that the parts of a run hold at once, on top of the loaded samples.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Estimate {
    neighbors: f64,
    graph: f64,
    exact: f64,
    learned: f64,
    batch: f64,
    networks: f64,
    starts: f64,
}

impl Estimate {
    /// For the samples that the facts tell of.
    fn new(recipe: &Recipe, facts: &Facts, settings: &Settings) -> Self {
        let vectors = settings.eigenvalues as f64;
        let (samples, d) = (facts.samples as f64, facts.features);
        let k = if recipe.affinity_file.is_some() { 0.0 } else { settings.neighbors as f64 };
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
            learned: if recipe.learn {
                let held = if settings.training.held > 0 { entries * INDUCED + samples * vectors * 8.0 } else { 0.0 };
                entries * WALK + samples * vectors * 8.0 * LEARNED + held
            } else {
                0.0
            },
            batch: if recipe.learn { batch(&settings.training, d, settings.eigenvalues) } else { 0.0 },
            networks: networks(settings, d, recipe.learn),
            starts: samples * START * recipe.starts.min(STARTS) as f64,
        }
    }

    fn bytes(&self) -> f64 {
        self.neighbors + self.graph + self.exact + self.learned + self.batch + self.networks + self.starts
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
            (
                self.batch,
                "the batches of the training take most; a smaller --batch or narrower --hidden make it smaller",
            ),
            (self.networks, "the networks take most; narrower --hidden, --encoder or --siamese make them smaller"),
            (self.starts, "the starts of k-means take most; fewer --starts or a --limit make it smaller"),
        ];
        let most = parts.iter().max_by(|a, b| a.0.total_cmp(&b.0)).map_or("", |part| part.1);
        Err(Error::Setting(format!(
            "this run wants about {:.1} GiB more and {:.1} GiB are free: {most}; --memory allows more",
            self.bytes() / GIB,
            free / GIB
        )))
    }
}

/// Bytes of a training step: two rows a pair in every layer, and for graphs built inside a batch the distances there.
fn batch(training: &Training, features: usize, outputs: usize) -> f64 {
    let pairs = training.batch as f64;
    let width = features + 2 * training.fourier + training.hidden.iter().sum::<usize>() + outputs;
    let inside = if training.objective == Objective::BatchGraph { 8.0 * pairs * pairs } else { 0.0 };
    2.0 * pairs * width as f64 * size_of::<f32>() as f64 * ON_THE_WAY + inside
}

/// Bytes of the networks' weights, each with its gradient, its optimiser's two moments and the best so far.
fn networks(settings: &Settings, features: usize, learns: bool) -> f64 {
    let weights = |layers: &[usize]| {
        let widths: Vec<f64> = [features].iter().chain(layers).map(|&width| width as f64).collect();
        widths.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>()
    };
    let encoder = settings.codes.as_ref().map_or(0.0, |codes| 2.0 * weights(&codes.layers)); // The decoder mirrors it.
    let siamese = settings.siamese.as_ref().map_or(0.0, |siamese| weights(&siamese.layers));
    let hidden = if learns { weights(&settings.training.hidden) } else { 0.0 };
    (encoder + siamese + hidden) * size_of::<f32>() as f64 * 5.0
}

/// Whether a run fits into what the recipe allows or, where it says nothing, into what the system has free; where the system does not
/// tell, everything fits.
///
/// # Errors
/// As [`Estimate::fits`].
pub(super) fn check(recipe: &Recipe, facts: &Facts, settings: &Settings) -> Result<()> {
    if let Some(gib) = recipe.memory.set().filter(|gib| !(gib.is_finite() && *gib > 0.0)) {
        return Err(Error::Setting(format!("--memory {gib} must be above 0")));
    }
    memory::allowed(recipe.memory.set()).map_or(Ok(()), |free| Estimate::new(recipe, facts, settings).fits(free))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{Auto, Hidden};

    fn checked(recipe: &Recipe, n: usize) -> Result<()> {
        let facts = facts(n, 2);
        check(recipe, &facts, &recipe.worked_out(&facts))
    }

    fn facts(n: usize, d: usize) -> Facts {
        Facts { samples: n, features: d, filled: d, clusters: Some(2), ..Facts::default() }
    }

    fn need(recipe: &Recipe, n: usize, d: usize) -> f64 {
        let facts = facts(n, d);
        let need = Estimate::new(recipe, &facts, &recipe.worked_out(&facts));
        (need.bytes() - need.batch - need.networks) / GIB
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
    fn batches_and_starts_are_counted_and_named() {
        let told = |recipe: Recipe| {
            let recipe = Recipe { memory: Auto::Set(2.0), ..recipe };
            checked(&recipe, 3_000_000).map_err(|e| e.to_string()).err().unwrap_or_default()
        };
        let base = Recipe { exact: false, neighbors: Auto::Set(1), ..Recipe::default() };
        let text = told(Recipe { batch: Auto::Set(1 << 20), hidden: Hidden::Layers(vec![512, 512]), ..base.clone() });
        assert!(text.contains("--batch"), "{text}");
        let wide = Hidden::Layers(vec![16_384, 16_384]);
        let text = told(Recipe { batch: Auto::Set(2), hidden: wide, learn: true, ..base.clone() });
        assert!(text.contains("--hidden, --encoder"), "{text}");
        let text = told(Recipe { starts: 1000, learn: false, ..base });
        assert!(text.contains("--starts"), "{text}");
    }

    #[test]
    fn what_does_not_fit_is_told_with_a_way_out() {
        let recipe = Recipe { memory: Auto::Set(1e-6), ..Recipe::default() };
        let text = checked(&recipe, 100_000).expect_err("a kibibyte").to_string();
        assert!(text.contains("GiB are free") && text.contains("--limit") && text.contains("--memory"), "{text}");
        assert!(checked(&Recipe { memory: Auto::Set(1e6), ..recipe.clone() }, 100_000).is_ok());
        let text = checked(&Recipe { memory: Auto::Set(-1.0), ..recipe }, 10).expect_err("negative");
        assert!(text.to_string().contains("--memory -1"));
    }
}
