//! A graph of operators that grows node by node: every value is made before it is read, and has a name that no other has.

use std::collections::HashSet;

use super::messages::{
    AttributeProto, DimensionProto, GraphProto, NodeProto, TensorProto, TensorShapeProto, TensorTypeProto, TypeProto,
    ValueInfoProto,
};
use crate::output::columns::free_name;

/// What the rows of a tensor are counted by: any number.
pub(super) const BATCH: &str = "N";
/// The domain of the operators beside the usual ones.
pub(super) const ML: &str = "ai.onnx.ml";

/// What a tensor is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    Float,
    Byte,
    Whole,
    Text,
    Flag,
    Double,
}

impl Of {
    /// Its number in ONNX.
    pub(super) fn code(self) -> i32 {
        match self {
            Self::Float => 1,
            Self::Byte => 2,
            Self::Whole => 7,
            Self::Text => 8,
            Self::Flag => 9,
            Self::Double => 11,
        }
    }
}

/// A number of a constant.
pub(super) trait Number: Copy {
    const OF: Of;
    fn push(self, to: &mut Vec<u8>);
}

macro_rules! number {
    ($($type:ty: $of:ident),*) => {$(
        impl Number for $type {
            const OF: Of = Of::$of;
            fn push(self, to: &mut Vec<u8>) {
                to.extend_from_slice(&self.to_le_bytes());
            }
        }
    )*};
}
number!(f32: Float, f64: Double, i64: Whole);

/// A value of a graph, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Value(String);

/// A setting of an operator.
#[derive(Debug)]
pub(super) enum Setting {
    Float(f32),
    Whole(i64),
    Text(String),
    Wholes(Vec<i64>),
    Texts(Vec<String>),
}

/// A graph on its way.
#[derive(Debug, Default)]
pub(super) struct Graph {
    proto: GraphProto,
    taken: HashSet<String>,
    /// The part that nodes are of, which their names begin with.
    part: &'static str,
    /// Whether it has operators of [`ML`].
    pub(super) has_ml: bool,
}

impl Graph {
    /// A graph in which these names belong to inputs and outputs.
    pub(super) fn with_names(taken: HashSet<String>) -> Self {
        Self { taken, ..Self::default() }
    }

    /// The nodes to come are of this part.
    pub(super) fn part(&mut self, part: &'static str) {
        self.part = part;
    }

    fn fresh(&mut self, what: &str) -> String {
        let name = free_name(&format!("{}/{what}", self.part), &self.taken);
        self.taken.insert(name.clone());
        name
    }

    /// An input of this name, rows by so many columns.
    pub(super) fn input(&mut self, name: &str, of: Of, width: usize, about: &str) -> Value {
        self.proto.input.push(info(name, of, Some(width), about));
        Value(name.to_owned())
    }

    /// Gives a value away as an output of this name, rows alone or by so many columns.
    pub(super) fn output(&mut self, value: &Value, (name, of): (&str, Of), width: Option<usize>, about: &str) {
        let node = NodeProto {
            input: vec![value.0.clone()],
            output: vec![name.to_owned()],
            name: Some(self.fresh("output")),
            op_type: Some("Identity".to_owned()),
            ..NodeProto::default()
        };
        self.proto.node.push(node);
        self.proto.output.push(info(name, of, width, about));
    }

    /// A constant of this shape; no shape for a single number.
    pub(super) fn constant<T: Number>(&mut self, shape: &[usize], values: impl IntoIterator<Item = T>) -> Value {
        let mut raw = Vec::new();
        values.into_iter().for_each(|value| value.push(&mut raw));
        let tensor = TensorProto {
            dims: shape.iter().map(|&n| n as i64).collect(),
            data_type: Some(T::OF.code()),
            raw_data: Some(raw),
            name: Some(self.fresh("constant")),
            ..TensorProto::default()
        };
        self.keep(tensor)
    }

    /// One number.
    pub(super) fn number<T: Number>(&mut self, value: T) -> Value {
        self.constant(&[], [value])
    }

    /// Texts, one after the other.
    pub(super) fn texts(&mut self, texts: impl IntoIterator<Item = String>) -> Value {
        let data: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
        let tensor = TensorProto {
            dims: vec![data.len() as i64],
            data_type: Some(Of::Text.code()),
            string_data: data,
            name: Some(self.fresh("texts")),
            ..TensorProto::default()
        };
        self.keep(tensor)
    }

    fn keep(&mut self, tensor: TensorProto) -> Value {
        let value = Value(tensor.name.clone().unwrap_or_default());
        self.proto.initializer.push(tensor);
        value
    }

    /// The only output of an operator.
    pub(super) fn op(&mut self, op: &str, inputs: &[&Value]) -> Value {
        self.with(op, inputs, Vec::new())
    }

    /// The same with settings.
    pub(super) fn with(&mut self, op: &str, inputs: &[&Value], settings: Vec<(&str, Setting)>) -> Value {
        let [value] = self.outputs("", op, inputs, settings);
        value
    }

    /// All outputs of an operator of this domain, the usual one having no name.
    pub(super) fn outputs<const N: usize>(
        &mut self,
        domain: &str,
        op: &str,
        inputs: &[&Value],
        settings: Vec<(&str, Setting)>,
    ) -> [Value; N] {
        let made: [Value; N] = std::array::from_fn(|_| Value(self.fresh(op)));
        self.has_ml |= domain == ML;
        self.proto.node.push(NodeProto {
            input: inputs.iter().map(|value| value.0.clone()).collect(),
            output: made.iter().map(|value| value.0.clone()).collect(),
            name: made.first().map(|value| value.0.clone()),
            op_type: Some(op.to_owned()),
            attribute: settings.into_iter().map(|(name, setting)| attribute(name, setting)).collect(),
            domain: Some(domain.to_owned()).filter(|domain| !domain.is_empty()),
        });
        made
    }

    /// As numbers of another kind.
    pub(super) fn cast(&mut self, value: &Value, of: Of) -> Value {
        self.with("Cast", &[value], vec![("to", Setting::Whole(of.code().into()))])
    }

    /// Values side by side.
    pub(super) fn beside(&mut self, values: &[&Value]) -> Value {
        match values {
            [only] => (*only).clone(),
            _ => self.with("Concat", values, vec![("axis", Setting::Whole(1))]),
        }
    }

    /// Sums of squares along an axis, which stays with the length 1 where it is kept.
    pub(super) fn squares(&mut self, value: &Value, axis: i64, keep: bool) -> Value {
        let axes = self.constant(&[1], [axis]);
        self.with("ReduceSumSquare", &[value, &axes], vec![("keepdims", Setting::Whole(keep.into()))])
    }

    /// Without an axis that has the length 1.
    pub(super) fn squeezed(&mut self, value: &Value, axis: i64) -> Value {
        let axes = self.constant(&[1], [axis]);
        self.op("Squeeze", &[value, &axes])
    }

    /// With an axis of the length 1.
    pub(super) fn widened(&mut self, value: &Value, axis: i64) -> Value {
        let axes = self.constant(&[1], [axis]);
        self.op("Unsqueeze", &[value, &axes])
    }

    /// Columns `from` to `to` of a matrix.
    pub(super) fn columns(&mut self, value: &Value, from: usize, to: usize) -> Value {
        let [from, to, axis] = [from, to, 1].map(|at| self.constant(&[1], [at as i64]));
        self.op("Slice", &[value, &from, &to, &axis])
    }

    /// Rows (doubles) of length 1; those of zeros stay.
    pub(super) fn of_length_one(&mut self, rows: &Value) -> Value {
        let squares = self.squares(rows, 1, true);
        let length = self.op("Sqrt", &[&squares]);
        let (nothing, one) = (self.number(0.0_f64), self.number(1.0_f64));
        let positive = self.op("Greater", &[&length, &nothing]);
        let length = self.op("Where", &[&positive, &length, &one]);
        self.op("Div", &[rows, &length])
    }

    /// The whole of it, under this name.
    pub(super) fn finish(self, name: &str) -> GraphProto {
        GraphProto { name: Some(name.to_owned()), ..self.proto }
    }
}

fn attribute(name: &str, setting: Setting) -> AttributeProto {
    let named = AttributeProto { name: Some(name.to_owned()), ..AttributeProto::default() };
    match setting {
        Setting::Float(f) => AttributeProto { f: Some(f), kind: Some(1), ..named },
        Setting::Whole(i) => AttributeProto { i: Some(i), kind: Some(2), ..named },
        Setting::Text(text) => AttributeProto { s: Some(text.into_bytes()), kind: Some(3), ..named },
        Setting::Wholes(ints) => AttributeProto { ints, kind: Some(7), ..named },
        Setting::Texts(texts) => {
            AttributeProto { strings: texts.into_iter().map(String::into_bytes).collect(), kind: Some(8), ..named }
        }
    }
}

fn info(name: &str, of: Of, width: Option<usize>, about: &str) -> ValueInfoProto {
    let rows = DimensionProto { dim_param: Some(BATCH.to_owned()), dim_value: None };
    let columns = width.map(|width| DimensionProto { dim_value: Some(width as i64), dim_param: None });
    let shape = TensorShapeProto { dim: [Some(rows), columns].into_iter().flatten().collect() };
    let tensor = TensorTypeProto { elem_type: Some(of.code()), shape: Some(shape) };
    ValueInfoProto {
        name: Some(name.to_owned()),
        kind: Some(TypeProto { tensor_type: Some(tensor) }),
        doc_string: Some(about.to_owned()),
    }
}
