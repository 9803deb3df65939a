//! A grid over two settings: a small run of the exact side in each cell.

use eframe::egui::{self, RichText, Ui};

use super::pictures::points_ui;
use super::sweep::Sweeping;
use super::{RunsAsk, RunsShown, label, quiet};
use crate::app::kit::combo::combo;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::format;
use crate::app::kit::spoken::spoken;
use crate::app::kit::theme::Tokens;
use crate::pipeline::Snapshot;
use crate::pipeline::sweep::{Item, Probe, Sweep, exact_alone};
use crate::recipe::Recipe;
use crate::support::number::score;

/// Settings that can span a grid, with values to begin with.
const KNOBS: [(&str, &str); 9] = [
    ("neighbors", "5, 10, 15, 30"),
    ("scale", "robust, robust-local, local, global"),
    ("clusters", "2, 3, 4, 6"),
    ("eigenvectors", "2, 4, 8"),
    ("laplacian", "random-walk, unnormalized"),
    ("distance", "euclidean, cosine"),
    ("rows", "as-is, normalized, diffusion"),
    ("scaling", "standardize, none"),
    ("seed", "0, 1, 2"),
];
/// Cells of a grid.
const MOST_CELLS: usize = 36;
/// Letters of a value over a column.
const LETTERS: usize = 14;

/// One side of the grid.
#[derive(Clone, Debug)]
struct Side {
    flag: &'static str,
    values: String,
}

/// What the grid shown was asked for.
#[derive(Debug)]
struct Asked {
    flags: [&'static str; 2],
    values: [Vec<String>; 2],
    /// The settings of the cells, row by row, as the panels would have them.
    recipes: Vec<Recipe>,
    data: String,
}

/// The page between frames.
#[derive(Debug)]
pub(super) struct GridView {
    sides: [Side; 2],
    asked: Option<Asked>,
    pub(super) sweep: Sweeping,
}

impl Default for GridView {
    fn default() -> Self {
        let side = |at: usize| Side { flag: KNOBS[at].0, values: KNOBS[at].1.to_owned() };
        Self { sides: [side(0), side(1)], asked: None, sweep: Sweeping::default() }
    }
}

impl GridView {
    pub(super) fn ui(&mut self, ui: &mut Ui, shown: &RunsShown<'_>, taken: bool) -> Option<RunsAsk> {
        let mut ask = self.choices_ui(ui, shown, taken);
        if let Some(error) = &self.sweep.error {
            let ink = Tokens::in_ui(ui).bad;
            ui.add(egui::Label::new(RichText::new(spoken(error)).color(ink)).wrap());
        }
        ui.add_space(2.0);
        let Some(asked) = &self.asked else {
            let text = "Each cell has a picture of the exact eigenspace, the widest eigengap, and the agreement of its clusters with \
                        those that the views show. A click takes its settings.";
            quiet(ui, text);
            // The sheet has one size, whatever it shows.
            ui.allocate_space(egui::vec2(0.0, ui.available_height()));
            return ask;
        };
        egui::ScrollArea::both().auto_shrink(false).id_salt("grid of settings").show(ui, |ui| {
            if let Some(recipe) = cells_ui(ui, asked, &self.sweep, shown) {
                ask = Some(RunsAsk::Take(Box::new(recipe)));
            }
            focus::reveal(ui);
        });
        ask
    }

    fn choices_ui(&mut self, ui: &mut Ui, shown: &RunsShown<'_>, taken: bool) -> Option<RunsAsk> {
        let tokens = Tokens::in_ui(ui);
        let idle = !self.sweep.is_running();
        ui.horizontal_wrapped(|ui| {
            focus::group(ui, "sides of the grid", Kind::Each, |ui| {
                for (side, name) in self.sides.iter_mut().zip(["across", "down"]) {
                    ui.add_enabled_ui(idle, |ui| side_ui(ui, side, name));
                    ui.add_space(8.0);
                }
            });
        });
        let mut ask = None;
        let cells = self.sides.iter().map(|side| side.list().len()).product::<usize>();
        ui.horizontal(|ui| {
            if let Some((at, of)) = self.sweep.at() {
                let bar = egui::ProgressBar::new((at - 1) as f32 / of.max(1) as f32).desired_width(180.0);
                let bar = ui.add(bar.desired_height(6.0).fill(tokens.accent));
                bar.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ProgressIndicator, true, "Grid progress"));
                ui.label(RichText::new(format!("cell {at} of {of}")).small());
                if ui.button("Cancel").on_hover_text("End here; cells that are done stay").clicked() {
                    ask = Some(RunsAsk::EndSweep);
                }
                return;
            }
            let why = self.why_not(shown, (cells, taken));
            let text = format!("Compute {}", format::counted(cells, "cell"));
            let tip = "The exact side alone, beside the picture; stages that cells share are computed once";
            let button = ui.add_enabled(why.is_none(), egui::Button::new(text)).on_hover_text(tip);
            if button.clicked() {
                match self.planned(shown) {
                    Some(Ok((asked, sweep))) => {
                        self.sweep.began(&sweep);
                        self.asked = Some(asked);
                        ask = Some(RunsAsk::Sweep(Box::new(sweep)));
                    }
                    Some(Err(error)) => self.sweep.error = Some(error),
                    None => {}
                }
            }
            if let Some(why) = &why {
                ui.label(RichText::new(why).small().color(tokens.warning));
            }
        });
        ask
    }

    /// Why there is nothing to compute at present.
    fn why_not(&self, shown: &RunsShown<'_>, (cells, taken): (usize, bool)) -> Option<String> {
        let why = match shown.snapshot {
            None => "Train first: the grid is of the samples shown".to_owned(),
            Some(snapshot) if snapshot.job.recipe.system.is_supervised() => {
                "A supervised system follows labels and no graph, so there is no exact side".to_owned()
            }
            Some(_) if shown.busy => "A run is at work".to_owned(),
            Some(_) if taken => "Other small runs are at work".to_owned(),
            Some(_) if self.sides[0].flag == self.sides[1].flag => "Choose two different settings".to_owned(),
            Some(_) if cells == 0 || cells > MOST_CELLS => {
                format!("Give each side values with commas between, {MOST_CELLS} cells at most")
            }
            Some(_) => return None,
        };
        Some(why)
    }

    /// What the sides ask for; or which value a setting does not take.
    fn planned(&self, shown: &RunsShown<'_>) -> Option<Result<(Asked, Sweep), String>> {
        let snapshot = shown.snapshot?;
        let flags = [self.sides[0].flag, self.sides[1].flag];
        let values = [self.sides[0].list(), self.sides[1].list()];
        let recipes = match recipes(&snapshot.job.recipe, flags, &values) {
            Ok(recipes) => recipes,
            Err(error) => return Some(Err(error)),
        };
        let data = snapshot.job.source.to_string();
        let sweep = plan(snapshot, &recipes);
        Some(Ok((Asked { flags, values, recipes, data }, sweep)))
    }
}

impl Side {
    /// The values.
    fn list(&self) -> Vec<String> {
        let words = self.values.split([',', ';']).map(str::trim).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    }
}

/// The settings of all cells, row by row.
fn recipes(base: &Recipe, flags: [&str; 2], values: &[Vec<String>; 2]) -> Result<Vec<Recipe>, String> {
    let with =
        |recipe: &Recipe, flag: &str, value: &str| recipe.with(flag, Some(value)).map_err(|error| error.to_string());
    let mut recipes = Vec::with_capacity(values[0].len() * values[1].len());
    for down in &values[1] {
        let row = with(base, flags[1], down)?;
        for across in &values[0] {
            let recipe = with(&row, flags[0], across)?;
            recipe.check().map_err(|error| error.to_string())?;
            recipes.push(recipe);
        }
    }
    Ok(recipes)
}

/// The runs of all cells on the samples of a snapshot.
fn plan(snapshot: &Snapshot, recipes: &[Recipe]) -> Sweep {
    let items = recipes.iter().map(|recipe| Item { recipe: exact_alone(recipe), part: None }).collect();
    let reference = snapshot.learned.as_ref().or(snapshot.exact.as_ref());
    let reference = reference.map(|side| std::sync::Arc::new(side.clusters.assignment.clone()));
    Sweep { source: snapshot.job.source.clone(), data: snapshot.data.clone(), items, reference }
}

fn side_ui(ui: &mut Ui, side: &mut Side, name: &str) {
    let weak = Tokens::in_ui(ui).text_weak;
    ui.label(RichText::new(name).small().color(weak));
    let knobs = combo(("grid knob", name), 118.0).selected_text(label(side.flag));
    let response = knobs.show_ui(ui, |ui| {
        for (flag, values) in KNOBS {
            let choice = ui.selectable_label(side.flag == flag, label(flag));
            let tip = crate::recipe::knobs::find(flag).map_or("", |knob| knob.effect);
            if choice.on_hover_text(tip).clicked() && side.flag != flag {
                (side.flag, side.values) = (flag, values.to_owned());
            }
        }
    });
    response.response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::ComboBox, true, format!("Setting {name}")));
    let edit = ui.add(egui::TextEdit::singleline(&mut side.values).desired_width(236.0));
    edit.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::Role::TextInput, true, format!("Values {name}"));
        info.current_text_value = Some(side.values.clone());
        info
    });
    edit.on_hover_text("Values as the flag takes them, commas between");
}

/// The cells; the settings of one that was clicked.
fn cells_ui(ui: &mut Ui, asked: &Asked, sweep: &Sweeping, shown: &RunsShown<'_>) -> Option<Recipe> {
    let tokens = Tokens::in_ui(ui);
    let mut taken = None;
    if asked.data != shown.job.source.to_string() {
        let text = format!("This grid is of {}, not of the data that is open; its cells take no settings", asked.data);
        ui.label(RichText::new(text).small().color(tokens.warning));
    }
    let columns = asked.values[0].len();
    let width = ((ui.available_width() - 90.0) / columns.max(1) as f32 - 12.0).clamp(96.0, 200.0);
    let size = egui::vec2(width, 0.7 * width);
    let [across, down] = asked.flags;
    focus::group(ui, "cells", Kind::Once, |ui| {
        egui::Grid::new("grid of settings").num_columns(columns + 1).spacing([10.0, 10.0]).show(ui, |ui| {
            ui.label(RichText::new(format!("{} ↓  {} →", label(down), label(across))).small().color(tokens.text_weak));
            for value in &asked.values[0] {
                ui.label(RichText::new(format::short(value, LETTERS)).strong().color(tokens.text_strong));
            }
            ui.end_row();
            for (row, below) in asked.values[1].iter().enumerate() {
                ui.label(RichText::new(format::short(below, LETTERS)).strong().color(tokens.text_strong));
                for (column, beside) in asked.values[0].iter().enumerate() {
                    let at = row * columns + column;
                    let name = format!("{} {beside}, {} {below}", label(across), label(down));
                    let here = asked.data == shown.job.source.to_string();
                    if cell_ui(ui, sweep.probe(at), size, &name) && here {
                        taken = asked.recipes.get(at).cloned();
                    }
                }
                ui.end_row();
            }
        });
    });
    // What else the panels say meanwhile stays.
    taken.map(|cell: Recipe| {
        let values = cell.values();
        let value = |flag: &str| values.iter().find(|(known, _)| known == flag).map(|(_, value)| value.clone());
        [across, down]
            .iter()
            .fold(shown.job.recipe.clone(), |recipe, flag| recipe.with(flag, value(flag).as_deref()).unwrap_or(recipe))
    })
}

/// One cell; whether it was clicked.
fn cell_ui(ui: &mut Ui, probe: Option<&Result<std::sync::Arc<Probe>, String>>, size: egui::Vec2, name: &str) -> bool {
    let tokens = Tokens::in_ui(ui);
    ui.vertical(|ui| {
        ui.set_width(size.x);
        match probe {
            Some(Ok(probe)) => {
                let figures = figures(probe);
                let said = format!("Take {name}: {}", figures.join(", "));
                let picture = points_ui(ui, size, &probe.picture, &probe.clusters_of, &said);
                for line in figures {
                    ui.add(egui::Label::new(RichText::new(line).small().color(tokens.text_weak)).truncate());
                }
                picture.on_hover_text("A click takes these two settings into the panels").clicked()
            }
            Some(Err(error)) => {
                ui.set_min_height(size.y);
                let text = RichText::new(format::short(&spoken(error), 120)).small().color(tokens.bad);
                ui.add(egui::Label::new(text).wrap()).on_hover_text(spoken(error));
                false
            }
            None => {
                let (rect, _) = ui.allocate_exact_size(size, egui::Sense::hover());
                let line = egui::Stroke::new(1.0, tokens.line);
                ui.painter().rect(rect, 4.0, tokens.plot, line, egui::StrokeKind::Inside);
                false
            }
        }
    })
    .inner
}

/// What a cell says under its picture.
fn figures(probe: &Probe) -> Vec<String> {
    let gap = probe.gap.map_or_else(
        || "no eigengap".to_owned(),
        |gap| format!("gap {:.0} % after {}", 100.0 * gap.relative, gap.after),
    );
    let mut lines = vec![format!("{gap} · {}", format::counted(probe.clusters, "cluster"))];
    if let Some(ari) = probe.ari {
        lines.push(format!("agrees with the views to ARI {}", score(Some(ari))));
    }
    if let Some(scores) = probe.scores {
        lines.push(format!("ACC {}", score(Some(scores.acc))));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_takes_the_values_it_begins_with() {
        for (flag, values) in KNOBS {
            assert!(crate::recipe::knobs::find(flag).is_some(), "{flag}");
            let side = Side { flag, values: values.to_owned() };
            let other = if flag == "seed" { "neighbors" } else { "seed" };
            let made = recipes(&Recipe::default(), [flag, other], &[side.list(), vec!["9".to_owned()]]);
            assert_eq!(made.as_ref().map(Vec::len), Ok(side.list().len()), "{flag}");
        }
        let wrong =
            recipes(&Recipe::default(), ["neighbors", "scale"], &[vec!["many".to_owned()], vec!["auto".to_owned()]]);
        assert!(wrong.is_err_and(|error| error.contains("--neighbors") && error.contains("many")));
    }
}
