//! Samples of images as pictures, and those that are in sight as textures.

use std::collections::HashMap;
use std::sync::Arc;

use eframe::egui::{Color32, ColorImage, Context, TextureHandle, TextureId, TextureOptions};

use crate::data::{Dataset, Features, ImageShape};

/// Textures that are kept beyond those in sight.
const KEPT: usize = 300;

/// A row of features as pixels, its own smallest value black and its largest white.
#[must_use]
pub fn picture(row: &[f64], shape: ImageShape) -> ColorImage {
    let (low, high) = row.iter().fold((f64::MAX, f64::MIN), |(l, h), &v| (l.min(v), h.max(v)));
    let span = if high > low { high - low } else { 1.0 };
    let byte = |i: usize| row.get(i).map_or(0, |v| ((v - low) / span * 255.0) as u8);
    ColorImage::new([shape.width, shape.height], pixels(shape, byte).collect())
}

/// The pixels of a sample, row by row, where `byte` gives the brightness of each of its features.
pub fn pixels(shape: ImageShape, byte: impl Fn(usize) -> u8) -> impl Iterator<Item = Color32> {
    (0..shape.width * shape.height).map(move |i| match shape.channels {
        3 => Color32::from_rgb(byte(3 * i), byte(3 * i + 1), byte(3 * i + 2)),
        channels => Color32::from_gray(byte(channels.max(1) * i)),
    })
}

/// Pictures of samples, made when they come into sight.
#[derive(Default)]
pub struct Thumbs {
    /// Held, so that no other data can take its place in memory.
    of: Option<Arc<Features>>,
    /// Each with the frame in which it was seen last.
    kept: HashMap<u32, (TextureHandle, u64)>,
    frame: u64,
}

impl std::fmt::Debug for Thumbs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Thumbs").field("kept", &self.kept.len()).finish_non_exhaustive()
    }
}

impl Thumbs {
    /// The picture of a sample, where the data is pictures.
    pub fn get(&mut self, ctx: &Context, data: &Dataset, sample: u32) -> Option<TextureId> {
        let shape = data.image.filter(|_| (sample as usize) < data.len())?;
        if self.of.as_ref().is_none_or(|of| !Arc::ptr_eq(of, &data.features)) {
            *self = Self { of: Some(Arc::clone(&data.features)), ..Self::default() };
        }
        let frame = ctx.cumulative_frame_nr();
        if self.frame != frame && self.kept.len() > KEPT {
            let before = self.frame;
            self.kept.retain(|_, (_, seen)| *seen >= before);
        }
        self.frame = frame;
        let make = || {
            let image = picture(&data.features.row(sample as usize), shape);
            (ctx.load_texture("thumbnail", image, TextureOptions::NEAREST), frame)
        };
        let (texture, seen) = self.kept.entry(sample).or_insert_with(make);
        *seen = frame;
        Some(texture.id())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_becomes_pixels_from_black_to_white() {
        let shape = ImageShape { width: 2, height: 1, channels: 1 };
        assert_eq!(picture(&[3.0, 7.0], shape).pixels, [Color32::BLACK, Color32::WHITE]);
        let short = picture(&[1.0], ImageShape { width: 2, height: 2, channels: 3 });
        assert_eq!(short.pixels.len(), 4, "a shape that promises more than the row has is no reason to fail");
    }
}
