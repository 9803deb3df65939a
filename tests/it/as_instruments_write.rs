//! Tables with something around or between their cells that CSV does not know: what loggers, offices and surveys put above them, other quotes,
//! archives and texts that carry one table, and numbers and dates written in other ways.

use std::io::Write as _;

use eigenscope::data::{Dataset, NewRows, Reading};
use eigenscope::recipe::Missing;
use eigenscope::recipe::columns::Role;
use eigenscope::{Recipe, Result};

use crate::as_people_write::{read, seen, values};
use crate::support::desk::{Desk, noted, open};

/// Three numbers of a row.
fn numbers(i: usize) -> [f64; 3] {
    [(i * 7 % 23) as f64 + 0.5, (i * 5 % 19) as f64, (i * i % 29) as f64 + 0.25]
}

/// Forty rows of three numbers, put into their lines.
fn rows(line: impl Fn(usize, [f64; 3]) -> String) -> String {
    (0..40).map(|i| line(i, numbers(i)) + "\n").collect::<Vec<_>>().concat()
}

fn parted(mark: &str) -> String {
    rows(|_, row| row.map(|v| v.to_string()).join(mark))
}

/// The table holds these forty rows of three numbers and no other feature.
fn holds_the_rows(data: &Dataset, what: &str) {
    assert_eq!((data.len(), data.dim()), (40, 3), "{what}: {:?}", data.notes);
    for i in 0..40 {
        assert_eq!(data.features.row(i), numbers(i), "{what}: row {i}");
    }
}

#[test]
fn what_stands_above_a_table_is_no_part_of_it() {
    let comma = rows(|i, [a, b, c]| format!("\"2024-01-01 {:02}:00:00\",{i},{a},{b},{c}", i % 24));
    let logger = format!(
        "\"TOA5\",\"CR1000\",\"CR1000\",\"1234\",\"Std.27\",\"CPU:a.CR1\",\"7\",\"Table1\"\n\"TIMESTAMP\",\"RECORD\",\"AirTC\",\"RH\",\"WS\"\n\"TS\",\"RN\",\"Deg C\",\"%\",\"m/s\"\n\"\",\"\",\"Avg\",\"Smp\",\"Avg\"\n{comma}"
    );
    let ignore = Recipe { ignore: "TIMESTAMP,RECORD".to_owned(), ..Recipe::default() };
    let data = open(&Desk::new().put("logger.dat", logger), &ignore).expect("it opens");
    holds_the_rows(&data, "a logger");
    assert!(noted(&data, "2 lines from line 3 on hold no number"), "{:?}", data.notes);
    for (name, text) in [
        (
            "a.lvm",
            format!(
                "LabVIEW Measurement\t\nWriter_Version\t2\nSeparator\tTab\nDecimal_Separator\t.\n***End_of_Header***\t\n\nX_Value\tVoltage\tForce\tComment\n{}",
                rows(|_, row| row.map(|v| v.to_string()).join("\t") + "\t")
            ),
        ),
        (
            "b.txt",
            format!(
                "Data from run 1\n\nDate: Mon Jan 01 10:00:00 CET 2024\nUser: lab\nNumber of Pixels: 40\n>>>>>Begin Spectral Data<<<<<\n{}",
                parted("\t")
            ),
        ),
        ("c.vec", format!("40 3\n{}", rows(|i, [a, b, c]| format!("word{i} {a} {b} {c} ")))),
        (
            "d.gct",
            format!(
                "#1.2\n40\t3\nName\tDescription\ts1\ts2\ts3\n{}",
                rows(|i, [a, b, c]| format!("g{i}\tgene {i}\t{a}\t{b}\t{c}"))
            ),
        ),
        (
            "e.csv",
            format!(
                "Start,Q1,Q2,Q3\nStart Date,How much?,How often?,\"How long, then?\"\n\"{{\"\"Id\"\":\"\"s\"\"}}\",\"{{\"\"Id\"\":\"\"Q1\"\"}}\",\"{{\"\"Id\"\":\"\"Q2\"\"}}\",\"{{\"\"Id\"\":\"\"Q3\"\"}}\"\n{}",
                rows(|i, [a, b, c]| format!("u{},{a},{b},{c}", i % 9))
            ),
        ),
    ] {
        holds_the_rows(&read(name, text), name);
    }
}

#[test]
fn other_quotes_than_those_of_csv_are_read() {
    let escaped = rows(|i, [a, b, c]| format!("\"say \\\"hi\\\", {i}\",{a},{b},{c}"));
    let data = read("r.csv", format!("\"w\",\"a\",\"b\",\"c\"\n{escaped}"));
    holds_the_rows(&data, "backslashes");
    assert_eq!(data.table.as_ref().expect("a table").text(2, 0), "say \"hi\", 2");
    let apostrophes = rows(|i, [a, b, c]| format!("'x, {i}',{a},{b},{c}"));
    let data = read("s.csv", format!("'w','a','b','c'\n{apostrophes}"));
    holds_the_rows(&data, "apostrophes");
    assert_eq!((data.columns.join(" "), seen(&data, "w").role), ("a b c".to_owned(), Role::Id));
    let open = rows(|i, [a, b, c]| format!("{},{a},{b},{c}", if i == 9 { "\"big" } else { "small" }));
    let data = read("t.csv", format!("w,a,b,c\n{open}"));
    holds_the_rows(&data, "a quote that nothing closes");
    assert!(noted(&data, "1 line with a quote that nothing closes taken as it stands, the first on line 11"));
    assert_eq!(data.table.as_ref().expect("a table").text(9, 0), "\"big");
}

/// A zip file of these members.
fn zip(members: &[(&str, &str)]) -> Vec<u8> {
    let (mut bytes, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in members {
        let mut packed = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(text.as_bytes()).expect("memory takes it");
        let packed = packed.finish().expect("memory takes it");
        let mut crc = flate2::Crc::new();
        crc.update(text.as_bytes());
        let mut about = vec![20, 0, 0, 0, 8, 0, 0, 0, 0, 0];
        about.extend(crc.sum().to_le_bytes());
        about.extend((packed.len() as u32).to_le_bytes());
        about.extend((text.len() as u32).to_le_bytes());
        about.extend([(name.len() as u16).to_le_bytes(), [0, 0]].concat());
        let at = bytes.len() as u32;
        bytes.extend([b"PK\x03\x04".as_slice(), &about, name.as_bytes(), &packed].concat());
        directory
            .extend([b"PK\x01\x02\x14\0".as_slice(), &about, &[0; 10], &at.to_le_bytes(), name.as_bytes()].concat());
    }
    let (at, size, count) = (bytes.len() as u32, directory.len() as u32, members.len() as u16);
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    bytes.extend([size.to_le_bytes(), at.to_le_bytes()].concat());
    bytes.extend([0, 0]);
    bytes
}

#[test]
fn an_archive_and_a_text_may_carry_one_table() {
    let table = format!("a,b,c\n{}", parted(","));
    let junk =
        [("data/", ""), ("README.txt", "About it.\n"), ("data/train.csv", &table), ("__MACOSX/data/._train.csv", "x")];
    let desk = Desk::new();
    let archive = desk.put("a.csv.zip", zip(&junk));
    let data = open(&archive, &Recipe::default()).expect("it opens");
    holds_the_rows(&data, "a zip");
    let reading = Reading::with_fills(&data, Missing::Median);
    let mut new = NewRows::open(archive.as_os_str(), &reading, &Recipe::default()).expect("it opens");
    assert_eq!(new.next_block().expect("it reads").expect("rows").features.row(7).to_vec(), numbers(7));
    let two = desk.put("b.zip", zip(&[("train.csv", &table), ("test.csv", &table)]));
    let refused = open(&two, &Recipe::default()).expect_err("which of them?").to_string();
    assert!(refused.contains("holds several tables: `train.csv`, `test.csv`"), "{refused}");
    let lines = rows(|i, [a, b, c]| format!("| n{i} | {a} | {b} | {c} |"));
    let text = format!(
        "# Results\n\nWhat was measured:\n\n| name | a | b | c |\n|:---|--:|--:|--:|\n{lines}\nThat is all of it.\n"
    );
    let data = read("notes.md", text);
    holds_the_rows(&data, "Markdown");
    assert!(noted(&data, "text above the table left out"), "{:?}", data.notes);
    let refused = open(&desk.put("lesson.md", "# Two\n\n## One\n\n```setup\ndata moons\n```\n"), &Recipe::default());
    assert!(refused.expect_err("a lesson").to_string().contains("lesson"));
}

#[test]
fn numbers_are_grouped_as_their_country_does() {
    for (cell, mark, value) in [("\"12,34,567\"", ",", 1_234_567.0), ("₹ 1,23,456.50", "\t", 123_456.5)] {
        let text = rows(|i, [a, ..]| format!("{a}{mark}{}", if i % 2 == 0 { cell } else { "500" }));
        let data = read("a.csv", format!("a{mark}income\n{text}"));
        if data.dim() == 2 {
            assert_eq!(values(&data, "income", 2), [value, 500.0], "{:?}", data.notes);
        } else {
            assert!(noted(&data, "₹"), "{:?}", data.notes);
        }
    }
    let people = |i: usize| {
        if i.is_multiple_of(2) { format!("1{}.{:03}", i % 9, i * 37 % 1000) } else { (300 + 7 * i).to_string() }
    };
    let data =
        read("a.csv", format!("a;people\n{}", rows(|i, [a, ..]| format!("{a};{}", people(i)).replace(".5;", ";"))));
    assert_eq!(values(&data, "people", 3), [10_000.0, 307.0, 12_074.0], "{:?}", data.notes);
    assert!(noted(&data, "points between thousands"), "{:?}", data.notes);
}

#[test]
fn weeks_slips_and_named_offsets_are_dates() {
    let week = rows(|i, [a, b, _]| format!("2024-W{:02},{a},{b}", i % 50 + 1));
    let data = read("a.csv", format!("week,a,b\n{week}"));
    assert_eq!(values(&data, "week", 2), [19_723.0, 19_730.0], "{:?}", data.notes);
    let slip = rows(|i, [a, b, _]| {
        format!("{},{a},{b}", if i == 5 { "not yet".to_owned() } else { format!("2024-01-{:02}", i % 28 + 1) })
    });
    let data = read("a.csv", format!("day,a,b\n{slip}"));
    assert_eq!(values(&data, "day", 2), [19_723.0, 19_724.0], "{:?}", data.notes);
    assert!(noted(
        &data,
        "column `day`: 1 of 40 cells are no dates and count as missing, the first `not yet` on line 7"
    ));
    let error = Recipe { text: eigenscope::recipe::TextColumns::Error, ..Recipe::default() };
    let refused = open(&Desk::new().put("a.csv", format!("day,a,b\n{slip}")), &error).expect_err("a word").to_string();
    assert!(refused.contains("line 7") && refused.contains("not yet"), "{refused}");
    let form = rows(|i, [a, b, _]| format!("2024/01/{:02} 1:00:00 PM GMT+1,{a},{b}", i % 28 + 1));
    let data = read("a.csv", format!("Timestamp,a,b\n{form}"));
    assert_eq!(values(&data, "Timestamp", 2), [19_723.5, 19_724.5], "{:?}", data.notes);
}

#[test]
fn names_of_wavelengths_may_have_decimal_commas() {
    let comma = |v: f64| v.to_string().replace('.', ",");
    let names: Vec<String> = (0..20).map(|j| comma(4000.0 - 12.5 * f64::from(j))).collect();
    let cells =
        |i: usize| (0..20).map(|j| comma((i * 7 + j * j * 3) as f64 % 11.0 + 0.25)).collect::<Vec<_>>().join(";");
    let data = read("a.csv", format!("Probe;{}\n{}", names.join(";"), rows(|i, _| format!("P{i};{}", cells(i)))));
    assert_eq!((data.len(), data.dim(), data.columns[1].as_str()), (40, 20, "3987,5"), "{:?}", data.notes);
}

#[test]
fn classes_may_have_names_of_their_own_and_some_rows_none() {
    let plant = |i: usize| ["Aster", "Begonia", "Clover", "unlabeled"][i % 4];
    let data = read("a.csv", format!("a;b;Klasse\n{}", rows(|i, [a, b, _]| format!("{a};{b};{}", plant(i)))));
    let labels = data.labels.as_ref().expect("labels");
    assert_eq!(labels.names.join(" "), "Aster Begonia Clover", "{:?}", data.notes);
    assert!(noted(&data, "10 of 40 rows without a label"), "{:?}", data.notes);
    assert_eq!((data.clusters, data.dim()), (Some(3), 2));
}

#[test]
fn offices_put_marks_in_place_of_numbers() {
    for mark in [":", "*", "..", "brak danych"] {
        let text = rows(|i, [a, b, _]| format!("{a},{}", if i % 5 == 0 { mark.to_owned() } else { b.to_string() }));
        let data = read("a.csv", format!("a,b\n{text}"));
        assert_eq!((data.dim(), data.filled.len()), (2, 8), "{mark}: {:?}", data.notes);
    }
}

#[test]
fn a_model_takes_no_point_that_may_be_either() -> Result<()> {
    let income = |i: usize| format!("{},{:03}", i % 9 + 180, i * 37 % 1000);
    let trained = read("a.csv", format!("a\tincome\n{}", rows(|i, [a, ..]| format!("{a}\t{}", income(i)))));
    assert_eq!(values(&trained, "income", 1), [180_000.0], "{:?}", trained.notes);
    let commas = |i: usize| format!("{},{}", i % 9 + 180, i % 10);
    let fractions = read("b.csv", format!("a;income\n{}", rows(|i, _| format!("{i};{}", commas(i)))));
    let desk = Desk::new();
    for data in [&trained, &fractions] {
        let reading = Reading::with_fills(data, Missing::Median);
        let apply = |cells: &[&str]| -> Result<(Vec<f64>, Vec<String>)> {
            let text: Vec<String> = cells.iter().map(|cell| format!("4\t{cell}\n")).collect();
            let path = desk.put("new.tsv", format!("a\tincome\n{}", text.concat()));
            let mut new = NewRows::open(path.as_os_str(), &reading, &Recipe::default())?;
            let block = new.next_block()?.expect("rows");
            Ok((block.features.column(1).to_vec(), new.notes()))
        };
        let refused = apply(&["182.634"]).expect_err("182.634 of what?").to_string();
        assert!(refused.contains("column `income`") && refused.contains("182.634"), "{refused}");
        let (seen, notes) = apply(&["181", "182.634", "185"])?;
        let middle = reading.columns[1].fill[0];
        assert_eq!(seen, [181.0, middle, 185.0]);
        assert!(notes.iter().any(|note| note.contains("`182.634`")), "{notes:?}");
    }
    Ok(())
}
