//! The window: panels (what you turn), views (what you look at), points on the screen, theme.

pub mod gpu;
pub mod theme;
pub mod views;

/// stub
#[derive(Debug)]
pub struct Options { pub screenshot: Option<std::path::PathBuf>, pub size: Option<[f32;2]>, pub theme: String }
/// stub
pub fn run(_: crate::learn::Job, _: Options) -> crate::Result<()> { Ok(()) }
