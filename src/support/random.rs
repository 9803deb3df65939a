//! The random numbers of a run: one seed, and a stream of its own for each use.
//!
//! A use is a variant of [`Stream`], and its draws are told apart by a number `at`: a step, an epoch, a start, a layer. ChaCha gives each
//! seed 2⁶⁴ streams that never meet; a use and its `at` are the number of one, so that no draw of a run repeats the numbers of another.
//! The numbers of variants must not change, nor be used again: they are part of what a seed means.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;

/// What random numbers are for. What `at` counts stands behind the use; 0 where nothing does.
///
/// | number | use | number | use |
/// | --- | --- | --- | --- |
/// | 0–1 | which samples there are | 23 | weights of the network and of the supervised ones |
/// | 2 | Fourier features | 24–28, 32–49 | dual autoencoder; 26 distortion, of every encoder |
/// | 3–6 | principal components, neighbours | 29–31, 50 | training of the network |
/// | 8–10 | exact eigenvectors | 51–53 | walks on the dual autoencoder's codes |
/// | 11–12 | k-means | 54, 61 | supervised batches; first biases of the network |
/// | 13–15 | labels, batches of `separate`, parts of the data | 55–60 | rows never seen, rows of a model, truncated SVD, rows between neighbours, samples of a live picture, rows held out |
/// | 16–19 | autoencoder; 19 of every encoder | 80, 90–91 | parts by which stability is told; what stays on a training device |
/// | 20–22 | Siamese network | 70–74, 92–93 | self-training; points that are painted |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub enum Stream {
    /// Points of a generated set.
    Data = 0,
    /// The samples that `--limit` keeps.
    Limit = 1,
    /// Frequencies of the Fourier features.
    Fourier = 2,
    /// The first basis of the principal components, and the rows they begin with.
    Principal = 3,
    /// Rows and first basis of the projection that approximate neighbours are looked for in.
    Projection = 4,
    /// First centres of the lists of approximate neighbours; the members that are split, see [`of_two`].
    Lists = 5,
    /// Rows on which the recall is measured.
    Recall = 6,
    /// The starting vector of the bound of the spectrum.
    Lanczos = 8,
    /// The first block of the block Krylov method.
    BlockKrylov = 9,
    /// The first block of the subspace iteration.
    Subspace = 10,
    /// First centres of k-means; the start.
    KMeans = 11,
    /// The part of many samples that k-means is tried on.
    KMeansPart = 12,
    /// The samples whose labels shape the graph.
    Labelled = 13,
    /// The batches that `--separate batches` takes means over.
    Separate = 14,
    /// What is held out of a supervised training.
    Split = 15,
    /// Weights of the autoencoder's encoder.
    EncoderWeights = 16,
    /// Weights of the autoencoder's decoder.
    DecoderWeights = 17,
    /// The order of an autoencoder's samples; the epoch.
    EncoderOrder = 18,
    /// Numbers of a sample that an encoder does not see; the step.
    Corruption = 19,
    /// Weights of the Siamese network.
    SiameseWeights = 20,
    /// Pairs that the Siamese network is trained on; the step.
    SiamesePairs = 21,
    /// Pairs whose distances are shown.
    SiameseWatched = 22,
    /// Weights of the spectral network, and of the supervised ones.
    NetworkWeights = 23,
    /// The order of the dual autoencoder's samples; the epoch.
    DualOrder = 24,
    /// The noise around its means; the step.
    DualNoise = 25,
    /// How pictures are turned, slanted and shifted before an encoder; the step.
    Distortion = 26,
    /// The order of samples in the joint part; the epoch.
    JointOrder = 27,
    /// Samples for an orthonormal layer of its own in the joint part, where there is no graph yet; the epoch.
    JointFreshOrder = 28,
    /// Pairs or samples of a training step; the step and the part of a draw, see [`of_two`].
    Batch = 29,
    /// The batch of a layer of its own; likewise.
    FreshLayer = 30,
    /// The batch that makes the weights of a look; likewise.
    LookWeights = 31,
    /// Weights of the dual autoencoder's shrinking convolutions; the layer.
    DualShrink = 32,
    /// Of the growing ones; the layer.
    DualGrow = 36,
    /// Of its layers to the code.
    DualCode = 40,
    /// Of those from it.
    DualWiden = 41,
    /// Of the global critic; its part.
    DualCritic = 42,
    /// Of the local critic; its part.
    DualLocalCritic = 45,
    /// The first means of the mixture.
    DualMeans = 48,
    /// Weights of the spectral head.
    DualHead = 49,
    /// The batch that a look's weights are judged on; the step and the part of a draw.
    LookJudged = 50,
    /// Pairs of the joint part; the step and the part of a draw.
    JointPairs = 51,
    /// Pairs that the head alone is trained on; likewise.
    JointHead = 52,
    /// Samples for an orthonormal layer of its own in the joint part; likewise.
    JointFresh = 53,
    /// Classes and rows of a supervised batch; the step.
    ClassBatches = 54,
    /// Rows that a training never sees.
    Unseen = 55,
    /// Training rows that a model keeps to tell what is unlike them.
    Familiar = 56,
    /// The first block of a truncated SVD.
    Singular = 57,
    /// Rows between neighbours at which a map is tied; the step and the part of a draw, see [`of_two`].
    VirtualRows = 58,
    /// The samples that stand for all in a live picture.
    LiveSample = 59,
    /// Rows held out of the spectral network's training.
    HeldOut = 60,
    /// Rows that are asked what a gap of another may hold.
    Gaps = 62,
    /// First biases of a spectral network whose steps take the whole graph.
    NetworkBiases = 61,
    /// Weights of the classifier that clusters teach.
    ClassifierWeights = 70,
    /// Of its convolutions; the layer.
    ClassifierShrink = 71,
    /// The order of its samples; the epoch.
    ClassifierOrder = 72,
    /// Neighbours and noise of its samples; the step.
    ClassifierMix = 73,
    /// Samples that are kept from it.
    ClassifierHeldOut = 74,
    /// Rows that decide how long an autoencoder is trained.
    EncoderHeldOut = 75,
    /// The samples of a part by which the stability of clusters is told.
    Parts = 80,
    /// Noise that stays on a training device, for rows between neighbours.
    KeptNoise = 90,
    /// What stays there for an encoder: the numbers of a sample that it does not see, and noise around codes; which of the two.
    KeptCorruption = 91,
    /// Points that a person sprays; the stroke.
    Spray = 92,
    /// Noise on painted points; the stroke.
    Shake = 93,
}

/// Bits of a stream's number that say the use.
const USE_BITS: u32 = 16;
/// Bits of `at` that [`of_two`] gives to its second number.
const SECOND_BITS: u32 = 18;

/// The generator of draw `at`, of which the low 48 bits count. The same three give the same numbers.
pub(crate) fn rng(seed: u64, stream: Stream, at: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream(at << USE_BITS | u64::from(stream as u16));
    rng
}

/// One number for a draw that two tell apart: a step below 2³⁰ and a part of it below 2¹⁸.
pub(crate) fn of_two(first: u64, second: u64) -> u64 {
    first << SECOND_BITS | second & ((1 << SECOND_BITS) - 1)
}

/// A standard normal number (Box and Muller).
pub(crate) fn normal(rng: &mut ChaCha8Rng) -> f64 {
    let radius = (-2.0 * (1.0 - rng.random::<f64>()).ln()).sqrt();
    radius * (std::f64::consts::TAU * rng.random::<f64>()).cos()
}

/// Standard normal numbers in single precision, two from each draw: where millions are wanted a step.
pub(crate) fn fill_normal(rng: &mut ChaCha8Rng, numbers: &mut [f32]) {
    for pair in numbers.chunks_mut(2) {
        let radius = (-2.0 * (1.0 - rng.random::<f32>()).ln()).sqrt();
        let (sin, cos) = (std::f32::consts::TAU * rng.random::<f32>()).sin_cos();
        for (number, part) in pair.iter_mut().zip([cos, sin]) {
            *number = radius * part;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const ALL: [Stream; 62] = [
        Stream::Data,
        Stream::Limit,
        Stream::Fourier,
        Stream::Principal,
        Stream::Projection,
        Stream::Lists,
        Stream::Recall,
        Stream::Lanczos,
        Stream::BlockKrylov,
        Stream::Subspace,
        Stream::KMeans,
        Stream::KMeansPart,
        Stream::Labelled,
        Stream::Separate,
        Stream::Split,
        Stream::EncoderWeights,
        Stream::DecoderWeights,
        Stream::EncoderOrder,
        Stream::Corruption,
        Stream::SiameseWeights,
        Stream::SiamesePairs,
        Stream::SiameseWatched,
        Stream::NetworkWeights,
        Stream::DualOrder,
        Stream::DualNoise,
        Stream::Distortion,
        Stream::JointOrder,
        Stream::JointFreshOrder,
        Stream::Batch,
        Stream::FreshLayer,
        Stream::LookWeights,
        Stream::DualShrink,
        Stream::DualGrow,
        Stream::DualCode,
        Stream::DualWiden,
        Stream::DualCritic,
        Stream::DualLocalCritic,
        Stream::DualMeans,
        Stream::DualHead,
        Stream::LookJudged,
        Stream::JointPairs,
        Stream::JointHead,
        Stream::JointFresh,
        Stream::ClassBatches,
        Stream::Unseen,
        Stream::Familiar,
        Stream::Singular,
        Stream::VirtualRows,
        Stream::LiveSample,
        Stream::HeldOut,
        Stream::NetworkBiases,
        Stream::ClassifierWeights,
        Stream::ClassifierShrink,
        Stream::ClassifierOrder,
        Stream::ClassifierMix,
        Stream::ClassifierHeldOut,
        Stream::EncoderHeldOut,
        Stream::Parts,
        Stream::KeptNoise,
        Stream::KeptCorruption,
        Stream::Spray,
        Stream::Shake,
    ];

    fn first(seed: u64, stream: Stream, at: u64) -> u64 {
        rng(seed, stream, at).random()
    }

    #[test]
    fn no_two_uses_and_no_two_draws_have_the_same_numbers() {
        let draws = [0, 1, 2, of_two(1, 0), of_two(1, 1), of_two((1 << 30) - 1, (1 << 18) - 1)];
        let numbers: HashSet<u64> = ALL.iter().flat_map(|&stream| draws.map(|at| first(7, stream, at))).collect();
        assert_eq!(numbers.len(), ALL.len() * draws.len());
    }

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_seed_others() {
        for stream in ALL {
            assert_eq!(first(3, stream, 5), first(3, stream, 5));
            assert_ne!(first(3, stream, 5), first(4, stream, 5), "{stream:?}");
        }
    }

    #[test]
    fn generated_data_is_what_the_seed_alone_gives() {
        assert_eq!(first(9, Stream::Data, 0), ChaCha8Rng::seed_from_u64(9).random::<u64>());
    }
}
