//! Tables as people bring them: laboratories, banks, schools, shops, microscopes, wikis, and what stands between and below their rows.

use std::fmt::Write as _;

use eigenscope::data::{Dataset, NewRows, Reading};
use eigenscope::recipe::Missing;
use eigenscope::{Recipe, Result};

use crate::as_people_write::{read, values};
use crate::support::desk::{Desk, noted, open};

/// A name in each row, a column of these cells, one of small numbers.
fn table(column: &str, rows: usize, cell: impl Fn(usize) -> String) -> String {
    let mut text = format!("name;{column};b\n");
    for i in 0..rows {
        let _ = writeln!(text, "n{i};{};{}", cell(i), i * i % 7);
    }
    text
}

fn columns(data: &Dataset) -> String {
    data.columns.join("|")
}

#[test]
fn numbers_in_ways_of_their_own_are_numbers() {
    let feet = |i: usize| format!("{}'{}\"", 5 + i % 2, i % 12);
    for (cell, first, said) in [
        (Box::new(|i: usize| format!("0x{:02X}", i + 9)) as Box<dyn Fn(usize) -> String>, [9.0, 10.0], "w (0x)"),
        (Box::new(feet), [60.0, 73.0], "w (in)"),
        (Box::new(|i: usize| format!("{i}.50 {}", ["CR", "DR"][i % 2])), [0.5, -1.5], "w (CR, DR)"),
        (Box::new(|i: usize| format!("{}.5{}", i, [" H", "", " L"][i % 3])), [0.5, 1.5], "high (H) or low (L)"),
        (
            Box::new(|i: usize| if i.is_multiple_of(2) { format!("{} g", i + 500) } else { format!("{i} kg") }),
            [500.0, 1e3],
            "kind",
        ),
        (Box::new(|i: usize| "★".repeat(1 + i % 5) + &"☆".repeat(4 - i % 5)), [1.0, 2.0], "stars"),
        (Box::new(|i: usize| format!("{}.5 out of 5 stars", i % 5)), [0.1, 0.3], "stars"),
        (
            Box::new(|i: usize| if i.is_multiple_of(2) { "58.25".to_owned() } else { format!("1:0{}.5", i % 9) }),
            [58.25, 61.5],
            "times",
        ),
    ] {
        let data = read("a.csv", table("w", 20, cell));
        let found = values(&data, "w", 2);
        assert!(found.iter().zip(first).all(|(a, b)| (a - b).abs() < 1e-9), "{said}: {found:?} {:?}", data.notes);
        assert!(noted(&data, said), "{said}: {:?}", data.notes);
    }
}

#[test]
fn a_few_signs_stand_for_no_number() {
    let with = |signs: &'static [&str]| {
        table(
            "w",
            40,
            move |i: usize| if i.is_multiple_of(9) { signs[i / 9 % signs.len()].to_owned() } else { format!("{i}.5") },
        )
    };
    let data = read("a.csv", with(&["DNF", "DNS", "DSQ"]));
    assert_eq!((columns(&data), data.filled.len()), ("w|b".to_owned(), 5), "{:?}", data.notes);
    assert_eq!(columns(&read("b.csv", with(&["late", "broken"]))), "b");
}

#[test]
fn lists_of_numbers_in_cells_are_features_of_a_model_too() {
    let row = |i: usize| format!("[{}.5 {}\n  -{}.25]", i % 5, i * 7 % 11, i % 3);
    let text = (0..20).map(|i| format!("text {i},\"{}\",{}\n", row(i), i % 4)).collect::<Vec<_>>().concat();
    let data = read("a.csv", format!("text,emb,b\n{text}"));
    assert_eq!(columns(&data), "emb.0|emb.1|emb.2|b", "{:?}", data.notes);
    assert_eq!([values(&data, "emb.0", 2), values(&data, "emb.2", 2)], [[0.5, 1.5], [-0.25, -1.25]]);
    let desk = Desk::new();
    let reading = Reading::with_fills(&data, Missing::Median);
    let label = |text: &str| -> Result<Vec<f64>> {
        let path = desk.put("new.csv", text);
        let block = NewRows::open(path.as_os_str(), &reading, &Recipe::default())?.next_block()?.expect("rows");
        Ok(block.features.row(0).to_vec())
    };
    assert_eq!(label("b,emb\n3,\"[1, 2, 3]\"\n").expect("the same column"), [1.0, 2.0, 3.0, 3.0]);
    let refused = label("b,emb\n3,\"[1, 2]\"\n").expect_err("a list of two").to_string();
    assert!(refused.contains("column `emb`: the model reads lists"), "{refused}");
    let sizes = read("a.csv", table("size", 20, |i| format!("{} x {} x 2 cm", i + 1, i * 7 % 5 + 1)));
    assert_eq!(columns(&sizes), "size.0|size.1|size.2|b");
    let places = read("a.csv", table("at", 20, |i| format!("POINT ({i}.5 {})", i * 7 % 5)));
    assert_eq!(columns(&places), "at.0|at.1|b");
    assert_eq!(columns(&read("a.csv", table("ends", 20, |i| format!("[{i}, {}]", i + 1)))), "ends|b", "a range");
}

#[test]
fn classes_have_their_names_within_objects_and_as_numbers() {
    let rows = |class: &dyn Fn(usize) -> String| {
        (0..30).map(|i| format!("{}.5,{},{}\n", i % 7, i * i % 11, class(i))).collect::<Vec<_>>().concat()
    };
    for (name, class, label) in [
        ("attributes.label", &(|i: usize| format!("k{}", i % 3)) as &dyn Fn(usize) -> String, true),
        ("position.y", &|i| format!("{}", i % 3), false),
        ("Outcome", &|i| format!("{}", i % 2), true),
        ("Outcome", &|i| format!("{}", i % 5), false),
        ("ground_truth", &|i| format!("{}", i % 4), true),
        ("species", &|i| format!("{}", i % 4), false),
    ] {
        let data = read("a.csv", format!("a,b,{name}\n{}", rows(class)));
        assert_eq!(data.labels.is_some(), label, "{name}: {:?}", data.notes);
    }
}

#[test]
fn semicolons_part_cells_with_one_decimal_comma() {
    let rows = (1..28)
        .map(|i| format!("{i}. März 2024;{}:30 Uhr;{},3{}\n", i % 24, i % 9, i % 7))
        .collect::<Vec<_>>()
        .concat();
    // Under no name a first column that is different in each row names them.
    for (head, columns) in [("Datum;Uhrzeit;Wert\n", 3), ("", 2)] {
        let data = read("a.csv", format!("{head}{rows}"));
        assert_eq!((data.dim(), data.len()), (columns, 27), "{:?}", data.notes);
    }
    assert_eq!(read("a.csv", "a,b\n1;x,2\n3;y,5\n4;z,6\n").dim(), 1);
}

#[test]
fn sums_between_rows_points_below_names_and_a_second_table_are_no_rows() {
    let group = |name: &str| (1..7).map(|i| format!("{name},s{i},{i},{}.5\n", i * 3)).collect::<Vec<_>>().concat();
    let sales = format!(
        "Region,Store,Units,Sum\n{}North Total,,21,66.0\n{}South Total,,21,66.0\nGrand Total,,42,132.0\n",
        group("North"),
        group("South")
    );
    let data = read("a.csv", &sales);
    assert_eq!((columns(&data), data.len()), ("Units|Sum".to_owned(), 12), "{:?}", data.notes);
    assert!(noted(&data, "3 rows between the others, called sums"), "{:?}", data.notes);
    let wrong = read("a.csv", sales.replace("North Total,,21", "North Total,,23"));
    assert_eq!(wrong.len(), 15, "no sum: {:?}", wrong.notes);

    let grades =
        (0..24).map(|i| format!("\"Name{i}, A\",{},{}.5,{}\n", 500 + i * i, i % 7, i % 4)).collect::<Vec<_>>().concat();
    let data = read("a.csv", format!("Student,ID,Quiz,Lab\n    Points Possible,,10,20\n{grades}"));
    assert_eq!((columns(&data), data.len()), ("Quiz|Lab".to_owned(), 24), "{:?}", data.notes);

    let pages = (0..20).map(|i| format!("/p{i},{},{}.5\n", i * 7 % 31, i % 6)).collect::<Vec<_>>().concat();
    let two = format!("# All pages\n\nPage,Views,Time\n{pages}\nDay,Views\n1/2/24,5\n1/3/24,7\n");
    let data = read("a.csv", &two);
    assert_eq!((columns(&data), data.len()), ("Views|Time".to_owned(), 20), "{:?}", data.notes);
    assert!(noted(&data, "3 lines below the table left out"), "{:?}", data.notes);
    let desk = Desk::new();
    let more = desk.put("more.csv", format!("{two}/p,1,2\n"));
    let refused = open(&more, &Recipe::default()).expect_err("a row follows").to_string();
    assert!(refused.contains("line 25"), "{refused}");
}

#[test]
fn loops_of_microscopes_wikis_and_prints_are_tables() {
    let row = |i: usize| [i as f64 + 0.5, (i * 7 % 11) as f64, (i * i % 5) as f64];
    let rows = |line: &dyn Fn([f64; 3]) -> String| (0..20).map(|i| line(row(i))).collect::<Vec<_>>().concat();
    let star = format!(
        "\ndata_particles\n\nloop_ \n_rlnX #1\n_rlnY #2\n_rlnZ #3\n{}",
        rows(&|[a, b, c]| format!(" {a} {b} {c}\n"))
    );
    let wiki = format!(
        "{{| class=\"wikitable\"\n|+ Lakes\n! rlnX !! rlnY\n! style=\"x\" | rlnZ\n{}|}}\n",
        rows(&|[a, b, c]| format!("|-\n| align=\"right\" | '''{a}''' || [[Lake|{b}]]\n| {c}<ref>A book</ref>\n"))
    );
    let numbered = |part: &dyn Fn([f64; 3]) -> String| {
        (0..20).map(|i| format!("{:<3}{}\n", i + 1, part(row(i)))).collect::<Vec<_>>().concat()
    };
    let print = format!(
        "    rlnX rlnY\n{}   rlnZ\n{}",
        numbered(&|[a, b, _]| format!("{a:5} {b:4}")),
        numbered(&|[_, _, c]| format!("{c:4}"))
    );
    let votable = format!(
        "<?xml version=\"1.0\"?>\n<VOTABLE><RESOURCE><TABLE name=\"t\">\n{}<DATA><TABLEDATA>\n{}</TABLEDATA></DATA></TABLE></RESOURCE></VOTABLE>\n",
        ["rlnX", "rlnY", "rlnZ"]
            .map(|name| format!("<FIELD ID=\"i\" name=\"{name}\" datatype=\"double\"/>\n"))
            .concat(),
        rows(&|[a, b, c]| format!("<TR><TD>{a}</TD><TD>{b}</TD><TD>{c}</TD></TR>\n"))
    );
    for (name, text) in [("a.star", star), ("a.txt", wiki), ("b.txt", print), ("a.vot", votable)] {
        let data = read(name, &text);
        assert_eq!((columns(&data), data.len()), ("rlnX|rlnY|rlnZ".to_owned(), 20), "{name}: {:?}", data.notes);
        assert_eq!(data.features.row(1).clone(), row(1), "{name}");
    }
}

#[test]
fn the_sign_of_dos_at_the_end_is_no_damage() {
    let text = (0..20).map(|i| format!("{i},5;{};Gr\u{fc}n\r\n", i * 7 % 11)).collect::<Vec<_>>().concat();
    let bytes: Vec<u8> = format!("L\u{e4}nge;b;Sorte\r\n{text}\u{1a}").chars().map(|c| c as u8).collect();
    let data = read("A.TXT", bytes);
    assert_eq!((columns(&data), data.len()), ("Länge|b".to_owned(), 20), "{:?}", data.notes);
}

#[test]
fn a_long_head_of_weka_is_read_and_streamed() {
    let rows =
        (0..30).map(|i| format!("{}.5,{},{}\n", i % 7, i * i % 11, ["x", "y"][i % 2])).collect::<Vec<_>>().concat();
    let head = |comments: usize| {
        let said = "% A paper, its authors, and what they found with these rows\n".repeat(comments);
        format!(
            "{said}@relation a\n@attribute length numeric\n@attribute weight real\n@attribute class {{x, y}}\n@data\n{rows}"
        )
    };
    let data = read("a.arff", head(5000));
    assert_eq!((columns(&data), data.len()), ("length|weight".to_owned(), 30), "{:?}", data.notes);
    let desk = Desk::new();
    let reading = Reading::with_fills(&data, Missing::Median);
    let path = desk.put("new.arff", head(5000));
    let mut new = NewRows::open(path.as_os_str(), &reading, &Recipe::default()).expect("it opens");
    assert_eq!(new.next_block().expect("it reads").expect("rows").rows.len(), 30);
}

#[test]
fn a_model_says_which_name_stands_twice() {
    let data = read("a.csv", table("w", 20, |i| format!("{}.5", i * 7 % 11)));
    let reading = Reading::with_fills(&data, Missing::Median);
    let desk = Desk::new();
    let path = desk.put("new.csv", "w;w;b\n1.5;9.5;2\n2.5;8.5;3\n");
    let mut new = NewRows::open(path.as_os_str(), &reading, &Recipe::default()).expect("it opens");
    assert_eq!(new.next_block().expect("it reads").expect("rows").features.column(0).to_vec(), [1.5, 2.5]);
    assert!(new.notes().iter().any(|note| note.contains("the first column of each is read: `w`")), "{:?}", new.notes());
}

#[test]
fn a_folder_of_parts_is_its_only_table() {
    let desk = Desk::new();
    let folder = desk.path("sales.csv");
    std::fs::create_dir(&folder).expect("a folder");
    let rows = (0..20).map(|i| format!("{},{}\n", i * 7 % 11, i % 6)).collect::<Vec<_>>().concat();
    for (name, text) in [("_SUCCESS", ""), (".part-0.csv.crc", "crc"), ("part-0.csv", &format!("a,b\n{rows}"))] {
        std::fs::write(folder.join(name), text).expect("written");
    }
    let data = open(&folder, &Recipe::default()).expect("its only table");
    assert_eq!((columns(&data), data.len()), ("a|b".to_owned(), 20));
    // Two that are no parts of one table by their names.
    std::fs::write(folder.join("more.csv"), "a,b\n1,2\n").expect("written");
    let refused = open(&folder, &Recipe::default()).expect_err("two tables").to_string();
    assert!(refused.contains("2 files") && refused.contains("more.csv"), "{refused}");
}

/// A folder of these files.
fn folder(desk: &Desk, name: &str, files: &[(&str, &str)]) -> std::path::PathBuf {
    let folder = desk.path(name);
    std::fs::create_dir(&folder).expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("written");
    }
    folder
}

#[test]
fn parts_of_a_folder_are_one_table() {
    let desk = Desk::new();
    let row = |i: usize| format!("{},{}.5,{}\n", i * 7 % 11, i % 6, ["red", "green"][i % 2]);
    let rows = |range: std::ops::Range<usize>| range.map(row).collect::<Vec<_>>().concat();
    let head = "a,b,label\n";
    let whole = open(&desk.put("whole.csv", format!("{head}{}", rows(0..30))), &Recipe::default()).expect("a table");
    let (first, second, third) = (rows(0..9), rows(9..10), rows(10..30));
    let signs = [("_SUCCESS", ""), (".part-0.csv.crc", "crc"), ("part-3.csv", "")];
    let named = [format!("{head}{first}"), format!("{head}{second}"), format!("{head}{}", third.trim_end())];
    // Names that count go in the order of their numbers; the last line of a part may lack its end.
    let [one, two, three] = named.each_ref().map(|text| text.replace('\n', "\r\n").trim_end().to_owned());
    let spark =
        folder(&desk, "spark", &[("part-0.csv", &named[0]), ("part-1.csv", &named[1]), ("part-2.csv", &named[2])]);
    for (name, text) in signs {
        std::fs::write(spark.join(name), text).expect("written");
    }
    let counted = folder(&desk, "dask", &[("part.9.csv", &one), ("part.10.csv", &two), ("part.11.csv", &three)]);
    for folder in [&spark, &counted] {
        let data = open(folder, &Recipe::default()).expect("one table");
        assert_eq!((&data.features, &data.columns, &data.labels), (&whole.features, &whole.columns, &whole.labels));
        assert!(noted(&data, "3 files of the folder read as one table: part"), "{:?}", data.notes);
        // A model reads them as they come.
        let mut new = NewRows::open(folder.as_os_str(), &whole.reading, &Recipe::default()).expect("it opens");
        let block = new.next_block().expect("it reads").expect("rows");
        assert_eq!(block.features.column(1).to_vec(), whole.features.column(1), "{}", folder.display());
        assert!(new.notes().iter().any(|note| note.contains("3 files")), "{:?}", new.notes());
    }
    // Without names, and as objects.
    let bare = folder(&desk, "bare", &[("0.csv", &first), ("1.csv", &second), ("2.csv", &third)]);
    assert_eq!(open(&bare, &Recipe::default()).expect("one table").len(), 30);
    let objects = |range: std::ops::Range<usize>| {
        range.map(|i| format!("{{\"a\": {}, \"b\": {}}}\n", i * i % 7, i % 5)).collect::<Vec<_>>().concat()
    };
    let json = folder(&desk, "json", &[("part-0.json", &objects(0..8)), ("part-1.json", &objects(8..20))]);
    assert_eq!(open(&json, &Recipe::default()).expect("one table").len(), 20);
}

#[test]
fn a_part_that_goes_with_no_other_is_named() {
    let desk = Desk::new();
    let rows = "1,2\n3,4\n5,7\n";
    let (ab, ba) = (format!("a,b\n{rows}"), format!("b,a\n{rows}"));
    let broken = format!("a,b\n{rows}1,2,3\n9,9\n");
    for (name, parts, said) in [
        (
            "other",
            [("p1.csv", ab.as_str()), ("p2.csv", &ab), ("p3.csv", &ba)],
            "p3.csv: it is no part of one table with p1.csv",
        ),
        (
            "two",
            [("p1.csv", ab.as_str()), ("p2.csv", &ba), ("p3.csv", &ba)],
            "p2.csv: it is no part of one table with p1.csv",
        ),
        (
            "headless",
            [("p1.csv", ab.as_str()), ("p2.csv", rows), ("p3.csv", &ab)],
            "p2.csv: it is no part of one table",
        ),
        ("ragged", [("p1.csv", ab.as_str()), ("p2.csv", &broken), ("p3.csv", &ab)], "p2.csv: line 5"),
    ] {
        let refused = open(&folder(&desk, name, &parts), &Recipe::default()).expect_err(name).to_string();
        assert!(refused.contains(said), "{name}: {refused}");
    }
}

#[test]
fn new_rows_are_without_the_sums_and_the_tables_that_a_table_is_without() {
    let desk = Desk::new();
    let value = |i: usize| [i * 7 % 11, i * i % 13];
    let row = |i: usize| format!("s{i},{},{}\n", value(i)[0], value(i)[1]);
    let rows = |range: std::ops::Range<usize>| range.map(row).collect::<Vec<_>>().concat();
    let sums = |name: &str, range: std::ops::Range<usize>| {
        let [a, b] = [0, 1].map(|at| range.clone().map(|i| value(i)[at]).sum::<usize>());
        format!("{name},{a},{b}\n")
    };
    let plain =
        open(&desk.put("plain.csv", format!("shop,a,b\n{}", rows(0..20))), &Recipe::default()).expect("a table");
    let parted =
        [rows(0..9), sums("North Total", 0..9), rows(9..20), sums("South Total", 9..20), sums("Grand Total", 0..20)];
    let tables = [
        (parted.concat(), "3 rows between the others, called sums"),
        (
            format!("{}\nmark,meaning\na,apples\nb,bread\n", rows(0..20)),
            "3 lines below the table left out, the first on line 23",
        ),
    ];
    for (body, said) in tables {
        let path = desk.put("new.csv", format!("shop,a,b\n{body}"));
        let opened = open(&path, &Recipe::default()).expect("a table");
        let mut new = NewRows::open(path.as_os_str(), &plain.reading, &Recipe::default()).expect("it opens");
        let block = new.next_block().expect("it reads").expect("rows");
        assert_eq!((opened.len(), block.rows.len()), (20, 20), "{said}");
        assert_eq!(block.features.column(0).to_vec(), plain.features.column(0));
        assert!(new.next_block().expect("it ends").is_none());
        assert!(new.notes().iter().any(|note| note.contains(said)), "{:?}", new.notes());
    }
    // Two may be rows of gaps, and so may those between others.
    let filling = Reading::with_fills(&plain, Missing::Median);
    let gaps = format!("shop,a,b\n{}{}{},,\n,,\n", rows(0..10), ",,\n".repeat(9), rows(10..20));
    let path = desk.put("new.csv", gaps);
    assert_eq!(open(&path, &Recipe::default()).expect("a table").of, 31);
    let mut new = NewRows::open(path.as_os_str(), &filling, &Recipe::default()).expect("it opens");
    let block = new.next_block().expect("it reads").expect("rows");
    assert_eq!((block.rows.len(), block.table.text(19, 0).into_owned()), (31, "s10".to_owned()));
    // Without names too.
    for body in [format!(",,\n{}", rows(0..20)), format!("{},,\n{}", rows(0..7), rows(7..20))] {
        let path = desk.put("bare.csv", body.replace('s', "1"));
        let bare = open(&path, &Recipe::default()).expect("a table");
        let reading = Reading::with_fills(&bare, Missing::Median);
        let mut new = NewRows::open(path.as_os_str(), &reading, &Recipe::default()).expect("it opens");
        assert_eq!((bare.of, new.next_block().expect("it reads").expect("rows").rows.len()), (21, 21), "{body}");
    }
    // A row behind the other table, and a sum that is none.
    let path = desk.put("new.csv", format!("shop,a,b\n{}\nmark,meaning\na,apples\n{}", rows(0..5), rows(5..20)));
    let mut new = NewRows::open(path.as_os_str(), &plain.reading, &Recipe::default()).expect("it opens");
    let refused = new.next_block().expect_err("no row has two cells").to_string();
    assert!(refused.contains("line 8"), "{refused}");
    let path = desk.put("new.csv", format!("shop,a,b\n{}North Total,1,1\n{}", rows(0..5), rows(5..20)));
    let mut new = NewRows::open(path.as_os_str(), &plain.reading, &Recipe::default()).expect("it opens");
    assert_eq!(new.next_block().expect("it reads").expect("rows").rows.len(), 21);
}
