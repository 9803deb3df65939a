//! What some of the samples have that the others have not: the columns that set them apart, by effect size, how their values lie, what
//! they share with each category, which of them are typical and which odd, and what they could be called.

mod columns;
mod effect;
mod members;
mod names;

use ndarray::ArrayView2;

use crate::data::{Cells, Holds};

pub use effect::{proportion_effect, standardised_difference};
pub use members::Members;

/// How values lie, inside and in the rest, as shares of either.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spread {
    /// The ends of the first and of the last step; values beyond them are counted in those.
    pub ends: [f64; 2],
    /// For each step the share inside and in the rest.
    pub shares: Vec<[f64; 2]>,
}

/// What is said of a column. Pairs are inside, then the rest.
#[derive(Clone, Debug, PartialEq)]
pub enum Says {
    /// Its numbers lie elsewhere.
    Numbers {
        /// Means of those that hold something.
        means: [f64; 2],
        /// Standard deviations of the samples.
        deviations: [f64; 2],
    },
    /// This word stands there more or less often; shares of all rows.
    Is(String, [f64; 2]),
    /// Texts have this word in them more or less often.
    Contains(String, [f64; 2]),
    /// It holds nothing more or less often.
    Missing([f64; 2]),
}

/// A column that tells the samples from the rest, in one way.
#[derive(Clone, Debug, PartialEq)]
pub struct Trait {
    /// Its place among the columns.
    pub column: usize,
    /// The effect size: the standardised difference of means, or Cohen's h of two shares. From 0.8 on it is large, below 0.2 small.
    pub effect: f64,
    /// What is said.
    pub says: Says,
    /// How its values lie, for the first traits of numbers.
    pub spread: Option<Spread>,
}

/// The counts of a category, inside and in the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct Cross {
    /// What it is called.
    pub name: String,
    /// Its values, those first that stand inside most often.
    pub values: Vec<(String, [usize; 2])>,
    /// Rows of other values.
    pub others: [usize; 2],
}

/// A category that is no column.
#[derive(Clone, Debug)]
pub struct Category<'a> {
    /// What it is called.
    pub name: String,
    /// For each sample the place of its value.
    pub ids: &'a [u32],
    /// Its values.
    pub names: Vec<String>,
}

/// What some of the samples have that the others have not.
#[derive(Clone, Debug, PartialEq)]
pub struct Portrait {
    /// How many there are, inside and in the rest.
    pub counts: [usize; 2],
    /// What sets them apart, the largest effects first.
    pub traits: Vec<Trait>,
    /// Columns that were not compared, with the reason.
    pub left_out: Vec<(String, &'static str)>,
    /// Categories.
    pub crosses: Vec<Cross>,
    /// Typical and odd ones.
    pub members: Members,
    /// Means of the pixels, inside and of the rest, where samples are pictures.
    pub pictures: Option<[Vec<f64>; 2]>,
    /// What they could be called, the best first.
    pub names: Vec<String>,
}

/// Traits that are kept, and those of them that show how their values lie.
const MOST_TRAITS: usize = 60;
const SPREADS: usize = 8;

/// Compares the samples `inside` with the rest. `rows` are places of all samples, by which some are typical; `categories` stand beside
/// those of the columns. Nothing where no sample is inside.
#[must_use]
pub fn portrait(
    cells: &Cells,
    inside: &[bool],
    rows: Option<ArrayView2<'_, f64>>,
    categories: &[Category<'_>],
) -> Option<Portrait> {
    let n = cells.len().min(inside.len());
    let within = inside.iter().take(n).filter(|&&on| on).count();
    if within == 0 {
        return None;
    }
    let counts = [within, n - within];
    let looked = columns::look(cells, &inside[..n], counts);
    let mut crosses: Vec<Cross> = categories.iter().map(|category| columns::cross_of(category, &inside[..n])).collect();
    crosses.extend(looked.crosses);
    let mut traits = if counts[1] > 0 { looked.traits } else { Vec::new() };
    // Equal effects in the order of the columns.
    traits.sort_by(|a, b| b.effect.abs().total_cmp(&a.effect.abs()).then(a.column.cmp(&b.column)));
    traits.truncate(MOST_TRAITS);
    let of_numbers = traits.iter_mut().filter(|t| matches!(t.says, Says::Numbers { .. })).take(SPREADS);
    of_numbers.for_each(|t| t.spread = columns::spread(cells, t.column, &inside[..n]));
    let names = names::names(cells, &traits, &crosses, counts);
    Some(Portrait {
        counts,
        traits,
        left_out: looked.left_out,
        crosses,
        members: rows.map_or_else(Members::default, |rows| Members::of(rows, &inside[..n])),
        pictures: members::pictures(cells.data(), &inside[..n], counts),
        names,
    })
}

/// Whether a column holds numbers or dates.
fn is_measured(holds: Holds) -> bool {
    matches!(holds, Holds::Numbers | Holds::Dates(_))
}

#[cfg(test)]
mod tests;
