//! New rows with the cluster a model gives them.

use std::io::{self, Write};

use super::columns::{Column, Columns};
use crate::data::Dataset;
use crate::model::Labelled;

/// Whether the first line of a file is one that [`write_applied`] writes.
pub(super) fn is_header(line: &str) -> bool {
    let names: Vec<&str> = line.trim_end().split(',').collect();
    names.starts_with(&["row", "cluster"]) && names.contains(&"learned_1")
}

/// Writes `row,cluster,cluster_name?,learned_1..k` as CSV, then `learned_diffusion_1..k` where the model clusters diffusion coordinates;
/// `row` is the row of the source, from 0 as `index` in the labelled table of a run.
///
/// # Errors
/// Those of the writer.
pub fn write_applied(writer: &mut dyn Write, rows: &Dataset, labelled: &Labelled, names: &[String]) -> io::Result<()> {
    let mut columns = Columns::default();
    columns.push("row", Column::Row(&rows.rows));
    columns.clusters("cluster", &labelled.clusters, (!names.is_empty()).then_some(names));
    columns.coordinates("learned", labelled.coordinates.view(), None);
    if let Some(diffusion) = &labelled.diffusion {
        columns.coordinates("learned_diffusion", diffusion.view(), None);
    }
    columns.write(writer, rows.len(), &[], |_, _| Ok(()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ndarray::array;

    use super::*;
    use crate::output::fixture::snapshot;

    #[test]
    fn rows_are_named_by_their_place_in_the_source_from_0() {
        let mut rows = snapshot(2).data;
        rows.rows = Arc::new(vec![0, 5]);
        let labelled =
            Labelled { coordinates: array![[0.5, -1.0], [0.25, 1e-7]], clusters: vec![1, 0], diffusion: None };
        let mut text = Vec::new();
        write_applied(&mut text, &rows, &labelled, &["a".to_owned(), "=b".to_owned()]).expect("written to memory");
        let text = String::from_utf8(text).expect("text");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[0], "row,cluster,cluster_name,learned_1,learned_2");
        assert!(is_header(lines[0]) && lines[1].starts_with("0,1,") && !lines[1].contains(",=b"), "{text}");
        assert_eq!(lines[2], "5,0,a,0.25,1e-7");
    }
}
