//! What people write below a table: totals and means of its columns, a source, a note, how many rows there were. None of it is a row.

use crate::data::Table;
use crate::data::cell::{Cell, Notation, cell, is_missing, is_number};

/// Words that begin a row of sums ...
const SUMS: [&str; 24] = [
    "total",
    "totals",
    "grand total",
    "subtotal",
    "sum",
    "all",
    "gesamt",
    "gesamtsumme",
    "summe",
    "insgesamt",
    "zusammen",
    "total général",
    "somme",
    "ensemble",
    "suma",
    "totale",
    "totaal",
    "soma",
    "итого",
    "всего",
    "合计",
    "总计",
    "合計",
    "σ",
];
/// ... or of other figures of the columns above it.
const FIGURES: [&str; 36] = [
    "mean",
    "average",
    "avg",
    "median",
    "std",
    "std dev",
    "std. dev",
    "stdev",
    "st. dev",
    "sd",
    "s.d",
    "se",
    "sem",
    "min",
    "max",
    "minimum",
    "maximum",
    "range",
    "count",
    "n",
    "cv",
    "variance",
    "var",
    "mittelwert",
    "mittel",
    "durchschnitt",
    "moyenne",
    "media",
    "promedio",
    "média",
    "gemiddelde",
    "среднее",
    "平均",
    "ø",
    "quartile",
    "mode",
];
/// How words begin that say where a table is from, or what its marks mean.
const NOTES: [&str; 22] = [
    "source",
    "note",
    "notes",
    "data from",
    "data:",
    "generated",
    "exported",
    "created",
    "printed",
    "page ",
    "end of",
    "copyright",
    "©",
    "quelle",
    "anmerkung",
    "stand",
    "erstellt",
    "hinweis",
    "fuente",
    "nota",
    "fonte",
    "legend",
];
/// Bytes of a name of a figure, with what stands behind it.
const LONGEST: usize = 64;
/// Rows from the last one on that are looked at.
pub(in crate::data) const MOST: usize = 8;
/// Cells of a column of which nearly all hold something, or are numbers.
const NEARLY_ALL: f64 = 0.95;
const MOSTLY: f64 = 0.8;
/// How far a figure may lie from the one it should be, as a part of that.
const LOOSE: f64 = 2e-3;
const TIGHT: f64 = 1e-6;

/// Whether a record that has not as many cells as the rows is a note: words, or a figure of the rows by its name. What may be a row that
/// lacks a cell is none.
pub(super) fn is_note<'a>(cells: impl Iterator<Item = &'a str>, width: usize) -> bool {
    let cells: Vec<&str> = cells.map(str::trim).collect();
    let Some(first) = cells.iter().find(|cell| !cell.is_empty()) else { return cells.len() < width };
    let numbers = cells.iter().any(|cell| is_number(cell));
    if counts_rows(cells.iter().copied()) || is_prompt(first) {
        return true;
    }
    let sentence = first.contains(char::is_alphabetic) && first.contains([' ', ':', '(', '*']);
    says_so(first) || is_figure(first) || sentence && !numbers && !is_number(first)
}

/// Whether a cell begins as a note does.
fn says_so(cell: &str) -> bool {
    let lower = cell.to_lowercase();
    let marked = cell.starts_with(['(', '*', '†', '‡', '§', '¹', '[', '#', '©']) && cell.contains(char::is_alphabetic);
    let starts = NOTES.iter().any(|word| {
        lower.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric) || word.ends_with(' '))
    });
    let counts = lower.split_once(' ').is_some_and(|(count, rest)| {
        let unit = rest.trim_end_matches('.').split([' ', ',']).next().unwrap_or_default();
        count.parse::<u64>().is_ok() && ROWS.contains(&unit)
    });
    marked || starts || counts
}

/// What rows are called that are counted below a table.
const ROWS: [&str; 8] = ["row", "rows", "record", "records", "zeilen", "lignes", "filas", "строк"];

/// Whether a record whose cells blanks part counts the rows: `14 rows selected.`, `(14 rows affected)`.
fn counts_rows<'a>(mut cells: impl Iterator<Item = &'a str>) -> bool {
    let (Some(first), Some(second)) = (cells.next(), cells.next()) else { return false };
    let unit = second.trim_end_matches(['.', ',', ')', ';']).to_lowercase();
    first.trim_start_matches('(').parse::<u64>().is_ok() && ROWS.contains(&unit.as_str())
}

/// Whether a line begins as those do in which a person asks a program for the table.
fn is_prompt(cell: &str) -> bool {
    matches!(cell, ">" | ">>>" | "SQL>" | "mysql>" | "sqlite>" | "postgres=#") || cell.starts_with("> ")
}

/// Whether a cell names a figure of the rows above it.
fn is_figure(cell: &str) -> bool {
    // The first word of most rows is longer, or the beginning of none.
    cell.len() <= LONGEST && (is_sum(cell) || FIGURES.contains(&bare(&cell.to_lowercase())))
}

/// Whether it names their sum.
fn is_sum(cell: &str) -> bool {
    let lower = cell.to_lowercase();
    let begins = ["grand total", "sum of ", "total "].iter().any(|start| lower.starts_with(start));
    begins || SUMS.contains(&bare(&lower))
}

/// The name alone in `n = 30`, `Total (n = 30):`, `Mean ± SD`.
fn bare(lower: &str) -> &str {
    lower.split(['(', '=', '±', ',', ':']).next().unwrap_or_default().trim_end_matches(['.', ' '])
}

/// What a record may be that is no row, where rows are seen one by one; the last ones tell once there is no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Maybe {
    /// It holds nothing.
    Blank,
    /// Words below the table.
    Note,
    /// A figure of the rows, whose name stands in this column.
    Figure(usize),
}

/// What a record may be that is not one of the rows of so many cells.
pub(in crate::data) fn maybe<'a>(cells: impl Iterator<Item = &'a str> + Clone, width: usize) -> Option<Maybe> {
    let mut filled = cells.clone().map(str::trim).enumerate().filter(|(_, cell)| !cell.is_empty());
    if filled.clone().next().is_none() {
        return Some(Maybe::Blank);
    }
    // Of nearly all rows this is all that is looked at: their first word is none of those.
    let number = |text: &str| text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    let counts = |text: &str| !number(text) && !is_number(text) || text.contains(' ') && says_so(text);
    if counts_rows(filled.clone().map(|(_, cell)| cell)) {
        return Some(Maybe::Note);
    }
    let (column, first) = filled.clone().find(|(_, text)| counts(text) && !is_missing(text))?;
    if cells.clone().count() < width && is_note(cells, width) {
        return Some(Maybe::Note);
    }
    if width > 2 && says_so(first) && filled.nth(1).is_none() {
        return Some(Maybe::Note);
    }
    is_figure(first).then_some(Maybe::Figure(column))
}

fn what(table: &Table, row: usize) -> Option<Maybe> {
    let cells: Vec<&str> = table.record(row).collect();
    maybe(cells.iter().copied(), table.width())
}

/// Rows without anything at the end that are what a spreadsheet leaves there; fewer may be rows of gaps.
pub(in crate::data) const EMPTY: usize = 3;

/// How many rows at the end of a table are what a spreadsheet leaves there, delimiters alone.
pub(in crate::data) fn empty_end(table: &Table) -> usize {
    let blank = |row: &usize| table.record(*row).all(|text| text.trim().is_empty());
    let empty = (0..table.len()).rev().take_while(blank).count();
    if (EMPTY..table.len()).contains(&empty) && table.width() > 1 { empty } else { 0 }
}

/// How many rows at the end of a table are none of its rows.
pub(in crate::data) fn below(table: &Table) -> usize {
    let blank = |row: usize| table.record(row).all(|text| text.trim().is_empty());
    let may = |row: usize| what(table, row).is_some();
    let rows = table.len();
    let candidates = (0..rows).rev().take(MOST).take_while(|&row| may(row)).count();
    // Figures are those of the rows above all of them.
    let body = rows - candidates;
    let (mut found, mut blanks) = (0, 0);
    for row in (body..rows).rev() {
        if blank(row) {
            blanks += 1;
        } else if is_below(table, row, body) {
            (found, blanks) = (found + blanks + 1, 0);
        } else {
            return found;
        }
    }
    if found > 0 {
        return found + blanks;
    }
    usize::from(candidates == 0 && rows > MOST && sums_alone(table, rows - 1))
}

/// Rows that are looked through for sums among them.
const MOST_LOOKED: usize = 1 << 14;

/// Rows among the others that are called sums, as those of groups are.
pub(in crate::data) fn sums_among(table: &Table) -> Vec<usize> {
    let called = |row: &usize| {
        let name = table.record(*row).map(str::trim).find(|cell| !cell.is_empty());
        name.is_some_and(|name| name.len() <= LONGEST && is_sum(name))
    };
    (0..table.len().min(MOST_LOOKED)).filter(called).collect()
}

/// Whether a row is a note or a figure, by what the rows of the table hold, which are those before `body`.
fn is_below(table: &Table, row: usize, body: usize) -> bool {
    let column = match what(table, row) {
        None | Some(Maybe::Blank) => return false,
        Some(Maybe::Note) => return true,
        Some(Maybe::Figure(column)) => column,
    };
    if body < 2 || comes_elsewhere(table, (row, column), body) {
        return false;
    }
    let share = |column: usize, holds: &dyn Fn(&str) -> bool| {
        (0..body).filter(|&row| holds(table.cell(row, column).trim())).count() as f64 / body as f64
    };
    let mut others = (0..table.width()).filter(|&other| other != column);
    let lacks = |other: usize| is_missing(table.cell(row, other).trim());
    share(column, &is_number) >= MOSTLY
        || others.clone().any(|other| lacks(other) && share(other, &|text| !is_missing(text)) >= NEARLY_ALL)
        || others.any(|other| {
            let sums = is_sum(table.cell(row, column).trim());
            fits(table, (row, other), body, &|all, value, exact| all.fit(value, exact, sums))
        })
}

/// Whether a word stands in its column above a row, so that it names a row like others.
fn comes_elsewhere(table: &Table, (row, column): (usize, usize), body: usize) -> bool {
    let word = table.cell(row, column).trim();
    (0..body).any(|above| table.cell(above, column).trim().eq_ignore_ascii_case(word))
}

/// Whether a row holds nothing but the sums of its columns, and nothing where all others have a name.
fn sums_alone(table: &Table, row: usize) -> bool {
    // Most last rows are rows: looking through their columns would take as long as reading them.
    if !table.record(row).any(|cell| cell.trim().is_empty()) {
        return false;
    }
    let (mut sums, mut gap) = (0, false);
    for column in 0..table.width() {
        let text = table.cell(row, column).trim();
        if text.is_empty() {
            gap |= (0..row).all(|above| !is_missing(table.cell(above, column).trim()));
        } else if fits(table, (row, column), row, &Figures::is_sum) {
            sums += 1;
        } else {
            return false;
        }
    }
    gap && sums > 0
}

/// What the numbers of a column above a row come to.
struct Figures {
    sum: f64,
    /// Of their sizes.
    size: f64,
    count: f64,
    least: f64,
    most: f64,
    middle: f64,
}

/// Those of a column whose cells are all numbers in a notation.
fn figures(table: &Table, row: usize, column: usize, notation: Notation) -> Option<Figures> {
    let mut values = Vec::new();
    for above in 0..row {
        match cell(table.cell(above, column), notation) {
            Cell::Number(value) => values.push(value),
            Cell::Missing => {}
            _ => return None,
        }
    }
    if values.windows(2).all(|pair| pair[0].to_bits() == pair[1].to_bits()) {
        return None;
    }
    let (sum, size) = values.iter().fold((0.0, 0.0), |(sum, size), v| (sum + v, size + v.abs()));
    let (least, most) = values.iter().fold((f64::MAX, f64::MIN), |(l, m), &v| (l.min(v), m.max(v)));
    let count = values.len() as f64;
    Some(Figures { sum, size, count, least, most, middle: crate::support::number::median(values) })
}

/// Whether a cell of a row is such a figure of the rows before `body`, in any notation that they have.
fn fits(table: &Table, (row, column): (usize, usize), body: usize, is: &dyn Fn(&Figures, f64, f64) -> bool) -> bool {
    let text = table.cell(row, column).trim();
    [Notation::Plain, Notation::Point, Notation::Comma].into_iter().any(|notation| match cell(text, notation) {
        Cell::Number(value) => {
            figures(table, body, column, notation).is_some_and(|figures| is(&figures, value, half_a_digit(text)))
        }
        _ => false,
    })
}

impl Figures {
    /// Whether a value that is written as exactly as this is the sum, or else another one of them.
    fn fit(&self, value: f64, exact: f64, sum: bool) -> bool {
        let near = |figure: f64, size: f64| (value - figure).abs() <= LOOSE * size + exact;
        if sum {
            return near(self.sum, self.size);
        }
        near(self.sum / self.count, self.size / self.count)
            || [self.least, self.most, self.middle].into_iter().any(|figure| near(figure, 0.0))
    }

    fn is_sum(&self, value: f64, exact: f64) -> bool {
        (value - self.sum).abs() <= TIGHT * self.size + exact
    }
}

/// Half of the last digit of a number as it is written.
fn half_a_digit(text: &str) -> f64 {
    let digits =
        text.trim_end_matches(|c: char| !c.is_ascii_digit()).rsplit_once(['.', ',']).map_or(0, |(_, f)| f.len());
    0.500_000_1 * 10_f64.powi(-(digits.min(18) as i32))
}

#[cfg(test)]
mod tests;
