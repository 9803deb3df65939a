//! Where the axes of the cards end: at marks of a fixed row, so that they stand still while a training goes on and grow by a step when a
//! value reaches beyond.

/// Leading digits of the marks.
const DIGITS: [f64; 3] = [1.0, 2.0, 5.0];

/// The least mark (1, 2 or 5 times a power of ten) that is not below a positive value.
#[must_use]
pub(super) fn mark_above(value: f64) -> f64 {
    marks_around(value).into_iter().find(|mark| *mark >= value * (1.0 - 1e-9)).unwrap_or(value)
}

/// The greatest such mark that is not above a positive value.
#[must_use]
pub(super) fn mark_below(value: f64) -> f64 {
    marks_around(value).into_iter().rev().find(|mark| *mark <= value * (1.0 + 1e-9)).unwrap_or(value)
}

fn marks_around(value: f64) -> Vec<f64> {
    let power = value.log10().floor();
    let tens = [power - 1.0, power, power + 1.0].map(|power| 10_f64.powf(power));
    tens.into_iter().flat_map(|ten| DIGITS.map(|digit| digit * ten)).collect()
}

/// The ends of a logarithmic axis that shows positive values, as exponents of ten; a decade about 1 where there are none.
#[must_use]
pub(super) fn logarithmic(values: impl Iterator<Item = f64>) -> [f64; 2] {
    let (low, high) = values
        .filter(|value| value.is_finite() && *value > 0.0)
        .fold((f64::INFINITY, 0.0), |(low, high): (f64, f64), value| (low.min(value), high.max(value)));
    if high <= 0.0 {
        return [-1.0, 0.0];
    }
    let (low, high) = (mark_below(low), mark_above(high));
    // One value alone would have no room.
    let high = if high > low { high } else { mark_above(1.5 * high) };
    [low.log10(), high.log10()]
}

/// The last step of an axis of a training that has come to `taken` of `most` steps, where the latter is known.
#[must_use]
pub(super) fn last_step(taken: f64, most: Option<f64>) -> f64 {
    most.map_or_else(|| mark_above(taken.max(1.0)), |most| most.max(taken)).max(1.0)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "limits that stand still are the very same")]
mod tests {
    use super::*;

    #[test]
    fn marks_lie_around_a_value_and_on_it_where_it_is_one() {
        for (value, below, above) in
            [(0.3, 0.2, 0.5), (1.0, 1.0, 1.0), (7.0, 5.0, 10.0), (0.001, 0.001, 0.001), (1234.0, 1000.0, 2000.0)]
        {
            assert!((mark_below(value) / below - 1.0).abs() < 1e-9, "{value}: {}", mark_below(value));
            assert!((mark_above(value) / above - 1.0).abs() < 1e-9, "{value}: {}", mark_above(value));
        }
    }

    /// A loss that falls with noise: the axis never comes in, and goes out a few times at most.
    #[test]
    fn an_axis_stands_still_while_values_come_and_grows_in_steps() {
        let values: Vec<f64> =
            (0..400).map(|i| 0.9 * (-f64::from(i) / 60.0).exp() * (1.0 + 0.1 * f64::from(i * i % 7))).collect();
        let mut steps = 0;
        let mut before = logarithmic(values[..1].iter().copied());
        for count in 2..=values.len() {
            let now = logarithmic(values[..count].iter().copied());
            assert!(now[0] <= before[0] && now[1] >= before[1], "it came in: {before:?} to {now:?}");
            steps += usize::from(now != before);
            before = now;
        }
        assert!(steps < 15, "{steps} steps for {} values", values.len());
        assert!(values.iter().all(|v| (before[0]..=before[1]).contains(&v.log10())));
        assert_eq!(logarithmic([0.0, f64::NAN].into_iter()), [-1.0, 0.0]);
        let [low, high] = logarithmic([1.0].into_iter());
        assert!(low < high, "a value alone has room");
    }

    #[test]
    fn steps_go_to_the_end_where_it_is_known_and_in_marks_where_not() {
        assert!((last_step(40.0, Some(150.0)) - 150.0).abs() < 1e-9);
        assert!((last_step(160.0, Some(150.0)) - 160.0).abs() < 1e-9);
        assert!((last_step(40.0, None) - 50.0).abs() < 1e-9);
        assert!((last_step(0.0, None) - 1.0).abs() < 1e-9);
    }
}
