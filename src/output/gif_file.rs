//! Pictures as a GIF: colours that all share, and of each picture only the part that changed.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Write};

use color_quant::NeuQuant;
use gif::{DisposalMethod, Encoder, Frame, Repeat};
use image::RgbaImage;

/// Colours of a GIF, one of which stands for what has not changed.
const COLOURS: usize = 255;
const UNCHANGED: u8 = 255;
/// Of each picture every so-many-th pixel is looked at for the colours; those on white, which are most, are passed over but for some.
const EVERY: usize = 3;
const WHITE: usize = 400;

/// The colours of some pictures.
#[derive(Debug, Default)]
pub(super) struct Palette {
    pixels: Vec<u8>,
    /// Those there are, as long as they are few.
    distinct: BTreeSet<[u8; 3]>,
}

impl Palette {
    /// Looks at a picture's colours.
    pub(super) fn see(&mut self, picture: &RgbaImage) {
        let mut white = 0;
        for (at, pixel) in picture.pixels().enumerate() {
            let [r, g, b, _] = pixel.0;
            if self.distinct.len() <= COLOURS {
                self.distinct.insert([r, g, b]);
            }
            let is_white = [r, g, b] == [255; 3];
            white += usize::from(is_white);
            if at.is_multiple_of(EVERY) && (!is_white || white < WHITE) {
                self.pixels.extend_from_slice(&pixel.0);
            }
        }
    }

    /// The colours that stand for all: all of them where they are few.
    pub(super) fn made(self) -> Colours {
        let few = self.distinct.len() <= COLOURS;
        let mut rgb: Vec<u8> = if few {
            self.distinct.into_iter().flatten().collect()
        } else {
            NeuQuant::new(1, COLOURS, &self.pixels).color_map_rgb()
        };
        rgb.resize(3 * COLOURS, 0);
        // Paper is white and nothing else.
        let white = nearest(&rgb, [255; 3]);
        rgb[3 * white..3 * white + 3].copy_from_slice(&[255; 3]);
        rgb.extend([0; 3]);
        Colours { rgb, known: HashMap::new() }
    }
}

/// The place of the colour that lies nearest to another; the last one is for what has not changed.
fn nearest(rgb: &[u8], to: [u8; 3]) -> usize {
    let away = |colour: &[u8]| -> u32 { colour.iter().zip(to).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum() };
    let colours = rgb.chunks_exact(3).take(COLOURS).enumerate();
    colours.min_by_key(|(_, colour)| away(colour)).map_or(0, |(at, _)| at)
}

/// Colours, and which of them stands for another.
pub(super) struct Colours {
    rgb: Vec<u8>,
    known: HashMap<[u8; 3], u8>,
}

impl Colours {
    fn indices(&mut self, picture: &RgbaImage) -> Vec<u8> {
        let Self { rgb, known } = self;
        let index = |pixel: &image::Rgba<u8>| {
            let [r, g, b, _] = pixel.0;
            *known.entry([r, g, b]).or_insert_with(|| nearest(rgb, [r, g, b]) as u8)
        };
        picture.pixels().map(index).collect()
    }
}

/// A GIF on its way.
pub(super) struct Movie<W: Write> {
    encoder: Encoder<W>,
    colours: Colours,
    size: [u16; 2],
    before: Option<Vec<u8>>,
}

impl<W: Write> Movie<W> {
    /// Begins one of pictures as large as this, which goes round and round.
    ///
    /// # Errors
    /// Those of the writer; a picture larger than a GIF can be.
    pub(super) fn begin(to: W, like: &RgbaImage, colours: Colours) -> io::Result<Self> {
        let side = |side: u32| u16::try_from(side).map_err(|_| io::Error::other("the picture is too large for a GIF"));
        let size = [side(like.width())?, side(like.height())?];
        let mut encoder = Encoder::new(to, size[0], size[1], &colours.rgb).map_err(failed)?;
        encoder.set_repeat(Repeat::Infinite).map_err(failed)?;
        Ok(Self { encoder, colours, size, before: None })
    }

    /// Adds a picture that is shown for so many hundredths of a second.
    ///
    /// # Errors
    /// Those of the writer.
    pub(super) fn add(&mut self, picture: &RgbaImage, delay: u16) -> io::Result<()> {
        let now = self.colours.indices(picture);
        let width = usize::from(self.size[0]);
        let [left, top, right, bottom] = match &self.before {
            None => [0, 0, width, usize::from(self.size[1])],
            // A picture like the one before is a dot that changes nothing.
            Some(before) => changed(before, &now, width).unwrap_or([0, 0, 1, 1]),
        };
        let mut part = Vec::with_capacity((right - left) * (bottom - top));
        for row in top..bottom {
            for at in row * width + left..row * width + right {
                let same = self.before.as_ref().is_some_and(|before| before[at] == now[at]);
                part.push(if same { UNCHANGED } else { now[at] });
            }
        }
        let frame = Frame {
            delay,
            dispose: DisposalMethod::Keep,
            transparent: self.before.is_some().then_some(UNCHANGED),
            left: left as u16,
            top: top as u16,
            width: (right - left) as u16,
            height: (bottom - top) as u16,
            buffer: part.into(),
            ..Frame::default()
        };
        self.encoder.write_frame(&frame).map_err(failed)?;
        self.before = Some(now);
        Ok(())
    }
}

/// The smallest part of a picture, `width` pixels wide, that holds all that changed: left, top, right, bottom.
fn changed(before: &[u8], now: &[u8], width: usize) -> Option<[usize; 4]> {
    let mut part: Option<[usize; 4]> = None;
    for (at, _) in before.iter().zip(now).enumerate().filter(|(_, (a, b))| a != b) {
        let (x, y) = (at % width, at / width);
        let [left, top, right, bottom] = part.unwrap_or([x, y, x + 1, y + 1]);
        part = Some([left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1)]);
    }
    part
}

fn failed(error: gif::EncodingError) -> io::Error {
    match error {
        gif::EncodingError::Io(error) => error,
        other => io::Error::other(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use image::Rgba;

    use super::*;

    #[test]
    fn only_what_changed_is_written_and_the_pictures_come_back() {
        let mut first = RgbaImage::from_pixel(60, 40, Rgba([255; 4]));
        let mut second = first.clone();
        for x in 10..20 {
            first.put_pixel(x, 12, Rgba([220, 30, 40, 255]));
            second.put_pixel(x + 5, 12, Rgba([30, 60, 220, 255]));
        }
        let mut palette = Palette::default();
        for picture in [&first, &second] {
            palette.see(picture);
        }
        let mut bytes = Vec::new();
        let mut movie = Movie::begin(&mut bytes, &first, palette.made()).expect("begun");
        for picture in [&first, &second, &second] {
            movie.add(picture, 10).expect("added");
        }
        drop(movie);
        let mut options = gif::DecodeOptions::new();
        options.set_color_output(gif::ColorOutput::RGBA);
        let mut decoder = options.read_info(&bytes[..]).expect("a GIF");
        let mut seen = Vec::new();
        let mut canvas = vec![0_u8; 4 * 60 * 40];
        while let Some(frame) = decoder.read_next_frame().expect("sound frames") {
            seen.push([frame.left, frame.top, frame.width, frame.height]);
            for (i, pixel) in frame.buffer.chunks(4).enumerate().filter(|(_, pixel)| pixel[3] > 0) {
                let wide = usize::from(frame.width);
                let (x, y) = (usize::from(frame.left) + i % wide, usize::from(frame.top) + i / wide);
                canvas[4 * (60 * y + x)..][..4].copy_from_slice(pixel);
            }
        }
        assert_eq!(seen, [[0, 0, 60, 40], [10, 12, 15, 1], [0, 0, 1, 1]]);
        let far = |at: usize, to: [u8; 3]| {
            (0..3).map(|c| u32::from(canvas[4 * at + c].abs_diff(to[c]))).max().unwrap_or_default()
        };
        assert_eq!(
            (far(60 * 12 + 11, [255; 3]), far(60 * 12 + 24, [30, 60, 220])),
            (0, 0),
            "few colours are kept as they are"
        );
    }
}
