//! The figures of a semi-supervised run on the samples whose labels it did not use.

use serde::Serialize;

use crate::measure::{self, Marks};
use crate::pipeline;
use crate::pipeline::Snapshot;

/// What a semi-supervised run used, and how it did on the rest.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SemiSupervised {
    /// Samples whose labels shaped the graph.
    pub labelled: usize,
    /// Samples whose labels are for scores alone.
    pub unlabelled: usize,
    /// k-means on the scaled features, on the unlabelled samples.
    pub kmeans: Marks,
    /// The exact side, on the unlabelled samples.
    pub exact: Marks,
    /// The learned side, on the unlabelled samples.
    pub learned: Marks,
}

impl SemiSupervised {
    /// The figures; nothing for an unsupervised run.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Option<Self> {
        // Hints that do not fit the data have ended the run before there is a summary.
        let hints = pipeline::hints(&snapshot.data, &snapshot.job.recipe).ok().flatten()?;
        let rest: Vec<usize> = (0..hints.class.len()).filter(|&i| hints.class[i].is_none()).collect();
        let among = |ids: &[u32]| -> Vec<u32> { rest.iter().filter_map(|&i| ids.get(i).copied()).collect() };
        // Labels that a person gave may be all there are.
        let truth = snapshot.data.labels.as_ref().map(|labels| among(&labels.ids));
        let marks = |ids: Option<&[u32]>| {
            ids.zip(truth.as_ref()).and_then(|(ids, truth)| measure::scores(&among(ids), truth)).into()
        };
        Some(Self {
            labelled: hints.count,
            unlabelled: rest.len(),
            kmeans: marks(snapshot.baseline.as_ref().map(|b| b.0.assignment.as_slice())),
            exact: marks(snapshot.exact.as_ref().map(|s| s.clusters.assignment.as_slice())),
            learned: marks(snapshot.learned.as_ref().map(|s| s.clusters.assignment.as_slice())),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::output::fixture::snapshot;
    use crate::pipeline::Job;
    use crate::recipe::Recipe;

    #[test]
    fn the_figures_are_those_of_the_unlabelled_samples() {
        let mut shown = snapshot(30);
        assert!(SemiSupervised::of(&shown).is_none());
        let recipe = Recipe { labelled: 0.2, ..Recipe::default() };
        shown.job = Arc::new(Job { recipe, ..(*shown.job).clone() });
        let semi = SemiSupervised::of(&shown).expect("a fifth is labelled");
        assert_eq!((semi.labelled, semi.unlabelled), (6, 24));
        assert!(semi.learned.acc.is_some_and(|acc| (0.0..=1.0).contains(&acc)));
    }
}
