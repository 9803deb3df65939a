//! A step of a lesson beside the views: what it says, what is to be tried, and the way on.

use std::collections::BTreeSet;

use eframe::egui::{self, Align, Layout, RichText, Stroke, Ui, Vec2, vec2};
use egui_commonmark::{CommonMarkCache, CommonMarkViewer};

use super::{Lesson, Question, Step};
use crate::app::kit::commands::UiCommand;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::theme::{Tokens, UNIT};
use crate::recipe::knobs::Knob;

/// Height of the row with the way on, in points.
const FOOT: f32 = 40.0;
/// Text is so much larger where a class reads it from afar.
const LARGER: f32 = 1.2;

/// A question by its step and its place there.
type Place = (usize, usize);

/// What is shown of a lesson.
#[derive(Debug)]
pub struct Page<'a> {
    /// The lesson.
    pub lesson: &'a Lesson,
    /// The step at hand.
    pub at: usize,
    /// The questions that are answered.
    pub answered: &'a BTreeSet<Place>,
    /// The questions whose hint is open.
    pub hints: &'a mut BTreeSet<Place>,
    /// What the drawing of Markdown keeps.
    pub cache: &'a mut CommonMarkCache,
    /// Whether a class looks at it: no buttons, larger text.
    pub presented: bool,
    /// Whether a training is at work.
    pub busy: bool,
}

/// What is wanted of the lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Something that a key does as well.
    Command(UiCommand),
    /// To a step.
    Go(usize),
    /// The step as it was set.
    Again,
    /// The answer of a question of the step at hand.
    Show(usize),
    /// To the knob that answers one.
    Find(&'static Knob),
}

/// Draws it into the space that is left; what was asked for.
pub fn page_ui(ui: &mut Ui, page: &mut Page<'_>) -> Option<Ask> {
    let tokens = Tokens::in_ui(ui);
    let lesson = page.lesson;
    let step = lesson.steps.get(page.at)?;
    if page.presented {
        for font in ui.style_mut().text_styles.values_mut() {
            font.size *= LARGER;
        }
    }
    let mut ask = None;
    ui.horizontal(|ui| {
        let title = RichText::new(&page.lesson.title).color(tokens.text_weak);
        if page.presented {
            ui.add(egui::Label::new(title).wrap());
            return;
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ask = command_ui(ui, UiCommand::LeaveLesson, "Leave", true).or(ask);
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| ui.add(egui::Label::new(title).truncate()));
        });
    });
    if !page.presented {
        ask = dots_ui(ui, page).or(ask);
    }
    ui.add_space(UNIT);
    let room = (ui.available_height() - FOOT).max(40.0);
    egui::ScrollArea::vertical().max_height(room).min_scrolled_height(room).auto_shrink(false).show(ui, |ui| {
        let width = ui.available_width() - 2.0 * UNIT;
        ui.set_max_width(width);
        ui.label(RichText::new(&step.title).heading().color(tokens.text_strong).strong());
        ui.add_space(UNIT);
        text_ui(ui, page.cache, &step.text);
        for (i, question) in step.questions.iter().enumerate() {
            ui.add_space(2.0 * UNIT);
            ask = question_ui(ui, page, i, question).or(ask);
        }
        ui.add_space(2.0 * UNIT);
        focus::reveal(ui);
    });
    foot_ui(ui, page, step).or(ask)
}

/// A text in Markdown.
fn text_ui(ui: &mut Ui, cache: &mut CommonMarkCache, text: &str) {
    ui.scope(|ui| {
        // Lines of a list are as close as those of a paragraph, and a bullet stands before the middle of its line.
        ui.spacing_mut().interact_size.y = ui.text_style_height(&egui::TextStyle::Body);
        CommonMarkViewer::new().show(ui, cache, text);
    });
}

fn command_ui(ui: &mut Ui, command: UiCommand, text: &str, can: bool) -> Option<Ask> {
    let tip = command.tooltip(ui.ctx());
    let button = ui.add_enabled(can, egui::Button::new(text)).on_hover_text(&tip).on_disabled_hover_text(&tip);
    button.clicked().then_some(Ask::Command(command))
}

/// A button for each step; those whose questions are all answered have a tick.
fn dots_ui(ui: &mut Ui, page: &Page<'_>) -> Option<Ask> {
    let mut ask = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = UNIT;
        focus::group(ui, "steps of the lesson", Kind::Once, |ui| {
            for (i, step) in page.lesson.steps.iter().enumerate() {
                let asks = step.questions.len();
                let done = asks > 0 && (0..asks).all(|q| page.answered.contains(&(i, q)));
                let button =
                    ui.add(egui::Button::selectable(i == page.at, format!("{}", i + 1)).min_size(vec2(26.0, 0.0)));
                button.widget_info(|| {
                    let state = if done { ", answered" } else { "" };
                    let name = format!("Step {}: {}{state}", i + 1, step.title);
                    egui::WidgetInfo::selected(egui::Role::RadioButton, true, i == page.at, name)
                });
                if done {
                    tick(ui, button.rect.right_top() + vec2(-2.0, 3.0), 4.0);
                }
                if button.on_hover_text(&step.title).clicked() {
                    ask = Some(Ask::Go(i));
                }
            }
        });
    });
    ask
}

/// A tick, drawn, so that it looks the same with every font.
fn tick(ui: &Ui, at: egui::Pos2, size: f32) {
    let stroke = Stroke::new((0.35 * size).max(1.5), Tokens::in_ui(ui).good);
    let low = at + size * vec2(-0.3, 0.7);
    ui.painter().line_segment([at + size * vec2(-0.9, 0.1), low], stroke);
    ui.painter().line_segment([low, at + size * vec2(0.9, -0.7)], stroke);
}

/// A question with the box that is ticked once it is answered.
fn question_ui(ui: &mut Ui, page: &mut Page<'_>, at: usize, question: &Question) -> Option<Ask> {
    let tokens = Tokens::in_ui(ui);
    let place = (page.at, at);
    let done = page.answered.contains(&place);
    let mut ask = None;
    let line = Stroke::new(1.0, if done { tokens.good } else { tokens.accent });
    let frame = egui::Frame::new().stroke(line).corner_radius(4).inner_margin(egui::Margin::same(8));
    frame.show(ui, |ui| {
        ui.horizontal(|ui| {
            let (rect, response) = ui.allocate_exact_size(Vec2::splat(16.0), egui::Sense::hover());
            ui.painter().rect_stroke(rect, 3.0, line, egui::StrokeKind::Inside);
            if done {
                tick(ui, rect.center(), 6.0);
            }
            response.widget_info(|| {
                let name = format!("{}: {}", if done { "Answered" } else { "To try" }, plain(&question.ask));
                egui::WidgetInfo::selected(egui::Role::CheckBox, true, done, name)
            });
            ui.label(RichText::new("Try it").color(tokens.text_strong).strong());
        });
        ui.push_id(("question", place), |ui| text_ui(ui, page.cache, &question.ask));
        if done && let Some(well) = &question.well {
            ui.add_space(UNIT);
            ui.push_id(("well", place), |ui| text_ui(ui, page.cache, well));
        }
        if !done
            && page.hints.contains(&place)
            && let Some(hint) = &question.hint
        {
            ui.add_space(UNIT);
            ui.push_id(("hint", place), |ui| text_ui(ui, page.cache, hint));
        }
        if done {
            return;
        }
        ui.horizontal(|ui| {
            // Before a class there are no settings to find, and what helps is to see the knobs turned.
            if question.hint.is_some() && !page.presented {
                let open = page.hints.contains(&place);
                if ui.button(if open { "Hide hint" } else { "Hint" }).clicked() && !page.hints.remove(&place) {
                    page.hints.insert(place);
                }
            }
            let tip = "Go to the knob among the settings";
            if let Some((knob, _)) = question.turn.first()
                && !page.presented
                && ui.button("Find it").on_hover_text(tip).clicked()
            {
                ask = Some(Ask::Find(knob));
            }
            let shows = !question.turn.is_empty() || question.train;
            let tip = "Turn the knobs so that it is answered";
            if shows && ui.add_enabled(!page.busy, egui::Button::new("Show me")).on_hover_text(tip).clicked() {
                ask = Some(Ask::Show(at));
            }
        });
    });
    ask
}

/// The way on.
fn foot_ui(ui: &mut Ui, page: &Page<'_>, step: &Step) -> Option<Ask> {
    let tokens = Tokens::in_ui(ui);
    let (at, last) = (page.at, page.lesson.steps.len() - 1);
    let mut ask = None;
    ui.horizontal(|ui| {
        ui.set_min_height(FOOT - 2.0 * UNIT);
        let of = RichText::new(format!("Step {} of {}", at + 1, last + 1)).color(tokens.text_weak);
        if page.presented {
            ui.label(of);
            ui.label(RichText::new("arrows: back, on · Esc: end").small().color(tokens.text_weak));
            return;
        }
        ask = command_ui(ui, UiCommand::LessonBack, "Back", at > 0);
        ui.label(of);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if at < last {
                let button =
                    egui::Button::new(RichText::new("Next").color(tokens.on_accent).strong()).fill(tokens.accent);
                let tip = UiCommand::LessonNext.tooltip(ui.ctx());
                if ui.add(button).on_hover_text(tip).clicked() {
                    ask = Some(Ask::Command(UiCommand::LessonNext));
                }
            } else {
                ask = command_ui(ui, UiCommand::Lessons, "More lessons", true).or(ask);
            }
            let tip = "Put data and knobs as this step had them";
            if step.setup.is_some() && ui.button("Set again").on_hover_text(tip).clicked() {
                ask = Some(Ask::Again);
            }
        });
    });
    ask
}

/// A text without the marks of Markdown.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !matches!(c, '*' | '`' | '_')).collect()
}
