//! Where things stand, as a word, a sign and a colour: a sign, so that nobody needs the colour to tell two apart.

use eframe::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

use super::theme::Tokens;

/// Where things stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// There is no data.
    #[default]
    Empty,
    /// Data is being read.
    Opening,
    /// Data is there, nothing was computed.
    Ready,
    /// The chain of stages is at work.
    Training,
    /// It waits.
    Paused,
    /// The picture follows the settings.
    Live,
    /// The picture is of other settings than those there are.
    Older,
    /// The picture is of a training that is part of the program.
    Stored,
    /// A person ended the training early.
    Stopped,
    /// It ended by itself, far from where it should be.
    Far,
    /// It ended with an error.
    Failed,
    /// It ended as it should.
    Finished,
}

impl Standing {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Empty,
        Self::Opening,
        Self::Ready,
        Self::Training,
        Self::Paused,
        Self::Live,
        Self::Older,
        Self::Stored,
        Self::Stopped,
        Self::Far,
        Self::Failed,
        Self::Finished,
    ];

    /// One word, or two.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Empty => "No data",
            Self::Opening => "Opening",
            Self::Ready => "Ready",
            Self::Training => "Training",
            Self::Paused => "Paused",
            Self::Live => "Live",
            Self::Older => "Older result",
            Self::Stored => "Stored example",
            Self::Stopped => "Stopped",
            Self::Far => "Not converged",
            Self::Failed => "Failed",
            Self::Finished => "Finished",
        }
    }

    /// Its colour.
    #[must_use]
    pub fn tone(self, tokens: &Tokens) -> Color32 {
        match self {
            Self::Empty | Self::Ready => tokens.text_weak,
            Self::Opening | Self::Training | Self::Live => tokens.accent,
            Self::Paused | Self::Older | Self::Stopped | Self::Far => tokens.warning,
            Self::Stored => tokens.learned,
            Self::Failed => tokens.bad,
            Self::Finished => tokens.good,
        }
    }

    /// Draws its sign, `size` points large, around a place.
    pub fn sign(self, painter: &Painter, middle: Pos2, size: f32, ink: Color32) {
        let half = 0.5 * size;
        let line = Stroke::new((0.14 * size).max(1.2), ink);
        let bar = |x: f32| [middle + vec2(x, -0.7 * half), middle + vec2(x, 0.7 * half)];
        match self {
            Self::Empty => {
                painter.circle_stroke(middle, 0.8 * half, line);
            }
            Self::Opening => {
                for x in [-0.7, 0.0, 0.7] {
                    painter.circle_filled(middle + vec2(x * half, 0.0), 0.2 * half, ink);
                }
            }
            Self::Ready => {
                painter.circle_stroke(middle, 0.8 * half, line);
                painter.circle_filled(middle, 0.3 * half, ink);
            }
            Self::Training => {
                let corners = [vec2(-0.6, -0.8), vec2(0.9, 0.0), vec2(-0.6, 0.8)].map(|v| middle + half * v);
                painter.add(Shape::convex_polygon(corners.to_vec(), ink, Stroke::NONE));
            }
            Self::Paused => {
                for x in [-0.35, 0.35] {
                    painter.line_segment(bar(x * half), Stroke::new(0.35 * half, ink));
                }
            }
            Self::Live => {
                let wave = (0..=16_u8).map(|i| {
                    let along = f32::from(i) / 8.0 - 1.0;
                    middle + half * vec2(along, -0.5 * (std::f32::consts::PI * along).sin())
                });
                painter.add(Shape::line(wave.collect(), line));
            }
            Self::Older => clock(painter, middle, half, line),
            Self::Stored => {
                for y in [-0.5, 0.0, 0.5] {
                    let plate = Rect::from_center_size(middle + vec2(0.0, y * half), Vec2::new(1.6 * half, 0.3 * half));
                    painter.rect_filled(plate, 1.0, ink);
                }
            }
            Self::Stopped => {
                painter.rect_filled(Rect::from_center_size(middle, Vec2::splat(1.3 * half)), 1.0, ink);
            }
            Self::Far => {
                painter.rect_stroke(
                    Rect::from_center_size(middle, Vec2::splat(1.3 * half)),
                    1.0,
                    line,
                    StrokeKind::Middle,
                );
                painter.line_segment([middle + vec2(-half, half), middle + vec2(half, -half)], line);
            }
            Self::Failed => {
                for way in [1.0, -1.0] {
                    let corner = 0.7 * half * vec2(1.0, way);
                    painter.line_segment([middle - corner, middle + corner], line);
                }
            }
            Self::Finished => {
                let corners = [vec2(-0.8, 0.1), vec2(-0.2, 0.7), vec2(0.85, -0.6)].map(|v| middle + half * v);
                painter.add(Shape::line(corners.to_vec(), line));
            }
        }
    }
}

fn clock(painter: &Painter, middle: Pos2, half: f32, line: Stroke) {
    painter.circle_stroke(middle, 0.8 * half, line);
    painter.line_segment([middle, pos2(middle.x, middle.y - 0.5 * half)], line);
    painter.line_segment([middle, pos2(middle.x + 0.4 * half, middle.y)], line);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is drawn of a sign.
    fn drawn(standing: Standing) -> String {
        let ctx = eframe::egui::Context::default();
        let output = ctx.run_ui(eframe::egui::RawInput::default(), |ui| {
            standing.sign(ui.painter(), pos2(50.0, 50.0), 16.0, Color32::WHITE);
        });
        format!("{:?}", output.shapes)
    }

    #[test]
    fn no_two_standings_have_one_word_or_one_sign() {
        for (i, a) in Standing::ALL.iter().enumerate() {
            for b in &Standing::ALL[i + 1..] {
                assert_ne!(a.word(), b.word());
                assert_ne!(drawn(*a), drawn(*b), "{a:?} and {b:?}");
            }
        }
    }
}
