//! What a table's columns are for: features, labels, names of rows, or nothing. Guesses, each of which is said.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use super::given::{Given, One};
use super::ids;
use super::label_column::label_column;
use crate::data::Table;
use crate::data::raw::few;
use crate::data::text::declared::LABEL_NAMES;
use crate::recipe::columns::{Role, parts};
use crate::support::error::Remedy;
use crate::support::language::{are, counted, nearest};
use crate::support::plain;
use crate::{Error, Result};

/// Which column is what.
#[derive(Debug, Default)]
pub(in crate::data) struct Roles {
    /// Columns that can be features, in order.
    pub(in crate::data) features: Vec<usize>,
    pub(in crate::data) label: Option<usize>,
    /// What names the rows.
    pub(in crate::data) id: Option<usize>,
    /// What was guessed of a column's role, and why, in the words behind its name.
    pub(in crate::data) why: HashMap<usize, String>,
}

/// Give each column its role.
pub(in crate::data) fn assign(table: &Table, row_names: bool, given: &Given, notes: &mut Vec<String>) -> Roles {
    let known = Known::of(table, given);
    let mut why = HashMap::new();
    let label = known.label(&mut why, notes);
    let id = known.id(label, row_names, &mut why, notes);
    let codes = known.codes(|column| Some(column) == label || Some(column) == id);
    known.say(&codes, &mut why, notes);
    let is_feature = |&column: &usize| {
        let told = known.told(column).is_none_or(|role| role == Role::Feature) || given.role(column).is_some();
        let other = Some(column) == label || Some(column) == id || known.own.contains(&column);
        let listed = given.only.as_ref().is_none_or(|only| only.contains(&column));
        let asked = given.role(column).is_none_or(|role| role == Role::Feature);
        !other && !codes.contains(&column) && told && listed && asked
    };
    let features: Vec<usize> = (0..table.width()).filter(is_feature).collect();
    let idle: HashSet<usize> =
        given.kinds.keys().filter(|column| features.binary_search(column).is_err()).copied().collect();
    if !idle.is_empty() {
        notes.push(format!("--kind says nothing of columns that are no features: {}", few(&known.called(&idle))));
    }
    Roles { features, label, id, why }
}

/// What is known of the columns before anything is guessed: what a person says, what the table itself says, and which are this program's
/// own.
struct Known<'a> {
    table: &'a Table,
    given: &'a Given,
    own: HashSet<usize>,
}

impl<'a> Known<'a> {
    fn of(table: &'a Table, given: &'a Given) -> Self {
        let own = if given.only.is_some() { HashSet::new() } else { own_export(&table.header) };
        Self { table, given, own: own.into_iter().filter(|&column| given.role(column).is_none()).collect() }
    }

    /// The role that the table itself gives a column.
    fn told(&self, column: usize) -> Option<Role> {
        self.given.told.roles.get(&column).copied()
    }

    /// The first column that the table itself gives a role.
    fn told_as(&self, role: Role) -> Option<usize> {
        (0..self.table.width()).find(|&column| self.told(column) == Some(role))
    }

    /// Whether a column has its role, so that nothing is guessed of it.
    fn is_taken(&self, column: usize) -> bool {
        let told = self.told(column).is_some_and(|role| role != Role::Feature);
        self.given.role(column).is_some() || self.own.contains(&column) || told
    }

    fn label(&self, why: &mut HashMap<usize, String>, notes: &mut Vec<String>) -> Option<usize> {
        match self.given.label {
            One::At(column) => Some(column),
            One::None => None,
            One::Auto => self
                .told_as(Role::Label)
                .or_else(|| label_column(self.table, &|column| self.is_taken(column), why, notes)),
        }
    }

    fn id(
        &self,
        label: Option<usize>,
        row_names: bool,
        why: &mut HashMap<usize, String>,
        notes: &mut Vec<String>,
    ) -> Option<usize> {
        match self.given.id {
            One::At(column) => return Some(column),
            One::None => return None,
            One::Auto => {}
        }
        if let Some(column) = self.told_as(Role::Id) {
            return Some(column);
        }
        let mut free = (0..self.table.width()).filter(|&column| Some(column) != label && !self.is_taken(column));
        let (column, reason) = free.find_map(|column| Some((column, ids::why(self.table, column, row_names)?)))?;
        let name = &self.table.header[column];
        notes.push(format!("column `{name}` {reason} and was left out of the features (--id-column none keeps it)"));
        why.insert(column, reason.trim_end_matches(',').to_owned());
        Some(column)
    }

    /// Columns of whole numbers that name something or count the rows, but for those that have another role.
    fn codes(&self, has_role: impl Fn(usize) -> bool) -> HashSet<usize> {
        if self.given.only.is_some() {
            return HashSet::new();
        }
        let kinds =
            |column: usize| self.given.kinds.contains_key(&column) || self.given.told.kinds.contains_key(&column);
        let numbers = |column: usize| self.given.id != One::None && ids::numbers_rows(self.table, column);
        (0..self.table.width())
            .filter(|&column| !has_role(column) && !self.is_taken(column) && self.told(column).is_none())
            .filter(|&column| !kinds(column) && (ids::hold_codes(self.table, column) || numbers(column)))
            .collect()
    }

    /// The names of columns, in their order.
    fn called(&self, columns: &HashSet<usize>) -> Vec<&'a str> {
        let header = &self.table.header;
        (0..header.len()).filter(|column| columns.contains(column)).map(|column| header[column].as_str()).collect()
    }

    /// Says which columns are no features, and why.
    fn say(&self, codes: &HashSet<usize>, why: &mut HashMap<usize, String>, notes: &mut Vec<String>) {
        let mut add = |columns: &HashSet<usize>, sentence: &str| {
            if !columns.is_empty() {
                notes.push(format!("{sentence}: {}", few(&self.called(columns))));
            }
        };
        add(
            &self.own,
            "columns of an earlier export of this program are shown and no features (--features takes them)",
        );
        add(
            codes,
            "columns of whole numbers that name or number something rather than measure it, by what they are called, are shown and no features (--features auto,NAME takes one, --kind NAME=category spreads it)",
        );
        add(&self.given.ignored, "columns left out as asked");
        add(&self.given.shown, "columns shown and no features, as asked");
        let of_table = (0..self.table.width()).filter(|&column| self.told(column).is_some_and(|r| r != Role::Feature));
        let reasons = [
            (self.own.iter().copied().collect::<Vec<_>>(), "is of an earlier export of this program"),
            (codes.iter().copied().collect(), "is called as numbers are that name something"),
            (of_table.collect(), "has this role by what the table itself says"),
        ];
        for (columns, reason) in reasons {
            why.extend(columns.into_iter().map(|column| (column, reason.to_owned())));
        }
    }
}

/// The columns that a list of names or 1-based numbers means; none where it says `auto` or `none`.
pub(in crate::data) fn names(
    header: &[String],
    flag: &'static str,
    list: &str,
    path: &Path,
) -> Result<Option<HashSet<usize>>> {
    // A name that has a comma may stand in quotes, or alone.
    if matches!(list.trim(), "auto" | "none" | "") {
        return Ok(None);
    }
    if header.iter().any(|name| name == list) {
        return Ok(Some(HashSet::from([column_index(header, flag, list, path)?])));
    }
    let wanted = parts(list);
    let wanted = wanted.iter().filter(|name| !(flag == "features" && *name == "auto"));
    let place = finder(header, flag, path);
    wanted.map(|name| place(name)).collect::<Result<_>>().map(Some)
}

/// Finds columns as [`column_index`] does, thousands of them at once.
pub(super) fn finder<'a>(
    header: &'a [String],
    flag: &'static str,
    path: &'a Path,
) -> impl Fn(&str) -> Result<usize> + 'a {
    let places: HashMap<&str, usize> = header.iter().enumerate().rev().map(|(at, name)| (name.as_str(), at)).collect();
    move |name| places.get(name).map_or_else(|| column_index(header, flag, name, path), |&at| Ok(at))
}

/// The column a person means by a name or a 1-based number.
pub(in crate::data) fn column_index(header: &[String], flag: &'static str, wanted: &str, path: &Path) -> Result<usize> {
    let exact = header.iter().position(|name| name == wanted);
    let loose = || header.iter().position(|name| name.eq_ignore_ascii_case(wanted));
    let number = || wanted.parse::<usize>().ok().and_then(|at| at.checked_sub(1)).filter(|&at| at < header.len());
    exact.or_else(loose).or_else(number).ok_or_else(|| {
        let names: Vec<&str> = header.iter().map(String::as_str).collect();
        let columns = counted(names.len(), "column");
        let (verb, path) = (are(names.len()), path.display());
        let meant = nearest(wanted, names.iter().copied());
        let meant = meant.map_or_else(String::new, |meant| format!(" (did you mean `{}`?)", plain::line(meant)));
        let wanted = plain::line(wanted);
        let error = Error::Setting(format!(
            "--{flag} {wanted}: {path} has no such column{meant}; its {columns} {verb} {}",
            few(&names)
        ));
        match flag {
            "label-column" => error
                .or(Remedy::set("label-column", "auto", "looks for one", "Look for labels"))
                .or(Remedy::set("label-column", "none", "does without labels", "Do without labels")),
            "ignore" => error.or(Remedy::set("ignore", "none", "leaves none out", "Leave none out")),
            "shown" => error.or(Remedy::set("shown", "none", "leaves the features as they are guessed", "Guess")),
            "kind" => error.or(Remedy::set("kind", "auto", "takes what columns look like", "Guess kinds")),
            _ => error.or(Remedy::set(flag, "auto", "looks for some", "Let it look")),
        }
    })
}

/// Whether the cells of a column may have a say in its role: by its name it may hold labels, or names of rows.
pub(in crate::data) fn may_read(header: &[String], column: usize) -> bool {
    let name = &header[column];
    let is = |known: &[&str]| known.iter().any(|known| name.eq_ignore_ascii_case(known));
    is(&LABEL_NAMES) || ids::may_be(name, column)
}

/// The columns that this program added to a table, where it is one that it wrote.
fn own_export(header: &[String]) -> HashSet<usize> {
    // A second export of the same table gives a number to a name that is there already: `exact_1_2`, `cluster_2`.
    let stem = |name: &'_ str| name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '_').len();
    let coordinate = |name: &str| {
        let (stem, numbers) = name.split_at(stem(name));
        let numbers = numbers.strip_prefix('_').unwrap_or_default();
        ["learned", "exact", "learned_diffusion", "exact_diffusion"].contains(&stem)
            && numbers.split('_').all(|number| !number.is_empty())
    };
    let clusters = ["cluster", "cluster_exact", "cluster_kmeans"];
    let written =
        header.iter().any(|name| clusters.contains(&name.as_str())) && header.iter().any(|name| coordinate(name));
    if !written {
        return HashSet::new();
    }
    let others = ["row", "selected", "confidence", "unlike", "by"];
    let added = |name: &str| {
        let stem = &name[..stem(name)];
        let plain = stem.strip_suffix("_name").unwrap_or(stem);
        coordinate(name) || clusters.contains(&plain) || others.contains(&stem)
    };
    (0..header.len()).filter(|&at| added(&header[at])).collect()
}

#[cfg(test)]
mod tests;
