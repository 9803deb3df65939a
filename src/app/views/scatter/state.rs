//! What one scatter plot remembers between frames.

use std::sync::Arc;

use eframe::egui::{Context, Pos2, Rect, Ui, Vec2};

use super::Effect;
use crate::app::gpu::Points;
use crate::app::gpu::Projection;
use crate::app::kit::later::Later;
use crate::app::views::bounds::Bounds;
use crate::app::views::camera::{Flat, FlatView, Orbit};
use crate::app::views::fit::Fit;
use crate::app::views::pick::Grid;
use crate::app::views::steady::held;

/// What dragging with the plain button does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// Moves the picture (2-D) or turns it (3-D).
    #[default]
    Navigate,
    /// Draws a lasso around what is to be selected.
    Lasso,
    /// Draws a rectangle around what is to be selected.
    Rectangle,
}

/// A lasso or rectangle that is being drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Outline {
    pub(super) rectangle: bool,
    pub(super) effect: Effect,
    /// Corners of the lasso so far; of a rectangle the first and the opposite corner.
    pub(super) corners: Vec<Pos2>,
}

/// Which points a view is fitted to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fitted {
    /// All save the few that lie far off.
    #[default]
    Rest,
    /// All.
    All,
}

/// Whether the framing stands still, and the framing since it does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Still {
    #[default]
    No,
    Since(Option<Bounds>),
}

/// Up to this many points are gone through within a frame; more are left to another thread.
pub(super) const AT_ONCE: usize = 20_000;

/// What a pick grid was built from: position serial, number of points, and in 3-D the projection.
type GridKey = (u64, usize, Option<Projection>);

/// What one view remembers between frames: its camera and its tool.
#[expect(clippy::struct_excessive_bools, reason = "each is a state of its own")]
#[derive(Clone, Debug, Default)]
pub struct ScatterState {
    /// What dragging does without a modifier key.
    pub tool: Tool,
    /// Whether a unit is equally long on every axis. Without it each axis fills the view by itself.
    pub equal_aspect: bool,
    /// On an axis where all points but a few lie within this length, the few are not left outside.
    pub noise: [f64; 3],
    /// Half of what each axis shows around 0 at least, where something is to be seen shrinking.
    pub least: Option<f64>,
    /// Which points the view is fitted to.
    pub fitted_to: Fitted,
    /// Whether the axes stand still under points that are on their way.
    still: Still,
    /// Whether points are drawn larger, to be seen from afar.
    pub bold: bool,
    pub(super) flat: Flat,
    pub(super) orbit: Orbit,
    pub(super) outline: Option<Outline>,
    /// Whether the hovered point was found in this view.
    pub(super) hovering: bool,
    /// The point that the keys went to in this view.
    pub(super) inspected: Option<u32>,
    framing: Option<Bounds>,
    /// The boxes of the newest positions, with their serial and number.
    target: Option<(u64, usize, Option<Fit>)>,
    fitting: bool,
    /// Share of the fitted view where there are points.
    filled: f64,
    grid: Option<(GridKey, Later<Grid>)>,
    /// Points inside an outline that was closed, and what is to become of them.
    pub(super) enclosed: Option<(Effect, Later<Vec<u32>>)>,
}

impl ScatterState {
    /// Shows the points again, and follows them as they move.
    pub fn fit(&mut self) {
        self.fitting = true;
    }

    /// The same where something else came on an axis: which points lie far off is decided anew.
    pub fn fit_anew(&mut self) {
        self.fit();
        (self.fitted_to, self.target) = (Fitted::Rest, None);
        self.stand_still(false);
    }

    /// Holds the axes still while points are on their way under them, or lets them follow the points.
    pub fn stand_still(&mut self, on: bool) {
        self.still = match (on, self.still) {
            (false, _) => Still::No,
            (true, Still::No) => Still::Since(None),
            (true, still) => still,
        };
    }

    /// The points far off, which the view leaves outside unless all are shown.
    #[must_use]
    pub fn outside(&self) -> &[u32] {
        self.target.as_ref().and_then(|(_, _, fit)| fit.as_ref()).map_or(&[], |fit| &fit.outside)
    }

    /// Whether the person looks at a part of their own choice, so that the view does not follow the points.
    #[must_use]
    pub fn moved(&self, three_d: bool) -> bool {
        !self.fitting
            && if three_d {
                let Orbit { yaw, pitch, .. } = self.orbit;
                self.orbit != Orbit { yaw, pitch, ..Orbit::default() }
            } else {
                self.flat != Flat::default()
            }
    }

    /// Magnification on top of the fitted view.
    #[must_use]
    pub fn zoom(&self, three_d: bool) -> f64 {
        if three_d { self.orbit.zoom } else { self.flat.zoom }
    }

    /// Share of the fitted view where there are points, 0..=1.
    pub(super) fn filled(&self) -> f64 {
        self.filled
    }

    /// Direction towards the eye in 3-D, in half sides of the data's box.
    #[must_use]
    pub fn toward(&self) -> [f64; 3] {
        self.orbit.directions()[2]
    }

    /// Right, up and towards the eye in 3-D.
    #[must_use]
    pub fn directions(&self) -> [[f64; 3]; 3] {
        self.orbit.directions()
    }

    /// Puts the eye of the 3-D picture: turn about the upright axis and height above the floor in radians, magnification.
    pub fn look_from(&mut self, [yaw, pitch]: [f64; 2], zoom: f64) {
        let half = std::f64::consts::FRAC_PI_2;
        self.fitting = false;
        self.orbit =
            Orbit { yaw: yaw.rem_euclid(std::f64::consts::TAU), pitch: pitch.clamp(-half, half), zoom, pan: [0.0; 2] };
    }

    /// Turns the 3-D picture as if dragged by a distance on the screen.
    pub fn turn(&mut self, by: Vec2) {
        self.orbit.turn(by);
    }

    /// Gives the camera back to the person, who is moving it.
    pub(super) fn take_over(&mut self) {
        self.fitting = false;
    }

    /// Looks at new positions and moves the framing towards them; true while the picture is still moving.
    pub(super) fn frame(&mut self, points: &Points, three_d: bool, ui: &Ui) -> bool {
        self.look_at(points);
        let Some((_, _, Some(fit))) = &self.target else { return false };
        let target = if self.fitted_to == Fitted::All { fit.all } else { fit.rest };
        let target = match &mut self.still {
            Still::No => target,
            Still::Since(before) => *before.insert(held(*before, target)),
        };
        let target = self.least.map_or(target, |least| target.around_zero(least));
        let still = ui.style().animation_time <= 0.0;
        let dt = if still { f64::INFINITY } else { f64::from(ui.input(|i| i.stable_dt).min(0.1)) };
        let Some(mut framing) = self.framing else {
            self.framing = Some(target);
            return false;
        };
        if self.moved(three_d) {
            return false;
        }
        let mut moving = framing.follow(&target, dt);
        self.framing = Some(framing);
        if self.fitting {
            let arrived = self.settle(dt);
            self.fitting = !arrived;
            moving |= !arrived;
        }
        moving
    }

    /// Finds the boxes of positions that were not looked at yet.
    fn look_at(&mut self, points: &Points) {
        let count = points.positions.len();
        if self.target.as_ref().is_some_and(|(serial, known, _)| (*serial, *known) == (points.serial, count)) {
            return;
        }
        let other_data = self.target.as_ref().is_some_and(|(_, known, _)| *known != count);
        let before = !other_data && !self.outside().is_empty();
        let fit = Fit::of(&points.positions, self.noise, before);
        self.filled = fit.as_ref().map_or(1.0, |fit| fit.rest.filled(&points.positions));
        self.target = Some((points.serial, count, fit));
        if other_data {
            self.framing = None;
            self.reset_camera();
            (self.outline, self.enclosed, self.inspected, self.fitted_to) = (None, None, None, Fitted::Rest);
            self.stand_still(false);
        }
    }

    /// Moves the person's camera towards the fitted one; true when it is there.
    fn settle(&mut self, dt: f64) -> bool {
        let left = (-dt / 0.09).exp();
        let far = |value: f64| value.abs() > 1e-3;
        let Self { flat, orbit, .. } = self;
        for value in flat.offset.iter_mut().chain(&mut orbit.pan) {
            *value *= left;
        }
        flat.zoom = flat.zoom.powf(left);
        orbit.zoom = orbit.zoom.powf(left);
        let moving =
            flat.offset.iter().chain(&orbit.pan).copied().any(far) || far(flat.zoom.ln()) || far(orbit.zoom.ln());
        if !moving {
            self.reset_camera();
        }
        !moving
    }

    fn reset_camera(&mut self) {
        self.flat = Flat::default();
        self.orbit = Orbit { yaw: self.orbit.yaw, pitch: self.orbit.pitch, ..Orbit::default() };
    }

    /// The box the camera is placed over; `None` while there is no point.
    pub(super) fn framing(&self) -> Option<Bounds> {
        self.framing
    }

    /// The flat camera over a place on the screen.
    pub(super) fn flat_view(&self, rect: Rect) -> Option<FlatView> {
        self.framing.map(|framing| self.flat.view(&framing, self.equal_aspect, rect))
    }

    /// From data to the screen.
    pub(super) fn projection(&self, three_d: bool, rect: Rect) -> Option<Projection> {
        if three_d {
            self.framing.map(|framing| self.orbit.projection(&framing, self.equal_aspect, rect))
        } else {
            self.flat_view(rect).map(|view| view.projection())
        }
    }

    /// The point nearest to a place on the screen, within `reach` points. Of many points it is known some frames after
    /// they, or in 3-D the camera, moved last.
    pub(super) fn pick(
        &mut self,
        ctx: &Context,
        points: &Points,
        three_d: bool,
        rect: Rect,
        at: Pos2,
        reach: f64,
    ) -> Option<u32> {
        let projection = self.projection(three_d, rect)?;
        let view = self.flat_view(rect)?;
        let key: GridKey = (points.serial, points.positions.len(), three_d.then_some(projection));
        let known = self.grid.as_ref().is_some_and(|(known, _)| *known == key);
        // One grid at a time: a thread that is still at work on an older one asks for a frame when it is done.
        let busy = self.grid.as_ref().is_some_and(|(_, grid)| grid.is_coming());
        if !known && !busy {
            let positions = Arc::clone(&points.positions);
            let build = move || Grid::new(positions.iter().map(|p| plane(*p, &projection, three_d)).collect());
            let at_once = points.positions.len() <= AT_ONCE;
            self.grid = Some((
                key,
                if at_once { Later::now(build) } else { Later::start(ctx, "What lies under the pointer", build) },
            ));
        }
        let (_, grid) = self.grid.as_ref().filter(|(known, _)| *known == key)?;
        if three_d {
            grid.get()?.nearest([f64::from(at.x), f64::from(at.y)], [reach; 2])
        } else {
            grid.get()?.nearest(view.to_data(at), view.scale.map(|scale| reach / scale))
        }
    }
}

/// Where a point lies in the plane of a pick grid: the screen in 3-D, else the data's own.
fn plane(point: [f32; 3], projection: &Projection, three_d: bool) -> [f32; 2] {
    if three_d {
        projection.project(point).map_or([f32::NAN; 2], |(at, _)| [at.x, at.y])
    } else if point[2].is_finite() {
        [point[0], point[1]]
    } else {
        [f32::NAN; 2]
    }
}
