//! A model reads the next table as its training read the first: by name, with the words, fills and centres of the training.

use std::path::PathBuf;

use eigenscope::output::read_model;

use crate::bad_days::files;
use crate::support::desk::{Desk, plain};
use crate::support::program::{eigenscope, text};

/// Rows of the training table.
const ROWS: usize = 240;
const COLOURS: [&str; 3] = ["red", "green", "blue"];

/// A trained model with what it was trained on.
struct Trained {
    desk: Desk,
    model: PathBuf,
}

/// A table as rows of cells, the header first.
type Rows = Vec<Vec<String>>;

impl Trained {
    fn on(table: &Rows, more: &[&str]) -> Self {
        let desk = Desk::new();
        let data = plain(&desk.put("train.csv", csv(table)));
        let out = plain(&desk.path("out"));
        let mut args = vec!["run", &data, "--device", "cpu", "--steps", "60", "--hidden", "32,32", "--clusters", "3"];
        args.extend(["--quiet", "--out", &out].into_iter().chain(more.iter().copied()));
        let output = eigenscope(&args);
        assert!(output.status.success(), "{}", text(&output.stderr));
        let model = desk.path("out/model.eigenscope");
        Self { desk, model }
    }

    /// The labelled table and what was said, or why it was refused.
    fn apply(&self, table: &str) -> Result<(Rows, String), String> {
        let data = plain(&self.desk.put("new.csv", table));
        let output = eigenscope(["apply", &plain(&self.model), &data]);
        let said = text(&output.stderr);
        if !output.status.success() {
            assert_eq!(output.status.code(), Some(1), "{said}");
            return Err(said);
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(output.stdout.as_slice());
        let rows = reader.records().map(|r| r.expect("every row is as long").iter().map(str::to_owned).collect());
        Ok((rows.collect(), said))
    }

    fn labelled(&self, table: &Rows) -> (Rows, String) {
        self.apply(&csv(table)).unwrap_or_else(|said| panic!("{said}"))
    }
}

fn csv(rows: &Rows) -> String {
    rows.iter().map(|row| row.join(",") + "\n").collect()
}

fn words(cells: &[&str]) -> Vec<String> {
    cells.iter().map(ToString::to_string).collect()
}

/// One column of a labelled table, below its name.
fn column(rows: &Rows, name: &str) -> Vec<String> {
    let at = rows[0].iter().position(|cell| cell == name).unwrap_or_else(|| panic!("no `{name}` in {:?}", rows[0]));
    rows[1..].iter().map(|row| row[at].clone()).collect()
}

/// Columns of a table in another order, some twice or not at all.
fn picked(rows: &Rows, columns: &[usize]) -> Rows {
    rows.iter().map(|row| columns.iter().map(|&at| row[at].clone()).collect()).collect()
}

/// Three groups in columns of different size and place: `a,b,c,d,label`.
fn numbers() -> Rows {
    let mut rows = vec![words(&["a", "b", "c", "d", "label"])];
    for i in 0..ROWS {
        let (group, wave) = (i % 3, |k: usize| (i as f64 * 1.7 + k as f64).sin());
        let centre = [[-5.0, 4.0, 140.0, 900.0], [0.0, 11.0, 100.0, 1000.0], [6.0, -3.0, 120.0, 1100.0]][group];
        let cell = |k: usize| format!("{:.4}", centre[k] + wave(k) * [0.4, 0.5, 2.0, 6.0][k]);
        rows.push((0..4).map(cell).chain([group.to_string()]).collect());
    }
    rows
}

/// Numbers and words with a row number and labels: `id,u,v,colour,kind`.
fn mixed() -> Rows {
    let mut rows = vec![words(&["id", "u", "v", "colour", "kind"])];
    for i in 0..ROWS {
        let group = i % 3;
        let (u, v) = ([-5.0, 0.0, 4.0][group], [0.0, 10.0, 20.0][group]);
        let wave = |k: f64| 0.4 * (i as f64 * k).sin();
        let colour = COLOURS[(i / 3) % 3];
        rows.push(words(&[
            &(i + 1).to_string(),
            &format!("{:.4}", u + wave(1.3)),
            &format!("{:.4}", v + wave(2.1)),
            colour,
            &format!("k{group}"),
        ]));
    }
    rows
}

fn trained_on_words() -> Trained {
    Trained::on(&mixed(), &["--label-column", "kind", "--text", "one-hot", "--missing", "mean"])
}

#[test]
fn columns_are_found_by_name_in_any_order_among_others() {
    let table = numbers();
    let trained = Trained::on(&table, &[]);
    let (same, said) = trained.labelled(&table);
    assert!(said.contains("ACC 1.0000"), "{said}");
    let clusters = column(&same, "cluster");
    assert_eq!(clusters.len(), ROWS);
    let (moved, _) = trained.labelled(&picked(&table, &[3, 2, 1, 0, 4]));
    assert_eq!(column(&moved, "cluster"), clusters, "d, c, b, a");
    assert_eq!(column(&moved, "learned_1"), column(&same, "learned_1"));
    let (extra, _) = trained.labelled(&picked(&table, &[4, 0, 0, 3, 1, 2, 4]));
    assert_eq!(column(&extra, "cluster"), clusters, "other columns do not matter");
    let mut strange = table.clone();
    strange
        .iter_mut()
        .enumerate()
        .for_each(|(i, row)| row.push(if i == 0 { "note".into() } else { "some words".into() }));
    assert_eq!(column(&trained.labelled(&strange).0, "cluster"), clusters, "a column of words");
    let delimited = csv(&table).replace(',', ";");
    assert_eq!(column(&trained.apply(&delimited).expect("it is read").0, "cluster"), clusters, "another delimiter");

    let mut renamed = table.clone();
    renamed[0] = words(&["p", "q", "r", "d", "label"]);
    let refused = trained.apply(&csv(&renamed)).expect_err("three are not there");
    assert!(refused.contains("new.csv") && refused.contains("`a`, `b`, `c`") && refused.contains("`p`"), "{refused}");
    let refused = trained.apply(&csv(&picked(&table, &[0, 1, 3, 4]))).expect_err("`c` is missing");
    assert!(refused.contains("no column `c`"), "{refused}");
}

#[test]
fn a_table_without_header_is_taken_by_its_place_and_says_so() {
    let table = numbers();
    let trained = Trained::on(&table, &[]);
    let clusters = column(&trained.labelled(&table).0, "cluster");
    for columns in [&[0, 1, 2, 3][..], &[0, 1, 2, 3, 4]] {
        let (found, said) = trained.labelled(&picked(&table, columns)[1..].to_vec());
        assert_eq!(column(&found, "cluster"), clusters);
        assert!(said.contains("no header") && said.contains("by their place"), "{said}");
    }
    let refused = trained.apply(&csv(&picked(&table, &[0, 1, 2])[1..].to_vec())).expect_err("three of four");
    assert!(refused.contains("reads 4 columns") && refused.contains('3'), "{refused}");

    let nameless = Trained::on(&table[1..].to_vec(), &["--label-column", "5"]);
    let (found, said) = nameless.labelled(&table[1..].to_vec());
    assert!(said.contains("ACC 1.0000") && !said.contains("by their place"), "{said}");
    assert_eq!(column(&found, "column 5").len(), ROWS);
    let (found, said) = nameless.labelled(&table);
    assert!(said.contains("without names") && said.contains("ACC 1.0000"), "{said}");
    assert_eq!(column(&found, "cluster").len(), ROWS);
}

#[test]
fn a_row_is_labelled_alike_alone_and_among_others() {
    let table = mixed();
    let trained = trained_on_words();
    let (all, _) = trained.labelled(&table);
    let clusters = column(&all, "cluster");
    let places = column(&all, "learned_1");
    let head = table[0].clone();
    for row in [0, 1, 77] {
        let (one, _) = trained.labelled(&vec![head.clone(), table[row + 1].clone()]);
        assert_eq!(column(&one, "cluster"), [clusters[row].clone()]);
        let [alone, among] = [&column(&one, "learned_1")[0], &places[row]].map(|v| v.parse::<f64>().expect("a number"));
        assert!((alone - among).abs() < 1e-5, "{alone} {among}");
    }
    assert_eq!(column(&trained.labelled(&picked(&table, &[0, 1, 2, 3])).0, "cluster"), clusters, "no label column");
    let mut unlabelled = table.clone();
    unlabelled[1..].iter_mut().for_each(|row| row[4].clear());
    let (found, said) = trained.labelled(&unlabelled);
    assert!(column(&found, "cluster") == clusters && !said.contains("ACC"), "no label: {said}");
    let mut later = table.clone();
    later[1..].iter_mut().enumerate().for_each(|(i, row)| row[0] = (i + 301).to_string());
    assert_eq!(column(&trained.labelled(&later).0, "cluster"), clusters, "ids go on");
    let fewer: Rows = table.iter().filter(|row| row[3] != "blue").cloned().collect();
    let of_them = table[1..].iter().zip(&clusters).filter(|(row, _)| row[3] != "blue").map(|(_, c)| c.clone());
    assert_eq!(column(&trained.labelled(&fewer).0, "cluster"), of_them.collect::<Vec<_>>(), "a word fewer");
    let refused = trained.apply("id,u,v,colour,kind\n").expect_err("there is no row");
    assert!(refused.contains("no row follows the header"), "{refused}");
}

#[test]
fn words_never_seen_and_gaps_are_treated_as_in_training_and_told() {
    let trained = trained_on_words();
    let model = read_model(&trained.model).expect("it was written");
    let fill =
        |name: &str| model.reading.columns.iter().find(|column| column.name == name).expect("it is there").fill[0];
    let learned = |table: &str| {
        let (rows, said) = trained.apply(table).unwrap_or_else(|said| panic!("{said}"));
        (column(&rows, "learned_1"), said)
    };
    // A gap takes the training's mean, whatever stands beside it.
    let (gap, said) = learned("id,u,v,colour,kind\n1,,9.3,green,k0\n2,-4.8,0.4,blue,k2\n3,NA,9.3,green,\n");
    assert!(said.contains("missing values filled") && said.contains("2, in `u (2)`"), "{said}");
    assert_eq!(gap[0], gap[2]);
    let filled = format!("u,v,colour\n{},9.3,green\n-4.8,0.4,blue\n{0},9.3,green\n", fill("u"));
    assert_eq!(learned(&filled).0, gap);
    assert_eq!(learned("u,v,colour\n,9.3,green\n,9.3,green\n,9.3,green\n").0[0], gap[0]);
    // A word that was never seen is none of the known ones.
    let (new, said) = learned("u,v,colour\n0.1,9.3,amber\n0.1,9.3,green\n0.1,9.3,teal\n");
    assert!(said.contains("column `colour`: 2 rows") && said.contains("`amber`"), "{said}");
    assert!(new[0] == new[2] && new[0] != new[1]);
    // A word among numbers is missing, and a column of such words another column.
    let (slip, said) = learned("u,v,colour\n0.1,9.3,red\n0.1,high,red\n0.1,,red\n");
    assert!(slip[1] == slip[2] && said.contains("column `v`: 1 row") && said.contains("`high`"), "{said}");
    let refused = trained.apply("u,v,colour\n0.1,low,red\n0.1,high,red\n").expect_err("there is no number");
    assert!(refused.contains("column `v`: the model reads numbers") && refused.contains("`low`"), "{refused}");
    let (infinite, said) = learned("u,v,colour\r\n0.1,,red\r\n0.1,-inf,red\r\n0.1,9.3,red\r\n");
    assert!(infinite[0] == infinite[1] && said.contains("column `v`: 1 row") && said.contains("`-inf`"), "{said}");
    let refused = trained.apply("u,v,colour\n0.1,9.3,red\n0.1,9.3\n").expect_err("a cell is missing");
    assert!(refused.contains("line 3: 2 cells where there are 3 columns"), "{refused}");
}

#[test]
fn the_table_has_what_came_and_how_sure_and_how_strange() {
    let table = mixed();
    let trained = trained_on_words();
    let mut new = table.clone();
    new.push(words(&["=1+1", "900.0", "-70.5", "red", "k9"]));
    new[0][0] = "cluster".to_owned();
    let (found, said) = trained.labelled(&new);
    let header = "cluster,u,v,colour,kind,row,cluster_2,confidence,unlike,learned_1";
    assert!(found[0].join(",").starts_with(header), "{:?}", found[0]);
    assert!(said.contains("column `cluster` of its own") && said.contains("look unlike the training data"), "{said}");
    assert!(found.iter().zip(&new).skip(1).all(|(found, new)| found[..5] == new[..]), "cells as they came");
    let places: Vec<String> = (0..=ROWS).map(|row| row.to_string()).collect();
    assert_eq!(column(&found, "row"), places);
    let unlike = column(&found, "unlike");
    assert_eq!(unlike[ROWS], "1", "it is far from everything");
    assert!(unlike.iter().filter(|cell| *cell == "1").count() <= 1 + ROWS / 20, "{unlike:?}");
    let confidence: Vec<f64> = column(&found, "confidence").iter().map(|c| c.parse().expect("a number")).collect();
    assert!(confidence.iter().all(|c| (0.0..=1.0).contains(c)) && confidence[0] > 0.1, "{confidence:?}");
}

#[test]
fn the_standard_input_and_part_of_the_rows() {
    let table = numbers();
    let trained = Trained::on(&table, &[]);
    let new = trained.desk.put("new.csv", csv(&table));
    let run = |args: &[&str]| {
        let mut command = crate::support::program::command(["apply", &plain(&trained.model)].iter().chain(args));
        let output = command.stdin(std::fs::File::open(&new).expect("it is there")).output().expect("it starts");
        assert!(output.status.success(), "{}", text(&output.stderr));
        (text(&output.stdout), text(&output.stderr))
    };
    let (whole, _) = run(&[&plain(&new)]);
    assert_eq!(run(&["-"]).0, whole);
    let (part, said) = run(&["-", "--limit", "50"]);
    assert!(said.contains("50 of 240 rows kept"), "{said}");
    let lines: Vec<&str> = whole.lines().collect();
    assert!(
        part.lines().count() == 51
            && part.lines().all(|line| {
                // The last digits of a coordinate depend on the rows beside it.
                let begin = line.split(',').take(7).collect::<Vec<_>>().join(",");
                lines.iter().any(|l| l.starts_with(&begin))
            })
    );
}

#[test]
fn a_model_before_columns_of_lists_is_read_as_it_is() {
    let desk = Desk::new();
    let (model, bytes) = files::model();
    let content = &bytes[b"eigenscope model 5\n".len()..];
    for earlier in 3..=4 {
        let begin = format!("eigenscope model {earlier}\n");
        let path = desk.put("m.eigenscope", [begin.as_bytes(), content].concat());
        assert_eq!(read_model(&path).expect("it is read").reading, model.reading, "format {earlier}");
    }
}

#[test]
fn a_model_of_an_earlier_version_is_read_with_what_can_be_known_of_it() {
    let desk = Desk::new();
    let (model, bytes) = files::model();
    assert!(bytes.starts_with(b"eigenscope model 5\n"));
    // Before the third format a model was a network with all around it in one list.
    let flat = ciborium::Value::serialized(model).expect("it is CBOR").into_map().expect("a map");
    let mut older_parts: Vec<(String, ciborium::Value)> = Vec::new();
    let mut spread = |entries: Vec<(ciborium::Value, ciborium::Value)>| {
        let mut inner = Vec::new();
        for (key, value) in entries {
            match key.as_text() {
                Some("learned" | "clusters") => inner.push(value.into_map().expect("a map")),
                Some("exact" | "classifier") | None => {}
                Some(key) => older_parts.push((key.to_owned(), value)),
            }
        }
        inner
    };
    let network = spread(flat);
    let clusters: Vec<_> = network.into_iter().flat_map(&mut spread).collect();
    for entries in clusters {
        spread(entries);
    }
    let packed = |keep: fn(&str) -> bool| {
        let kept = older_parts.iter().filter(|(key, _)| keep(key));
        let kept = kept.map(|(key, value)| (ciborium::Value::Text(key.clone()), value.clone())).collect();
        let mut cbor = Vec::new();
        ciborium::into_writer(&ciborium::Value::Map(kept), &mut cbor).expect("memory takes it");
        files::gzip(&cbor)
    };
    let path = desk.put("m.eigenscope", [&b"eigenscope model 2\n"[..], &packed(|_| true)].concat());
    let second = read_model(&path).expect("the second format is read");
    assert_eq!((&second.learned, &second.reading, second.exact.is_none()), (&model.learned, &model.reading, true));
    let older = packed(|key| !matches!(key, "reading" | "familiar"));
    let path = desk.put("m.eigenscope", [&b"eigenscope model 1\n"[..], &older].concat());
    let read = read_model(&path).expect("it is read");
    assert_eq!(read.columns, model.columns);
    assert!(read.familiar.is_none() && read.reading.columns.iter().all(|column| column.fill.is_empty()));
    let good = desk.put("good.csv", files::table());
    let output = eigenscope(["apply", &plain(&path), &plain(&good)]);
    let table = text(&output.stdout);
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(table.lines().next().is_some_and(|l| l.contains("confidence") && !l.contains("unlike")), "{table}");
    let gap = desk.put("gap.csv", "alpha,\"b, c\",gamma\n1,,3\n");
    let output = eigenscope(["apply", &plain(&path), &plain(&gap)]);
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("train it again"), "{}", text(&output.stderr));

    for (begin, what) in
        [(&b"eigenscope model 2\n"[..], "the model is damaged"), (b"eigenscope model 9\n", "later version")]
    {
        let path = desk.put("m.eigenscope", [begin, &older].concat());
        let refused = read_model(&path).expect_err("there is no reading").to_string();
        assert!(refused.contains(what), "{refused}");
    }
}
