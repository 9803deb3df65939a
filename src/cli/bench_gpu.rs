//! `eigenscope bench gpu`: what a step of the network's training costs on each device here, and what crosses between it and the host.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::process::{Command, Stdio};

use super::progress::Terminal;
use super::say;
use crate::data::Source;
use crate::nets::crossing::{Crossed, Steps};
use crate::nets::{Adapter, device};
use crate::pipeline::{Chain, CurvePoint, Job, Outcome};
use crate::recipe::{Auto, DeviceChoice, LastLayer, Recipe, Stage};
use crate::support::number::or_dash;
use crate::support::progress::Control;
use crate::{Error, Result};

/// Steps that are taken where the command does not say how many.
const STEPS: usize = 200;
/// Pairs of a step, likewise: where a step takes the whole graph, the host solves the last layer and waits each time.
const PAIRS: usize = 1024;
/// The step in PyTorch.
const TORCH: &str = include_str!("bench_gpu.py");

/// What `bench gpu` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Data to train on: a file, a folder or a built-in name
    #[arg(default_value = "fashion-10k")]
    data: String,
    /// Say nothing on stderr but errors
    #[arg(long)]
    quiet: bool,
    #[command(flatten)]
    recipe: Box<Recipe>,
}

/// What a training cost on one device.
#[derive(Clone, Debug)]
struct Cost {
    device: String,
    /// Steps a second from the first look on, looks included: kernels are built before.
    rate: Option<f64>,
    steps: Steps,
    /// What crossed in the whole run.
    all: Crossed,
    /// Seconds of training.
    seconds: f64,
    /// To the exact eigenspace, per dimension, where that was asked for.
    distance: Option<f64>,
}

pub(super) fn bench(args: &Args) -> Result<()> {
    let steps = Auto::Set(args.recipe.steps.unwrap_or_else(|| STEPS));
    let batch = Auto::Set(args.recipe.batch.unwrap_or_else(|| PAIRS));
    // A solution on the host between two looks is no part of a step.
    let last_layer = match args.recipe.last_layer {
        LastLayer::Auto => LastLayer::Learned,
        asked => asked,
    };
    let recipe = Recipe { last_layer, batch, steps, ..(*args.recipe).clone() };
    let mut wanted = vec![DeviceChoice::Cpu];
    let adapters = device::adapters();
    if adapters.iter().any(|Adapter { kind, .. }| *kind != "cpu") {
        wanted.push(DeviceChoice::Gpu);
    }
    let terminal = Terminal::new(args.quiet);
    let mut costs = Vec::new();
    let mut shape = None;
    for choice in wanted {
        let job = Job { source: Source::of(&args.data), recipe: Recipe { device: choice, ..recipe.clone() } };
        let (before, all) = (Steps::now(), Crossed::now());
        let outcome = Chain::default().run(&job, &Control::new(), &terminal)?;
        costs.push(Cost::of(&outcome, Steps::now().since(before), Crossed::now().since(all))?);
        shape = Some(step_of(&outcome));
    }
    let mut text = table(&costs);
    if costs.len() == 1 {
        text.push_str("\nno GPU was found: `eigenscope devices` lists what can train");
    }
    if let Some(shape) = shape {
        // Writing to a string does not fail.
        let _ = write!(text, "\n{}", torch(&shape));
    }
    say::line(&text)
}

impl Cost {
    fn of(outcome: &Outcome, steps: Steps, all: Crossed) -> Result<Self> {
        let seconds = outcome.stages.iter().find(|(stage, _)| *stage == Stage::Learn).map(|(_, seconds)| *seconds);
        let seconds = seconds.filter(|_| steps.count > 0).ok_or_else(|| {
            Error::Setting("nothing was trained: `bench gpu` needs --learn, which --no-learn switches off".to_owned())
        })?;
        let distance = outcome.kept_look().and_then(|look| look.grassmann);
        Ok(Self { device: outcome.snapshot.device.clone(), rate: rate(&outcome.curve), steps, all, seconds, distance })
    }
}

/// Steps a second between the first look and the last.
fn rate(curve: &[CurvePoint]) -> Option<f64> {
    let (first, last) = (curve.first()?, curve.last()?);
    let seconds = last.seconds - first.seconds;
    (seconds > 0.0).then(|| last.step.saturating_sub(first.step) as f64 / seconds)
}

/// A line for each device.
fn table(costs: &[Cost]) -> String {
    let mut out = format!(
        "{:<32}{:>8}{:>10}{:>14}{:>14}{:>12}{:>14}{:>12}{:>10}",
        "", "steps", "steps/s", "up/step", "down/step", "that wait", "looks, down", "waiting", "distance"
    );
    for Cost { device, rate, steps, all, seconds, distance } in costs {
        let count = steps.count.max(1);
        let each = |bytes: u64| format!("{} B", bytes / count);
        let figure = |value: Option<f64>, digits: usize| or_dash(value, |v| format!("{v:.digits$}"));
        let looks = format!("{:.1} MB", (all.down - steps.crossed.down) as f64 / 1e6);
        let name: String = device.chars().take(31).collect();
        let _ = write!(
            out,
            "\n{name:<32}{:>8}{:>10}{:>14}{:>14}{:>12}{looks:>14}{:>12}{:>10}",
            steps.count,
            figure(*rate, 1),
            each(steps.crossed.up),
            each(steps.crossed.down),
            steps.waiting,
            format!("{:.0} %", 100.0 * all.waited / seconds.max(f64::MIN_POSITIVE)),
            figure(*distance, 4),
        );
    }
    out.push_str(
        "\nup, down: what a step sends to the device and reads back. Waiting: the share of the seconds in which the host has nothing to do \
         but wait for the device's kernels. On the CPU numbers cross nothing; they are counted for comparison",
    );
    out
}

/// Rows, widths from the input on, and pairs: what the same step takes elsewhere.
fn step_of(outcome: &Outcome) -> [String; 3] {
    let training = &outcome.settings.training;
    let layers = outcome.snapshot.network.as_ref().map_or(&[][..], |network| &network.weights.layers);
    let first = layers.first().map(|layer| layer.weight.nrows());
    let widths: Vec<String> =
        first.into_iter().chain(layers.iter().map(|layer| layer.bias.len())).map(|width| width.to_string()).collect();
    [outcome.snapshot.data.len().to_string(), widths.join(","), training.batch.to_string()]
}

/// The same step in PyTorch on CUDA, where both are there; else why not.
fn torch(shape: &[String; 3]) -> String {
    let run =
        Command::new("python3").args(["-c", TORCH]).args(shape.iter().map(OsStr::new)).stdin(Stdio::null()).output();
    let Ok(output) = run else { return "PyTorch: there is no python3".to_owned() };
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if !output.status.success() {
        let why = said(&output.stderr);
        return format!("PyTorch: {}", why.lines().last().unwrap_or("it failed"));
    }
    match said(&output.stdout)
        .split_once('\t')
        .and_then(|(name, rate)| Some((name.to_owned(), rate.parse::<f64>().ok()?)))
    {
        Some((name, rate)) => format!("PyTorch on {name}: {rate:.1} steps/s of the same size, without looks"),
        None => "PyTorch: its answer cannot be read".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_leaves_out_what_came_before_the_first_look() {
        let at = |step, seconds| CurvePoint { step, seconds, ..CurvePoint::default() };
        assert_eq!(rate(&[at(50, 30.0), at(100, 31.0), at(150, 32.0)]), Some(50.0));
        assert_eq!((rate(&[at(50, 30.0)]), rate(&[])), (None, None));
    }

    #[test]
    fn a_line_a_device_has_what_a_step_costs() {
        let crossed = Crossed { up: 1_600_000, down: 40_000, waits: 2, waited: 1.0 };
        let steps = Steps { count: 200, waiting: 2, crossed };
        let all = Crossed { down: 3_040_000, waited: 1.5, ..crossed };
        let cost = Cost { device: "a GPU".to_owned(), rate: Some(81.25), steps, all, seconds: 3.0, distance: None };
        let text = table(&[cost]);
        let line: Vec<&str> = text.lines().nth(1).unwrap_or_default().split_whitespace().collect();
        let expected = ["a", "GPU", "200", "81.2", "8000", "B", "200", "B", "2", "3.0", "MB", "50", "%", "–"];
        assert_eq!(line, expected);
    }
}
