//! A line of several things said, of which a narrow window shows as many as it has room for, and none cut in its middle.

use eframe::egui::{self, Color32, Label, Response, RichText, TextStyle, Ui};

/// What stands between two things said.
pub(in crate::app) const BETWEEN: &str = " · ";
/// What stands at the end where something was left out.
const MORE: &str = " …";

/// A small line of `words`, the first of which matter most: those that have no room are said when the pointer is over it.
pub(in crate::app) fn fitting_ui(ui: &mut Ui, words: &str, ink: Color32) -> Response {
    let font = TextStyle::Small.resolve(ui.style());
    let width = |text: &str| ui.painter().layout_no_wrap(text.to_owned(), font.clone(), ink).size().x;
    let shown = fitting(words, ui.available_width(), width);
    let response = ui.add(Label::new(RichText::new(&shown).small().color(ink)).truncate());
    if shown == words {
        return response;
    }
    // A screen reader has no need of room.
    let all = words.to_owned();
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &all));
    response.on_hover_text(words)
}

/// The things said that fit into a width, in their order, and a mark where there are more. The first stays in any case.
fn fitting(words: &str, room: f32, width: impl Fn(&str) -> f32) -> String {
    if width(words) <= room {
        return words.to_owned();
    }
    let mut parts = words.split(BETWEEN);
    let mut line = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let longer = format!("{line}{BETWEEN}{part}");
        if width(&format!("{longer}{MORE}")) <= room {
            line = longer;
        }
    }
    if width(&format!("{line}{MORE}")) <= room { line + MORE } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_room_is_left_out_whole() {
        let width = |text: &str| text.chars().count() as f32;
        let words = "Finished in 3 s · the network after 400 is kept · 400 steps";
        assert_eq!(fitting(words, 100.0, width), words);
        assert_eq!(fitting(words, 30.0, width), "Finished in 3 s · 400 steps …");
        assert_eq!(fitting(words, 20.0, width), "Finished in 3 s …");
        assert_eq!(fitting(words, 16.0, width), "Finished in 3 s");
        assert_eq!(fitting(words, 5.0, width), "Finished in 3 s", "it is cut, but not left out");
    }
}
