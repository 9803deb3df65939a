//! What the window says of a run that is over, and in which colour.

use eframe::egui::Color32;

use crate::app::kit::format;
use crate::app::kit::theme::Tokens;
use crate::app::shown::run::Run;
use crate::pipeline::Ending;
use crate::pipeline::Snapshot;
use crate::recipe::Stage;

/// A line of words and its colour: good where the result is what it should be, a warning where it is not yet, bad where it broke.
pub(in crate::app::shell) fn ended(run: &Run, snapshot: Option<&Snapshot>, tokens: &Tokens) -> (String, Color32) {
    // A training that is shown again took as long as it took.
    let again = run.done.iter().any(|d| d.stage == Stage::Learn && d.kept);
    let seconds: f64 = run.done.iter().filter(|d| again || !d.kept).map(|d| d.seconds).sum();
    let finished = if run.stored { "Stored, computed in" } else { "Finished in" };
    let finished = format!("{finished} {}", format::seconds(seconds));
    let Some(snapshot) = snapshot.filter(|s| s.learned.is_some()) else { return (finished, tokens.good) };
    let steps = format::counted(snapshot.step, "step");
    let kept =
        (snapshot.kept != snapshot.step).then(|| format!("the network after {} is kept", format::count(snapshot.kept)));
    let distance = snapshot.distance().map(|d| format!("distance {}", format::number(d)));
    let (parts, tone) = match snapshot.ending.unwrap_or(Ending::Complete) {
        // What a narrow window has no room for is cut off at the end.
        Ending::Converged => ([Some(finished), distance, Some(steps), kept], tokens.good),
        Ending::Complete => {
            // The objective batch graph solves another problem than the exact side.
            let other = distance.map(|d| format!("{d} to another problem's space"));
            ([Some(finished), Some(steps), kept, other], tokens.text)
        }
        Ending::Stopped => {
            let at = format!("Stopped at {} of {}", format::count(snapshot.step), format::count(snapshot.steps));
            ([Some(at), None, kept, distance], tokens.warning)
        }
        Ending::NotConverged => {
            let far = format!("Not converged after {steps}");
            ([Some(far), None, kept, distance.map(|d| format!("{d} to the exact space"))], tokens.warning)
        }
        Ending::Diverged => {
            let broke = format!("Diverged after {steps}");
            ([Some(broke), Some("a lower learning rate helps".to_owned()), kept, distance], tokens.bad)
        }
    };
    (parts.into_iter().flatten().collect::<Vec<_>>().join(" · "), tone)
}

/// The share of the training that was done.
pub(in crate::app::shell) fn done(snapshot: Option<&Snapshot>) -> f32 {
    match snapshot {
        Some(s) if s.ending == Some(Ending::Stopped) => s.step as f32 / s.steps.max(1) as f32,
        _ => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::app::shown::fixture::snapshot;
    use crate::measure::Agreement;

    #[test]
    fn each_end_has_its_words_and_its_colour() {
        let vectors = array![[1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [1.0, 1.0]];
        let mut shown = snapshot(Some(&vectors), Some(&vectors));
        (shown.step, shown.kept, shown.steps) = (138, 138, 800);
        shown.agreement = Some(Agreement { grassmann: 1.72, sin2: vec![0.8, 0.92], ari: 0.1, groups: vec![0, 1] });
        let tokens = Tokens::of(true);
        let mut said = |ending| {
            shown.ending = Some(ending);
            ended(&Run::default(), Some(&shown), tokens)
        };
        assert_eq!(said(Ending::Stopped), ("Stopped at 138 of 800 · distance 0.860".to_owned(), tokens.warning));
        let (words, tone) = said(Ending::NotConverged);
        assert!(
            words.starts_with("Not converged after 138 steps · distance 0.860") && tone == tokens.warning,
            "{words}"
        );
        let (words, tone) = said(Ending::Diverged);
        assert!(words.starts_with("Diverged") && tone == tokens.bad, "{words}");
        let (words, tone) = said(Ending::Converged);
        assert!(words.starts_with("Finished") && tone == tokens.good, "{words}");
        assert!(words.contains(" · distance 0.860 · 138 steps"), "the distance is not what is cut off: {words}");
        assert_eq!(said(Ending::Complete).1, tokens.text, "nothing to measure it by");
        shown.kept = 100;
        let (words, _) = ended(&Run::default(), Some(&shown), tokens);
        assert!(words.contains("the network after 100 is kept"), "{words}");
        shown.ending = Some(Ending::Stopped);
        assert!((done(Some(&shown)) - 138.0 / 800.0).abs() < 1e-6);
    }
}
