//! An order in which neighbours lie near each other.

use std::collections::VecDeque;

use super::Csr;

/// Rows of a region: what belongs to them fills a near cache.
const REGION: usize = 1024;

impl Csr {
    /// All rows, region after region: each grows by breadth from one that an earlier region left over. What reads rows and those that
    /// they point to in this order finds about half of them in a near cache.
    #[must_use]
    pub fn regions(&self) -> Vec<u32> {
        const PLACED: u32 = u32::MAX;
        let n = self.len();
        // The region that has met a node last, from 1 on.
        let mut met = vec![0u32; n];
        let mut order = Vec::with_capacity(n);
        let (mut queue, mut border) = (VecDeque::new(), VecDeque::new());
        let mut unseen = 0..n as u32;
        let mut region = 0;
        loop {
            let free = |&i: &u32| met[i as usize] != PLACED;
            let Some(start) = std::iter::from_fn(|| border.pop_front()).find(free).or_else(|| unseen.find(free)) else {
                return order;
            };
            region += 1;
            met[start as usize] = region;
            queue.push_back(start);
            for _ in 0..REGION {
                let Some(i) = queue.pop_front() else { break };
                met[i as usize] = PLACED;
                order.push(i);
                for &j in self.row(i as usize).0 {
                    let met = &mut met[j as usize];
                    if *met != PLACED && *met != region {
                        *met = region;
                        queue.push_back(j);
                    }
                }
            }
            border.extend(queue.drain(..));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_comes_once_and_neighbours_come_together() {
        // A ring of 5000 in a scattered order, and a pair beside it.
        let n = 5_000_u32;
        let name = |i: u32| (i % n * 1_777) % n;
        let edges = (0..n).map(|i| (name(i), name(i + 1))).chain([(n, n + 1)]);
        let triplets: Vec<_> = edges.flat_map(|(a, b)| [(a, b, 1.0), (b, a, 1.0)]).collect();
        let graph = Csr::from_triplets(n as usize + 2, &triplets).expect("inside");
        let order = graph.regions();
        let mut place = vec![usize::MAX; order.len()];
        order.iter().enumerate().for_each(|(row, &i)| place[i as usize] = row);
        assert!(order.len() == graph.len() && place.iter().all(|&row| row < graph.len()));
        let far = triplets.iter().filter(|t| place[t.0 as usize].abs_diff(place[t.1 as usize]) > 2).count();
        assert!(far < 40, "{far} of {}", triplets.len());
    }
}
