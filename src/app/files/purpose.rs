//! What a path is asked for, and how: adding a purpose is a variant and its arm in [`Purpose::about`].

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

/// What the path may be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// A folder that is there.
    Folder,
    /// A file that is there.
    File,
    /// A file or a folder that is there.
    Either,
    /// A file that is written.
    Save,
}

/// How a path is asked for.
#[derive(Clone, Debug)]
pub(super) struct About {
    /// What the dialog is called.
    pub(super) title: &'static str,
    /// What the path may be of.
    pub(super) way: Way,
    /// The file name that is offered; empty for what is read.
    offered: &'static str,
    /// Kinds of files that are shown, each with the endings of its names; all where there is none.
    pub(super) kinds: Vec<(&'static str, Vec<&'static str>)>,
}

impl About {
    fn read(title: &'static str, way: Way) -> Self {
        Self { title, way, offered: "", kinds: Vec::new() }
    }

    fn save(title: &'static str, offered: &'static str) -> Self {
        Self { title, way: Way::Save, offered, kinds: Vec::new() }
    }

    fn kind(mut self, name: &'static str, endings: &[&'static str]) -> Self {
        self.kinds.push((name, endings.to_vec()));
        self
    }

    fn or_any(self) -> Self {
        self.kind("All files", &["*"])
    }

    fn table(self) -> Self {
        TableFormat::ALL.iter().fold(self, |about, format| about.kind(format.name(), &[format.extension()]))
    }
}

impl Purpose {
    pub(super) fn about(self) -> About {
        match self {
            Self::Open => {
                let endings = [extensions(Format::of_samples()), Own::EXTENSIONS.to_vec()].concat();
                let kind = "Tables, arrays, images, projects, recipes, roles, comparisons, lessons";
                About::read("Open data, project or recipe", Way::Either).kind(kind, &endings).or_any()
            }
            Self::OpenFolder => About::read("Open a folder of images", Way::Folder),
            Self::DataFolder => About::read("Folder with the files of the set", Way::Folder),
            Self::FindData => About::read("Where the project's data is now", Way::Either),
            Self::AffinityFile => About::read("Affinity matrix", Way::File)
                .kind("Affinity matrices", &extensions(Format::of_matrices()))
                .or_any(),
            Self::KnownLabels => About::read("Table of known labels", Way::File).kind("CSV", &["csv"]),
            Self::ApplyModel => About::read("Model to apply", Way::File).kind("Models", &["eigenscope"]).or_any(),
            Self::NewRows => About::read("File to label with the model", Way::File)
                .kind("Tables and arrays", &extensions(Format::of_samples()))
                .or_any(),
            Self::SaveProject => About::save("Save project", "project.eigenscope").kind("Project", &["eigenscope"]),
            Self::SaveRecipe => About::save("Save recipe", "recipe.toml").kind("Recipe", &["toml"]),
            Self::SaveRoles => About::save("Save roles of columns", "roles.toml").kind("Roles of columns", &["toml"]),
            Self::Export => About::save("Export labelled table", "labels.csv").table(),
            Self::ExportRows => About::save("Export labelled rows", "labels.csv").table(),
            Self::Curves => About::save("Save curves of the training", "curves.csv").table(),
            Self::Figure => About::save("Save figure", "figure.svg").kind("SVG", &["svg"]).kind("PNG", &["png"]),
            Self::Animation => About::save("Save the training as an animation", "training.gif")
                .kind("GIF", &["gif"])
                .kind("Folder of PNG pictures", &["png"]),
            // What "Apply a model…" reads comes first.
            Self::ExportModel => About::save("Export model", "model.eigenscope")
                .kind("Model", &["eigenscope"])
                .kind("ONNX graph", &["onnx"]),
            Self::Screenshot => About::save("Save window as picture", "eigenscope.png").kind("Picture", &["png"]),
            Self::SaveComparison => About::save("Save comparison", "comparison.json").kind("Comparison", &["json"]),
            Self::SavePainted => About::save("Save painted points", "painted.csv").kind("CSV", &["csv"]),
            Self::Teach => {
                About::save("Save the labels you gave, for the solvers to know", "known.csv").kind("CSV", &["csv"])
            }
        }
    }

    /// What a dialog for this is called.
    #[must_use]
    pub(in crate::app) fn title(self) -> &'static str {
        self.about().title
    }

    /// The file name that is offered; empty for what is read.
    #[must_use]
    pub(in crate::app) fn offered(self) -> &'static str {
        self.about().offered
    }

    /// Whether something is read, so that it must be there.
    #[must_use]
    pub fn reads(self) -> bool {
        self.about().way != Way::Save
    }

    /// Whether a folder is meant.
    #[must_use]
    pub fn is_folder(self) -> bool {
        self.about().way == Way::Folder
    }
}
