//! The networks: device, perceptron, orthonormal layer, and the objective whose minimum is the exact eigenspace.

pub mod device;
pub mod objective;
pub mod orthonormal;
pub mod perceptron;

pub use device::{Adapter, Compute};
pub use orthonormal::{Orthonormal, Rung};
pub use perceptron::{Layer, Perceptron, Weights};
