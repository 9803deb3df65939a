//! LIBSVM's text, SVMlight's too: one sample a line, its label, then `index:value` for each value that is not 0.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::PathBuf;

use super::Sparse;
use crate::data::arrays::npy::split_columns;
use crate::data::bytes::source::{Input, LOOKS_LIKE_A_TRAP};
use crate::data::columns::label_column::too_many_numbers;
use crate::data::columns::labels::{Classes, MISSING};
use crate::data::components::rows::Entry;
use crate::data::raw::Raw;
use crate::support::language::counted;
use crate::support::plain;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// The longest line that is read.
const LONGEST_LINE: u64 = 1 << 25;
/// Lines between two looks at the clock.
const TICK: u64 = 1 << 14;

/// Load a LIBSVM file.
pub(in crate::data) fn load_file(input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let mut found = read(input, progress)?;
    let Some(last) = found.last else {
        return Err(Error::format(&found.path, "no line has a pair `index:value`"));
    };
    let first = u32::from(!found.from_zero);
    let mut entries = std::mem::take(&mut found.entries);
    for entry in &mut entries {
        entry.1 -= first;
    }
    let (rows, columns) = (found.labels.len() as u64, u64::from(last - first) + 1);
    let names = ("feature", first as usize);
    let mut raw = Sparse { path: found.path.clone(), rows, columns, entries, names }.into_raw(recipe, progress)?;
    raw.says_what_is = true;
    raw.notes.push(format!("features are numbered from {first}, as their indices in the file are"));
    if found.unordered > 0 {
        raw.notes.push(format!("{} with indices that do not ascend, put in order", counted(found.unordered, "line")));
    }
    if found.queries {
        raw.notes.push("the groups `qid` of a ranking were left out".to_owned());
    }
    let classes = classes(&found, recipe, &mut raw.notes);
    if let Some(taken) = &raw.taken {
        raw.lines = Some(taken.rows.iter().map(|&row| found.lines[row]).collect());
        raw.classes = classes.map(|classes| classes.select(&taken.rows));
    } else {
        (raw.lines, raw.classes) = (Some(found.lines), classes);
    }
    let own_labels = raw.classes.is_some() || recipe.label_column.eq_ignore_ascii_case("label");
    let label_column = if own_labels { "none".to_owned() } else { recipe.label_column.clone() };
    split_columns(raw, &Recipe { label_column, ..recipe.clone() })
}

/// The classes that the labels are, if they are any and wanted.
fn classes(found: &Found, recipe: &Recipe, notes: &mut Vec<String>) -> Option<Classes> {
    match recipe.label_column.as_str() {
        "auto" => {}
        wanted => return wanted.eq_ignore_ascii_case("label").then(|| found.classes()),
    }
    if let Some(doubt) = found.doubt() {
        notes.push(format!(
            "the first numbers of the lines {doubt}, so they are no classes and were left out; --label-column label makes them the labels"
        ));
        return None;
    }
    notes.push("the first number of each line was taken for its label (--label-column none: no labels)".to_owned());
    Some(found.classes())
}

/// What the lines hold.
#[derive(Default)]
struct Found {
    path: PathBuf,
    /// The names of the labels, and of each its place among them.
    names: Vec<String>,
    known: HashMap<String, u32>,
    /// The label of each sample; [`MISSING`] where it has none.
    labels: Vec<u32>,
    /// The line of each sample.
    lines: Vec<u64>,
    /// With indices as they stand in the file.
    entries: Vec<Entry>,
    /// The largest index.
    last: Option<u32>,
    from_zero: bool,
    queries: bool,
    /// Lines whose indices do not ascend.
    unordered: usize,
}

fn read(input: Input, progress: &Progress<'_>) -> Result<Found> {
    let mut found = Found { path: input.path.clone(), ..Found::default() };
    let (most, stored, packed) = (input.most(), input.stored.max(1), input.packed);
    let mut reader = BufReader::with_capacity(1 << 17, input.take(most));
    let (mut line, mut number, mut bytes) = (Vec::new(), 0_u64, 0_u64);
    loop {
        line.clear();
        let got = (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut line);
        number += 1;
        let wrong = |path: &std::path::Path, what: &str| Error::format(path, format!("line {number}: {what}"));
        bytes += match got {
            Ok(0) => break,
            Ok(got) if got as u64 == LONGEST_LINE => {
                return Err(wrong(&found.path, &format!("the line is longer than {LONGEST_LINE} bytes")));
            }
            Ok(got) => got as u64,
            Err(e) => return Err(wrong(&found.path, &format!("cannot be read or unpacked: {e}"))),
        };
        let text = std::str::from_utf8(&line).map_err(|_| wrong(&found.path, "the text is not UTF-8"))?;
        found.take(text, number).map_err(|what| wrong(&found.path, &plain::line(&what)))?;
        if number.is_multiple_of(TICK) {
            progress.at(if packed { 0.3 } else { (0.6 * bytes as f32 / stored as f32).min(0.6) }, "reading")?;
        }
    }
    if reader.into_inner().limit() == 0 {
        return Err(Error::format(&found.path, format!("it unpacks to {most} bytes and goes on: {LOOKS_LIKE_A_TRAP}")));
    }
    if found.labels.is_empty() {
        return Err(Error::format(&found.path, "the file holds no sample"));
    }
    Ok(found)
}

impl Found {
    /// Take what a line holds; what is wrong with it.
    fn take(&mut self, line: &str, number: u64) -> Result<(), String> {
        let line = line.trim_start_matches('\u{feff}');
        let (content, comment) = line.split_once('#').unwrap_or((line, ""));
        if self.labels.is_empty() && content.trim().is_empty() && comment.contains("zero-based") {
            // So scikit-learn says it, and no value of the first feature may be anything but 0.
            self.from_zero = true;
        }
        let mut words = content.split_ascii_whitespace().peekable();
        let Some(first) = words.peek().copied() else { return Ok(()) };
        let label = if first.contains(':') { None } else { label(first)? };
        if !first.contains(':') {
            words.next();
        }
        let row = u32::try_from(self.labels.len()).map_err(|_| "more than 4,294,967,295 samples".to_owned())?;
        let begun = self.entries.len();
        let (mut before, mut ordered): (Option<u32>, bool) = (None, true);
        for word in words {
            if word.starts_with("qid:") && before.is_none() {
                self.queries = true;
                continue;
            }
            let (index, value) = pair(word)?;
            ordered &= before.is_none_or(|before| before < index);
            before = before.max(Some(index));
            self.from_zero |= index == 0;
            self.entries.push((row, index, value));
        }
        if !ordered {
            let own = &mut self.entries[begun..];
            own.sort_by_key(|&(_, index, _)| index);
            if let Some(twice) = own.windows(2).find(|pair| pair[0].1 == pair[1].1) {
                return Err(format!("index {} comes twice in a line; each stands there once", twice[0].1));
            }
            self.unordered += 1;
        }
        self.last = self.last.max(before);
        self.push_label(label);
        self.lines.push(number);
        Ok(())
    }
}

impl Found {
    fn push_label(&mut self, label: Option<String>) {
        let id = label.map_or(MISSING, |label| {
            *self.known.entry(label).or_insert_with_key(|label| {
                self.names.push(label.clone());
                self.names.len() as u32 - 1
            })
        });
        self.labels.push(id);
    }

    fn classes(&self) -> Classes {
        Classes::from_words(self.labels.iter().map(|&id| self.names.get(id as usize).map(String::as_str)))
    }

    /// Why the labels are probably no classes.
    fn doubt(&self) -> Option<String> {
        if self.names.is_empty() {
            return Some("are missing".to_owned());
        }
        let numbers: Vec<f64> = self.names.iter().map_while(|word| word.parse().ok()).collect();
        if numbers.len() < self.names.len() {
            return None;
        }
        if numbers.iter().any(|v| v.fract() != 0.0) {
            return Some("have fractions".to_owned());
        }
        let (found, rows) = (numbers.len(), self.labels.len());
        let many = || format!("have {found} different whole numbers in {}", counted(rows, "row"));
        let mut counts = vec![0_usize; found];
        self.labels.iter().for_each(|&id| counts.get_mut(id as usize).into_iter().for_each(|count| *count += 1));
        too_many_numbers(numbers.into_iter().zip(counts), rows).then(many)
    }
}

/// An index and its value.
fn pair(word: &str) -> Result<(u32, f64), String> {
    let short = || word.chars().take(40).collect::<String>();
    let (index, value) = word.split_once(':').ok_or_else(|| format!("`{}` is no pair `index:value`", short()))?;
    let index = match index.parse::<u32>() {
        Ok(index) if index < u32::MAX => index,
        _ => return Err(format!("`{}`: the index is no whole number from 0 to 4,294,967,294", short())),
    };
    match value.parse::<f64>() {
        Ok(value) if value.is_infinite() => Err(format!("feature {index}: `{value}` is infinite")),
        Ok(value) => Ok((index, value)),
        Err(_) => Err(format!("feature {index}: `{}` is not a number", value.chars().take(40).collect::<String>())),
    }
}

/// The name of a class: whole numbers word for word but for their sign and point, `1` for `+1` and `1.0`; nothing for a missing one.
fn label(word: &str) -> Result<Option<String>, String> {
    if word.contains(',') {
        return Err(format!(
            "several labels (`{}`) are not read; one label a line is",
            word.chars().take(40).collect::<String>()
        ));
    }
    let digits = word.strip_prefix('+').unwrap_or(word);
    let whole = digits.strip_prefix('-').unwrap_or(digits).bytes().all(|b| b.is_ascii_digit());
    Ok(match word.parse::<f64>() {
        Ok(value) if value.is_nan() => None,
        Ok(value) if !whole && value.fract() == 0.0 && value.abs() < 9e15 => Some(format!("{}", value as i64)),
        Ok(_) => Some(digits.to_owned()),
        Err(_) => Some(word.to_owned()),
    })
}

/// Whether a text is LIBSVM's by how it begins: a number, then pairs whose indices ascend, in every line. A table of ratios or clock times,
/// such as `3 8:30 9:15`, is none.
pub(in crate::data) fn looks_so(text: &str, whole: bool) -> bool {
    let (mut several, mut clock) = (false, true);
    let mut lines: Vec<&str> = text.lines().collect();
    let one_cut_off = !whole && lines.len() == 1;
    if !whole && !one_cut_off {
        lines.pop();
    }
    for line in lines {
        let content = line.trim_start_matches('\u{feff}').split('#').next().unwrap_or_default();
        let mut words: Vec<&str> = content.split_ascii_whitespace().collect();
        if words.is_empty() {
            continue;
        }
        if one_cut_off && words.len() > 2 {
            // The last pair may be a part of one.
            words.pop();
        }
        let numbers = |word: &str| word.split(',').all(|part| part.parse::<f64>().is_ok());
        if !numbers(words[0]) {
            return false;
        }
        let pairs: Vec<&str> = words[1..].iter().copied().skip_while(|word| word.starts_with("qid:")).collect();
        let mut before: Option<u32> = None;
        for word in &pairs {
            let plain =
                word.starts_with(|c: char| c.is_ascii_digit()) && (!word.starts_with('0') || word.starts_with("0:"));
            let Some((index, _)) = pair(word).ok().filter(|_| plain) else { return false };
            if before.is_some_and(|before| before >= index) {
                return false;
            }
            before = Some(index);
            clock &=
                index < 24 && word.split_once(':').is_some_and(|(_, minutes)| minutes.len() == 2 && minutes < "60");
        }
        several |= pairs.len() > 1;
    }
    several && !clock
}

#[cfg(test)]
mod tests {

    use ndarray::array;

    use super::*;
    use crate::data::values::Values;

    fn read(text: &str, label_column: &str) -> Result<Raw> {
        let input = Input::of_text("a.svm", text)?;
        let recipe = Recipe { label_column: label_column.to_owned(), ..Recipe::default() };
        load_file(input, &recipe, &Progress::silent())
    }

    #[test]
    fn lines_become_rows_and_labels_classes() {
        let raw = read("# made by hand\n+1 1:0.5 3:2 # a comment\r\n\n-1 2:-1e1\n1.0\n", "auto").expect("reads");
        assert_eq!(raw.features, Values::from(array![[0.5, 0.0, 2.0], [0.0, -10.0, 0.0], [0.0, 0.0, 0.0]]));
        assert_eq!(raw.columns, ["feature 1", "feature 2", "feature 3"]);
        let classes = raw.classes.expect("whole numbers");
        assert_eq!((classes.names, classes.ids), (vec!["-1".to_owned(), "1".to_owned()], vec![1, 0, 1]));
        assert_eq!(raw.lines, Some(vec![2, 4, 5]));
        assert!(raw.notes.iter().any(|note| note.contains("numbered from 1")), "{:?}", raw.notes);
    }

    #[test]
    fn indices_count_from_zero_where_one_is_zero_or_a_comment_says_so() {
        let raw = read("1 0:4 2:1\n2 1:3\n", "auto").expect("reads");
        assert_eq!(raw.features, Values::from(array![[4.0, 0.0, 1.0], [0.0, 3.0, 0.0]]));
        assert_eq!(raw.columns[0], "feature 0");
        let raw = read("# Column indices are zero-based\n1 1:4\n2 2:3\n", "auto").expect("reads");
        assert_eq!(raw.features, Values::from(array![[0.0, 4.0, 0.0], [0.0, 0.0, 3.0]]));
    }

    #[test]
    fn targets_with_fractions_are_no_classes_unless_wanted() {
        let text = "0.5 1:1 2:2\n1.25 1:3\n";
        let raw = read(text, "auto").expect("reads");
        assert!(
            raw.classes.is_none() && raw.notes.iter().any(|note| note.contains("have fractions")),
            "{:?}",
            raw.notes
        );
        assert!(read(text, "label").expect("reads").classes.is_some());
        assert!(read("1 1:1\n2 1:3\n", "none").expect("reads").classes.is_none());
        let taken = read("1 1:1 2:7\n2 1:3 2:7\n", "2").expect("column 2 is there");
        assert_eq!((taken.classes.expect("as wanted").names, taken.features.dim().1), (vec!["7".to_owned()], 1));
    }

    #[test]
    fn indices_in_any_order_are_those_in_order() {
        let any = read("1 3:3 1:1\n2 2:2\n", "auto").expect("reads");
        assert_eq!(any.features, read("1 1:1 3:3\n2 2:2\n", "auto").expect("reads").features);
        assert!(any.notes.iter().any(|note| note.contains("1 line with indices")), "{:?}", any.notes);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        for (text, words) in [
            ("1 1:1\n1,3 1:2\n", ["line 2", "several labels (`1,3`)"]),
            ("1 1:1\n1 2:1 1:1 2:3\n", ["line 2", "index 2 comes twice"]),
            ("1 1:1\n1 2:1 2:1\n", ["line 2", "index 2 comes twice"]),
            ("1 1:1\n1 2:one\n", ["line 2", "feature 2: `one` is not a number"]),
            ("1 1:1\n1 2:1e999\n", ["line 2", "infinite"]),
            ("1 1:1\n1 7\n", ["line 2", "`7` is no pair"]),
            ("1 1:1\n1 -2:1\n", ["line 2", "the index is no whole number"]),
            ("1 99999999999:1\n", ["line 1", "the index is no whole number"]),
            ("1\n2\n", ["a.svm", "no line has a pair"]),
            ("# nothing\n", ["a.svm", "no sample"]),
        ] {
            let message = read(text, "auto").expect_err(text).to_string();
            assert!(words.iter().all(|word| message.contains(word)), "{text}: {message}");
        }
    }

    #[test]
    fn a_text_is_known_by_its_lines_and_tables_are_not_taken_for_it() {
        for text in
            ["1 1:0.5 3:2\n-1 2:1\n", "# said\n+1 5:1 9:1\n", "2 qid:1 1:1 2:0\n", "1,3 1:1 2:1\n", "0 0:1 1:1\n"]
        {
            assert!(looks_so(text, true), "{text}");
        }
        assert!(looks_so("1 1:0.5 3:2\n-1 2:1 4:", false) && looks_so("1 1:0.5 3:2 4:", false));
        for text in [
            "1 8:30 9:15\n2 10:00 11:45\n",
            "1 08:30 09:15\n",
            "1 3:1\n2 5:2\n",
            "1 2 3\n4 5 6\n",
            "a,b\n1,2\n",
            "1,2\n3,4\n",
            "x 1:2 3:4\n",
            "1 5:3 2:7\n",
            "2024-01-01 10:00:00 1\n",
            "",
        ] {
            assert!(!looks_so(text, true), "{text}");
        }
    }
}
