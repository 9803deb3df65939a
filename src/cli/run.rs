//! `eigenscope run`: the whole chain without a window.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::progress::Terminal;
use crate::learn::{Chain, Job, Outcome};
use crate::output::{LabelOptions, Summary, Totals, guard, write_atomically, write_figures, write_labels, write_model};
use crate::progress::Control;
use crate::recipe::Recipe;
use crate::{Error, Result};

/// What `run` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A file, a folder or a built-in name
    data: String,
    /// Write labels, figures, recipe, summary and model to this folder
    #[arg(long)]
    out: Option<PathBuf>,
    /// Replace results of other data that stand in --out; what the run reads is never replaced
    #[arg(long, requires = "out")]
    force: bool,
    /// Print the summary as one JSON object, alone on stdout
    #[arg(long)]
    json: bool,
    /// Say nothing on stderr but errors
    #[arg(long)]
    quiet: bool,
    /// Start with these settings; flags win over it
    #[arg(long = "recipe", value_name = "FILE")]
    file: Option<PathBuf>,
    #[command(flatten)]
    pub(super) recipe: Recipe,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let started = Instant::now();
    let job = Job { source: crate::data::Source::of(&args.data), recipe: args.recipe.clone() };
    if let Some(folder) = &args.out {
        guard::check_folder(folder, &job.source, &job.recipe, args.file.as_deref(), args.force)?;
        // Better now than after an hour of training.
        std::fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    }
    let outcome = Chain::default().run(&job, &Control::new(), &Terminal::new(args.quiet))?;
    let totals = Totals {
        seconds: started.elapsed().as_secs_f64(),
        peak_rss_mib: crate::memory::peak_mib(),
        stages: outcome.stages.clone(),
        last: outcome.curve.last().copied(),
        notes: outcome.notes.clone(),
    };
    let summary = Summary::new(&outcome.snapshot, &totals);
    if let Some(folder) = &args.out {
        write(folder, &outcome, &summary)?;
    }
    let text = if args.json { summary.to_json() } else { summary.to_string() };
    // A reader that stopped listening, such as `head`, is no failure.
    let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
    Ok(())
}

fn write(folder: &Path, outcome: &Outcome, summary: &Summary) -> Result<()> {
    for note in write_labels(&folder.join("labels.csv"), &outcome.snapshot, LabelOptions::default())? {
        eprintln!("note: {note}");
    }
    write_figures(folder, &outcome.snapshot, &outcome.curve)?;
    let recipe = toml::to_string(&outcome.snapshot.job.recipe).map_err(|e| Error::Data(format!("the recipe: {e}")))?;
    write_atomically(&folder.join("recipe.toml"), |w| w.write_all(recipe.as_bytes()))?;
    write_atomically(&folder.join("summary.json"), |w| w.write_all(summary.to_json().as_bytes()))?;
    match &outcome.model {
        Some(model) => write_model(&folder.join("model.eigenscope"), model),
        None => Ok(()),
    }
}
