//! Dates and times as people write them.

use serde::{Deserialize, Serialize};

use super::clock::seconds;
use crate::support::clock::civil;

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
    /// 24-01-31: years from this one on are of the twentieth century, those before it of the next one.
    ShortYearMonthDay(u8),
    /// 31-01-24, likewise.
    ShortDayMonthYear(u8),
    /// 01-31-24, likewise.
    ShortMonthDayYear(u8),
}

impl DateOrder {
    /// As it is written.
    pub(in crate::data) fn name(self) -> &'static str {
        match self {
            Self::YearMonthDay => "year-month-day",
            Self::DayMonthYear => "day-month-year",
            Self::MonthDayYear => "month-day-year",
            Self::ShortYearMonthDay(_) => "year-month-day, years of two digits",
            Self::ShortDayMonthYear(_) => "day-month-year, years of two digits",
            Self::ShortMonthDayYear(_) => "month-day-year, years of two digits",
        }
    }

    /// The first year of two digits that is one of the twentieth century, where years have two.
    pub(in crate::data) fn since(self) -> Option<u8> {
        match self {
            Self::YearMonthDay | Self::DayMonthYear | Self::MonthDayYear => None,
            Self::ShortYearMonthDay(since) | Self::ShortDayMonthYear(since) | Self::ShortMonthDayYear(since) => {
                Some(since)
            }
        }
    }

    /// The same order with years of two digits.
    pub(in crate::data) fn short(self, since: u8) -> Self {
        match self {
            Self::YearMonthDay | Self::ShortYearMonthDay(_) => Self::ShortYearMonthDay(since),
            Self::DayMonthYear | Self::ShortDayMonthYear(_) => Self::ShortDayMonthYear(since),
            Self::MonthDayYear | Self::ShortMonthDayYear(_) => Self::ShortMonthDayYear(since),
        }
    }

    /// A year as it is written, in full.
    fn year(self, text: &str) -> Option<i64> {
        let year: i64 = whole(text)?.into();
        match (self.since(), text.len()) {
            (None, 4) => Some(year),
            (Some(since), 2) => Some(year + if year >= i64::from(since) { 1900 } else { 2000 }),
            _ => None,
        }
    }
}

/// A date, with or without a time, as days since the beginning of 1970 in UTC; a time without an offset is taken for UTC.
pub(in crate::data) fn date(text: &str, order: DateOrder) -> Option<f64> {
    let rest;
    let text = match year_last(text) {
        Some(plain) => {
            rest = plain;
            rest.as_str()
        }
        None => text,
    };
    let (date, time) = with_time(text);
    let (year, month, day) = day_month_year(date, order)?;
    Some(days(year, month, day)? as f64 + time.map_or(Some(0.0), seconds)? / 86_400.0)
}

/// A date whose year stands behind its time, as C's `ctime` and Unix' `date` write it, in the usual order: `Mon Jan  1 10:15:00 CET 2024`.
fn year_last(text: &str) -> Option<String> {
    let (rest, year) = text.rsplit_once(' ')?;
    if !rest.contains(':') || year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (date, time) = with_time(rest);
    Some(format!("{date} {year} {}", time?))
}

/// Whether a text is a date in any order.
pub(in crate::data) fn is_date(text: &str) -> bool {
    const ORDERS: [DateOrder; 3] = [DateOrder::YearMonthDay, DateOrder::DayMonthYear, DateOrder::MonthDayYear];
    let may_be =
        text.len() < 40 && text.contains(|c: char| c.is_ascii_digit()) && text.contains(['-', '/', '.', ' ', '年']);
    may_be && ORDERS.into_iter().any(|order| date(text, order).or_else(|| date(text, order.short(50))).is_some())
}

/// A date and the time behind it.
pub(in crate::data) fn with_time(text: &str) -> (&str, Option<&str>) {
    let part = |at: usize| (text[..at].trim_end_matches([' ', ',']), Some(text[at + 1..].trim()));
    if matches!(text.len(), 10 | 12 | 14) && text.bytes().all(|b| b.is_ascii_digit()) {
        // As in 202401311015.
        return (&text[..8], Some(&text[8..]));
    }
    match text.find(':') {
        // As SAS writes them: 31JAN24:10:15:00.
        Some(colon) if is_of_sas(&text[..colon]) => (&text[..colon], Some(&text[colon + 1..])),
        Some(colon) => text[..colon].rfind([' ', 'T', 't']).map_or((text, None), part),
        // As in 20240131T101500.
        None => text
            .find('T')
            .filter(|&at| at == 8 && text[..at].bytes().all(|b| b.is_ascii_digit()))
            .map_or((text, None), part),
    }
}

/// Whether a text is a date such as `31JAN24`.
fn is_of_sas(text: &str) -> bool {
    let day = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = text.get(day + 3..).unwrap_or_default();
    let month = text.as_bytes().iter().skip(day).take(3).all(u8::is_ascii_alphabetic);
    (1..=2).contains(&day) && month && matches!(rest.len(), 2 | 4) && rest.bytes().all(|b| b.is_ascii_digit())
}

/// Year, month and day of a date without a time.
pub(in crate::data) fn day_month_year(text: &str, order: DateOrder) -> Option<(i64, u32, u32)> {
    if text.contains(|c: char| c.is_alphabetic()) {
        return with_words(text, order);
    }
    if order == DateOrder::YearMonthDay && text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit()) {
        return Some((order.year(&text[..4])?, whole(&text[4..6])?, whole(&text[6..])?));
    }
    let mark = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| matches!(c, '-' | '/' | '.'))?;
    let mut parts = text.split(mark).map(str::trim);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next());
    if parts.next().is_some() {
        return None;
    }
    let Some(third) = third else {
        // A month: 2024-01.
        let month = order == DateOrder::YearMonthDay && mark != '.' && second.len() == 2;
        return if month { Some((order.year(first)?, whole(second)?, 1)) } else { None };
    };
    let (year, month, day) = match order {
        DateOrder::YearMonthDay | DateOrder::ShortYearMonthDay(_) => (first, second, third),
        DateOrder::DayMonthYear | DateOrder::ShortDayMonthYear(_) => (third, second, first),
        DateOrder::MonthDayYear | DateOrder::ShortMonthDayYear(_) => (third, first, second),
    };
    let brief = |text: &str| (1..=2).contains(&text.len());
    let parts = (order.year(year)?, whole(month)?, whole(day)?);
    (brief(month) && brief(day)).then_some(parts)
}

/// A whole number that is written in digits alone.
pub(in crate::data) fn whole(text: &str) -> Option<u32> {
    let digits = !text.is_empty() && text.len() < 9 && text.bytes().all(|b| b.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

/// A date with a month by its name, or a quarter; known as one with the day first, since nothing else could be meant.
fn with_words(text: &str, order: DateOrder) -> Option<(i64, u32, u32)> {
    if !matches!(order, DateOrder::DayMonthYear | DateOrder::ShortDayMonthYear(_)) {
        return None;
    }
    if let Some(day) = of_week(text, order) {
        return Some(day);
    }
    if is_of_sas(text) {
        // 01JAN2024.
        let (day, rest) = text.split_at(text.bytes().take_while(u8::is_ascii_digit).count());
        return Some((order.year(&rest[3..])?, month(&rest[..3])?, whole(day)?));
    }
    if let Some(rest) = text.strip_suffix('日') {
        let (year, rest) = rest.split_once('年')?;
        let (month, day) = rest.split_once('月')?;
        return Some((order.year(year)?, whole(month)?, whole(day)?));
    }
    let mut parts: Vec<&str> = text.split([' ', ',', '-', '.', '/']).filter(|part| !part.is_empty()).collect();
    let weekday = |part: &&str| WEEKDAYS.iter().any(|name| starts_with(part, name)) && month(part).is_none();
    if parts.len() > 3 && parts.first().is_some_and(weekday) {
        parts.remove(0);
    }
    // Portuguese, Spanish and English may put a word between.
    parts.retain(|part| !["de", "of"].iter().any(|word| part.eq_ignore_ascii_case(word)));
    let quarter =
        |part: &str| part.strip_prefix(['Q', 'q']).and_then(whole).filter(|q| (1..=4).contains(q)).map(|q| 3 * q - 2);
    match parts[..] {
        // `Jan-24` is a month of a year to every spreadsheet, `Jan 24` is as likely a day.
        [_, _] if order.since().is_some() && !text.contains('-') => None,
        [one, two] => {
            let mut in_order = [(one, two), (two, one)].into_iter();
            in_order.find_map(|(name, year)| Some((order.year(year)?, quarter(name).or_else(|| month(name))?, 1)))
        }
        [one] if one.len() == 6 => Some((order.year(one.get(..4)?)?, quarter(one.get(4..)?)?, 1)),
        [one, two, year] => {
            let ordinal =
                |day: &str| whole(day.trim_end_matches(|c: char| c.is_ascii_alphabetic())).filter(|_| day.len() <= 4);
            match (month(one), month(two)) {
                (Some(month), None) => Some((order.year(year)?, month, ordinal(two)?)),
                (None, Some(month)) => Some((order.year(year)?, month, ordinal(one)?)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A week of ISO 8601 by its Monday, or a day of it: `2024-W05`, `2024W05`, `2024-W05-3`.
fn of_week(text: &str, order: DateOrder) -> Option<(i64, u32, u32)> {
    let (year, rest) = text.split_at_checked(4)?;
    let rest = rest.strip_prefix('-').unwrap_or(rest).strip_prefix(['W', 'w'])?;
    let (week, rest) = rest.split_at_checked(2)?;
    let day = match rest.strip_prefix('-').unwrap_or(rest) {
        "" if rest.is_empty() => 1,
        day => whole(day).filter(|&day| day.to_string() == *rest.trim_start_matches('-') && (1..=7).contains(&day))?,
    };
    let (year, week) = (order.year(year)?, whole(week)?);
    // The fourth of January is in the first week; the first of January 1970 was a Thursday.
    let monday = |year: i64| days(year, 1, 4).map(|fourth| fourth - (fourth + 3).rem_euclid(7));
    let day = monday(year)? + 7 * (i64::from(week) - 1) + i64::from(day) - 1;
    (week > 0 && day < monday(year + 1)?).then(|| civil(day))
}

/// How weekdays begin, in English, German, French and Spanish.
const WEEKDAYS: [&str; 24] = [
    "mon", "tue", "wed", "thu", "fri", "sat", "sun", "mo", "di", "mi", "do", "fr", "sa", "so", "lun", "mar", "mer",
    "jeu", "ven", "sam", "dim", "mié", "jue", "vie",
];

/// A month by its name or the beginning of it, in English, German, French, Spanish, Italian or Portuguese.
fn month(text: &str) -> Option<u32> {
    const NAMES: [&[&str]; 12] = [
        &["january", "januar", "jänner", "janvier", "enero", "gennaio", "janeiro"],
        &["february", "februar", "février", "fevrier", "febrero", "febbraio", "fevereiro"],
        &["march", "märz", "maerz", "mars", "marzo", "março"],
        &["april", "avril", "abril", "aprile"],
        &["may", "mai", "mayo", "maggio", "maio"],
        &["june", "juni", "juin", "junio", "giugno", "junho"],
        &["july", "juli", "juillet", "julio", "luglio", "julho"],
        &["august", "août", "aout", "agosto"],
        &["september", "septembre", "septiembre", "settembre", "setembro"],
        &["october", "oktober", "octobre", "octubre", "ottobre", "outubro"],
        &["november", "novembre", "noviembre", "novembro"],
        &["december", "dezember", "décembre", "decembre", "diciembre", "dicembre", "dezembro"],
    ];
    if text.chars().count() < 3 || !text.chars().all(char::is_alphabetic) {
        return None;
    }
    let lower = text.to_lowercase();
    let found = NAMES.iter().position(|names| names.iter().any(|name| name.starts_with(&lower)));
    // `sept` is more than the beginning of some of the names.
    found.or_else(|| (lower == "sept").then_some(8)).map(|at| at as u32 + 1)
}

fn starts_with(text: &str, name: &str) -> bool {
    text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
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
pub(in crate::data) fn day(days: f64) -> String {
    let (year, month, day) = civil(days.floor().clamp(-1e8, 1e8) as i64);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};

    #[test]
    fn days_are_written_as_the_dates_they_came_from() {
        for days in (-719_000..2_000_000).step_by(97) {
            assert_eq!(date(&day(f64::from(days)), YearMonthDay), Some(f64::from(days)), "{days}");
        }
    }

    #[test]
    fn dates_are_days_since_1970() {
        assert_eq!(date("1970-01-01", YearMonthDay), Some(0.0));
        assert_eq!(date("2000-03-01", YearMonthDay), Some(11_017.0));
        assert_eq!(date("1969-12-31T12:00:00Z", YearMonthDay), Some(-0.5));
        assert_eq!(date("2024-02-29 06:00", YearMonthDay), Some(19_782.25));
        assert_eq!(date("2024-02-29T01:00:00.0+02:00", YearMonthDay), Some(19_782.0 - 1.0 / 24.0));
        assert_eq!(date("20240229T060000Z", YearMonthDay), Some(19_782.25));
        assert_eq!(date("20240229", YearMonthDay), Some(19_782.0));
        assert_eq!(date("2024-02", YearMonthDay), Some(19_754.0));
        assert_eq!(date("29.02.2024", DayMonthYear), Some(19_782.0));
        assert_eq!(date("2/29/2024", MonthDayYear), Some(19_782.0));
        assert_eq!(date("2/29/2024 6:00 PM", MonthDayYear), Some(19_782.75));
        assert_eq!(date("2/29/2024 12:00 a.m.", MonthDayYear), Some(19_782.0));
        assert_eq!(date("02Oct2024 12:00", DayMonthYear), Some(19_998.5));
        for text in [
            "29FEB2024",
            "29-feb-2024",
            "29 February 2024",
            "February 29, 2024",
            "Feb 29th 2024",
            "29. Februar 2024",
            "29 février 2024",
            "29 de febrero de 2024",
            "Thu, 29 Feb 2024",
            "2024年2月29日",
            "29th of February 2024",
        ] {
            assert_eq!(date(text, DayMonthYear), Some(19_782.0), "{text}");
            assert_eq!(date(text, YearMonthDay), None, "its order is known");
        }
        assert_eq!(date("Thu, 29 Feb 2024 06:00:00 GMT", DayMonthYear), Some(19_782.25));
        for text in [
            "Thu Feb 29 06:00:00 2024",
            "Thu Feb 29 07:00:00 CET 2024",
            "29FEB2024:06:00:00",
            "29 Feb 2024 07:00:00 CET",
        ] {
            assert_eq!(date(text, DayMonthYear), Some(19_782.25), "{text}");
        }
        assert_eq!(date("05OCT24:12:00:00", DateOrder::ShortDayMonthYear(50)), Some(20_001.5));
        assert_eq!(date("2024/02/29 7:00:00 nachm. MEZ", YearMonthDay), Some(19_782.75));
        assert_eq!(
            ["2024022906", "202402290600", "20240229060000"].map(|t| date(t, YearMonthDay)),
            [Some(19_782.25); 3]
        );
        assert_eq!(date("2024/02/29 7:00:00 PM GMT+1", YearMonthDay), Some(19_782.75));
        for (week, day) in [
            ("2024-W09-4", "2024-02-29"),
            ("2024W094", "2024-02-29"),
            ("2024-W05", "2024-01-29"),
            ("2024w05", "2024-01-29"),
            ("2020-W53", "2020-12-28"),
            ("2021-W01", "2021-01-04"),
            ("2015-W01-1", "2014-12-29"),
        ] {
            assert_eq!(date(week, DayMonthYear), date(day, YearMonthDay), "{week}");
        }
        assert_eq!(
            ["2021-W53", "2024-W00", "2024-W05-8", "2024-W5", "24-W05", "2024-W05-"].map(|t| date(t, DayMonthYear)),
            [None; 6]
        );
        for text in ["Feb 2024", "2024-Feb", "Q1 2024", "2024Q1", "2024-Q1"] {
            assert!(date(text, DayMonthYear).is_some_and(|days| (19_723.0..=19_754.0).contains(&days)), "{text}");
        }
        let none =
            ["30FEB2024", "1Foo2024", "Jan2024", "May", "Marching 2024 on", "item 7 2024", "Q5 2024", "may be 2024"];
        assert_eq!(none.map(|t| date(t, DayMonthYear)), [None; 8]);
        for wrong in
            ["2023-02-29", "2024-13-01", "12:30", "2024-1", "1.5", "", "2024-01-01 25:00", "24-01-01", "20241301"]
        {
            assert_eq!(date(wrong, YearMonthDay), None, "{wrong}");
        }
    }
}
