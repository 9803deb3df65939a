//! What the colours mean, in one line; a click on an entry selects its points, a double click shows them alone.

use eframe::egui::{self, Color32, Id, Rect, RichText, Sense, Stroke, Ui, vec2};

use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::shapes::{self, Shape};
use crate::app::kit::theme::{Tokens, UNIT};
use crate::app::shown::coloring::{self, Category, Legend};
use crate::output::palette;

/// What is done with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Done {
    /// Its points are selected.
    Selected(u32),
    /// Its points alone are shown, or all again.
    Isolated(u32),
}

/// Width of a gradient where there is room and the least it has, its height, and what the number behind it takes, in points.
const GRADIENT: [f32; 2] = [110.0, 24.0];
const HEIGHT: f32 = 10.0;
const NUMBER: f32 = 52.0;
/// What the number of those that are not drawn takes, in points.
const COUNT: f32 = 42.0;
/// What stands to the left of the legend at least, that number with it, and what a mark takes beside its name, in points.
const BESIDE: f32 = 50.0;
const AROUND_MARK: f32 = 22.0;
/// More marks than these tell nothing by their colours.
const MOST_MARKS: usize = 20;
/// What colours by place mean.
const PLACE: &str = "place in the input";
/// Parts that it is drawn in.
const PARTS: u8 = 44;

/// What the colours mean, right-aligned, in the room that is left. `alone` is the entry whose points alone are shown.
pub(super) fn legend_ui(ui: &mut Ui, legend: &Legend, alone: Option<u32>, dark: bool) -> Option<Done> {
    let small = |ui: &mut Ui, value: f64| {
        let color = Tokens::in_ui(ui).text_weak;
        ui.label(RichText::new(format::number(value)).small().color(color));
    };
    match legend {
        Legend::Categories(categories) => {
            return focus::group(ui, "legend", Kind::Once, |ui| categories_ui(ui, categories, alone));
        }
        Legend::Gradient { low, high } => {
            small(ui, *high);
            gradient_ui(ui, |t| palette::quantity(t, dark));
            small(ui, *low);
        }
        Legend::Diverging { most } => {
            small(ui, *most);
            let rect = gradient_ui(ui, |t| palette::diverging(2.0 * t - 1.0));
            let tokens = Tokens::in_ui(ui);
            // Zero is marked on the scale.
            let zero = rect.center().x;
            ui.painter().vline(zero, rect.y_range().expand(3.0), Stroke::new(1.5, tokens.text_strong));
            small(ui, -most);
        }
        Legend::Position => position_ui(ui, dark),
    }
    None
}

fn categories_ui(ui: &mut Ui, categories: &[Category], alone: Option<u32>) -> Option<Done> {
    let tokens = Tokens::in_ui(ui);
    let font = egui::TextStyle::Small.resolve(ui.style());
    let shaped = shapes::are_shown(ui.ctx());
    let text = |name: String, category: &Category| {
        let faint = alone.is_some_and(|alone| alone != category.id);
        let ink = if faint { tokens.text_weak } else { tokens.text };
        (ui.painter().layout_no_wrap(name, font.clone(), ink), ink)
    };
    let named = |category: &Category| text(format::short(&category.name, 14), category);
    let room = ui.available_width() - BESIDE;
    let widths: Vec<f32> = categories.iter().take(MOST_MARKS).map(|c| named(c).0.size().x).collect();
    // Where all are drawn none have to be counted.
    let names = names_that_fit(&widths, categories.len(), room + COUNT);
    // Those whose names have no room are marks alone, which the names on the picture explain.
    let drawn = names.map_or_else(|| names_alone(&widths, room), |_| categories.len());
    let name =
        |i: usize, category| if i < names.unwrap_or(drawn) { named(category) } else { text(String::new(), category) };
    let galleys: Vec<_> = categories.iter().take(drawn).enumerate().map(|(i, c)| (name(i, c), c)).collect();
    let more = categories.len() - galleys.len();
    if more > 0 {
        ui.label(RichText::new(format!("+{more}")).small().color(tokens.text_weak))
            .on_hover_text("All are listed under Clusters");
    }
    let mut done = None;
    for ((galley, ink), category) in galleys.into_iter().rev() {
        let size = galley.size() + vec2(14.0, UNIT);
        let (_, rect) = ui.allocate_space(size);
        let response = ui.interact(rect, Id::unique(("legend", category.id)), Sense::click());
        let is_alone = alone == Some(category.id);
        let name = format!("Legend {}, {}", category.name, format::counted(category.count, "point"));
        response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, is_alone, &name));
        if response.hovered() || response.has_focus() || is_alone {
            ui.painter().rect_filled(rect.expand2(vec2(2.0, 0.0)), UNIT, tokens.control);
        }
        let [r, g, b] = category.color;
        let shape = if shaped { category.shape } else { Shape::Disc };
        shape.paint(ui.painter(), rect.left_center() + vec2(4.0, 0.0), 4.0, Color32::from_rgb(r, g, b));
        ui.painter().galley(rect.min + vec2(12.0, 0.5 * UNIT), galley, ink);
        if response.double_clicked() {
            done = Some(Done::Isolated(category.id));
        } else if response.clicked() {
            done = Some(Done::Selected(category.id));
        }
        let tip = if is_alone { "Double-click to show all points again" } else { "Double-click to show them alone" };
        response.on_hover_text(format!("{name}\nClick to select them. {tip}"));
    }
    done
}

/// How many names stand beside their marks where all marks are drawn; nothing where the marks alone have no room.
fn names_that_fit(widths: &[f32], marks: usize, room: f32) -> Option<usize> {
    let all = AROUND_MARK * marks as f32;
    if marks > MOST_MARKS || all > room {
        return None;
    }
    let mut left = room - all;
    let fits = |width: &&f32| {
        left -= **width;
        left >= 0.0
    };
    Some(widths.iter().take_while(fits).count())
}

/// How many marks with their names have room where not all marks have.
fn names_alone(widths: &[f32], mut room: f32) -> usize {
    let fits = |width: &&f32| {
        room -= **width + AROUND_MARK;
        room > 0.0
    };
    widths.iter().take_while(fits).count()
}

fn gradient_ui(ui: &mut Ui, color: impl Fn(f32) -> [u8; 3]) -> Rect {
    let room = (ui.available_width() - NUMBER).clamp(GRADIENT[1], GRADIENT[0]);
    let (rect, _) = ui.allocate_exact_size(vec2(room, HEIGHT), Sense::hover());
    let width = rect.width() / f32::from(PARTS);
    for i in 0..PARTS {
        let [r, g, b] = color(f32::from(i) / f32::from(PARTS - 1));
        let corner = egui::pos2(rect.left() + width * f32::from(i), rect.top());
        let part = Rect::from_min_size(corner, vec2(width + 0.5, rect.height()));
        ui.painter().rect_filled(part, 0.0, Color32::from_rgb(r, g, b));
    }
    rect
}

fn position_ui(ui: &mut Ui, dark: bool) {
    let tokens = Tokens::in_ui(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(22.0, 22.0), Sense::hover());
    let cells = 6;
    let cell = rect.size() / cells as f32;
    for (x, y) in (0..cells * cells).map(|i| (i % cells, i / cells)) {
        let at = |i: i32| (i as f32 + 0.5) / cells as f32;
        let corner = rect.min + vec2(x as f32 * cell.x, y as f32 * cell.y);
        let [r, g, b] = coloring::place_color(at(x), 1.0 - at(y), dark);
        ui.painter().rect_filled(Rect::from_min_size(corner, cell), 0.0, Color32::from_rgb(r, g, b));
    }
    response.on_hover_text(PLACE);
    let font = egui::TextStyle::Small.resolve(ui.style());
    let text = ui.painter().layout_no_wrap(PLACE.to_owned(), font, tokens.text_weak);
    // What is done with points has the room first.
    if text.size().x < ui.available_width() {
        ui.label(RichText::new(PLACE).small().color(tokens.text_weak));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_stay_where_names_have_no_room() {
        let widths = [60.0, 60.0, 60.0];
        assert_eq!(names_that_fit(&widths, 3, 300.0), Some(3));
        assert_eq!(names_that_fit(&widths, 3, 200.0), Some(2));
        assert_eq!(names_that_fit(&widths, 3, 70.0), Some(0));
        assert_eq!(names_that_fit(&widths, 3, 60.0), None);
        assert_eq!(names_that_fit(&widths, MOST_MARKS + 1, 1e6), None);
    }
}
