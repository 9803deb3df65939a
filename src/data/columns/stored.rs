//! A reading as it stands in a model file.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::reading::{ColumnReading, Kind, Reading};
use super::scale::Scale;
use crate::data::cell::Notation;
use crate::data::cell::dates::DateOrder;
use crate::data::components::projection::Projection;

/// A reading in a file. All words stand in one list, so that their number has one end.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::data) struct Stored {
    #[serde(with = "crate::support::words_serde")]
    columns: Vec<String>,
    places: Vec<u32>,
    kinds: Vec<StoredKind>,
    /// The words of all columns of words and scales, one column after the other.
    #[serde(with = "crate::support::words_serde")]
    words: Vec<String>,
    /// What fills gaps, a number a feature, or nothing at all of a column.
    fills: Vec<Option<f64>>,
    label: Option<String>,
    #[serde(with = "crate::support::words_serde")]
    ids: Vec<String>,
    named: bool,
    width: u32,
    /// Columns whose numbers had commas and no point; earlier models did not say so.
    #[serde(default)]
    no_points: Vec<u32>,
    /// Columns in which a number stands where nothing is known; most models have none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    nothings: Vec<(u32, f32)>,
    /// Of components; models before the third format had none.
    #[serde(default)]
    projection: Option<Projection>,
}

/// A kind without its words; how many there are.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StoredKind {
    Numbers(Notation),
    Flags,
    Dates(DateOrder),
    /// So many words: the name of the scale and its levels.
    Scale(u32),
    Words(u32),
    Several(u32, char),
    /// So many numbers.
    List(u32),
}

impl From<Reading> for Stored {
    fn from(reading: Reading) -> Self {
        let mut stored = Self {
            columns: Vec::new(),
            places: Vec::new(),
            kinds: Vec::new(),
            words: Vec::new(),
            fills: Vec::new(),
            label: reading.label,
            ids: reading.ids,
            named: reading.named,
            width: reading.width as u32,
            no_points: Vec::new(),
            nothings: Vec::new(),
            projection: reading.projection.map(Arc::unwrap_or_clone),
        };
        for column in reading.columns {
            let width = column.width();
            if column.fill.len() == width {
                stored.fills.extend(column.fill.into_iter().map(Some));
            } else {
                stored.fills.extend(std::iter::repeat_n(None, width));
            }
            if column.no_points {
                stored.no_points.push(stored.columns.len() as u32);
            }
            stored.nothings.extend(column.nothing.map(|nothing| (stored.columns.len() as u32, nothing)));
            stored.columns.push(column.name);
            stored.places.push(column.place as u32);
            stored.kinds.push(match &column.kind {
                Kind::Numbers(notation) => StoredKind::Numbers(*notation),
                Kind::Flags => StoredKind::Flags,
                Kind::Dates(order) => StoredKind::Dates(*order),
                Kind::Scale(scale) => StoredKind::Scale(scale.words().len() as u32),
                Kind::Words(words) => StoredKind::Words(words.len() as u32),
                Kind::Several(mark, words) => StoredKind::Several(words.len() as u32, *mark),
                Kind::List(numbers) => StoredKind::List(*numbers as u32),
            });
            match column.kind {
                Kind::Scale(scale) => stored.words.extend(scale.words().into_iter().map(str::to_owned)),
                Kind::Words(words) | Kind::Several(_, words) => stored.words.extend(words),
                Kind::Numbers(_) | Kind::Flags | Kind::Dates(_) | Kind::List(_) => {}
            }
        }
        stored
    }
}

impl TryFrom<Stored> for Reading {
    type Error = String;

    fn try_from(stored: Stored) -> Result<Self, String> {
        let short_of = |what: &str| format!("the reading of its columns ends before {what}");
        if stored.places.len() != stored.columns.len() || stored.kinds.len() != stored.columns.len() {
            return Err(short_of("its kinds and places"));
        }
        let (mut words, mut fills) = (stored.words.into_iter(), stored.fills.into_iter());
        let mut no_points = stored.no_points.into_iter().peekable();
        let mut nothings = stored.nothings.into_iter().peekable();
        let mut columns = Vec::new();
        for ((name, place), kind) in stored.columns.into_iter().zip(stored.places).zip(stored.kinds) {
            let kind = match kind {
                StoredKind::Numbers(notation) => Kind::Numbers(notation),
                StoredKind::Flags => Kind::Flags,
                StoredKind::Dates(order) => Kind::Dates(order),
                StoredKind::List(numbers) => Kind::List(numbers as usize),
                StoredKind::Words(count) | StoredKind::Scale(count) | StoredKind::Several(count, _)
                    if count as usize > words.len() =>
                {
                    return Err(short_of("its words"));
                }
                StoredKind::Words(count) => Kind::Words(words.by_ref().take(count as usize).collect()),
                StoredKind::Several(count, mark) => Kind::Several(mark, words.by_ref().take(count as usize).collect()),
                StoredKind::Scale(count) => {
                    let levels: Vec<String> = words.by_ref().take(count as usize).collect();
                    let unknown = || format!("it reads column `{name}` on a scale that this version does not know");
                    Kind::Scale(Scale::of_words(&levels).ok_or_else(unknown)?)
                }
            };
            let lacks_points = no_points.next_if_eq(&(columns.len() as u32)).is_some();
            let nothing = nothings.next_if(|&(at, value)| at == columns.len() as u32 && value.is_finite());
            let mut column = ColumnReading::new(&name, place as usize, kind);
            (column.nothing, column.no_points) = (nothing.map(|(_, value)| value), lacks_points);
            if fills.len() < column.width() {
                return Err(short_of("what fills its gaps"));
            }
            let fill: Vec<Option<f64>> = fills.by_ref().take(column.width()).collect();
            column.fill = fill.into_iter().collect::<Option<_>>().unwrap_or_default();
            columns.push(column);
        }
        let more = no_points.next().is_some() || nothings.next().is_some();
        if words.next().is_some() || fills.next().is_some() || more {
            return Err("the reading of its columns goes on after the last one".to_owned());
        }
        let Stored { label, ids, named, width, projection, .. } = stored;
        let projection = projection.map(Arc::new);
        Ok(Self { columns, label, ids, named, width: width as usize, projection })
    }
}
