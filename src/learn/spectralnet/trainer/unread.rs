//! Steps on a device other than the CPU, which send the numbers of their rows and wait for nothing; and what is done when it goes away.
//!
//! The first steps are taken on the host, as all are on the CPU, until one's layer fits the next one's outputs: it gives [`Unread`] the layer to go on
//! from. So are those after a reading that tells of a step without an inverse. Graphs built inside a batch are the host's work, and their steps wait.

use std::iter::repeat_n;

use burn::module::Module as _;
use burn::optim::GradientsParams;
use burn::tensor::Tensor;
use ndarray::ArrayView2;

use super::Trainer;
use crate::Result;
use crate::nets::unread::{Misses, Reading};
use crate::nets::{Compute, Factorization, Unread, objective};
use crate::recipe::{Gradient, Objective};
use crate::support::random::Stream;

impl Trainer {
    /// Where it computes.
    pub(crate) fn compute(&self) -> &Compute {
        &self.compute
    }

    /// Steps on the device that found no orthonormal layer and taught nothing.
    pub(crate) fn missed(&self) -> usize {
        self.missed
    }

    /// The objective of a step that waits for nothing, where this one can be such.
    pub(super) fn take_unread(&mut self) -> Result<Option<Unread>> {
        if self.unread.as_ref().is_some_and(Unread::is_due) {
            self.collect(true)?;
        }
        Ok(self.unread.take())
    }

    /// Whether steps after one on the host with these outputs can wait for nothing: where the layer of the step before fits them.
    pub(super) fn can_leave_unread(&self, y: ArrayView2<'_, f64>) -> bool {
        let walks = self.settings.objective == Objective::Walk;
        walks && self.inputs.are_there() && Unread::can_go_on(&self.layer, objective::gram(y).view())
    }

    /// Reads what steps left on the device, if there were any. Where it is to `renew` the layer they go on from, a step that found none makes
    /// the next one be taken on the host.
    ///
    /// # Errors
    /// [`crate::Error::Device`] when it cannot be read back.
    pub(crate) fn collect(&mut self, renew: bool) -> Result<()> {
        let Some(unread) = &mut self.unread else { return Ok(()) };
        let Some(Reading { steps, loss, missed, lost, layer, .. }) = unread.read(renew)? else { return Ok(()) };
        let found = steps - missed;
        self.losses.extend(repeat_n(loss, found));
        self.factorizations[Factorization::Cholesky as usize] += found;
        self.missed += missed;
        if renew && (lost || layer.factorization > Factorization::Ridge) {
            self.unread = None;
        }
        self.layer = layer;
        Ok(())
    }

    /// One step whose loss nobody waits for.
    pub(super) fn unread_step(&mut self, mut unread: Unread) {
        let frozen = self.settings.gradient == Some(Gradient::Frozen);
        let other = frozen.then(|| self.net.valid().forward(self.gather(&self.draw(Stream::FreshLayer)).inner()));
        let rows = self.batch();
        // A walk of T steps makes T of one step's small eigenvalues.
        let weight = self.tie_weight() / self.taught.sampler.unit() * self.walk as f64;
        let count = (self.tied_rows(), self.inputs.noise());
        let seed = (self.recipe.seed, self.step as u64);
        let between = if weight > 0.0 { self.taught.between_there(count, seed) } else { None };
        let Some(drawn) = self.inputs.drawn(&rows, between.as_ref(), &self.compute) else { return };
        let outputs = self.net.forward(Tensor::from_inner(drawn.inputs));
        let y = outputs.clone().inner();
        let batch = y.clone().narrow(0, 0, rows.len());
        let gradient = match drawn.share {
            None => unread.pairs(batch, None, other).0,
            Some(share) => {
                let m = share.dims()[0];
                let part = |at: usize| y.clone().narrow(0, rows.len() + at * m, m);
                let rest = share.clone().neg().add_scalar(1.0);
                let misses = part(2) - part(0) * rest.clone() - part(1) * share.clone();
                let (own, pull) = unread.pairs(batch, Some(&Misses { rows: misses, weight }), other);
                let pull = pull.unwrap_or_else(|| part(2).zeros_like());
                let ends = [pull.clone() * rest.neg(), pull.clone() * share.neg()];
                let [one, other] = ends;
                Tensor::cat(vec![own, one, other, pull], 0)
            }
        };
        self.unread = Some(unread);
        self.step += 1;
        let cost = (outputs * Tensor::from_inner(gradient)).sum();
        let gradients = GradientsParams::from_grads(cost.backward(), &self.net);
        self.net = self.optimizer.step(self.lr(), self.net.clone(), gradients);
    }

    /// Goes on on the CPU from the network of the last look, since the device went away.
    pub(crate) fn go_on_on_cpu(&mut self) {
        let Some((step, weights)) = self.last.take() else { return };
        self.compute = Compute::cpu();
        self.inputs = self.inputs.moved(&self.compute);
        self.net = weights.to_module(&self.compute.device.clone().autodiff());
        self.optimizer = super::optimizer(&self.settings);
        (self.step, self.unread) = (step, None);
        self.ahead.clear();
        self.losses.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::learn::spectralnet::trainer::tests::{trainer, trainer_at};
    use crate::nets::crossing::{self, Steps};
    use crate::recipe::{Auto, LastLayer, Recipe};

    /// Pairs, with what hangs on it switched on.
    fn pairs(last_layer: LastLayer) -> Recipe {
        let (batch, tie, hold_out) = (Auto::Set(32), Auto::Set(1.0), Auto::Set(0.0));
        Recipe { last_layer, batch, tie, hold_out, ..Recipe::default() }
    }

    fn afar(recipe: &Recipe) -> Trainer {
        trainer_at(recipe, |_| true, &Compute::as_if_afar(usize::MAX, usize::MAX))
    }

    fn steps(trainer: &mut Trainer, count: usize) -> Steps {
        let before = Steps::now();
        for _ in 0..count {
            crossing::step(|| trainer.step()).expect("nothing fails");
        }
        Steps::now().since(before)
    }

    #[test]
    fn one_step_in_fifty_waits_and_the_network_goes_where_it_goes_on_the_host() {
        for recipe in [pairs(LastLayer::Learned), Recipe { gradient: Gradient::Frozen, ..pairs(LastLayer::Learned) }] {
            let (mut here, mut there) = (trainer(&recipe), afar(&recipe));
            let (on_host, on_device) = (steps(&mut here, 100), steps(&mut there, 100));
            assert_eq!(on_host.waiting, 100);
            assert!(on_device.waiting < 40 && on_device.crossed.down < on_host.crossed.down / 2, "{on_device:?}");
            let later = steps(&mut there, 100);
            if recipe.gradient == Gradient::Frozen {
                continue; // Nothing keeps its columns apart, and the host helps it now and then.
            }
            assert!(later.waiting <= 2 && later.crossed.down <= 2 * 4 * (2 + 9), "{later:?}");
            steps(&mut here, 100);
            there.collect(true).expect("read");
            assert_eq!(there.losses.len() + there.missed(), 200);
            assert!(there.missed() <= 4, "{}", there.missed());
            let reached = [&here, &there].map(|trainer| trainer.look().expect("finite outputs").ritz_sum);
            assert!((reached[0] - reached[1]).abs() < 0.1 * reached[0], "{reached:?}");
        }
    }

    #[test]
    fn rows_between_neighbours_are_made_and_tied_on_the_device() {
        let recipe = pairs(LastLayer::Solved);
        let mut there = afar(&recipe);
        let level = |trainer: &mut Trainer| {
            steps(trainer, 40);
            trainer.collect(true).expect("read");
            trainer.look().expect("finite outputs").ritz_sum
        };
        let reached = level(&mut there);
        assert!(there.tie_weight() > 0.0 && there.missed() < 4, "{}", there.missed());
        let on_host = level(&mut trainer(&recipe));
        assert!(reached < 1.2 * on_host, "{reached} and {on_host}");
        // What is sent in a step: pairs, and for each row tied two ends, a row of noise, its share and its width.
        steps(&mut there, 60);
        let least = (0..8).map(|_| steps(&mut there, 1).crossed).min_by_key(|crossed| crossed.up + crossed.down);
        assert_eq!(least.map(|sent| (sent.up, sent.down)), Some((4 * (2 * 32 + 8 * 5), 0)));
    }

    #[test]
    fn a_pause_changes_nothing_and_a_training_hangs_on_the_seed() {
        let run = |looked: bool| {
            let mut trainer = afar(&pairs(LastLayer::Learned));
            steps(&mut trainer, 60);
            if looked {
                trainer.collect(false).expect("read");
                assert_eq!(trainer.losses.len() + trainer.missed(), 60);
            }
            steps(&mut trainer, 60);
            trainer.net.weights().expect("read")
        };
        assert_eq!(run(true), run(false));
    }

    #[test]
    fn where_the_device_finds_no_layer_the_host_takes_a_step() {
        let mut trainer = afar(&pairs(LastLayer::Learned));
        steps(&mut trainer, 100);
        trainer.collect(true).expect("read");
        assert!(trainer.unread.is_some());
        let missed = trainer.missed();
        // All columns alike: no batch has an inverse, and the host whitens.
        let mut weights = trainer.net.weights().expect("read");
        if let Some(last) = weights.layers.last_mut() {
            last.weight.fill(0.1);
        }
        trainer.net = weights.to_module(&trainer.compute.device.clone().autodiff());
        steps(&mut trainer, 1);
        trainer.collect(true).expect("read");
        assert_eq!((trainer.missed(), trainer.unread.is_none()), (missed + 1, true));
        let before = trainer.factorizations;
        steps(&mut trainer, 1);
        assert!(trainer.factorizations.iter().sum::<usize>() == before.iter().sum::<usize>() + 1);
    }

    #[test]
    fn the_cpu_goes_on_from_the_last_look() {
        let mut trainer = afar(&pairs(LastLayer::Learned));
        steps(&mut trainer, 10);
        let look = trainer.look().expect("finite outputs");
        trainer.schedule(&look, None);
        steps(&mut trainer, 5);
        trainer.go_on_on_cpu();
        assert!(trainer.compute().is_cpu() && trainer.steps_taken() == 10);
        assert_eq!(trainer.net.weights().expect("read"), look.weights);
        steps(&mut trainer, 10);
        assert!(trainer.look().expect("finite outputs").loss.is_finite());
    }
}
