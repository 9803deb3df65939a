//! The statements of a dump, word by word.

use std::borrow::Cow;

use memchr::memchr_iter;

/// Bytes of a name in quotes at most: each that opens one is looked for its end.
const LONGEST_NAME: usize = 1 << 10;
/// Lines at the beginning of a dump that say which program wrote it.
const BEGINNING: usize = 20;

/// What is left of a dump.
pub(super) struct Statement<'t> {
    pub(super) text: &'t str,
    /// Whether a backslash within quotes stands for what follows it, as in MySQL: its comments say so, or its names in backquotes.
    backslashes: bool,
}

impl<'t> Statement<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut comments = text.lines().take(BEGINNING).filter(|line| line.starts_with(['-', '/', '#']));
        let backslashes = comments.any(|line| line.contains("MySQL") || line.contains("MariaDB"));
        Self { text, backslashes }
    }

    /// Passes over blanks and comments.
    fn pass_blanks(&mut self) {
        loop {
            self.text = self.text.trim_start();
            let line = self.text.starts_with("--") || self.text.starts_with('#');
            self.text = if line {
                self.text.split_once('\n').map_or("", |(_, rest)| rest)
            } else if self.text.starts_with("/*") {
                self.text.split_once("*/").map_or("", |(_, rest)| rest)
            } else {
                return;
            };
        }
    }

    /// The word that the next statement begins with; what is none is passed over.
    pub(super) fn word(&mut self) -> Option<&'t str> {
        loop {
            self.pass_blanks();
            if self.text.is_empty() {
                return None;
            }
            if let Some(word) = self.plain_word() {
                return Some(word);
            }
            let mut chars = self.text.chars();
            chars.next();
            self.text = chars.as_str();
        }
    }

    /// The next word, if a letter follows.
    pub(super) fn plain_word(&mut self) -> Option<&'t str> {
        self.pass_blanks();
        let end = self.text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(self.text.len());
        let (word, rest) = self.text.split_at(end);
        if word.is_empty() {
            return None;
        }
        self.text = rest;
        Some(word)
    }

    /// Takes these words, in any case, if they follow.
    pub(super) fn take(&mut self, words: &str) -> bool {
        let before = self.text;
        let all = words.split(' ').all(|word| self.plain_word().is_some_and(|found| found.eq_ignore_ascii_case(word)));
        if !all {
            self.text = before;
        }
        all
    }

    pub(super) fn sign(&mut self, sign: char) -> bool {
        self.pass_blanks();
        let rest = self.text.strip_prefix(sign);
        self.text = rest.unwrap_or(self.text);
        rest.is_some()
    }

    pub(super) fn begins_with_quote(&mut self) -> bool {
        self.pass_blanks();
        self.text.starts_with(['`', '"', '['])
    }

    /// A name, of which the last part counts: `public.plants`, `` `db`.`plants` ``, `[dbo].[plants]`.
    pub(super) fn name(&mut self) -> Option<String> {
        let mut name;
        loop {
            self.pass_blanks();
            name = match self.text.as_bytes().first()? {
                b'`' => {
                    self.backslashes = true;
                    self.quoted_name(b'`')?
                }
                b'"' => self.quoted_name(b'"')?,
                b'[' => self.quoted_name(b']')?,
                _ => self.plain_word()?.to_owned(),
            };
            if !self.sign('.') {
                return Some(name);
            }
        }
    }

    /// A name in quotes, of which two are one.
    fn quoted_name(&mut self, close: u8) -> Option<String> {
        let inside = self.text.get(1..)?;
        let mut ends = memchr_iter(close, &inside.as_bytes()[..inside.len().min(LONGEST_NAME)]);
        let mut end = ends.next()?;
        while inside.as_bytes().get(end + 1) == Some(&close) {
            ends.next()?;
            end = ends.next()?;
        }
        self.text = &inside[end + 1..];
        let close = char::from(close).to_string();
        Some(inside[..end].replace(&close.repeat(2), &close))
    }

    /// Names in brackets, if a bracket follows.
    pub(super) fn names(&mut self) -> Vec<String> {
        let mut names = Vec::new();
        if self.sign('(') {
            while let Some(name) = self.name() {
                names.push(name);
                if !self.sign(',') {
                    break;
                }
            }
            self.sign(')');
        }
        names
    }

    /// A value up to the comma or the bracket behind it, and whether more follow.
    pub(super) fn value(&mut self) -> Option<(String, bool)> {
        self.pass_blanks();
        let mut quoted = None;
        let (mut depth, mut plain) = (0_usize, String::new());
        loop {
            match self.text.chars().next()? {
                sign @ ('\'' | '"') if sign == '\'' || plain.trim().is_empty() => {
                    let escapes = self.backslashes || plain.ends_with(['E', 'e']);
                    let text = self.string(sign, escapes)?;
                    quoted.get_or_insert(text);
                }
                c => {
                    self.text = &self.text[c.len_utf8()..];
                    match c {
                        ',' | ')' if depth == 0 => {
                            let plain = plain.trim();
                            return Some((quoted.unwrap_or_else(|| bare(plain).to_owned()), c == ','));
                        }
                        '(' => depth += 1,
                        ')' => depth -= 1,
                        _ => {}
                    }
                    plain.push(c);
                }
            }
        }
    }

    /// What stands within the quotes that follow: two of them are one.
    fn string(&mut self, quote: char, escapes: bool) -> Option<String> {
        let mut rest = self.text.strip_prefix(quote)?;
        let mut text = String::new();
        loop {
            let end = rest.find(|c: char| c == quote || escapes && c == '\\')?;
            text.push_str(&rest[..end]);
            let mut chars = rest[end..].chars();
            let sign = chars.next()?;
            match (sign == quote, chars.clone().next()) {
                (true, Some(next)) if next == quote => {
                    text.push(quote);
                    chars.next();
                }
                (true, _) => {
                    self.text = chars.as_str();
                    return Some(text);
                }
                (false, next) => {
                    text.push(escaped(next?));
                    chars.next();
                }
            }
            rest = chars.as_str();
        }
    }

    /// Passes over what stands up to the next comma at this depth of brackets; whether there was one.
    pub(super) fn past_comma(&mut self) -> bool {
        let mut depth = 0_usize;
        loop {
            match self.text.chars().next() {
                None => return false,
                Some('-' | '/') if self.begins_with_comment() => self.pass_blanks(),
                Some('\'') => {
                    if self.string('\'', self.backslashes).is_none() {
                        return false;
                    }
                }
                Some(c) => {
                    self.text = &self.text[c.len_utf8()..];
                    match c {
                        ',' if depth == 0 => return true,
                        ')' if depth == 0 => return false,
                        '(' => depth += 1,
                        ')' => depth -= 1,
                        _ => {}
                    }
                }
            }
        }
    }

    /// Passes over the rest of the statement and its semicolon; without one it ends where a line begins the next.
    pub(super) fn skip(&mut self) {
        while let Some(at) = self.text.find([';', '\'', '\n', '-', '/']) {
            let sign = self.text.as_bytes().get(at).copied();
            self.text = &self.text[at..];
            match sign {
                Some(b'\'') => {
                    if self.string('\'', self.backslashes).is_none() {
                        break;
                    }
                    continue;
                }
                Some(b'-' | b'/') if self.begins_with_comment() => {
                    self.pass_blanks();
                    continue;
                }
                _ => self.text = &self.text[1..],
            }
            let begins = |word: &str| {
                let start = self.text.get(..word.len());
                let ends = self.text.get(word.len()..).unwrap_or_default().starts_with(|c: char| c.is_whitespace());
                start.is_some_and(|start| start.eq_ignore_ascii_case(word)) && ends
            };
            if sign == Some(b';') || sign == Some(b'\n') && ["go", "insert", "copy"].into_iter().any(begins) {
                return;
            }
        }
        self.text = "";
    }

    fn begins_with_comment(&self) -> bool {
        self.text.starts_with("--") || self.text.starts_with("/*")
    }
}

/// What a letter behind a backslash stands for.
fn escaped(letter: char) -> char {
    match letter {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        '0' => ' ',
        other => other,
    }
}

/// A value in a line of `COPY`: nothing for `\N`.
pub(super) fn copied(value: &str) -> Cow<'_, str> {
    if value == "\\N" {
        return "".into();
    }
    if !value.contains('\\') {
        return value.into();
    }
    let mut signs = value.chars();
    let next = || signs.next().map(|c| if c == '\\' { signs.next().map_or(c, escaped) } else { c });
    std::iter::from_fn(next).collect()
}

/// A value that stands in no quotes: nothing for `NULL`, and without the type that it is made one of.
fn bare(text: &str) -> &str {
    if text.eq_ignore_ascii_case("null") {
        return "";
    }
    let cast = text.get(..5).filter(|start| start.eq_ignore_ascii_case("cast(")).map(|_| &text[5..]);
    let value = cast.map(|inside| inside.split([' ', ')']).next().unwrap_or_default());
    value.unwrap_or_else(|| text.split("::").next().unwrap_or_default())
}
