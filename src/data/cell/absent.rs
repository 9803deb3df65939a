//! What people and their programs write where there is nothing.

/// Words that mean a missing value wherever they stand, in any case.
pub(crate) const SURELY_MISSING: [&str; 38] = [
    "",
    "nan",
    "-nan",
    "#n/a",
    "#na",
    "#n/a n/a",
    "#null!",
    "<na>",
    "n/a",
    "n.a.",
    "null",
    "(null)",
    "\\n",
    "?",
    "1.#qnan",
    "-1.#qnan",
    "1.#ind",
    "-1.#ind",
    "nan(ind)",
    "-nan(ind)",
    "nat",
    "<nan>",
    "<null>",
    "[null]",
    "(blank)",
    // The date that MySQL has for none.
    "0000-00-00",
    "0000-00-00 00:00:00",
    "00.00.0000",
    "00/00/0000",
    // Errors of spreadsheets, also in German, French and Spanish.
    "#div/0!",
    "#value!",
    "#ref!",
    "#num!",
    "#name?",
    "#nv",
    "#n/d",
    "#wert!",
    "#valeur!",
];
/// Words that mean one among numbers, and may be a name among words: Namibia's code, North America, a class called none.
const MISSING_AMONG_NUMBERS: [&str; 39] = [
    "na",
    "none",
    "nil",
    "missing",
    "-",
    "--",
    "---",
    "–",
    "—",
    ".",
    "..",
    "...",
    "…",
    "nd",
    "n.d.",
    "n/d",
    "s/d",
    "k.a.",
    "k. a.",
    "keine angabe",
    "unknown",
    "unbekannt",
    "not available",
    "not applicable",
    "no data",
    "n.v.",
    "n.c.",
    "brak",
    "brak danych",
    // What statistical offices put in place of a number.
    ":",
    "*",
    "**",
    "/",
    // What is left of a quote around nothing.
    "'",
    "\"",
    "`",
    "´",
    "''",
    // So that no spreadsheet takes it for a formula, as archives of cancer write it.
    "'--",
];

/// Bytes of the longest of all these.
const LONGEST_MISSING: usize = 19;

/// Whether a cell, without blanks around it, holds nothing, among numbers.
pub(in crate::data) fn is_missing(text: &str) -> bool {
    is_surely_missing(text)
        || text.len() <= LONGEST_MISSING && MISSING_AMONG_NUMBERS.iter().any(|word| text.eq_ignore_ascii_case(word))
        || is_letter_of_sas(text)
        || text.strip_prefix(':').is_some_and(|flags| are_flags(flags.trim_start()))
}

/// Whether letters are those that Eurostat puts behind a number, or where there is none: break in the series, provisional, estimated, ….
pub(in crate::data) fn are_flags(text: &str) -> bool {
    (1..=3).contains(&text.len()) && text.bytes().all(|letter| b"bcdefinprsuz".contains(&letter))
}

/// What SAS and Stata write for values that are missing for a reason: `.A` to `.Z`, `._`.
fn is_letter_of_sas(text: &str) -> bool {
    matches!(text.as_bytes(), [b'.', letter] if letter.is_ascii_alphabetic() || *letter == b'_')
}

/// Whether a cell, without blanks around it, holds nothing, whatever else stands in its column.
pub(in crate::data) fn is_surely_missing(text: &str) -> bool {
    // Most cells are longer or begin otherwise.
    text.len() <= LONGEST_MISSING && SURELY_MISSING.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// What a cell that says nothing may hold, in words.
pub(in crate::data) fn missing_words() -> String {
    "empty, NA, N/A, #N/A, NaN, null, None, nil, missing, unknown, n.d., ?, -, ., :, *, /, .A to .Z, \\N and errors of spreadsheets, in any case"
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::{Cell, Notation, cell};
    use super::*;

    #[test]
    fn words_for_missing_are_known() {
        let lists = "|0000-00-00|#N/A|N/A|n/a|NA|NULL|<NA>|None|NaN|nan|null|-nan|\\N|-|?|missing|n.a.|.|.A|.z|._|#DIV/0!|#NV|k.A.|Unknown|:|*|'|'--|: c|:u";
        for word in lists.split('|') {
            assert_eq!(cell(word, Notation::Plain), Cell::Missing, "{word}");
        }
        assert!([".AB", ".5", "A"].iter().all(|text| !is_missing(text)));
        assert!(MISSING_AMONG_NUMBERS.iter().chain(&SURELY_MISSING).all(|word| word.len() <= LONGEST_MISSING));
        assert_eq!(["oops", "0x1", "inch"].map(|w| cell(w, Notation::Plain)), [Cell::Word; 3]);
        assert!(!is_surely_missing("NA") && !is_surely_missing("none") && is_surely_missing("N/A"));
    }
}
