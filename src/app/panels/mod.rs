//! Panels: what you turn. Every control edits the one recipe.

mod cluster_menu;
mod clusters;
mod controls;
mod data;
mod fold;
mod graph;
mod remarks;
mod rows;
mod rules;
mod thumbs;

use std::collections::HashMap;
use std::path::PathBuf;

use eframe::egui::{self, RichText, Ui};

pub use clusters::ClusterAction;
pub use fold::Fold;
pub(in crate::app) use rows::purpose;

use crate::app::files::dialogs::Purpose;
use crate::app::kit::caption::Caption;
use crate::app::kit::commands::UiCommand;
use crate::app::kit::find;
use crate::app::kit::fitting::{BETWEEN, fitting_ui};
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::theme::Tokens;
use crate::app::shown::coloring::ColorBy;
use crate::app::shown::labels::Labels;
use crate::app::views::scatter::Selection;
use crate::pipeline::{CurvePoint, Job, Snapshot};
use crate::project::Deed;
use crate::recipe::Settings;
use crate::recipe::knobs::{self, Knob, Level, Section};
use rules::Rules;

/// How far one press of Step goes; a setting of the window, not of the run.
const STEP_SIZE: Caption = Caption {
    flag: "",
    label: "Step button",
    unit: "steps",
    effect: "How many training steps one press of Step takes",
    idle: None,
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
    /// Whether the keyboard is to go to the list of clusters.
    to_list: bool,
}

impl Drafts {
    /// Takes the keyboard to the list of clusters once it is drawn.
    pub fn go_to_list(&mut self) {
        self.to_list = true;
    }

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
    /// Colour the points by this.
    ColorBy(ColorBy),
    /// Begin a review of the least clear points, or end it.
    Review,
    /// Show the sheet that writes the result.
    Export,
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
    /// Whether all settings are unfolded, and which of them are looked for.
    pub fold: &'a mut Fold,
    /// Whether there is a result to export.
    pub can_export: bool,
    /// Whether a review is open; none where there is nothing to review.
    pub review: Option<bool>,
    /// Whether data is being opened.
    pub opening: bool,
}

/// What the settings mean on the data shown, by the same rules and from the same facts as the run itself; nothing for data that is not
/// there yet.
fn automatic(job: &Job, snapshot: &Snapshot) -> Option<Settings> {
    (snapshot.job.source == job.source).then(|| job.recipe.worked_out(&snapshot.facts))
}

/// Height of what stands below the settings, in points.
const FOOT: f32 = 44.0;

/// The dataset on top, the settings under it, and the way out at the bottom: each in its place, whatever is folded.
pub fn panels_ui(ui: &mut Ui, panels: &mut Panels) -> Option<Ask> {
    let mut ask = None;
    panels.drafts.row = None;
    let rules = Rules::of(panels);
    focus::group(ui, "sections", Kind::Headings, |ui| {
        framed(ui, |ui| {
            section(ui, Section::Data.title(), None, |ui| ask = data::choose_ui(ui, panels));
        });
        let tokens = Tokens::in_ui(ui);
        ui.painter().hline(ui.max_rect().x_range(), ui.cursor().top(), egui::Stroke::new(1.0, tokens.line));
        let height = (ui.available_height() - FOOT).max(FOOT);
        let scrolled = egui::ScrollArea::vertical().auto_shrink(false).max_height(height).show(ui, |ui| {
            framed(ui, |ui| ask = settings_ui(ui, panels, &rules).or(ask.take()));
            focus::reveal(ui);
        });
        // Where there is less to scroll than before, what there is moves now and not under the next click.
        let end = (scrolled.content_size.y - scrolled.inner_rect.height()).max(0.0);
        if scrolled.state.unclamped_offset().y > end + 0.5 {
            ui.ctx().request_repaint();
        }
    });
    foot_ui(ui, panels.can_export).or(ask)
}

/// With room at both sides; on the right for the scroll bar, so that it never lies on a control.
fn framed(ui: &mut Ui, add: impl FnOnce(&mut Ui)) {
    egui::Frame::new().inner_margin(egui::Margin { left: 12, right: 14, top: 4, bottom: 4 }).show(ui, add);
}

/// Everything that scrolls: what is turned first, the clusters, and all other settings one fold away.
fn settings_ui(ui: &mut Ui, panels: &mut Panels, rules: &Rules) -> Option<Ask> {
    let mut ask = data::notes_ui(ui, panels);
    let of_the_set = Section::Data.knobs().filter(|knob| knob.level == Level::Essential);
    focus::group(ui, "set", Kind::Each, |ui| ask = rows::rows_ui(ui, panels, rules, of_the_set).or(ask.take()));
    let is_essential = |knob: &Knob| knob.level == Level::Essential && knob.section != Section::Data;
    let wanted = find::is_in(ui.ctx(), is_essential).then_some(true);
    section(ui, "Essentials", wanted, |ui| {
        let first = knobs::all().filter(|knob| is_essential(knob));
        ask = rows::rows_ui(ui, panels, rules, first).or(ask.take());
    });
    let unfold = panels.drafts.to_list.then_some(true);
    section(ui, "Clusters", unfold, |ui| ask = clusters::clusters_ui(ui, panels).or(ask.take()));
    fold::all_ui(ui, panels, rules).or(ask)
}

/// The way out of the program, in its own place.
fn foot_ui(ui: &mut Ui, can: bool) -> Option<Ask> {
    let tokens = Tokens::in_ui(ui);
    let top = ui.cursor().top();
    ui.painter().hline(ui.max_rect().x_range(), top, egui::Stroke::new(1.0, tokens.line));
    let mut ask = None;
    framed(ui, |ui| {
        let button = egui::Button::new("Export the result…").min_size(egui::vec2(ui.available_width(), 28.0));
        let tip = UiCommand::Export.tooltip(ui.ctx());
        let response = ui.add_enabled(can, button).on_hover_text(&tip);
        if response.on_disabled_hover_text("There is something to export once a solver is through").clicked() {
            ask = Some(Ask::Export);
        }
    });
    ask
}

/// A heading with what folds under it, in sight while `wanted` says so. Left folds a heading that has the keyboard, Right unfolds it.
fn section(ui: &mut Ui, title: &str, wanted: Option<bool>, add: impl FnOnce(&mut Ui)) {
    let tokens = Tokens::in_ui(ui);
    let heading = RichText::new(title).heading().color(tokens.text_strong);
    let turn = ui.make_persistent_id(("turn", title));
    let open = wanted.or(ui.data_mut(|d| d.remove_temp(turn)));
    let header = egui::CollapsingHeader::new(heading).default_open(true).open(open);
    let shown = header.show_unindented(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 5.0;
        ui.add_space(2.0);
        focus::group(ui, title, Kind::Each, add);
        ui.add_space(6.0);
    });
    let header = shown.header_response;
    if let Some(unfold) = turned_by_keys(ui, &header) {
        ui.data_mut(|d| d.insert_temp(turn, unfold));
        ui.ctx().request_repaint();
    }
}

/// Whether the arrows fold or unfold a heading that has the keyboard.
fn turned_by_keys(ui: &Ui, header: &egui::Response) -> Option<bool> {
    if !header.has_focus() {
        return None;
    }
    let sideways = egui::EventFilter { horizontal_arrows: true, ..egui::EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(header.id, sideways));
    let pressed = |key| ui.input(|i| i.modifiers.is_none() && i.key_pressed(key));
    let keys = [(egui::Key::ArrowLeft, false), (egui::Key::ArrowRight, true)];
    keys.into_iter().find(|(key, _)| pressed(*key)).map(|(_, unfold)| unfold)
}

/// A quiet sentence under a group of controls.
fn remark(ui: &mut Ui, text: &str) {
    let color = Tokens::in_ui(ui).text_weak;
    ui.label(RichText::new(text).small().color(color));
}

/// The same in exactly one line, for what a run alone can tell: the rows below stay where they are when it comes.
fn line(ui: &mut Ui, text: &str) {
    fitting_ui(ui, text, Tokens::in_ui(ui).text_weak);
}

/// What the automatic `setting` became for the run shown, and why.
fn taken(ui: &mut Ui, snapshot: Option<&Snapshot>, setting: &str) {
    match snapshot.and_then(|s| s.taken(setting)) {
        Some(taken) => line(ui, &format!("auto took {}{BETWEEN}{}", taken.value, taken.reason)),
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
