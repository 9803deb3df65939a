//! New rows become the features that training would have made of them.

use std::path::Path;

use eigenscope::data::{Block, NewRows, Reading};
use eigenscope::recipe::{Missing, TextColumns};
use eigenscope::{Recipe, Result};
use ndarray::{Array2, array};

use crate::support::desk::{Desk, open};
use crate::support::npy::to_npy;

/// A table of every kind of column, with a row number, labels and a gap: `id,u,v,colour,paid,day,kind`.
fn table() -> String {
    let row = |i: usize| {
        let v = if i == 5 { String::new() } else { format!("{}", (i * 7 % 13) as f64 + 0.25) };
        let (colour, paid) = (["red", "green", "blue"][i % 3], ["yes", "no"][i % 2]);
        format!("{},{}.5,{v},{colour},{paid},2024-01-{:02},k{}\n", i + 1, i % 11, i % 28 + 1, i % 2)
    };
    format!("id,u,v,colour,paid,day,kind\n{}", (0..40).map(row).collect::<String>())
}

fn recipe() -> Recipe {
    Recipe { label_column: "kind".to_owned(), text: TextColumns::OneHot, missing: Missing::Mean, ..Recipe::default() }
}

/// How a table is read, and its features.
fn trained(desk: &Desk, text: &str, recipe: &Recipe) -> (Reading, Array2<f64>) {
    let data = open(&desk.put("train.csv", text), recipe).expect("it is a table");
    let features = (0..data.len()).flat_map(|i| data.features.row(i)).collect();
    let reading = Reading::with_fills(&data, recipe.missing);
    reading.check(&data.columns).expect("it fits its own columns");
    (reading, Array2::from_shape_vec((data.len(), data.dim()), features).expect("as many as there are"))
}

/// All rows in one, and what was said.
fn rows(path: &Path, reading: &Reading, recipe: &Recipe) -> Result<(Block, Vec<String>)> {
    let mut rows = NewRows::open(path.as_os_str(), reading, recipe)?;
    let block = rows.next_block()?.expect("there are rows");
    assert!(rows.next_block()?.is_none(), "and no more than a block of them");
    Ok((block, rows.notes()))
}

fn refused(path: &Path, reading: &Reading, recipe: &Recipe) -> String {
    rows(path, reading, recipe).map(|_| ()).expect_err("it is refused").to_string()
}

#[test]
fn the_training_table_gives_the_training_features() {
    let desk = Desk::new();
    let (reading, features) = trained(&desk, &table(), &recipe());
    assert_eq!(reading.ids, ["id"]);
    assert_eq!((reading.label.as_deref(), reading.columns.len(), reading.features()), (Some("kind"), 5, 7));
    let (block, notes) = rows(&desk.path("train.csv"), &reading, &recipe()).expect("its own table");
    assert_eq!(block.features, features, "the gap is filled with the mean of the training");
    assert_eq!((block.rows.len(), block.label(3)), (40, Some("k1")));
    assert!(notes.len() == 1 && notes[0].contains("1, in `v (1)`"), "{notes:?}");
    // In another order, without labels and row number, with a strange column, in other notations of a table.
    let moved: String = table()
        .lines()
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            [cells[5], cells[3], "odd", cells[2], cells[1], cells[4]].join(";") + "\r\n"
        })
        .collect();
    for text in [moved.clone(), format!("\u{feff}sep=;\r\n{moved}"), moved.replace("odd", "\"two\r\nlines; quoted\"")] {
        let (block, _) = rows(&desk.put("moved.csv", text), &reading, &recipe()).expect("by name");
        assert_eq!(block.features, features);
        assert_eq!((block.label(3), block.table.width()), (None, 6));
    }
}

#[test]
fn rows_are_read_alike_whatever_stands_beside_them() {
    let desk = Desk::new();
    let (reading, features) = trained(&desk, &table(), &recipe());
    let text = table();
    let lines: Vec<&str> = text.lines().collect();
    for at in [1, 6, 23, 40] {
        let one = desk.put("one.csv", format!("{}\n{}\n", lines[0], lines[at]));
        let (block, _) = rows(&one, &reading, &recipe()).expect("one row is enough");
        assert_eq!(block.features.row(0), features.row(at - 1), "row {at}");
    }
    let header = desk.put("header.csv", lines[0]);
    assert!(refused(&header, &reading, &recipe()).contains("no row follows the header"));
    let unknown = desk.put("new.csv", "colour,u,v,paid,day\namber,1.5,2,maybe,\nblue,1.5,2,no,2024-01-02\n");
    let (block, notes) = rows(&unknown, &reading, &recipe()).expect("strange words");
    assert_eq!(block.features.row(0).iter().skip(2).take(3).sum::<f64>(), 0.0, "no known colour: {:?}", block.features);
    assert!(notes.iter().any(|n| n.contains("column `colour`: 1 row") && n.contains("`amber`")), "{notes:?}");
    assert!(notes.iter().any(|n| n.contains("column `paid`") && n.contains("`maybe`")), "{notes:?}");
    assert!(notes.iter().any(|n| n.contains("`day (1)`")), "{notes:?}");
}

#[test]
fn what_does_not_fit_is_refused_with_its_place() {
    let desk = Desk::new();
    let (reading, _) = trained(&desk, &table(), &recipe());
    for (text, words) in [
        ("u,v,colour,paid\n1,2,red,yes\n", &["new.csv", "no column `day`", "`paid`"][..]),
        ("a,b\n1,2\n", &["no columns `u`, `v`, `colour`, `paid`, `day`", "`a`, `b`"]),
        ("u,v,colour,paid,day\n1,2,red,yes,2024-01-01\n1,2,red\n", &["line 3", "3 cells", "5 columns"]),
        ("u,v,colour,paid,day\r\n1,2,red,yes,2024-01-01\r\n\r\n1,2,red\r\n", &["line 4", "3 cells"]),
        // What could be read in two ways: thousands or fractions, the first of February or the second of January.
        ("u,v,colour,paid,day\n\"1,050\",2,red,yes,2024-01-01\n", &["column `u`", "decimal points", "`1,050`"]),
        ("u,v,colour,paid,day\n1,2,red,yes,01/02/2024\n", &["column `day`", "year-month-day", "`01/02/2024`"]),
        ("", &["empty"]),
    ] {
        let said = refused(&desk.put("new.csv", text), &reading, &recipe());
        assert!(words.iter().all(|word| said.contains(word)), "{text}: {said}");
    }
    let numbered = "0,1,2,3\n1.5,20,7,8\n2.5,10,9,8\n4.5,70,3,2\n";
    let (by_number, _) = trained(&desk, numbered, &Recipe::default());
    let said = refused(&desk.put("new.csv", "7,1,0,2\n1.5,20,7,8\n2.5,10,9,8\n"), &by_number, &Recipe::default());
    assert!(said.contains("no column `3`"), "{said}");
    let bare = desk.put("new.csv", "0,0,1,2\n2.5,10,9,8\n");
    assert_eq!(rows(&bare, &by_number, &Recipe::default()).expect("two rows").0.rows.len(), 2);
    let said = refused(&desk.path("missing.csv"), &reading, &recipe());
    assert!(said.contains("missing.csv"), "{said}");
}

#[test]
fn a_table_that_says_itself_how_it_is_written_is_read_so() {
    let desk = Desk::new();
    let (reading, features) = trained(&desk, &table(), &recipe());
    // The same table as it is written in Germany: commas before fractions, days first, other names.
    let german: String = table()
        .lines()
        .enumerate()
        .map(|(at, line)| {
            let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
            if at > 0 {
                cells = cells.iter().map(|cell| cell.replace('.', ",")).collect();
                if let [year, month, day] = cells[5].split('-').collect::<Vec<_>>()[..] {
                    cells[5] = format!("{day}.{month}.{year}");
                }
            }
            cells.join(";") + "\n"
        })
        .collect();
    let (block, notes) = rows(&desk.put("german.csv", &german), &reading, &recipe()).expect("there is no doubt");
    assert_eq!(block.features, features, "{notes:?}");
    let said = |words: &str| notes.iter().any(|note| note.contains(words));
    assert!(said("a comma before fractions") && said("`day`: all its dates are day-month-year"), "{notes:?}");
    // A quote that nothing closes is part of its word, here as in training.
    let mut quoted = table();
    let last = quoted.rfind(",red,").expect("a colour");
    quoted.insert(last + 1, '"');
    let data = open(&desk.put("quoted.csv", &quoted), &recipe()).expect("it loads");
    let own = Reading::with_fills(&data, recipe().missing);
    let (block, notes) = rows(&desk.path("quoted.csv"), &own, &recipe()).expect("it reads");
    assert_eq!(block.rows.len(), features.nrows());
    assert!(notes.iter().any(|note| note.contains("1 line with a quote that nothing closes")), "{notes:?}");
    let names = table().replacen("colour", "co\u{301}lour", 1).replacen("paid", " PAID\u{a0}", 1);
    let (spelled, _) = trained(&desk, &table().replacen("colour", "c\u{f3}lour", 1), &recipe());
    let (block, notes) = rows(&desk.put("names.csv", names), &spelled, &recipe()).expect("the names are the same");
    assert_eq!(block.rows.len(), features.nrows());
    assert!(notes.iter().any(|note| note.contains("written otherwise")), "{notes:?}");
}

#[test]
fn tables_as_other_programs_write_them() {
    let desk = Desk::new();
    let plain = Recipe::default();
    let (reading, _) = trained(&desk, "x,y\n1.5,20\n2.5,10\n4.5,70\n", &plain);
    for text in [
        "x,y\n1.5,20\n2.5,10\n",
        "# x y\n1.5 20\n2.5 10\n",
        "\"\",\"y\",\"x\"\n\"1\",20,1.5\n\"2\",10,2.5\n",
        "y x\nfirst 20 1.5\nsecond 10 2.5\n",
        "x\ty\t\n1.5\t20\t\n2.5\t10\t\n",
        "n,x,y\n,1.5,20,\n,2.5,10\n",
        "y,x,\nfirst,20,1.5,\nsecond,10,2.5,\n",
        "1.5,20\n2.5,10\n",
    ] {
        let (block, notes) = rows(&desk.put("new.txt", text), &reading, &plain).expect(text);
        assert_eq!(block.features, array![[1.5, 20.0], [2.5, 10.0]], "{text}");
        assert_eq!(notes.iter().any(|n| n.contains("no header")), text.starts_with('1'), "{text}: {notes:?}");
    }
}

#[test]
fn arrays_are_taken_by_their_place_and_filled_like_tables() {
    let desk = Desk::new();
    let plain = Recipe::default();
    let write = |name: &str, values: &Array2<f32>| {
        let bytes = to_npy(values);
        desk.put(name, bytes)
    };
    let data = open(&write("train.npy", &array![[1.0, 2.5], [3.0, 4.5], [8.0, 0.5]]), &plain).expect("an array");
    let reading = Reading::with_fills(&data, Missing::Median);
    assert!(!reading.named);
    let new = array![[0.1_f32, f32::NAN], [7.0, 1e-7]];
    let (block, notes) = rows(&write("new.npy", &new), &reading, &plain).expect("an array");
    assert_eq!(block.features, array![[f64::from(0.1_f32), 2.5], [7.0, f64::from(1e-7_f32)]]);
    assert_eq!(block.table.texts(1).collect::<Vec<_>>(), ["7", "1e-7"], "the digits that came");
    assert!(notes.iter().any(|n| n.contains("`column 2 (1)`")), "{notes:?}");
    let three = write("three.npy", &Array2::zeros((4, 3)));
    assert!(refused(&three, &reading, &plain).contains("reads 2 columns"));
    let named = desk.put("named.csv", "p,label,q\n7,a,1e-7\n");
    let (block, notes) = rows(&named, &reading, &plain).expect("as many columns beside the labels");
    assert_eq!((block.features, block.table.width()), (array![[7.0, 1e-7]], 3));
    assert!(notes[0].contains("without names"), "{notes:?}");
}

#[test]
fn part_of_the_rows_is_drawn_in_order_and_repeats_itself() {
    let desk = Desk::new();
    let (reading, features) = trained(&desk, &table(), &recipe());
    let drawn = |limit: usize| {
        let recipe = Recipe { limit, ..recipe() };
        rows(&desk.path("train.csv"), &reading, &recipe).expect("part of it")
    };
    let (block, notes) = drawn(12);
    assert!(notes.iter().any(|n| n.contains("12 of 40 rows kept")), "{notes:?}");
    assert!(block.rows.len() == 12 && block.rows.is_sorted_by(|a, b| a < b), "{:?}", block.rows);
    assert!(block.rows.iter().enumerate().all(|(i, &row)| block.features.row(i) == features.row(row)));
    assert_eq!(drawn(12).0.rows, block.rows);
    assert_eq!(drawn(40).0.rows, (0..40).collect::<Vec<_>>());
}
