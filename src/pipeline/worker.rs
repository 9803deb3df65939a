//! The thread that works while the window does not wait: commands in, events and the newest snapshot out.

use std::any::Any;
use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use crate::pipeline::compare::{Entry, Plan, compare};
use crate::pipeline::sweep::{self, ProgressOnly, Sweep};
use crate::pipeline::{Chain, Watcher};
use crate::pipeline::{Command, Event, Failure, Job, Snapshot, Stored};
use crate::support::priority::give_way;
use crate::support::progress::Control;
use crate::support::threads;
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
    work: Work,
    control: Control,
}

#[derive(Debug)]
enum Work {
    Open(Job),
    Run(Job),
    Show(Box<(Job, Stored)>),
    GoOn(Job),
    Compare(Plan),
    Sweep(Box<Sweep>),
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

impl Outlets {
    /// Tells something, unless it belongs to an order that was cancelled.
    fn tell(&self, event: Event, order: Option<&Control>) {
        let mut events = lock(&self.events);
        if order.is_some_and(Control::is_cancelled) {
            return;
        }
        event.write_down();
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

    /// Cancels an order: whoever reads after this finds nothing more of it but notes. Between two locks of the other side a word could slip
    /// through, so both are held.
    fn silence(&self, order: &Control) {
        let mut events = lock(&self.events);
        let _latest = lock(&self.latest);
        order.cancel();
        events.retain(kept_of_cancelled);
    }
}

/// What the work on one order says; nothing once it was cancelled, so that what is heard after a new order is of that one.
struct Voice<'a> {
    outlets: &'a Outlets,
    order: &'a Control,
}

impl Watcher for Voice<'_> {
    fn event(&self, event: Event) {
        self.outlets.tell(event, Some(self.order));
    }

    fn snapshot(&self, snapshot: Snapshot) {
        let mut latest = lock(&self.outlets.latest);
        if self.order.is_cancelled() {
            return;
        }
        *latest = Some(Arc::new(snapshot));
        drop(latest);
        (self.outlets.wake)();
    }
}

impl Worker {
    /// Start the thread. It and rayon's shared pool give way to threads that draw. `wake` is called after every event and snapshot, from any thread; it must return quickly.
    ///
    /// # Errors
    /// [`Error::Device`] when the system refuses a thread.
    pub fn spawn(wake: impl Fn() + Send + Sync + 'static) -> Result<Self> {
        // The pool that the stages share, unless someone used it before.
        threads::start(give_way);
        let outlets = Arc::new(Outlets { events: Mutex::default(), latest: Mutex::default(), wake: Box::new(wake) });
        let (jobs, orders) = channel();
        let thread = std::thread::Builder::new()
            .name("eigenscope-worker".to_owned())
            .spawn({
                let outlets = Arc::clone(&outlets);
                move || {
                    give_way();
                    work(&orders, &outlets);
                }
            })
            .map_err(|e| Error::Device(format!("the system refused a thread for the work: {e}")))?;
        Ok(Self { jobs: Some(jobs), outlets, control: Mutex::default(), thread: Some(thread) })
    }

    /// Tell the worker something. A new job cancels the running one.
    pub fn send(&self, command: Command) {
        let mut control = lock(&self.control);
        match command {
            Command::Open(job) => self.order(&mut control, Work::Open(*job)),
            Command::Start(job) => self.order(&mut control, Work::Run(*job)),
            Command::Show(of) => self.order(&mut control, Work::Show(of)),
            Command::Continue(job) => self.order(&mut control, Work::GoOn(*job)),
            Command::Compare(plan) => self.order(&mut control, Work::Compare(*plan)),
            Command::Sweep(sweep) => self.order(&mut control, Work::Sweep(sweep)),
            Command::EndComparison | Command::EndSweep => control.cancel(),
            Command::Cancel => self.outlets.silence(&control),
            Command::Pause => {
                control.set_paused(true);
                self.outlets.tell(Event::Paused(true), None);
            }
            Command::Resume => {
                control.set_paused(false);
                self.outlets.tell(Event::Paused(false), None);
            }
            Command::Step(steps) => control.allow(steps),
            Command::StopAndKeep => {
                control.finish_early();
                self.outlets.tell(Event::Paused(false), None);
            }
        }
    }

    fn order(&self, control: &mut Control, work: Work) {
        self.outlets.silence(control);
        *control = Control::new();
        let order = Order { work, control: control.clone() };
        if self.jobs.as_ref().is_none_or(|jobs| jobs.send(order).is_err()) {
            self.outlets.tell(Event::Failed("the worker has ended; restart the program".into()), None);
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
    let mut chain = Chain::recording();
    while let Ok(mut order) = orders.recv() {
        // Jobs that piled up behind a busy stage are out of date.
        while let Ok(newer) = orders.try_recv() {
            order = newer;
        }
        let Order { work, control } = order;
        let voice = Voice { outlets, order: &control };
        let guarded = |chain: &mut Chain| {
            catch_unwind(AssertUnwindSafe(|| match &work {
                Work::Open(job) => chain.open(job, &control, &voice),
                Work::Run(job) => chain.run(job, &control, &voice).map(drop),
                Work::Show(of) => chain.show((&of.0, of.1.clone()), &control, &voice).map(drop),
                Work::GoOn(job) => chain.go_on(job, &control, &voice).map(drop),
                Work::Compare(plan) => compare_beside(plan, &voice),
                Work::Sweep(plan) => sweep::sweep(plan, &control, &ProgressOnly(&voice)),
            }))
        };
        if matches!(work, Work::Compare(_)) {
            // It has stages of its own; those of the picture stay as they are.
            outlets.tell(Event::ComparisonEnded(told(guarded(&mut chain)).map(|(_, whole)| whole)), None);
            continue;
        }
        if matches!(work, Work::Sweep(_)) {
            outlets.tell(Event::SweepEnded(told(guarded(&mut chain)).map(|(_, whole)| whole)), None);
            continue;
        }
        voice.event(Event::Started);
        let done = guarded(&mut chain);
        match done {
            Ok(Err(Error::Cancelled)) => {}
            Ok(Ok(())) => voice.event(Event::Finished),
            failed => {
                if failed.is_err() {
                    chain = Chain::recording(); // What it held may be half-written.
                }
                voice.event(Event::Failed(told(failed).map(|(failure, _)| failure).unwrap_or_default()));
            }
        }
    }
}

/// Why work ended before it was complete, unless a person wanted it so; in parts and as one sentence.
fn told(done: std::thread::Result<Result<()>>) -> Option<(Failure, String)> {
    match done {
        Ok(Ok(()) | Err(Error::Cancelled)) => None,
        Ok(Err(error)) => Some((Failure::from(&error), error.to_string())),
        Err(panic) => {
            let text = format!("an internal error stopped the work: {}", words(&*panic));
            Some((text.as_str().into(), text))
        }
    }
}

/// What is still heard of an order that was cancelled.
fn kept_of_cancelled(event: &Event) -> bool {
    matches!(
        event,
        Event::Note(_) | Event::Compared(_) | Event::ComparisonEnded(_) | Event::Probed(_) | Event::SweepEnded(_)
    )
}

fn compare_beside(plan: &Plan, voice: &Voice<'_>) -> Result<()> {
    let keep = |entries: &[Entry]| {
        voice.outlets.tell(Event::Compared(Arc::new(entries.to_vec())), None);
        Ok(entries.to_vec())
    };
    compare(plan.clone(), (voice.order, &ProgressOnly(voice)), keep).map(drop)
}

fn words(panic: &(dyn Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("unknown")
}
