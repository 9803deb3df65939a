//! What a supervised training may see, and what is kept for its scores.
//!
//! With at least six classes the last ones are kept whole, in the order of their ids, as in the literature on zero-shot
//! retrieval; with fewer, rows are drawn by the seed, as in the toy of the DSCL paper. `--validate` splits the training side
//! once more, classes drawn by the seed, and scores on that part, so that settings can be chosen without a look at what is
//! held out.

use rand::seq::SliceRandom as _;
use rand_chacha::ChaCha8Rng;

use crate::data::{Dataset, Labels};
use crate::recipe::Recipe;
use crate::support::error::Remedy;
use crate::support::random::{Stream, rng};
use crate::{Error, Result};

/// From this many classes on, whole classes are held out.
const ENOUGH_CLASSES: usize = 6;
/// The share of rows that the authors' toy keeps: 6000 of 21,000.
const TOY_ROWS: f64 = 2.0 / 7.0;
/// The share of classes that the literature keeps.
const HALF: f64 = 0.5;

/// Rows to train on and rows to score.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Split {
    /// Rows whose labels teach, ascending.
    pub(crate) train: Vec<usize>,
    /// Rows whose labels score, ascending.
    pub(crate) test: Vec<usize>,
    /// Whether no class is on both sides.
    pub(crate) zero_shot: bool,
}

impl Split {
    /// Split a set as the recipe says.
    ///
    /// # Errors
    /// A set without labels or with one class, or a `--held-out` that leaves a side without samples to work with.
    pub(crate) fn new(data: &Dataset, recipe: &Recipe) -> Result<Self> {
        let Some(labels) = &data.labels else {
            let why = "no labels, and this --system learns from labels; --label-column names their column";
            return Err(Error::Data(format!("{} has {why}", data.name)).or(Remedy::set(
                "system",
                "spectralnet",
                "does without",
                "Train without labels",
            )));
        };
        // Rows without a class teach nothing and score nothing.
        let all: Vec<usize> = (0..data.len()).filter(|&row| labels.class(row).is_some()).collect();
        let mut classes: Vec<u32> = all.iter().map(|&row| labels.ids[row]).collect();
        classes.sort_unstable();
        classes.dedup();
        if classes.len() < 2 {
            return Err(Error::Data(format!("{} has one class, and there is nothing to learn from one", data.name)));
        }
        if let Some(share) = recipe.held_out.set()
            && !(share > 0.0 && share < 1.0)
        {
            return Err(Error::Setting(format!("--held-out {share} must lie between 0 and 1")));
        }
        let mut split = if classes.len() >= ENOUGH_CLASSES {
            let share = recipe.held_out.unwrap_or_else(|| HALF);
            let kept = whole_classes(share, classes.len());
            if kept < 2 || kept + 2 > classes.len() {
                return Err(Error::Setting(format!(
                    "--held-out {share} of {} classes keeps {kept}; each side needs two",
                    classes.len()
                )));
            }
            by_classes(labels, all, &classes, share)
        } else {
            by_rows(all, recipe.held_out.unwrap_or_else(|| TOY_ROWS), recipe.seed)
        };
        if recipe.validate {
            split = split.within_training(labels, recipe.seed);
        }
        split.check(labels)?;
        Ok(split)
    }

    /// Classes whose labels teach.
    pub(crate) fn classes_taught(&self, labels: &Labels) -> usize {
        let mut taught: Vec<u32> = self.train.iter().map(|&row| labels.ids[row]).collect();
        taught.sort_unstable();
        taught.dedup();
        taught.len()
    }

    /// The training side split once more; what was held out is forgotten.
    fn within_training(self, labels: &Labels, seed: u64) -> Self {
        let mut classes: Vec<u32> = self.train.iter().map(|&row| labels.ids[row]).collect();
        classes.sort_unstable();
        classes.dedup();
        if !self.zero_shot || classes.len() < 4 {
            return by_rows(self.train, TOY_ROWS, seed.wrapping_add(1));
        }
        classes.shuffle(&mut stream(seed));
        by_classes(labels, self.train, &classes, HALF)
    }

    fn check(&self, labels: &Labels) -> Result<()> {
        let classes = |rows: &[usize]| {
            let mut seen: Vec<u32> = rows.iter().map(|&row| labels.ids[row]).collect();
            seen.sort_unstable();
            seen.dedup();
            seen.len()
        };
        let (train, test) = (classes(&self.train), classes(&self.test));
        if train < 2 || test < 2 {
            let train = if train == 1 { "1 class".to_owned() } else { format!("{train} classes") };
            return Err(Error::Setting(format!(
                "--held-out leaves {train} to train on and {test} to score; each side needs two"
            )));
        }
        Ok(())
    }
}

/// Everything random about a split.
fn stream(seed: u64) -> ChaCha8Rng {
    rng(seed, Stream::Split, 0)
}

/// Classes that a share of them amounts to.
fn whole_classes(share: f64, count: usize) -> usize {
    (share * count as f64).floor() as usize
}

/// The last classes of the list on the test side; two at least on each, where there are four.
fn by_classes(labels: &Labels, rows: Vec<usize>, classes: &[u32], share: f64) -> Split {
    let count = classes.len();
    let kept = whole_classes(share, count).clamp(2.min(count - 1), count.saturating_sub(2).max(1));
    let tested = &classes[count - kept..];
    let (test, train) = rows.into_iter().partition(|&row| tested.contains(&labels.ids[row]));
    Split { train, test, zero_shot: true }
}

/// A share of the rows on the test side.
fn by_rows(mut rows: Vec<usize>, share: f64, seed: u64) -> Split {
    rows.shuffle(&mut stream(seed));
    let kept = ((share * rows.len() as f64).round() as usize).clamp(1, rows.len().saturating_sub(1).max(1));
    let mut train = rows.split_off(kept);
    rows.sort_unstable();
    train.sort_unstable();
    Split { train, test: rows, zero_shot: false }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Source, load};
    use crate::recipe::Auto;
    use crate::support::progress::Progress;

    fn split(name: &str, change: impl FnOnce(&mut Recipe)) -> (Dataset, Result<Split>) {
        let mut recipe = Recipe::default();
        change(&mut recipe);
        let data = load(&Source::Named(name.to_owned()), &recipe, &Progress::silent()).expect("a built-in set");
        let split = Split::new(&data, &recipe);
        (data, split)
    }

    fn classes(data: &Dataset, rows: &[usize]) -> Vec<u32> {
        let mut seen: Vec<u32> = rows.iter().map(|&r| data.labels.as_ref().expect("it has labels").ids[r]).collect();
        seen.sort_unstable();
        seen.dedup();
        seen
    }

    #[test]
    fn half_of_many_classes_are_never_trained_on() {
        let (data, halves) = split("digits", |_| ());
        let halves = halves.expect("ten classes");
        assert_eq!(classes(&data, &halves.train), [0, 1, 2, 3, 4]);
        assert_eq!(classes(&data, &halves.test), [5, 6, 7, 8, 9]);
        assert_eq!(halves.train.len() + halves.test.len(), data.len());
        let (data, inner) = split("digits", |r| r.validate = true);
        let inner = inner.expect("five classes are left");
        assert!(classes(&data, &inner.test).iter().chain(&classes(&data, &inner.train)).all(|&c| c < 5));
        assert_eq!((classes(&data, &inner.train).len(), classes(&data, &inner.test).len()), (3, 2));
    }

    #[test]
    fn rows_are_held_out_of_few_classes() {
        let (_, rows) = split("dscl-toy", |_| ());
        let rows = rows.expect("three classes");
        assert_eq!((rows.train.len(), rows.test.len(), rows.zero_shot), (15_000, 6_000, false));
        assert!(rows.test.iter().all(|r| rows.train.binary_search(r).is_err()));
    }

    #[test]
    fn what_cannot_be_split_is_said() {
        let (_, error) = split("no-structure", |_| ());
        assert!(error.expect_err("no labels").to_string().contains("--label-column"));
        let (_, error) = split("digits", |r| r.held_out = Auto::Set(1.0));
        assert!(error.expect_err("nothing is left").to_string().contains("--held-out"));
    }
}
