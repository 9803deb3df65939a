//! What comes in and goes out: data, models, examples, downloads, exports.

pub(super) mod applying;
pub(super) mod carried;
pub(super) mod columns;
pub(super) mod downloading;
pub(super) mod example;
pub(super) mod exports;
pub(super) mod opening;
