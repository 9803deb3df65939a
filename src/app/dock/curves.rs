//! Curves over the training steps.

use eframe::egui::{self, Color32, RichText, Ui};
use egui_plot::{Line, LineStyle, PlotPoint, PlotPoints, PlotUi, VLine};

use super::{Card, Shown, limits, title_ui};
use crate::app::kit::format;
use crate::app::kit::plot::still;
use crate::app::kit::said::described;
use crate::app::kit::theme::Tokens;
use crate::app::kit::ticks::{SMALLEST, decades, inside, power, steps};
use crate::app::shown::pins::{Pin, Pins};
use crate::app::shown::run::{Run, stage_name};
use crate::app::shown::summed;
use crate::app::views::empty_ui;
use crate::learn::Terms;
use crate::measure::Score;
use crate::pipeline::CurvePoint;
use crate::recipe::Stage;
use crate::support::number::{fixed, in_thousands};

/// One curve: a name, a colour, its points, and whether it is a reference to measure by.
pub(super) struct Curve {
    name: &'static str,
    color: Color32,
    /// Steps and values.
    pub(super) points: Vec<[f64; 2]>,
    reference: bool,
}

impl Curve {
    pub(super) fn new(
        name: &'static str,
        color: Color32,
        run: &Run,
        value: impl Fn(&CurvePoint) -> Option<f64>,
    ) -> Self {
        let finite = |p: &CurvePoint| value(p).filter(|v| v.is_finite()).map(|v| [p.step as f64, v]);
        Self { name, color, points: run.curve.iter().filter_map(finite).collect(), reference: false }
    }

    pub(super) fn reference(mut self) -> Self {
        self.reference = true;
        self
    }
}

pub(super) fn loss_ui(ui: &mut Ui, shown: Shown) {
    let run = shown.run;
    let tokens = Tokens::in_ui(ui);
    // What a curve comes down to is dashed in the curve's own colour.
    let curves = [
        Curve::new("loss", tokens.learned, run, |p| Some(p.loss)),
        Curve::new("bound", tokens.learned, run, |p| p.bound).reference(),
        Curve::new("Ritz sum", tokens.good, run, |p| Some(p.ritz_sum)),
        Curve::new("exact Σλ", tokens.good, run, |p| p.exact_sum).reference(),
    ];
    learn_card(ui, Card::Loss, &curves, (shown, |p| Some(p.loss)), run.look_shown().map(|p| p.loss));
}

pub(super) fn orthogonality_ui(ui: &mut Ui, shown: Shown) {
    let run = shown.run;
    let tokens = Tokens::in_ui(ui);
    // Each error beside the typical one of its own kind.
    let curves = [
        Curve::new("√(2k/m)", tokens.learned, run, |p| Some(p.typical_batch)).reference(),
        Curve::new("√(k/m)", tokens.good, run, |p| Some(p.typical_all)).reference(),
        Curve::new("fresh batch", tokens.learned, run, |p| Some(p.orthogonality_batch)),
        Curve::new("all data", tokens.good, run, |p| Some(p.orthogonality_all)),
    ];
    let figure = run.look_shown().map(|p| p.orthogonality_batch);
    learn_card(ui, Card::Orthogonality, &curves, (shown, |p| Some(p.orthogonality_all)), figure);
}

pub(super) fn distance_ui(ui: &mut Ui, shown: Shown) {
    let run = shown.run;
    let tokens = Tokens::in_ui(ui);
    let curves = [Curve::new("per dimension", tokens.learned, run, |p| p.grassmann)];
    if curves[0].points.is_empty() && !run.curve.is_empty() {
        title_ui(ui, Card::Distance.title(), Card::Distance.tip(), None);
        return empty_ui(ui, "Needs the exact side, which is off or not yet there");
    }
    // What the scores say of the solution shown, so that one figure has one value.
    let figure = run.shown.as_ref().and_then(|s| s.distance()).or_else(|| run.look_shown()?.grassmann);
    learn_card(ui, Card::Distance, &curves, (shown, |p| p.grassmann), figure);
}

pub(super) fn scores_ui(ui: &mut Ui, shown: Shown) {
    let run = shown.run;
    let tokens = Tokens::in_ui(ui);
    let inks = [tokens.learned, tokens.good, tokens.exact];
    let curve =
        |(score, ink): (Score, _)| Curve::new(score.name(), ink, run, |p| p.scores.map(|scores| scores.get(score)));
    let mut curves: Vec<Curve> = Score::ALL.into_iter().zip(inks).map(curve).collect();
    curves.push(Curve::new("Recall@1", tokens.reference, run, |p| p.recall));
    if curves[0].points.is_empty() && !run.curve.is_empty() {
        title_ui(ui, Card::Progress.title(), Card::Progress.tip(), None);
        return empty_ui(ui, "Needs labels, and this data has none");
    }
    // The solution shown is clustered with all starts of k-means, a look with one.
    let scores = run.shown.as_ref().and_then(|s| s.learned.as_ref()?.scores);
    let acc = scores.or_else(|| run.look_shown()?.scores).map(|s| s.acc);
    learn_card(ui, Card::Progress, &curves, (shown, |p| p.scores.map(|s| s.acc)), acc);
}

/// How distances over the steps are drawn, with a mark at the network that is told of, where there is one.
pub(super) fn learn_style(run: &Run, marked: Option<usize>) -> Style {
    let kept = marked.map(|step| step as f64);
    Style {
        logarithmic: true,
        old: run.is_old(Stage::Learn),
        kept,
        steps: steps_of(run),
        past: run.past.map(|step| step as f64),
        pins: Vec::new(),
    }
}

/// The steps that the training shown will take at most, while it is at work: curves run towards them. One that has ended fills its card.
fn steps_of(run: &Run) -> Option<f64> {
    let taken = run.curve.last().map_or(0, |point| point.step);
    let ended = run.is_old(Stage::Learn) || run.shown.as_ref().is_none_or(|shown| shown.ending.is_some());
    let most = if ended { taken } else { run.shown.as_ref().map_or(0, |shown| shown.steps) };
    (most > 0).then_some(most as f64)
}

/// A card of curves of the training, faint where they are of an earlier run, with a mark at the network that was kept.
fn learn_card(
    ui: &mut Ui,
    card: Card,
    curves: &[Curve],
    (shown, value): (Shown, fn(&CurvePoint) -> Option<f64>),
    figure: Option<f64>,
) {
    let (run, tokens) = (shown.run, Tokens::in_ui(ui));
    let pinned = |(at, pin): (usize, &Pin)| Pinned {
        name: pin.name.clone(),
        color: Pins::color(at, tokens),
        points: pin.curve(value),
        dashed: at > 0,
    };
    let pins = shown.pins.iter().enumerate().map(pinned).filter(|pin| !pin.points.is_empty()).collect();
    let scores = card == Card::Progress;
    let ended = run.shown.as_ref().filter(|s| s.ending.is_some() && s.kept != s.step);
    let kept = ended.map(|s| s.kept as f64).filter(|_| !run.is_old(Stage::Learn));
    let text = |value: f64| if scores { fixed(value, 3) } else { format::number(value) };
    let figure = figure.filter(|v| v.is_finite()).map(text);
    let (steps, past) = (steps_of(run), run.past.map(|step| step as f64));
    let style = Style { logarithmic: !scores, old: run.is_old(Stage::Learn), kept, steps, past, pins };
    card_ui(ui, card, curves, &style, figure);
}

/// The dual autoencoder's loss, term by term, before weights.
pub(super) fn terms_ui(ui: &mut Ui, run: &Run) {
    let tokens = Tokens::in_ui(ui);
    let curve = |name, color, value: fn(&Terms) -> Option<f64>| {
        let points = run.terms.iter().filter_map(|t| Some([t.step as f64, value(t).filter(|v| v.is_finite())?]));
        Curve { name, color, points: points.collect(), reference: false }
    };
    let curves = [
        curve("rebuilt", tokens.accent, |t| t.reconstruction),
        curve("relative", tokens.good, |t| t.relative),
        curve("prior", tokens.bad, |t| t.prior),
        curve("global MI", tokens.text_strong, |t| t.global),
        curve("local MI", tokens.reference, |t| t.local),
        curve("spectral", tokens.learned, |t| t.spectral),
    ];
    let figure = run.terms.last().and_then(|t| t.reconstruction).map(format::number);
    let style = Style {
        logarithmic: true,
        old: run.is_old(Stage::Represent),
        kept: None,
        steps: None,
        past: None,
        pins: Vec::new(),
    };
    card_ui(ui, Card::Terms, &curves, &style, figure);
}

/// The loss of a network that is trained before the spectral one.
pub(super) fn prepared_ui(ui: &mut Ui, run: &Run, stage: Stage) {
    let looks = run.prepared.iter().filter(|p| p.stage == stage);
    let points: Vec<[f64; 2]> = looks.map(|p| [p.step as f64, p.loss]).collect();
    let curve = Curve { name: "loss", color: Tokens::in_ui(ui).learned, points, reference: false };
    let style =
        Style { logarithmic: true, old: run.is_old(stage), kept: None, steps: None, past: None, pins: Vec::new() };
    plot_ui(ui, stage_name(stage), &[curve], &style, None);
}

/// How curves are drawn.
pub(super) struct Style {
    logarithmic: bool,
    /// They are of an earlier run.
    old: bool,
    /// The step whose network was kept, where it is not the last.
    kept: Option<f64>,
    /// The step at the end of the axis, where it is known.
    steps: Option<f64>,
    /// The step of the earlier look that is shown: what came after is faint.
    past: Option<f64>,
    /// Curves of pinned runs.
    pins: Vec<Pinned>,
}

/// The curve of a pinned run.
struct Pinned {
    name: String,
    color: Color32,
    points: Vec<[f64; 2]>,
    dashed: bool,
}

/// Height that a label of an axis needs, in points.
const LABEL: f32 = 20.0;
/// What is left of a colour in curves of an earlier run.
const FAINT: f32 = 0.35;

fn card_ui(ui: &mut Ui, card: Card, curves: &[Curve], style: &Style, figure: Option<String>) {
    let there = curves.iter().any(|c| !c.points.is_empty());
    let figure = if style.old && there { Some("an earlier run".to_owned()) } else { figure };
    title_ui(ui, card.title(), card.tip(), figure.clone());
    if !there {
        return empty_ui(ui, "Curves appear once training starts");
    }
    legend_ui(ui, curves);
    pins_ui(ui, &style.pins);
    plot_ui(ui, card.title(), curves, style, figure);
}

pub(super) fn plot_ui(ui: &mut Ui, title: &str, curves: &[Curve], style: &Style, figure: Option<String>) {
    let tokens = Tokens::in_ui(ui);
    let logarithmic = style.logarithmic;
    let tick = |value: f64| if logarithmic { power(value) } else { fixed(value, 1) };
    // Labels of the last step stick out to the right of the plot.
    let room = egui::vec2(ui.available_width() - 8.0, ui.available_height());
    let plot = still(title, tokens)
        .width(room.x)
        .height(room.y)
        .cursor_color(tokens.text_weak)
        .auto_bounds(false)
        .y_axis_min_width(34.0)
        .x_grid_spacer(steps)
        .x_axis_formatter(|mark, range| inside(mark.value, range, in_thousands(mark.value)))
        .y_axis_formatter(move |mark, range| inside(mark.value, range, tick(mark.value)))
        .link_cursor(egui::Id::unique("training curves"), [true, false])
        .label_formatter(move |hover| match hover {
            egui_plot::HoverPosition::NearDataPoint { plot_name, position, .. } => {
                Some(read_off(plot_name, *position, logarithmic))
            }
            egui_plot::HoverPosition::Elsewhere { .. } => None,
        });
    let most = (room.y / LABEL).max(2.0) as usize;
    let plot = if logarithmic { plot.y_grid_spacer(move |input| decades(input, most)) } else { plot };
    let [x, y] = ends(curves, style);
    let response = plot.show(ui, |plot| {
        plot.set_plot_bounds_x(x[0]..=x[1]);
        plot.set_plot_bounds_y(y[0]..=y[1]);
        lines_ui(plot, curves, style);
        if let Some(past) = style.past {
            plot.vline(VLine::new("shown", past).color(tokens.text_strong).width(1.0));
        }
        if let Some(kept) = style.kept {
            let line = VLine::new("kept", kept).color(tokens.text_weak).width(1.0);
            plot.vline(line.style(LineStyle::dotted_dense()));
        }
    });
    let said = figure.map_or_else(|| title.to_owned(), |figure| format!("{title} over steps: {figure}"));
    response.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Image, true, &said));
    // What falls is told by its lowest value, scores by their highest.
    let all = || curves.iter().map(|curve| (curve.name, curve.points.as_slice()));
    described(&response.response, || summed::curves(all(), !logarithmic));
}

/// The curves, those of pinned runs behind them.
fn lines_ui(plot: &mut PlotUi<'_>, curves: &[Curve], style: &Style) {
    let scale = |&[x, y]: &[f64; 2]| [x, if style.logarithmic { y.max(SMALLEST).log10() } else { y }];
    for pin in &style.pins {
        let points: PlotPoints = pin.points.iter().map(scale).collect();
        let line = if pin.dashed { LineStyle::dashed_loose() } else { LineStyle::dotted_dense() };
        plot.line(Line::new(pin.name.clone(), points).color(pin.color).width(1.4).style(line));
    }
    for curve in curves.iter().filter(|c| !c.points.is_empty()) {
        let points: PlotPoints = curve.points.iter().map(scale).collect();
        let line = if curve.reference { LineStyle::dashed_dense() } else { LineStyle::Solid };
        let width = if curve.reference { 1.2 } else { 1.8 };
        let color = if style.old { curve.color.gamma_multiply(FAINT) } else { curve.color };
        let Some(past) = style.past else {
            plot.line(Line::new(curve.name, points).color(color).width(width).style(line));
            continue;
        };
        // The whole is drawn faint, and what had come by then over it.
        let faint = curve.color.gamma_multiply(FAINT);
        plot.line(Line::new(curve.name, points).color(faint).width(width).style(line));
        let so_far: PlotPoints = curve.points.iter().filter(|p| p[0] <= past).map(scale).collect();
        plot.line(Line::new(curve.name, so_far).color(color).width(width).style(line));
    }
}

/// Where the axes end, with a little room: they stand still while values come, and hold what is pinned too.
fn ends(curves: &[Curve], style: &Style) -> [[f64; 2]; 2] {
    let pinned = || style.pins.iter().flat_map(|pin| &pin.points);
    let points = || curves.iter().flat_map(|curve| &curve.points).chain(pinned());
    let taken = points().map(|point| point[0]).fold(0.0, f64::max);
    let y =
        if style.logarithmic { limits::logarithmic(points().map(|point| point[1].max(SMALLEST))) } else { [0.0, 1.0] };
    let roomy = |[low, high]: [f64; 2], share: f64| [low - share * (high - low), high + share * (high - low)];
    [roomy([0.0, limits::last_step(taken, style.steps)], 0.03), roomy(y, 0.05)]
}

fn read_off(name: &str, at: PlotPoint, logarithmic: bool) -> String {
    let value = if logarithmic { 10_f64.powf(at.y) } else { at.y };
    let least = if logarithmic && value <= SMALLEST * (1.0 + 1e-9) { "≤" } else { "" };
    format!("{name} {least}{}\nstep {}", format::number(value), format::count(at.x.max(0.0) as usize))
}

/// Names of the pinned runs whose curves are drawn.
fn pins_ui(ui: &mut Ui, pins: &[Pinned]) {
    if pins.is_empty() {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(4.0, 0.0);
        for pin in pins {
            let style = if pin.dashed { "dashed" } else { "dotted" };
            ui.label(egui::RichText::new(format!("{style}: {}", pin.name)).small().color(pin.color));
        }
    });
}

/// Names of the curves with their colours, one line.
pub(super) fn legend_ui(ui: &mut Ui, curves: &[Curve]) {
    let tokens = Tokens::in_ui(ui);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = egui::vec2(4.0, 0.0);
        for curve in curves.iter().filter(|c| !c.points.is_empty()) {
            let name = RichText::new(curve.name).small().color(tokens.text_weak);
            // A line break comes before the dash of a curve, never between it and the name.
            let text =
                egui::WidgetText::from(name.clone()).into_galley(ui, None, f32::INFINITY, egui::TextStyle::Small);
            if ui.available_size_before_wrap().x < 12.0 + 4.0 + text.size().x {
                ui.end_row();
            }
            let (rect, _) = ui.allocate_exact_size(egui::vec2(12.0, 12.0), egui::Sense::hover());
            let stroke = egui::Stroke::new(2.0, curve.color);
            let (left, right) = (rect.left_center(), rect.right_center());
            if curve.reference {
                ui.painter().extend(egui::Shape::dashed_line(&[left, right], stroke, 3.0, 2.0));
            } else {
                ui.painter().line_segment([left, right], stroke);
            }
            let last = curve.points.last().map_or(0.0, |p| p[1]);
            ui.add(egui::Label::new(name).extend()).on_hover_text(format::number(last));
            ui.add_space(4.0);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_of_a_training_at_work_stand_still() {
        let curve = |count: usize| Curve {
            name: "loss",
            color: Color32::WHITE,
            points: (0..count).map(|i| [5.0 * i as f64, 0.8 - 0.001 * i as f64]).collect(),
            reference: false,
        };
        let style =
            Style { logarithmic: true, old: false, kept: None, steps: Some(150.0), past: None, pins: Vec::new() };
        let first = ends(&[curve(2)], &style);
        assert!((3..30).all(|count| ends(&[curve(count)], &style) == first));
        assert!(first[0][0] < 0.0 && first[0][1] > 150.0);
    }

    #[test]
    fn the_curve_of_a_pinned_run_is_never_beyond_the_axes() {
        let points = vec![[10.0, 0.3], [200.0, 0.02]];
        let curve = Curve { name: "per dimension", color: Color32::WHITE, points, reference: false };
        let points = vec![[10.0, 0.01], [400.0, 2e-5]];
        let pin = Pinned { name: "walk".to_owned(), color: Color32::WHITE, points, dashed: false };
        let style = Style { logarithmic: true, old: false, kept: None, steps: None, past: None, pins: vec![pin] };
        let [x, y] = ends(&[curve], &style);
        assert!(x[1] >= 400.0 && y[0] < 2e-5_f64.log10() && y[1] > 0.3_f64.log10(), "{x:?} {y:?}");
    }
}
