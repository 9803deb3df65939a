//! `eigenscope run`: the whole chain without a window.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::asked::Asked;
use super::progress::Terminal;
use super::say;
use crate::output::{
    ANIMATION_WIDEST, Animation, LabelOptions, Results, Summary, TableFormat, Totals, check_animation, check_folder,
    guard, write_animation, write_atomically, write_every_row, write_figures, write_model,
};
use crate::pipeline::{Chain, Event, Job, Outcome, Watcher as _};
use crate::recipe::Stage;
use crate::support::plain;
use crate::support::progress::{Control, Progress};
use crate::{Error, Result};

/// What `run` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Write labels, figures, recipe, summary and model to this folder
    #[arg(long)]
    out: Option<PathBuf>,
    /// What the labels are written as: labels.csv, labels.parquet or another with that ending
    #[arg(long, value_enum, default_value_t, requires = "out")]
    labels: TableFormat,
    /// Columns of the labels by name, commas between them, such as id,cluster,label; all unless given
    #[arg(long, value_name = "NAMES", value_delimiter = ',', requires = "out")]
    columns: Option<Vec<String>>,
    /// Replace results of other data that stand in --out; what the run reads is never replaced
    #[arg(long, requires = "out")]
    force: bool,
    /// Write the training as an animation: a GIF where the name ends so, else a new folder of PNG pictures, one a look
    #[arg(long, value_name = "FILE")]
    animation: Option<PathBuf>,
    /// Width of the animation in pixels
    #[arg(long, value_name = "PIXELS", default_value_t = 840, requires = "animation",
        value_parser = clap::value_parser!(u32).range(200..=i64::from(ANIMATION_WIDEST)))]
    animation_width: u32,
    /// Looks a second in the animation
    #[arg(long, value_name = "LOOKS", default_value_t = 8.0, requires = "animation", value_parser = pace)]
    animation_pace: f64,
    /// Print the summary as one JSON object, alone on stdout
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    pub(super) asked: Asked,
}

pub(super) fn run(args: &Args) -> Result<()> {
    let started = Instant::now();
    let job = args.asked.job()?;
    if let Some(folder) = &args.out {
        let files = &args.asked.files;
        for read in [&files.settings, &files.roles] {
            guard::check_folder(folder, &job.source, &job.recipe, read.as_deref(), args.force)?;
        }
        // Better now than after an hour of training.
        check_folder(folder)?;
    }
    if let Some(path) = &args.animation {
        check_film(path, &job)?;
    }
    let terminal = Terminal::new(args.asked.quiet);
    let mut chain = if args.animation.is_some() { Chain::recording() } else { Chain::default() };
    let outcome = chain.run(&job, &Control::new(), &terminal)?;
    let mut notes = outcome.notes.clone();
    for note in job.recipe.given_for_nothing(&outcome.snapshot.facts) {
        terminal.note(&note);
        notes.push(note);
    }
    // The labels first: what is to be said of them stands in the summary too.
    let results = args.out.as_deref().map(|folder| with_labels(folder, args, &outcome, &terminal)).transpose();
    if let Ok(Some((_, said))) = &results {
        for note in said {
            terminal.note(note);
        }
        notes.extend_from_slice(said);
    }
    let totals = Totals {
        seconds: started.elapsed().as_secs_f64(),
        peak_rss_mib: crate::support::memory::peak_mib(),
        stages: outcome.stages.clone(),
        last: outcome.kept_look(),
        notes,
    };
    let summary = Summary::new(&outcome.snapshot, &totals);
    let written = results.and_then(|results| match results {
        Some((results, _)) => match write(results.path(), &outcome, &summary) {
            Ok(()) => results.commit(),
            Err(e) => Err(results.explain(e)),
        },
        None => Ok(()),
    });
    let written = written.and(film(args, &outcome, &terminal));
    let text = if args.json { summary.to_json()? } else { summary.to_string() };
    // A folder that cannot be written is no reason to lose the figures too.
    say::line(&if args.json { plain::json(&text) } else { plain::lines(&text) }).and(written)
}

/// Whether an animation can come of this run, better now than after an hour of training.
fn check_film(path: &Path, job: &Job) -> Result<()> {
    if !job.recipe.learn {
        return Err(Error::Setting("--animation shows a training, and --no-learn leaves it out".to_owned()));
    }
    if guard::inputs(&job.source, &job.recipe).iter().any(|input| guard::same_file(input, path)) {
        let text = format!("--animation {} is the data itself; give another name", path.display());
        return Err(Error::Setting(text));
    }
    check_animation(path)
}

/// Writes the animation, where one was asked for.
fn film(args: &Args, outcome: &Outcome, terminal: &Terminal) -> Result<()> {
    let Some(path) = &args.animation else { return Ok(()) };
    let report =
        |fraction: f32, note: &str| terminal.event(Event::Progress(Stage::Clusters, fraction, note.to_owned()));
    let progress = Progress::new(Control::new(), &report);
    let (width, pace) = (args.animation_width, args.animation_pace);
    let animation = Animation { width, pace, ..Animation::of(Arc::new(outcome.snapshot.clone())) };
    write_animation(path, &animation, &progress).map(drop)
}

/// Looks a second.
fn pace(text: &str) -> std::result::Result<f64, String> {
    let pace = text.parse().ok().filter(|pace| (0.5..=50.0).contains(pace));
    pace.ok_or_else(|| "a number from 0.5 to 50".to_owned())
}

/// A place for a run's files with the labels in it, and what is to be said of them.
fn with_labels(folder: &Path, args: &Args, outcome: &Outcome, terminal: &Terminal) -> Result<(Results, Vec<String>)> {
    let results = Results::new(folder)?;
    let report =
        |fraction: f32, note: &str| terminal.event(Event::Progress(Stage::Clusters, fraction, note.to_owned()));
    let progress = Progress::new(Control::new(), &report);
    let path = results.path().join(guard::labels_name(args.labels));
    let columns = args.columns.as_deref();
    let row = columns.is_some_and(|columns| columns.iter().any(|name| name == "row"));
    let options = LabelOptions { columns, row, ..LabelOptions::default() };
    match write_every_row(&path, &outcome.snapshot, options, &progress) {
        Ok(notes) => Ok((results, notes)),
        Err(e) => Err(results.explain(e)),
    }
}

fn write(folder: &Path, outcome: &Outcome, summary: &Summary) -> Result<()> {
    write_figures(folder, &outcome.snapshot, &outcome.curve)?;
    let recipe = toml::to_string(&outcome.snapshot.job.recipe).map_err(|e| Error::Data(format!("the recipe: {e}")))?;
    write_atomically(&folder.join("recipe.toml"), |w| w.write_all(recipe.as_bytes()))?;
    if let Some(model) = &outcome.model {
        write_model(&folder.join("model.eigenscope"), model)?;
    }
    let summary = summary.to_json()?;
    write_atomically(&folder.join("summary.json"), |w| w.write_all(summary.as_bytes()))
}
