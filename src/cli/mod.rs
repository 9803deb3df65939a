//! The commands without a window. Wrong usage ends with exit code 2, a failure with 1 and a message that says what to do.

mod apply;
mod bench;
mod compare;
mod list;
mod progress;
mod run;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Parser, Subcommand};

use crate::app::{Options, ThemeChoice};
use crate::data::Source;
use crate::output::guard;
use crate::recipe::{Recipe, flags};
use crate::{Error, Result};

/// A microscope for spectral clustering: train SpectralNet and watch it find the exact eigenspace.
#[derive(Debug, Parser)]
#[command(name = "eigenscope", version, args_conflicts_with_subcommands = true, args_override_self = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Data to open in the window: a file, a folder or a built-in name
    data: Option<String>,
    #[command(flatten)]
    window: Window,
    #[command(flatten)]
    recipe: Recipe,
}

/// What the window takes besides the data and the recipe.
#[derive(Clone, Debug, clap::Args)]
struct Window {
    /// Train, save a picture of the window to this PNG file, and leave
    #[arg(long, help_heading = "Window")]
    screenshot: Option<PathBuf>,
    /// With --screenshot: take the picture before any training
    #[arg(long, help_heading = "Window", requires = "screenshot")]
    idle: bool,
    /// Size of the window in points, such as 1280x800
    #[arg(long, help_heading = "Window", value_parser = size)]
    size: Option<[f32; 2]>,
    /// Colours of the window
    #[arg(long, help_heading = "Window", value_parser = ["system", "light", "dark"], default_value = "system")]
    theme: String,
    /// Start with these settings; flags win over it
    #[arg(long = "recipe", value_name = "FILE")]
    file: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// The whole run without a window; progress on stderr
    Run(Box<run::Args>),
    /// Several systems and seeds side by side
    Compare(Box<compare::Args>),
    /// The dual autoencoder with each of its parts switched off in turn
    Ablate(Box<compare::AblateArgs>),
    /// What whole runs cost: seconds of each stage, memory, and how they grow
    Bench(bench::Args),
    /// Label new rows with a trained model
    Apply(apply::Args),
    /// What data is built in or cached
    Data,
    /// What can train
    Devices,
}

fn size(text: &str) -> Result<[f32; 2], String> {
    let parts = text.split_once('x').and_then(|(w, h)| Some([w.parse().ok()?, h.parse().ok()?]));
    parts
        .filter(|p: &[f32; 2]| p.iter().all(|v| (200.0..=16_000.0).contains(v)))
        .ok_or_else(|| "a size such as 1280x800".to_owned())
}

/// Parse the arguments, program name first, and do what they say.
///
/// # Errors
/// Whatever the command fails with. Wrong usage does not return: it prints what is wrong and exits with code 2.
pub fn main(args: impl IntoIterator<Item = OsString>) -> Result<()> {
    let cli = Cli::parse_from(with_recipe(flags::expand(args))?);
    match cli.command {
        None => window(cli.data.as_deref().unwrap_or("moons"), cli.window, cli.recipe),
        Some(Command::Run(args)) => run::run(&args),
        Some(Command::Compare(args)) => compare::compare(&args),
        Some(Command::Ablate(args)) => compare::ablate(&args),
        Some(Command::Bench(args)) => bench::bench(&args),
        Some(Command::Apply(args)) => apply::apply(&args),
        Some(Command::Data) => {
            list::data();
            Ok(())
        }
        Some(Command::Devices) => list::devices(),
    }
}

fn window(data: &str, window: Window, recipe: Recipe) -> Result<()> {
    let job = crate::learn::Job { source: Source::of(data), recipe };
    if let Some(path) = &window.screenshot
        && guard::inputs(&job.source, &job.recipe).iter().any(|input| guard::same_file(input, path))
    {
        let text = format!("--screenshot {} is the data itself; give another name", path.display());
        return Err(Error::Setting(text));
    }
    let options = Options {
        screenshot: window.screenshot,
        size: window.size,
        theme: match window.theme.as_str() {
            "light" => ThemeChoice::Light,
            "dark" => ThemeChoice::Dark,
            _ => ThemeChoice::System,
        },
        train: !window.idle,
        watch: None,
    };
    crate::app::open(job, &options)
}

/// The arguments with a recipe file's settings before the person's own flags, so that the flags win.
fn with_recipe(mut args: Vec<OsString>) -> Result<Vec<OsString>> {
    let Some(at) = args.iter().position(|a| a == "--recipe" || a.to_string_lossy().starts_with("--recipe=")) else {
        return Ok(args);
    };
    let own = args[at].to_string_lossy().strip_prefix("--recipe=").map(PathBuf::from);
    let Some(path) = own.or_else(|| args.get(at + 1).map(PathBuf::from)) else {
        return Ok(args); // clap says that the value is missing.
    };
    let recipe = read_recipe(&path)?;
    let first_flag = 1 + usize::from(args.get(1).is_some_and(|a| a == "run" || a == "compare" || a == "ablate"));
    args.splice(first_flag..first_flag, recipe.flags().into_iter().map(OsString::from));
    Ok(args)
}

/// A recipe file.
///
/// # Errors
/// [`Error::Io`] or [`Error::Format`], which names the line.
pub fn read_recipe(path: &Path) -> Result<Recipe> {
    let text = std::fs::read_to_string(path).map_err(Error::io("read", path))?;
    toml::from_str(&text).map_err(|e| Error::format(path, e.to_string()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_win_over_a_recipe_file_wherever_they_stand() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("recipe.toml");
        std::fs::write(&file, "neighbors = 9\nseed = 4\n").expect("the file is written");
        let args = ["eigenscope", "run", "moons", "--neighbors", "5", "--recipe"].map(OsString::from);
        let args = with_recipe(args.into_iter().chain([file.clone().into()]).collect()).expect("the recipe is read");
        let Some(Command::Run(run)) = Cli::parse_from(args).command else { panic!("`run` was asked for") };
        assert_eq!((run.recipe.neighbors, run.recipe.seed), (crate::recipe::Auto::Set(5), 4));
        std::fs::write(&file, "neighbours = 9\n").expect("the file is written");
        let args = vec!["eigenscope".into(), "run".into(), "--recipe".into(), file.into()];
        let error = with_recipe(args).expect_err("there is no such setting").to_string();
        assert!(error.contains("recipe.toml") && error.contains("neighbours"), "{error}");
    }

    #[test]
    fn names_and_paths_are_told_apart() {
        assert_eq!(Source::of("moons"), Source::Named("moons".to_owned()));
        assert_eq!(Source::of("data/x.csv"), Source::Path("data/x.csv".into()));
    }
}
