//! Plain decimal numbers, the most frequent cells of all, read in one go.

/// The powers of ten that a division needs; double precision holds each of them exactly.
const TENS: [f64; 19] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18];
/// The greatest whole number up to which double precision holds all.
const WHOLE: u64 = 1 << 53;
/// Letters that surely fit in 64 bits as digits.
const LONGEST: usize = 18;

/// Digits, perhaps with a minus before them and a point among them, if few enough that the number is the quotient of two that double
/// precision holds: one division rounds once, so it is the nearest there is, as the standard library's is. Anything else is for that.
pub(super) fn short_decimal(text: &[u8]) -> Option<f64> {
    let (negative, digits) = match text {
        [b'-', digits @ ..] => (true, digits),
        digits => (false, digits),
    };
    if digits.len() > LONGEST {
        return None;
    }
    let (mut whole, mut point) = (0_u64, None);
    for (at, &letter) in digits.iter().enumerate() {
        let digit = letter.wrapping_sub(b'0');
        if digit < 10 {
            whole = 10 * whole + u64::from(digit);
        } else if letter == b'.' && point.is_none() {
            point = Some(at);
        } else {
            return None;
        }
    }
    let fraction = point.map_or(0, |point| digits.len() - 1 - point);
    if whole > WHOLE || digits.len() == usize::from(point.is_some()) {
        return None;
    }
    let value = whole as f64 / TENS[fraction];
    Some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_decimal_is_what_the_standard_library_reads_to_the_last_bit() {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            state >> 33
        };
        let mut read = 0;
        for _ in 0..200_000 {
            let sign = ["", "-"][next() as usize % 2];
            let (whole, fraction) = (next() >> (next() % 32), next().to_string());
            let fraction =
                format!("{}{}", "0".repeat(next() as usize % 5), &fraction[..next() as usize % fraction.len()]);
            let text = format!("{sign}{whole}.{fraction}");
            let Some(value) = short_decimal(text.as_bytes()) else { continue };
            assert_eq!(text.parse().map(f64::to_bits), Ok(value.to_bits()), "{text}");
            read += 1;
        }
        assert!(read > 150_000, "{read}");
        for text in
            ["0", "-0", "5.", ".5", "-.25", "007", "9007199254740992", "0.30000000000000004", "123456789012345678"]
        {
            let value = short_decimal(text.as_bytes()).map(f64::to_bits);
            assert!(value.is_none() || value == text.parse().ok().map(f64::to_bits), "{text}");
        }
        for text in ["", "-", ".", "-.", "1e5", "+1", " 1", "1,5", "1.2.3", "9007199254740993", "inf", "٣"] {
            assert_eq!(short_decimal(text.as_bytes()), None, "{text}");
        }
    }
}
