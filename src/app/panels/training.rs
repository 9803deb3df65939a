//! Training: how the network learns.

use eframe::egui::Ui;

use super::Panels;
use super::controls::{self, Dial};
use super::knobs::{self, Knob};
use crate::learn::spectralnet::settings::MOST_GUARDS;

const STEP_SIZE: Knob =
    Knob { flag: "", label: "Step button", unit: "steps", effect: "How many training steps one press of Step takes" };

pub(super) fn training_ui(ui: &mut Ui, panels: &mut Panels) {
    let auto = panels.automatic();
    // The walk follows the spectrum; without an exact one only a run that chose it itself can tell.
    let chosen = panels.snapshot.is_some_and(|s| s.job.recipe.walk.set().is_none());
    let last = panels.last.map(|p| p.walk).filter(|_| chosen);
    let walk = auto.as_ref().and_then(|s| s.walk).or(last);
    let guards = auto.as_ref().and_then(|s| s.guards);
    let recipe = &mut panels.job.recipe;
    let on = recipe.learn;
    let (steps, batch, lr) = (auto.as_ref().map(|s| s.steps), auto.as_ref().map(|s| s.batch), auto.map(|s| s.lr));
    controls::auto(ui, &knobs::STEPS, &mut recipe.steps, steps, 1000, &Dial::whole(1..=1 << 40), on);
    controls::auto(ui, &knobs::BATCH, &mut recipe.batch, batch, 512, &Dial::whole(2..=1 << 20), on);
    controls::auto(ui, &knobs::LR, &mut recipe.lr, lr, 1e-3, &Dial::rate(1e-12..=1e12), on);
    controls::auto(ui, &knobs::WALK, &mut recipe.walk, walk, 16, &Dial::whole(1..=1 << 30), on);
    controls::number(ui, &knobs::PATIENCE, &mut recipe.patience, &Dial::whole(1..=1_000_000), on);
    controls::number(ui, &knobs::DECAY, &mut recipe.decay, &Dial::fine(1e-6..=0.999_999, 0.005, 6), on);
    controls::choice(ui, &knobs::OBJECTIVE, &mut recipe.objective, on);
    controls::choice(ui, &knobs::GRADIENT, &mut recipe.gradient, on);
    controls::choice(ui, &knobs::ORTHONORMAL, &mut recipe.orthonormal, on);
    controls::choice(ui, &knobs::SEPARATE, &mut recipe.separate, on);
    controls::auto(ui, &knobs::GUARDS, &mut recipe.guards, guards, 3, &Dial::whole(0..=MOST_GUARDS), on);
    controls::number(ui, &knobs::SEED, &mut recipe.seed, &Dial::whole(0..=1 << 53), true);
    controls::number(ui, &STEP_SIZE, panels.step_size, &Dial::whole(1..=10_000), on);
}
