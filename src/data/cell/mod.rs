//! One cell of a table: what is missing, and how numbers, flags and dates are written.

mod absent;
pub(super) mod clock;
pub(super) mod dates;
pub(super) mod decimal;
mod degrees;
pub(super) mod flags;
pub(super) mod graded;
pub(super) mod measure;
pub(super) mod parts;
pub(super) mod ranges;
pub(super) mod unit;
pub(super) mod western;
mod written;

pub(crate) use absent::SURELY_MISSING;
pub(super) use absent::{are_flags, is_missing, is_surely_missing, missing_words};
use serde::{Deserialize, Serialize};

use super::Unit;
use clock::{clock, lap, minutes};
use decimal::short_decimal;
use graded::grade;
use measure::{lettered, measure};
use parts::{between_times, fraction};
use ranges::Range;
use western::western;

/// A cell as a number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Cell {
    Number(f64),
    Missing,
    Infinite,
    Word,
}

/// How a column writes its numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Notation {
    /// A decimal point and nothing between thousands.
    #[default]
    Plain,
    /// A decimal point, commas, blanks or apostrophes between thousands.
    Point,
    /// A decimal comma, points, blanks or apostrophes between thousands.
    Comma,
    /// Hours, minutes and perhaps seconds, `12:30:15`, as seconds.
    Clock,
    /// Minutes and seconds with a fraction, `1:02.35`, or seconds alone, `58.20`, as seconds.
    Laps,
    /// As [`Notation::Point`], with a unit or a mark beside the number: `12 kg`, `<0.01`.
    Measured(Unit),
    /// The same with decimal commas.
    MeasuredComma(Unit),
    /// Ranges such as `20-29` or `65+`, as their middle or the end that they have.
    Ranges,
    /// Answers with their number before them, such as `1 (never)`, as the number.
    Graded,
    /// Fractions such as `1/2` and `4 out of 5`.
    Fractions,
    /// Times from and to, `9:00-17:00`, as the seconds between them.
    Between,
}

/// One cell in so many that is no number may be a slip among numbers.
const SLIPS: usize = 20;

/// Whether so few of the cells are no numbers that the column is one of numbers with slips in it.
pub(super) fn are_slips(words: usize, numbers: usize) -> bool {
    words * SLIPS <= words + numbers
}

/// Read a cell in a notation.
pub(super) fn cell(text: &str, notation: Notation) -> Cell {
    if notation == Notation::Plain
        && let Some(value) = short_decimal(text.as_bytes())
    {
        return Cell::Number(value);
    }
    let western = western(text.trim());
    let text = western.as_ref();
    let value = match notation {
        Notation::Plain => text.parse().ok(),
        Notation::Point => dressed(text, '.', ','),
        Notation::Comma => dressed(text, ',', '.'),
        Notation::Clock => clock(text).map(|(seconds, _)| seconds).or_else(|| minutes(text)),
        Notation::Laps => lap(text),
        Notation::Measured(unit) => measured(text, unit, false),
        Notation::MeasuredComma(unit) => measured(text, unit, true),
        Notation::Ranges => Range::of(text).map(Range::middle),
        Notation::Graded => grade(text),
        Notation::Fractions => fraction(text),
        Notation::Between => between_times(text),
    };
    match value {
        Some(value) if value.is_nan() => Cell::Missing,
        Some(value) if value.is_infinite() => Cell::Infinite,
        Some(value) => Cell::Number(value),
        None if is_missing(text) => Cell::Missing,
        None => Cell::Word,
    }
}

/// A number with a unit; without one where there is none, or the number stands for nothing.
fn measured(text: &str, unit: Unit, comma: bool) -> Option<f64> {
    if unit == Unit::LETTERS {
        return lettered(text, comma).map(|(value, _)| value);
    }
    measure(text, comma).and_then(|found| found.in_unit(unit))
}

/// Digits with a sign, marks between them and an exponent, and nothing else.
pub(super) fn bare_number(text: &str, notation: Notation) -> Option<f64> {
    match notation {
        Notation::Comma => grouped(text, ',', '.'),
        _ => grouped(text, '.', ','),
    }
}

/// Whether a cell is a number in any notation.
pub(super) fn is_number(text: &str) -> bool {
    [Notation::Plain, Notation::Point, Notation::Comma]
        .into_iter()
        .any(|notation| matches!(cell(text, notation), Cell::Number(_) | Cell::Infinite))
}

/// Signs of money that may stand before or behind a number.
pub(super) const MONEY: [char; 8] = ['$', '€', '£', '¥', '₹', '₽', '₩', '₺'];

/// A number as it is, or with what accounts and Fortran put around it: money, per cent, brackets or a minus behind it for less than nothing, an
/// exponent with D.
fn dressed(text: &str, decimal: char, thousands: char) -> Option<f64> {
    let plain = |text: &str| grouped(text, decimal, thousands);
    if let Some(value) = plain(text) {
        return Some(value);
    }
    if let Some(inside) = text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        let value = plain(inside.trim()).or_else(|| undressed(inside.trim(), &plain))?;
        return (value >= 0.0).then_some(-value);
    }
    undressed(text, &plain)
}

fn undressed(text: &str, plain: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
    // As SAP writes less than nothing.
    if let Some(sum) = text.strip_suffix(['-', '−']).filter(|sum| sum.starts_with(|c: char| c.is_ascii_digit())) {
        return plain(sum.trim_end()).map(|value| -value);
    }
    if let Some(share) = text.strip_suffix('%') {
        return plain(share.trim_end()).map(|value| value / 100.0);
    }
    let (sign, rest) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (-1.0, rest.trim_start()),
        None => (1.0, text),
    };
    if let Some(sum) = rest.strip_prefix(MONEY) {
        let sum = sum.trim_start();
        // Brackets may stand behind the sign of money too.
        if let Some(inside) = sum.strip_prefix('(').and_then(|sum| sum.strip_suffix(')')).filter(|_| sign > 0.0) {
            return plain(inside.trim()).filter(|value| *value >= 0.0).map(|value| -value);
        }
        return plain(sum).filter(|_| sign > 0.0 || !sum.starts_with(['-', '+', '−'])).map(|value| sign * value);
    }
    if let Some(sum) = text.strip_suffix(MONEY) {
        return plain(sum.trim_end());
    }
    // With a fraction and a sign, as Fortran writes it; `12D4` is a name.
    let (digits, exponent) = text.split_once(['D', 'd'])?;
    let is_exponent = exponent.strip_prefix(['+', '-']).is_some_and(|e| !e.is_empty() && e.len() < 4);
    let is_fraction = digits.contains(['.', ',']) && !digits.contains(['e', 'E']);
    (is_fraction && is_exponent).then(|| plain(&format!("{digits}e{exponent}"))).flatten()
}

/// Whether a number stands with more than signs and marks.
pub(super) fn is_dressed(text: &str) -> bool {
    let text = text.trim();
    text.contains(MONEY) || text.ends_with(['%', '-', '−']) || text.starts_with('(') || text.contains(['D', 'd'])
}

/// A number with marks between its thousands, which have to part it into threes; or commas as in India, between the thousands and each two
/// digits before them: `12,34,567`.
fn grouped(text: &str, decimal: char, thousands: char) -> Option<f64> {
    let (sign, digits) = match text.strip_prefix(['-', '+', '−']) {
        Some(rest) if text.starts_with('+') => ("", rest),
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (whole, fraction) = digits.split_once(decimal).map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mark = |c: &char| *c == thousands || matches!(c, ' ' | '\'' | '’' | '_' | '\u{a0}' | '\u{202f}');
    let Some(mark) = whole.chars().find(mark) else {
        return number(sign, whole, fraction);
    };
    let groups: Vec<&str> = whole.split(mark).collect();
    let digits = |group: &&str| group.bytes().all(|b| b.is_ascii_digit());
    let first = groups.first().is_some_and(|first| (1..=3).contains(&first.len()) && !first.starts_with('0'));
    let threes = groups.iter().skip(1).all(|group| group.len() == 3);
    let in_threes = first && threes;
    let in_lakhs = || mark == ',' && thousands == ',' && are_lakhs(&groups);
    (groups.iter().all(digits) && (in_threes || in_lakhs())).then(|| number(sign, &groups.concat(), fraction)).flatten()
}

/// Whether digits are grouped as in India: three at the end, two in each group before, one or two in the first.
fn are_lakhs(groups: &[&str]) -> bool {
    let [first, twos @ .., threes] = groups else { return false };
    let begins = (1..=2).contains(&first.len()) && !first.starts_with('0');
    begins && !twos.is_empty() && twos.iter().all(|group| group.len() == 2) && threes.len() == 3
}

/// A number of digits and perhaps an exponent; no word such as `inf`.
fn number(sign: &str, whole: &str, fraction: Option<&str>) -> Option<f64> {
    let text = fraction.map_or_else(|| format!("{sign}{whole}"), |fraction| format!("{sign}{whole}.{fraction}"));
    let starts = whole.starts_with(|c: char| c.is_ascii_digit())
        || whole.is_empty() && fraction.is_some_and(|f| f.starts_with(|c: char| c.is_ascii_digit()));
    if starts { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_three_notations() {
        let read = |text: &str| {
            [Notation::Plain, Notation::Point, Notation::Comma].map(|notation| match cell(text, notation) {
                Cell::Number(value) => Some(value),
                _ => None,
            })
        };
        assert_eq!(read("1.5"), [Some(1.5), Some(1.5), None]);
        assert_eq!(read("1,5"), [None, None, Some(1.5)]);
        assert_eq!(read("12,400"), [None, Some(12_400.0), Some(12.4)]);
        assert_eq!(read("1.234.567,8"), [None, None, Some(1_234_567.8)]);
        assert_eq!(read("-1,234,567.8"), [None, Some(-1_234_567.8), None]);
        assert_eq!(read("0,123"), [None, None, Some(0.123)], "no thousands begin with 0");
        assert_eq!(read("1e-50"), [Some(1e-50); 3]);
        assert_eq!(read("12 400"), [None, Some(12_400.0), Some(12_400.0)]);
        assert_eq!(read("12_821"), [None, Some(12_821.0), Some(12_821.0)]);
        assert_eq!(read("1,23,456"), [None, Some(123_456.0), None], "lakhs");
        assert_eq!(read("-12,34,56,789.5"), [None, Some(-123_456_789.5), None], "crores");
        for word in ["1,2,3", "123,45,678", "1.23.456", "1,23,45", "01,23,456"] {
            assert_eq!(read(word), [None; 3], "{word}");
        }
        assert_eq!(cell("1e999", Notation::Plain), Cell::Infinite);
    }

    #[test]
    fn numbers_as_accounts_and_fortran_write_them() {
        let read = |text: &str, notation| match cell(text, notation) {
            Cell::Number(value) => Some(value),
            _ => None,
        };
        for (text, value) in [
            ("$1,200.50", 1200.5),
            ("-$5", -5.0),
            ("$-5", -5.0),
            ("€ 12.5", 12.5),
            ("(1,234.5)", -1234.5),
            ("($12)", -12.0),
            ("$(1,012.50)", -1012.5),
            ("1,234.50-", -1234.5),
            ("45%", 0.45),
            ("-1.5 %", -0.015),
            ("0.15D+03", 150.0),
            ("-.5d-1", -0.05),
        ] {
            assert_eq!(read(text, Notation::Point), Some(value), "{text}");
            assert_eq!(read(text, Notation::Plain), None, "{text}");
        }
        assert_eq!(read("1.234,50 €", Notation::Comma), Some(1234.5));
        for word in [
            "-", "--5-", "5--", "-5-", "12D4", "(a)", "()", "((1))", "(-1)", "%", "$", "--$5", "-$-5", "$5%x", "1D",
            "0.5D+", "(1", "5$5",
        ] {
            assert_eq!(read(word, Notation::Point), None, "{word}");
        }
    }
}
