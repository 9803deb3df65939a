//! Open and save dialogs that never hold up the window: the system's dialog is awaited on a thread of its own.

use std::future::Future;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant};

use eframe::egui;

pub use super::purpose::Purpose;
use super::purpose::{About, Way};

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
    /// The path, if one was chosen, and how long that took.
    receiver: Receiver<(Option<PathBuf>, Duration)>,
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
            let (sender, receiver) = channel();
            // The other end is in the same hand.
            let _ = sender.send((None, Duration::ZERO));
            self.open = Some(Pending { purpose, name: name.to_owned(), receiver });
            return ctx.request_repaint();
        }
        let About { title, way, kinds, .. } = purpose.about();
        let dialog = rfd::AsyncFileDialog::new().set_title(title);
        let dialog = if way == Way::Save { dialog.set_file_name(name) } else { dialog };
        let dialog = kinds.iter().fold(dialog, |dialog, (kind, endings)| dialog.add_filter(*kind, endings));
        let (sender, receiver) = channel();
        let ctx = ctx.clone();
        // macOS wants the dialog made on the window's thread; only the waiting happens elsewhere.
        let answer: std::pin::Pin<Box<dyn Future<Output = Option<rfd::FileHandle>> + Send>> = match way {
            Way::Folder => Box::pin(dialog.pick_folder()),
            Way::Either | Way::File => Box::pin(dialog.pick_file()),
            Way::Save => Box::pin(dialog.save_file()),
        };
        let waiting = std::thread::Builder::new().name("file dialog".to_owned()).spawn(move || {
            let since = Instant::now();
            let path = pollster::block_on(answer).map(|handle| handle.path().to_owned());
            // Nobody listens any more once the window is closed.
            let _ = sender.send((path, since.elapsed()));
            ctx.request_repaint();
        });
        if waiting.is_ok() {
            self.open = Some(Pending { purpose, name: name.to_owned(), receiver });
        }
    }

    /// The answer, once there is one; a dialog that was closed without one is forgotten.
    pub fn answer(&mut self) -> Option<Answer> {
        let told = match self.open.as_ref()?.receiver.try_recv() {
            Ok(told) => Some(told),
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => None,
        };
        let Pending { purpose, name, .. } = self.open.take()?;
        match told? {
            (Some(path), _) => Some(Answer::Chosen(purpose, path)),
            (None, after) => (after < NEVER_SEEN).then_some(Answer::NoDialog(purpose, name)),
        }
    }
}
