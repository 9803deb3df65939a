//! The table of scores: what each is called and means. The summary, cards, comparisons and exports read it.

use serde::{Deserialize, Serialize};

use crate::support::number::fixed;

/// How clusters are scored against known classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Score {
    /// Accuracy.
    Acc,
    /// Normalised mutual information.
    Nmi,
    /// Adjusted Rand index.
    Ari,
}

impl Score {
    /// All of them, in the order in which they are shown.
    pub const ALL: [Self; 3] = [Self::Acc, Self::Nmi, Self::Ari];

    /// Its name in files.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Acc => "acc",
            Self::Nmi => "nmi",
            Self::Ari => "ari",
        }
    }

    /// Its name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Acc => "ACC",
            Self::Nmi => "NMI",
            Self::Ari => "ARI",
        }
    }

    /// What it is, in a few words.
    #[must_use]
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Acc => "Accuracy under the best matching of clusters to classes",
            Self::Nmi => "Normalised mutual information",
            Self::Ari => "Adjusted Rand index: 0 for chance, 1 for a perfect match",
        }
    }

    /// The least that it can be; the most is 1.
    #[must_use]
    pub const fn least(self) -> f64 {
        match self {
            Self::Acc => 0.0,
            Self::Nmi | Self::Ari => -1.0,
        }
    }
}

/// A value for each [`Score`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Each<T> {
    /// Accuracy under the best one-to-one matching of clusters to classes.
    pub acc: T,
    /// Normalised mutual information, arithmetic mean.
    pub nmi: T,
    /// Adjusted Rand index.
    pub ari: T,
}

/// How well clusters match known classes; each is 1 for a perfect match.
pub type Scores = Each<f64>;

/// Scores, where there are classes.
pub type Marks = Each<Option<f64>>;

impl<T: Copy> Each<T> {
    /// The value of each score.
    pub fn by(of: impl Fn(Score) -> T) -> Self {
        Self { acc: of(Score::Acc), nmi: of(Score::Nmi), ari: of(Score::Ari) }
    }

    /// That of one score.
    #[must_use]
    pub fn get(&self, score: Score) -> T {
        match score {
            Score::Acc => self.acc,
            Score::Nmi => self.nmi,
            Score::Ari => self.ari,
        }
    }

    /// Those of all, in the order of [`Score::ALL`].
    #[must_use]
    pub fn all(&self) -> [T; 3] {
        Score::ALL.map(|score| self.get(score))
    }
}

impl Scores {
    /// Names and values with so many decimals: `ACC 0.900, NMI 0.800, ARI 0.700`.
    #[must_use]
    pub fn words(&self, decimals: usize) -> String {
        Score::ALL.map(|score| format!("{} {}", score.name(), fixed(self.get(score), decimals))).join(", ")
    }
}

impl From<Option<Scores>> for Marks {
    fn from(scores: Option<Scores>) -> Self {
        Self::by(|score| scores.map(|scores| scores.get(score)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_score_has_a_value_of_its_own_under_its_key() {
        let scores = Scores { acc: 0.9, nmi: 0.8, ari: 0.7 };
        assert_eq!(scores.words(1), "ACC 0.9, NMI 0.8, ARI 0.7");
        let value = serde_json::to_value(scores).expect("it is plain");
        for score in Score::ALL {
            assert_eq!(value[score.key()].as_f64(), Some(scores.get(score)));
        }
        assert_eq!(Marks::from(Some(scores)).all(), scores.all().map(Some));
        assert_eq!(Marks::from(None), Marks::default());
    }
}
