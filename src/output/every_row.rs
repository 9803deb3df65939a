//! The labelled table with every row of the source: those of the run as the run has them, those it left out through its model.
//!
//! The source is read once more, a block after the other, so that a table takes no more memory the longer it is.

use std::collections::HashMap;
use std::path::Path;

use ndarray::Axis;

use super::columns::{Column, Columns};
use super::deliver::{Interrupted, Target};
use super::edited::Edited;
use super::growing::{BlockCells, Growing, Picked, written};
use super::labels::{LabelOptions, found, which, write_samples};
use crate::data::{Block, NewRows, Written};
use crate::model::{Labelled, Model, Side};
use crate::nets::Compute;
use crate::pipeline::Snapshot;
use crate::recipe::Recipe;
use crate::support::language::counted;
use crate::support::progress::Progress;
use crate::{Error, Result};

/// Writes the labelled table as [`super::write_labels`] does and, where the run left rows out (for their gaps, or by `--limit`), with these in their
/// places, labelled by the run's model. Then a column `by` says of each row where its label is from: `learned` or `exact`, the run itself, or
/// `model`. The returned sentences are what a person should know.
///
/// Where the source cannot be read once more, or has changed since the run, the run's own rows are written and a sentence says why: what was
/// computed is not lost.
///
/// # Errors
/// As [`super::write_labels`]; [`Error::Cancelled`].
pub fn write_every_row(
    path: &Path,
    snapshot: &Snapshot,
    options: LabelOptions<'_>,
    progress: &Progress<'_>,
) -> Result<Vec<String>> {
    write_to(&mut Target::File(path), snapshot, options, progress)
}

/// The first rows of a table as they will be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    /// Names of the columns.
    pub header: Vec<String>,
    /// Cells as CSV has them.
    pub rows: Vec<Vec<String>>,
    /// What a person should know.
    pub notes: Vec<String>,
}

/// The first `most` rows of the table that [`write_every_row`] would write with these options.
///
/// # Errors
/// As [`write_every_row`].
pub fn preview(
    snapshot: &Snapshot,
    options: LabelOptions<'_>,
    most: usize,
    progress: &Progress<'_>,
) -> Result<Preview> {
    let mut bytes = Vec::new();
    let options = LabelOptions { most: Some(most), ..options };
    let notes = write_to(&mut Target::Memory(&mut bytes), snapshot, options, progress)?;
    let mut records = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes.as_slice());
    let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    let mut rows = records.records().filter_map(|record| record.ok().map(cells));
    let header = rows.next().unwrap_or_default();
    Ok(Preview { header, rows: rows.collect(), notes })
}

fn write_to(
    target: &mut Target<'_>,
    snapshot: &Snapshot,
    options: LabelOptions<'_>,
    progress: &Progress<'_>,
) -> Result<Vec<String>> {
    let left_out = snapshot.data.of.saturating_sub(snapshot.data.len());
    // Of rows that were left out none is in a selection.
    if left_out == 0 || options.rows.is_some_and(|rows| !rows.takes_any_left_out()) {
        return write_samples(target, snapshot, options, progress);
    }
    let why = match snapshot.model.as_deref() {
        None => "there is no model to label them".to_owned(),
        Some(model) => match write_all(target, snapshot, options, (model, progress)) {
            Ok(notes) => {
                let all = counted(snapshot.data.of, "row");
                let first = format!("{left_out} of {all} were labelled through the model; the column `by` marks them");
                return Ok([vec![first], notes].concat());
            }
            Err(Interrupted::Rows(Error::Cancelled)) => return Err(Error::Cancelled),
            Err(Interrupted::Write(e)) => return Err(e),
            Err(Interrupted::Rows(e)) => e.to_string(),
        },
    };
    let mut notes = write_samples(target, snapshot, options, progress)?;
    let rows = counted(left_out, "row");
    notes.push(format!("{rows} of the source that the run left out are not in the table: {why}"));
    Ok(notes)
}

fn write_all(
    target: &mut Target<'_>,
    snapshot: &Snapshot,
    options: LabelOptions<'_>,
    (model, progress): (&Model, &Progress<'_>),
) -> std::result::Result<Vec<String>, Interrupted<Error>> {
    let recipe = Recipe { limit: 0, ..snapshot.job.recipe.clone() };
    let rows =
        NewRows::again(&snapshot.job.source, snapshot.data.of, &model.reading, &recipe).map_err(Interrupted::Rows)?;
    let mut source = Everything::new(snapshot, options, model, rows);
    let format = target.format();
    target.deliver(|writer| source.write(Growing::new(writer, format), progress))?;
    Ok(source.notes)
}

/// All rows of a source on their way to a table.
struct Everything<'a> {
    snapshot: &'a Snapshot,
    options: LabelOptions<'a>,
    model: &'a Model,
    rows: NewRows<'a>,
    compute: Compute,
    /// Samples by their place in the source.
    order: Vec<u32>,
    /// Whether rows are known by an `index` that comes first, as those of large pictures are.
    indexed: bool,
    written: Vec<Written>,
    picked: Picked,
    /// Rows that are still written.
    left: usize,
    notes: Vec<String>,
}

/// The rows of a block, samples and others.
struct SortedRows<'a> {
    /// For each row the sample that it is, if it is one.
    known: Vec<Option<usize>>,
    /// For each row its place among those that are none.
    fresh: Vec<Option<usize>>,
    /// What each side of the model makes of these.
    labelled: Vec<(Side, Labelled)>,
    /// What a person said of them, side by side.
    edited: Vec<EditedRows<'a>>,
}

/// What a person said of rows of a block that are no samples.
struct EditedRows<'a> {
    of: &'a Edited,
    /// For each row of the block its place in what follows, where anything was said.
    places: Vec<Option<usize>>,
    ids: Vec<u32>,
    by_whom: Vec<&'static str>,
}

impl<'a> EditedRows<'a> {
    fn of(of: &'a Edited, block: &Block, fresh: &[Option<usize>], labelled: &[(Side, Labelled)]) -> Self {
        let clusters = labelled.iter().find(|(side, _)| of.side == Some(*side)).map(|(_, labelled)| &labelled.clusters);
        let mut said = Self { of, places: Vec::with_capacity(fresh.len()), ids: Vec::new(), by_whom: Vec::new() };
        for (row, fresh) in block.rows.iter().zip(fresh) {
            let cluster = |at: usize| clusters.and_then(|clusters| clusters.get(at).copied());
            let label = fresh.and_then(|at| of.of_left_out(*row, cluster(at)));
            said.places.push(label.map(|(id, by_whom)| {
                said.ids.push(id);
                said.by_whom.push(by_whom);
                said.ids.len() - 1
            }));
        }
        said
    }

    /// Its column of this name, if it has one.
    fn column(&self, name: &str) -> Option<Column<'_>> {
        let names = Column::Name(&self.ids, &self.of.names);
        let column = match (name.strip_prefix(self.of.clusters()), name.strip_prefix(self.of.column.as_str())) {
            (Some("_name"), _) | (_, Some("_edited")) => names,
            (_, Some("_source")) => Column::Words(&self.by_whom),
            _ => return None,
        };
        Some(Column::At(&self.places, Box::new(column)))
    }
}

impl<'a> Everything<'a> {
    fn new(snapshot: &'a Snapshot, options: LabelOptions<'a>, model: &'a Model, rows: NewRows<'a>) -> Self {
        let places = &snapshot.data.rows;
        let mut order: Vec<u32> = (0..places.len() as u32).collect();
        order.sort_unstable_by_key(|&sample| places[sample as usize]);
        let indexed = snapshot.data.table.is_none() && !rows.shows_features();
        let written = written(rows.header(), &model.reading);
        let (picked, left, notes) = (Picked::default(), options.most.unwrap_or(usize::MAX), Vec::new());
        let compute = Compute::cpu();
        Self { snapshot, options, model, rows, compute, order, indexed, written, picked, left, notes }
    }

    fn write(&mut self, mut out: Growing<'_>, progress: &Progress<'_>) -> std::result::Result<(), Interrupted> {
        let of = self.snapshot.data.of;
        let (mut done, mut header) = (0_usize, Vec::new());
        while self.left > 0 {
            let Some(block) = self.rows.next_block()? else { break };
            progress.at(done as f32 / of.max(1) as f32, "labelling every row")?;
            if done == 0 {
                header = self.header();
            }
            done += block.rows.len();
            self.write_block(&block, &header, &mut out)?;
        }
        if done != of && self.left > 0 {
            return Err(self.changed(&format!("it had {of} rows and has {done}")).into());
        }
        out.finish()?;
        if self.options.most.is_none() {
            self.notes.extend(self.rows.notes());
        }
        Ok(())
    }

    /// What to say of a source that is another one now.
    fn changed(&self, how: &str) -> Error {
        Error::Data(format!("{} has changed since it was read: {how}", self.snapshot.job.source))
    }

    /// Whether the samples of a block still have the cells they had.
    fn check(&self, block: &Block, known: &[Option<usize>]) -> Result<()> {
        let Some(table) = &self.snapshot.data.table else { return Ok(()) };
        let same = |row: usize, sample: usize| block.table.texts(row).eq(table.texts(sample));
        match known.iter().enumerate().find(|(row, sample)| sample.is_some_and(|sample| !same(*row, sample))) {
            Some((row, _)) => Err(self.changed(&format!("row {} is another one", block.rows[row] + 1))),
            None => Ok(()),
        }
    }

    /// Names of the original columns.
    fn header(&self) -> Vec<String> {
        let index = self.indexed.then(|| "index".to_owned());
        index.into_iter().chain(self.rows.header().iter().cloned()).collect()
    }

    /// Writes a block of rows.
    fn write_block(
        &mut self,
        block: &Block,
        header: &[String],
        out: &mut Growing<'_>,
    ) -> std::result::Result<(), Interrupted> {
        let rows = self.sorted(block)?;
        let mut columns = self.columns(block, &rows);
        let renamed = columns.rename(header);
        let begins = (!out.has_begun()).then(|| {
            let names: Vec<String> = header.iter().chain(columns.names()).cloned().collect();
            Picked::new(&names, self.options.columns)
        });
        let shown = self.labels_shown(&rows.labelled);
        let wanted = |row: usize| match (rows.known[row], rows.fresh[row], self.options.rows) {
            (_, _, None) => true,
            (Some(sample), ..) => self.options.takes(sample),
            (None, Some(at), Some(chosen)) => chosen.takes_left_out(block.rows[row], shown.get(at).copied()),
            (None, None, _) => false,
        };
        let mut left = self.left;
        let which = which(&self.options, (0..rows.known.len()).map(wanted), &mut left);
        let index = self.indexed.then_some(block.rows.as_slice());
        let cells = BlockCells { block, index, written: &self.written };
        out.write((header, &cells), &columns, begins.as_ref().unwrap_or(&self.picked), which.as_deref())?;
        drop(columns);
        self.left = left;
        if let Some(picked) = begins {
            self.notes = [renamed, picked.notes.clone()].concat();
            self.picked = picked;
        }
        Ok(())
    }

    /// Tells the samples among the rows of a block from the others, and labels these.
    fn sorted(&self, block: &Block) -> Result<SortedRows<'a>> {
        let places = &self.snapshot.data.rows;
        let sample = |row: &usize| {
            let at = self.order.binary_search_by_key(row, |&sample| places[sample as usize]).ok();
            at.map(|at| self.order[at] as usize)
        };
        let known: Vec<Option<usize>> = block.rows.iter().map(sample).collect();
        self.check(block, &known)?;
        let mut new = 0;
        let fresh: Vec<Option<usize>> = known
            .iter()
            .map(|known| {
                new += usize::from(known.is_none());
                known.is_none().then(|| new - 1)
            })
            .collect();
        let labelled = self.label(block, &known)?;
        let edited = self.options.edited.iter().map(|edited| EditedRows::of(edited, block, &fresh, &labelled));
        let edited = edited.collect();
        Ok(SortedRows { known, fresh, labelled, edited })
    }

    /// The new columns of a block: those of the samples, in the others what the model and a person say, and whose word each is.
    fn columns<'c>(&'c self, block: &'c Block, rows: &'c SortedRows<'a>) -> Columns<'c> {
        let SortedRows { known, fresh, labelled, edited } = rows;
        let mut columns = Columns::default();
        if !self.indexed {
            columns.push("row", Column::Row(&block.rows));
        }
        let mut by_model: HashMap<String, Column<'_>> = self.by_model(labelled).into_iter().collect();
        let own = if self.snapshot.learned.is_some() { "learned" } else { "exact" };
        let at = |places: &'c [Option<usize>], column| Column::At(places, Box::new(column));
        let either = |first, second| Column::Either(Box::new(first), Box::new(second));
        let mut by = Some(either(at(known, Column::Word(own)), at(fresh, Column::Word("model"))));
        for (name, column) in found(self.snapshot, self.options, false).into_named() {
            if !matches!(name.as_str(), "cluster" | "cluster_name")
                && let Some(by) = by.take()
            {
                columns.push("by", by);
            }
            let column = at(known, column);
            let by_model = by_model.remove(&name).map(|new| at(fresh, new));
            // What a person said of a row goes before what the model makes of it.
            let new = match (edited.iter().find_map(|edited| edited.column(&name)), by_model) {
                (Some(said), Some(made)) => Some(either(said, made)),
                (said, made) => said.or(made),
            };
            columns.push(
                &name,
                match new {
                    Some(new) => either(column, new),
                    None => column,
                },
            );
        }
        if let Some(by) = by {
            columns.push("by", by);
        }
        columns
    }

    /// The clusters that the column `cluster` has for rows that are no samples.
    fn labels_shown<'l>(&self, labelled: &'l [(Side, Labelled)]) -> &'l [u32] {
        let shown = if self.snapshot.learned.is_some() { Side::Learned } else { Side::Exact };
        labelled.iter().find(|(side, _)| *side == shown).map_or(&[], |(_, labelled)| &labelled.clusters)
    }

    /// What each side of the model makes of the rows that are no samples.
    fn label(&self, block: &Block, known: &[Option<usize>]) -> Result<Vec<(Side, Labelled)>> {
        let new: Vec<usize> = (0..known.len()).filter(|&row| known[row].is_none()).collect();
        if new.is_empty() {
            return Ok(Vec::new());
        }
        let features = block.features.select(Axis(0), &new);
        let by = |side| Ok((side, self.model.apply_by(side, features.view(), &self.compute)?));
        self.model.sides().map(|(side, _)| by(side)).collect()
    }

    /// The same as columns, under the names that the run's own have.
    fn by_model<'c>(&'c self, labelled: &'c [(Side, Labelled)]) -> Vec<(String, Column<'c>)> {
        let mut columns = Columns::default();
        let shown = if self.snapshot.learned.is_some() { Side::Learned } else { Side::Exact };
        for (side, labelled) in labelled {
            if *side == shown {
                columns.clusters("cluster", &labelled.clusters, (self.options.cluster_names, None));
                columns.push("confidence", Column::Number(&labelled.confidence));
                if let Some(unlike) = &labelled.unlike {
                    columns.push("unlike", Column::Flag(unlike));
                }
            }
            if *side == Side::Exact {
                columns.clusters("cluster_exact", &labelled.clusters, (self.options.exact_names, None));
            }
            columns.coordinates(side.name(), labelled.coordinates.view(), None);
            if let Some(diffusion) = &labelled.diffusion {
                columns.coordinates(&format!("{}_diffusion", side.name()), diffusion.view(), None);
            }
        }
        if self.options.selected.is_some() {
            columns.push("selected", Column::Flag(&[]));
        }
        columns.into_named()
    }
}
