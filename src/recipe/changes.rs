//! Which stages a change of settings will redo, so that a person sees it before the button is pressed.

use crate::Recipe;
use crate::recipe::Stage;
use crate::recipe::knobs::{self, Within};

/// The stages whose result no longer holds once `old` becomes `new`, in the order of the chain; empty when nothing
/// that matters changed. Settings are compared as they are written; [`crate::recipe::Facts::stages_redone`] compares what they mean.
#[must_use]
pub fn stages_redone(old: &Recipe, new: &Recipe) -> Vec<Stage> {
    let mut redone: Vec<Stage> = first_stages(old, new).into_iter().flat_map(downstream).copied().collect();
    redone.sort_unstable();
    redone.dedup();
    redone
}

/// A stage and all that is computed from it.
#[must_use]
pub fn downstream(stage: Stage) -> &'static [Stage] {
    use Stage::{Affinity, Clusters, Exact, Learn, Load, Metric, Neighbours, Represent};
    match stage {
        Load => &[Load, Represent, Metric, Neighbours, Affinity, Exact, Learn, Clusters],
        Represent => &[Represent, Metric, Neighbours, Affinity, Exact, Learn, Clusters],
        Metric => &[Metric, Neighbours, Affinity, Exact, Learn, Clusters],
        Neighbours => &[Neighbours, Affinity, Exact, Learn, Clusters],
        Affinity => &[Affinity, Exact, Learn, Clusters],
        Exact => &[Exact, Clusters],
        Learn => &[Learn, Clusters],
        Clusters => &[Clusters],
    }
}

/// The stages that read a setting which changed: those of its row in the table, and three rules that are no row.
fn first_stages(old: &Recipe, new: &Recipe) -> Vec<Stage> {
    let mut first = Vec::new();
    let (mut before, mut after) = (old.clone(), new.clone());
    for knob in knobs::all().filter(|knob| (knob.field)(&mut before) != (knob.field)(&mut after)) {
        let reads = knob.reads.iter().filter(|read| read.within.holds(old) && read.within.holds(new));
        first.extend(reads.map(|read| read.stage));
    }
    let turned = |runs: Within| runs.holds(old) != runs.holds(new);
    if turned(Within::Dual) {
        first.push(Stage::Represent);
    }
    if turned(Within::Siamese) {
        first.push(Stage::Metric);
    }
    // The number of eigenvectors follows the number of clusters unless it was given.
    let follows = old.eigenvectors.set().is_none() || new.eigenvectors.set().is_none();
    if old.clusters != new.clusters && follows {
        first.extend([Stage::Exact, Stage::Learn]);
    }
    first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{Auto, Rows, Scale, System};

    fn redone(change: impl FnOnce(&mut Recipe)) -> Vec<Stage> {
        let old = Recipe::default();
        let mut new = old.clone();
        change(&mut new);
        stages_redone(&old, &new)
    }

    #[test]
    fn a_stage_redoes_itself_and_what_hangs_on_it() {
        use Stage::{Affinity, Clusters, Exact, Learn, Load, Metric, Neighbours, Represent};
        assert_eq!(redone(|_| ()), []);
        assert_eq!(redone(|r| r.limit = 10), [Load, Represent, Metric, Neighbours, Affinity, Exact, Learn, Clusters]);
        assert_eq!(redone(|r| r.neighbors = Auto::Set(20)), [Neighbours, Affinity, Exact, Learn, Clusters]);
        assert_eq!(redone(|r| r.scale = Scale::Global), [Affinity, Exact, Learn, Clusters]);
        assert_eq!(redone(|r| r.exact = false), [Exact, Learn, Clusters]);
        assert_eq!(redone(|r| r.lr = Auto::Set(0.1)), [Learn, Clusters]);
        assert_eq!(redone(|r| r.rows = Rows::Normalized), [Clusters]);
    }

    #[test]
    fn the_graph_reaches_back_to_codes_that_were_trained_on_it() {
        use Stage::{Affinity, Clusters, Exact, Learn, Metric, Neighbours, Represent};
        let whole = [Represent, Metric, Neighbours, Affinity, Exact, Learn, Clusters];
        assert_eq!(redone(|r| r.system = System::DualAutoencoder), whole);
        let old = Recipe { system: System::DualAutoencoder, ..Recipe::default() };
        let new = Recipe { scale: Scale::Global, ..old.clone() };
        assert_eq!(stages_redone(&old, &new), whole);
        assert_eq!(stages_redone(&old, &Recipe { prior_weight: 0.0, ..old.clone() }), whole);
        assert_eq!(stages_redone(&old, &Recipe { rows: Rows::AsIs, ..old.clone() }), [Clusters]);
        assert_eq!(redone(|r| r.prior_weight = 0.0), [], "no part of SpectralNet");
    }

    #[test]
    fn the_number_of_clusters_reaches_the_solvers_only_through_automatic_eigenvectors() {
        use Stage::{Clusters, Exact, Learn};
        assert_eq!(redone(|r| r.clusters = Auto::Set(7)), [Exact, Learn, Clusters]);
        let old = Recipe { eigenvectors: Auto::Set(10), ..Recipe::default() };
        let new = Recipe { clusters: Auto::Set(7), ..old.clone() };
        assert_eq!(stages_redone(&old, &new), [Clusters]);
    }

    #[test]
    fn what_only_some_runs_read_says_nothing_in_the_others() {
        use Stage::{Affinity, Clusters, Exact, Learn, Metric, Neighbours, Represent};
        assert_eq!(redone(|r| (r.corruption, r.siamese_neighbors) = (0.5, 9)), []);
        assert_eq!(redone(|r| r.memory = Auto::Set(1.0)), []);
        let coded = Recipe { represent: crate::recipe::Represent::Autoencoder, ..Recipe::default() };
        let new = Recipe { corruption: 0.5, ..coded.clone() };
        assert_eq!(stages_redone(&coded, &new), [Represent, Metric, Neighbours, Affinity, Exact, Learn, Clusters]);
        assert_eq!(
            redone(|r| r.affinity = crate::recipe::Affinity::Siamese),
            [Metric, Neighbours, Affinity, Exact, Learn, Clusters]
        );
    }
}
