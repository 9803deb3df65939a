//! What a column says of the units and marks beside its numbers.

use crate::data::Unit;
use crate::data::cell::are_slips;
use crate::data::cell::measure::{Mark, Measure, is_flag, lettered, measure};
use crate::data::cell::{Cell, Notation, cell};

/// What stands beside the numbers of a column.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::data) struct Beside {
    /// Cells that hold a number with something beside it, with a decimal point and with a decimal comma.
    measured: [usize; 2],
    /// The first unit, and another one.
    units: [Option<Unit>; 2],
    /// Numbers with a unit that is so many of the first: grams beside kilograms.
    kin: u32,
    /// Whether something else stands behind a number than letters that may say how it was found.
    unflagged: bool,
    /// Numbers with money or per cent.
    dressed: usize,
    /// Numbers other than 0 without a unit, and whether one of them is more than a whole.
    bare: usize,
    large: bool,
    /// Numbers with a mark, as [`Mark::ALL`] has them.
    marks: [usize; 5],
    /// Numbers that end with a letter for thousands or more, and whether these are several.
    magnitudes: usize,
    magnitude: Option<f64>,
    several: bool,
    /// Numbers with letters of a trial behind them, with a point and with a comma; those with a fraction; all letters, those of the first
    /// number, and whether another one has others.
    lettered: [u32; 2],
    fractions: u32,
    letters: u32,
    first_letters: u32,
    other_letters: u32,
}

impl Beside {
    /// A cell that no notation of numbers alone reads.
    pub(in crate::data) fn add(&mut self, text: &str) {
        // Most words hold no digit.
        if !text.bytes().any(|b| b.is_ascii_digit()) {
            return;
        }
        self.add_letters(text);
        let (point, comma) = (measure(text, false), measure(text, true));
        self.measured[0] += usize::from(point.is_some());
        self.measured[1] += usize::from(comma.is_some());
        let Some(found) = point.or(comma) else { return };
        self.note(&found);
        self.unflagged |= !(text.contains([' ', '(', '↑', '↓']) && is_flag(found.unit.name()));
        if let Some(mark) = found.mark {
            self.marks[mark as usize] += 1;
        }
        if found.magnitude > 1.0 {
            self.magnitudes += 1;
            self.several |= self.magnitude.is_some_and(|other| other.to_bits() != found.magnitude.to_bits());
            self.magnitude = Some(found.magnitude);
        }
    }

    fn add_letters(&mut self, text: &str) {
        let (point, comma) = (lettered(text, false), lettered(text, true));
        self.lettered[0] += u32::from(point.is_some());
        self.lettered[1] += u32::from(comma.is_some());
        let Some((_, letters)) = point.or(comma) else { return };
        if self.letters == 0 {
            self.first_letters = letters;
        }
        self.other_letters += u32::from(letters != self.first_letters);
        self.letters |= letters;
        self.fractions += u32::from(text.contains(['.', ',']));
    }

    /// Whether its numbers have letters that say which of them differ: from `a` on without a gap, not the same behind all, and behind numbers
    /// with fractions, as house numbers and questions have none.
    fn is_trial(&self, lettered: u32) -> bool {
        self.other_letters > 0
            && self.letters.trailing_ones() == u32::BITS - self.letters.leading_zeros()
            && 2 * self.fractions >= lettered
    }

    /// A number with money or per cent.
    pub(super) fn add_dressed(&mut self, text: &str, comma: bool) {
        match measure(text, comma) {
            Some(found) => {
                self.dressed += 1;
                self.note(&found);
            }
            None => self.bare += 1,
        }
    }

    /// A number alone.
    pub(super) fn add_bare(&mut self, text: &str) {
        let value = if let Cell::Number(value) = cell(text, Notation::Plain) { value.abs() } else { f64::MAX };
        self.bare += usize::from(value > 0.0);
        self.large |= value > 1.0;
    }

    fn note(&mut self, found: &Measure) {
        if found.unit.is_none() {
            self.bare += usize::from(found.value != 0.0);
            return;
        }
        match self.units {
            [None, _] => self.units[0] = Some(found.unit),
            [Some(first), None] if first != found.unit => {
                if found.unit.in_one(first).is_some() {
                    self.kin += 1;
                } else {
                    self.units[1] = Some(found.unit);
                }
            }
            _ => {}
        }
    }

    /// How the column writes its numbers, where it does so with something beside them: `numbers` of its `present` cells have nothing.
    pub(in crate::data) fn notation(&self, numbers: usize, present: usize) -> Option<Notation> {
        let comma = self.lettered[1] > self.lettered[0];
        let lettered = self.lettered[usize::from(comma)];
        let fit = lettered as usize + numbers;
        if lettered > 0 && fit <= present && are_slips(present - fit, fit) && self.is_trial(lettered) {
            let unit = Unit::LETTERS;
            return Some(if comma { Notation::MeasuredComma(unit) } else { Notation::Measured(unit) });
        }
        let comma = self.measured[1] > self.measured[0];
        let measured = self.measured[usize::from(comma)];
        let fit = measured + numbers;
        if measured == 0 || fit > present || !are_slips(present - fit, fit) {
            return None;
        }
        // Two groups below and above one number are no measures of it.
        if 2 * self.marks[Mark::Limit as usize] > present {
            return None;
        }
        let unit = match self.units {
            _ if self.counts_thousands(measured) => Unit::MAGNITUDE,
            // One letter behind all numbers may be a unit.
            [Some(_), other] if !self.unflagged && (other.is_some() || self.bare > 0) => Unit::FLAGS,
            [None, _] => Unit::default(),
            [Some(unit), None] if self.bare == 0 => unit,
            _ => return None,
        };
        Some(if comma { Notation::MeasuredComma(unit) } else { Notation::Measured(unit) })
    }

    /// The money, or per cent, that all its numbers have and nothing else has.
    pub(super) fn dressed_unit(&self) -> Option<Unit> {
        match self.units {
            [Some(unit), None] if self.measured == [0, 0] && self.bare == 0 && self.dressed > 0 => Some(unit),
            _ => None,
        }
    }

    /// Whether its numbers have money or per cent of several kinds, or per cent beside numbers that are no shares.
    pub(super) fn is_mixed(&self) -> bool {
        let several = match self.units {
            [Some(_), Some(_)] => true,
            [Some(unit), None] => unit == Unit::SHARE && self.large,
            _ => false,
        };
        self.dressed > 0 && several
    }

    /// Whether letters behind its numbers stand for thousands and more: several of them, or one beside numbers without.
    fn counts_thousands(&self, measured: usize) -> bool {
        self.magnitudes == measured && (self.several || self.bare > 0)
    }

    /// Why a column of numbers with units is none of numbers, in words.
    pub(super) fn quarrel(&self, numbers: usize, present: usize) -> Option<String> {
        let measured = self.measured[0].max(self.measured[1]);
        let fit = measured + numbers;
        if measured == 0 && !self.is_mixed() || fit > present || !are_slips(present - fit, fit) {
            return None;
        }
        // What ends with digits is a code rather than a unit.
        if self.units.iter().flatten().any(|unit| unit.name().ends_with(|c: char| c.is_ascii_digit())) {
            return None;
        }
        match self.units {
            [Some(one), Some(other)] => Some(format!("`{}` and `{}`", one.name(), other.name())),
            [Some(one), None] if self.bare > 0 => Some(format!("`{}`, and none", one.name())),
            _ => None,
        }
    }

    /// Whether its numbers are in several units of which each is so many of another.
    pub(super) fn has_kin(&self) -> bool {
        self.kin > 0
    }

    /// Marks that stand beside its numbers, and how often.
    pub(in crate::data) fn marks(&self) -> impl Iterator<Item = (Mark, usize)> + '_ {
        Mark::ALL.into_iter().zip(self.marks).filter(|(_, count)| *count > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How a column of these cells writes its numbers.
    fn notation(cells: &[&str]) -> Option<String> {
        let (mut beside, mut numbers) = (Beside::default(), 0);
        for text in cells {
            if crate::data::cell::is_number(text) {
                numbers += 1;
                beside.add_bare(text);
            } else {
                beside.add(text);
            }
        }
        let name = |unit: Unit| unit.name().to_owned();
        beside.notation(numbers, cells.len()).map(|notation| match notation {
            Notation::Measured(unit) => name(unit),
            Notation::MeasuredComma(unit) => format!("comma {}", name(unit)),
            other => format!("{other:?}"),
        })
    }

    #[test]
    fn money_and_shares_of_several_kinds_are_mixed() {
        let mixed = |cells: &[&str]| {
            let mut beside = Beside::default();
            for text in cells {
                if text.contains(['$', '€', '%']) { beside.add_dressed(text, false) } else { beside.add_bare(text) }
            }
            beside.is_mixed()
        };
        assert!(mixed(&["$5", "€7"]) && mixed(&["45%", "50"]) && mixed(&["5%", "$5", "3"]));
        assert!(!mixed(&["45%", "0.5", "0"]) && !mixed(&["$5", "$1,200", "7"]) && !mixed(&["5", "7"]));
    }

    #[test]
    fn one_unit_is_taken_off_and_several_are_not() {
        for (cells, wanted) in [
            (&["12 kg", "0", "7.5 kg"][..], Some("kg")),
            (&["12,5 kg", "7 kg"], Some("comma kg")),
            (&["12.3 b", "4.5", "7 p"], Some("b, e, p")),
            (&["12.3 e", "4.5"], Some("b, e, p")),
            (&["12 d", "7 d"], Some("d")),
            (&["12 kg", "500 g"], Some("kg")),
            (&["12 kg", "5 m"], None),
            (&["850 KB", "1.2 MB", "3 GB"], Some("KB")),
            (&["5.4 H", "3.1", "2.2 LL"], Some("b, e, p")),
            (&["5.4 (H)", "3.1"], Some("b, e, p")),
            (&["5.4 ↑", "3.1", "2 ↓"], Some("b, e, p")),
            (&["5 L", "7 L"], Some("L")),
            (&["1,200.00 CR", "250.00 DR"], Some("CR, DR")),
            (&["0x1F", "0x20"], Some("0x")),
            (&["5'11\"", "6'2\""], Some("in")),
            (&["12 kg", "500"], None),
            (&["<0.01", "0.5", "3"], Some("")),
            (&["<6m", ">6m", "<6m"], None),
            (&["1,000+", "500+"], Some("")),
            (&["1.2K", "3M", "12"], Some("K, M, B")),
            (&["1.2K", "980"], Some("K, M, B")),
            (&["300 K", "280 K"], Some("K")),
            (&["300 K", "280"], None),
            (&["12 kg", "heavy"], None),
            (&["59°N", "18°W"], Some("°")),
            (&["12.3a", "7.5ab", "4.1b"], Some("a, b, ab")),
            (&["12,3 a", "7,5 b", "4"], Some("comma a, b, ab")),
            (&["12a", "12b", "13a"], None),
            (&["12.3b", "4.5c"], None),
            (&["1", "2"], None),
        ] {
            assert_eq!(notation(cells).as_deref(), wanted, "{cells:?}");
        }
    }
}
