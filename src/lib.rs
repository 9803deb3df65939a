//! Eigenscope: a microscope for spectral clustering.
//!
//! A dataset gives one neighbour graph, one affinity matrix `W` and one Laplacian. Two solvers look for its lowest
//! eigenvectors: a sparse eigensolver ([`exact`]) and a network trained by stochastic gradient ([`nets`], [`learn`]).
//! Everything else serves the comparison of the two. `ARCHITECTURE.md` has the map of floors and threads.

// In the library only: a test may end by a panic.
#![warn(clippy::expect_used, clippy::panic, clippy::unwrap_used)]

pub mod app;
pub mod cli;
pub mod data;
pub mod error;
pub mod exact;
mod gram_schmidt;
pub mod graph;
mod language;
pub mod learn;
mod matrix_serde;
pub mod measure;
mod memory;
pub mod nets;
mod number;
pub mod output;
mod plain;
mod priority;
pub mod progress;
#[cfg_attr(not(test), expect(dead_code, reason = "its users take it up together"))]
mod random;
pub mod recipe;
mod text_file;
mod threads;
mod wide;
mod words_serde;

pub use error::{Error, Result};
pub use recipe::Recipe;
