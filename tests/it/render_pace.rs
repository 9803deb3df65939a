//! What is shown while all points cannot be drawn within a frame, on whatever adapter there is. On a strong one every
//! picture is whole at once, and the same holds.

use std::time::{Duration, Instant};

use eframe::egui::{Event, Modifiers, PointerButton, pos2, vec2};
use egui_kittest::Harness;
use eigenscope::app::gpu;

use crate::support::render::{self, Scene, View, window};

const POINTS: usize = 150_000;

fn many() -> Option<Harness<'static, Scene>> {
    let blue = [90, 170, 240, 255];
    window(vec![View::new(render::noise(POINTS), vec![blue; POINTS])], vec2(500.0, 460.0), true, 1.0)
}

fn whole(harness: &mut Harness<'static, Scene>) -> image::RgbaImage {
    gpu::draw_whole(&harness.ctx);
    harness.step();
    harness.render().unwrap()
}

/// Mean of the blue of every pixel of a part of the picture: corner and size.
fn brightness(picture: &image::RgbaImage, [x, y, w, h]: [u32; 4]) -> f64 {
    let part = image::imageops::crop_imm(picture, x, y, w, h).to_image();
    part.pixels().map(|p| f64::from(p.0[2])).sum::<f64>() / f64::from(w * h)
}

fn apart(a: &image::RgbaImage, b: &image::RgbaImage) -> u8 {
    a.iter().zip(b.iter()).map(|(a, b)| a.abs_diff(*b)).max().unwrap()
}

#[test]
fn a_picture_of_some_points_is_as_bright_as_that_of_all() {
    let Some(mut harness) = many() else { return };
    let some = harness.render().unwrap();
    let all = whole(&mut harness);
    for part in [[100, 60, 300, 300], [200, 160, 100, 100], [120, 100, 60, 60]] {
        let (some, all) = (brightness(&some, part), brightness(&all, part));
        assert!((some / all - 1.0).abs() < 0.15, "{part:?}: {some} and {all}");
    }
}

#[test]
fn what_stands_still_becomes_the_picture_of_all_points_by_itself() {
    let zoomed = || {
        let mut harness = many()?;
        harness.render().unwrap();
        harness.hover_at(pos2(250.0, 230.0));
        harness.step();
        harness.event(render::wheel(60.0));
        harness.run_steps(60);
        // Away from the points, of which one would be marked.
        harness.hover_at(pos2(3.0, 3.0));
        harness.run_steps(5);
        Some(harness)
    };
    let (Some(mut harness), Some(mut other)) = (zoomed(), zoomed()) else { return };
    let all = whole(&mut other);
    let start = Instant::now();
    loop {
        harness.step();
        let worst = apart(&harness.render().unwrap(), &all);
        if worst <= 6 {
            break;
        }
        assert!(start.elapsed() < Duration::from_secs(30), "a colour is still {worst} apart");
    }
}

#[test]
fn a_lasso_around_many_points_is_worked_out_beside_the_frames() {
    let Some(mut harness) = many() else { return };
    let button = |pos, pressed| {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::CTRL);
        Event::PointerButton { pos, button, pressed, modifiers }
    };
    let ends = [pos2(150.0, 130.0), pos2(350.0, 330.0)];
    harness.event(Event::ModifiersChanged(Modifiers::CTRL));
    harness.hover_at(ends[0]);
    harness.step();
    harness.event(button(ends[0], true));
    harness.step();
    for step in 0..=10 {
        harness.hover_at(ends[0].lerp(ends[1], step as f32 / 10.0));
        harness.step();
    }
    harness.event(button(ends[1], false));
    let start = Instant::now();
    while harness.state().selection.count() == 0 {
        assert!(start.elapsed() < Duration::from_secs(30), "nothing was selected");
        harness.step();
    }
    let selected = harness.state().selection.count();
    assert!(selected > POINTS / 10 && selected < POINTS, "{selected}");
}
