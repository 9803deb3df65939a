//! Graph: its eigenvectors, and the clusters made of them.

use super::Field::{AutoReal, AutoWhole, Choice, Switch, Whole};
use super::need::Need::{Diffusion, Unsupervised};
use super::range::End::{At, Open};
use super::{Knob, Level, Range, Section, always, dual};
use crate::recipe::Stage::{Clusters, Exact, Learn, Represent};

const BASE: Knob = Knob::base(Section::Graph, "Eigenspace");

pub(super) const ROWS: &[Knob] = &[
    Knob {
        flag: "clusters",
        heading: "",
        label: "Clusters",
        effect: "Sets how many colours the clusters have and, unless given, how many eigenvectors are found",
        field: |recipe| AutoWhole(&mut recipe.clusters),
        range: Some(Range::at_least(1).start(2.0)),
        usual: Some([1.0, 20.0]),
        level: Level::Essential,
        reads: &[dual(Represent), always(Clusters)],
        ..BASE
    },
    Knob {
        flag: "eigenvectors",
        label: "Eigenvectors",
        effect: "More of them separate finer structure, and add noise once past the eigengap",
        field: |recipe| AutoWhole(&mut recipe.eigenvectors),
        range: Some(Range::at_least(1).start(2.0)),
        usual: Some([1.0, 20.0]),
        reads: &[dual(Represent), always(Exact), always(Learn)],
        needs: &[Unsupervised],
        ..BASE
    },
    Knob {
        flag: "rows",
        label: "Rows",
        effect: "Normalised rows put every point at one distance from the origin before k-means",
        field: |recipe| Choice(&mut recipe.rows),
        level: Level::Expert,
        reads: &[always(Clusters)],
        needs: &[Unsupervised],
        ..BASE
    },
    Knob {
        flag: "diffusion-time",
        label: "Diffusion time",
        unit: "steps",
        effect: "A longer time fades eigenvectors with larger eigenvalues out of the clusters",
        field: |recipe| AutoReal(&mut recipe.diffusion_time),
        range: Some(Range::fine(At(0.0), Open, 0.5, 1).start(50.0)),
        level: Level::Expert,
        reads: &[always(Clusters)],
        needs: &[Unsupervised, Diffusion],
        ..BASE
    },
    Knob {
        flag: "starts",
        label: "Starts",
        effect: "More starts of k-means make a bad cut of a good eigenspace less likely",
        field: |recipe| Whole(&mut recipe.starts),
        range: Some(Range::between(1, 1_000_000)),
        level: Level::Expert,
        reads: &[always(Clusters)],
        ..BASE
    },
    Knob {
        flag: "refine",
        label: "Refine",
        unit: "rounds",
        effect: "Moves samples along the graph after k-means while the normalised cut falls; 0 shows what k-means found",
        field: |recipe| AutoWhole(&mut recipe.refine),
        range: Some(Range::at_least(0).start(20.0)),
        level: Level::Expert,
        reads: &[always(Clusters)],
        needs: &[Unsupervised],
        ..BASE
    },
    Knob {
        flag: "self-training",
        label: "Self-training",
        unit: "epochs",
        effect: "A classifier that the clusters teach on distorted samples moves those that lie in a wrong cluster; 0 leaves all where they are",
        field: |recipe| AutoWhole(&mut recipe.self_training),
        range: Some(Range::between(0, 1000).start(8.0)),
        level: Level::Expert,
        reads: &[always(Clusters)],
        needs: &[Unsupervised],
        ..BASE
    },
    Knob {
        flag: "exact",
        label: "Exact side",
        effect: "Without it there is no truth to compare with, and large data goes faster",
        field: |recipe| Switch(&mut recipe.exact),
        reads: &[always(Exact), always(Learn)],
        needs: &[Unsupervised],
        ..BASE
    },
];
