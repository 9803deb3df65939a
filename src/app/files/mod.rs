//! Files that come in and go out: the system's dialogs, or a path typed by hand where there are none, and the labelled table. What becomes
//! of a chosen file, the shell decides.

pub mod dialogs;
pub mod downloading;
mod edited;
pub mod export;
pub mod exporting;
mod paths;
pub mod prompt;
mod purpose;
pub mod recent;

pub(in crate::app) use edited::known_labels;
