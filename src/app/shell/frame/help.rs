//! Help: keys, gestures, and how to read the pictures, on one page.

use eframe::egui::{self, RichText, Ui};

use crate::app::kit::commands::UiCommand;
use crate::app::kit::theme::{Tokens, modal};

const GESTURES: [(&str, &str); 12] = [
    ("Drag", "move the picture; turn it in 3-D"),
    ("Scroll", "zoom at the pointer"),
    ("Shift+drag, Ctrl+drag", "add what a lasso, a box holds"),
    ("Ctrl+Shift+drag", "take out what a lasso holds; so does Alt"),
    ("Shift+Alt+drag", "keep what is selected and in the lasso"),
    ("Double click", "fit the view"),
    ("Hover", "mark the same point in all three views"),
    ("Click on a cluster, or its name", "select its points; double click renames it, … does more"),
    ("Drop a file", "open it"),
    ("Arrows", "in a view: from point to point; with Shift, move"),
    ("Enter, P", "select the point at the keys, pin its card"),
    ("+ and −, F", "zoom, fit"),
];

const WALKING: [(&str, &str); 5] = [
    ("Tab", "to the next control, tile row or button row"),
    ("Arrows", "in a row, among tiles, from setting to setting"),
    ("Left, Right", "fold and unfold a heading; Up and Down go on"),
    ("Up, Down", "one step of a number; Page Up, Page Down: ten"),
    ("Ctrl+Up, Ctrl+Down", "from a number to the setting above, below"),
];

const READING: [(&str, &str); 8] = [
    (
        "Two solvers, one graph",
        "The learned and the exact eigenspace come from the same graph and the same operator. Where training succeeds they become the same space: the distance falls to 0, and the learned picture, turned to lie on the exact one where only a common space means anything, becomes the same. With the objective batch graph they are two problems, and no distance of 0 is to be expected.",
    ),
    (
        "The constant vector",
        "The lowest eigenvector of a connected graph is the same everywhere, so the views start at the next one.",
    ),
    (
        "Eigengap",
        "A step in the eigenvalues after the k-th that is wide relative to the eigenvalue above it suggests k clusters: the relative width decides, not the absolute one. Where no step stands out the spectrum does not tell, and some number may still be better than another.",
    ),
    (
        "Fiedler vector",
        "The second eigenvector of a connected graph: where it changes its sign lies an approximation of the best balanced cut in two. On a graph in parts it only tells parts apart.",
    ),
    (
        "Typical orthogonality",
        "Weights that make one batch of m rows orthonormal leave a typical error of √(2k/m) on another such batch, and of √(k/m) on all data: one noisy batch instead of two. Neither is a bound; single batches lie on either side.",
    ),
    (
        "What is kept",
        "Training keeps the network that lies nearest to the exact eigenspace or, without an exact side, the one with the least loss. Labels have no part in it. A dotted line marks it where it is not the last.",
    ),
    (
        "Numbers of clusters",
        "Learned, exact and k-means clusters that share most of their points have the same number, and so the same colour, in every view, list and file.",
    ),
    (
        "sin² in groups",
        "Where eigenvalues coincide only their common space means anything, so their vectors share one figure.",
    ),
];

/// Draws the help while `open`.
///
/// Gives back a command that was chosen there.
pub fn help_ui(ctx: &egui::Context, open: &mut bool) -> Option<UiCommand> {
    if !*open {
        return None;
    }
    let mut chosen = None;
    let modal = modal(ctx, egui::Id::unique("help")).show(ctx, |ui| {
        let room = ui.ctx().content_rect().size();
        ui.set_width((room.x - 80.0).clamp(400.0, 1160.0));
        ui.horizontal(|ui| {
            ui.heading("Help");
            let right = egui::Layout::right_to_left(egui::Align::Center);
            let buttons = ui.with_layout(right, |ui| {
                let close = ui.button("Close").clicked();
                let report = UiCommand::CopyReport;
                if ui.button(report.text()).on_hover_text(report.tip()).clicked() {
                    chosen = Some(report);
                }
                close
            });
            buttons.inner
        })
        .inner
        .then(|| *open = false);
        ui.separator();
        egui::ScrollArea::vertical().max_height(room.y - 180.0).min_scrolled_height(room.y - 180.0).show(ui, |ui| {
            ui.columns(3, |columns| {
                columns[0].vertical(keys_ui);
                columns[1].vertical(hands_ui);
                columns[2].vertical(reading_ui);
            });
        });
    });
    if modal.should_close() || chosen.is_some() {
        *open = false;
    }
    chosen
}

fn keys_ui(ui: &mut Ui) {
    let tokens = Tokens::in_ui(ui);
    heading(ui, "Keys");
    let key = |text: String| RichText::new(text).monospace().color(tokens.text_strong);
    egui::Grid::new("keys").num_columns(2).min_row_height(16.0).spacing([14.0, 3.0]).show(ui, |ui| {
        for command in UiCommand::ALL {
            if let Some(keys) = command.keys(ui.ctx()) {
                ui.label(key(keys));
                ui.label(command.text());
                ui.end_row();
            }
        }
    });
}

fn hands_ui(ui: &mut Ui) {
    let tokens = Tokens::in_ui(ui);
    for (title, lines) in [("In the views", &GESTURES[..]), ("By the keyboard alone", &WALKING[..])] {
        heading(ui, title);
        for (gesture, effect) in lines {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing = egui::vec2(6.0, 1.0);
                ui.label(RichText::new(*gesture).color(tokens.text_strong));
                ui.label(*effect);
            });
        }
        ui.add_space(8.0);
    }
}

fn reading_ui(ui: &mut Ui) {
    heading(ui, "Reading the pictures");
    for (title, text) in READING {
        ui.label(RichText::new(title).color(Tokens::in_ui(ui).text_strong));
        ui.add(egui::Label::new(text).wrap());
        ui.add_space(6.0);
    }
    ui.label(RichText::new(concat!("Eigenscope ", env!("CARGO_PKG_VERSION"))).small());
}

fn heading(ui: &mut Ui, text: &str) {
    let color = Tokens::in_ui(ui).accent;
    ui.label(RichText::new(text).heading().color(color));
    ui.add_space(2.0);
}
