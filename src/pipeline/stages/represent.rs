//! The represent stage: codes of an autoencoder for the samples, where they are wanted.

use std::sync::Arc;

use crate::Result;
use crate::learn::autoencoder::{self, Codes, Shown};
use crate::learn::drive::{End, Told};
use crate::learn::dual;
use crate::learn::one_cycle::{OneCycle, SHORT, Seen};
use crate::nets::adam::USUAL;
use crate::pipeline::cache::Cached;
use crate::pipeline::event::{Event, Prepared, Stopped};
use crate::pipeline::run::{Run, Screen};
use crate::pipeline::stages::Ground;
use crate::recipe::{Settings, Stage, System};

/// Codes, where they are wanted.
///
/// # Errors
/// Those of the training; [`crate::Error::Cancelled`].
pub(in crate::pipeline) fn represent(
    cache: &mut Cached<Arc<Codes>>,
    run: &mut Run<'_>,
    screen: &mut Screen<'_>,
    ground: &Ground,
) -> Result<Option<Arc<Codes>>> {
    let recipe = &run.job.recipe;
    let Settings { codes, training, neighbors, clusters, .. } = run.settings()?;
    let (Some(compute), Some(settings)) = (&ground.compute, codes) else {
        cache.0 = None;
        run.done(Stage::Represent, 0.0, true);
        return Ok(None);
    };
    let scaled = ground.loaded.scaled.view();
    let image = ground.loaded.data.image.filter(|i| i.width * i.height * i.channels == scaled.ncols());
    let is_dual = recipe.system == System::DualAutoencoder;
    let dual = clusters.filter(|_| is_dual).map(|clusters| dual::Task {
        recipe,
        x: scaled,
        image,
        codes: &settings,
        training: &training,
        neighbors,
        clusters,
        compute,
    });
    let cycle = OneCycle {
        steps: settings.steps,
        lr: settings.lr,
        flag: "--encoder-lr",
        adam: if is_dual { USUAL } else { SHORT },
        control: run.control,
    };
    let codes = run.stage(Stage::Represent, cache, |_| {
        let listen = &mut |told: Told<'_, Seen<Shown>>| {
            hear(screen, Stage::Represent, told, |screen, waits, Shown { rebuilt, terms }| {
                if let Some(terms) = terms {
                    screen.say(Event::Terms(*terms));
                }
                show(screen, waits, |snapshot| snapshot.rebuilt = Some(Arc::clone(rebuilt)));
            });
            Ok(None)
        };
        let (codes, end) = compute.on(|| match &dual {
            Some(task) => dual::train(task, &cycle, listen),
            None => autoencoder::train((&settings, recipe.seed), (scaled, image), compute, &cycle, listen),
        })?;
        say_stopped(screen, Stage::Represent, end, cycle.steps);
        Ok((Arc::new(codes), Vec::new()))
    })?;
    screen.show(|snapshot| {
        snapshot.codes = Some(Arc::clone(&codes.rows));
        snapshot.rebuilt = Some(Arc::clone(&codes.rebuilt));
    });
    Ok(Some(codes))
}

/// Passes on what a training of a network before the spectral one tells; `look` shows what is to be seen of it.
pub(super) fn hear<S>(
    screen: &mut Screen<'_>,
    stage: Stage,
    told: Told<'_, Seen<S>>,
    look: impl FnOnce(&mut Screen<'_>, bool, &S),
) {
    match told {
        Told::Waits(seen) => look(screen, true, &seen.shown),
        Told::Early(seen) | Told::Look(seen) => {
            let Seen { step, seconds, loss, lr, .. } = *seen;
            screen.say(Event::Prepared(Prepared { stage, step, seconds, loss, lr }));
            look(screen, false, &seen.shown);
        }
        Told::Step { taken, steps } => {
            screen.say(Event::Progress(stage, taken as f32 / steps as f32, String::new()));
        }
    }
}

/// Shows a change, and whether the training waits with it.
pub(super) fn show(screen: &mut Screen<'_>, waits: bool, change: impl FnOnce(&mut crate::pipeline::Snapshot)) {
    if waits { screen.show_waiting(change) } else { screen.show(change) }
}

/// Says that a person ended a training before its last step.
pub(super) fn say_stopped(screen: &Screen<'_>, stage: Stage, end: End, steps: usize) {
    if let End::Stopped(step) = end {
        screen.say(Event::Stopped(Stopped { stage, step, steps }));
    }
}
