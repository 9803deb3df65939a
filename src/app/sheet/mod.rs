//! Sheets above the window. The column sheet: what each column of the table is, what it is for and why, each of it to be changed at once;
//! those of exports and of runs are in [`export`] and [`runs`].
//!
//! Every change goes into the recipe. What it makes of the data is read again in the background ([`background`]) and shown here, as a
//! preview, until a run is made of it.

mod background;
mod drawn;
pub mod export;
mod rows;
pub mod runs;
mod seen;
mod table;
mod tools;
mod top;

use std::collections::BTreeSet;
use std::sync::Arc;

use eframe::egui::{self, RichText, Ui};

use crate::app::kit::focus;
use crate::app::kit::format;
use crate::app::kit::later::Later;
use crate::app::kit::spoken::spoken;
use crate::app::kit::theme::Tokens;
use crate::data::{Decided, Outline, Profile};
use crate::pipeline::{Job, Snapshot};
use crate::recipe::Recipe;

use background::Background;
use seen::{Age, Seen};

/// What a person asked the sheet for, beyond changes of the recipe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetAsk {
    /// Write a file of roles.
    Save,
    /// Train with what is decided.
    Train,
}

/// What the sheet shows and changes.
#[derive(Debug)]
pub struct Around<'a> {
    /// The settings.
    pub job: &'a mut Job,
    /// What is shown in the views.
    pub shown: Option<&'a Arc<Snapshot>>,
    /// Whether the views keep what they show when settings of the data change, so that the sheet reads by itself.
    pub aside: bool,
    /// Whether the data is being read.
    pub opening: bool,
    /// Whether a run is at work.
    pub busy: bool,
    /// Why the data could not be read with these settings.
    pub error: Option<&'a str>,
}

/// A sheet's window in the middle of the room, no larger than that or than `most`.
fn middle_window<'a>(ctx: &egui::Context, title: &'static str, open: &'a mut bool, most: [f32; 2]) -> egui::Window<'a> {
    let room = ctx.content_rect();
    let size = egui::vec2((room.width() - 60.0).min(most[0]), (room.height() - 96.0).min(most[1]));
    egui::Window::new(title)
        .open(open)
        .collapsible(false)
        .default_size(size)
        .min_size([560.0, 320.0])
        .default_pos(room.center() - 0.5 * size + egui::vec2(-14.0, 0.0))
        .constrain(true)
}

/// The sheet between frames.
#[derive(Debug, Default)]
pub struct ColumnSheet {
    /// Whether its window is open.
    pub open: bool,
    /// Whether its columns have not been drawn since it was closed.
    was_closed: bool,
    filter: String,
    /// The columns that are marked, by their places.
    picked: BTreeSet<usize>,
    /// Where a range of them begins.
    anchor: Option<usize>,
    /// A column that the first rows are to show.
    reveal: Option<usize>,
    background: Background,
    profiles: Option<(Arc<Outline>, Later<Vec<Profile>>)>,
    decided: Option<(Recipe, Arc<Outline>, Result<Decided, String>)>,
    matching: Option<(String, Arc<Outline>, Vec<usize>)>,
}

impl ColumnSheet {
    /// The columns that were shown last.
    #[must_use]
    pub fn outline(&self) -> Option<Arc<Outline>> {
        self.decided.as_ref().map(|(_, outline, _)| Arc::clone(outline))
    }

    /// Its window, if it is open.
    pub fn ui(&mut self, ctx: &egui::Context, around: &mut Around<'_>) -> Option<SheetAsk> {
        if !self.open {
            self.was_closed = true;
            self.background.forget();
            return None;
        }
        let (mut open, mut ask) = (true, None);
        let room = ctx.content_rect();
        let size = egui::vec2((room.width() - 40.0).min(1560.0), room.height() - 96.0);
        egui::Window::new("Columns")
            .open(&mut open)
            .collapsible(false)
            .default_size(size)
            .min_size([640.0, 320.0])
            .default_pos(room.center() - 0.5 * size + egui::vec2(-14.0, 6.0))
            .constrain(true)
            .show(ctx, |ui| {
                focus::sheet(ui, "Columns");
                ask = self.content_ui(ui, around);
            });
        self.open = open;
        ask
    }

    fn content_ui(&mut self, ui: &mut Ui, around: &mut Around<'_>) -> Option<SheetAsk> {
        let Some(seen) = self.seen(ui.ctx(), around) else {
            let text =
                if around.opening || around.error.is_none() { "The data is being read" } else { "Nothing was read" };
            error_ui(ui, around.error);
            ui.label(text);
            return None;
        };
        let Some(outline) = seen.data.outline.clone() else {
            error_ui(ui, around.error);
            no_table_ui(ui, around, &seen);
            return None;
        };
        self.picked.retain(|&column| column < outline.columns.len());
        let profiles = self.profiles(ui.ctx(), &seen, &outline);
        let ask = top::top_ui(ui, around, &seen, &outline);
        error_ui(ui, seen.error.as_deref());
        if let Err(error) = self.decided(&around.job.recipe, &outline) {
            error_ui(ui, Some(&error));
            if ui.button("All as guessed").on_hover_text("Drop what is decided of columns").clicked() {
                around.job.recipe = around.job.recipe.columns_as_guessed();
            }
        }
        let matching = self.matching(&outline);
        tools::tools_ui(self, ui, &mut around.job.recipe, &outline, &matching);
        ui.add_space(2.0);
        let height = ui.available_height();
        let left = table::width(ui.available_width());
        ui.horizontal_top(|ui| {
            ui.allocate_ui(egui::vec2(left, height), |ui| {
                table::table_ui(self, ui, &mut around.job.recipe, (&outline, profiles.get()), &matching);
            });
            ui.allocate_ui(egui::vec2(ui.available_width(), height), |ui| {
                ui.vertical(|ui| {
                    drawn::scatter_ui(ui, &seen);
                    rows::rows_ui(self, ui, &around.job.recipe, &outline);
                });
            });
        });
        ask
    }

    /// What the columns hold, once it is counted.
    fn profiles(&mut self, ctx: &egui::Context, seen: &Seen, outline: &Arc<Outline>) -> Later<Vec<Profile>> {
        if let Some((of, profiles)) = &self.profiles
            && Arc::ptr_eq(of, outline)
        {
            return profiles.clone();
        }
        let data = seen.data.clone();
        let count = move || crate::app::kit::later::aside(|| crate::data::profiles(&data).unwrap_or_default());
        let profiles = Later::start(ctx, "What the columns hold", count);
        self.profiles = Some((Arc::clone(outline), profiles.clone()));
        profiles
    }

    /// What the recipe decides of the columns.
    fn decided(&mut self, recipe: &Recipe, outline: &Arc<Outline>) -> Result<Decided, String> {
        let fresh = |(of, at, _): &(Recipe, Arc<Outline>, _)| of == recipe && Arc::ptr_eq(at, outline);
        if !self.decided.as_ref().is_some_and(fresh) {
            let decided = crate::data::decided(&outline.first.header, recipe).map_err(|e| e.to_string());
            self.decided = Some((recipe.clone(), Arc::clone(outline), decided));
        }
        self.decided.as_ref().map_or_else(|| Ok(Decided::default()), |(_, _, decided)| decided.clone())
    }

    /// The columns whose name, role or kind has what the filter says.
    fn matching(&mut self, outline: &Arc<Outline>) -> Vec<usize> {
        let fresh = |(of, at, _): &(String, Arc<Outline>, _)| *of == self.filter && Arc::ptr_eq(at, outline);
        if !self.matching.as_ref().is_some_and(fresh) {
            let wanted = self.filter.trim().to_lowercase();
            let has = |&column: &usize| {
                let name = outline.first.header[column].to_lowercase().contains(&wanted);
                let seen = &outline.columns[column];
                name || seen.role.name().starts_with(&wanted) || seen.kind.name().starts_with(&wanted)
            };
            let all = (0..outline.columns.len()).filter(has).collect();
            self.matching = Some((self.filter.clone(), Arc::clone(outline), all));
        }
        self.matching.as_ref().map(|(_, _, all)| all.clone()).unwrap_or_default()
    }
}

/// What went wrong, where something did.
fn error_ui(ui: &mut Ui, error: Option<&str>) {
    if let Some(error) = error {
        ui.add(egui::Label::new(RichText::new(spoken(error)).color(Tokens::in_ui(ui).bad)).wrap());
    }
}

/// What there is to decide of data that is no table.
fn no_table_ui(ui: &mut Ui, around: &mut Around<'_>, seen: &Seen) {
    let tokens = Tokens::in_ui(ui);
    let text = if matches!(around.job.source, crate::data::Source::Named(_)) {
        "This set is built in: its columns are known, and there is nothing to decide."
    } else if around.job.source.painted().is_some() {
        "These points are painted: their columns are known, and there is nothing to decide."
    } else {
        "This is an array: all of its columns hold numbers, so they have no kinds to decide. Features, labels and ids of an array are set by the numbers of its columns in the Data panel."
    };
    ui.label(RichText::new(text).color(tokens.text));
    let size = format::dimensions(seen.data.len(), seen.data.dim());
    ui.label(RichText::new(size).small().color(tokens.text_weak));
    ui.horizontal(|ui| top::part_ui(ui, around.job));
    if seen.age == Age::Old {
        ui.label(RichText::new("Reading again…").small().color(tokens.text_weak));
    }
}
