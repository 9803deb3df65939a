//! What a screen reader is told beside names: a longer sentence for a picture, how far something is, and what it speaks by itself.

use eframe::egui::accesskit::Live;
use eframe::egui::{Context, Id, Response};

/// A sentence about a picture, worked out again only when what it is of changed, and only where something reads the screen.
#[derive(Clone, Debug, Default)]
pub struct Sentence {
    of: Option<[u64; 3]>,
    text: String,
}

impl Sentence {
    /// Describes a widget that has a name already; `of` changes with what is described.
    pub fn describe(&mut self, ctx: &Context, id: Id, of: [u64; 3], words: impl FnOnce() -> String) {
        if !ctx.has_accesskit_node(id) {
            return;
        }
        if self.of != Some(of) {
            (self.of, self.text) = (Some(of), words());
        }
        describe(ctx, id, &self.text);
    }
}

/// Describes a widget that has a name already.
pub fn describe(ctx: &Context, id: Id, text: &str) {
    ctx.accesskit_node_builder(id, |node| node.set_description(text));
}

/// Describes a widget by words that are only made where something reads the screen.
pub fn described(response: &Response, words: impl FnOnce() -> String) {
    if response.ctx.has_accesskit_node(response.id) {
        describe(&response.ctx, response.id, &words());
    }
}

/// Says how far something is, `share` from 0 to 1.
pub fn progress(response: &Response, share: f32) {
    response.ctx.accesskit_node_builder(response.id, |node| {
        node.set_min_numeric_value(0.0);
        node.set_max_numeric_value(100.0);
        node.set_numeric_value(f64::from((100.0 * share).round()));
    });
}

/// How much something is worth being interrupted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Urgency {
    /// It is spoken when there is a pause.
    Calm,
    /// It is spoken at once.
    Urgent,
}

/// Has a screen reader speak a widget's words by itself when they come or change.
pub fn aloud(response: &Response, urgency: Urgency) {
    let live = match urgency {
        Urgency::Calm => Live::Polite,
        Urgency::Urgent => Live::Assertive,
    };
    response.ctx.accesskit_node_builder(response.id, |node| node.set_live(live));
}
