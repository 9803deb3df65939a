//! `eigenscope apply`.
use crate::Result;
#[derive(Debug, clap::Args)]
pub(super) struct Args { model: String }
pub(super) fn apply(args: &Args) -> Result<()> { println!("{}", args.model); Ok(()) }
