//! One frame of one view: egui calls `prepare` before its own pass and `paint` inside it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::{Color32, Context, Id, PaintCallback, PaintCallbackInfo, Rect};
use eframe::egui_wgpu::{Callback, CallbackResources, CallbackTrait, ScreenDescriptor};
use eframe::wgpu;

use super::buffers::{Shown, Store, ViewBuffers};
use super::edges::{self, EdgeLayer, Edges};
use super::layer::Layer;
use super::order::Order;
use super::pace::Pace;
use super::pipelines::Pipelines;
use super::points::{Colors, Points, Projection};

/// Bytes of the uniform.
pub(super) const UNIFORM: u64 = 160;

/// While the points themselves keep moving, as they do in training, a picture of all of them would be old before it was
/// done: it waits until they have stood still for this long.
const REST: Duration = Duration::from_millis(250);

/// How the points of one view look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Radius of a disc in points on the screen (at the centre of a 3-D view).
    pub radius: f32,
    /// Optical depth of one disc: it covers a share 1 − e^−depth of what is behind.
    pub depth: f32,
    /// Exponent of the summed optical depths, 0..=1: below 1 single points stand out and dense places saturate later.
    pub tone: f32,
    /// How much the far side of a 3-D view fades, 0..=1.
    pub fade: f32,
    /// Whether points have the shape that the fourth byte of their colour tells ([`crate::app::kit::shapes`]).
    pub shapes: bool,
    /// What unselected points fade towards while something is selected.
    pub dimmed: Color32,
    /// What the densest places go towards.
    pub dense: Color32,
}

/// The most by which the discs of a draft are larger.
const SPREAD: f32 = 2.0;
/// What is left of the optical depth of a dimmed point.
const DIM_DEPTH: f32 = 0.25;
/// Share of the dimming colour in a dimmed point.
const DIM_COLOR: f32 = 0.6;
/// Share of the density colour in the densest place.
const DENSE_COLOR: f32 = 0.35;

/// The points of one view, ready to be drawn.
#[derive(Clone, Debug)]
pub struct Drawing {
    /// Whose buffers these are.
    pub id: Id,
    /// Where the points are.
    pub points: Points,
    /// What colour they have.
    pub colors: Colors,
    /// One flag per point: selected. And a number that changes with them.
    pub selected: (Arc<Vec<bool>>, u64),
    /// Whether any point is selected, so that the others are dimmed.
    pub dim: bool,
    /// Where they appear.
    pub projection: Projection,
    /// What they look like.
    pub style: Style,
    /// The edges of the graph under them, where they are to be drawn.
    pub edges: Option<Edges>,
    /// Draw all points at once, however long it takes: for a picture that is kept.
    pub whole: bool,
    /// `Context::cumulative_pass_nr`, to free the buffers of views that are gone.
    pub pass: u64,
    /// Asked for another frame while there is more to draw.
    pub ctx: Context,
}

impl Drawing {
    /// The callback to add to a painter. The view's rectangle must lie on whole pixels.
    #[must_use]
    pub fn into_callback(self) -> PaintCallback {
        Callback::new_paint_callback(self.projection.rect, self)
    }

    /// What the shader is to know of a picture `size` pixels large in which each point stands for `stands_for`.
    fn uniform(&self, place: &Place, size: [u32; 2], stands_for: f32) -> Vec<u8> {
        let Projection { center, rows, .. } = self.projection;
        let style = &self.style;
        let ink = |color: Color32, share: f32| {
            [color.r(), color.g(), color.b()].map(|c| f32::from(c) / 255.0).into_iter().chain([share])
        };
        // Where each point stands for several, it is larger too: few strong discs cover less than many weak ones.
        let spread = stands_for.sqrt().min(SPREAD);
        let gain = stands_for / (spread * spread);
        let radius = spread * style.radius * place.pixels_per_point * size[0] as f32 / place.size[0] as f32;
        let numbers = rows
            .into_iter()
            .flatten()
            .chain(center)
            .chain([radius])
            .chain([size[0] as f32, size[1] as f32, gain, style.tone])
            .chain(place.corner)
            .chain(place.size.map(|side| 1.0 / side as f32))
            .chain([style.depth, DIM_DEPTH, f32::from(u8::from(self.dim)), style.fade])
            .chain(ink(style.dimmed, DIM_COLOR))
            .chain(ink(style.dense, DENSE_COLOR));
        numbers.flat_map(f32::to_ne_bytes).collect()
    }

    fn position_bytes(&self, order: &Order) -> Vec<u8> {
        let positions = &self.points.positions;
        order.bytes(|i| {
            let [x, y, z] = positions[i].map(f32::to_ne_bytes);
            [x[0], x[1], x[2], x[3], y[0], y[1], y[2], y[3], z[0], z[1], z[2], z[3]]
        })
    }

    /// Colour, and in the fourth byte seven bits of strength, or of strength and shape, above the bit "selected".
    fn paint_bytes(&self, order: &Order) -> Vec<u8> {
        let (colors, flags) = (&self.colors.rgba, &self.selected.0);
        order.bytes(|i| {
            let [r, g, b, a] = colors.get(i).copied().unwrap_or([255; 4]);
            [r, g, b, a & !1 | u8::from(flags.get(i).copied().unwrap_or(false))]
        })
    }

    /// What gathers the points.
    fn gathering<'a>(&self, pipelines: &'a Pipelines) -> &'a wgpu::RenderPipeline {
        if self.style.shapes { &pipelines.gather_shapes } else { &pipelines.gather }
    }

    /// Brings the picture up to date as far as the frame has time for, and asks for another frame if that is not all.
    fn advance(&self, gpu: &mut Gpu<'_>, pace: &mut Pace, views: usize, view: &mut ViewBuffers, place: &Place) {
        let seen = self.uniform(place, place.size, 1.0);
        if view.shown == Shown::Nothing || view.seen != seen {
            (view.seen, view.gathered) = (seen, 0);
            if self.whole || pace.can(views, view.count, place.pixels()) {
                self.refine(gpu, view, place, view.count);
            } else {
                self.draft(gpu, pace, views, view, place);
                self.again(pace, view);
            }
        } else if view.gathered < view.count {
            if self.whole {
                self.refine(gpu, view, place, view.count);
            } else if view.moved.elapsed() < REST {
                self.again(pace, view);
            } else {
                self.refine(gpu, view, place, pace.more(views).max(1));
                self.again(pace, view);
            }
        }
    }

    /// A picture of some of the points, which stand for all.
    fn draft(&self, gpu: &mut Gpu<'_>, pace: &Pace, views: usize, view: &mut ViewBuffers, place: &Place) {
        let count = pace.moving(views).clamp(1, view.count);
        let coarse = pace.coarse(views, place.pixels());
        let size = place.size.map(|side| side.div_ceil(coarse));
        let Gpu { device, queue, encoder, pipelines } = gpu;
        let layer = Layer::of(&mut view.draft, device, pipelines, size, coarse > 1);
        let (Some(positions), Some(paints)) = (view.positions.buffer(), view.paints.buffer()) else { return };
        layer.set(queue, &self.uniform(place, size, view.count as f32 / count as f32));
        layer.gather(encoder, self.gathering(pipelines), [positions, paints], 0..count, true);
        layer.tone(encoder, pipelines);
        (view.shown, view.drafted) = (Shown::Draft, count);
    }

    /// Adds up to `more` points to the picture of all; shows it when they are all there.
    fn refine(&self, gpu: &mut Gpu<'_>, view: &mut ViewBuffers, place: &Place, more: u32) {
        let Gpu { device, queue, encoder, pipelines } = gpu;
        let layer = Layer::of(&mut view.fine, device, pipelines, place.size, false);
        let (Some(positions), Some(paints)) = (view.positions.buffer(), view.paints.buffer()) else { return };
        let first = view.gathered == 0;
        if first {
            layer.set(queue, &view.seen);
        }
        let end = view.gathered.saturating_add(more).min(view.count);
        layer.gather(encoder, self.gathering(pipelines), [positions, paints], view.gathered..end, first);
        view.gathered = end;
        if end == view.count {
            layer.tone(encoder, pipelines);
            view.shown = Shown::Fine;
        }
    }

    /// Brings the picture of the edges on; asks for another frame while there are more.
    fn lay_edges(
        &self,
        gpu: &mut Gpu<'_>,
        pace: &mut Pace,
        views: usize,
        view: &mut ViewBuffers,
        place: &Place,
        order: &Order,
    ) {
        let Some(edges) = &self.edges else {
            view.edges = EdgeLayer::default();
            return;
        };
        let Some(positions) = view.positions.buffer() else { return };
        let Projection { center, rows, .. } = self.projection;
        let seen = edges::View {
            positions,
            serial: self.points.serial,
            order,
            points: view.count as usize,
            size: place.size,
            projection: rows.into_iter().flatten().chain(center).collect(),
            window: [place.corner[0], place.corner[1], 1.0 / place.size[0] as f32, 1.0 / place.size[1] as f32],
            pixels_per_point: place.pixels_per_point,
            fade: self.style.fade,
            rebind: view.bound != view.positions.made,
        };
        view.bound = view.positions.made;
        let Gpu { device, queue, encoder, pipelines } = gpu;
        let room = (!self.whole).then(|| pace.more(views));
        if view.edges.advance((device, queue), encoder, pipelines, (edges, &seen), room) {
            self.ctx.request_repaint();
        }
    }

    /// Asks for another frame if there is more to draw.
    fn again(&self, pace: &mut Pace, view: &ViewBuffers) {
        if view.gathered < view.count {
            let rest = REST.saturating_sub(view.moved.elapsed());
            if rest.is_zero() {
                pace.watch();
                self.ctx.request_repaint();
            } else {
                self.ctx.request_repaint_after(rest);
            }
        }
    }
}

/// Where a view lies in the window, in pixels.
struct Place {
    corner: [f32; 2],
    size: [u32; 2],
    pixels_per_point: f32,
}

impl Place {
    fn pixels(&self) -> u64 {
        u64::from(self.size[0]) * u64::from(self.size[1])
    }
}

/// What drawing needs of the GPU.
struct Gpu<'a> {
    device: &'a wgpu::Device,
    queue: &'a wgpu::Queue,
    encoder: &'a mut wgpu::CommandEncoder,
    pipelines: &'a Pipelines,
}

impl CallbackTrait for Drawing {
    fn prepare(
        &self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        let Some(store) = resources.get_mut::<Store>() else { return Vec::new() };
        store.forget_idle(self.pass);
        store.pace.begin(self.pass, Instant::now());
        let scale = screen.pixels_per_point;
        let rect = self.projection.rect;
        let largest = device.limits().max_texture_dimension_2d;
        let place = Place {
            corner: [(rect.min.x * scale).round(), (rect.min.y * scale).round()],
            size: [rect.width(), rect.height()].map(|side| ((side * scale).round() as u32).clamp(1, largest)),
            pixels_per_point: scale,
        };
        let views = store.live(self.pass);
        let view = store.views.entry(self.id).or_insert_with(ViewBuffers::new);
        view.used = self.pass;
        let count = self.points.positions.len().min(ViewBuffers::room(device));
        view.count = count as u32;
        if count == 0 {
            view.shown = Shown::Nothing;
            return Vec::new();
        }
        let order = store.order.of(count);
        if view.positions.write((device, queue), (self.points.serial, 0, count), || self.position_bytes(&order)) {
            (view.moved, view.shown) = (Instant::now(), Shown::Nothing);
        }
        let version = (self.colors.serial, self.selected.1, count);
        if view.paints.write((device, queue), version, || self.paint_bytes(&order)) {
            view.shown = Shown::Nothing;
        }
        let mut gpu = Gpu { device, queue, encoder, pipelines: &store.pipelines };
        self.advance(&mut gpu, &mut store.pace, views, view, &place);
        self.lay_edges(&mut gpu, &mut store.pace, views, view, &place, &order);
        Vec::new()
    }

    fn paint(&self, _: PaintCallbackInfo, pass: &mut wgpu::RenderPass<'static>, resources: &CallbackResources) {
        let Some(store) = resources.get::<Store>() else { return };
        if let Some(view) = store.views.get(&self.id).filter(|_| self.edges.is_some()) {
            view.edges.show(pass, &store.pipelines);
        }
        if let Some(view) = store.views.get(&self.id)
            && let Some(layer) = view.picture()
        {
            layer.show(pass, &store.pipelines);
        }
    }
}

/// Size and strength of discs so that `points` of them, which fill the share `filled` of a fitted view of this size,
/// neither drown in each other nor vanish: radius in points on the screen, optical depth and tone.
#[must_use]
pub fn size_and_strength(points: usize, filled: f64, rect: Rect, zoom: f64) -> (f32, f32, f32) {
    let per_point = f64::from(rect.area().max(1.0)) / points.max(1) as f64;
    let zoom = zoom.max(1.0);
    let radius = ((0.7 + 0.2 * per_point.sqrt()).min(4.5) * zoom.powf(0.3).min(4.0)).min(9.0);
    // How many discs lie over an average place among the data; together they are to cover it well, but not fully.
    let over = std::f64::consts::PI * radius * radius / (per_point * filled.clamp(0.01, 1.0) * zoom * zoom);
    let depth = (2.0 / over).clamp(0.02, 3.0);
    let tone = (1.0 + 0.4 * depth.log10()).clamp(0.5, 1.0);
    (radius as f32, depth as f32, tone as f32)
}
