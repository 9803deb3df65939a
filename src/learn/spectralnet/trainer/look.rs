//! A look at the network on the full graph: its span, and how orthonormal its layer makes samples that it was not made of.

use ndarray::{Array2, Axis};

use super::Trainer;
use crate::exact::{Ritz, rayleigh_ritz};
use crate::graph::{Eigenspace, Operator};
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
        let Some(ritz) = self.span(&outputs) else { return self.look_kept() };
        // Directions that the network lost count with the largest eigenvalue a walk knows.
        let lost = self.settings.k.saturating_sub(ritz.space.values.len());
        let (orthogonality_batch, orthogonality_all) = self.orthogonality(&outputs);
        Ok(Look {
            ritz_sum: ritz.space.values.iter().sum::<f64>() + lost as f64 * self.taught.sampler.unit(),
            ritz,
            // NaN without any: no loss is not a loss of 0.
            loss: self.losses.iter().sum::<f64>() / self.losses.len() as f64,
            orthogonality_batch,
            orthogonality_all,
            held: self.held_look(&outputs),
            weights: self.net.weights()?,
            rows: self.rows(),
        })
    }

    /// The best network so far in the place of one whose outputs are not finite.
    fn look_kept(&self) -> Result<Look> {
        let Some(best) = &self.best else {
            return Err(Error::Numerics(format!(
                "the network's outputs are not finite after {}; a lower --lr than {} helps",
                counted(self.step, "step"),
                self.lr
            )));
        };
        Ok(Look {
            ritz: best.seen.ritz.clone(),
            ritz_sum: f64::INFINITY,
            loss: f64::NAN,
            orthogonality_batch: f64::NAN,
            orthogonality_all: f64::NAN,
            held: None,
            weights: best.seen.weights.clone(),
            rows: self.rows(),
        })
    }

    /// Rows in a batch.
    fn rows(&self) -> usize {
        2 * self.settings.batch
    }

    /// The span of the outputs, rotated where there is an orthonormal layer; nothing where they are not finite.
    fn span(&self, outputs: &Array2<f64>) -> Option<Ritz> {
        if self.settings.gradient.is_none() {
            return own_columns(&self.operator, outputs);
        }
        rayleigh_ritz(&self.operator, outputs.view(), self.settings.k).ok().filter(|ritz| ritz.rank > 0)
    }

    /// How far the outputs are from being orthonormal, on a fresh batch and on all data. Weights come from one batch of independent samples,
    /// judged on another and on all: what √(2k/m) is about. The last step's own weights are older than the network by one step, and its
    /// samples come in pairs.
    fn orthogonality(&self, outputs: &Array2<f64>) -> (f64, f64) {
        let drawn = |stream| objective::gram(of(outputs, &self.independent(stream)).view());
        let layer = self.settings.gradient.map(|_| Orthonormal::from_gram(drawn(Stream::LookWeights).view()));
        let k = (self.settings.outputs as f64).sqrt();
        let error = |gram: &Array2<f64>| match &layer {
            Some(layer) => orthogonality(layer, gram) / k,
            None => orthogonality(&each_of_length_one(gram), gram) / k,
        };
        let all = self.operator.gram(outputs.view(), outputs.view()) / self.operator.total_mass();
        (error(&drawn(Stream::LookJudged)), error(&all))
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
                let rows = self.rows();
                let mut drawn = self.taught.sampler.draw(rows, 0, self.recipe.seed, (stream, self.step as u64));
                drawn.truncate(rows);
                self.taught.places(drawn)
            }
            Objective::BatchGraph => self.draw(stream),
        }
    }
}

/// Outputs without an orthonormal layer as a span of their own columns: each brought to length 1 and turned no further, with its Rayleigh
/// quotient on the graph. What falls onto the constant is seen to; nothing where they are not finite.
fn own_columns(operator: &Operator, outputs: &Array2<f64>) -> Option<Ritz> {
    let gram = operator.gram(outputs.view(), outputs.view()) / operator.total_mass();
    if gram.iter().any(|v| !v.is_finite()) {
        return None;
    }
    let map = each_of_length_one(&gram).weights;
    let vectors = outputs.dot(&map);
    let energies = operator.apply(vectors.view());
    let quotient = |j: usize| vectors.column(j).dot(&energies.column(j)) / operator.total_mass();
    let values = (0..vectors.ncols()).map(quotient).collect();
    Some(Ritz { space: Eigenspace { values, vectors }, rank: map.ncols(), map })
}

/// Weights that bring each column to length 1 and leave it where it is, given the columns' Gram matrix.
fn each_of_length_one(gram: &Array2<f64>) -> Orthonormal {
    let length = |j: usize| if gram[[j, j]] > 0.0 { gram[[j, j]].sqrt() } else { 1.0 };
    let k = gram.nrows();
    let weights = Array2::from_shape_fn((k, k), |(i, j)| if i == j { 1.0 / length(j) } else { 0.0 });
    Orthonormal { weights, ..Orthonormal::off(k) }
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

#[cfg(test)]
mod tests {
    use crate::learn::spectralnet::trainer::tests::trainer;
    use crate::recipe::{Auto, Recipe};

    #[test]
    fn without_the_orthonormal_layer_the_columns_fall_onto_the_constant() {
        let free = Recipe { orthonormal_layer: false, steps: Auto::Set(300), walk: Auto::Set(4), ..Recipe::default() };
        let mut trainer = trainer(&free);
        let spread = |look: &super::Look| -> f64 {
            let vectors = &look.ritz.space.vectors;
            vectors.columns().into_iter().map(|column| column.std(0.0)).fold(0.0, f64::max)
        };
        let first = trainer.look().expect("finite outputs");
        for _ in 0..300 {
            trainer.step().expect("the CPU does not fail");
        }
        let last = trainer.look().expect("finite outputs");
        assert!(spread(&first) > 0.3 && spread(&last) < 0.05, "{} to {}", spread(&first), spread(&last));
        assert!(last.ritz_sum < 0.1 * first.ritz_sum, "{} to {}", first.ritz_sum, last.ritz_sum);
        assert!(last.orthogonality_all > 1.0, "all columns are one: {}", last.orthogonality_all);
        trainer.schedule(&first, Some(0.1));
        trainer.schedule(&last, Some(0.9));
        assert_eq!(trainer.best().expect("it was kept").1.step, 300, "the end is kept, not what lay nearest");
        assert_eq!(trainer.factorizations()[..4], [0; 4]);
    }
}
