//! Numbers as text, where the library and the window write them alike.

/// A number with so many decimals; what rounds to 0 has no sign.
#[must_use]
pub(crate) fn fixed(value: f64, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    match text.strip_prefix('-') {
        Some(digits) if digits.bytes().all(|b| matches!(b, b'0' | b'.')) => digits.to_owned(),
        _ => text,
    }
}

/// A score: three decimals, or a dash for what is not known.
#[must_use]
pub(crate) fn score(value: Option<f64>) -> String {
    value.filter(|v| v.is_finite()).map_or_else(|| "–".to_owned(), |v| fixed(v, 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_minus_nothing() {
        assert_eq!([-0.000_4, 0.000_4, -0.000_6, -0.0].map(|v| fixed(v, 3)), ["0.000", "0.000", "-0.001", "0.000"]);
        assert_eq!((fixed(-0.4, 0), fixed(-12.0, 1)), ("0".to_owned(), "-12.0".to_owned()));
        assert_eq!([Some(-1e-9), Some(f64::NAN), None].map(score), ["0.000", "–", "–"]);
    }
}
