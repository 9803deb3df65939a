//! Every knob, once: command line flags, window controls, the saved file and the defaults are this one struct.

pub mod changes;
mod check;
mod choices;
pub mod columns;
pub mod flags;
pub mod knobs;
mod resolved;
mod stage;
mod supervised;
mod value;
mod variants;

use std::path::PathBuf;

use clap::Args;
use serde::{Deserialize, Serialize};

pub use choices::{
    Activation, Affinity, DecimalMark, DeviceChoice, Distance, Gradient, HeaderLine, Laplacian, Missing, Objective,
    Represent, Rows, Scaling, System, TextColumns,
};
pub(crate) use resolved::name;
pub use resolved::{
    BEYOND, CODES_BATCH, Codes, Facts, GAP_SEARCH, Grouping, LEAST_TAUGHT, Origin, SIAMESE_PAIRS, Settings, Siamese,
    Supervised, Taken, Training, stages_run,
};
pub use stage::Stage;
pub use supervised::Inference;
pub use value::{Auto, Hidden, Scale, WIDEST_LAYER};
pub use variants::{Factor, LastLayer, Separate};

/// Everything that decides a run, the data's name aside. The same recipe, data and machine give the same answer.
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of its own")]
#[derive(Args, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default, deny_unknown_fields)]
pub struct Recipe {
    /// The one seed everything random hangs on
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Where the network trains: auto takes a real GPU where there is one, the CPU otherwise
    #[arg(long, value_enum, default_value_t)]
    pub device: DeviceChoice,
    /// Which method to run
    #[arg(long, value_enum, default_value_t)]
    pub system: System,
    /// What stands for a sample: its features, or a code computed from them; the dual autoencoder has codes of its own
    #[arg(long, value_enum, default_value_t)]
    pub represent: Represent,
    /// Number of clusters; auto takes what the data is known to have, else what the last clear eigengap suggests, or the relatively widest where none is clear
    #[arg(long, default_value_t)]
    pub clusters: Auto<usize>,

    /// Samples to generate (generated sets only)
    #[arg(long, default_value_t, help_heading = "Data")]
    pub samples: Auto<usize>,
    /// Standard deviation of the noise (generated sets only)
    #[arg(long, default_value_t, help_heading = "Data")]
    pub noise: Auto<f64>,
    /// Keep at most this many samples, drawn at random with the seed; 0 keeps all
    #[arg(long, default_value_t = 0, help_heading = "Data")]
    pub limit: usize,
    /// Most memory a run may take, in GiB; auto is what the system has free. One that would not fit says so before it starts
    #[arg(long, default_value_t, help_heading = "Data")]
    pub memory: Auto<f64>,
    /// Name or 1-based number of the column that holds labels; auto looks for one called label, class, target or y; none has none
    #[arg(long, default_value = "auto", help_heading = "Data")]
    pub label_column: String,
    /// Name or 1-based number of the column that names the rows and is no feature; auto looks for one called id or alike whose cells are
    /// all different, or that only numbers the rows; none has none
    #[arg(long, default_value = "auto", help_heading = "Data")]
    pub id_column: String,
    /// Features to take, by name or 1-based number, with commas between them; auto takes every column that can be one, and auto,NAME that
    /// one too, whatever it looks like
    #[arg(long, default_value = "auto", value_name = "NAMES", help_heading = "Data")]
    pub features: String,
    /// Columns to leave out of the features, by name or 1-based number, with commas between them; none leaves none out
    #[arg(long, default_value = "none", value_name = "NAMES", help_heading = "Data")]
    pub ignore: String,
    /// Columns to show and export that are no features, by name or 1-based number, with commas between them
    #[arg(long, default_value = "none", value_name = "NAMES", help_heading = "Data")]
    pub shown: String,
    /// What columns hold, whatever it looks like: column=kind, with commas between them or the flag again. Kinds are number, category, flag,
    /// date, and year-month-day, day-month-year or month-day-year
    #[arg(long, default_value = "auto", value_name = "COLUMN=KIND", help_heading = "Data")]
    pub kind: String,
    /// Whether the first line of a table names its columns
    #[arg(long, value_enum, default_value_t, help_heading = "Data")]
    pub header: HeaderLine,
    /// What stands between the cells of a table: tab, comma, semicolon, pipe, space (any number of blanks) or another character; auto
    /// takes what parts the lines evenly and into numbers
    #[arg(long, default_value = "auto", help_heading = "Data")]
    pub delimiter: String,
    /// How a text says its characters: utf-8, utf-16le, windows-1252, shift_jis or another name of the web's Encoding Standard; auto takes
    /// UTF-8 and UTF-16 by what they begin with, and judges by the bytes what is neither
    #[arg(long, default_value = "auto", help_heading = "Data")]
    pub encoding: String,
    /// What stands before the fraction of a number in a table
    #[arg(long, value_enum, default_value_t, help_heading = "Data")]
    pub decimal: DecimalMark,
    /// Name of the array of an NPZ archive, of the sheet of a spreadsheet, or of the table of a dump in SQL, that holds the features; auto
    /// takes a usual name or the only one that can, the first sheet with a table, and the longest table of a dump
    #[arg(long, default_value = "auto", value_name = "NAME", help_heading = "Data")]
    pub array: String,
    /// What to do with a missing value
    #[arg(long, value_enum, default_value_t, help_heading = "Data")]
    pub missing: Missing,
    /// What to do with a column of words
    #[arg(long, value_enum, default_value_t, help_heading = "Data")]
    pub text: TextColumns,
    /// Components that wide sparse rows, as of text, are brought to by a truncated SVD (latent semantic analysis); 0 makes them dense.
    /// auto is 0 up to 1,000 columns, and up to 5,000 where the whole has at most 40 million values; 300 beyond
    #[arg(long, default_value_t, help_heading = "Data")]
    pub components: Auto<usize>,
    /// How features are scaled before distances are taken (--no-standardize is --scaling none); auto divides images by their largest
    /// value, brings rows that are amounts of many things, as of text, or embeddings to length 1, is mixed where columns have two values, and
    /// standardises all else
    #[arg(long, value_enum, default_value_t, help_heading = "Data")]
    pub scaling: Scaling,
    /// Folder with the files of mnist or fashion-mnist, where they are not in the cache
    #[arg(long, help_heading = "Data")]
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "value::write_path")]
    pub data_dir: Option<PathBuf>,

    /// Layers of the autoencoder's encoder, its code last; the decoder mirrors them. auto is 500,500,2000,10; for the dual autoencoder
    /// 500,500,10, and 256,10 after the convolutions of a picture
    #[arg(long, default_value_t, help_heading = "Codes")]
    pub encoder: Hidden,
    /// Steps to train the autoencoder, plain or dual; auto follows the number of samples, and of fewer than four samples for each feature
    /// takes as many as help to rebuild a tenth of them that is held out
    #[arg(long, default_value_t, help_heading = "Codes")]
    pub encoder_steps: Auto<usize>,
    /// Highest learning rate of the autoencoder, reached after a third of its steps; auto is 0.001, and 0.002 for the dual autoencoder
    #[arg(long, default_value_t, help_heading = "Codes")]
    pub encoder_lr: Auto<f64>,
    /// Share of the input values that the autoencoder sees as 0 and has to fill in
    #[arg(long, default_value_t = 0.2, help_heading = "Codes")]
    pub corruption: f64,
    /// How far pictures are turned, slanted, stretched and shifted before the encoder sees them, while the decoder has to give them as
    /// they were: 1 turns by some 8 degrees and shifts by some pixel; 0 leaves them as they are; auto is 0.5, and 1.5 for the dual
    /// autoencoder
    #[arg(long, default_value_t, help_heading = "Codes")]
    pub distortion: Auto<f64>,
    /// Layers of the Siamese network, its output last; auto is 512,512,10
    #[arg(long, default_value_t, help_heading = "Codes")]
    pub siamese: Hidden,
    /// Steps to train the Siamese network; auto follows the number of samples
    #[arg(long, default_value_t, help_heading = "Codes")]
    pub siamese_steps: Auto<usize>,
    /// Highest learning rate of the Siamese network
    #[arg(long, default_value_t = 1e-3, help_heading = "Codes")]
    pub siamese_lr: f64,
    /// Nearest neighbours that the Siamese network learns to draw together
    #[arg(long, default_value_t = 3, help_heading = "Codes")]
    pub siamese_neighbors: usize,

    /// Width of the dual autoencoder's code; auto takes the last of --encoder, 10 unless given
    #[arg(long, default_value_t, help_heading = "Dual autoencoder")]
    pub latent: Auto<usize>,
    /// Share of the encoder's steps, the last ones, in which the spectral head is trained together with the dual autoencoder
    #[arg(long, default_value_t = 0.6, help_heading = "Dual autoencoder")]
    pub joint: f64,
    /// Weight of the relative reconstruction: how far a sample rebuilt from a noisy code lies from the one rebuilt from its mean
    #[arg(long, default_value_t = 0.5, help_heading = "Dual autoencoder")]
    pub relative_weight: f64,
    /// Weight of the mutual information between a sample's features and its code, global and, for images, local
    #[arg(long, default_value_t = 0.01, help_heading = "Dual autoencoder")]
    pub mutual_weight: f64,
    /// Weight of the divergence of codes from the prior, a mixture of normal laws with learned means, one a cluster
    #[arg(long, default_value_t = 0.1, help_heading = "Dual autoencoder")]
    pub prior_weight: f64,
    /// Weight of the spectral loss in the encoder; 0 trains the head on codes that do not feel it
    #[arg(long, default_value_t = 30.0, help_heading = "Dual autoencoder")]
    pub spectral_weight: f64,

    /// Nearest neighbours that each sample is joined to, itself not counted; auto is 15, 30 between codes,
    /// up to 30 between rows of length 1 as of text, or all where there are fewer
    #[arg(long, default_value_t, help_heading = "Graph")]
    pub neighbors: Auto<usize>,
    /// How far samples are from each other, by which neighbours are found and weighed; a network reads the features as they are
    #[arg(long, value_enum, default_value_t, help_heading = "Graph")]
    pub distance: Distance,
    /// More samples than these, in more than ten dimensions, get neighbours that are nearly the nearest, found many times faster; their
    /// recall is measured and shown. 0 always does, a large number never
    #[arg(long, default_value_t = 20_000, value_name = "SAMPLES", help_heading = "Graph")]
    pub exact_neighbors_to: usize,
    /// Width of the Gaussian: local (each sample's own), global (one for all), or a distance. robust is global and robust-local is local
    /// with a least weight, so that no stray falls off the graph; auto is robust where neighbours' distances fill few dimensions, and
    /// robust-local where they fill many and between codes
    #[arg(long, default_value_t, help_heading = "Graph")]
    pub scale: Scale,
    /// Which neighbour's distance sets a sample's scale: local takes it as is, global takes the median of all; 0 takes the median over the neighbours
    #[arg(long, default_value_t = 0, help_heading = "Graph")]
    pub scale_neighbor: usize,
    /// How the distance between neighbours becomes a weight
    #[arg(long, value_enum, default_value_t, help_heading = "Graph")]
    pub affinity: Affinity,
    /// The operator whose lowest eigenvectors are sought, by both solvers
    #[arg(long, value_enum, default_value_t, help_heading = "Graph")]
    pub laplacian: Laplacian,
    /// Take the affinity matrix from this file rather than from neighbours, one row and column a sample in the data's order: Matrix
    /// Market (.mtx), a sparse matrix that SciPy saved (.npz), or a dense array (.npy)
    #[arg(long, value_name = "FILE", help_heading = "Graph")]
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "value::write_path")]
    pub affinity_file: Option<PathBuf>,
    /// Semi-supervised: the share of samples, drawn with the seed, whose labels shape the graph: joined within a class, cut between
    /// classes; 0 uses none
    #[arg(long, default_value_t = 0.0, value_name = "SHARE", help_heading = "Graph")]
    pub labelled: f64,
    /// Semi-supervised: a table of the rows whose labels are known, which shape the graph as those of --labelled do. Its columns are row, the
    /// place in the data counted from 0, and label; an exported table with labels that a person gave will do
    #[arg(long, value_name = "FILE", help_heading = "Graph")]
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "value::write_path")]
    pub known_labels: Option<PathBuf>,

    /// Compute the exact eigenspace beside the learned one (--no-exact leaves it out)
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set, help_heading = "Eigenspace")]
    pub exact: bool,
    /// Number of eigenvectors, the constant one included; auto takes the number of clusters, and
    /// between codes 1.4 more for each, between those of the dual autoencoder two more in all
    #[arg(long, default_value_t, help_heading = "Eigenspace")]
    pub eigenvectors: Auto<usize>,
    /// How rows of the eigenspace go into k-means; auto is as-is, normalized where --scaling brings rows to length 1, where --scale is
    /// robust, in tables of four clusters or more and between codes of the dual autoencoder, and diffusion-normalized between other codes
    #[arg(long, value_enum, default_value_t, help_heading = "Eigenspace")]
    pub rows: Rows,
    /// Diffusion time for --rows diffusion and diffusion-normalized: column i is weighted by (1 − λᵢ)ᵗ; auto tries three, which leave
    /// the first vector beyond the clusters 0.95, 0.8 and 0.6 of its length, and takes the clusters of the most even sizes; it is 50
    /// where there is no such vector
    #[arg(long, default_value_t, help_heading = "Eigenspace")]
    pub diffusion_time: Auto<f64>,
    /// Random starts of k-means; the best is kept
    #[arg(long, default_value_t = 10, help_heading = "Eigenspace")]
    pub starts: usize,
    /// Rounds after k-means in which samples move to another cluster as long as the graph's normalised cut falls; auto is 20 between
    /// codes and 0 elsewhere
    #[arg(long, default_value_t, help_heading = "Eigenspace")]
    pub refine: Auto<usize>,
    /// Epochs of self-training after that: the clusters teach a classifier that sees distorted samples, and its own answers take the place
    /// of theirs; auto is 8 for pictures between whose codes the graph is built, up to 28 for fewer than 35,000, and 0 elsewhere. Answers
    /// that are another clustering rather than a cleaner one are not taken
    #[arg(long, default_value_t, help_heading = "Eigenspace")]
    pub self_training: Auto<usize>,

    /// Train the network (--no-learn computes the exact side alone)
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set, help_heading = "Network")]
    pub learn: bool,
    /// Sizes of the hidden layers, such as 256,256; auto follows the data
    #[arg(long, default_value_t, help_heading = "Network")]
    pub hidden: Hidden,
    /// Random Fourier features, sine and cosine each, beside the raw ones: fine structure in few dimensions that a network otherwise
    /// learns last; auto takes 64 in up to 3 dimensions, 256 in up to 32, between codes too, and 0 beyond
    #[arg(long, default_value_t, help_heading = "Network")]
    pub fourier: Auto<usize>,
    /// Typical frequency of the Fourier features, in radians per standard deviation of the input; beyond 3 dimensions it is divided by
    /// √(d/3)
    #[arg(long, default_value_t = 2.0, help_heading = "Network")]
    pub frequency: f64,
    /// What each hidden unit does to its sum
    #[arg(long, value_enum, default_value_t, help_heading = "Network")]
    pub activation: Activation,

    /// Where the last layer comes from: solved on the whole graph in the span of the layer before it, or learned by the gradient as in the
    /// papers; auto solves it where the loss is the whole graph's and there are at most 10,000 samples
    #[arg(long, value_enum, default_value_t, help_heading = "Network")]
    pub last_layer: LastLayer,

    /// Pairs of samples in a step, each of two rows; for a supervised system single samples. auto takes the whole graph in each step where
    /// there are at most 10,000 samples and the last layer is solved
    #[arg(long, default_value_t, help_heading = "Training")]
    pub batch: Auto<usize>,
    /// Most steps to train; training stops earlier once nothing improves, and of all looks the network nearest to the exact space is kept.
    /// auto follows the data, and on the whole graph takes up to five times as many while the network comes much nearer
    #[arg(long, default_value_t, help_heading = "Training")]
    pub steps: Auto<usize>,
    /// Learning rate of Adam
    #[arg(long, default_value_t, help_heading = "Training")]
    pub lr: Auto<f64>,
    /// Evaluations without improvement before the learning rate falls
    #[arg(long, default_value_t = 10, help_heading = "Training")]
    pub patience: usize,
    /// Factor by which the learning rate falls
    #[arg(long, default_value_t = 0.3, help_heading = "Training")]
    pub decay: f64,
    /// Where the loss is taken: on pairs drawn from the whole graph, or on a graph built inside each batch as in the paper
    #[arg(long, value_enum, default_value_t, help_heading = "Training")]
    pub objective: Objective,
    /// Whether the gradient goes through the orthonormal layer, or that layer is frozen in each step as in the paper
    #[arg(long, value_enum, default_value_t, help_heading = "Training")]
    pub gradient: Gradient,
    /// Bring the columns apart by the orthonormal layer (--no-orthonormal-layer leaves it out: nothing then keeps them from becoming the
    /// constant, which is shown as it is; no row is held out, and the last network is the one that is kept)
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set, help_heading = "Training")]
    pub orthonormal_layer: bool,
    /// How the orthonormal layer's weights are factored
    #[arg(long, value_enum, default_value_t, help_heading = "Training")]
    pub orthonormal: Factor,
    /// How the learned span is parted into single eigenvectors
    #[arg(long, value_enum, default_value_t, help_heading = "Training")]
    pub separate: Separate,
    /// Weight of the tie between neighbours, in highest eigenvalues learned: how strongly the map is held to the line between two of them,
    /// where there is no sample. auto is 1, or 2 in up to three dimensions, where a step takes the whole graph of up to 2,500 samples, less for
    /// more, and 0 elsewhere; without it few samples say nothing of rows never seen
    #[arg(long, default_value_t, help_heading = "Training")]
    pub tie: Auto<f64>,
    /// Share of the rows held out of the steps: how far they come to lie from the exact space is measured at each look, stops the training
    /// and says which network is kept; its last steps then take all rows. auto is a tenth, at least 20 rows and at most 5,000, and 0 below
    /// 100 rows; codes, which have seen every row, and runs without the exact side hold none out
    #[arg(long, default_value_t, help_heading = "Training")]
    pub hold_out: Auto<f64>,
    /// Columns learned beside the wanted ones and left out of the result, so that close eigenvalues around the last one are not cut
    /// apart; auto goes on to the next wide gap where --eigenvectors is given, and takes none otherwise
    #[arg(long, default_value_t, help_heading = "Training")]
    pub guards: Auto<usize>,
    /// Steps of the random walk between the two samples of a pair; auto follows the spectrum
    #[arg(long, default_value_t, help_heading = "Training")]
    pub walk: Auto<usize>,

    /// Outputs of a supervised network; auto takes the number of classes trained on, and at least 3 for flat data or 256 for the rest
    #[arg(long, default_value_t, help_heading = "Supervised")]
    pub embedding: Auto<usize>,
    /// Share kept from a supervised training and used for its scores: the last classes where there are at least six, else rows; auto
    /// takes half of the classes or two sevenths of the rows
    #[arg(long, default_value_t, help_heading = "Supervised")]
    pub held_out: Auto<f64>,
    /// Choose settings without a look at what is held out: half of the classes trained on are split off by the seed and scored instead
    #[arg(long, default_value_t = false, action = clap::ArgAction::Set, help_heading = "Supervised")]
    pub validate: bool,
    /// Classes in a batch of a supervised training, with equally many samples each; auto takes all, 64 at most
    #[arg(long, default_value_t, help_heading = "Supervised")]
    pub classes: Auto<usize>,
    /// How far samples of two classes should be apart: a distance for contrastive, a difference of squared ones for triplet, between
    /// outputs of length 1
    #[arg(long, default_value_t, help_heading = "Supervised")]
    pub margin: Auto<f64>,
    /// How the outputs of a supervised network become rows to compare
    #[arg(long, value_enum, default_value_t, help_heading = "Supervised")]
    pub inference: Inference,
    /// Take the mean from the outputs before their SVD, which the authors' code does not
    #[arg(long, default_value_t = false, action = clap::ArgAction::Set, help_heading = "Supervised")]
    pub centre: bool,
}

impl Default for Recipe {
    fn default() -> Self {
        value::defaults()
    }
}

impl Recipe {
    /// How the learned columns are parted: as they are where no orthonormal layer makes a span of them.
    #[must_use]
    pub fn separation(&self) -> Separate {
        if self.orthonormal_layer { self.separate } else { Separate::Off }
    }

    /// Whether the graph is built between codes. They carry less noise than features: more neighbours and eigenvectors help there.
    #[must_use]
    pub fn has_codes(&self) -> bool {
        self.represent != Represent::None || self.system == System::DualAutoencoder
    }
}
