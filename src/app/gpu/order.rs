//! The order in which points lie on the GPU: random, so that the first of them are a fair sample of all.

use std::sync::Arc;

use rand::{SeedableRng as _, seq::SliceRandom as _};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

use crate::app::kit::later::aside;

/// Points that one task puts in order.
const CHUNK: usize = 1 << 14;

/// The order for one number of points, always the same for it.
#[derive(Clone, Debug, Default)]
pub(super) struct Order(Arc<Vec<u32>>);

impl Order {
    /// The order for `count` points; this one, if it is that.
    pub(super) fn of(&mut self, count: usize) -> Self {
        if self.0.len() != count {
            let mut order: Vec<u32> = (0..count as u32).collect();
            order.shuffle(&mut ChaCha8Rng::seed_from_u64(count as u64));
            self.0 = Arc::new(order);
        }
        self.clone()
    }

    /// Where each point lies in this order.
    pub(super) fn ranks(&self) -> Vec<u32> {
        let mut ranks = vec![0; self.0.len()];
        for (rank, &point) in (0..).zip(self.0.iter()) {
            ranks[point as usize] = rank;
        }
        ranks
    }

    /// The bytes of `item(i)`, `N` each, for all points in this order.
    pub(super) fn bytes<const N: usize>(&self, item: impl Fn(usize) -> [u8; N] + Sync) -> Vec<u8> {
        let mut bytes = vec![[0; N]; self.0.len()];
        let copy = |(bytes, order): (&mut [[u8; N]], &[u32])| {
            for (to, &from) in bytes.iter_mut().zip(order) {
                *to = item(from as usize);
            }
        };
        if bytes.len() > CHUNK {
            aside(|| bytes.par_chunks_mut(CHUNK).zip(self.0.par_chunks(CHUNK)).for_each(copy));
        } else {
            copy((&mut bytes, &self.0));
        }
        bytes.into_flattened()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_point_is_there_once_and_the_first_are_a_fair_sample() {
        let n = 40_000;
        let order = Order::default().of(n);
        let again = Order::default().of(n);
        assert_eq!(order.0, again.0);
        let bytes = order.bytes(|i| (i as u32).to_ne_bytes());
        let mut seen: Vec<u32> = bytes.as_chunks().0.iter().map(|b| u32::from_ne_bytes(*b)).collect();
        let early = seen[..n / 10].iter().filter(|&&i| i < n as u32 / 4).count();
        assert!((900..1100).contains(&early), "a quarter of the sample is of the first quarter: {early}");
        seen.sort_unstable();
        assert!(seen.into_iter().eq(0..n as u32));
    }
}
