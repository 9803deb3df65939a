//! The colours of the data: categories and gradients, as plain sRGB bytes for the window and for figures.
//!
//! The first eight categories follow Okabe and Ito (2002), with yellow and black changed to what reads on the
//! background, and light brown and dark pink so that the first ten stay apart under each colour blindness. The other sixteen were chosen one by one, each as far as possible from all before it in `OKLab`, as seen by
//! people with ordinary sight and with each kind of colour blindness, on both themes at once. A test measures it.

/// How many categories have a colour of their own. Beyond, colours repeat: category 24 looks like category 0.
pub const CATEGORIES: usize = 24;

#[rustfmt::skip]
const ON_LIGHT: [[u8; 3]; CATEGORIES] = [
    [0, 114, 178], [230, 159, 0], [0, 158, 115], [200, 75, 0], [86, 180, 233], [204, 121, 167], [139, 59, 21], [90, 90, 90],
    [74, 7, 166], [116, 6, 92], [135, 113, 222], [151, 181, 145], [41, 225, 111], [147, 57, 142], [90, 58, 31], [129, 64, 208],
    [156, 158, 72], [86, 120, 46], [26, 77, 61], [242, 98, 202], [149, 23, 62], [84, 58, 124], [63, 83, 116], [148, 105, 90],
];

#[rustfmt::skip]
const ON_DARK: [[u8; 3]; CATEGORIES] = [
    [63, 143, 224], [240, 168, 48], [24, 180, 136], [232, 98, 44], [143, 214, 250], [212, 165, 191], [245, 232, 90], [242, 242, 242],
    [120, 82, 228], [175, 71, 145], [178, 164, 255], [192, 222, 185], [158, 255, 179], [200, 107, 193], [143, 108, 80], [175, 121, 255],
    [199, 202, 115], [132, 169, 94], [79, 128, 111], [254, 174, 227], [208, 82, 109], [134, 108, 179], [111, 133, 168], [197, 151, 135],
];

/// Even steps in `OKLab`: lightness rises evenly from 0.30 to 0.93 while the hue goes violet, blue, teal, green, yellow.
#[rustfmt::skip]
const GRADIENT: [[u8; 3]; 17] = [
    [53, 6, 117], [51, 30, 133], [44, 49, 149], [30, 67, 162], [1, 85, 168], [6, 105, 155], [7, 121, 153], [9, 136, 153],
    [6, 152, 152], [7, 167, 150], [10, 183, 143], [47, 198, 128], [108, 207, 114], [147, 216, 105], [182, 224, 98],
    [216, 231, 95], [248, 237, 96],
];

/// From below 0 over 0 to above: even steps in `OKLab` from blue to a grey and on to orange, each of one lightness, so that 0 stands out by
/// having no hue. All are told from a light ground and from a dark one.
#[rustfmt::skip]
const DIVERGING: [[u8; 3]; 9] = [
    [42, 125, 225], [70, 129, 205], [91, 132, 186], [110, 133, 165], [127, 134, 144],
    [154, 126, 122], [177, 115, 98], [198, 102, 71], [217, 84, 30],
];

/// Where along [`gradient`] the colours begin that are told from a dark ground, and where those end that are told from a light one.
const ON_A_DARK_GROUND: f32 = 5.0 / 16.0;
const ON_A_LIGHT_GROUND: f32 = 9.0 / 16.0;

/// The colour of category `index` (a class or a cluster) on a light or a dark background.
#[must_use]
pub const fn category(index: usize, dark: bool) -> [u8; 3] {
    if dark { ON_DARK[index % CATEGORIES] } else { ON_LIGHT[index % CATEGORIES] }
}

/// The colour of a sample that belongs to no category: quiet on either background.
#[must_use]
pub const fn no_category(dark: bool) -> [u8; 3] {
    if dark { [84, 88, 94] } else { [196, 200, 206] }
}

/// The colour of a quantity, `t` in 0..=1 from low (dark violet) to high (bright yellow): equal steps of `t` look equal.
/// Values outside are held at the ends; a value that is not a number is grey.
#[must_use]
pub fn gradient(t: f32) -> [u8; 3] {
    if t.is_nan() {
        return [128, 128, 128];
    }
    between(&GRADIENT, t.clamp(0.0, 1.0))
}

/// The colour of a quantity on a ground, `t` in 0..=1 from low to high: the part of [`gradient`] whose ends both have 3 : 1 to it.
#[must_use]
pub fn quantity(t: f32, dark: bool) -> [u8; 3] {
    let t = t.clamp(0.0, 1.0);
    gradient(if dark { ON_A_DARK_GROUND + (1.0 - ON_A_DARK_GROUND) * t } else { ON_A_LIGHT_GROUND * t })
}

/// The colour of a quantity that has a sign, `t` in −1..=1: blue below 0, grey at 0, orange above. Values outside are held at the ends.
#[must_use]
pub fn diverging(t: f32) -> [u8; 3] {
    if t.is_nan() {
        return gradient(t);
    }
    between(&DIVERGING, 0.5 + 0.5 * t.clamp(-1.0, 1.0))
}

/// The colour at `t` in 0..=1 along a row of them.
fn between(colours: &[[u8; 3]], t: f32) -> [u8; 3] {
    let place = t * (colours.len() - 1) as f32;
    let low = (place as usize).min(colours.len() - 2);
    let share = place - low as f32;
    std::array::from_fn(|c| {
        let (a, b) = (f32::from(colours[low][c]), f32::from(colours[low + 1][c]));
        (a + share * (b - a)).round() as u8
    })
}

/// Where `value` stands between `low` and `high`, for [`gradient`]; one half when the two are equal.
#[must_use]
pub fn fraction(value: f32, low: f32, high: f32) -> f32 {
    if high > low { (value - low) / (high - low) } else { 0.5 }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Matrix = [[f32; 3]; 3];

    /// Ordinary sight, then protanopia, deuteranopia and tritanopia (Machado, Oliveira and Fernandes, 2009).
    const SIGHTS: [Matrix; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152_286, 1.052_583, -0.204_868], [0.114_503, 0.786_281, 0.099_216], [-0.003_882, -0.048_116, 1.051_998]],
        [[0.367_322, 0.860_646, -0.227_968], [0.280_085, 0.672_501, 0.047_413], [-0.011_820, 0.042_940, 0.968_881]],
        [[1.255_528, -0.076_749, -0.178_779], [-0.078_411, 0.930_809, 0.147_602], [0.004_733, 0.691_367, 0.303_900]],
    ];

    fn times(m: &Matrix, v: [f32; 3]) -> [f32; 3] {
        std::array::from_fn(|r| (0..3).map(|c| m[r][c] * v[c]).sum())
    }

    fn linear(colour: [u8; 3]) -> [f32; 3] {
        colour.map(|byte| {
            let c = f32::from(byte) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        })
    }

    /// `OKLab` coordinates (Ottosson, 2020) of a colour as somebody sees it.
    fn oklab(colour: [u8; 3], sight: &Matrix) -> [f32; 3] {
        let seen = times(sight, linear(colour)).map(|c| c.clamp(0.0, 1.0));
        let cones = times(
            &[
                [0.412_221_46, 0.536_332_55, 0.051_445_995],
                [0.211_903_5, 0.680_699_5, 0.107_396_96],
                [0.088_302_46, 0.281_718_85, 0.629_978_7],
            ],
            seen,
        );
        times(
            &[
                [0.210_454_26, 0.793_617_8, -0.004_072_047],
                [1.977_998_5, -2.428_592_2, 0.450_593_7],
                [0.025_904_037, 0.782_771_77, -0.808_675_77],
            ],
            cones.map(f32::cbrt),
        )
    }

    fn distance(a: [f32; 3], b: [f32; 3]) -> f32 {
        (0..3).map(|c| (a[c] - b[c]).powi(2)).sum::<f32>().sqrt()
    }

    #[test]
    fn no_two_categories_look_alike_to_anyone() {
        for dark in [false, true] {
            for (kind, sight) in SIGHTS.iter().enumerate() {
                let seen: Vec<_> = (0..CATEGORIES).map(|i| oklab(category(i, dark), sight)).collect();
                for i in 0..CATEGORIES {
                    for j in 0..i {
                        let apart = distance(seen[i], seen[j]);
                        let least = if kind == 0 { 0.06 } else { 0.03 };
                        assert!(apart > least, "dark {dark}, sight {kind}: {i} and {j} are {apart} apart");
                    }
                }
            }
        }
    }

    /// CIELAB (1976) of a colour as somebody sees it, under the white of daylight.
    fn cielab(colour: [u8; 3], sight: &Matrix) -> [f32; 3] {
        const TO_XYZ: Matrix = [
            [0.412_456_4, 0.357_576_1, 0.180_437_5],
            [0.212_672_9, 0.715_152_2, 0.072_175],
            [0.019_333_9, 0.119_192, 0.950_304_1],
        ];
        let xyz = times(&TO_XYZ, times(sight, linear(colour)).map(|c| c.clamp(0.0, 1.0)));
        let white = [0.950_47, 1.0, 1.088_83];
        let root = |c: f32| if c > 0.008_856 { c.cbrt() } else { 7.787 * c + 16.0 / 116.0 };
        let [x, y, z]: [f32; 3] = std::array::from_fn(|c| root(xyz[c] / white[c]));
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// The least distance between two of the first ten colours, in a space, as somebody sees them.
    fn least(dark: bool, seen: impl Fn([u8; 3]) -> [f32; 3]) -> (f32, usize, usize) {
        let seen: Vec<_> = (0..10).map(|i| seen(category(i, dark))).collect();
        let pairs = (0..10).flat_map(|i| (0..i).map(move |j| (i, j)));
        let apart = pairs.map(|(i, j)| (distance(seen[i], seen[j]), j, i));
        apart.min_by(|a, b| a.0.total_cmp(&b.0)).expect("there are pairs")
    }

    /// A step of about 0.02 in `OKLab`, and of 2.3 in CIELAB, is just seen side by side.
    #[test]
    fn the_first_ten_are_well_apart_to_everyone_on_both_grounds() {
        for dark in [false, true] {
            for (kind, sight) in SIGHTS.iter().enumerate() {
                let (ok, lab) = (least(dark, |c| oklab(c, sight)), least(dark, |c| cielab(c, sight)));
                println!("dark {dark}, sight {kind}: {:.3} in OKLab, {:.1} in CIELAB", ok.0, lab.0);
                let bounds = if kind == 0 { (0.1, 25.0) } else { (0.055, 15.0) };
                assert!(ok.0 > bounds.0, "dark {dark}, sight {kind}: {ok:?}");
                assert!(lab.0 > bounds.1, "dark {dark}, sight {kind}: {lab:?}");
            }
        }
    }

    #[test]
    fn every_category_stands_out_from_its_background() {
        for i in 0..CATEGORIES {
            let light = oklab(category(i, false), &SIGHTS[0])[0];
            let dark = oklab(category(i, true), &SIGHTS[0])[0];
            assert!((0.3..0.85).contains(&light), "{i} on light: lightness {light}");
            assert!((0.5..0.97).contains(&dark), "{i} on dark: lightness {dark}");
        }
        assert_eq!(category(CATEGORIES + 3, true), category(3, true));
    }

    #[test]
    fn equal_steps_of_the_gradient_look_equal() {
        let colours: Vec<_> = (0..=64_u8).map(|i| oklab(gradient(f32::from(i) / 64.0), &SIGHTS[0])).collect();
        let mean = colours.windows(2).map(|w| distance(w[0], w[1])).sum::<f32>() / 64.0;
        for pair in colours.windows(2) {
            assert!(pair[1][0] > pair[0][0] - 1e-3, "it never gets darker");
        }
        for four in colours.windows(5).step_by(4) {
            let step = distance(four[0], four[4]) / 4.0;
            assert!((step / mean - 1.0).abs() < 0.4, "{step} against {mean}");
        }
        assert_eq!(gradient(-1.0), gradient(0.0));
        assert_eq!(gradient(2.0), gradient(1.0));
        assert_eq!(gradient(f32::NAN), [128; 3]);
    }

    /// Relative luminance and contrast as WCAG 2.2 defines them.
    fn contrast(a: [u8; 3], b: [u8; 3]) -> f32 {
        let luminance = |colour: [u8; 3]| {
            let linear = colour.map(|byte| {
                let c = f32::from(byte) / 255.0;
                if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
            });
            0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// The grounds that the window draws data on.
    const GROUNDS: [([u8; 3], bool); 2] = [([11, 13, 17], true), ([255, 255, 255], false)];

    #[test]
    fn every_end_of_a_scale_is_told_from_the_ground() {
        for (ground, dark) in GROUNDS {
            for at in 0..=32_u8 {
                let t = f32::from(at) / 32.0;
                let colours = [quantity(t, dark), diverging(2.0 * t - 1.0)];
                for colour in colours {
                    assert!(contrast(colour, ground) >= 3.0, "{colour:?} at {t}: {}", contrast(colour, ground));
                }
            }
        }
        assert_eq!(quantity(f32::NAN, true), [128; 3]);
    }

    #[test]
    fn zero_has_no_hue_and_the_two_sides_are_told_apart_by_everyone() {
        let [r, g, b] = diverging(0.0);
        assert!(r.abs_diff(g) < 12 && g.abs_diff(b) < 12, "grey");
        for sight in &SIGHTS {
            let [low, zero, high] = [-1.0, 0.0, 1.0].map(|t| oklab(diverging(t), sight));
            for (a, b) in [(low, zero), (zero, high), (low, high)] {
                assert!(distance(a, b) > 0.08, "{}", distance(a, b));
            }
        }
        assert_eq!((diverging(-7.0), diverging(7.0)), (diverging(-1.0), diverging(1.0)));
    }
}
