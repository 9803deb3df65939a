//! Tables as programs keep them: lists in Arrow, records of NumPy, arrays side by side, workbooks with hidden cells.

use std::io::Write as _;
use std::sync::Arc;

use arrow_array::types::Float64Type;
use arrow_array::{ArrayRef, Float64Array, Int64Array, ListArray, RecordBatch};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use eigenscope::data::{NewRows, Reading};
use eigenscope::recipe::Missing;
use eigenscope::{Recipe, Result};

use crate::as_people_write::{read, values};
use crate::support::desk::{Desk, noted, open};

/// Lists of so many numbers, `v` beside them, in two batches.
fn batches(length: usize) -> Vec<RecordBatch> {
    let batch = |from: usize| {
        let rows = from..from + 10;
        let v: ArrayRef =
            Arc::new(Int64Array::from(rows.clone().map(|i: usize| (i * 5 % 7) as i64).collect::<Vec<_>>()));
        let list = |i: usize| Some((0..length).map(|at| Some((i * (at + 2)) as f64)).collect::<Vec<_>>());
        let e: ArrayRef = Arc::new(ListArray::from_iter_primitive::<Float64Type, _, _>(rows.map(list)));
        RecordBatch::try_from_iter([("v", v), ("e", e)]).expect("two columns")
    };
    vec![batch(0), batch(10)]
}

fn arrow(batches: &[RecordBatch], stream: bool) -> Vec<u8> {
    let schema = batches[0].schema();
    let mut bytes = Vec::new();
    if stream {
        let mut writer = StreamWriter::try_new(&mut bytes, &schema).expect("a stream");
        for batch in batches {
            writer.write(batch).expect("written");
        }
        writer.finish().expect("an end");
    } else {
        let mut writer = FileWriter::try_new(&mut bytes, &schema).expect("a file");
        for batch in batches {
            writer.write(batch).expect("written");
        }
        writer.finish().expect("an end");
    }
    bytes
}

#[test]
fn lists_are_columns_in_arrow_and_when_they_are_short() -> Result<()> {
    for (length, stream) in [(2, false), (3, true), (10, true), (10, false)] {
        let data = read("a.arrow", arrow(&batches(length), stream));
        assert_eq!((data.len(), data.dim()), (20, length + 1), "{:?}", data.notes);
        assert_eq!(values(&data, "e.1", 13)[12], 36.0);
        let desk = Desk::new();
        let reading = Reading::with_fills(&data, Missing::Median);
        let path = desk.put("new.arrow", arrow(&batches(length), stream));
        let mut new = NewRows::open(path.as_os_str(), &reading, &Recipe::default())?;
        let (first, second) = (new.next_block()?.expect("rows"), new.next_block()?.expect("rows"));
        assert_eq!((first.features.dim(), first.features[[3, 2]]), ((10, length + 1), 9.0));
        assert_eq!((second.rows[9], second.features[[9, 1]]), (19, 38.0));
    }
    // Lists that are longer further down are none of numbers in places.
    let mut ragged = batches(3);
    ragged[1] = batches(2).remove(1);
    let data = read("a.arrow", arrow(&ragged, false));
    assert_eq!(data.columns.join(" "), "v", "{:?}", data.notes);
    Ok(())
}

#[test]
fn infinite_values_of_typed_columns_are_missing_and_leave_as_they_came() -> Result<()> {
    let column =
        |of: &dyn Fn(usize) -> f64| Arc::new((0..20).map(|i| Some(of(i))).collect::<Float64Array>()) as ArrayRef;
    let ratio = |i: usize| if i == 3 { f64::INFINITY } else { i as f64 };
    let table = |second: ArrayRef| {
        let columns = [("v", column(&|i| (i * 5 % 7) as f64)), ("e", second)];
        arrow(&[RecordBatch::try_from_iter(columns).expect("two columns")], false)
    };
    let data = read("a.arrow", table(column(&ratio)));
    assert_eq!(data.filled.as_slice(), [(3, 1)]);
    assert_eq!(data.table.as_ref().expect("a table").text(3, 1), "inf");
    assert!(data.notes.iter().any(|note| note.contains("count as missing: `e (1)`")), "{:?}", data.notes);
    let desk = Desk::new();
    let reading = Reading::with_fills(&data, Missing::Median);
    let path = desk.put("new.arrow", table(column(&ratio)));
    let block = NewRows::open(path.as_os_str(), &reading, &Recipe::default())?.next_block()?.expect("rows");
    assert_eq!(block.features[[3, 1]], data.features.row(3)[1]);
    let refused =
        open(&desk.put("b.arrow", table(column(&|_| f64::INFINITY))), &Recipe::default()).expect_err("no value");
    assert!(refused.to_string().contains("column `e` holds no finite number"), "{refused}");
    Ok(())
}

/// An NPY file of records: `a` as i4, `b` as f8, `c` of two bytes of text.
fn records(rows: usize) -> Vec<u8> {
    let mut header = format!(
        "{{'descr': [('a', '<i4'), ('b', '<f8'), ('c', '|S2')], 'fortran_order': False, 'shape': ({rows},), }}"
    );
    while !(header.len() + 11).is_multiple_of(64) {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend((header.len() as u16).to_le_bytes());
    bytes.extend(header.bytes());
    for i in 0..rows {
        bytes.extend((i as i32 - 3).to_le_bytes());
        bytes.extend((i as f64 / 4.0).to_le_bytes());
        bytes.extend(if i % 2 == 0 { *b"ab" } else { *b"x\0" });
    }
    bytes
}

#[test]
fn structured_arrays_are_tables() {
    let data = read("a.npy", records(20));
    assert_eq!((data.columns.join(" "), data.len()), ("a b".to_owned(), 20), "{:?}", data.notes);
    assert_eq!((values(&data, "a", 2), values(&data, "b", 2)), (vec![-3.0, -2.0], vec![0.0, 0.25]));
    assert_eq!(data.table.as_ref().expect("a table").text(1, 2), "x");
    let mut short = records(20);
    short.truncate(short.len() - 5);
    let desk = Desk::new();
    assert!(open(&desk.put("a.npy", &short), &Recipe::default()).is_err());
}

/// A zip file with stored members.
fn archive(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::write::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for (name, bytes) in members {
        writer.start_file(*name, options).expect("a member");
        writer.write_all(bytes).expect("written");
    }
    writer.finish().expect("an end").into_inner()
}

#[test]
fn arrays_of_one_dimension_are_columns() {
    let column = |of: fn(usize) -> f32| {
        let values: Vec<f32> = (0..20).map(of).collect();
        crate::support::npy::to_npy(&ndarray::Array1::from(values))
    };
    let (height, weight) = (column(|i: usize| i as f32 / 2.0), column(|i: usize| (i * i % 7) as f32));
    let data = read("a.npz", archive(&[("height.npy", &height), ("weight.npy", &weight)]));
    assert_eq!((data.columns.join(" "), values(&data, "height", 2)), ("height weight".to_owned(), vec![0.0, 0.5]));
}

/// A workbook of sheets, each its name, what the book says of it, and its own text.
fn book(sheets: &[(&str, &str, String)]) -> Vec<u8> {
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let list: String = (sheets.iter().enumerate())
        .map(|(at, (name, state, _))| {
            format!("<sheet name=\"{name}\" sheetId=\"{0}\" {state} r:id=\"rId{0}\"/>", at + 1)
        })
        .collect::<Vec<_>>()
        .concat();
    let links: String = (1..=sheets.len())
        .map(|at| {
            format!("<Relationship Id=\"rId{at}\" Type=\"{relations}/worksheet\" Target=\"worksheets/sheet{at}.xml\"/>")
        })
        .collect::<Vec<_>>()
        .concat();
    let book = format!("<workbook xmlns=\"{main}\" xmlns:r=\"{relations}\"><sheets>{list}</sheets></workbook>");
    let links = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">{links}</Relationships>"
    );
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
    let root = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"{relations}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
    );
    let pages: Vec<(String, String)> = (sheets.iter().enumerate())
        .map(|(at, (_, _, text))| {
            (format!("xl/worksheets/sheet{}.xml", at + 1), format!("<worksheet xmlns=\"{main}\">{text}</worksheet>"))
        })
        .collect();
    let mut members: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
    ];
    members.extend(pages.iter().map(|(name, text)| (name.as_str(), text.as_bytes())));
    archive(&members)
}

/// A row of cells; words in quotes are text, nothing is no cell.
fn sheet_row(number: usize, about: &str, cells: &[&str]) -> String {
    let cell = |(at, cell): (usize, &&str)| {
        let place = format!("{}{number}", char::from(b'A' + at as u8));
        match cell.parse::<f64>() {
            _ if cell.is_empty() => String::new(),
            Ok(_) => format!("<c r=\"{place}\"><v>{cell}</v></c>"),
            Err(_) => format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"),
        }
    };
    let cells: String = cells.iter().enumerate().map(cell).collect::<Vec<_>>().concat();
    format!("<row r=\"{number}\" {about}>{cells}</row>")
}

#[test]
fn what_a_workbook_hides_is_said_and_merged_cells_stand_for_all_their_rows() {
    let rows: String = (0..8)
        .map(|i: usize| {
            let site = if i.is_multiple_of(4) { ["north", "south"][i / 4] } else { "" };
            let about = if i == 2 { "hidden=\"1\"" } else { "" };
            sheet_row(i + 2, about, &[site, &(i * 5 % 7).to_string(), &format!("{i}.5")])
        })
        .collect::<Vec<_>>()
        .concat();
    let text = format!(
        "<cols><col min=\"3\" max=\"3\" hidden=\"1\"/></cols><sheetData>{}{rows}</sheetData><mergeCells count=\"2\"><mergeCell ref=\"A2:A5\"/><mergeCell ref=\"A6:A9\"/></mergeCells>",
        sheet_row(1, "", &["site", "v", "w"])
    );
    let notes =
        format!("<sheetData>{}{}</sheetData>", sheet_row(1, "", &["Read me"]), sheet_row(2, "", &["It is short"]));
    let secret = format!("<sheetData>{}{}</sheetData>", sheet_row(1, "", &["p", "q"]), sheet_row(2, "", &["1", "2"]));
    let data =
        read("a.xlsx", book(&[("secret", "state=\"hidden\"", secret), ("notes", "", notes), ("data", "", text)]));
    assert_eq!((data.columns.join(" "), data.len()), ("v w".to_owned(), 8), "{:?}", data.notes);
    assert!(noted(&data, "sheet `data` was read"), "{:?}", data.notes);
    assert!(noted(&data, "read all the same: 1 row and 1 column"), "{:?}", data.notes);
    assert!(noted(&data, "6 cells filled so"), "{:?}", data.notes);
    let cells = data.table.as_ref().expect("a table");
    assert_eq!((cells.text(3, 0), cells.text(4, 0)), ("north".into(), "south".into()));
}
