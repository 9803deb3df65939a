//! Archives whose arrays are the columns of a table, each a number or a word a row.

use std::path::Path;

use super::npy::read_words;
use super::npy_header::{Content, Header};
use super::npy_records::number;
use super::npz::reopen;
use crate::data::Table;
use crate::data::bytes::archive::Member;
use crate::data::columns::Cells;
use crate::data::raw::Raw;
use crate::data::text::delimiter::Delimiter;
use crate::support::language::counted;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Most columns.
const MOST: usize = 1 << 14;

/// The arrays, where there are several and all of them hold as many values in one dimension.
pub(in crate::data) fn of<'a>(arrays: &[(&'a Member, Result<Header>)]) -> Option<Vec<(&'a Member, usize)>> {
    let length = |header: &Header| match (header.shape.as_slice(), &header.content) {
        ([length], Content::Numbers(_) | Content::Words { .. }) => Some(*length),
        _ => None,
    };
    let found: Option<Vec<(&Member, usize)>> =
        arrays.iter().map(|(member, header)| Some((*member, length(header.as_ref().ok()?)?))).collect();
    let found = found?;
    let rows = found.first()?.1;
    (found.len() > 1 && found.len() <= MOST && rows > 1 && found.iter().all(|(_, length)| *length == rows))
        .then_some(found)
}

/// Load them as a table.
pub(in crate::data) fn load(
    path: &Path,
    columns: &[(&Member, usize)],
    recipe: &Recipe,
    progress: &Progress,
) -> Result<Raw> {
    let rows = columns.first().map_or(0, |(_, rows)| *rows);
    let mut texts: Vec<Box<dyn Fn(usize) -> String>> = Vec::new();
    for (at, (member, _)) in columns.iter().enumerate() {
        progress.at(0.5 * at as f32 / columns.len() as f32, "reading")?;
        let (mut input, header) = reopen(path, member)?;
        input.check_memory(header.values, header.content.size().max(size_of::<f64>()), recipe)?;
        if let Content::Numbers(element) = header.content {
            let size = element.size();
            let mut bytes = Vec::new();
            let most = (header.values * size) as u64;
            let read = std::io::Read::read_to_end(&mut std::io::Read::take(&mut input, most), &mut bytes);
            read.map_err(|e| Error::format(path, format!("array `{}`: {e}", member.name)))?;
            if bytes.len() as u64 != most {
                return Err(Error::format(path, format!("array `{}` is cut off", member.name)));
            }
            texts.push(Box::new(move |row| number(element, &bytes[row * size..(row + 1) * size])));
        } else {
            let (words, ids) = read_words(&mut input, &header)?;
            texts.push(Box::new(move |row| words[ids[row] as usize].clone()));
        }
        input.check_end()?;
    }
    let mut table = Table::new(columns.iter().map(|(member, _)| member.name.clone()).collect());
    for row in 0..rows {
        let cells: Vec<String> = texts.iter().map(|text| text(row)).collect();
        table.push(cells.iter().map(String::as_str))?;
    }
    let notes = vec![format!(
        "{} of one dimension, each as long, are the columns of a table (--array takes one of them alone)",
        counted(columns.len(), "array")
    )];
    let (path, delimiter) = (path.to_owned(), Delimiter::Byte(b','));
    Cells { path, table, lines: Vec::new(), delimiter, row_names: false, said: Vec::new(), notes }
        .into_raw(recipe, progress)
}
