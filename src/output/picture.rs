//! A page as PNG of any size: lines and letters drawn by `vello_cpu`, with the fonts of the window.

use std::io::Cursor;

use epaint_default_fonts::{HACK_REGULAR, UBUNTU_LIGHT};
use image::{ImageFormat, Rgba, RgbaImage};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider as _};
use vello_cpu::color::AlphaColor;
use vello_cpu::kurbo::{Affine, BezPath, Circle, Shape as _, Stroke};
use vello_cpu::{Pixmap, RenderContext, Resources};

use super::raster::disc;
use super::svg::{Anchor, Element, Page, RING};
use crate::{Error, Result};

/// The narrowest and the widest picture, in pixels.
pub const WIDTHS: std::ops::RangeInclusive<u32> = 100..=16_000;
/// The highest.
const HIGHEST: f64 = 32_000.0;

/// The page as a file, `width` pixels wide and as high as it has to be.
///
/// # Errors
/// [`Error::Numerics`] where it cannot be drawn.
pub(super) fn png(page: &Page, width: u32) -> Result<Vec<u8>> {
    bytes(&draw_page(page, width)?)
}

/// A picture as a PNG file.
///
/// # Errors
/// As [`png`].
pub(super) fn bytes(picture: &RgbaImage) -> Result<Vec<u8>> {
    let mut bytes = Cursor::new(Vec::new());
    let written = picture.write_to(&mut bytes, ImageFormat::Png);
    written.map_err(|error| Error::Numerics(format!("the picture could not be drawn: {error}")))?;
    Ok(bytes.into_inner())
}

/// The page in pixels, `width` of them wide and as high as it has to be.
///
/// # Errors
/// As [`png`].
pub(super) fn draw_page(page: &Page, width: u32) -> Result<RgbaImage> {
    let failed = |what: &str| Error::Numerics(format!("the picture could not be drawn: {what}"));
    let width = width.clamp(*WIDTHS.start(), *WIDTHS.end());
    let scale = f64::from(width) / page.width.max(1.0);
    let height = (page.height * scale).round().clamp(1.0, HIGHEST);
    let mut context = RenderContext::new(width as u16, height as u16);
    let whole = vello_cpu::kurbo::Rect::new(0.0, 0.0, f64::from(width), height);
    context.set_paint(AlphaColor::from_rgb8(255, 255, 255));
    context.fill_rect(&whole);
    context.set_transform(Affine::scale(scale));
    let letters = Letters::new().ok_or_else(|| failed("its font is damaged"))?;
    for element in &page.body {
        draw(&mut context, element, &letters);
    }
    context.flush();
    let mut pixels = Pixmap::new(width as u16, height as u16);
    context.render(&mut pixels, &mut Resources::new());
    // The page is white all over, so that nothing is see-through.
    let colours = pixels.data().iter().flat_map(|pixel| [pixel.r, pixel.g, pixel.b, 255]).collect();
    let mut picture =
        RgbaImage::from_raw(width, height as u32, colours).ok_or_else(|| failed("its size is another"))?;
    for element in &page.body {
        match element {
            Element::Points { points, radius, .. } => points_over(&mut picture, points, radius * scale, scale),
            Element::Rings { points } => rings_over(&mut picture, points, scale),
            _ => {}
        }
    }
    Ok(picture)
}

/// Discs a little see-through, over what is there.
fn points_over(picture: &mut RgbaImage, points: &[((f64, f64), [u8; 3])], radius: f64, scale: f64) {
    let mut layer = RgbaImage::new(picture.width(), picture.height());
    for &((x, y), colour) in points {
        disc(&mut layer, (x * scale, y * scale), radius, colour);
    }
    for (below, Rgba([r, g, b, a])) in picture.pixels_mut().zip(layer.pixels()).filter(|(_, above)| above.0[3] > 0) {
        let cover = 0.85 * f32::from(*a) / 255.0;
        for (channel, new) in below.0.iter_mut().zip([r, g, b]) {
            *channel = (f32::from(*new) * cover + f32::from(*channel) * (1.0 - cover)).round() as u8;
        }
    }
}

/// Rings, white within, over what is there.
fn rings_over(picture: &mut RgbaImage, points: &[((f64, f64), [u8; 3])], scale: f64) {
    let (radius, half) = (RING.0 * scale, 0.5 * RING.1 * scale);
    for &((x, y), colour) in points {
        disc(picture, (x * scale, y * scale), radius + half, colour);
        disc(picture, (x * scale, y * scale), radius - half, [255; 3]);
    }
}

fn draw(context: &mut RenderContext, element: &Element, letters: &Letters) {
    match element {
        Element::Text { at, size, colour, anchor, text, upright } => {
            context.set_paint(paint(colour));
            let (path, width) = letters.line(text, *size);
            let held = match anchor {
                Anchor::Start => 0.0,
                Anchor::Middle => -width / 2.0,
                Anchor::End => -width,
            };
            let turn = if *upright { Affine::rotate(-std::f64::consts::FRAC_PI_2) } else { Affine::IDENTITY };
            context.fill_path(&(Affine::translate(*at) * turn * Affine::translate((held, 0.0)) * path));
        }
        Element::Path { points, colour, width, dashes } => {
            let mut path = BezPath::new();
            for (i, &point) in points.iter().enumerate() {
                if i == 0 { path.move_to(point) } else { path.line_to(point) }
            }
            let dashes: Vec<f64> = dashes.split_whitespace().filter_map(|dash| dash.parse().ok()).collect();
            let stroke = Stroke::new(*width);
            context.set_stroke(if dashes.is_empty() { stroke } else { stroke.with_dashes(0.0, dashes) });
            context.set_paint(paint(colour));
            context.stroke_path(&path);
        }
        Element::Disc { at, radius, fill, stroke } => {
            let path = Circle::new(*at, *radius).to_path(0.05);
            if fill != "none" {
                context.set_paint(paint(fill));
                context.fill_path(&path);
            }
            if stroke != "none" {
                context.set_stroke(Stroke::new(1.6));
                context.set_paint(paint(stroke));
                context.stroke_path(&path);
            }
        }
        Element::Points { .. } | Element::Rings { .. } => {}
    }
}

/// The colour of `#rrggbb`.
fn paint(hex: &str) -> AlphaColor<vello_cpu::color::Srgb> {
    let part = |at: usize| hex.get(at..at + 2).and_then(|two| u8::from_str_radix(two, 16).ok()).unwrap_or_default();
    AlphaColor::from_rgb8(part(1), part(3), part(5))
}

/// The window's letters; the second font has the signs that the first lacks.
struct Letters([FontRef<'static>; 2]);

impl Letters {
    fn new() -> Option<Self> {
        Some(Self([FontRef::new(UBUNTU_LIGHT).ok()?, FontRef::new(HACK_REGULAR).ok()?]))
    }

    /// The outlines of a text whose base line begins at 0, and its length.
    fn line(&self, text: &str, size: f64) -> (BezPath, f64) {
        let mut pen = Pen { path: BezPath::new(), along: 0.0 };
        let size = Size::new(size as f32);
        for letter in text.chars() {
            let found = self.0.iter().find_map(|font| Some((font, font.charmap().map(letter)?)));
            let (font, glyph) = found.unwrap_or((&self.0[0], GlyphId::NOTDEF));
            if let Some(outline) = font.outline_glyphs().get(glyph) {
                // What has no outline, as a space has none, is not drawn.
                let _ = outline.draw(DrawSettings::unhinted(size, LocationRef::default()), &mut pen);
            }
            let width = font.glyph_metrics(size, LocationRef::default()).advance_width(glyph);
            pen.along += f64::from(width.unwrap_or_default());
        }
        (pen.path, pen.along)
    }
}

/// Outlines after each other, turned over: those of a font grow upwards.
struct Pen {
    path: BezPath,
    along: f64,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f64, f64) {
        (self.along + f64::from(x), -f64::from(y))
    }
}

impl OutlinePen for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.at(x, y));
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.at(x, y));
    }

    fn quad_to(&mut self, cx0: f32, cy0: f32, x: f32, y: f32) {
        self.path.quad_to(self.at(cx0, cy0), self.at(x, y));
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        self.path.curve_to(self.at(cx0, cy0), self.at(cx1, cy1), self.at(x, y));
    }

    fn close(&mut self) {
        self.path.close_path();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::svg::INK;

    #[test]
    fn a_page_has_the_width_asked_for_its_letters_and_its_points() {
        let mut page = Page::new(200.0, 100.0);
        page.text((10.0, 40.0), 20.0, INK, Anchor::Start, "√λ ab");
        page.line((0.0, 90.0), (200.0, 90.0), "#ff0000", 4.0);
        let points = vec![((150.0, 30.0), [0, 0, 255])];
        page.body.push(Element::Points { corner: (0.0, 0.0), size: (200.0, 100.0), points, radius: 5.0 });
        let bytes = png(&page, 400).expect("it can be drawn");
        let picture = image::load_from_memory(&bytes).expect("a PNG").to_rgba8();
        assert_eq!(picture.dimensions(), (400, 200));
        let dark = |x: std::ops::Range<u32>, y: std::ops::Range<u32>| {
            x.flat_map(|x| y.clone().map(move |y| (x, y))).filter(|&(x, y)| picture.get_pixel(x, y).0[0] < 128).count()
        };
        assert!(dark(20..130, 40..90) > 100, "letters");
        assert_eq!(dark(20..130, 100..160), 0, "and none below the line they stand on");
        assert_eq!(picture.get_pixel(200, 180).0, [255, 0, 0, 255]);
        let Rgba([r, _, b, _]) = *picture.get_pixel(300, 60);
        assert!(r < 60 && b > 200, "a point");
        assert_eq!(picture.get_pixel(399, 0).0, [255; 4], "white elsewhere");
    }
}
