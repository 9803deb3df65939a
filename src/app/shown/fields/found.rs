//! What was found about rows, by name.

use super::RowFields;
use crate::data::Holds;

/// What was found about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Found {
    /// Its number in the data, from 1.
    Row,
    /// The solver's cluster.
    Cluster,
    /// What its label is called, with a person's edits.
    Name,
    /// Whether a person said something of it.
    Edited,
    /// Its class in the data.
    Label,
    /// How clear the choice of its cluster is.
    Confidence,
    /// Whether it is unlike the training data.
    Unlike,
    /// Its degree in the graph.
    Degree,
    /// The part of the graph it is in.
    Part,
    /// Whether learned and exact clusters differ.
    Disagrees,
    /// Whether it is selected.
    Selected,
}

impl Found {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 11] = [
        Self::Row,
        Self::Cluster,
        Self::Name,
        Self::Edited,
        Self::Label,
        Self::Confidence,
        Self::Unlike,
        Self::Degree,
        Self::Part,
        Self::Disagrees,
        Self::Selected,
    ];

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Row => "row",
            Self::Cluster => "cluster",
            Self::Name => "name",
            Self::Edited => "edited",
            Self::Label => "label",
            Self::Confidence => "confidence",
            Self::Unlike => "unlike",
            Self::Degree => "degree",
            Self::Part => "part",
            Self::Disagrees => "disagrees",
            Self::Selected => "selected",
        }
    }

    /// The same with a point before it, for data that has a column of its name.
    pub(super) fn dotted(self) -> &'static str {
        match self {
            Self::Row => ".row",
            Self::Cluster => ".cluster",
            Self::Name => ".name",
            Self::Edited => ".edited",
            Self::Label => ".label",
            Self::Confidence => ".confidence",
            Self::Unlike => ".unlike",
            Self::Degree => ".degree",
            Self::Part => ".part",
            Self::Disagrees => ".disagrees",
            Self::Selected => ".selected",
        }
    }

    /// What it says, in one sentence.
    #[must_use]
    pub fn tip(self) -> &'static str {
        match self {
            Self::Row => "Its place in the data, from 1",
            Self::Cluster => "The cluster that the solver put it in",
            Self::Name => "What its label is called, with your edits",
            Self::Edited => "What you said of it: assigned, split off, accepted, outlier, or merged with its cluster",
            Self::Label => "Its class in the data",
            Self::Confidence => {
                "(d₂ − d₁) / (d₂ + d₁) of the distances to the nearest and the next centre: 1 on a centre, 0 between two"
            }
            Self::Unlike => "Whether it lies farther from the training data than 99 % of that data from each other",
            Self::Degree => "The sum of the weights of its edges in the graph",
            Self::Part => "The connected part of the graph it is in, from 0",
            Self::Disagrees => "Whether the learned and the exact cluster differ",
            Self::Selected => "Whether it is selected",
        }
    }

    pub(super) fn holds(self, fields: &RowFields) -> Holds {
        match self {
            Self::Row | Self::Cluster | Self::Confidence | Self::Degree | Self::Part => Holds::Numbers,
            Self::Edited | Self::Unlike | Self::Disagrees | Self::Selected => Holds::Flags,
            Self::Name => Holds::Words,
            Self::Label => {
                let names = fields.snapshot.data.labels.as_ref().map(|l| &l.names);
                let whole = names.is_some_and(|names| names.iter().all(|name| name.parse::<i64>().is_ok()));
                if whole { Holds::Numbers } else { Holds::Words }
            }
        }
    }

    /// Why nothing is known of it.
    pub(super) fn waits(self, fields: &RowFields) -> Option<String> {
        let snapshot = &fields.snapshot;
        let (there, when) = match self {
            Self::Row | Self::Selected => return None,
            Self::Label => (snapshot.data.labels.is_some(), "where the data has classes"),
            Self::Cluster | Self::Name | Self::Edited | Self::Confidence => {
                (fields.by.is_some(), "once a solver is through")
            }
            Self::Unlike => {
                (snapshot.model.as_ref().is_some_and(|m| m.familiar.is_some()), "once a training has ended")
            }
            Self::Degree | Self::Part => (snapshot.operator.is_some(), "once the graph is built"),
            Self::Disagrees => (
                snapshot.learned.is_some() && snapshot.exact.is_some(),
                "once there is a learned side and an exact one",
            ),
        };
        (!there).then(|| format!("`{}` is known {when}", self.name()))
    }
}

/// Where a field comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// It was found.
    Found(Found),
    /// A column of the data.
    Column(usize),
}

impl Field {
    /// Its number.
    #[must_use]
    pub fn number(self) -> usize {
        match self {
            Self::Found(found) => found as usize,
            Self::Column(column) => Found::ALL.len() + column,
        }
    }

    /// The field of a number.
    #[must_use]
    pub fn of(number: usize) -> Self {
        Found::ALL.get(number).map_or_else(|| Self::Column(number - Found::ALL.len()), |&found| Self::Found(found))
    }
}
