//! What is shown of a run, without a widget: where it stands and its curves, what colours the points, what their axes are, names of
//! clusters, what can be said of each row. Views, panels, tables, cards and files all read it.

pub mod axes;
pub mod coloring;
pub mod contour;
pub mod edges;
pub mod fields;
#[cfg(test)]
pub(in crate::app) mod fixture;
pub mod labels;
pub mod motion;
pub mod picture;
pub mod pins;
pub mod plane;
pub mod run;
pub mod second;
pub mod spaces;
pub mod summed;
pub(in crate::app) mod units;
