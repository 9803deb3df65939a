//! Variations of a recipe side by side, each with several seeds and every method: systems and spaces, or a system without one of
//! its parts.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::chain::{Chain, Watcher};
use super::{Event, Job, Outcome, Stage, clusters};
use crate::measure::{self, Scores};
use crate::progress::{Control, Progress};
use crate::recipe::{Affinity, Recipe, Represent, System};
use crate::{Error, Result};

/// What the lines of a table have different, and the order they are run in.
pub trait Variation: Copy + PartialEq + Serialize + DeserializeOwned + 'static {
    /// All, in the order they are run in: what two of them share is computed once.
    const ALL: &'static [Self];
    /// As a person reads it.
    fn title(self) -> &'static str;
    /// The recipe with this variation and seed, all else as given.
    fn recipe(self, base: &Recipe, seed: u64) -> Recipe;
}

/// Where the graph is built and the networks work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Space {
    /// Scaled features.
    Input,
    /// Scaled features, with distances that a Siamese network learned between them.
    InputSiamese,
    /// Codes of the autoencoder.
    Codes,
    /// Codes, with learned distances between them.
    CodesSiamese,
    /// Codes of the dual autoencoder.
    DualAutoencoder,
}

impl Variation for Space {
    const ALL: &'static [Self] =
        &[Self::Input, Self::InputSiamese, Self::Codes, Self::CodesSiamese, Self::DualAutoencoder];

    fn title(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::InputSiamese => "input, Siamese",
            Self::Codes => "codes",
            Self::CodesSiamese => "codes, Siamese",
            Self::DualAutoencoder => "dual autoencoder",
        }
    }

    fn recipe(self, base: &Recipe, seed: u64) -> Recipe {
        let (represent, siamese) = match self {
            Self::Input | Self::DualAutoencoder => (Represent::None, false),
            Self::InputSiamese => (Represent::None, true),
            Self::Codes => (Represent::Autoencoder, false),
            Self::CodesSiamese => (Represent::Autoencoder, true),
        };
        let plain = if base.affinity == Affinity::Siamese { Affinity::Gaussian } else { base.affinity };
        let affinity = if siamese { Affinity::Siamese } else { plain };
        let system = match self {
            Self::DualAutoencoder => System::DualAutoencoder,
            _ => System::SpectralNet,
        };
        Recipe { seed, system, represent, affinity, ..base.clone() }
    }
}

/// The dual autoencoder without one of its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Without {
    /// With all of them.
    Nothing,
    /// Without the relative reconstruction.
    Relative,
    /// Without the mutual information, global and local.
    Mutual,
    /// Without the mixture prior.
    Prior,
    /// The spectral loss does not reach the encoder; the head is trained beside it.
    Spectral,
    /// Pictures are not distorted.
    Distortion,
    /// Reconstruction alone, without any of these.
    All,
}

impl Variation for Without {
    const ALL: &'static [Self] =
        &[Self::Nothing, Self::Relative, Self::Mutual, Self::Prior, Self::Spectral, Self::Distortion, Self::All];

    fn title(self) -> &'static str {
        match self {
            Self::Nothing => "all terms",
            Self::Relative => "no relative rec.",
            Self::Mutual => "no mutual inf.",
            Self::Prior => "no prior",
            Self::Spectral => "no spectral loss",
            Self::Distortion => "no distortion",
            Self::All => "none of these",
        }
    }

    fn recipe(self, base: &Recipe, seed: u64) -> Recipe {
        let mut recipe = Recipe { seed, system: System::DualAutoencoder, ..base.clone() };
        let off = |part| self == part || self == Self::All;
        for (part, weight) in [
            (Self::Relative, &mut recipe.relative_weight),
            (Self::Mutual, &mut recipe.mutual_weight),
            (Self::Prior, &mut recipe.prior_weight),
            (Self::Spectral, &mut recipe.spectral_weight),
            (Self::Distortion, &mut recipe.distortion),
        ] {
            if off(part) {
                *weight = 0.0;
            }
        }
        recipe
    }
}

/// How the clusters were found in a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// k-means on the space itself.
    #[serde(rename = "kmeans")]
    KMeans,
    /// k-means on the exact eigenvectors.
    Exact,
    /// k-means on the learned ones.
    Learned,
}

/// One method of one variation with one seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry<V> {
    /// What was different.
    #[serde(alias = "space")]
    pub variation: V,
    /// The seed.
    pub seed: u64,
    /// How.
    pub method: Method,
    /// Accuracy under the best matching, where there are labels.
    pub acc: Option<f64>,
    /// Normalised mutual information.
    pub nmi: Option<f64>,
    /// Adjusted Rand index.
    pub ari: Option<f64>,
    /// Wall clock of all stages that lead to these clusters, one that another space shares included.
    pub seconds: f64,
    /// Most memory in use at once during the run, in MiB, where the system tells.
    pub peak_mib: Option<f64>,
}

/// Run every variation and seed that `done` does not have yet. `keep` is told all entries after each run, so that an interrupted
/// comparison goes on where it was; `peak` tells and resets the memory's peak.
///
/// # Errors
/// Those of the chain and of `keep`; a supervised system has no place in a comparison without labels.
pub fn compare<V: Variation>(
    job: &Job,
    (variations, seeds): (&[V], usize),
    mut done: Vec<Entry<V>>,
    (control, watcher): (&Control, &dyn Watcher),
    peak: &dyn Fn() -> Option<f64>,
    mut keep: impl FnMut(&[Entry<V>]) -> Result<()>,
) -> Result<Vec<Entry<V>>> {
    if job.recipe.system.is_supervised() {
        return Err(Error::Setting("a comparison is of clusterings; leave --system away".to_owned()));
    }
    let mut chain = Chain::default();
    for seed in (0..seeds as u64).map(|i| job.recipe.seed + i) {
        for &variation in V::ALL.iter().filter(|v| variations.contains(v)) {
            if done.iter().any(|e| e.variation == variation && e.seed == seed) {
                continue;
            }
            watcher.event(Event::Note(format!("{}, seed {seed}", variation.title())));
            let _ = peak();
            let recipe = variation.recipe(&job.recipe, seed);
            let outcome = chain.run(&Job { source: job.source.clone(), recipe }, control, watcher)?;
            done.extend(entries(variation, &outcome, peak(), control)?);
            keep(&done)?;
        }
    }
    Ok(done)
}

fn entries<V: Variation>(
    variation: V,
    outcome: &Outcome,
    peak_mib: Option<f64>,
    control: &Control,
) -> Result<Vec<Entry<V>>> {
    let snapshot = &outcome.snapshot;
    let recipe = &snapshot.job.recipe;
    let seconds = |stages: &[Stage]| -> f64 {
        outcome.stages.iter().filter(|(stage, _)| stages.contains(stage)).map(|(_, seconds)| seconds).sum()
    };
    let entry = |method, scores: Option<Scores>, seconds| Entry {
        variation,
        seed: recipe.seed,
        method,
        acc: scores.map(|s| s.acc),
        nmi: scores.map(|s| s.nmi),
        ari: scores.map(|s| s.ari),
        seconds,
        peak_mib,
    };
    let places = snapshot.metric.as_ref().or(snapshot.codes.as_ref()).unwrap_or(&snapshot.scaled);
    let progress = Progress::new(control.clone(), &|_, _| {});
    let clustering = measure::kmeans(places.view(), snapshot.clusters, recipe.starts, recipe.seed, &progress)?;
    let to_space = seconds(&[Stage::Load, Stage::Represent, Stage::Metric]);
    let to_graph = to_space + seconds(&[Stage::Neighbours, Stage::Affinity]);
    let mut all = vec![entry(Method::KMeans, clusters::scores(&clustering, snapshot.data.labels.as_ref()), to_space)];
    if let Some(exact) = &snapshot.exact {
        all.push(entry(Method::Exact, exact.scores, to_graph + seconds(&[Stage::Exact])));
    }
    if let Some(learned) = &snapshot.learned {
        // The exact side tells how long the walks should be, so its time is part of the learned one's.
        all.push(entry(Method::Learned, learned.scores, to_graph + seconds(&[Stage::Exact, Stage::Learn])));
    }
    Ok(all)
}

/// Mean and sample deviation; the deviation of a single value is 0.
#[must_use]
pub fn mean_and_deviation(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    (!values.is_empty()).then(|| (mean, if values.len() > 1 { (squares / (n - 1.0)).sqrt() } else { 0.0 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_changes_what_it_names_and_nothing_else() {
        let base = Recipe { affinity: Affinity::Binary, ..Recipe::default() };
        assert_eq!(Space::Input.recipe(&base, 0), base);
        assert_eq!(Space::CodesSiamese.recipe(&base, 0).affinity, Affinity::Siamese);
        let dual = Space::DualAutoencoder.recipe(&base, 0);
        assert_eq!(dual, Recipe { system: System::DualAutoencoder, ..base.clone() });
        assert_eq!(Space::Input.recipe(&dual, 0), base, "whatever system was given");
        assert_eq!(Space::Codes.recipe(&base, 3), Recipe { represent: Represent::Autoencoder, seed: 3, ..base });
    }

    #[test]
    fn an_ablation_takes_one_part_away_and_the_last_line_all() {
        let base = Recipe::default();
        let weights = |without: Without| {
            let r = without.recipe(&base, 4);
            assert_eq!((r.system, r.seed), (System::DualAutoencoder, 4));
            [r.relative_weight, r.mutual_weight, r.prior_weight, r.spectral_weight, r.distortion]
        };
        let whole = weights(Without::Nothing);
        assert!(whole.iter().all(|&w| w > 0.0));
        for (at, &without) in Without::ALL[1..6].iter().enumerate() {
            let mut wanted = whole;
            wanted[at] = 0.0;
            assert_eq!(weights(without).map(f64::to_bits), wanted.map(f64::to_bits), "{without:?}");
        }
        assert!(weights(Without::All).iter().all(|&w| w == 0.0));
    }

    #[test]
    fn deviation_is_the_samples() {
        assert_eq!(mean_and_deviation(&[]), None);
        assert_eq!(mean_and_deviation(&[2.0]), Some((2.0, 0.0)));
        let (mean, deviation) = mean_and_deviation(&[1.0, 3.0]).expect("there are values");
        assert!((mean - 2.0).abs() < 1e-12 && (deviation - 2.0_f64.sqrt()).abs() < 1e-12);
    }
}
