//! The window's state and what commands do to it. Drawing is in `window`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::engine::Engine;
use super::files::applying::Applying;
use super::files::carried::Carried;
use super::frame::everyone::Sight;
use super::frame::notices::Notices;
use super::frame::palette::Palette;
use super::frame::present::Present;
use super::labels::labelling::Splitting;
use super::labels::rename::Rename;
use super::labels::review::Review;
use super::lessons::Lessons;
use super::painting::Painting;
use super::project::keeping::Keep;
use super::project::leave::Question;
use super::project::steps::Steps;
use super::running::jobs::Way;
use super::running::live::LivePicture;
use super::running::past::Past;
use super::running::runs::KeptRuns;
use super::running::twins::Twin;
use super::shoot::{Failed, Shoot};
use super::watch::Watch;
use crate::app::centre::compare::CompareView;
use crate::app::centre::inspect::Inspector;
use crate::app::centre::{Centre, GraphView, MapView, Waiting};
use crate::app::dock::Dock;
use crate::app::files::dialogs::Dialogs;
use crate::app::files::downloading::Downloads;
use crate::app::files::exporting::Exports;
use crate::app::files::prompt::Prompt;
use crate::app::gpu;
use crate::app::inside::Inside;
use crate::app::kit::ahead;
use crate::app::kit::focus;
use crate::app::kit::theme;
use crate::app::panels::{Drafts, Fold};
use crate::app::rows::RowsTable;
use crate::app::select::Select;
use crate::app::sheet::ColumnSheet;
use crate::app::sheet::export::ExportSheet;
use crate::app::sheet::runs::RunsSheet;
use crate::app::shown::coloring::ColorBy;
use crate::app::shown::fields::FieldsCache;
use crate::app::shown::labels::Labels;
use crate::app::shown::run::Run;
use crate::app::views::scatter::Selection;
use crate::data::Source;
use crate::pipeline::{Job, Snapshot};
use crate::project::History;
pub use crate::project::Theme as ThemeChoice;
use crate::recipe::changes::downstream;
use crate::recipe::stages_run;
use crate::recipe::{Recipe, Stage};

/// Files remembered for the session.
const MOST_RECENT: usize = 9;

/// The window: settings, the run, the views.
pub struct App {
    pub(super) engine: Box<dyn Engine>,
    /// What the panels say.
    pub(super) job: Job,
    pub(super) run: Run,
    pub(super) centre: Centre,
    pub(super) dock: Dock,
    pub(super) labels: Labels,
    /// What can be said of each row, the table of it, and selecting by it.
    pub(super) fields: FieldsCache,
    pub(super) rows: RowsTable,
    pub(super) inside: Inside,
    pub(super) select: Select,
    /// A cluster on its way to be two, and points that are gone through.
    pub(super) splitting: Option<Splitting>,
    pub(super) review: Option<Review>,
    pub(super) drafts: Drafts,
    pub(super) fold: Fold,
    pub(super) step_size: usize,
    pub(super) settings_open: bool,
    pub(super) theme: ThemeChoice,
    pub(super) dark: Option<bool>,
    /// Size of text, motion, shapes.
    pub(super) sight: Sight,
    pub(super) notices: Notices,
    pub(super) compare: CompareView,
    pub(super) sheet: ColumnSheet,
    pub(super) export_sheet: ExportSheet,
    pub(super) runs_sheet: RunsSheet,
    pub(super) kept_runs: KeptRuns,
    pub(super) palette: Palette,
    pub(super) help_open: bool,
    pub(super) inspector: Inspector,
    pub(super) recent: Vec<PathBuf>,
    pub(super) dialogs: Dialogs,
    pub(super) prompt: Prompt,
    pub(super) rename: Rename,
    /// What draws the points.
    pub(super) adapter: Option<String>,
    pub(super) shoot: Shoot,
    pub(super) watch: Option<Watch>,
    pub(super) memory: Option<(Instant, usize)>,
    /// Settings that were made for other data.
    pub(super) carried: Option<Carried>,
    pub(super) steps: Steps,
    /// The project's file, the journal, what is remembered.
    pub(super) keep: Keep,
    /// What waits for a person's answer, and whether the window may close.
    pub(super) question: Option<Question>,
    pub(super) may_close: bool,
    /// Labelled tables that were written, and one on its way.
    pub(super) exports: Exports,
    /// A model that labels another file.
    pub(super) applying: Applying,
    pub(super) downloads: Downloads,
    pub(super) way: Way,
    /// The picture that follows the settings.
    pub(super) live: LivePicture,
    /// The job of the stored example, until another is sent.
    pub(super) example: Option<Job>,
    /// Lessons, and the window as a class sees it.
    pub(super) lessons: Lessons,
    pub(super) present: Present,
    /// Earlier looks of the training.
    pub(super) past: Past,
    /// A training on its way to be compared with another.
    pub(super) twin: Option<Twin>,
    /// The settings of the last pair, and what the panels said before it.
    pub(super) twins_of: Option<([Recipe; 2], Recipe)>,
    /// Points that are painted.
    pub(super) painting: Painting,
    /// The job last sent, and when the panels last differed from it without a result to keep.
    pub(super) sent: Job,
    pub(super) unsettled: Option<(Instant, Job)>,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("job", &self.job).field("run", &self.run.phase).finish_non_exhaustive()
    }
}

impl App {
    /// A window on `initial`, whose data is opened at once. `engine` does the work.
    #[must_use]
    pub fn new(cc: &eframe::CreationContext<'_>, engine: Box<dyn Engine>, initial: Job) -> Self {
        install(cc);
        let mut app = Self {
            engine,
            sent: initial.clone(),
            steps: Steps::new(History::new(initial.clone())),
            job: initial,
            run: Run::default(),
            centre: Centre::default(),
            dock: Dock::default(),
            labels: Labels::default(),
            fields: FieldsCache::default(),
            rows: RowsTable::default(),
            inside: Inside::default(),
            select: Select::default(),
            keep: Keep::default(),
            splitting: None,
            review: None,
            drafts: Drafts::default(),
            fold: Fold::default(),
            step_size: 1,
            settings_open: true,
            theme: ThemeChoice::default(),
            dark: None,
            sight: Sight::default(),
            notices: Notices::default(),
            compare: CompareView::default(),
            sheet: ColumnSheet::default(),
            export_sheet: ExportSheet::default(),
            runs_sheet: RunsSheet::default(),
            kept_runs: KeptRuns::default(),
            palette: Palette::default(),
            help_open: false,
            inspector: Inspector::default(),
            recent: Vec::new(),
            dialogs: Dialogs::default(),
            prompt: Prompt::default(),
            rename: Rename::default(),
            adapter: cc.wgpu_render_state.as_ref().map(|state| gpu::name(&state.adapter)),
            shoot: Shoot::default(),
            watch: None,
            memory: None,
            carried: None,
            question: None,
            may_close: false,
            exports: Exports::default(),
            applying: Applying::default(),
            downloads: Downloads::default(),
            way: Way::default(),
            live: LivePicture::default(),
            example: None,
            lessons: Lessons::default(),
            present: Present::default(),
            past: Past::default(),
            twin: None,
            twins_of: None,
            painting: Painting::default(),
            unsettled: None,
        };
        app.remember_path();
        app.open();
        app
    }

    /// The settings as the panels have them.
    #[must_use]
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// The run as the window knows it.
    #[must_use]
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The labels as a person edited them.
    #[must_use]
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// The selected points.
    #[must_use]
    pub fn selection(&self) -> &Selection {
        &self.centre.selection
    }

    /// Where the card of the pinned point was drawn last, and where the views show that point.
    #[must_use]
    pub fn pinned_card(&self) -> Option<(eframe::egui::Rect, &[eframe::egui::Pos2])> {
        self.inspector.pinned()
    }

    /// How the graph is shown in the views.
    #[must_use]
    pub fn graph_view(&self) -> &GraphView {
        &self.centre.graph
    }

    /// The map over the plane.
    #[must_use]
    pub fn map_view(&self) -> &MapView {
        &self.centre.map
    }

    /// Selects exactly these points, as a lasso around them does.
    pub fn select(&mut self, points: impl IntoIterator<Item = u32>) {
        self.centre.selection.replace(points);
    }

    /// Sets the panels, as loading a recipe does.
    pub fn set_job(&mut self, job: Job) {
        self.job = job;
        self.drafts = Drafts::default();
        self.carried = None;
    }

    /// Unfolds all settings, or folds all but the essential ones away.
    pub fn show_all_settings(&mut self, all: bool) {
        self.fold.open = all;
    }

    /// Sets the theme.
    pub fn set_theme(&mut self, theme: ThemeChoice) {
        self.theme = theme;
    }

    /// Asks for a picture of the window once the run is complete (or the data loaded, without `train`), `size` points large where
    /// that matters; the window then closes, and `failed` has what went wrong.
    pub fn shoot_and_close(&mut self, path: PathBuf, train: bool, size: Option<[f32; 2]>, failed: Failed) {
        self.shoot.wait_for(path, train, size, failed);
    }

    /// The stages that the next run will redo because the panels say something else than what is shown; empty when the
    /// picture is up to date or there is no result yet.
    #[must_use]
    pub fn stages_behind(&self) -> Vec<Stage> {
        let Some(shown) = self.result() else { return Vec::new() };
        let behind = if shown.job.source == self.job.source {
            let mut behind = shown.facts.stages_redone(&shown.job.recipe, &self.job.recipe);
            // Of a run that is shown again the engine may hold the stages of another one.
            if let Some(held) =
                self.engine.latest().filter(|held| !behind.is_empty() && held.job.source == self.job.source)
            {
                behind.extend(shown.facts.stages_redone(&held.job.recipe, &self.job.recipe));
                behind.sort_unstable();
                behind.dedup();
            }
            if self.way.elsewhere && !behind.is_empty() {
                behind = downstream(Stage::Load).to_vec();
            }
            // What rests on a training that cannot go on is made anew with it.
            if let Some(stopped) = self.run.stopped.filter(|_| !behind.is_empty() && !self.goes_on()) {
                behind.extend_from_slice(downstream(stopped.stage));
                behind.sort_unstable();
                behind.dedup();
            }
            behind
        } else {
            Stage::ALL.to_vec()
        };
        stages_run(&self.job.recipe, &behind)
    }

    /// The snapshot, if it holds the result of a solver.
    pub(super) fn result(&self) -> Option<&Arc<Snapshot>> {
        self.run.shown.as_ref().filter(|s| s.learned.is_some() || s.exact.is_some())
    }

    /// What empty views wait for.
    pub(super) fn waiting(&self) -> Waiting {
        let recipe = &self.job.recipe;
        let supervised = recipe.system.is_supervised();
        let painting = self.job.source.painted().is_some();
        let missing = if painting { "Paint two points or more" } else { "Needs data" };
        // What was refused changed nothing of what is shown.
        let phase = if self.is_refused() { self.run.at_rest() } else { self.run.phase };
        Waiting { phase, learn: recipe.learn, exact: recipe.exact, supervised, missing }
    }

    /// What colours the points now.
    pub(super) fn color_by(&self) -> ColorBy {
        self.drawn().map_or(ColorBy::Position, |s| ColorBy::resolve(self.centre.color_by, s))
    }

    pub(super) fn remember_path(&mut self) {
        if let Source::Path(path) = &self.job.source {
            // The next start may be in another folder.
            let path = std::path::absolute(path).unwrap_or_else(|_| path.clone());
            self.recent.retain(|p| *p != path);
            self.recent.insert(0, path);
            self.recent.truncate(MOST_RECENT);
            self.remember();
        }
    }
}

/// Gives egui what the whole window rests on: fonts and theme, the way of the keys, the drawing of points.
fn install(cc: &eframe::CreationContext<'_>) {
    let ctx = &cc.egui_ctx;
    crate::app::kit::icons::install_fonts(ctx);
    theme::apply(ctx, true);
    focus::install(ctx);
    ahead::install(ctx);
    ctx.options_mut(|o| {
        // egui takes the time of the frame for that of the click, and the frame after a selection of many points may be late.
        o.input_options.max_double_click_delay = 0.5;
        // The size of text has commands of its own, and is remembered.
        o.zoom_with_keyboard = false;
    });
    if let Some(render_state) = &cc.wgpu_render_state {
        gpu::install(ctx, render_state);
    }
}

/// What data is called where there is little room.
pub(super) fn name_of(source: &Source) -> String {
    match source {
        Source::Named(name) => name.clone(),
        Source::Path(path) => path.file_stem().map_or_else(|| "file".into(), |n| n.to_string_lossy().into_owned()),
        Source::Painted(_) => "painted".to_owned(),
    }
}
