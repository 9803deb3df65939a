//! Settings that only supervised systems have.

use clap::ValueEnum;
use serde::{Deserialize, Serialize};

use super::System;

/// How outputs of a supervised network become rows to compare.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Inference {
    /// Stored for dscl, direct for contrastive and triplet, as each is trained.
    #[default]
    Auto,
    /// Rows of U in the SVD of the outputs of all samples in question, each of length 1: depends on which samples are asked about.
    Transductive,
    /// The same with V and S of the training samples, f·V/S, so that a new sample has a place of its own.
    Stored,
    /// The outputs themselves, each row of length 1.
    Direct,
}

impl Inference {
    /// What `auto` means: each loss as it was trained, with a place for every new sample.
    #[must_use]
    pub fn of(self, system: System) -> Self {
        match (self, system) {
            (Self::Auto, System::Contrastive | System::Triplet) => Self::Direct,
            (Self::Auto, _) => Self::Stored,
            (given, _) => given,
        }
    }

    /// In a word; `auto` is what it mostly comes to.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Transductive => "transductive",
            Self::Auto | Self::Stored => "stored",
            Self::Direct => "direct",
        }
    }
}

impl System {
    /// Whether labels teach the network.
    #[must_use]
    pub fn is_supervised(self) -> bool {
        match self {
            Self::SpectralNet | Self::DualAutoencoder => false,
            Self::Dscl | Self::Contrastive | Self::Triplet => true,
        }
    }
}
