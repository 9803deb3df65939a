//! What a reading promises.

use super::*;

/// A number, a flag, a date and a column of two words, with fills.
fn reading() -> Reading {
    let kinds = [
        Kind::Numbers(Notation::Point),
        Kind::Flags,
        Kind::Dates(DateOrder::YearMonthDay),
        Kind::Words(vec!["blue".to_owned(), "red".to_owned()]),
    ];
    let column = |(at, kind): (usize, Kind)| ColumnReading::new(&format!("c{at}"), at + 1, kind);
    let columns = kinds.into_iter().enumerate().map(column).collect();
    let label = Some("kind".to_owned());
    Reading { columns, label, ids: vec!["id".to_owned()], named: true, width: 6, projection: None }
        .filled_with(&[2.5, 1.0, 7.0, 0.25, 0.75])
}

fn names(words: &[&str]) -> Vec<String> {
    words.iter().map(ToString::to_string).collect()
}

#[test]
fn it_comes_back_from_a_file_and_knows_its_features() {
    let reading = reading();
    let mut bytes = Vec::new();
    ciborium::into_writer(&reading, &mut bytes).expect("memory takes it");
    assert_eq!(ciborium::from_reader::<Reading, _>(bytes.as_slice()).expect("it is read"), reading);
    let features = names(&["c0", "c1", "c2", "c3 = blue", "c3 = red"]);
    assert_eq!(reading.check(&features), Ok(()));
    assert!(reading.check(&features[..4]).is_err());
    assert!(reading.check(&names(&["c0", "c1", "c2", "c3 = red", "c3 = blue"])).is_err());
    let mut odd = reading.clone();
    odd.columns[3].kind = Kind::Words(names(&["red", "blue"]));
    assert!(odd.check(&names(&["c0", "c1", "c2", "c3 = red", "c3 = blue"])).is_err_and(|e| e.contains("order")));
    odd.columns[0].fill = vec![f64::NAN];
    assert!(odd.check(&features).is_err());
    let text = serde_json::to_string(&reading).expect("serialises").replace("[\"blue\",\"red\"]", "[\"blue\"]");
    assert!(serde_json::from_str::<Reading>(&text).is_err_and(|e| e.to_string().contains("its words")));
}

#[test]
fn cells_are_read_by_the_kind_of_their_column() {
    let reading = reading();
    for (at, text, wanted, seen) in [
        (0, " 1,050 ", &[1050.0][..], Seen::Known),
        (0, "N/A", &[2.5], Seen::Gap),
        (0, "high", &[2.5], Seen::New),
        (0, "1e999", &[2.5], Seen::New),
        (1, "No", &[0.0], Seen::Known),
        (1, "maybe", &[1.0], Seen::New),
        (2, "1970-01-03", &[2.0], Seen::Known),
        (2, "", &[7.0], Seen::Gap),
        (3, "red", &[0.0, 1.0], Seen::Known),
        (3, "amber", &[0.0, 0.0], Seen::New),
        (3, "", &[0.25, 0.75], Seen::Gap),
    ] {
        let mut into = vec![9.0; wanted.len()];
        assert_eq!(reading.columns[at].read(text, &mut into), Ok(seen), "{text}");
        assert_eq!(into, wanted, "{text}");
    }
    let unfilled = ColumnReading { fill: Vec::new(), ..reading.columns[0].clone() };
    assert!(unfilled.read("", &mut [0.0]).is_err_and(|e| e.contains("train it again")));
}

#[test]
fn names_alone_tell_words_from_numbers_where_words_were_spread() {
    let features = names(&["a", "colour = blue", "colour = red", "b = c"]);
    let spread = Reading::of_names(&features, TextColumns::OneHot);
    assert_eq!((spread.columns.len(), spread.check(&features)), (3, Ok(())));
    assert_eq!(spread.columns[1].kind, Kind::Words(names(&["blue", "red"])));
    let plain = Reading::of_names(&features, TextColumns::Drop);
    assert_eq!((plain.columns.len(), plain.named, plain.check(&features)), (4, true, Ok(())));
    assert!(!Reading::of_names(&names(&["column 1", "column 2"]), TextColumns::Drop).named);
    assert!(!Reading::of_names(&names(&["pixel 1,1", "pixel 1,2"]), TextColumns::Drop).named);
}
