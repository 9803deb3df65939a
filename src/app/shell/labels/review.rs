//! Going through the least clear points, one after the other, by keys.

use std::sync::Arc;

use eframe::egui::{self, Button, Color32, Key, Margin, Panel, RichText, Stroke, Ui};

use crate::app::kit::commands::UiCommand;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::later::{AT_ONCE, Later, aside};
use crate::app::kit::theme::Tokens;
use crate::app::shell::state::App;
use crate::app::shown::coloring::{ColorBy, categories, category_colors};
use crate::app::shown::labels::{Labels, Wanted};
use crate::app::shown::spaces::clustered_rows;
use crate::pipeline::Snapshot;
use crate::project::Mark;
use crate::project::review::least_confident;

/// The keys of the digits, 0 first: each assigns the label of its number.
const DIGITS: [Key; 10] =
    [Key::Num0, Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];

/// Labels that have a button of their own in the strip; the others stand in a list, which is so high at most, in points.
const BUTTONS: usize = 15;
const LIST: f32 = 320.0;

/// Least height of the strip, and room between its groups of buttons, in points.
const LEAST: f32 = 36.0;
const APART: f32 = 12.0;

/// What a review has a use for wherever the keyboard is, as in the list of clusters. Accept and outlier have the keys that they have of a
/// selection, which would else be what is meant in the midst of a review.
const KEYS: [Key; 17] = [
    Key::ArrowRight,
    Key::ArrowDown,
    Key::ArrowLeft,
    Key::ArrowUp,
    Key::Enter,
    Key::A,
    Key::O,
    Key::Num0,
    Key::Num1,
    Key::Num2,
    Key::Num3,
    Key::Num4,
    Key::Num5,
    Key::Num6,
    Key::Num7,
    Key::Num8,
    Key::Num9,
];

/// The points in question, and which is at hand.
#[derive(Clone, Debug)]
pub(in crate::app::shell) struct Review {
    by: ColorBy,
    document: u64,
    order: Later<Vec<u32>>,
    at: usize,
    /// Points of which something was said here.
    said: usize,
}

impl Review {
    /// The points in their order; none while that is on its way.
    fn points(&self) -> &[u32] {
        self.order.get().map_or(&[], Vec::as_slice)
    }

    /// The point at hand.
    fn point(&self) -> Option<u32> {
        self.points().get(self.at).copied()
    }
}

/// A label that the point at hand can be assigned to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Choice {
    id: u32,
    name: String,
    /// Its digit.
    digit: Option<usize>,
}

/// What a button of the strip asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    /// To say something of the point at hand.
    Say(Wanted),
    /// To go so many points on.
    Go(isize),
    /// To end the review.
    End,
}

impl App {
    /// Begins a review, or ends the one at hand.
    pub(in crate::app::shell) fn toggle_review(&mut self, ctx: &egui::Context) {
        if self.review.take().is_some() {
            self.centre.selection.pinned = None;
            focus::claim(ctx, &[]);
            return;
        }
        let (Some(by), Some(snapshot)) = (self.edits_by(), self.run.shown.clone()) else { return };
        let order = unclear(ctx, by, snapshot, self.labels.clone());
        self.centre.color_by = Some(by);
        self.review = Some(Review { by, document: self.labels.id(), order, at: 0, said: 0 });
        self.review_go(0);
    }

    /// Whether a review is open; none where there can be none.
    pub(in crate::app::shell) fn review_stands(&self) -> Option<bool> {
        self.can(UiCommand::Review).then_some(self.review.is_some())
    }

    /// The keys of a review, before any other command sees them.
    pub(in crate::app::shell) fn review_keys(&mut self, ctx: &egui::Context) {
        let keys = focus::claimed(ctx);
        focus::claim(ctx, if self.goes_by_keys(ctx) { &KEYS } else { &[] });
        let Some(review) = &self.review else { return };
        let there = self.run.shown.as_ref().and_then(|s| self.labels.ids(review.by, s)).is_some();
        let broke_off = review.order.get().is_none() && !review.order.is_coming();
        if review.document != self.labels.id() || !there || broke_off {
            self.review = None;
            self.centre.selection.pinned = None;
            focus::claim(ctx, &[]);
            return;
        }
        for key in keys {
            self.review_key(ctx, key);
        }
        if !self.goes_by_keys(ctx) {
            return;
        }
        let pressed = |key| ctx.input_mut(|i| i.consume_key(egui::Modifiers::NONE, key));
        if pressed(Key::Escape) {
            return self.toggle_review(ctx);
        }
        // Those of the frame in which it began.
        for key in KEYS {
            if pressed(key) {
                self.review_key(ctx, key);
            }
        }
    }

    /// Whether a review is open and nothing above it has the keys.
    fn goes_by_keys(&self, ctx: &egui::Context) -> bool {
        let busy = ctx.text_edit_focused() || ctx.memory(|m| m.top_modal_layer().is_some());
        self.review.is_some() && !busy && !egui::Popup::is_any_open(ctx) && !self.help_open
    }

    fn review_key(&mut self, ctx: &egui::Context, key: Key) {
        match key {
            Key::ArrowRight | Key::ArrowDown => self.review_go(1),
            Key::ArrowLeft | Key::ArrowUp => self.review_go(-1),
            Key::Enter | Key::A => self.review_say(ctx, Wanted::Accept),
            Key::O => self.review_say(ctx, Wanted::Outliers),
            key => {
                let digit = DIGITS.iter().position(|digit| *digit == key);
                let of_digit = self.review_labels().into_iter().find(|label| digit.is_some() && label.digit == digit);
                if let Some(label) = of_digit {
                    self.review_say(ctx, Wanted::Assign(label.id));
                }
            }
        }
    }

    /// Says something of the point at hand and goes to the next.
    fn review_say(&mut self, ctx: &egui::Context, wanted: Wanted) {
        let Some(sample) = self.review.as_ref().and_then(Review::point) else { return };
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
        review.at = review.at.saturating_add_signed(by).min(review.points().len().saturating_sub(1));
        self.centre.selection.pinned = review.point();
    }

    /// The labels that can be assigned, in the order of the list.
    fn review_labels(&self) -> Vec<Choice> {
        let (Some(review), Some(snapshot)) = (&self.review, self.run.shown.as_ref()) else { return Vec::new() };
        let entries = self.labels.labelled(review.by).map(|l| &l.entries);
        let outliers = |id: u32| entries.and_then(|e| e.get(id as usize)).is_some_and(|e| e.outliers);
        let seen = self.labels.seen(review.by, snapshot).into_iter().map(|(id, _)| id).filter(|&id| !outliers(id));
        choices(seen.map(|id| (id, self.labels.name(review.by, id, snapshot))))
    }

    /// The strip of a review, in a place of its own under the views: it lies over none of the points that it asks about.
    pub(in crate::app::shell) fn review_ui(&mut self, ui: &mut Ui) {
        let (Some(review), Some(snapshot)) = (self.review.clone(), self.run.shown.clone()) else {
            // Whether it is there changes the id of nothing below it.
            return ui.skip_ahead_auto_ids(1);
        };
        let (words, labels) = (self.review_words(&review, &snapshot), self.review_labels());
        let colors = category_colors(review.by, &snapshot, self.dark.unwrap_or(true), &self.labels);
        let color = |id: u32| colors.get(id as usize).copied().unwrap_or([128; 3]);
        let labels: Vec<_> = labels.into_iter().map(|label| (color(label.id), label)).collect();
        let mut asked = None;
        let frame = egui::Frame::new().inner_margin(Margin::symmetric(8, 6));
        let panel = Panel::bottom("review").frame(frame).resizable(false).min_size(LEAST);
        panel.show(ui, |ui| {
            focus::group(ui, "review", Kind::Once, |ui| {
                ui.horizontal_wrapped(|ui| asked = strip_ui(ui, &words, &labels, review.said));
            });
        });
        let ctx = &ui.ctx().clone();
        match asked {
            Some(Asked::Say(wanted)) => self.review_say(ctx, wanted),
            Some(Asked::Go(by)) => self.review_go(by),
            Some(Asked::End) => self.toggle_review(ctx),
            // The point at hand is the pinned one, from when their order is there.
            None => self.review_go(0),
        }
    }

    /// Which point is at hand, of how many, and in which cluster it is.
    fn review_words(&self, review: &Review, snapshot: &Snapshot) -> String {
        let Some(sample) = review.point() else {
            let nothing = "Nothing is left to review";
            return if review.order.is_coming() { "Finding the least clear points…" } else { nothing }.to_owned();
        };
        let ids = self.labels.ids(review.by, snapshot).map(|(ids, _)| ids);
        let id = ids.and_then(|ids| ids.get(sample as usize)).copied().unwrap_or_default();
        let name = self.labels.name(review.by, id, snapshot);
        let nameless = if name == id.to_string() { "cluster " } else { "" };
        let [at, of] = [review.at + 1, review.points().len()].map(format::count);
        format!("Review {at} of {of}: in {nameless}{}", format::short(&name, 16))
    }
}

/// Labels with their digits: the number that a label has instead of a name, else that of the cluster, as the list and every table have it.
fn choices(labels: impl Iterator<Item = (u32, String)>) -> Vec<Choice> {
    let labels: Vec<(u32, String)> = labels.collect();
    let number = |name: &str| name.parse().ok().filter(|&at: &usize| at < DIGITS.len() && name == at.to_string());
    let taken: Vec<usize> = labels.iter().filter_map(|(_, name)| number(name)).collect();
    let digit = |id: u32, name: &str| {
        let own = Some(id as usize).filter(|at| *at < DIGITS.len() && !taken.contains(at));
        number(name).or(own)
    };
    labels.into_iter().map(|(id, name)| Choice { id, digit: digit(id, &name), name }).collect()
}

/// What stands in the strip: where the review is, a button for each label and its digit, and those for all else; what was clicked.
fn strip_ui(ui: &mut Ui, words: &str, labels: &[([u8; 3], Choice)], said: usize) -> Option<Asked> {
    let tokens = Tokens::in_ui(ui);
    let mut asked = None;
    ui.label(RichText::new(words).color(tokens.text_strong));
    ui.add_space(APART);
    let (first, more) = labels.split_at(labels.len().min(BUTTONS));
    for label in first {
        asked = label_ui(ui, label).or(asked);
    }
    if !more.is_empty() {
        ui.menu_button(format!("{} more", more.len()), |ui| {
            egui::ScrollArea::vertical().max_height(LIST).show(ui, |ui| {
                for label in more {
                    asked = label_ui(ui, label).or(asked);
                }
            });
        });
    }
    ui.add_space(APART);
    for (text, tip, does) in [
        ("O: outlier", "It belongs to no cluster", Asked::Say(Wanted::Outliers)),
        ("Enter: accept", "It is labelled right; A does the same", Asked::Say(Wanted::Accept)),
        ("Back", "The point before", Asked::Go(-1)),
        ("Next", "The next point, nothing said of this one", Asked::Go(1)),
        ("End review", "Esc", Asked::End),
    ] {
        if ui.button(text).on_hover_text(tip).clicked() {
            asked = Some(does);
        }
    }
    ui.label(RichText::new(format!("{said} said")).small().color(tokens.text_weak));
    asked
}

/// A button that assigns the point at hand to a label: its name, behind its digit where that is not its name.
fn label_ui(ui: &mut Ui, ([r, g, b], label): &([u8; 3], Choice)) -> Option<Asked> {
    let Choice { id, name, digit } = label;
    let tokens = Tokens::in_ui(ui);
    let short = RichText::new(format::short(name, 10)).color(tokens.text_strong);
    let button = match digit.map(|digit| digit.to_string()).filter(|digit| digit != name) {
        Some(digit) => Button::new((RichText::new(digit).small().color(tokens.text_weak), short)),
        None => Button::new(short),
    };
    // An edge in its colour, as the name on the picture has: words in a light colour could not be read.
    let button = ui.add(button.stroke(Stroke::new(2.0, Color32::from_rgb(*r, *g, *b))));
    let key = digit.map_or_else(String::new, |digit| format!("; {digit} does the same"));
    let clicked = button.on_hover_text(format!("Assign it to {name}{key}")).clicked();
    clicked.then_some(Asked::Say(Wanted::Assign(*id)))
}

/// The samples of a side of which nothing was said, the least clear first; where they are many another thread finds them.
fn unclear(ctx: &egui::Context, by: ColorBy, snapshot: Arc<Snapshot>, labels: Labels) -> Later<Vec<u32>> {
    let at_once = snapshot.data.len() <= AT_ONCE;
    let work = move || {
        let mut order = order(by, &snapshot);
        // A split is of a cluster: nobody has looked at its rows.
        let said = |sample| labels.mark(by, sample, &snapshot).is_some_and(|mark| !matches!(mark, Mark::Split(_)));
        order.retain(|&sample| !said(sample));
        order
    };
    if at_once { Later::now(work) } else { Later::start(ctx, "The points to review", move || aside(&work)) }
}

/// The samples of a side, the least clear first: by the rows that were clustered.
fn order(by: ColorBy, snapshot: &Snapshot) -> Vec<u32> {
    let Some((ids, _)) = categories(by, snapshot) else { return Vec::new() };
    let graph = snapshot.operator.as_deref().map(|operator| &*operator.affinity);
    least_confident(clustered_rows(by, snapshot).view(), ids, graph)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Mutex, PoisonError};

    use super::*;
    use crate::output::fixture::snapshot;

    #[test]
    fn a_digit_assigns_the_cluster_of_its_number_whatever_has_a_name() {
        let of = |labels: &[(u32, &str)]| {
            let labels = labels.iter().map(|&(id, name)| (id, name.to_owned()));
            choices(labels).into_iter().map(|choice| (choice.id, choice.digit)).collect::<Vec<_>>()
        };
        assert_eq!(of(&[(0, "0"), (1, "1"), (2, "2")]), [(0, Some(0)), (1, Some(1)), (2, Some(2))]);
        // The second was merged into the first, which has a name; the last two were made by hand.
        let named = [(0, "ring"), (2, "2"), (9, "9"), (10, "10"), (11, "3")];
        assert_eq!(of(&named), [(0, Some(0)), (2, Some(2)), (9, Some(9)), (10, None), (11, Some(3))]);
        assert_eq!(
            of(&[(0, "1"), (1, "ring"), (2, "02")]),
            [(0, Some(1)), (1, None), (2, Some(2))],
            "one key, one label"
        );
    }

    /// While the window's own threads are held up, so that nothing given to them can be through.
    #[test]
    fn the_order_of_many_points_is_not_waited_for() {
        let ctx = egui::Context::default();
        let ask = |rows: usize| unclear(&ctx, ColorBy::Learned, Arc::new(snapshot(rows)), Labels::default());
        assert_eq!(ask(90).get().map(Vec::len), Some(90), "few are in order at once");
        let (gate, held) = (Mutex::new(()), AtomicUsize::new(0));
        let later = std::thread::scope(|scope| {
            let closed = gate.lock().unwrap_or_else(PoisonError::into_inner);
            scope.spawn(|| {
                aside(|| {
                    rayon::broadcast(|_| {
                        held.fetch_add(1, Ordering::SeqCst);
                        drop(gate.lock());
                    })
                })
            });
            let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
            while held.load(Ordering::SeqCst) < threads {
                std::thread::yield_now();
            }
            let later = ask(AT_ONCE + 1);
            assert!(later.is_coming());
            drop(closed);
            later
        });
        while later.is_coming() {
            std::thread::yield_now();
        }
        assert_eq!(later.get().map(Vec::len), Some(AT_ONCE + 1));
    }
}
