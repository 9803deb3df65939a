//! Files as bytes, as other programs write them or as nobody should.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes).expect("memory takes it");
    out.finish().expect("memory takes it")
}

/// An IDX file: the code of its element type, its sizes and what follows.
pub(crate) fn idx(kind: u8, dims: &[u32], payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, kind, dims.len() as u8];
    bytes.extend(dims.iter().flat_map(|d| d.to_be_bytes()));
    bytes.extend(payload);
    bytes
}

/// An array as `NumPy` writes it.
pub(crate) fn npy(descr: &str, shape: &str, payload: &[u8]) -> Vec<u8> {
    npy_raw(&format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}\n"), payload)
}

/// The same with any header.
pub(crate) fn npy_raw(header: &str, payload: &[u8]) -> Vec<u8> {
    let length = (header.len() as u16).to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), payload].concat()
}
