//! The commands without a window. Wrong usage ends with exit code 2, a failure with 1 and a message that says what to do.

mod apply;
mod asked;
mod bench;
mod bench_apply;
mod bench_gpu;
mod compare;
mod export;
mod fetch;
mod list;
mod progress;
mod run;
mod say;
mod shell;
mod unseen;
mod words;

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::app::{Options, ThemeChoice};
use crate::data::{Own, Source};
use crate::output::guard;
use crate::project::{read_project, remembered};
use crate::recipe::columns::{merged_kinds, read_roles};
use crate::recipe::{Recipe, flags};
use crate::support::text_file::{LONGEST_RECIPE, read_text};
use crate::support::{faults, logging, plain, threads};
use crate::{Error, Result};

/// A microscope for spectral clustering: train SpectralNet and watch it find the exact eigenspace.
#[derive(Debug, Parser)]
#[command(name = "eigenscope", version, args_conflicts_with_subcommands = true, args_override_self = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    /// Data to open in the window: a file, a folder or a built-in name; - is the standard input
    data: Option<OsString>,
    #[command(flatten)]
    window: Window,
    #[command(flatten)]
    recipe: Recipe,
    /// Say on stderr what the program is doing; the variable RUST_LOG says of which parts
    #[arg(long, global = true, help_heading = "Log")]
    verbose: bool,
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
    /// Colours of the window; those chosen there last unless given
    #[arg(long, value_enum, help_heading = "Window")]
    theme: Option<ThemeChoice>,
    #[command(flatten)]
    files: asked::Files,
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
    /// How well rows are placed that the training never saw, beside Nyström's extension of the exact side
    Unseen(Box<unseen::Args>),
    /// Label new rows with a trained model
    Apply(apply::Args),
    /// Download a public set, checked and resumable, into the cache; without a name, list them
    Fetch(fetch::Args),
    /// A trained model for other programs
    Export(export::Args),
    /// What data is built in or cached
    #[command(after_help = list::formats())]
    Data,
    /// What can train
    Devices,
    /// Print what makes a shell complete commands and flags
    Completions(shell::CompletionsArgs),
    /// Print the manual page, or write one for each command
    Man(shell::ManArgs),
}

/// Shortest and longest side of a window or picture; beyond it graphics processors have no room.
const SIDES: std::ops::RangeInclusive<f32> = 200.0..=8192.0;

fn size(text: &str) -> Result<[f32; 2], String> {
    let parts = text.split_once('x').and_then(|(w, h)| Some([w.parse().ok()?, h.parse().ok()?]));
    parts
        .filter(|p: &[f32; 2]| p.iter().all(|v| SIDES.contains(v)))
        .ok_or_else(|| format!("a size such as 1280x800, each side from {} to {}", SIDES.start(), SIDES.end()))
}

/// A count of which there must be one.
fn at_least_one(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|&count| count > 0).ok_or_else(|| "a whole number, at least 1".to_owned())
}

/// Parses the arguments, program name first, and does what they say: 0 where all went well, 2 on wrong usage, 1 on a failure,
/// both with a message on stderr.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let state = remembered::folder();
    faults::write_down(state.clone());
    let args = flags::expand(args);
    let no_text = args.iter().find(|arg| arg.to_str().is_none()).map(|arg| arg.to_string_lossy().into_owned());
    let done = words::opened_as(args).and_then(|(args, shown)| {
        let parsed =
            Cli::try_parse_from(with_files(with_project(args)?)?).map_err(|e| words::named(e, no_text.as_deref()))?;
        words::known(parsed.command.is_none().then_some(parsed.data.as_deref()).flatten())?;
        begin_log(&parsed, state);
        Ok(act(parsed, shown)?)
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => stop.say(),
    }
}

/// Begins to write down what happens: the window and downloads into a file of the folder for state; the other commands say all there is to
/// say on stderr.
fn begin_log(cli: &Cli, state: Option<PathBuf>) {
    let course = matches!(cli.command, None | Some(Command::Fetch(_)));
    let wanted = logging::Wanted { folder: state.filter(|_| course), verbose: cli.verbose, course };
    if let Some(wrong) = logging::start(&wanted) {
        say::err(&format!("note: {}", plain::line(&wrong)));
    }
    let (system, machine) = (std::env::consts::OS, std::env::consts::ARCH);
    log::info!("Eigenscope {} on {system}, {machine}", env!("CARGO_PKG_VERSION"));
}

/// Does what the arguments say; `shown` is a file of the program's own to show in the window.
fn act(cli: Cli, shown: Option<PathBuf>) -> Result<()> {
    let Some(command) = cli.command else {
        return window(cli.data.as_deref(), cli.window, cli.recipe, shown);
    };
    if !matches!(command, Command::Bench(_)) {
        threads::start(|| ()); // A window's threads give way to it, and start with it.
    }
    match command {
        Command::Run(args) => run::run(&args),
        Command::Compare(args) => compare::compare(&args),
        Command::Ablate(args) => compare::ablate(&args),
        Command::Bench(args) => bench::bench(&args),
        Command::Unseen(args) => unseen::unseen_rows(&args),
        Command::Apply(args) => apply::run(&args),
        Command::Fetch(args) => fetch::fetch(&args),
        Command::Export(args) => export::export(&args),
        Command::Data => list::data(),
        Command::Devices => list::devices(),
        Command::Completions(args) => shell::completions(&args),
        Command::Man(args) => shell::man(&args),
    }
}

fn window(data: Option<&OsStr>, window: Window, recipe: Recipe, shown: Option<PathBuf>) -> Result<()> {
    let source = Source::argument(data.unwrap_or("moons".as_ref()))?;
    let job = crate::pipeline::Job { source, recipe };
    if let Some(path) = &window.screenshot
        && guard::inputs(&job.source, &job.recipe).iter().any(|input| guard::same_file(input, path))
    {
        let text = format!("--screenshot {} is the data itself; give another name", path.display());
        return Err(Error::Setting(text));
    }
    let options = Options {
        screenshot: window.screenshot,
        size: window.size,
        theme: window.theme,
        train: !window.idle,
        shown,
        example: data.is_none(),
        watch: None,
    };
    crate::app::open(job, &options)
}

/// The arguments with the settings of a recipe file, then of a file of roles, before the person's own flags, so that the flags win; kinds
/// that are said several times are one list.
fn with_files(mut args: Vec<OsString>) -> Result<Vec<OsString>> {
    // Each goes to the front, so the one that is to win goes first.
    if let Some(path) = file_of(&args, "--roles") {
        insert(&mut args, &read_roles(&path)?);
    }
    if let Some(path) = file_of(&args, "--recipe") {
        insert(&mut args, &read_recipe(&path)?);
    }
    Ok(one_kind(args))
}

/// The arguments of `run` with a project in the place of its data and settings, so that the person's own flags win.
fn with_project(mut args: Vec<OsString>) -> Result<Vec<OsString>> {
    let path = args.get(2).filter(|_| args.get(1).is_some_and(|command| command == "run")).map(PathBuf::from);
    let Some(path) = path.filter(|path| Own::of(path) == Some(Own::Project)) else { return Ok(args) };
    let project = read_project(&path)?;
    let Some(source) = project.data.find(&path) else {
        let text = format!("its data, {}, is not where it was; open the project in the window", project.data.title());
        return Err(Error::format(&path, text));
    };
    if let Some(said) = project.data.changed(&source, &project.recipe) {
        return Err(Error::format(&path, format!("{said}; `eigenscope run` takes the data itself and --recipe")));
    }
    args[2] = match source {
        Source::Named(name) => name.into(),
        Source::Path(path) => path.into(),
        Source::Painted(_) => {
            let text = "its points are painted: open it in the window, save them as CSV and run that file".to_owned();
            return Err(Error::format(&path, text));
        }
    };
    args.splice(3..3, project.recipe.flags().into_iter().map(OsString::from));
    Ok(args)
}

/// The file behind a flag; none where the flag is not there or its value is missing, of which clap tells.
fn file_of(args: &[OsString], flag: &str) -> Option<PathBuf> {
    let start = format!("{flag}=");
    let at = args.iter().position(|a| a == flag || a.to_string_lossy().starts_with(&start))?;
    behind_equals(&args[at], &start).or_else(|| args.get(at + 1).map(PathBuf::from))
}

/// Puts settings before the person's own flags.
fn insert(args: &mut Vec<OsString>, recipe: &Recipe) {
    let cli = Cli::command();
    let command = args.get(1).and_then(|word| cli.find_subcommand(word));
    let has_settings =
        command.is_some_and(|command| command.get_arguments().any(|arg| arg.get_long() == Some("recipe")));
    let first_flag = (1 + usize::from(has_settings)).min(args.len());
    args.splice(first_flag..first_flag, recipe.flags().into_iter().map(OsString::from));
}

/// Several `--kind` as one, in the place of the first.
fn one_kind(args: Vec<OsString>) -> Vec<OsString> {
    let (mut out, mut lists, mut place) = (Vec::new(), Vec::new(), None);
    let mut args = args.into_iter().peekable();
    while let Some(arg) = args.next() {
        let text = arg.to_str().unwrap_or_default();
        let list = match text.strip_prefix("--kind=") {
            Some(list) => Some(list.to_owned()),
            None if text == "--kind" => {
                args.next_if(|next| next.to_str().is_some()).and_then(|next| next.into_string().ok())
            }
            None => None,
        };
        match list {
            Some(list) => {
                place.get_or_insert(out.len());
                lists.push(list);
            }
            None => out.push(arg),
        }
    }
    if let Some(place) = place {
        out.insert(place, format!("--kind={}", merged_kinds(lists.iter().map(String::as_str))).into());
    }
    out
}

/// What stands behind `--recipe=` or another flag, which may be no text.
fn behind_equals(arg: &OsStr, start: &str) -> Option<PathBuf> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt as _;
        arg.as_bytes().strip_prefix(start.as_bytes()).map(|path| OsStr::from_bytes(path).into())
    }
    #[cfg(not(unix))]
    {
        arg.to_string_lossy().strip_prefix(start).map(PathBuf::from)
    }
}

/// A recipe file.
///
/// # Errors
/// [`Error::Io`] or [`Error::Format`], which names the line.
pub fn read_recipe(path: &Path) -> Result<Recipe> {
    let text = read_text(path, LONGEST_RECIPE)?;
    toml::from_str(&text).map_err(|e| Error::format(path, e.to_string()))
}

#[cfg(test)]
mod tests {
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
        let args = with_files(args.into_iter().chain([file.clone().into()]).collect()).expect("the recipe is read");
        let Some(Command::Run(run)) = Cli::parse_from(args).command else { panic!("`run` was asked for") };
        assert_eq!((run.asked.recipe.neighbors, run.asked.recipe.seed), (crate::recipe::Auto::Set(5), 4));
        std::fs::write(&file, "neighbours = 9\n").expect("the file is written");
        let args = vec!["eigenscope".into(), "run".into(), "--recipe".into(), file.into()];
        let error = with_files(args).expect_err("there is no such setting").to_string();
        assert!(error.contains("recipe.toml") && error.contains("neighbours"), "{error}");
    }

    #[test]
    fn a_file_of_roles_wins_over_a_recipe_and_flags_over_both() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let (recipe, roles) = (folder.path().join("recipe.toml"), folder.path().join("roles.toml"));
        std::fs::write(&recipe, "seed = 4\nignore = \"a\"\nkind = \"a=flag,b=number\"\n").expect("written");
        std::fs::write(&roles, "[columns]\nb = \"category\"\nc = \"ignored\"\n").expect("written");
        let parsed = |more: &[&str]| {
            let mut args: Vec<OsString> = ["eigenscope", "run", "t.csv", "--recipe"].map(OsString::from).to_vec();
            args.extend([recipe.clone().into(), OsString::from("--roles"), roles.clone().into()]);
            args.extend(more.iter().map(OsString::from));
            let Some(Command::Run(run)) = Cli::parse_from(with_files(args).expect("both are read")).command else {
                panic!("`run` was asked for")
            };
            (run.asked.recipe.seed, run.asked.recipe.ignore, run.asked.recipe.kind)
        };
        assert_eq!(parsed(&[]), (4, "c".to_owned(), "a=flag,b=number,b=category".to_owned()));
        let (_, ignore, kind) = parsed(&["--kind", "a=date", "--ignore", "none", "--kind=d=flag"]);
        assert_eq!((ignore.as_str(), kind.as_str()), ("none", "a=flag,b=number,b=category,a=date,d=flag"));
        assert_eq!(parsed(&["--kind", "auto"]).2, "auto");
    }

    #[test]
    fn names_and_paths_are_told_apart() {
        assert_eq!(Source::of("moons"), Source::Named("moons".to_owned()));
        assert_eq!(Source::of("data/x.csv"), Source::Path("data/x.csv".into()));
    }
}
