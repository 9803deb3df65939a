use super::*;

fn table(text: &str) -> Table {
    Table::of_lines(text, ',')
}

#[test]
fn totals_and_notes_below_a_table_are_no_rows() {
    for (text, wanted) in [
        ("Bern,1,2.5\nRom,3,4.5\nTotal,4,7\n", 1),
        ("Bern,1,2.5\nRom,3,4.5\n,,\nTotal,4,7\nMean:,2,3.5\nn = 2,,\n", 4),
        ("Bern,1,2.5\nRom,3,4.5\nTotal,,7\n", 1),
        ("1,1,2.5\n2,3,4.5\nSum,9,9\n", 1),
        ("Bern,1,2.5\nRom,3,4.5\nSource: the towns,,\n", 1),
        ("Bern,1,2.5\nRom,3,4.5\n(30 rows),,\n", 1),
        ("Bern,1,2.5\nRom,3,4.5\nDurchschnitt,2,3.5\n", 1),
        // A word that names rows names this one too; what does not add up is a row.
        ("mean,1,2.5\nmax,3,4.5\nmean,2,3.5\n", 0),
        ("car,1,2.5\nwar,3,4.5\ntotal,0.5,-2\n", 0),
        ("Bern,1,2.5\nRom,3,4.5\nOslo,4,7\n", 0),
        ("Bern,1,2.5\nRom,3,\nOslo,,\n", 0),
        ("1,2\n3,4\n5,6\n", 0),
    ] {
        assert_eq!(below(&table(text)), wanted, "{text}");
    }
    assert_eq!(sums_among(&table("Bern,1\nSubtotal,1\nRom,3\nOslo,4\n")), [1]);
    let rows: Vec<String> = (1..=12).map(|i| format!("town {i},{i},{}.5\n", i * i)).collect();
    assert_eq!(below(&table(&format!("{},78,656\n", rows.concat()))), 1, "sums without a name");
    assert_eq!(below(&table(&format!("{},78,650\n", rows.concat()))), 0);
}

#[test]
fn a_record_of_another_length_is_a_note_or_an_error() {
    let note = |text: &str| is_note(text.split(','), 4);
    for text in [
        "(30 rows)",
        "Source: WHO, 2020",
        "Total,12",
        "* estimated",
        "This is a longer remark",
        "30 rows in set (0.01 sec)",
        ",,",
    ] {
        assert!(note(text), "{text}");
    }
    for text in ["7,8", "Bern,1.5", "New York,1.5,2", "Bern", "-1", "1,2,3,4,5"] {
        assert!(!note(text), "{text}");
    }
}
