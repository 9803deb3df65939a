//! What a number may be: the check of a recipe and the control of a panel read the same ends.

use std::ops::RangeInclusive;

/// Where a range ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum End {
    /// Here, this number included.
    At(f64),
    /// Here at the lower end, this number not included.
    Above(f64),
    /// Here at the upper end, this number not included.
    Below(f64),
    /// Nowhere.
    Open,
}

/// How one goes through a range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// From whole number to whole number.
    Whole,
    /// In steps: so much for a point of dragging, and so many decimals shown at most.
    Fine(f64, usize),
    /// In shares of the number itself, as rates over powers of ten are turned.
    Share,
}

/// What a number may be, whatever the data is, and how it is turned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    /// Its lower end.
    pub least: End,
    /// Its upper end.
    pub most: End,
    /// How one goes through it.
    pub step: Step,
    /// Where one begins who takes over an automatic value that is not known yet.
    pub start: f64,
    /// What stands there instead of 0, where 0 is no amount.
    pub zero: Option<&'static str>,
}

/// The largest whole number below which a `f64` holds each.
const LAST_WHOLE: f64 = (1_u64 << 53) as f64;
/// Decimals of a rate.
const DECIMALS_OF_RATE: usize = 12;

impl Range {
    /// Rates: any number above 0.
    pub const RATE: Self = Self::new(End::Above(0.0), End::Open, Step::Share);

    const fn new(least: End, most: End, step: Step) -> Self {
        Self { least, most, step, start: 0.0, zero: None }
    }

    /// Whole numbers from one to another.
    #[must_use]
    pub const fn between(least: usize, most: usize) -> Self {
        Self::new(End::At(least as f64), End::At(most as f64), Step::Whole)
    }

    /// Whole numbers from one on.
    #[must_use]
    pub const fn at_least(least: usize) -> Self {
        Self::new(End::At(least as f64), End::Open, Step::Whole)
    }

    /// Numbers with so many decimals, turned by `step` for a point of dragging.
    #[must_use]
    pub const fn fine(least: End, most: End, step: f64, decimals: usize) -> Self {
        Self::new(least, most, Step::Fine(step, decimals))
    }

    /// The same, begun at `start`.
    #[must_use]
    pub const fn start(self, start: f64) -> Self {
        Self { start, ..self }
    }

    /// The same with a word for 0.
    #[must_use]
    pub const fn zero(self, word: &'static str) -> Self {
        Self { zero: Some(word), ..self }
    }

    /// The same up to `most`, as the data at hand has it.
    #[must_use]
    pub const fn up_to(self, most: f64) -> Self {
        Self { most: End::At(most), ..self }
    }

    /// Whether it holds whole numbers alone.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.step == Step::Whole
    }

    /// Decimals that its numbers are shown with at most.
    #[must_use]
    pub fn decimals(&self) -> usize {
        match self.step {
            Step::Whole => 0,
            Step::Fine(_, decimals) => decimals,
            Step::Share => DECIMALS_OF_RATE,
        }
    }

    /// All numbers in it.
    #[must_use]
    pub fn inclusive(&self) -> RangeInclusive<f64> {
        let least = match self.least {
            End::At(least) => least,
            End::Above(least) => least.next_up(),
            End::Below(_) | End::Open => f64::MIN,
        };
        let most = match self.most {
            End::At(most) => most,
            End::Below(most) => most.next_down(),
            End::Above(_) | End::Open => f64::MAX,
        };
        least..=most
    }

    /// Whether a number is in it.
    #[must_use]
    pub fn contains(&self, value: f64) -> bool {
        self.inclusive().contains(&value)
    }

    /// The numbers that a control can be given: whole ones as far as a `f64` holds each of them.
    #[must_use]
    pub fn typed(&self) -> RangeInclusive<f64> {
        let (least, most) = self.inclusive().into_inner();
        least..=if self.is_whole() { most.min(LAST_WHOLE) } else { most }
    }

    /// The numbers that turning a control comes to: an end that is not included is come near to by the last decimal shown.
    #[must_use]
    pub fn turned(&self) -> RangeInclusive<f64> {
        let near = 10_f64.powi(-(self.decimals() as i32));
        let (mut least, mut most) = self.typed().into_inner();
        if let End::Above(end) = self.least {
            least = end + near;
        }
        if let End::Below(end) = self.most {
            most = end - near;
        }
        least..=most
    }

    /// What to say behind the flag of a number outside.
    #[must_use]
    pub fn refusal(&self, value: f64) -> String {
        use End::{Above, At, Below, Open};
        match (self.least, self.most) {
            (At(least), Open) if self.is_whole() => format!("must be at least {least}"),
            // A count has no lower end to fall below.
            (At(least), At(most)) if self.is_whole() && least == 0.0 => format!("{value} is above {most}"),
            (At(least), At(most)) if self.is_whole() => format!("{value} is outside {least} to {most}"),
            (At(least), At(most)) => format!("{value} must be from {least} to {most}"),
            (Above(least), Below(most)) => format!("{value} must lie between {least} and {most}"),
            (least, most) => {
                let least = match least {
                    At(least) => Some(format!("at least {least}")),
                    Above(least) => Some(format!("above {least}")),
                    Below(_) | Open => None,
                };
                let most = match most {
                    At(most) => Some(format!("at most {most}")),
                    Below(most) => Some(format!("below {most}")),
                    Above(_) | Open => None,
                };
                let ends: Vec<String> = least.into_iter().chain(most).collect();
                format!("{value} must be {}", ends.join(" and "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_that_is_not_included_is_the_next_number_and_turning_stops_before_it() {
        let share = Range::fine(End::Above(0.0), End::Below(1.0), 0.005, 6);
        assert_eq!(
            [0.0, 1e-300, 0.5, 1.0 - 1e-16, 1.0, f64::NAN].map(|v| share.contains(v)),
            [false, true, true, true, false, false]
        );
        assert_eq!(share.turned(), 1e-6..=0.999_999);
        assert_eq!(Range::RATE.turned(), 1e-12..=f64::MAX);
        let count = Range::at_least(1);
        assert!(count.contains(u64::MAX as f64) && !count.contains(0.0));
        assert_eq!(count.typed(), 1.0..=LAST_WHOLE, "what is typed is not bent");
        assert_eq!(count.up_to(9.0).typed(), 1.0..=9.0);
    }

    #[test]
    fn a_refusal_says_where_the_range_ends() {
        use End::{Above, At, Below, Open};
        let fine = |least, most| Range::fine(least, most, 0.1, 3);
        for (range, value, words) in [
            (Range::at_least(1), 0.0, "must be at least 1"),
            (Range::between(2, 1 << 20), 1.0, "1 is outside 2 to 1048576"),
            (Range::between(0, 256), 257.0, "257 is above 256"),
            (fine(At(0.0), Open), -1.0, "-1 must be at least 0"),
            (fine(Above(0.0), Open), 0.0, "0 must be above 0"),
            (fine(At(0.0), At(4.0)), 5.0, "5 must be from 0 to 4"),
            (fine(Above(0.0), Below(1.0)), 1.0, "1 must lie between 0 and 1"),
            (fine(At(0.0), Below(1.0)), 1.0, "1 must be at least 0 and below 1"),
            (fine(Above(0.0), At(1.0)), 2.0, "2 must be above 0 and at most 1"),
        ] {
            assert!(!range.contains(value));
            assert_eq!(range.refusal(value), words);
        }
    }
}
