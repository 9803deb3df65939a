//! Where the cells of the columns of a table are that came typed.

use std::sync::Arc;

use super::Features;
use super::typed::arrays::Parts;
use super::typed::native::Native;

/// Where the cells of a column are.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::data) enum Column {
    /// Text, in this place of a record.
    Text(usize),
    /// As they came; of each row its place in there, where rows were left out.
    Parts(Parts, Option<Arc<Vec<usize>>>),
    /// The feature of this number, whose cells came as such numbers.
    Feature(usize, Native),
    /// The same once there are features, without what was filled in.
    Numbers(Numbers),
    /// Nowhere: all of them are empty.
    Nothing,
}

/// A feature as a column of a table.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::data) struct Numbers {
    pub(in crate::data) features: Arc<Features>,
    /// Its number.
    pub(in crate::data) at: usize,
    pub(in crate::data) native: Native,
    /// Where nothing stood, or what counts as that, as row and feature, ascending.
    pub(in crate::data) filled: Arc<Vec<(u32, u32)>>,
    /// The numbers that count as that, likewise.
    pub(in crate::data) left_out: Arc<Vec<(u32, u32, f64)>>,
}

impl Numbers {
    pub(in crate::data) fn native(&self) -> Native {
        self.native
    }

    /// The number in a row, where one stood.
    pub(in crate::data) fn value(&self, row: usize) -> Option<f64> {
        let at = (row as u32, self.at as u32);
        if self.filled.binary_search(&at).is_ok() {
            let left_out = self.left_out.binary_search_by_key(&at, |&(row, feature, _)| (row, feature)).ok();
            return left_out.and_then(|at| self.left_out.get(at)).map(|&(.., number)| number);
        }
        (row < self.features.dim().0).then(|| self.features.at(row, self.at))
    }
}
