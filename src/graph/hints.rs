//! Semi-supervision: a few samples whose classes are known shape the graph.
//!
//! As in SpectralNet's own experiment the block of the affinity between labelled samples is replaced: 1 for the same class, 0 for
//! different ones (also Kamvar, Klein and Manning, 2003). Nothing else knows of the labels.

use super::Csr;
use crate::data::Labels;
use crate::support::error::Remedy;
use crate::support::language::counted;
use crate::support::random::{Stream, rng};
use crate::{Error, Result};

/// Most pairs of labelled samples that a graph is given.
const MOST_PAIRS: usize = 50_000_000;

/// Samples whose classes may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hints {
    /// For each sample its class, if it is known.
    pub class: Vec<Option<u32>>,
    /// How many are known.
    pub count: usize,
}

impl Hints {
    /// A share of the samples, drawn with the seed; nothing for a share of 0.
    ///
    /// # Errors
    /// [`Error::Setting`] naming `--labelled` for a share outside 0 to 1, data without labels, or fewer than two labelled samples.
    pub fn draw(labels: Option<&Labels>, n: usize, share: f64, seed: u64) -> Result<Option<Self>> {
        if share == 0.0 {
            return Ok(None);
        }
        if !(0.0..=1.0).contains(&share) {
            return Err(Error::Setting(format!("--labelled {share} is a share of the samples, from 0 to 1")));
        }
        let Some(labels) = labels else {
            return Err(Error::Setting(
                "--labelled needs labels, and the data has none; --label-column names the column that holds them"
                    .to_owned(),
            )
            .or(Remedy::set("labelled", 0, "uses none", "Use no labels")));
        };
        let known: Vec<usize> = (0..n).filter(|&i| labels.class(i).is_some()).collect();
        let count = ((share * n as f64).round() as usize).min(known.len());
        if count < 2 {
            return Err(Error::Setting(format!(
                "--labelled {share} of {n} samples is {count}; at least two labelled samples say anything"
            )));
        }
        let mut rng = rng(seed, Stream::Labelled, 0);
        let mut class = vec![None; n];
        for at in rand::seq::index::sample(&mut rng, known.len(), count) {
            let i = known[at];
            class[i] = labels.class(i);
        }
        Ok(Some(Self { class, count }))
    }

    /// The classes that are known, of each sample one or none.
    ///
    /// # Errors
    /// [`Error::Setting`] naming `--known-labels` for fewer than two.
    pub fn known(class: Vec<Option<u32>>) -> Result<Self> {
        let count = class.iter().flatten().count();
        if count < 2 {
            let what = counted(count, "sample");
            let text = format!("--known-labels has labels of {what} of this data; at least two of them say anything");
            return Err(Error::Setting(text));
        }
        Ok(Self { class, count })
    }

    /// What a person must know about a result that used them; `flag` says which.
    #[must_use]
    pub fn note(&self, flag: &str) -> String {
        let n = self.class.len();
        format!(
            "SEMI-SUPERVISED: the labels of {} of {n} samples ({:.1} %) shaped the graph: same classes are joined with weight 1, different \
             ones cut ({flag}). The figures compare with no unsupervised ones.",
            self.count,
            100.0 * self.count as f64 / n.max(1) as f64
        )
    }

    /// The affinity with its labelled block replaced.
    ///
    /// # Errors
    /// [`Error::Setting`] when the block has too many pairs.
    pub fn apply(&self, affinity: &Csr) -> Result<Csr> {
        let classes = self.class.iter().flatten().copied().max().map_or(0, |c| c as usize + 1);
        let mut members: Vec<Vec<u32>> = vec![Vec::new(); classes];
        for (i, class) in self.class.iter().enumerate() {
            if let Some(class) = class {
                members[*class as usize].push(i as u32);
            }
        }
        let pairs: usize = members.iter().map(|m| m.len() * m.len()).sum();
        if pairs > MOST_PAIRS {
            return Err(Error::Setting(format!(
                "known labels join all samples of a class, here {pairs} pairs of {}; --labelled takes a smaller share, --known-labels a file of \
                 fewer rows",
                counted(self.count, "sample")
            )));
        }
        let mut shaped = Csr {
            offsets: vec![0],
            columns: Vec::with_capacity(affinity.columns.len() + pairs),
            values: Vec::with_capacity(affinity.columns.len() + pairs),
        };
        let mut row: Vec<(u32, f64)> = Vec::new();
        for (i, class) in self.class.iter().enumerate() {
            let (columns, values) = affinity.row(i);
            row.clear();
            let stays = |j: u32| class.is_none() || self.class[j as usize].is_none();
            row.extend(columns.iter().copied().zip(values.iter().copied()).filter(|&(j, _)| stays(j)));
            if let Some(class) = class {
                row.extend(members[*class as usize].iter().filter(|&&j| j as usize != i).map(|&j| (j, 1.0)));
                row.sort_unstable_by_key(|&(j, _)| j);
            }
            shaped.columns.extend(row.iter().map(|&(j, _)| j));
            shaped.values.extend(row.iter().map(|&(_, value)| value));
            shaped.offsets.push(shaped.columns.len());
        }
        Ok(shaped)
    }

    /// The hints about some of the samples, in this order.
    #[must_use]
    pub fn among(&self, rows: &[usize]) -> Self {
        let class: Vec<Option<u32>> = rows.iter().map(|&i| self.class[i]).collect();
        Self { count: class.iter().flatten().count(), class }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    fn labels(ids: Vec<u32>) -> Labels {
        Labels { ids: Arc::new(ids), names: Arc::new(vec!["a".to_owned(), "b".to_owned()]) }
    }

    #[test]
    fn the_labelled_block_is_replaced_and_the_rest_stays() {
        let edges = [(0, 1, 0.5), (1, 2, 0.25), (2, 3, 0.75)];
        let both: Vec<_> = edges.iter().flat_map(|&(i, j, w)| [(i, j, w), (j, i, w)]).collect();
        let w = Csr::from_triplets(4, &both).expect("inside");
        let hints = Hints { class: vec![Some(0), Some(1), None, Some(0)], count: 3 };
        let shaped = hints.apply(&w).expect("few pairs");
        assert!(shaped.is_well_formed() && shaped == shaped.transpose());
        // 0–1 differ and are cut, 0–3 are of one class and joined; 2 is unknown and keeps its edges.
        assert_eq!((shaped.row(0).0, shaped.row(0).1), (&[3][..], &[1.0][..]));
        assert_eq!((shaped.row(1).0, shaped.row(1).1), (&[2][..], &[0.25][..]));
        assert_eq!((shaped.row(2).0, shaped.row(2).1), (&[1, 3][..], &[0.25, 0.75][..]));
    }

    #[test]
    fn a_share_is_drawn_with_the_seed_and_wrong_ones_are_named() {
        let all = labels((0..200).map(|i| i % 2).collect());
        let draw = |share, seed| Hints::draw(Some(&all), 200, share, seed).map(|h| h.expect("a share above 0"));
        let one = draw(0.1, 4).expect("fine");
        assert_eq!((one.count, one.class.iter().flatten().count()), (20, 20));
        assert_eq!(one, draw(0.1, 4).expect("fine"));
        assert_ne!(one, draw(0.1, 5).expect("fine"));
        assert!(Hints::draw(None, 200, 0.0, 0).expect("none wanted").is_none());
        for wrong in [draw(-0.1, 0), draw(f64::NAN, 0), draw(1.5, 0), draw(0.001, 0)] {
            assert!(wrong.expect_err("it makes no sense").to_string().contains("--labelled"));
        }
        assert!(Hints::draw(None, 200, 0.1, 0).expect_err("no labels").to_string().contains("--labelled"));
    }
}
