//! The baseline of the clusters stage: k-means on the scaled features.

use std::sync::Arc;

use crate::Result;
use crate::measure::{self, Clustering, Scores};
use crate::pipeline::cache::{Cached, Entry};
use crate::pipeline::event::{Event, Watcher as _};
use crate::pipeline::run::Run;
use crate::pipeline::stages::Loaded;
use crate::recipe::{Recipe, Stage};
use crate::support::progress::Progress;

/// Clusters of the input, and their scores where there are labels.
pub(in crate::pipeline) type Baseline = (Clustering, Option<Scores>);

/// k-means on the scaled features.
///
/// # Errors
/// As [`measure::kmeans_of_features`].
pub(in crate::pipeline) fn baseline(
    cache: &mut Cached<Arc<Baseline>>,
    run: &mut Run<'_>,
    loaded: &Loaded,
    clusters: usize,
) -> Result<Arc<Baseline>> {
    let same = |e: &Entry<Arc<Baseline>>| {
        e.value.0.centroids.nrows() == clusters
            && e.job.recipe.starts == run.job.recipe.starts
            && run.holds(Stage::Load, e)
    };
    if let Some(entry) = cache.0.as_ref().filter(|e| same(e)) {
        return Ok(Arc::clone(&entry.value));
    }
    let report =
        |f: f32, _: &str| run.watcher.event(Event::Progress(Stage::Clusters, f, "k-means on the input".to_owned()));
    let progress = Progress::new(run.control.clone(), &report);
    let Recipe { starts, seed, .. } = run.job.recipe;
    let clustering = measure::kmeans_of_features(loaded.scaled.view(), clusters, starts, seed, &progress)?;
    let scores = measure::scores_of(&clustering, loaded.data.labels.as_ref());
    let value = Arc::new((clustering, scores));
    cache.0 = Some(Entry::new(run.job, Arc::clone(&value)));
    Ok(value)
}
