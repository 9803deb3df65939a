//! What a question asks of the picture: figures by their names, compared with a number, a word or another figure.

use super::seen::Seen;
use crate::Recipe;
use crate::measure::Score;
use crate::recipe::knobs::{self, Field, Knob};
use crate::support::language::nearest;

/// A figure of the picture that a question can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// Connected parts of the graph.
    Parts,
    /// Edges of the graph.
    Edges,
    /// The number of clusters that the relatively widest gap suggests.
    Gap,
    /// Its width as a share of the eigenvalue above it.
    GapWidth,
    /// An exact eigenvalue, 0-based.
    Eigenvalue(usize),
    /// A learned one, 0-based.
    LearnedEigenvalue(usize),
    /// Score of a side's clusters against the labels.
    Score(Of, Score),
    /// Grassmann distance per dimension, learned to exact.
    Distance,
    /// Adjusted Rand index of learned and exact clusters.
    Agreement,
    /// Orthogonality error on a fresh batch.
    Orthogonality,
    /// What is typical of it.
    Typical,
    /// Distance on rows never seen.
    Unseen,
    /// The same of Nyström's extension.
    Nystrom,
    /// Steps of the training shown.
    Step,
    /// 1 once a training of these settings is finished.
    Trained,
    /// Selected points.
    Selected,
    /// 1 while heat or the drum moves from a point.
    Moving,
    /// 1 once a new point has landed.
    NewPoint,
    /// What colours the points, a word.
    Colour,
    /// A knob by its flag: a number as it is worked out, else the flag's word.
    Knob(&'static Knob),
}

/// Whose clusters are scored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of {
    /// k-means on the features.
    Kmeans,
    /// The exact side.
    Exact,
    /// The learned side.
    Learned,
}

/// The sides whose clusters are scored, as their figures are called: `learned-acc` is one.
const SCORED: [(&str, Of); 3] = [("kmeans", Of::Kmeans), ("exact", Of::Exact), ("learned", Of::Learned)];

/// Every score of every side, with its name.
fn scores() -> impl Iterator<Item = (String, Figure)> {
    let of = |(side, of): (&'static str, Of)| {
        Score::ALL.into_iter().map(move |score| (format!("{side}-{}", score.key()), Figure::Score(of, score)))
    };
    SCORED.into_iter().flat_map(of)
}

/// Figures with a name of one word.
const NAMED: [(&str, Figure); 15] = [
    ("parts", Figure::Parts),
    ("edges", Figure::Edges),
    ("gap", Figure::Gap),
    ("gap-width", Figure::GapWidth),
    ("agreement", Figure::Agreement),
    ("orthogonality", Figure::Orthogonality),
    ("typical", Figure::Typical),
    ("unseen", Figure::Unseen),
    ("nystrom", Figure::Nystrom),
    ("step", Figure::Step),
    ("trained", Figure::Trained),
    ("selected", Figure::Selected),
    ("moving", Figure::Moving),
    ("new-point", Figure::NewPoint),
    ("colour", Figure::Colour),
];

/// The one knob that takes words as well as numbers.
const SCALE: &Knob = knobs::of("scale");

/// The distance of the two spaces has the name of a knob, how far samples are apart; in lessons it goes by this one.
const DISTANCE: &str = "learned-distance";

impl Figure {
    /// The figure of a name.
    ///
    /// # Errors
    /// What is wrong with the name, in words.
    fn of(name: &str) -> Result<Self, String> {
        let numbered = |lead: &str| name.strip_prefix(lead)?.parse::<usize>().ok()?.checked_sub(1);
        if let Some((_, figure)) = NAMED.iter().find(|(named, _)| *named == name) {
            Ok(*figure)
        } else if let Some((_, figure)) = scores().find(|(named, _)| named == name) {
            Ok(figure)
        } else if name == DISTANCE {
            Ok(Self::Distance)
        } else if let Some(at) = numbered("eigenvalue-") {
            Ok(Self::Eigenvalue(at))
        } else if let Some(at) = numbered("learned-eigenvalue-") {
            Ok(Self::LearnedEigenvalue(at))
        } else if let Some(knob) = knobs::find(name) {
            Ok(Self::Knob(knob))
        } else {
            let scores: Vec<String> = scores().map(|(named, _)| named).collect();
            let named = NAMED.iter().map(|(named, _)| *named).chain(scores.iter().map(String::as_str));
            let known = named.chain([DISTANCE]).chain(knobs::all().map(|knob| knob.flag));
            let meant = super::setup::did_you_mean(nearest(name, known));
            Err(format!("`{name}` is no figure and no knob{meant}"))
        }
    }
}

impl Figure {
    /// Whether it is a word and no number.
    fn is_word(self) -> bool {
        match self {
            Self::Colour => true,
            Self::Knob(knob) => {
                let mut recipe = Recipe::default();
                let field = (knob.field)(&mut recipe);
                matches!(
                    field,
                    Field::Choice(_)
                        | Field::Switch(_)
                        | Field::Layers(_)
                        | Field::Text(_)
                        | Field::Path(_)
                        | Field::Scale(_)
                ) && *knob != *SCALE
            }
            _ => false,
        }
    }
}

/// How two sides of a condition are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same.
    Is,
    /// Not the same.
    IsNot,
    /// Less.
    Below,
    /// Less or the same.
    AtMost,
    /// More.
    Above,
    /// More or the same.
    AtLeast,
}

const COMPARISONS: [(&str, Comparison); 6] = [
    ("=", Comparison::Is),
    ("!=", Comparison::IsNot),
    ("<", Comparison::Below),
    ("<=", Comparison::AtMost),
    (">", Comparison::Above),
    (">=", Comparison::AtLeast),
];

/// The right side of a condition.
#[derive(Clone, Debug, PartialEq)]
pub enum Operand {
    /// A number.
    Number(f64),
    /// A word.
    Word(String),
    /// Another figure.
    Figure(Figure),
}

/// What has to hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    figure: Figure,
    comparison: Comparison,
    with: Operand,
}

/// What a figure is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Number(f64),
    Word(String),
}

/// Numbers that were worked out are the same within this share of them.
const SAME: f64 = 1e-9;

impl Condition {
    /// A condition such as `parts = 2`, `exact-acc > kmeans-acc`, `gradient = frozen`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub(super) fn read(text: &str) -> Result<Self, String> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [name, sign, with] = words[..] else {
            return Err(format!("`{text}` is no condition; a figure, a comparison and a value, such as `parts = 2`"));
        };
        let figure = Figure::of(name)?;
        let comparison = COMPARISONS.iter().find(|(known, _)| *known == sign).map(|(_, comparison)| *comparison);
        let comparison =
            comparison.ok_or_else(|| format!("`{sign}` compares nothing; there are =, !=, <, <=, > and >="))?;
        let order = !matches!(comparison, Comparison::Is | Comparison::IsNot);
        if figure.is_word() {
            if order {
                return Err(format!("`{name}` is a word, which only = and != compare"));
            }
            if figure == Figure::Colour {
                super::setup::colour(with)?;
            }
            return Ok(Self { figure, comparison, with: Operand::Word(with.to_owned()) });
        }
        let with = match with.parse::<f64>() {
            Ok(number) if number.is_finite() => Operand::Number(number),
            _ if figure == Figure::Knob(SCALE) && !order => Operand::Word(with.to_owned()),
            _ if with == "auto" && matches!(figure, Figure::Knob(_)) => Operand::Word(with.to_owned()),
            _ => Operand::Figure(Figure::of(with)?),
        };
        Ok(Self { figure, comparison, with })
    }

    /// Whether it holds; a figure that is not there yet holds for nothing.
    #[must_use]
    pub fn holds(&self, seen: &Seen<'_>) -> bool {
        let with = match &self.with {
            Operand::Number(number) => Some(Value::Number(*number)),
            Operand::Word(word) => Some(Value::Word(word.clone())),
            Operand::Figure(figure) => seen.value(*figure),
        };
        match (seen.value(self.figure), with) {
            (Some(Value::Number(a)), Some(Value::Number(b))) => {
                let same = (a - b).abs() <= SAME * a.abs().max(b.abs());
                match self.comparison {
                    Comparison::Is => same,
                    Comparison::IsNot => !same,
                    Comparison::Below => a < b && !same,
                    Comparison::AtMost => a < b || same,
                    Comparison::Above => a > b && !same,
                    Comparison::AtLeast => a > b || same,
                }
            }
            (Some(Value::Word(a)), Some(Value::Word(b))) => match self.comparison {
                Comparison::Is => a == b,
                Comparison::IsNot => a != b,
                _ => false,
            },
            // `auto` beside a number that was set.
            (Some(_), Some(_)) => self.comparison == Comparison::IsNot,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::app::shown::coloring::ColorBy;
    use crate::app::shown::fixture::snapshot;
    use crate::app::shown::run::Run;
    use crate::pipeline::{Job, Snapshot};
    use crate::recipe::{Auto, Gradient};

    fn holds(text: &str, change: impl FnOnce(&mut Job, &mut Snapshot)) -> bool {
        let vectors = array![[1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [1.0, 1.0]];
        let mut picture = snapshot(Some(&vectors), None);
        let mut job = (*picture.job).clone();
        change(&mut job, &mut picture);
        let seen = Seen {
            job: &job,
            picture: Some(&picture),
            learned: false,
            run: &Run::default(),
            trained: false,
            colour: ColorBy::ExactVector(1),
            selected: 3,
            moving: false,
            new_point: true,
        };
        Condition::read(text).expect("a condition").holds(&seen)
    }

    #[test]
    fn figures_knobs_and_words_are_compared() {
        assert!(holds("colour = exact-v2", |_, _| ()) && !holds("colour = label", |_, _| ()));
        assert!(holds("selected >= 3", |_, _| ()) && !holds("selected > 3", |_, _| ()));
        assert!(holds("new-point = 1", |_, _| ()) && !holds("trained = 1", |_, _| ()));
        assert!(holds("gradient = frozen", |job, _| job.recipe.gradient = Gradient::Frozen));
        assert!(holds("gradient != frozen", |job, _| job.recipe.gradient = Gradient::Through));
        assert!(holds("scale = local", |job, _| job.recipe.scale = crate::recipe::Scale::Local));
        assert!(holds("steps < 90", |job, _| job.recipe.steps = Auto::Set(80)));
        assert!(holds("gap-width > 0.5", |_, picture| picture.spectrum = vec![0.0, 0.01, 0.4].into()));
        assert!(holds("clusters = gap", |job, picture| {
            job.recipe.clusters = Auto::Set(2);
            picture.spectrum = vec![0.0, 0.01, 0.4].into();
        }));
        assert!(!holds("learned-acc > 0", |_, _| ()), "what is not there holds for nothing");
    }

    #[test]
    fn what_is_wrong_with_a_condition_is_said() {
        let wrong = |text: &str| Condition::read(text).expect_err("a mistake");
        assert!(wrong("part = 2").contains("did you mean `parts`?"), "{}", wrong("part = 2"));
        assert!(wrong("parts == 2").contains("`==`"));
        assert!(wrong("parts = two").contains("`two` is no figure"));
        assert!(wrong("gradient > frozen").contains("is a word"));
        assert!(wrong("parts").contains("such as `parts = 2`"));
        assert!(wrong("colour = exact-2").contains("colours nothing"));
    }
}
