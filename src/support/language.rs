//! Words for people: counted things, and what a mistyped word was probably meant to be.

/// A number with its noun, such as `1 column` or `1797 columns`; `one` becomes many by an `s`, or `es` behind an `s`.
pub(crate) fn counted(count: usize, one: &str) -> String {
    format!("{count} {}", plural(count, one))
}

/// The noun alone, in the number that fits.
pub(crate) fn plural(count: usize, one: &str) -> String {
    if count == 1 { one.to_owned() } else { format!("{one}{}s", if one.ends_with('s') { "e" } else { "" }) }
}

/// `is` or `are`.
pub(crate) fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// At most `most` characters, the end of a longer text replaced by `…`.
#[must_use]
pub(crate) fn short(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut cut: String = text.chars().take(most.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// The one of `known` that a person who typed `word` probably meant: as few slips away as any, and no more than a third of
/// the longer word.
pub(crate) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase();
    let slips = known.into_iter().map(|k| (slips(&word, &k.to_lowercase()), k));
    slips
        .filter(|(slips, k)| 3 * slips <= word.chars().count().max(k.chars().count()))
        .min_by_key(|(s, _)| *s)
        .map(|(_, k)| k)
}

/// Letters to add, take away, change or exchange with the next one to make one word of the other.
fn slips(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before_last[j - 2] + 1);
            }
            row.push(least);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_no_plural() {
        assert_eq!(
            [counted(1, "column"), counted(0, "column"), counted(1, "class"), counted(2, "class")],
            ["1 column", "0 columns", "1 class", "2 classes"]
        );
    }

    #[test]
    fn a_long_name_is_cut() {
        assert_eq!([short("abcdef", 4), short("abcd", 4)], ["abc…", "abcd"]);
    }

    #[test]
    fn a_slip_is_seen_through_and_another_word_is_not() {
        let known = ["run", "compare", "apply", "moons", "moon-10d", "mnist"];
        for (typed, meant) in
            [("rnu", "run"), ("aply", "apply"), ("Moon", "moons"), ("minst", "mnist"), ("comapre", "compare")]
        {
            assert_eq!(nearest(typed, known), Some(meant), "{typed}");
        }
        assert_eq!([nearest("exprot", known), nearest("", known), nearest("x", known)], [None; 3]);
    }
}
