//! The map over the plane under the points of the input view, and a new point that lands in every view.

use std::sync::{Arc, OnceLock};

use eframe::egui::{self, Color32, ColorImage, TextureHandle, TextureOptions, Ui};
use ndarray::Array2;

use super::Centre;
use crate::app::kit::later::{Later, aside};
use crate::app::kit::theme::Tokens;
use crate::app::shown::axes::{Axis, FIEDLER, Side};
use crate::app::shown::coloring::{ColorBy, category_colors};
use crate::app::shown::labels::Labels;
use crate::app::shown::plane::{Landed, Map, Placer, Plane, Shows};
use crate::app::views::scatter::Ground;
use crate::data::Features;
use crate::model::Familiar;
use crate::output::palette;
use crate::pipeline::Snapshot;

/// Nodes along each axis while the picture changes, and once it stands still.
const QUICK: usize = 64;
const FINE: usize = 192;
/// A picture that has not changed for so many seconds stands still.
const STILL: f64 = 0.35;
/// Steps of the filled contours from 0 to the largest value.
const BANDS: f32 = 6.0;
/// Share of colour where a vector is largest, and everywhere in a cluster.
const STRONGEST: f32 = 0.55;
const CLUSTER: f32 = 0.34;

/// Of what a map is.
#[derive(Clone, Debug)]
struct Key {
    of: Arc<Snapshot>,
    plane: Plane,
    shows: Shows,
    filled: Side,
    side: usize,
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.of, &other.of)
            && (self.side, self.shows, self.filled) == (other.side, other.shows, other.filled)
            && self.plane == other.plane
    }
}

/// A plane, with the scaled rows, axes and sample that it is of.
type Held = (Arc<Array2<f32>>, [Axis; 2], Option<u32>, Plane);

/// A new point on its way: in which picture, which scaled row.
type Landing = (Arc<Snapshot>, Vec<f32>, Later<Landed>);

/// What tells strange rows, made by the first thread that asks.
type KnownFamiliar = Arc<OnceLock<Familiar>>;

/// The map and the new point.
#[derive(Default)]
pub struct MapView {
    /// Whether it is drawn.
    pub on: bool,
    /// What was chosen to be shown; none takes the Fiedler vector.
    pub shows: Option<Shows>,
    /// Whether the exact side fills it.
    pub exact: bool,
    coming: Option<(Key, Later<Option<Map>>)>,
    shown: Option<(Key, Arc<Map>)>,
    /// What gave no map.
    barren: Option<Key>,
    texture: Option<TextureHandle>,
    /// The map and the theme that the texture is of.
    painted: Option<(Arc<Map>, bool)>,
    plane: Option<Held>,
    /// The snapshot drawn last, and since when.
    since: Option<(Arc<Snapshot>, f64)>,
    /// Where the new point is, in the scaled units of the plane.
    pub(super) point: Option<[f64; 2]>,
    landing: Option<Landing>,
    pub(super) landed: Option<Landed>,
    familiar: Option<(Arc<Features>, KnownFamiliar)>,
}

impl std::fmt::Debug for MapView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MapView").field("on", &self.on).field("point", &self.point).finish_non_exhaustive()
    }
}

impl MapView {
    /// The same for other data: no map yet, and no new point.
    #[must_use]
    pub(super) fn without_data(&self) -> Self {
        Self { on: self.on, exact: self.exact, ..Self::default() }
    }

    /// The map drawn, once there is one.
    #[must_use]
    pub fn map(&self) -> Option<&Arc<Map>> {
        self.shown.as_ref().map(|(_, map)| map)
    }

    /// Where the new point landed.
    #[must_use]
    pub fn landed(&self) -> Option<&Landed> {
        self.landed.as_ref().filter(|_| self.on && self.point.is_some())
    }

    /// Puts the new point at a place of the plane.
    pub fn put(&mut self, at: [f64; 2]) {
        self.point = Some(at);
    }

    /// Takes the new point away.
    pub fn take_away(&mut self) {
        (self.point, self.landing, self.landed) = (None, None, None);
    }

    /// What is shown of this snapshot.
    pub(super) fn shows_of(&self, snapshot: &Snapshot) -> Shows {
        let k = self.filled(snapshot).space(snapshot).map_or(0, |space| space.vectors.ncols());
        match self.shows {
            Some(Shows::Vector(j)) if j < k => Shows::Vector(j),
            Some(Shows::Clusters) => Shows::Clusters,
            _ => Shows::Vector(FIEDLER.min(k.saturating_sub(1))),
        }
    }

    /// The side that fills the map: the one chosen, or the other where that has none.
    pub(super) fn filled(&self, snapshot: &Snapshot) -> Side {
        let learned = snapshot.network.is_some() && snapshot.learned.is_some();
        if self.exact || !learned { Side::Exact } else { Side::Learned }
    }

    /// Brings the map on, once a frame.
    fn follow(&mut self, ctx: &egui::Context, snapshot: &Arc<Snapshot>, plane: Plane) {
        let now = ctx.input(|i| i.time);
        if self.since.as_ref().is_none_or(|(of, _)| !Arc::ptr_eq(of, snapshot)) {
            self.since = Some((Arc::clone(snapshot), now));
        }
        let stood = self.since.as_ref().map_or(0.0, |(_, since)| now - since);
        let side = if stood >= STILL { FINE } else { QUICK };
        if side == QUICK {
            ctx.request_repaint_after(std::time::Duration::from_secs_f64(STILL - stood + 0.02));
        }
        let (shows, filled) = (self.shows_of(snapshot), self.filled(snapshot));
        self.land(ctx, snapshot, &plane);
        let key = Key { of: Arc::clone(snapshot), plane, shows, filled, side };
        if let Some((of, later)) = self.coming.take() {
            match later.get() {
                Some(Some(map)) => self.shown = Some((of, Arc::new(map.clone()))),
                None if later.is_coming() => self.coming = Some((of, later)),
                // There is none, or it broke off.
                Some(None) | None => (self.shown, self.barren) = (None, Some(of)),
            }
        }
        let known = self.shown.as_ref().is_some_and(|(of, _)| *of == key);
        // A finer map of the same stays where the coarse one is asked for.
        let finer = self
            .shown
            .as_ref()
            .is_some_and(|(of, _)| of.side > key.side && Key { side: of.side, ..key.clone() } == *of);
        if self.coming.is_none() && !known && !finer && self.barren.as_ref() != Some(&key) {
            let wanted = key.clone();
            let make = move || {
                let placers = [Side::Learned, Side::Exact].map(|side| Placer::of(side, &wanted.of));
                let [learned, exact] = &placers;
                aside(|| {
                    Map::of(&wanted.plane, wanted.side, wanted.shows, wanted.filled, [learned.as_ref(), exact.as_ref()])
                })
            };
            self.coming = Some((key, Later::start(ctx, "The map over the plane", make)));
        }
    }

    /// Places the new point in the picture shown.
    fn land(&mut self, ctx: &egui::Context, snapshot: &Arc<Snapshot>, plane: &Plane) {
        let Some(at) = self.point else {
            (self.landing, self.landed) = (None, None);
            return;
        };
        let row = plane.row(at);
        if let Some((_, _, later)) = &self.landing
            && let Some(landed) = later.get()
        {
            self.landed = Some(landed.clone());
        }
        let known = |(of, known, later): &Landing| later.is_coming() || Arc::ptr_eq(of, snapshot) && *known == row;
        if self.landing.as_ref().is_some_and(known) {
            return;
        }
        let features = &snapshot.data.features;
        if self.familiar.as_ref().is_none_or(|(of, _)| !Arc::ptr_eq(of, features)) {
            self.familiar = Some((Arc::clone(features), KnownFamiliar::default()));
        }
        let Some((_, familiar)) = self.familiar.clone() else { return };
        let (of, wanted) = (Arc::clone(snapshot), row.clone());
        let land = move || {
            let known = of.model.as_ref().and_then(|model| model.familiar.as_ref());
            let made = || familiar.get_or_init(|| Familiar::of(of.scaled.view(), of.job.recipe.seed));
            let familiar = known.unwrap_or_else(|| aside(made));
            let placers = [Side::Learned, Side::Exact].map(|side| Placer::of(side, &of));
            Landed::of(wanted.clone(), [placers[0].as_ref(), placers[1].as_ref()], familiar)
        };
        self.landing = Some((Arc::clone(snapshot), row, Later::start(ctx, "The place of the new point", land)));
    }

    /// The picture of the map, painted anew where it changed.
    fn paint(&mut self, ctx: &egui::Context, snapshot: &Snapshot, labels: &Labels, dark: bool) -> Option<Ground> {
        let (key, map) = self.shown.as_ref()?;
        let same = |(of, theme): &(Arc<Map>, bool)| Arc::ptr_eq(of, map) && *theme == dark;
        if !self.painted.as_ref().is_some_and(same) {
            let by = if key.filled == Side::Exact { ColorBy::Exact } else { ColorBy::Learned };
            let image = image(map, &category_colors(by, snapshot, dark, labels), dark);
            let options = if map.shows == Shows::Clusters { TextureOptions::NEAREST } else { TextureOptions::LINEAR };
            match &mut self.texture {
                Some(texture) => texture.set(image, options),
                slot => *slot = Some(ctx.load_texture("map", image, options)),
            }
            self.painted = Some((Arc::clone(map), dark));
        }
        Some(Ground {
            texture: self.texture.as_ref()?.id(),
            bounds: map.plane.bounds,
            side: map.side,
            zeros: map.zeros.clone(),
        })
    }
}

/// The map in colours, the highest y on top.
fn image(map: &Map, clusters: &[[u8; 3]], dark: bool) -> ColorImage {
    let back = Tokens::of(dark).plot;
    let mixed = |[r, g, b]: [u8; 3], share: f32| back.lerp_to_gamma(Color32::from_rgb(r, g, b), share);
    let [below, above] = [-1.0, 1.0].map(palette::diverging);
    let color = |node: usize| match map.shows {
        Shows::Clusters => {
            let of = map.clusters.get(node).and_then(|&c| clusters.get(c as usize));
            of.map_or(back, |&color| mixed(color, CLUSTER))
        }
        Shows::Vector(_) => {
            let value = map.values.get(node).copied().filter(|v| v.is_finite()).unwrap_or(0.0).clamp(-1.0, 1.0);
            // The band that a value is in, so that its edges are contours.
            let share = ((value.abs() * BANDS).floor() + 0.5) / BANDS;
            mixed(if value < 0.0 { below } else { above }, STRONGEST * share.min(1.0))
        }
    };
    let side = map.side;
    let pixels = (0..side * side).map(|i| color((side - 1 - i / side) * side + i % side)).collect();
    ColorImage::new([side, side], pixels)
}

impl Centre {
    /// The axes of the input view, where these are two features.
    fn plane_axes(&self, snapshot: &Snapshot) -> Option<[Axis; 2]> {
        let view = &self.views[0];
        let [x, y, _] = view.axes.resolved(Side::Input, snapshot);
        Plane::features(snapshot, [x, y]).filter(|_| !view.axes.three_d).map(|_| [x, y])
    }

    /// Whether the input view can have a map under its points.
    #[must_use]
    pub fn has_plane(&self, snapshot: &Snapshot) -> bool {
        self.plane_axes(snapshot).is_some()
    }

    /// The plane of the input view, worked out where rows, axes or the point that holds the other features changed.
    pub(super) fn plane(&mut self, snapshot: &Snapshot) -> Option<Plane> {
        let axes = self.plane_axes(snapshot)?;
        let sample = self.selection.pinned.or_else(|| self.selection.iter().next());
        if let Some((rows, of, by, plane)) = &self.map.plane
            && Arc::ptr_eq(rows, &snapshot.scaled)
            && (*of, *by) == (axes, sample)
        {
            return Some(plane.clone());
        }
        let plane = Plane::of(snapshot, axes, sample)?;
        self.map.plane = Some((Arc::clone(&snapshot.scaled), axes, sample, plane.clone()));
        Some(plane)
    }

    /// The map under the points of the input view, where it is wanted and there can be one.
    pub(super) fn ground(&mut self, ui: &Ui, snapshot: &Arc<Snapshot>, labels: &Labels) -> Option<Ground> {
        let plane = if self.map.on { self.plane(snapshot) } else { None };
        let Some(plane) = plane else {
            (self.map.shown, self.map.coming) = (None, None);
            return None;
        };
        self.map.follow(ui.ctx(), snapshot, plane);
        let dark = ui.visuals().dark_mode;
        self.map.paint(ui.ctx(), snapshot, labels, dark)
    }
}
