//! The runs of a session: what each was asked for and what it came to, so that none is lost when the next one begins.

use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::Recipe;
use crate::measure::Scores;
use crate::pipeline::{Ending, Snapshot};

/// Runs that are kept beside the starred ones, the newest.
pub const MOST_RUNS: usize = 30;
/// Runs that a file may tell of.
const MOST_IN_FILE: usize = 1000;
/// Letters of a note.
pub const MOST_NOTE: usize = 2000;

/// Which run of the session, or of the project.
pub type RunId = u64;

/// How a run ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunEnd {
    /// As it should.
    #[default]
    Complete,
    /// A person ended the training before its last step.
    Stopped,
    /// After all steps the training had not converged.
    NotConverged,
    /// The training broke.
    Diverged,
}

impl RunEnd {
    /// In a word or two.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Stopped => "stopped",
            Self::NotConverged => "not converged",
            Self::Diverged => "diverged",
        }
    }
}

/// One run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunRecord {
    /// Which.
    pub id: RunId,
    /// When it ended, in seconds since 1970.
    pub at: u64,
    /// The name of its data.
    pub data: String,
    /// Every setting.
    pub recipe: Recipe,
    /// What its stages took, in seconds.
    pub seconds: f64,
    /// How it ended.
    pub end: RunEnd,
    /// Steps of its training.
    pub step: u64,
    /// Steps after which the network was as it was kept.
    pub kept: u64,
    /// Samples.
    pub samples: u64,
    /// Clusters.
    pub clusters: u64,
    /// Scores of the learned side, where there are labels.
    #[serde(default, deserialize_with = "named_or_listed")]
    pub learned: Option<Scores>,
    /// Scores of the exact side, where there are labels.
    #[serde(default, deserialize_with = "named_or_listed")]
    pub exact: Option<Scores>,
    /// Grassmann distance per dimension from the learned eigenspace to the exact one.
    pub distance: Option<f64>,
    /// The clusters that the gap in the exact eigenvalues suggests, and the gap as a share of the value above it.
    pub gap: Option<(u64, f64)>,
    /// What a person wrote to it.
    #[serde(default)]
    pub note: String,
    /// Whether it is kept whatever comes after it.
    #[serde(default)]
    pub star: bool,
}

impl RunRecord {
    /// What a result amounts to; `data` is the name of its data, `seconds` what its stages took.
    #[must_use]
    pub fn of(snapshot: &Snapshot, data: String, at: u64, (seconds, stopped): (f64, bool)) -> Self {
        let end = match snapshot.ending {
            _ if stopped => RunEnd::Stopped,
            Some(Ending::Stopped) => RunEnd::Stopped,
            Some(Ending::NotConverged) => RunEnd::NotConverged,
            Some(Ending::Diverged) => RunEnd::Diverged,
            _ => RunEnd::Complete,
        };
        Self {
            id: 0,
            at,
            data,
            recipe: snapshot.job.recipe.clone(),
            seconds,
            end,
            step: snapshot.step as u64,
            kept: snapshot.kept as u64,
            samples: snapshot.data.len() as u64,
            clusters: snapshot.clusters as u64,
            learned: snapshot.learned.as_ref().and_then(|side| side.scores),
            exact: snapshot.exact.as_ref().and_then(|side| side.scores),
            distance: snapshot.distance(),
            gap: snapshot.eigengap().map(|gap| (gap.after as u64, gap.relative)),
            note: String::new(),
            star: false,
        }
    }

    /// Whether it was asked for the same and came to the same, so that it is the same run once more.
    #[must_use]
    pub fn is_again(&self, other: &Self) -> bool {
        let said = |run: &Self| (run.recipe.clone(), run.data.clone(), run.end, run.kept, run.samples, run.clusters);
        said(self) == said(other) && (self.learned, self.exact) == (other.learned, other.exact)
    }

    /// What in it is out of bounds, in words.
    fn check(&self) -> Result<(), String> {
        if self.note.len() > 4 * MOST_NOTE {
            return Err(format!("the note of run {} has {} bytes", self.id, self.note.len()));
        }
        Ok(())
    }
}

/// Scores in a file: by their names, and in files of earlier versions three numbers in the order of [`crate::measure::Score::ALL`].
fn named_or_listed<'de, D: Deserializer<'de>>(from: D) -> Result<Option<Scores>, D::Error> {
    Ok(Option::<InFile>::deserialize(from)?.map(|scores| scores.0))
}

struct InFile(Scores);

impl<'de> Deserialize<'de> for InFile {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NamedOrListed).map(Self)
    }
}

struct NamedOrListed;

impl<'de> Visitor<'de> for NamedOrListed {
    type Value = Scores;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("scores by their names, or three numbers")
    }

    fn visit_map<A: MapAccess<'de>>(self, named: A) -> Result<Scores, A::Error> {
        Scores::deserialize(MapAccessDeserializer::new(named))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, listed: A) -> Result<Scores, A::Error> {
        let [acc, nmi, ari] = <[f64; 3]>::deserialize(SeqAccessDeserializer::new(listed))?;
        Ok(Scores { acc, nmi, ari })
    }
}

/// A change of the list, to be taken back: a run as it was, and as it is.
#[derive(Clone, Debug, PartialEq)]
pub struct RunChange {
    /// In words.
    pub title: String,
    /// The run before; none where it is new.
    pub before: Option<Box<RunRecord>>,
    /// The run after; none where it is gone.
    pub after: Option<Box<RunRecord>>,
}

/// The runs, the oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Runs {
    all: Vec<RunRecord>,
    next: RunId,
    serial: u64,
}

impl Runs {
    /// Those of a file.
    #[must_use]
    pub fn of(all: Vec<RunRecord>) -> Self {
        let next = all.iter().map(|run| run.id.saturating_add(1)).max().unwrap_or_default();
        Self { all, next, serial: 0 }
    }

    /// All of them, the oldest first.
    #[must_use]
    pub fn all(&self) -> &[RunRecord] {
        &self.all
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, id: RunId) -> Option<&RunRecord> {
        self.all.iter().find(|run| run.id == id)
    }

    /// Changes with every run, star and note.
    #[must_use]
    pub fn serial(&self) -> u64 {
        self.serial
    }

    /// Takes a run that has just ended; its number, and whether it is another than those before. Beyond the newest [`MOST_RUNS`] the oldest
    /// without a star give way.
    pub fn add(&mut self, run: RunRecord) -> (RunId, bool) {
        if let Some(same) = self.all.iter().find(|other| other.is_again(&run)) {
            return (same.id, false);
        }
        let id = self.next;
        self.put(RunRecord { id, ..run });
        (id, true)
    }

    /// Puts a run to the others, in the place of that with its number.
    pub fn put(&mut self, run: RunRecord) {
        self.next = self.next.max(run.id.saturating_add(1));
        self.serial += 1;
        if let Some(other) = self.all.iter_mut().find(|other| other.id == run.id) {
            *other = run;
        } else {
            let at = self.all.partition_point(|other| other.id < run.id);
            self.all.insert(at, run);
        }
        let plain = self.all.iter().filter(|run| !run.star).count();
        let mut over = plain.saturating_sub(MOST_RUNS);
        self.all.retain(|run| {
            let goes = over > 0 && !run.star;
            over -= usize::from(goes);
            !goes
        });
    }

    /// Takes a run out.
    pub fn remove(&mut self, id: RunId) -> Option<RunRecord> {
        let at = self.all.iter().position(|run| run.id == id)?;
        self.serial += 1;
        Some(self.all.remove(at))
    }

    /// Makes a change, or takes it back.
    pub fn step(&mut self, change: &RunChange, again: bool) {
        let (from, to) = if again { (&change.before, &change.after) } else { (&change.after, &change.before) };
        match (from, to) {
            (_, Some(run)) => self.put((**run).clone()),
            (Some(run), None) => drop(self.remove(run.id)),
            (None, None) => {}
        }
    }
}

/// What is out of bounds in the runs of a file, in words.
pub(super) fn check(runs: &[RunRecord]) -> Result<(), String> {
    if runs.len() > MOST_IN_FILE {
        return Err(format!("it tells of {} runs", runs.len()));
    }
    if runs.iter().any(|run| run.id == RunId::MAX) || runs.windows(2).any(|two| two[0].id >= two[1].id) {
        return Err("its runs are out of order".to_owned());
    }
    runs.iter().try_for_each(RunRecord::check)
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::measure::Score;
    use crate::recipe::Auto;

    /// Writes scores anywhere in a value as earlier versions did: three numbers in a row.
    pub(in crate::project) fn list_scores(value: &mut ciborium::Value) {
        match value {
            ciborium::Value::Array(all) => all.iter_mut().for_each(list_scores),
            ciborium::Value::Map(all) => {
                let named =
                    |key: &str| all.iter().find(|(name, _)| name.as_text() == Some(key)).map(|(_, of)| of.clone());
                let scores: Option<Vec<_>> = Score::ALL.into_iter().map(|score| named(score.key())).collect();
                match scores.filter(|scores| scores.len() == all.len()) {
                    Some(scores) => *value = ciborium::Value::Array(scores),
                    None => all.iter_mut().for_each(|(_, of)| list_scores(of)),
                }
            }
            _ => {}
        }
    }

    fn run(neighbors: usize) -> RunRecord {
        RunRecord {
            data: "moons".to_owned(),
            recipe: Recipe { neighbors: Auto::Set(neighbors), ..Recipe::default() },
            learned: Some(Scores { acc: 0.5, nmi: 0.25, ari: 0.125 }),
            ..RunRecord::default()
        }
    }

    #[test]
    fn scores_are_read_by_name_and_as_earlier_versions_listed_them() {
        let [named, listed] = [false, true].map(|listed| {
            let mut value = ciborium::Value::serialized(&run(5)).expect("plain");
            if listed {
                list_scores(&mut value);
            }
            value
        });
        assert_ne!(named, listed);
        let read = |value: &ciborium::Value| {
            let mut body = Vec::new();
            ciborium::into_writer(value, &mut body).expect("written");
            ciborium::from_reader::<RunRecord, _>(body.as_slice())
        };
        for value in [named, listed] {
            assert_eq!(read(&value).expect("it is a run"), run(5));
        }
    }

    #[test]
    fn the_newest_and_the_starred_stay() {
        let mut runs = Runs::default();
        for neighbors in 1..=50 {
            let (id, new) = runs.add(run(neighbors));
            assert!(new);
            if neighbors == 3 {
                let starred = RunRecord { star: true, ..runs.get(id).expect("there").clone() };
                runs.put(starred);
            }
        }
        assert_eq!(runs.all().len(), MOST_RUNS + 1);
        assert!(runs.all()[0].star && runs.all().windows(2).all(|two| two[0].id < two[1].id));
        assert!(check(runs.all()).is_ok());
    }

    #[test]
    fn the_same_run_once_more_is_no_other() {
        let mut runs = Runs::default();
        let (first, _) = runs.add(run(5));
        assert_eq!(runs.add(RunRecord { at: 9, seconds: 3.0, ..run(5) }), (first, false));
        assert!(runs.add(RunRecord { end: RunEnd::Stopped, ..run(5) }).1, "it ended otherwise");
        assert_eq!(runs.all().len(), 2);
    }

    #[test]
    fn a_change_is_taken_back_and_made_again() {
        let mut runs = Runs::default();
        let (id, _) = runs.add(run(5));
        runs.add(run(6));
        let before = runs.clone().all().to_vec();
        let gone = RunChange { title: "x".to_owned(), before: runs.get(id).cloned().map(Box::new), after: None };
        runs.step(&gone, true);
        assert_eq!(runs.all().len(), 1);
        runs.step(&gone, false);
        assert_eq!(runs.all(), before);
        let noted = RunRecord { note: "good".to_owned(), ..before[0].clone() };
        let change =
            RunChange { title: "x".to_owned(), before: Some(before[0].clone().into()), after: Some(noted.into()) };
        runs.step(&change, true);
        assert_eq!(runs.get(id).expect("there").note, "good");
        runs.step(&change, false);
        assert_eq!(runs.all(), before);
        assert!(check(&[before[1].clone(), before[0].clone()]).is_err(), "out of order");
    }
}
