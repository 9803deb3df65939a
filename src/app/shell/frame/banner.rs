//! The banner under the bar: what went wrong, or that the picture is older than the settings.

use eframe::egui::{self, Align, Layout, Ui};

use crate::app::kit::commands::UiCommand;
use crate::app::kit::said::{Urgency, aloud};
use crate::app::kit::spoken::spoken;
use crate::app::kit::standing::Standing;
use crate::app::kit::theme::Tokens;
use crate::app::shell::state::App;
use crate::app::shown::run::Phase;
use crate::app::shown::run::stage_name;
use crate::support::error::Value;

impl App {
    /// Under the bar: what went wrong, what is at work, or that the picture is another than the settings'. Whether there was anything to say.
    pub(super) fn banner_ui(&mut self, ui: &mut Ui) -> bool {
        let ctx = &ui.ctx().clone();
        self.download_ui(ui)
            || self.failed_ui(ui, ctx)
            || self.at_work_ui(ui)
            || self.reading_ui(ui)
            || self.past_ui(ui, ctx)
            || self.not_live_ui(ui, ctx)
            || self.made_before_ui(ui, ctx)
            || self.live_ui(ui, ctx)
            || self.example_ui(ui, ctx)
            || self.older_ui(ui, ctx)
    }

    /// What went wrong, with the ways out of it.
    fn failed_ui(&mut self, ui: &mut Ui, ctx: &egui::Context) -> bool {
        let Some(error) = self.run.error.clone() else { return false };
        let kept = if self.run.shown.is_some() { "What was there before is still shown." } else { "" };
        let ways = self.ways_out();
        // The way out of a file that no setting makes readable is another one.
        let other = self.is_refused() && ways.is_empty();
        let usual = ["Open another…", "Try again", "Dismiss"];
        let usual = &usual[usize::from(!other)..];
        let buttons: Vec<&str> = ways.iter().map(|way| way.button.as_str()).chain(usual.iter().copied()).collect();
        match banner(ui, Standing::Failed, &spoken(&error), kept, &buttons).map(|at| (at, buttons[at])) {
            Some((at, _)) if at < ways.len() => self.take_way_out(ctx, &ways[at]),
            Some((_, "Open another…")) => self.execute(ctx, UiCommand::Open),
            Some((_, "Try again")) => self.try_again(),
            Some(_) => self.dismiss(),
            None => {}
        }
        true
    }

    /// A file that is written or labelled.
    fn at_work_ui(&mut self, ui: &mut Ui) -> bool {
        if let Some(exporting) = &self.exports.running {
            let text = format!("Writing {}", exporting.path.display());
            let detail = format!("{:.0} %", 100.0 * exporting.fraction());
            if banner(ui, Standing::Training, &text, &detail, &["Cancel export"]).is_some() {
                exporting.cancel();
            }
            return true;
        }
        let Some(text) = self.applying_words() else { return false };
        if banner(ui, Standing::Training, &text, "", &["Cancel labelling"]).is_some() {
            self.cancel_applying();
        }
        true
    }

    /// That the picture is a look of before.
    fn past_ui(&mut self, ui: &mut Ui, ctx: &egui::Context) -> bool {
        let Some((text, detail)) = self.past_words() else { return false };
        if banner(ui, Standing::Older, &text, detail, &["Back to now"]).is_some() {
            self.leave_past();
            ctx.request_repaint();
        }
        true
    }

    /// That the picture is older than the settings, and which stages a training redoes.
    fn older_ui(&mut self, ui: &mut Ui, ctx: &egui::Context) -> bool {
        let behind = self.stages_behind();
        if behind.is_empty() || self.run.phase == Phase::Opening {
            return false;
        }
        let stages: Vec<&str> = behind.iter().map(|s| stage_name(*s)).collect();
        let next = if self.run.phase.is_busy() { "Restarting" } else { "Training" };
        let text = "Settings changed: the picture shows an older result";
        let refused = self.live.refused.map_or_else(String::new, |why| format!(" · not live: {why}"));
        let detail = format!("{next} redoes {}{refused}", stages.join(", "));
        let button = match self.run.phase.is_busy() {
            true => "Restart",
            false if self.goes_on() => "Continue now",
            false => "Train now",
        };
        match banner(ui, Standing::Older, text, &detail, &[button, "Undo"]) {
            Some(0) => self.train(ctx),
            Some(_) => self.execute_undo_to_shown(ctx),
            None => {}
        }
        true
    }

    /// Why the settings give no live picture. Whether there was anything to say.
    fn not_live_ui(&mut self, ui: &mut Ui, ctx: &egui::Context) -> bool {
        let Some(failure) = self.live.failure.clone() else { return false };
        let ways: Vec<_> = failure.remedies.iter().filter(|way| matches!(way.value, Value::Set(_))).collect();
        let buttons: Vec<&str> = ways.iter().map(|way| way.button.as_str()).collect();
        let kept = "What was there before is still shown.";
        let clicked = banner(ui, Standing::Older, &spoken(&failure.reason), kept, &buttons);
        if let Some(way) = clicked.and_then(|i| ways.get(i))
            && let Value::Set(value) = &way.value
            && let Ok(recipe) = self.job.recipe.with(way.flag, Some(value))
        {
            self.job.recipe = recipe;
            ctx.request_repaint();
        }
        true
    }

    /// That the picture follows the settings. Whether there was anything to say.
    fn live_ui(&mut self, ui: &mut Ui, ctx: &egui::Context) -> bool {
        let Some((text, detail)) = self.live_words() else { return false };
        let undo = self.result().is_some();
        let buttons: &[&str] = if undo { &["Train now", "Undo"] } else { &[] };
        match banner(ui, Standing::Live, &text, &detail, buttons) {
            Some(0) => self.train(ctx),
            Some(_) => self.execute_undo_to_shown(ctx),
            None => {}
        }
        true
    }

    /// The failure is read, and what is shown is what counts.
    fn dismiss(&mut self) {
        self.run.error = None;
        self.run.rest();
    }

    /// The settings of the picture come back.
    fn execute_undo_to_shown(&mut self, ctx: &egui::Context) {
        if let Some(shown) = &self.run.shown {
            self.job = (*shown.job).clone();
            ctx.request_repaint();
        }
    }
}

/// A strip with a message and buttons; the index of the one that was clicked.
pub(in crate::app::shell) fn banner(
    ui: &mut Ui,
    standing: Standing,
    text: &str,
    detail: &str,
    buttons: &[&str],
) -> Option<usize> {
    let tokens = Tokens::in_ui(ui);
    let tone = standing.tone(tokens);
    let mut clicked = None;
    // Opaque: what needs more lines than its strip has lies over the views.
    let fill = tokens.panel.blend(tone.gamma_multiply(0.13));
    let frame = egui::Frame::new().fill(fill).stroke(egui::Stroke::new(1.0, tone.gamma_multiply(0.5)));
    frame.corner_radius(4).inner_margin(egui::Margin::symmetric(10, 2)).show(ui, |ui| {
        ui.horizontal(|ui| {
            let (rect, _) = ui.allocate_exact_size(egui::vec2(12.0, 12.0), egui::Sense::hover());
            standing.sign(ui.painter(), rect.center(), 12.0, tone);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                for (i, button) in buttons.iter().enumerate().rev() {
                    let line = egui::Stroke::new(1.0, tone.gamma_multiply(0.6));
                    if ui.add(egui::Button::new(*button).fill(tokens.panel).stroke(line)).clicked() {
                        clicked = Some(i);
                    }
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let mut job = egui::text::LayoutJob::default();
                    let font = egui::TextStyle::Body.resolve(ui.style());
                    job.append(text, 0.0, egui::TextFormat::simple(font.clone(), tokens.text_strong));
                    job.append(detail, 12.0, egui::TextFormat::simple(font, tokens.text));
                    let words = ui.add(egui::Label::new(job).wrap());
                    // What counts up is not spoken at every step.
                    match tone {
                        tone if tone == tokens.bad => aloud(&words, Urgency::Urgent),
                        tone if tone == tokens.warning => aloud(&words, Urgency::Calm),
                        _ => {}
                    }
                });
            });
        });
    });
    clicked
}
