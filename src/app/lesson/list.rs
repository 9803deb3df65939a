//! The list of lessons.

use eframe::egui::{self, RichText, Ui};

use crate::app::kit::focus::{self, Kind};
use crate::app::kit::theme::{Tokens, modal};

/// A lesson as the list has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<'a> {
    /// Its title.
    pub title: &'a str,
    /// What it is about.
    pub about: &'a str,
    /// Questions answered in this session, and all there are.
    pub answered: (usize, usize),
}

/// What was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// A lesson by its place in the list.
    Lesson(usize),
    /// A teacher's own file.
    File,
}

/// Draws the list while `open`; what was chosen there. The lesson `next` is where the keyboard begins.
pub fn list_ui(ctx: &egui::Context, open: &mut bool, lessons: &[Listed<'_>], next: usize) -> Option<Chosen> {
    if !*open {
        return None;
    }
    let mut chosen = None;
    let mut closed = false;
    let fresh = focus::is_fresh(ctx, egui::Id::unique("list of lessons"));
    let modal = modal(ctx, egui::Id::unique("lessons")).show(ctx, |ui| {
        let room = ui.ctx().content_rect().size();
        ui.set_width((room.x - 80.0).clamp(300.0, 560.0));
        ui.horizontal(|ui| {
            ui.heading("Lessons");
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                closed = ui.button("Close").clicked();
                let tip = "Open a lesson of your own; the guide says how one is written";
                if ui.button("Open a lesson…").on_hover_text(tip).clicked() {
                    chosen = Some(Chosen::File);
                }
            });
        });
        let weak = Tokens::in_ui(ui).text_weak;
        ui.label(
            RichText::new("What you have open is put aside and comes back when you leave the lesson.").color(weak),
        );
        ui.separator();
        let room = room.y - 170.0;
        egui::ScrollArea::vertical().max_height(room).min_scrolled_height(room).show(ui, |ui| {
            focus::group(ui, "list of lessons", Kind::Each, |ui| {
                for (i, lesson) in lessons.iter().enumerate() {
                    let row = row_ui(ui, i, lesson);
                    if fresh && i == next {
                        row.request_focus(); // Enter begins it.
                    }
                    if row.clicked() {
                        chosen = Some(Chosen::Lesson(i));
                    }
                }
            });
        });
    });
    if modal.should_close() || closed || chosen.is_some() {
        *open = false;
    }
    chosen
}

/// A lesson's row.
fn row_ui(ui: &mut Ui, i: usize, lesson: &Listed<'_>) -> egui::Response {
    let tokens = Tokens::in_ui(ui);
    let (answered, of) = lesson.answered;
    let body = egui::TextStyle::Body.resolve(ui.style());
    let mut job = egui::text::LayoutJob::default();
    job.append(
        &format!("{}. {}", i + 1, lesson.title),
        0.0,
        egui::TextFormat::simple(body.clone(), tokens.text_strong),
    );
    if answered > 0 {
        let done = format!("{answered} of {of} answered");
        job.append(&done, 12.0, egui::TextFormat::simple(body.clone(), tokens.good));
    }
    job.append(&format!("\n{}", lesson.about), 0.0, egui::TextFormat::simple(body, tokens.text));
    job.wrap.max_width = ui.available_width() - 24.0;
    let button = egui::Button::new(job).wrap().min_size(egui::vec2(ui.available_width(), 0.0));
    let response = ui.add(button);
    response.widget_info(|| {
        egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Lesson {}: {}", i + 1, lesson.title))
    });
    response
}
