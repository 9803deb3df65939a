//! Public sets that are not here: downloaded at a click, and opened once they are.

use eframe::egui::{self, Ui};

use crate::app::files::downloading::Downloading;
use crate::app::kit::standing::Standing;
use crate::app::shell::frame::banner::banner;
use crate::app::shell::frame::notices::Grade;
use crate::app::shell::state::App;
use crate::data::fetch::{PublicSet, Request};
use crate::support::error::{Remedy, Value};

impl App {
    /// Takes sets from elsewhere than their mirrors, to elsewhere than the cache.
    pub fn download_as(&mut self, request: Request) {
        self.downloads.instead = Some(request);
    }

    /// Begins to download a set.
    pub(in crate::app::shell) fn download(&mut self, ctx: &egui::Context, name: &str) {
        let Some(set) = PublicSet::named(name) else { return };
        let request = self.downloads.instead.clone().map_or_else(|| Request::new(set), Ok);
        match request.and_then(|request| Downloading::start(ctx, set, request)) {
            Ok(downloading) => self.downloads.running = Some(downloading),
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
    }

    /// Under the bar: how far a download is. Whether there is one.
    pub(in crate::app::shell) fn download_ui(&mut self, ui: &mut Ui) -> bool {
        let Some(downloading) = &self.downloads.running else { return false };
        let (share, note) = downloading.stands();
        let text = format!("Downloading {} ({})", downloading.set.name, downloading.set.licence);
        let detail = format!("{:.0} %: {note}", 100.0 * share);
        if banner(ui, Standing::Opening, &text, &detail, &["Cancel download"]).is_some() {
            let text = format!("The download of {} was cancelled; what came is kept", downloading.set.name);
            self.downloads.running = None;
            self.notices.say(ui.ctx(), Grade::Note, text);
        }
        true
    }

    /// Says what came of a download, and opens what failed for want of it.
    pub(in crate::app::shell) fn take_download(&mut self, ctx: &egui::Context) {
        let Some(told) = self.downloads.running.as_ref().and_then(Downloading::ended) else { return };
        let Some(downloading) = self.downloads.running.take() else { return };
        let set = downloading.set;
        match told {
            Ok(fetched) => {
                let text = format!("{} is in {}: {}, {}", set.name, fetched.folder.display(), set.licence, set.credit);
                self.notices.say(ctx, Grade::Good, text);
                let missed = |way: &Remedy| way.value == Value::Downloaded(set.name);
                if self.run.error.is_some() && self.run.remedies.iter().any(missed) {
                    self.try_again();
                }
            }
            Err(error) => self.notices.say(ctx, Grade::Bad, error.to_string()),
        }
    }
}
