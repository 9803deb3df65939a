//! `eigenscope fetch`: public sets from the internet.

use std::fmt::Write as _;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::progress::Terminal;
use super::say;
use crate::data::fetch::{Fetched, Patience, PublicSet, Request};
use crate::data::{cache_dir, is_cached};
use crate::support::language::nearest;
use crate::support::progress::{Control, Progress};
use crate::support::{number, plain};
use crate::{Error, Result};

/// What `fetch` takes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The set to download; without it the sets are listed
    name: Option<String>,
    /// Keep the files in DIR/NAME rather than in the cache; --data-dir DIR reads them there
    #[arg(long, requires = "name")]
    dir: Option<PathBuf>,
    /// Take the files from this address, a folder that holds them under their names; several are tried in turn
    #[arg(long, value_name = "URL", requires = "name", value_parser = address)]
    from: Vec<String>,
    /// Seconds to wait for an answer, and between two pieces of a file
    #[arg(long, value_name = "SECONDS", requires = "name", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=3600))]
    patience: u64,
    /// Replace a file of the same name that is not the published one
    #[arg(long, requires = "name")]
    force: bool,
    /// Print one JSON value, alone on stdout
    #[arg(long)]
    json: bool,
    /// Say nothing on stderr but errors
    #[arg(long)]
    quiet: bool,
}

fn address(text: &str) -> Result<String, String> {
    let rest = ["http://", "https://"].iter().find_map(|scheme| text.strip_prefix(scheme));
    match rest {
        Some(rest) if !rest.is_empty() => Ok(text.to_owned()),
        _ => Err("an address that begins with http:// or https://".to_owned()),
    }
}

pub(super) fn fetch(args: &Args) -> Result<()> {
    let Some(name) = &args.name else { return list(args.json) };
    let Some(set) = PublicSet::named(name) else {
        let names: Vec<&str> = PublicSet::ALL.iter().map(|set| set.name).collect();
        let meant = nearest(name, names.iter().copied()).map_or_else(String::new, |m| format!("; did you mean `{m}`?"));
        let text = format!("`{name}` is no set that can be downloaded{meant}; there are {}", names.join(", "));
        return Err(Error::Setting(text));
    };
    let mut request = match &args.dir {
        Some(dir) => Request::into_folder(set, dir.join(set.name)),
        None => Request::new(set)?,
    };
    if !args.from.is_empty() {
        request.mirrors.clone_from(&args.from);
    }
    request.replace = args.force;
    request.patience = Patience { answer: std::time::Duration::from_secs(args.patience), ..Patience::default() };
    let terminal = Terminal::new(args.quiet);
    let report = |fraction: f32, note: &str| {
        if !terminal.is_quiet() {
            terminal.rewrite(&format!("{:<11}{:3.0} % {note}", set.name, 100.0 * fraction));
        }
    };
    let fetched = request.fetch(&Progress::new(Control::new(), &report)).map_err(|e| with_ways(e, args))?;
    if args.json {
        return say::line(&plain::json(&told(set, &fetched).to_string()));
    }
    let mut text = String::new();
    for file in &fetched.files {
        let from = file.from.as_deref().map_or("was there".to_owned(), |from| format!("from {}", without_secret(from)));
        let _ = writeln!(text, "{}  {from}", file.path.display());
    }
    let reads = args.dir.as_ref().map_or_else(String::new, |dir| format!(" --data-dir {}", dir.display()));
    let _ = writeln!(text, "{} ({}), {}", set.credit, set.licence, set.source);
    let _ = write!(text, "eigenscope run {}{reads}", set.name);
    if !args.quiet && !terminal.is_quiet() {
        terminal.line(&format!("{:<11}whole and checked", set.name));
    }
    say::line(&plain::lines(&text))
}

/// The flags that help where a person did not give them.
fn with_ways(error: Error, args: &Args) -> Error {
    match error {
        Error::Data(text) if args.from.is_empty() => Error::Data(format!("{text}; --from URL takes another mirror")),
        Error::Io { action, path, source } if args.dir.is_none() => {
            Error::Data(format!("cannot {action} {}: {source}; --dir DIR keeps the files elsewhere", path.display()))
        }
        error => error,
    }
}

/// An address without the name and password that may stand in it.
fn without_secret(address: &str) -> String {
    match address.split_once("://").and_then(|(scheme, rest)| Some((scheme, rest.split_once('@')?.1))) {
        Some((scheme, rest)) => format!("{scheme}://{rest}"),
        None => address.to_owned(),
    }
}

fn told(set: &PublicSet, fetched: &Fetched) -> Value {
    let files: Vec<Value> = fetched
        .files
        .iter()
        .zip(set.files)
        .map(|(there, file)| {
            let from = there.from.as_deref().map(without_secret);
            json!({ "path": there.path.display().to_string(), "sha256_unpacked": file.sha256, "from": from })
        })
        .collect();
    json!({
        "set": set.name, "folder": fetched.folder.display().to_string(), "files": files,
        "credit": set.credit, "licence": set.licence, "source": set.source,
    })
}

/// The sets, what they weigh, their licences, and whether they are here.
fn list(as_json: bool) -> Result<()> {
    let folder = |set: &PublicSet| cache_dir().map(|cache| cache.join(set.name));
    if as_json {
        let sets: Vec<Value> = PublicSet::ALL
            .iter()
            .map(|set| {
                json!({
                    "set": set.name, "bytes": set.packed(), "cached": is_cached(set.name),
                    "folder": folder(set).map(|f| f.display().to_string()),
                    "credit": set.credit, "licence": set.licence, "source": set.source, "mirrors": set.mirrors,
                })
            })
            .collect();
        return say::line(&plain::json(&Value::from(sets).to_string()));
    }
    let mut text = format!("{:<16}{:>8}  {:<14}{:<14}{}\n", "set", "size", "licence", "here", "source");
    for set in PublicSet::ALL {
        let size = number::bytes(set.packed() as usize);
        let here = if is_cached(set.name) { "in the cache" } else { "no" };
        let _ = writeln!(text, "{:<16}{size:>8}  {:<14}{here:<14}{}", set.name, set.licence, set.source);
    }
    if let Some(cache) = cache_dir() {
        let _ = write!(text, "The cache is {}.", cache.display());
    }
    say::line(&plain::lines(&text))
}
