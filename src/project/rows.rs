//! Sets of rows, small where rows stand together.

use std::sync::Arc;

use serde::de::{Error as _, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::varint;

/// Rows of a source by their numbers there, as ascending ranges that do not touch. A clone shares them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows(Arc<Vec<(u32, u32)>>);

impl Rows {
    /// The set of these rows, which may come in any order and more than once.
    #[must_use]
    pub fn of(rows: impl IntoIterator<Item = u32>) -> Self {
        let mut all: Vec<u32> = rows.into_iter().collect();
        if !all.is_sorted() {
            all.sort_unstable();
        }
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        for row in all.into_iter().filter(|&row| row < u32::MAX) {
            match ranges.last_mut() {
                Some((_, end)) if row < *end => {}
                Some((_, end)) if row == *end => *end += 1,
                _ => ranges.push((row, row + 1)),
            }
        }
        Self(Arc::new(ranges))
    }

    /// Its ranges: first row, and the first row behind.
    #[must_use]
    pub fn ranges(&self) -> &[(u32, u32)] {
        &self.0
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.iter().map(|(start, end)| (end - start) as usize).sum()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a row is in it.
    #[must_use]
    pub fn contains(&self, row: u32) -> bool {
        let after = self.0.partition_point(|&(start, _)| start <= row);
        after.checked_sub(1).and_then(|at| self.0.get(at)).is_some_and(|&(_, end)| row < end)
    }

    /// The rows, ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.0.iter().flat_map(|&(start, end)| start..end)
    }
}

impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::new();
        let mut at = 0;
        for &(start, end) in self.0.iter() {
            varint::put(&mut bytes, start - at);
            varint::put(&mut bytes, end - start);
            at = end;
        }
        serializer.serialize_bytes(&bytes)
    }
}

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = bytes_of(deserializer)?;
        let mut bytes = bytes.as_slice();
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        let mut at = 0_u32;
        while !bytes.is_empty() {
            let gap = varint::take(&mut bytes);
            let range = gap.zip(varint::take(&mut bytes)).and_then(|(gap, length)| {
                let start = at.checked_add(gap)?;
                // Ranges that touch would be one.
                let apart = ranges.is_empty() || gap > 0;
                (length > 0 && apart).then_some((start, start.checked_add(length)?))
            });
            let Some(range) = range else { return Err(D::Error::custom("a set of rows is damaged")) };
            ranges.push(range);
            at = range.1;
        }
        Ok(Self(Arc::new(ranges)))
    }
}

/// The bytes that stand there; no more is taken than has come.
pub(super) fn bytes_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    struct Bytes;
    impl Visitor<'_> for Bytes {
        type Value = Vec<u8>;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("bytes")
        }
        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }
        fn visit_byte_buf<E>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
            Ok(bytes)
        }
    }
    deserializer.deserialize_byte_buf(Bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_ranges_in_whatever_order_they_come() {
        let rows = Rows::of([7, 1, 2, 3, 2, 9, 8, u32::MAX]);
        assert_eq!(rows.ranges(), [(1, 4), (7, 10)]);
        assert_eq!((rows.len(), rows.contains(3), rows.contains(4), rows.contains(0)), (6, true, false, false));
        assert_eq!(rows.iter().collect::<Vec<_>>(), [1, 2, 3, 7, 8, 9]);
    }

    #[test]
    fn rows_come_back_from_bytes_and_damaged_ones_are_refused() {
        let rows = Rows::of((0..1000).filter(|i| i % 3 != 1).chain([4_000_000_000]));
        let mut bytes = Vec::new();
        ciborium::into_writer(&rows, &mut bytes).expect("written");
        assert_eq!(ciborium::from_reader::<Rows, _>(bytes.as_slice()).expect("read"), rows);
        // Bytes of four: a range of no rows, one that touches, one beyond all numbers, half a number.
        for damaged in [&[1, 0][..], &[1, 1, 0, 1], &[5, 255, 255, 255, 255, 15], &[1, 129]] {
            let mut bytes = vec![0x40 + damaged.len() as u8];
            bytes.extend_from_slice(damaged);
            assert!(ciborium::from_reader::<Rows, _>(bytes.as_slice()).is_err(), "{damaged:?}");
        }
    }
}
