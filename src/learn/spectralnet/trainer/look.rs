//! A look at the network on the full graph: its span, and how orthonormal its layer makes samples that it was not made of.

use ndarray::{Array2, Axis};

use super::Trainer;
use crate::exact::{Ritz, rayleigh_ritz};
use crate::learn::spectralnet::held::HeldLook;
use crate::nets::{Orthonormal, Weights, objective};
use crate::recipe::Objective;
use crate::support::language::counted;
use crate::support::random::Stream;
use crate::{Error, Result};

/// One look at the network on the full graph.
#[derive(Clone, Debug)]
pub struct Look {
    /// The network's span, rotated.
    pub ritz: Ritz,
    /// Σ of its eigenvalue estimates.
    pub ritz_sum: f64,
    /// Mean loss since the last look; NaN where no step was taken since.
    pub loss: f64,
    /// ‖YᵀMY/tr(M) − I‖/√k on a fresh batch, with weights set on another.
    pub orthogonality_batch: f64,
    /// The same on all data.
    pub orthogonality_all: f64,
    /// Where it puts the rows held out, while they are.
    pub held: Option<HeldLook>,
    /// The network that was looked at.
    pub weights: Weights,
    /// Rows in a batch, for the typical errors √(2k/m) and √(k/m).
    pub rows: usize,
}

impl Trainer {
    /// Looks at the network with the last layer that its hidden ones would get, as [`Trainer::settle`] gives it. Nothing of the training changes.
    ///
    /// # Errors
    /// As [`Trainer::look`] and [`Trainer::settle`].
    pub fn glance(&mut self) -> Result<Look> {
        let (net, level, unread) = (self.net.clone(), self.level, self.unread.take());
        let look = self.settle().and_then(|()| self.look());
        (self.net, self.level, self.unread) = (net, level, unread);
        look
    }

    /// Look at the network on the full graph. Nothing of the training changes.
    ///
    /// # Errors
    /// [`Error::Numerics`] when the outputs are not finite and no earlier network was kept to fall back on.
    pub fn look(&self) -> Result<Look> {
        let outputs = self.outputs()?;
        // NaN without any: no loss is not a loss of 0.
        let mean = |losses: &[f64]| losses.iter().sum::<f64>() / losses.len() as f64;
        let rows = 2 * self.settings.batch;
        let Some(ritz) = rayleigh_ritz(&self.operator, outputs.view(), self.settings.k).ok().filter(|r| r.rank > 0)
        else {
            let Some(best) = &self.best else {
                return Err(Error::Numerics(format!(
                    "the network's outputs are not finite after {}; a lower --lr than {} helps",
                    counted(self.step, "step"),
                    self.lr
                )));
            };
            let (ritz, ritz_sum) = (best.seen.ritz.clone(), f64::INFINITY);
            return Ok(Look {
                weights: best.seen.weights.clone(),
                ritz,
                ritz_sum,
                loss: f64::NAN,
                orthogonality_batch: f64::NAN,
                orthogonality_all: f64::NAN,
                held: None,
                rows,
            });
        };
        // Directions that the network lost count with the largest eigenvalue a walk knows.
        let lost = self.settings.k.saturating_sub(ritz.space.values.len());
        let ritz_sum = ritz.space.values.iter().sum::<f64>() + lost as f64 * self.taught.sampler.unit();
        let gram = self.operator.gram(outputs.view(), outputs.view()) / self.operator.total_mass();
        // Weights from one batch of independent samples, judged on another and on all: what √(2k/m) is about. The last step's own
        // weights are older than the network by one step, and its samples come in pairs.
        let drawn = |stream| objective::gram(of(&outputs, &self.independent(stream)).view());
        let layer = Orthonormal::from_gram(drawn(Stream::LookWeights).view());
        let k = (self.settings.outputs as f64).sqrt();
        Ok(Look {
            weights: self.net.weights()?,
            ritz,
            ritz_sum,
            loss: mean(&self.losses),
            orthogonality_batch: orthogonality(&layer, &drawn(Stream::LookJudged)) / k,
            orthogonality_all: orthogonality(&layer, &gram) / k,
            held: self.held_look(&outputs),
            rows,
        })
    }

    /// Where outputs put the rows held out by what the others alone tell of them.
    fn held_look(&self, outputs: &Array2<f64>) -> Option<HeldLook> {
        let held = self.held.as_deref()?;
        let seen = of(outputs, &held.seen);
        let Ritz { space, map, .. } = rayleigh_ritz(&held.operator, seen.view(), self.settings.k).ok()?;
        Some(HeldLook { space, placed: of(outputs, &held.rows).dot(&map) })
    }

    /// As many samples as a batch has rows, each drawn by itself from the law that the constraint is taken in.
    fn independent(&self, stream: Stream) -> Vec<u32> {
        match self.settings.objective {
            Objective::Walk => {
                let rows = 2 * self.settings.batch;
                let mut drawn = self.taught.sampler.draw(rows, 0, self.recipe.seed, (stream, self.step as u64));
                drawn.truncate(rows);
                self.taught.places(drawn)
            }
            Objective::BatchGraph => self.draw(stream),
        }
    }
}

/// Some rows of the outputs.
fn of(outputs: &Array2<f64>, rows: &[u32]) -> Array2<f64> {
    outputs.select(Axis(0), &rows.iter().map(|&row| row as usize).collect::<Vec<_>>())
}

/// ‖AᵀGA − I‖: how far a layer is from making other samples orthonormal.
fn orthogonality(layer: &Orthonormal, gram: &Array2<f64>) -> f64 {
    let a = &layer.weights;
    let error = a.t().dot(gram).dot(a) - Array2::<f64>::eye(gram.nrows());
    error.iter().map(|e| e * e).sum::<f64>().sqrt()
}
