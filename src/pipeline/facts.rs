//! What is known of the data, and what `auto` comes to with it: the run, the panels and the question whether a picture is older than the
//! settings all ask here.

use crate::data::{Dataset, Origin, Source, builtin};
use crate::learn::spectralnet::settings::{Settings, guards};
use crate::learn::{autoencoder, dual, siamese, supervised};
use crate::pipeline::sizes::vectors_for;
use crate::pipeline::taken;
use crate::recipe::Stage;
use crate::recipe::{Affinity, Auto, Hidden, Recipe, Rows, Scale, Scaling, System, changes};

/// What settings are worked out from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Samples and noise of a generated set unless the recipe says otherwise; a set without a meaning for noise has none.
    pub generated: Option<(usize, Option<f64>)>,
    /// Whether the samples come from a file or folder.
    pub is_file: bool,
    /// Samples loaded.
    pub samples: usize,
    /// Features of a sample.
    pub features: usize,
    /// Dimensions that the scaled features fill.
    pub filled: usize,
    /// Dimensions that the codes fill, where there are codes.
    pub filled_by_codes: Option<usize>,
    /// Clusters that the data is known to have.
    pub clusters: Option<usize>,
    /// What automatic scaling is for the data.
    pub scaling: Option<Scaling>,
    /// What an automatic scale became on the graph of the last run that asked for one.
    pub scale: Option<Scale>,
    /// Exact eigenvalues in the walk's unit, once they are known.
    pub ladder: Vec<f64>,
}

/// What training will use of what can be known before it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WorkedOut {
    /// Hidden layers.
    pub hidden: Vec<usize>,
    /// Pairs of Fourier features.
    pub fourier: usize,
    /// Pairs, or samples, in a step.
    pub batch: usize,
    /// Most steps.
    pub steps: usize,
    /// Learning rate at the start.
    pub lr: f64,
    /// Steps of the walk, where the spectrum tells.
    pub walk: Option<usize>,
    /// Columns learned beside the wanted ones, where the spectrum tells.
    pub guards: Option<usize>,
    /// Margin between classes, of a supervised system.
    pub margin: Option<f64>,
}

impl Facts {
    /// What the source alone tells.
    #[must_use]
    pub fn of(source: &Source) -> Self {
        let generated = match source {
            Source::Path(_) => None,
            Source::Named(name) => builtin().iter().find(|set| set.name == name).and_then(|set| match set.origin {
                Origin::Generated { samples, noise } => Some((samples, noise)),
                Origin::Embedded | Origin::Files => None,
            }),
        };
        Self { generated, is_file: matches!(source, Source::Path(_)), ..Self::default() }
    }

    /// The same once the data is loaded, whose scaled features fill so many dimensions.
    pub(crate) fn loaded(&mut self, data: &Dataset, filled: usize) {
        (self.samples, self.features) = (data.len(), data.dim());
        self.filled = filled;
        self.clusters = data.clusters;
    }

    /// Samples that a run of `recipe` has.
    fn samples_with(&self, recipe: &Recipe) -> usize {
        let all = self.generated.map_or(self.samples, |(samples, _)| recipe.samples.unwrap_or_else(|| samples));
        if recipe.limit > 0 { all.min(recipe.limit) } else { all }
    }

    /// Dimensions that what the network reads fills. Codes that are not there yet are taken to fill their width.
    fn filled_with(&self, recipe: &Recipe) -> usize {
        if !recipe.has_codes() {
            return self.filled;
        }
        let last = match &recipe.encoder {
            Hidden::Auto => None,
            Hidden::Layers(layers) => layers.last().copied(),
        };
        let latent = recipe.latent.set().filter(|_| recipe.system == System::DualAutoencoder);
        let width = latent.or(last).unwrap_or(10);
        self.filled_by_codes.map_or(width, |filled| filled.min(width))
    }

    /// What training with `recipe` will use. `found` is the number of clusters that a run took where neither recipe nor data says one.
    /// Numbers that make no sense are given back as they are.
    #[must_use]
    pub fn worked_out(&self, recipe: &Recipe, found: Option<usize>) -> WorkedOut {
        let n = self.samples_with(recipe);
        if recipe.system.is_supervised() {
            return supervised_worked_out(recipe, n, self.features);
        }
        let clusters = recipe.clusters.set().or(self.clusters).or(found);
        let k = recipe.eigenvectors.set().or(clusters.map(|c| vectors_for(recipe, c, n))).unwrap_or(2);
        let known = !recipe.exact || !self.ladder.is_empty();
        let ladder = if recipe.exact { &self.ladder[..] } else { &[] };
        // A head that was trained with the codes brings its outputs with it.
        let dual = recipe.system == System::DualAutoencoder;
        let guards = if dual { 0 } else { guards(recipe, n, k, ladder) };
        let next = ladder.get(k + guards).copied();
        let Settings { hidden, fourier, batch, steps, lr, walk, .. } =
            Settings::worked_out(recipe, n, self.filled_with(recipe), k, next);
        WorkedOut { hidden, fourier, batch, steps, lr, walk, guards: known.then_some(guards), margin: None }
    }

    /// The recipe with every `auto` that these facts settle replaced by what it comes to, and every setting that has no say in its run at
    /// its default: two recipes that mean the same become equal.
    #[must_use]
    pub fn settled(&self, recipe: &Recipe) -> Recipe {
        let mut settled = self.settled_data(recipe);
        let clusters = recipe.clusters.set().or(self.clusters);
        settled.clusters = clusters.map_or(Auto::Auto, Auto::Set);
        let WorkedOut { hidden, fourier, batch, steps, lr, walk, guards, margin } = self.worked_out(recipe, None);
        // Before the samples are counted nothing is known of the network.
        if self.samples > 0 {
            settled.hidden = Hidden::Layers(hidden);
            settled.fourier = Auto::Set(fourier);
            settled.batch = Auto::Set(batch);
            settled.steps = Auto::Set(steps);
            settled.lr = Auto::Set(lr);
        }
        let defaults = Recipe::default();
        if let Some(margin) = margin {
            settled.margin = Auto::Set(margin);
            return without_graph(settled, defaults);
        }
        if let Some(guards) = guards.filter(|_| self.samples > 0) {
            settled.guards = Auto::Set(guards);
            if let Some(clusters) = clusters {
                let n = self.samples_with(recipe);
                let k = recipe.eigenvectors.unwrap_or_else(|| vectors_for(recipe, clusters, n));
                settled.eigenvectors = Auto::Set(k);
            }
        }
        if let (Some(walk), true) = (walk, recipe.exact) {
            settled.walk = Auto::Set(walk);
        }
        settled.neighbors = Auto::Set(recipe.neighbors_in_use());
        settled.scale = self.scale_in_use(recipe);
        settled.rows = self.rows_in_use(&settled);
        settled.refine = Auto::Set(recipe.refine_in_use());
        if !settled.rows.diffuse() {
            settled.diffusion_time = Auto::Auto;
        }
        if recipe.affinity_file.is_some() {
            settled.neighbors = defaults.neighbors;
            (settled.scale, settled.scale_neighbor) = (defaults.scale, defaults.scale_neighbor);
        }
        if recipe.affinity == Affinity::Binary {
            (settled.scale, settled.scale_neighbor) = (defaults.scale, defaults.scale_neighbor);
        }
        (settled.embedding, settled.held_out, settled.classes) =
            (defaults.embedding, defaults.held_out, defaults.classes);
        (settled.margin, settled.inference) = (defaults.margin, defaults.inference);
        (settled.validate, settled.centre) = (defaults.validate, defaults.centre);
        self.settled_codes(settled)
    }

    /// The scale of the Gaussian, as far as it is known.
    fn scale_in_use(&self, recipe: &Recipe) -> Scale {
        let weighted = recipe.affinity != Affinity::Binary && recipe.affinity_file.is_none();
        match recipe.scale {
            Scale::Auto if !weighted => Scale::Auto,
            Scale::Auto if recipe.has_codes() || recipe.affinity == Affinity::Siamese => Scale::Auto.between_codes(),
            Scale::Auto => self.scale.unwrap_or_default(),
            given => given,
        }
    }

    /// The rows for k-means, as far as they are known, of a recipe whose scale is settled.
    fn rows_in_use(&self, settled: &Recipe) -> Rows {
        let scaling = if settled.scaling == Scaling::Auto { self.scaling } else { Some(settled.scaling) };
        match settled.rows {
            Rows::Auto if settled.has_codes() => settled.rows_in_use(),
            Rows::Auto if settled.scale == Scale::Auto && settled.affinity != Affinity::Binary => Rows::Auto,
            Rows::Auto => taken::rows(scaling == Some(Scaling::Unit), settled.scale),
            given => given,
        }
    }

    /// Settings of the data.
    fn settled_data(&self, recipe: &Recipe) -> Recipe {
        let mut settled = recipe.clone();
        let defaults = Recipe::default();
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
        if !self.is_file {
            (settled.missing, settled.text) = (defaults.missing, defaults.text);
            if recipe.label_column != "none" {
                settled.label_column = defaults.label_column;
            }
        }
        settled
    }

    /// Settings of the networks before the spectral one.
    fn settled_codes(&self, mut settled: Recipe) -> Recipe {
        let dual = settled.system == System::DualAutoencoder;
        if dual {
            settled.represent = Recipe::default().represent;
        }
        if settled.has_codes() {
            settled.encoder_lr = Auto::Set(settled.encoder_lr_in_use());
            settled.distortion = Auto::Set(settled.distortion_in_use());
            if self.samples > 0 {
                let steps = if dual { dual::steps } else { autoencoder::steps };
                settled.encoder_steps = Auto::Set(settled.encoder_steps.unwrap_or_else(|| steps(self.samples)));
            }
            if !dual {
                settled.encoder = Hidden::Layers(autoencoder::layers(&settled));
            }
        }
        if settled.affinity == Affinity::Siamese && settled.affinity_file.is_none() {
            settled.siamese = Hidden::Layers(siamese::layers(&settled));
            if self.samples > 0 {
                let steps = settled.siamese_steps.unwrap_or_else(|| siamese::steps(self.samples));
                settled.siamese_steps = Auto::Set(steps);
            }
        }
        settled
    }

    /// The stages whose result no longer holds once `old` becomes `new`, by what the settings mean and not by how they are written.
    #[must_use]
    pub fn stages_redone(&self, old: &Recipe, new: &Recipe) -> Vec<Stage> {
        changes::stages_redone(&self.settled(old), &self.settled(new))
    }
}

/// What a supervised training will use on `n` samples of `d` features.
fn supervised_worked_out(recipe: &Recipe, n: usize, d: usize) -> WorkedOut {
    // Outputs and classes of a batch hang on what is held out, which is not asked about here.
    let supervised::Settings { hidden, steps, lr, margin, .. } = supervised::Settings::worked_out(recipe, n, d, 2);
    let (batch, fourier) = (supervised::batch(recipe), supervised::waves(recipe));
    WorkedOut { hidden, fourier, batch, steps, lr, margin: Some(margin), ..WorkedOut::default() }
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

/// What a supervised system never asks for, at its default.
fn without_graph(settled: Recipe, defaults: Recipe) -> Recipe {
    let Recipe { seed, device, system, clusters, samples, noise, limit, memory, .. } = settled;
    let Recipe { label_column, missing, text, scaling, data_dir, starts, learn, hidden, fourier, .. } = settled;
    let Recipe { frequency, activation, batch, steps, lr, .. } = settled;
    let Recipe { embedding, held_out, validate, classes, margin, inference, centre, .. } = settled;
    Recipe {
        seed,
        device,
        system,
        clusters,
        samples,
        noise,
        limit,
        memory,
        label_column,
        missing,
        text,
        scaling,
        data_dir,
        starts,
        learn,
        hidden,
        fourier,
        frequency,
        activation,
        batch,
        steps,
        lr,
        embedding,
        held_out,
        validate,
        classes,
        margin,
        inference,
        centre,
        ..defaults
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Separate;

    fn facts(filled: usize) -> Facts {
        let mut facts = Facts::of(&Source::Named("moons".to_owned()));
        (facts.samples, facts.features, facts.filled, facts.clusters) = (7000, 2, filled, Some(2));
        facts.ladder = vec![0.0, 0.0003, 0.002, 0.004, 0.007];
        (facts.scaling, facts.scale) = (Some(Scaling::Standardize), Some(Scale::Robust));
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
        let worked_out = facts.worked_out(&Recipe::default(), None);
        let WorkedOut { steps, batch, fourier, walk, guards, .. } = worked_out;
        assert_eq!((steps, batch, fourier, guards), (200, 256, 64, Some(0)));
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
            r.batch = Auto::Set(batch);
            r.fourier = Auto::Set(fourier);
            r.hidden = Hidden::Layers(vec![64, 64]);
            r.lr = Auto::Set(0.01);
            r.walk = Auto::Set(walk.expect("the spectrum is known"));
            r.guards = Auto::Set(0);
        });
        assert_eq!(same, []);
        assert!(redone(&facts, |r| r.neighbors = Auto::Set(16)).contains(&Stage::Neighbours));
        assert!(redone(&facts, |r| r.samples = Auto::Set(6999)).contains(&Stage::Load));
        assert!(redone(&facts, |r| r.scaling = Scaling::Unit).contains(&Stage::Load));
        assert!(redone(&facts, |r| r.scale = Scale::Local).contains(&Stage::Affinity));
        assert_eq!(redone(&facts, |r| r.rows = Rows::AsIs), [Stage::Clusters], "one width takes directions");
        let unknown = Facts { scale: None, ..facts.clone() };
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
        let dscl = Recipe { system: System::Dscl, ..Recipe::default() };
        let other = Recipe { neighbors: Auto::Set(99), exact: false, separate: Separate::Off, ..dscl.clone() };
        assert_eq!(facts.stages_redone(&dscl, &other), []);
        assert!(facts.stages_redone(&dscl, &Recipe { margin: Auto::Set(9.0), ..dscl.clone() }).contains(&Stage::Learn));
    }

    #[test]
    fn sharp_vectors_train_longer_and_the_panels_know() {
        let facts = facts(2);
        let sharp = Recipe { eigenvectors: Auto::Set(2), ..Recipe::default() };
        assert_eq!((facts.worked_out(&sharp, None).steps, facts.worked_out(&sharp, None).batch), (800, 1024));
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
