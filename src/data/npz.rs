//! NPZ, `NumPy`'s archive of named arrays: a zip file whose members are NPY, stored or deflated.
//!
//! Only what such archives need of zip is read here, and no size is believed before the file was seen to be that long.

use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::Path;

use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::labels::Classes;
use super::npy::{Content, Header, read_classes, read_header, read_samples, split_columns};
use super::raw::{Raw, few};
use super::roles::most_classes;
use super::source::{Input, stem};
use super::{sparse_npz, stream};
use crate::support::error::Remedy;
use crate::support::language::counted;
use crate::support::progress::Progress;
use crate::{Error, Recipe, Result};

/// Names under which features and labels are looked for, in this order and in any case.
const FEATURES: [&str; 4] = ["x", "data", "features", "images"];
const LABELS: [&str; 5] = ["y", "labels", "target", "label", "class"];

/// A member of the archive.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) name: String,
    /// Bytes in the archive.
    stored: u64,
    /// Bytes once unpacked.
    pub(super) unpacked: u64,
    /// The checksum of those.
    crc: u32,
    deflated: bool,
    /// Where its local header begins.
    at: u64,
}

/// Load the features of an archive, and its labels if it has them.
pub(super) fn load_file(path: &Path, recipe: &Recipe, progress: &Progress) -> Result<Raw> {
    let members = directory(path)?;
    if members.is_empty() {
        return Err(Error::format(path, "the archive holds no array"));
    }
    if recipe.array == "auto" && sparse_npz::is_sparse(&members) {
        return sparse_npz::load(path, members, recipe, progress);
    }
    let mut arrays: Vec<Array<'_>> = Vec::new();
    for member in &members {
        progress.check()?;
        // A member that is no array is one that nobody asked for; one that is not where or what the directory says is damage.
        let mut input = open(path, member)?;
        arrays.push((member, read_header(&mut input)));
    }
    let named = named_labels(path, &arrays, recipe)?;
    let features = pick_features(path, &arrays, named, recipe)?;
    let labels = if recipe.label_column == "auto" { labels_of(&arrays, features) } else { named };
    let (input, header) = reopen(path, features)?;
    let mut raw = read_samples(input, &header, stem(path), recipe, progress)?;
    let Some(member) = labels else {
        raw.notes.push(format!("features from array `{}`{}", features.name, others(&arrays, &[features])));
        return split_columns(raw, recipe);
    };
    let (input, header) = reopen(path, member)?;
    let classes = read_classes(input, &header)?;
    if classes.ids.len() != raw.features.nrows() {
        let message = format!(
            "array `{}` has {} for the {} of `{}`",
            member.name,
            counted(classes.ids.len(), "label"),
            counted(raw.features.nrows(), "sample"),
            features.name
        );
        return Err(Error::format(path, message));
    }
    let (from, name) = (&features.name, &member.name);
    if let Some(doubt) = doubt(&classes).filter(|_| recipe.label_column == "auto") {
        raw.notes.push(format!(
            "features from array `{from}`; array `{name}` {doubt}, so it is no set of classes and is left out; --label-column {name} makes it the labels"
        ));
    } else {
        let others = others(&arrays, &[features, member]);
        raw.notes.push(format!("features from array `{from}`, labels from `{name}`{others}"));
        raw.classes = Some(classes);
        if let Some(classes) = &mut raw.classes {
            classes.drop_minus_one(name, &mut raw.notes);
        }
    }
    let features_only = Recipe { label_column: "none".to_owned(), ..recipe.clone() };
    split_columns(raw, &features_only)
}

/// Why an array with the name of labels probably holds none.
fn doubt(classes: &Classes) -> Option<String> {
    let numbers: Vec<f64> = classes.names.iter().map_while(|name| name.parse().ok()).collect();
    if numbers.len() < classes.names.len() {
        return None;
    }
    if numbers.iter().any(|v| v.fract() != 0.0) {
        return Some("has fractions".to_owned());
    }
    let (found, rows) = (numbers.len(), classes.ids.len());
    (found > most_classes(rows)).then(|| format!("has {found} different whole numbers in {rows} rows"))
}

/// The array of labels that a person named.
fn named_labels<'a>(path: &Path, arrays: &[Array<'a>], recipe: &Recipe) -> Result<Option<&'a Member>> {
    match recipe.label_column.as_str() {
        "none" | "auto" => Ok(None),
        name if by_name(arrays, name).is_some() => Ok(by_name(arrays, name)),
        // A number can still mean a column of the features.
        number if number.parse::<usize>().is_ok() => Ok(None),
        name => Err(Error::format(path, format!("--label-column {name}: no such array; there are {}", list(arrays)))),
    }
}

/// The array of labels that goes with the features: one with a usual name, the one called as they are with `y` for `x`, or the only other
/// one that has a label for each sample.
fn labels_of<'a>(arrays: &[Array<'a>], features: &Member) -> Option<&'a Member> {
    if let Some(twin) = twins(&features.name).iter().find_map(|name| by_name(arrays, name)) {
        return Some(twin);
    }
    let usual = LABELS.iter().find_map(|name| by_name(arrays, name)).filter(|labels| labels.name != features.name);
    if usual.is_some() {
        return usual;
    }
    let samples = rows(arrays, features);
    match arrays {
        [one, other] if one.0.name.starts_with("arr_") && other.0.name.starts_with("arr_") => {
            let other = if one.0.name == features.name { other } else { one };
            let fits = other.1.as_ref().is_ok_and(|h| h.shape.len() == 1 && h.shape.first().copied() == samples);
            fits.then_some(other.0)
        }
        _ => None,
    }
}

/// What the labels of an array of features may be called: `y_train` of `x_train`, `test_labels` of `test_images`.
fn twins(name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    let parts: Vec<&str> = name.split('_').collect();
    let mut twins = Vec::new();
    for (at, part) in parts.iter().enumerate().filter(|_| parts.len() > 1) {
        if FEATURES.contains(part) {
            for label in LABELS {
                let mut twin = parts.clone();
                twin[at] = label;
                twins.push(twin.join("_"));
            }
        }
    }
    twins
}

/// Samples of an array.
fn rows(arrays: &[Array<'_>], member: &Member) -> Option<usize> {
    let header = arrays.iter().find(|(m, _)| m.name == member.name).and_then(|(_, header)| header.as_ref().ok());
    header.and_then(|header| header.shape.first().copied())
}

/// The array of features: the one that was named, one with a usual name, the only one that is a matrix, or that of the training half.
fn pick_features<'a>(
    path: &Path,
    arrays: &[Array<'a>],
    labels: Option<&Member>,
    recipe: &Recipe,
) -> Result<&'a Member> {
    if recipe.array != "auto" {
        let name = &recipe.array;
        return by_name(arrays, name).ok_or_else(|| {
            Error::format(path, format!("--array {name}: no such array; there are {}", list(arrays))).or(Remedy::set(
                "array",
                "auto",
                "looks for one",
                "Look for the features",
            ))
        });
    }
    let others = || arrays.iter().filter(|(m, _)| labels.is_none_or(|l| l.name != m.name));
    // Named labels bring the features that go with them.
    if let Some(labels) = labels {
        let goes_with = |m: &Member| twins(&m.name).iter().any(|twin| labels.name.eq_ignore_ascii_case(twin));
        if let Some((member, _)) = others().find(|(m, _)| goes_with(m)) {
            return Ok(member);
        }
    }
    for name in FEATURES {
        if let Some((member, _)) = others().find(|(m, _)| m.name.eq_ignore_ascii_case(name)) {
            return Ok(member);
        }
    }
    let is_matrix = |h: &Header| h.shape.len() >= 2 && matches!(h.content, Content::Numbers(_));
    let matrices: Vec<&Member> = others().filter(|(_, h)| h.as_ref().is_ok_and(is_matrix)).map(|(m, _)| *m).collect();
    let training = || {
        let half = |m: &&&Member| m.name.to_lowercase().split('_').any(|part| part == "train" || part == "training");
        matrices.iter().find(|m| half(m) && !twins(&m.name).is_empty())
    };
    match matrices.as_slice() {
        [only] => Ok(only),
        _ => training().copied().ok_or_else(|| {
            let message = format!(
                "which array holds the features? None is called {}, and not exactly one is a matrix; there are {}",
                FEATURES.join(", "),
                list(arrays)
            );
            Error::format(path, message).or(Remedy::choose("array", "NAME", "says which", "Choose the array…"))
        }),
    }
}

/// A member and what its header says.
type Array<'a> = (&'a Member, Result<Header>);

fn by_name<'a>(arrays: &[Array<'a>], name: &str) -> Option<&'a Member> {
    let exact = arrays.iter().map(|(m, _)| *m).find(|m| m.name == name);
    exact.or_else(|| arrays.iter().map(|(m, _)| *m).find(|m| m.name.eq_ignore_ascii_case(name)))
}

/// A sentence's end for arrays that hold samples too and were not read.
fn others(arrays: &[Array<'_>], used: &[&Member]) -> String {
    let unread: Vec<&str> = arrays
        .iter()
        .filter(|(m, h)| used.iter().all(|u| u.name != m.name) && h.as_ref().is_ok_and(|h| h.shape.len() >= 2))
        .map(|(m, _)| m.name.as_str())
        .collect();
    if unread.is_empty() {
        return String::new();
    }
    format!("; not read: {} (--array names the one to read)", few(&unread))
}

/// The arrays and what is known of them, in words.
fn list(arrays: &[Array<'_>]) -> String {
    let about = |(member, header): &Array<'_>| match header {
        Ok(header) => format!("`{}` {:?}", member.name, header.shape),
        Err(_) => format!("`{}` (unreadable)", member.name),
    };
    let shown: Vec<String> = arrays.iter().take(12).map(about).collect();
    let more = arrays.len() - shown.len();
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

pub(super) fn reopen(path: &Path, member: &Member) -> Result<(Input, Header)> {
    let mut input = open(path, member)?;
    let header = read_header(&mut input)?;
    Ok((input, header))
}

/// Open a member as a stream of its content.
fn open(path: &Path, member: &Member) -> Result<Input> {
    let broken =
        |_| Error::format(path, format!("array `{}`: the archive's directory points outside the file", member.name));
    let mut file = BufReader::with_capacity(1 << 17, stream::open(path)?.0);
    file.seek(SeekFrom::Start(member.at)).map_err(broken)?;
    let mut local = [0; 30];
    file.read_exact(&mut local).map_err(broken)?;
    if !local.starts_with(b"PK\x03\x04") {
        return Err(Error::format(
            path,
            format!("array `{}`: its place in the archive holds something else", member.name),
        ));
    }
    let mut name = vec![0; usize::from(u16_at(&local, 26))];
    file.read_exact(&mut name).map_err(broken)?;
    if let Some(what) = contradiction(member, &local, &name) {
        return Err(Error::format(
            path,
            format!("array `{}`: its header and the archive's directory differ in {what}", member.name),
        ));
    }
    file.seek_relative(i64::from(u16_at(&local, 28))).map_err(broken)?;
    let stored = file.take(member.stored);
    let inner: Box<dyn Read + Send> =
        if member.deflated { Box::new(DeflateDecoder::new(stored)) } else { Box::new(stored) };
    let reader = Box::new(Checked { inner, crc: Crc::new(), member: (member.unpacked, member.crc) });
    Input::member(path.join(format!("{}.npy", member.name)), member.stored, member.deflated, reader)
}

/// What a member's own header says otherwise than the directory, if anything.
fn contradiction(member: &Member, local: &[u8; 30], name: &[u8]) -> Option<&'static str> {
    let full = String::from_utf8_lossy(name);
    if full.strip_suffix(".npy").unwrap_or(&full) != member.name {
        return Some("the name");
    }
    if u16_at(local, 8) != if member.deflated { 8 } else { 0 } {
        return Some("the method of packing");
    }
    // With this flag set checksum and sizes stand behind the data, with full fields in a 64-bit extra.
    if u16_at(local, 6) & 8 != 0 {
        return None;
    }
    let differs = |at: usize, value: u64| u32_at(local, at) != u32::MAX && u64::from(u32_at(local, at)) != value;
    if u32_at(local, 14) == member.crc {
        (differs(18, member.stored) || differs(22, member.unpacked)).then_some("the size")
    } else {
        Some("the checksum")
    }
}

/// A member's content, which ends with an error where its length or checksum is not the one promised.
struct Checked {
    inner: Box<dyn Read + Send>,
    crc: Crc,
    /// Length and checksum.
    member: (u64, u32),
}

impl Read for Checked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.inner.read(buffer)?;
        self.crc.update(&buffer[..got]);
        // Crc counts modulo 2³², as gzip does.
        let (length, crc) = self.member;
        if got == 0 && !buffer.is_empty() && (self.crc.amount() != length as u32 || self.crc.sum() != crc) {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "its checksum or its length is not the one in the archive",
            ));
        }
        Ok(got)
    }
}

/// Read the directory at the end of a zip file.
pub(super) fn directory(path: &Path) -> Result<Vec<Member>> {
    const END: usize = 22;
    let wrong = |what: &str| Error::format(path, format!("the zip archive is damaged or cut off: {what}"));
    let (mut file, length) = stream::open(path)?;
    // The end record is the last thing but a comment of at most 65,535 bytes.
    let tail_at = length.saturating_sub(END as u64 + 0xffff);
    let mut tail = Vec::new();
    file.seek(SeekFrom::Start(tail_at)).map_err(Error::io("read", path))?;
    file.by_ref().take(END as u64 + 0xffff).read_to_end(&mut tail).map_err(Error::io("read", path))?;
    let end = (0..=tail.len().saturating_sub(END))
        .rev()
        .find(|&at| tail[at..].starts_with(b"PK\x05\x06") && tail.len() - at >= END);
    let end = end.ok_or_else(|| wrong("it has no end record"))?;
    let (mut size, mut at) = (u64::from(u32_at(&tail, end + 12)), u64::from(u32_at(&tail, end + 16)));
    let mut count = u64::from(u16_at(&tail, end + 10));
    if at == u64::from(u32::MAX) || size == u64::from(u32::MAX) {
        // The 64-bit end record and its locator stand before the old one.
        let locator = end
            .checked_sub(20)
            .filter(|&l| tail[l..].starts_with(b"PK\x06\x07"))
            .ok_or_else(|| wrong("no 64-bit locator"))?;
        let mut record = [0; 56];
        file.seek(SeekFrom::Start(u64_at(&tail, locator + 8)))
            .map_err(|_| wrong("the 64-bit end record lies outside"))?;
        file.read_exact(&mut record).map_err(|_| wrong("the 64-bit end record lies outside"))?;
        (count, size, at) = (u64_at(&record, 32), u64_at(&record, 40), u64_at(&record, 48));
    }
    if at.checked_add(size).is_none_or(|end| end > length) {
        return Err(wrong("its directory lies outside the file"));
    }
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(at)).map_err(Error::io("read", path))?;
    file.take(size).read_to_end(&mut bytes).map_err(Error::io("read", path))?;
    let mut members = Vec::new();
    let mut rest = bytes.as_slice();
    while rest.starts_with(b"PK\x01\x02") && rest.len() >= 46 {
        let (name, extra, comment) = (u16_at(rest, 28) as usize, u16_at(rest, 30) as usize, u16_at(rest, 32) as usize);
        if rest.len() < 46 + name + extra + comment {
            return Err(wrong("an entry of its directory is cut off"));
        }
        let member = member(&rest[..46], &rest[46..46 + name], &rest[46 + name..46 + name + extra]);
        members.push(member.map_err(|what| wrong(&what))?);
        rest = &rest[46 + name + extra + comment..];
    }
    if members.len() as u64 != count || !rest.is_empty() {
        return Err(wrong(&format!("its directory has {} entries where {count} are promised", members.len())));
    }
    if let Some(member) = members.iter().find(|m| m.at.saturating_add(m.stored) > length) {
        return Err(wrong(&format!("array `{}` claims {} bytes, more than the file has", member.name, member.stored)));
    }
    Ok(members)
}

/// An entry of the directory.
fn member(entry: &[u8], name: &[u8], mut extra: &[u8]) -> Result<Member, String> {
    let full = String::from_utf8_lossy(name);
    let name = full.strip_suffix(".npy").unwrap_or(&full).to_owned();
    let deflated = match u16_at(entry, 10) {
        0 => false,
        8 => true,
        method => {
            return Err(format!("array `{name}` is packed by method {method}; only stored and deflated ones are read"));
        }
    };
    if u16_at(entry, 8) & 1 == 1 {
        return Err(format!("array `{name}` is encrypted"));
    }
    let (mut stored, mut unpacked, mut at) =
        (u64::from(u32_at(entry, 20)), u64::from(u32_at(entry, 24)), u64::from(u32_at(entry, 42)));
    // Sizes that need 64 bits stand in extra field 1: unpacked, stored, place, each only where the old field is full.
    while let [a, b, c, d, ..] = *extra {
        let length = usize::from(u16::from_le_bytes([c, d]));
        let Some(mut field) = extra.get(4..4 + length) else { break };
        if u16::from_le_bytes([a, b]) == 1 {
            let mut next = || {
                let (value, rest) = field.split_at_checked(8)?;
                field = rest;
                Some(u64_at(value, 0))
            };
            let short = || format!("array `{name}`: its 64-bit sizes are cut off");
            if unpacked == u64::from(u32::MAX) {
                unpacked = next().ok_or_else(short)?;
            }
            if stored == u64::from(u32::MAX) {
                stored = next().ok_or_else(short)?;
            }
            if at == u64::from(u32::MAX) {
                at = next().ok_or_else(short)?;
            }
        }
        extra = &extra[4 + length..];
    }
    Ok(Member { name, stored, unpacked, crc: u32_at(entry, 16), deflated, at })
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}
