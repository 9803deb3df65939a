//! Open and save dialogs that never hold up the window: the system's dialog is awaited on a thread of its own.

use std::future::Future;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::{Duration, Instant};

use eframe::egui;

use crate::data::{Format, Own, extensions};
use crate::output::TableFormat;

/// What a path is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// A file to open.
    Open,
    /// Where to save the settings.
    SaveRecipe,
    /// Where to save what each column is for.
    SaveRoles,
    /// Where to write the labelled table.
    Export,
    /// Where to write a figure.
    Figure,
    /// Where to write the training as an animation.
    Animation,
    /// Where to write the curves of the training as a table.
    Curves,
    /// Where to write the trained model.
    ExportModel,
    /// Where to save a picture of the window.
    Screenshot,
    /// Where to save the comparison.
    SaveComparison,
    /// A folder to open as data.
    OpenFolder,
    /// The folder in which a named set's files are.
    DataFolder,
    /// The file of a given affinity matrix.
    AffinityFile,
    /// The table of rows whose labels are known.
    KnownLabels,
    /// Where to write the labels that a person gave, for the solvers to know.
    Teach,
    /// Where to save the project.
    SaveProject,
    /// Where the data of a project is now.
    FindData,
    /// A model to apply.
    ApplyModel,
    /// A file that a model is to label.
    NewRows,
    /// Where to write the labelled table of that file.
    ExportRows,
    /// Where to write painted points.
    SavePainted,
}

impl Purpose {
    /// Whether something is read, so that it must be there.
    #[must_use]
    pub fn reads(self) -> bool {
        self.is_folder()
            || matches!(
                self,
                Self::Open | Self::AffinityFile | Self::KnownLabels | Self::FindData | Self::ApplyModel | Self::NewRows
            )
    }

    /// Whether a folder is meant.
    #[must_use]
    pub fn is_folder(self) -> bool {
        matches!(self, Self::OpenFolder | Self::DataFolder)
    }
}

/// What came of a dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// The person chose this path.
    Chosen(Purpose, PathBuf),
    /// The dialog was gone before anyone could have seen it: the system has none. The file name that was offered.
    NoDialog(Purpose, String),
}

/// At most one dialog at a time.
#[derive(Debug, Default)]
pub struct Dialogs {
    open: Option<Pending>,
    /// Every path is typed, as where the system has no dialog.
    pub typed: bool,
}

#[derive(Debug)]
struct Pending {
    purpose: Purpose,
    name: String,
    /// The path, if one was chosen, and how long that took.
    receiver: Receiver<(Option<PathBuf>, Duration)>,
}

/// Nobody sees a dialog and cancels it faster than this. rfd does not tell a dialog that was cancelled from one that never
/// was, as on a system without xdg-desktop-portal.
const NEVER_SEEN: Duration = Duration::from_millis(300);

impl Dialogs {
    /// Whether a dialog is open.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Opens the system's dialog, unless one is open. `name` is the file name offered.
    pub fn ask(&mut self, ctx: &egui::Context, purpose: Purpose, name: &str) {
        if self.is_open() {
            return;
        }
        if self.typed {
            let (sender, receiver) = channel();
            // The other end is in the same hand.
            let _ = sender.send((None, Duration::ZERO));
            self.open = Some(Pending { purpose, name: name.to_owned(), receiver });
            return ctx.request_repaint();
        }
        let dialog = rfd::AsyncFileDialog::new().set_title(title(purpose)).set_file_name(name);
        let dialog = match purpose {
            Purpose::Open => rfd::AsyncFileDialog::new()
                .set_title(title(purpose))
                .add_filter(
                    "Tables, arrays, images, projects, recipes, roles, comparisons, lessons",
                    &[extensions(Format::of_samples()), Own::EXTENSIONS.to_vec()].concat(),
                )
                .add_filter("All files", &["*"]),
            Purpose::OpenFolder | Purpose::DataFolder | Purpose::FindData => {
                rfd::AsyncFileDialog::new().set_title(title(purpose))
            }
            Purpose::AffinityFile => rfd::AsyncFileDialog::new()
                .set_title(title(purpose))
                .add_filter("Affinity matrices", &extensions(Format::of_matrices()))
                .add_filter("All files", &["*"]),
            Purpose::ApplyModel => rfd::AsyncFileDialog::new()
                .set_title(title(purpose))
                .add_filter("Models", &["eigenscope"])
                .add_filter("All files", &["*"]),
            Purpose::NewRows => rfd::AsyncFileDialog::new()
                .set_title(title(purpose))
                .add_filter("Tables and arrays", &extensions(Format::of_samples()))
                .add_filter("All files", &["*"]),
            Purpose::SaveProject => dialog.add_filter("Project", &["eigenscope"]),
            Purpose::SaveRecipe => dialog.add_filter("Recipe", &["toml"]),
            Purpose::SaveRoles => dialog.add_filter("Roles of columns", &["toml"]),
            Purpose::Animation => dialog.add_filter("GIF", &["gif"]).add_filter("Folder of PNG pictures", &["png"]),
            Purpose::Figure => dialog.add_filter("SVG", &["svg"]).add_filter("PNG", &["png"]),
            Purpose::Export | Purpose::Curves | Purpose::ExportRows => TableFormat::ALL
                .iter()
                .fold(dialog, |dialog, format| dialog.add_filter(format.name(), &[format.extension()])),
            Purpose::ExportModel => dialog.add_filter("ONNX graph", &["onnx"]).add_filter("Model", &["eigenscope"]),
            Purpose::SaveComparison => dialog.add_filter("Comparison", &["json"]),
            Purpose::Screenshot => dialog.add_filter("Picture", &["png"]),
            Purpose::SavePainted | Purpose::KnownLabels | Purpose::Teach => dialog.add_filter("CSV", &["csv"]),
        };
        let (sender, receiver) = channel();
        let ctx = ctx.clone();
        // macOS wants the dialog made on the window's thread; only the waiting happens elsewhere.
        let answer: std::pin::Pin<Box<dyn Future<Output = Option<rfd::FileHandle>> + Send>> = match purpose {
            folder if folder.is_folder() => Box::pin(dialog.pick_folder()),
            file if file.reads() => Box::pin(dialog.pick_file()),
            _ => Box::pin(dialog.save_file()),
        };
        let waiting = std::thread::Builder::new().name("file dialog".to_owned()).spawn(move || {
            let since = Instant::now();
            let path = pollster::block_on(answer).map(|handle| handle.path().to_owned());
            // Nobody listens any more once the window is closed.
            let _ = sender.send((path, since.elapsed()));
            ctx.request_repaint();
        });
        if waiting.is_ok() {
            self.open = Some(Pending { purpose, name: name.to_owned(), receiver });
        }
    }

    /// The answer, once there is one; a dialog that was closed without one is forgotten.
    pub fn answer(&mut self) -> Option<Answer> {
        let told = match self.open.as_ref()?.receiver.try_recv() {
            Ok(told) => Some(told),
            Err(TryRecvError::Empty) => return None,
            Err(TryRecvError::Disconnected) => None,
        };
        let Pending { purpose, name, .. } = self.open.take()?;
        match told? {
            (Some(path), _) => Some(Answer::Chosen(purpose, path)),
            (None, after) => (after < NEVER_SEEN).then_some(Answer::NoDialog(purpose, name)),
        }
    }
}

/// The file name that is offered.
pub(in crate::app) fn offered(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Open
        | Purpose::OpenFolder
        | Purpose::DataFolder
        | Purpose::AffinityFile
        | Purpose::KnownLabels
        | Purpose::FindData
        | Purpose::ApplyModel
        | Purpose::NewRows => "",
        Purpose::SaveProject => "project.eigenscope",
        Purpose::SaveRecipe => "recipe.toml",
        Purpose::SaveRoles => "roles.toml",
        Purpose::Export | Purpose::ExportRows => "labels.csv",
        Purpose::Figure => "figure.svg",
        Purpose::Animation => "training.gif",
        Purpose::Curves => "curves.csv",
        Purpose::ExportModel => "model.onnx",
        Purpose::Screenshot => "eigenscope.png",
        Purpose::SavePainted => "painted.csv",
        Purpose::Teach => "known.csv",
        Purpose::SaveComparison => "comparison.json",
    }
}

/// What a dialog for this is called.
pub(in crate::app) fn title(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Open => "Open data, project or recipe",
        Purpose::SaveRecipe => "Save recipe",
        Purpose::SaveRoles => "Save roles of columns",
        Purpose::Export => "Export labelled table",
        Purpose::Figure => "Save figure",
        Purpose::Animation => "Save the training as an animation",
        Purpose::Curves => "Save curves of the training",
        Purpose::ExportModel => "Export model",
        Purpose::Screenshot => "Save window as picture",
        Purpose::SaveComparison => "Save comparison",
        Purpose::OpenFolder => "Open a folder of images",
        Purpose::DataFolder => "Folder with the files of the set",
        Purpose::AffinityFile => "Affinity matrix",
        Purpose::SaveProject => "Save project",
        Purpose::FindData => "Where the project's data is now",
        Purpose::ApplyModel => "Model to apply",
        Purpose::NewRows => "File to label with the model",
        Purpose::ExportRows => "Export labelled rows",
        Purpose::SavePainted => "Save painted points",
        Purpose::KnownLabels => "Table of known labels",
        Purpose::Teach => "Save the labels you gave, for the solvers to know",
    }
}
