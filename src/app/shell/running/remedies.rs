//! Ways out of an error, as buttons: each changes a setting, or asks for the file it wants, and tries again.

use eframe::egui;

use crate::Recipe;
use crate::app::kit::spoken::{named, with_value};
use crate::app::panels::purpose;
use crate::app::shell::state::App;
use crate::support::error::{Remedy, Value};

/// More buttons than these say less.
const MOST: usize = 3;

impl App {
    /// What helps against the error shown: what it says itself, else the defaults of the settings it names.
    pub(in crate::app::shell) fn ways_out(&self) -> Vec<Remedy> {
        let mut ways = self.run.remedies.clone();
        if let Some(error) = self.run.error.as_deref().filter(|_| ways.is_empty()) {
            let (changed, defaults) = (self.failed_recipe().changed(), Recipe::default().values());
            for knob in named(error) {
                let default = defaults.iter().find(|(flag, _)| flag == knob.flag);
                if let Some((_, value)) = default.filter(|_| changed.iter().any(|(flag, _)| flag == knob.flag)) {
                    ways.push(Remedy::set(knob.flag, value, "is the default", with_value(knob, value)));
                }
            }
        }
        ways.truncate(MOST);
        ways
    }

    /// Takes what was chosen for a setting, and tries again what failed for want of it.
    pub(in crate::app::shell) fn chosen(&mut self, flag: &str, set: impl FnOnce(&mut Recipe)) {
        if self.run.error.is_some() && self.run.remedies.iter().any(|way| way.flag == flag) {
            let mut recipe = self.failed_recipe().clone();
            set(&mut recipe);
            self.try_again_with(recipe);
        } else {
            set(&mut self.job.recipe);
        }
    }

    /// Changes what a way out changes and tries again; one that needs a file or folder asks for it first.
    pub(in crate::app::shell) fn take_way_out(&mut self, ctx: &egui::Context, way: &Remedy) {
        match &way.value {
            Value::Chosen(_) => {
                self.dialogs.ask(ctx, purpose(way.flag), "");
            }
            Value::Downloaded(set) => self.download(ctx, set),
            Value::Set(value) => match self.failed_recipe().with(way.flag, Some(value)) {
                Ok(recipe) => self.try_again_with(recipe),
                Err(error) => self.notices.say(ctx, crate::app::shell::frame::notices::Grade::Bad, error.to_string()),
            },
        }
    }
}
