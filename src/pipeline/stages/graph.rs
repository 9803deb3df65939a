//! The neighbours and affinity stages: a graph built from neighbours or given as a file, shaped by labels where a person said so.

use std::sync::Arc;

use ndarray::Array2;

use super::Caches;
use crate::data::{self, Dataset};
use crate::graph::{self, Copies, Hints, Neighbors, Operator};
use crate::pipeline::run::{Run, Screen};
use crate::recipe::{Affinity, Recipe, Scale, Settings, Stage};
use crate::support::error::Remedy;
use crate::support::progress::Progress;
use crate::{Error, Result};

/// The graph, and the recipe with the scale and the rows that `auto` became on it.
pub(in crate::pipeline) struct Graph {
    pub operator: Arc<Operator>,
    pub recipe: Recipe,
    /// The samples that are copies of others, where many are and features alone shape the graph.
    pub copies: Option<Arc<Copies>>,
}

/// The graph of the samples where they lie: `places` are features, codes or what a Siamese network makes of them.
///
/// # Errors
/// Those of the neighbour search, of a file that is no affinity, of weights that make no graph.
pub(in crate::pipeline) fn graph(
    caches: &mut Caches,
    run: &mut Run<'_>,
    screen: &mut Screen<'_>,
    data: &Dataset,
    places: &Array2<f32>,
) -> Result<Graph> {
    let recipe = &run.job.recipe;
    let settings = run.settings()?;
    let wanted = settings.neighbors;
    let fewer = settings.taken.into_iter().find(|taken| taken.setting == "neighbors");
    let fewer = fewer.map(|taken| format!("each sample is joined to {} others: {}", taken.value, taken.reason));
    let copied = run.known.without_copies.map(|distinct| {
        format!(
            "of {} samples only {distinct} differ: neighbours are looked for among these, and each sample is joined to one of its copies",
            data.len()
        )
    });
    let neighbors = if recipe.affinity_file.is_some() {
        run.done(Stage::Neighbours, 0.0, true); // A given graph asks for none.
        None
    } else {
        Some(run.stage(Stage::Neighbours, &mut caches.neighbors, |progress| {
            let found = graph::neighbors(places.view(), wanted, recipe, progress)?;
            let notes = fewer.into_iter().chain(copied).chain(neighbors_note(&found)).collect();
            Ok((Arc::new(found), notes))
        })?)
    };
    let between_features = !recipe.has_codes() && recipe.affinity != Affinity::Siamese;
    if let Some(neighbors) = neighbors.as_deref().filter(|_| between_features && recipe.scale == Scale::Auto) {
        let dimensions = graph::intrinsic_dimension(neighbors);
        run.find(|facts| facts.dimensions = Some(dimensions));
    }
    let Settings { scale, grouping, taken, .. } = run.settings()?;
    screen.snapshot.take(taken);
    let recipe = Recipe { scale, rows: grouping.rows, ..recipe.clone() };
    // A graph from a file, or one that labels shaped, tells equal samples apart.
    let by_places = recipe.affinity_file.is_none() && recipe.known_labels.is_none() && recipe.labelled <= 0.0;
    let copied = by_places && run.known.without_copies.is_some();
    let (operator, copies) = run.stage(Stage::Affinity, &mut caches.operator, |progress| {
        let (operator, notes) = operator(neighbors.as_deref(), (data, places), &recipe, progress)?;
        let copies = copied.then(|| Copies::among(places.view(), recipe.distance)).flatten();
        Ok(((operator, copies.map(Arc::new)), notes))
    })?;
    screen.show(|snapshot| {
        snapshot.neighbors = neighbors;
        snapshot.operator = Some(Arc::clone(&operator));
    });
    Ok(Graph { operator, recipe, copies })
}

/// What a person should know about how neighbours were found.
fn neighbors_note(found: &Neighbors) -> Option<String> {
    let recall = found.recall?;
    Some(format!(
        "neighbours are approximate: {:.1} % of those of some samples are among the nearest; --exact-neighbors-to finds all",
        100.0 * recall
    ))
}

/// The operator and what a person should know about it. `neighbors` are needed unless the recipe names an affinity file.
fn operator(
    neighbors: Option<&Neighbors>,
    (data, places): (&Dataset, &Array2<f32>),
    recipe: &Recipe,
    progress: &Progress<'_>,
) -> Result<(Arc<Operator>, Vec<String>)> {
    let (mut affinity, mut notes) = match (&recipe.affinity_file, neighbors) {
        (Some(path), _) => {
            let matrix = data::read_matrix(path, data.len(), recipe, progress);
            let given = matrix.and_then(|matrix| graph::given(matrix, data.len()));
            let (given, mut notes) = given.map_err(|e| match e {
                Error::Cancelled => e,
                e => e.or(Remedy::choose("affinity-file", "FILE", "takes another one", "Choose another file…")),
            })?;
            notes
                .insert(0, format!("the affinity was read from {}: neighbours and scale play no part", path.display()));
            (given, notes)
        }
        (None, Some(neighbors)) => {
            let (built, notes) = graph::affinity(neighbors, data.len(), recipe)?;
            (built, notes)
        }
        (None, None) => graph::given(Vec::new(), data.len())?,
    };
    if let Some(hints) = hints(data, recipe)? {
        affinity = hints.apply(&affinity)?;
        let flag = if recipe.known_labels.is_some() { "--known-labels" } else { "--labelled" };
        notes.insert(0, hints.note(flag));
    }
    let mut operator = Operator::new(affinity, recipe.laplacian)?;
    if neighbors.is_some() && operator.components.count() > 1 {
        progress.check()?;
        operator = operator.joined(places.view(), recipe.distance);
    }
    notes.extend(operator.notes());
    Ok((Arc::new(operator), notes))
}

/// The samples whose labels the recipe allows to be used: the same ones whenever they are asked for.
///
/// # Errors
/// As [`Hints::draw`], and as [`data::read_known`] and [`Hints::known`] where a file says which labels are known.
pub fn hints(data: &Dataset, recipe: &Recipe) -> Result<Option<Hints>> {
    let Some(path) = &recipe.known_labels else {
        return Hints::draw(data.labels.as_ref(), data.len(), recipe.labelled, recipe.seed);
    };
    if recipe.labelled > 0.0 {
        let text = "--labelled and --known-labels both say which labels are known; one of them is meant".to_owned();
        return Err(Error::Setting(text).or(Remedy::set(
            "labelled",
            0,
            "takes those of the file",
            "Take those of the file",
        )));
    }
    let choose = || Remedy::choose("known-labels", "FILE", "takes another one", "Choose another file…");
    let known = data::read_known(path).map_err(|e| e.or(choose()))?;
    Hints::known(data.rows.iter().map(|&row| known.class(row)).collect()).map(Some)
}
