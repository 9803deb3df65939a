//! The icon, drawn by computation: two interleaved half rings seen through a round aperture.

use std::f32::consts::PI;

use eframe::egui::IconData;

const BACK: [f32; 3] = [0.055, 0.067, 0.086];
const RIM: [f32; 3] = [0.353, 0.663, 1.0];
const FIRST: [f32; 3] = [0.353, 0.663, 1.0];
const SECOND: [f32; 3] = [1.0, 0.706, 0.329];

/// The icon at `size × size` pixels.
#[must_use]
pub fn icon(size: u32) -> IconData {
    let mut rgba = Vec::with_capacity((size * size * 4) as usize);
    for i in 0..size * size {
        let at = |v: u32| (v as f32 + 0.5) / size as f32 * 2.0 - 1.0;
        let color = pixel(at(i % size), at(i / size), 2.0 / size as f32);
        rgba.extend(color.map(|c| (c.clamp(0.0, 1.0) * 255.0).round() as u8));
    }
    IconData { rgba, width: size, height: size }
}

/// The colour at `x`, `y` in −1..1, y down; edges are one pixel wide.
fn pixel(x: f32, y: f32, pixel: f32) -> [f32; 4] {
    let inside = |distance: f32| (0.5 - distance / pixel).clamp(0.0, 1.0);
    let radius = x.hypot(y);
    let mut color = BACK;
    let mut lay = |over: [f32; 3], share: f32| {
        for (below, above) in color.iter_mut().zip(over) {
            *below += (above - *below) * share;
        }
    };
    lay(RIM, inside((radius - 0.90).abs() - 0.045));
    // Dots along two arcs, like the set the window opens on.
    for i in 0..9 {
        let angle = PI * i as f32 / 8.0;
        let dot = 0.058 + 0.028 * (angle.sin());
        let (c, s) = (angle.cos() * 0.42, angle.sin() * 0.42);
        lay(FIRST, inside((x + 0.20 - c).hypot(y - 0.10 + s) - dot));
        lay(SECOND, inside((x - 0.20 + c).hypot(y + 0.10 - s) - dot));
    }
    [color[0], color[1], color[2], inside(radius - 0.96)]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// The icon that desktops show lies beside the program as a file. `UPDATE_ICON=1` draws it again.
    #[test]
    fn the_icon_file_is_this_icon() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/icon/eigenscope.png");
        let icon = icon(256);
        if std::env::var_os("UPDATE_ICON").is_some() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
            image::save_buffer(&path, &icon.rgba, 256, 256, image::ColorType::Rgba8).expect("it can be written");
        }
        let file = image::open(&path).expect("the icon lies beside the program").to_rgba8();
        let apart = file.as_raw().iter().zip(&icon.rgba).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(apart.is_some_and(|d| d <= 1), "run with UPDATE_ICON=1: {apart:?}");
    }

    #[test]
    fn the_corners_are_clear_and_the_middle_is_not() {
        let icon = icon(32);
        assert_eq!(icon.rgba.len(), 32 * 32 * 4);
        assert_eq!(icon.rgba[3], 0);
        assert_eq!(icon.rgba[(16 * 32 + 16) * 4 + 3], 255);
    }
}
