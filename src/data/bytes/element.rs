//! Binary numbers of many kinds become `f32` where that holds them exactly, `f64` elsewhere, chunk by chunk.

use std::io::Read;

use crate::Error;

/// How a number is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Kind {
    Bool,
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F16,
    F32,
    F64,
}

/// A stored number: its kind and byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) struct Element {
    pub(in crate::data) kind: Kind,
    pub(in crate::data) big_endian: bool,
}

/// Why reading numbers ended early.
#[derive(Debug)]
pub(in crate::data) enum Fault {
    /// The stream ended after this many values.
    Short(usize),
    /// The value at this index is infinite.
    Infinite(usize),
    /// No memory for this many values.
    Memory(usize),
    /// The stream could not be read or unpacked.
    Stream(std::io::Error),
    /// The job was stopped.
    Stopped(Error),
}

/// Bytes decoded at a time; a multiple of every element size.
const CHUNK: usize = 1 << 18;

macro_rules! decode {
    ($name:ident, $to:ty, $from_half:expr) => {
        /// Append the numbers in `bytes`, whose length is a multiple of the element size.
        fn $name(self, bytes: &[u8], out: &mut Vec<$to>) {
            macro_rules! wide {
                ($from:ty) => {{
                    let (chunks, _) = bytes.as_chunks::<{ size_of::<$from>() }>();
                    if self.big_endian {
                        out.extend(chunks.iter().map(|&c| <$from>::from_be_bytes(c) as $to));
                    } else {
                        out.extend(chunks.iter().map(|&c| <$from>::from_le_bytes(c) as $to));
                    }
                }};
            }
            match self.kind {
                Kind::Bool | Kind::U8 => out.extend(bytes.iter().map(|&b| <$to>::from(b))),
                Kind::I8 => out.extend(bytes.iter().map(|&b| <$to>::from(b.cast_signed()))),
                Kind::U16 => wide!(u16),
                Kind::I16 => wide!(i16),
                Kind::U32 => wide!(u32),
                Kind::I32 => wide!(i32),
                Kind::U64 => wide!(u64),
                Kind::I64 => wide!(i64),
                Kind::F16 => {
                    let (chunks, _) = bytes.as_chunks::<2>();
                    let word =
                        |&c: &[u8; 2]| if self.big_endian { u16::from_be_bytes(c) } else { u16::from_le_bytes(c) };
                    out.extend(chunks.iter().map(word).map($from_half));
                }
                Kind::F32 => wide!(f32),
                Kind::F64 => wide!(f64),
            }
        }
    };
}

impl Element {
    /// Bytes of one number.
    pub(in crate::data) fn size(self) -> usize {
        match self.kind {
            Kind::Bool | Kind::U8 | Kind::I8 => 1,
            Kind::U16 | Kind::I16 | Kind::F16 => 2,
            Kind::U32 | Kind::I32 | Kind::F32 => 4,
            Kind::U64 | Kind::I64 | Kind::F64 => 8,
        }
    }

    /// Whether a value can be something else than a finite number.
    fn is_float(self) -> bool {
        matches!(self.kind, Kind::F16 | Kind::F32 | Kind::F64)
    }

    /// Whether single precision holds every value of this kind exactly.
    pub(in crate::data) fn fits_single(self) -> bool {
        !matches!(self.kind, Kind::U32 | Kind::I32 | Kind::U64 | Kind::I64 | Kind::F64)
    }

    /// Whether it is a whole number that double precision may not hold exactly.
    pub(in crate::data) fn is_wide_integer(self) -> bool {
        matches!(self.kind, Kind::U64 | Kind::I64)
    }

    /// One number of so many bytes as it has; none where they are not as many.
    pub(in crate::data) fn one(self, bytes: &[u8]) -> Option<f64> {
        let mut out = Vec::with_capacity(1);
        if bytes.len() == self.size() {
            self.decode_f64(bytes, &mut out);
        }
        out.first().copied()
    }

    decode!(decode_f32, f32, from_half);
    decode!(decode_f64, f64, |half| f64::from(from_half(half)));

    /// Append `count` numbers to `out`. NaN passes, an infinite value does not. Memory grows as the data comes.
    pub(in crate::data) fn read<T: Decoded>(
        self,
        reader: &mut dyn Read,
        count: usize,
        out: &mut Vec<T>,
        tick: &mut dyn FnMut(usize) -> Result<(), Error>,
    ) -> Result<(), Fault> {
        let first = out.len();
        self.each_chunk(reader, count, |bytes, done| {
            grow(out, bytes.len() / self.size(), count - done).map_err(|()| Fault::Memory(count))?;
            let start = out.len();
            T::decode(self, bytes, out);
            if self.is_float()
                && let Some(at) = out[start..].iter().position(|&v| v.is_infinite())
            {
                return Err(Fault::Infinite(start - first + at));
            }
            tick(done).map_err(Fault::Stopped)
        })
    }

    /// Read `count` whole numbers of 64 bits; none of them loses a digit.
    pub(in crate::data) fn read_wide(self, reader: &mut dyn Read, count: usize) -> Result<Vec<i128>, Fault> {
        let mut out = Vec::new();
        self.each_chunk(reader, count, |bytes, _| {
            let (chunks, _) = bytes.as_chunks::<8>();
            let bits = |&c: &[u8; 8]| if self.big_endian { u64::from_be_bytes(c) } else { u64::from_le_bytes(c) };
            let signed = self.kind == Kind::I64;
            let whole = |bits: u64| if signed { i128::from(bits.cast_signed()) } else { i128::from(bits) };
            out.extend(chunks.iter().map(bits).map(whole));
            Ok(())
        })?;
        Ok(out)
    }

    /// Read `count` numbers in double precision.
    pub(in crate::data) fn read_exactly(self, reader: &mut dyn Read, count: usize) -> Result<Vec<f64>, Fault> {
        let mut out = Vec::new();
        self.each_chunk(reader, count, |bytes, _| {
            self.decode_f64(bytes, &mut out);
            Ok(())
        })?;
        Ok(out)
    }

    /// Hand `count` numbers to `use_chunk` as whole chunks of bytes, with the number of values before each.
    fn each_chunk(
        self,
        reader: &mut dyn Read,
        count: usize,
        mut use_chunk: impl FnMut(&[u8], usize) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let size = self.size();
        let mut buffer = vec![0; CHUNK.min(count.saturating_mul(size))];
        let mut done = 0;
        while done < count {
            let want = (buffer.len() / size).min(count - done);
            let got = fill(reader, &mut buffer[..want * size]).map_err(Fault::Stream)? / size;
            use_chunk(&buffer[..got * size], done)?;
            done += got;
            if got < want {
                return Err(Fault::Short(done));
            }
        }
        Ok(())
    }
}

/// Read until `buffer` is full or the stream ends; an archive that is cut off counts as an end.
pub(in crate::data) fn fill(reader: &mut dyn Read, buffer: &mut [u8]) -> std::io::Result<usize> {
    let mut done = 0;
    while done < buffer.len() {
        match reader.read(&mut buffer[done..]) {
            Ok(0) => break,
            Ok(got) => done += got,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => break,
            Err(e) => return Err(e),
        }
    }
    Ok(done)
}

/// Make room for `need` more values, doubling, but never beyond `left`, the most that can still come.
fn grow<T>(out: &mut Vec<T>, need: usize, left: usize) -> Result<(), ()> {
    if out.capacity() - out.len() < need {
        let room = out.len().max(1 << 20).min(left).max(need);
        out.try_reserve_exact(room).map_err(|_| ())?;
    }
    Ok(())
}

/// A type that stored numbers become.
pub(in crate::data) trait Decoded: Copy {
    /// Append the numbers in `bytes`, whose length is a multiple of the element size.
    fn decode(element: Element, bytes: &[u8], out: &mut Vec<Self>);
    fn is_infinite(self) -> bool;
}

impl Decoded for f32 {
    fn decode(element: Element, bytes: &[u8], out: &mut Vec<Self>) {
        element.decode_f32(bytes, out);
    }

    fn is_infinite(self) -> bool {
        Self::is_infinite(self)
    }
}

impl Decoded for f64 {
    fn decode(element: Element, bytes: &[u8], out: &mut Vec<Self>) {
        element.decode_f64(bytes, out);
    }

    fn is_infinite(self) -> bool {
        Self::is_infinite(self)
    }
}

/// IEEE 754 half precision.
fn from_half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 0 { 1.0 } else { -1.0 };
    let exponent = i32::from(bits >> 10 & 0x1f);
    let fraction = f32::from(bits & 0x3ff);
    sign * match exponent {
        0 => fraction * 2f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction / 1024.0) * 2f32.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: Kind, big_endian: bool, bytes: &[u8], count: usize) -> Result<Vec<f32>, Fault> {
        let mut out = Vec::new();
        Element { kind, big_endian }.read(&mut &bytes[..], count, &mut out, &mut |_| Ok(()))?;
        Ok(out)
    }

    #[test]
    fn numbers_of_every_kind() {
        assert_eq!(read(Kind::I8, true, &[255, 1], 2).expect("reads"), [-1.0, 1.0]);
        assert_eq!(read(Kind::I16, true, &[1, 0], 1).expect("reads"), [256.0]);
        assert_eq!(read(Kind::I16, false, &[1, 0], 1).expect("reads"), [1.0]);
        assert_eq!(read(Kind::F64, false, &(-2.5f64).to_le_bytes(), 1).expect("reads"), [-2.5]);
        assert_eq!(read(Kind::F16, false, &[0x00, 0x3e, 0x00, 0xc0], 2).expect("reads"), [1.5, -2.0]);
    }

    #[test]
    fn an_infinite_value_is_found() {
        let bytes: Vec<u8> = [1.0, f64::INFINITY].into_iter().flat_map(f64::to_le_bytes).collect();
        assert!(matches!(read(Kind::F64, false, &bytes, 2), Err(Fault::Infinite(1))));
    }

    #[test]
    fn whole_numbers_of_64_bits_keep_every_digit() {
        let element = |kind| Element { kind, big_endian: false };
        let bytes: Vec<u8> = [588_848_899_891_200_431_i64, -1].into_iter().flat_map(i64::to_le_bytes).collect();
        let signed = element(Kind::I64).read_wide(&mut &bytes[..], 2).expect("reads");
        assert_eq!(signed, [588_848_899_891_200_431, -1]);
        let unsigned = element(Kind::U64).read_wide(&mut &bytes[..], 2).expect("reads");
        assert_eq!(unsigned[1], i128::from(u64::MAX));
    }

    #[test]
    fn a_huge_promise_over_few_bytes_takes_little_memory() {
        let mut out = Vec::<f32>::new();
        let element = Element { kind: Kind::U8, big_endian: false };
        let fault = element.read(&mut &[1u8, 2, 3][..], usize::MAX, &mut out, &mut |_| Ok(()));
        assert!(matches!(fault, Err(Fault::Short(3))));
        assert!(out.capacity() <= 1 << 20);
    }
}
