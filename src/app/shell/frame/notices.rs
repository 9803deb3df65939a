//! Short messages that come, can be read, and go by themselves; the whole list stays under Notes.

use std::collections::BTreeSet;
use std::time::Duration;

use eframe::egui::{self, Align2, Color32, RichText};

use crate::app::kit::said::{Urgency, aloud};
use crate::app::kit::spoken::spoken;
use crate::app::kit::theme::Tokens;

/// How grave a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// Something worked.
    Good,
    /// Something the person should know.
    Note,
    /// Something failed.
    Bad,
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Notice {
    /// How grave.
    pub grade: Grade,
    /// What is said.
    pub text: String,
    /// When it goes, in the window's seconds.
    until: f64,
}

/// Messages on the screen and those of the session.
#[derive(Debug, Default)]
pub struct Notices {
    shown: Vec<Notice>,
    /// Every message of the session, oldest first.
    pub all: Vec<(Grade, String)>,
    /// What was said once of which data.
    told: BTreeSet<(String, String)>,
}

/// Messages on the screen at one time; older ones give way.
const MOST: usize = 3;

impl Notices {
    /// Says something. Settings that it names by their flags get the names of their controls.
    pub fn say(&mut self, ctx: &egui::Context, grade: Grade, text: impl Into<String>) {
        let text = spoken(&text.into());
        self.keep(grade, text.clone());
        self.show(ctx, grade, text);
    }

    /// Says something of data that every run of it says; what was said of that data in the same words is only put into the list again.
    pub fn say_once(&mut self, ctx: &egui::Context, data: &str, grade: Grade, text: String) {
        if self.told.insert((data.to_owned(), text.clone())) {
            self.say(ctx, grade, text);
        } else {
            self.keep(grade, text);
        }
    }

    /// Shows something that stands elsewhere too, without putting it into the list.
    pub fn show(&mut self, ctx: &egui::Context, grade: Grade, text: String) {
        let now = ctx.input(|i| i.time);
        let seconds = if grade == Grade::Bad { 12.0 } else { 6.0 };
        self.shown.retain(|n| n.text != text);
        self.shown.push(Notice { grade, text, until: now + seconds });
        let surplus = self.shown.len().saturating_sub(MOST);
        self.shown.drain(..surplus);
        ctx.request_repaint();
    }

    /// Puts something into the list without showing it. What is said again moves to the end.
    pub fn keep(&mut self, grade: Grade, text: String) {
        let text = spoken(&text);
        self.all.retain(|(_, before)| *before != text);
        self.all.push((grade, text));
    }

    /// Draws what is to be seen, above everything, in the lower right corner of `area`: over cards, as what a person clicks next stands elsewhere.
    pub fn ui(&mut self, ctx: &egui::Context, area: egui::Rect) {
        let now = ctx.input(|i| i.time);
        self.shown.retain(|n| n.until > now);
        let Some(next) = self.shown.iter().map(|n| n.until).min_by(f64::total_cmp) else { return };
        // The one repaint that takes the message away.
        ctx.request_repaint_after(Duration::from_secs_f64((next - now).max(0.02)));
        let corner = area.right_bottom() + egui::vec2(-8.0, -8.0);
        let mut dismissed = None;
        egui::Area::new(egui::Id::unique("notices"))
            .order(egui::Order::Foreground)
            .fixed_pos(corner)
            .pivot(Align2::RIGHT_BOTTOM)
            .show(ctx, |ui| {
                for (i, notice) in self.shown.iter().enumerate() {
                    if notice_ui(ui, notice) {
                        dismissed = Some(i);
                    }
                }
            });
        if let Some(i) = dismissed {
            self.shown.remove(i);
        }
    }
}

/// The colour of a grade.
#[must_use]
pub fn color(grade: Grade, tokens: &Tokens) -> Color32 {
    match grade {
        Grade::Good => tokens.good,
        Grade::Note => tokens.warning,
        Grade::Bad => tokens.bad,
    }
}

fn notice_ui(ui: &mut egui::Ui, notice: &Notice) -> bool {
    let tokens = Tokens::in_ui(ui);
    let frame =
        egui::Frame::popup(ui.style()).fill(tokens.raised).stroke(egui::Stroke::new(1.0, tokens.line)).inner_margin(8);
    frame
        .show(ui, |ui| {
            ui.set_max_width(264.0);
            ui.horizontal(|ui| {
                let (rect, _) = ui.allocate_exact_size(egui::vec2(8.0, 14.0), egui::Sense::hover());
                ui.painter().circle_filled(rect.center(), 4.0, color(notice.grade, tokens));
                let words = ui.add(egui::Label::new(&notice.text).wrap());
                aloud(&words, if notice.grade == Grade::Bad { Urgency::Urgent } else { Urgency::Calm });
                let close = ui.add(egui::Button::new(RichText::new("×").color(tokens.text_weak)).frame(false));
                close.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Dismiss message"));
                close.clicked()
            })
            .inner
        })
        .inner
}
