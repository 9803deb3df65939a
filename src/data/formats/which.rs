//! Which format a file is of: the one whose mark it begins with, or, as text, the one that its name says or that it looks like.

use std::path::Path;

use super::{Format, Use, foreign, listed, sample_formats};
use crate::data::bytes::source::{BEGINNING, Input, bare_name, has_extension};
use crate::data::components::rows::Entry;
use crate::data::raw::Raw;
use crate::data::text::LONGEST_HEAD;
use crate::data::text::preamble::is_head;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Load samples from a file, by what it contains rather than by what it is called.
///
/// # Errors
/// [`Error::Format`] for a file that is none of the formats, or not the one its name says; those of the reader.
pub(in crate::data) fn load_samples(mut input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let none = || format!("this is none of the formats that are read here: {}", sample_formats("and"));
    let read = reader((&mut input, &recipe.encoding), |format| format.samples, &none)?;
    let heard = input.heard();
    let mut raw = read(input, recipe, progress)?;
    raw.notes.extend(heard.and_then(|heard| heard.note()));
    Ok(raw)
}

/// Whether a file is a table of text, by the same rules.
pub(in crate::data) fn is_table(input: &mut Input, encoding: &str) -> bool {
    let marked = Format::ALL.iter().any(|format| format.mark.is_some_and(|begins| begins(input.opening())));
    if marked || reader((input, encoding), |format| format.samples, &String::new).is_err() {
        return false;
    }
    let name = bare_name(&input.path);
    let texts = Format::ALL.iter().filter(|format| format.samples.is_some() && format.mark.is_none());
    matches!(kind_of_text(input, &name, texts), Ok(Some(format)) if format.looks_so.is_none())
}

/// Read the entries of an `n × n` matrix of weights, in no order; a place may come more than once, and such entries are to be added.
/// Zeros may be left out.
///
/// # Errors
/// Naming file and place: a format that is not known, another size than `n` (both numbers), an index outside, a weight that is
/// negative or not finite, a file that is cut off or goes on; [`Error::Cancelled`].
pub fn read_matrix(path: &Path, n: usize, recipe: &Recipe, progress: &Progress<'_>) -> Result<Vec<Entry>> {
    let mut input = Input::open(path)?;
    let none = || {
        let names = Format::of_matrices().filter_map(|format| format.matrix).flat_map(|as_matrix| as_matrix.names);
        // Names of several words take a comma before the last one too.
        format!("this is no matrix that is read here: {} are", listed(names, ", and "))
    };
    let read = reader((&mut input, &recipe.encoding), |format| format.matrix, &none)?;
    read(input, n, recipe, progress)
}

/// The reader for a file: that of the format whose mark it begins with, else of text. A name that says otherwise is an error, and `none`
/// says what to do with a file that is nothing that is read. A text is UTF-8 from here on.
fn reader<R: Copy>(
    (input, encoding): (&mut Input, &str),
    as_what: impl Fn(&Format) -> Option<Use<R>>,
    none: &dyn Fn() -> String,
) -> Result<R> {
    let opening = input.opening();
    let wrong = |message: String| Err(Error::format(&input.path, message));
    if let Some(format) = Format::ALL.iter().find(|format| format.mark.is_some_and(|begins| begins(opening))) {
        return match as_what(format) {
            Some(_) if input.packed && !format.packed => {
                wrong("such a file is not read packed with gzip or zstd; unpack it first".to_owned())
            }
            Some(found) => Ok(found.read),
            None => wrong(none()),
        };
    }
    if let Some(what) = foreign::known(opening) {
        return wrong(what);
    }
    let usable = || Format::ALL.iter().filter(|format| as_what(format).is_some());
    let name = bare_name(&input.path);
    if let Some(format) = usable().find(|format| format.mark.is_some() && format.is_said_by(&name)) {
        // Programs of the web save pages and text under the name of a spreadsheet, which Excel opens.
        if !has_extension(Path::new(&name), "xls") || input.head().contains(&0) {
            return wrong(format.unmarked.to_owned());
        }
    }
    input.decode(encoding)?;
    if input.head().contains(&0) {
        return Err(Error::format(&input.path, none()));
    }
    let text = kind_of_text(input, &name, usable().filter(|format| format.mark.is_none()))?;
    text.and_then(as_what).map_or_else(|| Err(Error::format(&input.path, none())), |found| Ok(found.read))
}

/// Which of some formats a text is: the one that its name says, else the one that it looks like, else that of any text. A name that says a
/// table is believed.
fn kind_of_text(
    input: &mut Input,
    name: &str,
    formats: impl Iterator<Item = &'static Format> + Clone,
) -> Result<Option<&'static Format>> {
    let any = formats.clone().find(|format| format.looks_so.is_none()).or_else(|| formats.clone().next());
    let named = formats.clone().find(|format| format.is_said_by(name));
    // Nobody writes another format under these names; a .txt may be anything.
    let table = [".csv", ".tsv"].iter().any(|end| name.ends_with(end));
    if table || named.is_some_and(|format| format.looks_so.is_some()) {
        return Ok(named.or(any));
    }
    let mut most = BEGINNING;
    let mut beginning = input.beginning(most)?;
    while beginning.len() == most && most < LONGEST_HEAD && is_head(&beginning) {
        most *= 4;
        beginning = input.beginning(most)?;
    }
    let whole = beginning.len() < most;
    let text = String::from_utf8_lossy(&beginning);
    let alike = |format: &&Format| format.looks_so.is_some_and(|looks_so| looks_so(&text, whole));
    Ok(formats.clone().find(alike).or(any))
}
