//! All that a person did, apart from what a solver said: names, colours, merged and split clusters, assigned rows, the selection, the
//! settings, each step of them to and fro, and the file they are kept in.

mod data_ref;
pub mod ease;
pub mod edits;
pub mod file;
pub mod history;
pub mod journal;
pub mod labelled;
pub mod lookup;
pub mod marks;
pub mod query;
pub mod remembered;
pub mod review;
pub mod rows;
pub mod runs;
mod sections;
pub mod stored;
mod varint;

pub use data_ref::DataRef;
pub use ease::{Ease, MotionChoice};
pub use edits::{Change, Deed, Document, Edit, Group, GroupId, Saved, Side};
pub use file::{
    MOST_QUERIES, Project, ViewState, has_results, read_project, read_stored, read_stored_runs, write_project,
    write_project_and_runs, write_project_with,
};
pub use history::{History, Step};
pub use journal::{Did, Journal, Kept};
pub use labelled::{Entry, Keys, Labelled, free_name};
pub use marks::{Mark, Marks};
pub use remembered::{Layout, Remembered, Theme};
pub use rows::Rows;
pub use runs::{RunChange, RunEnd, RunId, RunRecord, Runs};
pub use stored::{Course, Stored, StoredPicture};
