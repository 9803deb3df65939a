//! What `--scaling auto` takes for a dataset, from its values alone.

pub(super) mod answers;
pub(super) mod digits;
pub(super) mod scaler;
pub(super) mod wild;

use std::collections::HashSet;

use ndarray::{Array2, Axis};

use super::{Dataset, Features};
use crate::recipe::Scaling;
use answers::{Answers, answers};

/// Fewer columns than these are never taken for text or embeddings.
const WIDE: usize = 32;
/// Rows looked at.
const ROWS_LOOKED_AT: usize = 2000;
/// Share of zeros from which values are counts of what is mostly absent.
const MOSTLY_ZERO: f64 = 0.8;
/// The same from which values are amounts of things that a row may lack, where at most ...
const SOME_ZERO: f64 = 0.1;
/// ... this share of the columns has two values, and all together more than so many: else they are answers.
const FEW_FLAGS: f64 = 0.5;
const ANSWERS: usize = 11;
/// Relative spread of the rows' lengths up to which they were brought to one length before, where ...
const ONE_LENGTH: f64 = 0.01;
/// ... at least this share of the sum of all squares lies around the columns' means: a date or a year that is much the same in all
/// rows gives them one length too, and one direction.
const AROUND_MEANS: f64 = 0.01;
/// The same up to which unscaled embeddings differ.
const LIKE_LENGTHS: f64 = 0.3;
/// How far deviations of embeddings' columns lie apart at most, the widest tenth left out at either end.
const LIKE_COLUMNS: f64 = 4.0;

/// What `scaling` becomes for this data, and why. `auto` divides images by their largest value; brings rows to length 1 that are amounts of many
/// things, as expressed genes are, or that are embeddings: there direction means something and single columns do not; weighs counts of what is mostly
/// absent, as of words, by how few rows have it; is mixed where columns have two values; standardises all else.
/// Another scaling is itself.
#[must_use]
pub fn resolve_scaling(data: &Dataset, scaling: Scaling) -> (Scaling, String) {
    if scaling != Scaling::Auto {
        return (scaling, "as chosen".to_owned());
    }
    if let Some(sparse) = &data.sparse {
        return sparse.scaling.clone();
    }
    if data.image.is_some() {
        return (Scaling::Range, "all features are pixels".to_owned());
    }
    if data.dim() >= WIDE {
        let look = Look::at(&data.features);
        if look.is_counts() {
            let zeros = format!("{:.0} % of the values are 0", 100.0 * look.zeros);
            return of_counts(&zeros, look.whole);
        }
        if look.is_amounts() {
            let zeros = 100.0 * look.zeros;
            return (
                Scaling::Unit,
                format!(
                    "no value is negative and {zeros:.0} % are 0, as in amounts of many things: their shares tell rows apart, their sum does not"
                ),
            );
        }
        if look.has_one_length() {
            return (Scaling::Unit, "all rows have one length already, as embeddings have".to_owned());
        }
        if look.is_like_embeddings() && numbered(&data.columns) {
            let d = data.dim();
            return (
                Scaling::Unit,
                format!("{d} numbered columns of one kind and rows of like length, as embeddings have"),
            );
        }
    }
    let Answers { divisors, apart, alike } = answers(&data.features);
    let counts = if apart < 1.0 {
        format!("{apart:.2} deviations of a number, since some {alike} rows share all their answers")
    } else {
        "one deviation of a number".to_owned()
    };
    match divisors.iter().flatten().count() {
        0 => (Scaling::Standardize, "columns may have units of their own".to_owned()),
        two => (Scaling::Mixed, format!("{} two values: another answer counts as {counts}", counted_columns(two))),
    }
}

/// How rows of counts are scaled of which so many values are 0, in words, and why: by what few rows have more than by what all have, where they
/// are numbers of times.
pub(super) fn of_counts(zeros: &str, whole: bool) -> (Scaling, String) {
    if whole {
        let why = "and all are whole, as in counts of words: directions tell rows apart, and what few rows have more than what most have";
        return (Scaling::TfIdf, format!("{zeros} {why}"));
    }
    (Scaling::Unit, format!("{zeros}, as in counts of words: directions tell rows apart"))
}

/// So many columns, and their verb.
fn counted_columns(columns: usize) -> String {
    if columns == 1 { "a column has".to_owned() } else { format!("{columns} columns have") }
}

/// What some rows look like.
struct Look {
    /// Share of values that are 0.
    zeros: f64,
    /// Whether a value is negative.
    negative: bool,
    /// Whether all are whole, and some more than 1: how many times something is there.
    whole: bool,
    /// Share of columns that are 0 in at least half of the rows.
    sparse_columns: f64,
    /// Share of columns with two values at most.
    flags: f64,
    /// Whether there are more different values than a question has answers.
    many_values: bool,
    /// Share of the sum of all squares in the heaviest column.
    heaviest: f64,
    /// Share of the sum of all squares that lies around the columns' means.
    around_means: f64,
    /// Share of columns with values on both sides of 0.
    signed_columns: f64,
    /// Standard deviation of the rows' lengths over their mean; infinite where all are 0.
    lengths: f64,
    /// Ratio of the columns' standard deviations, the 9th tenth to the 1st.
    columns: f64,
}

impl Look {
    fn at(features: &Features) -> Self {
        let (n, d) = features.dim();
        let rows: Vec<usize> = (0..n).step_by(n.div_ceil(ROWS_LOOKED_AT).max(1)).collect();
        let m = rows.len().max(1) as f64;
        let mut x = Array2::<f64>::zeros((rows.len(), d));
        for (mut to, &i) in x.rows_mut().into_iter().zip(&rows) {
            to.iter_mut().zip(features.row(i)).for_each(|(to, v)| *to = v);
        }
        let zero_in = |values: ndarray::ArrayView1<'_, f64>| values.iter().filter(|&&v| v == 0.0).count() as f64;
        let share = |count: usize| count as f64 / d.max(1) as f64;
        let both = |c: ndarray::ArrayView1<'_, f64>| c.iter().any(|&v| v < 0.0) && c.iter().any(|&v| v > 0.0);
        let lengths = x.map_axis(Axis(1), |row| row.dot(&row).sqrt());
        let mean = lengths.mean().unwrap_or(0.0);
        let squares = x.map_axis(Axis(0), |column| column.dot(&column));
        let mut deviations = x.std_axis(Axis(0), 0.0).to_vec();
        let around = deviations.iter().map(|deviation| m * deviation * deviation).sum::<f64>();
        deviations.sort_by(f64::total_cmp);
        let at = |tenth: usize| deviations.get(tenth * d / 10).copied().unwrap_or(0.0);
        Self {
            zeros: x.columns().into_iter().map(zero_in).sum::<f64>() / (m * d.max(1) as f64),
            negative: x.iter().any(|&v| v < 0.0),
            whole: x.iter().all(|v| v.fract() == 0.0) && x.iter().any(|&v| v > 1.0),
            sparse_columns: share(x.columns().into_iter().filter(|&c| 2.0 * zero_in(c) >= m).count()),
            flags: share(x.columns().into_iter().filter(|&c| is_flag(c)).count()),
            many_values: has_more_values(&x, ANSWERS),
            heaviest: squares.iter().copied().fold(0.0, f64::max) / squares.sum().max(f64::MIN_POSITIVE),
            around_means: around / squares.sum().max(f64::MIN_POSITIVE),
            signed_columns: share(x.columns().into_iter().filter(|&c| both(c)).count()),
            lengths: if mean > 0.0 { lengths.std(0.0) / mean } else { f64::INFINITY },
            columns: if at(1) > 0.0 { at(9) / at(1) } else { f64::INFINITY },
        }
    }

    /// A column that outweighs all others has a unit of its own and would leave rows one direction.
    fn is_counts(&self) -> bool {
        self.zeros >= MOSTLY_ZERO && !self.negative && self.sparse_columns >= 0.95 && self.heaviest <= 0.5
    }

    /// Standardising would make what is rarely there as loud as all else, and how much a row has in all part the rows.
    fn is_amounts(&self) -> bool {
        let amounts = self.zeros >= SOME_ZERO && !self.negative && self.heaviest <= 0.5;
        amounts && self.flags <= FEW_FLAGS && self.many_values
    }

    fn has_one_length(&self) -> bool {
        self.lengths <= ONE_LENGTH && self.heaviest <= 0.5 && self.around_means >= AROUND_MEANS
    }

    fn is_like_embeddings(&self) -> bool {
        self.signed_columns >= 0.9 && self.lengths <= LIKE_LENGTHS && self.columns <= LIKE_COLUMNS
    }
}

/// Whether a column has two values at most.
#[allow(clippy::float_cmp, reason = "two values are told apart to the last bit")]
fn is_flag(column: ndarray::ArrayView1<'_, f64>) -> bool {
    let Some(&first) = column.first() else { return true };
    let mut others = column.iter().filter(|&&v| v != first);
    others.next().is_none_or(|&second| others.all(|&v| v == second))
}

/// Whether more than so many different values are there.
fn has_more_values(x: &Array2<f64>, most: usize) -> bool {
    let mut found = HashSet::new();
    x.iter().any(|value| found.insert(value.to_bits()) && found.len() > most)
}

/// Whether all columns have one name but for a number, as parts of one vector have.
fn numbered(columns: &[String]) -> bool {
    let stem = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned();
    let first = columns.first().map(|name| stem(name));
    columns.iter().all(|name| name.ends_with(|c: char| c.is_ascii_digit()) && Some(stem(name)) == first)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use rand::{Rng as _, SeedableRng as _};
    use rand_chacha::ChaCha8Rng;

    use super::super::raw::Raw;
    use super::*;
    use crate::Recipe;
    use crate::support::progress::Progress;

    fn taken(features: Array2<f32>, name: impl Fn(usize) -> String) -> Scaling {
        let columns = (0..features.ncols()).map(name).collect();
        let raw = Raw::new("test".into(), PathBuf::from("test"), features, columns);
        let data = raw.finish(&Recipe::default(), &Progress::silent()).expect("valid data");
        resolve_scaling(&data, Scaling::Auto).0
    }

    /// Sums of uniform numbers, near enough to a normal law.
    fn normal(rng: &mut ChaCha8Rng) -> f32 {
        (0..12).map(|_| rng.random::<f32>()).sum::<f32>() - 6.0
    }

    #[test]
    fn amounts_of_many_things_are_told_by_their_shares() {
        let mut rng = ChaCha8Rng::seed_from_u64(6);
        let named = |j: usize| format!("{}{j}", ["BRCA", "TP", "MYC"][j % 3]);
        let mean = |j: usize| 0.3 + (j % 17) as f32;
        let genes = Array2::from_shape_fn((40, 300), |(_, j)| (mean(j) * 2.0 * rng.random::<f32>().powi(2)).floor());
        assert_eq!(taken(genes.clone(), named), Scaling::Unit, "counts");
        assert_eq!(taken(genes.mapv(f32::ln_1p), named), Scaling::Unit, "logarithms of counts");
        assert_ne!(taken(genes.mapv(|v| v + 1.0), named), Scaling::Unit, "nothing is absent");
        let answers = Array2::from_shape_fn((200, 40), |_| (5.0 * rng.random::<f32>()).floor());
        assert_ne!(taken(answers, named), Scaling::Unit, "answers from 0 to 4");
        assert_eq!(taken(genes.mapv(|v| v.min(1.0)), named), Scaling::Mixed, "flags");
        let mut with_income = genes;
        with_income.column_mut(7).iter_mut().for_each(|v| *v = 50_000.0 * rng.random::<f32>());
        assert_ne!(taken(with_income, named), Scaling::Unit, "a column with a unit of its own");
    }

    #[test]
    fn a_date_beside_answers_does_not_make_their_rows_embeddings() {
        let mut rng = ChaCha8Rng::seed_from_u64(8);
        let named = |j: usize| format!("{}{j}", ["Q", "started", "ended"][j % 3]);
        let mut survey = Array2::from_shape_fn((200, 42), |_| (1.0 + 5.0 * rng.random::<f32>()).floor());
        survey.column_mut(1).iter_mut().for_each(|v| *v = 19_700.0 + 300.0 * rng.random::<f32>());
        assert_eq!(taken(survey.clone(), named), Scaling::Standardize, "days since 1970");
        let ended = survey.column(1).mapv(|day| day + 1.0);
        survey.column_mut(2).assign(&ended);
        assert_eq!(taken(survey, named), Scaling::Standardize, "the heaviest column has half of all");
    }

    #[test]
    fn word_counts_and_embeddings_are_told_from_tables() {
        let mut rng = ChaCha8Rng::seed_from_u64(5);
        let numbered = |j: usize| format!("v{j}");
        let named = |j: usize| format!("{}{j}", ["height", "income", "age"][j % 3]);
        let words = Array2::from_shape_fn((60, 200), |_| if rng.random_bool(0.05) { rng.random::<f32>() } else { 0.0 });
        assert_eq!(taken(words.clone(), named), Scaling::Unit, "weights of words");
        let counted = words.mapv(|weight| (4.0 * weight).ceil());
        assert_eq!(taken(counted.clone(), named), Scaling::TfIdf, "word counts");
        assert_eq!(taken(counted.mapv(|count| count.min(1.0)), named), Scaling::Unit, "whether a word is there");
        assert_eq!(taken(words.slice(ndarray::s![.., ..20]).mapv(f32::ceil), named), Scaling::Mixed, "few flags");
        let vectors = Array2::from_shape_fn((60, 96), |_| normal(&mut rng));
        assert_eq!(taken(vectors.clone(), numbered), Scaling::Unit, "embeddings of like length");
        assert_eq!(taken(vectors.clone(), named), Scaling::Standardize, "a table of standardised columns");
        let units = &vectors / &vectors.map_axis(Axis(1), |r| r.dot(&r).sqrt()).insert_axis(Axis(1));
        assert_eq!(taken(units, named), Scaling::Unit, "rows of length 1");
        let mut income = words;
        income.column_mut(7).iter_mut().for_each(|v| *v = 50_000.0 * rng.random::<f32>());
        assert_eq!(taken(income.clone(), named), Scaling::Mixed, "flags beside a number");
        income.column_mut(7).iter_mut().for_each(|v| *v = rng.random::<f32>());
        assert_eq!(taken(income, named), Scaling::Unit, "a word that nearly every text has");
        let mut units_of_their_own = vectors;
        units_of_their_own
            .columns_mut()
            .into_iter()
            .enumerate()
            .for_each(|(j, mut c)| c *= 10.0_f32.powi(j as i32 % 4));
        assert_eq!(taken(units_of_their_own, numbered), Scaling::Standardize, "columns with units of their own");
    }
}
