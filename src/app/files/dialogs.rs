//! Open and save dialogs that never hold up the window: the system's dialog is awaited on a thread of its own.

use std::future::Future;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use eframe::egui;

pub use super::purpose::Purpose;
use super::purpose::{About, Way};
use crate::app::kit::task::Task;

/// What came of a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The person chose this path.
    Chosen(Purpose, PathBuf),
    /// The dialog was gone before anyone could have seen it: the system has none. The file name that was offered.
    NoDialog(Purpose, String),
}

/// At most one dialog at a time.
#[derive(Debug, Default)]
pub struct Dialogs {
    open: Option<Pending>,
    /// Every path is typed, as where the system has no dialog.
    pub typed: bool,
}

#[derive(Debug)]
struct Pending {
    purpose: Purpose,
    name: String,
    /// Tells the path, if one was chosen, and how long that took; nothing where no dialog is shown.
    dialog: Option<Task<(Option<PathBuf>, Duration)>>,
}

/// Nobody sees a dialog and cancels it faster than this. rfd does not tell a dialog that was cancelled from one that never
/// was, as on a system without xdg-desktop-portal.
const NEVER_SEEN: Duration = Duration::from_millis(300);

impl Dialogs {
    /// Whether a dialog is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Opens the system's dialog, unless one is open. `name` is the file name offered.
    pub fn ask(&mut self, ctx: &egui::Context, purpose: Purpose, name: &str) {
        if self.is_open() {
            return;
        }
        if self.typed {
            self.open = Some(Pending { purpose, name: name.to_owned(), dialog: None });
            return ctx.request_repaint();
        }
        let About { title, way, kinds, .. } = purpose.about();
        let dialog = rfd::AsyncFileDialog::new().set_title(title);
        let dialog = if way == Way::Save { dialog.set_file_name(name) } else { dialog };
        let dialog = kinds.iter().fold(dialog, |dialog, (kind, endings)| dialog.add_filter(*kind, endings));
        // macOS wants the dialog made on the window's thread; only the waiting happens elsewhere.
        let answer: std::pin::Pin<Box<dyn Future<Output = Option<rfd::FileHandle>> + Send>> = match way {
            Way::Folder => Box::pin(dialog.pick_folder()),
            Way::Either | Way::File => Box::pin(dialog.pick_file()),
            Way::Save => Box::pin(dialog.save_file()),
        };
        let dialog = Task::start(ctx, "file dialog", "the file dialog", move |_| {
            let since = Instant::now();
            let path = pollster::block_on(answer).map(|handle| handle.path().to_owned());
            Ok((path, since.elapsed()))
        });
        self.open = Some(Pending { purpose, name: name.to_owned(), dialog: dialog.ok() });
    }

    /// The answer, once there is one; a dialog that was closed without one is forgotten.
    pub fn answer(&mut self) -> Option<Answer> {
        let none = (None, Duration::ZERO);
        let (path, after) = match &self.open.as_ref()?.dialog {
            Some(dialog) => dialog.ended()?.unwrap_or(none), // One that failed is as good as none.
            None => none,
        };
        let Pending { purpose, name, .. } = self.open.take()?;
        match path {
            Some(path) => Some(Answer::Chosen(purpose, path)),
            None => (after < NEVER_SEEN).then_some(Answer::NoDialog(purpose, name)),
        }
    }
}
