//! The colours of painted points: what the views show where it is known, else that of their class.

use std::collections::HashMap;
use std::sync::Arc;

use crate::app::gpu::Colors;
use crate::app::kit::identity::Identity;
use crate::data::Spot;
use crate::output::palette;
use crate::pipeline::Snapshot;

/// Of which picture, with which colours.
type Key = (Identity, u64);

/// What the views show at each place where they have a point.
#[derive(Debug, Default)]
pub(super) struct Tint {
    key: Option<Key>,
    /// By the bits of x and y: points that were moved since are at other places, and have no colour until they are seen there.
    at: HashMap<[u32; 2], [u8; 4]>,
    serial: u64,
}

impl Tint {
    /// Takes in what the views show.
    pub(super) fn follow(&mut self, seen: Option<&(Arc<Snapshot>, Colors)>) {
        let key = seen.map(|(snapshot, colors)| (Identity::of(snapshot), colors.serial));
        if key == self.key {
            return;
        }
        self.key = key;
        self.serial += 1;
        self.at.clear();
        let Some((snapshot, colors)) = seen.filter(|(snapshot, _)| snapshot.data.dim() == 2) else { return };
        let numbers = snapshot.data.numbers();
        for (row, &color) in numbers.rows().into_iter().zip(colors.rgba.iter()) {
            self.at.insert([row[0].to_bits(), row[1].to_bits()], color);
        }
    }

    /// Changes with the colours.
    pub(super) fn serial(&self) -> u64 {
        self.serial
    }

    /// What the views show where this point is.
    pub(super) fn of(&self, dot: &Spot) -> Option<[u8; 4]> {
        self.at.get(&dot.at.map(f32::to_bits)).copied()
    }
}

/// The colour of a class; `plain` where there is none.
pub(super) fn of_class(class: u8, dark: bool, plain: [u8; 3]) -> [u8; 4] {
    let [r, g, b] = match class.checked_sub(1) {
        Some(index) => palette::category(usize::from(index), dark),
        None => plain,
    };
    [r, g, b, 255]
}
