//! How many clusters, eigenvectors and neighbours there are, how wide the Gaussian is, and which rows k-means sees.

use serde::Serialize;

use super::super::{Affinity, Distance, Recipe, Represent, Rows, Scale, Scaling, System};
use super::{Facts, Settings, wrong};
use crate::support::error::Remedy;
use crate::support::language::{are, counted};
use crate::{Error, Result};

/// Eigenvectors for each cluster that `auto` takes beyond the number of clusters between codes: clusters have parts of their own there,
/// whose eigenvalues mix with those between the clusters.
const PARTS_A_CLUSTER: f64 = 1.4;
/// The same for all clusters of the dual autoencoder, whose head draws the parts together, so that few are left.
const PARTS_OF_DUAL: usize = 2;
/// Epochs of self-training where they are automatic, and how many samples the classifier sees before these are the fewest that do: of fewer
/// samples it has too few steps to learn anything else than their clusters' mistakes.
const EPOCHS: std::ops::RangeInclusive<usize> = 8..=28;
const SEEN: usize = 280_000;
/// Fewer samples than this teach a classifier nothing.
pub const LEAST_TAUGHT: usize = 100;
/// Rounds of `--refine` between codes; most graphs need fewer.
const ROUNDS: usize = 20;
/// Neighbours between features, and between codes, which carry less noise.
const NEIGHBORS: usize = 15;
const NEIGHBORS_OF_CODES: usize = 30;
/// The same at most between rows of length 1, as the paper takes for texts: few neighbours follow the same few near copies of one story ...
const NEIGHBORS_OF_UNITS: usize = 30;
/// ... and at most one in so many samples, so that small clusters are not joined to others.
const ONE_IN: usize = 30;
/// Between few samples of at most [`FLAT`] features the usual number would reach across gaps: one in so many samples there, and this many at
/// least.
const ONE_IN_FLAT: usize = 20;
const FLAT: usize = 3;
const NEIGHBORS_OF_FEW: usize = 6;
/// The same where rows are copies of others, as rounding makes them: places on a grid have neighbours in shells, eight in a plane, and fewer would
/// be any of them.
const NEIGHBORS_OF_PLACES: usize = 10;
/// No more than a third of the samples are neighbours, so that a graph of very few does not join all to all, but this many where there are.
const LEAST_OF_ALL: usize = 5;
/// Clusters of a table from which k-means sees directions in many dimensions too: there are rays enough to mix up.
const MANY: usize = 4;
/// Exact eigenvalues shown beyond those in use, for the eigengap and the spectrum.
pub const BEYOND: usize = 4;
/// Eigenvalues looked at when the eigengap decides the number of clusters, and between codes, where clusters have eigenvectors of their own
/// besides.
pub const GAP_SEARCH: usize = 40;
const GAP_SEARCH_OF_CODES: usize = 24;

/// How an eigenspace becomes clusters.
#[derive(Clone, Debug, PartialEq)]
pub struct Grouping {
    /// Rows for k-means; `auto` until the scale is known.
    pub rows: Rows,
    /// The diffusion time, where one is given.
    pub diffusion_time: Option<f64>,
    /// Starts of k-means.
    pub starts: usize,
    /// Rounds in which samples move along the graph.
    pub refine: usize,
    /// The seed of the starts.
    pub seed: u64,
}

/// One automatic setting as the run has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// Its flag without dashes.
    pub setting: &'static str,
    /// The value in use, as the flag takes it.
    pub value: String,
    /// Why, in a few words.
    pub reason: String,
}

/// How many of everything there are.
pub(super) struct Sizes {
    pub(super) clusters: Option<usize>,
    pub(super) note: Option<String>,
    pub(super) vectors: Option<usize>,
    pub(super) eigenvalues: usize,
}

/// Clusters and eigenvectors, as far as recipe, data or spectrum tell.
pub(super) fn sizes(recipe: &Recipe, facts: &Facts) -> Sizes {
    let n = facts.samples_with(recipe);
    let told = recipe.clusters.set().or(facts.clusters);
    let note = fewer_rows(recipe, facts, n);
    let clusters = match (told, facts.distinct) {
        (Some(wanted), Some(distinct)) if distinct < wanted => Some(distinct),
        (told, _) => told.or(facts.found),
    };
    let vectors = match (recipe.eigenvectors.set(), told.and(clusters), facts.found) {
        (Some(given), ..) => Some(given),
        (None, Some(clusters), _) => Some(eigenvectors(recipe, clusters).min(n.saturating_sub(1)).max(clusters)),
        (None, None, Some(found)) => Some(eigenvectors(recipe, found).min(facts.spectrum.len())),
        (None, None, None) => None,
    };
    let before = if told.is_none() && recipe.eigenvectors.set().is_none() { None } else { vectors };
    let searched = if recipe.has_codes() { GAP_SEARCH_OF_CODES } else { GAP_SEARCH };
    let most = before.map_or(eigenvectors(recipe, searched), |k| k + BEYOND);
    let eigenvalues = most.max(if told.is_none() { searched } else { 0 }).min(n.saturating_sub(1));
    Sizes { clusters, note, vectors, eigenvalues }
}

/// What `--eigenvectors` means for so many clusters.
fn eigenvectors(recipe: &Recipe, clusters: usize) -> usize {
    let parts = match (recipe.system, recipe.represent) {
        (System::DualAutoencoder, _) => PARTS_OF_DUAL,
        (_, Represent::None) => 0,
        (_, Represent::Autoencoder) => (PARTS_A_CLUSTER * clusters as f64).ceil() as usize,
    };
    recipe.eigenvectors.unwrap_or_else(|| clusters + parts)
}

/// Equal rows belong together, so that there cannot be more clusters than distinct ones.
fn fewer_rows(recipe: &Recipe, facts: &Facts, n: usize) -> Option<String> {
    let (classes, distinct) = (facts.clusters?, facts.distinct?);
    if recipe.clusters.set().is_some() || distinct >= classes {
        return None;
    }
    let (clusters, rows) = (counted(distinct, "cluster"), counted(distinct, "distinct one"));
    Some(format!(
        "{clusters}, though there are {classes} classes: the {n} rows hold only {rows}, and equal rows belong to one cluster"
    ))
}

/// What an automatic distance is, and why; nothing for one that was given or where no neighbours are looked for.
pub(super) fn distance(recipe: &Recipe, facts: &Facts) -> Option<Taken> {
    if recipe.distance != Distance::Auto || recipe.affinity_file.is_some() {
        return None;
    }
    let reason = if scaling(recipe, facts)?.has_directions() && !recipe.has_codes() {
        "between rows of length 1 it has the neighbours of cosine"
    } else {
        "columns are on one scale"
    };
    Some(Taken { setting: "distance", value: name(Distance::Euclidean), reason: reason.to_owned() })
}

/// How columns are scaled, where that is known.
fn scaling(recipe: &Recipe, facts: &Facts) -> Option<Scaling> {
    if recipe.scaling == Scaling::Auto { facts.scaling } else { Some(recipe.scaling) }
}

/// What `--neighbors` means, and why where it is not the usual number.
pub(super) fn neighbors(recipe: &Recipe, facts: &Facts) -> (usize, Option<String>) {
    if let Some(given) = recipe.neighbors.set() {
        return (given, None);
    }
    let samples = facts.samples_with(recipe);
    if !recipe.has_codes() && scaling(recipe, facts).is_some_and(Scaling::has_directions) {
        let more = (samples / ONE_IN).min(NEIGHBORS_OF_UNITS);
        if more > NEIGHBORS {
            return (
                more,
                Some("rows of length 1 have near copies, which few neighbours would leave by themselves".to_owned()),
            );
        }
    }
    let usual = if recipe.has_codes() { NEIGHBORS_OF_CODES } else { NEIGHBORS };
    if samples < 2 || recipe.affinity_file.is_some() {
        return (usual, None);
    }
    if recipe.has_codes() || recipe.affinity == Affinity::Siamese {
        return if samples > usual { (usual, None) } else { (samples - 1, Some(few(samples))) };
    }
    // Copies of a row are one neighbour.
    let samples = facts.without_copies.map_or(samples, |distinct| distinct.clamp(2, samples));
    let a_third = (samples / 3).max(LEAST_OF_ALL).min(samples - 1);
    let flat = (1..=FLAT).contains(&facts.filled);
    let least = if facts.without_copies.is_some() { NEIGHBORS_OF_PLACES } else { NEIGHBORS_OF_FEW };
    let usual = if flat { (samples / ONE_IN_FLAT).clamp(least, usual) } else { usual };
    let taken = a_third.min(usual);
    (taken, (taken < NEIGHBORS).then(|| few(samples)))
}

/// Why there are fewer neighbours than usual.
fn few(samples: usize) -> String {
    format!("there are only {samples} different samples")
}

/// Whether edges are weighted by a Gaussian.
fn is_weighted(recipe: &Recipe) -> bool {
    recipe.affinity != Affinity::Binary && recipe.affinity_file.is_none()
}

/// The width of the Gaussian as far as it is known, and why where it was automatic.
pub(super) fn scale(recipe: &Recipe, facts: &Facts) -> (Scale, Option<String>) {
    if recipe.scale != Scale::Auto || !is_weighted(recipe) {
        return (recipe.scale, None);
    }
    if recipe.has_codes() || recipe.affinity == Affinity::Siamese {
        return (recipe.scale.between_codes(), Some("between learned places".to_owned()));
    }
    match facts.dimensions {
        Some(dimensions) => {
            let reason = format!("neighbours' distances fill {dimensions:.1} dimensions");
            (recipe.scale.resolve(dimensions), Some(reason))
        }
        None => (Scale::Auto, None),
    }
}

/// How an eigenspace becomes clusters where the Gaussian has this width, and why its rows are so where they were automatic.
pub(super) fn grouping(
    recipe: &Recipe,
    facts: &Facts,
    (scale, clusters): (Scale, Option<usize>),
) -> (Grouping, Option<Taken>) {
    let (rows, reason) = rows(recipe, facts, scale, clusters);
    let taken = reason.map(|reason| Taken { setting: "rows", value: name(rows), reason: reason.to_owned() });
    let grouping = Grouping {
        rows,
        diffusion_time: recipe.diffusion_time.set(),
        starts: recipe.starts,
        refine: recipe.refine.unwrap_or_else(|| if recipe.has_codes() { ROUNDS } else { 0 }),
        seed: recipe.seed,
    };
    (grouping, taken)
}

/// Epochs of self-training. It was seen to help where pictures are distorted and the graph lies between codes, and is left alone elsewhere.
pub(super) fn self_training(recipe: &Recipe, facts: &Facts) -> usize {
    if recipe.system.is_supervised() {
        return 0;
    }
    let automatic = || {
        let samples = facts.samples_with(recipe);
        let helps = facts.pictures && recipe.has_codes() && samples >= LEAST_TAUGHT;
        if helps { (SEEN / samples).clamp(*EPOCHS.start(), *EPOCHS.end()) } else { 0 }
    };
    recipe.self_training.unwrap_or_else(automatic)
}

/// Rows for k-means. Between few wide gaps rows lie on rays, far out where a cluster is small or thin: k-means sees their directions better.
fn rows(recipe: &Recipe, facts: &Facts, scale: Scale, clusters: Option<usize>) -> (Rows, Option<&'static str>) {
    if recipe.rows != Rows::Auto {
        return (recipe.rows, None);
    }
    if recipe.system == System::DualAutoencoder {
        return (Rows::Normalized, Some("between codes"));
    }
    if recipe.has_codes() {
        return (Rows::DiffusionNormalized, Some("between codes"));
    }
    let scaling = scaling(recipe, facts);
    if scaling.is_some_and(Scaling::has_directions) {
        return (Rows::Normalized, Some("rows of the data are directions too"));
    }
    let is_table = matches!(scaling, Some(Scaling::Standardize | Scaling::Mixed));
    match (scale, clusters) {
        (Scale::Robust, _) => (Rows::Normalized, Some("one width parts clusters by wide gaps")),
        (Scale::Auto, _) if is_weighted(recipe) => (Rows::Auto, None),
        (Scale::RobustLocal, None) if is_table => (Rows::Auto, None),
        (Scale::RobustLocal, Some(MANY..)) if is_table => (Rows::Normalized, Some("rows of many clusters lie on rays")),
        _ => (Rows::AsIs, Some("eigenvectors as the solvers have them")),
    }
}

/// A choice as its flag takes it.
pub(crate) fn name(choice: impl clap::ValueEnum) -> String {
    choice.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
}

/// Whether so many clusters and eigenvectors can be.
pub(super) fn check(recipe: &Recipe, facts: &Facts, settings: &Settings) -> Result<()> {
    let n = facts.samples_with(recipe);
    if recipe.starts == 0 {
        return wrong("--starts 0: k-means needs at least 1 start".to_owned());
    }
    let wanted = recipe.clusters.set().or(facts.clusters);
    if let Some(wanted) = wanted.filter(|&wanted| wanted == 0 || wanted > n) {
        return wrong(format!("--clusters {wanted} is outside 1 to {n}, the number of samples"));
    }
    if let (Some(wanted), Some(distinct)) = (recipe.clusters.set(), facts.distinct)
        && distinct < wanted
    {
        let rows = counted(distinct, "distinct one");
        return wrong(format!(
            "--clusters {wanted}: the {n} rows hold only {rows}, and equal rows belong to one cluster; ask for {distinct} at most"
        ));
    }
    if let Some(k) = settings.vectors
        && (k == 0 || k >= n)
        && facts.found.is_none()
    {
        return wrong(format!(
            "--eigenvectors or --clusters is too high: {} want more than {}, and there {} {n}",
            counted(k, "eigenvector"),
            counted(k, "sample"),
            are(n)
        ));
    }
    if settings.clusters.is_none() && !recipe.exact {
        return Err(Error::Setting("the number of clusters is not known: give --clusters".to_owned()).or(Remedy::set(
            "exact",
            true,
            "finds the eigengap",
            "Find the eigengap",
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Auto;

    fn taken(samples: usize, filled: usize, without_copies: Option<usize>) -> usize {
        let facts = Facts { samples, filled, without_copies, ..Facts::default() };
        neighbors(&Recipe::default(), &facts).0
    }

    #[test]
    fn few_samples_have_few_neighbours() {
        assert_eq!([1000, 300, 200, 80, 30].map(|n| taken(n, 2, None)), [15, 15, 10, 6, 6], "flat");
        assert_eq!([1000, 200, 45, 30, 12, 4, 2].map(|n| taken(n, 9, None)), [15, 15, 15, 10, 5, 3, 1]);
        assert_eq!((taken(500, 9, Some(24)), taken(500, 9, Some(1)), taken(500, 2, Some(200))), (8, 1, 10), "copies");
        assert_eq!((taken(236, 3, Some(71)), taken(140, 2, Some(26))), (10, 8), "places on a grid");
        let facts = Facts { samples: 80, filled: 2, ..Facts::default() };
        let given = Recipe { neighbors: Auto::Set(12), ..Recipe::default() };
        assert_eq!(neighbors(&given, &facts), (12, None));
        let (few, why) = neighbors(&Recipe::default(), &facts);
        assert!(few == 6 && why.is_some_and(|why| why.contains("80")));
        let codes = Recipe { represent: Represent::Autoencoder, ..Recipe::default() };
        assert_eq!(neighbors(&codes, &facts).0, NEIGHBORS_OF_CODES);
    }

    #[test]
    fn a_classifier_sees_few_pictures_more_often() {
        let epochs = |samples: usize, pictures: bool, represent: Represent| {
            let facts = Facts { samples, pictures, ..Facts::default() };
            self_training(&Recipe { represent, ..Recipe::default() }, &facts)
        };
        let codes = Represent::Autoencoder;
        assert_eq!([99, 1_797, 10_000, 20_000, 70_000].map(|n| epochs(n, true, codes)), [0, 28, 28, 14, 8]);
        assert_eq!([epochs(10_000, false, codes), epochs(10_000, true, Represent::None)], [0; 2]);
    }

    #[test]
    fn rows_of_many_clusters_are_directions() {
        let rows = |clusters: Option<usize>, scaling: Scaling| {
            let facts =
                Facts { samples: 500, clusters, scaling: Some(scaling), dimensions: Some(7.0), ..Facts::default() };
            Recipe::default().worked_out(&facts).grouping.rows
        };
        assert_eq!(
            [Some(3), Some(4), None].map(|k| rows(k, Scaling::Mixed)),
            [Rows::AsIs, Rows::Normalized, Rows::Auto]
        );
        assert_eq!([Some(3), Some(9)].map(|k| rows(k, Scaling::Range)), [Rows::AsIs; 2], "pictures");
        assert_eq!(rows(Some(2), Scaling::Unit), Rows::Normalized);
    }
}
