//! Going to a setting by its name: the settings unfold the section it is in, scroll to it and give it the keyboard.

use eframe::egui::{Align, Context, Id, Response};

use crate::app::kit::caption::Caption;
use crate::app::kit::focus;
use crate::recipe::knobs::Knob;

/// Frames in which a section has time to unfold.
const FRAMES: u32 = 20;

/// What is looked for.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    setting: &'static Knob,
    frames: u32,
    found: Option<Found>,
}

/// How its control was found.
#[derive(Clone, Copy, Debug)]
enum Found {
    /// It can be turned.
    On,
    /// It cannot, for this reason.
    Off(&'static str),
}

fn place() -> Id {
    Id::unique("setting that is looked for")
}

fn wanted(ctx: &Context) -> Option<Wanted> {
    ctx.data(|d| d.get_temp(place()))
}

/// Looks for a setting in the frames to come.
pub(in crate::app) fn ask(ctx: &Context, setting: &'static Knob) {
    ctx.data_mut(|d| d.insert_temp(place(), Wanted { setting, frames: 0, found: None }));
    ctx.request_repaint();
}

/// Whether what is looked for is one of these settings, which then have to be in sight.
pub(in crate::app) fn is_in(ctx: &Context, part: impl FnOnce(&Knob) -> bool) -> bool {
    wanted(ctx).is_some_and(|w| part(w.setting))
}

/// Tells of a setting's control; if it is looked for it gets the keyboard.
pub(in crate::app) fn here(of: &Caption, control: &Response) {
    let ctx = &control.ctx;
    let Some(mut wanted) = wanted(ctx).filter(|w| w.setting.flag == of.flag) else { return };
    if wanted.found.is_none() && control.enabled() {
        focus::go_to(ctx, control.id);
    }
    control.scroll_to_me(Some(Align::Center));
    wanted.found = Some(of.idle.map_or(Found::On, Found::Off));
    ctx.data_mut(|d| d.insert_temp(place(), wanted));
}

/// Call once a frame, after the settings were drawn. Why nothing got the keyboard, when that is certain.
pub(in crate::app) fn missing(ctx: &Context) -> Option<String> {
    let mut wanted = wanted(ctx)?;
    wanted.frames += 1;
    ctx.request_repaint();
    if wanted.frames < FRAMES {
        ctx.data_mut(|d| d.insert_temp(place(), wanted));
        return None;
    }
    ctx.data_mut(|d| d.remove::<Wanted>(place()));
    let (label, section) = (wanted.setting.label, wanted.setting.section.title());
    match wanted.found {
        Some(Found::On) => None,
        Some(Found::Off(why)) => Some(format!("{label} has no effect now: {why}")),
        None => Some(format!("{label} has its place under {section}, with other data or settings than these")),
    }
}
