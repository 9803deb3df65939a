//! What was taken for what in the columns of a table, in sentences.

use super::Place;
use super::kinds::{Kind, Shapes};
use super::numbers::{Found, Parsed};
use super::scale::Scale;
use crate::data::cell::Notation;
use crate::data::cell::dates::DateOrder;
use crate::data::cell::measure::Mark;
use crate::data::raw::few;
use crate::data::{Table, Unit};

/// Say what was taken for what.
pub(in crate::data) fn say(
    table: &Table,
    columns: &[usize],
    shapes: &[Option<Shapes>],
    parsed: &Parsed,
    place: &Place,
    notes: &mut Vec<String>,
) {
    let names = |wanted: &dyn Fn(usize) -> bool| -> Vec<&str> {
        (0..columns.len()).filter(|&slot| wanted(slot)).map(|slot| table.header[columns[slot]].as_str()).collect()
    };
    let mut add = |columns: &[&str], sentence: &str| {
        if !columns.is_empty() {
            notes.push(format!("{sentence}: {}", few(columns)));
        }
    };
    say_marks(shapes, parsed, &names, &mut add);
    let is = |kind: Kind| move |slot: usize| parsed.kinds[slot] == kind;
    add(&names(&is(Kind::Flags)), "columns of flags taken as 1 and 0");
    add(
        &names(&is(Kind::Ticks)),
        "columns of ticks (x, ✓, yes or alike) and of nothing else taken as 1 where one stands and 0 where none does",
    );
    let times = [Notation::Clock, Notation::Laps].map(Kind::Numbers);
    add(&names(&|slot| times.contains(&parsed.kinds[slot])), "columns of times taken as seconds");
    add(
        &names(&is(Kind::Numbers(Notation::Ranges))),
        "columns of ranges such as 20-29 taken as their middle, open ones as the end that they have (--kind NAME=category spreads them)",
    );
    add(
        &names(&is(Kind::Numbers(Notation::Graded))),
        "columns of answers with their number before them taken as the number (--kind NAME=category spreads them)",
    );
    add(
        &names(&is(Kind::Numbers(Notation::Fractions))),
        "columns of fractions such as 1/2 or 4 out of 5, or of stars, taken as their value (--kind NAME=category spreads them)",
    );
    add(
        &names(&is(Kind::Numbers(Notation::Between))),
        "columns of times from and to taken as the seconds between them (--kind NAME=category spreads them)",
    );
    say_scales(parsed, &names, &mut add);
    say_beside(table, columns, shapes, parsed, &mut add);
    let codes = |slot: usize| parsed.kinds[slot] == Kind::Words && parsed.found[slot].codes > 0;
    add(
        &names(&|slot| codes(slot) && parsed.found[slot].numbers == 0),
        "columns of digits with zeros before them, such as 007, are codes and no numbers (--kind NAME=number reads them as such)",
    );
    say_dates(parsed, &names, &mut add);
    notes.extend(columns.iter().enumerate().filter_map(|(slot, &column)| slips(table, (slot, column), parsed, place)));
}

/// The names of the columns of some slots.
type Names<'a, 't> = &'a dyn Fn(&dyn Fn(usize) -> bool) -> Vec<&'t str>;

/// Say which columns have commas, points and marks of money in their numbers, and what they were taken for.
fn say_marks(shapes: &[Option<Shapes>], parsed: &Parsed, names: Names<'_, '_>, add: &mut dyn FnMut(&[&str], &str)) {
    let [comma, point] = [Notation::Comma, Notation::Point].map(Kind::Numbers);
    let is = |slot: usize, kind: Kind| parsed.kinds[slot] == kind;
    let odd = |slot: usize| shapes[slot].is_some_and(|shapes| shapes.has_marks());
    let unclear = |slot: usize| shapes[slot].is_some_and(|s| s.is_unclear() && s.notation().is_none());
    let marked = |slot: usize| is(slot, comma) || is(slot, point);
    add(&names(&|slot| is(slot, comma) && odd(slot)), "columns with commas before fractions");
    add(
        &names(&|slot| is(slot, comma) && shapes[slot].is_none_or(|shapes| !shapes.is_marked())),
        "columns with points between thousands, by how their cells or other columns are written (--decimal point reads them as fractions)",
    );
    add(
        &names(&|slot| is(slot, point) && odd(slot)),
        "columns with marks between thousands (1,050 is a thousand and fifty; --decimal comma reads commas as fractions)",
    );
    add(
        &names(&|slot| unclear(slot) && marked(slot)),
        "columns whose commas could be read either way by themselves; --decimal says which is meant",
    );
    add(
        &names(&|slot| marked(slot) && shapes[slot].is_some_and(|shapes| shapes.is_dressed())),
        "columns of money, per cent (as hundredths), brackets or a minus behind (less than 0) or exponents with D, taken as numbers",
    );
}

/// Say which columns are answers on a scale, and what its ends count as.
fn say_scales(parsed: &Parsed, names: Names<'_, '_>, add: &mut dyn FnMut(&[&str], &str)) {
    let mut scales: Vec<Scale> = Vec::new();
    for kind in &parsed.kinds {
        if let Kind::Scale(scale) = *kind
            && !scales.contains(&scale)
        {
            scales.push(scale);
        }
    }
    for scale in scales {
        let (least, most, count) = scale.ends();
        let sentence = format!(
            "columns of answers on a scale taken as 1 for `{least}` to {count} for `{most}` (--kind NAME=category spreads them into a column for \
             each answer)"
        );
        add(&names(&|slot| parsed.kinds[slot] == Kind::Scale(scale)), &sentence);
    }
}

/// Say which columns are dates, in which order their parts stand, and which cannot be told.
fn say_dates(parsed: &Parsed, names: Names<'_, '_>, add: &mut dyn FnMut(&[&str], &str)) {
    let is = |kind: Kind| move |slot: usize| parsed.kinds[slot] == kind;
    let mut orders: Vec<DateOrder> = Vec::new();
    for kind in &parsed.kinds {
        if let Kind::Dates(order) = *kind
            && !orders.contains(&order)
        {
            orders.push(order);
        }
    }
    for order in orders {
        let years = match order.since() {
            None => String::new(),
            Some(100) => "; all years are of this century, from 2000 on".to_owned(),
            Some(0) => "; all years are of the last century, before 2000".to_owned(),
            Some(since) => format!("; years from {since} on are of the last century, those before it of this one"),
        };
        let sentence = format!("columns of dates ({}) taken as days since 1970-01-01{years}", order.name());
        add(&names(&is(Kind::Dates(order))), &sentence);
    }
    add(
        &names(&is(Kind::UnclearDates)),
        "columns of dates whose day and month cannot be told apart are left out; --kind NAME=day-month-year or NAME=month-day-year says which \
         comes first, and year-month-day is always clear",
    );
}

/// How many cells of a column are none of what it holds, in a sentence.
fn slips(table: &Table, (slot, column): (usize, usize), parsed: &Parsed, place: &Place) -> Option<String> {
    let Found { numbers, words, first_word: Some(row), .. } = parsed.found[slot] else { return None };
    let what = match parsed.kinds[slot] {
        Kind::Numbers(_) => "numbers",
        Kind::Flags => "flags",
        Kind::Dates(_) => "dates",
        Kind::Scale(_) => "answers of its scale",
        _ => return None,
    };
    let word: String = table.cell(row, column).trim().chars().take(40).collect();
    Some(format!(
        "column `{}`: {words} of {} cells are no {what} and count as missing, the first `{word}` on {}",
        table.header[column],
        words + numbers,
        place.line(row)
    ))
}

/// Say what was taken off the numbers of columns, or keeps them from being numbers.
fn say_beside(
    table: &Table,
    columns: &[usize],
    shapes: &[Option<Shapes>],
    parsed: &Parsed,
    add: &mut dyn FnMut(&[&str], &str),
) {
    let unit = |slot: usize| match parsed.kinds[slot] {
        Kind::Numbers(Notation::Measured(unit) | Notation::MeasuredComma(unit)) => Some(unit),
        _ => None,
    };
    let name = |slot: usize| table.header[columns[slot]].as_str();
    let all = 0..columns.len();
    let taken: Vec<String> = all
        .clone()
        .filter_map(|slot| {
            unit(slot)
                .filter(|unit| !unit.is_none() && ![Unit::FLAGS, Unit::LETTERS].contains(unit))
                .map(|unit| format!("{} ({})", name(slot), unit.name()))
        })
        .collect();
    add(
        &taken.iter().map(String::as_str).collect::<Vec<_>>(),
        "columns whose numbers have a unit behind or before them, taken as numbers in that unit, per cent as hundredths",
    );
    let kin = |slot: usize| unit(slot).is_some() && shapes[slot].is_some_and(|shapes| shapes.beside().has_kin());
    let converted: Vec<String> = all
        .clone()
        .filter(|&slot| kin(slot))
        .filter_map(|slot| unit(slot).map(|unit| format!("{} ({})", name(slot), unit.name())))
        .collect();
    add(
        &converted.iter().map(String::as_str).collect::<Vec<_>>(),
        "columns whose numbers have several units of one kind, such as g and kg, taken in the first of them",
    );
    let flagged: Vec<&str> = all.clone().filter(|&slot| unit(slot) == Some(Unit::FLAGS)).map(name).collect();
    add(
        &flagged,
        "columns with letters behind some numbers, as of provisional, estimated, high (H) or low (L) ones, taken as the numbers alone",
    );
    let lettered: Vec<&str> = all.clone().filter(|&slot| unit(slot) == Some(Unit::LETTERS)).map(name).collect();
    add(
        &lettered,
        "columns with letters behind their numbers, such as 12.3ab, that say which of them differ, taken as the numbers alone",
    );
    for mark in Mark::ALL {
        let of = |slot: usize| {
            let count = |shapes: &Shapes| shapes.beside().marks().find(|(other, _)| *other == mark).map(|(_, n)| n);
            unit(slot).and(shapes[slot].as_ref()).and_then(count)
        };
        let with: Vec<String> =
            all.clone().filter_map(|slot| of(slot).map(|count| format!("{} ({count})", name(slot)))).collect();
        add(&with.iter().map(String::as_str).collect::<Vec<_>>(), mark.sentence());
    }
    for slot in all.filter(|&slot| parsed.kinds[slot] == Kind::Words) {
        if let Some(units) = shapes[slot].as_ref().and_then(Shapes::quarrel) {
            add(
                &[name(slot)],
                &format!(
                    "a column of numbers with different units ({units}) counts as words; with one unit it is read as numbers"
                ),
            );
        }
    }
}
