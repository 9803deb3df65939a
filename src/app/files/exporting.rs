//! Files that take a while, written on a thread that no frame waits for: a labelled table, for which the source may be read once more, a
//! picture, a model.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::thread::JoinHandle;

use eframe::egui::Context;

use super::export::TableWanted;
use crate::output::TableFormat;
use crate::support::priority::give_way;
use crate::support::progress::{Control, Progress};
use crate::{Error, Result};

/// What of a table is marked as exported, and the one on its way.
#[derive(Debug, Default)]
pub struct Exports {
    /// The state that an export last wrote.
    pub last: Option<[u64; 3]>,
    /// A file on its way.
    pub running: Option<Exporting>,
    /// What the sheet chose for the table whose path is asked for, with its format.
    pub wanted: (TableFormat, TableWanted),
    /// What the figure is of whose path is asked for.
    pub picture: Option<PictureOf>,
}

/// What a picture is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureOf {
    /// A view as it stands, from left to right.
    View(usize),
    /// The curves of the training.
    Curves,
    /// The eigenvalues.
    Spectrum,
}

/// A file that is being written. Dropping it ends the work, and what was there before stays.
#[derive(Debug)]
pub struct Exporting {
    /// Where to.
    pub path: PathBuf,
    /// The state that it writes, where it holds all that a person would miss.
    pub stands: Option<[u64; 3]>,
    control: Control,
    /// Thousandths that are done.
    done: Arc<AtomicU32>,
    receiver: Receiver<Result<Vec<String>>>,
    thread: Option<JoinHandle<()>>,
}

impl Exporting {
    /// Begins to write: `write` is given the path and whom to tell how far it is; its sentences are what a person should know.
    ///
    /// # Errors
    /// [`Error::Device`] where the system refuses a thread.
    pub fn start(
        ctx: &Context,
        path: PathBuf,
        stands: Option<[u64; 3]>,
        write: impl FnOnce(&Path, &Progress<'_>) -> Result<Vec<String>> + Send + 'static,
    ) -> Result<Self> {
        let (control, done) = (Control::new(), Arc::new(AtomicU32::new(0)));
        let (sender, receiver) = channel();
        let (switch, share, to, ctx) = (control.clone(), Arc::clone(&done), path.clone(), ctx.clone());
        let work = move || {
            give_way();
            let report = |fraction: f32, _: &str| {
                let thousandths = (1000.0 * fraction) as u32;
                if share.swap(thousandths, Ordering::Relaxed) != thousandths {
                    ctx.request_repaint();
                }
            };
            let told = write(&to, &Progress::new(switch, &report));
            // Nobody listens any more once the window is closed.
            let _ = sender.send(told);
            ctx.request_repaint();
        };
        let thread = std::thread::Builder::new().name("export".to_owned()).spawn(work);
        let thread = thread.map_err(|e| Error::Device(format!("the system refused a thread for the export: {e}")))?;
        Ok(Self { path, stands, control, done, receiver, thread: Some(thread) })
    }

    /// The part that is done, from 0 to 1.
    #[must_use]
    pub fn fraction(&self) -> f32 {
        self.done.load(Ordering::Relaxed) as f32 / 1000.0
    }

    /// Asks it to end; what was there before stays.
    pub fn cancel(&self) {
        self.control.cancel();
    }

    /// What came of it, once it has ended.
    #[must_use]
    pub fn ended(&self) -> Option<Result<Vec<String>>> {
        match self.receiver.try_recv() {
            Ok(told) => Some(told),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                Some(Err(Error::Data(format!("writing {} ended by an internal error", self.path.display()))))
            }
        }
    }
}

impl Drop for Exporting {
    fn drop(&mut self) {
        self.control.cancel();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // A panic inside was told as the end of the channel.
        }
    }
}
