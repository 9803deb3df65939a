//! A number that a person typed and that cannot be: it changes nothing, and the control says why.

use eframe::egui::{self, Id, RichText, Ui};

use super::caption::Caption;
use crate::app::kit::theme::Tokens;
use crate::recipe::knobs::{End, Range};

/// What a text means for a number from `range`, or why it means nothing. A text of blanks is no answer.
pub(in crate::app) fn read(text: &str, range: &Range) -> Result<Option<f64>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let Some(value) = ungrouped(text).and_then(|plain| plain.parse::<f64>().ok()) else {
        return Err(format!("`{text}` is no number"));
    };
    let whole = range.is_whole();
    if whole && value.is_finite() && value.fract() != 0.0 {
        return Err(format!("{text} is no whole number"));
    }
    let typed = range.typed();
    if typed.contains(&value) {
        return Ok(Some(value));
    }
    let side = |v: f64| if whole { crate::app::kit::format::count(v as usize) } else { format!("{v}") };
    Err(if value < *typed.start() {
        match range.least {
            End::Above(least) => format!("{text} is too little; it must be above {}", side(least)),
            _ => format!("{text} is too little; the least is {}", side(*typed.start())),
        }
    } else if value > *typed.end() {
        match range.most {
            End::Below(most) => format!("{text} is too much; it must be below {}", side(most)),
            End::Open if !whole => format!("{text} is too much"),
            _ => format!("{text} is too much; the most is {}", side(*typed.end())),
        }
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
fn place(caption: &Caption) -> Id {
    Id::unique(("refused", caption.label))
}

/// A reason can be read for so many seconds, whatever is done meanwhile.
const READ: f64 = 4.0;

/// The reason stays until the value becomes another, something else is typed, or, once there was time to read it, anything else is done.
#[derive(Clone)]
struct Reason {
    text: String,
    value: f64,
    since: f64,
}

/// Keeps why a number stays at `value`, or forgets it.
pub(in crate::app) fn keep(ui: &Ui, caption: &Caption, value: f64, reason: Option<String>) {
    let since = ui.input(|i| i.time);
    ui.data_mut(|data| match reason {
        Some(text) => {
            data.insert_temp(place(caption), Reason { text, value, since });
        }
        None => data.remove::<Reason>(place(caption)),
    });
}

/// The reason under the control, if there is one.
#[expect(clippy::float_cmp, reason = "a value that nobody touched is the same to the last bit")]
pub(in crate::app) fn reason_ui(ui: &mut Ui, caption: &Caption, value: f64) {
    let Some(reason) = ui.data(|data| data.get_temp::<Reason>(place(caption))) else { return };
    let done = |i: &egui::InputState| i.pointer.any_pressed() || i.events.iter().any(is_key);
    let read = ui.input(|i| i.time - reason.since > READ && done(i));
    if reason.value != value || read {
        return keep(ui, caption, value, None);
    }
    let color = Tokens::in_ui(ui).bad;
    ui.add(egui::Label::new(RichText::new(format!("{}: {}", caption.label, reason.text)).small().color(color)).wrap());
}

fn is_key(event: &egui::Event) -> bool {
    matches!(event, egui::Event::Key { pressed: true, .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_says_why() {
        let whole = |text: &str| read(text, &Range::between(1, 200));
        assert_eq!((whole(" 12 "), whole(""), whole("1e2")), (Ok(Some(12.0)), Ok(None), Ok(Some(100.0))));
        assert_eq!(read("7,000", &Range::at_least(0)), Ok(Some(7000.0)));
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
        let share = |text: &str| read(text, &Range::fine(End::Above(0.0), End::Below(1.0), 0.005, 3));
        assert_eq!((share("0.25"), share("1e-9")), (Ok(Some(0.25)), Ok(Some(1e-9))));
        assert_eq!(share("0").expect_err("not above 0"), "0 is too little; it must be above 0");
        assert_eq!(share("1").expect_err("not below 1"), "1 is too much; it must be below 1");
        assert_eq!(read("inf", &Range::RATE).expect_err("no rate"), "inf is too much");
    }
}
