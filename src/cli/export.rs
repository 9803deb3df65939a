//! `eigenscope export`: a trained model for other programs.

use std::path::PathBuf;

use super::say;
use crate::Result;
use crate::model::Side;
use crate::output::{Form, OnnxOptions, check_writable, guard, read_model, write_onnx};
use crate::support::plain;

/// What `export` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A model that `run --out` wrote
    model: PathBuf,
    /// Write the model here as one ONNX graph (opset 21), with which any ONNX runtime labels rows as `apply` does
    #[arg(long, value_name = "FILE")]
    onnx: PathBuf,
    /// Which side of the model places the rows: the network, or the exact eigenvectors by Nyström's extension on the graph of the training
    /// rows; the network where there is one unless told otherwise
    #[arg(long, value_enum)]
    by: Option<Side>,
    /// How rows come into the graph
    #[arg(long, value_enum, default_value_t = Form::Auto)]
    input: Form,
    /// Replace what stands there; an earlier export is replaced without, and the model never
    #[arg(long)]
    force: bool,
    /// Say nothing on stderr but errors
    #[arg(long)]
    quiet: bool,
}

pub(super) fn export(args: &Args) -> Result<()> {
    guard::check_onnx(&args.onnx, std::slice::from_ref(&args.model), args.force)?;
    let model = read_model(&args.model)?;
    let side = model.side(args.by)?;
    check_writable(&args.onnx)?;
    let facts = write_onnx(&args.onnx, &model, OnnxOptions { side, form: args.input })?;
    if !args.quiet {
        facts.notes.iter().for_each(|note| say::err(&format!("note: {}", plain::line(note))));
        say::err(&plain::line(&facts.sentence(&args.onnx)));
    }
    Ok(())
}
