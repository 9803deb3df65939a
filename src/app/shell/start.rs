//! Opening the window.

use std::path::PathBuf;
use std::time::Duration;

use eframe::egui;

use super::engine::Engine;
use super::frame::icon::icon;
use super::shoot::Failed;
use super::state::{App, ThemeChoice};
use super::watch::Watch;
use crate::pipeline::{Job, Live, Worker};
use crate::{Error, Result};

/// How the window opens.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Write a picture of the window here once the run is complete, and close.
    pub screenshot: Option<PathBuf>,
    /// Width and height in points.
    pub size: Option<[f32; 2]>,
    /// The theme, where one was asked for; else the one remembered.
    pub theme: Option<ThemeChoice>,
    /// Train before the picture is taken.
    pub train: bool,
    /// A project, recipe or comparison to show, as if it had been dropped on the window.
    pub shown: Option<PathBuf>,
    /// Show the stored example where the job is its own.
    pub example: bool,
    /// Measures the window, which then does what it is told and closes by itself.
    pub watch: Option<Watch>,
}

/// Width and height below which the window does not shrink, in points.
pub const SMALLEST: [f32; 2] = [1100.0, 700.0];

/// No two frames for the engine's sake are nearer than this: about 30 a second.
const FRAME: Duration = Duration::from_millis(33);

/// Opens the window on a job, with a worker of its own.
///
/// # Errors
/// When no window can be opened.
pub fn open(job: Job, options: &Options) -> Result<()> {
    run_engine(job, options, |wake| Ok(Box::new(Worker::spawn(wake)?)))
}

/// Opens the window on a job; `engine` is given what wakes the window and makes what does the work.
///
/// # Errors
/// When no window can be opened, or the engine cannot be made.
pub fn run_engine<E>(job: Job, options: &Options, engine: E) -> Result<()>
where
    E: FnOnce(Box<dyn Fn() + Send + Sync>) -> Result<Box<dyn Engine>>,
{
    let size = options.size.unwrap_or([1440.0, 900.0]);
    // A size that was asked for is meant, also below what is good to work in and beyond the screen.
    let smallest = options.size.map_or(SMALLEST, |size| [size[0].min(SMALLEST[0]), size[1].min(SMALLEST[1])]);
    let viewport = egui::ViewportBuilder::default()
        .with_title("Eigenscope")
        .with_app_id("eigenscope")
        .with_inner_size(size)
        .with_min_inner_size(smallest)
        .with_clamp_size_to_monitor_size(options.size.is_none())
        .with_icon(icon(256));
    let native = eframe::NativeOptions { viewport, renderer: eframe::Renderer::Wgpu, ..Default::default() };
    let options = options.clone();
    let failed = Failed::default();
    let told = failed.clone();
    let create: eframe::AppCreator<'_> = Box::new(move |cc| {
        let ctx = cc.egui_ctx.clone();
        let engine = engine(Box::new(move || ctx.request_repaint_after(FRAME.max(crate::app::gpu::rest(&ctx)))))?;
        let mut app = App::new(cc, engine, job);
        // A picture of the window is that of a result.
        if options.screenshot.is_none() && options.watch.as_ref().is_none_or(Watch::turns_knobs) {
            let ctx = cc.egui_ctx.clone();
            app.follow_by(Live::spawn(move || ctx.request_repaint())?);
        }
        // Pictures and measurements are the same whatever a person did before.
        let alone = options.screenshot.is_some() || options.watch.is_some();
        if let Some(folder) = crate::project::remembered::folder().filter(|_| !alone) {
            app.remember_in(&cc.egui_ctx, folder);
            app.ask_system(&cc.egui_ctx);
        }
        if options.example && !alone && options.shown.is_none() {
            app.open_example();
        }
        if let Some(theme) = options.theme {
            app.set_theme(theme);
        }
        if let Some(path) = options.shown {
            app.open_path(&cc.egui_ctx, path);
        }
        if let (Some(watch), Some(render_state)) = (&options.watch, &cc.wgpu_render_state) {
            watch.adapter(crate::app::gpu::name(&render_state.adapter));
        }
        app.watch = options.watch;
        if let Some(path) = options.screenshot {
            app.shoot_and_close(path, options.train, options.size, told);
        }
        Ok(Box::new(app))
    });
    eframe::run_native("Eigenscope", native, create).map_err(|e| {
        Error::Device(format!("no window can be opened: {e}; `eigenscope run` does the same work without one"))
    })?;
    failed.take().map_or(Ok(()), |reason| Err(Error::Data(reason)))
}
