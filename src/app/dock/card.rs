//! The cards of the dock: their titles, what each shows, and when it has anything to show.

use crate::Recipe;
use crate::recipe::{Affinity as AffinityKind, System};

/// One card of the dock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Card {
    /// Samples and their rebuilt selves.
    Codes,
    /// The dual autoencoder's loss, term by term.
    Terms,
    /// Distances of pairs, as learned.
    Pairs,
    /// Loss and its bound.
    Loss,
    /// Orthogonality error and what is typical.
    Orthogonality,
    /// Grassmann distance per dimension.
    Distance,
    /// Distance on rows held out of the training.
    Unseen,
    /// Scores over the steps.
    Progress,
    /// Eigenvalues, learned against exact.
    Eigenvalues,
    /// The affinity matrix.
    Affinity,
    /// What self-training moves.
    SelfTraining,
    /// Scores of all methods.
    Scores,
    /// What each stage took.
    Stages,
}

impl Card {
    /// Left to right.
    pub const ALL: [Self; 13] = [
        Self::Codes,
        Self::Terms,
        Self::Pairs,
        Self::Loss,
        Self::Orthogonality,
        Self::Distance,
        Self::Unseen,
        Self::Progress,
        Self::Eigenvalues,
        Self::Affinity,
        Self::SelfTraining,
        Self::Scores,
        Self::Stages,
    ];

    /// Whether there is anything for it to show with these settings.
    #[must_use]
    pub fn applies(self, recipe: &Recipe) -> bool {
        match self {
            Self::Codes => recipe.has_codes(),
            Self::Terms => recipe.system == System::DualAutoencoder,
            Self::Pairs => recipe.affinity == AffinityKind::Siamese,
            Self::Unseen => !recipe.system.is_supervised() && !recipe.has_codes(),
            Self::SelfTraining => recipe.self_training.set().map_or(recipe.has_codes(), |epochs| epochs > 0),
            _ => true,
        }
    }

    /// Its title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Codes => "Codes",
            Self::Terms => "Terms",
            Self::Pairs => "Pairs",
            Self::Loss => "Loss",
            Self::Orthogonality => "Orthogonality",
            Self::Distance => "Distance",
            Self::Unseen => "Rows never seen",
            Self::Progress => "Score curves",
            Self::Eigenvalues => "Eigenvalues",
            Self::Affinity => "Affinity",
            Self::SelfTraining => "Self-training",
            Self::Scores => "Scores",
            Self::Stages => "Stages",
        }
    }

    /// What it shows, in one sentence.
    #[must_use]
    pub fn tip(self) -> &'static str {
        match self {
            Self::Codes => {
                "What the autoencoder makes of some samples: above as they are, below through the code and back"
            }
            Self::Terms => {
                "Each term of the dual autoencoder's loss before its weight: errors of rebuilt samples, critics (2 ln 2 = 1.39 at chance), divergence from the prior, spectral loss"
            }
            Self::Pairs => "Distances that the Siamese network learned: neighbours should end near 0, others beyond 1",
            Self::Loss => {
                "Training loss per evaluation and the Rayleigh–Ritz sum on the whole graph; dashed, what each would be on the exact eigenvectors"
            }
            Self::Orthogonality => {
                "How far the learned columns are from orthonormal on points that did not set the weights. Dashed, what is typical with weights from a batch of m rows: √(2k/m) on another batch, √(k/m) on all data; neither is a bound"
            }
            Self::Distance => {
                "Grassmann distance per dimension from the learned eigenspace to the exact one: 0 is the same space. The network nearest to it is kept, marked where it is not the last"
            }
            Self::Unseen => {
                "Grassmann distance per dimension to the exact eigenspace on rows that were held out of the training, and on those that were not. Dashed, Nyström's extension: what the exact side of the rows seen makes of the others"
            }
            Self::Progress => "Scores against the labels as training goes; labels take no part in it",
            Self::Eigenvalues => {
                "The lowest eigenvalues, learned on exact. The gap that suggests a number of clusters is filled: the last over which values grow five times, else the relatively widest; the dashed line lies behind the number in use"
            }
            Self::Affinity => {
                "The affinity matrix with its rows ordered by cluster: good clusters are bright blocks on the diagonal"
            }
            Self::SelfTraining => {
                "A classifier that the clusters teach on distorted samples, and what it moves to another cluster. A tenth of the samples is kept from it: where it puts those tells without labels whether its answers may be taken"
            }
            Self::Scores => "Every method against the labels, and learned against exact",
            Self::Stages => "What each stage of the run took, and whether an earlier result was kept",
        }
    }
}
