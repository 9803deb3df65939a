//! The bar on top: what is shown, the buttons that run it, how far it is.

use std::time::{Duration, Instant};

use eframe::egui::{self, Align, Color32, Layout, RichText, Ui};

use super::notices::color;
use crate::app::files::recent::recent_ui;
use crate::app::kit::commands::UiCommand;
use crate::app::kit::fitting::fitting_ui;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::icons::{Icon, icon_button};
use crate::app::kit::said::{Urgency, aloud, progress};
use crate::app::kit::theme::Tokens;
use crate::app::shell::project::leave::Away;
use crate::app::shell::state::{App, name_of};
use crate::app::shown::run::{Phase, Run, stage_name};
use crate::pipeline::Ending;
use crate::pipeline::{Snapshot, Stopped};
use crate::recipe::Stage;

/// Width of the data's name, and of what trains with the memory it takes: neither moves its neighbours when it changes.
const NAME_WIDTH: f32 = 116.0;
const DEVICE_WIDTH: f32 = 96.0;
/// A window as wide as this says what trains, in points: in a narrower one how a run ended would be cut.
const WITH_DEVICE: f32 = 1380.0;
/// A window as wide as this has a button for each of [`MORE`], in points.
const WITH_ALL: f32 = 1240.0;
/// What gives way in a narrower one, right to left.
const MORE: [UiCommand; 3] = [UiCommand::Lessons, UiCommand::Compare, UiCommand::Runs];
/// Width of the button that trains, whatever it says, and of the notes with their number.
const TRAIN_WIDTH: f32 = 84.0;
const NOTES_WIDTH: f32 = 72.0;

/// Width of the button that is now Step, now Restart, in points: those beside it stay where they are.
const WIDTH_OF_RESTART: f32 = 62.0;

/// Memory is asked for at most this often.
const MEMORY_EVERY: Duration = Duration::from_secs(1);

impl App {
    /// The bar.
    pub(super) fn top_ui(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| focus::group(ui, "bar", Kind::Once, |ui| self.bar_ui(ui)));
    }

    fn bar_ui(&mut self, ui: &mut Ui) {
        ui.set_min_height(34.0);
        self.icon_button(ui, UiCommand::ToggleSettings, Icon::Settings, self.settings_open);
        self.command_button(ui, UiCommand::Open, "Open…");
        fixed(ui, NAME_WIDTH, |ui| self.name_ui(ui));
        ui.separator();
        self.run_buttons_ui(ui);
        ui.separator();
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            self.icon_button(ui, UiCommand::Help, Icon::Help, self.help_open);
            self.sight_ui(ui);
            self.file_menu_ui(ui);
            self.steps_menu_ui(ui);
            if ui.ctx().content_rect().width() >= WITH_ALL {
                for command in MORE {
                    self.command_button(ui, command, command_name(command));
                }
            } else {
                self.more_menu_ui(ui);
            }
            self.notes_ui(ui);
            // In a narrow window how far the run is matters more than what it runs on.
            if ui.ctx().content_rect().width() >= WITH_DEVICE {
                fixed(ui, DEVICE_WIDTH, |ui| self.device_ui(ui));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| self.progress_ui(ui));
        });
    }

    /// In a narrow window: what else would leave no room for how far the run is.
    fn more_menu_ui(&mut self, ui: &mut Ui) {
        let mut chosen = None;
        let menu = ui.menu_button("More", |ui| {
            for command in MORE.into_iter().rev() {
                let keys = command.keys(ui.ctx()).unwrap_or_default();
                let button = egui::Button::new(command_name(command)).shortcut_text(keys);
                if ui.add_enabled(self.can(command), button).on_hover_text(command.tip()).clicked() {
                    chosen = Some(command);
                    ui.close();
                }
            }
        });
        menu.response.on_hover_text("Runs, comparisons, lessons");
        if let Some(command) = chosen {
            self.execute(&ui.ctx().clone(), command);
        }
    }

    fn command_button(&mut self, ui: &mut Ui, command: UiCommand, text: impl Into<egui::WidgetText>) {
        let changes = matches!(command, UiCommand::Step | UiCommand::Restart);
        let width = if changes { WIDTH_OF_RESTART } else { 0.0 };
        let button = egui::Button::new(text.into()).min_size(egui::vec2(width, 0.0));
        let tip = command.tooltip(ui.ctx());
        let response = ui.add_enabled(self.can(command), button).on_hover_text(&tip).on_disabled_hover_text(&tip);
        if response.clicked() {
            self.execute(&ui.ctx().clone(), command);
        }
    }

    fn icon_button(&mut self, ui: &mut Ui, command: UiCommand, icon: Icon, on: bool) {
        let response = icon_button(ui, icon, command.text(), on);
        if response.on_hover_text(command.tooltip(ui.ctx())).clicked() {
            self.execute(&ui.ctx().clone(), command);
        }
    }

    /// The data's name and size.
    fn name_ui(&self, ui: &mut Ui) {
        let tokens = Tokens::in_ui(ui);
        let name = name_of(&self.job.source);
        let strong = RichText::new(&name).color(tokens.text_strong).strong();
        ui.add(egui::Label::new(strong).truncate()).on_hover_text(&name);
        let shown = self.run.shown.as_ref().filter(|s| s.job.source == self.job.source);
        let painted = self.job.source.painted().map(|painted| (painted.len(), 2));
        let size = painted.or(shown.map(|snapshot| (snapshot.data.len(), snapshot.data.dim())));
        let size = size.map_or_else(String::new, |(n, d)| format::dimensions(n, d));
        ui.label(RichText::new(size).small().color(tokens.text_weak)).on_hover_text("Points × features");
    }

    fn run_buttons_ui(&mut self, ui: &mut Ui) {
        let tokens = Tokens::in_ui(ui);
        let (text, fill) = match self.run.phase {
            Phase::Running => ("Pause", tokens.control_active),
            Phase::Paused => ("Resume", tokens.accent),
            _ if self.goes_on() => ("Continue", tokens.accent),
            _ => ("Train", tokens.accent),
        };
        let can = self.can(UiCommand::RunPause);
        // What cannot be pressed is as faint as others, and its words would be lost on the accent.
        let (fill, ink) = match self.run.phase {
            _ if !can => (tokens.control, tokens.text),
            Phase::Running => (fill, tokens.text_strong),
            _ => (fill, tokens.on_accent),
        };
        let button = egui::Button::new(RichText::new(text).color(ink).strong())
            .fill(fill)
            .min_size(egui::vec2(TRAIN_WIDTH, 28.0));
        let tip = UiCommand::RunPause.tooltip(ui.ctx());
        if ui.add_enabled(can, button).on_hover_text(&tip).on_disabled_hover_text(&tip).clicked() {
            self.execute(&ui.ctx().clone(), UiCommand::RunPause);
        }
        // In the place of Step, which a stopped training has no use for, and not where Stop was just clicked.
        let second = if self.goes_on() { UiCommand::Restart } else { UiCommand::Step };
        self.command_button(ui, second, second.text());
        self.command_button(ui, UiCommand::Reset, "Reset");
        self.command_button(ui, UiCommand::StopAndKeep, "Stop and keep");
    }

    fn file_menu_ui(&mut self, ui: &mut Ui) {
        let mut chosen = None;
        let mut reopened = None;
        let menu = ui.menu_button("File", |ui| {
            ui.set_min_width(200.0);
            let own = [UiCommand::New, UiCommand::Open, UiCommand::OpenLast, UiCommand::Save, UiCommand::SaveAs];
            let out = [
                UiCommand::Export,
                UiCommand::Teach,
                UiCommand::ExportModel,
                UiCommand::LabelFile,
                UiCommand::ApplyModel,
                UiCommand::SaveRecipe,
                UiCommand::Screenshot,
            ];
            for (at, command) in own.into_iter().chain(out).enumerate() {
                if at == own.len() {
                    ui.add_enabled_ui(!self.recent.is_empty(), |ui| {
                        ui.menu_button("Recent", |ui| reopened = recent_ui(ui, &self.recent));
                    });
                    ui.separator();
                }
                let keys = command.keys(ui.ctx()).unwrap_or_default();
                let button = egui::Button::new(command.text()).shortcut_text(keys);
                let entry = ui.add_enabled(self.can(command), button);
                if entry.on_hover_text(command.tip()).on_disabled_hover_text(command.tip()).clicked() {
                    chosen = Some(command);
                    ui.close();
                }
            }
        });
        menu.response.on_hover_text("Projects, the labelled table, the model, settings, a picture");
        if let Some(path) = reopened {
            self.leave(&ui.ctx().clone(), Away::File(path));
        }
        if let Some(command) = chosen {
            self.execute(&ui.ctx().clone(), command);
        }
    }

    /// Everything the program said in this session.
    fn notes_ui(&mut self, ui: &mut Ui) {
        let count = self.notices.all.len();
        let text = if count == 0 { "Notes".to_owned() } else { format!("Notes {count}") };
        let button = egui::Button::new(text).min_size(egui::vec2(NOTES_WIDTH, 0.0));
        let (response, _) = egui::containers::menu::MenuButton::from_button(button).ui(ui, |ui| {
            let tokens = Tokens::in_ui(ui);
            ui.set_max_width(380.0);
            if count == 0 {
                ui.label("Nothing to note");
            }
            egui::ScrollArea::vertical().max_height(320.0).show(ui, |ui| {
                for (grade, note) in self.notices.all.iter().rev() {
                    note_ui(ui, color(*grade, tokens), note);
                }
            });
        });
        response.on_hover_text("What was dropped, guessed, repaired or saved in this session");
    }

    fn device_ui(&mut self, ui: &mut Ui) {
        let tokens = Tokens::in_ui(ui);
        let device = self.run.shown.as_ref().map_or("", |s| s.device.as_str());
        if !device.is_empty() {
            let text = RichText::new(device).small().color(tokens.text_weak);
            ui.add(egui::Label::new(text).truncate()).on_hover_text(format!("Trains on {device}"));
        }
        if self.memory.is_none_or(|(at, _)| at.elapsed() > MEMORY_EVERY) {
            self.memory = crate::support::memory::held().map(|bytes| (Instant::now(), bytes as usize));
        }
        if let Some((_, memory)) = self.memory {
            let text = RichText::new(format::bytes(memory)).small().color(tokens.text_weak);
            ui.label(text).on_hover_text("Memory that the program holds");
        }
    }

    /// How far the run is: one line of words over one thin bar.
    fn progress_ui(&self, ui: &mut Ui) {
        let tokens = Tokens::in_ui(ui);
        // What was refused is said by the banner, and what is shown stands as it did.
        let phase = if self.is_refused() { self.run.at_rest() } else { self.run.phase };
        let (mut words, tone) = progress_words(&self.run, phase, self.run.shown.as_deref(), tokens);
        if let Some(example) = self.example_words() {
            words = example;
        } else if self.opens_example() {
            words = format!("Opening the example: {words}");
        }
        if let Some(source) = self.on_its_way() {
            words = format!("Opening {}: {words}", name_of(source));
        } else if let Some(path) = self.reads_project() {
            words = format!("Reading {}…", path.file_name().unwrap_or_default().display());
        }
        let fraction = match phase {
            Phase::Finished => Some(crate::app::shell::running::ended::done(self.run.shown.as_deref())),
            Phase::Stopped => self.run.stopped.map(|s| s.step as f32 / s.steps.max(1) as f32),
            _ => self.run.progress.as_ref().map(|p| p.fraction),
        };
        let width = ui.available_width();
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            ui.set_width(width);
            ui.add_space(5.0);
            fitting_ui(ui, &words, tone);
            let (rect, response) = ui.allocate_exact_size(egui::vec2(width, 4.0), egui::Sense::hover());
            ui.painter().rect_filled(rect, 2.0, tokens.control);
            if let Some(fraction) = fraction {
                let filled = egui::Rect::from_min_size(rect.min, egui::vec2(rect.width() * fraction, rect.height()));
                let fill = match phase {
                    Phase::Paused | Phase::Stopped => tokens.warning,
                    Phase::Finished => tone,
                    _ => tokens.accent,
                };
                ui.painter().rect_filled(filled, 2.0, fill);
            }
            let said = format!("Progress: {words}");
            response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, &said));
            progress(&response, fraction.unwrap_or_default());
            // How a run ends is spoken, each step of it is not.
            if !self.run.phase.is_busy() {
                aloud(&response, Urgency::Calm);
            }
        });
    }
}

/// What the bar calls one of [`MORE`].
fn command_name(command: UiCommand) -> &'static str {
    match command {
        UiCommand::Lessons => "Lessons",
        UiCommand::Compare => "Compare",
        _ => "Runs",
    }
}

/// Two lines, one under the other, in a place of one width whatever they say.
fn fixed(ui: &mut Ui, width: f32, add: impl FnOnce(&mut Ui)) {
    let size = egui::vec2(width, ui.spacing().interact_size.y + 8.0);
    ui.allocate_ui_with_layout(size, Layout::top_down(Align::Min), |ui| {
        ui.set_min_size(size);
        ui.set_max_width(width);
        ui.spacing_mut().item_spacing.y = 1.0;
        add(ui);
    });
}

fn note_ui(ui: &mut Ui, dot: Color32, text: &str) {
    ui.horizontal_top(|ui| {
        let (rect, _) = ui.allocate_exact_size(egui::vec2(8.0, 16.0), egui::Sense::hover());
        ui.painter().circle_filled(rect.center(), 3.0, dot);
        ui.add(egui::Label::new(text).wrap());
    });
}

/// What stands beside the bar.
fn progress_words(run: &Run, phase: Phase, snapshot: Option<&Snapshot>, tokens: &Tokens) -> (String, Color32) {
    let step = || {
        let snapshot = snapshot?;
        let step = run.curve.last().map_or(snapshot.step, |p| p.step.max(snapshot.step));
        (snapshot.steps > 0).then(|| format!("step {} of {}", format::count(step), format::count(snapshot.steps)))
    };
    let pace = || run.steps_per_second().map(|p| format!("{} steps/s", format::number(p)));
    let joined = |parts: Vec<Option<String>>| parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    match phase {
        Phase::Empty => ("No data".to_owned(), tokens.text_weak),
        Phase::Opening => (stage_words(run).unwrap_or_else(|| "Opening…".to_owned()), tokens.text),
        Phase::Ready => ("Ready".to_owned(), tokens.text_weak),
        Phase::Failed => ("Failed".to_owned(), tokens.bad),
        Phase::Paused => (joined(vec![Some("Paused".to_owned()), step()]), tokens.warning),
        Phase::Running if run.progress.as_ref().is_some_and(|p| p.stage == Stage::Learn) => {
            let left = run.seconds_left().map(|s| format!("{} left", format::seconds(s)));
            (joined(vec![Some("learn".to_owned()), step(), left, pace()]), tokens.text)
        }
        Phase::Running => (stage_words(run).unwrap_or_else(|| "Starting…".to_owned()), tokens.text),
        Phase::Stopped => {
            let Some(Stopped { stage, step, steps }) = run.stopped else {
                return ("Stopped".to_owned(), tokens.warning);
            };
            if stage == Stage::Learn && snapshot.is_some_and(|s| s.ending == Some(Ending::Stopped)) {
                return crate::app::shell::running::ended::ended(run, snapshot, tokens);
            }
            let at = format!("Stopped at {} of {}", format::count(step), format::count(steps));
            // Only the last network can go on; those before it are trained anew.
            let of = (stage != Stage::Learn).then(|| format!("{}; Train begins anew", stage_name(stage)));
            (joined(vec![Some(at), of]), tokens.warning)
        }
        Phase::Finished => crate::app::shell::running::ended::ended(run, snapshot, tokens),
    }
}

fn stage_words(run: &Run) -> Option<String> {
    let progress = run.progress.as_ref()?;
    let note = if progress.note.is_empty() { String::new() } else { format!(" · {}", progress.note) };
    Some(format!("{} {:.0} %{note}", stage_name(progress.stage), 100.0 * progress.fraction))
}
