//! The window itself: its state, its layout, the bar on top, the palette, help and notices, and the way of jobs to the engine and back.
//! It puts the parts together, and of them only the benches know it.

mod banner;
mod carried;
mod columns;
mod commands;
mod downloading;
mod ended;
pub mod engine;
mod exports;
pub mod help;
pub mod icon;
mod jobs;
mod journaling;
mod keeping;
mod labelling;
mod leave;
mod live;
pub mod notices;
mod opening;
mod pages;
pub mod palette;
mod picture;
mod remedies;
mod rename;
mod report;
mod restore;
mod review;
mod runs;
mod settle;
pub mod shoot;
pub(in crate::app) mod start;
pub(in crate::app) mod state;
mod steps;
mod storing;
mod top;
pub mod watch;
mod window;
