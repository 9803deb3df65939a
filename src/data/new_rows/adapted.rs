//! Columns of new rows that are written otherwise than in the training, where the new table itself leaves no doubt how: with the other decimal
//! mark, or with the parts of dates in another order. Where it leaves one, the model's own reading stays, and what does not fit is refused.

use crate::data::cell::are_slips;
use crate::data::cell::{Cell, Notation, cell, is_missing};
use crate::data::columns::date_columns::{Dates, Judged};
use crate::data::columns::kinds::Kind as Seen;
use crate::data::columns::reading::Kind;
use crate::data::raw::few;
use crate::data::{ColumnReading, Reading, Table};

/// The columns of a reading as a table wants them, and what is said of that.
pub(super) fn adapted(reading: &Reading, table: &Table, slots: &[Option<usize>]) -> (Vec<ColumnReading>, Vec<String>) {
    let mut columns = reading.columns.clone();
    let places: Vec<(usize, usize)> =
        slots.iter().enumerate().filter_map(|(place, slot)| slot.map(|slot| (place, slot))).collect();
    let marks: Vec<Mark> = places.iter().map(|&(place, slot)| Mark::of(table, place, &columns[slot])).collect();
    let says = |mark: Notation| marks.iter().any(|found| found.says == Some(mark));
    let said = match (says(Notation::Comma), says(Notation::Point)) {
        (true, false) => Some(Notation::Comma),
        (false, true) => Some(Notation::Point),
        _ => None,
    };
    let (mut commas, mut points, mut notes) = (Vec::new(), Vec::new(), Vec::new());
    for (&(_, slot), mark) in places.iter().zip(&marks) {
        let Some(said) = said.filter(|&said| mark.wants(said)) else { continue };
        let column = &mut columns[slot];
        column.kind = Kind::Numbers(with_mark(mark.trained, said));
        column.no_points = false;
        if said == Notation::Comma { &mut commas } else { &mut points }.push(column.name.clone());
    }
    for (&(place, slot), name) in places.iter().zip(places.iter().map(|&(_, slot)| reading.columns[slot].name.as_str()))
    {
        if let Kind::Dates(order) = columns[slot].kind
            && let Some(other) = dates(table, place, &Seen::Dates(order))
        {
            columns[slot].kind = Kind::Dates(other);
            notes.push(format!(
                "column `{name}`: all its dates are {} here, where those of the training are {}, and were read so",
                other.name(),
                order.name()
            ));
        }
    }
    for (names, what) in [(&commas, "a comma before fractions"), (&points, "a point before fractions")] {
        if !names.is_empty() {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            notes.push(format!(
                "columns of numbers with {what} here, and not in the training, by all their cells, were read so: {}",
                few(&names)
            ));
        }
    }
    (columns, notes)
}

/// The same notation with another decimal mark.
fn with_mark(trained: Notation, mark: Notation) -> Notation {
    match (trained, mark) {
        (Notation::Measured(unit) | Notation::MeasuredComma(unit), Notation::Comma) => Notation::MeasuredComma(unit),
        (Notation::Measured(unit) | Notation::MeasuredComma(unit), _) => Notation::Measured(unit),
        (_, mark) => mark,
    }
}

/// What the cells of a column of numbers say of decimal marks.
#[derive(Clone, Copy)]
struct Mark {
    trained: Notation,
    /// The only mark with which all of its cells are numbers, where the two differ.
    says: Option<Notation>,
    /// Whether all are numbers with a comma, with a point, and as in the training.
    fits: [bool; 3],
    /// Whether a cell reads otherwise with one mark than with the other.
    differs: bool,
}

impl Mark {
    fn of(table: &Table, place: usize, column: &ColumnReading) -> Self {
        let Kind::Numbers(trained) = column.kind else {
            return Self { trained: Notation::Plain, says: None, fits: [false; 3], differs: false };
        };
        let notations = [with_mark(trained, Notation::Comma), with_mark(trained, Notation::Point), trained];
        let (mut present, mut counts, mut differs) = (0_usize, [0_usize; 3], false);
        for row in 0..table.len() {
            let text = table.cell(row, place).trim();
            if is_missing(text) {
                continue;
            }
            present += 1;
            let read = notations.map(|notation| match cell(text, notation) {
                Cell::Number(value) => Some(value),
                _ => None,
            });
            counts.iter_mut().zip(read).for_each(|(count, read)| *count += usize::from(read.is_some()));
            differs |= read[0] != read[1];
        }
        let other = present == 0
            || matches!(
                trained,
                Notation::Clock | Notation::Ranges | Notation::Graded | Notation::Fractions | Notation::Between
            );
        let fits = counts.map(|count| !other && are_slips(present - count, count));
        // Slips fit neither, so the better of two that fit is the one.
        let says = match (counts[0].cmp(&counts[1]), fits) {
            (std::cmp::Ordering::Greater, [true, ..]) => Some(Notation::Comma),
            (std::cmp::Ordering::Less, [_, true, _]) => Some(Notation::Point),
            _ => None,
        };
        Self { trained, says, fits, differs }
    }

    /// Whether the column is to be read with this mark, which others have too, rather than as in the training.
    fn wants(&self, mark: Notation) -> bool {
        let comma = matches!(self.trained, Notation::Comma | Notation::MeasuredComma(_));
        let fits = if mark == Notation::Comma { self.fits[0] } else { self.fits[1] };
        fits && self.differs && comma != (mark == Notation::Comma) || fits && !self.fits[2]
    }
}

/// The order in which all dates of a column are some, where not all are in the order of the training.
fn dates(table: &Table, place: usize, trained: &Seen) -> Option<crate::data::DateOrder> {
    let cells = || (0..table.len()).map(|row| table.cell(row, place).trim()).filter(|text| !is_missing(text));
    let present = cells().count();
    let known = cells().filter(|text| trained.value(text).is_finite()).count();
    if present == 0 || are_slips(present - known, known) {
        return None;
    }
    let mut dates = Dates::default();
    cells().for_each(|text| dates.add(text));
    match dates.judge(present) {
        Some(Judged::One(order)) => Some(order),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::DateOrder;

    /// How two columns of this kind are read in a table of these cells, and the notes.
    fn read(kind: Kind, rows: &[[&str; 2]]) -> (String, usize) {
        let column = |name: &str, place| ColumnReading::new(name, place, kind.clone());
        let reading = Reading { columns: vec![column("a", 0), column("b", 1)], ..Reading::default() };
        let mut table = Table::new(vec!["a".to_owned(), "b".to_owned()]);
        for row in rows {
            table.push(row.iter().copied()).expect("two cells");
        }
        let (columns, notes) = adapted(&reading, &table, &[Some(0), Some(1)]);
        (format!("{:?} {:?}", columns[0].kind, columns[1].kind), notes.len())
    }

    #[test]
    fn the_new_table_says_its_own_decimal_mark() {
        for (trained, rows, wanted) in [
            (Notation::Plain, [["1,5", "2"], ["2,25", "3"]], "Comma Plain"),
            (Notation::Plain, [["1,5", "1.050"], ["2,25", "985"]], "Comma Comma"),
            (Notation::Comma, [["1.5", "1,050"], ["2.25", "985"]], "Point Point"),
            // Commas between thousands, or before fractions: who knows.
            (Notation::Plain, [["1,050", "2"], ["2,250", "3"]], "Plain Plain"),
            // Two columns that contradict each other, and one that is as it was.
            (Notation::Plain, [["1,5", "2.5"], ["2,25", "3.5"]], "Plain Plain"),
            (Notation::Plain, [["1.5", "2"], ["2.25", "3"]], "Plain Plain"),
            (Notation::Comma, [["1,5", "2"], ["2,25", "3"]], "Comma Comma"),
        ] {
            let (kinds, notes) = read(Kind::Numbers(trained), &rows);
            let kinds = kinds.replace("Numbers(", "").replace(')', "");
            assert_eq!(kinds, wanted, "{trained:?} {rows:?}");
            assert_eq!(notes > 0, kinds != format!("{trained:?} {trained:?}"), "{rows:?}");
        }
    }

    #[test]
    fn the_new_table_says_the_order_of_its_dates() {
        let (day, year) = (DateOrder::DayMonthYear, DateOrder::YearMonthDay);
        for (trained, rows, wanted) in [
            (year, [["31.01.2024", "2024-01-31"], ["01.02.2024", "2024-02-01"]], "DayMonthYear YearMonthDay"),
            (day, [["01/31/2024", "31/01/2024"], ["02/01/2024", "01/02/2024"]], "MonthDayYear DayMonthYear"),
            (year, [["01/02/2024", "2024-01-31"], ["03/04/2024", "2024-02-01"]], "YearMonthDay YearMonthDay"),
        ] {
            let (kinds, _) = read(Kind::Dates(trained), &rows);
            assert_eq!(kinds.replace("Dates(", "").replace(')', ""), wanted, "{rows:?}");
        }
    }
}
