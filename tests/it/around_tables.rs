//! Tables as they stand in reports, logs and the output of other programs: with titles, totals, notes and frames around their rows.

use eigenscope::data::{Dataset, NewRows};
use eigenscope::recipe::HeaderLine;
use eigenscope::{Recipe, Result};

use crate::support::desk::{Desk, noted, open};

/// Twenty rows: a town, two numbers that add up to no round sum, a class.
fn row(i: usize) -> [String; 4] {
    let (a, b) = ((i * 7 % 19) as f64 + 0.25, (i * i % 23) as f64 + 0.5);
    [format!("town {i}"), format!("{a}"), format!("{b}"), ["red", "green"][i % 2].to_owned()]
}

const ROWS: usize = 20;

fn rows(delimiter: &str) -> String {
    (0..ROWS).map(|i| row(i).join(delimiter) + "\n").collect()
}

/// Some lines, each made from its number.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(line).collect::<Vec<_>>().concat()
}

fn sums(what: fn(f64) -> f64) -> [String; 2] {
    [1, 2].map(|at| format!("{}", what((0..ROWS).map(|i| row(i)[at].parse::<f64>().expect("a number")).sum())))
}

fn read(name: &str, text: &str, recipe: &Recipe) -> Result<Dataset> {
    let desk = Desk::new();
    open(&desk.put(name, text), recipe)
}

/// The samples, features and classes of a text, which have to be those of the plain table.
#[track_caller]
fn plain(text: &str, said: &[&str]) -> Dataset {
    let data = read("a.txt", text, &Recipe::default()).unwrap_or_else(|e| panic!("{text}\n{e}"));
    let expected = read("b.csv", &format!("town,a,b,label\n{}", rows(",")), &Recipe::default()).expect("a plain table");
    assert_eq!((data.len(), data.clusters), (ROWS, Some(2)), "{text}\n{:?}", data.notes);
    assert_eq!(data.features, expected.features, "{text}\n{:?}", data.notes);
    assert_eq!(data.labels, expected.labels, "{text}");
    for words in said {
        assert!(noted(&data, words), "{words}: {:?}", data.notes);
    }
    data
}

#[test]
fn titles_totals_and_notes_are_no_rows() {
    let table = format!("town,a,b,label\n{}", rows(","));
    let [sum_a, sum_b] = sums(|v| v);
    let [mean_a, mean_b] = sums(|v| v / ROWS as f64);
    plain(&format!("Weather of towns\nas measured, 2024\n\n{table}"), &["2 lines above the table", "Weather of towns"]);
    plain(&format!("Weather,,,\n,,,\n{table}"), &["above the names left out", "--header yes"]);
    plain(&format!("{table}Total,{sum_a},{sum_b},\n"), &["1 row below the table", "line 22", "--header yes keeps"]);
    plain(&format!("{table}\nMean:,{mean_a},{mean_b},\nn = 20,,,\n"), &["2 rows below the table"]);
    plain(&format!("{table},{sum_a},,\n"), &["1 row below the table"]);
    plain(&format!("{table}\nSource: office of towns, 2024\n(20 rows)\n"), &["2 lines below the table", "line 23"]);
    plain(&format!("{table}---,---,---,---\nTotal,,{sum_b},\n"), &["1 row below the table"]);
    // A row that lacks a cell is none of these, nor is a note with a row behind it.
    for (text, line) in [
        (format!("{table}town 20,1.5\n"), "line 22"),
        (format!("{table}(20 rows)\ntown 20,1.5,2,red\n"), "line 22"),
        (table.replace("town 3,", "town 3"), "line 5"),
    ] {
        let refused = read("a.csv", &text, &Recipe::default()).expect_err(&text).to_string();
        assert!(refused.contains(line), "{refused}");
    }
    // A town may be called so, and a person has the last word.
    let kept = format!("town,a,b,label\n{}", rows(",").replace("town 19", "Total"));
    assert_eq!(read("a.csv", &kept, &Recipe::default()).expect("it opens").len(), ROWS);
    let asked = Recipe { header: HeaderLine::Yes, ..Recipe::default() };
    let text = format!("{table}Total,{sum_a},{sum_b},\n");
    assert_eq!(read("a.csv", &text, &asked).expect("it opens").len(), ROWS + 1);
}

#[test]
fn frames_and_columns_of_other_programs_are_read() {
    let cells = |i: usize| row(i);
    let psql: String =
        lines(ROWS, |i| format!(" {:<8} | {:>6} | {:>6} | {}\n", cells(i)[0], cells(i)[1], cells(i)[2], cells(i)[3]));
    plain(
        &format!("   town   |   a    |   b    | label \n----------+--------+--------+-------\n{psql}(20 rows)\n\n"),
        &["below the table"],
    );
    let mysql: String = lines(ROWS, |i| {
        format!("| {:<8} | {:>6} | {:>6} | {:<6} |\n", cells(i)[0], cells(i)[1], cells(i)[2], cells(i)[3])
    });
    let rule = "+----------+--------+--------+--------+\n";
    let head = "| town     | a      | b      | label  |\n";
    plain(&format!("{rule}{head}{rule}{mysql}{rule}20 rows in set (0.00 sec)\n"), &[]);
    plain(&format!("{head}|:---------|-------:|-------:|--------|\n{mysql}"), &[]);
    plain(&format!("{head}{rule}{mysql}").replace('|', "│").replace('-', "─").replace('+', "┼"), &[]);
    let columns: String =
        lines(ROWS, |i| format!("{:<10}{:>8}{:>8}  {}\n", cells(i)[0], cells(i)[1], cells(i)[2], cells(i)[3]));
    plain(&format!("{:<10}{:>8}{:>8}  label\n{columns}", "town", "a", "b"), &["parted by their places"]);
    plain(&format!("{:<10}{:>8}{:>8}  label\n---------- ------- ------- ------\n{columns}", "town", "a", "b"), &[]);
    let quoted: String =
        lines(ROWS, |i| format!("\"{i}\" \"{}\" {} {} \"{}\"\n", cells(i)[0], cells(i)[1], cells(i)[2], cells(i)[3]));
    plain(&format!("\"town\" \"a\" \"b\" \"label\"\n{quoted}"), &["names the rows"]);
}

#[test]
fn names_in_two_lines_and_groups_over_them_are_joined() {
    let rows: String = lines(ROWS, |i| format!("s{i},{}.5,{},{},{}\n", i, i * i % 7, i * 3 % 11, i % 5));
    let data =
        read("a.csv", &format!(",Left,,Right,\nid,low,high,low,high\n{rows}"), &Recipe::default()).expect("it opens");
    assert_eq!(data.columns.join("|"), "Left low|Left high|Right low|Right high");
    assert!(noted(&data, "line 2 holds more names"), "{:?}", data.notes);
    // New rows under the same names are found.
    let desk = Desk::new();
    let path = desk.put("new.csv", format!("A title\n,Left,,Right,\nid,low,high,low,high\n{rows}Total,190,60,,\n"));
    let mut new = NewRows::open(path.as_os_str(), &data.reading, &Recipe::default()).expect("its columns are there");
    let block = new.next_block().expect("sound").expect("rows");
    assert_eq!((block.rows.len(), block.features.row(7).to_vec()), (ROWS, data.features.row(7)));
    assert!(new.next_block().expect("sound").is_none());
    assert!(new.notes().iter().any(|note| note.contains("1 row below the table")), "{:?}", new.notes());
}

#[test]
fn new_rows_in_a_frame_are_those_of_the_training() {
    let data = read("b.csv", &format!("town,a,b,label\n{}", rows(",")), &Recipe::default()).expect("a plain table");
    let desk = Desk::new();
    let body: String = lines(ROWS, |i| format!("| {} |\n", row(i).join(" | ")));
    for text in [
        format!("| town | a | b | label |\n|---|---|---|---|\n{body}"),
        format!("+---+---+---+---+\n| town | a | b | label |\n+---+---+---+---+\n{body}+---+---+---+---+\n(20 rows)\n"),
        format!("Towns of the year\n\ntown;a;b;label\n{}Source: office\n", rows(";")),
    ] {
        let path = desk.put("new.txt", &text);
        let mut new =
            NewRows::open(path.as_os_str(), &data.reading, &Recipe::default()).unwrap_or_else(|e| panic!("{text}{e}"));
        let block = new.next_block().unwrap_or_else(|e| panic!("{text}{e}")).expect("rows");
        assert_eq!(block.rows.len(), ROWS, "{text}");
        assert!((0..ROWS).all(|i| block.features.row(i).to_vec() == data.features.row(i)), "{text}");
        assert!(new.next_block().expect("sound").is_none(), "{text}");
    }
}

#[test]
fn dates_of_two_digits_times_and_codes_are_what_the_column_says() {
    let day = |i: usize| (1 + i / 12, 1 + i % 12);
    let text: String = lines(ROWS, |i| {
        let (month, day) = day(i);
        format!(
            "{day:02}/{month:02}/24,{}.{:02}.{:02},{}:{:02},0{}{},{i}.5\n",
            1 + i % 28,
            1 + i % 12,
            (60 + i * 3) % 100,
            i % 24,
            i * 7 % 60,
            i % 10,
            1000 + i
        )
    });
    let data = read("a.csv", &format!("seen,born,at,zip,x\n{text}"), &Recipe::default()).expect("it opens");
    assert_eq!(data.columns.join(" "), "seen born at x", "{:?}", data.notes);
    // 1 January 2024; 1 January 1960; midnight.
    assert_eq!(data.features.row(0), [19_723.0, -3653.0, 0.0, 0.5]);
    assert_eq!(data.features.row(19)[1], 17_398.0, "20.08.17");
    for words in ["of this century", "of times taken as seconds: `at`", "codes and no numbers", "`zip`"] {
        assert!(noted(&data, words), "{words}: {:?}", data.notes);
    }
    let number = Recipe { kind: "zip=number".to_owned(), ..Recipe::default() };
    let data = read("a.csv", &format!("seen,born,at,zip,x\n{text}"), &number).expect("it opens");
    assert_eq!((data.dim(), data.features.row(1)[3]), (5, 11_001.0));
}

#[test]
fn one_word_among_numbers_and_far_numbers_are_gaps() {
    let text: String = lines(30, |i| {
        let price = if i % 4 == 0 { "on request".to_owned() } else { format!("{i}.5") };
        format!("{price},{},{}\n", if i % 6 == 0 { "-9999".to_owned() } else { (i * 3).to_string() }, i * i % 17)
    });
    let data = read("a.csv", &format!("price,depth,x\n{text}"), &Recipe::default()).expect("it opens");
    assert_eq!((data.dim(), data.is_filled(0, 0), data.is_filled(0, 1)), (3, true, true));
    for words in [
        "8 of 30 cells are no numbers and count as missing, the first `on request`",
        "-9999, which lies far",
        "counts as missing: 5 cells",
        "`depth`",
    ] {
        assert!(noted(&data, words), "{words}: {:?}", data.notes);
    }
    // Words alone are spread, since there is nothing else.
    let words: String = lines(30, |i| format!("{},{}\n", ["red", "blue", "green"][i % 3], ["S", "M"][i % 2]));
    let data = read("a.csv", &format!("colour,size\n{words}"), &Recipe::default()).expect("it opens");
    assert_eq!(data.columns.join("|"), "colour = blue|colour = green|colour = red|size = M|size = S");
    assert!(noted(&data, "as there is no column of numbers"), "{:?}", data.notes);
}

#[test]
fn objects_are_read_however_a_program_wrote_them() {
    let expected = read("a.csv", "a,b,label\n1.5,2,x\n2.5,4,y\n3.5,7,x\n", &Recipe::default()).expect("a table");
    for text in [
        "{\"a\":1.5,\"b\":2,\"label\":\"x\"}\n{\"a\":2.5,\"b\":4,\"label\":\"y\"}\n{\"a\":3.5,\"b\":7,\"label\":\"x\"}\n",
        "{\"a\":{\"0\":1.5,\"1\":2.5,\"2\":3.5},\"b\":{\"0\":2,\"1\":4,\"2\":7},\"label\":{\"0\":\"x\",\"1\":\"y\",\"2\":\"x\"}}",
        "{\"a\":[1.5,2.5,3.5],\"b\":[2,4,7],\"label\":[\"x\",\"y\",\"x\"]}",
        "{\"0\":{\"a\":1.5,\"b\":2,\"label\":\"x\"},\"1\":{\"a\":2.5,\"b\":4,\"label\":\"y\"},\"2\":{\"a\":3.5,\"b\":7,\"label\":\"x\"}}",
        "{\"columns\":[\"a\",\"b\",\"label\"],\"index\":[0,1,2],\"data\":[[1.5,2,\"x\"],[2.5,4,\"y\"],[3.5,7,\"x\"]]}",
        "{\"count\":3,\"results\":[{\"a\":1.5,\"b\":2,\"label\":\"x\"},{\"a\":2.5,\"b\":4,\"label\":\"y\"},{\"a\":3.5,\"b\":7,\"label\":\"x\"}]}",
        "[[\"a\",\"b\",\"label\"],[1.5,2,\"x\"],[2.5,4,\"y\"],[3.5,7,\"x\"]]",
    ] {
        let data = read("a.json", text, &Recipe::default()).unwrap_or_else(|e| panic!("{text}\n{e}"));
        assert_eq!(
            (&data.features, &data.columns, &data.labels),
            (&expected.features, &expected.columns, &expected.labels),
            "{text}"
        );
    }
    let nested = "{\"at\":{\"x\":1,\"y\":2},\"emb\":[0.5,0.25]}\n{\"at\":{\"x\":3,\"y\":4}}\n{\"at\":{\"x\":5,\"y\":7},\"emb\":[1,2]}\n";
    let data = read("a.jsonl", nested, &Recipe::default()).expect("it opens");
    assert_eq!((data.columns.join(" "), data.is_filled(1, 2)), ("at.x at.y emb.0 emb.1".to_owned(), true));
    assert!(noted(&data, "spread into columns, the first `at.x`"), "{:?}", data.notes);
}
