//! Training on a GPU, which may be one that is drawn in software. Where there is none that is said, and nothing is tested.

use eigenscope::Recipe;
use eigenscope::data::Source;
use eigenscope::nets::Compute;
use eigenscope::nets::crossing::Steps;
use eigenscope::pipeline::{Chain, Job, Outcome};
use eigenscope::recipe::{Affinity, Auto, DeviceChoice, Hidden, LastLayer, Represent, Stage};
use eigenscope::support::progress::Control;

use crate::support::listening::Deaf;

/// Whether there is a GPU.
fn is_there() -> bool {
    let opened = Compute::open(DeviceChoice::Gpu);
    if let Err(why) = &opened {
        println!("passed over: {why}");
    }
    opened.is_ok()
}

/// A run, and what its trainings' steps sent and read.
fn run(name: &str, recipe: Recipe) -> (Outcome, Steps) {
    let job = Job { source: Source::Named(name.to_owned()), recipe };
    let before = Steps::now();
    let outcome = Chain::default().run(&job, &Control::new(), &Deaf).expect("it trains");
    (outcome, Steps::now().since(before))
}

fn distance(outcome: &Outcome) -> f64 {
    outcome.snapshot.distance().expect("there is an exact side")
}

#[test]
fn a_step_on_pictures_sends_little_and_waits_for_nothing_and_comes_where_the_cpu_comes() {
    if !is_there() {
        return;
    }
    // Pairs as many as a step on MNIST takes, in a network that takes little time; with the tie, where the last layer is solved.
    let recipe = |device, last_layer| Recipe {
        device,
        last_layer,
        batch: Auto::Set(1024),
        steps: Auto::Set(120),
        hidden: Hidden::Layers(vec![64]),
        hold_out: Auto::Set(0.0),
        tie: Auto::Set(0.1),
        ..Recipe::default()
    };
    for last_layer in [LastLayer::Learned, LastLayer::Solved] {
        let (here, _) = run("digits", recipe(DeviceChoice::Cpu, last_layer));
        let (there, steps) = run("digits", recipe(DeviceChoice::Gpu, last_layer));
        let [up, down] = [steps.crossed.up, steps.crossed.down].map(|bytes| bytes / steps.count);
        let (name, distances) = (&there.snapshot.device, [distance(&here), distance(&there)]);
        println!("{name}: {up} bytes up, {down} down a step, {} of {} wait, {distances:?}", steps.waiting, steps.count);
        assert!((distances[0] - distances[1]).abs() < 1e-3, "{distances:?}");
        if last_layer == LastLayer::Learned {
            // The first step is the host's, and readings come after 1, 2, 4, … steps until they are far apart.
            let few = steps.waiting <= 4 + steps.count / 50;
            assert!(up <= 16 << 10 && down <= 4 << 10 && few, "{up} up, {down} down, {}", steps.waiting);
        } else {
            // After each look the last layer is solved and begins anew: a step on the host, and readings close together again.
            assert!(steps.waiting < steps.count / 2, "{} steps wait", steps.waiting);
        }
    }
}

#[test]
fn codes_and_learned_distances_wait_for_nothing_there() {
    if !is_there() {
        return;
    }
    let recipe = Recipe {
        device: DeviceChoice::Gpu,
        limit: 600,
        represent: Represent::Autoencoder,
        affinity: Affinity::Siamese,
        encoder: Hidden::Layers(vec![48, 8]),
        encoder_steps: Auto::Set(40),
        siamese: Hidden::Layers(vec![32, 8]),
        siamese_steps: Auto::Set(20),
        learn: false,
        // A classifier is taught on the host.
        self_training: Auto::Set(0),
        ..Recipe::default()
    };
    let (outcome, steps) = run("digits", recipe);
    assert!(outcome.stages.iter().any(|(stage, _)| *stage == Stage::Metric));
    assert_eq!((steps.count, steps.waiting, steps.crossed.down), (60, 0, 0));
    assert!(steps.crossed.up / steps.count <= 16 << 10, "{} bytes up", steps.crossed.up);
}
