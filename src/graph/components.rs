//! Connected components by union and find.

use super::{Components, Csr};

impl Components {
    /// The components of a symmetric matrix's graph: an entry joins its row and column.
    #[must_use]
    pub fn of(graph: &Csr) -> Self {
        let n = graph.len();
        let mut parent: Vec<u32> = (0..n as u32).collect();
        for i in 0..n {
            for &j in graph.row(i).0 {
                let (a, b) = (root(&mut parent, i as u32), root(&mut parent, j));
                // The lower number stays root, so a root is its component's first node.
                parent[a.max(b) as usize] = a.min(b);
            }
        }
        let roots: Vec<u32> = (0..n as u32).map(|i| root(&mut parent, i)).collect();
        let mut size = vec![0usize; n];
        for &r in &roots {
            size[r as usize] += 1;
        }
        let mut order: Vec<u32> = (0..n as u32).filter(|&r| size[r as usize] > 0).collect();
        order.sort_by_key(|&r| (std::cmp::Reverse(size[r as usize]), r));
        let mut number = vec![0u32; n];
        for (c, &r) in (0..).zip(&order) {
            number[r as usize] = c;
        }
        Self {
            of: roots.iter().map(|&r| number[r as usize]).collect(),
            sizes: order.iter().map(|&r| size[r as usize]).collect(),
        }
    }

    /// Number of components.
    #[must_use]
    pub fn count(&self) -> usize {
        self.sizes.len()
    }

    /// Number of components that are a single node.
    #[must_use]
    pub fn isolated(&self) -> usize {
        self.sizes.iter().rev().take_while(|&&size| size == 1).count()
    }
}

/// The root of `i`, halving the path on the way.
fn root(parent: &mut [u32], mut i: u32) -> u32 {
    while parent[i as usize] != i {
        parent[i as usize] = parent[parent[i as usize] as usize];
        i = parent[i as usize];
    }
    i
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn larger_components_come_first_and_ties_by_their_first_node() {
        let edges = [(1, 2), (2, 1), (4, 0), (0, 4), (5, 7), (7, 5), (7, 6), (6, 7)].map(|(i, j)| (i, j, 1.0));
        let components = Components::of(&Csr::from_triplets(9, &edges).expect("inside"));
        assert_eq!(components.sizes, [3, 2, 2, 1, 1]);
        assert_eq!(components.of, [1, 2, 2, 3, 1, 0, 0, 0, 4]);
        assert_eq!((components.count(), components.isolated()), (5, 2));
    }

    #[test]
    fn a_long_chain_is_one_component() {
        let n = 20_000u32;
        let edges: Vec<_> = (1..n).flat_map(|i| [(i, i - 1, 1.0), (i - 1, i, 1.0)]).collect();
        let components = Components::of(&Csr::from_triplets(n as usize, &edges).expect("inside"));
        assert_eq!(components.sizes, [n as usize]);
    }
}
