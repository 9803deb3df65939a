//! The scatter plot: points drawn on the GPU, with frame, ticks, names, hover, lasso and camera around them.
//!
//! | Gesture | 2-D | 3-D |
//! |---|---|---|
//! | drag, Shift and an arrow key | moves the picture | turns it |
//! | right or middle drag | moves the picture | moves it |
//! | wheel, pinch, + and − | magnifies about the pointer | magnifies |
//! | double click, F | fits the view | fits it |
//! | Shift-drag, Ctrl-drag | lasso, rectangle adds | the same |
//! | Ctrl-Shift-drag, Alt-drag | lasso takes out | the same |
//! | Shift-Alt-drag | lasso keeps what is in both | the same |
//! | the same keys and a click | does it to one point | the same |
//! | arrow keys | go from point to point | the same |
//! | Enter, P | selects the point, pins its card | the same |
//! | Esc | leaves the point, then selects nothing | the same |

mod axes;
mod chip;
mod ground;
mod input;
mod keys;
mod marks;
mod rings;
mod selection;
mod state;

use std::sync::Arc;

use eframe::egui::{self, Pos2, Rect, Sense, Ui, Vec2, emath::GuiRounding as _};

use crate::app::gpu::{self, Colors, Drawing, Edges, Points, Projection, Style};
use crate::app::kit::format;
use crate::app::kit::shapes;
use crate::app::kit::theme::{Tokens, UNIT};

pub use ground::{Ground, Lines};
pub use rings::{MOST_DRAWN, Rings, ring_texture};
pub use selection::{Effect, Selection};
pub use state::{Fitted, ScatterState, Tool};

/// Points that are seen from afar are so much larger.
const BOLD: f32 = 1.25;
/// And so much smaller where they would hide the edges between them.
const AMONG_EDGES: f32 = 0.6;

/// What happened in a scatter plot during one frame.
#[derive(Clone, Debug)]
pub struct ScatterResponse {
    /// The point under the pointer in this view, or the one the keys went to.
    pub hovered: Option<u32>,
    /// Where the point is that the keys went to.
    pub place: Option<Pos2>,
    /// The point that was clicked without any key held down.
    pub clicked: Option<u32>,
    /// The place that was clicked so where no point is, in data units; of a flat view.
    pub empty: Option<[f64; 2]>,
    /// Whether this view changed the set of selected points.
    pub selection_changed: bool,
    /// The ring under the pointer.
    pub ring: Option<u32>,
    /// From data to the screen, to draw something at a point; `None` while there is no point.
    pub projection: Option<Projection>,
    /// The widget, for tooltips and context menus.
    pub response: egui::Response,
}

/// What a view shows.
#[derive(Clone, Copy, Debug)]
pub struct Plot<'a> {
    /// Its title, which is also what the view is known by.
    pub title: &'a str,
    /// What a screen reader is told of it beside the title, where there is something to tell.
    pub mark: Option<&'a str>,
    /// Where the points lie.
    pub points: &'a Points,
    /// Their colours.
    pub colors: &'a Colors,
    /// Names of the axes.
    pub axes: [&'a str; 3],
    /// Whether it shows all three of them.
    pub three_d: bool,
    /// The point at hand, and those that the graph joins it to with the weights of these edges, the heaviest first.
    pub star: (u32, &'a [(u32, f64)]),
    /// All edges of the graph, where they are to be drawn.
    pub edges: Option<&'a Edges>,
    /// A map under the points of a flat view.
    pub ground: Option<&'a Ground>,
    /// A point that is no sample.
    pub landed: Option<[f32; 3]>,
    /// Rows that are no samples.
    pub rings: Option<Rings<'a>>,
    /// Points of pinned runs behind its own, with their colours.
    pub ghosts: &'a [(Points, Colors)],
}

/// Draws a scatter plot into the space that is left.
///
/// `title` names the view to a screen reader and keeps its GPU buffers apart from those of the other views of the
/// window, so it must be unique among them; it is not drawn. `axes` are the names of x, y and z.
pub fn scatter_ui(
    ui: &mut Ui,
    plot: &Plot<'_>,
    state: &mut ScatterState,
    selection: &mut Selection,
) -> ScatterResponse {
    let Plot { title, mark, points, colors, axes, three_d, star, edges, ground, landed, rings, ghosts } = *plot;
    let size = ui.available_size().max(Vec2::splat(10.0 * UNIT));
    let id = ui.make_persistent_id(("scatter", title));
    let (_, outer) = ui.allocate_space(size);
    let response = ui.interact(outer, id, Sense::click_and_drag());
    selection.resize(points.positions.len());
    let (mut changed, mut clicked) = (false, (None, None));
    let mut projection = None;
    if ui.is_rect_visible(outer) {
        let rect = axes::plot_rect(outer, three_d).round_to_pixels(ui.pixels_per_point());
        if state.frame(points, three_d, ui) {
            ui.request_repaint_after(gpu::rest(ui.ctx()));
        }
        let area = input::Area { response: &response, rect, points, three_d };
        changed = input::handle(ui, &area, state, selection);
        input::hover(ui, &area, state, selection);
        clicked = input::clicked(ui, &area, state);
        projection = state.projection(three_d, rect);
        paint(
            ui,
            &response,
            rect,
            &Scene { points, colors, axes, three_d, star, edges, ground, landed, rings, ghosts, state, selection },
        );
        chip::chip_ui(ui, title, rect, state);
    }
    let inspected = state.inspected;
    response.widget_info(|| {
        let count = points.positions.len();
        let unit = if count == 1 { "point" } else { "points" };
        let at = inspected.map_or_else(String::new, |i| format!(", at sample {}", i + 1));
        let joined = star.1.first().map_or_else(String::new, |&(_, most)| {
            let (center, edges) = (star.0 + 1, star.1.len());
            format!(", sample {center} joined to {edges}, the heaviest edge {}", format::number(most))
        });
        let mark = mark.map_or_else(String::new, |mark| format!(" ({mark})"));
        let rows = rings.map(|rings| rings.positions.iter().filter(|place| place[0].is_finite()).count());
        let rows = rows.map_or_else(String::new, |rows| format!(", {rows} of another file"));
        egui::WidgetInfo::labeled(egui::Role::Canvas, true, format!("{title}{mark}: {count} {unit}{at}{joined}{rows}"))
    });
    let drawn = |point: &u32| marks::is_drawn(colors, *point);
    let hovered = if state.hovering { selection.hovered.filter(drawn) } else { None };
    let at = inspected.and_then(|i| points.positions.get(i as usize).copied());
    let place = at.and_then(|p| projection.as_ref()?.project(p)).map(|(at, _)| at);
    let (clicked, empty) = clicked;
    let pointer = response.hover_pos().filter(|_| !response.dragged());
    let ring = rings
        .zip(projection.as_ref())
        .zip(pointer)
        .and_then(|((rings, projection), at)| rings.under(projection, at).filter(|_| projection.rect.contains(at)));
    ScatterResponse { hovered, place, clicked, empty, selection_changed: changed, ring, projection, response }
}

/// All that is needed to draw one frame.
struct Scene<'a> {
    points: &'a Points,
    colors: &'a Colors,
    axes: [&'a str; 3],
    three_d: bool,
    star: (u32, &'a [(u32, f64)]),
    edges: Option<&'a Edges>,
    ground: Option<&'a Ground>,
    landed: Option<[f32; 3]>,
    rings: Option<Rings<'a>>,
    ghosts: &'a [(Points, Colors)],
    state: &'a ScatterState,
    selection: &'a Selection,
}

fn paint(ui: &Ui, response: &egui::Response, rect: Rect, scene: &Scene<'_>) {
    let tokens = Tokens::in_ui(ui);
    gpu::fill(ui.painter(), response.id, rect, 0.0, tokens.plot);
    let Some(projection) = scene.state.projection(scene.three_d, rect) else {
        axes::frame(ui, rect);
        return;
    };
    if let Some(ground) = scene.ground {
        ground::paint(ui, scene, ground, rect);
    }
    if scene.three_d {
        axes::floor_and_box(ui, scene, &projection);
    } else {
        axes::grid_and_ticks(ui, scene, rect);
    }
    let zoom = scene.state.zoom(scene.three_d);
    let (radius, depth, tone) = gpu::size_and_strength(scene.points.positions.len(), scene.state.filled(), rect, zoom);
    let shapes = shapes::are_shown(ui.ctx());
    let radius = if shapes { marks::radius_of_shapes(radius, scene.points.positions.len()) } else { radius };
    let radius = if scene.state.bold { BOLD * radius } else { radius };
    let radius = if scene.edges.is_some() { AMONG_EDGES * radius } else { radius };
    if gpu::installed(ui.ctx()) {
        let style = Style {
            radius,
            depth,
            tone,
            fade: if scene.three_d { 0.55 } else { 0.0 },
            shapes,
            dimmed: tokens.dimmed,
            dense: tokens.text_strong,
        };
        for (at, ghost) in scene.ghosts.iter().enumerate() {
            let id = response.id.with(("ghost", at));
            let style = Style { dense: tokens.plot, ..style };
            ui.painter().with_clip_rect(rect).add(ghosted(ui, id, ghost, projection, style).into_callback());
        }
        ui.painter().with_clip_rect(rect).add(drawing(ui, response.id, scene, projection, style).into_callback());
    } else {
        scene.ghosts.iter().for_each(|ghost| marks::ghost(ui, ghost, &projection, radius));
        marks::without_gpu(ui, scene, &projection, radius);
    }
    axes::frame(ui, rect);
    chip::marks(ui, scene, &projection);
    rings::paint(ui, scene, &projection);
    marks::star(ui, scene, &projection);
    marks::hovered(ui, scene, &projection, radius);
    marks::landed(ui, scene, &projection);
    marks::outline(ui, scene.state, rect);
    axes::names(ui, scene, rect);
}

/// Points of a pinned run.
fn ghosted(
    ui: &Ui,
    id: egui::Id,
    (points, colors): &(Points, Colors),
    projection: Projection,
    style: Style,
) -> Drawing {
    Drawing {
        id,
        points: points.clone(),
        colors: colors.clone(),
        selected: (Arc::default(), 0),
        dim: false,
        edges: None,
        projection,
        style,
        whole: gpu::draws_whole(ui.ctx()),
        pass: ui.cumulative_pass_nr(),
        ctx: ui.ctx().clone(),
    }
}

fn drawing(ui: &Ui, id: egui::Id, scene: &Scene<'_>, projection: Projection, style: Style) -> Drawing {
    Drawing {
        id,
        points: scene.points.clone(),
        colors: scene.colors.clone(),
        selected: (Arc::clone(scene.selection.flags()), scene.selection.serial()),
        dim: scene.selection.count() > 0,
        edges: scene.edges.cloned(),
        projection,
        style,
        whole: gpu::draws_whole(ui.ctx()),
        pass: ui.cumulative_pass_nr(),
        ctx: ui.ctx().clone(),
    }
}
