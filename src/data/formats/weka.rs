//! Rows of Weka's ARFF in braces, which say by its number what is not 0 alone: `{0 1.5, 7 yes}`.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use crate::data::bytes::source::Input;
use crate::data::columns::labels::Classes;
use crate::data::columns::roles;
use crate::data::components::rows::Entry;
use crate::data::raw::{Raw, few};
use crate::data::sparse::Sparse;
use crate::data::text::MOST_CELLS;
use crate::data::text::declared::LABEL_NAMES;
use crate::data::text::preamble::attribute;
use crate::data::{cell, columns};
use crate::support::language::{counted, short};
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Whether a text is such a file: its first row stands in braces. Where its attributes go on beyond what is seen, the reader decides.
pub(in crate::data) fn looks_so(text: &str, whole: bool) -> bool {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('%'));
    if lines.next().is_none_or(|line| word(line).0 != "@relation") {
        return false;
    }
    let first = lines.find(|line| word(line).0 != "@attribute");
    match first {
        Some(line) if word(line).0 == "@data" => lines.next().is_some_and(|row| row.starts_with('{')),
        // The last line that is seen may be cut off.
        Some(_) => !whole && lines.next().is_none(),
        None => !whole,
    }
}

/// The first word of a line in lower case, and what follows it.
fn word(line: &str) -> (String, &str) {
    let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    (word.to_ascii_lowercase(), rest.trim())
}

/// What an attribute holds.
#[derive(Debug)]
enum Kind {
    Number,
    /// Words, of which the first stands where a row says nothing.
    Words(Vec<String>),
    Other,
}

impl Kind {
    /// Whether it can be a feature: a number, or which of two words it is.
    fn is_feature(&self) -> bool {
        match self {
            Self::Number => true,
            Self::Words(words) => words.len() == 2,
            Self::Other => false,
        }
    }
}

/// Load such a file: numbers, and of two words whether it is the second; one of words, the last or the one called class, is the label.
pub(in crate::data) fn load_file(mut input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let path = input.path.clone();
    let wrong = |message: String| Error::format(&path, message);
    let text = input.text()?;
    progress.at(0.2, "reading")?;
    let mut found = Found::default();
    let mut lines = (1..).zip(text.lines());
    for (number, line) in lines.by_ref() {
        let (first, rest) = word(line.trim());
        if first == "@data" {
            break;
        }
        if first == "@attribute" {
            found.attribute(rest).map_err(|what| wrong(format!("line {number}: {}", plain::line(&what))))?;
        }
    }
    let mut lines = lines.filter(|(_, line)| !line.trim().is_empty() && !line.trim_start().starts_with('%')).peekable();
    if !lines.peek().is_some_and(|(_, line)| line.trim_start().starts_with('{')) {
        drop(lines);
        return columns::load_file(Input::of_text(path, text)?, recipe, progress);
    }
    found.choose_label(recipe, &path)?;
    for (number, line) in lines {
        found.row(line.trim(), number).map_err(|what| wrong(format!("line {number}: {}", plain::line(&what))))?;
    }
    found.into_raw(path, recipe, progress)
}

/// What a file holds.
#[derive(Default)]
struct Found {
    names: Vec<String>,
    kinds: Vec<Kind>,
    /// The attribute that is the label.
    label: Option<usize>,
    entries: Vec<Entry>,
    /// The label of each row, where it has one, and its line.
    labels: Vec<Option<String>>,
    lines: Vec<u64>,
}

impl Found {
    fn attribute(&mut self, text: &str) -> Result<(), String> {
        let (name, kind) = attribute(text).ok_or_else(|| format!("the name of `{}` does not end", short(text, 40)))?;
        if self.names.len() == MOST_CELLS {
            return Err(format!("more than {MOST_CELLS} attributes, which no table has that is read here"));
        }
        let lower = kind.trim().to_ascii_lowercase();
        let words = kind.trim().strip_prefix('{').map(|words| parted(words).0);
        self.names.push(name.to_owned());
        self.kinds.push(match words {
            Some(words) => Kind::Words(words.into_iter().map(|word| bare(word).into_owned()).collect()),
            None if ["numeric", "real", "integer"].iter().any(|kind| lower.starts_with(kind)) => Kind::Number,
            None => Kind::Other,
        });
        Ok(())
    }

    /// The attribute that a person names, or the one of words that is called a class, or the last one.
    fn choose_label(&mut self, recipe: &Recipe, path: &Path) -> Result<()> {
        let is_words = |at: &usize| matches!(self.kinds.get(*at), Some(Kind::Words(_)));
        let called = |wanted: &str| self.names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
        self.label = match recipe.label_column.as_str() {
            "none" => None,
            "auto" => LABEL_NAMES
                .into_iter()
                .filter_map(called)
                .find(is_words)
                .or_else(|| self.names.len().checked_sub(1).filter(is_words)),
            wanted => Some(roles::column_index(&self.names, "label-column", wanted, path)?),
        };
        Ok(())
    }

    fn row(&mut self, line: &str, number: u64) -> Result<(), String> {
        let row = u32::try_from(self.lines.len()).map_err(|_| "more than 4,294,967,295 rows".to_owned())?;
        let (pairs, _) = line
            .strip_prefix('{')
            .map(parted)
            .filter(|(_, closed)| *closed)
            .ok_or_else(|| "a row stands in braces, as the first one does".to_owned())?;
        let mut label = None;
        for pair in pairs.into_iter().map(str::trim).filter(|pair| !pair.is_empty()) {
            let (at, value) = pair.split_once(char::is_whitespace).ok_or_else(|| no_pair(pair))?;
            let at: usize = at.parse().map_err(|_| no_pair(pair))?;
            let kind = self.kinds.get(at).ok_or_else(|| {
                format!(
                    "`{}` names attribute {at}, and there are {}, counted from 0",
                    short(pair, 40),
                    self.names.len()
                )
            })?;
            let value = bare(value);
            if self.label == Some(at) {
                label = Some(value.into_owned());
            } else if kind.is_feature() {
                self.entries.push((row, at as u32, self.number(at, &value, pair)?));
            }
        }
        let first = self.label.and_then(|at| match &self.kinds[at] {
            Kind::Words(words) => words.first().cloned(),
            Kind::Number | Kind::Other => Some("0".to_owned()),
        });
        self.labels.push(label.or(first).filter(|label| !cell::is_surely_missing(label)));
        self.lines.push(number);
        Ok(())
    }

    /// The number of a value of such an attribute: of two words which of them it is.
    fn number(&self, at: usize, value: &str, pair: &str) -> Result<f64, String> {
        if cell::is_missing(value) {
            return Ok(f64::NAN);
        }
        let Kind::Words(words) = &self.kinds[at] else {
            return value.parse().ok().filter(|value: &f64| value.is_finite()).ok_or_else(|| no_pair(pair));
        };
        words.iter().position(|word| word == value).map(|place| place as f64).ok_or_else(|| {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            format!("`{}` is no word of attribute `{}`, which has {}", short(value, 40), self.names[at], few(&words))
        })
    }

    fn into_raw(self, path: PathBuf, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
        let Self { names, kinds, label, mut entries, labels, lines } = self;
        let is_feature = |at: usize| kinds[at].is_feature() && label != Some(at);
        let mut place = Vec::with_capacity(names.len());
        let mut kept = Vec::new();
        for (at, name) in names.iter().enumerate() {
            place.push(kept.len() as u32);
            kept.extend(is_feature(at).then(|| name.clone()));
        }
        for entry in &mut entries {
            entry.1 = place[entry.1 as usize];
        }
        let (rows, columns) = (lines.len() as u64, kept.len() as u64);
        let mut raw = Sparse { path, rows, columns, entries, names: ("attribute", 1) }.into_raw(recipe, progress)?;
        raw.has_names(kept, lines);
        let left_out: Vec<&str> =
            (0..names.len()).filter(|&at| !is_feature(at) && label != Some(at)).map(|at| names[at].as_str()).collect();
        raw.notes
            .insert(0, format!("rows in braces say what is not 0 alone, of {}", counted(names.len(), "attribute")));
        if !left_out.is_empty() {
            raw.notes.push(format!("attributes that are no numbers and no pair of words left out: {}", few(&left_out)));
        }
        if let Some(label) = label {
            raw.notes.push(format!("attribute `{}` was taken for the label", plain::line(&names[label])));
            let classes = Classes::from_words(labels.iter().map(Option::as_deref));
            raw.classes = Some(match &raw.taken {
                Some(taken) => classes.select(&taken.rows),
                None => classes,
            });
        }
        Ok(raw)
    }
}

/// What stands between the commas of a text up to the brace that closes it, and whether one does. Within quotes, which begin what stands
/// there or its value, either is a character.
fn parted(text: &str) -> (Vec<&str>, bool) {
    let (mut found, mut from, mut quote, mut before) = (Vec::new(), 0, None, ',');
    let mut signs = text.char_indices();
    while let Some((at, c)) = signs.next() {
        match (quote, c) {
            (Some(_), '\\') => drop(signs.next()),
            (Some(open), c) if open == c => quote = None,
            (None, '\'' | '"') if before == ',' || before.is_whitespace() => quote = Some(c),
            (None, ',' | '}') => {
                found.push(&text[from..at]);
                from = at + 1;
                if c == '}' {
                    return (found, true);
                }
            }
            _ => {}
        }
        before = c;
    }
    found.push(&text[from..]);
    (found, false)
}

/// A word without blanks and quotes around it, and without the backslashes before signs within these.
fn bare(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let quoted = |quote: char| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
    let Some(inside) = quoted('\'').or_else(|| quoted('"')) else { return text.into() };
    if !inside.contains('\\') {
        return inside.into();
    }
    let mut signs = inside.chars();
    std::iter::from_fn(|| signs.next().map(|c| if c == '\\' { signs.next().unwrap_or(c) } else { c })).collect()
}

fn no_pair(text: &str) -> String {
    format!("`{}` is no number of an attribute with its value; a row is written {{0 1.5, 7 yes}}", short(text, 40))
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::data::values::Values;

    const HEAD: &str = "% made\n@relation 'a set'\n@attribute 'x y' numeric\n@ATTRIBUTE on {no, yes}\n@attribute w {p,q,r}\n@attribute class {none, 'a b'}\n\n@data\n";

    fn read(text: &str) -> Result<Raw> {
        load_file(Input::of_text("a.arff", text)?, &Recipe::default(), &Progress::silent())
    }

    #[test]
    fn rows_in_braces_have_zeros_where_they_say_nothing() {
        let text = format!("{HEAD}{{0 1.5, 3 'a b'}}\n% between\n{{1 yes, 2 q}}\n{{}}\n{{0 ?}}\n");
        assert!(looks_so(&text, true) && looks_so(&HEAD[..60], false) && !looks_so(&HEAD[..60], true));
        let raw = read(&text).expect("rows");
        assert_eq!((raw.columns.join("|"), raw.lines), ("x y|on".to_owned(), Some(vec![9, 11, 12, 13])));
        let Values::Double(values) = raw.features else { panic!("doubles") };
        assert_eq!(
            values.rows().into_iter().take(3).map(|row| row.to_vec()).collect::<Vec<_>>(),
            [[1.5, 0.0], [0.0, 1.0], [0.0, 0.0]]
        );
        assert!(values[[3, 0]].is_nan());
        assert_eq!(raw.classes.expect("classes").names, ["a b", "none"]);
        assert!(raw.notes.iter().any(|note| note.contains("left out: `w`")), "{:?}", raw.notes);
    }

    #[test]
    fn what_is_missing_of_an_attribute_that_is_no_feature_is_no_gap_of_another() {
        let raw = read(&format!("{HEAD}{{0 1.5, 2 ?}}\n{{0 2.5, 3 ?}}\n")).expect("rows");
        assert_eq!(raw.features, Values::from(ndarray::array![[1.5, 0.0], [2.5, 0.0]]));
        assert_eq!(raw.classes.expect("classes").names, ["none"]);
    }

    #[test]
    fn commas_and_braces_within_quotes_part_nothing() {
        let head = "@relation a\n@attribute x numeric\n@attribute on {'no, {so}', 'it\\'s'}\n@attribute class {'a, b', c}\n@data\n";
        let raw = read(&format!("{head}{{0 1.5, 1 'it\\'s'}}\n{{1 'no, {{so}}', 2 c}}\n")).expect("rows");
        assert_eq!(raw.features, Values::from(ndarray::array![[1.5, 1.0], [0.0, 0.0]]));
        assert_eq!(raw.classes.expect("classes").names, ["a, b", "c"]);
        let error = read(&format!("{head}{{1 maybe}}\n")).map(|_| ()).expect_err("no such word").to_string();
        assert!(error.contains("`maybe` is no word of attribute `on`"), "{error}");
    }

    #[test]
    fn other_rows_are_those_of_a_table_and_wrong_ones_are_said() {
        let raw = read(&format!("{HEAD}1.5,no,p,none\n2.5,yes,q,'a b'\n")).expect("a table");
        assert_eq!(raw.features.dim().0, 2);
        assert!(!looks_so(&format!("{HEAD}1.5,no,p,none\n"), true) && !looks_so("@handle,b\n@me,1\n", true));
        for (row, words) in
            [("{0 x}", "`0 x`"), ("{9 1}", "counted from 0"), ("{0 1", "in braces"), ("1,2", "in braces")]
        {
            let error = read(&format!("{HEAD}{{0 1}}\n{row}\n")).map(|_| ()).expect_err(row).to_string();
            assert!(error.contains(words) && error.contains("line 10"), "{error}");
        }
    }
}
