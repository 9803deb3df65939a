//! What a person needs to see and follow the window: how large text is, whether things move, whether shapes tell clusters apart beside colours.

use serde::{Deserialize, Serialize};

/// Sizes of text, in percent of the usual one.
pub const SIZES: [u16; 8] = [80, 90, 100, 110, 125, 150, 175, 200];

/// The usual size.
const USUAL: u16 = 100;

/// Whether things move by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MotionChoice {
    /// As the system says, where it says anything; else they do.
    #[default]
    System,
    /// Nothing glides, fades or plays by itself.
    Reduced,
    /// They do, whatever the system says.
    Full,
}

/// How the window is made easier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ease {
    /// Size of text and all that goes with it, in percent.
    pub size: u16,
    /// Whether things move.
    pub motion: MotionChoice,
    /// Whether points have the shape of their cluster's number beside its colour.
    pub shapes: bool,
}

impl Default for Ease {
    fn default() -> Self {
        Self { size: USUAL, motion: MotionChoice::default(), shapes: false }
    }
}

impl Ease {
    /// The size as a factor, within [`SIZES`] whatever a file said.
    #[must_use]
    pub fn factor(&self) -> f32 {
        f32::from(self.size.clamp(SIZES[0], SIZES[SIZES.len() - 1])) / f32::from(USUAL)
    }

    /// The next larger size.
    pub fn enlarge(&mut self) {
        self.size = SIZES.into_iter().find(|&size| size > self.size).unwrap_or(SIZES[SIZES.len() - 1]);
    }

    /// The next smaller size.
    pub fn diminish(&mut self) {
        self.size = SIZES.into_iter().rev().find(|&size| size < self.size).unwrap_or(SIZES[0]);
    }

    /// The usual size.
    pub fn restore(&mut self) {
        self.size = USUAL;
    }

    /// Whether things are to stand still, where the system asks for it (`system`, if it says anything).
    #[must_use]
    pub fn is_still(&self, system: Option<bool>) -> bool {
        match self.motion {
            MotionChoice::System => system.unwrap_or(false),
            MotionChoice::Reduced => true,
            MotionChoice::Full => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_go_up_and_down_by_steps_and_end_at_their_ends() {
        let mut ease = Ease::default();
        let up: Vec<u16> = (0..7)
            .map(|_| {
                ease.enlarge();
                ease.size
            })
            .collect();
        assert_eq!(up, [110, 125, 150, 175, 200, 200, 200]);
        let down: Vec<u16> = (0..9)
            .map(|_| {
                ease.diminish();
                ease.size
            })
            .collect();
        assert_eq!(down, [175, 150, 125, 110, 100, 90, 80, 80, 80]);
        ease.restore();
        assert_eq!(ease, Ease::default());
        for (said, factor) in [(0, 0.8), (1000, 2.0), (125, 1.25)] {
            assert!((Ease { size: said, ..ease }.factor() - factor).abs() < 1e-6, "{said}");
        }
    }

    #[test]
    fn a_person_overrules_the_system() {
        let of = |motion| Ease { motion, ..Ease::default() };
        assert!(!of(MotionChoice::System).is_still(None) && of(MotionChoice::System).is_still(Some(true)));
        assert!(of(MotionChoice::Reduced).is_still(Some(false)) && !of(MotionChoice::Full).is_still(Some(true)));
    }
}
