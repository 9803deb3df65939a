//! Numbers that people and loggers write where there is none: -9999 and its like. Where the table leaves no doubt they count as missing, else
//! they stay what they are, and a note asks.

use super::reading::Kind;
use crate::data::cell::dates::day;
use crate::data::raw::{Raw, few};
use crate::data::table_columns::Column;
use crate::data::values::Values;
use crate::recipe::{Missing, Recipe};
use crate::support::language::counted;
use crate::support::number::shortest;

/// Such numbers.
const KNOWN: [f64; 27] = [
    -9.0,
    -99.0,
    -999.0,
    -9999.0,
    -99_999.0,
    -999_999.0,
    -32_768.0,
    99.0,
    999.0,
    9999.0,
    99_999.0,
    999_999.0,
    -99.9,
    -999.9,
    -9999.9,
    -99_999.9,
    -99.99,
    -999.99,
    -9999.99,
    99.99,
    999.9,
    999.99,
    9999.9,
    9999.99,
    99_999.9,
    // What NetCDF and programs of maps fill with.
    9.969_209_968_386_869e36,
    -3.402_823_466_385_288_6e38,
];
/// Days that databases write where no date is known: the last of the year 9999, the first of the years 1900 and 1.
const DAYS: [f64; 3] = [2_932_896.0, -25_567.0, -719_162.0];
/// From here on a negative one, or one with a fraction, is hardly anything else where it comes again.
const FAR: f64 = 999.0;
/// Whole numbers up to here may be such ones too, and are where they lie so many times as far from the others as these lie apart.
const OTHERS: f64 = -100.0;
const ALONE: f64 = 10.0;
/// Rows that are looked at.
const ROWS: usize = 1 << 12;
/// Numbers that are looked at.
const NUMBERS: usize = 1 << 22;
/// Columns that are looked at.
const COLUMNS: usize = 4096;
/// Times that one has to stand there to be asked about: once may be anything.
const LEAST: usize = 2;
/// Times that one has to stand in one column, where no other column has it, to leave no doubt.
const MANY: usize = 3;

/// Such a number in a feature.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Found {
    feature: usize,
    value: f64,
    /// Times that it stands in the rows looked at.
    count: usize,
    /// Whether it leaves no doubt.
    sure: bool,
}

impl Raw {
    /// Makes gaps of numbers that mean that nothing is known, where the table leaves no doubt, and asks about others. A person who says that a
    /// column holds numbers, or who wants no gaps, is believed.
    pub(in crate::data) fn leave_out_sentinels(&mut self, recipe: &Recipe) {
        let readings = self.features_of_numbers();
        let (rows, step) = some_rows(&self.features);
        let found = find(&rows, readings.iter().map(|&(feature, _)| feature));
        let (mut gone, mut asked, mut cells) = (Vec::new(), Vec::new(), 0);
        for found in found {
            let Some(&(_, at)) = readings.iter().find(|(feature, _)| *feature == found.feature) else { continue };
            if !found.sure || recipe.missing == Missing::Error || self.is_said(at) {
                asked.push(found);
                continue;
            }
            cells += self.leave_out(found, at);
            gone.push(found);
        }
        let names =
            |of: &[Found]| few(&of.iter().map(|found| self.columns[found.feature].as_str()).collect::<Vec<_>>());
        let gone_note = (!gone.is_empty()).then(|| {
            format!(
                "{}, which lies far from all other numbers again and again, counts as missing: {} in these columns (--kind NAME=number keeps \
                 it): {}",
                values_said(&gone),
                counted(cells, "cell"),
                names(&gone)
            )
        });
        let asked_note = asked.first().map(|first| {
            let of = if step > 1 { " of the rows that were looked at" } else { "" };
            format!(
                "{} stands {} times{of} in the first of these columns, far from all its other numbers, as such numbers do where nothing is \
                 known; empty those cells if it means that: {}",
                said(first.value),
                first.count,
                names(&asked)
            )
        });
        self.notes.extend(gone_note.into_iter().chain(asked_note));
    }

    /// The first features that are columns of numbers, each with the place of its reading.
    fn features_of_numbers(&self) -> Vec<(usize, usize)> {
        let Some(reading) = self.reading.as_ref().filter(|reading| reading.features() == self.columns.len()) else {
            return Vec::new();
        };
        let mut feature = 0;
        let mut found = Vec::new();
        for (at, column) in reading.columns.iter().enumerate() {
            if found.len() == COLUMNS {
                break;
            }
            if matches!(column.kind, Kind::Numbers(_) | Kind::Dates(_)) {
                found.push((feature, at));
            }
            feature += column.width();
        }
        found
    }

    /// Whether a person says what the column of a reading holds.
    fn is_said(&self, at: usize) -> bool {
        let place = self.reading.as_ref().and_then(|reading| reading.columns.get(at)).map(|column| column.place);
        let column = place.zip(self.outline.as_ref()).and_then(|(place, outline)| outline.columns.get(place));
        column.is_some_and(|column| column.decided.1)
    }

    /// Makes gaps of such a number; how many.
    fn leave_out(&mut self, found: Found, at: usize) -> usize {
        let rows = self.features.leave_out(found.feature, found.value);
        let Some(column) = self.reading.as_mut().and_then(|reading| reading.columns.get_mut(at)) else { return 0 };
        column.nothing = Some(found.value as f32);
        let place = column.place;
        // What is kept as a feature alone has to be written as it came.
        if matches!(self.table.as_ref().and_then(|table| table.column(place)), Some(Column::Feature(..))) {
            self.left_out.extend(rows.iter().map(|&row| (row as u32, found.feature as u32, found.value)));
            self.left_out.sort_unstable_by_key(|&(row, feature, _)| (row, feature));
        }
        if let Some(column) = self.outline.as_mut().and_then(|outline| outline.columns.get_mut(place)) {
            column.gaps += rows.len();
            column.why = format!("{}; {} counts as missing", column.why, said(found.value));
        }
        rows.len()
    }
}

/// The different numbers of some, after each other.
fn values_said(found: &[Found]) -> String {
    let mut all = Vec::new();
    for found in found {
        let value = said(found.value);
        if !all.contains(&value) {
            all.push(value);
        }
    }
    all.join(" or ")
}

/// Such a number as it was written.
fn said(value: f64) -> String {
    if DAYS.iter().any(|&known| same(known, value)) { day(value) } else { shortest(value, value) }
}

/// Rows spread over all, and how far they stand apart.
fn some_rows(features: &Values) -> (Vec<Vec<f64>>, usize) {
    let (n, d) = features.dim();
    let step = n.div_ceil(ROWS.min(NUMBERS / d.max(1)).max(1)).max(1);
    ((0..n).step_by(step).map(|row| features.row(row)).collect(), step)
}

/// Such numbers in some features, and whether they leave no doubt: they come many times, or in several columns.
fn find(rows: &[Vec<f64>], features: impl Iterator<Item = usize>) -> Vec<Found> {
    let columns: Vec<Ends> = features.flat_map(|feature| Ends::of(rows, feature)).collect();
    let suspects: Vec<&Ends> = columns.iter().filter(|ends| ends.is_suspect()).collect();
    let is_sure = |ends: &Ends| {
        let several = suspects.iter().filter(|other| same(other.value, ends.value)).count() > 1;
        several || ends.count >= MANY && ends.is_plain()
    };
    let sure: Vec<f64> =
        suspects.iter().filter(|ends| ends.rest > ends.count && is_sure(ends)).map(|e| e.value).collect();
    let found = columns.iter().filter_map(|ends| {
        // Where others leave no doubt one time is enough.
        let apart = ends.stands_apart() || ends.value < 0.0 && ends.low >= 0.0;
        let known = sure.iter().any(|&value| same(value, ends.value)) && ends.rest > ends.count && apart;
        (known || ends.is_suspect()).then_some(Found {
            feature: ends.feature,
            value: ends.value,
            count: ends.count,
            sure: known,
        })
    });
    let mut found: Vec<Found> = found.collect();
    // A column has one of them.
    found.dedup_by_key(|found| found.feature);
    found
}

/// Whether two numbers are one, in single precision: a column may have come so.
fn same(a: f64, b: f64) -> bool {
    (a as f32).total_cmp(&(b as f32)).is_eq()
}

/// A number at an end of a feature that may be such a one, and the others.
#[derive(Clone, Copy, Debug)]
struct Ends {
    feature: usize,
    value: f64,
    count: usize,
    /// How many others there are, the least of them and the most.
    rest: usize,
    low: f64,
    high: f64,
}

impl Ends {
    /// Those of a feature.
    fn of(rows: &[Vec<f64>], feature: usize) -> Vec<Self> {
        let values = || rows.iter().filter_map(|row| row.get(feature).copied()).filter(|value| !value.is_nan());
        let ends = values().fold([f64::MAX, f64::MIN], |[least, most], value| [least.min(value), most.max(value)]);
        // Others are whole numbers below 0, as of programs that write -200 or -7777.
        let known = |end: &f64| {
            KNOWN.iter().chain(&DAYS).any(|&known| same(known, *end)) || *end <= OTHERS && end.fract().abs() < 1e-9
        };
        let of = |end: f64| {
            let others = || values().filter(|&value| !same(value, end));
            let (low, high) = others().fold((f64::MAX, f64::MIN), |(l, h), value| (l.min(value), h.max(value)));
            let count = values().filter(|&value| same(value, end)).count();
            Self { feature, value: end, count, rest: others().count(), low, high }
        };
        ends.into_iter().filter(known).map(of).collect()
    }

    /// Whether it is the only one below 0, and the others lie together when seen from there.
    fn is_alone(&self) -> bool {
        self.value <= OTHERS && self.low >= 0.0 && self.low - self.value > ALONE * (self.high - self.low)
    }

    /// Whether it lies farther from all others than these lie apart, or is the only negative one among many digits.
    fn stands_apart(&self) -> bool {
        let gap = if self.value < self.low { self.low - self.value } else { self.value - self.high };
        let negative = self.value <= -FAR && self.low >= 0.0;
        self.low < self.high && (gap > self.high - self.low || negative)
    }

    /// Whether a person is to be asked about it at least. One that most rows have is asked about where it lies far away.
    fn is_suspect(&self) -> bool {
        self.count >= LEAST && self.stands_apart() && (self.rest > self.count || self.value.abs() >= FAR)
    }

    /// Whether it is hardly anything else: whole nines above 0 may be the most that a form takes.
    fn is_plain(&self) -> bool {
        let day = DAYS.iter().any(|&known| same(known, self.value));
        day || self.value <= -FAR
            || self.is_alone()
            || self.value >= FAR && (self.value.fract() > 0.0 || self.value > 1e30)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found in columns of these cells: the number, and whether it leaves no doubt.
    fn found(columns: &[&dyn Fn(usize) -> f64]) -> Vec<(f64, bool)> {
        let rows: Vec<Vec<f64>> = (0..40).map(|i| columns.iter().map(|cell| cell(i)).collect()).collect();
        find(&rows, 0..columns.len()).into_iter().map(|found| (found.value, found.sure)).collect()
    }

    #[test]
    fn a_number_that_means_nothing_is_told_from_a_far_one() {
        let often = |value: f64| move |i: usize| if i.is_multiple_of(9) { value } else { i as f64 };
        let once = |value: f64| move |i: usize| if i == 9 { value } else { i as f64 };
        for value in [-9999.0, -999.0, 9999.9, -99_999.0, 2_932_896.0] {
            assert_eq!(found(&[&often(value)]), [(value, true)], "{value}");
        }
        // Codes of surveys, and what may be the most that a form takes.
        for value in [99.0, -99.0, 999.0, 9999.0] {
            let near = |i: usize| if i.is_multiple_of(9) { value } else { (i % 5) as f64 };
            assert_eq!(found(&[&near]), [(value, false)], "{value}");
            assert_eq!(found(&[&near, &near]), [(value, true); 2], "{value} in several columns");
        }
        let none: Vec<(f64, bool)> = Vec::new();
        assert_eq!(found(&[&often(f64::NAN)]), none);
        assert_eq!(found(&[&once(999.0)]), none, "once");
        assert_eq!(found(&[&once(-999.0), &often(-999.0), &once(-999.0)]), [(-999.0, true); 3], "as in others");
        assert_eq!(found(&[&|i| if i % 9 == 0 { 99.0 } else { 2.0 * i as f64 }]), none, "not far");
        assert_eq!(found(&[&|i| if i % 9 == 0 { -999.0 } else { 90.0 * i as f64 }]), [(-999.0, true)], "below 0 alone");
        assert_eq!(found(&[&|i| if i % 9 == 0 { -999.0 } else { 90.0 * i as f64 - 1000.0 }]), none, "among others");
        assert_eq!(found(&[&|i| if i % 2 == 0 { -9.0 } else { 9.0 }]), none, "two values");
        let air = |i: usize| if i.is_multiple_of(9) { -200.0 } else { (i % 5) as f64 / 2.0 };
        let ozone = |i: usize| if i.is_multiple_of(8) { -200.0 } else { 700.0 + 30.0 * i as f64 };
        assert_eq!(found(&[&air, &ozone]), [(-200.0, true); 2], "-200");
        assert_eq!(found(&[&ozone]), none, "a sum may be below 0");
        assert_eq!(found(&[&|i| if i % 9 == 0 { 5000.0 } else { i as f64 }]), none, "no such number");
        assert_eq!(DAYS.map(said), ["9999-12-31", "1900-01-01", "0001-01-01"]);
        assert_eq!(found(&[&|i| if i % 9 == 0 { i as f64 } else { 999.0 }]), [(999.0, false)], "most rows");
    }
}
