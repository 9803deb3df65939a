//! Bad days: damaged files, full disks, closed streams, kills, two processes on one file.
//!
//! By default this takes about two minutes. `EIGENSCOPE_BAD_DAYS=3600 cargo test --release --test it bad_days` takes an hour, and
//! `EIGENSCOPE_BAD_SEED` draws other cases; a failure names the seed and keeps the file that caused it.

pub(crate) mod budget;
mod cbor;
mod endless;
pub(crate) mod files;
mod flips;
mod mutate;
mod program;
mod readers;
mod resume;
mod streams;
mod table;
