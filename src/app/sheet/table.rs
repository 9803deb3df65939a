//! The columns of the table, a row each. Only what is in sight is drawn, so that thousands of them cost as little as twenty.

use eframe::egui::{self, Align, Layout, Rect, RichText, Ui, UiBuilder, Vec2};

use super::ColumnSheet;
use super::drawn;
use super::tools::{set, tip, title};
use crate::app::kit::combo::combo;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::theme::Tokens;
use crate::data::{Decided, Outline, OutlineColumn, Profile, SeenKind, with_kind};
use crate::recipe::Recipe;
use crate::recipe::columns::{ColumnKind, Role};
use crate::support::plain;

/// Height of a row, and the gap below it.
const ROW: f32 = 24.0;
const GAP: f32 = 2.0;
/// Heads with their widths in points; the last takes what is left.
const HEADS: [(&str, f32, &str); 8] = [
    ("column", 128.0, "Its name; click, Shift+click or Space marks it"),
    ("role", 104.0, "What it is for"),
    ("kind", 130.0, "What its cells hold"),
    ("example", 80.0, "The first cell that holds something"),
    ("gaps", 44.0, "Cells that hold nothing, in all rows of the file"),
    ("distinct", 48.0, "Different cells among the rows that are kept, counted to 1,000"),
    ("values", 76.0, "How the values lie: from the least to the greatest, or the most frequent words"),
    ("why", 0.0, "Why it has this role and this kind"),
];
/// Room for the reason at least.
const WHY: f32 = 90.0;
/// What a letter of a name takes, and what stands around the name, in points.
const LETTER: f32 = 7.0;
const AROUND_NAME: f32 = 24.0;
/// Share of the room to spare that long names take from the reasons.
const TO_NAMES: f32 = 0.7;
/// Kinds to offer.
const KINDS: [(ColumnKind, &str); 6] = [
    (ColumnKind::Number, "Numbers; what is none counts as missing"),
    (ColumnKind::Category, "Names: each is a feature, 1 where it stands and else 0"),
    (ColumnKind::Flag, "Yes and no, or 1 and 0; what is neither counts as missing"),
    (ColumnKind::Date, "Dates, as days since 1970"),
    (ColumnKind::DayMonthYear, "Dates that begin with the day"),
    (ColumnKind::MonthDayYear, "Dates that begin with the month"),
];

/// Width of the list of columns beside the first rows.
pub(super) fn width(available: f32) -> f32 {
    let least = HEADS.iter().map(|(_, width, _)| width + 6.0).sum::<f32>() + WHY + 14.0;
    (0.66 * available).max(least.min(available - 200.0))
}

/// Widths of the columns in a list this wide: long names, as those of questions, have more than short ones.
fn widths(available: f32, outline: &Outline) -> [f32; HEADS.len()] {
    let mut widths = HEADS.map(|(_, width, _)| width);
    let longest = outline.first.header.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    let fixed = widths.iter().map(|width| width + 6.0).sum::<f32>() + WHY;
    let spare = TO_NAMES * (available - fixed).max(0.0);
    widths[0] += (LETTER * longest as f32 + AROUND_NAME - widths[0]).clamp(0.0, spare);
    widths
}

/// The table of columns.
pub(super) fn table_ui(
    sheet: &mut ColumnSheet,
    ui: &mut Ui,
    recipe: &mut Recipe,
    (outline, profiles): (&std::sync::Arc<Outline>, Option<&Vec<Profile>>),
    matching: &[usize],
) {
    let decided = sheet.decided(recipe, outline).unwrap_or_default();
    ui.vertical(|ui| {
        let widths = widths(ui.available_width(), outline);
        heads_ui(ui, &widths);
        let step = ROW + GAP;
        let area = egui::ScrollArea::vertical().id_salt("columns").auto_shrink(false);
        area.show_viewport(ui, |ui, view| {
            ui.set_height((step * matching.len() as f32).max(1.0));
            // A row more at both ends is where the arrows go next.
            let from = ((view.min.y / step) as usize).saturating_sub(1);
            let to = ((view.max.y / step) as usize + 2).min(matching.len());
            let corner = ui.max_rect().min;
            let width = ui.max_rect().width();
            focus::group(ui, "columns", Kind::Once, |ui| {
                for (at, &column) in matching.iter().enumerate().take(to).skip(from) {
                    let place = corner + Vec2::new(0.0, step * at as f32);
                    let place = Rect::from_min_size(place, Vec2::new(width, ROW));
                    let row = Row { outline, column, place, widths: &widths };
                    let profile = profiles.and_then(|all| all.get(column));
                    row_ui(sheet, ui, recipe, &row, profile, &decided, matching);
                }
            });
            focus::reveal(ui);
        });
        if matching.is_empty() {
            ui.label(RichText::new("No column is called so").color(Tokens::in_ui(ui).text_weak));
        }
    });
}

fn heads_ui(ui: &mut Ui, widths: &[f32]) {
    let weak = Tokens::in_ui(ui).text_weak;
    let (row, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 16.0), egui::Sense::hover());
    let mut left = row.left() + 6.0;
    for ((head, _, tip), &width) in HEADS.into_iter().zip(widths) {
        let width = if width > 0.0 { width } else { (row.right() - left).max(20.0) };
        let cell = Rect::from_min_size(egui::pos2(left, row.top()), Vec2::new(width, row.height()));
        let text = egui::Label::new(RichText::new(head).small().color(weak))
            .truncate()
            .selectable(false)
            .show_tooltip_when_elided(false);
        cell_ui(ui, ("head", head), cell, |ui| ui.add(text).on_hover_text(tip));
        left += width + 6.0;
    }
}

/// Draws into a place.
fn cell_ui<R>(
    ui: &mut Ui,
    salt: impl std::hash::Hash + std::fmt::Debug,
    cell: Rect,
    add: impl FnOnce(&mut Ui) -> R,
) -> R {
    let layout = Layout::left_to_right(Align::Center);
    ui.scope_builder(UiBuilder::new().id_salt(salt).max_rect(cell).layout(layout), |ui| {
        ui.set_clip_rect(cell.expand(4.0).intersect(ui.clip_rect()));
        add(ui)
    })
    .inner
}

/// A row to draw.
struct Row<'a> {
    outline: &'a Outline,
    column: usize,
    place: Rect,
    /// Of its cells.
    widths: &'a [f32],
}

impl Row<'_> {
    fn seen(&self) -> &OutlineColumn {
        &self.outline.columns[self.column]
    }

    fn name(&self) -> String {
        format::name(&self.outline.first.header[self.column])
    }
}

fn row_ui(
    sheet: &mut ColumnSheet,
    ui: &mut Ui,
    recipe: &mut Recipe,
    row: &Row<'_>,
    profile: Option<&Profile>,
    decided: &Decided,
    matching: &[usize],
) {
    let tokens = Tokens::in_ui(ui);
    let given = decided.roles.get(row.column).copied().flatten();
    let kind = decided.kinds.get(row.column).copied().flatten();
    let role = given.unwrap_or(row.seen().role);
    let bar = Rect::from_min_size(row.place.min, Vec2::new(3.0, ROW));
    ui.painter().rect_filled(bar, 1.5, drawn::color(role, tokens));
    let mut left = row.place.left() + 6.0;
    for ((head, ..), &width) in HEADS.into_iter().zip(row.widths) {
        let width = if width > 0.0 { width } else { (row.place.right() - left - 4.0).max(20.0) };
        let cell = Rect::from_min_size(egui::pos2(left, row.place.top()), Vec2::new(width, ROW));
        left += width + 6.0;
        cell_ui(ui, (head, row.column), cell, |ui| match head {
            "column" => name_ui(sheet, ui, row, matching),
            "role" => role_ui(ui, recipe, row, given),
            "kind" => kind_ui(ui, recipe, row, kind, role),
            "example" => text(ui, profile.map_or("…", |profile| &profile.example), tokens.text),
            "gaps" => gaps_ui(ui, row),
            "distinct" => distinct_ui(ui, profile),
            "values" => drawn::histogram_ui(ui, profile.map(|profile| &profile.histogram), drawn::color(role, tokens)),
            _ => text(ui, &row.seen().why, tokens.text_weak),
        });
    }
}

/// A text that is cut off where its column ends, and whole under the pointer.
fn text(ui: &mut Ui, text: &str, color: egui::Color32) {
    let text = plain::line(text);
    let label = egui::Label::new(RichText::new(text.as_ref()).small().color(color))
        .truncate()
        .selectable(false)
        .show_tooltip_when_elided(false);
    ui.add(label).on_hover_text(text.as_ref());
}

fn name_ui(sheet: &mut ColumnSheet, ui: &mut Ui, row: &Row<'_>, matching: &[usize]) {
    let (name, column) = (row.name(), row.column);
    let picked = sheet.picked.contains(&column);
    let size = ui.max_rect().size();
    let strong = RichText::new(&name).color(Tokens::in_ui(ui).text_strong);
    // An empty text on the right leaves the name on the left.
    let button = egui::Button::selectable(picked, strong).right_text("").truncate().min_size(size);
    let response = ui.add_sized(size, button);
    if std::mem::take(&mut sheet.was_closed) {
        focus::go_to(ui.ctx(), response.id);
    }
    response.widget_info(|| egui::WidgetInfo::selected(egui::Role::Button, true, picked, format!("Column {name}")));
    let response = response.on_hover_text(&name);
    if !response.clicked() {
        return;
    }
    let (modifiers, by_pointer) = ui.input(|i| (i.modifiers, i.pointer.any_click()));
    let place = |of: usize| matching.iter().position(|&other| other == of);
    match sheet.anchor.and_then(place).zip(place(column)) {
        Some((a, b)) if modifiers.shift => sheet.picked.extend(&matching[a.min(b)..=a.max(b)]),
        _ if modifiers.command || !by_pointer || picked => {
            if !sheet.picked.remove(&column) {
                sheet.picked.insert(column);
            }
        }
        _ => sheet.picked = [column].into(),
    }
    (sheet.anchor, sheet.reveal) = (Some(column), Some(column));
}

/// The control of a cell, with its name for who does not see it.
fn named(response: &egui::Response, name: String, value: &str) {
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::Role::ComboBox, true, &name);
        info.current_text_value = Some(value.to_owned());
        info
    });
}

fn role_ui(ui: &mut Ui, recipe: &mut Recipe, row: &Row<'_>, given: Option<Role>) {
    let tokens = Tokens::in_ui(ui);
    let guess = row.seen().role;
    let (shown, ink) = given.map_or((title(guess), tokens.text_weak), |role| (title(role), tokens.text_strong));
    let mut wanted = None;
    let combo = combo(("role", row.column), HEADS[1].1).selected_text(RichText::new(shown).color(ink));
    let response = combo.show_ui(ui, |ui| {
        let guessed =
            if row.seen().decided.0 { "as guessed".to_owned() } else { format!("as guessed: {}", title(guess)) };
        if ui.selectable_label(given.is_none(), guessed).clicked() {
            wanted = Some(None);
        }
        for role in Role::ALL {
            if ui.selectable_label(given == Some(role), title(role)).on_hover_text(tip(role)).clicked() {
                wanted = Some(Some(role));
            }
        }
    });
    named(&response.response, format!("Role of {}", row.name()), shown);
    if let Some(role) = wanted {
        set(recipe, row.outline, &[row.column], role);
    }
}

fn kind_ui(ui: &mut Ui, recipe: &mut Recipe, row: &Row<'_>, given: Option<ColumnKind>, role: Role) {
    let tokens = Tokens::in_ui(ui);
    let seen = match row.seen().kind {
        // An id keeps its zeros and every digit.
        _ if role == Role::Id => "as it stands",
        SeenKind::Category if row.seen().role == Role::Shown => "words",
        kind => kind.name(),
    };
    let (shown, ink) = given.map_or((seen, tokens.text_weak), |kind| (kind.name(), tokens.text_strong));
    let mut wanted = None;
    // The words of a label or an id are taken as they stand.
    let on = !matches!(role, Role::Label | Role::Id | Role::Ignored);
    let combo = combo(("kind", row.column), HEADS[2].1).selected_text(RichText::new(shown).color(ink));
    let response = ui.add_enabled_ui(on, |ui| {
        combo.show_ui(ui, |ui| {
            if ui.selectable_label(given.is_none(), format!("as it looks: {seen}")).clicked() {
                wanted = Some(None);
            }
            for (kind, tip) in KINDS {
                if ui.selectable_label(given == Some(kind), kind.name()).on_hover_text(tip).clicked() {
                    wanted = Some(Some(kind));
                }
            }
        })
    });
    let response = response.inner.response;
    named(&response, format!("Kind of {}", row.name()), shown);
    response.on_disabled_hover_text("Taken word by word: only features have kinds");
    if let Some(kind) = wanted
        && let Ok(changed) = with_kind(recipe, row.outline, &[row.column], kind)
    {
        *recipe = changed;
    }
}

fn gaps_ui(ui: &mut Ui, row: &Row<'_>) {
    let tokens = Tokens::in_ui(ui);
    let (gaps, rows) = (row.seen().gaps, row.outline.rows.max(1));
    let ink = if gaps > 0 { tokens.warning } else { tokens.text_weak };
    let label = egui::Label::new(RichText::new(format::count(gaps)).small().color(ink))
        .truncate()
        .selectable(false)
        .show_tooltip_when_elided(false);
    let share = format!("{:.1} % of {}", 100.0 * gaps as f64 / rows as f64, format::counted(rows, "row"));
    ui.add(label).on_hover_text(share);
}

fn distinct_ui(ui: &mut Ui, profile: Option<&Profile>) {
    let shown = match profile {
        None => "…".to_owned(),
        Some(profile) if profile.has_more() => format!("{}+", format::count(crate::data::MOST_DISTINCT)),
        Some(profile) => format::count(profile.distinct),
    };
    text(ui, &shown, Tokens::in_ui(ui).text);
}
