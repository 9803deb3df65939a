//! The scatter plot: points drawn on the GPU, with frame, ticks, names, hover, lasso and camera around them.

mod selection;

use std::sync::Arc;

use eframe::egui;

pub use selection::Selection;

/// Where the points are. The view uploads them again only when `serial` or their number changes.
#[derive(Clone, Debug, Default)]
pub struct Points {
    /// One position per point in data units; in 2-D the third coordinate is ignored. A point with a coordinate that
    /// is not finite is neither drawn nor picked.
    pub positions: Arc<Vec<[f32; 3]>>,
    /// Changes with the positions.
    pub serial: u64,
}

/// What colour the points have. The view uploads them again only when `serial` or their number changes.
#[derive(Clone, Debug, Default)]
pub struct Colors {
    /// One sRGB colour per point, straight alpha (255 for the ordinary strength); points beyond the end are white.
    pub rgba: Arc<Vec<[u8; 4]>>,
    /// Changes with the colours.
    pub serial: u64,
}

/// What dragging with the plain button does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// Moves the picture (2-D) or turns it (3-D).
    #[default]
    Navigate,
    /// Draws a lasso.
    Lasso,
    /// Draws a rectangle.
    Rectangle,
}

/// What one view remembers between frames: its camera and its tool.
#[derive(Clone, Debug, Default)]
pub struct ScatterState {
    /// What dragging does without a modifier key.
    pub tool: Tool,
    /// Whether a unit is equally long on every axis. Without it each axis fills the view by itself.
    pub equal_aspect: bool,
}

impl ScatterState {
    /// Shows all points again, and follows them as they move.
    pub fn fit(&mut self) {}
}

/// What happened in a scatter plot during one frame.
#[derive(Clone, Debug)]
pub struct ScatterResponse {
    /// The point under the pointer in this view.
    pub hovered: Option<u32>,
    /// Whether this view changed the set of selected points.
    pub selection_changed: bool,
    /// The widget, for tooltips and context menus.
    pub response: egui::Response,
}

/// Draws a scatter plot into the space that is left.
///
/// `title` names the view to a screen reader and keeps its GPU buffers apart from those of the other views of the
/// window, so it must be unique among them; it is not drawn. `axes` are the names of x, y and z.
#[expect(clippy::too_many_arguments, reason = "what is shown, how, and the two states it changes are separate things")]
pub fn scatter_ui(
    ui: &mut egui::Ui,
    title: &str,
    points: &Points,
    _colors: &Colors,
    _axes: [&str; 3],
    _three_d: bool,
    _state: &mut ScatterState,
    selection: &mut Selection,
) -> ScatterResponse {
    let (_, response) = ui.allocate_exact_size(ui.available_size(), egui::Sense::click_and_drag());
    selection.resize(points.positions.len());
    response.widget_info(|| {
        let name = format!("{title}: {} points", points.positions.len());
        egui::WidgetInfo::labeled(egui::Role::Canvas, true, name)
    });
    ScatterResponse { hovered: None, selection_changed: false, response }
}
