//! Systems side by side: the same data through several spaces and seeds, every method in each.

mod space;
mod table;

use serde::{Deserialize, Serialize};

use crate::data;
use crate::data::Source;
use crate::measure::{self, Marks, Scores};
use crate::pipeline::{Chain, Watcher};
use crate::pipeline::{Event, Job, Outcome};
use crate::recipe::Stage;
use crate::support::memory;
use crate::support::progress::{Control, Progress};
use crate::{Error, Result};
pub use space::Space;
pub use table::{Row, Spread, rows};

/// How the clusters were found in a space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// k-means on the space itself.
    #[serde(rename = "kmeans")]
    KMeans,
    /// k-means on the exact eigenvectors.
    Exact,
    /// k-means on the learned ones.
    Learned,
}

impl Method {
    /// All, from the simplest on.
    pub const ALL: [Self; 3] = [Self::KMeans, Self::Exact, Self::Learned];

    /// As a person reads it.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::KMeans => "k-means",
            Self::Exact => "exact",
            Self::Learned => "learned",
        }
    }
}

/// One method in one space with one seed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Where.
    pub space: Space,
    /// The seed.
    pub seed: u64,
    /// How.
    pub method: Method,
    /// Accuracy under the best matching, where there are labels.
    pub acc: Option<f64>,
    /// Normalised mutual information.
    pub nmi: Option<f64>,
    /// Adjusted Rand index.
    pub ari: Option<f64>,
    /// Wall clock of all stages that lead to these clusters, one that another space shares included.
    pub seconds: f64,
    /// Most memory in use at once during the run, in MiB, where the system tells.
    pub peak_mib: Option<f64>,
    /// The checksum of the files it was computed from (see [`data::fingerprint`]), where there were any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
}

/// What to compare, and what of it is there already.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The data, and every setting that a space does not name.
    pub job: Job,
    /// The spaces, each once.
    pub spaces: Vec<Space>,
    /// The number of seeds, from the job's on.
    pub seeds: usize,
    /// Results of an earlier try with the same job; their runs are not repeated.
    pub done: Vec<Entry>,
}

impl Plan {
    /// The runs still to do, in their order: what two spaces share is computed once for each seed.
    #[must_use]
    pub fn missing(&self) -> Vec<(Space, u64)> {
        let seeds = (0..self.seeds as u64).map(|i| self.job.recipe.seed.wrapping_add(i));
        let spaces = || Space::ALL.into_iter().filter(|s| self.spaces.contains(s));
        seeds.flat_map(|seed| spaces().map(move |space| (space, seed))).filter(|&(p, s)| !self.has(p, s)).collect()
    }

    fn has(&self, space: Space, seed: u64) -> bool {
        self.done.iter().any(|e| e.space == space && e.seed == seed)
    }
}

/// What both have, each run once, in the order in which runs are done. What `ours` has wins.
#[must_use]
pub fn merged(ours: &[Entry], theirs: &[Entry]) -> Vec<Entry> {
    let mut all = ours.to_vec();
    let run = |e: &Entry| (e.space, e.seed);
    all.extend(theirs.iter().filter(|e| !ours.iter().any(|o| run(o) == run(e))).cloned());
    let place = |space: Space| Space::ALL.iter().position(|&s| s == space);
    let method = |method: Method| Method::ALL.iter().position(|&m| m == method);
    all.sort_by_key(|e| (e.seed, place(e.space), method(e.method)));
    all
}

/// Whether the entries stand on data with this checksum.
///
/// # Errors
/// [`Error::Data`], which says how many do not.
pub fn check_data(entries: &[Entry], now: Option<&str>, source: &Source) -> Result<()> {
    let other = entries.iter().filter(|e| e.data.is_some() && e.data.as_deref() != now).count();
    if other == 0 {
        return Ok(());
    }
    let all = entries.len();
    Err(Error::Data(format!(
        "{source} is not what it was: {other} of the {all} results that are there were computed from other data (its checksum was another); \
         begin a comparison of its own"
    )))
}

/// Run what is missing. `keep` is told all entries after each run, so that an interrupted comparison goes on where it was, and says what
/// there is now: more, where another process works on the same comparison.
///
/// # Errors
/// Those of the chain and of `keep`; data that is not what it was for the runs that are there, or that changes on the way; a supervised
/// system has no place in a comparison without labels.
pub fn compare(
    mut plan: Plan,
    (control, watcher): (&Control, &dyn Watcher),
    mut keep: impl FnMut(&[Entry]) -> Result<Vec<Entry>>,
) -> Result<Vec<Entry>> {
    if plan.job.recipe.system.is_supervised() {
        return Err(Error::Setting(
            "a comparison is of clusterings; it leaves the supervised systems out, so leave --system away".to_owned(),
        ));
    }
    let checksum = data::fingerprint(&plan.job.source, &plan.job.recipe)?;
    check_data(&plan.done, checksum.as_deref(), &plan.job.source)?;
    let mut chain = Chain::default();
    let missing = plan.missing();
    for (i, &(space, seed)) in missing.iter().enumerate() {
        if plan.has(space, seed) {
            continue; // Someone else has done it meanwhile.
        }
        watcher.event(Event::Comparing { space, seed, run: i + 1, runs: missing.len() });
        memory::forget_peak();
        let recipe = space.recipe(&plan.job.recipe, seed);
        let outcome = chain.run(&Job { source: plan.job.source.clone(), recipe }, control, watcher)?;
        let new = entries(space, &outcome, control)?.into_iter().map(|e| Entry { data: checksum.clone(), ..e });
        plan.done.extend(new);
        check_data(&plan.done, data::fingerprint(&plan.job.source, &plan.job.recipe)?.as_deref(), &plan.job.source)?;
        plan.done = keep(&plan.done)?;
    }
    Ok(plan.done)
}

impl Entry {
    /// Its scores.
    #[must_use]
    pub fn marks(&self) -> Marks {
        Marks { acc: self.acc, nmi: self.nmi, ari: self.ari }
    }
}

fn entries(space: Space, outcome: &Outcome, control: &Control) -> Result<Vec<Entry>> {
    let snapshot = &outcome.snapshot;
    let recipe = &snapshot.job.recipe;
    let seconds = |stages: &[Stage]| -> f64 {
        outcome.stages.iter().filter(|(stage, _)| stages.contains(stage)).map(|(_, seconds)| seconds).sum()
    };
    let peak_mib = memory::peak_mib();
    let entry = |method, scores: Option<Scores>, seconds| {
        let Marks { acc, nmi, ari } = scores.into();
        Entry { space, seed: recipe.seed, method, acc, nmi, ari, seconds, peak_mib, data: None }
    };
    let places = snapshot.metric.as_ref().or(snapshot.codes.as_ref()).unwrap_or(&snapshot.scaled);
    let progress = Progress::new(control.clone(), &|_, _| {});
    let clustering = measure::kmeans(places.view(), snapshot.clusters, recipe.starts, recipe.seed, &progress)?;
    let to_space = seconds(&[Stage::Load, Stage::Represent, Stage::Metric]);
    let to_graph = to_space + seconds(&[Stage::Neighbours, Stage::Affinity]);
    let mut all = vec![entry(Method::KMeans, measure::scores_of(&clustering, snapshot.data.labels.as_ref()), to_space)];
    if let Some(exact) = &snapshot.exact {
        all.push(entry(Method::Exact, exact.scores, to_graph + seconds(&[Stage::Exact])));
    }
    if let Some(learned) = &snapshot.learned {
        // The exact side tells how long the walks should be, so its time is part of the learned one's.
        all.push(entry(Method::Learned, learned.scores, to_graph + seconds(&[Stage::Exact, Stage::Learn])));
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Recipe;

    #[test]
    fn what_is_there_is_not_run_again() {
        let job = Job {
            source: crate::data::Source::Named("moons".to_owned()),
            recipe: Recipe { seed: 4, ..Recipe::default() },
        };
        let plan = Plan { job, spaces: vec![Space::Codes, Space::Input], seeds: 2, done: Vec::new() };
        let all = [(Space::Input, 4), (Space::Codes, 4), (Space::Input, 5), (Space::Codes, 5)];
        assert_eq!(plan.missing(), all);
        let entry = Entry {
            space: Space::Codes,
            seed: 4,
            method: Method::Exact,
            acc: None,
            nmi: None,
            ari: None,
            seconds: 1.0,
            peak_mib: None,
            data: None,
        };
        assert_eq!(Plan { done: vec![entry.clone()], ..plan }.missing(), [all[0], all[2], all[3]]);

        let other = Entry { space: Space::Input, acc: Some(0.5), data: Some("1".to_owned()), ..entry.clone() };
        let changed = Entry { acc: Some(0.25), ..entry.clone() };
        let both = merged(std::slice::from_ref(&entry), &[changed, other.clone()]);
        assert_eq!(both, [other, entry], "in the order of runs, ours before theirs");
        let source = Source::Named("moons".to_owned());
        assert!(check_data(&both, Some("1"), &source).is_ok());
        let message = check_data(&both, Some("2"), &source).expect_err("another checksum").to_string();
        assert!(message.contains("moons") && message.contains("1 of the 2"), "{message}");
    }
}
