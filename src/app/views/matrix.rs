//! The affinity matrix ordered by cluster.

use eframe::egui;

use crate::graph::Csr;

/// The matrix cut into blocks by cluster: where the blocks lie and how much weight they hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MatrixBlocks {
    /// Where each cluster begins along a side, as a share of the side, and 1 at the end: `k + 1` numbers.
    pub bounds: Vec<f32>,
    /// The name (index) of each cluster, in the order in which they stand.
    pub clusters: Vec<u32>,
    /// Share of the whole weight in each block, `k × k`, row by row; they add up to 1.
    pub share: Vec<f64>,
}
/// Measures the blocks.
#[must_use]
pub fn matrix_blocks(_csr: &Csr, _order_by: &[u32]) -> MatrixBlocks {
    MatrixBlocks::default()
}
/// Draws the matrix as a picture of at most `size × size` pixels.
#[must_use]
pub fn matrix_image(_csr: &Csr, _order_by: &[u32], size: usize, _dark: bool) -> egui::ColorImage {
    egui::ColorImage::filled([size, size], egui::Color32::TRANSPARENT)
}
/// Shows the picture, and on hover the two clusters and the share of weight between them.
pub fn matrix_ui(ui: &mut egui::Ui, texture: &egui::TextureHandle, _blocks: &MatrixBlocks) -> egui::Response {
    ui.image((texture.id(), ui.available_size()))
}
