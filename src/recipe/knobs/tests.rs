//! The table is whole: each flag, field and row has the other two.

use super::*;
use crate::recipe::{Auto, DeviceChoice, Facts, Hidden, Origin, Scale};

/// Turns a field to what it was not.
fn turn(field: Field) {
    match field {
        Field::Whole(value) => *value += 1,
        Field::AutoWhole(value) => *value = Auto::Set(77),
        Field::Real(value) => *value += 0.125,
        Field::AutoReal(value) => *value = Auto::Set(0.125),
        Field::Seed(value) => *value += 1,
        Field::Switch(value) => *value = !*value,
        Field::Choice(choice) => choice.choose(choice.at() + 1),
        Field::Layers(layers) => *layers = Hidden::Layers(vec![7]),
        Field::Text(text) => text.push('x'),
        Field::Path(path) => *path = Some("a file".into()),
        Field::Scale(scale) => *scale = Scale::Global,
    }
}

#[test]
fn every_flag_has_one_row_and_every_row_a_flag_and_the_field_of_its_name() {
    for flag in FLAGS.get_arguments().filter_map(clap::Arg::get_long) {
        assert_eq!(all().filter(|knob| knob.flag == flag).count(), 1, "rows of --{flag}");
    }
    for knob in all() {
        assert!(knob.arg().is_some(), "--{} is no flag", knob.flag);
        let mut turned = Recipe::default();
        turn((knob.field)(&mut turned));
        let changed: Vec<String> = turned.changed().into_iter().map(|(flag, _)| flag).collect();
        assert_eq!(changed, [knob.flag], "the field of --{}", knob.flag);
    }
}

#[test]
fn every_row_says_what_it_does_under_the_heading_of_help() {
    for knob in all() {
        let heading = knob.arg().and_then(clap::Arg::get_help_heading).unwrap_or_default();
        assert_eq!(heading, knob.heading, "--{}", knob.flag);
        assert!(!knob.label.is_empty() && knob.meaning().is_some(), "--{}", knob.flag);
        assert!(!knob.effect.ends_with('.') && knob.effect.len() > 20, "--{}", knob.flag);
    }
    for section in Section::ALL {
        assert!(section.knobs().next().is_some(), "{} is empty", section.title());
    }
    assert_eq!(Section::ALL.into_iter().flat_map(Section::knobs).count(), all().count());
}

/// What no stage reads decides nothing; `--memory` alone decides whether a run starts.
#[test]
fn every_knob_is_read_by_a_stage() {
    let unread: Vec<&str> = all().filter(|knob| knob.reads.is_empty()).map(|knob| knob.flag).collect();
    assert_eq!(unread, ["memory"]);
}

#[test]
fn every_number_has_a_range_with_its_default_and_its_start_inside() {
    let mut recipe = Recipe::default();
    for knob in all() {
        let field = (knob.field)(&mut recipe);
        let automatic = matches!(field, Field::AutoWhole(_) | Field::AutoReal(_));
        let whole = matches!(field, Field::Whole(_) | Field::AutoWhole(_) | Field::Seed(_));
        let number = automatic || whole || matches!(field, Field::Real(_));
        let Some(range) = knob.range else {
            assert!(!number, "--{} has no range", knob.flag);
            continue;
        };
        assert!(field.number().is_none_or(|value| range.contains(value)), "--{}", knob.flag);
        assert!(!automatic || range.turned().contains(&range.start), "--{} starts at {}", knob.flag, range.start);
        assert_eq!(range.is_whole(), whole, "--{}", knob.flag);
    }
}

#[test]
fn a_number_outside_its_range_is_named_with_the_words_of_its_row() {
    let refused = |flag: &str, value: f64| of(flag).check(value).expect_err(flag).to_string();
    assert_eq!(refused("guards", 257.0), "--guards 257 is above 256");
    assert_eq!(refused("decay", 1.0), "--decay 1 must lie between 0 and 1");
    assert_eq!(refused("classes", 1.0), "--classes 1: a batch needs at least 2 classes");
    assert!(of("guards").check(256.0).is_ok() && of("scaling").check(f64::NAN).is_ok());
    let recipe = Recipe { joint: 0.0, patience: 0, ..Recipe::default() };
    assert_eq!(check(&recipe, &some(["lr", "decay"])).ok(), Some(()));
    let error = check(&recipe, &some(["lr", "patience", "joint"])).expect_err("no patience");
    assert_eq!(error.to_string(), "--patience must be at least 1");
}

/// What is always in sight is little: eight settings, and of a generated set how much there is of it.
#[test]
fn eight_settings_are_essential_and_a_slider_ends_inside_the_range() {
    let essential = |data: bool| -> Vec<&str> {
        let rows = all().filter(|knob| knob.level == Level::Essential && (knob.section == Section::Data) == data);
        rows.map(|knob| knob.flag).collect()
    };
    assert_eq!(essential(false), ["represent", "neighbors", "scale", "clusters", "hidden", "steps", "batch", "seed"]);
    assert_eq!(essential(true), ["samples", "noise"]);
    for knob in all() {
        let Some([low, high]) = knob.usual else { continue };
        let range = knob.range.expect("a slider is of a number");
        assert!(low < high && range.contains(low) && range.contains(high), "--{}", knob.flag);
    }
}

#[test]
fn flags_that_were_given_for_nothing_are_told_with_the_reason() {
    let said = |recipe: &Recipe, facts: &Facts| recipe.given_for_nothing(facts);
    let table = Facts { samples: 100, origin: Origin::Path, ..Facts::default() };
    assert_eq!(said(&Recipe::default(), &table), Vec::<String>::new());
    let still =
        Recipe { learn: false, tie: Auto::Set(3.0), steps: Auto::Set(9), samples: Auto::Set(50), ..Recipe::default() };
    let wanted = [
        "--samples has no effect: the samples are not generated (--limit takes fewer)",
        "--steps, --tie have no effect: nothing is learned",
    ];
    assert_eq!(said(&still, &table), wanted);
    let moons = Facts { samples: 100, generated: Some((100, Some(0.1))), ..Facts::default() };
    let drawn = Recipe { samples: Auto::Set(50), delimiter: "tab".into(), ..Recipe::default() };
    assert_eq!(said(&drawn, &moons), ["--delimiter has no effect: the samples come from no file"]);
    let coded = Recipe { latent: Auto::Set(4), corruption: 0.4, device: DeviceChoice::Cpu, ..Recipe::default() };
    let wanted = [
        "--corruption has no effect: there are no codes",
        "--latent has no effect: the system is another than the dual autoencoder",
    ];
    assert_eq!(said(&coded, &table), wanted);
    let taught = Recipe { system: System::Dscl, exact: false, ..Recipe::default() };
    assert_eq!(said(&taught, &table), ["--no-exact has no effect: the system learns from labels"]);
}

#[test]
fn a_head_beside_the_codes_reads_its_settings_where_nothing_else_is_learned() {
    let dual = Recipe { system: System::DualAutoencoder, learn: false, ..Recipe::default() };
    let idle = |flag: &str, recipe: &Recipe| {
        let facts = Facts::default();
        super::find(flag).and_then(|knob| knob.idle(recipe, &facts, &recipe.worked_out(&facts))).is_some()
    };
    assert!(!idle("hidden", &dual) && idle("tie", &dual), "the head has layers, and no tie");
    assert!(idle("hidden", &Recipe { learn: false, ..Recipe::default() }));
}

#[test]
fn every_text_says_what_stands_where_it_is_empty() {
    let mut recipe = Recipe::default();
    for knob in all() {
        let is_text = matches!((knob.field)(&mut recipe), Field::Layers(_) | Field::Text(_) | Field::Path(_));
        assert_eq!(!knob.hint.is_empty(), is_text, "--{}", knob.flag);
    }
}
