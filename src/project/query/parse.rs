//! From a text to a query.

use std::ops::Range;

use super::lex::{Token, is_reserved, tokens, with_point};
use super::{Fault, Op, Query, Test, What, Word};

/// Parentheses and `not` lie at most so deep in each other.
const DEEPEST: usize = 100;
/// Letters of a query at most.
const LONGEST: usize = 10_000;

/// Reads a query.
///
/// # Errors
/// What is wrong and where.
pub fn parse(text: &str) -> Result<Query, Fault> {
    if text.len() > LONGEST {
        return Err(Fault::new(0..0, format!("a query has at most {LONGEST} letters")));
    }
    let mut parser = Parser { tokens: tokens(text)?, at: 0, end: text.len(), deep: 0 };
    if parser.tokens.is_empty() {
        return Err(Fault::new(0..text.len(), "a query is needed, such as `height > 140 and city = Oslo`"));
    }
    let query = parser.any()?;
    match parser.tokens.get(parser.at) {
        None => Ok(query),
        Some((Token::Close, at)) => Err(Fault::new(at.clone(), "this parenthesis closes nothing")),
        Some((_, at)) => Err(Fault::new(at.clone(), "`and` or `or` is missing before this")),
    }
}

struct Parser {
    tokens: Vec<(Token, Range<usize>)>,
    at: usize,
    /// Where the text ends.
    end: usize,
    /// Parentheses and `not` around what is read.
    deep: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    /// Where the next token stands, or the end of the text.
    fn place(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or(self.end..self.end, |(_, at)| at.clone())
    }

    fn take(&mut self, token: &Token) -> bool {
        let there = self.peek() == Some(token);
        self.at += usize::from(there);
        there
    }

    /// Whether a word of the language comes next.
    fn is_word(&self, ahead: usize, word: &str) -> bool {
        let next = self.tokens.get(self.at + ahead);
        matches!(next, Some((Token::Word(text, false), _)) if text.eq_ignore_ascii_case(word))
    }

    fn take_word(&mut self, word: &str) -> bool {
        let there = self.is_word(0, word);
        self.at += usize::from(there);
        there
    }

    fn any(&mut self) -> Result<Query, Fault> {
        let mut parts = vec![self.all()?];
        while self.take_word("or") {
            parts.push(self.all()?);
        }
        Ok(one_or(parts, Query::Any))
    }

    fn all(&mut self) -> Result<Query, Fault> {
        let mut parts = vec![self.part()?];
        while self.take_word("and") {
            parts.push(self.part()?);
        }
        Ok(one_or(parts, Query::All))
    }

    fn part(&mut self) -> Result<Query, Fault> {
        let place = self.place();
        if self.deep >= DEEPEST {
            return Err(Fault::new(place, format!("parentheses and `not` lie more than {DEEPEST} deep in each other")));
        }
        self.deep += 1;
        let part = if self.take_word("not") {
            self.part().map(|part| Query::Not(Box::new(part)))
        } else if self.take(&Token::Open) {
            let inside = self.any()?;
            if !self.take(&Token::Close) {
                let what = match self.peek() {
                    None => "the parenthesis that opens here is never closed",
                    Some(_) => return Err(Fault::new(self.place(), "`and`, `or` or `)` is missing before this")),
                };
                return Err(Fault::new(place, what));
            }
            Ok(inside)
        } else {
            self.test().map(Query::Test)
        };
        self.deep -= 1;
        part
    }

    fn test(&mut self) -> Result<Test, Fault> {
        let column = self.words("the name of a column")?;
        let not = self.is_word(0, "not") && (self.is_word(1, "in") || self.is_word(1, "contains"));
        self.at += usize::from(not);
        let mut test = Test { column, not, what: What::Yes };
        if self.take_word("in") {
            test.what = What::In(self.list()?);
        } else if self.take_word("contains") {
            test.what = What::Contains(self.value()?);
        } else if self.take_word("is") {
            test.not = self.take_word("not");
            if !self.take_word("missing") {
                return Err(Fault::new(self.place(), "`missing` is needed after `is`; values stand after `=`"));
            }
            test.what = What::Missing;
        } else if let Some(&Token::Op(op)) = self.peek() {
            self.at += 1;
            test.what = self.compared(op)?;
        } else if matches!(self.peek(), Some(Token::Word(..)))
            && !["and", "or"].iter().any(|word| self.is_word(0, word))
        {
            return Err(Fault::new(
                self.place(),
                format!("`=`, `<`, `in`, `contains` or `is missing` is needed after `{}`", test.column.text),
            ));
        }
        Ok(test)
    }

    fn compared(&mut self, op: Op) -> Result<What, Fault> {
        if let Some(Token::Op(_)) = self.peek() {
            return Err(Fault::new(self.place(), "a value is needed here, not another sign"));
        }
        let value = self.value()?;
        if let Some(Token::Op(_)) = self.peek() {
            return Err(Fault::new(self.place(), "one comparison at a time: `a > 1 and a < 5`"));
        }
        Ok(What::Is(op, value))
    }

    fn list(&mut self) -> Result<Vec<Word>, Fault> {
        let place = self.place();
        if !self.take(&Token::Open) {
            return Err(Fault::new(place, "`in` has its values in parentheses: `in (Oslo, Bergen)`"));
        }
        let mut values = vec![self.words("a value")?];
        loop {
            if self.take(&Token::Comma) {
                values.push(self.words("a value")?);
            } else if self.take(&Token::Close) {
                return Ok(values);
            } else if self.peek().is_none() {
                return Err(Fault::new(place, "the list that opens here is never closed"));
            } else {
                return Err(Fault::new(self.place(), "a comma or `)` is missing before this"));
            }
        }
    }

    /// A value that is none of a list, so that a comma between digits is a decimal one.
    fn value(&mut self) -> Result<Word, Fault> {
        if let Some(number) = self.with_comma() {
            self.at += 3;
            return Ok(number);
        }
        self.words("a value")
    }

    /// The number with a decimal comma that comes next, as it is written; nothing else.
    fn with_comma(&self) -> Option<Word> {
        let next = self.tokens.get(self.at..self.at + 3)?;
        let [(Token::Word(whole, false), first), (Token::Comma, comma), (Token::Word(decimals, false), last)] = next
        else {
            return None;
        };
        let text = format!("{whole},{decimals}");
        let joined = first.end == comma.start && comma.end == last.start;
        (joined && with_point(&text).is_some()).then_some(Word { text, at: first.start..last.end })
    }

    /// Words up to one of the language: what is in quotes stands alone.
    fn words(&mut self, wanted: &str) -> Result<Word, Fault> {
        let mut found: Option<Word> = None;
        while let Some((Token::Word(text, quoted), at)) = self.tokens.get(self.at) {
            if !quoted && is_reserved(text) {
                break;
            }
            match &mut found {
                None if *quoted => {
                    self.at += 1;
                    return Ok(Word { text: text.clone(), at: at.clone() });
                }
                None => found = Some(Word { text: text.clone(), at: at.clone() }),
                Some(_) if *quoted => break,
                Some(word) => {
                    word.text.push(' ');
                    word.text.push_str(text);
                    word.at.end = at.end;
                }
            }
            self.at += 1;
        }
        found.ok_or_else(|| {
            let place = self.place();
            match self.peek() {
                Some(Token::Word(word, false)) => {
                    let what = format!("{wanted} is needed here; if `{word}` is one, it stands in quotes");
                    Fault { meant: None, ..Fault::new(place, what) }
                }
                Some(_) => Fault::new(place, format!("{wanted} is needed here")),
                None => Fault::new(place, format!("{wanted} is needed at the end")),
            }
        })
    }
}

/// The one part, or all of them in one.
fn one_or(mut parts: Vec<Query>, many: impl Fn(Vec<Query>) -> Query) -> Query {
    match parts.pop() {
        Some(one) if parts.is_empty() => one,
        Some(last) => {
            parts.push(last);
            many(parts)
        }
        None => many(parts),
    }
}
