//! The exact side while a hand turns a knob: a thread beside the worker, with stages of its own, that always works on the newest settings.
//!
//! Points that a person paints are followed in the same way: they are other settings of the same source, so to say, and a network that
//! there is not yet begins. Nothing of it is a run's result. What it finds is a picture, marked live; a training repeats it from the seed.

mod align;
mod follow;
mod frame;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::event::Failure;
use super::job::Job;
use super::snapshot::Snapshot;
use crate::data::{BuiltIn, Source};
use crate::recipe::{Affinity, Recipe, Stage};
use crate::support::priority::give_way;
use crate::support::progress::Control;
use crate::{Error, Result};
use follow::Follower;
use frame::LiveStages;

/// Samples of a live picture at most: a fair sample of more stands for them.
pub const MOST_LIVE: usize = 5_000;

/// Threads of the exact side at most: its sets are small.
const MOST_THREADS: usize = 8;

/// While settings keep coming, the network takes its turn this often.
const TURN: Duration = Duration::from_millis(150);

/// What a live picture is wanted of.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// Source and settings.
    pub job: Job,
    /// What is shown of the same source, or of an earlier state of what is painted: its samples are taken where the settings mean the same ones, and its vectors are the first ones
    /// that others are turned to.
    pub base: Arc<Snapshot>,
    /// Whether the base's network is to go on from its weights; on painted points one begins where the base has none.
    pub follow: bool,
}

/// How the learned side of a live picture stands to its exact side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LearnedAs {
    /// There is none.
    Missing,
    /// It is the base's, which was learned on another graph.
    Older,
    /// The base's network, or one that began on painted points, went on for so many steps on the graph shown.
    Following(usize),
}

/// A live picture.
#[derive(Clone, Debug)]
pub struct Frame {
    /// What there is to see.
    pub snapshot: Arc<Snapshot>,
    /// What it was wanted of.
    pub job: Job,
    /// How many samples those shown were drawn from, where they are a sample.
    pub sample_of: Option<usize>,
    /// Whether its samples are those of the base, in the same order.
    pub same_samples: bool,
    /// Where its learned side is from.
    pub learned: LearnedAs,
    /// What the exact side took, seconds.
    pub seconds: f64,
    /// Grows with each exact side, and not with the looks at a network that follows.
    pub number: u64,
}

/// The newest answer: a picture, or why there is none.
#[derive(Clone, Debug)]
pub enum Answer {
    /// A picture.
    Frame(Arc<Frame>),
    /// These settings give none.
    Failed(Box<Job>, Failure),
}

impl Answer {
    /// Of which settings it is.
    #[must_use]
    pub fn job(&self) -> &Job {
        match self {
            Self::Frame(frame) => &frame.job,
            Self::Failed(job, _) => job,
        }
    }
}

/// Why a live picture of these settings is not drawn; nothing where it can be. `base` is what is shown of the same source.
#[must_use]
pub fn refusal(Job { source, recipe }: &Job, base: &Snapshot) -> Option<&'static str> {
    if recipe.system.is_supervised() {
        return Some("a supervised system has no exact side");
    }
    if !recipe.exact {
        return Some("the exact side is off");
    }
    if recipe.has_codes() {
        return Some("codes are trained before there is a graph");
    }
    if recipe.affinity == Affinity::Siamese && recipe.affinity_file.is_none() {
        return Some("distances are trained before there is a graph");
    }
    let loads = base.facts.stages_redone(&base.job.recipe, recipe).contains(&Stage::Load);
    if recipe.affinity_file.is_some() {
        // A given graph is that of all samples.
        let fits = !loads && base.data.len() <= MOST_LIVE && source.painted().is_none();
        return (!fits).then_some("the graph comes from a file");
    }
    if loads && !is_generated(&base.job.source) && base.job.source == *source {
        let rescaled = Recipe { scaling: base.job.recipe.scaling, ..recipe.clone() };
        if base.facts.stages_redone(&base.job.recipe, &rescaled).contains(&Stage::Load) {
            return Some("the data is read again");
        }
    }
    None
}

fn is_generated(source: &Source) -> bool {
    matches!(source, Source::Named(name) if BuiltIn::named(name).is_some_and(|set| set.generated().is_some()))
}

/// What the two sides share.
#[derive(Debug, Default)]
struct Request {
    wanted: Option<Wanted>,
    /// Of the work at hand.
    control: Control,
    ended: bool,
}

#[derive(Debug, Default)]
struct Shared {
    request: Mutex<Request>,
    news: Condvar,
    answer: Mutex<Option<Answer>>,
}

/// Handle of the thread. Dropping it ends the work.
#[derive(Debug)]
pub struct Live {
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

impl Live {
    /// Starts the thread. A network that follows gives way to threads that draw; the exact side, which a hand waits for, does not: it takes
    /// milliseconds, and as much time as is left by a processor that draws would leave the hand without a picture. `wake` is called after
    /// every answer and must return quickly.
    ///
    /// # Errors
    /// [`Error::Device`] when the system refuses a thread.
    pub fn spawn(wake: impl Fn() + Send + Sync + 'static) -> Result<Self> {
        let shared = Arc::new(Shared::default());
        let thread = std::thread::Builder::new()
            .name("eigenscope-live".to_owned())
            .spawn({
                let shared = Arc::clone(&shared);
                move || work(&shared, &wake)
            })
            .map_err(|e| Error::Device(format!("the system refused a thread for the live picture: {e}")))?;
        Ok(Self { shared, thread: Some(thread) })
    }

    /// Wants a picture. What waits to be drawn is dropped for it; what is being drawn is finished, so that a hand that never rests sees
    /// pictures too.
    pub fn want(&self, wanted: Wanted) {
        lock(&self.shared.request).wanted = Some(wanted);
        self.shared.news.notify_all();
    }

    /// Ends the work at hand and forgets its answer.
    pub fn rest(&self) {
        let mut request = lock(&self.shared.request);
        request.wanted = None;
        request.control.cancel();
        *lock(&self.shared.answer) = None;
    }

    /// The newest answer.
    #[must_use]
    pub fn latest(&self) -> Option<Answer> {
        lock(&self.shared.answer).clone()
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        lock(&self.shared.request).ended = true;
        self.rest();
        self.shared.news.notify_all();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join(); // A panic inside was already told as a failure.
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    /// Waits for the next request; nothing once there will be none.
    fn next(&self) -> Option<(Wanted, Control)> {
        let mut request = lock(&self.request);
        loop {
            if request.ended {
                return None;
            }
            if let Some(wanted) = request.wanted.take() {
                request.control = Control::new();
                return Some((wanted, request.control.clone()));
            }
            request = self.news.wait(request).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn is_waited_for(&self) -> bool {
        lock(&self.request).wanted.is_some()
    }

    /// Gives an answer, unless nobody wants it any more.
    fn answer(&self, answer: Answer, control: &Control) -> bool {
        let request = lock(&self.request);
        if control.is_cancelled() {
            return false;
        }
        *lock(&self.answer) = Some(answer);
        drop(request);
        true
    }
}

/// Threads for the exact side; the shared ones give way to those that draw. None where the system has none.
fn pool() -> Option<ThreadPool> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    ThreadPoolBuilder::new().num_threads(threads).thread_name(|i| format!("live-{i}")).build().ok()
}

/// Does something on a thread that gives way to those that draw, and waits for it.
fn giving_way<R: Send>(work: impl FnOnce() -> Result<R> + Send) -> Result<R> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().name("eigenscope-follow".to_owned());
        let body = move || {
            give_way();
            work()
        };
        let refused = |e| Error::Device(format!("the system refused a thread for the network that follows: {e}"));
        let thread = thread.spawn_scoped(scope, body).map_err(refused)?;
        // A panic is told as one of the live picture.
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}

fn work(shared: &Shared, wake: &(dyn Fn() + Sync)) {
    let mut stages = LiveStages::default();
    let pool = pool();
    let mut follower = Follower::default();
    let mut turn = Instant::now();
    let due = |turn: Instant| !shared.is_waited_for() || turn.elapsed() >= TURN;
    while let Some((wanted, control)) = shared.next() {
        let tell = |answer| {
            if shared.answer(answer, &control) {
                wake();
            }
        };
        let job = wanted.job.clone();
        let done = catch_unwind(AssertUnwindSafe(|| -> Result<()> {
            let drawn = match &pool {
                Some(pool) => pool.install(|| stages.draw(&wanted, &control))?,
                None => stages.draw(&wanted, &control)?,
            };
            // Painted points are others each time: the network places them before anything is shown, else its side would be blank in between.
            let places = wanted.follow && wanted.job.source.painted().is_some();
            // Where it cannot the exact side is shown all the same; of what is wrong with the network its training tells.
            let placed = if places { follower.place(&drawn, &wanted.base).ok() } else { None };
            let stays = places && placed.is_none();
            tell(Answer::Frame(placed.unwrap_or_else(|| Arc::clone(&drawn.frame))));
            if !wanted.follow || stays || !due(turn) {
                return Ok(());
            }
            let mut show = |frame| {
                turn = Instant::now();
                tell(Answer::Frame(Arc::new(frame)));
            };
            giving_way(|| follower.follow(&drawn, &wanted.base, (&control, &|| shared.is_waited_for()), &mut show))
        }));
        let failure = match done {
            Ok(Ok(()) | Err(Error::Cancelled)) => continue,
            Ok(Err(error)) => Failure::from(&error),
            Err(_) => {
                (stages, follower) = (LiveStages::default(), Follower::default()); // What they held may be half-written.
                "an internal error stopped the live picture".into()
            }
        };
        tell(Answer::Failed(Box::new(job), failure));
    }
}
