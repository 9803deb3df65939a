//! Progress on stderr: a line a stage, rewritten in place on a terminal.

use std::io::IsTerminal as _;
use std::sync::Mutex;
use std::time::Instant;

use super::say;
use crate::pipeline::{Event, Snapshot, Watcher};
use crate::support::plain;

/// Writes what happens to stderr.
#[derive(Debug)]
pub(super) struct Terminal {
    quiet: bool,
    live: bool,
    last: Mutex<Instant>,
}

impl Terminal {
    pub(super) fn new(quiet: bool) -> Self {
        Self { quiet, live: std::io::stderr().is_terminal(), last: Mutex::new(Instant::now()) }
    }

    /// A line that stays.
    pub(super) fn line(&self, text: &str) {
        let clear = if self.live { "\r\x1b[K" } else { "" };
        say::err(&format!("{clear}{}", plain::line(text)));
    }

    /// Something the person should know.
    pub(super) fn note(&self, note: &str) {
        if !self.quiet {
            self.line(&format!("note: {note}"));
        }
    }

    /// Whether nothing but errors is to be said.
    pub(super) fn is_quiet(&self) -> bool {
        self.quiet
    }

    /// At most ten times a second, and only where the line can be rewritten.
    pub(super) fn rewrite(&self, text: &str) {
        let Ok(mut last) = self.last.lock() else { return };
        if self.live && last.elapsed().as_millis() > 100 {
            *last = Instant::now();
            say::err_piece(&format!("\r\x1b[K{}", plain::line(text)));
        }
    }
}

impl Watcher for Terminal {
    fn event(&self, event: Event) {
        event.write_down();
        if self.quiet {
            return;
        }
        match event {
            Event::Progress(stage, fraction, note) => {
                self.rewrite(&format!("{:<11}{:3.0} % {note}", stage.name(), 100.0 * fraction));
            }
            Event::Done { stage, seconds, .. } => self.line(&format!("{:<11}{seconds:8.2} s", stage.name())),
            Event::Note(note) => self.note(&note),
            Event::Comparing { space, seed, run, runs } => {
                self.line(&format!("run {run} of {runs}: {}, seed {seed}", space.title()));
            }
            Event::Prepared(p) => self.rewrite(&format!("{:<11}step {} loss {:.4}", p.stage.name(), p.step, p.loss)),
            Event::Curve(p) if p.recall.is_some() => self.rewrite(&format!(
                "learn      step {} loss {:.4} recall {:.3}",
                p.step,
                p.loss,
                p.recall.unwrap_or_default()
            )),
            Event::Curve(p) => self.rewrite(&format!(
                "learn      step {} loss {:.4} orthogonality {:.3}{}",
                p.step,
                p.loss,
                p.orthogonality_batch,
                p.grassmann.map_or_else(String::new, |g| format!(" Grassmann {g:.4}"))
            )),
            Event::Terms(_)
            | Event::Started
            | Event::Stopped(_)
            | Event::Paused(_)
            | Event::Finished
            | Event::Failed(_)
            | Event::Compared(_)
            | Event::ComparisonEnded(_)
            | Event::Sweeping { .. }
            | Event::Probed(_)
            | Event::SweepEnded(_) => {}
        }
    }

    fn snapshot(&self, _: Snapshot) {}
}
