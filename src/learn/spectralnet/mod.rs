//! SpectralNet (Shaham et al., 2018): a network whose outputs, made orthonormal, become the graph's lowest eigenvectors.
//!
//! [`sampler`] draws pairs by random walks, [`trainer`] takes steps on [`crate::nets::objective`] or on all rows with the last layer solved,
//! [`held`] leaves rows out of them, [`tie`] holds the map between samples, [`separate`] parts the span into single vectors.

mod held;
mod inputs;
pub mod sampler;
mod separate;
mod tie;
pub mod trainer;
mod training;

pub use held::{HeldLook, HeldOut};
pub use inputs::Inputs;
pub(crate) use training::{Learned, Look, SpectralTraining, Task};
