//! How hard to look: tried out on a few rows before all the others.
//!
//! How many lists must be visited and how many candidates must be measured depends on the data. A few rows look with far
//! more effort than needed; what they find stands for the truth, and the cheapest effort that finds nearly all of it is
//! taken for all rows.

use rayon::prelude::*;

use super::candidates::{Effort, Lists};
use super::distances::Rows;
use super::products::QUERIES;
use crate::Result;
use crate::support::progress::Progress;

/// Lists that are tried out, by [`QUERIES`] rows of each.
const LISTS: usize = 80;
/// Rows met and candidates per neighbour of those who stand for the truth.
const TRUTH: (usize, usize) = (40_000, 12);
/// Rows met, to choose from.
const BUDGETS: [usize; 6] = [3000, 4000, 5000, 7000, 10_000, 20_000];
/// Candidates per neighbour, to choose from, in halves.
const HALF_ROOMS: [usize; 9] = [4, 5, 6, 7, 8, 10, 12, 16, 20];
/// The part of the true neighbours that should be among the candidates. Reversed pairs add to it afterwards.
const GOAL: f64 = 0.98;
/// What fetching and measuring a number of a candidate costs, compared with multiplying a coordinate of a row met.
const FETCHING: usize = 14;

/// The cheapest effort with which rows find nearly all of their `k` neighbours, or the greatest.
pub(super) fn effort(
    lists: &Lists,
    rows: Rows<'_>,
    depth: usize,
    k: usize,
    scale: f32,
    progress: &Progress<'_>,
) -> Result<Effort> {
    let most = Effort { budget: budget(TRUTH.0, k), room: room(2 * TRUTH.1, k) };
    let step = lists.members.len().div_ceil(LISTS);
    let tried: Vec<usize> = (0..lists.members.len()).step_by(step).collect();
    let found: Vec<Tried> = tried
        .into_par_iter()
        .map(|list| {
            progress.check()?;
            Ok(Tried::new(lists, rows, list, k, scale, most))
        })
        .collect::<Result<_>>()?;
    let wanted: usize = found.iter().map(|tried| tried.wanted).sum();
    let mut options: Vec<(usize, Effort, usize)> = BUDGETS
        .iter()
        .enumerate()
        .flat_map(|(number, &rows_met)| {
            HALF_ROOMS
                .iter()
                .map(move |&halves| (number, Effort { budget: budget(rows_met, k), room: room(halves, k) }))
        })
        .map(|(number, effort)| (number, effort, effort.budget * depth + FETCHING * effort.room * rows.d))
        .collect();
    options.sort_by_key(|option| option.2);
    let enough = |&&(number, effort, _): &&(usize, Effort, usize)| {
        let hits: usize = found.iter().map(|tried| tried.hits(number, effort.room)).sum();
        hits as f64 >= GOAL * wanted as f64
    };
    Ok(options.iter().find(enough).or(options.last()).map_or(most, |option| option.1))
}

/// Candidates kept for `k` neighbours: some halves of `k`, and some more for the row itself and for small `k`.
fn room(halves: usize, k: usize) -> usize {
    halves * k / 2 + 4
}

/// Rows met, enough for many neighbours too.
fn budget(rows: usize, k: usize) -> usize {
    rows.max(4 * room(2 * TRUTH.1, k))
}

/// Where the true neighbours of some rows of a list stand among the candidates.
struct Tried {
    /// True neighbours in all.
    wanted: usize,
    /// For each of [`BUDGETS`], the places of those found.
    places: Vec<Vec<usize>>,
}

impl Tried {
    fn new(lists: &Lists, rows: Rows<'_>, list: usize, k: usize, scale: f32, most: Effort) -> Self {
        let members = &lists.members[list][..QUERIES.min(lists.members[list].len())];
        let truth: Vec<Vec<u32>> = lists
            .candidates(list, 0..members.len(), most)
            .into_iter()
            .zip(members)
            .map(|(candidates, &i)| {
                rows.nearest(i, &candidates, scale).into_iter().take(k).map(|near| near.1).collect()
            })
            .collect();
        let places = |&rows_met: &usize| {
            let effort = Effort { budget: budget(rows_met, k), room: most.room };
            let candidates = lists.candidates(list, 0..members.len(), effort);
            let place = |(candidates, j): (&Vec<u32>, &u32)| candidates.iter().position(|c| c == j);
            let pairs = candidates.iter().zip(&truth).flat_map(|(c, truth)| truth.iter().map(move |j| (c, j)));
            pairs.filter_map(place).collect()
        };
        Self { wanted: truth.iter().map(Vec::len).sum(), places: BUDGETS.iter().map(places).collect() }
    }

    fn hits(&self, budget: usize, room: usize) -> usize {
        self.places[budget].iter().filter(|&&place| place < room).count()
    }
}
