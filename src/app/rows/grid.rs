//! The table itself. Only the cells in sight are laid out, so that a million rows and a thousand columns cost as little as twenty.

use std::fmt::Write as _;

use eframe::egui::{self, Id, Rect, Sense, Ui, text::LayoutJob, text::TextWrapping, vec2};

use super::RowsTable;
use super::columns::Col;
use super::scroll::{self, BAR};
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::theme::{Tokens, text};
use crate::app::shown::fields::{Field, Found, RowFields};
use crate::app::views::scatter::Selection;
use crate::support::plain;

/// Heights of a row of text, of one with a picture, and of the heads.
const ROW: f32 = 20.0;
const ROW_WITH_PICTURE: f32 = 30.0;
const HEAD: f32 = 22.0;
/// Room on both sides of a cell's text.
const PAD: f32 = 6.0;
/// Letters of a cell that are laid out at most.
const LETTERS: usize = 120;
/// The narrowest and the widest column that a drag makes.
const WIDTHS: std::ops::RangeInclusive<f32> = 28.0..=900.0;

/// What the table shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'a> {
    pub(super) fields: &'a RowFields,
    /// The same before the last change, for what is still to be found.
    pub(super) before: Option<&'a RowFields>,
    /// Which rows in which order; none for all of them.
    pub(super) rows: Option<&'a [u32]>,
    /// A colour for each label.
    pub(super) colors: &'a [[u8; 3]],
}

impl Shown<'_> {
    /// Number of rows.
    pub(super) fn len(&self) -> usize {
        use crate::project::query::Fields as _;
        self.rows.map_or_else(|| self.fields.rows(), <[u32]>::len)
    }

    /// The sample in a row.
    pub(super) fn sample(&self, row: usize) -> Option<u32> {
        match self.rows {
            Some(rows) => rows.get(row).copied(),
            None => (row < self.len()).then_some(row as u32),
        }
    }

    /// The row that a sample is in.
    pub(super) fn row_of(&self, sample: u32) -> Option<usize> {
        match self.rows {
            Some(rows) => rows.iter().position(|&of| of == sample),
            None => ((sample as usize) < self.len()).then_some(sample as usize),
        }
    }
}

/// A column and where it stands in the frame.
struct Stand {
    col: Col,
    left: f32,
    width: f32,
}

/// What lies where.
struct Layout {
    body: Rect,
    head: Rect,
    /// Where the columns that stay end.
    fixed: f32,
    row: f32,
    /// Rows that fit, with their fraction.
    seen: f64,
    /// Width of the columns that scroll.
    width: f32,
}

/// Draws it into the room that is left.
pub(super) fn grid_ui(table: &mut RowsTable, ui: &mut Ui, shown: &Shown<'_>, selection: &mut Selection) {
    let area = ui.available_rect_before_wrap();
    ui.advance_cursor_after_rect(area);
    let id = ui.make_persistent_id("rows of the table");
    let with_picture = shown.fields.snapshot().data.image.is_some();
    let row = if with_picture { ROW_WITH_PICTURE } else { ROW };
    let (fixed, others) = Col::all(shown.fields);
    let fixed_width: f32 = fixed.iter().map(|&col| table.width(col, shown.fields, row)).sum();
    let width: f32 = others.iter().map(|&col| table.width(col, shown.fields, row)).sum();
    let inner = Rect::from_min_max(area.min, area.max - vec2(BAR, BAR));
    let (head, body) = inner.split_top_bottom_at_y(inner.top() + HEAD);
    let seen = f64::from(body.height() / row).max(1.0);
    let layout = Layout { body, head, fixed: area.left() + fixed_width, row, seen, width };
    let room = (body.right() - layout.fixed).max(1.0);
    table.place.wheel(ui, area, row);
    super::keys::keys(table, ui, id, shown, selection, (&layout.seen, &others));
    if let Some(row) = table.reveal.take() {
        table.place.reveal(row, seen);
    }
    bars_ui(table, ui, id, shown, area, &layout, room);
    table.place.clamp((shown.len(), seen), (width, room));
    let stands = stands(table, shown.fields, area.left(), &layout, (&fixed, &others));
    heads_ui(table, ui, shown, &layout, &stands);
    body_ui(table, ui, id, shown, selection, &layout, &stands);
}

fn bars_ui(table: &mut RowsTable, ui: &Ui, id: Id, shown: &Shown<'_>, area: Rect, layout: &Layout, room: f32) {
    let upright = Rect::from_min_max(layout.body.right_top(), egui::pos2(area.right(), layout.body.bottom()));
    let at = (table.place.top, layout.seen, shown.len() as f64);
    if let Some(top) = scroll::bar(ui, Id::with(id, "upright bar"), upright, true, at) {
        table.place.top = top;
    }
    let lying = Rect::from_min_max(
        egui::pos2(layout.fixed, layout.body.bottom()),
        egui::pos2(layout.body.right(), area.bottom()),
    );
    let at = (f64::from(table.place.left), f64::from(room), f64::from(layout.width));
    if let Some(left) = scroll::bar(ui, Id::with(id, "lying bar"), lying, false, at) {
        table.place.left = left as f32;
    }
}

/// The columns in sight: those that stay, then those that scroll.
fn stands(
    table: &mut RowsTable,
    fields: &RowFields,
    left: f32,
    layout: &Layout,
    (fixed, others): (&[Col], &[Col]),
) -> Vec<Stand> {
    let mut stands = Vec::new();
    let mut at = left;
    for &col in fixed {
        let width = table.width(col, fields, layout.row);
        stands.push(Stand { col, left: at, width });
        at += width;
    }
    at -= table.place.left;
    for &col in others {
        let width = table.width(col, fields, layout.row);
        if at + width > layout.fixed && at < layout.body.right() {
            stands.push(Stand { col, left: at, width });
        }
        at += width;
    }
    stands
}

impl Stand {
    /// Its part of a band, and what of it may be drawn on.
    fn cell(&self, band: Rect, layout: &Layout, fixed: bool) -> (Rect, Rect) {
        let rect =
            Rect::from_min_max(egui::pos2(self.left, band.top()), egui::pos2(self.left + self.width, band.bottom()));
        let room = if fixed { band.with_max_x(layout.fixed) } else { band.with_min_x(layout.fixed) };
        (rect, rect.intersect(room).intersect(layout.body.union(layout.head)))
    }

    fn is_fixed(&self) -> bool {
        matches!(self.col, Col::Picture | Col::Field(Field::Found(Found::Row)))
    }
}

fn heads_ui(table: &mut RowsTable, ui: &mut Ui, shown: &Shown<'_>, layout: &Layout, stands: &[Stand]) {
    let tokens = Tokens::in_ui(ui);
    ui.painter().rect_filled(layout.head, 2.0, tokens.raised);
    focus::group(ui, "heads of rows", Kind::Once, |ui| {
        for stand in stands.iter().filter(|stand| stand.col != Col::Picture) {
            let (rect, clip) = stand.cell(layout.head, layout, stand.is_fixed());
            head_ui(table, ui, shown.fields, stand.col, rect, clip);
        }
    });
    for stand in stands.iter().filter(|stand| stand.col != Col::Picture) {
        let (rect, clip) = stand.cell(layout.head, layout, stand.is_fixed());
        let edge = Rect::from_center_size(rect.right_center(), vec2(6.0, HEAD));
        if !clip.contains(edge.center() - vec2(1.0, 0.0)) {
            continue;
        }
        let response = ui.interact(edge, Id::unique(("edge of", stand.col)), Sense::DRAG);
        let said = format!("Width of {}", stand.col.head(shown.fields));
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Splitter, true, &said));
        let on = response.hovered() || response.dragged();
        if on {
            ui.set_cursor_icon(egui::CursorIcon::ResizeColumn);
        }
        let ink = if on { tokens.accent } else { tokens.line };
        ui.painter().vline(rect.right() - 0.5, layout.head.shrink(4.0).y_range(), egui::Stroke::new(1.0, ink));
        if response.dragged() {
            let width = (stand.width + response.drag_delta().x).clamp(*WIDTHS.start(), *WIDTHS.end());
            table.widths.insert(stand.col, width);
        }
    }
}

/// The head of a column: a click sorts by it, upwards, downwards, not.
fn head_ui(table: &mut RowsTable, ui: &mut Ui, fields: &RowFields, col: Col, rect: Rect, clip: Rect) {
    let tokens = Tokens::in_ui(ui);
    let response = ui.interact(clip.shrink2(vec2(2.0, 0.0)), Id::unique(("head of row column", col)), Sense::click());
    let sorted = table.wish.sort.filter(|(by, _)| *by == col).map(|(_, down)| down);
    let name = col.head(fields);
    let name = format::name(&name);
    let (state, sign) = match sorted {
        None => ("", ""),
        Some(false) => (", sorted upwards", "▲"),
        Some(true) => (", sorted downwards", "▼"),
    };
    let said = format!("Sort by {name}{state}");
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ColumnHeader, true, &said));
    let ink = if sorted.is_some() || response.hovered() { tokens.text_strong } else { tokens.text_weak };
    let room = rect.shrink2(vec2(PAD, 0.0));
    let mark = if sign.is_empty() { 0.0 } else { 12.0 };
    draw(ui, room.with_max_x(room.right() - mark), clip, &name, ink, false);
    if !sign.is_empty() {
        let at = egui::pos2(room.right() + 2.0, room.center().y);
        let font = egui::FontId::proportional(text::SMALL);
        ui.painter().with_clip_rect(clip).text(at, egui::Align2::RIGHT_CENTER, sign, font, tokens.accent);
    }
    let tip = format!("{name}\n{}\nA click sorts by it, another the other way, a third no more", col.tip(fields));
    if response.on_hover_text(tip).clicked() {
        table.wish.sort = match sorted {
            None => Some((col, false)),
            Some(false) => Some((col, true)),
            Some(true) => None,
        };
        table.anew = true;
    }
}

fn body_ui(
    table: &mut RowsTable,
    ui: &mut Ui,
    id: Id,
    shown: &Shown<'_>,
    selection: &mut Selection,
    layout: &Layout,
    stands: &[Stand],
) {
    let tokens = Tokens::in_ui(ui);
    let grid = ui.interact(layout.body, id, Sense::focusable_noninteractive());
    focus::enter_at(ui.ctx(), id);
    if std::mem::take(&mut table.takes_keys) {
        focus::go_to(ui.ctx(), id);
    }
    let at = table.cursor.filter(|_| grid.has_focus());
    let count = shown.len();
    let first = table.place.top.floor().max(0.0) as usize;
    let above = table.place.top.fract() as f32 * layout.row;
    let fit = ((layout.body.height() + above) / layout.row).ceil() as usize;
    table.laid_out = (fit.min(count.saturating_sub(first)), stands.len());
    for row in first..count.min(first + fit) {
        let Some(sample) = shown.sample(row) else { continue };
        let top = layout.body.top() - above + (row - first) as f32 * layout.row;
        let band = Rect::from_min_size(egui::pos2(layout.body.left(), top), vec2(layout.body.width(), layout.row));
        let seen = band.intersect(layout.body);
        let response = ui.interact(seen, Id::with(id, ("row", row)), Sense::CLICK);
        let chosen = selection.contains(sample);
        response.widget_info(|| {
            egui::WidgetInfo::selected(egui::Role::Row, true, chosen, said(shown.fields, stands, sample))
        });
        if response.hovered() {
            selection.pointed = Some(sample);
        }
        if response.clicked() {
            ui.memory_mut(|m| m.request_focus(id));
            super::keys::clicked(table, ui, shown, selection, row);
        }
        let ground = if chosen { Some(tokens.accent.gamma_multiply(0.22)) } else { None };
        let ground = if response.hovered() { Some(tokens.control_hover) } else { ground };
        if let Some(ground) = ground {
            ui.painter().rect_filled(seen, 0.0, ground);
        }
        if chosen {
            ui.painter().rect_filled(Rect::from_min_size(seen.min, vec2(2.0, seen.height())), 0.0, tokens.accent);
        }
        for stand in stands {
            let (rect, clip) = stand.cell(band, layout, stand.is_fixed());
            cell_ui(table, ui, shown, stand.col, sample, (rect, clip.intersect(layout.body)), response.hovered());
        }
        if at == Some(row) {
            let line = egui::Stroke::new(1.0, tokens.marker);
            ui.painter().rect_stroke(seen.shrink(0.5), 2.0, line, egui::StrokeKind::Inside);
        }
    }
    let line = egui::Stroke::new(1.0, tokens.line);
    ui.painter().vline(layout.fixed - 0.5, layout.body.y_range(), line);
    grid.widget_info(|| {
        let at = table.cursor.and_then(|row| shown.sample(row));
        let at = at.map_or_else(String::new, |sample| format!(", at row {}", shown.fields.place(sample as usize) + 1));
        egui::WidgetInfo::labeled(egui::Role::Grid, true, format!("Rows: {}{at}", format::count(count)))
    });
}

/// A row in words: its number and the cells in sight.
fn said(fields: &RowFields, stands: &[Stand], sample: u32) -> String {
    let mut words = format!("Row {}", fields.place(sample as usize) + 1);
    for stand in stands.iter().filter(|stand| !stand.is_fixed()) {
        let cell = stand.col.text(fields, sample as usize);
        let cell = format::short(&plain::line(cell.trim()), 40);
        if !cell.is_empty() {
            // A text takes whatever is written into it.
            let _ = write!(words, ", {} {cell}", stand.col.head(fields));
        }
    }
    words
}

fn cell_ui(
    table: &mut RowsTable,
    ui: &mut Ui,
    shown: &Shown<'_>,
    col: Col,
    sample: u32,
    (rect, clip): (Rect, Rect),
    hovered: bool,
) {
    let tokens = Tokens::in_ui(ui);
    if col == Col::Picture {
        if let Some(texture) = table.thumbs.get(ui.ctx(), &shown.fields.snapshot().data, sample) {
            let side = (rect.height() - 2.0).min(rect.width());
            let place = Rect::from_center_size(rect.center(), vec2(side, side));
            let whole = Rect::from_min_max(egui::pos2(0.0, 0.0), egui::pos2(1.0, 1.0));
            ui.painter().with_clip_rect(clip).image(texture, place, whole, egui::Color32::WHITE);
        }
        return;
    }
    let waits = matches!(col, Col::Field(field) if !shown.fields.at_hand(field));
    let fields = if waits { shown.before.unwrap_or(shown.fields) } else { shown.fields };
    let cell = col.text(fields, sample as usize);
    let cell = plain::line(cell.trim());
    let mut room = rect.shrink2(vec2(PAD, 0.0));
    if col == Col::Field(Field::Found(Found::Name))
        && let Some(&[r, g, b]) =
            shown.fields.ids().and_then(|ids| shown.colors.get(*ids.get(sample as usize)? as usize))
    {
        let at = egui::pos2(room.left() + 4.0, room.center().y);
        ui.painter().with_clip_rect(clip).circle_filled(at, 4.0, egui::Color32::from_rgb(r, g, b));
        room.min.x += 12.0;
    }
    let ink = match col {
        _ if waits => tokens.text_weak,
        Col::Field(Field::Found(Found::Row)) | Col::Learned(_) | Col::Exact(_) => tokens.text_weak,
        _ => tokens.text,
    };
    if cell.is_empty() {
        // Data that is not there is seen; what was not found or said is not.
        if matches!(col, Col::Field(Field::Column(_))) {
            draw(ui, room, clip, "·", tokens.warning, col.is_number(shown.fields));
        }
        return;
    }
    let cut = draw(ui, room, clip, &cell, ink, col.is_number(shown.fields));
    if cut && hovered && ui.rect_contains_pointer(clip) {
        let whole = format::short(&cell, 2000);
        egui::Tooltip::always_open(
            ui.ctx().clone(),
            ui.layer_id(),
            Id::unique("whole cell"),
            egui::PopupAnchor::Pointer,
        )
        .gap(12.0)
        .show(|ui| {
            ui.set_max_width(420.0);
            ui.label(whole);
        });
    }
}

/// Draws a text in one line; whether it was cut off.
fn draw(ui: &Ui, room: Rect, clip: Rect, words: &str, ink: egui::Color32, right: bool) -> bool {
    let long = words.chars().nth(LETTERS).is_some();
    let words = if long { format::short(words, LETTERS) } else { words.to_owned() };
    let font = egui::FontId::proportional(text::SMALL);
    let mut job = LayoutJob::simple_singleline(words, font, ink);
    job.wrap = TextWrapping::truncate_at_width(room.width().max(0.0));
    let galley = ui.painter().layout_job(job);
    let left = if right && !galley.elided { room.right() - galley.size().x } else { room.left() };
    let at = egui::pos2(left, room.center().y - 0.5 * galley.size().y);
    let cut = galley.elided || long;
    ui.painter().with_clip_rect(clip).galley(at, galley, ink);
    cut
}
