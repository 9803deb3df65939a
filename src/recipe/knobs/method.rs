//! Method: which system, and what a supervised one has.

use super::Field::{AutoReal, AutoWhole, Choice, Switch};
use super::need::Need::{Centres, Margin, Supervised};
use super::range::End::{Above, Below, Open};
use super::{Knob, Level, Range, Section, always};
use crate::recipe::Stage::{Clusters, Learn};
use crate::recipe::WIDEST_LAYER;

const BASE: Knob = Knob { needs: &[Supervised], ..Knob::base(Section::Method, "Supervised") };

pub(super) const ROWS: &[Knob] = &[
    Knob {
        flag: "system",
        heading: "",
        label: "System",
        effect: "A supervised one shows how far labels of some classes carry, and is no clustering",
        field: |recipe| Choice(&mut recipe.system),
        reads: &[always(Learn)],
        needs: &[],
        ..BASE
    },
    Knob {
        flag: "embedding",
        label: "Embedding",
        unit: "outputs",
        effect: "More of them keep what the classes trained on did not need and new classes may",
        field: |recipe| AutoWhole(&mut recipe.embedding),
        range: Some(Range::between(1, WIDEST_LAYER).start(256.0)),
        reads: &[always(Learn)],
        ..BASE
    },
    Knob {
        flag: "held-out",
        label: "Held out",
        unit: "share",
        effect: "The more is kept from the training, the less it learns and the surer its scores are",
        field: |recipe| AutoReal(&mut recipe.held_out),
        range: Some(Range::fine(Above(0.0), Below(1.0), 0.005, 6).start(0.5)),
        reads: &[always(Learn)],
        ..BASE
    },
    Knob {
        flag: "validate",
        label: "Validate",
        effect: "With it the scores may guide your settings without spoiling the final ones",
        field: |recipe| Switch(&mut recipe.validate),
        level: Level::Expert,
        reads: &[always(Learn)],
        ..BASE
    },
    Knob {
        flag: "classes",
        label: "Classes in a batch",
        effect: "Fewer classes with more samples each give steadier directions, but less to tell apart at once",
        field: |recipe| AutoWhole(&mut recipe.classes),
        range: Some(Range::at_least(2).start(5.0)),
        refusal: Some("a batch needs at least 2 classes"),
        level: Level::Expert,
        reads: &[always(Learn)],
        ..BASE
    },
    Knob {
        flag: "margin",
        label: "Margin",
        effect: "A wider one pushes classes farther apart and keeps more pairs at work",
        field: |recipe| AutoReal(&mut recipe.margin),
        range: Some(Range::fine(Above(0.0), Open, 0.005, 6).start(0.5)),
        level: Level::Expert,
        reads: &[always(Learn)],
        needs: &[Supervised, Margin],
        ..BASE
    },
    Knob {
        flag: "inference",
        label: "Inference",
        effect: "The spectral forms give every direction of the embedding the same weight, the direct one keeps its own",
        field: |recipe| Choice(&mut recipe.inference),
        level: Level::Expert,
        reads: &[always(Clusters)],
        ..BASE
    },
    Knob {
        flag: "centre",
        label: "Centre",
        effect: "Without the mean the first direction no longer says where all points lie",
        field: |recipe| Switch(&mut recipe.centre),
        level: Level::Expert,
        reads: &[always(Clusters)],
        needs: &[Supervised, Centres],
        ..BASE
    },
];
