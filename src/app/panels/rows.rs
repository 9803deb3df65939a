//! The settings of a section, drawn from the table of knobs: each row by the kind of its field, as [`Rules`] has it at present.

use eframe::egui::Ui;

use super::controls;
use super::rules::Rules;
use super::{Ask, Drafts, Panels, graph, remarks};
use crate::app::files::dialogs::Purpose;
use crate::app::kit::caption::Caption;
use crate::app::kit::dial::Dial;
use crate::recipe::Recipe;
use crate::recipe::knobs::{Field, Knob};

/// Lists of columns longer than this, in bytes, are changed in the sheet of columns.
const LONG_LIST: usize = 200;

/// Those of these settings that the run at hand has.
pub(super) fn rows_ui(
    ui: &mut Ui,
    panels: &mut Panels,
    rules: &Rules,
    knobs: impl Iterator<Item = &'static Knob>,
) -> Option<Ask> {
    let mut ask = None;
    for knob in knobs {
        if rules.has(knob, &panels.job.recipe) {
            ask = row_ui(ui, &mut panels.job.recipe, panels.drafts, rules, knob).or(ask);
            remarks::below(ui, panels, rules, knob.flag);
        }
    }
    ask
}

fn row_ui(ui: &mut Ui, recipe: &mut Recipe, drafts: &mut Drafts, rules: &Rules, knob: &Knob) -> Option<Ask> {
    let idle = rules.idle(knob, recipe);
    let (caption, on) = (&Caption { idle: idle.map(|idle| idle.why), ..Caption::from(knob) }, idle.is_none());
    let worked_out = rules.worked_out(knob.flag, recipe);
    let range = knob.range.map(|range| rules.most(knob.flag, recipe).map_or(range, |most| range.up_to(most)));
    let dial = range.map(|range| (Dial { range }, knob.usual));
    match ((knob.field)(recipe), dial) {
        (Field::Whole(value), Some(dial)) => controls::number(ui, caption, value, dial, on),
        (Field::Real(value), Some(dial)) => controls::number(ui, caption, value, dial, on),
        (Field::Seed(value), Some(dial)) => controls::number(ui, caption, value, dial, on),
        (Field::AutoWhole(value), Some(dial)) => controls::auto(ui, caption, value, worked_out, dial, on),
        (Field::AutoReal(value), Some(dial)) => controls::auto(ui, caption, value, worked_out, dial, on),
        (Field::Scale(value), Some((dial, _))) => graph::scale_ui(ui, (caption, dial), value, &mut drafts.scale, on),
        (Field::Switch(value), _) => controls::switch(ui, caption, value, on),
        (Field::Choice(value), _) => controls::choice(ui, caption, value, on),
        (Field::Layers(value), _) => {
            controls::text(ui, caption, value, drafts.layers.entry(knob.flag).or_default(), knob.hint, on);
        }
        (Field::Text(value), _) if value.len() > LONG_LIST => {
            let shown = controls::list(ui, caption, value);
            return shown.then_some(Ask::Columns);
        }
        (Field::Text(value), _) => controls::text(ui, caption, value, &mut None, knob.hint, on),
        (Field::Path(value), _) => {
            let chosen = controls::path(ui, caption, value, knob.hint);
            return chosen.then(|| Ask::Choose(purpose(knob.flag)));
        }
        // A test of the table holds that every number has a range.
        (_, None) => {}
    }
    None
}

/// What a file or folder is looked for.
pub(in crate::app) fn purpose(flag: &str) -> Purpose {
    match flag {
        "data-dir" => Purpose::DataFolder,
        "known-labels" => Purpose::KnownLabels,
        _ => Purpose::AffinityFile,
    }
}
