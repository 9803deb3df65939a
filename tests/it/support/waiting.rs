//! A window that is drawn until something is so.

use std::time::{Duration, Instant};

use egui_kittest::Harness;
use eigenscope::app::App;

/// Longer than anything takes that is waited for, also where everything else is at work.
const LONGEST: Duration = Duration::from_mins(2);

/// Draws frames of a window whose engine computes until it is so.
pub(crate) fn until(window: &mut Harness<'static, App>, what: &str, done: impl Fn(&App) -> bool) {
    until_drawn(window, what, |window| done(window.state()));
}

/// The same for what is seen in it. A frame that learns of something draws it in the next: what is asked of the window afterwards is on it.
pub(crate) fn until_drawn(
    window: &mut Harness<'static, App>,
    what: &str,
    done: impl Fn(&Harness<'static, App>) -> bool,
) {
    let deadline = Instant::now() + LONGEST;
    while !done(window) {
        let app = window.state();
        let changed = app.job().recipe.changed();
        assert!(Instant::now() < deadline, "{what}: still {:?}, {:?}; {changed:?}", app.run().phase, app.run().error);
        window.run_steps(1);
        std::thread::sleep(Duration::from_millis(4));
    }
    window.run_steps(4);
}
