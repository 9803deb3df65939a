//! The networks before the spectral one: what makes codes, and what learns distances.

use super::super::{Affinity, Auto, Hidden, Recipe, System, knobs};
use super::facts::code_width;
use super::{Facts, Settings, check_or, wrong};
use crate::Result;

/// How codes are learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Codes {
    /// Layers of the encoder, input side first: the code's own is the last of the plain autoencoder's; the dual one's has its latent layer
    /// behind them.
    pub layers: Vec<usize>,
    /// Numbers in a code.
    pub width: usize,
    /// Steps, the most where the rows decide.
    pub steps: usize,
    /// Whether the steps are as many as help to rebuild rows held out.
    pub rows_decide: bool,
    /// The highest learning rate.
    pub lr: f64,
    /// Share of the values that are dropped before the encoder sees them.
    pub corruption: f64,
    /// How far pictures are distorted before the encoder sees them.
    pub distortion: f64,
}

/// How distances are learned.
#[derive(Clone, Debug, PartialEq)]
pub struct Siamese {
    /// Layers, input side first.
    pub layers: Vec<usize>,
    /// Steps.
    pub steps: usize,
    /// The highest learning rate.
    pub lr: f64,
    /// Neighbours of a sample that count as near.
    pub neighbors: usize,
}

/// Rows in a step of an autoencoder.
pub const CODES_BATCH: usize = 256;
/// Pairs of neighbours in a step of a Siamese network.
pub const SIAMESE_PAIRS: usize = 1024;

/// Passes over the data that `auto` takes, and the fewest steps: a small set sees more passes.
const EPOCHS: usize = 36;
const FEWEST_STEPS: usize = 2000;
/// Rows are few for an autoencoder where they are fewer than so many times the columns, as of most texts: it learns them by heart. With
/// fewer rows than that none can be held out to see it.
const FEW_ROWS: usize = 4;
const LEAST_ROWS: usize = 50;
/// The same of the dual autoencoder, with the most steps.
const DUAL_EPOCHS: usize = 40;
const DUAL_STEPS: std::ops::RangeInclusive<usize> = 1500..=6000;
/// The same of a Siamese network.
const SIAMESE_EPOCHS: usize = 30;
const SIAMESE_FEWEST_STEPS: usize = 500;
/// Hidden layers of the dual autoencoder's encoder and decoder: of tables, and of pictures, after the convolutions.
const DUAL_LAYERS: [usize; 2] = [500, 500];
const DUAL_LAYERS_OF_PICTURES: [usize; 1] = [256];

/// How codes are learned of the samples that the facts tell of, where the recipe wants any.
pub(super) fn codes(recipe: &Recipe, facts: &Facts) -> Option<Codes> {
    let dual = recipe.system == System::DualAutoencoder;
    let n = facts.samples_with(recipe);
    let layers = match &recipe.encoder {
        Hidden::Auto if !dual => vec![500, 500, 2000, 10],
        Hidden::Auto if facts.pictures => DUAL_LAYERS_OF_PICTURES.to_vec(),
        Hidden::Auto => DUAL_LAYERS.to_vec(),
        Hidden::Layers(layers) if dual => layers[..layers.len().saturating_sub(1)].to_vec(),
        Hidden::Layers(layers) => layers.clone(),
    };
    let steps = if dual {
        (DUAL_EPOCHS * n / CODES_BATCH).clamp(*DUAL_STEPS.start(), *DUAL_STEPS.end())
    } else {
        (EPOCHS * n / CODES_BATCH).max(FEWEST_STEPS)
    };
    recipe.has_codes().then(|| Codes {
        layers,
        width: code_width(recipe),
        steps: recipe.encoder_steps.unwrap_or_else(|| steps),
        rows_decide: recipe.encoder_steps == Auto::Auto && !dual && FEW_ROWS * facts.features > n && n >= LEAST_ROWS,
        lr: recipe.encoder_lr.unwrap_or_else(|| if dual { 2e-3 } else { 1e-3 }),
        corruption: recipe.corruption,
        distortion: recipe.distortion.unwrap_or_else(|| if dual { 1.5 } else { 0.5 }),
    })
}

/// How distances are learned, where the recipe wants them learned.
pub(super) fn siamese(recipe: &Recipe, facts: &Facts) -> Option<Siamese> {
    let n = facts.samples_with(recipe);
    let wanted = recipe.affinity == Affinity::Siamese && recipe.affinity_file.is_none();
    wanted.then(|| Siamese {
        layers: match &recipe.siamese {
            Hidden::Auto => vec![512, 512, 10],
            Hidden::Layers(layers) => layers.clone(),
        },
        steps: recipe.siamese_steps.unwrap_or_else(|| (SIAMESE_EPOCHS * n / SIAMESE_PAIRS).max(SIAMESE_FEWEST_STEPS)),
        lr: recipe.siamese_lr,
        neighbors: recipe.siamese_neighbors,
    })
}

/// Whether codes can be learned so.
pub(super) fn check(recipe: &Recipe, settings: &Settings) -> Result<()> {
    let Some(codes) = &settings.codes else { return Ok(()) };
    check_or(const { knobs::of("encoder-steps") }, codes.steps as f64, "--represent none leaves the autoencoder out")?;
    const { knobs::of("encoder-lr") }.check(codes.lr)?;
    const { knobs::of("distortion") }.check(codes.distortion)?;
    const { knobs::of("corruption") }.check(codes.corruption)?;
    if recipe.system == System::DualAutoencoder { check_dual(recipe, settings.clusters, codes.width) } else { Ok(()) }
}

/// Whether a dual autoencoder can be trained so, with as many clusters where they are known.
fn check_dual(recipe: &Recipe, clusters: Option<usize>, width: usize) -> Result<()> {
    if clusters.is_none() {
        return wrong(
            "the dual autoencoder's prior has a mean for each cluster: give --clusters, since this data does not say"
                .to_owned(),
        );
    }
    const { knobs::of("latent") }.check(width as f64)?;
    check_or(const { knobs::of("joint") }, recipe.joint, "--spectral-weight 0 keeps the codes from it")?;
    knobs::check(
        recipe,
        &const { knobs::some(["relative-weight", "mutual-weight", "prior-weight", "spectral-weight"]) },
    )
}

/// Whether a Siamese network can be trained so on `n` samples.
pub(super) fn check_siamese(recipe: &Recipe, n: usize) -> Result<()> {
    if recipe.siamese_neighbors == 0 || recipe.siamese_neighbors >= n {
        let most = n.saturating_sub(1);
        return wrong(format!("--siamese-neighbors {} is outside 1 to {most}", recipe.siamese_neighbors));
    }
    if let Some(steps) = recipe.siamese_steps.set() {
        check_or(
            const { knobs::of("siamese-steps") },
            steps as f64,
            "--affinity gaussian leaves the Siamese network out",
        )?;
    }
    knobs::check(recipe, &const { knobs::some(["siamese-lr"]) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Represent;

    #[test]
    fn rows_decide_how_long_codes_are_trained_where_they_are_few_for_the_columns() {
        let coded = Recipe { represent: Represent::Autoencoder, ..Recipe::default() };
        let decide = |recipe: &Recipe, (samples, features)| {
            let facts = Facts { samples, features, ..Facts::default() };
            codes(recipe, &facts).is_some_and(|codes| codes.rows_decide)
        };
        assert!(decide(&coded, (920, 2000)) && decide(&coded, (6548, 2000)));
        assert!(!decide(&coded, (1797, 64)) && !decide(&coded, (70_000, 784)) && !decide(&coded, (40, 2000)));
        assert!(!decide(&Recipe { encoder_steps: Auto::Set(300), ..coded.clone() }, (920, 2000)));
        assert!(!decide(&Recipe { system: System::DualAutoencoder, ..coded }, (920, 2000)));
    }
}
