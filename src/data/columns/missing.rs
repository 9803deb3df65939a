//! What becomes of missing values: rows that are left out, and gaps that are filled and marked.

use ndarray::parallel::prelude::*;

use crate::data::cell::missing_words;
use crate::data::raw::Raw;
use crate::recipe::Missing;
use crate::support::error::Remedy;
use crate::support::language::counted;
use crate::support::number::median;
use crate::{Error, Result};

impl Raw {
    /// Apply the policy for missing values; the rows that stay. A row without any value says nothing and never stays.
    pub(in crate::data) fn missing(&mut self, policy: Missing) -> Result<Vec<usize>> {
        let gaps = self.features.gaps();
        let (n, d) = self.features.dim();
        let Some(first) = gaps.iter().position(|&gaps| gaps > 0) else { return Ok((0..n).collect()) };
        if policy == Missing::Error
            && let Some(column) = self.features.first_gap(first)
        {
            let message = format!("{}, column `{}`: a value is missing", self.place(first), self.columns[column]);
            return Err(Error::format(&self.origin, message)
                .or(fill_in("fills in the column's median"))
                .or(leave_out()));
        }
        let most = if policy == Missing::DropRows { 0 } else { d - 1 };
        let kept: Vec<usize> = (0..n).filter(|&row| gaps[row] <= most).collect();
        let dropped = n - kept.len();
        if dropped > 0 {
            let rows = counted(n, "row");
            let (what, first) = match policy {
                Missing::DropRows => ("a value is missing", first),
                _ => ("no value at all", gaps.iter().position(|&gaps| gaps == d).unwrap_or(first)),
            };
            self.notes.push(format!("{dropped} of {rows} left out: {what}, the first on {}", self.place(first)));
        }
        if policy != Missing::DropRows && !kept.is_empty() {
            self.fill(policy, first, &gaps);
        }
        Ok(kept)
    }

    /// Put each column's median or mean where its values are missing.
    fn fill(&mut self, policy: Missing, first: usize, gaps: &[usize]) {
        let (n, d) = self.features.dim();
        let column = self.features.first_gap(first).unwrap_or(0);
        let middle = |j: usize| {
            let present: Vec<f64> = self.features.column(j).into_iter().filter(|v| !v.is_nan()).collect();
            let lacks = present.len() < n;
            let value = if !lacks {
                0.0
            } else if policy == Missing::Mean {
                present.iter().sum::<f64>() / present.len() as f64
            } else {
                median(present)
            };
            (value, lacks)
        };
        let middles: Vec<(f64, bool)> = (0..d).into_par_iter().map(middle).collect();
        let values: Vec<f64> = middles.iter().map(|(value, _)| *value).collect();
        let fill = |(value, lacks): &(f64, bool)| if *lacks { self.features.rounded(*value) } else { f64::NAN };
        self.fills = middles.iter().map(fill).collect();
        let whole = |row: usize| gaps[row] < d;
        let mut filled = Vec::new();
        let mut touched = vec![false; d];
        self.features.fill(&values, |i, j| {
            if whole(i) {
                filled.push((i as u32, j as u32));
                touched[j] = true;
            }
        });
        let (what, touched) =
            (if policy == Missing::Mean { "mean" } else { "median" }, touched.iter().filter(|t| **t).count());
        let kin =
            if self.table.is_some() { format!("; missing is what is {}", missing_words()) } else { String::new() };
        let note = format!(
            "missing values filled with their column's {what} and marked: {}, in {touched} of {}, the first on {}, column `{}`{kin}",
            filled.len(),
            counted(d, "column"),
            self.place(first),
            self.columns[column]
        );
        if !filled.is_empty() {
            self.notes.push(note);
        }
        self.filled = filled;
    }
}

/// Those of the values filled in (row and column, ascending) that are in some rows, each with its place among these.
pub(in crate::data) fn among(filled: &[(u32, u32)], rows: &[usize]) -> Vec<(u32, u32)> {
    let of = |row: usize| {
        let first = filled.partition_point(|&(sample, _)| (sample as usize) < row);
        filled[first..].iter().take_while(move |&&(sample, _)| sample as usize == row)
    };
    rows.iter().zip(0..).flat_map(|(&row, at)| of(row).map(move |&(_, feature)| (at, feature))).collect()
}

/// Ways out of missing values.
fn leave_out() -> Remedy {
    Remedy::set("missing", "drop-rows", "leaves such rows out", "Leave out rows")
}

pub(in crate::data) fn fill_in(does: &str) -> Remedy {
    Remedy::set("missing", "median", does, "Fill with median")
}
