//! One cell of a table: what is missing, and how numbers, flags and dates are written.

use serde::{Deserialize, Serialize};

/// Words that mean a missing value wherever they stand, in any case.
const SURELY_MISSING: [&str; 16] = [
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
        Notation::Point => grouped(text, '.', ','),
        Notation::Comma => grouped(text, ',', '.'),
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
    const PAIRS: [[&str; 2]; 5] = [["true", "false"], ["yes", "no"], ["t", "f"], ["y", "n"], ["on", "off"]];
    PAIRS.iter().find_map(|[yes, no]| {
        let is = |word: &str| text.eq_ignore_ascii_case(word);
        if is(yes) { Some(true) } else { is(no).then_some(false) }
    })
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
    fn flags_in_pairs() {
        assert_eq!(
            ["True", "FALSE", "y", "off", "1", "maybe"].map(flag).map(|f| f.map(u8::from)),
            [Some(1), Some(0), Some(1), Some(0), None, None]
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
        for wrong in ["2023-02-29", "2024-13-01", "12:30", "2024-1", "1.5", "", "2024-01-01 25:00", "24-01-01"] {
            assert_eq!(date(wrong, YearMonthDay), None, "{wrong}");
        }
    }
}
