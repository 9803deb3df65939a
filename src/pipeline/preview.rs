//! The load stage alone, beside a run: what other settings of the data would show.

use std::sync::Arc;

use ndarray::Array2;

use super::job::Job;
use super::stages::prepared;
use crate::Result;
use crate::data::{self, Dataset};
use crate::support::progress::{Control, Progress};

/// Samples as a run would have them, before any graph or network.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The samples.
    pub data: Dataset,
    /// The scaled features in three columns, `n × 3`, for the eye.
    pub input: Arc<Array2<f32>>,
    /// Names of the three axes.
    pub axes: Arc<[String; 3]>,
}

/// Loads and scales what a run of `job` would, until `control` says no more.
///
/// # Errors
/// Those of [`data::load`].
pub fn preview(job: &Job, control: &Control) -> Result<Preview> {
    let progress = Progress::new(control.clone(), &|_, _| {});
    let loaded = prepared(data::load(&job.source, &job.recipe, &progress)?, &job.recipe);
    Ok(Preview { data: loaded.data, input: loaded.input, axes: loaded.axes })
}
