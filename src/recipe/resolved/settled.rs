//! Whether two recipes mean the same: the question whether a picture is older than the settings, and which stages a change redoes.

use super::super::{Affinity, Auto, Distance, Hidden, LastLayer, Recipe, Scaling, Stage, System, changes, knobs};
use super::{Facts, Origin, Settings, Supervised};

impl Facts {
    /// The recipe with every `auto` that these facts settle replaced by what it comes to, and every setting that has no say in its run at
    /// its default: two recipes that mean the same become equal.
    #[must_use]
    pub fn settled(&self, recipe: &Recipe) -> Recipe {
        // What a run found where nobody said it is no setting.
        let settings = recipe.worked_out(&Self { found: None, ..self.clone() });
        let mut settled = self.settled_data(recipe);
        settled.clusters = recipe.clusters.set().or(self.clusters).map_or(Auto::Auto, Auto::Set);
        match &settings.supervised {
            Some(supervised) => self.settle_supervised(&mut settled, supervised),
            None => self.settle_graph(recipe, &mut settled, &settings),
        }
        let mut defaults = Recipe::default();
        for knob in knobs::all().filter(|knob| knob.idle(recipe, self, &settings).is_some()) {
            (knob.field)(&mut settled).take((knob.field)(&mut defaults));
        }
        settled
    }

    /// Settings of a graph and of what is learned from it.
    fn settle_graph(&self, recipe: &Recipe, settled: &mut Recipe, settings: &Settings) {
        self.settle_training(recipe, settled, settings);
        settled.neighbors = Auto::Set(settings.neighbors);
        if settled.distance == Distance::Auto {
            settled.distance = Distance::Euclidean;
        }
        (settled.scale, settled.rows) = (settings.scale, settings.grouping.rows);
        settled.refine = Auto::Set(settings.grouping.refine);
        settled.self_training = Auto::Set(settings.self_training);
        self.settle_codes(settled, settings);
    }

    /// Settings of the spectral network. Before the samples are counted nothing is known of it.
    fn settle_training(&self, recipe: &Recipe, settled: &mut Recipe, settings: &Settings) {
        let training = &settings.training;
        if let (Some(walk), true) = (training.walk, recipe.exact) {
            settled.walk = Auto::Set(walk);
        }
        if self.samples == 0 {
            return;
        }
        settled.hidden = Hidden::Layers(training.hidden.clone());
        settled.fourier = Auto::Set(training.fourier);
        // A step that takes the whole graph has no batch.
        settled.batch = if training.whole { Auto::Auto } else { Auto::Set(training.batch) };
        settled.steps = Auto::Set(training.steps);
        settled.lr = Auto::Set(training.lr);
        settled.tie = Auto::Set(training.tie);
        settled.hold_out = settings.number("hold-out").map_or(Auto::Auto, Auto::Set);
        settled.last_layer = if training.solved { LastLayer::Solved } else { LastLayer::Learned };
        if let Some(guards) = training.guards {
            settled.guards = Auto::Set(guards);
            if let Some(vectors) = settings.vectors.filter(|_| settings.clusters.is_some()) {
                settled.eigenvectors = Auto::Set(vectors);
            }
        }
    }

    /// Settings of a supervised network.
    fn settle_supervised(&self, settled: &mut Recipe, supervised: &Supervised) {
        settled.margin = Auto::Set(supervised.margin);
        if self.samples > 0 {
            settled.hidden = Hidden::Layers(supervised.hidden.clone());
            settled.fourier = Auto::Set(supervised.fourier);
            settled.batch = Auto::Set(supervised.batch);
            settled.steps = Auto::Set(supervised.steps);
            settled.lr = Auto::Set(supervised.lr);
        }
    }

    /// Settings of the data.
    fn settled_data(&self, recipe: &Recipe) -> Recipe {
        let mut settled = recipe.clone();
        (settled.samples, settled.noise) = match self.generated {
            Some((samples, noise)) => (
                Auto::Set(recipe.samples.unwrap_or_else(|| samples)),
                noise.map_or(Auto::Auto, |noise| Auto::Set(recipe.noise.unwrap_or_else(|| noise))),
            ),
            None => (Auto::Auto, Auto::Auto),
        };
        if let (Scaling::Auto, Some(scaling)) = (recipe.scaling, self.scaling) {
            settled.scaling = scaling;
        }
        if let Some(columns) = self.sparse {
            let components = recipe.components_of(self.samples_with(recipe), columns);
            settled.components = Auto::Set(components.unwrap_or(0));
        }
        // Of a set that is known, `none` takes the labels away and no other word has a meaning.
        if matches!(self.origin, Origin::Program | Origin::Folder) && recipe.label_column != "none" {
            settled.label_column = Recipe::default().label_column;
        }
        settled
    }

    /// Settings of the networks before the spectral one.
    fn settle_codes(&self, settled: &mut Recipe, settings: &Settings) {
        if let Some(codes) = &settings.codes {
            settled.encoder_lr = Auto::Set(codes.lr);
            settled.distortion = Auto::Set(codes.distortion);
            if self.samples > 0 {
                settled.encoder_steps = Auto::Set(codes.steps);
            }
            if settled.system != System::DualAutoencoder {
                settled.encoder = Hidden::Layers(codes.layers.clone());
            }
        }
        if let Some(siamese) = &settings.siamese {
            settled.siamese = Hidden::Layers(siamese.layers.clone());
            if self.samples > 0 {
                settled.siamese_steps = Auto::Set(siamese.steps);
            }
        }
    }

    /// The stages whose result no longer holds once `old` becomes `new`, by what the settings mean and not by how they are written.
    #[must_use]
    pub fn stages_redone(&self, old: &Recipe, new: &Recipe) -> Vec<Stage> {
        changes::stages_redone(&self.settled(old), &self.settled(new))
    }
}

/// Those of the stages that a run of `recipe` has, in the order of the chain.
#[must_use]
pub fn stages_run(recipe: &Recipe, stages: &[Stage]) -> Vec<Stage> {
    let graph = !recipe.system.is_supervised();
    let built = graph && recipe.affinity_file.is_none();
    let runs = |stage: &&Stage| match **stage {
        Stage::Load | Stage::Clusters => true,
        Stage::Represent => graph && recipe.has_codes(),
        Stage::Metric => built && recipe.affinity == Affinity::Siamese,
        Stage::Neighbours => built,
        Stage::Affinity => graph,
        Stage::Exact => graph && recipe.exact,
        Stage::Learn => recipe.learn,
    };
    stages.iter().filter(runs).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::resolved::Training;
    use crate::recipe::{Rows, Scale, Separate};

    fn facts(filled: usize) -> Facts {
        let mut facts = Facts { generated: Some((7000, Some(0.075))), ..Facts::default() };
        (facts.samples, facts.features, facts.filled, facts.clusters) = (7000, 2, filled, Some(2));
        facts.spectrum = vec![0.0, 0.0003, 0.002, 0.004, 0.007];
        (facts.scaling, facts.dimensions) = (Some(Scaling::Standardize), Some(2.0));
        facts
    }

    fn redone(facts: &Facts, change: impl FnOnce(&mut Recipe)) -> Vec<Stage> {
        let mut new = Recipe::default();
        change(&mut new);
        assert_eq!(facts.stages_redone(&new, &new), []);
        facts.stages_redone(&Recipe::default(), &new)
    }

    #[test]
    fn auto_and_the_number_it_takes_are_the_same_setting() {
        let facts = facts(2);
        let Training { steps, fourier, walk, guards, whole, .. } = Recipe::default().worked_out(&facts).training;
        assert_eq!((steps, whole, fourier, guards), (150, true, 64, Some(3)));
        let same: Vec<Stage> = redone(&facts, |r| {
            r.neighbors = Auto::Set(15);
            r.scaling = Scaling::Standardize;
            r.scale = Scale::Robust;
            r.rows = Rows::Normalized;
            r.refine = Auto::Set(0);
            r.samples = Auto::Set(7000);
            r.noise = Auto::Set(0.075);
            r.clusters = Auto::Set(2);
            r.steps = Auto::Set(steps);
            r.fourier = Auto::Set(fourier);
            r.hidden = Hidden::Layers(vec![128, 128]);
            r.lr = Auto::Set(0.01);
            r.walk = Auto::Set(walk.expect("the spectrum is known"));
            r.guards = Auto::Set(3);
            r.tie = Auto::Set(2.0 * 2500.0 / 7000.0);
            r.hold_out = Auto::Set(0.1);
            r.last_layer = LastLayer::Solved;
        });
        assert_eq!(same, []);
        assert_eq!(
            redone(&facts, |r| r.batch = Auto::Set(256)),
            [Stage::Learn, Stage::Clusters],
            "pairs are no whole graph"
        );
        assert!(redone(&facts, |r| r.neighbors = Auto::Set(16)).contains(&Stage::Neighbours));
        assert!(redone(&facts, |r| r.samples = Auto::Set(6999)).contains(&Stage::Load));
        assert!(redone(&facts, |r| r.scaling = Scaling::Unit).contains(&Stage::Load));
        assert!(redone(&facts, |r| r.scale = Scale::Local).contains(&Stage::Affinity));
        assert_eq!(redone(&facts, |r| r.rows = Rows::AsIs), [Stage::Clusters], "one width takes directions");
        let unknown = Facts { dimensions: None, ..facts.clone() };
        assert!(redone(&unknown, |r| r.scale = Scale::Robust).contains(&Stage::Affinity), "not known to be the same");
    }

    #[test]
    fn what_has_no_say_in_a_run_changes_nothing() {
        let facts = facts(2);
        let nothing = redone(&facts, |r| {
            r.margin = Auto::Set(0.7);
            r.encoder_steps = Auto::Set(7);
            r.siamese_lr = 0.5;
            r.diffusion_time = Auto::Set(3.0);
            r.missing = crate::recipe::Missing::Mean;
        });
        assert_eq!(nothing, []);
        let coded = Recipe { represent: crate::recipe::Represent::Autoencoder, ..Recipe::default() };
        let held = Recipe { hold_out: Auto::Set(0.3), ..coded.clone() };
        assert_eq!(facts.stages_redone(&coded, &held), [], "codes hold no row out");
        let dscl = Recipe { system: System::Dscl, ..Recipe::default() };
        let other = Recipe { neighbors: Auto::Set(99), exact: false, separate: Separate::Off, ..dscl.clone() };
        assert_eq!(facts.stages_redone(&dscl, &other), []);
        assert_eq!(
            facts.stages_redone(&dscl, &Recipe { margin: Auto::Set(9.0), ..dscl.clone() }),
            [],
            "it has no margin"
        );
        let triplet = Recipe { system: System::Triplet, ..Recipe::default() };
        let wider = Recipe { margin: Auto::Set(9.0), ..triplet.clone() };
        assert!(facts.stages_redone(&triplet, &wider).contains(&Stage::Learn));
    }

    #[test]
    fn sharp_vectors_train_longer_and_the_panels_know() {
        // More than a step takes whole.
        let facts = Facts { generated: Some((15_000, Some(0.075))), samples: 15_000, ..facts(2) };
        let sharp = Recipe { eigenvectors: Auto::Set(2), ..Recipe::default() };
        let training = sharp.worked_out(&facts).training;
        assert_eq!((training.steps, training.batch), (800, 1024));
        assert_eq!(facts.stages_redone(&Recipe::default(), &sharp), [Stage::Learn, Stage::Clusters]);
    }

    #[test]
    fn stages_that_a_run_does_not_have_are_not_listed() {
        let all = Stage::ALL;
        let plain = stages_run(&Recipe::default(), &all);
        assert!(!plain.contains(&Stage::Represent) && !plain.contains(&Stage::Metric) && plain.len() == 6);
        let recipe = Recipe {
            represent: crate::recipe::Represent::Autoencoder,
            affinity: Affinity::Siamese,
            exact: false,
            ..Recipe::default()
        };
        let coded = stages_run(&recipe, &all);
        assert!(coded.contains(&Stage::Represent) && coded.contains(&Stage::Metric) && !coded.contains(&Stage::Exact));
        let dscl = Recipe { system: System::Dscl, ..Recipe::default() };
        assert_eq!(stages_run(&dscl, &all), [Stage::Load, Stage::Learn, Stage::Clusters]);
    }
}
