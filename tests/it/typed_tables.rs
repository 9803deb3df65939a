//! Tables with typed columns, as other programs write them: types, values and digits come back, and what lies is refused.

use std::path::{Path, PathBuf};

use eigenscope::Recipe;
use eigenscope::data::{Dataset, Kind, NewRows, profiles};
use eigenscope::recipe::columns::Role;
use eigenscope::recipe::{Missing, TextColumns};

use crate::support::bytes::gzip;
use crate::support::desk::{self, Desk, noted};

/// Files that `tests/references/make_tables.py` wrote of one table, and whether by pandas.
const FILES: [(&str, bool); 11] = [
    ("pandas-snappy.parquet", true),
    ("pandas-zstd.parquet", true),
    ("pandas-gzip.parquet", true),
    ("pandas-lz4.parquet", true),
    ("groups.parquet", true),
    ("pyarrow-lz4.feather", true),
    ("pyarrow-zstd.feather", true),
    ("pyarrow.arrows", true),
    ("polars.parquet", false),
    ("polars.arrow", false),
    ("polars.arrows", false),
];
const FEATURES: [&str; 11] =
    ["count", "wide", "share", "ratio", "flag", "day", "time", "price", "size", "pair.0", "pair.1"];

fn reference(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/references/tables").join(name)
}

fn open(name: &str, recipe: &Recipe) -> Dataset {
    desk::open(&reference(name), recipe).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// Row `i` of the features; gaps filled with the middle of their columns.
fn row(i: usize) -> [f64; 11] {
    let at = i as f64;
    let noon = 12.0 * 3600.0 + 0.5;
    let hours = (12 + i) % 24;
    [
        if i == 5 { 18.5 } else { 3.0 * at - 4.0 },
        9_007_199_254_740_993_u64 as f64 + 2.0 * at,
        f64::from((at / 3.0) as f32),
        if i == 2 { 7.5 / 7.0 } else { at / 7.0 },
        f64::from(u8::from(i.is_multiple_of(3))),
        19_752.0 + at,
        // The 28th of February 2024 is day 19781.
        (19_781 + (12 + i) / 24) as f64 + (hours as f64 * 3600.0 + (noon - 12.0 * 3600.0)) / 86_400.0,
        at + 0.25,
        10.0 * (i % 3) as f64,
        at,
        at + 1.0,
    ]
}

#[test]
fn tables_of_pandas_pyarrow_and_polars_read_back() {
    for (name, pandas) in FILES {
        let data = open(name, &Recipe::default());
        assert_eq!(data.columns.as_slice(), FEATURES, "{name}");
        assert_eq!(data.len(), 15, "{name}");
        for i in 0..15 {
            for (j, (found, wanted)) in data.features.row(i).iter().zip(row(i)).enumerate() {
                assert!((found - wanted).abs() <= 1e-12 * wanted.abs(), "{name}, {}: {found} {wanted}", FEATURES[j]);
            }
        }
        assert_eq!(data.filled.as_slice(), [(2, 3), (5, 0)], "{name}");
        let labels = data.labels.as_ref().expect("labels");
        assert_eq!((labels.names.join(" "), labels.ids[3]), ("0 1".to_owned(), 1), "{name}");
        for note in [
            "lists",
            "`empty`",
            "of words left out",
            "`kind`, `word`",
            "flags taken as 1 and 0: `flag`",
            "`day`, `time`",
        ] {
            let note =
                if note == "lists" { "lists of numbers spread into a column for each place: `pair (2)`" } else { note };
            assert!(noted(&data, note), "{name}, {note}: {:?}", data.notes);
        }
        assert_eq!(noted(&data, "index that pandas keeps"), pandas, "{name}: {:?}", data.notes);
        let kinds: Vec<&str> = data.reading.columns.iter().map(|column| kind(&column.kind)).collect();
        assert_eq!(kinds.join(" "), "number number number number flag date date number number number number", "{name}");
    }
}

fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Numbers(_) => "number",
        Kind::Flags => "flag",
        Kind::Dates(_) => "date",
        Kind::Scale(_) => "scale",
        Kind::Words(_) | Kind::Several(..) => "words",
        Kind::List(_) => "list",
    }
}

#[test]
fn cells_keep_what_the_file_has() {
    for (name, pandas) in FILES {
        let limited = Recipe { limit: 6, ..Recipe::default() };
        let data = open(name, &limited);
        let table = data.table.as_ref().expect("it is a table");
        for (at, &i) in data.rows.iter().enumerate() {
            let cells: Vec<String> = table.texts(at).map(std::borrow::Cow::into_owned).collect();
            let gap = |is: bool, text: String| if is { String::new() } else { text };
            let mut wanted = vec![
                gap(i == 5, (3 * i as i64 - 4).to_string()),
                (9_007_199_254_740_993 + 2 * i as u64).to_string(),
                (i as f32 / 3.0).to_string(),
                gap(i == 2, (i as f64 / 7.0).to_string()),
                (i % 3 == 0).to_string(),
                ["red", "blue", "gréen"][i % 3].to_owned(),
                gap(i == 4, format!("w{i}")),
            ];
            let day = 30 + i;
            wanted.push(if day <= 31 { format!("2024-01-{day}") } else { format!("2024-02-{:02}", day - 31) });
            wanted.push(format!("2024-02-{} {:02}:00:00.500", 28 + (12 + i) / 24, (12 + i) % 24));
            wanted.extend([format!("{i}.25"), (10 * (i % 3)).to_string(), String::new()]);
            wanted.extend([i, i + 1, i % 2].map(|whole| whole.to_string()));
            wanted.extend(pandas.then(|| (100 + i).to_string()));
            assert_eq!(cells, wanted, "{name}, row {i}");
        }
    }
}

#[test]
fn roles_are_given_as_for_any_table() {
    for name in ["pandas-snappy.parquet", "pyarrow.arrows"] {
        let chosen =
            Recipe { features: "price,share".to_owned(), label_column: "kind".to_owned(), ..Recipe::default() };
        let data = open(name, &chosen);
        assert_eq!(data.columns.join(" "), "share price");
        assert_eq!(data.labels.expect("labels").names.join(" "), "blue gréen red");
        let spread = Recipe {
            text: TextColumns::OneHot,
            ignore: "word,wide".to_owned(),
            label_column: "none".to_owned(),
            id_column: "count".to_owned(),
            ..Recipe::default()
        };
        let data = open(name, &spread);
        let names = "share ratio flag kind = blue kind = gréen kind = red day time price size pair.0 pair.1 label __index_level_0__";
        assert_eq!(data.columns.join(" "), names);
        assert_eq!(data.features.row(1)[3..6], [1.0, 0.0, 0.0], "row 1 is blue");
        assert_eq!((data.reading.ids.as_slice(), data.features.row(4)[13]), (["count".to_owned()].as_slice(), 104.0));
        let strict = Recipe { missing: Missing::Error, ..Recipe::default() };
        let refused = desk::open(&reference(name), &strict).expect_err("there are gaps").to_string();
        assert!(refused.contains("row 3, column `ratio`: a value is missing"), "{refused}");
        let unknown = Recipe { label_column: "colour".to_owned(), ..Recipe::default() };
        assert!(desk::open(&reference(name), &unknown).is_err_and(|e| e.to_string().contains("no such column")));
    }
}

#[test]
fn words_alone_and_text_that_holds_numbers_are_read_as_in_any_table() {
    let desk = Desk::new();
    let recipe = Recipe { features: "word".to_owned(), ..Recipe::default() };
    let refused = desk::open(&reference("polars.parquet"), &recipe).expect_err("words are no numbers").to_string();
    assert!(refused.contains("row 1, column `word`: `w0` is not a number"), "{refused}");
    // Packed streams and files of Arrow are read, a packed Parquet file is not.
    let bytes = std::fs::read(reference("pyarrow-lz4.feather")).expect("it is there");
    let packed = desk.put("a.feather.gz", gzip(&bytes));
    assert_eq!(desk::open(&packed, &Recipe::default()).expect("it unpacks").len(), 15);
    let bytes = std::fs::read(reference("polars.parquet")).expect("it is there");
    let refused =
        desk::open(&desk.put("a.parquet.gz", gzip(&bytes)), &Recipe::default()).expect_err("packed").to_string();
    assert!(refused.contains("not read packed"), "{refused}");
}

#[test]
fn damaged_files_are_refused_without_a_panic() {
    let desk = Desk::new();
    let recipe = Recipe::default();
    for (name, step) in [
        ("polars.parquet", 23),
        ("pandas-zstd.parquet", 61),
        ("polars.arrow", 17),
        ("pyarrow.arrows", 53),
        ("pyarrow-lz4.feather", 71),
    ] {
        let bytes = std::fs::read(reference(name)).expect("it is there");
        for length in (0..bytes.len()).step_by(7 * step) {
            let cut = desk.put(name, &bytes[..length]);
            let whole = name.ends_with(".arrows");
            let read = desk::open(&cut, &recipe);
            assert!(read.is_err() || whole && read.is_ok_and(|data| data.len() < 15), "{name} of {length} bytes");
        }
        for at in (0..bytes.len()).step_by(step) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0xff;
            // What can still be read is read, as where a checksum is all that is damaged.
            if let Err(e) = desk::open(&desk.put(name, &damaged), &recipe) {
                assert!(e.to_string().contains(name), "{name}, byte {at}: {e}");
            }
        }
    }
    for (name, bytes, words) in [
        ("a.parquet", &b"a,b\n1,2\n"[..], "mark PAR1"),
        ("a.feather", b"FEA1....", "mark ARROW1"),
        ("a.arrow", b"ARROW1\0\0", "cut off"),
        ("b.parquet", b"PAR1PAR1", "damaged"),
    ] {
        let refused = desk::open(&desk.put(name, bytes), &recipe).expect_err(name).to_string();
        assert!(refused.contains(words), "{name}: {refused}");
    }
}

#[test]
fn the_column_sheet_knows_what_the_file_says() {
    for (name, pandas) in FILES {
        let data = open(name, &Recipe::default());
        let outline = data.outline.as_deref().expect("it is a table");
        let seen: Vec<(&str, Role, usize)> =
            outline.columns.iter().map(|column| (column.kind.name(), column.role, column.gaps)).collect();
        let mut wanted = vec![
            ("number", Role::Feature, 1),
            ("number", Role::Feature, 0),
            ("number", Role::Feature, 0),
            ("number", Role::Feature, 1),
            ("flag", Role::Feature, 0),
            ("category", Role::Shown, 0),
            ("category", Role::Shown, 1),
            ("date", Role::Feature, 0),
            ("date", Role::Feature, 0),
            ("number", Role::Feature, 0),
            ("number", Role::Feature, 0),
            ("empty", Role::Shown, 15),
            ("number", Role::Feature, 0),
            ("number", Role::Feature, 0),
            ("number", Role::Label, 0),
        ];
        wanted.extend(pandas.then_some(("number", Role::Id, 0)));
        assert_eq!(seen, wanted, "{name}");
        assert!(outline.columns.iter().all(|column| column.decided == (false, false)), "{name}: {outline:?}");
        assert_eq!((outline.rows, outline.first.len(), outline.first.text(2, 1)), (15, 15, "9007199254740997".into()));
        let profiles = profiles(&data).expect("it is a table");
        assert_eq!((profiles[0].example.as_str(), profiles[0].distinct, profiles[5].distinct), ("-4", 14, 3), "{name}");
    }
}

#[test]
fn a_kind_that_a_person_names_wins_over_the_type() {
    for name in ["pandas-snappy.parquet", "polars.arrows"] {
        let kind = "size=category,kind=category".to_owned();
        let data = open(name, &Recipe { kind, ignore: "word".to_owned(), ..Recipe::default() });
        let names = "count wide share ratio flag kind = blue kind = gréen kind = red day time price size = 0 size = 10 size = 20 pair.0 pair.1";
        assert_eq!(data.columns.join(" "), names, "{name}");
        assert_eq!(data.features.row(4)[11..14], [0.0, 1.0, 0.0], "{name}");
        let wrong = Recipe { kind: "flag=date".to_owned(), ..Recipe::default() };
        let refused = desk::open(&reference(name), &wrong).expect_err("flags are no dates").to_string();
        assert!(refused.contains("row 1, column `flag`: `true` is not such a date"), "{refused}");
    }
}

#[test]
fn parts_in_parquet_are_one_table() {
    let desk = Desk::new();
    let folder = desk.path("table.parquet");
    std::fs::create_dir(&folder).expect("a folder");
    let put = |from: &str, name: &str| {
        std::fs::copy(reference(from), folder.join(name)).expect("copied");
    };
    let parts = ["pandas-snappy.parquet", "pandas-zstd.parquet", "groups.parquet"];
    // A number in a name is a number: the tenth part follows the ninth.
    for (from, at) in parts.into_iter().zip(8..) {
        put(from, &format!("part.{at}.parquet"));
    }
    std::fs::write(folder.join("_metadata"), "PAR1").expect("written");
    let recipe = Recipe { features: "count,share,price".to_owned(), ..Recipe::default() };
    let one = open(parts[0], &recipe);
    let data = desk::open(&folder, &recipe).expect("one table");
    assert_eq!((data.len(), &data.columns), (3 * one.len(), &one.columns));
    for j in 0..one.dim() {
        assert_eq!(data.features.column(j), one.features.column(j).repeat(3), "{}", one.columns[j]);
    }
    assert!(noted(&data, "3 files of the folder read as one table: part.8.parquet to part.10.parquet"));
    let mut new = NewRows::open(folder.as_os_str(), &one.reading, &Recipe::default()).expect("it opens");
    let mut rows = 0;
    while let Some(block) = new.next_block().expect("it reads") {
        rows += block.rows.len();
    }
    assert_eq!(rows, 3 * one.len());
    // The only table of a folder is read by its cells too.
    let alone = desk.path("alone");
    std::fs::create_dir(&alone).expect("a folder");
    std::fs::copy(reference(parts[0]), alone.join("t.parquet")).expect("copied");
    let mut new = NewRows::open(alone.as_os_str(), &one.reading, &Recipe::default()).expect("it opens");
    let block = new.next_block().expect("it reads").expect("rows");
    assert_eq!(block.features.column(1).to_vec(), one.features.column(1));
    put("polars.parquet", "part.11.parquet");
    let refused = desk::open(&folder, &recipe).expect_err("another type").to_string();
    assert!(refused.contains("part.11.parquet: it is no part of one table with part.8.parquet"), "{refused}");
}
