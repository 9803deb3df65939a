//! Where the picture is looked at from: framing that follows the data, a flat camera, an orbiting one.
//!
//! A view is *framing* (the box of the data, followed smoothly as it changes) and on top of it what the person did:
//! an offset and a zoom measured in that box. Resizing a panel therefore keeps what is looked at.

use eframe::egui::{Pos2, Rect, Vec2, pos2};

use super::bounds::Bounds;
use crate::app::gpu::Projection;

/// Share of a view's side that is left free around the data when it is fitted.
const MARGIN: f64 = 0.06;
/// How far one may zoom out and in.
const ZOOM: std::ops::RangeInclusive<f64> = 0.05..=100_000.0;
/// Distance of the orbiting eye from the centre, in half sides of the box: far enough for a mild perspective.
const EYE: f64 = 6.0;
/// Half the diagonal of the box of half sides 1: no point is farther from the centre.
const REACH: f64 = 1.732_050_807_568_877_2;

/// What the person did to the flat picture, on top of its framing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flat {
    /// Shift of the centre, in half sides of the framing.
    pub offset: [f64; 2],
    /// Magnification; 1 is fitted.
    pub zoom: f64,
}

impl Default for Flat {
    fn default() -> Self {
        Self { offset: [0.0; 2], zoom: 1.0 }
    }
}

/// The flat camera put together with its framing and its place on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FlatView {
    /// What stands in the middle of the view, data units.
    pub center: [f64; 2],
    /// Points on the screen per data unit, per axis.
    pub scale: [f64; 2],
    /// The view on the screen.
    pub rect: Rect,
}

impl Flat {
    /// Puts the camera over a box. With `equal` a unit has the same length on both axes.
    #[must_use]
    pub fn view(&self, framing: &Bounds, equal: bool, rect: Rect) -> FlatView {
        let base = base_scale(framing, equal, rect);
        FlatView {
            center: std::array::from_fn(|i: usize| framing.center[i] + self.offset[i] * framing.half[i]),
            scale: base.map(|s| s * self.zoom),
            rect,
        }
    }

    /// Shifts the picture by a distance on the screen.
    pub fn pan(&mut self, by: Vec2, framing: &Bounds, view: &FlatView) {
        self.offset[0] -= f64::from(by.x) / view.scale[0] / framing.half[0];
        self.offset[1] += f64::from(by.y) / view.scale[1] / framing.half[1];
    }

    /// Magnifies by `factor`; what lies under `at` stays there.
    pub fn zoom_about(&mut self, factor: f64, at: Pos2, framing: &Bounds, view: &FlatView) {
        let zoom = (self.zoom * factor).clamp(*ZOOM.start(), *ZOOM.end());
        let factor = zoom / self.zoom;
        let under = view.to_data(at);
        self.offset = std::array::from_fn(|i: usize| {
            let center = under[i] + (view.center[i] - under[i]) / factor;
            (center - framing.center[i]) / framing.half[i]
        });
        self.zoom = zoom;
    }
}

fn base_scale(framing: &Bounds, equal: bool, rect: Rect) -> [f64; 2] {
    let side = [f64::from(rect.width()), f64::from(rect.height())];
    let scale: [f64; 2] = std::array::from_fn(|i: usize| side[i].max(1.0) * (0.5 - MARGIN) / framing.half[i]);
    if equal { [scale[0].min(scale[1]); 2] } else { scale }
}

impl FlatView {
    /// What lies under a place on the screen, data units.
    #[must_use]
    pub fn to_data(&self, at: Pos2) -> [f64; 2] {
        let from = at - self.rect.center();
        [self.center[0] + f64::from(from.x) / self.scale[0], self.center[1] - f64::from(from.y) / self.scale[1]]
    }

    /// Where a place of the data lies on the screen.
    #[must_use]
    pub fn to_screen(&self, data: [f64; 2]) -> Pos2 {
        let x = (data[0] - self.center[0]) * self.scale[0];
        let y = (data[1] - self.center[1]) * self.scale[1];
        pos2(self.rect.center().x + x as f32, self.rect.center().y - y as f32)
    }

    /// The projection that shader and picking share.
    #[must_use]
    pub fn projection(&self) -> Projection {
        let x = (2.0 * self.scale[0] / f64::from(self.rect.width())) as f32;
        let y = (2.0 * self.scale[1] / f64::from(self.rect.height())) as f32;
        // The rounding of the centre to f32 is put back through the constant column.
        let center = self.center.map(|c| c as f32);
        let shift: [f64; 2] = std::array::from_fn(|i: usize| f64::from(center[i]) - self.center[i]);
        Projection {
            center: [center[0], center[1], 0.0],
            rows: [
                [x, 0.0, 0.0, (shift[0] * f64::from(x)) as f32],
                [0.0, y, 0.0, (shift[1] * f64::from(y)) as f32],
                [0.0, 0.0, 0.0, 1.0],
                [0.0, 0.0, 0.0, 1.0],
            ],
            rect: self.rect,
        }
    }
}

/// What the person did to the solid picture, on top of its framing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Orbit {
    /// Turn about the vertical (z) axis, radians.
    pub yaw: f64,
    /// Height of the eye above the x-y plane, radians.
    pub pitch: f64,
    /// Magnification; 1 is fitted.
    pub zoom: f64,
    /// Shift on the screen, in half sides of the view.
    pub pan: [f64; 2],
}

impl Default for Orbit {
    fn default() -> Self {
        Self { yaw: 0.6, pitch: 0.42, zoom: 1.0, pan: [0.0; 2] }
    }
}

impl Orbit {
    /// Turns by a distance dragged on the screen, points.
    pub fn turn(&mut self, by: Vec2) {
        let limit = std::f64::consts::FRAC_PI_2;
        self.yaw = (self.yaw - f64::from(by.x) * 0.008).rem_euclid(std::f64::consts::TAU);
        self.pitch = (self.pitch + f64::from(by.y) * 0.008).clamp(-limit, limit);
    }

    /// Magnifies by `factor`.
    pub fn zoom_by(&mut self, factor: f64) {
        self.zoom = (self.zoom * factor).clamp(0.1, 1000.0);
    }

    /// Shifts the picture by a distance on the screen.
    pub fn shift(&mut self, by: Vec2, rect: Rect) {
        self.pan[0] += f64::from(by.x) * 2.0 / f64::from(rect.width().max(1.0));
        self.pan[1] -= f64::from(by.y) * 2.0 / f64::from(rect.height().max(1.0));
    }

    /// Right, up and towards the eye, as directions in the box.
    #[must_use]
    pub fn directions(&self) -> [[f64; 3]; 3] {
        let ((sy, cy), (sp, cp)) = (self.yaw.sin_cos(), self.pitch.sin_cos());
        [[cy, sy, 0.0], [-sp * sy, sp * cy, cp], [cp * sy, -cp * cy, sp]]
    }

    /// The projection that shader and picking share. With `equal` a unit has the same length on every axis.
    #[must_use]
    pub fn projection(&self, framing: &Bounds, equal: bool, rect: Rect) -> Projection {
        let widest = framing.half.iter().copied().fold(0.0, f64::max);
        let unit: [f64; 3] = framing.half.map(|h| 1.0 / if equal { widest } else { h });
        let [right, up, toward] = self.directions();
        let (width, height) = (f64::from(rect.width().max(1.0)), f64::from(rect.height().max(1.0)));
        let size = width.min(height) * (1.0 - 2.0 * MARGIN) / 1.55 * self.zoom;
        let row = |direction: [f64; 3], scale: f64| -> [f64; 3] {
            std::array::from_fn(|i: usize| direction[i] * unit[i] * scale)
        };
        let w = row(toward, -1.0 / EYE);
        // The shift on the screen is the same at every depth: it is multiplied by w, which is divided out again.
        let with = |direction, scale: f64, pan: f64| -> [f32; 4] {
            let r = row(direction, scale);
            [(r[0] + pan * w[0]) as f32, (r[1] + pan * w[1]) as f32, (r[2] + pan * w[2]) as f32, pan as f32]
        };
        let near = row(toward, 0.5 / REACH);
        Projection {
            center: framing.center.map(|c| c as f32),
            rows: [
                with(right, size / width, self.pan[0]),
                with(up, size / height, self.pan[1]),
                [near[0] as f32, near[1] as f32, near[2] as f32, 0.5],
                [w[0] as f32, w[1] as f32, w[2] as f32, 1.0],
            ],
            rect,
        }
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::vec2;

    use super::*;

    fn rect() -> Rect {
        Rect::from_min_max(pos2(100.0, 50.0), pos2(500.0, 350.0))
    }

    fn close(a: Pos2, b: Pos2) {
        assert!(a.distance(b) < 1e-2, "{a:?} and {b:?}");
    }

    #[test]
    fn fitted_corners_lie_inside_the_view_and_screen_and_data_are_inverse() {
        let bounds = Bounds { center: [10.0, -3.0, 0.0], half: [2.0, 0.5, 1.0] };
        for equal in [false, true] {
            let view = Flat::default().view(&bounds, equal, rect());
            for corner in [[8.0, -3.5], [12.0, -2.5]] {
                let at = view.to_screen(corner);
                assert!(rect().contains(at), "{at:?}");
                let back = view.to_data(at);
                assert!((back[0] - corner[0]).abs() < 1e-4 && (back[1] - corner[1]).abs() < 1e-4);
                let (projected, w) = view.projection().project([corner[0] as f32, corner[1] as f32, 7.0]).unwrap();
                close(projected, at);
                assert!((w - 1.0).abs() < 1e-6);
            }
            assert_eq!(equal, (view.scale[0] - view.scale[1]).abs() < 1e-9);
        }
    }

    #[test]
    fn zooming_keeps_what_is_under_the_pointer_and_panning_moves_by_what_was_dragged() {
        let bounds = Bounds { center: [1.0, 2.0, 0.0], half: [3.0, 4.0, 1.0] };
        let mut flat = Flat::default();
        let at = pos2(180.0, 300.0);
        let view = flat.view(&bounds, false, rect());
        let under = view.to_data(at);
        flat.zoom_about(7.0, at, &bounds, &view);
        let view = flat.view(&bounds, false, rect());
        close(view.to_screen(under), at);
        flat.pan(vec2(11.0, -6.0), &bounds, &view);
        close(flat.view(&bounds, false, rect()).to_screen(under), at + vec2(11.0, -6.0));
    }

    #[test]
    fn zoom_has_limits_in_both_directions() {
        let bounds = Bounds { center: [0.0; 3], half: [1.0; 3] };
        let mut flat = Flat::default();
        for _ in 0..100 {
            let view = flat.view(&bounds, false, rect());
            flat.zoom_about(10.0, pos2(120.0, 60.0), &bounds, &view);
        }
        assert!((flat.zoom - ZOOM.end()).abs() < 1.0 && flat.offset.iter().all(|o| o.is_finite()));
    }

    #[test]
    fn the_orbit_shows_the_whole_box_from_every_side_and_nearer_is_larger() {
        let bounds = Bounds { center: [5.0, 6.0, 7.0], half: [1.0, 2.0, 3.0] };
        for step in 0..24 {
            let mut orbit = Orbit::default();
            orbit.turn(vec2(step as f32 * 33.0, step as f32 * 17.0 - 200.0));
            let projection = orbit.projection(&bounds, false, rect());
            close(projection.project([5.0, 6.0, 7.0]).unwrap().0, rect().center());
            let [_, _, toward] = orbit.directions();
            let ends = [1.0, -1.0].map(|sign| {
                let end = std::array::from_fn(|i: usize| (bounds.center[i] + sign * toward[i] * bounds.half[i]) as f32);
                projection.project(end).unwrap().1
            });
            assert!(ends[0] < 1.0 && ends[1] > 1.0, "the near end has the smaller w: {ends:?}");
        }
    }

    #[test]
    fn directions_are_orthonormal_and_a_shift_moves_every_depth_alike() {
        let mut orbit = Orbit { yaw: 2.0, pitch: -0.7, ..Orbit::default() };
        let d = orbit.directions();
        for (i, a) in d.iter().enumerate() {
            for (j, b) in d.iter().enumerate() {
                let dot: f64 = a.iter().zip(b).map(|(x, y)| x * y).sum();
                assert!((dot - f64::from(u8::from(i == j))).abs() < 1e-12);
            }
        }
        let bounds = Bounds { center: [0.0; 3], half: [1.0; 3] };
        let before = orbit.projection(&bounds, true, rect());
        orbit.shift(vec2(30.0, -20.0), rect());
        let after = orbit.projection(&bounds, true, rect());
        for point in [[1.0, 1.0, 1.0], [-1.0, 0.3, -1.0]] {
            close(after.project(point).unwrap().0, before.project(point).unwrap().0 + vec2(30.0, -20.0));
        }
    }
}
