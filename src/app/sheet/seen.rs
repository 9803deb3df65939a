//! What the sheet shows: the samples of the views, or those that the settings would give.

use std::sync::Arc;

use eframe::egui;
use ndarray::Array2;

use super::background::same_samples;
use super::{Around, ColumnSheet};
use crate::data::Dataset;
use crate::pipeline::{Job, Preview, Snapshot};

/// How what is shown stands to the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    /// It is of these settings, and a result is made of it.
    Trained,
    /// It is of these settings, and no result is made of it yet.
    Raw,
    /// It is of these settings, and the views show an older result.
    Preview,
    /// It is of other settings: the new ones are being read, or cannot be.
    Old,
}

/// Samples to show.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) data: Dataset,
    /// `n × 3`, for the eye.
    pub(super) input: Arc<Array2<f32>>,
    pub(super) axes: Arc<[String; 3]>,
    pub(super) age: Age,
    /// Why the settings give nothing.
    pub(super) error: Option<String>,
}

impl Seen {
    fn of(snapshot: &Snapshot, age: Age) -> Self {
        let (input, axes) = (Arc::clone(&snapshot.input), Arc::clone(&snapshot.input_axes));
        Self { data: snapshot.data.clone(), input, axes, age, error: None }
    }

    fn preview(preview: &Preview, age: Age) -> Self {
        let (input, axes) = (Arc::clone(&preview.input), Arc::clone(&preview.axes));
        Self { data: preview.data.clone(), input, axes, age, error: None }
    }
}

impl ColumnSheet {
    /// What to show of the settings at hand: what the views have, where it is of them; else what is read in the background.
    pub(super) fn seen(&mut self, ctx: &egui::Context, around: &Around<'_>) -> Option<Seen> {
        let job: &Job = around.job;
        let here = around.shown.filter(|shown| shown.job.source == job.source);
        if let Some(shown) = here.filter(|shown| same_samples(&shown.job, job)) {
            let result = shown.learned.is_some() || shown.exact.is_some();
            return Some(Seen::of(shown, if result { Age::Trained } else { Age::Raw }));
        }
        if around.aside {
            self.background.want(ctx, job);
        }
        let older = |error: Option<String>| {
            let last = self.background.last(job).map(|last| Seen::preview(last, Age::Old));
            let seen = last.or_else(|| here.map(|shown| Seen::of(shown, Age::Old)));
            seen.map(|seen| Seen { error, ..seen })
        };
        match self.background.done(job) {
            Some(Ok(preview)) => Some(Seen::preview(preview, Age::Preview)),
            Some(Err(error)) => older(Some(error.to_owned())),
            None if around.aside || around.opening => older(None),
            None => older(around.error.map(str::to_owned)),
        }
    }
}
