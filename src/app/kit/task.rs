//! Work on a thread of its own whose outcome a later frame takes: saving, loading, downloading, writing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, channel};
use std::thread::{Builder, JoinHandle};

use eframe::egui::Context;

use crate::support::progress::Control;
use crate::{Error, Result};

/// Work on its way. Dropping it cancels the work, and nobody waits for that.
#[derive(Debug)]
pub struct Task<T> {
    control: Control,
    outcome: Receiver<Result<T>>,
    thread: Option<JoinHandle<()>>,
}

impl<T: Send + 'static> Task<T> {
    /// Begins `work` on a thread called `name`, which asks for a frame once it has ended; `work` is given the switch that says when to
    /// stop. `what` is the work as a person calls it, such as `the export of flowers.csv`.
    ///
    /// # Errors
    /// [`Error::Device`] where the system refuses a thread.
    pub fn start(
        ctx: &Context,
        name: &str,
        what: impl Into<String>,
        work: impl FnOnce(&Control) -> Result<T> + Send + 'static,
    ) -> Result<Self> {
        let (sender, outcome) = channel();
        let (what, control, ctx) = (what.into(), Control::new(), ctx.clone());
        let refused = format!("the system refused a thread for {what}");
        let switch = control.clone();
        let body = move || {
            let ended = catch_unwind(AssertUnwindSafe(|| work(&switch)));
            let panicked = |_| Err(Error::Data(format!("{what} ended by an internal error")));
            // Nobody listens any more once the task is dropped.
            let _ = sender.send(ended.unwrap_or_else(panicked));
            ctx.request_repaint();
        };
        let thread = Builder::new().name(name.to_owned()).spawn(body);
        let thread = thread.map_err(|error| Error::Device(format!("{refused}: {error}")))?;
        Ok(Self { control, outcome, thread: Some(thread) })
    }

    /// What came of it, once it has ended; a panic is an error too. It is given once.
    #[must_use]
    pub fn ended(&self) -> Option<Result<T>> {
        self.outcome.try_recv().ok()
    }

    /// Takes what waited for a task out of its place once that has ended, with what came of it.
    pub fn take_ended<W>(place: &mut Option<W>, task: impl Fn(&W) -> &Self) -> Option<(W, Result<T>)> {
        let outcome = task(place.as_ref()?).ended()?;
        Some((place.take()?, outcome))
    }
}

impl<T> Task<T> {
    /// Asks it to end early, which its outcome tells.
    pub fn cancel(&self) {
        self.control.cancel();
    }

    /// Waits until it has ended.
    pub fn wait(&mut self) {
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // A panic is in the outcome.
        }
    }
}

impl<T> Drop for Task<T> {
    fn drop(&mut self) {
        self.cancel();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn start<T: Send + 'static>(work: impl FnOnce(&Control) -> Result<T> + Send + 'static) -> (Context, Task<T>) {
        let ctx = Context::default();
        let task = Task::start(&ctx, "test", "the test", work).expect("a thread");
        (ctx, task)
    }

    #[test]
    fn the_outcome_is_given_once_and_a_frame_is_asked_for() {
        let (ctx, mut task) = start(|_| Ok(std::thread::current().name().map(str::to_owned)));
        task.wait();
        assert!(ctx.has_requested_repaint());
        assert_eq!(task.ended().and_then(Result::ok).flatten().as_deref(), Some("test"));
        assert!(task.ended().is_none());
    }

    #[test]
    fn a_panic_is_an_error_and_asks_for_a_frame_too() {
        let (ctx, mut task) = start(|_| -> Result<()> { panic!("as expected") });
        task.wait();
        assert!(ctx.has_requested_repaint());
        let error = task.ended().and_then(Result::err).map(|error| error.to_string());
        assert_eq!(error.as_deref(), Some("the test ended by an internal error"));
    }

    #[test]
    fn dropping_it_cancels_the_work() {
        let (sender, cancelled) = channel();
        let (_, task) = start(move |control| {
            while control.check().is_ok() {
                std::thread::sleep(Duration::from_millis(1));
            }
            let _ = sender.send(());
            Ok(())
        });
        drop(task);
        assert_eq!(cancelled.recv_timeout(Duration::from_secs(20)), Ok(()));
    }

    #[test]
    fn what_waited_for_it_goes_with_it() {
        let (_, task) = start(|control| {
            while control.check().is_ok() {
                std::thread::sleep(Duration::from_millis(1));
            }
            Err::<(), _>(Error::Cancelled)
        });
        let mut place = Some(("waiting", task));
        assert!(Task::take_ended(&mut place, |(_, task)| task).is_none() && place.is_some());
        if let Some((_, task)) = &mut place {
            task.cancel();
            task.wait();
        }
        let ended = Task::take_ended(&mut place, |(_, task)| task);
        assert!(ended.is_some_and(|((name, _), outcome)| name == "waiting" && outcome.is_err()) && place.is_none());
    }
}
