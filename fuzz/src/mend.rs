//! Checksums set right, so that damage arrives behind them.

use std::io::Write as _;

use flate2::write::GzEncoder;
use flate2::{Compression, Crc};

use crate::archive::pieces;

/// How a PNG begins.
pub(crate) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

const MODEL: &[u8] = b"eigenscope model ";
const PROJECT: &[u8] = b"eigenscope project ";
const JOURNAL: &[u8] = b"eigenscope journal ";

/// The hash of Fowler, Noll and Vo, 64 bits, variant 1a, which projects and journals carry.
fn fnv(bytes: &[u8]) -> [u8; 8] {
    let step = |hash: u64, &byte: &u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step).to_le_bytes()
}

/// A PNG whose chunks have the right checksums.
pub(crate) fn png(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    let mut at = PNG.len();
    while let Some(length) = bytes.get(at..at + 4).and_then(|four| four.try_into().ok()).map(u32::from_be_bytes) {
        let end = at + 8 + length as usize;
        if end + 4 > bytes.len() {
            break;
        }
        let mut crc = Crc::new();
        crc.update(&bytes[at + 4..end]);
        bytes[end..end + 4].copy_from_slice(&crc.sum().to_be_bytes());
        at = end + 4;
    }
    bytes
}

/// A model, its CBOR packed where the bytes are that alone.
pub(crate) fn model(bytes: &[u8]) -> Vec<u8> {
    if bytes.starts_with(MODEL) {
        return bytes.to_vec();
    }
    let mut packed = GzEncoder::new(b"eigenscope model 3\n".to_vec(), Compression::none());
    packed.write_all(bytes).and_then(|()| packed.finish()).expect("memory takes it")
}

/// A project, with the header where the bytes are its CBOR alone; behind its two lengths and no first line, with results.
pub(crate) fn project(bytes: &[u8]) -> Vec<u8> {
    if bytes.starts_with(PROJECT) {
        return bytes.to_vec();
    }
    let section = |bytes: &[u8]| [&fnv(bytes)[..], &(bytes.len() as u64).to_le_bytes(), bytes].concat();
    // No CBOR of a project begins so: the length of what a person did, and behind that the results.
    if let Some((length, rest)) = bytes.strip_prefix(b"\xffR").and_then(|rest| rest.split_at_checked(4)) {
        let length = length.iter().rev().fold(0_usize, |length, &byte| length << 8 | usize::from(byte));
        let (project, results) = rest.split_at(length.min(rest.len()));
        return [b"eigenscope project 6\n".to_vec(), section(project), section(results)].concat();
    }
    [b"eigenscope project 5\n".to_vec(), section(bytes)].concat()
}

/// A journal, where the bytes are its pieces alone with checksums.
pub(crate) fn journal(bytes: &[u8]) -> Vec<u8> {
    if bytes.starts_with(JOURNAL) {
        return bytes.to_vec();
    }
    let mut whole = b"eigenscope journal 2\n".to_vec();
    for piece in pieces(bytes) {
        whole.extend((piece.len() as u32).to_le_bytes());
        whole.extend(fnv(piece));
        whole.extend(piece);
    }
    whole
}
