//! The samples as a table with what was found about each.

use std::collections::HashSet;
use std::io::{self, Write};
use std::path::Path;

use super::write_atomically;
use crate::data::Dataset;
use crate::pipeline::{Snapshot, Solution};
use crate::support::plain;
use crate::{Error, Result};

/// With more pixels than this the features of an image are left out unless asked for.
const WIDE_IMAGE: usize = 64;

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
    /// Which samples are selected.
    pub selected: Option<&'a [bool]>,
}

/// Writes one row a sample: every original column as it was, then `cluster` (the learned one, or the exact one where
/// nothing was learned), `cluster_name`, `cluster_exact`, `cluster_exact_name`, `cluster_kmeans` with `cluster_kmeans_name`, `learned_1` … and `exact_1` … (rows of the eigenspaces),
/// with `--rows diffusion` the same as diffusion coordinates `learned_diffusion_1` … and `exact_diffusion_1` …, and `selected`, each where there is such a thing. Clusters count from 0.
///
/// Original columns are the cells of the table the samples came from, else the features and `label`; for images of more
/// than 64 values `index` (0-based place in the source) and `label`. A new column whose name the data already has gets a
/// number, `cluster_2`; the returned sentences say so.
///
/// Cells are written as they are. A spreadsheet may take one that begins with `=`, `+`, `-` or `@` for a formula; changing
/// such cells would change negative numbers and the person's own text.
///
/// # Errors
/// [`Error::Io`] with the path; [`Error::Data`] when the table has another number of rows than there are samples.
pub fn write_labels(path: &Path, snapshot: &Snapshot, options: LabelOptions<'_>) -> Result<Vec<String>> {
    let original = Original::of(&snapshot.data, options.all_columns)?;
    let (found, notes) = Found::of(snapshot, options, &original.header);
    write_atomically(path, |writer| write_table(writer, snapshot.data.len(), &original, &found))?;
    Ok(notes)
}

fn write_table(writer: &mut dyn Write, n: usize, original: &Original<'_>, found: &Found<'_>) -> io::Result<()> {
    let mut csv = csv::WriterBuilder::new().flexible(true).from_writer(writer);
    csv.write_record(original.header.iter().chain(&found.header))?;
    for i in 0..n {
        original.write(i, &mut csv)?;
        for value in &found.columns {
            csv.write_field(value.cell(i))?;
        }
        csv.write_record(None::<&[u8]>)?;
    }
    csv.flush()
}

/// The columns that were there before.
struct Original<'a> {
    header: Vec<String>,
    data: &'a Dataset,
    features: bool,
}

impl<'a> Original<'a> {
    fn of(data: &'a Dataset, all_columns: bool) -> Result<Self> {
        let mut header;
        let mut features = false;
        if let Some(table) = &data.table {
            if table.len() != data.len() {
                let (rows, samples) = (table.len(), data.len());
                return Err(Error::Data(format!("{}: the table has {rows} rows for {samples} samples", data.name)));
            }
            header = table.header.clone();
        } else {
            features = all_columns || data.image.is_none() || data.dim() <= WIDE_IMAGE;
            header = if features {
                let unnamed = (data.columns.len()..data.dim()).map(|j| format!("column {}", j + 1));
                data.columns.iter().take(data.dim()).cloned().chain(unnamed).collect()
            } else {
                vec!["index".to_owned()]
            };
            if data.labels.is_some() {
                let label = free_name("label", &header.iter().cloned().collect());
                header.push(label);
            }
        }
        Ok(Self { header, data, features })
    }

    fn write<W: Write>(&self, i: usize, csv: &mut csv::Writer<W>) -> csv::Result<()> {
        if let Some(table) = &self.data.table {
            return table.record(i).try_for_each(|cell| csv.write_field(cell));
        }
        if self.features {
            self.data.features.row(i).iter().try_for_each(|&value| csv.write_field(number(f64::from(value), value)))?;
        } else {
            csv.write_field(self.data.rows.get(i).unwrap_or(&i).to_string())?;
        }
        if let Some(labels) = &self.data.labels {
            let name = labels.ids.get(i).and_then(|&id| labels.names.get(id as usize));
            csv.write_field(name.map_or("", String::as_str))?;
        }
        Ok(())
    }
}

/// One new column.
enum Column<'a> {
    Cluster(&'a [u32]),
    Name(&'a [u32], &'a [String]),
    /// An eigenvector, and what it is weighted by.
    Coordinate(&'a Solution, usize, f64),
    Selected(&'a [bool]),
}

impl Column<'_> {
    fn cell(&self, i: usize) -> String {
        match self {
            Self::Cluster(of) => of.get(i).map(ToString::to_string).unwrap_or_default(),
            Self::Name(of, names) => {
                let name = of.get(i).and_then(|&c| names.get(c as usize));
                name.map(|name| plain::cell(name).into_owned()).unwrap_or_default()
            }
            Self::Coordinate(solution, j, weight) => {
                solution.space.vectors.get((i, *j)).map(|v| v * weight).map(|v| number(v, v)).unwrap_or_default()
            }
            Self::Selected(which) => u8::from(which.get(i).copied().unwrap_or(false)).to_string(),
        }
    }
}

/// The columns that are new.
struct Found<'a> {
    header: Vec<String>,
    columns: Vec<Column<'a>>,
}

impl<'a> Found<'a> {
    fn of(snapshot: &'a Snapshot, options: LabelOptions<'a>, original: &[String]) -> (Self, Vec<String>) {
        let (learned, exact) = (snapshot.learned.as_deref(), snapshot.exact.as_deref());
        let mut wanted: Vec<(String, Column<'a>)> = Vec::new();
        if let Some(shown) = learned.or(exact) {
            let clusters = &shown.clusters.assignment;
            wanted.push(("cluster".to_owned(), Column::Cluster(clusters)));
            if let Some(names) = options.cluster_names {
                wanted.push(("cluster_name".to_owned(), Column::Name(clusters, names)));
            }
        }
        if let Some(exact) = exact {
            let clusters = &exact.clusters.assignment;
            wanted.push(("cluster_exact".to_owned(), Column::Cluster(clusters)));
            if let Some(names) = options.exact_names {
                wanted.push(("cluster_exact_name".to_owned(), Column::Name(clusters, names)));
            }
        }
        if let Some((names, baseline)) = options.baseline_names.zip(snapshot.baseline.as_deref()) {
            let clusters = &baseline.0.assignment;
            wanted.push(("cluster_kmeans".to_owned(), Column::Cluster(clusters)));
            wanted.push(("cluster_kmeans_name".to_owned(), Column::Name(clusters, names)));
        }
        for (kind, solution) in [("learned", learned), ("exact", exact)] {
            if let Some(solution) = solution {
                let each = 0..solution.space.vectors.ncols();
                wanted.extend(each.map(|j| (format!("{kind}_{}", j + 1), Column::Coordinate(solution, j, 1.0))));
            }
        }
        if let Some(operator) = &snapshot.operator {
            for (kind, solution) in [("learned", learned), ("exact", exact)] {
                let Some((solution, weights)) = solution.and_then(|s| Some((s, s.weights(operator)?))) else {
                    continue;
                };
                let each = weights.into_iter().enumerate();
                wanted.extend(
                    each.map(|(j, w)| (format!("{kind}_diffusion_{}", j + 1), Column::Coordinate(solution, j, w))),
                );
            }
        }
        if let Some(which) = options.selected {
            wanted.push(("selected".to_owned(), Column::Selected(which)));
        }
        let mut taken: HashSet<String> = original.iter().cloned().collect();
        let mut notes = Vec::new();
        let (mut header, mut columns) = (Vec::new(), Vec::new());
        for (name, column) in wanted {
            let free = free_name(&name, &taken);
            if free != name {
                notes.push(format!("the data has a column `{name}` of its own, so the new one is called `{free}`"));
            }
            taken.insert(free.clone());
            header.push(free);
            columns.push(column);
        }
        (Self { header, columns }, notes)
    }
}

/// The name itself, or with the first number from 2 on that makes it new.
fn free_name(name: &str, taken: &HashSet<String>) -> String {
    let mut free = name.to_owned();
    let mut count = 2_usize;
    while taken.contains(&free) {
        free = format!("{name}_{count}");
        count += 1;
    }
    free
}

/// A number that reads back as itself, in plain digits unless those would be many.
fn number(size: f64, value: impl std::fmt::Display + std::fmt::LowerExp) -> String {
    if size == 0.0 || (1e-5..1e15).contains(&size.abs()) { value.to_string() } else { format!("{value:e}") }
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
        let notes = write_labels(&path, snapshot, options).expect("it can be written");
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
        let options = LabelOptions { cluster_names: Some(&names), selected: Some(&selected), ..Default::default() };
        let (rows, notes) = written(&snapshot, options);
        let header = "x,y,label,cluster,cluster_name,cluster_exact,learned_1,learned_2,learned_3,exact_1,exact_2,exact_3,selected";
        assert_eq!((rows[0].join(","), rows.len(), notes.len()), (header.to_owned(), 31, 0));
        assert_eq!(rows[30][2..6], ["south", "2", "c", "2"], "one cluster has one number");
        assert_eq!((rows[1][12].as_str(), rows[30][12].as_str()), ("0", "1"));
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
    fn a_table_that_does_not_fit_is_refused() {
        let mut snapshot = snapshot(4);
        snapshot.data.table = Some(Arc::new(table(vec!["a".to_owned()], &[])));
        let folder = tempfile::tempdir().expect("a folder for the test");
        let path = folder.path().join("labels.csv");
        let message = write_labels(&path, &snapshot, LabelOptions::default()).expect_err("0 rows for 4").to_string();
        assert!(message.contains("0 rows for 4 samples") && !path.exists(), "{message}");
    }

    #[test]
    fn numbers_of_any_size_are_short_and_exact() {
        for value in [0.0, -0.5, 1e-300, 123_456.789, -1.5e22, f64::MIN_POSITIVE, 1e-5, 9.9e-6] {
            let text = number(value, value);
            assert!(
                text.len() < 26 && text.parse::<f64>().is_ok_and(|back| back.to_bits() == value.to_bits()),
                "{text}"
            );
        }
    }
}
