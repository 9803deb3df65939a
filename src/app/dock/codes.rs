//! The autoencoder: samples above what the decoder makes of their codes.

use std::sync::Arc;

use eframe::egui::{self, Color32, ColorImage, TextureHandle, TextureOptions, Ui};

use super::{Card, Shown, curves, title_ui};
use crate::app::kit::format;
use crate::app::kit::said::described;
use crate::app::shown::picture::pixels;
use crate::app::shown::run::Run;
use crate::app::views::empty_ui;
use crate::data::ImageShape;
use crate::learn::Rebuilt;
use crate::pipeline::Prepared;
use crate::recipe::Stage;

/// The picture of the rebuilt samples, with the snapshot it is of.
#[derive(Default)]
pub struct RebuiltCache(Option<(Arc<Rebuilt>, TextureHandle)>);

impl std::fmt::Debug for RebuiltCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("RebuiltCache").field(&self.0.as_ref().map(|(of, _)| &of.samples)).finish()
    }
}

pub(super) fn codes_ui(ui: &mut Ui, cache: &mut RebuiltCache, shown: Shown) {
    let last = shown.run.prepared.iter().rfind(|p| p.stage == Stage::Represent);
    title_ui(ui, Card::Codes.title(), Card::Codes.tip(), figure(shown.run, Stage::Represent, last));
    let Some((rebuilt, data)) = shown.snapshot.and_then(|s| Some((s.rebuilt.as_ref()?, &s.data))) else {
        return empty_ui(ui, "Rebuilt samples appear once the autoencoder trains");
    };
    let Some(shape) = data.image else {
        return curves::prepared_ui(ui, shown.run, Stage::Represent);
    };
    // Held, so that nothing else can take its place in memory and pass for it.
    if cache.0.as_ref().is_none_or(|(of, _)| !Arc::ptr_eq(of, rebuilt)) {
        let image = sheet(rebuilt, shape);
        cache.0 = Some((Arc::clone(rebuilt), ui.ctx().load_texture("rebuilt", image, TextureOptions::NEAREST)));
    }
    let Some((_, texture)) = &cache.0 else { return };
    let size = texture.size_vec2();
    let room = ui.available_size();
    let pictures = size * (room.x / size.x).min(0.5 * room.y / size.y);
    let response = ui.image((texture.id(), pictures));
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Samples above their rebuilt selves"));
    described(&response, || {
        let apart = |(a, b): (&f32, &f32)| f64::from((a - b).abs());
        let all = rebuilt.before.len().max(1) as f64;
        let mean = rebuilt.before.iter().zip(rebuilt.after.iter()).map(apart).sum::<f64>() / all;
        let samples = format::counted(rebuilt.samples.len(), "sample");
        format!("{samples}; a rebuilt value is {} off on average.", format::number(mean))
    });
    curves::prepared_ui(ui, shown.run, Stage::Represent);
}

/// The last loss of a network before the spectral one, or that it is of an earlier run.
pub(super) fn figure(run: &Run, stage: Stage, last: Option<&Prepared>) -> Option<String> {
    let loss = last.map(|look| format!("loss {}", format::number(look.loss)))?;
    Some(if run.is_old(stage) { "an earlier run".to_owned() } else { loss })
}

/// Samples in the upper row, the same rebuilt in the lower.
fn sheet(rebuilt: &Rebuilt, shape: ImageShape) -> ColorImage {
    let count = rebuilt.samples.len().max(1);
    let (width, height) = (count * (shape.width + 1), 2 * (shape.height + 1));
    let mut sheet = ColorImage::filled([width, height], Color32::BLACK);
    let brightest = rebuilt.before.iter().copied().fold(f32::MIN_POSITIVE, f32::max);
    for (row, values) in [&rebuilt.before, &rebuilt.after].into_iter().enumerate() {
        for (i, sample) in values.rows().into_iter().enumerate().take(count) {
            let byte = |j: usize| sample.get(j).map_or(0, |value| (255.0 * value / brightest).clamp(0.0, 255.0) as u8);
            for (pixel, colour) in pixels(shape, byte).enumerate() {
                let (x, y) = (pixel % shape.width, pixel / shape.width);
                sheet[(i * (shape.width + 1) + x, row * (shape.height + 1) + y)] = colour;
            }
        }
    }
    sheet
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn pictures_in_colour_are_shown_in_colour() {
        let before = array![[1.0, 0.0, 0.0, 0.0, 0.0, 1.0]];
        let after = array![[0.0, 1.0, 0.0, 1.0, 1.0, 1.0]];
        let sheet =
            sheet(&Rebuilt { samples: vec![7], before, after }, ImageShape { width: 2, height: 1, channels: 3 });
        assert_eq!(sheet.size, [3, 4]);
        assert_eq!([sheet[(0, 0)], sheet[(1, 0)]], [Color32::RED, Color32::BLUE]);
        assert_eq!([sheet[(0, 2)], sheet[(1, 2)]], [Color32::GREEN, Color32::WHITE]);
    }
}
