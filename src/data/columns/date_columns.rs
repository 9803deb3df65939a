//! What a whole column says about its dates: the order of their parts, and the century of short years.

use crate::data::cell::dates::{DateOrder, date, day_month_year, with_time};

/// The places of the orders in lists of them.
const YEAR: usize = 0;
const DAY: usize = 1;
const MONTH: usize = 2;
/// With years of four digits.
const LONG: [DateOrder; 3] = [DateOrder::YearMonthDay, DateOrder::DayMonthYear, DateOrder::MonthDayYear];
/// The last year of two digits that is taken for one of this century where the column leaves it open.
const LAST: u8 = 49;
/// Dates that go up, or down, tell their order if there are as many steps.
const STEPS: usize = 3;
/// A reading of dates is none if they reach over so many times the years that another one makes of them.
const WIDER: f64 = 3.0;

/// What the cells of a column say about the order of parts of its dates.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::data) struct Dates {
    long: [Seen; 3],
    short: [Seen; 3],
    /// Cells with points between the parts, and with slashes.
    dotted: usize,
    slashed: usize,
    /// Cells whose month or quarter is no number, or whose weeks are numbered: they leave no doubt.
    spelled: usize,
}

/// What they are in one order.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    count: usize,
    last: Option<f64>,
    rises: usize,
    falls: usize,
    least: f64,
    most: f64,
    /// Years of two digits that there are, a bit each.
    years: u128,
}

impl Seen {
    fn add(&mut self, value: f64) {
        if let Some(last) = self.last {
            self.rises += usize::from(value > last);
            self.falls += usize::from(value < last);
        }
        let first = self.last.is_none();
        self.least = if first { value } else { self.least.min(value) };
        self.most = if first { value } else { self.most.max(value) };
        self.last = Some(value);
        self.count += 1;
    }

    fn goes_one_way(&self) -> bool {
        self.rises >= STEPS && self.falls == 0 || self.falls >= STEPS && self.rises == 0
    }
}

/// What a column of dates says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Judged {
    One(DateOrder),
    Unclear,
}

impl Dates {
    /// Looks at a cell that is no number.
    pub(in crate::data) fn add(&mut self, text: &str) {
        let begins = text.starts_with(|c: char| c.is_ascii_digit());
        if !begins && (!text.contains(|c: char| c.is_ascii_digit()) || text.len() > 40) {
            return;
        }
        for (seen, order) in self.long.iter_mut().zip(LONG) {
            if let Some(value) = date(text, order) {
                seen.add(value);
            }
        }
        for (seen, order) in self.short.iter_mut().zip(LONG) {
            // Of this century first: only the order and the years count.
            let Some((year, ..)) = day_month_year(with_time(text).0, order.short(100)) else { continue };
            if let Some(value) = date(text, order.short(LAST + 1)) {
                seen.add(value);
                seen.years |= 1 << (year.rem_euclid(100) as u32);
            }
        }
        self.dotted += usize::from(text.contains('.') && !text.contains(['-', '/']));
        self.slashed += usize::from(text.contains('/'));
        self.spelled += usize::from(with_time(text).0.contains(char::is_alphabetic));
    }

    /// Most cells that are dates in one order.
    pub(in crate::data) fn most(&self) -> usize {
        self.long.iter().chain(&self.short).map(|seen| seen.count).max().unwrap_or(0)
    }

    /// The order in which so many cells, all but slips, are dates, where there is one and it is clear.
    pub(in crate::data) fn judge(&self, present: usize) -> Option<Judged> {
        let fit = |seen: &[Seen; 3]| -> Vec<usize> { (0..3).filter(|&at| seen[at].count == present).collect() };
        let (long, short) = (fit(&self.long), fit(&self.short));
        if !long.is_empty() {
            return Some(self.one(&self.long, &long, present).map_or(Judged::Unclear, |at| Judged::One(LONG[at])));
        }
        if short.is_empty() {
            return None;
        }
        let one = self.one(&self.short, &short, present);
        Some(one.map_or(Judged::Unclear, |at| Judged::One(LONG[at].short(since(self.short[at].years)))))
    }

    /// Which of the orders that fit is meant.
    fn one(&self, seen: &[Seen; 3], fit: &[usize], present: usize) -> Option<usize> {
        let mut fit = fit.to_vec();
        // With points between its parts a date begins with its day, and with slashes not with a short year.
        if fit.len() > 1 && self.dotted == present && fit.contains(&DAY) {
            return Some(DAY);
        }
        if fit.len() > 1 && self.slashed == present {
            fit.retain(|&at| at != YEAR);
        }
        // Days that are taken for years reach over decades.
        let span = |at: usize| seen[at].most - seen[at].least;
        if fit.len() > 1 && fit.contains(&YEAR) {
            let others = fit.iter().filter(|&&at| at != YEAR).map(|&at| span(at)).fold(f64::MAX, f64::min);
            if span(YEAR) * WIDER < others {
                return Some(YEAR);
            }
            if others * WIDER < span(YEAR) {
                fit.retain(|&at| at != YEAR);
            }
        }
        if let [one] = fit[..] {
            return Some(one);
        }
        // Rows are often in the order of their dates.
        let sorted: Vec<usize> = fit.iter().copied().filter(|&at| seen[at].goes_one_way()).collect();
        match sorted[..] {
            [one] if fit.contains(&DAY) || fit.contains(&MONTH) => Some(one),
            _ => None,
        }
    }

    /// The order in which most cells are dates; of those that are as likely the first of year, day and month that may come first.
    pub(in crate::data) fn likely(&self) -> DateOrder {
        let most = |seen: &[Seen; 3]| seen.iter().map(|seen| seen.count).max().unwrap_or(0);
        let (seen, short) =
            if most(&self.short) > most(&self.long) { (&self.short, true) } else { (&self.long, false) };
        let count = most(seen);
        let at = self.one(seen, &fitting(seen, count), count).or_else(|| seen.iter().position(|s| s.count == count));
        let at = at.unwrap_or(0);
        if short { LONG[at].short(since(seen[at].years)) } else { LONG[at] }
    }

    /// One of the three orders with years as most cells have them.
    pub(super) fn with_years(&self, order: DateOrder) -> DateOrder {
        let at = LONG.iter().position(|&long| long == order).unwrap_or(0);
        if self.short[at].count > self.long[at].count { order.short(since(self.short[at].years)) } else { order }
    }

    /// Whether the day comes before the month in its dates of numbers alone, where these tell by what no month can be.
    pub(super) fn day_first(&self) -> Option<bool> {
        let counts = |seen: &[Seen; 3]| (seen[DAY].count.saturating_sub(self.spelled), seen[MONTH].count);
        let (long, short) = (counts(&self.long), counts(&self.short));
        let (day, month) = if short.0.max(short.1) > long.0.max(long.1) { short } else { long };
        (day != month).then_some(day > month)
    }

    /// Whether an order that they have is one by custom, as that of dates with points is, or no matter of numbers.
    pub(super) fn are_customary(&self) -> bool {
        self.dotted + self.spelled > 0
    }

    /// Whether all of them may begin with the year too.
    pub(super) fn may_begin_with_year(&self) -> bool {
        self.slashed < self.most() && self.long[YEAR].count.max(self.short[YEAR].count) == self.most()
    }

    /// Whether some cells are dates, and which part of them comes first cannot be told.
    pub(super) fn is_unclear(&self) -> bool {
        [&self.long, &self.short].into_iter().any(|seen| {
            let count = seen.iter().map(|seen| seen.count).max().unwrap_or(0);
            count > 0 && self.one(seen, &fitting(seen, count), count).is_none()
        })
    }
}

/// The orders in which so many cells are dates.
fn fitting(seen: &[Seen; 3], count: usize) -> Vec<usize> {
    (0..3).filter(|&at| seen[at].count == count).collect()
}

/// The first of some years of two digits that is one of the twentieth century: they begin behind the longest run of years that there are
/// none of. Where that is no turn of a century, they are of this one unless that makes them years to come.
fn since(years: u128) -> u8 {
    let is = |year: u8| years >> (year % 100) & 1 == 1;
    // How many years before one there are none of.
    let before = |year: u8| (1..100_u8).take_while(|&step| !is((year + 100 - step) % 100)).count() as u8;
    let Some(begin) = (0..100_u8).filter(|&year| is(year)).max_by_key(|&year| (before(year), 100 - year)) else {
        return LAST + 1;
    };
    let last = (begin + 99 - before(begin)) % 100;
    match last {
        _ if last < begin => begin,
        _ if last <= LAST => 100,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use DateOrder::{DayMonthYear, MonthDayYear, YearMonthDay};

    use super::*;

    fn judged(cells: &[&str]) -> Option<Judged> {
        let mut dates = Dates::default();
        for cell in cells {
            dates.add(cell);
        }
        dates.judge(cells.len())
    }

    #[test]
    fn the_whole_column_says_what_comes_first() {
        let one = |order| Some(Judged::One(order));
        assert_eq!(judged(&["2024-01-31", "2024-02-01"]), one(YearMonthDay));
        assert_eq!(judged(&["31/01/2024", "01/02/2024"]), one(DayMonthYear));
        assert_eq!(judged(&["01/31/2024", "01/02/2024"]), one(MonthDayYear));
        assert_eq!(judged(&["03/04/2024", "01/02/2024"]), Some(Judged::Unclear));
        assert_eq!(judged(&["03.04.2024", "01.02.2024"]), one(DayMonthYear));
        // Rows in the order of their dates.
        assert_eq!(judged(&["10/01/2024", "11/01/2024", "12/01/2024", "01/02/2024", "02/02/2024"]), one(DayMonthYear));
        assert_eq!(judged(&["01/10/2024", "01/11/2024", "01/12/2024", "02/01/2024", "02/02/2024"]), one(MonthDayYear));
        assert_eq!(judged(&["2024-01-31", "soon"]), None);
    }

    #[test]
    fn the_whole_column_says_which_century() {
        let short = |since| Some(Judged::One(DateOrder::ShortDayMonthYear(since)));
        assert_eq!(judged(&["31/12/99", "01/01/00", "15/03/01"]), short(99));
        assert_eq!(judged(&["31.12.23", "01.01.24"]), short(100));
        assert_eq!(judged(&["31/12/85", "21/01/97"]), short(0));
        assert_eq!(judged(&["31/12/52", "21/01/97", "13/07/05", "14/05/19", "13/02/75"]), short(52));
        assert_eq!(judged(&["12/31/24", "01/15/24"]), Some(Judged::One(DateOrder::ShortMonthDayYear(100))));
        assert_eq!(judged(&["24-01-31", "24-02-15", "24-11-03"]), Some(Judged::One(DateOrder::ShortYearMonthDay(100))));
        assert_eq!(judged(&["31-Jan-24", "05-Feb-24"]), short(100));
        assert_eq!(judged(&["03/04/24", "01/02/24"]), Some(Judged::Unclear));
        assert_eq!(date("13/07/05", DateOrder::ShortDayMonthYear(52)), date("13/07/2005", DayMonthYear));
        assert_eq!(date("13/07/75", DateOrder::ShortDayMonthYear(52)), date("13/07/1975", DayMonthYear));
    }
}
