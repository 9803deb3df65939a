//! What the panels say about each setting: label, unit, and what turning it does to the picture. What the setting is, its
//! flag tells: that sentence stands once, at the field of the recipe.

use std::sync::LazyLock;

use clap::Args as _;

use super::spoken::spoken;
use crate::Recipe;

/// How a setting is presented.
#[derive(Clone, Copy, Debug)]
pub(in crate::app) struct Knob {
    /// Its flag without the dashes.
    pub(in crate::app) flag: &'static str,
    /// Its label.
    pub(in crate::app) label: &'static str,
    /// Its unit, or nothing.
    pub(in crate::app) unit: &'static str,
    /// What turning it does to the picture, in one sentence.
    pub(in crate::app) effect: &'static str,
}

const fn knob(flag: &'static str, label: &'static str, unit: &'static str, effect: &'static str) -> Knob {
    Knob { flag, label, unit, effect }
}

pub(super) const SEED: Knob = knob(
    "seed",
    "Seed",
    "",
    "Another seed draws other samples, starts and batches; a picture worth trusting survives it",
);
pub(super) const DEVICE: Knob = knob("device", "Device", "", "Changes how fast the picture moves, not where it ends");
pub(super) const CLUSTERS: Knob = knob(
    "clusters",
    "Clusters",
    "",
    "Sets how many colours the clusters have and, unless given, how many eigenvectors are found",
);
pub(super) const SAMPLES: Knob = knob(
    "samples",
    "Samples",
    "points",
    "More points fill the shapes and make the eigenvectors smoother, at the cost of time",
);
pub(super) const NOISE: Knob =
    knob("noise", "Noise", "std. dev.", "More noise thickens the shapes until they touch and the eigengap closes");
pub(super) const LIMIT: Knob =
    knob("limit", "Limit", "points", "Fewer points make every stage faster and the picture sparser");
pub(super) const MEMORY: Knob = knob(
    "memory",
    "Memory",
    "GiB",
    "A run that would take more says so before it starts; auto is what the system has free",
);
pub(super) const LABEL_COLUMN: Knob = knob(
    "label-column",
    "Label column",
    "",
    "Labels colour the points and give the scores; they never reach the solvers",
);
pub(super) const MISSING: Knob =
    knob("missing", "Missing values", "", "Decides whether rows with gaps are refused, left out or filled");
pub(super) const TEXT: Knob =
    knob("text", "Word columns", "", "Decides whether columns of words are refused, left out or counted as features");
pub(super) const DATA_DIR: Knob =
    knob("data-dir", "Data folder", "", "Without it mnist and fashion-mnist are looked for in the cache alone");
pub(super) const SCALING: Knob =
    knob("scaling", "Scaling", "", "Without it the feature with the largest numbers alone decides who is near whom");
pub(super) const REPRESENT: Knob = knob(
    "represent",
    "Represent",
    "",
    "Codes leave out what a few numbers cannot hold, noise first; clusters of images lie clearer there",
);
pub(super) const ENCODER: Knob = knob(
    "encoder",
    "Encoder layers",
    "units",
    "A shorter code keeps less of each sample; wider layers rebuild it better and train longer",
);
pub(super) const ENCODER_STEPS: Knob =
    knob("encoder-steps", "Encoder steps", "", "Longer training sharpens the rebuilt samples and parts their codes");
pub(super) const ENCODER_LR: Knob = knob(
    "encoder-lr",
    "Encoder rate",
    "",
    "Too low and the rebuilt samples stay blurred, too high and they turn to noise",
);
pub(super) const CORRUPTION: Knob = knob(
    "corruption",
    "Corruption",
    "share",
    "Having to fill in what is missing makes codes follow shapes instead of single values",
);
pub(super) const LATENT: Knob = knob(
    "latent",
    "Code width",
    "numbers",
    "A narrow code has room for the sign alone, a wide one for the hand as well, and clusters lie further apart in fewer numbers",
);
pub(super) const JOINT: Knob = knob(
    "joint",
    "Joint share",
    "share",
    "The longer the spectral loss works on the codes, the tighter and the more separate their clusters become",
);
pub(super) const DISTORTION: Knob = knob(
    "distortion",
    "Distortion",
    "",
    "Codes that must undo it forget slant, size and place, and samples of one kind come together",
);
pub(super) const RELATIVE_WEIGHT: Knob = knob(
    "relative-weight",
    "Relative weight",
    "δ",
    "Makes rebuilt samples change less within the noise, so that codes near each other mean the same",
);
pub(super) const MUTUAL_WEIGHT: Knob = knob(
    "mutual-weight",
    "Mutual weight",
    "β",
    "Keeps in the code what tells a sample from others, beyond what its pixels need",
);
pub(super) const PRIOR_WEIGHT: Knob = knob(
    "prior-weight",
    "Prior weight",
    "γ",
    "More noise and fewer directions in the codes, which gather around one mean a cluster; too much blurs what is rebuilt",
);
pub(super) const SPECTRAL_WEIGHT: Knob = knob(
    "spectral-weight",
    "Spectral weight",
    "",
    "Draws codes of neighbours together while the head learns; 0 leaves the codes to the other terms",
);
pub(super) const SIAMESE: Knob =
    knob("siamese", "Siamese layers", "units", "Wider layers draw neighbours of neighbours together more tightly");
pub(super) const SIAMESE_STEPS: Knob = knob(
    "siamese-steps",
    "Siamese steps",
    "",
    "Longer training parts the two histograms further, and in the end tears clusters",
);
pub(super) const SIAMESE_LR: Knob =
    knob("siamese-lr", "Siamese rate", "", "Too high and both histograms fall together at one distance");
pub(super) const SIAMESE_NEIGHBORS: Knob = knob(
    "siamese-neighbors",
    "Siamese neighbours",
    "per point",
    "More of them reach across gaps that the nearest few would keep",
);
pub(super) const NEIGHBORS: Knob = knob(
    "neighbors",
    "Neighbours",
    "per point",
    "Few keep clusters apart and may tear them; many join what lies close",
);
pub(super) const EXACT_NEIGHBORS_TO: Knob = knob(
    "exact-neighbors-to",
    "Exact up to",
    "samples",
    "With more of them a hundredth of the neighbours may be others than the nearest, and the search is many times faster",
);
pub(super) const SCALE: Knob =
    knob("scale", "Scale", "", "Local follows the density of each region; one width for all favours the dense ones");
pub(super) const SCALE_NEIGHBOR: Knob = knob(
    "scale-neighbor",
    "Scale neighbour",
    "",
    "A farther neighbour widens the Gaussian and lets weak joins count more",
);
pub(super) const AFFINITY: Knob =
    knob("affinity", "Affinity", "", "Gaussian weights fade with distance; binary ones count every neighbour alike");
pub(super) const LAPLACIAN: Knob = knob(
    "laplacian",
    "Laplacian",
    "",
    "Random walk balances clusters by their weight, unnormalised lets a few loose points stand alone",
);
pub(super) const AFFINITY_FILE: Knob = knob(
    "affinity-file",
    "Affinity file",
    "",
    "A given matrix takes the place of the built graph on both sides; neighbours and scale no longer matter",
);
pub(super) const LABELLED: Knob = knob(
    "labelled",
    "Labelled",
    "share",
    "A few known labels pull touching classes apart, and the result is no longer unsupervised",
);
pub(super) const EXACT: Knob =
    knob("exact", "Exact side", "", "Without it there is no truth to compare with, and large data goes faster");
pub(super) const EIGENVECTORS: Knob = knob(
    "eigenvectors",
    "Eigenvectors",
    "",
    "More of them separate finer structure, and add noise once past the eigengap",
);
pub(super) const ROWS: Knob =
    knob("rows", "Rows", "", "Normalised rows put every point at one distance from the origin before k-means");
pub(super) const DIFFUSION_TIME: Knob = knob(
    "diffusion-time",
    "Diffusion time",
    "steps",
    "A longer time fades eigenvectors with larger eigenvalues out of the clusters",
);
pub(super) const STARTS: Knob =
    knob("starts", "Starts", "", "More starts of k-means make a bad cut of a good eigenspace less likely");
pub(super) const REFINE: Knob = knob(
    "refine",
    "Refine",
    "rounds",
    "Moves samples along the graph after k-means while the normalised cut falls; 0 shows what k-means found",
);
pub(super) const LEARN: Knob = knob("learn", "Learned side", "", "Without it only the exact side is computed");
pub(super) const HIDDEN: Knob = knob(
    "hidden",
    "Hidden layers",
    "units",
    "Wider and deeper networks bend more sharply between clusters and train more slowly",
);
pub(super) const FOURIER: Knob = knob(
    "fourier",
    "Fourier features",
    "pairs",
    "More of them let thin spirals and narrow gaps be followed, and roughen what is smooth",
);
pub(super) const FREQUENCY: Knob = knob(
    "frequency",
    "Frequency",
    "rad/std. dev.",
    "Higher ones resolve finer structure and ripple where there are few points",
);
pub(super) const ACTIVATION: Knob =
    knob("activation", "Activation", "", "Smooth units give smooth eigenvectors, the rectifiers piecewise flat ones");
pub(super) const BATCH: Knob = knob(
    "batch",
    "Batch",
    "pairs or samples",
    "Larger batches lower the typical orthogonality error and steady the picture",
);
pub(super) const STEPS: Knob = knob(
    "steps",
    "Steps",
    "at most",
    "Longer training mostly brings the learned side nearer to the exact one; the nearest is kept",
);
pub(super) const LR: Knob = knob("lr", "Learning rate", "", "Too low and the picture creeps, too high and it shakes");
pub(super) const PATIENCE: Knob =
    knob("patience", "Patience", "evaluations", "More patience trains longer at each learning rate before it falls");
pub(super) const DECAY: Knob =
    knob("decay", "Decay", "×", "A stronger fall settles the picture sooner and may freeze it early");
pub(super) const OBJECTIVE: Knob =
    knob("objective", "Objective", "", "Only pairs from the whole graph lead to the exact side's own eigenvectors");
pub(super) const GRADIENT: Knob = knob(
    "gradient",
    "Gradient",
    "",
    "Frozen weights drop the force that keeps columns apart; with the objective batch graph the picture may collapse",
);
pub(super) const ORTHONORMAL: Knob = knob(
    "orthonormal",
    "Orthonormal by",
    "",
    "Changes nothing you can see unless outputs are nearly dependent, where QR keeps more digits",
);
pub(super) const SEPARATE: Knob = knob(
    "separate",
    "Separation",
    "",
    "Without it the axes are mixtures of eigenvectors; by batches they are nearly apart",
);
pub(super) const GUARDS: Knob = knob(
    "guards",
    "Guards",
    "columns",
    "More of them make the last eigenvectors as sharp as the first where eigenvalues lie close, at the cost of time",
);
pub(super) const WALK: Knob =
    knob("walk", "Walk", "steps", "Longer walks pull tiny eigenvalues apart, shorter ones resolve larger eigenvalues");

pub(super) const SYSTEM: Knob =
    knob("system", "System", "", "A supervised one shows how far labels of some classes carry, and is no clustering");
pub(super) const EMBEDDING: Knob = knob(
    "embedding",
    "Embedding",
    "outputs",
    "More of them keep what the classes trained on did not need and new classes may",
);
pub(super) const HELD_OUT: Knob = knob(
    "held-out",
    "Held out",
    "share",
    "The more is kept from the training, the less it learns and the surer its scores are",
);
pub(super) const VALIDATE: Knob =
    knob("validate", "Validate", "", "With it the scores may guide your settings without spoiling the final ones");
pub(super) const CLASSES: Knob = knob(
    "classes",
    "Classes in a batch",
    "",
    "Fewer classes with more samples each give steadier directions, but less to tell apart at once",
);
pub(super) const MARGIN: Knob =
    knob("margin", "Margin", "", "A wider one pushes classes farther apart and keeps more pairs at work");
pub(super) const INFERENCE: Knob = knob(
    "inference",
    "Inference",
    "",
    "The spectral forms give every direction of the embedding the same weight, the direct one keeps its own",
);
pub(super) const CENTRE: Knob =
    knob("centre", "Centre", "", "Without the mean the first direction no longer says where all points lie");

/// Every knob, section by section.
pub(super) const SECTIONS: [(&str, &[Knob]); 5] = [
    ("Data", &[SAMPLES, NOISE, LABEL_COLUMN, MISSING, TEXT, LIMIT, DATA_DIR, MEMORY, SCALING]),
    (
        "Method",
        &[
            SYSTEM,
            EMBEDDING,
            HELD_OUT,
            VALIDATE,
            CLASSES,
            MARGIN,
            INFERENCE,
            CENTRE,
            REPRESENT,
            LATENT,
            JOINT,
            RELATIVE_WEIGHT,
            MUTUAL_WEIGHT,
            PRIOR_WEIGHT,
            SPECTRAL_WEIGHT,
            ENCODER,
            ENCODER_STEPS,
            ENCODER_LR,
            CORRUPTION,
            DISTORTION,
        ],
    ),
    (
        "Graph",
        &[
            NEIGHBORS,
            EXACT_NEIGHBORS_TO,
            AFFINITY,
            SIAMESE,
            SIAMESE_STEPS,
            SIAMESE_LR,
            SIAMESE_NEIGHBORS,
            SCALE,
            SCALE_NEIGHBOR,
            LAPLACIAN,
            AFFINITY_FILE,
            LABELLED,
            CLUSTERS,
            EIGENVECTORS,
            ROWS,
            DIFFUSION_TIME,
            STARTS,
            REFINE,
            EXACT,
        ],
    ),
    ("Network", &[LEARN, HIDDEN, ACTIVATION, FOURIER, FREQUENCY, DEVICE]),
    ("Training", &[STEPS, BATCH, LR, WALK, PATIENCE, DECAY, OBJECTIVE, GRADIENT, ORTHONORMAL, SEPARATE, GUARDS, SEED]),
];

pub(super) static FLAGS: LazyLock<clap::Command> = LazyLock::new(|| Recipe::augment_args(clap::Command::new("recipe")));

/// Every knob with the title of its section.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static Knob)> {
    SECTIONS.iter().flat_map(|(section, knobs)| knobs.iter().map(move |knob| (*section, knob)))
}

impl Knob {
    /// What the setting is: the sentence of its flag.
    pub(super) fn meaning(&self) -> Option<String> {
        let flag = FLAGS.get_arguments().find(|a| a.get_long() == Some(self.flag))?;
        flag.get_help().map(ToString::to_string)
    }

    /// Everything there is to say about it.
    pub(super) fn tooltip(&self) -> String {
        let meaning = self.meaning().map(|m| format!("{}\n\n", spoken(&m))).unwrap_or_default();
        if self.flag.is_empty() {
            return self.effect.to_owned();
        }
        format!("{meaning}{}\n\n--{}", self.effect, self.flag)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A knob that the recipe gains must come into a panel. Not in one: settings with a single choice so far.
    #[test]
    fn every_flag_has_a_knob() {
        let without: [&str; 0] = [];
        for flag in FLAGS.get_arguments().filter_map(clap::Arg::get_long).filter(|f| !without.contains(f)) {
            assert!(all().any(|(_, k)| k.flag == flag), "--{flag} is in no panel");
        }
    }

    #[test]
    fn every_knob_is_a_flag_with_a_meaning_and_an_effect_of_one_sentence() {
        for (_, knob) in all() {
            assert!(knob.meaning().is_some(), "{} is no flag of the recipe", knob.flag);
            assert!(!knob.effect.ends_with('.') && knob.effect.len() > 20, "{}", knob.flag);
        }
    }
}
