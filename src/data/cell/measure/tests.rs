use super::*;

/// Value, unit and mark of a cell.
fn read(text: &str) -> Option<(f64, String, Option<Mark>)> {
    measure(text, false).map(|found| (found.value, found.unit.name().to_owned(), found.mark))
}

#[test]
fn a_number_is_told_from_what_stands_beside_it() {
    for (text, value, unit, mark) in [
        ("12 kg", 12.0, "kg", None),
        ("12.5kg", 12.5, "kg", None),
        ("1,200 m²", 1200.0, "m²", None),
        ("-4.5 °C", -4.5, "°C", None),
        ("9.81 m/s^2", 9.81, "m/s^2", None),
        ("3 W m-2", 3.0, "W m-2", None),
        ("7 items", 7.0, "items", None),
        ("1.2e-3 V", 0.0012, "V", None),
        ("< 0.01", 0.01, "", Some(Mark::Limit)),
        ("≥5 mg/l", 5.0, "mg/l", Some(Mark::Limit)),
        ("4+", 4.0, "", Some(Mark::Open)),
        ("~12", 12.0, "", Some(Mark::About)),
        ("ca. 12 m", 12.0, "m", Some(Mark::About)),
        ("1.5 ± 0.2", 1.5, "", Some(Mark::Spread)),
        ("1.5+/-0.2 mm", 1.5, "mm", Some(Mark::Spread)),
        ("12*", 12.0, "", Some(Mark::Footnote)),
        ("12 [1]", 12.0, "", Some(Mark::Footnote)),
        ("12²", 12.0, "", Some(Mark::Footnote)),
        ("USD 12.50", 12.5, "USD", None),
        ("<5%", 0.05, "%", Some(Mark::Limit)),
        ("1.5×10^3", 1500.0, "", None),
        ("2 x 10−3 g", 0.002, "g", None),
        ("59°N", 59.0, "°", None),
        ("18.25° W", -18.25, "°", None),
        ("50°30'36\"S", -50.51, "°", None),
        ("45°", 45.0, "°", None),
        ("N 52° 30.6'", 52.51, "°", None),
        ("W13°24′", -13.4, "°", None),
        ("52° 30.6 S", -52.51, "°", None),
    ] {
        let (got, of, with) = read(text).unwrap_or_else(|| panic!("{text} is a measure"));
        assert!((got - value).abs() < 1e-9 && of == unit && with == mark, "{text}: {got} {of} {with:?}");
    }
    assert_eq!(measure("12,5 kg", true).map(|found| found.value), Some(12.5));
    for text in [
        "kg",
        "",
        "12A",
        "A12",
        "3/5",
        "10-19",
        "3 of 5",
        "12 Main Street 5",
        "1.2.3",
        "5..6",
        "12 kg 5",
        "±3",
        "<b>",
        "1.2 ± x",
        "-",
        "12 3 kg",
        "3rd of the last century",
        "4th",
        "$",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn letters_of_a_trial_stand_behind_numbers() {
    let read = ["12.3ab", "7,5 c", "4", "12.3AB", "1.5ba", "1.5aB", "1.5z", "ab", "1e5"]
        .map(|text| lettered(text, text.contains(',')));
    let (ab, c) = (Some((12.3, 0b11)), Some((7.5, 0b100)));
    assert_eq!(read, [ab, c, Some((4.0, 0)), ab, None, None, None, None, Some((1e5, 0))]);
}

#[test]
fn letters_stand_for_thousands_where_a_column_has_several() {
    let value = |text: &str, unit| measure(text, false).and_then(|found| found.in_unit(unit));
    let all = ["1.2K", "3M", "5", "4 kg"].map(|text| value(text, Unit::MAGNITUDE));
    assert_eq!(all, [Some(1200.0), Some(3e6), Some(5.0), None]);
    let unit = Unit::of("kg").expect("it is short");
    assert_eq!(["4 kg", "4 g", "4", "0"].map(|text| value(text, unit)), [Some(4.0), Some(0.004), None, Some(0.0)]);
}
