//! The load stage: samples are read or generated, and scaled.

use std::sync::Arc;

use ndarray::Array2;

use crate::Result;
use crate::data::{self, Dataset, Scaler, filled_dimensions, input_view, lost_digits};
use crate::graph;
use crate::pipeline::cache::Cached;
use crate::pipeline::run::Run;
use crate::recipe::{Recipe, Scaling, Stage};
use crate::support::language::counted;

/// What the first stage makes.
#[derive(Clone, Debug)]
pub(in crate::pipeline) struct Loaded {
    pub data: Dataset,
    pub scaler: Scaler,
    /// Scaled features, `n × d`.
    pub scaled: Arc<Array2<f32>>,
    /// The same as a graph compares them: with other values in the place of gaps.
    pub compared: Arc<Array2<f32>>,
    /// The input in three columns, for the eye, and their names.
    pub input: Arc<Array2<f32>>,
    pub axes: Arc<[String; 3]>,
    /// What automatic scaling is for the data, and why.
    pub auto: (Scaling, String),
    /// Dimensions that the scaled features fill.
    pub filled: usize,
}

/// Samples, scaled as the recipe wants them.
///
/// # Errors
/// Those of [`data::load`].
pub(in crate::pipeline) fn load(cache: &mut Cached<Loaded>, run: &mut Run<'_>) -> Result<Loaded> {
    let job = run.job;
    let loaded = run.stage(Stage::Load, cache, |progress| {
        let loaded = prepared(data::load(&job.source, &job.recipe, progress)?, &job.recipe);
        let notes = loaded.data.notes.clone();
        Ok((loaded, notes))
    })?;
    run.find(|facts| {
        facts.loaded(&loaded.data, loaded.filled);
        facts.scaling = Some(loaded.auto.0);
    });
    Ok(loaded)
}

/// Samples that are there, scaled as the recipe wants them.
pub(in crate::pipeline) fn prepared(mut data: Dataset, recipe: &Recipe) -> Loaded {
    let auto = data::resolve_scaling(&data, Scaling::Auto);
    let given = recipe.scaling;
    let taken = if given == Scaling::Auto { auto.0 } else { given };
    let scaler = Scaler::fit(&data, taken);
    let scaled = scaler.scaled(&data.features);
    let (compared, told) = compared(&data, &scaled, recipe.seed);
    for note in lost_digits(&data, scaled.view(), taken).into_iter().chain(told) {
        // Data of a picture that is made again has them already.
        if !data.notes.contains(&note) {
            data.notes.push(note);
        }
    }
    let (input, axes) = input_view(&data, &scaled, recipe.seed);
    let filled = filled_dimensions(scaled.view());
    Loaded { data, scaler, scaled, compared, input: Arc::new(input), axes: Arc::new(axes), auto, filled }
}

/// Scaled features as a graph compares them, and what a person should know of it.
pub(in crate::pipeline) fn compared(
    data: &Dataset,
    scaled: &Arc<Array2<f32>>,
    seed: u64,
) -> (Arc<Array2<f32>>, Option<String>) {
    // Of a projection the columns are no longer those that had gaps.
    let filled = if data.sparse.is_none() { data.filled.as_slice() } else { &[] };
    if filled.is_empty() {
        return (Arc::clone(scaled), None);
    }
    let rows = counted(filled.chunk_by(|a, b| a.0 == b.0).count(), "row");
    match graph::without_fills(scaled, filled, seed) {
        None => {
            let note = format!(
                "the {rows} with gaps are too many to be compared with one another by what they have: their neighbours are found by what was filled in"
            );
            (Arc::clone(scaled), Some(note))
        }
        Some(whole) if whole == **scaled => (Arc::clone(scaled), None),
        Some(whole) => {
            let note = format!(
                "neighbours of the {rows} with gaps are found by what they have: in the graph a gap stands for what the rows most like it hold, \
                 where the other columns tell it"
            );
            (Arc::new(whole), Some(note))
        }
    }
}
