//! Times of the day and spans of time, as people and programs write them.

use super::dates::whole;

/// Seconds since midnight in UTC of `hh:mm`, `hh:mm:ss.fff`, `hhmmss` or one with `PM` behind it; and of such with `Z`, `UTC` or an offset
/// such as `+02:00` behind it.
pub(in crate::data) fn seconds(text: &str) -> Option<f64> {
    if let Some((clock, ahead)) = in_zone(text) {
        return seconds(clock).map(|time| time - ahead);
    }
    let zone = ["Z", "z", " UTC", " GMT", "UTC"].iter().find_map(|zone| text.strip_suffix(zone));
    let text = zone.unwrap_or(text);
    let (clock, offset) = match text.rfind(['+', '-']) {
        Some(at) => {
            // `GMT+1` names what its offset counts from, which may then be of one digit.
            let named = [" UTC", " GMT"].iter().find_map(|zone| text[..at].strip_suffix(zone));
            let brief = named.is_some() && text.len() == at + 2;
            let padded = if brief { format!("{}0{}", &text[at..=at], &text[at + 1..]) } else { text[at..].to_owned() };
            (named.unwrap_or(&text[..at]), offset(&padded)?)
        }
        None => (text, 0.0),
    };
    let clock = clock.trim();
    if matches!(clock.len(), 2 | 4 | 6) && clock.bytes().all(|b| b.is_ascii_digit()) {
        let part = |at: usize, below: u32| match clock.get(at..at + 2) {
            Some(part) => whole(part).filter(|&part| part < below),
            None => Some(0),
        };
        return Some(f64::from(part(0, 25)? * 3600 + part(2, 60)? * 60 + part(4, 61)?) - offset);
    }
    let lower = clock.to_ascii_lowercase().replace('\u{a0}', " ");
    let half = HALVES.iter().find_map(|&(half, late)| Some((lower.strip_suffix(half)?.len(), late)));
    let (clock, half) = half.map_or((clock, None), |(end, late)| (clock[..end].trim_end(), Some(late)));
    let (time, _) = clock_parts(clock, if half.is_some() { 12 } else { 24 })?;
    let noon = 12.0 * 3600.0;
    Some(
        match half {
            None => time,
            Some(late) => time % noon + if late { noon } else { 0.0 },
        } - offset,
    )
}

/// The halves of a day as they stand behind a time, also in German and Spanish, and whether it is the second one.
const HALVES: [(&str, bool); 8] = [
    ("am", false),
    ("a.m.", false),
    ("a. m.", false),
    ("vorm.", false),
    ("pm", true),
    ("p.m.", true),
    ("p. m.", true),
    ("nachm.", true),
];

/// Zones by their letters, and the minutes that their clocks are ahead of UTC.
const ZONES: [(&str, i32); 24] = [
    ("WET", 0),
    ("WEST", 60),
    ("BST", 60),
    ("CET", 60),
    ("MEZ", 60),
    ("CEST", 120),
    ("MESZ", 120),
    ("OEZ", 120),
    ("EET", 120),
    ("EEST", 180),
    ("MSK", 180),
    ("JST", 540),
    ("KST", 540),
    ("AEST", 600),
    ("AEDT", 660),
    ("NZST", 720),
    ("NZDT", 780),
    ("EST", -300),
    ("EDT", -240),
    ("CDT", -300),
    ("MST", -420),
    ("MDT", -360),
    ("PST", -480),
    ("PDT", -420),
];

/// A time before the letters of its zone, and the seconds that its clocks are ahead of UTC.
fn in_zone(text: &str) -> Option<(&str, f64)> {
    let (clock, zone) = text.rsplit_once(' ')?;
    let (_, ahead) = ZONES.iter().find(|(name, _)| *name == zone)?;
    Some((clock.trim_end(), f64::from(*ahead) * 60.0))
}

/// A time of the day as it is written in a country: `14:30 Uhr`, `14.30 Uhr`, `14h30`; with its parts.
fn of_country(text: &str) -> Option<(f64, usize)> {
    if let Some(clock) = text.strip_suffix("Uhr").or_else(|| text.strip_suffix("uhr")) {
        return clock_parts(&clock.trim_end().replace('.', ":"), 24);
    }
    let (hours, minutes) = text.split_once(['h', 'H'])?;
    if minutes.len() != 2 || !(1..=2).contains(&hours.len()) {
        return None;
    }
    clock_parts(&format!("{hours}:{minutes}"), 24)
}

/// A time of the day or a span of time, `12:30` or `125:30:15.5`, as seconds, and of how many parts it is.
pub(in crate::data) fn clock(text: &str) -> Option<(f64, usize)> {
    let late = text.ends_with(['m', 'M', '.']) && text.starts_with(|c: char| c.is_ascii_digit());
    if late && text.contains(':') {
        return seconds(text).map(|time| (time, text.matches(':').count() + 1));
    }
    let (sign, text) = text.strip_prefix('-').map_or((1.0, text), |rest| (-1.0, rest));
    let parts = clock_parts(text, 9999)
        .or_else(|| of_race(text))
        .or_else(|| of_country(text))
        .or_else(|| spelled(text, sign < 0.0).map(|time| (time, SPELLED)));
    parts.map(|(time, parts)| (sign * time, parts))
}

/// Minutes and seconds with a fraction, `12:31.5`, and that these are parts of three.
fn of_race(text: &str) -> Option<(f64, usize)> {
    let (minutes, seconds) = text.split_once(':')?;
    let (whole_seconds, _) = seconds.split_once('.').filter(|(whole_seconds, _)| whole_seconds.len() == 2)?;
    let seconds = seconds.parse::<f64>().ok().filter(|_| whole(whole_seconds).is_some_and(|seconds| seconds < 60))?;
    Some((f64::from(whole(minutes)?) * 60.0 + seconds, 3))
}

/// Seconds of a lap: `1:02.35`, or `58.20` where it took less than a minute.
pub(in crate::data) fn lap(text: &str) -> Option<f64> {
    lap_seconds(text).or_else(|| of_race(text).map(|(seconds, _)| seconds))
}

/// Seconds with a fraction, fewer than a minute has.
pub(in crate::data) fn lap_seconds(text: &str) -> Option<f64> {
    let (whole_seconds, fraction) = text.split_once('.')?;
    let digits = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
    let fits = digits && whole(whole_seconds).is_some_and(|seconds| seconds < 60);
    fits.then(|| text.parse().ok()).flatten()
}

/// Minutes alone, `45m`, as seconds: beside spans of hours they are no metres.
pub(in crate::data) fn minutes(text: &str) -> Option<f64> {
    let number = text.strip_suffix('m')?.trim_end();
    let plain = number.starts_with(|c: char| c.is_ascii_digit()) && number.ends_with(|c: char| c.is_ascii_digit());
    number.parse::<f64>().ok().filter(|_| plain).map(|minutes| minutes * 60.0)
}

/// Parts of a span of time that is written with units.
pub(super) const SPELLED: usize = 4;

/// A span of time with its units: `2 days 03:04:05`, `1h 30min`, `PT1H30M`, in seconds.
fn spelled(text: &str, negative: bool) -> Option<f64> {
    if !text.contains(|c: char| c.is_ascii_digit()) || !text.contains(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let (iso, rest) = text.strip_prefix('P').map_or((false, text), |rest| (true, rest));
    let mut rest = rest;
    let (mut total, mut parts, mut of_day) = (0.0, 0, false);
    while !rest.is_empty() {
        if iso && !of_day && rest.starts_with('T') {
            (of_day, rest) = (true, &rest[1..]);
        }
        // pandas and Python have a clock behind the days, which goes forwards where they go backwards: `-1 days +23:00:00`.
        let (forwards, time) = rest.strip_prefix('+').map_or((false, rest), |time| (true, time));
        if parts > 0
            && let Some((time, _)) = clock_parts(time, 23)
        {
            return Some(if forwards && negative { total - time } else { total + time });
        }
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let count: f64 = rest[..end].parse().ok()?;
        rest = rest[end..].trim_start();
        let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let unit = &rest[..if iso { end.min(1) } else { end }];
        total += count
            * match (unit.to_ascii_lowercase().as_str(), iso) {
                ("w" | "week" | "weeks", _) => 604_800.0,
                ("d" | "day" | "days" | "tage", _) => 86_400.0,
                ("h" | "hr" | "hrs" | "hour" | "hours" | "std", _) => 3600.0,
                ("m", true) if of_day => 60.0,
                // Behind hours or before seconds it is no metre.
                ("m", false) if parts > 0 || rest.len() > unit.len() => 60.0,
                ("min" | "mins" | "minute" | "minutes", false) => 60.0,
                ("s" | "sec" | "secs" | "second" | "seconds" | "sek", _) => 1.0,
                _ => return None,
            };
        rest = rest[unit.len()..].trim_start_matches([' ', ',']);
        parts += 1;
    }
    (parts > 0).then_some(total)
}

fn clock_parts(text: &str, most_hours: u32) -> Option<(f64, usize)> {
    let mut parts = text.split(':');
    let hours = whole(parts.next()?).filter(|&hours| hours <= most_hours)?;
    let minutes = parts.next().filter(|minutes| minutes.len() == 2).and_then(whole).filter(|&minutes| minutes < 60)?;
    let seconds = match parts.next() {
        None => None,
        Some(text) => {
            let begins = text.len() > 1 && text.bytes().take(2).all(|b| b.is_ascii_digit());
            Some(text.parse::<f64>().ok().filter(|seconds| begins && (0.0..61.0).contains(seconds))?)
        }
    };
    let count = 2 + usize::from(seconds.is_some());
    parts.next().is_none().then_some((f64::from(hours * 3600 + minutes * 60) + seconds.unwrap_or(0.0), count))
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
    fn an_offset_may_name_what_it_counts_from() {
        for text in ["3:04:05 PM GMT+1", "3:04:05 PM GMT+01:00", "14:04:05 UTC", "15:04:05+01"] {
            assert_eq!(seconds(text), Some(50_645.0), "{text}");
        }
        assert_eq!(["12:30-5", "12:30 GMT+", "12:30 GMT+123456"].map(seconds), [None; 3]);
    }

    #[test]
    fn times_are_seconds() {
        assert_eq!(
            ["12:30", "0:05", "7:05 pm"].map(|t| clock(t).map(|c| c.0)),
            [Some(45_000.0), Some(300.0), Some(68_700.0)]
        );
        assert_eq!(
            ["12:30:15.5", "125:00:01", "-1:00:00"].map(|t| clock(t).map(|c| c.0)),
            [Some(45_015.5), Some(450_001.0), Some(-3600.0)]
        );
        for (text, seconds) in [
            ("0 days 00:00:30", 30.0),
            ("1 day, 2:03:04", 93_784.0),
            ("-2 days 01:00:00", -176_400.0),
            ("-1 days +23:00:00", -3600.0),
            ("1h 30min", 5400.0),
            ("45min", 2700.0),
            ("1h 20m", 4800.0),
            ("2m30s", 150.0),
            ("2h", 7200.0),
            ("PT1H30M", 5400.0),
            ("P1DT0.5H", 88_200.0),
        ] {
            assert_eq!(clock(text), Some((seconds, SPELLED)), "{text}");
        }
        assert_eq!(["12:31.5", "1:02.35"].map(clock), [Some((751.5, 3)), Some((62.35, 3))]);
        assert_eq!(["1:02.35", "58.20", "61.5", "58", "1:2"].map(lap), [Some(62.35), Some(58.2), None, None, None]);
        assert_eq!(["45m", "1.5 m", "m", "45 km", "-5m"].map(minutes), [Some(2700.0), Some(90.0), None, None, None]);
        assert_eq!(["14h30", "9:05 Uhr", "14.30 Uhr"].map(clock), [52_200.0, 32_700.0, 52_200.0].map(|s| Some((s, 2))));
        assert_eq!(["5 km", "45m", "h", "1h 30", "P1M", "PT", "P", "3rd", "1x 2y"].map(clock), [None; 9]);
        assert_eq!(["12:60", "12:5", "1:2:3:4", "a:30", "12:30:9", "chr1:100", "3:1"].map(clock), [None; 7]);
    }
}
