//! Curves of the training and the spectrum.

use super::svg::{Anchor, Axis, Frame, INK, Page, QUIET};
use crate::measure::{Gap, Score};
use crate::pipeline::CurvePoint;
use crate::support::language::counted;

const BLUE: &str = "#0072b2";
const ORANGE: &str = "#c84b00";
const GREEN: &str = "#009e73";

/// What a line shows of an evaluation.
type Value = dyn Fn(&CurvePoint) -> Option<f64>;

/// One line of a chart.
struct Line {
    name: &'static str,
    colour: &'static str,
    /// Lengths of its dashes and gaps; nothing where it has none.
    dashes: &'static str,
    value: Box<Value>,
}

/// Lines over the steps of a training.
struct Chart {
    name: &'static str,
    /// Whether its values are shown by their powers of ten.
    logarithmic: bool,
    lines: Vec<Line>,
}

fn line(
    name: &'static str,
    colour: &'static str,
    dashes: &'static str,
    value: impl Fn(&CurvePoint) -> Option<f64> + 'static,
) -> Line {
    Line { name, colour, dashes, value: Box::new(value) }
}

const LEFT: f64 = 84.0;
const WIDTH: f64 = 620.0;
const HEIGHT: f64 = 150.0;

/// Loss with its bound, orthogonality error with the typical ones, Grassmann distance, scores: one above the other over the steps.
pub(super) fn curves(title: &str, points: &[CurvePoint]) -> Page {
    let loss = vec![line("loss", BLUE, "", |p| Some(p.loss)), line("bound", QUIET, "5 4", |p| p.bound)];
    let orthogonality = vec![
        line("fresh batch", BLUE, "", |p| Some(p.orthogonality_batch)),
        line("all samples", GREEN, "", |p| Some(p.orthogonality_all)),
        line("typical √(2k/m)", BLUE, "5 4", |p| Some(p.typical_batch)),
        line("typical √(k/m)", GREEN, "5 4", |p| Some(p.typical_all)),
    ];
    let grassmann = vec![line("per dimension, to the exact space", BLUE, "", |p| p.grassmann)];
    let score =
        |(score, colour): (Score, _)| line(score.name(), colour, "", move |p| p.scores.map(|scores| scores.get(score)));
    let mut scores: Vec<Line> = Score::ALL.into_iter().zip([BLUE, GREEN, ORANGE]).map(score).collect();
    scores.push(line("Recall@1", QUIET, "", |p| p.recall));
    let mut charts = vec![
        Chart { name: "loss", logarithmic: false, lines: loss },
        Chart { name: "orthogonality error", logarithmic: true, lines: orthogonality },
        Chart { name: "Grassmann distance", logarithmic: true, lines: grassmann },
        Chart { name: "score", logarithmic: false, lines: scores },
    ];
    charts.retain(|chart| chart.values(points).any(f64::is_finite));
    let mut page = Page::new(LEFT + WIDTH + 24.0, 60.0 + (HEIGHT + 70.0) * charts.len().max(1) as f64);
    page.text((LEFT, 28.0), 17.0, INK, Anchor::Start, title);
    if charts.is_empty() {
        page.text((LEFT, 60.0), 12.0, QUIET, Anchor::Start, "no evaluation of the training to show");
    }
    for (row, chart) in charts.iter().enumerate() {
        chart.draw(&mut page, 66.0 + (HEIGHT + 70.0) * row as f64, points);
    }
    page
}

impl Chart {
    /// Every value of every line.
    fn values<'a>(&'a self, points: &'a [CurvePoint]) -> impl Iterator<Item = f64> {
        points.iter().flat_map(|p| self.lines.iter().filter_map(|line| (line.value)(p)))
    }

    fn draw(&self, page: &mut Page, top: f64, points: &[CurvePoint]) {
        let y = if self.logarithmic { Axis::powers(self.values(points)) } else { Axis::around(self.values(points)) };
        let x = Axis::around(points.iter().map(|p| p.step as f64));
        let frame = Frame { left: LEFT, top, width: WIDTH, height: HEIGHT, x, y };
        frame.draw(page, "step", self.name);
        let mut legend = LEFT + WIDTH;
        for Line { name, colour, dashes, value } in self.lines.iter().rev() {
            let shown: Vec<_> = points
                .iter()
                .filter_map(|p| value(p).filter(|v| v.is_finite()).map(|v| frame.at(p.step as f64, v)))
                .collect();
            if shown.is_empty() {
                continue;
            }
            page.path(&shown, colour, dashes);
            page.text((legend, top - 8.0), 12.0, INK, Anchor::End, name);
            legend -= 6.6 * name.chars().count() as f64 + 8.0;
            page.path(&[(legend - 22.0, top - 12.0), (legend, top - 12.0)], colour, dashes);
            legend -= 40.0;
        }
    }
}

/// Exact eigenvalues as bars, learned estimates as rings, and the gap that the clusters stand for.
pub(super) fn spectrum(title: &str, exact: &[f64], learned: &[f64], clusters: usize, suggested: Option<Gap>) -> Page {
    let (width, height, top) = (620.0, 360.0, 62.0);
    let count = exact.len().max(learned.len());
    let mut page = Page::new(LEFT + width + 24.0, top + height + 54.0);
    let y = Axis::around(exact.iter().chain(learned).copied().chain([0.0]));
    let frame =
        Frame { left: LEFT, top, width, height, x: Axis { low: 0.3, high: count.max(1) as f64 + 0.7, log: false }, y };
    page.text((LEFT, 28.0), 17.0, INK, Anchor::Start, title);
    let widest = suggested.map_or(String::new(), |gap| {
        let share = 100.0 * gap.relative;
        format!("; the gap that tells, {share:.0} % of the value above it, suggests k = {}", gap.after)
    });
    page.text((LEFT, 47.0), 12.0, QUIET, Anchor::Start, &format!("{} in use{widest}", counted(clusters, "cluster")));
    frame.draw(&mut page, "eigenvalue number", "eigenvalue");
    if clusters < count {
        let (x, _) = frame.at(clusters as f64 + 0.5, 0.0);
        page.path(&[(x, top), (x, top + height)], ORANGE, "4 4");
        page.text((x + 5.0, top + 14.0), 11.0, ORANGE, Anchor::Start, "clusters in use");
    }
    let half = (0.32 * width / (count.max(1) as f64 + 0.4)).min(18.0);
    for (i, &value) in exact.iter().enumerate().filter(|(_, v)| v.is_finite()) {
        let (x, y) = frame.at(i as f64 + 1.0, value);
        page.line((x - half, y), (x + half, y), INK, 2.4);
    }
    for (i, &value) in learned.iter().enumerate().filter(|(_, v)| v.is_finite()) {
        page.disc(frame.at(i as f64 + 1.0, value), (half * 0.5).clamp(2.0, 5.0), "none", BLUE);
    }
    let mut legend = LEFT + width;
    if !learned.is_empty() {
        page.text((legend, top - 10.0), 12.0, INK, Anchor::End, "learned");
        page.disc((legend - 56.0, top - 14.0), 5.0, "none", BLUE);
        legend -= 84.0;
    }
    if !exact.is_empty() {
        page.text((legend, top - 10.0), 12.0, INK, Anchor::End, "exact");
        page.line((legend - 58.0, top - 14.0), (legend - 38.0, top - 14.0), INK, 2.4);
    }
    page
}
