//! A list to choose one from, with a light chevron instead of a heavy triangle. What is chosen by a key closes it as a click does.

use eframe::egui::{self, ComboBox, InnerResponse, Key, Shape, Stroke, Ui, Vec2, WidgetText};

/// The list, to be given what it shows.
#[must_use = "it is drawn by show_ui"]
#[expect(missing_debug_implementations, reason = "what egui makes of it has none")]
pub struct Combo<'a>(ComboBox<'a>);

/// A list of this width. `id_salt` tells it from others beside it.
pub fn combo<'a>(id_salt: impl egui::AsIdSalt, width: f32) -> Combo<'a> {
    Combo(ComboBox::from_id_salt(id_salt).width(width).icon(|ui, rect, visuals, _open| {
        let (middle, half) = (rect.center(), 3.5);
        let points = [
            middle + Vec2::new(-half, -half * 0.5),
            middle + Vec2::new(0.0, half * 0.5),
            middle + Vec2::new(half, -half * 0.5),
        ];
        ui.painter().add(Shape::line(points.to_vec(), Stroke::new(1.3, visuals.fg_stroke.color)));
    }))
}

impl Combo<'_> {
    /// With this on it.
    pub fn selected_text(self, text: impl Into<WidgetText>) -> Self {
        Self(self.0.selected_text(text.into()))
    }

    /// What does not fit is cut off.
    pub fn truncate(self) -> Self {
        Self(self.0.truncate())
    }

    /// The list is at most this high, in points.
    pub fn height(self, height: f32) -> Self {
        Self(self.0.height(height))
    }

    /// Draws it; `add` draws the entries while it is open.
    pub fn show_ui<R>(self, ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> InnerResponse<Option<R>> {
        self.0.show_ui(ui, |ui| {
            let answer = add(ui);
            if is_chosen_by_key(ui) {
                ui.close();
            }
            answer
        })
    }
}

/// Whether a key that clicks was pressed on something in this layer.
fn is_chosen_by_key(ui: &Ui) -> bool {
    let pressed = ui.input(|i| i.key_pressed(Key::Enter) || i.key_pressed(Key::Space));
    let focused = ui.memory(egui::Memory::focused).filter(|_| pressed);
    let layer = ui.layer_id();
    focused.is_some_and(|id| ui.ctx().viewport(|v| v.this_pass.widgets.get(id).is_some_and(|w| w.layer_id == layer)))
}

#[cfg(test)]
mod tests {
    use egui_kittest::Harness;
    use egui_kittest::kittest::Queryable as _;

    use super::*;
    use crate::app::kit::focus;

    #[test]
    fn an_entry_chosen_by_a_key_closes_the_list_and_the_keyboard_is_on_it_again() {
        let draw = |ui: &mut Ui, chosen: &mut usize| {
            focus::region(ui, focus::Region::Bar, |ui| {
                let shown = combo("which", 100.0).selected_text(format!("taken {chosen}")).show_ui(ui, |ui| {
                    for i in 0..3 {
                        if ui.selectable_label(*chosen == i, format!("entry {i}")).clicked() {
                            *chosen = i;
                        }
                    }
                });
                let info = || egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Which");
                shown.response.widget_info(info);
                let _ = ui.button("beside");
            });
        };
        let mut harness = Harness::new_ui_state(draw, 0);
        focus::install(&harness.ctx);
        let mut press = |key: Key| {
            harness.key_press(key);
            harness.run_steps(4);
            (*harness.state(), harness.query_by_label("entry 1").is_some(), harness.get_by_label("Which").is_focused())
        };
        assert_eq!(press(Key::Tab), (0, false, true));
        assert!(press(Key::Enter).1, "open");
        press(Key::ArrowDown);
        press(Key::ArrowDown);
        assert_eq!(press(Key::Enter), (1, false, true));
        assert!(press(Key::Enter).1, "open again");
        assert_eq!(press(Key::Escape), (1, false, true), "left as it was");
    }
}
