//! What is known of the point under the pointer: index, label, clusters, its picture or its first columns.

use std::sync::Arc;

use eframe::egui::{self, Pos2, Rect, RichText, TextureHandle, TextureOptions};

use super::card_place::{clear_place, free_place};
use crate::app::kit::format;
use crate::app::kit::theme::Tokens;
use crate::app::shown::coloring::{self, ColorBy};
use crate::app::shown::edges::star;
use crate::app::shown::labels::Labels;
use crate::app::shown::picture::picture;
use crate::app::shown::units;
use crate::data::{Features, ImageShape, SeenKind};
use crate::pipeline::Snapshot;
use crate::project::Mark;
use crate::recipe::columns::Role;

/// Columns shown for data that is no picture.
const MOST_COLUMNS: usize = 6;
/// Columns shown that are no features.
const MOST_SHOWN: usize = 4;

/// The pictures of the sample that was hovered last and of the pinned one.
#[derive(Default)]
pub struct Inspector {
    /// With the features each was drawn from, held so that no others can take their place in memory.
    pictures: [Option<(Arc<Features>, u32, TextureHandle)>; 2],
    card: Card,
}

/// Where the card of the pinned sample may stand, and where the views show that sample.
#[derive(Clone, Copy, Debug)]
pub struct Around<'a> {
    /// The views.
    pub views: Rect,
    /// What it may lie on, in the order of preference: the views under their heads, which have the fields of the axes, and what shows no points.
    pub areas: &'a [Rect],
    /// Where the sample is.
    pub places: &'a [Pos2],
}

impl Around<'_> {
    /// Where its card goes from where it is; none where it may stay.
    fn way(&self, card: Rect) -> Option<Rect> {
        match free_place(card, self.areas, self.places) {
            Some(free) => Some(free).filter(|free| *free != card),
            None => clear_place(card, self.views, self.places),
        }
    }
}

/// Where the card of the pinned sample stands.
#[derive(Debug, Default)]
struct Card {
    /// The sample for which it has made room; a hand may put it anywhere from then on.
    settled: Option<u32>,
    /// Where it was drawn last, and where the views show the sample.
    drawn: Option<(Rect, Vec<Pos2>)>,
}

impl Card {
    /// Where its lower left corner goes, so that it does not lie on a sample for which it has not made room yet.
    fn goes_to(&self, ctx: &egui::Context, sample: u32, around: Around<'_>) -> Option<Pos2> {
        let (card, _) = self.drawn.as_ref().filter(|_| self.settled != Some(sample))?;
        let held = ctx.input(|i| i.pointer.any_down());
        around.way(*card).filter(|_| !held).map(|place| place.left_bottom())
    }

    /// It was drawn there: room is made once it is off the sample and as large as it gets.
    fn drawn_at(&mut self, ctx: &egui::Context, sample: u32, card: Rect, around: Around<'_>) {
        let before = self.drawn.replace((card, around.places.to_vec()));
        if self.settled == Some(sample) {
            return;
        }
        let grown = before.is_none_or(|(before, _)| before.size() != card.size());
        if grown || around.way(card).is_some() {
            ctx.request_repaint();
        } else {
            self.settled = Some(sample);
        }
    }
}

impl std::fmt::Debug for Inspector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let of = self.pictures.each_ref().map(|p| p.as_ref().map(|p| p.1));
        f.debug_struct("Inspector").field("pictures", &of).field("card", &self.card).finish()
    }
}

impl Inspector {
    /// Where the card of the pinned sample was drawn last, and where the views show that sample.
    #[must_use]
    pub fn pinned(&self) -> Option<(Rect, &[Pos2])> {
        self.card.drawn.as_ref().map(|(card, places)| (*card, places.as_slice()))
    }

    /// Shows a card beside the pointer, or beside the place the keys went to.
    pub fn ui(
        &mut self,
        ctx: &egui::Context,
        layer: egui::LayerId,
        anchor: egui::PopupAnchor,
        snapshot: &Snapshot,
        labels: &Labels,
        sample: u32,
    ) {
        if sample as usize >= snapshot.data.len() {
            return;
        }
        let picture = snapshot.data.image.map(|shape| self.picture(0, ctx, snapshot, shape, sample));
        let id = egui::Id::unique("sample under the pointer");
        egui::Tooltip::always_open(ctx.clone(), layer, id, anchor)
            .gap(14.0)
            .show(|ui| card_ui(ui, picture, snapshot, labels, sample));
    }

    /// Shows the card of a sample that stays, off the places at which the views show it. True when it is to go.
    pub fn pinned_ui(
        &mut self,
        ctx: &egui::Context,
        around: Around<'_>,
        snapshot: &Snapshot,
        labels: &Labels,
        sample: u32,
    ) -> bool {
        if sample as usize >= snapshot.data.len() {
            return true;
        }
        let picture = snapshot.data.image.map(|shape| self.picture(1, ctx, snapshot, shape, sample));
        let window = egui::Area::new(egui::Id::unique("pinned sample")).pivot(egui::Align2::LEFT_BOTTOM);
        let window = match self.card.goes_to(ctx, sample, around) {
            Some(to) => window.current_pos(to),
            None => window,
        };
        let area = around.areas.iter().fold(around.views, |all, area| all.union(*area));
        let corner = around.views.left_bottom() + egui::vec2(56.0, -40.0);
        let shown = window.default_pos(corner).order(egui::Order::Middle).constrain_to(area).show(ctx, |ui| {
            egui::Frame::popup(ui.style()).show(ui, |ui| {
                ui.horizontal_top(|ui| {
                    card_ui(ui, picture, snapshot, labels, sample);
                    let close = ui.button("Unpin");
                    close.on_hover_text("Put the card away; P in a view does the same").clicked()
                })
                .inner
            })
        });
        self.card.drawn_at(ctx, sample, shown.response.rect, around);
        shown.inner.inner
    }

    fn picture(
        &mut self,
        slot: usize,
        ctx: &egui::Context,
        snapshot: &Snapshot,
        shape: ImageShape,
        sample: u32,
    ) -> egui::TextureId {
        let features = &snapshot.data.features;
        let kept = &mut self.pictures[slot];
        if kept.as_ref().is_none_or(|p| !Arc::ptr_eq(&p.0, features) || p.1 != sample) {
            let image = picture(&features.row(sample as usize), shape);
            let texture = ctx.load_texture("sample", image, TextureOptions::NEAREST);
            *kept = Some((Arc::clone(features), sample, texture));
        }
        kept.as_ref().map_or_else(egui::TextureId::default, |p| p.2.id())
    }
}

fn card_ui(ui: &mut egui::Ui, picture: Option<egui::TextureId>, snapshot: &Snapshot, labels: &Labels, sample: u32) {
    ui.horizontal_top(|ui| {
        if let Some(id) = picture {
            let picture = egui::Image::new((id, egui::Vec2::splat(84.0)));
            ui.add(picture.alt_text(format!("Sample {} as a picture", sample + 1)));
        }
        ui.vertical(|ui| facts_ui(ui, snapshot, labels, sample));
    });
}

fn facts_ui(ui: &mut egui::Ui, snapshot: &Snapshot, labels: &Labels, sample: u32) {
    let tokens = Tokens::in_ui(ui);
    let row = snapshot.data.rows.get(sample as usize).copied().unwrap_or(sample as usize);
    ui.label(RichText::new(format!("sample {}", format::count(row + 1))).color(tokens.text_strong));
    egui::Grid::new("facts").num_columns(2).min_row_height(14.0).spacing([10.0, 1.0]).show(ui, |ui| {
        let mut fact = |name: &str, value: String| {
            ui.label(RichText::new(name).small().color(tokens.text_weak));
            ui.label(RichText::new(format::short(&value, 28)).small());
            ui.end_row();
        };
        let sides = [
            (ColorBy::Label, "label"),
            (ColorBy::Learned, "learned"),
            (ColorBy::Exact, "exact"),
            (ColorBy::Baseline, "k-means"),
        ];
        for (by, title) in sides {
            if let Some((ids, _)) = labels.ids(by, snapshot)
                && let Some(&id) = ids.get(sample as usize)
            {
                fact(title, labels.name(by, id, snapshot));
                if let Some(mark) = labels.mark(by, sample, snapshot) {
                    fact("", said(mark, by, sample, snapshot));
                }
            }
        }
        if snapshot.unseen.as_ref().is_some_and(|unseen| unseen.rows.binary_search(&sample).is_ok()) {
            fact("training", "held out until its last part".to_owned());
        }
        if let Some(operator) = &snapshot.operator {
            let joined = star(operator, sample);
            if let Some(&(_, most)) = joined.first() {
                fact("joined to", format!("{}, heaviest edge {}", joined.len(), format::number(most)));
            }
        }
        for (name, cell) in shown_cells(snapshot, sample as usize) {
            fact(name, cell.into_owned());
        }
    });
    if snapshot.data.image.is_none() {
        columns_ui(ui, snapshot, sample as usize);
    }
}

/// What a person made of a sample, and what the solver had said.
fn said(mark: Mark, by: ColorBy, sample: u32, snapshot: &Snapshot) -> String {
    let solver = coloring::categories(by, snapshot).and_then(|(ids, _)| ids.get(sample as usize).copied());
    let solver = solver.map_or_else(String::new, |id| format!(", solver: {id}"));
    match mark {
        Mark::Accepted(_) => format!("accepted{solver}"),
        Mark::Assigned(_) => format!("assigned by hand{solver}"),
        Mark::Outlier => format!("marked by hand{solver}"),
        Mark::Split(_) => format!("split off{solver}"),
    }
}

/// What stands in the columns that name the rows or are to be shown, and are no features: the first of them.
fn shown_cells(snapshot: &Snapshot, sample: usize) -> Vec<(&str, std::borrow::Cow<'_, str>)> {
    let data = &snapshot.data;
    let (Some(outline), Some(table)) = (&data.outline, &data.table) else { return Vec::new() };
    // What a person wants to see comes before what is merely no feature.
    let mut wanted: Vec<(bool, usize)> = outline
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| matches!(column.role, Role::Id | Role::Shown) && column.kind != SeenKind::Empty)
        .map(|(place, column)| (column.role == Role::Shown && !column.decided.0, place))
        .collect();
    wanted.sort_unstable();
    let cell = |(_, place): (bool, usize)| (table.header[place].as_str(), table.text(sample, place));
    wanted.into_iter().take(MOST_SHOWN).map(cell).collect()
}

/// The first features, as they came and in the unit of the axes, those that were filled in marked.
fn columns_ui(ui: &mut egui::Ui, snapshot: &Snapshot, sample: usize) {
    let tokens = Tokens::in_ui(ui);
    let unit = units::scaled_unit(snapshot);
    let small = |text: String, color| RichText::new(text).small().color(color);
    let rows = columns(snapshot, sample);
    let filled = rows.iter().any(|row| row.filled);
    egui::Grid::new("columns").num_columns(3).min_row_height(14.0).spacing([10.0, 1.0]).show(ui, |ui| {
        if let Some(unit) = unit {
            for head in ["", "as given", unit] {
                ui.label(small(head.to_owned(), tokens.text_weak));
            }
            ui.end_row();
        }
        for row in rows {
            let mark = if row.filled { "*" } else { "" };
            let ink = if row.filled { tokens.warning } else { tokens.text };
            ui.label(small(ends(&row.name, 22), tokens.text_weak)).on_hover_text(format::name(&row.name));
            ui.label(small(format!("{}{mark}", row.given), ink));
            if unit.is_some() {
                ui.label(small(format!("{}{mark}", format::number(row.scaled)), ink));
            }
            ui.end_row();
        }
    });
    if let Some(more) = snapshot.data.dim().checked_sub(MOST_COLUMNS).filter(|&more| more > 0) {
        let text = format!("and {}; J shows the row", format::counted(more, "more feature"));
        ui.label(small(text, tokens.text_weak));
    }
    if filled {
        ui.label(small("* was missing, filled in".to_owned(), tokens.warning));
    }
}

/// A name of at most so many letters, cut in its middle: those of the words of a column begin all alike.
fn ends(name: &str, letters: usize) -> String {
    let count = name.chars().count();
    if count <= letters {
        return name.to_owned();
    }
    let (first, last) = (letters / 2, letters - letters / 2 - 1);
    name.chars().take(first).chain(['…']).chain(name.chars().skip(count - last)).collect()
}

/// One feature of a sample.
#[derive(Debug, PartialEq)]
struct Row {
    name: String,
    /// As it came: the cell of a table as it stands there, with its own decimal mark and every digit.
    given: String,
    /// In the unit of the axes.
    scaled: f64,
    /// Whether it was missing.
    filled: bool,
}

/// Letters of a cell that are shown.
const CELL: usize = 16;

/// The cell of a column of numbers or dates, where one has this name and the cell holds something.
fn cell(snapshot: &Snapshot, name: &str, sample: usize) -> Option<String> {
    let (outline, table) = (snapshot.data.outline.as_ref()?, snapshot.data.table.as_ref()?);
    let place = table.header.iter().position(|header| header == name)?;
    let column = outline.columns.get(place)?;
    let one = matches!(column.kind, SeenKind::Date(_) | SeenKind::UnclearDate | SeenKind::Number);
    let cell = one.then(|| format::short(table.text(sample, place).trim(), CELL))?;
    (!cell.is_empty()).then_some(cell)
}

fn columns(snapshot: &Snapshot, sample: usize) -> Vec<Row> {
    // Number by number: a copy of all features of the sample would be made in every frame.
    let given = |j| snapshot.data.features.get(sample, j);
    let scaled = |j| snapshot.scaled.get((sample, j)).map_or(f64::NAN, |&v| f64::from(v));
    let row = |(j, name): (usize, &String)| {
        let filled = snapshot.data.is_filled(sample, j);
        // What stands in a gap is no number: what it was filled with is shown.
        let cell = cell(snapshot, name, sample).filter(|_| !filled);
        let given = match cell {
            Some(cell) => cell,
            None => format::number(given(j)?),
        };
        Some(Row { name: name.clone(), given, scaled: scaled(j), filled })
    };
    snapshot.data.columns.iter().enumerate().take(MOST_COLUMNS).filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_stand_in_both_units_and_those_filled_in_are_known() {
        let mut shown = crate::app::shown::fixture::snapshot(None, None);
        shown.scaled = std::sync::Arc::new(ndarray::array![[-1.5, 0.1], [-0.5, 0.2], [0.5, 0.9], [1.5, 0.8]]);
        shown.data.filled = Arc::new(vec![(2, 0)]);
        let rows = columns(&shown, 2);
        assert_eq!(rows.iter().map(|r| (r.name.as_str(), r.filled)).collect::<Vec<_>>(), [("x", true), ("y", false)]);
        assert!(rows[0].given == format::number(2.0) && (rows[0].scaled - 0.5).abs() < 1e-6);
        assert!(columns(&shown, 1).iter().all(|row| !row.filled));
    }

    #[test]
    fn names_that_begin_alike_are_told_apart_by_their_ends() {
        let names = ["satisfaction = rather content", "satisfaction = rather discontent"].map(|name| ends(name, 22));
        assert!(names[0] != names[1] && names.iter().all(|name| name.chars().count() == 22), "{names:?}");
        assert_eq!(ends("height", 22), "height");
    }

    #[test]
    fn a_cell_stands_as_it_was_given_not_as_days_and_not_rounded() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("visits.csv");
        let row = |day: i32| format!("{day}.02.2024;1.{day}7,8{}\n", day % 7);
        let rows: String = (10..30).map(row).collect();
        std::fs::write(&path, format!("day;weight\n{rows}")).expect("written");
        let (source, recipe) = (crate::data::Source::Path(path), crate::Recipe::default());
        let data = crate::data::load(&source, &recipe, &crate::support::progress::Progress::silent());
        let mut shown = crate::app::shown::fixture::snapshot(None, None);
        shown.data = data.expect("a table");
        let given: Vec<String> = columns(&shown, 3).into_iter().map(|row| row.given).collect();
        assert_eq!(given, ["13.02.2024", "1.137,86"]);
    }
}
