//! What a comparison has side by side: spaces of SpectralNet, and the dual autoencoder whole and without its parts.

use serde::{Deserialize, Serialize};

use crate::recipe::{Affinity, Auto, Recipe, Represent, System};

/// Where the graph is built and the networks work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Space {
    /// Scaled features.
    Input,
    /// Scaled features, with distances that a Siamese network learned between them.
    InputSiamese,
    /// Codes of the autoencoder.
    Codes,
    /// Codes, with learned distances between them.
    CodesSiamese,
    /// Codes of the dual autoencoder.
    DualAutoencoder,
    /// The same without the relative reconstruction.
    DualNoRelative,
    /// The same without the mutual information, global and local.
    DualNoMutual,
    /// The same without the mixture prior.
    DualNoPrior,
    /// The same with a spectral loss that does not reach the encoder.
    DualNoSpectral,
    /// The same without distorted pictures.
    DualNoDistortion,
    /// The same without any of these: reconstruction alone.
    DualPlain,
}

impl Space {
    /// All, in the order they are run in: what two of them share is computed once.
    pub const ALL: [Self; 11] = [
        Self::Input,
        Self::InputSiamese,
        Self::Codes,
        Self::CodesSiamese,
        Self::DualAutoencoder,
        Self::DualNoRelative,
        Self::DualNoMutual,
        Self::DualNoPrior,
        Self::DualNoSpectral,
        Self::DualNoDistortion,
        Self::DualPlain,
    ];
    /// Those of SpectralNet, which a comparison takes unless told otherwise.
    pub const SPECTRALNET: [Self; 4] = [Self::Input, Self::InputSiamese, Self::Codes, Self::CodesSiamese];
    /// The dual autoencoder, whole and with each of its parts switched off.
    pub const ABLATION: [Self; 7] = [
        Self::DualAutoencoder,
        Self::DualNoRelative,
        Self::DualNoMutual,
        Self::DualNoPrior,
        Self::DualNoSpectral,
        Self::DualNoDistortion,
        Self::DualPlain,
    ];

    /// As a person reads it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::InputSiamese => "input, Siamese",
            Self::Codes => "codes",
            Self::CodesSiamese => "codes, Siamese",
            Self::DualAutoencoder => "dual autoencoder",
            Self::DualNoRelative => "dual, no relative",
            Self::DualNoMutual => "dual, no mutual",
            Self::DualNoPrior => "dual, no prior",
            Self::DualNoSpectral => "dual, no spectral",
            Self::DualNoDistortion => "dual, no distortion",
            Self::DualPlain => "dual, none of these",
        }
    }

    /// What it is, in one sentence.
    #[must_use]
    pub fn tip(self) -> &'static str {
        match self {
            Self::Input => "The scaled features as they are",
            Self::InputSiamese => "The scaled features, with distances that a Siamese network learned between them",
            Self::Codes => "Codes of an autoencoder trained on the data",
            Self::CodesSiamese => "Codes of the autoencoder, with learned distances between them",
            Self::DualAutoencoder => "Codes of the dual autoencoder, trained together with the spectral head",
            Self::DualNoRelative => "The dual autoencoder without the relative reconstruction",
            Self::DualNoMutual => "The dual autoencoder without the mutual information, global and local",
            Self::DualNoPrior => "The dual autoencoder without the mixture prior",
            Self::DualNoSpectral => "The dual autoencoder with a spectral loss that does not reach the encoder",
            Self::DualNoDistortion => "The dual autoencoder on pictures as they are",
            Self::DualPlain => "The dual autoencoder without any of these: reconstruction alone",
        }
    }

    /// The recipe with this space and seed, all else as given.
    #[must_use]
    pub fn recipe(self, base: &Recipe, seed: u64) -> Recipe {
        if Self::ABLATION.contains(&self) {
            return self.ablated(Recipe { seed, system: System::DualAutoencoder, ..base.clone() });
        }
        let represent = match self {
            Self::Codes | Self::CodesSiamese => Represent::Autoencoder,
            _ => Represent::None,
        };
        let affinity = match self {
            Self::InputSiamese | Self::CodesSiamese => Affinity::Siamese,
            _ if base.affinity == Affinity::Siamese => Affinity::Gaussian,
            _ => base.affinity,
        };
        Recipe { seed, system: System::SpectralNet, represent, affinity, ..base.clone() }
    }

    /// The weights of the missing parts set to 0.
    fn ablated(self, mut recipe: Recipe) -> Recipe {
        for (part, weight) in [
            (Self::DualNoRelative, &mut recipe.relative_weight),
            (Self::DualNoMutual, &mut recipe.mutual_weight),
            (Self::DualNoPrior, &mut recipe.prior_weight),
            (Self::DualNoSpectral, &mut recipe.spectral_weight),
        ] {
            if self == part || self == Self::DualPlain {
                *weight = 0.0;
            }
        }
        if self == Self::DualNoDistortion || self == Self::DualPlain {
            recipe.distortion = Auto::Set(0.0);
        }
        recipe
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_space_changes_what_it_names_and_nothing_else() {
        let base = Recipe { affinity: Affinity::Binary, ..Recipe::default() };
        assert_eq!(Space::Input.recipe(&base, 0), base);
        assert_eq!(Space::CodesSiamese.recipe(&base, 0).affinity, Affinity::Siamese);
        let dual = Space::DualAutoencoder.recipe(&base, 0);
        assert_eq!(dual, Recipe { system: System::DualAutoencoder, ..base.clone() });
        assert_eq!(Space::Input.recipe(&dual, 0), base, "whatever system was given");
        assert_eq!(Space::Codes.recipe(&base, 3), Recipe { represent: Represent::Autoencoder, seed: 3, ..base });
    }

    #[test]
    fn an_ablation_takes_one_part_away_and_its_last_line_all() {
        let weights = |space: Space| {
            let r = space.recipe(&Recipe::default(), 4);
            assert_eq!((r.system, r.seed), (System::DualAutoencoder, 4));
            [r.relative_weight, r.mutual_weight, r.prior_weight, r.spectral_weight, r.distortion.unwrap_or_else(|| 1.0)]
        };
        let whole = weights(Space::DualAutoencoder);
        assert!(whole.iter().all(|&w| w > 0.0));
        for (at, &space) in Space::ABLATION[1..6].iter().enumerate() {
            let mut wanted = whole;
            wanted[at] = 0.0;
            assert_eq!(weights(space).map(f64::to_bits), wanted.map(f64::to_bits), "{space:?}");
        }
        assert!(weights(Space::DualPlain).iter().all(|&w| w == 0.0));
    }
}
