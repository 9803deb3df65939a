//! The load stage in the background, for settings that no run has yet: of several the newest wins.

use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui;

use crate::app::kit::task::Task;
use crate::pipeline::{Job, Preview, preview};
use crate::recipe::{Facts, Stage};

/// A change waits this long for the next, so that typing does not load at every letter.
const SETTLE: Duration = Duration::from_millis(150);

/// What is being loaded and what was.
#[derive(Debug, Default)]
pub(super) struct Background {
    wanted: Option<(Job, Instant)>,
    at_work: Option<(Job, Task<Preview>)>,
    done: Option<(Job, Result<Arc<Preview>, String>)>,
    /// The last that was read, whatever came after it.
    last: Option<(Job, Arc<Preview>)>,
}

/// Whether two jobs load the same samples.
pub(super) fn same_samples(a: &Job, b: &Job) -> bool {
    a.source == b.source && !Facts::of(&a.source).stages_redone(&a.recipe, &b.recipe).contains(&Stage::Load)
}

impl Background {
    /// Asks for a job's samples; what was asked for before and is not there yet is dropped.
    pub(super) fn want(&mut self, ctx: &egui::Context, job: &Job) {
        self.take();
        let at_work = self.at_work.as_ref().is_some_and(|(at_work, _)| same_samples(at_work, job));
        if at_work || self.done.as_ref().is_some_and(|(done, _)| same_samples(done, job)) {
            self.wanted = None;
            return;
        }
        match &self.wanted {
            Some((wanted, since)) if wanted == job => {
                if since.elapsed() >= SETTLE {
                    self.wanted = None;
                    self.start(ctx, job);
                } else {
                    ctx.request_repaint_after(SETTLE);
                }
            }
            _ => {
                self.at_work = None;
                self.wanted = Some((job.clone(), Instant::now()));
                ctx.request_repaint_after(SETTLE);
            }
        }
    }

    fn start(&mut self, ctx: &egui::Context, job: &Job) {
        let wanted = job.clone();
        let task = Task::start(ctx, "window-preview", "reading the data", move |control| preview(&wanted, control));
        match task {
            Ok(task) => self.at_work = Some((job.clone(), task)),
            Err(error) => self.done = Some((job.clone(), Err(error.to_string()))),
        }
    }

    /// Takes what has come.
    fn take(&mut self) {
        let Some(((job, _), answer)) = Task::take_ended(&mut self.at_work, |(_, task)| task) else { return };
        let answer = answer.map(Arc::new).map_err(|e| e.to_string());
        if let Ok(preview) = &answer {
            self.last = Some((job.clone(), Arc::clone(preview)));
        }
        self.done = Some((job, answer));
    }

    /// What came of a job that was asked for.
    pub(super) fn done(&self, job: &Job) -> Option<Result<&Arc<Preview>, &str>> {
        let (_, answer) = self.done.as_ref().filter(|(done, _)| same_samples(done, job))?;
        Some(answer.as_ref().map_err(String::as_str))
    }

    /// The last samples of this source that came.
    pub(super) fn last(&self, job: &Job) -> Option<&Arc<Preview>> {
        self.last.as_ref().filter(|(last, _)| last.source == job.source).map(|(_, preview)| preview)
    }

    /// Nothing is wanted any more.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Recipe;
    use crate::data::Source;

    #[test]
    fn of_several_jobs_the_newest_is_read() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("t.csv");
        std::fs::write(&path, "a,b,c\n1,2,3\n4,5,7\n6,8,8\n").expect("written");
        let job = |ignore: &str| Job {
            source: Source::Path(path.clone()),
            recipe: Recipe { ignore: ignore.to_owned(), ..Recipe::default() },
        };
        let (ctx, mut background) = (egui::Context::default(), Background::default());
        background.want(&ctx, &job("a"));
        let newest = job("b");
        let start = Instant::now();
        while background.done(&newest).is_none() {
            background.want(&ctx, &newest);
            assert!(start.elapsed().as_secs() < 20, "nothing came");
            std::thread::sleep(Duration::from_millis(5));
        }
        let Some(Ok(preview)) = background.done(&newest) else { panic!("it is a table") };
        assert_eq!(*preview.data.columns, ["a", "c"]);
        assert!(background.done(&job("a")).is_none() && background.last(&job("a")).is_some());
        let wrong = job("x");
        while background.done(&wrong).is_none() {
            background.want(&ctx, &wrong);
            std::thread::sleep(Duration::from_millis(5));
        }
        assert!(background.done(&wrong).is_some_and(|answer| answer.is_err_and(|e| e.contains("--ignore x"))));
        assert!(background.last(&wrong).is_some(), "what was read last can still be shown");
    }
}
