//! What data tells the settings.

use crate::data::{BuiltIn, Dataset, Source};
use crate::recipe::Facts;

impl Facts {
    /// What the source alone tells.
    #[must_use]
    pub fn of(source: &Source) -> Self {
        let generated = match source {
            Source::Path(_) | Source::Painted(_) => None,
            Source::Named(name) => BuiltIn::named(name).and_then(BuiltIn::generated),
        };
        Self { generated, is_file: !matches!(source, Source::Named(_)), ..Self::default() }
    }

    /// Takes in what loaded data tells, whose scaled features fill so many dimensions.
    pub(super) fn loaded(&mut self, data: &Dataset, filled: usize) {
        (self.samples, self.features) = (data.len(), data.dim());
        self.pictures = data.image.is_some();
        self.sparse = data.sparse.as_ref().map(|sparse| sparse.columns);
        self.filled = filled;
        self.clusters = data.clusters;
    }
}
