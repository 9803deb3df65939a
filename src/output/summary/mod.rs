//! The result of a run in figures: one JSON object for scripts, one table for people.

mod table;

use serde::Serialize;

use super::guard;
use super::semi::SemiSupervised;
use crate::learn::supervised::Report;
use crate::measure::{Recall, Scores};
use crate::pipeline::{CurvePoint, Ending, SelfTrained, Sides, Snapshot};
use crate::recipe::Recipe;
use crate::recipe::Stage;
use crate::recipe::Taken;

/// What a run amounts to. The fields serialise in this order under these names, which scripts rely on; what does not
/// apply is `null`, and so is a number that is not finite.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Name of the data.
    pub dataset: String,
    /// Samples used.
    pub samples: usize,
    /// Features of a sample.
    pub features: usize,
    /// Clusters looked for.
    pub clusters: usize,
    /// The seed of everything random.
    pub seed: u64,
    /// What trained.
    pub device: String,
    /// Wall clock of the whole run.
    pub seconds: f64,
    /// Most memory that was in use at once.
    pub peak_rss_mib: Option<f64>,
    /// Wall clock of each stage, in order.
    pub stages: Vec<StageSeconds>,
    /// The learned side, unless it was left out.
    pub learned: Option<Learned>,
    /// The exact side, unless it was left out.
    pub exact: Option<Exact>,
    /// k-means on the scaled features.
    pub kmeans: Option<Marks>,
    /// Learned against exact, where there are both.
    pub agreement: Option<Distance>,
    /// Where the data came from: a built-in name, or a path from the root.
    pub source: String,
    /// Recall@K of a supervised system on what was held out; missing from any other run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall: Option<Recall>,
    /// Every form of inference of a supervised system, and what was held out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub supervised: Option<Report>,
    /// The part of the true neighbours that the graph has, measured on some samples, where they were found approximately.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbor_recall: Option<f64>,
    /// Sizes of the graph's connected components, falling.
    pub components: Option<Vec<usize>>,
    /// What labels the run used and its figures without them, where it is semi-supervised.
    pub semi_supervised: Option<SemiSupervised>,
    /// What self-training made of the clusters; missing where it did not run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_training: Option<SelfTraining>,
    /// What automatic settings became, and why.
    pub automatic: Vec<Taken>,
    /// What the person should know about data and run, one sentence each.
    pub notes: Vec<String>,
    /// Every setting.
    pub recipe: Recipe,
}

/// A stage and its time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct StageSeconds {
    /// Which.
    pub name: Stage,
    /// Its wall clock.
    pub seconds: f64,
}

/// Scores against the labels; `null` without labels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Marks {
    /// Accuracy under the best matching.
    pub acc: Option<f64>,
    /// Normalised mutual information.
    pub nmi: Option<f64>,
    /// Adjusted Rand index.
    pub ari: Option<f64>,
}

/// The learned side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Learned {
    /// Scores against the labels.
    #[serde(flatten)]
    pub marks: Marks,
    /// Mean training loss at the evaluation of the network kept.
    pub loss: Option<f64>,
    /// Its orthogonality error on a fresh batch.
    pub orthogonality: Option<f64>,
    /// Training steps taken.
    pub steps: usize,
    /// Rayleigh–Ritz values on the full graph, ascending.
    pub eigenvalues: Vec<f64>,
    /// The least the loss can be, from the exact eigenvalues.
    pub bound: Option<f64>,
    /// The diffusion time of the rows that were clustered, where they were diffusion coordinates.
    pub diffusion_time: Option<f64>,
    /// √(2k/m), the typical orthogonality error of two independent batches of m rows; no bound.
    pub orthogonality_typical: Option<f64>,
    /// Orthogonality error on all samples.
    pub orthogonality_all: Option<f64>,
    /// √(k/m), the typical orthogonality error of all samples with weights set on one batch; no bound.
    pub orthogonality_all_typical: Option<f64>,
    /// Steps after which the network was as it was kept: of all looks the nearest to the exact space or, without one, the one with the
    /// least mean loss.
    pub kept: usize,
    /// How the training ended.
    pub ending: Option<Ending>,
    /// Rows held out of it; missing where there were none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unseen: Option<UnseenRows>,
}

/// Rows that a training did not see, measured before its last part took all rows, beside Nyström's extension of the exact side of the others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct UnseenRows {
    /// Their share of all samples.
    pub share: f64,
    /// Their number.
    pub rows: usize,
    /// Steps taken before.
    pub step: usize,
    /// Σ sin² of the principal angles to the whole graph's exact eigenspace, on these rows.
    pub grassmann: f64,
    /// The same of Nyström's extension.
    pub nystrom: f64,
    /// `grassmann` over the number of dimensions.
    pub grassmann_per_dimension: f64,
    /// `nystrom` over the number of dimensions.
    pub nystrom_per_dimension: f64,
    /// Adjusted Rand index with the whole graph's exact clusters.
    pub ari: f64,
    /// The same of Nyström's extension.
    pub nystrom_ari: f64,
    /// Accuracy; missing without labels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acc: Option<f64>,
    /// The same of Nyström's extension.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub nystrom_acc: Option<f64>,
}

impl UnseenRows {
    /// Of a training that ended.
    fn of(snapshot: &Snapshot) -> Option<Self> {
        let unseen = snapshot.unseen.as_deref()?;
        let Sides { step, learned, nystrom } = unseen.sides?;
        let k = snapshot.exact.as_ref()?.space.values.len() as f64;
        Some(Self {
            share: unseen.share,
            rows: unseen.rows.len(),
            step,
            grassmann: k * learned.distance,
            nystrom: k * nystrom.distance,
            grassmann_per_dimension: learned.distance,
            nystrom_per_dimension: nystrom.distance,
            ari: learned.ari,
            nystrom_ari: nystrom.ari,
            acc: learned.acc,
            nystrom_acc: nystrom.acc,
        })
    }
}

/// The exact side.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Exact {
    /// Scores against the labels.
    #[serde(flatten)]
    pub marks: Marks,
    /// Wall clock of the eigensolver.
    pub seconds: Option<f64>,
    /// Eigenvalues, ascending.
    pub eigenvalues: Vec<f64>,
    /// Largest relative residual.
    pub residual: f64,
    /// The diffusion time of the rows that were clustered, where they were diffusion coordinates.
    pub diffusion_time: Option<f64>,
}

/// Learned against exact.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Distance {
    /// Σ sin² of the principal angles.
    pub grassmann: f64,
    /// For each eigenvector, or its group's mean.
    pub sin2: Vec<f64>,
    /// Adjusted Rand index between learned and exact clusters.
    pub ari: f64,
    /// `grassmann` over the number of dimensions.
    pub grassmann_per_dimension: f64,
    /// For each eigenvector the first (0-based) of its group of coinciding eigenvalues.
    pub groups: Vec<usize>,
}

/// What self-training made of the clusters.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SelfTraining {
    /// Whether the classifier's answers are the clusters now.
    pub taken: bool,
    /// Samples whose answer is another cluster than the one before.
    pub moved: usize,
    /// The part of the samples kept from the classifier that it puts where the clusters had them.
    pub agreement: f64,
    /// Scores of the clusters before.
    pub before: Marks,
}

impl SelfTraining {
    fn of(trained: &SelfTrained) -> Self {
        Self {
            taken: trained.taken,
            moved: trained.moved.iter().filter(|&&moved| moved).count(),
            agreement: trained.agreement,
            before: trained.before.into(),
        }
    }
}

/// What a run knows beside its last snapshot.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    /// Wall clock of the whole run.
    pub seconds: f64,
    /// Most memory in use at once, where the system tells.
    pub peak_rss_mib: Option<f64>,
    /// Stages that were run, with their wall clock.
    pub stages: Vec<(Stage, f64)>,
    /// The evaluation of the network that was kept.
    pub last: Option<CurvePoint>,
    /// What the person was told, the notes of the data among it, in order.
    pub notes: Vec<String>,
}

impl From<Option<Scores>> for Marks {
    fn from(scores: Option<Scores>) -> Self {
        Self { acc: scores.map(|s| s.acc), nmi: scores.map(|s| s.nmi), ari: scores.map(|s| s.ari) }
    }
}

impl Summary {
    /// Gathers the figures of a finished run.
    #[must_use]
    pub fn new(snapshot: &Snapshot, totals: &Totals) -> Self {
        let mut stages: Vec<_> = totals.stages.iter().map(|&(name, seconds)| StageSeconds { name, seconds }).collect();
        stages.sort_by_key(|stage| stage.name);
        let last = totals.last;
        let exact_seconds = stages.iter().find(|s| s.name == Stage::Exact).map(|s| s.seconds);
        Self {
            dataset: snapshot.data.name.clone(),
            samples: snapshot.data.len(),
            features: snapshot.data.dim(),
            clusters: snapshot.clusters,
            seed: snapshot.job.recipe.seed,
            device: snapshot.device.clone(),
            seconds: totals.seconds,
            peak_rss_mib: totals.peak_rss_mib,
            learned: snapshot.learned.as_ref().map(|learned| Learned {
                marks: learned.scores.into(),
                loss: last.map(|p| p.loss),
                orthogonality: last.map(|p| p.orthogonality_batch),
                steps: snapshot.step,
                eigenvalues: learned.space.values.clone(),
                bound: last.and_then(|p| p.bound),
                diffusion_time: learned.time,
                orthogonality_typical: last.map(|p| p.typical_batch),
                orthogonality_all: last.map(|p| p.orthogonality_all),
                orthogonality_all_typical: last.map(|p| p.typical_all),
                kept: snapshot.kept,
                ending: snapshot.ending,
                unseen: UnseenRows::of(snapshot),
            }),
            exact: snapshot.exact.as_ref().map(|exact| Exact {
                marks: exact.scores.into(),
                seconds: exact_seconds,
                eigenvalues: exact.space.values.clone(),
                residual: exact.residual,
                diffusion_time: exact.time,
            }),
            kmeans: snapshot.baseline.as_ref().map(|baseline| baseline.1.into()),
            agreement: snapshot.agreement.as_ref().map(|a| Distance {
                grassmann: a.grassmann,
                sin2: a.sin2.clone(),
                ari: a.ari,
                grassmann_per_dimension: a.grassmann / a.sin2.len().max(1) as f64,
                groups: a.groups.clone(),
            }),
            source: guard::identity(&snapshot.job.source),
            recall: snapshot.supervised.as_ref().map(|r| r.recall),
            supervised: snapshot.supervised.as_deref().cloned(),
            neighbor_recall: snapshot.neighbors.as_ref().and_then(|n| n.recall),
            components: snapshot.operator.as_ref().map(|op| op.components.sizes.clone()),
            semi_supervised: SemiSupervised::of(snapshot),
            self_training: snapshot.self_trained.as_deref().map(SelfTraining::of),
            automatic: snapshot.taken.to_vec(),
            notes: totals.notes.clone(),
            recipe: snapshot.job.recipe.clone(),
            stages,
        }
    }

    /// The summary as one JSON object, over several lines.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self)
            .unwrap_or_else(|e| unreachable!("strings, numbers and lists always serialise: {e}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::fixture::{curve, snapshot};

    fn totals() -> Totals {
        Totals {
            seconds: 2.5,
            peak_rss_mib: Some(120.0),
            stages: vec![(Stage::Exact, 0.4), (Stage::Load, 0.1)],
            last: curve().last().copied(),
            notes: vec!["2 rows were left out".to_owned(), "it stopped early".to_owned()],
        }
    }

    /// Keys of an object in the order of the text.
    fn keys(json: &str, indent: usize) -> Vec<&str> {
        let lead = " ".repeat(indent);
        json.lines()
            .filter_map(|line| {
                line.strip_prefix(lead.as_str())?.strip_prefix('"')?.split_once("\":").map(|(key, _)| key)
            })
            .collect()
    }

    #[test]
    fn the_object_has_the_keys_that_scripts_rely_on_in_order() {
        let json = Summary::new(&snapshot(30), &totals()).to_json();
        let promised = [
            "dataset",
            "samples",
            "features",
            "clusters",
            "seed",
            "device",
            "seconds",
            "peak_rss_mib",
            "stages",
            "learned",
            "exact",
            "kmeans",
            "agreement",
        ];
        assert_eq!(keys(&json, 2)[..promised.len()], promised);
        let value: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
        let part = |name: &str, wanted: &[&str]| {
            for key in wanted {
                assert!(value[name].get(key).is_some(), "{name}.{key} in {json}");
            }
        };
        part("learned", &["acc", "nmi", "ari", "loss", "orthogonality", "steps", "eigenvalues"]);
        part("exact", &["acc", "nmi", "ari", "seconds", "eigenvalues", "residual"]);
        for (key, wanted) in
            [("rows", 3.0), ("grassmann", 0.018), ("nystrom", 0.012), ("ari", 0.98), ("nystrom_acc", 1.0)]
        {
            let found = value["learned"]["unseen"][key].as_f64().unwrap_or(f64::NAN);
            assert!((found - wanted).abs() < 1e-12, "learned.unseen.{key}: {found}");
        }
        part("kmeans", &["acc", "nmi", "ari"]);
        part("agreement", &["grassmann", "sin2", "ari"]);
        assert_eq!(value["stages"][0]["name"], "load", "stages stand in their own order");
        assert_eq!(value["exact"]["seconds"], 0.4);
        assert_eq!(value["learned"]["acc"], 0.9);
        assert!(value["kmeans"]["acc"].is_null(), "it was not scored");
        assert_eq!(value["agreement"]["grassmann_per_dimension"], 0.002);
        assert_eq!(value["notes"], serde_json::json!(["2 rows were left out", "it stopped early"]));
    }

    #[test]
    fn what_was_left_out_is_null_and_so_is_what_is_not_finite() {
        let mut left_out = snapshot(30);
        (left_out.exact, left_out.unseen) = (None, None);
        left_out.agreement = None;
        let mut totals = totals();
        totals.last = totals.last.map(|p| CurvePoint { loss: f64::NAN, ..p });
        let summary = Summary::new(&left_out, &totals);
        let value: serde_json::Value = serde_json::from_str(&summary.to_json()).expect("it is JSON");
        assert!(value["exact"].is_null() && value["agreement"].is_null() && value["learned"]["loss"].is_null());
        assert!(value["learned"].get("unseen").is_none(), "no row was held out");
        let table = summary.to_string();
        assert!(!table.contains("exact:") && !table.contains("NaN"), "{table}");
    }

    #[test]
    fn the_table_for_people() {
        let table = Summary::new(&snapshot(30), &totals()).to_string();
        for line in [
            "ring: 30 samples, 2 features, 3 clusters, seed 0, CPU (flex)",
            "k-means         –      –      –",
            "learned     0.900  0.800  0.700",
            "Grassmann 0.0020 per dimension, largest sin² 0.0030",
            "400 steps",
            "typical 0.0765",
            "the network after 380 kept",
            "3 rows held out, at step 240: 0.0060 per dimension, ARI 0.980, ACC 0.950; Nyström's extension 0.0040, 0.990, 1.000",
            "stopped",
            "load 0.10 s, exact 0.40 s, whole run 2.50 s, 120 MiB at most",
            "note: it stopped early",
        ] {
            assert!(table.contains(line), "`{line}` in\n{table}");
        }
    }
}
