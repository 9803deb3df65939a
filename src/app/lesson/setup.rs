//! What a step of a lesson sets: data and knobs, which views are shown and how, and whether a training begins.

use crate::Recipe;
use crate::app::dock::Card;
use crate::app::shown::axes::{Axis, Side};
use crate::app::shown::coloring::ColorBy;
use crate::app::shown::edges::EdgeColor;
use crate::data::{BuiltIn, builtin};
use crate::project::ViewState;
use crate::recipe::knobs::{self, Knob};
use crate::support::language::nearest;

/// What a step sets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Setup {
    /// A built-in set.
    pub data: Option<String>,
    /// Knobs, with values as their flags take them.
    pub set: Vec<(&'static Knob, String)>,
    /// How it looks.
    pub looks: Looks,
    /// Whether a training begins.
    pub train: bool,
}

/// How the picture of a step looks. What is not said is as in a new window.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Looks {
    /// The views shown; none said shows all.
    pub sides: Vec<Side>,
    /// What colours the points.
    pub colour: Option<ColorBy>,
    /// Axes of the views, from left to right.
    pub axes: [Vec<Axis>; 3],
    /// Where the eye is in a view of three axes: turn and height in degrees, and magnification.
    pub camera: [Option<[f64; 3]>; 3],
    /// What the colour of the edges means, where they are drawn.
    pub edges: Option<EdgeColor>,
    /// Whether the map over the plane is drawn.
    pub map: bool,
    /// Cards brought to the front of the dock.
    pub cards: Vec<Card>,
}

impl Looks {
    /// What a project would say of the views.
    #[must_use]
    pub fn views(&self) -> Vec<ViewState> {
        let view = |axes: &Vec<Axis>| ViewState {
            three_d: axes.len() == 3,
            axes: std::array::from_fn(|i| axes.get(i).map(|axis| axis.code())),
        };
        self.axes.iter().map(view).collect()
    }
}

/// The knob of a flag, or what was probably meant.
fn knob(flag: &str) -> Result<&'static Knob, String> {
    knobs::find(flag).ok_or_else(|| {
        let meant = nearest(flag, knobs::all().map(|knob| knob.flag));
        format!("there is no knob `{flag}`{}", did_you_mean(meant))
    })
}

/// A knob and its value, tried.
pub(super) fn knob_and_value(rest: &str) -> Result<(&'static Knob, String), String> {
    let (flag, value) =
        rest.split_once(char::is_whitespace).ok_or("a knob by its flag and its value, such as `neighbors 5`")?;
    let (knob, value) = (knob(flag)?, value.trim());
    if knobs::OF_THE_MACHINE.contains(&knob) || knobs::OF_ROWS.contains(&knob) {
        return Err(format!("`{flag}` is of the machine it runs on, and no lesson sets it"));
    }
    let recipe = Recipe::default().with(flag, Some(value)).map_err(|_| format!("`{flag}` does not take `{value}`"))?;
    knobs::check(&recipe, &[knob]).map_err(|e| e.to_string())?;
    Ok((knob, value.to_owned()))
}

/// Words that say what was probably meant.
pub(super) fn did_you_mean(meant: Option<&str>) -> String {
    meant.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"))
}

fn side(word: &str) -> Result<Side, String> {
    match word {
        "input" => Ok(Side::Input),
        "learned" => Ok(Side::Learned),
        "exact" => Ok(Side::Exact),
        _ => Err(format!("`{word}` is no view; there are input, learned and exact")),
    }
}

/// A number from 1 on after a letter or word, 0-based.
fn counted(word: &str, lead: &str) -> Option<usize> {
    word.strip_prefix(lead)?.parse::<usize>().ok()?.checked_sub(1)
}

fn axis(word: &str) -> Result<Axis, String> {
    let letters = ["x", "y", "z"].iter().position(|&letter| letter == word).map(Axis::Input);
    let vector = || counted(word, "v").map(Axis::Vector);
    let feature = || counted(word, "feature-").map(Axis::Feature);
    letters.or_else(vector).or_else(feature).ok_or_else(|| {
        format!("`{word}` stands on no axis; there are x, y and z of the input, v1, v2 and so on, feature-1 and so on")
    })
}

/// What colours the points, by the words of lessons: those of the list, and vectors from 1 on.
pub(super) fn colour(word: &str) -> Result<ColorBy, String> {
    let vector = || counted(word, "learned-v").map(ColorBy::LearnedVector);
    let exact = || counted(word, "exact-v").map(ColorBy::ExactVector);
    let feature = || counted(word, "feature-").map(ColorBy::Feature);
    let plain = if word.contains(' ') { None } else { ColorBy::of_code(word) };
    plain.or_else(vector).or_else(exact).or_else(feature).ok_or_else(|| {
        format!("`{word}` colours nothing; there are label, learned, exact, kmeans, position, learned-v2, exact-v2, feature-1")
    })
}

fn edges(rest: &str) -> Result<EdgeColor, String> {
    match rest {
        "" | "weight" => Ok(EdgeColor::Weight),
        "part" => Ok(EdgeColor::Part),
        "degree" => Ok(EdgeColor::Degree),
        "scale" => Ok(EdgeColor::Scale),
        _ => Err(format!("`{rest}` colours no edge; there are weight, part, degree and scale")),
    }
}

/// Turn, height and magnification of a camera.
fn camera(words: &[&str]) -> Result<[f64; 3], String> {
    let wrong =
        || "turn and height of the eye in degrees, and magnification, such as `camera exact 30 20 1`".to_owned();
    let numbers: Vec<f64> = words.iter().map(|word| word.parse()).collect::<Result<_, _>>().map_err(|_| wrong())?;
    let (turn, height, zoom) = match numbers[..] {
        [turn, height] => (turn, height, 1.0),
        [turn, height, zoom] => (turn, height, zoom),
        _ => return Err(wrong()),
    };
    let fits = turn.abs() <= 360.0 && height.abs() <= 90.0 && (0.1..=100.0).contains(&zoom);
    if fits { Ok([turn, height, zoom]) } else { Err(wrong()) }
}

impl Setup {
    /// Takes one directive in.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn take(&mut self, word: &str, rest: &str) -> Result<(), String> {
        let words: Vec<&str> = rest.split_whitespace().collect();
        match word {
            "data" => {
                let name = BuiltIn::named(rest).map(|set| set.name.to_owned());
                self.data = Some(name.ok_or_else(|| {
                    let meant = nearest(rest, builtin().iter().map(|set| set.name));
                    format!("there is no built-in set `{rest}`{}", did_you_mean(meant))
                })?);
            }
            "set" => self.set.push(knob_and_value(rest)?),
            "views" => {
                self.looks.sides = words.iter().map(|word| side(word)).collect::<Result<_, _>>()?;
                if self.looks.sides.is_empty() {
                    return Err("which views: input, learned, exact".to_owned());
                }
            }
            "colour" | "color" => self.looks.colour = Some(colour(rest)?),
            "axes" => {
                let (first, rest) = words.split_first().ok_or("a view and its axes, such as `axes exact v2 v3`")?;
                let axes: Vec<Axis> = rest.iter().map(|word| axis(word)).collect::<Result<_, _>>()?;
                if !(1..=3).contains(&axes.len()) {
                    return Err("one to three axes; three make the view one of three dimensions".to_owned());
                }
                self.looks.axes[side(first)? as usize] = axes;
            }
            "camera" => {
                let (first, rest) = words.split_first().ok_or("a view, then turn and height of the eye in degrees")?;
                self.looks.camera[side(first)? as usize] = Some(camera(rest)?);
            }
            "edges" => self.looks.edges = Some(edges(rest)?),
            "map" if rest.is_empty() => self.looks.map = true,
            "card" => {
                let found = Card::ALL.into_iter().find(|card| card.title().eq_ignore_ascii_case(rest));
                self.looks.cards.push(found.ok_or_else(|| {
                    let titles: Vec<&str> = Card::ALL.iter().map(|card| card.title()).collect();
                    format!("there is no card `{rest}`; there are {}", titles.join(", "))
                })?);
            }
            "train" if rest.is_empty() => self.train = true,
            "map" | "train" => return Err(format!("`{word}` stands alone on its line")),
            _ => {
                let words = ["data", "set", "views", "colour", "axes", "camera", "edges", "map", "card", "train"];
                let meant = did_you_mean(nearest(word, words));
                return Err(format!("`{word}` is nothing that a step sets{meant}"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn views_axes_camera_edges_and_cards_are_taken() {
        let mut setup = Setup::default();
        for (word, rest) in [
            ("axes", "exact v2 v3 v4"),
            ("camera", "exact 30 -20 1.5"),
            ("edges", "part"),
            ("colour", "learned-v2"),
            ("card", "eigenvalues"),
            ("map", ""),
        ] {
            setup.take(word, rest).unwrap_or_else(|wrong| panic!("{word} {rest}: {wrong}"));
        }
        let Looks { camera, edges, colour, cards, map, .. } = &setup.looks;
        assert_eq!(camera[2], Some([30.0, -20.0, 1.5]));
        assert_eq!((*edges, *colour, *map), (Some(EdgeColor::Part), Some(ColorBy::LearnedVector(1)), true));
        assert_eq!(cards, &[Card::Eigenvalues]);
        let views = setup.looks.views();
        assert!(views[2].three_d && views[2].axes[0].as_deref() == Some("vector 1") && !views[0].three_d);
        for (word, rest, said) in [
            ("axes", "exact", "one to three axes"),
            ("axes", "exact w", "stands on no axis"),
            ("camera", "exact 30", "in degrees"),
            ("camera", "exact 30 95", "in degrees"),
            ("camera", "exact 30 20 0", "in degrees"),
            ("card", "eigen", "there is no card"),
            ("edges", "red", "colours no edge"),
        ] {
            let wrong = setup.take(word, rest).expect_err(rest);
            assert!(wrong.contains(said), "{word} {rest}: {wrong}");
        }
    }
}
