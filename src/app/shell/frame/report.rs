//! A report for whoever is asked for help: versions, adapter, settings, the last messages. Nothing of the data, and of a path no more than its
//! last name.

use std::fmt::Write as _;
use std::path::Path;

use eframe::egui;

use super::notices::Grade;
use crate::app::shell::state::App;
use crate::data::Source;
use crate::support::logging::discreet;
use crate::support::{faults, logging, memory, number};

/// Messages of the window that are told.
const MOST_NOTICES: usize = 20;

impl App {
    /// Puts the report on the clipboard.
    pub(in crate::app::shell) fn copy_report(&mut self, ctx: &egui::Context) {
        ctx.copy_text(self.report());
        let text = "The report is on the clipboard: versions, adapter, settings, last messages; no data and no folders";
        self.notices.say(ctx, Grade::Good, text);
    }

    /// Says what ended the last session, if a fault did or came near it.
    pub(in crate::app::shell) fn tell_fault(&mut self, ctx: &egui::Context, folder: &Path) {
        let Some(fault) = faults::untold(folder) else { return };
        log::warn!("the last session had a fault");
        let what = fault.lines().nth(1).map_or_else(String::new, |line| format!(" ({})", discreet(line)));
        let text = format!("The program had a fault in its last session{what}; Copy report in the help has it");
        self.notices.say(ctx, Grade::Bad, text);
    }

    /// The report.
    #[must_use]
    pub fn report(&self) -> String {
        let mut text = format!(
            "Eigenscope {} on {}, {}\n",
            env!("CARGO_PKG_VERSION"),
            std::env::consts::OS,
            std::env::consts::ARCH
        );
        let shown = self.run.shown.as_deref();
        let device = shown.map_or("", |shown| shown.device.as_str());
        let held = memory::held().map_or_else(|| "unknown".to_owned(), |held| number::bytes(held as usize));
        let data = match &self.job.source {
            Source::Named(name) => name.clone(),
            Source::Path(path) => path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned()),
            Source::Painted(_) => self.job.source.to_string(),
        };
        let size = shown.filter(|shown| shown.job.source == self.job.source);
        let size = size.map_or_else(String::new, |s| format!(", {}", number::dimensions(s.data.len(), s.data.dim())));
        let _ = writeln!(text, "draws with: {}", self.adapter.as_deref().unwrap_or("unknown"));
        let _ = writeln!(text, "trains on: {}", if device.is_empty() { "nothing yet" } else { device });
        let _ = writeln!(text, "memory held: {held}");
        let _ = writeln!(text, "data: {data}{size}");
        let _ = writeln!(text, "state: {:?}, {}", self.run.phase, self.run_words());
        let _ = writeln!(text, "settings: {}", self.settings_changed());
        if let Some(error) = &self.run.error {
            let _ = writeln!(text, "error: {}", discreet(error));
        }
        let notices = &self.notices.all;
        section(&mut text, "messages", notices[notices.len().saturating_sub(MOST_NOTICES)..].iter().map(|(_, t)| t));
        section(&mut text, "log", logging::recent());
        if let Some(fault) = self.keep.folder.as_deref().and_then(faults::last) {
            section(&mut text, "last fault", fault.lines().take(2));
        }
        text
    }

    /// The stages that are done.
    fn run_words(&self) -> String {
        let stages = self.run.done.iter().map(|done| format!("{} {:.2} s", done.stage.name(), done.seconds));
        stages.collect::<Vec<_>>().join(", ")
    }

    /// The settings that are not at their defaults, as flags.
    fn settings_changed(&self) -> String {
        let flags = self.job.recipe.changed().into_iter().map(|(flag, value)| format!("--{flag}={}", discreet(&value)));
        let flags = flags.collect::<Vec<_>>().join(" ");
        if flags.is_empty() { "defaults".to_owned() } else { flags }
    }
}

fn section<T: AsRef<str>>(text: &mut String, title: &str, lines: impl IntoIterator<Item = T>) {
    let mut lines = lines.into_iter().peekable();
    if lines.peek().is_some() {
        let _ = writeln!(text, "\n{title}:");
    }
    for line in lines {
        let _ = writeln!(text, "  {}", discreet(line.as_ref()));
    }
}
