//! Archives made of parts, with the right checksums: damage arrives in the parts.

use std::io::Read;

use flate2::Crc;
use flate2::read::MultiGzDecoder;

/// What is taken for an endless stream.
const ENDLESS: u64 = 1 << 30;

/// How many bytes these unpack to, as far as they can be unpacked.
pub(crate) fn unpacked(bytes: &[u8]) -> usize {
    let count = |reader: &mut dyn Read| {
        let (mut chunk, mut sum) = (vec![0; 1 << 16], 0_u64);
        while let Ok(got @ 1..) = reader.read(&mut chunk) {
            sum += got as u64;
            if sum > ENDLESS {
                break;
            }
        }
        sum as usize
    };
    if let Ok(mut decoder) = zstd::stream::read::Decoder::new(bytes) {
        let sum = count(&mut decoder);
        if sum > 0 {
            return sum;
        }
    }
    count(&mut MultiGzDecoder::new(bytes))
}

/// An archive of stored members.
fn zip<'a>(members: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let (mut body, mut directory, mut count) = (Vec::new(), Vec::new(), 0_u16);
    for (name, content) in members {
        let mut crc = Crc::new();
        crc.update(content);
        let size = content.len() as u32;
        let numbers = [crc.sum(), size, size].map(u32::to_le_bytes).concat();
        let lengths = [name.len() as u16, 0].map(u16::to_le_bytes).concat();
        let at = (body.len() as u32).to_le_bytes();
        let member: [&[u8]; 6] = [b"PK\x03\x04\x14\0\0\0\0\0", &[0; 4], &numbers, &lengths, name.as_bytes(), content];
        member.iter().for_each(|part| body.extend_from_slice(part));
        let entry: [&[u8]; 7] =
            [b"PK\x01\x02\x14\0\x14\0\0\0\0\0", &[0; 4], &numbers, &lengths, &[0; 10], &at, name.as_bytes()];
        entry.iter().for_each(|part| directory.extend_from_slice(part));
        count += 1;
    }
    let places = [directory.len() as u32, body.len() as u32].map(u32::to_le_bytes).concat();
    body.extend(directory);
    let end: [&[u8]; 5] = [b"PK\x05\x06\0\0\0\0", &count.to_le_bytes(), &count.to_le_bytes(), &places, &[0, 0]];
    end.iter().for_each(|part| body.extend_from_slice(part));
    body
}

/// Bytes that are an archive already, or arrays: 0 for `x` and `y`, 1 for those of a sparse matrix; then each array behind its length in two
/// bytes, the least first.
pub(crate) fn of_arrays(bytes: &[u8]) -> Vec<u8> {
    let names: &[&str] = match bytes.first() {
        Some(0) => &["x.npy", "y.npy"],
        Some(1) => &["format.npy", "shape.npy", "indices.npy", "indptr.npy", "data.npy"],
        _ => return bytes.to_vec(),
    };
    zip(names.iter().copied().zip(pieces(&bytes[1..])))
}

/// Pieces, each behind its length in two bytes, the least first; the last one may be cut off.
pub(crate) fn pieces(mut rest: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let (length, behind) = rest.split_first_chunk::<2>()?;
        let (piece, behind) = behind.split_at(usize::from(u16::from_le_bytes(*length)).min(behind.len()));
        rest = behind;
        Some(piece)
    })
}

const TYPES: &str = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"#;
const ROOT: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const PARTS: &str = r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;

/// Bytes that are a spreadsheet already, or the XML of its book, shared strings, styles and sheet, with a zero byte between them.
pub(crate) fn of_sheet(bytes: &[u8]) -> Vec<u8> {
    if !bytes.starts_with(b"<") {
        return bytes.to_vec();
    }
    let fixed = [("[Content_Types].xml", TYPES), ("_rels/.rels", ROOT), ("xl/_rels/workbook.xml.rels", PARTS)];
    let names = ["xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"];
    let parts = names.into_iter().zip(bytes.splitn(names.len(), |&b| b == 0));
    zip(fixed.into_iter().map(|(name, text)| (name, text.as_bytes())).chain(parts))
}
