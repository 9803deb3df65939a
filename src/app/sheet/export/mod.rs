//! The export sheet: which rows and columns of the labelled table are written and as what, with its first rows as they will be; and
//! pictures, curves and the model beside it.

mod columns;
mod preview;

use std::collections::BTreeMap;
use std::sync::Arc;

use eframe::egui::{self, RichText, Ui};

use super::middle_window;
use crate::app::files::export::{RowsWanted, TableWanted, first_rows, side_of};
pub use crate::app::files::exporting::PictureOf;
use crate::app::kit::combo::combo;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::later::Later;
use crate::app::kit::theme::Tokens;
use crate::app::shown::fields::Measured;
use crate::app::shown::labels::Labels;
use crate::app::views::scatter::Selection;
use crate::output::{Preview, TableFormat};
use crate::pipeline::Snapshot;

/// Rows of the table that the sheet shows.
const ROWS: usize = 5;

/// What a person asked the sheet for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExportAsk {
    /// Write the table in this format.
    Table(TableFormat, TableWanted),
    /// End the table that is being written.
    Cancel,
    /// Write a picture.
    Picture(PictureOf),
    /// Write the training as an animation.
    Animation,
    /// Write the curves as a table.
    Curves,
    /// Write the model.
    Model,
}

/// What the sheet is told.
#[derive(Debug)]
pub struct Shown<'a> {
    /// The result.
    pub snapshot: &'a Arc<Snapshot>,
    /// The labels over it.
    pub labels: &'a Labels,
    /// The selected points.
    pub selection: &'a Selection,
    /// The part of a table on its way that is written.
    pub running: Option<f32>,
    /// Whether there are curves.
    pub curves: bool,
    /// What a person should know of the result before it is written.
    pub warning: Option<String>,
}

/// What the first rows hang on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key([u64; 4], RowsWanted);

/// The sheet between frames.
#[derive(Debug)]
pub struct ExportSheet {
    /// Whether its window is open.
    pub open: bool,
    format: TableFormat,
    rows: RowsWanted,
    /// Columns that a person ticked or unticked, by name.
    ticked: BTreeMap<String, bool>,
    readme: bool,
    /// Width of figures that are written as PNG, in pixels.
    pub picture_width: u32,
    filter: String,
    first: Option<(Key, Later<Result<Preview, String>>)>,
    /// What takes a while to find, and the snapshot that it is of.
    measured: Option<(Arc<Snapshot>, Arc<Measured>)>,
    /// The last first rows that came.
    seen: Option<Preview>,
    /// They were not drawn yet.
    fresh: bool,
}

impl Default for ExportSheet {
    fn default() -> Self {
        Self {
            open: false,
            format: TableFormat::default(),
            rows: RowsWanted::All,
            ticked: BTreeMap::new(),
            readme: true,
            picture_width: 1600,
            filter: String::new(),
            first: None,
            measured: None,
            seen: None,
            fresh: true,
        }
    }
}

impl ExportSheet {
    /// Its window, if it is open.
    pub fn ui(&mut self, ctx: &egui::Context, shown: Option<&Shown<'_>>) -> Option<ExportAsk> {
        if !self.open {
            (self.first, self.measured, self.seen, self.fresh) = (None, None, None, true);
            return None;
        }
        let (mut open, mut ask) = (true, None);
        middle_window(ctx, "Export", &mut open, [980.0, 620.0]).show(ctx, |ui| {
            focus::sheet(ui, "Export");
            match shown {
                Some(shown) => ask = self.content_ui(ui, shown),
                None => {
                    ui.label("There is no result to export yet: train first");
                }
            }
        });
        self.open = open;
        ask
    }

    fn content_ui(&mut self, ui: &mut Ui, shown: &Shown<'_>) -> Option<ExportAsk> {
        let tokens = Tokens::in_ui(ui);
        self.settle(shown);
        self.choices_ui(ui, shown);
        ui.add_space(2.0);
        let trouble = self.look(ui.ctx(), shown);
        let header = self.seen.as_ref().map(|seen| seen.header.clone()).unwrap_or_default();
        let room = egui::vec2(ui.available_width(), (ui.available_height() - 144.0).max(120.0));
        ui.allocate_ui(room, |ui| {
            ui.set_min_size(room);
            ui.horizontal_top(|ui| {
                let left = egui::vec2((0.3 * room.x).clamp(190.0, 280.0), room.y);
                ui.allocate_ui(left, |ui| columns::columns_ui(self, ui, &header, shown));
                ui.separator();
                ui.allocate_ui(egui::vec2(ui.available_width(), room.y), |ui| {
                    preview::preview_ui(self, ui, shown, trouble.as_deref());
                });
            });
        });
        if let Some(words) = edited_words(shown) {
            ui.label(RichText::new(words).small().color(tokens.text));
        }
        if let Some(warning) = &shown.warning {
            ui.label(RichText::new(warning).small().color(tokens.warning));
        }
        let ask = self.write_ui(ui, shown, &header);
        ui.separator();
        let other = others_ui(ui, shown, &mut self.picture_width);
        ask.or(other)
    }

    /// What was chosen and is there no more is all again.
    fn settle(&mut self, shown: &Shown<'_>) {
        let gone = match self.rows {
            RowsWanted::All => false,
            RowsWanted::Selection => shown.selection.count() == 0,
            RowsWanted::Label(id) => {
                let seen = shown.labels.seen(side_of(shown.snapshot), shown.snapshot);
                !seen.iter().any(|&(label, _)| label == id)
            }
        };
        if gone {
            self.rows = RowsWanted::All;
        }
    }

    fn choices_ui(&mut self, ui: &mut Ui, shown: &Shown<'_>) {
        let tokens = Tokens::in_ui(ui);
        ui.horizontal_wrapped(|ui| {
            focus::group(ui, "what is exported", Kind::Each, |ui| {
                let label = ui.label(RichText::new("Format").small().color(tokens.text_weak));
                let formats = combo("export format", 104.0).selected_text(self.format.name());
                let response = formats.show_ui(ui, |ui| {
                    for format in TableFormat::ALL {
                        let choice = ui.selectable_label(self.format == format, format.name());
                        if choice.on_hover_text(format.sentence()).clicked() {
                            self.format = format;
                        }
                    }
                });
                response.response.labelled_by(label.id).on_hover_text(self.format.sentence());
                ui.add_space(10.0);
                self.rows_ui(ui, shown);
            });
        });
        ui.label(RichText::new(self.format.sentence()).small().color(tokens.text_weak));
    }

    fn rows_ui(&mut self, ui: &mut Ui, shown: &Shown<'_>) {
        let tokens = Tokens::in_ui(ui);
        let (snapshot, labels) = (shown.snapshot, shown.labels);
        let by = side_of(snapshot);
        ui.label(RichText::new("Rows").small().color(tokens.text_weak));
        let all = format!("all {}", format::counted(snapshot.data.of.max(snapshot.data.len()), "row"));
        let radio = ui.radio(self.rows == RowsWanted::All, all);
        if radio.on_hover_text("Rows that the run left out are labelled through its model").clicked() {
            self.rows = RowsWanted::All;
        }
        let count = shown.selection.count();
        let text = format!("selection: {}", format::count(count));
        let radio = ui.add_enabled(count > 0, egui::RadioButton::new(self.rows == RowsWanted::Selection, text));
        if radio.on_hover_text("The selected points alone").on_disabled_hover_text("Select points first").clicked() {
            self.rows = RowsWanted::Selection;
        }
        let seen = labels.seen(by, snapshot);
        let name = |id: u32| labels.name(by, id, snapshot);
        let (on, text) = match self.rows {
            RowsWanted::Label(id) => (true, format::short(&name(id), 24)),
            _ => (false, "choose".to_owned()),
        };
        let radio = ui.radio(on, "one cluster");
        let first = seen.first().map(|&(id, _)| id);
        if let Some(id) = first.filter(|_| radio.clicked() && !on) {
            self.rows = RowsWanted::Label(id);
        }
        radio.on_hover_text(
            "The points of one label, as you edited it; of rows left out those that the model puts there",
        );
        let clusters = combo("export cluster", 130.0).selected_text(text);
        let response = clusters.show_ui(ui, |ui| {
            for &(id, count) in &seen {
                let text = format!("{} · {}", format::short(&name(id), 24), format::count(count));
                if ui.selectable_label(self.rows == RowsWanted::Label(id), text).clicked() {
                    self.rows = RowsWanted::Label(id);
                }
            }
        });
        response.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, "Cluster to export"));
    }

    /// Sees to it that the first rows are there or on their way; what went wrong.
    fn look(&mut self, ctx: &egui::Context, shown: &Shown<'_>) -> Option<String> {
        let Shown { snapshot, labels, selection, .. } = *shown;
        let key = Key([snapshot.serial, labels.serial(), selection.serial(), labels.id()], self.rows);
        let waits = self.first.as_ref().is_some_and(|(of, first)| *of != key && first.is_coming());
        if !waits && self.first.as_ref().is_none_or(|(of, _)| *of != key) {
            let (snapshot, labels, selection) = (Arc::clone(snapshot), labels.clone(), selection.clone());
            let kept = self.measured.take().filter(|(of, _)| Arc::ptr_eq(of, &snapshot));
            let (_, measured) = self.measured.insert(kept.unwrap_or_else(|| (Arc::clone(&snapshot), Arc::default())));
            let (rows, measured) = ((self.rows, ROWS), Arc::clone(measured));
            let work = move || {
                first_rows(&snapshot, (&labels, &selection), rows, &measured).map_err(|error| error.to_string())
            };
            self.first = Some((key, Later::start(ctx, "The first rows of the export", work)));
        }
        match self.first.as_ref()?.1.get()? {
            Ok(seen) => {
                if self.seen.as_ref() != Some(seen) {
                    self.seen = Some(seen.clone());
                }
                None
            }
            Err(error) => Some(error.clone()),
        }
    }

    /// Whether a column is written: `row` alone is left out by itself, where nothing is missing that it would tell.
    fn is_ticked(&self, name: &str, shown: &Shown<'_>) -> bool {
        let traced = self.rows != RowsWanted::All || shown.snapshot.data.len() < shown.snapshot.data.of;
        self.ticked.get(name).copied().unwrap_or(name != "row" || traced)
    }

    fn write_ui(&mut self, ui: &mut Ui, shown: &Shown<'_>, header: &[String]) -> Option<ExportAsk> {
        let tokens = Tokens::in_ui(ui);
        let mut ask = None;
        let columns: Vec<String> = header.iter().filter(|name| self.is_ticked(name, shown)).cloned().collect();
        ui.horizontal(|ui| {
            if let Some(fraction) = shown.running {
                let bar = egui::ProgressBar::new(fraction).desired_width(220.0).desired_height(6.0).fill(tokens.accent);
                let bar = ui.add(bar);
                bar.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, "Export progress"));
                ui.label(RichText::new(format!("{:.0} %", 100.0 * fraction)).small());
                let tip = "End it; a file that stood there before stays as it was";
                if ui.button("Cancel").on_hover_text(tip).clicked() {
                    ask = Some(ExportAsk::Cancel);
                }
                return;
            }
            let on = !columns.is_empty();
            let write = egui::Button::new(RichText::new("Write…").color(tokens.on_accent).strong()).fill(tokens.accent);
            let write = ui.add_enabled(on, write).on_disabled_hover_text("Tick a column first");
            // Enter is enough where nothing is to be chosen.
            focus::enter_at(ui.ctx(), write.id);
            if write.on_hover_text("Choose a file; the table is written beside the window's work").clicked() {
                let row = columns.iter().any(|name| name == "row");
                let chosen = (columns.len() < header.len()).then(|| columns.clone());
                let wanted = TableWanted { rows: self.rows, columns: chosen, row, readme: self.readme };
                ask = Some(ExportAsk::Table(self.format, wanted));
            }
            let tip = "A text with settings, versions, scores and the checksum of the data, named as the table with .README.txt";
            ui.checkbox(&mut self.readme, "with a README of what made it").on_hover_text(tip);
        });
        ask
    }
}

/// Where a person finds the clusters as they left them, once that is not what the solver said.
fn edited_words(shown: &Shown<'_>) -> Option<&'static str> {
    let by = side_of(shown.snapshot);
    let words = "cluster_name has your clusters, as you named, merged, split and assigned them; cluster has the solver's numbers";
    shown.labels.relabels(by).then_some(words)
}

/// Pictures, curves and the model.
fn others_ui(ui: &mut Ui, shown: &Shown<'_>, width: &mut u32) -> Option<ExportAsk> {
    let weak = Tokens::in_ui(ui).text_weak;
    let mut ask = None;
    ui.horizontal_wrapped(|ui| {
        focus::group(ui, "other exports", Kind::Once, |ui| {
            ui.label(RichText::new("Pictures").small().color(weak));
            let snapshot = shown.snapshot;
            let views = [
                ("Input…", PictureOf::View(0), true),
                ("Learned…", PictureOf::View(1), snapshot.learned.is_some()),
                ("Exact…", PictureOf::View(2), snapshot.exact.is_some()),
                ("Curves…", PictureOf::Curves, shown.curves),
                ("Eigenvalues…", PictureOf::Spectrum, !snapshot.spectrum.is_empty()),
            ];
            for (text, of, on) in views {
                let tip = match of {
                    PictureOf::View(_) => "The view with its axes and colours as a figure on white: .svg or .png",
                    PictureOf::Curves => "Loss, orthogonality, distance and scores over the steps: .svg or .png",
                    PictureOf::Spectrum => "Exact and learned eigenvalues: .svg or .png",
                };
                let button = ui.add_enabled(on, egui::Button::new(text).small());
                if button.on_hover_text(tip).on_disabled_hover_text("There is none at present").clicked() {
                    ask = Some(ExportAsk::Picture(of));
                }
            }
            let label = ui.label(RichText::new("PNG width").small().color(weak));
            let pixels = egui::DragValue::new(width).range(crate::output::PICTURE_WIDTHS).speed(10.0).suffix(" px");
            let tip = "Of figures whose name ends in .png; the height follows";
            ui.add(pixels).labelled_by(label.id).on_hover_text(tip);
            ui.add_space(8.0);
            ui.label(RichText::new("Also").small().color(weak));
            let tip =
                "Every evaluation of the training as a row: CSV, Parquet or any other format by the end of the name";
            let button = ui.add_enabled(shown.curves, egui::Button::new("Curves as table…").small());
            if button.on_hover_text(tip).on_disabled_hover_text("Nothing was trained").clicked() {
                ask = Some(ExportAsk::Curves);
            }
            let looks = snapshot.recording.looks().len();
            let tip = "Each look of the training on the axes and in the colours of the views: .gif, or a folder of PNG pictures";
            let button = ui.add_enabled(looks > 1, egui::Button::new("Animation…").small());
            if button.on_hover_text(tip).on_disabled_hover_text("No training was recorded").clicked() {
                ask = Some(ExportAsk::Animation);
            }
            let tip = "What labels new rows, with the names you gave: .onnx for any ONNX runtime, .eigenscope for `eigenscope apply`";
            let button = ui.add_enabled(snapshot.model.is_some(), egui::Button::new("Model…").small());
            if button.on_hover_text(tip).on_disabled_hover_text("A run that has ended gives one").clicked() {
                ask = Some(ExportAsk::Model);
            }
        });
    });
    ask
}
