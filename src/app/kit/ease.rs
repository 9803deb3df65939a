//! Size of text and stillness, as the window has them now; and what the system says of motion.

use std::process::{Command, Stdio};

use eframe::egui::style::ScrollAnimation;
use eframe::egui::{Context, Theme};

/// How long something that opens, closes or fades takes, in seconds, where things move.
pub const ANIMATION: f32 = 0.12;

/// Gives the window this size and lets things move or stand still. Whoever sets a style calls it afterwards.
pub fn apply(ctx: &Context, factor: f32, still: bool) {
    ctx.set_zoom_factor(factor);
    for theme in [Theme::Dark, Theme::Light] {
        ctx.style_mut_of(theme, |style| {
            style.animation_time = if still { 0.0 } else { ANIMATION };
            style.scroll_animation = if still { ScrollAnimation::none() } else { ScrollAnimation::default() };
            style.visuals.text_cursor.blink = !still;
        });
    }
}

/// Whether things are to stand still: no camera glides, no place lies between two, nothing plays by itself.
#[must_use]
pub fn is_still(ctx: &Context) -> bool {
    ctx.global_style().animation_time <= 0.0
}

/// Whether the system is set to less motion, as far as one of its own tools tells. Takes as long as a process.
#[must_use]
pub fn system_is_still() -> Option<bool> {
    let asked = |program: &str, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stderr(Stdio::null());
        let output = command.output().ok().filter(|output| output.status.success())?;
        String::from_utf8(output.stdout).ok()
    };
    if cfg!(target_os = "macos") {
        of_macos(&asked("defaults", &["read", "com.apple.universalaccess", "reduceMotion"])?)
    } else if cfg!(windows) {
        of_windows(&asked("reg", &["query", r"HKCU\Control Panel\Desktop", "/v", "UserPreferencesMask"])?)
    } else {
        of_gnome(&asked("gsettings", &["get", "org.gnome.desktop.interface", "enable-animations"])?)
    }
}

/// GNOME, and what follows its settings, says whether there are animations.
fn of_gnome(text: &str) -> Option<bool> {
    match text.trim() {
        "true" => Some(false),
        "false" => Some(true),
        _ => None,
    }
}

/// macOS says whether motion is reduced; where it was never asked it says nothing.
fn of_macos(text: &str) -> Option<bool> {
    match text.trim() {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

/// Windows has a bit for "animate controls and elements inside windows" in the fifth byte of a mask: `REG_BINARY  9E1E078012000000`.
fn of_windows(text: &str) -> Option<bool> {
    let mask = text.split_whitespace().skip_while(|word| *word != "REG_BINARY").nth(1)?;
    let byte = u8::from_str_radix(mask.get(8..10)?, 16).ok()?;
    Some(byte & 0x02 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_each_system_says_of_motion_is_understood() {
        assert_eq!([of_gnome("true\n"), of_gnome("false\n"), of_gnome("")], [Some(false), Some(true), None]);
        assert_eq!([of_macos("1\n"), of_macos("0\n"), of_macos("?")], [Some(true), Some(false), None]);
        let said = |mask: &str| {
            of_windows(&format!(
                "\r\nHKEY_CURRENT_USER\\Control Panel\\Desktop\r\n    UserPreferencesMask    REG_BINARY    {mask}\r\n"
            ))
        };
        assert_eq!([said("9E1E078012000000"), said("9012038010000000"), said("90")], [Some(false), Some(true), None]);
    }

    #[test]
    fn stillness_is_in_both_themes_and_goes_again() {
        let ctx = Context::default();
        crate::app::kit::theme::apply(&ctx, true);
        assert!(!is_still(&ctx));
        apply(&ctx, 1.5, true);
        assert!(is_still(&ctx) && !ctx.style_of(Theme::Light).visuals.text_cursor.blink);
        apply(&ctx, 1.0, false);
        assert!(!is_still(&ctx) && ctx.style_of(Theme::Dark).visuals.text_cursor.blink);
    }
}
