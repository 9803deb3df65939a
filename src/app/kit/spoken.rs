//! Messages name settings as the command line does. In the window they are called what their controls are called.

use crate::recipe::flags::expand;
use crate::recipe::knobs::{Knob, find};

/// What a command in a message is in the window.
const COMMANDS: [(&str, &str); 1] =
    [("`apply --by exact` labels", "“By the exact side”, beside the rings of Label another file…, labels")];

/// A message with every flag turned into the label of its control: `--text drop` into `Word columns “drop”`.
#[must_use]
pub fn spoken(text: &str) -> String {
    let text = COMMANDS.iter().fold(text.to_owned(), |text, (command, control)| text.replace(command, control));
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find("--") {
        let (before, tail) = (&rest[..at], &rest[at + 2..]);
        out.push_str(before);
        let begins = !before.ends_with(|c: char| c.is_alphanumeric() || c == '-');
        if let Some((words, left)) = begins.then(|| control(tail)).flatten() {
            out.push_str(&words);
            rest = left;
        } else {
            out.push_str("--");
            rest = tail;
        }
    }
    out.push_str(rest);
    out
}

/// The knobs whose flags a message names, each once.
pub(in crate::app) fn named(text: &str) -> Vec<&'static Knob> {
    let mut found: Vec<&Knob> = Vec::new();
    for piece in text.split("--").skip(1) {
        if let Some((knob, _, _)) = knob(piece)
            && !found.iter().any(|k| k.flag == knob.flag)
        {
            found.push(knob);
        }
    }
    found
}

/// The knob that a text without its two dashes begins with, the value that its short form stands for, and what follows.
fn knob(tail: &str) -> Option<(&'static Knob, Option<String>, &str)> {
    let end = tail.find(|c: char| !(c.is_ascii_lowercase() || c == '-')).unwrap_or(tail.len());
    let (flag, after) = tail.split_at(end);
    if let Some(knob) = find(flag) {
        return Some((knob, None, after));
    }
    let long = expand([format!("--{flag}").into()]).pop()?.into_string().ok()?;
    let (flag, value) = long.strip_prefix("--")?.split_once('=')?;
    Some((find(flag)?, Some(value.to_owned()), after))
}

/// What a flag is called in the window, with its value where that is a word, and the text behind it.
fn control(tail: &str) -> Option<(String, &str)> {
    let (knob, short, after) = knob(tail)?;
    if let Some(value) = short {
        return Some((with_value(knob, &value), after));
    }
    let Some(next) = after.strip_prefix([' ', '=']) else { return Some((knob.label.to_owned(), after)) };
    let end = next.find(|c: char| c.is_whitespace() || ",;:.)`".contains(c)).unwrap_or(next.len());
    let (word, left) = next.split_at(end);
    if takes(knob, word) {
        return Some((with_value(knob, word), left));
    }
    // What is to be given for each column has a control of its own there.
    if let Some((_, value)) = word.split_once('=').filter(|(name, _)| *name == "NAME") {
        return Some((format!("{} “{value}” in Columns", knob.label.trim_end_matches('s')), left));
    }
    // A word such as FOLDER only stands for what is to be given.
    let stands_for = word.len() > 1 && word.bytes().all(|b| b.is_ascii_uppercase());
    Some((knob.label.to_owned(), if stands_for { left } else { after }))
}

/// A control with one of its values, as the window shows it.
pub(in crate::app) fn with_value(knob: &Knob, value: &str) -> String {
    match value {
        "true" => format!("{} on", knob.label),
        "false" => format!("{} off", knob.label),
        number if number.parse::<f64>().is_ok() => format!("{} {number}", knob.label),
        word => format!("{} “{}”", knob.label, word.replace('-', " ")),
    }
}

/// Whether a word is a value of the flag, not just the next word of a sentence.
fn takes(knob: &Knob, word: &str) -> bool {
    let Some(flag) = knob.arg() else { return false };
    let values = flag.get_possible_values();
    let usual = ["auto", "none", "local", "global", "true", "false"];
    if values.is_empty() { usual.contains(&word) } else { values.iter().any(|v| v.matches(word, false)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_become_the_labels_of_their_controls() {
        for (flags, labels) in [
            (
                "`red` is not a number; --text drop leaves such a column out",
                "`red` is not a number; Word columns “drop” leaves such a column out",
            ),
            ("turn --batch up or --lr down", "turn Batch up or Learning rate down"),
            ("--batch 4 is outside 6 to 65536", "Batch 4 is outside 6 to 65536"),
            ("drawn at random (--limit 300)", "drawn at random (Limit 300)"),
            (
                "--no-exact and --no-learn together leave nothing",
                "Exact side off and Learned side off together leave nothing",
            ),
            ("--data-dir FOLDER says where", "Data folder says where"),
            ("--kind NAME=category one of them", "Kind “category” in Columns one of them"),
            ("--missing drop-rows, --label-column none", "Missing values “drop rows”, Label column “none”"),
            ("`eigenscope run DATA --out DIR` writes one", "`eigenscope run DATA --out DIR` writes one"),
            ("a --b and x--lr and --", "a --b and x--lr and --"),
            (
                "does (0.97): `apply --by exact` labels new rows by that",
                "does (0.97): “By the exact side”, beside the rings of Label another file…, labels new rows by that",
            ),
        ] {
            assert_eq!(spoken(flags), labels);
        }
        let flags: Vec<&str> = named("--batch with --no-learn, not --out; --batch").iter().map(|k| k.flag).collect();
        assert_eq!(flags, ["batch", "learn"]);
    }

    /// What the library says, it may say in the window: each flag in a sentence of its own must have a control there, the few
    /// apart that only commands have.
    #[test]
    fn every_flag_that_a_message_names_has_a_control() {
        let of_commands =
            ["by", "out", "onnx", "input", "share", "recipe", "roles", "resume", "force", "quiet", "json"];
        let mut files = vec![std::path::PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))];
        let mut seen = 0;
        while let Some(path) = files.pop() {
            if path.is_dir() {
                let inside = std::fs::read_dir(&path).expect("a folder of sources").flatten().map(|e| e.path());
                files.extend(inside.filter(|p| !p.ends_with("src/cli") && !p.ends_with("src/app")));
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("a source file");
            let code = source.split("#[cfg(test)]").next().unwrap_or_default();
            for line in code.lines().filter(|l| !l.trim_start().starts_with("//") && l.contains('"')) {
                for piece in line.split("--").skip(1) {
                    let end = piece.find(|c: char| !(c.is_ascii_lowercase() || c == '-')).unwrap_or(piece.len());
                    let flag = &piece[..end];
                    let known = flag.trim_matches('-').is_empty()
                        || knob(piece).is_some()
                        || of_commands.contains(&flag)
                        || flag == "standardize";
                    assert!(known, "{}: --{flag} in `{}`", path.display(), line.trim());
                    seen += 1;
                }
            }
        }
        assert!(seen > 40, "{seen} flags were looked at");
    }
}
