//! Pictures of the window: on command, or by itself once a run is complete.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

use eframe::egui::{self, ColorImage};

use crate::app::gpu;
use crate::app::kit::task::Task;
use crate::app::shown::run::Phase;
use crate::{Error, Result};

/// Frames that a complete picture is left to settle: fonts, animations, textures.
const SETTLE_FRAMES: u32 = 12;
/// Frames without a pointer before a picture on command: what hangs on the pointer goes in the first of them.
const STILL_FRAMES: u32 = 3;

/// A picture that is wanted or on its way.
#[derive(Debug)]
pub struct Shoot {
    waiting: Option<(PathBuf, bool)>,
    /// On command: where to, and how many frames it has waited.
    soon: Option<(PathBuf, u32)>,
    frames: u32,
    /// Frames in which the pointer stays away after a picture was asked for, which is drawn one or two later.
    away: u32,
    closes: bool,
    started: bool,
    /// Width and height that the picture is to have, in points.
    size: Option<[f32; 2]>,
    failed: Failed,
    /// Pictures that were drawn come this way, each on its way to its file, ...
    drawn: (Sender<Saving>, Receiver<Saving>),
    /// ... and wait here for the end of that.
    saving: VecDeque<Saving>,
}

/// A picture on its way to its file, or why it is not.
type Saving = Result<Task<PathBuf>>;

/// Why the picture that the window was opened for is not what was asked for; read once the window is closed.
#[derive(Clone, Debug, Default)]
pub struct Failed(Arc<Mutex<Option<String>>>);

impl Failed {
    /// Keeps the first reason.
    pub fn tell(&self, reason: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(|| reason.to_owned());
    }

    /// The reason, if there is one.
    #[must_use]
    pub fn take(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Default for Shoot {
    fn default() -> Self {
        Self {
            waiting: None,
            soon: None,
            frames: 0,
            away: 0,
            closes: false,
            started: false,
            size: None,
            failed: Failed::default(),
            drawn: channel(),
            saving: VecDeque::new(),
        }
    }
}

/// What the window should do next for a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing.
    Nothing,
    /// Start the run.
    Start,
    /// Ask for the picture.
    Shoot,
}

impl Shoot {
    /// A picture once the run (`train`) or the data is there, `size` points large where that was asked for; the window closes
    /// after it and `failed` is told what went wrong.
    pub fn wait_for(&mut self, path: PathBuf, train: bool, size: Option<[f32; 2]>, failed: Failed) {
        self.waiting = Some((path, train));
        (self.closes, self.size, self.failed) = (true, size, failed);
    }

    /// A picture of the window as it stands, without the pointer and what hangs on it.
    pub fn soon(&mut self, path: PathBuf) {
        self.soon = Some((path, 0));
    }

    /// A picture of the next frame.
    pub fn now(&mut self, ctx: &egui::Context, path: PathBuf) {
        gpu::draw_whole(ctx);
        self.away = STILL_FRAMES;
        let (sender, wake) = (self.drawn.0.clone(), ctx.clone());
        let size = self.size.filter(|_| self.closes).map(|sides| sides.map(|side| side * ctx.pixels_per_point()));
        ctx.request_screenshot(move |image| {
            // Packing the picture takes a while, and the window has better things to do.
            let saving = Task::start(&wake, "picture", format!("writing {}", path.display()), move |_| {
                of_size(&image, size).and_then(|()| save(&image, &path)).map(|()| path).map_err(Error::Data)
            });
            // Nobody listens any more once the window is closed.
            let _ = sender.send(saving);
            wake.request_repaint();
        });
    }

    /// What comes next, given where the run stands; once a frame.
    pub fn next(&mut self, phase: Phase) -> Next {
        self.away = self.away.saturating_sub(1);
        if let Some((_, waited)) = &mut self.soon {
            *waited += 1;
            return if *waited > STILL_FRAMES { Next::Shoot } else { Next::Nothing };
        }
        let Some((_, train)) = &self.waiting else { return Next::Nothing };
        match phase {
            Phase::Ready if *train && !self.started => {
                self.started = true;
                Next::Start
            }
            Phase::Ready if *train => Next::Nothing,
            Phase::Ready | Phase::Finished | Phase::Stopped | Phase::Failed => {
                self.frames += 1;
                if self.frames == SETTLE_FRAMES { Next::Shoot } else { Next::Nothing }
            }
            _ => Next::Nothing,
        }
    }

    /// Whether a picture is waited for; nothing fleeting should be on it.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.closes
    }

    /// Whether the pointer should stay away, so that no tooltip and no hover is on the picture.
    #[must_use]
    pub fn hides_pointer(&self) -> bool {
        self.closes || self.soon.is_some() || self.away > 0
    }

    /// Whether frames should follow each other until the picture is taken.
    #[must_use]
    pub fn is_settling(&self) -> bool {
        self.waiting.is_some() && self.frames > 0 || self.soon.is_some() || self.away > 0
    }

    /// The path of the picture that was waited for.
    pub fn take(&mut self) -> Option<PathBuf> {
        let soon = self.soon.take().map(|(path, _)| path);
        soon.or_else(|| self.waiting.take().map(|(path, _)| path))
    }

    /// A picture that was written since the last call, and whether the window should close now.
    #[must_use]
    pub fn outcome(&mut self) -> Option<(Result<PathBuf>, bool)> {
        self.saving.extend(self.drawn.1.try_iter());
        let outcome = match self.saving.pop_front()? {
            Ok(task) => {
                let Some(outcome) = task.ended() else {
                    self.saving.push_front(Ok(task));
                    return None;
                };
                outcome
            }
            Err(refused) => Err(refused),
        };
        if let Err(reason) = &outcome {
            self.failed.tell(&reason.to_string());
        }
        Some((outcome, self.closes))
    }

    /// Says that the run on the picture failed.
    pub fn run_failed(&self, reason: &str) {
        self.failed.tell(reason);
    }
}

/// Takes the pointer out of the window while a picture is taken.
#[derive(Debug, Default)]
pub struct PointerAway {
    /// Whether it stays out.
    pub on: bool,
}

impl egui::Plugin for PointerAway {
    fn debug_name(&self) -> &'static str {
        "pointer away"
    }

    fn input_hook(&mut self, _ctx: &egui::Context, input: &mut egui::RawInput) {
        if self.on {
            input.events.retain(|e| !matches!(e, egui::Event::PointerMoved(_) | egui::Event::MouseMoved(_)));
            input.events.push(egui::Event::PointerGone);
        }
    }
}

/// Whether a picture is as large as was asked for, in pixels; a rounded pixel is none too many.
fn of_size(image: &ColorImage, wanted: Option<[f32; 2]>) -> std::result::Result<(), String> {
    let Some(wanted) = wanted else { return Ok(()) };
    let fits = image.size.iter().zip(wanted).all(|(&side, wanted)| (side as f32 - wanted).abs() <= 1.0);
    let ([w, h], [x, y]) = (image.size, wanted);
    let why = "the system gave the window another size than --size asks for";
    let help = "a screen that large, such as xvfb-run's, gives it";
    if fits {
        Ok(())
    } else {
        Err(format!("{why}: {w} x {h} pixels, not {x:.0} x {y:.0}; {help}, and no picture was kept"))
    }
}

/// Writes a picture as PNG.
fn save(image: &ColorImage, path: &Path) -> std::result::Result<(), String> {
    let [width, height] = image.size;
    let bytes: Vec<u8> = image.pixels.iter().flat_map(|p| [p.r(), p.g(), p.b(), 255]).collect();
    image::save_buffer_with_format(
        path,
        &bytes,
        width as u32,
        height as u32,
        image::ColorType::Rgba8,
        image::ImageFormat::Png,
    )
    .map_err(|e| format!("cannot write {}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_waits_for_the_run_and_then_for_the_layout() {
        let mut shoot = Shoot::default();
        assert_eq!(shoot.next(Phase::Finished), Next::Nothing);
        shoot.wait_for("a.png".into(), true, None, Failed::default());
        assert_eq!(shoot.next(Phase::Opening), Next::Nothing);
        assert_eq!(
            [shoot.next(Phase::Ready), shoot.next(Phase::Ready), shoot.next(Phase::Running)],
            [Next::Start, Next::Nothing, Next::Nothing]
        );
        let shots = (0..2 * SETTLE_FRAMES).filter(|_| shoot.next(Phase::Finished) == Next::Shoot).count();
        assert_eq!(shots, 1);
    }

    #[test]
    fn a_picture_on_command_waits_until_the_pointer_is_out_of_it() {
        let mut shoot = Shoot::default();
        assert!(!shoot.hides_pointer());
        shoot.soon("a.png".into());
        for _ in 0..STILL_FRAMES {
            assert!(shoot.hides_pointer() && shoot.is_settling());
            assert_eq!(shoot.next(Phase::Ready), Next::Nothing);
        }
        assert_eq!(shoot.next(Phase::Ready), Next::Shoot);
        assert_eq!(shoot.take(), Some("a.png".into()));
        shoot.now(&egui::Context::default(), "a.png".into());
        assert!(shoot.hides_pointer(), "the picture is drawn with the next frame");
        for _ in 0..STILL_FRAMES {
            assert_eq!(shoot.next(Phase::Ready), Next::Nothing);
        }
        assert!(!shoot.hides_pointer());
    }

    #[test]
    fn nothing_hangs_on_a_pointer_that_is_away() {
        use egui_kittest::kittest::Queryable as _;
        let draw = |ui: &mut egui::Ui| {
            ui.button("Step").on_hover_text("One step more");
        };
        let mut harness = egui_kittest::Harness::new_ui(draw);
        let away = |harness: &mut egui_kittest::Harness<'_>, on: bool| {
            harness.ctx.plugin_or_default::<PointerAway>().lock().on = on;
            for _ in 0..40 {
                harness.step();
            }
        };
        harness.get_by_label("Step").hover();
        away(&mut harness, false);
        assert!(harness.query_by_label("One step more").is_some(), "a tooltip is shown");
        away(&mut harness, true);
        assert!(harness.query_by_label("One step more").is_none(), "and is gone");
    }

    #[test]
    fn a_picture_that_cannot_be_written_says_why() {
        let image = ColorImage::filled([2, 2], egui::Color32::RED);
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(save(&image, &folder.path().join("a.png")).is_ok());
        assert!(save(&image, &folder.path().join("no/such/a.png")).expect_err("no folder").contains("a.png"));
    }

    #[test]
    fn a_picture_of_another_size_is_none() {
        let image = ColorImage::filled([20, 30], egui::Color32::RED);
        assert!(of_size(&image, None).is_ok() && of_size(&image, Some([20.4, 29.5])).is_ok());
        let refused = of_size(&image, Some([40.0, 30.0])).expect_err("half as wide");
        assert!(refused.contains("20 x 30 pixels, not 40 x 30") && refused.contains("--size"), "{refused}");
        let failed = Failed::default();
        failed.tell("first");
        failed.tell("second");
        assert_eq!((failed.take().as_deref(), failed.take()), (Some("first"), None));
    }
}
