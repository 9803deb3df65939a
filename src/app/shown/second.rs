//! Rows of another file that a model labelled: a second layer over the samples. No drawing here.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use ndarray::{Array2, ArrayView2, Axis as Along, s};

use super::axes::{Axis, Side};
use crate::data::{Block, NewRows, Scaler, Table, resolve_scaling};
use crate::model::{self, Labelled, Model};
use crate::nets::Compute;
use crate::output::Tally;
use crate::pipeline::Snapshot;
use crate::recipe::Scaling;
use crate::support::progress::Progress;
use crate::{Recipe, Result};

/// Rows that are kept to be drawn and looked at, and cells and features of them; all are counted, and all are exported.
const MOST_ROWS: usize = 100_000;
const MOST_CELLS: usize = 4_000_000;

/// The rows of a file as a model labels them.
#[derive(Clone, Debug)]
pub struct Second {
    /// The file.
    pub path: PathBuf,
    /// What labelled it.
    pub model: Arc<Model>,
    /// The side that labels.
    pub first: model::Side,
    /// The first rows with their original cells.
    pub cells: Table,
    /// Their places in the file, from 0.
    pub rows: Vec<usize>,
    /// Their features before any scaling, `m × d`.
    features: Array2<f64>,
    /// What each side of the model makes of them.
    sides: Vec<(model::Side, Labelled)>,
    /// All rows, counted.
    pub tally: Tally,
    /// What a person should know of how they were read.
    pub notes: Vec<String>,
}

impl Second {
    /// Reads a file as the model's training was read and labels its rows, by every side that the model has; those of `by`, or of the side
    /// that labels unless told otherwise, are counted and exported.
    ///
    /// # Errors
    /// As [`Model::side`], [`NewRows::open`], [`NewRows::next_block`] and [`Model::apply_by`].
    pub fn read(path: &Path, model: Arc<Model>, by: Option<model::Side>, progress: &Progress<'_>) -> Result<Self> {
        let first = model.side(by)?;
        let recipe = Recipe { limit: 0, ..model.recipe.clone() };
        let mut new = NewRows::open(path.as_os_str(), &model.reading, &recipe)?;
        let (width, d) = (new.header().len(), model.columns.len());
        let most = MOST_ROWS.min(MOST_CELLS / width.max(d).max(1)).max(1);
        let compute = Compute::cpu();
        let mut tally = Tally::default();
        let (mut cells, mut rows, mut features) = (Table::new(new.header().to_vec()), Vec::new(), Vec::new());
        let mut parts: Vec<(model::Side, Vec<Labelled>)> = model.sides().map(|(side, _)| (side, Vec::new())).collect();
        while let Some(block) = new.next_block()? {
            progress.at(0.0, "labelling")?;
            let kept = most.saturating_sub(rows.len()).min(block.rows.len());
            for (side, parts) in &mut parts {
                // The other side is looked at alone.
                let count = if *side == first { block.rows.len() } else { kept };
                if count == 0 {
                    continue;
                }
                let labelled = model.apply_by(*side, block.features.slice(s![..count, ..]), &compute)?;
                if *side == first {
                    tally.add(&block, &labelled);
                }
                if kept > 0 {
                    parts.push(cut(labelled, kept));
                }
            }
            keep(&block, kept, &mut cells, &mut rows)?;
            features.extend(block.features.slice(s![..kept, ..]).iter().copied());
        }
        let features = Array2::from_shape_vec((rows.len(), d), features)
            .map_err(|_| crate::Error::format(path, "its rows have other features than the model"))?;
        let sides = parts.into_iter().filter_map(|(side, parts)| Some((side, joined(parts)?))).collect();
        Ok(Self { path: path.to_owned(), first, cells, rows, features, sides, tally, notes: new.notes(), model })
    }

    /// Rows that are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// What a side of the model makes of them.
    #[must_use]
    pub fn labelled(&self, side: model::Side) -> Option<&Labelled> {
        self.sides.iter().find(|(of, _)| *of == side).map(|(_, labelled)| labelled)
    }

    /// What a cluster is called.
    #[must_use]
    pub fn name(&self, cluster: u32) -> String {
        let name = self.model.names.get(cluster as usize).filter(|name| !name.is_empty());
        name.cloned().unwrap_or_else(|| cluster.to_string())
    }

    /// The file's name.
    #[must_use]
    pub fn title(&self) -> String {
        self.path
            .file_name()
            .map_or_else(|| self.path.display().to_string(), |name| name.to_string_lossy().into_owned())
    }
}

fn keep(block: &Block, kept: usize, cells: &mut Table, rows: &mut Vec<usize>) -> Result<()> {
    for row in 0..kept {
        let texts: Vec<_> = block.table.texts(row).collect();
        cells.push(texts.iter().map(AsRef::as_ref))?;
    }
    rows.extend_from_slice(&block.rows[..kept]);
    Ok(())
}

/// The first rows of what was labelled.
fn cut(mut labelled: Labelled, count: usize) -> Labelled {
    if labelled.clusters.len() > count {
        labelled.coordinates = labelled.coordinates.slice(s![..count, ..]).to_owned();
        labelled.clusters.truncate(count);
        labelled.confidence.truncate(count);
        labelled.diffusion = None;
        if let Some(unlike) = &mut labelled.unlike {
            unlike.truncate(count);
        }
    }
    labelled
}

/// Parts one after the other.
fn joined(parts: Vec<Labelled>) -> Option<Labelled> {
    let views: Vec<ArrayView2<'_, f64>> = parts.iter().map(|part| part.coordinates.view()).collect();
    let coordinates = ndarray::concatenate(Along(0), &views).ok()?;
    let unlike = parts.iter().all(|part| part.unlike.is_some());
    Some(Labelled {
        coordinates,
        clusters: parts.iter().flat_map(|part| part.clusters.iter().copied()).collect(),
        diffusion: None,
        confidence: parts.iter().flat_map(|part| part.confidence.iter().copied()).collect(),
        unlike: unlike.then(|| parts.iter().flat_map(|part| part.unlike.iter().flatten().copied()).collect()),
    })
}

/// Where the rows of a layer stand among the samples of a picture.
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// Scaled as the samples are, `m × d`, where they have the same features.
    scaled: Option<Arc<Array2<f32>>>,
    /// The same in the axes of the input view, `m × 3`.
    input: Option<Arc<Array2<f32>>>,
    /// Whether the learned and the exact eigenspace of the picture are those of the model.
    pub same: [bool; 2],
}

impl Standing {
    /// Works it out. Reads all samples, unless `before` is where they stood among the same ones.
    #[must_use]
    pub fn of(second: &Second, snapshot: &Snapshot, before: Option<&Self>) -> Self {
        let shown = snapshot.model.as_deref();
        let own = shown.is_some_and(|shown| std::ptr::eq(shown, Arc::as_ptr(&second.model)));
        let same = [
            own || shown.is_some_and(|shown| shown.learned.is_some() && shown.learned == second.model.learned),
            own || shown.is_some_and(|shown| shown.exact.is_some() && shown.exact == second.model.exact),
        ];
        if let Some(before) = before {
            return Self { same, ..before.clone() };
        }
        if second.model.columns != *snapshot.data.columns {
            return Self { same, ..Self::default() };
        }
        let scaling = match snapshot.job.recipe.scaling {
            Scaling::Auto => snapshot.facts.scaling.unwrap_or_else(|| resolve_scaling(&snapshot.data, Scaling::Auto).0),
            given => given,
        };
        let scaled = Scaler::fit(&snapshot.data, scaling).apply(second.features.view());
        let input = onto_input(scaled.view(), snapshot);
        Self { scaled: Some(Arc::new(scaled)), input: Some(Arc::new(input)), same }
    }

    /// Where the rows stand in a view; NaN where one of the axes says nothing of them.
    #[must_use]
    pub fn positions(&self, second: &Second, side: Side, axes: [Axis; 3], three_d: bool) -> Vec<[f32; 3]> {
        let of_side = match side {
            Side::Learned if self.same[0] => second.labelled(model::Side::Learned),
            Side::Exact if self.same[1] => second.labelled(model::Side::Exact),
            _ => None,
        };
        let value = |axis: Axis, row: usize| match axis {
            Axis::Vector(j) => of_side.and_then(|of| of.coordinates.get((row, j))).map(|&v| v as f32),
            Axis::Input(j) => self.input.as_ref().and_then(|input| input.get((row, j))).copied(),
            Axis::Feature(j) => self.scaled.as_ref().and_then(|scaled| scaled.get((row, j))).copied(),
        };
        let at = |row, i: usize| if i == 2 && !three_d { 0.0 } else { value(axes[i], row).unwrap_or(f32::NAN) };
        (0..second.len()).map(|row| [at(row, 0), at(row, 1), at(row, 2)]).collect()
    }
}

/// Scaled rows in the axes of the input view, `m × 3`: these are the features themselves, or principal components of the samples. The
/// direction of a component is `Xᵀs / sᵀs` of the centred samples `X` and its scores `s`, as `X s` is a multiple of it.
fn onto_input(rows: ArrayView2<'_, f32>, snapshot: &Snapshot) -> Array2<f32> {
    let (samples, input) = (&snapshot.scaled, &snapshot.input);
    let (m, d) = rows.dim();
    if d <= 3 {
        return Array2::from_shape_fn((m, 3), |(i, j)| if j < d { rows[(i, j)] } else { 0.0 });
    }
    let Some(mean) = samples.mean_axis(Along(0)).filter(|_| samples.nrows() == input.nrows()) else {
        return Array2::from_elem((m, 3), f32::NAN);
    };
    let mut directions = Array2::<f32>::zeros((d, input.ncols()));
    for (mut direction, scores) in directions.columns_mut().into_iter().zip(input.columns()) {
        let length = scores.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>();
        if length > 0.0 {
            // Scores of a component have the mean 0, so that of the samples falls out.
            let sum = samples.t().dot(&scores);
            direction.assign(&sum.mapv(|v| (f64::from(v) / length) as f32));
        }
    }
    (&rows - &mean).dot(&directions)
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::app::shown::fixture::snapshot;
    use crate::data::principal_components;

    #[test]
    fn rows_stand_in_principal_components_where_the_samples_do() {
        let samples = Array2::from_shape_fn((60, 5), |(i, j)| {
            let (i, j) = (i as f32, j as f32);
            (i * 0.7 + j).sin() * (3.0 - 0.5 * j) + 0.1 * (i * j * 1.3).cos()
        });
        let (scores, _) = principal_components(samples.view(), 3, 0);
        let mut shown = snapshot(None, None);
        (shown.scaled, shown.input) = (Arc::new(samples.clone()), Arc::new(scores.clone()));
        let again = onto_input(samples.view(), &shown);
        let away = (&again - &scores).iter().fold(0.0, |most: f32, v| most.max(v.abs()));
        assert!(away < 1e-3, "{away}");
        let flat = onto_input(array![[1.0_f32, 2.0]].view(), &snapshot(None, None));
        assert_eq!(flat, array![[1.0, 2.0, 0.0]]);
    }
}
