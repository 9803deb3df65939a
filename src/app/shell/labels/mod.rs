//! What a person says of clusters and points: names, assignments, the review, and labels given back to the solvers.

pub(super) mod labelling;
pub(super) mod rename;
pub(super) mod review;
pub(super) mod teaching;
