//! Damage as it happens, and as someone who knows the format would do it.

use rand::Rng as _;
use rand_chacha::ChaCha8Rng;

/// Pieces that formats hang on.
const WORDS: [&[u8]; 22] = [
    b"\n",
    b",",
    b"\"",
    b"\0",
    b"NaN",
    b"inf",
    b"-1",
    b"1e309",
    b"99999999999999999999",
    b"(",
    b"{'descr': '|O'}",
    b"\x1b[2J",
    b"\xff\xfe",
    b"\xc2\x9b",
    b"=cmd",
    b"PK\x01\x02",
    b"\x1f\x8b\x08",
    b"\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
    b"\xbf",
    b"\xf9\x7e\x00",
    b"\xe2\x80\xae",
    b"3e38",
];

/// The bytes after one to four accidents.
pub(crate) fn mutated(whole: &[u8], rng: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for _ in 0..rng.random_range(1..=4) {
        accident(&mut bytes, rng);
    }
    bytes
}

fn accident(bytes: &mut Vec<u8>, rng: &mut ChaCha8Rng) {
    if bytes.is_empty() {
        bytes.push(rng.random());
        return;
    }
    let at = rng.random_range(0..bytes.len());
    let end = (at + rng.random_range(1..=16)).min(bytes.len());
    match rng.random_range(0..10) {
        0 => bytes[at] ^= 1 << rng.random_range(0..8),
        1 => bytes[at] = rng.random(),
        2 => bytes.truncate(at),
        3 => drop(bytes.drain(at..end)),
        4 => {
            let piece = bytes[at..end].to_vec();
            let to = rng.random_range(0..=bytes.len());
            bytes.splice(to..to, piece);
        }
        5 => {
            let word = WORDS[rng.random_range(0..WORDS.len())];
            bytes.splice(at..at, word.iter().copied());
        }
        6 => {
            let word = WORDS[rng.random_range(0..WORDS.len())];
            let end = (at + word.len()).min(bytes.len());
            bytes.splice(at..end, word.iter().copied());
        }
        7 => bytes[at..end].fill([0, 0xff, b'9', b' '][rng.random_range(0..4)]),
        8 => {
            let piece = bytes[at..end].to_vec();
            let times = rng.random_range(1..2000);
            bytes.splice(at..at, piece.repeat(times));
        }
        _ => {
            // A digit more in a number of text, or a large one in a binary field.
            if bytes[at].is_ascii_digit() {
                bytes.splice(at..at, *b"999");
            } else {
                let end = (at + 4).min(bytes.len());
                let value = (rng.random::<u32>() >> rng.random_range(0..32)).to_le_bytes();
                bytes.splice(at..end, value);
            }
        }
    }
}
