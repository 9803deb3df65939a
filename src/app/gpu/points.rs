//! What is drawn: where the points are, what colour they have, and where that is on the screen.

use std::sync::Arc;

use eframe::egui::{Pos2, Rect, vec2};

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

/// From data to the screen: the one rule that the shader, the picking and the lasso share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Projection {
    /// Subtracted first, so that deep zooms keep their digits.
    pub center: [f32; 3],
    /// Rows of the map from the centred position (and 1) to: x and y in -1..=1 of the view (y up) times w, nearness in
    /// 0..=1 (1 towards the eye), and w (1 at the centre, smaller nearer; always 1 in 2-D).
    pub rows: [[f32; 4]; 4],
    /// The view on the screen, in points.
    pub rect: Rect,
}

impl Projection {
    /// Position on the screen and w; `None` behind the eye or where a coordinate is not finite.
    #[must_use]
    pub fn project(&self, point: [f32; 3]) -> Option<(Pos2, f32)> {
        let p: [f32; 3] = std::array::from_fn(|i: usize| point[i] - self.center[i]);
        let row = |r: &[f32; 4]| r[0] * p[0] + r[1] * p[1] + r[2] * p[2] + r[3];
        let w = row(&self.rows[3]);
        let (x, y) = (row(&self.rows[0]) / w, row(&self.rows[1]) / w);
        if !(w > 0.05 && x.is_finite() && y.is_finite()) {
            return None;
        }
        let at = self.rect.center() + vec2(x * self.rect.width(), -y * self.rect.height()) * 0.5;
        Some((at, w))
    }
}
