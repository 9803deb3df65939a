use super::*;

fn shapes(cells: &[&str]) -> Shapes {
    let mut table = Table::new(vec!["a".to_owned()]);
    for cell in cells {
        table.push([*cell].into_iter()).expect("one cell");
    }
    Shapes::of(&table, 0)
}

#[test]
fn flags_and_dates_are_whole_columns() {
    assert_eq!(shapes(&["True", "False", "", "True"]).kind(), Some(Kind::Flags));
    assert_eq!(shapes(&["yes", "0", "no"]).kind(), Some(Kind::Flags));
    for ticks in [["x", "", "X"], ["", "✓", "✓"], ["+", "", ""], ["yes", "", "yes"]] {
        assert_eq!(shapes(&ticks).kind(), Some(Kind::Ticks), "{ticks:?}");
    }
    assert_eq!(shapes(&["x", "-", "x"]).kind(), None, "what is not there may be neither");
    assert_eq!(["x", "", "no"].map(|text| Kind::Ticks.value(text).to_bits()), [1.0_f64, 0.0, 0.0].map(f64::to_bits));
    assert_eq!(shapes(&["yes", "2", "no"]).kind(), None);
    assert_eq!(shapes(&["yes", "maybe"]).kind(), None);
    assert_eq!(shapes(&["2024-01-31", "NA", "2024-02-01"]).kind(), Some(Kind::Dates(DateOrder::YearMonthDay)));
    assert_eq!(shapes(&["31/01/2024", "01/02/2024"]).kind(), Some(Kind::Dates(DateOrder::DayMonthYear)));
    assert_eq!(shapes(&["01/31/2024", "01/02/2024"]).kind(), Some(Kind::Dates(DateOrder::MonthDayYear)));
    assert_eq!(shapes(&["01/02/2024", "03/04/2024"]).kind(), Some(Kind::UnclearDates));
    assert_eq!(shapes(&["01.02.2024", "03.04.2024"]).kind(), Some(Kind::Dates(DateOrder::DayMonthYear)));
    assert_eq!(shapes(&["2024-01-31", "soon"]).kind(), None);
    let mut days: Vec<String> = (1..=19).map(|day| format!("{day}.1.2024")).collect();
    days.push("soon".to_owned());
    let days: Vec<&str> = days.iter().map(String::as_str).collect();
    assert_eq!(shapes(&days).kind(), Some(Kind::Dates(DateOrder::DayMonthYear)), "a slip");
    assert_eq!(shapes(&days[1..]).kind(), None, "one in nineteen is none");
    assert_eq!(shapes(&["", "-"]).kind(), Some(Kind::Empty));
    assert_eq!(shapes(&["12:30", "", "7:05"]).kind(), Some(Kind::Numbers(Notation::Clock)));
    assert_eq!(shapes(&["12:30", "7:05:10"]).kind(), None, "minutes or seconds at the end");
    let days = ["20240131", "20240201", "19991231", "20240203", "20240204"];
    assert_eq!(shapes(&days).kind(), Some(Kind::Dates(DateOrder::YearMonthDay)));
    assert_eq!(shapes(&days[..4]).kind(), None, "too few");
    assert_eq!(shapes(&["01234", "80331", ""]).kind(), Some(Kind::Words));
    assert_eq!(shapes(&["001", "135", "136A"]).kind(), Some(Kind::Words));
    assert_eq!(shapes(&["01", "12", "0"]).kind(), None, "months");
    assert_eq!(shapes(&["012.5", "112.0"]).kind(), None);
}

#[test]
fn a_comma_is_what_the_column_says() {
    assert_eq!(shapes(&["1,5", "2,25", "3"]).notation(), Some(Notation::Comma));
    assert_eq!(shapes(&["1,234,567", "12,400"]).notation(), Some(Notation::Point));
    assert_eq!(shapes(&["1,234.5", "12,400"]).notation(), Some(Notation::Point));
    assert_eq!(shapes(&["1.234,5", "12,400"]).notation(), Some(Notation::Comma));
    let income = shapes(&["985", "1,050", "12,400"]);
    assert_eq!((income.notation(), income.is_unclear(), income.likely(true)), (None, true, Notation::Point));
    assert_eq!(shapes(&["985", "1,050", "12400"]).likely(false), Notation::Comma);
    assert_eq!(shapes(&["1,050", "2,400"]).likely(true), Notation::Comma);
    assert_eq!(shapes(&["1,050", "2,400"]).likely(false), Notation::Point);
}

#[test]
fn points_may_part_thousands() {
    let part = |cells: &[&str]| {
        let mut table = Table::new(vec!["a".to_owned()]);
        for cell in cells {
            table.push([*cell].into_iter()).expect("one cell");
        }
        points_part_thousands(&table, 0)
    };
    let people = ["985", "1.050", "12.400", "", "870", "3.125", "1.250.000", "2.002"];
    assert!(part(&people));
    for (at, cell) in [(1, "1.05"), (1, "0.105"), (0, "9850"), (2, "1.5e3")] {
        let mut cells = people;
        cells[at] = cell;
        assert!(!part(&cells), "{cell}");
    }
    // Fractions of three digits beside whole numbers of their size.
    assert!(!part(&["9", "1.050", "12.400", "8", "3.125", "2.002"]));
    assert!(!part(&["985", "870", "12.400"]), "too few");
}

#[test]
fn cells_stand_for_numbers() {
    let is = |kind: Kind, text: &str, value: f64| (kind.value(text) - value).abs() < f64::EPSILON;
    assert!(is(Kind::Flags, "T", 1.0) && is(Kind::Flags, "no", 0.0) && is(Kind::Flags, "1", 1.0));
    assert!(is(Kind::Numbers(Notation::Point), " 12,400 ", 12_400.0));
    assert!(is(Kind::Dates(DateOrder::YearMonthDay), "1970-01-03", 2.0));
    assert!(Kind::Numbers(Notation::Plain).value("oops").is_nan() && Kind::Words.value("1").is_nan());
}
