//! What a table itself says of its columns, beside what a person decided.

use std::collections::HashSet;

use super::given::Given;
use super::label_column::too_many;
use crate::data::Table;
use crate::data::cell::flags::flag;
use crate::data::cell::is_missing;
use crate::data::text::declared::{Said, Type, holds_numbers};
use crate::recipe::columns::{ColumnKind, Role};

/// Most values of a category that is spread into features.
const MOST_VALUES: usize = 50;

/// Puts what a table says of its columns beside what a person decided, which wins.
pub(in crate::data) fn tell(given: &mut Given, table: &Table, said: &[Said], notes: &mut Vec<String>) {
    for (column, said) in said.iter().enumerate().take(table.width()) {
        if given.role(column).is_some() {
            continue;
        }
        let role = said.role.or((said.holds == Some(Type::Text)).then_some(Role::Shown));
        let role = if role == Some(Role::Label) { Some(label(given, table, column, notes)) } else { role };
        given.told.roles.extend(role.map(|role| (column, role)));
        if matches!(role, None | Some(Role::Feature)) {
            given.told.kinds.extend(kind(table, column, said.holds).map(|kind| (column, kind)));
        }
    }
}

/// The role of a column that is said to be the label: one with too many values for classes, or one beside another label, is shown.
fn label(given: &Given, table: &Table, column: usize, notes: &mut Vec<String>) -> Role {
    let name = &table.header[column];
    if given.told.roles.values().any(|role| *role == Role::Label) {
        notes.push(format!("column `{name}` is one more label by what the table says, and shown only"));
        return Role::Shown;
    }
    let Some(doubt) = too_many(table, column) else { return Role::Label };
    notes.push(format!(
        "column `{name}`, the label by what the table says, {doubt}: it holds no classes, and is shown and no feature (--label-column {name} makes it the labels)"
    ));
    Role::Shown
}

/// The kind of a column, where what its cells look like does not say it. Yes and no, 1 and 0 are one feature and no two.
fn kind(table: &Table, column: usize, holds: Option<Type>) -> Option<ColumnKind> {
    match holds? {
        Type::Number => holds_numbers(table, column, 0).then_some(ColumnKind::Number),
        Type::Category => {
            let (mut values, mut flags) = (HashSet::new(), true);
            for row in 0..table.len() {
                let text = table.cell(row, column).trim();
                if !is_missing(text) && values.insert(text) {
                    flags &= matches!(text, "0" | "1") || flag(text).is_some();
                }
                if values.len() > MOST_VALUES.min(table.len() / 2) {
                    return None;
                }
            }
            (!flags && values.len() > 1).then_some(ColumnKind::Category)
        }
        Type::Text | Type::Time => None,
    }
}
