//! The columns that a labelled table has beside the data's own, and the table itself.
//!
//! What a person looks up counts from 0: rows of the source, and clusters. Eigenvectors count from 1, as in the literature.

use std::collections::HashSet;
use std::io::Write;
use std::ops::Range;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, StringArray};
use ndarray::{ArrayView1, ArrayView2};

use super::edited::Edited;
use crate::support::number::shortest;
use crate::support::plain;

/// One column, a cell a row.
#[derive(Debug)]
pub(super) enum Column<'a> {
    /// The place of each row in its source.
    Row(&'a [usize]),
    Cluster(&'a [u32]),
    Name(&'a [u32], &'a [String]),
    /// A word of the program's own in each row.
    Words(&'a [&'static str]),
    /// An eigenvector, and what it is weighted by.
    Coordinate(ArrayView1<'a, f64>, f64),
    /// A number for itself.
    Number(&'a [f64]),
    /// 1 for yes and 0 for no, such as whether a sample is selected.
    Flag(&'a [bool]),
    /// One word in every row.
    Word(&'static str),
    /// Another column's cell: in each row the one at this place, and none where there is no place.
    At(&'a [Option<usize>], Box<Self>),
    /// The first one's cell, or the second one's where that is empty.
    Either(Box<Self>, Box<Self>),
}

/// What stands in a cell.
enum Value<'a> {
    Whole(i64),
    Real(f64),
    Text(&'a str),
}

/// What all cells of a column are.
enum Type {
    Whole,
    Real,
    Text,
}

impl Column<'_> {
    fn of_type(&self) -> Type {
        match self {
            Self::Row(_) | Self::Cluster(_) | Self::Flag(_) => Type::Whole,
            Self::Coordinate(..) | Self::Number(_) => Type::Real,
            Self::Name(..) | Self::Words(_) | Self::Word(_) => Type::Text,
            Self::At(_, column) | Self::Either(column, _) => column.of_type(),
        }
    }

    /// What stands in row `i`; nothing beyond the column's end and for a cluster without a name.
    fn value(&self, i: usize) -> Option<Value<'_>> {
        match self {
            Self::Row(places) => places.get(i).map(|&place| Value::Whole(place as i64)),
            Self::Cluster(of) => of.get(i).map(|&cluster| Value::Whole(i64::from(cluster))),
            Self::Name(of, names) => of.get(i).and_then(|&c| names.get(c as usize)).map(|name| Value::Text(name)),
            Self::Coordinate(vector, weight) => vector.get(i).map(|v| Value::Real(v * weight)),
            Self::Number(of) => of.get(i).map(|&v| Value::Real(v)),
            Self::Flag(which) => Some(Value::Whole(i64::from(which.get(i) == Some(&true)))),
            Self::Words(of) => of.get(i).map(|word| Value::Text(word)),
            Self::Word(word) => Some(Value::Text(word)),
            Self::At(places, column) => places.get(i).copied().flatten().and_then(|at| column.value(at)),
            Self::Either(first, second) => first.value(i).or_else(|| second.value(i)),
        }
    }

    /// The same as text.
    fn cell(&self, i: usize) -> String {
        match self.value(i) {
            Some(Value::Whole(value)) => value.to_string(),
            Some(Value::Real(value)) => shortest(value, value),
            // Names may be a stranger's: a spreadsheet is kept from taking them for formulas.
            Some(Value::Text(text)) => plain::cell(text).into_owned(),
            None => String::new(),
        }
    }

    /// The cells of some rows as a typed column; null where a row has none.
    fn array(&self, rows: Range<usize>) -> ArrayRef {
        if let Some(array) = self.whole_array(rows.clone()) {
            return array;
        }
        let values = rows.map(|i| self.value(i));
        match self.of_type() {
            Type::Whole => Arc::new(values.map(|value| as_whole(value?)).collect::<Int64Array>()),
            Type::Real => Arc::new(values.map(|value| as_real(value?)).collect::<Float64Array>()),
            Type::Text => Arc::new(values.map(|value| as_text(value?)).collect::<StringArray>()),
        }
    }
}

impl Column<'_> {
    /// The same of plain numbers that there are in each of the rows, without a look at each cell.
    fn whole_array(&self, rows: Range<usize>) -> Option<ArrayRef> {
        Some(match self {
            Self::Row(places) => Arc::new(wholes(places.get(rows)?, |&place| place as i64)),
            Self::Cluster(of) => Arc::new(wholes(of.get(rows)?, |&cluster| i64::from(cluster))),
            Self::Flag(which) => Arc::new(wholes(which.get(rows)?, |&yes| i64::from(yes))),
            Self::Number(of) => Arc::new(Float64Array::from(of.get(rows)?.to_vec())),
            Self::Coordinate(vector, weight) if rows.end <= vector.len() => {
                let values = vector.slice(ndarray::s![rows]);
                Arc::new(Float64Array::from(values.iter().map(|v| v * weight).collect::<Vec<f64>>()))
            }
            _ => return None,
        })
    }
}

fn wholes<T>(of: &[T], whole: impl Fn(&T) -> i64) -> Int64Array {
    Int64Array::from(of.iter().map(whole).collect::<Vec<i64>>())
}

fn as_whole(value: Value<'_>) -> Option<i64> {
    if let Value::Whole(value) = value { Some(value) } else { None }
}

fn as_real(value: Value<'_>) -> Option<f64> {
    if let Value::Real(value) = value { Some(value) } else { None }
}

fn as_text(value: Value<'_>) -> Option<&str> {
    if let Value::Text(text) = value { Some(text) } else { None }
}

/// Columns with their names, in the order they are written.
#[derive(Debug, Default)]
pub(super) struct Columns<'a>(Vec<(String, Column<'a>)>);

impl<'a> Columns<'a> {
    pub(super) fn push(&mut self, name: &str, column: Column<'a>) {
        self.0.push((name.to_owned(), column));
    }

    /// Each column by its name, in order.
    pub(super) fn into_named(self) -> Vec<(String, Column<'a>)> {
        self.0
    }

    /// The number of each row's cluster, and `…_name` where clusters have names, or a person edited them: then as these left it.
    pub(super) fn clusters(
        &mut self,
        name: &str,
        of: &'a [u32],
        (names, edited): (Option<&'a [String]>, Option<&'a Edited>),
    ) {
        self.push(name, Column::Cluster(of));
        let left = edited.map(|edited| Column::Name(&edited.ids, &edited.names));
        if let Some(names) = left.or_else(|| names.map(|names| Column::Name(of, names))) {
            self.push(&format!("{name}_name"), names);
        }
    }

    /// Eigenvectors as `kind_1` …, each times its weight; all of weight 1 where there are none.
    pub(super) fn coordinates(&mut self, kind: &str, vectors: ArrayView2<'a, f64>, weights: Option<&[f64]>) {
        for j in 0..vectors.ncols() {
            let Some(weight) = weights.map_or(Some(1.0), |weights| weights.get(j).copied()) else { break };
            let vector = vectors.slice_move(ndarray::s![.., j]);
            self.push(&format!("{kind}_{}", j + 1), Column::Coordinate(vector, weight));
        }
    }

    /// Give each column whose name is taken already a number; a sentence for each.
    pub(super) fn rename(&mut self, taken: &[String]) -> Vec<String> {
        let mut taken: HashSet<String> = taken.iter().cloned().collect();
        let mut notes = Vec::new();
        for (name, _) in &mut self.0 {
            let free = free_name(name, &taken);
            if free != *name {
                notes.push(format!("the data has a column `{name}` of its own, so the new one is called `{free}`"));
            }
            taken.insert(free.clone());
            *name = free;
        }
        notes
    }

    /// Some rows as typed columns.
    pub(super) fn arrays(&self, rows: Range<usize>) -> Vec<ArrayRef> {
        self.0.iter().map(|(_, column)| column.array(rows.clone())).collect()
    }

    /// Names of the columns.
    pub(super) fn names(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(name, _)| name)
    }

    /// The cells of a row as text.
    pub(super) fn texts(&self, row: usize) -> impl Iterator<Item = String> {
        self.0.iter().map(move |(_, column)| column.cell(row))
    }
}

/// A table on its way to a writer, its cells parted by `delimiter`.
pub(super) fn table(writer: &mut dyn Write, delimiter: u8) -> csv::Writer<&mut dyn Write> {
    csv::WriterBuilder::new().flexible(true).delimiter(delimiter).from_writer(writer)
}

/// The name itself, or with the first number from 2 on that makes it new.
pub(super) fn free_name(name: &str, taken: &HashSet<String>) -> String {
    let mut free = name.to_owned();
    let mut count = 2_usize;
    while taken.contains(&free) {
        free = format!("{name}_{count}");
        count += 1;
    }
    free
}
