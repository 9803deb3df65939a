//! What a person needs to see the window and to follow it: theme, size of text, motion, shapes, in one menu, remembered.

use eframe::egui::{self, PopupCloseBehavior, RichText, Ui};

use crate::app::kit::commands::UiCommand;
use crate::app::kit::ease;
use crate::app::kit::icons::{Icon, icon_button};
use crate::app::kit::later::Later;
use crate::app::kit::shapes;
use crate::app::kit::theme::{Tokens, bordered};
use crate::app::shell::start::SMALLEST;
use crate::app::shell::state::{App, ThemeChoice};
use crate::project::{Ease, MotionChoice};

/// How this person sees the window.
#[derive(Debug, Default)]
pub(in crate::app::shell) struct Sight {
    /// What was chosen.
    pub(in crate::app::shell) ease: Ease,
    /// Whether the system asks for less motion, once it has answered.
    system: Option<Later<Option<bool>>>,
    /// What the window has now: all of it, the theme it was put over, and whether a class looks at it.
    applied: Option<(Ease, bool, Option<bool>, bool)>,
    /// What had the keyboard when it was last brought into sight.
    revealed: Option<egui::Id>,
}

impl Sight {
    fn is_still(&self) -> bool {
        self.ease.is_still(self.system.as_ref().and_then(|asked| *asked.get()?))
    }
}

impl App {
    /// Asks the system whether it is set to less motion; the window follows it where nothing else was chosen.
    pub(in crate::app::shell) fn ask_system(&mut self, ctx: &egui::Context) {
        self.sight.system = Some(Later::start(ctx, "Whether the system asks for less motion", ease::system_is_still));
    }

    /// Has every path typed instead of chosen in the system's dialog, for whoever drives the window by keys alone.
    pub fn type_paths(&mut self) {
        self.dialogs.typed = true;
    }

    /// How this person sees the window.
    #[must_use]
    pub fn ease(&self) -> Ease {
        self.sight.ease
    }

    /// Sets how this person sees the window, as the menu does.
    pub fn set_ease(&mut self, ease: Ease) {
        self.sight.ease = ease;
    }

    /// Gives the window what was chosen, once a frame and after the theme.
    pub(super) fn apply_ease(&mut self, ctx: &egui::Context) {
        let wanted = (self.sight.ease, self.sight.is_still(), self.dark, self.present.on);
        if self.sight.applied != Some(wanted) {
            self.sight.applied = Some(wanted);
            ease::apply(ctx, wanted.0.factor() * self.present.larger(), wanted.1);
            shapes::show(ctx, wanted.0.shapes);
        }
    }

    /// Runs a command of this menu.
    pub(in crate::app::shell) fn see(&mut self, command: UiCommand) {
        let still = self.sight.is_still();
        let ease = &mut self.sight.ease;
        match command {
            UiCommand::TextLarger => ease.enlarge(),
            UiCommand::TextSmaller => ease.diminish(),
            UiCommand::TextUsual => ease.restore(),
            UiCommand::Still => ease.motion = if still { MotionChoice::Full } else { MotionChoice::Reduced },
            UiCommand::Shapes => ease.shapes = !ease.shapes,
            _ => {}
        }
    }

    /// The menu of how the window looks.
    pub(super) fn sight_ui(&mut self, ui: &mut Ui) {
        let name = match self.theme {
            ThemeChoice::System => "system",
            ThemeChoice::Dark => "dark",
            ThemeChoice::Light => "light",
        };
        let said = format!("Appearance: theme {name}, text {} %", self.sight.ease.size);
        let button = icon_button(ui, Icon::Theme, &said, false);
        let popup = egui::Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        popup.show(|ui| {
            ui.set_min_width(210.0);
            bordered(ui);
            let head = |ui: &mut Ui, text: &str| {
                ui.label(RichText::new(text).small().color(Tokens::in_ui(ui).text_weak));
            };
            head(ui, "Theme");
            for (choice, text) in
                [(ThemeChoice::System, "As the system"), (ThemeChoice::Dark, "Dark"), (ThemeChoice::Light, "Light")]
            {
                if ui.radio(self.theme == choice, text).clicked() {
                    self.theme = choice;
                }
            }
            ui.separator();
            head(ui, "Text size");
            ui.horizontal(|ui| self.size_ui(ui));
            ui.separator();
            head(ui, "Motion");
            for (choice, text) in [
                (MotionChoice::System, "As the system has it"),
                (MotionChoice::Reduced, "Reduced"),
                (MotionChoice::Full, "Full"),
            ] {
                let tip = UiCommand::Still.tip();
                if ui.radio(self.sight.ease.motion == choice, text).on_hover_text(tip).clicked() {
                    self.sight.ease.motion = choice;
                }
            }
            ui.separator();
            ui.checkbox(&mut self.sight.ease.shapes, UiCommand::Shapes.text()).on_hover_text(UiCommand::Shapes.tip());
        });
        button.on_hover_text("Theme, size of text, motion, shapes");
    }

    fn size_ui(&mut self, ui: &mut Ui) {
        let steps = [(UiCommand::TextSmaller, "A−"), (UiCommand::TextUsual, ""), (UiCommand::TextLarger, "A+")];
        for (command, text) in steps {
            let size = format!("{} %", self.sight.ease.size);
            let shown = if text.is_empty() { size.as_str() } else { text };
            let button = ui.add(egui::Button::new(shown).min_size(egui::vec2(46.0, 0.0)));
            let said = if text.is_empty() { format!("Text size {size}, back to 100 %") } else { command.text().into() };
            button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &said));
            if button.on_hover_text(command.tooltip(ui.ctx())).clicked() {
                self.see(command);
                ui.request_repaint();
            }
        }
    }

    /// Draws the window, which scrolls where large text leaves it less room than it needs.
    pub(super) fn fitting_ui(&mut self, ui: &mut Ui, add: impl FnOnce(&mut Self, &mut Ui)) {
        let (room, least) = (ui.max_rect().size(), egui::Vec2::from(SMALLEST));
        // A size that a picture was asked for is meant.
        if (room.x >= least.x && room.y >= least.y) || self.sight.ease.factor() <= 1.0 {
            return add(self, ui);
        }
        egui::ScrollArea::both().auto_shrink(false).show(ui, |ui| {
            let whole = egui::Rect::from_min_size(ui.max_rect().min, room.max(least));
            ui.allocate_rect(whole, egui::Sense::hover());
            ui.scope_builder(egui::UiBuilder::new().max_rect(whole), |ui| add(self, ui));
            let focused = ui.memory(egui::Memory::focused);
            if focused != self.sight.revealed {
                self.sight.revealed = focused;
                let layer = ui.layer_id();
                let place = focused.and_then(|id| {
                    ui.ctx().viewport(|v| v.this_pass.widgets.get(id).filter(|w| w.layer_id == layer).map(|w| w.rect))
                });
                if let Some(place) = place {
                    ui.scroll_to_rect(place.expand(12.0), None);
                }
            }
        });
    }
}
