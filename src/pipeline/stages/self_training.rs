//! Self-training, the end of the clusters stage where it is wanted: a classifier that the clusters taught has the last word on them.

use std::sync::Arc;

use super::represent::{hear, say_stopped, show};
use super::{Graph, Ground};
use crate::Result;
use crate::learn::drive::Told;
use crate::learn::one_cycle::{OneCycle, SHORT, Seen};
use crate::learn::self_training::{self, Answers, Task, Taught};
use crate::measure::{self, Scores};
use crate::model::Model;
use crate::nets::Encoder;
use crate::pipeline::cache::Cached;
use crate::pipeline::run::{Run, Screen};
use crate::pipeline::snapshot::{Snapshot, Solution};
use crate::recipe::{LEAST_TAUGHT, Stage};
use crate::support::language::counted;

/// The highest learning rate.
const LR: f64 = 3e-3;
/// The least part of the samples kept from the classifier that it has to put where the clusters have them. Below, the clusters are not
/// what can be seen in a sample, and its answers are another clustering rather than a cleaner one.
const AGREEMENT: f64 = 0.95;
/// Times that a cluster may grow or shrink.
const RESIZED: f64 = 1.3;

/// What a classifier made of the clusters that taught it.
#[derive(Clone, Debug)]
pub struct SelfTrained {
    /// For each sample how far the classifier's answer is before its next one, from 0 to 1.
    pub confidence: Vec<f64>,
    /// For each sample whether its cluster is another one than before.
    pub moved: Vec<bool>,
    /// The part of the samples kept from the classifier that it puts where the clusters had them.
    pub agreement: f64,
    /// Whether its answers are the clusters now; otherwise these are as they were.
    pub taken: bool,
    /// The clusters before, against the labels.
    pub before: Option<Scores>,
    /// The classifier: a score a class. A project keeps one whose answers were taken, with the model.
    pub classifier: Option<Encoder>,
}

/// Teaches the classifier and puts its answers in the place of the clusters on the learned side, or on the exact one where nothing was learned.
///
/// # Errors
/// Those of the training; [`crate::Error::Cancelled`].
pub(in crate::pipeline) fn self_training(
    cache: &mut Cached<Arc<Taught>>,
    run: &mut Run<'_>,
    screen: &mut Screen<'_>,
    ground: &Ground,
    graph: &Graph,
) -> Result<()> {
    let epochs = run.settings()?.self_training;
    let Some((before, compute)) = taught_by(&screen.snapshot).zip(ground.compute.as_ref()) else { return Ok(()) };
    // Who ended the training of the network wants to see what there is.
    if epochs == 0 || run.control.is_enough() || run.stopped.is_some() {
        cache.0 = None;
        return Ok(());
    }
    let n = before.clusters.assignment.len();
    if n < LEAST_TAUGHT {
        run.note(format!("self-training was left out: it needs {LEAST_TAUGHT} samples, and there are {n}"));
        return Ok(());
    }
    let neighbors = screen.snapshot.neighbors.clone();
    let task = Task {
        samples: (ground.loaded.scaled.view(), ground.loaded.data.image),
        neighbors: neighbors.as_deref(),
        clusters: &before.clusters.assignment,
        count: before.clusters.centroids.nrows(),
        epochs,
        seed: graph.recipe.seed,
    };
    let cycle = OneCycle { steps: task.steps(), lr: LR, flag: "--self-training", adam: SHORT, control: run.control };
    let taught = run.stage(Stage::Clusters, cache, |_| {
        let listen = &mut |told: Told<'_, Seen<Answers>>| {
            hear(screen, Stage::Clusters, told, |screen, waits, answers| {
                let relabelled = with_clusters(&before, answers.to_vec(), &screen.snapshot);
                show(screen, waits, |snapshot| put(snapshot, relabelled));
            });
            Ok(None)
        };
        let (taught, end) = compute.on(|| self_training::train(&task, compute, &cycle, listen))?;
        say_stopped(screen, Stage::Clusters, end, cycle.steps);
        Ok((Arc::new(taught), Vec::new()))
    })?;
    let refused = refused(&before.clusters.assignment, &taught, task.count);
    let moved: Vec<bool> = taught.answers.iter().zip(&before.clusters.assignment).map(|(a, b)| a != b).collect();
    run.note(note(refused.as_deref(), &moved, taught.agreement));
    let answers = if refused.is_none() { taught.answers.clone() } else { before.clusters.assignment.clone() };
    let relabelled = with_clusters(&before, answers, &screen.snapshot);
    let trained = SelfTrained {
        confidence: taught.confidence.clone(),
        moved,
        agreement: taught.agreement,
        taken: refused.is_none(),
        before: before.scores,
        classifier: Some(taught.classifier.clone()),
    };
    screen.show(|snapshot| {
        put(snapshot, relabelled);
        snapshot.self_trained = Some(Arc::new(trained));
    });
    Ok(())
}

/// What a person should know: why the answers were refused, or how many samples they moved.
fn note(refused: Option<&str>, moved: &[bool], agreement: f64) -> String {
    if let Some(why) = refused {
        return format!("self-training was not taken, the clusters are as they were: {why}");
    }
    let count = moved.iter().filter(|&&moved| moved).count();
    format!(
        "self-training moved {} of {} to another cluster; of the tenth kept from the classifier {:.1} % stay where they were",
        counted(count, "sample"),
        moved.len(),
        100.0 * agreement
    )
}

/// The model with the classifier whose answers are the clusters, where they are.
pub(in crate::pipeline) fn with_classifier(model: Option<Model>, snapshot: &Snapshot) -> Option<Model> {
    let taken = snapshot.self_trained.as_deref().filter(|trained| trained.taken);
    let classifier = taken.and_then(|trained| trained.classifier.clone());
    model.map(|model| Model { classifier, ..model })
}

/// The solution whose clusters teach.
fn taught_by(snapshot: &Snapshot) -> Option<Arc<Solution>> {
    snapshot.learned.clone().or_else(|| snapshot.exact.clone())
}

/// Why the answers do not take the place of the clusters, where they do not: by what can be said without labels.
fn refused(before: &[u32], taught: &Taught, count: usize) -> Option<String> {
    if taught.agreement < AGREEMENT {
        return Some(format!(
            "of the samples kept from the classifier it puts {:.1} % where the clusters have them, and below {:.0} % it is another clustering",
            100.0 * taught.agreement,
            100.0 * AGREEMENT
        ));
    }
    let sizes = |ids: &[u32]| {
        let mut sizes = vec![0_usize; count];
        for &id in ids {
            if let Some(size) = sizes.get_mut(id as usize) {
                *size += 1;
            }
        }
        sizes
    };
    let resized = sizes(before).into_iter().zip(sizes(&taught.answers)).find(|&(old, new)| {
        let (old, new) = (old as f64, new as f64);
        new > RESIZED * old || old > RESIZED * new
    });
    resized.map(|(old, new)| format!("a cluster of {old} would have {new}"))
}

/// A solution with these clusters, and what hangs on them.
fn with_clusters(of: &Solution, assignment: Vec<u32>, snapshot: &Snapshot) -> Solution {
    let mut solution = of.clone();
    solution.clusters.assignment = assignment;
    solution.scores = measure::scores_of(&solution.clusters, snapshot.data.labels.as_ref());
    solution
}

/// Puts a solution where its clusters came from.
fn put(snapshot: &mut Snapshot, solution: Solution) {
    let solution = Some(Arc::new(solution));
    if snapshot.learned.is_some() {
        snapshot.learned = solution;
        if let (Some(agreement), Some(learned), Some(exact)) =
            (&mut snapshot.agreement, &snapshot.learned, &snapshot.exact)
        {
            agreement.ari = measure::adjusted_rand(&learned.clusters.assignment, &exact.clusters.assignment);
        }
    } else {
        snapshot.exact = solution;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::Weights;
    use crate::recipe::Activation;

    fn taught(answers: Vec<u32>, agreement: f64) -> Taught {
        let classifier = Weights::random(&[1, 2], Activation::Relu, 0).into();
        Taught { classifier, confidence: vec![1.0; answers.len()], answers, agreement }
    }

    #[test]
    fn answers_that_are_another_clustering_are_refused_with_the_reason() {
        let before: Vec<u32> = (0..100).map(|i| u32::from(i >= 50)).collect();
        let mut cleaner = before.clone();
        cleaner[3] = 1;
        assert_eq!(refused(&before, &taught(cleaner.clone(), 0.99), 2), None);
        let why = refused(&before, &taught(cleaner, 0.9), 2).expect("it does not agree");
        assert!(why.contains("90.0 %"), "{why}");
        let why = refused(&before, &taught(vec![1; 100], 0.99), 2).expect("a cluster is lost");
        assert!(why.contains("50 would have 0"), "{why}");
    }
}
