//! Rows never seen: how far the network puts them from the exact eigenspace, beside Nyström's extension and the rows it did see.

use eframe::egui::{RichText, Ui};

use super::curves::{Curve, learn_style, legend_ui, plot_ui};
use super::{Card, Shown, title_ui};
use crate::app::kit::format;
use crate::app::kit::theme::Tokens;
use crate::app::views::empty_ui;
use crate::pipeline::{Placed, Sides, Unseen};
use crate::recipe::Stage;
use crate::support::language::counted;
use crate::support::number::score;

pub(super) fn unseen_ui(ui: &mut Ui, shown: Shown) {
    let run = shown.run;
    let tokens = Tokens::in_ui(ui);
    let mut curves = [
        Curve::new("never seen", tokens.learned, run, |p| p.unseen),
        Curve::new("seen", tokens.good, run, |p| p.seen),
        Curve::new("Nyström", tokens.learned, run, |_| None).reference(),
    ];
    let unseen = shown.snapshot.and_then(|snapshot| snapshot.unseen.as_deref()).filter(|_| !run.is_old(Stage::Learn));
    let title = |ui: &mut Ui, figure| title_ui(ui, Card::Unseen.title(), Card::Unseen.tip(), figure);
    let (Some(unseen), false) = (unseen, curves[0].points.is_empty()) else {
        title(ui, None);
        return empty_ui(ui, why_not(shown));
    };
    // Its line runs as far as the rows were held out.
    curves[2].points = curves[0].points.iter().map(|point| [point[0], unseen.extension]).collect();
    let by_then = |point: &&[f64; 2]| run.past.is_none_or(|past| point[0] <= past as f64);
    let last = curves[0].points.iter().rfind(by_then).map(|point| point[1]);
    let distance = unseen.sides.map(|sides| sides.learned.distance).or(last);
    let figure =
        distance.map(|distance| format!("{}, Nyström {}", format::number(distance), format::number(unseen.extension)));
    title(ui, figure.clone());
    legend_ui(ui, &curves);
    ui.label(RichText::new(sentence(unseen)).small().color(tokens.text_weak))
        .on_hover_text("Both sides knew the other rows alone when this was measured. Labels are read for the accuracy and nothing else");
    plot_ui(ui, Card::Unseen.title(), &curves, &learn_style(run, unseen.sides.map(|sides| sides.step)), figure);
}

/// Why there is no curve.
fn why_not(shown: Shown) -> &'static str {
    let trained = shown.snapshot.is_some_and(|snapshot| snapshot.ending.is_some());
    if !shown.job.recipe.exact {
        "Needs the exact side, which is off"
    } else if trained && shown.snapshot.is_some_and(|snapshot| snapshot.unseen.is_none()) {
        "No row was held out: Hold out, in Training, is 0, or there are fewer than 100 rows"
    } else {
        "Curves appear once training starts"
    }
}

/// What became of the rows held out.
fn sentence(unseen: &Unseen) -> String {
    let rows = format!("{} held out, {:.0} %", counted(unseen.rows.len(), "row"), 100.0 * unseen.share);
    let Some(Sides { learned, nystrom, step }) = unseen.sides else {
        return format!("{rows}. All rows come in at the end.");
    };
    let acc = |placed: Placed| placed.acc.map_or_else(String::new, |acc| format!(", ACC {}", score(Some(acc))));
    format!(
        "{rows}. At step {step} ARI {}{}; Nyström {}{}. Then all rows came in.",
        score(Some(learned.ari)),
        acc(learned),
        score(Some(nystrom.ari)),
        acc(nystrom),
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn the_sentence_says_what_is_known() {
        let placed = |ari, acc| Placed { distance: 0.01, ari, acc };
        let mut unseen = Unseen { rows: Arc::new(vec![3, 5]), share: 0.1, extension: 0.004, sides: None };
        assert_eq!(sentence(&unseen), "2 rows held out, 10 %. All rows come in at the end.");
        unseen.sides = Some(Sides { step: 40, learned: placed(0.9, Some(0.8)), nystrom: placed(1.0, None) });
        assert_eq!(
            sentence(&unseen),
            "2 rows held out, 10 %. At step 40 ARI 0.900, ACC 0.800; Nyström 1.000. Then all rows came in."
        );
    }
}
