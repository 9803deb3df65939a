//! Training: how the network learns.

use super::Field::{AutoReal, AutoWhole, Choice, Real, Seed, Switch, Whole};
use super::need::Need::{Learning, Unsupervised};
use super::range::End::{Above, At, Below};
use super::{Knob, Level, Range, Section, always, dual};
use crate::recipe::Stage::{Learn, Load, Represent};

const BASE: Knob = Knob { needs: &[Learning], ..Knob::base(Section::Training, "Training") };

pub(super) const ROWS: &[Knob] = &[
    Knob {
        flag: "steps",
        label: "Steps",
        effect: "Longer training mostly brings the learned side nearer to the exact one; the nearest is kept",
        field: |recipe| AutoWhole(&mut recipe.steps),
        range: Some(Range::at_least(1).start(1000.0)),
        usual: Some([10.0, 5000.0]),
        level: Level::Essential,
        reads: &[always(Learn)],
        ..BASE
    },
    Knob {
        flag: "batch",
        label: "Batch",
        unit: "pairs or samples",
        effect: "Larger batches lower the typical orthogonality error and steady the picture",
        field: |recipe| AutoWhole(&mut recipe.batch),
        range: Some(Range::between(2, 1 << 20).start(512.0)),
        usual: Some([16.0, 4096.0]),
        level: Level::Essential,
        reads: &[dual(Represent), always(Learn)],
        ..BASE
    },
    Knob {
        flag: "lr",
        label: "Learning rate",
        effect: "Too low and the picture creeps, too high and it shakes",
        field: |recipe| AutoReal(&mut recipe.lr),
        range: Some(Range::RATE.start(1e-3)),
        usual: Some([1e-4, 0.1]),
        reads: &[always(Learn)],
        ..BASE
    },
    Knob {
        flag: "walk",
        label: "Walk",
        unit: "steps",
        effect: "Longer walks pull tiny eigenvalues apart, shorter ones resolve larger eigenvalues",
        field: |recipe| AutoWhole(&mut recipe.walk),
        range: Some(Range::at_least(1).start(16.0)),
        level: Level::Expert,
        reads: &[dual(Represent), always(Learn)],
        needs: &[Learning, Unsupervised],
        ..BASE
    },
    Knob {
        flag: "patience",
        label: "Patience",
        unit: "evaluations",
        effect: "More patience trains longer at each learning rate before it falls",
        field: |recipe| Whole(&mut recipe.patience),
        range: Some(Range::at_least(1)),
        level: Level::Expert,
        reads: &[always(Learn)],
        needs: &[Learning, Unsupervised],
        ..BASE
    },
    Knob {
        flag: "decay",
        label: "Decay",
        unit: "×",
        effect: "A stronger fall settles the picture sooner and may freeze it early",
        field: |recipe| Real(&mut recipe.decay),
        range: Some(Range::fine(Above(0.0), Below(1.0), 0.005, 6)),
        level: Level::Expert,
        reads: &[always(Learn)],
        needs: &[Learning, Unsupervised],
        ..BASE
    },
    Knob {
        flag: "objective",
        label: "Objective",
        effect: "Only pairs from the whole graph lead to the exact side's own eigenvectors",
        field: |recipe| Choice(&mut recipe.objective),
        level: Level::Expert,
        reads: &[dual(Represent), always(Learn)],
        needs: &[Learning, Unsupervised],
        ..BASE
    },
    Knob {
        flag: "gradient",
        label: "Gradient",
        effect: "Frozen weights drop the force that keeps columns apart; with the objective batch graph the picture may collapse",
        field: |recipe| Choice(&mut recipe.gradient),
        level: Level::Expert,
        reads: &[dual(Represent), always(Learn)],
        needs: &[Learning, Unsupervised],
        ..BASE
    },
    Knob {
        flag: "orthonormal-layer",
        label: "Orthonormal layer",
        effect: "Without it nothing keeps the columns apart, and the whole learned side falls onto one point",
        field: |recipe| Switch(&mut recipe.orthonormal_layer),
        level: Level::Expert,
        reads: &[always(Learn)],
        needs: &[Learning, Unsupervised],
        ..BASE
    },
    Knob {
        flag: "orthonormal",
        label: "Orthonormal by",
        effect: "Changes nothing you can see unless outputs are nearly dependent, where QR keeps more digits",
        field: |recipe| Choice(&mut recipe.orthonormal),
        level: Level::Expert,
        reads: &[always(Learn)],
        needs: &[Learning, Unsupervised],
        ..BASE
    },
    Knob {
        flag: "separate",
        label: "Separation",
        effect: "Without it the axes are mixtures of eigenvectors; by batches they are nearly apart",
        field: |recipe| Choice(&mut recipe.separate),
        level: Level::Expert,
        reads: &[always(Learn)],
        needs: &[Learning, Unsupervised],
        ..BASE
    },
    Knob {
        flag: "hold-out",
        label: "Hold out",
        unit: "of the rows",
        effect: "Rows held out tell how well rows never seen are placed, and when to stop; without them a training may learn its rows by heart",
        field: |recipe| AutoReal(&mut recipe.hold_out),
        range: Some(Range::fine(At(0.0), At(0.5), 0.005, 4).start(0.1)),
        reads: &[always(Learn)],
        needs: &[Learning, Unsupervised],
        ..BASE
    },
    Knob {
        flag: "tie",
        label: "Tie",
        unit: "×",
        effect: "Stronger ties place rows never seen better, and leave the eigenspace of the rows seen a little earlier",
        field: |recipe| AutoReal(&mut recipe.tie),
        range: Some(Range::fine(At(0.0), At(1e6), 0.01, 6).start(1.0)),
        level: Level::Expert,
        reads: &[always(Learn)],
        needs: &[Learning, Unsupervised],
        ..BASE
    },
    Knob {
        flag: "guards",
        label: "Guards",
        unit: "columns",
        effect: "More of them make the last eigenvectors as sharp as the first where eigenvalues lie close, at the cost of time",
        field: |recipe| AutoWhole(&mut recipe.guards),
        range: Some(Range::between(0, 256).start(3.0)),
        level: Level::Expert,
        reads: &[always(Learn)],
        needs: &[Learning, Unsupervised],
        ..BASE
    },
    Knob {
        flag: "seed",
        heading: "",
        label: "Seed",
        effect: "Another seed draws other samples, starts and batches; a picture worth trusting survives it",
        field: |recipe| Seed(&mut recipe.seed),
        range: Some(Range::at_least(0)),
        level: Level::Essential,
        reads: &[always(Load)],
        needs: &[],
        ..BASE
    },
];
