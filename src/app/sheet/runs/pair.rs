//! Two runs side by side: their pictures, the one turned onto the other, settings and scores that differ, curves over each other.

use std::sync::Arc;

use eframe::egui::{self, RichText, Ui};
use egui_plot::{Line, LineStyle, PlotPoints};
use ndarray::{Array2, s};

use super::list::{between, title};
use super::pictures::points_ui;
use super::{RunsAsk, RunsShown, quiet};
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::later::Later;
use crate::app::kit::plot::still;
use crate::app::kit::said::described;
use crate::app::kit::theme::Tokens;
use crate::app::kit::ticks::{decades, power};
use crate::app::shown::summed;
use crate::exact::first_is_constant;
use crate::measure::{self, Score};
use crate::pipeline::{CurvePoint, Snapshot, Solution};
use crate::project::{RunId, RunRecord};
use crate::support::number::{or_dash, score};

/// Points of a picture.
const MOST_POINTS: usize = 4000;
/// Grid lines of a logarithmic axis at most.
const MOST_TICKS: usize = 6;

/// Two pictures that can be compared.
#[derive(Debug, Clone, PartialEq)]
struct Aligned {
    left: Vec<[f32; 2]>,
    right: Vec<[f32; 2]>,
    /// Clusters, the right ones under the numbers of the left.
    of: [Vec<u32>; 2],
    /// Adjusted Rand index of the two clusterings, where both are of the same samples.
    ari: Option<f64>,
    /// How the one was turned onto the other, in words.
    how: &'static str,
}

/// Which curve is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Curve {
    #[default]
    Loss,
    Distance,
    Orthogonality,
    Accuracy,
}

impl Curve {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Loss, "Loss"),
        (Self::Distance, "Distance"),
        (Self::Orthogonality, "Orthogonality"),
        (Self::Accuracy, "ACC"),
    ];

    fn value(self, point: &CurvePoint) -> Option<f64> {
        match self {
            Self::Loss => Some(point.loss),
            Self::Distance => point.grassmann,
            Self::Orthogonality => Some(point.orthogonality_all),
            Self::Accuracy => point.scores.map(|scores| scores.acc),
        }
        .filter(|v| v.is_finite())
    }
}

/// The pictures of two runs, which are of these snapshots, once they are aligned.
type Waiting = ([RunId; 2], [u64; 2], Later<Option<Aligned>>);

/// The page between frames.
#[derive(Debug, Default)]
pub(super) struct PairView {
    curve: Curve,
    aligned: Option<Waiting>,
}

impl PairView {
    pub(super) fn forget(&mut self) {
        self.aligned = None;
    }

    pub(super) fn ui(&mut self, ui: &mut Ui, shown: &RunsShown<'_>, picked: &[RunId]) -> Option<RunsAsk> {
        let runs: Vec<&RunRecord> = picked.iter().filter_map(|&id| shown.runs.get(id)).collect();
        let [a, b] = runs[..] else {
            quiet(ui, "Tick two runs in the list; they stand here side by side.");
            return None;
        };
        let mut ask = None;
        egui::ScrollArea::vertical().auto_shrink(false).id_salt("two runs").show(ui, |ui| {
            ask = self.pictures_ui(ui, shown, (a, b));
            ui.add_space(4.0);
            ui.horizontal_top(|ui| {
                let half = 0.5 * ui.available_width() - 8.0;
                ui.vertical(|ui| {
                    ui.set_width(half);
                    tables_ui(ui, a, b);
                });
                ui.vertical(|ui| {
                    ui.set_width(half);
                    self.curves_ui(ui, shown, (a, b));
                });
            });
            focus::reveal(ui);
        });
        ask
    }

    fn pictures_ui(&mut self, ui: &mut Ui, shown: &RunsShown<'_>, (a, b): (&RunRecord, &RunRecord)) -> Option<RunsAsk> {
        let tokens = Tokens::in_ui(ui);
        let results = [a, b].map(|run| shown.results.get(&run.id).and_then(|result| result.shown.clone()));
        let [Some(left), Some(right)] = results else {
            for run in [a, b].into_iter().filter(|run| !shown.results.contains_key(&run.id)) {
                quiet(ui, &format!("The result of {} is not kept any more; Run again computes it.", title(run.id)));
            }
            return None;
        };
        let (ids, serials) = ([a.id, b.id], [left.serial, right.serial]);
        if self.aligned.as_ref().is_none_or(|(of, at, _)| *of != ids || *at != serials) {
            let work = move || aligned(&left, &right);
            self.aligned = Some((ids, serials, Later::start(ui.ctx(), "The two aligned pictures", work)));
        }
        let (_, _, later) = self.aligned.as_ref()?;
        let Some(aligned) = later.get() else {
            quiet(ui, if later.is_coming() { "Aligning the pictures…" } else { "The pictures could not be aligned." });
            return None;
        };
        let Some(aligned) = aligned else {
            quiet(ui, "The two have no side in common: one was only learned, the other only solved.");
            return None;
        };
        let mut ask = None;
        let width = (0.5 * ui.available_width() - 10.0).max(120.0);
        let size = egui::vec2(width, (0.42 * ui.available_height()).clamp(140.0, 320.0));
        ui.horizontal_top(|ui| {
            for (at, run, points) in [(0, a, &aligned.left), (1, b, &aligned.right)] {
                ui.vertical(|ui| {
                    ui.set_width(width);
                    let ink = if at == 0 { tokens.accent } else { tokens.exact };
                    let note = if run.note.is_empty() {
                        String::new()
                    } else {
                        format!(" · {}", format::short(&run.note, 40))
                    };
                    ui.label(RichText::new(format!("{}{note}", title(run.id))).color(ink).strong());
                    let name = format!("Picture of {}; restores it", title(run.id));
                    let picture = points_ui(ui, size, points, &aligned.of[at], &name);
                    if picture.on_hover_text("A click restores this run").clicked() {
                        ask = Some(RunsAsk::Restore(run.id));
                    }
                });
            }
        });
        let ari = aligned
            .ari
            .map_or_else(String::new, |ari| format!(" Their clusters agree to an ARI of {}.", score(Some(ari))));
        quiet(ui, &format!("{}{ari}", aligned.how));
        ask
    }

    fn curves_ui(&mut self, ui: &mut Ui, shown: &RunsShown<'_>, (a, b): (&RunRecord, &RunRecord)) {
        let tokens = Tokens::in_ui(ui);
        ui.horizontal(|ui| {
            focus::group(ui, "curve of two runs", Kind::Once, |ui| {
                for (curve, name) in Curve::ALL {
                    if ui.add(egui::Button::selectable(self.curve == curve, name).small()).clicked() {
                        self.curve = curve;
                    }
                }
            });
        });
        let curve = self.curve;
        let logarithmic = curve != Curve::Accuracy;
        let scale = |v: f64| if logarithmic { v.max(1e-8).log10() } else { v };
        let points = |run: &RunRecord| -> Vec<[f64; 2]> {
            let curves = shown.results.get(&run.id).map_or(&[][..], |result| &result.curve);
            curves.iter().filter_map(|p| Some([p.step as f64, scale(curve.value(p)?)])).collect()
        };
        let lines = [(a, tokens.accent, LineStyle::Solid), (b, tokens.exact, LineStyle::dashed_dense())];
        let lines = lines.map(|(run, ink, style)| (title(run.id), points(run), ink, style));
        if lines.iter().all(|(_, points, ..)| points.is_empty()) {
            return quiet(ui, "Neither has such a curve at hand.");
        }
        ui.horizontal(|ui| {
            for (name, _, ink, _) in &lines {
                ui.label(RichText::new(name).small().color(*ink));
            }
        });
        let axis = move |mark: egui_plot::GridMark, _: &std::ops::RangeInclusive<f64>| {
            if logarithmic { power(mark.value) } else { format::number(mark.value) }
        };
        let plot = still("curves of two runs", tokens).height(180.0).y_axis_min_width(40.0).y_axis_formatter(axis);
        let plot = if logarithmic { plot.y_grid_spacer(|input| decades(input, MOST_TICKS)) } else { plot };
        let response = plot.show(ui, |plot| {
            for (name, points, ink, style) in &lines {
                let points: PlotPoints = points.iter().copied().collect();
                plot.line(Line::new(name.clone(), points).color(*ink).width(1.8).style(*style));
            }
        });
        response
            .response
            .widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, "Curves of two runs over the steps"));
        described(&response.response, || {
            let back = |&[x, y]: &[f64; 2]| [x, if logarithmic { 10_f64.powf(y) } else { y }];
            let said = lines.iter().filter_map(|(name, points, ..)| {
                let points: Vec<[f64; 2]> = points.iter().map(back).collect();
                summed::curve(name, &points, !logarithmic)
            });
            format!("{}.", said.collect::<Vec<_>>().join("; "))
        });
    }
}

/// Settings and scores, those that differ.
fn tables_ui(ui: &mut Ui, a: &RunRecord, b: &RunRecord) {
    let tokens = Tokens::in_ui(ui);
    let heads = [String::new(), title(a.id), title(b.id)];
    let table = |ui: &mut Ui, id: &str, rows: &[(String, String, String)]| {
        egui::Grid::new(id).num_columns(3).striped(true).min_col_width(86.0).spacing([12.0, 3.0]).show(ui, |ui| {
            for (head, ink) in heads.iter().zip([tokens.text_weak, tokens.accent, tokens.exact]) {
                ui.label(RichText::new(head).small().color(ink));
            }
            ui.end_row();
            for (name, one, other) in rows {
                ui.label(RichText::new(name).color(tokens.text_weak));
                let ink = if one == other { tokens.text } else { tokens.text_strong };
                for text in [one, other] {
                    ui.label(RichText::new(format::short(text, 24)).monospace().color(ink)).on_hover_text(text);
                }
                ui.end_row();
            }
        });
    };
    let differing = between(a, b);
    if differing.is_empty() {
        quiet(ui, "Both have the same settings.");
    } else {
        quiet(ui, "Settings that differ");
        table(ui, "settings of two runs", &differing);
    }
    ui.add_space(6.0);
    quiet(ui, "What they came to");
    table(ui, "figures of two runs", &figures(a, b));
}

/// Names of figures with those of each run.
fn figures(a: &RunRecord, b: &RunRecord) -> Vec<(String, String, String)> {
    let number = |value: Option<f64>| or_dash(value, format::number);
    let row = |name: &str, of: &dyn Fn(&RunRecord) -> String| (name.to_owned(), of(a), of(b));
    let mut rows = Vec::new();
    for which in Score::ALL {
        let name = which.name();
        rows.push(row(&format!("{name}, learned"), &|run| score(run.learned.map(|scores| scores.get(which)))));
        rows.push(row(&format!("{name}, exact"), &|run| score(run.exact.map(|scores| scores.get(which)))));
    }
    rows.push(row("distance", &|run| number(run.distance)));
    let gap = |run: &RunRecord| or_dash(run.gap, |(after, share)| format!("{:.0} % after {after}", 100.0 * share));
    rows.push(row("widest eigengap", &gap));
    rows.push(row("clusters", &|run| format::count(run.clusters as usize)));
    rows.push(row("samples", &|run| format::count(run.samples as usize)));
    rows.push(row("steps", &|run| format::count(run.step as usize)));
    rows.push(row("end", &|run| run.end.name().to_owned()));
    rows.push(row("seconds", &|run| format::seconds(run.seconds)));
    rows.retain(|(_, one, other)| one != "–" || other != "–");
    rows
}

/// The side that both have, the learned one first.
fn sides<'a>(a: &'a Snapshot, b: &'a Snapshot) -> Option<(&'a Arc<Solution>, &'a Arc<Solution>)> {
    let learned = a.learned.as_ref().zip(b.learned.as_ref());
    learned.or_else(|| a.exact.as_ref().zip(b.exact.as_ref()))
}

/// The two pictures; nothing where the two have no side in common.
fn aligned(a: &Snapshot, b: &Snapshot) -> Option<Aligned> {
    let (left, right) = sides(a, b)?;
    let (one, mut other) = (&left.space.vectors, right.space.vectors.clone());
    let same = one.nrows() == other.nrows()
        && (Arc::ptr_eq(&a.data.features, &b.data.features) || a.data.features == b.data.features);
    let first = usize::from(one.ncols() > 1 && first_is_constant(&left.space));
    let mut how = "The runs are of other samples, and the pictures are as each run has them.";
    if same && first < one.ncols().min(other.ncols()) {
        let mass =
            a.operator.as_ref().map_or_else(|| Arc::new(vec![1.0; one.nrows()]), |operator| Arc::clone(&operator.mass));
        let shared = one.ncols().min(other.ncols());
        // The constant vector stays by itself; those that vary are turned together.
        let groups: Vec<usize> = (0..shared).map(|j| if j < first { j } else { first }).collect();
        measure::procrustes(one.view(), &mut other, &groups, &mass);
        how = "The second picture is turned onto the first (orthogonal Procrustes over the vectors that vary).";
    }
    let matched = same.then(|| measure::matching(&right.clusters.assignment, &left.clusters.assignment));
    let number = |id: u32| matched.as_ref().map_or(id, |numbers| numbers.get(id as usize).copied().unwrap_or(id));
    let some = |n: usize| (0..n).step_by(n.div_ceil(MOST_POINTS).max(1));
    let points = |vectors: &Array2<f64>| -> Vec<[f32; 2]> {
        let last = vectors.ncols().saturating_sub(1);
        let (x, y) = (first.min(last), (first + 1).min(last));
        let columns = (vectors.slice(s![.., x]), vectors.slice(s![.., y]));
        some(vectors.nrows()).map(|i| [columns.0[i] as f32, columns.1[i] as f32]).collect()
    };
    let ari = same.then(|| measure::adjusted_rand(&left.clusters.assignment, &right.clusters.assignment));
    let of = [
        some(one.nrows()).map(|i| left.clusters.assignment[i]).collect(),
        some(other.nrows()).map(|i| number(right.clusters.assignment[i])).collect(),
    ];
    Some(Aligned { left: points(one), right: points(&other), of, ari, how })
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::app::shown::fixture::snapshot;

    #[test]
    fn the_second_picture_is_turned_onto_the_first() {
        let one = array![[1.0, -1.0, 0.5], [1.0, -1.0, -0.5], [1.0, 1.0, 0.5], [1.0, 1.0, -0.5]];
        let mut other = one.clone();
        for mut row in other.rows_mut() {
            let (a, b) = (row[1], row[2]);
            (row[1], row[2]) = (-b, a);
        }
        let (a, mut b) = (snapshot(Some(&one), None), snapshot(Some(&other), None));
        b.data = a.data.clone();
        let found = aligned(&a, &b).expect("both are learned");
        for (p, q) in found.left.iter().zip(&found.right) {
            assert!((p[0] - q[0]).abs() < 1e-5 && (p[1] - q[1]).abs() < 1e-5, "{p:?} and {q:?}");
        }
        assert!(found.how.contains("Procrustes") && found.of[0] == found.of[1]);
        assert_eq!(aligned(&a, &snapshot(None, Some(&one))), None, "no side in common");
    }
}
