//! What a person had open before a lesson, put aside and brought back.

use crate::Recipe;
use crate::app::centre::SecondView;
use crate::app::dock::{Card, Page};
use crate::app::shell::files::carried::Carried;
use crate::app::shell::project::picture::Picture;
use crate::app::shell::project::steps::Steps;
use crate::app::shell::running::jobs::Way;
use crate::app::shell::running::runs::KeptRuns;
use crate::app::shell::state::App;
use crate::app::shown::edges::EdgeColor;
use crate::project::{History, ViewState};

/// Everything of a person's work that a lesson would change. The journal of it rests meanwhile.
#[derive(Debug)]
pub(super) struct Aside {
    picture: Picture,
    /// The file of the project stays with its labels, which are in the picture.
    steps: Steps,
    runs: KeptRuns,
    way: Way,
    carried: Option<Carried>,
    still: bool,
    views: (Option<String>, Vec<ViewState>),
    hidden: [bool; 3],
    edges: (bool, EdgeColor),
    map: bool,
    /// Rows of another file over the samples.
    second: SecondView,
    dock: (Page, Vec<Card>),
}

impl Aside {
    /// The settings of the work.
    pub(super) fn recipe(&self) -> &Recipe {
        &self.picture.job.recipe
    }
}

impl App {
    /// Puts the work aside and leaves the window to something else.
    pub(super) fn put_aside(&mut self) -> Aside {
        let steps = Steps::new(History::new(self.job.clone()));
        let aside = Aside {
            picture: self.picture(),
            steps: std::mem::replace(&mut self.steps, steps),
            runs: std::mem::take(&mut self.kept_runs),
            way: std::mem::take(&mut self.way),
            carried: self.carried.take(),
            still: self.live.off,
            views: self.centre.told(),
            hidden: self.centre.hidden,
            edges: (self.centre.graph.edges, self.centre.graph.color),
            map: self.centre.map.on,
            second: std::mem::take(&mut self.centre.second),
            dock: self.dock.open_now(),
        };
        (self.review, self.splitting, self.keep.reading) = (None, None, None);
        self.labels.clear();
        self.centre.selection.clear();
        self.centre.selection.pinned = None;
        self.rest_selection();
        aside
    }

    /// Brings the work back as it was.
    pub(super) fn bring_back(&mut self, aside: Aside) {
        let Aside { picture, steps, runs, way, carried, still, views, hidden, edges, map, second, dock } = aside;
        self.abandon();
        (self.steps, self.kept_runs, self.way) = (steps, runs, way);
        (self.live.off, self.review, self.splitting) = (still, None, None);
        let job = picture.job.clone();
        let there = picture.run.shown.is_some();
        if there {
            self.show_picture(picture);
        }
        self.set_job(job);
        self.carried = carried;
        self.centre.tell(views.0.as_deref(), &views.1);
        self.centre.hidden = hidden;
        (self.centre.graph.edges, self.centre.graph.color) = edges;
        (self.centre.map.on, self.centre.second) = (map, second);
        self.dock.open_again(dock);
        // The engine holds the stages of the lesson.
        (self.sent, self.way.elsewhere) = (self.job.clone(), true);
        if !there {
            self.open();
        }
    }
}
