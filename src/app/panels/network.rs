//! Network: what learns the eigenspace, and where.

use eframe::egui::Ui;

use super::controls::{self, Dial};
use super::{Panels, knobs, line, remark};
use crate::recipe::{Hidden, WIDEST_LAYER};

pub(super) fn network_ui(ui: &mut Ui, panels: &mut Panels) {
    let auto = panels.automatic();
    let fourier = auto.as_ref().map(|s| s.fourier);
    let recipe = &mut panels.job.recipe;
    controls::switch(ui, &knobs::LEARN, &mut recipe.learn, true);
    let on = recipe.learn;
    controls::text(ui, &knobs::HIDDEN, &mut recipe.hidden, &mut panels.drafts.hidden, "auto or 256,256", on);
    if let (Hidden::Auto, Some(auto)) = (&recipe.hidden, &auto) {
        let layers: Vec<String> = auto.hidden.iter().map(ToString::to_string).collect();
        remark(ui, &format!("auto takes {}", layers.join(",")));
    }
    controls::choice(ui, &knobs::ACTIVATION, &mut recipe.activation, on);
    controls::auto(ui, &knobs::FOURIER, &mut recipe.fourier, fourier, 64, &Dial::whole(0..=WIDEST_LAYER), on);
    let waves = on && recipe.fourier.set().or(fourier) != Some(0);
    controls::number(ui, &knobs::FREQUENCY, &mut recipe.frequency, &Dial::fine(1e-6..=1e6, 0.02, 6), waves);
    controls::choice(ui, &knobs::DEVICE, &mut recipe.device, on);
    // The line is there from the start, so that nothing below it moves when the device is known.
    let device = panels.snapshot.map(|s| s.device.as_str()).filter(|d| !d.is_empty());
    let text = device.map_or_else(|| "What trains is known once it trains".to_owned(), |d| format!("Trains on {d}"));
    line(ui, &text);
}
