//! Going through the least clear points, one after the other, by keys.

use eframe::egui::{self, Align2, Color32, Key, RichText};

use crate::app::kit::format;
use crate::app::kit::theme::Tokens;
use crate::app::shell::state::App;
use crate::app::shown::coloring::{ColorBy, categories, category_colors};
use crate::app::shown::labels::Wanted;
use crate::app::shown::spaces::clustered_rows;
use crate::pipeline::Snapshot;
use crate::project::review::least_confident;

/// Labels that have a digit.
const DIGITS: [Key; 9] =
    [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];

/// The points in question, and which is at hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Review {
    by: ColorBy,
    document: u64,
    order: Vec<u32>,
    at: usize,
    /// Points of which something was said here.
    said: usize,
}

impl App {
    /// Begins a review, or ends the one at hand.
    pub(super) fn toggle_review(&mut self) {
        if self.review.take().is_some() {
            self.centre.selection.pinned = None;
            return;
        }
        let (Some(by), Some(snapshot)) = (self.edits_by(), self.run.shown.clone()) else { return };
        let order: Vec<u32> =
            order(by, &snapshot).into_iter().filter(|&i| self.labels.mark(by, i, &snapshot).is_none()).collect();
        self.centre.color_by = Some(by);
        self.centre.selection.pinned = order.first().copied();
        self.review = Some(Review { by, document: self.labels.id(), order, at: 0, said: 0 });
    }

    /// The keys of a review, before any other command sees them.
    pub(super) fn review_keys(&mut self, ctx: &egui::Context) {
        let Some(review) = &self.review else { return };
        let there = self.run.shown.as_ref().and_then(|s| self.labels.ids(review.by, s)).is_some();
        if review.document != self.labels.id() || !there {
            self.review = None;
            return;
        }
        let busy = ctx.text_edit_focused() || ctx.memory(|m| m.top_modal_layer().is_some());
        if busy || egui::Popup::is_any_open(ctx) || self.help_open {
            return;
        }
        let pressed = |key| ctx.input_mut(|i| i.consume_key(egui::Modifiers::NONE, key));
        if pressed(Key::Escape) {
            return self.toggle_review();
        }
        for (key, by) in [(Key::ArrowRight, 1), (Key::ArrowDown, 1), (Key::ArrowLeft, -1), (Key::ArrowUp, -1)] {
            if pressed(key) {
                self.review_go(by);
            }
        }
        if pressed(Key::Enter) {
            self.review_say(ctx, Wanted::Accept);
        }
        if pressed(Key::Num0) {
            self.review_say(ctx, Wanted::Outliers);
        }
        for (place, key) in DIGITS.into_iter().enumerate() {
            if pressed(key)
                && let Some(id) = self.review_labels().get(place).map(|label| label.0)
            {
                self.review_say(ctx, Wanted::Assign(id));
            }
        }
    }

    /// Says something of the point at hand and goes to the next.
    fn review_say(&mut self, ctx: &egui::Context, wanted: Wanted) {
        let Some(sample) = self.review.as_ref().and_then(|r| r.order.get(r.at)).copied() else { return };
        let before = self.labels.serial();
        self.label(ctx, wanted, &[sample]);
        if self.labels.serial() != before {
            if let Some(review) = &mut self.review {
                review.said += 1;
            }
            self.review_go(1);
        }
    }

    fn review_go(&mut self, by: isize) {
        let Some(review) = &mut self.review else { return };
        review.at = review.at.saturating_add_signed(by).min(review.order.len().saturating_sub(1));
        self.centre.selection.pinned = review.order.get(review.at).copied();
    }

    /// The labels that digits assign, in the order of the list, with their names.
    fn review_labels(&self) -> Vec<(u32, String)> {
        let (Some(review), Some(snapshot)) = (&self.review, self.run.shown.as_ref()) else { return Vec::new() };
        let entries = self.labels.labelled(review.by).map(|l| &l.entries);
        let outliers = |id: u32| entries.and_then(|e| e.get(id as usize)).is_some_and(|e| e.outliers);
        let seen = self.labels.seen(review.by, snapshot).into_iter().map(|(id, _)| id).filter(|&id| !outliers(id));
        seen.map(|id| (id, self.labels.name(review.by, id, snapshot))).take(DIGITS.len()).collect()
    }

    /// The strip of a review, over the lower edge of the views.
    pub(super) fn review_ui(&mut self, ctx: &egui::Context, area: egui::Rect) {
        let labels = self.review_labels();
        let (Some(review), Some(snapshot)) = (self.review.clone(), self.run.shown.clone()) else { return };
        let mut wanted = None;
        let dark = self.dark.unwrap_or(true);
        let colors = category_colors(review.by, &snapshot, dark, &self.labels);
        let (mut go, mut end) = (0, false);
        let place = egui::pos2(area.center().x, area.bottom() - 8.0);
        egui::Area::new(egui::Id::unique("review")).pivot(Align2::CENTER_BOTTOM).fixed_pos(place).show(ctx, |ui| {
            let tokens = Tokens::in_ui(ui);
            egui::Frame::popup(ui.style()).show(ui, |ui| {
                ui.horizontal(|ui| {
                    let text = match review.order.get(review.at) {
                        Some(&sample) => {
                            let ids = self.labels.ids(review.by, &snapshot).map(|(ids, _)| ids);
                            let id = ids.and_then(|ids| ids.get(sample as usize)).copied().unwrap_or_default();
                            let name = self.labels.name(review.by, id, &snapshot);
                            let nameless = if name == id.to_string() { "cluster " } else { "" };
                            let name = format!("{nameless}{}", format::short(&name, 16));
                            let of = format::count(review.order.len());
                            format!("Review {} of {of}: in {name}", format::count(review.at + 1))
                        }
                        None => "Nothing is left to review".to_owned(),
                    };
                    ui.label(RichText::new(text).color(tokens.text_strong));
                    ui.separator();
                    for (place, (id, name)) in labels.iter().enumerate() {
                        let [r, g, b] = colors.get(*id as usize).copied().unwrap_or([128; 3]);
                        let name = RichText::new(format::short(name, 10)).color(Color32::from_rgb(r, g, b)).strong();
                        let key = RichText::new((place + 1).to_string()).small().color(tokens.text_weak);
                        let text = (key, name);
                        let name = &labels[place].1;
                        if ui.button(text).on_hover_text(format!("Assign it to {name}")).clicked() {
                            wanted = Some(Wanted::Assign(*id));
                        }
                    }
                    ui.separator();
                    if ui.button("0 outlier").on_hover_text("It belongs to no cluster").clicked() {
                        wanted = Some(Wanted::Outliers);
                    }
                    if ui.button("Enter: accept").on_hover_text("It is labelled right").clicked() {
                        wanted = Some(Wanted::Accept);
                    }
                    if ui.button("Back").on_hover_text("The point before").clicked() {
                        go = -1;
                    }
                    if ui.button("Next").on_hover_text("The next point, nothing said of this one").clicked() {
                        go = 1;
                    }
                    end = ui.button("End review").on_hover_text("Esc").clicked();
                    ui.label(RichText::new(format!("{} said", review.said)).small().color(tokens.text_weak));
                });
            });
        });
        if let Some(wanted) = wanted {
            self.review_say(ctx, wanted);
        }
        self.review_go(go);
        if end {
            self.toggle_review();
        }
    }
}

/// The samples of a side, the least clear first: by the rows that were clustered.
fn order(by: ColorBy, snapshot: &Snapshot) -> Vec<u32> {
    let Some((ids, _)) = categories(by, snapshot) else { return Vec::new() };
    let graph = snapshot.operator.as_deref().map(|operator| &*operator.affinity);
    least_confident(clustered_rows(by, snapshot).view(), ids, graph)
}
