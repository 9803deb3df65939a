//! Work that a frame must not wait for: on threads of the window's own, or done by a later frame.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, LazyLock, OnceLock};

use eframe::egui::{Context, Id};
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

/// Rows up to which a frame does itself what it does with each of them; with more it does not wait for them.
pub const AT_ONCE: usize = 5000;

/// A value that is there already or that another thread works out; nothing where that broke off.
#[derive(Clone, Debug)]
pub struct Later<T>(Arc<OnceLock<Option<T>>>);

impl<T: Send + Sync + 'static> Later<T> {
    /// The value of `work`, worked out here and now.
    pub fn now(work: impl FnOnce() -> T) -> Self {
        Self(Arc::new(OnceLock::from(Some(work()))))
    }

    /// The value of `work`, worked out by another thread, which then asks for a frame. `what` is the value as a person calls it, such as
    /// `The order of the rows`: where the work ends by a panic, the window says so ([`broken_off`]).
    pub fn start(ctx: &Context, what: &'static str, work: impl Fn() -> T + Send + Sync + 'static) -> Self {
        let slot = Arc::new(OnceLock::new());
        let (to, ctx) = (Arc::clone(&slot), ctx.clone());
        let body = Arc::new(move || {
            let value = catch_unwind(AssertUnwindSafe(&work)).ok();
            if value.is_none() {
                let said = format!("{what} could not be worked out: an internal error ended it");
                ctx.data_mut(|data| data.get_temp_mut_or_default::<Vec<String>>(broken()).push(said));
            }
            to.get_or_init(|| value);
            ctx.request_repaint();
        });
        let there = Arc::clone(&body);
        if std::thread::Builder::new().name("window-later".to_owned()).spawn(move || there()).is_err() {
            // Late is better than never.
            body();
        }
        Self(slot)
    }

    /// The value, once it is there.
    #[must_use]
    pub fn get(&self) -> Option<&T> {
        self.0.get()?.as_ref()
    }

    /// Whether it is still on its way; where it is not and no value is there, the work broke off and would do so again.
    #[must_use]
    pub fn is_coming(&self) -> bool {
        self.0.get().is_none()
    }
}

/// What broke off since this was asked last, a sentence each.
#[must_use]
pub fn broken_off(ctx: &Context) -> Vec<String> {
    ctx.data_mut(|data| data.remove_temp(broken())).unwrap_or_default()
}

/// Where that is noted.
fn broken() -> Id {
    Id::unique("work that broke off")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Waits until it has come or broken off, and a frame is asked for.
    fn ended<T: Send + Sync + 'static>(ctx: &Context, later: &Later<T>) {
        let start = std::time::Instant::now();
        while later.is_coming() || !ctx.has_requested_repaint() {
            assert!(start.elapsed().as_secs() < 20, "the thread never came back");
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_value_comes_by_itself_and_asks_for_a_frame() {
        let ctx = Context::default();
        let later = Later::start(&ctx, "The answer", || aside(|| 6 * 7));
        ended(&ctx, &later);
        assert_eq!(later.get(), Some(&42));
        assert_eq!(Later::now(|| 1).get(), Some(&1));
        assert!(broken_off(&ctx).is_empty());
    }

    #[test]
    fn work_that_panics_is_told_once_and_is_on_its_way_no_more() {
        let ctx = Context::default();
        let later = Later::start(&ctx, "The answer", || aside(|| -> u8 { panic!("as expected") }));
        ended(&ctx, &later);
        assert_eq!(later.get(), None);
        assert_eq!(broken_off(&ctx), ["The answer could not be worked out: an internal error ended it"]);
        assert!(broken_off(&ctx).is_empty());
    }
}
