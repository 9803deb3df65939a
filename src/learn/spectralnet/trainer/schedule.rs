//! How long a training goes on, which network is kept, and when rows held out come in.

use super::{Best, Look, Seen, Taught, Trainer, around, optimizer};
use crate::Result;
use crate::exact::rayleigh_ritz;
use crate::nets::{Input, Weights};
use crate::recipe::Training;

/// A look counts as progress when the mean loss fell by this part.
const PROGRESS: f64 = 1e-2;
/// The same where each step takes the whole graph, and its loss has no noise of drawing.
const PROGRESS_OF_WHOLE: f64 = 2e-3;
/// Looks at such a training without progress after which it ends.
const PATIENCE_OF_WHOLE: usize = 2;
/// Grassmann distance to the exact space, per vector, from which on nothing is to be gained.
const REACHED: f64 = 3e-4;
/// Part of the learning rate that the last step has.
const LAST_RATE: f64 = 0.01;
/// Falls of the learning rate after which training ends.
const DROPS: i32 = 3;
/// Part of the steps for which rows are held out.
const HELD_PART: f64 = 0.4;
/// A look counts as progress on rows held out when their distance fell by this part.
const PROGRESS_UNSEEN: f64 = 1e-2;
/// Looks at a training on the whole graph without it after which all rows come in.
const PATIENCE_UNSEEN: usize = 3;
/// They stay out longer, where nobody set the steps, while they lie so far from the exact space, per vector, and the loss still falls ...
const NOWHERE: f64 = 0.01;
/// ... or their distance by this part a look.
const MUCH_UNSEEN: f64 = 0.05;
/// Grassmann distance to the exact space, per vector, beyond which a training on the whole graph takes more steps, where nobody set them.
const FAR: f64 = 5e-3;
/// What is left of that distance after steps that were worth more of them.
const WORTH_MORE: f64 = 0.8;
/// Most steps that it takes then, as a multiple of those it would.
const MOST_TIMES: usize = 5;

impl Trainer {
    /// The learning rate of the next step: what the plateau schedule allows, on its way down a cosine to the last step. Where rows held out
    /// come in earlier or later than they might, it goes on where it would be then, and so it does where more steps are taken.
    #[must_use]
    pub fn lr(&self) -> f64 {
        let done = if let Some((from, until)) = self.finish {
            let part = (self.step - from) as f64 / (until - from).max(1) as f64;
            HELD_PART + (1.0 - HELD_PART) * part
        } else {
            let done = self.step as f64 / self.settings.steps as f64;
            if self.held.is_some() { done.min(HELD_PART) } else { done }
        };
        self.lr * (0.5 * (1.0 + (std::f64::consts::PI * done).cos())).max(LAST_RATE)
    }

    /// Whether the last layer is to be solved at the look after the last step.
    pub(crate) fn is_time_to_settle(&self) -> bool {
        let Training { every, settle_every, .. } = self.settings;
        let last = self.finish.map_or(self.settings.steps, |(_, until)| until);
        (self.step / every.max(1)).is_multiple_of(settle_every.max(1)) || self.step >= last || self.has_just_taken_all()
    }

    /// Whether the last step was the first that took all rows: it is looked at, since there may be nothing more to do.
    pub(crate) fn has_just_taken_all(&self) -> bool {
        self.finish.is_some_and(|(from, _)| self.step == from + 1)
    }

    /// Where the network that placed the rows held out best put them, and the steps it had taken.
    pub(crate) fn unseen(&self) -> Option<(usize, super::HeldLook)> {
        let best = || self.best.as_ref().and_then(|best| Some((best.seen.step, best.seen.held.clone()?)));
        self.unseen.clone().or_else(best)
    }

    /// Keep the network if it is the best so far, and let the plateau schedule decide: a lower rate after `patience` looks without
    /// progress, a return to the best network where the outputs are not finite. True when nothing more is to be gained.
    ///
    /// `distance` is how far the look lies from the exact space, where that is known: the least wins, and no label has a part in it.
    /// Without it the least mean loss wins. While rows are held out it is the distance on these; once they gain nothing more, all rows come
    /// in, and training goes on from the network that placed them best.
    pub fn schedule(&mut self, look: &Look, distance: Option<f64>) -> bool {
        let finite = look.ritz_sum.is_finite();
        self.stand(&look.weights);
        let progress = if self.settings.whole { PROGRESS_OF_WHOLE } else { PROGRESS };
        let better = look.loss < self.least * (1.0 - progress);
        self.least = self.least.min(look.loss);
        if finite {
            self.keep(look, distance.unwrap_or(look.loss));
        }
        self.losses.clear();
        if !finite {
            self.return_to_best();
        } else if let (None, Some(&last), true) =
            (self.settings.walk, look.ritz.space.values.last(), self.settings.gradient.is_some())
        {
            self.follow(last, distance);
        }
        self.waited = if better { 0 } else { self.waited + 1 };
        if self.held.is_some() {
            if !self.is_learned(distance) {
                return false;
            }
            self.take_all();
            return self.finish.is_none();
        }
        let last = self.finish.map_or(self.settings.steps, |(_, until)| until);
        if self.settings.whole {
            // A rate that was raised again takes some looks until it pays.
            let raised = self.least_at_end.is_finite();
            let ended = self.step >= last || (self.waited >= PATIENCE_OF_WHOLE && !raised);
            return self.is_reached(distance) || (ended && !self.takes_more(distance));
        }
        self.is_slow() || self.step >= last
    }

    /// Takes the walk that suits the last eigenvalue as it is estimated now.
    fn follow(&mut self, last: f64, distance: Option<f64>) {
        let walk = self.settings.walk_after(last, self.taught.sampler.unit());
        if walk != self.walk {
            // Losses of another walk do not compare: from here on everything is progress again.
            self.walk = walk;
            self.least = f64::INFINITY;
            if let (Some(best), None) = (&mut self.best, distance) {
                best.score = f64::INFINITY;
            }
        }
    }

    /// Lets the rate fall where patience is at an end; whether it has fallen so often that nothing more is to be gained.
    fn is_slow(&mut self) -> bool {
        if self.waited > self.settings.patience {
            self.waited = 0;
            self.lr *= self.settings.decay;
        }
        self.lr < self.settings.lr * self.settings.decay.powi(DROPS) * 1.01
    }

    /// Whether nothing is to be gained nearer to the exact space.
    fn is_reached(&self, distance: Option<f64>) -> bool {
        distance.is_some_and(|distance| distance <= REACHED * self.settings.k as f64)
    }

    /// Whether the rows held out, `distance` from the exact space, gain nothing more.
    fn is_learned(&mut self, distance: Option<f64>) -> bool {
        let now = distance.unwrap_or(f64::INFINITY);
        let better = now < self.least_unseen * (1.0 - PROGRESS_UNSEEN);
        let much = now < self.least_unseen * (1.0 - MUCH_UNSEEN);
        self.least_unseen = self.least_unseen.min(now);
        self.waited_unseen = if better { 0 } else { self.waited_unseen + 1 };
        let patience = if self.settings.whole { PATIENCE_UNSEEN } else { self.settings.patience };
        let slow = if self.settings.whole { self.is_reached(distance) } else { self.is_slow() };
        // What the network has not learned at all yet shows on no row: first the loss comes to rest.
        let falls = self.waited == 0;
        let stay = now > NOWHERE * self.settings.k as f64 && self.may_take_more();
        let until = if stay && (much || falls) { 1.0 } else { HELD_PART } * self.settings.steps as f64;
        slow || (self.waited_unseen >= patience && !(stay && falls)) || self.step as f64 >= until
    }

    /// Whether the number of steps is no person's, and a step costs no more than a batch.
    fn may_take_more(&self) -> bool {
        self.settings.whole && self.recipe.steps.set().is_none()
    }

    /// Takes more steps where the network is still far from the exact space and came much nearer in the last ones: twice as many, on another
    /// way down the cosine (warm restarts; Loshchilov and Hutter, 2017).
    fn takes_more(&mut self, distance: Option<f64>) -> bool {
        let most = MOST_TIMES * self.planned;
        let Some(now) = distance.filter(|now| *now > FAR * self.settings.k as f64) else { return false };
        let nearer = now < self.least_at_end * WORTH_MORE;
        // Of a graph in more parts than columns any of many spans is as good, and none is to be reached.
        let one_span = self.operator.components.count() <= self.settings.k;
        if !self.may_take_more() || !nearer || !one_span || self.step >= most {
            return false;
        }
        self.least_at_end = now;
        let part = self.finish.map_or(self.settings.steps, |(from, until)| until - from);
        let until = (self.step + 2 * part).min(most);
        self.finish = Some((self.step, until));
        self.settings.steps = self.settings.steps.max(until);
        (self.least, self.waited) = (f64::INFINITY, 0);
        true
    }

    /// Lets the rows held out in, from the network that placed them best, where a step is left.
    fn take_all(&mut self) {
        let part = ((1.0 - HELD_PART) * self.settings.steps as f64).ceil() as usize;
        if self.may_take_more() {
            self.settings.steps = self.settings.steps.max(self.step + part);
        }
        if self.step >= self.settings.steps {
            return;
        }
        if let Some(best) = self.best.take() {
            if best.seen.step != self.step {
                self.go_on_from(&best.seen.weights);
            }
            self.unseen = best.seen.held.map(|held| (best.seen.step, held));
        }
        self.finish = Some((self.step, (self.step + part.max(1)).min(self.settings.steps)));
        self.held = None;
        self.taught = self.all();
        self.ahead.clear();
        // A rate that fell while they were held out leaves one more fall.
        self.lr = self.lr.max(self.settings.lr * self.settings.decay.powi(DROPS - 1));
        (self.least, self.waited) = (f64::INFINITY, 0);
    }

    /// All rows, as steps take them.
    fn all(&self) -> Taught {
        Taught::new(self.inputs.samples(), &self.operator, None, around(&self.settings))
    }

    /// Keeps the network unless a better one was seen; a score that is no number is better than nothing alone.
    fn keep(&mut self, look: &Look, score: f64) {
        // What becomes of columns that nothing keeps apart is the point of leaving the orthonormal layer out.
        let compares = self.settings.gradient.is_some();
        let worse = compares && self.best.as_ref().is_some_and(|best| score.is_nan() || score > best.score);
        if !worse {
            let score = if score.is_nan() { f64::INFINITY } else { score };
            let Look { weights, ritz, held, .. } = look.clone();
            self.best = Some(Best { score, seen: Seen { step: self.step, weights, ritz, held } });
        }
    }

    fn return_to_best(&mut self) {
        if let Some(weights) = self.best.as_ref().map(|best| best.seen.weights.clone()) {
            self.go_on_from(&weights);
            self.lr *= self.settings.decay;
        }
    }

    /// Goes on from another network.
    fn go_on_from(&mut self, weights: &Weights) {
        self.net = weights.to_module(&self.compute.device.clone().autodiff());
        self.optimizer = optimizer(&self.settings);
        self.unread = None;
        self.stand(weights);
    }

    /// Keeps what the CPU would go on from, where the device could go away.
    fn stand(&mut self, weights: &Weights) {
        if let Some(last) = &mut self.last {
            *last = (self.step, weights.clone());
        }
    }

    /// What stands before the best network, and the network with its span; the newest one where none was looked at yet. Where rows are held
    /// out still, its last layer is the one that is best for all rows. Nothing of the training changes, so that it can go on.
    ///
    /// # Errors
    /// As [`Trainer::look`] and [`Trainer::settle`].
    pub fn best(&self) -> Result<(Input, Seen)> {
        let input = self.inputs.input().clone();
        let seen = if let Some(best) = &self.best {
            best.seen.clone()
        } else {
            let look = self.look()?;
            Seen { step: self.step, weights: look.weights, ritz: look.ritz, held: look.held }
        };
        Ok((input, if self.held.is_some() { self.settled_on_all(seen)? } else { seen }))
    }

    /// A network with the last layer that is best for all rows.
    fn settled_on_all(&self, seen: Seen) -> Result<Seen> {
        let device = &self.compute.device;
        let net = seen.weights.to_module(device);
        let Some((last, _)) = self.last_layer(&net, &self.all())? else { return Ok(seen) };
        let net = net.with_last(&last, device);
        let outputs = self.inputs.outputs(&net, &self.compute)?;
        let ritz = rayleigh_ritz(&self.operator, outputs.view(), self.settings.k)?;
        Ok(Seen { weights: net.weights()?, ritz, ..seen })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::spectralnet::trainer::tests::{trainer, trainer_on};
    use crate::recipe::{Auto, LastLayer, Objective, Recipe};

    /// A fifth of the rows is held out.
    fn recipe() -> Recipe {
        Recipe { hold_out: Auto::Set(0.2), ..Recipe::default() }
    }

    #[test]
    fn rows_held_out_take_no_part_in_any_step() {
        let pairs = Recipe { batch: Auto::Set(8), tie: Auto::Set(1.0), ..recipe() };
        let ways = [
            recipe(),
            pairs.clone(),
            Recipe { last_layer: LastLayer::Learned, ..pairs.clone() },
            Recipe { objective: Objective::BatchGraph, ..pairs },
        ];
        for recipe in ways {
            let held = trainer(&recipe).held.expect("rows are held out").rows.clone();
            assert_eq!(held.len(), 8);
            let weights = |mut trainer: Trainer, steps: usize| {
                for _ in 0..steps {
                    trainer.step().expect("the CPU does not fail");
                }
                trainer.net.weights().expect("read back")
            };
            let (one, other) = (trainer(&recipe), trainer_on(&recipe, |row| !held.contains(&row)));
            assert_eq!(weights(one, 12), weights(other, 12), "{recipe:?}");
            // The others do.
            let first = trainer(&recipe).held.expect("rows are held out").seen[0];
            assert_ne!(weights(trainer(&recipe), 12), weights(trainer_on(&recipe, |row| row != first), 12));
        }
    }

    #[test]
    fn all_rows_come_in_at_the_network_that_placed_the_others_best() {
        let steps = Recipe { steps: Auto::Set(50), ..recipe() };
        let mut trainer = trainer(&steps);
        let (mut weights, mut seen) = (Vec::new(), Vec::new());
        for unseen in [0.9, 0.2, 0.5, 0.4, 0.3] {
            trainer.step().expect("the CPU does not fail");
            let look = trainer.look().expect("finite outputs");
            assert_eq!(look.held.as_ref().map(|held| held.placed.dim()), Some((8, 3)));
            weights.push(trainer.net.weights().expect("read back"));
            seen.push(trainer.held.is_some());
            let at_rest = Look { loss: 1.0, ..look };
            assert!(!trainer.schedule(&at_rest, Some(unseen)), "the last part is to come");
        }
        assert_eq!((seen, trainer.held.is_none()), (vec![true; 5], true), "three looks without progress end it");
        assert_eq!(trainer.net.weights().expect("read back"), weights[1]);
        assert_eq!(trainer.unseen().map(|(step, _)| step), Some(2));
        // The last part has its own steps, at rates that end where they should.
        assert_eq!(trainer.finish, Some((5, 35)));
        let rate = trainer.lr();
        trainer.step().expect("the CPU does not fail");
        assert!(trainer.has_just_taken_all() && trainer.lr() < rate);
        let look = trainer.look().expect("finite outputs");
        assert!(look.held.is_none(), "no row is unseen any more");
        trainer.schedule(&look, Some(0.6));
        assert_eq!(trainer.best().expect("it was kept").1.step, 6, "distances on other rows do not compare");
        assert_eq!(trainer.unseen().map(|(step, _)| step), Some(2));
    }

    #[test]
    fn what_is_far_takes_more_steps_as_long_as_they_help_and_no_person_set_them() {
        // One look at the end of each part, so far from the exact space.
        let ends = |recipe: &Recipe, distances: &[f64]| -> Vec<Option<usize>> {
            let mut trainer = trainer(recipe);
            let look = trainer.look().expect("finite outputs");
            let weigh = |&distance: &f64| {
                trainer.step = trainer.finish.map_or(trainer.settings.steps, |(_, until)| until);
                let loss = trainer.step as f64;
                let over = trainer.schedule(&Look { loss, ..look.clone() }, Some(distance * trainer.settings.k as f64));
                (!over).then_some(trainer.settings.steps)
            };
            distances.iter().map(weigh).collect()
        };
        let free = Recipe { hold_out: Auto::Set(0.0), ..Recipe::default() };
        assert_eq!(ends(&free, &[0.1, 0.05, 0.004]), [Some(450), Some(750), None], "until it is near");
        assert_eq!(ends(&free, &[0.1, 0.09]), [Some(450), None], "until they bring little");
        assert_eq!(ends(&free, &[0.1, 0.05, 0.02]), [Some(450), Some(750), None], "five times as many at most");
        assert_eq!(ends(&Recipe { steps: Auto::Set(150), ..free }, &[0.1]), [None], "a person set them");
    }

    #[test]
    fn rows_stay_out_while_the_network_has_not_learned_where_they_are() {
        let kept_out = |unseen: f64, falls: bool| {
            let mut trainer = trainer(&Recipe { hold_out: Auto::Set(0.2), ..Recipe::default() });
            let look = trainer.look().expect("finite outputs");
            for at in 1..=20 {
                trainer.step += 5;
                let loss = if falls { 1.0 / f64::from(at) } else { 1.0 };
                trainer.schedule(&Look { loss, ..look.clone() }, Some(unseen * trainer.settings.k as f64));
                if trainer.held.is_none() {
                    break;
                }
            }
            trainer.step
        };
        assert_eq!(kept_out(0.4, false), 20, "three looks without progress, and nothing is learned");
        assert_eq!(kept_out(0.4, true), 100, "far away, and the loss falls");
        assert_eq!(kept_out(0.005, true), 20, "near enough to stop where nothing is gained");
    }

    #[test]
    fn a_training_that_is_stopped_before_gives_the_last_layer_that_is_best_for_all_rows() {
        let mut trainer = trainer(&recipe());
        for _ in 0..3 {
            trainer.step().expect("the CPU does not fail");
        }
        trainer.settle().expect("solved");
        let look = trainer.look().expect("finite outputs");
        trainer.schedule(&look, Some(0.5));
        let before = trainer.net.weights().expect("read back");
        let (_, seen) = trainer.best().expect("it was kept");
        let sum = |ritz: &crate::exact::Ritz| ritz.space.values.iter().sum::<f64>();
        assert!(seen.weights != before && sum(&seen.ritz) <= sum(&look.ritz) * 1.05, "{seen:?}");
        assert!(trainer.held.is_some() && trainer.net.weights().expect("read back") == before, "it can go on");
    }
}
