//! Tables as tools of every day write them: other line ends, quotes around lines, dumps of databases, fractions, times from and to, dates of
//! logs.

use crate::answers::{by_model, rows};
use crate::as_people_write::{read, values};
use crate::support::desk::noted;

fn number(i: usize) -> String {
    format!("{}.{}", 10 + i * 7 % 23, i % 10)
}

#[test]
fn carriage_returns_end_lines_where_they_can_and_are_blanks_elsewhere() {
    let text = format!("a,w,b\n{}", rows(30, |i| format!("{},w{i},{}", number(i), i * i % 17)));
    let wanted = read("a.csv", &text);
    for (name, other) in [("mac.csv", text.replace('\n', "\r")), ("twice.txt", text.replace('\n', "\r\r\n"))] {
        let data = read(name, &other);
        assert_eq!((&data.features, &data.columns), (&wanted.features, &wanted.columns), "{name}: {:?}", data.notes);
        assert!(!noted(&data, "carriage return"), "{:?}", data.notes);
        assert_eq!(by_model(&wanted, name, &other).0, by_model(&wanted, "a.csv", &text).0, "{name}");
    }
    let stray = text.replace("w5,", "w5\rand more,");
    let data = read("stray.csv", &stray);
    assert_eq!(data.features, wanted.features, "{:?}", data.notes);
    assert!(noted(&data, "1 carriage return within cells without quotes"), "{:?}", data.notes);
    assert_eq!(data.table.as_ref().expect("a table").text(5, 1), "w5 and more");
    let (features, said) = by_model(&wanted, "stray.csv", &stray);
    assert!(features.len() == 30 && said.contains("1 carriage return"), "{said}");
    let mixed = text.replacen('\n', "\r", 4);
    assert_eq!(read("mixed.csv", &mixed).features, wanted.features, "a return may end a line among others");
}

#[test]
fn lines_in_quotes_as_a_whole_are_read_within() {
    let text = format!("a,b,\"w\"\n{}", rows(30, |i| format!("{},{},\"x, {}\"", number(i), i * i % 17, i % 3)));
    let wanted = read("a.csv", &text);
    let whole = text.lines().map(|line| format!("\"{}\"\r\n", line.replace('"', "\"\""))).collect::<Vec<_>>().concat();
    let data = read("b.csv", &whole);
    assert_eq!((&data.features, &data.columns), (&wanted.features, &wanted.columns), "{:?}", data.notes);
    assert!(noted(&data, "lines stand in quotes as a whole"), "{:?}", data.notes);
    assert_eq!(by_model(&wanted, "b.csv", &whole).0, by_model(&wanted, "a.csv", &text).0);
}

#[test]
fn dumps_of_databases_are_tables() {
    let csv = format!("id,a,b,species\n{}", rows(30, |i| format!("{},{},{},s{}", i + 1, number(i), i * i % 17, i % 2)));
    let wanted = read("a.csv", &csv);
    let insert = rows(30, |i| {
        let end = if i == 29 { ';' } else { ',' };
        format!("({},{},{},'s{}'){end}", i + 1, number(i), i * i % 17, i % 2)
    });
    let create = "CREATE TABLE `t` (\n  `id` int NOT NULL,\n  `a` double,\n  `b` int,\n  `species` varchar(9),\n  PRIMARY KEY (`id`)\n);\n";
    let mysql = format!("-- MySQL dump\n{create}INSERT INTO `t` VALUES {insert}");
    let lines = rows(30, |i| format!("{}\t{}\t{}\ts{}", i + 1, number(i), i * i % 17, i % 2));
    let postgres = format!("SET x = 1;\nCOPY public.t (id, a, b, species) FROM stdin;\n{lines}\\.\n");
    for (name, text) in [("dump.sql", &mysql), ("pg.txt", &postgres)] {
        let data = read(name, text);
        assert_eq!((&data.features, &data.columns), (&wanted.features, &wanted.columns), "{name}: {:?}", data.notes);
        assert_eq!(data.labels.as_ref().map(|labels| labels.names.join(" ")).as_deref(), Some("s0 s1"), "{name}");
        assert_eq!(by_model(&wanted, name, text).0, by_model(&wanted, "a.csv", &csv).0, "{name}");
    }
}

#[test]
fn fractions_times_from_and_to_and_letters_of_tests_are_numbers() {
    let sizes = [("1/8", 0.125), ("1/4", 0.25), ("3/8", 0.375), ("1 1/2", 1.5)];
    let text = rows(40, |i| {
        format!(
            "{},{}/5,{}:30-{}:00,{}{},{}",
            sizes[i % 4].0,
            i % 6,
            7 + i % 3,
            16 + i % 4,
            number(i),
            ["a", "ab", "b", "bc"][i % 4],
            ["18-29", "30-49", "50-"][i % 3]
        )
    });
    let text = format!("size,stars,open,yield,age\n{text}");
    let data = read("a.csv", &text);
    assert_eq!(data.columns.join(" "), "size stars open yield age", "{:?}", data.notes);
    assert_eq!(values(&data, "size", 4), sizes.map(|size| size.1));
    assert_eq!(values(&data, "stars", 3), [0.0, 0.2, 0.4]);
    assert_eq!(values(&data, "open", 2), [8.5 * 3600.0, 8.5 * 3600.0]);
    assert_eq!((values(&data, "yield", 2), values(&data, "age", 3)), (vec![10.0, 17.1], vec![23.5, 39.5, 50.0]));
    for words in ["columns of fractions", "times from and to", "letters behind their numbers", "columns of ranges"] {
        assert!(noted(&data, words), "{words}: {:?}", data.notes);
    }
    let (features, _) = by_model(&data, "b.csv", "age,yield,open,stars,size\n50-,9.5c,8:00-9:30,3/5,5/8\n");
    assert_eq!(features, [[0.625, 0.6, 5400.0, 9.5, 50.0]]);
    let others = rows(30, |i| format!("{}/{},{}/{},{}", 110 + i % 30, 70 + i % 20, 1 + i % 28, 1 + i % 12, number(i)));
    let data = read("c.csv", format!("pressure,day,x\n{others}"));
    assert_eq!(data.columns.join(" "), "x", "pressures and days are no fractions: {:?}", data.notes);
}

#[test]
fn dates_of_logs_and_of_other_programs_are_dates() {
    let at = |i: usize| (1 + i * 5 % 28, i * 7 % 24, i * 11 % 60);
    let forms: [&dyn Fn(usize) -> String; 4] = [
        &|i| format!("{:02}MAR24:{:02}:{:02}:00", at(i).0, at(i).1, at(i).2),
        &|i| format!("Tue Mar {:>2} {:02}:{:02}:00 2024", at(i).0, at(i).1, at(i).2),
        &|i| format!("202403{:02}{:02}{:02}", at(i).0, at(i).1, at(i).2),
        &|i| format!("\"Tue, {} Mar 2024 {:02}:{:02}:00 +0000\"", at(i).0, at(i).1, at(i).2),
    ];
    for form in forms {
        let data = read("a.csv", format!("when,x\n{}", rows(30, |i| format!("{},{}", form(i), number(i)))));
        assert_eq!(data.columns.join(" "), "when x", "{}: {:?}", form(3), data.notes);
        let (day, hour, minute) = at(3);
        let wanted = 19_782.0 + day as f64 + (hour as f64 * 60.0 + minute as f64) / 1440.0;
        assert!((values(&data, "when", 4)[3] - wanted).abs() < 1e-9, "{}: {:?}", form(3), values(&data, "when", 4));
    }
    let text = rows(30, |i| format!("{}h{:02};{}.{:02} Uhr;{}", at(i).1, at(i).2, at(i).1, at(i).2, number(i)));
    let data = read("b.csv", format!("heure;zeit;x\n{text}"));
    assert_eq!(values(&data, "heure", 2), [0.0, 7.0 * 3600.0 + 660.0], "{:?}", data.notes);
    assert_eq!(values(&data, "zeit", 2), values(&data, "heure", 2));
}

#[test]
fn rows_deep_in_an_answer_of_a_server_are_found() {
    let hit = |i: usize| format!("{{\"_index\":\"m\",\"_source\":{{\"a\":{},\"b\":{}}}}}", number(i), i * i % 17);
    let hits: Vec<String> = (0..30).map(hit).collect();
    let data =
        read("a.json", format!("{{\"took\":3,\"hits\":{{\"total\":{{\"value\":30}},\"hits\":[{}]}}}}", hits.join(",")));
    assert_eq!((data.len(), data.columns.join(" ")), (30, "_source.a _source.b".to_owned()), "{:?}", data.notes);
    let row = |i: usize| format!("[\"row-{i}-x{}\",\"{}\",\"{}\"]", i * 31 % 97, number(i), i * i % 17);
    let list: Vec<String> = (0..30).map(row).collect();
    let names = ["sid", "a", "b"].map(|name| format!("{{\"id\":1,\"name\":\"{name}\"}}")).join(",");
    let text = format!("{{\"meta\":{{\"view\":{{\"columns\":[{names}]}}}},\"data\":[{}]}}", list.join(","));
    let data = read("b.json", text);
    assert_eq!((data.len(), data.columns.join(" ")), (30, "a b".to_owned()), "{:?}", data.notes);
}

#[test]
fn marks_around_cells_and_between_them_are_no_part_of_them() {
    let csv = rows(30, |i| format!("{},{},{}", number(i), i * i % 17, ["pass", "fail"][i / 3 % 2]));
    let wanted = read("a.csv", format!("a,b,test\n{csv}"));
    assert_eq!(
        (wanted.columns.join(" "), values(&wanted, "test", 4)),
        ("a b test".to_owned(), vec![1.0, 1.0, 1.0, 0.0])
    );
    let bold = rows(30, |i| format!("| **{}** | `{}` | {} |", number(i), i * i % 17, ["pass", "fail"][i / 3 % 2]));
    let signs = csv.replace(',', "::").replace("pass", "1").replace("fail", "0");
    for (name, text) in [
        ("a.md", format!("# Words\n\n| a | b | test |\n|---|---|---|\n{bold}")),
        ("a.dat", signs),
        ("dos.csv", format!("a,b,test\n{csv}\u{1a}")),
        ("dos.txt", format!("a,b,test\n{csv}\u{1a}\u{1a}\u{1a}")),
    ] {
        let data = read(name, &text);
        assert_eq!(data.features, wanted.features, "{name}: {:?}", data.notes);
        let kept = by_model(&data, name, &text).0;
        assert_eq!((kept.len(), &kept[3]), (30, &wanted.features.row(3)), "{name}");
    }
    let dashes = rows(30, |i| format!("{}{},$({}.50),{}", ["–", "−", ""][i % 3], number(i), 1 + i, i * i % 17));
    let data = read("c.csv", format!("v,sum,x\n{dashes}"));
    assert_eq!(
        (values(&data, "v", 3), values(&data, "sum", 2)),
        (vec![-10.0, -17.1, 24.2], vec![-1.5, -2.5]),
        "{:?}",
        data.notes
    );
}

#[test]
fn columns_that_numbers_name_are_found_however_these_are_written() {
    let data = read(
        "a.csv",
        format!("s,400.0,402.5,405.0\n{}", rows(30, |i| format!("p{i},{},{},{}", number(i), i * i % 17, i % 7))),
    );
    assert_eq!(data.columns.join(" "), "400.0 402.5 405.0", "{:?}", data.notes);
    for text in ["s;405,0;400,0;402,5\nx;3;10,5;2\n", "s,405,400,402.5\nx,3,10.5,2\n"] {
        let (features, said) = by_model(&data, "b.csv", text);
        assert_eq!(features, [[10.5, 2.0, 3.0]], "{said}");
        assert!(said.contains("names are written otherwise"), "{said}");
    }
}
