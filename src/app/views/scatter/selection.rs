//! Which points are marked: one selection and one hovered point, shared by every view of the same data.

use std::sync::Arc;

/// The selection all views of one dataset share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The point under the pointer, in whichever view the pointer is.
    pub hovered: Option<u32>,
    flags: Arc<Vec<bool>>,
    count: usize,
    serial: u64,
}

impl Selection {
    /// Nothing selected among `points` points.
    #[must_use]
    pub fn new(points: usize) -> Self {
        Self { flags: Arc::new(vec![false; points]), ..Self::default() }
    }

    /// Makes room for `points` points; a change of their number is another dataset, so it clears the selection.
    pub fn resize(&mut self, points: usize) {
        if self.flags.len() != points {
            let serial = self.serial + 1;
            *self = Self { serial, ..Self::new(points) };
        }
    }

    /// The same, brought back after another whose serial was `after`.
    #[must_use]
    pub fn renumbered(self, after: u64) -> Self {
        Self { serial: self.serial.max(after) + 1, hovered: None, ..self }
    }

    /// Number of points that can be selected.
    #[must_use]
    pub fn len(&self) -> usize {
        self.flags.len()
    }

    /// Whether there is no point that could be selected.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.flags.is_empty()
    }

    /// Number of selected points.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Changes whenever the set of selected points changes.
    #[must_use]
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// Whether point `index` is selected.
    #[must_use]
    pub fn contains(&self, index: u32) -> bool {
        self.flags.get(index as usize).copied().unwrap_or(false)
    }

    /// One flag per point.
    #[must_use]
    pub fn flags(&self) -> &Arc<Vec<bool>> {
        &self.flags
    }

    /// The selected points, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).zip(self.flags.iter()).filter_map(|(index, &on)| on.then_some(index))
    }

    /// Adds points; indices beyond the data are ignored. True if anything changed.
    pub fn add(&mut self, points: impl IntoIterator<Item = u32>) -> bool {
        self.mark(points, true)
    }

    /// Takes points out. True if anything changed.
    pub fn remove(&mut self, points: impl IntoIterator<Item = u32>) -> bool {
        self.mark(points, false)
    }

    /// Selects exactly these points. True if anything changed.
    pub fn replace(&mut self, points: impl IntoIterator<Item = u32>) -> bool {
        let none = Arc::new(vec![false; self.flags.len()]);
        let before = std::mem::replace(&mut self.flags, none);
        self.count = 0;
        let serial = self.serial;
        self.mark(points, true);
        let changed = self.flags != before;
        self.serial = serial + u64::from(changed);
        changed
    }

    /// Selects nothing. True if anything was selected.
    pub fn clear(&mut self) -> bool {
        self.replace([])
    }

    fn mark(&mut self, points: impl IntoIterator<Item = u32>, on: bool) -> bool {
        let mut changed = 0;
        let flags = Arc::make_mut(&mut self.flags);
        for point in points {
            if let Some(flag) = flags.get_mut(point as usize)
                && *flag != on
            {
                *flag = on;
                changed += 1;
            }
        }
        self.count = if on { self.count + changed } else { self.count - changed };
        self.serial += u64::from(changed > 0);
        changed > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adding_removing_and_clearing_keep_count_and_serial() {
        let mut selection = Selection::new(5);
        assert!(selection.add([1, 3, 3, 9]));
        assert_eq!((selection.count(), selection.serial()), (2, 1));
        assert!(!selection.add([1]), "an added point that was there is no change");
        assert_eq!(selection.serial(), 1);
        assert!(selection.remove([3, 4]));
        assert_eq!(selection.iter().collect::<Vec<_>>(), [1]);
        assert!(selection.replace([0, 4]));
        assert!(!selection.replace([4, 0]), "the same set again is no change");
        assert_eq!((selection.count(), selection.contains(4), selection.contains(1)), (2, true, false));
        assert!(selection.clear() && !selection.clear());
        assert_eq!(selection.count(), 0);
    }

    #[test]
    fn another_number_of_points_clears() {
        let mut selection = Selection::new(3);
        selection.add([2]);
        selection.hovered = Some(2);
        let serial = selection.serial();
        selection.resize(3);
        assert_eq!(selection.count(), 1);
        selection.resize(2);
        assert_eq!((selection.count(), selection.len(), selection.hovered), (0, 2, None));
        assert!(selection.serial() > serial);
    }
}
