//! How long jobs tell how far they are, and how they are told to stop or wait.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::{Error, Result};

/// A cancel and pause switch shared by the thread that works and the one that watches. Clones are the same switch.
#[derive(Clone, Debug, Default)]
pub struct Control(Arc<Switch>);

#[derive(Debug, Default)]
struct Switch {
    cancelled: AtomicBool,
    /// End training and keep what was learned.
    enough: AtomicBool,
    gate: Mutex<Gate>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct Gate {
    paused: bool,
    /// Training steps that may be taken all the same.
    allowance: usize,
    /// Threads that wait, since when the first of them does, and how long there was one before.
    waiting: usize,
    since: Option<Instant>,
    waited: Duration,
}

impl Control {
    /// A switch that nobody has touched.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ask the job to stop at its next check; also wakes a paused one.
    pub fn cancel(&self) {
        self.0.cancelled.store(true, Ordering::SeqCst);
        drop(self.gate()); // A job between its look at the switch and its wait would miss the news.
        self.0.changed.notify_all();
    }

    /// Ask the job to wait at its next check, or to go on.
    pub fn set_paused(&self, paused: bool) {
        let mut gate = self.gate();
        (gate.paused, gate.allowance) = (paused, 0);
        drop(gate);
        self.0.changed.notify_all();
    }

    /// Let a paused training take this many steps more before it waits again.
    pub fn allow(&self, steps: usize) {
        let mut gate = self.gate();
        gate.paused = true;
        gate.allowance += steps;
        self.0.changed.notify_all();
    }

    /// Ask training to end now and to keep what was learned; also wakes a paused one.
    pub fn finish_early(&self) {
        self.0.enough.store(true, Ordering::SeqCst);
        self.set_paused(false);
    }

    /// Whether training should end now and keep what was learned.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.0.enough.load(Ordering::SeqCst)
    }

    /// Whether the job was asked to stop.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.load(Ordering::SeqCst)
    }

    /// Whether the next [`Control::before_step`] would wait.
    #[must_use]
    pub fn would_wait(&self) -> bool {
        let gate = self.gate();
        gate.paused && gate.allowance == 0
    }

    /// Wait while paused, then say whether to go on. Long loops call this several times a second.
    ///
    /// # Errors
    /// [`Error::Cancelled`] once [`Control::cancel`] was called.
    pub fn check(&self) -> Result<()> {
        let gate = self.gate();
        self.wait(gate, |gate| gate.paused && gate.allowance == 0).map(drop)
    }

    /// As [`Control::check`], and takes one step from the allowance of a paused training.
    ///
    /// # Errors
    /// [`Error::Cancelled`] once [`Control::cancel`] was called.
    pub fn before_step(&self) -> Result<()> {
        let gate = self.gate();
        let mut gate = self.wait(gate, |gate| gate.paused && gate.allowance == 0)?;
        gate.allowance = gate.allowance.saturating_sub(1);
        Ok(())
    }

    /// How long the job has waited in pauses so far.
    fn waited(&self) -> Duration {
        let gate = self.gate();
        gate.waited + gate.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    fn gate(&self) -> MutexGuard<'_, Gate> {
        self.0.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, mut gate: MutexGuard<'a, Gate>, while_: impl Fn(&Gate) -> bool) -> Result<MutexGuard<'a, Gate>> {
        if while_(&gate) && !self.is_cancelled() {
            gate.waiting += 1;
            gate.since.get_or_insert_with(Instant::now);
            while while_(&gate) && !self.is_cancelled() {
                gate = self.0.changed.wait(gate).unwrap_or_else(PoisonError::into_inner);
            }
            gate.waiting -= 1;
            if gate.waiting == 0 {
                let waited = gate.since.take().map_or(Duration::ZERO, |since| since.elapsed());
                gate.waited += waited;
            }
        }
        if self.is_cancelled() { Err(Error::Cancelled) } else { Ok(gate) }
    }
}

/// The wall clock of a job without its pauses.
#[derive(Clone, Debug)]
pub struct Stopwatch {
    control: Control,
    started: Instant,
    waited: Duration,
}

impl Stopwatch {
    /// Starts it for a job that waits when `control` says so.
    #[must_use]
    pub fn start(control: &Control) -> Self {
        Self { control: control.clone(), started: Instant::now(), waited: control.waited() }
    }

    /// Seconds since the start.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        let waited = self.control.waited().saturating_sub(self.waited);
        self.started.elapsed().saturating_sub(waited).as_secs_f64()
    }
}

/// What a long job is given: somewhere to report, and the switch to obey. Cheap to pass by reference.
pub struct Progress<'a> {
    control: Control,
    report: &'a (dyn Fn(f32, &str) + Sync),
}

impl std::fmt::Debug for Progress<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Progress").field("control", &self.control).finish_non_exhaustive()
    }
}

impl<'a> Progress<'a> {
    /// `report` gets the fraction done, in 0..=1, and a few words; it may be called from any thread.
    pub fn new(control: Control, report: &'a (dyn Fn(f32, &str) + Sync)) -> Self {
        Self { control, report }
    }

    /// A job that nobody watches and nobody stops.
    #[must_use]
    pub fn silent() -> Progress<'static> {
        Progress { control: Control::new(), report: &|_, _| {} }
    }

    /// Report the fraction done and wait or stop if asked to.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when the job should stop.
    pub fn at(&self, fraction: f32, note: &str) -> Result<()> {
        (self.report)(fraction, note);
        self.control.check()
    }

    /// Wait or stop if asked to, without a report.
    ///
    /// # Errors
    /// [`Error::Cancelled`] when the job should stop.
    pub fn check(&self) -> Result<()> {
        self.control.check()
    }

    /// Whether the job was asked to stop, for parallel loops that cannot return early.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.control.is_cancelled()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cancelled_job_stops_even_while_paused() {
        let control = Control::new();
        control.set_paused(true);
        let worker = std::thread::spawn({
            let control = control.clone();
            move || control.check()
        });
        control.cancel();
        assert!(matches!(worker.join().expect("the worker returns"), Err(Error::Cancelled)));
    }

    #[test]
    fn a_paused_training_takes_exactly_the_steps_it_is_allowed() {
        let control = Control::new();
        control.allow(3);
        for _ in 0..3 {
            assert!(!control.would_wait());
            control.before_step().expect("not cancelled");
        }
        assert!(control.would_wait());
        control.set_paused(false);
        control.before_step().expect("not cancelled");
        assert!(!control.is_enough());
        control.finish_early();
        assert!(control.is_enough());
    }

    #[test]
    fn a_pause_takes_no_time_on_the_stopwatch() {
        let control = Control::new();
        control.set_paused(true);
        let watch = Stopwatch::start(&control);
        let worker = std::thread::spawn({
            let control = control.clone();
            move || control.check()
        });
        while control.waited().is_zero() {
            std::thread::yield_now();
        }
        std::thread::sleep(Duration::from_millis(400));
        control.set_paused(false);
        worker.join().expect("the worker returns").expect("not cancelled");
        assert!(control.waited() >= Duration::from_millis(400));
        assert!(watch.seconds() < 0.4, "{}", watch.seconds());
    }

    #[test]
    fn reports_reach_the_watcher() {
        let seen = Mutex::new(Vec::new());
        let report = |f: f32, note: &str| seen.lock().expect("no panic holds it").push((f, note.to_owned()));
        Progress::new(Control::new(), &report).at(0.5, "half").expect("not cancelled");
        assert_eq!(*seen.lock().expect("no panic holds it"), [(0.5, "half".to_owned())]);
    }
}
