//! The spectral head, trained together with the encoder, as the learned side of the run.

use crate::Result;
use crate::exact::rayleigh_ritz;
use crate::learn::model::Input;
use crate::learn::trainer::forward;
use crate::learn::training::{Task, Trained};
use crate::nets::Weights;

/// The spectral head as its training with the encoder left it.
#[derive(Clone, Debug)]
pub(in crate::learn) struct Head {
    /// It reads codes as they are.
    pub weights: Weights,
    /// Steps it was trained for.
    pub steps: usize,
}

impl Head {
    /// The same as any trained network: what its outputs span on the graph of the codes.
    ///
    /// # Errors
    /// Those of [`rayleigh_ritz`].
    pub(in crate::learn) fn trained(&self, task: &Task<'_>) -> Result<Trained> {
        let module = self.weights.to_module(&task.compute.device);
        let outputs = forward(&module, task.samples.view(), task.compute);
        let ritz = rayleigh_ritz(task.operator, outputs.view(), task.k)?;
        Ok(Trained {
            input: Input::identity(task.samples.ncols()),
            weights: self.weights.clone(),
            ritz,
            curve: Vec::new(),
            step: self.steps,
            steps: self.steps,
            notes: Vec::new(),
        })
    }
}
