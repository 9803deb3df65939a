//! Which shared value something was made from, without keeping that value.

use std::any::Any;
use std::sync::{Arc, Weak};

/// The identity of a shared value: two are equal only where both are of the very same one. The value itself goes when its last owner does,
/// but its place in memory is held, so that no later value is taken for it, as it might be by its address alone.
#[derive(Clone, Debug)]
pub(in crate::app) struct Identity(Weak<dyn Any + Send + Sync>);

impl Identity {
    /// That of this value.
    #[must_use]
    pub(in crate::app) fn of<T: Any + Send + Sync>(value: &Arc<T>) -> Self {
        let place: Weak<T> = Arc::downgrade(value);
        Self(place)
    }
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.0.ptr_eq(&other.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_value_is_never_taken_for_one_that_is_gone() {
        let first = Arc::new([0_u64; 8]);
        let of = Identity::of(&first);
        assert_eq!(of, Identity::of(&Arc::clone(&first)));
        assert_ne!(of, Identity::of(&Arc::new([0_u64; 8])));
        drop(first);
        // An allocator gives the place of what went last to the next of its size.
        let later: Vec<_> = (0..64).map(|_| Arc::new([0_u64; 8])).collect();
        assert!(later.iter().all(|later| of != Identity::of(later)));
    }
}
