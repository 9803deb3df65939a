//! What a column of a table holds, judged by all its cells: numbers in one notation, flags, dates or words.

use super::date_columns::{Dates, Judged};
use super::measured::Beside;
use super::scale::Scale;
use crate::data::Table;
use crate::data::cell::are_slips;
use crate::data::cell::clock::{clock, lap, lap_seconds, minutes};
use crate::data::cell::dates::{DateOrder, date};
use crate::data::cell::flags::{flag, is_tick};
use crate::data::cell::western::{unprotected, western};
use crate::data::cell::{Cell, Notation, cell, is_dressed, is_missing};

/// So many numbers that are all dates are so by no accident.
const SURE: usize = 5;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Kind {
    Numbers(Notation),
    /// Yes and no, as 1 and 0.
    Flags,
    /// A tick where it is yes, and nothing where it is no.
    Ticks,
    /// Days since 1970.
    Dates(DateOrder),
    /// Dates whose day and month cannot be told apart.
    UnclearDates,
    /// Answers on a scale of words, as their places.
    Scale(Scale),
    Words,
    Empty,
}

impl Kind {
    /// A cell as the number it stands for; not a number where it is missing or does not belong.
    pub(in crate::data) fn value(self, text: &str) -> f64 {
        let western = western(text.trim());
        let text = western.as_ref();
        match self {
            Self::Numbers(notation) => match cell(text, notation) {
                Cell::Number(value) => Some(value),
                _ => None,
            },
            Self::Ticks if text.is_empty() => Some(0.0),
            Self::Flags | Self::Ticks => flag(text)
                .or_else(|| is_tick(text).then_some(true))
                .map(|yes| f64::from(u8::from(yes)))
                .or_else(|| text.parse().ok().filter(|bit| matches!(bit, 0.0 | 1.0))),
            Self::Dates(order) => date(text, order),
            Self::Scale(scale) => scale.value(text),
            Self::UnclearDates | Self::Words | Self::Empty => None,
        }
        .unwrap_or(f64::NAN)
    }

    /// Whether it is one of words that have an order.
    pub(super) fn is_ordered(self) -> bool {
        matches!(
            self,
            Self::Scale(_)
                | Self::Numbers(Notation::Ranges | Notation::Graded | Notation::Fractions | Notation::Between)
        )
    }
}

/// What stands in the cells of a column that are not all plain numbers.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::data) struct Shapes {
    /// Cells that hold something.
    present: usize,
    /// Of those, numbers that any notation reads.
    plain: usize,
    /// Numbers with a decimal point for certain, and with a decimal comma.
    point: usize,
    comma: usize,
    /// Numbers with a mark that no plain number has, and of those with money, per cent, brackets or an exponent with D.
    marked: usize,
    dressed: usize,
    /// Numbers with a comma, and with a point.
    with_commas: usize,
    with_points: usize,
    /// Numbers whose comma may stand before a fraction or between thousands.
    unclear: usize,
    /// Whole numbers of four digits and more with no mark between thousands.
    unmarked: usize,
    flags: usize,
    /// Whether a cell holds something other than a tick or a word for yes, whether one is empty, and whether one says in words that it
    /// holds nothing. There may be millions of columns, so these are no counts.
    unticked: bool,
    empty: bool,
    gap: bool,
    /// Plain numbers that are 0 or 1.
    bits: usize,
    dates: Dates,
    /// Numbers that are dates without marks between their parts, such as 20240131.
    compact_dates: usize,
    /// Numbers of digits alone, and of those with a zero before others.
    digits: u32,
    codes: u32,
    /// Times of two parts, of three, and with their units in words.
    clocks: [usize; 3],
    /// Minutes alone, such as `45m`, which may be metres too.
    minutes: u32,
    /// Seconds with a fraction, fewer than a minute has, and minutes with such seconds.
    laps: [u32; 2],
    /// What stands beside its numbers.
    beside: Beside,
}

impl Shapes {
    pub(in crate::data) fn of(table: &Table, column: usize) -> Self {
        let mut found = Self::default();
        for row in 0..table.len() {
            let text = table.cell(row, column).trim();
            if is_missing(text) {
                found.empty |= text.is_empty();
                found.gap |= !text.is_empty();
            } else {
                found.add(text);
            }
        }
        found
    }

    fn add(&mut self, text: &str) {
        let western = western(text);
        let text = western.as_ref();
        let read = |notation| matches!(cell(text, notation), Cell::Number(_));
        self.present += 1;
        let yes = flag(text);
        self.flags += usize::from(yes.is_some());
        self.unticked |= !yes.unwrap_or_else(|| is_tick(text));
        match (read(Notation::Plain), read(Notation::Point), read(Notation::Comma)) {
            (true, _, comma) => {
                self.plain += 1;
                self.with_points += usize::from(text.contains('.'));
                self.bits += usize::from(matches!(text, "0" | "1"));
                self.digits += u32::from(text.bytes().all(|b| b.is_ascii_digit()));
                self.codes += u32::from(is_code(text));
                self.compact_dates += usize::from(is_compact_date(text));
                self.point += usize::from(!comma);
                self.unmarked += usize::from(text.len() > 3 && text.bytes().all(|b| b.is_ascii_digit()));
                self.laps[0] += u32::from(lap_seconds(text).is_some());
                self.beside.add_bare(text);
            }
            (false, point, comma) if point || comma => {
                self.marked += 1;
                self.with_points += usize::from(text.contains('.'));
                self.with_commas += usize::from(text.contains(','));
                let dressed = is_dressed(text);
                self.dressed += usize::from(dressed);
                if dressed {
                    self.beside.add_dressed(text, comma && !point);
                } else {
                    self.beside.add_bare(text);
                }
                match (point, comma) {
                    (true, true) => self.unclear += usize::from(text.contains(',')),
                    (true, false) => self.point += 1,
                    _ => self.comma += 1,
                }
            }
            _ => {
                self.dates.add(text);
                if let Some((_, parts)) = clock(text) {
                    self.clocks[parts.clamp(2, 4) - 2] += 1;
                    self.laps[1] += u32::from(lap(text).is_some());
                } else {
                    self.minutes += u32::from(minutes(text).is_some());
                }
                self.beside.add(text);
            }
        }
    }

    /// What the column holds where that is no matter of its numbers' notation.
    pub(in crate::data) fn kind(&self) -> Option<Kind> {
        if self.present == 0 {
            return Some(Kind::Empty);
        }
        if self.empty && !self.gap && !self.unticked {
            return Some(Kind::Ticks);
        }
        if self.flags > 0 && self.flags + self.bits == self.present {
            return Some(Kind::Flags);
        }
        if self.are_times() {
            return Some(Kind::Numbers(Notation::Clock));
        }
        if self.are_laps() {
            return Some(Kind::Numbers(Notation::Laps));
        }
        if self.present >= SURE && self.compact_dates == self.present {
            return Some(Kind::Dates(DateOrder::YearMonthDay));
        }
        // What is no number beside codes is a code too: `136A` beside `007`.
        if self.codes > 0 && self.digits as usize == self.plain && self.marked == 0 {
            return Some(Kind::Words);
        }
        if self.beside.is_mixed() && self.numbers() == self.present {
            return Some(Kind::Words);
        }
        let most = self.dates.most();
        let slips = most >= SURE && self.plain == 0 && are_slips(self.present - most, most);
        let dates = self.dates.judge(if slips { most } else { self.present }).map(|judged| match judged {
            Judged::One(order) => Kind::Dates(order),
            Judged::Unclear => Kind::UnclearDates,
        });
        let spans = || (self.minutes > 0 && self.is_clock()).then_some(Kind::Numbers(Notation::Clock));
        let measured = || self.beside.notation(self.numbers(), self.present).map(Kind::Numbers);
        dates.or_else(spans).or_else(measured).or_else(|| self.is_clock().then_some(Kind::Numbers(Notation::Clock)))
    }

    /// Cells that are numbers with nothing beside them that a unit could be.
    fn numbers(&self) -> usize {
        self.plain + self.marked
    }

    /// What stands beside its numbers.
    pub(in crate::data) fn beside(&self) -> &Beside {
        &self.beside
    }

    /// Units that keep a column from being one of numbers: several of them, or one beside numbers without.
    pub(super) fn quarrel(&self) -> Option<String> {
        self.beside.quarrel(self.numbers(), self.present)
    }

    /// What the dates among its cells say.
    pub(in crate::data) fn dates(&self) -> &Dates {
        &self.dates
    }

    /// Whether its cells are times of the day or spans of time.
    pub(super) fn is_clock(&self) -> bool {
        let [_, parts, spelled] = self.clocks;
        self.are_times() || spelled > 0 && parts + spelled + self.minutes as usize == self.present
    }

    /// Whether its cells are times of laps, some of less than a minute and some of more, but for words that stand for none.
    fn are_laps(&self) -> bool {
        let [short, long] = self.laps.map(|laps| laps as usize);
        let others = self.marked > 0 || short < self.plain || self.clocks != [0, long, 0];
        long > 0 && !others && self.present <= (short + long) * 5 / 4
    }

    /// Whether its cells are times of as many parts, but for slips.
    fn are_times(&self) -> bool {
        let times = self.clocks[0].max(self.clocks[1]);
        times == self.present || times >= SURE && are_slips(self.present - times, times)
    }

    /// The notation that this column's own cells ask for.
    pub(in crate::data) fn notation(&self) -> Option<Notation> {
        match (self.comma, self.point) {
            (0, 0) => None,
            (comma, point) if comma > point => Some(Notation::Comma),
            _ => Some(Notation::Point),
        }
    }

    /// The notation where its own cells leave it open and other columns say nothing: whole numbers below a thousand beside those with a
    /// comma are what thousands look like, and thousands without a mark say that a comma is none.
    pub(in crate::data) fn likely(&self, semicolons: bool) -> Notation {
        let thousands = if self.plain > 0 { self.unmarked == 0 } else { !semicolons };
        if thousands { Notation::Point } else { Notation::Comma }
    }

    /// Whether numbers have commas, and none a point.
    pub(super) fn has_commas_alone(&self) -> bool {
        self.with_commas > 0 && self.with_points == 0
    }

    /// Whether a number has a mark that no plain number has.
    pub(super) fn is_marked(&self) -> bool {
        self.marked > 0
    }

    /// Whether a number has a mark between thousands or before a fraction that no plain number has.
    pub(super) fn has_marks(&self) -> bool {
        self.marked > self.dressed
    }

    /// Whether a number stands with money, per cent, brackets or an exponent with D.
    pub(in crate::data) fn is_dressed(&self) -> bool {
        self.dressed > 0
    }

    /// Whether a number has a decimal point for certain.
    pub(super) fn has_points(&self) -> bool {
        self.point > 0
    }

    /// Whether a comma could be read in two ways.
    pub(super) fn is_unclear(&self) -> bool {
        self.unclear > 0
    }
}

/// Whether digits are a code or a name and no number, by a zero before the others: 007, 01234. Hours and months are written with two
/// digits, and are numbers.
pub(super) fn is_code(text: &str) -> bool {
    matches!(unprotected(text).as_bytes(), [b'0', rest @ ..] if rest.len() > 1 && rest.iter().all(u8::is_ascii_digit))
}

/// Whether digits are a date of the last hundred years or the next, perhaps with hours, minutes and seconds.
pub(super) fn is_compact_date(text: &str) -> bool {
    matches!(text.len(), 8 | 10 | 12 | 14)
        && text.starts_with(['1', '2'])
        && (text.starts_with("19") || text.starts_with("20"))
        && { date(text, DateOrder::YearMonthDay).is_some() }
}

/// Whether numbers that a point parts have decimal points for certain, and whether each of them could be thousands.
pub(in crate::data) fn points(table: &Table, column: usize) -> (bool, bool) {
    let cells = (0..table.len()).map(|row| table.cell(row, column).trim()).filter(|text| text.contains('.'));
    let mut any = false;
    for text in cells {
        match cell(text, Notation::Comma) {
            Cell::Number(_) => any = true,
            // `k.A.` has points too.
            Cell::Missing => {}
            _ => return (true, false),
        }
    }
    (false, any)
}

/// Rows that tell whether a column has points at all.
const FIRST: usize = 200;
/// Points between thousands that are no accident, and one in so many numbers at most that has to have none.
const POINTS: usize = 5;
const WITHOUT: usize = 10;

/// Whether the points of a column of plain numbers part thousands, though no other column says so: each has three digits behind it and no
/// zero before it, numbers without one are whole and below a thousand, and some of these are above all others if points were before
/// fractions: 985 beside 1.050 and 12.400.
pub(super) fn points_part_thousands(table: &Table, column: usize) -> bool {
    let cells = || (0..table.len()).map(|row| table.cell(row, column).trim()).filter(|text| !is_missing(text));
    if !cells().take(FIRST).any(|text| text.contains('.')) {
        return false;
    }
    let (mut pointed, mut without, mut most, mut most_pointed) = (0, 0, 0.0_f64, 0.0_f64);
    for text in cells() {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let value = digits.parse().unwrap_or(f64::NAN);
        if digits.contains('.') {
            if digits.starts_with('0') || !matches!(cell(text, Notation::Comma), Cell::Number(_)) {
                return false;
            }
            (pointed, most_pointed) = (pointed + 1, most_pointed.max(value));
        } else {
            if digits.len() > 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return false;
            }
            (without, most) = (without + 1, most.max(value));
        }
    }
    pointed >= POINTS && WITHOUT * without >= pointed + without && most > most_pointed
}

#[cfg(test)]
mod tests;
