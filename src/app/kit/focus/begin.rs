//! How a question begins: the first frame of it, and a line of text whose content the first letter replaces.

use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::{Context, Id, TextEdit};

/// Whether what is drawn under this name was not drawn in the pass before, so that it takes the keyboard now.
#[must_use]
pub fn is_fresh(ctx: &Context, id: Id) -> bool {
    let now = ctx.cumulative_pass_nr();
    let before = ctx.data_mut(|data| {
        let seen = data.get_temp::<u64>(id);
        data.insert_temp(id, now);
        seen
    });
    before.is_none_or(|before| before + 1 < now)
}

/// Selects all of a line of text, so that what is typed next takes its place.
pub fn select_all(ctx: &Context, line: Id, text: &str) {
    let mut state = TextEdit::load_state(ctx, line).unwrap_or_default();
    let (first, last) = (CCursor::new(0), CCursor::new(text.chars().count()));
    state.cursor.set_char_range(Some(CCursorRange::two(first, last)));
    state.store(ctx, line);
}
