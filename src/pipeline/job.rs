//! What is run, and what a person can say to the worker.

use crate::data::Source;
use crate::pipeline::{Stored, compare, sweep};
use crate::recipe::Recipe;

/// What a person can tell the worker.
#[derive(Clone, Debug)]
pub enum Command {
    /// Load and scale the data and show it, nothing more.
    Open(Box<Job>),
    /// Run the whole chain; stages whose inputs did not change are kept. A training that was stopped before its end is no such result:
    /// it begins anew.
    Start(Box<Job>),
    /// As `Start`, with a stored training in the place of a new one; the next `Start` trains.
    Show(Box<(Job, Stored)>),
    /// As `Start`, but a training that was stopped goes on where it stood and ends where an unbroken one ends, to the last digit.
    Continue(Box<Job>),
    /// End the job at work and say nothing more of it; what it had trained can be continued.
    Cancel,
    /// Hold the running job where it is; what it has stays visible.
    Pause,
    /// Go on.
    Resume,
    /// From a pause, take this many training steps and pause again.
    Step(usize),
    /// End training now and finish with what was learned so far; [`Command::Continue`] goes on from there.
    StopAndKeep,
    /// Run what a comparison still misses, beside what is shown.
    Compare(Box<compare::Plan>),
    /// End the comparison; the run at work is lost, those before it are kept.
    EndComparison,
    /// Run a sweep, beside what is shown.
    Sweep(Box<sweep::Sweep>),
    /// End the sweep; what it has told stays.
    EndSweep,
}

/// What to run.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// The data.
    pub source: Source,
    /// Every setting.
    pub recipe: Recipe,
}
