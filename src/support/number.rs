//! Numbers and counts as text, all there is of it: files, the command line and the window write by these rules. Nouns are in
//! [`language`](super::language).

/// A number with so many decimals; what rounds to 0 has no sign.
#[must_use]
pub(crate) fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.bytes().all(|b| matches!(b, b'0' | b'.')) => digits.to_owned(),
        _ => text,
    }
}

/// A number that reads back as itself, in plain digits unless those would be many; `size` is its magnitude.
#[must_use]
pub(crate) fn shortest(size: f64, value: impl std::fmt::Display + std::fmt::LowerExp) -> String {
    if size == 0.0 || (1e-5..1e15).contains(&size.abs()) { value.to_string() } else { format!("{value:e}") }
}

/// A value in these words, or a dash for what is not known.
#[must_use]
pub(crate) fn or_dash<T>(value: Option<T>, words: impl FnOnce(T) -> String) -> String {
    value.map_or_else(|| "–".to_owned(), words)
}

/// A score: three decimals, or a dash for what is not known.
#[must_use]
pub(crate) fn score(value: Option<f64>) -> String {
    or_dash(value.filter(|v| v.is_finite()), |v| fixed(v, 3))
}

/// Four decimals, or a power of ten where they would show little; a dash for what is not finite.
#[must_use]
pub(crate) fn four_decimals(value: f64) -> String {
    match value.abs() {
        _ if !value.is_finite() => "–".to_owned(),
        a if a == 0.0 || (1e-3..1e4).contains(&a) => format!("{value:.4}"),
        _ => format!("{value:.1e}"),
    }
}

/// A round number above 0 as it is, or as a power of ten where that would be long.
#[must_use]
pub(crate) fn round_tick(value: f64) -> String {
    if (0.001..10_000.0).contains(&value) { format!("{value}") } else { format!("{value:.0e}") }
}

/// Three significant digits; very small and very large numbers in powers of ten.
#[must_use]
pub(crate) fn significant(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if !value.is_finite() {
        return "–".to_owned();
    }
    let magnitude = value.abs().log10().floor() as i32;
    if !(-3..6).contains(&magnitude) {
        return format!("{value:.1e}");
    }
    let decimals = usize::try_from((2 - magnitude).max(0)).unwrap_or(0);
    format!("{value:.decimals$}")
}

/// The middle of some numbers, or the mean of the two in the middle; not a number where there is none.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    let middle = values.len() / 2;
    if values.is_empty() {
        return f64::NAN;
    }
    let (below, &mut upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    let lower = below.iter().copied().fold(f64::MIN, f64::max);
    if values.len() % 2 == 1 { upper } else { lower / 2.0 + upper / 2.0 }
}

/// A count with a comma between thousands, as the window writes it.
#[must_use]
pub(crate) fn grouped(value: usize) -> String {
    let digits = value.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How many rows and columns a table or a matrix has, as the window writes it: `7,000 × 2`.
#[must_use]
pub(crate) fn dimensions(rows: usize, columns: usize) -> String {
    format!("{} × {}", grouped(rows), grouped(columns))
}

/// A share as a percentage with enough digits to tell little from nothing.
#[must_use]
pub(crate) fn percent(share: f64) -> String {
    match 100.0 * share {
        p if p <= 0.0 => "none".to_owned(),
        p if p < 0.01 => "less than 0.01 %".to_owned(),
        p if p < 1.0 => format!("{p:.2} %"),
        p => format!("{p:.1} %"),
    }
}

/// A round count in thousands, where there is little room: `4k`.
#[must_use]
pub(crate) fn in_thousands(value: f64) -> String {
    if value >= 1000.0 { format!("{}k", value / 1000.0) } else { format!("{value}") }
}

/// A duration.
#[must_use]
pub(crate) fn seconds(value: f64) -> String {
    if !value.is_finite() || value < 0.0 {
        "–".to_owned()
    } else if value < 0.1 {
        format!("{:.0} ms", value * 1e3)
    } else if value < 10.0 {
        format!("{value:.1} s")
    } else if value < 90.0 {
        format!("{value:.0} s")
    } else if value < 5400.0 {
        format!("{:.0} min", value / 60.0)
    } else {
        format!("{:.1} h", value / 3600.0)
    }
}

/// Memory.
#[must_use]
pub(crate) fn bytes(value: usize) -> String {
    let mib = value as f64 / f64::from(1 << 20);
    if mib < 1024.0 { format!("{mib:.0} MiB") } else { format!("{:.1} GiB", mib / 1024.0) }
}

/// A tick of an axis whose last digit stands `digits` places behind the point, or before it where that is below 0: short, with a
/// minus of its own, and never "−0".
#[must_use]
pub(crate) fn tick(value: f64, digits: i32) -> String {
    let text = if value == 0.0 {
        "0".to_owned()
    } else if digits > 4 || value.abs() >= 1e5 {
        // As many digits as tell one tick from the next.
        let digits = (value.abs().log10().floor() as i32).saturating_add(digits).clamp(1, 7) as usize;
        format!("{value:.digits$e}")
    } else {
        format!("{value:.0$}", digits.max(0) as usize)
    };
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_any_size_are_short_and_exact() {
        for value in [0.0, -0.5, 1e-300, 123_456.789, -1.5e22, f64::MIN_POSITIVE, 1e-5, 9.9e-6] {
            let text = shortest(value, value);
            assert!(
                text.len() < 26 && text.parse::<f64>().is_ok_and(|back| back.to_bits() == value.to_bits()),
                "{text}"
            );
        }
    }

    #[test]
    fn nothing_is_minus_nothing() {
        assert_eq!([-0.000_4, 0.000_4, -0.000_6, -0.0].map(|v| fixed(v, 3)), ["0.000", "0.000", "-0.001", "0.000"]);
        assert_eq!((fixed(-0.4, 0), fixed(-12.0, 1)), ("0".to_owned(), "-12.0".to_owned()));
        assert_eq!([Some(-1e-9), Some(f64::NAN), None].map(score), ["0.000", "–", "–"]);
    }

    #[test]
    fn significant_numbers_have_three_digits() {
        let shown = [0.0, 0.012_345, 1.0, 12.345, 1234.5, 1e-6, 2e9, f64::NAN].map(significant);
        assert_eq!(shown, ["0", "0.0123", "1.00", "12.3", "1234", "1.0e-6", "2.0e9", "–"]);
        assert_eq!([0.0, 0.25, 1e-5, f64::NAN].map(four_decimals), ["0.0000", "0.2500", "1.0e-5", "–"]);
        assert_eq!([0.05, 1000.0, 1e-6].map(round_tick), ["0.05", "1000", "1e-6"]);
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!([0, 999, 1000, 70_000, 1_234_567].map(grouped), ["0", "999", "1,000", "70,000", "1,234,567"]);
        assert_eq!([500.0, 4000.0].map(in_thousands), ["500", "4k"]);
        assert_eq!(dimensions(7000, 2), "7,000 × 2");
    }

    #[test]
    fn durations_memory_and_shares_have_the_unit_that_suits() {
        let shown = [0.02, 2.25, 42.0, 600.0, 7200.0].map(seconds);
        assert_eq!(shown, ["20 ms", "2.2 s", "42 s", "10 min", "2.0 h"]);
        assert_eq!([bytes(3 << 20), bytes(3 << 30)], ["3 MiB", "3.0 GiB"]);
        assert_eq!([0.0, 1e-5, 0.005, 0.25].map(percent), ["none", "less than 0.01 %", "0.50 %", "25.0 %"]);
    }

    #[test]
    fn a_tick_shows_what_tells_it_from_the_next() {
        assert_eq!([tick(-0.031, 2), tick(0.0, 2), tick(1e6, -6)], ["−0.03", "0", "1.0e6"]);
        assert_eq!(tick(0.006_301, 6), "6.301e−3");
    }
}
