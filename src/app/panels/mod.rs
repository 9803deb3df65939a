//! Panels: what you turn. Every control edits the one recipe.

mod cluster_menu;
mod clusters;
mod controls;
mod data;
mod graph;
mod remarks;
mod rows;
mod rules;
mod thumbs;

use std::collections::HashMap;
use std::path::PathBuf;

use eframe::egui::{self, RichText, Ui};

pub use clusters::ClusterAction;

use crate::app::files::dialogs::Purpose;
use crate::app::kit::caption::Caption;
use crate::app::kit::dial::Dial;
use crate::app::kit::find;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::theme::Tokens;
use crate::app::shown::coloring::ColorBy;
use crate::app::shown::labels::Labels;
use crate::app::views::scatter::Selection;
use crate::pipeline::{CurvePoint, Job, Snapshot};
use crate::project::Deed;
use crate::recipe::Settings;
use crate::recipe::knobs::{Range, Section};

/// How far one press of Step goes; a setting of the window, not of the run.
const STEP_SIZE: Caption = Caption {
    flag: "",
    label: "Step button",
    unit: "steps",
    effect: "How many training steps one press of Step takes",
};
/// Most steps of one press.
const MOST_STEPS: usize = 10_000;

/// What a person typed into a text control and is not yet a value.
#[derive(Debug, Default)]
pub struct Drafts {
    /// Lists of layers, by their flags.
    layers: HashMap<&'static str, Option<String>>,
    scale: Option<f64>,
    cluster: Option<(ColorBy, u32, String)>,
    row: Option<(ColorBy, u32)>,
}

impl Drafts {
    /// The cluster whose row in the list has the keyboard.
    #[must_use]
    pub fn row(&self) -> Option<(ColorBy, u32)> {
        self.row
    }
}

/// What a panel asks the window to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Show another built-in set.
    OpenNamed(String),
    /// Ask for a file.
    OpenDialog,
    /// Open a file of before.
    OpenPath(PathBuf),
    /// Ask for a file or folder that a setting or the data is in.
    Choose(Purpose),
    /// Show the columns of the table.
    Columns,
    /// Paint points: on an empty plane, or on a copy of what is shown.
    Paint {
        /// On an empty plane.
        empty: bool,
    },
    /// Every setting to its default, since those there were made for other data.
    Defaults,
    /// The settings made for other data are meant for this one too.
    KeepSettings,
    /// Edit labels.
    Edit(Box<Deed>),
    /// Show what is in a label of those that can be edited.
    Inside(u32),
    /// Make two labels of one.
    Split(ColorBy, u32),
}

/// Everything the panels show and change.
#[derive(Debug)]
pub struct Panels<'a> {
    /// The settings.
    pub job: &'a mut Job,
    /// What is shown, for worked-out values.
    pub snapshot: Option<&'a Snapshot>,
    /// The last evaluation of the training, for worked-out values.
    pub last: Option<CurvePoint>,
    /// Files opened in this session, newest first.
    pub recent: &'a [PathBuf],
    /// Half-typed texts.
    pub drafts: &'a mut Drafts,
    /// Steps that one press of Step takes.
    pub step_size: &'a mut usize,
    /// Selected points.
    pub selection: &'a mut Selection,
    /// The labels as a person edited them.
    pub labels: &'a Labels,
    /// What colours the points now.
    pub color_by: ColorBy,
    /// The theme.
    pub dark: bool,
    /// Settings that were made by hand for other data, in words.
    pub carried: Option<String>,
}

/// What the settings mean on the data shown, by the same rules and from the same facts as the run itself; nothing for data that is not
/// there yet.
fn automatic(job: &Job, snapshot: &Snapshot) -> Option<Settings> {
    (snapshot.job.source == job.source).then(|| job.recipe.worked_out(&snapshot.facts))
}

/// All panels, one under the other.
pub fn panels_ui(ui: &mut Ui, panels: &mut Panels) -> Option<Ask> {
    let mut ask = None;
    panels.drafts.row = None;
    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        // Room for the scroll bar, so that it never lies on a control.
        egui::Frame::new().inner_margin(egui::Margin { left: 12, right: 14, top: 4, bottom: 12 }).show(ui, |ui| {
            focus::group(ui, "sections", Kind::Headings, |ui| {
                for of in Section::ALL {
                    section(ui, of.title(), |ui| ask = section_ui(ui, panels, of).or(ask.take()));
                }
                section(ui, "Clusters", |ui| ask = clusters::clusters_ui(ui, panels).or(ask.take()));
            });
        });
        focus::reveal(ui);
    });
    ask
}

/// The settings of a section, and what it has beside them.
fn section_ui(ui: &mut Ui, panels: &mut Panels, of: Section) -> Option<Ask> {
    let mut ask = None;
    if of == Section::Data {
        ask = data::choose_ui(ui, panels);
    }
    ask = rows::rows_ui(ui, panels, of).or(ask);
    match of {
        Section::Data => ask = data::notes_ui(ui, panels).or(ask),
        Section::Training => {
            let dial = Dial { range: Range::between(1, MOST_STEPS) };
            controls::number(ui, &STEP_SIZE, panels.step_size, dial, panels.job.recipe.learn);
        }
        Section::Method | Section::Graph | Section::Network => {}
    }
    ask
}

fn section(ui: &mut Ui, title: &str, add: impl FnOnce(&mut Ui)) {
    let tokens = Tokens::in_ui(ui);
    let heading = RichText::new(title).heading().color(tokens.text_strong);
    let turn = ui.make_persistent_id(("turn", title));
    let open = find::is_in(ui.ctx(), title).then_some(true).or(ui.data_mut(|d| d.remove_temp(turn)));
    let header = egui::CollapsingHeader::new(heading).default_open(true).open(open);
    let shown = header.show_unindented(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 5.0;
        ui.add_space(2.0);
        focus::group(ui, title, Kind::Each, add);
        ui.add_space(6.0);
    });
    // Left folds a heading that has the keyboard, Right unfolds it.
    let header = shown.header_response;
    if header.has_focus() {
        let sideways = egui::EventFilter { horizontal_arrows: true, ..egui::EventFilter::default() };
        ui.memory_mut(|m| m.set_focus_lock_filter(header.id, sideways));
        for (key, unfold) in [(egui::Key::ArrowLeft, false), (egui::Key::ArrowRight, true)] {
            if ui.input(|i| i.modifiers.is_none() && i.key_pressed(key)) {
                ui.data_mut(|d| d.insert_temp(turn, unfold));
                ui.ctx().request_repaint();
            }
        }
    }
}

/// A quiet sentence under a group of controls.
fn remark(ui: &mut Ui, text: &str) {
    let color = Tokens::in_ui(ui).text_weak;
    ui.label(RichText::new(text).small().color(color));
}

/// The same in exactly one line, for what a run alone can tell: the rows below stay where they are when it comes.
fn line(ui: &mut Ui, text: &str) {
    let color = Tokens::in_ui(ui).text_weak;
    ui.add(egui::Label::new(RichText::new(text).small().color(color)).truncate()).on_hover_text(text);
}

/// What the automatic `setting` became for the run shown, and why.
fn taken(ui: &mut Ui, snapshot: Option<&Snapshot>, setting: &str) {
    match snapshot.and_then(|s| s.taken(setting)) {
        Some(taken) => line(ui, &format!("auto took {}: {}", taken.value, taken.reason)),
        None => line(ui, "What auto takes is known after a run"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::shown::fixture::snapshot;
    use crate::recipe::Auto;

    #[test]
    fn auto_is_known_before_a_run_and_whatever_else_is_set() {
        let snapshot = snapshot(None, None);
        let mut job = (*snapshot.job).clone();
        let settings = automatic(&job, &snapshot).expect("settings for the data shown");
        let training = settings.training;
        assert_eq!((training.whole, training.steps, training.fourier), (true, 150, 64));
        job.recipe.batch = Auto::Set(0);
        assert_eq!(automatic(&job, &snapshot).map(|s| (s.training.steps, s.training.fourier)), Some((200, 64)));
        job.recipe.eigenvectors = Auto::Set(2);
        assert_eq!(automatic(&job, &snapshot).map(|s| s.training.steps), Some(800), "single vectors train longer");
        job.recipe.system = crate::recipe::System::Dscl;
        assert_eq!(automatic(&job, &snapshot).and_then(|s| s.number("steps")), Some(1500.0));
        job.source = crate::data::Source::Named("digits".to_owned());
        assert_eq!(automatic(&job, &snapshot), None, "its data is not there yet");
    }
}
