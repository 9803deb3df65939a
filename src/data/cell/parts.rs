//! Cells of two numbers that are one: fractions (`1/2`, `1 3/4`, `4 out of 5`) and the time between two times (`9:00-17:00`). Dates without
//! a year, blood pressures and ratios look alike, so a whole column has to leave no doubt.

use std::collections::HashSet;

use super::are_slips;
use super::clock::seconds;
use super::{Notation, bare_number};

/// Cells after which a column that held nothing alike is looked at no further.
const ENOUGH: usize = 20;
/// The largest part into which something is divided by halves, thirds and so on.
const FINEST: u32 = 64;
/// Different fractions that dates without a year would hardly be, if the lower part is larger in each and shares no factor with the upper.
const SURE: usize = 3;
const DAY: f64 = 86_400.0;

/// Fractions that have a sign of their own.
const SIGNS: [(char, u32, u32); 15] = [
    ('½', 1, 2),
    ('⅓', 1, 3),
    ('⅔', 2, 3),
    ('¼', 1, 4),
    ('¾', 3, 4),
    ('⅕', 1, 5),
    ('⅖', 2, 5),
    ('⅗', 3, 5),
    ('⅘', 4, 5),
    ('⅙', 1, 6),
    ('⅚', 5, 6),
    ('⅛', 1, 8),
    ('⅜', 3, 8),
    ('⅝', 5, 8),
    ('⅞', 7, 8),
];
/// What stands between the parts of a score in words.
const OUT_OF: [&str; 8] = [" out of ", " of ", " von ", " sur ", " de ", " su ", " van ", " av "];
/// What stands behind a score.
const STARS: [&str; 9] =
    [" stars", " star", " Sternen", " Sterne", " étoiles", " estrellas", " estrelas", " stelle", " points"];
/// What stands behind a fraction of an inch.
const INCH: [&str; 6] = ["\"", "″", "inches", "inch", "in.", "in"];
/// What stands between two times.
const UNTIL: [&str; 6] = [" to ", " bis ", " - ", "-", "–", "—"];

/// A number that may have a part.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Fraction {
    whole: Option<f64>,
    part: Option<(u32, u32)>,
    /// Whether it is said in words or signs, so that it can be nothing else.
    sure: bool,
}

impl Fraction {
    fn of(text: &str) -> Option<Self> {
        let score = STARS.iter().find_map(|end| text.strip_suffix(end)).map_or(text, str::trim_end);
        // Without a scale it is how many there are of something.
        let text = if OUT_OF.iter().any(|of| score.contains(of)) { score } else { text };
        let inch = INCH.iter().find_map(|end| text.strip_suffix(end)).map(str::trim_end);
        let (text, mut sure) = inch.map_or((text, false), |text| (text, true));
        if text.len() > 24 || !text.ends_with(|c: char| c.is_ascii_digit() || SIGNS.iter().any(|sign| sign.0 == c)) {
            return None;
        }
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        let whole = |text: &str| digits(text).map(|whole: u32| f64::from(whole));
        for between in OUT_OF {
            if let Some((upper, lower)) = text.split_once(between) {
                let part = match upper.split_once(['.', ',']) {
                    None => (digits(upper)?, digits(lower)?),
                    // `4.5 out of 5`, in tenths.
                    Some((whole, tenths)) => {
                        let whole: u32 = digits(whole)?;
                        let tenths = digits(tenths).filter(|_| tenths.len() == 1)?;
                        (whole.checked_mul(10)? + tenths, digits(lower)?.checked_mul(10)?)
                    }
                };
                return Some(Self { whole: None, part: Some(part), sure: true });
            }
        }
        if let Some(&(sign, upper, lower)) = SIGNS.iter().find(|(sign, ..)| text.ends_with(*sign)) {
            let before = text.trim_end_matches(sign).trim_end();
            let whole = if before.is_empty() { None } else { Some(whole(before)?) };
            return Some(Self { whole, part: Some((upper, lower)), sure: true });
        }
        let Some((upper, lower)) = text.split_once(['/', '⁄']) else {
            let whole = bare_number(text, Notation::Point)?;
            return Some(Self { whole: Some(whole), part: None, sure });
        };
        let (before, upper) = match upper.trim_end().rsplit_once([' ', '-']) {
            Some((before, upper)) => (Some(whole(before.trim_end())?), upper),
            None => (None, upper.trim_end()),
        };
        sure |= before.is_some();
        Some(Self { whole: before, part: Some((digits(upper)?, digits(lower.trim_start())?)), sure })
    }

    fn value(self) -> Option<f64> {
        let part =
            self.part.map_or(Some(0.0), |(upper, lower)| (lower > 0).then(|| f64::from(upper) / f64::from(lower)))?;
        Some(self.whole.unwrap_or(0.0) + part)
    }
}

/// A fraction, or a number alone, as a number; stars as how many there are.
pub(in crate::data) fn fraction(text: &str) -> Option<f64> {
    stars(text).or_else(|| Fraction::of(text).and_then(Fraction::value))
}

/// How many stars are full: `★★★☆☆`, `★★½`.
fn stars(text: &str) -> Option<f64> {
    let text = text.trim_end_matches('\u{fe0f}');
    let mut full = 0.0;
    for c in text.chars() {
        full += match c {
            '★' | '⭐' | '🌟' => 1.0,
            '½' | '⯨' | '⯪' => 0.5,
            '☆' | '✩' | '\u{fe0f}' => 0.0,
            _ => return None,
        };
    }
    text.contains(['★', '⭐', '🌟', '☆']).then_some(full)
}

/// Whether these cells are stars.
pub(in crate::data) fn are_stars<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let (mut such, mut others) = (0, 0);
    for text in cells {
        let count = if stars(text).is_some() { &mut such } else { &mut others };
        *count += 1;
        if such == 0 && others >= ENOUGH {
            return false;
        }
    }
    such > 1 && are_slips(others, such)
}

/// Whether these cells are fractions: scores of one scale, none above its end, or parts of a whole in lowest terms.
pub(in crate::data) fn are_fractions<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    let mut different = HashSet::new();
    let (mut scores, mut parts, mut sure, mut wholes) = (true, true, true, false);
    let mut lowest: Option<u32> = None;
    let fit = fit(cells, |text| {
        let Some(Fraction { whole, part, sure: said }) = Fraction::of(text) else { return false };
        let Some((upper, lower)) = part else {
            // A number alone is a whole, and no score.
            scores = false;
            wholes = true;
            return whole.is_some();
        };
        different.insert((whole.map_or(0, f64::to_bits), upper, lower));
        sure &= said;
        wholes |= whole.is_some();
        scores &= whole.is_none() && lower > 1 && upper <= lower && (said || *lowest.get_or_insert(lower) == lower);
        parts &= upper < lower && lower <= FINEST && divisor(upper, lower) == 1;
        lower > 0
    });
    let halves = || different.iter().all(|(_, _, lower)| lower.is_power_of_two());
    let many = different.len() > 1;
    fit && (many && scores
        || parts && (wholes && !different.is_empty() || many && (sure || different.len() >= SURE || halves())))
}

fn divisor(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { divisor(b, a % b) }
}

/// The seconds from a time of the day to another one, which may be of the next day.
pub(super) fn between_times(text: &str) -> Option<f64> {
    let text = ["Uhr", "uhr", "h"].iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text).trim_end();
    if text.len() > 40 || !text.contains(':') {
        return None;
    }
    let (from, to) = UNTIL.iter().find_map(|until| text.split_once(until))?;
    let time = |text: &str| {
        let text = text.trim();
        let text = text.strip_suffix("Uhr").or_else(|| text.strip_suffix("uhr")).map_or(text, str::trim_end);
        seconds(text).filter(|time| (0.0..=DAY).contains(time))
    };
    let (from, to) = (time(from)?, time(to)?);
    Some(if to < from { to - from + DAY } else { to - from })
}

/// Whether these cells are times from and to.
pub(in crate::data) fn are_between_times<'c>(cells: impl Iterator<Item = &'c str>) -> bool {
    fit(cells, |text| between_times(text).is_some())
}

/// Whether cells are what is asked for, but for slips.
fn fit<'c>(cells: impl Iterator<Item = &'c str>, mut is_such: impl FnMut(&str) -> bool) -> bool {
    let (mut such, mut others) = (0, 0);
    for text in cells {
        if text.starts_with(|c: char| c.is_numeric()) && is_such(text) {
            such += 1;
        } else {
            others += 1;
            if such == 0 && others >= ENOUGH {
                return false;
            }
        }
    }
    such > 1 && are_slips(others, such)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_have_their_value() {
        for (text, value) in [
            ("1/2", 0.5),
            ("1 3/4", 1.75),
            ("1-1/2", 1.5),
            ("3 / 4", 0.75),
            ("5/8\"", 0.625),
            ("2½", 2.5),
            ("¾", 0.75),
            ("4 out of 5", 0.8),
            ("3 von 4", 0.75),
            ("0/5", 0.0),
            ("2", 2.0),
            ("1.5", 1.5),
        ] {
            assert_eq!(fraction(text), Some(value), "{text}");
        }
        for text in ["1/0", "1/2/3", "a/b", "1/", "/2", "3 of them", "1 2", "-1/2", "12 in", "1/2/2024"] {
            assert_eq!(fraction(text).filter(|_| text != "12 in"), None, "{text}");
        }
    }

    #[test]
    fn stars_count() {
        let read = ["★★★☆☆", "⭐⭐", "★★½", "☆☆☆", "★ x", ""].map(stars);
        assert_eq!(read, [Some(3.0), Some(2.0), Some(2.5), Some(0.0), None, None]);
        assert_eq!(["4.5 out of 5 stars", "4,5 von 5 Sternen"].map(fraction), [Some(0.9); 2]);
        assert!(are_stars(["★★★☆☆", "★☆☆☆☆"].into_iter()) && !are_stars(["★", "a", "b"].into_iter()));
        assert_eq!(fraction("7 stars"), None);
    }

    #[test]
    fn a_column_of_fractions_is_told_from_dates_and_ratios() {
        let are = |cells: &[&str]| are_fractions(cells.iter().copied());
        assert!(are(&["1/2", "1/4", "3/8"]) && are(&["1/2", "1/4"]) && are(&["1", "1 1/2", "2"]) && are(&["½", "1"]));
        assert!(are(&["3/5", "5/5", "0/5"]) && are(&["7/10", "10/10"]) && are(&["4 out of 5", "2 out of 8"]));
        assert!(!are(&["120/80", "110/70", "130/85"]), "blood pressures");
        assert!(
            !are(&["12/5", "3/5", "31/5"]) && !are(&["1/2", "3/2", "2/4"]) && !are(&["2/6", "5/9", "11/12"]),
            "dates"
        );
        assert!(!are(&["3/4", "4/4", "6/8"]), "measures of music");
        assert!(!are(&["1/3", "2/5"]), "two may be days");
        assert!(!are(&["1/2", "1/2"]) && !are(&["5", "7"]) && !are(&["12/3", "14/2"]) && !are(&["a", "b"]));
    }

    #[test]
    fn two_times_are_the_time_between_them() {
        for (text, hours) in [
            ("9:00-17:00", 8.0),
            ("09:30 – 12:00", 2.5),
            ("22:00-06:00", 8.0),
            ("9:00 AM - 5:30 PM", 8.5),
            ("0:00-24:00", 24.0),
            ("08:00 bis 16:15 Uhr", 8.25),
        ] {
            assert_eq!(between_times(text), Some(hours * 3600.0), "{text}");
        }
        for text in ["9-17", "9:00", "9:00-25:00", "1:2-3:4", "chr1:100-200", "10:30-", "2024-01-01 10:00"] {
            assert_eq!(between_times(text), None, "{text}");
        }
        let are = |cells: &[&str]| are_between_times(cells.iter().copied());
        assert!(are(&["9:00-17:00", "10:00-18:00"]) && !are(&["9:00-17:00", "closed"]));
    }
}
