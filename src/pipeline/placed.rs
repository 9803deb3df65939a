//! Rows that a side never saw, and how well it places them: measured by the exact eigenspace of the graph of all rows.

use std::sync::Arc;

use ndarray::{Array2, Axis};
use serde::Serialize;

use super::snapshot::Solution;
use crate::data::Labels;
use crate::graph::Operator;
use crate::measure::{self, Scores};
use crate::support::language::counted;

/// What one side makes of rows that it never saw.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Placed {
    /// Grassmann distance per dimension to the whole graph's exact eigenspace, on these rows.
    pub distance: f64,
    /// Adjusted Rand index with the whole graph's exact clusters, on these rows.
    pub ari: f64,
    /// Accuracy on these rows, where there are labels.
    pub acc: Option<f64>,
}

/// Rows held out of a training, and where each side puts them.
#[derive(Clone, Debug, PartialEq)]
pub struct Unseen {
    /// Their places among the samples, ascending.
    pub rows: Arc<Vec<u32>>,
    /// Their share of all samples.
    pub share: f64,
    /// Distance per dimension of Nyström's extension of the exact side of the other rows.
    pub extension: f64,
    /// Both sides in full, once the training has ended.
    pub sides: Option<Sides>,
}

impl Unseen {
    /// What a person who labels new rows should know: that the simplest extension places them clearly better than the network.
    #[must_use]
    pub fn warning(&self) -> Option<String> {
        let Sides { learned, nystrom, .. } =
            self.sides.filter(|sides| sides.nystrom.ari > sides.learned.ari + CLEARLY)?;
        Some(format!(
            "of {} held out, the network puts fewer where the exact clusters of all rows have them (ARI {:.2}) than the exact side of the \
             others does ({:.2}): `apply --by exact` labels new rows by that",
            counted(self.rows.len(), "row"),
            learned.ari,
            nystrom.ari
        ))
    }
}

/// An adjusted Rand index so much higher is worth a word.
const CLEARLY: f64 = 0.05;

/// Both sides on rows held out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sides {
    /// Steps after which the network was as it is measured: it had seen none of these rows then.
    pub step: usize,
    /// The network.
    pub learned: Placed,
    /// Nyström's extension of the exact side of the other rows.
    pub nystrom: Placed,
}

/// What such rows are measured by.
pub(super) struct Truth<'a> {
    /// The exact side of all rows.
    side: &'a Solution,
    /// The rows, and their masses in the whole graph.
    rows: Vec<usize>,
    mass: Vec<f64>,
    vectors: Array2<f64>,
    labels: Option<Vec<u32>>,
}

impl<'a> Truth<'a> {
    /// Of some rows of the whole graph, whose labels are those of all samples.
    pub(super) fn new(side: &'a Solution, operator: &Operator, rows: Vec<usize>, labels: Option<&Labels>) -> Self {
        let mass = rows.iter().map(|&row| operator.mass[row]).collect();
        let vectors = side.space.vectors.select(Axis(0), &rows);
        let labels = labels.map(|labels| rows.iter().map(|&row| labels.ids[row]).collect());
        Self { side, rows, mass, vectors, labels }
    }

    /// How far a side's vectors at these rows (`m × k`) lie from the exact ones, per dimension.
    pub(super) fn distance(&self, placed: &Array2<f64>) -> f64 {
        measure::span_distance(self.vectors.view(), placed.view(), &self.mass)
    }

    /// Vectors and clusters of a side at these rows.
    pub(super) fn judge(&self, placed: &Array2<f64>, clusters: &[u32]) -> Placed {
        let whole: Vec<u32> = self.rows.iter().map(|&row| self.side.clusters.assignment[row]).collect();
        let scores = self.labels.as_ref().and_then(|labels| measure::scores(clusters, labels));
        Placed {
            distance: self.distance(placed),
            ari: measure::adjusted_rand(clusters, &whole),
            acc: scores.map(|Scores { acc, .. }| acc),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_that_places_rows_clearly_worse_is_spoken_of() {
        let unseen = |learned: f64, nystrom: f64| {
            let placed = |ari| Placed { distance: 0.01, ari, acc: None };
            let sides = Sides { step: 20, learned: placed(learned), nystrom: placed(nystrom) };
            Unseen { rows: Arc::new(vec![1, 4, 7]), share: 0.1, extension: 0.01, sides: Some(sides) }
        };
        let said = unseen(0.85, 0.97).warning().expect("it is worth a word");
        assert!(said.contains("3 rows") && said.contains("0.85") && said.contains("--by exact"), "{said}");
        assert_eq!(unseen(0.95, 0.97).warning(), None);
        assert_eq!(unseen(0.97, 0.85).warning(), None);
        assert_eq!(Unseen { sides: None, ..unseen(0.1, 0.9) }.warning(), None, "it has not ended");
    }
}
