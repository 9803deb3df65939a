//! Yes and no, as people and their programs answer.

/// What means yes, in lower case ...
const YES: [&str; 54] = [
    "true",
    "yes",
    "t",
    "y",
    "on",
    "ja",
    "j",
    "oui",
    "si",
    "sí",
    "sì",
    "sim",
    "vrai",
    "wahr",
    "vero",
    "verdadero",
    "verdadeiro",
    "waar",
    "tak",
    "prawda",
    "ano",
    "da",
    "да",
    "так",
    "истина",
    "evet",
    "igen",
    "kyllä",
    "joo",
    "naam",
    "はい",
    "是",
    "有",
    "真",
    "예",
    "نعم",
    "بله",
    "हाँ",
    "हां",
    "כן",
    "ναι",
    "ใช่",
    "có",
    "✓",
    "✔",
    "☑",
    ".true.",
    "checked",
    "present",
    "positive",
    "pos",
    "pass",
    "passed",
    "bestanden",
];
/// ... and what means no.
const NO: [&str; 56] = [
    "false",
    "no",
    "f",
    "n",
    "off",
    "nein",
    "non",
    "nej",
    "não",
    "nao",
    "faux",
    "falsch",
    "falso",
    "onwaar",
    "nee",
    "nei",
    "nie",
    "fałsz",
    "ne",
    "нет",
    "ні",
    "не",
    "ложь",
    "hayır",
    "hayir",
    "nem",
    "ei",
    "いいえ",
    "否",
    "无",
    "假",
    "아니오",
    "아니요",
    "لا",
    "خیر",
    "नहीं",
    "לא",
    "όχι",
    "ไม่",
    "ไม่ใช่",
    "không",
    "아뇨",
    "✗",
    "✘",
    "✕",
    "☐",
    "☒",
    ".false.",
    "unchecked",
    "not checked",
    "absent",
    "negative",
    "neg",
    "fail",
    "failed",
    "nicht bestanden",
];

/// A cell as yes or no, in one of the languages in which people and their programs answer.
pub(in crate::data) fn flag(text: &str) -> Option<bool> {
    if text.len() > 20 {
        return None;
    }
    let lower = if text.is_ascii() { None } else { Some(text.to_lowercase()) };
    let is = |word: &&str| lower.as_deref().map_or_else(|| text.eq_ignore_ascii_case(word), |lower| lower == *word);
    if YES.iter().any(is) { Some(true) } else { NO.iter().any(is).then_some(false) }
}

/// Whether a cell is a mark that stands where something holds, beside cells that hold nothing.
pub(in crate::data) fn is_tick(text: &str) -> bool {
    matches!(text, "x" | "X" | "×" | "+" | "●" | "•" | "■" | "✅" | "☒" | "✗" | "✘")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_in_pairs() {
        assert_eq!(
            ["True", "FALSE", "y", "off", "Ja", "nein", "1", "maybe"].map(flag).map(|f| f.map(u8::from)),
            [Some(1), Some(0), Some(1), Some(0), Some(1), Some(0), None, None]
        );
        for (yes, no) in [
            ("Да", "НЕТ"),
            ("SÍ", "no"),
            ("Evet", "hayır"),
            ("是", "否"),
            ("Verdadero", "FALSO"),
            ("Tak", "nie"),
            (".TRUE.", ".FALSE."),
            ("Checked", "Unchecked"),
            ("نعم", "لا"),
            ("有", "无"),
            ("ใช่", "ไม่ใช่"),
            ("present", "absent"),
            ("Positive", "negative"),
        ] {
            assert_eq!([flag(yes), flag(no)], [Some(true), Some(false)], "{yes}");
        }
    }
}
