use super::*;

fn read(text: &str, array: &str) -> Result<Raw> {
    let input = Input::of_text("a.sql", text)?;
    let recipe = Recipe { array: array.to_owned(), ..Recipe::default() };
    load_file(input, &recipe, &Progress::silent())
}

/// Columns and the cells of the first two rows.
fn rows(text: &str, array: &str) -> String {
    let raw = read(text, array).unwrap_or_else(|e| panic!("{text}: {e}"));
    let table = raw.table.expect("a table");
    let record = |row: usize| table.texts(row).collect::<Vec<_>>().join("|");
    format!("{}: {} / {}", table.header.join("|"), record(0), record(1))
}

#[test]
fn dumps_of_four_databases_are_tables() {
    let mysql = "-- MySQL dump\n/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `t`;\nCREATE TABLE `t` (\n `id` int(11) NOT NULL,\n `a` double \
                 DEFAULT '0,5',\n `w` enum('x','y'),\n PRIMARY KEY (`id`),\n KEY `k` (`a`)\n);\nINSERT INTO `t` VALUES (7,1.5,'it\\'s, \
                 (so); x'),(9,NULL,'y\\\\');\nINSERT INTO `t` VALUES (11,2.5,'z');\n";
    assert_eq!(rows(mysql, "auto"), "id|a|w: 7|1.5|it's, (so); x / 9||y\\");
    let postgres = "SET a = 1;\nCREATE TABLE public.t (\n id integer,\n \"a b\" numeric(3,1),\n w text\n);\nCOPY public.t (id, \"a b\", w) FROM \
                    stdin;\n7\t1.5\tx, y\n9\t\\N\tz\n11\t2.5\tu\n\\.\n\nSELECT 1;\n";
    assert_eq!(rows(postgres, "auto"), "id|a b|w: 7|1.5|x, y / 9||z");
    let lite = "BEGIN TRANSACTION;\nCREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, a REAL, w TEXT);\nINSERT INTO t \
                VALUES(7,-1.5e3,'C:\\');\nINSERT INTO t VALUES(9,2.0,'it''s');\nCOMMIT;";
    assert_eq!(rows(lite, "auto"), "id|a|w: 7|-1.5e3|C:\\ / 9|2.0|it's");
    let server = "SET ANSI_NULLS ON\nGO\nINSERT [dbo].[u] ([id]) VALUES (1)\nGO\nINSERT INTO [dbo].[t] ([id], [a], [d]) VALUES (7, CAST(1.5 AS Decimal(3, 1)), N'x')\nGO\n\
                  INSERT INTO [dbo].[t] ([id], [a], [d]) VALUES (9, 2.5, CAST(N'2024-01-31' AS Date))\nGO\n";
    assert_eq!(rows(server, "auto"), "id|a|d: 7|1.5|x / 9|2.5|2024-01-31");
    assert!(looks_so(server, true) && looks_so(postgres, true) && looks_so(lite, true) && looks_so(mysql, true));
    assert!(!looks_so("a,b\n1,2\n", true) && !looks_so("word\ninsert into the slot\n", true));
}

#[test]
fn the_longest_table_is_read_or_the_one_that_is_named() {
    let dump = "INSERT INTO a (x, y) VALUES (1, 2), (3, 4), (5, 7);\nINSERT INTO b (u, v) VALUES ('2024-01-31'::date, TRUE), ('2024-02-05', false);\n";
    assert_eq!(rows(dump, "auto"), "x|y: 1|2 / 3|4");
    assert_eq!(rows(dump, "B"), "u|v: 2024-01-31|TRUE / 2024-02-05|false");
    assert!(read(dump, "auto").expect("a").notes.iter().any(|note| note.contains("other tables are there: `b`")));
    assert!(read(dump, "c").expect_err("none").to_string().contains("no such table; there are `a`, `b`"));
    let none = read("CREATE TABLE a (x int);\n", "auto").expect_err("no row").to_string();
    assert!(none.contains("puts no row into a table"), "{none}");
}

#[test]
fn names_are_found_in_any_case_and_quotes_are_those_of_each_database() {
    let lite = "CREATE TABLE Plants(id, a, w);\nINSERT INTO plants VALUES(7, 1.5, \"x, \"\"y\"\"\");\ninsert into PLANTS values(9, 2, 'it''s');\n";
    assert_eq!(rows(lite, "auto"), "id|a|w: 7|1.5|x, \"y\" / 9|2|it's");
    let postgres = "INSERT INTO t (a, \"b \"\"c\"\"\") VALUES (1, 'C:\\'), (2, 'a `b`');\n";
    assert_eq!(rows(postgres, "auto"), "a|b \"c\": 1|C:\\ / 2|a `b`");
    let copy = "COPY t (a, b) FROM stdin;\n1\tC:\\\\x\\ty\n2\t\\N\n\\.\n";
    assert_eq!(rows(copy, "auto"), "a|b: 1|C:\\x\ty / 2|");
}

#[test]
fn rows_with_other_columns_are_left_out_with_a_word() {
    let dump = "INSERT INTO t (a) VALUES (5);\nINSERT INTO T (a, b) VALUES (1, 2), (3, 4), (5, 7);\n";
    assert_eq!(rows(dump, "t"), "a|b: 1|2 / 3|4");
    let notes = read(dump, "auto").expect("t").notes;
    assert!(notes.iter().any(|note| note.contains("1 row of it left out")), "{notes:?}");
}

#[test]
fn hostile_dumps_end() {
    // Each of these led from every place to the end, or through all tables before it.
    let many = (0..100_000).map(|at| format!("INSERT INTO t{at} VALUES (1);")).collect::<Vec<_>>().concat();
    for text in ["INSERT INTO [;".repeat(100_000), many] {
        let _ = read(&text, "auto");
    }
}

#[test]
fn what_is_cut_off_anywhere_ends_without_a_panic() {
    let whole = "CREATE TABLE `t` (`é` int, b text); INSERT INTO `t` VALUES (1,'é\\'',CAST(2 AS x)),(NULL,'',3);\nCOPY t (a) FROM \
                 stdin;\n1\n\\.\n/* x */ -- y";
    for end in (0..whole.len()).filter(|&end| whole.is_char_boundary(end)) {
        let _ = read(&whole[..end], "auto");
    }
}
