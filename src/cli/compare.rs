//! `eigenscope compare` and `ablate`: several spaces and seeds side by side, kept as they come and taken up again.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;

use super::progress::Terminal;
use super::say;
use crate::data::Source;
use crate::output::{Comparison, check_writable};
use crate::pipeline::Job;
use crate::pipeline::compare::{self, Entry, Plan, Space, Spread};
use crate::recipe::Recipe;
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
    /// A file, a folder or a built-in name; - is the standard input
    data: OsString,
    /// Number of seeds, from --seed on
    #[arg(long, default_value_t = 3, value_parser = super::at_least_one)]
    seeds: usize,
    /// Keep what is done in this file, and go on from what it has
    #[arg(long)]
    resume: Option<PathBuf>,
    /// Print all figures as one JSON object, alone on stdout
    #[arg(long)]
    json: bool,
    /// Say nothing on stderr but errors
    #[arg(long)]
    quiet: bool,
    /// Start with these settings; flags win over it
    #[arg(long = "recipe", value_name = "FILE")]
    file: Option<PathBuf>,
    /// Take what each column of the table is and is for from this file, as the window's column sheet writes it; flags win over it
    #[arg(long, value_name = "FILE", help_heading = "Data")]
    roles: Option<PathBuf>,
    #[command(flatten)]
    recipe: Recipe,
}

pub(super) fn compare(args: &Args) -> Result<()> {
    print(&args.sheet, &args.systems)
}

pub(super) fn ablate(args: &AblateArgs) -> Result<()> {
    print(&args.sheet, &args.systems)
}

/// Run what is missing, keep it as it comes, and print it.
fn print(args: &Sheet, spaces: &[Space]) -> Result<()> {
    let job = Job { source: Source::argument(&args.data)?, recipe: args.recipe.clone() };
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
    let entries = compare::compare(plan, (&Control::new(), &Terminal::new(args.quiet)), keep)?;
    let text =
        if args.json { plain::json(&Comparison::new(&job, &entries).json()?).into_owned() } else { table(&entries) };
    say::line(&text)
}

/// Mean ± deviation over the seeds, a line for each method in each space.
fn table(entries: &[Entry]) -> String {
    let mut out = format!("{:<20}{:<9}{:>16}{:>16}{:>16}{:>9}\n", "space", "method", "ACC", "NMI", "seconds", "MiB");
    let cell = |spread: Option<Spread>, digits| spread.map_or_else(|| "–".to_owned(), |s| s.text(digits));
    for row in compare::rows(entries) {
        let (space, method) = (row.space.title(), row.method.title());
        let (acc, nmi, seconds) = (cell(row.acc, 3), cell(row.nmi, 3), cell(row.seconds, 1));
        let mib = row.peak_mib.map_or_else(|| "–".to_owned(), |m| format!("{m:.0}"));
        // Writing to a string does not fail.
        let _ = writeln!(out, "{space:<20}{method:<9}{acc:>16}{nmi:>16}{seconds:>16}{mib:>9}");
    }
    out
}
