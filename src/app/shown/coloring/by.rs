//! What decides the colours: which choices there are, how they are called, and which is taken.

use std::sync::Arc;

use crate::app::shown::axes::{FIEDLER, is_connected};
use crate::app::shown::units;
use crate::pipeline::Snapshot;

/// What decides the colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColorBy {
    /// True class.
    Label,
    /// Cluster in the learned eigenspace.
    Learned,
    /// Cluster in the exact eigenspace.
    Exact,
    /// Cluster of k-means on the input.
    Baseline,
    /// Where the sample lies in the input picture: follow where each part goes.
    Position,
    /// A learned eigenvector, 0-based.
    LearnedVector(usize),
    /// An exact eigenvector, 0-based.
    ExactVector(usize),
    /// A feature before scaling, 0-based.
    Feature(usize),
}

/// More features than this are not offered as colours.
const MOST_FEATURES: usize = 64;

impl ColorBy {
    /// A word for it, of which [`Self::of_code`] makes it again.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Label => "label".to_owned(),
            Self::Learned => "learned".to_owned(),
            Self::Exact => "exact".to_owned(),
            Self::Baseline => "kmeans".to_owned(),
            Self::Position => "position".to_owned(),
            Self::LearnedVector(j) => format!("learned {j}"),
            Self::ExactVector(j) => format!("exact {j}"),
            Self::Feature(j) => format!("feature {j}"),
        }
    }

    /// What a word stands for, if it stands for any.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        if let Some((what, j)) = code.split_once(' ') {
            let j = j.parse().ok()?;
            return match what {
                "learned" => Some(Self::LearnedVector(j)),
                "exact" => Some(Self::ExactVector(j)),
                "feature" => Some(Self::Feature(j)),
                _ => None,
            };
        }
        let plain = [Self::Label, Self::Learned, Self::Exact, Self::Baseline, Self::Position];
        plain.into_iter().find(|by| by.code() == code)
    }

    /// Its name in the list.
    #[must_use]
    pub fn name(self, snapshot: &Snapshot) -> String {
        match self {
            Self::Label => "label".to_owned(),
            Self::Learned => "cluster, learned".to_owned(),
            Self::Exact => "cluster, exact".to_owned(),
            Self::Baseline => "cluster, k-means".to_owned(),
            Self::Position => "input position".to_owned(),
            Self::LearnedVector(FIEDLER) if is_connected(snapshot) => "Fiedler vector, learned".to_owned(),
            Self::ExactVector(FIEDLER) if is_connected(snapshot) => "Fiedler vector, exact".to_owned(),
            Self::LearnedVector(j) => format!("learned v{}", j + 1),
            Self::ExactVector(j) => format!("exact v{}", j + 1),
            Self::Feature(j) => {
                let name = snapshot.data.columns.get(j).map_or("?", String::as_str);
                // The legend has its values as they came, the axes have them scaled.
                let unit = units::scaled_unit(snapshot).map_or("", |_| ", as given");
                format!("feature {name}{unit}")
            }
        }
    }

    /// Whether its values are what they are to both sides of 0: those of an eigenvector, whose change of sign parts the graph.
    #[must_use]
    pub fn has_a_sign(self) -> bool {
        matches!(self, Self::LearnedVector(_) | Self::ExactVector(_))
    }

    /// Everything the snapshot can be coloured by.
    #[must_use]
    pub fn choices(snapshot: &Snapshot) -> Vec<Self> {
        let mut choices = Vec::new();
        let mut when = |there: bool, choice| {
            if there {
                choices.push(choice);
            }
        };
        when(snapshot.data.labels.is_some(), Self::Label);
        when(snapshot.learned.is_some(), Self::Learned);
        when(snapshot.exact.is_some(), Self::Exact);
        when(snapshot.baseline.is_some(), Self::Baseline);
        when(true, Self::Position);
        let vectors = |s: &Option<Arc<crate::pipeline::Solution>>| s.as_ref().map_or(0, |s| s.space.vectors.ncols());
        choices.extend((0..vectors(&snapshot.learned)).map(Self::LearnedVector));
        choices.extend((0..vectors(&snapshot.exact)).map(Self::ExactVector));
        let features = if snapshot.data.dim() <= MOST_FEATURES { snapshot.data.dim() } else { 0 };
        choices.extend((0..features).map(Self::Feature));
        choices
    }

    /// The Fiedler vector: the learned one, or the exact one where nothing is learned yet.
    #[must_use]
    pub fn fiedler(snapshot: &Snapshot) -> Option<Self> {
        let choices = Self::choices(snapshot);
        [Self::LearnedVector(FIEDLER), Self::ExactVector(FIEDLER)].into_iter().find(|c| choices.contains(c))
    }

    /// Whether it is the Fiedler vector, of whichever side.
    #[must_use]
    pub fn is_fiedler(self) -> bool {
        self == Self::LearnedVector(FIEDLER) || self == Self::ExactVector(FIEDLER)
    }

    /// The person's choice where the snapshot has it, else the first thing that tells most.
    #[must_use]
    pub fn resolve(chosen: Option<Self>, snapshot: &Snapshot) -> Self {
        let choices = Self::choices(snapshot);
        chosen.filter(|c| choices.contains(c)).or_else(|| choices.first().copied()).unwrap_or(Self::Position)
    }
}
