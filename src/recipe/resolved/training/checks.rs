//! Which settings of SpectralNet's training make no sense.

use super::super::{Facts, Settings, check_or, wrong};
use crate::Result;
use crate::recipe::{LastLayer, Objective, Recipe, Separate, System, knobs};
use crate::support::language::counted;

/// Whether a network can be trained so.
pub(in crate::recipe::resolved) fn check(recipe: &Recipe, facts: &Facts, settings: &Settings) -> Result<()> {
    let (training, n) = (&settings.training, facts.samples_with(recipe));
    const { knobs::of("batch") }.check(training.batch as f64)?;
    if training.objective == Objective::BatchGraph && 2 * training.batch > n {
        return wrong(format!(
            "--batch {} needs {} samples for --objective batch-graph; there are {n}",
            training.batch,
            2 * training.batch
        ));
    }
    const { knobs::of("fourier") }.check(training.fourier as f64)?;
    check_or(const { knobs::of("steps") }, training.steps as f64, "--no-learn leaves the network out")?;
    const { knobs::of("lr") }.check(training.lr)?;
    knobs::check(recipe, &const { knobs::some(["decay", "patience", "walk", "tie", "hold-out"]) })?;
    check_layer(recipe)?;
    match recipe.guards.set() {
        Some(guards) => check_guards(recipe, guards, n, training.k),
        None => Ok(()),
    }
}

/// Whether the network can do without the orthonormal layer, where it is left out.
fn check_layer(recipe: &Recipe) -> Result<()> {
    if recipe.orthonormal_layer {
        return Ok(());
    }
    if recipe.system == System::DualAutoencoder {
        return wrong(
            "--no-orthonormal-layer goes with --system spectralnet: the dual autoencoder's head needs the layer"
                .to_owned(),
        );
    }
    if recipe.last_layer == LastLayer::Solved {
        return wrong("--last-layer solved makes orthonormal columns, which --no-orthonormal-layer leaves out; learned goes with it".to_owned());
    }
    Ok(())
}

/// Whether as many guards can be learned beside `k` of the eigenvectors that `n` samples have.
fn check_guards(recipe: &Recipe, guards: usize, n: usize, k: usize) -> Result<()> {
    const { knobs::of("guards") }.check(guards as f64)?;
    let learned = recipe.separation() != Separate::Off && recipe.system != System::DualAutoencoder;
    if learned && guards + k >= n {
        let (columns, samples) = (counted(guards + k, "column"), counted(n, "sample"));
        return wrong(format!("--guards {guards} and {k} wanted eigenvectors are {columns}, and {samples} have fewer"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Auto;

    #[test]
    fn settings_that_make_no_sense_are_named() {
        let recipe = |change: fn(&mut Recipe)| {
            let mut recipe = Recipe::default();
            change(&mut recipe);
            let facts = Facts { samples: 1000, features: 2, filled: 2, clusters: Some(3), ..Facts::default() };
            recipe.resolve(&facts).expect_err("it makes no sense").to_string()
        };
        assert!(recipe(|r| r.batch = Auto::Set(1)).contains("--batch"));
        assert!(recipe(|r| r.steps = Auto::Set(0)).contains("--steps"));
        assert!(recipe(|r| r.lr = Auto::Set(f64::NAN)).contains("--lr"));
        assert!(recipe(|r| r.decay = 1.0).contains("--decay"));
        assert!(recipe(|r| r.walk = Auto::Set(0)).contains("--walk"));
        assert!(recipe(|r| r.patience = 0).contains("--patience"));
        assert!(recipe(|r| r.hold_out = Auto::Set(0.6)).contains("--hold-out"));
        assert!(recipe(|r| r.guards = Auto::Set(257)).contains("--guards"));
        let unbound = |change: fn(&mut Recipe)| {
            let mut recipe = Recipe { orthonormal_layer: false, ..Recipe::default() };
            change(&mut recipe);
            let facts = Facts { samples: 1000, features: 2, filled: 2, clusters: Some(3), ..Facts::default() };
            recipe.resolve(&facts).map(|settings| settings.training)
        };
        assert!(unbound(|r| r.last_layer = LastLayer::Solved).is_err_and(|e| e.to_string().contains("--last-layer")));
        assert!(unbound(|r| r.system = System::DualAutoencoder).is_err_and(|e| e.to_string().contains("--system")));
        let free = unbound(|_| ()).expect("it can be watched");
        assert!(free.gradient.is_none() && !free.solved && !free.whole && (free.held, free.guards) == (0, None));
        let guarded = Recipe { guards: Auto::Set(9), ..Recipe::default() };
        let facts = Facts { samples: 8, features: 2, filled: 2, clusters: Some(3), ..Facts::default() };
        let refused = guarded.resolve(&facts).expect_err("eight samples have no twelve columns");
        assert!(refused.to_string().contains("--guards 9"), "{refused}");
    }
}
