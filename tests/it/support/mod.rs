//! What several tests need: folders and small files, the program, a run's listener, a window without a screen.

pub(crate) mod bytes;
pub(crate) mod desk;
pub(crate) mod listening;
pub(crate) mod mirror;
pub(crate) mod npy;
pub(crate) mod program;
pub(crate) mod render;
pub(crate) mod waiting;
