//! Affinity matrices in Matrix Market's coordinate format: a banner, comments, a line of sizes, then one entry a line, counted from 1.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;

use super::matrix::{check_count, check_memory, check_size, check_weight};
use crate::data::bytes::source::Input;
use crate::data::components::rows::Entry;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// The longest line that is read; those of the format are a few dozen bytes.
const LONGEST_LINE: u64 = 1 << 16;
/// Entries between two looks at the clock.
pub(in crate::data) const TICK: usize = 1 << 16;

/// Lines with their numbers.
pub(in crate::data) struct Lines {
    pub(in crate::data) path: PathBuf,
    reader: BufReader<Input>,
    pub(in crate::data) number: u64,
    text: Vec<u8>,
}

impl Lines {
    pub(in crate::data) fn of(input: Input) -> Self {
        Self { path: input.path.clone(), reader: BufReader::new(input), number: 0, text: Vec::new() }
    }

    /// The banner, which is the first line.
    pub(super) fn banner(&mut self) -> Result<Banner> {
        match self.next()?.map(banner) {
            Some(Ok(banner)) => Ok(banner),
            Some(Err(what)) => Err(self.wrong(&what)),
            None => Err(self.wrong("the file holds nothing")),
        }
    }

    /// The line of sizes: rows, columns, entries.
    pub(in crate::data) fn sizes(&mut self) -> Result<(u64, u64, u64)> {
        let sizes = self.next()?.map(|line| line.split_ascii_whitespace().map(str::parse).collect::<Vec<_>>());
        match sizes.as_deref() {
            Some([Ok(rows), Ok(columns), Ok(count)]) => Ok((*rows, *columns, *count)),
            _ => Err(self.wrong("the line of sizes has three whole numbers: rows, columns, entries")),
        }
    }

    /// The next line that is neither empty nor a comment; none at the end.
    pub(in crate::data) fn next(&mut self) -> Result<Option<&str>> {
        loop {
            self.text.clear();
            let got = (&mut self.reader).take(LONGEST_LINE).read_until(b'\n', &mut self.text);
            let got = got.map_err(|e| self.wrong(&format!("reading failed: {e}")))?;
            if got == 0 {
                return Ok(None);
            }
            self.number += 1;
            if got as u64 == LONGEST_LINE && self.text.last() != Some(&b'\n') {
                return Err(self.wrong("the line is too long for an entry"));
            }
            let comment = self.text.starts_with(b"%") && self.number > 1;
            if !comment && !self.text.trim_ascii().is_empty() {
                break;
            }
        }
        match std::str::from_utf8(&self.text) {
            Ok(line) => Ok(Some(line.trim())),
            Err(_) => Err(self.wrong("the line is no text")),
        }
    }

    pub(in crate::data) fn wrong(&self, what: &str) -> Error {
        Error::format(&self.path, format!("line {}: {what}", self.number))
    }
}

/// What the banner promises.
#[derive(Clone, Copy)]
pub(in crate::data) struct Banner {
    /// Every value, column by column, rather than entries with their places.
    pub(in crate::data) dense: bool,
    /// Entries have no value: they are 1.
    pub(in crate::data) pattern: bool,
    /// The upper triangle is left out.
    pub(super) symmetric: bool,
}

/// The entries of an `n × n` matrix.
pub(in crate::data) fn read(input: Input, n: usize, recipe: &Recipe, progress: &Progress<'_>) -> Result<Vec<Entry>> {
    let mut lines = Lines::of(input);
    let banner = lines.banner()?;
    if banner.dense {
        return Err(lines.wrong("the format `array` is not read; `coordinate` is, and dense arrays as .npy"));
    }
    let (rows, columns, count) = lines.sizes()?;
    check_size(&lines.path, rows, columns, n)?;
    let both = if banner.symmetric { 2 } else { 1 };
    check_count(&lines.path, count, (rows, columns))?;
    check_memory(&lines.path, count.saturating_mul(both), recipe)?;
    let mut entries = Vec::new();
    let mut read = 0_u64;
    while let Some(line) = lines.next()? {
        let found = entry(line, banner, (rows, columns));
        if read == count {
            return Err(lines.wrong(&format!("the file goes on after the {count} entries that its sizes promise")));
        }
        let (i, j, value) = found.map_err(|what| lines.wrong(&what))?;
        check_weight(&lines.path, value, || format!("line {}", lines.number))?;
        read += 1;
        if value > 0.0 {
            entries.push((i, j, value));
            if banner.symmetric && i != j {
                entries.push((j, i, value));
            }
        }
        if entries.len() % TICK < 2 {
            progress.at((read as f64 / count as f64) as f32, "reading the affinity")?;
        }
    }
    if read < count {
        return Err(lines.wrong(&format!("the file ends after {read} of the {count} entries that its sizes promise")));
    }
    Ok(entries)
}

/// `%%MatrixMarket matrix coordinate real|integer|pattern general|symmetric`, in any case.
fn banner(line: &str) -> Result<Banner, String> {
    let words: Vec<String> = line.split_ascii_whitespace().map(str::to_ascii_lowercase).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let ["%%matrixmarket", "matrix", format, field, symmetry] = words[..] else {
        return Err(
            "a Matrix Market file begins with `%%MatrixMarket matrix coordinate` (or array), a field and a symmetry"
                .to_owned(),
        );
    };
    let dense = match format {
        "coordinate" => false,
        "array" => true,
        _ => return Err(format!("the format `{format}` is not read; coordinate and array are")),
    };
    let pattern = match field {
        "real" | "double" | "integer" => false,
        "pattern" if !dense => true,
        _ => return Err(format!("values of field `{field}` are not read; real, integer and pattern are")),
    };
    match symmetry {
        "general" => Ok(Banner { dense, pattern, symmetric: false }),
        "symmetric" => Ok(Banner { dense, pattern, symmetric: true }),
        _ => Err(format!("the symmetry `{symmetry}` is not read; general and symmetric are")),
    }
}

/// Row, column and value of a line, counted from 0.
pub(in crate::data) fn entry(line: &str, banner: Banner, (rows, columns): (u64, u64)) -> Result<Entry, String> {
    let mut words = line.split_ascii_whitespace();
    let mut index = |what: &str, n: u64| {
        let word = words.next().ok_or_else(|| format!("the {what} is missing"))?;
        match word.parse::<u64>() {
            Ok(at) if (1..=n).contains(&at) => Ok((at - 1) as u32),
            Ok(at) => Err(format!("{what} {at} is outside 1 to {n}")),
            Err(_) => Err(format!("`{word}` is no {what}")),
        }
    };
    let (i, j) = (index("row", rows)?, index("column", columns)?);
    let value = match (banner.pattern, words.next()) {
        (true, None) => 1.0,
        (true, Some(_)) => return Err("an entry of a pattern has no value".to_owned()),
        (false, Some(word)) => word.parse().map_err(|_| format!("`{word}` is no number"))?,
        (false, None) => return Err("the value is missing".to_owned()),
    };
    if words.next().is_some() {
        return Err("there is something after the value".to_owned());
    }
    Ok((i, j, value))
}
