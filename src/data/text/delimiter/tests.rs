use super::*;

#[test]
fn delimiters_are_found() {
    for (text, delimiter) in [
        ("a,b\n1,2\n", Delimiter::Byte(b',')),
        ("a;b\n1,5;2,5\n3,5;4,5\n", Delimiter::Byte(b';')),
        ("1,5;2,5\n3,5;4,5\n", Delimiter::Byte(b';')),
        ("a\tb c\n1\t2\n", Delimiter::Byte(b'\t')),
        ("1|2\n3|4\n", Delimiter::Byte(b'|')),
        ("  1.0   2.0\n 3.0 4.0\n", Delimiter::Blank),
        ("Data of one run\nTime (sec): 1\n1.0\t2.0\n3.0\t4.0\n5.0\t6.0\n", Delimiter::Byte(b'\t')),
        ("1 \t2\n 3\t 4\n5 6\n", Delimiter::Blank),
        ("1 2\t3\n4 5\t6\n7 8\t9\n", Delimiter::Blank),
        ("g\tgene 1\t1\t2\nh\tgene 2\t3\t4\ni\tgene 3\t5\t6\n", TAB),
        ("\"a,b\",c\n1,2\n", Delimiter::Byte(b',')),
        ("1\n2\n", Delimiter::Byte(b',')),
        ("1,2,3\n4,5\n6,7,8\n", Delimiter::Byte(b',')),
        // What stands in every cell of words is no delimiter beside one that leaves numbers.
        ("0.8,-1.2,\"item, 0\",red|large\n4.2,6.3,item 1,red|large\n", Delimiter::Byte(b',')),
        ("p,comment\n0.8,\"first; 0\nsecond; 1\"\n4.2,\"first; 1\nsecond; 2\"\n", Delimiter::Byte(b',')),
        ("symbol,date,price\nMSFT,Jan 1 2000,39\nMSFT,Feb 1 2000,36\nMSFT,Mar 1 2000,43\n", Delimiter::Byte(b',')),
        (
            "Run ID,Date of run,Name of it,km\n71,\"Jan 5, 2024\",Run 1,8.5\n72,\"Jan 6, 2024\",Run 2,9.5\n",
            Delimiter::Byte(b','),
        ),
        ("a b c\n1,5 2,5 3,5\n4,5 5,5 6,5\n", Delimiter::Blank),
        ("a~b~c\n1~2~3\n4~5~6\n", Delimiter::Byte(b'~')),
        ("a:b:c\n1:2:3\n4:5:6\n", Delimiter::Byte(b':')),
        ("12:30:15\n12:31:15\n12:32:15\n", Delimiter::Byte(b',')),
        ("name;age\nSmith, John;41\nDoe, Jane;27\n", Delimiter::Byte(b';')),
        ("x,y\n\"1,5\",2\n\"2,5\",3\n", Delimiter::Byte(b',')),
        ("\"x\" \"the place\"\n\"1\" 5.1 \"New York\"\n\"2\" 4.9 \"Rom\"\n", Delimiter::Blank),
        ("weight,len\n10.5 kg,3.2 cm\n9.1 kg,2.7 cm\n8.1 kg,9.7 cm\n", COMMA),
        ("weight;len\n10 kg;3 cm\n9 kg;2 cm\n8 kg;9 cm\n", Delimiter::Byte(b';')),
        ("height\n1,75\n1,82\n0,9\n", Delimiter::Byte(b';')),
        ("people\n1,234\n985\n12,340\n999\n4,120\n", Delimiter::Byte(b';')),
        ("1,05\n2,5\n3,75\n1,2\n", Delimiter::Byte(b';')),
        ("x\n1,5\n2,7\n3,9\n", COMMA),
        ("1,5\n2,7\n3,9\n1,2\n", COMMA),
        ("Series, 3\n1,5 2\n2,5 3\n4,5 5\n", Delimiter::Blank),
        (" a |  b\n---+-----\n 1 | x y\n 2 | z\n(2 rows)\n", Delimiter::Byte(b'|')),
    ] {
        assert_eq!(sniff(text, true).0, delimiter, "{text}");
    }
}

#[test]
fn blanks_within_quotes_part_nothing() {
    let cells = |line| Blanks(line).collect::<Vec<_>>().join("|");
    assert_eq!(cells(" 1\t \"New York\"  \"a \\\" b\" 5\" \"\" \"open end\n"), "1|New York|a \\\" b|5\"||\"open|end");
    assert_eq!(cells("  \r\n"), "");
    // Each of these quotes was looked for its end to the end of the line.
    assert_eq!(Blanks(&"\"a ".repeat(100_000)).count(), 100_000);
}

#[test]
fn records_know_their_lines() {
    let lines = |text: &str, delimiter: Delimiter| {
        delimiter.records(text.as_bytes(), 9).into_iter().map(|(line, _)| line).collect::<Vec<_>>()
    };
    assert_eq!(lines("a title\r\n\r\na,b\r\n---,---\r\n\"1\r\n2\",3\r\n4,5", Delimiter::Byte(b',')), [0, 2, 4, 6]);
    assert_eq!(lines("a title\n\na b\n--- ---\n1 2\n", Delimiter::Blank), [0, 2, 4]);
}

#[test]
fn a_rival_is_named() {
    let (delimiter, note) = sniff("a,b;c,d\ne,f;g,h\n", true);
    assert_eq!(delimiter, Delimiter::Byte(b','));
    assert!(note.is_some_and(|note| note.contains("`;`") && note.contains("--delimiter")));
    assert_eq!(sniff("a\tb\n1\t2\n", true).1, None);
}

#[test]
fn a_delimiter_is_named_or_written() {
    for (text, delimiter) in [("tab", b'\t'), ("\\t", b'\t'), (";", b';'), ("Pipe", b'|'), ("^", b'^')] {
        assert_eq!(Delimiter::given(text).expect(text), Some(Delimiter::Byte(delimiter)));
    }
    assert_eq!(Delimiter::given("auto").expect("auto"), None);
    for text in ["", "::", "\"", "ä"] {
        assert!(Delimiter::given(text).expect_err(text).to_string().contains("--delimiter"), "{text}");
    }
}
