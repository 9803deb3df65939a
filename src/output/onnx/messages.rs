//! The messages of ONNX that a model here needs, as its `onnx.proto` numbers them (IR version 10).
//!
//! They are written down rather than derived: prost's derive macro changes the features of crates that burn is built on.

use prost::bytes::{Buf, BufMut};
use prost::encoding::{self, DecodeContext, WireType};
use prost::{DecodeError, Message};

/// A field that there is at most once, or any number of times.
trait Field<T> {
    fn put(&mut self, value: T);
}

impl<T> Field<T> for Option<T> {
    fn put(&mut self, value: T) {
        *self = Some(value);
    }
}

impl<T> Field<T> for Vec<T> {
    fn put(&mut self, value: T) {
        self.push(value);
    }
}

/// A message: each field with its number, how it is encoded, its name and whether there may be several.
macro_rules! message {
    ($(#[$doc:meta])* $name:ident { $($(#[$about:meta])* $tag:literal $kind:ident $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq)]
        pub(super) struct $name {
            $($(#[$about])* pub(super) $field: $type,)*
        }

        impl Message for $name {
            fn encode_raw(&self, buffer: &mut impl BufMut) {
                $(self.$field.iter().for_each(|value| encoding::$kind::encode($tag, value, buffer));)*
            }

            fn merge_field(
                &mut self,
                tag: u32,
                wire: WireType,
                buffer: &mut impl Buf,
                context: DecodeContext,
            ) -> Result<(), DecodeError> {
                match tag {
                    $($tag => {
                        let mut value = Default::default();
                        encoding::$kind::merge(wire, &mut value, buffer, context)?;
                        self.$field.put(value);
                        Ok(())
                    })*
                    _ => encoding::skip_field(wire, tag, buffer, context),
                }
            }

            fn encoded_len(&self) -> usize {
                [$(self.$field.iter().map(|value| encoding::$kind::encoded_len($tag, value)).sum::<usize>(),)*].iter().sum()
            }

            fn clear(&mut self) {
                *self = Self::default();
            }
        }
    };
}

message! {
    /// A whole file.
    ModelProto {
        1 int64 ir_version: Option<i64>,
        2 string producer_name: Option<String>,
        3 string producer_version: Option<String>,
        6 string doc_string: Option<String>,
        7 message graph: Option<GraphProto>,
        8 message opset_import: Vec<OperatorSetIdProto>,
        14 message metadata_props: Vec<StringStringEntryProto>,
    }
}

message! {
    /// Which operators are meant.
    OperatorSetIdProto {
        1 string domain: Option<String>,
        2 int64 version: Option<i64>,
    }
}

message! {
    /// A key with its value.
    StringStringEntryProto {
        1 string key: Option<String>,
        2 string value: Option<String>,
    }
}

message! {
    /// Operators, each after those that it reads.
    GraphProto {
        1 message node: Vec<NodeProto>,
        2 string name: Option<String>,
        5 message initializer: Vec<TensorProto>,
        11 message input: Vec<ValueInfoProto>,
        12 message output: Vec<ValueInfoProto>,
    }
}

message! {
    /// One operator.
    NodeProto {
        1 string input: Vec<String>,
        2 string output: Vec<String>,
        3 string name: Option<String>,
        4 string op_type: Option<String>,
        5 message attribute: Vec<AttributeProto>,
        7 string domain: Option<String>,
    }
}

message! {
    /// A setting of an operator.
    AttributeProto {
        1 string name: Option<String>,
        2 float f: Option<f32>,
        3 int64 i: Option<i64>,
        4 bytes s: Option<Vec<u8>>,
        8 int64 ints: Vec<i64>,
        9 bytes strings: Vec<Vec<u8>>,
        /// 1 a float, 2 a whole number, 3 a text, 7 whole numbers, 8 texts.
        20 int32 kind: Option<i32>,
    }
}

message! {
    /// A tensor with its numbers or texts.
    TensorProto {
        1 int64 dims: Vec<i64>,
        2 int32 data_type: Option<i32>,
        6 bytes string_data: Vec<Vec<u8>>,
        8 string name: Option<String>,
        /// Little-endian.
        9 bytes raw_data: Option<Vec<u8>>,
    }
}

message! {
    /// What an input or output is.
    ValueInfoProto {
        1 string name: Option<String>,
        2 message kind: Option<TypeProto>,
        3 string doc_string: Option<String>,
    }
}

message! {
    /// A type; of those that there are the tensors alone.
    TypeProto {
        1 message tensor_type: Option<TensorTypeProto>,
    }
}

message! {
    /// Of which numbers a tensor is, and its shape.
    TensorTypeProto {
        1 int32 elem_type: Option<i32>,
        2 message shape: Option<TensorShapeProto>,
    }
}

message! {
    /// A shape.
    TensorShapeProto {
        1 message dim: Vec<DimensionProto>,
    }
}

message! {
    /// One side of a shape: so many, or a name for a number that is free.
    DimensionProto {
        1 int64 dim_value: Option<i64>,
        2 string dim_param: Option<String>,
    }
}
