//! The samples as a table with what was found about each.

use std::path::Path;

use super::columns::{Column, Columns};
use super::deliver::{Interrupted, Target};
use super::edited::{Chosen, Edited};
use super::growing::{Growing, Picked};
use super::original::{Original, Rows};
use crate::Result;
use crate::pipeline::Snapshot;
use crate::support::progress::Progress;

/// What else a labelled table has.
#[derive(Clone, Copy, Debug, Default)]
pub struct LabelOptions<'a> {
    /// Write every feature, also those of large images.
    pub all_columns: bool,
    /// Names given to the clusters of the column `cluster`, by their number.
    pub cluster_names: Option<&'a [String]>,
    /// The same for those of `cluster_exact`.
    pub exact_names: Option<&'a [String]>,
    /// The same for those of k-means on the features, which come as `cluster_kmeans` where they have names.
    pub baseline_names: Option<&'a [String]>,
    /// Labels as a person edited them, side by side.
    pub edited: &'a [Edited],
    /// How clear the cluster of each sample is, of the column `cluster`.
    pub confidence: Option<&'a [f64]>,
    /// Which samples are unlike the training data.
    pub unlike: Option<&'a [bool]>,
    /// Which samples are selected.
    pub selected: Option<&'a [bool]>,
    /// The columns that are written, by their names in the table; all where nothing is said.
    pub columns: Option<&'a [String]>,
    /// Write `row`, the place in the source, though no row is missing.
    pub row: bool,
    /// The rows that are written; all where nothing is said.
    pub rows: Option<Chosen<'a>>,
    /// Writing ends after so many rows.
    pub most: Option<usize>,
}

/// Writes one row a sample: every original column as it was, then `row`, the 0-based place in the source, where rows were left out, `cluster` (the learned one, or the exact one where
/// nothing was learned), `cluster_name`, `cluster_exact`, `cluster_exact_name`, `cluster_kmeans` with `cluster_kmeans_name`, `learned_1` … and `exact_1` … (rows of the eigenspaces),
/// with `--rows diffusion` the same as diffusion coordinates `learned_diffusion_1` … and `exact_diffusion_1` …, `confidence`, `unlike` and `selected`, each where there is such a thing. Clusters count from 0.
///
/// `cluster` is always what the solver said. Where a person edited labels, `cluster_name` and `label_edited` have theirs, by name, empty for
/// outliers, and `label_source` where each comes from; `cluster_exact_name`, `label_exact_edited` and those of k-means likewise.
///
/// Original columns are the cells of the table the samples came from, else the features and `label`; for images of more
/// than 64 values `index` (0-based place in the source) and `label`. A new column whose name the data already has gets a
/// number, `cluster_2`; the returned sentences say so.
///
/// The end of the name says the format. A file with types has those of the data, and of a table of text what keeps every digit of a column.
///
/// Cells are written as they are. A spreadsheet may take one that begins with `=`, `+`, `-` or `@` for a formula; changing
/// such cells would change negative numbers and the person's own text.
///
/// # Errors
/// [`crate::Error::Io`] with the path; [`crate::Error::Data`] when the table has another number of rows than there are samples; [`crate::Error::Cancelled`].
pub fn write_labels(
    path: &Path,
    snapshot: &Snapshot,
    options: LabelOptions<'_>,
    progress: &Progress<'_>,
) -> Result<Vec<String>> {
    write_samples(&mut Target::File(path), snapshot, options, progress)
}

/// The same to wherever it goes.
pub(super) fn write_samples(
    target: &mut Target<'_>,
    snapshot: &Snapshot,
    options: LabelOptions<'_>,
    progress: &Progress<'_>,
) -> Result<Vec<String>> {
    let original = Original::of(&snapshot.data, options.all_columns)?;
    let mut found = found(snapshot, options, !original.has_places());
    let mut notes = found.rename(&original.header);
    let names: Vec<String> = original.header.iter().chain(found.names()).cloned().collect();
    let picked = Picked::new(&names, options.columns);
    notes.extend_from_slice(&picked.notes);
    let format = target.format();
    let written = match &snapshot.data.table {
        Some(table) if format.delimiter().is_none() => table.written(),
        _ => Vec::new(),
    };
    let n = snapshot.data.len();
    let done = target.deliver(|writer| {
        let mut out = Growing::new(writer, format);
        let mut left = options.most.unwrap_or(usize::MAX);
        for start in (0..n.max(1)).step_by(ROWS) {
            progress.at(start as f32 / n.max(1) as f32, "writing the table")?;
            let rows = start..n.min(start + ROWS);
            let which = which(&options, rows.clone().map(|row| options.takes(row)), &mut left);
            let cells = Rows { of: &original, range: rows, written: &written };
            out.write((&original.header, &cells), &found, &picked, which.as_deref())?;
            if left == 0 {
                break;
            }
        }
        Ok(out.finish()?)
    });
    match done {
        Ok(()) => Ok(notes),
        Err(Interrupted::Write(e) | Interrupted::Rows(e)) => Err(e),
    }
}

impl LabelOptions<'_> {
    /// Whether a sample of the run is written.
    pub(super) fn takes(&self, sample: usize) -> bool {
        self.rows.is_none_or(|rows| rows.samples.get(sample) == Some(&true))
    }
}

/// Which rows of a block are written, of which `takes` says whether each is wanted; nothing where all are. As many as are `left`.
pub(super) fn which(
    options: &LabelOptions<'_>,
    takes: impl Iterator<Item = bool>,
    left: &mut usize,
) -> Option<Vec<bool>> {
    if options.rows.is_none() && options.most.is_none() {
        return None;
    }
    let mut within = |takes: bool| {
        let takes = takes && *left > 0;
        *left -= usize::from(takes);
        takes
    };
    Some(takes.map(&mut within).collect())
}

/// Rows of a frame that are written at once.
const ROWS: usize = 1 << 14;

/// Names of the columns that are new in a table of every row.
#[must_use]
pub fn new_columns(snapshot: &Snapshot, options: LabelOptions<'_>) -> Vec<String> {
    let mut names: Vec<String> = found(snapshot, options, true).names().cloned().collect();
    if snapshot.data.len() < snapshot.data.of {
        names.push("by".to_owned());
    }
    names.retain(|name| options.columns.is_none_or(|wanted| wanted.contains(name)));
    names
}

/// The columns that are new. The place of each row in the source is one of them where rows were left out or are chosen, and `places` asks for it.
pub(super) fn found<'a>(snapshot: &'a Snapshot, options: LabelOptions<'a>, places: bool) -> Columns<'a> {
    let (learned, exact) = (snapshot.learned.as_deref(), snapshot.exact.as_deref());
    let mut columns = Columns::default();
    let rows = &snapshot.data.rows;
    let traced = options.row || options.rows.is_some() || rows.iter().enumerate().any(|(at, &row)| at != row);
    if places && traced && rows.len() == snapshot.data.len() {
        columns.push("row", Column::Row(rows));
    }
    let edited = |name: &str| options.edited.iter().find(|edited| edited.clusters() == name);
    if let Some(shown) = learned.or(exact) {
        columns.clusters("cluster", &shown.clusters.assignment, (options.cluster_names, edited("cluster")));
    }
    if let Some(exact) = exact {
        let names = (options.exact_names, edited("cluster_exact"));
        columns.clusters("cluster_exact", &exact.clusters.assignment, names);
    }
    if let Some((names, baseline)) = options.baseline_names.zip(snapshot.baseline.as_deref()) {
        let names = (Some(names), edited("cluster_kmeans"));
        columns.clusters("cluster_kmeans", &baseline.0.assignment, names);
    }
    for edited in options.edited {
        columns.push(&format!("{}_edited", edited.column), Column::Name(&edited.ids, &edited.names));
        columns.push(&format!("{}_source", edited.column), Column::Words(&edited.by_whom));
    }
    let sides = [("learned", learned), ("exact", exact)];
    for (kind, solution) in sides.into_iter().filter_map(|(kind, solution)| Some((kind, solution?))) {
        columns.coordinates(kind, solution.space.vectors.view(), None);
    }
    for (kind, solution) in sides.into_iter().filter_map(|(kind, solution)| Some((kind, solution?))) {
        if let Some(weights) = snapshot.operator.as_ref().and_then(|operator| solution.weights(operator)) {
            columns.coordinates(&format!("{kind}_diffusion"), solution.space.vectors.view(), Some(&weights));
        }
    }
    // Behind the coordinates: before them they would tell a table of new rows, which `apply` may replace.
    if let Some(confidence) = options.confidence {
        columns.push("confidence", Column::Number(confidence));
    }
    if let Some(which) = options.unlike {
        columns.push("unlike", Column::Flag(which));
    }
    if let Some(which) = options.selected {
        columns.push("selected", Column::Flag(which));
    }
    columns
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use ndarray::Array2;

    use super::*;
    use crate::data::{Features, ImageShape, Table};
    use crate::output::fixture::snapshot;

    fn written(snapshot: &Snapshot, options: LabelOptions<'_>) -> (Vec<Vec<String>>, Vec<String>) {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("labels.csv");
        let notes = write_labels(&path, snapshot, options, &Progress::silent()).expect("it can be written");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(&path).expect("it is there");
        let rows = reader.records().map(|r| r.expect("every row is as long").iter().map(str::to_owned).collect());
        (rows.collect(), notes)
    }

    fn table(header: Vec<String>, records: &[Vec<String>]) -> Table {
        let mut table = Table::new(header);
        for record in records {
            table.push(record.iter().map(String::as_str)).expect("as wide as the header");
        }
        table
    }

    #[test]
    fn features_label_and_everything_found() {
        let snapshot = snapshot(30);
        let names = ["a", "b", "c"].map(str::to_owned);
        let selected = [vec![false; 29], vec![true]].concat();
        let (confidence, unlike) = (vec![0.25; 30], [vec![true], vec![false; 29]].concat());
        let options = LabelOptions {
            cluster_names: Some(&names),
            confidence: Some(&confidence),
            unlike: Some(&unlike),
            selected: Some(&selected),
            ..Default::default()
        };
        let (rows, notes) = written(&snapshot, options);
        let header = "x,y,label,cluster,cluster_name,cluster_exact,learned_1,learned_2,learned_3,exact_1,exact_2,exact_3,confidence,unlike,selected";
        assert_eq!((rows[0].join(","), rows.len(), notes.len()), (header.to_owned(), 31, 0));
        assert_eq!(rows[30][2..6], ["south", "2", "c", "2"], "one cluster has one number");
        assert_eq!(rows[1][12..], ["0.25", "1", "0"]);
        assert_eq!(rows[30][12..], ["0.25", "0", "1"]);
        let back: f64 = rows[8][7].parse().expect("a number");
        let learned = snapshot.learned.as_ref().expect("it is there");
        assert!((back - learned.space.vectors[(7, 1)]).abs() == 0.0, "coordinates read back as themselves");
    }

    #[test]
    fn tables_come_back_word_for_word_and_names_do_not_clash() {
        let mut snapshot = snapshot(3);
        let records = [vec!["=1+1", "-0.50", "a \"b\", c"], vec!["", "+2", ""], vec!["@x", "é", "two\nlines"]];
        let records: Vec<Vec<String>> = records.iter().map(|r| r.iter().map(ToString::to_string).collect()).collect();
        let header = ["cluster", "cluster_2", "word"].map(str::to_owned).to_vec();
        snapshot.data.table = Some(Arc::new(table(header, &records)));
        snapshot.learned = None;
        let (rows, notes) = written(&snapshot, LabelOptions::default());
        assert_eq!(rows[0][..5], ["cluster", "cluster_2", "word", "cluster_3", "cluster_exact"]);
        assert_eq!((&rows[1][..3], &rows[3][..3]), (&records[0][..], &records[2][..]));
        assert_eq!(rows[2][..3], ["", "+2", ""]);
        assert_eq!(notes.len(), 1);
        assert!(notes[0].contains("`cluster`") && notes[0].contains("`cluster_3`"), "{}", notes[0]);
        assert!(rows[0].iter().all(|name| !name.starts_with("learned")), "nothing was learned");
    }

    #[test]
    fn large_images_give_their_place_instead_of_their_pixels() {
        let mut snapshot = snapshot(4);
        snapshot.data.features = Arc::new(Features::new(Array2::from_elem((4, 100), 0.25)));
        snapshot.data.columns = Arc::new((0..100).map(|j| format!("pixel {j}")).collect());
        snapshot.data.image = Some(ImageShape { width: 10, height: 10, channels: 1 });
        snapshot.data.rows = Arc::new(vec![5, 17, 30, 2]);
        let (rows, _) = written(&snapshot, LabelOptions::default());
        assert_eq!((rows[0][..3].join(","), rows[2][0].as_str()), ("index,label,cluster".to_owned(), "17"));
        let (rows, _) = written(&snapshot, LabelOptions { all_columns: true, ..Default::default() });
        assert_eq!((rows[0][99].as_str(), rows[1][99].as_str(), rows[0][100].as_str()), ("pixel 99", "0.25", "label"));
    }

    #[test]
    fn rows_can_be_traced_where_some_were_left_out() {
        let mut snapshot = snapshot(4);
        let (rows, _) = written(&snapshot, LabelOptions::default());
        assert!(!rows[0].contains(&"row".to_owned()), "no row is missing");
        snapshot.data.rows = Arc::new(vec![0, 2, 3, 7]);
        let (rows, _) = written(&snapshot, LabelOptions::default());
        assert_eq!(rows[0][..5].join(","), "x,y,label,row,cluster");
        assert_eq!(rows[1..].iter().map(|row| row[3].as_str()).collect::<Vec<_>>(), ["0", "2", "3", "7"]);
    }

    #[test]
    fn edited_labels_stand_beside_what_the_solver_said() {
        let snapshot = snapshot(3);
        let edited = [Edited {
            column: "label".to_owned(),
            ids: vec![0, 3, 1],
            names: ["left", "=right", "2", ""].map(str::to_owned).to_vec(),
            by_whom: vec!["solver", "outlier", "assigned"],
            ..Edited::default()
        }];
        let (rows, _) = written(&snapshot, LabelOptions { edited: &edited, ..LabelOptions::default() });
        let at = |name: &str| rows[0].iter().position(|c| c == name).expect("a column");
        let (cluster, label, source) = (at("cluster"), at("label_edited"), at("label_source"));
        let cells: Vec<[&str; 2]> = rows[1..].iter().map(|r| [r[label].as_str(), r[source].as_str()]).collect();
        assert_eq!(cells, [["left", "solver"], ["", "outlier"], ["'=right", "assigned"]], "and no formula");
        // Who looks for the names of clusters finds them as they were left, not as they were before a merge.
        let name = at("cluster_name");
        assert!(rows[1..].iter().all(|row| row[name] == row[label]));
        let solver = &snapshot.learned.as_ref().expect("a side").clusters.assignment;
        assert!(rows[1..].iter().zip(solver).all(|(row, id)| row[cluster] == id.to_string()));
    }

    #[test]
    fn a_table_that_does_not_fit_is_refused() {
        let mut snapshot = snapshot(4);
        snapshot.data.table = Some(Arc::new(table(vec!["a".to_owned()], &[])));
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("labels.csv");
        let message = write_labels(&path, &snapshot, LabelOptions::default(), &Progress::silent())
            .expect_err("0 rows for 4")
            .to_string();
        assert!(message.contains("0 rows for 4 samples") && !path.exists(), "{message}");
    }
}
