//! What stands on the axes of a view: columns of the input, of the features, of an eigenspace.

use std::sync::Arc;

use crate::app::gpu::Points;
use crate::app::kit::format;
use crate::app::kit::identity::Identity;
use crate::app::shown::units;
use crate::exact;
use crate::graph::Eigenspace;
use crate::pipeline::Snapshot;

/// One of the three linked views.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The samples.
    Input,
    /// What the network found.
    Learned,
    /// What the sparse eigensolver found.
    Exact,
}

impl Side {
    /// Left to right.
    pub const ALL: [Self; 3] = [Self::Input, Self::Learned, Self::Exact];

    /// The view's title.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Input => "Input",
            Self::Learned => "Learned eigenspace",
            Self::Exact => "Exact eigenspace",
        }
    }

    /// The eigenspace this view shows, once there is one.
    #[must_use]
    pub fn space(self, snapshot: &Snapshot) -> Option<&Eigenspace> {
        match self {
            Self::Input => None,
            Self::Learned => snapshot.learned.as_ref().map(|s| &s.space),
            Self::Exact => snapshot.exact.as_ref().map(|s| &s.space),
        }
    }
}

/// The Fiedler vector (Fiedler, 1973): the second of the eigenvectors, 0-based, after the constant one. On a connected graph its signs
/// approximate the best balanced cut; on a graph in parts it only tells parts apart.
pub const FIEDLER: usize = 1;

/// A column that can stand on an axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axis {
    /// Eigenvector, 0-based.
    Vector(usize),
    /// Axis of the input picture, 0-based.
    Input(usize),
    /// Scaled feature, 0-based.
    Feature(usize),
}

/// More features than this are not offered on an axis: the list would be longer than anyone reads.
const MOST_FEATURES: usize = 64;

/// Letters of a name that are shown anywhere: that of a column may be as long as its file, and no view has room for it.
const LONGEST_NAME: usize = 60;

impl Axis {
    /// A word for it, of which [`Self::of_code`] makes it again.
    #[must_use]
    pub fn code(self) -> String {
        match self {
            Self::Vector(j) => format!("vector {j}"),
            Self::Input(j) => format!("input {j}"),
            Self::Feature(j) => format!("feature {j}"),
        }
    }

    /// The axis of a word, if it is one's.
    #[must_use]
    pub fn of_code(code: &str) -> Option<Self> {
        let (what, j) = code.split_once(' ')?;
        let j = j.parse().ok()?;
        match what {
            "vector" => Some(Self::Vector(j)),
            "input" => Some(Self::Input(j)),
            "feature" => Some(Self::Feature(j)),
            _ => None,
        }
    }

    /// Its name on the axis.
    #[must_use]
    pub fn name(self, snapshot: &Snapshot) -> String {
        let name = match self {
            Self::Vector(j) => return format!("v{}", j + 1),
            Self::Input(j) => snapshot.input_axes.get(j),
            Self::Feature(j) => snapshot.data.columns.get(j),
        };
        name.map_or_else(String::new, |name| format::short(name, LONGEST_NAME))
    }

    /// Its name in so many letters: of a principal component the number stays.
    #[must_use]
    pub fn short_name(self, snapshot: &Snapshot, letters: usize) -> String {
        shortened(&self.name(snapshot), letters)
    }

    /// Its name with its unit, where it is a feature: what is drawn are its scaled values.
    fn with_unit(self, snapshot: &Snapshot) -> String {
        match self {
            Self::Feature(_) => units::named(&self.name(snapshot), snapshot),
            Self::Input(_) if is_feature(snapshot) => units::named(&self.name(snapshot), snapshot),
            _ => self.name(snapshot),
        }
    }

    /// Its name beside the axis of a view: the input's own names say in an eigenspace that they are the input's.
    #[must_use]
    pub fn label(self, side: Side, snapshot: &Snapshot) -> String {
        match self {
            Self::Input(_) if side != Side::Input => format!("input {}", self.with_unit(snapshot)),
            _ => self.with_unit(snapshot),
        }
    }

    /// Its name in a list: an eigenvector with its eigenvalue.
    #[must_use]
    pub fn long_name(self, side: Side, snapshot: &Snapshot) -> String {
        match (self, side.space(snapshot)) {
            (Self::Vector(j), Some(space)) if j < space.values.len() => {
                let known = if j == FIEDLER && is_connected(snapshot) { "   Fiedler vector" } else { "" };
                format!("v{}{known}   λ {}", j + 1, crate::app::kit::format::number(space.values[j]))
            }
            (Self::Input(_), _) if side != Side::Input => format!("input {}", self.with_unit(snapshot)),
            (Self::Feature(_), _) => format!("feature {}", self.with_unit(snapshot)),
            _ => self.with_unit(snapshot),
        }
    }

    /// Everything a view can put on an axis.
    #[must_use]
    pub fn choices(side: Side, snapshot: &Snapshot) -> Vec<Self> {
        let vectors = side.space(snapshot).map_or(0, |s| s.vectors.ncols());
        let features = if snapshot.data.dim() <= MOST_FEATURES { snapshot.data.dim() } else { 0 };
        let mut choices: Vec<Self> = (0..vectors).map(Self::Vector).collect();
        choices.extend((0..input_dims(snapshot)).map(Self::Input));
        if side == Side::Input {
            choices.extend((0..features).map(Self::Feature));
        }
        choices
    }

    fn value(self, side: Side, snapshot: &Snapshot, row: usize) -> f32 {
        let found = match self {
            Self::Vector(j) => side.space(snapshot).and_then(|s| s.vectors.get((row, j))).map(|v| *v as f32),
            Self::Input(j) => snapshot.input.get((row, j)).copied(),
            Self::Feature(j) => snapshot.scaled.get((row, j)).copied(),
        };
        found.unwrap_or(0.0)
    }
}

/// Whether the graph is one part, as far as is known: on more the second eigenvector is no Fiedler vector but tells parts apart.
#[must_use]
pub fn is_connected(snapshot: &Snapshot) -> bool {
    snapshot.operator.as_ref().is_none_or(|operator| operator.components.sizes.len() < 2)
}

/// A name in so many letters. Without its share, and then with its first word cut, the number of a component is still there.
fn shortened(name: &str, letters: usize) -> String {
    let bare = name.strip_suffix(" %)").and_then(|name| name.rsplit_once(" (")).map_or(name, |(bare, _)| bare);
    let [cut, brief] = ["comp. ", "c. "].map(|word| bare.replacen("component ", word, 1));
    let fits = |name: &&str| name.chars().count() <= letters;
    [name, bare, &cut, &brief].into_iter().find(fits).map_or_else(|| format::short(name, letters), str::to_owned)
}

/// Whether the input is shown by its features, and not by principal components of more of them.
fn is_feature(snapshot: &Snapshot) -> bool {
    snapshot.data.dim() <= 3
}

/// Number of input axes that are not all zero.
#[must_use]
pub fn input_dims(snapshot: &Snapshot) -> usize {
    snapshot.input.ncols().min(snapshot.data.dim()).min(3)
}

/// What one view shows, as the person set it; `None` follows the data.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ViewAxes {
    /// x, y and z.
    pub chosen: [Option<Axis>; 3],
    /// Three dimensions instead of two.
    pub three_d: bool,
}

impl ViewAxes {
    /// What stands on x, y and z now.
    #[must_use]
    pub fn resolved(&self, side: Side, snapshot: &Snapshot) -> [Axis; 3] {
        let choices = Axis::choices(side, snapshot);
        let automatic = automatic(side, snapshot);
        std::array::from_fn(|i| self.chosen[i].filter(|a| choices.contains(a)).unwrap_or(automatic[i]))
    }

    /// The positions of all points.
    #[must_use]
    pub fn positions(&self, side: Side, snapshot: &Snapshot) -> Vec<[f32; 3]> {
        let axes = self.resolved(side, snapshot);
        let three_d = self.three_d;
        let at = |row, i: usize| if i == 2 && !three_d { 0.0 } else { axes[i].value(side, snapshot, row) };
        (0..snapshot.data.len()).map(|row| [at(row, 0), at(row, 1), at(row, 2)]).collect()
    }
}

/// Input views show the input; eigenspaces their first vectors that vary, and input axes where there are too few.
fn automatic(side: Side, snapshot: &Snapshot) -> [Axis; 3] {
    let inputs = (0..input_dims(snapshot)).map(Axis::Input);
    let mut axes: Vec<Axis> = match side.space(snapshot) {
        None => inputs.collect(),
        Some(space) => {
            let first = usize::from(space.vectors.ncols() > 1 && lowest_is_constant(snapshot));
            (first..space.vectors.ncols()).map(Axis::Vector).chain(inputs.rev()).collect()
        }
    };
    while axes.len() < 3 {
        axes.push(axes.last().copied().unwrap_or(Axis::Input(0)));
    }
    [axes[0], axes[1], axes[2]]
}

/// Whether the lowest eigenvector carries no picture. Asked of the exact side where there is one, so that both sides have the same axes.
fn lowest_is_constant(snapshot: &Snapshot) -> bool {
    let space = Side::Exact.space(snapshot).or_else(|| Side::Learned.space(snapshot));
    space.is_some_and(exact::first_is_constant)
}

/// Positions that are computed again only when snapshot or axes change.
#[derive(Debug, Default)]
pub struct PointsCache {
    key: Option<(Identity, [Axis; 3], bool)>,
    points: Points,
}

impl PointsCache {
    /// The positions that were asked for last.
    #[must_use]
    pub fn points(&self) -> &Points {
        &self.points
    }

    /// The positions of a view.
    pub fn get(&mut self, side: Side, axes: &ViewAxes, snapshot: &Arc<Snapshot>) -> &Points {
        let key = Some((Identity::of(snapshot), axes.resolved(side, snapshot), axes.three_d));
        if self.key != key {
            self.key = key;
            self.points =
                Points { positions: Arc::new(axes.positions(side, snapshot)), serial: self.points.serial + 1 };
        }
        &self.points
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;
    use crate::app::shown::fixture::snapshot;

    #[test]
    fn the_number_of_a_component_stays_in_a_short_name() {
        let names = [20, 13, 10, 6].map(|letters| shortened("component 12 (4 %)", letters));
        assert_eq!(names, ["component 12 (4 %)", "component 12", "comp. 12", "c. 12"]);
        assert_eq!(shortened("height (cm)", 20), "height (cm)");
        assert_eq!(shortened("height (cm)", 6), format::short("height (cm)", 6));
    }

    /// A header of millions of letters would be laid out in every view.
    #[test]
    fn no_name_is_longer_than_a_view_is_wide() {
        let mut shown = snapshot(None, None);
        shown.data.columns = Arc::new(vec!["x".repeat(3_000_000), "y".to_owned()]);
        shown.input_axes = Arc::new(["x".repeat(3_000_000), "y".to_owned(), String::new()]);
        for axis in [Axis::Input(0), Axis::Feature(0)] {
            let names = [axis.label(Side::Input, &shown), axis.long_name(Side::Input, &shown)];
            assert!(names.iter().all(|name| name.chars().count() < 100), "{axis:?}");
        }
    }

    #[test]
    fn both_sides_skip_the_constant_vector_that_the_exact_side_has() {
        let exact = array![[1.0, -1.0, 0.3], [1.0, -0.9, -0.3], [1.0, 1.0, 0.3], [1.0, 0.9, -0.3]];
        let shaken = array![[1.3, -1.0, 0.3], [0.6, -0.9, -0.3], [1.0, 1.0, 0.3], [1.1, 0.9, -0.3]];
        let both = snapshot(Some(&exact), Some(&shaken));
        for side in [Side::Learned, Side::Exact] {
            let axes = ViewAxes::default().resolved(side, &both);
            assert_eq!(axes[..2], [Axis::Vector(1), Axis::Vector(2)], "{side:?}");
        }
        let alone = snapshot(None, Some(&shaken));
        assert_eq!(ViewAxes::default().resolved(Side::Learned, &alone)[0], Axis::Vector(1));
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "numbers that are copied are the same to the last bit")]
    fn indicators_of_separate_parts_are_all_shown_and_missing_vectors_are_filled_up_with_the_input() {
        let parts = array![[1.4, 0.0], [1.4, 0.0], [0.0, 1.4], [0.0, 1.4]];
        let snapshot = snapshot(Some(&parts), None);
        let axes = ViewAxes::default().resolved(Side::Exact, &snapshot);
        assert_eq!(axes, [Axis::Vector(0), Axis::Vector(1), Axis::Input(1)]);
        let three_d = ViewAxes { three_d: true, ..ViewAxes::default() };
        assert_eq!(three_d.positions(Side::Exact, &snapshot)[2], [0.0, 1.4, snapshot.input[[2, 1]]]);
        assert_eq!(ViewAxes::default().positions(Side::Exact, &snapshot)[2][2], 0.0, "flat views have no depth");
    }

    #[test]
    fn a_feature_says_in_which_unit_it_is_drawn() {
        let mut shown = snapshot(None, None);
        assert_eq!(Axis::Input(0).label(Side::Input, &shown), "x, standardised");
        assert_eq!(Axis::Feature(1).label(Side::Input, &shown), "y, standardised");
        assert_eq!(Axis::Input(1).long_name(Side::Exact, &shown), "input y, standardised");
        assert_eq!(Axis::Feature(1).long_name(Side::Input, &shown), "feature y, standardised");
        let mut job = (*shown.job).clone();
        job.recipe.scaling = crate::recipe::Scaling::None;
        shown.job = Arc::new(job);
        assert_eq!(Axis::Input(0).label(Side::Input, &shown), "x", "as it came");
    }

    #[test]
    fn a_choice_that_the_next_result_does_not_have_falls_back() {
        let wide = array![[1.0, -1.0, 0.3], [1.0, -0.9, -0.3], [1.0, 1.0, 0.3], [1.0, 0.9, -0.3]];
        let mut axes = ViewAxes::default();
        axes.chosen[0] = Some(Axis::Vector(2));
        assert_eq!(axes.resolved(Side::Exact, &snapshot(Some(&wide), None))[0], Axis::Vector(2));
        let narrow = wide.slice(ndarray::s![.., ..2]).to_owned();
        assert_eq!(axes.resolved(Side::Exact, &snapshot(Some(&narrow), None))[0], Axis::Vector(1));
    }
}
