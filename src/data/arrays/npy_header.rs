//! The header of an NPY file: what the array consists of, its shape, and whether the file can hold it.

use std::io::Read as _;

use super::npy_records::{Field, fields};
use crate::data::bytes::element::{Element, Kind};
use crate::data::bytes::source::Input;
use crate::{Error, Result};

/// What an NPY header says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::data) struct Header {
    pub(in crate::data) content: Content,
    pub(in crate::data) fortran: bool,
    pub(in crate::data) shape: Vec<usize>,
    /// Product of the shape.
    pub(in crate::data) values: usize,
}

/// What an array consists of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::data) enum Content {
    Numbers(Element),
    /// Words of so many characters, four bytes each (`U`) or one (`S`).
    Words {
        characters: usize,
        wide: bool,
        big_endian: bool,
    },
    /// Records of several fields, as `NumPy`'s structured arrays have them.
    Records(Vec<Field>),
}

impl Content {
    /// Bytes of one value.
    pub(in crate::data) fn size(&self) -> usize {
        match self {
            Self::Numbers(element) => element.size(),
            Self::Words { characters, wide, .. } => characters * if *wide { 4 } else { 1 },
            Self::Records(fields) => fields.iter().map(Field::size).fold(0, usize::saturating_add),
        }
    }
}

/// The longest header that is read; `NumPy`'s own are a few hundred bytes.
const LONGEST_HEADER: usize = 1 << 16;

/// Read and check a header against what the file can hold.
pub(in crate::data) fn read_header(input: &mut Input) -> Result<Header> {
    let mut start = [0; 8];
    input.header_bytes(&mut start)?;
    if !start.starts_with(b"\x93NUMPY") {
        return Err(Error::format(&input.path, "the array does not begin with the NPY mark \\x93NUMPY"));
    }
    let (length, so_far) = match start[6] {
        1 => {
            let mut length = [0; 2];
            input.header_bytes(&mut length)?;
            (usize::from(u16::from_le_bytes(length)), 10)
        }
        2 | 3 => {
            let mut length = [0; 4];
            input.header_bytes(&mut length)?;
            (u32::from_le_bytes(length) as usize, 12)
        }
        version => return Err(Error::format(&input.path, format!("NPY version {version} is not known; 1 to 3 are"))),
    };
    if length > LONGEST_HEADER {
        return Err(Error::format(
            &input.path,
            format!("the header claims to be {length} bytes long; more than {LONGEST_HEADER} cannot be right"),
        ));
    }
    let mut text = String::new();
    let mut bytes = input.take(length as u64);
    bytes
        .read_to_string(&mut text)
        .map_err(|e| Error::format(&bytes.get_ref().path, format!("the header is no text: {e}")))?;
    if text.len() < length {
        return Err(Error::format(&input.path, "the file ends within its header"));
    }
    let (content, fortran, shape) =
        parse(&text).map_err(|what| Error::format(&input.path, format!("the NPY header `{}`: {what}", text.trim())))?;
    if shape.contains(&0) {
        return Err(Error::format(&input.path, format!("the array has shape {shape:?}: nothing")));
    }
    let size = content.size();
    let values = shape.iter().fold(1u128, |product, &dim| product.saturating_mul(dim as u128));
    let payload = values.saturating_mul(size as u128).min(u128::MAX / 2);
    input.check_promise(so_far + length as u64, payload, &format!("shape {shape:?}"))?;
    let values =
        usize::try_from(values).map_err(|_| Error::format(&input.path, "more values than this machine can address"))?;
    Ok(Header { content, fortran, shape, values })
}

/// Parse the Python dictionary of a header: `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
fn parse(text: &str) -> Result<(Content, bool, Vec<usize>), String> {
    let value = |key: &str| -> Result<&str, String> {
        let at = [format!("'{key}'"), format!("\"{key}\"")]
            .iter()
            .find_map(|k| text.find(k.as_str()).map(|at| at + k.len()));
        let rest = text[at.ok_or(format!("`{key}` is missing"))?..].trim_start();
        rest.strip_prefix(':').map(str::trim_start).ok_or(format!("`{key}` has no value"))
    };
    let descr = value("descr")?;
    let quote = descr.chars().next().filter(|c| matches!(c, '\'' | '"'));
    let content = match quote {
        Some(quote) => content(descr[1..].split(quote).next().unwrap_or_default())?,
        None => Content::Records(fields(descr)?),
    };
    let order = value("fortran_order")?;
    let fortran = match (order.starts_with("True"), order.starts_with("False")) {
        (true, _) => true,
        (_, true) => false,
        _ => return Err("`fortran_order` is neither True nor False".to_owned()),
    };
    let shape = value("shape")?.strip_prefix('(').and_then(|rest| rest.split_once(')')).ok_or("`shape` is no tuple")?.0;
    let dims = shape.split(',').map(str::trim).filter(|dim| !dim.is_empty());
    let shape: Vec<usize> =
        dims.map(|dim| dim.parse().map_err(|_| format!("`{dim}` is no size"))).collect::<Result<_, String>>()?;
    if shape.len() > 8 {
        return Err(format!("{} dimensions are too many", shape.len()));
    }
    Ok((content, fortran, shape))
}

/// A type string such as `<f4`.
pub(in crate::data) fn content(descr: &str) -> Result<Content, String> {
    let unknown = || match descr {
        "|O" | "O" => "Python objects are not read; save numbers (or words) instead".to_owned(),
        _ => format!("values of type `{descr}` are not read; b1, i1 to i8, u1 to u8, f2, f4 and f8 are"),
    };
    let (big_endian, rest) = match descr.split_at_checked(1) {
        Some((">", rest)) => (true, rest),
        Some(("<" | "|" | "=", rest)) => (false, rest),
        _ => (false, descr),
    };
    let kind = match rest {
        "b1" | "?" => Kind::Bool,
        "u1" => Kind::U8,
        "i1" => Kind::I8,
        "u2" => Kind::U16,
        "i2" => Kind::I16,
        "u4" => Kind::U32,
        "i4" => Kind::I32,
        "u8" => Kind::U64,
        "i8" => Kind::I64,
        "f2" => Kind::F16,
        "f4" => Kind::F32,
        "f8" => Kind::F64,
        _ => {
            let (letter, length) = rest.split_at_checked(1).ok_or_else(unknown)?;
            let characters: usize = length.parse().ok().filter(|c| (1..=4096).contains(c)).ok_or_else(unknown)?;
            return match letter {
                "U" | "S" => Ok(Content::Words { characters, wide: letter == "U", big_endian }),
                _ => Err(unknown()),
            };
        }
    };
    Ok(Content::Numbers(Element { kind, big_endian }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_as_numpy_writes_them() {
        let (content, fortran, shape) =
            parse("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }   \n").expect("reads");
        assert_eq!(content, Content::Numbers(Element { kind: Kind::F32, big_endian: false }));
        assert_eq!((fortran, shape), (false, vec![3, 4]));
        assert_eq!(
            parse("{'shape': (), 'descr': \">i8\", 'fortran_order': True}").expect("reads").2,
            Vec::<usize>::new()
        );
    }

    #[test]
    fn wrong_headers_say_what_is_wrong() {
        for (text, what) in [
            ("{'descr': '|O', 'fortran_order': False, 'shape': (3,)}", "Python objects"),
            ("{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (3,)}", "Python objects"),
            ("{'descr': [('a', [('b', '<f4')])], 'fortran_order': False, 'shape': (3,)}", "within fields"),
            ("{'descr': '<f4', 'fortran_order': False, 'shape': (-3,)}", "`-3` is no size"),
            ("{'descr': '<c8', 'fortran_order': False, 'shape': (3,)}", "`<c8`"),
            ("{'descr': '<f4', 'fortran_order': False}", "`shape` is missing"),
            ("{'descr': 'é4', 'fortran_order': False, 'shape': (3,)}", "`é4`"),
            ("", "`descr` is missing"),
        ] {
            assert!(parse(text).expect_err(text).contains(what), "{text}");
        }
    }
}
