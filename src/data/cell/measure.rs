//! Numbers with something beside them, as people write measured values: a unit, a limit of detection, a spread, a footnote, a direction.

use super::degrees::degrees;
use super::{Notation, are_flags, bare_number};
use crate::data::Unit;

/// Most letters of a unit in a row: longer words are no units.
const LETTERS: usize = 16;
/// The last letter, from 0, that says from which others a number does not differ.
const MOST_GROUPS: u8 = 11;

/// What else stands beside a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Mark {
    /// `< 0.01`, `> 1000`: the number is a limit.
    Limit,
    /// `4+`: so much, or more.
    Open,
    /// `~12`.
    About,
    /// `1.2 ± 0.1`.
    Spread,
    /// `12*`, `12 [1]`.
    Footnote,
}

impl Mark {
    /// All of them.
    pub(in crate::data) const ALL: [Self; 5] = [Self::Limit, Self::Open, Self::About, Self::Spread, Self::Footnote];

    /// What a note says was taken.
    pub(in crate::data) fn sentence(self) -> &'static str {
        match self {
            Self::Limit => "cells with < or > before them, taken as the limit that they name",
            Self::Open => "cells with + behind them, taken as the number before it",
            Self::About => "cells with ~ or the like before them, taken as the number",
            Self::Spread => "cells with ± in them, taken as the number before it",
            Self::Footnote => "cells with *, [1] or the like behind them, taken as the number without it",
        }
    }
}

/// A number and what stands beside it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::data) struct Measure {
    pub(in crate::data) value: f64,
    pub(in crate::data) unit: Unit,
    pub(in crate::data) mark: Option<Mark>,
    /// What it counts where it ends with K, M or B: 1,000 and so on; else 1.
    pub(in crate::data) magnitude: f64,
}

impl Measure {
    /// The number as a column of this unit reads it.
    pub(super) fn in_unit(&self, unit: Unit) -> Option<f64> {
        let plain = self.unit.is_none();
        if unit == Unit::MAGNITUDE {
            return (plain || self.magnitude > 1.0).then_some(self.value * self.magnitude);
        }
        if unit == Unit::FLAGS {
            return (plain || are_flags(self.unit.name())).then_some(self.value);
        }
        // Nothing is nothing in any unit.
        (self.unit == unit || plain && self.value == 0.0).then_some(self.value)
    }
}

/// Reads a cell whose decimals have a point, or a comma.
pub(in crate::data) fn measure(text: &str, comma: bool) -> Option<Measure> {
    let notation = if comma { Notation::Comma } else { Notation::Point };
    let number = |text: &str| bare_number(text.trim(), notation);
    let text = text.trim();
    if let Some(value) = degrees(text, &number) {
        return Some(Measure { value, unit: Unit::DEGREES, mark: None, magnitude: 1.0 });
    }
    let (mark, rest) = leading_mark(text);
    let (before, rest) = leading_unit(rest);
    let end = number_end(rest);
    let (digits, tail) = rest.split_at(end);
    let mut value = number(digits)?;
    let (tail, footnote) = without_footnote(tail.trim_start(), end < rest.len() && rest[end..].starts_with(' '));
    let (tail, power) = power_of_ten(tail);
    value *= power;
    let (tail, spread) = without_spread(tail, &number)?;
    let (tail, open) = tail.strip_suffix('+').map_or((tail, false), |rest| (rest.trim_end(), true));
    let tight = rest[end..].starts_with(|c: char| !c.is_whitespace());
    let magnitude = if tight { magnitude_of(tail) } else { 1.0 };
    let unit = match (before, tail.is_empty()) {
        (unit, true) => unit,
        (unit, false) if unit.is_none() => unit_of(tail, tight)?,
        _ => return None,
    };
    if unit == Unit::SHARE {
        value /= 100.0;
    }
    let spread = spread.then_some(Mark::Spread);
    let mark = mark.or(spread).or(open.then_some(Mark::Open)).or(footnote.then_some(Mark::Footnote));
    Some(Measure { value, unit, mark, magnitude })
}

/// A number and the letters behind it, one after the other in the alphabet and in one case, which say from which others it does not differ:
/// `12.3ab`; each is a bit of the second part, which is 0 for a number alone.
pub(in crate::data) fn lettered(text: &str, comma: bool) -> Option<(f64, u32)> {
    let end = text.trim_end_matches(|c: char| c.is_ascii_alphabetic()).len();
    let (digits, letters) = text.split_at(end);
    let value = bare_number(digits.trim_end(), if comma { Notation::Comma } else { Notation::Point })?;
    let (mut bits, mut last) = (0, 0);
    for letter in letters.bytes() {
        let place = letter.to_ascii_lowercase() - b'a';
        let same_case = letters.as_bytes()[0].is_ascii_lowercase() == letter.is_ascii_lowercase();
        if !same_case || place > MOST_GROUPS || bits != 0 && letter <= last {
            return None;
        }
        (bits, last) = (bits | 1 << place, letter);
    }
    Some((value, bits))
}

/// The mark before a number, and what follows it.
fn leading_mark(text: &str) -> (Option<Mark>, &str) {
    const MARKS: [(&str, Mark); 13] = [
        ("<=", Mark::Limit),
        (">=", Mark::Limit),
        ("<", Mark::Limit),
        (">", Mark::Limit),
        ("≤", Mark::Limit),
        ("≥", Mark::Limit),
        ("~", Mark::About),
        ("≈", Mark::About),
        ("∼", Mark::About),
        ("ca.", Mark::About),
        ("c.", Mark::About),
        ("approx.", Mark::About),
        ("ca ", Mark::About),
    ];
    let found = MARKS.iter().find_map(|(mark, what)| Some((Some(*what), text.strip_prefix(mark)?.trim_start())));
    found.unwrap_or((None, text))
}

/// Money before a number, by its code or sign.
fn leading_unit(text: &str) -> (Unit, &str) {
    const MONEY: [&str; 40] = [
        "USD", "EUR", "GBP", "CHF", "JPY", "CNY", "RMB", "INR", "AUD", "CAD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF",
        "RUB", "BRL", "MXN", "ZAR", "TRY", "KRW", "SGD", "HKD", "NZD", "THB", "IDR", "MYR", "PHP", "ILS", "AED", "SAR",
        "US$", "A$", "C$", "R$", "Rs.", "Rs", "Fr.", "kr",
    ];
    let found = MONEY.iter().find_map(|code| {
        let rest = text.strip_prefix(code)?.trim_start();
        rest.starts_with(|c: char| c.is_ascii_digit() || c == '-').then_some((Unit::of(code)?, rest))
    });
    if let Some(found) = found {
        return found;
    }
    let sign = text.chars().next().filter(|c| crate::data::cell::MONEY.contains(c));
    sign.and_then(|sign| Some((Unit::of(&text[..sign.len_utf8()])?, text[sign.len_utf8()..].trim_start())))
        .unwrap_or((Unit::default(), text))
}

/// Where the number ends that a text begins with: its sign, digits, marks between them, an exponent.
fn number_end(text: &str) -> usize {
    let mut end = 0;
    let mut seen = false;
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        let digit_next = || chars.clone().next().is_some_and(|(_, c)| c.is_ascii_digit());
        match c {
            '-' | '+' | '−' if at == 0 => {}
            '0'..='9' => (end, seen) = (at + 1, true),
            '.' | ',' if digit_next() => {}
            '\'' | '’' | ' ' | '\u{a0}' | '\u{202f}' if seen && digit_next() => {}
            'e' | 'E' if seen => {
                let exponent = &text[at + 1..];
                let digits = exponent.trim_start_matches(['-', '+']);
                let length = digits.bytes().take_while(u8::is_ascii_digit).count();
                if length > 0 && exponent.len() - digits.len() < 2 {
                    end = text.len() - digits.len() + length;
                }
                return end;
            }
            _ => return end,
        }
    }
    end
}

/// A text without the footnote at its end: `*`, `†`, `[1]`, and after a blank or alone a raised digit.
fn without_footnote(text: &str, apart: bool) -> (&str, bool) {
    const SIGNS: [char; 6] = ['*', '†', '‡', '§', '¶', '#'];
    const RAISED: [char; 9] = ['¹', '²', '³', '⁴', '⁵', '⁶', 'ᵃ', 'ᵇ', 'ᶜ'];
    let mut rest = text.trim_end_matches(SIGNS).trim_end();
    if let Some((before, inside)) = rest.strip_suffix(']').and_then(|rest| rest.rsplit_once('['))
        && (1..=3).contains(&inside.len())
        && inside.bytes().all(|b| b.is_ascii_alphanumeric())
    {
        rest = before.trim_end();
    }
    if !apart && rest.chars().all(|c| RAISED.contains(&c)) {
        rest = "";
    }
    (rest, rest.len() < text.len())
}

/// A power of ten at the beginning of a text: `×10^3`, `x10−3`, `·10³`.
fn power_of_ten(text: &str) -> (&str, f64) {
    let none = (text, 1.0);
    let Some(rest) = text.strip_prefix(['×', 'x', '·', '*', '⋅']) else { return none };
    let Some(rest) = rest.trim_start().strip_prefix("10") else { return none };
    let rest = rest.trim_start_matches(['^', '*']);
    let mut exponent = String::new();
    let mut length = 0;
    for c in rest.chars() {
        let raised = "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().position(|digit| digit == c);
        match c {
            '-' | '−' | '⁻' if exponent.is_empty() => exponent.push('-'),
            '+' | '⁺' if exponent.is_empty() => {}
            '0'..='9' => exponent.push(c),
            _ => match raised {
                Some(digit) => exponent.push_str(&digit.to_string()),
                None => break,
            },
        }
        length += c.len_utf8();
    }
    match exponent.parse::<i32>() {
        Ok(power) if power.abs() < 300 => (rest[length..].trim_start(), 10_f64.powi(power)),
        _ => none,
    }
}

/// A text without the spread at its beginning; none where something else stands behind `±`.
fn without_spread<'t>(text: &'t str, number: &dyn Fn(&str) -> Option<f64>) -> Option<(&'t str, bool)> {
    let Some(rest) = ["±", "+/-", "+-"].iter().find_map(|sign| text.strip_prefix(sign)) else {
        return Some((text, false));
    };
    let rest = rest.trim_start();
    let (digits, tail) = rest.split_at(number_end(rest));
    number(digits)?;
    let (tail, power) = power_of_ten(tail.trim_start());
    // `(1.2 ± 0.1) × 10³` is written with brackets; without them the power is that of the spread.
    ((power - 1.0).abs() < f64::EPSILON).then_some((tail, true))
}

/// What a letter behind a number stands for.
fn magnitude_of(text: &str) -> f64 {
    match text {
        "k" | "K" => 1e3,
        "M" => 1e6,
        "B" | "bn" => 1e9,
        _ => 1.0,
    }
}

/// A unit, where a text is one. Behind a number without a blank a single capital letter is none: that is how codes end.
fn unit_of(text: &str, tight: bool) -> Option<Unit> {
    const ALONE: [&str; 21] =
        ["m", "g", "s", "h", "l", "t", "d", "y", "w", "x", "V", "W", "L", "J", "N", "K", "k", "M", "B", "%", "‰"];
    let first = text.chars().next()?;
    let starts = first.is_alphabetic() || "°º%‰µμ′″$€£¥₹₽₩₺\"'".contains(first);
    let mut letters = 0;
    let mut last = ' ';
    let fits = text.chars().all(|c| {
        letters = if c.is_alphabetic() { letters + 1 } else { 0 };
        let fits = letters <= LETTERS
            && match c {
                // A power: m2, s^-1.
                '0'..='9' => last.is_alphabetic() || "^-−0123456789".contains(last),
                ' ' => last != ' ',
                _ => c.is_alphabetic() || "°º%‰µμ′″$€£¥₹₽₩₺\"'/·*^-−.²³¹⁻()".contains(c),
            };
        last = c;
        fits
    });
    // 3rd is a place in a row and no measure.
    if tight && ["st", "nd", "rd", "th"].contains(&text) {
        return None;
    }
    let alone = !tight || text.chars().nth(1).is_some() || ALONE.contains(&text) || !first.is_ascii_alphabetic();
    // `5-a`, `3 of 5` and the like are no measures; neither is what begins with a word that is part of a sentence.
    let words = text.split(' ').count();
    (starts && fits && alone && words <= 3).then(|| Unit::of(text)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Value, unit and mark of a cell.
    fn read(text: &str) -> Option<(f64, String, Option<Mark>)> {
        measure(text, false).map(|found| (found.value, found.unit.name().to_owned(), found.mark))
    }

    #[test]
    fn a_number_is_told_from_what_stands_beside_it() {
        for (text, value, unit, mark) in [
            ("12 kg", 12.0, "kg", None),
            ("12.5kg", 12.5, "kg", None),
            ("1,200 m²", 1200.0, "m²", None),
            ("-4.5 °C", -4.5, "°C", None),
            ("9.81 m/s^2", 9.81, "m/s^2", None),
            ("3 W m-2", 3.0, "W m-2", None),
            ("7 items", 7.0, "items", None),
            ("1.2e-3 V", 0.0012, "V", None),
            ("< 0.01", 0.01, "", Some(Mark::Limit)),
            ("≥5 mg/l", 5.0, "mg/l", Some(Mark::Limit)),
            ("4+", 4.0, "", Some(Mark::Open)),
            ("~12", 12.0, "", Some(Mark::About)),
            ("ca. 12 m", 12.0, "m", Some(Mark::About)),
            ("1.5 ± 0.2", 1.5, "", Some(Mark::Spread)),
            ("1.5+/-0.2 mm", 1.5, "mm", Some(Mark::Spread)),
            ("12*", 12.0, "", Some(Mark::Footnote)),
            ("12 [1]", 12.0, "", Some(Mark::Footnote)),
            ("12²", 12.0, "", Some(Mark::Footnote)),
            ("USD 12.50", 12.5, "USD", None),
            ("<5%", 0.05, "%", Some(Mark::Limit)),
            ("1.5×10^3", 1500.0, "", None),
            ("2 x 10−3 g", 0.002, "g", None),
            ("59°N", 59.0, "°", None),
            ("18.25° W", -18.25, "°", None),
            ("50°30'36\"S", -50.51, "°", None),
            ("45°", 45.0, "°", None),
            ("N 52° 30.6'", 52.51, "°", None),
            ("W13°24′", -13.4, "°", None),
            ("52° 30.6 S", -52.51, "°", None),
        ] {
            let (got, of, with) = read(text).unwrap_or_else(|| panic!("{text} is a measure"));
            assert!((got - value).abs() < 1e-9 && of == unit && with == mark, "{text}: {got} {of} {with:?}");
        }
        assert_eq!(measure("12,5 kg", true).map(|found| found.value), Some(12.5));
        for text in [
            "kg",
            "",
            "12A",
            "A12",
            "3/5",
            "10-19",
            "3 of 5",
            "12 Main Street 5",
            "1.2.3",
            "5..6",
            "12 kg 5",
            "±3",
            "<b>",
            "1.2 ± x",
            "-",
            "12 3 kg",
            "3rd of the last century",
            "4th",
            "$",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn letters_of_a_trial_stand_behind_numbers() {
        let read = ["12.3ab", "7,5 c", "4", "12.3AB", "1.5ba", "1.5aB", "1.5z", "ab", "1e5"]
            .map(|text| lettered(text, text.contains(',')));
        let (ab, c) = (Some((12.3, 0b11)), Some((7.5, 0b100)));
        assert_eq!(read, [ab, c, Some((4.0, 0)), ab, None, None, None, None, Some((1e5, 0))]);
    }

    #[test]
    fn letters_stand_for_thousands_where_a_column_has_several() {
        let value = |text: &str, unit| measure(text, false).and_then(|found| found.in_unit(unit));
        let all = ["1.2K", "3M", "5", "4 kg"].map(|text| value(text, Unit::MAGNITUDE));
        assert_eq!(all, [Some(1200.0), Some(3e6), Some(5.0), None]);
        let unit = Unit::of("kg").expect("it is short");
        assert_eq!(["4 kg", "4 g", "4", "0"].map(|text| value(text, unit)), [Some(4.0), None, None, Some(0.0)]);
    }
}
