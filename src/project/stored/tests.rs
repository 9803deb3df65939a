use std::path::PathBuf;
use std::sync::Arc;

use ndarray::Array2;

use super::*;
use crate::data::Features;
use crate::learn::supervised::{Form, Report};
use crate::learn::{PairHistogram, Rebuilt, Terms};
use crate::measure::Recall;
use crate::output::fixture::snapshot;
use crate::pipeline::{Prepared, Recording, SelfTrained, Snapshot};
use crate::project::file::tests::sample;
use crate::project::{
    has_results, read_project, read_stored, read_stored_runs, write_project_and_runs, write_project_with,
};

const N: usize = 90;

fn stored(of: &Snapshot) -> Stored {
    let curve = [CurvePoint { step: 25, loss: f64::NAN, ..CurvePoint::default() }];
    let seconds = vec![(Stage::Exact, 0.5), (Stage::Learn, 2.25)];
    Stored::of(of, &Course { curve: curve.to_vec(), seconds, ..Course::default() }).expect("it has no model")
}

/// The same samples as they are before any solver.
fn opened(of: &Snapshot) -> Snapshot {
    Snapshot { learned: None, exact: None, baseline: None, agreement: None, spectrum: Arc::default(), ..of.clone() }
}

fn written() -> (tempfile::TempDir, PathBuf, Snapshot) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let path = folder.path().join("p.eigenscope");
    let shown = snapshot(N);
    write_project_with(&path, &sample(), Some(&stored(&shown))).expect("written");
    (folder, path, shown)
}

#[test]
fn results_come_back_onto_their_samples() {
    let (_folder, path, shown) = written();
    assert!(has_results(&path));
    assert_eq!(read_project(&path).expect("read"), sample(), "the project is as without them");
    let read = read_stored(&path).expect("read").expect("they are there");
    // NaN, the loss of a look without a step, equals nothing.
    assert_eq!(format!("{read:?}"), format!("{:?}", stored(&shown)));
    let back = read.onto(&path, &opened(&shown)).expect("they are of these samples");
    let (learned, then) = (back.snapshot.learned.expect("kept"), shown.learned.as_ref().expect("there"));
    assert_eq!((&learned.clusters, learned.scores), (&then.clusters, then.scores));
    assert_eq!(learned.space.values, then.space.values);
    let away = (&learned.space.vectors - &then.space.vectors).iter().fold(0.0, |most: f64, v| most.max(v.abs()));
    assert!(away < 1e-6, "single precision: {away}");
    assert_eq!(back.snapshot.agreement, shown.agreement);
    assert_eq!((back.snapshot.ending, back.snapshot.kept), (shown.ending, shown.kept));
    assert_eq!((back.curve.len(), back.curve[0].step), (1, 25));
    assert_eq!(back.seconds, [(Stage::Exact, 0.5), (Stage::Learn, 2.25)]);
}

#[test]
fn results_of_other_samples_or_settings_are_refused_in_words() {
    let (_folder, path, shown) = written();
    let read = read_stored(&path).expect("read").expect("they are there");
    let refused = |opened: &Snapshot| read.onto(&path, opened).expect_err("they do not fit");
    assert!(refused(&opened(&snapshot(N - 1))).contains("89 × 2"));
    let mut other = opened(&shown);
    let mut numbers = (*other.data.features.numbers()).clone();
    numbers[(3, 1)] += 1.0;
    other.data.features = Arc::new(Features::new(numbers));
    assert!(refused(&other).contains("not those that they were computed of"));
    let mut other = opened(&shown);
    let mut job = (*other.job).clone();
    job.recipe.limit = 7;
    other.job = Arc::new(job);
    assert!(refused(&other).contains("ask for other samples"));
}

#[test]
fn damaged_results_leave_the_project_and_are_refused() {
    let (_folder, path, _) = written();
    let whole = std::fs::read(&path).expect("read");
    for length in (0..whole.len()).step_by(97) {
        std::fs::write(&path, &whole[..length]).expect("written");
        assert!(read_project(&path).is_err() && read_stored(&path).is_err(), "{length} bytes");
    }
    for at in (0..whole.len()).step_by(89) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        std::fs::write(&path, &flipped).expect("written");
        let (project, results) = (read_project(&path), read_stored(&path));
        assert!(project.is_err() || results.is_err(), "byte {at}");
    }
    let mut flipped = whole.clone();
    *flipped.last_mut().expect("bytes") ^= 1;
    std::fs::write(&path, &flipped).expect("written");
    assert_eq!(read_project(&path).expect("what a person did is whole"), sample());
    assert!(read_stored(&path).is_err());
    std::fs::write(&path, [&whole[..], b"more"].concat()).expect("written");
    assert!(read_project(&path).is_err());
}

#[test]
fn results_of_earlier_runs_stand_behind_those_shown_each_with_its_number() {
    let (_folder, path, shown) = written();
    assert!(read_stored_runs(&path).expect("read").is_empty());
    let earlier = Snapshot { kept: 7, ..snapshot(N) };
    let runs = [(3, stored(&earlier)), (9, stored(&shown))];
    write_project_and_runs(&path, &sample(), Some(&stored(&shown)), &runs).expect("written");
    assert!(has_results(&path) && read_project(&path).expect("read") == sample());
    assert_eq!(format!("{:?}", read_stored(&path).expect("read")), format!("{:?}", Some(stored(&shown))));
    let back = read_stored_runs(&path).expect("read");
    assert_eq!(back.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [3, 9]);
    let picture = back[0].1.onto(&path, &opened(&shown)).expect("they are of these samples");
    assert_eq!(picture.snapshot.kept, 7);
    let whole = std::fs::read(&path).expect("read");
    for length in (whole.len() / 2..whole.len()).step_by(97) {
        std::fs::write(&path, &whole[..length]).expect("written");
        let (project, results, runs) = (read_project(&path), read_stored(&path), read_stored_runs(&path));
        assert!(project.is_err() || results.is_err() || runs.is_err(), "{length} bytes");
    }
    // Without those of the run that is shown there are none.
    write_project_and_runs(&path, &sample(), None, &runs).expect("written");
    assert!(!has_results(&path) && read_stored_runs(&path).expect("read").is_empty());
}

#[test]
fn a_strangers_results_are_held_to_bounds() {
    let whole = stored(&snapshot(N));
    assert_eq!(whole.check(), Ok(()));
    let wrong = |change: &dyn Fn(&mut Stored)| {
        let mut other = whole.clone();
        change(&mut other);
        other.check().expect_err("it is out of bounds")
    };
    let side = |stored: &mut Stored, change: &dyn Fn(&mut Side)| change(stored.learned.as_mut().expect("there"));
    assert!(wrong(&|s| (s.learned, s.exact) = (None, None)).contains("no result"));
    assert!(wrong(&|s| s.samples = u64::MAX).contains("not those of its samples"));
    assert!(wrong(&|s| side(s, &|side| side.vectors.0.truncate(5))).contains("not those of its samples"));
    assert!(wrong(&|s| side(s, &|side| side.vectors = Bytes::of(vec![f32::NAN; 3 * N]))).contains("not finite"));
    assert!(wrong(&|s| side(s, &|side| side.clusters.ids.0[4] = 3)).contains("not there"));
    assert!(wrong(&|s| side(s, &|side| side.clusters.count = 0)).contains("0 clusters"));
    assert!(wrong(&|s| side(s, &|side| side.clusters.count = u64::MAX)).contains("clusters"));
    assert!(wrong(&|s| s.spectrum.0.push(0)).contains("cut off"));
    assert!(wrong(&|s| s.taken.push("lr".to_owned())).contains("cut off"));
    assert!(wrong(&|s| s.seconds = Bytes::of([0.0_f64; 9])).contains("more than a run"));
}

#[test]
fn numbers_of_clusters_take_as_few_bytes_as_hold_them() {
    for (count, width) in [(1, 1), (256, 1), (257, 2), (65_536, 2), (65_537, 4)] {
        assert_eq!(Clusters::width(count), width, "{count}");
        let ids: Vec<u8> = (count as u32 - 1).to_le_bytes().into_iter().take(width).collect();
        assert_eq!(Clusters { count, ids: Bytes(ids), ..Clusters::default() }.ids(), [count as u32 - 1]);
    }
}

/// A picture with everything that can stand beside its eigenspaces.
fn full() -> Snapshot {
    let rows = |columns| Some(Arc::new(Array2::from_shape_fn((N, columns), |(i, j)| (i * 3 + j) as f32 / 7.0)));
    let few = || Array2::from_shape_fn((2, 2), |(i, j)| (i + j) as f32);
    let form = |name| Form { name, recall: Recall { at_1: 0.5, ..Recall::default() }, nmi: None, dimensions: 4 };
    let report = Report {
        trained: 60,
        held_out: 30,
        trained_classes: vec!["a".to_owned()],
        held_out_classes: vec!["b".to_owned()],
        zero_shot: true,
        validation: false,
        embedding: 4,
        inference: "stored",
        recall: Recall { at_1: 0.75, ..Recall::default() },
        forms: ["stored", "input"].map(form).to_vec(),
    };
    let trained = SelfTrained {
        confidence: vec![0.5; N],
        moved: (0..N).map(|i| i == 3).collect(),
        agreement: 0.97,
        taken: false,
        before: None,
        classifier: None,
    };
    let mut shown = Snapshot {
        codes: rows(3),
        metric: rows(2),
        rebuilt: Some(Arc::new(Rebuilt { samples: vec![4, 80], before: few(), after: few() })),
        pairs: Some(Arc::new(PairHistogram { width: 0.25, near: vec![0.5, 0.5], far: vec![0.0, 1.0] })),
        supervised: Some(Arc::new(report)),
        self_trained: Some(Arc::new(trained)),
        recording: Arc::new(Recording::begin()),
        ..snapshot(N)
    };
    for step in [10, 20, 30] {
        shown.step = step;
        shown.record(CurvePoint { step, ..CurvePoint::default() });
    }
    shown
}

fn course() -> Course {
    let prepared = Prepared { stage: Stage::Represent, step: 7, seconds: 0.5, loss: 0.25, lr: 1e-3 };
    let terms = Terms { step: 9, global: Some(1.5), ..Terms::default() };
    Course { prepared: vec![prepared], terms: vec![terms], ..Course::default() }
}

#[test]
fn what_stands_beside_the_eigenspaces_comes_back_too() {
    let (shown, path) = (full(), PathBuf::from("p.eigenscope"));
    let stored = Stored::of(&shown, &course()).expect("it has no model");
    assert_eq!(stored.check(), Ok(()));
    let bare = Snapshot { unseen: None, ..opened(&snapshot(N)) };
    let back = stored.onto(&path, &bare).expect("they are of these samples");
    assert_eq!(back.prepared, (course().prepared, course().terms));
    let back = back.snapshot;
    assert_eq!((&back.codes, &back.metric, &back.pairs), (&shown.codes, &shown.metric, &shown.pairs));
    assert_eq!((&back.unseen, &back.supervised), (&shown.unseen, &shown.supervised));
    assert_eq!(format!("{:?}", back.rebuilt), format!("{:?}", shown.rebuilt));
    assert_eq!(format!("{:?}", back.self_trained), format!("{:?}", shown.self_trained));
    let steps = |of: &Snapshot| of.recording.looks().iter().map(|look| look.step).collect::<Vec<_>>();
    assert_eq!(
        (steps(&back), back.recording.looks()[1].vectors()),
        (vec![10, 20, 30], shown.recording.looks()[1].vectors())
    );
    assert_ne!(back.recording.id(), 0, "it can be gone through");
}

#[test]
fn what_a_stranger_puts_beside_them_is_held_to_bounds() {
    let whole = Stored::of(&full(), &course()).expect("it has no model");
    let mut text = Vec::new();
    ciborium::into_writer(&whole, &mut text).expect("written");
    let value: ciborium::Value = ciborium::from_reader(&text[..]).expect("read");
    // Each change of what one field says is refused, whatever it is: by its type or by its bounds.
    let wrong = |field: &str, other: ciborium::Value| {
        let mut value = value.clone();
        let inside = value.as_map_mut().expect("fields");
        let beside = inside.iter_mut().find(|(key, _)| key.as_text() == Some("beside")).expect("there");
        let found = beside.1.as_map_mut().expect("fields");
        found.iter_mut().find(|(key, _)| key.as_text() == Some(field)).expect(field).1 = other;
        let mut bytes = Vec::new();
        ciborium::into_writer(&value, &mut bytes).expect("written");
        let read: Result<Stored, _> = ciborium::from_reader(&bytes[..]);
        read.map_or_else(|e| e.to_string(), |stored| stored.check().expect_err(field))
    };
    let bytes = |count: usize| ciborium::Value::Bytes(vec![0xff; count]);
    assert!(wrong("codes", bytes(4 * N)).contains("not finite"));
    assert!(wrong("codes", bytes(4 * N - 4)).contains("codes"));
    assert!(wrong("metric", bytes(0)).contains("codes"));
    assert!(wrong("prepared", bytes(41)).contains("cut off"));
    assert!(wrong("terms", bytes(57)).contains("cut off"));
    for field in ["rebuilt", "pairs", "unseen", "supervised", "self_trained", "looks"] {
        assert!(!wrong(field, bytes(3)).is_empty(), "{field}");
    }
}
