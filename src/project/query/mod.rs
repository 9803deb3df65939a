//! Rows by an expression on columns: `height > 140 and city = Oslo`.
//!
//! ```text
//! query  = group { "or" group }
//! group  = part { "and" part }
//! part   = "not" part | "(" query ")" | test
//! test   = column                                  flags alone
//!        | column op value                         = != < <= > >=
//!        | column ["not"] "in" "(" value { "," value } ")"
//!        | column ["not"] "contains" value
//!        | column "is" ["not"] "missing"
//! column, value = words, or anything in quotes
//! ```
//!
//! A number may have a decimal comma, in a list in quotes: `9,5` and `in ("9,5", "10,5")`.
//!
//! A cell that holds nothing passes no test but `is missing`: neither `=` nor `!=`. `not` before a part selects exactly the other rows.
//! Words are compared without regard to case. A word that the language uses (`and`, `in`, …) is a name or a value in quotes.

mod bind;
mod lex;
mod parse;

use std::fmt;
use std::ops::Range;

pub use bind::{Bound, Fields, bind, contains};
pub use parse::parse;

/// A query as it was understood.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// Rows that pass every part.
    All(Vec<Query>),
    /// Rows that pass any of them.
    Any(Vec<Query>),
    /// All other rows.
    Not(Box<Query>),
    /// Rows whose cell passes a test.
    Test(Test),
}

/// A test of the cells of one column.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The column's name.
    pub column: Word,
    /// Whether cells pass that hold something and fail the rest of the test.
    pub not: bool,
    /// What is asked of a cell.
    pub what: What,
}

/// What is asked of a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// It is a flag that says yes.
    Yes,
    /// It stands so to a value.
    Is(Op, Word),
    /// It is one of these.
    In(Vec<Word>),
    /// This is a part of it.
    Contains(Word),
    /// It holds nothing.
    Missing,
}

/// How a cell stands to a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Op {
    /// It is equal.
    Equal,
    /// It is another.
    Other,
    /// It is less.
    Less,
    /// It is no more.
    AtMost,
    /// It is more.
    More,
    /// It is no less.
    AtLeast,
}

impl Op {
    /// As it is written.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Other => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
        }
    }

    /// Whether two numbers stand so.
    #[must_use]
    pub fn holds(self, cell: f64, value: f64) -> bool {
        match self {
            // Exact, as a person wrote it.
            #[allow(clippy::float_cmp, reason = "a number that was written is looked for")]
            Self::Equal => cell == value,
            #[allow(clippy::float_cmp, reason = "likewise")]
            Self::Other => cell != value,
            Self::Less => cell < value,
            Self::AtMost => cell <= value,
            Self::More => cell > value,
            Self::AtLeast => cell >= value,
        }
    }
}

/// A name or a value, and where it stands in the text, in bytes.
#[derive(Clone, Debug)]
pub struct Word {
    /// What it says, without quotes.
    pub text: String,
    /// Where it stands.
    pub at: Range<usize>,
}

impl PartialEq for Word {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// Why a text is no query of these columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong, in a sentence.
    pub what: String,
    /// Where in the text, in bytes.
    pub at: Range<usize>,
    /// What probably was meant there.
    pub meant: Option<String>,
}

impl Fault {
    fn new(at: Range<usize>, what: impl Into<String>) -> Self {
        Self { what: what.into(), at, meant: None }
    }

    /// The place of the first letter that is wrong, from 1.
    #[must_use]
    pub fn column(&self, text: &str) -> usize {
        text.char_indices().take_while(|(at, _)| *at < self.at.start).count() + 1
    }

    /// The text with what was meant in place of what is wrong.
    #[must_use]
    pub fn mended(&self, text: &str) -> Option<String> {
        let (before, after) = (text.get(..self.at.start)?, text.get(self.at.end..)?);
        self.meant.as_ref().map(|meant| format!("{before}{}{after}", quoted(meant)))
    }
}

/// A name or a value as a query has it: in quotes where it has to be.
#[must_use]
pub fn quoted(text: &str) -> String {
    let plain = |c: char| !lex::ends_word(c) && !matches!(c, '"' | '\'');
    if !text.is_empty() && text.chars().all(plain) && !lex::is_reserved(text) {
        text.to_owned()
    } else {
        format!("\"{}\"", text.replace('"', "\"\""))
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |f: &mut fmt::Formatter<'_>, parts: &[Self], between: &str| {
            for (i, part) in parts.iter().enumerate() {
                f.write_str(if i > 0 { between } else { "" })?;
                match part {
                    Self::All(_) | Self::Any(_) => write!(f, "({part})")?,
                    _ => write!(f, "{part}")?,
                }
            }
            Ok(())
        };
        match self {
            Self::All(parts) => list(f, parts, " and "),
            Self::Any(parts) => list(f, parts, " or "),
            Self::Not(part) => match **part {
                Self::All(_) | Self::Any(_) => write!(f, "not ({part})"),
                _ => write!(f, "not {part}"),
            },
            Self::Test(test) => write!(f, "{test}"),
        }
    }
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let not = if self.not { "not " } else { "" };
        write!(f, "{}", quoted(&self.column.text))?;
        match &self.what {
            What::Yes => Ok(()),
            What::Is(op, value) => write!(f, " {} {}", op.sign(), quoted(&value.text)),
            What::In(values) => {
                let values: Vec<String> = values.iter().map(|value| quoted(&value.text)).collect();
                write!(f, " {not}in ({})", values.join(", "))
            }
            What::Contains(value) => write!(f, " {not}contains {}", quoted(&value.text)),
            What::Missing => write!(f, " is {not}missing"),
        }
    }
}

#[cfg(test)]
mod tests;
