//! A model that labels another file: the one just trained, or one that was dropped or chosen. The rows land in the views as a second layer.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use eframe::egui;

use crate::app::centre::second::SecondAsk;
use crate::app::files::dialogs::Purpose;
use crate::app::files::export;
use crate::app::kit::format;
use crate::app::kit::task::Task;
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::App;
use crate::app::shown::second::{Second, Standing};
use crate::data::Own;
use crate::model::{Model, Side};
use crate::output::{TableFormat, apply_to_file, guard, read_model};
use crate::support::priority::give_way;
use crate::support::progress::Progress;
use crate::{Error, Result};

/// What is being applied.
#[derive(Debug, Default)]
pub(in crate::app::shell) struct Applying {
    /// The model that waits for a file to label, and the file that it is from.
    model: Option<(Arc<Model>, Option<PathBuf>)>,
    running: Option<Running>,
}

/// A model that is read, or a file that is labelled. Dropping it ends the work.
#[derive(Debug)]
struct Running {
    path: PathBuf,
    task: Task<Done>,
}

#[derive(Debug)]
enum Done {
    Model(Box<Model>),
    Rows(Box<Second>),
}

impl App {
    /// The rows of another file that are shown.
    #[must_use]
    pub fn second(&self) -> Option<&Arc<Second>> {
        self.centre.second.layer()
    }

    /// Where these rows stand among the samples, once that is known.
    #[must_use]
    pub fn standing(&self) -> Option<&Standing> {
        self.centre.second.standing()
    }

    /// The next file to label is labelled by this model.
    pub fn label_with(&mut self, model: Arc<Model>) {
        self.applying.model = Some((model, None));
    }

    /// Reads a model, which then asks for the file that it is to label.
    pub(super) fn apply_model(&mut self, ctx: &egui::Context, path: PathBuf) {
        if Own::of(&path) != Some(Own::Model) {
            let text = format!(
                "{} is no model; `Export model…` writes one as .eigenscope, and an ONNX file cannot be applied here",
                path.display()
            );
            return self.notices.say(ctx, Grade::Bad, text);
        }
        self.run_applying(ctx, path, |path, _| Ok(Done::Model(Box::new(read_model(path)?))));
    }

    /// Asks for a file that the model just trained is to label.
    pub(in crate::app::shell) fn label_another(&mut self, ctx: &egui::Context) {
        let Some(model) = self.result().and_then(|shown| export::named_model(shown, &self.labels)) else { return };
        if let Some(without) = export::without_moved(&model, &self.labels) {
            self.notices.say(ctx, Grade::Note, without);
        }
        self.label_with(model);
        self.ask_path(ctx, Purpose::NewRows);
    }

    /// Labels the file that was chosen.
    pub(super) fn label_rows(&mut self, ctx: &egui::Context, path: PathBuf) {
        if let Some((model, _)) = self.applying.model.clone() {
            self.label_rows_by(ctx, path, model, None);
        }
    }

    fn label_rows_by(&mut self, ctx: &egui::Context, path: PathBuf, model: Arc<Model>, by: Option<Side>) {
        self.run_applying(ctx, path, move |path, progress| {
            Ok(Done::Rows(Box::new(Second::read(path, model, by, progress)?)))
        });
    }

    fn run_applying(
        &mut self,
        ctx: &egui::Context,
        path: PathBuf,
        work: impl FnOnce(&Path, &Progress<'_>) -> Result<Done> + Send + 'static,
    ) {
        self.applying.running = None; // What is at work ends first.
        let of = path.clone();
        let task = Task::start(ctx, "apply", format!("labelling {}", path.display()), move |control| {
            give_way();
            work(&of, &Progress::new(control.clone(), &|_, _| ()))
        });
        match task {
            Ok(task) => self.applying.running = Some(Running { path, task }),
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
        ctx.request_repaint();
    }

    /// Says what came of a model or a file; once a frame.
    pub(in crate::app::shell) fn take_applied(&mut self, ctx: &egui::Context) {
        let ended = Task::take_ended(&mut self.applying.running, |running| &running.task);
        let Some((Running { path, .. }, done)) = ended else { return };
        match done {
            Ok(Done::Model(model)) => self.ask_rows(ctx, *model, path),
            Ok(Done::Rows(second)) => {
                let rows = format::counted(second.tally.rows, "row");
                self.notices.say(ctx, Grade::Good, format!("Labelled {rows} of {}", path.display()));
                self.centre.second.show(Some(Arc::from(second)));
            }
            Err(Error::Cancelled) => {
                self.notices.say(ctx, Grade::Note, format!("{} was not labelled: cancelled", path.display()));
            }
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
    }

    /// A model was read from a file: which rows is it to label?
    fn ask_rows(&mut self, ctx: &egui::Context, model: Model, from: PathBuf) {
        let columns = format::counted(model.reading.columns.len(), "column");
        let text = format!("{} reads {columns}: choose the file that it is to label", from.display());
        self.notices.say(ctx, Grade::Note, text);
        self.applying.model = Some((self.known_model(model), Some(from)));
        self.ask_path(ctx, Purpose::NewRows);
    }

    /// A model from a file with the names that its clusters have in the window, where it is the one shown and has none of its own.
    fn known_model(&self, model: Model) -> Arc<Model> {
        let shown = self.result().and_then(|shown| export::named_model(shown, &self.labels));
        let same = |shown: &Arc<Model>| {
            model.names.is_empty() && (&shown.learned, &shown.exact) == (&model.learned, &model.exact)
        };
        shown.filter(same).unwrap_or_else(|| Arc::new(model))
    }

    /// What is at work, for the strip above the views.
    pub(in crate::app::shell) fn applying_words(&self) -> Option<String> {
        let running = self.applying.running.as_ref()?;
        Some(format!("Labelling {}", running.path.display()))
    }

    /// Ends what is at work.
    pub(in crate::app::shell) fn cancel_applying(&mut self) {
        if let Some(running) = &self.applying.running {
            running.task.cancel();
        }
    }

    /// The entry of the second layer in the legend, and what is done there.
    pub(in crate::app::shell) fn second_ui(&mut self, ctx: &egui::Context, area: egui::Rect) {
        if crate::app::kit::focus::is_under_sheet(ctx) {
            return;
        }
        match self.centre.second.ui(ctx, area) {
            Some(SecondAsk::Export) => self.ask_path(ctx, Purpose::ExportRows),
            Some(SecondAsk::By(side)) => {
                if let Some(second) = self.second().cloned() {
                    self.label_rows_by(ctx, second.path.clone(), Arc::clone(&second.model), Some(side));
                }
            }
            Some(SecondAsk::Remove) => self.centre.second.show(None),
            None => {}
        }
    }

    /// Writes the labelled table of the file behind the second layer, read once more.
    pub(super) fn export_rows(&mut self, ctx: &egui::Context, path: PathBuf) {
        let Some(second) = self.second().cloned() else { return };
        let path = if TableFormat::named(&path).is_none() { path.with_extension("csv") } else { path };
        let from = self.applying.model.as_ref().and_then(|(_, from)| from.clone());
        let inputs = [Some(second.path.clone()), from];
        if let Some(input) = inputs.into_iter().flatten().find(|input| guard::same_file(input, &path)) {
            let text = format!("{} is read here, and nothing was written; choose another name", input.display());
            self.notices.say(ctx, Grade::Bad, text);
            return self.ask_path(ctx, Purpose::ExportRows);
        }
        let write = move |path: &Path, progress: &Progress<'_>| {
            apply_to_file(path, &second.path, (&second.model, second.first), progress)
        };
        self.write_beside(ctx, path, None, write);
    }
}
