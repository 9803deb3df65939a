//! Sets made from the seed, in two dimensions, with classes known by construction.

use std::f64::consts::{FRAC_PI_2, PI, TAU};
use std::path::PathBuf;

use ndarray::Array2;
use rand::Rng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use crate::data::columns::labels::Classes;
use crate::data::raw::Raw;
use crate::{Error, Recipe, Result};

/// Most samples that can be generated.
use crate::recipe::knobs::MOST_GENERATED;
use crate::support::random::{Stream, rng};

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Shape {
    Moons,
    Circles,
    Blobs,
    Aniso,
    Varied,
    NoStructure,
    NestedC,
    Spirals,
}

impl Shape {
    /// Clusters to look for.
    fn clusters(self) -> usize {
        match self {
            Self::Moons | Self::Circles | Self::NestedC | Self::Spirals => 2,
            Self::Aniso | Self::Varied | Self::NoStructure => 3,
            Self::Blobs => 5,
        }
    }
}

/// Make a set; `defaults` are its samples and noise unless the recipe sets them.
pub(super) fn generate(shape: Shape, name: &str, defaults: (usize, Option<f64>), recipe: &Recipe) -> Result<Raw> {
    let (n, noise) = amounts(defaults, recipe)?;
    let mut rng = rng(recipe.seed, Stream::Data, 0);
    let mut points = draw(shape, n, noise, &mut rng);
    points.shuffle(&mut rng);

    let features = Array2::from_shape_fn((n, 2), |(row, axis)| points[row].at[axis] as f32);
    let mut raw = Raw::new(name.to_owned(), PathBuf::from(name), features, vec!["x".to_owned(), "y".to_owned()]);
    raw.clusters = Some(shape.clusters());
    if shape == Shape::NoStructure {
        if recipe.noise.set().is_some() {
            raw.notes.push("--noise has no meaning for a square filled evenly".to_owned());
        }
    } else {
        let classes: Vec<f64> = points.iter().map(|point| f64::from(point.class)).collect();
        raw.classes = Some(Classes::from_numbers(&classes));
    }
    Ok(raw)
}

/// Samples and noise: the recipe's, else the defaults.
pub(in crate::data) fn amounts(defaults: (usize, Option<f64>), recipe: &Recipe) -> Result<(usize, f64)> {
    let n = recipe.samples.unwrap_or_else(|| defaults.0);
    if !(2..=MOST_GENERATED).contains(&n) {
        return Err(Error::Setting(format!("--samples {n}: between 2 and {MOST_GENERATED} can be generated")));
    }
    let noise = recipe.noise.unwrap_or_else(|| defaults.1.unwrap_or(0.0));
    if !(0.0..=1e6).contains(&noise) {
        return Err(Error::Setting(format!("--noise {noise}: a standard deviation is between 0 and 1,000,000")));
    }
    Ok((n, noise))
}

struct Point {
    at: [f64; 2],
    class: u8,
}

fn draw(shape: Shape, n: usize, noise: f64, rng: &mut ChaCha8Rng) -> Vec<Point> {
    let first = n / 2;
    match shape {
        // The geometry of scikit-learn's make_moons.
        Shape::Moons => halves(n, first, noise, rng, |class, share, _| {
            let (sin, cos) = (PI * share).sin_cos();
            if class == 0 { [cos, sin] } else { [1.0 - cos, 0.5 - sin] }
        }),
        // That of make_circles: the end of the circle is its beginning, so the share stops one step short of 1.
        Shape::Circles => halves(n, first, noise, rng, |class, share, count| {
            let (sin, cos) = (TAU * share * (count - 1.0) / count).sin_cos();
            let radius = if class == 0 { 1.0 } else { 0.4 };
            [radius * cos, radius * sin]
        }),
        Shape::NestedC => (0..n)
            .map(|i| {
                let class = u8::from(i >= first);
                let (sin, cos) = rng.random_range(-FRAC_PI_2..FRAC_PI_2).sin_cos();
                let at = if class == 0 { [cos, sin] } else { [0.5 - cos, -sin - 1.0] };
                Point { at: noisy(at, noise, rng), class }
            })
            .collect(),
        Shape::Spirals => halves(n, first, noise, rng, |class, share, _| {
            let angle = angle_at(share);
            let (sin, cos) = (angle + PI * f64::from(class)).sin_cos();
            let radius = angle / OUTER;
            [radius * cos, radius * sin]
        }),
        Shape::NoStructure => (0..n).map(|_| Point { at: [rng.random(), rng.random()], class: 0 }).collect(),
        Shape::Blobs => {
            let centres = spread_centres(5, rng);
            clouds(n, &centres, &[1.0; 5], noise, rng)
        }
        Shape::Aniso => {
            let mut points = clouds(n, &KNOWN_CENTRES, &[1.0; 3], noise, rng);
            for Point { at: [x, y], .. } in &mut points {
                // scikit-learn's example multiplies rows by [[0.6, −0.6], [−0.4, 0.8]].
                (*x, *y) = (0.6 * *x - 0.4 * *y, -0.6 * *x + 0.8 * *y);
            }
            points
        }
        Shape::Varied => clouds(n, &KNOWN_CENTRES, &[1.0, 2.5, 0.5], noise, rng),
    }
}

/// The centres that scikit-learn's cluster comparison has made well known (its random state 170).
const KNOWN_CENTRES: [[f64; 2]; 3] = [[-8.947_091, -5.462_764], [-4.589_390, 0.088_762], [1.938_754, 0.505_136]];

/// Two curves, the first with `first` of the `n` points, evenly spaced: `curve(class, share in 0..=1, points of the class)`.
fn halves(
    n: usize,
    first: usize,
    noise: f64,
    rng: &mut ChaCha8Rng,
    curve: impl Fn(u8, f64, f64) -> [f64; 2],
) -> Vec<Point> {
    (0..n)
        .map(|i| {
            let (class, index, count) = if i < first { (0, i, first) } else { (1, i - first, n - first) };
            let share = if count > 1 { index as f64 / (count - 1) as f64 } else { 0.5 };
            Point { at: noisy(curve(class, share, count as f64), noise, rng), class }
        })
        .collect()
}

/// Gaussian clouds of nearly equal size around `centres`, their standard deviations `widths` times the noise.
fn clouds(n: usize, centres: &[[f64; 2]], widths: &[f64], noise: f64, rng: &mut ChaCha8Rng) -> Vec<Point> {
    (0..n)
        .map(|i| {
            let class = i % centres.len();
            Point { at: noisy(centres[class], widths[class] * noise, rng), class: class as u8 }
        })
        .collect()
}

/// Random centres in a square of side 20, at least 6 apart, so that clouds of standard deviation 1 hardly touch.
fn spread_centres(count: usize, rng: &mut ChaCha8Rng) -> Vec<[f64; 2]> {
    let mut centres: Vec<[f64; 2]> = Vec::new();
    let mut tries = 0;
    while centres.len() < count {
        // An unlucky beginning can leave no room for the rest: begin anew.
        tries += 1;
        if tries % 1000 == 0 {
            centres.clear();
        }
        let next = [rng.random_range(-10.0..10.0), rng.random_range(-10.0..10.0)];
        if centres.iter().all(|c: &[f64; 2]| (c[0] - next[0]).hypot(c[1] - next[1]) >= 6.0) {
            centres.push(next);
        }
    }
    centres
}

/// Angles where the arms of the spirals begin and end: from a quarter turn to 1¾ turns.
const INNER: f64 = 0.25 * TAU;
const OUTER: f64 = 1.75 * TAU;

/// The angle at a share of an arm's length, so that points lie equally dense along it.
///
/// The length of r = a·θ up to θ is a/2 · (θ√(1 + θ²) + asinh θ); bisection inverts it.
fn angle_at(share: f64) -> f64 {
    let length = |angle: f64| angle * angle.hypot(1.0) + angle.asinh();
    let wanted = length(INNER) + share * (length(OUTER) - length(INNER));
    let (mut low, mut high) = (INNER, OUTER);
    for _ in 0..50 {
        let middle = f64::midpoint(low, high);
        if length(middle) < wanted { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// A standard normal number (Box and Muller).
pub(in crate::data) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * rng.random_range(0.0..TAU).cos()
}

/// A point moved by a Gaussian of this standard deviation in both directions (Box and Muller).
fn noisy(at: [f64; 2], noise: f64, rng: &mut ChaCha8Rng) -> [f64; 2] {
    let radius = noise * (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    let (sin, cos) = rng.random_range(0.0..TAU).sin_cos();
    [at[0] + radius * cos, at[1] + radius * sin]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Auto;

    fn make(shape: Shape, samples: usize, noise: f64, seed: u64) -> Raw {
        let recipe = Recipe { samples: Auto::Set(samples), noise: Auto::Set(noise), seed, ..Recipe::default() };
        generate(shape, "test", (0, None), &recipe).expect("a valid recipe")
    }

    #[test]
    fn moons_without_noise_lie_on_their_arcs() {
        let raw = make(Shape::Moons, 501, 0.0, 3);
        let classes = raw.classes.expect("moons have classes");
        assert_eq!(classes.ids.iter().filter(|&&id| id == 0).count(), 250);
        for (row, &class) in raw.features.single().rows().into_iter().zip(&classes.ids) {
            let (x, y) = if class == 0 { (row[0], row[1]) } else { (row[0] - 1.0, 0.5 - row[1]) };
            assert!((x.hypot(y) - 1.0).abs() < 1e-5 && y > -1e-5);
        }
    }

    #[test]
    fn circles_have_their_radii_and_no_doubled_point() {
        let raw = make(Shape::Circles, 100, 0.0, 0);
        let ids = raw.classes.expect("circles have classes").ids;
        let mut angles: Vec<f32> = Vec::new();
        for (row, id) in raw.features.single().rows().into_iter().zip(ids) {
            assert!((row[0].hypot(row[1]) - if id == 0 { 1.0 } else { 0.4 }).abs() < 1e-5);
            if id == 0 {
                angles.push(row[1].atan2(row[0]));
            }
        }
        angles.sort_by(f32::total_cmp);
        assert!(angles.windows(2).all(|w| (w[1] - w[0] - 0.04 * std::f32::consts::PI).abs() < 1e-4));
    }

    #[test]
    fn the_arms_of_the_spirals_are_evenly_dense() {
        let points = draw(Shape::Spirals, 800, 0.0, &mut rng(0, Stream::Data, 0));
        let steps: Vec<f64> =
            points[..400].windows(2).map(|w| (w[0].at[0] - w[1].at[0]).hypot(w[0].at[1] - w[1].at[1])).collect();
        let mean = steps.iter().sum::<f64>() / steps.len() as f64;
        assert!(steps.iter().all(|s| (s / mean - 1.0).abs() < 0.02), "uneven steps around {mean}");
    }

    #[test]
    fn the_same_seed_makes_the_same_set_and_another_seed_another() {
        for shape in [Shape::Moons, Shape::Blobs, Shape::Aniso, Shape::Varied, Shape::NestedC, Shape::NoStructure] {
            assert_eq!(make(shape, 64, 0.1, 5).features, make(shape, 64, 0.1, 5).features);
            assert_ne!(make(shape, 64, 0.1, 5).features, make(shape, 64, 0.1, 6).features, "{shape:?}");
        }
    }

    #[test]
    fn settings_out_of_range_are_named() {
        let recipe = Recipe { samples: Auto::Set(1), ..Recipe::default() };
        let error = generate(Shape::Moons, "moons", (10, None), &recipe).expect_err("one sample is too few");
        assert!(error.to_string().contains("--samples"));
        let recipe = Recipe { noise: Auto::Set(f64::NAN), ..Recipe::default() };
        let error = generate(Shape::Moons, "moons", (10, None), &recipe).expect_err("NaN is no noise");
        assert!(error.to_string().contains("--noise"));
    }
}
