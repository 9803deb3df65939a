//! Class ids and names from whatever a file calls its classes.

use std::collections::{BTreeMap, HashMap};

/// The id of a sample whose class is not known.
pub(super) const MISSING: u32 = u32::MAX;

/// Classes of samples, some of which may be missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Classes {
    pub(super) ids: Vec<u32>,
    pub(super) names: Vec<String>,
}

impl Classes {
    /// Classes named by numbers, in numeric order; NaN is a missing one.
    pub(super) fn from_numbers(values: &[f64]) -> Self {
        let key = |v: f64| order_key(v + 0.0);
        let mut distinct: BTreeMap<u64, f64> = BTreeMap::new();
        for &v in values.iter().filter(|v| !v.is_nan()) {
            distinct.insert(key(v), v + 0.0);
        }
        let ranks: HashMap<u64, u32> = distinct.keys().zip(0..).map(|(&k, rank)| (k, rank)).collect();
        let ids = values.iter().map(|&v| if v.is_nan() { MISSING } else { ranks[&key(v)] }).collect();
        Self { ids, names: distinct.values().map(ToString::to_string).collect() }
    }

    /// Classes named by words, `None` where it is missing. If every word is a number, they are numbers.
    pub(super) fn from_words<'a>(words: impl Iterator<Item = Option<&'a str>> + Clone) -> Self {
        let mut distinct: BTreeMap<&str, u32> = BTreeMap::new();
        for word in words.clone().flatten() {
            distinct.entry(word).or_insert(0);
        }
        let values: Option<HashMap<&str, f64>> = distinct.keys().map(|w| Some((*w, finite(w)?))).collect();
        if let Some(values) = values.filter(|v| !v.is_empty()) {
            let numbers: Vec<f64> = words.map(|w| w.map_or(f64::NAN, |w| values[w])).collect();
            return Self::from_numbers(&numbers);
        }
        for (rank, id) in (0..).zip(distinct.values_mut()) {
            *id = rank;
        }
        let ids = words.map(|word| word.map_or(MISSING, |word| distinct[word])).collect();
        Self { ids, names: distinct.into_keys().map(str::to_owned).collect() }
    }

    /// The classes of some samples; classes that none of them has lose their name.
    pub(super) fn select(&self, rows: &[usize]) -> Self {
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

/// A key that sorts as the numbers do.
fn order_key(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_sort_as_numbers_and_words_as_words() {
        let classes = Classes::from_words(["10", "9.0", "-1", "9"].into_iter().map(Some));
        assert_eq!((classes.names, classes.ids), (vec!["-1".into(), "9".into(), "10".into()], vec![2, 1, 0, 1]));
        let classes = Classes::from_words([Some("b"), None, Some("10"), Some("a")].into_iter());
        assert_eq!((classes.names, classes.ids), (vec!["10".into(), "a".into(), "b".into()], vec![2, MISSING, 0, 1]));
    }

    #[test]
    fn classes_nobody_has_any_more_are_forgotten() {
        let classes = Classes::from_numbers(&[3.0, 5.0, f64::NAN, 7.0]).select(&[3, 2, 0]);
        assert_eq!((classes.names, classes.ids), (vec!["3".into(), "7".into()], vec![1, MISSING, 0]));
    }
}
