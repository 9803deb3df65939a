//! What tells without labels whether a result can be trusted: eigengap, stability over seeds and samples, silhouette, the graph.

use std::sync::Arc;

use eframe::egui::{self, RichText, Ui};

use super::sweep::Sweeping;
use super::{RunsAsk, RunsShown, quiet};
use crate::app::kit::format;
use crate::app::kit::spoken::spoken;
use crate::app::kit::theme::Tokens;
use crate::pipeline::sweep::{Probe, stability};
use crate::support::number::fixed;

/// Other seeds, and draws of a part.
const DRAWS: u64 = 3;
/// The part.
const SHARE: f64 = 0.8;

/// How good a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Grade {
    Good,
    Fair,
    Poor,
}

/// The page between frames.
#[derive(Debug, Default)]
pub(super) struct TrustView {
    /// Of which snapshot, and its clusters.
    of: Option<(u64, usize)>,
    pub(super) sweep: Sweeping,
}

impl TrustView {
    pub(super) fn ui(&mut self, ui: &mut Ui, shown: &RunsShown<'_>, taken: bool) -> Option<RunsAsk> {
        let tokens = Tokens::in_ui(ui);
        let mut ask = None;
        let text = format!(
            "Runs the exact side of what the views show with {DRAWS} other seeds and on {DRAWS} draws of {:.0} % of the samples. \
             No label takes part.",
            100.0 * SHARE
        );
        quiet(ui, &text);
        ui.horizontal(|ui| {
            if let Some((at, of)) = self.sweep.at() {
                let bar = egui::ProgressBar::new((at - 1) as f32 / of.max(1) as f32).desired_width(180.0);
                let bar = ui.add(bar.desired_height(6.0).fill(tokens.accent));
                bar.widget_info(|| {
                    egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, "Stability progress")
                });
                ui.label(RichText::new(format!("run {at} of {of}")).small());
                if ui.button("Cancel").on_hover_text("End here; what is found stays").clicked() {
                    ask = Some(RunsAsk::EndSweep);
                }
                return;
            }
            let supervised = shown.snapshot.is_some_and(|s| s.job.recipe.system.is_supervised());
            let why = match shown.snapshot {
                None => Some("Train first"),
                Some(_) if supervised => Some("A supervised system has no exact side"),
                Some(_) if shown.busy => Some("A run is at work"),
                Some(_) if taken => Some("Other small runs are at work"),
                Some(_) => None,
            };
            let button = ui.add_enabled(why.is_none(), egui::Button::new("Measure"));
            let button = button.on_hover_text("Beside the picture, which stays as it is");
            if button.on_disabled_hover_text(why.unwrap_or_default()).clicked()
                && let Some(snapshot) = shown.snapshot
            {
                let sweep = stability(snapshot, DRAWS, SHARE);
                self.sweep.began(&sweep);
                self.of = Some((snapshot.serial, snapshot.clusters));
                ask = Some(RunsAsk::Sweep(Box::new(sweep)));
            }
        });
        if let Some(error) = &self.sweep.error {
            ui.add(egui::Label::new(RichText::new(spoken(error)).color(tokens.bad)).wrap());
        }
        let older = self.of.is_some_and(|(serial, _)| shown.snapshot.is_none_or(|s| s.serial != serial));
        if older {
            ui.label(RichText::new("These are of an older result").small().color(tokens.warning));
        }
        egui::ScrollArea::vertical().auto_shrink(false).id_salt("trust").show(ui, |ui| self.sentences_ui(ui));
        ask
    }

    fn sentences_ui(&self, ui: &mut Ui) {
        let tokens = Tokens::in_ui(ui);
        let used = self.of.map_or(0, |(_, clusters)| clusters);
        for (title, grade, text) in self.findings(used) {
            ui.add_space(6.0);
            let (ink, word) = match grade {
                Some(Grade::Good) => (tokens.good, "good"),
                Some(Grade::Fair) => (tokens.warning, "fair"),
                Some(Grade::Poor) => (tokens.bad, "poor"),
                None => (tokens.text_weak, ""),
            };
            ui.horizontal(|ui| {
                let (dot, _) = ui.allocate_exact_size(egui::vec2(8.0, 8.0), egui::Sense::hover());
                ui.painter().circle_filled(dot.center(), 4.0, ink);
                ui.label(RichText::new(title).strong().color(tokens.text_strong));
                ui.label(RichText::new(word).small().color(ink));
            });
            ui.add(egui::Label::new(text).wrap());
        }
        for (at, error) in
            self.sweep.probes.iter().enumerate().filter_map(|(at, probe)| {
                probe.as_ref().and_then(|probe| probe.as_ref().err()).map(|error| (at, error))
            })
        {
            let text = format!("Run {} failed: {}", at + 1, spoken(error));
            ui.add(egui::Label::new(RichText::new(text).small().color(tokens.bad)).wrap());
        }
    }

    /// The sentences that can be said so far.
    fn findings(&self, used: usize) -> Vec<(&'static str, Option<Grade>, String)> {
        let mut all = Vec::new();
        if let Some(Ok(probe)) = self.sweep.probe(0) {
            all.push(gap(probe, used));
            if let Some(silhouette) = probe.silhouette {
                all.push(self::silhouette(silhouette));
            }
            all.push(graph(probe));
        }
        let of = |range: std::ops::RangeInclusive<u64>| -> Vec<f64> {
            range.filter_map(|at| self.ari(at as usize)).collect()
        };
        let (seeds, parts) = (of(1..=DRAWS), of(DRAWS + 1..=2 * DRAWS));
        if !seeds.is_empty() {
            let many = format::counted(seeds.len(), "other seed");
            all.push(("Stability over seeds", Some(grade(&seeds)), stable(&many, &seeds, "the seed")));
        }
        if !parts.is_empty() {
            let many = format!("{} of {:.0} % of the samples", format::counted(parts.len(), "draw"), 100.0 * SHARE);
            all.push(("Stability over samples", Some(grade(&parts)), stable(&many, &parts, "which samples there are")));
        }
        all
    }

    fn ari(&self, at: usize) -> Option<f64> {
        let probe: &Arc<Probe> = self.sweep.probe(at)?.as_ref().ok()?;
        probe.ari
    }
}

fn mean(all: &[f64]) -> f64 {
    all.iter().sum::<f64>() / all.len().max(1) as f64
}

fn grade(aris: &[f64]) -> Grade {
    match mean(aris) {
        0.9.. => Grade::Good,
        0.6..0.9 => Grade::Fair,
        _ => Grade::Poor,
    }
}

fn stable(many: &str, aris: &[f64], on: &str) -> String {
    let least = aris.iter().copied().fold(f64::INFINITY, f64::min);
    let most = aris.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let [mean_text, least, most] = [mean(aris), least, most].map(|ari| fixed(ari, 2));
    let hang = match grade(aris) {
        Grade::Good => "hardly hang on",
        Grade::Fair => "hang partly on",
        Grade::Poor => "hang on",
    };
    format!(
        "With {many} the clusters agree with those shown to an ARI of {mean_text} ({least} to {most}): they {hang} {on}."
    )
}

fn gap(probe: &Probe, used: usize) -> (&'static str, Option<Grade>, String) {
    let Some(gap) = probe.gap else {
        let text = format!(
            "Among {} there is no gap that could suggest a number of clusters.",
            format::counted(probe.eigenvalues, "eigenvalue")
        );
        return ("Eigengap", Some(Grade::Poor), text);
    };
    let share = 100.0 * gap.relative;
    if !gap.is_clear() && probe.parts < 2 {
        let text = format!(
            "Among {} no gap is wider than one cloud or curve alone has: there may be no clusters, or they run into each other. The widest, \
             {share:.0} % of the value above it, lies after eigenvalue {}.",
            format::counted(probe.eigenvalues, "eigenvalue"),
            gap.after
        );
        return ("Eigengap", Some(if gap.after == used { Grade::Fair } else { Grade::Poor }), text);
    }
    let grade = if gap.after == used { Grade::Good } else { Grade::Poor };
    let fits = if gap.after == used { "as many as are in use".to_owned() } else { format!("and {used} are in use") };
    let text = format!(
        "Of {} the last clear gap, {share:.0} % of the value above it, lies after eigenvalue {}: the graph suggests {}, {fits}.",
        format::counted(probe.eigenvalues, "eigenvalue"),
        gap.after,
        format::counted(gap.after, "cluster"),
    );
    ("Eigengap", Some(grade), text)
}

fn silhouette(value: f64) -> (&'static str, Option<Grade>, String) {
    let (grade, words) = match value {
        0.5.. => (Grade::Good, "points lie far nearer to their own cluster than to any other"),
        0.25..0.5 => (Grade::Fair, "clusters touch"),
        _ => (Grade::Poor, "clusters run into each other"),
    };
    ("Silhouette", Some(grade), format!("In the eigenspace the mean silhouette is {}: {words}.", fixed(value, 2)))
}

fn graph(probe: &Probe) -> (&'static str, Option<Grade>, String) {
    let [least, median, most] = probe.degrees.map(format::number);
    let (grade, words) = match probe.parts {
        0 | 1 => (Grade::Good, "one connected part".to_owned()),
        parts if parts <= probe.clusters => (Grade::Good, format!("{parts} parts, each a cluster or several")),
        parts => (Grade::Poor, format!("{parts} parts, more than clusters: more neighbours would join them")),
    };
    let text = format!("The graph is {words}; degrees run from {least} to {most}, half of them above {median}.");
    ("Graph", Some(grade), text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::Gap;

    fn probe(parts: usize, after: usize) -> Probe {
        let gap = Gap { after, below: 0.01, above: 0.1, relative: 0.9 };
        Probe {
            picture: Vec::new(),
            clusters_of: Vec::new(),
            clusters: 3,
            gap: Some(gap),
            eigenvalues: 12,
            parts,
            degrees: [1.0, 2.0, 9.0],
            ari: None,
            distance: None,
            scores: None,
            silhouette: None,
            seconds: 0.1,
        }
    }

    #[test]
    fn each_finding_is_a_sentence_with_a_grade() {
        let (_, good, text) = gap(&probe(1, 3), 3);
        assert!(good == Some(Grade::Good) && text.contains("suggests 3 clusters, as many as are in use"), "{text}");
        let (_, poor, text) = gap(&probe(1, 5), 3);
        assert!(poor == Some(Grade::Poor) && text.contains("suggests 5 clusters, and 3 are in use"), "{text}");
        let mut one = probe(1, 3);
        one.gap = Some(Gap { relative: 0.5, ..one.gap.expect("a gap") });
        let (fair, text) = (gap(&one, 3).1, gap(&one, 3).2);
        assert!(fair == Some(Grade::Fair) && text.contains("there may be no clusters"), "{text}");
        assert_eq!(
            [silhouette(0.7).1, silhouette(0.3).1, silhouette(-0.2).1],
            [Grade::Good, Grade::Fair, Grade::Poor].map(Some)
        );
        assert!(graph(&probe(9, 3)).2.contains("9 parts, more than clusters"));
        let text = stable("3 other seeds", &[0.95, 1.0, 0.9], "the seed");
        assert!(text.contains("0.95 (0.90 to 1.00): they hardly hang on the seed"), "{text}");
    }
}
