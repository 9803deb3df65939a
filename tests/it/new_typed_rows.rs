//! New rows from tables of typed columns become the features that the same table as text gives, in blocks and in any order of columns.

use std::path::{Path, PathBuf};

use eigenscope::Recipe;
use eigenscope::data::{Block, NewRows, Reading};
use eigenscope::recipe::TextColumns;

use crate::support::desk::{Desk, open};

fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/references/tables").join(name)
}

fn recipe() -> Recipe {
    let ignore = "word,wide,size".to_owned();
    Recipe { text: TextColumns::OneHot, ignore, ..Recipe::default() }
}

fn reading(path: &Path) -> Reading {
    let data = open(path, &recipe()).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    Reading::with_fills(&data, recipe().missing)
}

fn rows(path: &Path, reading: &Reading, recipe: &Recipe) -> (Vec<Block>, Vec<String>) {
    let mut rows =
        NewRows::open(path.as_os_str(), reading, recipe).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut blocks = Vec::new();
    while let Some(block) = rows.next_block().unwrap_or_else(|e| panic!("{}: {e}", path.display())) {
        blocks.push(block);
    }
    (blocks, rows.notes())
}

/// The same rows as text.
fn as_csv(desk: &Desk, path: &Path) -> PathBuf {
    let data = open(path, &Recipe::default()).expect("a table");
    let table = data.table.as_ref().expect("it is a table");
    let mut text = table.header.join(",") + "\n";
    for row in 0..table.len() {
        text += &(table.texts(row).collect::<Vec<_>>().join(",") + "\n");
    }
    desk.put("same.csv", text)
}

#[test]
fn typed_rows_give_the_features_of_the_same_text() {
    let desk = Desk::new();
    for name in [
        "pandas-zstd.parquet",
        "groups.parquet",
        "pyarrow-lz4.feather",
        "pyarrow.arrows",
        "polars.parquet",
        "polars.arrow",
    ] {
        let path = reference(name);
        let model = reading(&path);
        let csv = as_csv(&desk, &path);
        let (typed, notes) = rows(&path, &model, &recipe());
        let (text, _) = rows(&csv, &model, &recipe());
        let features: Vec<f64> = typed.iter().flat_map(|block| block.features.iter().copied()).collect();
        // Text has the digits of single precision, whose number is another one in double precision.
        let alike = |a: f64, b: f64| (a - b).abs() <= 1e-7 * a.abs();
        assert!(features.iter().zip(&text[0].features).all(|(&a, &b)| alike(a, b)), "{name}");
        let trained = open(&path, &recipe()).expect("a table");
        let wanted: Vec<f64> = (0..15).flat_map(|i| trained.features.row(i)).collect();
        assert_eq!(features, wanted, "{name}");
        let block = &typed[0];
        assert_eq!((block.rows[0], block.label(1)), (0, Some("1")), "{name}");
        assert_eq!(block.table.text(0, 1), "9007199254740993", "{name}: every digit");
        assert!(notes.iter().any(|note| note.contains("`count (1)`, `ratio (1)`")), "{name}: {notes:?}");
    }
}

#[test]
fn a_model_of_text_reads_typed_rows_and_the_other_way_round() {
    let desk = Desk::new();
    let typed = reference("polars.parquet");
    let csv = as_csv(&desk, &typed);
    for (trained, new) in [(&csv, &typed), (&typed, &csv)] {
        let model = reading(trained);
        let (blocks, _) = rows(new, &model, &recipe());
        let data = open(trained, &recipe()).expect("a table");
        for i in 0..15 {
            let mut pairs = blocks[0].features.row(i).into_iter().copied().zip(data.features.row(i));
            assert!(pairs.all(|(a, b)| (a - b).abs() <= 1e-7 * a.abs()), "{}, row {i}", new.display());
        }
    }
    let model = reading(&typed);
    let other = desk.put("other.csv", "a,b\n1,2\n");
    let refused = NewRows::open(other.as_os_str(), &model, &recipe()).map(|_| ()).expect_err("other columns");
    assert!(refused.to_string().contains("no columns `count`"), "{refused}");
}

#[test]
fn a_limit_draws_typed_rows() {
    let limited = Recipe { limit: 4, ..recipe() };
    for name in ["polars.parquet", "pyarrow.arrows"] {
        let path = reference(name);
        let model = reading(&path);
        let (blocks, notes) = rows(&path, &model, &limited);
        let picked: Vec<usize> = blocks.iter().flat_map(|block| block.rows.clone()).collect();
        assert!(picked.len() == 4 && picked.is_sorted(), "{name}: {picked:?}");
        assert!(notes.iter().any(|note| note.contains("4 of 15 rows kept")), "{name}: {notes:?}");
        for block in &blocks {
            for (at, &row) in block.rows.iter().enumerate() {
                assert_eq!(block.table.text(at, 1), (9_007_199_254_740_993 + 2 * row as u64).to_string(), "{name}");
            }
        }
    }
}
