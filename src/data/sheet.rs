//! The columns of a table as a sheet shows them: what they hold, in figures small enough to look at.

use std::borrow::Cow;
use std::collections::HashMap;

use ndarray::parallel::prelude::*;

use super::cell::{Cell, cell, is_missing};
use super::columns::kinds::Kind;
use super::columns::reading;
use super::{Dataset, Notation, SeenKind, Table};

/// Steps of a histogram of numbers.
pub const BINS: usize = 16;
/// Words of a histogram of words.
const TOP_WORDS: usize = 8;
/// Distinct values are counted up to here.
pub const MOST_DISTINCT: usize = 1000;
/// Letters of an example and of a word in a histogram.
const LONGEST: usize = 40;

/// What the cells of a column look like, of the rows that were kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// The first cell that holds something.
    pub example: String,
    /// Distinct cells, counted up to [`MOST_DISTINCT`].
    pub distinct: usize,
    /// How the values lie.
    pub histogram: Histogram,
}

impl Profile {
    /// Whether there are more distinct cells than were counted.
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.distinct > MOST_DISTINCT
    }
}

/// How the values of a column lie.
#[derive(Clone, Debug, PartialEq)]
pub enum Histogram {
    /// Counts in equal steps from the least value to the greatest.
    Numbers {
        /// The least value.
        least: f64,
        /// The greatest.
        most: f64,
        /// How many values are in each step.
        counts: [usize; BINS],
    },
    /// The most frequent cells, those first that stand there most often, and how many cells hold another.
    Words {
        /// Cells with their counts.
        top: Vec<(String, usize)>,
        /// Cells that hold another word.
        others: usize,
    },
    /// Nothing to count.
    Nothing,
}

/// The profiles of all columns of a set that came from a table, in the order of its columns; none of any other.
#[must_use]
pub fn profiles(data: &Dataset) -> Option<Vec<Profile>> {
    let (outline, table) = (data.outline.as_deref()?, data.table.as_deref()?);
    let read: HashMap<usize, &reading::Kind> = data.reading.columns.iter().map(|r| (r.place, &r.kind)).collect();
    let profile = |column: usize| {
        let kind = outline.columns.get(column).map_or(SeenKind::Category, |column| column.kind);
        let as_number = match (kind, read.get(&column)) {
            (SeenKind::Date(order), _) => Kind::Dates(order),
            (_, Some(reading::Kind::Numbers(notation))) => Kind::Numbers(*notation),
            _ => Kind::Numbers(notation(table, column)),
        };
        profile(table, column, kind, as_number)
    };
    Some((0..table.width()).into_par_iter().map(profile).collect())
}

/// How a column that is no feature writes its numbers, by the first that is one.
pub(super) fn notation(table: &Table, column: usize) -> Notation {
    let all = [Notation::Plain, Notation::Point, Notation::Comma];
    let first = |text: &str| all.into_iter().find(|&notation| matches!(cell(text, notation), Cell::Number(_)));
    (0..table.len()).find_map(|row| first(&table.text(row, column))).unwrap_or_default()
}

fn profile(table: &Table, column: usize, kind: SeenKind, as_number: Kind) -> Profile {
    let all: Vec<Cow<'_, str>> = (0..table.len()).map(|row| table.text(row, column)).collect();
    let cells = || all.iter().map(|text| text.trim()).filter(|text| !is_missing(text));
    let example = cells().next().map(|text| text.chars().take(LONGEST).collect()).unwrap_or_default();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let counted = matches!(kind, SeenKind::Category | SeenKind::Flag | SeenKind::UnclearDate | SeenKind::Scale);
    let mut others = 0;
    for cell in cells() {
        if let Some(count) = counts.get_mut(cell) {
            *count += 1;
        } else if counts.len() <= MOST_DISTINCT {
            counts.insert(cell, 1);
        } else if counted {
            others += 1;
        } else {
            break;
        }
    }
    let distinct = counts.len();
    let histogram = match kind {
        SeenKind::Empty => Histogram::Nothing,
        SeenKind::Number | SeenKind::Date(_) => numbers(cells(), as_number),
        _ => words(counts, others),
    };
    Profile { example, distinct, histogram }
}

/// The most frequent words; of those that stand there equally often the first by the alphabet.
fn words(counts: HashMap<&str, usize>, mut others: usize) -> Histogram {
    let mut all: Vec<(&str, usize)> = counts.into_iter().collect();
    all.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    others += all.iter().skip(TOP_WORDS).map(|(_, count)| count).sum::<usize>();
    let top: Vec<(String, usize)> =
        all.into_iter().take(TOP_WORDS).map(|(word, count)| (word.chars().take(LONGEST).collect(), count)).collect();
    if top.is_empty() { Histogram::Nothing } else { Histogram::Words { top, others } }
}

fn numbers<'a>(cells: impl Iterator<Item = &'a str> + Clone, read: Kind) -> Histogram {
    let values = cells.map(|text| read.value(text)).filter(|v| v.is_finite());
    let ends = values.clone().fold(None, |ends: Option<(f64, f64)>, v| {
        Some(ends.map_or((v, v), |(least, most)| (least.min(v), most.max(v))))
    });
    let Some((least, most)) = ends else { return Histogram::Nothing };
    let mut counts = [0; BINS];
    // Halves, so that the widest range there is has a width.
    let span = most / 2.0 - least / 2.0;
    for value in values {
        let share = if span > 0.0 { (value / 2.0 - least / 2.0) / span } else { 0.0 };
        counts[((share * BINS as f64) as usize).min(BINS - 1)] += 1;
    }
    Histogram::Numbers { least, most, counts }
}

#[cfg(test)]
mod tests {
    use super::super::{Source, load};
    use super::*;
    use crate::Recipe;
    use crate::recipe::columns::Role;
    use crate::support::progress::Progress;

    fn sheet(text: &str, recipe: &Recipe) -> (Dataset, Vec<Profile>) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("a.csv");
        std::fs::write(&path, text).expect("written");
        let data = load(&Source::Path(path), recipe, &Progress::silent()).expect("it loads");
        let profiles = profiles(&data).expect("it is a table");
        (data, profiles)
    }

    #[test]
    fn a_sheet_says_what_each_column_holds_and_why() {
        let rows: Vec<String> = (0..40)
            .map(|i| {
                let (gap, town) =
                    (if i == 3 { "NA".to_owned() } else { format!("{}", i * i) }, ["Bern", "Wien"][i % 2]);
                format!("{i},{gap},{town},{},{}\n", i % 4, if i % 2 == 0 { "yes" } else { "no" })
            })
            .collect();
        let (data, profiles) = sheet(&format!("id,size,town,label,paid\n{}", rows.concat()), &Recipe::default());
        let outline = data.outline.as_deref().expect("it is a table");
        let roles: Vec<Role> = outline.columns.iter().map(|column| column.role).collect();
        assert_eq!(roles, [Role::Id, Role::Feature, Role::Shown, Role::Label, Role::Feature]);
        let kinds: Vec<&str> = outline.columns.iter().map(|column| column.kind.name()).collect();
        assert_eq!(kinds, ["number", "number", "category", "number", "flag"]);
        assert_eq!(outline.columns.iter().map(|column| column.gaps).collect::<Vec<_>>(), [0, 1, 0, 0, 0]);
        assert_eq!(profiles.iter().map(|profile| profile.distinct).collect::<Vec<_>>(), [40, 39, 2, 4, 2]);
        for (column, words) in
            [(0, "numbers the rows"), (1, "every cell"), (2, "words are left out"), (3, "name of labels")]
        {
            assert!(outline.columns[column].why.contains(words), "{:?}", outline.columns[column]);
        }
        assert_eq!(
            profiles[2].histogram,
            Histogram::Words { top: vec![("Bern".to_owned(), 20), ("Wien".to_owned(), 20)], others: 0 }
        );
        let Histogram::Numbers { least, most, counts } = &profiles[1].histogram else { panic!("numbers") };
        assert_eq!((*least, *most, counts.iter().sum::<usize>(), counts[15]), (0.0, 1521.0, 39, 2));
        assert_eq!((profiles[2].example.as_str(), outline.rows, outline.first.len()), ("Bern", 40, 40));
    }

    #[test]
    fn distinct_values_are_counted_to_an_end_and_words_beyond_it_are_others() {
        let rows: Vec<String> = (0..3000).map(|i| format!("{i}.5,w{},1\n", i % 1500)).collect();
        let (_, profiles) = sheet(&format!("a,b,c\n{}", rows.concat()), &Recipe::default());
        assert!(profiles[0].has_more() && profiles[1].has_more() && profiles[2].distinct == 1);
        let Histogram::Words { top, others } = &profiles[1].histogram else { panic!("words") };
        assert_eq!((top.len(), top.iter().map(|(_, count)| count).sum::<usize>() + others), (TOP_WORDS, 3000));
        let Histogram::Numbers { counts, .. } = &profiles[2].histogram else { panic!("numbers") };
        assert_eq!(counts[0], 3000, "one value is in the first step");
    }
}
