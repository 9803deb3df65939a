//! SpectralNet (Shaham et al., 2018): a network whose outputs, made orthonormal, become the graph's lowest eigenvectors.
//!
//! [`sampler`] draws pairs by random walks, [`trainer`] takes steps on [`crate::nets::objective`], [`separate`] parts the span into single
//! vectors.

mod inputs;
pub mod sampler;
mod separate;
pub mod trainer;
mod training;

pub use inputs::Inputs;
pub(crate) use training::{Learned, Look, SpectralTraining, Task};
