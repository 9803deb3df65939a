//! The words and signs of a query.

use std::ops::Range;

use super::{Fault, Op};

/// A word or a sign.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A word; whether it stands in quotes, and so is a name or a value whatever it says.
    Word(String, bool),
    Op(Op),
    Open,
    Close,
    Comma,
}

/// Words that the language uses.
const RESERVED: [&str; 7] = ["and", "or", "not", "in", "is", "contains", "missing"];

/// Whether a word is one of the language, and so no name and no value without quotes.
pub(super) fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| word.eq_ignore_ascii_case(reserved))
}

/// Whether a letter ends a word.
pub(super) fn ends_word(c: char) -> bool {
    c.is_whitespace() || matches!(c, '(' | ')' | ',' | '=' | '<' | '>' | '!')
}

/// A number that is written with a decimal comma, with a point: `9,5` as `9.5`.
pub(super) fn with_point(text: &str) -> Option<String> {
    let (whole, decimals) = text.split_once(',')?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let unsigned = whole.strip_prefix(['-', '+']).unwrap_or(whole);
    (digits(unsigned) && digits(decimals)).then(|| format!("{whole}.{decimals}"))
}

/// The tokens of a text, each with where it stands.
pub(super) fn tokens(text: &str) -> Result<Vec<(Token, Range<usize>)>, Fault> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (token, length) = match c {
            '(' => (Token::Open, 1),
            ')' => (Token::Close, 1),
            ',' => (Token::Comma, 1),
            '=' | '<' | '>' | '!' => sign(text, at)?,
            '"' | '\'' => quotation(text, at, c)?,
            _ => {
                let rest = &text[at..];
                let length = rest.find(ends_word).unwrap_or(rest.len());
                (Token::Word(rest[..length].to_owned(), false), length)
            }
        };
        found.push((token, at..at + length));
        at += length;
    }
    Ok(found)
}

fn sign(text: &str, at: usize) -> Result<(Token, usize), Fault> {
    const SIGNS: [(&str, Op); 8] = [
        ("!=", Op::Other),
        ("<>", Op::Other),
        ("<=", Op::AtMost),
        (">=", Op::AtLeast),
        ("==", Op::Equal),
        ("=", Op::Equal),
        ("<", Op::Less),
        (">", Op::More),
    ];
    let found = SIGNS.iter().find(|(sign, _)| text[at..].starts_with(sign));
    found.map(|(sign, op)| (Token::Op(*op), sign.len())).ok_or_else(|| Fault {
        meant: None,
        ..Fault::new(at..at + 1, "`!` stands before `=` alone; the word for the other rows is `not`")
    })
}

/// A text in quotes, in which two of them stand for one.
fn quotation(text: &str, at: usize, mark: char) -> Result<(Token, usize), Fault> {
    let mut inside = String::new();
    let mut rest = text[at..].char_indices().skip(1).peekable();
    while let Some((place, c)) = rest.next() {
        if c != mark {
            inside.push(c);
        } else if rest.peek().is_some_and(|(_, next)| *next == mark) {
            rest.next();
            inside.push(mark);
        } else {
            return Ok((Token::Word(inside, true), place + 1));
        }
    }
    Err(Fault::new(at..text.len(), format!("the {mark} that opens here is never closed")))
}
