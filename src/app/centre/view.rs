//! One view: its title, its axes, its points.

use std::sync::Arc;

use eframe::egui::{self, Align, Color32, Layout, Pos2, RichText, Ui};

use super::STORED;
use super::second::{RingsCache, SecondView};
use crate::app::gpu::{self, Colors, Edges};
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::icons::combo;
use crate::app::kit::theme::Tokens;
use crate::app::shown::axes::{Axis, PointsCache, Side, ViewAxes};
use crate::app::shown::plane::Landed;
use crate::app::shown::run::Phase;
use crate::app::views::empty_ui;
use crate::app::views::scatter::{Ground, Plot, ScatterState, Selection, scatter_ui};
use crate::pipeline::Snapshot;
use crate::support::number::score;

/// One view between frames.
#[derive(Debug, Default)]
pub(super) struct View {
    pub(super) axes: ViewAxes,
    pub(super) state: ScatterState,
    cache: PointsCache,
    rings: RingsCache,
}

/// Eigenvectors have a mean square of about 1; where all entries but a few lie within this they are what a solver leaves of 0.
const VECTOR_NOISE: f64 = 1e-6;

/// The point that a view marks.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seen {
    /// Which.
    pub(super) point: Option<u32>,
    /// Where, if the keys went to it.
    pub(super) place: Option<Pos2>,
    /// The point that was clicked.
    pub(super) clicked: Option<u32>,
    /// The empty place that was clicked, in the units of the axes.
    pub(super) empty: Option<[f64; 2]>,
    /// The row of another file under the pointer.
    pub(super) ring: Option<u32>,
}

/// What a view draws beside its own points.
#[derive(Clone, Copy, Debug)]
pub(super) struct About<'a> {
    /// What it waits for while it is empty.
    pub(super) waiting: Waiting,
    /// What stands beside its title.
    pub(super) mark: Option<&'a str>,
    /// The point at hand, its edges and their weights.
    pub(super) star: (u32, &'a [(u32, f64)]),
    /// All edges, where they are to be drawn.
    pub(super) edges: Option<&'a Edges>,
    /// The map under the points.
    pub(super) ground: Option<&'a Ground>,
    /// A new point.
    pub(super) landed: Option<&'a Landed>,
    /// Rows of another file.
    pub(super) second: Option<&'a SecondView>,
}

/// What empty views wait for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Where the run stands.
    pub phase: Phase,
    /// Whether the learned side is wanted.
    pub learn: bool,
    /// Whether the exact side is wanted.
    pub exact: bool,
    /// Whether the system learns from labels, and so has no exact side.
    pub supervised: bool,
    /// What the solvers' views say where there is no data.
    pub missing: &'static str,
}

impl Waiting {
    fn text(self, side: Side, data: bool) -> &'static str {
        match side {
            Side::Learned | Side::Exact if !data && self.phase == Phase::Opening => "Waiting for the data…",
            Side::Learned | Side::Exact if !data => self.missing,
            Side::Input if self.phase == Phase::Opening => "Reading the data…",
            Side::Input => "Open a file, drop one here, or choose a set on the left",
            Side::Learned if !self.learn => "The learned side is off",
            Side::Learned if self.phase == Phase::Running => "Waiting for the first evaluation…",
            Side::Learned => "Press Space to train",
            Side::Exact if self.supervised => {
                "A supervised system follows labels and no graph, so there is no exact side"
            }
            Side::Exact if !self.exact => "The exact side is off",
            Side::Exact if self.phase == Phase::Running => "Solving…",
            Side::Exact => "Computed before the training; press Space",
        }
    }
}

impl View {
    /// Draws it; the point under the pointer or at the keys.
    pub(super) fn ui(
        &mut self,
        ui: &mut Ui,
        side: Side,
        snapshot: Option<&Arc<Snapshot>>,
        colors: Option<&Colors>,
        selection: &mut Selection,
        about: About<'_>,
    ) -> Seen {
        let tokens = Tokens::in_ui(ui);
        let frame = ui.max_rect();
        gpu::fill(ui.painter(), ui.scope_id().with("back"), frame, 4.0, tokens.plot);
        ui.painter().rect_stroke(frame, 4.0, egui::Stroke::new(1.0, tokens.line), egui::StrokeKind::Inside);
        let there = snapshot.filter(|s| side == Side::Input || side.space(s).is_some());
        let inner = frame.shrink2(egui::vec2(8.0, 6.0));
        ui.scope_builder(egui::UiBuilder::new().max_rect(inner), |ui| {
            focus::group(ui, side.title(), Kind::Once, |ui| self.header_ui(ui, side, there, about.mark));
            let (Some(snapshot), Some(colors)) = (there, colors) else {
                empty_ui(ui, about.waiting.text(side, snapshot.is_some()));
                return Seen::default();
            };
            let shown = self.axes.resolved(side, snapshot);
            self.state.noise = shown.map(|a| if matches!(a, Axis::Vector(_)) { VECTOR_NOISE } else { 0.0 });
            let axes = shown.map(|a| a.label(side, snapshot));
            // Places in the input are lengths; eigenvectors are all of one size already.
            self.state.equal_aspect = side == Side::Input && snapshot.data.dim() > 1;
            let points = self.cache.get(side, &self.axes, snapshot);
            let names = [axes[0].as_str(), axes[1].as_str(), axes[2].as_str()];
            let rings = about.second.and_then(|second| second.rings(&mut self.rings, side, shown, self.axes.three_d));
            let state = &mut self.state;
            let plot = Plot {
                title: side.title(),
                mark: about.mark,
                points,
                colors,
                axes: names,
                three_d: self.axes.three_d,
                star: about.star,
                edges: about.edges,
                ground: about.ground,
                landed: about.landed.and_then(|landed| landed.position(side, shown, self.axes.three_d)),
                rings,
            };
            let seen = scatter_ui(ui, &plot, state, selection);
            focus::enter_at(ui.ctx(), seen.response.id);
            Seen { point: seen.hovered, place: seen.place, clicked: seen.clicked, empty: seen.empty, ring: seen.ring }
        })
        .inner
    }

    /// Title and figures, then the axis pickers.
    fn header_ui(&mut self, ui: &mut Ui, side: Side, snapshot: Option<&Arc<Snapshot>>, mark: Option<&str>) {
        let tokens = Tokens::in_ui(ui);
        ui.horizontal(|ui| {
            let supervised = side == Side::Learned && snapshot.is_some_and(|s| s.job.recipe.system.is_supervised());
            let title = if supervised { "Supervised embedding" } else { side.title() };
            ui.label(RichText::new(title).color(title_color(side, tokens)).strong());
            if let Some(mark) = mark {
                chip_ui(ui, mark);
            }
            let Some(snapshot) = snapshot else { return };
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add(
                    egui::Label::new(RichText::new(figure(side, snapshot)).small().color(tokens.text_weak)).truncate(),
                );
            });
        });
        let Some(snapshot) = snapshot else { return };
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let letters = ["x", "y", "z"];
            let shown = if self.axes.three_d { 3 } else { 2 };
            let room = ui.available_width() - 48.0;
            let width = (room / shown as f32 - 32.0).clamp(28.0, 96.0);
            for (i, letter) in letters.into_iter().enumerate().take(shown) {
                self.axis_ui(ui, side, snapshot, i, letter, width);
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let button = egui::Button::selectable(self.axes.three_d, "3-D").frame_when_inactive(true);
                let response = ui.add(button);
                let (on, name) = (self.axes.three_d, format!("{}, three dimensions", side.title()));
                response.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, on, &name));
                if response.on_hover_text("Show three axes; drag to turn the picture").clicked() {
                    self.axes.three_d = !self.axes.three_d;
                    self.state.fit_anew();
                }
            });
        });
    }

    fn axis_ui(&mut self, ui: &mut Ui, side: Side, snapshot: &Snapshot, i: usize, letter: &str, width: f32) {
        let now = self.axes.resolved(side, snapshot)[i];
        let label = ui.label(RichText::new(letter).small().color(Tokens::in_ui(ui).text_weak));
        let name = format::short(&now.name(snapshot), (width / 7.0) as usize);
        let combo = combo(("axis", i), width).truncate().selected_text(RichText::new(name).small());
        let shown = combo.height(360.0).show_ui(ui, |ui| {
            ui.set_min_width(150.0);
            for axis in Axis::choices(side, snapshot) {
                if ui.selectable_label(axis == now, axis.long_name(side, snapshot)).clicked() {
                    self.axes.chosen[i] = Some(axis);
                    self.state.fit_anew();
                }
            }
        });
        let response = shown.response.labelled_by(label.id);
        response.on_hover_text(format!("What stands on the {letter} axis: {}", now.long_name(side, snapshot)));
    }
}

/// A word in a box beside a title: that what is shown is no result.
fn chip_ui(ui: &mut Ui, text: &str) {
    let tokens = Tokens::in_ui(ui);
    let frame = egui::Frame::new().fill(tokens.control).corner_radius(3).inner_margin(egui::Margin::symmetric(4, 0));
    frame.show(ui, |ui| {
        let label = egui::Label::new(RichText::new(text).small().color(tokens.text_strong)).truncate();
        let tip = if text == STORED {
            "The result that was saved in the project, in single precision; a training computes it anew"
        } else {
            "Not the result of a training: it follows the settings while they are turned"
        };
        ui.add(label).on_hover_text(tip);
    });
}

fn title_color(side: Side, tokens: &Tokens) -> Color32 {
    match side {
        Side::Input => tokens.text_strong,
        Side::Learned => tokens.accent,
        Side::Exact => tokens.exact,
    }
}

/// One line about what a view shows.
fn figure(side: Side, snapshot: &Snapshot) -> String {
    let scored = |scores: Option<crate::measure::Scores>| scores.map(|s| format!("ACC {}", score(Some(s.acc))));
    match side {
        Side::Input => {
            scored(snapshot.baseline.as_ref().and_then(|b| b.1)).map_or_else(String::new, |s| format!("k-means {s}"))
        }
        Side::Learned => {
            let recall = snapshot.supervised.as_ref().map(|r| format!("Recall@1 {}", score(Some(r.recall.at_1))));
            let scores = recall.or_else(|| scored(snapshot.learned.as_ref().and_then(|s| s.scores)));
            let step = (snapshot.step > 0).then(|| format!("step {}", format::count(snapshot.kept)));
            [scores, step].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
        Side::Exact => {
            let residual = snapshot.exact.as_ref().map(|s| format!("residual {}", format::number(s.residual)));
            let scores = scored(snapshot.exact.as_ref().and_then(|s| s.scores));
            [scores, residual].into_iter().flatten().collect::<Vec<_>>().join(" · ")
        }
    }
}
