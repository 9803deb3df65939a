//! Rows as databases print them when they are too wide: psql's expanded output and MySQL's `\G`, a name and a value a line.

use crate::data::Table;
use crate::data::bytes::source::Input;
use crate::data::columns::Cells;
use crate::data::raw::Raw;
use crate::data::text::delimiter::Delimiter;
use crate::data::text::header::name_columns;
use crate::support::language::{counted, short};
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Lines that may stand above the first row.
const ABOVE: usize = 20;

/// Which program wrote a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writer {
    Psql,
    MySql,
}

/// Who wrote the line, where it begins a row: `-[ RECORD 1 ]---+---`, `**** 1. row ****`.
fn begins(line: &str) -> Option<Writer> {
    let line = line.trim();
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if let Some(inside) = line.strip_prefix("***").and_then(|line| line.strip_suffix("***")) {
        let row = inside.trim_matches('*').trim().strip_suffix(". row")?;
        return number(row).then_some(Writer::MySql);
    }
    let drawn = |c: char| matches!(c, '-' | '+' | '=' | '|') || ('\u{2500}'..='\u{257f}').contains(&c);
    let inside = line.strip_prefix(drawn)?.trim_start_matches(drawn).strip_prefix("[ ")?;
    let (row, rest) = inside.split_once(" ]")?;
    let (word, row) = row.split_once(' ')?;
    (word.chars().all(char::is_alphabetic) && number(row) && rest.chars().all(drawn)).then_some(Writer::Psql)
}

/// Whether a text begins with such a row.
pub(in crate::data) fn looks_so(text: &str, _: bool) -> bool {
    text.lines().take(ABOVE).any(|line| begins(line).is_some())
}

/// Load such rows.
pub(in crate::data) fn load_file(mut input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let path = input.path.clone();
    let wrong = |message: String| Error::format(&path, message);
    let text = input.text()?;
    progress.at(0.3, "reading")?;
    let mut rows = Rows::default();
    for (number, line) in (1..).zip(text.lines()) {
        rows.take(line, number).map_err(|what| wrong(format!("line {number}: {}", plain::line(&what))))?;
    }
    rows.end().map_err(&wrong)?;
    let Rows { mut names, table, lines, writer, .. } = rows;
    let (Some(mut table), Some(writer)) = (table, writer) else {
        return Err(wrong("no row of such an output was found in it".to_owned()));
    };
    let program = if writer == Writer::Psql { "psql's expanded output" } else { "MySQL's \\G" };
    let mut notes =
        vec![format!("read as {program}: {} of {}", counted(lines.len(), "row"), counted(names.len(), "column"))];
    notes.extend(name_columns(&mut names));
    table.header = names;
    // Nothing parts the cells, so no comma does.
    let delimiter = Delimiter::Byte(b',');
    Cells { path, table, lines, delimiter, row_names: false, said: Vec::new(), notes }.into_raw(recipe, progress)
}

/// Rows as they come.
#[derive(Default)]
struct Rows {
    writer: Option<Writer>,
    /// Names of the columns, as the first row has them.
    names: Vec<String>,
    table: Option<Table>,
    lines: Vec<u64>,
    /// The names and values of the row that is open.
    open: Vec<(String, String)>,
    /// Whether a line below says that there are no more rows.
    ended: bool,
}

impl Rows {
    fn take(&mut self, line: &str, number: u64) -> Result<(), String> {
        if let Some(writer) = begins(line) {
            self.end()?;
            (self.writer, self.ended) = (Some(writer), false);
            self.lines.push(number);
            return Ok(());
        }
        match self.writer {
            Some(Writer::Psql) if !line.trim().is_empty() => self.take_psql(line),
            Some(Writer::MySql) if !self.ended => self.take_mysql(line),
            _ => {}
        }
        Ok(())
    }

    fn take_psql(&mut self, line: &str) {
        let line = line.replace(['│', '║'], "|");
        let line = line.trim_end();
        let framed = line.strip_prefix('|').map(|line| line.strip_suffix('|').unwrap_or(line));
        let Some((name, value)) = framed.unwrap_or(line).split_once('|') else { return };
        let (name, value) = (name.trim(), value.trim());
        match self.open.last_mut() {
            // A plus at its end says that a value goes on in the next line, which has no name.
            Some((_, begun)) if name.is_empty() && begun.ends_with('+') => {
                begun.truncate(begun[..begun.len() - 1].trim_end().len());
                begun.push(' ');
                begun.push_str(value);
            }
            _ => self.open.push((name.to_owned(), value.to_owned())),
        }
    }

    fn take_mysql(&mut self, line: &str) {
        let text = line.trim();
        let known = self.names.get(self.open.len());
        let pair = match known {
            Some(name) => {
                text.strip_prefix(name.as_str()).and_then(|rest| rest.strip_prefix(':')).map(|v| (name.as_str(), v))
            }
            None if self.names.is_empty() => text.split_once(':').filter(|(_, v)| v.is_empty() || v.starts_with(' ')),
            None => None,
        };
        if let Some((name, value)) = pair {
            self.open.push((name.to_owned(), value.trim().to_owned()));
        } else if text.starts_with(|c: char| c.is_ascii_digit()) && text.contains(" in set") {
            // `2 rows in set (0.00 sec)`
            self.ended = true;
        } else if let Some((_, begun)) = self.open.last_mut().filter(|_| !text.is_empty()) {
            begun.push(' ');
            begun.push_str(text);
        }
    }

    /// Puts the row that is open into the table.
    fn end(&mut self) -> Result<(), String> {
        let row = std::mem::take(&mut self.open);
        if self.writer.is_none() {
            return Ok(());
        }
        let line = self.lines.last().copied().unwrap_or_default();
        if row.is_empty() {
            return Err(format!("the row that begins on line {line} holds nothing"));
        }
        if self.table.is_none() {
            self.names = row.iter().map(|(name, _)| name.clone()).collect();
            self.table = Some(Table::unnamed(self.names.len()));
        }
        if let Some(at) =
            (0..row.len().max(self.names.len())).find(|&at| row.get(at).map(|row| &row.0) != self.names.get(at))
        {
            let name = |name: Option<&String>| {
                name.map_or_else(|| "nothing".to_owned(), |name| format!("`{}`", short(name, 40)))
            };
            return Err(format!(
                "the row that begins on line {line} has {} where the first row has {}; all rows have the same names, in one order",
                name(row.get(at).map(|row| &row.0)),
                name(self.names.get(at))
            ));
        }
        match &mut self.table {
            Some(table) => table.push(row.iter().map(|(_, value)| value.as_str())).map_err(|e| e.to_string()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {

    use super::*;

    fn read(text: &str) -> Result<Vec<String>> {
        let raw = load_file(Input::of_text("a.txt", text)?, &Recipe::default(), &Progress::silent())?;
        let table = raw.table.expect("a table");
        let rows = (0..table.len()).map(|row| table.record(row).collect::<Vec<_>>().join("|"));
        let lines = raw.lines.expect("lines").iter().map(u64::to_string).collect::<Vec<_>>().join(" ");
        Ok([table.header.join("|"), lines].into_iter().chain(rows).collect())
    }

    #[test]
    fn a_name_and_a_value_a_line_are_rows() {
        let psql = "Expanded display is on.\n-[ RECORD 1 ]--+----\nid   | 1\nsize | 2.5\nnote | a +\n     | b\n-[ RECORD 2 ]--+----\nid   | 2\nsize | \nnote | x | y\n\n";
        let framed = "╔═[ RECORD 1 ]═╗\n║ id   ║ 1   ║\n║ size ║ 2.5 ║\n║ note ║ a b ║\n╠═[ RECORD 2 ]═╣\n║ id   ║ 2   ║\n║ size ║     ║\n║ note ║ x   ║\n╚══════╩═════╝\n";
        let mysql = "mysql> select * from t\\G\n*************************** 1. row ***************************\n  id: 1\nsize: 2.5\nnote: a\nb\n*************************** 2. row ***************************\n  id: 2\nsize: NULL\nnote: x: y\n2 rows in set (0.00 sec)\n\n";
        assert_eq!(read(psql).expect("rows"), ["id|size|note", "2 7", "1|2.5|a b", "2||x | y"]);
        assert_eq!(read(framed).expect("rows"), ["id|size|note", "1 5", "1|2.5|a b", "2||x"]);
        assert_eq!(read(mysql).expect("rows"), ["id|size|note", "2 7", "1|2.5|a b", "2|NULL|x: y"]);
        assert!([psql, framed, mysql].iter().all(|text| looks_so(text, true)));
        for other in ["a,b\n1,2\n", "*** a ***\n", "[ x 1 ]\n---[ a b ]---\n", "- [ ] todo\n", "***"] {
            assert!(!looks_so(other, true), "{other}");
        }
    }

    #[test]
    fn rows_of_other_names_are_refused_with_their_line() {
        for text in [
            "-[ RECORD 1 ]-\na | 1\nb | 2\n-[ RECORD 2 ]-\na | 1\nc | 2\n",
            "-[ RECORD 1 ]-\na | 1\nb | 2\n-[ RECORD 2 ]-\na | 1\n",
        ] {
            let said = read(text).expect_err(text).to_string();
            assert!(said.contains("begins on line 4") && said.contains("first row has `b`"), "{said}");
        }
    }
}
