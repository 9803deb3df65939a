//! Columns with types, as Parquet and Arrow have them, on their way to features and back.

pub(super) mod arrays;
pub(super) mod arrow_stream;
pub(super) mod batches;
pub(super) mod filling;
pub(super) mod lists;
pub(super) mod native;
pub(super) mod outline;
pub(super) mod parquet_file;
pub(super) mod parquet_pages;
pub(super) mod rows;
pub(super) mod values;
pub(super) mod written;
