//! Models as they were written before the third format: a network and nothing else.

use ndarray::Array2;
use serde::Deserialize;

use super::{Clusters, Familiar, Model, Network};
use crate::data::{Reading, Scaler};
use crate::nets::{Encoder, Input, Weights};
use crate::recipe::Recipe;

/// A model of the first or the second format; see [`Model`] and [`Network`] for what its parts are.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Before {
    recipe: Recipe,
    #[serde(with = "crate::support::words_serde")]
    columns: Vec<String>,
    /// The first format had none.
    #[serde(default)]
    reading: Reading,
    scaler: Scaler,
    encoder: Option<Encoder>,
    input: Input,
    weights: Weights,
    #[serde(with = "crate::support::matrix_serde")]
    map: Array2<f64>,
    #[serde(default)]
    shift: Option<Vec<f64>>,
    values: Vec<f64>,
    #[serde(default)]
    diffusion: Option<Vec<f64>>,
    #[serde(with = "crate::support::matrix_serde")]
    centroids: Array2<f64>,
    #[serde(default)]
    familiar: Option<Familiar>,
    #[serde(with = "crate::support::words_serde")]
    names: Vec<String>,
}

impl Before {
    /// The same as a model of today; the first format had nothing but names to read a table by.
    pub(crate) fn into_model(self, names_alone: bool) -> Model {
        let Self { recipe, columns, reading, scaler, encoder, input, weights, map, .. } = self;
        let Self { shift, values, diffusion, centroids, familiar, names, .. } = self;
        let reading = if names_alone { Reading::of_names(&columns, recipe.text) } else { reading };
        let clusters = Clusters { diffusion, centroids };
        let learned = Some(Network { input, weights, map, shift, values, clusters });
        Model { recipe, columns, reading, scaler, encoder, learned, exact: None, classifier: None, familiar, names }
    }
}
