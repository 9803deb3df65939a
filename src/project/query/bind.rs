//! A query on given columns: names to columns, values to what the columns hold.

use std::borrow::Cow;

use rayon::prelude::*;

use super::lex::with_point;
use super::{Fault, Op, Query, Test, What, Word, quoted};
use crate::data::Holds;
use crate::support::language::nearest;

/// Names that an error lists.
const LISTED: usize = 8;

/// What a query is asked of: columns with their cells, and how many rows there are.
pub trait Fields: Sync {
    /// Number of rows.
    fn rows(&self) -> usize;
    /// Names that a person may write, the most telling first.
    fn names(&self) -> Vec<&str>;
    /// The column of a name, in whatever case.
    fn find(&self, name: &str) -> Option<usize>;
    /// What its cells are.
    fn holds(&self, field: usize) -> Holds;
    /// Why there is nothing in it, in a sentence; none where there is something.
    fn waits(&self, field: usize) -> Option<String>;
    /// A cell as a number, where its column holds numbers, dates or flags; none where it holds nothing.
    fn number(&self, field: usize, row: usize) -> Option<f64>;
    /// A cell as it is shown; none where it holds nothing.
    fn word(&self, field: usize, row: usize) -> Option<Cow<'_, str>>;
    /// A number that a person wrote, as exact as those of the column.
    fn rounded(&self, _field: usize, value: f64) -> f64 {
        value
    }
}

/// A query that is known to mean something.
pub struct Bound<'a> {
    fields: &'a dyn Fields,
    node: Node,
}

impl std::fmt::Debug for Bound<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bound").field("node", &self.node).finish_non_exhaustive()
    }
}

#[derive(Debug)]
enum Node {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Test { field: usize, not: bool, ask: Ask },
}

/// What is asked of a cell, its values read.
#[derive(Debug)]
enum Ask {
    Number(Op, f64),
    OneOf(Vec<f64>),
    /// In lower case.
    Word(String),
    OneWord(Vec<String>),
    Contains(String),
    Missing,
}

/// Finds the columns of a query and reads its values by what they hold.
///
/// # Errors
/// A name that no column has, with the nearest; a value that the column cannot hold; a column that is not there yet.
pub fn bind<'a>(query: &Query, fields: &'a dyn Fields) -> Result<Bound<'a>, Fault> {
    Ok(Bound { fields, node: node(query, fields)? })
}

impl Bound<'_> {
    /// Whether a row passes.
    #[must_use]
    pub fn passes(&self, row: usize) -> bool {
        self.node.passes(self.fields, row)
    }

    /// The rows that pass, ascending; all processors look for them.
    #[must_use]
    pub fn rows(&self) -> Vec<u32> {
        (0..self.fields.rows() as u32).into_par_iter().filter(|&row| self.passes(row as usize)).collect()
    }
}

fn node(query: &Query, fields: &dyn Fields) -> Result<Node, Fault> {
    let all = |parts: &[Query]| parts.iter().map(|part| node(part, fields)).collect::<Result<Vec<_>, _>>();
    Ok(match query {
        Query::All(parts) => Node::All(all(parts)?),
        Query::Any(parts) => Node::Any(all(parts)?),
        Query::Not(part) => Node::Not(Box::new(node(part, fields)?)),
        Query::Test(test) => test_node(test, fields)?,
    })
}

fn test_node(test: &Test, fields: &dyn Fields) -> Result<Node, Fault> {
    let Test { column, not, what } = test;
    let field = fields.find(&column.text).ok_or_else(|| unknown(column, fields))?;
    if let Some(why) = fields.waits(field) {
        return Err(Fault::new(column.at.clone(), why));
    }
    let holds = fields.holds(field);
    let number = |value: &Word| {
        let pointed = with_point(&value.text).filter(|_| holds == Holds::Numbers);
        if let Some(meant) = pointed.as_ref().filter(|_| may_part_thousands(&value.text)) {
            return Err(either(value, meant));
        }
        let read = holds.read(pointed.as_ref().unwrap_or(&value.text)).map(|v| fields.rounded(field, v));
        read.ok_or_else(|| Fault::new(value.at.clone(), misfit(&column.text, holds, &value.text)))
    };
    let ask = match what {
        What::Missing => Ask::Missing,
        What::Contains(value) => Ask::Contains(value.text.to_lowercase()),
        What::Yes if holds == Holds::Flags => Ask::Number(Op::Equal, 1.0),
        What::Yes => {
            let what = format!(
                "`{}` holds {}: `=`, `<`, `in`, `contains` or `is missing` is needed after it",
                column.text,
                holds.name()
            );
            return Err(Fault::new(column.at.clone(), what));
        }
        What::Is(op, value) => {
            let ordered = matches!(holds, Holds::Numbers | Holds::Dates(_));
            if !ordered && !matches!(op, Op::Equal | Op::Other) {
                let what = format!(
                    "`{}` holds {}, which are not more or less; `=` and `!=` tell them",
                    column.text,
                    holds.name()
                );
                return Err(Fault::new(column.at.clone(), what));
            }
            if holds == Holds::Words {
                return Ok(Node::Test {
                    field,
                    not: *not != (*op == Op::Other),
                    ask: Ask::Word(value.text.to_lowercase()),
                });
            }
            Ask::Number(*op, number(value)?)
        }
        What::In(values) if holds == Holds::Words => {
            Ask::OneWord(values.iter().map(|value| value.text.to_lowercase()).collect())
        }
        What::In(values) => Ask::OneOf(values.iter().map(number).collect::<Result<_, _>>()?),
    };
    Ok(Node::Test { field, not: *not, ask })
}

/// A name that no column has.
fn unknown(column: &Word, fields: &dyn Fields) -> Fault {
    let names = fields.names();
    let meant = nearest(&column.text, names.iter().copied()).map(str::to_owned);
    let what = if let Some(meant) = &meant {
        format!("there is no column `{}`; `{meant}` is the nearest", column.text)
    } else {
        let listed: Vec<String> = names.iter().take(LISTED).map(|name| quoted(name)).collect();
        let more = if names.len() > LISTED { ", …" } else { "" };
        format!("there is no column `{}`; there are {}{more}", column.text, listed.join(", "))
    };
    Fault { meant, ..Fault::new(column.at.clone(), what) }
}

/// Whether the comma of a number could part thousands as well as decimals, as in `1,050`.
fn may_part_thousands(text: &str) -> bool {
    let (whole, after) = text.trim_start_matches(['-', '+']).split_once(',').unwrap_or_default();
    after.len() == 3 && whole.len() <= 3 && !whole.starts_with('0')
}

/// A number that is read in two ways, a thousand times apart; tables with such numbers alone are not guessed at either.
fn either(value: &Word, meant: &str) -> Fault {
    let what = format!("`{}` is {meant} or {}; write the one you mean", value.text, value.text.replace(',', ""));
    Fault { meant: Some(meant.to_owned()), ..Fault::new(value.at.clone(), what) }
}

/// A value that a column cannot hold.
fn misfit(column: &str, holds: Holds, value: &str) -> String {
    let such = match holds {
        Holds::Dates(_) => "dates, such as 2024-01-31",
        other => other.name(),
    };
    format!("`{column}` holds {such}, and `{value}` is none")
}

impl Node {
    fn passes(&self, fields: &dyn Fields, row: usize) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.passes(fields, row)),
            Self::Any(parts) => parts.iter().any(|part| part.passes(fields, row)),
            Self::Not(part) => !part.passes(fields, row),
            Self::Test { field, not, ask } => ask.passes(fields, *field, row).is_some_and(|passes| passes != *not),
        }
    }
}

impl Ask {
    /// Whether a cell passes; nothing where it holds nothing that could be compared.
    fn passes(&self, fields: &dyn Fields, field: usize, row: usize) -> Option<bool> {
        match self {
            Self::Number(op, value) => fields.number(field, row).map(|cell| op.holds(cell, *value)),
            Self::OneOf(values) => {
                fields.number(field, row).map(|cell| values.iter().any(|&value| Op::Equal.holds(cell, value)))
            }
            Self::Word(value) => fields.word(field, row).map(|cell| is_word(&cell, value)),
            Self::OneWord(values) => {
                fields.word(field, row).map(|cell| values.iter().any(|value| is_word(&cell, value)))
            }
            Self::Contains(part) => fields.word(field, row).map(|cell| contains(&cell, part)),
            Self::Missing => {
                let holds = fields.holds(field);
                Some(if holds == Holds::Words {
                    fields.word(field, row).is_none()
                } else {
                    fields.number(field, row).is_none()
                })
            }
        }
    }
}

/// Whether a text is this one, whose letters are small, in whatever case.
fn is_word(text: &str, small: &str) -> bool {
    if text.is_ascii() { text.eq_ignore_ascii_case(small) } else { text.to_lowercase() == small }
}

/// Whether a text has this one in it, whose letters are small, in whatever case.
#[must_use]
pub fn contains(text: &str, small: &str) -> bool {
    if !text.is_ascii() || small.is_empty() {
        return text.to_lowercase().contains(small);
    }
    text.as_bytes().windows(small.len()).any(|part| part.eq_ignore_ascii_case(small.as_bytes()))
}
