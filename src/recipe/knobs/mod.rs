//! The one table of knobs: a row for each field of the [`Recipe`], in the order of the panels.
//!
//! Panels, palette, messages, checks of ranges and the question which stages a change redoes all read it. A new knob is its field with
//! its help sentence in `recipe/mod.rs`, its row in the file of its section here, and the place that uses it.

mod codes;
mod data;
mod eigenspace;
mod field;
mod graph;
mod method;
mod need;
mod network;
mod range;
mod training;

use std::sync::LazyLock;

use clap::Args as _;

pub(crate) use data::MOST_GENERATED;
pub use field::{Choice, Field};
pub use need::{Idle, Need};
pub use range::{End, Range, Step};

use super::{Affinity, Recipe, Stage, System};
use crate::{Error, Result};

/// The part of the window's panel that a knob is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Section {
    /// Which samples, how many, how they are read and scaled.
    Data,
    /// Which system, and what stands for a sample.
    Method,
    /// Who is joined to whom, the eigenvectors of that, the clusters made of them.
    Graph,
    /// What learns the eigenspace.
    Network,
    /// How it learns.
    Training,
}

impl Section {
    /// In the order of the panels.
    pub const ALL: [Self; 5] = [Self::Data, Self::Method, Self::Graph, Self::Network, Self::Training];

    /// Its title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Data => "Data",
            Self::Method => "Method",
            Self::Graph => "Graph",
            Self::Network => "Network",
            Self::Training => "Training",
        }
    }

    /// Its knobs, in the order in which they are shown.
    pub fn knobs(self) -> impl Iterator<Item = &'static Knob> {
        all().filter(move |knob| knob.section == self)
    }
}

/// Who needs a knob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Whoever opens the window: the first to be turned, always in sight.
    Essential,
    /// Whoever looks at data.
    Basic,
    /// Who compares methods or mends a training.
    Expert,
}

/// The runs in which a stage reads a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// All of them.
    Any,
    /// Those whose graph is built between codes.
    Codes,
    /// Those of the dual autoencoder, which trains its codes on graphs of them: much of what makes graph and head reaches back to it.
    Dual,
    /// Those with learned distances.
    Siamese,
}

impl Within {
    /// Whether a run of `recipe` is one of them.
    #[must_use]
    pub fn holds(self, recipe: &Recipe) -> bool {
        match self {
            Self::Any => true,
            Self::Codes => recipe.has_codes(),
            Self::Dual => recipe.system == System::DualAutoencoder,
            Self::Siamese => recipe.affinity == Affinity::Siamese,
        }
    }

    /// Why a setting that is read in these alone has no say in another run.
    #[must_use]
    pub fn unmet(self) -> &'static str {
        match self {
            Self::Any => "",
            Self::Codes => "there are no codes",
            Self::Dual => "the system is another than the dual autoencoder",
            Self::Siamese => "distances are not learned",
        }
    }
}

/// A stage that reads a setting before any other does; all that hangs on the stage follows by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Read {
    /// In which runs.
    pub within: Within,
    /// The stage.
    pub stage: Stage,
}

const fn always(stage: Stage) -> Read {
    Read { within: Within::Any, stage }
}

const fn codes(stage: Stage) -> Read {
    Read { within: Within::Codes, stage }
}

const fn dual(stage: Stage) -> Read {
    Read { within: Within::Dual, stage }
}

const fn siamese(stage: Stage) -> Read {
    Read { within: Within::Siamese, stage }
}

/// A row of the table. What the setting is, the sentence at its field tells.
#[derive(Clone, Copy, Debug)]
pub struct Knob {
    /// Its flag without the dashes.
    pub flag: &'static str,
    /// The part of the panel it is in.
    pub section: Section,
    /// The heading of `--help` it stands under; empty for those above all headings.
    pub heading: &'static str,
    /// Its label in the window.
    pub label: &'static str,
    /// Its unit, or nothing.
    pub unit: &'static str,
    /// What turning it does to the picture, in one sentence.
    pub effect: &'static str,
    /// Its field.
    pub field: for<'a> fn(&'a mut Recipe) -> Field<'a>,
    /// Of a number: what it may be, whatever the data is.
    pub range: Option<Range>,
    /// Of a number: where a hand mostly turns it, the ends of its slider. What is typed may lie beyond.
    pub usual: Option<[f64; 2]>,
    /// What to say of a number outside, behind flag and value, where more is to be said than where the range ends.
    pub refusal: Option<&'static str>,
    /// Of a text: what stands where it is empty.
    pub hint: &'static str,
    /// Who needs it.
    pub level: Level,
    /// The stages that read it first.
    pub reads: &'static [Read],
    /// What a run must be for it to have a say.
    pub needs: &'static [Need],
}

/// The rows of every section, in the order of the panels.
const FILES: [&[Knob]; 7] =
    [data::ROWS, method::ROWS, codes::ROWS, graph::ROWS, eigenspace::ROWS, network::ROWS, training::ROWS];

/// Every knob, section by section.
pub fn all() -> impl Iterator<Item = &'static Knob> {
    FILES.into_iter().flatten()
}

/// The knob of a flag, if there is one.
#[must_use]
pub fn find(flag: &str) -> Option<&'static Knob> {
    all().find(|knob| knob.flag == flag)
}

/// The knob of a flag that stands in the code. It is asked for in a constant, where a flag without a row does not compile.
#[must_use]
#[expect(clippy::panic, reason = "in a constant it is an error of the compiler's")]
pub const fn of(flag: &str) -> &'static Knob {
    let mut file = 0;
    while file < FILES.len() {
        let rows: &'static [Knob] = FILES[file];
        let mut row = 0;
        while row < rows.len() {
            if are_equal(rows[row].flag, flag) {
                return &rows[row];
            }
            row += 1;
        }
        file += 1;
    }
    panic!("no knob has this flag")
}

/// The knobs of flags that stand in the code, as [`of`] has each.
#[must_use]
pub const fn some<const N: usize>(flags: [&str; N]) -> [&'static Knob; N] {
    let mut knobs: [&'static Knob; N] = [&FILES[0][0]; N];
    let mut at = 0;
    while at < N {
        knobs[at] = of(flags[at]);
        at += 1;
    }
    knobs
}

/// Settings of the machine that a run is on, and not of what it computes.
pub const OF_THE_MACHINE: [&Knob; 3] = some(["device", "memory", "data-dir"]);

/// Settings that decide single columns of a table.
pub const OF_COLUMNS: [&Knob; 6] = some(["label-column", "id-column", "features", "ignore", "shown", "kind"]);

/// Settings that name files with something to say of single rows.
pub const OF_ROWS: [&Knob; 2] = some(["affinity-file", "known-labels"]);

/// Whether two texts are equal, in a constant too.
const fn are_equal(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    let mut at = 0;
    while at < a.len() && at < b.len() && a[at] == b[at] {
        at += 1;
    }
    at == a.len() && at == b.len()
}

/// Whether the numbers of these knobs lie in their ranges; what is worked out from the data is not looked at.
///
/// # Errors
/// [`Error::Setting`] with the first that does not.
pub fn check(recipe: &Recipe, knobs: &[&Knob]) -> Result<()> {
    let mut recipe = recipe.clone();
    knobs.iter().try_for_each(|knob| (knob.field)(&mut recipe).number().map_or(Ok(()), |value| knob.check(value)))
}

/// The flags of the recipe as clap knows them.
static FLAGS: LazyLock<clap::Command> = LazyLock::new(|| Recipe::augment_args(clap::Command::new("recipe")));

/// A row is known by its flag.
impl PartialEq for Knob {
    fn eq(&self, other: &Self) -> bool {
        self.flag == other.flag
    }
}

impl Eq for Knob {}

impl Knob {
    /// What the rows of a section and a heading have in common.
    const fn base(section: Section, heading: &'static str) -> Self {
        Self {
            flag: "",
            section,
            heading,
            label: "",
            unit: "",
            effect: "",
            field: |recipe| Field::Seed(&mut recipe.seed),
            range: None,
            usual: None,
            refusal: None,
            hint: "",
            level: Level::Basic,
            reads: &[],
            needs: &[],
        }
    }

    /// Its flag as clap knows it.
    pub(crate) fn arg(&self) -> Option<&'static clap::Arg> {
        FLAGS.get_arguments().find(|arg| arg.get_long() == Some(self.flag))
    }

    /// What the setting is: the sentence of its flag.
    #[must_use]
    pub fn meaning(&self) -> Option<String> {
        self.arg()?.get_help().map(ToString::to_string)
    }

    /// Whether a number, given or worked out, lies in its range.
    ///
    /// # Errors
    /// [`Error::Setting`] with the flag, and where the range ends.
    pub fn check(&self, value: f64) -> Result<()> {
        let Some(range) = self.range.filter(|range| !range.contains(value)) else { return Ok(()) };
        let flag = self.flag;
        Err(Error::Setting(match self.refusal {
            Some(words) => format!("--{flag} {value}: {words}"),
            None => format!("--{flag} {}", range.refusal(value)),
        }))
    }
}

#[cfg(test)]
mod tests;
