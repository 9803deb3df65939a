//! Tables as web programs, surveys, archives of genes and people with other digits save them.

use eigenscope::data::{NewRows, Reading};
use eigenscope::recipe::Missing;
use eigenscope::recipe::columns::Role;
use eigenscope::{Recipe, data::Dataset};

use crate::as_people_write::{read, seen, values};
use crate::support::desk::{Desk, noted};

const ROWS: usize = 20;

/// Rows of two numbers, written by `row`.
fn rows(row: impl Fn(usize, i64, f64) -> String) -> String {
    (0..ROWS).map(|i| row(i, (i * i % 17) as i64 + 1, (i * 7 % 13) as f64 + 0.5)).collect()
}

/// The first two features, and as many rows of a model that reads the file again.
fn again(name: &str, bytes: &[u8], data: &Dataset) -> usize {
    let reading = Reading::with_fills(data, Missing::Median);
    let desk = Desk::new();
    let path = desk.put(name, bytes);
    let mut new = NewRows::open(path.as_os_str(), &reading, &Recipe::default()).expect("it opens");
    new.next_block().unwrap_or_else(|e| panic!("{name}: {e}")).expect("rows").rows.len()
}

#[test]
fn pages_and_text_under_the_name_of_a_spreadsheet() {
    let body = rows(|i, a, b| format!("<tr><td>A&amp;B {i}</td><td>{a}</td><td>{b}</td></tr>"));
    let page = format!(
        "<html><body><table><tr><td>menu</td></tr></table><table border=1><tr><th>Name</th><th>Count</th><th>Size</th></tr>{body}</table>"
    );
    let row = |i: usize, a: i64, b: f64| {
        format!(
            "<Row><Cell><Data ss:Type=\"String\">n{i}</Data></Cell><Cell><Data>{a}</Data></Cell><Cell><Data>{b}</Data></Cell></Row>"
        )
    };
    let head = "<Row><Cell><Data>Name</Data></Cell><Cell><Data>Count</Data></Cell><Cell><Data>Size</Data></Cell></Row>";
    let xml = format!(
        "<?xml version=\"1.0\"?><Workbook><Worksheet><Table>{head}{}</Table></Worksheet></Workbook>",
        rows(row)
    );
    let tabs = format!("Name\tCount\tSize\n{}", rows(|i, a, b| format!("n{i}\t{a}\t{b}\n")));
    for (name, text) in [("export.xls", &page), ("export.html", &page), ("export.xls", &xml), ("export.xls", &tabs)] {
        let data = read(name, text);
        assert_eq!((data.columns.join("|"), data.len()), ("Count|Size".to_owned(), ROWS), "{:?}", data.notes);
        assert_eq!(values(&data, "Count", 3), [1.0, 2.0, 5.0]);
        assert_eq!(again(name, text.as_bytes(), &data), ROWS);
    }
    assert!(noted(&read("export.html", &page), "the largest of 2 tables"));
}

#[test]
fn surveys_with_questions_and_keys_below_the_names() {
    let body = rows(|i, a, b| format!("2024-01-{:02} 09:00:00,IP Address,{a},{b},R_{i}\n", i + 1));
    let data = read(
        "survey.csv",
        format!(
            "StartDate,Status,Duration (in seconds),Q1,ResponseId\nStart Date,Response Type,Duration (in seconds),\"How well, overall?\",Response ID\n\"{{\"\"ImportId\"\":\"\"startDate\"\"}}\",\"{{\"\"ImportId\"\":\"\"status\"\"}}\",\"{{\"\"ImportId\"\":\"\"duration\"\"}}\",\"{{\"\"ImportId\"\":\"\"QID1\"\"}}\",\"{{\"\"ImportId\"\":\"\"_recordId\"\"}}\"\n{body}"
        ),
    );
    assert_eq!(data.columns.join("|"), "StartDate|Duration (in seconds)|Q1", "{:?}", data.notes);
    assert_eq!(data.len(), ROWS);
}

#[test]
fn digits_of_other_scripts_are_numbers() {
    let with = |zero: char, text: String| -> String {
        let digit = |c: char| c.to_digit(10).and_then(|d| char::from_u32(zero as u32 + d)).unwrap_or(c);
        text.chars().map(digit).collect()
    };
    for (zero, point) in [('٠', '٫'), ('۰', '٫'), ('０', '．'), ('०', '.')] {
        let body =
            rows(|i, a, b| with(zero, format!("n{i};{a};{b:.1};2024/1/{}\n", i + 1).replace('.', &point.to_string())));
        let text = format!("name;count;size;day\n{body}");
        let data = read("a.csv", &text);
        assert_eq!(data.columns.join("|"), "count|size|day", "{zero}: {:?}", data.notes);
        assert_eq!((values(&data, "count", 2), values(&data, "size", 2)), (vec![1.0, 2.0], vec![0.5, 7.5]));
        assert_eq!(again("a.csv", text.as_bytes(), &data), ROWS);
    }
}

#[test]
fn archives_of_genes_and_flags_of_offices() {
    let body = rows(|i, a, b| format!("\"{i}_at\"\t{a}\t{b}\n"));
    let data = read(
        "GSE1_series_matrix.txt",
        format!(
            "!Series_title\t\"Livers, and more\"\n\n!Sample_title\t\"one\"\t\"two\"\n!series_matrix_table_begin\n\"ID_REF\"\t\"GSM1\"\t\"GSM2\"\n{body}!series_matrix_table_end\n"
        ),
    );
    assert_eq!((data.columns.join("|"), data.len()), ("GSM1|GSM2".to_owned(), ROWS), "{:?}", data.notes);
    let body = rows(|i, a, b| {
        let second = if i == 3 { ": u".to_owned() } else { format!("{b}{}", ["", " p"][i % 2]) };
        format!("A,PC,R{i}\t{a}{}\t{second}\n", [" ", " b", " e"][i % 3])
    });
    let data = read("une_rt.tsv", format!("freq,unit,geo\\TIME_PERIOD\t2021 \t2022 \n{body}"));
    assert_eq!((data.columns.join("|"), data.filled.len()), ("2021|2022".to_owned(), 1), "{:?}", data.notes);
    assert_eq!(values(&data, "2021", 3), [1.0, 2.0, 5.0]);
    assert!(noted(&data, "letters behind some numbers"), "{:?}", data.notes);
}

#[test]
fn ticks_are_flags_and_their_lack_is_no_gap() {
    for tick in ["x", "✓", "+", "yes"] {
        let text = format!(
            "name;size;garden\n{}",
            rows(|i, a, _| format!("n{i};{a};{}\n", ["", tick][usize::from(i % 3 == 0)]))
        );
        let data = read("a.csv", &text);
        assert_eq!(
            (data.columns.join("|"), data.filled.len()),
            ("size|garden".to_owned(), 0),
            "{tick}: {:?}",
            data.notes
        );
        assert_eq!(values(&data, "garden", 4), [1.0, 0.0, 0.0, 1.0]);
        let reading = Reading::with_fills(&data, Missing::Median);
        let desk = Desk::new();
        let path = desk.put("new.csv", format!("size;garden\n5;\n6;{tick}\n"));
        let mut new = NewRows::open(path.as_os_str(), &reading, &Recipe::default()).expect("it opens");
        let block = new.next_block().expect("it reads").expect("rows");
        assert_eq!(block.features.column(1).to_vec(), [0.0, 1.0], "{tick}");
    }
}

#[test]
fn running_numbers_and_classes_by_odd_names() {
    for (number, start) in
        [("Lfd. Nr.", 1), ("Nr.", 1), ("No.", 1), ("#", 0), ("Zeile", 2), ("row", 1), ("№ п/п", 1), ("fid", 1)]
    {
        let classes = ["Namibia", "NA", "unknown", "nicht klassifiziert"];
        let body = rows(|i, a, b| format!("town {i};{};{a};{b};{}\n", i + start, classes[i % 4]));
        let data = read("a.csv", format!("town;{number};a;b;class\n{body}"));
        assert_eq!(data.columns.join("|"), "a|b", "{number}: {:?}", data.notes);
        assert_ne!(seen(&data, number).role, Role::Feature);
        let names = &data.labels.as_ref().expect("classes").names;
        assert_eq!(names.join(" "), "NA Namibia nicht klassifiziert unknown");
        assert!(noted(&data, "`NA`, `nicht klassifiziert`, `unknown` in column `class`"), "{:?}", data.notes);
    }
    let body = rows(|i, a, b| format!("{a};{b};{}\n", ["Weak", "Null", "Strong"][i % 3]));
    let data = read("a.csv", format!("a;b;class\n{body}"));
    assert_eq!(data.labels.as_ref().expect("classes").names.join(" "), "Null Strong Weak");
    let body = rows(|i, a, b| format!("{a};{b};{}\n", ["weak", "NULL", "strong"][i % 3]));
    let data = read("a.csv", format!("a;b;class\n{body}"));
    assert_eq!(data.labels.as_ref().expect("classes").names.join(" "), "strong weak", "a gap of a database");
    let data = read(
        "a.csv",
        format!(
            "a;b\n{}",
            rows(|i, a, b| format!("{};{}\n", 1_000 * a, if i == 2 { "'".to_owned() } else { b.to_string() }))
        ),
    );
    assert_eq!((data.columns.join("|"), data.filled.len()), ("a|b".to_owned(), 1), "{:?}", data.notes);
    let data = read("a.csv", format!("a;b\n{}", rows(|_, a, b| format!("{a}_821;{b}\n"))));
    assert_eq!(values(&data, "a", 2), [1821.0, 2821.0], "{:?}", data.notes);
}
