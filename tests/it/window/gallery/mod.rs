//! A gallery of the window: every view, lesson and state in both themes and four sizes, to be looked at one by one.
//!
//! `just gallery FOLDER` draws it; `EIGENSCOPE_GALLERY_ONLY=map,sheet` draws those whose names hold one of the words, and
//! `EIGENSCOPE_GALLERY_SIZES=1` the first so many sizes alone. Each kind has a folder, such as `dark-1280x800`, and a sheet of all its pictures. A
//! scene that cannot be made is named at the end, the others are drawn all the same.

mod real;
mod scripted;

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use eframe::egui::{self, Vec2, vec2};
use egui_kittest::HarnessBuilder;
use eigenscope::app::kit::commands::UiCommand;
use eigenscope::app::{App, ThemeChoice, gpu};
use image::{RgbaImage, imageops};

use super::{Window, settle};

/// A window in one state.
struct Scene {
    window: Window,
    /// What has to live as long as it.
    kept: Vec<Box<dyn Any>>,
    /// What is done anew before each picture, since it goes away by itself.
    again: Act,
}

impl Scene {
    fn new(window: Window) -> Self {
        Self { window, kept: Vec::new(), again: |_| () }
    }

    fn keep(mut self, kept: impl Any) -> Self {
        self.kept.push(Box::new(kept));
        self
    }

    fn again(self, again: Act) -> Self {
        Self { again, ..self }
    }
}

/// What is done in a window for a scene.
type Act = fn(&mut Window);

/// How a scene is made.
type Make = Box<dyn Fn() -> Scene>;

/// In which sizes a scene is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Sizes {
    All,
    Small,
}

/// Pixels of a picture, and how many of them a point has.
const SIZES: [([f32; 2], f32); 4] =
    [([1280.0, 800.0], 1.0), ([1600.0, 1000.0], 1.0), ([3840.0, 2160.0], 1.0), ([3840.0, 2160.0], 2.0)];
const THEMES: [(ThemeChoice, &str); 2] = [(ThemeChoice::Dark, "dark"), (ThemeChoice::Light, "light")];
/// Frames after a change of size or theme, in which pictures become whole.
const FRAMES: usize = 8;
/// Pictures beside each other on a sheet, and their width there.
const COLUMNS: u32 = 4;
const WIDTH: u32 = 480;

fn built() -> HarnessBuilder<App> {
    egui_kittest::Harness::builder().with_size([1280.0, 800.0]).with_max_steps(60).allow_missing_glyphs().wgpu()
}

fn run(window: &mut Window, command: UiCommand) {
    let ctx = window.ctx.clone();
    window.state_mut().execute(&ctx, command);
    settle(window);
}

#[test]
#[ignore = "it draws some hundred pictures, which takes minutes: `just gallery`"]
fn every_view_lesson_and_state_is_drawn() {
    let folder = std::env::var_os("EIGENSCOPE_GALLERY")
        .map_or_else(|| Path::new(env!("CARGO_TARGET_TMPDIR")).join("gallery"), PathBuf::from);
    let only = std::env::var("EIGENSCOPE_GALLERY_ONLY").unwrap_or_default();
    let wanted = |name: &str| only.is_empty() || only.split(',').any(|word| name.contains(word));
    let mut scenes = scripted::scenes();
    scenes.extend(real::scenes());
    let mut sheets: Vec<(String, Vec<RgbaImage>)> = Vec::new();
    let mut missing = Vec::new();
    for (name, sizes, make) in scenes.iter().filter(|(name, ..)| wanted(name)) {
        let drawn = catch_unwind(AssertUnwindSafe(|| pictures(make(), *sizes)));
        let Ok(drawn) = drawn else {
            missing.push(name.clone());
            continue;
        };
        for (kind, picture) in drawn {
            let place = folder.join(&kind);
            std::fs::create_dir_all(&place).expect("the gallery's folder can be made");
            picture.save(place.join(format!("{name}.png"))).expect("a picture can be written");
            let height = WIDTH * picture.height() / picture.width();
            let small = imageops::thumbnail(&picture, WIDTH, height);
            match sheets.iter_mut().find(|(of, _)| *of == kind) {
                Some((_, all)) => all.push(small),
                None => sheets.push((kind, vec![small])),
            }
        }
        println!("{name}");
    }
    for (kind, pictures) in &sheets {
        sheet(pictures).save(folder.join(format!("sheet-{kind}.png"))).expect("a sheet can be written");
    }
    println!("in {}", folder.display());
    assert!(missing.is_empty(), "not drawn: {}", missing.join(", "));
}

/// The pictures of a scene, each with its kind.
fn pictures(mut scene: Scene, sizes: Sizes) -> Vec<(String, RgbaImage)> {
    let mut drawn = Vec::new();
    let most = std::env::var("EIGENSCOPE_GALLERY_SIZES").ok().and_then(|text| text.parse().ok());
    let few = if sizes == Sizes::Small { 1 } else { most.unwrap_or(SIZES.len()) };
    for ([width, height], scale) in SIZES.into_iter().take(few) {
        // The program itself has the zoom; this is the screen's own.
        let screen = scene.window.input_mut().viewports.entry(egui::ViewportId::ROOT).or_default();
        screen.native_pixels_per_point = Some(scale);
        // Large text and a window before a class have fewer points in the same pixels.
        let points: Vec2 = vec2(width, height) / (scale * scene.window.ctx.zoom_factor());
        scene.window.set_size(points);
        for (theme, said) in THEMES {
            scene.window.state_mut().set_theme(theme);
            scene.window.run_steps(FRAMES);
            (scene.again)(&mut scene.window);
            gpu::draw_whole(&scene.window.ctx);
            scene.window.run_steps(1);
            let picture = scene.window.render().expect("software Vulkan draws");
            let near = |side: u32, wanted: f32| side.abs_diff(wanted as u32) <= 1;
            assert!(near(picture.width(), width) && near(picture.height(), height), "{:?}", picture.dimensions());
            let factor = if scale > 1.0 { format!("@{scale}") } else { String::new() };
            drawn.push((format!("{said}-{width}x{height}{factor}"), picture));
        }
    }
    drawn
}

/// Small pictures in rows.
fn sheet(pictures: &[RgbaImage]) -> RgbaImage {
    let height = pictures.iter().map(RgbaImage::height).max().unwrap_or(1);
    let rows = (pictures.len() as u32).div_ceil(COLUMNS).max(1);
    let mut sheet = RgbaImage::from_pixel(COLUMNS * WIDTH, rows * height, image::Rgba([128, 128, 128, 255]));
    for (at, picture) in pictures.iter().enumerate() {
        let (column, row) = (at as u32 % COLUMNS, at as u32 / COLUMNS);
        imageops::replace(&mut sheet, picture, i64::from(column * WIDTH), i64::from(row * height));
    }
    sheet
}

/// Types a text.
fn type_text(window: &mut Window, text: &str) {
    window.event(egui::Event::Text(text.to_owned()));
    settle(window);
}
