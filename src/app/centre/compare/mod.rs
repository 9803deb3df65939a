//! Systems side by side in the window: which spaces and seeds, how far, and the table so far.

mod table;

use std::sync::Arc;
use std::time::Instant;

use eframe::egui::{self, RichText, Ui};

use crate::app::kit::caption::Caption;
use crate::app::kit::dial::Dial;
use crate::app::kit::focus;
use crate::app::kit::format;
use crate::app::kit::refused::reason_ui;
use crate::app::kit::spoken::spoken;
use crate::app::kit::theme::Tokens;
use crate::app::shown::run::stage_name;
use crate::pipeline::compare::{Entry, Plan, Space};
use crate::pipeline::{Event, Job};
use crate::recipe::Stage;
use crate::recipe::knobs::Range;
use crate::support::plain;

/// Most seeds that a person can ask for here; the command line takes any number.
const MOST_SEEDS: usize = 20;

/// The number of seeds, as the panels' numbers are.
const SEEDS: Caption =
    Caption { flag: "", label: "Seeds", unit: "", effect: "More of them tell luck from merit", idle: None };

/// What a person asked the comparison for.
#[derive(Clone, Debug, PartialEq)]
pub enum CompareAsk {
    /// Run what is missing.
    Start(Box<Plan>),
    /// Hold it.
    Pause,
    /// Go on.
    Resume,
    /// End it and keep what is done.
    End,
    /// Open the data of the comparison that is shown, with its settings.
    Adopt(Box<Job>),
    /// Write it to a file.
    Save,
}

/// The comparison between frames.
#[derive(Debug)]
pub struct CompareView {
    /// Whether its window is open.
    pub open: bool,
    spaces: Vec<Space>,
    seeds: usize,
    /// What is done, and the job it was done with.
    entries: Arc<Vec<Entry>>,
    of: Option<Job>,
    at: Option<At>,
    error: Option<String>,
}

/// Where a comparison at work is.
#[derive(Clone, Debug)]
struct At {
    space: Space,
    seed: u64,
    run: usize,
    runs: usize,
    stage: Option<(Stage, f32)>,
    began: Instant,
    paused: bool,
}

impl Default for CompareView {
    fn default() -> Self {
        let spaces = Space::SPECTRALNET.to_vec();
        Self { open: false, spaces, seeds: 3, entries: Arc::default(), of: None, at: None, error: None }
    }
}

impl CompareView {
    /// Takes an event that is its own; true if it was.
    pub fn take(&mut self, event: &Event) -> bool {
        match event {
            Event::Comparing { space, seed, run, runs } => {
                if let Some(at) = &mut self.at {
                    (at.space, at.seed, at.run, at.runs, at.stage) = (*space, *seed, *run, *runs, None);
                }
            }
            Event::Progress(stage, fraction, _) if self.at.is_some() => {
                if let Some(at) = &mut self.at {
                    at.stage = Some((*stage, fraction.clamp(0.0, 1.0)));
                }
            }
            Event::Compared(entries) => self.entries = Arc::clone(entries),
            Event::ComparisonEnded(error) => {
                self.at = None;
                self.error.clone_from(error);
            }
            _ => return false,
        }
        true
    }

    /// Whether one is at work.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.at.is_some()
    }

    /// What a running comparison has behind it, in words, where that took at least `long` seconds.
    #[must_use]
    pub fn at_work(&self, long: f64) -> Option<String> {
        let at = self.at.as_ref().filter(|at| at.began.elapsed().as_secs_f64() >= long)?;
        Some(format!("the comparison at run {} of {}", at.run, at.runs))
    }

    /// What is done, with the job it was done with.
    #[must_use]
    pub fn result(&self) -> Option<(&Job, &[Entry])> {
        self.of.as_ref().filter(|_| !self.entries.is_empty()).map(|job| (job, self.entries.as_slice()))
    }

    /// Shows a comparison read from a file.
    pub fn show(&mut self, job: Job, entries: Vec<Entry>) {
        (self.of, self.entries, self.open, self.error) = (Some(job), Arc::new(entries), true, None);
    }

    /// What Start would run with the panels' settings.
    fn plan(&self, job: &Job) -> Plan {
        let same = self.of.as_ref() == Some(job);
        let done = if same { self.entries.to_vec() } else { Vec::new() };
        Plan { job: job.clone(), spaces: self.spaces.clone(), seeds: self.seeds, done }
    }

    /// A comparison was asked for, or the work went to something else.
    pub fn began(&mut self, plan: Option<&Plan>) {
        self.at = None;
        let Some(plan) = plan else { return };
        let missing = plan.missing();
        let Some(&(space, seed)) = missing.first() else { return };
        let runs = missing.len();
        self.at = Some(At { space, seed, run: 1, runs, stage: None, began: Instant::now(), paused: false });
        (self.of, self.entries, self.error) = (Some(plan.job.clone()), Arc::new(plan.done.clone()), None);
    }

    /// Its window, if it is open. `job` is the panels'; `busy` while the main run is at work.
    pub fn ui(&mut self, ctx: &egui::Context, job: &Job, busy: bool) -> Option<CompareAsk> {
        if !self.open {
            return None;
        }
        let mut open = true;
        let mut ask = None;
        let room = ctx.content_rect();
        egui::Window::new("Compare systems")
            .open(&mut open)
            .collapsible(false)
            .default_size([740.0_f32.min(room.width() - 40.0), 460.0_f32.min(room.height() - 80.0)])
            .default_pos(room.center() - egui::vec2(370.0, 250.0))
            .constrain(true)
            .show(ctx, |ui| {
                focus::sheet(ui, "Compare systems");
                self.choices_ui(ui, job);
                ask = self.buttons_ui(ui, job, busy);
                self.progress_ui(ui);
                ask = self.older_ui(ui, job).or(ask.take());
                ui.separator();
                table::table_ui(ui, &self.entries, self.at.as_ref().map(|at| at.space));
            });
        self.open = open;
        if let Some(CompareAsk::Pause | CompareAsk::Resume) = ask
            && let Some(at) = &mut self.at
        {
            at.paused = !at.paused;
        }
        ask
    }

    fn choices_ui(&mut self, ui: &mut Ui, job: &Job) {
        let tokens = Tokens::in_ui(ui);
        let idle = self.at.is_none();
        let (dual, parts) = Space::ABLATION.split_at(1);
        for (title, spaces) in [("Spaces", [&Space::SPECTRALNET, dual].concat()), ("Ablation", parts.to_vec())] {
            ui.horizontal_wrapped(|ui| {
                ui.spacing_mut().item_spacing.x = 14.0;
                ui.label(RichText::new(title).color(tokens.text_weak));
                for space in spaces {
                    let mut on = self.spaces.contains(&space);
                    let choice = ui.add_enabled(idle, egui::Checkbox::new(&mut on, space.title()));
                    if choice.on_hover_text(space.tip()).changed() {
                        self.spaces.retain(|&s| s != space);
                        self.spaces.extend(on.then_some(space));
                    }
                }
            });
        }
        ui.horizontal(|ui| {
            let label = ui.label(RichText::new("Seeds").color(tokens.text_weak));
            let tip = format!("Seeds {} and up; mean and deviation are over these", job.recipe.seed);
            let size = egui::vec2(48.0, ui.spacing().interact_size.y);
            let dial = Dial { range: Range::between(1, MOST_SEEDS) };
            let dial = ui.add_enabled_ui(idle, |ui| dial.add(ui, &SEEDS, size, &mut self.seeds));
            dial.inner.labelled_by(label.id).on_hover_text(tip);
        });
        reason_ui(ui, &SEEDS, self.seeds as f64);
    }

    fn buttons_ui(&self, ui: &mut Ui, job: &Job, busy: bool) -> Option<CompareAsk> {
        let mut ask = None;
        ui.horizontal(|ui| {
            if let Some(at) = &self.at {
                let (text, asked) =
                    if at.paused { ("Resume", CompareAsk::Resume) } else { ("Pause", CompareAsk::Pause) };
                if ui.button(text).on_hover_text("The comparison alone").clicked() {
                    ask = Some(asked);
                }
                let tip = "End here; the run at work is lost, those before it are kept, and Go on repeats none of them";
                if ui.button("End").on_hover_text(tip).clicked() {
                    ask = Some(CompareAsk::End);
                }
            } else {
                let plan = self.plan(job);
                let runs = plan.missing().len();
                let why = if busy {
                    Some("A training is at work")
                } else if job.recipe.system.is_supervised() {
                    Some("A comparison is of clusterings; choose the system spectralnet")
                } else {
                    (runs == 0).then_some("Everything asked for is there")
                };
                let text = if plan.done.is_empty() { "Start comparison" } else { "Go on" };
                let runs = format::counted(runs, "run");
                let tip = format!("{runs} with the panels' settings, beside the picture; labels only score");
                let button = ui.add_enabled(why.is_none(), egui::Button::new(text));
                if button.on_hover_text(tip).on_disabled_hover_text(why.unwrap_or_default()).clicked() {
                    ask = Some(CompareAsk::Start(Box::new(plan)));
                }
            }
            let tip = "Write every run as JSON; the command line's compare --resume goes on with it";
            let save = ui.add_enabled(!self.entries.is_empty(), egui::Button::new("Save…"));
            if save.on_hover_text(tip).clicked() {
                ask = Some(CompareAsk::Save);
            }
            let copy = ui.add_enabled(!self.entries.is_empty(), egui::Button::new("Copy table"));
            if copy.on_hover_text("Put the table on the clipboard, with tabs between the columns").clicked() {
                ui.copy_text(table::tabbed(&self.entries));
            }
        });
        ask
    }

    fn progress_ui(&self, ui: &mut Ui) {
        let tokens = Tokens::in_ui(ui);
        if let Some(error) = &self.error {
            ui.add(egui::Label::new(RichText::new(spoken(error)).color(tokens.bad)).wrap());
        }
        let Some(at) = &self.at else { return };
        let done = (at.run - 1) as f32 + at.stage.map_or(0.0, |(stage, part)| share(stage, part));
        let stage =
            at.stage.map_or_else(String::new, |(s, part)| format!(" · {} {:.0} %", stage_name(s), 100.0 * part));
        let paused = if at.paused { "Paused · " } else { "" };
        let spent = format::seconds(at.began.elapsed().as_secs_f64());
        let words = format!(
            "{paused}run {} of {}: {}, seed {}{stage} · {spent} so far",
            at.run,
            at.runs,
            at.space.title(),
            at.seed
        );
        ui.add(egui::Label::new(RichText::new(words).small()).truncate());
        let bar = egui::ProgressBar::new(done / at.runs.max(1) as f32).desired_height(4.0);
        ui.add(bar.fill(if at.paused { tokens.warning } else { tokens.accent }));
    }

    fn older_ui(&self, ui: &mut Ui, job: &Job) -> Option<CompareAsk> {
        let other = self.of.as_ref().filter(|&of| of != job && self.at.is_none() && !self.entries.is_empty())?;
        let mut ask = None;
        ui.horizontal_wrapped(|ui| {
            let text = "These runs were done with other data or settings. Starting again replaces them.";
            ui.label(RichText::new(text).small().color(Tokens::in_ui(ui).warning));
            let tip = format!(
                "Open {} with the settings of these runs, so that the comparison can go on",
                plain::line(&other.source.to_string())
            );
            if ui.small_button("Open their data").on_hover_text(tip).clicked() {
                ask = Some(CompareAsk::Adopt(Box::new(other.clone())));
            }
        });
        ask
    }
}

/// How much of a run is behind it when `stage` is this far; a rough guess, so that the bar moves.
fn share(stage: Stage, part: f32) -> f32 {
    let (from, to) = match stage {
        Stage::Load => (0.0, 0.02),
        Stage::Represent => (0.02, 0.4),
        Stage::Metric => (0.4, 0.6),
        Stage::Neighbours | Stage::Affinity => (0.6, 0.7),
        Stage::Exact => (0.7, 0.75),
        Stage::Learn => (0.75, 0.98),
        Stage::Clusters => (0.98, 1.0),
    };
    from + (to - from) * part
}
