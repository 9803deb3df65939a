//! What leaves the program: labelled tables, the summary, figures, and the colours they share with the window.

mod applied;
mod atomic;
mod charts;
mod columns;
mod comparison;
mod curves;
mod deliver;
mod every_row;
mod excel;
mod figures;
#[cfg(test)]
pub(crate) mod fixture;
mod frame;
mod growing;
pub mod guard;
mod labels;
mod model;
mod npz;
mod numbering;
mod onnx;
pub mod palette;
mod picture;
mod raster;
mod readme;
mod results;
mod scatter;
mod semi;
mod summary;
mod svg;

pub use applied::Applied;
pub use atomic::{check_folder, check_writable, write_atomically};
pub use comparison::Comparison;
pub use curves::write_curves;
pub use every_row::{Preview, preview, reads_again, write_every_row};
pub use figures::{Figure, ViewFigure, write_figure, write_figures};
pub use frame::TableFormat;
pub use labels::{Chosen, Edited, LabelOptions, write_labels};
pub use model::{model_of_bytes, model_to_bytes, read_model, write_model};
pub use numbering::cluster_colours;
pub use onnx::{Form, OnnxFacts, OnnxOptions, write_onnx};
pub use picture::WIDTHS as PICTURE_WIDTHS;
pub use readme::{About, readme_of, write_readme};
pub use results::Results;
pub use semi::SemiSupervised;
pub use summary::{Summary, Totals};
