//! Labels that a person gave, handed to the solvers as known ones: written to a file that the next training reads.

use std::path::Path;

use eframe::egui;

use crate::Result;
use crate::app::files::known_labels;
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::App;
use crate::app::shown::labels::side;
use crate::output::write_known;
use crate::pipeline::Job;
use crate::project::marks::Run;
use crate::recipe::Recipe;
use crate::support::language::counted;

impl App {
    /// Rows that a person assigned or accepted, each with the name of its label; nothing where there are too few to be of use.
    pub(in crate::app::shell) fn known_labels(&self) -> Option<Vec<(u32, String)>> {
        let (by, snapshot) = (self.edits_by()?, self.run.shown.as_ref()?);
        Some(known_labels(by, &self.labels, snapshot)).filter(|known| known.len() > 1)
    }

    /// Whether a person said of two rows or more what they are.
    pub(in crate::app::shell) fn can_teach(&self) -> bool {
        let side = self.edits_by().and_then(side);
        let marks = side.map(|side| self.labels.document().layer(side).marks());
        marks.is_some_and(|marks| {
            let rows = |run: &Run| (run.end - run.start) as usize;
            marks.runs().iter().filter(|run| run.mark.group().is_some()).map(rows).sum::<usize>() > 1
        })
    }

    /// Writes them, and lets the next training know them.
    pub(in crate::app::shell) fn teach(&mut self, ctx: &egui::Context, path: &Path) -> Result<()> {
        let Some(known) = self.known_labels() else { return Ok(()) };
        write_known(path, known.iter().map(|(row, name)| (*row, name.as_str())))?;
        let recipe = Recipe { known_labels: Some(path.to_owned()), labelled: 0.0, ..self.job.recipe.clone() };
        self.set_job(Job { recipe, ..self.job.clone() });
        let text =
            format!("The next training knows the labels of {}: it is semi-supervised", counted(known.len(), "row"));
        self.notices.say(ctx, Grade::Note, text);
        Ok(())
    }
}
