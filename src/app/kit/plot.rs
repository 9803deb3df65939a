//! Plots that no hand moves: a wheel over them scrolls what they stand in.

use eframe::egui;
use egui_plot::Plot;

use super::theme::Tokens;

/// A plot of this name without anything drawn.
pub(in crate::app) fn still<'a>(name: &str, tokens: &Tokens) -> Plot<'a> {
    Plot::new(name)
        .show_background(false)
        .sense(egui::Sense::hover())
        .allow_drag(false)
        .allow_zoom(false)
        .allow_scroll(false)
        .allow_boxed_zoom(false)
        .grid_color(tokens.grid)
}
