//! Numbers as a person reads them.

/// Three significant digits; very small and very large numbers in powers of ten.
#[must_use]
pub fn number(value: f64) -> String {
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

/// A whole number with a thin gap between thousands.
#[must_use]
pub fn count(value: usize) -> String {
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

/// A count with its noun, such as `1 point` or `1,797 points`.
#[must_use]
pub fn counted(value: usize, one: &str) -> String {
    format!("{} {}", count(value), crate::support::language::plural(value, one))
}

/// A duration.
#[must_use]
pub fn seconds(value: f64) -> String {
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
pub fn bytes(value: usize) -> String {
    let mib = value as f64 / f64::from(1 << 20);
    if mib < 1024.0 { format!("{mib:.0} MiB") } else { format!("{:.1} GiB", mib / 1024.0) }
}

/// At most `most` characters, the end of a longer text replaced by `…`.
#[must_use]
pub fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits() {
        let shown: Vec<String> = [0.0, 0.012_345, 1.0, 12.345, 1234.5, 1e-6, 2e9, f64::NAN].map(number).into();
        assert_eq!(shown, ["0", "0.0123", "1.00", "12.3", "1234", "1.0e-6", "2.0e9", "–"]);
    }

    #[test]
    fn counts_and_durations() {
        assert_eq!([count(7), count(1234), count(1_234_567)], ["7", "1,234", "1,234,567"]);
        let shown = [seconds(0.02), seconds(2.25), seconds(42.0), seconds(600.0), seconds(7200.0)];
        assert_eq!(shown, ["20 ms", "2.2 s", "42 s", "10 min", "2.0 h"]);
        assert_eq!([bytes(3 << 20), bytes(3 << 30)], ["3 MiB", "3.0 GiB"]);
        assert_eq!(short("abcdef", 4), "abc…");
    }
}
