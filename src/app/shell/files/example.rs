//! The trained example that the window opens on: there before a person has waited, and said to be stored until they train or turn something.

use eframe::egui::{self, Ui};

use crate::app::kit::commands::UiCommand;
use crate::app::kit::format;
use crate::app::kit::standing::Standing;
use crate::app::shell::frame::banner::banner;
use crate::app::shell::state::App;
use crate::pipeline::{Command, Job, Stored, example};

impl App {
    /// Shows a stored training in the place of the data alone.
    pub fn show_example(&mut self, job: Job, stored: Stored) {
        self.job = job.clone();
        self.send(job.clone(), false, Command::Show(Box::new((job.clone(), stored))));
        self.example = Some(job);
    }

    /// Shows the stored example where the panels say what it was made with.
    pub(in crate::app::shell) fn open_example(&mut self) {
        match example() {
            Ok((job, stored)) if job == self.job => self.show_example(job, stored),
            Ok(_) => {}
            Err(error) => log::warn!("no stored example: {error}"),
        }
    }

    /// Whether what is shown is the stored example, and the panels say what it was made with.
    #[must_use]
    pub fn shows_example(&self) -> bool {
        self.example.as_ref() == Some(&self.job) && !self.run.phase.is_busy() && self.result().is_some()
    }

    /// Whether the example is on its way: its graph and the exact side are computed, and nothing is trained.
    pub(in crate::app::shell) fn opens_example(&self) -> bool {
        self.example.is_some() && self.run.phase.is_busy()
    }

    /// The example cannot be shown: its data alone then is. Whether that is so.
    pub(in crate::app::shell) fn gives_up_example(&mut self) -> bool {
        let there = self.example.take().is_some();
        if there {
            self.open();
        }
        there
    }

    /// What the bar says of the example, whatever the panels say by now: it was not trained here.
    pub(in crate::app::shell) fn example_words(&self) -> Option<String> {
        let example = self.example.as_ref().filter(|_| !self.run.phase.is_busy())?;
        let shown = self.result().filter(|shown| *shown.job == *example)?;
        let distance = shown.distance().map_or_else(String::new, |d| format!(" · distance {}", format::number(d)));
        Some(format!("Stored example · {}{distance}", format::counted(shown.step, "step")))
    }

    /// The strip that says so. Whether there was anything to say.
    pub(in crate::app::shell) fn example_ui(&mut self, ui: &mut Ui, ctx: &egui::Context) -> bool {
        if !self.shows_example() {
            return false;
        }
        let text = "A stored example, trained before";
        let detail = "Train repeats it from the seed; turn a setting and it follows, or open data of your own";
        match banner(ui, Standing::Stored, text, detail, &["Train it here", "Open a file"]) {
            Some(0) => self.start(),
            Some(_) => self.execute(ctx, UiCommand::Open),
            None => {}
        }
        true
    }
}
