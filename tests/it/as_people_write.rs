//! Cells and names as people write them: units, limits, years below names, names again, numbers that are names.

use eigenscope::data::{Dataset, NewRows, OutlineColumn, Reading, SeenKind};
use eigenscope::recipe::Missing;
use eigenscope::recipe::columns::Role;
use eigenscope::{Recipe, Result};

use crate::support::desk::{Desk, noted, open};

pub(crate) fn read(name: &str, text: impl AsRef<[u8]>) -> Dataset {
    let desk = Desk::new();
    open(&desk.put(name, text), &Recipe::default()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// A name, a column of these cells, and one of small numbers; `rows` of them.
fn table(column: &str, rows: usize, cell: impl Fn(usize) -> String) -> String {
    let rows: String = (0..rows).map(|i| format!("n{i};{};{}\n", cell(i), i * i % 7)).collect::<Vec<_>>().concat();
    format!("name;{column};b\n{rows}")
}

pub(crate) fn seen<'a>(data: &'a Dataset, column: &str) -> &'a OutlineColumn {
    let outline = data.outline.as_deref().expect("a table");
    let at = outline.first.header.iter().position(|name| name == column).expect(column);
    &outline.columns[at]
}

/// The first values of a feature.
pub(crate) fn values(data: &Dataset, feature: &str, count: usize) -> Vec<f64> {
    let at = data.columns.iter().position(|name| name == feature).unwrap_or_else(|| panic!("{:?}", data.columns));
    (0..count).map(|row| data.features.row(row)[at]).collect()
}

#[test]
fn numbers_stand_with_units_and_marks() {
    fn of(i: usize) -> f64 {
        [50.0, 55.5, 61.0, 66.5][i % 4]
    }
    for (cell, first, said) in [
        (Box::new(|i: usize| format!("{} kg", of(i))) as Box<dyn Fn(usize) -> String>, [50.0, 55.5], "w (kg)"),
        (Box::new(|i: usize| format!("{}kg", of(i))), [50.0, 55.5], "w (kg)"),
        (Box::new(|i: usize| format!("{} items", of(i))), [50.0, 55.5], "w (items)"),
        (Box::new(|i: usize| format!("USD {}", of(i))), [50.0, 55.5], "w (USD)"),
        (Box::new(|i: usize| format!("{} °C", -of(i))), [-50.0, -55.5], "w (°C)"),
        (Box::new(|i: usize| if i == 0 { "<0.01".to_owned() } else { of(i).to_string() }), [0.01, 55.5], "w (1)"),
        (Box::new(|i: usize| format!("{} ± 0.5", of(i))), [50.0, 55.5], "with ±"),
        (Box::new(|i: usize| format!("{}{}", of(i), ["*", ""][i % 2])), [50.0, 55.5], "w (10)"),
        (Box::new(|i: usize| format!("{}{}", i + 1, ["K", "M"][i % 2])), [1e3, 2e6], "K, M, B"),
        (Box::new(|i: usize| format!("{}°{}", i + 1, ["W", "E"][i % 2])), [-1.0, 2.0], "w (°)"),
        (Box::new(|i: usize| format!("{i} days 00:00:30")), [30.0, 86_430.0], "times taken as seconds"),
        (Box::new(|i: usize| format!("{}.5×10^{}", i, i % 3)), [0.5, 15.0], "column"),
    ] {
        let data = read("a.csv", table("w", 20, cell));
        assert_eq!(values(&data, "w", 2), first, "{:?}", data.notes);
        assert!(noted(&data, said), "{said}: {:?}", data.notes);
        assert_eq!(data.filled.len(), 0, "{said}");
    }
}

#[test]
fn a_comma_may_stand_in_a_number_with_a_unit() {
    let data = read("a.csv", table("w", 20, |i| format!("{},5 kg", i + 1)));
    assert_eq!(values(&data, "w", 2), [1.5, 2.5], "{:?}", data.notes);
}

#[test]
fn different_units_are_no_numbers() {
    for units in [["kg", "s"], ["ft", ""]] {
        let data = read("a.csv", table("w", 20, |i| format!("{} {}", i + 5, units[i % 2])));
        assert_eq!((data.columns.join(" "), seen(&data, "w").role), ("b".to_owned(), Role::Shown), "{:?}", data.notes);
        assert!(noted(&data, &format!("`{}`", units[0])), "{:?}", data.notes);
    }
    // Money of two countries, and per cent beside what is no share.
    for cell in
        [|i: usize| format!("{}{}.5", ["$", "€"][i % 2], i + 5), |i: usize| format!("{}{}", i + 5, ["%", ""][i % 2])]
    {
        let data = read("a.csv", table("w", 20, cell));
        assert_eq!((data.columns.join(" "), seen(&data, "w").role), ("b".to_owned(), Role::Shown), "{:?}", data.notes);
        assert!(noted(&data, "with different units"), "{:?}", data.notes);
    }
    // Codes, pressures, ranges and versions are no measures.
    for cell in [
        |i: usize| format!("{}A", i % 9),
        |i: usize| format!("{}/{}", i % 9 + 110, i % 5 + 70),
        |i: usize| format!("{}-{}", i % 5, i % 3),
        |i: usize| format!("{i}.0.{i}"),
    ] {
        let data = read("a.csv", table("w", 20, cell));
        assert_eq!(data.columns.join(" "), "b", "{:?}", data.notes);
    }
}

#[test]
fn a_word_may_be_called_infinity() {
    let data =
        read("a.csv", table("film", 20, |i: usize| if i == 3 { "Infinity".to_owned() } else { format!("film {i}") }));
    assert_eq!(data.columns.join(" "), "b");
}

#[test]
fn a_ratio_over_nothing_is_missing_and_said() {
    let ratio = |i: usize| {
        if i.is_multiple_of(3) { ["inf", "-Infinity", "1e999"][i % 9 / 3].to_owned() } else { i.to_string() }
    };
    let data = read("a.csv", table("w", 20, ratio));
    assert_eq!((data.columns.join(" "), data.filled.len()), ("w b".to_owned(), 7));
    assert!(data.notes.iter().any(|note| note.contains("`w`: 7 of 20 cells are no numbers")), "{:?}", data.notes);
    let data = read("a.csv", table("w", 20, |_| "inf".to_owned()));
    assert_eq!(data.columns.join(" "), "b", "a column without a finite number says nothing");
}

#[test]
fn years_name_columns() {
    let rows: String = (0..20)
        .map(|i: usize| format!("c{i},{},{},{},{}\n", i * 7 % 23, i, i * 3 % 17, i * 11 % 29))
        .collect::<Vec<_>>()
        .concat();
    for head in [
        ",Population,,Income,\ncountry,2019,2020,2019,2020\n",
        "country,Population,Population,Income,Income\n,2019,2020,2019,2020\n",
    ] {
        let data = read("a.csv", format!("{head}{rows}"));
        assert_eq!(
            data.columns.join("|"),
            "Population 2019|Population 2020|Income 2019|Income 2020",
            "{:?}",
            data.notes
        );
        assert_eq!(data.len(), 20);
    }
    let data = read("a.csv", format!("country,1990,1995,2000,2005\n{rows}"));
    assert_eq!((data.columns.join("|"), data.len()), ("1990|1995|2000|2005".to_owned(), 20), "{:?}", data.notes);
}

#[test]
fn names_again_are_no_rows_here_and_in_new_rows() {
    let rows = |i: usize| format!("{},{},{}\n", i, i * 5 % 19, i * 3 % 17);
    let plain: String = (0..40).map(rows).collect::<Vec<_>>().concat();
    let again: String = (0..40)
        .map(|i: usize| if i.is_multiple_of(10) { format!("a,b,c\n{}", rows(i)) } else { rows(i) })
        .collect::<Vec<_>>()
        .concat();
    let (expected, data) = (read("a.csv", format!("a,b,c\n{plain}")), read("b.csv", &again));
    assert_eq!(data.features, expected.features, "{:?}", data.notes);
    assert!(
        noted(&data, "3 rows that say the names of the columns again left out, the first on line 12"),
        "{:?}",
        data.notes
    );
    let desk = Desk::new();
    let reading = Reading::with_fills(&expected, Missing::Median);
    let path = desk.put("new.csv", &again);
    let mut new = NewRows::open(path.as_os_str(), &reading, &Recipe::default()).expect("it opens");
    let block = new.next_block().expect("it reads").expect("there are rows");
    assert_eq!((block.rows.len(), block.rows[39], block.features[[39, 1]]), (40, 39, 5.0));
    assert!(new.notes().iter().any(|note| note.starts_with("3 rows with the names")), "{:?}", new.notes());
}

#[test]
fn sums_among_the_rows_are_said() {
    let rows = (0..20).map(|i: usize| {
        let sum = if i % 5 == 4 { "Subtotal,7,8\n" } else { "" };
        format!("n{i},{},{}\n{sum}", i + 1, i * 3 % 17)
    });
    let data = read("a.csv", format!("region,a,b\n{}", rows.collect::<Vec<_>>().concat()));
    assert!(noted(&data, "4 rows called as sums are, such as that on line 7"), "{:?}", data.notes);
}

#[test]
fn numbers_that_name_are_no_features() {
    let text: String = (0..60)
        .map(|i: usize| format!("{},{},{},{}.5\n", 900 + i, 900 + i * 37 % 50, 10_115 + i * 31 % 700, i * i % 11))
        .collect::<Vec<_>>()
        .concat();
    let data = read("a.csv", format!("order_id,customer_id,zip,total\n{text}"));
    let roles = ["order_id", "customer_id", "zip", "total"].map(|name| seen(&data, name).role);
    assert_eq!(roles, [Role::Id, Role::Shown, Role::Shown, Role::Feature], "{:?}", data.notes);
    let wanted = Recipe { features: "auto,zip".to_owned(), ..Recipe::default() };
    let desk = Desk::new();
    let data = open(&desk.put("a.csv", format!("order_id,customer_id,zip,total\n{text}")), &wanted).expect("it opens");
    assert_eq!(data.columns.join(" "), "zip total");
    // The names of rows that R and pandas keep when some of the rows are picked.
    let text: String =
        (0..30).map(|i: usize| format!("{},{},{}.5\n", i * i + 3, i % 7, i % 5)).collect::<Vec<_>>().concat();
    let data = read("a.csv", format!("\"\",a,b\n{text}"));
    assert_eq!(
        (data.columns.join(" "), seen(&data, "column 1").role),
        ("a b".to_owned(), Role::Id),
        "{:?}",
        data.notes
    );
    let data =
        read("a.csv", table("family", 30, |i: usize| if i == 9 { "136A".to_owned() } else { format!("{i:03}") }));
    assert_eq!((data.columns.join(" "), seen(&data, "family").kind), ("b".to_owned(), SeenKind::Category));
}

#[test]
fn blanks_within_cells_part_no_line_of_names() {
    let months = ["Jan", "Feb", "Mar", "Apr"];
    let text: String = (0..300)
        .map(|i: usize| format!("MSFT,{} 1 20{:02},{}\n", months[i % 4], i % 20, 39 + i % 7))
        .collect::<Vec<_>>()
        .concat();
    let data = read("a.csv", format!("symbol,date,price\n{text}"));
    assert_eq!((data.columns.join(" "), data.len()), ("date price".to_owned(), 300), "{:?}", data.notes);
}

#[test]
fn attributes_and_odd_marks_are_read() {
    let rows: String = (0..20)
        .map(|i: usize| format!("{}.5,{},{}\n", i, i * 5 % 7, ["sunny", "rainy"][i % 2]))
        .collect::<Vec<_>>()
        .concat();
    let arff = format!(
        "% made by hand\n@relation w\n@attribute 'day length' numeric\n@attribute wind real\n@attribute class {{sunny, rainy}}\n@data\n{rows}"
    );
    let data = read("a.arff", &arff);
    assert_eq!((data.columns.join("|"), data.len()), ("day length|wind".to_owned(), 20), "{:?}", data.notes);
    assert_eq!(data.labels.as_ref().expect("a class").names.join(" "), "rainy sunny");
    let desk = Desk::new();
    let reading = Reading::with_fills(&data, Missing::Median);
    let path = desk.put("new.arff", &arff);
    let mut new = NewRows::open(path.as_os_str(), &reading, &Recipe::default()).expect("it opens");
    assert_eq!(new.next_block().expect("it reads").expect("rows").rows.len(), 20);
    for (mark, name) in [("~", "a.txt"), (":", "b.txt"), ("^", "c.txt")] {
        let rows: String = (0..20)
            .map(|i: usize| [i, i * 5 % 7, i % 3].map(|v| v.to_string()).join(mark) + "\n")
            .collect::<Vec<_>>()
            .concat();
        let data = read(name, format!("{}\n{rows}", ["a", "b", "c"].join(mark)));
        assert_eq!((data.columns.join(" "), data.len()), ("a b c".to_owned(), 20), "{mark}: {:?}", data.notes);
    }
    let data = read("a.dat", "% made by hand\n% with care\n1.5 2 3\n2.5 3 4\n4 5 9\n1 2 2\n");
    assert_eq!((data.len(), data.dim()), (4, 3));
    let data = read("a.csv", "3,4,good,bad\n1.5,2,3,4,0\n2.5,3,1,2,1\n4.5,5,6,7,0\n");
    assert_eq!((data.len(), data.dim()), (3, 5), "{:?}", data.notes);
}

#[test]
fn a_model_takes_no_other_unit() {
    let desk = Desk::new();
    let trained = read("a.csv", table("w", 20, |i: usize| format!("{} kg", i + 5)));
    let reading = Reading::with_fills(&trained, Missing::Median);
    let open = |name: &str, text: String| -> Result<(Vec<f64>, Vec<String>)> {
        let path = desk.put(name, text);
        let mut new = NewRows::open(path.as_os_str(), &reading, &Recipe::default())?;
        let block = new.next_block()?.expect("rows");
        Ok((block.features.column(0).to_vec(), new.notes()))
    };
    let (same, said) = open("same.csv", table("w", 3, |i: usize| format!("{}kg", i + 5))).expect("the same unit");
    assert_eq!((same, said), (vec![5.0, 6.0, 7.0], Vec::new()));
    let grams = |i: usize| if i == 1 { "6 kg".to_owned() } else { format!("{} g", (i + 5) * 1000) };
    let (grams, said) = open("grams.csv", table("w", 3, grams)).expect("of one kind");
    assert_eq!(grams, [5.0, 6.0, 7.0]);
    assert_eq!(
        said,
        ["column `w`: 2 cells in another unit than the training's kg, the first `5000 g`, converted to it"]
    );
    for cell in [|i: usize| format!("{} s", i + 5), |i: usize| format!("{}", i + 5), |i: usize| format!("{i} lb")] {
        let refused = open("other.csv", table("w", 3, cell)).expect_err("another unit").to_string();
        assert!(refused.contains("column `w`: the model reads numbers with the unit `kg`"), "{refused}");
    }
}
