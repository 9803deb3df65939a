//! What tables say of their own columns: Orange's three lines and letters, types below names, attributes of Weka and KEEL; and lists as
//! databases and statistics programs print them.

use eigenscope::data::{NewRows, Reading};
use eigenscope::recipe::Missing;
use eigenscope::recipe::columns::Role;
use eigenscope::{Recipe, data::Dataset};

use crate::as_people_write::{read, seen};
use crate::support::desk::{Desk, noted, open};

/// Rows of a width, a depth, a name and a kind, each written by `row`.
fn rows(row: impl Fn(usize, f64, f64, &str, &str) -> String) -> String {
    let one = |i: usize| {
        let kind = ["oak", "ash", "elm"][i % 3];
        row(i, (i * 7 % 13) as f64 + 0.5, (i * i % 11) as f64, &format!("tree {i}"), kind)
    };
    (0..18).map(one).collect()
}

fn kinds(data: &Dataset) -> String {
    data.labels.as_ref().map(|labels| labels.names.join(" ")).unwrap_or_default()
}

#[test]
fn three_lines_of_orange_say_types_and_roles() {
    let body = rows(|i, w, d, name, kind| format!("{w}\t{d}\t{name}\t{}\t{i}\t{kind}\n", ["big", "small"][i % 2]));
    for head in [
        "width\tdepth\twho\tsize\tnr\ttree\nc\tc\tstring\td\tc\td\n\t\tmeta\t\tignore\tclass\n",
        "width\tdepth\twho\tsize\tnr\ttree\ncontinuous\tcontinuous\ts\tbig small\tcontinuous\toak ash elm\nunit=cm\t\tm type=text\t\ti\tclass\n",
        "C#width\tC#depth\tmS#who\tD#size\ti#nr\tcD#tree\n",
    ] {
        let text = format!("{head}{body}");
        let data = read("trees.tab", &text);
        assert_eq!(data.columns.join("|"), "width|depth|size = big|size = small", "{:?}", data.notes);
        assert_eq!((data.len(), kinds(&data).as_str()), (18, "ash elm oak"), "{:?}", data.notes);
        let roles = ["width", "who", "nr", "tree"].map(|name| seen(&data, name).role);
        assert_eq!(roles, [Role::Feature, Role::Shown, Role::Ignored, Role::Label]);
        assert!(seen(&data, "tree").why.contains("the table itself says"), "{}", seen(&data, "tree").why);
        assert!(noted(&data, "say what") && noted(&data, "the label `tree`"), "{:?}", data.notes);
        // A model reads the same lines, and a person's word counts for more.
        let reading = Reading::with_fills(&data, Missing::Median);
        let desk = Desk::new();
        let path = desk.put("new.tab", &text);
        let mut new = NewRows::open(path.as_os_str(), &reading, &Recipe::default()).expect("it opens");
        let block = new.next_block().expect("it reads").expect("rows");
        assert_eq!((block.rows.len(), block.label(0)), (18, Some("oak")));
        let recipe = Recipe { label_column: "none".to_owned(), features: "auto,nr".to_owned(), ..Recipe::default() };
        let data = open(&path, &recipe).expect("it loads");
        assert!(data.labels.is_none() && data.columns.iter().any(|name| name == "nr"), "{:?}", data.notes);
    }
}

#[test]
fn a_target_of_numbers_is_neither_class_nor_feature() {
    let body = rows(|_, w, d, _, _| format!("{w}\t{d}\t{}\n", w * d + 0.25));
    let data = read("prices.tab", format!("width\tdepth\tprice\nc\tc\tc\n\t\tclass\n{body}"));
    assert_eq!((data.columns.join("|"), kinds(&data)), ("width|depth".to_owned(), String::new()), "{:?}", data.notes);
    assert!(noted(&data, "`price`, the label by what the table says, has fractions"), "{:?}", data.notes);
}

#[test]
fn types_and_roles_in_a_line_below_the_names() {
    for (head, wanted) in [
        ("width,depth,who,tree\nfloat,float,str,category\n", "width|depth|tree = ash|tree = elm|tree = oak"),
        ("width,depth,who,tree\nfeature,feature,id,label\n", "width|depth"),
    ] {
        let data = read("a.csv", format!("{head}{}", rows(|_, w, d, n, k| format!("{w},{d},{n},{k}\n"))));
        assert_eq!((data.columns.join("|"), data.len()), (wanted.to_owned(), 18), "{:?}", data.notes);
        assert_eq!(kinds(&data).is_empty(), !head.contains("label"));
    }
}

#[test]
fn attributes_say_what_comes_out() {
    let body = rows(|_, w, d, _, k| format!("{w}, {d}, {k}\n"));
    for head in [
        "@relation trees\n@attribute Width real [0.0, 20.0]\n@attribute Depth integer[0,20]\n@attribute Tree {oak, ash, elm}\n@inputs Width, Depth\n@outputs Tree\n@data\n",
        "@relation trees\n@attribute Width numeric\n@attribute Depth numeric\n@attribute Tree {oak,ash,elm}\n@data\n",
    ] {
        let data = read("trees.dat", format!("{head}{body}"));
        assert_eq!((data.columns.join("|"), kinds(&data).as_str()), ("Width|Depth".to_owned(), "ash elm oak"));
    }
}

#[test]
fn lists_as_programs_print_them_are_tables() {
    let rule = "     +---------------------------+\n";
    let stata = rows(|i, w, d, _, k| {
        format!("{}{:>3}. | {w:5.1}   {d:5.1}   {k:>5} |\n", if i % 5 == 4 { rule } else { "" }, i + 1)
    });
    let names = "WIDTH DEPTH KIND\n----- ----- ----\n";
    let half = |from: usize, to: usize| {
        rows(|i, w, d, _, k| if (from..to).contains(&i) { format!("{w:5.1} {d:5.1} {k}\n") } else { String::new() })
    };
    let polars = rows(|_, w, d, _, k| format!("│ {w:<5} ┆ {d:<5} ┆ {k:<5} │\n"));
    let markdown = rows(|_, w, d, _, k| format!("| {w} | {d} | {k} |\n"));
    for (name, text) in [
        ("list.txt", format!("{rule}     | width   depth   kind |\n     |---------------------------|\n{stata}{rule}")),
        (
            "plus.txt",
            format!("\nSQL> select * from t;\n\n{names}{}\n{names}{}\n18 rows selected.\n\n", half(0, 9), half(9, 18)),
        ),
        ("cmd.txt", format!("{names}{}\n(18 rows affected)\n", half(0, 18))),
        (
            "polars.txt",
            format!(
                "shape: (18, 3)\n┌───────┬───────┬───────┐\n│ width ┆ depth ┆ kind  │\n│ ---   ┆ ---   ┆ ---   │\n│ f64   ┆ f64   ┆ str   │\n╞═══════╪═══════╪═══════╡\n{polars}└───────┴───────┴───────┘\n"
            ),
        ),
        ("notes.md", format!("# Trees\n\n| width | depth | kind |\n|---:|---:|---|\n{markdown}\nDone.\n")),
    ] {
        let data = read(name, &text);
        assert_eq!(
            (data.columns.join("|").to_lowercase(), data.len()),
            ("width|depth".to_owned(), 18),
            "{name}: {:?}",
            data.notes
        );
        let reading = Reading::with_fills(&data, Missing::Median);
        let desk = Desk::new();
        let path = desk.put(name, &text);
        let mut new = NewRows::open(path.as_os_str(), &reading, &Recipe::default()).expect("it opens");
        let block = new.next_block().unwrap_or_else(|e| panic!("{name}: {e}")).expect("rows");
        assert_eq!(block.rows.len(), 18, "{name}");
    }
}

#[test]
fn tabs_that_an_editor_took_off_are_empty_cells() {
    let body = rows(|i, w, d, _, k| if i == 4 { format!("{w}\t{d}\n") } else { format!("{w}\t{d}\t{k}\n") });
    let data = read("a.tsv", format!("width\tdepth\tclass\n{body}"));
    assert_eq!((data.len(), kinds(&data).as_str()), (18, "ash elm oak"), "{:?}", data.notes);
    assert!(noted(&data, "line 6") && noted(&data, "tabs at the end"), "{:?}", data.notes);
}
