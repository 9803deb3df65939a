//! A training in a file: the network with the course it took, of which the learn stage makes all that it shows after a training.
//!
//! The graph, the exact side and the clusters are not in it. They take a fraction of a second and are computed anew.

use std::io::Read as _;

use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use ndarray::{Array2, ArrayView2};
use serde::{Deserialize, Serialize};

use super::held::Beside;
use super::learn::Trained;
use crate::exact::rayleigh_ritz;
use crate::graph::{Eigenspace, Operator};
use crate::learn::spectralnet::{HeldLook, Learned};
use crate::nets::{Input, Weights, forward};
use crate::pipeline::curve::CurvePoint;
use crate::recipe::{Recipe, Separate, System};
use crate::{Error, Result};

/// The first bytes.
const MAGIC: &[u8] = b"eigenscope training 1\n";
/// What a file may unpack to, in bytes.
const LONGEST: u64 = 16 << 20;

/// A training in a file, with the settings that repeat it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    /// The built-in set it is of.
    pub set: String,
    /// The settings that Train repeats it with.
    pub recipe: Recipe,
    /// What the training took where it was made, in seconds.
    pub seconds: f64,
    /// Its looks, oldest first.
    pub curve: Vec<CurvePoint>,
    step: usize,
    steps: usize,
    kept: usize,
    notes: Vec<String>,
    input: Input,
    weights: Weights,
    unseen: Option<HeldAs>,
}

/// Where the network put the rows held out when it did so best, in single precision.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct HeldAs {
    step: usize,
    values: Vec<f64>,
    #[serde(with = "crate::support::matrix_serde")]
    vectors: Array2<f32>,
    #[serde(with = "crate::support::matrix_serde")]
    placed: Array2<f32>,
}

impl HeldAs {
    fn of(step: usize, look: &HeldLook) -> Self {
        let single = |matrix: &Array2<f64>| matrix.mapv(|v| v as f32);
        let HeldLook { space, placed } = look;
        Self { step, values: space.values.clone(), vectors: single(&space.vectors), placed: single(placed) }
    }

    fn look(self) -> (usize, HeldLook) {
        let space = Eigenspace { values: self.values, vectors: self.vectors.mapv(f64::from) };
        (self.step, HeldLook { space, placed: self.placed.mapv(f64::from) })
    }
}

impl Stored {
    /// What a finished training of a built-in set comes to in a file.
    ///
    /// # Errors
    /// [`Error::Setting`] of a training that does not go into one: on codes, with columns parted otherwise, or ended early.
    pub(in crate::pipeline) fn of(set: &str, recipe: &Recipe, trained: &Trained, seconds: f64) -> Result<Self> {
        let plain = !recipe.has_codes() && recipe.separate == Separate::Graph && recipe.system == System::SpectralNet;
        if !plain || trained.stopped {
            return Err(Error::Setting("only a whole training of SpectralNet on features can be stored".to_owned()));
        }
        let Learned { input, weights, step, steps, kept, unseen, notes, .. } = trained.learned.clone();
        Ok(Self {
            set: set.to_owned(),
            recipe: recipe.clone(),
            seconds,
            curve: trained.curve.clone(),
            step,
            steps,
            kept,
            notes,
            input,
            weights,
            unseen: unseen.as_ref().map(|(step, look)| HeldAs::of(*step, look)),
        })
    }

    /// The training as it ended, on the samples it was of (`n × d`, scaled) with their graph; `k` vectors are wanted.
    ///
    /// # Errors
    /// [`Error::Data`] where it is of other samples.
    pub(super) fn trained(
        self,
        (samples, operator, k): (&Array2<f32>, &Operator, usize),
        beside: Option<Beside>,
    ) -> Result<Trained> {
        let rows: ArrayView2<'_, f32> = samples.view();
        let fits = self.input.dim() == Some(rows.ncols()) && self.weights.width_after(self.input.width()).is_some();
        let held = self.unseen.as_ref().map(|held| [held.placed.nrows(), held.vectors.nrows()]);
        let there = beside.as_ref().map(|beside| [beside.held.rows.len(), beside.held.seen.len()]);
        if !fits || held.is_some() && held != there {
            return Err(Error::Data("the stored training is of other samples".to_owned()));
        }
        let outputs: Array2<f64> = forward::outputs_of(&self.weights, &self.input, rows);
        let ritz = rayleigh_ritz(operator, outputs.view(), k)?;
        let Self { curve, step, steps, kept, notes, input, weights, unseen, .. } = self;
        let unseen = unseen.map(HeldAs::look);
        let learned = Learned { input, weights, ritz, step, steps, kept, unseen, notes };
        let recording = std::sync::Arc::default();
        Ok(Trained { learned, curve, recording, beside, stopped: false })
    }

    /// Reads one.
    ///
    /// # Errors
    /// [`Error::Data`] for bytes that are none.
    pub fn read(bytes: &[u8]) -> Result<Self> {
        let none = || Error::Data("this is no stored training".to_owned());
        let packed = bytes.strip_prefix(MAGIC).ok_or_else(none)?;
        ciborium::from_reader(GzDecoder::new(packed).take(LONGEST)).map_err(|_| none())
    }

    /// Writes it.
    ///
    /// # Errors
    /// [`Error::Numerics`] where it cannot be packed.
    pub fn bytes(&self) -> Result<Vec<u8>> {
        let failed = |e: &dyn std::fmt::Display| Error::Numerics(format!("the training was not packed: {e}"));
        let mut bytes = MAGIC.to_vec();
        let mut packed = GzEncoder::new(&mut bytes, Compression::best());
        ciborium::into_writer(self, &mut packed).map_err(|e| failed(&e))?;
        packed.finish().map_err(|e| failed(&e))?;
        Ok(bytes)
    }
}
