//! What a person said of rows, as runs of rows of which the same was said.

use std::sync::Arc;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::rows::{Rows, bytes_of};
use super::varint;

/// What a person said of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It belongs to this group.
    Assigned(u32),
    /// It belongs to the group it was shown in, which was right.
    Accepted(u32),
    /// It belongs to none.
    Outlier,
    /// It belongs to this group, which was split off the one that it was in.
    Split(u32),
}

impl Mark {
    /// The group, if it is of one.
    #[must_use]
    pub fn group(self) -> Option<u32> {
        match self {
            Self::Assigned(group) | Self::Accepted(group) | Self::Split(group) => Some(group),
            Self::Outlier => None,
        }
    }

    /// What was done with the row, in a word of every table.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Assigned(_) => "assigned",
            Self::Accepted(_) => "accepted",
            Self::Outlier => "outlier",
            Self::Split(_) => "split",
        }
    }

    fn code(self) -> (u32, u32) {
        match self {
            Self::Assigned(group) => (0, group),
            Self::Accepted(group) => (1, group),
            Self::Outlier => (2, 0),
            Self::Split(group) => (3, group),
        }
    }

    fn of(kind: u32, group: u32) -> Option<Self> {
        match kind {
            0 => Some(Self::Assigned(group)),
            1 => Some(Self::Accepted(group)),
            2 => Some(Self::Outlier),
            3 => Some(Self::Split(group)),
            _ => None,
        }
    }
}

/// Rows of which the same was said, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// The first.
    pub start: u32,
    /// The first behind.
    pub end: u32,
    /// What was said.
    pub mark: Mark,
}

/// Marks of rows by their numbers in the source; a clone shares them. A row without one is as a solver said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks(Arc<Vec<Run>>);

impl Marks {
    /// The same mark on every row of a set.
    #[must_use]
    pub fn same(rows: &Rows, mark: Mark) -> Self {
        Self(Arc::new(rows.ranges().iter().map(|&(start, end)| Run { start, end, mark }).collect()))
    }

    /// Sets that share no row, each with its mark.
    #[must_use]
    pub fn each<'a>(parts: impl IntoIterator<Item = (&'a Rows, Mark)>) -> Self {
        let mut all: Vec<Run> = Vec::new();
        for (rows, mark) in parts {
            all.extend(rows.ranges().iter().map(|&(start, end)| Run { start, end, mark }));
        }
        all.sort_by_key(|run| run.start);
        let mut marks = Vec::with_capacity(all.len());
        for run in all {
            join(&mut marks, run);
        }
        Self(Arc::new(marks))
    }

    /// Its runs, ascending.
    #[must_use]
    pub fn runs(&self) -> &[Run] {
        &self.0
    }

    /// Whether no row has one.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The mark of a row.
    #[must_use]
    pub fn get(&self, row: u32) -> Option<Mark> {
        let after = self.0.partition_point(|run| run.start <= row);
        let run = self.0.get(after.checked_sub(1)?)?;
        (row < run.end).then_some(run.mark)
    }

    /// Number of marked rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|run| (run.end - run.start) as usize).sum()
    }

    /// The marks that rows of a set have.
    #[must_use]
    pub fn within(&self, rows: &Rows) -> Self {
        let mut inside = Vec::new();
        let mut ranges = rows.ranges().iter().copied().peekable();
        for run in self.0.iter() {
            while let Some(&(start, end)) = ranges.peek() {
                let (from, to) = (run.start.max(start), run.end.min(end));
                if from < to {
                    inside.push(Run { start: from, end: to, mark: run.mark });
                }
                if end > run.end {
                    break;
                }
                ranges.next();
            }
        }
        Self(Arc::new(inside))
    }

    /// The same without those of the rows of a set, which have `instead` of it in their place.
    #[must_use]
    pub fn replaced(&self, rows: &Rows, instead: &Self) -> Self {
        let mut outside = Vec::new();
        let mut ranges = rows.ranges().iter().copied().peekable();
        for run in self.0.iter() {
            let mut from = run.start;
            while let Some(&(start, end)) = ranges.peek() {
                if start >= run.end {
                    break;
                }
                if from < start {
                    outside.push(Run { start: from, end: start, mark: run.mark });
                }
                from = from.max(end.min(run.end));
                if end > run.end {
                    break;
                }
                ranges.next();
            }
            if from < run.end {
                outside.push(Run { start: from, end: run.end, mark: run.mark });
            }
        }
        let mut all = Vec::with_capacity(outside.len() + instead.0.len());
        let (mut a, mut b) = (outside.into_iter().peekable(), instead.0.iter().copied().peekable());
        loop {
            let next = match (a.peek(), b.peek()) {
                (Some(x), Some(y)) if x.start < y.start => a.next(),
                (_, Some(_)) => b.next(),
                _ => a.next(),
            };
            let Some(run) = next else { break };
            join(&mut all, run);
        }
        Self(Arc::new(all))
    }
}

/// Puts a run behind others, together with the last where it goes on.
fn join(runs: &mut Vec<Run>, run: Run) {
    match runs.last_mut() {
        Some(last) if last.end == run.start && last.mark == run.mark => last.end = run.end,
        _ => runs.push(run),
    }
}

impl Serialize for Marks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::new();
        let mut at = 0;
        for run in self.0.iter() {
            let (kind, group) = run.mark.code();
            for number in [run.start - at, run.end - run.start, kind, group] {
                varint::put(&mut bytes, number);
            }
            at = run.end;
        }
        serializer.serialize_bytes(&bytes)
    }
}

impl<'de> Deserialize<'de> for Marks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = bytes_of(deserializer)?;
        let mut bytes = bytes.as_slice();
        let mut runs: Vec<Run> = Vec::new();
        let mut at = 0_u32;
        while !bytes.is_empty() {
            let run = (|| {
                let [gap, length, kind, group] = [(); 4].map(|()| varint::take(&mut bytes));
                let start = at.checked_add(gap?)?;
                let (length, mark) = (length?, Mark::of(kind?, group?)?);
                (length > 0).then_some(Run { start, end: start.checked_add(length)?, mark })
            })();
            let Some(run) = run else { return Err(D::Error::custom("the marks of rows are damaged")) };
            join(&mut runs, run);
            at = run.end;
        }
        Ok(Self(Arc::new(runs)))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rand::Rng as _;

    use super::*;
    use crate::support::random::{Stream, rng};

    #[test]
    fn marks_are_what_a_table_of_rows_would_hold() {
        let mut rng = rng(3, Stream::Data, 0);
        let (mut marks, mut table) = (Marks::default(), BTreeMap::new());
        for _ in 0..400 {
            let from = rng.random_range(0..60);
            let rows = Rows::of((from..from + rng.random_range(0..12)).filter(|_| rng.random_bool(0.7)));
            let mark = match rng.random_range(0..5) {
                0 => None,
                1 => Some(Mark::Outlier),
                2 => Some(Mark::Accepted(rng.random_range(0..3))),
                3 => Some(Mark::Split(rng.random_range(0..3))),
                _ => Some(Mark::Assigned(rng.random_range(0..3))),
            };
            let within = marks.within(&rows);
            for row in 0..80 {
                assert_eq!(within.get(row), table.get(&row).copied().filter(|_| rows.contains(row)));
            }
            marks = marks.replaced(&rows, &mark.map_or_else(Marks::default, |mark| Marks::same(&rows, mark)));
            for row in rows.iter() {
                match mark {
                    Some(mark) => table.insert(row, mark),
                    None => table.remove(&row),
                };
            }
            assert!((0..80).all(|row| marks.get(row) == table.get(&row).copied()));
            assert_eq!(marks.len(), table.len());
            let mut bytes = Vec::new();
            ciborium::into_writer(&marks, &mut bytes).expect("written");
            assert_eq!(ciborium::from_reader::<Marks, _>(bytes.as_slice()).expect("read"), marks);
        }
    }
}
