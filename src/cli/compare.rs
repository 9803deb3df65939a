//! `eigenscope compare`: several systems, spaces and seeds side by side.

use super::sheet;
use crate::Result;
use crate::learn::compare::{Space, Variation as _};

/// What `compare` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Spaces to compare, with commas between
    #[arg(long, value_enum, value_delimiter = ',', default_values_t = Space::ALL.to_vec())]
    systems: Vec<Space>,
    #[command(flatten)]
    sheet: sheet::Args,
}

pub(super) fn compare(args: &Args) -> Result<()> {
    sheet::print(&args.sheet, &args.systems)
}
