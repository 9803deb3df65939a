use std::time::Instant;

use rand::Rng as _;

use super::*;
use crate::support::random::{Stream, rng};

fn deed(edit: Edit, founded: Vec<(GroupId, Group)>) -> Deed {
    Deed { side: Side::Learned, title: "edit".to_owned(), founded, edit }
}

/// Any edit, of which some are refused.
fn any(rng: &mut rand_chacha::ChaCha8Rng, document: &Document) -> Deed {
    let side = Side::ALL[rng.random_range(0..3)];
    let layer = document.layer(side);
    let new = layer.free(0);
    let group = rng.random_range(0..new + 2);
    let from = rng.random_range(0..200_u32);
    let rows = Rows::of((from..from + rng.random_range(1..50)).filter(|_| rng.random_bool(0.6)));
    let other = Rows::of((from + 60..from + 70).filter(|_| rng.random_bool(0.6)));
    let mut founded = vec![(new, Group::named("by hand"))];
    if rng.random_bool(0.5) {
        founded.push((new + 1, Group::cluster(1, rows.clone())));
    }
    let edit = match rng.random_range(0..9) {
        7 => Edit::Save(["a", "b", " "][rng.random_range(0..3)].to_owned(), rows),
        0 => Edit::Name(group, "a name".to_owned()),
        1 => Edit::Colour(group, Some(3)),
        2 => Edit::Merge(group, rng.random_range(0..new + 2)),
        3 => Edit::Split(vec![(group, rows), (new, other)]),
        4 => Edit::Assign(group, rows),
        5 => Edit::Outliers(rows),
        6 => Edit::Accept(vec![(group, rows)]),
        _ => Edit::GiveBack(rows),
    };
    Deed { side, title: String::new(), founded, edit }
}

#[test]
fn any_edits_are_undone_and_made_again_to_the_last_mark() {
    for seed in 0..20 {
        let mut rng = rng(seed, Stream::Data, 0);
        let mut document = Document::default();
        let mut states = vec![document.clone()];
        let mut changes = Vec::new();
        for _ in 0..60 {
            let deed = any(&mut rng, &document);
            match document.apply(deed) {
                Ok(change) => {
                    changes.push(change);
                    states.push(document.clone());
                }
                Err(_) => assert_eq!(Some(&document), states.last(), "a refused edit changes nothing"),
            }
        }
        assert!(changes.len() > 30, "{} edits", changes.len());
        for (change, before) in changes.iter().zip(&states).rev() {
            document.undo(change);
            assert_eq!(document, *before, "seed {seed}");
        }
        for (change, after) in changes.iter().zip(&states[1..]) {
            document.redo(change);
            assert_eq!(document, *after, "seed {seed}");
        }
    }
}

#[test]
fn an_assignment_of_half_a_million_scattered_rows_is_undone_in_a_tenth_of_a_second() {
    let mut document = Document::default();
    let rows = Rows::of((0..1_000_000).filter(|i| i % 2 == 0));
    let old = Rows::of((0..1_000_000).filter(|i| i % 3 == 0));
    document.apply(deed(Edit::Assign(0, old), vec![(0, Group::named("a"))])).expect("made");
    let before = document.clone();
    let change = document.apply(deed(Edit::Assign(1, rows), vec![(1, Group::named("b"))])).expect("made");
    assert_eq!(change.rows(), 500_000);
    let started = Instant::now();
    document.undo(&change);
    let seconds = started.elapsed().as_secs_f64();
    assert_eq!(document, before);
    // Without optimisation it takes several times as long.
    let most = if cfg!(debug_assertions) { 2.0 } else { 0.1 };
    assert!(seconds < most, "{seconds} s");
}

#[test]
fn what_makes_no_sense_is_refused() {
    let mut document = Document::default();
    let two = vec![(0, Group::named("a")), (1, Group::named("b"))];
    document.apply(deed(Edit::Merge(0, 1), two)).expect("made");
    for (edit, words) in [
        (Edit::Merge(1, 0), "into itself"),
        (Edit::Merge(1, 1), "into itself"),
        (Edit::Name(7, "x".to_owned()), "no group 7"),
        (Edit::Name(0, "x".repeat(201)), "at most 200"),
        (Edit::Assign(9, Rows::of([1])), "no group 9"),
    ] {
        let said = document.apply(deed(edit, Vec::new())).expect_err("refused").to_string();
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn selections_are_kept_by_name_and_given_up() {
    let mut document = Document::default();
    let save = |name: &str, rows: &[u32]| deed(Edit::Save(name.to_owned(), Rows::of(rows.iter().copied())), Vec::new());
    let names =
        |document: &Document| document.saved().iter().map(|s| (s.name.clone(), s.rows.len())).collect::<Vec<_>>();
    document.apply(save(" odd ", &[1, 3])).expect("kept");
    document.apply(save("even", &[2])).expect("kept");
    let again = document.apply(save("odd", &[1, 3, 5])).expect("another under the same name");
    assert_eq!(names(&document), [("even".to_owned(), 1), ("odd".to_owned(), 3)]);
    document.undo(&again);
    assert_eq!(names(&document)[1].1, 2);
    document.apply(save("even", &[])).expect("given up");
    assert_eq!(names(&document), [("odd".to_owned(), 2)]);
    assert!(!document.is_empty() && document.apply(save("  ", &[1])).is_err());
}
