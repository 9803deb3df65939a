//! Yes and no, as people and their programs answer.

/// A cell as yes or no, in one of the languages in which people and their programs answer.
pub(super) fn flag(text: &str) -> Option<bool> {
    const YES: [&str; 42] = [
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
        "真",
        "예",
        "✓",
        "✔",
        "☑",
        ".true.",
        "checked",
        "present",
        "positive",
        "pos",
    ];
    const NO: [&str; 43] = [
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
        "假",
        "아니오",
        "아니요",
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
    ];
    if text.len() > 20 {
        return None;
    }
    let lower = if text.is_ascii() { None } else { Some(text.to_lowercase()) };
    let is = |word: &&str| lower.as_deref().map_or_else(|| text.eq_ignore_ascii_case(word), |lower| lower == *word);
    if YES.iter().any(is) { Some(true) } else { NO.iter().any(is).then_some(false) }
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
            ("present", "absent"),
            ("Positive", "negative"),
        ] {
            assert_eq!([flag(yes), flag(no)], [Some(true), Some(false)], "{yes}");
        }
    }
}
