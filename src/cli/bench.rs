//! `eigenscope bench`: what whole runs cost, each in a process of its own, so that its memory is its own; and what a frame costs.

use std::fmt::Write as _;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::{bench_apply, bench_gpu, say};
use crate::app::bench::map::{self, MapCost};
use crate::app::bench::render::{self, EdgeCost, FrameCost, Scene};
use crate::app::bench::window;
use crate::data::{self, Source};
use crate::pipeline::Job;
use crate::support::number::or_dash;
use crate::{Error, Result};

/// What `bench` takes.
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// Data to run, one line each: files, folders or built-in names
    #[arg(default_values_t = ["moons", "nested-c", "digits"].map(str::to_owned))]
    data: Vec<String>,
    /// Runs of each; the table has the median
    #[arg(long, default_value_t = 3, value_parser = super::at_least_one)]
    times: usize,
    /// Run each at these numbers of samples too, and show how the seconds of each stage grow; a file gives no more than it has
    #[arg(long, value_delimiter = ',', value_name = "COUNTS", value_parser = super::at_least_one)]
    growth: Vec<usize>,
    /// Flags for each run, after `--`: such as -- --no-learn --neighbors 30
    #[arg(last = true)]
    flags: Vec<String>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// What a frame with three linked views costs, drawn without a window
    Render(RenderArgs),
    /// What the map over the plane costs after a training, and how far the learned zero line lies from the exact one
    Map(MapArgs),
    /// What a real window costs: time to its first frame, processor time at rest, frame times while a network is trained
    Window(WindowArgs),
    /// What a step of the network's training costs on each device, and what crosses between it and the host
    Gpu(bench_gpu::Args),
    /// What opening data costs, without any work on it: seconds, and the most memory in use at once
    Open(OpenArgs),
    /// What labelling new rows with a model costs: rows a second, and memory
    Apply(bench_apply::Args),
}

#[derive(Debug, clap::Args)]
struct OpenArgs {
    /// Data to open: a file, a folder or a built-in name
    data: String,
    #[command(flatten)]
    recipe: Box<crate::Recipe>,
}

#[derive(Debug, clap::Args)]
struct WindowArgs {
    /// Data to open: a file, a folder or a built-in name
    #[arg(default_value = "digits")]
    data: String,
    /// Size of the window in points
    #[arg(long, value_parser = super::size)]
    size: Option<[f32; 2]>,
    /// Seconds at rest, once the data is shown
    #[arg(long, default_value_t = 5.0)]
    rest: f64,
    /// Seconds in which the number of neighbours is turned from 3 to 60 and back, while the exact side follows
    #[arg(long, default_value_t = 0.0)]
    turn: f64,
    /// Seconds of training at most
    #[arg(long, default_value_t = 60.0)]
    train: f64,
    #[command(flatten)]
    recipe: Box<crate::Recipe>,
}

#[derive(Debug, clap::Args)]
struct MapArgs {
    /// Data with two features: a file or a built-in name
    #[arg(default_value = "moons")]
    data: String,
    /// Maps of each kind; the line has the median
    #[arg(long, default_value_t = 20, value_parser = super::at_least_one)]
    times: usize,
    #[command(flatten)]
    recipe: Box<crate::Recipe>,
}

#[derive(Debug, clap::Args)]
struct RenderArgs {
    /// Points in each of the three views
    #[arg(long, value_delimiter = ',', default_values_t = [70_000, 1_000_000], value_parser = super::at_least_one)]
    points: Vec<usize>,
    /// Size of the picture in pixels
    #[arg(long, value_parser = super::size, default_value = "2560x1440")]
    size: [f32; 2],
    /// Frames of each kind; the table has the median
    #[arg(long, default_value_t = 20, value_parser = super::at_least_one)]
    frames: usize,
    /// Neighbours that edges join each point to; 0 draws none
    #[arg(long, default_value_t = 0)]
    edges: usize,
}

/// The figures of one run.
#[derive(Clone, Debug)]
struct Figures {
    samples: usize,
    features: usize,
    seconds: f64,
    mib: f64,
    stages: Vec<(String, f64)>,
    acc: Option<f64>,
}

pub(super) fn bench(args: &Args) -> Result<()> {
    match &args.what {
        Some(What::Render(args)) => return render(args),
        Some(What::Map(args)) => return map(args),
        Some(What::Window(args)) => return window(args),
        Some(What::Gpu(args)) => return bench_gpu::bench(args),
        Some(What::Open(args)) => return open(args),
        Some(What::Apply(args)) => return bench_apply::bench(args),
        None => {}
    }
    for data in &args.data {
        let sizes: Vec<Option<usize>> =
            if args.growth.is_empty() { vec![None] } else { args.growth.iter().copied().map(Some).collect() };
        let mut lines = Vec::new();
        for size in sizes {
            let mut runs = (0..args.times).map(|_| run(data, size, &args.flags)).collect::<Result<Vec<_>>>()?;
            runs.sort_by(|a, b| a.seconds.total_cmp(&b.seconds));
            let spread = [runs[0].seconds, runs[runs.len() - 1].seconds];
            lines.push((runs.swap_remove(runs.len() / 2), spread));
        }
        say::out(|out| writeln!(out, "{}", table(data, &lines)))?;
    }
    Ok(())
}

fn open(args: &OpenArgs) -> Result<()> {
    let started = std::time::Instant::now();
    let loaded = data::load(&Source::of(&args.data), &args.recipe, &crate::support::progress::Progress::silent())?;
    let seconds = started.elapsed().as_secs_f64();
    let peak = or_dash(crate::support::memory::peak_mib(), |mib| format!("{mib:.0}"));
    let (rows, columns) = (loaded.len(), loaded.dim());
    let single = (rows * columns * size_of::<f32>()) as f64 / f64::from(1_u32 << 20);
    say::line(&format!(
        "{rows} x {columns} in {seconds:.3} s; {peak} MiB at most, where single precision takes {single:.0} for the features"
    ))
}

fn render(args: &RenderArgs) -> Result<()> {
    let mut text = String::new();
    for &points in &args.points {
        let size = args.size.map(|side| side as u32);
        let scene = Scene { points, size, frames: args.frames, neighbors: args.edges };
        let (adapter, cost) = render::render(&scene)?;
        if text.is_empty() {
            let _ = writeln!(text, "{adapter}, {} x {} pixels, milliseconds a frame", scene.size[0], scene.size[1]);
            let _ = writeln!(
                text,
                "{:>11} {:>8} {:>8} {:>8} {:>8} {:>11} {:>10} {:>9}",
                "points", "code", "still", "turning", "worst", "new places", "drawn", "complete"
            );
        }
        let FrameCost { code, still, turning, worst, moving, drawn, complete, edges } = cost;
        let points = format!("3 x {points}");
        let _ = writeln!(
            text,
            "{points:>11} {code:>8.2} {still:>8.2} {turning:>8.2} {worst:>8.2} {moving:>11.2} {drawn:>10} {complete:>9.0}"
        );
        if let Some(EdgeCost { count, complete, longest, still, star }) = edges {
            let _ = writeln!(
                text,
                "{count} edges complete after {complete:.0} ms, the longest frame {longest:.0}; still {still:.2}, with the star of another point {star:.2}"
            );
        }
    }
    say::line(&text)
}

fn map(args: &MapArgs) -> Result<()> {
    let job = Job { source: Source::of(&args.data), recipe: (*args.recipe).clone() };
    let MapCost { samples, quick, fine, landing, apart: [mean, most] } = map::map(&job, args.times)?;
    say::line(&format!(
        "{samples} samples; map of 64 x 64 places {quick:.1} ms, of 192 x 192 {fine:.1} ms; a new point {landing:.1} ms; the learned zero line lies {:.2} % of the plane's width from the exact one, {:.2} % at most",
        100.0 * mean,
        100.0 * most
    ))
}

fn window(args: &WindowArgs) -> Result<()> {
    let seconds = |value: f64, flag: &str| {
        Duration::try_from_secs_f64(value).map_err(|_| Error::Setting(format!("{flag} must be a number of seconds")))
    };
    let times = [seconds(args.rest, "--rest")?, seconds(args.turn, "--turn")?, seconds(args.train, "--train")?];
    let job = Job { source: Source::of(&args.data), recipe: (*args.recipe).clone() };
    let cost = window::window(job, args.size, times)?;
    say::line(&cost.text(args.rest))
}

/// One run in a process of its own.
fn run(name: &str, size: Option<usize>, flags: &[String]) -> Result<Figures> {
    let program = std::env::current_exe().map_err(Error::io("find", std::path::Path::new("eigenscope")))?;
    let mut command = Command::new(&program);
    command.args(["run", name, "--json", "--quiet"]).args(flags).stdin(Stdio::null()).stderr(Stdio::piped());
    if let Some(size) = size {
        // A generated set has as many samples as are asked for; of any other the limit keeps some.
        let generated = data::BuiltIn::named(name).is_some_and(|set| set.generated().is_some());
        let flag = if generated { "--samples" } else { "--limit" };
        command.args([flag, &size.to_string()]);
    }
    let output = command.output().map_err(Error::io("run", &program))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Error::Data(format!(
            "{name}: {}",
            said.trim().trim_start_matches("error: ").trim_start_matches("eigenscope: ")
        )));
    }
    let summary: Value = serde_json::from_slice(&output.stdout)
        .map_err(|e| Error::Data(format!("{name}: the summary cannot be read: {e}")))?;
    figures(&summary).ok_or_else(|| Error::Data(format!("{name}: the summary names no stages")))
}

/// What a summary says; nothing where it has no stages.
fn figures(summary: &Value) -> Option<Figures> {
    let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
    let stages = summary["stages"].as_array()?;
    Some(Figures {
        samples: number(&summary["samples"]) as usize,
        features: number(&summary["features"]) as usize,
        seconds: number(&summary["seconds"]),
        mib: number(&summary["peak_rss_mib"]),
        stages: stages.iter().map(|s| (s["name"].as_str().unwrap_or("?").to_owned(), number(&s["seconds"]))).collect(),
        acc: summary["learned"]["acc"].as_f64().or_else(|| summary["exact"]["acc"].as_f64()),
    })
}

/// A line for each size, with the exponent of growth below where there are several.
fn table(data: &str, lines: &[(Figures, [f64; 2])]) -> String {
    let mut text = format!("{data}\n");
    let Some((first, _)) = lines.first() else { return text };
    let used =
        |name: &str| lines.iter().any(|(f, _)| f.stages.iter().any(|(stage, seconds)| stage == name && *seconds > 0.0));
    let names: Vec<&String> = first.stages.iter().map(|(name, _)| name).filter(|name| used(name)).collect();
    let _ = write!(text, "{:>9} {:>8} {:>9} {:>17}", "samples", "features", "seconds", "least to most");
    for name in &names {
        let _ = write!(text, " {name:>10}");
    }
    let _ = writeln!(text, " {:>9} {:>6}", "peak MiB", "ACC");
    for (f, [least, most]) in lines {
        let range = format!("{least:.2} to {most:.2}");
        let _ = write!(text, "{:>9} {:>8} {:>9.2} {range:>17}", f.samples, f.features, f.seconds);
        for name in &names {
            let _ = write!(text, " {:>10.3}", stage(f, name));
        }
        let acc = or_dash(f.acc, |acc| format!("{acc:.3}"));
        let _ = writeln!(text, " {:>9.0} {acc:>6}", f.mib);
    }
    if let [(first, _), .., (last, _)] = lines {
        let step = (last.samples as f64 / first.samples as f64).ln();
        let exponent = |from: f64, to: f64| (to / from).ln() / step;
        let _ = write!(text, "{:>9} {:>8} {:>9.2} {:>17}", "exponent", "", exponent(first.seconds, last.seconds), "");
        for name in &names {
            let _ = write!(text, " {:>10.2}", exponent(stage(first, name), stage(last, name)));
        }
        text.push('\n');
    }
    text
}

fn stage(figures: &Figures, name: &str) -> f64 {
    figures.stages.iter().find(|(stage, _)| stage == name).map_or(f64::NAN, |(_, seconds)| *seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_the_exponent_between_the_first_size_and_the_last() {
        let at = |samples: usize, seconds: f64| {
            let stages = vec![("load".to_owned(), 0.0), ("exact".to_owned(), 2.0 * seconds)];
            (Figures { samples, features: 2, seconds, mib: 100.0, stages, acc: Some(0.5) }, [seconds, seconds])
        };
        let text = table("moons", &[at(1000, 1.0), at(10_000, 20.0), at(100_000, 100.0)]);
        assert!(text.lines().count() == 6 && !text.contains("load"), "{text}");
        let last: Vec<&str> = text.lines().last().unwrap_or_default().split_whitespace().collect();
        assert_eq!(last, ["exponent", "1.00", "1.00"]);
        assert!(!table("moons", &[at(1000, 1.0)]).contains("exponent"));
    }

    #[test]
    fn a_summary_gives_its_figures() {
        let summary = serde_json::json!({
            "samples": 500, "features": 2, "seconds": 1.5, "peak_rss_mib": 90.0,
            "stages": [{"name": "load", "seconds": 0.25}], "learned": null, "exact": {"acc": 0.75},
        });
        let figures = figures(&summary).expect("it has stages");
        assert_eq!((figures.samples, figures.stages.len(), figures.acc), (500, 1, Some(0.75)));
    }
}
