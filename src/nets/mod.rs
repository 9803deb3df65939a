//! The networks: device, perceptron, convolutions, autoencoders, orthonormal layer, the objective whose minimum is the exact
//! eigenspace, and the losses of the Siamese network and of the supervised systems.

pub mod adam;
pub mod autoencoder;
#[cfg(test)]
mod check;
pub mod classifier;
pub mod convolution;
pub mod crossing;
pub mod device;
pub mod dscl;
pub mod dual;
pub mod encoder;
pub mod forward;
pub mod gram_eigen;
mod input;
mod layer;
pub mod metric;
pub mod muon;
pub mod objective;
pub mod orthonormal;
pub mod perceptron;
mod qr;
mod resident;
pub mod siamese;
pub mod unread;

pub use autoencoder::Autoencoder;
pub use classifier::Classifier;
pub use device::{Adapter, Compute};
pub use encoder::Encoder;
pub use input::Input;
pub use orthonormal::{Factorization, Orthonormal};
pub use perceptron::{Layer, Perceptron, Weights};
pub use resident::Resident;
pub use unread::Unread;
