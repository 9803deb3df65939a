//! Panels: what you turn. Every control edits the one recipe.

mod clusters;
mod codes;
mod controls;
mod data;
mod graph;
mod knobs;
mod network;
mod system;
mod thumbs;
mod training;

use std::path::PathBuf;

use eframe::egui::{self, RichText, Ui};

pub use clusters::ClusterAction;

use super::coloring::ColorBy;
use super::names::ClusterNames;
use super::theme::Tokens;
use super::views::scatter::Selection;
use crate::Recipe;
use crate::learn::settings::Settings;
use crate::learn::{CurvePoint, Job, Snapshot};

/// What a person typed into a text control and is not yet a value.
#[derive(Debug, Default)]
pub struct Drafts {
    hidden: Option<String>,
    encoder: Option<String>,
    siamese: Option<String>,
    scale: Option<f64>,
    cluster: Option<(ColorBy, u32, String)>,
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
    /// Names of clusters.
    pub names: &'a mut ClusterNames,
    /// What colours the points now.
    pub color_by: ColorBy,
    /// The theme.
    pub dark: bool,
}

impl Panels<'_> {
    fn automatic(&self) -> Option<Settings> {
        automatic(self.job, self.snapshot?)
    }
}

/// What `auto` takes for the data shown, known before anything is trained.
fn automatic(job: &Job, snapshot: &Snapshot) -> Option<Settings> {
    let vectors = job.recipe.eigenvectors.set().or(job.recipe.clusters.set()).unwrap_or(snapshot.clusters);
    // Defaults alone, so that a number set by hand elsewhere, sensible or not, is no reason to show nothing.
    let settings = Settings::resolve(&Recipe::default(), snapshot.data.len(), snapshot.data.dim(), vectors, None);
    settings.ok().filter(|_| snapshot.job.source == job.source)
}

/// All panels, one under the other.
pub fn panels_ui(ui: &mut Ui, panels: &mut Panels) -> Option<Ask> {
    let mut ask = None;
    egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        // Room for the scroll bar, so that it never lies on a control.
        egui::Frame::new().inner_margin(egui::Margin { left: 12, right: 14, top: 4, bottom: 12 }).show(ui, |ui| {
            section(ui, "Data", |ui| ask = data::data_ui(ui, panels));
            section(ui, "Method", |ui| system::system_ui(ui, panels));
            section(ui, "Graph", |ui| graph::graph_ui(ui, panels));
            section(ui, "Network", |ui| network::network_ui(ui, panels));
            section(ui, "Training", |ui| training::training_ui(ui, panels));
            section(ui, "Clusters", |ui| clusters::clusters_ui(ui, panels));
        });
    });
    ask
}

fn section(ui: &mut Ui, title: &str, add: impl FnOnce(&mut Ui)) {
    let tokens = Tokens::in_ui(ui);
    let heading = RichText::new(title).heading().color(tokens.text_strong);
    egui::CollapsingHeader::new(heading).default_open(true).show_unindented(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 5.0;
        ui.add_space(2.0);
        add(ui);
        ui.add_space(6.0);
    });
}

/// A quiet sentence under a group of controls.
fn remark(ui: &mut Ui, text: &str) {
    let color = Tokens::in_ui(ui).text_weak;
    ui.label(RichText::new(text).small().color(color));
}

/// What the automatic `setting` became for the run shown, and why.
fn taken(ui: &mut Ui, snapshot: Option<&Snapshot>, setting: &str) {
    if let Some(taken) = snapshot.and_then(|s| s.taken(setting)) {
        remark(ui, &format!("auto took {}: {}", taken.value, taken.reason));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::fixture::snapshot;
    use crate::learn::Source;
    use crate::recipe::Auto;

    #[test]
    fn auto_is_known_before_a_run_and_whatever_else_is_set() {
        let snapshot = snapshot(None, None);
        let mut job = (*snapshot.job).clone();
        job.recipe.batch = Auto::Set(0);
        let settings = automatic(&job, &snapshot).expect("settings for the data shown");
        assert_eq!((settings.batch, settings.steps, settings.fourier), (4, 200, 64));
        job.source = Source::Named("digits".to_owned());
        assert_eq!(automatic(&job, &snapshot), None, "its data is not there yet");
    }
}
