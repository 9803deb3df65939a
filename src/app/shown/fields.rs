//! What can be said of each row: the columns of the data as they came, and what was found about its sample. The table of rows shows it,
//! queries ask for it.

use std::borrow::Cow;
use std::sync::{Arc, OnceLock};

use crate::app::shown::coloring::{ColorBy, categories};
use crate::app::shown::labels::Labels;
use crate::app::shown::spaces::clustered_rows;
use crate::data::{Cells, Holds};
use crate::pipeline::Snapshot;
use crate::project::query::Fields;
use crate::project::{Labelled, Mark, Marks, review};
use crate::support::number::significant;

/// What was found about a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Found {
    /// Its number in the data, from 1.
    Row,
    /// The solver's cluster.
    Cluster,
    /// What its label is called, with a person's edits.
    Name,
    /// Whether a person said something of it.
    Edited,
    /// Its class in the data.
    Label,
    /// How clear the choice of its cluster is.
    Confidence,
    /// Whether it is unlike the training data.
    Unlike,
    /// Its degree in the graph.
    Degree,
    /// The part of the graph it is in.
    Part,
    /// Whether learned and exact clusters differ.
    Disagrees,
    /// Whether it is selected.
    Selected,
}

impl Found {
    /// All of them, in the order in which they are listed.
    pub const ALL: [Self; 11] = [
        Self::Row,
        Self::Cluster,
        Self::Name,
        Self::Edited,
        Self::Label,
        Self::Confidence,
        Self::Unlike,
        Self::Degree,
        Self::Part,
        Self::Disagrees,
        Self::Selected,
    ];

    /// What it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Row => "row",
            Self::Cluster => "cluster",
            Self::Name => "name",
            Self::Edited => "edited",
            Self::Label => "label",
            Self::Confidence => "confidence",
            Self::Unlike => "unlike",
            Self::Degree => "degree",
            Self::Part => "part",
            Self::Disagrees => "disagrees",
            Self::Selected => "selected",
        }
    }

    /// The same with a point before it, for data that has a column of its name.
    fn dotted(self) -> &'static str {
        match self {
            Self::Row => ".row",
            Self::Cluster => ".cluster",
            Self::Name => ".name",
            Self::Edited => ".edited",
            Self::Label => ".label",
            Self::Confidence => ".confidence",
            Self::Unlike => ".unlike",
            Self::Degree => ".degree",
            Self::Part => ".part",
            Self::Disagrees => ".disagrees",
            Self::Selected => ".selected",
        }
    }

    /// What it says, in one sentence.
    #[must_use]
    pub fn tip(self) -> &'static str {
        match self {
            Self::Row => "Its place in the data, from 1",
            Self::Cluster => "The cluster that the solver put it in",
            Self::Name => "What its label is called, with your edits",
            Self::Edited => "What you said of it: assigned, accepted, outlier, or merged with its cluster",
            Self::Label => "Its class in the data",
            Self::Confidence => "(d₂ − d₁) / (d₂ + d₁) of the distances to the nearest and the next centre: 1 on a centre, 0 between two",
            Self::Unlike => "Whether it lies farther from the training data than 99 % of that data from each other",
            Self::Degree => "The sum of the weights of its edges in the graph",
            Self::Part => "The connected part of the graph it is in, from 0",
            Self::Disagrees => "Whether the learned and the exact cluster differ",
            Self::Selected => "Whether it is selected",
        }
    }

    fn holds(self, fields: &RowFields) -> Holds {
        match self {
            Self::Row | Self::Cluster | Self::Confidence | Self::Degree | Self::Part => Holds::Numbers,
            Self::Edited | Self::Unlike | Self::Disagrees | Self::Selected => Holds::Flags,
            Self::Name => Holds::Words,
            Self::Label => {
                let names = fields.snapshot.data.labels.as_ref().map(|l| &l.names);
                let whole = names.is_some_and(|names| names.iter().all(|name| name.parse::<i64>().is_ok()));
                if whole { Holds::Numbers } else { Holds::Words }
            }
        }
    }

    /// Why nothing is known of it.
    fn waits(self, fields: &RowFields) -> Option<String> {
        let snapshot = &fields.snapshot;
        let (there, when) = match self {
            Self::Row | Self::Selected => return None,
            Self::Label => (snapshot.data.labels.is_some(), "where the data has classes"),
            Self::Cluster | Self::Name | Self::Edited | Self::Confidence => (fields.by.is_some(), "once a solver is through"),
            Self::Unlike => (snapshot.model.as_ref().is_some_and(|m| m.familiar.is_some()), "once a training has ended"),
            Self::Degree | Self::Part => (snapshot.operator.is_some(), "once the graph is built"),
            Self::Disagrees => (
                snapshot.learned.is_some() && snapshot.exact.is_some(),
                "once there is a learned side and an exact one",
            ),
        };
        (!there).then(|| format!("`{}` is known {when}", self.name()))
    }
}

/// Where a field comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// It was found.
    Found(Found),
    /// A column of the data.
    Column(usize),
}

impl Field {
    /// Its number.
    #[must_use]
    pub fn number(self) -> usize {
        match self {
            Self::Found(found) => found as usize,
            Self::Column(column) => Found::ALL.len() + column,
        }
    }

    /// The field of a number.
    #[must_use]
    pub fn of(number: usize) -> Self {
        Found::ALL.get(number).map_or_else(|| Self::Column(number - Found::ALL.len()), |&found| Self::Found(found))
    }
}

/// What takes a while to find and is found when it is asked for.
#[derive(Debug, Default)]
struct Measured {
    confidence: OnceLock<Option<Vec<f64>>>,
    unlike: OnceLock<Option<Vec<bool>>>,
}

/// All that can be said of the rows of a snapshot. A clone is cheap.
#[derive(Clone, Debug)]
pub struct RowFields {
    snapshot: Arc<Snapshot>,
    cells: Arc<Cells>,
    by: Option<ColorBy>,
    labelled: Option<Arc<Labelled>>,
    marks: Marks,
    selected: Arc<Vec<bool>>,
    measured: Arc<Measured>,
    key: Key,
}

impl RowFields {
    /// Whether two say the same of the data; of snapshot and labels where `run` says so, and of the selection where `chosen` does.
    #[must_use]
    pub fn says_the_same(&self, other: &Self, (run, chosen): (bool, bool)) -> bool {
        let (a, b) = (&self.key, &other.key);
        let data = Arc::ptr_eq(&self.snapshot.data.features, &other.snapshot.data.features);
        let shown = Arc::ptr_eq(&self.snapshot, &other.snapshot) && (a.1, a.2) == (b.1, b.2);
        data && (!run || shown) && (!chosen || a.3 == b.3)
    }

    /// The samples they are of.
    #[must_use]
    pub fn snapshot(&self) -> &Arc<Snapshot> {
        &self.snapshot
    }

    /// The columns of the data.
    #[must_use]
    pub fn cells(&self) -> &Arc<Cells> {
        &self.cells
    }

    /// Whose clusters they tell of.
    #[must_use]
    pub fn by(&self) -> Option<ColorBy> {
        self.by
    }

    /// One flag a sample: whether it is selected.
    #[must_use]
    pub fn selected(&self) -> &Arc<Vec<bool>> {
        &self.selected
    }

    /// For each sample the place of its label.
    #[must_use]
    pub fn ids(&self) -> Option<&[u32]> {
        let (ids, _) = categories(self.by?, &self.snapshot)?;
        Some(self.labelled.as_ref().filter(|l| l.ids.len() == ids.len()).map_or(ids, |l| l.ids.as_slice()))
    }

    /// What the label in a place is called.
    #[must_use]
    pub fn label(&self, id: u32) -> Cow<'_, str> {
        let entry = self.labelled.as_ref().and_then(|l| l.entries.get(id as usize));
        entry.map_or_else(|| id.to_string().into(), |entry| entry.name.as_str().into())
    }

    /// The name of a field as it is written in a query.
    #[must_use]
    pub fn name(&self, field: Field) -> &str {
        match field {
            Field::Column(column) => self.cells.columns().get(column).map_or("", |c| c.name.as_str()),
            Field::Found(found) => {
                let taken = self.cells.columns().iter().any(|c| c.name.eq_ignore_ascii_case(found.name()));
                if taken { found.dotted() } else { found.name() }
            }
        }
    }

    /// Whether something is known of a field.
    #[must_use]
    pub fn is_known(&self, field: Field) -> bool {
        Fields::waits(self, field.number()).is_none()
    }

    /// What of a field is there without waiting; nothing where another thread has to find it first ([`Self::find_out`]).
    #[must_use]
    pub fn at_hand(&self, field: Field) -> bool {
        match field {
            Field::Found(Found::Confidence) => self.measured.confidence.get().is_some(),
            Field::Found(Found::Unlike) => self.measured.unlike.get().is_some(),
            _ => true,
        }
    }

    /// Finds what takes a while. Not for the window's thread.
    pub fn find_out(&self, field: Field) {
        match field {
            Field::Found(Found::Confidence) => drop(self.confidence()),
            Field::Found(Found::Unlike) => drop(self.unlike()),
            _ => {}
        }
    }

    /// How clear the choice of each cluster is.
    #[must_use]
    pub fn confidence(&self) -> Option<&[f64]> {
        let margins = || {
            let by = self.by?;
            let (ids, _) = categories(by, &self.snapshot)?;
            review::margins(clustered_rows(by, &self.snapshot).view(), ids)
        };
        self.measured.confidence.get_or_init(margins).as_deref()
    }

    fn unlike(&self) -> Option<&[bool]> {
        let unlike = || {
            let familiar = self.snapshot.model.as_ref()?.familiar.as_ref()?;
            let rows = self.snapshot.codes.as_ref().unwrap_or(&self.snapshot.scaled);
            Some(familiar.unlike(rows.view()))
        };
        self.measured.unlike.get_or_init(unlike).as_deref()
    }

    /// The number of a row in the data, from 0.
    #[must_use]
    pub fn place(&self, row: usize) -> usize {
        self.snapshot.data.rows.get(row).copied().unwrap_or(row)
    }

    /// What a person said of a row, in a word.
    #[must_use]
    pub fn said(&self, row: usize) -> Option<&'static str> {
        match u32::try_from(self.place(row)).ok().and_then(|row| self.marks.get(row)) {
            Some(Mark::Accepted(_)) => Some("accepted"),
            Some(Mark::Assigned(_)) => Some("assigned"),
            Some(Mark::Outlier) => Some("outlier"),
            None => {
                let solver = categories(self.by?, &self.snapshot)?.0.get(row);
                (self.ids()?.get(row) != solver).then_some("merged")
            }
        }
    }

    fn class(&self, row: usize) -> Option<&str> {
        let labels = self.snapshot.data.labels.as_ref()?;
        labels.names.get(labels.class(row)? as usize).map(String::as_str)
    }

    fn found(&self, found: Found, row: usize) -> Option<f64> {
        let flag = |on: bool| f64::from(u8::from(on));
        let snapshot = &self.snapshot;
        match found {
            Found::Row => Some(self.place(row) as f64 + 1.0),
            Found::Cluster => categories(self.by?, snapshot)?.0.get(row).map(|&c| f64::from(c)),
            Found::Edited => self.by.map(|_| flag(self.said(row).is_some())),
            Found::Label => self.class(row)?.parse().ok(),
            Found::Confidence => self.confidence()?.get(row).copied(),
            Found::Unlike => self.unlike()?.get(row).map(|&on| flag(on)),
            Found::Degree => snapshot.operator.as_ref()?.degrees.get(row).copied(),
            Found::Part => snapshot.operator.as_ref()?.components.of.get(row).map(|&part| f64::from(part)),
            Found::Disagrees => {
                let of = |s: &Option<Arc<crate::pipeline::Solution>>| s.as_ref()?.clusters.assignment.get(row).copied();
                Some(flag(of(&snapshot.learned)? != of(&snapshot.exact)?))
            }
            Found::Selected => self.selected.get(row).map(|&on| flag(on)),
            Found::Name => None,
        }
    }

    /// A cell as the table shows it; empty where it holds nothing.
    #[must_use]
    pub fn shown(&self, field: Field, row: usize) -> Cow<'_, str> {
        let Field::Found(found) = field else {
            return if let Field::Column(column) = field { self.cells.text(row, column) } else { "".into() };
        };
        match found {
            Found::Edited => self.said(row).unwrap_or_default().into(),
            Found::Unlike | Found::Disagrees | Found::Selected => {
                self.found(found, row).map_or("", |on| if on > 0.0 { "yes" } else { "" }).into()
            }
            Found::Confidence | Found::Degree => self.found(found, row).map(significant).unwrap_or_default().into(),
            Found::Label => self.class(row).unwrap_or_default().into(),
            _ => self.word(field.number(), row).unwrap_or_default(),
        }
    }
}

impl Fields for RowFields {
    fn rows(&self) -> usize {
        self.snapshot.data.len()
    }

    fn names(&self) -> Vec<&str> {
        let columns = self.cells.columns().iter().map(|c| c.name.as_str());
        columns.chain(Found::ALL.into_iter().map(|found| self.name(Field::Found(found)))).collect()
    }

    fn find(&self, name: &str) -> Option<usize> {
        let columns = self.cells.columns();
        let exact = columns.iter().position(|c| c.name == name);
        let loose = || columns.iter().position(|c| c.name.eq_ignore_ascii_case(name));
        let column = exact.or_else(loose).map(|column| Field::Column(column).number());
        let is = |found: &Found| found.name().eq_ignore_ascii_case(name) || found.dotted().eq_ignore_ascii_case(name);
        column.or_else(|| Found::ALL.into_iter().find(is).map(|found| Field::Found(found).number()))
    }

    fn holds(&self, field: usize) -> Holds {
        match Field::of(field) {
            Field::Found(found) => found.holds(self),
            Field::Column(column) => self.cells.columns().get(column).map_or(Holds::Words, |c| c.holds),
        }
    }

    fn waits(&self, field: usize) -> Option<String> {
        match Field::of(field) {
            Field::Found(found) => found.waits(self),
            Field::Column(_) => None,
        }
    }

    fn number(&self, field: usize, row: usize) -> Option<f64> {
        match Field::of(field) {
            Field::Found(found) => self.found(found, row),
            Field::Column(column) => self.cells.number(row, column),
        }
    }

    fn word(&self, field: usize, row: usize) -> Option<Cow<'_, str>> {
        match Field::of(field) {
            Field::Column(column) => self.cells.word(row, column),
            Field::Found(Found::Name) => self.ids()?.get(row).map(|&id| self.label(id)),
            Field::Found(Found::Label) => self.class(row).map(Cow::from),
            Field::Found(found) => self.found(found, row).map(|value| value.to_string().into()),
        }
    }

    fn rounded(&self, field: usize, value: f64) -> f64 {
        match Field::of(field) {
            Field::Column(column) => self.cells.rounded(value, column),
            Field::Found(_) => value,
        }
    }
}

/// The fields of what is shown, made anew when it changes.
#[derive(Debug, Default)]
pub struct FieldsCache {
    fields: Option<(Key, Arc<RowFields>)>,
}

/// Snapshot, labels, side, selection.
type Key = (usize, u64, Option<ColorBy>, u64);

impl FieldsCache {
    /// The fields of a snapshot with a person's labels on the clusters of `by`.
    pub fn get(
        &mut self,
        snapshot: &Arc<Snapshot>,
        (labels, by): (&Labels, Option<ColorBy>),
        selected: (&Arc<Vec<bool>>, u64),
    ) -> Arc<RowFields> {
        let key = (Arc::as_ptr(snapshot) as usize, labels.serial(), by, selected.1);
        if let Some((at, fields)) = &self.fields
            && *at == key
            && Arc::ptr_eq(&fields.snapshot, snapshot)
        {
            return Arc::clone(fields);
        }
        let before = self.fields.take().map(|(_, fields)| fields);
        let same_data = |f: &&Arc<RowFields>| Arc::ptr_eq(&f.snapshot.data.features, &snapshot.data.features);
        let cells = before.as_ref().filter(same_data).map(|f| Arc::clone(&f.cells));
        let measured =
            before.as_ref().filter(|f| Arc::ptr_eq(&f.snapshot, snapshot) && f.by == by).map(|f| Arc::clone(&f.measured));
        let side = by.and_then(crate::app::shown::labels::side);
        let fields = Arc::new(RowFields {
            snapshot: Arc::clone(snapshot),
            cells: cells.unwrap_or_else(|| Arc::new(Cells::of(&snapshot.data))),
            by,
            labelled: by.and_then(|by| labels.labelled(by)).cloned(),
            marks: side.map(|side| labels.document().layer(side).marks().clone()).unwrap_or_default(),
            selected: Arc::clone(selected.0),
            measured: measured.unwrap_or_default(),
            key,
        });
        self.fields = Some((key, Arc::clone(&fields)));
        fields
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::app::shown::fixture::snapshot;
    use crate::app::shown::labels::Wanted;
    use crate::project::query::{bind, parse};

    fn rows(fields: &RowFields, text: &str) -> Vec<u32> {
        bind(&parse(text).expect("a query"), fields).expect("it means something").rows()
    }

    #[test]
    fn what_was_found_is_asked_for_like_any_column() {
        let vectors = array![[1.0, -1.0], [1.0, -0.9], [1.0, 0.1], [1.0, 1.0]];
        let shown = Arc::new(snapshot(Some(&vectors), Some(&vectors)));
        let mut labels = Labels::default();
        let deed = labels.with(ColorBy::Learned, Wanted::Outliers, &[3], &shown).expect("an edit");
        labels.apply(deed, &shown).expect("made");
        let flags = Arc::new(vec![true, false, false, true]);
        let mut cache = FieldsCache::default();
        let fields = cache.get(&shown, (&labels, Some(ColorBy::Learned)), (&flags, 1));
        for (text, expected) in [
            ("cluster = 1", vec![0, 1]),
            ("name = outliers", vec![3]),
            ("edited", vec![3]),
            ("label = left", vec![0, 1]),
            ("selected and not edited", vec![0]),
            ("disagrees", vec![]),
            ("row > 2 and x < 3", vec![2]),
            ("confidence < 0.9", vec![2, 3]),
            ("y = 0.1", vec![0]),
        ] {
            assert_eq!(rows(&fields, text), expected, "{text}");
        }
        let fault = bind(&parse("degree > 1").expect("a query"), &*fields).expect_err("no graph");
        assert_eq!(fault.what, "`degree` is known once the graph is built");
        assert_eq!((fields.shown(Field::Found(Found::Edited), 3), fields.said(0)), ("outlier".into(), None));
        assert!(Arc::ptr_eq(&fields, &cache.get(&shown, (&labels, Some(ColorBy::Learned)), (&flags, 1))));
    }

    #[test]
    fn fields_and_their_numbers_are_one() {
        let all = Found::ALL.into_iter().map(Field::Found).chain((0..3).map(Field::Column));
        assert!(all.enumerate().all(|(at, field)| field.number() == at && Field::of(at) == field));
    }
}
