//! Class ids and names from whatever a file calls its classes. A class is its text, from first to last: `008` is not `8`.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::data::Labels;
use crate::data::cell;
use crate::data::raw::few;
use crate::support::language::counted;

/// The id of a sample whose class is not known.
pub(in crate::data) const MISSING: u32 = Labels::UNLABELLED;

/// What people write for "no class" where classes count from 0 or 1.
const NONE: &str = "-1";

/// Words that say it among names of classes.
const NO_LABEL: [&str; 7] =
    ["unlabeled", "unlabelled", "not labeled", "not labelled", "no label", "nolabel", "unannotated"];

/// Words of a person who could not say which of the classes it is.
const UNDECIDED: [&str; 14] = [
    "unclassified",
    "not classified",
    "undetermined",
    "indeterminate",
    "unidentified",
    "unassigned",
    "nicht klassifiziert",
    "unklassifiziert",
    "unbestimmt",
    "nicht bestimmt",
    "non classé",
    "sin clasificar",
    "не определено",
    "不明",
];

/// Classes of samples, some of which may be missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::data) struct Classes {
    pub(in crate::data) ids: Vec<u32>,
    pub(in crate::data) names: Vec<String>,
}

impl Classes {
    /// Classes named by numbers, in numeric order; NaN is a missing one.
    pub(in crate::data) fn from_numbers(values: &[f64]) -> Self {
        let key = |v: f64| order_key(v + 0.0);
        let mut distinct: BTreeMap<u64, f64> = BTreeMap::new();
        for &v in values.iter().filter(|v| !v.is_nan()) {
            distinct.insert(key(v), v + 0.0);
        }
        let ranks: HashMap<u64, u32> = distinct.keys().zip(0..).map(|(&k, rank)| (k, rank)).collect();
        let ids = values.iter().map(|&v| if v.is_nan() { MISSING } else { ranks[&key(v)] }).collect();
        Self { ids, names: distinct.values().map(ToString::to_string).collect() }
    }

    /// Classes named by whole numbers of any size, in numeric order.
    pub(in crate::data) fn from_whole(values: &[i128]) -> Self {
        let mut distinct = values.to_vec();
        distinct.sort_unstable();
        distinct.dedup();
        let rank = |v: &i128| distinct.binary_search(v).map_or(MISSING, |rank| rank as u32);
        Self { ids: values.iter().map(rank).collect(), names: distinct.iter().map(ToString::to_string).collect() }
    }

    /// Classes named by words, `None` where it is missing; in numeric order if every word is a number. Two texts of one number are two
    /// classes.
    pub(in crate::data) fn from_words<'a>(words: impl Iterator<Item = Option<&'a str>> + Clone) -> Self {
        let mut ids: HashMap<&str, u32> = HashMap::new();
        for word in words.clone().flatten() {
            ids.entry(word).or_insert(0);
        }
        let mut names: Vec<&str> = ids.keys().copied().collect();
        names.sort_unstable();
        if names.iter().all(|word| finite(word).is_some()) {
            names.sort_by(|a, b| in_size(a, b).then_with(|| a.cmp(b)));
        }
        for (rank, name) in (0..).zip(&names) {
            ids.insert(name, rank);
        }
        let of = words.map(|word| word.map_or(MISSING, |word| ids[word])).collect();
        Self { ids: of, names: names.into_iter().map(str::to_owned).collect() }
    }

    /// Classes in a column of cells. What counts as a missing value leaves a sample without a class, but for words such as `NA` or `None`
    /// among words, which may well be names of classes; notes say so.
    pub(in crate::data) fn from_cells<'a>(
        cells: impl Iterator<Item = &'a str> + Clone,
        column: &str,
        notes: &mut Vec<String>,
    ) -> Self {
        let cells = cells.map(str::trim);
        let present = |text: &&str| !cell::is_missing(text);
        let numbers = cells.clone().filter(present).all(|text| finite(text).is_some());
        let no_label = |text: &str| NO_LABEL.iter().any(|word| text.eq_ignore_ascii_case(word));
        // A class may be called Null where all others are written like it; programs that mean a gap write it in one size.
        let capital = |text: &str| {
            let mut chars = text.chars();
            chars.next().is_some_and(char::is_uppercase) && chars.all(|c| !c.is_uppercase())
        };
        let called_null = !numbers && cells.clone().filter(present).all(capital);
        let none = |text: &str| {
            cell::is_surely_missing(text) && !(called_null && matches!(text, "Null" | "Nan")) || no_label(text)
        };
        let gap = |text: &str| if numbers { cell::is_missing(text) } else { none(text) };
        if !numbers {
            let undecided = |text: &str| UNDECIDED.contains(&text.to_lowercase().as_str());
            let asks = |text: &&str| (cell::is_missing(text) || undecided(text)) && !gap(text);
            let kept: HashSet<&str> = cells.clone().filter(asks).collect();
            let mut kept: Vec<&str> = kept.into_iter().collect();
            kept.sort_unstable();
            if !kept.is_empty() {
                notes.push(format!(
                    "{} in column `{column}` taken for a class of its own, as the other classes are words; empty such cells if they mean \
                     no label",
                    few(&kept)
                ));
            }
            let left: HashSet<&str> = cells.clone().filter(|text| !text.is_empty() && gap(text)).collect();
            let mut left: Vec<&str> = left.into_iter().collect();
            left.sort_unstable();
            if !left.is_empty() {
                notes.push(format!("{} in column `{column}` taken for no label", few(&left)));
            }
        }
        let mut classes = Self::from_words(cells.map(|text| Some(text).filter(|text| !gap(text))));
        classes.note_twins(column, notes);
        classes.drop_minus_one(column, notes);
        classes
    }

    /// The number of clusters that they tell. One class does not say that there is no other cluster.
    pub(in crate::data) fn told(&self) -> Option<usize> {
        Some(self.names.len()).filter(|&known| known > 1)
    }

    /// Take −1 for "no label" where the other classes count on from 0 or 1, as those who learn from few labels write it.
    pub(in crate::data) fn drop_minus_one(&mut self, column: &str, notes: &mut Vec<String>) {
        let Some(at) = self.names.iter().position(|name| name.parse() == Ok(-1_i64)) else { return };
        let others: Option<Vec<i64>> =
            self.names.iter().filter(|name| name.parse() != Ok(-1_i64)).map(|name| name.parse().ok()).collect();
        let Some(others) = others.filter(|others| others.iter().all(|&v| v >= 0)) else { return };
        let counts = others.first().is_some_and(|&first| first <= 1) && others.windows(2).all(|w| w[1] == w[0] + 1);
        if others.len() < 2 || !counts || others == [0, 1] {
            if others != [1] {
                notes.push(format!(
                    "class `{NONE}` of column `{column}` kept as a class; empty such cells if they mean no label"
                ));
            }
            return;
        }
        let rows = self.ids.iter().filter(|&&id| id as usize == at).count();
        for id in &mut self.ids {
            *id = match (*id as usize).cmp(&at) {
                Ordering::Less => *id,
                Ordering::Equal => MISSING,
                Ordering::Greater if *id == MISSING => MISSING,
                Ordering::Greater => *id - 1,
            };
        }
        self.names.remove(at);
        notes.push(format!(
            "`{NONE}` in column `{column}` taken for no label, as the other classes count from {}: {}",
            others[0],
            counted(rows, "row")
        ));
    }

    /// Say which classes are one number written in two ways.
    fn note_twins(&self, column: &str, notes: &mut Vec<String>) {
        let twins =
            self.names.windows(2).find(|pair| finite(&pair[0]).is_some() && finite(&pair[0]) == finite(&pair[1]));
        if let Some([one, other]) = twins {
            notes.push(format!(
                "classes are taken as they are written: `{one}` and `{other}` of column `{column}` are two, though one number"
            ));
        }
    }

    /// Say how many samples have no class.
    pub(in crate::data) fn note_unlabelled(&self, notes: &mut Vec<String>) {
        let without = self.ids.iter().filter(|&&id| id == MISSING).count();
        if without > 0 {
            let rows = counted(self.ids.len(), "row");
            notes.push(format!("{without} of {rows} without a label are kept; scores are those of the others"));
        }
    }

    /// The classes of some samples; classes that none of them has lose their name.
    pub(in crate::data) fn select(&self, rows: &[usize]) -> Self {
        let mut used = vec![false; self.names.len()];
        for &row in rows {
            if let Some(used) = used.get_mut(self.ids[row] as usize) {
                *used = true;
            }
        }
        let mut new_ids = vec![MISSING; self.names.len()];
        let mut names = Vec::new();
        for (old, _) in used.iter().enumerate().filter(|(_, used)| **used) {
            new_ids[old] = names.len() as u32;
            names.push(self.names[old].clone());
        }
        let ids = rows.iter().map(|&row| new_ids.get(self.ids[row] as usize).copied().unwrap_or(MISSING)).collect();
        Self { ids, names }
    }
}

fn finite(word: &str) -> Option<f64> {
    word.parse::<f64>().ok().filter(|v| v.is_finite())
}

/// Which of two numbers is smaller, told apart to the last digit where they are whole.
fn in_size(a: &str, b: &str) -> Ordering {
    match (a.parse::<i128>(), b.parse::<i128>()) {
        (Ok(a), Ok(b)) => a.cmp(&b),
        _ => finite(a).unwrap_or(0.0).total_cmp(&finite(b).unwrap_or(0.0)),
    }
}

/// A key that sorts as the numbers do.
fn order_key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(texts: &[&str]) -> (Classes, String) {
        let mut notes = Vec::new();
        (Classes::from_cells(texts.iter().copied(), "kind", &mut notes), notes.join("; "))
    }

    #[test]
    fn one_class_tells_no_number_of_clusters() {
        let told = |words: &[Option<&str>]| Classes::from_words(words.iter().copied()).told();
        assert_eq!(told(&[Some("a"), Some("a")]), None);
        assert_eq!(told(&[Some("a"), None]), None);
        assert_eq!(told(&[Some("a"), None, Some("b")]), Some(2));
        assert_eq!(told(&[None, None]), None);
    }

    #[test]
    fn numbers_sort_as_numbers_and_words_as_words() {
        let classes = Classes::from_words(["10", "-1", "9"].into_iter().map(Some));
        assert_eq!((classes.names, classes.ids), (vec!["-1".into(), "9".into(), "10".into()], vec![2, 0, 1]));
        let classes = Classes::from_words([Some("b"), None, Some("10"), Some("a")].into_iter());
        assert_eq!((classes.names, classes.ids), (vec!["10".into(), "a".into(), "b".into()], vec![2, MISSING, 0, 1]));
    }

    #[test]
    fn a_class_is_its_text() {
        let (classes, notes) = cells(&["008", "8", "588848899891200431", "588848899891200432", "8"]);
        assert_eq!(classes.names, ["008", "8", "588848899891200431", "588848899891200432"]);
        assert_eq!(classes.ids, [0, 1, 2, 3, 1]);
        assert!(notes.contains("`008` and `8`"), "{notes}");
        let whole = [100_000_003, 9_007_199_254_740_993, 9_007_199_254_740_992, 100_000_003];
        let classes = Classes::from_whole(&whole);
        assert_eq!(classes.names, ["100000003", "9007199254740992", "9007199254740993"]);
        assert_eq!(classes.ids, [0, 2, 1, 0]);
    }

    #[test]
    fn a_word_that_may_be_a_class_is_one_among_words_alone() {
        let (classes, notes) = cells(&["NA", "BW", "", "ZA", "nan"]);
        assert_eq!((classes.names.join(" "), classes.ids), ("BW NA ZA".to_owned(), vec![1, 0, MISSING, 2, MISSING]));
        assert!(notes.contains("`NA`"), "{notes}");
        let (_, notes) = cells(&["yes", "no", "N/A", "", "N/A"]);
        assert!(notes.contains("`N/A` in column `kind` taken for no label"), "{notes}");
        let (classes, notes) = cells(&["1", "NA", "2", "None"]);
        assert_eq!((classes.names.join(" "), classes.ids), ("1 2".to_owned(), vec![0, MISSING, 1, MISSING]));
        assert!(notes.is_empty(), "{notes}");
    }

    #[test]
    fn minus_one_is_no_label_where_classes_count() {
        let (classes, notes) = cells(&["2", "-1", "1", "0", "-1"]);
        assert_eq!((classes.names.join(" "), classes.ids), ("0 1 2".to_owned(), vec![2, MISSING, 1, 0, MISSING]));
        assert!(notes.contains("no label") && notes.contains("2 rows"), "{notes}");
        for (texts, said) in [(["-1", "1", "1"], false), (["-1", "0", "1"], true), (["-1", "5", "9"], true)] {
            let (classes, notes) = cells(&texts);
            assert_eq!((classes.names[0].as_str(), notes.contains("kept as a class")), ("-1", said), "{texts:?}");
        }
    }

    #[test]
    fn classes_nobody_has_any_more_are_forgotten() {
        let classes = Classes::from_numbers(&[3.0, 5.0, f64::NAN, 7.0]).select(&[3, 2, 0]);
        assert_eq!((classes.names, classes.ids), (vec!["3".into(), "7".into()], vec![1, MISSING, 0]));
    }
}
