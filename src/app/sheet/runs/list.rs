//! The list of runs: what differs in their settings, their scores, star and note.

use std::collections::BTreeMap;

use eframe::egui::{self, RichText, Ui};

use super::{Page, RunsAsk, RunsSheet, RunsShown, label, quiet};
use crate::Recipe;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::theme::Tokens;
use crate::app::kit::{format, icons};
use crate::project::{RunEnd, RunId, RunRecord};
use crate::support::clock;
use crate::support::number::{or_dash, score};
use crate::support::plain;

/// Settings that have a column of their own.
const MOST_SETTINGS: usize = 5;
/// Letters of a value.
const LETTERS: usize = 16;

/// The settings of all runs, worked out once for a state of the list.
#[derive(Debug, Default)]
pub(super) struct Settings {
    of: Option<u64>,
    /// Flags in which runs differ, those that differ most often first.
    differing: Vec<String>,
    values: BTreeMap<RunId, Vec<(String, String)>>,
    /// Those of the panels.
    panels: (Recipe, Vec<(String, String)>),
}

impl Settings {
    fn look(&mut self, shown: &RunsShown<'_>) {
        if self.of != Some(shown.runs.serial()) {
            self.of = Some(shown.runs.serial());
            self.values = shown.runs.all().iter().map(|run| (run.id, run.recipe.values())).collect();
            self.differing = differing(&self.values.values().collect::<Vec<_>>());
        }
        if self.panels.1.is_empty() || self.panels.0 != shown.job.recipe {
            self.panels = (shown.job.recipe.clone(), shown.job.recipe.values());
        }
    }
}

pub(super) fn list_ui(sheet: &mut RunsSheet, ui: &mut Ui, shown: &RunsShown<'_>) -> Option<RunsAsk> {
    let runs = shown.runs.all();
    if runs.is_empty() {
        quiet(ui, "Every run that ends is kept here with its settings, scores, star and note. There is none yet.");
        return None;
    }
    let mut settings = std::mem::take(&mut sheet.settings);
    settings.look(shown);
    let kept = runs.iter().filter(|run| shown.results.contains_key(&run.id)).count();
    let text = format!(
        "{}, {} with the result at hand. Tick two to see them side by side; the newest {} and the starred stay.",
        format::counted(runs.len(), "run"),
        format::count(kept),
        crate::project::runs::MOST_RUNS
    );
    quiet(ui, &text);
    let mut ask = None;
    egui::ScrollArea::both().auto_shrink(false).id_salt("runs").show(ui, |ui| {
        let columns = 8 + settings.differing.len().min(MOST_SETTINGS);
        egui::Grid::new("runs").num_columns(columns).striped(true).spacing([12.0, 6.0]).show(ui, |ui| {
            heads_ui(ui, &settings.differing);
            for run in runs.iter().rev() {
                if let Some(asked) = row_ui(sheet, ui, shown, run, &settings) {
                    ask = Some(asked);
                }
                ui.end_row();
            }
        });
        focus::reveal(ui);
    });
    sheet.settings = settings;
    ask
}

/// The settings in which the runs differ, those that differ most often first.
fn differing(values: &[&Vec<(String, String)>]) -> Vec<String> {
    let mut flags: Vec<(usize, String)> = Vec::new();
    for (flag, _) in values.iter().copied().flatten() {
        if flags.iter().any(|(_, known)| known == flag) {
            continue;
        }
        let mut all: Vec<Option<&str>> = values.iter().map(|of| value(of, flag)).collect();
        all.sort_unstable();
        all.dedup();
        flags.push((all.len(), flag.clone()));
    }
    flags.retain(|(kinds, _)| *kinds > 1);
    flags.sort_by_key(|(kinds, _)| std::cmp::Reverse(*kinds));
    flags.into_iter().map(|(_, flag)| flag).collect()
}

fn value<'a>(values: &'a [(String, String)], flag: &str) -> Option<&'a str> {
    values.iter().find(|(known, _)| known == flag).map(|(_, value)| value.as_str())
}

fn heads_ui(ui: &mut Ui, differing: &[String]) {
    let weak = Tokens::in_ui(ui).text_weak;
    let mut head = |text: &str, tip: &str| {
        ui.label(RichText::new(text).small().color(weak)).on_hover_text(tip.to_owned());
    };
    head("", "A star keeps a run");
    head("compare", "Two of them are shown side by side");
    head("run", "When it ended, and how");
    for flag in differing.iter().take(MOST_SETTINGS) {
        head(&format::short(&label(flag), LETTERS), &format!("--{flag}: it differs among the runs"));
    }
    head("ACC", "Accuracy of the learned clusters, or of the exact ones where nothing was learned");
    head("distance", "Grassmann distance per dimension from the learned eigenspace to the exact one");
    head("seconds", "What its stages took");
    head("note", "What you write to it");
    head("", "");
    ui.end_row();
}

fn row_ui(
    sheet: &mut RunsSheet,
    ui: &mut Ui,
    shown: &RunsShown<'_>,
    run: &RunRecord,
    settings: &Settings,
) -> Option<RunsAsk> {
    let mut ask = None;
    let current = shown.current == Some(run.id);
    let name = format!("run {}", run.id + 1);
    focus::group(ui, &format!("row of {name}"), Kind::Each, |ui| {
        let star = icons::star_box(ui, &format!("Star of {name}"), run.star);
        if star.on_hover_text("A starred run stays, however many come after it").clicked() {
            ask = Some(RunsAsk::Star(run.id));
        }
        let mut picked = sheet.picked.contains(&run.id);
        let tick = ui.checkbox(&mut picked, "");
        tick.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, picked, format!("Compare {name}")));
        if tick.on_hover_text("Two ticked runs are side by side on the next page").changed() {
            sheet.pick(run.id);
            if sheet.picked.len() == 2 {
                sheet.page = Page::Pair;
            }
        }
        when_ui(ui, run, current);
    });
    settings_ui(ui, run, settings);
    scores_ui(ui, run);
    if let Some(note) = note_ui(sheet, ui, run, &name) {
        ask = Some(RunsAsk::Note(run.id, note));
    }
    if let Some(asked) = buttons_ui(ui, shown, run, &name) {
        ask = Some(asked);
    }
    ask
}

fn when_ui(ui: &mut Ui, run: &RunRecord, current: bool) {
    let tokens = Tokens::in_ui(ui);
    let at = clock::utc(run.at);
    let clock = at.get(11..16).unwrap_or_default();
    let end = match run.end {
        RunEnd::Complete => String::new(),
        RunEnd::Stopped => format!(" · stopped at {}", format::count(run.step as usize)),
        other => format!(" · {}", other.name()),
    };
    let shown = if current { " · shown" } else { "" };
    let text = format!("{} · {clock}{end}{shown}", run.id + 1);
    let ink = if current { tokens.accent } else { tokens.text_strong };
    let tip = format!(
        "{at}: {} samples of {}, {}",
        run.samples,
        plain::line(&run.data),
        format::counted(run.clusters as usize, "cluster")
    );
    ui.label(RichText::new(text).color(ink)).on_hover_text(tip);
}

/// The settings that differ, marked where they are not those of the panels.
fn settings_ui(ui: &mut Ui, run: &RunRecord, settings: &Settings) {
    let tokens = Tokens::in_ui(ui);
    let own = settings.values.get(&run.id).map_or(&[][..], Vec::as_slice);
    let panels = settings.panels.1.as_slice();
    for flag in settings.differing.iter().take(MOST_SETTINGS) {
        let text = value(own, flag).unwrap_or("–");
        let other = value(panels, flag) != value(own, flag);
        let ink = if other { tokens.warning } else { tokens.text };
        let words = RichText::new(format::short(&plain::line(text), LETTERS)).monospace().color(ink);
        let words = if other { words.strong() } else { words };
        let tip = if other {
            format!("The panels say {}", value(panels, flag).unwrap_or("nothing"))
        } else {
            "As the panels say".to_owned()
        };
        ui.label(words).on_hover_text(tip);
    }
}

fn scores_ui(ui: &mut Ui, run: &RunRecord) {
    let strong = Tokens::in_ui(ui).text_strong;
    let mut figure = |text: String| ui.label(RichText::new(text).monospace().color(strong));
    figure(score(run.learned.or(run.exact).map(|scores| scores.acc)));
    figure(or_dash(run.distance, format::number));
    figure(format::seconds(run.seconds));
}

/// The note; what it became once the field is left.
fn note_ui(sheet: &mut RunsSheet, ui: &mut Ui, run: &RunRecord, name: &str) -> Option<String> {
    let mut text = match &sheet.note {
        Some((id, text)) if *id == run.id => text.clone(),
        _ => run.note.clone(),
    };
    let edit =
        egui::TextEdit::singleline(&mut text).desired_width(150.0).min_size(egui::vec2(150.0, 0.0)).hint_text("note");
    let edit = ui.add(edit.char_limit(crate::project::runs::MOST_NOTE));
    edit.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::Role::TextInput, true, format!("Note of {name}"));
        info.current_text_value = Some(text.clone());
        info
    });
    if edit.has_focus() || edit.changed() {
        sheet.note = Some((run.id, text.clone()));
    }
    if edit.lost_focus() {
        sheet.note = None;
        return (text != run.note).then_some(text);
    }
    None
}

fn buttons_ui(ui: &mut Ui, shown: &RunsShown<'_>, run: &RunRecord, name: &str) -> Option<RunsAsk> {
    let mut ask = None;
    focus::group(ui, &format!("buttons of {name}"), Kind::Once, |ui| {
        ui.horizontal(|ui| {
            let there = shown.results.contains_key(&run.id);
            let tip = if there {
                "Its settings and its result come back"
            } else {
                "Its settings come back, and its eigenspace and clusters, which are not kept, are computed again"
            };
            let text = if there { "Restore" } else { "Run again" };
            let button = ui.add_enabled(shown.current != Some(run.id) || !there, egui::Button::new(text).small());
            button.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("{text} {name}")));
            if button.on_hover_text(tip).on_disabled_hover_text("It is shown").clicked() {
                ask = Some(RunsAsk::Restore(run.id));
            }
            let pinned = shown.pins.has(run.id);
            let pin = ui.add_enabled(there || pinned, egui::Button::selectable(pinned, "Pin").small());
            pin.widget_info(|| egui::WidgetInfo::selected(egui::Role::CheckBox, true, pinned, format!("Pin {name}")));
            let tip = "Its curves and its learned points stay faint behind what is shown; two runs at most";
            if pin.on_hover_text(tip).on_disabled_hover_text("Its result is not kept any more").clicked() {
                ask = Some(RunsAsk::Pin(run.id));
            }
            let delete = ui.small_button("Delete");
            delete.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, format!("Delete {name}")));
            if delete.on_hover_text("Take it out of the list; undo brings it back").clicked() {
                ask = Some(RunsAsk::Delete(run.id));
            }
        });
    });
    ask
}

/// The settings in which two runs differ: label, and the value of each.
pub(super) fn between(a: &RunRecord, b: &RunRecord) -> Vec<(String, String, String)> {
    let (one, other) = (a.recipe.values(), b.recipe.values());
    let mut flags: Vec<&String> = one.iter().chain(&other).map(|(flag, _)| flag).collect();
    let mut seen = std::collections::HashSet::new();
    flags.retain(|flag| seen.insert(flag.as_str()));
    let text = |values: &[(String, String)], flag: &str| value(values, flag).unwrap_or("–").to_owned();
    let rows = flags.into_iter().map(|flag| (label(flag), text(&one, flag), text(&other, flag)));
    rows.filter(|(_, a, b)| a != b).collect()
}

/// What a run is called.
pub(super) fn title(id: RunId) -> String {
    format!("run {}", id + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::{Auto, Scale};

    fn run(id: RunId, change: impl FnOnce(&mut Recipe)) -> RunRecord {
        let mut recipe = Recipe::default();
        change(&mut recipe);
        RunRecord { id, recipe, ..RunRecord::default() }
    }

    #[test]
    fn settings_that_differ_have_a_column_the_most_various_first() {
        let runs = [
            run(0, |_| ()),
            run(1, |r| r.neighbors = Auto::Set(9)),
            run(2, |r| (r.neighbors, r.scale) = (Auto::Set(12), Scale::Global)),
        ];
        let values: Vec<_> = runs.iter().map(|run| run.recipe.values()).collect();
        let all: Vec<_> = values.iter().collect();
        assert_eq!(differing(&all), ["neighbors", "scale"]);
        assert!(differing(&all[..1]).is_empty());
        let rows = between(&runs[0], &runs[2]);
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().any(|(label, a, b)| label == "Neighbours" && a == "auto" && b == "12"), "{rows:?}");
    }
}
