//! The file of a lesson: Markdown, whose first heading is the title, whose second headings begin steps, and whose fenced blocks
//! `setup` and `question` say what the window does. The grammar is in `docs/src/guide/lessons.md`.

use std::path::Path;

use super::figures::Condition;
use super::setup::{Setup, did_you_mean, knob_and_value};
use super::{Lesson, Question, Step};
use crate::support::language::nearest;
use crate::support::text_file::read_text;
use crate::{Error, Result};

/// The longest file that is taken for a lesson, in bytes.
pub const LONGEST_LESSON: u64 = 1 << 18;
/// Most steps of a lesson.
const MOST_STEPS: usize = 60;

/// What is wrong, and in which line, from 1 on.
type Wrong = (usize, String);

/// Reads a lesson.
///
/// # Errors
/// [`Error::Io`]; [`Error::Format`] with the line that is wrong.
pub fn read(path: &Path) -> Result<Lesson> {
    let text = read_text(path, LONGEST_LESSON)?;
    parse(&text).map_err(|(line, wrong)| Error::format(path, format!("line {line}: {wrong}")))
}

/// A block that is being read: its kind, the line it began at, its directives with theirs.
struct Block {
    kind: Kind,
    from: usize,
    lines: Vec<(usize, String)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Setup,
    Question,
    /// Code that is shown as it stands.
    Code,
}

/// The lesson of a text.
pub(super) fn parse(text: &str) -> Result<Lesson, Wrong> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reading = Reading::default();
    for (at, line) in text.lines().enumerate().map(|(i, line)| (i + 1, line.trim_end())) {
        reading.take(at, line)?;
    }
    reading.end()
}

/// What was read of a lesson so far.
#[derive(Default)]
struct Reading {
    title: Option<String>,
    /// The text before the first step.
    about: String,
    steps: Vec<Step>,
    /// A block that is open.
    block: Option<Block>,
}

impl Reading {
    /// A line, at this place from 1.
    fn take(&mut self, at: usize, line: &str) -> Result<(), Wrong> {
        let unnamed = || (at, "a lesson begins with `# ` and its title".to_owned());
        if let Some(open) = self.block.take() {
            return self.take_inside(open, at, line);
        }
        if let Some(kind) = line.trim_start().strip_prefix("```") {
            return self.open(kind.trim(), at, line);
        }
        if let Some(heading) = line.strip_prefix("## ") {
            if self.title.is_none() {
                return Err(unnamed());
            }
            if self.steps.len() == MOST_STEPS {
                return Err((at, format!("a lesson has at most {MOST_STEPS} steps")));
            }
            let title = heading.trim().to_owned();
            self.steps.push(Step { title, text: String::new(), setup: None, questions: Vec::new() });
        } else if self.title.is_some() {
            self.write(line);
        } else if !line.is_empty() {
            let heading = line.strip_prefix("# ").map(str::trim).filter(|heading| !heading.is_empty());
            self.title = Some(heading.ok_or_else(unnamed)?.to_owned());
        }
        Ok(())
    }

    /// A line of an open block.
    fn take_inside(&mut self, mut open: Block, at: usize, line: &str) -> Result<(), Wrong> {
        let ends = line.trim_start().starts_with("```");
        if open.kind == Kind::Code {
            self.write(line);
        } else if ends {
            let early = || (open.from, "a block before the first step, which `## Title` begins".to_owned());
            close(self.steps.last_mut().ok_or_else(early)?, open.kind, open.from, &open.lines)?;
        } else {
            take_line(&mut open.lines, at, line)?;
        }
        self.block = Some(open).filter(|_| !ends);
        Ok(())
    }

    /// The line that opens a block of this kind.
    fn open(&mut self, kind: &str, at: usize, line: &str) -> Result<(), Wrong> {
        let kind = match kind {
            "setup" => Kind::Setup,
            "question" => Kind::Question,
            other => match nearest(other, ["setup", "question"]) {
                Some(meant) => return Err((at, format!("there is no block `{other}`; did you mean `{meant}`?"))),
                None => Kind::Code,
            },
        };
        if kind == Kind::Code {
            self.write(line);
        }
        self.block = Some(Block { kind, from: at, lines: Vec::new() });
        Ok(())
    }

    /// A line of text, to the step at hand or before the first one.
    fn write(&mut self, line: &str) {
        let text = self.steps.last_mut().map_or(&mut self.about, |step| &mut step.text);
        text.push_str(line);
        text.push('\n');
    }

    /// The lesson, after its last line.
    fn end(self) -> Result<Lesson, Wrong> {
        let Self { title, about, mut steps, block } = self;
        if let Some(Block { from, .. }) = block {
            return Err((from, "this block has no end; three backticks on a line of their own end it".to_owned()));
        }
        let title = title.ok_or((1, "a lesson begins with `# ` and its title; this file is empty".to_owned()))?;
        if steps.is_empty() {
            return Err((1, "a lesson has a step at least, which `## Title` begins".to_owned()));
        }
        for step in &mut steps {
            step.text = step.text.trim().to_owned();
        }
        let about = about.split_whitespace().collect::<Vec<_>>().join(" ");
        Ok(Lesson { title, about, steps })
    }
}

/// A line of a block: a directive, or the one before it going on.
fn take_line(lines: &mut Vec<(usize, String)>, at: usize, line: &str) -> Result<(), Wrong> {
    if line.is_empty() {
        return Ok(());
    }
    if line.starts_with(char::is_whitespace) {
        let (_, before) = lines
            .last_mut()
            .ok_or((at, "a line that begins with a blank goes on from one before it, and there is none".to_owned()))?;
        before.push(' ');
        before.push_str(line.trim());
    } else {
        lines.push((at, line.to_owned()));
    }
    Ok(())
}

/// Takes a block that has ended into its step.
fn close(step: &mut Step, kind: Kind, from: usize, lines: &[(usize, String)]) -> Result<(), Wrong> {
    let split = |line: &str| {
        let (word, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        (word.to_owned(), rest.trim().to_owned())
    };
    if kind == Kind::Setup {
        if step.setup.is_some() {
            return Err((from, format!("step `{}` has a setup already", step.title)));
        }
        let mut setup = Setup::default();
        for (at, line) in lines {
            let (word, rest) = split(line);
            setup.take(&word, &rest).map_err(|wrong| (*at, wrong))?;
        }
        step.setup = Some(setup);
        return Ok(());
    }
    let mut question =
        Question { ask: String::new(), when: Vec::new(), turn: Vec::new(), train: false, hint: None, well: None };
    for (at, line) in lines {
        let (word, rest) = split(line);
        let wrong = |text: String| (*at, text);
        let some = || if rest.is_empty() { Err(wrong(format!("`{word}` says nothing"))) } else { Ok(rest.clone()) };
        match word.as_str() {
            "ask" => question.ask = some()?,
            "when" => question.when.push(Condition::read(&rest).map_err(wrong)?),
            "turn" => question.turn.push(knob_and_value(&rest).map_err(wrong)?),
            "train" if rest.is_empty() => question.train = true,
            "hint" => question.hint = Some(some()?),
            "well" => question.well = Some(some()?),
            _ => {
                let meant = did_you_mean(nearest(&word, ["ask", "when", "turn", "train", "hint", "well"]));
                return Err(wrong(format!("`{word}` is nothing that a question has{meant}")));
            }
        }
    }
    if question.ask.is_empty() {
        return Err((from, "a question has a line `ask` with what is to be tried".to_owned()));
    }
    if question.when.is_empty() {
        return Err((from, "a question has a line `when` with what has to hold, such as `when parts = 2`".to_owned()));
    }
    step.questions.push(question);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::shown::axes::Side;
    use crate::recipe::{Auto, knobs};

    const SMALL: &str = "# Two parts\n\nHow a graph\nfalls apart.\n\n## Look\n\nA *graph*.\n\n```python\n## no step\n```\n\n\
        ```setup\ndata moons\nset samples 300\nviews input exact\ntrain\n```\n\n## Turn\n\n```question\nask Turn it\n  down.\n\
        when parts = 2\nwhen neighbors < 9\nturn neighbors 3\nwell Yes.\n```\n";

    #[test]
    fn a_lesson_is_read_with_its_steps_blocks_and_code() {
        let lesson = parse(SMALL).expect("a lesson");
        assert_eq!((lesson.title.as_str(), lesson.about.as_str()), ("Two parts", "How a graph falls apart."));
        let [look, turn] = &lesson.steps[..] else { panic!("two steps") };
        assert!(look.text.contains("A *graph*.") && look.text.contains("## no step"), "{}", look.text);
        let setup = look.setup.as_ref().expect("a setup");
        assert!(setup.train && setup.looks.sides == [Side::Input, Side::Exact]);
        let question = &turn.questions[0];
        assert_eq!((question.ask.as_str(), question.when.len()), ("Turn it down.", 2));
        assert_eq!(question.turn, [(knobs::of("neighbors"), "3".to_owned())]);
        let job = lesson.job_at(0, &crate::Recipe::default()).expect("it sets something");
        assert_eq!((job.source.to_string().as_str(), job.recipe.samples), ("moons", Auto::Set(300)));
        assert!(lesson.job_at(1, &crate::Recipe::default()).is_none(), "the learner's own settings stay");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let wrong = |text: &str| parse(text).expect_err("a mistake");
        let cases = [
            ("", 1, "begins with `# `"),
            ("Some text", 1, "begins with `# `"),
            ("# T\n", 1, "a step at least"),
            ("# T\n```setup\n```\n", 2, "before the first step"),
            ("# T\n## S\n```setup\nset neigbors 3\n```\n", 4, "did you mean `neighbors`?"),
            ("# T\n## S\n```setup\nset neighbors three\n```\n", 4, "does not take `three`"),
            ("# T\n## S\n```setup\nset neighbors 0\n```\n", 4, "neighbors"),
            ("# T\n## S\n```setup\nset device gpu\n```\n", 4, "of the machine"),
            ("# T\n## S\n```setup\nset known-labels known.csv\n```\n", 4, "of the machine"),
            ("# T\n## S\n```setup\ndata moon\n```\n", 4, "did you mean `moons`?"),
            ("# T\n## S\n```setup\ntrain now\n```\n", 4, "stands alone"),
            ("# T\n## S\n```setup\nviews inputs\n```\n", 4, "is no view"),
            ("# T\n## S\n```setup\n```\n\n```setup\n```\n", 6, "has a setup already"),
            ("# T\n## S\n```setup\ntrain\n", 3, "has no end"),
            ("# T\n## S\n```setp\n```\n", 3, "did you mean `setup`?"),
            ("# T\n## S\n```question\nask a\n```\n", 3, "a line `when`"),
            ("# T\n## S\n```question\nwhen parts = 2\n```\n", 3, "a line `ask`"),
            ("# T\n## S\n```question\nask a\nwhen prats = 2\n```\n", 5, "did you mean `parts`?"),
        ];
        for (text, line, words) in cases {
            let (at, said) = wrong(text);
            assert!(at == line && said.contains(words), "{text:?}: line {at}: {said}");
        }
    }

    #[test]
    fn a_file_that_is_no_lesson_is_refused_by_its_name() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("notes.md");
        std::fs::write(&path, "# Notes\n\nNothing.\n").expect("written");
        let error = read(&path).expect_err("no lesson").to_string();
        assert!(error.contains("notes.md: line 1: "), "{error}");
        std::fs::write(&path, SMALL).expect("written");
        assert_eq!(read(&path).expect("a lesson").steps.len(), 2);
    }
}
