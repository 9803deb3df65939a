//! The map over the plane: what both solvers make of every place of two features, and where a new point lands.
//!
//! The learned map is the network itself, as it stands at the last look, taken through on the host: the thread that trains is asked
//! nothing. The exact one is Nyström's extension on the graph that is shown.

use std::sync::Arc;

use ndarray::{Array2, ArrayView2};

use crate::graph::Landmarks;
use crate::measure;
use crate::model::{Familiar, Mapping, confidence};
use crate::pipeline::{Snapshot, Solution};
use crate::recipe::{Affinity, Rows};

use super::axes::{Axis, Side};
use super::contour::{Line, zero_lines};

/// How far the map reaches beyond the samples, in parts of their range.
const BEYOND: f64 = 0.15;

/// What is shown of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shows {
    /// An eigenvector, 0-based.
    Vector(usize),
    /// The clusters.
    Clusters,
}

/// Two features of a row, the others held.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// The features on x and y, 0-based.
    pub features: [usize; 2],
    /// A scaled row whose other features hold everywhere.
    pub held: Vec<f32>,
    /// Least and greatest x, then y, in scaled units.
    pub bounds: [[f64; 2]; 2],
}

impl Plane {
    /// The plane of two axes of the input view where these are features, the others as those of a sample or, without one, their mean. None
    /// of data whose networks and graphs read no features.
    #[must_use]
    pub fn of(snapshot: &Snapshot, axes: [Axis; 2], sample: Option<u32>) -> Option<Self> {
        let features = Self::features(snapshot, axes)?;
        let scaled = &snapshot.scaled;
        let (n, d) = scaled.dim();
        let held = match sample.filter(|&i| (i as usize) < n) {
            // In two dimensions nothing is held, and the picture hangs on no sample.
            Some(i) if d > 2 => scaled.row(i as usize).to_vec(),
            _ => scaled.mean_axis(ndarray::Axis(0))?.to_vec(),
        };
        let bounds = features.map(|j| {
            let (low, high) = scaled.column(j).iter().fold((f32::MAX, f32::MIN), |(l, h), &v| (l.min(v), h.max(v)));
            let (low, high) = (f64::from(low), f64::from(high));
            let room = BEYOND * (high - low).max(1e-6);
            [low - room, high + room]
        });
        Some(Self { features, held, bounds })
    }

    /// The features on two axes of the input view, where there can be a plane.
    #[must_use]
    pub fn features(snapshot: &Snapshot, axes: [Axis; 2]) -> Option<[usize; 2]> {
        let recipe = &snapshot.job.recipe;
        let (n, d) = snapshot.scaled.dim();
        if recipe.has_codes() || recipe.system.is_supervised() || n == 0 {
            return None;
        }
        let feature = |axis| match axis {
            Axis::Input(j) if d <= 3 && j < d => Some(j),
            Axis::Feature(j) if j < d => Some(j),
            _ => None,
        };
        let features = [feature(axes[0])?, feature(axes[1])?];
        (features[0] != features[1]).then_some(features)
    }

    /// The row of a place.
    #[must_use]
    pub fn row(&self, at: [f64; 2]) -> Vec<f32> {
        let mut row = self.held.clone();
        for (feature, value) in self.features.into_iter().zip(at) {
            row[feature] = value as f32;
        }
        row
    }

    /// The place of a node of a grid with `side` nodes along each axis: x first, from the lowest up.
    #[must_use]
    pub fn place(&self, side: usize, [x, y]: [f64; 2]) -> [f64; 2] {
        let along = |[low, high]: [f64; 2], at: f64| low + (high - low) * at / (side.max(2) - 1) as f64;
        [along(self.bounds[0], x), along(self.bounds[1], y)]
    }

    /// All nodes, row by row from the lowest y up, `side² × d`.
    #[must_use]
    pub fn grid(&self, side: usize) -> Array2<f32> {
        let mut rows = Array2::from_shape_fn((side * side, self.held.len()), |(_, j)| self.held[j]);
        for node in 0..side * side {
            let at = self.place(side, [(node % side) as f64, (node / side) as f64]);
            for (feature, value) in self.features.into_iter().zip(at) {
                rows[(node, feature)] = value as f32;
            }
        }
        rows
    }
}

/// One side's map, ready to place rows.
#[derive(Clone, Debug)]
pub struct Placer {
    how: How,
    /// What the columns are weighted by before clusters are told.
    weights: Option<Vec<f64>>,
    rows: Rows,
    centroids: Array2<f64>,
    /// The largest value of each vector on the samples.
    pub most: Vec<f64>,
}

#[derive(Clone, Debug)]
enum How {
    Learned(Arc<Mapping>),
    Exact(Arc<Landmarks>),
}

impl Placer {
    /// A side's map, where the snapshot has what it takes.
    #[must_use]
    pub fn of(side: Side, snapshot: &Snapshot) -> Option<Self> {
        let settings = snapshot.job.recipe.worked_out(&snapshot.facts);
        let operator = snapshot.operator.as_ref()?;
        let (how, solution): (How, &Arc<Solution>) = match side {
            Side::Input => return None,
            Side::Learned => {
                let network = snapshot.network.as_ref().filter(|n| n.width() == Some(snapshot.scaled.ncols()))?;
                (How::Learned(Arc::clone(network)), snapshot.learned.as_ref()?)
            }
            Side::Exact => {
                let recipe = &snapshot.job.recipe;
                let solution = snapshot.exact.as_ref()?;
                if recipe.affinity == Affinity::Siamese || recipe.affinity_file.is_some() {
                    return None;
                }
                let resolved = crate::Recipe { scale: settings.scale, ..recipe.clone() };
                let neighbors = snapshot.neighbors.as_ref()?;
                let landmarks =
                    Landmarks::new(&snapshot.scaled, neighbors, &resolved, &solution.space, operator.kind).ok()?;
                (How::Exact(Arc::new(landmarks)), solution)
            }
        };
        let largest = |column: ndarray::ArrayView1<'_, f64>| column.iter().fold(1e-9, |most: f64, v| most.max(v.abs()));
        Some(Self {
            how,
            weights: solution.weights(operator),
            rows: settings.grouping.rows,
            centroids: solution.clusters.centroids.clone(),
            most: solution.space.vectors.columns().into_iter().map(largest).collect(),
        })
    }

    /// Eigenvector values of scaled rows (`m × d`), `m × k`.
    #[must_use]
    pub fn place(&self, rows: ArrayView2<'_, f32>) -> Array2<f64> {
        match &self.how {
            How::Learned(mapping) => mapping.place(rows),
            How::Exact(landmarks) => landmarks.place(rows),
        }
    }

    /// The clusters of placed rows, and how clear each is, 0 to 1.
    #[must_use]
    pub fn clusters(&self, values: ArrayView2<'_, f64>) -> (Vec<u32>, Vec<f64>) {
        let rows = measure::rows(values, self.weights.as_deref(), self.rows);
        let clear = confidence(rows.view(), self.centroids.view());
        (measure::assign(rows.view(), self.centroids.view()), clear)
    }
}

/// The map over a plane at the nodes of a grid.
#[derive(Clone, Debug)]
pub struct Map {
    /// Where it lies.
    pub plane: Plane,
    /// Nodes along each axis.
    pub side: usize,
    /// What it shows.
    pub shows: Shows,
    /// The value of each node over the largest on the samples, row by row from the lowest y up; empty for clusters.
    pub values: Vec<f32>,
    /// The cluster of each node; empty for a vector.
    pub clusters: Vec<u32>,
    /// Where each side's vector is 0, in scaled units: the learned one, then the exact one.
    pub zeros: [Arc<Vec<Line>>; 2],
}

impl Map {
    /// The map that `filled` makes, with the zero lines of both sides.
    #[must_use]
    pub fn of(plane: &Plane, side: usize, shows: Shows, filled: Side, placers: [Option<&Placer>; 2]) -> Option<Self> {
        let rows = plane.grid(side);
        let placed = placers.map(|placer| placer.map(|placer| placer.place(rows.view())));
        let at = usize::from(filled == Side::Exact);
        let (placer, own) = (placers[at]?, placed[at].as_ref()?);
        let (mut values, mut clusters) = (Vec::new(), Vec::new());
        let mut zeros = [Arc::default(), Arc::default()];
        match shows {
            Shows::Vector(j) => {
                let most = placer.most.get(j).copied()?;
                values = own.column(j).iter().map(|v| (v / most) as f32).collect();
                for (lines, placed) in zeros.iter_mut().zip(&placed) {
                    if let Some(column) = placed.as_ref().filter(|p| j < p.ncols()).map(|p| p.column(j).to_vec()) {
                        *lines = Arc::new(zero_lines(&column, side, |at| plane.place(side, at)));
                    }
                }
            }
            Shows::Clusters => clusters = placer.clusters(own.view()).0,
        }
        Some(Self { plane: plane.clone(), side, shows, values, clusters, zeros })
    }
}

/// Where a new point lands.
#[derive(Clone, Debug, PartialEq)]
pub struct Landed {
    /// Its scaled row.
    pub row: Vec<f32>,
    /// Its eigenvector values by the network and by Nyström's extension, its cluster there and how clear that is.
    pub sides: [Option<Place>; 2],
    /// How far it lies from the samples, in the distance that 99 % of their kind keep within.
    pub strangeness: f64,
}

/// A place in an eigenspace.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// Eigenvector values.
    pub values: Vec<f64>,
    /// The cluster.
    pub cluster: u32,
    /// How clear it is, from 0 to 1.
    pub clear: f64,
}

impl Landed {
    /// Places a scaled row.
    #[must_use]
    pub fn of(row: Vec<f32>, placers: [Option<&Placer>; 2], familiar: &Familiar) -> Self {
        let rows = Array2::from_shape_fn((1, row.len()), |(_, j)| row[j]);
        let sides = placers.map(|placer| {
            let values = placer?.place(rows.view());
            let (clusters, clear) = placer?.clusters(values.view());
            Some(Place { values: values.row(0).to_vec(), cluster: *clusters.first()?, clear: *clear.first()? })
        });
        let strangeness = familiar.strangeness(rows.row(0));
        Self { row, sides, strangeness }
    }

    /// Where it stands in a view.
    #[must_use]
    pub fn position(&self, side: Side, axes: [Axis; 3], three_d: bool) -> Option<[f32; 3]> {
        let value = |axis| match axis {
            Axis::Vector(j) => {
                let place = self.sides.get(usize::from(side == Side::Exact)).and_then(Option::as_ref)?;
                place.values.get(j).map(|&v| v as f32)
            }
            // Of more features the input's axes are components of them.
            Axis::Input(_) if self.row.len() > 3 => None,
            Axis::Input(j) | Axis::Feature(j) => self.row.get(j).copied(),
        };
        let depth = if three_d { value(axes[2])? } else { 0.0 };
        Some([value(axes[0])?, value(axes[1])?, depth])
    }
}
