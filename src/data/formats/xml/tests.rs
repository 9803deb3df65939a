use super::ways::MOST_KINDS;
use super::*;

fn read(text: &str) -> Result<String> {
    let raw = load_file(Input::of_text("a.xml", text)?, &Recipe::default(), &Progress::silent())?;
    let table = raw.table.expect("a table");
    let rows = (0..table.len()).map(|row| table.record(row).collect::<Vec<_>>().join("|"));
    Ok(std::iter::once(table.header.join("|")).chain(rows).collect::<Vec<_>>().join(" / "))
}

#[test]
fn what_comes_again_with_values_is_a_row() {
    let rows = "<?xml version=\"1.0\"?>\n<!-- <row> -->\n<data n='3'><head><made>today</made></head>\n<row id='1'><a>1.5</a><w>x &lt; y</w></row>\n\
                <row id='2'><a>2.5</a><w><![CDATA[<z>]]></w><more b=\"7\"/></row>\n<row id='3'><a>2</a><w/></row></data>";
    assert_eq!(read(rows).expect("rows"), "id|a|w|more.b / 1|1.5|x < y| / 2|2.5|<z>|7 / 3|2||");
    let track = "<gpx xmlns=\"a\"><trk><name>x</name><trkseg><trkpt lat=\"1\" lon=\"2\"><ele>3</ele></trkpt><trkpt lat=\"4\" lon=\"5\"><ele>6\
                 </ele></trkpt></trkseg><trkseg><trkpt lat=\"7\" lon=\"8\"><ele>9</ele></trkpt><trkpt lat=\"1\" lon=\"8\"/></trkseg></trk></gpx>";
    assert!(read(track).expect("points").starts_with("lat|lon|ele / 1|2|3 / 4|5|6 / 7|8|9"));
    assert_eq!(read("<r><p><v>1</v><v>2</v></p><p><v>3</v><v>4</v></p></r>").expect("rows"), "v|v.2 / 1|2 / 3|4");
    let cells = |from: u32| (from..from + 5).map(|value| format!("<c>{value}</c>")).collect::<Vec<_>>().concat();
    let bare = format!("<t><r>{}</r><r>{}</r></t>", cells(1), cells(6));
    assert_eq!(read(&bare).expect("rows"), "c|c.2|c.3|c.4|c.5 / 1|2|3|4|5 / 6|7|8|9|10");
    assert!(looks_so(rows, true) && looks_so(track, true) && !looks_so("<b> is it\n1,2\n", true));
}

#[test]
fn columns_are_called_as_their_attribute_says() {
    let field = |name: &str, value: u32| format!("<field name=\"{name}\">{value}</field>\n");
    let row = |from: u32| {
        ["id", "a", "b", "c"].iter().zip(from..).map(|(name, value)| field(name, value)).collect::<Vec<_>>()
    };
    let rows: Vec<String> = [1, 5, 9, 3].map(|from| format!("<row>{}</row>", row(from).concat())).into();
    let mysql = format!("<?xml version=\"1.0\"?>\n<resultset statement=\"x\">{}</resultset>", rows.concat());
    assert!(read(&mysql).expect("rows").starts_with("id|a|b|c / 1|2|3|4 / 5|6|7|8"), "{}", read(&mysql).expect("rows"));
    let gap = mysql.replace("<field name=\"b\">3</field>", "<field name=\"b\" xsi:nil=\"true\" />");
    assert!(read(&gap).expect("rows").starts_with("id|a|c|b / 1|2|4| / 5|6|8|7"));
    let map =
        rows.concat().replace("<field", "<Data").replace("</field>", "</value></Data>").replace("\">", "\"><value>");
    assert!(
        read(&format!("<kml>{map}</kml>")).expect("rows").starts_with("id.value|a.value|b.value|c.value / 1|2|3|4")
    );
    let column =
        |row: &String| row.replace("<field", "<column").replace("</field", "</column").replace("row>", "table>");
    let admin =
        format!("<?xml version=\"1.0\"?><database>{}</database>", rows.iter().map(column).collect::<Vec<_>>().concat());
    assert!(read(&admin).expect("rows").starts_with("id|a|b|c / 1|2|3|4 / 5|6|7|8"));
    // Of few rows too, as new rows for a model are.
    let few = format!("<resultset>{}{}</resultset>", rows[0], rows[1]);
    assert_eq!(read(&few).expect("rows"), "id|a|b|c / 1|2|3|4 / 5|6|7|8");
    // Names that do not come again are values, and so are those of many things in few others.
    let people = "<r><p name='x'>1</p><p name='y'>2</p><p name='z'>3</p></r>";
    assert_eq!(read(people).expect("rows"), "name|p / x|1 / y|2 / z|3");
    let twice = format!("<all>{people}{people}</all>");
    assert!(read(&twice).expect("rows").starts_with("name|p / x|1 / y|2 / z|3 / x|1"));
}

#[test]
fn what_is_cut_off_or_holds_no_row_ends_in_words() {
    let whole = "<r a='1'><p x=\"é>\"><!-- - --><v>1</v></p><p x='2'><![CDATA[]]></p></r>";
    for end in (0..whole.len()).filter(|&end| whole.is_char_boundary(end)) {
        let _ = read(&whole[..end]);
    }
    assert!(read("<r><a>1</a></r>").expect_err("no row").to_string().contains("holds no rows"));
    let cut = read("<r>\n<p><v>1</v><w>2</w></p>\n<p><v>3</v><w>4</w>").expect_err("cut off").to_string();
    assert!(cut.contains("line 3: the element `p`") && cut.contains("cut off"), "{cut}");
    let many = (0..=MOST_KINDS).fold("<r>".to_owned(), |all, at| all + &format!("<a{at}/>"));
    assert!(read(&many).expect_err("many kinds").to_string().contains("of different names"));
    assert!(read(&"<a>".repeat(1000)).expect_err("deep").to_string().contains("within each other"));
}
