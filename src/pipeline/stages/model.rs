//! What a run leaves for rows it never saw: the model, with the network's side, the exact one, or both.

use super::{Graph, Ground};
use crate::Result;
use crate::data::Reading;
use crate::graph::{Landmarks, Operator};
use crate::learn::autoencoder::Codes;
use crate::model::{self, Clusters, Familiar, Model};
use crate::pipeline::snapshot::{Snapshot, Solution};
use crate::recipe::{Affinity, Recipe};
use crate::support::language::counted;

/// Bytes that the exact side may add to a model that has a network: it holds every row of the training.
const MOST_BESIDE: usize = 16 << 20;

/// How a solution's clusters are told.
pub(in crate::pipeline) fn clusters_of(solution: &Solution, operator: &Operator) -> Clusters {
    Clusters { diffusion: solution.weights(operator), centroids: solution.clusters.centroids.clone() }
}

/// All of a model but what places its rows.
pub(in crate::pipeline) fn without_sides(recipe: &Recipe, ground: &Ground, codes: Option<&Codes>) -> Model {
    let (data, rows) = (&ground.loaded.data, codes.map_or(&ground.loaded.scaled, |codes| &codes.rows));
    Model {
        recipe: recipe.clone(),
        columns: data.columns.to_vec(),
        reading: Reading::with_fills(data, recipe.missing),
        scaler: ground.loaded.scaler.clone(),
        encoder: codes.map(|codes| codes.encoder.clone()),
        learned: None,
        exact: None,
        classifier: None,
        familiar: Some(Familiar::of(rows.view(), recipe.seed)),
        names: Vec::new(),
    }
}

/// The run's model: that of the network, where there is one, with the exact side where that is there and can place new rows; and what a
/// person should know of it.
///
/// # Errors
/// Those of [`Landmarks::new`].
pub(in crate::pipeline) fn model(
    learned: Option<Model>,
    ground: &Ground,
    (graph, codes): (&Graph, Option<&Codes>),
    snapshot: &Snapshot,
) -> Result<(Option<Model>, Option<String>)> {
    let Graph { operator, recipe, .. } = graph;
    let Some(solution) = snapshot.exact.as_deref() else { return Ok((learned, None)) };
    let Some(neighbors) = snapshot.neighbors.as_deref().filter(|_| recipe.affinity != Affinity::Siamese) else {
        let why = if recipe.affinity == Affinity::Siamese {
            "distances that a Siamese network learned are those of its own rows"
        } else {
            "a graph from a file says nothing of other rows"
        };
        let note = learned.is_none().then(|| format!("there is no model for new rows: {why}"));
        return Ok((learned, note));
    };
    let samples = codes.map_or(&ground.loaded.scaled, |codes| &codes.rows);
    let landmarks = Landmarks::new(samples, neighbors, recipe, &solution.space, operator.kind)?;
    if learned.is_some() && landmarks.bytes() > MOST_BESIDE {
        let mib = landmarks.bytes() >> 20;
        let rows = counted(samples.nrows(), "row");
        let note = format!(
            "the model has no exact side: the {rows} of its graph would add {mib} MiB; a run with --no-learn writes them"
        );
        return Ok((learned, Some(note)));
    }
    let exact = model::Graph { landmarks, clusters: clusters_of(solution, operator) };
    let whole = learned.unwrap_or_else(|| without_sides(recipe, ground, codes));
    Ok((Some(Model { exact: Some(exact), ..whole }), None))
}
