//! Ranges of numbers as answers: `20-29`, `$25,000 to $49,999`, `65 and over`, `(18.0, 25.0]`.

use super::{MONEY, Notation, bare_number};

/// What may stand behind the numbers of a range.
const UNITS: [&str; 35] = [
    "years",
    "year",
    "yrs",
    "yr",
    "y",
    "old",
    "of",
    "age",
    "jahre",
    "jahren",
    "alt",
    "ans",
    "months",
    "monate",
    "mois",
    "weeks",
    "days",
    "tage",
    "jours",
    "hours",
    "hrs",
    "h",
    "stunden",
    "heures",
    "minutes",
    "min",
    "usd",
    "eur",
    "euro",
    "euros",
    "people",
    "employees",
    "personen",
    "times",
    "mal",
];
/// What may stand between two numbers, before them where it has two words.
const BETWEEN: [&str; 16] = [
    "#-#",
    "#–#",
    "#—#",
    "# - #",
    "# – #",
    "# — #",
    "# to #",
    "# bis #",
    "# bis unter #",
    "# à #",
    "# a #",
    "between # and #",
    "zwischen # und #",
    "entre # et #",
    "from # to #",
    "von # bis #",
];
/// How a range is written that has no lower end, and one that has no upper end.
const BELOW: [&str; 25] = [
    "<#",
    "< #",
    "<=#",
    "<= #",
    "≤#",
    "≤ #",
    "under #",
    "less than #",
    "below #",
    "up to #",
    "at most #",
    "younger than #",
    "# or less",
    "# or fewer",
    "# or younger",
    "# or under",
    "# and under",
    "# and below",
    "unter #",
    "bis #",
    "bis zu #",
    "weniger als #",
    "moins de #",
    "jusqu'à #",
    "# et moins",
];
const ABOVE: [&str; 33] = [
    ">#",
    "> #",
    ">=#",
    ">= #",
    "≥#",
    "≥ #",
    "#+",
    "# +",
    // Among others that are closed it is no number below 0.
    "#-",
    "# -",
    "#–",
    "# –",
    "over #",
    "more than #",
    "above #",
    "at least #",
    "older than #",
    "# or more",
    "# or older",
    "# or over",
    "# or above",
    "# and over",
    "# and older",
    "# and above",
    "# and more",
    "# plus",
    "über #",
    "ab #",
    "mehr als #",
    "# und mehr",
    "# und älter",
    "plus de #",
    "# et plus",
];

/// A range of numbers; an end that it lacks is infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::data) struct Range {
    pub(in crate::data) low: f64,
    pub(in crate::data) high: f64,
}

impl Range {
    /// What a cell says, if it is a range or a number alone.
    pub(in crate::data) fn of(text: &str) -> Option<Self> {
        if text.len() > 60 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let (numbers, shape) = without_numbers(text)?;
        let is = |shapes: &[&str]| shapes.contains(&shape.as_str());
        let (low, high) = match numbers[..] {
            [low, high] if is(&BETWEEN) || is_interval(&shape) => (low, high),
            [only] if shape == "#" => (only, only),
            [high] if is(&BELOW) => (f64::NEG_INFINITY, high),
            [low] if is(&ABOVE) => (low, f64::INFINITY),
            _ => return None,
        };
        (low <= high).then_some(Self { low, high })
    }

    /// The number that stands for it: its middle, or the end that it has.
    pub(in crate::data) fn middle(self) -> f64 {
        match (self.low.is_finite(), self.high.is_finite()) {
            (true, true) => self.low / 2.0 + self.high / 2.0,
            (true, false) => self.low,
            _ => self.high,
        }
    }

    /// Whether it has two ends that differ.
    fn is_closed(self) -> bool {
        self.low < self.high && self.low.is_finite() && self.high.is_finite()
    }
}

/// Whether these are the ranges into which something was parted: one lies behind the other, most of them without a gap.
pub(in crate::data) fn part_a_scale(ranges: &[Range]) -> bool {
    let mut ranges = ranges.to_vec();
    ranges.sort_by(|a, b| a.low.total_cmp(&b.low).then(a.high.total_cmp(&b.high)));
    ranges.dedup();
    if ranges.len() < 2 || !ranges.iter().any(|range| range.is_closed()) {
        return false;
    }
    let mut adjoining = 0;
    for two in ranges.windows(2) {
        let (gap, width) = (two[1].low - two[0].high, two[1].high - two[1].low);
        if gap < 0.0 || !gap.is_finite() {
            return false;
        }
        // 19 and 20, 49,999 and 50,000, 9.9 and 10.
        adjoining += usize::from(gap <= 1.0 || width.is_finite() && gap <= 0.02 * width);
    }
    2 * adjoining >= ranges.len() - 1
}

/// The numbers of a text, and the text with `#` in their place, in lower case, without money, shares and units.
fn without_numbers(text: &str) -> Option<(Vec<f64>, String)> {
    let (mut numbers, mut shape, mut thousands) = (Vec::new(), String::new(), Vec::new());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let first = shape.trim_end().is_empty() || shape.trim_end().ends_with(['(', '[', ',']);
        let signed = first && c == '-' && rest[1..].starts_with(|c: char| c.is_ascii_digit());
        if c.is_ascii_digit() || signed {
            let end = usize::from(signed) + number_end(&rest[usize::from(signed)..]);
            let mut value = bare_number(&rest[..end], Notation::Point)?;
            rest = &rest[end..];
            let behind = rest.strip_prefix(['k', 'K']).filter(|behind| !behind.starts_with(char::is_alphabetic));
            if let Some(behind) = behind {
                (value, rest) = (value * 1000.0, behind);
            }
            thousands.push(behind.is_some());
            numbers.push(value);
            shape.push('#');
        } else {
            if !MONEY.contains(&c) && c != '%' {
                shape.extend(c.to_lowercase().map(|c| if c == '’' { '\'' } else { c }));
            }
            rest = &rest[c.len_utf8()..];
        }
    }
    // The letter behind the upper end goes with both: `25-50k`.
    if let ([low, high], [false, true]) = (numbers.as_mut_slice(), thousands.as_slice())
        && *low * 1000.0 <= *high
    {
        *low *= 1000.0;
    }
    let words = shape.split_whitespace().filter(|word| !UNITS.contains(word));
    Some((numbers, words.collect::<Vec<_>>().join(" ")))
}

/// Where the number ends that a text begins with: digits, and marks with digits behind them.
fn number_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = 0;
    while digit(end) || bytes.get(end).is_some_and(|byte| matches!(byte, b'.' | b',' | b'\'')) && digit(end + 1) {
        end += 1;
    }
    end
}

/// Whether a shape is that of an interval as mathematics and pandas write it.
fn is_interval(shape: &str) -> bool {
    matches!(shape, "(#, #]" | "[#, #)" | "[#, #]" | "(#, #)" | "(#; #]" | "[#; #)" | "[#; #]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_have_their_ends() {
        let none = f64::INFINITY;
        for (text, low, high) in [
            ("20-29", 20.0, 29.0),
            ("20 – 29 years", 20.0, 29.0),
            ("18 to 24", 18.0, 24.0),
            ("$25,000 - $49,999", 25_000.0, 49_999.0),
            ("25k-50k", 25_000.0, 50_000.0),
            ("$25-50k", 25_000.0, 50_000.0),
            ("500-1k", 500.0, 1000.0),
            ("(-0.001, 18.5]", -0.001, 18.5),
            ("between 5 and 10", 5.0, 10.0),
            ("18 bis 24 Jahre", 18.0, 24.0),
            ("10-20%", 10.0, 20.0),
            ("<18", -none, 18.0),
            ("Under 18", -none, 18.0),
            ("Less than $25,000", -none, 25_000.0),
            ("unter 18 Jahren", -none, 18.0),
            ("65+", 65.0, none),
            ("50-", 50.0, none),
            ("65 and over", 65.0, none),
            ("65 years or older", 65.0, none),
            ("$150,000 or more", 150_000.0, none),
            ("65 ans et plus", 65.0, none),
            ("0", 0.0, 0.0),
        ] {
            assert_eq!(Range::of(text), Some(Range { low, high }), "{text}");
        }
        for text in ["29-20", "a-b", "10", "", "1-2-3", "12 kg", "3 of 5", "room 4-5", "2024-01-31"] {
            assert!(Range::of(text).is_none_or(|range| !range.is_closed()), "{text}");
        }
        let middles = ["20-30", "65+", "<18"].map(|text| Range::of(text).map(Range::middle));
        assert_eq!(middles, [Some(25.0), Some(65.0), Some(18.0)]);
    }

    #[test]
    fn ranges_that_part_something_are_told_from_codes_and_scores() {
        let part = |texts: &[&str]| {
            part_a_scale(&texts.iter().map(|text| Range::of(text).expect("a range")).collect::<Vec<_>>())
        };
        assert!(part(&["20-29", "30-39", "<20", "40+"]) && part(&["0", "1-2", "3-5", "6+"]));
        assert!(part(&["(0.0, 2.5]", "(5.0, 7.5]", "(2.5, 5.0]"]) && part(&["$0-$24,999", "$25,000-$49,999"]));
        assert!(!part(&["0-1", "1-2", "0-3"]) && !part(&["10-20", "55-70", "812-990"]) && !part(&["1", "2", "5+"]));
    }
}
