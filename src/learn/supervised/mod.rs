//! Supervised systems: labels of one part of the data teach a network, and the rest scores it.
//!
//! `--system dscl` is Deep Spectral Clustering Learning ([`crate::nets::dscl`]); `contrastive` and `triplet`
//! ([`crate::nets::metric`]) are baselines that share its network, batches and number of steps. There is no graph, and no exact side to
//! compare with.

mod batches;
mod place;
mod report;
mod split;
mod trainer;
mod training;

pub(crate) use place::Placing;
pub use report::{Form, Report};
pub(crate) use report::{evaluate, glance, stored};
pub(crate) use split::Split;
pub(crate) use training::{Learned, Look, SupervisedTraining, Task};
