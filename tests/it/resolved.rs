//! What the panels say of `auto` is what a run takes: both read the same settings from the same facts.

use eigenscope::Recipe;
use eigenscope::data::{Origin, Source, builtin};
use eigenscope::pipeline::{Chain, Job};
use eigenscope::recipe::{Affinity, Auto, DeviceChoice, Hidden, Represent, System};
use eigenscope::support::progress::Control;

use crate::support::listening::Deaf;

/// Every system, as short as it can be: what `auto` comes to does not hang on how long training goes.
fn systems() -> Vec<(&'static str, Recipe)> {
    let base = Recipe {
        device: DeviceChoice::Cpu,
        samples: Auto::Set(300),
        limit: 300,
        starts: 1,
        encoder_steps: Auto::Set(2),
        siamese_steps: Auto::Set(2),
        steps: Auto::Set(2),
        ..Recipe::default()
    };
    let codes = Recipe { represent: Represent::Autoencoder, encoder: Hidden::Layers(vec![16, 5]), ..base.clone() };
    let siamese = Recipe { affinity: Affinity::Siamese, siamese: Hidden::Layers(vec![16, 4]), ..codes.clone() };
    let of = |system| Recipe { system, ..base.clone() };
    vec![
        ("spectralnet", base.clone()),
        ("without an exact side", Recipe { exact: false, ..base.clone() }),
        ("single eigenvectors", Recipe { eigenvectors: Auto::Set(3), ..base.clone() }),
        ("codes", codes),
        ("siamese", siamese),
        ("dual autoencoder", of(System::DualAutoencoder)),
        ("dscl", of(System::Dscl)),
        ("contrastive", of(System::Contrastive)),
        ("triplet", of(System::Triplet)),
    ]
}

#[test]
fn the_panels_say_what_a_run_takes_for_every_system_and_set() {
    let (mut runs, mut refused) = (0, Vec::new());
    for set in builtin().iter().filter(|set| set.origin != Origin::Files) {
        for (system, recipe) in systems() {
            let job = Job { source: Source::Named(set.name.to_owned()), recipe };
            let outcome = match Chain::default().run(&job, &Control::new(), &Deaf) {
                Ok(outcome) => outcome,
                // A set without labels teaches no supervised system, and one without a number of clusters has no prior.
                Err(error) => {
                    refused.push(format!("{} {system}: {error}", set.name));
                    continue;
                }
            };
            // Panels ask just so, with the facts of the snapshot that is shown.
            let said = job.recipe.worked_out(&outcome.snapshot.facts);
            assert_eq!(said, outcome.settings, "{} with {system}", set.name);
            let training = &outcome.settings.training;
            if let (Some(supervised), steps) = (&outcome.settings.supervised, outcome.snapshot.steps) {
                assert_eq!(supervised.steps, steps);
            } else {
                assert_eq!((training.steps, training.k), (outcome.snapshot.steps, learned(&outcome)));
            }
            runs += 1;
        }
    }
    assert!(runs >= 60 && refused.len() <= 15, "{runs} runs; refused: {refused:#?}");
}

/// Eigenvectors that the run learned.
fn learned(outcome: &eigenscope::pipeline::Outcome) -> usize {
    outcome.snapshot.learned.as_ref().map_or(0, |side| side.space.vectors.ncols())
}
