//! What there is to look at: the newest state of a run.

use std::sync::Arc;

use ndarray::Array2;

use super::ending::Ending;
use super::job::Job;
use super::placed::Unseen;
use super::recording::Recording;
use super::stages::SelfTrained;
use crate::data::Dataset;
use crate::graph::Eigenspace;
use crate::graph::{Neighbors, Operator};
use crate::learn::supervised::Report;
use crate::learn::{PairHistogram, Rebuilt};
use crate::measure::{self, Agreement, Clustering, Scores};
use crate::model::{Mapping, Model};
use crate::recipe::{Facts, Taken};

/// One solver's result as it stands.
#[derive(Clone, Debug)]
pub struct Solution {
    /// Vectors and values; the learned one is rotated by Rayleigh–Ritz, its columns matched in sign to the exact one.
    pub space: Eigenspace,
    /// k-means on its rows.
    pub clusters: Clustering,
    /// The diffusion time of the rows that were clustered, where they were diffusion coordinates.
    pub time: Option<f64>,
    /// Against the labels, where there are any.
    pub scores: Option<Scores>,
    /// Largest relative residual ‖(D−W)v − λMv‖ / ‖Mv‖ of its pairs.
    pub residual: f64,
}

impl Solution {
    /// What the vectors were weighted by before k-means, where diffusion coordinates were clustered: `k` numbers.
    #[must_use]
    pub fn weights(&self, operator: &Operator) -> Option<Vec<f64>> {
        self.time.map(|time| measure::diffusion(&self.space.values, operator.walk_unit(), time))
    }
}

/// Everything there is to look at, newest state. Heavy parts are shared: a clone is cheap.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Grows by one with each snapshot.
    pub serial: u64,
    /// What was run to get here. Compare it with the panel's to know whether the picture is older than the settings.
    pub job: Arc<Job>,
    /// What settings are worked out from, as far as the run has come.
    pub facts: Arc<Facts>,
    /// The samples.
    pub data: Dataset,
    /// Scaled features, `n × d`: what the graph and the network see where there are no codes.
    pub scaled: Arc<Array2<f32>>,
    /// The input in two or three dimensions, `n × 3` (last column 0 for flat data): the scaled features themselves, or their principal components.
    pub input: Arc<Array2<f32>>,
    /// Names of the three input axes, with the share of variance for principal components.
    pub input_axes: Arc<[String; 3]>,
    /// Codes, `n × c`, where they are wanted and once they are there.
    pub codes: Option<Arc<Array2<f32>>>,
    /// Samples as the autoencoder rebuilds them at present.
    pub rebuilt: Option<Arc<Rebuilt>>,
    /// The Siamese network's outputs, `n × o`, where they are wanted and once they are there.
    pub metric: Option<Arc<Array2<f32>>>,
    /// Distances of pairs as the Siamese network has them at present.
    pub pairs: Option<Arc<PairHistogram>>,
    /// Neighbours, once found.
    pub neighbors: Option<Arc<Neighbors>>,
    /// The operator, once built.
    pub operator: Option<Arc<Operator>>,
    /// The number of clusters in use.
    pub clusters: usize,
    /// The exact side, `k` vectors compared; `spectrum` has more eigenvalues.
    pub exact: Option<Arc<Solution>>,
    /// Exact eigenvalues, a few more than vectors in use, for the picture of them and the eigengap.
    pub spectrum: Arc<Vec<f64>>,
    /// The learned side.
    pub learned: Option<Arc<Solution>>,
    /// What self-training made of the clusters, where it ran.
    pub self_trained: Option<Arc<SelfTrained>>,
    /// k-means on the scaled features: the baseline, and its scores.
    pub baseline: Option<Arc<(Clustering, Option<Scores>)>>,
    /// Learned against exact.
    pub agreement: Option<Agreement>,
    /// Rows held out of the training, and where each side puts them, once they are drawn.
    pub unseen: Option<Arc<Unseen>>,
    /// Scores of a supervised system on what was held out, once it is trained.
    pub supervised: Option<Arc<Report>>,
    /// What labels rows that the run has not, once it has come to its end.
    pub model: Option<Arc<Model>>,
    /// What automatic settings became, as far as the run has come.
    pub taken: Arc<Vec<Taken>>,
    /// The network behind the learned side, and what makes eigenvector values of its outputs; none of a supervised system.
    pub network: Option<Arc<Mapping>>,
    /// The looks of the training so far, where they are kept.
    pub recording: Arc<Recording>,
    /// Training steps taken.
    pub step: usize,
    /// Most steps this run will take.
    pub steps: usize,
    /// Steps after which the network was as it is shown: `step` while it trains, then those of the best look.
    pub kept: usize,
    /// How the training ended, once it has.
    pub ending: Option<Ending>,
    /// What trains, such as `CPU (flex)` or the GPU's name.
    pub device: String,
}

impl Snapshot {
    /// Samples as they were loaded, of which nothing is computed yet: features as they are scaled, `n × d`, and the input in two or three
    /// dimensions with the names of its axes.
    #[must_use]
    pub fn of_data(
        job: Arc<Job>,
        data: Dataset,
        scaled: Arc<Array2<f32>>,
        (input, input_axes): (Arc<Array2<f32>>, Arc<[String; 3]>),
    ) -> Self {
        Self {
            serial: 0,
            job,
            facts: Arc::default(),
            data,
            scaled,
            input,
            input_axes,
            codes: None,
            rebuilt: None,
            metric: None,
            pairs: None,
            neighbors: None,
            operator: None,
            clusters: 0,
            exact: None,
            spectrum: Arc::default(),
            learned: None,
            self_trained: None,
            baseline: None,
            agreement: None,
            unseen: None,
            supervised: None,
            model: None,
            taken: Arc::default(),
            network: None,
            recording: Arc::default(),
            step: 0,
            steps: 0,
            kept: 0,
            ending: None,
            device: String::new(),
        }
    }

    /// Clusters whose numbers all others take, so that one cluster has one number wherever it stands: the exact side's, else those of
    /// k-means on the input, else the learned ones.
    #[must_use]
    pub fn leading_clusters(&self) -> Option<&Clustering> {
        let exact = self.exact.as_ref().map(|s| &s.clusters);
        let learned = || self.learned.as_ref().map(|s| &s.clusters);
        exact.or(self.baseline.as_ref().map(|b| &b.0)).or_else(learned)
    }

    /// Grassmann distance per dimension of the network shown to the exact eigenspace, where there is one.
    #[must_use]
    pub fn distance(&self) -> Option<f64> {
        self.agreement.as_ref().map(|a| a.grassmann / a.sin2.len().max(1) as f64)
    }
}
