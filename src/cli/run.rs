//! `eigenscope run`: the whole chain without a window.

use std::path::PathBuf;

use super::progress::Terminal;
use crate::Result;
use crate::learn::{Chain, Job};
use crate::progress::Control;
use crate::recipe::Recipe;

/// What `run` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A file, a folder or a built-in name
    data: String,
    /// Write labels, figures, recipe, summary and model to this folder
    #[arg(long)]
    out: Option<PathBuf>,
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
    let started = std::time::Instant::now();
    let job = Job { source: super::source(&args.data), recipe: args.recipe.clone() };
    let outcome = Chain::default().run(&job, &Control::new(), &Terminal::new(args.quiet))?;
    let s = &outcome.snapshot;
    println!("{:?}", outcome.stages);
    println!("baseline {:?}", s.baseline.as_ref().and_then(|b| b.1));
    println!("exact {:?} {:?}", s.exact.as_ref().and_then(|b| b.scores), s.ladder);
    println!("learned {:?} {:?}", s.learned.as_ref().and_then(|b| b.scores), s.learned.as_ref().map(|b| b.space.values.clone()));
    println!("agreement {:?}", s.agreement);
    for p in &outcome.curve { println!("{} {:.2}s loss {:.5} bound {:?} ritz {:.3e} orth {:.3} {:.3} g {:?} lr {} walk {}", p.step, p.seconds, p.loss, p.bound, p.ritz_sum, p.orthogonality_batch, p.orthogonality_all, p.grassmann, p.lr, p.walk); }
    println!("{:.2}", started.elapsed().as_secs_f64());
    Ok(())
}
