//! The cells of a table as numbers: first as plain ones, then column by column in the notation that the column asks for.

use std::collections::{HashMap, HashSet};

use ndarray::parallel::prelude::*;
use ndarray::{Array2, Axis};

use super::date_orders;
use super::kinds::{Kind, Shapes, is_code, is_compact_date, points, points_part_thousands};
use super::numbers_said;
use super::ordered;
use super::{Place, write_column};
use crate::data::Table;
use crate::data::cell::are_slips;
use crate::data::cell::dates::DateOrder;
use crate::data::cell::{Cell, Notation, cell, is_missing};
use crate::data::text::delimiter::Delimiter;
use crate::data::values::zeros;
use crate::recipe::columns::ColumnKind;
use crate::recipe::{DecimalMark, Recipe, TextColumns};
use crate::support::error::Remedy;
use crate::support::language::short;
use crate::{Error, Result};

/// Numbers among which one word that comes again means that there is none.
const MANY: usize = 10;
/// Rows parsed by one task.
const BLOCK: usize = 4096;

/// What was found in one column.
#[derive(Clone, Copy, Debug, Default)]
pub(in crate::data) struct Found {
    pub(in crate::data) numbers: usize,
    pub(in crate::data) words: usize,
    pub(super) first_word: Option<usize>,
    /// Numbers that look like codes: 007.
    pub(in crate::data) codes: usize,
    /// Whether its numbers have commas and none a point.
    pub(in crate::data) no_points: bool,
    /// Words that are infinite as numbers, which may be names.
    infinite: usize,
}

pub(in crate::data) struct Parsed {
    /// `n × columns`; NaN for what is missing or a word.
    pub(in crate::data) values: Array2<f64>,
    pub(in crate::data) found: Vec<Found>,
    pub(in crate::data) kinds: Vec<Kind>,
    /// Features that come from other columns than these.
    pub(in crate::data) beside: usize,
}

/// Read the cells of some columns as numbers.
///
/// # Errors
/// [`crate::Error::Format`] with line and column of a cell where nothing in its column is what a person says.
pub(in crate::data) fn parse(
    table: &Table,
    columns: &[usize],
    (recipe, delimiter, given): (&Recipe, Delimiter, &HashMap<usize, ColumnKind>),
    place: &Place,
    notes: &mut Vec<String>,
) -> Result<Parsed> {
    let notation = match recipe.decimal {
        DecimalMark::Auto => Notation::Plain,
        DecimalMark::Point => Notation::Point,
        DecimalMark::Comma => Notation::Comma,
    };
    let (values, found) = first_pass(table, columns, notation);
    let mut parsed = Parsed { values, found, kinds: vec![Kind::Numbers(notation); columns.len()], beside: 0 };
    let shapes: Vec<Option<Shapes>> = columns
        .par_iter()
        .zip(&parsed.found)
        .map(|(&column, found)| {
            let odd = found.words > 0 || found.codes > 0 || begins_with_dates(table, column);
            odd.then(|| Shapes::of(table, column))
        })
        .collect();
    for (slot, &column) in columns.iter().enumerate() {
        parsed.judge(slot, (table, column), shapes[slot].as_ref(), (notation, recipe.decimal, given.get(&column)));
    }
    if recipe.decimal == DecimalMark::Auto {
        judge_notations(table, columns, &shapes, delimiter, &mut parsed.kinds);
    }
    for (kind, shapes) in parsed.kinds.iter_mut().zip(&shapes) {
        *kind = with_unit(*kind, shapes.as_ref());
    }
    date_orders::settle(table, columns, &shapes, &mut parsed.kinds, notes);
    for (slot, &column) in columns.iter().enumerate() {
        if parsed.kinds[slot] != Kind::Numbers(notation) {
            parsed.reread(slot, table, column);
        }
        parsed.settle(slot, (table, column), recipe.text, given.contains_key(&column));
    }
    ordered::take(&mut parsed, (table, columns), given, recipe.text);
    for (slot, &column) in columns.iter().enumerate() {
        if let Some(&asked) = given.get(&column).filter(|_| parsed.kinds[slot] != Kind::Words) {
            some_fit((asked, parsed.kinds[slot]), &parsed.found[slot], (table, column), place)?;
        }
    }
    for (slot, shapes) in shapes.iter().enumerate() {
        let judged = matches!(parsed.kinds[slot], Kind::Numbers(Notation::Point | Notation::Comma));
        parsed.found[slot].no_points = judged && shapes.as_ref().is_some_and(Shapes::has_commas_alone);
    }
    numbers_said::say(table, columns, &shapes, &parsed, place, notes);
    Ok(parsed)
}

/// The kind with the money and the per cent that its numbers stand with: a model has to know what it was trained on.
fn with_unit(kind: Kind, shapes: Option<&Shapes>) -> Kind {
    match (kind, shapes.and_then(|shapes| shapes.beside().dressed_unit())) {
        (Kind::Numbers(Notation::Point), Some(unit)) => Kind::Numbers(Notation::Measured(unit)),
        (Kind::Numbers(Notation::Comma), Some(unit)) => Kind::Numbers(Notation::MeasuredComma(unit)),
        (kind, _) => kind,
    }
}

/// The kind with the decimal mark that a person says.
fn with_mark(kind: Kind, mark: DecimalMark) -> Kind {
    match (kind, mark) {
        (Kind::Numbers(Notation::MeasuredComma(unit)), DecimalMark::Point) => Kind::Numbers(Notation::Measured(unit)),
        (Kind::Numbers(Notation::Measured(unit)), DecimalMark::Comma) => Kind::Numbers(Notation::MeasuredComma(unit)),
        _ => kind,
    }
}

/// What a column holds as a person says it.
fn as_asked(kind: ColumnKind, (notation, recipe_mark): (Notation, DecimalMark), shapes: Option<&Shapes>) -> Kind {
    let in_order = |order| Kind::Dates(shapes.map_or(order, |shapes| shapes.dates().with_years(order)));
    match kind {
        ColumnKind::Number if shapes.is_some_and(Shapes::is_clock) => Kind::Numbers(Notation::Clock),
        ColumnKind::Number => match shapes.and_then(Shapes::kind) {
            Some(Kind::Numbers(seen)) => with_mark(Kind::Numbers(seen), recipe_mark),
            Some(Kind::Words) if shapes.is_some_and(|shapes| shapes.beside().is_mixed()) => {
                Kind::Numbers(shapes.and_then(Shapes::notation).unwrap_or(Notation::Point))
            }
            _ => Kind::Numbers(notation),
        },
        ColumnKind::Category => Kind::Words,
        ColumnKind::Flag => Kind::Flags,
        ColumnKind::Date if shapes.is_some_and(|shapes| shapes.dates().is_unclear()) => Kind::UnclearDates,
        ColumnKind::Date => Kind::Dates(shapes.map_or(DateOrder::YearMonthDay, |shapes| shapes.dates().likely())),
        ColumnKind::YearMonthDay => in_order(DateOrder::YearMonthDay),
        ColumnKind::DayMonthYear => in_order(DateOrder::DayMonthYear),
        ColumnKind::MonthDayYear => in_order(DateOrder::MonthDayYear),
    }
}

/// Whether the first cells that hold anything are numbers that may be dates.
fn begins_with_dates(table: &Table, column: usize) -> bool {
    let mut cells = (0..table.len()).map(|row| table.cell(row, column).trim()).filter(|text| !is_missing(text));
    cells.next().is_some_and(is_compact_date) && cells.next().is_some_and(is_compact_date)
}

/// The first row whose cell looks like a code.
fn first_code(table: &Table, column: usize) -> Option<usize> {
    (0..table.len()).find(|&row| is_code(table.cell(row, column).trim()))
}

/// Most signs in capitals, such as DNF and DNS, that may stand where there is no number, and numbers that each of their cells needs.
const SIGNS: usize = 3;
const OF_SIGNS: usize = 4;

/// Whether the words of a column with so many numbers say that a number is not there: all are one and the same, or a few signs in capitals.
fn stand_for_none((table, column): (&Table, usize), kind: Kind, (words, numbers): (usize, usize)) -> bool {
    let is = |text: &str, what| cell(text, Notation::Plain) == what;
    let word = |text: &&str| !is_missing(text) && !is(text, Cell::Infinite) && kind.value(text).is_nan();
    let cells = || (0..table.len()).map(|row| table.cell(row, column).trim());
    let mut found = cells().filter(word);
    let Some(first) = found.next() else { return false };
    let one = first.contains(char::is_alphabetic) && found.all(|other| other.eq_ignore_ascii_case(first));
    let signs = || {
        let all: HashSet<&str> = cells().filter(word).collect();
        all.len() <= SIGNS && all.iter().all(|sign| sign.len() < 5 && sign.bytes().all(|b| b.is_ascii_uppercase()))
    };
    numbers >= words && one || numbers >= OF_SIGNS * words && signs()
}

/// What is said of dates that are wanted and can be read in two ways.
pub(super) fn unclear_dates(place: &Place, column: usize, name: &str) -> Error {
    let message = format!(
        "day and month of its dates cannot be told apart; --kind {name}=day-month-year or {name}=month-day-year says which comes first"
    );
    place.wrong(0, column, &message)
}

/// An error where no cell of a column is what a person says, or where that can be read in two ways.
fn some_fit(
    (asked, kind): (ColumnKind, Kind),
    found: &Found,
    (table, column): (&Table, usize),
    place: &Place,
) -> Result<()> {
    if kind == Kind::UnclearDates {
        return Err(unclear_dates(place, column, &table.header[column]));
    }
    let (0, Some(row)) = (found.numbers, found.first_word) else { return Ok(()) };
    let what = match asked {
        ColumnKind::Number => "a number",
        ColumnKind::Flag => "yes or no, 1 or 0",
        _ => "such a date",
    };
    let kind = asked.name();
    let word = short(table.cell(row, column).trim(), 40);
    let name = &table.header[column];
    let message = format!("`{word}` is not {what}, and no other cell of the column is, as --kind {name}={kind} says");
    Err(place.wrong(row, column, &message).or(Remedy::set(
        "kind",
        "auto",
        "takes what columns look like",
        "Guess kinds",
    )))
}

/// Which notation the columns have whose cells are not all plain numbers, and what that says of the others.
fn judge_notations(
    table: &Table,
    columns: &[usize],
    shapes: &[Option<Shapes>],
    delimiter: Delimiter,
    kinds: &mut [Kind],
) {
    let marked = |slot: usize| shapes[slot].as_ref().filter(|shapes| shapes.is_marked());
    let own = |slot: usize| marked(slot).and_then(Shapes::notation);
    let judged = [Notation::Plain, Notation::Point, Notation::Comma].map(Kind::Numbers);
    let numbers: Vec<usize> = (0..kinds.len()).filter(|&slot| judged.contains(&kinds[slot])).collect();
    let commas = numbers.iter().any(|&slot| own(slot) == Some(Notation::Comma));
    if !numbers.iter().any(|&slot| marked(slot).is_some()) {
        for &slot in numbers.iter().filter(|&&slot| shapes[slot].is_none()) {
            if points_part_thousands(table, columns[slot]) {
                kinds[slot] = Kind::Numbers(Notation::Comma);
            }
        }
        return;
    }
    // Columns of plain numbers are looked at again only where their points tell something.
    let plain: Vec<(usize, (bool, bool))> = numbers
        .par_iter()
        .filter(|&&slot| shapes[slot].is_none())
        .map(|&slot| (slot, points(table, columns[slot])))
        .collect();
    let decimal_points = plain.iter().any(|(_, (certain, _))| *certain)
        || numbers.iter().any(|&slot| {
            let points = shapes[slot].is_some_and(|shapes| shapes.has_points());
            points && own(slot) != Some(Notation::Comma)
        });
    for &slot in &numbers {
        let Some(shape) = marked(slot) else { continue };
        let notation = own(slot).unwrap_or_else(|| match (commas, decimal_points) {
            (true, false) => Notation::Comma,
            (false, true) => Notation::Point,
            _ => shape.likely(delimiter == Delimiter::Byte(b';')),
        });
        kinds[slot] = Kind::Numbers(notation);
    }
    if commas && !decimal_points {
        for (slot, (_, thousands)) in plain {
            if thousands {
                kinds[slot] = Kind::Numbers(Notation::Comma);
            }
        }
    }
}

impl Parsed {
    /// What a column holds by its own cells, or as a person says it.
    fn judge(
        &mut self,
        slot: usize,
        (table, column): (&Table, usize),
        shapes: Option<&Shapes>,
        (notation, mark, asked): (Notation, DecimalMark, Option<&ColumnKind>),
    ) {
        let found = self.found[slot];
        if found.numbers + found.words == 0 {
            self.kinds[slot] = Kind::Empty;
        }
        if let Some(kind) = shapes.and_then(Shapes::kind) {
            self.kinds[slot] = with_mark(kind, mark);
            if kind == Kind::Words && asked.is_none() && found.codes > 0 {
                // Digits, all of them, and none a number.
                let (words, first_word) = (found.numbers + found.words, first_code(table, column));
                self.found[slot] = Found { words, first_word, codes: words, ..Found::default() };
            }
        }
        if let Some(&kind) = asked.filter(|_| self.kinds[slot] != Kind::Empty) {
            self.kinds[slot] = as_asked(kind, (notation, mark), shapes);
        }
    }

    /// Takes a column for one of words where too many of its cells are none of what it was found to hold, unless a person says that it
    /// does.
    fn settle(&mut self, slot: usize, (table, column): (&Table, usize), policy: TextColumns, asked: bool) {
        let Found { numbers, words, infinite, .. } = self.found[slot];
        if asked || words == 0 {
            return;
        }
        let wordy = match self.kinds[slot] {
            Kind::Numbers(_) => {
                let few = || {
                    are_slips(words, numbers)
                        || numbers >= MANY && stand_for_none((table, column), self.kinds[slot], (words, numbers))
                };
                // A ratio over nothing is infinite, which is no word.
                numbers == 0 || words > infinite && (policy == TextColumns::Error || !few())
            }
            Kind::Dates(_) => policy == TextColumns::Error,
            _ => false,
        };
        if wordy {
            self.kinds[slot] = Kind::Words;
        }
    }

    /// Read a column again as what it was found to hold.
    pub(super) fn reread(&mut self, slot: usize, table: &Table, column: usize) {
        let kind = self.kinds[slot];
        if matches!(kind, Kind::Words | Kind::UnclearDates | Kind::Empty) {
            return;
        }
        write_column(&mut self.values, slot, table, column, |text| kind.value(text));
        let mut found = Found::default();
        for (row, value) in self.values.column(slot).iter().enumerate() {
            if !value.is_nan() {
                found.numbers += 1;
                continue;
            }
            let seen = cell(table.cell(row, column), Notation::Plain);
            if seen != Cell::Missing {
                found.words += 1;
                found.infinite += usize::from(seen == Cell::Infinite);
                found.first_word.get_or_insert(row);
            }
        }
        self.found[slot] = found;
    }
}

/// Read all cells in one notation.
fn first_pass(table: &Table, columns: &[usize], notation: Notation) -> (Array2<f64>, Vec<Found>) {
    let dim = (table.len(), columns.len());
    let mut values = zeros(dim.0 * dim.1)
        .ok()
        .and_then(|values| Array2::from_shape_vec(dim, values).ok())
        .unwrap_or_else(|| Array2::zeros(dim));
    let mut slots = vec![None; table.width()];
    for (slot, &column) in columns.iter().enumerate() {
        slots[column] = Some(slot);
    }
    let blocks: Vec<Vec<Found>> = values
        .axis_chunks_iter_mut(Axis(0), BLOCK)
        .into_par_iter()
        .enumerate()
        .map(|(block, mut values)| {
            let mut found = vec![Found::default(); columns.len()];
            for (at, mut values) in values.rows_mut().into_iter().enumerate() {
                let row = block * BLOCK + at;
                table.record(row).zip(&slots).for_each(|(text, slot)| {
                    let Some(slot) = *slot else { return };
                    values[slot] = match cell(text, notation) {
                        Cell::Number(value) => {
                            found[slot].numbers += 1;
                            found[slot].codes += usize::from(is_code(text));
                            value
                        }
                        Cell::Missing => f64::NAN,
                        word => {
                            found[slot].infinite += usize::from(word == Cell::Infinite);
                            found[slot].words += 1;
                            found[slot].first_word.get_or_insert(row);
                            f64::NAN
                        }
                    };
                });
            }
            found
        })
        .collect();
    let mut found = vec![Found::default(); columns.len()];
    for block in blocks {
        for (all, part) in found.iter_mut().zip(block) {
            all.numbers += part.numbers;
            all.words += part.words;
            all.first_word = all.first_word.or(part.first_word);
            all.codes += part.codes;
            all.infinite += part.infinite;
        }
    }
    (values, found)
}
