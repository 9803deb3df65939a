//! Where the parts of the window stand: what is remembered of it, and one view or card in the place of all.

use crate::app::dock::Page;
use crate::app::shell::state::App;
use crate::project::Layout;

impl App {
    /// Gives the card or view under the pointer the place of all, or all their own again.
    pub(in crate::app::shell) fn toggle_alone(&mut self) {
        if self.centre.places.alone.is_some() || !self.dock.toggle_alone() {
            self.centre.places.toggle_alone();
        }
    }

    /// Whether a card has the place of the views.
    pub(super) fn card_is_alone(&self) -> bool {
        let applies = self.dock.alone.is_some_and(|card| card.applies(&self.job.recipe));
        applies && self.dock.page == Page::Cards
    }

    /// Where the parts stand, to be remembered.
    pub(in crate::app::shell) fn layout(&self) -> Layout {
        let (shares, order) = self.centre.places.told();
        Layout {
            settings: self.settings_open,
            all_settings: self.fold.open,
            dock: self.dock.height.map_or(0, |height| height.round() as u16),
            cards: self.dock.told(),
            shares,
            order,
            nameless: self.centre.nameless,
        }
    }

    /// The same taken back.
    pub(in crate::app::shell) fn take_layout(&mut self, layout: &Layout) {
        (self.settings_open, self.fold.open) = (layout.settings, layout.all_settings);
        self.dock.height = (layout.dock > 0).then(|| f32::from(layout.dock));
        self.dock.tell(&layout.cards);
        self.centre.places.tell(layout.shares, layout.order);
        self.centre.nameless = layout.nameless;
    }

    /// Writes it down once it changed and no hand is at it.
    pub(in crate::app::shell) fn remember_layout(&mut self, held: bool) {
        if held || self.keep.folder.is_none() || self.shoot.is_waiting() {
            return;
        }
        let layout = self.layout();
        if self.keep.remembered.layout != layout {
            self.keep.remembered.layout = layout;
            self.remember();
        }
    }
}
