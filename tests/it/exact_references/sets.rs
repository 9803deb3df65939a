//! Sets that nobody tuned on: clouds of unlike density and size, strays, bridges, curves, shells, sparse counts.

use std::f64::consts::{PI, TAU};

use ndarray::Array2;
use rand::seq::SliceRandom as _;
use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// A set with its classes.
pub(crate) struct Set {
    pub(crate) name: &'static str,
    /// `n × d`.
    pub(crate) x: Array2<f32>,
    pub(crate) classes: Vec<u32>,
}

type Row = (Vec<f64>, u32);

/// Draws for one set.
struct Draw(ChaCha8Rng);

impl Draw {
    fn uniform(&mut self, low: f64, high: f64) -> f64 {
        self.0.random_range(low..high)
    }

    /// Box and Muller.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform(f64::MIN_POSITIVE, 1.0).ln()).sqrt();
        radius * self.uniform(0.0, TAU).cos()
    }

    fn around(&mut self, centre: &[f64], deviation: f64) -> Vec<f64> {
        centre.iter().map(|c| c + deviation * self.normal()).collect()
    }

    /// Clouds of (rows, centre, deviation), one a class.
    fn clouds(&mut self, clouds: &[(usize, &[f64], f64)]) -> Vec<Row> {
        let mut rows = Vec::new();
        for (class, &(n, centre, deviation)) in (0..).zip(clouds) {
            rows.extend((0..n).map(|_| (self.around(centre, deviation), class)));
        }
        rows
    }

    /// The same around centres drawn at random, `spread` apart in each dimension.
    fn random_clouds(&mut self, d: usize, spread: f64, clouds: &[(usize, f64)]) -> Vec<Row> {
        let centres: Vec<Vec<f64>> = clouds.iter().map(|_| self.around(&vec![0.0; d], spread)).collect();
        let clouds: Vec<_> = clouds.iter().zip(&centres).map(|(&(n, s), c)| (n, c.as_slice(), s)).collect();
        self.clouds(&clouds)
    }

    /// Points of a curve for each class: `curve(class, share in 0..1)`.
    fn curves(&mut self, sizes: &[usize], noise: f64, curve: impl Fn(u32, f64) -> Vec<f64>) -> Vec<Row> {
        let mut rows = Vec::new();
        for (class, &n) in (0..).zip(sizes) {
            for _ in 0..n {
                let share = self.uniform(0.0, 1.0);
                rows.push((self.around(&curve(class, share), noise), class));
            }
        }
        rows
    }

    fn moons(&mut self, n: usize, noise: f64) -> Vec<Row> {
        self.curves(&[n / 2, n - n / 2], noise, |class, share| {
            let (sin, cos) = (PI * share).sin_cos();
            if class == 0 { vec![cos, sin] } else { vec![1.0 - cos, 0.5 - sin] }
        })
    }

    /// Strays in a box, each of the class of the nearest row.
    fn strays(&mut self, rows: &mut Vec<Row>, n: usize, low: f64, high: f64) {
        for _ in 0..n {
            let at: Vec<f64> = rows[0].0.iter().map(|_| self.uniform(low, high)).collect();
            let away = |row: &Row| row.0.iter().zip(&at).map(|(a, b)| (a - b).powi(2)).sum::<f64>();
            let class = rows.iter().min_by(|a, b| away(a).total_cmp(&away(b))).map_or(0, |row| row.1);
            rows.push((at, class));
        }
    }

    /// A number from 0 on with the chances `weights`, which ascend to their sum.
    fn pick(&mut self, sums: &[f64]) -> usize {
        let at = self.uniform(0.0, sums[sums.len() - 1]);
        sums.partition_point(|&s| s <= at).min(sums.len() - 1)
    }
}

const KNOWN: [[f64; 2]; 3] = [[-8.947, -5.463], [-4.589, 0.089], [1.939, 0.505]];
const TRIANGLE: [[f64; 2]; 3] = [[0.0, 0.0], [8.0, 0.0], [4.0, 7.0]];

fn three(draw: &mut Draw, at: &[[f64; 2]; 3], sizes: [usize; 3], deviations: [f64; 3]) -> Vec<Row> {
    draw.clouds(&[0, 1, 2].map(|i| (sizes[i], &at[i][..], deviations[i])))
}

fn linear(rows: Vec<Row>, map: impl Fn(&[f64]) -> Vec<f64>) -> Vec<Row> {
    rows.into_iter().map(|(at, class)| (map(&at), class)).collect()
}

/// Rows turned into `d` dimensions with noise in all of them.
fn embedded(draw: &mut Draw, rows: Vec<Row>, d: usize, noise: f64) -> Vec<Row> {
    let turn: Vec<Vec<f64>> = rows[0].0.iter().map(|_| draw.around(&vec![0.0; d], 1.0 / (d as f64).sqrt())).collect();
    let place =
        |at: &[f64]| -> Vec<f64> { (0..d).map(|j| at.iter().zip(&turn).map(|(v, t)| v * t[j]).sum()).collect() };
    rows.into_iter().map(|(at, class)| (draw.around(&place(&at), noise), class)).collect()
}

/// Word counts of short texts about five topics that share most of their words, weighted by rarity.
fn texts(draw: &mut Draw) -> Vec<Row> {
    const WORDS: usize = 1200;
    const TEXTS: usize = 800;
    let mut sums = || {
        let mut sum = 0.0;
        let weight = |draw: &mut Draw| draw.uniform(0.0, 1.0).powi(12);
        (0..WORDS)
            .map(|_| {
                sum += weight(draw);
                sum
            })
            .collect::<Vec<f64>>()
    };
    let common = sums();
    let topics: Vec<Vec<f64>> = (0..5).map(|_| sums()).collect();
    let mut rows: Vec<Row> = Vec::new();
    for i in 0..TEXTS {
        let class = i % 5;
        let mut counts = vec![0.0; WORDS];
        for _ in 0..30 + i % 80 {
            let from = if draw.uniform(0.0, 1.0) < 0.6 { &common } else { &topics[class] };
            counts[draw.pick(from)] += 1.0;
        }
        rows.push((counts, class as u32));
    }
    let texts_with = |w: usize| rows.iter().filter(|row| row.0[w] > 0.0).count() as f64;
    let rarity: Vec<f64> = (0..WORDS).map(|w| ((1.0 + TEXTS as f64) / (1.0 + texts_with(w))).ln()).collect();
    linear(rows, |counts| counts.iter().zip(&rarity).map(|(c, r)| c * r).collect())
}

/// All sets, from a seed of their own each.
#[allow(clippy::too_many_lines, reason = "a line or two for each set")]
pub(crate) fn sets(seed: u64) -> Vec<Set> {
    let mut sets: Vec<Set> = Vec::new();
    let mut add = |name: &'static str, make: &dyn Fn(&mut Draw) -> Vec<Row>| {
        let mut draw = Draw(ChaCha8Rng::seed_from_u64(seed * 1000 + sets.len() as u64));
        let mut rows = make(&mut draw);
        rows.shuffle(&mut draw.0);
        let x = Array2::from_shape_fn((rows.len(), rows[0].0.len()), |(i, j)| rows[i].0[j] as f32);
        sets.push(Set { name, x, classes: rows.iter().map(|row| row.1).collect() });
    };
    add("varied", &|d| three(d, &KNOWN, [600; 3], [1.0, 2.5, 0.5]));
    add("aniso", &|d| {
        let rows = three(d, &KNOWN, [600; 3], [1.0; 3]);
        linear(rows, |p| vec![0.6 * p[0] - 0.4 * p[1], 0.8 * p[1] - 0.6 * p[0]])
    });
    add("moons", &|d| d.moons(1400, 0.075));
    add("moons, dense", &|d| d.moons(6000, 0.08));
    add("circles", &|d| {
        d.curves(&[800, 800], 0.04, |c, s| {
            vec![[1.0, 0.4][c as usize] * (TAU * s).cos(), [1.0, 0.4][c as usize] * (TAU * s).sin()]
        })
    });
    add("nested letters", &|d| {
        d.curves(&[700, 700], 0.1, |c, s| {
            let (sin, cos) = (PI * (s - 0.5)).sin_cos();
            if c == 0 { vec![cos, sin] } else { vec![0.5 - cos, -1.0 - sin] }
        })
    });
    add("spirals", &|d| {
        d.curves(&[900, 900], 0.02, |c, s| {
            let angle = (0.25 + s * 9.0 * PI * PI).sqrt();
            let (sin, cos) = (angle + PI * f64::from(c)).sin_cos();
            vec![cos * angle / (3.0 * PI), sin * angle / (3.0 * PI)]
        })
    });
    add("one in fifty", &|d| d.clouds(&[(1500, &[0.0, 0.0], 1.0), (30, &[7.0, 0.0], 0.6)]));
    add("1 : 10 : 50", &|d| three(d, &TRIANGLE, [1500, 300, 30], [1.0, 1.0, 0.5]));
    add("dense beside thin", &|d| d.clouds(&[(700, &[0.0, 0.0], 0.2), (700, &[6.0, 0.0], 1.6)]));
    add("bridge", &|d| {
        let mut rows = d.clouds(&[(600, &[0.0, 0.0], 1.0), (600, &[9.0, 0.0], 1.0)]);
        rows.extend((0..25).map(|i| (vec![2.5 + f64::from(i) / 6.0, 0.1 * d.normal()], u32::from(i > 12))));
        rows
    });
    add("far strays", &|d| {
        let mut rows = three(d, &TRIANGLE, [500; 3], [1.0; 3]);
        d.strays(&mut rows, 12, -30.0, 38.0);
        rows
    });
    add("moons with strays", &|d| {
        let mut rows = d.moons(1400, 0.06);
        d.strays(&mut rows, 25, -2.5, 3.5);
        rows
    });
    add("one value out of range", &|d| {
        let mut rows = three(d, &TRIANGLE, [400; 3], [1.0; 3]);
        rows.push((vec![1000.0, 1000.0], 0));
        rows
    });
    add("three strips", &|d| {
        let rows = d.clouds(&[(450, &[0.0, 0.0], 1.0), (450, &[0.0, 7.5], 1.0), (450, &[0.0, 15.0], 1.0)]);
        linear(rows, |p| vec![8.0 * p[0], 0.4 * p[1]])
    });
    add("fan", &|d| {
        let rows = d.clouds(&[(550, &[0.0, 0.0], 1.0), (550, &[0.0, 0.0], 1.0)]);
        let turned = |p: &[f64], class: u32| {
            let (sin, cos) = if class == 0 { 0.35_f64.sin_cos() } else { (-0.35_f64).sin_cos() };
            let side = if class == 0 { 4.0 } else { -4.0 };
            vec![6.0 * p[0] * cos - 0.3 * p[1] * sin, 6.0 * p[0] * sin + 0.3 * p[1] * cos + side]
        };
        rows.into_iter().map(|(p, class)| (turned(&p, class), class)).collect()
    });
    add("three rings", &|d| {
        d.curves(&[350, 700, 1050], 0.08, |c, s| {
            vec![f64::from(c + 1) * (TAU * s).cos(), f64::from(c + 1) * (TAU * s).sin()]
        })
    });
    add("linked rings", &|d| {
        d.curves(&[700, 700], 0.05, |c, s| {
            let (sin, cos) = (TAU * s).sin_cos();
            if c == 0 { vec![cos, sin, 0.0] } else { vec![1.0 + cos, 0.0, sin] }
        })
    });
    add("shells", &|d| {
        let directions = d.clouds(&[(500, &[0.0; 3], 1.0), (900, &[0.0; 3], 1.0)]);
        let onto = |p: &[f64], class: u32| {
            let length = p.iter().map(|v| v * v).sum::<f64>().sqrt();
            p.iter().map(|v| v / length * [1.0, 2.2][class as usize]).collect::<Vec<_>>()
        };
        directions.into_iter().map(|(p, class)| (d.around(&onto(&p, class), 0.06), class)).collect()
    });
    add("six clouds, 5-d", &|d| d.random_clouds(5, 4.0, &[(260, 1.0); 6]));
    add("unequal clouds, 10-d", &|d| d.random_clouds(10, 2.2, &[(700, 1.0), (350, 0.5), (200, 1.5), (60, 0.8)]));
    add("moons in ten dimensions", &|d| {
        let rows = d.moons(1400, 0.05);
        embedded(d, rows, 10, 0.04)
    });
    add("moons beside noise, 6-d", &|d| {
        let rows = d.moons(1400, 0.06);
        rows.into_iter().map(|(p, c)| ([p, d.around(&[0.0; 4], 0.1)].concat(), c)).collect()
    });
    add("varied, 4-d", &|d| d.random_clouds(4, 6.0, &[(380, 0.3), (380, 1.0), (380, 2.0), (380, 0.6)]));
    add("eight clouds, 8-d", &|d| {
        d.random_clouds(
            8,
            3.0,
            &[(150, 1.0), (150, 0.5), (150, 1.4), (150, 0.7), (150, 1.0), (150, 1.0), (150, 0.9), (150, 1.1)],
        )
    });
    add("ring around a core", &|d| {
        let mut rows = d.curves(&[800], 0.15, |_, s| vec![4.0 * (TAU * s).cos(), 4.0 * (TAU * s).sin()]);
        rows.extend((0..800).map(|_| (d.around(&[0.0, 0.0], 0.3), 1)));
        rows
    });
    add("two squares", &|d| {
        let square = |d: &mut Draw, left: f64, class| (vec![d.uniform(left, left + 1.0), d.uniform(0.0, 1.0)], class);
        (0..1400).map(|i| if i < 1120 { square(d, 0.0, 0) } else { square(d, 1.25, 1) }).collect()
    });
    add("lognormal clouds", &|d| {
        let rows = d.clouds(&[(500, &[0.0, 0.0], 0.4), (500, &[2.5, 0.0], 0.4), (500, &[1.0, 2.5], 0.4)]);
        linear(rows, |p| p.iter().map(|v| v.exp()).collect())
    });
    add("moons and a cloud", &|d| {
        let mut rows = d.moons(1100, 0.05);
        rows.extend((0..400).map(|_| (d.around(&[0.5, 1.9], 0.12), 2)));
        rows
    });
    add("twenty-five clouds", &|d| {
        let centres: Vec<[f64; 2]> = (0..25).map(|i| [4.0 * f64::from(i % 5), 4.0 * f64::from(i / 5)]).collect();
        let clouds: Vec<_> = centres.iter().map(|c| (70, &c[..], 0.6)).collect();
        d.clouds(&clouds)
    });
    add("word counts", &texts);
    add("five clouds, 1 : 30", &|d| {
        d.clouds(&[
            (900, &[0.0, 0.0], 1.2),
            (300, &[9.0, 0.0], 1.0),
            (100, &[0.0, 9.0], 0.8),
            (60, &[9.0, 9.0], 0.6),
            (30, &[4.5, -8.0], 0.5),
        ])
    });
    add("mixed shapes", &|d| {
        let mut rows = d.clouds(&[(900, &[0.0, 0.0], 1.0), (100, &[5.0, 0.0], 0.1)]);
        rows.extend((0..400).map(|_| (vec![9.0 + 0.2 * d.normal(), 3.0 * d.normal()], 2)));
        rows
    });
    add("elongated, 7-d", &|d| {
        const WIDTHS: [[f64; 7]; 2] = [[3.0, 1.0, 1.0, 0.3, 0.3, 0.1, 0.1], [1.0, 3.0, 0.3, 1.0, 0.1, 0.3, 0.1]];
        let rows = d.clouds(&[(600, &[0.0; 7], 1.0), (600, &[0.0; 7], 1.0)]);
        let stretch = |p: Vec<f64>, c: u32| -> Vec<f64> {
            let shift = |j: usize| if c == 1 && j >= 4 { 1.2 } else { 0.0 };
            p.iter().enumerate().map(|(j, v)| v * WIDTHS[c as usize][j] + shift(j)).collect()
        };
        rows.into_iter().map(|(p, c)| (stretch(p, c), c)).collect()
    });
    add("rolled sheet, cut", &|d| {
        let mut rows = Vec::new();
        while rows.len() < 1700 {
            let t = d.uniform(1.5 * PI, 4.5 * PI);
            if (t - 2.9 * PI).abs() > 0.12 * PI {
                rows.push((vec![t * t.cos(), d.uniform(0.0, 10.0), t * t.sin()], u32::from(t > 2.9 * PI)));
            }
        }
        rows
    });
    sets
}
