//! The stages that a run goes through.

use serde::{Serialize, Serializer};

/// One link of the chain. It is serialised under its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stage {
    /// Samples are read or generated, and scaled.
    Load,
    /// Codes are computed, where they are wanted.
    Represent,
    /// The Siamese network learns distances, where they are wanted.
    Metric,
    /// Nearest neighbours.
    Neighbours,
    /// Weights, Laplacian, components.
    Affinity,
    /// The exact eigenspace.
    Exact,
    /// The network.
    Learn,
    /// k-means on every space, and the scores.
    Clusters,
}

impl Stage {
    /// As people and files read it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Represent => "represent",
            Self::Metric => "metric",
            Self::Neighbours => "neighbours",
            Self::Affinity => "affinity",
            Self::Exact => "exact",
            Self::Learn => "learn",
            Self::Clusters => "clusters",
        }
    }

    /// In the order of the chain.
    pub const ALL: [Self; 8] = [
        Self::Load,
        Self::Represent,
        Self::Metric,
        Self::Neighbours,
        Self::Affinity,
        Self::Exact,
        Self::Learn,
        Self::Clusters,
    ];
}

impl Serialize for Stage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
