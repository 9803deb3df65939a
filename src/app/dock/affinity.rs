//! The affinity matrix, rows ordered by cluster.

use std::sync::Arc;

use eframe::egui::{self, TextureHandle, TextureOptions, Ui};

use super::{Card, title_ui};
use crate::app::kit::format;
use crate::app::kit::identity::Identity;
use crate::app::views::empty_ui;
use crate::app::views::matrix::{MatrixBlocks, matrix_blocks, matrix_image, matrix_ui};
use crate::graph::Csr;
use crate::pipeline::Snapshot;

/// Pixels along a side of the picture.
const SIDE: usize = 384;

/// What the picture was drawn from.
type Key = (Identity, Option<Identity>, bool);

/// The picture, drawn again only when matrix, order or theme change.
#[derive(Default)]
pub struct MatrixCache {
    drawn: Option<(Key, TextureHandle, MatrixBlocks)>,
}

impl std::fmt::Debug for MatrixCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MatrixCache").field("drawn", &self.drawn.as_ref().map(|d| &d.0)).finish()
    }
}

pub(super) fn affinity_ui(ui: &mut Ui, cache: &mut MatrixCache, snapshot: Option<&Arc<Snapshot>>, dark: bool) {
    let operator = snapshot.and_then(|s| s.operator.as_ref());
    let entries = operator.map(|o| format::counted(o.affinity.values.len(), "weight"));
    title_ui(ui, Card::Affinity.title(), Card::Affinity.tip(), entries);
    let (Some(snapshot), Some(operator)) = (snapshot, operator) else {
        return empty_ui(ui, "The matrix appears once the graph is built");
    };
    let (texture, blocks) = cache.get(ui.ctx(), &operator.affinity, snapshot, dark);
    let side = ui.available_width().min(ui.available_height());
    let rect = ui.available_rect_before_wrap();
    let square = egui::Rect::from_center_size(rect.center(), egui::Vec2::splat(side));
    let builder = egui::UiBuilder::new().max_rect(square);
    ui.scope_builder(builder, |ui| matrix_ui(ui, texture, blocks));
}

impl MatrixCache {
    fn get(
        &mut self,
        ctx: &egui::Context,
        matrix: &Arc<Csr>,
        snapshot: &Snapshot,
        dark: bool,
    ) -> (&TextureHandle, &MatrixBlocks) {
        let (order, order_by) = order(snapshot);
        let key = (Identity::of(matrix), order_by, dark);
        if self.drawn.as_ref().is_none_or(|d| d.0 != key) {
            self.drawn = None;
        }
        let (_, texture, blocks) = self.drawn.get_or_insert_with(|| {
            let image = matrix_image(matrix, &order, SIDE, dark);
            let texture = ctx.load_texture("affinity", image, TextureOptions::LINEAR);
            (key, texture, matrix_blocks(matrix, &order))
        });
        (texture, blocks)
    }
}

/// The clusters that order the rows: exact ones, which do not move while training, else learned ones, else the classes,
/// else the components; and what tells them from others on the same matrix.
fn order(snapshot: &Snapshot) -> (Vec<u32>, Option<Identity>) {
    if let Some(side) = snapshot.exact.as_ref().or(snapshot.learned.as_ref()) {
        return (side.clusters.assignment.clone(), Some(Identity::of(side)));
    }
    if let Some(labels) = &snapshot.data.labels {
        let unlabelled = labels.names.len() as u32;
        return (labels.ids.iter().map(|&id| id.min(unlabelled)).collect(), Some(Identity::of(&labels.ids)));
    }
    let of = snapshot.operator.as_ref().map(|o| o.components.of.clone());
    (of.unwrap_or_else(|| vec![0; snapshot.data.len()]), None)
}
