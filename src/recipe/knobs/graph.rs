//! Graph: who is joined to whom, and how strongly.

use super::Field::{AutoWhole, Choice, Layers, Path, Real, Scale, Whole};
use super::need::Need::{Built, FreeScale, Gaussian, Labels, Unsupervised};
use super::range::End::At;
use super::{Knob, Level, Range, Section, always, dual, siamese};
use crate::recipe::Stage::{Affinity, Metric, Neighbours, Represent};

const BASE: Knob = Knob { needs: &[Unsupervised], ..Knob::base(Section::Graph, "Graph") };

pub(super) const ROWS: &[Knob] = &[
    Knob {
        flag: "neighbors",
        label: "Neighbours",
        unit: "per point",
        effect: "Few keep clusters apart and may tear them; many join what lies close",
        field: |recipe| AutoWhole(&mut recipe.neighbors),
        range: Some(Range::at_least(1).start(15.0)),
        usual: Some([2.0, 100.0]),
        level: Level::Essential,
        reads: &[dual(Represent), always(Neighbours)],
        needs: &[Unsupervised, Built],
        ..BASE
    },
    Knob {
        flag: "distance",
        label: "Distance",
        effect: "Cosine and correlation tell samples by the shape of their rows and not by how large the numbers are",
        field: |recipe| Choice(&mut recipe.distance),
        reads: &[dual(Represent), siamese(Metric), always(Neighbours)],
        needs: &[Unsupervised, Built],
        ..BASE
    },
    Knob {
        flag: "exact-neighbors-to",
        label: "Exact up to",
        unit: "samples",
        effect: "With more of them a hundredth of the neighbours may be others than the nearest, and the search is many times faster",
        field: |recipe| Whole(&mut recipe.exact_neighbors_to),
        range: Some(Range::at_least(0)),
        level: Level::Expert,
        reads: &[siamese(Metric), always(Neighbours)],
        needs: &[Unsupervised, Built],
        ..BASE
    },
    Knob {
        flag: "affinity",
        label: "Affinity",
        effect: "Gaussian weights fade with distance; binary ones count every neighbour alike",
        field: |recipe| Choice(&mut recipe.affinity),
        reads: &[dual(Represent), always(Affinity)],
        needs: &[Unsupervised, Built],
        ..BASE
    },
    Knob {
        flag: "siamese",
        heading: "Codes",
        label: "Siamese layers",
        unit: "units",
        effect: "Wider layers draw neighbours of neighbours together more tightly",
        field: |recipe| Layers(&mut recipe.siamese),
        level: Level::Expert,
        hint: "auto or 512,10",
        reads: &[siamese(Metric)],
        ..BASE
    },
    Knob {
        flag: "siamese-steps",
        heading: "Codes",
        label: "Siamese steps",
        effect: "Longer training parts the two histograms further, and in the end tears clusters",
        field: |recipe| AutoWhole(&mut recipe.siamese_steps),
        range: Some(Range::at_least(1).start(2000.0)),
        level: Level::Expert,
        reads: &[siamese(Metric)],
        ..BASE
    },
    Knob {
        flag: "siamese-lr",
        heading: "Codes",
        label: "Siamese rate",
        effect: "Too high and both histograms fall together at one distance",
        field: |recipe| Real(&mut recipe.siamese_lr),
        range: Some(Range::RATE),
        level: Level::Expert,
        reads: &[siamese(Metric)],
        ..BASE
    },
    Knob {
        flag: "siamese-neighbors",
        heading: "Codes",
        label: "Siamese neighbours",
        unit: "per point",
        effect: "More of them reach across gaps that the nearest few would keep",
        field: |recipe| Whole(&mut recipe.siamese_neighbors),
        range: Some(Range::at_least(1)),
        level: Level::Expert,
        reads: &[siamese(Metric)],
        ..BASE
    },
    Knob {
        flag: "scale",
        label: "Scale",
        effect: "Local follows the density of each region; one width for all favours the dense ones",
        field: |recipe| Scale(&mut recipe.scale),
        range: Some(Range::RATE.start(1.0)),
        level: Level::Essential,
        reads: &[dual(Represent), always(Affinity)],
        needs: &[Unsupervised, Built, Gaussian],
        ..BASE
    },
    Knob {
        flag: "scale-neighbor",
        label: "Scale neighbour",
        effect: "A farther neighbour widens the Gaussian and lets weak joins count more",
        field: |recipe| Whole(&mut recipe.scale_neighbor),
        range: Some(Range::at_least(0).zero("median")),
        level: Level::Expert,
        reads: &[dual(Represent), always(Affinity)],
        needs: &[Unsupervised, Built, Gaussian, FreeScale],
        ..BASE
    },
    Knob {
        flag: "laplacian",
        label: "Laplacian",
        effect: "Random walk balances clusters by their weight, unnormalised lets a few loose points stand alone",
        field: |recipe| Choice(&mut recipe.laplacian),
        level: Level::Expert,
        reads: &[dual(Represent), always(Affinity)],
        ..BASE
    },
    Knob {
        flag: "affinity-file",
        label: "Affinity file",
        effect: "A given matrix takes the place of the built graph on both sides; neighbours and scale no longer matter",
        field: |recipe| Path(&mut recipe.affinity_file),
        hint: "none",
        reads: &[always(Affinity)],
        ..BASE
    },
    Knob {
        flag: "labelled",
        label: "Labelled",
        unit: "share",
        effect: "A few known labels pull touching classes apart, and the result is no longer unsupervised",
        field: |recipe| Real(&mut recipe.labelled),
        range: Some(Range::fine(At(0.0), At(1.0), 0.002, 3)),
        usual: Some([0.0, 0.2]),
        refusal: Some("a share of the samples, from 0 to 1"),
        reads: &[always(Affinity)],
        needs: &[Unsupervised, Labels],
        ..BASE
    },
    Knob {
        flag: "known-labels",
        label: "Known labels",
        effect: "Labels of some rows from a file join their classes and cut between them, and the result is no longer unsupervised",
        field: |recipe| Path(&mut recipe.known_labels),
        level: Level::Expert,
        hint: "none",
        reads: &[always(Affinity)],
        ..BASE
    },
];
