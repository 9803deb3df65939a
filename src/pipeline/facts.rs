//! What data tells the settings.

use crate::data::{self, BuiltIn, Dataset, Source};
use crate::recipe::{Facts, Origin};

impl Facts {
    /// What the source alone tells.
    #[must_use]
    pub fn of(source: &Source) -> Self {
        let (set, origin) = match source {
            Source::Path(_) => (None, Origin::Path),
            Source::Painted(_) => (None, Origin::Hand),
            Source::Named(name) => match BuiltIn::named(name) {
                Some(set) if set.origin == data::Origin::Files => (Some(set), Origin::Folder),
                set => (set, Origin::Program),
            },
        };
        Self { generated: set.and_then(BuiltIn::generated), origin, ..Self::default() }
    }

    /// Takes in what loaded data tells, whose scaled features fill so many dimensions.
    pub(super) fn loaded(&mut self, data: &Dataset, filled: usize) {
        (self.samples, self.features) = (data.len(), data.dim());
        self.pictures = data.image.is_some();
        self.has_labels = data.labels.is_some();
        self.sparse = data.sparse.as_ref().map(|sparse| sparse.columns);
        self.filled = filled;
        self.clusters = data.clusters;
    }
}
