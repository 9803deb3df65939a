//! A public set on its way from the internet, on a thread that no frame waits for.

use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::sync::{Arc, Mutex, PoisonError};

use eframe::egui::Context;

use crate::data::fetch::{Fetched, PublicSet, Request};
use crate::support::priority::give_way;
use crate::support::progress::{Control, Progress};
use crate::{Error, Result};

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
    control: Control,
    /// The share that is done, and what it is at.
    stands: Arc<Mutex<(f32, String)>>,
    receiver: Receiver<Result<Fetched>>,
}

impl Downloading {
    /// Begins to download.
    ///
    /// # Errors
    /// [`Error::Device`] where the system refuses a thread.
    pub fn start(ctx: &Context, set: &'static PublicSet, request: Request) -> Result<Self> {
        let (control, stands) = (Control::new(), Arc::new(Mutex::new((0.0, String::new()))));
        let (sender, receiver) = channel();
        let (switch, told, ctx) = (control.clone(), Arc::clone(&stands), ctx.clone());
        let work = move || {
            give_way();
            let report = |fraction: f32, note: &str| {
                let mut told = told.lock().unwrap_or_else(PoisonError::into_inner);
                // A frame for each hundredth and each other step, not for each packet.
                let step = (100.0 * fraction) as u32 != (100.0 * told.0) as u32;
                if step || told.1.is_empty() {
                    *told = (fraction, note.to_owned());
                    ctx.request_repaint();
                }
            };
            let fetched = request.fetch(&Progress::new(switch, &report));
            // Nobody listens any more once the window is closed.
            let _ = sender.send(fetched);
            ctx.request_repaint();
        };
        let thread = std::thread::Builder::new().name("download".to_owned()).spawn(work);
        thread.map_err(|e| Error::Device(format!("the system refused a thread for the download: {e}")))?;
        Ok(Self { set, control, stands, receiver })
    }

    /// The share that is done, from 0 to 1, and what it is at.
    #[must_use]
    pub fn stands(&self) -> (f32, String) {
        self.stands.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What came of it, once it has ended.
    #[must_use]
    pub fn ended(&self) -> Option<Result<Fetched>> {
        match self.receiver.try_recv() {
            Ok(told) => Some(told),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                Some(Err(Error::Data(format!("the download of {} ended by an internal error", self.set.name))))
            }
        }
    }
}

impl Drop for Downloading {
    fn drop(&mut self) {
        self.control.cancel();
    }
}
