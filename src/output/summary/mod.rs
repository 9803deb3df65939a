//! The result of a run in figures: one JSON object for scripts, one table for people.

mod sides;
mod table;

use serde::Serialize;

use super::guard;
use super::semi::SemiSupervised;
use crate::learn::supervised::Report;
use crate::measure::{Marks, Recall};
use crate::pipeline::{CurvePoint, Snapshot};
use crate::recipe::{Recipe, Stage, Taken};
use crate::{Error, Result};
use sides::{Distance, Exact, Learned, SelfTraining};

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

impl Summary {
    /// Gathers the figures of a finished run.
    #[must_use]
    pub fn new(snapshot: &Snapshot, totals: &Totals) -> Self {
        let mut stages: Vec<_> = totals.stages.iter().map(|&(name, seconds)| StageSeconds { name, seconds }).collect();
        stages.sort_by_key(|stage| stage.name);
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
            learned: Learned::of(snapshot, totals.last.as_ref()),
            exact: snapshot.exact.as_deref().map(|exact| Exact::of(exact, exact_seconds)),
            kmeans: snapshot.baseline.as_ref().map(|baseline| baseline.1.into()),
            agreement: snapshot.agreement.as_ref().map(Distance::of),
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
    ///
    /// # Errors
    /// [`Error::Numerics`] where a figure cannot be written.
    pub fn to_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self).map_err(|e| Error::Numerics(format!("the summary cannot be written: {e}")))
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
        let json = Summary::new(&snapshot(30), &totals()).to_json().expect("plain figures");
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
        let value: serde_json::Value =
            serde_json::from_str(&summary.to_json().expect("plain figures")).expect("it is JSON");
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
