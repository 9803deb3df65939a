//! Few numbers for many: rows of a sparse matrix, their truncated singular value decomposition, and principal components of dense ones.

pub(super) mod centred;
pub(super) mod principal;
pub(super) mod projection;
pub(super) mod rows;
pub(super) mod singular;
