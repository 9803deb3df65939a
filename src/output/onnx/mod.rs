//! A model as one ONNX graph, so that any program with an ONNX runtime labels rows as `apply` does: reading, gaps, scaling, encoder, a
//! side of the model, clusters, names, confidence, what is unlike.
//!
//! All numbers are the model's own, and each operator says what the code of that part does; where that is double precision, the graph
//! has doubles. What cannot be said is refused by name.

mod clusters;
mod graph;
mod inputs;
mod layers;
mod messages;
mod nearest;
mod sides;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::path::Path;

use prost::Message as _;
use serde_json::json;

pub use inputs::Form;

use super::columns::free_name;
use super::write_atomically;
use crate::data::checksum;
use crate::model::{Model, Side};
use crate::support::language::counted;
use crate::{Error, Result};
use graph::{Graph, ML, Of, Value};
use inputs::Inputs;
use messages::{ModelProto, OperatorSetIdProto, StringStringEntryProto};

/// Version of the format.
const IR: i64 = 10;
/// Versions of the operators, and of those for tables.
const OPSET: i64 = 21;
const OPSET_ML: i64 = 4;
/// Longest file that protocol buffers can have.
const LONGEST: usize = i32::MAX as usize;
/// How a file begins that [`write_onnx`] wrote: version and producer.
const BEGIN: &[u8] = b"\x08\x0a\x12\x0aeigenscope";

/// What a graph of a model is to be.
#[derive(Clone, Copy, Debug)]
pub struct OnnxOptions {
    /// Which side of the model places rows.
    pub side: Side,
    /// How rows come in.
    pub form: Form,
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnnxFacts {
    /// Names of the inputs.
    pub inputs: Vec<String>,
    /// Names of the outputs.
    pub outputs: Vec<String>,
    /// What a person should know, one sentence each.
    pub notes: Vec<String>,
}

impl OnnxFacts {
    /// What is where, in words.
    #[must_use]
    pub fn sentence(&self, path: &Path) -> String {
        let inputs = match self.inputs.as_slice() {
            [one] => format!("input `{one}`"),
            several => format!("{}, one a column", counted(several.len(), "input")),
        };
        format!("{}: {inputs}; outputs {}", path.display(), self.outputs.join(", "))
    }
}

/// Whether a file begins as one that [`write_onnx`] wrote.
pub(super) fn is_ours(begins: &[u8]) -> bool {
    begins.starts_with(BEGIN)
}

/// How many bytes tell that.
pub(super) const TELLING: usize = BEGIN.len();

/// Writes a model as an ONNX graph.
///
/// # Errors
/// Those of [`onnx`]; [`Error::Io`] with the path.
pub fn write_onnx(path: &Path, model: &Model, options: OnnxOptions) -> Result<OnnxFacts> {
    let (bytes, facts) = onnx(model, options)?;
    write_atomically(path, |writer| writer.write_all(&bytes))?;
    Ok(facts)
}

/// A model as an ONNX graph: the bytes of a file, the same for the same model.
///
/// # Errors
/// [`Error::Data`] for what cannot be said in ONNX, by name and with what helps; [`Error::Setting`] for a side or a form that the model
/// does not have.
fn onnx(model: &Model, options: OnnxOptions) -> Result<(Vec<u8>, OnnxFacts)> {
    let inputs = Inputs::of(&model.reading, options.form)?;
    let mut outputs = Outputs::beside(&inputs.names);
    let mut graph = Graph::with_names(outputs.taken.clone());
    let features = inputs.features(&mut graph);
    let mut rows = inputs::scaled(&mut graph, &features, &model.scaler);
    let classifier = model.classifier.as_ref().filter(|_| model.side(None).is_ok_and(|first| first == options.side));
    let scores = classifier.map(|classifier| layers::codes(&mut graph, &rows, classifier));
    if let Some(encoder) = &model.encoder {
        rows = layers::codes(&mut graph, &rows, encoder);
    }
    let (places, how) = match (options.side, &model.learned, &model.exact) {
        (Side::Learned, Some(network), _) => (sides::learned(&mut graph, &rows, network), &network.clusters),
        (Side::Exact, _, Some(exact)) => (sides::exact(&mut graph, &rows, &exact.landmarks), &exact.clusters),
        (side, ..) => return model.side(Some(side)).and(Err(Error::Data("the model has no such side".to_owned()))),
    };
    let told = clusters::tell(&mut graph, (&places, scores.as_ref()), (how, model.grouped_as()), &model.names);
    let width = Some(how.centroids.ncols());
    outputs.give(&mut graph, &told.cluster, ("cluster", Of::Whole), None);
    outputs.give(&mut graph, &told.name, ("name", Of::Text), None);
    outputs.give(&mut graph, &told.confidence, ("confidence", Of::Double), None);
    if let Some(familiar) = &model.familiar {
        let unlike = clusters::unlike(&mut graph, &rows, familiar);
        outputs.give(&mut graph, &unlike, ("unlike", Of::Flag), None);
    } else {
        outputs
            .notes
            .push("the model, of an earlier version, cannot tell what is unlike, so there is no such output".into());
    }
    outputs.give(&mut graph, &places, ("coordinates", Of::Double), width);
    if let Some(diffusion) = &told.diffusion {
        outputs.give(&mut graph, diffusion, ("diffusion", Of::Double), width);
    }
    let bytes = encoded(model, options.side, graph, (&inputs, &outputs))?;
    let facts = OnnxFacts {
        inputs: inputs.names,
        outputs: outputs.names.into_iter().map(|(_, name)| name).collect(),
        notes: outputs.notes,
    };
    Ok((bytes, facts))
}

/// The outputs of a graph.
struct Outputs {
    taken: HashSet<String>,
    /// What each may be and what it would be called.
    free: Vec<(&'static str, String)>,
    /// Those that there are.
    names: Vec<(&'static str, String)>,
    notes: Vec<String>,
}

/// What an output holds, in words.
fn about(what: &str) -> &'static str {
    match what {
        "cluster" => "number of the cluster, from 0",
        "name" => "name of the cluster; empty where it has none",
        "confidence" => "how clear the choice of the cluster is, from 0 to 1",
        "unlike" => "whether the row is unlike the training data",
        "coordinates" => "eigenvector values",
        _ => "diffusion coordinates, which the clusters were told by",
    }
}

impl Outputs {
    const ALL: [&str; 6] = ["cluster", "name", "confidence", "unlike", "coordinates", "diffusion"];

    /// Names beside those of the inputs: one that is taken gets a number, as in the table of `apply`.
    fn beside(inputs: &[String]) -> Self {
        let mut taken: HashSet<String> = inputs.iter().cloned().collect();
        let free = Self::ALL.map(|what| {
            let name = free_name(what, &taken);
            taken.insert(name.clone());
            (what, name)
        });
        Self { taken, free: free.into(), names: Vec::new(), notes: Vec::new() }
    }

    /// Gives a value away as the output of this name.
    fn give(&mut self, graph: &mut Graph, value: &Value, (what, of): (&'static str, Of), width: Option<usize>) {
        let Some((_, name)) = self.free.iter().find(|(known, _)| *known == what).cloned() else { return };
        graph.output(value, (&name, of), width, about(what));
        if name != what {
            self.notes.push(format!("the data has a column `{what}` of its own, so the output is called `{name}`"));
        }
        self.names.push((what, name));
    }
}

/// The file.
fn encoded(model: &Model, side: Side, graph: Graph, (inputs, outputs): (&Inputs<'_>, &Outputs)) -> Result<Vec<u8>> {
    let unwritable = |e: &dyn std::fmt::Display| Error::Data(format!("the model cannot be written as ONNX: {e}"));
    let mut content = Vec::new();
    ciborium::into_writer(model, &mut content).map_err(|e| unwritable(&e))?;
    let recipe = toml::to_string(&model.recipe).map_err(|e| unwritable(&e))?;
    let names: serde_json::Map<_, _> =
        outputs.names.iter().map(|(what, name)| ((*what).to_owned(), json!(name))).collect();
    let about = [
        ("eigenscope.version", env!("CARGO_PKG_VERSION").to_owned()),
        ("eigenscope.checksum", format!("fnv1a-{:016x}", checksum(&content))),
        ("eigenscope.side", side.name().to_owned()),
        ("eigenscope.inputs", inputs.described().to_string()),
        ("eigenscope.outputs", json!(names).to_string()),
        ("eigenscope.recipe", recipe),
    ];
    let operators =
        |domain: &str, version| OperatorSetIdProto { domain: Some(domain.to_owned()), version: Some(version) };
    let tables = graph.has_ml.then(|| operators(ML, OPSET_ML));
    let proto = ModelProto {
        ir_version: Some(IR),
        producer_name: Some("eigenscope".to_owned()),
        producer_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
        doc_string: Some("Labels rows as `eigenscope apply` does.".to_owned()),
        graph: Some(graph.finish("eigenscope")),
        opset_import: [Some(operators("", OPSET)), tables].into_iter().flatten().collect(),
        metadata_props: about
            .map(|(key, value)| StringStringEntryProto { key: Some(key.to_owned()), value: Some(value) })
            .into(),
    };
    let length = proto.encoded_len();
    if length > LONGEST {
        return Err(Error::Data(format!(
            "this model cannot be said in ONNX: its numbers take {} MiB, and such a file has at most 2047; \
             `eigenscope apply` takes the model itself, and a run with a network, or a smaller --limit, leaves a smaller one",
            length >> 20
        )));
    }
    Ok(proto.encode_to_vec())
}
