//! The columns of a set, each compared inside and in the rest.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::effect::{Moments, proportion_effect, standardised_difference};
use super::{Category, Cross, Says, Spread, Trait, is_measured};
use crate::data::{Cells, Holds};
use crate::recipe::columns::Role;

/// Steps of a histogram.
const STEPS: usize = 24;
/// Share of values beyond either end of it.
const BEYOND: f64 = 0.005;
/// A column with more different values is no category; with more words its texts are looked into.
const MOST_VALUES: usize = 50;
const MOST_WORDS: usize = 1000;
/// Values of a category that are listed.
const LISTED: usize = 20;
/// Words of a text are counted up to so many different ones, and only where they are as long.
const MOST_TOKENS: usize = 50_000;
const SHORTEST: usize = 3;
/// Words of one column that can set samples apart.
const OF_ONE: usize = 6;
/// A word of a text has to stand in this share of the texts.
const LEAST: f64 = 0.05;
/// A value of a category has to stand in this share of the rows.
const RARE: f64 = 0.01;

/// What was found in the columns.
#[derive(Debug, Default)]
pub(super) struct Looked {
    pub(super) traits: Vec<Trait>,
    pub(super) crosses: Vec<Cross>,
    pub(super) left_out: Vec<(String, &'static str)>,
}

/// Looks at all columns, on all processors.
pub(super) fn look(cells: &Cells, inside: &[bool], counts: [usize; 2]) -> Looked {
    let look = |column: usize| look_at(cells, column, inside, counts);
    let each: Vec<Looked> = (0..cells.columns().len()).into_par_iter().map(look).collect();
    each.into_iter().fold(Looked::default(), |mut all, one| {
        all.traits.extend(one.traits);
        all.crosses.extend(one.crosses);
        all.left_out.extend(one.left_out);
        all
    })
}

fn look_at(cells: &Cells, column: usize, inside: &[bool], counts: [usize; 2]) -> Looked {
    let mut looked = Looked::default();
    let of = &cells.columns()[column];
    if of.role == Some(Role::Id) {
        looked.left_out.push((of.name.clone(), "names the rows"));
        return looked;
    }
    // Classes are what samples may be compared with; they do not say what sets them apart.
    let is_class = of.role == Some(Role::Label);
    let values = values(cells, column, inside);
    let few = values.as_ref().filter(|values| values.len() <= MOST_VALUES);
    if let Some(values) = few.filter(|values| values.len() > 1) {
        looked.crosses.push(cross(of.name.clone(), values));
    }
    if is_class {
        return looked;
    }
    looked.traits.extend(missing(cells, column, inside, counts));
    if is_measured(of.holds) {
        looked.traits.extend(numbers(cells, column, inside));
        return looked;
    }
    match &values {
        Some(values) => looked.traits.extend(words(column, of.holds, values, counts)),
        None => match texts(cells, column, inside, counts) {
            Some(traits) => looked.traits.extend(traits),
            None => looked.left_out.push((of.name.clone(), "has too many different words")),
        },
    }
    looked
}

type Counts<'a> = HashMap<Cow<'a, str>, [usize; 2]>;

/// The different cells of a column with their counts; none where there are too many.
fn values<'a>(cells: &'a Cells, column: usize, inside: &[bool]) -> Option<Counts<'a>> {
    let most = if is_measured(cells.columns()[column].holds) { MOST_VALUES } else { MOST_WORDS };
    let mut counts: Counts<'a> = HashMap::new();
    for (row, &on) in inside.iter().enumerate() {
        let Some(word) = cells.word(row, column) else { continue };
        if counts.len() >= most && !counts.contains_key(&word) {
            return None;
        }
        counts.entry(word).or_default()[usize::from(!on)] += 1;
    }
    Some(counts)
}

fn cross(name: String, counts: &Counts<'_>) -> Cross {
    let values = counts.iter().map(|(word, &counts)| (word.to_string(), counts)).collect();
    listed(name, values)
}

/// The counts of a category that is no column.
pub(super) fn cross_of(category: &Category<'_>, inside: &[bool]) -> Cross {
    let mut counts = vec![[0; 2]; category.names.len()];
    for (&id, &on) in category.ids.iter().zip(inside) {
        if let Some(count) = counts.get_mut(id as usize) {
            count[usize::from(!on)] += 1;
        }
    }
    let values = category.names.iter().cloned().zip(counts).filter(|(_, counts)| *counts != [0, 0]).collect();
    listed(category.name.clone(), values)
}

fn listed(name: String, mut values: Vec<(String, [usize; 2])>) -> Cross {
    values.sort_by(|(a, m), (b, n)| (n[0], n[1]).cmp(&(m[0], m[1])).then_with(|| a.cmp(b)));
    let rest = values.split_off(values.len().min(LISTED));
    let others = rest.iter().fold([0; 2], |sum, (_, counts)| [sum[0] + counts[0], sum[1] + counts[1]]);
    Cross { name, values, others }
}

fn shares(counts: [usize; 2], of: [usize; 2]) -> [f64; 2] {
    [0, 1].map(|side| counts[side] as f64 / of[side].max(1) as f64)
}

fn numbers(cells: &Cells, column: usize, inside: &[bool]) -> Option<Trait> {
    let mut sides = [Moments::default(); 2];
    for (row, &on) in inside.iter().enumerate() {
        if let Some(value) = cells.number(row, column) {
            sides[usize::from(!on)].add(value);
        }
    }
    if sides.iter().any(|side| side.count == 0) {
        return None;
    }
    let (means, variances) = (sides.map(|side| side.mean), sides.map(|side| side.variance()));
    let effect = standardised_difference(means, variances);
    (effect != 0.0 && !effect.is_nan()).then(|| Trait {
        column,
        effect,
        says: Says::Numbers { means, deviations: variances.map(f64::sqrt) },
        spread: None,
    })
}

fn missing(cells: &Cells, column: usize, inside: &[bool], of: [usize; 2]) -> Option<Trait> {
    let mut counts = [0; 2];
    for (row, &on) in inside.iter().enumerate() {
        counts[usize::from(!on)] += usize::from(cells.is_missing(row, column));
    }
    let shares = shares(counts, of);
    let effect = proportion_effect(shares);
    (effect != 0.0).then_some(Trait { column, effect, says: Says::Missing(shares), spread: None })
}

fn words(column: usize, holds: Holds, values: &Counts<'_>, of: [usize; 2]) -> Vec<Trait> {
    let one = |(word, &counts): (&Cow<'_, str>, &[usize; 2])| {
        let shares = shares(counts, of);
        Trait { column, effect: proportion_effect(shares), says: Says::Is(word.to_string(), shares), spread: None }
    };
    // A day of many sets nothing apart, however all its few rows lie.
    let often = |counts: &[usize; 2]| (counts[0] + counts[1]) as f64 >= RARE * (of[0] + of[1]) as f64;
    let frequent = values.iter().filter(|(_, counts)| often(counts));
    let mut traits: Vec<Trait> = frequent.map(one).filter(|t| t.effect != 0.0).collect();
    by_effect(&mut traits);
    if holds == Holds::Flags || values.len() == 2 {
        // Of two words one says all: that which is more frequent there.
        traits.retain(|t| t.effect > 0.0);
        traits.truncate(1);
    }
    traits.truncate(OF_ONE);
    traits
}

/// The words in the texts of a column; none where they are no texts.
fn texts(cells: &Cells, column: usize, inside: &[bool], of: [usize; 2]) -> Option<Vec<Trait>> {
    let mut counts: HashMap<String, [usize; 2]> = HashMap::new();
    let mut several = 0;
    for (row, &on) in inside.iter().enumerate() {
        let Some(text) = cells.word(row, column) else { continue };
        let tokens: HashSet<String> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|token| token.chars().count() >= SHORTEST && token.chars().any(char::is_alphabetic))
            .map(str::to_lowercase)
            .collect();
        several += usize::from(tokens.len() > 1);
        for token in tokens {
            if counts.len() < MOST_TOKENS || counts.contains_key(&token) {
                counts.entry(token).or_default()[usize::from(!on)] += 1;
            }
        }
    }
    if 2 * several < inside.len() {
        return None;
    }
    let one = |(token, counts): (String, [usize; 2])| {
        let shares = shares(counts, of);
        Trait { column, effect: proportion_effect(shares), says: Says::Contains(token, shares), spread: None }
    };
    let often = |t: &Trait| t.effect != 0.0 && matches!(t.says, Says::Contains(_, [p, q]) if p.max(q) >= LEAST);
    let mut traits: Vec<Trait> = counts.into_iter().map(one).filter(often).collect();
    by_effect(&mut traits);
    traits.truncate(OF_ONE);
    Some(traits)
}

/// The largest effects first; of equal ones the first by the alphabet, so that no table of hashes decides.
fn by_effect(traits: &mut [Trait]) {
    let word = |t: &Trait| match &t.says {
        Says::Is(word, _) | Says::Contains(word, _) => word.clone(),
        _ => String::new(),
    };
    traits.sort_by(|a, b| b.effect.abs().total_cmp(&a.effect.abs()).then_with(|| word(a).cmp(&word(b))));
}

/// How the numbers of a column lie on both sides.
pub(super) fn spread(cells: &Cells, column: usize, inside: &[bool]) -> Option<Spread> {
    let mut sides: [Vec<f64>; 2] = Default::default();
    for (row, &on) in inside.iter().enumerate() {
        sides[usize::from(!on)].extend(cells.number(row, column));
    }
    let mut all: Vec<f64> = sides.concat();
    let last = all.len().checked_sub(1)?;
    let beyond = (BEYOND * all.len() as f64) as usize;
    let low = *all.select_nth_unstable_by(beyond, f64::total_cmp).1;
    let high = *all.select_nth_unstable_by(last - beyond, f64::total_cmp).1;
    // Halves, so that the widest range there is has a width.
    let span = 0.5 * high - 0.5 * low;
    let step = |value: f64| if span > 0.0 { ((0.5 * value - 0.5 * low) / span * STEPS as f64) as usize } else { 0 };
    let mut shares = vec![[0.0; 2]; STEPS];
    for (side, values) in sides.iter().enumerate() {
        for &value in values {
            shares[step(value).min(STEPS - 1)][side] += 1.0 / values.len() as f64;
        }
    }
    Some(Spread { ends: [low, high], shares })
}
