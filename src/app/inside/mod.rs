//! What is in it? What sets the chosen samples apart from the rest, how their values lie, what they share with each category, which of them
//! are typical and which odd, and names to take.

mod crosses;
mod members;
mod traits;

use std::sync::Arc;

use eframe::egui::{self, Align, Layout, RichText, TextureHandle, Ui};

use crate::app::gpu;
use crate::app::kit::combo::combo;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::later::{Later, aside};
use crate::app::kit::theme::Tokens;
use crate::app::shown::coloring::ColorBy;
use crate::app::shown::fields::RowFields;
use crate::app::shown::labels::Labels;
use crate::app::shown::picture::Thumbs;
use crate::app::shown::spaces::clustered_rows;
use crate::app::views::scatter::Selection;
use crate::measure::portrait::{Category, Portrait, portrait};
use crate::project::Deed;

/// Parts of the page from left to right, as shares of its width.
const PARTS: [f32; 4] = [0.34, 0.24, 0.22, 0.20];

/// Of which samples the page tells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Of {
    /// The selected ones, or where none are the largest label.
    #[default]
    Selection,
    /// Those of a label, by its place.
    Label(u32),
}

/// What the page asks for.
#[derive(Debug)]
pub enum Asked {
    /// An edit of labels.
    Edit(Box<Deed>),
    /// The window that selects by a query, with this one.
    Query(String),
    /// Show the row of a sample.
    Row(u32),
    /// The selected samples are a cluster of this name.
    Name(String),
}

/// A portrait and what it is of.
type Made = (Of, Arc<RowFields>, Later<Option<Portrait>>);

/// The page between frames.
#[derive(Default)]
pub struct Inside {
    of: Of,
    done: Option<Made>,
    coming: Option<Made>,
    /// The category that is crossed, by its name.
    category: Option<String>,
    thumbs: Thumbs,
    /// The mean pictures, and of which portrait they are.
    means: Option<(Arc<RowFields>, Of, [TextureHandle; 2])>,
}

impl std::fmt::Debug for Inside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inside").field("of", &self.of).finish_non_exhaustive()
    }
}

/// What the page works on.
#[derive(Debug)]
pub struct Around<'a> {
    /// The columns.
    pub fields: &'a Arc<RowFields>,
    /// The labels.
    pub labels: &'a Labels,
    /// The selected points.
    pub selection: &'a mut Selection,
}

impl Inside {
    /// The portrait that is shown, once it is there.
    #[must_use]
    pub fn portrait(&self) -> Option<&Portrait> {
        self.done.as_ref()?.2.get()?.as_ref()
    }

    /// Tells of the samples of a label.
    pub fn show(&mut self, of: Of) {
        self.of = of;
    }

    /// Draws the page; what it asks for.
    pub fn ui(&mut self, ui: &mut Ui, around: &mut Around<'_>) -> Option<Asked> {
        let of = self.chosen(around);
        let mut asked = None;
        let Some(of) = of else {
            self.head_ui(ui, None, around);
            crate::app::views::empty_ui(
                ui,
                "Select points or train: it tells what sets a selection or a cluster apart from the rest",
            );
            return None;
        };
        let waits = self.take(ui, of, around.fields);
        let made = self.done.clone();
        let there = made.as_ref().and_then(|(of, fields, later)| Some((*of, fields, later.get()?.as_ref()?)));
        let Some((of_it, fields, portrait)) = there else {
            self.head_ui(ui, Some(of), around);
            crate::app::views::empty_ui(ui, if waits { "Comparing…" } else { "Nothing is selected" });
            return None;
        };
        ui.horizontal(|ui| {
            self.choice_ui(ui, Some(of), around);
            asked = Self::names_ui(ui, of_it, portrait, around);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let [inside, rest] = portrait.counts;
                let waits = if waits { " · comparing…" } else { "" };
                let text = format!("{} against {} others{waits}", format::counted(inside, "row"), format::count(rest));
                let text = RichText::new(text).small().color(Tokens::in_ui(ui).text_weak);
                ui.add(egui::Label::new(text).truncate());
            });
        });
        self.parts_ui(ui, (of_it, fields, portrait), around).or(asked)
    }

    fn parts_ui(
        &mut self,
        ui: &mut Ui,
        (of, fields, portrait): (Of, &Arc<RowFields>, &Portrait),
        around: &mut Around<'_>,
    ) -> Option<Asked> {
        let mut asked = None;
        let tokens = Tokens::in_ui(ui);
        let all = ui.available_rect_before_wrap();
        let gap = 6.0;
        let room = all.width() - gap * (PARTS.len() - 1) as f32;
        let mut left = all.left();
        for (part, share) in PARTS.into_iter().enumerate() {
            let rect = egui::Rect::from_min_size(egui::pos2(left, all.top()), egui::vec2(share * room, all.height()));
            left += share * room + gap;
            gpu::fill(ui.painter(), egui::Id::unique(("inside", part)), rect, 4.0, tokens.plot);
            ui.painter().rect_stroke(rect, 4.0, egui::Stroke::new(1.0, tokens.line), egui::StrokeKind::Inside);
            let inner = egui::UiBuilder::new().max_rect(rect.shrink2(egui::vec2(8.0, 6.0))).id_salt(("part", part));
            let answer = ui.scope_builder(inner, |ui| {
                ui.set_clip_rect(rect.intersect(ui.clip_rect()));
                match part {
                    0 => traits::traits_ui(ui, fields, portrait),
                    1 => {
                        traits::spreads_ui(ui, fields, portrait);
                        None
                    }
                    2 => {
                        crosses::crosses_ui(&mut self.category, ui, portrait);
                        None
                    }
                    _ => {
                        self.means(ui, of, fields, portrait);
                        let means = self.means.as_ref().map(|(_, _, means)| means);
                        members::members_ui(&mut self.thumbs, ui, (fields, portrait, means), around.selection)
                    }
                }
            });
            asked = answer.inner.or(asked);
        }
        ui.advance_cursor_after_rect(all);
        asked
    }

    /// Of which samples the page tells: a label where nothing is selected.
    fn chosen(&self, around: &Around<'_>) -> Option<Of> {
        // A cluster that was merged into another has no rows any more.
        let seen = around.fields.by().map(|by| around.labels.seen(by, around.fields.snapshot())).unwrap_or_default();
        match self.of {
            Of::Label(id) if seen.iter().any(|&(there, _)| there == id) => Some(Of::Label(id)),
            _ if around.selection.count() > 0 => Some(Of::Selection),
            _ => seen.first().map(|&(id, _)| Of::Label(id)),
        }
    }

    fn head_ui(&mut self, ui: &mut Ui, of: Option<Of>, around: &Around<'_>) {
        ui.horizontal(|ui| self.choice_ui(ui, of, around));
    }

    fn choice_ui(&mut self, ui: &mut Ui, of: Option<Of>, around: &Around<'_>) {
        let label = ui.label(RichText::new("What is in").color(Tokens::in_ui(ui).text_weak));
        let name = |of: Of| match of {
            Of::Selection => format!("the selection · {}", format::count(around.selection.count())),
            Of::Label(id) => format::short(&around.fields.label(id), 24),
        };
        let chosen = of.map_or_else(|| "nothing yet".to_owned(), name);
        let combo = combo("inside of", 150.0).selected_text(chosen);
        let shown = combo.show_ui(ui, |ui| {
            ui.selectable_value(&mut self.of, Of::Selection, name(Of::Selection));
            let labels = around.fields.by().map(|by| around.labels.seen(by, around.fields.snapshot()));
            for (id, count) in labels.unwrap_or_default() {
                let text = format!("{} · {}", name(Of::Label(id)), format::count(count));
                ui.selectable_value(&mut self.of, Of::Label(id), text);
            }
        });
        shown.response.labelled_by(label.id).on_hover_text("The selection, or a cluster");
    }

    /// Names to take.
    fn names_ui(ui: &mut Ui, of: Of, portrait: &Portrait, around: &Around<'_>) -> Option<Asked> {
        if portrait.names.is_empty() || around.fields.by().is_none() {
            return None;
        }
        let mut taken = None;
        ui.label(RichText::new("call it").color(Tokens::in_ui(ui).text_weak));
        focus::group(ui, "names to take", Kind::Once, |ui| {
            for name in &portrait.names {
                let what = match of {
                    Of::Selection => "Make the selected points a cluster of this name",
                    Of::Label(_) => "Give the cluster this name",
                };
                let button = ui.small_button(format::short(&crate::support::plain::line(name), 28));
                let said = format!("Call it {name}");
                button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, &said));
                if button.on_hover_text(format!("{name}\n{what}")).clicked() {
                    taken = Some(name.clone());
                }
            }
        });
        let (name, by) = (taken?, around.fields.by()?);
        match of {
            Of::Selection => Some(Asked::Name(name)),
            Of::Label(id) => {
                let deed = around.labels.rename(by, id, &name, around.fields.snapshot())?;
                Some(Asked::Edit(Box::new(deed)))
            }
        }
    }

    /// Asks for the portrait of these samples where another is shown; whether one is on its way.
    fn take(&mut self, ui: &Ui, of: Of, fields: &Arc<RowFields>) -> bool {
        if self.coming.as_ref().is_some_and(|(_, _, later)| !later.is_coming()) {
            self.done = self.coming.take();
        }
        let hangs_on = (true, of == Of::Selection);
        let fresh = |(at, on, _): &Made| *at == of && on.says_the_same(fields, hangs_on);
        if self.done.as_ref().is_some_and(fresh) {
            return false;
        }
        if self.coming.is_none() {
            let with = Arc::clone(fields);
            let work = move || aside(|| made(of, &with));
            let later = Later::start(ui.ctx(), "What is in it", work);
            self.coming = Some((of, Arc::clone(fields), later));
        }
        true
    }

    /// The mean pictures of a portrait as textures.
    fn means(&mut self, ui: &Ui, of: Of, fields: &Arc<RowFields>, portrait: &Portrait) {
        let fresh = |(on, at, _): &(Arc<RowFields>, Of, _)| Arc::ptr_eq(on, fields) && *at == of;
        if self.means.as_ref().is_some_and(fresh) {
            return;
        }
        self.means = portrait.pictures.as_ref().zip(fields.snapshot().data.image).map(|(pictures, shape)| {
            let load = |pixels: &Vec<f64>| {
                let image = crate::app::shown::picture::picture(pixels, shape);
                ui.ctx().load_texture("mean picture", image, egui::TextureOptions::NEAREST)
            };
            (Arc::clone(fields), of, [load(&pictures[0]), load(&pictures[1])])
        });
    }
}

/// The portrait of some samples. Not for the window's thread.
fn made(of: Of, fields: &RowFields) -> Option<Portrait> {
    let snapshot = fields.snapshot();
    let flags: Vec<bool> = match of {
        Of::Selection => fields.selected().to_vec(),
        Of::Label(id) => fields.ids()?.iter().map(|&of| of == id).collect(),
    };
    let rows = clustered_rows(fields.by().unwrap_or(ColorBy::Baseline), snapshot);
    let mut categories = Vec::new();
    // A cluster crossed with the clusters says nothing.
    if let Some(ids) = fields.ids().filter(|_| of == Of::Selection) {
        let most = ids.iter().copied().max().unwrap_or(0);
        let names = (0..=most).map(|id| fields.label(id).into_owned()).collect();
        categories.push(Category { name: "cluster, as labelled".to_owned(), ids, names });
    }
    portrait(fields.cells(), &flags, Some(rows.view()), &categories)
}
