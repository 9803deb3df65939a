//! Labels that a person gave, as the table from which a training knows them.

use std::path::Path;

use super::write_atomically;
use crate::Result;

/// Writes a row for each of these places in the source with its label: what [`crate::data::read_known`] reads.
///
/// # Errors
/// [`crate::Error::Io`] with the path.
pub fn write_known<'a>(path: &Path, rows: impl Iterator<Item = (u32, &'a str)>) -> Result<()> {
    let mut table = csv::Writer::from_writer(Vec::new());
    let written = table.write_record(["row", "label"]).and_then(|()| {
        for (row, label) in rows {
            table.write_record([&row.to_string(), label])?;
        }
        table.flush().map_err(csv::Error::from)
    });
    let bytes = table.into_inner().map_err(|e| e.to_string());
    let text = written.map_err(|e| e.to_string()).and(bytes).map_err(|e| crate::Error::format(path, e))?;
    write_atomically(path, |writer| writer.write_all(&text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::read_known;

    #[test]
    fn what_is_written_is_read_again() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("known.csv");
        let rows = [(3, "a, \"b\""), (7, "ü"), (9, "ü")];
        write_known(&path, rows.into_iter()).expect("written");
        let known = read_known(&path).expect("read");
        assert_eq!(known.names, ["a, \"b\"", "ü"]);
        assert_eq!(known.rows(), [(3, 0), (7, 1), (9, 1)]);
    }
}
