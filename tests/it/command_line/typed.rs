//! Labelled tables in formats with types: what `run` and `apply` write reads back with types, values and gaps.

use eigenscope::Recipe;
use eigenscope::data::{Dataset, typed_columns};

use crate::support::desk::{Desk, open, plain};
use crate::support::program::{eigenscope, text};

/// A table with a code, a gap and 400 rows in two clouds.
fn table() -> String {
    let row = |i: usize| {
        let side = if i.is_multiple_of(2) { 0.0 } else { 5.0 };
        let v = if i == 7 { String::new() } else { format!("{}", side + (i % 13) as f64 / 20.0) };
        format!("{:03},{},{v},{}\n", i % 50, side + (i % 17) as f64 / 20.0, ["near", "far"][i % 2])
    };
    format!("code,u,v,label\n{}", (0..400).map(row).collect::<String>())
}

fn all(path: &std::path::Path) -> Dataset {
    let keep = Recipe { id_column: "none".to_owned(), ..Recipe::default() };
    open(path, &keep).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn cells(data: &Dataset, name: &str) -> Vec<String> {
    let table = data.table.as_ref().expect("it is a table");
    let column = table.header.iter().position(|column| column == name).unwrap_or_else(|| panic!("no column {name}"));
    (0..table.len()).map(|row| table.text(row, column).into_owned()).collect()
}

#[test]
fn labels_and_applied_tables_read_back_in_every_format() {
    let desk = Desk::new();
    let data = desk.put("rows.csv", table());
    let ran = |format: &str| {
        let out = desk.path(&format!("out-{format}"));
        let args = [
            "run",
            &plain(&data),
            "--ignore",
            "code",
            "--steps",
            "40",
            "--labels",
            format,
            "--quiet",
            "--out",
            &plain(&out),
        ];
        let output = eigenscope(args);
        assert!(output.status.success(), "{format}: {}", text(&output.stderr));
        out
    };
    let csv = ran("csv");
    let wanted = all(&csv.join("labels.csv"));
    for format in ["tsv", "parquet", "arrow", "jsonl", "xlsx"] {
        let out = ran(format);
        assert!(!out.join("labels.csv").exists());
        let found = all(&out.join(format!("labels.{format}")));
        for column in ["code", "u", "v", "label", "cluster", "learned_1", "exact_2"] {
            assert_eq!(cells(&found, column), cells(&wanted, column), "{format}, {column}");
        }
    }
    let names = typed_columns(&desk.path("out-parquet").join("labels.parquet")).expect("a Parquet file");
    assert_eq!(names[..5].join(" "), "code u v label cluster");
    // New rows: of each format into each.
    let model = plain(&csv.join("model.eigenscope"));
    let first = desk.path("applied.csv");
    let applied = |from: &str, to: &std::path::Path| {
        let output = eigenscope(["apply", &model, from, "--out", &plain(to)]);
        assert!(output.status.success(), "{from}: {}", text(&output.stderr));
        assert!(text(&output.stderr).contains("missing values filled"), "{from}: {}", text(&output.stderr));
    };
    applied(&plain(&data), &first);
    let wanted = all(&first);
    for (from, to) in [
        (data.clone(), "a.parquet"),
        (desk.path("a.parquet"), "b.arrow"),
        (desk.path("b.arrow"), "c.jsonl"),
        (desk.path("b.arrow"), "d.csv"),
        (desk.path("a.parquet"), "e.parquet"),
        (data.clone(), "f.tsv"),
        (data.clone(), "g.xlsx"),
    ] {
        let to = desk.path(to);
        applied(&plain(&from), &to);
        let found = all(&to);
        // What the table had of an earlier labelling stays, and the new columns get numbers.
        let numbered = |name: &str| {
            let table = found.table.as_ref().expect("it is a table");
            let last = (2..9).rev().map(|n| format!("{name}_{n}")).find(|name| table.header.contains(name));
            last.unwrap_or_else(|| name.to_owned())
        };
        for column in ["code", "u", "v", "label"] {
            assert_eq!(cells(&found, column), cells(&wanted, column), "{}, {column}", to.display());
        }
        for column in ["row", "cluster", "confidence", "unlike", "learned_1"] {
            assert_eq!(cells(&found, &numbered(column)), cells(&wanted, column), "{}, {column}", to.display());
        }
        // An earlier output is replaced without a word, another table is not.
        applied(&plain(&data), &to);
    }
    let theirs = desk.path("theirs.parquet");
    std::fs::copy(desk.path("out-parquet").join("labels.parquet"), &theirs).expect("it can be copied");
    let other = desk.path("other.parquet");
    let reference = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/references/tables/polars.parquet");
    std::fs::copy(reference, &other).expect("it can be copied");
    let refused = eigenscope(["apply", &model, &plain(&data), "--out", &plain(&other)]);
    assert!(text(&refused.stderr).contains("--force"), "{}", text(&refused.stderr));
}

#[test]
fn chosen_columns_leave_in_the_order_of_the_table_and_as_arrays_too() {
    let desk = Desk::new();
    let run = |format: &str, columns: &str| {
        let out = desk.path(format);
        let args = ["run", "moons", "--samples", "90", "--no-learn", "--labels", format, "--columns", columns];
        let output = eigenscope(args.into_iter().chain(["--out", &plain(&out)]));
        assert!(output.status.success(), "{format}: {}", text(&output.stderr));
        (out.join(format!("labels.{format}")), text(&output.stderr))
    };
    let (csv, said) = run("csv", "cluster,y,row,clustre");
    let written = std::fs::read_to_string(csv).expect("it is there");
    assert!(written.starts_with("y,row,cluster\n") && written.lines().count() == 91, "{written}");
    assert!(said.contains("no column `clustre`") && said.contains("did you mean `cluster`?"), "{said}");
    let (npz, _) = run("npz", "x,y");
    let data = open(&npz, &Recipe { array: "x".to_owned(), ..Recipe::default() });
    assert_eq!(data.unwrap_or_else(|e| panic!("{e}")).len(), 90, "an array of NumPy reads back");
}

#[test]
fn numbers_with_decimal_commas_leave_apply_as_they_came() {
    let desk = Desk::new();
    let row = |i: usize| format!("{},{};{}\n", i % 13, i % 10, i * i % 11);
    let data = plain(&desk.put("t.csv", format!("a;b\n{}", (0..80).map(row).collect::<String>())));
    let (out, to) = (plain(&desk.path("out")), desk.path("applied.parquet"));
    let run = eigenscope(["run", &data, "--clusters", "2", "--no-learn", "--quiet", "--out", &out]);
    assert!(run.status.success(), "{}", text(&run.stderr));
    let model = plain(&desk.path("out/model.eigenscope"));
    let applied = eigenscope(["apply", &model, &data, "--out", &plain(&to), "--quiet"]);
    assert!(applied.status.success(), "{}", text(&applied.stderr));
    let found = cells(&all(&to), "a");
    assert_eq!((found.len(), found[0].as_str(), found[27].as_str()), (80, "0,0", "1,7"));
}
