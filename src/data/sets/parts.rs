//! A table in the files of one folder, as programs write it that work in parts: Spark, Dask, Polars. Beside the parts stand signs of their own.

use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::vec::IntoIter;

use crate::data::bytes::source::{Input, bare_name, has_extension};
use crate::data::cell::is_number;
use crate::data::formats::Format;
use crate::data::typed::parquet_file;
use crate::support::language::{counted, short};
use crate::support::plain;
use crate::{Error, Result};

/// Bytes of a part that are looked through for the end of its first line, and in steps of how many.
const LONGEST_LINE: usize = 1 << 24;
const STEP: usize = 1 << 14;
/// Characters of a line that a message shows.
const SHOWN: usize = 60;

/// The files of a folder whose names say that they may be tables, in the order of the numbers in their names; those that begin with a point
/// or a line, and those without a byte, are signs of programs.
pub(super) fn tables_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut tables = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(Error::io("read", folder))? {
        let path = entry.map_err(Error::io("read", folder))?.path();
        let name = bare_name(&path);
        let known =
            Format::of_samples().flat_map(|format| format.extensions).any(|end| has_extension(Path::new(&name), end));
        let holds = path.metadata().is_ok_and(|about| about.is_file() && about.len() > 0);
        if holds && known && !name.starts_with(['.', '_']) {
            tables.push(path);
        }
    }
    tables.sort_by_cached_key(|path| in_order(&name(path)));
    Ok(tables)
}

/// A name in which each number has its length before it, so that `part.10` comes behind `part.9`.
fn in_order(name: &str) -> String {
    let (mut key, mut rest) = (String::new(), name);
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, number) = rest.split_at(at);
        let (number, behind) = number.split_at(number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len()));
        let number = number.trim_start_matches('0');
        key.extend([before, &format!("{:03}", number.len()), number]);
        rest = behind;
    }
    key + rest
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether names say that files are parts of one table: each is called a part, or they differ in numbers alone.
pub(super) fn are_parts(files: &[PathBuf]) -> bool {
    let shape = |path: &PathBuf| name(path).split(|c: char| c.is_ascii_digit()).collect::<String>();
    let called = files.iter().all(|path| name(path).to_lowercase().starts_with("part"));
    files.len() > 1 && (called || files.windows(2).all(|pair| shape(&pair[0]) == shape(&pair[1])))
}

/// What is said of parts that were read.
pub(super) fn sentence(files: &[PathBuf]) -> String {
    let [first, .., last] = files else { return String::new() };
    let (count, first, last) = (counted(files.len(), "file"), name(first), name(last));
    format!("{count} of the folder read as one table: {} to {}", plain::line(&first), plain::line(&last))
}

/// The parts of a table as one stream: of Parquet the files stand for themselves, text goes on from part to part, and has the names of its
/// columns once.
///
/// # Errors
/// [`Error::Format`] naming the part that does not go with the first.
pub(super) fn open(folder: &Path, files: &[PathBuf], encoding: &str) -> Result<Input> {
    let Some((first, others)) = files.split_first() else { return Err(Error::format(folder, "it holds no part")) };
    let mut input = Input::open(first)?;
    let kind = Kind::of(&input);
    let line = if kind == Kind::Text { first_line(&mut input, encoding)? } else { String::new() };
    let (mut stored, mut packed, mut lines) = (input.stored, input.packed, Vec::new());
    let wrong = |path: &Path, what: &str| {
        let first = name(first);
        Error::format(path, format!("it is no part of one table with {}: {what}", plain::line(&first)))
    };
    for path in others {
        let mut other = Input::open(path)?;
        (stored, packed) = (stored.saturating_add(other.stored), packed || other.packed);
        if kind == Kind::Other || Kind::of(&other) != kind {
            return Err(wrong(path, "parts that are read are all Parquet, or all text"));
        }
        if kind == Kind::Text {
            let other = first_line(&mut other, encoding)?;
            let (other, line) = (other.trim_end(), line.trim_end());
            lines.push((other == line, may_be_row(other), short(other, SHOWN)));
        }
    }
    // Either all parts begin with the names of the columns, or all with a row.
    let named = lines.iter().any(|(same, ..)| *same);
    let fits = |same: bool, row: bool| if named { same } else { row && may_be_row(&line) };
    if let Some((path, (.., other))) = others.iter().zip(&lines).find(|(_, (same, row, _))| !fits(*same, *row)) {
        let line = short(line.trim_end(), SHOWN);
        let what = format!("its first line is `{}`, and there it is `{}`", plain::line(other), plain::line(&line));
        return Err(wrong(path, &what));
    }
    if kind == Kind::Columns {
        return Ok(input.in_parts(folder, (stored, packed), files.to_vec(), |reader| reader));
    }
    let (files, encoding) = (Vec::from(others).into_iter(), encoding.to_owned());
    let joined = |part| Box::new(Joined { part, files, encoding, named, ended: true }) as Box<dyn Read + Send>;
    Ok(input.in_parts(folder, (stored, packed), Vec::new(), joined))
}

/// What a part holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Columns,
    Text,
    /// What is not read in parts.
    Other,
}

impl Kind {
    fn of(input: &Input) -> Self {
        let opening = input.opening();
        let wide = opening.starts_with(b"\xff\xfe") || opening.starts_with(b"\xfe\xff");
        match opening {
            _ if opening.starts_with(parquet_file::MARK) && !input.packed => Self::Columns,
            [b'P', b'K', 3, 4, ..] => Self::Other,
            _ if opening.starts_with(parquet_file::MARK) => Self::Other,
            _ if opening.contains(&0) && !wide => Self::Other,
            _ => Self::Text,
        }
    }
}

/// The first line of a text, with its end.
fn first_line(input: &mut Input, encoding: &str) -> Result<String> {
    input.decode(encoding)?;
    let mut most = STEP;
    loop {
        let beginning = input.beginning(most)?;
        let end = beginning.iter().position(|&byte| byte == b'\n').map(|at| at + 1);
        if end.is_some() || beginning.len() < most || most >= LONGEST_LINE {
            return Ok(String::from_utf8_lossy(&beginning[..end.unwrap_or(beginning.len())]).into_owned());
        }
        most *= 4;
    }
}

/// Whether a line may be a row: it holds a number, or an object.
fn may_be_row(line: &str) -> bool {
    let cells = |mark: char| line.split(mark).map(|cell| cell.trim().trim_matches('"'));
    line.trim_start().starts_with(['{', '[']) || [',', ';', '\t', '|', ' '].into_iter().any(|m| cells(m).any(is_number))
}

/// Parts of a text, one after the other.
struct Joined {
    part: Box<dyn Read + Send>,
    files: IntoIter<PathBuf>,
    encoding: String,
    /// Whether each part begins with the names of the columns.
    named: bool,
    /// Whether what was read ends a line.
    ended: bool,
}

impl Joined {
    /// Whether there is another part, which is read from its first row on.
    fn go_on(&mut self) -> Result<bool> {
        let Some(path) = self.files.next() else { return Ok(false) };
        let mut part = Input::open(&path)?;
        let line = first_line(&mut part, &self.encoding)?;
        if self.named {
            let passed = io::copy(&mut part.by_ref().take(line.len() as u64), &mut io::sink());
            passed.map_err(Error::io("read", &path))?;
        }
        self.part = Box::new(part);
        Ok(true)
    }
}

impl Read for Joined {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let got = self.part.read(buffer)?;
            if let Some(&last) = buffer.get(..got).and_then(<[u8]>::last) {
                self.ended = last == b'\n';
                return Ok(got);
            }
            if buffer.is_empty() || self.files.len() == 0 {
                return Ok(0);
            }
            if !self.ended {
                self.ended = true;
                buffer[0] = b'\n';
                return Ok(1);
            }
            self.go_on().map_err(|e| io::Error::other(e.to_string()))?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_known_by_their_names_and_come_in_the_order_of_their_numbers() {
        let are = |names: &[&str]| are_parts(&names.iter().map(PathBuf::from).collect::<Vec<_>>());
        for parts in [
            &["part-00000-8f2c.csv", "part-00001-8f2c.csv"][..],
            &["part.0.parquet", "part.10.parquet"],
            &["0.parquet", "1.parquet"],
            &["sales_2019.csv", "sales_2020.csv"],
        ] {
            assert!(are(parts), "{parts:?}");
        }
        for others in [&["train.csv", "test.csv"][..], &["part-0.csv"], &["labels.csv", "summary.json"], &[]] {
            assert!(!are(others), "{others:?}");
        }
        let mut names = ["part.10.csv", "part.9.csv", "part.0010.b", "a", "part.csv"];
        names.sort_by_cached_key(|name| in_order(name));
        assert_eq!(names, ["a", "part.9.csv", "part.0010.b", "part.10.csv", "part.csv"]);
    }
}
