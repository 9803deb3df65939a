//! The look: every colour, size and distance the window uses, once, for both themes.
//!
//! A quiet instrument: surfaces are near-neutral and low in contrast with each other, text has three strengths, one
//! accent marks what can be acted on, and the data is the brightest thing on the screen.

use eframe::egui::{
    self, Color32, Context, CornerRadius, FontFamily, FontId, Margin, Shadow, Stroke, TextStyle, Theme, Vec2, Visuals,
};

/// The spacing unit in points: every margin and gap is a multiple of it.
pub const UNIT: f32 = 4.0;

/// Type scale in points.
pub mod text {
    /// Tick labels, units, footnotes: the least there is.
    pub const SMALL: f32 = 12.0;
    /// Everything that is read.
    pub const BODY: f32 = 13.0;
    /// Names of panels and views.
    pub const HEADING: f32 = 16.0;
    /// The one large line of an empty or failed state.
    pub const TITLE: f32 = 21.0;
    /// A sign that stands for a whole state.
    pub const DISPLAY: f32 = 28.0;
    /// All of them, the least first: nothing in the window is written in another size.
    pub const ALL: [f32; 5] = [SMALL, BODY, HEADING, TITLE, DISPLAY];
}

/// The text style of the one large line of an empty or failed state.
#[must_use]
pub fn title_style() -> TextStyle {
    TextStyle::Name("title".into())
}

/// A question or a sheet that everything else waits for, with more room at its rim than a menu has.
#[must_use]
pub fn modal(ctx: &egui::Context, id: egui::Id) -> egui::Modal {
    egui::Modal::new(id).frame(egui::Frame::popup(&ctx.global_style()).inner_margin(3.0 * UNIT))
}

/// Gives what can be chosen in a menu the rim that it has elsewhere: an empty ring without one is hardly seen.
pub fn bordered(ui: &mut egui::Ui) {
    let edge = Stroke::new(1.0, Tokens::in_ui(ui).edge);
    let fill = Tokens::in_ui(ui).control;
    let widgets = &mut ui.visuals_mut().widgets;
    for widget in [&mut widgets.inactive, &mut widgets.hovered, &mut widgets.active] {
        widget.bg_stroke = edge;
    }
    widgets.inactive.weak_bg_fill = fill;
}

/// The text style of the sign above that line.
#[must_use]
pub fn display_style() -> TextStyle {
    TextStyle::Name("display".into())
}

/// What is left of the strength of a control that cannot be used, in the light theme and in the dark one: what stands on it can be read still.
const DISABLED: [f32; 2] = [0.75, 0.68];

/// The colours of one theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tokens {
    /// Whether these are the dark theme's.
    pub dark: bool,
    /// Behind everything: the gaps between panels.
    pub base: Color32,
    /// Side panels and bars.
    pub panel: Color32,
    /// Windows, menus and tooltips, above the panels.
    pub raised: Color32,
    /// Behind the data: the extreme of the theme, so that data stands out.
    pub plot: Color32,
    /// Grid lines in a plot.
    pub grid: Color32,
    /// Frames of what is no control, and separators.
    pub line: Color32,
    /// The border of a control: 3 : 1 to every surface it lies on.
    pub edge: Color32,
    /// Fill of a control at rest.
    pub control: Color32,
    /// Fill of a control under the pointer.
    pub control_hover: Color32,
    /// Fill of a control held down.
    pub control_active: Color32,
    /// Headings and values.
    pub text_strong: Color32,
    /// Ordinary text.
    pub text: Color32,
    /// Units, ticks, notes; still readable (at least 4.5 : 1 on `panel` and `plot`).
    pub text_weak: Color32,
    /// What can be acted on, and nothing else.
    pub accent: Color32,
    /// Text on an `accent` fill.
    pub on_accent: Color32,
    /// The learned solver's own colour, in titles, curves and ladders: violet, apart from the accent and from the first clusters.
    pub learned: Color32,
    /// The exact solver's own colour: neutral.
    pub exact: Color32,
    /// References that are neither: floors, bounds, baselines.
    pub reference: Color32,
    /// It worked.
    pub good: Color32,
    /// Look here: an older result, a ridge that was needed.
    pub warning: Color32,
    /// It failed.
    pub bad: Color32,
    /// What data that is not selected fades towards.
    pub dimmed: Color32,
    /// Outline of the hovered point, of the lasso and of focus.
    pub marker: Color32,
}

const fn rgb(hex: u32) -> Color32 {
    Color32::from_rgb((hex >> 16) as u8, (hex >> 8) as u8, hex as u8)
}

/// The dark theme's colours.
pub const DARK: Tokens = Tokens {
    dark: true,
    base: rgb(0x08_0a_0d),
    panel: rgb(0x14_17_1c),
    raised: rgb(0x1b_1f_26),
    plot: rgb(0x0b_0d_11),
    grid: rgb(0x18_1c_22),
    line: rgb(0x2a_30_39),
    edge: rgb(0x70_7b_8a),
    control: rgb(0x23_28_31),
    control_hover: rgb(0x2d_34_3f),
    control_active: rgb(0x38_41_4e),
    text_strong: rgb(0xf0_f3_f7),
    text: rgb(0xc3_ca_d4),
    text_weak: rgb(0x8b_95_a3),
    accent: rgb(0x5a_a9_ff),
    on_accent: rgb(0x06_12_20),
    learned: rgb(0xb0_70_ff),
    exact: rgb(0xb2_b8_c0),
    reference: rgb(0x8b_95_a3),
    good: rgb(0x57_c7_8a),
    warning: rgb(0xf0_b4_4c),
    bad: rgb(0xff_7a_70),
    dimmed: rgb(0x55_5f_6d),
    marker: rgb(0xff_ff_ff),
};

/// The light theme's colours.
pub const LIGHT: Tokens = Tokens {
    dark: false,
    base: rgb(0xe3_e6_ea),
    panel: rgb(0xf5_f6_f8),
    raised: rgb(0xff_ff_ff),
    plot: rgb(0xff_ff_ff),
    grid: rgb(0xed_ef_f2),
    line: rgb(0xcf_d4_db),
    edge: rgb(0x76_7f_8c),
    control: rgb(0xe6_e9_ee),
    control_hover: rgb(0xda_df_e6),
    control_active: rgb(0xc8_d0_da),
    text_strong: rgb(0x10_15_1c),
    text: rgb(0x2c_35_40),
    text_weak: rgb(0x5b_66_74),
    accent: rgb(0x0b_62_c4),
    on_accent: rgb(0xff_ff_ff),
    learned: rgb(0x7a_2f_d6),
    exact: rgb(0x34_3d_49),
    reference: rgb(0x5b_66_74),
    good: rgb(0x13_7a_45),
    warning: rgb(0x94_5a_00),
    bad: rgb(0xc0_28_20),
    dimmed: rgb(0xb4_bc_c6),
    marker: rgb(0x0a_0c_10),
};

impl Tokens {
    /// The colours of one theme.
    #[must_use]
    pub const fn of(dark: bool) -> &'static Self {
        if dark { &DARK } else { &LIGHT }
    }

    /// The colours of the theme this part of the window is drawn in.
    #[must_use]
    pub fn in_ui(ui: &egui::Ui) -> &'static Self {
        Self::of(ui.visuals().dark_mode)
    }
}

/// Gives both themes their style and switches to the dark or the light one.
pub fn apply(ctx: &Context, dark: bool) {
    for theme in [Theme::Dark, Theme::Light] {
        let tokens = Tokens::of(theme == Theme::Dark);
        ctx.style_mut_of(theme, |style| {
            style.text_styles = type_scale();
            style.visuals = visuals(tokens);
            spacing(&mut style.spacing);
            style.animation_time = super::ease::ANIMATION;
        });
    }
    ctx.set_theme(if dark { Theme::Dark } else { Theme::Light });
}

fn type_scale() -> std::collections::BTreeMap<TextStyle, FontId> {
    [
        (TextStyle::Small, FontId::new(text::SMALL, FontFamily::Proportional)),
        (TextStyle::Body, FontId::new(text::BODY, FontFamily::Proportional)),
        (TextStyle::Button, FontId::new(text::BODY, FontFamily::Proportional)),
        (TextStyle::Monospace, FontId::new(text::SMALL, FontFamily::Monospace)),
        (TextStyle::Heading, FontId::new(text::HEADING, FontFamily::Proportional)),
        (title_style(), FontId::new(text::TITLE, FontFamily::Proportional)),
        (display_style(), FontId::new(text::DISPLAY, FontFamily::Proportional)),
    ]
    .into()
}

fn spacing(spacing: &mut egui::style::Spacing) {
    spacing.item_spacing = Vec2::new(2.0 * UNIT, 1.5 * UNIT);
    spacing.button_padding = Vec2::new(2.0 * UNIT, UNIT);
    spacing.window_margin = Margin::same((3.0 * UNIT) as i8);
    spacing.menu_margin = Margin::same((1.5 * UNIT) as i8);
    spacing.indent = 4.0 * UNIT;
    spacing.interact_size = Vec2::new(9.0 * UNIT, 6.0 * UNIT);
    spacing.slider_width = 32.0 * UNIT;
    spacing.slider_rail_height = UNIT;
    spacing.combo_width = 30.0 * UNIT;
    spacing.tooltip_width = 80.0 * UNIT;
    spacing.icon_width = 4.0 * UNIT;
    spacing.icon_width_inner = 2.0 * UNIT;
    spacing.icon_spacing = 1.5 * UNIT;
}

fn visuals(tokens: &Tokens) -> Visuals {
    let mut v = if tokens.dark { Visuals::dark() } else { Visuals::light() };
    let radius = CornerRadius::same(UNIT as u8);
    v.panel_fill = tokens.panel;
    v.window_fill = tokens.raised;
    v.window_stroke = Stroke::new(1.0, tokens.line);
    v.window_corner_radius = CornerRadius::same((2.0 * UNIT) as u8);
    v.menu_corner_radius = CornerRadius::same((1.5 * UNIT) as u8);
    v.extreme_bg_color = tokens.plot;
    v.text_edit_bg_color = Some(tokens.plot);
    v.faint_bg_color = tokens.grid;
    v.code_bg_color = tokens.control;
    v.weak_text_color = Some(tokens.text_weak);
    v.hyperlink_color = tokens.accent;
    v.warn_fg_color = tokens.warning;
    v.error_fg_color = tokens.bad;
    v.disabled_alpha = if tokens.dark { DISABLED[1] } else { DISABLED[0] };
    v.selection.bg_fill = tokens.accent.gamma_multiply(if tokens.dark { 0.35 } else { 0.25 });
    v.selection.stroke = Stroke::new(1.0, tokens.text_strong);
    v.slider_trailing_fill = true;
    v.collapsing_header_frame = false;
    v.indent_has_left_vline = false;
    let shade = Color32::from_black_alpha(if tokens.dark { 120 } else { 40 });
    v.popup_shadow = Shadow { offset: [0, 4], blur: 12, spread: 0, color: shade };
    v.window_shadow = Shadow { offset: [0, 8], blur: 24, spread: 0, color: shade };
    let states = [
        (&mut v.widgets.noninteractive, tokens.panel, tokens.line, tokens.text),
        (&mut v.widgets.inactive, tokens.control, tokens.edge, tokens.text),
        (&mut v.widgets.hovered, tokens.control_hover, tokens.text, tokens.text_strong),
        (&mut v.widgets.active, tokens.control_active, tokens.accent, tokens.text_strong),
        (&mut v.widgets.open, tokens.control_hover, tokens.edge, tokens.text_strong),
    ];
    for (widget, fill, frame, ink) in states {
        widget.bg_fill = fill;
        widget.weak_bg_fill = fill;
        widget.bg_stroke = Stroke::new(1.0, frame);
        widget.fg_stroke = Stroke::new(1.0, ink);
        widget.corner_radius = radius;
        widget.expansion = 0.0;
    }
    v
}

#[cfg(test)]
mod tests;
