//! A text beside a table that says what made it: data with its checksum, settings, versions, scores.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use super::frame::TableFormat;
use super::meanings::described;
use super::{guard, write_atomically};
use crate::data::fingerprint;
use crate::pipeline::Snapshot;
use crate::support::clock;
use crate::support::language::counted;
use crate::support::plain;
use crate::{Error, Result};

/// How the first line begins; another file of the name is a person's own.
const MARK: &str = "Eigenscope: what made ";

/// What a table is, beyond its run.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// Which rows it has, in words.
    pub rows: &'a str,
    /// The columns that were chosen, where any were.
    pub columns: Option<&'a [String]>,
    /// Those of its columns that the program found.
    pub found: &'a [String],
    /// What a person should know of it.
    pub notes: &'a [String],
}

/// Where the text lies that belongs to a table: `labels.csv.README.txt` beside `labels.csv`.
#[must_use]
pub fn readme_of(table: &Path) -> PathBuf {
    let name = table.file_name().unwrap_or_default().to_string_lossy();
    table.with_file_name(format!("{name}.README.txt"))
}

/// Writes it; the data is read once for its checksum.
///
/// # Errors
/// [`Error::Io`] where it cannot be written; [`Error::Setting`] where a file of the name is there that this program did not write.
pub fn write_readme(table: &Path, snapshot: &Snapshot, about: &About<'_>) -> Result<()> {
    let path = readme_of(table);
    if path.symlink_metadata().is_ok() && !is_own(&path) {
        return Err(Error::Setting(format!(
            "{} is there and was not written by this program; nothing says beside the table what made it",
            path.display()
        )));
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let text = text(table, snapshot, about, now)?;
    write_atomically(&path, |writer| writer.write_all(text.as_bytes()))
}

fn is_own(path: &Path) -> bool {
    let mut line = String::new();
    let Ok(file) = std::fs::File::open(path) else { return false };
    BufReader::new(file).take(4096).read_line(&mut line).is_ok() && line.starts_with(MARK)
}

fn text(table: &Path, snapshot: &Snapshot, about: &About<'_>, now: u64) -> Result<String> {
    let name = table.file_name().unwrap_or_default().to_string_lossy();
    let data = &snapshot.data;
    let job = &snapshot.job;
    let mut out = format!("{MARK}{}\n\n", plain::line(&name));
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(out, "{key:<12} {}", plain::line(value));
    };
    line("Written", &format!("{} by Eigenscope {}", clock::utc(now), env!("CARGO_PKG_VERSION")));
    line("Format", TableFormat::of(table).name());
    line("Rows", about.rows);
    line("Columns", &about.columns.map_or_else(|| "all".to_owned(), |columns| columns.join(", ")));
    line("Data", &guard::identity(&job.source));
    match fingerprint(&job.source, &job.recipe) {
        Ok(Some(checksum)) => line("Checksum", &format!("{checksum} (FNV-1a of its files)")),
        Ok(None) => line("Checksum", "none: the set is made from the seed"),
        Err(error) => line("Checksum", &format!("none: {error}")),
    }
    let of = if data.of > data.len() { format!(" of {} rows", data.of) } else { String::new() };
    line("Samples", &format!("{}{of}, {}", data.len(), counted(data.dim(), "feature")));
    line("Clusters", &snapshot.clusters.to_string());
    let sides = [
        ("Learned", snapshot.learned.as_ref().and_then(|side| side.scores)),
        ("Exact", snapshot.exact.as_ref().and_then(|side| side.scores)),
        ("k-means", snapshot.baseline.as_ref().and_then(|baseline| baseline.1)),
    ];
    for (side, scores) in sides.into_iter().filter_map(|(side, scores)| Some((side, scores?))) {
        line(side, &scores.words(4));
    }
    if let Some(distance) = snapshot.distance() {
        line("Distance", &format!("{distance:.3e} per dimension from the learned eigenspace to the exact one"));
    }
    if snapshot.steps > 0 {
        line("Steps", &format!("{} of {}, the network after {} is kept", snapshot.step, snapshot.steps, snapshot.kept));
    }
    let flags = job.recipe.flags().iter().map(|flag| quoted(flag)).collect::<Vec<_>>().join(" ");
    line("Again", format!("eigenscope run {} {flags}", quoted(&job.source.to_string())).trim_end());
    for note in about.notes {
        line("Note", note);
    }
    let described = described(about.found);
    if !described.is_empty() {
        out.push_str("\nWhat the columns hold that are not of the data:\n\n");
    }
    let width = described.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, says) in &described {
        let _ = writeln!(out, "{name:<width$}  {says}");
    }
    let recipe = toml::to_string(&job.recipe).map_err(|e| Error::Data(format!("the recipe: {e}")))?;
    let _ = write!(out, "\nEvery setting, as `run --recipe FILE` reads it:\n\n{recipe}");
    Ok(out)
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./,:+@%".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::fixture::snapshot;

    #[test]
    fn it_says_what_made_the_table_and_is_never_over_a_persons_own() {
        let folder = tempfile::tempdir().expect("a folder for the test");
        let table = folder.path().join("labels.csv");
        let columns = ["x", "cluster"].map(str::to_owned);
        let notes = ["a note".to_owned()];
        let found = ["cluster_name".to_owned()];
        let about = About { rows: "all", columns: Some(&columns), found: &found, notes: &notes };
        let snapshot = snapshot(30);
        write_readme(&table, &snapshot, &about).expect("written");
        write_readme(&table, &snapshot, &about).expect("its own is replaced");
        let text = std::fs::read_to_string(readme_of(&table)).expect("it is there");
        let (_, recipe) = text.split_once("reads it:\n\n").expect("the recipe stands at the end");
        assert_eq!(toml::from_str::<crate::Recipe>(recipe).expect("a recipe"), snapshot.job.recipe);
        for words in [
            "Written",
            "by Eigenscope",
            "x, cluster",
            "a note",
            "eigenscope run ring",
            "ACC 0.9000",
            "cluster_name  The cluster as",
        ] {
            assert!(text.contains(words), "{words} in {text}");
        }
        std::fs::write(readme_of(&table), "mine\n").expect("written");
        assert!(write_readme(&table, &snapshot, &about).is_err_and(|e| e.to_string().contains("README.txt")));
        assert_eq!(std::fs::read_to_string(readme_of(&table)).expect("there"), "mine\n");
        assert_eq!(quoted("it's"), "'it'\\''s'");
    }
}
