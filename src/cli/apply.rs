//! `eigenscope apply`: label new rows with a trained model.

use std::io::Write as _;
use std::path::PathBuf;

use crate::Result;
use crate::data;
use crate::measure;
use crate::nets::Compute;
use crate::output::{guard, read_model, write_applied};
use crate::progress::Progress;
use crate::recipe::{DeviceChoice, Recipe};

/// What `apply` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A model that `run --out` wrote
    model: PathBuf,
    /// A file, a folder or a built-in name with the features the model was trained on
    data: String,
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
}

pub(super) fn apply(args: &Args) -> Result<()> {
    let model = read_model(&args.model)?;
    // How the rows are read is the model's; which rows, the person's.
    let recipe = Recipe { limit: args.limit, data_dir: args.data_dir.clone(), ..model.recipe.clone() };
    let source = data::Source::of(&args.data);
    if let Some(path) = &args.out {
        let mut inputs = guard::inputs(&source, &recipe);
        inputs.push(args.model.clone());
        guard::check_file(path, &inputs, args.force)?;
    }
    let rows = data::load(&source, &recipe, &Progress::silent())?;
    for note in &rows.notes {
        eprintln!("note: {note}");
    }
    let labelled = model.apply(rows.numbers().view(), &Compute::open(args.device)?)?;
    if let Some(scores) = rows.labels.as_ref().and_then(|l| measure::scores(&labelled.clusters, &l.ids)) {
        eprintln!("against the labels: ACC {:.4}, NMI {:.4}, ARI {:.4}", scores.acc, scores.nmi, scores.ari);
    }
    if let Some(path) = &args.out {
        return crate::output::write_atomically(path, |w| write_applied(w, &rows, &labelled, &model.names));
    }
    let mut stdout = std::io::stdout().lock();
    // A reader that stopped listening, such as `head`, is no failure.
    let _ = write_applied(&mut stdout, &rows, &labelled, &model.names).and_then(|()| stdout.flush());
    Ok(())
}
