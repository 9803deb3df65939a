use super::*;

/// The line of an object, and its pairs.
type Row = (u64, Vec<(String, Value)>);

fn rows(text: &str) -> Result<Vec<Row>, Wrong> {
    let mut objects = Objects::new(text.as_bytes());
    let mut rows = Vec::new();
    loop {
        let mut row = Vec::new();
        let line = objects.next(&mut |key, value| {
            row.push((key.to_owned(), value));
            Ok(())
        })?;
        match line {
            Some(line) => rows.push((line, row)),
            None => return Ok(rows),
        }
    }
}

#[test]
fn values_keep_their_digits_and_lose_their_quotes() {
    let bare = |text: &str| Value::Bare(text.to_owned());
    let text = "\u{feff}\n{\"a\": 1.50, \"b\":12345678901234567890123 ,\"c\":-1E+3}\n\n {\"ä\\u00e4\\n\":\"\\\"x\\\"\", \"d\" : null,\"e\":true}";
    let found = rows(text).expect("two objects");
    assert_eq!(found[0].0, 2);
    let first = [("a", bare("1.50")), ("b", bare("12345678901234567890123")), ("c", bare("-1E+3"))];
    assert_eq!(found[0].1, first.map(|(key, value)| (key.to_owned(), value)));
    let second = [("ää\n", Value::Text("\"x\"".to_owned())), ("d", Value::Null), ("e", bare("true"))];
    assert_eq!((found[1].0, &found[1].1[..]), (4, &second.map(|(key, value)| (key.to_owned(), value))[..]));
    assert_eq!(rows("").expect("nothing"), []);
}

#[test]
fn a_list_of_objects_is_the_same() {
    let lines = rows("{\"a\":1}\n{}\n").expect("lines");
    let list = rows("[{\"a\":1},\n{}]").expect("a list");
    assert_eq!(lines, list);
    assert_eq!(rows(" [ ] \n").expect("nothing"), []);
}

#[test]
fn what_lies_within_has_the_way_to_it_for_a_name() {
    let names = |text: &str| {
        let rows = rows(text).expect(text);
        let names = rows.iter().flat_map(|(_, row)| row.iter().map(|(key, _)| key.replace(WITHIN, ".")));
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names("{\"a\":{\"b\":1,\"c\":{\"d\":[2,{\"e\":3}]}},\"f\":[],\"g\":{}}"), "a.b a.c.d.0 a.c.d.1.e");
    assert_eq!(names("[[1,2],[3, 4]]"), "0 1 0 1");
    let deep = format!("{{\"a\":{}", "[".repeat(100));
    assert!(rows(&deep).is_err_and(|wrong| wrong.what.contains("within each other")));
}

#[test]
fn complaints_have_their_line_and_column() {
    for (text, line, column, what) in [
        ("{\"a\":1}\n{\"ä\":[1 2]}\n", 2, 9, "a comma or the end of the list"),
        ("{\"a\":{\"b\":1", 1, 11, "ends within an object"),
        ("{\"a\":[1", 1, 7, "ends within a list"),
        ("{\"a\":1}\n{\"a\":1", 2, 6, "ends within an object"),
        ("{\"a\":\"x\n\"}", 1, 8, "quote missing"),
        ("{\"a\":\"x", 1, 7, "ends within a text"),
        ("{\"a\":01}", 1, 6, "`01` is no value"),
        ("{\"a\":red}", 1, 6, "`red` is no value"),
        ("{\"a\":}", 1, 6, "a value is missing"),
        ("{\"a\" 1}", 1, 6, "a colon"),
        ("{a:1}", 1, 2, "a key in quotes"),
        ("{\"a\":1,}", 1, 8, "a key in quotes"),
        ("{\"a\":1 \"b\":2}", 1, 8, "a comma"),
        ("{\"a\":\"\\x\"}", 1, 9, "an escape"),
        ("[{\"a\":1} {\"a\":2}]", 1, 10, "comma is missing"),
        ("[{\"a\":1}", 1, 8, "ends within its list"),
        ("[{\"a\":1}] 2", 1, 11, "after the list"),
        ("[1,2]", 1, 2, "an object"),
        ("{\"a\":1}\n3\n", 2, 1, "an object"),
        ("{\"a\":1}\n{\"a\":2\n{\"a\":3}\n", 3, 1, "the object begins on line 2"),
    ] {
        let wrong = rows(text).expect_err(text);
        assert!(wrong.what.contains(what), "{text}: {wrong:?}");
        assert_eq!((wrong.line, wrong.column), (line, column), "{text}: {wrong:?}");
    }
}
