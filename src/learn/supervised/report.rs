//! Scores of what was held out, in every form of inference.

use ndarray::{Array2, ArrayView2, Axis};
use serde::Serialize;

use crate::data::Labels;
use crate::learn::supervised::place::Placing;
use crate::learn::supervised::split::Split;
use crate::measure::{Recall, Scores, kmeans, kmeans_of_features, recall, scores};
use crate::recipe::{Inference, Recipe, System};
use crate::support::language::counted;
use crate::support::progress::Progress;
use crate::{Error, Result};

/// Scores of a supervised run, all on samples whose labels took no part in the training.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Rows that taught the network.
    pub trained: usize,
    /// Rows that were scored.
    pub held_out: usize,
    /// Names of the classes that taught the network.
    pub trained_classes: Vec<String>,
    /// Names of the classes that were scored.
    pub held_out_classes: Vec<String>,
    /// Whether no class is on both sides.
    pub zero_shot: bool,
    /// Whether this is a split of the training side alone, for choosing settings.
    pub validation: bool,
    /// Outputs of the network.
    pub embedding: usize,
    /// The form in use, whose figures stand for the run.
    pub inference: &'static str,
    /// Recall@K of that form.
    #[serde(skip)]
    pub recall: Recall,
    /// Every form, and the input itself.
    pub forms: Vec<Form>,
}

/// One way to compare held-out samples, and what it gives.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Form {
    /// `transductive`, `stored`, `direct` or `input`.
    pub name: &'static str,
    /// Each held-out sample against all others.
    pub recall: Recall,
    /// k-means with as many clusters as there are held-out classes.
    pub nmi: Option<f64>,
    /// Dimensions compared.
    pub dimensions: usize,
}

/// What `auto` means: each loss as it was trained, with a place for every new sample.
pub(crate) fn resolve(inference: Inference, system: System) -> Inference {
    match (inference, system) {
        (Inference::Auto, System::Contrastive | System::Triplet) => Inference::Direct,
        (Inference::Auto, _) => Inference::Stored,
        (given, _) => given,
    }
}

fn name(inference: Inference) -> &'static str {
    match inference {
        Inference::Transductive => "transductive",
        Inference::Auto | Inference::Stored => "stored",
        Inference::Direct => "direct",
    }
}

/// The map that places any sample, for the picture and the model: the transductive form has none of its own and takes the
/// stored one's.
///
/// # Errors
/// [`Error::Numerics`] where the training outputs are all zero.
pub(crate) fn stored(outputs: ArrayView2<'_, f64>, split: &Split, recipe: &Recipe) -> Result<Placing> {
    if resolve(recipe.inference, recipe.system) == Inference::Direct {
        return Ok(Placing::direct(outputs.ncols()));
    }
    spectral(outputs.select(Axis(0), &split.train).view(), recipe)
}

fn spectral(f: ArrayView2<'_, f64>, recipe: &Recipe) -> Result<Placing> {
    Placing::spectral(f, recipe.centre).ok_or_else(|| {
        Error::Numerics(
            "the network's outputs are the same for all samples; a lower --lr or more --steps helps".to_owned(),
        )
    })
}

/// Held-out rows of one form as they are compared.
struct Compared {
    rows: Array2<f32>,
    ids: Vec<u32>,
    clusters: usize,
}

impl Compared {
    fn new(rows: &Array2<f64>, ids: Vec<u32>) -> Self {
        let mut classes = ids.clone();
        classes.sort_unstable();
        classes.dedup();
        Self { rows: rows.mapv(|v| v as f32), ids, clusters: classes.len() }
    }

    fn scores(&self, starts: usize, seed: u64, progress: &Progress<'_>) -> Result<Option<Scores>> {
        let clusters = kmeans(self.rows.view(), self.clusters, starts, seed, progress)?;
        Ok(scores(&clusters.assignment, &self.ids))
    }
}

/// Recall@1 and clustering scores of held-out rows in the stored or direct form: what is watched while training goes on.
pub(crate) fn glance(
    outputs: ArrayView2<'_, f64>,
    placing: &Placing,
    rows: &[usize],
    ids: &[u32],
    recipe: &Recipe,
) -> Result<(Recall, Option<Scores>)> {
    let places = placing.rows(outputs.select(Axis(0), rows).view());
    let compared = Compared::new(&places, rows.iter().map(|&r| ids[r]).collect());
    let found = recall(compared.rows.view(), &compared.ids, &Progress::silent())?;
    Ok((found, compared.scores(1, recipe.seed, &Progress::silent())?))
}

/// Score outputs (`n × d`) and input (`n × D`) on the held-out rows in every form; with them ACC, NMI and ARI of the form in use.
///
/// # Errors
/// [`Error::Numerics`] for outputs that are all the same, those of k-means, [`Error::Cancelled`].
pub(crate) fn evaluate(
    outputs: ArrayView2<'_, f64>,
    input: ArrayView2<'_, f32>,
    split: &Split,
    labels: &Labels,
    recipe: &Recipe,
    progress: &Progress<'_>,
) -> Result<(Report, Option<Scores>)> {
    let of = |rows: &[usize]| -> Vec<u32> { rows.iter().map(|&r| labels.ids[r]).collect() };
    let ids = of(&split.test);
    let train = outputs.select(Axis(0), &split.train);
    let test = outputs.select(Axis(0), &split.test);
    let chosen = resolve(recipe.inference, recipe.system);
    let forms = [
        (Inference::Transductive, spectral(test.view(), recipe)?),
        (Inference::Stored, spectral(train.view(), recipe)?),
        (Inference::Direct, Placing::direct(outputs.ncols())),
    ];
    let mut report = Report {
        trained: split.train.len(),
        held_out: split.test.len(),
        trained_classes: names(of(&split.train), labels),
        held_out_classes: names(ids.clone(), labels),
        zero_shot: split.zero_shot,
        validation: recipe.validate,
        embedding: outputs.ncols(),
        inference: name(chosen),
        recall: Recall::default(),
        forms: Vec::new(),
    };
    let mut headline = None;
    for (at, (form, placing)) in forms.iter().enumerate() {
        progress.at(at as f32 / 4.0, name(*form))?;
        let compared = Compared::new(&placing.rows(test.view()), ids.clone());
        let found = recall(compared.rows.view(), &ids, &Progress::silent())?;
        let scores = compared.scores(recipe.starts, recipe.seed, progress)?;
        if *form == chosen {
            report.recall = found;
            headline = scores;
        }
        let dimensions = compared.rows.ncols();
        report.forms.push(Form { name: name(*form), recall: found, nmi: scores.map(|s| s.nmi), dimensions });
    }
    progress.at(0.75, "input")?;
    let raw = Compared { rows: input.select(Axis(0), &split.test), clusters: report.held_out_classes.len(), ids };
    let found = recall(raw.rows.view(), &raw.ids, &Progress::silent())?;
    let clusters = kmeans_of_features(raw.rows.view(), raw.clusters, recipe.starts, recipe.seed, progress)?;
    let nmi = scores(&clusters.assignment, &raw.ids).map(|s| s.nmi);
    report.forms.push(Form { name: "input", recall: found, nmi, dimensions: raw.rows.ncols() });
    Ok((report, headline))
}

/// Names of the classes that occur, in the order of their ids.
fn names(mut ids: Vec<u32>, labels: &Labels) -> Vec<String> {
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().filter_map(|id| labels.names.get(id as usize).cloned()).collect()
}

impl Report {
    /// What a person should know before believing any figure.
    pub(crate) fn note(&self, system: System) -> String {
        let what = match system {
            System::Contrastive => "contrastive",
            System::Triplet => "triplet",
            System::Dscl | System::SpectralNet | System::DualAutoencoder => "dscl",
        };
        let whose = match (self.zero_shot, self.validation) {
            (true, false) => {
                format!("{} classes it never saw ({})", self.held_out_classes.len(), self.held_out_classes.join(", "))
            }
            (true, true) => format!(
                "{} classes split off the training ones ({})",
                self.held_out_classes.len(),
                self.held_out_classes.join(", ")
            ),
            (false, _) => "rows it never saw, of the same classes".to_owned(),
        };
        format!(
            "{what} is supervised: labels of {} taught the network; its scores are of {} of {whose}",
            counted(self.trained, "sample"),
            counted(self.held_out, "sample")
        )
    }
}
