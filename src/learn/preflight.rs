//! What a run would fail at later, looked for once the data is there and before anything is computed or shown.

use super::need;
use super::settings::Settings;
use super::sizes::Sizes;
use super::{dual, metric, represent, supervised};
use crate::data::Dataset;
use crate::graph::{self, Hints};
use crate::recipe::{Affinity, Auto, Recipe, Represent, Scale, System};
use crate::{Error, Result};

/// Whether the recipe can be followed on this data, `d` numbers a sample.
///
/// # Errors
/// [`Error::Setting`] naming the flag to turn, or what the data lacks; [`Error::Io`] for a file that is not there.
pub(super) fn check(recipe: &Recipe, data: &Dataset, d: usize) -> Result<()> {
    if recipe.starts == 0 {
        return Err(Error::Setting("--starts 0: k-means needs at least 1 start".to_owned()));
    }
    if recipe.system.is_supervised() {
        return supervised::check(recipe, data, d);
    }
    let n = data.len();
    let sizes = Sizes::new(recipe, data)?;
    need::check(recipe, (n, d), &sizes)?;
    graph(recipe, data)?;
    match (recipe.system, recipe.represent) {
        (System::DualAutoencoder, _) => dual::check(recipe, sizes.clusters)?,
        (_, Represent::Autoencoder) => represent::check(recipe)?,
        (_, Represent::None) => {}
    }
    if recipe.learn {
        // What `auto` means hangs on codes that are not there yet, and always fits.
        let batch = recipe.batch.set().map_or(Auto::Set(2), Auto::Set);
        Settings::resolve(&Recipe { batch, ..recipe.clone() }, n, d, sizes.vectors.unwrap_or(2), None)?;
    }
    Ok(())
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
        metric::check(recipe, n)?;
    }
    if recipe.affinity != Affinity::Binary && !matches!(recipe.scale, Scale::Fixed(_)) {
        graph::can_scale(recipe.scale_neighbor, k)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Recipe;
    use crate::data::{Source, load};
    use crate::progress::Progress;

    #[test]
    fn what_cannot_be_is_named_before_anything_is_computed() {
        let small = Recipe { samples: Auto::Set(178), ..Recipe::default() };
        let data = load(&Source::Named("moons".to_owned()), &small, &Progress::silent()).expect("a built-in set");
        let refused = |flag: &str, change: &dyn Fn(&mut Recipe)| {
            let mut recipe = small.clone();
            change(&mut recipe);
            let error = check(&recipe, &data, 2).expect_err(flag).to_string();
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
