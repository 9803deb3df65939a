//! What a graph says of itself. That its answers are those of `apply` is checked where an ONNX runtime is: `tests/onnx.py`.

use ndarray::{Array2, array};

use super::messages::{GraphProto, TypeProto, ValueInfoProto};
use super::*;
use crate::data::{ColumnReading, Kind, Notation, Reading, Scaler};
use crate::model::{Clusters, Familiar, Network};
use crate::nets::{Input, Weights};
use crate::recipe::{Activation, Recipe};

fn column(name: &str, place: usize, kind: Kind, fill: &[f64]) -> ColumnReading {
    ColumnReading { name: name.to_owned(), place, kind, fill: fill.to_vec(), nothing: None, no_points: false }
}

/// A model of a table with a number, a flag and a word, whose network gives two columns and three clusters.
fn model(names: [&str; 3]) -> Model {
    let words = Kind::Words(["blue", "red"].map(str::to_owned).to_vec());
    let columns = vec![
        column(names[0], 0, Kind::Numbers(Notation::Comma), &[1.5]),
        column(names[1], 1, Kind::Flags, &[0.0]),
        column(names[2], 2, words, &[0.25, 0.75]),
    ];
    let features =
        [names[0].to_owned(), names[1].to_owned(), format!("{} = blue", names[2]), format!("{} = red", names[2])];
    let scaler = r#"{"shift":[1e9,0.5,0.0,0.0],"factor":[2.0,2.0,1.0,1.0],"unit":false}"#;
    let rows = Array2::from_shape_fn((40, 4), |(i, j)| ((i * 7 + j * 3) % 11) as f32);
    let clusters = Clusters { diffusion: None, centroids: array![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]] };
    let network = Network {
        input: Input::fit(rows.view(), 3, 1.0, 0),
        weights: Weights::random(&[10, 8, 2], Activation::Isru, 0),
        map: Array2::eye(2),
        shift: None,
        values: vec![0.0, 0.1],
        clusters,
    };
    Model {
        recipe: Recipe::default(),
        columns: features.to_vec(),
        reading: Reading { columns, named: true, width: 3, ..Reading::default() },
        scaler: serde_json::from_str::<Scaler>(scaler).expect("a scaler"),
        encoder: None,
        learned: Some(network),
        exact: None,
        classifier: None,
        familiar: Some(Familiar::of(rows.view(), 0)),
        names: vec!["first".to_owned(), "second".to_owned()],
    }
}

const LEARNED: OnnxOptions = OnnxOptions { side: Side::Learned, form: Form::Auto };

fn graph(model: &Model, options: OnnxOptions) -> (ModelProto, GraphProto, OnnxFacts) {
    model.check().expect("it fits itself");
    let (bytes, facts) = onnx(model, options).expect("it can be said");
    assert!(is_ours(&bytes));
    let file = ModelProto::decode(bytes.as_slice()).expect("it reads");
    let graph = file.graph.clone().expect("a graph");
    (file, graph, facts)
}

fn name(value: &ValueInfoProto) -> String {
    value.name.clone().expect("a name")
}

/// Names with types and sides of the shape.
fn shapes(values: &[ValueInfoProto]) -> Vec<(String, i32, Vec<String>)> {
    let shape = |kind: &TypeProto| {
        let tensor = kind.tensor_type.clone().expect("a tensor");
        let sides = tensor.shape.expect("a shape").dim.into_iter();
        let side = |d: super::messages::DimensionProto| d.dim_param.or(d.dim_value.map(|n| n.to_string()));
        (tensor.elem_type.expect("a type"), sides.map(|d| side(d).expect("a side")).collect())
    };
    let of = |value: &ValueInfoProto| {
        let (of, sides) = shape(value.kind.as_ref().expect("a type"));
        (name(value), of, sides)
    };
    values.iter().map(of).collect()
}

fn shape(name: &str, of: Of, sides: &[&str]) -> (String, i32, Vec<String>) {
    (name.to_owned(), of.code(), sides.iter().map(ToString::to_string).collect())
}

/// What a file says of itself under this key.
fn told(file: &ModelProto, key: &str) -> String {
    let entry = file.metadata_props.iter().find(|entry| entry.key.as_deref() == Some(key));
    entry.and_then(|entry| entry.value.clone()).expect("it is told")
}

#[test]
fn inputs_are_the_columns_and_outputs_those_of_apply() {
    let (file, graph, facts) = graph(&model(["size", "paid", "colour"]), LEARNED);
    let inputs = [
        shape("size", Of::Double, &["N", "1"]),
        shape("paid", Of::Double, &["N", "1"]),
        shape("colour", Of::Text, &["N", "1"]),
    ];
    assert_eq!(shapes(&graph.input), inputs);
    let outputs = [
        shape("cluster", Of::Whole, &["N"]),
        shape("name", Of::Text, &["N"]),
        shape("confidence", Of::Double, &["N"]),
        shape("unlike", Of::Flag, &["N"]),
        shape("coordinates", Of::Double, &["N", "2"]),
    ];
    assert_eq!(shapes(&graph.output), outputs);
    assert_eq!((facts.inputs.len(), facts.outputs.len(), facts.notes.len()), (3, 5, 0));
    let sets: Vec<_> = file.opset_import.iter().map(|set| (set.domain.as_deref(), set.version)).collect();
    assert_eq!((file.ir_version, sets), (Some(10), vec![(Some(""), Some(21)), (Some("ai.onnx.ml"), Some(4))]));
    let about = |key: &str| told(&file, key);
    let recipe: Recipe = toml::from_str(&about("eigenscope.recipe")).expect("a recipe");
    assert_eq!(recipe, Recipe::default());
    let inputs: serde_json::Value = serde_json::from_str(&about("eigenscope.inputs")).expect("JSON");
    assert_eq!((inputs[1]["kind"].as_str(), inputs[2]["type"].as_str()), (Some("flag"), Some("string")));
}

#[test]
fn every_value_is_made_once_and_before_it_is_read() {
    let (_, graph, _) = graph(&model(["a", "b", "c"]), LEARNED);
    let mut known: HashSet<String> = HashSet::new();
    let constants = graph.initializer.iter().map(|tensor| tensor.name.clone().expect("a name"));
    assert!(graph.input.iter().map(name).chain(constants).all(|name| known.insert(name)));
    for node in &graph.node {
        assert!(node.input.iter().all(|name| known.contains(name)), "{node:?}");
        assert!(node.output.iter().all(|name| known.insert(name.clone())), "{node:?}");
    }
    assert!(graph.output.iter().all(|output| known.contains(&name(output))));
}

#[test]
fn the_same_model_gives_the_same_bytes_and_another_one_another_checksum() {
    let bytes = |model: &Model| onnx(model, LEARNED).expect("it can be said").0;
    let (one, mut other) = (model(["a", "b", "c"]), model(["a", "b", "c"]));
    assert_eq!(bytes(&one), bytes(&other));
    other.names[0] = "other".to_owned();
    let sum = |bytes: &[u8]| told(&ModelProto::decode(bytes).expect("it reads"), "eigenscope.checksum");
    assert_ne!(sum(&bytes(&one)), sum(&bytes(&other)));
}

#[test]
fn a_column_keeps_its_name_and_the_output_gets_a_number() {
    let (_, graph, facts) = graph(&model(["cluster", "name", "N"]), LEARNED);
    assert_eq!(graph.input.iter().map(name).collect::<Vec<_>>(), ["cluster", "name", "N"]);
    assert_eq!(facts.outputs[..2], ["cluster_2".to_owned(), "name_2".to_owned()]);
    assert!(facts.notes.len() == 2 && facts.notes[0].contains("`cluster_2`"), "{:?}", facts.notes);
}

#[test]
fn pictures_of_bytes_come_in_as_bytes_and_other_arrays_as_doubles() {
    let of = |prefix: &str, fill: f64| {
        let mut model = model(["a", "b", "c"]);
        model.columns = (1..=4).map(|i| format!("{prefix}{i}")).collect();
        let numbers = |(i, name): (usize, &String)| column(name, i, Kind::Numbers(Notation::Plain), &[fill]);
        model.reading.columns = model.columns.iter().enumerate().map(numbers).collect();
        (model.reading.named, model.reading.width) = (false, 4);
        model
    };
    let input = |model: &Model, form| shapes(&graph(model, OnnxOptions { form, ..LEARNED }).1.input);
    let pixels = of("pixel 1,", 7.0);
    assert_eq!(input(&pixels, Form::Auto), [shape("features", Of::Byte, &["N", "4"])]);
    assert_eq!(input(&pixels, Form::Float), [shape("features", Of::Float, &["N", "4"])]);
    assert_eq!(input(&of("pixel 1,", 0.5), Form::Auto), [shape("features", Of::Double, &["N", "4"])]);
    assert_eq!(input(&of("column ", 7.0), Form::Auto), [shape("features", Of::Double, &["N", "4"])]);
    assert_eq!(input(&of("column ", 7.0), Form::Columns).len(), 4);
}

#[test]
fn what_cannot_be_said_is_named_with_a_remedy() {
    let refused = |model: &Model, options| onnx(model, options).expect_err("it is refused").to_string();
    let whole = model(["a", "b", "colour"]);
    let words = refused(&whole, OnnxOptions { form: Form::Double, ..LEARNED });
    assert!(
        words.contains("--input double") && words.contains("`colour`") && words.contains("--input columns"),
        "{words}"
    );
    let mut before = whole.clone();
    before.reading.columns[1].fill.clear();
    let gap = refused(&before, LEARNED);
    assert!(gap.contains("column `b`") && gap.contains("train it again"), "{gap}");
    assert!(refused(&whole, OnnxOptions { side: Side::Exact, ..LEARNED }).contains("--by exact"));
}
