//! The file of roles: a small TOML that names columns, and what each is and is for.
//!
//! ```toml
//! header = "yes"          # and delimiter, encoding, decimal, array, text, label, id, as their flags take them
//! others = "auto"         # columns that are not named: judged, or "shown" and no features
//!
//! [columns]
//! age = "number"          # a kind: a feature of that kind
//! town = "label"          # or a role
//! visit = { role = "feature", kind = "day-month-year" }
//! ```
//!
//! It becomes fields of the recipe, so that a saved recipe needs no other file.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

use super::{ColumnKind, Role, joined, kind_list, named, names};
use crate::recipe::{DecimalMark, HeaderLine, Recipe, TextColumns};
use crate::support::language::nearest;
use crate::support::plain;
use crate::support::text_file::read_text;
use crate::{Error, Result};

/// The longest file that is taken for one of roles, in bytes: a few hundred for each of many thousand columns.
pub const LONGEST_ROLES: u64 = 16 << 20;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    header: Option<HeaderLine>,
    delimiter: Option<String>,
    encoding: Option<String>,
    decimal: Option<DecimalMark>,
    array: Option<String>,
    text: Option<TextColumns>,
    label: Option<String>,
    id: Option<String>,
    #[serde(default)]
    others: Others,
    columns: BTreeMap<String, Entry>,
}

/// What becomes of columns that the file does not name.
#[derive(Default, PartialEq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Others {
    #[default]
    Auto,
    Shown,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "a role, a kind, or { role = …, kind = … } is wanted")]
enum Entry {
    Word(String),
    Both(Both),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Both {
    role: Option<String>,
    kind: Option<String>,
}

/// What a file of roles says, as settings; all others are at their default.
///
/// # Errors
/// [`Error::Io`]; [`Error::Format`] with the column and the word that is neither a role nor a kind, and what was probably meant.
pub fn read_roles(path: &Path) -> Result<Recipe> {
    let text = read_text(path, LONGEST_ROLES)?;
    let file: File = toml::from_str(&text).map_err(|e| Error::format(path, e.to_string().trim_end().to_owned()))?;
    recipe(file).map_err(|what| Error::format(path, what))
}

fn recipe(file: File) -> Result<Recipe, String> {
    let mut recipe = Recipe::default();
    let mut of_role: BTreeMap<Role, Vec<&str>> = BTreeMap::new();
    let mut kinds: Vec<(String, ColumnKind)> = Vec::new();
    for (name, entry) in &file.columns {
        let (role, kind) = decided(name, entry)?;
        if let Some(kind) = kind {
            kinds.push((name.clone(), kind));
        }
        // A kind says that a column is a feature, unless a role says otherwise.
        of_role.entry(role.unwrap_or(Role::Feature)).or_default().push(name);
    }
    let mut list = |role: Role| of_role.remove(&role).unwrap_or_default();
    for (role, given, field) in
        [(Role::Label, file.label, &mut recipe.label_column), (Role::Id, file.id, &mut recipe.id_column)]
    {
        match (list(role)[..].as_ref(), given) {
            ([], given) => *field = given.unwrap_or_else(|| field.clone()),
            ([name], None) => *field = field_of(name),
            (names, _) => {
                let name = role.name();
                let names = names.iter().map(|name| format!("`{}`", plain::line(name))).collect::<Vec<_>>().join(", ");
                return Err(format!("one column is the {name}, and here is more than one answer: {names}"));
            }
        }
    }
    let features = list(Role::Feature);
    let unless_empty =
        |names: Vec<&str>, other: &str| if names.is_empty() { other.to_owned() } else { joined_names(&names) };
    recipe.features = match file.others {
        Others::Shown => unless_empty(features, "auto"),
        // A kind makes a feature by itself.
        Others::Auto => {
            let named = features.into_iter().filter(|name| !kinds.iter().any(|(of, _)| of == name));
            joined(["auto".to_owned()].into_iter().chain(named.map(field_of)))
        }
    };
    recipe.ignore = unless_empty(list(Role::Ignored), "none");
    recipe.shown = unless_empty(list(Role::Shown), "none");
    recipe.kind = kind_list(&kinds);
    recipe.header = file.header.unwrap_or(recipe.header);
    recipe.decimal = file.decimal.unwrap_or(recipe.decimal);
    recipe.text = file.text.unwrap_or(recipe.text);
    recipe.delimiter = file.delimiter.unwrap_or(recipe.delimiter);
    recipe.encoding = file.encoding.unwrap_or(recipe.encoding);
    recipe.array = file.array.unwrap_or(recipe.array);
    Ok(recipe)
}

fn joined_names(names: &[&str]) -> String {
    joined(names.iter().map(|name| field_of(name)))
}

/// A name where `auto` and `none` mean something else; names are found whatever their case.
#[must_use]
pub fn field_of(name: &str) -> String {
    if matches!(name, "auto" | "none") { name.to_uppercase() } else { name.to_owned() }
}

/// The role or the kind of this name; `what` is which of the two is wanted.
fn known<T: clap::ValueEnum + Clone>(column: &str, word: &str, what: &str) -> Result<T, String> {
    named::<T>(word).ok_or_else(|| {
        let known = names::<T>();
        let meant = meant(word, &known);
        format!("column `{column}`: `{}` is no {what}; {meant}{what}s are {}", plain::line(word), known.join(", "))
    })
}

/// The role and the kind that an entry gives a column.
fn decided(column: &str, entry: &Entry) -> Result<(Option<Role>, Option<ColumnKind>), String> {
    let column = plain::line(column);
    Ok(match entry {
        Entry::Word(word) => match (named(word), named(word)) {
            (None, None) => {
                let (roles, kinds) = (names::<Role>(), names::<ColumnKind>());
                let all = [roles.clone(), kinds.clone()].concat();
                return Err(format!(
                    "column `{column}`: `{}` is no role and no kind; {}roles are {}, kinds are {}",
                    plain::line(word),
                    meant(word, &all),
                    roles.join(", "),
                    kinds.join(", ")
                ));
            }
            found => found,
        },
        Entry::Both(Both { role, kind }) => (
            role.as_deref().map(|word| known(&column, word, "role")).transpose()?,
            kind.as_deref().map(|word| known(&column, word, "kind")).transpose()?,
        ),
    })
}

fn meant(word: &str, known: &[String]) -> String {
    nearest(word, known.iter().map(String::as_str))
        .map_or_else(String::new, |meant| format!("did you mean `{meant}`? "))
}

/// A text as TOML writes it, as a key or a value, in one line.
#[must_use]
pub fn quoted(text: &str) -> String {
    // JSON's escapes are TOML's too.
    serde_json::to_string(text).unwrap_or_default().replace('\u{7f}', "\\u007f")
}

/// How a file of roles for this recipe begins, up to its list of columns.
#[must_use]
pub fn header_of_file(recipe: &Recipe) -> String {
    let default = Recipe::default();
    let mut text = String::new();
    let mut line = |key: &str, value: &str, default: &str| {
        if value != default {
            let _ = writeln!(text, "{key} = {}", quoted(value));
        }
    };
    line("header", &super::word(&recipe.header), &super::word(&default.header));
    line("delimiter", &recipe.delimiter, &default.delimiter);
    line("encoding", &recipe.encoding, &default.encoding);
    line("decimal", &super::word(&recipe.decimal), &super::word(&default.decimal));
    line("array", &recipe.array, &default.array);
    line("text", &super::word(&recipe.text), &super::word(&default.text));
    // A column by name stands among the columns.
    for (key, value) in [("label", &recipe.label_column), ("id", &recipe.id_column)] {
        line(key, if value == "none" { "none" } else { "auto" }, "auto");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Recipe, String> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("roles.toml");
        std::fs::write(&path, text).expect("written");
        read_roles(&path).map_err(|e| e.to_string())
    }

    #[test]
    fn roles_and_kinds_become_settings() {
        let text = "header = \"yes\"\ndecimal = \"comma\"\n[columns]\nage = \"number\"\n\"home, town\" = \"shown\"\n\
                    class = \"label\"\nnr = \"id\"\nx = \"feature\"\nz = \"ignored\"\n\
                    visit = { role = \"feature\", kind = \"day-month-year\" }\n";
        let recipe = read(text).expect("it reads");
        let wanted = Recipe {
            header: HeaderLine::Yes,
            decimal: DecimalMark::Comma,
            label_column: "class".to_owned(),
            id_column: "nr".to_owned(),
            features: "auto,x".to_owned(),
            ignore: "z".to_owned(),
            shown: "\"home, town\"".to_owned(),
            kind: "age=number,visit=day-month-year".to_owned(),
            ..Recipe::default()
        };
        assert_eq!(recipe, wanted);
        let only = read("others = \"shown\"\nlabel = \"none\"\n[columns]\na = \"feature\"\n").expect("it reads");
        assert_eq!((only.features.as_str(), only.label_column.as_str()), ("a", "none"));
        assert_eq!(read("[columns]\na = \"flag\"\n").expect("it reads").features, "auto");
    }

    #[test]
    fn what_is_wrong_names_the_column_and_what_was_meant() {
        for (text, words) in [
            ("[columns]\nage = \"nummber\"\n", ["column `age`", "did you mean `number`?"]),
            ("[columns]\nage = { role = \"labl\" }\n", ["column `age`", "did you mean `label`?"]),
            ("[columns]\na = \"label\"\nb = \"label\"\n", ["one column is the label", "`a`, `b`"]),
            ("[columns]\na = 3\n", ["a role, a kind", "roles.toml"]),
            ("seed = 3\n[columns]\n", ["unknown field `seed`", "header"]),
        ] {
            let said = read(text).expect_err(text);
            assert!(words.iter().all(|word| said.contains(word)), "{text}: {said}");
        }
    }

    #[test]
    fn any_text_can_be_written() {
        for text in ["a b", "say \"hi\" \\ there", "two\nlines\u{7f}\u{1}", "ünï"] {
            let table: BTreeMap<String, String> =
                toml::from_str(&format!("{0} = {0}", quoted(text))).expect("TOML reads it");
            assert_eq!(table.get(text).map(String::as_str), Some(text));
        }
    }
}
