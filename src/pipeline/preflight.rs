//! What a run would fail at later, looked for once the data is there and before anything is computed or shown.

use super::estimate;
use super::run::Run;
use super::stages::{self, Loaded};
use crate::data::Dataset;
use crate::graph;
use crate::learn::supervised::Split;
use crate::recipe::{Affinity, Recipe, Scale, Settings};
use crate::support::language::counted;
use crate::{Error, Result};

/// Whether the recipe can be followed on the data that was loaded; takes in what else the data tells the settings.
///
/// # Errors
/// [`Error::Setting`] naming the flag to turn, or what the data lacks; [`Error::Io`] for a file that is not there.
pub(super) fn check(run: &mut Run<'_>, loaded: &Loaded) -> Result<()> {
    let (recipe, data) = (&run.job.recipe, &loaded.data);
    if recipe.system.is_supervised() {
        let taught = supervised(recipe, data)?;
        run.find(|facts| facts.classes_taught = taught);
        return run.settings().map(drop);
    }
    let distinct = distinct_rows(recipe, data);
    let without_copies = data.features.without_copies();
    run.find(|facts| (facts.distinct, facts.without_copies) = (distinct, without_copies));
    let settings = run.settings()?;
    estimate::check(recipe, &run.facts, &settings)?;
    graph(recipe, &settings, data)
}

/// Distinct rows, where they are fewer than the clusters asked for.
fn distinct_rows(recipe: &Recipe, data: &Dataset) -> Option<usize> {
    let wanted = recipe.clusters.set().or(data.clusters).filter(|&wanted| wanted <= data.len())?;
    Some(data.features.distinct_rows(wanted)).filter(|&distinct| distinct < wanted)
}

/// Whether there can be such a graph.
fn graph(recipe: &Recipe, settings: &Settings, data: &Dataset) -> Result<()> {
    let n = data.len();
    stages::hints(data, recipe)?;
    if let Some(path) = &recipe.affinity_file {
        return std::fs::metadata(path).map(drop).map_err(Error::io("read", path));
    }
    if data.features.distinct_rows(2) < 2 {
        let text =
            format!("all {} have the same features, so there is nothing to tell them apart by", counted(n, "row"));
        return Err(Error::Data(text));
    }
    let k = settings.neighbors;
    graph::enough_for(k, n)?;
    if recipe.affinity != Affinity::Binary && !matches!(recipe.scale, Scale::Fixed(_)) {
        graph::can_scale(recipe.scale_neighbor, k)?;
    }
    Ok(())
}

/// Whether a supervised system can learn from this data, and from how many classes.
///
/// # Errors
/// [`Error::Setting`] naming the flag whose value makes no sense, [`Error::Data`] where labels are missing.
fn supervised(recipe: &Recipe, data: &Dataset) -> Result<Option<usize>> {
    if !recipe.learn {
        return Err(Error::Setting(
            "a supervised --system has a learned side alone, and --no-learn leaves nothing to do".to_owned(),
        ));
    }
    let split = Split::new(data, recipe)?;
    let Some(labels) = &data.labels else { return Ok(None) };
    let (clusters, n) = (recipe.clusters.set().unwrap_or(labels.names.len()), data.len());
    if clusters == 0 || clusters > n {
        return Err(Error::Setting(format!("--clusters {clusters} is outside 1 to {n}, the number of samples")));
    }
    Ok(Some(split.classes_taught(labels)))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::data::Source;
    use crate::pipeline::cache::Cached;
    use crate::pipeline::run::Recorder;
    use crate::pipeline::{Job, Unheard, stages};
    use crate::recipe::{Auto, Facts, Represent, System};
    use crate::support::progress::Control;

    /// What is said of moons before anything is computed.
    fn opened(recipe: &Recipe) -> Result<()> {
        let job = Job { source: Source::Named("moons".to_owned()), recipe: recipe.clone() };
        let (control, recorder, serial) = (Control::new(), Recorder::new(&Unheard), Cell::new(0));
        let mut run = Run::new(&job, &control, &recorder, false, (Facts::of(&job.source), &serial));
        let loaded = stages::load(&mut Cached::default(), &mut run)?;
        check(&mut run, &loaded)
    }

    #[test]
    fn what_cannot_be_is_named_before_anything_is_computed() {
        let small = Recipe { samples: Auto::Set(178), ..Recipe::default() };
        let refused = |flag: &str, change: &dyn Fn(&mut Recipe)| {
            let mut recipe = small.clone();
            change(&mut recipe);
            let error = opened(&recipe).expect_err(flag).to_string();
            assert!(error.contains(flag), "{flag}: {error}");
        };
        refused("--neighbors 500", &|r| r.neighbors = Auto::Set(500));
        refused("--clusters", &|r| r.clusters = Auto::Set(200));
        refused("--eigenvectors", &|r| r.eigenvectors = Auto::Set(178));
        refused("--scale-neighbor", &|r| r.scale_neighbor = 40);
        refused("--siamese-neighbors", &|r| (r.affinity, r.siamese_neighbors) = (Affinity::Siamese, 178));
        refused("--encoder-lr", &|r| (r.represent, r.encoder_lr) = (Represent::Autoencoder, Auto::Set(0.0)));
        refused("--prior-weight", &|r| (r.system, r.prior_weight) = (System::DualAutoencoder, -1.0));
        refused("--lr", &|r| r.lr = Auto::Set(0.0));
        refused("--starts", &|r| r.starts = 0);
        refused("--held-out", &|r| (r.system, r.held_out) = (System::Dscl, Auto::Set(2.0)));
        refused("no-such.mtx", &|r| r.affinity_file = Some("no-such.mtx".into()));
        assert!(opened(&small).is_ok());
    }
}
