//! Sets made from the seed in more than two dimensions: the examples that GrEASE (Ben-Ari, Yacobi and Shaham, 2025) was shown on.

use std::f64::consts::{PI, TAU};
use std::path::PathBuf;

use ndarray::Array2;
use rand::Rng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::generated::{amounts, normal};
use crate::data::columns::labels::Classes;
use crate::data::raw::Raw;
use crate::support::gram_schmidt::{Column as _, orthogonalize};
use crate::support::random::{Stream, rng};
use crate::{Recipe, Result};

/// Dimensions that the moon is turned into.
const DIMENSIONS: usize = 10;

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manifold {
    Moon,
    LinkedCircles,
}

/// Make a set; `defaults` are its samples and noise unless the recipe sets them.
///
/// # Errors
/// As [`amounts`].
pub(super) fn generate(manifold: Manifold, name: &str, defaults: (usize, Option<f64>), recipe: &Recipe) -> Result<Raw> {
    let (n, noise) = amounts(defaults, recipe)?;
    let rng = &mut rng(recipe.seed, Stream::Data, 0);
    let mut raw = match manifold {
        Manifold::Moon => moon(n, noise, rng),
        Manifold::LinkedCircles => linked_circles(n, noise, rng),
    };
    name.clone_into(&mut raw.name);
    raw.origin = PathBuf::from(name);
    Ok(raw)
}

/// A half circle of radius `1 + noise·N(0, 1)` at even random angles, turned into ten dimensions by a random rotation. Its place along
/// the arc is its only structure, so it has no classes; asked for clusters it is cut in the middle.
fn moon(n: usize, noise: f64, rng: &mut ChaCha8Rng) -> Raw {
    let plane = orthonormal_pair(rng);
    let mut features = Array2::zeros((n, DIMENSIONS));
    for mut row in features.rows_mut() {
        let (sin, cos) = rng.random_range(0.0..PI).sin_cos();
        let radius = 1.0 + noise * normal(rng);
        for (value, (a, b)) in row.iter_mut().zip(plane[0].iter().zip(&plane[1])) {
            *value = (radius * (cos * a + sin * b)) as f32;
        }
    }
    let columns = (1..=DIMENSIONS).map(|j| format!("x{j}")).collect();
    let mut raw = Raw::new(String::new(), PathBuf::new(), features, columns);
    raw.clusters = Some(2);
    raw
}

/// Two orthonormal directions: Gaussian ones made so.
fn orthonormal_pair(rng: &mut ChaCha8Rng) -> [[f64; DIMENSIONS]; 2] {
    let mut draw = || -> [f64; DIMENSIONS] { std::array::from_fn(|_| normal(rng)) };
    let (first, mut second) = (draw(), draw());
    let length = first[..].length();
    let first = first.map(|x| x / length);
    // A pass suffices: two Gaussian directions are never nearly one.
    let left = orthogonalize(&mut second[..], [&first[..]].into_iter(), 1, 0.0).unwrap_or(1.0);
    [first, second.map(|x| x / left)]
}

/// Two circles in three dimensions, each through the other's middle, with Gaussian noise in every direction.
fn linked_circles(n: usize, noise: f64, rng: &mut ChaCha8Rng) -> Raw {
    let mut points: Vec<([f64; 3], u8)> = (0..n)
        .map(|i| {
            let (sin, cos) = rng.random_range(0.0..TAU).sin_cos();
            let (at, class) = if i < n / 2 { ([cos, sin, 0.0], 0) } else { ([0.0, 0.5 + cos, sin], 1) };
            (at.map(|v| v + noise * normal(rng)), class)
        })
        .collect();
    points.shuffle(rng);
    let features = Array2::from_shape_fn((n, 3), |(row, axis)| points[row].0[axis] as f32);
    let columns = ["x", "y", "z"].map(str::to_owned).to_vec();
    let mut raw = Raw::new(String::new(), PathBuf::new(), features, columns);
    let classes: Vec<f64> = points.iter().map(|(_, class)| f64::from(*class)).collect();
    raw.classes = Some(Classes::from_numbers(&classes));
    raw.clusters = Some(2);
    raw
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Auto;

    fn make(manifold: Manifold, noise: f64, seed: u64) -> Raw {
        let recipe = Recipe { noise: Auto::Set(noise), seed, ..Recipe::default() };
        generate(manifold, "test", (200, None), &recipe).expect("a valid recipe")
    }

    #[test]
    fn the_moon_lies_in_a_plane_of_ten_dimensions_at_radius_one() {
        let raw = make(Manifold::Moon, 0.0, 1);
        assert_eq!(raw.features.dim(), (200, 10));
        for row in raw.features.single().rows() {
            assert!((row.dot(&row) - 1.0).abs() < 1e-5);
        }
        let gram = raw.features.single().t().dot(raw.features.single()).mapv(f64::from);
        // Rank two: every minor of three rows and columns vanishes.
        let at = |i: usize, j: usize| gram[[i, j]];
        let minor = at(0, 0) * (at(1, 1) * at(2, 2) - at(1, 2) * at(2, 1))
            - at(0, 1) * (at(1, 0) * at(2, 2) - at(1, 2) * at(2, 0))
            + at(0, 2) * (at(1, 0) * at(2, 1) - at(1, 1) * at(2, 0));
        assert!(minor.abs() < 1e-3 * gram.diag().sum().powi(3) / 1000.0, "{minor}");
        assert!(raw.classes.is_none());
        assert_ne!(raw.features, make(Manifold::Moon, 0.0, 2).features);
        assert_eq!(make(Manifold::Moon, 0.1, 2).features, make(Manifold::Moon, 0.1, 2).features);
    }

    #[test]
    fn each_linked_circle_passes_through_the_other() {
        let raw = make(Manifold::LinkedCircles, 0.0, 1);
        let classes = raw.classes.expect("two circles are two classes");
        for (row, &class) in raw.features.single().rows().into_iter().zip(&classes.ids) {
            let (off, radius) =
                if class == 0 { (row[2], row[0].hypot(row[1])) } else { (row[0], (row[1] - 0.5).hypot(row[2])) };
            assert!(off.abs() < 1e-6 && (radius - 1.0).abs() < 1e-5);
        }
    }
}
