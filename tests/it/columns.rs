//! What a person decides of single columns: kinds, roles, and the file that holds them.

use eigenscope::Recipe;
use eigenscope::data::{Dataset, Labels, NewRows, Reading, SeenKind, Source, load};
use eigenscope::recipe::TextColumns;
use eigenscope::recipe::columns::{Role, read_roles};
use eigenscope::support::progress::Progress;

use crate::support::desk::{Desk, noted, open, plain};
use crate::support::program::{eigenscope, json, text};

/// Thirty houses: a postcode that is no amount, a day that may begin with the month, a flag as 1 and 2, an amount with slips.
fn houses() -> String {
    let row = |i: usize| {
        let price = if i % 9 == 4 { "on request".to_owned() } else { format!("{}", 200_000 + 7_919 * (i * i % 31)) };
        let postcode = ["08", "8", "3012"][i % 3];
        let day = format!("{:02}/{:02}/2024", 1 + i % 11, 1 + (i * 5) % 12);
        format!("h{i},{postcode},{price},{day},{},{},{}\n", 1 + i % 2, ["yes", "no"][i % 2], i % 3)
    };
    format!("house,postcode,price,seen,garage,garden,class\n{}", (0..30).map(row).collect::<String>())
}

fn loaded(kind: &str, change: impl FnOnce(&mut Recipe)) -> Result<Dataset, String> {
    let desk = Desk::new();
    let mut recipe = Recipe { kind: kind.to_owned(), ..Recipe::default() };
    change(&mut recipe);
    open(&desk.put("houses.csv", houses()), &recipe).map_err(|e| e.to_string())
}

fn columns(data: &Dataset) -> String {
    data.columns.join("|")
}

#[test]
fn a_kind_that_is_said_is_the_kind_a_column_has() {
    let guessed = loaded("auto", |_| ()).expect("it loads");
    assert_eq!(
        columns(&guessed),
        "price|garage|garden",
        "one word among prices is none; unclear dates are left out, and a postcode measures nothing"
    );
    let category = loaded("postcode=category", |_| ()).expect("it loads");
    assert_eq!(columns(&category), "postcode = 08|postcode = 3012|postcode = 8|price|garage|garden");
    assert_eq!(
        (category.features.row(0)[..3].to_vec(), category.features.row(1)[..3].to_vec()),
        (vec![1.0, 0.0, 0.0], vec![0.0, 0.0, 1.0])
    );
    let number = loaded("PRICE=number", |_| ()).expect("names are found in any case");
    assert_eq!(columns(&number), "price|garage|garden");
    assert!(noted(&number, "`price`: 3 of 30 cells are no numbers and count as missing") && number.is_filled(4, 0));
    let day = loaded("seen=day-month-year,4=month-day-year", |r| r.limit = 10).expect("the last of a column wins");
    assert!(columns(&day).contains("seen"));
    let [day, month] = ["day", "month"].map(|first| {
        let kind = if first == "day" { "seen=day-month-year" } else { "seen=month-day-year" };
        let data = loaded(kind, |_| ()).expect("it loads");
        data.features.row(0)[1]
    });
    assert_eq!((day, month), (19_723.0, 19_723.0), "the first of January is itself either way");
    let flag = loaded("garage=flag", |_| ()).expect("some cells are 1");
    assert!(noted(&flag, "15 of 30 cells are no flags and count as missing"), "{:?}", flag.notes);
    let outline = category.outline.as_deref().expect("a table");
    assert_eq!((outline.columns[1].kind, outline.columns[1].decided.1), (SeenKind::Category, true));
    let label = loaded("class=number", |_| ()).expect("it loads");
    assert!(columns(&label).ends_with("garden|class") && label.labels.is_none(), "a kind makes a feature");
    let idle = loaded("class=number", |r| r.label_column = "class".to_owned()).expect("it loads");
    assert!(noted(&idle, "--kind says nothing of columns that are no features: `class`"));
}

#[test]
fn what_cannot_be_is_said_with_the_column_and_what_was_meant() {
    for (kind, words) in [
        ("postcod=category", ["--kind postcod", "did you mean `postcode`?"]),
        ("postcode=categry", ["`categry` is no kind", "did you mean `category`?"]),
        ("house=number", ["line 2, column `house`: `h0` is not a number", "--kind house=number"]),
        ("seen=date", ["day and month", "--kind seen=day-month-year"]),
        ("garden=date", ["column `garden`: `yes` is not such a date", "--kind garden=date"]),
    ] {
        let said = loaded(kind, |_| ()).expect_err(kind);
        assert!(words.iter().all(|word| said.contains(word)), "{kind}: {said}");
    }
    let wrong = |change: fn(&mut Recipe)| loaded("auto", change).expect_err("no such column");
    assert!(wrong(|r| r.ignore = "gardn".to_owned()).contains("did you mean `garden`?"));
    assert!(wrong(|r| r.label_column = "clas".to_owned()).contains("--label-column clas"));
    assert!(wrong(|r| r.shown = "x".to_owned()).contains("--shown x"));
    assert!(wrong(|r| r.features = "auto,seen".to_owned()).contains("day and month"), "wanted, and unclear");
}

#[test]
fn features_are_added_to_those_that_are_guessed() {
    let added = loaded("auto", |r| r.features = "auto,class".to_owned()).expect("it loads");
    assert_eq!(columns(&added), "price|garage|garden|class");
    let shown = loaded("auto", |r| r.shown = "garage, garden".to_owned()).expect("it loads");
    assert_eq!((columns(&shown).as_str(), shown.labels.as_ref().map(|l| l.names.len())), ("price", Some(3)));
    let roles: Vec<Role> = shown.outline.as_deref().expect("a table").columns.iter().map(|c| c.role).collect();
    assert_eq!(roles, [Role::Id, Role::Shown, Role::Feature, Role::Shown, Role::Shown, Role::Shown, Role::Label]);
    assert_eq!(shown.table.as_ref().map(|t| t.width()), Some(7), "an export has every column all the same");
}

#[test]
fn a_new_table_is_read_with_the_kinds_of_training() {
    let desk = Desk::new();
    let path = desk.put("houses.csv", houses());
    let recipe = Recipe {
        kind: "postcode=category,price=number,seen=month-day-year".to_owned(),
        text: TextColumns::Drop,
        ..Recipe::default()
    };
    let data = open(&path, &recipe).expect("it loads");
    let reading = Reading::with_fills(&data, recipe.missing);
    reading.check(&data.columns).expect("it fits");
    let mut rows = NewRows::open(path.as_os_str(), &reading, &recipe).expect("its own table");
    let block = rows.next_block().expect("rows").expect("a block");
    for i in 0..data.len() {
        assert_eq!(block.features.row(i).to_vec(), data.features.row(i), "row {i}");
    }
    let new =
        desk.put("new.csv", "price,postcode,garage,garden,seen\nsoon,08,1,no,02/01/2024\n5,999,2,yes,13/01/2024\n");
    let mut rows = NewRows::open(new.as_os_str(), &reading, &recipe).expect("columns by name");
    let block = rows.next_block().expect("rows").expect("a block");
    assert_eq!(block.features.row(0).iter().take(3).copied().collect::<Vec<_>>(), [1.0, 0.0, 0.0], "08 is not 8");
    assert!(rows.notes().iter().any(|note| note.contains("column `postcode`") && note.contains("999")));
}

#[test]
fn arrays_say_that_they_have_no_kinds() {
    let data = load(
        &Source::Named("moons".to_owned()),
        &Recipe { kind: "x=flag".to_owned(), ..Recipe::default() },
        &Progress::silent(),
    );
    let data = data.expect("a built-in set");
    assert!(data.outline.is_none() && noted(&data, "--kind acts on tables only"), "{:?}", data.notes);
}

/// A small run that takes well under a second, as JSON without what a clock decides.
fn run(args: &[&str]) -> serde_json::Value {
    let small = ["--device", "cpu", "--steps", "40", "--hidden", "16,16", "--quiet", "--json"];
    let mut summary = json(&eigenscope(["run"].iter().chain(args).chain(&small)));
    for part in ["seconds", "peak_rss_mib", "stages"] {
        summary.as_object_mut().expect("an object").remove(part);
    }
    summary["exact"].as_object_mut().map(|exact| exact.remove("seconds"));
    summary
}

#[test]
fn a_file_of_roles_gives_the_digits_of_its_flags_and_a_saved_recipe_needs_no_file() {
    let desk = Desk::new();
    let data = plain(&desk.put("houses.csv", houses()));
    let roles = desk.put(
        "roles.toml",
        "label = \"none\"\n[columns]\npostcode = \"category\"\nprice = \"number\"\ngarage = \"shown\"\n\
         seen = { role = \"feature\", kind = \"day-month-year\" }\nhouse = \"id\"\n",
    );
    let out = plain(&desk.path("out"));
    let by_flags = run(&[
        &data,
        "--label-column",
        "none",
        "--kind",
        "postcode=category",
        "--kind",
        "price=number,seen=day-month-year",
        "--shown",
        "garage",
        "--id-column=house",
    ]);
    let by_file = run(&[&data, "--roles", &plain(&roles), "--out", &out]);
    assert_eq!(by_flags, by_file);
    assert_eq!(by_file["features"], 7, "three postcodes, price, day, garden, class");
    std::fs::remove_file(&roles).expect("the file of roles is there");
    assert_eq!(run(&[&data, "--recipe", &format!("{out}/recipe.toml")]), by_file);
    let without = run(&[&data, "--recipe", &format!("{out}/recipe.toml"), "--kind", "auto", "--id-column", "auto"]);
    assert_eq!(without["features"], 3, "price, garden and class as they look");
    let applied = desk.path("applied.csv");
    let done = eigenscope(["apply", &format!("{out}/model.eigenscope"), &data, "--out", &plain(&applied)]);
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert_eq!(std::fs::read_to_string(applied).expect("written").lines().count(), 31);
}

#[test]
fn a_file_of_roles_is_named_where_it_is_wrong_or_taken_for_something_else() {
    let desk = Desk::new();
    let data = plain(&desk.put("houses.csv", houses()));
    let roles = plain(&desk.put("roles.toml", "[columns]\nprice = \"nummer\"\n"));
    let refused = |args: &[&str]| {
        let done = eigenscope(args);
        assert_eq!(done.status.code(), Some(1), "{args:?}");
        text(&done.stderr)
    };
    let said = refused(&["run", &data, "--roles", &roles]);
    assert!(said.contains("roles.toml: column `price`") && said.contains("did you mean `number`?"), "{said}");
    assert!(refused(&["run", &roles]).contains("--roles FILE"));
    let gone = refused(&["run", &data, "--roles", "no such file.toml"]);
    assert!(gone.contains("no such file.toml"), "{gone}");
    let other = plain(&desk.put("other.toml", "[columns]\nwidth = \"number\"\n"));
    assert!(refused(&["run", &data, "--roles", &other, "--quiet"]).contains("--kind width"));
}

#[test]
fn what_the_window_writes_is_read_again() {
    let desk = Desk::new();
    let path = desk.put("houses.csv", houses());
    let outline = open(&path, &Recipe::default()).expect("it loads").outline.expect("a table");
    let recipe =
        eigenscope::data::with_role(&Recipe::default(), &outline, &[0, 6], Some(Role::Feature)).expect("known");
    let recipe = eigenscope::data::with_role(&recipe, &outline, &[4], Some(Role::Label)).expect("known");
    let file = desk.put("roles.toml", eigenscope::data::roles_file(&recipe, &outline).expect("it is written"));
    let read = read_roles(&file).expect("it is read");
    let [a, b] = [&recipe, &read].map(|recipe| open(&path, recipe).expect("it loads"));
    assert_eq!((&a.features, &a.columns, &a.labels), (&b.features, &b.columns, &b.labels));
    assert_eq!(a.labels.as_ref().map(|labels: &Labels| labels.names.join(" ")), Some("1 2".to_owned()));
    assert_eq!(a.dim(), 33, "thirty houses, price, garden and class");
}
