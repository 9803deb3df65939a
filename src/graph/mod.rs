//! Who is near whom: neighbours, affinity, Laplacian, components.
//!
//! Conventions: "self" is never a neighbour. Affinities are symmetric with an empty diagonal. What a scale is stands in [`scales`], and
//! how two one-sided neighbour relations become one edge in [`affinity`](mod@affinity).

pub mod affinity;
pub mod approximate;
mod components;
mod copies;
mod csr;
mod eigenspace;
mod extension;
mod gaps;
mod given;
pub(crate) mod gram;
mod held;
pub mod hints;
mod intrinsic;
mod joins;
mod nearest;
mod neighbors;
mod operator;
pub(crate) mod product;
mod regions;
pub mod scales;
mod search;
mod tiles;
mod tree;
mod walk;

use std::sync::Arc;

pub use affinity::{affinity, can_scale};
pub(crate) use copies::Copies;
pub use eigenspace::Eigenspace;
pub use extension::{LEAST_LEFT, Landmarks, Parts};
pub(crate) use gaps::without_fills;
pub use given::{among, given};
pub use hints::Hints;
pub use intrinsic::intrinsic_dimension;
pub use joins::Joins;
pub use neighbors::{approximate_neighbors, enough_for, nearest_neighbors};
pub use scales::{SHARE, Widths};
pub(crate) use search::neighbors;
pub use walk::Walk;

/// The k nearest neighbours of every sample, nearest first, self left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Neighbors {
    /// Neighbours per sample.
    pub k: usize,
    /// `n·k` sample indices, row by row.
    pub indices: Vec<u32>,
    /// `n·k` Euclidean distances, row by row, ascending within a row.
    pub distances: Vec<f32>,
    /// The part of the true neighbours that is there, measured on some samples, where neighbours were found approximately.
    pub recall: Option<f64>,
}

/// A square sparse matrix in compressed rows; column indices ascend within a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Csr {
    /// `n + 1` offsets into the two other arrays.
    pub offsets: Vec<usize>,
    /// Column of each stored entry.
    pub columns: Vec<u32>,
    /// Value of each stored entry.
    pub values: Vec<f64>,
}

/// Connected components of a graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Components {
    /// Component of each node; components are numbered by falling size, ties by their first node.
    pub of: Vec<u32>,
    /// Nodes in each component, falling.
    pub sizes: Vec<usize>,
}

/// The one operator that loss, constraint, exact solver, distances and plots share: the pencil `(D − W) y = λ M y`.
///
/// `M = D` for the random-walk Laplacian `I − D⁻¹W`, `M = I` for the unnormalised one `D − W`. A node without edges has
/// degree 0 in `D − W` and mass 1 in `M`: it is a component of its own with eigenvalue 0.
#[derive(Clone, Debug)]
pub struct Operator {
    /// Affinity `W`, `n × n`, symmetric.
    pub affinity: Arc<Csr>,
    /// Row sums of `W`.
    pub degrees: Arc<Vec<f64>>,
    /// Diagonal of `M`.
    pub mass: Arc<Vec<f64>>,
    /// Which Laplacian this is.
    pub kind: crate::recipe::Laplacian,
    /// Connected components of `W`.
    pub components: Arc<Components>,
    /// Which of them lie together, where that is known.
    pub joins: Option<Arc<Joins>>,
}
