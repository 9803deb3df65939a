//! Jobs on their way to the engine and back, what they found, and how it is looked at again.

pub(super) mod ended;
pub(super) mod jobs;
pub(super) mod live;
pub(super) mod past;
pub(super) mod remedies;
pub(super) mod runs;
pub(super) mod settle;
pub(super) mod standing;
pub(super) mod timebar;
pub mod twins;
