//! What became of the columns of a table with types, beside those of text.

use std::collections::HashMap;

use super::arrays::{Holds, Parts};
use super::batches::Batches;
use crate::Result;
use crate::data::DateOrder;
use crate::data::columns::given::Given;
use crate::data::columns::outline::{FIRST_ROWS, Outline, SeenKind};
use crate::data::columns::roles::Roles;
use crate::data::table::Table;
use crate::data::table_columns::Column;
use crate::recipe::columns::Role;

/// Why pandas' index is no feature.
pub(super) const INDEX: &str = "is the index that pandas keeps";

/// Adds what the types say to an outline of the text: kinds, roles, gaps of columns of numbers, and the first rows as they came.
pub(super) fn complete(
    outline: &mut Outline,
    batches: &mut Batches,
    (roles, given): (&Roles, &Given),
    (rows, gaps): (usize, &HashMap<usize, usize>),
) -> Result<()> {
    let all: Vec<usize> = (0..batches.header.len()).collect();
    outline.rows = rows;
    outline.first = Table::with_holes(batches.header.clone(), &[]);
    let (mut first, mut count) = (Vec::new(), 0);
    // A few columns at a time: of each all that stands in its first page has to be unpacked.
    for which in batches.groups(&all) {
        let (mut columns, mut parts) = (batches.columns(which)?, vec![Parts::default(); which.len()]);
        while columns.rows() < FIRST_ROWS.min(rows)
            && let Some(arrays) = columns.next(FIRST_ROWS - columns.rows())?
        {
            parts.iter_mut().zip(arrays).for_each(|(parts, array)| parts.push(array));
        }
        count = columns.rows();
        first.extend(parts);
    }
    outline.first.forget_texts(count);
    for (column, parts) in first.into_iter().enumerate() {
        outline.first.set_column(column, Column::Parts(parts, None));
    }
    for (column, seen) in outline.columns.iter_mut().enumerate() {
        let (kind, holding) = match batches.holds[column] {
            Holds::Numbers => (SeenKind::Number, "numbers"),
            Holds::Seconds => (SeenKind::Number, "times, read as seconds"),
            Holds::Flags => (SeenKind::Flag, "yes and no"),
            Holds::Dates => (SeenKind::Date(DateOrder::YearMonthDay), "dates, read as days since 1970"),
            Holds::Nothing => (SeenKind::Empty, "nothing"),
            Holds::Text | Holds::Other => continue,
        };
        let empty = kind == SeenKind::Empty;
        let count = if empty { rows } else { gaps.get(&column).copied().unwrap_or(0) };
        seen.gaps = count;
        seen.kind = if count == rows { SeenKind::Empty } else { kind };
        let reason = roles.why.get(&column);
        if roles.features.binary_search(&column).is_ok() {
            seen.role = if seen.kind == SeenKind::Empty { Role::Shown } else { Role::Feature };
            let holds = format!("the file says that it holds {holding}");
            seen.why = reason.map_or_else(|| holds.clone(), |reason| format!("{reason}; {holds}"));
            seen.decided.0 = given.role(column).is_some();
        } else if reason.is_some_and(|reason| reason == INDEX) {
            seen.role = Role::Id;
        }
    }
    Ok(())
}
