//! `eigenscope export`: what it writes, what it writes over, and what it refuses. Whether the graph labels rows as `apply` does is checked by
//! `tests/onnx.py`, where an ONNX runtime is.

use crate::support::desk::{Desk, plain};
use crate::support::program::{eigenscope, text};

/// A small model of an exact side, in this folder.
fn model(desk: &Desk) -> String {
    let out = plain(&desk.path("out"));
    let run = eigenscope(["run", "moons", "--samples", "300", "--no-learn", "--quiet", "--out", &out]);
    assert!(run.status.success(), "{}", text(&run.stderr));
    plain(&desk.path("out/model.eigenscope"))
}

#[test]
fn an_export_replaces_an_export_and_nothing_else() {
    let desk = Desk::new();
    let (model, graph) = (model(&desk), plain(&desk.path("model.onnx")));
    let export = |to: &str, more: &[&str]| eigenscope([&["export", &model, "--onnx", to][..], more].concat());
    let first = export(&graph, &[]);
    assert!(first.status.success() && first.stdout.is_empty(), "{}", text(&first.stderr));
    let said = text(&first.stderr);
    assert!(said.contains("outputs cluster, name, confidence, unlike, coordinates"), "{said}");
    let bytes = std::fs::read(&graph).expect("it is there");
    assert!(export(&graph, &["--quiet"]).stderr.is_empty(), "an earlier export is replaced");
    assert_eq!(std::fs::read(&graph).expect("it is there"), bytes, "by the same");

    let mine = plain(&desk.put("mine.onnx", "mine"));
    let refused = export(&mine, &[]);
    assert_eq!((refused.status.code(), std::fs::read(&mine).expect("it is there").as_slice()), (Some(1), &b"mine"[..]));
    assert!(text(&refused.stderr).contains("--force"), "{}", text(&refused.stderr));
    assert!(export(&mine, &["--force"]).status.success());
    assert_eq!(std::fs::read(&mine).expect("it is there"), bytes);

    let itself = export(&model, &["--force"]);
    assert!(!itself.status.success() && text(&itself.stderr).contains("is the model itself"));
    let side = export(&graph, &["--by", "learned"]);
    assert!(!side.status.success() && text(&side.stderr).contains("--by learned"));
}

#[test]
fn what_a_graph_cannot_say_is_refused_and_leaves_no_file() {
    let desk = Desk::new();
    let rows = |i: usize| format!("{},{},{}\n", i % 7, i * i % 11, ["red", "blue"][i % 2]);
    let table = desk.put("t.csv", format!("a,b,colour\n{}", (0..80).map(rows).collect::<String>()));
    let out = plain(&desk.path("out"));
    let args = ["run", &plain(&table), "--text", "one-hot", "--clusters", "2", "--no-learn", "--quiet", "--out", &out];
    assert!(eigenscope(args).status.success());
    let (model, graph) = (plain(&desk.path("out/model.eigenscope")), desk.path("model.onnx"));
    let refused = eigenscope(["export", &model, "--onnx", &plain(&graph), "--input", "double"]);
    let said = text(&refused.stderr);
    assert!(
        refused.status.code() == Some(1) && said.contains("`colour`") && said.contains("--input columns"),
        "{said}"
    );
    assert!(!graph.exists());
}
