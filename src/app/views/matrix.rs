//! The affinity matrix with its samples ordered by cluster: a good clustering shows as blocks along the diagonal.

use eframe::egui::{self, Color32, ColorImage, Pos2, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, pos2};

use crate::app::kit::format::{counted, percent};
use crate::app::kit::said::described;
use crate::app::kit::theme::{Tokens, UNIT};
use crate::graph::Csr;
use crate::output::palette;

/// Clusters that are told apart at most: the classes of a file and the parts of a graph may be as many as the samples, and their blocks are
/// their square.
const MOST_CLUSTERS: usize = 512;

/// The matrix cut into blocks by cluster: where the blocks lie and how much weight they hold. Nothing where the clusters are too many.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct MatrixBlocks {
    /// Where each cluster begins along a side, as a share of the side, and 1 at the end: `k + 1` numbers.
    pub bounds: Vec<f32>,
    /// The label of each cluster, in the order in which they stand.
    pub clusters: Vec<u32>,
    /// What a person calls each cluster; `cluster 3` until the caller knows better.
    pub names: Vec<String>,
    /// Share of the whole weight in each block, `k × k`, row by row; they add up to 1, or are all 0 without any weight.
    pub share: Vec<f64>,
}

impl MatrixBlocks {
    /// The clusters, as places in `clusters`, whose block holds a place given in shares of the side.
    #[must_use]
    pub fn at(&self, x: f32, y: f32) -> Option<(usize, usize)> {
        let find = |share: f32| {
            let inside = (0.0..=1.0).contains(&share);
            let after = self.bounds.partition_point(|bound| *bound <= share);
            inside.then(|| after.saturating_sub(1).min(self.clusters.len().saturating_sub(1)))
        };
        if self.clusters.is_empty() { None } else { Some((find(y)?, find(x)?)) }
    }

    /// Share of the weight between two clusters, or inside one: 0..=1. Both directions count.
    #[must_use]
    pub fn between(&self, a: usize, b: usize) -> f64 {
        let block = |a: usize, b: usize| self.share.get(a * self.clusters.len() + b).copied().unwrap_or(0.0);
        if a == b { block(a, a) } else { block(a, b) + block(b, a) }
    }

    /// The two clusters with the most weight between them, and its share; none where no weight crosses.
    #[must_use]
    pub fn crossing(&self) -> Option<(usize, usize, f64)> {
        let k = self.clusters.len();
        let pairs = (0..k).flat_map(|a| (0..a).map(move |b| (b, a)));
        let shares = pairs.map(|(a, b)| (a, b, self.between(a, b))).filter(|pair| pair.2 > 0.0);
        shares.max_by(|x, y| x.2.total_cmp(&y.2))
    }

    /// Share of the weight inside clusters, 0..=1.
    #[must_use]
    pub fn within(&self) -> f64 {
        (0..self.clusters.len()).map(|a| self.between(a, a)).sum()
    }
}

/// Where each sample stands when the samples are ordered by cluster, keeping their order within one.
fn places(n: usize, order_by: &[u32]) -> (Vec<u32>, Vec<(u32, usize)>) {
    let of = |sample: usize| order_by.get(sample).copied().unwrap_or(u32::MAX);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by_key(|&sample| of(sample));
    let mut place = vec![0; n];
    let mut runs: Vec<(u32, usize)> = Vec::new();
    for (at, &sample) in order.iter().enumerate() {
        place[sample] = at as u32;
        if runs.last().is_none_or(|(label, _)| *label != of(sample)) {
            runs.push((of(sample), at));
        }
    }
    (place, runs)
}

fn entries(csr: &Csr) -> impl Iterator<Item = (usize, usize, f64)> + '_ {
    let rows = csr.offsets.windows(2).enumerate();
    rows.flat_map(move |(row, ends)| (ends[0]..ends[1]).map(move |at| (row, csr.columns[at] as usize, csr.values[at])))
}

/// Measures the blocks of `csr`, `n × n`, under cluster labels `order_by`, one per sample.
#[must_use]
pub fn matrix_blocks(csr: &Csr, order_by: &[u32]) -> MatrixBlocks {
    let n = csr.offsets.len().saturating_sub(1);
    let (place, runs) = places(n, order_by);
    if runs.len() > MOST_CLUSTERS {
        return MatrixBlocks::default();
    }
    let starts: Vec<usize> = runs.iter().map(|(_, at)| *at).collect();
    let cluster = |sample: usize| starts.partition_point(|start| *start <= place[sample] as usize) - 1;
    let of: Vec<usize> = (0..n).map(cluster).collect();
    let k = runs.len();
    let mut share = vec![0.0; k * k];
    for (row, column, weight) in entries(csr) {
        share[of[row] * k + of[column]] += weight;
    }
    let total: f64 = share.iter().sum();
    if total > 0.0 {
        for block in &mut share {
            *block /= total;
        }
    }
    let ends = starts.iter().copied().chain([n]);
    let bounds = ends.map(|at| at as f32 / n.max(1) as f32).collect();
    let clusters: Vec<u32> = runs.into_iter().map(|(label, _)| label).collect();
    let names = clusters.iter().map(|label| format!("cluster {label}")).collect();
    MatrixBlocks { bounds, clusters, names, share }
}

/// Draws `csr`, `n × n`, with its samples ordered by cluster label: `min(n, size)` pixels a side, each the sum of the
/// weights that fall into it, on a logarithmic scale. Takes milliseconds per million entries: call it off the UI thread.
#[must_use]
pub fn matrix_image(csr: &Csr, order_by: &[u32], size: usize, dark: bool) -> ColorImage {
    let n = csr.offsets.len().saturating_sub(1);
    let side = n.min(size).max(1);
    let (place, _) = places(n, order_by);
    let pixel = |sample: usize| place[sample] as usize * side / n;
    let mut sums = vec![0.0_f64; side * side];
    for (row, column, weight) in entries(csr) {
        sums[pixel(row) * side + pixel(column)] += weight;
    }
    let positive = |s: &f64| *s > 0.0 && s.is_finite();
    let mut sorted: Vec<f64> = sums.iter().copied().filter(positive).collect();
    sorted.sort_by(f64::total_cmp);
    // The faintest twentieth shares the lowest colour, so that a few tiny weights do not flatten the rest.
    let low = sorted.get(sorted.len() / 20).copied().unwrap_or(1.0);
    let high = sorted.last().copied().unwrap_or(1.0);
    let range = (high / low).ln();
    let empty = Tokens::of(dark).plot;
    let color = |sum: &f64| {
        if !positive(sum) {
            return empty;
        }
        let t = if range > 0.0 { ((sum / low).ln() / range).clamp(0.0, 1.0) } else { 1.0 } as f32;
        // What is strong is far from the background on either theme.
        let [r, g, b] = palette::gradient(if dark { 0.15 + 0.85 * t } else { 0.85 * (1.0 - t) });
        Color32::from_rgb(r, g, b)
    };
    ColorImage::new([side, side], sums.iter().map(color).collect())
}

/// Shows the picture as large as it fits, the borders of the clusters, and on hover the two clusters and the share of
/// the weight between them.
pub fn matrix_ui(ui: &mut Ui, texture: &egui::TextureHandle, blocks: &MatrixBlocks) -> egui::Response {
    let tokens = Tokens::in_ui(ui);
    let (outer, response) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
    let side = outer.width().min(outer.height()).max(1.0);
    let rect = Rect::from_center_size(outer.center(), Vec2::splat(side));
    let painter = ui.painter();
    let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
    painter.image(texture.id(), rect, whole, Color32::WHITE);
    painter.rect_stroke(rect, 0.0, Stroke::new(1.0, tokens.line), StrokeKind::Inside);
    let at = |share: f32| rect.left() + share * side;
    let border = Stroke::new(1.0, tokens.text_weak.gamma_multiply(0.5));
    // More borders than this would hide the picture.
    if blocks.clusters.len() as f32 * UNIT < side {
        for &bound in blocks.bounds.iter().skip(1).take(blocks.clusters.len().saturating_sub(1)) {
            painter.vline(at(bound), rect.y_range(), border);
            painter.hline(rect.x_range(), at(bound) - rect.left() + rect.top(), border);
        }
    }
    let inside = format!("{:.1} % of the weight lies inside clusters", 100.0 * blocks.within());
    response.widget_info(|| {
        let clusters = match blocks.clusters.len() {
            0 => "too many to tell apart".to_owned(),
            count => format!("{}: {inside}", counted(count, "cluster")),
        };
        egui::WidgetInfo::labeled(Role::Image, true, format!("Affinity matrix ordered by cluster, {clusters}"))
    });
    let name = |cluster: usize| blocks.names.get(cluster).map_or("cluster", String::as_str);
    described(&response, || match blocks.crossing() {
        _ if blocks.clusters.is_empty() => String::new(),
        Some((a, b, share)) => {
            format!("Most between two: {} and {}, {} of the weight.", name(a), name(b), percent(share))
        }
        None => "No weight lies between clusters.".to_owned(),
    });
    let hovered = response.hover_pos().and_then(|p| {
        let share = (p - rect.min) / side;
        blocks.at(share.x, share.y)
    });
    let Some((row, column)) = hovered else { return response };
    let span = |cluster: usize| (blocks.bounds[cluster] * side, blocks.bounds[cluster + 1] * side);
    let ((left, right), (top, bottom)) = (span(column), span(row));
    let block = Rect::from_min_max(rect.min + Vec2::new(left, top), rect.min + Vec2::new(right, bottom));
    painter.rect_stroke(block, 0.0, Stroke::new(1.5, tokens.marker), StrokeKind::Inside);
    let share = percent(blocks.between(row, column));
    let text = if row == column {
        format!("Inside {}: {share} of the weight", name(row))
    } else {
        format!("Between {} and {}: {share} of the weight", name(row), name(column))
    };
    response.on_hover_text_at_pointer(format!("{text}\n{inside}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Samples 0 and 2 are joined by 3, samples 1 and 3 by 1, samples 0 and 1 by 0.5.
    fn graph() -> Csr {
        Csr {
            offsets: vec![0, 2, 4, 5, 6],
            columns: vec![1, 2, 0, 3, 0, 1],
            values: vec![0.5, 3.0, 0.5, 1.0, 3.0, 1.0],
        }
    }

    #[test]
    fn blocks_hold_the_weight_between_their_clusters() {
        let blocks = matrix_blocks(&graph(), &[7, 2, 7, 2]);
        assert_eq!(blocks.clusters, [2, 7]);
        assert_eq!(blocks.bounds, [0.0, 0.5, 1.0]);
        assert!((blocks.between(0, 0) - 2.0 / 9.0).abs() < 1e-12);
        assert!((blocks.between(1, 1) - 6.0 / 9.0).abs() < 1e-12);
        assert!((blocks.between(0, 1) - 1.0 / 9.0).abs() < 1e-12);
        assert!((blocks.within() - 8.0 / 9.0).abs() < 1e-12);
        assert!(blocks.crossing().is_some_and(|(a, b, share)| (a, b) == (0, 1) && (share - 1.0 / 9.0).abs() < 1e-12));
        assert_eq!(blocks.at(0.2, 0.9), Some((1, 0)));
        assert_eq!(blocks.at(1.0, 0.0), Some((0, 1)));
        assert_eq!(blocks.at(1.1, 0.0), None);
    }

    #[test]
    fn the_picture_is_ordered_symmetric_and_logarithmic() {
        let image = matrix_image(&graph(), &[7, 2, 7, 2], 512, true);
        assert_eq!(image.size, [4, 4]);
        let at = |row: usize, column: usize| image.pixels[row * 4 + column];
        // Order: 1, 3, 0, 2.
        for row in 0..4 {
            for column in 0..4 {
                assert_eq!(at(row, column), at(column, row));
            }
        }
        let bright = |c: Color32| u32::from(c.r()) + u32::from(c.g()) + u32::from(c.b());
        assert_eq!(at(0, 0), crate::app::kit::theme::DARK.plot);
        assert!(bright(at(2, 3)) > bright(at(0, 1)) && bright(at(0, 1)) > bright(at(0, 2)));
        assert!(bright(at(0, 2)) > bright(crate::app::kit::theme::DARK.plot));
    }

    #[test]
    fn a_cluster_a_sample_has_no_blocks() {
        let csr = |n: usize| Csr { offsets: (0..=n).collect(), columns: (0..n as u32).collect(), values: vec![1.0; n] };
        let blocks = |n: usize| matrix_blocks(&csr(n), &(0..n as u32).collect::<Vec<_>>());
        assert_eq!(blocks(MOST_CLUSTERS).clusters.len(), MOST_CLUSTERS);
        assert_eq!(blocks(MOST_CLUSTERS + 1), MatrixBlocks::default());
    }

    #[test]
    fn many_samples_share_pixels_and_an_empty_matrix_is_one_pixel() {
        let n = 1000_u32;
        let ring =
            Csr { offsets: (0..=n as usize).collect(), columns: (1..n).chain([0]).collect(), values: vec![1.0; 1000] };
        let image = matrix_image(&ring, &vec![0; 1000], 100, false);
        assert_eq!(image.size, [100, 100]);
        assert!(
            image.pixels.iter().filter(|p| **p != crate::app::kit::theme::LIGHT.plot).count() == 200,
            "the diagonal and its neighbour"
        );
        let none = Csr { offsets: vec![0], columns: vec![], values: vec![] };
        assert_eq!(matrix_image(&none, &[], 512, true).size, [1, 1]);
        assert_eq!(matrix_blocks(&none, &[]), MatrixBlocks { bounds: vec![0.0], ..MatrixBlocks::default() });
        assert_eq!(matrix_blocks(&none, &[]).at(0.5, 0.5), None);
    }

    #[test]
    fn shares_are_never_rounded_to_nothing() {
        assert_eq!([0.0, 1e-6, 0.004, 0.5].map(percent), ["none", "less than 0.01 %", "0.40 %", "50.0 %"]);
    }
}
