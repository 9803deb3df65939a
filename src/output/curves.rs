//! The curves of a training as a table, a row an evaluation.

use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array};

use super::columns::table;
use super::frame::{Frame, TableFormat};
use super::write_atomically;
use crate::Result;
use crate::data::cell_text;
use crate::measure::Score;
use crate::pipeline::CurvePoint;

/// Writes every evaluation; the end of the name says the format. What was not measured is empty, or null.
///
/// # Errors
/// [`crate::Error::Io`] with the path.
pub fn write_curves(path: &Path, curve: &[CurvePoint]) -> Result<()> {
    let columns = columns(curve);
    let names: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let format = TableFormat::of(path);
    write_atomically(path, |writer| {
        let Some(delimiter) = format.delimiter() else {
            let mut frame = Frame::new(writer, format);
            frame.write(&names, columns.iter().map(|(_, column)| Arc::clone(column)).collect())?;
            return frame.finish();
        };
        let mut csv = table(writer, delimiter);
        csv.write_record(&names)?;
        for row in 0..curve.len() {
            csv.write_record(
                columns.iter().map(|(_, column)| cell_text(column.as_ref(), row).unwrap_or_default().into_owned()),
            )?;
        }
        csv.flush()
    })
}

fn columns(curve: &[CurvePoint]) -> Vec<(&'static str, ArrayRef)> {
    let whole = |of: fn(&CurvePoint) -> usize| -> ArrayRef {
        Arc::new(curve.iter().map(|point| Some(of(point) as i64)).collect::<Int64Array>())
    };
    let real = |of: &dyn Fn(&CurvePoint) -> Option<f64>| -> ArrayRef {
        Arc::new(curve.iter().map(|point| of(point).filter(|v| v.is_finite())).collect::<Float64Array>())
    };
    let mut columns = vec![
        ("step", whole(|p| p.step)),
        ("seconds", real(&|p| Some(p.seconds))),
        ("loss", real(&|p| Some(p.loss))),
        ("bound", real(&|p| p.bound)),
        ("ritz_sum", real(&|p| Some(p.ritz_sum))),
        ("exact_sum", real(&|p| p.exact_sum)),
        ("orthogonality_batch", real(&|p| Some(p.orthogonality_batch))),
        ("orthogonality_all", real(&|p| Some(p.orthogonality_all))),
        ("grassmann", real(&|p| p.grassmann)),
    ];
    columns.extend(Score::ALL.map(|score| (score.key(), real(&|p| p.scores.map(|s| s.get(score))))));
    columns.extend([("recall", real(&|p| p.recall)), ("lr", real(&|p| Some(p.lr))), ("walk", whole(|p| p.walk))]);
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::fixture::curve;

    #[test]
    fn every_evaluation_is_a_row() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("curves.csv");
        let points = curve();
        write_curves(&path, &points).expect("written");
        let mut reader = csv::Reader::from_path(&path).expect("a table");
        let header = reader.headers().expect("a header").clone();
        let at = |name: &str| header.iter().position(|n| n == name).expect(name);
        let (step, loss) = (at("step"), at("loss"));
        let rows: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a row")).collect();
        assert_eq!(rows.len(), points.len());
        for (row, point) in rows.iter().zip(&points) {
            assert_eq!(row[step].parse::<usize>().expect("a number"), point.step);
            assert!((row[loss].parse::<f64>().expect("a number") - point.loss).abs() == 0.0, "{row:?}");
        }
        write_curves(&folder.path().join("curves.npz"), &points).expect("written as arrays too");
    }
}
