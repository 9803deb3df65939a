//! Many runs as one table: what each method reached in each space, and how far seeds scatter.

use crate::measure::Each;
use crate::pipeline::compare::{Entry, Method, Space};
use crate::support::number::fixed;

/// The mean of some values and their sample deviation, 0 for a single value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The sample deviation.
    pub deviation: f64,
}

impl Spread {
    /// Of these values, if there are any.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
        let deviation = if values.len() > 1 { (squares / (n - 1.0)).sqrt() } else { 0.0 };
        (!values.is_empty()).then_some(Self { mean, deviation })
    }

    /// As a person reads it, such as `0.972 ± 0.003`.
    #[must_use]
    pub fn text(self, digits: usize) -> String {
        format!("{} ± {}", fixed(self.mean, digits), fixed(self.deviation, digits))
    }
}

/// One method in one space, over its seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Where.
    pub space: Space,
    /// How.
    pub method: Method,
    /// The number of seeds.
    pub seeds: usize,
    /// Its scores, where there are labels.
    pub scores: Each<Option<Spread>>,
    /// Wall clock in seconds.
    pub seconds: Option<Spread>,
    /// Most memory of any run, in MiB.
    pub peak_mib: Option<f64>,
}

/// A row for each method in each space that has entries, in the order of [`Space::ALL`] and [`Method::ALL`].
#[must_use]
pub fn rows(entries: &[Entry]) -> Vec<Row> {
    let kinds = Space::ALL.into_iter().flat_map(|space| Method::ALL.map(|method| (space, method)));
    kinds.filter_map(|(space, method)| row(entries, space, method)).collect()
}

fn row(entries: &[Entry], space: Space, method: Method) -> Option<Row> {
    let of: Vec<&Entry> = entries.iter().filter(|e| e.space == space && e.method == method).collect();
    let spread =
        |value: &dyn Fn(&Entry) -> Option<f64>| Spread::of(&of.iter().filter_map(|&e| value(e)).collect::<Vec<_>>());
    (!of.is_empty()).then(|| Row {
        space,
        method,
        seeds: of.len(),
        scores: Each::by(|score| spread(&|e| e.marks().get(score))),
        seconds: spread(&|e| Some(e.seconds)),
        peak_mib: of.iter().filter_map(|e| e.peak_mib).reduce(f64::max),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(space: Space, seed: u64, method: Method, acc: Option<f64>) -> Entry {
        Entry {
            space,
            seed,
            method,
            acc,
            nmi: acc,
            ari: acc,
            seconds: seed as f64,
            peak_mib: Some(10.0 + seed as f64),
            data: None,
        }
    }

    #[test]
    fn deviation_is_the_samples() {
        assert_eq!(Spread::of(&[]), None);
        assert_eq!(Spread::of(&[2.0]), Some(Spread { mean: 2.0, deviation: 0.0 }));
        let two = Spread::of(&[1.0, 3.0]).expect("there are values");
        assert!((two.mean - 2.0).abs() < 1e-12 && (two.deviation - 2.0_f64.sqrt()).abs() < 1e-12);
        assert_eq!(two.text(2), "2.00 ± 1.41");
    }

    #[test]
    fn rows_gather_seeds_in_a_fixed_order() {
        let entries = [
            entry(Space::Codes, 1, Method::Learned, Some(0.5)),
            entry(Space::Codes, 3, Method::Learned, Some(0.7)),
            entry(Space::Input, 1, Method::KMeans, None),
        ];
        let rows = rows(&entries);
        assert_eq!(
            rows.iter().map(|r| (r.space, r.method, r.seeds)).collect::<Vec<_>>(),
            [(Space::Input, Method::KMeans, 1), (Space::Codes, Method::Learned, 2)]
        );
        assert_eq!((rows[0].scores.acc, rows[1].peak_mib), (None, Some(13.0)));
        assert!(rows[1].scores.acc.is_some_and(|a| (a.mean - 0.6).abs() < 1e-12));
        assert_eq!(rows[1].seconds.map(|s| s.mean), Some(2.0));
    }
}
