//! How long frames take.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use eframe::egui;

/// Measures every frame from its begin to its end, in seconds.
#[derive(Debug, Default)]
pub(super) struct Stopwatch {
    pub(super) began: Option<Instant>,
    pub(super) frames: Arc<Mutex<Vec<f64>>>,
}

impl egui::Plugin for Stopwatch {
    fn debug_name(&self) -> &'static str {
        "stopwatch"
    }

    fn on_begin_pass(&mut self, _: &mut egui::Ui) {
        self.began = Some(Instant::now());
    }

    fn on_end_pass(&mut self, _: &mut egui::Ui) {
        let Some(began) = self.began.take() else { return };
        self.frames.lock().unwrap_or_else(PoisonError::into_inner).push(began.elapsed().as_secs_f64());
    }
}

/// How long frames took, in seconds, and what the longest one was for.
#[derive(Default)]
pub(super) struct Frames {
    all: Vec<f64>,
    worst: Option<(f64, String)>,
}

impl Frames {
    pub(super) fn put(&mut self, seconds: f64, deed: &str) {
        self.all.push(seconds);
        if seconds > self.longest() {
            self.worst = Some((seconds, deed.to_owned()));
        }
    }

    pub(super) fn take(&mut self, other: Self) {
        self.all.extend(other.all);
        self.worst = [self.worst.take(), other.worst].into_iter().flatten().max_by(|a, b| a.0.total_cmp(&b.0));
    }

    pub(super) fn longest(&self) -> f64 {
        self.worst.as_ref().map_or(0.0, |worst| worst.0)
    }

    pub(super) fn told(&self) -> String {
        let mut sorted = self.all.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| sorted.get((share * sorted.len() as f64) as usize).copied().unwrap_or_default();
        let worst = self.worst.as_ref().map_or("", |worst| &worst.1);
        format!(
            "{} frames, median {:.0} ms, 99 % within {:.0} ms, longest {:.0} ms ({worst})",
            sorted.len(),
            1e3 * at(0.5),
            1e3 * at(0.99),
            1e3 * self.longest()
        )
    }
}
