//! Bad days: damaged files, full disks, closed streams, kills, two processes on one file.
//!
//! By default this takes about two minutes. `EIGENSCOPE_BAD_DAYS=3600 cargo test --release --test bad_days` takes an hour, and
//! `EIGENSCOPE_BAD_SEED` draws other cases; a failure names the seed and keeps the file that caused it.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod budget;
mod files;
mod flips;
mod mutate;
mod program;
mod readers;
mod resume;
mod streams;
mod table;
