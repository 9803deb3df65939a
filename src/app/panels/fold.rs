//! All settings that are not essential, one fold away; and those that what is typed names, without unfolding.

use eframe::egui::{self, RichText, Ui};

use super::rules::Rules;
use super::{Ask, MOST_STEPS, Panels, STEP_SIZE, controls, remark, rows, section, turned_by_keys};
use crate::app::kit::dial::Dial;
use crate::app::kit::find;
use crate::app::kit::focus::{self, Kind};
use crate::app::kit::theme::Tokens;
use crate::recipe::knobs::{self, Knob, Level, Range, Section};

/// Whether all settings are unfolded, and which of them are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fold {
    /// Whether they are.
    pub open: bool,
    /// What was typed.
    pub search: String,
}

/// Frames in which what is typed brings the field to the top: what it finds has another height than what stood there.
const TO_THE_TOP: u8 = 3;

/// What a part of the fold is headed.
fn title(section: Section) -> &'static str {
    // The dataset itself has its place on top under the other name.
    if section == Section::Data { "Reading" } else { section.title() }
}

fn is_folded(knob: &Knob) -> bool {
    knob.level != Level::Essential
}

/// Whether every word is in what the setting is called or does.
fn is_named(knob: &Knob, search: &str) -> bool {
    let said = format!("{} {} {} {}", knob.label, knob.flag, knob.effect, knob.meaning().unwrap_or_default());
    let said = said.to_lowercase();
    search.to_lowercase().split_whitespace().all(|word| said.contains(word))
}

/// The field, and under it what it finds, or the fold.
pub(super) fn all_ui(ui: &mut Ui, panels: &mut Panels, rules: &Rules) -> Option<Ask> {
    if find::is_in(ui.ctx(), is_folded) {
        panels.fold.open = true;
        panels.fold.search.clear();
    }
    ui.add_space(4.0);
    search_ui(ui, &mut panels.fold.search);
    let search = panels.fold.search.trim().to_owned();
    if !search.is_empty() {
        return found_ui(ui, panels, rules, &search);
    }
    let mut ask = None;
    let count = knobs::all().filter(|knob| is_folded(knob) && rules.has(knob, &panels.job.recipe)).count();
    let tokens = Tokens::in_ui(ui);
    let heading = RichText::new(format!("All settings ({count} more)")).heading().color(tokens.text_strong);
    let header = egui::CollapsingHeader::new(heading).id_salt("all settings").open(Some(panels.fold.open));
    let shown = header.show_unindented(ui, |ui| {
        for of in Section::ALL {
            let wanted = find::is_in(ui.ctx(), |knob| is_folded(knob) && knob.section == of).then_some(true);
            section(ui, title(of), wanted, |ui| {
                ask = rows::rows_ui(ui, panels, rules, of.knobs().filter(|knob| is_folded(knob))).or(ask.take());
                if of == Section::Training {
                    let dial = Dial { range: Range::between(1, MOST_STEPS) };
                    controls::number(ui, &STEP_SIZE, panels.step_size, (dial, None), panels.job.recipe.learn);
                }
            });
        }
    });
    let header = shown.header_response;
    if header.clicked() {
        panels.fold.open = !panels.fold.open;
    }
    if let Some(unfold) = turned_by_keys(ui, &header) {
        panels.fold.open = unfold;
        ui.ctx().request_repaint();
    }
    ask
}

fn search_ui(ui: &mut Ui, search: &mut String) {
    ui.horizontal(|ui| {
        let tokens = Tokens::in_ui(ui);
        let label = ui.label(RichText::new("Find").color(tokens.text_weak));
        let there = !search.is_empty();
        let room = ui.available_width() - if there { 32.0 } else { 0.0 };
        let edit = egui::TextEdit::singleline(search).hint_text("a setting by its name or what it does").char_limit(60);
        let field = ui.add(edit.desired_width(room)).labelled_by(label.id);
        let frames = field.id.with("to the top");
        if field.changed() {
            ui.data_mut(|data| data.insert_temp(frames, TO_THE_TOP));
        }
        // What is found stands below, and comes into sight once it is laid out.
        let left = ui.data(|data| data.get_temp::<u8>(frames)).unwrap_or(0);
        if left > 0 {
            ui.scroll_to_rect(field.rect, Some(egui::Align::TOP));
            ui.data_mut(|data| data.insert_temp(frames, left - 1));
            ui.ctx().request_repaint();
        }
        if there {
            let clear = ui.button("×");
            clear.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Clear the search"));
            if clear.on_hover_text("Show all settings again").clicked() {
                search.clear();
            }
        }
    });
}

/// The settings that the words name, under the headings of their parts.
fn found_ui(ui: &mut Ui, panels: &mut Panels, rules: &Rules, search: &str) -> Option<Ask> {
    let mut ask = None;
    let fits = |knob: &&Knob| is_named(knob, search);
    let above: Vec<&str> = knobs::all().filter(|knob| !is_folded(knob)).filter(fits).map(|knob| knob.label).collect();
    let mut there = !above.is_empty();
    for of in Section::ALL {
        let found: Vec<&'static Knob> =
            of.knobs().filter(|knob| is_folded(knob) && rules.has(knob, &panels.job.recipe)).filter(fits).collect();
        if found.is_empty() {
            continue;
        }
        there = true;
        remark(ui, title(of));
        focus::group(ui, title(of), Kind::Each, |ui| {
            ask = rows::rows_ui(ui, panels, rules, found.into_iter()).or(ask.take());
        });
    }
    if !above.is_empty() {
        remark(ui, &format!("Among the essentials: {}", above.join(", ")));
    }
    if !there {
        remark(ui, "No setting of this data and method is called so");
    }
    ask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_is_found_by_its_name_its_flag_and_what_it_does() {
        let found = |search: &str| -> Vec<&str> {
            knobs::all().filter(|knob| is_named(knob, search)).map(|knob| knob.flag).collect()
        };
        assert!(found("patience").contains(&"patience"));
        assert!(found("Learning RATE").contains(&"lr"));
        assert!(found("k-means").contains(&"starts"), "{:?}", found("k-means"));
        assert!(found("zebra").is_empty());
    }
}
