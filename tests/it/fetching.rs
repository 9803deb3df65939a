//! Downloads from servers with bad manners: they end whole and checked, or in a sentence, and never with a file under its own name that is
//! not the published one.

use std::io::Write as _;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use eigenscope::Error;
use eigenscope::data::fetch::{Fetched, Patience, PublicFile, PublicSet, Request};
use eigenscope::support::progress::{Control, Progress};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::desk::Desk;
use crate::support::mirror::{Asked, Deed, Mirror, cut, head, rest, status, whole};

const NAME: &str = "things-idx3-ubyte.gz";

/// Content that packs to about half, the same each time.
fn content() -> Vec<u8> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 28) as u8
    };
    (0..400_000).map(|_| next()).collect()
}

fn gzipped(content: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(level));
    encoder.write_all(content).expect("memory takes anything");
    encoder.finish().expect("memory takes anything")
}

/// The content as it was published, and packed in another way; made once, since a server that packs answers late.
pub(super) fn packed(level: u32) -> Vec<u8> {
    static PUBLISHED: LazyLock<Vec<u8>> = LazyLock::new(|| gzipped(&content(), 9));
    static ANOTHER: LazyLock<Vec<u8>> = LazyLock::new(|| gzipped(&content(), 1));
    if level == 9 { PUBLISHED.clone() } else { ANOTHER.clone() }
}

/// The set with this one file.
fn set() -> PublicSet {
    let sum = ring::digest::digest(&ring::digest::SHA256, &content());
    let sha256 = sum.as_ref().iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
    let _ = packed(1);
    let file = PublicFile {
        name: NAME,
        packed: packed(9).len() as u64,
        unpacked: content().len() as u64,
        sha256: Box::leak(sha256.into_boxed_str()),
    };
    PublicSet {
        name: "things",
        credit: "nobody",
        licence: "none",
        source: "http://localhost/",
        mirrors: &[],
        files: Box::leak(Box::new([file])),
    }
}

/// Long enough for a busy machine, and for a server that says nothing not too long.
const ANSWER: Duration = Duration::from_secs(2);

fn request(folder: &Path, mirrors: &[&Mirror]) -> Request {
    let mut request = Request::into_folder(&set(), folder.to_owned());
    request.mirrors = mirrors.iter().map(|mirror| mirror.address.clone()).collect();
    request.patience = Patience { answer: ANSWER, pause: Duration::from_millis(1), tries: 2 };
    request
}

fn fetch(folder: &Path, mirrors: &[&Mirror]) -> eigenscope::Result<Fetched> {
    request(folder, mirrors).fetch(&Progress::silent())
}

/// The file is there, whole, and nothing beside it.
fn is_whole(folder: &Path) {
    let bytes = std::fs::read(folder.join(NAME)).expect("it is there");
    let mut unpacked = Vec::new();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&bytes[..]), &mut unpacked).expect("it is packed");
    assert!(unpacked == content(), "it is the published one");
    assert_eq!(std::fs::read_dir(folder).expect("a folder").count(), 1, "nothing is beside it");
}

/// Why it failed; nothing is under the file's own name.
fn failed(folder: &Path, fetched: eigenscope::Result<Fetched>) -> String {
    let error = fetched.expect_err("it is not to be had").to_string();
    assert!(!folder.join(NAME).exists(), "{error}");
    assert!(!error.contains('\n'), "{error}");
    error
}

/// A server with these manners and one that is good: the set comes from the good one. What the bad one is told to have done, where it is asked
/// alone.
fn with_a_good_one(manners: impl Fn(&Asked, usize) -> Vec<Deed> + Send + Clone + 'static) -> String {
    let desk = Desk::new();
    let (bad, good) = (Mirror::new(manners.clone()), Mirror::good(packed(9)));
    let fetched = fetch(desk.folder(), &[&bad, &good]).expect("the second one is good");
    assert_eq!(fetched.files[0].from.as_deref(), Some(good.address.as_str()));
    is_whole(desk.folder());
    let alone = Desk::new();
    let error = failed(alone.folder(), fetch(alone.folder(), &[&Mirror::new(manners)]));
    assert!(error.starts_with(&format!("things was not downloaded: no mirror gave {NAME} (127.0.0.1:")), "{error}");
    error
}

#[test]
fn what_breaks_off_or_stalls_is_gone_on_with_where_it_ended() {
    for stalls in [false, true] {
        let desk = Desk::new();
        let mirror = Mirror::new(move |asked, number| {
            let mut deeds = rest(&packed(9), asked);
            if number < 3 {
                deeds = cut(deeds, 30_000);
                if stalls {
                    deeds.push(Deed::Stall);
                }
            }
            deeds
        });
        fetch(desk.folder(), &[&mirror]).expect("it goes on");
        is_whole(desk.folder());
        let from: Vec<Option<usize>> = mirror.asked().iter().map(Asked::from).collect();
        assert!(from.starts_with(&[None, Some(30_000)]) && from.ends_with(&[Some(90_000)]), "{from:?}");
    }
}

#[test]
fn a_server_that_ignores_where_to_go_on_begins_anew() {
    let desk = Desk::new();
    let mirror = Mirror::new(|_, number| if number == 0 { cut(whole(&packed(9)), 50_000) } else { whole(&packed(9)) });
    fetch(desk.folder(), &[&mirror]).expect("it begins anew");
    is_whole(desk.folder());
    assert_eq!(mirror.asked().len(), 2);
}

#[test]
fn a_server_that_gives_another_part_than_was_asked_for_is_asked_for_all() {
    let desk = Desk::new();
    let mirror = Mirror::new(|asked, number| match (number, asked.from()) {
        (0, _) => cut(whole(&packed(9)), 50_000),
        (_, Some(_)) => {
            let body = &packed(9)[10..];
            let range = format!("Content-Range: bytes 10-{}/{}", body.len() + 9, body.len() + 10);
            let length = format!("Content-Length: {}", body.len());
            vec![Deed::Send(head("206 Partial Content", &[range, length])), Deed::Send(body.to_vec())]
        }
        _ => whole(&packed(9)),
    });
    fetch(desk.folder(), &[&mirror]).expect("it begins anew");
    is_whole(desk.folder());
}

#[test]
fn parts_of_files_that_were_packed_differently_are_not_put_together() {
    let desk = Desk::new();
    let first = Mirror::new(|asked, number| if number == 0 { cut(whole(&packed(1)), 50_000) } else { gone(asked) });
    let second = Mirror::good(packed(9));
    fetch(desk.folder(), &[&first, &second]).expect("the second one is good");
    is_whole(desk.folder());
    let from: Vec<Option<usize>> = second.asked().iter().map(Asked::from).collect();
    assert_eq!(from, [Some(50_000), None]);
}

fn gone(_: &Asked) -> Vec<Deed> {
    status("404 Not Found")
}

#[test]
fn the_next_mirror_is_asked_where_one_has_nothing() {
    assert!(with_a_good_one(|asked, _| gone(asked)).contains("404 Not Found"));
    assert!(with_a_good_one(|_, _| status("503 Service Unavailable")).contains("503"));
    assert!(with_a_good_one(|_, _| Vec::new()).contains("broke"));
    assert!(with_a_good_one(|_, _| vec![Deed::Stall]).contains("in time"));
    assert!(with_a_good_one(|_, _| vec![Deed::Send(b"220 this is mail\r\n\r\n".to_vec())]).contains("HTTP"));
}

#[test]
fn lies_about_the_length_are_found_out() {
    let shorter = |_: &Asked, _: usize| {
        let body = packed(9);
        vec![Deed::Send(head("200 OK", &[format!("Content-Length: {}", body.len() / 2)])), Deed::Send(body)]
    };
    assert!(with_a_good_one(shorter).contains("not the published file"));
    let longer = |_: &Asked, _: usize| {
        let body = packed(9);
        vec![Deed::Send(head("200 OK", &[format!("Content-Length: {}", body.len() + 5)])), Deed::Send(body)]
    };
    // What came is seen to be whole, whatever more was promised.
    let desk = Desk::new();
    fetch(desk.folder(), &[&Mirror::new(longer)]).expect("all of it came");
    is_whole(desk.folder());
    let huge = |_: &Asked, _: usize| vec![Deed::Send(head("200 OK", &["Content-Length: 99999999999".to_owned()]))];
    assert!(with_a_good_one(huge).contains("it promised 99999999999 bytes where"));
    let endless = |_: &Asked, _: usize| {
        let mut deeds = vec![Deed::Send(head("200 OK", &[]))];
        deeds.extend(std::iter::repeat_n(Deed::Send(vec![0; 100_000]), 40));
        deeds
    };
    assert!(with_a_good_one(endless).contains("it sent more than"));
}

#[test]
fn content_that_is_another_one_is_never_taken() {
    let other = gzipped(&vec![7; content().len()], 1);
    let another = move |_: &Asked, _: usize| whole(&other);
    let error = with_a_good_one(another);
    assert!(error.contains("its SHA-256 is ") && error.contains(set().files[0].sha256), "{error}");
    let bomb = gzipped(&vec![0; 20 << 20], 9);
    let trap = move |_: &Asked, _: usize| whole(&bomb);
    assert!(with_a_good_one(trap).contains("longer than the 400000 bytes"));
    assert!(with_a_good_one(|_, _| whole(b"<html>Log in to the hotel's network</html>")).contains("not the published"));
    let mut damaged = packed(9);
    damaged[60_000] ^= 0xff;
    assert!(with_a_good_one(move |asked, _| rest(&damaged, asked)).contains("not the published"));
}

#[test]
fn redirects_are_followed_and_circles_left() {
    let good = Mirror::good(packed(9));
    let to = format!("Location: {}elsewhere", good.address);
    let moved =
        move |_: &Asked, _: usize| vec![Deed::Send(head("302 Found", &[to.clone(), "Content-Length: 0".to_owned()]))];
    let desk = Desk::new();
    fetch(desk.folder(), &[&Mirror::new(moved)]).expect("it is followed");
    is_whole(desk.folder());
    let circle = |_: &Asked, _: usize| {
        vec![Deed::Send(head("302 Found", &[format!("Location: /{NAME}"), "Content-Length: 0".to_owned()]))]
    };
    assert!(with_a_good_one(circle).contains("circle"));
}

#[test]
fn what_was_cancelled_is_gone_on_with_and_only_one_at_a_time_writes() {
    let desk = Desk::new();
    let mirror = Mirror::good(packed(9));
    let control = Control::new();
    let stop = control.clone();
    let report = move |fraction: f32, _: &str| {
        if fraction > 0.4 {
            stop.cancel();
        }
    };
    let cancelled = request(desk.folder(), &[&mirror]).fetch(&Progress::new(control, &report));
    assert!(matches!(cancelled, Err(Error::Cancelled)));
    let part = desk.path(&format!("{NAME}.part"));
    assert!(!desk.path(NAME).exists() && part.metadata().expect("a part is there").len() > 0);
    let held = std::fs::File::open(&part).expect("it is there");
    held.lock().expect("nobody else has it");
    assert!(failed(desk.folder(), fetch(desk.folder(), &[&mirror])).contains("another window or program"));
    held.unlock().expect("it was locked");
    fetch(desk.folder(), &[&mirror]).expect("it goes on");
    is_whole(desk.folder());
    assert!(mirror.asked().last().expect("it was asked").from().is_some());
}

#[test]
fn what_is_there_is_checked_and_not_asked_for_again() {
    let desk = Desk::new();
    let mirror = Mirror::good(packed(9));
    // Killed between the last byte and the new name.
    desk.put(&format!("{NAME}.part"), packed(9));
    fetch(desk.folder(), &[&mirror]).expect("it is whole");
    is_whole(desk.folder());
    fetch(desk.folder(), &[&mirror]).expect("it is there");
    let unpacked = Desk::new();
    unpacked.put(NAME.trim_end_matches(".gz"), content());
    let there = fetch(unpacked.folder(), &[&mirror]).expect("it is there");
    assert!(there.files[0].from.is_none() && mirror.asked().is_empty());

    desk.put(NAME, b"a person's own");
    let error = fetch(desk.folder(), &[&mirror]).expect_err("nothing is written over it").to_string();
    assert!(error.contains(NAME) && error.contains("--force"), "{error}");
    assert_eq!(std::fs::read(desk.path(NAME)).expect("it is there"), b"a person's own");
    let mut request = request(desk.folder(), &[&mirror]);
    request.replace = true;
    request.fetch(&Progress::silent()).expect("it is replaced");
    is_whole(desk.folder());
}

#[test]
fn without_a_way_to_the_mirrors_or_into_the_folder_there_is_a_sentence() {
    let desk = Desk::new();
    let mut far = request(desk.folder(), &[]);
    far.mirrors = vec!["http://127.0.0.1:1/".to_owned(), "http://mirror.invalid/".to_owned()];
    let error = failed(desk.folder(), far.fetch(&Progress::silent()));
    assert!(error.contains("127.0.0.1:1: it takes no connection; mirror.invalid: "), "{error}");
    assert_eq!(std::fs::read_dir(desk.folder()).expect("a folder").count(), 0, "no empty part stays");
    // A server that does not speak TLS.
    let mirror = Mirror::good(packed(9));
    far.mirrors = vec![mirror.address.replace("http:", "https:")];
    failed(desk.folder(), far.fetch(&Progress::silent()));
    let file = desk.put("file", b"");
    let error = fetch(&file.join("below"), &[&mirror]).expect_err("a file is no folder").to_string();
    assert!(error.starts_with("cannot create ") && error.contains("below"), "{error}");
}
