//! Pictures of the scatter plot to be looked at, made on request. What a frame costs, `eigenscope bench render` tells.
//!
//! `EIGENSCOPE_SHOTS=folder cargo test --release --test render_gallery -- --ignored --nocapture`

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod render;

use eframe::egui::vec2;
use render::{View, noise, wheel, window};

/// Two interleaved half circles and a third cluster, coloured by cluster.
fn moons(n: usize, dark: bool) -> View {
    let noise = noise(n);
    let mut positions = Vec::new();
    let mut rgba = Vec::new();
    for (i, e) in noise.iter().enumerate() {
        let t = (i / 4) as f32 / (n / 4).max(1) as f32 * std::f32::consts::PI;
        let cluster = i % 4;
        let p = match cluster {
            0 | 2 => [t.cos(), t.sin(), 0.4 * t.sin()],
            1 => [1.0 - t.cos(), 0.5 - t.sin(), 0.6],
            _ => [2.2, 1.2, 0.9],
        };
        let spread = if cluster == 3 { 0.16 } else { 0.09 };
        positions.push(std::array::from_fn(|c| p[c] + spread * e[c]));
        let [r, g, b] = eigenscope::output::palette::category([0, 1, 0, 2][cluster], dark);
        rgba.push([r, g, b, 255]);
    }
    View::new(positions, rgba)
}

fn keep(picture: &image::RgbaImage, name: &str) {
    if let Some(folder) = std::env::var_os("EIGENSCOPE_SHOTS") {
        picture.save(std::path::Path::new(&folder).join(name).with_extension("png")).unwrap();
    }
}

#[test]
#[ignore = "writes pictures for people"]
fn gallery() {
    for (n, dark) in [(500, true), (500, false), (7000, true), (70_000, true), (70_000, false), (1_000_000, true)] {
        let mut solid = moons(n, dark);
        solid.three_d = true;
        solid.axes = ["λ₂", "λ₃", "λ₄"];
        let mut part = moons(n, dark);
        part.state.equal_aspect = true;
        let views = vec![part, solid, moons(n, dark)];
        let Some(mut harness) = window(views, vec2(1280.0, 420.0), dark, 1.0) else { return };
        keep(&harness.render().unwrap(), &format!("{n}-{dark}"));
        harness.state_mut().selection.add((0..n as u32).filter(|i| i % 4 == 1));
        harness.state_mut().selection.hovered = Some(2);
        harness.run_steps(2);
        keep(&harness.render().unwrap(), &format!("{n}-{dark}-selected"));
        harness.hover_at(eframe::egui::pos2(180.0, 150.0));
        for _ in 0..6 {
            harness.event(wheel(60.0));
        }
        harness.run_steps(40);
        keep(&harness.render().unwrap(), &format!("{n}-{dark}-zoomed"));
    }
}
