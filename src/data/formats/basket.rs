//! Baskets as Orange writes them: a sample a line, the things in it between commas, `bread=2, milk`.

use std::collections::HashMap;

use crate::data::bytes::source::Input;
use crate::data::components::rows::Entry;
use crate::data::raw::Raw;
use crate::data::sparse::Sparse;
use crate::data::text::MOST_CELLS;
use crate::support::language::short;
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Load a file of baskets: how often each thing lies in each of them, and 0 where it does not.
pub(in crate::data) fn load_file(mut input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let path = input.path.clone();
    let wrong = |message: String| Error::format(&path, message);
    let text = input.text()?;
    progress.at(0.3, "reading")?;
    let mut baskets = Baskets::default();
    for (number, line) in (1..).zip(text.lines()) {
        baskets.take(line, number).map_err(|what| wrong(format!("line {number}: {}", plain::line(&what))))?;
    }
    let Baskets { names, entries, lines, .. } = baskets;
    if names.is_empty() {
        return Err(wrong("no basket has anything in it".to_owned()));
    }
    let (rows, columns) = (lines.len() as u64, names.len() as u64);
    let mut raw =
        Sparse { path: path.clone(), rows, columns, entries, names: ("thing", 1) }.into_raw(recipe, progress)?;
    raw.has_names(names, lines);
    raw.notes.insert(
        0,
        "each line is a basket: a thing counts as often as it says, once where it says nothing, and 0 where it is not"
            .to_owned(),
    );
    Ok(raw)
}

/// What the lines hold.
#[derive(Default)]
struct Baskets {
    names: Vec<String>,
    /// The place of each name.
    known: HashMap<String, u32>,
    entries: Vec<Entry>,
    /// The line of each basket.
    lines: Vec<u64>,
}

impl Baskets {
    fn take(&mut self, line: &str, number: u64) -> Result<(), String> {
        let line = line.trim_start_matches('\u{feff}').trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        let row = u32::try_from(self.lines.len()).map_err(|_| "more than 4,294,967,295 baskets".to_owned())?;
        for thing in line.split(',').map(str::trim).filter(|thing| !thing.is_empty()) {
            let (name, count) = match thing.rsplit_once('=') {
                Some((name, count)) => (name.trim(), number_of(count.trim()).ok_or_else(|| not_a_number(thing))?),
                None => (thing, 1.0),
            };
            let column = match self.known.get(name) {
                Some(&column) => column,
                None if self.names.len() == MOST_CELLS => {
                    return Err(format!(
                        "more than {MOST_CELLS} different things, which no table has that is read here"
                    ));
                }
                None => {
                    let column = self.names.len() as u32;
                    self.names.push(name.to_owned());
                    self.known.insert(name.to_owned(), column);
                    column
                }
            };
            self.entries.push((row, column, count));
        }
        self.lines.push(number);
        Ok(())
    }
}

fn number_of(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

fn not_a_number(thing: &str) -> String {
    format!("`{}` has no number behind its =; a basket is written `bread=2, milk`", short(thing, 40))
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::data::values::Values;

    fn read(text: &str) -> Result<Raw> {
        load_file(Input::of_text("a.basket", text)?, &Recipe::default(), &Progress::silent())
    }

    #[test]
    fn things_are_counted_and_those_that_are_not_there_are_none() {
        let raw = read("bread=2, milk\n\nmilk, milk=0.5 ,eggs\n# none\nbread\n").expect("baskets");
        assert_eq!(raw.columns, ["bread", "milk", "eggs"]);
        assert_eq!(raw.features, Values::from(ndarray::array![[2.0, 1.0, 0.0], [0.0, 1.5, 1.0], [1.0, 0.0, 0.0]]));
        assert_eq!(raw.lines, Some(vec![1, 3, 5]));
    }

    #[test]
    fn what_is_no_basket_is_refused_with_its_line() {
        for (text, said) in [("a=1\nb=x\n", "line 2: `b=x`"), ("a=inf\n", "line 1"), ("\n\n", "no basket")] {
            let error = read(text).map(|_| ()).expect_err(text).to_string();
            assert!(error.contains(said) && error.contains("a.basket"), "{error}");
        }
    }
}
