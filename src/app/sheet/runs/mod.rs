//! The runs that were kept: a list, two of them side by side, a grid over two settings, and what tells without labels whether a result
//! can be trusted.

mod grid;
mod list;
mod pair;
mod pictures;
mod sweep;
mod trust;

use std::collections::BTreeMap;
use std::sync::Arc;

use eframe::egui::{self, RichText, Ui};

use super::middle_window;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::theme::Tokens;
use crate::app::shown::pins::Pins;
use crate::app::shown::run::Run;
use crate::pipeline::sweep::Sweep;
use crate::pipeline::{Event, Job, Snapshot};
use crate::project::{RunId, Runs};
use crate::recipe::Recipe;

/// What the sheet is told.
#[derive(Debug)]
pub struct RunsShown<'a> {
    /// The runs.
    pub runs: &'a Runs,
    /// The results that are kept, with their curves.
    pub results: &'a BTreeMap<RunId, Run>,
    /// The run that the views show, if it is one of them.
    pub current: Option<RunId>,
    /// What the views show, where it is a result.
    pub snapshot: Option<&'a Arc<Snapshot>>,
    /// The settings.
    pub job: &'a Job,
    /// The pinned runs.
    pub pins: &'a Pins,
    /// Whether a run is at work.
    pub busy: bool,
}

/// What a person asked the sheet for.
#[derive(Clone, Debug)]
pub enum RunsAsk {
    /// Show a run again.
    Restore(RunId),
    /// Give it a star, or take it.
    Star(RunId),
    /// Pin it behind what is shown, or take the pin out.
    Pin(RunId),
    /// Write a note to it.
    Note(RunId, String),
    /// Take it out of the list.
    Delete(RunId),
    /// Run many small ones beside the picture.
    Sweep(Box<Sweep>),
    /// End them.
    EndSweep,
    /// Take settings into the panels.
    Take(Box<Recipe>),
}

/// What the sheet shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// The list.
    #[default]
    List,
    /// Two side by side.
    Pair,
    /// The grid.
    Grid,
    /// What tells without labels.
    Trust,
}

impl Page {
    const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::List, "Runs", "Every run with its settings and scores; star, note, restore, delete"),
        (Self::Pair, "Side by side", "Two runs: pictures aligned, settings, scores and curves beside each other"),
        (Self::Grid, "Grid", "Small runs of the exact side over two settings, a picture in each cell"),
        (
            Self::Trust,
            "Without labels",
            "Eigengap, stability, silhouette and the graph: whether the clusters can be trusted",
        ),
    ];
}

/// The sheet between frames.
#[derive(Debug, Default)]
pub struct RunsSheet {
    /// Whether its window is open.
    pub open: bool,
    /// What it shows.
    pub page: Page,
    /// The runs that are compared, at most two, in the order they were ticked.
    picked: Vec<RunId>,
    note: Option<(RunId, String)>,
    settings: list::Settings,
    pair: pair::PairView,
    grid: grid::GridView,
    trust: trust::TrustView,
}

impl RunsSheet {
    /// Takes an event that is its own; true if it was.
    pub fn take(&mut self, event: &Event) -> bool {
        self.grid.sweep.take(event) || self.trust.sweep.take(event)
    }

    /// The work went to something else.
    pub fn ended(&mut self) {
        self.grid.sweep.ended();
        self.trust.sweep.ended();
    }

    /// Whether small runs are at work.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.grid.sweep.is_running() || self.trust.sweep.is_running()
    }

    /// Marks a run for the comparison, or takes the mark.
    pub fn pick(&mut self, id: RunId) {
        if self.picked.contains(&id) {
            return self.picked.retain(|picked| *picked != id);
        }
        self.picked.push(id);
        if self.picked.len() > 2 {
            self.picked.remove(0);
        }
    }

    /// Its window, if it is open.
    pub fn ui(&mut self, ctx: &egui::Context, shown: &RunsShown<'_>) -> Option<RunsAsk> {
        if !self.open {
            self.pair.forget();
            return None;
        }
        self.picked.retain(|&id| shown.runs.get(id).is_some());
        let (mut open, mut ask) = (true, None);
        middle_window(ctx, "Runs", &mut open, [1120.0, 680.0]).show(ctx, |ui| {
            focus::sheet(ui, "Runs");
            self.pages_ui(ui);
            ui.separator();
            ask = match self.page {
                Page::List => list::list_ui(self, ui, shown),
                Page::Pair => self.pair.ui(ui, shown, &self.picked),
                Page::Grid => {
                    let taken = self.trust.sweep.is_running();
                    self.grid.ui(ui, shown, taken)
                }
                Page::Trust => {
                    let taken = self.grid.sweep.is_running();
                    self.trust.ui(ui, shown, taken)
                }
            };
        });
        self.open = open;
        ask
    }

    fn pages_ui(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            focus::group(ui, "pages of runs", Kind::Once, |ui| {
                for (page, text, tip) in Page::ALL {
                    let on = self.page == page;
                    if ui.add(egui::Button::selectable(on, text)).on_hover_text(tip).clicked() {
                        self.page = page;
                    }
                }
            });
        });
    }
}

/// A line of small, quiet words.
fn quiet(ui: &mut Ui, text: &str) {
    let weak = Tokens::in_ui(ui).text_weak;
    ui.add(egui::Label::new(RichText::new(text).small().color(weak)).wrap());
}

/// The label of a setting, or its flag where it has no row.
fn label(flag: &str) -> String {
    crate::recipe::knobs::find(flag).map_or_else(|| flag.to_owned(), |knob| knob.label.to_owned())
}
