//! A number that a person typed and that cannot be: it changes nothing, and the control says why.

use std::ops::RangeInclusive;

use eframe::egui::{self, Id, RichText, Ui};

use super::knobs::Knob;
use crate::app::theme::Tokens;

/// What a text means for a number from `range`, or why it means nothing. A text of blanks is no answer.
pub(super) fn read(text: &str, range: &RangeInclusive<f64>, whole: bool) -> Result<Option<f64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let Some(value) = ungrouped(text).and_then(|plain| plain.parse::<f64>().ok()) else {
        return Err(format!("`{text}` is no number"));
    };
    if whole && value.is_finite() && value.fract() != 0.0 {
        return Err(format!("{text} is no whole number"));
    }
    if range.contains(&value) {
        return Ok(Some(value));
    }
    let side = |v: f64| if whole { crate::app::format::count(v as usize) } else { format!("{v}") };
    Err(if value < *range.start() {
        format!("{text} is too little; the least is {}", side(*range.start()))
    } else if value > *range.end() {
        format!("{text} is too much; the most is {}", side(*range.end()))
    } else {
        format!("{text} is no number")
    })
}

/// A number without the commas between thousands that the window itself writes, and with a typewriter's minus. A comma elsewhere may
/// be anyone's decimal point, so that nothing is guessed.
fn ungrouped(text: &str) -> Option<String> {
    let mut groups = text.split(',');
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let three =
        |group: &str| group.split('.').next().is_some_and(|g| g.len() == 3 && g.bytes().all(|b| b.is_ascii_digit()));
    let fine = rest.iter().all(|group| three(group)) && (rest.is_empty() || (1..=3).contains(&first.len()));
    fine.then(|| format!("{first}{}", rest.concat()).replace('−', "-"))
}

/// Where a control keeps why it refused what was typed.
fn place(knob: &Knob) -> Id {
    Id::unique(("refused", knob.label))
}

/// The reason stays until the value becomes another or something else is typed.
#[derive(Clone)]
struct Reason {
    text: String,
    value: f64,
}

/// Keeps why a number stays at `value`, or forgets it.
pub(super) fn keep(ui: &Ui, knob: &Knob, value: f64, reason: Option<String>) {
    ui.data_mut(|data| match reason {
        Some(text) => {
            data.insert_temp(place(knob), Reason { text, value });
        }
        None => data.remove::<Reason>(place(knob)),
    });
}

/// The reason under the control, if there is one.
#[expect(clippy::float_cmp, reason = "a value that nobody touched is the same to the last bit")]
pub(in crate::app) fn reason_ui(ui: &mut Ui, knob: &Knob, value: f64) {
    let Some(reason) = ui.data(|data| data.get_temp::<Reason>(place(knob))) else { return };
    if reason.value != value {
        return keep(ui, knob, value, None);
    }
    let color = Tokens::in_ui(ui).bad;
    ui.add(egui::Label::new(RichText::new(format!("{}: {}", knob.label, reason.text)).small().color(color)).wrap());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_says_why() {
        let whole = |text: &str| read(text, &(1.0..=200.0), true);
        assert_eq!((whole(" 12 "), whole(""), whole("1e2")), (Ok(Some(12.0)), Ok(None), Ok(Some(100.0))));
        assert_eq!(read("7,000", &(0.0..=1e4), true), Ok(Some(7000.0)));
        for (text, words) in [
            ("500", "500 is too much; the most is 200"),
            ("0", "0 is too little; the least is 1"),
            ("-3", "-3 is too little"),
            ("2.5", "no whole number"),
            ("many", "`many` is no number"),
            ("nan", "no number"),
            ("0,5", "no number"),
            ("inf", "too much"),
        ] {
            let refused = whole(text).expect_err(text);
            assert!(refused.contains(words), "{refused}");
        }
        assert_eq!(read("0.25", &(0.0..=1.0), false), Ok(Some(0.25)));
    }
}
