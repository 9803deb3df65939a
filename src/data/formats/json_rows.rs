//! JSON Lines, or one list of objects or of lists: an object a row, its keys the columns, read on as a table. One object may hold all rows.

use std::collections::HashMap;
use std::path::Path;

use super::json::{Objects, Value, WITHIN};
use super::json_whole;
use crate::data::Table;
use crate::data::bytes::source::{Input, LOOKS_LIKE_A_TRAP};
use crate::data::cell::is_number;
use crate::data::columns::Cells;
use crate::data::raw::Raw;
use crate::data::table::numbered;
use crate::data::text::MOST_CELLS;
use crate::data::text::delimiter::Delimiter;
use crate::data::text::header::name_columns;
use crate::support::language::counted;
use crate::support::memory;
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Rows between two looks at the clock.
const TICK: usize = 1 << 12;
/// Bytes of memory for a cell of the table: its end, its number, a copy.
const CELL: f64 = 20.0;
/// Bytes of the keys on the way to values, where they begin names of columns.
const MOST_WAYS: usize = 1 << 25;
/// Cells of a table that nobody asks about ...
const FEW: usize = 1 << 21;
/// ... and those for each value beyond which a table is nothing but gaps.
const EMPTIEST: usize = 1 << 10;

/// Load a file of objects.
pub(in crate::data) fn load_file(input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let path = input.path.clone();
    let found = read(input, progress)?;
    let mut notes = Vec::new();
    let mut found = json_whole::stood_up(found, &mut notes);
    found.take_names(&mut notes);
    let (table, lines) = found.finish((&path, recipe), &mut notes)?;
    // Commas stand between values, so none is decimal.
    let delimiter = Delimiter::Byte(b',');
    Cells { path, table, lines, delimiter, row_names: false, said: Vec::new(), notes }.into_raw(recipe, progress)
}

/// Rows as they come, before all keys are known.
#[derive(Default)]
pub(in crate::data) struct Rows {
    pub(in crate::data) names: Vec<String>,
    /// For each name its column, and the row it was last seen in, counted from 1.
    pub(in crate::data) known: HashMap<String, (u32, usize)>,
    /// Bytes of the keys on the way to values that the names begin with.
    pub(in crate::data) ways: usize,
    pub(in crate::data) text: String,
    /// The column of each value, and where it ends in the text.
    pub(in crate::data) cells: Vec<(u32, usize)>,
    /// Where the values of each row end.
    pub(in crate::data) ends: Vec<usize>,
    /// The lines they begin in; none where they stand in no lines of their own.
    pub(in crate::data) lines: Vec<u64>,
}

fn read(input: Input, progress: &Progress<'_>) -> Result<Rows> {
    let path = input.path.clone();
    let (most, stored, packed) = (input.most(), input.stored.max(1), input.packed);
    let mut objects = Objects::new(std::io::Read::take(input, most));
    let mut rows = Rows::default();
    loop {
        let line = objects.next(&mut |key, value| rows.take(key, value));
        if objects.done >= most {
            let message = format!("it unpacks to {most} bytes and goes on: {LOOKS_LIKE_A_TRAP}");
            return Err(Error::format(&path, message));
        }
        let line = line.map_err(|wrong| {
            let message = format!("line {}, column {}: {}", wrong.line, wrong.column, plain::line(&wrong.what));
            Error::format(&path, message)
        })?;
        let Some(line) = line else { break };
        rows.end(line);
        if rows.lines.len().is_multiple_of(TICK) {
            let part = 0.6 * objects.done as f32 / stored as f32;
            progress.at(if packed { 0.3 } else { part.min(0.6) }, "reading")?;
        }
    }
    if rows.lines.is_empty() {
        return Err(Error::format(&path, "the file holds no object, so no row"));
    }
    Ok(rows)
}

impl Rows {
    /// The row that was read, which begins in this line, is whole.
    pub(in crate::data) fn end(&mut self, line: u64) {
        self.ends.push(self.cells.len());
        self.lines.push(line);
    }

    /// The table of all keys and the line in which each row begins.
    ///
    /// # Errors
    /// [`Error::Format`] where there is no key, or the table takes too much memory.
    pub(in crate::data) fn finish(
        self,
        (path, recipe): (&Path, &Recipe),
        notes: &mut Vec<String>,
    ) -> Result<(Table, Vec<u64>)> {
        let gaps = self.ends.len() * self.names.len() - self.cells.len();
        if gaps > 0 {
            notes.push(format!("{gaps} of the cells are gaps: their row has no such key, or null"));
        }
        let (table, lines, renamed) = self.into_table(path, recipe)?;
        notes.extend(renamed);
        Ok((table, lines))
    }

    /// Take a pair of the row that is being read.
    pub(in crate::data) fn take(&mut self, key: &str, value: Value) -> Result<(), String> {
        let row = self.ends.len() + 1;
        let column = if let Some((column, seen)) = self.known.get_mut(key) {
            if *seen == row {
                let key: String = key.replace(WITHIN, ".").chars().take(40).collect();
                return Err(format!("key `{key}` comes twice in one object"));
            }
            *seen = row;
            *column
        } else {
            if self.names.len() == MOST_CELLS {
                return Err(format!("more than {MOST_CELLS} different keys, which no table has that is read here"));
            }
            self.ways += key.rfind(WITHIN).unwrap_or(0);
            if self.ways > MOST_WAYS {
                return Err(format!(
                    "the keys on the way to values take more than {} MiB in the names of columns",
                    MOST_WAYS >> 20
                ));
            }
            let column = self.names.len() as u32;
            self.names.push(key.to_owned());
            self.known.insert(key.to_owned(), (column, row));
            column
        };
        if let Value::Bare(text) | Value::Text(text) = value {
            self.text.push_str(&text);
            self.cells.push((column, self.text.len()));
        }
        Ok(())
    }

    /// Values of lists have no keys: texts in the first row over numbers name them. Keys on the way to a value stand with points between
    /// them.
    fn take_names(&mut self, notes: &mut Vec<String>) {
        let listed = !self.names.is_empty() && self.names.iter().enumerate().all(|(at, name)| *name == at.to_string());
        if listed {
            self.names = numbered(self.names.len());
            let first = self.ends.first().copied().unwrap_or(0);
            let texts = |cells: std::ops::Range<usize>| {
                cells.filter(|&at| !is_number(self.cell(at)) && !self.cell(at).trim().is_empty()).count()
            };
            if self.ends.len() > 1
                && texts(0..first) == self.names.len()
                && texts(first..self.ends[1]) < self.names.len()
            {
                self.names = (0..first).map(|at| self.cell(at).to_owned()).collect();
                let from = self.cells[first - 1].1;
                self.text.drain(..from);
                self.cells.drain(..first);
                self.cells.iter_mut().for_each(|(_, end)| *end -= from);
                self.ends.remove(0);
                self.ends.iter_mut().for_each(|end| *end -= first);
                self.lines.drain(..self.lines.len().min(1));
                notes.push("the first list names the columns".to_owned());
            }
        }
        if let Some(name) = self.names.iter().find(|name| name.contains(WITHIN)) {
            let name = name.replace(WITHIN, ".");
            notes.push(format!(
                "objects and lists within objects are spread into columns, the first `{}`",
                plain::line(&name)
            ));
            self.names.iter_mut().for_each(|name| *name = name.replace(WITHIN, "."));
        }
    }

    /// The text of a value.
    pub(in crate::data) fn cell(&self, at: usize) -> &str {
        let from = at.checked_sub(1).map_or(0, |before| self.cells[before].1);
        &self.text[from..self.cells[at].1]
    }

    /// The table of all keys, the line in which each row begins, and which keys got another name.
    fn into_table(self, path: &Path, recipe: &Recipe) -> Result<(Table, Vec<u64>, Option<String>)> {
        let (rows, columns) = (self.ends.len(), self.names.len());
        if columns == 0 {
            return Err(Error::format(path, "the objects have no keys, so the table has no column"));
        }
        let cells = rows.saturating_mul(columns);
        let size = format!("{} of {} different keys", counted(rows, "object"), columns);
        if cells > FEW && cells / EMPTIEST > self.cells.len() {
            let message = format!(
                "{size} have {} values, fewer than one in {EMPTIEST} cells of their table: are names of things keys that should be values?",
                self.cells.len()
            );
            return Err(Error::format(path, message));
        }
        memory::check(cells as f64 * CELL, recipe.memory.set())
            .map_err(|what| Error::format(path, format!("the table of {size} {what}")))?;
        let mut names = self.names;
        let renamed = name_columns(&mut names);
        let mut table = Table::new(names);
        let (mut record, mut at, mut from) = (vec![""; columns], 0, 0);
        for &end in &self.ends {
            record.fill("");
            for &(column, to) in &self.cells[at..end] {
                record[column as usize] = &self.text[from..to];
                from = to;
            }
            at = end;
            table.push(record.iter().copied()).map_err(|e| Error::format(path, e.to_string()))?;
        }
        Ok((table, self.lines, renamed))
    }
}

/// Whether a text is JSON by how it begins: an object, or a list of objects or of lists.
pub(in crate::data) fn looks_so(text: &str, _: bool) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    let object = |text: &str| {
        text.strip_prefix('{').is_some_and(|rest| matches!(rest.trim_start().chars().next(), None | Some('"' | '}')))
    };
    let list = |text: &str| {
        let first = text.strip_prefix('[').map(str::trim_start);
        first.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '"' | 'n' | ']')))
    };
    object(text) || text.strip_prefix('[').map(str::trim_start).is_some_and(|rest| object(rest) || list(rest))
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::recipe::{Missing, TextColumns};

    fn read(text: &str, recipe: &Recipe) -> Result<Raw> {
        load_file(Input::of_text("a.jsonl", text)?, recipe, &Progress::silent())
    }

    #[test]
    fn keys_become_columns_in_the_order_they_are_first_seen() {
        let text =
            "{\"z\":1.50,\"kind\":\"red\"}\n{\"kind\":\"blue\",\"a\":2,\"z\":null}\n{\"a\":-1e1,\"label\":\"x\"}\n";
        let recipe = Recipe { text: TextColumns::OneHot, missing: Missing::Mean, ..Recipe::default() };
        let raw = read(text, &recipe).expect("reads");
        let table = raw.table.as_ref().expect("it is a table");
        assert_eq!(table.header, ["z", "kind", "a", "label"]);
        let cells: Vec<Vec<&str>> = (0..3).map(|row| table.record(row).collect()).collect();
        assert_eq!(cells, [["1.50", "red", "", ""], ["", "blue", "2", ""], ["", "", "-1e1", "x"]]);
        assert!(raw.notes.iter().any(|note| note.contains("6 of the cells are gaps")), "{:?}", raw.notes);
        assert_eq!(raw.lines, Some(vec![1, 2, 3]));
    }

    #[test]
    fn a_list_of_objects_reads_as_lines_do() {
        let lines = read("{\"a\":1,\"b\":2}\n{\"a\":3,\"b\":4}\n", &Recipe::default()).expect("reads");
        let list = read("[\n {\"a\":1, \"b\":2},\n {\"b\":4, \"a\":3}\n]\n", &Recipe::default()).expect("reads");
        assert_eq!((lines.features, lines.columns, lines.table), (list.features, list.columns, list.table));
        assert_eq!(list.lines, Some(vec![2, 3]));
    }

    #[test]
    fn what_is_wrong_is_said_with_line_column_and_key() {
        for (text, words) in [
            ("{\"a\":1}\n{\"a\":[1 2]}\n", ["line 2, column 9", "the end of the list"]),
            ("{\"a\":1,\"a\":2}\n", ["line 1, column", "key `a` comes twice"]),
            ("{\"a\":1}\n{\"a\":2", ["line 2", "ends within an object"]),
            ("[]", ["a.jsonl", "no object"]),
            ("{}\n{}\n", ["a.jsonl", "no keys"]),
        ] {
            let message = read(text, &Recipe::default()).expect_err(text).to_string();
            assert!(words.iter().all(|word| message.contains(word)), "{text}: {message}");
        }
        let lines: Vec<String> = (0..3000).map(|row| format!("{{\"key{row}\":1}}")).collect();
        let many = lines.join("\n");
        let message = read(&many, &Recipe::default()).expect_err("gaps alone").to_string();
        assert!(message.contains("3000 objects of 3000 different keys"), "{message}");
    }

    #[test]
    fn a_text_is_known_by_its_first_bracket() {
        for text in ["[[1,2],[3,4]]", "[\n [\"a\"]", "{\"a\":1}", " \n[ {\"a\":1}]", "\u{feff}{}", "[\n{ \"a\"", "{"] {
            assert!(looks_so(text, true), "{text}");
        }
        for text in ["a,b\n1,2\n", "{a},{b}\n", "[1,2]\n", "1 1:2 2:3\n", ""] {
            assert!(!looks_so(text, true), "{text}");
        }
    }
}
