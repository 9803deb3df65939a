//! Variations of a recipe with several seeds, kept as they come, taken up again, and printed as one table: what `compare` and `ablate`
//! have in common.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::memory;
use super::progress::Terminal;
use crate::learn::Job;
use crate::learn::compare::{self, Entry, Method, Variation, mean_and_deviation};
use crate::output::write_atomically;
use crate::progress::Control;
use crate::recipe::Recipe;
use crate::{Error, Result};

/// What both commands take.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A file, a folder or a built-in name
    data: String,
    /// Number of seeds, from --seed on
    #[arg(long, default_value_t = 3)]
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
    #[command(flatten)]
    recipe: Recipe,
}

/// A comparison as it stands, with what it is of.
#[derive(Serialize, Deserialize)]
struct Sheet<V> {
    data: String,
    recipe: Recipe,
    entries: Vec<Entry<V>>,
}

/// Run these variations and print what comes out.
pub(super) fn print<V: Variation>(args: &Args, wanted: &[V]) -> Result<()> {
    let done = args.resume.as_deref().map_or(Ok(Vec::new()), |path| earlier(path, args))?;
    let sheet = |entries: &[Entry<V>]| Sheet {
        data: args.data.clone(),
        recipe: args.recipe.clone(),
        entries: entries.to_vec(),
    };
    let json =
        |sheet: &Sheet<V>| serde_json::to_string_pretty(sheet).map_err(|e| Error::Data(format!("the comparison: {e}")));
    let keep = |entries: &[Entry<V>]| match &args.resume {
        Some(path) => {
            let text = json(&sheet(entries))?;
            write_atomically(path, |w| w.write_all(text.as_bytes()))
        }
        None => Ok(()),
    };
    let job = Job { source: super::source(&args.data), recipe: args.recipe.clone() };
    let (control, terminal) = (Control::new(), Terminal::new(args.quiet));
    let wanted = (wanted, args.seeds);
    let peak = || {
        let peak = memory::peak_mib();
        memory::forget_peak();
        peak
    };
    let entries = compare::compare(&job, wanted, done, (&control, &terminal), &peak, keep)?;
    let text = if args.json { json(&sheet(&entries))? } else { table(&entries) };
    let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
    Ok(())
}

/// What a file has from an earlier run of the same comparison.
fn earlier<V: Variation>(path: &Path, args: &Args) -> Result<Vec<Entry<V>>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
    let sheet: Sheet<V> = serde_json::from_str(&text).map_err(|e| Error::format(path, e.to_string()))?;
    if sheet.data != args.data || sheet.recipe != args.recipe {
        return Err(Error::format(
            path,
            format!("it holds a comparison of {} with other settings; give --resume another file", sheet.data),
        ));
    }
    Ok(sheet.entries)
}

/// Mean ± deviation over the seeds, a line for each method of each variation.
fn table<V: Variation>(entries: &[Entry<V>]) -> String {
    let mut out = format!("{:<18}{:<9}{:>16}{:>16}{:>16}{:>9}\n", "", "method", "ACC", "NMI", "seconds", "MiB");
    for &variation in V::ALL {
        for (method, name) in [(Method::KMeans, "k-means"), (Method::Exact, "exact"), (Method::Learned, "learned")] {
            let of: Vec<&Entry<V>> =
                entries.iter().filter(|e| e.variation == variation && e.method == method).collect();
            if of.is_empty() {
                continue;
            }
            let cell = |value: &dyn Fn(&Entry<V>) -> Option<f64>, digits: usize| {
                let values: Vec<f64> = of.iter().filter_map(|&e| value(e)).collect();
                mean_and_deviation(&values)
                    .map_or_else(|| "–".to_owned(), |(m, d)| format!("{m:.digits$} ± {d:.digits$}"))
            };
            let mib = of.iter().filter_map(|e| e.peak_mib).fold(0.0, f64::max);
            let (acc, nmi) = (cell(&|e| e.acc, 3), cell(&|e| e.nmi, 3));
            let seconds = cell(&|e| Some(e.seconds), 1);
            // Writing to a string does not fail.
            let _ = writeln!(out, "{:<18}{name:<9}{acc:>16}{nmi:>16}{seconds:>16}{mib:>9.0}", variation.title());
        }
    }
    out
}
