//! Whether the first line of a table names its columns, and what they are called.

use std::collections::HashSet;

use crate::data::Table;
use crate::data::cell::dates::is_date;
use crate::data::cell::{Cell, Notation, cell, is_missing, is_number};
use crate::data::raw::few;

/// Rows by which it is judged what the first lines of a table are.
pub(in crate::data) const ROWS: usize = 1000;
/// Most records of a title.
const TITLES: usize = 20;
/// Share of numbers from which a column is one of numbers.
pub(super) const MOSTLY: f64 = 0.8;

/// Rows by which it is told that a column holds fractions alone.
const FEWEST: usize = 5;

/// What one column says about the first record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Says {
    /// A word over numbers: names.
    Names,
    /// A word over other words, which come again and again where it does not: names, as likely as not.
    Perhaps,
    /// A number over words: no names.
    Data,
    /// Nothing.
    Nothing,
}

/// Whether the first record names the columns: a word where numbers follow, or numbers that go up as names of columns do where those of
/// no other row do.
pub(in crate::data) fn has_header(table: &Table) -> bool {
    let first: Vec<&str> = table.record(0).map(str::trim).collect();
    let numbers: Vec<f64> = first.iter().filter_map(|text| number(text)).collect();
    let said: Vec<Says> = (0..table.width()).map(|column| says(table, column)).collect();
    let count = |what: Says| said.iter().filter(|&&said| said == what).count();
    if first.iter().all(|text| is_missing(text)) || count(Says::Data) > count(Says::Names) {
        return false;
    }
    if !first.iter().any(|text| is_number(text)) {
        // In a table of words alone the first row is more often names than not, if each stands there once.
        let distinct: HashSet<&&str> = first.iter().filter(|name| !name.is_empty()).collect();
        return count(Says::Names) > 0 || distinct.len() == first.iter().filter(|name| !name.is_empty()).count();
    }
    if years_where_others_have_none(table) {
        return true;
    }
    if numbers_columns(&first) && whole_above_fractions(table) {
        return true;
    }
    let even = even_steps(&numbers);
    let names_like = goes_up(&numbers) && !other_rows_go_up(table, even);
    if count(Says::Names) > 0 {
        let words = first.iter().filter(|text| !is_missing(text) && !is_number(text)).count();
        return names_like || 2 * words >= first.len() || distinct_whole(&numbers);
    }
    // A first row of data can go up too; over so many columns that is no accident.
    let counts = numbers.first().is_some_and(|first| [0.0, 1.0].contains(first));
    let enough = match (even, counts || numbers.len() < first.len(), count(Says::Perhaps) > 0) {
        (true, _, true) => 2,
        (true, true, _) => 3,
        (true, ..) => 4,
        (false, ..) => 8,
    };
    names_like && numbers.len() >= enough
}

/// Whether cells number the columns, from 0 or 1 on, as pandas names those without names; an index has none.
fn numbers_columns(first: &[&str]) -> bool {
    let cells: Vec<&str> = first.iter().copied().skip_while(|cell| cell.is_empty()).collect();
    let from = |start: usize| cells.iter().enumerate().all(|(at, cell)| *cell == (start + at).to_string());
    cells.len() > 1 && cells.len() + 1 >= first.len() && (from(0) || from(1))
}

/// Whether a whole number stands above fractions alone in a column, and no column goes on from its first number as a time does.
fn whole_above_fractions(table: &Table) -> bool {
    let rows = || 1..table.len().min(ROWS);
    let cells = |column: usize| rows().map(move |row| table.cell(row, column).trim()).filter(|cell| !is_missing(cell));
    let fractions = |column: usize| {
        let whole = |cell: &str| number(cell).is_none() || !cell.contains(['.', ',']);
        cells(column).count() >= FEWEST && !cells(column).any(whole)
    };
    let goes_on = |column: usize| {
        let all: Vec<f64> =
            (0..table.len().min(ROWS)).filter_map(|row| number(table.cell(row, column).trim())).collect();
        all.len() > 2 && goes_up(&all)
    };
    let named = || (0..table.width()).filter(|&column| !table.cell(0, column).trim().is_empty());
    named().any(fractions) && !named().any(goes_on)
}

/// Whether the numbers of the first record are years, which go up or down or begin again, and those of hardly another record are.
pub(super) fn years_where_others_have_none(table: &Table) -> bool {
    let numbers = |row: usize| table.record(row).map(str::trim).filter(|cell| is_number(cell)).collect::<Vec<_>>();
    let years = |row: usize| {
        let numbers = numbers(row);
        !numbers.is_empty() && numbers.iter().all(|cell| is_year(cell))
    };
    let first = numbers(0);
    let distinct: HashSet<&&str> = first.iter().collect();
    let rows = table.len().min(ROWS);
    let others = (1..rows).filter(|&row| years(row)).count();
    distinct.len() > 1 && years(0) && rows > 2 && 20 * others < rows
}

/// Whether a cell is a year of the last centuries or the next, alone or in a name such as `FY2020`.
fn is_year(cell: &str) -> bool {
    let digits = cell.trim_start_matches(['F', 'Y', 'f', 'y', 'X']);
    digits.len() == 4 && digits.parse::<u32>().is_ok_and(|year| (1500..=2200).contains(&year))
}

/// How many of the first records are a title in a table as wide as its rows, as spreadsheets save it: a word or two, then nothing.
pub(in crate::data) fn padded_titles(table: &Table) -> usize {
    let filled = |row: usize| -> Vec<usize> {
        let cells = table.record(row).enumerate().filter(|(_, cell)| !cell.trim().is_empty());
        cells.map(|(column, _)| column).collect()
    };
    let is_title = |row: usize| {
        let cells = filled(row);
        let Some(&first) = cells.first() else { return row > 0 };
        let word = table.cell(row, first).trim();
        let side_by_side = cells.iter().zip(first..).all(|(&column, wanted)| column == wanted);
        let few = cells.len() == 1 && table.width() > 1 || cells.len() == 2 && table.width() > 3;
        // What an instrument says of itself: a key with a colon, its value, perhaps more of them.
        let keys = cells.iter().filter(|&&column| table.cell(row, column).trim().ends_with(':')).count();
        (few && side_by_side || 2 * keys >= cells.len())
            && word.contains(char::is_alphabetic)
            && !is_number(word)
            && !is_missing(word)
    };
    let titles = (0..table.len().min(TITLES)).take_while(|&row| is_title(row)).count();
    let most = (0..titles).map(|row| filled(row).len()).max().unwrap_or(0);
    let rest: Vec<usize> = (titles..table.len().min(ROWS)).collect();
    if titles == 0 || rest.len() < 2 || filled(titles).len() < most {
        return 0;
    }
    let rest = table.select(&rest);
    let named = names_some(&rest) || rest.record(0).any(|cell| is_number(cell.trim())) && has_header(&rest);
    if named { titles } else { 0 }
}

/// Whether the first record holds no number, and any of its words stands over numbers.
pub(super) fn names_some(table: &Table) -> bool {
    !table.record(0).any(|cell| is_number(cell.trim()))
        && (0..table.width()).any(|column| says(table, column) == Says::Names)
}

/// What a column says about its first cell.
pub(in crate::data) fn says(table: &Table, column: usize) -> Says {
    let first = table.cell(0, column).trim();
    if is_missing(first) {
        return Says::Nothing;
    }
    let rows = 1..table.len().min(ROWS);
    let cells = rows.map(|row| table.cell(row, column).trim()).filter(|text| !is_missing(text));
    let (mut numbers, mut all) = (0_usize, 0_usize);
    let mut words = HashSet::new();
    for cell in cells {
        all += 1;
        if is_value(cell) {
            numbers += 1;
        } else {
            words.insert(cell);
        }
    }
    let share = numbers as f64 / all.max(1) as f64;
    match is_value(first) {
        _ if all == 0 => Says::Nothing,
        false if share >= MOSTLY => Says::Names,
        true if numbers == 0 => Says::Data,
        false if 2 * words.len() <= all && !words.contains(first) => Says::Perhaps,
        _ => Says::Nothing,
    }
}

/// Whether a cell is a number or a date.
pub(super) fn is_value(text: &str) -> bool {
    is_number(text) || is_date(text)
}

/// A cell as a number, with a decimal point or a comma.
fn number(text: &str) -> Option<f64> {
    [Notation::Plain, Notation::Comma].into_iter().find_map(|notation| match cell(text, notation) {
        Cell::Number(value) => Some(value),
        _ => None,
    })
}

/// Whether numbers go up, or down, from the first to the last.
fn goes_up(numbers: &[f64]) -> bool {
    numbers.windows(2).all(|w| w[1] > w[0]) || numbers.windows(2).all(|w| w[1] < w[0])
}

/// Whether steps between numbers are all about as long, as wavelengths, years and numbers of columns are.
fn even_steps(numbers: &[f64]) -> bool {
    let steps = numbers.windows(2).map(|w| (w[1] - w[0]).abs());
    let (low, high) = steps.fold((f64::MAX, 0.0_f64), |(l, h), step| (l.min(step), h.max(step)));
    high <= 1.01 * low
}

fn distinct_whole(numbers: &[f64]) -> bool {
    let distinct: HashSet<u64> = numbers.iter().map(|v| v.to_bits()).collect();
    distinct.len() == numbers.len() && numbers.iter().all(|v| v.fract() == 0.0)
}

/// Whether more than a few of the other rows go up or down from column to column, in even steps or in any.
fn other_rows_go_up(table: &Table, even: bool) -> bool {
    let rows = 1..table.len().min(100);
    let looked_at = rows.len();
    let up = rows
        .filter(|&row| {
            let numbers: Vec<f64> = table.record(row).filter_map(|text| number(text.trim())).collect();
            numbers.len() > 2 && goes_up(&numbers) && (!even || even_steps(&numbers))
        })
        .count();
    20 * up > looked_at
}

/// Give columns without a name their number, and those with one name numbers behind it; the sentence says which.
pub(in crate::data) fn name_columns(header: &mut [String]) -> Option<String> {
    for (at, name) in header.iter_mut().enumerate() {
        *name = name.trim().to_owned();
        if name.is_empty() {
            *name = format!("column {}", at + 1);
        }
    }
    let mut taken: HashSet<String> = header.iter().cloned().collect();
    if taken.len() == header.len() {
        return None;
    }
    let mut seen = HashSet::new();
    let mut twice = Vec::new();
    for name in header.iter_mut() {
        if seen.insert(name.clone()) {
            continue;
        }
        let mut count = 2_usize;
        let mut free = format!("{name}_2");
        while taken.contains(&free) {
            count += 1;
            free = format!("{name}_{count}");
        }
        twice.push(std::mem::replace(name, free));
        taken.insert(name.clone());
    }
    twice.dedup();
    let names: Vec<&str> = twice.iter().map(String::as_str).collect();
    let names = few(&names);
    Some(format!(
        "names that stand more than once in the header are told apart by a number behind them, such as _2: {names}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_with_nothing_beside_it_is_no_row() {
        for (text, titles) in [
            ("Report,,,\nBerlin,2020,,\n,,,\nname,a,b,c\nx,1,2,3\ny,2,3,4", 3),
            ("Report,,\nname,a,b\nx,1,2\ny,2,3", 1),
            ("People,,,\ntown,2019,2020,2021\nx,10,7,30\ny,25,3,4", 1),
            ("Group A,,Group B,\nx,y,x,y\n1,2,3,4\n2,3,4,5", 0),
            ("name,a,b\nx,1,2\ny,2,3", 0),
            ("Run:,one,,Time:,5\nBy:,me,,,\n,,,,\na,b,c,d,e\n1,2,3,4,5\n2,3,4,5,6", 3),
            ("Name:,Age:\nx,1\ny,2", 0),
            ("x,,\ny,1,2\nz,2,3", 0),
        ] {
            assert_eq!(padded_titles(&Table::of_lines(text, ',')), titles, "{text}");
        }
    }

    #[test]
    fn names_are_told_from_data() {
        for (text, header) in [
            ("x,z\n1,2.5\n3,4", true),
            ("1,2.5\n3,4\n5,6", false),
            (",z\n1,2.5\n3,4", true),
            ("0,1,2,3,label\n1.3,8.7,-1.2,8.8,C\n9.6,0.2,8.1,-0.2,B\n8.7,1.9,7.7,-0.1,B\n1,2,4,3,C", true),
            ("0,1,2,3,label\n1.3,8.7,-1.2,8.8,2\n9.6,0.2,8.1,-0.2,1", true),
            (",0,1,2,3,label\n0,1.3,8.7,-1.2,8.8,C\n1,9.6,0.2,8.1,-0.2,B\n2,8.7,1.9,7.7,-0.1,B\n3,1,2,3,3,C", true),
            ("1100.0,1102.5,1105.0,1107.5\n0.1,0.3,0.2,0.4\n0.2,0.1,0.1,0.3", true),
            ("id,1100.0,1102.5,1105.0\n7,0.1,0.3,0.2\n9,0.2,0.1,0.1", true),
            ("country,2019,2020,2021\nCH,5,9,7\nAT,6,5,9", true),
            ("id;4000,5;3965,25;3930,0;3894,75\n7;0,1;0,3;0,2;0,4\n9;0,2;0,1;0,1;0,3", true),
            ("0,1\n1.3,8.7\n-0.2,2.9\n0.4,0.1\n2.1,3.3\n9.6,0.2\n8.7,1.9", true),
            (",1,2\n0,1.3,8\n1,-0.2,2\n2,0.4,0\n3,2.1,3\n4,9.6,0\n5,8.7,1", true),
            ("0,1\n0.1,0.9\n0.2,0.8\n0.3,0.7\n0.4,0.6\n0.5,0.5\n0.6,0.4", false),
            ("0,1\n3,8\n2,9\n4,1\n1,3\n6,2\n7,9", false),
            ("4000,5;3965,25;3931,0\n0,1;0,3;0,2\n0,2;0,1;0,1", false),
            ("country,1990,1995,2000\na,0,0,0\nb,1,3,5\nc,2,4,6\nd,9,1,1", true),
            ("born,died\n1899,1960\n1902,1977\n1870,1944", true),
            ("1899,1960\n1902,1977\n1870,1944", false),
            ("5.1,3.5,1.4,0.2,setosa\n4.9,3,1.4,0.2,setosa\n7,3.2,4.7,1.4,versicolor", false),
            ("5.1,3.5,right\n4.9,3,none\n7,3.2,right\n7,1,left\n1,2,none\n2,2,left", false),
            ("1,2,3,4\n2,3,4,5\n7,8,9,10", false),
            ("seen,town\n2024-01-05,Bern\n2024-02-05,Wien", true),
            ("name,town\nAnn,Bern\nBob,Wien", true),
            ("Ann,Ann\nAnn,Bern\nBob,Wien", false),
            ("7,a\n8,b\nx,c\ny,d", false),
        ] {
            let mark = if text.contains(';') { ';' } else { ',' };
            assert_eq!(has_header(&Table::of_lines(text, mark)), header, "{text}");
        }
    }

    #[test]
    fn names_twice_are_told_apart() {
        let mut header = ["x", " x ", "", "x_2", "x"].map(str::to_owned);
        let note = name_columns(&mut header).expect("a name stands there twice");
        assert_eq!(header, ["x", "x_3", "column 3", "x_2", "x_4"]);
        assert!(note.contains("`x`"), "{note}");
        assert_eq!(name_columns(&mut header), None);
    }
}
