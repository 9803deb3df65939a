//! The window itself: its state, its layout, the bar on top, the palette, help and notices, and the way of jobs to the engine and back.
//! It puts the parts together, and of them only the benches know it.

mod asked;
mod coming;
mod commands;
pub mod engine;
mod files;
pub mod frame;
mod labels;
mod lessons;
mod painting;
mod project;
pub mod running;
pub mod shoot;
pub(in crate::app) mod start;
pub(in crate::app) mod state;
pub mod watch;
