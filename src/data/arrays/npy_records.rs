//! Structured arrays of `NumPy`: records of several named fields, which are a table.

use super::npy::decode;
use super::npy_header::{Content, Header, content};
use crate::data::Table;
use crate::data::bytes::element::{Element, Kind, fill};
use crate::data::bytes::source::Input;
use crate::data::columns::Cells;
use crate::data::raw::Raw;
use crate::data::text::delimiter::Delimiter;
use crate::data::text::header::name_columns;
use crate::support::language::counted;
use crate::support::number::shortest;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Most values of a field that is an array itself, and most columns of all fields.
const MOST: usize = 1 << 16;
/// Records after which the job may be stopped.
const OFTEN: usize = 1 << 14;

/// A field of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::data) struct Field {
    name: String,
    /// What each of its values is; nothing where it only fills up.
    content: Option<Box<Content>>,
    /// Values, or bytes to pass over.
    count: usize,
    /// Whether it is an array, whose values are numbered.
    array: bool,
}

impl Field {
    /// Bytes of it.
    pub(in crate::data) fn size(&self) -> usize {
        self.content.as_ref().map_or(1, |content| content.size()).saturating_mul(self.count)
    }

    /// Names of its columns.
    fn columns(&self) -> Vec<String> {
        match (&self.content, self.array) {
            (None, _) => Vec::new(),
            (_, false) => vec![self.name.clone()],
            (_, true) => (0..self.count).map(|at| format!("{}.{at}", self.name)).collect(),
        }
    }
}

/// The fields that a type lists: `[('a', '<i4'), ('b', '<f8', (3,))]`, and what follows the list.
pub(in crate::data) fn fields(text: &str) -> Result<Vec<Field>, String> {
    let unclear = || "the fields of its records cannot be read".to_owned();
    let mut rest = text.strip_prefix('[').ok_or_else(unclear)?.trim_start();
    let (mut found, mut columns) = (Vec::new(), 0_usize);
    while !rest.starts_with(']') {
        rest = rest.strip_prefix('(').ok_or_else(unclear)?.trim_start();
        let (name, after) = word(rest).ok_or("fields with titles are not read; save them with names alone")?;
        rest = next(after).ok_or_else(unclear)?;
        if rest.starts_with('[') {
            return Err("fields within fields are not read; save plain ones".to_owned());
        }
        let (kind, after) = word(rest).ok_or_else(unclear)?;
        rest = after.trim_start();
        let mut shape = None;
        if let Some(after) = rest.strip_prefix(',').map(str::trim_start).filter(|after| !after.starts_with(')')) {
            let (sizes, after) = after.strip_prefix('(').and_then(|after| after.split_once(')')).ok_or_else(unclear)?;
            let sizes = sizes.split(',').map(str::trim).filter(|size| !size.is_empty());
            let count =
                sizes.map(|size| size.parse::<usize>().ok()).try_fold(1, |all: usize, size| all.checked_mul(size?));
            shape = Some(count.filter(|count| (1..=MOST).contains(count)).ok_or_else(unclear)?);
            rest = after.trim_start();
        }
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        rest = rest.strip_prefix(')').ok_or_else(unclear)?.trim_start();
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
        let fill = kind.trim_start_matches(['|', '<', '>']).strip_prefix('V').and_then(|size| size.parse().ok());
        let field = if let Some(count) = fill.filter(|size| *size <= MOST) {
            Field { name, content: None, count, array: false }
        } else {
            let content = Some(Box::new(content(&kind)?));
            Field { name, content, count: shape.unwrap_or(1), array: shape.is_some() }
        };
        columns += field.columns().len();
        if columns > MOST {
            return Err(format!("its records have more than {MOST} values"));
        }
        found.push(field);
    }
    if columns == 0 { Err("its records have no field".to_owned()) } else { Ok(found) }
}

/// A word in quotes at the beginning of a text, and what follows it.
fn word(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let (inside, rest) = text[1..].split_once(quote)?;
    Some((inside.to_owned(), rest))
}

/// What follows a comma.
fn next(text: &str) -> Option<&str> {
    text.trim_start().strip_prefix(',').map(str::trim_start)
}

/// Load records as the rows of a table.
pub(in crate::data) fn load(
    mut input: Input,
    header: &Header,
    fields: &[Field],
    recipe: &Recipe,
    progress: &Progress,
) -> Result<Raw> {
    let path = input.path.clone();
    if header.shape.iter().filter(|&&size| size != 1).count() > 1 {
        let message = format!("records have one dimension to be rows of a table; this has {:?}", header.shape);
        return Err(Error::format(&path, message));
    }
    let mut names: Vec<String> = fields.iter().flat_map(Field::columns).collect();
    // A cell of text takes its digits and where it ends.
    input.check_memory(header.values.saturating_mul(names.len()), 2 * size_of::<f64>(), recipe)?;
    let mut notes: Vec<String> = name_columns(&mut names).into_iter().collect();
    notes.insert(0, format!("records of {} are the rows of a table", counted(fields.len(), "field")));
    let mut table = Table::new(names);
    let mut record = vec![0; fields.iter().map(Field::size).sum()];
    let mut cells = Vec::new();
    for row in 0..header.values {
        let got = fill(&mut input, &mut record).map_err(|e| Error::format(&path, format!("cannot be read: {e}")))?;
        if got < record.len() {
            let message =
                format!("the file ends after {row} of the {} records that its header promises", header.values);
            return Err(Error::format(&path, message));
        }
        cells.clear();
        let mut rest = record.as_slice();
        for field in fields {
            let (own, after) = rest.split_at(field.size());
            rest = after;
            if let Some(content) = &field.content {
                cells.extend(own.chunks_exact(content.size().max(1)).map(|value| text(content, value)));
            }
        }
        table.push(cells.iter().map(String::as_str))?;
        if row.is_multiple_of(OFTEN) {
            progress.at(0.6 * row as f32 / header.values as f32, "reading")?;
        }
    }
    input.check_end()?;
    let delimiter = Delimiter::Byte(b',');
    Cells { path, table, lines: Vec::new(), delimiter, row_names: false, said: Vec::new(), notes }
        .into_raw(recipe, progress)
}

/// A value as text, with all its digits; nothing where it is no number.
fn text(content: &Content, value: &[u8]) -> String {
    match content {
        Content::Numbers(element) => number(*element, value),
        Content::Words { wide, big_endian, .. } => decode(value, *wide, *big_endian),
        Content::Records(_) => String::new(),
    }
}

/// A number as text.
pub(in crate::data) fn number(element: Element, mut value: &[u8]) -> String {
    if element.is_wide_integer() {
        let whole = element.read_wide(&mut value, 1).ok().and_then(|whole| whole.first().copied());
        return whole.map(|whole| whole.to_string()).unwrap_or_default();
    }
    let Some(number) = element.one(value) else { return String::new() };
    match element.kind {
        _ if number.is_nan() => String::new(),
        Kind::Bool => (number != 0.0).to_string(),
        Kind::F16 | Kind::F32 => shortest(number, number as f32),
        _ => shortest(number, number),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_read_as_numpy_writes_them() {
        let text = "[('a', '<i4'), ('e', '<f4', (2, 2)), ('', '|V4'), ('w', '<U3')], 'fortran_order': False";
        let found = fields(text).expect("four fields");
        let columns: Vec<String> = found.iter().flat_map(Field::columns).collect();
        assert_eq!(columns.join(" "), "a e.0 e.1 e.2 e.3 w");
        assert_eq!(found.iter().map(Field::size).collect::<Vec<_>>(), [4, 16, 4, 12]);
        for text in
            ["[", "[]", "[('a')]", "[('a', '<f4'", "[(('t', 'a'), '<f4')]", "[('a', '<f4', (0,))]", "[('', '|V4')]"]
        {
            assert!(fields(text).is_err(), "{text}");
        }
    }

    #[test]
    fn numbers_keep_their_digits() {
        let of = |kind, bytes: &[u8]| number(Element { kind, big_endian: false }, bytes);
        assert_eq!(of(Kind::I64, &9_007_199_254_740_993_i64.to_le_bytes()), "9007199254740993");
        assert_eq!(of(Kind::F32, &0.1_f32.to_le_bytes()), "0.1");
        assert_eq!(of(Kind::Bool, &[1]), "true");
        assert_eq!(of(Kind::F64, &f64::NAN.to_le_bytes()), "");
    }
}
