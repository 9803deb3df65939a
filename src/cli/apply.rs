//! `eigenscope apply`: label new rows with a trained model.

use std::ffi::OsString;
use std::path::PathBuf;

use super::say;
use crate::Result;
use crate::data;
use crate::measure;
use crate::nets::Compute;
use crate::output::{check_writable, guard, read_model, write_applied, write_atomically};
use crate::recipe::{DeviceChoice, Recipe};
use crate::support::number::fixed;
use crate::support::plain;
use crate::support::progress::Progress;

/// What `apply` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A model that `run --out` wrote
    model: PathBuf,
    /// A file, a folder or a built-in name with the features the model was trained on; - is the standard input
    data: OsString,
    /// Write the labelled table here rather than to stdout
    #[arg(long)]
    out: Option<PathBuf>,
    /// Replace what stands at --out; an earlier output of apply is replaced without, and what is read never
    #[arg(long, requires = "out")]
    force: bool,
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
    // How the rows are read is the model's; which rows, the person's.
    let recipe = Recipe { limit: args.limit, data_dir: args.data_dir.clone(), ..model.recipe.clone() };
    let source = data::Source::argument(&args.data)?;
    if let Some(path) = &args.out {
        let mut inputs = guard::inputs(&source, &recipe);
        inputs.push(args.model.clone());
        guard::check_file(path, &inputs, args.force)?;
        check_writable(path)?;
    }
    let rows = data::load(&source, &recipe, &Progress::silent())?;
    for note in rows.notes.iter().filter(|_| !args.quiet) {
        say::err(&format!("note: {}", plain::line(note)));
    }
    let labelled = model.apply(rows.features.doubles().view(), &Compute::open(args.device)?)?;
    let scores = rows.labels.as_ref().and_then(|l| measure::scores(&labelled.clusters, &l.ids));
    if let Some(scores) = scores.filter(|_| !args.quiet) {
        let [acc, nmi, ari] = [scores.acc, scores.nmi, scores.ari].map(|score| fixed(score, 4));
        say::err(&format!("against the labels: ACC {acc}, NMI {nmi}, ARI {ari}"));
    }
    if let Some(path) = &args.out {
        return write_atomically(path, |w| write_applied(w, &rows, &labelled, &model.names));
    }
    say::out(|out| write_applied(out, &rows, &labelled, &model.names))
}
