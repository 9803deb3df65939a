//! The window: panels (what you turn), views (what you look at), points on the screen, theme.

pub mod gpu;
pub mod theme;
pub mod views;
