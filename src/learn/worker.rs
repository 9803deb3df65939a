//! The thread that works while the window does not wait: commands in, events and the newest snapshot out.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::chain::{Chain, Watcher};
use super::{Command, Event, Job, Snapshot};
use crate::progress::Control;
use crate::{Error, Result};

/// Handle of the one training thread. Dropping it stops the work.
#[derive(Debug)]
pub struct Worker {
    jobs: Option<Sender<Order>>,
    outlets: Arc<Outlets>,
    control: Mutex<Control>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct Order {
    job: Job,
    open_only: bool,
    control: Control,
}

/// The two ways out: a bounded queue of small events, and a slot with the newest snapshot. A slow reader skips snapshots and
/// never makes the work wait.
struct Outlets {
    events: Mutex<VecDeque<Event>>,
    latest: Mutex<Option<Arc<Snapshot>>>,
    wake: Box<dyn Fn() + Send + Sync>,
}

impl std::fmt::Debug for Outlets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outlets").finish_non_exhaustive()
    }
}

/// Events kept for a reader that does not come; beyond it the oldest go.
const MOST_EVENTS: usize = 4096;

impl Watcher for Outlets {
    fn event(&self, event: Event) {
        let mut events = lock(&self.events);
        // Only the newest progress of a stage is of use.
        if let (Event::Progress(stage, ..), Some(Event::Progress(last, ..))) = (&event, events.back())
            && stage == last
        {
            events.pop_back();
        }
        if events.len() == MOST_EVENTS {
            events.pop_front();
        }
        events.push_back(event);
        drop(events);
        (self.wake)();
    }

    fn snapshot(&self, snapshot: Snapshot) {
        *lock(&self.latest) = Some(Arc::new(snapshot));
        (self.wake)();
    }
}

impl Worker {
    /// Start the thread. `wake` is called after every event and snapshot, from any thread; it must return quickly.
    ///
    /// # Errors
    /// [`Error::Device`] when the system refuses a thread.
    pub fn spawn(wake: impl Fn() + Send + Sync + 'static) -> Result<Self> {
        let outlets = Arc::new(Outlets { events: Mutex::default(), latest: Mutex::default(), wake: Box::new(wake) });
        let (jobs, orders) = channel();
        let thread = std::thread::Builder::new()
            .name("eigenscope-worker".to_owned())
            .spawn({
                let outlets = Arc::clone(&outlets);
                move || work(&orders, &outlets)
            })
            .map_err(|e| Error::Device(format!("the system refused a thread for the work: {e}")))?;
        Ok(Self { jobs: Some(jobs), outlets, control: Mutex::default(), thread: Some(thread) })
    }

    /// Tell the worker something. A new job cancels the running one.
    pub fn send(&self, command: Command) {
        let mut control = lock(&self.control);
        match command {
            Command::Open(job) => self.order(&mut control, *job, true),
            Command::Start(job) => self.order(&mut control, *job, false),
            Command::Pause => {
                control.set_paused(true);
                self.outlets.event(Event::Paused(true));
            }
            Command::Resume => {
                control.set_paused(false);
                self.outlets.event(Event::Paused(false));
            }
            Command::Step(steps) => control.allow(steps),
            Command::StopAndKeep => {
                control.finish_early();
                self.outlets.event(Event::Paused(false));
            }
        }
    }

    fn order(&self, control: &mut Control, job: Job, open_only: bool) {
        control.cancel();
        *control = Control::new();
        let order = Order { job, open_only, control: control.clone() };
        if self.jobs.as_ref().is_none_or(|jobs| jobs.send(order).is_err()) {
            self.outlets.event(Event::Failed("the worker has ended; restart the program".to_owned()));
        }
    }

    /// Events since the last call, oldest first, without waiting.
    pub fn events(&self) -> impl Iterator<Item = Event> + use<> {
        std::mem::take(&mut *lock(&self.outlets.events)).into_iter()
    }

    /// The newest snapshot.
    #[must_use]
    pub fn latest(&self) -> Option<Arc<Snapshot>> {
        lock(&self.outlets.latest).clone()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        lock(&self.control).cancel();
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // A panic inside was already reported as an event.
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn work(orders: &Receiver<Order>, outlets: &Outlets) {
    let mut chain = Chain::default();
    while let Ok(mut order) = orders.recv() {
        // Jobs that piled up behind a busy stage are out of date.
        while let Ok(newer) = orders.try_recv() {
            order = newer;
        }
        let Order { job, open_only, control } = order;
        outlets.event(Event::Started);
        let done = catch_unwind(AssertUnwindSafe(|| {
            if open_only { chain.open(&job, &control, outlets) } else { chain.run(&job, &control, outlets).map(drop) }
        }));
        match done {
            Ok(Ok(())) => outlets.event(Event::Finished),
            Ok(Err(Error::Cancelled)) => {}
            Ok(Err(error)) => outlets.event(Event::Failed(error.to_string())),
            Err(panic) => {
                chain = Chain::default(); // What it held may be half-written.
                outlets.event(Event::Failed(format!("an internal error stopped the work: {}", words(&*panic))));
            }
        }
    }
}

fn words(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("unknown")
}
