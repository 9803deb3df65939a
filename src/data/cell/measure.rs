//! Numbers with something beside them, as people write measured values: a unit, a limit of detection, a spread, a footnote, a direction.

use super::degrees::degrees;
use super::written::written;
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
            return (plain || is_flag(self.unit.name())).then_some(self.value);
        }
        // Nothing is nothing in any unit.
        if self.unit == unit || plain && self.value == 0.0 {
            return Some(self.value);
        }
        self.unit.in_one(unit).map(|times| self.value * times)
    }
}

/// Whether what stands behind a number says how it was found, or that it lies above or below what is usual, as laboratories write it.
pub(in crate::data) fn is_flag(text: &str) -> bool {
    are_flags(text) || ["H", "L", "HH", "LL"].contains(&text)
}

/// The flag of a laboratory without the brackets around it, or as an arrow.
fn bare_flag(text: &str) -> &str {
    match text {
        "↑" | "↑↑" => "H",
        "↓" | "↓↓" => "L",
        _ => {
            let inside = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
            inside.filter(|inside| is_flag(inside)).unwrap_or(text)
        }
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
    if let Some((value, unit)) = written(text, &number) {
        return Some(Measure { value, unit, mark: None, magnitude: 1.0 });
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
    let flag = bare_flag(tail);
    let tight = flag == tail && rest[end..].starts_with(|c: char| !c.is_whitespace());
    let tail = flag;
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
mod tests;
