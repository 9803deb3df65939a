//! The points of one class or cluster alone: the others are there and not drawn.

use std::sync::Arc;

use crate::app::gpu::Colors;
use crate::app::shown::coloring::ColorBy;
use crate::app::shown::labels::Labels;
use crate::pipeline::Snapshot;

/// Serials of these colours begin here, above those of all others.
const HIGH: u64 = 1 << 41;

/// Which points are shown alone.
#[derive(Debug, Default)]
pub(super) struct Alone {
    of: Option<(ColorBy, u32)>,
    /// The colours they were made of: serial, labels, what is alone.
    made: Option<((u64, u64, ColorBy, u32), Colors)>,
    serial: u64,
}

impl Alone {
    /// Shows these alone, or all again where they are alone already.
    pub(super) fn toggle(&mut self, by: ColorBy, id: u32) {
        self.of = if self.of == Some((by, id)) { None } else { Some((by, id)) };
    }

    /// The class or cluster that is alone, of those that these colours tell apart.
    pub(super) fn entry(&self, by: ColorBy) -> Option<u32> {
        self.of.filter(|(of, _)| *of == by).map(|(_, id)| id)
    }

    /// The same colours without the points that are not to be seen.
    pub(super) fn colors(&mut self, colors: Colors, snapshot: &Snapshot, labels: &Labels) -> Colors {
        let Some((by, id)) = self.of else { return colors };
        let Some((ids, _)) = labels.ids(by, snapshot) else { return colors };
        let key = (colors.serial, labels.serial(), by, id);
        if let Some((made, hidden)) = &self.made
            && *made == key
        {
            return hidden.clone();
        }
        self.serial += 1;
        let seen = |(i, &[r, g, b, a]): (usize, &[u8; 4])| [r, g, b, if ids.get(i) == Some(&id) { a } else { 0 }];
        let rgba = Arc::new(colors.rgba.iter().enumerate().map(seen).collect());
        let hidden = Colors { rgba, serial: HIGH + self.serial };
        self.made = Some((key, hidden.clone()));
        hidden
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::app::shown::fixture::snapshot;

    #[test]
    fn the_points_of_others_are_there_and_not_drawn() {
        let vectors = array![[1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [1.0, 1.0]];
        let (snapshot, labels) = (snapshot(None, Some(&vectors)), Labels::default());
        let colors = Colors { rgba: Arc::new(vec![[9, 9, 9, 255]; 4]), serial: 3 };
        let mut alone = Alone::default();
        let strengths = |colors: &Colors| colors.rgba.iter().map(|c| c[3]).collect::<Vec<_>>();
        assert_eq!(strengths(&alone.colors(colors.clone(), &snapshot, &labels)), [255; 4]);
        alone.toggle(ColorBy::Learned, 1);
        let hidden = alone.colors(colors.clone(), &snapshot, &labels);
        assert_eq!(strengths(&hidden), [255, 255, 0, 0]);
        assert_ne!(hidden.serial, colors.serial, "they are uploaded");
        assert_eq!(alone.colors(colors.clone(), &snapshot, &labels).serial, hidden.serial, "once");
        assert_eq!((alone.entry(ColorBy::Learned), alone.entry(ColorBy::Label)), (Some(1), None));
        alone.toggle(ColorBy::Learned, 1);
        assert_eq!(strengths(&alone.colors(colors, &snapshot, &labels)), [255; 4]);
    }
}
