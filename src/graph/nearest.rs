//! The best few candidates of one query, kept in order.

/// A fixed number of nearest candidates, sorted by key and then by index, so that ties fall the same way whatever the
/// order in which candidates arrive.
#[derive(Clone, Debug)]
pub(super) struct Nearest<K> {
    keys: Vec<K>,
    indices: Vec<u32>,
    room: usize,
}

impl<K: Copy + PartialOrd> Nearest<K> {
    /// An empty list with room for `room ≥ 1` candidates.
    pub(super) fn new(room: usize) -> Self {
        Self { keys: Vec::with_capacity(room + 1), indices: Vec::with_capacity(room + 1), room }
    }

    /// Forget every candidate.
    pub(super) fn clear(&mut self) {
        self.keys.clear();
        self.indices.clear();
    }

    /// The worst candidate kept, once the list is full.
    pub(super) fn worst(&self) -> Option<(K, u32)> {
        if self.keys.len() < self.room { None } else { Some((*self.keys.last()?, *self.indices.last()?)) }
    }

    /// Whether a candidate would be kept.
    #[inline]
    pub(super) fn accepts(&self, key: K, index: u32) -> bool {
        self.worst().is_none_or(|(k, i)| key < k || (key == k && index < i))
    }

    /// Offer a candidate; each index at most once.
    #[inline]
    pub(super) fn offer(&mut self, key: K, index: u32) {
        if !self.accepts(key, index) {
            return;
        }
        let at = (0..self.keys.len())
            .rev()
            .find(|&p| self.keys[p] < key || (self.keys[p] == key && self.indices[p] < index))
            .map_or(0, |p| p + 1);
        self.keys.insert(at, key);
        self.indices.insert(at, index);
        self.keys.truncate(self.room);
        self.indices.truncate(self.room);
    }

    /// Keys, ascending.
    pub(super) fn keys(&self) -> &[K] {
        &self.keys
    }

    /// Indices, in the order of their keys.
    pub(super) fn indices(&self) -> &[u32] {
        &self.indices
    }
}

/// Squared Euclidean distance of two rows, each difference and sum in f64.
#[inline]
pub(super) fn squared_distance(a: &[f32], b: &[f32]) -> f64 {
    // Eight running sums let the compiler use vector registers; a single sum would wait for itself.
    let mut sums = [0.0f64; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let (tail_a, tail_b) = (a8.remainder(), b8.remainder());
    for (a, b) in a8.zip(b8) {
        for ((sum, &x), &y) in sums.iter_mut().zip(a).zip(b) {
            let difference = f64::from(x) - f64::from(y);
            *sum += difference * difference;
        }
    }
    for ((sum, &x), &y) in sums.iter_mut().zip(tail_a).zip(tail_b) {
        let difference = f64::from(x) - f64::from(y);
        *sum += difference * difference;
    }
    sums.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_stay_in_order_and_ties_go_to_the_lower_index() {
        let mut best = Nearest::new(3);
        for (key, index) in [(2.0, 9), (1.0, 4), (2.0, 3), (5.0, 0), (2.0, 1), (0.5, 7)] {
            best.offer(key, index);
        }
        assert_eq!(best.keys(), [0.5, 1.0, 2.0]);
        assert_eq!(best.indices(), [7, 4, 1]);
        assert!(!best.accepts(2.0, 2) && best.accepts(2.0, 0));
    }

    #[test]
    fn a_distance_keeps_what_f32_would_lose() {
        let d = squared_distance(&[1.0e6 + 0.25, 0.0, 3.0], &[1.0e6, 0.0, 3.0]);
        assert!((d - 0.0625).abs() < 1e-12, "{d}");
    }
}
