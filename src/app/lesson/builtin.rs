//! The lessons that the program brings along, as files of the same kind as a teacher writes.

use std::sync::LazyLock;

use super::Lesson;
use super::read::parse;

/// Their texts, in the order of the list.
const TEXTS: [(&str, &str); 9] = [
    ("rings", include_str!("../../../assets/lessons/rings.md")),
    ("graph", include_str!("../../../assets/lessons/graph.md")),
    ("scale", include_str!("../../../assets/lessons/scale.md")),
    ("eigenvector", include_str!("../../../assets/lessons/eigenvector.md")),
    ("eigengap", include_str!("../../../assets/lessons/eigengap.md")),
    ("orthonormal", include_str!("../../../assets/lessons/orthonormal.md")),
    ("learned", include_str!("../../../assets/lessons/learned.md")),
    ("unseen", include_str!("../../../assets/lessons/unseen.md")),
    ("codes", include_str!("../../../assets/lessons/codes.md")),
];

/// All of them. A test holds that each can be read.
static LESSONS: LazyLock<Vec<Lesson>> =
    LazyLock::new(|| TEXTS.iter().filter_map(|(_, text)| parse(text).ok()).collect());

/// The lessons of the program, in the order to take them.
#[must_use]
pub fn builtin() -> &'static [Lesson] {
    &LESSONS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_lesson_can_be_read_and_is_short() {
        for (name, text) in TEXTS {
            let lesson = parse(text).unwrap_or_else(|(line, wrong)| panic!("{name}.md, line {line}: {wrong}"));
            assert!((3..=6).contains(&lesson.steps.len()), "{name}: {} steps", lesson.steps.len());
            assert!(!lesson.about.is_empty(), "{name} says what it is about");
            let questions: Vec<_> = lesson.steps.iter().flat_map(|step| &step.questions).collect();
            assert!(!questions.is_empty(), "{name} asks something");
            for step in &lesson.steps {
                let words = step.text.split_whitespace().count();
                assert!(words <= 130, "{name}, {}: {words} words are more than fit beside the picture", step.title);
            }
            assert!(lesson.steps[0].setup.is_some(), "{name} begins with data of its own");
        }
        assert_eq!(builtin().len(), TEXTS.len());
    }
}
