//! SpectralNet's training knobs, worked out for a dataset and its spectrum.

mod checks;

pub(super) use checks::check;

use super::super::{Activation, Auto, Gradient, Hidden, LastLayer, Objective, Recipe, Separate, System};
use super::Facts;

/// How the spectral network is trained, with every `auto` replaced by a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Training {
    /// Samples, as far as they are counted.
    pub samples: usize,
    /// Eigenvectors to learn.
    pub k: usize,
    /// Columns that the network learns: `k`, and the guards beside them.
    pub outputs: usize,
    /// Columns learned beside the wanted ones, where it is known how many.
    pub guards: Option<usize>,
    /// Hidden layers, input side first.
    pub hidden: Vec<usize>,
    /// Between the layers.
    pub activation: Activation,
    /// Random Fourier features beside the raw ones.
    pub fourier: usize,
    /// Standard deviation of their frequencies.
    pub frequency: f64,
    /// Pairs in a step.
    pub batch: usize,
    /// Most steps.
    pub steps: usize,
    /// Adam's learning rate at the start.
    pub lr: f64,
    /// Evaluations without improvement before the rate falls.
    pub patience: usize,
    /// Factor by which it falls.
    pub decay: f64,
    /// Where the loss is taken.
    pub objective: Objective,
    /// What the orthonormal layer does in a step; none where there is no layer.
    pub gradient: Option<Gradient>,
    /// Steps of the walk; `None` follows the Rayleigh–Ritz estimates as training goes.
    pub walk: Option<usize>,
    /// Whether the last layer is solved on the whole graph.
    pub solved: bool,
    /// Whether each step takes the whole graph, rather than pairs drawn from it.
    pub whole: bool,
    /// Weight of the tie between neighbours.
    pub tie: f64,
    /// Rows that no step takes, until the last part of the training.
    pub held: usize,
    /// Whether the data has so few features that eigenvalues are tiny.
    pub flat: bool,
    /// Steps between evaluations on the full graph.
    pub every: usize,
    /// Evaluations from one solution of the last layer to the next, where it is solved.
    pub settle_every: usize,
}

/// Longest walk that `auto` chooses: beyond it the walks cost more than the network.
const LONGEST_WALK: f64 = 32_768.0;

/// How far the first unwanted eigenvector has decayed at the end of an automatic walk. In few dimensions eigenvalues are tiny and one
/// half is what tells them apart; in many they are not, and a shorter walk carries less noise (on digits the distance to the exact
/// space is 0.004 with 0.84 and 0.008 with 0.5).
fn decay_of_walk(flat: bool) -> f64 {
    if flat { 0.5 } else { 0.84 }
}

/// Steps after which the eigenvalue behind the last wanted one has decayed to `left`: long where eigenvalues are tiny, short
/// where they are not.
fn walk_for(next_eigenvalue: f64, unit: f64, left: f64) -> usize {
    let stays = (1.0 - next_eigenvalue / unit).clamp(1e-12, 1.0 - 1e-12);
    (left.ln() / stays.ln()).round().clamp(1.0, LONGEST_WALK) as usize
}

/// Dimensions up to which eigenvalues are tiny and eigenvectors smooth over the whole input, as on a curve or a sheet.
const FLAT: usize = 3;
/// Dimensions, those of codes among them, in which Fourier features still help. Between ten-dimensional codes of 70,000 images 256 of them
/// bring the distance to the exact space from 2.0 to 0.7, summed over 16 vectors, in as many steps.
const FEW: usize = 32;

/// Samples up to which a step takes the whole graph: it costs no more than a batch and has no noise of drawing.
const FEW_ENOUGH: usize = 10_000;
/// Looks from one solution of the last layer to the next for more samples: each takes seconds.
const SETTLE_EVERY: usize = 4;
/// Steps between looks at a training on the whole graph.
const LOOK_AT_WHOLE: usize = 5;

/// Columns learned beside the wanted ones where a step takes the whole graph.
const GUARDS_OF_WHOLE: usize = 3;
/// The automatic weight of the tie.
const TIE: f64 = 1.0;
const TIE_OF_PLANES: f64 = 2.0;
/// Samples beyond which it is needed less and less: they lie close enough to hold the map themselves.
const CLOSE: usize = 2500;

/// Weight of the tie for `n` samples in few dimensions or many. A given graph joins samples that need not lie near each other.
fn tie(recipe: &Recipe, n: usize, flat: bool) -> f64 {
    let usual = if flat { TIE_OF_PLANES } else { TIE };
    if recipe.affinity_file.is_some() { 0.0 } else { usual * (CLOSE as f64 / n as f64).min(1.0) }
}

/// The automatic share of the rows that is held out, the least and the most rows, and the samples that are worth it.
const HELD: f64 = 0.1;
const FEWEST_HELD: usize = 20;
const MOST_HELD: usize = 5000;
const WORTH_HOLDING: usize = 100;

/// Rows held out of `n`. They are measured by the exact side, so without it there are none. An encoder has seen every row, so that none
/// between codes would be unseen; and without the orthonormal layer there is no network worth finding.
fn held(recipe: &Recipe, n: usize, outputs: usize) -> usize {
    if !recipe.exact || recipe.has_codes() || !recipe.orthonormal_layer {
        return 0;
    }
    let wanted = match recipe.hold_out {
        Auto::Auto if n < WORTH_HOLDING => 0,
        Auto::Auto => ((HELD * n as f64).round() as usize).clamp(FEWEST_HELD, MOST_HELD),
        Auto::Set(share) => (share * n as f64).round() as usize,
    };
    // The graph between the others must have more eigenvectors than are learned.
    wanted.min(n.saturating_sub(outputs + 2))
}

/// Whether the last layer is solved for `n` samples: where the loss is the whole graph's, its columns are to be eigenvectors, and a solution
/// costs no more than some steps. On 70,000 images each takes seconds, and forty of them as long as the training.
fn is_solved(recipe: &Recipe, n: usize) -> bool {
    let through = recipe.gradient == Gradient::Through && recipe.orthonormal_layer;
    let fits = recipe.objective == Objective::Walk && through;
    match recipe.last_layer {
        LastLayer::Learned => false,
        LastLayer::Solved => true,
        LastLayer::Auto => {
            let apart = recipe.separate == Separate::Graph && recipe.system != System::DualAutoencoder;
            fits && apart && n <= FEW_ENOUGH
        }
    }
}

/// Samples that forty evaluations are still cheap for.
const MANY_TO_LOOK_AT: f64 = 200_000.0;

/// The factor between two eigenvalues from which on a span may end between them.
const WIDE_GAP: f64 = 1.2;

/// Columns beside the `k` wanted ones. A span of `k` columns cuts through close eigenvalues around the last wanted one, as the sine and
/// the cosine of a circle have, and holds none exactly; with a few more, Rayleigh–Ritz finds the lowest ones inside. Where single
/// eigenvectors are asked for, the span goes on to the first wide gap among the exact eigenvalues of `spectrum`; no farther, since the walk
/// must be the shorter the more it holds (on one arc three guards make each vector ten times worse). Where each step takes the whole graph
/// there is no walk, and some guards keep a vector from being lost on the way. There are none where the columns shall stay as they are.
fn guards(recipe: &Recipe, n: usize, k: usize, (spectrum, whole): (&[f64], bool)) -> usize {
    let wide = |at: usize| spectrum.get(at).is_some_and(|&next| next > WIDE_GAP * spectrum[at - 1].max(0.0));
    let to_the_gap = || (k.max(1)..spectrum.len()).position(wide).unwrap_or(0);
    let wanted = match recipe.separation() {
        Separate::Off => 0,
        _ => recipe.guards.unwrap_or_else(|| {
            let least = if whole { GUARDS_OF_WHOLE } else { 0 };
            if recipe.eigenvectors.set().is_some() { to_the_gap().max(least) } else { least }
        }),
    };
    wanted.min(n.saturating_sub(k + 1))
}

/// Standard deviation of the Fourier features' frequencies for `d` features that fill `filled` dimensions: the recipe's in up to three. Beyond,
/// frequencies of more dimensions add up, and each is smaller, so that a feature turns as often between two samples.
fn frequency(recipe: &Recipe, filled: usize, d: usize) -> f64 {
    recipe.frequency * (filled.min(FLAT) as f64 / d.max(1) as f64).sqrt()
}

/// Steps between evaluations, each of which takes all samples through the network: forty in a training, fewer where samples are so many
/// that looking would take longer than learning.
fn every(steps: usize, n: usize) -> usize {
    let rarer = (n as f64 / MANY_TO_LOOK_AT).clamp(1.0, 5.0);
    ((steps as f64 / 40.0 * rarer) as usize).max(10)
}

/// Knobs for the samples that the facts tell of and `k` eigenvectors.
pub(super) fn training(recipe: &Recipe, facts: &Facts, k: usize) -> Training {
    let n = facts.samples_with(recipe);
    let (spectrum, known) = facts.spectrum_with(recipe);
    // A head that was trained with the codes brings its outputs with it.
    let headed = recipe.system == System::DualAutoencoder;
    let shape = Training::for_shape(recipe, n, facts.filled_with(recipe), k);
    let guards = if headed { 0 } else { guards(recipe, n, k, (spectrum, shape.whole)) };
    let next = spectrum.get(k + guards).copied();
    let d = facts.filled_with(recipe);
    let width = if recipe.has_codes() { super::facts::code_width(recipe) } else { facts.features };
    let training = Training {
        outputs: k + guards,
        held: held(recipe, n, k + guards),
        guards: known.then_some(guards),
        frequency: frequency(recipe, d, width),
        ..shape
    };
    if training.whole {
        return Training { walk: Some(1), every: LOOK_AT_WHOLE, ..training };
    }
    let walk = recipe.walk.set().or_else(|| next.map(|next| walk_for(next, 1.0, decay_of_walk(training.flat))));
    Training { walk, every: every(training.steps, n), ..training }
}

/// More samples than these are many.
const MANY: usize = 20_000;
/// Samples of a few thousand, which a training on the whole graph sees more steps and a wider last layer for.
const THOUSANDS: std::ops::RangeInclusive<usize> = 1001..=2500;

/// Widths of the hidden layers that suit `n` samples, few dimensions or many, and a training on the whole graph or on batches.
fn hidden(n: usize, flat: bool, whole: bool) -> Vec<usize> {
    match (flat, whole) {
        (true, true) => vec![128, 128],
        (true, false) => vec![64, 64],
        (false, true) if THOUSANDS.contains(&n) => vec![128, 128, 128, 160],
        (false, true) => vec![128; 4],
        (false, false) if n > MANY => vec![512, 512],
        (false, false) => vec![256, 256],
    }
}

/// Most steps of such a training; it ends by itself long before where the plane is simple.
fn most_steps(n: usize, flat: bool, whole: bool, sharp: bool) -> usize {
    match (flat, whole) {
        (true, true) => 150,
        (false, true) if n <= *THOUSANDS.end() => 60,
        (false, true) => 45,
        (_, false) if n > MANY => 2000,
        (true, false) if !sharp => 200,
        (_, false) => 800,
    }
}

impl Training {
    /// Knobs for `n` samples that fill `d` dimensions and `k` eigenvectors, without what hangs on the spectrum.
    fn for_shape(recipe: &Recipe, n: usize, d: usize, k: usize) -> Self {
        let flat = d <= FLAT;
        // Whoever asks for eigenvectors wants each of them sharp; clusters are content with less.
        let sharp = recipe.eigenvectors.set().is_some();
        let solved = is_solved(recipe, n);
        let whole = solved && recipe.batch.set().is_none() && n <= FEW_ENOUGH;
        Self {
            samples: n,
            k,
            outputs: k,
            guards: None,
            hidden: match &recipe.hidden {
                Hidden::Layers(sizes) => sizes.clone(),
                Hidden::Auto => hidden(n, flat, whole),
            },
            activation: recipe.activation,
            fourier: recipe.fourier.unwrap_or_else(|| match d {
                0..=FLAT => 64,
                _ if whole => 0,
                _ if d <= FEW => 256,
                _ => 0,
            }),
            frequency: recipe.frequency,
            batch: recipe.batch.unwrap_or_else(|| {
                // A graph inside a batch has two samples for each pair.
                let most = if recipe.objective == Objective::BatchGraph { (n / 2).max(2) } else { n.max(2 * k) };
                if flat && !sharp { 256 } else { 1024 }.min(most)
            }),
            steps: recipe.steps.unwrap_or_else(|| most_steps(n, flat, whole, sharp)),
            lr: recipe.lr.unwrap_or_else(|| match d {
                0..=FLAT => 1e-2,
                _ if whole => 1e-2,
                // The dual autoencoder's head goes on from where it is.
                _ if d <= FEW && recipe.system != System::DualAutoencoder => 4e-3,
                _ => 2e-3,
            }),
            patience: recipe.patience,
            decay: recipe.decay,
            objective: recipe.objective,
            gradient: recipe.orthonormal_layer.then_some(recipe.gradient),
            walk: recipe.walk.set(),
            solved,
            whole,
            tie: recipe.tie.unwrap_or_else(|| if whole { tie(recipe, n, flat) } else { 0.0 }),
            held: 0,
            flat,
            every: 0,
            settle_every: if n <= FEW_ENOUGH { 1 } else { SETTLE_EVERY },
        }
    }

    /// Whether steps are as long in every direction of a layer: where each takes the whole graph, and eigenvalues are not tiny.
    #[must_use]
    pub fn even(&self) -> bool {
        self.whole && !self.flat
    }

    /// The walk that suits the last estimated eigenvalue, for training without the exact ones.
    #[must_use]
    pub fn walk_after(&self, last: f64, unit: f64) -> usize {
        walk_for(last, unit, decay_of_walk(self.flat))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_walk_is_long_where_eigenvalues_are_tiny() {
        assert_eq!(walk_for(0.5, 1.0, 0.5), 1);
        assert_eq!(walk_for(1e-3, 1.0, 0.5), 693);
        assert_eq!(walk_for(2e-3, 2.0, 0.5), 693, "in the unit of the walk");
        assert_eq!(walk_for(0.0, 1.0, 0.5), LONGEST_WALK as usize);
        assert_eq!(walk_for(1.5, 1.0, 0.5), 1);
    }

    #[test]
    fn guards_reach_to_the_first_wide_gap_where_eigenvectors_are_asked_for() {
        let circles = [0.0, 0.0, 3.50, 3.58, 4.96, 5.07, 15.5];
        let arc = [0.0, 0.7, 2.4, 5.6, 10.0];
        let asked = Recipe { eigenvectors: Auto::Set(3), ..Recipe::default() };
        assert_eq!((guards(&asked, 100, 3, (&circles, false)), guards(&asked, 100, 2, (&circles, false))), (1, 0));
        assert_eq!((guards(&asked, 100, 3, (&arc, false)), guards(&asked, 100, 3, (&[], false))), (0, 0));
        assert_eq!(guards(&Recipe::default(), 100, 3, (&circles, false)), 0);
        assert_eq!(guards(&Recipe { guards: Auto::Set(9), ..Recipe::default() }, 8, 3, (&circles, false)), 4);
        assert_eq!(guards(&Recipe { separate: Separate::Off, ..asked }, 100, 3, (&circles, false)), 0);
    }

    #[test]
    fn a_tenth_is_held_out_where_there_are_rows_to_spare() {
        let rows = |recipe: &Recipe, n: usize| {
            let facts = Facts { samples: n, features: 4, filled: 4, clusters: Some(3), ..Facts::default() };
            let settings = recipe.worked_out(&facts);
            (settings.training.held, settings.number("hold-out"))
        };
        let auto = Recipe::default();
        assert_eq!([99, 100, 150, 1797, 70_000].map(|n| rows(&auto, n).0), [0, 20, 20, 180, 5000]);
        let set = |share| Recipe { hold_out: Auto::Set(share), ..Recipe::default() };
        assert_eq!((rows(&set(0.25), 80), rows(&set(0.0), 1000)), ((20, Some(0.25)), (0, Some(0.0))));
        assert_eq!(rows(&set(0.5), 12).0, 4, "six outputs and two more rows stay");
        let none = [
            Recipe { exact: false, ..set(0.3) },
            Recipe { represent: crate::recipe::Represent::Autoencoder, ..set(0.3) },
            Recipe { system: System::DualAutoencoder, ..set(0.3) },
        ];
        for recipe in none {
            assert_eq!(rows(&recipe, 1000), (0, Some(0.0)));
        }
    }
}
