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

    /// Whether there is none.
    pub(in crate::data) fn is_none(self) -> bool {
        self.length == 0
    }
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
    fn a_unit_is_stored_as_its_name() {
        let unit = Unit::of("µg/m³").expect("it is short");
        let text = serde_json::to_string(&unit).expect("a text");
        assert_eq!(text, "\"µg/m³\"");
        assert_eq!(serde_json::from_str::<Unit>(&text).expect("the same"), unit);
        assert!(serde_json::from_str::<Unit>(&format!("\"{}\"", "x".repeat(40))).is_err());
    }
}
