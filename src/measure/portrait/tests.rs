use ndarray::array;

use super::*;
use crate::Recipe;
use crate::data::{Source, load};
use crate::support::progress::Progress;

fn cells(text: &str) -> Cells {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("a.csv");
    std::fs::write(&path, text).expect("written");
    Cells::of(&load(&Source::Path(path), &Recipe::default(), &Progress::silent()).expect("it loads"))
}

fn of<'a>(portrait: &'a Portrait, cells: &Cells, column: &str) -> Vec<&'a Trait> {
    portrait.traits.iter().filter(|t| cells.columns()[t.column].name == column).collect()
}

#[test]
fn effects_are_those_of_the_formulas() {
    // Means 2 and 6, variances 1 and 1.
    assert!((standardised_difference([2.0, 6.0], [1.0, 1.0]) + 4.0).abs() < 1e-12);
    // Variances 1 and 7: their mean is 4.
    assert!((standardised_difference([3.0, 1.0], [1.0, 7.0]) - 1.0).abs() < 1e-12);
    assert!(standardised_difference([0.1 + 0.2, 0.3], [0.0, 0.0]).abs() < 1e-300);
    let apart = standardised_difference([1.0, 2.0], [0.0, 0.0]);
    assert!(apart.is_infinite() && apart < 0.0);
    let sixth = std::f64::consts::PI / 6.0;
    assert!((proportion_effect([0.5, 0.25]) - sixth).abs() < 1e-12, "2 asin √½ − 2 asin √¼ = π/2 − π/3");
    assert!((proportion_effect([0.0, 1.0]) + std::f64::consts::PI).abs() < 1e-12);
}

#[test]
fn what_sets_rows_apart_comes_first_and_is_counted_right() {
    // Inside: rows 0 to 9. `a` is 0, 2, 4, … there and 100, 102, … in the rest, `b` is the same everywhere.
    let rows: Vec<String> = (0..30)
        .map(|i| {
            let a = if i < 10 { 2 * i } else { 100 + 2 * (i % 10) };
            let town = if i < 9 { "Oslo" } else { "Bern" };
            let gap = if (10..25).contains(&i) { "NA".to_owned() } else { format!("{}.5", i % 5) };
            format!("k{i},{a},{},{town},{gap}\n", i % 5)
        })
        .collect();
    let cells = cells(&format!("id,a,b,town,gap\n{}", rows.concat()));
    let inside: Vec<bool> = (0..30).map(|i| i < 10).collect();
    let found = portrait(&cells, &inside, None, &[]).expect("some are inside");
    assert_eq!(found.counts, [10, 20]);
    let a = of(&found, &cells, "a")[0];
    // Even numbers 0 to 18: the variance of the sample is 36.67, twenty of them 34.74; the means are 100 apart.
    assert!((a.effect + 100.0 / f64::midpoint(110.0 / 3.0, 660.0 / 19.0).sqrt()).abs() < 1e-9, "{}", a.effect);
    let Says::Numbers { means, deviations } = &a.says else { panic!("numbers") };
    let near = |a: f64, b: f64| (a - b).abs() < 1e-9;
    assert!(near(means[0], 9.0) && near(means[1], 109.0), "{means:?}");
    assert!(near(deviations[0].powi(2), 110.0 / 3.0) && near(deviations[1].powi(2), 660.0 / 19.0), "{deviations:?}");
    assert_eq!(found.traits[0].column, a.column, "the largest effect first");
    assert!(of(&found, &cells, "b").is_empty(), "what is the same says nothing");
    let [town] = of(&found, &cells, "town")[..] else { panic!("of two words one says all") };
    assert_eq!(town.says, Says::Is("Oslo".to_owned(), [0.9, 0.0]));
    assert!(of(&found, &cells, "gap").iter().any(|t| t.says == Says::Missing([0.0, 0.75])));
    assert_eq!(found.left_out, [("id".to_owned(), "names the rows")]);
    let cross = found.crosses.iter().find(|c| c.name == "town").expect("few words are a category");
    assert_eq!(cross.values, [("Oslo".to_owned(), [9, 0]), ("Bern".to_owned(), [1, 20])]);
    assert_eq!(found.names[..2], ["Oslo", "low a"]);
    let spread = a.spread.as_ref().expect("one of the first");
    let sums = spread.shares.iter().fold([0.0; 2], |sum, s| [sum[0] + s[0], sum[1] + s[1]]);
    assert!(sums.iter().all(|sum| (sum - 1.0).abs() < 1e-9));
    assert_eq!((spread.ends, spread.shares[0][1] + spread.shares[23][0]), ([0.0, 118.0], 0.0));
}

#[test]
fn texts_are_told_by_their_words() {
    let rows: Vec<String> = (0..1200)
        .map(|i| {
            let topic = if i % 3 == 0 { "goal team" } else { "bank market" };
            format!("{}.5,the {topic} of day {i} and week{}\n", i % 7, i * 31)
        })
        .collect();
    let cells = cells(&format!("x,text\n{}", rows.concat()));
    let inside: Vec<bool> = (0..1200).map(|i| i % 3 == 0).collect();
    let found = portrait(&cells, &inside, None, &[]).expect("some are inside");
    let texts = of(&found, &cells, "text");
    assert_eq!(texts[0].says, Says::Contains("bank".to_owned(), [0.0, 1.0]));
    assert!(texts.iter().all(|t| !matches!(&t.says, Says::Contains(word, _) if word.starts_with("week"))));
    assert_eq!(found.names[0], "goal, team");
}

#[test]
fn typical_members_are_near_their_centre_and_odd_ones_far() {
    let rows = array![[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [5.0, 5.0], [9.0, 9.0], [0.4, 0.4]];
    let members = Members::of(rows.view(), &[true, true, true, true, false, true]);
    assert_eq!((members.typical[0], members.odd[0]), (5, 3));
    assert!(members.typical.iter().all(|row| !members.odd.contains(row)));
    assert_eq!(members.typical.len() + members.odd.len(), 5);
    assert_eq!(Members::of(rows.view(), &[false; 6]), Members::default());
}

#[test]
fn all_rows_have_no_rest_and_no_rows_no_portrait() {
    let cells = cells("a,b\n1,x\n2,y\n3,x\n");
    assert_eq!(portrait(&cells, &[false; 3], None, &[]), None);
    let all = portrait(&cells, &[true; 3], None, &[]).expect("they are there");
    assert_eq!((all.counts, all.traits.len()), ([3, 0], 0));
    let category =
        Category { name: "cluster".to_owned(), ids: &[1, 0, 1], names: vec!["0".to_owned(), "1".to_owned()] };
    let crossed = portrait(&cells, &[true, false, false], None, &[category]).expect("one is inside");
    assert_eq!(crossed.crosses[0].values, [("1".to_owned(), [1, 1]), ("0".to_owned(), [0, 1])]);
}

#[test]
fn pictures_have_a_mean_on_either_side() {
    let recipe = Recipe { limit: 50, ..Recipe::default() };
    let data = load(&Source::Named("digits".to_owned()), &recipe, &Progress::silent()).expect("it loads");
    let inside: Vec<bool> = (0..data.len()).map(|i| i == 0 || i == 1).collect();
    let found = portrait(&Cells::of(&data), &inside, None, &[]).expect("two are inside");
    let [mean, _] = found.pictures.expect("digits are pictures");
    let (a, b) = (data.features.row(0), data.features.row(1));
    assert!(mean.iter().zip(a.iter().zip(&b)).all(|(m, (a, b))| (m - f64::midpoint(*a, *b)).abs() < 1e-9));
    assert!(found.names.iter().all(|name| !name.contains("pixel")), "{:?}", found.names);
}

/// Half a thousand rows, each on one of some hundred days: that a day's two rows lie inside is chance.
#[test]
fn a_value_of_few_rows_sets_nothing_apart() {
    let rows: Vec<String> = (0..500)
        .map(|i| format!("{},day {},{}\n", i % 7, (i * 37) % 251, if i % 50 == 0 { "rare" } else { "often" }))
        .collect();
    let cells = cells(&format!("a,day,kind\n{}", rows.concat()));
    let inside: Vec<bool> = (0..500).map(|i| (i * 37) % 251 < 100 || i % 50 == 0).collect();
    let found = portrait(&cells, &inside, None, &[]).expect("some are inside");
    assert!(of(&found, &cells, "day").is_empty(), "{:?}", of(&found, &cells, "day"));
    assert_eq!(of(&found, &cells, "kind").len(), 1, "ten of five hundred rows are enough");
}
