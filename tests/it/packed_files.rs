//! Files packed with Zstandard are read as those packed with gzip are.

use eigenscope::Recipe;

use crate::support::bytes::{idx, npy};
use crate::support::desk::{Desk, open};

fn zstd(bytes: &[u8]) -> Vec<u8> {
    zstd::stream::encode_all(bytes, 3).expect("memory takes it")
}

#[test]
fn a_packed_file_is_what_is_in_it() {
    let desk = Desk::new();
    let floats: Vec<u8> = (0..8).flat_map(|v| (0.5 * f64::from(v)).to_le_bytes()).collect();
    for (name, bytes) in [
        ("a.csv", b"x,y,label\n1,2.5,a\n3,4,b\n5,6,a\n".to_vec()),
        ("a.jsonl", b"{\"x\":1,\"y\":2}\n{\"x\":3,\"y\":4}\n".to_vec()),
        ("a.npy", npy("<f8", "(4, 2)", &floats)),
        ("a-images-idx3-ubyte", idx(8, &[2, 4, 4], &(0..32).collect::<Vec<u8>>())),
        ("a.svm", b"1 1:2 3:4\n0 2:1\n".to_vec()),
    ] {
        let plain = open(&desk.put(name, &bytes), &Recipe::default()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let packed = desk.put(&format!("{name}.zst"), zstd(&bytes));
        let packed = open(&packed, &Recipe::default()).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((plain.features, plain.labels, plain.name), (packed.features, packed.labels, packed.name), "{name}");
    }
    desk.put("a-labels-idx1-ubyte.zst", zstd(&idx(8, &[2], &[7, 3])));
    let images = open(&desk.path("a-images-idx3-ubyte.zst"), &Recipe::default()).expect("images");
    assert_eq!(images.labels.expect("labels beside it").names.join(" "), "3 7");
}

#[test]
fn damage_and_traps_are_refused() {
    let desk = Desk::new();
    let rows: Vec<String> = (0..100_000).map(|i| format!("{i},{}\n", i * 7919 % 1009)).collect();
    let text = rows.concat();
    let whole = zstd(text.as_bytes());
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 0x55;
    for (name, bytes, words) in [
        ("cut.csv.zst", &whole[..whole.len() / 2], "unpacked"),
        ("damaged.csv.zst", &damaged, "damaged.csv.zst"),
        ("plain.csv.zst", b"a,b\n1,2\n", "not packed with it"),
        ("trap.csv.zst", &zstd(&b"1,2\n".repeat(25 << 20)), "trap"),
        ("nothing.csv.zst", &zstd(b""), "holds nothing"),
    ] {
        let refused = open(&desk.put(name, bytes), &Recipe::default()).expect_err(name).to_string();
        assert!(refused.contains(words), "{name}: {refused}");
    }
}
