//! System: which method runs, and what only the supervised ones have.

use eframe::egui::Ui;

use super::controls::{self, Dial};
use super::{Panels, codes, knobs, remark};
use crate::recipe::{Inference, System, WIDEST_LAYER};

pub(super) fn system_ui(ui: &mut Ui, panels: &mut Panels) {
    let margin_in_use = panels.automatic().and_then(|s| s.margin);
    let recipe = &mut panels.job.recipe;
    controls::choice(ui, &knobs::SYSTEM, &mut recipe.system, true);
    if !recipe.system.is_supervised() {
        return codes::autoencoder_ui(ui, panels);
    }
    remark(
        ui,
        "Supervised: labels of one part of the data teach the network, and scores are of the other part alone. There is no graph and no exact side.",
    );
    let shown = panels.snapshot.and_then(|s| s.supervised.as_ref());
    let outputs = shown.map(|r| r.embedding);
    controls::auto(ui, &knobs::EMBEDDING, &mut recipe.embedding, outputs, 256, &Dial::whole(1..=WIDEST_LAYER), true);
    controls::auto(
        ui,
        &knobs::HELD_OUT,
        &mut recipe.held_out,
        None,
        0.5,
        &Dial::fine(1e-6..=0.999_999, 0.005, 6),
        true,
    );
    controls::switch(ui, &knobs::VALIDATE, &mut recipe.validate, true);
    controls::auto(ui, &knobs::CLASSES, &mut recipe.classes, None, 5, &Dial::whole(2..=1 << 15), true);
    let margin = recipe.system != System::Dscl;
    let dial = Dial::fine(1e-6..=1e6, 0.005, 6);
    controls::auto(ui, &knobs::MARGIN, &mut recipe.margin, margin_in_use, 0.5, &dial, margin);
    controls::choice(ui, &knobs::INFERENCE, &mut recipe.inference, true);
    let spectral = recipe.inference != Inference::Direct;
    controls::switch(ui, &knobs::CENTRE, &mut recipe.centre, spectral);
}
