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
pub mod exact;
pub mod graph;
pub mod learn;
pub mod measure;
pub mod model;
pub mod nets;
pub mod output;
pub mod pipeline;
pub mod project;
pub mod recipe;
pub mod support;

pub use recipe::Recipe;
pub use support::error::{Error, Result};
