//! NPY and NPZ files as NumPy writes them, and the little reading that references need.
//!
//! A crate for it would bring features of others along, with which half of the program would be built a second time for the tests.

use std::io::{self, Seek, Write};
use std::path::Path;

use ndarray::{Array2, ArrayRef, Dimension, ShapeBuilder as _};

use super::bytes;

/// A number as NPY has it.
pub(crate) trait Number: Copy {
    /// NumPy's word for its type.
    const DESCR: &'static str;
    /// Its bytes, least first.
    fn bytes(self) -> Vec<u8>;
}

macro_rules! numbers {
    ($($type:ty: $descr:literal),*) => {
        $(impl Number for $type {
            const DESCR: &'static str = $descr;
            fn bytes(self) -> Vec<u8> {
                self.to_le_bytes().to_vec()
            }
        })*
    };
}

numbers!(u8: "|u1", i16: "<i2", i32: "<i4", u32: "<u4", i64: "<i8", u64: "<u8", f32: "<f4", f64: "<f8");

/// An array as the bytes of an NPY, by rows, or by columns where it lies so in memory.
pub(crate) fn to_npy<T: Number, D: Dimension>(array: &ArrayRef<T, D>) -> Vec<u8> {
    let by_columns = !array.is_standard_layout() && array.t().is_standard_layout();
    let shape: Vec<String> = array.shape().iter().map(ToString::to_string).collect();
    let comma = if shape.len() == 1 { "," } else { "" };
    let order = if by_columns { "True" } else { "False" };
    let header =
        format!("{{'descr': '{}', 'fortran_order': {order}, 'shape': ({}{comma}), }}\n", T::DESCR, shape.join(", "));
    let payload: Vec<u8> = if by_columns {
        array.t().iter().flat_map(|v| v.bytes()).collect()
    } else {
        array.iter().flat_map(|v| v.bytes()).collect()
    };
    bytes::npy_raw(&header, &payload)
}

/// Writes an array as an NPY file.
pub(crate) fn write_npy<T: Number, D: Dimension>(path: impl AsRef<Path>, array: &ArrayRef<T, D>) -> io::Result<()> {
    std::fs::write(path, to_npy(array))
}

/// The matrix of single numbers in a file that NumPy wrote.
pub(crate) fn read_npy(path: impl AsRef<Path>) -> io::Result<Array2<f32>> {
    let file = std::fs::read(path)?;
    let length = usize::from(u16::from_le_bytes([file[8], file[9]]));
    let header = String::from_utf8_lossy(&file[10..10 + length]).into_owned();
    assert!(header.contains("'<f4'"), "{header}");
    let shape = header.split('(').nth(1).and_then(|rest| rest.split(')').next()).unwrap_or_default();
    let shape: Vec<usize> = shape.split(',').filter_map(|size| size.trim().parse().ok()).collect();
    let values = file[10 + length..].chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
    let shape = (shape[0], shape[1]).set_f(header.contains("'fortran_order': True"));
    Array2::from_shape_vec(shape, values).map_err(io::Error::other)
}

/// An archive of arrays.
pub(crate) struct NpzWriter<W> {
    to: W,
    packed: bool,
    members: Vec<(String, Vec<u8>)>,
}

impl<W: Write + Seek> NpzWriter<W> {
    /// As `numpy.savez`.
    pub(crate) fn new(to: W) -> Self {
        Self { to, packed: false, members: Vec::new() }
    }

    /// As `numpy.savez_compressed`.
    pub(crate) fn new_compressed(to: W) -> Self {
        Self { to, packed: true, members: Vec::new() }
    }

    pub(crate) fn add_array<T: Number, D: Dimension>(&mut self, name: impl Into<String>, array: &ArrayRef<T, D>) {
        self.members.push((format!("{}.npy", name.into()), to_npy(array)));
    }

    /// A member as it stands.
    pub(crate) fn add_bytes(&mut self, name: &str, bytes: Vec<u8>) {
        self.members.push((format!("{name}.npy"), bytes));
    }

    pub(crate) fn finish(mut self) -> io::Result<W> {
        let members: Vec<(&str, &[u8])> = self.members.iter().map(|(name, b)| (name.as_str(), b.as_slice())).collect();
        self.to.write_all(&zip(&members, self.packed))?;
        Ok(self.to)
    }
}

/// A zip archive of these members.
fn zip(members: &[(&str, &[u8])], packed: bool) -> Vec<u8> {
    let (mut body, mut directory) = (Vec::new(), Vec::new());
    for (name, content) in members {
        let stored = if packed {
            let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(content).expect("memory takes it");
            encoder.finish().expect("memory takes it")
        } else {
            content.to_vec()
        };
        let mut crc = flate2::Crc::new();
        crc.update(content);
        let method = [if packed { 8 } else { 0 }, 0];
        let numbers = [crc.sum(), stored.len() as u32, content.len() as u32].map(u32::to_le_bytes).concat();
        let lengths = [name.len() as u16, 0].map(u16::to_le_bytes).concat();
        let at = (body.len() as u32).to_le_bytes();
        body.extend(
            [b"PK\x03\x04\x14\0\0\0", &method[..], &[0; 4], &numbers, &lengths, name.as_bytes(), &stored].concat(),
        );
        directory.extend(
            [b"PK\x01\x02\x14\0\x14\0\0\0", &method[..], &[0; 4], &numbers, &lengths, &[0; 10], &at, name.as_bytes()]
                .concat(),
        );
    }
    let count = (members.len() as u16).to_le_bytes();
    let place = [directory.len() as u32, body.len() as u32].map(u32::to_le_bytes).concat();
    [&body[..], &directory, b"PK\x05\x06\0\0\0\0", &count[..], &count, &place, &[0; 2]].concat()
}
