//! Dates that may begin with the day or the month, in the light of the other dates of their table.

use super::kinds::{Kind, Shapes};
use crate::data::Table;
use crate::data::cell::are_slips;
use crate::data::cell::dates::{DateOrder, date};
use crate::data::cell::is_missing;
use crate::data::raw::few;

/// How much more evenly dates have to lie in one order than in the other for that to tell.
const MORE_EVENLY: f64 = 3.0;

/// Decides on columns of dates whose own cells leave open whether the day comes first: as in the other columns, where these leave no doubt
/// and agree; else by what makes no difference to the order of the rows. `shapes` and `kinds` go with `columns`. What was decided goes into
/// `notes`.
pub(in crate::data) fn settle(
    table: &Table,
    columns: &[usize],
    shapes: &[Option<Shapes>],
    kinds: &mut [Kind],
    notes: &mut Vec<String>,
) {
    let unclear: Vec<usize> = (0..kinds.len()).filter(|&slot| kinds[slot] == Kind::UnclearDates).collect();
    if unclear.is_empty() {
        return;
    }
    let evident: Vec<bool> =
        kinds.iter().zip(shapes).filter_map(|(kind, shapes)| day_first(*kind, shapes.as_ref())).collect();
    let agreed = evident.first().copied().filter(|first| evident.iter().all(|other| other == first));
    let (mut lent, mut same) = (Vec::new(), Vec::new());
    for slot in unclear {
        let Some(shapes) = &shapes[slot] else { continue };
        let [day, month] = [DateOrder::DayMonthYear, DateOrder::MonthDayYear].map(|order| {
            let order = shapes.dates().with_years(order);
            (order, days(table, columns[slot], order))
        });
        let name = table.header[columns[slot]].as_str();
        match agreed {
            Some(day_first) => {
                let (order, days) = if day_first { &day } else { &month };
                if fits(days) {
                    kinds[slot] = Kind::Dates(*order);
                    lent.push(name);
                }
            }
            None if evident.is_empty() && !shapes.dates().may_begin_with_year() => {
                if let Some(day_first) = of_no_matter(&day.1, &month.1) {
                    kinds[slot] = Kind::Dates(if day_first { day.0 } else { month.0 });
                    same.push(name);
                }
            }
            None => {}
        }
    }
    for (names, how) in [
        (lent, "the order of those columns of dates in this table that leave no doubt"),
        (
            same,
            "the order in which they lie more evenly or closer together, as the rows stand in the same order either way",
        ),
    ] {
        if !names.is_empty() {
            notes.push(format!(
                "columns of dates whose own cells leave open whether the day or the month comes first, read in {how} \
                 (--kind NAME=day-month-year or NAME=month-day-year says it): {}",
                few(&names)
            ));
        }
    }
}

/// Whether the day comes first in a column whose dates of numbers leave no doubt, or whose rows stand in the order of their dates.
fn day_first(kind: Kind, shapes: Option<&Shapes>) -> Option<bool> {
    let Kind::Dates(order) = kind else { return None };
    let dates = shapes?.dates();
    let sorted = match order {
        DateOrder::DayMonthYear | DateOrder::ShortDayMonthYear(_) => Some(true),
        DateOrder::MonthDayYear | DateOrder::ShortMonthDayYear(_) => Some(false),
        DateOrder::YearMonthDay | DateOrder::ShortYearMonthDay(_) => None,
    };
    dates.day_first().or(sorted.filter(|_| !dates.are_customary()))
}

/// The cells of a column that hold something, as days in this order of their parts; not a number where one is no such date.
fn days(table: &Table, column: usize, order: DateOrder) -> Vec<f64> {
    let cells = (0..table.len()).map(|row| table.cell(row, column).trim()).filter(|text| !is_missing(text));
    cells.map(|text| date(text, order).unwrap_or(f64::NAN)).collect()
}

/// Whether all but slips are dates.
fn fits(days: &[f64]) -> bool {
    let slips = days.iter().filter(|day| day.is_nan()).count();
    slips < days.len() && are_slips(slips, days.len() - slips)
}

/// Whether to put the day first, where the rows stand in the same order with either part first; nothing where that makes a difference.
fn of_no_matter(day: &[f64], month: &[f64]) -> Option<bool> {
    if !fits(day) || !fits(month) {
        return None;
    }
    let mut both: Vec<(f64, f64)> =
        day.iter().copied().zip(month.iter().copied()).filter(|(day, month)| !(day + month).is_nan()).collect();
    both.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let alike = |two: &[(f64, f64)]| two[0].0.total_cmp(&two[1].0) == two[0].1.total_cmp(&two[1].1);
    if both.len() < 2 || !both.windows(2).all(alike) {
        return None;
    }
    let (day, month): (Vec<f64>, Vec<f64>) = both.into_iter().unzip();
    let (steps_of_day, steps_of_month) = (Steps::of(&day), Steps::of(&month));
    Some(if steps_of_day.ratio * MORE_EVENLY < steps_of_month.ratio {
        true
    } else if steps_of_month.ratio * MORE_EVENLY < steps_of_day.ratio {
        false
    } else {
        steps_of_day.all < steps_of_month.all
    })
}

/// How dates follow each other.
struct Steps {
    /// From the first to the last, in days.
    all: f64,
    /// The largest step over the smallest.
    ratio: f64,
}

impl Steps {
    /// Of dates that ascend.
    fn of(days: &[f64]) -> Self {
        let steps = days.windows(2).map(|two| two[1] - two[0]).filter(|&step| step > 0.0);
        let (least, most) = steps.fold((f64::MAX, 0.0_f64), |(least, most), step| (least.min(step), most.max(step)));
        let all = days.last().zip(days.first()).map_or(0.0, |(last, first)| last - first);
        Self { all, ratio: if most > 0.0 { most / least } else { 1.0 } }
    }
}

#[cfg(test)]
mod tests {
    use DateOrder::{DayMonthYear, MonthDayYear};

    use super::*;

    /// How the columns of a table are read whose cells are dates, and how many notes say so.
    fn read(text: &str) -> (Vec<Kind>, Vec<String>) {
        let mut table = Table::of_lines(text, ',');
        table.promote_first();
        let columns: Vec<usize> = (0..table.width()).collect();
        let shapes: Vec<Option<Shapes>> = columns.iter().map(|&column| Some(Shapes::of(&table, column))).collect();
        let kind = |shapes: &Option<Shapes>| shapes.as_ref().and_then(Shapes::kind).expect("dates");
        let (mut kinds, mut notes) = (shapes.iter().map(kind).collect::<Vec<_>>(), Vec::new());
        settle(&table, &columns, &shapes, &mut kinds, &mut notes);
        (kinds, notes)
    }

    #[test]
    fn one_column_that_leaves_no_doubt_decides_for_the_others() {
        for (text, wanted, said) in [
            ("a,b\n05/04/2024,25/04/2024\n02/07/2024,02/07/2024\n", [DayMonthYear; 2], "`a`"),
            ("a,b\n05/04/24,04/25/24\n02/07/24,02/07/24\n", [DateOrder::ShortMonthDayYear(100); 2], "`a`"),
            (
                "a,b\n05/04/24,25/04/2024\n02/07/24,02/07/2024\n",
                [DateOrder::ShortDayMonthYear(100), DayMonthYear],
                "`a`",
            ),
        ] {
            let (kinds, notes) = read(text);
            assert_eq!(kinds, wanted.map(Kind::Dates), "{text}");
            assert!(notes.len() == 1 && notes[0].ends_with(said), "{notes:?}");
        }
        // Two that contradict each other, and months by name and points, which are so by custom.
        for text in [
            "a,b,c\n05/04/2024,25/04/2024,04/25/2024\n02/07/2024,02/07/2024,02/07/2024\n03/03/2024,1/3/2024,2/3/2024\n",
            "a,b,c\n05/04/2024,25 Apr 2024,05.04.2024\n02/07/2024,2 Jul 2024,02.07.2024\n03/03/2024,1 Mar 2024,01.03.2024\n",
        ] {
            let (kinds, notes) = read(text);
            assert!(kinds[0] == Kind::UnclearDates && notes.is_empty(), "{text}: {kinds:?} {notes:?}");
        }
    }

    #[test]
    fn dates_that_order_the_rows_alike_are_read_either_way() {
        for (days, wanted) in [
            // Answers of two days; the first of four months in two years; days of a month with their times; days of several months.
            ("01/06/2024 01/05/2024 01/06/2024", Some(MonthDayYear)),
            ("1/1/2023 1/2/2023 1/3/2023 1/4/2023 1/1/2024 1/2/2024 1/3/2024 1/4/2024", Some(DayMonthYear)),
            ("05/01/2024T10:23 04/01/2024T09:00 04/01/2024T09:01 07/01/2024T23:59", Some(DayMonthYear)),
            ("03/04/2024 02/07/2024 05/02/2024", None),
        ] {
            let (kinds, notes) = read(&format!("a\n{}\n", days.replace(' ', "\n")));
            assert_eq!(kinds, [wanted.map_or(Kind::UnclearDates, Kind::Dates)], "{days}");
            assert_eq!(notes.len(), usize::from(wanted.is_some()), "{notes:?}");
        }
    }
}
