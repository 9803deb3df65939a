//! The keyboard's way through the window: parts (F6), groups that are one stop of Tab, arrows within them, and a ring around
//! what has the keyboard.
//!
//! Whoever draws says what is a part ([`region`]) and what a group ([`group`]); the widgets in it are found by
//! themselves. At the end of every pass the stops are listed ([`stops`]), and the keys of the next pass go by that list before egui
//! would move the focus by its own rules. Menus, lists and questions above the window are left to egui.

mod begin;
mod resting;
mod ring;
mod sheets;
mod stops;

use eframe::egui::{self, Context, EventFilter, Id, IdMap, Key, Modifiers, Order, RawInput, Ui, Vec2};

pub use begin::{is_fresh, select_all};
use resting::Resting;
use sheets::Sheets;
pub use sheets::{is_in_sheet, is_under_sheet, sheet, top_sheet};
pub use stops::Kind;
use stops::{Span, Stop};

/// A part of the window, in the order of F6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Region {
    /// The bar on top.
    Bar,
    /// The settings.
    Settings,
    /// The step of a lesson.
    Lesson,
    /// The views and what they share.
    Views,
    /// The cards under the views.
    Dock,
    /// A window above the others.
    Above,
}

/// Prepares the window's keyboard; call once at start.
pub fn install(ctx: &Context) {
    ctx.add_plugin(Focus::default());
}

/// Draws a part of the window.
pub fn region<R>(ui: &mut Ui, region: Region, add: impl FnOnce(&mut Ui) -> R) -> R {
    spanned(ui, |focus, from, to| focus.regions.push((region, from, to)), add)
}

/// Draws a group of widgets. `name` tells it from the others of the window.
pub fn group<R>(ui: &mut Ui, name: &str, kind: Kind, add: impl FnOnce(&mut Ui) -> R) -> R {
    let (name, layer) = (Id::unique(("focus group", name)), ui.layer_id());
    spanned(ui, |focus, from, to| focus.spans.push(Span { name, kind, layer, from, to }), add)
}

fn spanned<R>(ui: &mut Ui, note: impl FnOnce(&mut Focus, usize, usize), add: impl FnOnce(&mut Ui) -> R) -> R {
    let from = drawn(ui);
    let answer = add(ui);
    let to = drawn(ui);
    ui.ctx().clone().with_plugin(|focus: &mut Focus| note(focus, from, to));
    answer
}

/// Widgets drawn so far in this layer.
fn drawn(ui: &Ui) -> usize {
    let layer = ui.layer_id();
    ui.ctx().viewport(|v| v.this_pass.widgets.layers().find(|(l, _)| **l == layer).map_or(0, |(_, w)| w.len()))
}

/// Says that the group this widget is in, or where it is in none the part, is entered here, unless the keyboard was in it before.
pub fn enter_at(ctx: &Context, id: Id) {
    ctx.with_plugin(|focus: &mut Focus| focus.entries.push(id));
}

/// Gives the keyboard to a widget when the next pass begins, as if it had been clicked there: a number selects what it holds.
pub fn go_to(ctx: &Context, id: Id) {
    ctx.memory_mut(|m| m.surrender_focus(id));
    ctx.with_plugin(|focus: &mut Focus| focus.wanted = Some(id));
    ctx.request_repaint();
}

/// Says that a widget has a use for the upright arrows while it has the keyboard.
pub fn keeps_arrows(ctx: &Context, id: Id) {
    let arrows = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ctx.memory_mut(|m| m.set_focus_lock_filter(id, arrows));
    ctx.with_plugin(|focus: &mut Focus| focus.keeping = Some(id));
}

/// Call at the end of what scrolls: brings what has just got the keyboard into sight; what got it by the pointer once a key is pressed, as it
/// would go from under the next click.
pub fn reveal(ui: &Ui) {
    let ctx = ui.ctx();
    let Some(id) = ctx.memory(egui::Memory::focused) else { return };
    if ctx.with_plugin(|focus: &mut Focus| focus.by_pointer || focus.revealed == Some(id)).unwrap_or(true) {
        return;
    }
    let rect = ctx.viewport(|v| v.this_pass.widgets.get(id).filter(|w| w.layer_id == ui.layer_id()).map(|w| w.rect));
    // Of several that scroll only the one that holds it has done its part.
    if let Some(rect) = rect.filter(|r| ui.min_rect().expand(1.0).contains_rect(*r)) {
        ui.scroll_to_rect(rect.expand2(Vec2::new(0.0, 12.0)), None);
        ctx.with_plugin(|focus: &mut Focus| focus.revealed = Some(id));
    }
}

/// Says that these keys are wanted in the next pass, whatever has the keyboard but a line of text. A menu or a question has its keys all the
/// same.
pub fn claim(ctx: &Context, keys: &[Key]) {
    ctx.with_plugin(|focus: &mut Focus| focus.claimed = keys.to_vec());
}

/// Takes the wanted keys that came, in their order.
#[must_use]
pub fn claimed(ctx: &Context) -> Vec<Key> {
    ctx.with_plugin(|focus: &mut Focus| std::mem::take(&mut focus.taken)).unwrap_or_default()
}

/// Takes the keyboard to the next part of the window, or the one before.
pub fn step_region(ctx: &Context, back: bool) {
    if let Some(id) = ctx.with_plugin(|focus: &mut Focus| focus.next_region(back)).flatten() {
        ctx.memory_mut(|m| m.request_focus(id));
    }
}

/// What the window knows of its keyboard.
#[derive(Debug, Default)]
struct Focus {
    /// Of the pass that is drawn.
    regions: Vec<(Region, usize, usize)>,
    spans: Vec<Span>,
    entries: Vec<Id>,
    /// Of the last pass that was drawn to its end.
    stops: Vec<Stop>,
    entered_at: Vec<Id>,
    /// What has the keyboard, or had it last.
    at: Option<Id>,
    /// What had it last in each part and each group.
    in_region: Vec<(Region, Id)>,
    in_group: IdMap<Id>,
    revealed: Option<Id>,
    /// What has a use for the upright arrows.
    keeping: Option<Id>,
    /// The windows above this one that are open.
    sheets: Sheets,
    /// Whether a menu or a list was open in the last pass.
    menu: bool,
    /// Where it goes in the pass that begins.
    wanted: Option<Id>,
    /// Keys that are wanted wherever the keyboard is, and those of them that came.
    claimed: Vec<Key>,
    taken: Vec<Key>,
    /// Whether a hand at the pointer, which sees where it is, was the last to do something.
    by_pointer: bool,
    resting: Resting,
}

impl egui::Plugin for Focus {
    fn debug_name(&self) -> &'static str {
        "keyboard focus"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        for event in &input.events {
            match event {
                egui::Event::PointerButton { pressed: true, .. } => self.by_pointer = true,
                egui::Event::Key { pressed: true, .. } => self.by_pointer = false,
                _ => {}
            }
        }
        self.resting.input_hook(ctx, input);
        if self.stops.is_empty() || ctx.memory(|m| m.top_modal_layer().is_some()) || egui::Popup::is_any_open(ctx) {
            return;
        }
        if !self.claimed.is_empty() && !ctx.text_edit_focused() {
            // What comes behind another key may be meant for what that opens.
            let mut first = true;
            input.events.retain(|event| {
                let egui::Event::Key { key, pressed: true, modifiers, .. } = event else { return true };
                first = first && modifiers.is_none() && self.claimed.contains(key);
                if first {
                    self.taken.push(*key);
                }
                !first
            });
        }
        let focused = ctx.memory(egui::Memory::focused);
        // Something that is no stop has the keyboard: its own rules hold.
        if focused.is_some_and(|id| !self.stops.iter().any(|s| s.id == id)) {
            return;
        }
        let typing = ctx.text_edit_focused() || focused.is_some() && self.keeping == focused;
        input.events.retain(|event| {
            let egui::Event::Key { key, pressed: true, modifiers, .. } = event else { return true };
            let now = self.wanted.or(focused);
            match self.answer(*key, *modifiers, now, typing) {
                Answer::Goes(wanted) => {
                    self.wanted = wanted.or(self.wanted);
                    false
                }
                Answer::Left => true,
            }
        });
    }

    fn on_begin_pass(&mut self, ui: &mut Ui) {
        self.regions.clear();
        self.spans.clear();
        self.entries.clear();
        // In the pass itself, so that the widget learns that it has just got the keyboard.
        if let Some(id) = self.wanted.take() {
            ui.ctx().memory_mut(|m| m.request_focus(id));
        }
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx();
        self.stops = ctx.viewport(|v| stops::list(&v.this_pass.widgets, &self.regions, &self.spans));
        self.entered_at.clone_from(&self.entries);
        let focused = ctx.memory(egui::Memory::focused);
        self.revealed = self.revealed.filter(|&id| Some(id) == focused);
        if let Some(to) = self.sheets.end_pass(ctx, &self.stops, &self.entered_at, focused) {
            self.wanted = self.wanted.or(Some(to));
            ctx.request_repaint();
        }
        let above = self.sheets.layers().chain(ctx.memory(egui::Memory::top_modal_layer)).collect();
        self.resting.end_pass(ctx, above, self.by_pointer);
        // A menu or a list that a key has closed gives the keyboard back to what opened it.
        let menu = egui::Popup::is_any_open(ctx);
        let closed = std::mem::replace(&mut self.menu, menu) && !menu && !self.by_pointer;
        let is_stop = |id: Id| self.stops.iter().any(|s| s.id == id);
        if closed && self.wanted.is_none() && focused.is_none_or(|id| !is_stop(id)) {
            self.wanted = self.at.filter(|&id| is_stop(id));
            ctx.request_repaint();
        }
        if let Some(stop) = self.stops.iter().find(|s| Some(s.id) == focused) {
            self.at = Some(stop.id);
            self.in_region.retain(|(region, _)| *region != stop.region);
            self.in_region.push((stop.region, stop.id));
            for group in &stop.groups {
                self.in_group.insert(group.name, stop.id);
            }
        }
        ring::ring(ctx, focused, self.by_pointer);
    }
}

/// What becomes of a key.
enum Answer {
    /// It is left to whatever has the keyboard.
    Left,
    /// The keyboard goes there, or stays where it is.
    Goes(Option<Id>),
}

impl Focus {
    fn answer(&self, key: Key, modifiers: Modifiers, focused: Option<Id>, typing: bool) -> Answer {
        let plain = modifiers.is_none();
        let stop = self.stops.iter().find(|s| Some(s.id) == focused);
        let group = stop.and_then(|s| s.groups.first());
        match key {
            Key::Tab if plain || modifiers.shift_only() => {
                Answer::Goes(stops::tab(&self.stops, focused.or(self.at), modifiers.shift, |group| self.entry(group)))
            }
            Key::ArrowUp | Key::ArrowDown | Key::ArrowLeft | Key::ArrowRight => {
                let (Some(stop), Some(group)) = (stop, group) else { return Answer::Left };
                let upright = matches!(key, Key::ArrowUp | Key::ArrowDown);
                // A text needs its arrows; with Ctrl one leaves it all the same.
                let rows = modifiers.command_only() || modifiers.ctrl && !modifiers.shift && !modifiers.alt;
                // A heading opens and closes on those that lie.
                let folds = !upright && group.kind == Kind::Headings;
                if folds || !(plain && !typing || upright && rows) {
                    return Answer::Left;
                }
                Answer::Goes(stops::arrow(&self.stops, stop, key))
            }
            Key::Home | Key::End if plain && !typing => {
                group.map_or(Answer::Left, |group| Answer::Goes(stops::end(&self.stops, group, key == Key::End)))
            }
            _ => Answer::Left,
        }
    }

    /// Where a group that is one stop is entered.
    fn entry(&self, group: Id) -> Option<Id> {
        let in_it = |id: &Id| self.stops.iter().any(|s| s.id == *id && s.groups.iter().any(|g| g.name == group));
        let marked = || self.entered_at.iter().copied().find(in_it);
        self.in_group.get(&group).copied().filter(in_it).or_else(marked)
    }

    fn next_region(&self, back: bool) -> Option<Id> {
        let mut there: Vec<Region> = self.stops.iter().map(|s| s.region).collect();
        there.dedup();
        let now = self.stops.iter().find(|s| Some(s.id) == self.at).map(|s| s.region);
        let at = now.and_then(|now| there.iter().position(|r| *r == now));
        let count = there.len();
        let next = match at {
            None if back => count.checked_sub(1)?,
            None => 0,
            Some(at) if back => (at + count - 1) % count,
            Some(at) => (at + 1) % count,
        };
        let region = *there.get(next)?;
        let in_it = |id: &Id| self.stops.iter().any(|s| s.id == *id && s.region == region);
        let before = self.in_region.iter().find(|(r, _)| *r == region).map(|(_, id)| *id).filter(in_it);
        let alone = |id: &Id| self.stops.iter().any(|s| s.id == *id && s.groups.is_empty());
        let marked = || self.entered_at.iter().copied().find(|id| in_it(id) && alone(id));
        let first = || self.stops.iter().find(|s| s.region == region).map(|s| s.id);
        before.or_else(marked).or_else(first)
    }
}

/// Whether the widgets of a layer are stops: those of the window and of windows above it, not of menus and hints.
fn is_walked(order: Order) -> bool {
    matches!(order, Order::Background | Order::Middle)
}
