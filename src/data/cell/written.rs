//! Numbers that are written in a way of their own: hexadecimal, in feet and inches, as credit and debit.

use crate::data::Unit;

/// Most digits of a hexadecimal number: longer ones are names, as of commits and addresses.
const HEXADECIMAL: usize = 8;
/// What stands between feet and inches, and behind inches.
const FEET: [&str; 6] = ["'", "′", "’", "feet", "ft.", "ft"];
const INCHES: [&str; 9] = ["\"", "″", "”", "''", "’’", "′′", "inches", "in.", "in"];

/// A number that is written so, and what a column of such is in.
pub(super) fn written(text: &str, number: &dyn Fn(&str) -> Option<f64>) -> Option<(f64, Unit)> {
    let hexadecimal = || hexadecimal(text).map(|value| (value, Unit::HEXADECIMAL));
    let feet = || feet(text, number).map(|inches| (inches, Unit::INCHES));
    hexadecimal().or_else(feet).or_else(|| booked(text, number).map(|value| (value, Unit::BOOKED)))
}

/// `0x1A3F`.
fn hexadecimal(text: &str) -> Option<f64> {
    let digits = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"))?;
    let fits = (1..=HEXADECIMAL).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    fits.then(|| u32::from_str_radix(digits, 16).ok()).flatten().map(f64::from)
}

/// Inches of `5'11"` or `5 ft 11 in`; feet alone may be minutes as well.
fn feet(text: &str, number: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let feet: u32 = text[..digits].parse().ok()?;
    let rest = text[digits..].trim_start();
    let rest = FEET.iter().find_map(|mark| rest.strip_prefix(mark))?.trim();
    let inches = INCHES.iter().find_map(|mark| rest.strip_suffix(mark)).unwrap_or(rest).trim_end();
    let inches = number(inches).filter(|inches| (0.0..12.0).contains(inches))?;
    Some(f64::from(feet) * 12.0 + inches)
}

/// What is taken from an account, `250.00 DR`, as less than 0 and what comes to it, `1,200.00 CR`, as more.
fn booked(text: &str, number: &dyn Fn(&str) -> Option<f64>) -> Option<f64> {
    let text = text.strip_suffix('.').unwrap_or(text);
    let (sum, side) = text.split_at_checked(text.len().checked_sub(2)?)?;
    let sign = match side {
        "CR" | "Cr" | "cr" => 1.0,
        "DR" | "Dr" | "dr" => -1.0,
        _ => return None,
    };
    let sum = sum.trim_end();
    let sum = sum.strip_prefix(crate::data::cell::MONEY).map_or(sum, str::trim_start);
    number(sum).map(|sum| sign * sum)
}

#[cfg(test)]
mod tests {
    use crate::data::cell::measure::measure;

    #[test]
    fn numbers_in_ways_of_their_own_are_read() {
        for (text, value, unit) in [
            ("0x1A3F", 6719.0, "0x"),
            ("0X0", 0.0, "0x"),
            ("5'11\"", 71.0, "in"),
            ("6′ 2.5″", 74.5, "in"),
            ("5 ft 11 in", 71.0, "in"),
            ("5’0”", 60.0, "in"),
            ("6'2", 74.0, "in"),
            ("1,234.50 CR", 1234.5, "CR, DR"),
            ("$250.00 Dr.", -250.0, "CR, DR"),
        ] {
            let found = measure(text, false).unwrap_or_else(|| panic!("{text} is a number"));
            assert!((found.value - value).abs() < 1e-9 && found.unit.name() == unit, "{text}: {found:?}");
        }
        for text in ["0x", "0xZ1", "0x1234567890", "5'12\"", "'11\"", "x'3", "12 dry", "CR", "DR 5"] {
            let found = measure(text, false).map(|found| found.unit.name().to_owned());
            assert!(found.is_none_or(|unit| !["0x", "in", "CR, DR"].contains(&unit.as_str())), "{text}");
        }
    }
}
