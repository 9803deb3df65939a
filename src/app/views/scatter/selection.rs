//! Which points are marked: one selection and one hovered point, shared by every view of the same data.

use std::sync::Arc;

use eframe::egui::Modifiers;

/// What becomes of the points inside an outline, and of a cluster that is clicked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Effect {
    /// They alone are selected.
    #[default]
    Replace,
    /// They are selected too.
    Add,
    /// They are selected no more.
    Remove,
    /// Of the selected points they alone stay.
    Intersect,
}

impl Effect {
    /// Left to right.
    pub const ALL: [Self; 4] = [Self::Replace, Self::Add, Self::Remove, Self::Intersect];

    /// Its name on the switch.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Replace => "Replace",
            Self::Add => "Add",
            Self::Remove => "Remove",
            Self::Intersect => "Intersect",
        }
    }

    /// What the keys held down make of the switch: Shift adds, Ctrl+Shift and Alt take out, Shift+Alt keeps what is in both. Many
    /// desktops move the window on Alt, so nothing hangs on it alone.
    #[must_use]
    pub fn held(self, keys: Modifiers) -> Self {
        let control = keys.ctrl || keys.command;
        match (keys.shift, keys.alt) {
            (true, true) => Self::Intersect,
            (false, true) => Self::Remove,
            (true, false) if control => Self::Remove,
            (true, false) => Self::Add,
            (false, false) if control => Self::Add,
            (false, false) => self,
        }
    }
}

/// The selection all views of one dataset share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// The point under the pointer or the one the keys went to, in whichever view that is.
    pub hovered: Option<u32>,
    /// Whether the keys went to it: then the pointer has to move to take it over.
    pub by_keys: bool,
    /// The point whose row in the table is under the pointer or at the keys.
    pub pointed: Option<u32>,
    /// The point whose card stays.
    pub pinned: Option<u32>,
    /// What the switch says.
    pub effect: Effect,
    flags: Arc<Vec<bool>>,
    count: usize,
    serial: u64,
    /// The serial that it had when a double click took back what its first click had selected.
    twice: Option<u64>,
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
            *self = Self { serial, effect: self.effect, ..Self::new(points) };
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

    /// The points that are not selected, ascending.
    pub fn rest(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).zip(self.flags.iter()).filter_map(|(index, &on)| (!on).then_some(index))
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

    /// Selects only those of these points that are selected. True if anything changed.
    pub fn intersect(&mut self, points: impl IntoIterator<Item = u32>) -> bool {
        let both: Vec<u32> = points.into_iter().filter(|&p| self.contains(p)).collect();
        self.replace(both)
    }

    /// Does to these points what `effect` says. True if anything changed.
    pub fn apply(&mut self, effect: Effect, points: impl IntoIterator<Item = u32>) -> bool {
        match effect {
            Effect::Replace => self.replace(points),
            Effect::Add => self.add(points),
            Effect::Remove => self.remove(points),
            Effect::Intersect => self.intersect(points),
        }
    }

    /// Selects nothing. True if anything was selected.
    pub fn clear(&mut self) -> bool {
        self.replace([])
    }

    /// Selects nothing, as a double click does that means something else than to select.
    pub fn give_back_click(&mut self) {
        self.twice = Some(self.serial);
        self.clear();
    }

    /// The serial of what the first of two clicks had selected, once.
    pub fn take_click(&mut self) -> Option<u64> {
        self.twice.take()
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
    fn every_effect_does_what_it_says() {
        let after = |effect| {
            let mut selection = Selection::new(6);
            selection.add([1, 2, 3]);
            assert!(selection.apply(effect, [2, 3, 4]), "{effect:?}");
            selection.iter().collect::<Vec<_>>()
        };
        assert_eq!(Effect::ALL.map(after), [vec![2, 3, 4], vec![1, 2, 3, 4], vec![1], vec![2, 3]]);
    }

    #[test]
    fn keys_held_down_go_before_the_switch_and_none_needs_alt_to_take_points_out() {
        let held = |keys| Effect::ALL.map(|switch| switch.held(keys));
        assert_eq!(held(Modifiers::NONE), Effect::ALL);
        assert_eq!(held(Modifiers::SHIFT), [Effect::Add; 4]);
        assert_eq!(held(Modifiers::CTRL | Modifiers::SHIFT), [Effect::Remove; 4]);
        assert_eq!(held(Modifiers::ALT), [Effect::Remove; 4]);
        assert_eq!(held(Modifiers::SHIFT | Modifiers::ALT), [Effect::Intersect; 4]);
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
