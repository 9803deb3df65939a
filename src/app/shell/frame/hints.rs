//! The strip above the views where there is nothing else to say: what the pointer and the keys do.

use eframe::egui;

use crate::app::kit::fitting::fitting_ui;
use crate::app::kit::theme::Tokens;
use crate::app::shell::state::App;
use crate::app::views::scatter::{Effect, Tool};

impl App {
    /// Where there is nothing to say: what the pointer and the keys do in the views, what matters most first.
    pub(super) fn hint_ui(&self, ui: &mut egui::Ui) {
        let text = if self.paints() {
            "Drag paints, wheel and right drag move the plane · D S E M choose the tool, 0 to 9 the class, [ ] the size"
                .to_owned()
        } else {
            self.views_hint()
        };
        let color = Tokens::in_ui(ui).text_weak;
        ui.horizontal_centered(|ui| {
            self.standing_ui(ui);
            fitting_ui(ui, &text, color);
        });
    }

    fn views_hint(&self) -> String {
        let drag = match self.centre.tool() {
            Tool::Navigate => "Drag moves or turns · Shift+drag adds with a lasso, Ctrl+drag with a box",
            Tool::Lasso => "Drag selects inside a lasso",
            Tool::Rectangle => "Drag selects inside a box",
        };
        // A digit pressed by chance changes what every later click does.
        let effect = match self.centre.selection.effect {
            Effect::Replace => "",
            Effect::Add => "Selecting adds (1: replaces) · ",
            Effect::Remove => "Selecting takes out (1: replaces) · ",
            Effect::Intersect => "Selecting keeps what is in both (1: replaces) · ",
        };
        let alone = if self.centre.places.alone.is_some() { "X shows all views again · " } else { "" };
        format!(
            "{alone}{effect}{drag} · Ctrl+Shift takes out · arrows go point by point · double-click a name or F2 renames · F6 next part"
        )
    }
}
