//! `eigenscope unseen`: how well rows are placed that the training never saw.

use std::fmt::Write as _;

use super::asked::Asked;
use super::progress::Terminal;
use super::say;
use crate::pipeline::compare::Spread;
use crate::pipeline::{Placed, UnseenLearned as Learned, UnseenRow, Variation, unseen};
use crate::support::number::or_dash;
use crate::support::progress::Control;
use crate::{Error, Result};

/// What `unseen` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Share of the rows that is kept from the training
    #[arg(long, default_value_t = 0.4)]
    share: f64,
    /// Number of splits, from --seed on
    #[arg(long, default_value_t = 3, value_parser = super::at_least_one)]
    seeds: usize,
    /// Measure the training without each of its parts as well: tie, whole graph, solved last layer, width, rows held out
    #[arg(long)]
    ablate: bool,
    /// Print all figures as one JSON array, alone on stdout
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    asked: Asked,
}

pub(super) fn unseen_rows(args: &Args) -> Result<()> {
    let job = args.asked.job()?;
    let variations: &[Variation] = if args.ablate { &Variation::ALL } else { &[Variation::NONE] };
    let terminal = Terminal::new(args.asked.quiet);
    let rows = unseen(&job, (args.share, args.seeds), variations, &Control::new(), &terminal)?;
    let json = || serde_json::to_string_pretty(&rows).map_err(|e| Error::Numerics(e.to_string()));
    say::line(&if args.json { json()? } else { table(&rows) })
}

/// Mean ± deviation over the splits, a line for each way to train and one for Nyström's extension.
fn table(rows: &[UnseenRow]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let mut out = format!(
        "{} rows seen, {} never seen; on these, and on those seen:\n{:<28}{:>18}{:>16}{:>16}{:>18}{:>14}",
        first.seen, first.unseen, "", "distance", "ARI", "ACC", "distance seen", "seconds"
    );
    let cell = |values: Vec<f64>, digits| or_dash(Spread::of(&values), |s| s.text(digits));
    let mut line = |name: &str, side: Vec<Placed>, seen: String, seconds: String| {
        let of = |value: fn(&Placed) -> Option<f64>| side.iter().filter_map(value).collect();
        let (distance, ari, acc) =
            (cell(of(|p| Some(p.distance)), 4), cell(of(|p| Some(p.ari)), 3), cell(of(|p| p.acc), 3));
        // Writing to a string does not fail.
        let _ = write!(out, "\n{name:<28}{distance:>18}{ari:>16}{acc:>16}{seen:>18}{seconds:>14}");
    };
    for (at, way) in first.learned.iter().enumerate() {
        let of = |value: fn(&Learned) -> f64| rows.iter().filter_map(|row| row.learned.get(at)).map(value).collect();
        let placed = rows.iter().filter_map(|row| row.learned.get(at)).map(|learned| learned.placed).collect();
        line(way.variation, placed, cell(of(|l| l.distance_seen), 4), cell(of(|l| l.seconds), 1));
    }
    line("Nyström", rows.iter().map(|row| row.nystrom).collect(), "–".to_owned(), "–".to_owned());
    out
}
