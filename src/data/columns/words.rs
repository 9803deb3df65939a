//! Columns of words: left out, or spread into 0/1 columns, as the person chose.

use ndarray::parallel::prelude::*;
use ndarray::{Array2, Axis};

use super::Place;
use super::given::Given;
use super::kinds::Kind;
use super::lists;
use super::numbers::{Found, Parsed, unclear_dates};
use super::reading::{self, ColumnReading, feature_of_list, feature_of_word};
use super::several::{answers, several};
use super::vocabulary::{Spread, are_texts, distinct_words, few_words, leave_out};
use crate::data::Table;
use crate::data::cell::is_surely_missing;
use crate::data::raw::few;
use crate::recipe::TextColumns;
use crate::support::error::Remedy;
use crate::support::language::counted;
use crate::support::memory;
use crate::{Error, Recipe, Result};

/// What else to say of such a cell where only numbers can be features.
const OF_TEXTS: &str = ", and the texts of its column, next to no two of which are alike, make none; counts of their words do, as a LIBSVM or \
     Matrix Market file";

/// What else to say of lists of numbers in a cell of text.
const OF_LISTS: &str =
    ", but a list of them; a column for each number is read, and so are lists in JSON Lines and Parquet";

/// Where a feature comes from.
enum Origin {
    Numbers {
        slot: usize,
    },
    Word {
        column: usize,
        word: String,
        mark: Option<char>,
    },
    /// The number at this place of a list of so many.
    Item {
        column: usize,
        at: usize,
        of: usize,
    },
}

/// Apply the policy for words: the final features, their names, and how columns give them. A column whose kind was given is spread whatever
/// the policy is.
///
/// # Errors
/// [`Error::Format`] with line and column of a word where the policy refuses words, where a person named its column, and where no other
/// column is left; too many words to spread.
pub(in crate::data) fn choose(
    parsed: Parsed,
    table: &Table,
    (columns, given): (&[usize], &Given),
    recipe: &Recipe,
    place: &Place,
    notes: &mut Vec<String>,
) -> Result<(Array2<f64>, Vec<String>, Vec<ColumnReading>)> {
    let mut chosen = Chosen::new(table, given, recipe.text, place);
    for (slot, &column) in columns.iter().enumerate() {
        chosen.take((slot, column), &parsed, notes)?;
    }
    // Answers on scales and ranges are words too, and so are a few flags beside more columns of words.
    let words = |slot: &usize| parsed.kinds[*slot] == Kind::Words;
    let ordered = parsed.kinds.iter().filter(|kind| kind.is_ordered()).count();
    let flags = parsed.kinds.iter().filter(|kind| matches!(kind, Kind::Flags | Kind::Ticks)).count();
    let few = flags < (0..columns.len()).filter(words).count();
    if chosen.origins.len() == ordered + if few { flags } else { 0 } && parsed.beside == 0 {
        chosen.take_words_instead((0..columns.len()).filter(words).map(|slot| columns[slot]))?;
        chosen.put_in_order(columns);
    }
    chosen.say(notes);
    let names = chosen.names(columns);
    if chosen.origins.len() == columns.len() && !chosen.is_spread() {
        return Ok((parsed.values, names, chosen.readings));
    }
    chosen.check_memory(recipe)?;
    Ok((assemble(&parsed.values, table, &chosen.origins), names, chosen.readings))
}

/// What becomes of the columns, as far as they were looked at.
struct Chosen<'a> {
    table: &'a Table,
    given: &'a Given,
    policy: TextColumns,
    place: &'a Place<'a>,
    origins: Vec<Origin>,
    readings: Vec<ColumnReading>,
    /// Names of columns without any value, of words that are left out, of texts that are though words are spread, and of those that are spread: by the policy, as asked or as the
    /// table says, because there are no numbers.
    empty: Vec<&'a str>,
    dropped: Vec<&'a str>,
    texts: Vec<&'a str>,
    spread: Vec<&'a str>,
    categories: Vec<&'a str>,
    instead: Vec<&'a str>,
    /// Names of columns of lists, and of how many numbers.
    lists: Vec<String>,
    /// Names of columns whose cells hold several answers: of those that are spread, and of those that are left out.
    several: [Vec<&'a str>; 2],
    /// The first word of the first column that was left out.
    first_dropped: Option<(usize, usize)>,
}

impl<'a> Chosen<'a> {
    fn new(table: &'a Table, given: &'a Given, policy: TextColumns, place: &'a Place<'a>) -> Self {
        Self {
            table,
            given,
            policy,
            place,
            origins: Vec::new(),
            readings: Vec::new(),
            empty: Vec::new(),
            dropped: Vec::new(),
            texts: Vec::new(),
            spread: Vec::new(),
            categories: Vec::new(),
            instead: Vec::new(),
            lists: Vec::new(),
            several: [Vec::new(), Vec::new()],
            first_dropped: None,
        }
    }

    /// Takes a column.
    fn take(&mut self, (slot, column): (usize, usize), parsed: &Parsed, notes: &mut Vec<String>) -> Result<()> {
        let (kind, found) = (parsed.kinds[slot], &parsed.found[slot]);
        let name = self.table.header[column].as_str();
        match kind {
            Kind::Numbers(_) | Kind::Flags | Kind::Ticks | Kind::Dates(_) | Kind::Scale(_) => {
                self.origins.push(Origin::Numbers { slot });
                let mut reading = ColumnReading::new(name, column, reading::Kind::of(kind));
                if kind == Kind::Ticks {
                    // No tick is no gap.
                    reading.fill = vec![0.0];
                }
                self.readings.push(ColumnReading { no_points: found.no_points, ..reading });
            }
            Kind::Empty => self.empty.push(name),
            Kind::Words | Kind::UnclearDates => self.take_words(column, kind == Kind::UnclearDates, found, notes)?,
        }
        Ok(())
    }

    /// Leaves a column of words out, spreads it or refuses it.
    fn take_words(&mut self, column: usize, dates: bool, found: &Found, notes: &mut Vec<String>) -> Result<()> {
        let (name, row) = (self.table.header[column].as_str(), found.first_word.unwrap_or(0));
        let asked = self.given.kinds.contains_key(&column) || self.given.told.kinds.contains_key(&column);
        if let Some(numbers) = lists::width(self.table, column).filter(|_| !asked) {
            self.lists.push(format!("{name} ({numbers})"));
            self.readings.push(ColumnReading::new(name, column, reading::Kind::List(numbers)));
            self.origins.extend((0..numbers).map(|at| Origin::Item { column, at, of: numbers }));
            return Ok(());
        }
        match if asked { TextColumns::OneHot } else { self.policy } {
            TextColumns::Drop if !self.given.wants(column) => {
                self.first_dropped.get_or_insert((row, column));
                if !dates {
                    self.dropped.push(name);
                    self.several[1].extend(several(self.table, column).map(|_| name));
                }
                if found.numbers > 0 {
                    let (word, line) = (self.table.cell(row, column).trim(), self.place.line(row));
                    notes.push(format!(
                        "column `{name}` counts as words: {} of its values are none but words, the first `{word}` on {line}; {} are numbers",
                        found.words, found.numbers
                    ));
                }
            }
            TextColumns::Drop if dates => return Err(unclear_dates(self.place, column, name)),
            TextColumns::Error | TextColumns::Drop => {
                return Err(no_number(self.table, (row, column), self.place, self.policy));
            }
            // A column for each would tell no two rows alike.
            TextColumns::OneHot if !asked && are_texts(self.table, column) => {
                self.first_dropped.get_or_insert((row, column));
                self.texts.push(name);
            }
            TextColumns::OneHot => {
                if asked { &mut self.categories } else { &mut self.spread }.push(name);
                let words = distinct_words(self.table, column, asked, self.place)?;
                self.put_words(column, words);
            }
        }
        Ok(())
    }

    /// Makes a feature of each word of a column.
    fn put_words(&mut self, column: usize, (words, mark): Spread) {
        let name = &self.table.header[column];
        let kind = match mark {
            None => reading::Kind::Words(words.clone()),
            Some(mark) => reading::Kind::Several(mark, words.clone()),
        };
        self.several[0].extend(mark.map(|_| name.as_str()));
        self.readings.push(ColumnReading::new(name, column, kind));
        self.origins.extend(words.into_iter().map(|word| Origin::Word { column, word, mark }));
    }

    /// Spreads such of these columns as have few words, where words are all there is.
    fn take_words_instead(&mut self, columns: impl Iterator<Item = usize>) -> Result<()> {
        let Some(first) = self.first_dropped else { return Ok(()) };
        for column in columns {
            let Some(words) = few_words(self.table, column) else { continue };
            self.put_words(column, words);
            self.instead.push(&self.table.header[column]);
        }
        if self.origins.is_empty() {
            return Err(no_number(self.table, first, self.place, self.policy));
        }
        for left_out in [&mut self.dropped, &mut self.several[1]] {
            left_out.retain(|name| !self.instead.contains(name));
        }
        Ok(())
    }

    /// Puts what was taken into the order of the columns.
    fn put_in_order(&mut self, columns: &[usize]) {
        self.readings.sort_by_key(|reading| reading.place);
        self.origins.sort_by_key(|origin| match origin {
            Origin::Numbers { slot } => columns[*slot],
            Origin::Word { column, .. } | Origin::Item { column, .. } => *column,
        });
    }

    fn say(&self, notes: &mut Vec<String>) {
        for (names, fate) in [
            (&self.empty, "without any value left out"),
            (&self.dropped, "of words left out (--text one-hot spreads them, --kind NAME=category one of them)"),
            (
                &self.texts,
                "of texts left out, next to no two of which are alike (--kind NAME=category makes a 0/1 column of each)",
            ),
            (
                &self.instead,
                "of words spread into 0/1 columns, one a word, as there is no column of numbers (--text error refuses that)",
            ),
            (&self.spread, "of words spread into 0/1 columns, one a word (--text one-hot)"),
            (
                &self.categories,
                "of categories spread into 0/1 columns, one a word, as asked or as the table itself says",
            ),
            (&self.several[0], "of several answers in a cell have a 0/1 column for each answer"),
            (
                &self.several[1],
                "of several answers in a cell left out; --kind NAME=category makes a 0/1 column of each answer",
            ),
        ] {
            if !names.is_empty() {
                notes.push(format!("columns {fate}: {}", few(names)));
            }
        }
        if !self.lists.is_empty() {
            let names: Vec<&str> = self.lists.iter().map(String::as_str).collect();
            notes.push(format!("columns of lists of numbers have a feature for each place in them: {}", few(&names)));
        }
    }

    /// The names of the features.
    fn names(&self, columns: &[usize]) -> Vec<String> {
        let name = |origin: &Origin| match origin {
            Origin::Numbers { slot } => self.table.header[columns[*slot]].clone(),
            Origin::Word { column, word, .. } => feature_of_word(&self.table.header[*column], word),
            Origin::Item { column, at, .. } => feature_of_list(&self.table.header[*column], *at),
        };
        self.origins.iter().map(name).collect()
    }

    /// Whether a column was spread.
    fn is_spread(&self) -> bool {
        !self.lists.is_empty() || ![&self.spread, &self.categories, &self.instead].into_iter().all(Vec::is_empty)
    }

    /// Whether columns that were spread have room.
    fn check_memory(&self, recipe: &Recipe) -> Result<()> {
        if !self.is_spread() {
            return Ok(());
        }
        let bytes = self.table.len() as f64 * self.origins.len() as f64 * size_of::<f64>() as f64;
        memory::check(bytes, recipe.memory.set()).map_err(|what| {
            let (columns, rows) = (counted(self.origins.len(), "column"), counted(self.table.len(), "row"));
            let flag = match (self.spread.is_empty(), self.lists.is_empty()) {
                (false, _) => "--text one-hot",
                (true, true) => "--kind",
                (true, false) => "reading lists",
            };
            let message = format!("{flag} makes {columns} for {rows}, and it {what}");
            Error::format(self.place.path, message).or(leave_out("leaves columns of words out"))
        })
    }
}

/// A word where only numbers can be features, with the ways out.
fn no_number(table: &Table, (row, column): (usize, usize), place: &Place, policy: TextColumns) -> Error {
    let name = table.header[column].as_str();
    let word: String = table.cell(row, column).trim().chars().take(40).collect();
    let texts = are_texts(table, column);
    let list = word
        .strip_prefix('[')
        .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit() || c == '-'));
    let more = match (list, texts) {
        (true, _) => OF_LISTS,
        (false, true) => OF_TEXTS,
        (false, false) => "",
    };
    let mut error = place.wrong(row, column, &format!("`{word}` is not a number{more}"));
    if policy == TextColumns::Error {
        error = error.or(leave_out("leaves such a column out"));
    }
    if texts {
        return error;
    }
    error.or(Remedy::set("text", "one-hot", "makes a 0/1 column of each word", "Spread words")).or(Remedy::set(
        "label-column",
        name,
        "makes it the labels",
        format!("Take {name} for labels"),
    ))
}

/// Copy numbers, and write 0 or 1 for words, NaN where the word is missing.
fn assemble(values: &Array2<f64>, table: &Table, origins: &[Origin]) -> Array2<f64> {
    let mut features = Array2::zeros((table.len(), origins.len()));
    features.axis_iter_mut(Axis(0)).into_par_iter().enumerate().for_each(|(row, mut features)| {
        let mut list: (usize, Vec<f64>) = (usize::MAX, Vec::new());
        for (feature, origin) in features.iter_mut().zip(origins) {
            *feature = match origin {
                &Origin::Item { column, at, of } => {
                    if list.0 != column {
                        list = (column, vec![f64::NAN; of]);
                        lists::read(table.cell(row, column), &mut list.1);
                    }
                    list.1.get(at).copied().unwrap_or(f64::NAN)
                }
                Origin::Numbers { slot } => values[[row, *slot]],
                Origin::Word { column, word, mark } => match table.cell(row, *column).trim() {
                    cell if is_surely_missing(cell) => f64::NAN,
                    cell => f64::from(u8::from(match mark {
                        None => cell == word,
                        Some(mark) => answers(cell, *mark).any(|answer| answer == word),
                    })),
                },
            };
        }
    });
    features
}
