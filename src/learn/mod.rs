//! Networks in training. Each system has what it is, its loss or sampler, and its training; all go through one loop ([`drive`]) and tell
//! what they look like to a closure. Nothing here knows who looks.

mod ahead;
pub mod autoencoder;
mod batch;
mod distort;
pub(crate) mod drive;
pub mod dual;
pub(crate) mod one_cycle;
pub(crate) mod self_training;
pub mod siamese;
pub mod spectralnet;
mod spoilt;
pub mod supervised;

pub use autoencoder::Rebuilt;
pub use dual::Terms;
pub use siamese::PairHistogram;
