//! `eigenscope bench apply`: rows a second that a model labels, and whether the memory for it grows with them.

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Instant;

use super::asked::Applied;
use super::say;
use crate::data::NewRows;
use crate::nets::Compute;
use crate::output::{TableFormat, Tally, apply, read_model, write_atomically};
use crate::recipe::{DeviceChoice, Recipe};
use crate::support::memory;
use crate::support::number::or_dash;
use crate::support::progress::{Control, Progress};
use crate::{Error, Result};

/// Blocks after which the memory is looked at for the first time: by then each place for one has held one.
const EARLY: usize = 16;

/// What `bench apply` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    applied: Applied,
    /// Write the labelled table here, rather than nowhere; the end of the name says as what
    #[arg(long)]
    out: Option<PathBuf>,
    /// Where the network computes
    #[arg(long, value_enum, default_value_t = DeviceChoice::Cpu)]
    device: DeviceChoice,
}

/// The most memory that was held, in MiB, after so many blocks.
#[derive(Debug, Default)]
struct Held {
    blocks: usize,
    early: Option<f64>,
}

pub(super) fn bench(args: &Args) -> Result<()> {
    let Applied { model, data } = &args.applied;
    let model = read_model(model)?;
    let side = model.side(None)?;
    let recipe = Recipe { limit: 0, ..model.recipe.clone() };
    let compute = Compute::open(args.device)?;
    let (mut tally, held) = (Tally::default(), Mutex::new(Held::default()));
    let look = |_: f32, _: &str| {
        if let Ok(mut held) = held.lock() {
            held.blocks += 1;
            if held.blocks == EARLY {
                held.early = memory::peak_mib();
            }
        }
    };
    let progress = Progress::new(Control::new(), &look);
    let mut failed = None;
    // Parquet where it goes nowhere: its writing costs as much as that of any file for other programs.
    let format = args.out.as_deref().map_or(TableFormat::Parquet, TableFormat::of);
    let since = Instant::now();
    let mut rows = NewRows::open(data, &model.reading, &recipe)?;
    let mut write = |writer: &mut dyn Write| {
        let of = ((&model, side), &compute, (&mut rows, &mut tally));
        apply(of.0, of.1, of.2, (writer, format), &progress).map(drop).map_err(|wrong| wrong.for_writer(&mut failed))
    };
    let written = match &args.out {
        Some(path) => write_atomically(path, write),
        None => write(&mut io::sink()).map_err(|e| Error::Data(format!("the rows cannot be written: {e}"))),
    };
    if let Some(error) = failed {
        return Err(error);
    }
    written?;
    let early = held.into_inner().ok().and_then(|held| held.early);
    let seconds = [since.elapsed(), tally.model].map(|time| time.as_secs_f64());
    say::line(&sentence(tally.rows, seconds, [early, memory::peak_mib()]))
}

/// What it costs: seconds in all and in the model, MiB early and at most.
fn sentence(rows: usize, seconds: [f64; 2], held: [Option<f64>; 2]) -> String {
    let pace = |seconds: f64| rows as f64 / seconds.max(f64::MIN_POSITIVE);
    let [all, model] = seconds;
    let [early, most] = held.map(|mib| or_dash(mib, |mib| format!("{mib:.0}")));
    format!(
        "{rows} rows in {all:.1} s, {:.0} a second; the model was at work for {model:.1} s, {:.0} rows a second; {early} MiB at most after {EARLY} blocks, {most} after all",
        pace(all),
        pace(model),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_rows_over_seconds() {
        let said = sentence(1000, [2.0, 0.5], [None, Some(99.6)]);
        for words in ["1000 rows in 2.0 s, 500 a second", "0.5 s, 2000 rows", "– MiB", "100 after all"] {
            assert!(said.contains(words), "{said}");
        }
    }
}
