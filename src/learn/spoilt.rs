//! Samples as a denoising encoder sees them: distorted where they are pictures, some numbers left out. On the CPU they are made by the thread that
//! makes batches; a device that holds the samples makes them itself, and only numbers of rows and six numbers a picture are sent.

use burn::tensor::{Device, Tensor};
use ndarray::{Array2, ArrayView2};
use rand::Rng as _;

use super::autoencoder::{corrupt, gather};
use super::distort::{distort, maps};
use crate::data::ImageShape;
use crate::nets::crossing::{indices, tensor};
use crate::nets::{Compute, Resident};
use crate::recipe as settings;
use crate::support::random::{Stream, rng};

/// Numbers of the patterns of left out numbers that a device keeps, and the fewest and the most patterns.
const KEPT: usize = 4 << 20;
const FEWEST: usize = 64;
const MOST: usize = 4096;

/// How samples are spoilt. Whoever makes batches needs no more.
#[derive(Clone, Copy)]
pub(crate) struct Spoiling<'a> {
    x: ArrayView2<'a, f32>,
    image: Option<ImageShape>,
    codes: &'a settings::Codes,
    seed: u64,
    /// Patterns that the device keeps; 0 where the samples are made here.
    patterns: usize,
}

/// Samples on a device that spoils them itself.
struct There {
    samples: Resident,
    /// Of ones and, for what is left out, zeros.
    patterns: Tensor<2>,
    redrawn: Option<Redrawn>,
}

/// Where samples are spoilt.
pub(crate) struct Spoiler {
    there: Option<There>,
    device: Device,
}

/// A batch on its way to the device.
pub(crate) enum Spoilt {
    /// As the encoder sees it and as it is, `b × d` each.
    Here(Array2<f32>, Array2<f32>),
    /// Which samples, how pictures are distorted, and which pattern is left out of each.
    There(Vec<u32>, Option<Array2<f32>>, Vec<u32>),
}

/// Samples of `x` (scaled, `n × d`) for a network on this device: how they are spoilt, and where.
pub(crate) fn spoiling<'a>(
    (codes, seed): (&'a settings::Codes, u64),
    (x, image): (ArrayView2<'a, f32>, Option<ImageShape>),
    compute: &Compute,
) -> (Spoiling<'a>, Spoiler) {
    let device = compute.device.clone();
    let there = Resident::new(x, compute).map(|samples| {
        let d = x.ncols().max(1);
        let count = (KEPT / d).clamp(FEWEST, MOST).min((compute.room() / d).max(1));
        // Each number of a pattern is left out with the share's probability, as `corrupt` does it.
        let mut rng = rng(seed, Stream::KeptCorruption, 0);
        let below = codes.corruption as f32;
        let pattern = Array2::from_shape_simple_fn((count, d), || if rng.random::<f32>() < below { 0.0 } else { 1.0 });
        let patterns = tensor(pattern.view(), &device);
        let redrawn = image.filter(|_| codes.distortion != 0.0).map(|image| Redrawn::new(image, &device));
        There { samples, patterns, redrawn }
    });
    let patterns = there.as_ref().map_or(0, |there| there.patterns.dims()[0]);
    (Spoiling { x, image, codes, seed, patterns }, Spoiler { there, device })
}

impl Spoiling<'_> {
    /// Some samples as the encoder sees them in a step.
    pub(crate) fn of(&self, rows: &[u32], step: usize) -> Spoilt {
        let Self { x, image, codes, seed, patterns } = *self;
        let mut distortion = rng(seed, Stream::Distortion, step as u64);
        if patterns > 0 {
            let distorted = image.filter(|_| codes.distortion != 0.0);
            let maps = distorted.map(|image| maps(rows.len(), image, codes.distortion, &mut distortion));
            let mut dice = rng(seed, Stream::Corruption, step as u64);
            let pattern = |_: &u32| dice.random_range(0..patterns) as u32;
            return Spoilt::There(rows.to_vec(), maps, rows.iter().map(pattern).collect());
        }
        let clean = gather(x, rows);
        let mut seen = clean.clone();
        if let Some(image) = image {
            distort(&mut seen, image, codes.distortion, &mut distortion);
        }
        Spoilt::Here(corrupt(seen, codes.corruption, seed, step), clean)
    }
}

impl Spoiler {
    /// A batch on the device as the encoder sees it and as it is, without gradients.
    pub(crate) fn get(&self, batch: &Spoilt) -> (Tensor<2>, Tensor<2>) {
        let device = &self.device;
        match (batch, &self.there) {
            (Spoilt::Here(seen, clean), _) => (tensor(seen.view(), device), tensor(clean.view(), device)),
            (Spoilt::There(rows, maps, patterns), Some(there)) => {
                let sent = indices(&[rows.as_slice(), patterns].concat(), device);
                let clean = there.samples.gather(&sent.clone().narrow(0, 0, rows.len()));
                let kept = there.patterns.clone().select(0, sent.narrow(0, rows.len(), rows.len()));
                let drawn = match (&there.redrawn, maps) {
                    (Some(redrawn), Some(maps)) => redrawn.of(clean.clone(), &tensor(maps.view(), device)),
                    _ => clean.clone(),
                };
                (drawn * kept, clean)
            }
            // Numbers of rows are made where the rows are there alone.
            (Spoilt::There(rows, ..), None) => {
                let none = Tensor::zeros([rows.len(), 0], device);
                (none.clone(), none)
            }
        }
    }
}

/// Pictures on a device, each to be drawn anew by an affine map of its own, as [`distort`] does it on the host.
struct Redrawn {
    image: ImageShape,
    /// How far each pixel lies below the centre and right of it, `1 × pixels`.
    down: Tensor<2>,
    right: Tensor<2>,
}

impl Redrawn {
    fn new(image: ImageShape, device: &Device) -> Self {
        let ImageShape { width, height, .. } = image;
        let from_centre = |at: usize, side: usize| at as f32 - (side - 1) as f32 / 2.0;
        let row = |of: &dyn Fn(usize) -> f32| {
            tensor(Array2::from_shape_fn((1, width * height), |(_, pixel)| of(pixel)).view(), device)
        };
        Self {
            image,
            down: row(&|pixel| from_centre(pixel / width, height)),
            right: row(&|pixel| from_centre(pixel % width, width)),
        }
    }

    /// Rows of pixels (`b × d`) by their maps (`b × 6`, see [`maps`]).
    fn of(&self, rows: Tensor<2>, maps: &Tensor<2>) -> Tensor<2> {
        let ImageShape { width, height, channels } = self.image;
        let (count, pixels) = (rows.dims()[0], width * height);
        let number = |at: usize| maps.clone().narrow(1, at, 1);
        // Along an axis: the two places that a pixel is read from, and how much of each; nothing of what lies outside.
        let along = |first: usize, side: usize| {
            let at = number(first) + number(first + 1) * self.down.clone() + number(first + 2) * self.right.clone();
            let near = at.clone().floor();
            let part = at - near.clone();
            let end = |near: Tensor<2>, part: Tensor<2>| {
                let inside = near.clone().clamp(0.0, (side - 1) as f64);
                let is_inside = near.equal(inside.clone()).float();
                (inside, part * is_inside)
            };
            let rest = part.clone().neg().add_scalar(1.0);
            [end(near.clone(), rest), end(near.add_scalar(1.0), part)]
        };
        let (vertical, horizontal) = (along(0, height), along(3, width));
        let planes = rows.reshape([count, pixels, channels]);
        let mut drawn: Vec<Option<Tensor<2>>> = vec![None; channels];
        for (y, down) in &vertical {
            for (x, right) in &horizontal {
                let at = (y.clone().mul_scalar(width as f64) + x.clone()).int();
                let weight = down.clone() * right.clone();
                for (channel, drawn) in drawn.iter_mut().enumerate() {
                    let plane = planes.clone().narrow(2, channel, 1).reshape([count, pixels]);
                    let part = plane.gather(1, at.clone()) * weight.clone();
                    *drawn = Some(match drawn.take() {
                        Some(sum) => sum + part,
                        None => part,
                    });
                }
            }
        }
        let drawn: Vec<Tensor<3>> =
            drawn.into_iter().flatten().map(|plane| plane.reshape([count, pixels, 1])).collect();
        Tensor::cat(drawn, 2).reshape([count, pixels * channels])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nets::crossing::{Crossed, matrix};

    const IMAGE: ImageShape = ImageShape { width: 9, height: 7, channels: 2 };

    fn codes(distortion: f64, corruption: f64) -> settings::Codes {
        settings::Codes { width: 2, layers: vec![8], steps: 1, rows_decide: false, lr: 1e-3, distortion, corruption }
    }

    #[test]
    fn a_device_distorts_pictures_as_the_host_does() {
        let x = Array2::from_shape_fn((20, 126), |(i, j)| ((i * 31 + j * 17) % 11) as f32);
        let codes = codes(1.5, 0.0);
        let rows = [3, 0, 19, 3, 7];
        let made = |compute: &Compute| {
            let (spoiling, spoiler) = spoiling((&codes, 4), (x.view(), Some(IMAGE)), compute);
            let batch = spoiling.of(&rows, 6);
            let before = Crossed::now();
            let (seen, clean) = spoiler.get(&batch);
            (Crossed::now().since(before).up, matrix(seen).expect("read"), matrix(clean).expect("read"))
        };
        let (here, there) = (made(&Compute::cpu()), made(&Compute::as_if_afar(usize::MAX, usize::MAX)));
        assert_eq!(here.2, there.2);
        assert_ne!(here.1, here.2);
        assert!((&here.1 - &there.1).iter().all(|away| away.abs() < 2e-3), "places are of single precision there");
        assert_eq!((here.0, there.0), (4 * 2 * 5 * 126, 4 * 5 * (1 + 1 + 6)));
    }

    #[test]
    fn a_device_leaves_out_its_share_of_numbers_too() {
        let ones = Array2::<f32>::ones((200, 90));
        let codes = codes(0.0, 0.2);
        let (spoiling, spoiler) =
            spoiling((&codes, 1), (ones.view(), None), &Compute::as_if_afar(usize::MAX, usize::MAX));
        let rows: Vec<u32> = (0..200).collect();
        let seen = |step| matrix(spoiler.get(&spoiling.of(&rows, step)).0).expect("read");
        assert!((seen(5).mean().unwrap_or_default() - 0.8).abs() < 0.02);
        assert_eq!(seen(5), seen(5));
        assert_ne!(seen(5), seen(6));
    }
}
