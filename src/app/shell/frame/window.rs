//! The window's layout: bar on top, settings on the left, three views, the dock under them.

use std::sync::Arc;

use eframe::egui::{self, Margin, Panel};

use super::help::help_ui;
use super::notices::Grade;
use super::pages::is_query;
use super::palette::Chosen;
use crate::app::centre::CentreResponse;
use crate::app::centre::inspect::Around;
use crate::app::dock::{Shown, dock_ui};
use crate::app::gpu;
use crate::app::kit::commands::UiCommand;
use crate::app::kit::focus::{self, Region};
use crate::app::kit::theme::{self, Tokens};
use crate::app::panels::{Panels, panels_ui};
use crate::app::shell::files::carried::Carried;
use crate::app::shell::project::leave::Away;
use crate::app::shell::shoot::Next;
use crate::app::shell::state::{App, ThemeChoice};
use crate::app::shell::watch::Ask;
use crate::app::shown::run::Phase;
use crate::data::Source;
use crate::pipeline::Snapshot;
use crate::recipe::Auto;

/// Height of the strip above the views where the window says what is wrong or older, in points.
const STRIP: f32 = 32.0;

/// Width of the settings, in points.
const SETTINGS_WIDTH: f32 = 304.0;
/// Width of a lesson, in points.
const LESSON_WIDTH: f32 = 320.0;

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.apply_theme(ctx);
        self.apply_ease(ctx);
        self.logic_at(ctx);
        self.pictures(ctx);
        if let (Some(watch), Some(frame)) = (&self.watch, &self.live.frame) {
            watch.drawn(frame.number);
        }
        match self.watch.as_ref().map_or(Ask::Nothing, |watch| watch.frame(ctx, self.run.phase)) {
            Ask::Nothing => {}
            Ask::Frame => ctx.request_repaint(),
            Ask::Turn(neighbors) => {
                self.job.recipe.neighbors = Auto::Set(neighbors);
                ctx.request_repaint();
            }
            Ask::Train => self.start(),
            Ask::Close => ctx.send_viewport_cmd(egui::ViewportCommand::Close),
        }
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        // What is not drawn in this frame has no place.
        self.dock.cards.clear();
        self.fitting_ui(ui, Self::whole_ui);
    }

    fn on_exit(&mut self) {
        self.end_keeping();
    }

    fn clear_color(&self, visuals: &egui::Visuals) -> [f32; 4] {
        Tokens::of(visuals.dark_mode).panel.to_normalized_gamma_f32()
    }
}

impl App {
    fn whole_ui(&mut self, ui: &mut egui::Ui) {
        let ctx = ui.ctx().clone();
        let tokens = Tokens::in_ui(ui);
        // All panels have one colour, so one area serves them all.
        gpu::fill(ui.painter(), egui::Id::unique("window"), ctx.content_rect(), 0.0, tokens.panel);
        if self.present.on {
            self.present_ui(ui);
        } else {
            self.parts_ui(ui, tokens);
        }
        if !self.shoot.is_waiting() && !self.present.on {
            // Beside a lesson, whose buttons are at its foot.
            let mut room = ctx.content_rect();
            room.max.x -= if self.lessons.is_open() { LESSON_WIDTH } else { 0.0 };
            self.notices.ui(&ctx, room);
        }
        if let Some(ask) = self.compare.ui(&ctx, &self.job, self.run.phase.is_busy()) {
            self.compare_asked(&ctx, ask);
        }
        self.columns_ui(&ctx);
        self.exports_ui(&ctx);
        self.runs_ui(&ctx);
        let mut palette = std::mem::take(&mut self.palette);
        let fields = palette.is_open().then(|| self.row_fields()).flatten();
        let is_query = |text: &str| fields.as_ref().is_some_and(|fields| is_query(text, fields));
        let chosen = palette.ui(&ctx, |command| self.can(command), is_query);
        let typed = palette.typed().to_owned();
        self.palette = palette;
        match chosen {
            Some(Chosen::Command(command)) => self.execute(&ctx, command),
            Some(Chosen::Setting(setting)) => {
                self.settings_open = true;
                crate::app::kit::find::ask(&ctx, setting);
            }
            Some(Chosen::Set(set)) => self.leave(&ctx, Away::Source(Source::Named(set.name.to_owned()))),
            Some(Chosen::Query) => self.select.run(typed, self.centre.selection.effect),
            None => {}
        }
        self.select_ui(&ctx);
        if let Some(missing) = crate::app::kit::find::missing(&ctx) {
            self.notices.say(&ctx, Grade::Note, missing);
        }
        if let Some(deed) = self.rename.ui(&ctx, self.run.shown.as_deref(), &self.labels) {
            self.edit(&ctx, deed);
        }
        if let Some((purpose, path)) = self.prompt.ui(&ctx) {
            self.answered(&ctx, purpose, path);
        }
        self.lessons_ui(&ctx);
        self.question_ui(&ctx);
        self.restore_ui(&ctx);
        self.storing_ui(&ctx);
        if let Some(command) = help_ui(&ctx, &mut self.help_open) {
            self.execute(&ctx, command);
        }
        self.drop_hint_ui(&ctx);
    }
}

/// The strip above the views. It has a place of its own, so that nothing moves when there is something to say; what needs more lies over
/// the views.
fn strip(ui: &mut egui::Ui) -> egui::Rect {
    ui.allocate_exact_size(egui::vec2(ui.available_width(), STRIP), egui::Sense::hover()).0
}

impl App {
    /// The parts of the window beside each other.
    fn parts_ui(&mut self, ui: &mut egui::Ui, tokens: &Tokens) {
        let bar = egui::Frame::new().inner_margin(Margin::symmetric(10, 5));
        Panel::top("bar").frame(bar).show(ui, |ui| focus::region(ui, Region::Bar, |ui| self.top_ui(ui)));
        if self.settings_open {
            let side = egui::Frame::new();
            Panel::left("settings").frame(side).resizable(false).exact_size(SETTINGS_WIDTH).show(ui, |ui| {
                // What scrolls fades into this colour at its ends, though the area is filled once for all panels.
                let frame = egui::Frame::new().fill(tokens.panel);
                let info = egui::UiStackInfo::new(egui::UiKind::Frame).with_frame(frame);
                let builder = egui::UiBuilder::new().ui_stack_info(info);
                ui.scope_builder(builder, |ui| focus::region(ui, Region::Settings, |ui| self.settings_ui(ui)));
            });
        }
        if self.lessons.is_open() {
            let side = egui::Frame::new().inner_margin(Margin { left: 12, right: 12, top: 8, bottom: 4 });
            Panel::right("lesson").frame(side).resizable(false).exact_size(LESSON_WIDTH).show(ui, |ui| {
                focus::region(ui, Region::Lesson, |ui| self.lesson_ui(ui));
            });
        }
        let card = self.card_is_alone();
        if !card && self.centre.places.alone.is_none() {
            self.dock_panel_ui(ui);
            self.time_panel(ui);
        }
        let middle = egui::Frame::new().inner_margin(Margin { left: 6, right: 6, top: 6, bottom: 2 });
        egui::CentralPanel::no_frame().frame(middle).show(ui, |ui| {
            if card {
                let strip = strip(ui);
                focus::region(ui, Region::Dock, |ui| self.dock_ui(ui));
                self.strip_ui(ui, strip);
            } else {
                focus::region(ui, Region::Views, |ui| self.centre_ui(ui));
            }
        });
    }

    /// The dock under the views, as high as it was left.
    fn dock_panel_ui(&mut self, ui: &mut egui::Ui) {
        let height = ui.available_height();
        let frame = egui::Frame::new().inner_margin(Margin { left: 6, right: 6, top: 4, bottom: 6 });
        let default = self.dock.height.unwrap_or((height * 0.34).clamp(180.0, 460.0));
        let panel = Panel::bottom("dock").frame(frame).resizable(true).default_size(default);
        let shown = panel.size_range(140.0..=(height * 0.6).max(160.0)).show(ui, |ui| {
            focus::region(ui, Region::Dock, |ui| self.dock_ui(ui));
        });
        let now = shown.response.rect.height();
        let before = self.dock.drawn.replace(now);
        // A window that changes its size changes the dock too; what a hand made of it is kept.
        if before.is_some_and(|before| (before - now).abs() > 0.5) && ui.input(|i| i.pointer.any_down()) {
            self.dock.height = Some(now);
        }
    }

    fn dock_ui(&mut self, ui: &mut egui::Ui) {
        let seen = self.seen().cloned();
        let run = self.past.run().unwrap_or(&self.run);
        let (job, snapshot, pins) = (&self.job, seen.as_ref(), self.centre.pins.all());
        let dark = ui.visuals().dark_mode;
        dock_ui(ui, &mut self.dock, Shown { job, run, pins, snapshot, dark });
        self.page_ui(ui);
    }

    fn strip_ui(&mut self, ui: &mut egui::Ui, strip: egui::Rect) {
        let room = egui::UiBuilder::new().max_rect(strip).id_salt("strip");
        ui.scope_builder(room, |ui| {
            if !self.banner_ui(ui) {
                self.hint_ui(ui);
            }
        });
    }

    fn settings_ui(&mut self, ui: &mut egui::Ui) {
        let ctx = ui.ctx().clone();
        let shown = self.seen_of_result().cloned();
        let color_by = self.color_by();
        let dark = ui.visuals().dark_mode;
        // Not under a hand that turns a setting: what lies below its box would go from under the pointer.
        if !ctx.input(|i| i.pointer.any_down()) {
            self.carried = self.carried.take().and_then(|carried| carried.standing(&self.job.recipe));
        }
        let carried = self.carried.as_ref().map(Carried::words);
        let can_export = self.can(UiCommand::Export);
        let opening = self.run.phase == Phase::Opening || self.on_its_way().is_some();
        let review = self.review_stands();
        let mut panels = Panels {
            job: &mut self.job,
            snapshot: shown.as_deref(),
            last: self.past.look().map(|look| look.point).or(self.run.curve.last().copied()),
            recent: &self.recent,
            drafts: &mut self.drafts,
            step_size: &mut self.step_size,
            selection: &mut self.centre.selection,
            labels: self.past.labels().unwrap_or(&self.labels),
            color_by,
            dark,
            carried,
            fold: &mut self.fold,
            can_export,
            review,
            opening,
        };
        if let Some(ask) = panels_ui(ui, &mut panels) {
            self.asked(&ctx, ask);
        }
    }

    pub(super) fn centre_ui(&mut self, ui: &mut egui::Ui) {
        // A class has no use for what the strip says.
        let strip = (!self.present.on).then(|| strip(ui));
        if strip.is_some() {
            self.review_ui(ui);
        }
        let waiting = self.waiting();
        let shown = self.drawn().cloned();
        let area = ui.available_rect_before_wrap();
        let marks = self.view_marks();
        // Samples that are not the result's have a selection of their own.
        let other = self.live().is_some_and(|frame| !frame.same_samples);
        if other {
            std::mem::swap(&mut self.centre.selection, &mut self.live.selection);
        }
        self.centre.taken = self.paints();
        let now = if self.live.frame.is_some() { &self.live.labels } else { &self.labels };
        let labels = self.past.labels().unwrap_or(now);
        let response = self.centre.ui(ui, shown.as_ref(), labels, (waiting, &marks));
        if let Some(strip) = strip {
            self.strip_ui(ui, strip);
        }
        if let Some(command) = response.command {
            self.execute(&ui.ctx().clone(), command);
        }
        if let Some(cluster) = response.rename {
            self.ask_name_of(cluster);
        }
        if let Some(wanted) = response.wanted {
            self.label_selected(&ui.ctx().clone(), wanted);
        }
        if let Some(snapshot) = &shown {
            self.cards_ui(ui, response.views.unwrap_or(area), snapshot, &response);
        }
        self.second_ui(&ui.ctx().clone(), area);
        if other {
            std::mem::swap(&mut self.centre.selection, &mut self.live.selection);
        }
        if let Some(place) = response.free {
            self.paint_ui(ui, place);
        }
    }

    /// The cards of the point at hand and of the one that is pinned.
    fn cards_ui(&mut self, ui: &egui::Ui, area: egui::Rect, snapshot: &Arc<Snapshot>, response: &CentreResponse) {
        let pinned = self.centre.selection.pinned;
        let now = if self.live.frame.is_some() { &self.live.labels } else { &self.labels };
        let labels = self.past.labels().unwrap_or(now);
        // Of a ring over a point the card is that of the ring.
        let ring = response.ring.is_some_and(|row| self.centre.second.card_ui(ui, row));
        if let Some(sample) = response.hovered.filter(|&sample| pinned != Some(sample) && !ring)
            && !self.shoot.is_waiting()
            && !ui.input(|i| i.pointer.any_down())
            // It would lie over the question.
            && ui.memory(egui::Memory::top_modal_layer).is_none()
        {
            let anchor = response.place.map_or(egui::PopupAnchor::Pointer, egui::PopupAnchor::Position);
            self.inspector.ui(ui.ctx(), ui.layer_id(), anchor, snapshot, labels, sample);
        }
        let areas: Vec<egui::Rect> = response.plots.into_iter().chain(self.dock.cards.iter().copied()).collect();
        let around = Around { views: area, areas: &areas, places: &response.pinned };
        if let Some(sample) = pinned
            && !crate::app::kit::focus::is_under_sheet(ui.ctx())
            && self.inspector.pinned_ui(ui.ctx(), around, snapshot, labels, sample)
        {
            self.centre.selection.pinned = None;
        }
    }

    fn apply_theme(&mut self, ctx: &egui::Context) {
        let dark = match if self.present.on { self.present.theme } else { self.theme } {
            ThemeChoice::Dark => true,
            ThemeChoice::Light => false,
            ThemeChoice::System => ctx.system_theme().is_none_or(|t| t == egui::Theme::Dark),
        };
        if self.dark != Some(dark) {
            self.dark = Some(dark);
            theme::apply(ctx, dark);
        }
    }

    /// Pictures of the window that are due or done.
    fn pictures(&mut self, ctx: &egui::Context) {
        // A project that is still being read is what the picture is of.
        let phase = if self.keep.reading.is_some() { Phase::Opening } else { self.run.phase };
        match self.shoot.next(phase) {
            Next::Start => self.start(),
            Next::Shoot => {
                if let Some(path) = self.shoot.take() {
                    self.shoot.now(ctx, path);
                }
            }
            Next::Nothing => {}
        }
        if self.shoot.is_settling() {
            ctx.request_repaint();
        }
        if let Some((outcome, close)) = self.shoot.outcome() {
            match outcome {
                Ok(path) => self.notices.say(ctx, Grade::Good, format!("Saved {}", path.display())),
                Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
            }
            if close {
                if let Some(error) = &self.run.error {
                    self.shoot.run_failed(&crate::support::error::with_ways(error, &self.run.remedies));
                }
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
        }
    }

    /// While a file hangs over the window: what letting go would do.
    fn drop_hint_ui(&self, ctx: &egui::Context) {
        if ctx.input(|i| i.raw.hovered_files.is_empty()) {
            return;
        }
        let layer = egui::LayerId::new(egui::Order::Foreground, egui::Id::unique("drop hint"));
        let painter = ctx.layer_painter(layer);
        let rect = ctx.content_rect();
        let tokens = Tokens::of(self.dark.unwrap_or(true));
        painter.rect_filled(rect, 0.0, tokens.base.gamma_multiply(0.85));
        painter.rect_stroke(rect.shrink(16.0), 8.0, egui::Stroke::new(2.0, tokens.accent), egui::StrokeKind::Inside);
        let font = theme::title_style().resolve(&ctx.global_style());
        let text = painter.layout_no_wrap("Let go to open the file".to_owned(), font, tokens.text_strong);
        // What shines through would lie on the words.
        let plate = egui::Rect::from_center_size(rect.center(), text.size() + egui::vec2(48.0, 24.0));
        painter.rect_filled(plate, 8.0, tokens.raised);
        painter.galley(rect.center() - text.size() * 0.5, text, tokens.text_strong);
    }
}
