//! The window: panels (what you turn), views (what you look at), points on the screen, commands, theme.
//!
//! Nothing here computes a result: an [`engine::Engine`] is sent jobs and gives events and snapshots, which the window
//! shows. A frame is drawn when something changed, and not otherwise.

pub mod axes;
mod banner;
pub mod bench;
mod carried;
pub mod centre;
pub mod coloring;
pub mod commands;
pub mod compare;
pub mod dialogs;
pub mod dock;
mod ended;
pub mod engine;
pub mod export;
mod files;
mod find;
#[cfg(test)]
mod fixture;
pub mod focus;
pub mod format;
pub mod gpu;
pub mod help;
pub mod icon;
pub mod icons;
pub mod inspect;
mod jobs;
pub mod later;
mod leave;
pub mod names;
pub mod notices;
pub mod palette;
pub mod panels;
mod paths;
mod picture;
pub mod prompt;
mod remedies;
mod rename;
pub mod run;
pub mod shoot;
mod start;
mod state;
pub mod theme;
mod top;
mod units;
pub mod views;
pub mod watch;
mod window;

pub use start::{Options, SMALLEST, open, run_engine};
pub use state::{App, ThemeChoice};
