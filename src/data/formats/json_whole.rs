//! One JSON object that holds a whole table: columns by their names, as pandas writes it unless told otherwise, rows by theirs, or a list of
//! rows among other things.

use std::collections::HashMap;

use super::json::WITHIN;
use super::json_rows::Rows;
use crate::support::plain;

/// What a list of the names of columns is called.
const NAMING: [&str; 4] = ["columns", "fields", "header", "headers"];

/// Where a value of the object belongs: its row and its column.
type Place<'a> = (&'a str, String);

/// The table in the only object, where it holds one: its rows one below the other.
pub(super) fn stood_up(rows: Rows, notes: &mut Vec<String>) -> Rows {
    if rows.ends.len() != 1 {
        return rows;
    }
    let ways: Vec<Vec<&str>> = rows.names.iter().map(|name| name.split(WITHIN).collect()).collect();
    let found = records(&ways).or_else(|| by_names(&ways));
    let Some((places, said)) = found else { return rows };
    // pandas' `split`, and portals of open data, have the names of the columns in a list beside the rows.
    let headed: HashMap<&str, &str> = rows
        .cells
        .iter()
        .enumerate()
        .filter_map(|(at, &(column, _))| Some((names_column(ways.get(column as usize)?)?, rows.cell(at))))
        .collect();
    let placed: Vec<(Place<'_>, &str)> = rows
        .cells
        .iter()
        .enumerate()
        .filter_map(|(at, &(column, _))| Some((places.get(column as usize)?.clone()?, rows.cell(at))))
        .collect();
    let (row_names, mut column_names) = (in_order(places.iter().flatten().map(|(row, _)| *row)), Vec::new());
    let mut columns: HashMap<&str, u32> = HashMap::new();
    for (_, column) in places.iter().flatten() {
        columns.entry(column).or_insert_with(|| {
            column_names.push(column.clone());
            column_names.len() as u32 - 1
        });
    }
    if column_names.iter().all(|name| headed.contains_key(name.as_str())) {
        column_names = column_names.iter().map(|name| headed[name.as_str()].to_owned()).collect();
    }
    let numbers: HashMap<&str, usize> = row_names.iter().enumerate().map(|(at, &row)| (row, at)).collect();
    let named = row_names.iter().any(|row| !is_count(row));
    // Names of rows are a column of their own, the first one.
    let shift = u32::from(named);
    let mut cells: Vec<(usize, u32, &str)> =
        placed.iter().map(|((row, column), text)| (numbers[row], columns[column.as_str()] + shift, *text)).collect();
    if named {
        cells.extend(row_names.iter().enumerate().map(|(at, &row)| (at, 0, row)));
        column_names.insert(0, "index".to_owned());
    }
    cells.sort_by_key(|&(row, column, _)| (row, column));
    let mut table = Rows { names: column_names, ..Rows::default() };
    let mut next = cells.iter().peekable();
    for row in 0..row_names.len() {
        while let Some(&(_, column, text)) = next.next_if(|cell| cell.0 == row) {
            table.text.push_str(text);
            table.cells.push((column, table.text.len()));
        }
        table.ends.push(table.cells.len());
    }
    notes.push(said);
    table
}

/// Where each value belongs where a list of rows lies in the object, at any depth; lists whose names stand beside them, among others.
fn records<'a>(ways: &[Vec<&'a str>]) -> Option<(Vec<Option<Place<'a>>>, String)> {
    let mut sizes: HashMap<&[&str], usize> = HashMap::new();
    for way in ways {
        if let Some(at) = place_in_list(way) {
            *sizes.entry(&way[..at]).or_default() += 1;
        }
    }
    let (&list, _) = sizes.iter().max_by_key(|(list, values)| (**values, **list))?;
    let at = list.len();
    let is_of = |way: &Vec<&'a str>| place_in_list(way) == Some(at) && way[..at] == *list;
    if !ways.iter().any(|way| is_of(way) && way[at] != "0") {
        return None;
    }
    let place =
        |way: &Vec<&'a str>| is_of(way).then(|| -> Place<'a> { (way[at], way[at + 1..].join(&WITHIN.to_string())) });
    let places: Vec<Option<Place<'a>>> = ways.iter().map(place).collect();
    let beside = if places.iter().all(Option::is_some) { "" } else { "; what stands beside it is left out" };
    let said = format!("the rows are those of the list `{}` in the only object{beside}", plain::line(&list.join(".")));
    Some((places, said))
}

/// Where on the way to a value within a row the number of the row stands.
fn place_in_list(way: &[&str]) -> Option<usize> {
    (1..way.len().saturating_sub(1)).find(|&at| is_count(way[at]))
}

/// The name of a column of lists that the value at the end of this way is, and the column's number: `columns.3`, `meta.view.columns.3.name`.
fn names_column<'a>(way: &[&'a str]) -> Option<&'a str> {
    let (list, place) = match way {
        [.., list, place] if is_count(place) => (list, place),
        [.., list, place, "name"] if is_count(place) => (list, place),
        _ => return None,
    };
    NAMING.iter().any(|name| list.eq_ignore_ascii_case(name)).then_some(*place)
}

/// Where each value belongs in an object of columns or of rows by their names.
fn by_names<'a>(ways: &[Vec<&'a str>]) -> Option<(Vec<Option<Place<'a>>>, String)> {
    if ways.is_empty() || ways.iter().any(|way| way.len() < 2) {
        return None;
    }
    // Rows are numbered and columns are named: what is numbered outside is rows.
    let rows_first = ways.iter().all(|way| is_count(way[0]));
    let place = |way: &Vec<&'a str>| -> Place<'a> {
        if rows_first {
            (way[0], way[1..].join(&WITHIN.to_string()))
        } else {
            let mut column = way.clone();
            column.remove(1);
            (way[1], column.join(&WITHIN.to_string()))
        }
    };
    let places: Vec<Place<'a>> = ways.iter().map(place).collect();
    let mut rows: HashMap<&str, usize> = HashMap::new();
    let mut columns: HashMap<&str, usize> = HashMap::new();
    for (row, column) in &places {
        *rows.entry(row).or_default() += 1;
        *columns.entry(column).or_default() += 1;
    }
    // Settings within settings have hardly a key in common.
    let full = 2 * places.len() >= rows.len() * columns.len();
    let said = if rows_first { "rows by their numbers" } else { "columns by their names" };
    (rows.len() > 1 && full)
        .then(|| (places.into_iter().map(Some).collect(), format!("the only object holds the table: {said}")))
}

fn is_count(text: &str) -> bool {
    !text.is_empty() && text.len() < 10 && text.bytes().all(|b| b.is_ascii_digit())
}

/// Each name once: numbers by their size, others as they come.
fn in_order<'a>(names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut seen = std::collections::HashSet::new();
    let mut found: Vec<&str> = names.filter(|name| seen.insert(*name)).collect();
    if found.iter().all(|name| is_count(name)) {
        found.sort_by_key(|name| name.parse::<u64>().unwrap_or(0));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of a text of which every value stands behind its way, as `a.0=1`.
    fn table(object: &str) -> (String, Vec<String>, Vec<String>) {
        let mut rows = Rows::default();
        for pair in object.split_whitespace() {
            let (way, value) = pair.split_once('=').expect("a value");
            rows.names.push(way.replace('.', &WITHIN.to_string()));
            if !value.is_empty() {
                rows.text.push_str(value);
                rows.cells.push((rows.names.len() as u32 - 1, rows.text.len()));
            }
        }
        rows.ends.push(rows.cells.len());
        rows.lines.push(1);
        let mut notes = Vec::new();
        let rows = stood_up(rows, &mut notes);
        let mut from = 0;
        let cells = |at: usize| format!("{}:{}", rows.cells[at].0, rows.cell(at));
        let lines = rows.ends.iter().map(|&end| {
            let line = (from..end).map(cells).collect::<Vec<_>>().join(" ");
            from = end;
            line
        });
        (rows.names.join(" "), lines.collect(), notes)
    }

    #[test]
    fn a_table_in_one_object_is_stood_up() {
        for object in [
            "a.0=1 a.1=2 a.10=3 b.0=x b.1= b.10=z",
            "0.a=1 0.b=x 1.a=2 1.b= 10.a=3 10.b=z",
            "columns.0=a columns.1=b index.0=0 index.1=1 index.2=2 data.0.0=1 data.0.1=x data.1.0=2 data.1.1= data.2.0=3 data.2.1=z",
            "n=3 hits.n=3 hits.rows.0.a=1 hits.rows.0.b=x hits.rows.1.a=2 hits.rows.1.b= hits.rows.10.a=3 hits.rows.10.b=z",
            "meta.view.columns.0.id=7 meta.view.columns.0.name=a meta.view.columns.1.name=b data.0.0=1 data.0.1=x data.1.0=2 data.1.1= data.2.0=3 data.2.1=z",
            "n=3 rows.0.a=1 rows.0.b=x rows.1.a=2 rows.1.b= rows.10.a=3 rows.10.b=z",
        ] {
            let (names, rows, notes) = table(object);
            assert_eq!((names.as_str(), rows.join("|").as_str()), ("a b", "0:1 1:x|0:2|0:3 1:z"), "{object}");
            assert!(notes[0].contains("only object"), "{notes:?}");
        }
        let (names, rows, _) = table("a.p=1 a.q=2 b.p=3 b.q=4");
        assert_eq!((names.as_str(), rows.join("|").as_str()), ("index a b", "0:p 1:1 2:3|0:q 1:2 2:4"));
        assert_eq!(table("a=1 b.c=2").1, ["0:1 1:2"], "one row");
        assert_eq!(table("a.b=1 c.d=2 e.f=3").1.len(), 1, "no key in common");
    }
}
