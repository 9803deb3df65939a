//! Files that come in and go out: dropped ones, recipes, the labelled table.

use std::path::{Path, PathBuf};

use eframe::egui;

use crate::Recipe;
use crate::app::files::dialogs::{Purpose, offered};
use crate::app::files::export;
use crate::app::files::exporting::Exporting;
use crate::app::shell::leave::Away;
use crate::app::shell::notices::Grade;
use crate::app::shell::state::App;
use crate::data::Own;
use crate::data::Source;
use crate::output::{Comparison, guard, reads_again, write_atomically};
use crate::pipeline::Job;
use crate::support::progress::Progress;
use crate::support::text_file::{LONGEST_RECIPE, read_text};

impl App {
    /// Opens a file that was dropped on the window.
    pub(super) fn take_dropped(&mut self, ctx: &egui::Context) {
        let dropped: Vec<PathBuf> = ctx.input(|i| i.raw.dropped_files.iter().map(|f| f.path().to_owned()).collect());
        if dropped.len() > 1 {
            self.notices.say(ctx, Grade::Note, "Several files were dropped; the first one is opened");
        }
        if let Some(path) = dropped.into_iter().next() {
            self.leave(ctx, Away::File(path));
        }
    }

    /// A recipe sets the panels, a comparison is shown; anything else is data.
    pub(super) fn open_path(&mut self, ctx: &egui::Context, path: PathBuf) {
        let done = match Own::of(&path) {
            Some(Own::Comparison) => self.open_comparison(&path),
            Some(Own::Recipe) => self.take_recipe(ctx, &path),
            Some(Own::Project) => self.open_project(ctx, &path),
            Some(Own::Roles) => self.take_roles(ctx, &path),
            // What is no data leaves what is shown alone.
            Some(own) => Err(crate::Error::format(&path, own.sentence())),
            None => {
                self.show_source(Source::Path(path));
                Ok(())
            }
        };
        if let Err(error) = done {
            self.notices.say(ctx, Grade::Bad, error.to_string());
        }
    }

    /// A recipe's settings into the panels.
    fn take_recipe(&mut self, ctx: &egui::Context, path: &Path) -> crate::Result<()> {
        self.set_job(Job { recipe: read_recipe(path)?, ..self.job.clone() });
        self.notices.say(ctx, Grade::Good, format!("Settings taken from {}", path.display()));
        Ok(())
    }

    /// Asks for a path.
    pub(super) fn ask_path(&mut self, ctx: &egui::Context, purpose: Purpose) {
        self.dialogs.ask(ctx, purpose, offered(purpose));
    }

    /// A person chose a path for this.
    pub fn answered(&mut self, ctx: &egui::Context, purpose: Purpose, path: PathBuf) {
        let done = match purpose {
            Purpose::Open => return self.leave(ctx, Away::File(path)),
            Purpose::OpenFolder => return self.leave(ctx, Away::Source(Source::Path(path))),
            Purpose::DataFolder => return self.chosen("data-dir", |recipe| recipe.data_dir = Some(path)),
            Purpose::AffinityFile => return self.chosen("affinity-file", |recipe| recipe.affinity_file = Some(path)),
            Purpose::FindData => return self.found_data(ctx, path),
            purpose if self.reads(&path) => return self.refuse_to_write(ctx, purpose, &path),
            Purpose::Screenshot => return self.shoot.soon(path),
            Purpose::SaveProject => return self.save_to(ctx, path),
            Purpose::SaveRecipe => save_recipe(&path, &self.job.recipe),
            Purpose::SaveRoles => self.save_roles(&path),
            Purpose::SaveComparison => self.save_comparison(&path),
            Purpose::Export if self.result().is_some_and(|shown| reads_again(shown)) => {
                return self.export_beside(ctx, path);
            }
            Purpose::Export => self.export(ctx, &path),
            Purpose::ExportModel => return self.export_model(ctx, path),
        };
        let half = self.step_words().filter(|_| purpose == Purpose::Export);
        match done {
            Ok(()) => match half {
                Some(step) => {
                    let text = format!("Saved {} as it stood at {step}: the training had not ended", path.display());
                    self.notices.say(ctx, Grade::Note, text);
                }
                None => self.notices.say(ctx, Grade::Good, format!("Saved {}", path.display())),
            },
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
    }

    /// Whether a path is a file that what is shown was read from.
    fn reads(&self, path: &Path) -> bool {
        guard::inputs(&self.job.source, &self.job.recipe).iter().any(|input| guard::same_file(input, path))
    }

    fn refuse_to_write(&mut self, ctx: &egui::Context, purpose: Purpose, path: &Path) {
        let text = format!("{} is the data that is open, and nothing was written; choose another name", path.display());
        self.notices.say(ctx, Grade::Bad, text);
        self.ask_path(ctx, purpose);
    }

    /// Writes the comparison as it stands.
    fn save_comparison(&self, path: &Path) -> crate::Result<()> {
        self.compare.result().map_or(Ok(()), |(job, entries)| Comparison::new(job, entries).write(path))
    }

    /// Shows a saved comparison. The paths in it may be a stranger's: nothing is read from them until the person says so.
    fn open_comparison(&mut self, path: &Path) -> crate::Result<()> {
        let read = Comparison::read(path)?;
        self.compare.show(Job { source: Source::of(&read.data), recipe: read.recipe }, read.entries);
        Ok(())
    }

    /// Writes the labelled table of what is shown.
    fn export(&mut self, ctx: &egui::Context, path: &Path) -> crate::Result<()> {
        let Some(snapshot) = self.result() else { return Ok(()) };
        let marks = (&self.labels, &self.centre.selection);
        let notes = export::labels(path, snapshot, marks, &Progress::silent())?;
        self.exports.last = self.as_it_stands();
        for note in notes {
            self.notices.say(ctx, Grade::Note, note);
        }
        Ok(())
    }

    /// The same where the source is read once more: on a thread of its own.
    fn export_beside(&mut self, ctx: &egui::Context, path: PathBuf) {
        let Some(snapshot) = self.result().cloned() else { return };
        let (labels, selection) = (self.labels.clone(), self.centre.selection.clone());
        let write = move |path: &Path, progress: &Progress<'_>| {
            export::labels(path, &snapshot, (&labels, &selection), progress)
        };
        let stands = self.as_it_stands();
        self.write_beside(ctx, path, stands, write);
    }

    /// Writes the model of what is shown, on a thread of its own.
    fn export_model(&mut self, ctx: &egui::Context, path: PathBuf) {
        let Some(snapshot) = self.result().cloned() else { return };
        let labels = self.labels.clone();
        self.write_beside(ctx, path, None, move |path, _| export::model(path, &snapshot, &labels));
    }

    fn write_beside(
        &mut self,
        ctx: &egui::Context,
        path: PathBuf,
        stands: Option<[u64; 3]>,
        write: impl FnOnce(&Path, &Progress<'_>) -> crate::Result<Vec<String>> + Send + 'static,
    ) {
        // Another one that is on its way ends first.
        self.exports.running = None;
        match Exporting::start(ctx, path, stands, write) {
            Ok(exporting) => self.exports.running = Some(exporting),
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
    }

    /// Says what came of a file that was on its way.
    pub(super) fn hear_export(&mut self, ctx: &egui::Context) {
        let Some(told) = self.exports.running.as_ref().and_then(Exporting::ended) else { return };
        let Some(exporting) = self.exports.running.take() else { return };
        match told {
            Ok(notes) => {
                if exporting.stands.is_some() {
                    self.exports.last = exporting.stands;
                }
                self.notices.say(ctx, Grade::Good, format!("Saved {}", exporting.path.display()));
                for note in notes {
                    self.notices.say(ctx, Grade::Note, note);
                }
            }
            Err(crate::Error::Cancelled) => {
                let text = format!("{} was not written: the export was cancelled", exporting.path.display());
                self.notices.say(ctx, Grade::Note, text);
            }
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
    }
}

/// Whether a file holds settings.
pub(super) fn is_recipe(path: &Path) -> bool {
    matches!(Own::of(path), Some(Own::Recipe | Own::Roles))
}

/// Reads settings from a file.
pub(super) fn read_recipe(path: &Path) -> crate::Result<Recipe> {
    let text = read_text(path, LONGEST_RECIPE)?;
    toml::from_str(&text).map_err(|e| crate::Error::format(path, e.message()))
}

/// Writes every setting, so that the command line repeats the run.
fn save_recipe(path: &Path, recipe: &Recipe) -> crate::Result<()> {
    let text = toml::to_string_pretty(recipe).map_err(|e| crate::Error::format(path, e.to_string()))?;
    write_atomically(path, |w| w.write_all(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{Auto, Hidden, Scale};

    #[test]
    fn a_saved_recipe_comes_back() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("recipe.toml");
        let recipe = Recipe {
            neighbors: crate::recipe::Auto::Set(22),
            lr: Auto::Set(0.004),
            scale: Scale::Fixed(0.3),
            hidden: Hidden::Layers(vec![64, 32]),
            ..Recipe::default()
        };
        save_recipe(&path, &recipe).expect("written");
        assert_eq!(read_recipe(&path).expect("read"), recipe);
        std::fs::write(&path, "neighbours = 3").expect("written");
        let error = read_recipe(&path).expect_err("an unknown setting").to_string();
        assert!(error.contains("recipe.toml") && error.contains("neighbours"), "{error}");
    }
}
