//! The dock under the views: curves, eigenvalues, affinity, scores, side by side as many as fit.

mod affinity;
mod card;
mod codes;
mod curves;
mod eigenvalues;
mod limits;
mod pairs;
mod recall;
mod scores;
mod self_training;
mod stages;
mod unseen;

use eframe::egui::{self, RichText, Ui};

pub use affinity::MatrixCache;
pub use card::Card;
pub use codes::RebuiltCache;

use crate::app::gpu;
use crate::app::kit::commands::UiCommand;
use crate::app::kit::fitting::fitting_ui;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::theme::Tokens;
use crate::app::shown::pins::Pin;
use crate::app::shown::run::Run;
use crate::pipeline::{Job, Snapshot};

/// A card is never narrower than this, in points.
const NARROWEST: f32 = 226.0;

/// Height of a card's head, in points.
const HEAD: f32 = 24.0;

/// What fills the dock.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// Cards, side by side.
    #[default]
    Cards,
    /// The table of rows.
    Rows,
    /// What sets the selection apart from the rest.
    Inside,
}

/// Which cards are open.
#[derive(Debug)]
pub struct Dock {
    /// What fills it.
    pub page: Page,
    /// Open cards, the one opened last at the end. Where room is short the earliest wait.
    open: Vec<Card>,
    /// The card that has the place of the views and the others.
    pub alone: Option<Card>,
    /// The card under the pointer.
    pointed: Option<Card>,
    /// How high a hand made the dock, in points.
    pub height: Option<f32>,
    /// How high it was drawn last, in points.
    pub drawn: Option<f32>,
    /// Where its cards were drawn last, and with the bar over them; nothing where something else fills it.
    pub cards: Vec<egui::Rect>,
    /// The picture of the affinity matrix.
    pub matrix: MatrixCache,
    /// The picture of the rebuilt samples.
    pub rebuilt: RebuiltCache,
}

impl Default for Dock {
    fn default() -> Self {
        let open = vec![
            Card::Stages,
            Card::Progress,
            Card::Affinity,
            Card::Orthogonality,
            Card::Unseen,
            Card::Distance,
            Card::Loss,
            Card::Pairs,
            Card::Eigenvalues,
            Card::Codes,
            Card::Terms,
            Card::SelfTraining,
            Card::Scores,
        ];
        Self {
            page: Page::default(),
            open,
            alone: None,
            pointed: None,
            height: None,
            drawn: None,
            cards: Vec::new(),
            matrix: MatrixCache::default(),
            rebuilt: RebuiltCache::default(),
        }
    }
}

impl Dock {
    /// The open cards by their titles, the one opened last at the end, to be remembered; none where they are those of a first start.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        if self.open == Self::default().open {
            return Vec::new();
        }
        self.open.iter().map(|card| card.title().to_owned()).collect()
    }

    /// The same taken back. Titles that are no card's are passed over; where none is one, what is open stays.
    pub fn tell(&mut self, titles: &[String]) {
        let card = |title: &String| Card::ALL.into_iter().find(|card| card.title() == title);
        let open: Vec<Card> = titles.iter().filter_map(card).collect();
        if !open.is_empty() {
            self.open = open;
        }
    }

    /// Gives the card under the pointer the place of all, or all their own again; whether there was one.
    pub fn toggle_alone(&mut self) -> bool {
        let pointed = self.pointed.filter(|_| self.page == Page::Cards);
        let there = self.alone.is_some() || pointed.is_some();
        self.alone = if self.alone.is_some() { None } else { pointed };
        there
    }

    /// Those of the cards at hand that `width` points have room for, left to right.
    #[must_use]
    pub fn shown(&self, width: f32, at_hand: &[Card]) -> Vec<Card> {
        let room = ((width / NARROWEST) as usize).max(1);
        let open: Vec<Card> = self.open.iter().copied().filter(|c| at_hand.contains(c)).collect();
        let last = &open[open.len().saturating_sub(room)..];
        Card::ALL.into_iter().filter(|c| last.contains(c)).collect()
    }

    /// Shows cards beside those that are open, as the latest.
    pub fn bring(&mut self, cards: &[Card]) {
        if !cards.is_empty() {
            self.page = Page::Cards;
        }
        self.open.retain(|card| !cards.contains(card));
        self.open.extend_from_slice(cards);
    }

    /// What fills it and which cards are open, to be given back later.
    #[must_use]
    pub fn open_now(&self) -> (Page, Vec<Card>) {
        (self.page, self.open.clone())
    }

    /// The same given back.
    pub fn open_again(&mut self, (page, open): (Page, Vec<Card>)) {
        (self.page, self.open) = (page, open);
    }

    /// Shows a card, or hides it if it is shown.
    pub fn toggle(&mut self, card: Card, width: f32, at_hand: &[Card]) {
        let was_shown = self.shown(width, at_hand).contains(&card);
        self.open.retain(|&c| c != card);
        if !was_shown {
            self.open.push(card);
        }
    }
}

/// What the cards show.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The settings.
    pub job: &'a Job,
    /// The run.
    pub run: &'a Run,
    /// The pinned runs.
    pub pins: &'a [Pin],
    /// The snapshot.
    pub snapshot: Option<&'a std::sync::Arc<Snapshot>>,
    /// The theme.
    pub dark: bool,
}

/// The dock's bar, and its cards where they are what fills it.
pub fn dock_ui(ui: &mut Ui, dock: &mut Dock, shown: Shown) {
    let (whole, width) = (ui.available_rect_before_wrap(), ui.available_width());
    let at_hand: Vec<Card> = Card::ALL.into_iter().filter(|c| c.applies(&shown.job.recipe)).collect();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(2.0, 2.0);
        let visible = dock.shown(width, &at_hand);
        focus::group(ui, "cards", Kind::Once, |ui| {
            pages_ui(ui, dock);
            if dock.page != Page::Cards {
                return;
            }
            ui.separator();
            for &card in &at_hand {
                let on = visible.contains(&card);
                if ui.add(egui::Button::selectable(on, card.title()).small()).on_hover_text(card.tip()).clicked() {
                    dock.toggle(card, width, &at_hand);
                }
            }
        });
    });
    if dock.page != Page::Cards {
        return;
    }
    let alone = dock.alone.filter(|card| at_hand.contains(card));
    let cards = alone.map_or_else(|| dock.shown(width, &at_hand), |card| vec![card]);
    dock.pointed = None;
    if cards.is_empty() {
        return crate::app::views::empty_ui(ui, "Choose what to look at above");
    }
    let gap = 6.0;
    // Names that do not fit must not push the cards out of the window.
    let all = ui.available_rect_before_wrap().intersect(whole);
    dock.cards = vec![all, whole];
    let card_width = (all.width() - gap * (cards.len() - 1) as f32) / cards.len() as f32;
    for (i, &card) in cards.iter().enumerate() {
        let corner = all.min + egui::vec2(i as f32 * (card_width + gap), 0.0);
        let rect = egui::Rect::from_min_size(corner, egui::vec2(card_width, all.height()));
        framed_ui(ui, card, rect, dock, shown);
    }
    ui.advance_cursor_after_rect(all);
}

/// One card alone, filling the space that is left.
pub fn card_alone_ui(ui: &mut Ui, dock: &mut Dock, card: Card, shown: Shown) {
    let rect = ui.available_rect_before_wrap();
    framed_ui(ui, card, rect, dock, shown);
    ui.advance_cursor_after_rect(rect);
}

/// A card in its place.
fn framed_ui(ui: &mut Ui, card: Card, rect: egui::Rect, dock: &mut Dock, shown: Shown) {
    let tokens = Tokens::in_ui(ui);
    gpu::fill(ui.painter(), egui::Id::unique(("dock", card.title())), rect, 4.0, tokens.plot);
    ui.painter().rect_stroke(rect, 4.0, egui::Stroke::new(1.0, tokens.line), egui::StrokeKind::Inside);
    let inner = egui::UiBuilder::new().max_rect(rect.shrink2(egui::vec2(8.0, 6.0))).id_salt(card.title());
    if ui.rect_contains_pointer(rect) {
        dock.pointed = Some(card);
    }
    // Under the title, whose own tooltip stays; a key does the same.
    let head = egui::Rect::from_min_size(rect.min, egui::vec2(rect.width(), HEAD));
    let head = ui.interact(head, egui::Id::unique(("head", card.title())), egui::Sense::CLICK);
    if head.double_clicked() {
        dock.alone = if dock.alone.is_some() { None } else { Some(card) };
    }
    ui.scope_builder(inner, |ui| {
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        card_ui(ui, card, dock, shown);
    });
}

/// What can fill the dock.
fn pages_ui(ui: &mut Ui, dock: &mut Dock) {
    let pages = [
        (Page::Cards, "Cards", None),
        (Page::Rows, "Rows", Some(UiCommand::Rows)),
        (Page::Inside, "What is in it?", Some(UiCommand::Inside)),
    ];
    for (page, name, command) in pages {
        let tip = command.map_or_else(|| "Curves, eigenvalues, scores".to_owned(), |c| c.tooltip(ui.ctx()));
        let on = dock.page == page;
        if ui.add(egui::Button::selectable(on, RichText::new(name).strong()).small()).on_hover_text(tip).clicked() {
            dock.page = page;
        }
    }
}

fn card_ui(ui: &mut Ui, card: Card, dock: &mut Dock, shown: Shown) {
    match card {
        Card::Codes => codes::codes_ui(ui, &mut dock.rebuilt, shown),
        Card::Terms => curves::terms_ui(ui, shown.run),
        Card::Pairs => pairs::pairs_ui(ui, shown),
        Card::Loss => curves::loss_ui(ui, shown),
        Card::Orthogonality => curves::orthogonality_ui(ui, shown),
        Card::Distance => curves::distance_ui(ui, shown),
        Card::Unseen => unseen::unseen_ui(ui, shown),
        Card::Progress => curves::scores_ui(ui, shown),
        Card::Eigenvalues => eigenvalues::eigenvalues_ui(ui, shown.snapshot.map(AsRef::as_ref)),
        Card::Affinity => affinity::affinity_ui(ui, &mut dock.matrix, shown.snapshot, shown.dark),
        Card::SelfTraining => self_training::self_training_ui(ui, shown),
        Card::Scores => scores::scores_ui(ui, shown.snapshot.map(AsRef::as_ref)),
        Card::Stages => stages::stages_ui(ui, shown.run),
    }
}

/// The first line of a card: its title, and a figure at its right end.
fn title_ui(ui: &mut Ui, title: &str, tip: &str, figure: Option<String>) {
    let tokens = Tokens::in_ui(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new(title).color(tokens.text_strong)).on_hover_text(tip);
        if let Some(figure) = figure {
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                fitting_ui(ui, &figure, tokens.text_weak);
            });
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Recipe;

    #[test]
    fn where_room_is_short_the_latest_opened_stay() {
        let mut dock = Dock::default();
        let plain: Vec<Card> = Card::ALL.into_iter().filter(|c| c.applies(&Recipe::default())).collect();
        let four = 4.0 * NARROWEST;
        assert_eq!(dock.shown(four, &plain), [Card::Loss, Card::Distance, Card::Eigenvalues, Card::Scores]);
        assert_eq!(dock.shown(20.0 * NARROWEST, &Card::ALL), Card::ALL);
        dock.toggle(Card::Affinity, four, &plain);
        assert!(dock.shown(four, &plain).contains(&Card::Affinity));
        dock.toggle(Card::Affinity, four, &plain);
        assert!(!dock.shown(20.0 * NARROWEST, &plain).contains(&Card::Affinity));
    }

    #[test]
    fn open_cards_come_back_in_their_order() {
        let mut dock = Dock::default();
        dock.toggle(Card::Affinity, 20.0 * NARROWEST, &Card::ALL);
        let mut other = Dock::default();
        other.tell(&dock.told());
        assert_eq!(other.open, dock.open);
        other.tell(&["no card".to_owned()]);
        assert_eq!(other.open, dock.open);
    }
}
