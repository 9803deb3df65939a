//! Answers on a scale of words, such as *never* to *always*: each counts as its place on the scale.

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::data::Table;
use crate::data::cell::is_missing;

/// Most different words of a column that may be answers on a scale: its levels, and some that say that there is no answer.
const MOST_WORDS: usize = 16;
/// Levels that words of one letter need, such as those of sizes: fewer may be anything.
const LEVELS_OF_LETTERS: usize = 3;

/// Answers to questions of one kind.
#[derive(Debug)]
struct Family {
    /// What a model calls it.
    name: &'static str,
    /// From the least to the most; of each level the words for it, the first of which stands for all.
    levels: Vec<Vec<&'static str>>,
}

/// Words that say that there is no answer, and the scales.
static SCALES: LazyLock<(Vec<&str>, Vec<Family>)> = LazyLock::new(|| {
    let mut families: Vec<Family> = Vec::new();
    for line in include_str!("../../../assets/scales.txt").lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_suffix(':') {
            families.push(Family { name, levels: Vec::new() });
        } else if let Some(family) = families.last_mut() {
            family.levels.push(line.trim().split(", ").collect());
        }
    }
    let no_answer = if families.is_empty() { Vec::new() } else { families.remove(0).levels.concat() };
    (no_answer, families)
});

/// A scale of words, and which of its levels occur: the least of them counts as 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// The place of its family.
    family: u8,
    /// A bit for each level that occurs.
    levels: u16,
}

impl Scale {
    /// The scale on which a column answers, if it does: each word is that of another level, or says that there is no answer.
    pub(in crate::data) fn of_column(table: &Table, column: usize) -> Option<Self> {
        let mut words: HashSet<&str> = HashSet::new();
        for row in 0..table.len() {
            let word = table.cell(row, column).trim();
            if !word.is_empty() && words.insert(word) && words.len() > MOST_WORDS {
                return None;
            }
        }
        Self::of(&words.into_iter().map(Word::of).collect())
    }

    /// The scale that different answers make.
    pub(super) fn of_answers(words: &[&str]) -> Option<Self> {
        Self::of(&words.iter().map(|word| Word::of(word)).collect())
    }

    fn of(words: &HashSet<Word>) -> Option<Self> {
        (0..SCALES.1.len()).find_map(|family| Self::in_family(words, family)).filter(|scale| {
            let levels = scale.levels.count_ones() as usize;
            let letters =
                words.iter().any(|word| word.normal.chars().count() == 1 && scale.level(&word.normal).is_some());
            levels >= if letters { LEVELS_OF_LETTERS } else { 2 }
        })
    }

    fn in_family(words: &HashSet<Word>, family: usize) -> Option<Self> {
        let mut found = Self { family: family as u8, levels: 0 };
        for word in words {
            match found.level(&word.normal) {
                // Two words of one level may be two answers.
                Some(level) if found.levels & 1 << level != 0 => return None,
                Some(level) => found.levels |= 1 << level,
                None if word.is_no_answer => {}
                None => return None,
            }
        }
        Some(found)
    }

    /// The level of a word among all of the family.
    fn level(self, word: &str) -> Option<usize> {
        let levels = &SCALES.1.get(usize::from(self.family))?.levels;
        levels.iter().position(|words| words.contains(&word))
    }

    /// The place of a cell among the levels that occur, from 1; nothing where it has none.
    pub(in crate::data) fn value(self, text: &str) -> Option<f64> {
        let levels = &SCALES.1.get(usize::from(self.family))?.levels;
        let as_written = levels.iter().position(|words| words.iter().any(|word| word.eq_ignore_ascii_case(text)));
        let level = as_written.or_else(|| self.level(&normal(text)))?;
        let below = self.levels & ((1 << level) - 1);
        (self.levels & 1 << level != 0).then(|| f64::from(below.count_ones() + 1))
    }

    /// The same scale with the levels of another column too, where both are of one family.
    pub(in crate::data) fn with(self, other: Self) -> Self {
        if self.family == other.family { Self { levels: self.levels | other.levels, ..self } } else { self }
    }

    /// The name of the family, then the levels that occur, from the least to the most.
    #[must_use]
    pub fn words(self) -> Vec<&'static str> {
        let Some(family) = SCALES.1.get(usize::from(self.family)) else { return Vec::new() };
        let levels = family.levels.iter().enumerate().filter(|(level, _)| self.levels & 1 << level != 0);
        let levels = levels.filter_map(|(_, words)| words.first().copied());
        std::iter::once(family.name).chain(levels).collect()
    }

    /// The scale whose [`Scale::words`] these are, if it is known.
    pub(super) fn of_words(words: &[String]) -> Option<Self> {
        let (name, levels) = words.split_first()?;
        let family = SCALES.1.iter().position(|family| family.name == name)?;
        let found = Self::in_family(&levels.iter().map(|word| Word::of(word)).collect(), family)?;
        (found.words() == *words).then_some(found)
    }

    /// The least level that occurs, and the most, in words, and how many there are.
    pub(in crate::data) fn ends(self) -> (&'static str, &'static str, usize) {
        let words = self.words();
        let levels = words.get(1..).unwrap_or_default();
        (levels.first().copied().unwrap_or_default(), levels.last().copied().unwrap_or_default(), levels.len())
    }
}

/// A cell on a scale.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Word {
    normal: String,
    /// Whether it says that there is no answer, unless it is a level.
    is_no_answer: bool,
}

impl Word {
    fn of(text: &str) -> Self {
        Self { normal: normal(text), is_no_answer: is_no_answer(text) }
    }
}

/// Whether a cell on a scale says that there is no answer.
pub(super) fn is_no_answer(text: &str) -> bool {
    is_missing(text) || SCALES.0.contains(&normal(text).as_str())
}

/// A word in lower case, with single blanks for the marks within it and none around it.
fn normal(text: &str) -> String {
    let plain = text.chars().flat_map(char::to_lowercase).map(|c| match c {
        '’' | '‘' | '´' | '`' => '\'',
        '-' | '–' | '—' | '/' | ',' | '.' | '_' => ' ',
        c => c,
    });
    plain.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The places of some words on the scale that they make.
    fn places(words: &[&str]) -> Option<Vec<f64>> {
        let scale = Scale::of_answers(words)?;
        Some(words.iter().map(|word| scale.value(word).unwrap_or(f64::NAN)).collect())
    }

    #[test]
    fn answers_count_as_their_places() {
        for words in [
            &["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"][..],
            &["strongly disagree", "somewhat disagree", "somewhat agree", "strongly agree"],
            &["never", "rarely", "sometimes", "often", "always"],
            &["Never", "Sometimes", "About half the time", "Most of the time", "Always"],
            &["low", "medium", "high"],
            &["low", "med", "high", "vhigh"],
            &["Poor", "Fair", "Good", "Very good", "Excellent"],
            &["None", "Mild", "Moderate", "Severe"],
            &["S", "M", "L", "XL"],
            &["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"],
            &["Not at all", "Several days", "More than half the days", "Nearly every day"],
            &["trifft nicht zu", "trifft eher nicht zu", "trifft eher zu", "trifft zu"],
            &[
                "Stimme überhaupt nicht zu",
                "stimme eher nicht zu",
                "teils/teils",
                "stimme eher zu",
                "stimme voll und ganz zu",
            ],
            &["nie", "selten", "manchmal", "oft", "immer"],
            &["sehr schlecht", "schlecht", "mittel", "gut", "sehr gut"],
            &["Pas du tout d’accord", "Plutôt pas d’accord", "Plutôt d’accord", "Tout à fait d’accord"],
            &["jamais", "rarement", "parfois", "souvent", "toujours"],
            &["mauvais", "moyen", "bon", "très bon"],
            &["primary", "secondary", "tertiary"],
            &["no", "maybe", "yes"],
            &["Cool", "Mild", "Hot"],
        ] {
            let wanted: Vec<f64> = (1..=words.len()).map(|place| place as f64).collect();
            assert_eq!(places(words), Some(wanted), "{words:?}");
        }
    }

    #[test]
    fn words_that_are_no_scale_stay_words() {
        for words in [
            &["red", "green", "blue"][..],
            &["S", "M"],
            &["agree"],
            &["neutral", "undecided"],
            &["disagree", "mostly disagree", "agree"],
            &["low", "medium", "high", "unknown soldier"],
            &["\"big", "small"],
            &["single", "married", "divorced"],
            &["poor", "rich"],
            &["never", "current", "former"],
        ] {
            assert_eq!(Scale::of_answers(words), None, "{words:?}");
        }
    }

    #[test]
    fn no_answer_has_no_place_and_another_column_adds_levels() {
        let words = ["Never", "Always", "Don't know", "keine Angabe", "N/A"];
        let scale = Scale::of_answers(&words).expect("two levels");
        assert_eq!(words.map(|word| scale.value(word)), [Some(1.0), Some(2.0), None, None, None]);
        assert!(is_no_answer("Don’t know") && is_no_answer("-") && !is_no_answer("never"));
        let other = Scale::of_answers(&["never", "rarely", "often"]).expect("three levels");
        let both = scale.with(other);
        let places = ["never", "Rarely", "sometimes", "often", "ALWAYS"].map(|word| both.value(word));
        assert_eq!(places, [Some(1.0), Some(2.0), None, Some(3.0), Some(4.0)]);
        assert_eq!(both.ends(), ("never", "always", 4));
        assert_eq!(both.with(Scale::of_answers(&["low", "high"]).expect("two levels")), both);
    }

    #[test]
    fn a_scale_comes_back_by_its_words() {
        for (at, family) in SCALES.1.iter().enumerate() {
            assert!(family.levels.len() <= u16::BITS as usize, "{}", family.name);
            let all = Scale { family: at as u8, levels: ((1_u32 << family.levels.len()) - 1) as u16 };
            let words: Vec<String> = all.words().into_iter().map(str::to_owned).collect();
            assert_eq!(Scale::of_words(&words), Some(all), "{}", family.name);
            // Words are written as cells are compared, and stand in one level of their family.
            let mut seen = HashSet::new();
            for word in family.levels.iter().flatten() {
                assert!(normal(word) == *word && seen.insert(word), "{}: {word}", family.name);
            }
        }
        let odd = ["agreement", "agree", "disagree"].map(str::to_owned);
        assert_eq!((Scale::of_words(&odd), Scale::of_words(&[])), (None, None), "out of order, or nothing");
    }
}
