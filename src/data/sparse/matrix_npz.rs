//! A given affinity matrix in an archive: sparse, as SciPy's `save_npz` writes it, or a single dense array.

use std::path::Path;

use super::matrix::{check_size, check_weight, dense};
use super::npz::Archive;
use crate::data::arrays::npz::reopen;
use crate::data::bytes::archive::directory;
use crate::data::components::rows::Entry;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// The entries of an `n × n` matrix.
pub(in crate::data) fn read(path: &Path, n: usize, recipe: &Recipe, progress: &Progress<'_>) -> Result<Vec<Entry>> {
    let archive = Archive { path, members: directory(path)?, recipe };
    let Some(format) = archive.format()? else {
        return match archive.members.as_slice() {
            [only] => {
                let (input, header) = reopen(path, only)?;
                dense(input, &header, n, recipe)
            }
            _ => Err(Error::format(
                path,
                "the archive is neither a sparse matrix of SciPy's save_npz (it has no array `format`) nor a single dense array",
            )),
        };
    };
    let (rows, columns) = archive.shape()?;
    check_size(path, rows, columns, n)?;
    progress.check()?;
    let mut entries = Vec::new();
    archive.entries(&format, (rows, columns), &mut |at, (i, j, value)| {
        let place = || format!("array `data`, number {} (row {}, column {})", at + 1, i + 1, j + 1);
        check_weight(path, value, place)?;
        if value > 0.0 {
            entries.push((i, j, value));
        }
        Ok(())
    })?;
    Ok(entries)
}
