//! Batches of P classes with K samples each.

use crate::support::random::{Stream, rng};
use rand::Rng as _;
use rand::seq::index::sample;

/// Draws batches in which every class has as many samples as any other: a class with one sample in a batch would teach nothing.
#[derive(Clone, Debug)]
pub(crate) struct Batches {
    /// Rows of each class.
    rows: Vec<Vec<u32>>,
    classes: usize,
    each: usize,
    seed: u64,
}

impl Batches {
    /// Over training rows and their classes: `classes` of them in a batch, `each` samples of each.
    pub(crate) fn new(train: &[usize], ids: &[u32], classes: usize, each: usize, seed: u64) -> Self {
        let mut rows: Vec<Vec<u32>> = Vec::new();
        for &row in train {
            let class = ids[row] as usize;
            if rows.len() <= class {
                rows.resize(class + 1, Vec::new());
            }
            rows[class].push(row as u32);
        }
        rows.retain(|r| !r.is_empty());
        Self { classes: classes.min(rows.len()), rows, each, seed }
    }

    /// Rows and classes of batch number `step`, `P·K` of each: the same seed and number give the same batch. A class with fewer
    /// samples than asked for gives some more than once.
    pub(crate) fn draw(&self, step: usize) -> (Vec<u32>, Vec<u32>) {
        let mut rng = rng(self.seed, Stream::ClassBatches, step as u64);
        let mut batch = Vec::with_capacity(self.classes * self.each);
        let mut ids = Vec::with_capacity(batch.capacity());
        for class in sample(&mut rng, self.rows.len(), self.classes) {
            let rows = &self.rows[class];
            if rows.len() >= self.each {
                batch.extend(sample(&mut rng, rows.len(), self.each).into_iter().map(|i| rows[i]));
            } else {
                batch.extend((0..self.each).map(|_| rows[rng.random_range(0..rows.len())]));
            }
            ids.resize(batch.len(), class as u32);
        }
        (batch, ids)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_has_p_classes_with_k_samples_each_and_hangs_on_seed_and_number() {
        let ids: Vec<u32> = (0..90).map(|i| [1, 4, 4, 6, 6, 6, 7, 7, 7][i % 9]).collect();
        let train: Vec<usize> = (0..90).filter(|r| ids[*r] != 7).collect();
        let batches = Batches::new(&train, &ids, 2, 12, 5);
        for step in 0..20 {
            let (rows, classes) = batches.draw(step);
            assert_eq!(rows.len(), 24);
            assert!(classes[..12].iter().all(|c| *c == classes[0]) && classes[12..].iter().all(|c| *c == classes[12]));
            assert_ne!(classes[0], classes[12]);
            let of = |r: &u32| ids[*r as usize];
            assert!(rows[..12].iter().all(|r| of(r) == of(&rows[0])) && rows.iter().all(|r| of(r) != 7));
        }
        assert_eq!(batches.draw(3), batches.draw(3));
        assert_ne!(batches.draw(3), batches.draw(4));
        assert_ne!(batches.draw(3), Batches::new(&train, &ids, 2, 12, 6).draw(3));
    }
}
