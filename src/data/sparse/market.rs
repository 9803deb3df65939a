//! Matrix Market files as samples, one a row: coordinates, which are sparse, and arrays, which are not.

use ndarray::Array2;

use super::matrix::check_count;
use super::matrix_market::{Banner, Lines, TICK, entry};
use super::{Sparse, check_size};
use crate::data::arrays::npy::split_columns;
use crate::data::bytes::source::{Input, stem};
use crate::data::components::rows::Entry;
use crate::data::raw::Raw;
use crate::data::table::numbered;
use crate::support::memory;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Bytes of memory for each value of a dense array while it is read.
const VALUE: f64 = 16.0;

/// Load a Matrix Market file.
pub(in crate::data) fn load_file(input: Input, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let mut lines = Lines::of(input);
    let banner = lines.banner()?;
    let raw =
        if banner.dense { dense(lines, banner, recipe, progress) } else { sparse(lines, banner, recipe, progress) };
    split_columns(raw?, recipe)
}

fn sparse(mut lines: Lines, banner: Banner, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let (rows, columns, count) = lines.sizes()?;
    check_size(rows, columns).map_err(|what| lines.wrong(&what))?;
    check_square(&lines, banner, (rows, columns))?;
    check_count(&lines.path, count, (rows, columns))?;
    let mut entries: Vec<Entry> = Vec::new();
    let mut read = 0_u64;
    while let Some(line) = lines.next()? {
        let found = entry(line, banner, (rows, columns));
        let (i, j, value) = found.map_err(|what| lines.wrong(&what))?;
        if read == count {
            return Err(lines.wrong(&format!("the file goes on after the {count} entries that its sizes promise")));
        }
        if value.is_infinite() {
            return Err(lines.wrong(&format!("the value {value} is infinite")));
        }
        read += 1;
        entries.push((i, j, value));
        if banner.symmetric && i != j {
            entries.push((j, i, value));
        }
        if read.is_multiple_of(TICK as u64) {
            progress.at(0.6 * (read as f64 / count as f64) as f32, "reading")?;
        }
    }
    if read < count {
        return Err(lines.wrong(&format!("the file ends after {read} of the {count} entries that its sizes promise")));
    }
    Sparse { path: lines.path, rows, columns, entries, names: ("column", 1) }.into_raw(recipe, progress)
}

fn check_square(lines: &Lines, banner: Banner, (rows, columns): (u64, u64)) -> Result<()> {
    if banner.symmetric && rows != columns {
        return Err(lines.wrong(&format!("a symmetric matrix is square; this is {rows} × {columns}")));
    }
    Ok(())
}

/// Every value on a line of its own, column by column; of a symmetric matrix those from the diagonal on.
fn dense(mut lines: Lines, banner: Banner, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let sizes = lines.next()?.map(|line| line.split_ascii_whitespace().map(str::parse::<u64>).collect::<Vec<_>>());
    let Some(&[Ok(rows), Ok(columns)]) = sizes.as_deref() else {
        return Err(lines.wrong("the line of sizes of an array has two whole numbers: rows, columns"));
    };
    if rows == 0 || columns == 0 {
        return Err(lines.wrong(&format!("the matrix is {rows} × {columns}: nothing")));
    }
    check_square(&lines, banner, (rows, columns))?;
    let whole = rows.saturating_mul(columns);
    memory::check(whole as f64 * VALUE, recipe.memory.set())
        .map_err(|what| Error::format(&lines.path, format!("a matrix of {rows} × {columns} {what}")))?;
    let count = if banner.symmetric { (whole - rows) / 2 + rows } else { whole };
    let mut values: Vec<f64> = Vec::new();
    while let Some(line) = lines.next()? {
        let value =
            line.parse::<f64>().map_err(|_| format!("`{}` is no number", line.chars().take(40).collect::<String>()));
        let value = value.map_err(|what| lines.wrong(&what))?;
        if values.len() as u64 == count {
            return Err(lines.wrong(&format!("the file goes on after the {count} values that its sizes promise")));
        }
        if value.is_infinite() {
            return Err(lines.wrong(&format!("the value {value} is infinite")));
        }
        values.push(value);
        if values.len().is_multiple_of(TICK) {
            progress.at(0.8 * (values.len() as f64 / count as f64) as f32, "reading")?;
        }
    }
    if (values.len() as u64) < count {
        let read = values.len();
        return Err(lines.wrong(&format!("the file ends after {read} of the {count} values that its sizes promise")));
    }
    let (n, d) = (rows as usize, columns as usize);
    let place = |(i, j): (usize, usize)| {
        if !banner.symmetric {
            return j * n + i;
        }
        // Column j holds n − j values, from the diagonal on.
        let (row, column) = (i.max(j), i.min(j));
        column * n - column * column.saturating_sub(1) / 2 + row - column
    };
    let features = Array2::from_shape_fn((n, d), |at| values[place(at)]);
    Ok(Raw::new(stem(&lines.path), lines.path, features, numbered(d)))
}

#[cfg(test)]
mod tests {

    use ndarray::array;

    use super::*;
    use crate::data::values::Values;

    fn read(text: &str) -> Result<Raw> {
        load_file(Input::of_text("a.mtx", text)?, &Recipe::default(), &Progress::silent())
    }

    #[test]
    fn coordinates_and_arrays_in_their_dialects() {
        let head = "%%MatrixMarket matrix";
        let general = read(&format!("{head} coordinate integer general\n% said\n2 3 3\n1 2 4\n2 3 -7\n1 2 1\n"));
        assert_eq!(general.expect("reads").features, Values::from(array![[0.0, 5.0, 0.0], [0.0, 0.0, -7.0]]));
        let pattern = read(&format!("{head} coordinate pattern symmetric\n3 3 2\n2 1\n3 3\n")).expect("reads");
        assert_eq!(pattern.features, Values::from(array![[0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]));
        let array = read(&format!("{head} array real general\n2 3\n1\n2\n3\n4\n5\n6\n")).expect("reads");
        assert_eq!(array.features, Values::from(array![[1.0, 3.0, 5.0], [2.0, 4.0, 6.0]]));
        assert!(array.notes.is_empty(), "{:?}", array.notes);
        let symmetric = read(&format!("{head} array real symmetric\n3 3\n1\n2\n3\n4\n5\n6\n")).expect("reads");
        assert_eq!(symmetric.features, Values::from(array![[1.0, 2.0, 3.0], [2.0, 4.0, 5.0], [3.0, 5.0, 6.0]]));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let head = "%%MatrixMarket matrix";
        for (rest, words) in [
            (" coordinate real general\n2 2 1\n3 1 1\n", ["line 3", "row 3 is outside 1 to 2"]),
            (" coordinate real general\n2 2 2\n1 1 1\n", ["line 3", "1 of the 2 entries"]),
            (" coordinate real general\n2 2 1\n1 1 1e999\n", ["line 3", "infinite"]),
            (" coordinate real symmetric\n2 3 1\n1 1 1\n", ["line 2", "square"]),
            (" array real general\n2 2\n1\n2\n3\n", ["line 5", "3 of the 4 values"]),
            (" array real general\n2 1\n1\n2\n3\n", ["line 5", "goes on"]),
            (" array real general\n2 1 2\n1\n2\n", ["line 2", "two whole numbers"]),
            (" array pattern general\n2 1\n1\n2\n", ["line 1", "`pattern`"]),
            (" array complex general\n2 1\n1\n2\n", ["line 1", "`complex`"]),
        ] {
            let message = read(&format!("{head}{rest}")).expect_err(rest).to_string();
            assert!(words.iter().all(|word| message.contains(word)), "{rest}: {message}");
        }
    }
}
