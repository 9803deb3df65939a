//! What a table itself says its columns hold and are for: in lines below its names, before the names, or in attributes above its rows.

use std::collections::HashSet;

use super::header::{MOSTLY, ROWS};
use crate::data::Table;
use crate::data::cell::{is_missing, is_number};
use crate::data::raw::few;
use crate::recipe::columns::Role;

/// Names by which a label column is known, most telling first.
pub(in crate::data) const LABEL_NAMES: [&str; 4] = ["label", "class", "target", "y"];

/// What a table says a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Type {
    Number,
    Category,
    Text,
    Time,
}

/// What a table says of a column; nothing of it where it leaves that open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::data) struct Said {
    pub(in crate::data) holds: Option<Type>,
    pub(in crate::data) role: Option<Role>,
}

/// The type that a word names, in the words of Orange, Weka, KEEL, R, pandas, Polars and databases.
fn type_of(word: &str) -> Option<Type> {
    let lower = word.to_ascii_lowercase();
    let bare = lower.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).unwrap_or(&lower);
    // A size may stand behind it: varchar(20).
    let bare = bare.split_once('(').filter(|(_, rest)| rest.ends_with(')')).map_or(bare, |(name, _)| name.trim_end());
    Some(match bare {
        "c" | "continuous" | "numeric" | "number" | "num" | "real" | "float" | "float32" | "float64" | "f32"
        | "f64" | "double" | "double precision" | "dbl" | "decimal" | "int" | "int8" | "int16" | "int32" | "int64"
        | "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "integer" | "bigint" | "smallint" => {
            Type::Number
        }
        "d" | "discrete" | "nominal" | "categorical" | "category" | "cat" | "factor" | "fct" | "fctr" | "enum"
        | "ordinal" | "ord" | "bool" | "boolean" | "logical" | "lgl" => Type::Category,
        "s" | "string" | "str" | "text" | "char" | "character" | "chr" | "varchar" | "nvarchar" | "object" => {
            Type::Text
        }
        "t" | "time" | "date" | "datetime" | "timestamp" | "dttm" | "posixct" | "datetime64[ns]" => Type::Time,
        _ => return None,
    })
}

/// The role that a word names.
fn role_of(word: &str) -> Option<Role> {
    Some(match word.to_ascii_lowercase().as_str() {
        "class" | "label" | "target" | "output" | "dependent" | "response" => Role::Label,
        "meta" | "m" | "weight" | "w" => Role::Shown,
        "ignore" | "i" | "skip" | "unused" => Role::Ignored,
        "id" => Role::Id,
        "feature" | "attribute" | "regular" | "input" | "independent" | "predictor" => Role::Feature,
        _ => return None,
    })
}

/// The words of a cell, with a backslash before blanks that belong to them.
fn words(cell: &str) -> Vec<String> {
    let (mut words, mut word, mut escaped) = (Vec::new(), String::new(), false);
    for c in cell.chars() {
        match c {
            _ if escaped => {
                word.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            c if c.is_whitespace() => words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty())),
            c => word.push(c),
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// What a cell of Orange's third line says of its column: flags, and attributes that mean nothing here. None where it is no such cell.
fn flags(cell: &str) -> Option<Flags> {
    let mut role = None;
    for word in words(cell) {
        match word.split_once('=') {
            Some((key, _)) if !key.is_empty() => role = role.or(role_of(key).filter(|_| key.len() > 1)),
            Some(_) => return None,
            None if word == "c" => role = Some(Role::Label),
            None => role = Some(role_of(&word)?),
        }
    }
    Some(Flags(role))
}

/// The role that flags give a column, if they give one.
struct Flags(Option<Role>);

/// Reads the lines below the names, and tells how many of them say what columns hold and are for.
pub(in crate::data) fn below(table: &Table) -> Option<(usize, Vec<Said>)> {
    if table.width() < 2 || table.len() < 3 {
        return None;
    }
    if let Some(types) = types(table) {
        let roles: Option<Vec<Flags>> = table.record(1).map(flags).collect();
        let letters = table.record(0).all(|cell| cell.trim().len() < 2);
        return match roles {
            Some(roles) if !letters || roles.iter().any(|flags| flags.0.is_some()) || fit(table, &types, 2) => {
                let both = types.iter().zip(roles).map(|(&holds, Flags(role))| Said { holds, role });
                Some((2, both.collect()))
            }
            _ if !letters || fit(table, &types, 1) => {
                Some((1, types.into_iter().map(|holds| Said { holds, role: None }).collect()))
            }
            _ => None,
        };
    }
    let role = |cell: &str| role_of(cell.trim()).filter(|_| cell.trim().len() > 1);
    let roles: Vec<Option<Role>> = table.record(0).map(role).collect();
    let all = roles.iter().all(Option::is_some) && !come_again(table);
    all.then(|| (1, roles.into_iter().map(|role| Said { holds: None, role }).collect()))
}

/// What the first record says of the types of columns, if it says that and nothing else.
fn types(table: &Table) -> Option<Vec<Option<Type>>> {
    let mut named = 0;
    let mut found = Vec::with_capacity(table.width());
    for (column, cell) in table.record(0).map(str::trim).enumerate() {
        let holds = type_of(cell);
        if holds.is_some() {
            named += 1;
        } else if !cell.is_empty() {
            // Orange takes a list of the values of a category too.
            let values: HashSet<String> = words(cell).into_iter().collect();
            let rows = 1..table.len().min(ROWS);
            let known = |row: usize| {
                let text = table.cell(row, column).trim();
                is_missing(text) || values.contains(text)
            };
            // The line of flags may stand between.
            if values.len() < 2 || rows.filter(|&row| !known(row)).count() > 1 {
                return None;
            }
        }
        found.push(holds.or((!cell.is_empty()).then_some(Type::Category)));
    }
    (named > 0 && !come_again(table)).then_some(found)
}

/// Whether cells of the first record stand in others of their columns too, as those of rows do.
fn come_again(table: &Table) -> bool {
    let again = |&column: &usize| {
        let first = table.cell(0, column).trim();
        !first.is_empty() && (1..table.len().min(ROWS)).any(|row| table.cell(row, column).trim() == first)
    };
    2 * (0..table.width()).filter(again).count() > table.width()
}

/// Whether columns that are said to hold numbers do so from this record on, and one is.
fn fit(table: &Table, types: &[Option<Type>], from: usize) -> bool {
    let mut numbers = (0..table.width()).filter(|&column| types[column] == Some(Type::Number)).peekable();
    numbers.peek().is_some() && numbers.all(|column| holds_numbers(table, column, from))
}

/// Whether most cells of a column are numbers.
pub(in crate::data) fn holds_numbers(table: &Table, column: usize, from: usize) -> bool {
    let cells = (from..table.len().min(ROWS)).map(|row| table.cell(row, column).trim()).filter(|t| !is_missing(t));
    let (all, numbers) =
        cells.fold((0_usize, 0_usize), |(all, numbers), text| (all + 1, numbers + usize::from(is_number(text))));
    numbers as f64 >= MOSTLY * all as f64
}

/// Takes off the names what Orange writes before them: a role in a small letter, a type in a capital one and `#`, as in `D#town`, `mS#name`
/// or `cD#kind`. What that says of the columns, where names have it.
pub(in crate::data) fn before_names(names: &mut [String]) -> Option<Vec<Said>> {
    // A header may have millions of names, and hardly one has such letters.
    let marked = |name: &String| name.trim_start().bytes().take(3).any(|byte| byte == b'#');
    if !names.iter().any(marked) {
        return None;
    }
    let mut parted = Vec::with_capacity(names.len());
    let mut some = false;
    for name in names.iter() {
        let Some((before, rest)) = name.trim().split_once('#').filter(|(before, _)| before.len() < 3) else {
            parted.push((Said::default(), None));
            continue;
        };
        let said = prefix(before).filter(|_| !rest.trim().is_empty() && !is_number(rest.trim()))?;
        some |= !before.is_empty();
        parted.push((said, Some(rest.trim().to_owned())));
    }
    // `#` alone is part of many names.
    if !some {
        return None;
    }
    for (name, (_, rest)) in names.iter_mut().zip(&mut parted) {
        if let Some(rest) = rest.take() {
            *name = rest;
        }
    }
    Some(parted.into_iter().map(|(said, _)| said).collect())
}

/// What stands before `#`.
fn prefix(text: &str) -> Option<Said> {
    let (role, rest) = match text.chars().next() {
        Some('c') => (Some(Role::Label), &text[1..]),
        Some('m' | 'w') => (Some(Role::Shown), &text[1..]),
        Some('i') => (Some(Role::Ignored), &text[1..]),
        _ => (None, text),
    };
    let holds = match rest {
        "C" | "N" => Some(Type::Number),
        "D" => Some(Type::Category),
        "S" => Some(Type::Text),
        "T" => Some(Type::Time),
        "" => None,
        _ => return None,
    };
    Some(Said { holds, role })
}

/// The type of an attribute of Weka or KEEL, by what stands behind its name.
pub(super) fn of_attribute(text: &str) -> Option<Type> {
    let text = text.trim();
    if text.starts_with('{') {
        return Some(Type::Category);
    }
    type_of(text.split([' ', '\t', '[', '{', '"', '\'']).next().unwrap_or_default())
}

/// Weka takes the last attribute for the class where it is a category and nothing else is called so.
pub(super) fn last_is_class(names: &[String], said: &mut [Said]) {
    let called = |name: &String| LABEL_NAMES.iter().any(|label| name.eq_ignore_ascii_case(label));
    let roles = said.iter().any(|said| said.role.is_some());
    let numbers = said.iter().any(|said| said.holds == Some(Type::Number));
    if let Some(last) = said.last_mut()
        && numbers
        && !roles
        && last.holds == Some(Type::Category)
        && !names.iter().any(called)
    {
        last.role = Some(Role::Label);
    }
}

/// What was said of the columns, in words.
pub(in crate::data) fn sentence(header: &[String], said: &[Said]) -> String {
    let with = |wanted: &dyn Fn(&Said) -> bool| {
        let names: Vec<&str> =
            header.iter().zip(said).filter(|(_, said)| wanted(said)).map(|(name, _)| name.as_str()).collect();
        if names.is_empty() { None } else { Some(few(&names)) }
    };
    let is = |role: Role| move |said: &Said| said.role == Some(role);
    let holds = |holds: Type| move |said: &Said| said.holds == Some(holds) && said.role.is_none();
    let parts = [
        ("numbers", with(&holds(Type::Number))),
        ("categories", with(&holds(Type::Category))),
        ("times", with(&holds(Type::Time))),
        ("text", with(&holds(Type::Text))),
        ("features", with(&is(Role::Feature))),
        ("the label", with(&is(Role::Label))),
        ("the id", with(&is(Role::Id))),
        ("shown only", with(&is(Role::Shown))),
        ("ignored", with(&is(Role::Ignored))),
    ];
    let parts: Vec<String> =
        parts.into_iter().filter_map(|(what, names)| names.map(|names| format!("{what} {names}"))).collect();
    parts.join("; ")
}

#[cfg(test)]
mod tests;
