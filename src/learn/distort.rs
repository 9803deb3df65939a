//! Pictures turned, slanted, stretched and shifted a little before the encoder sees them, as a hand may write the same sign twice.
//! The decoder has to give the picture as it was, so that codes come to tell less of the hand and more of the sign. This is the
//! corruption of a denoising autoencoder carried from pixels to places; the paper has no such thing.

use std::f64::consts::PI;

use ndarray::parallel::prelude::*;
use ndarray::{Array2, ArrayView1, Axis};

use super::course::generator;
use super::model::normal;
use crate::data::ImageShape;

/// Stream of the seed's numbers.
const DISTORTION: u64 = 26;
/// Standard deviations at strength 1: turning in radians, slant, stretch along each axis, shift as a part of the side.
const TURN: f64 = 8.0 / 180.0 * PI;
const SLANT: f64 = 0.15;
const STRETCH: f64 = 0.08;
const SHIFT: f64 = 0.04;

/// Distort each row (pixels of `image`, row-major, channels last) by an affine map of its own.
pub(super) fn distort(rows: &mut Array2<f32>, image: ImageShape, strength: f64, seed: u64, step: usize) {
    if strength == 0.0 {
        return;
    }
    let mut rng = generator(seed, DISTORTION, step);
    let maps: Vec<Affine> = (0..rows.nrows()).map(|_| Affine::random(image, strength, &mut rng)).collect();
    rows.axis_iter_mut(Axis(0)).into_par_iter().zip(maps).for_each(|(mut row, map)| {
        let before = row.to_owned();
        for (at, pixel) in row.iter_mut().enumerate() {
            let (place, channel) = (at / image.channels, at % image.channels);
            *pixel = map.read(before.view(), image, (place / image.width, place % image.width), channel);
        }
    });
}

/// Where each pixel is read from: `centre + m (p − centre) + shift`, in pixels, `y` before `x`.
struct Affine {
    m: [[f64; 2]; 2],
    shift: [f64; 2],
}

impl Affine {
    fn random(image: ImageShape, strength: f64, rng: &mut rand_chacha::ChaCha8Rng) -> Self {
        let mut draw = |deviation: f64| strength * deviation * normal(rng).clamp(-2.5, 2.5);
        let (sin, cos) = draw(TURN).sin_cos();
        let slant = draw(SLANT);
        let (tall, wide) = (draw(STRETCH).exp(), draw(STRETCH).exp());
        let shift = [draw(SHIFT) * image.height as f64, draw(SHIFT) * image.width as f64];
        Self { m: [[cos * tall, sin * wide], [(slant - sin) * tall, cos * wide]], shift }
    }

    /// The value there, between the four pixels around it; 0 outside.
    fn read(&self, row: ArrayView1<'_, f32>, image: ImageShape, (y, x): (usize, usize), channel: usize) -> f32 {
        let centre = [(image.height - 1) as f64 / 2.0, (image.width - 1) as f64 / 2.0];
        let from = [y as f64 - centre[0], x as f64 - centre[1]];
        let place = |i: usize| centre[i] + self.m[i][0] * from[0] + self.m[i][1] * from[1] + self.shift[i];
        let (y, x) = (place(0), place(1));
        let (top, left) = (y.floor(), x.floor());
        let (down, right) = ((y - top) as f32, (x - left) as f32);
        let pixel = |dy: i64, dx: i64| {
            let (y, x) = (top as i64 + dy, left as i64 + dx);
            let inside = (0..image.height as i64).contains(&y) && (0..image.width as i64).contains(&x);
            if inside { row[(y as usize * image.width + x as usize) * image.channels + channel] } else { 0.0 }
        };
        (pixel(0, 0) * (1.0 - right) + pixel(0, 1) * right) * (1.0 - down)
            + (pixel(1, 0) * (1.0 - right) + pixel(1, 1) * right) * down
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGE: ImageShape = ImageShape { width: 9, height: 7, channels: 2 };

    #[test]
    fn strength_0_and_the_identity_leave_a_picture_as_it_is() {
        let x = Array2::from_shape_fn((3, 126), |(i, j)| ((i * 31 + j * 17) % 11) as f32);
        let mut same = x.clone();
        distort(&mut same, IMAGE, 0.0, 1, 2);
        assert_eq!(same, x);
        let identity = Affine { m: [[1.0, 0.0], [0.0, 1.0]], shift: [0.0, 0.0] };
        let shifted = Affine { m: [[1.0, 0.0], [0.0, 1.0]], shift: [1.0, -2.0] };
        let same = |a: f32, b: f32| a.to_bits() == b.to_bits();
        assert!(same(identity.read(x.row(0), IMAGE, (3, 4), 1), x[[0, (3 * 9 + 4) * 2 + 1]]));
        assert!(same(shifted.read(x.row(0), IMAGE, (3, 4), 1), x[[0, (4 * 9 + 2) * 2 + 1]]));
        assert!(same(shifted.read(x.row(0), IMAGE, (6, 4), 1), 0.0), "outside");
    }

    #[test]
    fn distortion_hangs_on_seed_and_step_and_moves_things_a_little() {
        let x = Array2::from_shape_fn((4, 126), |(_, j)| if j / 18 == 3 { 1.0 } else { 0.0 });
        let distorted = |seed, step| {
            let mut rows = x.clone();
            distort(&mut rows, IMAGE, 1.0, seed, step);
            rows
        };
        assert_eq!(distorted(1, 5), distorted(1, 5));
        assert_ne!(distorted(1, 5), distorted(1, 6));
        assert_ne!(distorted(1, 5).row(0), distorted(1, 5).row(1));
        let kept = distorted(1, 5).sum() / x.sum();
        assert!((0.6..1.4).contains(&kept), "{kept}");
    }
}
