//! Dumps of databases in SQL: the rows that `INSERT` statements, or PostgreSQL's `COPY`, put into a table.

mod statement;

use std::collections::HashMap;
use std::path::Path;

use calamine::DataRef;
use statement::{Statement, copied};

use crate::data::bytes::source::Input;
use crate::data::raw::{Raw, few};
use crate::data::sheets::cells::Cells;
use crate::support::error::Remedy;
use crate::support::language::{counted, short};
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// How statements begin by which a dump is known.
const BEGINS: [&str; 5] = ["insert into ", "create table ", "replace into ", "insert ignore into ", "insert ["];
/// What a part of `CREATE TABLE` begins with that is no column.
const NO_COLUMN: [&str; 10] =
    ["primary", "key", "unique", "constraint", "index", "foreign", "check", "fulltext", "spatial", "exclude"];

/// Whether a text begins as a dump does.
pub(in crate::data) fn looks_so(text: &str, _: bool) -> bool {
    let begins = |line: &str| {
        let line = line.trim_start();
        let said = |begin: &str| line.get(..begin.len()).is_some_and(|start| start.eq_ignore_ascii_case(begin));
        line.contains('(') && BEGINS.iter().any(|begin| said(begin))
            || line.starts_with("COPY ") && line.trim_end().to_lowercase().ends_with("from stdin;")
    };
    text.lines().any(begins)
}

/// Load the table of a dump that has the most rows, or the one that a person names.
pub(in crate::data) fn load_file(mut input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let path = input.path.clone();
    let wrong = |message: String| Error::format(&path, message);
    let text = input.text()?;
    progress.at(0.2, "reading")?;
    let mut dump = Dump::default();
    dump.read(&text).map_err(|what| wrong(plain::line(&what).into_owned()))?;
    let mut notes = Vec::new();
    let table = dump.choose(&recipe.array, &path, &mut notes)?;
    let what = format!("table `{}`", plain::line(&table.name));
    let cells = table.cells(&dump.created).map_err(&wrong)?;
    cells.into_raw(path, &what, (recipe, progress), notes)
}

/// What a dump holds. Its names are the same in upper and lower case.
#[derive(Debug, Default)]
struct Dump {
    /// Columns of tables, by the name of the table.
    created: HashMap<String, Vec<String>>,
    tables: Vec<Rows>,
    /// The place of each by its name and the columns that its statements name.
    known: HashMap<(String, Vec<String>), usize>,
}

/// Rows of a table.
#[derive(Debug, Default)]
struct Rows {
    name: String,
    /// Names of columns, where the statement says them.
    columns: Vec<String>,
    count: u32,
    /// Row and column of each value, and where its text ends.
    places: Vec<(u32, u32, usize)>,
    text: String,
}

impl Rows {
    fn push(&mut self, column: u32, value: &str) {
        self.text.push_str(value);
        self.places.push((self.count, column, self.text.len()));
    }

    /// The names of its columns and its rows, one below the other.
    fn cells(&self, created: &HashMap<String, Vec<String>>) -> Result<Cells, String> {
        let width = self.places.iter().map(|place| place.1 + 1).max().unwrap_or(0);
        let names = if self.columns.is_empty() { created.get(&self.name.to_lowercase()) } else { Some(&self.columns) };
        let mut cells = Cells::default();
        if let Some(names) = names {
            if names.len() < width as usize {
                return Err(format!(
                    "table `{}` has {} columns, and a row of it has {width} values",
                    short(&self.name, 40),
                    names.len()
                ));
            }
            for (column, name) in (0..).zip(names) {
                cells.take((0, column), &DataRef::SharedString(name))?;
            }
        }
        let mut from = 0;
        for &(row, column, end) in &self.places {
            cells.take((row + 1, column), &DataRef::SharedString(&self.text[from..end]))?;
            from = end;
        }
        Ok(cells)
    }
}

impl Dump {
    fn read(&mut self, text: &str) -> Result<(), String> {
        let mut rest = Statement::new(text);
        while let Some(word) = rest.word() {
            match word.to_ascii_lowercase().as_str() {
                "create" => self.create(&mut rest),
                "insert" | "replace" => self.insert(&mut rest)?,
                "copy" => self.copy(&mut rest),
                // It ends what stands before it in scripts of SQL Server, which have no semicolons.
                "go" => {}
                _ => rest.skip(),
            }
        }
        Ok(())
    }

    /// `TABLE name (column type, …)`.
    fn create(&mut self, rest: &mut Statement<'_>) {
        let mut is_table = false;
        while let Some(word) = rest.plain_word() {
            if word.eq_ignore_ascii_case("table") {
                is_table = true;
                break;
            }
        }
        while is_table && rest.take("if not exists") {}
        let name = if is_table { rest.name() } else { None };
        if let Some(name) = name
            && rest.sign('(')
        {
            let mut columns = Vec::new();
            loop {
                let quoted = rest.begins_with_quote();
                let Some(column) = rest.name() else { break };
                if quoted || !NO_COLUMN.iter().any(|word| column.eq_ignore_ascii_case(word)) {
                    columns.push(column);
                }
                if !rest.past_comma() {
                    break;
                }
            }
            self.created.insert(name.to_lowercase(), columns);
        }
        rest.skip();
    }

    /// `INTO name (columns) VALUES (…), (…);`
    fn insert(&mut self, rest: &mut Statement<'_>) -> Result<(), String> {
        while rest.take("ignore") || rest.take("low_priority") || rest.take("or replace") || rest.take("or ignore") {}
        rest.take("into");
        let Some(name) = rest.name() else {
            rest.skip();
            return Ok(());
        };
        let columns = rest.names();
        rest.take("overriding system value");
        if !rest.take("values") && !rest.take("value") {
            rest.skip();
            return Ok(());
        }
        let table = self.table(name, columns);
        while rest.sign('(') {
            let mut column = 0;
            loop {
                let value = rest.value();
                let Some((value, more)) = value else {
                    return Err(format!("row {} of table `{}` does not end", table.count + 1, short(&table.name, 40)));
                };
                table.push(column, &value);
                column += 1;
                if !more {
                    break;
                }
            }
            table.count += 1;
            rest.sign(',');
        }
        Ok(())
    }

    /// `name (columns) FROM stdin;` and lines of values with tabs between them, up to `\.`.
    fn copy(&mut self, rest: &mut Statement<'_>) {
        let Some(name) = rest.name() else {
            rest.skip();
            return;
        };
        let columns = rest.names();
        let rows = rest.take("from stdin");
        rest.skip();
        if !rows {
            return;
        }
        let table = self.table(name, columns);
        let mut lines = rest.text.split_inclusive('\n');
        // What follows the semicolon.
        let mut bytes = lines.next().map_or(0, str::len);
        for line in lines {
            bytes += line.len();
            let line = line.trim_end_matches(['\n', '\r']);
            if line == "\\." {
                break;
            }
            for (column, value) in (0..).zip(line.split('\t')) {
                table.push(column, &copied(value));
            }
            table.count += 1;
        }
        rest.text = &rest.text[bytes..];
    }

    fn table(&mut self, name: String, columns: Vec<String>) -> &mut Rows {
        let key = (name.to_lowercase(), columns);
        let at = self.known.get(&key).copied().unwrap_or_else(|| {
            let at = self.tables.len();
            self.tables.push(Rows { name, columns: key.1.clone(), ..Rows::default() });
            self.known.insert(key, at);
            at
        });
        &mut self.tables[at]
    }

    /// The table of this name, or with `auto` the one with the most rows, and what a person should know of the others.
    fn choose(&self, wanted: &str, path: &Path, notes: &mut Vec<String>) -> Result<&Rows> {
        let filled: Vec<&Rows> = self.tables.iter().filter(|table| table.count > 0).collect();
        let asked = |table: &&Rows| wanted == "auto" || table.name.eq_ignore_ascii_case(wanted);
        let chosen = filled.iter().rev().copied().filter(asked).max_by_key(|table| table.count);
        let Some(table) = chosen else {
            if filled.is_empty() {
                let message = "the dump puts no row into a table: there is neither INSERT … VALUES nor COPY";
                return Err(Error::format(path, message));
            }
            let names: Vec<&str> = filled.iter().map(|table| table.name.as_str()).collect();
            let message = format!("--array {wanted}: no such table; there are {}", few(&names));
            let remedy = Remedy::set("array", "auto", "takes the one with the most rows", "Take the longest table");
            return Err(Error::format(path, message).or(remedy));
        };
        notes.push(format!("table `{}` of the dump was read", plain::line(&table.name)));
        let (same, others): (Vec<&Rows>, Vec<&Rows>) =
            filled.into_iter().partition(|other| other.name.eq_ignore_ascii_case(&table.name));
        let left_out = same.iter().map(|other| other.count as usize).sum::<usize>() - table.count as usize;
        if left_out > 0 {
            let rows = counted(left_out, "row");
            notes.push(format!("{rows} of it left out, whose statements name other columns than those of most"));
        }
        if !others.is_empty() {
            let names: Vec<&str> = others.iter().map(|other| other.name.as_str()).collect();
            notes.push(format!("other tables are there: {} (--array names the one to read)", few(&names)));
        }
        Ok(table)
    }
}

#[cfg(test)]
mod tests;
