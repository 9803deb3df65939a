use super::*;
use crate::Recipe;

fn table(text: &str) -> Table {
    let mut table = Table::of_lines(text, ',');
    table.promote_first();
    table
}

fn roles(text: &str, recipe: &Recipe) -> (String, Option<usize>, String) {
    let table = table(text);
    let mut notes = Vec::new();
    let given = Given::of(&table.header, recipe, Path::new("a.csv")).expect("decisions");
    let roles = assign(&table, false, &given, &mut notes);
    let features: Vec<&str> = roles.features.iter().map(|&c| table.header[c].as_str()).collect();
    (features.join(" "), roles.label, notes.join("; "))
}

#[test]
fn a_column_that_names_rows_is_no_feature() {
    let rows =
        |id: &dyn Fn(usize) -> String| (0..12).map(|i| format!("{},{}.5", id(i), i % 5)).collect::<Vec<_>>().join("\n");
    for (name, id, left_out) in [
        ("id", &(|i: usize| format!("{}", 301 + i)) as &dyn Fn(usize) -> String, true),
        ("object_id", &|i| format!("{}", 588_848_899_891_200_431 + 7 * i), true),
        ("sampleID", &|i| format!("s{i}"), true),
        ("column 1", &|i| format!("cell_{i}"), true),
        ("column 1", &|i| format!("{}", 842_302 + i * i), true),
        ("column 1", &|i| format!("{}.5", i * i), true),
        ("column 1", &|i| format!("{}", i / 2), false),
        ("id", &|i| format!("{}", i / 2), false),
        ("column 1", &|i| format!("{}", 5 * i % 12), true),
        // As pandas writes whole numbers whose column has a gap, or had one once.
        ("id", &|i| format!("{}.0", 1 + i), true),
        ("id", &|i| format!("{}.0", 301 + 5 * i % 12), true),
        ("id", &|i| if i == 4 { String::new() } else { format!("{}.0", 301 + i) }, true),
        ("user_id", &|i| if i % 3 == 1 { "NaN".to_owned() } else { format!("{}.0", 977 * (12 - i)) }, true),
        ("user_id", &|i| format!("5.{}e+17", 888 + i), true),
        ("Unnamed: 0.1", &|i| format!("{}", 7 * i % 12 + 40), true),
        ("column 1", &|i| format!("{i}.0"), true),
        ("column 1", &|i| format!("{}.0", 5 * i % 12), true),
        ("id", &|i| format!("{}.5", 1 + i), false),
        ("id", &|i| format!("{}.0", i / 2), false),
        ("S.No", &|i| format!("{}", 7 + i), true),
        ("Lfd. Nr.", &|i| format!("{}", 1 + i), true),
        ("№ п/п", &|i| format!("{}", 1 + i), true),
        ("Zeile", &|i| format!("{}", 2 + i), true),
        ("number", &|i| format!("{}", i * i), false),
        ("valid", &|i| format!("{}", i * 3), false),
        ("paid", &|i| format!("{}", i + 1), false),
    ] {
        let text = format!("{name},a\n{}", rows(id));
        let (features, _, notes) = roles(&text, &Recipe::default());
        assert_eq!(notes.contains("the rows"), left_out, "{name}: {notes}");
        assert_eq!(features, if left_out { "a".to_owned() } else { format!("{name} a") });
    }
    let kept = Recipe { id_column: "none".to_owned(), ..Recipe::default() };
    assert_eq!(roles("id,a\n0,5\n1,6\n2,7\n", &kept).0, "id a");
    let named = Recipe { id_column: "a".to_owned(), ..Recipe::default() };
    assert_eq!(roles("b,a\n0,5\n4,6\n2,7\n", &named).0, "b");
}

#[test]
fn numbers_that_name_something_are_no_features() {
    let rows = |cells: &dyn Fn(usize) -> String| {
        (0..60).map(|i| format!("{},{}.5", cells(i), i % 5)).collect::<Vec<_>>().join("\n")
    };
    let numbers = |i: usize| format!("{}", 10_115 + 31 * (i % 40));
    for (name, cells, left_out) in [
        ("Zip Code", &numbers as &dyn Fn(usize) -> String, true),
        ("customer_id", &numbers, true),
        ("store_id", &|i| format!("{}", i % 5), false),
        ("zipper", &numbers, false),
        ("fax", &|i| format!("{i}.5"), false),
        ("zip", &|i| if i == 7 { String::new() } else { format!("{}.0", numbers(i)) }, true),
    ] {
        let text = format!("{name},a\n{}", rows(cells));
        let (features, _, notes) = roles(&text, &Recipe::default());
        assert_eq!(features == "a", left_out, "{name}: {features} {notes}");
        assert_eq!(notes.contains("rather than measure"), left_out, "{name}: {notes}");
        let wanted = Recipe { features: format!("auto,{name}"), ..Recipe::default() };
        assert_eq!(roles(&text, &wanted).0, format!("{name} a"));
    }
}

#[test]
fn words_under_the_name_of_classes_are_labels() {
    let rows = |cells: &dyn Fn(usize) -> String| {
        (0..30).map(|i| format!("{}.5,{}", i % 7, cells(i))).collect::<Vec<_>>().join("\n")
    };
    let plants = |i: usize| ["setosa", "virginica", ""][i % 3].to_owned();
    for (name, cells, label) in [
        ("Species", &plants as &dyn Fn(usize) -> String, true),
        ("Klasse", &plants, true),
        ("класс", &plants, true),
        ("island", &plants, false),
        ("species", &|i| format!("{}", i % 3), false),
        ("species", &|i| format!("s{}", i / 2), false),
        ("species", &|_| "setosa".to_owned(), false),
    ] {
        let (_, found, notes) = roles(&format!("a,{name}\n{}", rows(cells)), &Recipe::default());
        assert_eq!(found.is_some(), label, "{name}: {notes}");
        assert_eq!(notes.contains("by its name"), label, "{notes}");
    }
    let both = format!("a,species,class\n{}", rows(&|i| format!("{},{}", plants(i), i % 2)));
    assert_eq!(roles(&both, &Recipe::default()).1, Some(2), "what is called a class comes first");
    let none = Recipe { label_column: "none".to_owned(), ..Recipe::default() };
    assert_eq!(roles(&format!("a,species\n{}", rows(&plants)), &none).1, None);
    assert_eq!(roles("species,b\nx,u\ny,v\nx,u\ny,v\nx,u\ny,v\n", &Recipe::default()).1, None, "words alone");
}

#[test]
fn the_programs_own_columns_are_no_features() {
    let header = "p,q,label,cluster,cluster_name,cluster_exact,learned_1,exact_2,learned_diffusion_1,selected";
    let text = format!("{header}\n1,2,0,0,a,0,0.5,0.5,0.5,0\n3,4,1,1,b,1,0.5,0.5,0.5,1\n");
    let (features, label, notes) = roles(&text, &Recipe::default());
    assert_eq!((features.as_str(), label), ("p q", Some(2)));
    assert!(notes.contains("`learned_1`") && notes.contains("--features"), "{notes}");
    let wanted = Recipe { features: "p,learned_1".to_owned(), ..Recipe::default() };
    assert_eq!(roles(&text, &wanted).0, "p learned_1");
    let again = "p,q_2,cluster,exact_1,cluster_2,exact_1_2,row_2,cluster_2_2,exact_1_2_2,exact_x_2";
    let again = roles(&format!("{again}\n1,2,0,0.5,0,0.5,0,1,0.5,7\n3,4,1,0.2,1,0.2,1,0,0.2,9\n"), &Recipe::default());
    assert_eq!(again.0, "p q_2 exact_x_2");
    // A cluster of one's own is one's own.
    assert_eq!(roles("p,cluster\n1,2\n3,4\n", &Recipe::default()).0, "p cluster");
}

#[test]
fn features_are_named_and_left_out() {
    let text = "a,b,c\n1,2,3\n4,5,6\n";
    let ignore = Recipe { ignore: "b, 3".to_owned(), ..Recipe::default() };
    assert_eq!(roles(text, &ignore).0, "a");
    let chosen = Recipe { features: "C,a".to_owned(), ..Recipe::default() };
    assert_eq!(roles(text, &chosen).0, "a c");
    let header = ["a", "b, c", "d"].map(str::to_owned);
    let of = |list: &str| names(&header, "ignore", list, Path::new("a.csv"));
    assert_eq!(of("\"b, c\",d").expect("names"), Some(HashSet::from([1, 2])));
    assert_eq!(of("b, c").expect("a name"), Some(HashSet::from([1])));
    assert_eq!(of("none").expect("none"), None);
    assert!(of("x").expect_err("no such column").to_string().contains("--ignore x"));
}
