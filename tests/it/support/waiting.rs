//! A window that is drawn until something is so.

use std::time::{Duration, Instant};

use egui_kittest::Harness;
use eigenscope::app::App;

/// Longer than anything takes that is waited for, also where everything else is at work.
const LONGEST: Duration = Duration::from_mins(2);

/// Draws frames of a window whose engine computes until it is so.
pub(crate) fn until(window: &mut Harness<'static, App>, what: &str, done: impl Fn(&App) -> bool) {
    let deadline = Instant::now() + LONGEST;
    while !done(window.state()) {
        let app = window.state();
        let changed = app.job().recipe.changed();
        assert!(Instant::now() < deadline, "{what}: still {:?}, {:?}; {changed:?}", app.run().phase, app.run().error);
        window.run_steps(1);
        std::thread::sleep(Duration::from_millis(4));
    }
    window.run_steps(2);
}
