//! Files that come in and go out: dropped ones, recipes, the labelled table.

use std::path::{Path, PathBuf};

use eframe::egui;

use crate::Recipe;
use crate::app::files::dialogs::Purpose;
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::project::leave::Away;
use crate::app::shell::state::{App, name_of};
use crate::data::Own;
use crate::data::Source;
use crate::output::{Comparison, write_atomically};
use crate::pipeline::Job;
use crate::support::text_file::{LONGEST_RECIPE, read_text};

impl App {
    /// Opens a file that was dropped on the window.
    pub(in crate::app::shell) fn take_dropped(&mut self, ctx: &egui::Context) {
        let dropped: Vec<PathBuf> = ctx.input(|i| i.raw.dropped_files.iter().map(|f| f.path().to_owned()).collect());
        if self.asks() && !dropped.is_empty() {
            // What it asks about would be forgotten.
            return self.notices.say(ctx, Grade::Note, "A question waits for its answer: drop the file again after it");
        }
        if dropped.len() > 1 {
            self.notices.say(ctx, Grade::Note, "Several files were dropped; the first one is opened");
        }
        if let Some(path) = dropped.into_iter().next() {
            self.leave(ctx, Away::File(path));
        }
    }

    /// A recipe sets the panels, a comparison is shown, a model labels another file; anything else is data.
    pub(in crate::app::shell) fn open_path(&mut self, ctx: &egui::Context, path: PathBuf) {
        let done = match Own::of(&path) {
            Some(Own::Comparison) => self.open_comparison(&path),
            Some(Own::Recipe) => self.take_recipe(ctx, &path),
            Some(Own::Project) => self.open_project(ctx, path),
            Some(Own::Roles) => self.take_roles(ctx, &path),
            Some(Own::Model) => {
                self.apply_model(ctx, path);
                Ok(())
            }
            Some(Own::Lesson) => self.ask_for_lesson_file(ctx, &path),
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
    pub(in crate::app::shell) fn ask_path(&mut self, ctx: &egui::Context, purpose: Purpose) {
        let name = match purpose {
            // A folder of many tables has many projects.
            Purpose::SaveProject => format!("{}.eigenscope", name_of(&self.job.source)),
            // So has a folder of many files that a model labels.
            Purpose::ExportRows => self.second().map_or_else(
                || purpose.offered().to_owned(),
                |second| format!("{}-labels.csv", name_of(&Source::Path(second.path.clone()))),
            ),
            purpose => purpose.offered().to_owned(),
        };
        self.dialogs.ask(ctx, purpose, &name);
    }

    /// A file name in the folder of the data, where that is known: what belongs to a table is looked for beside it.
    pub(in crate::app::shell) fn beside_data(&self, name: &str) -> String {
        let Source::Path(path) = &self.job.source else { return name.to_owned() };
        let folder = std::path::absolute(path).ok().and_then(|path| path.parent().map(Path::to_owned));
        folder.map_or_else(|| name.to_owned(), |folder| folder.join(name).display().to_string())
    }

    /// A person chose a path for this.
    pub fn answered(&mut self, ctx: &egui::Context, purpose: Purpose, path: PathBuf) {
        let done = match purpose {
            Purpose::Open => return self.leave(ctx, Away::File(path)),
            Purpose::OpenFolder => return self.leave(ctx, Away::Source(Source::Path(path))),
            Purpose::DataFolder => return self.chosen("data-dir", |recipe| recipe.data_dir = Some(path)),
            Purpose::AffinityFile => return self.chosen("affinity-file", |recipe| recipe.affinity_file = Some(path)),
            Purpose::KnownLabels => return self.chosen("known-labels", |recipe| recipe.known_labels = Some(path)),
            Purpose::FindData => return self.found_data(ctx, path),
            Purpose::ApplyModel => return self.apply_model(ctx, path),
            Purpose::NewRows => return self.label_rows(ctx, path),
            purpose if self.reads(&path) => return self.refuse_to_write(ctx, purpose, &path),
            Purpose::Screenshot => return self.shoot.soon(path),
            Purpose::SaveProject => return self.save_to(ctx, path),
            Purpose::SaveRecipe => save_recipe(&path, &self.job.recipe),
            Purpose::SaveRoles => self.save_roles(&path),
            Purpose::SaveComparison => self.save_comparison(&path),
            Purpose::SavePainted => self.save_painted(&path),
            Purpose::Teach => self.teach(ctx, &path),
            Purpose::Export => return self.export(ctx, path),
            Purpose::Figure => return self.export_figure(ctx, path),
            Purpose::Animation => return self.export_animation(ctx, path),
            Purpose::Curves => return self.export_curves(ctx, path),
            Purpose::ExportModel => return self.export_model(ctx, path),
            Purpose::ExportRows => return self.export_rows(ctx, path),
        };
        match done {
            Ok(()) => self.notices.say(ctx, Grade::Good, format!("Saved {}", path.display())),
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
    }

    pub(super) fn refuse_to_write(&mut self, ctx: &egui::Context, purpose: Purpose, path: &Path) {
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
}

/// Whether a file holds settings.
pub(in crate::app::shell) fn is_recipe(path: &Path) -> bool {
    matches!(Own::of(path), Some(Own::Recipe | Own::Roles))
}

/// Reads settings from a file.
pub(in crate::app::shell) fn read_recipe(path: &Path) -> crate::Result<Recipe> {
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
