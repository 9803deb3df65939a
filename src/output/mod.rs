//! What leaves the program: labelled tables, the summary, figures, and the colours they share with the window.

mod applied;
mod atomic;
mod charts;
mod comparison;
mod figures;
#[cfg(test)]
mod fixture;
pub mod guard;
mod labels;
mod model;
pub mod palette;
mod raster;
mod scatter;
mod semi;
mod summary;
mod svg;

pub use applied::write_applied;
pub use atomic::write_atomically;
pub use comparison::Comparison;
pub use figures::write_figures;
pub use labels::{LabelOptions, write_labels};
pub use model::{read_model, write_model};
pub use semi::SemiSupervised;
pub use summary::{Summary, Totals};
