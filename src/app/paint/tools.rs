//! What the tools do to points, in the units of the plane. Nothing here knows the window.

use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

use crate::data::{Painted, Spot};
use crate::support::random::normal;

/// A place in the plane, x and y.
pub(super) type Place = [f64; 2];

/// Places that one move of the hand may give; a far jump at a fine spacing is thinned to them.
const MOST_PLACES: usize = 2_000;

/// What a stroke is made with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Brush {
    /// Half its width.
    pub(super) radius: f64,
    /// Points of a dab, and on a line of its width.
    pub(super) density: usize,
    /// Class of new points, 0 for none.
    pub(super) class: u8,
}

/// Where a stroke has come to: it leaves places behind at even distances.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Trail {
    last: Place,
    /// The way left to the next place.
    owed: f64,
}

impl Trail {
    /// A stroke that has left one place behind, where it begins.
    pub(super) fn begin(at: Place, spacing: f64) -> Self {
        Self { last: at, owed: spacing }
    }

    /// Where it is.
    pub(super) fn last(&self) -> Place {
        self.last
    }

    /// Goes straight on to `at`; the places left behind on the way.
    pub(super) fn to(&mut self, at: Place, spacing: f64) -> Vec<Place> {
        let from = std::mem::replace(&mut self.last, at);
        let way = distance(from, at);
        if !(spacing > 0.0 && way.is_finite()) {
            return Vec::new();
        }
        let spacing = spacing.max(way / MOST_PLACES as f64);
        let mut places = Vec::new();
        let mut gone = self.owed;
        while gone <= way {
            let share = gone / way;
            places.push(std::array::from_fn(|i: usize| from[i] + share * (at[i] - from[i])));
            gone += spacing;
        }
        self.owed = gone - way;
        places
    }
}

fn distance(a: Place, b: Place) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

fn place(dot: &Spot) -> Place {
    dot.at.map(f64::from)
}

fn put(dots: &mut Vec<Spot>, at: Place, class: u8) {
    if dots.len() < Painted::MOST {
        dots.push(Spot { at: at.map(|v| v as f32), class });
    }
}

/// A point of a line.
pub(super) fn draw(dots: &mut Vec<Spot>, at: Place, brush: Brush) {
    put(dots, at, brush.class);
}

/// A dab: points anywhere within the brush, each place as likely as any other.
pub(super) fn spray(dots: &mut Vec<Spot>, at: Place, brush: Brush, rng: &mut ChaCha8Rng) {
    for _ in 0..brush.density {
        let from_middle = brush.radius * rng.random::<f64>().sqrt();
        let (sin, cos) = (std::f64::consts::TAU * rng.random::<f64>()).sin_cos();
        put(dots, [at[0] + from_middle * cos, at[1] + from_middle * sin], brush.class);
    }
}

/// Takes away the points within `radius` of the way between two places.
pub(super) fn erase(dots: &mut Vec<Spot>, (from, to): (Place, Place), radius: f64) {
    let along = [to[0] - from[0], to[1] - from[1]];
    let square = along[0] * along[0] + along[1] * along[1];
    dots.retain(|dot| {
        let at = place(dot);
        let share = ((at[0] - from[0]) * along[0] + (at[1] - from[1]) * along[1]) / square;
        // A way without length has its only place at its beginning.
        let share = if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 };
        distance(at, [from[0] + share * along[0], from[1] + share * along[1]]) > radius
    });
}

/// A box around points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Box2 {
    /// Its middle.
    pub(super) center: Place,
    /// Half its sides.
    pub(super) half: Place,
}

impl Box2 {
    /// The box around the chosen points, or all where none is chosen; none where there is no point.
    pub(super) fn of(dots: &[Spot], chosen: &[u32]) -> Option<Self> {
        let mut low = [f64::INFINITY; 2];
        let mut high = [f64::NEG_INFINITY; 2];
        let mut take = |dot: &Spot| {
            for (i, v) in place(dot).into_iter().enumerate() {
                (low[i], high[i]) = (low[i].min(v), high[i].max(v));
            }
        };
        if chosen.is_empty() {
            dots.iter().for_each(&mut take);
        } else {
            chosen.iter().filter_map(|&i| dots.get(i as usize)).for_each(&mut take);
        }
        (low[0] <= high[0]).then(|| Self {
            center: std::array::from_fn(|i: usize| f64::midpoint(low[i], high[i])),
            half: std::array::from_fn(|i: usize| 0.5 * (high[i] - low[i])),
        })
    }
}

/// The points in the rectangle between two corners, ascending.
pub(super) fn inside(dots: &[Spot], (a, b): (Place, Place)) -> Vec<u32> {
    let within = |at: Place| (0..2).all(|i| at[i] >= a[i].min(b[i]) && at[i] <= a[i].max(b[i]));
    (0_u32..).zip(dots).filter(|(_, dot)| within(place(dot))).map(|(i, _)| i).collect()
}

/// Puts the chosen points, or all where none is chosen, where `to` says.
fn change(dots: &mut [Spot], chosen: &[u32], mut to: impl FnMut(Place) -> Place) {
    let mut change = |dot: &mut Spot| {
        let at = to(place(dot)).map(|v| v as f32);
        // A number beyond the largest has no place to stand.
        if at.iter().all(|v| v.is_finite()) {
            dot.at = at;
        }
    };
    if chosen.is_empty() {
        dots.iter_mut().for_each(change);
        return;
    }
    for &i in chosen {
        if let Some(dot) = dots.get_mut(i as usize) {
            change(dot);
        }
    }
}

/// Moves points.
pub(super) fn shift(dots: &mut [Spot], chosen: &[u32], by: Place) {
    change(dots, chosen, |at| [at[0] + by[0], at[1] + by[1]]);
}

/// Turns points about a place, against the clock, by an angle in radians.
pub(super) fn turn(dots: &mut [Spot], chosen: &[u32], about: Place, angle: f64) {
    let (sin, cos) = angle.sin_cos();
    change(dots, chosen, |at| {
        let [x, y] = [at[0] - about[0], at[1] - about[1]];
        [about[0] + cos * x - sin * y, about[1] + sin * x + cos * y]
    });
}

/// Stretches points away from a place, by a factor along each axis.
pub(super) fn stretch(dots: &mut [Spot], chosen: &[u32], about: Place, by: Place) {
    change(dots, chosen, |at| std::array::from_fn(|i: usize| about[i] + by[i] * (at[i] - about[i])));
}

/// Moves each point by a normal deviate of this standard deviation along each axis.
pub(super) fn shake(dots: &mut [Spot], chosen: &[u32], deviation: f64, rng: &mut ChaCha8Rng) {
    change(dots, chosen, |at| at.map(|v| v + deviation * normal(rng)));
}

/// Takes the chosen points away.
pub(super) fn remove(dots: &mut Vec<Spot>, chosen: &[u32]) {
    let mut at = 0_u32;
    dots.retain(|_| {
        at += 1;
        chosen.binary_search(&(at - 1)).is_err()
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::random::{Stream, rng};

    const BRUSH: Brush = Brush { radius: 0.5, density: 40, class: 3 };

    fn dots(places: &[[f32; 2]]) -> Vec<Spot> {
        places.iter().map(|&at| Spot { at, class: 0 }).collect()
    }

    fn near(dots: &[Spot], places: &[[f32; 2]]) {
        let far = |(a, b): (&Spot, &[f32; 2])| distance(place(a), b.map(f64::from));
        assert!(dots.len() == places.len() && dots.iter().zip(places).map(far).all(|d| d < 1e-5), "{dots:?}");
    }

    #[test]
    fn a_stroke_leaves_places_at_even_distances_however_it_is_cut() {
        let mut whole = Trail::begin([0.0, 0.0], 0.3);
        let places = whole.to([1.0, 0.0], 0.3);
        let xs: Vec<f64> = places.iter().map(|p| p[0]).collect();
        assert!(xs.iter().zip([0.3, 0.6, 0.9]).all(|(a, b)| (a - b).abs() < 1e-12) && xs.len() == 3, "{xs:?}");
        let mut cut = Trail::begin([0.0, 0.0], 0.3);
        let pieces: Vec<f64> =
            [0.1, 0.35, 0.36, 1.0].iter().flat_map(|&x| cut.to([x, 0.0], 0.3)).map(|p| p[0]).collect();
        assert!(pieces.len() == 3 && pieces.iter().zip(&xs).all(|(a, b)| (a - b).abs() < 1e-9), "{pieces:?}");
        assert!(cut.to([1.0, 0.0], 0.3).is_empty(), "a hand at rest leaves none");
        assert!(cut.to([1e9, 0.0], 1e-6).len() <= MOST_PLACES + 1 && cut.to([2.0, 0.0], 0.0).is_empty());
    }

    #[test]
    fn spray_falls_within_the_brush_fills_it_evenly_and_hangs_on_the_seed() {
        let sprayed = |seed| {
            let (mut dots, mut rng) = (Vec::new(), rng(seed, Stream::Spray, 0));
            (0..100).for_each(|_| spray(&mut dots, [2.0, -1.0], BRUSH, &mut rng));
            dots
        };
        let dots = sprayed(1);
        assert!(dots.len() == 4000 && dots.iter().all(|dot| dot.class == 3));
        let away: Vec<f64> = dots.iter().map(|dot| distance(place(dot), [2.0, -1.0])).collect();
        assert!(away.iter().all(|&d| d <= 0.5 + 1e-6));
        let inner = away.iter().filter(|&&d| d < 0.25).count();
        assert!((900..1100).contains(&inner), "a quarter lies within half the radius: {inner}");
        assert_eq!(dots, sprayed(1));
        assert_ne!(dots, sprayed(2));
    }

    #[test]
    fn no_tool_paints_more_than_the_most() {
        let mut all = dots(&vec![[0.0; 2]; Painted::MOST - 5]);
        spray(&mut all, [0.0; 2], BRUSH, &mut rng(0, Stream::Spray, 0));
        draw(&mut all, [0.0; 2], BRUSH);
        assert_eq!(all.len(), Painted::MOST);
    }

    #[test]
    fn the_eraser_takes_what_it_passes_and_nothing_else() {
        let mut left = dots(&[[0.0, 0.0], [1.0, 0.05], [2.0, 0.0], [1.0, 0.2], [-0.2, 0.0], [2.09, 0.0]]);
        erase(&mut left, ([0.0, 0.0], [2.0, 0.0]), 0.1);
        assert_eq!(left, dots(&[[1.0, 0.2], [-0.2, 0.0]]));
        erase(&mut left, ([1.0, 0.2], [1.0, 0.2]), 0.1);
        assert_eq!(left, dots(&[[-0.2, 0.0]]), "a click is a way without length");
    }

    #[test]
    fn a_selection_or_all_are_moved_turned_and_stretched() {
        let square = [[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]];
        let mut moved = dots(&square);
        shift(&mut moved, &[1, 2, 99], [1.0, -1.0]);
        near(&moved, &[[0.0, 0.0], [3.0, -1.0], [3.0, 1.0], [0.0, 2.0]]);
        let mut turned = dots(&square);
        turn(&mut turned, &[], [1.0, 1.0], std::f64::consts::FRAC_PI_2);
        near(&turned, &[[2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]]);
        let mut stretched = dots(&square);
        stretch(&mut stretched, &[2], [1.0, 1.0], [3.0, 0.5]);
        near(&stretched, &[[0.0, 0.0], [2.0, 0.0], [4.0, 1.5], [0.0, 2.0]]);
        stretch(&mut stretched, &[], [0.0, 0.0], [f64::INFINITY, 1.0]);
        assert!(stretched.iter().all(|dot| dot.at.iter().all(|v| v.is_finite())));
    }

    #[test]
    fn noise_has_the_deviation_asked_for_and_none_leaves_all_in_place() {
        let start = dots(&vec![[1.0, 2.0]; 4000]);
        let mut shaken = start.clone();
        shake(&mut shaken, &[], 0.25, &mut rng(7, Stream::Shake, 1));
        let spread = |i: usize, mean: f64| {
            (shaken.iter().map(|dot| (f64::from(dot.at[i]) - mean).powi(2)).sum::<f64>() / 4000.0).sqrt()
        };
        assert!((spread(0, 1.0) - 0.25).abs() < 0.02 && (spread(1, 2.0) - 0.25).abs() < 0.02);
        let mut still = start.clone();
        shake(&mut still, &[], 0.0, &mut rng(7, Stream::Shake, 1));
        assert_eq!(still, start);
    }

    #[test]
    fn boxes_hold_what_they_are_of() {
        let four = dots(&[[0.0, 1.0], [4.0, 5.0], [2.0, 2.0], [9.0, 9.0]]);
        assert_eq!(Box2::of(&four, &[0, 1]), Some(Box2 { center: [2.0, 3.0], half: [2.0, 2.0] }));
        assert_eq!(Box2::of(&four, &[]), Some(Box2 { center: [4.5, 5.0], half: [4.5, 4.0] }));
        assert_eq!((Box2::of(&[], &[]), Box2::of(&four, &[77])), (None, None));
        assert_eq!(inside(&four, ([4.0, 5.0], [0.0, 1.0])), [0, 1, 2], "from any corner");
        let mut rest = four.clone();
        remove(&mut rest, &[0, 2]);
        assert_eq!(rest, [four[1], four[3]]);
    }
}
