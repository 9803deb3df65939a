//! Pictures of the window: on command, or by itself once a run is complete.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};

use eframe::egui::{self, ColorImage};

use super::gpu;
use super::run::Phase;

/// Frames that a complete picture is left to settle: fonts, animations, textures.
const SETTLE_FRAMES: u32 = 12;

/// A picture that is wanted or on its way.
#[derive(Debug)]
pub struct Shoot {
    waiting: Option<(PathBuf, bool)>,
    frames: u32,
    closes: bool,
    started: bool,
    done: (Sender<Outcome>, Receiver<Outcome>),
}

/// Where the picture went, or why it did not.
pub type Outcome = Result<PathBuf, String>;

impl Default for Shoot {
    fn default() -> Self {
        Self { waiting: None, frames: 0, closes: false, started: false, done: channel() }
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
    /// A picture once the run (`train`) or the data is there; the window closes after it.
    pub fn wait_for(&mut self, path: PathBuf, train: bool) {
        self.waiting = Some((path, train));
        self.closes = true;
    }

    /// A picture of the next frame.
    pub fn now(&self, ctx: &egui::Context, path: PathBuf) {
        gpu::draw_whole(ctx);
        let sender = self.done.0.clone();
        let waker = ctx.clone();
        ctx.request_screenshot(move |image| {
            // Packing the picture takes a while, and the window has better things to do.
            let failed = sender.clone();
            let save = move || {
                let outcome = save(&image, &path).map(|()| path);
                // Nobody listens any more once the window is closed.
                let _ = sender.send(outcome);
                waker.request_repaint();
            };
            if let Err(error) = std::thread::Builder::new().name("picture".to_owned()).spawn(save) {
                let _ = failed.send(Err(error.to_string()));
            }
        });
    }

    /// What comes next, given where the run stands; once a frame.
    pub fn next(&mut self, phase: Phase) -> Next {
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

    /// Whether frames should follow each other until the picture is taken.
    #[must_use]
    pub fn is_settling(&self) -> bool {
        self.waiting.is_some() && self.frames > 0
    }

    /// The path of the picture that was waited for.
    pub fn take(&mut self) -> Option<PathBuf> {
        self.waiting.take().map(|(path, _)| path)
    }

    /// A picture that was written since the last call, and whether the window should close now.
    #[must_use]
    pub fn outcome(&self) -> Option<(Outcome, bool)> {
        self.done.1.try_recv().ok().map(|outcome| (outcome, self.closes))
    }
}

/// Writes a picture as PNG.
fn save(image: &ColorImage, path: &Path) -> Result<(), String> {
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
        shoot.wait_for("a.png".into(), true);
        assert_eq!(shoot.next(Phase::Opening), Next::Nothing);
        assert_eq!(
            [shoot.next(Phase::Ready), shoot.next(Phase::Ready), shoot.next(Phase::Running)],
            [Next::Start, Next::Nothing, Next::Nothing]
        );
        let shots = (0..2 * SETTLE_FRAMES).filter(|_| shoot.next(Phase::Finished) == Next::Shoot).count();
        assert_eq!(shots, 1);
    }

    #[test]
    fn a_picture_that_cannot_be_written_says_why() {
        let image = ColorImage::filled([2, 2], egui::Color32::RED);
        let folder = tempfile::tempdir().expect("a temporary folder");
        assert!(save(&image, &folder.path().join("a.png")).is_ok());
        assert!(save(&image, &folder.path().join("no/such/a.png")).expect_err("no folder").contains("a.png"));
    }
}
