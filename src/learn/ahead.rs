//! Batches made on a thread of their own while the step before them is still worked on.
//!
//! What a batch holds depends on its step alone, so that who makes it, and when, changes nothing.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::Scope;

use crate::{Error, Result};

/// Batches that wait, besides the one in work.
const WAITING: usize = 2;

/// Batches of steps 0, 1, 2, …, in this order.
pub(crate) struct Ahead<B>(Receiver<B>);

impl<B: Send> Ahead<B> {
    /// Begin to make batches for `steps` steps. The thread ends with the last of them, or once `self` is dropped.
    pub(crate) fn spawn<'scope>(
        scope: &'scope Scope<'scope, '_>,
        steps: usize,
        mut make: impl FnMut(usize) -> B + Send + 'scope,
    ) -> Self
    where
        B: 'scope,
    {
        let (sender, receiver) = sync_channel(WAITING);
        scope.spawn(move || {
            for step in 0..steps {
                if sender.send(make(step)).is_err() {
                    break; // Nobody wants more.
                }
            }
        });
        Self(receiver)
    }

    /// The batch of the next step.
    ///
    /// # Errors
    /// [`Error::Numerics`] when there is none, because more steps are taken than were asked for or its maker failed.
    pub(crate) fn next(&self) -> Result<B> {
        self.0.recv().map_err(|_| Error::Numerics("no batch was made for this step".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_come_in_order_and_their_maker_ends_when_nobody_wants_more() {
        let made = std::sync::atomic::AtomicUsize::new(0);
        std::thread::scope(|scope| {
            let batches = Ahead::spawn(scope, 1000, |step| {
                made.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                step * step
            });
            assert_eq!((batches.next().ok(), batches.next().ok(), batches.next().ok()), (Some(0), Some(1), Some(4)));
        });
        assert!((3..10).contains(&made.into_inner()));
        std::thread::scope(|scope| {
            let batches = Ahead::spawn(scope, 1, |step| step);
            assert!(batches.next().is_ok() && batches.next().is_err());
        });
    }
}
