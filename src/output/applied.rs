//! New rows with the cluster a model gives them.

use std::io::{self, Write};

use crate::data::Dataset;
use crate::model::Labelled;
use crate::support::plain;

/// Whether the first line of a file is one that [`write_applied`] writes.
pub(super) fn is_header(line: &str) -> bool {
    let names: Vec<&str> = line.trim_end().split(',').collect();
    names.starts_with(&["row", "cluster"]) && names.contains(&"learned_1")
}

/// Writes `row,cluster,cluster_name?,learned_1..k` as CSV, then `learned_diffusion_1..k` where the model clusters diffusion coordinates; `row` is the 1-based row of the source.
/// Names come from the model, which may be a stranger's: a spreadsheet is kept from taking them for formulas.
///
/// # Errors
/// Those of the writer.
pub fn write_applied(writer: &mut dyn Write, rows: &Dataset, labelled: &Labelled, names: &[String]) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(writer);
    let mut header = vec!["row".to_owned(), "cluster".to_owned()];
    header.extend((!names.is_empty()).then(|| "cluster_name".to_owned()));
    header.extend((1..=labelled.coordinates.ncols()).map(|i| format!("learned_{i}")));
    let diffusion = labelled.diffusion.as_ref();
    header.extend((1..=diffusion.map_or(0, ndarray::ArrayBase::ncols)).map(|i| format!("learned_diffusion_{i}")));
    csv.write_record(&header)?;
    for (i, ((row, &cluster), place)) in
        rows.rows.iter().zip(&labelled.clusters).zip(labelled.coordinates.rows()).enumerate()
    {
        let mut record = vec![(row + 1).to_string(), cluster.to_string()];
        record.extend(
            (!names.is_empty())
                .then(|| names.get(cluster as usize).map(|name| plain::cell(name).into_owned()).unwrap_or_default()),
        );
        record.extend(place.iter().map(ToString::to_string));
        record.extend(diffusion.iter().flat_map(|d| d.row(i)).map(ToString::to_string));
        csv.write_record(&record)?;
    }
    csv.flush()
}
