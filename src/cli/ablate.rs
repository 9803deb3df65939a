//! `eigenscope ablate`: the dual autoencoder with each of its parts switched off in turn.

use super::sheet;
use crate::Result;
use crate::learn::compare::{Variation as _, Without};

/// What `ablate` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// What to leave out, a line of the table each, with commas between
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Without::ALL.to_vec())]
    without: Vec<Without>,
    #[command(flatten)]
    sheet: sheet::Args,
}

pub(super) fn ablate(args: &Args) -> Result<()> {
    sheet::print(&args.sheet, &args.without)
}
