//! The keyboard and clicks in the table.

use eframe::egui::{EventFilter, Id, Key, Modifiers, Popup, Ui};

use super::columns::Col;
use super::grid::Shown;
use super::{RowsTable, Show};
use crate::app::views::scatter::{Effect, Selection};

/// Arrows, Page, Home and End go through the rows; with Shift they add what they pass. Enter selects as the switch says, Space adds or
/// takes out, P pins the card, Ctrl+A selects all rows of the list.
pub(super) fn keys(
    table: &mut RowsTable,
    ui: &Ui,
    id: Id,
    shown: &Shown<'_>,
    selection: &mut Selection,
    (seen, others): (&f64, &[Col]),
) {
    let count = shown.len();
    table.cursor = table.cursor.filter(|_| count > 0).map(|row| row.min(count.saturating_sub(1)));
    if !ui.memory(|m| m.has_focus(id)) || Popup::is_any_open(ui.ctx()) {
        return;
    }
    let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, escape: false, tab: false };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(id, arrows));
    let page = (*seen as isize - 1).max(1);
    let pressed = |key: Key, modifiers: Modifiers| ui.input_mut(|i| i.count_and_consume_key(modifiers, key));
    let steps = [(Key::ArrowDown, 1), (Key::ArrowUp, -1), (Key::PageDown, page), (Key::PageUp, -page)];
    for (modifiers, adds) in [(Modifiers::SHIFT, true), (Modifiers::NONE, false)] {
        let mut by = 0;
        for (key, step) in steps {
            by += step * pressed(key, modifiers) as isize;
        }
        let mut to = (by != 0).then(|| table.cursor.map_or(0, |row| row.saturating_add_signed(by)));
        for (key, end) in [(Key::Home, 0), (Key::End, usize::MAX)] {
            if pressed(key, modifiers) > 0 {
                to = Some(end);
            }
        }
        if let Some(to) = to.filter(|_| count > 0) {
            go(table, shown, selection, to.min(count - 1), adds);
        }
    }
    for (key, sign) in [(Key::ArrowRight, 1.0), (Key::ArrowLeft, -1.0)] {
        let times = pressed(key, Modifiers::NONE) as f32;
        let widest = others.first().map_or(80.0, |&col| table.width(col, shown.fields, 20.0));
        table.place.left += sign * times * widest;
    }
    if pressed(Key::A, Modifiers::COMMAND) > 0 {
        let all: Vec<u32> = (0..count).filter_map(|row| shown.sample(row)).collect();
        selection.apply(selection.effect, all);
    }
    let Some(sample) = table.cursor.and_then(|row| shown.sample(row)) else { return };
    selection.pointed = Some(sample);
    let held = ui.input(|i| i.modifiers);
    if ui.input(|i| i.key_pressed(Key::Enter)) {
        choose(table, selection, selection.effect.held(held), sample);
        table.anchor = table.cursor;
    }
    if pressed(Key::Space, Modifiers::NONE) > 0 {
        let effect = if selection.contains(sample) { Effect::Remove } else { Effect::Add };
        selection.apply(effect, [sample]);
        table.anchor = table.cursor;
    }
    if pressed(Key::P, Modifiers::NONE) > 0 {
        selection.pinned = if selection.pinned == Some(sample) { None } else { Some(sample) };
    }
}

/// Does to a row what the switch says. In the list of the selected rows none takes the place of the others, which would be gone: its card
/// is pinned instead.
fn choose(table: &RowsTable, selection: &mut Selection, effect: Effect, sample: u32) {
    if table.wish.show == Show::Selected && effect == Effect::Replace {
        selection.pinned = Some(sample);
    } else {
        selection.apply(effect, [sample]);
    }
}

/// Goes to a row; what lies between is added where `adds` says so.
fn go(table: &mut RowsTable, shown: &Shown<'_>, selection: &mut Selection, to: usize, adds: bool) {
    let from = table.cursor.unwrap_or(to);
    if adds {
        let passed: Vec<u32> = (from.min(to)..=from.max(to)).filter_map(|row| shown.sample(row)).collect();
        selection.add(passed);
    }
    table.cursor = Some(to);
    table.reveal = Some(to);
}

/// A click on a row: it is selected as the switch and the keys held down say; with Shift all from the row clicked before.
pub(super) fn clicked(table: &mut RowsTable, ui: &Ui, shown: &Shown<'_>, selection: &mut Selection, row: usize) {
    let Some(sample) = shown.sample(row) else { return };
    let held = ui.input(|i| i.modifiers);
    let range = table.anchor.filter(|_| held.shift_only());
    if let Some(from) = range {
        let passed: Vec<u32> = (from.min(row)..=from.max(row)).filter_map(|row| shown.sample(row)).collect();
        selection.apply(Effect::Add, passed);
    } else if held.command && !held.shift && selection.contains(sample) {
        selection.remove([sample]);
    } else {
        choose(table, selection, selection.effect.held(held), sample);
    }
    (table.cursor, table.anchor) = (Some(row), Some(row));
}
