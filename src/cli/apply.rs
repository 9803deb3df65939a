//! `eigenscope apply`: label new rows with a trained model.

use std::collections::HashMap;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::mpsc::sync_channel;
use std::time::{Duration, Instant};

use ndarray::Array2;

use super::say;
use crate::data::{Block, NewRows, Source};
use crate::measure;
use crate::model::{Labelled, Model, Side};
use crate::nets::Compute;
use crate::output::{Applied, TableFormat, check_writable, guard, read_model, write_atomically};
use crate::recipe::{DeviceChoice, Recipe};
use crate::support::language::counted;
use crate::support::number::{fixed, seconds};
use crate::support::plain;
use crate::{Error, Result};

/// What `apply` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A model that `run --out` wrote
    model: PathBuf,
    /// A file, a folder or a built-in name with the columns the model was trained on, in any order, among others; - is the standard input
    data: OsString,
    /// Write the labelled table here rather than to stdout; the end of the name says as what: .tsv, .parquet, .arrow (.feather), .jsonl, .npz, .xlsx or CSV
    #[arg(long)]
    out: Option<PathBuf>,
    /// Replace what stands at --out; an earlier output of apply is replaced without, and what is read never
    #[arg(long, requires = "out")]
    force: bool,
    /// Which side of the model places the rows: the network, or the exact eigenvectors by Nyström's extension on the graph of the training
    /// rows; the network where there is one unless told otherwise
    #[arg(long, value_enum)]
    by: Option<Side>,
    /// Where the network computes
    #[arg(long, value_enum, default_value_t = DeviceChoice::Cpu)]
    device: DeviceChoice,
    /// Keep at most this many samples; 0 keeps all
    #[arg(long, default_value_t = 0)]
    limit: usize,
    /// Folder with the files of mnist or fashion-mnist
    #[arg(long)]
    data_dir: Option<PathBuf>,
    /// Say nothing on stderr but errors
    #[arg(long)]
    quiet: bool,
}

pub(super) fn apply(args: &Args) -> Result<()> {
    let model = read_model(&args.model)?;
    let side = model.side(args.by)?;
    // How the rows are read is the model's; which rows, the person's.
    let recipe = Recipe { limit: args.limit, data_dir: args.data_dir.clone(), ..model.recipe.clone() };
    if let Some(path) = &args.out {
        let mut inputs = guard::inputs(&Source::of(&args.data), &recipe);
        inputs.push(args.model.clone());
        guard::check_file(path, &inputs, args.force)?;
        check_writable(path)?;
    }
    let since = Instant::now();
    let mut rows = NewRows::open(&args.data, &model.reading, &recipe)?;
    let compute = Compute::open(args.device)?;
    let mut tally = Tally::default();
    let mut failed = None;
    let mut notes = Vec::new();
    let format = args.out.as_deref().map_or(TableFormat::Csv, TableFormat::of);
    let mut write =
        |writer: &mut dyn Write| match label((&model, side), &compute, (&mut rows, &mut tally), (writer, format)) {
            Ok(renamed) => {
                notes = renamed;
                Ok(())
            }
            Err(Stop::Write(e)) => Err(e),
            Err(Stop::Rows(e)) => {
                failed = Some(e);
                Err(io::Error::other("the rows ended in an error"))
            }
        };
    let written = match &args.out {
        Some(path) => write_atomically(path, &mut write),
        None => say::out(&mut write),
    };
    if let Some(error) = failed {
        return Err(error);
    }
    if !args.quiet {
        let about = rows.notes().into_iter().chain(notes);
        about.for_each(|note| say::err(&format!("note: {}", plain::line(&note))));
        tally.say();
        let [all, model] = [since.elapsed(), tally.model].map(|time| seconds(time.as_secs_f64()));
        say::err(&format!("labelled {} in {all}, {model} of it in the model", counted(tally.rows, "row")));
    }
    written
}

/// Why labelling ended early.
enum Stop {
    /// What is written is taken no more.
    Write(io::Error),
    /// The rows, or the model on them.
    Rows(Error),
}

impl From<io::Error> for Stop {
    fn from(e: io::Error) -> Self {
        Self::Write(e)
    }
}

impl From<Error> for Stop {
    fn from(e: Error) -> Self {
        Self::Rows(e)
    }
}

/// Labels all rows, a block after the other; what the table's own columns could not be called. While a block is labelled, the next one is
/// read and the one before written.
fn label(
    (model, side): (&Model, Side),
    compute: &Compute,
    (rows, tally): (&mut NewRows<'_>, &mut Tally),
    (writer, format): (&mut dyn Write, TableFormat),
) -> std::result::Result<Vec<String>, Stop> {
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
#[derive(Default)]
struct Tally {
    rows: usize,
    /// How long the model was at work.
    model: Duration,
    /// Rows that are unlike the training data, where the model can tell.
    unlike: Option<usize>,
    /// Classes in the order they came.
    classes: HashMap<String, usize>,
    /// How often a cluster met a class.
    met: HashMap<(u32, usize), f64>,
    /// Whether there were too many classes.
    too_many: bool,
}

impl Tally {
    fn add(&mut self, block: &Block, labelled: &Labelled) {
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

    /// Says what came of it.
    fn say(&self) {
        if let Some(unlike) = self.unlike.filter(|&unlike| unlike > 0) {
            let rows = counted(self.rows, "row");
            say::err(&format!(
                "note: {unlike} of {rows} look unlike the training data; the column `unlike` marks them"
            ));
        }
        let clusters = self.met.keys().map(|key| key.0 as usize + 1).max().unwrap_or(0);
        let mut counts = Array2::zeros((clusters, self.classes.len()));
        for (&(cluster, class), &count) in &self.met {
            counts[(cluster as usize, class)] = count;
        }
        if let Some(scores) = measure::scores_of_counts(&counts).filter(|_| !self.too_many) {
            let [acc, nmi, ari] = [scores.acc, scores.nmi, scores.ari].map(|score| fixed(score, 4));
            say::err(&format!("against the labels: ACC {acc}, NMI {nmi}, ARI {ari}"));
        }
    }
}
