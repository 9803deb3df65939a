//! New rows on their way through a model to a table, and what is counted on the way.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use ndarray::Array2;

use super::applied::Applied;
use super::deliver::Interrupted;
use super::frame::TableFormat;
use super::write_atomically;
use crate::Result;
use crate::data::{Block, NewRows};
use crate::measure::{self, Scores};
use crate::model::{Labelled, Model, Side};
use crate::nets::Compute;
use crate::recipe::Recipe;
use crate::support::language::counted;
use crate::support::progress::Progress;

/// Labels all rows by one side of a model and writes them as [`Applied`] does, a block after the other; what the table's own columns could not
/// be called. While a block is labelled, the next one is read and the one before written.
///
/// # Errors
/// [`Interrupted::Write`] from the writer; [`Interrupted::Rows`] where the rows cannot be read or labelled, or [`crate::Error::Cancelled`].
pub fn apply(
    (model, side): (&Model, Side),
    compute: &Compute,
    (rows, tally): (&mut NewRows<'_>, &mut Tally),
    (writer, format): (&mut dyn Write, TableFormat),
    progress: &Progress<'_>,
) -> std::result::Result<Vec<String>, Interrupted> {
    let mut table = Applied::new(writer, format, rows.header(), (model, side));
    // Each has room for one, so that no more than four blocks are there at once.
    let (read, to_label) = sync_channel::<Result<Block>>(1);
    let (done, to_write) = sync_channel::<Result<(Block, Labelled, Duration)>>(1);
    std::thread::scope(|threads| {
        // A channel that nobody listens to any more ends the work of who speaks into it.
        threads.spawn(move || {
            while let Some(block) = rows.next_block().transpose()
                && read.send(block).is_ok()
            {}
        });
        threads.spawn(move || {
            let labelled = to_label.into_iter().map(|block| {
                let (block, since) = (block?, Instant::now());
                let labelled = model.apply_by(side, block.features.view(), compute)?;
                Ok((block, labelled, since.elapsed()))
            });
            for block in labelled {
                if done.send(block).is_err() {
                    return;
                }
            }
        });
        // Listens until the first error, and no longer.
        for block in to_write {
            let (block, labelled, time) = block?;
            progress.at(0.0, "labelling")?;
            table.write(&block, &labelled)?;
            tally.model += time;
            tally.add(&block, &labelled);
        }
        Ok(table.finish()?)
    })
}

/// Different classes up to which clusters are scored: beyond them a column of labels holds something else.
const MOST_CLASSES: usize = 1000;

/// What is counted while rows go by.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How many there were.
    pub rows: usize,
    /// How long the model was at work.
    pub model: Duration,
    /// Rows that are unlike the training data, where the model can tell.
    pub unlike: Option<usize>,
    /// Classes in the order they came.
    classes: HashMap<String, usize>,
    /// How often a cluster met a class.
    met: HashMap<(u32, usize), f64>,
    /// Whether there were too many classes.
    too_many: bool,
}

impl Tally {
    /// Counts a block.
    pub fn add(&mut self, block: &Block, labelled: &Labelled) {
        self.rows += block.rows.len();
        if let Some(unlike) = &labelled.unlike {
            *self.unlike.get_or_insert(0) += unlike.iter().filter(|unlike| **unlike).count();
        }
        for (i, &cluster) in labelled.clusters.iter().enumerate() {
            if self.too_many {
                return;
            }
            let Some(name) = block.label(i) else { continue };
            let next = self.classes.len();
            let class = self.classes.get(name).copied().unwrap_or_else(|| {
                self.classes.insert(name.to_owned(), next);
                next
            });
            *self.met.entry((cluster, class)).or_insert(0.0) += 1.0;
            self.too_many = self.classes.len() > MOST_CLASSES;
        }
    }

    /// What came of it: rows that are unlike the training data, and scores where the rows have labels.
    #[must_use]
    pub fn sentences(&self) -> Vec<String> {
        let unlike = self.unlike.filter(|&unlike| unlike > 0).map(|unlike| {
            let rows = counted(self.rows, "row");
            format!("note: {unlike} of {rows} look unlike the training data; the column `unlike` marks them")
        });
        let scores = self.scores().map(|scores| format!("against the labels: {}", scores.words(4)));
        unlike.into_iter().chain(scores).collect()
    }

    /// Clusters against the classes of the rows, where they have some.
    #[must_use]
    pub fn scores(&self) -> Option<Scores> {
        let clusters = self.met.keys().map(|key| key.0 as usize + 1).max().unwrap_or(0);
        let mut counts = Array2::zeros((clusters, self.classes.len()));
        for (&(cluster, class), &count) in &self.met {
            counts[(cluster as usize, class)] = count;
        }
        measure::scores_of_counts(&counts).filter(|_| !self.too_many)
    }
}

/// Labels a file by one side of a model and writes the table to another; what a person should know of it.
///
/// # Errors
/// As [`NewRows::open`] and [`apply`]; [`crate::Error::Io`] with the path that cannot be written.
pub fn apply_to_file(
    path: &Path,
    data: &Path,
    (model, side): (&Model, Side),
    progress: &Progress<'_>,
) -> Result<Vec<String>> {
    let recipe = Recipe { limit: 0, ..model.recipe.clone() };
    let mut rows = NewRows::open(data.as_os_str(), &model.reading, &recipe)?;
    let (mut tally, mut said) = (Tally::default(), Vec::new());
    let mut failed = None;
    let format = TableFormat::of(path);
    let written = write_atomically(path, |writer| {
        match apply((model, side), &Compute::cpu(), (&mut rows, &mut tally), (writer, format), progress) {
            Ok(renamed) => {
                said = renamed;
                Ok(())
            }
            Err(wrong) => Err(wrong.for_writer(&mut failed)),
        }
    });
    match failed {
        Some(error) => Err(error),
        None => written.map(|()| [rows.notes(), said].concat()),
    }
}
