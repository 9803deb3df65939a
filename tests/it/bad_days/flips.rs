//! Every single bit of a small file turned over: it is refused, or it is what it was.

use eigenscope::data::Dataset;
use eigenscope::output::read_model;
use eigenscope::{Recipe, Result};

use super::budget::alone;
use super::files::{self, Desk};

/// Turns every bit over and hands the file to `same`, which says whether it was refused, or is what it was.
fn every_bit(name: &str, whole: &[u8], same: impl Fn(&std::path::Path) -> Result<bool>) -> usize {
    let desk = Desk::new();
    assert!(same(&desk.put(name, whole)).expect(name), "{name} itself is what it is");
    let mut bytes = whole.to_vec();
    let mut refused = 0;
    for bit in 0..8 * bytes.len() {
        bytes[bit / 8] ^= 1 << (bit % 8);
        match same(&desk.put(name, &bytes)) {
            Ok(same) => assert!(same, "{name}: bit {} of byte {} makes other numbers of it", bit % 8, bit / 8),
            Err(e) => {
                assert!(e.to_string().contains(name), "{e}");
                refused += 1;
            }
        }
        bytes[bit / 8] ^= 1 << (bit % 8);
    }
    assert!(refused > 4 * whole.len(), "{name}: only {refused} of {} flips were refused", 8 * whole.len());
    refused
}

fn same_numbers(a: &Dataset, b: &Dataset) -> bool {
    a.features == b.features && a.labels == b.labels && a.rows == b.rows && a.clusters == b.clusters
}

fn every_bit_of_data(name: &str, whole: &[u8]) {
    let desk = Desk::new();
    let good = files::open(&desk.put(name, whole), &Recipe::default()).expect(name);
    every_bit(name, whole, |path| files::open(path, &Recipe::default()).map(|found| same_numbers(&good, &found)));
}

#[test]
fn of_a_model() {
    let _alone = alone();
    let (model, whole) = files::model();
    every_bit("m.eigenscope", whole, |path| read_model(path).map(|found| found == *model));
}

#[test]
fn of_archives() {
    let _alone = alone();
    every_bit_of_data("stored.npz", &files::npz(false));
    every_bit_of_data("deflated.npz", &files::npz(true));
}

#[test]
fn of_gzipped_arrays() {
    let _alone = alone();
    every_bit_of_data("a-idx3-ubyte.gz", &files::gzip(&files::idx()));
    every_bit_of_data("a.npy.gz", &files::gzip(&files::npy()));
}

#[test]
fn a_checksum_that_is_cut_off_is_missed() {
    let _alone = alone();
    let desk = Desk::new();
    for (name, whole) in [
        ("a-idx3-ubyte.gz", files::gzip(&files::idx())),
        ("a.npy.gz", files::gzip(&files::npy())),
        ("a.csv.gz", files::gzip(&files::table())),
    ] {
        for cut in 1..=8 {
            let path = desk.put(name, &whole[..whole.len() - cut]);
            let message = files::open(&path, &Recipe::default()).expect_err(name).to_string();
            assert!(message.contains(name), "{message}");
        }
    }
    let whole = &files::model().1;
    for cut in 1..=8 {
        let message = read_model(&desk.put("m", &whole[..whole.len() - cut])).expect_err("cut").to_string();
        assert!(message.contains("damaged"), "{message}");
    }
    let longer = [whole.as_slice(), b"more"].concat();
    assert!(read_model(&desk.put("m", &longer)).expect_err("longer").to_string().contains("follows"));
}
