//! Rows whose labels are known, in a table of two columns: `row`, the place in the source counted from 0, and `label`.

use std::collections::HashMap;
use std::path::Path;

use crate::support::language::short;
use crate::{Error, Result};

/// Labels that are told apart.
const MOST_NAMES: usize = 1 << 16;

/// Classes of some rows of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Places in the source, ascending, each with its class.
    rows: Vec<(u32, u32)>,
    /// Names of the classes, in alphabetical order.
    pub names: Vec<String>,
}

impl Known {
    /// The class of a row, by its place in the source.
    #[must_use]
    pub fn class(&self, row: usize) -> Option<u32> {
        let row = u32::try_from(row).ok()?;
        let at = self.rows.binary_search_by_key(&row, |(row, _)| *row).ok()?;
        self.rows.get(at).map(|(_, class)| *class)
    }

    /// Places in the source, ascending, each with its class.
    #[must_use]
    pub fn rows(&self) -> &[(u32, u32)] {
        &self.rows
    }
}

/// Reads such a table. Of an exported table with labels that a person gave, those rows count that they assigned or accepted.
///
/// # Errors
/// [`Error::Io`] when it cannot be read; [`Error::Format`] naming the line of what is no number of a row, a row with two labels, more than
/// 65,536 labels, and a table without these columns.
pub fn read_known(path: &Path) -> Result<Known> {
    let file = std::fs::File::open(path).map_err(Error::io("read", path))?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(std::io::BufReader::new(file));
    let wrong = |error: &csv::Error| Error::format(path, format!("no table of known labels: {error}"));
    let header = reader.headers().map_err(|e| wrong(&e))?.clone();
    let at = |name: &str| header.iter().position(|column| column.eq_ignore_ascii_case(name));
    let (Some(row), Some(label)) = (at("row"), at("label_edited").or_else(|| at("label"))) else {
        return Err(Error::format(path, "a table of known labels has the columns `row` and `label`"));
    };
    let source = at("label_source").filter(|_| at("label_edited") == Some(label));
    let (mut rows, mut numbers) = (Vec::<(u32, u32)>::new(), HashMap::<String, u32>::new());
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).map_err(|e| wrong(&e))? {
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let said = source.is_none_or(|at| ["assigned", "accepted", "split"].contains(&cell(at)));
        if !said || cell(label).is_empty() {
            continue;
        }
        let Ok(place) = cell(row).parse() else {
            let line = record.position().map_or(0, csv::Position::line);
            return Err(Error::format(path, format!("line {line}: `{}` is no number of a row", short(cell(row), 40))));
        };
        let number = match numbers.get(cell(label)) {
            Some(&number) => number,
            None if numbers.len() == MOST_NAMES => {
                return Err(Error::format(path, format!("it has more than {MOST_NAMES} labels")));
            }
            None => {
                let number = numbers.len() as u32;
                numbers.insert(cell(label).to_owned(), number);
                number
            }
        };
        rows.push((place, number));
    }
    rows.sort_unstable();
    rows.dedup();
    if let Some(two) = rows.windows(2).find(|two| two[0].0 == two[1].0) {
        return Err(Error::format(path, format!("row {} has two labels", two[0].0)));
    }
    let mut names: Vec<(String, u32)> = numbers.into_iter().collect();
    names.sort_unstable();
    let mut class = vec![0; names.len()];
    for (at, (_, number)) in names.iter().enumerate() {
        class[*number as usize] = at as u32;
    }
    for (_, number) in &mut rows {
        *number = class[*number as usize];
    }
    Ok(Known { rows, names: names.into_iter().map(|(name, _)| name).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> std::result::Result<Known, String> {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("known.csv");
        std::fs::write(&path, text).expect("written");
        read_known(&path).map_err(|e| e.to_string())
    }

    #[test]
    fn rows_with_their_labels_are_read() {
        let known = read("row,label\n4,b\n0, a\n7,\n9,b\n").expect("a table");
        assert_eq!(known.names, ["a", "b"]);
        assert_eq!(known.rows(), [(0, 0), (4, 1), (9, 1)]);
        assert_eq!((known.class(4), known.class(5), known.class(usize::MAX)), (Some(1), None, None));
    }

    #[test]
    fn of_an_export_what_a_person_said_counts() {
        let text = "x,row,label,label_edited,label_source\n1,0,u,a,assigned\n2,1,u,b,solver\n3,2,v,b,accepted\n4,3,v,,outlier\n5,4,v,a,split\n";
        let known = read(text).expect("a table");
        assert_eq!(known.rows(), [(0, 0), (2, 1), (4, 0)]);
    }

    #[test]
    fn what_is_no_such_table_is_refused_with_its_line() {
        for (text, said) in [
            ("a,b\n1,2\n", "`row` and `label`"),
            ("row,label\n1,a\nx,b\n", "line 3"),
            ("row,label\n1,a\n1,b\n", "two labels"),
            ("row,label\n1,a,c\n", "known labels"),
            ("", "`row` and `label`"),
        ] {
            let error = read(text).expect_err("it is none");
            assert!(error.contains(said) && error.contains("known.csv"), "{error}");
        }
    }
}
