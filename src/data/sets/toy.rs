//! The toy of Deep Spectral Clustering Learning: three classes of three clouds each, in three dimensions.
//!
//! As in the authors' code each class has clouds of one, two and four parts of its samples (1000, 2000 and 4000 of 21,000). Their
//! layout is our own: a Latin square in the plane, so that every row and every column has a cloud of each class, no plane parts
//! one class from the rest, and k-means on the input finds nothing of the classes.

use std::path::PathBuf;

use ndarray::Array2;
use rand::Rng as _;
use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

use super::generated::amounts;
use crate::data::columns::labels::Classes;
use crate::data::raw::Raw;
use crate::support::random::{Stream, rng};
use crate::{Recipe, Result};

/// Parts of a class in its clouds.
const CLOUD_PARTS: [usize; 3] = [1, 2, 4];
/// Distance between neighbouring clouds.
const APART: f64 = 2.0;

/// Make the set; `defaults` are its samples and noise unless the recipe sets them.
pub(super) fn generate(defaults: (usize, Option<f64>), recipe: &Recipe) -> Result<Raw> {
    let (n, noise) = amounts(defaults, recipe)?;
    let mut rng = rng(recipe.seed, Stream::Data, 0);
    let mut points: Vec<([f32; 3], u8)> = (0..n).map(|i| point(i, noise, &mut rng)).collect();
    points.shuffle(&mut rng);
    let features = Array2::from_shape_fn((n, 3), |(row, axis)| points[row].0[axis]);
    let mut raw = Raw::new(
        "dscl-toy".to_owned(),
        PathBuf::from("dscl-toy"),
        features,
        ["x", "y", "z"].map(str::to_owned).to_vec(),
    );
    raw.clusters = Some(3);
    raw.classes = Some(Classes::from_numbers(&points.iter().map(|p| f64::from(p.1)).collect::<Vec<_>>()));
    Ok(raw)
}

/// Sample `i`: its class is `i mod 3`, and its cloud follows the parts.
fn point(i: usize, noise: f64, rng: &mut ChaCha8Rng) -> ([f32; 3], u8) {
    let (class, place) = (i % 3, i / 3 % CLOUD_PARTS.iter().sum::<usize>());
    let cloud = usize::from(place >= CLOUD_PARTS[0]) + usize::from(place >= CLOUD_PARTS[0] + CLOUD_PARTS[1]);
    // Row `cloud` of a Latin square; the third axis lifts every other cloud, as on a chess board.
    let column = (class + cloud) % 3;
    let lift = if (cloud + column).is_multiple_of(2) { 0.5 } else { -0.5 };
    let centre = [column as f64 - 1.0, cloud as f64 - 1.0, lift];
    (centre.map(|c| (APART * c + noise * normal(rng)) as f32), class as u8)
}

/// A standard normal number (Box and Muller).
fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.random::<f64>()).cos()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Auto;

    #[test]
    fn classes_are_woven_and_their_clouds_have_their_parts() {
        let recipe = Recipe { noise: Auto::Set(0.0), ..Recipe::default() };
        let raw = generate((21_000, None), &recipe).expect("a valid recipe");
        let ids = raw.classes.expect("it has classes").ids;
        for class in 0..3_u32 {
            let mut sizes: Vec<usize> = [-2.0_f32, 0.0, 2.0]
                .map(|y| {
                    let here = |row: usize| ids[row] == class && (raw.features.single()[[row, 1]] - y).abs() < 1e-6;
                    (0..21_000).filter(|&row| here(row)).count()
                })
                .to_vec();
            sizes.sort_unstable();
            assert_eq!(sizes, [1000, 2000, 4000]);
        }
        let small = Recipe { samples: Auto::Set(0), ..Recipe::default() };
        assert!(generate((21_000, None), &small).expect_err("none").to_string().contains("--samples"));
    }
}
