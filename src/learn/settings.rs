//! What `auto` means: the recipe's training knobs, worked out for a dataset and its spectrum.

use crate::recipe::{Activation, Gradient, Hidden, Objective, Recipe, WIDEST_LAYER};
use crate::{Error, Result};

/// Training knobs with every `auto` replaced by a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// Eigenvectors to learn.
    pub k: usize,
    /// Hidden layers, input side first.
    pub hidden: Vec<usize>,
    /// Between the layers.
    pub activation: Activation,
    /// Random Fourier features beside the raw ones.
    pub fourier: usize,
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
    /// What the orthonormal layer does in a step.
    pub gradient: Gradient,
    /// Steps of the walk; `None` follows the Rayleigh–Ritz estimates as training goes.
    pub walk: Option<usize>,
    /// Steps between evaluations on the full graph.
    pub every: usize,
    /// Neighbours, for graphs built inside a batch.
    pub neighbors: usize,
}

/// Longest walk that `auto` chooses: beyond it the walks cost more than the network.
const LONGEST_WALK: f64 = 32_768.0;

/// Steps after which the eigenvalue behind the last wanted one has decayed to one half: long where eigenvalues are tiny,
/// short where they are not.
#[must_use]
pub fn walk_for(next_eigenvalue: f64, unit: f64) -> usize {
    let left = (1.0 - next_eigenvalue / unit).clamp(1e-12, 1.0 - 1e-12);
    (std::env::var("MULT").ok().and_then(|v| v.parse().ok()).unwrap_or(1.0) * 0.5_f64.ln() / left.ln())
        .round()
        .clamp(1.0, LONGEST_WALK) as usize
}

impl Settings {
    /// Knobs for `n` samples of `d` features and `k` eigenvectors. `walk` is what the spectrum suggests, where it is known.
    ///
    /// # Errors
    /// [`Error::Setting`] naming the flag whose value makes no sense.
    pub fn resolve(recipe: &Recipe, n: usize, d: usize, k: usize, walk: Option<usize>) -> Result<Self> {
        let flat = d <= 3;
        let large = n > 20_000;
        let hidden = match &recipe.hidden {
            Hidden::Layers(sizes) => sizes.clone(),
            Hidden::Auto if flat => vec![128, 128],
            Hidden::Auto if large => vec![512, 512],
            Hidden::Auto => vec![256, 256],
        };
        let settings = Self {
            k,
            hidden,
            activation: recipe.activation,
            fourier: recipe.fourier.unwrap_or_else(|| if flat { 64 } else { 0 }),
            batch: recipe.batch.unwrap_or_else(|| if flat { 512 } else { 1024 }.min(n.max(2 * k))),
            steps: recipe.steps.unwrap_or_else(|| {
                if large {
                    2000
                } else if flat {
                    400
                } else {
                    800
                }
            }),
            lr: recipe.lr.unwrap_or_else(|| if flat { 1e-2 } else { 2e-3 }),
            patience: recipe.patience.max(1),
            decay: recipe.decay,
            objective: recipe.objective,
            gradient: recipe.gradient,
            walk: recipe.walk.set().or(walk),
            every: 0,
            neighbors: recipe.neighbors,
        };
        settings.check(n)?;
        Ok(Self { every: (settings.steps / 40).max(10), ..settings })
    }

    fn check(&self, n: usize) -> Result<()> {
        let wrong = |text: String| Err(Error::Setting(text));
        if self.batch < 2 || self.batch > 1 << 20 {
            return wrong(format!("--batch {} is outside 2 to {}", self.batch, 1 << 20));
        }
        if self.objective == Objective::BatchGraph && 2 * self.batch > n {
            return wrong(format!(
                "--batch {} needs {} samples for --objective batch-graph; there are {n}",
                self.batch,
                2 * self.batch
            ));
        }
        if self.fourier > WIDEST_LAYER {
            return wrong(format!("--fourier {} is above {WIDEST_LAYER}", self.fourier));
        }
        if self.steps == 0 {
            return wrong("--steps must be at least 1; --no-learn leaves the network out".to_owned());
        }
        if !(self.lr.is_finite() && self.lr > 0.0) {
            return wrong(format!("--lr {} must be above 0", self.lr));
        }
        if !(self.decay > 0.0 && self.decay < 1.0) {
            return wrong(format!("--decay {} must lie between 0 and 1", self.decay));
        }
        if self.walk == Some(0) {
            return wrong("--walk must be at least 1".to_owned());
        }
        Ok(())
    }
}
