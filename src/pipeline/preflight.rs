//! What a run would fail at later, looked for once the data is there and before anything is computed or shown.

use crate::data::Dataset;
use crate::graph::{self, Hints};
use crate::learn::spectralnet::settings::Settings;
use crate::learn::{autoencoder, dual, siamese, supervised};
use crate::pipeline::estimate;
use crate::pipeline::sizes::Sizes;
use crate::recipe::{Affinity, Auto, Recipe, Represent, Scale, System};
use crate::{Error, Result};

/// Whether the recipe can be followed on this data, `d` numbers a sample, and how many clusters and vectors there are; a supervised system
/// has classes instead.
///
/// # Errors
/// [`Error::Setting`] naming the flag to turn, or what the data lacks; [`Error::Io`] for a file that is not there.
pub(crate) fn check(recipe: &Recipe, data: &Dataset, d: usize) -> Result<Option<Sizes>> {
    if recipe.starts == 0 {
        return Err(Error::Setting("--starts 0: k-means needs at least 1 start".to_owned()));
    }
    if recipe.system.is_supervised() {
        return supervised_check(recipe, data, d).map(|()| None);
    }
    let n = data.len();
    let sizes = Sizes::new(recipe, data)?;
    estimate::check(recipe, (n, d), &sizes)?;
    graph(recipe, data)?;
    match (recipe.system, recipe.represent) {
        (System::DualAutoencoder, _) => dual::check(recipe, sizes.clusters)?,
        (_, Represent::Autoencoder) => autoencoder::check(recipe)?,
        (_, Represent::None) => {}
    }
    if recipe.learn {
        // What `auto` means hangs on codes that are not there yet, and always fits.
        let batch = recipe.batch.set().map_or(Auto::Set(2), Auto::Set);
        Settings::resolve(&Recipe { batch, ..recipe.clone() }, n, d, sizes.vectors.unwrap_or(2), None)?;
    }
    Ok(Some(sizes))
}

/// Whether there can be such a graph.
fn graph(recipe: &Recipe, data: &Dataset) -> Result<()> {
    let n = data.len();
    Hints::draw(data.labels.as_ref(), n, recipe.labelled, recipe.seed)?;
    if let Some(path) = &recipe.affinity_file {
        return std::fs::metadata(path).map(drop).map_err(Error::io("read", path));
    }
    let k = recipe.neighbors_in_use();
    graph::enough_for(k, n)?;
    if recipe.affinity == Affinity::Siamese {
        siamese::check(recipe, n)?;
    }
    if recipe.affinity != Affinity::Binary && !matches!(recipe.scale, Scale::Fixed(_)) {
        graph::can_scale(recipe.scale_neighbor, k)?;
    }
    Ok(())
}

/// Whether a supervised system can be trained so on this data, `d` numbers a sample.
///
/// # Errors
/// [`Error::Setting`] naming the flag whose value makes no sense, [`Error::Data`] where labels are missing.
fn supervised_check(recipe: &Recipe, data: &Dataset, d: usize) -> Result<()> {
    if !recipe.learn {
        return Err(Error::Setting(
            "a supervised --system has a learned side alone, and --no-learn leaves nothing to do".to_owned(),
        ));
    }
    let split = supervised::Split::new(data, recipe)?;
    let Some(labels) = &data.labels else { return Ok(()) };
    let (clusters, n) = (recipe.clusters.set().unwrap_or(labels.names.len()), data.len());
    if clusters == 0 || clusters > n {
        return Err(Error::Setting(format!("--clusters {clusters} is outside 1 to {n}, the number of samples")));
    }
    supervised::Settings::resolve(recipe, n, d, split.classes_taught(labels)).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Recipe;
    use crate::data::{Source, load};
    use crate::support::progress::Progress;

    #[test]
    fn what_cannot_be_is_named_before_anything_is_computed() {
        let small = Recipe { samples: Auto::Set(178), ..Recipe::default() };
        let data = load(&Source::Named("moons".to_owned()), &small, &Progress::silent()).expect("a built-in set");
        let refused = |flag: &str, change: &dyn Fn(&mut Recipe)| {
            let mut recipe = small.clone();
            change(&mut recipe);
            let error = check(&recipe, &data, 2).err().expect(flag).to_string();
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
        assert!(check(&small, &data, 2).is_ok());
    }
}
