//! The elements of a text in XML, counted by the way to each, and which of them is a row.

use std::collections::{HashMap, HashSet};

use super::Part;

/// Most elements within each other, and most kinds of them: by their names and those of all around them.
const DEEPEST: usize = 200;
pub(super) const MOST_KINDS: usize = 1 << 16;
/// How often something may come within a row on average before it is taken for a row itself.
const AGAIN: usize = 3;
/// Attributes that alone say what an element holds, as in `<field name="size">3</field>`, and most different names of one kind of them.
const NAMING: [&str; 3] = ["name", "key", "field"];
const MOST_NAMES: usize = 1 << 12;
/// What programs call such elements; others may be things with a name, of which there are many in few.
const COLUMNS: [&str; 7] = ["field", "column", "col", "data", "simpledata", "attribute", "property"];

/// The elements of a text by the way to them.
#[derive(Default)]
pub(super) struct Ways {
    /// The number of each by the number of the one around it and its name.
    known: HashMap<(usize, String), usize>,
    pub(super) names: Vec<String>,
    /// The number of the one around each.
    around: Vec<usize>,
    counts: Vec<usize>,
    /// Values that stand in each itself.
    values: Vec<usize>,
    /// How many of each have an attribute alone that may name what they hold, and the different names.
    named: Vec<(usize, HashSet<String>)>,
    /// The elements that are open.
    pub(super) open: Vec<usize>,
}

/// What is around the outermost element.
const NOTHING: usize = usize::MAX;

impl Ways {
    /// Goes on with a part.
    pub(super) fn go(&mut self, part: &Part<'_>) -> Result<(), String> {
        match part {
            Part::Begin(name, _) => {
                if self.open.len() == DEEPEST {
                    return Err(format!("more than {DEEPEST} elements within each other"));
                }
                let around = self.open.last().copied().unwrap_or(NOTHING);
                let key = (around, (*name).to_owned());
                let at = *self.known.entry(key).or_insert(self.names.len());
                if at == self.names.len() {
                    if at == MOST_KINDS {
                        return Err(format!(
                            "more than {MOST_KINDS} elements of different names or in different places"
                        ));
                    }
                    self.names.push((*name).to_owned());
                    self.around.push(around);
                    self.counts.push(0);
                    self.values.push(0);
                    self.named.push((0, HashSet::new()));
                }
                self.counts[at] += 1;
                self.open.push(at);
            }
            Part::End => {
                self.open.pop();
            }
            Part::Text(_) => {}
        }
        Ok(())
    }

    pub(super) fn count(&mut self, part: &Part<'_>) -> Result<(), String> {
        self.go(part)?;
        let values = match part {
            Part::Begin(_, attributes) => attributes.len(),
            Part::Text(_) => 1,
            Part::End => 0,
        };
        let Some(&at) = self.open.last() else { return Ok(()) };
        self.values[at] += values;
        if let Part::Begin(_, attributes) = part
            && let [(attribute, name)] = attributes.as_slice()
            && NAMING.contains(attribute)
        {
            let (count, names) = &mut self.named[at];
            *count += 1;
            if names.len() <= MOST_NAMES && !names.contains(name) {
                names.insert(name.clone());
            }
        }
        Ok(())
    }

    /// How many other elements each has in it; those within these count twice.
    fn within(&self) -> Vec<usize> {
        let mut within = vec![0; self.names.len()];
        for at in 0..self.names.len() {
            self.outwards(at).take(2).zip(1..).for_each(|(around, times)| within[around] += times);
        }
        within
    }

    /// Which elements say by an attribute what they hold, as MySQL writes columns: each of them has it, with about as many names as there are
    /// of them in the one around them, of which there are more unless they are called columns, and no other elements in it but for one kind
    /// that holds the value.
    pub(super) fn naming(&self) -> Vec<bool> {
        let within = self.within();
        let is_naming = |at: usize| {
            let (count, names) = (self.counts[at], self.named[at].1.len());
            let around = self.counts.get(self.around[at]).copied().unwrap_or(0);
            let are_columns = COLUMNS.iter().any(|name| name.eq_ignore_ascii_case(&self.names[at]));
            let fits = names * around >= count && 2 * count >= names * around;
            let sure = are_columns || around >= names && count >= 2 * names;
            self.named[at].0 == count && (2..=MOST_NAMES).contains(&names) && fits && sure && within[at] < 2
        };
        (0..self.names.len()).map(is_naming).collect()
    }

    /// The elements around one, from the inside.
    fn outwards(&self, at: usize) -> impl Iterator<Item = usize> + '_ {
        std::iter::successors(self.around.get(at).copied(), |&at| self.around.get(at).copied())
            .filter(|&at| at != NOTHING)
    }

    /// The element that is a row: of those that come again, and within which next to nothing comes again, the one with the most values.
    /// What says its name may come again, and where no row is found so, mere values.
    pub(super) fn record(&self, naming: &[bool], strict: bool) -> Option<usize> {
        let names = |at: usize| naming.get(at).copied().unwrap_or_default();
        let within = self.within();
        let mere = |at: usize| self.values[at] <= self.counts[at] && within[at] == 0;
        let mut all = self.values.clone();
        let mut holds = vec![true; all.len()];
        for at in 0..all.len() {
            for around in self.outwards(at) {
                all[around] += self.values[at];
                let again = self.counts[at] > AGAIN * self.counts[around];
                holds[around] &= !again || names(at) || names(self.around[at]) || !strict && mere(at);
            }
        }
        let may = |at: &usize| self.counts[*at] > 1 && holds[*at] && !names(*at) && all[*at] > self.counts[*at];
        (0..all.len()).filter(may).max_by_key(|&at| (all[at], self.counts[at], std::cmp::Reverse(at)))
    }
}
