//! What fills the dock in the place of its cards, and selecting by a query.

use std::sync::Arc;

use eframe::egui::{self, Ui};

use crate::app::dock::Page;
use crate::app::inside::{self, Asked, Inside, Of};
use crate::app::rows::RowsTable;
use crate::app::select::Around;
use crate::app::shell::state::App;
use crate::app::shown::fields::RowFields;
use crate::project::query::{bind, parse};

/// Whether a text selects rows of these fields.
pub(super) fn is_query(text: &str, fields: &RowFields) -> bool {
    !text.is_empty() && parse(text).is_ok_and(|query| bind(&query, fields).is_ok())
}

impl App {
    /// The table of rows.
    #[must_use]
    pub fn rows(&self) -> &RowsTable {
        &self.rows
    }

    /// What can be said of each row that is shown.
    pub(super) fn row_fields(&mut self) -> Option<Arc<RowFields>> {
        // While the picture before stays, the selection is of its points.
        let shown = self.run.shown.clone().filter(|shown| shown.data.len() == self.centre.selection.len())?;
        let by = self.edits_by();
        let selected = (self.centre.selection.flags(), self.centre.selection.serial());
        Some(self.fields.get(&shown, (&self.labels, by), selected))
    }

    /// What fills the dock in the place of its cards.
    pub(in crate::app::shell) fn page_ui(&mut self, ui: &mut Ui) {
        self.centre.selection.pointed = None;
        if self.dock.page == Page::Cards {
            return;
        }
        let Some(fields) = self.row_fields() else {
            return crate::app::views::empty_ui(ui, "Rows appear once the data is there");
        };
        match self.dock.page {
            Page::Cards => {}
            Page::Rows => {
                let review = self.review_stands();
                if self.rows.ui(ui, &fields, &self.labels, &mut self.centre.selection, review) {
                    self.toggle_review(&ui.ctx().clone());
                }
            }
            Page::Inside => {
                let (labels, selection) = (&self.labels, &mut self.centre.selection);
                let asked = self.inside.ui(ui, &mut inside::Around { fields: &fields, labels, selection });
                if let Some(asked) = asked {
                    self.inside_asked(&ui.ctx().clone(), asked);
                }
            }
        }
    }

    /// What sets the selection apart from the rest.
    #[must_use]
    pub fn inside(&self) -> &Inside {
        &self.inside
    }

    /// Shows what is in a label.
    pub(in crate::app::shell) fn show_inside(&mut self, id: u32) {
        self.dock.page = Page::Inside;
        self.inside.show(Of::Label(id));
    }

    fn inside_asked(&mut self, ctx: &egui::Context, asked: Asked) {
        match asked {
            Asked::Edit(deed) => self.edit(ctx, *deed),
            Asked::Query(text) => self.select.ask(Some(text)),
            Asked::Row(sample) => {
                self.dock.page = Page::Rows;
                self.rows.go_to(sample);
            }
            Asked::Name(name) => self.name_selected(ctx, &name),
        }
    }

    /// Shows a page of the dock, or its cards again.
    pub(in crate::app::shell) fn toggle_page(&mut self, page: Page) {
        self.dock.page = if self.dock.page == page { Page::Cards } else { page };
        if self.dock.page == Page::Rows {
            self.rows.take_keys();
        }
    }

    /// The point under the pointer, at the keys or on the pinned card, else the first selected one.
    pub(in crate::app::shell) fn point_at_hand(&self) -> Option<u32> {
        let selection = &self.centre.selection;
        selection.hovered.or(selection.pinned).or_else(|| (selection.count() > 0).then(|| selection.iter().next())?)
    }

    /// Goes to the row of the point at hand.
    pub(in crate::app::shell) fn show_row(&mut self) {
        if let Some(sample) = self.point_at_hand() {
            self.dock.page = Page::Rows;
            self.rows.go_to(sample);
        }
    }

    /// The window that selects by a query, if it is open.
    pub(super) fn select_ui(&mut self, ctx: &egui::Context) {
        let Some(fields) = self.select.open.then(|| self.row_fields()).flatten() else { return };
        let (labels, selection) = (&self.labels, &mut self.centre.selection);
        let deed = self.select.ui(ctx, &mut Around { fields: &fields, labels, selection });
        if let Some(deed) = deed {
            self.edit(ctx, deed);
        }
    }
}
