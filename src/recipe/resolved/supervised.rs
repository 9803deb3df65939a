//! A supervised system's training knobs.

use super::super::{Hidden, Recipe, System, knobs};
use super::{Facts, wrong};
use crate::Result;
use crate::support::language::{are, counted};

/// How a supervised network is trained, with every `auto` replaced by a number.
#[derive(Clone, Debug, PartialEq)]
pub struct Supervised {
    /// Which loss.
    pub system: System,
    /// Hidden layers, input side first.
    pub hidden: Vec<usize>,
    /// Outputs, `d`.
    pub embedding: usize,
    /// Classes in a batch, `P`.
    pub classes: usize,
    /// Samples of each, `K`.
    pub each: usize,
    /// Steps.
    pub steps: usize,
    /// Adam's learning rate at the start.
    pub lr: f64,
    /// Of the contrastive and the triplet loss.
    pub margin: f64,
    /// Samples in a batch, at most.
    pub batch: usize,
    /// Random Fourier features, which would help to memorise here and stay out unless asked for.
    pub fourier: usize,
    /// Steps between looks at all samples.
    pub every: usize,
}

/// Most classes in a batch unless told otherwise: beyond it few samples are left for each.
const MOST_CLASSES: usize = 64;

/// Samples in a batch unless told otherwise.
const BATCH: usize = 1000;

/// Classes to train on; two where that is not known yet, on which only outputs and classes of a batch hang.
fn taught(facts: &Facts) -> usize {
    facts.classes_taught.unwrap_or(2)
}

/// Knobs for the samples that the facts tell of, where the system is a supervised one.
pub(super) fn supervised(recipe: &Recipe, facts: &Facts) -> Option<Supervised> {
    if !recipe.system.is_supervised() {
        return None;
    }
    let (n, d, classes) = (facts.samples_with(recipe), facts.features, taught(facts));
    let batch = recipe.batch.unwrap_or_else(|| BATCH);
    let flat = d <= 3;
    let hidden = match &recipe.hidden {
        Hidden::Layers(sizes) => sizes.clone(),
        // The network of the authors' toy.
        Hidden::Auto if flat => vec![30, 30],
        Hidden::Auto => vec![256, 256],
    };
    let in_batch = recipe.classes.unwrap_or_else(|| classes.min(MOST_CLASSES)).min(classes).max(1);
    let steps = recipe.steps.unwrap_or_else(|| if flat { 1500 } else { 100 });
    Some(Supervised {
        system: recipe.system,
        hidden,
        embedding: recipe.embedding.unwrap_or_else(|| classes.max(if flat { 3 } else { 256 })),
        classes: in_batch,
        each: batch / in_batch,
        steps,
        lr: recipe.lr.unwrap_or_else(|| if flat { 1e-2 } else { 1e-3 }),
        margin: recipe.margin.unwrap_or_else(|| if recipe.system == System::Contrastive { 1.0 } else { 0.2 }),
        batch,
        fourier: recipe.fourier.unwrap_or_else(|| 0),
        every: (steps / if n > 20_000 { 6 } else { 20 }).max(10),
    })
}

/// Whether a network can be taught so.
pub(super) fn check(recipe: &Recipe, facts: &Facts, training: &Supervised) -> Result<()> {
    let classes = taught(facts);
    let in_batch = recipe.classes.unwrap_or_else(|| classes.min(MOST_CLASSES));
    if in_batch < 2 {
        return wrong(format!("--classes {in_batch}: a batch needs at least 2 classes"));
    }
    if in_batch > classes {
        return wrong(format!("--classes {in_batch}: {} to train on", there_are(classes)));
    }
    let batch = training.batch;
    if batch < 2 * in_batch || batch > 1 << 16 {
        return wrong(format!(
            "--batch {batch} is outside {} (two samples of each of {in_batch} classes) to {}",
            2 * in_batch,
            1 << 16
        ));
    }
    const { knobs::of("embedding") }.check(training.embedding as f64)?;
    const { knobs::of("steps") }.check(training.steps as f64)?;
    const { knobs::of("lr") }.check(training.lr)?;
    const { knobs::of("margin") }.check(training.margin)
}

fn there_are(classes: usize) -> String {
    format!("there {} {}", are(classes), counted(classes, "class"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Auto;

    #[test]
    fn settings_that_make_no_sense_are_named() {
        let facts = Facts { samples: 1000, features: 2, classes_taught: Some(3), ..Facts::default() };
        let refused = |flag: &str, change: fn(&mut Recipe)| {
            let mut recipe = Recipe { system: System::Dscl, ..Recipe::default() };
            change(&mut recipe);
            let error = recipe.resolve(&facts).expect_err("it makes no sense").to_string();
            assert!(error.contains(flag), "{error}");
        };
        refused("--batch", |r| r.batch = Auto::Set(5));
        refused("--classes", |r| r.classes = Auto::Set(1));
        refused("--classes 4", |r| r.classes = Auto::Set(4));
        refused("--embedding", |r| r.embedding = Auto::Set(0));
        refused("--steps", |r| r.steps = Auto::Set(0));
        refused("--lr", |r| r.lr = Auto::Set(f64::NAN));
        refused("--margin", |r| r.margin = Auto::Set(-1.0));
    }
}
