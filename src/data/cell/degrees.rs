//! Degrees of latitude and longitude: `59°N`, `59° 19′ 46″ N`, `N 52° 30.6'`.

/// How many degrees a text says, those south and west below 0; `number` reads the numbers in it.
pub(super) fn degrees(text: &str, number: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
    let side = |side: char| if matches!(side, 'N' | 'E') { 1.0 } else { -1.0 };
    let (side, rest) = match (text.chars().next()?, text.chars().next_back()?) {
        (_, last @ ('N' | 'E' | 'S' | 'W')) => (side(last), text[..text.len() - 1].trim_end()),
        (first @ ('N' | 'E' | 'S' | 'W'), _) => (side(first), text[1..].trim_start()),
        _ => (0.0, text),
    };
    let (whole, rest) = rest.split_once(['°', 'º'])?;
    let (whole, rest) = (number(whole)?, rest.trim());
    let part = |text: &str, marks: &[char]| -> Option<(f64, usize)> {
        let end = text.find(|c: char| marks.contains(&c))?;
        let value = number(&text[..end]).filter(|value| (0.0..60.0).contains(value))?;
        let mark = text[end..].chars().next().map_or(0, char::len_utf8);
        Some((value, end + mark))
    };
    let (minutes, rest) = match part(rest, &['\'', '′', '’']) {
        Some((minutes, end)) => (minutes, rest[end..].trim_start()),
        // Minutes whose mark nobody wrote.
        None => match number(rest).filter(|minutes| (0.0..60.0).contains(minutes)) {
            Some(minutes) => (minutes, ""),
            None => (0.0, rest),
        },
    };
    let (seconds, rest) = match part(rest, &['"', '″', '”']) {
        Some((seconds, end)) => (seconds, rest[end..].trim_start()),
        None => (0.0, rest.trim_start_matches(['\'', '′'])),
    };
    let size = whole.abs() + minutes / 60.0 + seconds / 3600.0;
    let sign = if whole < 0.0 || whole == 0.0 && whole.is_sign_negative() { -1.0 } else { 1.0 };
    // A side and a sign contradict each other.
    let fits = rest.is_empty() && size <= 360.0 && !(side != 0.0 && sign < 0.0);
    fits.then_some(size * sign * if side == 0.0 { 1.0 } else { side })
}
