//! The middle of the window: the three linked views side by side with what they share above them, the card of the point at hand, and
//! systems side by side in their place.

mod alone;
mod card_place;
pub mod compare;
mod figure;
mod frame;
mod graph;
pub mod inspect;
mod legend;
mod map;
mod map_ui;
mod names;
mod places;
mod plain;
pub mod second;
mod toolbar;
mod view;

use std::sync::Arc;

use eframe::egui::{self, Pos2, Ui};

use crate::app::gpu::Colors;
use crate::app::kit::commands::UiCommand;
use crate::app::kit::shapes;
use crate::app::kit::standing::Standing;
use crate::app::kit::theme::Tokens;
use crate::app::shown::axes::Axis;
use crate::app::shown::coloring::{ColorBy, ColoringCache, Legend};
use crate::app::shown::edges::star;
use crate::app::shown::labels::{Labels, Wanted, side};
use crate::app::shown::motion::Motion;
use crate::app::shown::pins::Pins;
use crate::app::views::scatter::{Selection, Tool};
use crate::pipeline::Snapshot;
use crate::project::ViewState;
use frame::Frame;
pub use graph::GraphView;
use legend::Done;
pub use map::MapView;
use names::{Named, OnPlate, PlateDone};
pub use places::Places;
use plain::Cloud;
pub use second::SecondView;
pub use view::Waiting;
use view::{About, View};

/// The three views and what they share.
#[derive(Debug, Default)]
pub struct Centre {
    views: [View; 3],
    /// What the person coloured by; `None` follows the data.
    pub color_by: Option<ColorBy>,
    coloring: ColoringCache,
    /// How the graph is shown.
    pub graph: GraphView,
    /// The map over the plane.
    pub map: MapView,
    /// Rows of another file over the samples.
    pub second: SecondView,
    /// The marked points.
    pub selection: Selection,
    /// Where the views stand.
    pub places: Places,
    /// Whether the names of clusters are not written on the picture.
    pub nameless: bool,
    /// The points of one class or cluster alone.
    alone: alone::Alone,
    /// Views that are not shown, left to right.
    pub hidden: [bool; 3],
    /// Whether the views stand alone, two at most, for a class to see from afar.
    pub plain: bool,
    /// The pinned runs.
    pub pins: Pins,
    /// Whether something else takes the place of the input view.
    pub taken: bool,
    /// The class or cluster whose name on the picture is under the pointer.
    pub at_name: Option<(ColorBy, u32)>,
}

/// What a view says of a result that was kept in a project.
pub const STORED: &str = "stored";

/// What the views say of a picture that follows the settings, or that was not computed.
#[derive(Clone, Debug, Default)]
pub struct Marks {
    /// Beside each title, left to right: that the picture is live, of an older graph, of a sample, or stored.
    pub sides: [Option<String>; 3],
    /// Whether the picture follows the settings; none where it cannot.
    pub live: Option<bool>,
    /// Where the picture stands.
    pub standing: Standing,
    /// What those words mean, where it is not that the picture is live.
    pub tip: Option<&'static str>,
}

/// What happened in the views.
#[derive(Clone, Debug, Default)]
pub struct CentreResponse {
    /// The point under the pointer, or the one the keys went to.
    pub hovered: Option<u32>,
    /// Where the latter is.
    pub place: Option<Pos2>,
    /// Where the views show the point whose card is pinned.
    pub pinned: Vec<Pos2>,
    /// What is wanted of the selected points.
    pub wanted: Option<Wanted>,
    /// What was clicked above the views.
    pub command: Option<UiCommand>,
    /// The row of another file under the pointer.
    pub ring: Option<u32>,
    /// The place of the input view, where something else takes it.
    pub free: Option<egui::Rect>,
    /// Where the views stand, under what is above them.
    pub views: Option<egui::Rect>,
    /// Where they show points: the same without their heads.
    pub plots: Option<egui::Rect>,
    /// The cluster that is to have another name.
    pub rename: Option<(ColorBy, u32)>,
    /// The name on the picture under the pointer.
    plate: Option<OnPlate>,
    /// Where the points of each view lie, left to right, before a class.
    clouds: Vec<Cloud>,
}

impl CentreResponse {
    /// Takes what the first view saw that saw something.
    fn add(&mut self, seen: view::Seen) {
        self.hovered = self.hovered.or(seen.point);
        self.place = self.place.or(seen.place);
        self.pinned.extend(seen.pinned);
        self.ring = self.ring.or(seen.ring);
        self.plate = self.plate.or(seen.plate);
        self.clouds.extend(seen.cloud);
        if let Some((_, plot)) = seen.widget {
            self.plots = Some(self.plots.map_or(plot, |plots| plots.union(plot)));
        }
    }
}

impl Centre {
    /// Fits every view again.
    pub fn fit(&mut self) {
        for view in &mut self.views {
            view.state.fit();
        }
    }

    /// Forgets what belongs to the data shown so far.
    pub fn reset(&mut self) {
        let (tool, effect) = (self.tool(), self.selection.effect);
        let (graph, map) = (self.graph.without_data(), self.map.without_data());
        let (places, nameless, hidden, plain) = (self.places.clone(), self.nameless, self.hidden, self.plain);
        *self = Self { graph, map, places, nameless, hidden, plain, taken: self.taken, ..Self::default() };
        self.set_tool(tool);
        self.selection.effect = effect;
    }

    /// What a person chose for the views, in words that a project keeps.
    #[must_use]
    pub fn told(&self) -> (Option<String>, Vec<ViewState>) {
        let view = |view: &View| ViewState {
            three_d: view.axes.three_d,
            axes: view.axes.chosen.map(|axis| axis.map(Axis::code)),
        };
        (self.color_by.map(ColorBy::code), self.views.iter().map(view).collect())
    }

    /// The same taken back from a project; words that mean nothing here are passed over.
    pub fn tell(&mut self, colour_by: Option<&str>, views: &[ViewState]) {
        self.color_by = colour_by.and_then(ColorBy::of_code);
        for (view, state) in self.views.iter_mut().zip(views) {
            view.axes.three_d = state.three_d;
            view.axes.chosen = state.axes.clone().map(|axis| axis.and_then(|axis| Axis::of_code(&axis)));
            view.state.fit_anew();
        }
    }

    /// What dragging in a view does.
    #[must_use]
    pub fn tool(&self) -> Tool {
        self.views[0].state.tool
    }

    /// Gives every view this tool.
    pub fn set_tool(&mut self, tool: Tool) {
        for view in &mut self.views {
            view.state.tool = tool;
        }
    }

    /// The colours that the views give to the points of this picture.
    pub fn colors(&mut self, snapshot: &Arc<Snapshot>, labels: &Labels, dark: bool) -> Colors {
        let by = ColorBy::resolve(self.color_by, snapshot);
        self.coloring.get(by, snapshot, dark, labels).colors.clone()
    }

    /// The colours of what moves, where something does, and what the colours of the points mean.
    fn meaning(
        &mut self,
        ctx: &egui::Context,
        (snapshot, by): (&Arc<Snapshot>, ColorBy),
        labels: &Labels,
        dark: bool,
    ) -> (Option<Colors>, Legend) {
        let Some((colors, most)) = self.graph.moving.colors(ctx, snapshot, dark) else {
            return (None, self.coloring.get(by, snapshot, dark, labels).legend.clone());
        };
        let drum = self.graph.moving.what == Some(Motion::Drum);
        let of = if drum { Legend::Diverging { most } } else { Legend::Gradient { low: 0.0, high: most } };
        (Some(colors), of)
    }

    /// What is named on the picture: classes or clusters, where there are two or more.
    fn named<'a>(
        &self,
        (by, snapshot): (ColorBy, &'a Arc<Snapshot>),
        labels: &'a Labels,
        legend: &'a Legend,
    ) -> Option<Named<'a>> {
        let Legend::Categories(categories) = legend else { return None };
        if self.nameless || categories.len() < 2 {
            return None;
        }
        let alone = self.alone.entry(by);
        let can_rename = side(by).is_some();
        labels.ids(by, snapshot).map(|(ids, _)| Named { categories, ids, alone, can_rename })
    }

    /// Draws everything. `waiting` says what an empty view waits for.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        snapshot: Option<&Arc<Snapshot>>,
        labels: &Labels,
        (waiting, marks): (Waiting, &Marks),
    ) -> CentreResponse {
        let dark = ui.visuals().dark_mode;
        let whole = ui.available_rect_before_wrap();
        let by = snapshot.map(|s| ColorBy::resolve(self.color_by, s));
        let mut answer = CentreResponse::default();
        let (moving, legend) = self.top_ui(ui, snapshot.zip(by), labels, marks, &mut answer);
        // A bar that does not fit must not push the views out of the window.
        let area = ui.available_rect_before_wrap().intersect(whole);
        answer.views = Some(area);
        let before = self.selection.hovered;
        let point = before.or(self.selection.pinned);
        let operator = snapshot.and_then(|s| s.operator.as_deref());
        let star = operator.zip(point).map_or_else(Vec::new, |(operator, point)| star(operator, point));
        let ground = snapshot.and_then(|s| self.ground(ui, s, labels));
        let landed = self.map.landed().cloned();
        if let Some(snapshot) = snapshot {
            self.second.follow(ui.ctx(), snapshot, labels, dark);
        }
        let tokens = Tokens::in_ui(ui);
        let ghosts = snapshot.map_or_else(Vec::new, |s| self.pins.ghosts(&self.views[1].axes, s, tokens));
        let wanted = snapshot.filter(|_| self.graph.edges);
        let edges = wanted.and_then(|s| self.graph.cache.get(ui.ctx(), s, self.graph.color, dark));
        let named = by.zip(snapshot).zip(legend.as_ref());
        let named = named.and_then(|(of, legend)| self.named(of, labels, legend));
        let about = About {
            waiting,
            standing: marks.standing,
            mark: None,
            tip: marks.tip,
            star: (point.unwrap_or_default(), &star),
            edges: edges.as_ref(),
            ground: ground.as_ref(),
            landed: landed.as_ref(),
            second: None,
            named: named.as_ref(),
            alone: self.places.alone.is_some(),
            plain: self.plain,
            ghosts: &ghosts,
        };
        let frame = Frame { snapshot, by, labels, dark, marks: &marks.sides, moving: moving.as_ref(), about };
        self.views_ui(ui, area, &frame, &mut answer);
        answer.rename = by.zip(snapshot).and_then(|(by, s)| self.plate_done(ui, answer.plate, (by, s), labels));
        self.second.point_at(ui.ctx(), answer.ring);
        if let Some(legend) = legend.as_ref().filter(|_| self.plain) {
            plain::legend_inside(ui, legend, area, &answer.clouds);
        }
        self.selection.hovered = answer.hovered;
        if before != answer.hovered {
            // The views to the left of the pointer were drawn with the point of the frame before.
            ui.ctx().request_repaint();
        }
        self.above_ui(ui.ctx(), area, snapshot, labels);
        ui.advance_cursor_after_rect(area);
        answer
    }

    /// The bar above the views. The colours of what moves, where something does, and what colours mean.
    fn top_ui(
        &mut self,
        ui: &mut Ui,
        of: Option<(&Arc<Snapshot>, ColorBy)>,
        labels: &Labels,
        marks: &Marks,
        answer: &mut CentreResponse,
    ) -> (Option<Colors>, Option<Legend>) {
        let Some((snapshot, by)) = of else {
            if !self.plain {
                ui.add_space(toolbar::height(ui));
            }
            return (None, None);
        };
        self.selection.resize(snapshot.data.len());
        self.coloring.shapes = shapes::are_shown(ui.ctx());
        self.graph.play(ui.ctx());
        let (moving, legend) = self.meaning(ui.ctx(), (snapshot, by), labels, ui.visuals().dark_mode);
        if !self.plain {
            (answer.wanted, answer.command) = self.toolbar_ui(ui, (snapshot, by), &legend, labels, marks);
        }
        (moving, Some(legend))
    }

    /// Does what was done with a name on the picture; the cluster that is to have another.
    fn plate_done(
        &mut self,
        ui: &Ui,
        plate: Option<OnPlate>,
        (by, snapshot): (ColorBy, &Snapshot),
        labels: &Labels,
    ) -> Option<(ColorBy, u32)> {
        self.at_name = plate.map(|plate| (by, plate.id));
        let plate = plate?;
        match plate.done? {
            PlateDone::Selected => {
                let effect = self.selection.effect.held(ui.input(|i| i.modifiers));
                self.legend_done((Done::Selected(plate.id), effect), by, snapshot, labels);
                None
            }
            PlateDone::Renamed => {
                // The first of the two clicks selected its points.
                self.selection.give_back_click();
                Some((by, plate.id))
            }
        }
    }

    /// What lies above the views.
    fn above_ui(&mut self, ctx: &egui::Context, area: egui::Rect, snapshot: Option<&Arc<Snapshot>>, labels: &Labels) {
        if let Some(snapshot) = snapshot {
            self.motion_ui(ctx, area, snapshot);
            self.landed_ui(ctx, area, snapshot, labels);
        }
    }
}
