//! What leaves the program: labelled tables, the summary, figures, and the colours they share with the window.

mod atomic;
mod charts;
mod figures;
#[cfg(test)]
mod fixture;
mod labels;
pub mod palette;
mod raster;
mod scatter;
mod summary;
mod svg;

pub use atomic::write_atomically;
pub use figures::write_figures;
pub use labels::{LabelOptions, write_labels};
pub use summary::{Summary, Totals};
