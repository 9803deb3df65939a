//! The metric stage: a Siamese network learns distances between the samples, where they are wanted.

use std::sync::Arc;

use ndarray::Array2;

use super::represent::{hear, say_stopped, show};
use crate::Result;
use crate::learn::drive::Told;
use crate::learn::one_cycle::{OneCycle, SHORT, Seen};
use crate::learn::siamese::{self, Metric, PairHistogram};
use crate::nets::Compute;
use crate::pipeline::cache::Cached;
use crate::pipeline::run::{Run, Screen};
use crate::recipe::Stage;

/// Learned places of the samples, which are features or codes, where they are wanted.
///
/// # Errors
/// Those of the training; [`crate::Error::Cancelled`].
pub(in crate::pipeline) fn metric(
    cache: &mut Cached<Arc<Metric>>,
    run: &mut Run<'_>,
    screen: &mut Screen<'_>,
    samples: &Array2<f32>,
    compute: Option<&Compute>,
) -> Result<Option<Arc<Metric>>> {
    let recipe = &run.job.recipe;
    let (Some(compute), Some(settings)) = (compute, run.settings()?.siamese) else {
        cache.0 = None;
        return Ok(None);
    };
    let cycle =
        OneCycle { steps: settings.steps, lr: settings.lr, flag: "--siamese-lr", adam: SHORT, control: run.control };
    let metric = run.stage(Stage::Metric, cache, |progress| {
        let listen = &mut |told: Told<'_, Seen<Arc<PairHistogram>>>| {
            hear(screen, Stage::Metric, told, |screen, waits, pairs| {
                show(screen, waits, |snapshot| snapshot.pairs = Some(Arc::clone(pairs)));
            });
            Ok(None)
        };
        let (metric, end) =
            compute.on(|| siamese::train((recipe, &settings), samples.view(), compute, &cycle, progress, listen))?;
        say_stopped(screen, Stage::Metric, end, cycle.steps);
        Ok((Arc::new(metric), Vec::new()))
    })?;
    screen.show(|snapshot| {
        snapshot.metric = Some(Arc::clone(&metric.rows));
        snapshot.pairs = Some(Arc::clone(&metric.histogram));
    });
    Ok(Some(metric))
}
