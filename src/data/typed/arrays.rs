//! Columns of arrays, as Parquet and Arrow have them: what each holds, its cells as numbers and as text.

use std::borrow::Cow;

use arrow_array::cast::AsArray as _;
use arrow_array::temporal_conversions as temporal;
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, types};
use arrow_schema::{DataType, TimeUnit};

use crate::support::number::shortest;

/// What a column of arrays holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::data) enum Holds {
    Numbers,
    /// Times of the day and spans of time, as seconds.
    Seconds,
    /// True and false, as 1 and 0.
    Flags,
    /// Days since 1970.
    Dates,
    Text,
    /// No value at all.
    Nothing,
    /// Something that is no cell of a table: lists, objects, bytes.
    Other,
}

impl Holds {
    pub(in crate::data) fn of(kind: &DataType) -> Self {
        match kind {
            DataType::Boolean => Self::Flags,
            DataType::Date32 | DataType::Date64 | DataType::Timestamp(..) => Self::Dates,
            DataType::Time32(_) | DataType::Time64(_) | DataType::Duration(_) => Self::Seconds,
            DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => Self::Text,
            DataType::Null => Self::Nothing,
            DataType::Dictionary(_, values) if !matches!(**values, DataType::Dictionary(..)) => Self::of(values),
            kind if kind.is_numeric() => Self::Numbers,
            _ => Self::Other,
        }
    }

    /// Whether its cells are numbers at once.
    pub(in crate::data) fn is_number(self) -> bool {
        matches!(self, Self::Numbers | Self::Seconds | Self::Flags | Self::Dates)
    }
}

/// Units of a clock that are a second.
fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1_000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => 1_000_000_000,
    }
}

/// A moment in days since 1970, as the text of the same moment is read.
fn days(value: i64, per_second: i64) -> f64 {
    let day = 86_400 * per_second;
    let (days, rest) = (value.div_euclid(day), value.rem_euclid(day));
    let minutes = rest / (60 * per_second);
    let seconds = (rest % (60 * per_second)) as f64 / per_second as f64;
    days as f64 + ((minutes / 60 * 3600) as f64 + (minutes % 60 * 60) as f64 + seconds) / 86_400.0
}

/// The cells of a column as numbers, NaN where it has none or an infinite one, and how many are infinite.
pub(in crate::data) fn numbers(array: &dyn Array) -> (Vec<f64>, usize) {
    let mut values = finite_or_not(array);
    if array.null_count() > 0
        && let Some(nulls) = array.logical_nulls()
    {
        values.iter_mut().enumerate().filter(|(i, _)| nulls.is_null(*i)).for_each(|(_, v)| *v = f64::NAN);
    }
    let infinite = values.iter().filter(|v| v.is_infinite()).count();
    if infinite > 0 {
        values.iter_mut().filter(|v| v.is_infinite()).for_each(|v| *v = f64::NAN);
    }
    (values, infinite)
}

fn each<T: ArrowPrimitiveType>(array: &dyn Array, of: impl Fn(T::Native) -> f64) -> Vec<f64> {
    array.as_primitive_opt::<T>().map_or_else(Vec::new, |array| array.values().iter().map(|&v| of(v)).collect())
}

/// Numbers of which those are anything that are null.
fn finite_or_not(array: &dyn Array) -> Vec<f64> {
    use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    let seconds = |unit: TimeUnit| move |v: i64| v as f64 / per_second(unit) as f64;
    let moment = |unit: TimeUnit| move |v: i64| days(v, per_second(unit));
    match array.data_type() {
        DataType::Int8 => each::<types::Int8Type>(array, f64::from),
        DataType::Int16 => each::<types::Int16Type>(array, f64::from),
        DataType::Int32 => each::<types::Int32Type>(array, f64::from),
        DataType::Int64 => each::<types::Int64Type>(array, |v| v as f64),
        DataType::UInt8 => each::<types::UInt8Type>(array, f64::from),
        DataType::UInt16 => each::<types::UInt16Type>(array, f64::from),
        DataType::UInt32 => each::<types::UInt32Type>(array, f64::from),
        DataType::UInt64 => each::<types::UInt64Type>(array, |v| v as f64),
        DataType::Float16 => each::<types::Float16Type>(array, f64::from),
        DataType::Float32 => each::<types::Float32Type>(array, f64::from),
        DataType::Float64 => each::<types::Float64Type>(array, |v| v),
        DataType::Date32 => each::<types::Date32Type>(array, f64::from),
        DataType::Date64 => each::<types::Date64Type>(array, moment(Millisecond)),
        DataType::Timestamp(Second, _) => each::<types::TimestampSecondType>(array, moment(Second)),
        DataType::Timestamp(Millisecond, _) => each::<types::TimestampMillisecondType>(array, moment(Millisecond)),
        DataType::Timestamp(Microsecond, _) => each::<types::TimestampMicrosecondType>(array, moment(Microsecond)),
        DataType::Timestamp(Nanosecond, _) => each::<types::TimestampNanosecondType>(array, moment(Nanosecond)),
        DataType::Time32(Second) => each::<types::Time32SecondType>(array, f64::from),
        DataType::Time32(_) => each::<types::Time32MillisecondType>(array, |v| f64::from(v) / 1e3),
        DataType::Time64(Nanosecond) => each::<types::Time64NanosecondType>(array, seconds(Nanosecond)),
        DataType::Time64(_) => each::<types::Time64MicrosecondType>(array, seconds(Microsecond)),
        DataType::Duration(Second) => each::<types::DurationSecondType>(array, seconds(Second)),
        DataType::Duration(Millisecond) => each::<types::DurationMillisecondType>(array, seconds(Millisecond)),
        DataType::Duration(Microsecond) => each::<types::DurationMicrosecondType>(array, seconds(Microsecond)),
        DataType::Duration(Nanosecond) => each::<types::DurationNanosecondType>(array, seconds(Nanosecond)),
        DataType::Boolean => array.as_boolean().values().iter().map(|yes| f64::from(u8::from(yes))).collect(),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let values = finite_or_not(dictionary.values().as_ref());
            (0..array.len())
                .map(|i| key(dictionary.keys(), i).and_then(|key| values.get(key).copied()))
                .map(gap)
                .collect()
        }
        // Decimals, whose digits are read as those of a text.
        _ => (0..array.len()).map(|i| text(array, i).and_then(|text| text.parse().ok())).map(gap).collect(),
    }
}

fn gap(value: Option<f64>) -> f64 {
    value.unwrap_or(f64::NAN)
}

/// The place in a dictionary that a key names.
fn key(keys: &dyn Array, i: usize) -> Option<usize> {
    fn of<T: ArrowPrimitiveType>(keys: &dyn Array, i: usize) -> Option<T::Native> {
        let keys = keys.as_primitive_opt::<T>()?;
        (i < keys.len() && keys.is_valid(i)).then(|| keys.value(i))
    }
    match keys.data_type() {
        DataType::Int8 => of::<types::Int8Type>(keys, i)?.try_into().ok(),
        DataType::Int16 => of::<types::Int16Type>(keys, i)?.try_into().ok(),
        DataType::Int32 => of::<types::Int32Type>(keys, i)?.try_into().ok(),
        DataType::Int64 => of::<types::Int64Type>(keys, i)?.try_into().ok(),
        DataType::UInt8 => of::<types::UInt8Type>(keys, i).map(usize::from),
        DataType::UInt16 => of::<types::UInt16Type>(keys, i).map(usize::from),
        DataType::UInt32 => of::<types::UInt32Type>(keys, i)?.try_into().ok(),
        DataType::UInt64 => of::<types::UInt64Type>(keys, i)?.try_into().ok(),
        _ => None,
    }
}

/// A cell as text, with all its digits; nothing where it is null, not a number, or of a kind that has no text.
pub(crate) fn text(array: &dyn Array, i: usize) -> Option<Cow<'_, str>> {
    if i >= array.len() || array.is_null(i) {
        return None;
    }
    macro_rules! value {
        ($kind:ident) => {
            array.as_primitive_opt::<types::$kind>()?.value(i)
        };
    }
    macro_rules! digits {
        ($kind:ident) => {
            Some(value!($kind).to_string())
        };
    }
    let owned = match array.data_type() {
        DataType::Utf8 => return array.as_string_opt::<i32>().map(|array| array.value(i).into()),
        DataType::LargeUtf8 => return array.as_string_opt::<i64>().map(|array| array.value(i).into()),
        DataType::Utf8View => return array.as_string_view_opt().map(|array| array.value(i).into()),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            return text(dictionary.values().as_ref(), key(dictionary.keys(), i)?);
        }
        DataType::Boolean => return Some(if array.as_boolean().value(i) { "true" } else { "false" }.into()),
        DataType::Int8 => digits!(Int8Type),
        DataType::Int16 => digits!(Int16Type),
        DataType::Int32 => digits!(Int32Type),
        DataType::Int64 => digits!(Int64Type),
        DataType::UInt8 => digits!(UInt8Type),
        DataType::UInt16 => digits!(UInt16Type),
        DataType::UInt32 => digits!(UInt32Type),
        DataType::UInt64 => digits!(UInt64Type),
        DataType::Float16 => single(f32::from(value!(Float16Type))),
        DataType::Float32 => single(value!(Float32Type)),
        DataType::Float64 => double(value!(Float64Type)),
        DataType::Decimal32(..) => Some(array.as_primitive_opt::<types::Decimal32Type>()?.value_as_string(i)),
        DataType::Decimal64(..) => Some(array.as_primitive_opt::<types::Decimal64Type>()?.value_as_string(i)),
        DataType::Decimal128(..) => Some(array.as_primitive_opt::<types::Decimal128Type>()?.value_as_string(i)),
        DataType::Decimal256(..) => Some(array.as_primitive_opt::<types::Decimal256Type>()?.value_as_string(i)),
        kind => return moment(kind, array, i).map(Cow::from),
    };
    owned.map(Cow::from)
}

/// A date, with its time where it has one, or a number of seconds.
fn moment(kind: &DataType, array: &dyn Array, i: usize) -> Option<String> {
    use TimeUnit::{Microsecond, Millisecond, Nanosecond, Second};
    macro_rules! value {
        ($kind:ident) => {
            array.as_primitive_opt::<types::$kind>()?.value(i)
        };
    }
    let (moment, zone) = match kind {
        DataType::Date32 => (temporal::date32_to_datetime(value!(Date32Type)), false),
        DataType::Date64 => (temporal::date64_to_datetime(value!(Date64Type)), false),
        DataType::Timestamp(unit, zone) => {
            let moment = match unit {
                Second => temporal::timestamp_s_to_datetime(value!(TimestampSecondType)),
                Millisecond => temporal::timestamp_ms_to_datetime(value!(TimestampMillisecondType)),
                Microsecond => temporal::timestamp_us_to_datetime(value!(TimestampMicrosecondType)),
                Nanosecond => temporal::timestamp_ns_to_datetime(value!(TimestampNanosecondType)),
            };
            (moment, zone.is_some())
        }
        DataType::Time32(_) | DataType::Time64(_) | DataType::Duration(_) => {
            let one = array.slice(i, 1);
            return finite_or_not(one.as_ref()).first().and_then(|&seconds| double(seconds));
        }
        _ => return None,
    };
    let text = moment?.to_string();
    let date = text.strip_suffix(" 00:00:00").map(str::to_owned);
    // What has a zone is kept in UTC.
    Some(date.unwrap_or(if zone { format!("{text}Z") } else { text }))
}

fn single(value: f32) -> Option<String> {
    (!value.is_nan()).then(|| shortest(f64::from(value), value))
}

fn double(value: f64) -> Option<String> {
    (!value.is_nan()).then(|| shortest(value, value))
}

/// A column that came in parts.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::data) struct Parts {
    arrays: Vec<ArrayRef>,
    /// Where each part begins, and where the last one ends.
    starts: Vec<usize>,
}

impl Parts {
    /// A column of one part.
    pub(in crate::data) fn one(array: ArrayRef) -> Self {
        let mut parts = Self::default();
        parts.push(array);
        parts
    }

    pub(in crate::data) fn push(&mut self, array: ArrayRef) {
        if self.starts.is_empty() {
            self.starts.push(0);
        }
        self.starts.push(self.len() + array.len());
        self.arrays.push(array);
    }

    pub(in crate::data) fn len(&self) -> usize {
        self.starts.last().copied().unwrap_or(0)
    }

    pub(in crate::data) fn arrays(&self) -> &[ArrayRef] {
        &self.arrays
    }

    /// All of it, where it came in one part.
    pub(in crate::data) fn whole(&self) -> Option<&ArrayRef> {
        if let [whole] = self.arrays.as_slice() { Some(whole) } else { None }
    }

    /// The part that a row is in, and its place there.
    pub(in crate::data) fn place(&self, row: usize) -> Option<(usize, usize)> {
        if row >= self.len() {
            return None;
        }
        let part = self.starts.partition_point(|&start| start <= row).checked_sub(1)?;
        Some((part, row - self.starts[part]))
    }

    /// The cell of a row as text.
    pub(in crate::data) fn text(&self, row: usize) -> Option<Cow<'_, str>> {
        let (part, at) = self.place(row)?;
        text(self.arrays.get(part)?.as_ref(), at)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::types::Int8Type;
    use arrow_array::{
        BooleanArray, Date32Array, Decimal128Array, DictionaryArray, DurationMillisecondArray, Float32Array,
        Float64Array, Int8Array, Int64Array, StringArray, TimestampNanosecondArray,
    };

    use super::*;
    use crate::data::cell::dates::{DateOrder, date};

    fn texts(array: &dyn Array) -> Vec<String> {
        (0..array.len()).map(|i| text(array, i).unwrap_or_default().into_owned()).collect()
    }

    #[test]
    fn cells_keep_every_digit() {
        let whole = Int64Array::from(vec![Some(9_007_199_254_740_993), None, Some(-1)]);
        assert_eq!(texts(&whole), ["9007199254740993", "", "-1"]);
        assert!(numbers(&whole).0[1].is_nan());
        assert_eq!(texts(&Float32Array::from(vec![0.1, 2.0, f32::NAN])), ["0.1", "2", ""]);
        let price = Decimal128Array::from(vec![12_345, -7]).with_precision_and_scale(9, 2).expect("it fits");
        assert_eq!((texts(&price), numbers(&price)), (vec!["123.45".into(), "-0.07".into()], (vec![123.45, -0.07], 0)));
        assert_eq!(numbers(&BooleanArray::from(vec![true, false])), (vec![1.0, 0.0], 0));
        let (read, infinite) = numbers(&Float64Array::from(vec![1.0, f64::INFINITY]));
        assert_eq!((read[0], read[1].is_nan(), infinite), (1.0, true, 1));
        let span = DurationMillisecondArray::from(vec![1_500]);
        assert_eq!((texts(&span), numbers(&span)), (vec!["1.5".to_owned()], (vec![1.5], 0)));
    }

    #[test]
    fn dates_are_days_as_their_text_is() {
        let moments =
            TimestampNanosecondArray::from(vec![-1_500_000_000, 1_700_000_000_123_456_789, 86_400_000_000_000]);
        let (read, infinite) = numbers(&moments);
        for (text, value) in texts(&moments).iter().zip(&read) {
            assert_eq!(date(text, DateOrder::YearMonthDay).map(f64::to_bits), Some(value.to_bits()), "{text}");
        }
        assert_eq!(texts(&moments)[2], "1970-01-02");
        let zoned = moments.clone().with_timezone("+02:00");
        assert!(texts(&zoned)[1].ends_with('Z') && numbers(&zoned) == (read, infinite));
        let dates = Date32Array::from(vec![19_723]);
        assert_eq!((texts(&dates), numbers(&dates)), (vec!["2024-01-01".to_owned()], (vec![19_723.0], 0)));
    }

    #[test]
    fn dictionaries_are_what_is_in_them() {
        let words: DictionaryArray<Int8Type> = vec![Some("b"), None, Some("a"), Some("b")].into_iter().collect();
        assert_eq!(
            (texts(&words), Holds::of(words.data_type())),
            (vec!["b".into(), String::new(), "a".into(), "b".into()], Holds::Text)
        );
        let values = Arc::new(Int64Array::from(vec![30, 10]));
        let sizes = DictionaryArray::new(Int8Array::from(vec![Some(1), None, Some(0)]), values);
        let read: Vec<String> = numbers(&sizes).0.iter().map(ToString::to_string).collect();
        assert_eq!((Holds::of(sizes.data_type()), read.join(" ")), (Holds::Numbers, "10 NaN 30".to_owned()));
    }

    #[test]
    fn parts_are_one_column() {
        let mut parts = Parts::one(Arc::new(StringArray::from(vec!["a", "b"])));
        parts.push(Arc::new(StringArray::from(Vec::<&str>::new())));
        parts.push(Arc::new(StringArray::from(vec!["c"])));
        let cells: Vec<_> = (0..4).map(|row| parts.text(row).map(Cow::into_owned)).collect();
        assert_eq!(cells, [Some("a".to_owned()), Some("b".to_owned()), Some("c".to_owned()), None]);
    }
}
