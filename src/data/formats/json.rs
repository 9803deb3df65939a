//! JSON objects, one after the other, out of a stream: no more than one value is held, and every complaint has its line and column. What
//! lies within an object within it has the keys on the way to it for a name.

use std::io::{BufReader, Bytes, Read};

use serde::de::IgnoredAny;

use crate::data::text::{LONGEST_CELL, MOST_CELLS};

/// What stands between the keys on the way to a value: no key has it.
pub(super) const WITHIN: char = '\u{1f}';
/// Objects and lists within each other.
const DEEPEST: usize = 32;
/// Bytes of the keys on the way to a value: they begin the name of each value within, of which there may be millions.
const LONGEST_WAY: usize = 1 << 10;
/// The longest number that is read.
const LONGEST_NUMBER: usize = 1 << 12;

/// A value of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::data) enum Value {
    /// A number as it was written, or `true` or `false`.
    Bare(String),
    /// A text, without its quotes.
    Text(String),
    Null,
}

/// What is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(in crate::data) line: u64,
    pub(in crate::data) column: u64,
    pub(in crate::data) what: String,
}

impl Wrong {
    /// The same of an object that begins on this line: where each has a line of its own, it may have been cut off there.
    fn of_object(mut self, begins: u64) -> Self {
        if begins < self.line {
            self.what = format!("{}; the object begins on line {begins} and does not end there", self.what);
        }
        self
    }
}

/// Reads objects from a stream.
pub(super) struct Objects<R> {
    bytes: Bytes<BufReader<R>>,
    next: Option<u8>,
    line: u64,
    /// Characters of the line so far.
    column: u64,
    /// Bytes so far.
    pub(in crate::data) done: u64,
    /// Whether the objects stand in a list, and whether one was read from it.
    list: Option<bool>,
    begun: bool,
}

/// What values may be in: the byte that ends it, and its name in messages.
#[derive(Clone, Copy)]
struct Nest {
    end: u8,
    the: &'static str,
    a: &'static str,
}

impl Nest {
    const OBJECT: Self = Self { end: b'}', the: "the object", a: "an object" };
    const LIST: Self = Self { end: b']', the: "the list", a: "a list" };
}

impl<R: Read> Objects<R> {
    pub(in crate::data) fn new(reader: R) -> Self {
        let bytes = BufReader::with_capacity(1 << 17, reader).bytes();
        Self { bytes, next: None, line: 1, column: 0, done: 0, list: None, begun: false }
    }

    /// Hand on each pair of the next object; the line in which it begins, none after the last one.
    pub(in crate::data) fn next(
        &mut self,
        pair: &mut dyn FnMut(&str, Value) -> Result<(), String>,
    ) -> Result<Option<u64>, Wrong> {
        if !self.begun {
            self.begin()?;
        }
        let found = self.skip_blanks()?;
        let found = match (self.list, found) {
            (None, None) => return Ok(None),
            (Some(_), Some(b']')) => {
                self.take()?;
                return match self.skip_blanks()? {
                    None => Ok(None),
                    Some(_) => Err(self.wrong("there is something after the list")),
                };
            }
            (Some(true), Some(b',')) => {
                self.take()?;
                self.skip_blanks()?
            }
            (Some(true), Some(_)) => return Err(self.wrong("a comma is missing between two objects")),
            (_, found) => found,
        };
        match found {
            Some(b'{') => {}
            Some(b'[') if self.list.is_some() => {
                self.list = Some(true);
                let line = self.line;
                self.within("", 0, pair)?;
                return Ok(Some(line));
            }
            Some(_) => return Err(self.wrong("an object `{…}` is wanted here, one for each row")),
            None => return Err(self.wrong("the file ends within its list")),
        }
        self.list = self.list.map(|_| true);
        let line = self.line;
        let lines = self.list.is_none();
        self.object("", 0, pair).map_err(|wrong| if lines { wrong.of_object(line) } else { wrong })?;
        Ok(Some(line))
    }

    /// A mark of the encoding and the bracket of a list, where there are any.
    fn begin(&mut self) -> Result<(), Wrong> {
        self.begun = true;
        if self.peek()? == Some(0xef) {
            for wanted in [0xef, 0xbb, 0xbf] {
                if self.take()? != Some(wanted) {
                    return Err(self.wrong("the text is not UTF-8"));
                }
            }
            self.column = 0;
        }
        if self.skip_blanks()? == Some(b'[') {
            self.take()?;
            self.list = Some(false);
        }
        Ok(())
    }

    /// The pairs of an object; their keys stand behind those on the way to it.
    fn object(
        &mut self,
        way: &str,
        depth: usize,
        pair: &mut dyn FnMut(&str, Value) -> Result<(), String>,
    ) -> Result<(), Wrong> {
        self.take()?;
        if self.skip_blanks()? == Some(b'}') {
            return self.take().map(drop);
        }
        for _ in 0..MOST_CELLS {
            if self.skip_blanks()? != Some(b'"') {
                return Err(self.wrong("a key in quotes is wanted here"));
            }
            let text = self.text()?;
            let key = if way.is_empty() { text } else { format!("{way}{text}") };
            if self.skip_blanks()? != Some(b':') {
                return Err(self.wrong("a colon is wanted here, between a key and its value"));
            }
            self.take()?;
            self.value(&key, depth, pair)?;
            if !self.goes_on(Nest::OBJECT)? {
                return Ok(());
            }
            self.skip_blanks()?;
        }
        Err(self.wrong(&format!("an object of more than {MOST_CELLS} keys, which no table has that is read here")))
    }

    /// A value, or all those within it.
    fn value(
        &mut self,
        key: &str,
        depth: usize,
        pair: &mut dyn FnMut(&str, Value) -> Result<(), String>,
    ) -> Result<(), Wrong> {
        let value = match self.skip_blanks()? {
            Some(b'"') => Value::Text(self.text()?),
            Some(b'{' | b'[') if depth == DEEPEST => {
                return Err(self.wrong(&format!("more than {DEEPEST} lists or objects within each other")));
            }
            Some(b'{' | b'[') if key.len() > LONGEST_WAY => {
                return Err(
                    self.wrong(&format!("the keys on the way to these values are longer than {LONGEST_WAY} bytes"))
                );
            }
            Some(b'{') => return self.object(&format!("{key}{WITHIN}"), depth + 1, pair),
            Some(b'[') => return self.within(&format!("{key}{WITHIN}"), depth + 1, pair),
            _ => self.bare()?,
        };
        pair(key, value).map_err(|what| self.wrong(&what))
    }

    /// The values of a list, by their places from 0.
    fn within(
        &mut self,
        way: &str,
        depth: usize,
        pair: &mut dyn FnMut(&str, Value) -> Result<(), String>,
    ) -> Result<(), Wrong> {
        self.take()?;
        if self.skip_blanks()? == Some(b']') {
            return self.take().map(drop);
        }
        for place in 0..MOST_CELLS {
            self.value(&format!("{way}{place}"), depth, pair)?;
            if !self.goes_on(Nest::LIST)? {
                return Ok(());
            }
        }
        Err(self.wrong(&format!("a list of more than {MOST_CELLS} values, which no row has that is read here")))
    }

    /// Takes what stands behind a member: whether another one follows the comma, or this was the last.
    fn goes_on(&mut self, Nest { end, the, a }: Nest) -> Result<bool, Wrong> {
        match self.skip_blanks()? {
            Some(b',') => self.take().map(|_| true),
            Some(byte) if byte == end => self.take().map(|_| false),
            Some(_) => Err(self.wrong(&format!("a comma or the end of {the} is wanted here"))),
            None => Err(self.wrong(&format!("the file ends within {a}"))),
        }
    }

    /// A text in quotes.
    fn text(&mut self) -> Result<String, Wrong> {
        let mut raw = vec![b'"'];
        let mut plain = true;
        self.take()?;
        loop {
            if self.peek()?.is_some_and(|byte| byte < 0x20) {
                return Err(self.wrong("a text ends with its line, or holds a control character; is a quote missing?"));
            }
            match self.take()? {
                None => return Err(self.wrong("the file ends within a text; is a quote missing?")),
                Some(b'"') => break,
                Some(b'\\') => {
                    plain = false;
                    raw.push(b'\\');
                    raw.extend(self.take()?);
                }
                Some(byte) => raw.push(byte),
            }
            if raw.len() > LONGEST_CELL {
                return Err(self.wrong(&format!("a text is longer than {LONGEST_CELL} bytes; is a quote missing?")));
            }
        }
        if plain {
            return String::from_utf8(raw.split_off(1)).map_err(|_| self.wrong("the text is not UTF-8"));
        }
        raw.push(b'"');
        serde_json::from_slice(&raw)
            .map_err(|_| self.wrong("a text holds bytes that are not UTF-8, or an escape that JSON does not have"))
    }

    /// A number, `true`, `false` or `null`; and NaN and infinities, which Python writes though JSON does not have them.
    fn bare(&mut self) -> Result<Value, Wrong> {
        self.peek()?;
        let mut wrong = self.wrong("a value is missing");
        let mut raw = Vec::new();
        while let Some(byte) = self.peek()? {
            if byte.is_ascii_whitespace() || matches!(byte, b',' | b':' | b'"' | b'{' | b'}' | b'[' | b']') {
                break;
            }
            raw.push(byte);
            if raw.len() > LONGEST_NUMBER {
                return Err(self.wrong(&format!("a number is longer than {LONGEST_NUMBER} bytes")));
            }
            self.take()?;
        }
        let word = String::from_utf8(raw).map_err(|_| self.wrong("the text is not UTF-8"))?;
        match word.as_str() {
            "null" => Ok(Value::Null),
            "true" | "false" | "NaN" | "Infinity" | "-Infinity" => Ok(Value::Bare(word)),
            "" => Err(wrong),
            number if serde_json::from_str::<IgnoredAny>(number).is_ok() => Ok(Value::Bare(word)),
            _ => {
                let word: String = word.chars().take(40).collect();
                wrong.what = format!("`{word}` is no value: texts stand in quotes");
                Err(wrong)
            }
        }
    }

    /// The next byte that is no blank, which is still to be taken.
    fn skip_blanks(&mut self) -> Result<Option<u8>, Wrong> {
        while matches!(self.peek()?, Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.take()?;
        }
        self.peek()
    }

    fn peek(&mut self) -> Result<Option<u8>, Wrong> {
        if self.next.is_none() {
            self.next = match self.bytes.next() {
                None => None,
                Some(Ok(byte)) => Some(byte),
                Some(Err(e)) => return Err(self.wrong(&format!("cannot be read or unpacked: {e}"))),
            };
        }
        Ok(self.next)
    }

    fn take(&mut self) -> Result<Option<u8>, Wrong> {
        let byte = self.peek()?;
        self.next = None;
        match byte {
            Some(b'\n') => (self.line, self.column) = (self.line + 1, 0),
            // Bytes that go on with a character are none of their own.
            Some(byte) if byte & 0xc0 != 0x80 => self.column += 1,
            _ => {}
        }
        self.done += u64::from(byte.is_some());
        Ok(byte)
    }

    fn wrong(&self, what: &str) -> Wrong {
        // What was looked at and not yet taken is the next column.
        Wrong { line: self.line, column: self.column + u64::from(self.next.is_some()), what: what.to_owned() }
    }
}

#[cfg(test)]
mod tests;
