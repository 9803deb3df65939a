//! What the questions of a lesson look at: the settings, the picture and the run, from which every figure is read off.

use super::figures::{Figure, Of, Value};
use crate::app::shown::coloring::ColorBy;
use crate::app::shown::run::Run;
use crate::pipeline::{Job, Snapshot};
use crate::recipe::knobs::{Field, Knob};

/// What the conditions of a lesson look at.
#[expect(clippy::struct_excessive_bools, reason = "each is a figure of its own")]
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The settings.
    pub job: &'a Job,
    /// The picture, where it is of these settings.
    pub picture: Option<&'a Snapshot>,
    /// Whether its learned side is of them too, and not that of an older graph.
    pub learned: bool,
    /// The run, for what its curves alone know.
    pub run: &'a Run,
    /// Whether a training of these settings is finished.
    pub trained: bool,
    /// What colours the points.
    pub colour: ColorBy,
    /// Selected points.
    pub selected: usize,
    /// Whether heat or the drum moves.
    pub moving: bool,
    /// Whether a new point has landed.
    pub new_point: bool,
}

impl Seen<'_> {
    pub(super) fn value(&self, figure: Figure) -> Option<Value> {
        match figure {
            Figure::Colour => {
                let word = match self.colour {
                    ColorBy::LearnedVector(j) => format!("learned-v{}", j + 1),
                    ColorBy::ExactVector(j) => format!("exact-v{}", j + 1),
                    ColorBy::Feature(j) => format!("feature-{}", j + 1),
                    plain => plain.code(),
                };
                Some(Value::Word(word))
            }
            Figure::Knob(knob) => self.knob(knob),
            figure => self.number(figure).filter(|number| number.is_finite()).map(Value::Number),
        }
    }

    /// A knob as it stands: the number that its automatic value comes to, where that is known.
    fn knob(&self, knob: &Knob) -> Option<Value> {
        let mut recipe = self.job.recipe.clone();
        let worked_out = || self.picture.and_then(|p| self.job.recipe.worked_out(&p.facts).number(knob.flag));
        match (knob.field)(&mut recipe) {
            Field::Choice(choice) => {
                choice.words().get(choice.at()).map(|word| Value::Word(word.get_name().to_owned()))
            }
            field => field.number().or_else(worked_out).map(Value::Number).or_else(|| {
                let all = self.job.recipe.values();
                all.into_iter().find(|(known, _)| known == knob.flag).map(|(_, value)| Value::Word(value))
            }),
        }
    }

    fn number(&self, figure: Figure) -> Option<f64> {
        let flag = |on: bool| Some(f64::from(u8::from(on)));
        match figure {
            Figure::Trained => return flag(self.trained),
            Figure::Selected => return Some(self.selected as f64),
            Figure::Moving => return flag(self.moving),
            Figure::NewPoint => return flag(self.new_point),
            _ => {}
        }
        let picture = self.picture?;
        let operator = picture.operator.as_ref();
        let learned = || picture.learned.as_ref().filter(|_| self.learned);
        let look =
            || self.run.look_shown().filter(|_| learned().is_some() && !self.run.is_old(crate::recipe::Stage::Learn));
        match figure {
            Figure::Parts => operator.map(|o| o.components.count() as f64),
            // A symmetric matrix holds each edge twice.
            Figure::Edges => operator.map(|o| o.affinity.values.len() as f64 / 2.0),
            Figure::Gap => picture.eigengap().map(|gap| gap.after as f64),
            Figure::GapWidth => picture.eigengap().map(|gap| gap.relative),
            Figure::Eigenvalue(j) => picture.spectrum.get(j).copied(),
            Figure::LearnedEigenvalue(j) => learned()?.space.values.get(j).copied(),
            Figure::Score(of, score) => {
                let scores = match of {
                    Of::Kmeans => picture.baseline.as_ref()?.1,
                    Of::Exact => picture.exact.as_ref()?.scores,
                    Of::Learned => learned()?.scores,
                };
                scores.map(|scores| scores.get(score))
            }
            Figure::Distance => learned().and_then(|_| picture.distance()),
            Figure::Agreement => learned().and_then(|_| picture.agreement.as_ref().map(|a| a.ari)),
            Figure::Orthogonality => look().map(|look| look.orthogonality_batch),
            Figure::Typical => look().map(|look| look.typical_batch),
            Figure::Unseen => {
                let sides = picture.unseen.as_ref().filter(|_| self.learned).and_then(|unseen| unseen.sides);
                sides.map(|sides| sides.learned.distance).or_else(|| look()?.unseen)
            }
            Figure::Nystrom => picture.unseen.as_ref().filter(|_| self.learned).map(|unseen| unseen.extension),
            Figure::Step => learned().map(|_| picture.step as f64),
            Figure::Trained
            | Figure::Selected
            | Figure::Moving
            | Figure::NewPoint
            | Figure::Colour
            | Figure::Knob(_) => None,
        }
    }
}
