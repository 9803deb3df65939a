//! A colour for each place of the input picture, so that the eye can follow where each part of the data goes.

use crate::pipeline::Snapshot;

/// One colour a sample, from its first two input axes.
pub(super) fn colors(snapshot: &Snapshot, dark: bool) -> Vec<[u8; 3]> {
    let range = |j: usize| {
        let column = snapshot.input.column(j);
        column.iter().fold((f32::MAX, f32::MIN), |(l, h), &v| (l.min(v), h.max(v)))
    };
    if snapshot.input.ncols() < 2 {
        return vec![place(0.5, 0.5, dark); snapshot.data.len()];
    }
    let (x, y) = (range(0), range(1));
    let share = |v: f32, (low, high): (f32, f32)| if high > low { (v - low) / (high - low) } else { 0.5 };
    snapshot.input.rows().into_iter().map(|row| place(share(row[0], x), share(row[1], y), dark)).collect()
}

/// The colour at `x`, `y` in 0..=1: the a–b plane of Oklab (Ottosson, 2020) at one lightness.
pub(super) fn place(x: f32, y: f32, dark: bool) -> [u8; 3] {
    let lightness = if dark { 0.74 } else { 0.58 };
    let (a, b) = (0.30 * (x - 0.5), 0.30 * (y - 0.5));
    let l = (lightness + 0.396_337_78 * a + 0.215_803_76 * b).powi(3);
    let m = (lightness - 0.105_561_346 * a - 0.063_854_17 * b).powi(3);
    let s = (lightness - 0.089_484_18 * a - 1.291_485_5 * b).powi(3);
    let linear = [
        4.076_741_7 * l - 3.307_711_6 * m + 0.230_969_94 * s,
        -1.268_438 * l + 2.609_757_4 * m - 0.341_319_38 * s,
        -0.004_196_086 * l - 0.703_418_6 * m + 1.707_614_7 * s,
    ];
    linear.map(|c| {
        let c = c.clamp(0.0, 1.0);
        let encoded = if c <= 0.003_130_8 { 12.92 * c } else { 1.055 * c.powf(1.0 / 2.4) - 0.055 };
        (encoded * 255.0).round() as u8
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_grey_and_the_corners_differ() {
        let [r, g, b] = place(0.5, 0.5, true);
        assert!(r.abs_diff(g) < 3 && g.abs_diff(b) < 3);
        let corners = [place(0.0, 0.0, true), place(1.0, 0.0, true), place(0.0, 1.0, true), place(1.0, 1.0, true)];
        for (i, a) in corners.iter().enumerate() {
            for b in &corners[i + 1..] {
                let apart: i32 = (0..3).map(|c| i32::from(a[c].abs_diff(b[c]))).sum();
                assert!(apart > 80, "{a:?} and {b:?}");
            }
        }
    }
}
