//! Where the picture stands, for the strip, the views and whoever asks.

use eframe::egui::{self, Ui, vec2};

use crate::app::kit::standing::Standing;
use crate::app::kit::theme::Tokens;
use crate::app::shell::state::App;
use crate::app::shown::run::Phase;
use crate::pipeline::Ending;

impl App {
    /// Where the picture stands.
    #[must_use]
    pub fn picture_stands(&self) -> Standing {
        let refused = self.is_refused();
        if self.run.error.is_some() && !refused {
            return Standing::Failed;
        }
        // What was refused changed nothing of what is shown.
        match if refused { self.run.at_rest() } else { self.run.phase } {
            Phase::Opening => Standing::Opening,
            _ if self.opens_example() => Standing::Opening,
            _ if self.live().is_some() => Standing::Live,
            Phase::Running => Standing::Training,
            Phase::Paused => Standing::Paused,
            Phase::Empty => Standing::Empty,
            Phase::Failed => Standing::Failed,
            _ if self.shows_example() => Standing::Stored,
            _ if !self.stages_behind().is_empty() => Standing::Older,
            Phase::Ready => Standing::Ready,
            Phase::Stopped => Standing::Stopped,
            Phase::Finished => match self.run.shown.as_ref().and_then(|shown| shown.ending) {
                Some(Ending::NotConverged | Ending::Diverged) => Standing::Far,
                // It came back from a project, which does not keep what it takes to go on.
                Some(Ending::Stopped) => Standing::Stopped,
                _ => Standing::Finished,
            },
        }
    }

    /// The same as a sign and a word, at the left of the strip.
    pub(in crate::app::shell) fn standing_ui(&self, ui: &mut Ui) {
        let tokens = Tokens::in_ui(ui);
        let standing = self.picture_stands();
        let tone = standing.tone(tokens);
        let font = egui::TextStyle::Body.resolve(ui.style());
        let galley = ui.painter().layout_no_wrap(standing.word().to_owned(), font, tokens.text_strong);
        let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(34.0, 6.0), egui::Sense::hover());
        let edge = egui::Stroke::new(1.0, tone);
        let fill = tokens.panel.blend(tone.gamma_multiply(0.10));
        ui.painter().rect(rect, 0.5 * rect.height(), fill, edge, egui::StrokeKind::Inside);
        standing.sign(ui.painter(), rect.left_center() + vec2(14.0, 0.0), 11.0, tone);
        let at = rect.left_center() + vec2(24.0, -0.5 * galley.size().y);
        ui.painter().galley(at, galley, tokens.text_strong);
        let said = format!("Picture: {}", standing.word().to_lowercase());
        response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &said));
    }
}
