//! The networks: device, perceptron, orthonormal layer, the objective whose minimum is the exact eigenspace, and the losses
//! of the supervised systems.

#[cfg(test)]
mod check;
pub mod device;
pub mod dscl;
pub mod gram_eigen;
pub mod metric;
pub mod objective;
pub mod orthonormal;
pub mod perceptron;

pub use device::{Adapter, Compute};
pub use orthonormal::{Orthonormal, Rung};
pub use perceptron::{Layer, Perceptron, Weights};
