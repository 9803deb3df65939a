//! Spreadsheets as other programs write them: values, dates and gaps come back, and what lies is refused.

use std::path::{Path, PathBuf};

use eigenscope::Recipe;
use eigenscope::data::{Dataset, Kind};

use crate::bad_days::files::deflated;
use crate::support::desk::{self, Desk, noted};

/// A file that `tests/references/make_tables.py` wrote.
fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/references/tables").join(name)
}

fn open(name: &str, array: &str) -> Dataset {
    let recipe = Recipe { array: array.to_owned(), ..Recipe::default() };
    desk::open(&reference(name), &recipe).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn sheets_of_four_writers_read_back() {
    for name in ["openpyxl.xlsx", "xlsxwriter.xlsx", "odf.ods", "xlwt.xls"] {
        let data = open(name, "auto");
        assert_eq!((data.len(), data.columns.join(" ")), (15, "count ratio flag day time".to_owned()), "{name}");
        for i in 0..15 {
            let at = i as f64;
            let hours = 12.0 + at;
            let wanted = [
                if i == 5 { 18.5 } else { 3.0 * at - 4.0 },
                if i == 2 { 7.5 / 7.0 } else { at / 7.0 },
                f64::from(u8::from(i % 3 == 0)),
                19_752.0 + at,
                19_781.0 + (hours * 3600.0 + 0.5) / 86_400.0,
            ];
            for (found, wanted) in data.features.row(i).into_iter().zip(wanted) {
                // Excel keeps clocks as parts of a day, and xlwt whole seconds.
                assert!((found - wanted).abs() < 1e-5, "{name}, row {i}: {found} {wanted}");
            }
        }
        assert_eq!(data.filled.as_slice(), [(2, 1), (5, 0)], "{name}");
        assert_eq!(data.labels.as_ref().expect("labels").names.join(" "), "no yes", "{name}");
        assert!(matches!(data.reading.columns[3].kind, Kind::Dates(_)), "{name}");
        let table = data.table.as_ref().expect("it is a table");
        assert_eq!((table.text(2, 3), table.text(1, 4)), ("gréen".into(), "2024-01-31".into()), "{name}: cells");
        assert!(noted(&data, "sheet `Rows` was read"), "{name}: {:?}", data.notes);
        if name != "xlwt.xls" {
            assert!(noted(&data, "`About`, `Other one` (--array"), "{name}: {:?}", data.notes);
            let other = open(name, "other one");
            assert_eq!(
                (other.columns.join(" "), other.features.row(2)),
                ("u v".to_owned(), vec![3.0, 0.125]),
                "{name}"
            );
        }
    }
}

#[test]
fn titles_errors_and_texts_of_digits() {
    let data = open("odd.xlsx", "auto");
    assert_eq!(data.columns.join(" "), "a b", "008 is a code");
    assert!(noted(&data, "codes and no numbers"), "{:?}", data.notes);
    assert!(noted(&data, "1 row above the table left out: `Measured in May`"), "{:?}", data.notes);
    assert!(noted(&data, "1 cell with an error"), "{:?}", data.notes);
    assert_eq!(data.filled.as_slice(), [(0, 1), (2, 0)]);
    let labelled = Recipe { label_column: "code".to_owned(), ..Recipe::default() };
    let data = desk::open(&reference("odd.xlsx"), &labelled).expect("classes of text");
    assert_eq!(data.labels.expect("labels").names.join(" "), "008 8 9 010");
    let strict = Recipe { missing: eigenscope::recipe::Missing::Error, ..Recipe::default() };
    let refused = desk::open(&reference("odd.xlsx"), &strict).expect_err("a gap").to_string();
    assert!(refused.contains("line 4, column `b`: a value is missing"), "{refused}");
}

#[test]
fn damaged_books_are_refused() {
    let desk = Desk::new();
    for (name, step) in [("openpyxl.xlsx", 97), ("odf.ods", 97), ("xlwt.xls", 61)] {
        let bytes = std::fs::read(reference(name)).expect("it is there");
        for at in (0..bytes.len()).step_by(step) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0xff;
            // Where nothing that is read was damaged it is read.
            if let Err(e) = desk::open(&desk.put(name, &damaged), &Recipe::default()) {
                assert!(e.to_string().contains(name), "{name}, byte {at}: {e}");
            }
            if at % (4 * step) == 0 {
                let cut = desk::open(&desk.put(name, &bytes[..at]), &Recipe::default());
                // The last blocks of an old book hold nothing.
                let padding = name == "xlwt.xls" && at + 1024 > bytes.len();
                assert!(padding || cut.is_err_and(|e| e.to_string().contains(name)), "{name} of {at} bytes");
            }
        }
    }
    let unknown = Recipe { array: "Sheet9".to_owned(), ..Recipe::default() };
    let refused = desk::open(&reference("openpyxl.xlsx"), &unknown).expect_err("no such sheet").to_string();
    assert!(refused.contains("no such sheet; there are `About`, `Rows`"), "{refused}");
    let refused = desk::open(&desk.put("a.xlsx", "a,b\n1,2\n"), &Recipe::default()).expect_err("a table").to_string();
    assert!(refused.contains("the name says a spreadsheet"), "{refused}");
}

#[test]
fn a_value_far_from_an_old_sheet_s_table_is_refused_before_room_is_made_for_what_lies_between() {
    let desk = Desk::new();
    let mut bytes = std::fs::read(reference("xlwt.xls")).expect("it is there");
    // The last record of one number: its kind and length, then row and column.
    let at = (0..bytes.len() - 8).rfind(|&at| matches!(bytes[at..at + 4], [0x03, 0x02, 14, 0] | [0x7e, 0x02, 10, 0]));
    let place = at.expect("it has numbers") + 4;
    bytes[place..place + 4].copy_from_slice(&[0x60, 0xea, 200, 0]);
    let refused = desk::open(&desk.put("far.xls", &bytes), &Recipe::default()).expect_err("far off").to_string();
    assert!(refused.contains("far.xls") && refused.contains("60001 rows of 201 columns hold"), "{refused}");
    assert!(refused.contains("Delete it, or save the file as .xlsx"), "{refused}");
}

/// An OpenDocument book of one sheet.
fn document(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content><office:body><office:spreadsheet>\
         <table:table table:name=\"One\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
    );
    deflated(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:manifest/>"),
        ("content.xml", content.as_bytes()),
    ])
}

#[test]
fn cells_that_an_open_document_repeats_take_the_memory_of_a_table_and_not_of_a_sheet() {
    let cell = |times: usize, value: usize| {
        format!(
            "<table:table-cell table:number-columns-repeated=\"{times}\" office:value-type=\"float\" office:value=\"{value}\"/>"
        )
    };
    let row = |times: usize, cells: &str| {
        format!("<table:table-row table:number-rows-repeated=\"{times}\">{cells}</table:table-row>")
    };
    let empty = "<table:table-cell table:number-columns-repeated=\"16380\"/>";
    let rows: String = (0..40).map(|i| row(1, &(cell(2, i * 7 % 23) + &cell(1, i * i % 7) + empty))).collect();
    let desk = Desk::new();
    let rest = row(1_048_500, empty);
    let data = desk::open(&desk.put("a.ods", document(&(rows.clone() + &rest))), &Recipe::default()).expect("a table");
    assert_eq!((data.len(), data.columns.len()), (40, 3), "what is empty to the end of the sheet is nothing");
    let word = |text: &str, rows: usize| {
        format!(
            "<table:table-cell office:value-type=\"string\" table:number-rows-spanned=\"{rows}\"><text:p>{text}</text:p></table:table-cell>"
        )
    };
    let names = row(1, &["group", "a", "b", "c"].map(|name| word(name, 1)).concat());
    let group = |i: usize| {
        if i.is_multiple_of(4) { word(["oak", "ash"][i / 4 % 2], 4) } else { "<table:covered-table-cell/>".to_owned() }
    };
    let grouped: String = (0..40).map(|i| row(1, &(group(i) + &cell(2, i) + &cell(1, i * i % 7)))).collect();
    let data = desk::open(&desk.put("c.ods", document(&(names + &grouped))), &Recipe::default()).expect("a table");
    let table = data.table.as_ref().expect("it is a table");
    assert_eq!([1, 3, 6].map(|at| table.text(at, 0).into_owned()), ["oak", "oak", "ash"], "{:?}", data.notes);
    assert!(noted(&data, "cells over several rows stand for each of them"), "{:?}", data.notes);
    let far = rows + &row(1_048_000, empty) + &row(1, &cell(1, 5));
    for (rows, words) in [
        (far, "1048041 rows of 3 columns, but only 81 of them stand in the file"),
        (row(1_048_576, &cell(16_384, 7)), "1048576 rows of 16384 columns, but only 1 of them stands in the file"),
    ] {
        let refused = desk::open(&desk.put("b.ods", document(&rows)), &Recipe::default()).expect_err(words).to_string();
        assert!(refused.contains(words) && refused.contains("b.ods"), "{refused}");
    }
}
