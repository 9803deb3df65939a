//! A little SVG: a page to draw on, axes with round numbers, text that cannot break out.

use std::fmt::Write as _;

use super::raster;
use crate::Result;
use crate::support::number;

/// Text and frame.
pub(super) const INK: &str = "#2b2f36";
/// Numbers at the axes, captions.
pub(super) const QUIET: &str = "#6b717b";
/// Lines behind the data.
const GRID: &str = "#e6e8ec";

/// A page of a fixed size in points: what is drawn on it, in order.
pub(super) struct Page {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) body: Vec<Element>,
}

/// Where a text is held.
#[derive(Clone, Copy, Debug)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Something on a page.
#[derive(Debug)]
pub(super) enum Element {
    /// A text at a place, of a size; it reads upwards where it says so.
    Text { at: (f64, f64), size: f64, colour: String, anchor: Anchor, text: String, upright: bool },
    /// A line through points, with its width and dashes such as `5 4`.
    Path { points: Vec<(f64, f64)>, colour: String, width: f64, dashes: String },
    /// A disc with its radius, `none` for what is not painted.
    Disc { at: (f64, f64), radius: f64, fill: String, stroke: String },
    /// Many small discs within a frame's left upper corner and size.
    Points { corner: (f64, f64), size: (f64, f64), points: Vec<((f64, f64), [u8; 3])>, radius: f64 },
    /// Rings over all else, white within.
    Rings { points: Vec<((f64, f64), [u8; 3])> },
}

/// Radius of a ring, and the width of its line.
pub(super) const RING: (f64, f64) = (3.4, 1.6);

/// With more points than this they are one embedded picture instead of a vector each.
pub(super) const MANY: usize = 20_000;

impl Page {
    pub(super) fn new(width: f64, height: f64) -> Self {
        Self { width, height, body: Vec::new() }
    }

    /// The file.
    ///
    /// # Errors
    /// [`crate::Error::Numerics`] where very many points could not be drawn.
    pub(super) fn finish(&self) -> Result<String> {
        let Self { width, height, body } = self;
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
             font-family=\"Inter, 'Helvetica Neue', Arial, sans-serif\">\n<rect width=\"100%\" height=\"100%\" \
             fill=\"#ffffff\"/>\n"
        );
        for element in body {
            element.write(&mut out)?;
        }
        out.push_str("</svg>\n");
        Ok(out)
    }

    pub(super) fn text(&mut self, at: (f64, f64), size: f64, colour: &str, anchor: Anchor, text: &str) {
        let (colour, text) = (colour.to_owned(), text.to_owned());
        self.body.push(Element::Text { at, size, colour, anchor, text, upright: false });
    }

    /// Text that reads upwards, its middle at `at`.
    pub(super) fn upright(&mut self, at: (f64, f64), size: f64, colour: &str, text: &str) {
        let (colour, text, anchor) = (colour.to_owned(), text.to_owned(), Anchor::Middle);
        self.body.push(Element::Text { at, size, colour, anchor, text, upright: true });
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: &str, width: f64) {
        let (points, colour) = (vec![from, to], colour.to_owned());
        self.body.push(Element::Path { points, colour, width, dashes: String::new() });
    }

    pub(super) fn disc(&mut self, at: (f64, f64), radius: f64, fill: &str, stroke: &str) {
        self.body.push(Element::Disc { at, radius, fill: fill.to_owned(), stroke: stroke.to_owned() });
    }

    /// A line through points in page coordinates.
    pub(super) fn path(&mut self, points: &[(f64, f64)], colour: &str, dashes: &str) {
        let (points, colour, dashes) = (points.to_vec(), colour.to_owned(), dashes.to_owned());
        self.body.push(Element::Path { points, colour, width: 1.6, dashes });
    }
}

impl Element {
    fn write(&self, out: &mut String) -> Result<()> {
        match self {
            Self::Text { at: (x, y), size, colour, anchor, text, upright } => {
                let anchor = match anchor {
                    Anchor::Start => "start",
                    Anchor::Middle => "middle",
                    Anchor::End => "end",
                };
                let place = if *upright {
                    format!("transform=\"translate({x:.1} {y:.1}) rotate(-90)\"")
                } else {
                    format!("x=\"{x:.1}\" y=\"{y:.1}\"")
                };
                let text = escape(text);
                let _ = writeln!(
                    out,
                    "<text {place} font-size=\"{size}\" fill=\"{colour}\" text-anchor=\"{anchor}\">{text}</text>"
                );
            }
            Self::Path { points, colour, width, dashes } => {
                let mut d = String::with_capacity(points.len() * 12);
                for (i, (x, y)) in points.iter().enumerate() {
                    let _ = write!(d, "{}{x:.1} {y:.1}", if i == 0 { "M" } else { "L" });
                }
                let _ = writeln!(
                    out,
                    "<path d=\"{d}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\" stroke-linejoin=\"round\" \
                     stroke-dasharray=\"{dashes}\"/>"
                );
            }
            Self::Disc { at: (x, y), radius, fill, stroke } => {
                let _ = writeln!(
                    out,
                    "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" fill=\"{fill}\" stroke=\"{stroke}\" stroke-width=\"1.6\"/>"
                );
            }
            Self::Rings { points } => {
                for ((x, y), colour) in points {
                    let ((radius, width), stroke) = (RING, hex(*colour));
                    let _ = writeln!(
                        out,
                        "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\" fill=\"#ffffff\" stroke=\"{stroke}\" stroke-width=\"{width}\"/>"
                    );
                }
            }
            Self::Points { corner, size, points, radius } if points.len() > MANY => {
                let within = points.iter().map(|&((x, y), colour)| ((x - corner.0, y - corner.1), colour));
                out.push_str(&raster::discs(*corner, *size, within, *radius)?);
                out.push('\n');
            }
            Self::Points { points, radius, .. } => {
                out.push_str("<g fill-opacity=\"0.8\">");
                for ((x, y), colour) in points {
                    let fill = hex(*colour);
                    let _ = write!(out, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius:.2}\" fill=\"{fill}\"/>");
                }
                out.push_str("</g>\n");
            }
        }
        Ok(())
    }
}

/// A frame on the page with the range of values it shows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
    pub x: Axis,
    pub y: Axis,
}

/// Values along one side of a frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Axis {
    pub low: f64,
    pub high: f64,
    /// Powers of ten at even steps; `low` must be above 0.
    pub log: bool,
}

impl Axis {
    /// From the least to the largest of `values` with a little room; values that are not finite are not there.
    pub(super) fn around(values: impl Iterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for value in values.filter(|v| v.is_finite()) {
            low = low.min(value);
            high = high.max(value);
        }
        if low > high {
            return Self { low: 0.0, high: 1.0, log: false };
        }
        // A column that is constant but for rounding is shown as that, not as noise.
        let size = low.abs().max(high.abs());
        let room = if high - low > 1e-6 * size { 0.04 * (high - low) } else { 0.5 * size.max(1e-3) };
        Self { low: low - room, high: high + room, log: false }
    }

    /// By powers of ten over the values above 0.
    pub(super) fn powers(values: impl Iterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for value in values.filter(|&v| v.is_finite() && v > 0.0) {
            low = low.min(value);
            high = high.max(value);
        }
        if high <= 0.0 {
            return Self { low: 0.1, high: 1.0, log: true };
        }
        Self { low: low.max(1e-12 * high) / 1.5, high: high * 1.5, log: true }
    }

    /// Where a value stands, 0 at the low end and 1 at the high one.
    pub(super) fn place(self, value: f64) -> f64 {
        if self.log {
            let floor = value.max(self.low);
            (floor / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        }
    }

    /// Powers of ten within, and their double and fivefold where there are only few.
    fn powers_within(self, count: usize) -> Vec<(f64, String)> {
        let powers = (self.low.log10().floor() as i32)..=(self.high.log10().floor() as i32);
        let decades = (self.high / self.low).log10();
        let multiples: &[f64] = if decades < 2.5 { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let every = (decades as usize).div_ceil(count.max(1)).max(1);
        let values = powers.step_by(every).flat_map(|power| {
            // Written and read back, so that 3·10⁻⁴ is that and not a neighbour of it.
            multiples.iter().filter_map(move |m| format!("{m}e{power}").parse::<f64>().ok())
        });
        let found: Vec<_> =
            values.filter(|v| (self.low..=self.high).contains(v)).map(|v| (v, number::round_tick(v))).collect();
        // An axis that is shorter than the steps between powers has even ones.
        if found.len() > 1 { found } else { Self { log: false, ..self }.ticks(count) }
    }

    /// Round values within, about `count` of them, and how they are written.
    pub(super) fn ticks(self, count: usize) -> Vec<(f64, String)> {
        if self.log {
            return self.powers_within(count);
        }
        let raw = (self.high - self.low) / count.max(1) as f64;
        let power = 10.0_f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().find(|s| s * power >= raw * 0.75).unwrap_or(10.0) * power;
        let first = (self.low / step).ceil() as i64;
        let last = (self.high / step).floor() as i64;
        (first..=last.min(first + 50)).map(|i| (i as f64 * step, written(i, step))).collect()
    }
}

/// `i·step` with as many decimals as the step has.
fn written(i: i64, step: f64) -> String {
    let decimals = (-step.log10().floor()).clamp(0.0, 300.0) as usize;
    let value = i as f64 * step;
    if decimals > 4 || step >= 1e6 {
        return if i == 0 { "0".to_owned() } else { format!("{value:.1e}") };
    }
    format!("{value:.decimals$}")
}

impl Frame {
    pub(super) fn at(&self, x: f64, y: f64) -> (f64, f64) {
        (self.left + self.x.place(x) * self.width, self.top + (1.0 - self.y.place(y)) * self.height)
    }

    /// Grid, frame, numbers and names of the axes.
    pub(super) fn draw(&self, page: &mut Page, x_name: &str, y_name: &str) {
        let (right, bottom) = (self.left + self.width, self.top + self.height);
        for (value, text) in self.x.ticks((self.width / 80.0) as usize) {
            let (x, _) = self.at(value, self.y.low);
            page.line((x, self.top), (x, bottom), GRID, 1.0);
            page.text((x, bottom + 16.0), 11.0, QUIET, Anchor::Middle, &text);
        }
        for (value, text) in self.y.ticks((self.height / 45.0) as usize) {
            let (_, y) = self.at(self.x.low, value);
            page.line((self.left, y), (right, y), GRID, 1.0);
            page.text((self.left - 6.0, y + 4.0), 11.0, QUIET, Anchor::End, &text);
        }
        page.line((self.left, bottom), (right, bottom), QUIET, 1.0);
        page.line((self.left, self.top), (self.left, bottom), QUIET, 1.0);
        page.text((self.left + self.width / 2.0, bottom + 34.0), 12.0, INK, Anchor::Middle, x_name);
        page.upright((self.left - 52.0, self.top + self.height / 2.0), 12.0, INK, y_name);
    }
}

/// `#rrggbb`.
pub(super) fn hex([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

/// Text as XML allows it.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if (c as u32) < 32 || c as u32 == 0xFFFE || c as u32 == 0xFFFF => safe.push(' '),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round_and_within() {
        let written = |axis: Axis, count| axis.ticks(count).into_iter().map(|t| t.1).collect::<Vec<_>>();
        let axis = |low, high, log| Axis { low, high, log };
        assert_eq!(written(axis(-0.1, 1.04, false), 5), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(written(axis(0.0, 1.0, false), 2), ["0.0", "0.5", "1.0"]);
        assert_eq!(written(axis(0.0, 7000.0, false), 4), ["0", "2000", "4000", "6000"]);
        assert_eq!(written(axis(0.0, 3e-7, false), 3), ["0", "1.0e-7", "2.0e-7", "3.0e-7"]);
        assert_eq!(written(axis(2e-4, 3.0, true), 5), ["0.001", "0.01", "0.1", "1"]);
        assert_eq!(written(axis(0.03, 0.4, true), 5), ["0.05", "0.1", "0.2"]);
        assert_eq!(written(axis(1e-9, 1.0, true), 3), ["1e-9", "1e-6", "0.001", "1"]);
        assert_eq!(written(axis(0.21, 0.48, true), 3), ["0.3", "0.4"], "no axis is without a number");
    }

    #[test]
    fn constant_and_missing_values_have_an_axis() {
        let flat = Axis::around([2.0, 2.0 + 1e-13].into_iter());
        assert!(flat.low < 1.5 && flat.high > 2.5);
        let zero = Axis::around([0.0, f64::NAN].into_iter());
        assert!(zero.low < 0.0 && zero.high > 0.0);
        assert!(Axis::around(std::iter::empty()).high > 0.0);
        assert!(Axis::powers([0.0, -1.0].into_iter()).low > 0.0);
        assert!((Axis::powers([0.0, 0.01].into_iter()).place(0.0)).abs() < 1e-12, "0 stands at the low end");
    }

    #[test]
    fn names_cannot_break_the_page() {
        let mut page = Page::new(10.0, 10.0);
        page.text((0.0, 0.0), 1.0, INK, Anchor::Start, "</text><script>&\u{1}\"");
        let file = page.finish().expect("no points");
        assert!(file.contains("&lt;/text&gt;&lt;script&gt;&amp; &quot;") && !file.contains("<script"));
    }
}
