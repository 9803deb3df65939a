//! Files that take a while, written on a thread that no frame waits for: a labelled table, for which the source may be read once more, a
//! picture, a model.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use eframe::egui::Context;

use super::export::TableWanted;
use crate::Result;
use crate::app::kit::task::Task;
use crate::output::TableFormat;
use crate::support::priority::give_way;
use crate::support::progress::Progress;

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
    /// Thousandths that are done.
    done: Arc<AtomicU32>,
    task: Task<Vec<String>>,
}

impl Exporting {
    /// Begins to write: `write` is given the path and whom to tell how far it is; its sentences are what a person should know.
    ///
    /// # Errors
    /// [`crate::Error::Device`] where the system refuses a thread.
    pub fn start(
        ctx: &Context,
        path: PathBuf,
        stands: Option<[u64; 3]>,
        write: impl FnOnce(&Path, &Progress<'_>) -> Result<Vec<String>> + Send + 'static,
    ) -> Result<Self> {
        let done = Arc::new(AtomicU32::new(0));
        let (share, to, wake) = (Arc::clone(&done), path.clone(), ctx.clone());
        let task = Task::start(ctx, "export", format!("writing {}", path.display()), move |control| {
            give_way();
            let report = |fraction: f32, _: &str| {
                let thousandths = (1000.0 * fraction) as u32;
                if share.swap(thousandths, Ordering::Relaxed) != thousandths {
                    wake.request_repaint();
                }
            };
            write(&to, &Progress::new(control.clone(), &report))
        })?;
        Ok(Self { path, stands, done, task })
    }

    /// The part that is done, from 0 to 1.
    #[must_use]
    pub fn fraction(&self) -> f32 {
        self.done.load(Ordering::Relaxed) as f32 / 1000.0
    }

    /// Asks it to end; what was there before stays.
    pub fn cancel(&self) {
        self.task.cancel();
    }

    /// What came of it, once it has ended.
    #[must_use]
    pub fn ended(&self) -> Option<Result<Vec<String>>> {
        self.task.ended()
    }
}

impl Drop for Exporting {
    fn drop(&mut self) {
        self.task.cancel();
        self.task.wait();
    }
}
