use std::path::Path;

use super::super::delimiter::Delimiter;
use super::piece::places;
use super::*;

/// Records and lines of a text that is read by pieces as far as that goes, and what is left.
fn read_all(text: &str) -> (Vec<(u64, String)>, Rest) {
    let mut into = Gathered::new(Path::new("a.csv"));
    let rest = read(&mut text.as_bytes(), (b',', 1), &mut into, &mut |_| Ok(())).expect("no error");
    let read = into.finish(Delimiter::Byte(b','), Vec::new());
    let records = read.map_or_else(Vec::new, |read| {
        let cells = |row: usize| read.table.record(row).collect::<Vec<_>>().join("|");
        read.lines.iter().enumerate().map(|(row, &line)| (line, cells(row))).collect()
    });
    (records, rest)
}

/// The same by a reader of records.
fn one_by_one(text: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let records = reader.records().map(|record| record.expect("sound").iter().collect::<Vec<_>>().join("|"));
    records.collect()
}

#[test]
fn records_are_those_of_a_reader_of_records() {
    for text in [
        "a,b\n1,2\n3,4\n",
        "a,b\r\n1,2\r\n\r\n3,4",
        "\"a\",\"b, c\"\n1,\"x \"\"y\"\" z\"\n\"\",\"\"\n,5\" wide\n\"\"\"\",2\n",
        "a,\n,\n1,\n",
        "ä,\"ö\"\n1,2\n",
        "a\n1\n\"\"\n2\n",
    ] {
        let (records, rest) = read_all(text);
        assert_eq!(rest, None, "{text}");
        let records: Vec<String> = records.into_iter().map(|(_, cells)| cells).collect();
        assert_eq!(records, one_by_one(text), "{text}");
    }
}

#[test]
fn every_place_of_a_byte_is_found_and_none_of_its_neighbours() {
    for text in
        [",", "", "a,b", ",,,,,,,,,,,,", "+-,+-,+-,+-+-+-,,+", "\u{ac},\u{ac}\u{12c},aaaaaaaaaaaaaaaa,-", "a-b-c-d-e,"]
    {
        let mut found = Vec::new();
        places(text.as_bytes(), b',', |at| found.push(at));
        assert_eq!(found, memchr_iter(b',', text.as_bytes()).collect::<Vec<_>>(), "{text}");
    }
}

#[test]
fn what_is_no_line_by_itself_is_left_with_its_line() {
    let left = read_all("a,b\n1,2\n3,4\r5,6\n");
    assert_eq!((left.0.len(), left.1), (2, Some((b"3,4\r5,6\n".to_vec(), 3))));
    let quoted = (0..=ODD).map(|i| format!("{i},\"x\ny\"\n")).collect::<Vec<_>>().concat();
    let (found, left) = read_all(&format!("a,b\n1,2\n{quoted}"));
    assert_eq!((found.len(), left), (2 + ODD, Some((format!("{ODD},\"x\ny\"\n").into_bytes(), 3 + 2 * ODD as u64))));
}

#[test]
fn records_over_lines_and_quotes_that_nothing_closes_are_looked_at_alone() {
    for (text, lines, last) in [
        ("a,b\n1,2\n3,\"x\ny\"\n5,6\n", &[1, 2, 3, 5][..], "5|6"),
        ("a,b\n\n1,2\n3,\"x\"y\n5,6\n", &[1, 3, 4, 5], "5|6"),
        ("a,b\n1,2\n3,\"x\n5,6\n", &[1, 2, 3, 4], "5|6"),
        ("a,b\n1,2\n\"big,4\n5,6\n7,\"8\"\n", &[1, 2, 3, 4, 5], "7|8"),
        ("a,b\n1,2\n5,6\n3,\"x", &[1, 2, 3, 4], "3|\"x"),
    ] {
        let (found, left) = read_all(text);
        assert_eq!(left, None, "{text}");
        assert_eq!(found.iter().map(|(line, _)| *line).collect::<Vec<_>>(), lines, "{text}");
        assert_eq!(found.last().map(|(_, cells)| cells.as_str()), Some(last), "{text}");
    }
    let (found, _) = read_all("a,b\n1,2\n\"big,4\n5,6\n");
    assert_eq!(found[2].1, "\"big|4", "word for word");
}

#[test]
fn pieces_come_together_in_order_with_their_lines() {
    let rows: Vec<String> = (0..200_000).map(|i| format!("{i},\"{}\",x{}\r\n", i * 3, i % 7)).collect();
    let text = format!("a,b,c\r\n\r\n{}", rows.concat());
    let (records, rest) = read_all(&text);
    assert_eq!((records.len(), rest), (200_001, None));
    let sound = |(i, (line, cells)): (usize, &(u64, String))| {
        *line == i as u64 + 3 && *cells == format!("{i}|{}|x{}", i * 3, i % 7)
    };
    assert!(records[1..].iter().enumerate().all(sound));
    let broken = text.replace("\r\n150000,", "\r\n\"150000\r\n\",");
    let (records, rest) = read_all(&broken);
    assert_eq!((records.len(), rest, records[150_002].0), (200_001, None, 150_005));
}
