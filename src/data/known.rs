//! Rows whose labels are known, in a table of two columns: `row`, the place in the source counted from 0, and `label`.

use std::collections::BTreeMap;
use std::path::Path;

use crate::{Error, Result};

/// Classes of some rows of a source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// The class of each row of which it is known, by its place in the source.
    pub rows: BTreeMap<usize, u32>,
    /// Names of the classes, in alphabetical order.
    pub names: Vec<String>,
}

/// Reads such a table. Of an exported table with labels that a person gave, those rows count that they assigned or accepted.
///
/// # Errors
/// [`Error::Io`] when it cannot be read; [`Error::Format`] naming the line of a row that is no number or has two labels, and for a table
/// without these columns.
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
    let mut found: BTreeMap<usize, String> = BTreeMap::new();
    for record in reader.records() {
        let record = record.map_err(|e| wrong(&e))?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |at: usize| record.get(at).unwrap_or_default();
        let said = source.is_none_or(|at| ["assigned", "accepted"].contains(&cell(at)));
        if !said || cell(label).is_empty() {
            continue;
        }
        let Ok(place) = cell(row).parse() else {
            return Err(Error::format(path, format!("line {line}: {:?} is no number of a row", cell(row))));
        };
        let other = found.insert(place, cell(label).to_owned()).is_some_and(|before| before != cell(label));
        if other {
            return Err(Error::format(path, format!("line {line}: row {place} has two labels")));
        }
    }
    let mut names: Vec<String> = found.values().cloned().collect();
    names.sort_unstable();
    names.dedup();
    let class = |name: &String| names.binary_search(name).map_or(0, |at| at as u32);
    let rows = found.iter().map(|(&row, name)| (row, class(name))).collect();
    Ok(Known { rows, names })
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
        assert_eq!(known.rows.into_iter().collect::<Vec<_>>(), [(0, 0), (4, 1), (9, 1)]);
    }

    #[test]
    fn of_an_export_what_a_person_said_counts() {
        let text = "x,row,label,label_edited,label_source\n1,0,u,a,assigned\n2,1,u,b,solver\n3,2,v,b,accepted\n4,3,v,,outlier\n";
        let known = read(text).expect("a table");
        assert_eq!(known.rows.into_iter().collect::<Vec<_>>(), [(0, 0), (2, 1)]);
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
