//! A target for each reader: whatever the bytes, there is an answer, a refusal names the file, and memory stays small.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use eigenscope::cli::read_recipe;
use eigenscope::data::read_matrix;
use eigenscope::output::{Comparison, read_model};
use eigenscope::recipe::{Auto, Missing, TextColumns};
use eigenscope::support::progress::Progress;
use eigenscope::{Recipe, Result};

use super::budget::{Budget, in_a_process_of_its_own, rng, seed};
use super::cbor;
use super::files::{self, Desk, array, deflated};
use super::mutate::mutated;

/// What a reader makes of a file; whether it was taken.
type Reader = fn(&Path) -> Result<()>;

fn data(path: &Path) -> Result<()> {
    let lenient = Recipe { missing: Missing::DropRows, text: TextColumns::OneHot, ..Recipe::default() };
    let _ = files::open(path, &lenient).inspect_err(|e| named(path, e));
    files::open(path, &Recipe::default()).map(drop)
}

/// Pairs become dense rows, as wide as `--memory` lets them be: what they take is not of the file's size.
fn pairs(path: &Path) -> Result<()> {
    let small = Recipe { memory: Auto::Set(0.02), ..Recipe::default() };
    files::open(path, &small).inspect_err(|e| named(path, e)).map(drop)
}

fn matrix(path: &Path) -> Result<()> {
    read_matrix(path, files::ROWS, &Recipe::default(), &Progress::silent()).map(drop)
}

fn model(path: &Path) -> Result<()> {
    let model = read_model(path)?;
    assert!(model.check().is_ok());
    Ok(())
}

fn recipe(path: &Path) -> Result<()> {
    let recipe = read_recipe(path)?;
    let _ = recipe.flags();
    let _ = recipe.check();
    Ok(())
}

fn comparison(path: &Path) -> Result<()> {
    Comparison::read(path).map(drop)
}

fn named(path: &Path, error: &eigenscope::Error) {
    let name = path.file_name().expect("a file").to_string_lossy();
    assert!(error.to_string().contains(&*name), "the message does not name {name}: {error}");
}

/// Megabytes in use at most since the last call, where the system tells; the count starts anew.
pub(super) fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().ok()?;
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    Some(kib / 1024.0)
}

/// Rounds between two looks at the memory; what was taken at most in between is known all the same.
const LOOK: usize = 16;

/// Damages `whole` until the time is over.
fn target(name: &str, stream: u64, whole: &[u8], read: Reader) {
    let desk = Desk::new();
    read(&desk.put(name, whole)).expect("the file itself is good");
    let mut rng = rng(stream);
    let mut budget = Budget::of(0.04, 300);
    let mut taken = 0;
    let mut previous = whole.to_vec();
    let mut since: Vec<Vec<u8>> = Vec::new();
    let mut before = now_mib();
    while budget.next() {
        // Some damage builds on damage that was taken.
        let from = if budget.rounds.is_multiple_of(3) { &previous } else { whole };
        let bytes = mutated(from, &mut rng);
        let path = desk.put(name, &bytes);
        let answer = catch_unwind(AssertUnwindSafe(|| read(&path)));
        since.push(bytes);
        let bytes = since.last().expect("it was put there");
        match answer {
            Err(_) => panic!("{name}: a panic; {}", kept(name, &since[since.len() - 1..], budget.rounds)),
            Ok(Err(e)) => {
                let said = e.to_string();
                assert!(said.contains(name), "{name} is not named: {said}; {}", kept(name, &since, budget.rounds));
            }
            Ok(Ok(())) => {
                taken += 1;
                previous = if bytes.len() < 1 << 16 { bytes.clone() } else { whole.to_vec() };
            }
        }
        if since.len() == LOOK {
            let largest = since.iter().map(Vec::len).max().unwrap_or_default();
            check_memory(before, largest, || format!("{name}; {}", kept(name, &since, budget.rounds)));
            since.clear();
            before = now_mib();
        }
    }
    println!("{name}: {} files, {taken} of them taken", budget.rounds - 1);
}

/// Keeps the files of a failure, and says where.
fn kept(name: &str, cases: &[Vec<u8>], round: usize) -> String {
    let at = |i: usize| std::env::temp_dir().join(format!("bad-day-{i}-{name}"));
    for (i, bytes) in cases.iter().enumerate() {
        let _ = std::fs::write(at(i), bytes);
    }
    format!("seed {}, round {round}, the last of the files that are kept from {} on", seed(), at(0).display())
}

/// Megabytes in use now, where the system tells; the count of the most anew from here.
pub(super) fn now_mib() -> Option<f64> {
    peak_mib().and_then(|_| peak_mib())
}

/// No more than four times a file and 64 MiB were taken since `before`.
fn check_memory(before: Option<f64>, file: usize, what: impl Fn() -> String) {
    if let (Some(before), Some(after)) = (before, peak_mib()) {
        let allowed = before + 64.0 + 4.0 * file as f64 / f64::from(1 << 20);
        assert!(after <= allowed, "{after:.0} MiB where {before:.0} were in use before: {}", what());
    }
}

/// A test that measures memory, which other tests would take too.
fn measured(test: &str, body: impl FnOnce()) {
    in_a_process_of_its_own(module_path!(), test, body);
}

#[test]
fn tables() {
    measured("tables", || target("a.csv", 1, &files::table(), data));
}

#[test]
fn packed_tables() {
    measured("packed_tables", || target("a.csv.gz", 2, &files::gzip(&files::table()), data));
}

#[test]
fn images() {
    measured("images", || target("a-idx3-ubyte", 3, &files::idx(), data));
}

#[test]
fn packed_images() {
    measured("packed_images", || target("a-idx3-ubyte.gz", 4, &files::gzip(&files::idx()), data));
}

#[test]
fn arrays() {
    measured("arrays", || target("a.npy", 5, &files::npy(), data));
}

#[test]
fn archives() {
    measured("archives", || target("a.npz", 6, &files::npz(false), data));
}

#[test]
fn packed_archives() {
    measured("packed_archives", || target("b.npz", 7, &files::npz(true), data));
}

#[test]
fn matrices() {
    measured("matrices", || target("w.mtx", 8, &files::matrix(), matrix));
}

#[test]
fn matrices_in_archives() {
    measured("matrices_in_archives", || target("w.npz", 9, &files::sparse(), matrix));
}

#[test]
fn sparse_matrices_as_data() {
    measured("sparse_matrices_as_data", || {
        target("w.mtx", 14, &files::matrix(), data);
        target("a.mtx", 15, &files::columns(), data);
        target("w.npz", 16, &files::sparse(), data);
    });
}

#[test]
fn lines_of_pairs() {
    measured("lines_of_pairs", || {
        target("a.svm", 17, &files::libsvm(), pairs);
        target("b.svm.gz", 18, &files::gzip(&files::libsvm()), pairs);
    });
}

#[test]
fn objects() {
    measured("objects", || {
        target("a.jsonl", 19, &files::objects(), data);
        target("a.json", 20, &files::list_of_objects(), data);
        target("b.jsonl.gz", 21, &files::gzip(&files::objects()), data);
    });
}

#[test]
fn models() {
    measured("models", || target("m.eigenscope", 10, &files::model().1, model));
}

/// The same with the checksum set right, so that the damage arrives behind it.
#[test]
fn models_with_a_right_checksum() {
    measured("models_with_a_right_checksum", || {
        use std::io::{Read as _, Write as _};
        let whole = &files::model().1;
        let start = whole.iter().position(|&b| b == b'\n').expect("a first line") + 1;
        let mut inside = Vec::new();
        flate2::read::GzDecoder::new(&whole[start..]).read_to_end(&mut inside).expect("it is whole");
        target("inside.cbor", 11, &inside, |path| {
            let inside = std::fs::read(path).expect("it was written");
            let mut packed = b"eigenscope model 5\n".to_vec();
            let mut encoder = flate2::write::GzEncoder::new(&mut packed, flate2::Compression::fast());
            encoder.write_all(&inside).and_then(|()| encoder.finish().map(drop)).expect("memory takes it");
            std::fs::write(path, &packed).expect("it can be written");
            model(path)
        });
    });
}

#[test]
fn recipes() {
    measured("recipes", || target("r.toml", 12, &files::settings(), recipe));
}

#[test]
fn comparisons() {
    measured("comparisons", || target("c.json", 13, &files::comparison(), comparison));
}

// ---------------------------------------------------------------- files that are small and want much

/// The file is refused with these words, and little memory was taken for it.
fn bomb(name: &str, bytes: &[u8], words: &[&str], read: Reader) {
    let desk = Desk::new();
    let path = desk.put(name, bytes);
    let before = now_mib();
    let message = read(&path).expect_err(name).to_string();
    check_memory(before, bytes.len(), || name.to_owned());
    for word in words.iter().copied().chain([name]) {
        assert!(message.contains(word), "`{word}` is not in the message about {name}: {message}");
    }
}

#[test]
fn packed_data_that_unpacks_to_a_thousand_times_as_much() {
    measured("packed_data_that_unpacks_to_a_thousand_times_as_much", || {
        let zeros = |head: &[u8]| [head, &vec![0; 256 << 20]].concat();
        let floats = files::gzip(&zeros(&array("<f4", "(8192, 8192)", b"")));
        bomb("zeros.npy.gz", &floats, &["trap"], data);
        let images = files::gzip(&zeros(&[0, 0, 8, 3, 0, 4, 0, 0, 0, 0, 0, 0x20, 0, 0, 0, 0x20]));
        bomb("zeros-idx3-ubyte.gz", &images, &["trap"], data);
        let features = array("<f4", "(16384, 1)", &vec![0; 65536]);
        let words = deflated(&[("x.npy", &features), ("y.npy", &zeros(&array("<U4096", "(16384,)", b"")))]);
        bomb("words.npz", &words, &["trap"], data);
    });
}

#[test]
fn what_the_memory_does_not_hold_is_refused_before_it_is_taken() {
    measured("what_the_memory_does_not_hold_is_refused_before_it_is_taken", || {
        let images = [&[0, 0, 8, 3, 1, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1][..], &vec![7; 32 << 20]].concat();
        bomb("many-idx3-ubyte", &images, &["33554432 values", "--memory"], |path| {
            files::open(path, &Recipe { memory: Auto::Set(0.1), ..Recipe::default() }).map(drop)
        });
    });
}

/// A Parquet file with one page, whose header promises 128 MiB.
fn lying_pages() -> Vec<u8> {
    use std::sync::Arc;

    use arrow_array::{ArrayRef, Float64Array, RecordBatch};
    use parquet::arrow::ArrowWriter;
    use parquet::basic::Compression;
    use parquet::file::properties::WriterProperties;
    let rows = 150_000;
    let column: ArrayRef = Arc::new(Float64Array::from(vec![1.5; rows]));
    let batch = RecordBatch::try_from_iter([("x", column)]).expect("one column");
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_dictionary_enabled(false)
        .set_data_page_size_limit(1 << 30)
        .set_data_page_row_count_limit(rows)
        .build();
    let mut writer = ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).expect("memory takes it");
    writer.write(&batch).expect("memory takes it");
    let mut bytes = writer.into_inner().expect("memory takes it");
    // Behind the mark stand the kind of the page and its size, doubled, in seven bits a byte.
    let promised = &mut bytes[7..11];
    assert!(promised[..3].iter().all(|byte| byte & 0x80 != 0) && promised[3] & 0x80 == 0, "{promised:?}");
    promised.copy_from_slice(&[0xfe, 0xff, 0xff, 0x7f]);
    bytes
}

#[test]
fn a_parquet_page_that_promises_more_than_its_bytes_hold() {
    measured("a_parquet_page_that_promises_more_than_its_bytes_hold", || {
        bomb("lies.parquet", &lying_pages(), &["claim to unpack to 134217727 bytes", "without compression"], data);
    });
}

#[test]
fn a_header_of_millions_of_columns() {
    measured("a_header_of_millions_of_columns", || {
        bomb("wide.csv.gz", &files::gzip(&vec![b','; 40 << 20]), &["line 1", "cells"], data);
        bomb("long.csv.gz", &files::gzip(&vec![b'a'; 40 << 20]), &["line 1", "column 1", "longer"], data);
        bomb(
            "quote.csv.gz",
            &files::gzip(&[b"a,b\n\"".as_slice(), &vec![b'a'; 40 << 20]].concat()),
            &["line 2", "quote"],
            data,
        );
    });
}

#[test]
fn words_that_are_wide_take_the_memory_of_one() {
    measured("words_that_are_wide_take_the_memory_of_one", || {
        let rows = 12_000;
        let mut content = array("<U1024", &format!("({rows},)"), b"");
        for row in 0..rows {
            let mut cell = [0; 4096];
            cell[0] = b'a' + (row % 3) as u8;
            content.extend(cell);
        }
        let desk = Desk::new();
        let features = array("<f4", &format!("({rows}, 1)"), &vec![0; 4 * rows]);
        let path = desk.put("y.npz", deflated(&[("x.npy", &features), ("y.npy", &content)]));
        drop(content);
        let before = now_mib();
        let found = files::open(&path, &Recipe::default()).expect("twelve thousand labels");
        check_memory(before, 0, || "wide words".to_owned());
        assert_eq!(found.labels.expect("there are labels").names.as_slice(), ["a", "b", "c"]);
    });
}

#[test]
fn matrices_with_more_entries_than_places() {
    measured("matrices_with_more_entries_than_places", || {
        let mut text = format!("%%MatrixMarket matrix coordinate pattern general\n{n} {n} 80000000\n", n = files::ROWS);
        text += &"1 2\n".repeat(5_000_000);
        bomb("many.mtx.gz", &files::gzip(text.as_bytes()), &["80000000", "576 places"], matrix);
    });
}

/// A model's CBOR with one part replaced.
fn cbor_model(change: impl FnOnce(&mut cbor::Map)) -> Vec<u8> {
    cbor::changed(&files::model().1, change)
}

#[test]
fn models_with_names_or_keys_without_end() {
    measured("models_with_names_or_keys_without_end", || {
        let names = cbor_model(|map| map.set("names", &[&[0x9a, 4, 0, 0, 0][..], &vec![0x60; 64 << 20]].concat()));
        bomb("names.eigenscope", &names, &["damaged"], model);
        let key = cbor_model(|map| map.add("surprise", &[&[0x7a, 4, 0, 0, 0][..], &vec![b'a'; 64 << 20]].concat()));
        bomb("key.eigenscope", &key, &["damaged"], model);
        let small = cbor_model(|map| map.add("surprise", &[0x61, b'a']));
        bomb("small.eigenscope", &small, &["damaged", "surprise"], model);
        let nan = cbor_model(|map| {
            map.within("learned", |map| map.set("values", &[0x83, 0xf9, 0x7e, 0, 0xf9, 0x7e, 0, 0xf9, 0x7e, 0]));
        });
        bomb("nan.eigenscope", &nan, &["damaged", "eigenvalues", "not finite"], model);
    });
}
