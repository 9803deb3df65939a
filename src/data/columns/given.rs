//! What a person decided of a table's columns: the settings' names and numbers, resolved to places.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::roles::{column_index, finder, names};
use crate::recipe::Recipe;
use crate::recipe::columns::{ColumnKind, Role, kinds, parts};
use crate::{Error, Result};

/// A column that a setting names, looks for or does without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum One {
    Auto,
    None,
    At(usize),
}

/// Decisions, by the places of columns.
#[derive(Debug)]
pub(in crate::data) struct Given {
    pub(in crate::data) label: One,
    pub(in crate::data) id: One,
    /// The features, where no others are to be any.
    pub(in crate::data) only: Option<HashSet<usize>>,
    /// Features beside those that are guessed.
    also: HashSet<usize>,
    pub(in crate::data) ignored: HashSet<usize>,
    pub(in crate::data) shown: HashSet<usize>,
    pub(in crate::data) kinds: HashMap<usize, ColumnKind>,
    /// What the table itself says of the columns that nobody decided on.
    pub(in crate::data) told: Told,
}

/// Roles and kinds that a table says itself.
#[derive(Debug, Default)]
pub(in crate::data) struct Told {
    pub(in crate::data) roles: HashMap<usize, Role>,
    pub(in crate::data) kinds: HashMap<usize, ColumnKind>,
}

impl Given {
    /// What a recipe decides of the columns of this header.
    ///
    /// # Errors
    /// [`Error::Setting`] for a name that no column has, with the nearest, and for what is no kind.
    pub(in crate::data) fn of(header: &[String], recipe: &Recipe, path: &Path) -> Result<Self> {
        let one = |flag, wanted: &str| match wanted {
            "auto" => Ok(One::Auto),
            "none" => Ok(One::None),
            name => column_index(header, flag, name, path).map(One::At),
        };
        let several = |flag, list| Ok::<_, Error>(names(header, flag, list, path)?.unwrap_or_default());
        let listed = names(header, "features", &recipe.features, path)?;
        let adds = adds_features(header, &recipe.features);
        let (only, also) = if adds { (None, listed.unwrap_or_default()) } else { (listed, HashSet::new()) };
        let (mut of_kind, place) = (HashMap::new(), finder(header, "kind", path));
        for (name, kind) in kinds(&recipe.kind)? {
            of_kind.insert(place(&name)?, kind);
        }
        Ok(Self {
            label: one("label-column", &recipe.label_column)?,
            id: one("id-column", &recipe.id_column)?,
            only,
            also,
            ignored: several("ignore", &recipe.ignore)?,
            shown: several("shown", &recipe.shown)?,
            kinds: of_kind,
            told: Told::default(),
        })
    }

    /// All kinds, those that the table says among them.
    pub(super) fn all_kinds(&self) -> HashMap<usize, ColumnKind> {
        let mut all = self.told.kinds.clone();
        all.extend(&self.kinds);
        all
    }

    /// Whether a person wants this column among the features.
    pub(in crate::data) fn wants(&self, column: usize) -> bool {
        self.only.as_ref().is_some_and(|only| only.contains(&column))
            || self.also.contains(&column)
            || self.kinds.contains_key(&column) && self.only.is_none()
    }

    /// The role that was given a column; none where it is guessed.
    pub(in crate::data) fn role(&self, column: usize) -> Option<Role> {
        if self.label == One::At(column) {
            Some(Role::Label)
        } else if self.id == One::At(column) {
            Some(Role::Id)
        } else if self.ignored.contains(&column) {
            Some(Role::Ignored)
        } else if self.shown.contains(&column) {
            Some(Role::Shown)
        } else {
            self.wants(column).then_some(Role::Feature)
        }
    }
}

/// Whether a list of features adds to those that are guessed: it begins with `auto`.
pub(in crate::data) fn adds_features(header: &[String], list: &str) -> bool {
    list != "auto" && !header.iter().any(|name| name == list) && parts(list).iter().any(|part| part == "auto")
}
