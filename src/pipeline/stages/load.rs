//! The load stage: samples are read or generated, and scaled.

use std::sync::Arc;

use ndarray::Array2;

use crate::Result;
use crate::data::{self, Dataset, Scaler, filled_dimensions, input_view, lost_digits};
use crate::pipeline::cache::Cached;
use crate::pipeline::run::Run;
use crate::recipe::{Recipe, Scaling, Stage};

/// What the first stage makes.
#[derive(Clone, Debug)]
pub(in crate::pipeline) struct Loaded {
    pub data: Dataset,
    pub scaler: Scaler,
    /// Scaled features, `n × d`.
    pub scaled: Arc<Array2<f32>>,
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
    data.notes.extend(lost_digits(&data, scaled.view(), taken));
    let (input, axes) = input_view(&data, &scaled, recipe.seed);
    let filled = filled_dimensions(scaled.view());
    Loaded { data, scaler, scaled, input: Arc::new(input), axes: Arc::new(axes), auto, filled }
}
