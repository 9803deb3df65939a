//! Work that a frame must not wait for: on threads of the window's own, or done by a later frame.

use std::sync::{Arc, LazyLock, OnceLock};

use eframe::egui::Context;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// The window's own pool. A stage may keep the shared one busy for seconds, and a frame that asked it for help would wait
/// as long. `None` where no threads can be had.
static POOL: LazyLock<Option<ThreadPool>> = LazyLock::new(|| {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
    let name = |i| format!("window-{i}");
    ThreadPoolBuilder::new().num_threads(threads).thread_name(name).build().ok()
});

/// Does parallel work of this frame on the window's own threads.
pub fn aside<R: Send>(work: impl FnOnce() -> R + Send) -> R {
    match &*POOL {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// A value that is there already or that another thread works out.
#[derive(Clone, Debug)]
pub struct Later<T>(Arc<OnceLock<T>>);

impl<T: Send + Sync + 'static> Later<T> {
    /// The value of `work`, worked out here and now.
    pub fn now(work: impl FnOnce() -> T) -> Self {
        Self(Arc::new(OnceLock::from(work())))
    }

    /// The value of `work`, worked out by another thread, which then asks for a frame.
    pub fn start(ctx: &Context, work: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let (slot, work) = (Arc::new(OnceLock::new()), Arc::new(work));
        let (to, there, ctx) = (Arc::clone(&slot), Arc::clone(&work), ctx.clone());
        let body = move || {
            to.get_or_init(|| there());
            ctx.request_repaint();
        };
        if std::thread::Builder::new().name("window-later".to_owned()).spawn(body).is_err() {
            // Late is better than never.
            slot.get_or_init(|| work());
        }
        Self(slot)
    }

    /// The value, once it is there.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.0.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_by_itself_and_asks_for_a_frame() {
        let ctx = Context::default();
        let later = Later::start(&ctx, || aside(|| 6 * 7));
        let start = std::time::Instant::now();
        while later.get().is_none() || !ctx.has_requested_repaint() {
            assert!(start.elapsed().as_secs() < 20, "the thread never came back");
            std::thread::yield_now();
        }
        assert_eq!(later.get(), Some(&42));
        assert_eq!(Later::now(|| 1).get(), Some(&1));
    }
}
