//! One cell of a table: what is missing, and how numbers, flags and dates are written.

use serde::{Deserialize, Serialize};

/// Words that mean a missing value wherever they stand, in any case.
pub(crate) const SURELY_MISSING: [&str; 16] = [
    "", "nan", "-nan", "#n/a", "#na", "#n/a n/a", "#null!", "<na>", "n/a", "n.a.", "null", "(null)", "\\n", "?",
    "1.#qnan", "-1.#ind",
];
/// Words that mean one among numbers, and may be a name among words: Namibia's code, North America, a class called none.
const MISSING_AMONG_NUMBERS: [&str; 10] = ["na", "none", "nil", "missing", "-", "--", "–", "—", ".", ".."];

/// Whether a cell, without blanks around it, holds nothing, among numbers.
pub(super) fn is_missing(text: &str) -> bool {
    is_surely_missing(text) || MISSING_AMONG_NUMBERS.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a cell, without blanks around it, holds nothing, whatever else stands in its column.
pub(super) fn is_surely_missing(text: &str) -> bool {
    SURELY_MISSING.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// What a cell that says nothing may hold, in words.
pub(super) fn missing_words() -> String {
    "empty, NA, N/A, #N/A, NaN, null, None, nil, missing, ?, -, . and \\N, in any case".to_owned()
}

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
}

/// Read a cell in a notation.
pub(super) fn cell(text: &str, notation: Notation) -> Cell {
    let text = text.trim();
    let value = match notation {
        Notation::Plain => text.parse().ok(),
        Notation::Point => dressed(text, '.', ','),
        Notation::Comma => dressed(text, ',', '.'),
    };
    match value {
        Some(value) if value.is_nan() => Cell::Missing,
        Some(value) if value.is_infinite() => Cell::Infinite,
        Some(value) => Cell::Number(value),
        None if is_missing(text) => Cell::Missing,
        None => Cell::Word,
    }
}

/// Whether a cell is a number in any notation.
pub(super) fn is_number(text: &str) -> bool {
    [Notation::Plain, Notation::Point, Notation::Comma]
        .into_iter()
        .any(|notation| matches!(cell(text, notation), Cell::Number(_) | Cell::Infinite))
}

/// Signs of money that may stand before or behind a number.
const MONEY: [char; 8] = ['$', '€', '£', '¥', '₹', '₽', '₩', '₺'];

/// A number as it is, or with what accounts and Fortran put around it: money, per cent, brackets for less than nothing, an exponent with D.
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
    if let Some(share) = text.strip_suffix('%') {
        return plain(share.trim_end()).map(|value| value / 100.0);
    }
    let (sign, rest) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (-1.0, rest.trim_start()),
        None => (1.0, text),
    };
    if let Some(sum) = rest.strip_prefix(MONEY) {
        let sum = sum.trim_start();
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
    text.contains(MONEY) || text.ends_with('%') || text.starts_with('(') || text.contains(['D', 'd'])
}

/// A number with marks between its thousands, which have to part it into threes.
fn grouped(text: &str, decimal: char, thousands: char) -> Option<f64> {
    let (sign, digits) = match text.strip_prefix(['-', '+', '−']) {
        Some(rest) if text.starts_with('+') => ("", rest),
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (whole, fraction) = digits.split_once(decimal).map_or((digits, None), |(whole, rest)| (whole, Some(rest)));
    let mark = |c: &char| *c == thousands || matches!(c, ' ' | '\'' | '’' | '\u{a0}' | '\u{202f}');
    let Some(mark) = whole.chars().find(mark) else {
        return number(sign, whole, fraction);
    };
    let groups: Vec<&str> = whole.split(mark).collect();
    let digits = |group: &&str| group.bytes().all(|b| b.is_ascii_digit());
    let first = groups.first().is_some_and(|first| (1..=3).contains(&first.len()) && !first.starts_with('0'));
    let threes = groups.iter().skip(1).all(|group| group.len() == 3);
    (first && threes && groups.iter().all(digits)).then(|| number(sign, &groups.concat(), fraction)).flatten()
}

/// A number of digits and perhaps an exponent; no word such as `inf`.
fn number(sign: &str, whole: &str, fraction: Option<&str>) -> Option<f64> {
    let text = fraction.map_or_else(|| format!("{sign}{whole}"), |fraction| format!("{sign}{whole}.{fraction}"));
    let starts = whole.starts_with(|c: char| c.is_ascii_digit())
        || whole.is_empty() && fraction.is_some_and(|f| f.starts_with(|c: char| c.is_ascii_digit()));
    if starts { text.parse().ok() } else { None }
}

/// A cell as yes or no.
pub(super) fn flag(text: &str) -> Option<bool> {
    const YES: [&str; 12] = ["true", "yes", "t", "y", "on", "ja", "oui", "si", "sí", "sim", "vrai", "wahr"];
    const NO: [&str; 11] = ["false", "no", "f", "n", "off", "nein", "non", "nej", "não", "faux", "falsch"];
    let is = |word: &&str| text.eq_ignore_ascii_case(word);
    if YES.iter().any(is) { Some(true) } else { NO.iter().any(is).then_some(false) }
}

/// In which order a date has its parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// 2024-01-31.
    YearMonthDay,
    /// 31-01-2024.
    DayMonthYear,
    /// 01-31-2024.
    MonthDayYear,
}

impl DateOrder {
    pub(super) const ALL: [Self; 3] = [Self::YearMonthDay, Self::DayMonthYear, Self::MonthDayYear];

    /// As it is written.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::YearMonthDay => "year-month-day",
            Self::DayMonthYear => "day-month-year",
            Self::MonthDayYear => "month-day-year",
        }
    }
}

/// A date, with or without a time, as days since the beginning of 1970 in UTC; a time without an offset is taken for UTC.
pub(super) fn date(text: &str, order: DateOrder) -> Option<f64> {
    let (first, after) = text.split_once(' ').map_or((text, None), |(first, after)| (first, Some(after.trim())));
    if let Some((day, month, year)) = with_month(first) {
        let days = days(year, month, day).filter(|_| order == DateOrder::DayMonthYear)?;
        return Some(days as f64 + after.map_or(Some(0.0), seconds)? / 86_400.0);
    }
    let (date, time) = match text.find(['T', ' ']) {
        Some(at) => (&text[..at], Some(text[at + 1..].trim())),
        None => (text, None),
    };
    let mark = date.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '-' | '/' | '.'))?;
    let parts: Vec<&str> = date.split(mark).collect();
    let [first, second, third] = parts[..] else { return None };
    let (year, month, day) = match order {
        DateOrder::YearMonthDay => (first, second, third),
        DateOrder::DayMonthYear => (third, second, first),
        DateOrder::MonthDayYear => (third, first, second),
    };
    if year.len() != 4 || !(1..=2).contains(&month.len()) || !(1..=2).contains(&day.len()) {
        return None;
    }
    let part = |text: &str| text.parse::<u32>().ok();
    let days = days(i64::from(part(year)?), part(month)?, part(day)?)?;
    Some(days as f64 + time.map_or(Some(0.0), seconds)? / 86_400.0)
}

/// Day, month and year of `01JAN2024` or `1-Jan-2024`.
fn with_month(text: &str) -> Option<(u32, u32, i64)> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let begins = text.find(|c: char| c.is_ascii_alphabetic())?;
    let (day, rest) = text.split_at(begins);
    let (month, year) = rest.split_at_checked(3)?;
    let month = (1..).zip(MONTHS).find(|(_, name)| month.eq_ignore_ascii_case(name))?.0;
    let (day, year) = match (day.strip_suffix('-'), year.strip_prefix('-')) {
        (Some(day), Some(year)) => (day, year),
        (None, None) => (day, year),
        _ => return None,
    };
    let whole = (1..=2).contains(&day.len()) && year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    if whole { Some((day.parse().ok()?, month, year.parse().ok()?)) } else { None }
}

/// Days from the first of January 1970 to a day of the Gregorian calendar.
fn days(year: i64, month: u32, day: u32) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    // Years begin in March, so that the odd day comes last; 400 of them have 146,097 days.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let of_year = i64::from((153 * month + 2) / 5 + day - 1);
    Some(era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468)
}

/// The day of the Gregorian calendar that so many days after the first of January 1970 is in: `2024-01-31`.
pub(super) fn day(days: f64) -> String {
    // As in `days`: years begin in March.
    let days = days.floor().clamp(-1e8, 1e8) as i64 + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = (year + 400 * era, if month < 10 { month + 3 } else { month - 9 });
    format!("{:04}-{month:02}-{day:02}", year + i64::from(month <= 2))
}

/// Seconds since midnight in UTC of `hh:mm`, `hh:mm:ss.fff`, with `Z` or an offset such as `+02:00` behind it.
fn seconds(text: &str) -> Option<f64> {
    let text = text.strip_suffix(['Z', 'z']).or_else(|| text.strip_suffix(" UTC")).unwrap_or(text);
    let (clock, offset) = match text.rfind(['+', '-']) {
        Some(at) => (&text[..at], offset(&text[at..])?),
        None => (text, 0.0),
    };
    let mut parts = clock.trim().split(':');
    let hours: f64 = parts.next()?.parse::<u32>().ok().filter(|&h| h <= 24)?.into();
    let minutes: f64 = parts.next()?.parse::<u32>().ok().filter(|&m| m < 60)?.into();
    let seconds: f64 = parts.next().map_or(Some(0.0), |s| s.parse().ok().filter(|s| (0.0..61.0).contains(s)))?;
    parts.next().is_none().then_some(hours * 3600.0 + minutes * 60.0 + seconds - offset)
}

/// Seconds that a clock is ahead of UTC: `+02:00`, `+0200` or `+02`.
fn offset(text: &str) -> Option<f64> {
    let sign = if text.starts_with('-') { -1.0 } else { 1.0 };
    let digits: String = text[1..].chars().filter(|c| *c != ':').collect();
    let (hours, minutes) = (digits.get(..2)?.parse::<u32>().ok()?, digits.get(2..).filter(|m| !m.is_empty()));
    let minutes = minutes.map_or(Some(0), |m| m.parse::<u32>().ok().filter(|&m| m < 60))?;
    (hours <= 14).then(|| sign * f64::from(hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_missing_are_known() {
        let lists = "|#N/A|N/A|n/a|NA|NULL|<NA>|None|NaN|nan|null|-nan|\\N|-|?|missing|n.a.|.";
        for word in lists.split('|') {
            assert_eq!(cell(word, Notation::Plain), Cell::Missing, "{word}");
        }
        assert_eq!(["oops", "0x1", "inch"].map(|w| cell(w, Notation::Plain)), [Cell::Word; 3]);
        assert!(!is_surely_missing("NA") && !is_surely_missing("none") && is_surely_missing("N/A"));
    }

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
        assert_eq!(read("1,23,456"), [None; 3]);
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
            ("45%", 0.45),
            ("-1.5 %", -0.015),
            ("0.15D+03", 150.0),
            ("-.5d-1", -0.05),
        ] {
            assert_eq!(read(text, Notation::Point), Some(value), "{text}");
            assert_eq!(read(text, Notation::Plain), None, "{text}");
        }
        assert_eq!(read("1.234,50 €", Notation::Comma), Some(1234.5));
        for word in ["12D4", "(a)", "()", "((1))", "(-1)", "%", "$", "--$5", "-$-5", "$5%x", "1D", "0.5D+", "(1", "5$5"]
        {
            assert_eq!(read(word, Notation::Point), None, "{word}");
        }
    }

    #[test]
    fn flags_in_pairs() {
        assert_eq!(
            ["True", "FALSE", "y", "off", "Ja", "nein", "1", "maybe"].map(flag).map(|f| f.map(u8::from)),
            [Some(1), Some(0), Some(1), Some(0), Some(1), Some(0), None, None]
        );
    }

    #[test]
    fn days_are_written_as_the_dates_they_came_from() {
        for days in (-719_000..2_000_000).step_by(97) {
            assert_eq!(date(&day(f64::from(days)), DateOrder::YearMonthDay), Some(f64::from(days)), "{days}");
        }
    }

    #[test]
    fn dates_are_days_since_1970() {
        use DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};
        assert_eq!(date("1970-01-01", YearMonthDay), Some(0.0));
        assert_eq!(date("2000-03-01", YearMonthDay), Some(11_017.0));
        assert_eq!(date("1969-12-31T12:00:00Z", YearMonthDay), Some(-0.5));
        assert_eq!(date("2024-02-29 06:00", YearMonthDay), Some(19_782.25));
        assert_eq!(date("2024-02-29T01:00:00.0+02:00", YearMonthDay), Some(19_782.0 - 1.0 / 24.0));
        assert_eq!(date("29.02.2024", DayMonthYear), Some(19_782.0));
        assert_eq!(date("2/29/2024", MonthDayYear), Some(19_782.0));
        assert_eq!(date("02Oct2024 12:00", DayMonthYear), Some(19_998.5));
        for text in ["29FEB2024", "29-feb-2024"] {
            assert_eq!(date(text, DayMonthYear), Some(19_782.0), "{text}");
            assert_eq!(date(text, YearMonthDay), None, "its order is known");
        }
        assert_eq!(["30FEB2024", "1Foo2024", "1-Jan2024", "Jan2024", "May"].map(|t| date(t, DayMonthYear)), [None; 5]);
        for wrong in ["2023-02-29", "2024-13-01", "12:30", "2024-1", "1.5", "", "2024-01-01 25:00", "24-01-01"] {
            assert_eq!(date(wrong, YearMonthDay), None, "{wrong}");
        }
    }
}
