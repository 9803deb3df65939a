//! The table of rows: every sample with all that is known of it, sorted, searched, filtered, and linked to the views.

mod columns;
mod grid;
mod keys;
mod order;
mod scroll;

use std::collections::HashMap;
use std::sync::Arc;

use eframe::egui::{self, Align, Layout, RichText, Ui};

pub use columns::Col;
pub use order::{Show, Wish};

use crate::app::kit::combo::combo;
use crate::app::kit::commands::UiCommand;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::identity::Identity;
use crate::app::kit::later::{Later, aside};
use crate::app::kit::theme::Tokens;
use crate::app::shown::coloring::category_colors;
use crate::app::shown::fields::{Field, Found, RowFields};
use crate::app::shown::labels::Labels;
use crate::app::shown::picture::Thumbs;
use crate::app::views::scatter::Selection;
use crate::project::query::Fields as _;
use grid::Shown;
use order::Order;
use scroll::Place;

/// A colour for each label of some fields, in a theme.
type Colors = (Arc<RowFields>, bool, Vec<[u8; 3]>);

/// The table between frames.
#[derive(Debug, Default)]
pub struct RowsTable {
    /// What a person wants to see.
    pub wish: Wish,
    /// The row that the keys went to, by its place in the list.
    cursor: Option<usize>,
    /// The row where a range of clicked ones begins.
    anchor: Option<usize>,
    /// A row to be brought into sight.
    reveal: Option<usize>,
    /// A sample whose row is to be gone to.
    wanted: Option<u32>,
    /// Whether it is to have the keyboard.
    takes_keys: bool,
    /// Whether the list begins anew, in another order or with other rows.
    anew: bool,
    place: Place,
    widths: HashMap<Col, f32>,
    order: Order,
    thumbs: Thumbs,
    colors: Option<Colors>,
    /// What another thread finds out at present.
    finding: Option<Later<()>>,
    /// What was known before it, shown until it is found.
    before: Option<Arc<RowFields>>,
    /// The data that all this is of.
    of: Option<Identity>,
    /// Rows and columns that were laid out in the last frame.
    laid_out: (usize, usize),
}

impl RowsTable {
    /// Goes to the row of a sample, once it is drawn.
    pub fn go_to(&mut self, sample: u32) {
        (self.wanted, self.takes_keys) = (Some(sample), true);
    }

    /// Has the keyboard, once it is drawn.
    pub fn take_keys(&mut self) {
        self.takes_keys = true;
    }

    /// Rows and columns that were laid out in the last frame.
    #[must_use]
    pub fn laid_out(&self) -> (usize, usize) {
        self.laid_out
    }

    /// The sample in the row that the keys went to, in the order shown last.
    #[must_use]
    pub fn cursor(&self) -> Option<usize> {
        self.cursor
    }

    fn width(&mut self, col: Col, fields: &RowFields, row_height: f32) -> f32 {
        *self.widths.entry(col).or_insert_with(|| col.width(fields, row_height))
    }

    /// Draws it; whether the review was asked for, or its end. `review` is whether one is open, none where there can be none.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        fields: &Arc<RowFields>,
        labels: &Labels,
        selection: &mut Selection,
        review: Option<bool>,
    ) -> bool {
        let data = Some(Identity::of(&fields.snapshot().data.features));
        if self.of != data {
            *self = Self { of: data, wanted: self.wanted, takes_keys: self.takes_keys, ..Self::default() };
        }
        self.find_out(ui, fields);
        let labels_there = fields.by().and_then(|by| labels.ids(by, fields.snapshot())).map_or(0, |(_, k)| k);
        if matches!(self.wish.show, Show::Label(id) if id as usize >= labels_there) {
            self.wish.show = Show::All;
        }
        let (rows, waits) = self.order.get(ui.ctx(), &self.wish, fields);
        let dark = ui.visuals().dark_mode;
        let fresh = |(of, on, _): &Colors| *on == dark && Arc::ptr_eq(of, fields);
        let colors = self.colors.take().filter(fresh).unwrap_or_else(|| {
            let colors = fields.by().map(|by| category_colors(by, fields.snapshot(), dark, labels));
            (Arc::clone(fields), dark, colors.unwrap_or_default())
        });
        let before = self.before.clone().filter(|before| before.rows() == fields.rows());
        let shown = Shown { fields, before: before.as_deref(), rows: (*rows).as_deref(), colors: &colors.2 };
        self.follow(&shown, waits);
        let asked = self.tools_ui(ui, &shown, labels, selection, (waits, review));
        grid::grid_ui(self, ui, &shown, selection);
        self.colors = Some(colors);
        asked
    }

    /// Lets another thread find what a column in sight needs.
    fn find_out(&mut self, ui: &Ui, fields: &Arc<RowFields>) {
        // What broke off would do so again.
        if self.finding.as_ref().is_some_and(|finding| finding.get().is_none()) {
            return;
        }
        let wanted = [Found::Confidence, Found::Unlike].map(Field::Found);
        let missing = wanted.into_iter().find(|&field| fields.is_known(field) && !fields.at_hand(field));
        if missing.is_none() {
            self.before = Some(Arc::clone(fields));
        }
        self.finding = missing.map(|field| {
            let fields = Arc::clone(fields);
            Later::start(ui.ctx(), "What a column of the rows holds", move || aside(|| fields.find_out(field)))
        });
    }

    /// Goes to a row that is wanted, or to where the row at the keys is now.
    fn follow(&mut self, shown: &Shown<'_>, waits: bool) {
        if waits {
            return;
        }
        if std::mem::take(&mut self.anew) && self.wanted.is_none() {
            (self.cursor, self.anchor, self.place.top) = (None, None, 0.0);
        }
        let Some(sample) = self.wanted.take() else { return };
        if let Some(row) = shown.row_of(sample) {
            (self.cursor, self.anchor, self.reveal) = (Some(row), Some(row), Some(row));
        } else if self.wish.show != Show::All || !self.wish.search.is_empty() {
            // It is not in the list: all rows are, in the next frame.
            (self.wish.show, self.wish.search) = (Show::All, String::new());
            self.wanted = Some(sample);
        }
    }

    fn tools_ui(
        &mut self,
        ui: &mut Ui,
        shown: &Shown<'_>,
        labels: &Labels,
        selection: &Selection,
        (waits, review): (bool, Option<bool>),
    ) -> bool {
        let tokens = Tokens::in_ui(ui);
        let mut asked = false;
        ui.horizontal(|ui| {
            focus::group(ui, "tools of rows", Kind::Each, |ui| {
                let edit = egui::TextEdit::singleline(&mut self.wish.search)
                    .desired_width(150.0)
                    .hint_text("Search all cells");
                let search = ui
                    .add(edit)
                    .on_hover_text("Rows in which some cell of the data, the name or the class has this in it");
                search.widget_info(|| egui::WidgetInfo::labeled(egui::Role::TextInput, true, "Search rows"));
                if search.changed() {
                    self.anew = true;
                }
                self.show_ui(ui, shown.fields, labels, selection);
                let next = ui.add_enabled(selection.count() > 0, egui::Button::new("Next selected"));
                if next.on_hover_text("Go to the next row that is selected").clicked() {
                    self.next_selected(shown, selection);
                }
                let (command, on) = (UiCommand::Review, review == Some(true));
                let button = egui::Button::selectable(on, "Review").frame_when_inactive(true);
                let button = ui.add_enabled(review.is_some(), button).on_hover_text(command.tooltip(ui.ctx()));
                asked =
                    button.on_disabled_hover_text("There are clusters to review once a solver is through").clicked();
            });
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let text = RichText::new(self.words(shown, waits)).small().color(tokens.text_weak);
                ui.add(egui::Label::new(text).truncate());
            });
        });
        asked
    }

    fn show_ui(&mut self, ui: &mut Ui, fields: &RowFields, labels: &Labels, selection: &Selection) {
        let before = self.wish.show;
        let name = |show: Show| match show {
            Show::All => "All rows".to_owned(),
            Show::Selected => "Selection".to_owned(),
            Show::Label(id) => format::short(&fields.label(id), 16),
        };
        let combo = combo("rows shown", 110.0).selected_text(name(before));
        let response = combo.show_ui(ui, |ui| {
            ui.selectable_value(&mut self.wish.show, Show::All, name(Show::All));
            let selected = format!("Selection · {}", format::count(selection.count()));
            ui.selectable_value(&mut self.wish.show, Show::Selected, selected);
            for (id, count) in listed(fields, labels) {
                let text = format!("{} · {}", name(Show::Label(id)), format::count(count));
                ui.selectable_value(&mut self.wish.show, Show::Label(id), text);
            }
        });
        let said = || egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Rows shown");
        response.response.widget_info(said);
        response.response.on_hover_text("All rows, those selected, or those of a label");
        if self.wish.show != before {
            self.anew = true;
        }
    }

    /// Goes to the first selected row behind the one at the keys, around the end.
    fn next_selected(&mut self, shown: &Shown<'_>, selection: &Selection) {
        let (count, start) = (shown.len(), self.cursor.map_or(0, |row| row + 1));
        let is = |row: &usize| shown.sample(*row).is_some_and(|sample| selection.contains(sample));
        let next = (start..count).chain(0..start.min(count)).find(is);
        if let Some(row) = next {
            (self.cursor, self.anchor, self.reveal) = (Some(row), Some(row), Some(row));
        }
    }

    /// How many rows are shown, of how many, and how they are sorted.
    fn words(&self, shown: &Shown<'_>, waits: bool) -> String {
        let (data, count) = (&shown.fields.snapshot().data, shown.len());
        let mut words = if count == shown.fields.rows() {
            format::counted(count, "row")
        } else {
            format!("{} of {}", format::count(count), format::counted(shown.fields.rows(), "row"))
        };
        if data.of > data.len() {
            words = format!("{words}, of {} in the source", format::count(data.of));
        }
        if let Some((col, down)) = self.wish.sort {
            let sign = if down { "falling" } else { "rising" };
            words = format!("{words} · by {}, {sign}", format::short(&col.head(shown.fields), 20));
        }
        if waits { format!("{words} · sorting…") } else { words }
    }
}

/// The labels that rows can be filtered by, with their counts.
fn listed(fields: &RowFields, labels: &Labels) -> Vec<(u32, usize)> {
    fields.by().map(|by| labels.seen(by, fields.snapshot())).unwrap_or_default()
}

#[cfg(test)]
mod tests;
