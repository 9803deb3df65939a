//! What a person changes in the sheet of columns becomes settings, and settings a file of roles: the same words everywhere.

use std::collections::BTreeSet;
use std::path::Path;

use super::given::{Given, One, adds_features};
use super::roles::names;
use crate::Result;
use crate::data::{Outline, SeenKind};
use crate::recipe::columns::{ColumnKind, Role, field_of, header_of_file, joined, kind_list, quoted};
use crate::recipe::{Recipe, TextColumns};
use crate::support::plain;

/// What a recipe decides of the columns of a table, in their order; none where it leaves that to guesses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// Roles.
    pub roles: Vec<Option<Role>>,
    /// Kinds.
    pub kinds: Vec<Option<ColumnKind>>,
}

/// What `recipe` decides of columns of these names.
///
/// # Errors
/// [`crate::Error::Setting`] for a name that no column has.
pub fn decided(header: &[String], recipe: &Recipe) -> Result<Decided> {
    let given = Given::of(header, recipe, Path::new("the table"))?;
    let role = |column: usize| given.role(column).or(given.only.as_ref().map(|_| Role::Shown));
    Ok(Decided {
        roles: (0..header.len()).map(role).collect(),
        kinds: (0..header.len()).map(|column| given.kinds.get(&column).copied()).collect(),
    })
}

/// The recipe in which these columns have this role, or where there is none the one that is guessed. A column that was looked for as the
/// labels or ids, and is to be something else, is not looked for again.
///
/// # Errors
/// [`crate::Error::Setting`] where the recipe names a column that the table does not have.
pub fn with_role(recipe: &Recipe, outline: &Outline, columns: &[usize], role: Option<Role>) -> Result<Recipe> {
    let header = &outline.first.header;
    let mut edit = Edit::of(header, recipe)?;
    for &column in columns.iter().filter(|&&column| column < header.len()) {
        edit.forget(column);
        let guessed = outline.columns.get(column).filter(|guess| !guess.decided.0);
        match role {
            None => edit.kinds.retain(|(other, _)| *other != column),
            Some(Role::Label) => edit.label = One::At(column),
            Some(Role::Id) => edit.id = One::At(column),
            Some(Role::Shown) => _ = edit.shown.insert(column),
            Some(Role::Ignored) => _ = edit.ignored.insert(column),
            Some(Role::Feature) => {
                let taken = guessed.is_none_or(|guess| guess.role != Role::Feature);
                if edit.only || taken {
                    edit.features.insert(column);
                }
                // Words are no numbers: as a category they are features.
                let words = outline.columns.get(column).is_some_and(|seen| {
                    seen.kind == SeenKind::Category && seen.role != Role::Feature && recipe.text != TextColumns::OneHot
                });
                let known = edit.kinds.iter().any(|(other, _)| *other == column);
                if words && !known {
                    edit.kinds.push((column, ColumnKind::Category));
                }
            }
        }
        if !matches!(role, None | Some(Role::Feature)) {
            // What is no feature has no kind to say.
            edit.kinds.retain(|(other, _)| *other != column);
        }
    }
    Ok(edit.into_recipe(recipe))
}

/// The recipe in which these columns hold this kind, or where there is none what they look like. A kind makes a feature of a column.
///
/// # Errors
/// As those of [`with_role`].
pub fn with_kind(recipe: &Recipe, outline: &Outline, columns: &[usize], kind: Option<ColumnKind>) -> Result<Recipe> {
    let header = &outline.first.header;
    let mut edit = Edit::of(header, recipe)?;
    for &column in columns.iter().filter(|&&column| column < header.len()) {
        edit.kinds.retain(|(other, _)| *other != column);
        if let Some(kind) = kind {
            let listed = edit.features.contains(&column);
            edit.forget(column);
            if edit.only || listed {
                edit.features.insert(column);
            }
            edit.kinds.push((column, kind));
        }
    }
    Ok(edit.into_recipe(recipe))
}

/// Decisions on their way back into settings.
struct Edit<'a> {
    header: &'a [String],
    label: One,
    id: One,
    /// Whether no others than `features` are to be any.
    only: bool,
    features: BTreeSet<usize>,
    ignored: BTreeSet<usize>,
    shown: BTreeSet<usize>,
    kinds: Vec<(usize, ColumnKind)>,
}

impl<'a> Edit<'a> {
    fn of(header: &'a [String], recipe: &Recipe) -> Result<Self> {
        let path = Path::new("the table");
        let given = Given::of(header, recipe, path)?;
        let listed = names(header, "features", &recipe.features, path)?;
        let only = listed.is_some() && !adds_features(header, &recipe.features);
        Ok(Self {
            header,
            label: given.label,
            id: given.id,
            only,
            features: listed.unwrap_or_default().into_iter().collect(),
            ignored: given.ignored.into_iter().collect(),
            shown: given.shown.into_iter().collect(),
            kinds: given.kinds.into_iter().collect(),
        })
    }

    /// Nothing is decided of a column's role any more.
    fn forget(&mut self, column: usize) {
        for one in [&mut self.label, &mut self.id] {
            if *one == One::At(column) {
                *one = One::Auto;
            }
        }
        for list in [&mut self.features, &mut self.ignored, &mut self.shown] {
            list.remove(&column);
        }
    }

    fn into_recipe(mut self, recipe: &Recipe) -> Recipe {
        let list = |columns: &BTreeSet<usize>| {
            let mut list = joined(columns.iter().map(|&column| self.name(column)));
            // A list that is the name of one column would be taken for it.
            if columns.len() > 1 && self.header.contains(&list) {
                list.push(',');
            }
            list
        };
        let or_none = |columns: &BTreeSet<usize>| if columns.is_empty() { "none".to_owned() } else { list(columns) };
        let one = |one: One| match one {
            One::Auto => "auto".to_owned(),
            One::None => "none".to_owned(),
            One::At(column) => self.name(column),
        };
        let features = match (self.only, self.features.is_empty()) {
            (_, true) => "auto".to_owned(),
            (true, false) => list(&self.features),
            (false, false) => format!("auto,{}", list(&self.features)),
        };
        let (label, id, ignore, shown) = (one(self.label), one(self.id), or_none(&self.ignored), or_none(&self.shown));
        self.kinds.sort_unstable();
        let kinds: Vec<(String, ColumnKind)> =
            self.kinds.iter().map(|&(column, kind)| (self.name(column), kind)).collect();
        Recipe {
            label_column: label,
            id_column: id,
            features,
            ignore,
            shown,
            kind: kind_list(&kinds),
            ..recipe.clone()
        }
    }

    /// What a list calls a column: its name, however that reads.
    fn name(&self, column: usize) -> String {
        field_of(&self.header[column])
    }
}

/// A file of roles that gives the decisions of `recipe` again; what is guessed stands there as comments, to be decided.
///
/// # Errors
/// As those of [`with_role`].
pub fn roles_file(recipe: &Recipe, outline: &Outline) -> Result<String> {
    let header = &outline.first.header;
    let Decided { roles, kinds } = decided(header, recipe)?;
    let only = Edit::of(header, recipe)?.only;
    let mut text = String::from(
        "# What each column of a table is for: `eigenscope run DATA --roles FILE` takes it, and so does the window.\n\
         # Roles are feature, label, id, shown and ignored; kinds are number, category, flag, date, year-month-day,\n\
         # day-month-year and month-day-year. A line that begins with # is a guess; without it the guess is fixed.\n\n",
    );
    text.push_str(&header_of_file(recipe));
    if only {
        text.push_str("others = \"shown\"\n");
    }
    text.push_str("\n[columns]\n");
    for (column, name) in header.iter().enumerate() {
        let key = quoted(name);
        let guess = outline.columns.get(column);
        let done = match (roles[column], kinds[column]) {
            (Some(Role::Shown), None) if only => String::new(),
            (Some(Role::Feature) | None, Some(kind)) => format!("{key} = \"{}\"\n", kind.name()),
            (Some(role), Some(kind)) => {
                format!("{key} = {{ role = \"{}\", kind = \"{}\" }}\n", role.name(), kind.name())
            }
            (Some(role), None) => format!("{key} = \"{}\"\n", role.name()),
            (None, None) => {
                let role = guess.map_or(Role::Feature, |guess| guess.role).name();
                let why = guess.map(|guess| plain::line(&guess.why).into_owned()).unwrap_or_default();
                format!("# {key} = \"{role}\" # {}: {why}\n", guess.map_or("", |guess| guess.kind.name()))
            }
        };
        text.push_str(&done);
    }
    Ok(text)
}

/// The recipe with what a file of roles says; the settings that such a file has are its own, all others stay.
#[must_use]
pub fn with_roles(recipe: &Recipe, roles: &Recipe) -> Recipe {
    let Recipe { header, delimiter, encoding, decimal, array, text, .. } = roles.clone();
    let Recipe { label_column, id_column, features, ignore, shown, kind, .. } = roles.clone();
    let own = Recipe { header, delimiter, encoding, decimal, array, text, ..recipe.clone() };
    Recipe { label_column, id_column, features, ignore, shown, kind, ..own }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Source, load};
    use crate::recipe::columns::read_roles;
    use crate::support::progress::Progress;

    /// Twelve rows: an id, a size, a town, a label, and a column called auto.
    fn loaded(folder: &Path, recipe: &Recipe) -> Result<Dataset> {
        let path = folder.join("t.csv");
        if !path.exists() {
            let row = |i: usize| format!("{},{},{},{},{}\n", i + 1, i * i, ["Bern", "Wien"][i % 2], i % 3, i % 5);
            let rows: Vec<String> = (0..12).map(row).collect();
            std::fs::write(&path, format!("id,\"size, cm\",town,label,auto\n{}", rows.concat())).expect("written");
        }
        load(&Source::Path(path), recipe, &Progress::silent())
    }

    fn roles(data: &Dataset) -> Vec<Role> {
        data.outline.as_deref().expect("a table").columns.iter().map(|column| column.role).collect()
    }

    #[test]
    fn a_role_that_is_given_is_the_role_it_has_and_guessing_comes_back() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let before = loaded(folder.path(), &Recipe::default()).expect("it loads");
        let guessed = roles(&before);
        assert_eq!(guessed, [Role::Id, Role::Feature, Role::Shown, Role::Label, Role::Feature]);
        let outline = before.outline.as_deref().expect("a table");
        for (column, &guess) in guessed.iter().enumerate() {
            for role in Role::ALL {
                let recipe = with_role(&Recipe::default(), outline, &[column], Some(role)).expect("known columns");
                let data = loaded(folder.path(), &recipe).unwrap_or_else(|e| panic!("{column} {role:?}: {e}"));
                assert_eq!(roles(&data)[column], role, "column {column}: {:?}", recipe.changed());
                let now = data.outline.as_deref().expect("a table");
                assert!(now.columns[column].decided.0 || guess == role, "{column} {role:?}");
                let back = with_role(&recipe, now, &[column], None).expect("known columns");
                assert_eq!(back, Recipe::default(), "column {column} {role:?}");
                assert_eq!(decided(&now.first.header, &recipe).expect("known").roles[column].is_none(), recipe == back);
            }
        }
    }

    #[test]
    fn several_columns_at_once_and_a_list_of_features_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let outline = loaded(folder.path(), &Recipe::default()).expect("it loads").outline.expect("a table");
        let only = Recipe { features: "auto,4".to_owned(), ..Recipe::default() };
        assert_eq!(roles(&loaded(folder.path(), &only).expect("it loads"))[3], Role::Feature, "beside the others");
        let only = Recipe { features: "4".to_owned(), id_column: "none".to_owned(), ..Recipe::default() };
        let recipe = with_role(&only, &outline, &[1, 2], Some(Role::Feature)).expect("known columns");
        assert_eq!((recipe.features.as_str(), recipe.kind.as_str()), ("\"size, cm\",town,label", "town=category"));
        let data = loaded(folder.path(), &recipe).expect("it loads");
        assert_eq!(*data.columns, ["size, cm", "town = Bern", "town = Wien", "label"]);
        let recipe = with_role(&recipe, &outline, &[1, 3], Some(Role::Ignored)).expect("known columns");
        assert_eq!((recipe.features.as_str(), recipe.ignore.as_str()), ("town", "\"size, cm\",label"));
    }

    #[test]
    fn a_file_of_roles_gives_the_same_features() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let outline = loaded(folder.path(), &Recipe::default()).expect("it loads").outline.expect("a table");
        let mut recipe = Recipe { text: TextColumns::OneHot, ..Recipe::default() };
        for (columns, role) in [(&[0][..], Role::Feature), (&[3], Role::Shown), (&[4], Role::Label)] {
            recipe = with_role(&recipe, &outline, columns, Some(role)).expect("known columns");
        }
        recipe = with_kind(&recipe, &outline, &[1], Some(ColumnKind::Category)).expect("known columns");
        let path = folder.path().join("roles.toml");
        let only = Recipe { features: "auto,4".to_owned(), ..recipe.clone() };
        let listed = Recipe { features: "\"size, cm\",id".to_owned(), ..recipe.clone() };
        for recipe in [recipe, only, listed, Recipe { label_column: "none".to_owned(), ..Recipe::default() }] {
            std::fs::write(&path, roles_file(&recipe, &outline).expect("known columns")).expect("written");
            let read = with_roles(&Recipe::default(), &read_roles(&path).expect("it reads"));
            let [a, b] = [&recipe, &read].map(|recipe| loaded(folder.path(), recipe).expect("it loads"));
            assert_eq!(
                (&a.features, &a.columns, &a.labels),
                (&b.features, &b.columns, &b.labels),
                "{:?}",
                read.changed()
            );
            assert_eq!(roles(&a), roles(&b));
        }
    }
}
