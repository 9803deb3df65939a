//! The second layer: rows of another file that a model labelled, as rings over the samples, their entry in the legend, and the card of the
//! one under the pointer.

use std::sync::Arc;

use eframe::egui::{self, RichText, TextureHandle, Ui};

use crate::app::kit::format;
use crate::app::kit::later::{Later, aside};
use crate::app::kit::spoken::spoken;
use crate::app::kit::theme::Tokens;
use crate::app::shown::axes::{Axis, Side};
use crate::app::shown::coloring::{ColorBy, category_colors};
use crate::app::shown::labels::Labels;
use crate::app::shown::second::{Second, Standing};
use crate::app::views::scatter::{MOST_DRAWN, Rings, ring_texture};
use crate::model;
use crate::output::palette;
use crate::pipeline::Snapshot;
use crate::support::number::score;

/// Original cells that the card of a row shows.
const MOST_CELLS: usize = 8;
/// Rings of a figure, evenly chosen where there are more.
const MOST_IN_FIGURE: usize = 2000;

/// The switch that does what `--by exact` does.
const BY_EXACT: &str = "By the exact side";

/// What a person asked for in the legend's entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecondAsk {
    /// The labelled table of the file.
    Export,
    /// Its rows are labelled by this side of the model.
    By(model::Side),
    /// The layer goes.
    Remove,
}

/// The layer between frames.
#[derive(Default)]
pub struct SecondView {
    layer: Option<Arc<Second>>,
    hidden: bool,
    /// Where the rows stand, and in which picture.
    standing: Option<(Arc<Snapshot>, Later<Standing>)>,
    /// The last of these that is known.
    known: Option<(Arc<Snapshot>, Standing)>,
    /// Changes with the layer and its places.
    serial: u64,
    colors: Vec<[u8; 3]>,
    /// Of which picture, labels and theme the colours are.
    painted: Option<(Arc<Snapshot>, u64, bool)>,
    texture: Option<TextureHandle>,
    picked: Option<u32>,
}

impl std::fmt::Debug for SecondView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let rows = self.layer.as_ref().map(|layer| layer.len());
        f.debug_struct("SecondView").field("rows", &rows).field("hidden", &self.hidden).finish_non_exhaustive()
    }
}

/// The places of the rings in a view.
#[derive(Debug, Default)]
pub(super) struct RingsCache {
    key: Option<(u64, [Axis; 3], bool)>,
    positions: Vec<[f32; 3]>,
}

/// Rings of a figure with their colours, and what they are.
pub(super) type FigureRings = (Vec<([f32; 3], [u8; 3])>, String);

/// The colour of each row: that of its cluster in the views, where the picture has the same model.
fn colors(layer: &Second, snapshot: &Snapshot, labels: &Labels, dark: bool) -> Vec<[u8; 3]> {
    let by = if layer.first == model::Side::Learned { ColorBy::Learned } else { ColorBy::Exact };
    let own = snapshot.model.as_ref().is_some_and(|shown| shown.sides().next() == layer.model.sides().next());
    let shown = if own { category_colors(by, snapshot, dark, labels) } else { Vec::new() };
    // Rows of a cluster that was merged are where it went.
    let standing = labels.standing(by, shown.len());
    let color = |&cluster: &u32| {
        let cluster = standing.get(cluster as usize).copied().unwrap_or(cluster) as usize;
        shown.get(cluster).copied().unwrap_or_else(|| palette::category(cluster, dark))
    };
    let clusters = layer.labelled(layer.first).map(|labelled| &labelled.clusters);
    clusters.into_iter().flatten().map(color).collect()
}

impl SecondView {
    /// Shows another layer, or none.
    pub fn show(&mut self, layer: Option<Arc<Second>>) {
        *self = Self { layer, serial: self.serial + 1, texture: self.texture.take(), ..Self::default() };
    }

    /// The rows that are shown.
    #[must_use]
    pub fn layer(&self) -> Option<&Arc<Second>> {
        self.layer.as_ref()
    }

    /// Where they stand, once that is known.
    #[must_use]
    pub fn standing(&self) -> Option<&Standing> {
        self.known.as_ref().map(|(_, standing)| standing)
    }

    /// Brings places and colours on, once a frame.
    pub(super) fn follow(&mut self, ctx: &egui::Context, snapshot: &Arc<Snapshot>, labels: &Labels, dark: bool) {
        let Some(layer) = self.layer.clone() else { return };
        if let Some((of, later)) = &self.standing
            && let Some(standing) = later.get()
            && self.known.as_ref().is_none_or(|(known, _)| !Arc::ptr_eq(known, of))
        {
            self.known = Some((Arc::clone(of), standing.clone()));
            self.serial += 1;
            ctx.request_repaint();
        }
        let asked = self.standing.as_ref().is_some_and(|(of, later)| Arc::ptr_eq(of, snapshot) || later.is_coming());
        if !asked {
            let (of, rows) = (Arc::clone(snapshot), Arc::clone(&layer));
            let among = |known: &&(Arc<Snapshot>, Standing)| Arc::ptr_eq(&known.0.scaled, &snapshot.scaled);
            let before = self.known.as_ref().filter(among).map(|(_, standing)| standing.clone());
            let place = move || aside(|| Standing::of(&rows, &of, before.as_ref()));
            let later = Later::start(ctx, "Where the rows of the other file stand", place);
            self.standing = Some((Arc::clone(snapshot), later));
        }
        let painted = self.painted.as_ref().is_some_and(|(of, serial, theme)| {
            Arc::ptr_eq(of, snapshot) && (*serial, *theme) == (labels.serial(), dark)
        });
        if !painted {
            self.colors = colors(&layer, snapshot, labels, dark);
            self.painted = Some((Arc::clone(snapshot), labels.serial(), dark));
        }
        if self.texture.is_none() {
            self.texture = Some(ring_texture(ctx));
        }
    }

    /// The rings of a view.
    pub(super) fn rings<'a>(
        &'a self,
        cache: &'a mut RingsCache,
        side: Side,
        axes: [Axis; 3],
        three_d: bool,
    ) -> Option<Rings<'a>> {
        let layer = self.layer.as_ref().filter(|_| !self.hidden)?;
        let (_, standing) = self.known.as_ref()?;
        let key = (self.serial, axes, three_d);
        if cache.key != Some(key) {
            cache.positions = standing.positions(layer, side, axes, three_d);
            cache.key = Some(key);
        }
        let texture = self.texture.as_ref()?.id();
        Some(Rings { positions: &cache.positions, colors: &self.colors, texture, picked: self.picked })
    }

    /// The rings of a view for a figure on white, a fair share of them, and what they are in words; nothing where none are shown.
    pub(super) fn figure(
        &self,
        side: Side,
        (axes, three_d): ([Axis; 3], bool),
        (snapshot, labels): (&Snapshot, &Labels),
    ) -> Option<FigureRings> {
        let layer = self.layer.as_ref().filter(|_| !self.hidden)?;
        let positions = self.standing()?.positions(layer, side, axes, three_d);
        let colors = colors(layer, snapshot, labels, false);
        let there = positions.into_iter().zip(colors).filter(|(at, _)| at.iter().all(|v| v.is_finite()));
        let there: Vec<_> = there.collect();
        let step = there.len().div_ceil(MOST_IN_FIGURE).max(1);
        let shown: Vec<_> = there.iter().step_by(step).copied().collect();
        if shown.is_empty() {
            return None;
        }
        let of = if shown.len() < layer.tally.rows {
            format!("{} of {}", format::count(shown.len()), format::counted(layer.tally.rows, "row"))
        } else {
            format::counted(layer.tally.rows, "row")
        };
        Some((shown, format!("rings: {of} of {}", format::short(&layer.title(), 30))))
    }

    /// The row under the pointer, which is larger in every view.
    pub(super) fn point_at(&mut self, ctx: &egui::Context, row: Option<u32>) {
        if std::mem::replace(&mut self.picked, row) != row {
            ctx.request_repaint();
        }
    }

    /// The entry of the legend, in a corner of the views.
    pub fn ui(&mut self, ctx: &egui::Context, area: egui::Rect) -> Option<SecondAsk> {
        let layer = self.layer.clone()?;
        let window = egui::Area::new(egui::Id::unique("second layer")).pivot(egui::Align2::RIGHT_TOP);
        // Notices come from below.
        let corner = area.right_top() + egui::vec2(-16.0, 84.0);
        let shown = window
            .default_pos(corner)
            .order(egui::Order::Middle)
            .constrain_to(area)
            .show(ctx, |ui| egui::Frame::popup(ui.style()).show(ui, |ui| self.entry_ui(ui, &layer)).inner);
        shown.inner
    }

    fn entry_ui(&mut self, ui: &mut Ui, layer: &Second) -> Option<SecondAsk> {
        let tokens = Tokens::in_ui(ui);
        ui.set_max_width(250.0);
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(egui::vec2(12.0, 12.0), egui::Sense::hover());
            ui.painter().circle_stroke(rect.center(), 4.0, egui::Stroke::new(1.5, tokens.text_strong));
            let rows = format::counted(layer.tally.rows, "row");
            let title = format!("{}: {rows}", format::short(&layer.title(), 22));
            ui.label(RichText::new(title).color(tokens.text_strong)).on_hover_text(layer.path.display().to_string());
        });
        let quiet = |ui: &mut Ui, text: String, ink| ui.label(RichText::new(text).small().color(ink));
        for (text, warns) in self.words(layer) {
            quiet(ui, text, if warns { tokens.warning } else { tokens.text });
        }
        let mut ask = None;
        if layer.model.sides().nth(1).is_some() {
            let mut exact = layer.first == model::Side::Exact;
            let tip = "Nyström's extension of the exact eigenvectors labels the rows, and not the network";
            if ui.checkbox(&mut exact, BY_EXACT).on_hover_text(tip).clicked() {
                ask = Some(SecondAsk::By(if exact { model::Side::Exact } else { model::Side::Learned }));
            }
        }
        ui.horizontal(|ui| {
            let mut on = !self.hidden;
            if ui.checkbox(&mut on, "Rings").on_hover_text("Show these rows in the views, or hide them").clicked() {
                self.hidden = !on;
            }
            let export = ui.button("Export rows…");
            if export.on_hover_text("Write every row of the file with cluster, confidence and coordinates").clicked() {
                ask = Some(SecondAsk::Export);
            }
            if ui.button("Remove").on_hover_text("Take these rows out of the views; the file stays").clicked() {
                ask = Some(SecondAsk::Remove);
            }
        });
        ask
    }

    /// What a person should know of the rows, and what of it is a warning.
    fn words(&self, layer: &Second) -> Vec<(String, bool)> {
        let mut words = Vec::new();
        if let Some(unlike) = layer.tally.unlike {
            let text = if unlike == 0 {
                "none is unlike the training data".to_owned()
            } else {
                format!("{} unlike the training data", format::count(unlike))
            };
            words.push((text, unlike > 0));
        }
        if let Some(scores) = layer.tally.scores() {
            words.push((format!("ACC {} against its labels", score(Some(scores.acc))), false));
        }
        words.extend(layer.notes.iter().map(|note| (spoken(note), true)));
        let drawn = layer.len().div_ceil(layer.len().div_ceil(MOST_DRAWN).max(1));
        if drawn < layer.tally.rows {
            let (drawn, all) = (format::count(drawn), format::count(layer.tally.rows));
            words.push((format!("{drawn} of {all} drawn; the export has all"), false));
        }
        if let Some(standing) = self.standing()
            && standing.same == [false; 2]
        {
            let text = "the model is of another training, so its rows have no place in these eigenspaces";
            words.push((text.to_owned(), true));
        }
        words
    }

    /// The card of the row under the pointer; whether there is one.
    #[must_use]
    pub fn card_ui(&self, ui: &Ui, row: u32) -> bool {
        let Some(layer) = self.layer.as_ref().filter(|layer| !self.hidden && (row as usize) < layer.len()) else {
            return false;
        };
        let id = egui::Id::unique("row of another file");
        egui::Tooltip::always_open(ui.ctx().clone(), ui.layer_id(), id, egui::PopupAnchor::Pointer)
            .gap(14.0)
            .show(|ui| row_ui(ui, layer, row as usize));
        true
    }
}

fn row_ui(ui: &mut Ui, layer: &Second, row: usize) {
    let tokens = Tokens::in_ui(ui);
    let place = layer.rows.get(row).copied().unwrap_or(row);
    let title = format!("Row {} of {}", place + 1, format::short(&layer.title(), 24));
    ui.label(RichText::new(title).color(tokens.text_strong).strong());
    if let Some(labelled) = layer.labelled(layer.first) {
        if let (Some(&cluster), Some(&clear)) = (labelled.clusters.get(row), labelled.confidence.get(row)) {
            let name = format::short(&layer.name(cluster), 24);
            ui.label(format!("cluster {name}, {:.0} % clear", 100.0 * clear));
        }
        match labelled.unlike.as_ref().and_then(|unlike| unlike.get(row)) {
            Some(true) => drop(ui.label(RichText::new("unlike the training data").color(tokens.warning))),
            Some(false) => drop(ui.label(RichText::new("like the training data").color(tokens.text_weak))),
            None => {}
        }
    }
    egui::Grid::new("cells of a row").num_columns(2).spacing([8.0, 2.0]).show(ui, |ui| {
        for (name, cell) in layer.cells.header.iter().zip(layer.cells.texts(row)).take(MOST_CELLS) {
            ui.label(RichText::new(format::short(name, 18)).small().color(tokens.text_weak));
            ui.label(RichText::new(format::short(&cell, 28)).small());
            ui.end_row();
        }
    });
    let more = layer.cells.header.len().saturating_sub(MOST_CELLS);
    if more > 0 {
        ui.label(RichText::new(format!("{more} more")).small().color(tokens.text_weak));
    }
}
