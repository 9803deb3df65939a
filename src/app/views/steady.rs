//! A framing that stands still while points move under it: it grows by a step when they come to its edge, and never comes in.

use super::bounds::Bounds;

/// Room beyond the points that a step takes, as a share of their box.
const STEP: f64 = 0.15;

/// The framing of points that fill the box `target` now, where it was `before` since they began to move.
#[must_use]
pub fn held(before: Option<Bounds>, target: Bounds) -> Bounds {
    let Some(before) = before else { return grown(target, [true; 3]) };
    let (outer, inner) = (ends(&before), ends(&target));
    let beyond: [bool; 3] = std::array::from_fn(|j| inner[j][0] < outer[j][0] || inner[j][1] > outer[j][1]);
    if beyond == [false; 3] {
        return before;
    }
    let joined = |j: usize| [inner[j][0].min(outer[j][0]), inner[j][1].max(outer[j][1])];
    let both: [[f64; 2]; 3] = std::array::from_fn(joined);
    let joined = Bounds {
        center: both.map(|[low, high]| f64::midpoint(low, high)),
        half: both.map(|[low, high]| 0.5 * (high - low)),
    };
    grown(joined, beyond)
}

fn ends(bounds: &Bounds) -> [[f64; 2]; 3] {
    std::array::from_fn(|j| [bounds.center[j] - bounds.half[j], bounds.center[j] + bounds.half[j]])
}

fn grown(bounds: Bounds, along: [bool; 3]) -> Bounds {
    let half = std::array::from_fn(|j: usize| bounds.half[j] * if along[j] { 1.0 + STEP } else { 1.0 });
    Bounds { half, ..bounds }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bounds(half: f64) -> Bounds {
        Bounds { center: [0.0; 3], half: [half; 3] }
    }

    #[test]
    fn a_framing_stands_still_grows_in_steps_and_never_comes_in() {
        let first = held(None, bounds(1.0));
        let mut now = first;
        let mut steps = 0;
        // What a training does: it trembles, spreads a little, and draws together.
        for i in 0..200 {
            let half = 1.0 + 0.05 * (f64::from(i) * 1.7).sin() + 0.004 * f64::from(i.min(100));
            let next = held(Some(now), bounds(half));
            assert!(next.half[0] >= now.half[0] && next.half[0] >= half);
            steps += usize::from(next != now);
            now = next;
        }
        assert!((1..=3).contains(&steps), "{steps} steps");
        assert_eq!(held(Some(now), bounds(0.1)), now);
    }

    #[test]
    fn an_axis_that_is_not_left_stays_as_it_is() {
        let before = Bounds { center: [0.0; 3], half: [1.0, 1.0, 1.0] };
        let next = held(Some(before), Bounds { center: [0.0; 3], half: [2.0, 0.5, 0.5] });
        assert!(next.half[0] > 2.0 && (next.half[1] - 1.0).abs() < 1e-12);
    }
}
