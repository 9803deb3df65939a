//! Method: what stands for a sample, codes of an autoencoder among it.

use super::Field::{AutoReal, AutoWhole, Choice, Layers, Real};
use super::need::Need::{OwnCodes, Pictures, Unsupervised};
use super::range::End::{Above, At, Below, Open};
use super::{Knob, Level, Range, Section, always, codes, dual};
use crate::recipe::Stage::Represent;

const BASE: Knob = Knob { needs: &[Unsupervised], ..Knob::base(Section::Method, "Dual autoencoder") };

pub(super) const ROWS: &[Knob] = &[
    Knob {
        flag: "represent",
        heading: "",
        label: "Represent",
        effect: "Codes leave out what a few numbers cannot hold, noise first; clusters of images lie clearer there",
        field: |recipe| Choice(&mut recipe.represent),
        level: Level::Essential,
        reads: &[always(Represent)],
        needs: &[Unsupervised, OwnCodes],
        ..BASE
    },
    Knob {
        flag: "latent",
        label: "Code width",
        unit: "numbers",
        effect: "A narrow code has room for the sign alone, a wide one for the hand as well, and clusters lie further apart in fewer numbers",
        field: |recipe| AutoWhole(&mut recipe.latent),
        range: Some(Range::between(1, 1024).start(10.0)),
        reads: &[dual(Represent)],
        ..BASE
    },
    Knob {
        flag: "joint",
        label: "Joint share",
        unit: "share",
        effect: "The longer the spectral loss works on the codes, the tighter and the more separate their clusters become",
        field: |recipe| Real(&mut recipe.joint),
        range: Some(Range::fine(Above(0.0), At(1.0), 0.005, 6)),
        level: Level::Expert,
        reads: &[dual(Represent)],
        ..BASE
    },
    Knob {
        flag: "relative-weight",
        label: "Relative weight",
        unit: "δ",
        effect: "Makes rebuilt samples change less within the noise, so that codes near each other mean the same",
        field: |recipe| Real(&mut recipe.relative_weight),
        range: Some(Range::fine(At(0.0), Open, 0.005, 6)),
        level: Level::Expert,
        reads: &[dual(Represent)],
        ..BASE
    },
    Knob {
        flag: "mutual-weight",
        label: "Mutual weight",
        unit: "β",
        effect: "Keeps in the code what tells a sample from others, beyond what its pixels need",
        field: |recipe| Real(&mut recipe.mutual_weight),
        range: Some(Range::fine(At(0.0), Open, 0.005, 6)),
        level: Level::Expert,
        reads: &[dual(Represent)],
        ..BASE
    },
    Knob {
        flag: "prior-weight",
        label: "Prior weight",
        unit: "γ",
        effect: "More noise and fewer directions in the codes, which gather around one mean a cluster; too much blurs what is rebuilt",
        field: |recipe| Real(&mut recipe.prior_weight),
        range: Some(Range::fine(At(0.0), Open, 0.005, 6)),
        level: Level::Expert,
        reads: &[dual(Represent)],
        ..BASE
    },
    Knob {
        flag: "spectral-weight",
        label: "Spectral weight",
        effect: "Draws codes of neighbours together while the head learns; 0 leaves the codes to the other terms",
        field: |recipe| Real(&mut recipe.spectral_weight),
        range: Some(Range::fine(At(0.0), Open, 0.005, 6)),
        level: Level::Expert,
        reads: &[dual(Represent)],
        ..BASE
    },
    Knob {
        flag: "encoder",
        heading: "Codes",
        label: "Encoder layers",
        unit: "units",
        effect: "A shorter code keeps less of each sample; wider layers rebuild it better and train longer",
        field: |recipe| Layers(&mut recipe.encoder),
        hint: "auto or 500,10",
        reads: &[codes(Represent)],
        ..BASE
    },
    Knob {
        flag: "encoder-steps",
        heading: "Codes",
        label: "Encoder steps",
        unit: "at most",
        effect: "Longer training sharpens the rebuilt samples and parts their codes",
        field: |recipe| AutoWhole(&mut recipe.encoder_steps),
        range: Some(Range::at_least(1).start(5000.0)),
        level: Level::Expert,
        reads: &[codes(Represent)],
        ..BASE
    },
    Knob {
        flag: "encoder-lr",
        heading: "Codes",
        label: "Encoder rate",
        effect: "Too low and the rebuilt samples stay blurred, too high and they turn to noise",
        field: |recipe| AutoReal(&mut recipe.encoder_lr),
        range: Some(Range::RATE.start(1e-3)),
        level: Level::Expert,
        reads: &[codes(Represent)],
        ..BASE
    },
    Knob {
        flag: "corruption",
        heading: "Codes",
        label: "Corruption",
        unit: "share",
        effect: "Having to fill in what is missing makes codes follow shapes instead of single values",
        field: |recipe| Real(&mut recipe.corruption),
        range: Some(Range::fine(At(0.0), Below(1.0), 0.005, 3)),
        level: Level::Expert,
        reads: &[codes(Represent)],
        ..BASE
    },
    Knob {
        flag: "distortion",
        heading: "Codes",
        label: "Distortion",
        effect: "Codes that must undo it forget slant, size and place, and samples of one kind come together",
        field: |recipe| AutoReal(&mut recipe.distortion),
        range: Some(Range::fine(At(0.0), At(4.0), 0.01, 2).start(0.5)),
        level: Level::Expert,
        reads: &[codes(Represent)],
        needs: &[Unsupervised, Pictures],
        ..BASE
    },
];
