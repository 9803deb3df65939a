//! The column sheet in the window: what it is told, what it asks for, and the file of roles.

use std::path::Path;

use eframe::egui;

use crate::app::files::dialogs::Purpose;
use crate::app::sheet::{Around, SheetAsk};
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::App;
use crate::app::shown::run::Phase;
use crate::data::{roles_file, with_roles};
use crate::output::write_atomically;
use crate::pipeline::Job;
use crate::recipe::columns::read_roles;

impl App {
    /// The sheet, if it is open.
    pub(in crate::app::shell) fn columns_ui(&mut self, ctx: &egui::Context) {
        let opening = self.run.phase == Phase::Opening;
        // Without a result the settings of the data are loaded into the views anyway.
        let aside = self.result().is_some() || self.run.phase.is_busy() && !opening;
        let shown = self.run.shown.clone();
        let error = self.run.error.clone();
        let busy = self.run.phase.is_busy() && !opening;
        let (shown, error) = (shown.as_ref(), error.as_deref());
        let mut around = Around { job: &mut self.job, shown, aside, opening, busy, error };
        match self.sheet.ui(ctx, &mut around) {
            Some(SheetAsk::Save) => self.ask_path(ctx, Purpose::SaveRoles),
            Some(SheetAsk::Train) => {
                self.sheet.open = false; // It would hide what it began.
                self.train(ctx);
            }
            None => {}
        }
    }

    /// Writes what is decided of the columns.
    pub(super) fn save_roles(&self, path: &Path) -> crate::Result<()> {
        let Some(outline) = self.sheet.outline() else {
            return Err(crate::Error::Data("the data that is open has no columns to decide".to_owned()));
        };
        let text = roles_file(&self.job.recipe, &outline)?;
        write_atomically(path, |w| w.write_all(text.as_bytes()))
    }

    /// The decisions of a file of roles into the panels.
    pub(super) fn take_roles(&mut self, ctx: &egui::Context, path: &Path) -> crate::Result<()> {
        let recipe = with_roles(&self.job.recipe, &read_roles(path)?);
        self.set_job(Job { recipe, ..self.job.clone() });
        self.notices.say(ctx, Grade::Good, format!("Roles of columns taken from {}", path.display()));
        Ok(())
    }
}
