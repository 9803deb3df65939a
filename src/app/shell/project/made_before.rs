//! The project that was made of some data before, offered where that data alone is opened.

use std::path::{Path, PathBuf};

use eframe::egui::{self, Ui};

use super::leave::Away;
use crate::app::kit::format;
use crate::app::kit::later::Later;
use crate::app::kit::standing::Standing;
use crate::app::shell::frame::banner::banner;
use crate::app::shell::state::App;
use crate::app::shown::run::Phase;
use crate::data::Source;
use crate::project::lookup::project_of;
use crate::support::priority::give_way;

/// The data that a project was looked for, and what was found.
#[derive(Debug)]
pub(super) struct MadeBefore {
    of: PathBuf,
    project: Later<Option<Found>>,
    /// A person has no use for it.
    declined: bool,
}

/// A project, and what is said of it.
#[derive(Clone, Debug)]
struct Found {
    path: PathBuf,
    text: String,
    detail: String,
}

impl Found {
    /// The project of this data that was saved last. Not for the window's thread.
    fn of(data: &Path, known: &[PathBuf]) -> Option<Self> {
        let path = project_of(data, known)?;
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let name = format::short(&name, 40);
        let folder = path.parent();
        let (text, detail) = if data.canonicalize().is_ok_and(|data| data.parent() == folder) {
            (format!("A project of this data lies beside it: {name}"), String::new())
        } else {
            let folder = folder.map(|folder| folder.display().to_string()).unwrap_or_default();
            (format!("A project of this data was saved elsewhere: {name}"), format!("in {folder}"))
        };
        Some(Self { path, text, detail })
    }
}

impl App {
    /// Looks for a project of the data that is shown, once each time it is opened; once a frame.
    pub(super) fn look_for_project(&mut self, ctx: &egui::Context) {
        let source = self.run.shown.as_ref().map(|shown| &shown.job.source);
        // What keeps no state, as a window that only has its picture taken, offers none of what was done before.
        let Some(Source::Path(of)) = source.filter(|_| self.keep.folder.is_some()) else {
            self.keep.made_before = None;
            return;
        };
        if self.keep.made_before.as_ref().is_some_and(|before| before.of == *of) {
            return;
        }
        let of = of.clone();
        let known: Vec<PathBuf> = self.keep.remembered.project.iter().chain(&self.recent).cloned().collect();
        let data = of.clone();
        let look = move || {
            give_way();
            Found::of(&data, &known)
        };
        let project = Later::start(ctx, "Whether there is a project of this data", look);
        self.keep.made_before = Some(MadeBefore { of, project, declined: false });
    }

    /// The project to offer: while nothing but its data is shown and nothing was done with that.
    fn project_before(&self) -> Option<&Found> {
        let before = self.keep.made_before.as_ref().filter(|before| !before.declined)?;
        let coming = self.keep.reading.is_some() || self.keep.coming.is_some() || self.on_its_way().is_some();
        let alone = self.run.phase == Phase::Ready && self.result().is_none();
        let untouched = self.project_file().is_none() && !self.is_unsaved();
        before.project.get()?.as_ref().filter(|_| alone && untouched && !coming && !self.lessons.is_open())
    }

    /// The strip that offers it. Whether there was anything to say.
    pub(in crate::app::shell) fn made_before_ui(&mut self, ui: &mut Ui, ctx: &egui::Context) -> bool {
        let Some(Found { path, text, detail }) = self.project_before().cloned() else { return false };
        match banner(ui, Standing::Ready, &text, &detail, &["Open project", "Not now"]) {
            Some(0) => self.leave(ctx, Away::File(path)),
            Some(_) => self.decline_project(),
            None => {}
        }
        true
    }

    fn decline_project(&mut self) {
        if let Some(before) = &mut self.keep.made_before {
            before.declined = true;
        }
    }
}
