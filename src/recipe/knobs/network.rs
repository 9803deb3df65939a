//! Network: what learns the eigenspace, and where.

use super::Field::{AutoWhole, Choice, Layers, Real, Switch};
use super::need::Need::{Fourier, Learning, Unsupervised};
use super::range::End::{At, Open};
use super::{Knob, Level, Range, Section, always, dual};
use crate::recipe::Stage::{Learn, Represent};
use crate::recipe::WIDEST_LAYER;

const BASE: Knob = Knob { needs: &[Learning], ..Knob::base(Section::Network, "Network") };

pub(super) const ROWS: &[Knob] = &[
    Knob {
        flag: "learn",
        label: "Learned side",
        effect: "Without it only the exact side is computed",
        field: |recipe| Switch(&mut recipe.learn),
        reads: &[always(Learn)],
        needs: &[],
        ..BASE
    },
    Knob {
        flag: "hidden",
        label: "Hidden layers",
        unit: "units",
        effect: "Wider and deeper networks bend more sharply between clusters and train more slowly",
        field: |recipe| Layers(&mut recipe.hidden),
        level: Level::Essential,
        hint: "auto or 256,256",
        reads: &[dual(Represent), always(Learn)],
        ..BASE
    },
    Knob {
        flag: "activation",
        label: "Activation",
        effect: "Smooth units give smooth eigenvectors, the rectifiers piecewise flat ones",
        field: |recipe| Choice(&mut recipe.activation),
        level: Level::Expert,
        reads: &[dual(Represent), always(Learn)],
        ..BASE
    },
    Knob {
        flag: "fourier",
        label: "Fourier features",
        unit: "pairs",
        effect: "More of them let thin spirals and narrow gaps be followed, and roughen what is smooth",
        field: |recipe| AutoWhole(&mut recipe.fourier),
        range: Some(Range::between(0, WIDEST_LAYER).start(64.0)),
        level: Level::Expert,
        reads: &[always(Learn)],
        ..BASE
    },
    Knob {
        flag: "frequency",
        label: "Frequency",
        unit: "rad/std. dev.",
        effect: "Higher ones resolve finer structure and ripple where there are few points",
        field: |recipe| Real(&mut recipe.frequency),
        range: Some(Range::fine(At(0.0), Open, 0.02, 6)),
        level: Level::Expert,
        reads: &[always(Learn)],
        needs: &[Learning, Fourier],
        ..BASE
    },
    Knob {
        flag: "last-layer",
        label: "Last layer",
        effect: "Solved, it is the best that the layer before allows at every look; learned, one sees it being found",
        field: |recipe| Choice(&mut recipe.last_layer),
        level: Level::Expert,
        reads: &[always(Learn)],
        needs: &[Learning, Unsupervised],
        ..BASE
    },
    Knob {
        flag: "device",
        heading: "",
        label: "Device",
        effect: "Changes how fast the picture moves, not where it ends",
        field: |recipe| Choice(&mut recipe.device),
        reads: &[dual(Represent), always(Learn)],
        needs: &[],
        ..BASE
    },
];
