//! The members of a zip file, stored or deflated: what NPZ and spreadsheets are.
//!
//! Only what these need of zip is read here, and no size is believed before the file was seen to be that long.

use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::Path;

use flate2::Crc;
use flate2::read::DeflateDecoder;

use super::source::{Input, has_extension};
use super::stream;
use crate::data::raw::few;
use crate::{Error, Result};

/// A member of the archive.
#[derive(Debug)]
pub(in crate::data) struct Member {
    pub(in crate::data) name: String,
    /// Bytes in the archive.
    pub(in crate::data) stored: u64,
    /// Bytes once unpacked.
    pub(in crate::data) unpacked: u64,
    /// The checksum of those.
    crc: u32,
    pub(super) deflated: bool,
    /// Where its local header begins.
    at: u64,
}

/// Opens an array among the members.
pub(in crate::data) fn open(path: &Path, member: &Member) -> Result<Input> {
    let reader = Box::new(content(path, member)?);
    Input::member(path.join(format!("{}.npy", member.name)), member.stored, member.deflated, reader)
}

/// Ends of names that say a table, and those that may be a table or a word about it.
const TABLES: [&str; 7] = ["csv", "tsv", "tab", "jsonl", "ndjson", "data", "dat"];
const PERHAPS: [&str; 2] = ["txt", "json"];

/// The member that is the table of an archive made to carry one: the only one that is called so, beside folders and words about it. None of
/// archives that are arrays or spreadsheets, or that cannot be read, of which their reader will say more.
///
/// # Errors
/// [`Error::Format`] with their names where there are several.
pub(super) fn only_table(path: &Path) -> Result<Option<Member>> {
    let members = directory(path).unwrap_or_default();
    let called = |member: &Member, ends: &[&str]| {
        let hidden = member.name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX");
        !hidden && ends.iter().any(|end| has_extension(Path::new(&member.name), end))
    };
    let of = |ends: &[&str]| (0..members.len()).filter(|&at| called(&members[at], ends)).collect::<Vec<_>>();
    let tables = Some(of(&TABLES)).filter(|tables| !tables.is_empty()).unwrap_or_else(|| of(&PERHAPS));
    if has_extension(path, "npz") || members.iter().any(|member| called(member, &["xml", "bin"])) {
        return Ok(None);
    }
    let one = match tables[..] {
        [] => return Ok(None),
        [one] => one,
        _ => {
            let names: Vec<&str> = tables.iter().map(|&at| members[at].name.as_str()).collect();
            let message = format!("the archive holds several tables: {}; unpack it and open one of them", few(&names));
            return Err(Error::format(path, message));
        }
    };
    Ok(members.into_iter().nth(one))
}

/// Opens the only table of an archive.
///
/// # Errors
/// [`Error::Format`] where its place in the archive holds something else.
pub(super) fn open_table(path: &Path, member: &Member) -> Result<Input> {
    let reader = Box::new(content(path, member)?);
    Input::member(path.join(&member.name), member.stored, member.deflated, reader)
}

/// Opens a member as a stream of its content.
pub(in crate::data) fn content(path: &Path, member: &Member) -> Result<impl Read + Send + use<>> {
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
    Ok(Checked { inner, crc: Crc::new(), member: (member.unpacked, member.crc) })
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
pub(in crate::data) fn directory(path: &Path) -> Result<Vec<Member>> {
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
