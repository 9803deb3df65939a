//! One view: its title, its axes, its points.

use std::sync::Arc;

use eframe::egui::{self, Align, Color32, Layout, Pos2, RichText, Ui};

use super::STORED;
use super::names::{Named, OnPlate, Plates};
use super::places;
use super::plain::Cloud;
use super::second::{RingsCache, SecondView};
use crate::app::gpu::{self, Colors, Edges, Points};
use crate::app::kit::combo::combo;
use crate::app::kit::fitting::fitting_ui;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::said::Sentence;
use crate::app::kit::standing::Standing;
use crate::app::kit::theme::Tokens;
use crate::app::shown::axes::{Axis, PointsCache, Side, ViewAxes};
use crate::app::shown::coloring::{ColorBy, Legend};
use crate::app::shown::plane::Landed;
use crate::app::shown::run::Phase;
use crate::app::shown::summed;
use crate::app::views::scatter::{Ground, Plot, ScatterState, Selection, scatter_ui};
use crate::app::views::standing_ui;
use crate::pipeline::Snapshot;
use crate::support::number::score;

/// One view between frames.
#[derive(Debug, Default)]
pub(super) struct View {
    pub(super) axes: ViewAxes,
    pub(super) state: ScatterState,
    cache: PointsCache,
    rings: RingsCache,
    plates: Plates,
    /// What it shows, in a sentence.
    sentence: Sentence,
}

/// Eigenvectors have a mean square of about 1; where all entries but a few lie within this they are what a solver leaves of 0.
const VECTOR_NOISE: f64 = 1e-6;

/// Most entries of a column of mean square 1 lie within this.
const COLUMN: f64 = 2.0;

/// The point that a view marks.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    /// Which.
    pub(super) point: Option<u32>,
    /// Where, if the keys went to it.
    pub(super) place: Option<Pos2>,
    /// Where the point is whose card is pinned.
    pub(super) pinned: Option<Pos2>,
    /// The point that was clicked.
    pub(super) clicked: Option<u32>,
    /// The empty place that was clicked, in the units of the axes.
    pub(super) empty: Option<[f64; 2]>,
    /// The row of another file under the pointer.
    pub(super) ring: Option<u32>,
    /// The name on the picture under the pointer.
    pub(super) plate: Option<OnPlate>,
    /// Where its points lie, for what stands among them.
    pub(super) cloud: Option<Cloud>,
    /// Its head, to take hold of.
    pub(super) head: Option<egui::Response>,
    /// The widget of the points, where there are any, and its place under the head.
    pub(super) widget: Option<(egui::Id, egui::Rect)>,
}

/// What a view draws beside its own points.
#[derive(Clone, Copy, Debug)]
pub(super) struct About<'a> {
    /// What it waits for while it is empty.
    pub(super) waiting: Waiting,
    /// Where the picture stands.
    pub(super) standing: Standing,
    /// What stands beside its title.
    pub(super) mark: Option<&'a str>,
    /// What that means, where it is not that the picture is live.
    pub(super) tip: Option<&'static str>,
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
    /// What is named on the picture.
    pub(super) named: Option<&'a Named<'a>>,
    /// Whether it has the place of all views.
    pub(super) alone: bool,
    /// Whether a class looks at it from afar.
    pub(super) plain: bool,
    /// Points of pinned runs.
    pub(super) ghosts: &'a [(Points, Colors)],
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
    /// Where it stands, what its one large line is, and what to do.
    fn said(self, side: Side, data: bool) -> (Standing, &'static str, &'static str) {
        let opening = self.phase == Phase::Opening;
        let running = matches!(self.phase, Phase::Running | Phase::Paused);
        match side {
            Side::Input if opening => (Standing::Opening, "Reading the data…", ""),
            Side::Input if self.phase == Phase::Failed => {
                (Standing::Failed, "There is no picture", "What went wrong, and the way out, stands above the views")
            }
            Side::Input => {
                (Standing::Empty, "Begin with data", "Open a file, drop one here, or choose a set on the left")
            }
            Side::Learned | Side::Exact if !data && opening => (Standing::Opening, "Waiting for the data…", ""),
            Side::Learned | Side::Exact if !data => (Standing::Empty, self.missing, ""),
            Side::Learned if !self.learn => {
                (Standing::Empty, "The learned side is off", "Learned side, among all settings, switches it on")
            }
            Side::Exact if self.supervised => {
                (Standing::Empty, "There is no exact side", "A supervised system follows labels and no graph")
            }
            Side::Exact if !self.exact => {
                (Standing::Empty, "The exact side is off", "Exact side, among all settings, switches it on")
            }
            Side::Learned if running => (Standing::Training, "Waiting for the first evaluation…", ""),
            Side::Exact if running => (Standing::Training, "Solving…", ""),
            Side::Learned | Side::Exact if self.phase == Phase::Failed => {
                (Standing::Failed, "It was not computed", "What went wrong, and the way out, stands above the views")
            }
            Side::Learned | Side::Exact if self.phase == Phase::Stopped => {
                (Standing::Stopped, "Stopped before there was a picture", "Train begins anew")
            }
            Side::Learned => (Standing::Ready, "Press Space to train", "A network learns the eigenspace here"),
            Side::Exact => {
                (Standing::Ready, "Computed before the training", "Press Space: the exact eigenvectors come first")
            }
        }
    }
}

/// The ground of a view, with a line of what the picture is along its top: a result has none.
fn back_ui(ui: &Ui, frame: egui::Rect, standing: Standing) {
    let tokens = Tokens::in_ui(ui);
    gpu::fill(ui.painter(), ui.scope_id().with("back"), frame, 4.0, tokens.plot);
    ui.painter().rect_stroke(frame, 4.0, egui::Stroke::new(1.0, tokens.line), egui::StrokeKind::Inside);
    if let Some(tone) = frame_tone(standing, tokens) {
        let top = frame.shrink2(egui::vec2(4.0, 1.0));
        ui.painter().hline(top.x_range(), top.top(), egui::Stroke::new(2.0, tone));
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
        let frame = ui.max_rect();
        back_ui(ui, frame, about.standing);
        let there = snapshot.filter(|s| side == Side::Input || side.space(s).is_some());
        let inner = frame.shrink2(egui::vec2(8.0, 6.0));
        ui.scope_builder(egui::UiBuilder::new().max_rect(inner), |ui| {
            let head = if about.plain {
                super::plain::title_ui(ui, side, about.mark);
                None
            } else {
                Some(focus::group(ui, side.title(), Kind::Once, |ui| {
                    self.header_ui(ui, side, there, (about.mark, about.alone, about.tip))
                }))
            };
            self.state.bold = about.plain;
            let (Some(snapshot), Some(colors)) = (there, colors) else {
                let (standing, title, text) = about.waiting.said(side, snapshot.is_some());
                standing_ui(ui, standing, title, text);
                return Seen { head, ..Seen::default() };
            };
            Seen { head, ..self.points_ui(ui, (side, snapshot), colors, selection, about) }
        })
        .inner
    }

    /// The points with all that is drawn beside them.
    fn points_ui(
        &mut self,
        ui: &mut Ui,
        (side, snapshot): (Side, &Arc<Snapshot>),
        colors: &Colors,
        selection: &mut Selection,
        about: About<'_>,
    ) -> Seen {
        let shown = self.axes.resolved(side, snapshot);
        self.state.noise = shown.map(|a| if matches!(a, Axis::Vector(_)) { VECTOR_NOISE } else { 0.0 });
        // Columns of length 1 that nothing keeps apart are seen to fall onto one point.
        let unbound = side == Side::Learned && !snapshot.job.recipe.orthonormal_layer;
        self.state.least = unbound.then_some(COLUMN);
        let axes = shown.map(|a| a.label(side, snapshot));
        // Places in the input are lengths; eigenvectors are all of one size already.
        self.state.equal_aspect = side == Side::Input && snapshot.data.dim() > 1;
        self.state.stand_still(matches!(about.standing, Standing::Training | Standing::Paused));
        let points = self.cache.get(side, &self.axes, snapshot);
        let plot = Plot {
            title: side.title(),
            mark: about.mark,
            points,
            colors,
            axes: [axes[0].as_str(), axes[1].as_str(), axes[2].as_str()],
            three_d: self.axes.three_d,
            star: about.star,
            edges: about.edges,
            ground: about.ground,
            landed: about.landed.and_then(|landed| landed.position(side, shown, self.axes.three_d)),
            rings: about.second.and_then(|second| second.rings(&mut self.rings, side, shown, self.axes.three_d)),
            ghosts: about.ghosts,
        };
        let seen = scatter_ui(ui, &plot, &mut self.state, selection);
        focus::enter_at(ui.ctx(), seen.response.id);
        let plate = about
            .named
            .zip(seen.projection.as_ref())
            .and_then(|(named, projection)| self.plates.ui(ui, (points, colors.serial), named, projection));
        let widget = Some((seen.response.id, seen.response.rect));
        let pinned = selection.pinned.and_then(|pinned| points.positions.get(pinned as usize));
        let pinned = pinned.zip(seen.projection.as_ref()).and_then(|(&at, projection)| {
            let (at, _) = projection.project(at)?;
            projection.rect.contains(at).then_some(at)
        });
        let (point, place, clicked, empty, ring) = (seen.hovered, seen.place, seen.clicked, seen.empty, seen.ring);
        // A name hides the points under it.
        let point = point.filter(|_| plate.is_none());
        let cloud = seen.projection.as_ref().filter(|_| about.plain).map(|projection| Cloud::of(points, projection));
        Seen { point, place, pinned, clicked, empty, ring, plate, cloud, head: None, widget }
    }

    /// Says what the view shows: `by` what the points are coloured, what that means, and a number that changes with it.
    pub(super) fn say(
        &mut self,
        ctx: &egui::Context,
        widget: egui::Id,
        (by, legend, serial): (ColorBy, &Legend, u64),
        ids: &[u32],
    ) {
        let three_d = self.axes.three_d;
        let points = self.cache.points();
        let of = [points.serial, serial, u64::from(three_d)];
        self.sentence.describe(ctx, widget, of, || summed::scatter(&points.positions, three_d, by, legend, ids));
    }

    /// Title and figures, then the axis pickers.
    fn header_ui(
        &mut self,
        ui: &mut Ui,
        side: Side,
        snapshot: Option<&Arc<Snapshot>>,
        (mark, alone, tip): (Option<&str>, bool, Option<&'static str>),
    ) -> egui::Response {
        let tokens = Tokens::in_ui(ui);
        let head = ui.horizontal(|ui| {
            let supervised = side == Side::Learned && snapshot.is_some_and(|s| s.job.recipe.system.is_supervised());
            let title = if supervised { "Supervised embedding" } else { side.title() };
            let text = RichText::new(title).color(title_color(side, tokens)).strong();
            // No stop of the keyboard: a key does the same.
            let hold = egui::Sense::CLICK | egui::Sense::DRAG;
            let label = egui::Label::new(text).selectable(false).sense(hold);
            let head = ui.add(label).on_hover_cursor(egui::CursorIcon::Grab);
            let head = head.on_hover_text(places::tip(side, alone));
            if let Some(mark) = mark {
                chip_ui(ui, mark, tip);
            }
            let Some(snapshot) = snapshot else { return head };
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                fitting_ui(ui, &figure(side, snapshot), tokens.text_weak);
            });
            head
        });
        let head = head.inner;
        let Some(snapshot) = snapshot else { return head };
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            let letters = ["x", "y", "z"];
            let shown = if self.axes.three_d { 3 } else { 2 };
            let room = ui.available_width() - 52.0;
            let width = (room / shown as f32 - BESIDE_AXIS).clamp(28.0, 96.0);
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
        head
    }

    fn axis_ui(&mut self, ui: &mut Ui, side: Side, snapshot: &Snapshot, i: usize, letter: &str, width: f32) {
        let now = self.axes.resolved(side, snapshot)[i];
        let label = ui.label(RichText::new(letter).small().color(Tokens::in_ui(ui).text_weak));
        let name = now.short_name(snapshot, ((width - 8.0) / 7.0) as usize);
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

/// What stands beside the name of an axis in its control: its letter, an arrow, the frame, in points.
const BESIDE_AXIS: f32 = 56.0;

/// A word in a box beside a title: that what is shown is no result.
pub(super) fn chip_ui(ui: &mut Ui, text: &str, tip: Option<&'static str>) {
    let tokens = Tokens::in_ui(ui);
    let frame = egui::Frame::new().fill(tokens.control).corner_radius(3).inner_margin(egui::Margin::symmetric(4, 0));
    frame.show(ui, |ui| {
        let label = egui::Label::new(RichText::new(text).small().color(tokens.text_strong)).truncate();
        let usual = if text == STORED {
            "The result that was saved in the project, in single precision; a training computes it anew"
        } else {
            "Not the result of a training in this window: an example, of an earlier run, or following the settings"
        };
        let tip = tip.unwrap_or(usual);
        ui.add(label).on_hover_text(tip);
    });
}

/// The line along a picture that is no result of the settings there are.
fn frame_tone(standing: Standing, tokens: &Tokens) -> Option<Color32> {
    use Standing::{Failed, Far, Live, Older, Paused, Stopped, Stored, Training};
    let marked = matches!(standing, Failed | Far | Live | Older | Paused | Stopped | Stored | Training);
    marked.then(|| standing.tone(tokens))
}

pub(super) fn title_color(side: Side, tokens: &Tokens) -> Color32 {
    match side {
        Side::Input => tokens.text_strong,
        Side::Learned => tokens.learned,
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
