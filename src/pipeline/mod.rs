//! A run: the chain of stages, the thread that works, what it says and what there is to look at.
//!
//! Trainings ([`crate::learn`]) know nothing of this floor: they tell looks to a closure, and the stages fold these into snapshots.

mod cache;
pub mod chain;
pub mod compare;
mod curve;
mod eigengap;
mod ending;
mod estimate;
mod event;
mod example;
mod facts;
mod job;
pub mod live;
mod placed;
mod preflight;
mod preview;
mod recording;
mod regrown;
mod run;
mod snapshot;
mod stages;
pub mod sweep;
mod taken;
mod unseen;
pub mod worker;

pub use chain::{Chain, Outcome};
pub use curve::CurvePoint;
pub use ending::{CLOSE, Ending};
pub use event::{Event, Failure, Prepared, Stopped, Unheard, Watcher};
pub use example::{example, made as made_example};
pub use job::{Command, Job};
pub use live::Live;
pub use placed::{Placed, Sides, Unseen};
pub use preview::{Preview, preview};
pub use recording::{Recorded, Recording};
pub use regrown::with_graph;
pub use snapshot::{Snapshot, Solution};
pub use stages::{SelfTrained, Stored, hints};
pub use unseen::{Learned as UnseenLearned, Row as UnseenRow, Variation, unseen};
pub use worker::Worker;
