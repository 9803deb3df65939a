//! Self-training: how many samples changed their cluster, whether they may, and the classifier's loss.

use eframe::egui::{RichText, Ui};

use super::{Card, Shown, codes, curves, title_ui};
use crate::app::kit::theme::Tokens;
use crate::app::views::empty_ui;
use crate::pipeline::SelfTrained;
use crate::recipe::Stage;
use crate::support::language::counted;

pub(super) fn self_training_ui(ui: &mut Ui, shown: Shown) {
    let last = shown.run.prepared.iter().rfind(|p| p.stage == Stage::Clusters);
    let figure = codes::figure(shown.run, Stage::Clusters, last);
    title_ui(ui, Card::SelfTraining.title(), Card::SelfTraining.tip(), figure);
    let trained = shown.snapshot.and_then(|s| s.self_trained.as_deref());
    if trained.is_none() && last.is_none() {
        return empty_ui(ui, "Begins once there are clusters");
    }
    let tokens = Tokens::in_ui(ui);
    let words = trained.map_or_else(|| "The classifier learns; colours follow its answers".to_owned(), said);
    ui.label(RichText::new(words).small().color(tokens.text));
    curves::prepared_ui(ui, shown.run, Stage::Clusters);
}

/// What came of it, in a sentence.
fn said(trained: &SelfTrained) -> String {
    let moved = counted(trained.moved.iter().filter(|&&moved| moved).count(), "sample");
    let agreement = 100.0 * trained.agreement;
    if trained.taken {
        format!("{moved} moved to another cluster. Of those kept from it, it puts {agreement:.1} % where they were")
    } else {
        format!(
            "Not taken: of those kept from it, it puts {agreement:.1} % where the clusters have them; {moved} would move"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_whether_the_answers_are_the_clusters() {
        let trained = SelfTrained {
            confidence: vec![0.5; 3],
            moved: vec![true, false, false],
            agreement: 0.975,
            taken: true,
            before: None,
            classifier: None,
        };
        assert_eq!(
            said(&trained),
            "1 sample moved to another cluster. Of those kept from it, it puts 97.5 % where they were"
        );
        assert!(said(&SelfTrained { taken: false, ..trained }).starts_with("Not taken"));
    }
}
