//! What every part of the window is made of: theme, icons, commands with their keys, the keyboard's ways, the control of a number, words
//! for settings. It knows no part of the window and nothing of a run.

pub mod ahead;
pub(in crate::app) mod caption;
pub mod combo;
pub mod commands;
pub(in crate::app) mod dial;
pub mod ease;
pub(in crate::app) mod find;
pub(in crate::app) mod fitting;
pub mod focus;
pub mod format;
pub mod icons;
pub(in crate::app) mod identity;
pub mod later;
pub(in crate::app) mod plot;
pub(in crate::app) mod refused;
pub mod said;
pub mod shapes;
pub(in crate::app) mod slider;
pub mod spoken;
pub mod standing;
pub mod task;
pub mod theme;
pub(in crate::app) mod ticks;
