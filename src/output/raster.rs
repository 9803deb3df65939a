//! Very many points as one picture inside a figure: a file with a vector each would be unusable.

use std::fmt::Write as _;
use std::io::Cursor;

use image::{ImageFormat, Rgba, RgbaImage};

use crate::{Error, Result};

/// Pixels of the picture for a point of the page.
const FINE: f64 = 2.0;

/// An `<image>` element at `left`, `top` with a disc of `radius` at each of the `points` (place within it and colour).
pub(super) fn discs(
    (left, top): (f64, f64),
    (width, height): (f64, f64),
    points: impl Iterator<Item = ((f64, f64), [u8; 3])>,
    radius: f64,
) -> Result<String> {
    let mut picture = RgbaImage::new((width * FINE).ceil() as u32, (height * FINE).ceil() as u32);
    for ((x, y), colour) in points {
        disc(&mut picture, (x * FINE, y * FINE), radius * FINE, colour);
    }
    let mut png = Cursor::new(Vec::new());
    picture
        .write_to(&mut png, ImageFormat::Png)
        .map_err(|e| Error::Numerics(format!("the points of a figure could not be drawn: {e}")))?;
    let mut element = String::new();
    let _ = write!(
        element,
        "<image x=\"{left}\" y=\"{top}\" width=\"{width}\" height=\"{height}\" href=\"data:image/png;base64,{}\"/>",
        base64(png.get_ref())
    );
    Ok(element)
}

/// A disc whose rim fades over one pixel, laid over what is there.
pub(super) fn disc(picture: &mut RgbaImage, (x, y): (f64, f64), radius: f64, colour: [u8; 3]) {
    let reach = radius + 0.5;
    let span = |centre: f64, size: u32| {
        let low = (centre - reach).floor().clamp(0.0, f64::from(size)) as u32;
        let high = (centre + reach).ceil().clamp(0.0, f64::from(size)) as u32;
        low..high
    };
    for row in span(y, picture.height()) {
        for column in span(x, picture.width()) {
            let away = (f64::from(column) + 0.5 - x).hypot(f64::from(row) + 0.5 - y);
            let cover = (reach - away).clamp(0.0, 1.0) as f32;
            over(picture.get_pixel_mut(column, row), colour, cover);
        }
    }
}

/// Lays a colour of partial cover over a pixel.
fn over(pixel: &mut Rgba<u8>, colour: [u8; 3], cover: f32) {
    let below = f32::from(pixel.0[3]) / 255.0 * (1.0 - cover);
    let alpha = cover + below;
    if alpha <= 0.0 {
        return;
    }
    for (channel, &new) in pixel.0.iter_mut().zip(&colour) {
        *channel = ((f32::from(new) * cover + f32::from(*channel) * below) / alpha).round() as u8;
    }
    pixel.0[3] = (alpha * 255.0).round() as u8;
}

/// RFC 4648.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0_u32, |bits, i| bits << 8 | u32::from(three.get(i).copied().unwrap_or(0)));
        for digit in 0..4 {
            let at = (bits >> (18 - 6 * digit) & 63) as usize;
            text.push(if digit <= three.len() { char::from(DIGITS[at]) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_as_in_the_rfc() {
        for (plain, coded) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
        assert_eq!(base64(&[0xff, 0xef, 0xbe]), "/+++");
    }

    #[test]
    fn a_disc_covers_its_middle_and_nothing_far() {
        let mut picture = RgbaImage::new(20, 20);
        disc(&mut picture, (10.0, 10.0), 3.0, [10, 20, 30]);
        assert_eq!(picture.get_pixel(10, 10).0, [10, 20, 30, 255]);
        assert_eq!(picture.get_pixel(15, 10).0[3], 0);
        disc(&mut picture, (-50.0, f64::NAN), 3.0, [255; 3]);
        disc(&mut picture, (19.9, 0.0), 3.0, [1, 2, 3]);
        assert_eq!(picture.get_pixel(19, 0).0, [1, 2, 3, 255]);
    }
}
