//! The rows that teach, and the graph that they are taught on.

use std::sync::Arc;

use ndarray::Array2;

use crate::graph::Operator;
use crate::learn::spectralnet::sampler::Sampler;
use crate::learn::spectralnet::tie::{Around, Between, Tie, Virtual};

/// Rows that take part in steps, the graph between them, and what is drawn from it. It counts these rows alone.
#[derive(Debug)]
pub(super) struct Taught {
    /// Their places among all samples, ascending; none where all of them teach.
    rows: Option<Arc<Vec<u32>>>,
    pub(super) operator: Arc<Operator>,
    pub(super) sampler: Sampler,
    /// Holds the map between neighbours, where it is to be held.
    tie: Option<Tie>,
}

impl Taught {
    /// Some rows of the samples (`n × d`), or all, and the graph between them.
    pub(super) fn new(
        samples: &Array2<f32>,
        operator: &Arc<Operator>,
        rows: Option<&Arc<Vec<u32>>>,
        tied: Option<(Around, f64)>,
    ) -> Self {
        let rows = rows.cloned();
        let tie = tied.map(|around| Tie::new(samples, operator, rows.clone(), around));
        Self { rows, operator: Arc::clone(operator), sampler: Sampler::new(operator), tie }
    }

    /// Rows that teach.
    pub(super) fn len(&self) -> usize {
        self.operator.len()
    }

    /// Their places among all samples; none where all of them teach.
    pub(super) fn rows(&self) -> Option<&[u32]> {
        self.rows.as_ref().map(|rows| rows.as_slice())
    }

    /// Where these rows stand among all samples.
    pub(super) fn places(&self, mut rows: Vec<u32>) -> Vec<u32> {
        if let Some(places) = &self.rows {
            for row in &mut rows {
                *row = places[*row as usize];
            }
        }
        rows
    }

    /// So many rows between neighbours; none where nothing is tied.
    pub(super) fn between(&self, samples: &Array2<f32>, count: usize, at: (u64, u64)) -> Option<Virtual> {
        self.tie.as_ref().map(|tie| tie.draw(samples, &self.operator, count, at))
    }

    /// The same, to be made where the samples lie, with so many rows of noise; their ends are places among all samples.
    pub(super) fn between_there(&self, count: (usize, usize), at: (u64, u64)) -> Option<Between> {
        let between = self.tie.as_ref()?.draw_between(&self.operator, count, at)?;
        Some(Between { ends: self.places(between.ends), ..between })
    }
}
