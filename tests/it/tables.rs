//! Tables as people have them: each opens with defaults that are said, and keeps its meaning.

use eigenscope::Recipe;
use eigenscope::data::{Dataset, Features, Labels, NewRows};
use eigenscope::recipe::{DecimalMark, HeaderLine, Missing, TextColumns};
use ndarray::{Array1, Array2, Array3};

use crate::support::desk::{Desk, noted, open};
use crate::support::npy::{NpzWriter, write_npy};

fn table(content: &str, recipe: &Recipe) -> Dataset {
    let desk = Desk::new();
    open(&desk.put("a.csv", content), recipe).unwrap_or_else(|e| panic!("{content}: {e}"))
}

fn refused(content: &str, recipe: &Recipe) -> String {
    let desk = Desk::new();
    open(&desk.put("a.csv", content), recipe).expect_err(content).to_string()
}

fn plain(content: &str) -> Dataset {
    table(content, &Recipe::default())
}

/// Ways out would make a column of each text, of which none is like another.
#[test]
fn texts_are_no_words_to_be_spread() {
    let text = |i: usize| format!("visit {i} went well and took {} minutes", 7 * i);
    let spread = Recipe { text: TextColumns::OneHot, ..Recipe::default() };
    let data = table(&rows("p,town,comment", 40, |i| format!("{i}.5,{},{}", ["Bern", "Rom"][i % 2], text(i))), &spread);
    assert_eq!(data.columns.join(" "), "p town = Bern town = Rom");
    says(&data, &["columns of texts left out, next to no two of which are alike", "`comment`"]);
    let asked = Recipe { kind: "comment=category".to_owned(), ..spread.clone() };
    assert_eq!(table(&rows("p,comment", 40, |i| format!("{i}.5,{}", text(i))), &asked).dim(), 41, "as asked");
    for recipe in [Recipe::default(), spread] {
        let message = refused(&rows("comment,reply", 40, |i| format!("{},{}", text(i), text(900 - i))), &recipe);
        // The first column may be what the rows are called.
        assert!(message.contains("`reply`") && message.contains("counts of their words"), "{message}");
        assert!(!message.contains("--text one-hot"), "{message}");
    }
}

/// A text of rows, each made from its number.
fn rows(header: &str, count: usize, row: impl Fn(usize) -> String) -> String {
    let rows: Vec<String> = (0..count).map(row).collect();
    format!("{header}\n{}\n", rows.join("\n"))
}

/// Numbers that look random and are always the same, between 0 and 1.
fn noise(i: usize) -> f64 {
    let x = (i as f64 + 1.0) * 0.754_877_666;
    x - x.floor()
}

#[track_caller]
fn says(data: &Dataset, words: &[&str]) {
    for word in words {
        assert!(noted(data, word), "{word}: {:?}", data.notes);
    }
}

#[test]
fn numbers_name_columns_where_no_row_counts_so() {
    let frame = |header: &str, label: &dyn Fn(usize) -> String| {
        rows(header, 60, |i| {
            format!("{:.3},{:.3},{:.3},{:.3},{}", noise(i), noise(7 * i), noise(3 * i), noise(5 * i), label(i))
        })
    };
    let letters = |i: usize| ["A", "B", "C"][i % 3].to_owned();
    for label in [&letters as &dyn Fn(usize) -> String, &|i| format!("{}", i % 3)] {
        let data = plain(&frame("0,1,2,3,label", label));
        assert_eq!((data.len(), data.columns.join(" "), data.clusters), (60, "0 1 2 3".to_owned(), Some(3)));
    }
    let spectra = |header: &str, id: bool| {
        rows(header, 40, |i| {
            let values: Vec<String> = (0..9).map(|j| format!("{:.4}", noise(i * 9 + j))).collect();
            if id { format!("{},{},{}", 6601 + i * i, values.join(","), i % 2) } else { values.join(",") }
        })
    };
    let waves: Vec<String> = (0..9).map(|j| format!("{:.1}", 1100.0 + 2.5 * f64::from(j))).collect();
    let data = plain(&spectra(&waves.join(","), false));
    assert_eq!((data.len(), data.dim(), data.columns[1].as_str()), (40, 9, "1102.5"));
    let data = plain(&spectra(&format!("sample_id,{},class", waves.join(",")), true));
    assert_eq!((data.len(), data.dim(), data.clusters), (40, 9, Some(2)));
    says(&data, &["`sample_id` names the rows"]);
    // A person has the last word.
    let content = "1,2\n3,4\n5,6\n";
    let yes = table(content, &Recipe { header: HeaderLine::Yes, ..Recipe::default() });
    assert_eq!((yes.len(), yes.columns.join(" ")), (2, "1 2".to_owned()));
    let no = Recipe { header: HeaderLine::No, label_column: "none".to_owned(), ..Recipe::default() };
    assert_eq!(table("1,2\n3,4\n5,6\n", &no).len(), 3);
}

#[test]
fn a_comma_is_thousands_or_a_fraction_as_the_whole_table_says() {
    let incomes = |comma: &str| {
        let income =
            |i: usize| if i.is_multiple_of(2) { format!("{}", 900 + i) } else { format!("12{comma}{}", 400 + i) };
        rows("age\tincome", 30, |i| format!("{}\t{}", 20 + i % 40, income(i)))
    };
    let data = plain(&incomes(","));
    assert_eq!(data.features.column(1)[..2], [900.0, 12_401.0]);
    says(&data, &["marks between thousands", "`income`", "--decimal"]);
    let fractions = table(&incomes(","), &Recipe { decimal: DecimalMark::Comma, ..Recipe::default() });
    assert_eq!(fractions.features.column(1)[..2], [900.0, 12.401]);
    let quoted = rows("age,income", 30, |i| format!("{},\"1,{}\"", 20 + i, 100 + i)) + "7,985\n";
    assert_eq!(plain(&quoted).features.column(1)[0], 1100.0);
    let german = plain("a;b;c\n1,5;2.400;3\n2,25;985;4\n3;12.000;5\n");
    assert_eq!(german.features.row(0), [1.5, 2400.0, 3.0]);
    says(&german, &["commas before fractions: `a`", "points between thousands", "`b`"]);
    assert_eq!(plain("a;b\n1,5;2,25\n3;4\n").features.row(0), [1.5, 2.25]);
    // The points of a word for what is missing part nothing.
    let missing = plain("size;age\n1,5;68\n2,25;k.A.\n3,75;39\n2,5;27\n");
    assert!(!missing.notes.iter().any(|note| note.contains("thousands")), "{:?}", missing.notes);
}

#[test]
fn every_word_for_missing_is_a_gap_that_is_filled_and_marked() {
    for word in ["", "N/A", "None", "<NA>", "#N/A", "\\N", "-", "NULL", "-nan", "missing", "?", "nan"] {
        let content = rows("a,b,c", 80, |i| {
            if i == 7 { format!("6.5,{word},6.1") } else { format!("{i}.5,{}.25,6.{}", i + 1, i % 9) }
        });
        let data = plain(&content);
        assert_eq!((data.len(), data.dim(), data.filled.as_slice()), (80, 3, [(7, 1)].as_slice()), "{word}");
        assert_eq!(data.features.row(7)[1], 41.25, "the median of the others");
        says(&data, &["median and marked: 1, in 1 of 3 columns, the first on line 9, column `b`", "N/A"]);
        let dropped = table(&content, &Recipe { missing: Missing::DropRows, ..Recipe::default() });
        assert_eq!((dropped.len(), dropped.rows[7]), (79, 8), "{word}");
        let strict = refused(&content, &Recipe { missing: Missing::Error, ..Recipe::default() });
        assert!(strict.contains("line 9") && strict.contains("--missing median"), "{strict}");
    }
    // A row with nothing in it, as spreadsheets leave them, is no sample.
    let data = plain("a,b\n1,2\n,\n3,5\n,7\n");
    assert_eq!((data.rows.as_slice(), data.filled.as_slice()), ([0, 2, 3].as_slice(), [(2, 0)].as_slice()));
    says(&data, &["1 of 4 rows left out: no value at all, the first on line 3"]);
}

#[test]
fn columns_of_words_flags_and_dates() {
    let content = rows("p,smoker,old,joined,town", 40, |i| {
        let flag = |yes: bool| if yes { "True" } else { "False" };
        let town = ["Bern", "Wien", "Rom"][i % 3];
        format!("{i}.5,{},{},2024-02-{:02} 12:00,{town}", flag(i.is_multiple_of(2)), ["yes", "no"][i % 2], 1 + i % 28)
    });
    let data = plain(&content);
    assert_eq!(data.columns.join(" "), "p smoker old joined");
    assert_eq!(data.features.row(1), [1.5, 0.0, 0.0, 19_755.5]);
    says(&data, &["flags taken as 1 and 0: `smoker`, `old`", "days since 1970-01-01: `joined`", "`town`", "one-hot"]);
    let spread = table(&content, &Recipe { text: TextColumns::OneHot, ..Recipe::default() });
    assert_eq!(spread.dim(), 7, "a flag is one column");
    let strict = refused(&content, &Recipe { text: TextColumns::Error, ..Recipe::default() });
    assert!(strict.contains("line 2") && strict.contains("`town`"), "{strict}");
    // A slip among many numbers is a gap; among few it makes the column one of words.
    let slip = plain(&rows("a,b", 60, |i| if i == 9 { format!("{i},oops") } else { format!("{i}.5,{}", i * i) }));
    assert_eq!((slip.dim(), slip.filled.as_slice()), (2, [(9, 1)].as_slice()));
    says(&slip, &["column `b`: 1 of 60 cells", "`oops` on line 11"]);
}

#[test]
fn the_line_that_is_named_is_the_one_an_editor_shows() {
    for content in [
        "a,b\n1,2\n3,4\n5,6\noops,8\n9,1\n",
        "a,b\r\n1,2\r\n3,4\r\n5,6\r\noops,8\r\n9,1\r\n",
        "a,b\n1,2\n\n\noops,8\n9,1\n",
    ] {
        says(&plain(content), &["`oops` on line 5"]);
        let strict = refused(content, &Recipe { text: TextColumns::Error, ..Recipe::default() });
        assert!(strict.contains("line 5"), "{strict}");
    }
    says(&plain("a,t,b\r\n1,\"x\r\ny\",2\r\n3,z,4\r\n,w,8\r\n9,v,1\r\n"), &["the first on line 5, column `a`"]);
    let ragged = refused("a,b\r\n1,2\r\n3,4\r\n5,6\r\n7,8,9\r\n9,1\r\n", &Recipe::default());
    assert!(ragged.contains("line 5"), "{ragged}");
}

#[test]
fn rows_without_a_label_stay_and_classes_are_what_is_written() {
    let some = rows("p,q,kind", 90, |i| {
        format!("{i}.5,{:.3},{}", noise(i), if i % 5 == 0 { ["a", "b", "c"][i % 3] } else { "" })
    });
    let named = |column: &str| Recipe { label_column: column.to_owned(), ..Recipe::default() };
    for missing in [Missing::Median, Missing::DropRows] {
        let data = table(&some, &Recipe { missing, ..named("kind") });
        let labels = data.labels.as_ref().expect("labels");
        let unlabelled = labels.ids.iter().filter(|id| **id == Labels::UNLABELLED).count();
        assert_eq!((data.len(), data.clusters, unlabelled), (90, Some(3), 72));
        says(&data, &["72 of 90 rows without a label are kept"]);
    }
    let minus = table(
        &some.replace(",\n", ",-1\n").replace(",a", ",0").replace(",b", ",1").replace(",c\n", ",2\n"),
        &named("kind"),
    );
    assert_eq!(minus.clusters, Some(3));
    says(&minus, &["`-1` in column `kind` taken for no label"]);
    let land =
        table(&rows("p,q,country", 30, |i| format!("{i}.5,{i},{}", ["NA", "BW", "ZA"][i % 3])), &named("country"));
    assert_eq!((land.len(), land.clusters), (30, Some(3)));
    says(&land, &["`NA` in column `country` taken for a class"]);
    let codes = table(&rows("p,code", 30, |i| format!("{i}.5,{}", ["008", "8"][i % 2])), &named("code"));
    assert_eq!(codes.labels.expect("labels").names.as_slice(), ["008", "8"]);
}

#[test]
fn digits_survive_until_they_are_needed() {
    let content = rows("x,y,t", 50, |i| {
        format!(
            "{},{},{}",
            388_096.0 + noise(i),
            5_948_996.0 + noise(3 * i),
            1_700_000_000_000_000_000_u64 + i as u64 * 1_000_000
        )
    });
    let data = plain(&content);
    assert!(matches!(*data.features, Features::Doubles(_)));
    assert_eq!(data.features.row(0)[1], 5_948_996.0 + noise(0));
    assert!(!noted(&data, "constant") && !noted(&data, "repeat"), "{:?}", data.notes);
    let tiny = plain(&rows("p,q", 30, |i| format!("{}e-50,{i}", 1.0 + noise(i))));
    assert!(!noted(&tiny, "constant") && tiny.features.row(3)[0] > 0.0);
    let counts = plain(&rows("p,q", 30, |i| format!("{},{}", i * 7 % 256, i % 3)));
    assert!(matches!(*counts.features, Features::Bytes(_)), "what bytes hold needs no more");
}

#[test]
fn whole_numbers_of_arrays_keep_every_digit() {
    let desk = Desk::new();
    let path = desk.path("a.npy");
    let first = 588_848_899_891_200_431_i64;
    write_npy(
        &path,
        &Array2::from_shape_fn((20, 3), |(i, j)| if j == 0 { first + 7 * i as i64 } else { (i * j) as i64 }),
    )
    .expect("writes");
    let ids = open(&path, &Recipe { id_column: "1".to_owned(), ..Recipe::default() }).expect("opens");
    assert_eq!((ids.dim(), ids.table.as_ref().expect("its digits").text(1, 0)), (2, "588848899891200438".into()));
    write_npy(&path, &Array2::from_shape_fn((20, 2), |(i, j)| if j == 0 { first + (i % 3) as i64 } else { i as i64 }))
        .expect("writes");
    let classes = open(&path, &Recipe { label_column: "1".to_owned(), ..Recipe::default() }).expect("opens");
    assert_eq!(
        classes.labels.expect("labels").names.as_slice(),
        ["588848899891200431", "588848899891200432", "588848899891200433"]
    );
}

#[test]
fn arrays_of_an_archive_are_paired_and_named() {
    let desk = Desk::new();
    let path = desk.path("a.npz");
    let write = |names: [&str; 4]| {
        let mut archive = NpzWriter::new(std::fs::File::create(&path).expect("creates"));
        for (at, name) in names.into_iter().enumerate() {
            let n = if at < 2 { 12 } else { 9 };
            if at % 2 == 0 {
                archive.add_array(name, &Array3::from_shape_fn((n, 4, 4), |(i, j, k)| (i * 16 + j * 4 + k) as u8));
            } else {
                archive.add_array(name, &Array1::from_iter((0..n).map(|i| (i % 3) as i64)));
            }
        }
        archive.finish().expect("writes");
    };
    write(["x_train", "y_train", "x_test", "y_test"]);
    let data = open(&path, &Recipe::default()).expect("opens");
    assert_eq!((data.len(), data.clusters), (12, Some(3)));
    says(&data, &["`x_train`, labels from `y_train`", "not read: `x_test`", "--array"]);
    let test = open(&path, &Recipe { array: "x_test".to_owned(), ..Recipe::default() }).expect("opens");
    assert_eq!((test.len(), test.clusters), (9, Some(3)));
    let by_label = open(&path, &Recipe { label_column: "y_test".to_owned(), ..Recipe::default() }).expect("opens");
    assert_eq!(by_label.len(), 9);
    let wrong =
        open(&path, &Recipe { array: "z".to_owned(), ..Recipe::default() }).expect_err("no such array").to_string();
    assert!(wrong.contains("--array z") && wrong.contains("`x_test`"), "{wrong}");
    write(["one", "two", "three", "four"]);
    let which = open(&path, &Recipe::default()).expect_err("which?").to_string();
    assert!(which.contains("--array NAME"), "{which}");
}

#[test]
fn text_in_utf16_and_in_latin_1_is_read() {
    let desk = Desk::new();
    let said = "Größe;Länge;class\n1,5;2,25;süß\n2,5;1,25;herb\n3,5;7,5;süß\n";
    let plain = open(&desk.put("a.csv", said), &Recipe::default()).expect("UTF-8");
    let wide =
        |order: fn(u16) -> [u8; 2]| "\u{feff}".encode_utf16().chain(said.encode_utf16()).flat_map(order).collect();
    let latin: Vec<u8> = said.chars().map(|c| u8::try_from(u32::from(c)).expect("Latin-1")).collect();
    let wide: [Vec<u8>; 2] = [wide(u16::to_le_bytes), wide(u16::to_be_bytes)];
    for bytes in [&wide[0], &wide[1], &latin] {
        let data = open(&desk.put("b.csv", bytes), &Recipe::default()).expect("read");
        assert_eq!((&data.features, &data.columns, &data.labels), (&plain.features, &plain.columns, &plain.labels));
        assert_eq!(noted(&data, "the text is not UTF-8"), bytes == &latin, "{:?}", data.notes);
    }
    let objects = open(&desk.put("a.jsonl", "{\"x\":1,\"y\":2}\n{\"x\":3,\"y\":4}\n"), &Recipe::default());
    let wide: Vec<u8> =
        "\u{feff}{\"x\":1,\"y\":2}\n{\"x\":3,\"y\":4}\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let data = open(&desk.put("b.jsonl", wide), &Recipe::default()).expect("as PowerShell writes it");
    assert_eq!(data.features, objects.expect("UTF-8").features);
}

#[test]
fn a_line_of_units_and_comments_between_rows_are_no_rows() {
    let text = "time,temp,flow\n(s),(°C),(l/min)\n".to_owned()
        + &rows("# first half", 8, |i| format!("{},{},{}", i, 20.5 + noise(i), i * i))
        + &rows("# second, by night", 8, |i| format!("{},{},{}", i + 8, 21.5 + noise(i), i));
    let data = plain(&text);
    assert_eq!((data.len(), data.columns.as_slice()), (16, ["time", "temp", "flow"].map(str::to_owned).as_slice()));
    says(&data, &["line 2 holds no number", "(s), (°C), (l/min)", "2 lines of comment between the rows"]);
    // New rows are read alike.
    let desk = Desk::new();
    let path = desk.put("new.csv", text);
    let mut new = NewRows::open(path.as_os_str(), &data.reading, &Recipe::default()).expect("its columns are there");
    let block = new.next_block().expect("sound").expect("rows");
    assert_eq!((block.rows.len(), block.features.row(15).to_vec()), (16, data.features.row(15)));
}

#[test]
fn money_shares_brackets_and_months_are_numbers_and_dates() {
    let text = rows("price,share,balance,when,member", 12, |i| {
        let balance = if i % 3 == 0 { format!("({i}.5)") } else { format!("{i}.5") };
        let member = if i % 2 == 0 { "ja" } else { "nein" };
        format!("\"${},200.50\",{}%,{balance},{:02}JAN2024,{member}", i + 1, i * 5, i + 1)
    });
    let data = plain(&text);
    assert_eq!(data.dim(), 5, "{:?}", data.notes);
    assert_eq!(data.features.row(3), [4200.5, 0.15, -3.5, 19_726.0, 0.0]);
    says(&data, &["money", "flags", "day-month-year"]);
}

#[test]
fn whole_numbers_that_doubles_do_not_tell_apart_are_not_called_constant() {
    let rows: Vec<String> = (0..30).map(|i| format!("{}.5,{},7", i * 7 % 11, (1_u64 << 60) + i)).collect();
    let desk = Desk::new();
    let path = desk.put("a.csv", format!("a,big,c\n{}\n", rows.join("\n")));
    let data = open(&path, &Recipe { features: "a,big,c".to_owned(), ..Recipe::default() }).expect("a table");
    assert!(noted(&data, "1 of 3 columns is constant: `c`"), "{:?}", data.notes);
    assert!(noted(&data, "are one number in double precision") && noted(&data, "`big`"), "{:?}", data.notes);
}
