//! Sets that a person calls by name or paints: built in, generated from the seed, downloaded.

pub(super) mod builtin;
pub mod fetch;
pub(super) mod generated;
pub(super) mod manifolds;
pub(super) mod named;
pub(super) mod painted;
mod parts;
pub(super) mod pictures;
pub(super) mod toy;
