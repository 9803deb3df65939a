//! Answers with their number before or behind them, and places in a row.

/// Most digits of the number of an answer.
const DIGITS: usize = 3;
/// What stands behind the number of a place in a row.
pub(in crate::data) const ORDINALS: [&str; 4] = ["st", "nd", "rd", "th"];

/// The number of an answer and its words, which stand behind a mark or in brackets, or before the number in brackets: `1 - never`,
/// `5 (always)`, `always (5)`; or a place, `2nd`.
pub(in crate::data) fn graded(text: &str) -> Option<(u32, &str)> {
    if let Some((words, number)) = text.strip_suffix(')').and_then(|text| text.rsplit_once('('))
        && words.starts_with(char::is_alphabetic)
        && (1..=DIGITS).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
    {
        return Some((number.parse().ok()?, words.trim_end()));
    }
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    let number = text.get(..end).filter(|digits| (1..=DIGITS).contains(&digits.len()))?.parse().ok()?;
    let rest = &text[end..];
    if rest.is_empty() || ORDINALS.contains(&rest) {
        return Some((number, rest));
    }
    let rest = rest.trim_start();
    let words = match rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(words) => words,
        None => rest.strip_prefix(['-', '–', '—', ':', '=', '.', ')'])?,
    };
    let words = words.trim();
    words.starts_with(char::is_alphabetic).then_some((number, words))
}

/// The number of an answer that has one.
pub(super) fn grade(text: &str) -> Option<f64> {
    graded(text).map(|(number, _)| f64::from(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_its_number() {
        assert_eq!(["5 (very much)", "2nd", "7", "x"].map(grade), [Some(5.0), Some(2.0), Some(7.0), None]);
    }
}
