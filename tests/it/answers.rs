//! Answers with an order, dates in doubt, ids written as fractions, numbers that mean nothing, rows as databases, LaTeX and Orange write them.

use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use arrow_ipc::writer::FileWriter;
use eigenscope::data::{Dataset, NewRows, Reading, SeenKind};
use eigenscope::recipe::columns::Role;
use eigenscope::recipe::{Auto, Missing};
use eigenscope::{Recipe, Result};

use crate::as_people_write::{read, seen, values};
use crate::support::desk::{Desk, noted, open};

pub(crate) fn rows(count: usize, row: impl Fn(usize) -> String) -> String {
    (0..count).map(|i| row(i) + "\n").collect()
}

fn read_as(text: &str, change: impl FnOnce(&mut Recipe)) -> Result<Dataset> {
    let mut recipe = Recipe::default();
    change(&mut recipe);
    open(&Desk::new().put("a.csv", text), &recipe)
}

/// The features that a model of `data` makes of a table, and what is said.
pub(crate) fn by_model(data: &Dataset, name: &str, text: &str) -> (Vec<Vec<f64>>, String) {
    let reading = Reading::with_fills(data, Missing::Median);
    let mut bytes = Vec::new();
    ciborium::into_writer(&reading, &mut bytes).expect("memory takes it");
    let reading: Reading = ciborium::from_reader(bytes.as_slice()).expect("it comes back from a file");
    let desk = Desk::new();
    let path = desk.put(name, text);
    let mut new = NewRows::open(path.as_os_str(), &reading, &Recipe::default()).expect("it opens");
    let block = new.next_block().unwrap_or_else(|e| panic!("{name}: {e}")).expect("rows");
    let features = block.features.rows().into_iter().map(|row| row.to_vec()).collect();
    (features, new.notes().join("; "))
}

/// Columns of numbers as another program keeps them.
fn arrow(columns: &[(&str, Vec<Option<f64>>)]) -> Vec<u8> {
    let arrays = columns.iter().map(|(name, values)| {
        let array: ArrayRef = Arc::new(Float64Array::from(values.clone()));
        (*name, array)
    });
    let batch =
        RecordBatch::try_from_iter_with_nullable(arrays.map(|(name, array)| (name, array, true))).expect("columns");
    let mut bytes = Vec::new();
    let mut writer = FileWriter::try_new(&mut bytes, &batch.schema()).expect("a file");
    writer.write(&batch).expect("rows");
    writer.finish().expect("an end");
    drop(writer);
    bytes
}

#[test]
fn ids_that_became_fractions_are_ids() {
    let id = |cell: fn(usize) -> String| {
        format!("id,a,b\n{}", rows(30, |i| format!("{},{}.5,{}", cell(i), i % 7, i * i % 11)))
    };
    for cell in [
        |i: usize| format!("{}.0", i + 1),
        |i: usize| if i % 9 == 4 { String::new() } else { format!("{}.0", i + 1) },
        |i: usize| format!("{}.0", 1000 + 37 * i % 30),
    ] {
        let data = read("a.csv", id(cell));
        assert_eq!((data.columns.join(" "), seen(&data, "id").role), ("a b".to_owned(), Role::Id), "{:?}", data.notes);
    }
    let whole = |i: usize| if i.is_multiple_of(8) { None } else { Some((7 * i % 30) as f64) };
    let id: Vec<Option<f64>> = (0..30).map(whole).collect();
    let a: Vec<Option<f64>> = (0..30).map(|i| Some(f64::from(i * i % 13) + 0.5)).collect();
    let desk = Desk::new();
    let data = open(&desk.put("a.arrow", arrow(&[("user_id", id), ("a", a)])), &Recipe::default()).expect("it opens");
    assert_eq!((data.columns.join(" "), seen(&data, "user_id").role), ("a".to_owned(), Role::Id), "{:?}", data.notes);
}

fn survey(extra: impl Fn(usize) -> String) -> String {
    let agree = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"];
    let often = ["nie", "selten", "manchmal", "oft", "immer", "weiß nicht"];
    let head = "agree,more,often,age,extra\n";
    let row = |i: usize| {
        let age = ["18-24", "25-34", "35-44", "45+"][i * 5 % 4];
        // Nobody is neutral in the second question.
        let more = agree[[0, 1, 3, 4][i * 3 % 4]];
        format!("{},{more},{},{age},{}", agree[i * 7 % 5], often[i % 6], extra(i))
    };
    format!("{head}{}", rows(60, row))
}

#[test]
fn answers_on_scales_and_ranges_are_numbers_in_their_order() {
    let text = survey(|i| format!("{}.5", i * i % 17));
    let data = read("survey.csv", &text);
    assert_eq!(data.columns.join(" "), "agree more often age extra", "{:?}", data.notes);
    assert_eq!(values(&data, "agree", 5), [1.0, 3.0, 5.0, 2.0, 4.0]);
    assert_eq!(values(&data, "more", 4), [1.0, 5.0, 4.0, 2.0], "a scale has the levels of all its questions");
    assert_eq!(values(&data, "often", 5), [1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!((values(&data, "age", 4), data.is_filled(5, 2)), (vec![21.0, 29.5, 39.5, 45.0], true));
    for words in [
        "1 for `strongly disagree` to 5 for `strongly agree`",
        "1 for `never` to 5 for `always`",
        "`agree`, `more`",
        "10 of 60 cells are no answers of its scale and count as missing, the first `weiß nicht`",
        "ranges such as 20-29",
    ] {
        assert!(noted(&data, words), "{words}: {:?}", data.notes);
    }
    assert_eq!((seen(&data, "often").kind, seen(&data, "often").role), (SeenKind::Scale, Role::Feature));
    // A model reads other spellings of the same answers, and takes no answer for a gap.
    let new = "agree,more,often,age,extra\nAGREE,strongly agree,Never,25 - 34,1\ndon't know,disagree,always,under 18,2\nmaybe,agree,oft,45+,3\n";
    let (features, said) = by_model(&data, "new.csv", new);
    assert_eq!(features[0], [4.0, 5.0, 1.0, 29.5, 1.0]);
    assert_eq!((features[1][1..].to_vec(), features[2][2]), (vec![2.0, 5.0, 18.0, 2.0], 4.0));
    assert!(said.contains("1, in `agree (1)`") && said.contains("the first `maybe`"), "{said}");
    // As words, where a person wants that.
    let spread = read_as(&text, |r| r.kind = "often=category,age=category".to_owned()).expect("it opens");
    assert_eq!((spread.dim(), spread.columns[2].as_str()), (2 + 6 + 4 + 1, "often = immer"), "{:?}", spread.columns);
    let shown = read_as(&text, |r| r.shown = "agree,more,often,age".to_owned()).expect("it opens");
    assert_eq!(shown.columns.join(" "), "extra");
    let asked = read_as(&text, |r| r.kind = "age=number".to_owned()).expect("it opens");
    assert!(values(&asked, "age", 1)[0] == 21.0, "{:?}", asked.notes);
}

#[test]
fn cells_of_several_answers_are_spread_by_their_answers() {
    let drinks = ["tea; milk", "coffee", "coffee; milk", "", "tea", "tea; coffee; milk"];
    let text = format!("drinks,x\n{}", rows(36, |i| format!("{},{}.5", drinks[i % 6], i * i % 17)));
    let data = read("a.csv", &text);
    assert_eq!(data.columns.join("|"), "x");
    assert!(noted(&data, "of several answers in a cell left out; --kind NAME=category"), "{:?}", data.notes);
    let data = read_as(&text, |r| r.kind = "drinks=category".to_owned()).expect("it opens");
    assert_eq!(data.columns.join("|"), "drinks = coffee|drinks = milk|drinks = tea|x");
    assert_eq!((data.features.row(0)[..3].to_vec(), data.features.row(1)[0]), (vec![0.0, 1.0, 1.0], 1.0));
    assert!(data.is_filled(3, 0) && noted(&data, "have a 0/1 column for each answer"), "{:?}", data.notes);
    let (features, said) = by_model(&data, "new.csv", "x,drinks\n1,milk;coffee\n2,water; tea\n");
    assert_eq!((features[0][..3].to_vec(), features[1][..3].to_vec()), (vec![1.0, 1.0, 0.0], vec![0.0, 0.0, 1.0]));
    assert!(said.contains("the first `water; tea`; it counts as none of the known ones"), "{said}");
}

#[test]
fn scales_beside_words_alone_leave_the_words_spread() {
    let data = read("survey.csv", survey(|i| ["tea", "coffee", "milk"][i % 3].to_owned()));
    assert_eq!(data.columns.join("|"), "agree|more|often|age|extra = coffee|extra = milk|extra = tea");
    assert!(noted(&data, "as there is no column of numbers"), "{:?}", data.notes);
    let (features, _) = by_model(&data, "new.csv", "extra,age,often,more,agree\ntea,25-34,oft,Agree,Disagree\n");
    assert_eq!(features[0], [2.0, 4.0, 4.0, 29.5, 0.0, 0.0, 1.0]);
}

#[test]
fn dates_in_doubt_are_read_by_those_that_leave_none() {
    let days = |i: usize| (1 + i * 5 % 12, 1 + i * 7 % 11);
    let text = rows(30, |i| {
        let (day, month) = days(i);
        format!("{day:02}/{month:02}/2024,{:02}/{month:02}/2024,{}.5", 13 + i % 15, i * i % 17)
    });
    let data = read("a.csv", format!("start,end,x\n{text}"));
    assert_eq!(data.columns.join(" "), "start end x", "{:?}", data.notes);
    // 1 January, then 6 August.
    assert_eq!(values(&data, "start", 2), [19_723.0, 19_941.0]);
    assert!(noted(&data, "leave no doubt") && noted(&data, "--kind NAME=day-month-year"), "{:?}", data.notes);
    // Answers of two days: whichever part is the day, the rows stand in one order.
    let text = rows(24, |i| format!("01/0{}/2024 1{}:23,{}.5", 5 + i * 7 % 5 / 3, i % 10, i * i % 17));
    let data = read("a.csv", format!("sent,x\n{text}"));
    assert_eq!(data.columns.join(" "), "sent x", "{:?}", data.notes);
    let sent = values(&data, "sent", 24);
    assert!(sent.iter().all(|day| (19_727.0..19_729.0).contains(day)), "{sent:?}");
    assert!(noted(&data, "in the same order either way"), "{:?}", data.notes);
    // Where it makes a difference, and nothing tells, the column is left out.
    let text = rows(30, |i| format!("{:02}/{:02}/2024,{}.5", days(i).0, days(i).1, i * i % 17));
    let data = read("a.csv", format!("seen,x\n{text}"));
    assert_eq!(data.columns.join(" "), "x");
    assert!(noted(&data, "NAME=month-day-year says which comes first"), "{:?}", data.notes);
}

/// A station of a weather service: depth of sunshine up to thousands, rain, a temperature of which one value is not known.
fn weather() -> String {
    let row = |i: usize| {
        let sun = if i % 10 == 3 { "-999".to_owned() } else { format!("{}", 97 * (i % 31)) };
        let rain = if i % 12 == 5 { "-999".to_owned() } else { format!("{}.5", i % 7) };
        let heat = if i == 20 { "-999".to_owned() } else { format!("{}.25", i as i64 % 17 - 5) };
        format!("{sun},{rain},{heat}")
    };
    format!("sun,rain,heat\n{}", rows(60, row))
}

#[test]
fn numbers_that_mean_nothing_are_gaps_where_the_table_leaves_no_doubt() {
    let data = read("a.csv", weather());
    for (row, column) in [(3, 0), (13, 0), (5, 1), (20, 2)] {
        assert!(data.is_filled(row, column), "{row} {column}: {:?}", data.notes);
    }
    assert!(noted(&data, "-999, which lies far from all other numbers again and again, counts as missing: 12 cells"));
    assert!(noted(&data, "`sun`, `rain`, `heat`") && !noted(&data, "empty those cells"), "{:?}", data.notes);
    assert_eq!(data.table.as_ref().expect("a table").text(3, 0), "-999", "cells stay as they came");
    let (features, said) = by_model(&data, "new.csv", "sun,rain,heat\n-999,1.5,2\n5,-999,-998\n");
    let fill = data.features.row(3)[0];
    assert_eq!((features[0].clone(), features[1][2]), (vec![fill, 1.5, 2.0], -998.0));
    assert!(said.contains("`sun (1)`, `rain (1)`"), "{said}");
    // A person who says that it holds numbers is believed, and one who wants no gaps.
    let kept = read_as(&weather(), |r| r.kind = "sun=number".to_owned()).expect("it opens");
    assert!(values(&kept, "sun", 4)[3] == -999.0 && kept.is_filled(5, 1), "{:?}", kept.notes);
    let strict = read_as(&weather(), |r| r.missing = Missing::Error).expect("no cell is empty");
    assert!(noted(&strict, "empty those cells if it means that"), "{:?}", strict.notes);
    // Typed columns are written as they came.
    let column = |far: usize, at: usize| -> Vec<Option<f64>> {
        (0..40).map(|i| Some(if i % far == at { -9999.0 } else { (i * i % 23) as f64 })).collect()
    };
    let desk = Desk::new();
    let path = desk.put("a.arrow", arrow(&[("a", column(7, 1)), ("b", column(9, 2)), ("c", column(100, 3))]));
    let data = open(&path, &Recipe::default()).expect("it opens");
    assert!(data.is_filled(1, 0) && data.is_filled(2, 1) && data.is_filled(3, 2), "{:?}", data.notes);
    let table = data.table.as_ref().expect("a table");
    assert_eq!([(1, 0), (2, 1), (2, 0)].map(|(row, column)| table.text(row, column)), ["-9999", "-9999", "4"]);
}

#[test]
fn rows_as_databases_and_latex_write_them_are_tables() {
    let cells = |i: usize| (i * 7 % 13, i * i % 11, ["oak", "ash", "elm"][i % 3]);
    let csv = format!("width,depth,class\n{}", rows(18, |i| format!("{}.5,{},{}", cells(i).0, cells(i).1, cells(i).2)));
    let wanted = read("a.csv", &csv);
    let psql = rows(18, |i| {
        format!("-[ RECORD {} ]----\nwidth | {}.5\ndepth | {}\nclass | {}", i + 1, cells(i).0, cells(i).1, cells(i).2)
    });
    let stars = "*".repeat(27);
    let mysql = rows(18, |i| {
        let (width, depth, class) = cells(i);
        format!("{stars} {}. row {stars}\nwidth: {width}.5\ndepth: {depth}\nclass: {class}", i + 1)
    });
    let latex = rows(18, |i| format!("{}.5 & {} & \\textit{{{}}} \\\\", cells(i).0, cells(i).1, cells(i).2));
    for (name, text) in [
        ("psql.txt", psql),
        ("mysql.out", format!("{mysql}18 rows in set (0.00 sec)\n")),
        (
            "paper.tex",
            format!(
                "\\section{{Trees}}\n\\begin{{tabular}}{{rrl}}\n\\toprule\nwidth & depth & class \\\\\n\\midrule\n{latex}\\bottomrule\n\\end{{tabular}}\n"
            ),
        ),
    ] {
        let data = read(name, &text);
        assert_eq!((&data.columns, &data.features), (&wanted.columns, &wanted.features), "{name}: {:?}", data.notes);
        assert_eq!(
            data.labels.as_ref().map(|labels| &labels.names),
            wanted.labels.as_ref().map(|labels| &labels.names)
        );
        let (features, _) = by_model(&wanted, name, &text);
        assert_eq!((features.len(), &features[3]), (18, &wanted.features.row(3)), "{name}");
    }
    let baskets = rows(20, |i| format!("bread={}, {}", 1 + i % 3, ["milk", "eggs, tea", "tea"][i % 3]));
    let data = read("shop.basket", baskets);
    assert_eq!(data.columns.join(" "), "bread milk eggs tea", "{:?}", data.notes);
    assert_eq!((data.features.row(0), data.features.row(1)), (vec![1.0, 1.0, 0.0, 0.0], vec![2.0, 0.0, 1.0, 1.0]));
    // What no new basket has is 0, and what no basket of the training had has no say.
    let (features, said) = by_model(&data, "new.basket", "tea, bread=2\nham, tea=3\n");
    assert_eq!(features, [[2.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 3.0]]);
    assert!(said.contains("0: `milk`, `eggs`") && said.contains("no say: `ham`"), "{said}");
    // As many things as stay sparse are known by their names too, in whatever order a file has them.
    let things = |i: usize| (0..4).map(move |at| format!("t{}={}", (i * 7 + at * at * 3) % 40, 1 + (i + at) % 3));
    let baskets = rows(40, |i| things(i).collect::<Vec<_>>().join(", "));
    let sparse = Recipe { components: Auto::Set(3), ..Recipe::default() };
    let data = open(&Desk::new().put("wide.basket", &baskets), &sparse).expect("it opens");
    assert_eq!(data.dim(), 3, "{:?}", data.notes);
    let turned = rows(40, |i| things(39 - i).collect::<Vec<_>>().join(", ")) + "ham\n";
    let (features, said) = by_model(&data, "turned.basket", &turned);
    for (i, row) in features.iter().take(40).enumerate() {
        let wanted = data.features.row(39 - i);
        assert!(row.iter().zip(&wanted).all(|(a, b)| (a - b).abs() < 1e-5), "{i}: {row:?} {wanted:?}");
    }
    assert!(said.contains("1 value in columns that the model does not read"), "{said}");
    let counts = read("a.svm", rows(20, |i| format!("{} 1:{}.5 2:{} 4:{}", i % 2, i % 7, i % 3, i % 5)));
    let (features, said) = by_model(&counts, "b.svm", "0 1:2.5 2:1\n1 2:3\n");
    assert_eq!(features.iter().map(|row| row.iter().sum()).collect::<Vec<f64>>(), [3.5, 3.0]);
    assert!(said.contains("counts as 0") && said.contains("`feature 4`"), "{said}");
}

#[test]
fn spans_of_time_and_sums_as_people_write_them() {
    let times = [(20, "20m"), (80, "1h 20m"), (120, "2h")];
    let text = rows(30, |i| {
        let sum = if i % 4 == 1 { format!("{}.50-", i + 1) } else { format!("{}.50", i + 1) };
        format!("{},{sum},{}:{:02}.5,{}", times[i % 3].1, i % 7, i * 7 % 60, i * i % 17)
    });
    let data = read("a.csv", format!("took,sum,lap,x\n{text}"));
    assert_eq!(data.columns.join(" "), "took sum lap x", "{:?}", data.notes);
    let seconds = times.map(|(minutes, _)| f64::from(minutes * 60));
    assert_eq!((values(&data, "took", 3), values(&data, "sum", 2)), (seconds.to_vec(), vec![1.5, -2.5]));
    assert_eq!(values(&data, "lap", 2), [0.5, 67.5]);
}

#[test]
fn a_slip_among_times_or_post_codes_changes_no_column() {
    let text = rows(40, |i| {
        let at = if i == 7 { "9.12".to_owned() } else { format!("{:02}:{:02}", i % 24, i * 7 % 60) };
        let zip = format!("{}{}", 98_101 + i % 30, if i == 3 { "-4820" } else { "" });
        format!("{at},{zip},{}.5,{}", i % 9, i * i % 17)
    });
    let data = read("a.csv", format!("at,zip_code,x,y\n{text}"));
    assert_eq!(data.columns.join(" "), "at x y", "{:?}", data.notes);
    assert_eq!((values(&data, "at", 2), data.is_filled(7, 0)), (vec![0.0, 4020.0], true));
    assert!(noted(&data, "column `at`: 1 of 40 cells are no numbers and count as missing, the first `9.12` on line 9"));
    assert!(noted(&data, "rather than measure it") && noted(&data, "`zip_code`"), "{:?}", data.notes);
}

#[test]
fn words_count_where_there_is_little_beside_them_but_a_flag() {
    let word = |i: usize| (["first", "second", "crew"][i % 3], ["adult", "child"][i % 2], ["yes", "no"][i / 3 % 2]);
    let text = rows(60, |i| format!("{},{},{}", word(i).0, word(i).1, word(i).2));
    let data = read("a.csv", format!("deck,age,survived\n{text}"));
    assert_eq!(data.dim(), 6, "{:?}", data.notes);
    assert!(noted(&data, "as there is no column of numbers"), "{:?}", data.notes);
    // Beside as many flags as words these are words like others.
    let text = rows(60, |i| format!("{},{},{}", word(i).0, ["no", "yes"][i % 2], word(i).2));
    let data = read("a.csv", format!("deck,ill,survived\n{text}"));
    assert_eq!(data.columns.join(" "), "ill survived", "{:?}", data.notes);
}
