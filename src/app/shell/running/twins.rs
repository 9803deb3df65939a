//! Two trainings that differ in one thing, one after the other; both are pinned, so that they can be compared.

use eframe::egui;

use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::App;
use crate::app::shown::pins::Pins;
use crate::app::shown::run::Phase;
use crate::pipeline::Job;
use crate::project::RunId;
use crate::recipe::{Auto, Gradient, LastLayer, Objective, Recipe, System};

/// Steps after which columns that nothing keeps apart have become one.
const LONG: usize = 1000;

/// Two trainings to compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twins {
    /// Few pairs in a step, or many.
    Batch,
    /// Pairs of the whole graph, or a graph inside each batch.
    Objective,
    /// The gradient through the orthonormal layer, or the layer frozen.
    Gradient,
    /// With the orthonormal layer, or without it.
    Layer,
}

impl Twins {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Batch, Self::Objective, Self::Gradient, Self::Layer];

    /// What the two are called.
    #[must_use]
    pub fn names(self) -> [&'static str; 2] {
        match self {
            Self::Batch => ["batch 16", "batch 1,024"],
            Self::Objective => ["walk", "batch graph"],
            Self::Gradient => ["through", "frozen"],
            Self::Layer => ["layer on", "layer off"],
        }
    }

    /// What the pair is called in the menu.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Batch => "Batch 16 against 1,024",
            Self::Objective => "Walk against batch graph",
            Self::Gradient => "Gradient through against frozen",
            Self::Layer => "Orthonormal layer on and off",
        }
    }

    /// What is to be seen, in one sentence.
    #[must_use]
    pub fn tip(self) -> &'static str {
        match self {
            Self::Batch => "Small batches shake: their orthonormal weights come from few rows",
            Self::Objective => {
                "Pairs of the whole graph lead to the exact side; a graph inside each batch is another problem"
            }
            Self::Gradient => {
                "A gradient that goes through the orthonormal layer keeps the columns apart; a frozen layer drops that force"
            }
            Self::Layer => {
                "Without the orthonormal layer all columns become the constant, and the picture falls onto one point"
            }
        }
    }

    /// The two recipes. Both learn their last layer by the gradient: one that is solved is the same whatever its training was like.
    #[must_use]
    pub fn recipes(self, of: &Recipe) -> [Recipe; 2] {
        let (learn, last_layer) = (true, LastLayer::Learned);
        let base = Recipe { learn, last_layer, orthonormal_layer: true, ..of.clone() };
        match self {
            Self::Batch => [16, 1024].map(|pairs| Recipe { batch: Auto::Set(pairs), ..base.clone() }),
            Self::Objective => {
                [Objective::Walk, Objective::BatchGraph].map(|objective| Recipe { objective, ..base.clone() })
            }
            Self::Gradient => [Gradient::Through, Gradient::Frozen].map(|gradient| Recipe { gradient, ..base.clone() }),
            Self::Layer => {
                // Slow directions fall last: a usual training ends before they have.
                let steps = Auto::Set(of.steps.set().unwrap_or(LONG));
                [true, false].map(|orthonormal_layer| Recipe { steps, orthonormal_layer, ..base.clone() })
            }
        }
    }
}

/// A training on its way to be pinned, and the one after it.
#[derive(Debug)]
pub(in crate::app::shell) struct Twin {
    job: Job,
    name: &'static str,
    next: Option<(Job, &'static str)>,
}

impl App {
    /// Whether two trainings can be compared now.
    pub(super) fn can_twin(&self) -> bool {
        let ready = self.run.shown.is_some() && !matches!(self.run.phase, Phase::Opening | Phase::Running);
        ready && self.on_its_way().is_none() && self.job.recipe.system == System::SpectralNet
    }

    /// Trains both of a pair on the panels' data, one after the other.
    pub fn train_twins(&mut self, twins: Twins) {
        if !self.can_twin() {
            return;
        }
        // A pair leaves its own settings in the panels, which are none of the next pair's.
        let own = self.twins_of.take().filter(|(pair, _)| pair.contains(&self.job.recipe)).map(|(_, own)| own);
        let own = own.unwrap_or_else(|| self.job.recipe.clone());
        let pair = twins.recipes(&own);
        self.twins_of = Some((pair.clone(), own));
        let [first, second] = pair.map(|recipe| Job { recipe, ..self.job.clone() });
        let [name, next] = twins.names();
        self.centre.pins.clear();
        self.begin_twin(Twin { job: first, name, next: Some((second, next)) });
    }

    fn begin_twin(&mut self, twin: Twin) {
        self.leave_past();
        self.set_job(twin.job.clone());
        self.start();
        self.twin = Some(twin);
    }

    /// A run has ended and is kept: pins it, and begins the one it is to be compared with.
    pub(in crate::app::shell) fn twin_ended(&mut self, ctx: &egui::Context, id: RunId) {
        let its = |twin: &mut Twin| self.run.shown.as_ref().is_some_and(|shown| *shown.job == twin.job);
        let Some(Twin { name, next, .. }) = self.twin.take_if(its) else { return };
        self.centre.pins.pin(id, name.to_owned(), &self.run);
        if let Some((job, name)) = next {
            return self.begin_twin(Twin { job, name, next: None });
        }
        let both: Vec<&str> = self.centre.pins.all().iter().map(|pin| pin.name.as_str()).collect();
        let both = both.join(", ");
        let text = format!("Both trainings are pinned: {both}. The settings are the second one's; History has yours");
        self.notices.say(ctx, Grade::Good, text);
    }

    /// Forgets the second of two trainings where the first failed or something else was asked for; once a frame.
    pub(in crate::app::shell) fn follow_twins(&mut self) {
        let gone = |twin: &mut Twin| self.sent != twin.job || self.run.phase == Phase::Failed;
        self.twin.take_if(gone);
    }

    /// The pinned runs.
    #[must_use]
    pub fn pins(&self) -> &Pins {
        &self.centre.pins
    }

    /// Pins the run that is shown, or takes its pin out.
    pub(in crate::app::shell) fn toggle_pin(&mut self) {
        let Some(id) = self.current_run() else { return };
        self.toggle_pin_of(id);
    }

    /// Pins a run that is kept, or takes its pin out.
    pub(super) fn toggle_pin_of(&mut self, id: RunId) {
        if self.centre.pins.has(id) {
            return self.centre.pins.unpin(id);
        }
        let Some(run) = self.kept_runs.results.get(&id) else { return };
        let note = self.kept_runs.list.get(id).map(|record| record.note.clone()).unwrap_or_default();
        let name = if note.is_empty() { format!("run {}", id + 1) } else { crate::app::kit::format::short(&note, 24) };
        self.centre.pins.pin(id, name, run);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_trainings_differ_in_what_they_are_called_by() {
        let of = Recipe { seed: 7, ..Recipe::default() };
        for twins in Twins::ALL {
            let [a, b] = twins.recipes(&of).map(|recipe| recipe.values());
            let differ: Vec<&str> = a.iter().zip(&b).filter(|(a, b)| a != b).map(|(a, _)| a.0.as_str()).collect();
            assert_eq!(differ.len(), 1, "{twins:?}: {differ:?}");
            assert!(a.contains(&("seed".to_owned(), "7".to_owned())), "the rest is the panels'");
        }
    }
}
