//! `eigenscope apply`: label new rows with a trained model.

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use super::asked::Applied;
use super::say;
use crate::Result;
use crate::data::{NewRows, Source};
use crate::model::Side;
use crate::nets::Compute;
use crate::output::{TableFormat, Tally, apply, check_writable, guard, read_model, write_atomically};
use crate::recipe::{DeviceChoice, Recipe};
use crate::support::language::counted;
use crate::support::number::seconds;
use crate::support::plain;
use crate::support::progress::Progress;

/// What `apply` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    applied: Applied,
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

pub(super) fn run(args: &Args) -> Result<()> {
    let Applied { model: file, data } = &args.applied;
    let model = read_model(file)?;
    let side = model.side(args.by)?;
    // How the rows are read is the model's; which rows, the person's.
    let recipe = Recipe { limit: args.limit, data_dir: args.data_dir.clone(), ..model.recipe.clone() };
    if let Some(path) = &args.out {
        let mut inputs = guard::inputs(&Source::of(data), &recipe);
        inputs.push(file.clone());
        guard::check_file(path, &inputs, args.force)?;
        check_writable(path)?;
    }
    let since = Instant::now();
    let mut rows = NewRows::open(data, &model.reading, &recipe)?;
    let compute = Compute::open(args.device)?;
    let mut tally = Tally::default();
    let mut failed = None;
    let mut notes = Vec::new();
    let silent = Progress::silent();
    let format = args.out.as_deref().map_or(TableFormat::Csv, TableFormat::of);
    let mut write = |writer: &mut dyn Write| match apply(
        (&model, side),
        &compute,
        (&mut rows, &mut tally),
        (writer, format),
        &silent,
    ) {
        Ok(renamed) => {
            notes = renamed;
            Ok(())
        }
        Err(wrong) => Err(wrong.for_writer(&mut failed)),
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
        tally.sentences().iter().for_each(|said| say::err(said));
        let [all, model] = [since.elapsed(), tally.model].map(|time| seconds(time.as_secs_f64()));
        say::err(&format!("labelled {} in {all}, {model} of it in the model", counted(tally.rows, "row")));
    }
    written
}
