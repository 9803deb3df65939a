//! The unit that all numbers of a column have.

use serde::{Deserialize, Serialize};

/// Bytes of the longest unit.
const LONGEST: usize = 22;

/// What stands behind or before all numbers of a column, such as `kg`; nothing where numbers stand alone or with marks.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Unit {
    bytes: [u8; LONGEST],
    length: u8,
}

impl Unit {
    /// What thousands, millions and billions stand for that are written as `1.2K`, `3M`, `4B`, where a column has several of them.
    pub(in crate::data) const MAGNITUDE: Self = Self::fixed(b"K, M, B");
    /// Degrees of latitude or longitude, less than 0 to the south and the west.
    pub(super) const DEGREES: Self = Self::fixed("°".as_bytes());
    /// Letters behind some numbers that say how a number was found, as Eurostat writes them.
    pub(in crate::data) const FLAGS: Self = Self::fixed(b"b, e, p");
    /// Letters behind numbers that say from which others they do not differ, as tables of trials have them: `12.3ab`.
    pub(in crate::data) const LETTERS: Self = Self::fixed(b"a, b, ab");
    /// What hexadecimal numbers begin with.
    pub(in crate::data) const HEXADECIMAL: Self = Self::fixed(b"0x");
    /// Inches, which feet with inches come to.
    pub(in crate::data) const INCHES: Self = Self::fixed(b"in");
    /// Sums of an account, less than 0 where they are debits.
    pub(in crate::data) const BOOKED: Self = Self::fixed(b"CR, DR");
    /// Hundredths.
    pub(in crate::data) const SHARE: Self = Self::fixed(b"%");

    const fn fixed(text: &[u8]) -> Self {
        let mut bytes = [0; LONGEST];
        let mut at = 0;
        while at < text.len() {
            bytes[at] = text[at];
            at += 1;
        }
        Self { bytes, length: text.len() as u8 }
    }

    pub(in crate::data) fn of(text: &str) -> Option<Self> {
        (text.len() <= LONGEST).then(|| Self::fixed(text.as_bytes()))
    }

    /// As it is written.
    #[must_use]
    pub fn name(&self) -> &str {
        self.bytes.get(..usize::from(self.length)).and_then(|bytes| str::from_utf8(bytes).ok()).unwrap_or_default()
    }

    /// How many of another unit make one of this, where both measure the same in powers of ten: 0.001 kilograms make a gram.
    pub(in crate::data) fn in_one(self, other: Self) -> Option<f64> {
        let ((base, power), (of_base, of_power)) = (powers(self.name())?, powers(other.name())?);
        (base == of_base).then(|| 10_f64.powi(power - of_power))
    }

    /// Whether there is none.
    pub(in crate::data) fn is_none(self) -> bool {
        self.length == 0
    }
}

/// What units are made of by letters before them, which count powers of ten ...
const BASES: [&str; 19] =
    ["g", "m", "l", "L", "s", "V", "A", "W", "Wh", "Hz", "Pa", "J", "N", "F", "Ω", "mol", "B", "bit/s", "bps"];
/// ... and those letters.
const POWERS: [(&str, i32); 14] = [
    ("n", -9),
    ("µ", -6),
    ("μ", -6),
    ("u", -6),
    ("m", -3),
    ("c", -2),
    ("d", -1),
    ("", 0),
    ("h", 2),
    ("k", 3),
    ("K", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
];

/// The base of a unit, with what stands behind a stroke, and the power of ten before it; none where it is made of no such base.
fn powers(name: &str) -> Option<((&str, &str), i32)> {
    let (above, below) = match name {
        "bit/s" => (name, ""),
        _ if name.ends_with("bit/s") => (name, ""),
        _ => name.split_once('/').unwrap_or((name, "")),
    };
    // A tonne is a million grams, and litres have two letters.
    if above == "t" {
        return Some((("g", below), 6));
    }
    POWERS.iter().find_map(|(letter, power)| {
        let base = above.strip_prefix(letter)?;
        let base = BASES.iter().find(|known| **known == base)?;
        Some(((if *base == "L" { "l" } else { base }, below), *power))
    })
}

impl std::fmt::Debug for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Unit({:?})", self.name())
    }
}

impl From<Unit> for String {
    fn from(unit: Unit) -> Self {
        unit.name().to_owned()
    }
}

impl TryFrom<String> for Unit {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::of(&text).ok_or_else(|| format!("a unit has {} bytes", text.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_one_kind_differ_in_powers_of_ten() {
        let times = |one: &str, other: &str| Unit::of(one)?.in_one(Unit::of(other)?);
        for (one, other, expected) in [
            ("kg", "g", Some(1e3)),
            ("g", "kg", Some(1e-3)),
            ("t", "kg", Some(1e3)),
            ("ml", "L", Some(1e-3)),
            ("µg/l", "mg/l", Some(1e-3)),
            ("Mbit/s", "kbit/s", Some(1e3)),
            ("GB", "KB", Some(1e6)),
            ("mm", "m", Some(1e-3)),
            ("mg/l", "mg/dl", None),
            ("kg", "km", None),
            ("min", "s", None),
            ("kg", "lb", None),
            ("", "g", None),
        ] {
            let found = times(one, other);
            assert!(
                found.is_some() == expected.is_some()
                    && found.zip(expected).is_none_or(|(a, b)| (a / b - 1.0).abs() < 1e-12),
                "{one} {other}: {found:?}"
            );
        }
    }

    #[test]
    fn a_unit_is_stored_as_its_name() {
        let unit = Unit::of("µg/m³").expect("it is short");
        let text = serde_json::to_string(&unit).expect("a text");
        assert_eq!(text, "\"µg/m³\"");
        assert_eq!(serde_json::from_str::<Unit>(&text).expect("the same"), unit);
        assert!(serde_json::from_str::<Unit>(&format!("\"{}\"", "x".repeat(40))).is_err());
    }
}
