use super::*;

fn luminance(color: Color32) -> f64 {
    let channel = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(color.r()) + 0.7152 * channel(color.g()) + 0.0722 * channel(color.b())
}

fn contrast(a: Color32, b: Color32) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// WCAG 2.2 level AA asks 4.5 : 1 of text.
#[test]
fn text_is_readable_on_every_surface() {
    for tokens in [&DARK, &LIGHT] {
        for surface in [tokens.panel, tokens.raised, tokens.plot] {
            for ink in [tokens.text_strong, tokens.text, tokens.text_weak, tokens.good, tokens.warning, tokens.bad] {
                assert!(contrast(ink, surface) >= 4.5, "{ink:?} on {surface:?}: {}", contrast(ink, surface));
            }
        }
        assert!(contrast(tokens.on_accent, tokens.accent) >= 4.5);
        assert!(contrast(tokens.text, tokens.control) >= 4.5);
    }
}

/// WCAG 2.2 asks 3 : 1 of the border of a control, and of a line that means something.
#[test]
fn borders_of_controls_and_the_solvers_lines_are_seen_on_every_surface() {
    for tokens in [&DARK, &LIGHT] {
        for surface in [tokens.base, tokens.panel, tokens.raised, tokens.plot, tokens.control] {
            for ink in [tokens.edge, tokens.learned, tokens.exact, tokens.accent] {
                assert!(contrast(ink, surface) >= 3.0, "{ink:?} on {surface:?}: {}", contrast(ink, surface));
            }
        }
        let style = visuals(tokens).widgets;
        for widget in [style.inactive, style.hovered, style.open, style.active] {
            assert!(contrast(widget.bg_stroke.color, tokens.panel) >= 3.0, "{widget:?}");
        }
    }
}

/// WCAG 2.2 asks nothing of it; but who looks for a control reads what it will do once it can be used.
#[test]
fn what_stands_on_a_control_that_cannot_be_used_can_be_read() {
    for tokens in [&DARK, &LIGHT] {
        let alpha = visuals(tokens).disabled_alpha;
        let faint = |ground: Color32, color: Color32| ground.blend(color.gamma_multiply(alpha));
        for ground in [tokens.panel, tokens.raised] {
            for fill in [tokens.control, tokens.panel].map(|fill| faint(ground, fill)) {
                for ink in [tokens.text, tokens.text_weak].map(|ink| faint(fill, ink)) {
                    assert!(contrast(ink, fill) >= 3.0, "{ink:?} on {fill:?}: {}", contrast(ink, fill));
                }
            }
            let full = contrast(tokens.text, tokens.control);
            let left = contrast(faint(ground, tokens.text), faint(ground, tokens.control));
            assert!(left < 0.75 * full, "it is seen that it cannot be used: {left} of {full}");
        }
    }
}

/// The two solvers are told from each other, from what can be acted on, from references and from the clusters.
#[test]
fn the_solvers_have_colours_of_their_own() {
    let apart = |a: Color32, b: Color32| {
        let [a, b] = [a, b].map(|c| [c.r(), c.g(), c.b()].map(f64::from));
        // Weighted as the eye does, near enough to tell a hue from another.
        let weights = [2.0, 4.0, 3.0];
        (0..3).map(|i| weights[i] * (a[i] - b[i]).powi(2)).sum::<f64>().sqrt()
    };
    for tokens in [&DARK, &LIGHT] {
        for solver in [tokens.learned, tokens.exact] {
            let other = if solver == tokens.learned { tokens.exact } else { tokens.learned };
            for ink in [other, tokens.accent, tokens.good, tokens.warning, tokens.bad, tokens.reference] {
                assert!(apart(solver, ink) > 60.0, "{solver:?} and {ink:?}: {}", apart(solver, ink));
            }
            for at in 0..8 {
                let [r, g, b] = crate::output::palette::category(at, tokens.dark);
                let ink = Color32::from_rgb(r, g, b);
                assert!(apart(solver, ink) > 60.0, "{solver:?} and cluster {at}: {}", apart(solver, ink));
            }
        }
    }
}

#[test]
fn all_is_written_in_one_scale_and_figures_are_as_wide_as_each_other() {
    assert!(text::ALL.is_sorted() && text::ALL[0] >= 12.0 && text::ALL[4] <= 28.0);
    let ctx = Context::default();
    crate::app::kit::icons::install_fonts(&ctx);
    apply(&ctx, true);
    let _ = ctx.run_ui(egui::RawInput::default(), |ui| {
        for (style, font) in ui.style().text_styles.clone() {
            assert!(text::ALL.contains(&font.size), "{style:?} is {}", font.size);
            let widths: Vec<f32> =
                ui.ctx().fonts_mut(|f| ('0'..='9').map(|digit| f.glyph_width(&font, digit)).collect());
            assert!(widths.iter().all(|w| (w - widths[0]).abs() < 0.01), "{style:?}: {widths:?}");
        }
    });
}

/// WCAG 2.2 asks 3 : 1 of what shows the focus; the ring stands in a gap of the panel's colour.
#[test]
fn the_ring_of_what_has_the_keyboard_is_seen_on_every_surface() {
    for tokens in [&DARK, &LIGHT] {
        for surface in [tokens.base, tokens.panel, tokens.raised, tokens.plot, tokens.control, tokens.control_active] {
            assert!(contrast(tokens.marker, surface) >= 3.0, "{surface:?}: {}", contrast(tokens.marker, surface));
        }
    }
}

#[test]
fn apply_switches_the_theme_and_sets_both_styles() {
    let ctx = Context::default();
    apply(&ctx, false);
    assert_eq!(ctx.style_of(Theme::Light).visuals.panel_fill, LIGHT.panel);
    assert_eq!(ctx.style_of(Theme::Dark).visuals.panel_fill, DARK.panel);
    assert_eq!(ctx.options(|o| o.theme_preference), Theme::Light.into());
}
