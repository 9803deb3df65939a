//! The one loop in which every network is trained: wait, step, look, tell. It ends as the training says, or as a person wants.

use crate::Result;
use crate::nets::crossing;
use crate::support::progress::{Control, Stopwatch};

/// A network in training, which goes step by step. What a step draws hangs on the seed and the step's number alone, so that a pause, a look
/// or a stop between two steps changes nothing.
pub(crate) trait Training {
    /// What one look at the network shows.
    type Look;

    /// Steps taken.
    fn taken(&self) -> usize;

    /// Most steps to take.
    fn steps(&self) -> usize;

    /// Takes a step.
    ///
    /// # Errors
    /// What the batch, the device or the numbers do not allow.
    fn step(&mut self) -> Result<()>;

    /// Whether the network is to be looked at after the step just taken.
    fn is_due(&self) -> bool;

    /// Whether the step just taken is one of the first, after which a network is to be seen learning though nothing of it is weighed.
    fn is_early(&self) -> bool {
        false
    }

    /// Looks at the network after `seconds` of training. Where the look is `due` its means begin anew; else nothing of the training changes.
    ///
    /// # Errors
    /// [`crate::Error::Numerics`] where the network's numbers are not finite.
    fn look(&mut self, due: bool, seconds: f64) -> Result<Self::Look>;

    /// Weighs a look that was due, which lies `distance` from the exact eigenspace where that is known. True ends the training.
    ///
    /// # Errors
    /// [`crate::Error::Device`] where the network cannot be read back.
    fn weigh(&mut self, _look: &Self::Look, _distance: Option<f64>) -> Result<bool> {
        Ok(false)
    }
}

/// What a training tells while it goes.
#[derive(Debug)]
pub(crate) enum Told<'a, L> {
    /// The training waits before its next step, and stands so. Nothing will be weighed.
    Waits(&'a L),
    /// A look at one of the first steps, which is shown and kept and weighs nothing.
    Early(&'a L),
    /// A look that was due. Whoever knows the exact eigenspace answers with the network's distance to it.
    Look(&'a L),
    /// A step was taken.
    Step {
        /// Steps taken.
        taken: usize,
        /// Most steps to take.
        steps: usize,
    },
}

/// Who is told; the answer to a look is its distance to the exact eigenspace, where that is known.
pub(crate) type Listener<'a, L> = dyn FnMut(Told<'_, L>) -> Result<Option<f64>> + 'a;

/// How a training came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// By itself.
    Finished,
    /// A person had enough of it after so many steps.
    Stopped(usize),
}

/// Trains until all steps are taken, nothing is to be gained, or the person has enough. `watch` counts from where the training began.
///
/// # Errors
/// [`crate::Error::Cancelled`], with the training as it stood; those of the training and of whoever listens.
pub(crate) fn drive<T: Training>(
    training: &mut T,
    control: &Control,
    watch: &Clock,
    told: &mut Listener<'_, T::Look>,
) -> Result<End> {
    while training.taken() < training.steps() {
        if control.would_wait() {
            let look = training.look(false, watch.seconds())?;
            told(Told::Waits(&look))?;
        }
        control.before_step()?;
        if control.is_enough() {
            return Ok(End::Stopped(training.taken()));
        }
        crossing::step(|| training.step())?;
        if training.is_due() {
            let look = training.look(true, watch.seconds())?;
            let distance = told(Told::Look(&look))?;
            if training.weigh(&look, distance)? {
                return Ok(End::Finished);
            }
        } else if training.is_early() {
            let look = training.look(false, watch.seconds())?;
            told(Told::Early(&look))?;
        }
        told(Told::Step { taken: training.taken(), steps: training.steps() })?;
    }
    Ok(End::Finished)
}

/// Seconds of a training, those before a stop included and those of pauses left out.
pub(crate) struct Clock {
    earlier: f64,
    watch: Stopwatch,
}

impl Clock {
    /// Goes on from `earlier` seconds.
    pub(crate) fn start(earlier: f64, control: &Control) -> Self {
        Self { earlier, watch: Stopwatch::start(control) }
    }

    /// Seconds so far.
    pub(crate) fn seconds(&self) -> f64 {
        self.earlier + self.watch.seconds()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Error;

    /// Counts its own steps; looks show the step.
    struct Counted {
        taken: usize,
        weighed: Vec<Option<f64>>,
    }

    impl Training for Counted {
        type Look = usize;

        fn taken(&self) -> usize {
            self.taken
        }

        fn steps(&self) -> usize {
            6
        }

        fn step(&mut self) -> Result<()> {
            self.taken += 1;
            Ok(())
        }

        fn is_due(&self) -> bool {
            self.taken.is_multiple_of(2)
        }

        fn is_early(&self) -> bool {
            self.taken < 4
        }

        fn look(&mut self, _: bool, _: f64) -> Result<usize> {
            Ok(self.taken)
        }

        fn weigh(&mut self, _: &usize, distance: Option<f64>) -> Result<bool> {
            self.weighed.push(distance);
            Ok(distance.is_some_and(|d| d < 0.1))
        }
    }

    fn run(
        control: &Control,
        mut answer: impl FnMut(&Told<'_, usize>) -> Option<f64>,
    ) -> (Result<End>, Counted, String) {
        let mut training = Counted { taken: 0, weighed: Vec::new() };
        let mut heard = String::new();
        let end = drive(&mut training, control, &Clock::start(0.0, control), &mut |told| {
            heard.push(match told {
                Told::Waits(_) => 'w',
                Told::Early(_) => 'e',
                Told::Look(_) => 'l',
                Told::Step { .. } => 's',
            });
            Ok(answer(&told))
        });
        (end, training, heard)
    }

    #[test]
    fn looks_come_when_they_are_due_and_early_ones_weigh_nothing() {
        let (end, training, heard) = run(&Control::new(), |_| None);
        assert_eq!((end.ok(), training.taken, heard.as_str()), (Some(End::Finished), 6, "eslseslssls"));
        let near = |told: &Told<'_, usize>| matches!(told, Told::Look(4)).then_some(0.01);
        let (end, training, heard) = run(&Control::new(), near);
        assert_eq!((end.ok(), training.taken, heard.as_str()), (Some(End::Finished), 4, "eslsesl"));
        assert_eq!(training.weighed, [None, Some(0.01)]);
    }

    #[test]
    fn a_person_ends_it_between_two_steps() {
        let control = Control::new();
        let (end, training, _) = run(&control, |told| {
            if matches!(told, Told::Step { taken: 3, .. }) {
                control.finish_early();
            }
            None
        });
        assert_eq!((end.ok(), training.taken), (Some(End::Stopped(3)), 3));
        let control = Control::new();
        control.cancel();
        assert!(matches!(run(&control, |_| None).0, Err(Error::Cancelled)));
    }
}
