//! Painting: points of a person's own in the plane, in the place of the input view. What is done here is handed over; to take it back,
//! write it down and save it is the window's part.

mod bar;
mod canvas;
mod keys;
mod shape;
mod stroke;
mod tint;
mod tools;

use std::sync::Arc;

use eframe::egui::{self, Ui};

use crate::app::gpu::{self, Colors, Points};
use crate::app::kit::theme::Tokens;
use crate::app::views::bounds::Bounds;
use crate::app::views::camera::Flat;
use crate::data::{Painted, Spot};
use crate::pipeline::Snapshot;
use crate::support::random::{Stream, rng};
use stroke::Stroke;
use tint::Tint;
use tools::{Box2, Brush, Place};

/// Half the side of an empty plane.
const EMPTY: f64 = 1.0;

/// What the hand does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tool {
    /// Points along a line.
    Draw,
    /// Points anywhere under the brush.
    #[default]
    Spray,
    /// Points under the brush go.
    Erase,
    /// A selection or all are moved, turned and stretched.
    Shape,
}

impl Tool {
    const ALL: [Self; 4] = [Self::Draw, Self::Spray, Self::Erase, Self::Shape];

    fn name(self) -> &'static str {
        match self {
            Self::Draw => "Draw",
            Self::Spray => "Spray",
            Self::Erase => "Erase",
            Self::Shape => "Shape",
        }
    }

    fn tip(self) -> &'static str {
        match self {
            Self::Draw => "Drag to leave points along a line\nD in the picture",
            Self::Spray => "Drag, or hold still, to spray points under the brush\nS in the picture",
            Self::Erase => "Drag over points to take them away\nE in the picture",
            Self::Shape => {
                "Drag inside the box to move, a corner to stretch (Shift keeps the proportions), the knob above to turn; drag outside to select, Shift adds. Without a selection all points change\nM in the picture"
            }
        }
    }
}

/// What a person wants beside other points.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// To save them as a table.
    Save,
    /// To look at them in the view again.
    Leave,
}

/// What the painter is given each frame.
#[derive(Clone, Debug)]
pub struct Around<'a> {
    /// The points as they stand.
    pub painted: &'a Painted,
    /// The recipe's seed.
    pub seed: u64,
    /// What the other views show of these points or of some of them, with its colours.
    pub seen: Option<(Arc<Snapshot>, Colors)>,
}

/// What a person did in a frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answer {
    /// The points are these now.
    pub painted: Option<Painted>,
    /// A stroke has ended, so that what it did is a step.
    pub done: bool,
    /// What else is wanted.
    pub wanted: Option<Wanted>,
}

/// The painter between frames.
#[derive(Debug)]
pub struct Paint {
    /// Whether it takes the place of the input view.
    pub on: bool,
    /// What the hand does.
    pub tool: Tool,
    /// The class of new points, 0 for none.
    pub class: u8,
    /// Half the brush's width, in points on the screen.
    radius: f32,
    /// Points of a dab, and of a line as long as the brush is wide.
    density: usize,
    /// Standard deviation of the noise to add, in hundredths of the plane's width.
    noise: f32,
    /// Whether points have the colours of their classes, whatever the views show.
    by_class: bool,
    framing: Bounds,
    flat: Flat,
    /// Where the keys are.
    cursor: Option<Place>,
    /// The selected points, ascending.
    chosen: Vec<u32>,
    stroke: Option<Stroke>,
    /// Strokes so far, each with random numbers of its own.
    strokes: u64,
    /// The points as the painter last knew them.
    known: Painted,
    tint: Tint,
    drawn: Option<Drawn>,
    serial: u64,
}

/// What was drawn last, and of what.
#[derive(Debug)]
struct Drawn {
    of: Painted,
    tint: u64,
    by_class: bool,
    dark: bool,
    chosen: Vec<u32>,
    points: Points,
    colors: Colors,
    flags: (Arc<Vec<bool>>, u64),
}

impl Default for Paint {
    fn default() -> Self {
        Self {
            on: false,
            tool: Tool::default(),
            class: 0,
            radius: 24.0,
            density: 12,
            noise: 2.0,
            by_class: false,
            framing: plane(None),
            flat: Flat::default(),
            cursor: None,
            chosen: Vec::new(),
            stroke: None,
            strokes: 0,
            known: Painted::default(),
            tint: Tint::default(),
            drawn: None,
            serial: 0,
        }
    }
}

/// What a fitted picture shows: the box of the points, or the empty plane.
fn plane(of: Option<Box2>) -> Bounds {
    let Some(Box2 { center, half }) = of else {
        return Bounds { center: [0.0; 3], half: [EMPTY; 3] };
    };
    let widest = half[0].max(half[1]);
    let half = if widest > 0.0 { half.map(|h| h.max(widest * 1e-6)) } else { [EMPTY; 2] };
    Bounds { center: [center[0], center[1], 0.0], half: [half[0], half[1], 1.0] }
}

impl Paint {
    /// Opens on these points, all of them in sight.
    pub fn open(&mut self, painted: &Painted) {
        self.on = true;
        self.fit(painted);
        self.forget(painted);
    }

    /// Whether a stroke is being made, so that the points are on their way to a step.
    #[must_use]
    pub fn is_at_work(&self) -> bool {
        self.stroke.is_some()
    }

    fn fit(&mut self, painted: &Painted) {
        (self.framing, self.flat) = (plane(Box2::of(painted.dots(), &[])), Flat::default());
    }

    /// The points came to be these by something else than the painter: what it was at is over.
    fn forget(&mut self, painted: &Painted) {
        (self.stroke, self.known) = (None, painted.clone());
        self.chosen.clear();
    }

    fn brush(&self, scale: f64) -> Brush {
        Brush { radius: f64::from(self.radius) / scale, density: self.density, class: self.class }
    }

    /// The number of the next stroke.
    fn next(&mut self) -> u64 {
        self.strokes += 1;
        self.strokes
    }

    /// Draws it into the space that is left; what a person did.
    pub fn ui(&mut self, ui: &mut Ui, around: &Around<'_>) -> Answer {
        let tokens = Tokens::in_ui(ui);
        let frame = ui.max_rect();
        gpu::fill(ui.painter(), ui.scope_id().with("back"), frame, 4.0, tokens.plot);
        ui.painter().rect_stroke(frame, 4.0, egui::Stroke::new(1.0, tokens.accent), egui::StrokeKind::Inside);
        if *around.painted != self.known {
            self.forget(around.painted);
        }
        self.tint.follow(around.seen.as_ref());
        let mut answer = Answer::default();
        let inner = frame.shrink2(egui::vec2(8.0, 6.0));
        ui.scope_builder(egui::UiBuilder::new().max_rect(inner), |ui| {
            self.bar_ui(ui, around, &mut answer);
            self.canvas_ui(ui, around, &mut answer);
        });
        if let Some(painted) = &answer.painted {
            self.known = painted.clone();
            if painted.is_empty() {
                self.chosen.clear();
            }
        }
        answer
    }

    /// Moves the selected points, or all, a little at random.
    fn shaken(&mut self, around: &Around<'_>) -> Painted {
        let mut dots = around.painted.dots().to_vec();
        let width = 2.0 * self.framing.half[0].max(self.framing.half[1]);
        let mut rng = rng(around.seed, Stream::Shake, self.next());
        tools::shake(&mut dots, &self.chosen, f64::from(self.noise) / 100.0 * width, &mut rng);
        Painted::new(dots)
    }

    /// What is to be drawn, made anew where anything changed.
    fn drawing(&mut self, painted: &Painted, dark: bool, plain: [u8; 3]) -> &Drawn {
        let (tint, by_class) = (self.tint.serial(), self.by_class);
        let holds = |d: &Drawn| {
            d.of == *painted && (d.tint, d.by_class, d.dark) == (tint, by_class, dark) && d.chosen == self.chosen
        };
        let drawn = self.drawn.take().filter(holds);
        let drawn = drawn.unwrap_or_else(|| {
            self.serial += 1;
            let serial = self.serial;
            let dots = painted.dots();
            let positions = dots.iter().map(|dot| [dot.at[0], dot.at[1], 0.0]).collect();
            let color = |dot: &Spot| {
                let seen = if by_class { None } else { self.tint.of(dot) };
                seen.unwrap_or_else(|| tint::of_class(dot.class, dark, plain))
            };
            let rgba = dots.iter().map(color).collect();
            let mut flags = vec![false; dots.len()];
            for &i in &self.chosen {
                if let Some(flag) = flags.get_mut(i as usize) {
                    *flag = true;
                }
            }
            Drawn {
                of: painted.clone(),
                tint,
                by_class,
                dark,
                chosen: self.chosen.clone(),
                points: Points { positions: Arc::new(positions), serial },
                colors: Colors { rgba: Arc::new(rgba), serial },
                flags: (Arc::new(flags), serial),
            }
        });
        self.drawn.insert(drawn)
    }
}
