//! Just enough of CBOR to change a map's members without reading them.

use std::io::{Read as _, Write as _};

/// A map of text keys: its members as they are written.
pub(crate) struct Map(Vec<(String, Vec<u8>)>);

impl Map {
    pub(crate) fn set(&mut self, key: &str, value: &[u8]) {
        self.0.iter_mut().find(|(k, _)| k == key).expect("the model has it").1 = value.to_vec();
    }

    /// Changes a member that is a map itself.
    pub(crate) fn within(&mut self, key: &str, change: impl FnOnce(&mut Self)) {
        let member = self.0.iter_mut().find(|(k, _)| k == key).expect("the model has it");
        let mut map = Self::read(&member.1);
        change(&mut map);
        member.1 = map.written();
    }

    fn read(bytes: &[u8]) -> Self {
        let (count, mut at) = head(bytes, 0);
        let mut map = Self(Vec::new());
        for _ in 0..count {
            let (length, key) = head(bytes, at);
            let name = String::from_utf8(bytes[key..key + length].to_vec()).expect("a key");
            let value = key + length;
            at = after(bytes, value);
            map.0.push((name, bytes[value..at].to_vec()));
        }
        map
    }

    fn written(&self) -> Vec<u8> {
        let mut out = vec![0xa0 | self.0.len() as u8];
        for (key, value) in &self.0 {
            out.push(0x60 | key.len() as u8);
            out.extend(key.as_bytes());
            out.extend(value);
        }
        out
    }

    pub(crate) fn add(&mut self, key: &str, value: &[u8]) {
        self.0.push((key.to_owned(), value.to_vec()));
    }
}

/// A model file with its map changed and its checksum right.
pub(crate) fn changed(whole: &[u8], change: impl FnOnce(&mut Map)) -> Vec<u8> {
    let start = whole.iter().position(|&b| b == b'\n').expect("a first line") + 1;
    let mut inside = Vec::new();
    flate2::read::GzDecoder::new(&whole[start..]).read_to_end(&mut inside).expect("it is whole");
    let mut map = Map::read(&inside);
    change(&mut map);
    let mut out = whole[..start].to_vec();
    let mut encoder = flate2::write::GzEncoder::new(&mut out, flate2::Compression::best());
    encoder.write_all(&map.written()).expect("memory takes it");
    encoder.finish().expect("memory takes it");
    out
}

/// The number in a head, and where what it is the head of goes on.
fn head(bytes: &[u8], at: usize) -> (usize, usize) {
    let size = match bytes[at] & 0x1f {
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        short => return (short as usize, at + 1),
    };
    let number = bytes[at + 1..=at + size].iter().fold(0_usize, |n, &b| n << 8 | b as usize);
    (number, at + 1 + size)
}

/// Where an item ends.
fn after(bytes: &[u8], at: usize) -> usize {
    let (number, next) = head(bytes, at);
    match bytes[at] >> 5 {
        2 | 3 => next + number,
        4 => (0..number).fold(next, |at, _| after(bytes, at)),
        5 => (0..2 * number).fold(next, |at, _| after(bytes, at)),
        6 => after(bytes, next),
        _ => next,
    }
}
