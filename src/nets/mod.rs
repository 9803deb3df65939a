//! The networks: device, perceptron, autoencoder, Siamese loss, orthonormal layer, and the objective whose minimum is the exact
//! eigenspace.

pub mod autoencoder;
pub mod device;
pub mod objective;
pub mod orthonormal;
pub mod perceptron;
pub mod siamese;

pub use autoencoder::Autoencoder;
pub use device::{Adapter, Compute};
pub use orthonormal::{Orthonormal, Rung};
pub use perceptron::{Layer, Perceptron, Weights};
