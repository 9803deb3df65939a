//! `eigenscope compare` and `ablate`: several spaces and seeds side by side, kept as they come and taken up again.

use std::fmt::Write as _;
use std::path::PathBuf;

use super::asked::Asked;
use super::progress::Terminal;
use super::say;
use crate::output::{Comparison, check_writable};
use crate::pipeline::compare::{self, Entry, Plan, Space, Spread};
use crate::support::number::or_dash;
use crate::support::plain;
use crate::support::progress::Control;
use crate::{Error, Result};

/// Most seeds of a comparison.
const MOST_SEEDS: usize = 10_000;

/// What `compare` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Spaces to compare, with commas between
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Space::SPECTRALNET)]
    systems: Vec<Space>,
    #[command(flatten)]
    sheet: Sheet,
}

/// What `ablate` takes.
#[derive(Debug, clap::Args)]
pub(super) struct AblateArgs {
    /// The lines of the table, with commas between
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Space::ABLATION)]
    systems: Vec<Space>,
    #[command(flatten)]
    sheet: Sheet,
}

/// What both take.
#[derive(Debug, clap::Args)]
struct Sheet {
    /// Number of seeds, from --seed on
    #[arg(long, default_value_t = 3, value_parser = super::at_least_one)]
    seeds: usize,
    /// Keep what is done in this file, and go on from what it has
    #[arg(long)]
    resume: Option<PathBuf>,
    /// Print all figures as one JSON object, alone on stdout
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    asked: Asked,
}

pub(super) fn compare(args: &Args) -> Result<()> {
    print(&args.sheet, &args.systems)
}

pub(super) fn ablate(args: &AblateArgs) -> Result<()> {
    print(&args.sheet, &args.systems)
}

/// Run what is missing, keep it as it comes, and print it.
fn print(args: &Sheet, spaces: &[Space]) -> Result<()> {
    let job = args.asked.job()?;
    if args.seeds > MOST_SEEDS {
        return Err(Error::Setting(format!("--seeds {} is above {MOST_SEEDS}", args.seeds)));
    }
    args.resume.as_deref().map_or(Ok(()), check_writable)?;
    let plan = Plan { job: job.clone(), spaces: spaces.to_vec(), seeds: args.seeds, done: Vec::new() };
    let plan = args.resume.as_deref().map_or(Ok(plan.clone()), |path| Comparison::resume(path, plan))?;
    let keep = |entries: &[Entry]| match args.resume.as_deref() {
        Some(path) => Comparison::keep(path, &job, entries),
        None => Ok(entries.to_vec()),
    };
    let entries = compare::compare(plan, (&Control::new(), &Terminal::new(args.asked.quiet)), keep)?;
    let text =
        if args.json { plain::json(&Comparison::new(&job, &entries).json()?).into_owned() } else { table(&entries) };
    say::line(&text)
}

/// Mean ± deviation over the seeds, a line for each method in each space.
fn table(entries: &[Entry]) -> String {
    let mut out = format!("{:<20}{:<9}{:>16}{:>16}{:>16}{:>9}\n", "space", "method", "ACC", "NMI", "seconds", "MiB");
    let cell = |spread: Option<Spread>, digits| or_dash(spread, |s| s.text(digits));
    for row in compare::rows(entries) {
        let (space, method) = (row.space.title(), row.method.title());
        let (acc, nmi, seconds) = (cell(row.scores.acc, 3), cell(row.scores.nmi, 3), cell(row.seconds, 1));
        let mib = or_dash(row.peak_mib, |m| format!("{m:.0}"));
        // Writing to a string does not fail.
        let _ = writeln!(out, "{space:<20}{method:<9}{acc:>16}{nmi:>16}{seconds:>16}{mib:>9}");
    }
    out
}
