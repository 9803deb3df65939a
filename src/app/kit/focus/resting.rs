//! A pointer that rests while keys are pressed points at nothing of what a key has opened: no tip and no card of a point stays over a sheet
//! or a question until it moves.

use eframe::egui::{Context, Event, LayerId, Pos2, RawInput};

/// The pointer while keys alone are used.
#[derive(Debug, Default)]
pub(super) struct Resting {
    /// Windows above this one in the pass before.
    above: Vec<LayerId>,
    /// Whether it points at nothing from the next pass on.
    leaves: bool,
    /// Whether it points at what is under it again.
    comes_back: bool,
    /// Where it rests.
    at: Option<Pos2>,
}

impl Resting {
    /// Takes the pointer from what it pointed at, or back to where it rests.
    pub(super) fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        let moves = |event: &Event| {
            matches!(
                event,
                Event::PointerMoved(_) | Event::PointerButton { .. } | Event::PointerGone | Event::Touch { .. }
            )
        };
        let (leaves, comes_back) = (std::mem::take(&mut self.leaves), std::mem::take(&mut self.comes_back));
        if input.events.iter().any(moves) {
            self.at = None;
            return;
        }
        // The wheel turns what lies under the pointer, wherever that has come from.
        let turns = |event: &Event| matches!(event, Event::MouseWheel { .. } | Event::Zoom(_));
        if let Some(at) = self.at.take_if(|_| comes_back || input.events.iter().any(turns)) {
            return input.events.insert(0, Event::PointerMoved(at));
        }
        if let Some(at) = ctx.input(|i| i.pointer.hover_pos()).filter(|_| leaves) {
            self.at = Some(at);
            input.events.insert(0, Event::PointerGone);
        }
    }

    /// Looks at the windows above this one, the last of which was opened or closed by a hand `by_pointer` or by a key.
    pub(super) fn end_pass(&mut self, ctx: &Context, above: Vec<LayerId>, by_pointer: bool) {
        let opened = above.iter().any(|layer| !self.above.contains(layer));
        let closed = above.len() < self.above.len() && !opened;
        self.above = above;
        self.leaves = opened && !by_pointer && !ctx.input(|i| i.pointer.any_down());
        self.comes_back = closed && self.at.is_some();
        if self.leaves || self.comes_back {
            ctx.request_repaint();
        }
    }
}
