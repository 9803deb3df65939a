//! Text that strangers wrote, made safe to show: a header, a cell, a name in a model may hold escape sequences that would move a terminal's
//! cursor, change its title or hide what follows, and marks that turn the direction of reading.

use std::borrow::Cow;

/// The text with everything spelled out that a terminal would act on, line ends aside: `\u{1b}` for an escape.
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    spelled(text, |c| c == '\n')
}

/// The same as one line: line ends are spelled out too.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    spelled(text, |_| false)
}

fn spelled(text: &str, keep: impl Fn(char) -> bool) -> Cow<'_, str> {
    let acts = |c: char| !keep(c) && is_active(c);
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\t' => out.push(' '),
            c if acts(c) => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// JSON with the same characters as JSON's own escapes; the content stays what it is. They stand in strings alone.
pub(crate) fn json(text: &str) -> Cow<'_, str> {
    let acts = |c: char| c != '\n' && is_active(c);
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    let escaped = |c: char| if acts(c) { format!("\\u{:04x}", c as u32) } else { c.to_string() };
    Cow::Owned(text.chars().map(escaped).collect())
}

/// Control characters of both sets, and the marks that embed, override or isolate a direction.
fn is_active(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A name for a cell of a table that a spreadsheet may open: it takes what begins with `=`, `+`, `-` or `@` for a formula unless it is a
/// number, and a quote before it prevents that.
pub(crate) fn cell(name: &str) -> Cow<'_, str> {
    let formula = name.starts_with(['=', '+', '-', '@', '\t', '\r']) && name.parse::<f64>().is_err();
    match line(name) {
        plain if formula => Cow::Owned(format!("'{plain}")),
        plain => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_spelled_out() {
        assert_eq!(line("plain é 中 ± text"), "plain é 中 ± text");
        assert_eq!(line("\u{1b}]0;title\u{7} \u{9b}2J"), "\\u{1b}]0;title\\u{7} \\u{9b}2J");
        assert_eq!((line("a\nb\rc\td"), lines("a\nb\rc")), ("a\\nb\\rc d".into(), "a\nb\\rc".into()));
        assert_eq!(line("abc\u{202e}txt.exe"), "abc\\u{202e}txt.exe");
    }

    #[test]
    fn json_stays_what_it_says() {
        let value = serde_json::json!({"name": "a\u{9b}2J\u{202e}\u{1b}[0m\u{7f}é"});
        let text = serde_json::to_string_pretty(&value).expect("it can be written");
        let safe = json(&text);
        assert!(!safe.chars().any(|c| c != '\n' && is_active(c)), "{safe}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).expect("it is JSON"), value);
    }

    #[test]
    fn formulas_become_text_and_numbers_stay_numbers() {
        for (name, cell_text) in [("=1+1", "'=1+1"), ("@x", "'@x"), ("-1.5", "-1.5"), ("+a", "'+a"), ("plain", "plain")]
        {
            assert_eq!(cell(name), cell_text);
        }
    }
}
