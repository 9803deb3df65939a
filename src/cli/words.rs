//! The first word of the command line: a command, data, or one of the program's own files; and what to say of any other.

use std::ffi::{OsStr, OsString};
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::CommandFactory as _;

use super::{Cli, say};
use crate::Error;
use crate::data::{self, Own, Source};
use crate::support::language::nearest;
use crate::support::plain;

/// Exit code of wrong usage.
const USAGE: u8 = 2;

/// Why nothing more is done.
#[derive(Debug)]
pub(super) enum Stop {
    /// The arguments are wrong: this sentence says how.
    Usage(String),
    /// The same in clap's words; or its help.
    Clap(clap::Error),
    /// Something failed.
    Failed(Error),
}

impl From<clap::Error> for Stop {
    fn from(e: clap::Error) -> Self {
        Self::Clap(e)
    }
}

impl From<Error> for Stop {
    fn from(e: Error) -> Self {
        Self::Failed(e)
    }
}

impl Stop {
    /// Says it, and with what code the program ends.
    pub(super) fn say(self) -> ExitCode {
        match self {
            Self::Usage(text) => {
                say::err(&format!("error: {}\n\nFor more information, try '--help'.", plain::lines(&text)));
                ExitCode::from(USAGE)
            }
            Self::Clap(e) => match e.print().and_then(|()| std::io::Write::flush(&mut std::io::stdout())) {
                _ if e.use_stderr() => ExitCode::from(USAGE),
                Err(refused) if refused.kind() != ErrorKind::BrokenPipe => {
                    say::err(&format!("eigenscope: cannot write to standard output: {refused}"));
                    ExitCode::FAILURE
                }
                _ => ExitCode::SUCCESS,
            },
            Self::Failed(error) => {
                log::error!("{error}");
                say::err(&format!("eigenscope: {}", plain::lines(&error.to_string())));
                ExitCode::FAILURE
            }
        }
    }
}

/// What clap says, with the argument that is no text where it complains about one and does not say which.
pub(super) fn named(e: clap::Error, no_text: Option<&str>) -> Stop {
    match no_text.filter(|_| e.kind() == clap::error::ErrorKind::InvalidUtf8) {
        Some(arg) => Stop::Usage(format!("`{arg}` is no UTF-8 text, which is taken for paths alone")),
        None => Stop::Clap(e),
    }
}

/// The arguments as they are meant where the first word is one of the program's own files: a recipe becomes `--recipe`, a
/// comparison is what the window shows.
///
/// # Errors
/// [`Stop::Failed`] for a model or a summary, [`Stop::Usage`] for a word that is nothing.
pub(super) fn opened_as(mut args: Vec<OsString>) -> Result<(Vec<OsString>, Option<PathBuf>), Stop> {
    let Some(word) = args.get(1).and_then(|word| word.to_str()).filter(|word| !word.starts_with('-')) else {
        return Ok((args, None));
    };
    if word == "help" || Cli::command().get_subcommands().any(|command| command.get_name() == word) {
        return Ok((args, None));
    }
    known(Some(word.as_ref()))?;
    let path = PathBuf::from(word);
    match Own::of(&path) {
        None => Ok((args, None)),
        Some(Own::Comparison | Own::Project | Own::Lesson) => {
            args.remove(1);
            Ok((args, Some(path)))
        }
        Some(Own::Recipe) if args.iter().any(|a| a.to_string_lossy().starts_with("--recipe")) => {
            Err(Stop::Usage(format!("{} is a recipe, and --recipe names another; give one of them", path.display())))
        }
        Some(Own::Recipe) => {
            args[1] = format!("--recipe={word}").into();
            Ok((args, None))
        }
        Some(own) => Err(Error::format(&path, own.sentence()).into()),
    }
}

/// Says so if a word that stands for data is none.
///
/// # Errors
/// [`Stop::Usage`] with what was probably meant.
pub(super) fn known(word: Option<&OsStr>) -> Result<(), Stop> {
    let Some(word) = word.filter(|word| *word != "-") else { return Ok(()) };
    let sets = || data::builtin().iter().map(|set| set.name);
    match Source::of(word) {
        Source::Painted(_) => Ok(()),
        Source::Path(path) if path.exists() => Ok(()),
        Source::Path(path) => {
            let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).map_or(".".into(), PathBuf::from);
            let names: Vec<String> = std::fs::read_dir(folder)
                .map(|entries| entries.flatten().filter_map(|e| e.file_name().into_string().ok()).collect())
                .unwrap_or_default();
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let meant = nearest(&name, names.iter().map(String::as_str));
            let meant = meant.map_or_else(String::new, |m| format!("; did you mean `{m}` there?"));
            Err(Stop::Usage(format!("there is no file or folder {}{meant}", path.display())))
        }
        Source::Named(name) if sets().any(|set| set == name) => Ok(()),
        Source::Named(name) => {
            let cli = Cli::command();
            let commands: Vec<&str> = cli.get_subcommands().map(clap::Command::get_name).collect();
            let meant = match nearest(&name, commands.iter().copied().chain(sets())) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("commands are {}, and `eigenscope data` lists the built-in sets", commands.join(", ")),
            };
            Err(Stop::Usage(format!("`{name}` is no command, no built-in set and no file; {meant}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_nothing_is_wrong_usage_and_its_nearest_is_named() {
        let told = |word: &str| match known(Some(word.as_ref())) {
            Err(Stop::Usage(text)) => text,
            other => panic!("{word}: {other:?}"),
        };
        assert!(told("aply").contains("did you mean `apply`?"));
        assert!(told("circels").contains("did you mean `circles`?"));
        assert!(told("exprot").contains("did you mean `export`?"));
        assert!(told("zzzzzz").contains("commands are run, compare"));
        let folder = tempfile::tempdir().expect("a temporary folder");
        std::fs::write(folder.path().join("flowers.csv"), "a,b\n1,2\n").expect("written");
        let there = |name: &str| folder.path().join(name).display().to_string();
        assert!(told(&there("flwoers.csv")).contains("did you mean `flowers.csv` there?"));
        assert!(
            known(Some(there("flowers.csv").as_ref())).is_ok()
                && known(Some("moons".as_ref())).is_ok()
                && known(None).is_ok()
        );
    }

    #[test]
    fn a_recipe_is_taken_and_a_model_is_called_one() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).expect("written");
            path
        };
        let opened = |path: &PathBuf| opened_as(vec!["eigenscope".into(), path.into(), "--idle".into()]);
        let recipe = file("recipe.toml", "seed = 3\n");
        let (args, shown) = opened(&recipe).expect("a recipe is taken");
        assert_eq!((args[1].to_str(), shown), (Some(format!("--recipe={}", recipe.display()).as_str()), None));
        let comparison = file("c.json", "{\"data\": \"moons\", \"recipe\": {}, \"entries\": []}");
        let (args, shown) = opened(&comparison).expect("a comparison is shown");
        assert_eq!((args.len(), shown), (2, Some(comparison)));
        let model = file("m.eigenscope", "eigenscope model 1\nrest");
        let Err(Stop::Failed(error)) = opened(&model) else { panic!("a model is no data") };
        assert!(error.to_string().contains("a trained model"), "{error}");
    }
}
