//! Runs that are pinned: their curves and their learned points stay faint behind those that are shown.

use std::sync::Arc;

use eframe::egui::Color32;

use crate::app::gpu::{Colors, Points};
use crate::app::kit::theme::Tokens;
use crate::app::shown::axes::{Axis, Side, ViewAxes};
use crate::app::shown::run::Run;
use crate::pipeline::{CurvePoint, Snapshot};
use crate::project::RunId;

/// Runs that are pinned at one time; the oldest gives way.
const MOST: usize = 2;
/// Strength of a pinned point, of 255.
const FAINT: u8 = 44;

/// A run that is pinned.
#[derive(Clone, Debug)]
pub struct Pin {
    /// Which run.
    pub id: RunId,
    /// What it is called.
    pub name: String,
    /// Its result with its curves.
    run: Arc<Run>,
    /// Its points as they were drawn last, and of what.
    drawn: Option<([Axis; 3], bool, Color32, Points, Colors)>,
}

impl Pin {
    /// Steps and values of one of its curves.
    #[must_use]
    pub fn curve(&self, value: impl Fn(&CurvePoint) -> Option<f64>) -> Vec<[f64; 2]> {
        let finite = |p: &CurvePoint| value(p).filter(|v| v.is_finite()).map(|v| [p.step as f64, v]);
        self.run.curve.iter().filter_map(finite).collect()
    }
}

/// The pinned runs, the oldest first.
#[derive(Debug, Default)]
pub struct Pins {
    list: Vec<Pin>,
    serial: u64,
}

impl Pins {
    /// The pinned runs.
    #[must_use]
    pub fn all(&self) -> &[Pin] {
        &self.list
    }

    /// Whether a run is pinned.
    #[must_use]
    pub fn has(&self, id: RunId) -> bool {
        self.list.iter().any(|pin| pin.id == id)
    }

    /// Pins a run under a name.
    pub fn pin(&mut self, id: RunId, name: String, run: &Run) {
        self.unpin(id);
        self.list.push(Pin { id, name, run: Arc::new(run.clone()), drawn: None });
        if self.list.len() > MOST {
            self.list.remove(0);
        }
    }

    /// Takes a pin out.
    pub fn unpin(&mut self, id: RunId) {
        self.list.retain(|pin| pin.id != id);
    }

    /// Takes all out.
    pub fn clear(&mut self) {
        self.list.clear();
    }

    /// The colour of the pinned run at a place: a grey, since clusters have all others.
    #[must_use]
    pub fn color(at: usize, tokens: &Tokens) -> Color32 {
        if at == 0 { tokens.reference } else { tokens.text_strong }
    }

    /// The learned points of the pinned runs on the axes of the learned view, where they are of the samples shown; none of the run that is
    /// shown itself.
    pub fn ghosts(&mut self, axes: &ViewAxes, shown: &Snapshot, tokens: &Tokens) -> Vec<(Points, Colors)> {
        let resolved = axes.resolved(Side::Learned, shown);
        let mut ghosts = Vec::new();
        for (at, pin) in self.list.iter_mut().enumerate() {
            let Some(of) = pin.run.shown.as_deref().filter(|of| fits(of, shown)) else { continue };
            let color = Self::color(at, tokens);
            let known = pin.drawn.as_ref().filter(|d| (d.0, d.1, d.2) == (resolved, axes.three_d, color));
            if known.is_none() {
                self.serial += 1;
                let axes = ViewAxes { chosen: resolved.map(Some), ..*axes };
                let positions = Arc::new(axes.positions(Side::Learned, of));
                let rgba = Arc::new(vec![[color.r(), color.g(), color.b(), FAINT]; positions.len()]);
                let serial = self.serial;
                let (points, colors) = (Points { positions, serial }, Colors { rgba, serial });
                pin.drawn = Some((resolved, axes.three_d, color, points, colors));
            }
            ghosts.extend(pin.drawn.as_ref().map(|(.., points, colors)| (points.clone(), colors.clone())));
        }
        ghosts
    }
}

/// Whether a run's learned points can lie behind those shown: of the same samples, and not the very same result.
fn fits(of: &Snapshot, shown: &Snapshot) -> bool {
    let same = Arc::ptr_eq(&of.data.features, &shown.data.features) || of.data.features == shown.data.features;
    let it_is = of.learned.as_ref().zip(shown.learned.as_ref()).is_some_and(|(a, b)| Arc::ptr_eq(a, b));
    of.learned.is_some() && shown.learned.is_some() && same && !it_is
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::app::kit::theme::DARK;
    use crate::app::shown::fixture::snapshot;

    #[test]
    fn pinned_points_lie_on_the_axes_shown_and_never_behind_themselves() {
        let one = array![[1.0, -1.0, 0.3], [1.0, -0.9, -0.3], [1.0, 1.0, 0.3], [1.0, 0.9, -0.3]];
        let mut run = Run::default();
        run.shown = Some(Arc::new(snapshot(None, Some(&one))));
        run.curve = vec![CurvePoint { step: 5, loss: 0.5, ..CurvePoint::default() }];
        let mut pins = Pins::default();
        for id in 0..3 {
            pins.pin(id, format!("run {}", id + 1), &run);
        }
        assert_eq!(pins.all().iter().map(|pin| pin.id).collect::<Vec<_>>(), [1, 2], "the oldest gave way");
        assert_eq!(pins.all()[0].curve(|p| Some(p.loss)), [[5.0, 0.5]]);
        let now = snapshot(None, Some(&(&one * 0.5)));
        let axes = ViewAxes { chosen: [Some(Axis::Vector(1)), Some(Axis::Vector(2)), None], three_d: false };
        let ghosts = pins.ghosts(&axes, &now, &DARK);
        assert_eq!(ghosts.len(), 2);
        assert_eq!(ghosts[0].0.positions[2].map(|v| (10.0 * v).round() as i32), [10, 3, 0]);
        let again = pins.ghosts(&axes, &now, &DARK);
        assert_eq!(again[0].0.serial, ghosts[0].0.serial, "nothing is uploaded twice");
        let own = run.shown.clone().expect("it was given");
        assert!(pins.ghosts(&axes, &own, &DARK).is_empty());
    }
}
