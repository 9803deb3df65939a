//! Data: which samples, how many, how they are read and scaled.

use super::Field::{AutoReal, AutoWhole, Choice, Path, Text, Whole};
use super::need::Need::{File, Folder, Generated, Noisy, Sparse};
use super::range::End::{Above, At, Open};
use super::{Knob, Level, Range, Section, always};
use crate::recipe::Stage::Load;

/// Most samples of a generated set.
pub(crate) const MOST_GENERATED: usize = 20_000_000;

/// Most components of sparse rows.
const MOST_COMPONENTS: usize = 4096;

const BASE: Knob = Knob::base(Section::Data, "Data");

pub(super) const ROWS: &[Knob] = &[
    Knob {
        flag: "samples",
        label: "Samples",
        unit: "points",
        effect: "More points fill the shapes and make the eigenvectors smoother, at the cost of time",
        field: |recipe| AutoWhole(&mut recipe.samples),
        range: Some(Range::between(2, MOST_GENERATED).start(1000.0)),
        usual: Some([100.0, 20_000.0]),
        refusal: Some("between 2 and 20000000 can be generated"),
        level: Level::Essential,
        reads: &[always(Load)],
        needs: &[Generated],
        ..BASE
    },
    Knob {
        flag: "noise",
        label: "Noise",
        unit: "std. dev.",
        effect: "More noise thickens the shapes until they touch and the eigengap closes",
        field: |recipe| AutoReal(&mut recipe.noise),
        range: Some(Range::fine(At(0.0), At(1e6), 0.002, 3).start(0.05)),
        usual: Some([0.0, 0.5]),
        refusal: Some("a standard deviation is between 0 and 1,000,000"),
        level: Level::Essential,
        reads: &[always(Load)],
        needs: &[Generated, Noisy],
        ..BASE
    },
    Knob {
        flag: "label-column",
        label: "Label column",
        effect: "Labels colour the points and give the scores; they never reach the solvers",
        field: |recipe| Text(&mut recipe.label_column),
        hint: "auto, none or a name",
        reads: &[always(Load)],
        ..BASE
    },
    Knob {
        flag: "id-column",
        label: "Id column",
        effect: "An id is kept and shown, and never decides who is near whom",
        field: |recipe| Text(&mut recipe.id_column),
        level: Level::Expert,
        hint: "auto, none or a name",
        reads: &[always(Load)],
        needs: &[File],
        ..BASE
    },
    Knob {
        flag: "features",
        label: "Features",
        effect: "These columns alone decide who is near whom",
        field: |recipe| Text(&mut recipe.features),
        level: Level::Expert,
        hint: "auto or names",
        reads: &[always(Load)],
        needs: &[File],
        ..BASE
    },
    Knob {
        flag: "ignore",
        label: "Left out",
        effect: "Columns that are left out no longer decide who is near whom",
        field: |recipe| Text(&mut recipe.ignore),
        level: Level::Expert,
        hint: "none or names",
        reads: &[always(Load)],
        needs: &[File],
        ..BASE
    },
    Knob {
        flag: "shown",
        label: "Shown only",
        effect: "These columns stand in the card of a point and in exports, and no longer decide who is near whom",
        field: |recipe| Text(&mut recipe.shown),
        level: Level::Expert,
        hint: "none or names",
        reads: &[always(Load)],
        needs: &[File],
        ..BASE
    },
    Knob {
        flag: "kind",
        label: "Kinds",
        effect: "A number measures, a category is the same or not, a flag is yes or no, a date is a day",
        field: |recipe| Text(&mut recipe.kind),
        level: Level::Expert,
        hint: "auto or a=number",
        reads: &[always(Load)],
        needs: &[File],
        ..BASE
    },
    Knob {
        flag: "header",
        label: "Header",
        effect: "Decides whether the first line is a sample or names the columns",
        field: |recipe| Choice(&mut recipe.header),
        level: Level::Expert,
        reads: &[always(Load)],
        needs: &[File],
        ..BASE
    },
    Knob {
        flag: "delimiter",
        label: "Delimiter",
        effect: "Decides where a cell ends and the next begins",
        field: |recipe| Text(&mut recipe.delimiter),
        level: Level::Expert,
        hint: "auto, tab, comma, …",
        reads: &[always(Load)],
        needs: &[File],
        ..BASE
    },
    Knob {
        flag: "encoding",
        label: "Encoding",
        effect: "Decides whether é is one letter or two signs",
        field: |recipe| Text(&mut recipe.encoding),
        level: Level::Expert,
        hint: "auto or utf-8, …",
        reads: &[always(Load)],
        needs: &[File],
        ..BASE
    },
    Knob {
        flag: "decimal",
        label: "Decimal mark",
        effect: "Decides whether 1,050 is one or a thousand",
        field: |recipe| Choice(&mut recipe.decimal),
        level: Level::Expert,
        reads: &[always(Load)],
        needs: &[File],
        ..BASE
    },
    Knob {
        flag: "array",
        label: "Array",
        effect: "Decides which array of an archive, sheet of a spreadsheet or table of a dump holds the samples",
        field: |recipe| Text(&mut recipe.array),
        level: Level::Expert,
        hint: "auto or a name",
        reads: &[always(Load)],
        needs: &[File],
        ..BASE
    },
    Knob {
        flag: "missing",
        label: "Missing values",
        effect: "Decides whether gaps are filled, or their rows left out or refused",
        field: |recipe| Choice(&mut recipe.missing),
        reads: &[always(Load)],
        needs: &[File],
        ..BASE
    },
    Knob {
        flag: "text",
        label: "Word columns",
        effect: "Decides whether columns of words are left out, counted as features or refused",
        field: |recipe| Choice(&mut recipe.text),
        reads: &[always(Load)],
        needs: &[File],
        ..BASE
    },
    Knob {
        flag: "components",
        label: "Components",
        effect: "More of them tell finer differences between sparse rows apart, and take more time and memory",
        field: |recipe| AutoWhole(&mut recipe.components),
        range: Some(Range::between(0, MOST_COMPONENTS).start(100.0).zero("dense")),
        reads: &[always(Load)],
        needs: &[Sparse],
        ..BASE
    },
    Knob {
        flag: "limit",
        label: "Limit",
        unit: "points",
        effect: "Fewer points make every stage faster and the picture sparser",
        field: |recipe| Whole(&mut recipe.limit),
        range: Some(Range::at_least(0).zero("none")),
        reads: &[always(Load)],
        ..BASE
    },
    Knob {
        flag: "data-dir",
        label: "Data folder",
        effect: "Without it mnist and fashion-mnist are looked for in the cache alone",
        field: |recipe| Path(&mut recipe.data_dir),
        hint: "the cache",
        reads: &[always(Load)],
        needs: &[Folder],
        ..BASE
    },
    Knob {
        flag: "memory",
        label: "Memory",
        unit: "GiB",
        effect: "A run that would take more says so before it starts; auto is what the system has free",
        field: |recipe| AutoReal(&mut recipe.memory),
        range: Some(Range::fine(Above(0.0), Open, 0.05, 3).start(4.0)),
        level: Level::Expert,
        // It decides whether a run starts, not what comes out.
        reads: &[],
        ..BASE
    },
    Knob {
        flag: "scaling",
        label: "Scaling",
        effect: "Without it the feature with the largest numbers alone decides who is near whom",
        field: |recipe| Choice(&mut recipe.scaling),
        reads: &[always(Load)],
        ..BASE
    },
];
