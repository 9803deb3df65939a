//! Systems side by side: the same data through several spaces and seeds, every method in each.

mod space;
mod table;

use serde::{Deserialize, Serialize};

use super::chain::{Chain, Watcher};
use super::{Event, Job, Outcome, Stage, clusters};
use crate::measure::{self, Scores};
use crate::memory;
use crate::progress::{Control, Progress};
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
        let has = |space, seed| self.done.iter().any(|e| e.space == space && e.seed == seed);
        seeds.flat_map(|seed| spaces().map(move |space| (space, seed))).filter(|&(p, s)| !has(p, s)).collect()
    }
}

/// Run what is missing. `keep` is told all entries after each run, so that an interrupted comparison goes on where it was.
///
/// # Errors
/// Those of the chain and of `keep`; a supervised system has no place in a comparison without labels.
pub fn compare(
    mut plan: Plan,
    (control, watcher): (&Control, &dyn Watcher),
    mut keep: impl FnMut(&[Entry]) -> Result<()>,
) -> Result<Vec<Entry>> {
    if plan.job.recipe.system.is_supervised() {
        return Err(Error::Setting(
            "a comparison is of clusterings; it leaves the supervised systems out, so leave --system away".to_owned(),
        ));
    }
    let mut chain = Chain::default();
    let missing = plan.missing();
    for (i, &(space, seed)) in missing.iter().enumerate() {
        watcher.event(Event::Comparing { space, seed, run: i + 1, runs: missing.len() });
        memory::forget_peak();
        let recipe = space.recipe(&plan.job.recipe, seed);
        let outcome = chain.run(&Job { source: plan.job.source.clone(), recipe }, control, watcher)?;
        plan.done.extend(entries(space, &outcome, control)?);
        keep(&plan.done)?;
    }
    Ok(plan.done)
}

fn entries(space: Space, outcome: &Outcome, control: &Control) -> Result<Vec<Entry>> {
    let snapshot = &outcome.snapshot;
    let recipe = &snapshot.job.recipe;
    let seconds = |stages: &[Stage]| -> f64 {
        outcome.stages.iter().filter(|(stage, _)| stages.contains(stage)).map(|(_, seconds)| seconds).sum()
    };
    let peak_mib = memory::peak_mib();
    let entry = |method, scores: Option<Scores>, seconds| Entry {
        space,
        seed: recipe.seed,
        method,
        acc: scores.map(|s| s.acc),
        nmi: scores.map(|s| s.nmi),
        ari: scores.map(|s| s.ari),
        seconds,
        peak_mib,
    };
    let places = snapshot.metric.as_ref().or(snapshot.codes.as_ref()).unwrap_or(&snapshot.scaled);
    let progress = Progress::new(control.clone(), &|_, _| {});
    let clustering = measure::kmeans(places.view(), snapshot.clusters, recipe.starts, recipe.seed, &progress)?;
    let to_space = seconds(&[Stage::Load, Stage::Represent, Stage::Metric]);
    let to_graph = to_space + seconds(&[Stage::Neighbours, Stage::Affinity]);
    let mut all = vec![entry(Method::KMeans, clusters::scores(&clustering, snapshot.data.labels.as_ref()), to_space)];
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
            source: super::super::Source::Named("moons".to_owned()),
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
        };
        assert_eq!(Plan { done: vec![entry], ..plan }.missing(), [all[0], all[2], all[3]]);
    }
}
