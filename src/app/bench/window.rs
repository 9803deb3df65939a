//! `eigenscope bench window`: a real window on a job, which rests, trains and closes by itself.

use std::time::Duration;

use crate::app::shell::start::{Options, open};
use crate::app::shell::watch::{Watch, WindowCost};
use crate::pipeline::Job;
use crate::{Error, Result};

/// Opens a window on a job, lets it rest, turns its neighbours for `turn`, trains, closes it, and says what that took.
///
/// # Errors
/// When no window can be opened, or it was closed before the end.
pub fn window(job: Job, size: Option<[f32; 2]>, [rest, turn, most]: [Duration; 3]) -> Result<WindowCost> {
    let watch = Watch::new(rest, turn, most);
    open(job, &Options { size, watch: Some(watch.clone()), ..Options::default() })?;
    watch.cost().ok_or_else(|| Error::Device("the window was closed before all was measured".to_owned()))
}
