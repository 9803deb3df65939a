//! What stands below the names of a table and is no row: units, and more names.

use std::collections::HashSet;

use super::header::{Says, is_value, says, years_where_others_have_none};
use crate::data::Table;
use crate::data::cell::{is_missing, is_number};

/// Rows that a line below the names is judged by.
const ROWS: usize = 1000;

/// What stands in the records below the names that is no row.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::data) enum Below {
    /// Units, in one record, and what else loggers and surveys say of their columns, in the next one.
    Units(usize),
    /// More names, in so many records, which are part of the names now.
    Names(usize),
    /// How many points there were at most, in one record.
    Points,
}

impl Below {
    /// How many records these are.
    pub(in crate::data) fn records(&self) -> usize {
        match self {
            Self::Units(records) | Self::Names(records) => *records,
            Self::Points => 1,
        }
    }
}

/// Looks below the names for units and for more names: those of columns whose group stands above them once, over the first of them or
/// over each, as spreadsheets and data frames with names in two levels write it.
pub(in crate::data) fn more_names(table: &Table, names: &mut [String]) -> Option<Below> {
    if table.len() > 2 && holds_points(table) {
        return Some(Below::Points);
    }
    let years = has_years(table, names);
    if !years && !has_units(table) {
        return None;
    }
    let second: Vec<&str> = table.record(0).map(str::trim).collect();
    let bracketed = |cell: &&str| cell.starts_with(['(', '[']) && cell.ends_with([')', ']']);
    let distinct: HashSet<&str> = names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    let given = names.iter().filter(|name| !name.trim().is_empty()).count();
    let gap = names.iter().zip(&second).skip(1).any(|(name, second)| name.trim().is_empty() && !second.is_empty());
    if !years && (second.iter().filter(|cell| !cell.is_empty()).all(bracketed) || !gap && distinct.len() == given) {
        let rest: Vec<usize> = (1..table.len().min(ROWS)).collect();
        return Some(Below::Units(if has_units(&table.select(&rest)) { 2 } else { 1 }));
    }
    let mut group = String::new();
    for (name, second) in names.iter_mut().zip(&second) {
        let own = name.trim().to_owned();
        if !own.is_empty() {
            group.clone_from(&own);
        }
        *name = match (group.is_empty(), second.is_empty()) {
            (true, _) => (*second).to_owned(),
            (_, true) => own,
            // A cell over both lines holds its name in each.
            _ if own == *second => own,
            _ => format!("{group} {second}"),
        };
    }
    // A data frame writes what its index is called in a line of its own.
    let mut third = table.record(1).map(str::trim);
    let index = third.next().filter(|cell| !cell.is_empty() && !is_number(cell));
    match index.filter(|_| third.all(str::is_empty) && names.first().is_some_and(String::is_empty)) {
        Some(index) => {
            index.clone_into(&mut names[0]);
            Some(Below::Names(2))
        }
        None => Some(Below::Names(1)),
    }
}

/// What stands before the points that there were at most, as books of grades have them below the names.
const POINTS: [&str; 12] = [
    "points possible",
    "possible points",
    "max points",
    "max. points",
    "maximum points",
    "max score",
    "max. score",
    "maximum score",
    "max. punkte",
    "maximale punkte",
    "maximale punktzahl",
    "höchstpunktzahl",
];

/// Whether the first record holds the points that there were at most.
fn holds_points(table: &Table) -> bool {
    let mut cells = table.record(0).map(str::trim).filter(|cell| !cell.is_empty());
    let name = cells.next().unwrap_or_default().trim_end_matches(':').to_lowercase();
    POINTS.contains(&name.as_str()) && cells.any(is_number)
}

/// Whether the first record, below the names of groups, holds years that name the columns of each group.
fn has_years(table: &Table, names: &[String]) -> bool {
    let distinct: HashSet<&str> = names.iter().map(|name| name.trim()).filter(|name| !name.is_empty()).collect();
    let given = names.iter().filter(|name| !name.trim().is_empty()).count();
    let gap = names.iter().skip(1).any(|name| name.trim().is_empty());
    let numbers = table.record(0).filter(|cell| is_number(cell.trim())).count();
    (gap || distinct.len() < given) && 2 * numbers >= table.width() && years_where_others_have_none(table)
}

/// Whether the first record, below the names, holds units or more names.
pub(super) fn has_units(table: &Table) -> bool {
    table.len() > 2 && names_numbers(table)
}

/// Whether the first record holds no number, and most of its words stand over numbers.
fn names_numbers(table: &Table) -> bool {
    if table.record(0).any(|cell| is_value(cell.trim())) {
        return false;
    }
    let words = (0..table.width()).filter(|&column| !is_missing(table.cell(0, column).trim())).count();
    let over = (0..table.width()).filter(|&column| says(table, column) == Says::Names).count();
    over > 0 && 2 * over > words
}

/// Whether a record says the names of the columns again, as tables do that were put one behind the other.
pub(in crate::data) fn repeats_names<'c>(
    record: impl Iterator<Item = &'c str>,
    names: impl Iterator<Item = &'c str>,
) -> bool {
    let mut same = 0_usize;
    let mut names = names.fuse();
    let again = record.map(str::trim).all(|cell| {
        same += 1;
        names.next().is_some_and(|name| name.trim() == cell)
    });
    again && same > 1 && names.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_below_the_names_are_told_from_rows() {
        let units = |text: &str| has_units(&Table::of_lines(text, ','));
        assert!(units("(s),(°C),\n1,2,a\n3,4,b\n5,6,a\n"));
        assert!(units(",x,y\n0,1,2\n1,3,4\n2,5,6\n"));
        assert!(!units("a,n/a,b\nb,1,c\nc,2,d\nd,3,e\n"), "a row of words with a gap");
        assert!(!units("a,oops,b\nb,1,c\nc,2,d\nd,3,e\n"), "a slip");
        assert!(!units("7,oops,nix\n8,1,2\n9,2,3\n1,3,4\n"), "a number beside");
    }

    #[test]
    fn names_in_two_lines_are_joined() {
        for (names, below, wanted, records) in [
            (",A,,B,", ",x,y,x,y\n1,2,3,4,5\n2,3,4,5,6", "|A x|A y|B x|B y", Some(Below::Names(1))),
            (",a,a,b,b", ",x,y,x,y\nid,,,,\n1,2,3,4,5\n2,3,4,5,6", "id|a x|a y|b x|b y", Some(Below::Names(2))),
            ("id,A,", ",low,high\n1,2,3\n2,3,4", "id|A low|A high", Some(Below::Names(1))),
            ("t,v,w", "s,m/s,W\n1,2,3\n2,3,4", "t|v|w", Some(Below::Units(1))),
            ("t,v,w", "s,m/s,W\n,Avg,Max\n1,2,3\n2,3,4\n3,4,5\n4,5,6\n5,6,7", "t|v|w", Some(Below::Units(2))),
            ("t,,w", "(s),(m),(W)\n1,2,3\n2,3,4", "t||w", Some(Below::Units(1))),
            ("t,v,w", "1,2,3\n2,3,4\n3,4,5", "t|v|w", None),
            (
                ",A,,B,",
                "town,2019,2020,2019,2020\na,1,2,3,4\nb,2,3,4,5",
                "town|A 2019|A 2020|B 2019|B 2020",
                Some(Below::Names(1)),
            ),
            (
                "town,A,A,B,B",
                ",2019,2020,2019,2020\na,1,2,3,4\nb,2,3,4,5",
                "town|A 2019|A 2020|B 2019|B 2020",
                Some(Below::Names(1)),
            ),
            ("town,from,to", "a,1999,2004\nb,1998,2003\nc,2001,2002", "town|from|to", None),
            ("town,,to", "a,1999,2004\nb,1998,2003\nc,2001,2002", "town||to", None),
        ] {
            let mut found: Vec<String> = names.split(',').map(str::to_owned).collect();
            assert_eq!(more_names(&Table::of_lines(below, ','), &mut found), records, "{names}");
            assert_eq!(found.join("|"), wanted, "{names}");
        }
    }
}
