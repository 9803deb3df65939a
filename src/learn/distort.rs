//! Pictures turned, slanted, stretched and shifted a little before the encoder sees them, as a hand may write the same sign twice.
//! The decoder has to give the picture as it was, so that codes come to tell less of the hand and more of the sign. This is the
//! corruption of a denoising autoencoder carried from pixels to places; the paper has no such thing.

use std::f64::consts::PI;

use ndarray::parallel::prelude::*;
use ndarray::{Array2, ArrayView1, Axis};
use pulp::{Arch, Simd, WithSimd};
use rand_chacha::ChaCha8Rng;

use crate::data::ImageShape;
use crate::support::random::normal;

/// Standard deviations at strength 1: turning in radians, slant, stretch along each axis, shift as a part of the side.
const TURN: f64 = 8.0 / 180.0 * PI;
const SLANT: f64 = 0.15;
const STRETCH: f64 = 0.08;
const SHIFT: f64 = 0.04;

/// Distort each row (pixels of `image`, row-major, channels last) by an affine map of its own.
pub(crate) fn distort(rows: &mut Array2<f32>, image: ImageShape, strength: f64, rng: &mut ChaCha8Rng) {
    if strength == 0.0 {
        return;
    }
    let maps = draw(rows.nrows(), image, strength, rng);
    let arch = Arch::new();
    rows.axis_iter_mut(Axis(0)).into_par_iter().zip(maps).for_each(|(mut row, map)| {
        let mut pixels = row.to_vec();
        let before = Framed::new(&pixels, image);
        arch.dispatch(Redraw { map, before: &before, pixels: &mut pixels });
        row.assign(&ArrayView1::from(&pixels));
    });
}

/// The maps by which [`distort`] would distort so many rows, `b × 6`: where a pixel is read from is, for each of the two axes, `y` first, a number
/// plus one times how far the pixel lies below the centre plus one times how far right of it.
pub(crate) fn maps(rows: usize, image: ImageShape, strength: f64, rng: &mut ChaCha8Rng) -> Array2<f32> {
    let maps = draw(rows, image, strength, rng);
    let centre = centre(image);
    Array2::from_shape_fn((rows, 6), |(row, at)| {
        let (Affine { m, shift }, axis) = (&maps[row], at / 3);
        let number = if at % 3 == 0 { centre[axis] + shift[axis] } else { m[axis][at % 3 - 1] };
        number as f32
    })
}

fn draw(rows: usize, image: ImageShape, strength: f64, rng: &mut ChaCha8Rng) -> Vec<Affine> {
    (0..rows).map(|_| Affine::random(image, strength, rng)).collect()
}

/// The middle of a picture, in pixels, `y` first.
fn centre(image: ImageShape) -> [f64; 2] {
    [image.height, image.width].map(|side| (side - 1) as f64 / 2.0)
}

/// Black around a picture: what lies outside is read from there, without asking of each pixel whether it does.
const FRAME: usize = 2;

/// A picture in its frame.
struct Framed {
    pixels: Vec<f32>,
    image: ImageShape,
}

impl Framed {
    fn new(pixels: &[f32], image: ImageShape) -> Self {
        let ImageShape { width, height, channels } = image;
        let line = (width + 2 * FRAME) * channels;
        let mut framed = vec![0.0; (height + 2 * FRAME) * line];
        for (to, from) in framed.chunks_exact_mut(line).skip(FRAME).zip(pixels.chunks_exact(width * channels)) {
            to[FRAME * channels..][..width * channels].copy_from_slice(from);
        }
        Self { pixels: framed, image }
    }
}

/// Where each pixel is read from: `centre + m (p − centre) + shift`, in pixels, `y` before `x`.
struct Affine {
    m: [[f64; 2]; 2],
    shift: [f64; 2],
}

impl Affine {
    fn random(image: ImageShape, strength: f64, rng: &mut ChaCha8Rng) -> Self {
        let mut draw = |deviation: f64| strength * deviation * normal(rng).clamp(-2.5, 2.5);
        let (sin, cos) = draw(TURN).sin_cos();
        let slant = draw(SLANT);
        let (tall, wide) = (draw(STRETCH).exp(), draw(STRETCH).exp());
        let shift = [draw(SHIFT) * image.height as f64, draw(SHIFT) * image.width as f64];
        Self { m: [[cos * tall, sin * wide], [(slant - sin) * tall, cos * wide]], shift }
    }
}

/// A picture's pixels, each to be the value between the four of `before` around its place.
struct Redraw<'a> {
    map: Affine,
    before: &'a Framed,
    pixels: &'a mut [f32],
}

impl WithSimd for Redraw<'_> {
    type Output = ();

    #[inline(always)]
    #[allow(clippy::inline_always, reason = "only inlined code gets the instructions that were dispatched to")]
    fn with_simd<S: Simd>(self, _: S) {
        let Self { map: Affine { m, shift }, before, pixels } = self;
        let ImageShape { width, height, channels } = before.image;
        let line = (width + 2 * FRAME) * channels;
        let centre = centre(before.image);
        // From one pixel to the four: the first of them, and how far down and right of it.
        let mut places = vec![(0_u32, 0.0_f32, 0.0_f32); width];
        for (y, out) in pixels.chunks_exact_mut(width * channels).enumerate() {
            let down = y as f64 - centre[0];
            for (x, place) in places.iter_mut().enumerate() {
                let right = x as f64 - centre[1];
                let at = |i: usize| centre[i] + m[i][0] * down + m[i][1] * right + shift[i];
                let (y, x) = (at(0), at(1));
                let (top, left) = (y.floor(), x.floor());
                let framed = |first: f64, side: usize| first.clamp(-(FRAME as f64), side as f64) as i32 + FRAME as i32;
                let first = framed(top, height) as u32 * line as u32 + framed(left, width) as u32 * channels as u32;
                *place = (first, (y - top) as f32, (x - left) as f32);
            }
            for (pixel, &(first, down, right)) in out.chunks_exact_mut(channels).zip(&places) {
                let four = &before.pixels[first as usize..][..line + 2 * channels];
                let (upper, lower) = four.split_at(line);
                for (channel, pixel) in pixel.iter_mut().enumerate() {
                    *pixel = (upper[channel] * (1.0 - right) + upper[channel + channels] * right) * (1.0 - down)
                        + (lower[channel] * (1.0 - right) + lower[channel + channels] * right) * down;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::Array1;

    use super::*;
    use crate::support::random::{Stream, rng};

    const IMAGE: ImageShape = ImageShape { width: 9, height: 7, channels: 2 };

    #[test]
    fn strength_0_and_the_identity_leave_a_picture_as_it_is() {
        let x = Array2::from_shape_fn((3, 126), |(i, j)| ((i * 31 + j * 17) % 11) as f32);
        let mut same = x.clone();
        distort(&mut same, IMAGE, 0.0, &mut rng(1, Stream::Distortion, 2));
        assert_eq!(same, x);
        let moved = |shift| {
            let mut pixels = vec![f32::NAN; 126];
            let map = Affine { m: [[1.0, 0.0], [0.0, 1.0]], shift };
            let before = Framed::new(x.row(0).as_slice().expect("a row"), IMAGE);
            Arch::new().dispatch(Redraw { map, before: &before, pixels: &mut pixels });
            Array1::from_vec(pixels)
        };
        assert_eq!(moved([0.0, 0.0]), x.row(0));
        let (shifted, place) = (moved([1.0, -2.0]), |y: usize, x: usize| (y * 9 + x) * 2 + 1);
        let halved = moved([0.0, 0.5]);
        let same = |a: f32, b: f32| a.to_bits() == b.to_bits();
        assert!(same(shifted[place(3, 4)], x[[0, place(4, 2)]]));
        assert!(same(shifted[place(6, 4)], 0.0) && same(shifted[place(2, 1)], 0.0), "outside");
        assert!(same(halved[place(3, 4)], 0.5 * (x[[0, place(3, 4)]] + x[[0, place(3, 5)]])));
        assert!(moved([99.0, -1e9]).iter().all(|&v| same(v, 0.0)), "far outside");
    }

    #[test]
    fn distortion_hangs_on_seed_and_step_and_moves_things_a_little() {
        let x = Array2::from_shape_fn((4, 126), |(_, j)| if j / 18 == 3 { 1.0 } else { 0.0 });
        let distorted = |seed, step| {
            let mut rows = x.clone();
            distort(&mut rows, IMAGE, 1.0, &mut rng(seed, Stream::Distortion, step));
            rows
        };
        assert_eq!(distorted(1, 5), distorted(1, 5));
        assert_ne!(distorted(1, 5), distorted(1, 6));
        assert_ne!(distorted(1, 5).row(0), distorted(1, 5).row(1));
        let kept = distorted(1, 5).sum() / x.sum();
        assert!((0.6..1.4).contains(&kept), "{kept}");
    }
}
