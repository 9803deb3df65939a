//! What stands for a sample, and the distances learned between samples.

use eframe::egui::Ui;

use super::controls::{self, Dial};
use super::{Panels, knobs};
use crate::recipe::{Affinity, System};

pub(super) fn autoencoder_ui(ui: &mut Ui, panels: &mut Panels) {
    let pictures = panels.snapshot.is_none_or(|s| s.data.image.is_some());
    let recipe = &mut panels.job.recipe;
    let dual = recipe.system == System::DualAutoencoder;
    controls::choice(ui, &knobs::REPRESENT, &mut recipe.represent, !dual);
    if !recipe.has_codes() {
        return;
    }
    if dual {
        dual_ui(ui, panels);
    }
    let recipe = &mut panels.job.recipe;
    controls::text(ui, &knobs::ENCODER, &mut recipe.encoder, &mut panels.drafts.encoder, "auto or 500,10", true);
    let default = if dual { crate::learn::dual::steps } else { crate::learn::autoencoder::steps };
    let steps = panels.snapshot.map(|s| default(s.data.len()));
    let dial = Dial::whole(1..=1 << 40);
    controls::auto(ui, &knobs::ENCODER_STEPS, &mut recipe.encoder_steps, steps, 5000, &dial, true);
    let lr = Some(recipe.encoder_lr_in_use());
    controls::auto(ui, &knobs::ENCODER_LR, &mut recipe.encoder_lr, lr, 1e-3, &Dial::rate(1e-12..=1e12), true);
    controls::number(ui, &knobs::CORRUPTION, &mut recipe.corruption, &Dial::fine(0.0..=0.999, 0.005, 3), true);
    let distortion = Some(recipe.distortion_in_use());
    let dial = Dial::fine(0.0..=4.0, 0.01, 2);
    controls::auto(ui, &knobs::DISTORTION, &mut recipe.distortion, distortion, 0.5, &dial, pictures);
}

/// What only the dual autoencoder has.
fn dual_ui(ui: &mut Ui, panels: &mut Panels) {
    let width = panels.snapshot.and_then(|s| s.codes.as_ref()).map(|c| c.ncols());
    let recipe = &mut panels.job.recipe;
    controls::auto(ui, &knobs::LATENT, &mut recipe.latent, width, 10, &Dial::whole(1..=1024), true);
    controls::number(ui, &knobs::JOINT, &mut recipe.joint, &Dial::fine(1e-6..=1.0, 0.005, 6), true);
    for (knob, weight) in [
        (&knobs::RELATIVE_WEIGHT, &mut recipe.relative_weight),
        (&knobs::MUTUAL_WEIGHT, &mut recipe.mutual_weight),
        (&knobs::PRIOR_WEIGHT, &mut recipe.prior_weight),
        (&knobs::SPECTRAL_WEIGHT, &mut recipe.spectral_weight),
    ] {
        controls::number(ui, knob, weight, &Dial::fine(0.0..=1e9, 0.005, 6), true);
    }
}

pub(super) fn siamese_ui(ui: &mut Ui, panels: &mut Panels) {
    let recipe = &mut panels.job.recipe;
    if recipe.affinity != Affinity::Siamese {
        return;
    }
    controls::text(ui, &knobs::SIAMESE, &mut recipe.siamese, &mut panels.drafts.siamese, "auto or 512,10", true);
    let steps = panels.snapshot.map(|s| crate::learn::siamese::steps(s.data.len()));
    let dial = Dial::whole(1..=1 << 40);
    controls::auto(ui, &knobs::SIAMESE_STEPS, &mut recipe.siamese_steps, steps, 2000, &dial, true);
    controls::number(ui, &knobs::SIAMESE_LR, &mut recipe.siamese_lr, &Dial::rate(1e-12..=1e12), true);
    let others = panels.snapshot.map_or(1_000_000, |s| s.data.len().saturating_sub(1).max(1));
    controls::number(ui, &knobs::SIAMESE_NEIGHBORS, &mut recipe.siamese_neighbors, &Dial::whole(1..=others), true);
}
