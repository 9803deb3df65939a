//! Digits of other scripts as those that numbers are read from, and cells that are protected from spreadsheets.

use std::borrow::Cow;

/// The first digit of Arabic, Persian, Devanagari, Bengali, Thai and full width.
const ZEROS: [char; 6] = ['٠', '۰', '०', '০', '๐', '０'];

/// What typesetters put before a number that is less than 0: the sign for it, and dashes.
const MINUS: [char; 4] = ['\u{2212}', '\u{2013}', '\u{2012}', '\u{fe63}'];

/// What a digit of another script stands for.
fn digit(c: char) -> Option<char> {
    let of = |zero: &char| (c as u32).checked_sub(*zero as u32).filter(|value| *value < 10);
    ZEROS.iter().find_map(of).and_then(|value| char::from_digit(value, 10))
}

/// A cell with the digits, and the marks beside them, that a number is read from; as it is where it has none of other scripts.
pub(in crate::data) fn western(text: &str) -> Cow<'_, str> {
    let text = unprotected(text);
    if let Some(rest) = text.strip_prefix(MINUS)
        && rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | ','))
    {
        return format!("-{rest}").into();
    }
    if text.is_ascii() || !text.chars().any(|c| digit(c).is_some()) {
        return text.into();
    }
    let plain = |c: char| match c {
        '٫' | '．' => '.',
        '٬' | '，' => ',',
        '－' => '-',
        '＋' => '+',
        '％' | '٪' => '%',
        '：' => ':',
        '／' => '/',
        _ => digit(c).unwrap_or(c),
    };
    // Marks of the direction of writing say nothing.
    text.chars().filter(|c| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{061c}')).map(plain).collect()
}

/// A cell without what keeps a spreadsheet from making a number of it: `="0123"`.
pub(in crate::data) fn unprotected(text: &str) -> &str {
    text.strip_prefix("=\"").and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_other_scripts_are_digits() {
        for (text, wanted) in [
            ("٣٫٥", "3.5"),
            ("۱٬۲۳۴", "1,234"),
            ("１２．５", "12.5"),
            ("२०२४-०१-०५", "2024-01-05"),
            ("２０２４年１月５日", "2024年1月5日"),
            ("12 °C", "12 °C"),
            ("=\"12.5\"", "12.5"),
            ("=\"", "=\""),
            ("−1.5", "-1.5"),
            ("–12", "-12"),
            ("–", "–"),
            ("– 5", "– 5"),
            ("عمر", "عمر"),
        ] {
            assert_eq!(western(text), wanted);
        }
    }
}
