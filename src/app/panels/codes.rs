//! Codes: what stands for a sample, and the distances learned between samples.

use eframe::egui::Ui;

use super::controls::{self, Dial};
use super::{Panels, knobs};
use crate::recipe::Affinity;

pub(super) fn codes_ui(ui: &mut Ui, panels: &mut Panels) {
    let recipe = &mut panels.job.recipe;
    let samples = panels.snapshot.map(|s| s.data.len());
    controls::choice(ui, &knobs::REPRESENT, &mut recipe.represent, true);
    if recipe.has_codes() {
        controls::text(ui, &knobs::ENCODER, &mut recipe.encoder, &mut panels.drafts.encoder, "auto or 500,10", true);
        let steps = samples.map(crate::learn::encoder_steps);
        let dial = Dial::whole(1..=1_000_000);
        controls::auto(ui, &knobs::ENCODER_STEPS, &mut recipe.encoder_steps, steps, 5000, &dial, true);
        controls::number(ui, &knobs::ENCODER_LR, &mut recipe.encoder_lr, &Dial::rate(1e-6..=0.1), true);
        controls::number(ui, &knobs::CORRUPTION, &mut recipe.corruption, &Dial::fine(0.0..=0.95, 0.005, 2), true);
    }
    if recipe.affinity == Affinity::Siamese {
        controls::text(ui, &knobs::SIAMESE, &mut recipe.siamese, &mut panels.drafts.siamese, "auto or 512,10", true);
        let steps = samples.map(crate::learn::siamese_steps);
        let dial = Dial::whole(1..=1_000_000);
        controls::auto(ui, &knobs::SIAMESE_STEPS, &mut recipe.siamese_steps, steps, 2000, &dial, true);
        controls::number(ui, &knobs::SIAMESE_LR, &mut recipe.siamese_lr, &Dial::rate(1e-6..=0.1), true);
        let dial = Dial::whole(1..=100);
        controls::number(ui, &knobs::SIAMESE_NEIGHBORS, &mut recipe.siamese_neighbors, &dial, true);
    } else {
        super::remark(ui, "Affinity `siamese`, below, learns distances between samples.");
    }
}
