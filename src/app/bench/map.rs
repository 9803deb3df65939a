//! `eigenscope bench map`: what the map over the plane costs, how long a new point takes to land, and how far the zero line of the learned
//! Fiedler vector lies from that of Nyström's extension.

use std::time::Instant;

use ndarray::aview1;

use crate::app::shell::watch::quantile;
use crate::app::shown::axes::{Axis, FIEDLER, Side};
use crate::app::shown::plane::{Landed, Map, Placer, Plane, Shows};
use crate::model::Familiar;
use crate::pipeline::{Chain, Job, Unheard};
use crate::support::progress::Control;
use crate::{Error, Result};

/// Nodes along each axis while the picture changes, and once it stands still: as the window has them.
const SIDES: [usize; 2] = [64, 192];
/// Distances that 99 % of the samples keep to the nearest other: so many of them are near.
const NEAR: f64 = 2.0;

/// What a map took, in milliseconds of which half took less, and how true it is.
#[derive(Clone, Copy, Debug)]
pub struct MapCost {
    /// Samples of the set.
    pub samples: usize,
    /// A map of 64 × 64 places with the zero lines of both sides.
    pub quick: f64,
    /// The same of 192 × 192.
    pub fine: f64,
    /// A new point on both sides, with how unlike it is.
    pub landing: f64,
    /// How far the learned zero line lies from the exact one near the samples, as a share of the plane's width: on average and at most.
    pub apart: [f64; 2],
}

/// Trains on a job and draws the map of its input's first two features so many times.
///
/// # Errors
/// Those of the run; [`Error::Data`] where the set has no plane of two features.
pub fn map(job: &Job, times: usize) -> Result<MapCost> {
    let snapshot = Chain::default().run(job, &Control::new(), &Unheard)?.snapshot;
    let plane = Plane::of(&snapshot, [Axis::Input(0), Axis::Input(1)], None);
    let flat = || Error::Data(format!("{} has no plane of two features", job.source));
    let plane = plane.ok_or_else(flat)?;
    let made = || [Side::Learned, Side::Exact].map(|side| Placer::of(side, &snapshot));
    let draw = |side: usize| {
        let placers = made();
        Map::of(&plane, side, Shows::Vector(FIEDLER), Side::Learned, [placers[0].as_ref(), placers[1].as_ref()])
    };
    let took = |work: &dyn Fn()| {
        let once = |_| {
            let start = Instant::now();
            work();
            start.elapsed().as_secs_f64() * 1e3
        };
        quantile((0..times.max(1)).map(once), 0.5)
    };
    let [quick, fine] = SIDES.map(|side| took(&|| drop(draw(side))));
    let familiar = Familiar::of(snapshot.scaled.view(), snapshot.job.recipe.seed);
    let place = plane.bounds.map(|[low, high]| f64::midpoint(low, high));
    let landing = took(&|| {
        let placers = made();
        drop(Landed::of(plane.row(place), [placers[0].as_ref(), placers[1].as_ref()], &familiar));
    });
    let map = draw(SIDES[1]).ok_or_else(flat)?;
    let gaps = zero_gaps(&map, &familiar);
    let mean = gaps.iter().sum::<f64>() / gaps.len().max(1) as f64;
    let apart = [mean, gaps.iter().copied().fold(0.0, f64::max)];
    Ok(MapCost { samples: snapshot.data.len(), quick, fine, landing, apart })
}

/// How far each place of the learned zero line lies from the exact one, as a share of the plane's width. Far from all samples neither side is
/// asked anything, and such places are left out.
#[must_use]
pub fn zero_gaps(map: &Map, familiar: &Familiar) -> Vec<f64> {
    let [[low, high], _] = map.plane.bounds;
    let [learned, exact] = &map.zeros;
    let of_exact: Vec<[f64; 2]> = exact.iter().flatten().copied().collect();
    let near = |at: &&[f64; 2]| familiar.strangeness(aview1(&map.plane.row(**at))) <= NEAR;
    let away = |at: &[f64; 2]| {
        let nearest = of_exact.iter().map(|other| (at[0] - other[0]).hypot(at[1] - other[1])).fold(f64::MAX, f64::min);
        nearest / (high - low)
    };
    learned.iter().flatten().filter(near).map(away).collect()
}
