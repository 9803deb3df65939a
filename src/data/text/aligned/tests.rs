use super::*;

fn text(shape: &Shape, text: &str) -> String {
    let mut read = String::new();
    Reshaped::new(text.as_bytes(), shape.clone()).read_to_string(&mut read).expect("memory");
    assert_eq!(read.as_bytes(), shape.apply(text.as_bytes()), "however it is read");
    read.replace('\u{1f}', "|")
}

#[test]
fn lines_that_only_draw_are_told_from_rows_of_gaps() {
    for rule in ["+----+---+", "-----+----", "|---|:--:|", "|-|-|", "=====  ====", "├──┼──┤", "--- , ---", "-----"]
    {
        assert!(is_rule(rule), "{rule}");
    }
    for row in ["-,-,-", "- | - | -", "--", "", "---,1", "a---", "-1 -2 -3", "| - |"] {
        assert!(!is_rule(row), "{row}");
    }
}

#[test]
fn frames_lose_their_lines_and_rows_keep_theirs() {
    let frame = "+---+------+\n| a | b    |\n+---+------+\n| 1 | \"x\"y |\n| 2 |      |\n+---+------+\n2 rows\n";
    let plain = "\na|b\n\n1|\"\"\"x\"\"y\"\n2|\n\n2 rows\n";
    assert_eq!(text(&Shape::Frame(true, true), frame), plain);
    assert_eq!(text(&Shape::Frame(false, false), " a | b\n---+---\n 1 |\r\n"), "a|b\n\n1|\r\n");
    assert_eq!(text(&Shape::Frame(true, true), "│ a │ b │\n├───┼───┤\n│ 1 │ 2 │"), "a|b\n\n1|2");
}

#[test]
fn cells_in_columns_are_found() {
    let even = "name         petal length   n\nNew York     1.5    3\nLa Paz  -2.25    4\n";
    let shape = of_blanks(even, true).expect("a shape");
    assert_eq!(shape, Shape::Runs);
    assert_eq!(text(&shape, even), "name|petal length|n\nNew York|1.5|3\nLa Paz|-2.25|4\n");
    let gaps = "name      x     y\nNew York  1.5   2\nRom             3\nOslo      2.5\nLa Paz    7.0   4\n";
    let shape = of_blanks(gaps, false).expect("a shape");
    assert_eq!(shape, Shape::Places([0, 10, 16].into()));
    assert_eq!(text(&shape, gaps), "name|x|y\nNew York|1.5|2\nRom||3\nOslo|2.5|\nLa Paz|7.0|4\n");
    assert_eq!(text(&shape, "(4 rows found)\n"), "(4 rows found)\n", "a word goes over a place");
    let words =
        "town                   x1\nNew York            1.25\nRom                12.50\nSan Jose de la Paz  7.75\n";
    assert_eq!(blank_columns(&words.lines().collect::<Vec<_>>()), Some(vec![0, 19]));
    let ruled = "city     value\n-------- -----\nNew York   1.5\nRom       12.5\nSan Jose\n";
    assert_eq!(
        text(&of_blanks(ruled, false).expect("a shape"), ruled),
        "city|value\n\nNew York|1.5\nRom|12.5\nSan Jose|\n"
    );
    assert_eq!(
        of_blanks("It was the best of times,\nit was the worst of times,\nit was the age of wisdom\n", false),
        None
    );
}
