//! A public set on its way from the internet, on a thread that no frame waits for.

use std::sync::{Arc, Mutex, PoisonError};

use eframe::egui::Context;

use crate::Result;
use crate::app::kit::task::Task;
use crate::data::fetch::{Fetched, PublicSet, Request};
use crate::support::priority::give_way;
use crate::support::progress::Progress;

/// Where sets come from and go to, and the one on its way.
#[derive(Debug, Default)]
pub struct Downloads {
    /// Another source and another place than the sets' own and the cache.
    pub instead: Option<Request>,
    /// A set on its way.
    pub running: Option<Downloading>,
}

/// A set on its way. Dropping it ends the work at its next piece; nobody waits for that, and what came is gone on with the next time.
#[derive(Debug)]
pub struct Downloading {
    /// The set.
    pub set: &'static PublicSet,
    /// The share that is done, and what it is at.
    stands: Arc<Mutex<(f32, String)>>,
    task: Task<Fetched>,
}

impl Downloading {
    /// Begins to download.
    ///
    /// # Errors
    /// [`crate::Error::Device`] where the system refuses a thread.
    pub fn start(ctx: &Context, set: &'static PublicSet, request: Request) -> Result<Self> {
        let stands = Arc::new(Mutex::new((0.0, String::new())));
        let (told, wake) = (Arc::clone(&stands), ctx.clone());
        let task = Task::start(ctx, "download", format!("the download of {}", set.name), move |control| {
            give_way();
            let report = |fraction: f32, note: &str| {
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                // A frame for each hundredth and each other step, not for each packet.
                let step = (100.0 * fraction) as u32 != (100.0 * told.0) as u32;
                if step || told.1.is_empty() {
                    *told = (fraction, note.to_owned());
                    wake.request_repaint();
                }
            };
            request.fetch(&Progress::new(control.clone(), &report))
        })?;
        Ok(Self { set, stands, task })
    }

    /// The share that is done, from 0 to 1, and what it is at.
    #[must_use]
    pub fn stands(&self) -> (f32, String) {
        self.stands.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What came of it, once it has ended.
    #[must_use]
    pub fn ended(&self) -> Option<Result<Fetched>> {
        self.task.ended()
    }
}
