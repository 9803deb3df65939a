//! Open and save dialogs that never hold up the window: the system's dialog is awaited on a thread of its own.

use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::task::{Context, Poll, Wake, Waker};

use eframe::egui;

/// What a path is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A file to open.
    Open,
    /// Where to save the settings.
    SaveRecipe,
    /// Where to write the labelled table.
    Export,
    /// Where to save a picture of the window.
    Screenshot,
}

/// At most one dialog at a time.
#[derive(Debug, Default)]
pub struct Dialogs {
    open: Option<(Purpose, Receiver<Option<PathBuf>>)>,
}

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
        let dialog = rfd::AsyncFileDialog::new().set_title(title(purpose)).set_file_name(name);
        let dialog = match purpose {
            Purpose::Open => rfd::AsyncFileDialog::new()
                .set_title(title(purpose))
                .add_filter(
                    "Tables, arrays, images, recipes",
                    &["csv", "tsv", "txt", "npy", "npz", "gz", "idx", "toml"],
                )
                .add_filter("All files", &["*"]),
            Purpose::SaveRecipe => dialog.add_filter("Recipe", &["toml"]),
            Purpose::Export => dialog.add_filter("Table", &["csv"]),
            Purpose::Screenshot => dialog.add_filter("Picture", &["png"]),
        };
        let (sender, receiver) = channel();
        let ctx = ctx.clone();
        // macOS wants the dialog made on the window's thread; only the waiting happens elsewhere.
        let answer: std::pin::Pin<Box<dyn Future<Output = Option<rfd::FileHandle>> + Send>> = match purpose {
            Purpose::Open => Box::pin(dialog.pick_file()),
            _ => Box::pin(dialog.save_file()),
        };
        let waiting = std::thread::Builder::new().name("file dialog".to_owned()).spawn(move || {
            let path = block_on(answer).map(|handle| handle.path().to_owned());
            // Nobody listens any more once the window is closed.
            let _ = sender.send(path);
            ctx.request_repaint();
        });
        if waiting.is_ok() {
            self.open = Some((purpose, receiver));
        }
    }

    /// The answer, once the person gave one; a dialog that was closed without one is forgotten.
    pub fn answer(&mut self) -> Option<(Purpose, PathBuf)> {
        let (purpose, receiver) = self.open.as_ref()?;
        let purpose = *purpose;
        match receiver.try_recv() {
            Ok(path) => {
                self.open = None;
                Some((purpose, path?))
            }
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => {
                self.open = None;
                None
            }
        }
    }
}

fn title(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Open => "Open data or recipe",
        Purpose::SaveRecipe => "Save recipe",
        Purpose::Export => "Export labelled table",
        Purpose::Screenshot => "Save window as picture",
    }
}

/// Waits for a future on this thread.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        match future.as_mut().poll(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => std::thread::park(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn block_on_waits_for_another_thread() {
        let (sender, receiver) = channel::<Waker>();
        let mut asked = false;
        let future = std::future::poll_fn(move |context| {
            if std::mem::replace(&mut asked, true) {
                return Poll::Ready(7);
            }
            sender.send(context.waker().clone()).expect("the other thread listens");
            Poll::Pending
        });
        let other = std::thread::spawn(move || receiver.recv().expect("a waker").wake());
        assert_eq!(block_on(future), 7);
        other.join().expect("no panic");
    }
}
