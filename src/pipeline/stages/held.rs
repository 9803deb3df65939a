//! Rows held out of a training: what the exact side of the others makes of them, and how both sides are measured there.

use std::sync::Arc;

use ndarray::Array2;

use super::Graph;
use crate::Result;
use crate::data::Labels;
use crate::exact;
use crate::graph::{Eigenspace, Operator};
use crate::learn::spectralnet::{HeldLook, HeldOut};
use crate::measure::{self, Effort};
use crate::pipeline::placed::{Placed, Sides, Truth, Unseen};
use crate::pipeline::snapshot::{Snapshot, Solution};
use crate::recipe::Grouping;
use crate::support::progress::{Control, Progress};

/// Relative residual of the exact eigenpairs of the rows that teach: far below what any extension of them misses.
const TOLERANCE: f64 = 1e-5;

/// Rows held out, beside the exact side of the others.
#[derive(Clone, Debug)]
pub(super) struct Beside {
    pub held: Arc<HeldOut>,
    /// The exact eigenspace of the graph between the rows that teach, and its extension to those held out.
    space: Eigenspace,
    extended: Array2<f64>,
    /// How far that lies from the whole graph's, per dimension.
    distance: f64,
}

/// Where a network puts rows it never saw, and those it did, by the whole graph's exact eigenspace: distances per dimension.
#[derive(Clone, Copy, Debug)]
pub(super) struct Distances {
    pub unseen: f64,
    pub seen: f64,
}

impl Beside {
    /// So many rows of the graph, drawn with the seed, beside the exact side of the others in the graph that is taught; none where that is 0 or there is no exact side to measure them by.
    ///
    /// # Errors
    /// Those of [`exact::solve`] on the graph between the other rows.
    pub(super) fn draw(
        count: usize,
        (graph, taught): (&Graph, &Operator),
        shown: &Snapshot,
        control: &Control,
    ) -> Result<Option<Self>> {
        let Some(side) = shown.exact.as_deref().filter(|_| count > 0) else { return Ok(None) };
        let (operator, seed) = (&graph.operator, graph.recipe.seed);
        let held = HeldOut::draw(taught, count, seed)?;
        let silent = Progress::new(control.clone(), &|_, _| ());
        let wanted = side.space.values.len();
        let copies = graph.copies.as_ref().map(|copies| copies.among_some(&held.seen));
        let copies = copies.as_ref().filter(|copies| exact::has_distinct(copies, wanted));
        let space = exact::solve_for(&held.operator, copies, wanted, (TOLERANCE, seed), &silent)?.space;
        let extended = operator.extended(&held.rows, &held.seen, &space);
        let distance = truth(&held.rows, side, operator, None).distance(&extended);
        Ok(Some(Self { held: Arc::new(held), space, extended, distance }))
    }

    /// What is shown of it while the network trains.
    pub(super) fn shown(&self) -> Unseen {
        let Self { held, distance, .. } = self;
        let share = held.rows.len() as f64 / (held.rows.len() + held.seen.len()).max(1) as f64;
        Unseen { rows: Arc::clone(&held.rows), share, extension: *distance, sides: None }
    }

    /// How far a look lies from the whole graph's exact side.
    pub(super) fn distances(&self, look: &HeldLook, side: &Solution, operator: &Operator) -> Distances {
        let HeldOut { rows, seen, .. } = &*self.held;
        Distances {
            unseen: truth(rows, side, operator, None).distance(&look.placed),
            seen: truth(seen, side, operator, None).distance(&look.space.vectors),
        }
    }

    /// Both sides in full, each with clusters found on the rows that teach alone.
    ///
    /// # Errors
    /// Those of k-means.
    pub(super) fn sides(
        &self,
        (step, look): (usize, &HeldLook),
        side: &Solution,
        (operator, grouping, labels): (&Operator, &Grouping, Option<&Labels>),
    ) -> Result<Sides> {
        let truth = truth(&self.held.rows, side, operator, labels);
        let clusters = side.clusters.centroids.nrows();
        let judge = |space: &Eigenspace, placed: &Array2<f64>| -> Result<Placed> {
            let own = &self.held.operator;
            let (found, time) = measure::cluster(space, own, clusters, Effort::Full, grouping, &Progress::silent())?;
            let weights = time.map(|time| measure::diffusion(&space.values, own.walk_unit(), time));
            let rows = measure::rows(placed.view(), weights.as_deref(), grouping.rows);
            Ok(truth.judge(placed, &measure::assign(rows.view(), found.centroids.view())))
        };
        let (learned, nystrom) = (judge(&look.space, &look.placed)?, judge(&self.space, &self.extended)?);
        Ok(Sides { step, learned, nystrom })
    }
}

fn truth<'a>(rows: &[u32], side: &'a Solution, operator: &Operator, labels: Option<&Labels>) -> Truth<'a> {
    Truth::new(side, operator, rows.iter().map(|&row| row as usize).collect(), labels)
}
