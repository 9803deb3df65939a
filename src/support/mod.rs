//! What every other floor stands on and that knows none of them: errors, progress, random streams, numbers and nouns as text, memory,
//! threads.

pub mod clock;
pub mod error;
pub mod faults;
pub(crate) mod gram_schmidt;
pub(crate) mod language;
pub mod logging;
pub(crate) mod matrix_serde;
pub(crate) mod memory;
pub(crate) mod number;
pub(crate) mod plain;
pub(crate) mod priority;
pub mod progress;
pub mod random;
pub(crate) mod text_file;
pub(crate) mod threads;
pub(crate) mod wide;
pub(crate) mod words_serde;
