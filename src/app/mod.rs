//! The window. Nothing here computes a result: an [`Engine`] is sent jobs and gives events and snapshots, which the window shows. A frame is
//! drawn when something changed, and not otherwise.
//!
//! A folder uses some of those before it in this list, and none behind it (`floors.rs` holds which):
//!
//! | folder | what it is |
//! |---|---|
//! | [`kit`] | what every part of the window is made of |
//! | [`gpu`] | points on the screen |
//! | [`views`] | scatter plot and matrix |
//! | [`shown`] | what is shown of a run: where it stands, colours, names, axes |
//! | [`files`] | files that come in and go out |
//! | [`panels`] | what you turn |
//! | [`paint`] | points of a person's own |
//! | [`centre`] | the three linked views, the point at hand, systems side by side |
//! | [`dock`] | the cards under the views |
//! | [`lesson`] | lessons: their files, what a question asks, a step beside the views |
//! | [`rows`] | the table of rows |
//! | [`select`] | selecting by a query, selections kept |
//! | [`inside`] | what sets a selection apart from the rest |
//! | [`sheet`] | the columns of the table, and what each is for |
//! | [`shell`] | the window itself, which puts the parts together |
//! | [`mod@bench`] | what a frame and a window cost |

pub mod bench;
pub mod centre;
pub mod dock;
pub mod files;
#[cfg(test)]
mod floors;
pub mod gpu;
pub mod inside;
pub mod kit;
pub mod lesson;
pub mod paint;
pub mod panels;
pub mod rows;
pub mod select;
pub mod sheet;
pub mod shell;
pub mod shown;
pub mod views;

pub use shell::engine::Engine;
pub use shell::start::{Options, SMALLEST, open, run_engine};
pub use shell::state::{App, ThemeChoice};
