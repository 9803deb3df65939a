use ndarray::array;

use super::*;
use crate::app::shown::fixture::snapshot;
use crate::app::shown::labels::{Labels, Wanted};
use crate::project::query::{bind, parse};

fn rows(fields: &RowFields, text: &str) -> Vec<u32> {
    bind(&parse(text).expect("a query"), fields).expect("it means something").rows()
}

#[test]
fn what_was_found_is_asked_for_like_any_column() {
    let vectors = array![[1.0, -1.0], [1.0, -0.9], [1.0, 0.1], [1.0, 1.0]];
    let shown = Arc::new(snapshot(Some(&vectors), Some(&vectors)));
    let mut labels = Labels::default();
    let deed = labels.with(ColorBy::Learned, Wanted::Outliers, &[3], &shown).expect("an edit");
    labels.apply(deed, &shown).expect("made");
    let flags = Arc::new(vec![true, false, false, true]);
    let mut cache = FieldsCache::default();
    let fields = cache.get(&shown, (&labels, Some(ColorBy::Learned)), (&flags, 1));
    for (text, expected) in [
        ("cluster = 1", vec![0, 1]),
        ("name = outliers", vec![3]),
        ("edited", vec![3]),
        ("label = left", vec![0, 1]),
        ("selected and not edited", vec![0]),
        ("disagrees", vec![]),
        ("row > 2 and x < 3", vec![2]),
        ("confidence < 0.9", vec![2, 3]),
        ("y = 0.1", vec![0]),
    ] {
        assert_eq!(rows(&fields, text), expected, "{text}");
    }
    let fault = bind(&parse("degree > 1").expect("a query"), &*fields).expect_err("no graph");
    assert_eq!(fault.what, "`degree` is known once the graph is built");
    assert_eq!((fields.shown(Field::Found(Found::Edited), 3), fields.said(0)), ("outlier".into(), None));
    assert!(Arc::ptr_eq(&fields, &cache.get(&shown, (&labels, Some(ColorBy::Learned)), (&flags, 1))));
}

#[test]
fn fields_and_their_numbers_are_one() {
    let all = Found::ALL.into_iter().map(Field::Found).chain((0..3).map(Field::Column));
    assert!(all.enumerate().all(|(at, field)| field.number() == at && Field::of(at) == field));
}
