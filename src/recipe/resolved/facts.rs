//! What settings are worked out from.

use super::super::{Hidden, Recipe, Scaling, System};

/// Where samples come from, as far as settings hang on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// A set that is part of the program.
    #[default]
    Program,
    /// A known set that lies in a folder.
    Folder,
    /// A file or a folder of a person's own.
    Path,
    /// Points that a person painted.
    Hand,
}

/// What is known of the data, as far as a run has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Samples and noise of a generated set unless the recipe says otherwise; a set without a meaning for noise has none.
    pub generated: Option<(usize, Option<f64>)>,
    /// Where the samples come from.
    pub origin: Origin,
    /// Whether the data has labels.
    pub has_labels: bool,
    /// Samples loaded.
    pub samples: usize,
    /// Features of a sample.
    pub features: usize,
    /// Columns of the sparse matrix that the samples came from, where they came from one.
    pub sparse: Option<usize>,
    /// Whether a sample is a picture.
    pub pictures: bool,
    /// Dimensions that the scaled features fill.
    pub filled: usize,
    /// Dimensions that the codes fill, where there are codes.
    pub filled_by_codes: Option<usize>,
    /// Clusters that the data is known to have.
    pub clusters: Option<usize>,
    /// Distinct rows, where they are fewer than the clusters asked for.
    pub distinct: Option<usize>,
    /// Distinct rows, where at least a tenth of the rows are copies of others.
    pub without_copies: Option<usize>,
    /// Classes of the labels that a supervised system learns from.
    pub classes_taught: Option<usize>,
    /// What automatic scaling is for the data.
    pub scaling: Option<Scaling>,
    /// Dimensions that the distances to neighbours fill, where the graph was built between features.
    pub dimensions: Option<f64>,
    /// Clusters that the spectrum suggested, where neither recipe nor data says their number.
    pub found: Option<usize>,
    /// Exact eigenvalues in the walk's unit, once they are known.
    pub spectrum: Vec<f64>,
}

impl Facts {
    /// Samples that a run of `recipe` has.
    pub(super) fn samples_with(&self, recipe: &Recipe) -> usize {
        let all = self.generated.map_or(self.samples, |(samples, _)| recipe.samples.unwrap_or_else(|| samples));
        if recipe.limit > 0 { all.min(recipe.limit) } else { all }
    }

    /// Dimensions that what the network reads fills. Codes that are not there yet are taken to fill their width.
    pub(super) fn filled_with(&self, recipe: &Recipe) -> usize {
        if !recipe.has_codes() {
            return self.filled;
        }
        let width = code_width(recipe);
        self.filled_by_codes.map_or(width, |filled| filled.min(width))
    }

    /// The exact eigenvalues that a run of `recipe` reads, and whether what hangs on them is known.
    pub(super) fn spectrum_with(&self, recipe: &Recipe) -> (&[f64], bool) {
        if recipe.exact { (&self.spectrum, !self.spectrum.is_empty()) } else { (&[], true) }
    }
}

/// Numbers in a code: what `--latent` and the last of the `--encoder` layers mean.
pub(super) fn code_width(recipe: &Recipe) -> usize {
    let last = match &recipe.encoder {
        Hidden::Auto => None,
        Hidden::Layers(layers) => layers.last().copied(),
    };
    let latent = recipe.latent.set().filter(|_| recipe.system == System::DualAutoencoder);
    latent.or(last).unwrap_or(10)
}
