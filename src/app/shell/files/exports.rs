//! What leaves the window: the sheet that chooses it, the files that are written on a thread of their own, and what came of them.

use std::path::{Path, PathBuf};

use eframe::egui;

use crate::app::files::dialogs::Purpose;
use crate::app::files::export::{self, TableWanted, readme_of};
use crate::app::files::exporting::Exporting;
use crate::app::kit::commands::UiCommand;
use crate::app::sheet::export::{ExportAsk, PictureOf, Shown};
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::{App, name_of};
use crate::output::{Figure, TableFormat, guard, write_animation, write_curves, write_figure};
use crate::support::progress::Progress;
use crate::{Error, Result};

impl App {
    /// The export sheet, if it is open.
    pub(in crate::app::shell) fn exports_ui(&mut self, ctx: &egui::Context) {
        let snapshot = self.result().cloned();
        let half =
            self.step_words().map(|at| format!("The training has not ended: what is written is as it stands at {at}"));
        let live = "The views follow the settings live; what is written is the result before it, which was trained";
        let warning = half.or_else(|| self.live().map(|_| live.to_owned()));
        let shown = snapshot.as_ref().map(|snapshot| Shown {
            snapshot,
            labels: &self.labels,
            selection: &self.centre.selection,
            running: self.exports.running.as_ref().map(Exporting::fraction),
            curves: !self.run.curve.is_empty(),
            warning,
        });
        match self.export_sheet.ui(ctx, shown.as_ref()) {
            Some(ExportAsk::Table(format, wanted)) => {
                self.exports.wanted = (format, wanted);
                let name = format!("{}-labels.{}", name_of(&self.job.source), format.extension());
                self.dialogs.ask(ctx, Purpose::Export, &name);
            }
            Some(ExportAsk::Cancel) => self.exports.running.iter().for_each(Exporting::cancel),
            Some(ExportAsk::Picture(of)) => {
                self.exports.picture = Some(of);
                let name = match of {
                    PictureOf::View(0) => "input.svg",
                    PictureOf::View(1) => "learned.svg",
                    PictureOf::View(_) => "exact.svg",
                    PictureOf::Curves => "curves.svg",
                    PictureOf::Spectrum => "eigenvalues.svg",
                };
                self.dialogs.ask(ctx, Purpose::Figure, name);
            }
            Some(ExportAsk::Animation) => self.execute(ctx, UiCommand::ExportAnimation),
            Some(ExportAsk::Curves) => self.ask_path(ctx, Purpose::Curves),
            Some(ExportAsk::Model) => self.execute(ctx, UiCommand::ExportModel),
            None => {}
        }
    }

    /// Chooses what the next table has, as the export sheet does.
    pub fn export_as(&mut self, format: TableFormat, wanted: TableWanted) {
        self.exports.wanted = (format, wanted);
    }

    /// Chooses what the next figure is of, as the export sheet does.
    pub fn picture_as(&mut self, of: PictureOf) {
        self.exports.picture = Some(of);
    }

    /// Writes the labelled table of what is shown, on a thread of its own.
    pub(in crate::app::shell) fn export(&mut self, ctx: &egui::Context, mut path: PathBuf) {
        let Some(snapshot) = self.result().cloned() else { return };
        let (format, wanted) = self.exports.wanted.clone();
        // The end of the name says the format; without one it is that of the sheet.
        if TableFormat::named(&path).is_none() {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            path.set_file_name(format!("{name}.{}", format.extension()));
            if self.reads(&path) {
                return self.refuse_to_write(ctx, Purpose::Export, &path);
            }
        }
        if wanted.readme && self.reads(&readme_of(&path)) {
            return self.refuse_to_write(ctx, Purpose::Export, &readme_of(&path));
        }
        let whole = wanted.columns.is_none() && wanted.rows == export::RowsWanted::All;
        let stands = self.as_it_stands().filter(|_| whole);
        let half = self.step_words();
        let (labels, selection) = (self.labels.clone(), self.centre.selection.clone());
        let write = move |path: &Path, progress: &Progress<'_>| {
            let mut notes = export::labels(path, &snapshot, (&labels, &selection), &wanted, progress)?;
            if let Some(step) = half {
                notes.insert(0, format!("{} is as it stood at {step}: the training had not ended", path.display()));
            }
            Ok(notes)
        };
        self.write_beside(ctx, path, stands, write);
    }

    /// Writes a figure.
    pub(super) fn export_figure(&mut self, ctx: &egui::Context, path: PathBuf) {
        let (Some(of), Some(snapshot)) = (self.exports.picture, self.result().cloned()) else { return };
        let name = &snapshot.data.name;
        let figure = match of {
            PictureOf::View(at) => match self.centre.figure(at, &snapshot, &self.labels) {
                Some(view) => Figure::View(view),
                None => return,
            },
            PictureOf::Curves => Figure::Curves(format!("{name}: training"), self.run.curve.clone()),
            PictureOf::Spectrum => Figure::Spectrum(snapshot),
        };
        let width = self.export_sheet.picture_width;
        let write = move |path: &Path, _: &Progress<'_>| write_figure(path, &figure, width).map(|()| Vec::new());
        self.write_beside(ctx, with_end(path, "svg"), None, write);
    }

    /// Writes the training as an animation, on the axes and in the colours of the learned view.
    pub(super) fn export_animation(&mut self, ctx: &egui::Context, path: PathBuf) {
        let Some(snapshot) = self.result().cloned() else { return };
        let animation = self.centre.animation(&snapshot, &self.labels);
        let write = move |path: &Path, progress: &Progress<'_>| {
            let written = write_animation(path, &animation, progress)?;
            let folder = (written != path).then(|| format!("The pictures are in {}", written.display()));
            Ok(folder.into_iter().collect())
        };
        self.write_beside(ctx, with_end(path, "gif"), None, write);
    }

    /// Writes the curves of the training as a table.
    pub(super) fn export_curves(&mut self, ctx: &egui::Context, path: PathBuf) {
        let curve = self.run.curve.clone();
        let path = if TableFormat::named(&path).is_none() { with_end(path, "csv") } else { path };
        self.write_beside(ctx, path, None, move |path, _| write_curves(path, &curve).map(|()| Vec::new()));
    }

    /// Writes the model with the names that its clusters have.
    pub(super) fn export_model(&mut self, ctx: &egui::Context, path: PathBuf) {
        let Some(snapshot) = self.result().cloned() else { return };
        let labels = self.labels.clone();
        self.write_beside(ctx, path, None, move |path, _| export::model(path, &snapshot, &labels));
    }

    /// Writes something on a thread of its own; what is on its way already ends first.
    pub(super) fn write_beside(
        &mut self,
        ctx: &egui::Context,
        path: PathBuf,
        stands: Option<[u64; 3]>,
        write: impl FnOnce(&Path, &Progress<'_>) -> Result<Vec<String>> + Send + 'static,
    ) {
        if self.reads(&path) {
            let text =
                format!("{} is the data that is open, and nothing was written; choose another name", path.display());
            return self.notices.say(ctx, Grade::Bad, text);
        }
        self.exports.running = None;
        match Exporting::start(ctx, path, stands, write) {
            Ok(exporting) => self.exports.running = Some(exporting),
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
    }

    /// Whether a path is a file that what is shown was read from.
    pub(in crate::app::shell) fn reads(&self, path: &Path) -> bool {
        guard::inputs(&self.job.source, &self.job.recipe).iter().any(|input| guard::same_file(input, path))
    }

    /// Says what came of a file that was on its way.
    pub(in crate::app::shell) fn take_export(&mut self, ctx: &egui::Context) {
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
            Err(Error::Cancelled) => {
                let text = format!("{} was not written: the export was cancelled", exporting.path.display());
                self.notices.say(ctx, Grade::Note, text);
            }
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
    }
}

/// The path with an ending, where it has none.
fn with_end(path: PathBuf, end: &str) -> PathBuf {
    if path.extension().is_some() { path } else { path.with_extension(end) }
}
