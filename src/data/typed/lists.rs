//! Columns of lists of numbers, as embeddings are kept: each place of the lists is a column of its own.

use arrow_array::cast::AsArray as _;
use arrow_array::{Array as _, ArrayRef, UInt64Array};
use arrow_schema::DataType;
use arrow_select::take::take;

use super::arrays::Holds;

/// Lists that are shorter are measured in all rows, as they may be anything: pairs of the same length are coordinates, others are not.
pub(in crate::data) const SURE: usize = 8;
/// Most numbers of a list that is spread.
pub(in crate::data) const LONGEST: usize = 1 << 14;

/// What lists of this kind are of, and how long all of them are where the kind says it; nothing where they are no lists of numbers.
pub(in crate::data) fn of(kind: &DataType) -> Option<(&DataType, Option<usize>)> {
    let (values, length) = match kind {
        DataType::FixedSizeList(values, length) => (values, Some(usize::try_from(*length).ok()?)),
        DataType::List(values) | DataType::LargeList(values) => (values, None),
        _ => return None,
    };
    let plain = Holds::of(values.data_type()) == Holds::Numbers;
    (plain && length.is_none_or(|length| (1..=LONGEST).contains(&length))).then(|| (values.data_type(), length))
}

/// How long the lists of a column are, where all that are there are as long.
pub(in crate::data) fn length(array: &ArrayRef) -> Option<usize> {
    let mut lengths =
        (0..array.len()).filter(|&row| array.is_valid(row)).map(|row| bounds(array, row).map(|(from, to)| to - from));
    let first = lengths.next()??;
    ((1..=LONGEST).contains(&first) && lengths.all(|length| length == Some(first))).then_some(first)
}

/// One place of all lists of a column that are so long; or the first row whose list is not.
pub(in crate::data) fn place(array: &ArrayRef, place: usize, length: usize) -> Result<ArrayRef, usize> {
    let mut indices = Vec::with_capacity(array.len());
    for row in 0..array.len() {
        indices.push(match bounds(array, row) {
            _ if array.is_null(row) => None,
            Some((from, to)) if to - from == length => Some((from + place) as u64),
            _ => return Err(row),
        });
    }
    let values = match array.data_type() {
        DataType::FixedSizeList(..) => array.as_fixed_size_list().values(),
        DataType::LargeList(_) => array.as_list::<i64>().values(),
        _ => array.as_list::<i32>().values(),
    };
    take(values, &UInt64Array::from(indices), None).map_err(|_| 0)
}

/// Where the list of a row begins and ends among the values.
fn bounds(array: &ArrayRef, row: usize) -> Option<(usize, usize)> {
    match array.data_type() {
        DataType::FixedSizeList(..) => {
            let list = array.as_fixed_size_list();
            let (from, length) = (list.value_offset_at(row), usize::try_from(list.value_length()).ok()?);
            Some((from, from + length))
        }
        DataType::LargeList(_) => {
            let offsets = array.as_list::<i64>().value_offsets();
            Some((usize::try_from(offsets[row]).ok()?, usize::try_from(offsets[row + 1]).ok()?))
        }
        DataType::List(_) => {
            let offsets = array.as_list::<i32>().value_offsets();
            Some((usize::try_from(offsets[row]).ok()?, usize::try_from(offsets[row + 1]).ok()?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::types::{Float64Type, Int32Type};
    use arrow_array::{FixedSizeListArray, Float64Array, ListArray};

    use super::*;

    #[test]
    fn places_of_lists_are_columns() {
        let lists = [Some(vec![Some(1.5), None]), None, Some(vec![Some(3.0), Some(4.0)])];
        let lists: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Float64Type, _, _>(lists));
        assert_eq!((of(lists.data_type()).map(|of| of.1), length(&lists)), (Some(None), Some(2)));
        let second = place(&lists, 1, 2).expect("all are as long");
        assert_eq!(second.as_ref(), &Float64Array::from(vec![None, None, Some(4.0)]));
        assert_eq!(place(&lists, 0, 3).err(), Some(0));
        let part = lists.slice(2, 1);
        assert_eq!(place(&part, 0, 2).expect("a part").as_ref(), &Float64Array::from(vec![3.0]));
        let ragged = [Some(vec![Some(1)]), Some(vec![])];
        let ragged: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Int32Type, _, _>(ragged));
        assert_eq!((length(&ragged), place(&ragged, 0, 1).err()), (None, Some(1)));
        let fixed = [Some(vec![Some(1), Some(2)]), Some(vec![Some(3), Some(4)])];
        let fixed: ArrayRef = Arc::new(FixedSizeListArray::from_iter_primitive::<Int32Type, _, _>(fixed, 2));
        assert_eq!(of(fixed.data_type()).map(|of| of.1), Some(Some(2)));
        assert_eq!(place(&fixed.slice(1, 1), 1, 2).expect("fixed").len(), 1);
    }
}
