//! Every kind of file that is read: one row each.
//!
//! A new format is its reader, its row in [`Format::ALL`] and its tests. Messages, dialogs, help and the window's card of formats read
//! the row.

pub(super) mod basket;
pub(super) mod expanded;
mod foreign;
pub(super) mod html;
pub(super) mod json;
pub(super) mod json_rows;
pub(super) mod json_whole;
pub(super) mod latex;
pub(super) mod pairs;
pub(super) mod photos;
pub(super) mod printed;
pub(super) mod sql;
pub(super) mod weka;
mod which;
pub(super) mod wiki;
pub(super) mod xml;

use std::path::Path;

use super::arrays::{idx, npy, npz};
use super::bytes::archive::directory;
use super::bytes::source::{GZIP, Input, ZSTD, bare_name};
use super::components::rows::Entry;
use super::raw::Raw;
use super::sparse::{market, matrix, matrix_market, matrix_npz, svmlight};
use super::typed::{arrow_stream, parquet_file, rows};
use super::{columns, sheets, sparse};
use crate::support::progress::Progress;
use crate::{Recipe, Result};
pub use which::read_matrix;
pub(super) use which::{is_table, load_samples};

/// How a Matrix Market file begins, in any case.
const BANNER: &str = "%%MatrixMarket";

/// A kind of file that is read.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// What a file dialog may look for, in lower case and without the dot.
    pub extensions: &'static [&'static str],
    /// What a file of it holds, for whoever has one.
    pub sentence: &'static str,
    /// Such a file word for word, where it is text that a person may write.
    pub example: Option<&'static str>,
    /// Other ends of names that say this format.
    endings: &'static [&'static str],
    /// Whether the first bytes, sixty-four or all there are, are its mark; none for text, which is whatever has no mark.
    mark: Option<fn(&[u8]) -> bool>,
    /// Whether text that begins so, all of it or not, is of this format; none where only the name tells, and for tables, which are whatever
    /// text is left.
    looks_so: Option<fn(&str, bool) -> bool>,
    /// What is wrong with a file whose name says this format and which does not begin with its mark.
    unmarked: &'static str,
    /// Whether it is also read out of gzip and Zstandard.
    packed: bool,
    /// How samples are read from it, if they are.
    samples: Option<Use<ReadSamples>>,
    /// How a given affinity matrix is read from it, if one is.
    matrix: Option<Use<ReadMatrix>>,
}

/// Reads samples.
type ReadSamples = fn(Input, &Recipe, &Progress<'_>) -> Result<Raw>;
/// Reads the entries of an `n × n` matrix.
type ReadMatrix = fn(Input, usize, &Recipe, &Progress<'_>) -> Result<Vec<Entry>>;

/// What a format is read as.
#[derive(Clone, Copy, Debug)]
struct Use<R> {
    /// What messages call it then.
    names: &'static [&'static str],
    read: R,
}

impl Format {
    /// A text of which nothing is said yet.
    const TEXT: Self = Self {
        extensions: &[],
        sentence: "",
        example: None,
        endings: &[],
        mark: None,
        looks_so: None,
        unmarked: "",
        packed: true,
        samples: None,
        matrix: None,
    };

    /// The formats, in the order to show them.
    pub const ALL: &'static [Self] = &[
        Self {
            extensions: &["csv", "tsv", "txt"],
            sentence: "Tables: CSV or TSV, one sample a row, with or without a header. A column named label, class, target or y holds the labels.",
            example: Some("width,height,label\n0.41,1.20,round\n0.38,1.17,round\n2.05,0.30,flat"),
            samples: Some(Use { names: &["CSV", "TSV"], read: columns::load_file }),
            ..Self::TEXT
        },
        Self {
            extensions: &["jsonl", "ndjson", "json"],
            sentence: "Objects: JSON Lines, or one list of them. An object is a sample, its keys are the columns.",
            example: Some(
                "{\"width\": 0.41, \"height\": 1.20, \"label\": \"round\"}\n{\"width\": 2.05, \"label\": \"flat\"}",
            ),
            looks_so: Some(json_rows::looks_so),
            samples: Some(Use { names: &["JSON Lines"], read: json_rows::load_file }),
            ..Self::TEXT
        },
        Self {
            extensions: &["parquet", "pq"],
            sentence: "Columns: Parquet, as pandas, Polars and databases write it.",
            example: None,
            endings: &[],
            mark: Some(|head| head.starts_with(parquet_file::MARK)),
            looks_so: None,
            unmarked: "the name says Parquet, but the file does not begin with the mark PAR1",
            // A Parquet file is read from its end.
            packed: false,
            samples: Some(Use { names: &["Parquet"], read: rows::load_parquet }),
            matrix: None,
        },
        Self {
            extensions: &["arrow", "feather", "ipc", "arrows"],
            sentence: "Columns: Arrow IPC, a file (Feather) or a stream.",
            example: None,
            endings: &[],
            mark: Some(|head| head.starts_with(arrow_stream::MARK) || arrow_stream::begins_stream(head)),
            looks_so: None,
            unmarked: "the name says Arrow, but the file begins neither with the mark ARROW1 nor as a stream does",
            packed: true,
            samples: Some(Use { names: &["Arrow"], read: rows::load_arrow }),
            matrix: None,
        },
        Self {
            extensions: &["npy"],
            sentence: "Arrays: NPY, one sample a row.",
            example: None,
            endings: &[],
            mark: Some(|head| head.starts_with(b"\x93NUMPY")),
            looks_so: None,
            unmarked: "the name says NPY, but the file does not begin with the NPY mark \\x93NUMPY",
            packed: true,
            samples: Some(Use { names: &["NPY"], read: npy::load_file }),
            matrix: Some(Use { names: &["NPY"], read: matrix::read_dense }),
        },
        Self {
            extensions: &["xlsx", "xlsm", "xlsb", "xls", "ods"],
            sentence: "Spreadsheets: Excel or OpenDocument, the first sheet with a table, or the one that --array names.",
            example: None,
            endings: &[],
            mark: Some(sheets::begins),
            looks_so: None,
            unmarked: "the name says a spreadsheet, but the content is neither one of Excel's nor an OpenDocument",
            // It is an archive, read from its end.
            packed: false,
            samples: Some(Use { names: &["Excel"], read: sheets::load_file }),
            matrix: None,
        },
        Self {
            extensions: &["html", "htm"],
            sentence: "Pages: HTML, the largest table in them; also under a spreadsheet's name, as programs of the web save it.",
            looks_so: Some(html::looks_so),
            samples: Some(Use { names: &["HTML"], read: html::load_file }),
            ..Self::TEXT
        },
        Self {
            extensions: &["xml", "gpx"],
            sentence: "Records in XML: the element that comes again with the most values in it is a row.",
            looks_so: Some(xml::looks_so),
            samples: Some(Use { names: &["XML"], read: xml::load_file }),
            ..Self::TEXT
        },
        Self {
            extensions: &["tex"],
            sentence: "Tables in LaTeX: the largest tabular of a text.",
            looks_so: Some(latex::looks_so),
            samples: Some(Use { names: &["LaTeX"], read: latex::load_file }),
            ..Self::TEXT
        },
        Self {
            sentence: "Rows as psql (\\x) and MySQL (\\G) print them, a name and a value a line.",
            looks_so: Some(expanded::looks_so),
            samples: Some(Use { names: &[], read: expanded::load_file }),
            ..Self::TEXT
        },
        Self {
            extensions: &["sql"],
            sentence: "Dumps of databases: INSERT or COPY, the table with the most rows, or the one that --array names.",
            looks_so: Some(sql::looks_so),
            samples: Some(Use { names: &["SQL"], read: sql::load_file }),
            ..Self::TEXT
        },
        Self {
            sentence: "Tables of MediaWiki, as Wikipedia's pages have them, the largest of a text.",
            looks_so: Some(wiki::looks_so),
            samples: Some(Use { names: &[], read: wiki::load_file }),
            ..Self::TEXT
        },
        Self {
            sentence: "Wide tables as R and pandas print them, in blocks of columns below each other.",
            looks_so: Some(printed::looks_so),
            samples: Some(Use { names: &[], read: printed::load_file }),
            ..Self::TEXT
        },
        Self {
            sentence: "Rows of names with their values, as programs log them: temp=21.5 hum=40 a line, or a name a line.",
            looks_so: Some(pairs::looks_so),
            samples: Some(Use { names: &[], read: pairs::load_file }),
            ..Self::TEXT
        },
        Self {
            extensions: &["basket"],
            sentence: "Baskets, as Orange writes them: the things in each, a line each.",
            example: Some("bread=2, milk\nmilk, eggs"),
            // Commas part the cells of any table too: the name says it.
            looks_so: Some(|_, _| false),
            samples: Some(Use { names: &[], read: basket::load_file }),
            ..Self::TEXT
        },
        Self {
            extensions: &["npz"],
            sentence: "Archives of arrays: NPZ with X and perhaps y, or a sparse matrix as SciPy saves it.",
            example: None,
            endings: &[],
            mark: Some(|head| head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")),
            looks_so: None,
            unmarked: "the name says NPZ, but the content is not a zip archive",
            // An archive is read from its end.
            packed: false,
            samples: Some(Use {
                names: &["NPZ"],
                read: |input, recipe, progress| load_npz(&input.path, recipe, progress),
            }),
            matrix: Some(Use {
                names: &["sparse NPZ as SciPy saves it"],
                read: |input, n, recipe, progress| matrix_npz::read(&input.path, n, recipe, progress),
            }),
        },
        Self {
            extensions: &["idx", "idx1", "idx2", "idx3", "idx4"],
            sentence: "Images: IDX, plain or packed, alone or a folder with images and labels.",
            example: None,
            endings: &["ubyte"],
            mark: Some(|head| matches!(head, [0, 0, 8 | 9 | 0x0b..=0x0e, 1..=4, ..])),
            looks_so: None,
            unmarked: "the name says IDX, but the first four bytes are not an IDX mark (0, 0, a type from 8 to 14, 1 to 4 dimensions)",
            packed: true,
            samples: Some(Use { names: &["IDX"], read: idx::load_file }),
            matrix: None,
        },
        Self {
            extensions: &["svm", "libsvm", "svmlight"],
            sentence: "Sparse text: LIBSVM or SVMlight, a label and index:value pairs a line.",
            example: Some("1 3:0.5 17:1\n-1 2:0.25 3:1.5"),
            looks_so: Some(svmlight::looks_so),
            samples: Some(Use { names: &["LIBSVM"], read: svmlight::load_file }),
            ..Self::TEXT
        },
        Self {
            sentence: "Sparse ARFF of Weka: rows in braces, {0 1.5, 7 yes}.",
            looks_so: Some(weka::looks_so),
            samples: Some(Use { names: &[], read: weka::load_file }),
            ..Self::TEXT
        },
        Self {
            extensions: &["mtx"],
            sentence: "Matrices: Matrix Market, one sample a row. It may be an affinity matrix too, as may NPZ as SciPy saves it and NPY.",
            example: None,
            endings: &[],
            mark: None,
            looks_so: Some(|text, _| text.get(..BANNER.len()).is_some_and(|start| start.eq_ignore_ascii_case(BANNER))),
            unmarked: "",
            packed: true,
            samples: Some(Use { names: &["Matrix Market"], read: market::load_file }),
            matrix: Some(Use { names: &["Matrix Market (.mtx)"], read: matrix_market::read }),
        },
    ];

    /// Formats that samples are read from.
    pub fn of_samples() -> impl Iterator<Item = &'static Self> {
        Self::ALL.iter().filter(|format| format.samples.is_some())
    }

    /// Formats that a given affinity matrix is read from.
    pub fn of_matrices() -> impl Iterator<Item = &'static Self> {
        // Matrix Market first: it is the one made for matrices alone.
        Self::ALL.iter().rev().filter(|format| format.matrix.is_some())
    }

    /// Whether a name, in lower case and without `.gz` or `.zst`, says this format.
    fn is_said_by(&self, name: &str) -> bool {
        let ends_so = |extension: &&str| name.strip_suffix(*extension).is_some_and(|before| before.ends_with('.'));
        self.extensions.iter().any(ends_so) || self.endings.iter().any(|ending| name.ends_with(ending))
    }
}

/// Load the features of an archive of arrays: those of a sparse matrix, where nobody names one of them, or else the likeliest.
fn load_npz(path: &Path, recipe: &Recipe, progress: &Progress<'_>) -> Result<Raw> {
    let members = directory(path)?;
    if recipe.array == "auto" && sparse::npz::is_sparse(&members) {
        return sparse::npz::load(path, members, recipe, progress);
    }
    npz::load(path, &members, recipe, progress)
}

/// The extensions that an open dialog shows: those of `formats`, and of packed files where one of them is read out of such.
pub fn extensions(formats: impl Iterator<Item = &'static Format>) -> Vec<&'static str> {
    let formats: Vec<&Format> = formats.collect();
    let packed = if formats.iter().any(|format| format.packed) { [GZIP, ZSTD].as_slice() } else { &[] };
    formats.iter().flat_map(|format| format.extensions).chain(packed).copied().collect()
}

/// What samples are read from, in words: `CSV, TSV, NPY and IDX`, or with another last word.
pub(super) fn sample_formats(last: &str) -> String {
    listed(
        Format::of_samples().filter_map(|format| format.samples).flat_map(|as_samples| as_samples.names),
        &format!(" {last} "),
    )
}

/// Which of those are not read packed, in words.
pub(super) fn unpacked_formats() -> String {
    let kept = Format::of_samples().filter(|format| !format.packed).filter_map(|format| format.samples);
    listed(kept.flat_map(|as_samples| as_samples.names), " and ")
}

/// Names after each other, `joint` before the last one.
fn listed<'a>(names: impl Iterator<Item = &'a &'static str>, joint: &str) -> String {
    let names: Vec<&str> = names.copied().collect();
    match names.as_slice() {
        [first @ .., end] if !first.is_empty() => format!("{}{joint}{end}", first.join(", ")),
        few => few.concat(),
    }
}

/// Whether a name is one that images or labels of an IDX set have, whatever folder it is in.
#[must_use]
pub fn is_idx_name(path: &Path) -> bool {
    let name = bare_name(path);
    name.contains("ubyte") || name.contains("idx")
}

#[cfg(test)]
mod tests;
