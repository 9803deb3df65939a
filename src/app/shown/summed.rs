//! Pictures in sentences, for whoever has them read aloud: how many points and groups and which of these overlap, where a curve begins,
//! ends and lies lowest, where most of a histogram is.

use crate::app::kit::format;
use crate::app::shown::coloring::{Category, ColorBy, Legend};

/// Points that are looked at for overlaps; of more, every so many-th.
const LOOKED_AT: usize = 40_000;
/// Groups that are looked at for overlaps, the first of the list.
const GROUPS: usize = 32;
/// Two groups overlap where they share so much of their places.
const OVERLAP: f64 = 0.1;
/// Overlaps that are named.
const NAMED: usize = 3;

/// What a view shows: points, groups, the largest and the least of them, and which overlap in this view. `ids` are the groups of the points.
#[must_use]
pub fn scatter(positions: &[[f32; 3]], three_d: bool, by: ColorBy, legend: &Legend, ids: &[u32]) -> String {
    let points = format::counted(positions.len(), "point");
    let groups = match legend {
        Legend::Categories(groups) => groups.as_slice(),
        Legend::Gradient { low, high } => {
            return format!("{points}, coloured from {} to {}.", format::number(*low), format::number(*high));
        }
        Legend::Diverging { most } => {
            return format!("{points}, coloured from −{0} over 0 to {0}.", format::number(*most));
        }
        Legend::Position => return format!("{points}, coloured by their place in the input."),
    };
    let kind = if by == ColorBy::Label { ["class", "classes"] } else { ["cluster", "clusters"] };
    let (Some(most), Some(least)) = (groups.iter().max_by_key(|g| g.count), groups.iter().min_by_key(|g| g.count))
    else {
        return format!("{points}.");
    };
    let all = format!("{points} in {} {}", format::count(groups.len()), kind[usize::from(groups.len() > 1)]);
    if groups.len() == 1 {
        return format!("{all}, {}.", quoted(most));
    }
    let ends = [most, least].map(|group| (quoted(group), format::count(group.count)));
    let said =
        format!("{all}; the largest, {}, has {}; the smallest, {}, {}", ends[0].0, ends[0].1, ends[1].0, ends[1].1);
    match overlaps(positions, three_d, groups, ids).as_slice() {
        [] => said + "; none overlap here.",
        pairs => {
            let named = pairs.iter().take(NAMED);
            let named: Vec<String> = named
                .map(|&(a, b, share)| {
                    format!("{} and {} by {:.0} %", quoted(&groups[a]), quoted(&groups[b]), 100.0 * share)
                })
                .collect();
            let more = pairs.len() - named.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            let verb = if pairs.len() == 1 { "overlaps" } else { "overlap" };
            said + &format!("; {} {verb} here: {}{more}.", format::counted(pairs.len(), "pair"), named.join(", "))
        }
    }
}

fn quoted(group: &Category) -> String {
    format!("‘{}’", format::short(&group.name, 40))
}

/// The pairs of groups that lie in the same places, the most first, with the share that they have in common: the view is laid out in
/// cells, and in each the smaller of their shares counts. So rings in each other do not overlap, though their centres are one.
fn overlaps(positions: &[[f32; 3]], three_d: bool, groups: &[Category], ids: &[u32]) -> Vec<(usize, usize, f64)> {
    let groups = &groups[..groups.len().min(GROUPS)];
    let step = positions.len().div_ceil(LOOKED_AT).max(1);
    let place = |id: u32| groups.iter().position(|group| group.id == id);
    let seen = positions.iter().zip(ids).step_by(step);
    let seen: Vec<([f32; 3], usize)> = seen
        .filter(|(at, _)| at.iter().all(|v| v.is_finite()))
        .filter_map(|(at, &id)| Some((*at, place(id)?)))
        .collect();
    if seen.is_empty() {
        return Vec::new();
    }
    let axes = if three_d { 3 } else { 2 };
    let count = seen.len() as f64;
    let side = if three_d { count.cbrt().clamp(4.0, 14.0) } else { (0.5 * count.sqrt()).clamp(6.0, 30.0) } as usize;
    // A few points far off must not press all others into one cell.
    let ends: Vec<(f32, f32)> = (0..axes).map(|axis| inner(seen.iter().map(|(at, _)| at[axis]).collect())).collect();
    let cell = |at: &[f32; 3]| {
        ends.iter().zip(at).fold(0, |cell, (&(low, high), &v)| {
            let share = if high > low { (v - low) / (high - low) } else { 0.5 };
            cell * side + ((share * side as f32) as usize).min(side - 1)
        })
    };
    let cells = side.pow(axes as u32);
    let (mut held, mut sizes) = (vec![0_u32; cells * groups.len()], vec![0_u32; groups.len()]);
    for (at, group) in &seen {
        held[group * cells + cell(at)] += 1;
        sizes[*group] += 1;
    }
    let share = |group: usize, cell: usize| f64::from(held[group * cells + cell]) / f64::from(sizes[group].max(1));
    let mut pairs = Vec::new();
    for a in 0..groups.len() {
        for b in a + 1..groups.len() {
            let common = (0..cells).map(|cell| share(a, cell).min(share(b, cell))).sum::<f64>();
            if common >= OVERLAP {
                pairs.push((a, b, common));
            }
        }
    }
    pairs.sort_by(|a, b| b.2.total_cmp(&a.2));
    pairs
}

/// Where all but a fiftieth of the values lie.
fn inner(mut values: Vec<f32>) -> (f32, f32) {
    values.sort_by(f32::total_cmp);
    let off = values.len() / 100;
    (values[off], values[values.len() - 1 - off])
}

/// Where a curve over steps begins and ends, and where it lies lowest (`high`: highest, for what should grow).
#[must_use]
pub fn curve(name: &str, points: &[[f64; 2]], high: bool) -> Option<String> {
    let (first, last) = (points.first()?, points.last()?);
    let step = |x: f64| format::count(x.max(0.0) as usize);
    let number = format::number;
    let ends = |word: &str, best: &[f64; 2]| {
        let at = if best[0].total_cmp(&last[0]).is_eq() {
            "at its end".to_owned()
        } else {
            format!("{} at step {}", number(best[1]), step(best[0]))
        };
        format!(
            "{name} from {} at step {} to {} at step {}, {word} {at}",
            number(first[1]),
            step(first[0]),
            number(last[1]),
            step(last[0])
        )
    };
    let order = |a: &&[f64; 2], b: &&[f64; 2]| a[1].total_cmp(&b[1]);
    let (low, most) = (points.iter().min_by(order)?, points.iter().max_by(order)?);
    if most[1] - low[1] <= 1e-9 * most[1].abs() {
        return Some(format!("{name} {} throughout", number(first[1])));
    }
    Some(if high { ends("highest", most) } else { ends("lowest", low) })
}

/// Several curves in one sentence.
#[must_use]
pub fn curves<'a>(all: impl IntoIterator<Item = (&'a str, &'a [[f64; 2]])>, high: bool) -> String {
    let said: Vec<String> = all.into_iter().filter_map(|(name, points)| curve(name, points, high)).collect();
    if said.is_empty() { "Nothing yet.".to_owned() } else { format!("{}.", said.join("; ")) }
}

/// Where most of a histogram of equal steps lies: its highest step, and the value that half lies below.
#[must_use]
pub fn histogram(shares: &[f64], low: f64, high: f64) -> Option<String> {
    let all: f64 = shares.iter().sum();
    let (at, most) = shares.iter().copied().enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
    if all <= 0.0 || !all.is_finite() {
        return None;
    }
    let edge = |at: usize| low + (high - low) * at as f64 / shares.len() as f64;
    let mut sum = 0.0;
    let half = shares.iter().position(|share| {
        sum += share;
        sum >= 0.5 * all
    })?;
    let number = format::number;
    Some(format!(
        "most, {:.0} %, between {} and {}; half below {}",
        100.0 * most / all,
        number(edge(at)),
        number(edge(at + 1)),
        number(edge(half + 1))
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::kit::shapes::Shape;

    fn group(id: u32, name: &str, count: usize) -> Category {
        Category { id, name: name.to_owned(), color: [0; 3], shape: Shape::Disc, count }
    }

    /// Three blobs on a line, the second and the third half over each other; and a ring around the first.
    fn blobs() -> (Vec<[f32; 3]>, Vec<u32>, Legend) {
        let mut points = Vec::new();
        let mut ids = Vec::new();
        for i in 0..400_u32 {
            let (a, b) = ((i as f32 * 0.618_034).fract(), (i as f32 * 0.754_878).fract());
            for (id, x) in [(0, 0.0), (1, 6.0), (2, 6.5)] {
                points.push([x + a, b, 0.0]);
                ids.push(id);
            }
            let angle = std::f32::consts::TAU * a;
            points.push([0.5 + 2.0 * angle.cos(), 0.5 + 2.0 * angle.sin(), 0.0]);
            ids.push(3);
        }
        let groups = vec![group(0, "0", 400), group(1, "one", 400), group(2, "two", 401), group(3, "ring", 399)];
        (points, ids, Legend::Categories(groups))
    }

    #[test]
    fn a_scatter_is_summed_up_with_what_overlaps_in_it() {
        let (points, ids, legend) = blobs();
        let said = scatter(&points, false, ColorBy::Learned, &legend, &ids);
        let begin = "1,600 points in 4 clusters; the largest, ‘two’, has 401; the smallest, ‘ring’, 399; 1 pair overlaps here: ";
        assert!(said.starts_with(begin), "{said}");
        assert!(said.contains("‘one’ and ‘two’ by ") && !said.contains("‘0’"), "{said}");
        let flat: Vec<_> = points.iter().map(|p| [p[0], p[1], 0.3]).collect();
        assert!(scatter(&flat, true, ColorBy::Learned, &legend, &ids).contains("‘one’ and ‘two’"), "in 3-D too");
        let far: Vec<_> = (0..4).map(|id| (id, [40.0 * id as f32, 0.0, 0.0])).collect();
        let apart: Vec<_> =
            points.iter().zip(&ids).map(|(p, id)| [p[0] * 0.1 + far[*id as usize].1[0], p[1], 0.0]).collect();
        assert!(scatter(&apart, false, ColorBy::Label, &legend, &ids).ends_with("none overlap here."));
    }

    #[test]
    fn one_group_none_and_gradients_have_their_sentences() {
        let two = [[0.0; 3], [1.0; 3]];
        let one = Legend::Categories(vec![group(0, "all", 2)]);
        let said = |legend: &Legend| scatter(&two, false, ColorBy::Exact, legend, &[0, 0]);
        assert_eq!(said(&one), "2 points in 1 cluster, ‘all’.");
        assert_eq!(said(&Legend::Categories(vec![])), "2 points.");
        assert_eq!(said(&Legend::Gradient { low: 0.0, high: 2.5 }), "2 points, coloured from 0 to 2.50.");
        let nowhere = [[f32::NAN; 3]; 2];
        assert!(scatter(&nowhere, false, ColorBy::Exact, &blobs().2, &[0, 1]).ends_with("none overlap here."));
    }

    #[test]
    fn a_curve_is_summed_up_by_its_ends_and_its_best() {
        let points = [[25.0, 0.9], [500.0, 0.02], [1000.0, 0.03]];
        let said = curve("loss", &points, false).expect("it has points");
        assert_eq!(said, "loss from 0.900 at step 25 to 0.0300 at step 1,000, lowest 0.0200 at step 500");
        let said = curve("ACC", &points[..2], true).expect("it has points");
        assert_eq!(said, "ACC from 0.900 at step 25 to 0.0200 at step 500, highest 0.900 at step 25");
        assert_eq!(curves([("bound", &[[1.0, 0.5], [9.0, 0.5]][..]), ("none", &[])], false), "bound 0.500 throughout.");
        assert_eq!(curves([], false), "Nothing yet.");
    }

    #[test]
    fn a_histogram_is_summed_up_by_its_highest_step_and_its_half() {
        let said = histogram(&[0.1, 0.6, 0.2, 0.1], 0.0, 2.0).expect("it has shares");
        assert_eq!(said, "most, 60 %, between 0.500 and 1.00; half below 1.00");
        assert_eq!(histogram(&[0.0, 0.0], 0.0, 1.0), None);
    }
}
