//! What moves on the graph from one of its points: heat that spreads along the edges, and a drum that was struck there.

use std::sync::Arc;

use eframe::egui::Context;

use crate::app::gpu::Colors;
use crate::app::kit::identity::Identity;
use crate::app::kit::later::Later;
use crate::graph::{Operator, Walk};
use crate::output::palette;
use crate::pipeline::{Snapshot, Solution};

/// Numbers that the pictures of a walk hold together at most.
const MOST_NUMBERS: usize = 8 << 20;
/// Pictures of a walk, and steps of the last.
const PICTURES: usize = 240;
const STEPS: usize = 2_000;
/// Products that a walk may take.
const MOST_PRODUCTS: usize = 1_000_000_000;
/// Heat that is much less than the most is still seen: colours go by this power of it.
const LIFT: f64 = 1.0 / 3.0;
/// How much of the drum's slowest wave passes while a picture is shown.
const BEAT: f64 = 0.12;

/// What moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Motion {
    /// One unit of heat at the point, spread by the random walk.
    Heat,
    /// A blow on the point: each eigenvector swings with the root of its eigenvalue.
    Drum,
}

impl Motion {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Heat => "Heat",
            Self::Drum => "Drum",
        }
    }

    /// What it is, in one sentence.
    #[must_use]
    pub fn tip(self) -> &'static str {
        match self {
            Self::Heat => "A random walk begins at the clicked point: it fills a cluster long before it leaves it",
            Self::Drum => {
                "The graph is struck at the clicked point: each exact eigenvector swings as fast as the root of its eigenvalue"
            }
        }
    }
}

/// A walk from one point at growing numbers of steps.
#[derive(Debug)]
pub struct Pictures {
    /// Steps of each picture, ascending.
    pub steps: Vec<usize>,
    /// Heat of every sample, a picture after the other; 1 everywhere once the walk has forgotten its start.
    heat: Vec<Vec<f32>>,
}

impl Pictures {
    /// The pictures of a walk from a sample.
    #[must_use]
    pub fn of(operator: &Operator, from: usize) -> Self {
        let n = operator.len().max(1);
        let most = (MOST_NUMBERS / n).clamp(24, PICTURES);
        let last = (MOST_PRODUCTS / operator.affinity.values.len().max(1)).clamp(100, STEPS);
        let steps = schedule(most, last);
        let mut heat = Vec::with_capacity(steps.len());
        if let Some(mut walk) = Walk::from(operator, from) {
            for &at in &steps {
                while walk.steps() < at {
                    walk.step();
                }
                heat.push(walk.heat().into_iter().map(|h| h as f32).collect());
            }
        }
        Self { steps, heat }
    }
}

/// Steps of about so many pictures from 0 to `last`, one by one at first and then ever farther apart.
fn schedule(pictures: usize, last: usize) -> Vec<usize> {
    let rate = (last as f64).powf(1.0 / pictures as f64);
    let mut steps = vec![0];
    let mut at = 1.0_f64;
    while let Some(&before) = steps.last().filter(|&&s| s < last) {
        at *= rate;
        steps.push((at.round() as usize).clamp(before + 1, last));
        at = at.max(before as f64);
    }
    steps
}

/// Of what the pictures are: the graph and the point.
type Key = (Identity, u32);

/// Of what colours are: what moves, on which graph or with which eigenvectors, from which point, how far it is, the theme.
type Painted = (Motion, Identity, u32, usize, bool);

/// What is moving, and how far it is.
#[derive(Debug, Default)]
pub struct Moving {
    /// What moves; nothing where nothing does.
    pub what: Option<Motion>,
    /// Where it began.
    pub from: Option<u32>,
    /// The picture shown, from 0 on.
    pub at: usize,
    /// Whether the next comes by itself.
    pub playing: bool,
    pictures: Option<(Key, Later<Pictures>)>,
    colors: Option<(Painted, Colors)>,
    serial: u64,
}

impl Moving {
    /// Begins at a point, from the first picture on.
    pub fn begin(&mut self, what: Motion, from: Option<u32>) {
        (self.what, self.from, self.at, self.playing) = (Some(what), from, 0, true);
    }

    /// The last picture there is, and what its place is called: steps, or seconds of the drum.
    #[must_use]
    pub fn last(&self) -> usize {
        match self.what {
            Some(Motion::Heat) => {
                let known = self.pictures.as_ref().and_then(|(_, later)| later.get());
                known.map_or(0, |pictures| pictures.steps.len().saturating_sub(1))
            }
            Some(Motion::Drum) => 1000,
            None => 0,
        }
    }

    /// What stands beside the slider.
    #[must_use]
    pub fn words(&self) -> String {
        match self.what {
            Some(Motion::Heat) => {
                let pictures = self.pictures.as_ref().and_then(|(_, later)| later.get());
                let steps = pictures.and_then(|pictures| pictures.steps.get(self.at)).copied();
                steps.map_or_else(|| "walking…".to_owned(), |steps| format!("{steps} steps"))
            }
            Some(Motion::Drum) => format!("beat {}", self.at),
            None => String::new(),
        }
    }

    /// Goes on to the next picture, where it plays; heat stays at its last, a drum begins anew.
    pub fn advance(&mut self) {
        if !self.playing || self.what.is_none() {
            return;
        }
        let last = self.last();
        if self.at < last {
            self.at += 1;
        } else if self.what == Some(Motion::Drum) {
            self.at = 0;
        } else if last > 0 {
            self.playing = false;
        }
    }

    /// The colours of all points now, and the value of the brightest; nothing while nothing moves or it is not worked out yet.
    pub fn colors(&mut self, ctx: &Context, snapshot: &Snapshot, dark: bool) -> Option<(Colors, f64)> {
        let (what, from) = (self.what?, self.from?);
        let operator = snapshot.operator.as_ref()?;
        if from as usize >= operator.len() {
            return None;
        }
        let (values, of): (Vec<f64>, Identity) = match what {
            Motion::Heat => {
                let graph = Identity::of(&operator.affinity);
                let key = (graph.clone(), from);
                if self.pictures.as_ref().is_none_or(|(of, ..)| *of != key) {
                    let graph = Arc::clone(operator);
                    let make = move || Pictures::of(&graph, from as usize);
                    self.pictures = Some((key, Later::start(ctx, "The walk from the point", make)));
                }
                let (_, later) = self.pictures.as_ref()?;
                let pictures = later.get()?;
                self.at = self.at.min(pictures.heat.len().saturating_sub(1));
                (pictures.heat.get(self.at)?.iter().map(|&h| f64::from(h)).collect(), graph)
            }
            Motion::Drum => {
                let exact = snapshot.exact.as_ref()?;
                (drum(exact, from as usize, self.at), Identity::of(exact))
            }
        };
        let most = values.iter().fold(f64::MIN_POSITIVE, |most, v| most.max(v.abs()));
        let key = (what, of, from, self.at, dark);
        if self.colors.as_ref().is_none_or(|(of, _)| *of != key) {
            self.serial += 1;
            let rgba = values.iter().map(|&v| {
                let [r, g, b] = match what {
                    Motion::Heat => palette::quantity((v / most).max(0.0).powf(LIFT) as f32, dark),
                    Motion::Drum => palette::diverging((v / most) as f32),
                };
                [r, g, b, 255]
            });
            self.colors = Some((key, Colors { rgba: Arc::new(rgba.collect()), serial: HIGH + self.serial }));
        }
        self.colors.as_ref().map(|(_, colors)| (colors.clone(), most))
    }
}

/// Serials of these colours begin here, above those of the others.
const HIGH: u64 = 1 << 40;

/// A drum struck at a sample, `at` pictures later: `Σⱼ cos(√λⱼ t) yⱼ(from) yⱼ`, the constant vector aside, which does not swing. Time is
/// counted in parts of the slowest wave.
fn drum(exact: &Solution, from: usize, at: usize) -> Vec<f64> {
    let space = &exact.space;
    let slowest = space.values.iter().copied().find(|&value| value > 1e-9).unwrap_or(1.0).sqrt();
    let time = BEAT * at as f64 / slowest;
    let amplitudes: Vec<f64> = (0..space.values.len())
        .map(|j| {
            if space.values[j] > 1e-9 { (space.values[j].sqrt() * time).cos() * space.vectors[(from, j)] } else { 0.0 }
        })
        .collect();
    space.vectors.rows().into_iter().map(|row| row.iter().zip(&amplitudes).map(|(y, a)| y * a).sum()).collect()
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;
    use crate::app::shown::fixture::snapshot;
    use crate::graph::Csr;
    use crate::recipe::Laplacian;

    #[test]
    fn a_walk_is_pictured_step_by_step_and_then_in_strides() {
        let steps = schedule(60, 2000);
        assert!(steps.starts_with(&[0, 1, 2, 3]) && steps.last() == Some(&2000), "{steps:?}");
        assert!(steps.len() <= 64 && steps.is_sorted_by(|a, b| a < b), "{}", steps.len());
        let path: Vec<(u32, u32, f64)> = (1..30).flat_map(|i| [(i - 1, i, 1.0), (i, i - 1, 1.0)]).collect();
        let operator = Operator::new(Csr::from_triplets(30, &path).expect("a path"), Laplacian::RandomWalk);
        let pictures = Pictures::of(&operator.expect("an operator"), 3);
        assert_eq!(pictures.heat.len(), pictures.steps.len());
        let hot = |picture: &[f32]| picture.iter().filter(|h| **h > 0.0).count();
        assert_eq!(hot(&pictures.heat[0]), 1);
        assert_eq!(hot(&pictures.heat[1]), 2, "to both sides");
    }

    #[test]
    fn a_drum_that_stands_still_follows_other_eigenvectors_of_the_same_graph() {
        let path: Vec<(u32, u32, f64)> = (1..4).flat_map(|i| [(i - 1, i, 1.0), (i, i - 1, 1.0)]).collect();
        let operator = Operator::new(Csr::from_triplets(4, &path).expect("a path"), Laplacian::RandomWalk);
        let operator = Arc::new(operator.expect("an operator"));
        let with = |vectors: &Array2<f64>| {
            let mut shown = Snapshot { operator: Some(Arc::clone(&operator)), ..snapshot(Some(vectors), None) };
            Arc::make_mut(shown.exact.as_mut().expect("exact vectors")).space.values = vec![0.0, 0.5];
            shown
        };
        let mut moving = Moving::default();
        moving.begin(Motion::Drum, Some(0));
        let mut seen = |vectors| {
            let (colors, most) = moving.colors(&Context::default(), &with(&vectors), true).expect("a drum");
            assert!((most - 0.25).abs() < 1e-9, "{most}");
            colors.rgba
        };
        let halves = seen(array![[0.5, 0.5], [0.5, 0.5], [0.5, -0.5], [0.5, -0.5]]);
        let turns = seen(array![[0.5, 0.5], [0.5, -0.5], [0.5, 0.5], [0.5, -0.5]]);
        assert_eq!([&halves[..2], &halves[2..]], [&[halves[0]; 2][..], &[halves[3]; 2][..]]);
        assert_eq!(turns[..], [halves[0], halves[3], halves[0], halves[3]]);
    }
}
