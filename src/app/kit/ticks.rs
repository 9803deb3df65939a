//! Grid lines and their labels along the axes of curves.

/// Smallest value that a logarithmic axis shows: exact zeros of a graph in parts lie on it, and its tick says so.
pub(in crate::app) const SMALLEST: f64 = 1e-8;

/// A tick of a logarithmic axis: powers of ten where they are whole, their numbers where the axis is short.
pub(in crate::app) fn power(exponent: f64) -> String {
    let value = 10_f64.powf(exponent);
    if (exponent - SMALLEST.log10()).abs() < 1e-6 {
        return format!("≤{SMALLEST:e}");
    }
    if (exponent - exponent.round()).abs() < 1e-6 && !(-3.0..=3.0).contains(&exponent) {
        return format!("1e{exponent:.0}");
    }
    if value >= 0.001 {
        return format!("{}", (value * 1e6).round() / 1e6);
    }
    // As many digits as the value has, four at most: closer ticks differ in them.
    let mut text = format!("{value:.3e}");
    while let Some(at) = text.find("0e") {
        text.remove(at);
    }
    text.replace(".e", "e")
}

/// Two to four whole steps along the axis: closer ones lose their labels in a narrow plot.
pub(in crate::app) fn steps(input: egui_plot::GridInput) -> Vec<egui_plot::GridMark> {
    let (low, high) = input.bounds;
    let rough = ((high - low) / 2.7).max(1.0);
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|s| s * power).find(|s| *s >= rough).unwrap_or(rough);
    let first = (low / step).ceil() as i64;
    let last = (high / step).floor() as i64;
    (first..=last).map(|i| egui_plot::GridMark { value: i as f64 * step, step_size: step }).collect()
}

/// A label only where its mark is inside the plot and not at its very edge, where it would be cut.
pub(in crate::app) fn inside(value: f64, range: &std::ops::RangeInclusive<f64>, label: String) -> String {
    if range.contains(&value) { label } else { String::new() }
}

/// Grid lines of a logarithmic axis: 1, 10, 100, …; and 2 and 5 between them where few decades are in view. At most so many, where two are left.
pub(in crate::app) fn decades(input: egui_plot::GridInput, most: usize) -> Vec<egui_plot::GridMark> {
    let (low, high) = input.bounds;
    let span = (high - low).max(1e-9);
    let steps: &[&[f64]] = &[&[1.0], &[1.0, 2.0, 5.0], &[1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]];
    let finest = if span > 2.5 {
        0
    } else if span > 0.6 {
        1
    } else {
        2
    };
    // The plot leaves out labels that would stand close together, all of them: a card has room for five.
    let every = (span / 4.0).ceil().max(1.0) as i32;
    let (first, last) = (low.floor() as i32, high.ceil() as i32);
    let marks_of = |steps: &[f64]| -> Vec<egui_plot::GridMark> {
        (first..=last)
            .filter(|decade| decade.rem_euclid(every) == 0)
            .flat_map(|decade| steps.iter().map(move |s| f64::from(decade) + s.log10()))
            .filter(|value| (low..=high).contains(value))
            .map(|value| egui_plot::GridMark { value, step_size: if span > 0.6 { f64::from(every) } else { span } })
            .collect()
    };
    let marks = marks_of(steps[finest]);
    let coarser = (0..finest).rev().map(|of| marks_of(steps[of])).find(|marks| marks.len() <= most && marks.len() > 1);
    let marks = if marks.len() > most { coarser.unwrap_or(marks) } else { marks };
    if marks.len() > 1 { marks } else { between(low, high) }
}

/// 1, 2 or 5 times a power of ten, at most `rough`.
pub(in crate::app) fn round_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    [5.0, 2.0, 1.0].into_iter().map(|s| s * power).find(|s| *s <= rough * 1.000_001).unwrap_or(power)
}

/// Grid lines of a logarithmic axis that is shorter than the steps between round numbers: even steps of the value.
fn between(low: f64, high: f64) -> Vec<egui_plot::GridMark> {
    let (from, to) = (10_f64.powf(low), 10_f64.powf(high));
    let step = round_step((to - from) / 3.0);
    let marks = ((from / step).ceil() as i64..=(to / step).floor() as i64).map(|i| (i as f64 * step).log10());
    let inside = marks.filter(|value| (low..=high).contains(value));
    inside.map(|value| egui_plot::GridMark { value, step_size: high - low }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_of_a_logarithmic_axis_are_readable() {
        let ticks = [0.0, 1.0, -1.0, -3.0, -5.0, 5.0_f64.log10() - 2.0].map(power);
        assert_eq!(ticks, ["1", "10", "0.1", "0.001", "1e-5", "0.05"]);
        assert_eq!(power(SMALLEST.log10()), "≤1e-8", "0 has no place of its own there");
        assert_eq!([2e-5_f64, 1.23e-7, 4.567e-4].map(|v| power(v.log10())), ["2e-5", "1.23e-7", "4.567e-4"]);
    }

    #[test]
    fn a_narrow_range_still_has_grid_lines() {
        for (low, high) in
            [(-16.0, 0.0), (-8.2, -2.0), (-8.0, 0.0), (-1.2, -0.4), (-0.31, -0.2), (-0.279, -0.271), (-6.73, -6.72)]
        {
            let marks = decades(egui_plot::GridInput { bounds: (low, high), base_step_size: 1.0 }, 12);
            let inside = marks.iter().filter(|m| (low..=high).contains(&m.value)).count();
            assert!((2..=12).contains(&inside), "{low}..{high}: {inside}");
            assert!(high - low < 4.0 || inside <= 5, "{low}..{high}: {inside} labels have no room");
            let mut labels: Vec<String> = marks.iter().map(|m| power(m.value)).collect();
            labels.dedup();
            assert_eq!(labels.len(), marks.len(), "{low}..{high}: each tick has its own label");
            // The plot hides labels of marks that it believes to be close together.
            let apart = marks.windows(2).map(|w| w[1].value - w[0].value).fold(f64::MAX, f64::min);
            assert!(high - low < 8.0 || marks.iter().all(|m| (m.step_size - apart).abs() < 1e-9), "{low}..{high}");
        }
    }

    #[test]
    fn a_low_plot_has_fewer_grid_lines() {
        let marks = |most| decades(egui_plot::GridInput { bounds: (-2.4, -0.2), base_step_size: 1.0 }, most).len();
        assert_eq!((marks(12), marks(4)), (7, 2));
    }
}
